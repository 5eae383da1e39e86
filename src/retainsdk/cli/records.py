"""What happened: contacts, use, purchases, orders, bills, surveys, signals, feedback; and what was recorded in error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from retainsdk.cli.command import Deed, Given, Look, number
from retainsdk.cli.pages import Page
from retainsdk.cli.words import (
    ID,
    NUMBER,
    Amount,
    Count,
    Day,
    Due,
    Figure,
    Instant,
    Month,
    Number,
    OneOf,
    Part,
    Purpose,
    Refused,
    Who,
    Word,
    arg,
    flag,
    need,
    opt,
)
from retainsdk.vocabulary import DEPARTMENTS, Channel, Direction, OrderState, Severity, Side, StatementKind

if TYPE_CHECKING:
    from retainsdk.book import Book
    from retainsdk.commands.corrections import Step

_WHO = arg("relationship", Who(), "With whom: a name, a reference or an id.")
_RECORD = (number("record"),)
_INVOICE = opt("invoice", Word(metavar="NAME"), "Of which invoice.")


@attrs.frozen(kw_only=True)
class Department(Word):
    """One of our departments."""

    def read(self, text: str, book: Book | None) -> str:  # noqa: ARG002 # the same for every book
        """Its name."""
        if text.strip().lower() not in DEPARTMENTS:
            raise Refused(f"must be one of: {', '.join(DEPARTMENTS)}", "Choose one of these words.")
        return text.strip().lower()

    def hint(self) -> str:
        """All of them."""
        return f"One of: {', '.join(DEPARTMENTS)}."


@attrs.frozen(kw_only=True)
class Stated(Word):
    """What somebody of ours said will hold."""

    metavar: str = "KIND:SUBJECT=VALUE"

    def read(self, text: str, book: Book | None) -> Any:  # noqa: ANN401 # what help does not load
        """The statement."""
        from retainsdk.events import Statement  # noqa: PLC0415 # help must be quick

        kind, colon, rest = text.partition(":")
        subject, equals, value = rest.partition("=")
        if not (colon and equals and subject.strip() and value.strip()):
            raise Refused("must be like 'price:repair=120.00'", "Write kind, subject and value.")
        return Statement(
            kind=StatementKind(OneOf(words=StatementKind).read(kind, book)),
            subject=subject.strip(),
            value=value.strip(),
        )


def _of(words: str, does: str, call: str, says: str, example: str, *takes: Part) -> Deed:
    return Deed(
        words=words, does=does, call=call, takes=(_WHO, *takes), gives=_RECORD, says=f"Record {{record}}: {says}",
        example=f"retainsdk {example}",
    )  # fmt: skip


@attrs.frozen
class _Undone:
    """The number of a record that counts no longer, and what it said."""

    record: int
    what: str


def _undone(book: Book, *, relationship: int, **how: Any) -> _Undone:  # noqa: ANN401 # what was typed
    """The last record of the actor, taken back."""
    from retainsdk.reports.timeline import said  # noqa: PLC0415 # help must be quick

    record = book.undo(relationship, **how)
    entries = book.account(relationship).timeline.entries
    return _Undone(record, next(said(entry.body, book.zone) for entry in entries if entry.version == record))


def _steps(book: Book, relationship: int, actor: str | None = None, limit: int = 20) -> Page:
    """What was done, and how each step is taken back."""
    steps = book.steps(relationship, actor=actor, limit=limit)
    shown = {
        "steps": [
            f"{it.at.astimezone(book.zone):%Y-%m-%d %H:%M} {it.actor}: {it.what} → {_taken_back(it)}"
            for it in steps
        ]
    }
    told = {"relationship": f"{relationship:016x}", "steps": steps}
    return Page(
        title="What was done, the latest first, and what takes it back",
        told=told,
        shown=shown,
        zone=book.zone,
    )


def _taken_back(step: Step) -> str:
    from retainsdk.cli.telling import command_of  # noqa: PLC0415 # every theme

    if step.record is not None:
        return f"retainsdk correct … {step.record}"
    return f"retainsdk {command_of(step.way)} …" if step.way else "a command that says what is true now"


ROWS = (
    _of("touch", "Record that we and a customer were in touch, or one of us tried.\n\nCallbacks, and all else that a contact keeps, it keeps by itself.", "record_interaction",
        "{channel} with {relationship}.", "touch Noa --channel phone --direction outbound --purpose service --text 'the bill is clear now'",
        need("channel", OneOf(words=Channel), "How."), need("direction", OneOf(words=Direction), "Who began."),
        need("purpose", Purpose(), "What for."),
        flag("human", "It went out by itself, as a mailing does; record it before it is sent.", option="--automatic", value=False),
        flag("two_way", "Only one side said something.", option="--one-way", value=False),
        opt("text", Word(), "What was said, in short."),
        opt("keeps", Number(), "A promise it keeps besides callbacks.", many=True),
        opt("participants", Word(metavar="NAME"), "Who took part.", option="--participant", many=True),
        opt("stated", Stated(), "A price, date or scope that we said will hold.", many=True),
        opt("case", Number(), "The case it is about."),
        flag("substantive", "It neither asks nor answers anything.", option="--acknowledgement", value=False),
        opt("news", Word(), "The bad news it breaks."),
        opt("step", Word(), "Of the customer's way: search, payment, queue, …"),
        opt("friction", Count(), "How hard that step was for him, 0 to 10."),
        opt("minutes", Count(), "What it took of our time."), opt("cost", Amount(), "What it cost us besides."),
        opt("reference", Word(), "Where the whole of it can be read.")),
    _of("record usage", "Record how much a customer used in a calendar month.", "record_usage",
        "{relationship} used {used}.", "record usage Noa --month 2026-01 --used 7.5",
        need("month", Month(), "Which month."), need("used", Figure(), "In the catalogue's unit.")),
    _of("record purchase", "Record that a customer bought something; a refund is negative.", "record_purchase",
        "{relationship} bought {what}, {amount}.", "record purchase Noa 'a filter' --amount 12.50 --paid",
        arg("what", Word(), "What."), need("amount", Amount(), "For how much."),
        flag("paid", "He has paid.", required=True), flag("paid", "He will pay later.", option="--on-account", value=False, required=True),
        opt("offering", Word(metavar="CODE"), "The package in the catalogue."), opt("quantity", Count(), "How many. [default: 1]"),
        opt("order", Word(metavar="NAME"), "The order it belongs to."), _INVOICE,
        opt("deliver_by", Due(), "Until when we promise to deliver the order.")),
    _of("record order", "Record where an order stands.\n\nThe promise to deliver it is kept when it comes in time, and broken when it comes too late.", "move_order",
        "order {order} of {relationship}: {state}.", "record order Noa O-7 sent",
        arg("order", Word(), "Its name."), arg("state", OneOf(words=OrderState), "Where it stands."), opt("note", Word(), "A remark."),
        opt("by", OneOf(words=Side), "Who called it off."), opt("deliver_by", Due(), "Until when we promise to deliver it, when it is placed.")),
    _of("record bill", "Record what a customer is to pay, and until when.", "bill",
        "{relationship} is to pay {amount} until {due_on}.", "record bill Noa --invoice I-9 --amount 29.85 --due-on 2026-02-15",
        need("invoice", Word(metavar="NAME"), "Its name."), need("amount", Amount(), "How much."), need("due_on", Day(), "The last day.")),
    _of("record payment", "Record that a customer paid what he owed.", "record_payment",
        "{relationship} paid {amount}.", "record payment Noa --amount 29.85 --invoice I-9", need("amount", Amount(), "How much."), _INVOICE),
    _of("record failed-payment", "Record that a payment did not come through.", "record_failed_payment",
        "a payment of {relationship} failed: {why}.", "record failed-payment Noa --invoice I-9 --why 'card expired'",
        need("invoice", Word(metavar="NAME"), "Of which invoice."), need("why", Word(), "Why.")),
    _of("record document", "Record where a document was put away.", "file_document",
        "{kind} of {relationship} lies at {reference}.", "record document Noa letter --reference archive/17.pdf",
        arg("kind", Word(), "What it is."), need("reference", Word(), "Where it is."), opt("digest", Word(), "Of its bytes.")),
    _of("signal raise", "Record an early sign of trouble, or a friendly one.", "raise_signal",
        "{department} noticed {kind} at {relationship}.", "signal raise Noa calls --department service --evidence '3 calls in a week' --severity warning",
        arg("kind", Word(), "What sort of sign."), need("department", Department(), "Who noticed it."), need("evidence", Word(), "What was seen."),
        opt("severity", OneOf(words=Severity), "How much it matters. [default: warning]")),
    _of("signal clear", "Record that there is no reason for a signal any longer.", "clear_signal",
        "signal {signal} of {relationship} is cleared.", "signal clear Noa 4 --why 'line repaired'",
        arg("signal", Number(), "Its number."), need("why", Word(), "Why."), opt("department", Department(), "Which raised it. [default: the owner clears it]")),
    _of("survey ask", "Record that a customer was asked to answer a survey.", "ask_survey",
        "{relationship} is asked {instrument}, until {answer_by}.", "survey ask Noa nps --answer-by 2026-03-15T18:00",
        arg("instrument", Word(), "Which survey."), need("answer_by", Instant(), "Until when.")),
    _of("survey answer", "Record what a customer answered, from 0 to 10.", "answer_survey",
        "{relationship} answered {instrument}: {score}.", "survey answer Noa nps 9",
        arg("instrument", Word(), "Which survey."), arg("score", Figure(), "0 to 10.")),
    _of("survey refuse", "Record that a customer did not want to answer.", "refuse_survey",
        "{relationship} refused {instrument}.", "survey refuse Noa nps", arg("instrument", Word(), "Which survey.")),
    _of("feedback give", "Record what a customer said should be better.", "give_feedback",
        "{relationship} on {about}.", "feedback give Noa hotline 'nobody answers after five'",
        arg("about", Word(), "What it is about."), arg("text", Word(), "In his words.")),
    _of("feedback answer", "Record that a customer was told what his word has changed.", "answer_feedback",
        "{relationship} was told: {change}.", "feedback answer Noa 5 --change 'open until eight'",
        arg("feedback", Number(), "Its number."), need("change", Word(), "What has changed.")),
    Deed(
        words="correct",
        does="Take back a record that was wrong, by its number; it stays in the history, marked.",
        call="correct_record",
        takes=(_WHO, arg("record", Number(), "Its number, as timeline shows it."), need("why", Word(), "What was wrong.")),
        says="Record {record} of {relationship} counts no longer.",
        example="retainsdk correct Noa 7 --why 'typed twice'",
        without=("occurred_at",),
    ),
    Deed(
        words="undo",
        does="Take back the last record of the actor; of a decision, say what takes it back.\n\n"
        "What can be undone, and how, is listed by steps.",
        call=_undone,
        takes=(_WHO,),
        gives=(
            Given(name="record", schema=NUMBER, of=lambda result: result.record),
            Given(name="what", schema={"type": "string"}, of=lambda result: result.what),
        ),
        says="Record {record} of {relationship} counts no longer: {what}.",
        example="retainsdk undo Noa --actor dana",
        without=("occurred_at",),
    ),
    Look(
        words="steps",
        does="List what was done for a customer, the latest first, and how each step is taken back.",
        call=_steps,
        takes=(
            _WHO,
            opt("actor", Word(metavar="NAME"), "Only what he did. [default: everybody]"),
            opt("limit", Count(), "How many. [default: 20]"),
        ),
        gives=lambda: {
            "relationship": ID,
            "steps": {
                "type": "array",
                "items": {"type": "object", "required": ["at", "actor", "what", "record", "way"]},
            },
        },
        example="retainsdk steps Noa --limit 5",
    ),
)  # fmt: skip
