"""The page on stylised facts is made from their own table; ``make accept`` renews it."""

from __future__ import annotations

from pathlib import Path

from golden import Golden

from retainsim.exports.checks import band_of, rule
from retainsim.market.checks import FACTS, THEMES

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "stylised-facts.md"


def test_the_page_on_stylised_facts_shows_every_fact(golden: Golden) -> None:
    golden(PAGE, facts_page())


def test_it_has_every_band_source_and_measure() -> None:
    text = PAGE.read_text(encoding="utf-8")

    for fact in FACTS:
        assert all(part in text for part in (f"### `{fact.id}`", fact.sentence, fact.measured, fact.source))


def facts_page() -> str:
    lines = [
        "# Stylised facts",
        "",
        "What the field knows of customers and firms, as figures a simulated market is measured by.",
        "Made from the table of facts in `retainsim.market.checks`; [check a market](../how-to/check-a-market.md) shows how to measure them, and the [JSON of a check](market-check.schema.json) has a form of its own.",
        "",
        "Bands were set before any figure was known and are changed only with a source.",
        f"{rule()}",
        "A world is one observation; by default each draws its parameters from the preset's ranges, so intervals cover luck and what we do not know.",
        "A preset may say which facts it does not aim at, and why.",
        "",
        "*Twin worlds* have the same people and the same luck, and differ only by what is done in them or to them.",
        "*Points* are percentage points, and × says how many times.",
        "ΔBIC compares two models by how well they fit, with a charge for each parameter; below 0 the first fits better.",
        "A *shifted beta geometric* lets customers differ in how likely they are to leave, a *constant hazard* does not.",
        "",
    ]
    for theme in THEMES:
        lines += [f"## {theme.title}", ""]
        for fact in theme.facts:
            lines += [
                f"### `{fact.id}`",
                "",
                f"{fact.sentence}",
                "",
                f"- **Band:** {band_of(fact)}",
                f"- **Measured:** {fact.measured}",
                f"- **Source:** {fact.source}",
                f"- **Fails when:** {fact.breaks}"
                if fact.band is not None
                else "- **Verdict:** only reported",
                f"- **Rules of the field:** {', '.join(fact.concepts)}",
                "",
            ]
    return "\n".join(lines)
