"""
The page of each rule is made from the law, and the picture on it from the market; ``make accept`` renews them.

A picture is drawn again only when it may have changed: each bears a seal, which every run compares. Under
``--certify`` all of them are drawn again and must come out the same.
"""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs
import pytest
from effect_pictures import picture, seal_of, words_of
from effects import Effect, lives, measured, seal
from golden import ROOT, Golden
from law_text import RuleText, callers_of, rules
from rule_pages import PAGES, Page
from rule_texts import FIELD, HOME, MODULES, concepts_of, first_sentence, parameter_table, step_of

from retainsim.market import purposes
from retainsim.market.law import LAW
from retainsim.market.purposes import PURPOSES

RULES = ROOT / "docs" / "reference" / "rules"
DRAWN = [page for page in PAGES if page.effect is not None]
COUNTING = "arithmetic.py"
"""Where that stands which is called everywhere, and says nothing of the world."""
QUICK = ("use", "hear_probe")
"""Drawn again in every run: a rule that is varied, and one that is taken away."""
SHORT = {
    "c": "the person",
    "k": "the talk with him",
    "w": "the month",
    "p": "the parameters",
    "u": "a number of chance between 0 and 1",
    "luck": "his chance in this month",
    "deed": "what we do for him",
    "word": "what his circle says of us",
    "tally": "what is counted",
}
"""What rules call what they are given, in the order in which it is explained."""


def test_every_rule_of_the_law_stands_on_exactly_one_page() -> None:
    standing = Counter(name for page in PAGES for name in (page.rule, *page.parts))

    assert set(standing) == set(rules())
    assert set(standing.values()) == {1}


def test_every_page_shows_an_effect_or_says_why_there_is_none() -> None:
    silent = [page.rule for page in PAGES if (page.effect is None) != bool(page.plain)]

    assert silent == []
    assert [page.rule for page in PAGES if page.plain] == ["centred"]


@pytest.mark.parametrize("page", DRAWN, ids=lambda page: page.rule)
def test_what_is_varied_is_read_by_a_rule_of_the_page_or_by_who_calls_it(page: Page) -> None:
    assert page.effect is not None
    here = [page.rule, *page.parts, *callers_of(page.rule)]
    read = {name for rule in here for name in rules()[rule].parameters}

    assert page.effect.instead is not None or page.effect.parameter in read


@pytest.mark.parametrize("page", DRAWN, ids=lambda page: page.rule)
def test_no_picture_is_older_than_its_rule(page: Page, request: pytest.FixtureRequest) -> None:
    assert page.effect is not None
    file, now = RULES / f"{page.rule}.svg", seal(page.rule, page.effect)
    if request.config.getoption("--bless") and (not file.exists() or seal_of(_read(file)) != now):
        file.parent.mkdir(exist_ok=True)
        file.write_text(drawn(page.rule, page.effect), encoding="utf-8")

    assert seal_of(_read(file)) == now, "drawn from another rule or market; pytest --bless draws it again"


@pytest.mark.parametrize(
    "page",
    [pytest.param(it, id=it.rule, marks=[] if it.rule in QUICK else pytest.mark.long) for it in DRAWN],
)
def test_a_picture_drawn_again_is_the_same(page: Page) -> None:
    assert page.effect is not None

    assert _read(RULES / f"{page.rule}.svg") == drawn(page.rule, page.effect)


@pytest.mark.parametrize("page", DRAWN, ids=lambda page: page.rule)
def test_the_effect_that_is_shown_is_no_accident(page: Page) -> None:
    assert page.effect is not None
    found = re.search(r'<g data-more="([^"]+)" data-half="([^"]+)"', _read(RULES / f"{page.rule}.svg"))
    assert found is not None
    more, half = map(float, found.groups())

    assert (abs(more) > half) != bool(page.effect.open)


def test_worlds_of_a_pair_begin_alike_but_for_the_rule() -> None:
    effect = next(page.effect for page in PAGES if page.rule == "fail" and page.effect is not None)

    without, *others = lives("fail", _small(effect), seed=1)

    assert all((without.start == other.start).all() for other in others)
    assert all((without.end != other.end).any() for other in others)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.rule)
def test_each_rule_has_its_page(golden: Golden, page: Page) -> None:
    golden(RULES / f"{page.rule}.md", rule_page(page))


def test_the_index_lists_the_rules_by_the_step_of_the_month(golden: Golden) -> None:
    golden(RULES / "index.md", index_page())


def test_nothing_else_lies_beside_the_pages() -> None:
    expected = {"index.md", *(f"{it.rule}.md" for it in PAGES), *(f"{it.rule}.svg" for it in DRAWN)}

    assert {path.name for path in RULES.iterdir()} == expected


def drawn(rule: str, effect: Effect) -> str:
    """The picture of a rule's effect, from worlds lived anew."""
    return picture(rule, effect, measured(rule, effect), seal(rule, effect))


def index_page() -> str:
    """All rules, by the step of the month."""
    lines = [
        "# The rules of the market",
        "",
        "One page a rule of the law, in the order of the month: what it says, its text, its parameters, the rules of the field behind it, and a picture of its effect.",
        "Made from `src/retainsim/market/law`; [how a month goes](../../explanation/market.md) tells it as a story, the [ODD description](../market-odd.md) as a protocol, and all numbers stand in [one table](../market-parameters.md).",
        "`retainsim market run --rule` puts a function of yours in the place of any of them.",
        "",
        "In what a page says, *we* are the firm whose policy is tried, *he* is any person, and a firm's *name* is its reputation; letters and numbers like A7 are [rules of the field](../../concepts.md).",
        "",
        "A picture shows the same worlds with the rule and without it, or with a parameter of it at several values: chance is [keyed](../../explanation/luck.md), so they differ by the rule and what follows from it, and by nothing else.",
        "`make accept` draws a picture again when its rule or its market has changed, `make certify` draws all of them again and compares.",
        "",
    ]
    for step in dict.fromkeys(MODULES.values()):
        lines += [f"## {step}", ""]
        for page in PAGES:
            if step_of(page) == step:
                lines.append(_index_line(page))
        lines.append("")
    return "\n".join(lines)


def _index_line(page: Page) -> str:
    rule = rules()[page.rule]
    said = first_sentence(rule.says).rstrip(".")
    parts = f"; with {_listed(f'`{part}`' for part in page.parts)}" if page.parts else ""
    behind = f" ({' '.join(concepts_of(page))})" if concepts_of(page) else ""
    return f"- [`{page.rule}`]({page.rule}.md): {said}{behind}{parts}."


def rule_page(page: Page) -> str:
    """What a rule says, what it does, and where it comes from."""
    rule, parts = rules()[page.rule], [rules()[name] for name in page.parts]
    here = (rule, *parts)
    lines = [
        f"# `{page.rule}`",
        "",
        f"{_place(page)}. [All rules](index.md).",
        "",
        _paragraphs(rule.says),
        "",
    ]
    if page.parts and not page.plain:
        lines += ["With it stand:", "", *(f"- `{it.name}`: {first_sentence(it.says)}" for it in parts), ""]
    lines += [page.plain, ""] if page.effect is None else [*_effect(page, page.effect), ""]
    concepts = concepts_of(page)
    if concepts:
        lines += ["## The field behind it", ""]
        lines += [f"- {name}: {FIELD[name][0]}" for name in concepts]
        lines += [
            "",
            "[All rules of the field](../../concepts.md) with the code and the tests that make them true.",
            "",
        ]
    varied = [page.effect.parameter] if page.effect is not None and page.effect.parameter else []
    names = dict.fromkeys([*varied, *(name for it in here for name in it.parameters)])
    if names:
        lines += ["## Parameters", "", *parameter_table(names), ""]
    chances = dict.fromkeys(name for it in here for name in it.purposes)
    if chances:
        lines += ["## Chance", ""]
        lines += [
            f"- {PURPOSES[_purpose(name)].name}: {PURPOSES[_purpose(name)].decides}." for name in chances
        ]
        lines += ["", "Each is [a stream of its own](../purposes.md).", ""]
    lines += ["## As it is written", "", *_short_names(here)]
    for it in here:
        lines += [f"[`{it.name}`](../../../{it.path})", "", "```python", it.source.rstrip(), "```", ""]
    lines += _neighbours(page)
    return "\n".join(lines).rstrip() + "\n"


def _effect(page: Page, effect: Effect) -> Iterator[str]:
    said = words_of(_read(RULES / f"{page.rule}.svg"))
    yield f"![{effect.figure.words}, without the rule and with it]({page.rule}.svg)"
    yield ""
    yield said
    if effect.open:
        yield effect.open
    yield ""
    yield f"Drawn from {effect.worlds} worlds of [`{effect.preset}`](../market-{effect.preset}.md) with {effect.customers:,} customers over {_time(effect.months)}, each lived {_ways(effect)}."
    if effect.deed is not None:
        yield f"In all of them {effect.deed.words}."
    if effect.script:
        moves = _listed(move.kind.name.lower().replace("_", " ") for move in effect.script)
        yield f"In all of them whoever threatens hears: {moves}."
    if effect.why:
        others = ", ".join(f"`{name}` {value:g}" for name, value in effect.others.items())
        yield effect.why.rstrip(".") + (f" ({others})." if others else ".")
    band = " The shaded band is the range in which we believe the parameter." if effect.parameter else ""
    yield f"Bars, and what stands behind ±, are 95 % intervals, over worlds, of the difference from the same world without the rule.{band}"


def _ways(effect: Effect) -> str:
    if effect.parameter:
        return f"once for each value of `{effect.parameter}`, all else equal"
    return "once with the rule and once without it"


def _short_names(here: Iterable[RuleText]) -> Iterator[str]:
    """What the short names in the texts of these rules stand for."""
    given = {name for it in here for name in inspect.signature(LAW.functions[it.name]).parameters}
    told = [f"`{name}` {meaning}" for name, meaning in SHORT.items() if name in given]
    if told:
        yield f"{_listed(told)}.".replace("` ", "` is ", 1)
        yield ""


def _neighbours(page: Page) -> Iterator[str]:
    here = (page.rule, *page.parts)
    calls = dict.fromkeys(
        HOME[name] for rule in here for name in rules()[rule].calls if COUNTING not in rules()[name].path
    )
    callers = dict.fromkeys(HOME[name] for rule in here for name in callers_of(rule))
    for words, names in (("Calls", calls), ("Called by", callers)):
        others = [name for name in names if name != page.rule]
        if others and page.rule != "centred":
            yield f"{words} {_listed(f'[`{name}`]({name}.md)' for name in others)}."


def _place(page: Page) -> str:
    step = step_of(page)
    return f"Step {step}" if step[0].isdigit() else step


def _purpose(name: str) -> str:
    key = getattr(purposes, name)
    return next(it.name for it in PURPOSES.values() if it.key == key)


def _paragraphs(says: str) -> str:
    """One sentence a line, paragraphs as they are."""
    return "\n\n".join(
        re.sub(r"(?<=[.?!]) (?=[A-Z])", "\n", " ".join(it.split())) for it in says.split("\n\n")
    )


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _time(months: int) -> str:
    years, rest = divmod(months, 12)
    words = {1: "one year", 2: "two years", 3: "three years", 4: "four years"}
    return words[years] if not rest else f"{months} months"


def _small(effect: Effect) -> Effect:
    return attrs.evolve(effect, customers=30, months=6)


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""
