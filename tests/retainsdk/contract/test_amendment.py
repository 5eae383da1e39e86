from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.contract import Contract
from retainsdk.errors import RetainError, TermError, TransitionError
from retainsdk.events import (
    AmendmentAccepted,
    AmendmentProposed,
    AmendmentRejected,
    Renewed,
    Signed,
    Suspended,
)
from retainsdk.quantities import Money, months_later
from retainsdk.terms import Terms
from retainsdk.testing import at, some_terms
from retainsdk.vocabulary import Side, Subject, TermKind

FEBRUARY = date(2026, 2, 1)
DEARER = some_terms(starts_on=FEBRUARY, fee=Money(25, "EUR"))


def signed(**changes: Any) -> Contract:
    return Contract.signed(1, Signed(terms=some_terms(**changes)), at(1), date(2026, 1, 1))


def proposal(terms: Terms = DEARER, *subjects: Subject, number: int = 1) -> AmendmentProposed:
    return AmendmentProposed(amendment=number, by=Side.US, subjects=subjects or (Subject.FEES,), terms=terms)


def acceptance(terms: Terms = DEARER, by: Side | None = Side.CUSTOMER) -> AmendmentAccepted:
    return AmendmentAccepted(terms=terms, amendment=1, subjects=(Subject.FEES,), by=by)


def test_an_amendment_is_proposed_by_one_side_and_accepted_by_the_other() -> None:
    waiting = signed().after(proposal(), at(1, 20), date(2026, 1, 20))
    accepted = waiting.after(acceptance(), at(1, 21), date(2026, 1, 21))

    assert waiting.versions == (some_terms(),)
    assert accepted.terms_on(FEBRUARY) == DEARER
    assert [(it.by, it.accepted, it.answered_at) for it in accepted.amendments] == [
        (Side.US, True, at(1, 21))
    ]


@pytest.mark.invariant(18)
@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (acceptance(by=Side.US), "did not propose it"),
        (acceptance(by=None), "did not propose it"),
        (acceptance(some_terms(starts_on=FEBRUARY, fee=Money(26, "EUR"))), "with the terms proposed"),
        (AmendmentAccepted(terms=DEARER, by=Side.US), "without a proposal"),
        (AmendmentAccepted(terms=DEARER, subjects=(Subject.PACE,)), "names all that differs .*: fees"),
        (AmendmentAccepted(terms=DEARER, amendment=2, by=Side.CUSTOMER), "does not wait for an answer"),
        (AmendmentAccepted(terms=some_terms(starts_on=FEBRUARY)), "change nothing"),
    ],
)
def test_what_only_one_side_accepted_or_what_is_not_wholly_named_changes_nothing(
    answer: AmendmentAccepted, why: str
) -> None:
    waiting = signed().after(proposal(), at(1, 20), date(2026, 1, 20))

    with pytest.raises(RetainError, match=why):
        waiting.after(answer, at(1, 21), date(2026, 1, 21))


def test_a_proposal_names_all_that_differs_and_nothing_else() -> None:
    slower = some_terms(starts_on=FEBRUARY, fee=Money(25, "EUR"), pace="monthly")

    for body in (proposal(slower), proposal(DEARER, Subject.FEES, Subject.PACE), proposal(number=2)):
        with pytest.raises(RetainError, match="Name all that differs"):
            signed().after(body, at(1, 20), date(2026, 1, 20))


def test_a_proposal_that_other_terms_have_overtaken_is_proposed_anew() -> None:
    waiting = signed().after(proposal(), at(1, 20), date(2026, 1, 20))
    paced = some_terms(starts_on=date(2026, 1, 25), pace="weekly")
    overtaken = waiting.after(AmendmentAccepted(terms=paced), at(1, 21), date(2026, 1, 21))

    with pytest.raises(RetainError, match="names all that differs from the terms before: pace, fees"):
        overtaken.after(acceptance(), at(1, 22), date(2026, 1, 22))


def test_a_rejected_amendment_stays_in_the_record_and_waits_no_longer() -> None:
    rejected = (
        signed()
        .after(proposal(), at(1, 20), date(2026, 1, 20))
        .after(AmendmentRejected(amendment=1, why="too dear"), at(1, 21), date(2026, 1, 21))
    )

    assert [(it.accepted, it.answered_at) for it in rejected.amendments] == [(False, at(1, 21))]
    with pytest.raises(RetainError, match="does not wait"):
        rejected.after(acceptance(), at(1, 22), date(2026, 1, 22))


def test_nothing_is_proposed_while_service_rests() -> None:
    resting = signed().after(Suspended(why="abroad"), at(1, 10), date(2026, 1, 10))

    with pytest.raises(TransitionError, match="resume"):
        resting.after(proposal(), at(1, 20), date(2026, 1, 20))


@pytest.mark.invariant(19)
@given(
    on=st.dates(date(2026, 1, 1), date(2026, 6, 1)),
    ahead=st.integers(0, 3),
    months=st.sampled_from([0, 1, 12, 35, 36]),
    was=st.sampled_from([0, 6, 36]),
)
def test_an_amendment_binds_for_36_months_from_its_own_signature_at_most(
    on: date, ahead: int, months: int, was: int
) -> None:
    contract = signed(lock_in_months=was)
    terms = some_terms(starts_on=months_later(on, ahead), lock_in_months=months, fee=Money(9, "EUR"))
    instant = at(6, 2)

    bound_until = months_later(terms.starts_on, months)
    longest = max(months_later(on, 36), months_later(date(2026, 1, 1), was) if was else date.min)
    if months and bound_until > longest:
        with pytest.raises(TermError, match="36 months from the signature"):
            contract.after(AmendmentAccepted(terms=terms), instant, on)
    else:
        assert contract.after(AmendmentAccepted(terms=terms), instant, on).versions[-1] == terms


@pytest.mark.invariant(19)
def test_a_renewal_frees_nobody_from_a_lock_in_and_an_amendment_that_both_accept_does() -> None:
    contract = signed(kind=TermKind.AUTO_RENEWING, months=3, lock_in_months=12)
    freed = contract.versions[0].amended(starts_on=date(2026, 4, 1), lock_in_months=0)

    with pytest.raises(TermError, match="frees nobody from a lock-in"):
        contract.after(Renewed(terms=freed), at(3), date(2026, 3, 1))
    assert (
        not contract.after(AmendmentAccepted(terms=freed), at(3), date(2026, 3, 1))
        .versions[-1]
        .lock_in_months
    )


def test_a_renewal_changes_only_the_term() -> None:
    contract = signed(kind=TermKind.FIXED, months=3)
    renewed = contract.versions[0].renewed(starts_on=date(2026, 4, 1))
    dearer = renewed.amended(starts_on=date(2026, 4, 1), fee=Money(30, "EUR"))

    with pytest.raises(TermError, match="differ in fees: a renewal changes only the term"):
        contract.after(Renewed(terms=dearer), at(3), date(2026, 3, 1))
    assert contract.after(Renewed(terms=renewed), at(3), date(2026, 3, 1)).ends_on == date(2026, 7, 1)


@pytest.mark.invariant(17)
def test_other_terms_leave_no_gap_after_a_fixed_term() -> None:
    contract = signed(kind=TermKind.FIXED, months=3)

    with pytest.raises(TermError, match="leave a gap after 2026-04-01"):
        contract.after(
            AmendmentAccepted(terms=some_terms(starts_on=date(2026, 4, 2))), at(3), date(2026, 3, 1)
        )
    touching = contract.after(
        AmendmentAccepted(terms=some_terms(starts_on=date(2026, 4, 1))), at(3), date(2026, 3, 1)
    )
    assert touching.terms_in_force(date(2026, 4, 1)) == some_terms(starts_on=date(2026, 4, 1))
