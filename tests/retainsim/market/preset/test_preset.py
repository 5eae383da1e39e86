"""Presets: every number with its range, status and source, and every number used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import attrs
import numpy as np
import pytest
from golden import Golden
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.policies import get
from retainsim import market
from retainsim.market import Market, load_preset, preset_names, run
from retainsim.market.competitors import STRUCTURES, UnknownStructureError, in_structure
from retainsim.market.preset import Preset, versions_of
from retainsim.market.preset.form import STEPS, UNITS

MARKET = Path(market.__file__).parent
NAMES = preset_names()
SHIPPED = [f"{name}@{version}" for name in NAMES for version in versions_of(name)]
YEARLY = {
    "telecom": (20, 45),
    "insurance": (7, 12),
    "bank_card": (7, 12),
    "gym": (30, 50),
    "health_fund": (2, 5),
    "pet_shop": (20, 40),
    "restaurant": (30, 55),
    "saas": (8, 16),
}
"""Percent of customers who leave within a year when nothing is done, as industries report."""


@pytest.mark.parametrize("reference", SHIPPED)
def test_a_preset_states_range_status_and_meaning_of_every_parameter_and_a_source_where_it_claims_one(
    reference: str,
) -> None:
    for it in load_preset(reference).parameters.values():
        is_off = it.low == it.value == it.high == 0  # a rule this market does not have
        assert is_off or UNITS[it.unit].low <= it.low < it.value < it.high <= UNITS[it.unit].high
        assert it.status in {"measured", "published", "assumed"}
        assert it.step in STEPS
        assert it.meaning
        assert it.source or it.status == "assumed"


def test_the_figures_of_a_released_version_never_change(golden: Golden) -> None:
    golden("preset-digests.txt", "".join(f"{it} {load_preset(it).digest}\n" for it in SHIPPED))


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_has_an_effect_and_every_parameter_used_is_in_the_preset(name: str) -> None:
    preset = load_preset(name)
    used = set(_used())

    stated = preset.parameters.keys() | preset.settings.keys()

    assert used - stated == set()
    assert stated - used == set()


def _used() -> Iterator[str]:
    for path in MARKET.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        yield from re.findall(r"\bp\.([a-z_]+)", source)
        yield from re.findall(r"\bvalues\[\"([a-z_]+)\"\]", source)


@pytest.mark.parametrize("name", NAMES)
def test_as_many_leave_in_a_year_as_the_industry_reports(name: str) -> None:
    low, high = YEARLY[name]
    ours = Market.draw(load_preset(name), customers=1_000, seed=1, parameters="fixed")

    history = run(ours, get("none"), months=12, residual_months=0)

    left = 100 * (1 - history.cohort[-1].sum() / history.cohort[0].sum())
    error = 5 * np.sqrt(left * (100 - left) / 1_000)
    assert low - error <= left <= high + error


@pytest.mark.parametrize("name", NAMES)
def test_newcomers_come_on_the_contracts_that_are_offered(name: str) -> None:
    preset = load_preset(name)
    offered = {code for code, share in enumerate(preset.customers["newcomers"]) if share > 0}
    ours = Market.draw(preset, customers=300, seed=2, parameters="fixed")

    run(ours, get("none"), months=6, residual_months=0)

    people = ours.people
    newcomers = people[(people["firm"] == 0) & (people["tenure"] < 6)]
    assert set(newcomers["contract"].tolist()) <= offered


def test_fixed_takes_the_values_as_they_stand() -> None:
    telecom = load_preset("telecom")

    rules = telecom.drawn(5, "fixed")

    assert rules.values == {name: it.value for name, it in telecom.parameters.items()} | telecom.settings


@given(seed=st.integers(0, 10_000))
def test_drawn_takes_its_own_values_from_the_ranges(seed: int) -> None:
    telecom = load_preset("telecom")

    rules, same, other = (telecom.drawn(it, "drawn") for it in (seed, seed, seed + 1))

    assert rules.values.keys() == telecom.parameters.keys() | telecom.settings.keys()
    for name, it in telecom.parameters.items():
        assert it.low <= rules.values[name] <= it.high
        assert rules.values[name] != other.values[name] or it.low == it.high
    assert rules == same


def test_one_more_parameter_changes_the_draw_of_no_other() -> None:
    telecom = load_preset("telecom")
    fewer = attrs_without(telecom, "trigger")

    rules, others = telecom.drawn(3, "drawn"), fewer.drawn(3, "drawn")

    assert rules.values.items() > others.values.items()


def attrs_without(preset: Preset, name: str) -> Preset:
    """The same preset without one parameter."""
    rest = {key: it for key, it in preset.parameters.items() if key != name}
    return attrs.evolve(preset, parameters=rest)


def test_draws_fill_the_ranges_and_parameters_are_drawn_apart() -> None:
    telecom, worlds = load_preset("telecom"), 300
    shares = np.array([
        [
            (drawn[name] - it.low) / (it.high - it.low)
            for name, it in telecom.parameters.items()
            if it.low < it.high
        ]
        for drawn in (telecom.drawn(seed, "drawn").values for seed in range(worlds))
    ])  # fmt: skip

    assert np.abs(shares.mean(axis=0) - 0.5).max() < 5 * np.sqrt(1 / 12 / worlds)
    assert np.abs(np.corrcoef(shares.T) - np.eye(shares.shape[1])).max() < 5.5 / np.sqrt(worlds)


def test_rules_read_the_same_in_plain_python_and_compiled() -> None:
    rules = load_preset("telecom").drawn(1, "drawn")

    plain, record = rules.plain(), rules.record()[0]

    assert isinstance(plain, SimpleNamespace)
    assert vars(plain) == rules.values == {name: record[name] for name in record.dtype.names}
    assert all(isinstance(value, float) for value in rules.values.values())


def test_a_market_has_the_firms_of_a_structure_it_states_and_else_what_they_become_in_it() -> None:
    telecom = load_preset("telecom")
    stated = attrs.evolve(telecom, structures={"duopoly": telecom.firms[:2]})

    assert stated.in_structure("duopoly").firms == telecom.firms[:2]
    assert stated.in_structure("monopoly").firms == in_structure(telecom.firms, "monopoly")
    assert stated.in_structure("competitive") == stated
    assert stated.in_structure("duopoly").in_structure("competitive").firms == telecom.firms
    assert len({stated.in_structure(name).digest for name in STRUCTURES}) == len(STRUCTURES)
    with pytest.raises(UnknownStructureError, match="Did you mean 'duopoly'"):
        stated.in_structure("duopole")


@pytest.mark.parametrize("structure", STRUCTURES)
@pytest.mark.parametrize("name", NAMES)
def test_every_market_runs_in_every_structure(name: str, structure: str) -> None:
    preset = load_preset(name).in_structure(structure)
    market = Market.draw(preset, customers=10, seed=1)

    history = run(market, get("none"), months=2, compiled=False, residual_months=0)

    assert history.firms == tuple(firm.name for firm in preset.firms)
