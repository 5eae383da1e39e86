"""Commands that record what simply happened. What they return is the number a correction names the record by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Unpack

import attrs

from retainsdk.account.commitments import settled_by, standing_for
from retainsdk.commands.acts import Acts
from retainsdk.commands.desk import Desk
from retainsdk.errors import CommandError
from retainsdk.events import (
    CommitmentMade,
    DocumentFiled,
    FeedbackAnswered,
    FeedbackGiven,
    Happening,
    InteractionRecorded,
    OrderMoved,
    PaymentDue,
    PaymentFailed,
    PaymentReceived,
    PurchaseRecorded,
    SignalCleared,
    SignalRaised,
    Statement,
    SurveyAnswered,
    SurveyAsked,
    SurveyRefused,
    UsageRecorded,
)
from retainsdk.journal import Decision, How, aware
from retainsdk.quantities import LocalTime, Money
from retainsdk.vocabulary import (
    Channel,
    Direction,
    OrderState,
    Promise,
    Severity,
    Side,
)
from retainsdk.wording import in_words


class RecordCommands(Acts):
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
        participants: Sequence[str] = (),
        stated: Sequence[Statement] = (),
        case: int | None = None,
        substantive: bool = True,
        news: str = "",
        step: str = "",
        friction: int | None = None,
        minutes: int | None = None,
        cost: Money | None = None,
        reference: str = "",
        **how: Unpack[How],
    ) -> int:
        """
        We and a customer were in touch, or one of us tried. Returns the number of the record.

        What a person of ours did is recorded as it was. What goes out by itself (*human* is false) is told to the
        book before it is sent, and refused to whom it must not go.

        Args:
            relationship: With whom.
            channel: How.
            direction: Who began.
            purpose: What for, one of `CONSENT_PURPOSES`.
            human: Whether a person of ours took part; a mailing is none.
            two_way: Whether both said something.
            text: What was said, in short.
            keeps: Numbers of other promises it keeps, such as a report given by phone. Callbacks and all else
                that a contact keeps it keeps by itself, when it comes in their time.
            participants: Who took part, on either side.
            stated: Prices, dates and scopes that somebody of ours said will hold.
            case: Number of the case it is about.
            substantive: Whether it asks or answers something; a mere acknowledgement does not.
            news: The bad news it breaks; a talk comes before anything written.
            step: Of the customer's way: search, explanation, payment, queue, …
            friction: How hard that step was for him, from 0 not at all to 10.
            minutes: What it took of our time.
            cost: What it cost us besides, a gift above all.
            reference: Where the whole of it can be read.
            how: See `How`.

        Raises:
            CommandError: When it goes out by itself and the customer does not allow it, or is not reached there.
        """
        if cost is not None:
            self._refuse_foreign(cost)
        body = InteractionRecorded(
            channel=channel,
            direction=direction,
            purpose=purpose,
            human=human,
            two_way=two_way,
            text=text,
            participants=tuple(participants),
            stated=tuple(stated),
            case=case,
            substantive=substantive,
            news=news,
            step=step,
            friction=friction,
            minutes=minutes,
            cost=cost,
            reference=reference,
        )

        def decide(desk: Desk) -> Decision:
            return desk.account.version + 1, self._contacted(desk, body, keeps)

        return int(self._about(relationship, "record_interaction", (body, tuple(keeps)), how, decide))

    def record_usage(self, relationship: int, *, month: date, used: float, **how: Unpack[How]) -> int:
        """How much he used in the calendar month that began on that day, in the catalogue's unit."""
        return self._record("record_usage", relationship, UsageRecorded(month=month, used=used), how)

    def record_purchase(
        self,
        relationship: int,
        *,
        what: str,
        amount: Money,
        paid: bool,
        offering: str | None = None,
        quantity: int = 1,
        order: str = "",
        invoice: str = "",
        deliver_by: datetime | LocalTime | None = None,
        **how: Unpack[How],
    ) -> int:
        """
        He bought something; a refund is negative. Returns the number of the record.

        How well a listed offering suited him at that time, and by which rule, is recorded with it.

        Args:
            relationship: Who.
            what: In words.
            amount: For all of it.
            paid: Whether at once; if not, by a `record_payment` that names its order or invoice.
            offering: Code of it in the catalogue.
            quantity: How many.
            order: By which it is delivered.
            invoice: By which it is billed.
            deliver_by: Until when we promise to deliver the order; it stands among our promises from then on. Of
                several purchases in one order each may say so, and it is promised once.
            how: See `How`.

        Raises:
            CommandError: When a delivery is promised of no order, or of one that is promised for another time.
        """
        self._refuse_foreign(amount)
        delivery = None if deliver_by is None else _Delivery.of(order, f"delivery of {what}", deliver_by)

        def decide(desk: Desk) -> Decision:
            suits = None
            if offering is not None:
                suits = self._judged(desk, offering, sold=amount.amount > 0)
            body = PurchaseRecorded(
                what=what,
                amount=amount,
                paid=paid,
                offering=offering,
                quantity=quantity,
                order=order,
                suitability=None if suits is None else suits.value,
                rule="" if suits is None else suits.rule,
                invoice=invoice,
            )
            return desk.account.version + 1, [desk.here(body), *_promised(desk, delivery)]

        asked = (what, amount, paid, offering, quantity, order, invoice, delivery)
        return int(self._about(relationship, "record_purchase", asked, how, decide))

    def move_order(
        self,
        relationship: int,
        order: str,
        *,
        state: OrderState,
        note: str = "",
        by: Side | None = None,
        deliver_by: datetime | LocalTime | None = None,
        **how: Unpack[How],
    ) -> int:
        """
        An order was placed, sent, delivered, received by him, brought back or called off.

        The promise to deliver it is kept when it comes in time; when it comes too late the promise is broken and
        delivered late. When he calls it off he lets us off the promise; when we do it stands, and is broken when it
        is due unless he lets us off.

        Args:
            relationship: Whose.
            order: Its name.
            state: Where it stands now.
            note: A remark.
            by: Who called it off; must be said where a promise to deliver it stands.
            deliver_by: Until when we promise to deliver it, when it is placed.
            how: See `How`.

        Raises:
            TransitionError: When its lifecycle does not allow that step.
            CommandError: When it is not said who called off what was promised; when a delivery is promised at
                another step, or for another time than before.
        """
        moved = OrderMoved(order=order, state=state, note=note, by=by)
        delivery = (
            None if deliver_by is None else _Delivery.of(order, f"delivery of order {order}", deliver_by)
        )
        if delivery is not None and state is not OrderState.ORDERED:
            raise CommandError(
                f"order {order!r} {in_words(state)}",
                "is no time to promise its delivery",
                "Promise it when it is placed, or by the command promise.",
            )
        if by is not None and state is not OrderState.CANCELLED:
            raise CommandError(
                f"order {order!r} {in_words(state)}", "was called off by nobody", "Leave out by whom."
            )

        def decide(desk: Desk) -> Decision:
            standing = standing_for(desk.account, order, desk.at)
            if state is OrderState.CANCELLED and by is None and standing is not None and standing.is_open:
                raise CommandError(
                    f"order {order!r} called off",
                    f"leaves promise {standing.number} open, and says not by whom",
                    "Say by whom: the customer lets us off by it, we do not.",
                )
            settled = [
                attrs.evolve(desk.here(body), occurred_at=when)
                for when, body in settled_by(desk.account, moved, desk.at)
            ]
            return desk.account.version + 1, [desk.here(moved), *_promised(desk, delivery), *settled]

        return int(self._about(relationship, "move_order", (moved, delivery), how, decide))

    def bill(
        self,
        relationship: int,
        *,
        invoice: str,
        amount: Money,
        due_on: date,
        news: str = "",
        **how: Unpack[How],
    ) -> int:
        """He is to pay so much, on that day at the latest; bad news it states he must have heard before."""
        self._refuse_foreign(amount)
        body = PaymentDue(invoice=invoice, amount=amount, due_on=due_on, news=news)
        return self._record("bill", relationship, body, how)

    def record_payment(
        self, relationship: int, *, amount: Money, invoice: str = "", **how: Unpack[How]
    ) -> int:
        """He paid what he owed: an invoice, or what he bought on account when its order or invoice is named."""
        self._refuse_foreign(amount)
        return self._record(
            "record_payment", relationship, PaymentReceived(amount=amount, invoice=invoice), how
        )

    def record_failed_payment(self, relationship: int, *, invoice: str, why: str, **how: Unpack[How]) -> int:
        """A payment of an invoice did not come through."""
        return self._record(
            "record_failed_payment", relationship, PaymentFailed(invoice=invoice, why=why), how
        )

    def ask_survey(
        self, relationship: int, *, instrument: str, answer_by: datetime, **how: Unpack[How]
    ) -> int:
        """He was asked to answer a survey, until an instant."""
        aware(answer_by, "answer_by")
        return self._record(
            "ask_survey", relationship, SurveyAsked(instrument=instrument, answer_by=answer_by), how
        )

    def answer_survey(self, relationship: int, *, instrument: str, score: float, **how: Unpack[How]) -> int:
        """He answered a survey, from 0 to 10."""
        return self._record(
            "answer_survey", relationship, SurveyAnswered(instrument=instrument, score=score), how
        )

    def refuse_survey(self, relationship: int, *, instrument: str, **how: Unpack[How]) -> int:
        """He did not want to answer a survey."""
        return self._record("refuse_survey", relationship, SurveyRefused(instrument=instrument), how)

    def raise_signal(
        self,
        relationship: int,
        *,
        department: str,
        kind: str,
        evidence: str,
        severity: Severity = Severity.WARNING,
        **how: Unpack[How],
    ) -> int:
        """A department noticed an early sign of trouble, or a friendly one. Returns the number of the signal."""
        body = SignalRaised(department=department, kind=kind, evidence=evidence, severity=severity)
        return self._record("raise_signal", relationship, body, how)

    def clear_signal(
        self, relationship: int, signal: int, *, why: str, department: str | None = None, **how: Unpack[How]
    ) -> int:
        """The *department* that raised a signal sees no reason for it any longer; or the owner does, when none is named."""
        body = SignalCleared(signal=signal, by=how["actor"] if department is None else department, why=why)
        return self._record("clear_signal", relationship, body, how)

    def file_document(
        self, relationship: int, *, kind: str, reference: str, digest: str = "", **how: Unpack[How]
    ) -> int:
        """A document was put away: what kind, where, and the digest of its bytes."""
        return self._record(
            "file_document", relationship, DocumentFiled(kind=kind, reference=reference, digest=digest), how
        )

    def give_feedback(self, relationship: int, *, about: str, text: str, **how: Unpack[How]) -> int:
        """He said what should be better. Returns the number of the feedback."""
        return self._record("give_feedback", relationship, FeedbackGiven(about=about, text=text), how)

    def answer_feedback(self, relationship: int, feedback: int, *, change: str, **how: Unpack[How]) -> int:
        """He was told what his word has changed."""
        return self._record(
            "answer_feedback", relationship, FeedbackAnswered(feedback=feedback, change=change), how
        )

    def _record(self, command: str, relationship: int, body: object, how: How) -> int:
        def decide(desk: Desk) -> Decision:
            return desk.account.version + 1, [desk.here(body)]

        return int(self._about(relationship, command, body, how, decide))


@attrs.frozen(kw_only=True)
class _Delivery:
    """That an order will come, and until when."""

    order: str
    what: str
    due: datetime
    promised: LocalTime | None

    @classmethod
    def of(cls, order: str, what: str, due: datetime | LocalTime) -> _Delivery:
        if not order.strip():
            raise CommandError("a promise to deliver", "names no order", "Give the order a name.")
        promised = due if isinstance(due, LocalTime) else None
        instant = due.instant if isinstance(due, LocalTime) else aware(due, "deliver_by")
        return cls(order=order, what=what, due=instant, promised=promised)


def _promised(desk: Desk, delivery: _Delivery | None) -> list[Happening]:
    """The promise to deliver; nothing when none is made, or the same one stands already."""
    if delivery is None:
        return []
    standing = standing_for(desk.account, delivery.order, desk.at)
    if standing is not None and delivery.due in {standing.due, standing.first_due}:
        return []
    body = CommitmentMade(
        commitment=len(desk.account.commitments) + 1,
        kind=Promise.DELIVERY,
        what=delivery.what,
        due=delivery.due,
        basis=f"order {delivery.order}",
        promised=delivery.promised,
        order=delivery.order,
    )
    return [desk.here(body)]
