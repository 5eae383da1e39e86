"""What it costs to win customers."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from retainsdk.book import Book
from retainsdk.quantities import Money, total
from retainsdk.testing import a_book, at
from retainsdk.vocabulary import Kind, Stage

SPRING: dict[str, Any] = {
    "purpose": "acquisition", "starts_on": date(2026, 3, 1), "ends_on": date(2026, 4, 1), "actor": "dana",
}  # fmt: skip


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def newcomer(book: Book, **came: Any) -> int:
    customer = book.register_customer(kind=Kind.PERSON, name="x", occurred_at=at(1), actor="dana")
    return book.open_relationship(customer, occurred_at=at(1), actor="dana", **came)


stages = st.sampled_from([Stage.PROSPECT, Stage.ONBOARDING, Stage.ACTIVE])
campaigns = st.dictionaries(
    st.sampled_from("abcd"),
    st.tuples(st.sampled_from(["homes", "shops", ""]), st.integers(0, 900)),
    max_size=4,
)


@given(campaigns, st.lists(st.tuples(st.sampled_from(["", *"abcd"]), stages), max_size=8))
def test_the_cost_of_winning_is_spent_over_won_and_the_lines_add_up_to_the_total(
    run: dict[str, tuple[str, int]], came: list[tuple[str, Stage]]
) -> None:
    book = a_book()
    for name, (segment, cost) in run.items():
        book.run_campaign(name, segment=segment, cost=eur(cost), **SPRING)
    by = [(name, stage) for name, stage in came if name in run]
    for name, stage in by:
        newcomer(book, campaign=name, stage=stage)

    reports = {cut: book.report("acquisition", by=cut) for cut in ("campaign", "segment")}

    lines: dict[Any, Any] = {line["campaign"]: line for line in reports["campaign"].records()}
    assert set(lines) == set(run)
    for name, line in lines.items():
        won = sum(campaign == name and stage is not Stage.PROSPECT for campaign, stage in by)
        cost = run[name][1]
        assert (line["spent"], line["came"], line["won"]) == (
            eur(cost),
            [it for it, _ in by].count(name),
            won,
        )
        assert line["cost to win one"] == (Money(eur(cost).amount / won, "EUR").rounded() if won else None)
    segments = {segment or None for segment, _ in run.values()}
    assert set(reports["segment"].column("segment")) == segments  # that of which nothing is said too
    for report in reports.values():
        spent: list[Any] = report.column("spent")
        assert total(spent, "EUR") == report.total_of("spent") == eur(sum(cost for _, cost in run.values()))
        assert report.total_of("came") == len(by)
