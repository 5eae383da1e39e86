"""Finding strategies: shipped ones by name, installed ones by entry point, anybody's in a file."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rivals import DRAW, a_firm, a_sight

from retainsdk.errors import InputError
from retainsdk.policies import get
from retainsim.market import Market, load_preset, run
from retainsim.market.competitors import (
    UnknownStrategyError,
    check_competitor,
    is_strategy,
    names,
    strategies_of,
    strategy_of,
    title,
)
from retainsim.market.competitors.poaching import Poaching
from retainsim.market.competitors.promotion import Promotion

OWN = """
import attrs
from retainsim.market.competitors import Terms

@attrs.frozen(kw_only=True)
class Undercutter:
    by: float = 0.1

    def act(self, sight, draw):
        cheapest = sight.cheapest_rival or sight.start.price
        return attrs.evolve(sight.start, price=(1 - self.by) * cheapest)

bold = Undercutter(by=0.5)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with a strategy in it."""
    path = tmp_path / "own.py"
    path.write_text(OWN, encoding="utf-8")
    return path


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name under which an installed package offers a strategy."""
    about = tmp_path / "rivals_from_abroad-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: rivals-from-abroad\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(
        "[retainsim.strategies]\nundercutter = rivals_from_abroad:Undercutter\nbroken = rivals_from_abroad:Nobody\n"
        "static = rivals_from_abroad:Undercutter\n"
    )
    (tmp_path / "rivals_from_abroad.py").write_text(OWN, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return "undercutter"


@pytest.mark.parametrize("name", ["static", "promotion", "matching", "poaching", "quality", "entrant"])
def test_every_shipped_strategy_is_found_by_its_name_and_passes_the_check(name: str) -> None:
    check_competitor(strategy_of(name))

    assert name in names()
    assert title(strategy_of(name)) == name


def test_parameters_follow_the_name() -> None:
    assert strategy_of("poaching") == Poaching()
    assert strategy_of("poaching()") == Poaching()
    assert strategy_of(" poaching(cut=0.2, longest_lock=30) ") == Poaching(cut=0.2, longest_lock=30)


@given(cut=st.floats(0, 0.99), months=st.integers(0, 12))
def test_a_title_is_read_back_as_the_strategy_it_names(cut: float, months: int) -> None:
    strategy = Promotion(cut=cut, months=months)

    assert strategy_of(title(strategy)) == strategy


def test_a_strategy_stands_for_itself() -> None:
    mine = Promotion(months=1)

    assert strategy_of(mine) is mine
    assert strategies_of([a_firm("ours"), a_firm(mine)])[1] is mine


def test_a_strategy_in_a_file_is_found_by_the_name_of_its_class_or_its_own(file: Path) -> None:
    priced = [
        strategy_of(f"{file}:{name}").act(a_sight(), DRAW).price
        for name in ("Undercutter", "Undercutter(by=0.2)", "bold")
    ]

    assert priced == pytest.approx([0.81, 0.72, 0.45])
    check_competitor(strategy_of(f"{file}:Undercutter"))


def test_a_market_runs_with_a_strategy_from_a_file(file: Path) -> None:
    telecom = load_preset("telecom")
    people = {}
    for by in (0.0, 0.6):
        firms = (*telecom.firms[:3], attrs.evolve(telecom.firms[3], strategy=f"{file}:Undercutter(by={by})"))
        market = Market.draw(attrs.evolve(telecom, firms=firms), customers=120, seed=1)
        people[by] = run(market, get("none"), months=12, compiled=False, residual_months=0).people[-1, 3]

    assert people[0.6] > people[0.0]


def test_an_installed_strategy_is_found_by_its_entry_point(package: str) -> None:
    strategy = strategy_of(f"{package}(by=0.2)")

    assert strategy.act(a_sight(), DRAW).price == pytest.approx(0.72)
    assert names()[6:] == ("broken", package)


def test_no_package_takes_the_place_of_a_shipped_strategy(package: str) -> None:
    assert package
    assert type(strategy_of("static")).__module__ == "retainsim.market.competitors.static"


def test_an_entry_point_that_leads_nowhere_is_told(package: str) -> None:
    assert package

    with pytest.raises(InputError, match=r"rivals_from_abroad:Nobody.*cannot be loaded"):
        strategy_of("broken")


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownStrategyError, match="Did you mean 'poaching'") as refused:
        strategy_of("poachin(cut=0.2)")

    assert {"static", "entrant"} <= set(refused.value.known)


@pytest.mark.parametrize(
    ("spelt", "told"),
    [
        (
            "poaching(cut=2)",
            r"'cut' must be < 1.*cannot be made. Parameters with their defaults: wants=0.0, ",
        ),
        ("poaching(depth=2)", "unexpected keyword argument 'depth'"),
        ("poaching(0.2)", "must be parameters by name"),
        ("poaching(cut=other)", "must be parameters by name"),
        ("poaching(cut=)", "must be parameters by name"),
        ("poaching(**more)", "must be parameters by name"),
        ("nowhere/own.py:Undercutter", "no such file"),
        ("", "No strategy is called ''"),
    ],
)
def test_what_cannot_be_is_told_with_its_remedy(spelt: str, told: str) -> None:
    with pytest.raises((InputError, UnknownStrategyError), match=told):
        strategy_of(spelt)

    assert not is_strategy(spelt)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Undercuter", "That file holds: Undercutter."),
        ("bold(by=0.1)", "takes no parameters"),
        ("OWN", "is no strategy: it needs act"),
    ],
)
def test_what_a_file_does_not_hold_is_told_with_what_it_holds(file: Path, name: str, told: str) -> None:
    file.write_text(f"{OWN}\nOWN = 3\n", encoding="utf-8")

    with pytest.raises(InputError, match=told):
        strategy_of(f"{file}:{name}")


def test_a_class_is_no_strategy_before_it_is_made() -> None:
    with pytest.raises(InputError, match="is no strategy"):
        strategy_of(Poaching)  # type: ignore[arg-type] # that is the point

    assert not is_strategy(3)
