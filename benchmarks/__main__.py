"""Print all figures: ``python -m benchmarks``."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from benchmarks import book, luck
from benchmarks.engine import measure


def main() -> None:
    """Three tables, each with its peers side by side."""
    console = Console()
    console.print(_book())
    console.print(luck.table())
    _engine(console)


def _book() -> Table:
    table = Table(title="The book: CPU time, for appending time on the clock")
    for heading in ("what", "how many", "a second", "took", "share of the first"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for theme, figures in (
        ("fold", book.folding()),
        ("append, one a commit", book.appending()),
        ("", book.reading()),
    ):
        for figure in figures:
            table.add_row(
                f"{theme}: {figure.name}" if theme else figure.name,
                f"{figure.count:,}",
                f"{figure.per_second:,.0f}",
                f"{figure.seconds:,.3f} s" if figure.seconds >= 1 else f"{1_000 * figure.seconds:,.2f} ms",
                f"{figure.per_second / figures[0].per_second:.0%}" if theme else "",
            )
        table.add_section()
    return table


def _engine(console: Console) -> None:
    figures = measure()
    slowest = min(figure.per_second for figure in figures)
    table = Table(title="Customer-months per CPU second and peak bytes a person, same rules, one thread")
    for heading in (
        "form",
        "people",
        "months/CPU s",
        "times",
        "bytes each",
    ):
        table.add_column(heading, justify="left" if heading == "form" else "right")
    for figure in figures:
        table.add_row(
            figure.name,
            f"{figure.people:,}",
            f"{figure.per_second:,.0f}",
            f"{figure.per_second / slowest:,.0f}",
            f"{figure.bytes_each:,.0f}",
        )
    console.print(table)
    small = [figure.counts for figure in figures if figure.people == figures[-1].people]
    same = len(set(small)) == 1
    console.print("The forms counted the same events." if same else f"The forms counted differently: {small}")


if __name__ == "__main__":
    main()
