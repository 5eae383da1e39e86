"""The book of customers on the command line: rounds of a month, weeks of few hours, and what it came to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from retainsdk.errors import Fault, InputError
from retainsim.cli import options
from retainsim.cli.door import INTERRUPTED, debug
from retainsim.cli.long_runs import interruptible, progress
from retainsim.cli.options import as_json

if TYPE_CHECKING:
    from retainsim.training.rounds.desk import BookDesk

NAMES = ("clairvoyant", "script", "always_discount", "random")
FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
_MARKET = (
    click.option(
        "--preset", default="telecom", show_default=True, help="Of the market the customers live in."
    ),
    click.option("--customers", type=int, default=40, show_default=True, help="In the book, 24 to 60."),
    click.option("--rounds", type=int, default=5, show_default=True, help="That count; each is a month."),
    click.option("--hours", type=int, default=2, show_default=True, help="In each week."),
)


def _market(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_MARKET):
        command = option(command)
    return command


@click.group()
@debug
def rounds() -> None:
    """
    Look after a book of customers, round by round, and see what it was worth.

    A round is a month of four weeks with few hours each. You decide who gets a call, an offer, a promise; promises fall
    due, competitors move, and whoever wants to leave calls. FILE keeps all decisions.
    """


@rounds.command()
@FILE
@_market
@click.option("--practice", type=int, default=0, show_default=True, help="Rounds to practise with before.")
@options.seed
@click.option(
    "--lang", type=click.Choice(["en", "he"]), default="en", show_default=True, help="Of the screens."
)
@click.option(
    "--gender", type=click.Choice(["feminine", "masculine"]), help="Yours: Hebrew speaks to you by it."
)
@click.option("--name", default="", help="By which customers hear you.")
@debug
def new(file: Path, lang: str, gender: str | None, name: str, **setting: Any) -> None:  # noqa: ANN401 # the options above
    """Begin a play, and keep it in FILE."""
    from retainsim.training.lines import Gender, Language  # noqa: PLC0415 # numba
    from retainsim.training.rounds import Play, Setting  # noqa: PLC0415 # as above
    from retainsim.training.rounds.desk import BookDesk  # noqa: PLC0415 # as above

    _refuse_there(file)
    known = None if gender is None else Gender(gender)
    desk = BookDesk.begin(Play.of(Setting(**setting)), language=Language(lang), gender=known, name=name)
    _keep(file)(desk)
    click.echo(_shown(desk, _begun(desk, file)))


@rounds.command()
@FILE
@as_json
@debug
def play(file: Path, *, as_json: bool) -> None:
    """
    Go on with the play in FILE; every decision is kept as soon as it is made.

    With --json every screen is one line of JSON, and every line of input one decision: {"team": {"coached": 20, "hired":
    10}} before a round's first week, {"week": [{"customer": 3, "action": "check_in"}, …]}, {"call": 3, "move": "ask_open"}, {"call": 3, "to": "colleague"} or "nobody", {"restart": true} and
    {"graded": true}. With "at": NUMBER, the decisions made so far, one that comes twice counts once.
    """
    desk = _kept(file)
    try:
        _played_by(file, as_json=as_json)(desk)
    except click.Abort:
        click.echo("\n" + _shown(desk, desk.word("rounds.kept", file=str(file))), err=True)
        click.get_current_context().exit(INTERRUPTED)


@rounds.command()
@FILE
@as_json
@debug
def report(file: Path, *, as_json: bool) -> None:
    """
    See what the play in FILE came to; not before its rounds are over.

    What each customer is worth beside the same customers with the same luck and nobody in charge, beside a colleague who
    keeps to the script, and beside what could be won.
    """
    from retainsim.training.rounds.report import BookReport  # noqa: PLC0415 # numba

    desk = _kept(file)
    if as_json:
        from retainsim.cli.printed import print_record  # noqa: PLC0415 # numba

        print_record(BookReport(desk=desk).to_record())
        return
    from retainsim.cli.book_seat import BookSeat  # noqa: PLC0415 # numba, rich

    BookSeat(lambda _: None, file).report(desk)


@rounds.command()
@FILE
@click.argument("number", metavar="ROUND", type=int)
@click.argument("into", type=click.Path(path_type=Path, dir_okay=False))
@debug
def fork(file: Path, number: int, into: Path) -> None:
    """Go on from a ROUND of a finished play, in another file: the same customers, the same luck."""
    desk = _kept(file)
    _refuse_there(into)
    fork = desk.at(desk.play.fork(number))
    _keep(into)(fork)
    click.echo(_shown(fork, _begun(fork, into)))


@rounds.command()
@FILE
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@debug
def export(file: Path, folder: Path) -> None:
    """
    Write the play in FILE into FOLDER; not before its rounds are over.

    Decisions as JSON lines, customers and promises as tables that spreadsheets open, and the ledger as a book of the SDK.
    Nobody is named.
    """
    from retainsim.exports.rounds import write_play  # noqa: PLC0415 # numba

    for path in write_play(_kept(file).play, folder):
        click.echo(str(path))


@rounds.command("bots")
@_market
@click.option(
    "--plays",
    type=click.IntRange(1, 1_000),
    default=8,
    show_default=True,
    help="Of each bot, with as many books.",
)
@click.option(
    "--bot",
    "chosen",
    type=click.Choice(NAMES),
    multiple=True,
    help="Only this one; can be given again. All if not given.",
)
@options.seed
@as_json
@options.quiet
@debug
def bots_(plays: int, chosen: tuple[str, ...], *, as_json: bool, quiet: bool, **setting: Any) -> None:  # noqa: ANN401 # the options above
    """Let bots look after books of customers, and see how they stand."""
    from retainsim.training.rounds import Setting  # noqa: PLC0415 # numba
    from retainsim.training.rounds.standings import book_standings  # noqa: PLC0415 # as above

    with progress(quiet=quiet, of="books") as show, interruptible() as stop_if_interrupted:

        def on_play(done: int, total: int) -> None:
            stop_if_interrupted()
            show(done, total)

        result = book_standings(Setting(**setting), plays=plays, bots=chosen or NAMES, on_play=on_play)
    if as_json:
        click.echo(result.to_json())
        return
    from rich.console import Console  # noqa: PLC0415 # not for JSON

    from retainsim.exports.rounds import book_standings_table  # noqa: PLC0415 # as above

    Console().print(book_standings_table(result))


def _refuse_there(file: Path) -> None:
    if file.exists():
        fault = Fault("file", str(file), "is there already", "Choose another name, or play that one.")
        raise InputError("rounds", [fault])


def _begun(desk: BookDesk, file: Path) -> str:
    command = f"retainsim rounds play {file}"
    return desk.word("rounds.begun", customers=str(len(desk.play.roster)), file=str(file), command=command)


def _kept(file: Path) -> BookDesk:
    from retainsim.training.rounds import read_record  # noqa: PLC0415 # numba
    from retainsim.training.rounds.desk import BookDesk  # noqa: PLC0415 # as above

    if not file.exists():
        fault = Fault("file", str(file), "is not there", "Begin a play with: retainsim rounds new FILE")
        raise InputError("rounds", [fault])
    return BookDesk.kept(read_record(file.read_bytes(), source=file.name))


def _keep(file: Path) -> Callable[[BookDesk], None]:
    from retainsdk.whole_file import write_whole  # noqa: PLC0415 # numba

    def keep(desk: BookDesk) -> None:
        write_whole(file, desk.record().to_json())

    return keep


def _played_by(file: Path, *, as_json: bool) -> Callable[[BookDesk], None]:
    """Who is in charge: a program or a person; only what is needed is imported."""
    if as_json:
        from retainsim.cli.book_pipe import BookPipe  # noqa: PLC0415 # numba

        return BookPipe(_keep(file)).play
    from retainsim.cli.book_seat import BookSeat  # noqa: PLC0415 # numba, rich

    return BookSeat(_keep(file), file).play


def _shown(desk: BookDesk, text: str) -> str:
    from retainsim.cli.direction import left_to_right, right_to_left  # noqa: PLC0415 # numba
    from retainsim.training.lines import Direction  # noqa: PLC0415 # as above

    rtl = desk.language.direction is Direction.RIGHT_TO_LEFT
    return right_to_left(text) if rtl else left_to_right(text)
