"""Reading presets: every fault is named at once with its place, and nothing that somebody writes is a traceback."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retainsdk.errors import InputError
from retainsdk.policies import get
from retainsim.market import Market, load_preset, run
from retainsim.market.competitors import STRUCTURES
from retainsim.market.preset import examine, read_preset
from retainsim.market.preset.form import CONTRACT, CUSTOMERS, FIRM_COLUMNS, HEAD, STEPS, TABLES

TELECOM = (resources.files("retainsim.market") / "presets" / "telecom-1.toml").read_text(encoding="utf-8")

FAULTS = {
    "line 7, currency": ('currency = "USD"', 'currency = "dollars"'),
    "firms.strategies[1]": ('["ours", "static"', '["ours", "statik"'),
    "firms.prices[2]": ("0.98, 1.0]", "-0.98, 1.0]"),
    "firms.awareness[3]": ("0.65, 0.5]", "0.65, 1.5]"),
    "firms.lock_months[1]": ("[0, 24,", "[0, 48,"),
    "customers.senior": ("senior = 0.16 ", "senior = 16 "),
    "customers.contracts.one_year.mean_tenure": ("mean_tenure = 42.0", "mean_tenure = -42.0"),
    "parameters.people.commitment_one_year": ("commitment_one_year =", "comitment_one_year ="),
    "parameters.life.life_ends.status": ('high = 0.25, status = "assumed"', 'high = 0.25, status = "guessed"'),
    "parameters.service.incident_rate.value": ("incident_rate = { value = 0.07", "incident_rate = { value = 0.5"),
    "parameters.deliberation.trigger.source": (', source = "calibrated to the telco table" }\ntenure', " }\ntenure"),
    "parameters.newcomers.campaign_cost.source": ('campaign_cost = { value = 90.0, low = 60.0, high = 120.0, status = "assumed"', 'campaign_cost = { value = 90.0, low = 60.0, high = 120.0, status = "published"'),
    "parameters.deliberation.penalty.high": ("penalty = { value = 2.2, low = 1.8, high = 2.6", "penalty = { value = 2.2, low = 1.8, high = 26"),
    "parameters.money.serving.low": ("serving = { value = 0.45, low = 0.4,", "serving = { value = 0.45,"),
}  # fmt: skip
"""Place of the fault, and what brings it about; the first with its line."""


def faults_of(text: str) -> list[str]:
    return [str(fault) for fault in examine(text, source="mine.toml").faults]


def places_of(text: str) -> set[str]:
    return {fault.place for fault in examine(text, source="mine.toml").faults}


@pytest.mark.parametrize("place", list(FAULTS)[1:])
def test_a_fault_is_named_with_its_line_and_place(place: str) -> None:
    right, wrong = FAULTS[place]
    assert right in TELECOM
    text = TELECOM.replace(right, wrong, 1)

    places = places_of(text)

    line = text[: text.index(wrong)].count("\n") + 1
    assert f"line {line}, {place}" in {re.sub(r"comitment", "commitment", it) for it in places}


def test_all_faults_are_named_at_once_and_the_error_names_the_file() -> None:
    text = TELECOM
    for right, wrong in FAULTS.values():
        text = text.replace(right, wrong, 1)

    with pytest.raises(InputError) as refused:
        read_preset(text, source="mine.toml")

    assert len(refused.value.faults) == len(FAULTS) + 1  # what is misspelt is missing, too
    assert all(fault.rule and fault.remedy for fault in refused.value.faults)
    assert str(refused.value).startswith(f"mine.toml: {len(FAULTS) + 1} faults\n")


def test_an_unknown_key_gets_the_nearest_known_one() -> None:
    told = "\n".join(
        faults_of(
            TELECOM.replace("trigger =", "triger =")
            .replace("[parameters.money]", "[parameters.monney]")
            .replace("qualities", "qualitys")
            .replace("title =", "titel =")
        )
    )

    for near in ("trigger", "money", "qualities", "title"):
        assert f"Did you mean {near}?" in told


def test_a_parameter_belongs_to_its_step() -> None:
    moved = TELECOM.replace("[parameters.money]", "without_step = 1\n[parameters.money]").replace(
        "campaign_cost =", "minute_cost = { value = 80.0, low = 60.0, high = 100.0, status = 'assumed' }\ncampaign_cost ="
    )  # fmt: skip

    assert any("belongs to the step money" in told for told in faults_of(moved))


def test_what_differs_by_branch_must_be_stated() -> None:
    text = re.sub(r"(?m)^campaign_cost = .*\n", "", TELECOM)

    (told,) = faults_of(text)

    assert "parameters.newcomers.campaign_cost: is missing. Each market states it: cost of campaigns" in told


def test_a_parameter_states_its_own_value_over_that_of_the_base() -> None:
    own = 'complaint = { value = 0.6, low = 0.5, high = 0.7, status = "published", source = "a study" }\n'
    text = TELECOM.replace("[parameters.service]\n", f"[parameters.service]\n{own}")

    it = read_preset(text).parameters["complaint"]

    inherited = load_preset("telecom").parameters["complaint"]
    assert (it.value, it.source, it.base) == (0.6, "a study", "")
    assert (it.meaning, it.unit, it.step) == (inherited.meaning, inherited.unit, inherited.step)
    assert inherited.base == "common@1"


def test_a_market_can_build_on_another_and_state_what_differs() -> None:
    head, _, rest = TELECOM.partition("[parameters.people]")
    own = 'trigger = { value = 0.2, low = 0.1, high = 0.3, status = "assumed" }'
    text = f"{head.replace('common@1', 'gym@1')}[parameters.deliberation]\n{own}\n"

    preset = read_preset(text)

    gym = load_preset("gym")
    assert rest
    assert preset.parameters["trigger"].value == 0.2
    assert preset.parameters["without"].value == gym.parameters["without"].value
    assert (preset.parameters["without"].base, preset.parameters["complaint"].base) == ("gym@1", "common@1")


def test_a_base_that_does_not_exist_is_named_with_the_nearest() -> None:
    told = faults_of(TELECOM.replace("common@1", "comon"))

    assert len(told) == 1
    assert "Did you mean 'common'?" in told[0]


def test_what_may_be_meant_is_a_warning_and_no_fault() -> None:
    text = (
        TELECOM.replace("common@1", "common")
        .replace("trigger = { value = 0.128", "trigger = { value = 0.110")
        .replace("life_ends = { value = 0.15, low = 0.08, high = 0.25", "life_ends = { value = 0.15, low = 0.15, high = 0.15")
    )  # fmt: skip

    examined = examine(text, source="mine.toml")

    assert examined.faults == ()
    assert examined.preset is not None
    assert [fault.place.partition(", ")[2] for fault in examined.warnings] == [
        "base", "parameters.life.life_ends", "parameters.deliberation.trigger",
    ]  # fmt: skip


def test_every_firm_needs_every_figure() -> None:
    assert any("must have one a firm, so 4" in told for told in faults_of(TELECOM.replace("[0, 24, 12, 12]", "[0, 24, 12]")))  # fmt: skip


@pytest.mark.parametrize("n_firms", [0, 7])
def test_we_have_at_most_five_competitors(n_firms: int) -> None:
    def cut(found: re.Match[str]) -> str:
        values = found[2].split(", ")
        return f"{found[1]}[{', '.join((values + values[1:2] * 9)[:n_firms])}]"

    head, firms, rest = re.split(r"(?=\[firms\])|(?=\[customers\])", TELECOM)
    shares = re.sub(r"shares = \[.*?\]", f"shares = {[0.3, *[0.01] * 6][:n_firms]}", firms)
    names = re.sub(r"names = \[.*?\]", f"names = {[f'Firm {it}' for it in range(n_firms)]}", shares)
    text = head + re.sub(r"^(?!shares|names)(\w+ = )\[(.*?)\]", cut, names, flags=re.MULTILINE) + rest

    (told,) = faults_of(text)

    assert "at most 5 competitors" in told


def test_shares_leave_room_for_us_and_for_those_without_service() -> None:
    for shares in ("[0.64,", "[0.001,"):
        assert any("firms.shares" in place for place in places_of(TELECOM.replace("[0.34,", shares)))


@pytest.mark.parametrize("marginal", ["share = 0.55", "newcomers = 0.57"])
def test_shares_by_contract_sum_to_one(marginal: str) -> None:
    told = faults_of(TELECOM.replace(marginal, f"{marginal[:-1]}4"))

    assert [("must sum to 1" in it, marginal.split(maxsplit=1)[0] in it) for it in told] == [(True, True)]


def test_a_structure_can_state_its_own_firms() -> None:
    firms = TELECOM.partition("[firms]")[2].partition("[customers]")[0].partition("\n")[2]
    columns = re.sub(r"(?m)^structure.*\n", "", firms)
    duel = re.sub(r"\[([^,\]]+), ([^,\]]+)[^\]]*\]", r"[\1, \2]", columns)
    text = TELECOM.replace("[customers]  #", f"[structures.duopoly]\n{duel}\n[customers]  #")

    preset = read_preset(text)

    assert [firm.name for firm in preset.in_structure("duopoly").firms] == ["Ours", "Steady"]
    assert preset.in_structure("competitive").firms == preset.firms
    assert any(
        "is the structure of [firms] already" in told
        for told in faults_of(text.replace("structures.duopoly", "structures.competitive"))
    )


@pytest.mark.parametrize(
    "text",
    ["", "name = ", "a = 1\na = 2", "[" * 3_000, "x = " + "[" * 3_000, "x = 1" + "0" * 5_000, "\0", "x = 'ä"],
)
def test_what_is_no_preset_at_all_is_told_in_sentences(text: str) -> None:
    told = faults_of(text)

    assert told
    assert all("\n" not in line for line in told)


def test_equal_figures_have_equal_digests_whatever_words_stand_beside_them() -> None:
    same = read_preset(TELECOM.replace('title = "Telecom', 'title = "Another telecom').replace("# ", "#"))
    other = read_preset(TELECOM.replace("value = 0.128, low", "value = 0.126, low"))

    assert same.digest == load_preset("telecom").digest != other.digest


# whatever anybody writes

SMALL_TEXTS = st.sampled_from(["", "ours", "static", "telecom", "common@1", "USD", "assumed", "\n", "\x7f", "שלום"])  # fmt: skip
VALUES = st.recursive(
    st.one_of(
        st.booleans(), st.integers(-2, 2), st.sampled_from([10**400, -(10**30), 24]), st.floats(), SMALL_TEXTS,
        st.dates(), st.datetimes(),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(SMALL_TEXTS, inner, max_size=3)),
    max_leaves=6,
)  # fmt: skip
PARAMETERS = tuple(load_preset("telecom").parameters)
KEYS = st.sampled_from(
    [*HEAD, *TABLES, *FIRM_COLUMNS, *CUSTOMERS, *CONTRACT, *STEPS, *STRUCTURES, *PARAMETERS[:9], "structure", "contracts",
     "value", "low", "high", "status", "source", "unit", "month_to_month", "x"]
)  # fmt: skip
PLACES = st.lists(KEYS, min_size=1, max_size=4)


def toml(value: Any) -> str:
    """A value as TOML writes it."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return '"' + "".join(f"\\u{ord(it):04x}" for it in value) + '"'
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case Mapping():
            return "{" + ", ".join(f"{toml(key)} = {toml(it)}" for key, it in value.items()) + "}"
    return str(value)


@given(places=st.dictionaries(PLACES.map(tuple), VALUES, max_size=5))
@example({("starts_on",): True, ("firms",): [{"names": 1}], ("parameters",): {"life": 3}})
def test_any_table_is_a_market_or_has_faults(places: Mapping[tuple[str, ...], Any]) -> None:
    lines = [f"{'.'.join(path)} = {toml(value)}" for path, value in places.items()]

    examined = examine("\n".join(lines), source="mine.toml")

    assert (examined.preset is None) == bool(examined.faults)
    assert all(str(fault) for fault in examined.faults)


SPOTS = [found.span(1) for found in re.finditer(r"= (\"[^\"\n]*\"|[\d.-]+(?=[ ,\n])|true)|(?<=\[)[\d.]+", TELECOM) if found[1]]  # fmt: skip


@given(
    spots=st.lists(
        st.tuples(st.sampled_from(SPOTS), VALUES), min_size=1, max_size=3, unique_by=lambda it: it[0]
    )
)
def test_a_market_with_anything_in_it_has_faults_or_runs(spots: list[tuple[tuple[int, int], Any]]) -> None:
    text = TELECOM
    for (start, end), value in sorted(spots, key=lambda it: it[0], reverse=True):
        text = text[:start] + toml(value) + text[end:]

    examined = examine(text, source="mine.toml")

    if examined.preset is None:
        assert examined.faults
    else:
        small = Market.draw(examined.preset, customers=5, seed=1, parameters="drawn")
        assert run(small, get("none"), months=2, compiled=False, residual_months=0).months == 2


@given(noise=st.text(max_size=60), at=st.integers(0, len(TELECOM)))
def test_any_text_in_a_preset_is_taken_or_named(noise: str, at: int) -> None:
    examined = examine(TELECOM[:at] + noise + TELECOM[at:], source="mine.toml")

    assert (examined.preset is None) == bool(examined.faults)
