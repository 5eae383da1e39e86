"""What is there to see and to do: the card, the timeline, the agenda, and what the book says of one customer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retainsdk.cli.command import Look
from retainsdk.cli.pages import Page, timeline_page, timeline_schema
from retainsdk.cli.words import (
    ID,
    Amount,
    Count,
    Day,
    Morning,
    Number,
    Place,
    Schema,
    Who,
    Word,
    arg,
    need,
    opt,
)

if TYPE_CHECKING:
    from retainsdk.book import Book

_WHO = arg("relationship", Who(), "Whom: a name, a reference or an id.")
_AS_OF = opt(
    "as_of", Morning(), "Show the morning of that day, or that time, in the book's zone. [default: now]"
)
_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}


def _card_schema() -> Schema:
    line = {"type": "object", "properties": {"label": _TEXT, "text": _TEXT}, "required": ["label", "text"]}
    sections = {"type": "object", "additionalProperties": {"type": "array", "items": line}}
    return {
        "relationship": ID,
        "reference": _TEXT,
        "name": _TEXT,
        "as_of": _TEXT,
        "sections": sections,
        "gaps": _TEXTS,
    }


def _agenda_schema() -> Schema:
    names = ("sort", "owner", "instead_of", "day", "due", "customer", "kind", "what", "why", "if_missed")
    item = {
        "type": "object",
        "properties": {
            **dict.fromkeys(names, _TEXT),
            "relationship": ID,
            "number": {"type": "integer"},
            "overdue": {"type": "boolean"},
        },
        "required": [*names, "relationship", "number", "overdue"],
        "additionalProperties": False,
    }
    return {"as_of": _TEXT, "until": {"type": ["string", "null"]}, "items": {"type": "array", "items": item}}


def _agenda(
    book: Book,
    owner: str | None = None,
    until: date | None = None,
    ics: str | None = None,
    as_of: datetime | None = None,
) -> Any:  # noqa: ANN401 # what help does not load
    agenda = book.agenda(as_of, owner=owner, until=until)
    if ics is not None:
        from retainsdk.reports.icalendar import write_icalendar  # noqa: PLC0415 # help must be quick

        write_icalendar(agenda, Path(ics))
    return agenda


def _assessed(
    words: str, does: str, ask: Callable[..., Any], *, many: bool = False, takes: tuple[Any, ...] = ()
) -> Look:
    """A question about one relationship that the book answers by one call."""
    name = words.replace("-", "_")

    def page(book: Book, relationship: int, **told: Any) -> Page:  # noqa: ANN401 # what was typed
        answer = ask(book, relationship, **told)
        known: Mapping[str, object] = {"relationship": f"{relationship:016x}", name: answer}
        title = f"{words.replace('-', ' ')}: {len(answer):,}" if many else str(answer)
        return Page(title=title, told=known, shown={name: answer} if many and answer else {}, zone=book.zone)

    def schema() -> Schema:
        answer = {"type": "array", "items": {"type": "object"}} if many else {"type": "object"}
        return {"relationship": ID, name: answer}

    example = f"retainsdk assess {words} Noa" + (" --hour 40" if takes else "")
    return Look(
        words=f"assess {words}",
        does=does,
        call=page,
        takes=(_WHO, *takes, _AS_OF),
        gives=schema,
        example=example,
    )


def _score(book: Book, relationship: int, kind: str, as_of: datetime | None = None) -> Page:
    score = book.score(relationship, kind, as_of=as_of)
    said = f"{kind}: no plug-in says anything of this customer" if score is None else str(score)
    told = {"relationship": f"{relationship:016x}", "kind": kind, "score": score}
    return Page(title=said, told=told, shown={}, zone=book.zone)


_HOUR = need("hour", Amount(), "What an hour of our time costs.")

ROWS = (
    Look(
        words="card",
        does="Show one customer on one page.",
        call=lambda book, relationship, as_of=None: book.card(relationship, as_of),
        takes=(_WHO, _AS_OF),
        gives=_card_schema,
        example="retainsdk card Noa",
        version=2,
    ),
    Look(
        words="timeline",
        does="List what happened between us and a customer, the latest first, page by page.\n\n"
        "With what became known of him: facts, consents, addresses. Sensitive facts are told for a purpose they allow only.",
        call=timeline_page,
        takes=(
            _WHO,
            opt("before", Number(), "Turn the page: only what is earlier than that one."),
            opt("limit", Count(), "How many on a page. [default: 20]"),
            opt("purpose", Word(metavar="PURPOSE"), "For which sensitive facts are read."),
            _AS_OF,
        ),
        gives=timeline_schema,
        example="retainsdk timeline Noa --limit 5",
    ),
    Look(
        words="agenda",
        does="List what is owed to whom and by when, why, and what follows if it is missed.",
        call=_agenda,
        takes=(
            opt("owner", Word(metavar="NAME"), "Only what he has to see to."),
            opt("until", Day(), "Only what is due on that day or before."),
            opt("ics", Place(), "Write it as iCalendar too, for calendar and mail programs."),
            _AS_OF,
        ),
        gives=_agenda_schema,
        example="retainsdk agenda --owner dana --until 2026-01-31",
        version=2,
    ),
    _assessed("health", "Say how well a relationship stands, from 0 to 100, with every reason.",
              lambda book, who, as_of=None: book.health(who, as_of=as_of)),
    _assessed("value", "Say what a customer brought and may be expected to bring, with every part's source.",
              lambda book, who, as_of=None: book.customer_value(who, as_of=as_of)),
    Look(
        words="assess score",
        does="Say how a customer stands by a score that a plug-in works out, with every part's source.\n\n"
        "Name the plug-in before the command: retainsdk --plugin MODULE:OBJECT assess score …",
        call=_score,
        takes=(_WHO, arg("kind", Word(metavar="KIND"), "What it measures, in the plug-in's words."), _AS_OF),
        gives=lambda: {"relationship": ID, "kind": _TEXT, "score": {"type": ["object", "null"]}},
        example="retainsdk assess score Noa 'fraud risk'",
    ),
    _assessed("cost", "Say what a customer has cost us.",
              lambda book, who, hour, as_of=None: book.cost_to_serve(who, hour=hour, as_of=as_of), takes=(_HOUR,)),
    _assessed("contradictions", "List where a price, a date or a scope was stated to a customer in two ways, or not as the book holds it.",
              lambda book, who, as_of=None: book.contradictions(who, as_of), many=True),
    _assessed("touchpoints", "List the steps of a customer's way, the hardest first.",
              lambda book, who, as_of=None: book.touchpoints(who, as_of), many=True),
    _assessed("recommended", "List what suits a customer and he has not, the most suitable first.",
              lambda book, who, as_of=None: book.recommended(who, as_of=as_of), many=True),
    _assessed("missold", "List what a customer was sold though it did not suit him, with the rule that says so.",
              lambda book, who, as_of=None: book.missold(who, as_of=as_of), many=True),
    _assessed("compared", "Compare what a customer has with every competing offer that is open.",
              lambda book, who, as_of=None: book.compared(who, as_of=as_of), many=True),
    _assessed("concessions", "List everything given to keep a customer, with what it cost.",
              lambda book, who, as_of=None: book.concessions(who, as_of=as_of), many=True),
)  # fmt: skip
