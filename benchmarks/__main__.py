"""Print all figures: ``python -m benchmarks``."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from benchmarks.engine import measure


def main() -> None:
    """One table, side by side."""
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
    console = Console()
    console.print(table)
    small = [figure.counts for figure in figures if figure.people == figures[-1].people]
    same = len(set(small)) == 1
    console.print("The forms counted the same events." if same else f"The forms counted differently: {small}")


if __name__ == "__main__":
    main()
