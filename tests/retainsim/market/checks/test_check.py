"""A check as a whole: what it measures, what it leaves out, and what it writes."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import jsonschema
import pytest
from certificates import Certificate
from certificates import Size as SampleSize

from retainsdk.errors import InputError
from retainsim.market import load_preset, preset_names
from retainsim.market.checks import FACTS, SMALL, Check, Size, Verdict, check, chosen_themes
from retainsim.market.checks.check import not_aimed_at
from retainsim.market.checks.theme import Worlds

SCHEMA = Path(__file__).parents[4] / "docs" / "reference" / "market-check.schema.json"
TINY = Size(worlds=2, customers=60)
ON_ONE_WORKER = pytest.mark.xdist_group("a small check")
"""Which lives through five worlds many times over."""


@pytest.fixture(scope="module")
def small() -> Check:
    return check(load_preset("telecom"), SMALL)


@ON_ONE_WORKER
def test_every_fact_has_a_finding(small: Check) -> None:
    assert [finding.fact for finding in small.findings] == list(FACTS)
    declined = {finding.fact.theme for finding in small.findings if finding.verdict is Verdict.NOT_AIMED_AT}
    assert set(small.pictures) == {fact.theme for fact in FACTS} - declined


@ON_ONE_WORKER
def test_what_is_written_has_the_published_form(small: Check) -> None:
    record = json.loads(small.to_json())

    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(record)
    assert record["preset"] == "telecom"
    assert len(record["facts"]) == len(FACTS)
    assert record["failed"] == sum(fact["verdict"] == "fails" for fact in record["facts"])


@ON_ONE_WORKER
def test_what_it_costs_to_win_and_to_keep_is_told_for_each_structure(small: Check) -> None:
    costs = {finding.fact.id: finding for finding in small.findings if finding.fact.theme == "costs"}
    won, kept, ratio = (costs[f"costs.{name}"] for name in ("acquiring", "keeping", "ratio"))

    assert set(won.by_structure) == {"monopoly", "duopoly", "competitive", "international"}
    assert won.by_structure["competitive"] == won.figure  # that of the market itself
    assert len({figure.value for figure in won.by_structure.values()}) == len(won.by_structure)
    for structure, figure in ratio.by_structure.items():
        quotient = won.by_structure[structure].value / kept.by_structure[structure].value
        assert figure.value == pytest.approx(quotient)


def test_the_published_form_knows_every_verdict() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))

    assert schema["$defs"]["fact"]["properties"]["verdict"]["enum"] == [str(verdict) for verdict in Verdict]


def test_figures_do_not_depend_on_threads_or_on_compiled_code() -> None:
    only = ["promises", "harm"]
    one = check(load_preset("telecom"), TINY, only=only)

    assert check(load_preset("telecom"), TINY, only=only, threads=2).to_json() == one.to_json()
    assert check(load_preset("telecom"), TINY, only=only, compiled=False).to_json() == one.to_json()


@ON_ONE_WORKER
def test_a_fact_measured_alone_comes_out_as_among_all_others(small: Check) -> None:
    (alone,) = check(load_preset("telecom"), SMALL, only=["returning.ending"]).findings

    assert alone in small.findings


def test_more_worlds_leave_the_first_ones_as_they_are() -> None:
    few, many = (Worlds(preset=load_preset("telecom"), customers=5, count=count, seed=1) for count in (2, 9))

    assert [few.market(number).seed for number in range(2)] == [
        many.market(number).seed for number in range(2)
    ]


def test_another_seed_makes_other_worlds() -> None:
    first, second = (check(load_preset("telecom"), TINY, seed=seed, only=["promises"]) for seed in (1, 2))

    assert first.findings != second.findings


def test_progress_is_told_from_the_first_life_to_the_last() -> None:
    told: list[tuple[int, int]] = []

    check(
        load_preset("telecom"),
        TINY,
        only=["hazard", "promises", "harm"],
        compiled=False,
        on_life=lambda done, total: told.append((done, total)),
    )

    assert told == [
        (done, 4) for done in range(1, 5)
    ]  # one common life and one of the experiment, two worlds


def test_what_a_preset_does_not_aim_at_is_named_with_its_reason_and_not_measured() -> None:
    lives: list[int] = []
    reasons = {"promises": "Nobody promises anything here.", "harm.sign": "One world."}
    preset = attrs.evolve(load_preset("telecom"), not_aimed_at=reasons)

    result = check(
        preset,
        TINY,
        only=["promises", "harm.sign"],
        compiled=False,
        on_life=lambda done, total: lives.append(total),  # noqa: ARG005 # as it is called
    )

    assert [finding.verdict for finding in result.findings] == [Verdict.NOT_AIMED_AT] * 3
    assert {finding.note for finding in result.findings} == {"Nobody promises anything here.", "One world."}
    assert lives == []
    assert not result.failed


def test_a_preset_that_declines_what_is_no_fact_is_told_so() -> None:
    mistaken = attrs.evolve(load_preset("telecom"), not_aimed_at={"promisses": "None here."})

    with pytest.raises(InputError, match="promisses"):
        check(mistaken, TINY, compiled=False)


@pytest.mark.parametrize("name", preset_names())
def test_shipped_presets_decline_facts_that_there_are(name: str) -> None:
    preset = load_preset(name)

    assert not_aimed_at(preset) == preset.not_aimed_at


def test_all_that_cannot_be_measured_is_said_at_once() -> None:
    with pytest.raises(InputError, match=r"worlds(.|\n)*customers"):
        Size(worlds=1, customers=0)
    with pytest.raises(InputError, match=r"hazzard(.|\n)*luck"):
        chosen_themes(["hazzard", "luck", "harm"])


FEW_WORLDS, FULL_WORLDS, FULL_CUSTOMERS = 3, 60, 2_000


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.certified(f"stylised-facts-{name}", ["src/retainsim/market"]))
        for name in preset_names()
    ],
)
def test_shipped_markets_behave_as_the_field_knows_markets_to(
    name: str, size: SampleSize, certificate: Certificate
) -> None:
    sample = Size(worlds=size(FEW_WORLDS, FULL_WORLDS), customers=size(SMALL.customers, FULL_CUSTOMERS))

    result = check(load_preset(name), sample, threads=2)

    certificate.record(
        {
            finding.fact.id: f"{finding.figure.value:.3f} ({finding.figure.low:.3f} to {finding.figure.high:.3f}), {finding.verdict}"
            for finding in result.findings
            if finding.figure is not None
        },
        seeds=[result.seed],
    )
    by_luck = size(2, 0)  # so few worlds miss one true fact in twenty on each side, and there are 26
    assert len(result.failed) <= by_luck
