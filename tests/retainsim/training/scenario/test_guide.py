"""Guides for facilitators: one page for each scenario in each language."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from retainsim.training.scenario import (
    LANGUAGES,
    UnknownScenarioError,
    guide,
    load_scenario,
    scenario_names,
)
from retainsim.training.scenario.guide import Part, read_guide
from retainsim.training.scenario.words import words

HEBREW = re.compile("[\u05d0-\u05ea]")
SLASHED = re.compile("[\u05d0-\u05ea]/[\u05d0-\u05ea]")
EACH = [(name, language) for name in scenario_names() for language in LANGUAGES]


@pytest.mark.parametrize(("name", "language"), EACH)
def test_a_guide_is_whole_and_tells_of_its_scenario(name: str, language: str) -> None:
    scenario, page = load_scenario(name), guide(name, language)

    assert page.title == scenario.title[language]
    assert page.concepts == scenario.concepts
    assert page.time.startswith(f"{scenario.minutes} ")
    assert len(page.questions) == 3
    assert len(page.watch) >= 3
    assert min(map(len, (page.aim, page.audience, page.why))) > 30


@pytest.mark.parametrize(("name", "language"), EACH)
def test_the_analogous_case_is_another_scenario_that_ships(name: str, language: str) -> None:
    page = guide(name, language)

    assert page.analogous in set(scenario_names()) - {name}
    assert page.analogous == guide(name, "en").analogous


@pytest.mark.parametrize(("name", "language"), EACH)
def test_a_guide_speaks_one_language_calmly(name: str, language: str) -> None:
    page = guide(name, language)

    assert "!" not in page.text
    assert not SLASHED.search(page.text)
    assert bool(HEBREW.search(page.text)) is (language == "he")


def test_each_language_heads_every_part() -> None:
    assert {language: tuple(words(language)["guide"]) for language in LANGUAGES} == dict.fromkeys(
        LANGUAGES, tuple(Part)
    )


def test_no_guide_is_without_a_scenario() -> None:
    pages = {it.name for it in (resources.files("retainsim.training") / "guides").iterdir()}

    assert pages == {f"{name}.{language}.md" for name, language in EACH}


def test_an_unknown_guide_gets_the_nearest_name_and_an_unknown_language_those_there_are() -> None:
    with pytest.raises(UnknownScenarioError, match="no_need"):
        guide("no_ned", "en")
    with pytest.raises(ValueError, match="en, he"):
        guide("no_need", "fr")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("## Time", "## Duration", "Duration"),
        ("`stopped_coming`: ", "Elsewhere, ", "must begin with a scenario"),
    ],
)
def test_a_page_that_is_no_guide_says_what_is_wrong(old: str, new: str, told: str) -> None:
    text = guide("no_need", "en").text.replace(old, new)

    with pytest.raises(ValueError, match=told):
        read_guide(text, name="no_need", language="en")
