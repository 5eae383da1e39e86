"""Books themselves: how they begin, what comes in, and the forms of what is in them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from retainsdk.cli.command import BAD_INPUT, Look, plugins_named
from retainsdk.cli.pages import Page
from retainsdk.cli.words import Day, File, Part, Refused, Schema, Word, arg, flag, opt

if TYPE_CHECKING:
    from datetime import date

    from retainsdk.book import Book

_LIVES = ("case", "commitment", "contract", "dispute", "offer", "order", "proposal", "relationship")
_HOMES = {"offer": "record"}


@attrs.frozen(kw_only=True)
class Living(Word):
    """Something with a lifecycle."""

    def read(self, text: str, book: Book | None) -> str:  # noqa: ARG002 # the same for every book
        """Its name."""
        if text not in _LIVES:
            raise Refused(f"must be one of: {', '.join(_LIVES)}", "Choose one of these words.")
        return text

    def hint(self) -> str:
        """All of them."""
        return f"One of: {', '.join(_LIVES)}."


@attrs.frozen
class Text:
    """Text that is printed as it is."""

    text: str

    def as_json(self) -> dict[str, Any]:
        """It holds no names."""
        return {}

    def __str__(self) -> str:
        return self.text


def _init(path: str, currency: str | None = None, zone: str | None = None) -> Page:
    from retainsdk.book import Book  # noqa: PLC0415 # help must be quick
    from retainsdk.store.sqlite import is_blank  # noqa: PLC0415 # as above

    new = is_blank(path)
    with Book.open(path, currency=currency, zone=zone, plugins=plugins_named()) as book:
        said = {"book": path, "currency": book.currency, "zone": book.zone.key, "new": new}
    begun = "A new book" if new else "There is a book"
    return Page(
        title=f"{begun} in {said['currency']} and the zone {said['zone']}: {path}", told=said, shown={}
    )


def _import(
    *,
    table: Path | None = None,
    mapping: Path | None = None,
    book: str,
    as_of: date | None = None,
    actor: str = "import",
    example: bool = False,
    dry_run: bool = False,
    take_good_rows: bool = False,
) -> Any:  # noqa: ANN401 # what help does not load
    from retainsdk.errors import Fault, InputError  # noqa: PLC0415 # help must be quick
    from retainsdk.interchange.table import import_file  # noqa: PLC0415 # as above
    from retainsdk.interchange.telco import telco_mapping, telco_table  # noqa: PLC0415 # as above

    faults = [
        Fault(place, "nothing", "is needed", f"{help_} Or take the table of --example.")
        for place, said, help_ in (
            ("TABLE", table, "Name a CSV file."),
            ("--mapping", mapping, "Name its mapping."),
        )
        if said is None and not example
    ]
    if example and (table or mapping):
        faults.append(
            Fault("--example", "a table", "brings its own table and mapping", "Leave out the others.")
        )
    if faults:
        raise InputError("import", faults)
    return import_file(
        table or telco_table(),
        mapping=mapping or telco_mapping(),
        book=Path(book),
        as_of=as_of,
        dry_run=dry_run,
        take_good_rows=take_good_rows,
        actor=actor,
        progress=_bar,
        plugins=plugins_named(),
    )


@contextmanager
def _bar(customers: int) -> Iterator[Callable[[], object]]:
    """A bar on a terminal, beside what is printed; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    with click.progressbar(length=customers, label="Importing", file=sys.stderr) as bar:
        yield lambda: bar.update(1)


def _import_schema() -> Schema:
    texts = {"type": "array", "items": {"type": "string"}}
    fault = {
        "type": "object",
        "properties": {name: {"type": "string"} for name in ("place", "value", "rule", "remedy")},
        "required": ["place", "value", "rule", "remedy"],
    }
    figures = ("rows", "customers", "ended", "blank_billed", "added", "unchanged", "quarantined")
    words = ("table", "source", "fees", "fees_ended", "currency", "billed_column")
    return {
        **{name: {"type": "string"} for name in words},
        "as_of": {"type": "string", "format": "date"},
        **{name: {"type": "integer"} for name in figures},
        "faults": {"type": "array", "items": fault},
        "quarantine": {"type": ["string", "null"]},
        "dry_run": {"type": "boolean"},
        "taken": {"type": "boolean"},
        "assumptions": texts,
        "ignored": texts,
    }


def _example() -> Page:
    from retainsdk.interchange.telco import telco_mapping, telco_table  # noqa: PLC0415 # help must be quick

    return Page(
        title="A table of 7,043 customers and its mapping:",
        told={"table": str(telco_table()), "mapping": str(telco_mapping())},
    )


def _schema(event: str | None = None, *, outputs: bool = False) -> Text:
    import orjson  # noqa: PLC0415 # help must be quick

    if outputs:
        from retainsdk.cli.outputs import output_schemas  # noqa: PLC0415 # every theme

        schemas = output_schemas()
    else:
        from retainsdk.schema import event_schemas  # noqa: PLC0415 # help must be quick

        schemas = event_schemas()
    return Text(orjson.dumps(_one(schemas, event, outputs=outputs), option=orjson.OPT_INDENT_2).decode())


def _one(schemas: dict[str, Any], name: str | None, *, outputs: bool) -> dict[str, Any]:
    from retainsdk.errors import UnknownNameError  # noqa: PLC0415 # help must be quick

    if name is None:
        return schemas
    known = schemas["$defs"]
    if name not in known:
        error = UnknownNameError(name, known)
        error.what = "command with --json" if outputs else "event"
        raise error
    needed, waiting = {}, [name]
    while waiting:
        one = waiting.pop()
        if one not in needed:
            needed[one] = known[one]
            waiting += _named_in(known[one])
    return {"$schema": schemas["$schema"], "$ref": f"#/$defs/{name}", "$defs": dict(sorted(needed.items()))}


def _named_in(schema: object) -> list[str]:
    if isinstance(schema, dict):
        own = [schema["$ref"].removeprefix("#/$defs/")] if isinstance(schema.get("$ref"), str) else []
        return own + [name for part in schema.values() for name in _named_in(part)]
    return [name for part in schema for name in _named_in(part)] if isinstance(schema, list) else []


def _lifecycle(thing: str) -> Text:
    from importlib import import_module  # noqa: PLC0415 # help must be quick

    return Text(import_module(f"retainsdk.{_HOMES.get(thing, thing)}").MACHINE.mermaid())


ROWS = (
    Look(
        words="init",
        does="Begin a new BOOK. Its currency and zone stay as they are for good.",
        call=_init,
        takes=(
            arg("path", Word(), "The file."),
            opt("currency", Word(metavar="CODE"), "Of all its money, ISO 4217. [default: USD]"),
            opt("zone", Word(metavar="ZONE"), "In which it tells days, like Asia/Jerusalem. [default: UTC]"),
        ),
        gives=lambda: {
            "book": {"type": "string"},
            "currency": {"type": "string"},
            "zone": {"type": "string"},
            "new": {"type": "boolean"},
        },
        example="retainsdk init crm.db --currency ILS --zone Asia/Jerusalem",
        needs_book=False,
    ),
    Look(
        words="import",
        does="Take the customers of TABLE (CSV, may be gzipped, or what a plug-in reads) over into a book.\n\n"
        "Importing twice changes nothing. A table with faults changes nothing either; all of them are listed, and the "
        "exit code is 2. With --take-good-rows the others go in, and bad rows into a CSV file beside the book.",
        call=_import,
        takes=(
            Part(name="table", word=File(), help="The file.", is_argument=True),
            opt("mapping", File(), "TOML file that says what the columns mean."),
            flag("example", "Take the table of 7,043 customers that comes with the package."),
            Part(name="book", word=Word(metavar="FILE"), help="The book; made when it does not exist. [env: RETAIN_BOOK]", required=True, env="RETAIN_BOOK"),
            opt("as_of", Day(), "The day whose morning the table describes. [default: the mapping's]"),
            flag("dry_run", "Only say what would happen."),
            flag("take_good_rows", "Take good rows although others have faults."),
            Part(name="actor", word=Word(metavar="NAME"), help="Who imports. [env: RETAIN_ACTOR] [default: import]", env="RETAIN_ACTOR"),
        ),
        gives=_import_schema,
        example="retainsdk import customers.csv --mapping customers.toml --book crm.db",
        needs_book=False,
        code=lambda report: 0 if report.is_clean else BAD_INPUT,
    ),
    Look(
        words="example",
        does="Say where the table and the mapping lie that come with the package.",
        call=_example,
        gives=lambda: {"table": {"type": "string"}, "mapping": {"type": "string"}},
        example="retainsdk example",
        needs_book=False,
    ),
    Look(
        words="schema",
        does="Print the JSON Schema of what a book holds: of every EVENT, or of one.\n\n"
        "With --outputs of what commands print with --json, by the words of the command.",
        call=_schema,
        takes=(
            Part(name="event", help="One event, like LateNoticeGiven; or one command.", is_argument=True),
            flag("outputs", "Of what commands print."),
        ),
        example="retainsdk schema LateNoticeGiven",
        needs_book=False,
    ),
    Look(
        words="lifecycle",
        does="Print the lifecycle of a THING as a Mermaid diagram.",
        call=_lifecycle,
        takes=(arg("thing", Living(), "Of what."),),
        example="retainsdk lifecycle commitment",
        needs_book=False,
    ),
)  # fmt: skip
