"""What was promised, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import attrs

from retainsdk.cli.command import Deed, Given, counts
from retainsdk.cli.words import NUMBER, Amount, Count, Due, Number, OneOf, Span, Who, Word, arg, need, opt
from retainsdk.vocabulary import Audience, Channel, Promise, Side

if TYPE_CHECKING:
    from retainsdk.book import Book
    from retainsdk.commitment import Commitment

_WHO = arg("relationship", Who(), "Between whom: a name, a reference or an id.")
_WHICH = arg("promise", Number(), "The number of the promise.")


def _promised(shown: Mapping[str, str]) -> str:
    worked = f", within {shown['within']} of working time" if "within" in shown else ""
    until = shown.get("due") or f"{datetime.fromisoformat(shown['until']):%Y-%m-%d %H:%M}{worked}"
    return f"Promise {shown['promise']} to {shown['relationship']}: {shown['what']}, until {until}."


@attrs.frozen
class _Made:
    """The number of a promise, and until when it stands: of working time only the book knows."""

    number: int
    until: str


def _promise(book: Book, *, relationship: int, **said: Any) -> _Made:  # noqa: ANN401 # what was typed
    """Promise, and look until when."""
    number = book.promise(relationship, **said)
    due = book.account(relationship).commitments[number].due
    return _Made(number, due.astimezone(book.zone).isoformat())


def _which(book: Book, told: Mapping[str, Any]) -> Commitment:
    return book.account(told["relationship"]).commitments[told["promise"]]


_WHAT = Given(name="what", schema={"type": "string"}, of=lambda promise: promise.what)


def _of(words: str, does: str, call: str, says: str, example: str, *takes: object) -> Deed:
    return Deed(words=words, does=does, call=call, takes=(_WHO, _WHICH, *takes), gives=(_WHAT,), about=_which, says=says, example=example)  # type: ignore[arg-type] # parts, every one of them # fmt: skip


ROWS = (
    Deed(
        words="promise",
        does="Promise WHAT to a customer: it stands on the agenda until it is kept or broken.\n\n"
        "Say until when, either with --due by the wall clock of the book's zone, or with --within in working time.",
        call=_promise,
        takes=(
            _WHO,
            arg("kind", OneOf(words=Promise), "What keeps it."),
            arg("what", Word(), "In the words of the promise."),
            opt("due", Due(), "Until when."),
            opt("within", Span(), "Until when, in working time, like 8h or 1h30m."),
            opt("basis", Word(), "Why we owe it."),
            opt("by", OneOf(words=Side), "Who promises. [default: us]"),
            opt("audience", OneOf(words=Audience), "Who notices when it is broken. [default: customer]"),
            opt("opens_at", Due(), "When it can be kept at the earliest.", option="--from"),
            opt("channels", OneOf(words=Channel), "Agreed on for a contact.", option="--channel", many=True),
            opt("grace_minutes", Count(metavar="MINUTES"), "After the due, before it counts as broken.", option="--grace"),
            opt("notices_allowed", Count(), "How often it may be put off.", option="--notices"),
            opt("least_compensation", Amount(), "Owed besides an explanation when it is broken."),
            opt("case", Number(), "The case it is made in."),
            opt("order", Word(metavar="NAME"), "The order whose delivery keeps it."),
        ),
        gives=(
            Given(name="promise", schema=NUMBER, of=lambda made: made.number),
            Given(name="until", schema={"type": "string"}, of=lambda made: made.until),
        ),
        says=_promised,
        example="retainsdk promise Noa callback 'the bill' --due 2026-01-05T10:00 --basis 'his call'",
        by_hours=True,
    ),
    _of("keep", "Record that a promise was kept in time.\n\nOne that a contact or an order keeps needs none of this: record the contact with touch, the order with record order.", "keep",
        "Promise {promise} to {relationship} is kept: {what}.", "retainsdk keep Noa 3 --evidence 'delivery slip 77'",
        opt("evidence", Word(), "How we know.")),
    _of("notice", "Tell that a promise will be kept later; possible only before it is due.", "give_late_notice",
        "Promise {promise} to {relationship} is put off until {due}: {what}.", "retainsdk notice Noa 3 --due 2026-01-07T16:00 --why 'a part is missing'",
        need("due", Due(), "Until when now."), opt("why", Word(), "What we told him.")),
    _of("break", "Record that a promise was not kept when it was due; tick says so of all of them.", "break_promise",
        "Promise {promise} to {relationship} is broken: {what}. An explanation and a compensation are owed.",
        "retainsdk break Noa 3"),
    _of("deliver", "Record that what was promised came late, after the promise was broken.", "deliver_late",
        "Promise {promise} to {relationship} was delivered late: {what}. It stays broken.", "retainsdk deliver Noa 3 --evidence 'delivery slip 78'",
        opt("evidence", Word(), "How we know.")),
    Deed(
        words="explain",
        does="Record that a failure was explained to the customer, or apologised for.",
        call="explain",
        takes=(
            _WHO,
            arg("what", Word(), "What was said."),
            opt("promise", Number(), "The broken promise it is about."),
            opt("audience", OneOf(words=Audience), "To whom. [default: customer]", option="--to"),
        ),
        says="Explained to {relationship}: {what}.",
        example="retainsdk explain Noa 'the driver fell ill; we are sorry' --promise 3",
    ),
    Deed(
        words="compensate",
        does="Record what was given to make good for a failure, at a cost to us.",
        call="compensate",
        takes=(
            _WHO,
            arg("what", Word(), "What he got."),
            need("cost", Amount(), "What it costs us."),
            opt("promise", Number(), "The broken promise it is for."),
        ),
        says="{relationship} was compensated: {what}, {cost}.",
        example="retainsdk compensate Noa 'a month free' --cost 29.85 --promise 3",
    ),
    _of("refuse", "Record that the customer did not want to be compensated for a broken promise.", "refuse_compensation",
        "{relationship} refused to be compensated for promise {promise}: {what}.", "retainsdk refuse Noa 3 --evidence 'said so on the phone'",
        need("evidence", Word(), "How we know.")),
    _of("remedy", "Record that a broken promise is explained and made good: nothing more is owed for it.", "remedy",
        "Promise {promise} to {relationship} is made good: {what}.", "retainsdk remedy Noa 3"),
    _of("release", "Record that whoever was promised something let the other off.", "release",
        "Promise {promise} with {relationship} is released: {what}.", "retainsdk release Noa 3 --evidence 'his mail of Sunday'",
        need("evidence", Word(), "How we know.")),
    _of("retract", "Take back a promise that was recorded in error; reports count it on its own.", "retract",
        "Promise {promise} to {relationship} was recorded in error: {what}.", "retainsdk retract Noa 3 --why 'typed twice'",
        need("why", Word(), "What was wrong.")),
    Deed(
        words="tick",
        does="Look at the clock: every promise past its due is broken, as of that instant.\n\nLooking again changes nothing.",
        call="tick",
        gives=counts("kept", "broken"),
        says="Kept meanwhile: {kept}. Broken: {broken}.",
        example="retainsdk tick --actor clock",
    ),
)  # fmt: skip
