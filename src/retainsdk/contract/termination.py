"""What each kind of ending a contract early needs: its side, its evidence, its fee or its window."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from retainsdk.errors import CommandError
from retainsdk.events import Terminated
from retainsdk.terms import Terms
from retainsdk.vocabulary import Ending, Side
from retainsdk.wording import in_words

SIDES: Mapping[Ending, Side] = {
    Ending.FEE: Side.CUSTOMER,
    Ending.STATUTORY_WITHDRAWAL: Side.CUSTOMER,
    Ending.BREACH_BY_CUSTOMER: Side.US,
    Ending.BREACH_BY_US: Side.CUSTOMER,
}
"""Who alone can end a contract in this way; in the other ways either side can."""

BREACHES = frozenset({Ending.BREACH_BY_CUSTOMER, Ending.BREACH_BY_US})


def refuse_unfounded(body: Terminated, *, terms: Terms, signed_on: date, on: date) -> None:
    """
    Nothing, when an early end has what its kind needs.

    A kind nobody knows needs nothing: it stands only in histories taken over from elsewhere.

    Args:
        body: The end.
        terms: Those in force on the day.
        signed_on: The day on which the contract was signed.
        on: The day of the end.

    Raises:
        CommandError: With all that is missing.
    """
    if body.kind is Ending.UNKNOWN:
        return
    wrong = [*_wrong_ground(body), *_wrong_fee(body, terms), *_wrong_window(body, terms, signed_on, on)]
    if wrong:
        raise CommandError(
            f"an end by {in_words(body.kind)}",
            "; ".join(rule for rule, _ in wrong),
            " ".join(remedy for _, remedy in wrong),
        )


def _wrong_ground(body: Terminated) -> Iterator[tuple[str, str]]:
    side = SIDES.get(body.kind, body.by)
    if body.by is not side:
        yield f"is for {_SIDE_WORDS[side]} alone", "Name another kind of end."
    if not body.evidence.strip():
        yield "has no evidence", "Say what proves it."
    if body.kind in BREACHES and body.case is None:
        yield "rests on no case", "Name the case the breach was settled in."
    if body.kind not in BREACHES and body.case is not None:
        yield "rests on a case, as only a breach does", "Leave the case out."
    if (body.kind is Ending.BREACH_BY_US) != (body.remedy is not None):
        yield (
            "and a promise of remedy go together only when we broke the contract",
            "Promise one then, and only then.",
        )


def _wrong_fee(body: Terminated, terms: Terms) -> Iterator[tuple[str, str]]:
    owed = terms.early_termination_fee
    if body.kind is not Ending.FEE:
        if body.fee is not None or body.waived:
            yield "costs no fee", "Leave fee and waiver out, or end it by fee."
    elif owed is None:
        yield (
            "is not among the terms in force",
            "End it by the agreement of both, or wait for the end after notice.",
        )
    elif body.waived and body.fee is not None:
        yield f"cannot be both paid ({body.fee}) and waived", "Say which of the two."
    elif not body.waived and body.fee != owed:
        yield (
            f"costs {owed} by the terms in force, not {body.fee or 'nothing'}",
            "Record that fee as paid, or waive it.",
        )


def _wrong_window(body: Terminated, terms: Terms, signed_on: date, on: date) -> Iterator[tuple[str, str]]:
    if body.kind is not Ending.STATUTORY_WITHDRAWAL:
        return
    last = signed_on + timedelta(days=terms.withdrawal_days)
    if not terms.withdrawal_days:
        yield "has no window in these terms", "Name another kind of end."
    elif on > last:
        yield f"was possible until {last}, not on {on}", "Name another kind of end."


_SIDE_WORDS = {Side.US: "us", Side.CUSTOMER: "the customer"}
