"""A file to begin with: sound as it stands, the same market as its model, and safe from being written over."""

from __future__ import annotations

from pathlib import Path

import pytest

from retainsdk.errors import InputError
from retainsdk.policies import get
from retainsim.market import Market, load_preset, preset_names, run
from retainsim.market.preset import examine_preset, start_preset
from retainsim.market.preset.preset import Preset
from retainsim.market.preset.starting import preset_text


@pytest.mark.parametrize("name", preset_names())
def test_a_market_begun_from_another_has_its_figures_and_nothing_to_mend(name: str, tmp_path: Path) -> None:
    path = tmp_path / "my_market.toml"

    begun = start_preset(path, like=name)

    examined = examine_preset(str(path))
    assert (examined.faults, examined.warnings) == ((), ())
    assert begun.digest == load_preset(name).digest
    assert (begun.name, begun.version, begun.title_he) == ("my_market", 1, load_preset(name).title_he)
    assert begun.not_aimed_at == load_preset(name).not_aimed_at


def test_a_market_begun_from_another_runs_as_it_does(tmp_path: Path) -> None:
    begun = start_preset(tmp_path / "mine.toml", like="gym")

    assert digest_of(begun) == digest_of(load_preset("gym"))


def digest_of(preset: Preset) -> str:
    """Of a small world of this preset."""
    market = Market.draw(preset, customers=20, seed=4)
    return run(market, get("none"), months=3, compiled=False, residual_months=0).digest


def test_every_parameter_stands_in_the_file_those_of_the_base_set_aside() -> None:
    gym = load_preset("gym")

    lines = preset_text(gym, name="mine").splitlines()

    for name, it in gym.parameters.items():
        assert sum(line.startswith(f"{'# ' if it.base else ''}{name} = {{ value") for line in lines) == 1


def test_what_is_set_aside_can_be_taken_up(tmp_path: Path) -> None:
    text = preset_text(load_preset("gym"), name="mine").replace("# complaint = {", "complaint = {")
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")

    mine = load_preset(str(tmp_path / "mine.toml"))

    assert mine.parameters["complaint"].base == ""
    assert mine.digest == load_preset("gym").digest


def test_a_market_begun_from_ones_own_keeps_its_base(tmp_path: Path) -> None:
    start_preset(tmp_path / "first.toml", like="gym")

    second = start_preset(tmp_path / "second.toml", like=str(tmp_path / "first.toml"))

    assert (second.base, second.digest) == ("common@1", load_preset("gym").digest)


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("precious")

    with pytest.raises(InputError, match="is there already"):
        start_preset(path)

    assert path.read_text() == "precious"


@pytest.mark.parametrize("name", ["My market.toml", "mine.txt", "1st.toml", ".toml", "nowhere/mine.toml"])
def test_a_file_without_a_name_for_a_market_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        start_preset(tmp_path / name)

    assert list(tmp_path.iterdir()) == []
