from __future__ import annotations

from datetime import date

import pytest

from retainsdk.contract import Contract
from retainsdk.errors import CommandError, TermError, TransitionError
from retainsdk.events import (
    AmendmentAccepted,
    Expired,
    NoticeGiven,
    NoticeRescinded,
    Offered,
    Renewed,
    Signed,
    Terminated,
    TermsDrafted,
)
from retainsdk.quantities import Money
from retainsdk.terms import Terms
from retainsdk.testing import at, some_terms
from retainsdk.vocabulary import Ending, TermKind


def signed(terms: Terms) -> Contract:
    return Contract.signed(1, Signed(terms=terms), at(1), date(2026, 1, 1))


def test_exactly_one_version_is_in_force_on_every_day() -> None:
    contract = signed(some_terms())
    dearer = some_terms(starts_on=date(2026, 3, 1), fee=Money(25, "EUR"))

    amended = contract.after(AmendmentAccepted(terms=dearer), at(2), date(2026, 2, 1))

    assert amended.terms_on(date(2026, 2, 28)) == some_terms()
    assert amended.terms_on(date(2026, 3, 1)) == dearer
    assert amended.terms_on(date(2025, 1, 1)) == some_terms()


def test_the_terms_signed_are_those_offered() -> None:
    draft = Contract.drafted(1, TermsDrafted(terms=some_terms()), at(1))
    offered = draft.after(Offered(), at(1), date(2026, 1, 1))
    other = Signed(terms=some_terms(notice_days=0), by_us="dana", by_customer="Noa")

    with pytest.raises(TermError, match="not those offered"):
        offered.after(other, at(1), date(2026, 1, 1))


def test_a_contract_is_in_force_from_its_first_day_to_its_last_and_on_no_other() -> None:
    contract = signed(some_terms(kind=TermKind.FIXED, months=3))

    in_force = [
        contract.terms_in_force(day) for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 31))
    ]

    assert in_force == [None, contract.versions[0], contract.versions[0]]
    assert contract.terms_in_force(date(2026, 4, 1)) is None


def test_terms_that_nobody_signed_are_not_in_force() -> None:
    draft = Contract.drafted(1, TermsDrafted(terms=some_terms()), at(1))

    assert draft.terms_in_force(date(2026, 2, 1)) is None
    assert not draft.is_running


def test_a_renewal_of_fixed_terms_starts_where_they_end() -> None:
    contract = signed(some_terms(kind=TermKind.FIXED, months=3))

    gap = some_terms(starts_on=date(2026, 4, 2), kind=TermKind.FIXED, months=3)
    with pytest.raises(TermError, match="let them touch"):
        contract.after(Renewed(terms=gap), at(3), date(2026, 3, 1))
    follow_up = contract.versions[-1].renewed(starts_on=date(2026, 4, 1))
    renewed = contract.after(Renewed(terms=follow_up), at(3), date(2026, 3, 1))
    assert renewed.terms_on(date(2026, 6, 30)).ends_on == date(2026, 7, 1)


def test_follow_up_terms_do_not_start_before_the_old_ones_nor_change_the_currency() -> None:
    contract = signed(some_terms())

    for terms, why in (
        (some_terms(starts_on=date(2025, 12, 31)), "choose a later start"),
        (some_terms(starts_on=date(2026, 2, 1), fee=Money(1, "USD")), "sign a new contract"),
    ):
        with pytest.raises(TermError, match=why):
            contract.after(AmendmentAccepted(terms=terms), at(2), date(2026, 2, 1))


def test_notice_cannot_end_a_contract_before_lock_in_and_notice_period() -> None:
    contract = signed(some_terms(lock_in_months=3, notice_days=30))

    with pytest.raises(CommandError, match="2026-04-01"):
        contract.after(NoticeGiven(ends_on=date(2026, 3, 31)), at(2), date(2026, 2, 1))
    given = contract.after(NoticeGiven(ends_on=date(2026, 4, 1)), at(2), date(2026, 2, 1))
    assert given.state == "notice"
    assert given.after(NoticeRescinded(), at(2, 2), date(2026, 2, 2)).notice_ends_on is None


def test_after_notice_it_ends_on_the_day_named_and_before_only_early() -> None:
    given = signed(some_terms()).after(NoticeGiven(ends_on=date(2026, 3, 3)), at(2), date(2026, 2, 1))

    with pytest.raises(CommandError, match="2026-03-03"):
        given.after(Terminated(kind=Ending.NOTICE), at(3, 2), date(2026, 3, 2))
    assert given.ending(date(2026, 3, 2)) == Terminated(kind=Ending.UNKNOWN)
    assert given.ending(date(2026, 3, 3)) == Terminated(kind=Ending.NOTICE)
    assert given.after(Terminated(kind=Ending.NOTICE), at(3, 3), date(2026, 3, 3)).state == "terminated"


def test_fixed_terms_expire_on_their_end_and_open_ones_never() -> None:
    fixed = signed(some_terms(kind=TermKind.FIXED, months=3))

    assert fixed.ending(date(2026, 4, 1)) == Expired()
    assert fixed.ending(date(2026, 3, 31)) == Terminated(kind=Ending.UNKNOWN)
    with pytest.raises(CommandError, match="does not expire"):
        fixed.after(Expired(), at(3), date(2026, 3, 31))
    with pytest.raises(CommandError, match="does not expire"):
        signed(some_terms()).after(Expired(), at(3), date(2036, 3, 31))


def test_nothing_happens_to_a_contract_that_has_ended() -> None:
    ended = signed(some_terms()).after(Terminated(kind=Ending.UNKNOWN), at(2), date(2026, 2, 1))

    assert not ended.is_running
    with pytest.raises(TransitionError, match="final"):
        ended.after(NoticeGiven(ends_on=date(2027, 1, 1)), at(3), date(2026, 3, 1))
