"""The table of odds as people read it: in the terminal, and as a page of the documentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from retainsdk.view import Reason
from retainsim.training.odds import ANSWERS, BAND, LEVEL, Cell, Odds

REASONS: Mapping[Reason, str] = {
    Reason.NEED_ENDED: "no real need, for good",
    Reason.LIFE_EVENT: "a life event, for a while",
    Reason.CHEAPER_COMPETITOR: "a competitor is cheaper",
    Reason.BETTER_COMPETITOR: "a competitor is better",
    Reason.NOT_WORTH_COST: "not worth its cost",
}
"""What is hidden, as the table says it."""
_OUT = "bold red"


def odds_table(odds: Odds) -> RenderableType:
    """The share that stays a year, with what is wanted below; then what is wanted besides, and what fails."""
    table = Table(
        title=f"{odds.preset}@{odds.version}: still ours after a year, {odds.size.plays:,} plays a cell (wanted)",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
    )
    table.add_column("hidden reason", no_wrap=True)
    for answer in ANSWERS:
        table.add_column(answer.title, justify="right")
    for line in odds.lines:
        table.add_row(REASONS[line.reason], *map(_cell, line.cells))
    besides = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for name in ("wanted besides", "figure", "band"):
        besides.add_column(name, justify="left" if name == "wanted besides" else "right")
    for size in odds.sizes:
        besides.add_row(
            size.sentence,
            Text(f"{size.figure:.3f}", style="" if size.holds else _OUT),
            f"{size.band[0]:g} to {size.band[1]:g}",
        )
    return Group(
        table,
        besides,
        *(Padding(Text(sentence), (0, 0, 0, 1)) for sentence in _sentences(odds)),
    )


def _cell(cell: Cell) -> Text:
    half = (cell.stays.high - cell.stays.low) / 2
    told = f"{cell.stays.figure:.3f} ± {half:.3f}\n({cell.wanted:.2f})"
    return Text(told, style="" if cell.holds else _OUT)


def _sentences(odds: Odds) -> Iterator[str]:
    for line in odds.lines:
        for order in line.orders:
            if order.verdict != "holds":
                told = f"{_titles[order.better]} above {_titles[order.worse]}"
                yield f"{REASONS[line.reason]}: {told}: {order.verdict} ({order.by.figure:+.3f})."
    yield "Back within two years, of those whom the talk alone did not keep: let go well, or simply gone."
    for it in odds.returns:
        yield f"  {REASONS[it.reason]}: {it.released:.3f}, {it.others:.3f}"
    failed = "Everything is as wanted." if odds.failed == 0 else f"{odds.failed} fail."
    yield (
        f"{failed} A cell holds within {BAND} of what is wanted; ± is half the {LEVEL:.0%} interval over customers."
    )


_titles = {answer.id: answer.title for answer in ANSWERS}


def odds_in_markdown(record: Mapping[str, Any]) -> str:
    """The same table for a page, from the JSON of a check."""
    head = ["hidden reason", *(answer.title for answer in ANSWERS)]
    lines = [_row(head), _row(["---", *["---:"] * len(ANSWERS)])]
    for line in record["reasons"]:
        told = [f"{cell['stays']['figure']:.3f} ({cell['wanted']:.2f})" for cell in line["cells"]]
        lines.append(_row([REASONS[Reason[line["reason"].upper()]], *told]))
    lines += ["", _row(["wanted besides", "figure", "band"]), _row(["---", "---:", "---"])]
    lines += [
        _row([it["sentence"], f"{it['figure']:.3f}", f"{it['band'][0]:g} to {it['band'][1]:g}"])
        for it in record["sizes"]
    ]
    lines += [
        "",
        _row(["back within two years", "let go well", "simply gone"]),
        _row(["---", "---:", "---:"]),
    ]
    lines += [
        _row([REASONS[Reason[it["reason"].upper()]], f"{it['released']:.3f}", f"{it['others']:.3f}"])
        for it in record["returns"]
    ]
    return "\n".join(lines) + "\n"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
