"""What a member gets: his tenure, tier and benefits are functions of what happened, the rules and the instant."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.account.standing import Standing, standing, tenure_months
from retainsdk.book import Book
from retainsdk.errors import CommandError, MoneyError, UnknownIdError
from retainsdk.events import TenureBenefit, Tier
from retainsdk.quantities import Money, months_later
from retainsdk.testing import a_book, a_relationship, at, some_terms

amounts = st.integers(-3, 5).map(lambda tens: Money(10 * tens, "EUR"))
purchases = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 28), amounts), max_size=6)
thresholds = st.lists(st.integers(0, 8), unique=True, max_size=4)


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def a_club(book: Book, **rules: Any) -> None:
    book.change_programme("club", occurred_at=at(1), actor="dana", **rules)


def stands(book: Book, us: int, when: datetime) -> Standing | None:
    ledger = book.ledger(as_of=when)
    return standing(ledger.account(us), ledger.programmes["club"], when, zone=UTC, currency="EUR")


@pytest.mark.invariant(45)
@given(purchases, thresholds, st.integers(1, 3), st.integers(1, 6))
def test_a_tier_is_the_highest_one_whose_threshold_was_reached_within_the_window_and_never_above(
    bought: list[tuple[int, int, Money]], levels: list[int], window: int, month: int
) -> None:
    book = a_book()
    tiers = [Tier(name=f"t{level}", threshold=eur(10 * level), benefits=(f"b{level}",)) for level in levels]
    a_club(book, tiers=tiers, window_months=window)
    us = a_relationship(book)
    book.join_programme(us, programme="club", occurred_at=at(1), actor="dana")
    for when, day, amount in bought:
        book.record_purchase(us, what="x", amount=amount, paid=True, occurred_at=at(when, day), actor="dana")
    now = at(month, 14)

    stood = stands(book, us, now)

    counted = [
        amount.amount
        for when, day, amount in bought
        if months_later(now.date(), -window) < date(2026, when, day) and at(when, day) <= now
    ]
    assert stood is not None
    assert stood.bought.amount == sum(counted)
    reached = [level for level in levels if 10 * level <= sum(counted)]
    assert stood.tier == next((tier for tier in tiers if tier.name == f"t{max(reached, default=-1)}"), None)
    assert [benefit for benefit, _ in stood.benefits] == [
        f"b{level}" for level in [max(reached, default=-1)] if reached
    ]


@pytest.mark.invariant(45)
@given(st.lists(st.sampled_from(["join", "leave", "end", "back", "back, tenure kept"]), max_size=8))
def test_tenure_never_decreases_within_a_membership(told: list[str]) -> None:
    book = a_book()
    a_club(book)
    us = a_relationship(book)
    for month, what in enumerate(told, start=2):
        how: dict[str, Any] = {"actor": "dana", "occurred_at": at(min(6, month), month)}
        try:
            _tell(book, us, what, how)
        except (CommandError, ValueError):
            continue

    relationship = book.account(us).relationship
    for membership in relationship.memberships:
        tenures = [
            membership.tenure_months(datetime(2026, month, day, tzinfo=UTC), UTC)
            for month in range(1, 13)
            for day in (1, 15, 28)
            if membership.runs(datetime(2026, month, day, tzinfo=UTC))
        ]
        assert all(earlier <= later for earlier, later in pairwise(tenures))
        assert membership.tenure_months(membership.since, UTC) == 0 or membership.carried


def _tell(book: Book, us: int, what: str, how: dict[str, Any]) -> None:
    if what == "join":
        book.join_programme(us, programme="club", **how)
    elif what == "leave":
        book.leave_programme(us, programme="club", **how)
    elif what == "end":
        book.begin_end(us, **how)
        book.complete_end(us, although="x", **how)
    else:
        book.record_return(us, tenure_kept=what != "back", **how)


def test_who_leaves_and_comes_back_goes_on_as_the_member_he_was_if_his_tenure_is_kept() -> None:
    for kept, months in ((True, 2 + 1), (False, 1)):
        book = a_book()
        a_club(book, tenure_benefits=[TenureBenefit(months=3, benefit="early access")])
        us = a_relationship(book)
        book.join_programme(us, programme="club", occurred_at=at(1), actor="dana")
        book.begin_end(us, occurred_at=at(3), actor="dana")
        book.complete_end(us, although="x", occurred_at=at(3), actor="dana")
        book.record_return(us, tenure_kept=kept, occurred_at=at(5), actor="dana")
        book.join_programme(us, programme="club", occurred_at=at(5), actor="dana")

        stood = stands(book, us, at(6))

        assert stood is not None
        assert stood.tenure_months == months
        assert stood.benefits == ((("early access", "a member for 3 months"),) if kept else ())
        assert stands(book, us, at(4)) is None  # between the end and the return


def test_service_counts_from_the_present_spell_and_from_those_before_it_where_tenure_was_kept() -> None:
    for kept, months in ((True, 3), (False, 1)):
        book = a_book()
        us = a_relationship(book, terms=some_terms(notice_days=0))
        book.begin_end(us, occurred_at=at(3), actor="dana")
        book.complete_end(us, although="x", occurred_at=at(3), actor="dana")
        book.record_return(us, tenure_kept=kept, occurred_at=at(5), actor="dana")
        book.sign(us, terms=some_terms(starts_on=date(2026, 5, 1)), occurred_at=at(5), actor="dana")

        account = book.account(us)

        assert tenure_months(account, at(6), UTC) == months
        assert tenure_months(account, at(4), UTC) == 2


def test_regulars_may_join_and_others_must_wait() -> None:
    book = a_book()
    a_club(book, least_tenure_months=3)
    us = a_relationship(book, terms=some_terms(notice_days=0))

    with pytest.raises(CommandError, match="customers of 3 months or more, and he has 2"):
        book.join_programme(us, programme="club", occurred_at=at(3, 31), actor="dana")
    book.join_programme(us, programme="club", occurred_at=at(4), actor="dana")

    assert stands(book, us, at(5)) is not None


def test_what_is_not_paid_buys_no_tier_until_it_is() -> None:
    book = a_book()
    a_club(book, tiers=[Tier(name="gold", threshold=eur(50))])
    us = a_relationship(book)
    book.join_programme(us, programme="club", occurred_at=at(1), actor="dana")
    book.record_purchase(us, what="x", amount=eur(50), paid=False, occurred_at=at(2), actor="dana")
    assert (stood := stands(book, us, at(3))) is not None
    assert stood.tier is None

    book.record_payment(us, amount=eur(50), occurred_at=at(4), actor="dana")

    assert (stood := stands(book, us, at(5))) is not None
    assert stood.tier is not None


def test_nobody_joins_what_does_not_exist_or_joins_twice_or_joins_after_he_left() -> None:
    book = a_book()
    us = a_relationship(book)
    with pytest.raises(UnknownIdError, match="no programme 'club'"):
        book.join_programme(us, programme="club", actor="dana")
    a_club(book)
    book.join_programme(us, programme="club", occurred_at=at(2), actor="dana")
    with pytest.raises(CommandError, match="He is a member"):
        book.join_programme(us, programme="club", actor="dana")
    book.begin_end(us, occurred_at=at(3), actor="dana")
    book.complete_end(us, although="x", occurred_at=at(3), actor="dana")

    with pytest.raises(CommandError, match="he was not"):
        book.join_programme(us, programme="club", actor="dana")
    with pytest.raises(CommandError, match="He is no member"):
        book.leave_programme(us, programme="club", actor="dana")


def test_a_programme_whose_rules_contradict_each_other_is_refused_with_all_contradictions() -> None:
    book = a_book()

    with pytest.raises(CommandError) as refused:
        a_club(
            book,
            tiers=[Tier(name="", threshold=eur(-1)), Tier(name="b", threshold=eur(-1))],
            window_months=0,
            least_tenure_months=-1,
            tenure_benefits=[TenureBenefit(months=-1, benefit="")],
            cost_per_member=eur(-1),
        )

    for fault in (
        "name of its own",
        "same threshold",
        "(-1.00 EUR)",
        "window_months (0)",
        "least_tenure",
        "tenure benefit",
        "cost_per",
    ):
        assert fault in str(refused.value)
    with pytest.raises(MoneyError):
        a_club(book, tiers=[Tier(name="a", threshold=Money(1, "USD"))])


def test_new_rules_hold_from_their_instant_and_not_before() -> None:
    book = a_book()
    a_club(book, tiers=[Tier(name="gold", threshold=eur(50))])
    book.change_programme(
        "club", tiers=[Tier(name="gold", threshold=eur(20))], occurred_at=at(4), actor="dana"
    )
    us = a_relationship(book)
    book.join_programme(us, programme="club", occurred_at=at(1), actor="dana")
    book.record_purchase(us, what="x", amount=eur(30), paid=True, occurred_at=at(2), actor="dana")

    tiers = [
        stood.tier.name if stood and stood.tier else None
        for stood in (stands(book, us, at(3)), stands(book, us, at(5)))
    ]

    assert tiers == [None, "gold"]
