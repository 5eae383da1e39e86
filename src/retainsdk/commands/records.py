"""Commands that record what simply happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Unpack

from retainsdk.commands.desk import Desk, Desks, refuse_unknown
from retainsdk.events import (
    CommitmentKept,
    InteractionRecorded,
    PaymentReceived,
    PurchaseRecorded,
    SignalRaised,
    SurveyAnswered,
    UsageRecorded,
)
from retainsdk.journal import Decision, How
from retainsdk.quantities import Money
from retainsdk.vocabulary import (
    Channel,
    Direction,
)


class RecordCommands(Desks):
    """Commands that record what simply happened."""

    def record_interaction(
        self,
        relationship: int,
        *,
        channel: Channel,
        direction: Direction,
        purpose: str,
        human: bool = True,
        two_way: bool = True,
        text: str = "",
        keeps: Sequence[int] = (),
        case: int | None = None,
        substantive: bool = True,
        news: str = "",
        **how: Unpack[How],
    ) -> None:
        """
        We and a customer were in touch, or one of us tried.

        Args:
            relationship: With whom.
            channel: How.
            direction: Who began.
            purpose: What for, one of `CONSENT_PURPOSES`.
            human: Whether a person of ours took part; a mailing is none.
            two_way: Whether both said something.
            text: What was said, in short.
            keeps: Numbers of the callbacks it keeps.
            case: Number of the case it belongs to.
            substantive: Whether it asks or answers something; a mere acknowledgement does not.
            news: The bad news it breaks; a talk comes before anything written.
            how: See `How`.
        """
        body = InteractionRecorded(
            channel=channel,
            direction=direction,
            purpose=purpose,
            human=human,
            two_way=two_way,
            text=text,
            case=case,
            substantive=substantive,
            news=news,
        )

        def decide(desk: Desk) -> Decision:
            if case is not None:
                refuse_unknown("case", case, desk.account.cases)
            for promise in keeps:
                refuse_unknown("promise", promise, desk.account.commitments)
            kept = [desk.here(CommitmentKept(commitment=promise)) for promise in keeps]
            return None, [desk.here(body), *kept]

        self._about(relationship, "record_interaction", (body, tuple(keeps)), how, decide)

    def record_usage(self, relationship: int, *, month: date, used: float, **how: Unpack[How]) -> None:
        """How much he used in the calendar month that began on that day, in the catalogue's unit."""
        self._of(relationship, UsageRecorded(month=month, used=used), how)

    def record_purchase(
        self, relationship: int, *, what: str, amount: Money, paid: bool, **how: Unpack[How]
    ) -> None:
        """He bought something; a refund is negative. What is not paid at once is paid by `record_payment`."""
        self._refuse_foreign(amount)
        self._of(relationship, PurchaseRecorded(what=what, amount=amount, paid=paid), how)

    def record_payment(self, relationship: int, *, amount: Money, **how: Unpack[How]) -> None:
        """He paid what he owed."""
        self._refuse_foreign(amount)
        self._of(relationship, PaymentReceived(amount=amount), how)

    def answer_survey(self, relationship: int, *, instrument: str, score: float, **how: Unpack[How]) -> None:
        """He answered a survey, from 0 to 10."""
        self._of(relationship, SurveyAnswered(instrument=instrument, score=score), how)

    def raise_signal(
        self, relationship: int, *, department: str, kind: str, evidence: str, **how: Unpack[How]
    ) -> None:
        """A department noticed an early sign of trouble."""
        self._of(relationship, SignalRaised(department=department, kind=kind, evidence=evidence), how)
