"""
A command of the command line as a table row: what it takes, which one call of the API it is, and what it prints.

A `Deed` writes into a book by one call; a `Look` only reads. Both are made into commands of click here, so that all of them
take the same options, name all that is wrong with a line at once, and print JSON of a documented form.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from retainsdk.cli.words import ID, NUMBER, Instant, Part, Reading, Schema, Word, opt, spoken
from retainsdk.errors import RetainError, StoreError

if TYPE_CHECKING:
    from retainsdk.book import Book

SCHEMA_VERSION = 1
ROW, ZONE = "retainsdk.row", "retainsdk.zone"
"""In the context of click, for whoever tells what went wrong: the row that ran, and the zone of its book."""
CONTROLS = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160)), "�")
"""What steers a terminal, but for ends of lines and tabs; text out of a book must not."""
BAD_INPUT = 2
"""Exit code for input that cannot be used; the message says why."""

BOOK = Part(
    name="book",
    word=Word(metavar="FILE"),
    help="The book. [env: RETAIN_BOOK]",
    required=True,
    env="RETAIN_BOOK",
)
JSON = Part(name="json", help="Print JSON for programs.", is_flag=True)
_AT = opt("occurred_at", Instant(), "When it happened, in the book's zone. [default: now]", option="--at")
HOW = (
    Part(
        name="actor",
        word=Word(metavar="NAME"),
        help="Who says so. [env: RETAIN_ACTOR]",
        required=True,
        env="RETAIN_ACTOR",
    ),
    _AT,
    opt("reason", Word(), "Why, for those who ask later."),
    opt("key", Word(), "Makes it safe to repeat: the same again does nothing."),
)
HOURS = Part(
    name="hours",
    word=Word(metavar="HOURS"),
    help="Working hours, like 'Sun-Thu 09:00-17:00'. [env: RETAIN_HOURS]",
    env="RETAIN_HOURS",
)


@attrs.frozen(kw_only=True)
class Given:
    """
    Something the call returns, as JSON has it.

    Attributes:
        name: Its name there.
        schema: Its form there.
        of: Takes it out of what the call returned.
    """

    name: str
    schema: Schema
    of: Callable[[Any], object]


@attrs.frozen(kw_only=True)
class Gathered:
    """
    One argument of the call that is put together from several options.

    Attributes:
        name: Of the argument.
        parts: What it is made of.
        make: Puts it together from their values, those of the command's own parts, and the book.
    """

    name: str
    parts: tuple[Part, ...]
    make: Callable[[Reading, Mapping[str, Any], Mapping[str, Any]], object]


@attrs.frozen(kw_only=True)
class Deed:
    """
    A command that writes.

    Attributes:
        words: As typed, like ``case open``.
        does: What it does; the first line stands in lists.
        call: The method of the book, or a function that is told the book.
        takes: What it is told.
        gathers: What is put together from several options.
        gives: What it returns.
        about: Looks up what `gives` is taken out of, where the call returns nothing; told the book and what was said.
        says: The line that says what was recorded, with names of parts and of what is given in braces; or what makes it.
        example: A line that works.
        fixed: What the call is told in any case.
        without: Which of the common options make no sense.
        by_hours: Whether it counts working time, and so may be told the hours of the firm.
    """

    words: str
    does: str
    call: str | Callable[..., Any]
    takes: tuple[Part, ...] = ()
    gathers: tuple[Gathered, ...] = ()
    gives: tuple[Given, ...] = ()
    about: Callable[[Book, Mapping[str, Any]], object] | None = None
    says: str | Callable[[Mapping[str, str]], str]
    example: str
    fixed: Mapping[str, Any] = attrs.Factory(dict)
    without: tuple[str, ...] = ()
    by_hours: bool = False

    @property
    def parts(self) -> tuple[Part, ...]:
        """All that is said to it, but for what every command is told."""
        return (*self.takes, *(part for gathered in self.gathers for part in gathered.parts))

    @property
    def common(self) -> tuple[Part, ...]:
        """What every command is told."""
        hours = (HOURS,) if self.by_hours else ()
        return (BOOK, *(part for part in HOW if part.name not in self.without), *hours, JSON)

    def schema(self) -> Schema:
        """Of what it prints as JSON."""
        numbers: dict[str, Any] = {
            part.name: part.word.number if part.required else {"anyOf": [part.word.number, {"type": "null"}]}
            for part in self.takes
            if part.word.number is not None and not part.many
        }
        numbers |= {given.name: given.schema for given in self.gives}
        return _object({"command": {"const": self.words}, **numbers})

    def run(self, typed: Mapping[str, Any]) -> None:
        """Read, call, print."""
        with reading(self.words, typed) as read:
            values = read.values(self.takes)
            how = read.values([part for part in HOW if part.name not in self.without])
            for gathered in self.gathers:
                told = read.values(gathered.parts)
                made = gathered.make(read, told, values)
                if made is not None:
                    values[gathered.name] = made
            read.settle(self.words)
            book = read.book
            if book is None:
                raise AssertionError  # it would have been refused
            plain = {name: _plain(value) for name, value in values.items()}
            told = {**self.fixed, **plain, **how}
            call = self.call
            result = getattr(book, call)(**told) if isinstance(call, str) else call(book=book, **told)
            if self.about is not None:
                result = self.about(book, told)
            self._tell(book, values, result, as_json=bool(typed["json"]))

    def _tell(self, book: Book, values: Mapping[str, Any], result: object, *, as_json: bool) -> None:
        given = {it.name: it.of(result) for it in self.gives}
        if as_json:
            numbers = {
                part.name: _number(values.get(part.name), part.word)
                for part in self.takes
                if part.word.number is not None and not part.many
            }
            show_json({"schema_version": SCHEMA_VERSION, "command": self.words, **numbers, **given})
            return
        shown = {name: _shown(value, book) for name, value in {**values, **given}.items()}
        line = self.says(shown) if callable(self.says) else self.says.format_map(shown)
        show_text(line, [text for name in shown for text in _texts(values.get(name), shown[name])])


@attrs.frozen(kw_only=True)
class Look:
    """
    A command that only reads.

    Attributes:
        words: As typed.
        does: What it does; the first line stands in lists.
        call: Makes what is shown, with `as_json` and a text, from the book and what was told.
        takes: What it is told.
        gives: The properties of its JSON, but for the version; none when it prints no JSON for choice.
        example: A line that works.
        needs_book: Whether it looks into a book.
        version: Of the form of its JSON.
        code: The exit code for what is shown.
    """

    words: str
    does: str
    call: Callable[..., Any]
    takes: tuple[Part, ...] = ()
    gives: Callable[[], Schema] | None = None
    example: str
    needs_book: bool = True
    version: int = SCHEMA_VERSION
    code: Callable[[Any], int] = lambda _: 0

    @property
    def parts(self) -> tuple[Part, ...]:
        """All that is said to it, but for what every command is told."""
        return self.takes

    @property
    def common(self) -> tuple[Part, ...]:
        """What every command is told."""
        return (*((BOOK,) if self.needs_book else ()), *(() if self.gives is None else (JSON,)))

    def schema(self) -> Schema | None:
        """Of what it prints as JSON; none when it prints none."""
        return None if self.gives is None else _object(self.gives(), self.version)

    def run(self, typed: Mapping[str, Any]) -> None:
        """Read, look, print."""
        with reading(self.words, typed, needs_book=self.needs_book) as read:
            values = read.values(self.takes)
            read.settle(self.words)
            told = {name: _plain(value) for name, value in values.items()}
            shown = self.call(read.book, **told) if self.needs_book else self.call(**told)
            if self.gives is not None and typed["json"]:
                show_json(shown.as_json())
            else:
                show_text(str(shown), shown)
        code = self.code(shown)
        if code:
            sys.exit(code)


@contextmanager
def reading(words: str, typed: Mapping[str, Any], *, needs_book: bool = True) -> Iterator[Reading]:
    """What was typed, with the book open that it names."""
    if not needs_book:
        yield Reading(None, typed)
        return
    read = Reading(None, typed)
    if typed["book"] is None:
        read.refuse("--book", "nothing", "is needed", BOOK.help)
        yield read
        read.settle(words)
        return
    try:
        opened = _opened(Path(typed["book"]), typed.get("hours"))
    except RetainError as error:
        read.take_note("--book", error)
        yield read
        read.settle(words)
        return
    with opened as book:
        read.book = book
        click.get_current_context().meta[ZONE] = book.zone
        yield read


def _opened(path: Path, hours: str | None) -> Book:
    from retainsdk.book import Book  # noqa: PLC0415 # help must be quick
    from retainsdk.store.sqlite import is_blank  # noqa: PLC0415 # as above

    if is_blank(path):  # looking makes no book
        why = "is an empty file, not a book" if path.exists() else "does not exist"
        raise StoreError(str(path), why, "Make a book with: retainsdk init, or retainsdk import.")
    plugins = plugins_named()
    book = Book.open(path, plugins=plugins)
    if hours is None:
        return book
    from retainsdk.worktime import WorkCalendar  # noqa: PLC0415 # help must be quick

    with book:
        calendar = WorkCalendar.parse(hours, zone=book.zone.key)
    return Book.open(path, calendar=calendar, plugins=plugins)


def plugins_named() -> Any:  # noqa: ANN401 # as a book takes them
    """The plug-ins that the user named for the command that runs: see `retainsdk.cli.plugins`."""
    context = click.get_current_context(silent=True)
    return () if context is None or context.obj is None else context.obj.plugins


def show_json(shown: object) -> None:
    """Print an object for programs."""
    import orjson  # noqa: PLC0415 # help must be quick

    click.echo(orjson.dumps(shown, option=orjson.OPT_INDENT_2).decode())


def show_text(text: str, shown: Any) -> None:  # noqa: ANN401 # what has a JSON form, or its texts
    """Print lines for people; names and notes that run from right to left stand by themselves."""
    from retainsdk.cli.bidi import for_terminal, is_rtl, texts_in  # noqa: PLC0415 # help must be quick

    values: list[str] = []
    if is_rtl(text):
        told = () if isinstance(shown, list) else texts_in(getattr(shown, "texts", None) or shown.as_json())
        values = shown if isinstance(shown, list) else [*getattr(shown, "names", ()), *told]
    click.echo(for_terminal(text, values).translate(CONTROLS))


def number(name: str) -> Given:
    """The number the call returns."""
    return Given(name=name, schema=NUMBER, of=int)


def an_id(name: str, of: Callable[[Any], int] = int) -> Given:
    """The id the call returns, or one among what it returns."""
    return Given(name=name, schema=ID, of=lambda result: f"{of(result):016x}")


def counts(*names: str) -> tuple[Given, ...]:
    """Figures of what the call returns."""

    def of(name: str) -> Given:
        return Given(name=name, schema=NUMBER, of=lambda result: getattr(result, name))

    return tuple(map(of, names))


def _object(properties: Mapping[str, Any], version: int = SCHEMA_VERSION) -> Schema:
    everything = {"schema_version": {"const": version}, **properties}
    return {
        "type": "object",
        "properties": everything,
        "required": list(everything),
        "additionalProperties": False,
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 # of any kind
    from retainsdk.lookup import Found  # noqa: PLC0415 # help must be quick

    if isinstance(value, Found):
        return value.customer if value.relationship is None else value.relationship
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value


def _number(value: Any, word: Word) -> object:  # noqa: ANN401 # whom the book found, or a number
    plain = _plain(value)
    return f"{plain:016x}" if plain is not None and word.number == ID else plain


def _texts(value: Any, shown: str) -> list[str]:  # noqa: ANN401 # of any kind
    """What stands by itself in a line: of somebody who was found his name, and not the id beside it."""
    from retainsdk.lookup import Found  # noqa: PLC0415 # help must be quick

    return [value.name, value.reference] if isinstance(value, Found) else [shown]


def _shown(value: Any, book: Book) -> str:  # noqa: ANN401, PLR0911 # of any kind, one line each
    from retainsdk.lookup import Found  # noqa: PLC0415 # help must be quick

    match value:
        case Found():
            return str(value)
        case IntEnum():
            return spoken(value).replace("-", " ")
        case datetime():
            return f"{value.astimezone(book.zone):%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case timedelta():
            hours, minutes = divmod(int(value.total_seconds()) // 60, 60)
            return (f"{hours}h" if hours else "") + (f"{minutes}m" if minutes or not hours else "")
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case tuple():
            return ", ".join(_shown(part, book) for part in value)
        case _:
            return str(value)


Row = Deed | Look


class Command(click.Command):
    """A row as a command of click, with arguments, own options, common ones and an example in its help."""

    def __init__(self, name: str, row: Row) -> None:
        self.row = row
        super().__init__(
            name,
            params=[_parameter(part) for part in (*row.parts, *row.common)],
            help=row.does,
            callback=lambda **typed: row.run(typed),
        )

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does it; but where more stands than the command takes, quotes are missing most often."""
        ctx.allow_extra_args = True
        try:
            rest = super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if error.option_name == _AT.spelled:  # and no option is like it
                ctx.fail("--at is not taken here: this command is about the book as it is now.")
            if error.option_name in {"--debug", "--plugin"}:
                ctx.fail(f"{error.option_name} goes before the command, right after retainsdk.")
            raise
        if rest and not ctx.resilient_parsing:
            more = " ".join(map(repr, rest))
            ctx.fail(f"There is more than the command takes: {more}. Put a text of several words in quotes.")
        return rest

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 # as click declares it
        """Run the row, and let whoever tells what went wrong know which it was."""
        ctx.meta[ROW] = self.row
        return super().invoke(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Arguments first, then what is the command's own, then what all share."""
        arguments = [part for part in self.row.parts if part.is_argument]
        if arguments:
            with formatter.section("Arguments"):
                formatter.write_dl([(part.spelled, _help(part)) for part in arguments])
        common = {part.key for part in self.row.common}
        options = [it for it in self.get_params(ctx) if isinstance(it, click.Option)]
        for title, listed in (
            ("Options", [it for it in options if it.name not in common]),
            ("Options of all", [it for it in options if it.name in common]),
        ):
            records = [record for it in listed if (record := it.get_help_record(ctx))]
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)
        with formatter.section("Example"):
            formatter.write(f"{'':>{formatter.current_indent}}$ {self.row.example}\n")


def _parameter(part: Part) -> click.Parameter:
    if part.is_argument:
        metavar = f"{part.spelled}..." if part.many else part.spelled
        return click.Argument([part.key], metavar=metavar, required=False, nargs=-1 if part.many else 1)
    if part.is_flag:
        return click.Option([part.spelled, part.key], is_flag=True, help=_help(part))
    return click.Option(
        [part.spelled, part.key],
        metavar=part.word.metavar,
        multiple=part.many,
        help=_help(part),
        envvar=part.env or None,
    )


def _help(part: Part) -> str:
    several = "may be repeated" if part.many and not part.is_argument else ""
    needed = "needed" if part.required and not part.is_argument else ""
    if part.is_flag and part.required:
        needed = "this or its like is needed"
    notes = ", ".join(filter(None, (needed, several)))
    return " ".join(filter(None, (part.help, part.word.hint(), f"[{notes}]" if notes else "")))


def commands(rows: Sequence[Row], about: Mapping[str, str]) -> dict[str, click.Command]:
    """The commands of rows by their first words: those of two words stand in groups, which are *about* something."""
    found: dict[str, click.Command] = {}
    for row in rows:
        name, _, rest = row.words.partition(" ")
        if not rest:
            found[name] = Command(name, row)
            continue
        group = found.setdefault(name, Group(name, help=about[name]))
        if isinstance(group, click.Group):
            group.add_command(Command(rest, row))
    return found


class Commands(click.Group):
    """Commands, of which a mistyped one is told the nearest."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            near = get_close_matches(name, self.list_commands(ctx), n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"See {ctx.command_path} --help."
            ctx.fail(f"No such command {name!r}. {hint}")
        return super().resolve_command(ctx, args)


class Group(Commands):
    """Commands about one thing, listed in the order of its life."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 # as click calls it
        """In the order they were written."""
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 # as above
        """List them with the whole of what they do."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, first_line(command)) for name, command in self.commands.items()])


def first_line(command: click.Command) -> str:
    """What a command does, in one sentence."""
    return (command.help or "").partition("\n")[0]
