"""Presets: every number with its range, status and source, every number used, every fault named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.errors import InputError
from retainsim.market import load_preset, preset, preset_names
from retainsim.market.preset import UnknownPresetError, read_preset

MARKET = Path(preset.__file__).parent
TELECOM = (resources.files("retainsim.market") / "presets" / "telecom.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_states_range_status_and_meaning_of_every_parameter_and_a_source_where_it_claims_one(
    name: str,
) -> None:
    for it in load_preset(name).parameters.values():
        assert it.low < it.high
        assert it.low <= it.value <= it.high
        assert it.status in {"measured", "published", "assumed"}
        assert it.meaning
        assert it.source or it.status == "assumed"


@pytest.mark.parametrize("name", preset_names())
def test_every_parameter_has_an_effect_and_every_parameter_used_is_in_the_preset(name: str) -> None:
    used = set(_used())

    stated = load_preset(name).parameters.keys()

    assert used - stated == set()
    assert stated - used == set()


def _used() -> Iterator[str]:
    for path in MARKET.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        yield from re.findall(r"\bp\.([a-z_]+)", source)
        yield from re.findall(r"\bvalues\[\"([a-z_]+)\"\]", source)


def test_fixed_takes_the_values_as_they_stand() -> None:
    telecom = load_preset("telecom")

    rules = telecom.drawn(5, "fixed")

    assert rules.values == {name: it.value for name, it in telecom.parameters.items()}


@given(seed=st.integers(0, 10_000))
def test_drawn_takes_its_own_values_from_the_ranges(seed: int) -> None:
    telecom = load_preset("telecom")

    rules, same, other = (telecom.drawn(it, "drawn") for it in (seed, seed, seed + 1))

    assert rules.values.keys() == telecom.parameters.keys()
    for name, value in rules.values.items():
        assert telecom.parameters[name].low <= value <= telecom.parameters[name].high
    assert rules == same
    assert all(rules.values[name] != other.values[name] for name in rules.values)


def test_draws_fill_the_ranges_and_parameters_are_drawn_apart() -> None:
    telecom, worlds = load_preset("telecom"), 300
    shares = np.array([
        [(drawn[name] - it.low) / (it.high - it.low) for name, it in telecom.parameters.items()]
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


def test_a_preset_is_known_by_its_content() -> None:
    same, other = read_preset(TELECOM), read_preset(TELECOM.replace("value = 0.005", "value = 0.006"))

    assert same.digest == load_preset("telecom").digest != other.digest
    assert (same.name, same.currency, same.firms[0].name) == ("telecom", "USD", "Ours")
    assert [firm.strategy for firm in same.firms] == ["ours", "static", "promotion", "matching"]


def test_an_unknown_preset_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(UnknownPresetError, match="Did you mean 'telecom'") as refused:
        load_preset("telecon")

    assert refused.value.known == preset_names()


FAULTS = {
    "parameters.life_rate": ("life_rate = { value = 0.005", "life_rate = { value = 0.5"),
    "parameters.failure_hit.source": (', source = "Halperin, Ho, List & Muir 2022: later spending falls 5-10 % after one failure"', ""),
    "parameters.life_ends.status": ('high = 0.25, status = "assumed"', 'high = 0.25, status = "guessed"'),
    "parameters.need_drift": ("low = 0.01, high = 0.03, ", "low = 0.01, "),
    "firms.strategies[1]": ('["ours", "static"', '["ours", "statik"'),
    "firms.prices[2]": ("0.98, 1.0]", "-0.98, 1.0]"),
    "firms.awareness[3]": ("0.65, 0.5]", "0.65, 1.5]"),
    "firms.lock_months[1]": ("[0, 24,", "[0, -24,"),
    "firms.shares": ("[0.34,", "[0.64,"),
}  # fmt: skip


@pytest.mark.parametrize("place", FAULTS)
def test_a_fault_is_named_with_its_place(place: str) -> None:
    right, wrong = FAULTS[place]
    assert right in TELECOM

    with pytest.raises(InputError) as refused:
        read_preset(TELECOM.replace(right, wrong, 1))

    assert [fault.place for fault in refused.value.faults] == [place]


def test_all_faults_are_named_at_once() -> None:
    text = TELECOM
    for right, wrong in FAULTS.values():
        text = text.replace(right, wrong, 1)

    with pytest.raises(InputError) as refused:
        read_preset(text)

    assert {fault.place for fault in refused.value.faults} == FAULTS.keys()
    assert all(fault.rule and fault.remedy for fault in refused.value.faults)
    assert "preset telecom: 9 faults" in str(refused.value)


def test_every_firm_needs_every_figure() -> None:
    with pytest.raises(InputError, match="must have one a firm, so 4"):
        read_preset(TELECOM.replace("[0, 24, 12, 12]", "[0, 24, 12]"))


@pytest.mark.parametrize("n_firms", [1, 7])
def test_we_have_one_to_five_competitors(n_firms: int) -> None:
    def cut(found: re.Match[str]) -> str:
        values = found[2].split(", ")
        return f"{found[1]}[{', '.join((values + values[1:2] * 9)[:n_firms])}]"

    head, firms, rest = re.split(r"(?=\[firms\])|(?=\[customers\])", TELECOM)
    shares = re.sub(r"shares = \[.*?\]", "shares = [0.3" + ", 0.01" * (n_firms - 1) + "]", firms)
    text = head + re.sub(r"^(?!shares)(\w+ = )\[(.*?)\]", cut, shares, flags=re.MULTILINE) + rest

    with pytest.raises(InputError, match="1 to 5 competitors") as refused:
        read_preset(text)

    assert len(refused.value.faults) == 1
