"""Print all figures: ``python -m benchmarks``."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from benchmarks import against_c, aims, book, luck, rounds
from benchmarks.engine import Figure, Grown, grown, growth, measure, times_mesa


def main() -> None:
    """Tables, each with its peers side by side; last the aims of the market."""
    console = Console()
    console.print(_book())
    console.print(luck.table())
    console.print(_rounds(rounds.measure()))
    figures = measure()
    _engine(console, figures)
    beside = against_c.measure()
    console.print(_beside_c(beside))
    sizes, laptop, start = growth(), grown(10_000_000, 60), aims.first_month()
    console.print(_growth([*sizes, laptop]))
    console.print(_aims(aims.aims(figures, times_mesa(), beside, sizes, laptop, start)))


def _aims(lines: Sequence[aims.Aim]) -> Table:
    table = Table(title="What the market is to reach")
    for heading in ("what", "measured", "aim", ""):
        table.add_column(heading, justify="right" if heading in ("measured", "aim") else "left")
    for it in lines:
        table.add_row(it.what, it.figure, it.aim, "reached" if it.met else "MISSED")
    return table


def _rounds(found: rounds.Played) -> Table:
    table = Table(title="Rounds of a book of customers; less than a minute on the clock is the aim")
    for heading in ("what", "took"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for row in rounds.rows(found):
        table.add_row(*row)
    return table


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


def _engine(console: Console, figures: Sequence[Figure]) -> None:
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


def _beside_c(kernels: Sequence[against_c.Beside]) -> Table:
    table = Table(title="Nanoseconds of CPU time a person, beside C -O3 on the same rows")
    for heading in ("kernel", "ours", "C", "speed of C", "bits"):
        table.add_column(heading, justify="left" if heading in ("kernel", "bits") else "right")
    for it in kernels:
        bits = "equal" if it.same else "NOT EQUAL"
        table.add_row(it.name, f"{it.ours:,.1f}", f"{it.c:,.1f}", f"{it.c / it.ours:.0%}", bits)
    return table


def _growth(runs: Sequence[Grown]) -> Table:
    table = Table(title="Whole runs under none on two threads, each in a process of its own")
    for heading in ("people", "months", "on the clock", "CPU", "months/CPU s", "peak memory"):
        table.add_column(heading, justify="right")
    for it in runs:
        table.add_row(
            f"{it.people:,}",
            f"{it.months}",
            f"{it.seconds:,.1f} s",
            f"{it.cpu_seconds:,.1f} s",
            f"{it.people * it.months / it.cpu_seconds:,.0f}",
            f"{it.peak_bytes / 1e6:,.0f} MB",
        )
    return table


if __name__ == "__main__":
    main()
