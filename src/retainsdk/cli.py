"""The command line: parse, call one function, print. Nothing is decided here."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click

from retainsdk.errors import Fault, InputError, RetainError, StoreError

if TYPE_CHECKING:
    from retainsdk.book import Book

BAD_INPUT = 2
"""Exit code for input that cannot be used; the message says why."""


class _Shown(Protocol):
    def as_json(self) -> dict[str, Any]: ...


class _Commands(click.Group):
    """Turns what the package refuses into a message and an exit code."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except RetainError as error:
            if ctx.params.get("debug"):
                raise
            click.echo(f"retainsdk: {error}", err=True)
            ctx.exit(BAD_INPUT)


@click.group(cls=_Commands)
@click.version_option(package_name="retainsdk")
@click.option("--debug", is_flag=True, help="Show where in the program an error came from.")
def main(*, debug: bool) -> None:  # read by the group above
    """Keep a book of customers: contracts, promises, and all that happened."""


_book = click.option(
    "--book",
    "book_path",
    required=True,
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="File of the book.",
)
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
_morning = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Show the morning of that day, in the book's zone. [default: now]",
)


@main.command("import")
@click.argument("table", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option(
    "--mapping",
    required=True,
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="TOML file that says what the columns mean.",
)
@click.option(
    "--book",
    "book_path",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File of the book; made when it does not exist.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day whose morning the table describes. [default: the mapping's]",
)
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--take-good-rows", is_flag=True, help="Take good rows although others have faults.")
@_as_json
def import_(
    *,
    table: Path,
    mapping: Path,
    book_path: Path,
    as_of: datetime | None,
    dry_run: bool,
    take_good_rows: bool,
    as_json: bool,
) -> None:
    """
    Take the customers of TABLE (CSV, may be gzipped) over into a book.

    Importing twice changes nothing. A table with faults changes nothing either; all of them are listed, and the
    exit code is 2. With --take-good-rows the others go in, and bad rows into a CSV file beside the book.
    """
    from retainsdk.interchange.table import import_file  # noqa: PLC0415 # help must be quick

    report = import_file(
        table,
        mapping=mapping,
        book=book_path,
        as_of=None if as_of is None else as_of.date(),
        dry_run=dry_run,
        take_good_rows=take_good_rows,
    )
    _show(report, as_json=as_json)
    if not report.is_clean:
        sys.exit(BAD_INPUT)


@main.command()
@click.argument("relationship")
@_book
@_morning
@_as_json
def card(*, relationship: str, book_path: Path, as_of: datetime | None, as_json: bool) -> None:
    """Show one customer on one page. RELATIONSHIP is an id or the source's own name."""
    with _opened(book_path) as book:
        _show(book.card(book.find(relationship), _instant(book, as_of)), as_json=as_json)


@main.command()
@_book
@click.option("--owner", help="Only what he has to see to.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Only what is due on that day or before.")
@_morning
@_as_json
def agenda(
    *,
    book_path: Path,
    owner: str | None,
    until: datetime | None,
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """List what is owed to whom and by when, why, and what follows if it is missed."""
    last: date | None = None if until is None else until.date()
    with _opened(book_path) as book:
        _show(book.agenda(_instant(book, as_of), owner=owner, until=last), as_json=as_json)


@main.command()
@click.argument("relationship")
@click.argument("kind", type=click.Choice(["callback", "delivery"]))
@click.argument("what")
@_book
@click.option(
    "--due",
    required=True,
    type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]),
    help="Until when, in the book's zone.",
)
@click.option("--actor", required=True, help="Who promises.")
@click.option("--basis", default="", help="Why we owe it.")
def promise(
    *, relationship: str, kind: str, what: str, book_path: Path, due: datetime, actor: str, basis: str
) -> None:
    """Promise WHAT to a customer: it stands on the agenda until it is kept or broken."""
    from retainsdk.vocabulary import Promise  # noqa: PLC0415 # help must be quick

    with _opened(book_path) as book:
        number = book.promise(
            book.find(relationship),
            kind=Promise[kind.upper()],
            what=what,
            due=due.replace(tzinfo=book.zone),
            basis=basis,
            actor=actor,
        )
    click.echo(f"Promise {number}.")


@main.command()
@click.argument("thing", type=click.Choice(["case", "commitment", "contract", "relationship"]))
def lifecycle(*, thing: str) -> None:
    """Print the lifecycle of a THING as a Mermaid diagram."""
    from importlib import import_module  # noqa: PLC0415 # help must be quick

    click.echo(import_module(f"retainsdk.{thing}").MACHINE.mermaid())


def _opened(path: Path) -> Book:
    from retainsdk.book import Book  # noqa: PLC0415 # help must be quick
    from retainsdk.store.sqlite import is_blank  # noqa: PLC0415 # as above

    if is_blank(path):  # looking makes no book
        raise StoreError(str(path), "is an empty file, not a book", "Make a book with: retainsdk import.")
    return Book.open(path)


def _instant(book: Book, morning: datetime | None) -> datetime | None:
    if morning is None:
        return None
    try:
        return datetime.combine(morning.date(), time(), book.zone).astimezone(UTC)
    except OverflowError:
        fault = Fault("as-of", str(morning.date()), "is out of the calendar's range", "Give another day.")
        raise InputError("as-of", [fault]) from None


def _show(shown: _Shown, *, as_json: bool) -> None:
    if as_json:
        import orjson  # noqa: PLC0415 # help must be quick

        click.echo(orjson.dumps(shown.as_json(), option=orjson.OPT_INDENT_2).decode())
    else:
        click.echo(str(shown))
