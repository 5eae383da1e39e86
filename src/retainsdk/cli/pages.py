"""What is looked at and has no report of its own, as text for people and JSON for programs, from the domain's own objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

import attrs

from retainsdk.cli.command import SCHEMA_VERSION
from retainsdk.cli.words import ID, Schema

if TYPE_CHECKING:
    from retainsdk.book import Book
    from retainsdk.customer.affiliation import Affiliation

_TEXT = {"type": "string"}
_TIME = {"type": "string", "description": "An instant with its offset from UTC."}
_OBJECT = {"type": "object"}
_OBJECTS = {"type": "array", "items": _OBJECT}


@attrs.frozen(kw_only=True)
class Page:
    """
    Something looked at.

    Attributes:
        title: Its first line.
        told: What it holds, by name: what JSON is made of.
        shown: What people see of it, by name; all of it unless given.
        zone: In which times are told.
        names: Whose names stand in its title.
    """

    title: str
    told: Mapping[str, object]
    shown: Mapping[str, object] | None = None
    zone: tzinfo = UTC
    names: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For programs: the documented form of ``--json``."""
        return {
            "schema_version": SCHEMA_VERSION,
            **told(self.told, lambda at: at.astimezone(self.zone).isoformat()),
        }

    def __str__(self) -> str:
        seen = self.told if self.shown is None else self.shown
        parts = told(seen, lambda at: f"{at.astimezone(self.zone):%Y-%m-%d %H:%M}")
        return "\n".join([self.title, *_lines(parts, 1)])


def told(  # noqa: C901, PLR0911 # one line for each kind of thing the domain is made of
    value: Any,  # noqa: ANN401 # any of them
    clock: Callable[[datetime], str],
) -> Any:  # noqa: ANN401 # JSON
    """A value of the domain as JSON has it: words in lower case, money and decimals as text, times as a clock tells them."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return clock(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return {str(told(key, clock)): told(part, clock) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [told(part, clock) for part in value]
    if attrs.has(type(value)) and set(attrs.fields_dict(type(value))) != {"amount", "currency"}:
        return {field.name: told(getattr(value, field.name), clock) for field in attrs.fields(type(value))}
    return str(value)


def _lines(value: Any, depth: int, name: str = "") -> Iterator[str]:  # noqa: ANN401 # JSON
    indent = "  " * depth
    if isinstance(value, Mapping):
        if name:
            yield f"{indent[2:]}{name}"
        for key, part in value.items():
            if part not in (None, "", [], {}):
                yield from _lines(part, depth + 1 if isinstance(part, Mapping | list) else depth, _plain(key))
    elif isinstance(value, list):
        yield f"{indent[2:]}{name}"
        for part in value:
            if isinstance(part, Mapping):
                texts = (
                    f"{_plain(key)} {_flat(it)}" for key, it in part.items() if it not in (None, "", [], {})
                )
                yield f"{indent}- {', '.join(texts)}"
            else:
                yield f"{indent}- {_flat(part)}"
    else:
        yield f"{indent}{name:<20} {_flat(value)}"


def _flat(value: Any) -> str:  # noqa: ANN401 # JSON
    match value:
        case bool():
            return "yes" if value else "no"
        case Mapping():
            return "; ".join(
                f"{_plain(key)} {_flat(it)}" for key, it in value.items() if it not in (None, "", [], {})
            )
        case list():
            return ", ".join(map(_flat, value))
        case _:
            return " ".join(str(value).split())


def _plain(name: object) -> str:
    return str(name).replace("_", " ")


def search_page(book: Book, text: str = "") -> Page:
    """Who is found by a text."""
    found = book.search(text)
    people = [
        {
            "name": it.name,
            "kind": it.kind,
            "customer": f"{it.customer:016x}",
            "relationship": None if it.relationship is None else f"{it.relationship:016x}",
            "reference": it.reference,
        }
        for it in found
    ]
    counted = "1 is" if len(found) == 1 else f"{len(found):,} are"
    return Page(
        title=f"{counted} found.",
        told={"found": people},
        shown={str(it): _plain(it.kind.name.lower()) for it in found},
    )


def search_schema() -> Schema:
    """Of what is found."""
    person = {
        "type": "object",
        "properties": {
            "name": _TEXT,
            "kind": {"enum": ["person", "household", "organisation"]},
            "customer": ID,
            "relationship": {"anyOf": [ID, {"type": "null"}]},
            "reference": _TEXT,
        },
        "required": ["name", "kind", "customer", "relationship", "reference"],
        "additionalProperties": False,
    }
    return {"found": {"type": "array", "items": person}}


def customer_page(
    book: Book, customer: int, purpose: str | None = None, as_of: datetime | None = None
) -> Page:
    """What is known of a customer."""
    it = book.customer(customer, as_of=as_of)
    purpose = None if purpose is None else purpose.replace("-", "_")
    parts: dict[str, object] = {
        "customer": f"{it.id:016x}",
        "name": it.name,
        "kind": it.kind,
        "registered_at": it.registered_at.astimezone(book.zone),
        "merged": [f"{other:016x}" for other in it.merged],
        "facts": [
            {"name": name, "value": fact.value, "source": fact.source, "at": fact.at.astimezone(book.zone)}
            for name, fact in sorted(it.facts_for(purpose).items())
        ],
        "points": list(it.points.values()),
        "consents": list(it.consents.history()),
        "affiliations": [
            {
                "affiliation": f"{key:016x}",
                "person": f"{belongs.person:016x}",
                "party": f"{belongs.party:016x}",
            }
            | {name: getattr(belongs, name) for name in ("role", "title", "power", "started_at", "ended_at")}
            for key, belongs in it.affiliations.items()
        ],
    }
    seen = {name: value for name, value in parts.items() if name not in {"customer", "name"}}
    seen["affiliations"] = [_belonging(book, it.id, belongs) for belongs in it.affiliations.values()]
    return Page(title=f"{it.name}  [{it.id:016x}]", told=parts, shown=seen, zone=book.zone)


def _belonging(book: Book, customer: int, belongs: Affiliation) -> Mapping[str, object]:
    """An affiliation seen from one of its ends: with whom, and the id by which it is ended."""
    other = belongs.party if customer == belongs.person else belongs.person
    kept = {name: getattr(belongs, name) for name in ("role", "title", "power", "started_at", "ended_at")}
    return {"with": book.customer(other).name, **kept, "affiliation": f"{belongs.id:016x}"}


def customer_schema() -> Schema:
    """Of a customer."""
    return {
        "customer": ID,
        "name": _TEXT,
        "kind": {"enum": ["person", "household", "organisation"]},
        "registered_at": _TIME,
        "merged": {"type": "array", "items": ID},
        "facts": _list_of("name", "value", "source", "at"),
        "points": _list_of("number", "channel", "address", "label", "added_at", "verified_at", "retired_at"),
        "consents": _list_of("purpose", "channel", "given", "at", "evidence"),
        "affiliations": _list_of(
            "affiliation", "person", "party", "role", "title", "power", "started_at", "ended_at"
        ),
    }


def chart_page(book: Book, customer: int, as_of: datetime | None = None) -> Chart:
    """Who is who at a customer."""
    return Chart(book.chart(customer, as_of))


@attrs.frozen
class Chart:
    """A chart with a JSON form."""

    chart: Any

    def as_json(self) -> dict[str, Any]:
        """For programs: the documented form of ``--json``."""
        seats = [
            told(seat, str)
            | {"affiliation": f"{seat.affiliation:016x}", "person": f"{seat.person:016x}"}
            | {"reports_to": None if seat.reports_to is None else f"{seat.reports_to:016x}"}
            for seat in self.chart.seats
        ]
        procedure = self.chart.procedure
        return {
            "schema_version": SCHEMA_VERSION,
            "party": f"{self.chart.party:016x}",
            "name": self.chart.name,
            "as_of": self.chart.as_of.isoformat(),
            "seats": seats,
            "procedure": None
            if procedure is None
            else {"value": procedure.value, "source": procedure.source},
            "gaps": list(self.chart.gaps),
        }

    def __str__(self) -> str:
        return str(self.chart)


def chart_schema() -> Schema:
    """Of a chart."""
    seats = _list_of(
        "affiliation", "person", "name", "role", "title", "power", "level", "reports_to", "primary"
    )
    return {
        "party": ID,
        "name": _TEXT,
        "as_of": _TIME,
        "seats": seats,
        "procedure": {"type": ["object", "null"]},
        "gaps": {"type": "array", "items": _TEXT},
    }


def case_page(book: Book, relationship: int, case: int) -> Page:
    """A case with all that was done in it."""
    from retainsdk.errors import UnknownIdError  # noqa: PLC0415 # help must be quick

    ledger = book.ledger_of(relationship)
    account = ledger.account(relationship)
    if case not in account.cases:
        raise UnknownIdError("case", str(case))
    it = account.cases[case]
    name = ledger.customer_of(account).name
    return Page(
        title=f"case {case} of {name}  [{relationship:016x}]",
        told={"relationship": f"{relationship:016x}", "case": it},
        shown=attrs.asdict(it, recurse=False),
        zone=book.zone,
    )


def case_schema() -> Schema:
    """Of a case."""
    return {
        "relationship": ID,
        "case": _holding("number", "kind", "topic", "state", "opened_at", "handlings"),
    }


def contract_page(
    book: Book, relationship: int, contract: int | None = None, as_of: datetime | None = None
) -> Page:
    """A contract with its versions, and the terms in force."""
    from retainsdk.errors import UnknownIdError  # noqa: PLC0415 # help must be quick

    ledger = book.ledger_of(relationship, as_of=as_of)
    account = ledger.account(relationship)
    it = account.contract if contract is None else account.contracts.get(contract)
    if it is None and contract is None and account.contracts:
        it = account.contracts[max(account.contracts)]  # none was signed: the last one drafted
    if it is None:
        raise UnknownIdError(
            "contract of relationship", f"{relationship:016x}" if contract is None else str(contract)
        )
    day = book.today() if as_of is None else ledger.day(as_of)
    in_force = it.terms_in_force(day)
    name = ledger.customer_of(account).name
    return Page(
        title=f"contract {it.number} with {name}  [{relationship:016x}]",
        told={"relationship": f"{relationship:016x}", "contract": it, "terms_in_force": in_force},
        shown={**attrs.asdict(it, recurse=False), "terms_in_force": in_force},
        zone=book.zone,
        names=(name,),
    )


def contract_schema() -> Schema:
    """Of a contract."""
    terms = {"anyOf": [_holding("starts_on", "kind", "months", "fee"), {"type": "null"}]}
    return {
        "relationship": ID,
        "contract": _holding("number", "state", "versions", "amendments", "signature", "notice_ends_on"),
        "terms_in_force": terms,
    }


@attrs.frozen(kw_only=True)
class Records(Page):
    """A page of a timeline, which has a text of its own."""

    text: str

    def __str__(self) -> str:
        return self.text


def timeline_page(
    book: Book,
    relationship: int,
    before: int | None = None,
    limit: int = 20,
    purpose: str | None = None,
    as_of: datetime | None = None,
) -> Records:
    """A page of a timeline, the latest first, with what became known of the customer meanwhile."""
    from retainsdk.reports.timeline import timeline_text  # noqa: PLC0415 # help must be quick

    page = book.timeline(relationship, before=before, limit=limit, as_of=as_of)
    purpose = None if purpose is None else purpose.replace("-", "_")
    news = [
        it for it in book.customer_news(relationship, purpose=purpose, as_of=as_of) if page.reaches(it.at)
    ]
    entries = [
        {
            "record": entry.version,
            "at": entry.at,
            "actor": entry.actor,
            "event": type(entry.body).__name__,
            "body": entry.body,
            "corrected": None
            if entry.version not in page.corrections
            else page.corrections[entry.version].why,
        }
        for entry in page.entries
    ]
    return Records(
        title="timeline",
        told={
            "relationship": f"{relationship:016x}",
            "entries": entries,
            "customer": list(reversed(news)),
            "earlier": page.earlier,
            "total": page.total,
            "corrected": page.corrected,
        },
        text=timeline_text(page, zone=book.zone, news=news),
        zone=book.zone,
    )


def timeline_schema() -> Schema:
    """Of a page of a timeline."""
    return {
        "relationship": ID,
        "entries": _list_of("record", "at", "actor", "event", "body", "corrected"),
        "customer": _list_of("at", "about", "what"),
        "earlier": {"type": ["integer", "null"]},
        "total": {"type": "integer"},
        "corrected": {"type": "integer"},
    }


def _holding(*names: str) -> Schema:
    return {"type": "object", "required": list(names)}


def _list_of(*names: str) -> Schema:
    return {"type": "array", "items": _holding(*names)}
