from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.errors import TermError
from retainsdk.quantities import Money
from retainsdk.terms import LONGEST_LOCK_IN, SUBJECTS, ServiceLevel, Terms, differences
from retainsdk.testing import some_terms
from retainsdk.vocabulary import Subject, TermKind

days = st.dates(date(2026, 1, 25), date(2026, 6, 5))
with_end = st.builds(
    some_terms,
    starts_on=days,
    kind=st.sampled_from([TermKind.FIXED, TermKind.FIXED_THEN_OPEN, TermKind.AUTO_RENEWING]),
    months=st.integers(1, 4),
    lock_in_months=st.integers(0, 4),
)


def test_all_contradictions_of_terms_are_named_at_once() -> None:
    with pytest.raises(TermError) as refused:
        some_terms(
            kind=TermKind.FIXED,
            months=0,
            fee=Money("-1", "EUR"),
            lock_in_months=37,
            products=-1,
            notice_days=-1,
            withdrawal_days=-1,
            cadence_days=0,
            report_months=0,
            scope=("taxes", "taxes"),
            customer_responsibilities=(" ",),
            early_termination_fee=Money("5.005", "USD"),
            lock_in_counts_from=date(2026, 1, 2),
        )

    for name in (
        "months", "fee", "lock_in_months", "products", "notice_days", "withdrawal_days", "cadence_days", "report_months",
        "scope", "customer_responsibilities", r"early_termination_fee (5.005 USD) must be a whole",
        "early_termination_fee (5.005 USD) must be in the currency", "lock_in_counts_from",
    ):  # fmt: skip
        assert name in str(refused.value)


def test_open_ended_terms_have_no_length() -> None:
    with pytest.raises(TermError, match="open-ended terms have no length"):
        some_terms(months=12)


def test_a_fee_that_nobody_can_pay_is_refused() -> None:
    with pytest.raises(TermError, match="smallest unit"):
        some_terms(fee=Money("9.995", "EUR"))


def test_service_ends_the_day_before_ends_on() -> None:
    agreed = some_terms(kind=TermKind.FIXED, months=12)

    assert agreed.in_force(date(2026, 12, 31))
    assert not agreed.in_force(date(2027, 1, 1))


@given(with_end, days)
def test_the_term_that_runs_ends_after_today_and_within_its_length(agreed: Terms, on: date) -> None:
    ends_on = agreed.term_ends_on(on)

    if ends_on is None:
        assert agreed.kind is not TermKind.AUTO_RENEWING
        assert on >= some_end(agreed)
    else:
        assert ends_on > on
        if agreed.starts_on <= on:
            assert (ends_on - on).days <= 31 * agreed.months


def some_end(agreed: Terms) -> date:
    first = agreed.term_ends_on(agreed.starts_on)
    assert first is not None
    return first


@given(with_end)
def test_fixed_terms_and_their_renewal_touch_and_never_overlap(agreed: Terms) -> None:
    follow_up = agreed.renewed(starts_on=some_end(agreed))

    last = follow_up.starts_on - timedelta(days=1)
    assert not follow_up.in_force(last)
    assert follow_up.in_force(follow_up.starts_on)
    if agreed.kind is TermKind.FIXED:
        assert agreed.in_force(last)
        assert not agreed.in_force(follow_up.starts_on)


@given(with_end)
def test_a_renewal_binds_nobody_longer_than_before(agreed: Terms) -> None:
    follow_up = agreed.renewed(starts_on=some_end(agreed))

    assert follow_up.lock_in_ends_on <= max(agreed.lock_in_ends_on, follow_up.starts_on)
    assert 0 <= follow_up.lock_in_months <= LONGEST_LOCK_IN


@given(with_end, days)
def test_notice_respects_lock_in_and_notice_period(agreed: Terms, notice_on: date) -> None:
    earliest = agreed.earliest_end(notice_on)

    assert earliest >= agreed.lock_in_ends_on
    assert (earliest - notice_on).days >= agreed.notice_days
    assert earliest == agreed.lock_in_ends_on or (earliest - notice_on).days == agreed.notice_days


def test_terms_from_the_last_day_of_a_month_renew_on_last_days() -> None:
    agreed = some_terms(starts_on=date(2026, 1, 31), kind=TermKind.AUTO_RENEWING, months=1)

    assert agreed.term_ends_on(date(2026, 1, 31)) == date(2026, 2, 28)
    assert agreed.term_ends_on(date(2026, 2, 28)) == date(2026, 3, 31)


def test_a_term_counted_from_before_cannot_be_over_when_the_terms_start() -> None:
    with pytest.raises(TermError, match="the fixed term ends on 2026-01-01"):
        some_terms(kind=TermKind.FIXED, months=3, term_counts_from=date(2025, 10, 1))


@pytest.mark.parametrize(
    ("what", "hours"), [(" ", 4), ("first response", 0), ("first response", float("nan"))]
)
def test_a_service_level_says_what_is_done_and_how_soon(what: str, hours: float) -> None:
    with pytest.raises(TermError, match="name what is done, in more than 0"):
        ServiceLevel(what=what, working_hours=hours)


def test_every_field_of_terms_but_their_start_belongs_to_one_subject() -> None:
    named = [name for names in SUBJECTS.values() for name in names]

    assert sorted([*named, "starts_on"]) == sorted(field.name for field in attrs.fields(Terms))


CHANGES: dict[Subject, dict[str, Any]] = {
    Subject.SCOPE: {"scope": ("payroll",)},
    Subject.PACE: {"pace": "a report a week"},
    Subject.TIME_FRAME: {"time_frame": "until Passover"},
    Subject.FEES: {"fee": Money(7, "EUR")},
    Subject.RESPONSIBILITIES: {"customer_responsibilities": ("hand in receipts",)},
    Subject.SERVICE_LEVELS: {"service_levels": (ServiceLevel(what="first response", working_hours=4),)},
    Subject.TERM: {"notice_days": 60},
}


@pytest.mark.invariant(18)
@given(with_end, st.sets(st.sampled_from(Subject)), st.integers(0, 40))
def test_amended_terms_differ_in_just_what_was_changed(agreed: Terms, about: set[Subject], days: int) -> None:
    starts_on = agreed.starts_on + timedelta(days=min(days, 27))
    changes = {name: value for subject in about for name, value in CHANGES[subject].items()}

    amended = agreed.amended(starts_on=starts_on, **changes)

    assert set(differences(agreed, amended)) == about
    assert amended.term_ends_on(starts_on) == agreed.term_ends_on(starts_on)
    assert amended.lock_in_ends_on == agreed.lock_in_ends_on


@given(with_end)
def test_a_renewal_counts_its_term_anew_and_keeps_a_lock_in_to_the_day(agreed: Terms) -> None:
    follow_up = agreed.renewed(starts_on=some_end(agreed))

    assert follow_up.term_ends_on(follow_up.starts_on) != follow_up.starts_on
    assert follow_up.term_from == some_end(agreed)
    if agreed.binds(follow_up.starts_on):
        assert follow_up.lock_in_ends_on == agreed.lock_in_ends_on
    assert set(differences(agreed, follow_up)) <= {Subject.TERM}


def test_what_is_not_limited_to_items_covers_all_work() -> None:
    assert some_terms().covers("anything")
    assert some_terms(scope=("taxes",)).covers("taxes")
    assert not some_terms(scope=("taxes",)).covers("payroll")
