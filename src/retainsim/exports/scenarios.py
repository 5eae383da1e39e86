"""Scenarios as people and programs read them: what ships, one of them whole, and what is wrong with a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs
import jinja2
from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from retainsim.exports.findings import counted, finding
from retainsim.market.preset import load_preset
from retainsim.training.lines import Language
from retainsim.training.scenario import (
    LANGUAGES,
    Examined,
    Guide,
    Scenario,
    guide,
    load_scenario,
    scenario_names,
)
from retainsim.training.scenario.guide import Part
from retainsim.training.scenario.words import Wording, words

SCHEMA_VERSION = 1


def scenarios_record() -> dict[str, Any]:
    """The scenarios that ship, for programs."""
    return {
        "schema_version": SCHEMA_VERSION,
        "scenarios": [_head(load_scenario(name)) for name in scenario_names()],
    }


def scenario_record(scenario: Scenario) -> dict[str, Any]:
    """A scenario whole, for programs; its guide too, when it ships."""
    guides = guides_to(scenario)
    return {
        "schema_version": SCHEMA_VERSION,
        **_head(scenario),
        "brief": dict(scenario.brief),
        "past": scenario.past,
        "reasons": {reason.name.lower(): weight for reason, weight in scenario.reasons.items()},
        "card": {name: list(bounds) for name, bounds in scenario.card.items()},
        "truth": {name: list(bounds) for name, bounds in scenario.truth.items()},
        "authority": attrs.asdict(scenario.authority),
        "bluff": scenario.bluff,
        "colleague": None if scenario.colleague is None else attrs.asdict(scenario.colleague),
        "guide": {language: it.text for language, it in guides.items()} or None,
    }


def _head(scenario: Scenario) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "version": scenario.version,
        "title": dict(scenario.title),
        "aim": dict(scenario.aim),
        "preset": scenario.preset,
        "situation": scenario.situation.value,
        "concepts": list(scenario.concepts),
        "minutes": scenario.minutes,
        "digest": scenario.digest,
    }


def guides_to(scenario: Scenario) -> dict[str, Guide]:
    """Its facilitator's guide in every language; none to a scenario of one's own."""
    name = scenario.name
    if name not in scenario_names() or load_scenario(name).digest != scenario.digest:
        return {}
    return {language: guide(name, language) for language in LANGUAGES}


def started_record(scenario: Scenario, *, file: str, like: str) -> dict[str, Any]:
    """A file begun, for programs."""
    return {
        "schema_version": SCHEMA_VERSION,
        "file": file,
        "like": like,
        "name": scenario.name,
        "digest": scenario.digest,
    }


def examined_record(files: Sequence[tuple[str, Examined]]) -> dict[str, Any]:
    """What was found in files, for programs."""
    return {
        "schema_version": SCHEMA_VERSION,
        "files": [
            {
                "file": file,
                "clean": it.scenario is not None,
                "faults": [finding(fault) for fault in it.faults],
            }
            for file, it in files
        ],
    }


def examined_lines(file: str, examined: Examined) -> Iterator[str]:
    """What was found in a file, for people."""
    if examined.scenario is not None:
        yield f"{file}: the scenario {examined.scenario.name}, nothing to mend"
        return
    yield f"{file}: {counted(examined.faults, 'fault')}"
    yield from (f"  {fault}" for fault in examined.faults)


def scenarios_table(language: str) -> Table:
    """The scenarios that ship, one row each."""
    part = words(language)["part"]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("scenario", "title", "minutes", "market"):
        table.add_column(part[column], no_wrap=column == "scenario")
    for name in scenario_names():
        it = load_scenario(name)
        table.add_row(name, Text(it.title[language]), str(it.minutes), it.preset)
    return table


def scenario_page(scenario: Scenario, language: str, *, with_guide: bool) -> Group:
    """A scenario whole, for people; the guide after it, when there is one."""
    told = list(_sections(scenario, language))
    if with_guide:
        part, led = words(language)["part"], guides_to(scenario).get(language)
        told += [(part["guide"], [part["no_guide"]] if led is None else [])]
        told += [] if led is None else list(_parts(led))
    return Group(*(it for heading, lines in told for it in _section(heading, lines)))


def _section(heading: str, lines: Sequence[str]) -> Iterator[RenderableType]:
    yield Text(heading[0].upper() + heading[1:], style="bold")
    yield Padding(Text("\n".join(lines)), (0, 0, 1 if lines else 0, 2), expand=False)


def _sections(scenario: Scenario, language: str) -> Iterator[tuple[str, list[str]]]:
    """What is to be told of a scenario, each with its heading."""
    said = words(language)
    part, market = said["part"], load_preset(scenario.preset)
    title = market.title_he if language == "he" else market.title
    yield (
        scenario.title[language],
        [f"{scenario.name}@{scenario.version}", f"{part['minutes']}: {scenario.minutes}"],
    )
    yield part["aim"], scenario.aim[language].split("\n")
    yield part["brief"], scenario.brief[language].split("\n")
    yield part["market"], [f"{title or market.title} ({scenario.preset})"]
    yield part["situation"], [said["situation"][scenario.situation]]
    yield part["past"], [f"{said['past'][scenario.past]} ({scenario.past})"]
    yield part["reasons"], _shares(scenario, said)
    for name, bounds in (("card", scenario.card), ("truth", scenario.truth)):
        told = [f"{column}: {_span(low, high, said)}" for column, (low, high) in bounds.items()]
        yield part[name], told or [part["anybody"]]
    allowed = {
        "discount": f"{scenario.authority.discount:.0%}",
        "months": str(scenario.authority.months),
        "days": str(scenario.authority.days),
    }
    if scenario.authority.once:
        allowed["once"] = f"{scenario.authority.once:.0%}"
    yield part["authority"], [f"{said['authority'][name]}: {limit}" for name, limit in allowed.items()]
    if scenario.bluff:
        yield part["bluff"], [f"{scenario.bluff:.0%}"]
    if (told_before := scenario.colleague) is not None:
        share = f"{told_before.discount:.0%}"
        yield part["colleague"], [part["promised"].format(share=share, months=told_before.months)]
    yield part["concepts"], [", ".join(scenario.concepts)]
    yield part["digest"], [scenario.digest]


def _shares(scenario: Scenario, said: Wording) -> list[str]:
    total = sum(scenario.reasons.values())
    ordered = sorted(scenario.reasons.items(), key=lambda it: -it[1])
    shares = [f"{said['reason'][reason.name.lower()]}: {weight / total:.0%}" for reason, weight in ordered]
    return shares or [said["part"]["any_reason"]]


def _span(low: float, high: float, said: Wording) -> str:
    return said["part"]["from_to"].format(low=_figure(low), high=_figure(high))


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"


def _parts(led: Guide) -> Iterator[tuple[str, list[str]]]:
    """What a guide tells, each part with its heading."""
    heading = words(led.language)["guide"]
    yield heading[Part.AIM], [led.aim]
    yield heading[Part.TIME], [led.time]
    yield heading[Part.AUDIENCE], [led.audience]
    yield heading[Part.WATCH], [f"– {line}" for line in led.watch]
    numbered = enumerate(led.questions, start=1)
    yield heading[Part.QUESTIONS], [f"{number}. {line}" for number, line in numbered]
    title = load_scenario(led.analogous).title[led.language]
    yield heading[Part.ANALOGOUS], [f"{title} ({led.analogous}). {led.why}"]
    yield heading[Part.CONCEPTS], [", ".join(led.concepts)]


def scenario_sheet(scenario: Scenario, language: str) -> str:
    """The same on a page to print, in HTML that fetches nothing: the scenario, then its guide when it ships."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("retainsim.exports"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    led = guides_to(scenario).get(language)
    return environment.get_template("scenario.html").render(
        language=language,
        direction=Language(language).direction.value,
        title=scenario.title[language],
        name=scenario.name,
        sections=list(_sections(scenario, language))[1:],
        scenario=words(language)["part"]["scenario"],
        guide=words(language)["part"]["guide"],
        parts=[] if led is None else list(_parts(led)),
    )
