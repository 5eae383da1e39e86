from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.contract.termination import refuse_unfounded
from retainsdk.errors import CommandError
from retainsdk.events import Terminated
from retainsdk.quantities import Money
from retainsdk.terms import Terms
from retainsdk.testing import some_terms
from retainsdk.vocabulary import Ending, Side

SIGNED_ON = date(2026, 1, 1)
FEE = Money(50, "EUR")


def refused(terms: Terms | None = None, on: date = SIGNED_ON, **body: Any) -> str:
    try:
        refuse_unfounded(Terminated(**body), terms=terms or some_terms(), signed_on=SIGNED_ON, on=on)
    except CommandError as error:
        return str(error)
    return ""


@pytest.mark.invariant(20)
@given(st.none() | st.sampled_from([FEE, Money(40, "EUR")]), st.booleans(), st.none() | st.just(FEE))
def test_an_early_end_by_fee_pays_the_fee_of_the_terms_in_force_or_waives_it(
    paid: Money | None,
    waived: bool,  # noqa: FBT001 # drawn
    owed: Money | None,
) -> None:
    why = refused(
        some_terms(early_termination_fee=owed), kind=Ending.FEE, evidence="receipt", fee=paid, waived=waived
    )

    founded = owed is not None and ((paid is None and waived) or (paid == owed and not waived))
    assert (why == "") == founded


@pytest.mark.invariant(20)
@given(st.integers(0, 20), st.integers(0, 20))
def test_the_law_lets_him_withdraw_up_to_the_last_day_of_the_window(window: int, days: int) -> None:
    terms = some_terms(withdrawal_days=window)

    why = refused(
        terms, SIGNED_ON + timedelta(days=days), kind=Ending.STATUTORY_WITHDRAWAL, evidence="letter"
    )

    assert (why == "") == (0 < window >= days)


@pytest.mark.parametrize("kind", [it for it in Ending if it is not Ending.UNKNOWN])
def test_every_early_end_needs_its_evidence(kind: Ending) -> None:
    assert "has no evidence" in refused(kind=kind, evidence=" ")


@pytest.mark.parametrize(
    ("kind", "side"),
    [
        (Ending.FEE, Side.US),
        (Ending.STATUTORY_WITHDRAWAL, Side.US),
        (Ending.BREACH_BY_CUSTOMER, Side.CUSTOMER),
        (Ending.BREACH_BY_US, Side.US),
    ],
)
def test_some_ends_are_for_one_side_alone(kind: Ending, side: Side) -> None:
    assert "alone" in refused(kind=kind, by=side, evidence="letter")


def test_all_that_is_missing_is_named_at_once() -> None:
    why = refused(kind=Ending.BREACH_BY_CUSTOMER, by=Side.CUSTOMER, fee=FEE, remedy=1)

    for part in ("is for us alone", "no evidence", "no case", "costs no fee", "remedy"):
        assert part in why


def test_a_case_is_for_breaches_only() -> None:
    assert "as only a breach does" in refused(kind=Ending.AGREEMENT, evidence="letter", case=1)
    assert refused(kind=Ending.AGREEMENT, by=Side.US, evidence="letter") == ""
    assert refused(kind=Ending.DEATH_OR_DISSOLUTION, evidence="certificate") == ""


def test_histories_taken_over_from_elsewhere_need_not_say_how_it_ended() -> None:
    assert refused(kind=Ending.UNKNOWN) == ""
