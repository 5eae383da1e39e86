"""Records: what simply happened between us and a customer. Nothing is decided by them; everything is computed from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple, TypeVar

import attrs

from retainsdk.errors import CommandError, RetainError
from retainsdk.events import (
    CompetitorOfferSeen,
    DocumentFiled,
    FeedbackAnswered,
    FeedbackGiven,
    InteractionRecorded,
    OrderMoved,
    PaymentDue,
    PaymentFailed,
    PaymentReceived,
    PurchaseRecorded,
    RecordCorrected,
    SignalCleared,
    SignalRaised,
    SurveyAnswered,
    SurveyAsked,
    SurveyRefused,
    UsageRecorded,
)
from retainsdk.quantities import Money, calendar_months, months_later
from retainsdk.record.invoice import Receivables, receivables
from retainsdk.record.order import Order
from retainsdk.record.signal import Signal
from retainsdk.record.voice import Feedback, Survey, surveys
from retainsdk.vocabulary import Channel, Direction
from retainsdk.wording import in_words

Record = TypeVar("Record")


class Entry(NamedTuple):
    """
    One record.

    Attributes:
        at: When it occurred.
        body: What.
        version: In the stream of its relationship: how a correction names it.
        actor: Who recorded it.
    """

    at: datetime
    body: object
    version: int
    actor: str


_entry = partial(tuple.__new__, Entry)  # as Entry itself, without the call in between: one at every record


@attrs.frozen(kw_only=True)
class Page:
    """
    Some records, the latest first.

    Attributes:
        entries: In the order of occurrence, backwards; corrected ones among them.
        corrections: Of those on the page that count no longer, by version.
        earlier: Pass it as ``before`` to turn the page; none on the last one.
        total: How many records there are in all.
        corrected: How many of all count no longer.
        after: From what instant on the page reaches; none on the last one, which reaches back to the beginning.
        until: Up to what instant, itself left out; none on the first one, which reaches up to the end.
    """

    entries: tuple[Entry, ...]
    corrections: Mapping[int, RecordCorrected]
    earlier: int | None
    total: int
    corrected: int
    after: datetime | None = None
    until: datetime | None = None

    def reaches(self, at: datetime) -> bool:
        """Whether what happened at an instant belongs on it: on one page of all, and on no other."""
        return (self.after is None or at >= self.after) and (self.until is None or at < self.until)


@attrs.define
class Timeline:
    """
    All records of one relationship, in the order of recording; they may have occurred in another.

    It grows while a log is folded, and is only read after that. What was corrected stays in it and counts nowhere.

    Attributes:
        entries: All records.
        kinds: Those that count, by what they record: when, and what.
        corrections: Of those that count no longer, by version.
        orders: By name.
        signals: By number.
        feedback: By number.
        invoices: When each was written, by name.
        on_account: When what a payment may name was bought on account, by its order or invoice.
    """

    entries: list[Entry] = attrs.Factory(list)
    kinds: defaultdict[type, list[tuple[datetime, Any]]] = attrs.Factory(lambda: defaultdict(list))
    corrections: dict[int, RecordCorrected] = attrs.Factory(dict)
    orders: dict[str, Order] = attrs.Factory(dict)
    signals: dict[int, Signal] = attrs.Factory(dict)
    feedback: dict[int, Feedback] = attrs.Factory(dict)
    invoices: dict[str, datetime] = attrs.Factory(dict)
    on_account: dict[str, datetime] = attrs.Factory(dict)

    def add(self, at: datetime, body: object, version: int, actor: str = "") -> None:
        """
        Put one record more.

        Raises:
            RetainError: When it cannot have happened after those before it: an order sent twice, a payment for what
                was never billed.
        """
        entry = _entry((at, body, version, actor))
        follow = _FOLLOWS.get(type(body))
        if follow is not None:
            follow(self, body, entry)
        self.entries.append(entry)
        self.kinds[type(body)].append((at, body))

    def correct(self, body: RecordCorrected, at: datetime) -> object:
        """
        Let one record count no longer.

        Returns:
            What it recorded.

        Raises:
            CommandError: When there is no such record, it was corrected already, something rests on it, or the
                correction does not occur when the record did.
        """
        wrong = next((entry for entry in self.entries if entry.version == body.version), None)
        if wrong is None or not isinstance(wrong.body, CORRECTABLE):
            raise CommandError(
                f"event {body.version} of the relationship",
                "is no record that can be corrected",
                "Name a record by its version; what was decided is taken back by a command of its own.",
            )
        name = f"record {body.version} ({in_words(type(wrong.body).__name__)})"
        if body.version in self.corrections:
            raise CommandError(name, "was corrected already", "Record what is true as a record of its own.")
        if at != wrong.at:
            raise CommandError(
                f"a correction at {at.isoformat()}",
                f"is not at the instant of {name}, {wrong.at.isoformat()}",
                "A correction occurs when the record did, so that no look back counts it.",
            )
        rest = Timeline()
        for entry in self.entries:
            if entry.version not in self.corrections and entry is not wrong:
                try:
                    rest.add(*entry)
                except RetainError as error:
                    raise CommandError(
                        name, f"is what record {entry.version} rests on ({error})", "Correct that one first."
                    ) from error
        self.corrections[body.version] = body
        self.orders, self.signals, self.feedback = rest.orders, rest.signals, rest.feedback
        self.invoices, self.on_account, self.kinds = rest.invoices, rest.on_account, rest.kinds
        return wrong.body

    def counted(self) -> Iterator[Entry]:
        """The records that were not corrected."""
        if not self.corrections:
            return iter(self.entries)
        return (entry for entry in self.entries if entry.version not in self.corrections)

    def page(self, *, before: int | None = None, limit: int = 50) -> Page:
        """
        Some of the records, the latest first.

        Args:
            before: Only what comes after the record of that version when one reads backwards; the latest unless given.
            limit: How many at most, 1 or more.

        Raises:
            CommandError: When no record has that version, or *limit* is less than 1.
        """
        if limit < 1:
            raise CommandError(f"limit {limit}", "shows nothing", "Ask for one record at least.")
        entries = sorted(self.entries, key=lambda entry: (entry.at, entry.version), reverse=True)
        start = 0
        if before is not None:
            start = next((n for n, entry in enumerate(entries, 1) if entry.version == before), -1)
            if start < 0:
                raise CommandError(
                    f"before {before}", "is no record", "Name what the page before calls earlier."
                )
        shown = tuple(entries[start : start + limit])
        return Page(
            entries=shown,
            corrections={
                it.version: self.corrections[it.version] for it in shown if it.version in self.corrections
            },
            earlier=shown[-1].version if start + limit < len(entries) else None,
            after=shown[-1].at if start + limit < len(entries) else None,
            until=entries[start - 1].at if start else None,
            total=len(entries),
            corrected=len(self.corrections),
        )

    def of(self, kind: type[Record]) -> Sequence[tuple[datetime, Record]]:
        """The records of one kind that count."""
        return self.kinds.get(kind, ())

    def contacts(self) -> Iterator[datetime]:
        """When a human of ours and the customer were in touch: no mailing, and nothing we left unanswered."""
        return (
            at
            for at, what in self.of(InteractionRecorded)
            if what.human and (what.two_way or what.direction is Direction.OUTBOUND)
        )

    def last_contact(self) -> datetime | None:
        """When they were in touch last; none when they never were."""
        return max(self.contacts(), default=None)

    def outbound(self) -> Iterator[datetime]:
        """When we turned to the customer, by whatever means."""
        return (at for at, what in self.of(InteractionRecorded) if what.direction is Direction.OUTBOUND)

    def paid(self) -> list[Money]:
        """What he paid, refunds as negative amounts."""
        at_once = [body.amount for _, body in self.of(PurchaseRecorded) if body.paid]
        return at_once + [body.amount for _, body in self.of(PaymentReceived)]

    def last_survey(self) -> tuple[datetime, SurveyAnswered] | None:
        """The survey answered last; of two at one instant, the one recorded last."""
        answers = self.of(SurveyAnswered)
        return max(reversed(answers), key=lambda answer: answer[0]) if answers else None

    def used_in(self, month: date) -> float | None:
        """Use in a calendar month, given by its first day, as recorded for it last; none when not recorded."""
        found = [(at, body.used) for at, body in self.of(UsageRecorded) if body.month == month]
        return max(reversed(found), key=lambda record: record[0])[1] if found else None

    def usage_by(self, on: date) -> tuple[date, float] | None:
        """Use in the last whole calendar month before a day of which it is recorded, and that month."""
        months = {body.month for _, body in self.of(UsageRecorded) if months_later(body.month, 1) <= on}
        last = max(months, default=None)
        used = None if last is None else self.used_in(last)
        return None if last is None or used is None else (last, used)

    def surveys(self) -> list[Survey]:
        """Surveys asked and answered, in the order of asking."""
        return surveys(
            (at, body)
            for at, body, _, _ in self.counted()
            if isinstance(body, SurveyAsked | SurveyAnswered | SurveyRefused)
        )

    def receivables(self, currency: str, day: Callable[[datetime], date]) -> Receivables:
        """Invoices with what was paid on them, in the book's currency and days; what pays a purchase is not among it."""
        if not any(kind in self.kinds for kind in (PaymentDue, PaymentFailed, PaymentReceived)):
            return Receivables(invoices={}, credit=Money(0, currency))
        bought = self._names_of_purchases() - {body.invoice for _, body in self.of(PaymentDue)}
        return receivables(
            [
                (at, body)
                for at, body, _, _ in self.counted()
                if isinstance(body, PaymentDue | PaymentFailed)
                or (isinstance(body, PaymentReceived) and body.invoice not in bought)
            ],
            currency=currency,
            day=day,
        )

    def fees(self) -> list[tuple[datetime, Money]]:
        """What he paid for something else than purchases: a payment that names one counts there already."""
        paid = self.of(PaymentReceived)
        bought = self._names_of_purchases() if paid else ()
        return [(at, body.amount) for at, body in paid if body.invoice not in bought]

    def visits(self, day: Callable[[datetime], date]) -> list[date]:
        """The days on which he came to us or bought something."""
        came = [
            at
            for at, what in self.of(InteractionRecorded)
            if what.direction is Direction.INBOUND and what.channel is Channel.IN_PERSON
        ]
        bought = [at for at, what in self.of(PurchaseRecorded) if what.amount.amount > 0]
        return sorted({day(at) for at in (*came, *bought)})

    def _names_of_purchases(self) -> set[str]:
        return {name for _, body in self.of(PurchaseRecorded) for name in (body.order, body.invoice) if name}


# What each kind of record does to what a timeline keeps track of.


def _move_order(timeline: Timeline, body: OrderMoved, entry: Entry) -> None:
    order = timeline.orders.get(body.order)
    timeline.orders[body.order] = (
        Order.placed(body, entry.at) if order is None else order.after(body, entry.at)
    )


def _buy(timeline: Timeline, body: PurchaseRecorded, entry: Entry) -> None:
    if not body.paid:
        for name in {body.order, body.invoice} - {""}:
            timeline.on_account[name] = min(entry.at, timeline.on_account.get(name, entry.at))


def _bill(timeline: Timeline, body: PaymentDue, entry: Entry) -> None:
    if body.amount.amount <= 0 or not body.invoice.strip():
        raise CommandError(
            f"invoice {body.invoice!r} over {body.amount}",
            "asks for nothing",
            "Give its name and what is to be paid.",
        )
    if body.invoice in timeline.invoices:
        raise CommandError(
            f"invoice {body.invoice!r}",
            "was recorded already",
            "Give the new one another name, or correct the old.",
        )
    timeline.invoices[body.invoice] = entry.at


def _pay(timeline: Timeline, body: PaymentReceived | PaymentFailed, entry: Entry) -> None:
    if isinstance(body, PaymentReceived) and not body.invoice:
        return
    billed = timeline.invoices.get(body.invoice)
    if isinstance(body, PaymentReceived):
        bought = timeline.on_account.get(body.invoice)
        billed = min((at for at in (billed, bought) if at is not None), default=None)
    if billed is None or entry.at < billed:
        raise CommandError(
            f"a payment for {body.invoice!r} at {entry.at.isoformat()}",
            "is for what was neither billed nor bought on account by then",
            "Record the invoice first, or the payment without its name.",
        )


def _raise(timeline: Timeline, body: SignalRaised, entry: Entry) -> None:
    timeline.signals[entry.version] = Signal.raised(entry.version, body, entry.at)


def _clear(timeline: Timeline, body: SignalCleared, entry: Entry) -> None:
    if body.signal not in timeline.signals:
        raise CommandError(
            f"signal {body.signal}", "was not raised", "Name it by the number it was raised under."
        )
    timeline.signals[body.signal] = timeline.signals[body.signal].cleared(body, entry.at)


def _hear(timeline: Timeline, body: FeedbackGiven, entry: Entry) -> None:
    timeline.feedback[entry.version] = Feedback.given(entry.version, body, entry.at)


def _tell_back(timeline: Timeline, body: FeedbackAnswered, entry: Entry) -> None:
    if body.feedback not in timeline.feedback:
        raise CommandError(
            f"feedback {body.feedback}", "was not given", "Name it by the number it was given under."
        )
    timeline.feedback[body.feedback] = timeline.feedback[body.feedback].answered(body, entry.at)


_FOLLOWS: Mapping[type, Callable[..., None]] = {
    OrderMoved: _move_order,
    PurchaseRecorded: _buy,
    PaymentDue: _bill,
    PaymentReceived: _pay,
    PaymentFailed: _pay,
    SignalRaised: _raise,
    SignalCleared: _clear,
    FeedbackGiven: _hear,
    FeedbackAnswered: _tell_back,
}

CORRECTABLE = (
    InteractionRecorded,
    UsageRecorded,
    PurchaseRecorded,
    OrderMoved,
    PaymentDue,
    PaymentReceived,
    PaymentFailed,
    SurveyAsked,
    SurveyAnswered,
    SurveyRefused,
    SignalRaised,
    SignalCleared,
    DocumentFiled,
    FeedbackGiven,
    FeedbackAnswered,
    CompetitorOfferSeen,
)
"""What can be corrected. The rest was decided, not observed, and is taken back by commands of its own."""


def faded(days: Iterable[date], on: date, memory: float) -> float:
    """
    How many there were, less of them with every change of the calendar month since, in whole 32nds.

    What is less than that is forgotten, so that nothing counts for ever.

    >>> faded([date(2026, 3, 31), date(2026, 4, 1)], date(2026, 4, 2), memory=0.5)
    1.5
    """
    ages = (calendar_months(day, on) for day in days)
    parts, before = 0, 0
    for age in sorted((age for age in ages if age >= 0), reverse=True):
        parts, before = _left_of(parts, before - age, memory) + _PARTS, age
    return _left_of(parts, before, memory) / _PARTS


def _left_of(parts: int, months: int, memory: float) -> int:
    for _ in range(months):
        if not parts:  # years lie between most records
            break
        parts = int(parts * memory)
    return parts


_PARTS = 32
