"""Courses on the command line: planned, taken by trainees, and told of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from retainsdk.errors import Fault, InputError
from retainsim.cli import options
from retainsim.cli.door import BAD_INPUT, INTERRUPTED, debug
from retainsim.cli.printed import print_record

if TYPE_CHECKING:
    from retainsim.cli.course_said import Said
    from retainsim.exports.blocks import Block
    from retainsim.training.course import Room, Sitting, Trainee

place = click.argument("place", metavar="COURSE", type=click.Path(path_type=Path))
_FILE = click.Path(path_type=Path, dir_okay=False)
trainee_code = click.option("--trainee", "code", metavar="CODE", help="Whose call it is.")


@click.group()
@debug
def course() -> None:
    """
    Give a course: calls and books of customers to practise, others that assess, and a report.

    COURSE is the folder of a course, or its file. What trainees do is kept beside the file, each move before its answer.
    """


@course.command()
@place
@options.as_json
@debug
def new(place: Path, as_json: bool) -> None:  # noqa: FBT001 # click passes flags by name
    """Begin a course: a folder with a file to edit, in which everything is explained."""
    from retainsim.exports.courses import started_record  # noqa: PLC0415 # numba
    from retainsim.training.course import start_course  # noqa: PLC0415 # as above
    from retainsim.training.course.words import course_word  # noqa: PLC0415 # as above
    from retainsim.training.lines import Language  # noqa: PLC0415 # as above

    begun = start_course(place)
    if as_json:
        print_record(started_record(begun))
        return
    click.echo(
        _plain(course_word(Language(begun.language), "new.written", file=str(begun.file), place=str(place)))
    )


@course.command()
@place
@options.as_json
@click.pass_context
@debug
def lint(ctx: click.Context, place: Path, as_json: bool) -> None:  # noqa: FBT001 # as above
    """Say all that is wrong with the file of a course. The exit code is 2 when there is a fault, 0 otherwise."""
    from retainsim.exports.courses import examined_lines, examined_record  # noqa: PLC0415 # numba
    from retainsim.training.course import course_file, examine_course  # noqa: PLC0415 # as above

    examined, file = examine_course(place), str(course_file(place))
    if as_json:
        print_record(examined_record(examined, file=file))
    else:
        click.echo("\n".join(examined_lines(examined, file=file)))
    if examined.faults:
        ctx.exit(BAD_INPUT)


@course.command()
@place
@click.argument("label", required=False)
@click.option(
    "--gender", type=click.Choice(["feminine", "masculine"]), help="Hebrew speaks to the trainee by it."
)
@click.option(
    "--lang", type=click.Choice(["en", "he"]), help="Of the calls; that of the course if not given."
)
@click.option("--name", default="", help="By which customers hear the trainee; made up if not given.")
@click.option(
    "--from",
    "table",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Enrol everybody in a CSV table with the columns label, gender, and language and name if wanted.",
)
@options.as_json
@debug
def enrol(
    *,
    place: Path,
    label: str | None,
    gender: str | None,
    lang: str | None,
    name: str,
    table: Path | None,
    as_json: bool,
) -> None:
    """
    Enrol a trainee, or all in a table, each with a code to take calls by.

    Enrol everybody before the first assessment: it is over when all who are enrolled have finished it.
    """
    from retainsim.exports.courses import enrolled_block, enrolled_record  # noqa: PLC0415 # numba
    from retainsim.training.course import Newcomer, Room, load_course, read_newcomers  # noqa: PLC0415 # as above
    from retainsim.training.lines import Language  # noqa: PLC0415 # as above

    if (label is None) == (table is None) or (table is not None and (gender or lang or name)):
        remedy = "Give LABEL with --gender, or --from FILE alone."
        source = "enrolment"
        raise InputError(
            source, [Fault("label", label or "nothing", "must be one trainee or one table", remedy)]
        )
    if table is not None:
        newcomers = read_newcomers(table)
    else:
        newcomers = [Newcomer(label=label or "", gender=gender or "", language=lang or "", name=name)]
    with Room(load_course(place)) as room:
        enrolled = room.enrol(newcomers)
        if as_json:
            print_record(enrolled_record(enrolled))
            return
        language = Language(room.course.language)
        print_blocks([enrolled_block(enrolled, language, folder=str(place))], language)


@course.command()
@place
@options.as_json
@debug
def show(place: Path, as_json: bool) -> None:  # noqa: FBT001 # as above
    """Show the parts of a course, and how far everybody has come; nothing of what calls came to."""
    from retainsim.exports.courses import course_blocks, course_record  # noqa: PLC0415 # numba
    from retainsim.training.course import Room, load_course  # noqa: PLC0415 # as above

    with Room(load_course(place)) as room:
        if as_json:
            print_record(course_record(room))
        else:
            print_blocks(course_blocks(room), room.course.language)


@course.command()
@place
@trainee_code
@click.option("--class", "is_class", is_flag=True, help="The whole class takes it, and votes on every move.")
@options.as_json
@debug
def run(*, place: Path, code: str | None, is_class: bool, as_json: bool) -> None:
    """
    Take the next call or book of customers that is due, or go on with one that was broken off.

    With --json every screen is one line of JSON and every line of input one step, as in `retainsim call` and `retainsim
    rounds play`; a class may send
    {"votes": {"ask_open": 9, "probe": 4}}, with "decides" for the trainer's word in a tie.
    """
    from retainsim.cli.course_books import looked_after  # noqa: PLC0415 # numba
    from retainsim.training.course import Books, Room, load_course  # noqa: PLC0415 # as above

    if (code is None) == (not is_class):
        source = "run"
        fault = Fault(
            "trainee",
            code or "nothing",
            "must be one trainee or the class",
            "Give --trainee CODE, or --class.",
        )
        raise InputError(source, [fault])
    with Room(load_course(place)) as room:
        trainee = None if code is None else room.trainee(code)
        said = _said(room, trainee, place)
        sitting = room.sitting(trainee)
        book = None if trainee is None or sitting is not None else Books(room).sitting(trainee)
        try:
            if book is not None:
                looked_after(book, said, as_json=as_json)
                return
            if sitting is not None:
                _take(sitting, said, is_class=is_class, as_json=as_json)
        except click.Abort:
            paused = "run.paused" if book is None else "run.paused_book"
            click.echo(f"\n{said.shown(paused)}", err=True)
            click.get_current_context().exit(INTERRUPTED)
        if sitting is None or not as_json:
            said.at_end(as_json=as_json)


def _take(sitting: Sitting, said: Said, *, is_class: bool, as_json: bool) -> None:
    """The call that is due, taken by the class or by one."""
    if not as_json:
        said.before(sitting.call)
    if is_class:
        from retainsim.cli.classroom import PipedVotes, Voting  # noqa: PLC0415 # numba
        from retainsim.training.course.votes import Ballot  # noqa: PLC0415 # as above

        (PipedVotes if as_json else Voting)(Ballot(sitting)).play(sitting.desk)
    else:
        from retainsim.cli.call import taken_by  # noqa: PLC0415 # as above

        taken_by(sitting, goals=sitting.goals, as_json=as_json)(sitting.desk)


@course.command()
@place
@trainee_code
@click.option(
    "--call",
    "number",
    type=int,
    help="Which of those that may be told of, calls first, then books, from 1; asked for if not given.",
)
@options.as_json
@debug
def debrief(*, place: Path, code: str | None, number: int | None, as_json: bool) -> None:
    """Hear the truth of a finished call or book again, or for the first time once an assessment is over."""
    from retainsim.training.course import Books, Call, KeptBook, Room, load_course  # noqa: PLC0415 # numba

    with Room(load_course(place)) as room:
        trainee = None if code is None else room.trainee(code)
        mine, books = 0 if trainee is None else trainee.number, Books(room)
        told: list[Call | KeptBook] = [
            *(call for call in room.calls() if call.trainee == mine and room.is_open(call)),
            *(book for book in books.kept() if book.trainee == mine and books.is_open(book)),
        ]
        said = _said(room, trainee, place)
        if not told:
            click.echo(said.shown("debrief.none"))
            return
        if number is None:
            for at, it in enumerate(told, start=1):
                click.echo(said.in_line(f"{at}  {it.part} {it.place}"))
            number = click.prompt(said.shown("debrief.which"), type=click.IntRange(1, len(told)))
        if not 1 <= number <= len(told):
            source = "debrief"
            fault = Fault(
                "call", str(number), f"must be within 1 and {len(told)}", "See them without --call."
            )
            raise InputError(source, [fault])
        chosen = told[number - 1]
        if isinstance(chosen, KeptBook):
            from retainsim.cli.course_books import told_of  # noqa: PLC0415 # as above

            told_of(books.desk(chosen), as_json=as_json)
            return
        sitting = room.sitting_at(chosen, trainee)
        if as_json:
            from retainsim.cli.pipe import Piped  # noqa: PLC0415 # as above

            Piped(sitting, sitting.goals).play(sitting.desk)
            return
        from retainsim.cli.seat import Seated  # noqa: PLC0415 # as above

        Seated(sitting, goals=sitting.goals).review(sitting.desk)


@course.command()
@place
@click.argument("part")
@options.as_json
@debug
def close(place: Path, part: str, as_json: bool) -> None:  # noqa: FBT001 # as above
    """End an assessment for everybody, finished or not, so that its truth may be told. This cannot be undone."""
    from retainsim.training.course import Room, load_course  # noqa: PLC0415 # numba

    with Room(load_course(place)) as room:
        room.close(part)
        if as_json:
            print_record({"schema_version": 1, "closed": part, "told": sorted(room.opened())})
        else:
            click.echo(_said(room, None, place).shown("close.closed", part=part))


@course.command()
@place
@options.as_json
@options.quiet
@debug
def rehearse(place: Path, as_json: bool, quiet: bool) -> None:  # noqa: FBT001 # as above
    """
    Let bots take every call and every book of every trainee, to see the report before anybody has taken one.

    The first trainee goes by a script, the second always gives money off, the third throws a dice, the fourth presses, and so
    on from the first. It is for a copy of the course: where somebody has begun a call it is refused.
    """
    from retainsim.training.course import Room, load_course  # noqa: PLC0415 # numba
    from retainsim.training.course.rehearsal import rehearse as rehearsed  # noqa: PLC0415 # as above

    with Room(load_course(place)) as room, _results_shown(quiet=quiet) as on_call:
        count = rehearsed(room, on_call=on_call)
        if as_json:
            print_record({"schema_version": 1, "calls": count})
        else:
            has_books = any(part.book is not None for part in room.course.parts)
            done = "rehearse.done_with_books" if has_books else "rehearse.done"
            click.echo(_said(room, None, place).shown(done, count=str(count)))


@course.command()
@place
@click.option(
    "--lang", type=click.Choice(["en", "he"]), help="Of the report; that of the course if not given."
)
@click.option(
    "--by",
    "factors",
    multiple=True,
    metavar="FACTOR",
    help="Compare the groups that the lot has made, by one of [treatments], or by all with: treatment.",
)
@click.option("--hide-names", is_flag=True, help="Numbers in the place of names, for the projector.")
@click.option("--html", type=_FILE, metavar="FILE", help="Write a page, with pictures.")
@click.option("--csv", "table", type=_FILE, metavar="FILE", help="Write a table with a row for each call.")
@options.as_json
@options.quiet
@debug
def report(
    *,
    place: Path,
    lang: str | None,
    factors: tuple[str, ...],
    hide_names: bool,
    html: Path | None,
    table: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """
    Report what everybody came to: score and growth, what calls are worth beside a control twin, and habits.

    It tells of calls whose truth may be told: of practice at once, of an assessment when it is over. What a call came to
    is worked out once, which takes a second or two.
    """
    from retainsdk.whole_file import write_whole  # noqa: PLC0415 # numba
    from retainsim.cli.long_runs import typed_command  # noqa: PLC0415 # as above
    from retainsim.exports.course_report import Told, report_csv, report_record  # noqa: PLC0415 # as above
    from retainsim.training.course import Room, load_course  # noqa: PLC0415 # as above
    from retainsim.training.course.report import report as reported  # noqa: PLC0415 # as above
    from retainsim.training.course.words import course_word  # noqa: PLC0415 # as above
    from retainsim.training.lines import Language  # noqa: PLC0415 # as above

    course = load_course(place)
    by = _factors(factors, list(course.factors))
    language = Language(lang or course.language)

    def numbered(place: int) -> str:
        return course_word(language, "report.number", number=str(place))

    with Room(course) as room:
        with _results_shown(quiet=quiet) as on_call:
            made = reported(room, factors=by, hide_names=numbered if hide_names else None, on_call=on_call)
        if table is not None:
            write_whole(table, report_csv(made))
        told = Told(report=made, language=language)
        if html is not None:
            from retainsim.exports.course_page import course_page  # noqa: PLC0415 # altair

            write_whole(html, course_page(told, repeat=typed_command()))
        if as_json:
            print_record(report_record(made))
        elif html is None and table is None:
            print_blocks(told.blocks(), language)
        for file in (html, table):
            if file is not None and not as_json:
                click.echo(str(file))


@course.command()
@place
@click.argument("folder", type=options.folder)
@options.as_json
@options.quiet
@debug
def export(*, place: Path, folder: Path, as_json: bool, quiet: bool) -> None:
    """
    Write transcripts without names into FOLDER: transcripts.jsonl, a line a call, and transcripts.csv, a row a call; where a
    course has books of customers, books.jsonl, a line a book, too.

    Ids are new each time; labels, names and typed words stay behind. What calls came to is told of those of which it may be told.
    """
    from retainsdk.whole_file import write_whole  # noqa: PLC0415 # numba
    from retainsim.cli.long_runs import prepare  # noqa: PLC0415 # as above
    from retainsim.training.course import Room, load_course  # noqa: PLC0415 # as above
    from retainsim.training.course.book_transcript import book_transcripts  # noqa: PLC0415 # as above
    from retainsim.training.course.transcript import NewIds, transcripts, transcripts_csv  # noqa: PLC0415 # as above

    faults: list[Fault] = []
    prepare(folder, faults)
    if faults:
        source = "export"
        raise InputError(source, faults)
    with Room(load_course(place)) as room, _results_shown(quiet=quiet) as on_call:
        ids = NewIds()
        told, books = list(transcripts(room, ids=ids, on_call=on_call)), list(book_transcripts(room, ids=ids))
        if books:
            write_whole(folder / "books.jsonl", b"".join(it.to_json() for it in books))
        write_whole(folder / "transcripts.jsonl", b"".join(it.to_json() for it in told))
        write_whole(folder / "transcripts.csv", transcripts_csv(told))
        if as_json:
            print_record(
                {"schema_version": 1, "folder": str(folder), "calls": len(told), "books": len(books)}
            )
        else:
            said = _said(room, None, place)
            click.echo(said.shown("export.written", count=str(len(told)), folder=str(folder)))
            if books:
                click.echo(said.shown("export.books", count=str(len(books)), folder=str(folder)))


@contextmanager
def _results_shown(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar while it is worked out what calls came to; Ctrl-C ends that after a call, and what was worked out is kept."""
    from retainsim.cli.long_runs import interruptible, progress  # noqa: PLC0415 # signals

    with progress(quiet=quiet, of="calls") as shown, interruptible() as stop_if_interrupted:

        def on_call(done: int, total: int) -> None:
            stop_if_interrupted()
            shown(done, total)

        yield on_call


def _factors(asked: tuple[str, ...], known: list[str]) -> list[str]:
    """What groups are to be compared by."""
    if "treatment" in asked and known:
        return known
    if unknown := [it for it in asked if it not in known]:
        source = "report"
        remedy = (
            f"Those are: {', '.join(known)}; or treatment for all."
            if known
            else "Its file has no [treatments]."
        )
        raise InputError(source, [Fault("by", it, "is no factor of the course", remedy) for it in unknown])
    return list(asked)


def print_blocks(blocks: Iterable[Block], language: str) -> None:
    """At the terminal, in the direction of the language."""
    from retainsim.cli.blocks import Printer  # noqa: PLC0415 # rich

    Printer(from_right=language == "he").print(blocks)


def _said(room: Room, trainee: Trainee | None, place: Path) -> Said:
    from retainsim.cli.course_said import Said  # noqa: PLC0415 # numba

    return Said(room, trainee, place)


def _plain(text: str) -> str:
    from retainsim.cli.direction import left_to_right  # noqa: PLC0415 # only where something is said

    return left_to_right(text)
