"""The page on competitors is made from the strategies and structures themselves; ``make accept`` renews it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from pathlib import Path

import attrs
from golden import Golden

from retainsim.market import load_preset
from retainsim.market.competitors import MOST_COMPETITORS, STRUCTURES, in_structure, strategy_of, title
from retainsim.market.competitors.strategy import BEST_QUALITY, LONGEST_LOCK

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "competitors.md"
SHIPPED = ("static", "promotion", "matching", "poaching", "quality", "entrant")


def test_the_page_on_competitors_shows_every_strategy_and_structure(golden: Golden) -> None:
    golden(PAGE, competitors_page())


def test_every_parameter_of_a_strategy_is_explained() -> None:
    for name in SHIPPED:
        school: type = type(strategy_of(name))
        assert sorted(_explained(school)) == sorted(field.name for field in attrs.fields(school))


def competitors_page() -> str:
    """Strategies with their parameters, the ranges of terms, structures with what they make of a preset."""
    return "\n".join(
        [
            "# Competitors",
            "",
            "Made from `src/retainsim/market/competitors`.",
            "Once a month each competitor sets its terms, from what a firm could know at the end of last month; ours keeps its list price.",
            "[How to write another strategy](../how-to/write-a-competitor.md) is shown there.",
            "",
            "## Strategies",
            "",
            "Named in a preset as they stand here, with other parameters in parentheses: `poaching(cut=0.2, lock_months=36)`.",
            "Installed packages offer more by entry points of the group `retainsim.strategies`, and a file of yours by `path/to/file.py:Name`.",
            "",
            *_table(("strategy", "what it does"), ((f"`{name}`", _story(name)) for name in SHIPPED)),
            "",
            "```pycon",
            ">>> from retainsim.market.competitors import strategy_of",
            '>>> strategy_of("poaching(cut=0.2)").cut',
            "0.2",
            "",
            "```",
            "",
            *(line for name in SHIPPED for line in _parameters(name)),
            "## Terms",
            "",
            *_table(
                ("term", "range", "meaning"),
                (
                    ("`price`", "above 0", "1 is our list price; what newcomers look at"),
                    ("`awareness`", "0 to 1", "share of people who hear of the offer; 0 is not on the market"),
                    ("`lock_months`", f"0 to {LONGEST_LOCK}", "how long newcomers of that month are bound"),
                    ("`quality`", f"{-BEST_QUALITY:g} to {BEST_QUALITY:g}", "of the service; 0 is usual"),
                ),
            ),
            "",
            f"There are {MOST_COMPETITORS} competitors at most: whom a person has heard of is read from the digits of one number, ten binary digits a firm, and such a number has 53.",
            "",
            "## Structures",
            "",
            "The firms of any preset can be turned into each of these; a preset may also state the firms of a structure itself.",
            "",
            *_table(("structure", "who competes"), ((f"`{name}`", _first(make.__doc__)) for name, make in STRUCTURES.items())),
            "",
            "The preset `telecom` in each of them, share and strategy in parentheses:",
            "",
            *_table(("structure", "firms"), ((f"`{name}`", _firms(name)) for name in STRUCTURES)),
            "",
            "```pycon",
            ">>> import attrs",
            ">>> from retainsim.market import load_preset",
            ">>> from retainsim.market.competitors import in_structure",
            '>>> telecom = load_preset("telecom")',
            '>>> alone = attrs.evolve(telecom, firms=in_structure(telecom.firms, "monopoly"))',
            ">>> [(firm.name, round(firm.share, 2)) for firm in alone.firms]",
            "[('Ours', 0.92)]",
            "",
            "```",
            "",
            "## Reputation",
            "",
            "What the market expects of a firm moves a twelfth of the way, each month, to how its customers fare: half the quality it gives, half the satisfaction of its people, both against what is usual.",
            "So a bad year is still told of in the year after, and one good month mends little.",
            "",
        ]
    )  # fmt: skip


def _story(name: str) -> str:
    return _first(type(strategy_of(name)).__doc__)


def _first(text: str | None) -> str:
    """All before what is listed, in one line."""
    told = inspect.cleandoc(text or "").partition("\nAttributes:")[0]
    return " ".join(told.split())


def _parameters(name: str) -> list[str]:
    school: type = type(strategy_of(name))
    if not attrs.fields(school):
        return []
    explained = _explained(school)
    rows = (
        (f"`{field.name}`", f"{field.default:.3g}", explained[field.name]) for field in attrs.fields(school)
    )
    return [f"### `{name}`", "", *_table(("parameter", "as it ships", "meaning"), rows), ""]


def _explained(school: type) -> dict[str, str]:
    listed = inspect.cleandoc(school.__doc__ or "").partition("Attributes:\n")[2]
    entries = re.split(r"^    (\w+): ", listed, flags=re.MULTILINE)[1:]
    return {name: " ".join(text.split()) for name, text in zip(entries[::2], entries[1::2], strict=True)}


def _firms(structure: str) -> str:
    firms = in_structure(load_preset("telecom").firms, structure)
    return ", ".join(
        f"{firm.name} ({firm.share:.0%}{', ' + title(firm.strategy) if place else ''})"
        for place, firm in enumerate(firms)
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows)]
