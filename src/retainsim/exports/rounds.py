"""
Rounds of a book of customers outside the program: tables, decisions, the ledger, and how bots stand.

Nobody is named: customers go by their numbers, and the trainee's name and typed words stay in his own file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from statistics import fmean
from typing import Any

import orjson
from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from retainsdk.errors import Fault, InputError
from retainsdk.whole_file import write_whole, written_whole
from retainsdk.wording import no_formula
from retainsim.market.chronicle import new_book
from retainsim.training.rounds import Begun, Passed, Play, Restarted, Said, Staffed, Week
from retainsim.training.rounds.conduct import Line
from retainsim.training.rounds.record import told
from retainsim.training.rounds.report import BookReport
from retainsim.training.rounds.result import Result, result
from retainsim.training.rounds.setting import WEEKS, Stage
from retainsim.training.rounds.standings import BookStandings

_UNNAMED = {"words", "source"}


def write_play(play: Play, folder: Path) -> list[Path]:
    """
    Write a play whose rounds are over into a folder.

    Args:
        play: All of whose rounds are over.
        folder: Made when it is not there; files of these names in it must not be there.

    Returns:
        What was written.

    Raises:
        OutOfTurnError: When the rounds go on.
        InputError: When a file is there already.
        StoreError: When a file cannot be written.
    """
    came = result(play)
    names = ("decisions.jsonl", "customers.csv", "promises.csv", "ledger.db")
    paths = [folder / name for name in names]
    faults = [
        Fault("folder", str(path), "is there already", "Choose another folder.")
        for path in paths
        if path.exists()
    ]
    if faults:
        raise InputError("rounds export", faults)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(paths[0], decisions(play))
    write_whole(paths[1], customers(play, came))
    write_whole(paths[2], promises(came))
    with written_whole(paths[3]) as part, closing(new_book(play.office.market, part)) as book:
        play.lived(book)
    return paths


def decisions(play: Play) -> str:
    """All decisions as JSON lines, each with where it was made."""
    stage, number, week = play.setting.first_stage, 1, 1
    lines = []
    for place, decision in enumerate(play.decisions):
        match decision:
            case Restarted():
                number, week = 1, 1
            case Begun():
                stage, number, week = Stage.GRADED, 1, 1
            case Week() | Staffed():
                if week > WEEKS:
                    number, week = number + 1, 1
        where = {"number": place + 1, "stage": str(stage), "round": number}
        if isinstance(decision, Week):
            where["week"] = week
            week += 1
        plain = told(decision)
        if isinstance(decision, Said | Passed):
            plain = {name: value for name, value in plain.items() if name not in _UNNAMED}
            plain["call"] = anonymous(decision.customer)
        if isinstance(decision, Week):
            plain = {
                "steps": [
                    {**step.to_record(), "customer": anonymous(step.customer)} for step in decision.steps
                ]
            }
        lines.append(orjson.dumps({**where, **plain}).decode() + "\n")
    return "".join(lines)


def customers(play: Play, came: Result) -> bytes:
    """What each customer of the first day is worth with whom in charge, and why he left if he did."""
    from retainsim.training.lines import Language  # noqa: PLC0415 # only words, which are not used here
    from retainsim.training.rounds.desk import BookDesk  # noqa: PLC0415 # as above

    report = BookReport(desk=BookDesk.begin(play, language=Language.ENGLISH))
    left = dict(report.departures)
    headings = ("customer", "effect", *came.worths, "left_for")
    rows = (
        (
            anonymous(number),
            f"{came.per_customer[number - 1]:.2f}",
            *(f"{worths[number - 1]:.2f}" for worths in came.worths.values()),
            left[number].name.lower() if number in left else "",
        )
        for number in range(1, len(came.per_customer) + 1)
    )
    return _csv(headings, rows)


def promises(came: Result) -> bytes:
    """Each promise that fell due, and what was done about it."""
    rows = ((it.round, anonymous(it.customer), it.word.value) for it in came.conduct.promises)
    return _csv(("round", "customer", "word"), rows)


def anonymous(number: int) -> str:
    """A customer without his name."""
    return f"c{number:02d}"


def _csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table that spreadsheets open: UTF-8 with its mark, and nothing in it that they would take for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(cell: object) -> str:
    """Figures stay figures, whatever sign they begin with."""
    text = str(cell)
    try:
        float(text)
    except ValueError:
        return no_formula(text)
    return text


def book_standings_table(standings: BookStandings) -> RenderableType:
    """One row a bot: what it wins with a customer, and how it looked after books."""
    setting = standings.setting
    table = Table(
        title=(
            f"{setting.preset}: {standings.plays} books of {setting.customers}, {setting.rounds} rounds, "
            f"seeds from {setting.seed}"
        ),
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
    )
    table.add_column("bot", no_wrap=True)
    table.add_column("value of a customer", justify="right", no_wrap=True)
    for heading in ("score", "±", *(str(line) for line in Line)):
        table.add_column(heading, justify="right", no_wrap=True)
    for it in standings.bots:
        mean = fmean(it.values)
        interval = "" if it.effect.high is None else f" ± {it.effect.high - mean:,.0f}"
        table.add_row(
            it.bot,
            f"{mean:+,.0f}{interval}".replace("-", "−"),
            _percent(fmean(it.scores)),
            _percent(it.spread),
            *(_percent(it.points[str(line)]) for line in Line),
        )
    legend = (
        f"Value: {standings.currency} beside the same customers with nobody in charge, ± half its 95% interval over "
        "books. Scores in percent, ± the spread of a single play."
    )
    return Group(table, Padding(Text(legend), (1, 0, 0, 1)))


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}".rstrip("%")
