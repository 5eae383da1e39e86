"""The presets that ship: the newest by name, any by version, somebody's own by its file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from retainsdk.errors import InputError
from retainsim.market import load_preset, preset_names
from retainsim.market.preset import UnknownPresetError, reading, versions_of
from retainsim.toml_file import text

SHELF = Path(str(resources.files("retainsim.market"))) / "presets"


def test_what_all_markets_share_is_no_market() -> None:
    assert "telecom" in preset_names()
    assert "common" not in preset_names()
    with pytest.raises(UnknownPresetError):
        load_preset("common")


def test_an_unknown_preset_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(UnknownPresetError, match="Did you mean 'telecom'") as refused:
        load_preset("telecon")

    assert refused.value.known == preset_names()


def test_an_unknown_version_is_refused_with_the_versions_there_are() -> None:
    with pytest.raises(UnknownPresetError, match="telecom@1"):
        load_preset("telecom@99")


@pytest.fixture
def second_edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A shelf with a second version of telecom and of what all markets share."""
    shutil.copytree(SHELF, tmp_path / "presets")
    for name in ("telecom", "common"):
        text = (tmp_path / "presets" / f"{name}-1.toml").read_text(encoding="utf-8")
        text = text.replace("version = 1\n", "version = 2\n").replace("common@1", "common@2")
        text = text.replace("life_rate = { value = 0.005,", "life_rate = { value = 0.006,")
        if name == "common":
            text += 'fresh = { value = 0.3, low = 0.2, high = 0.4, status = "assumed", unit = "share", neutral = 0.0, meaning = "new" }\n'
        (tmp_path / "presets" / f"{name}-2.toml").write_text(text, encoding="utf-8")
    (tmp_path / "presets" / "notes.txt").write_text("no preset")
    monkeypatch.setattr("importlib.resources.files", lambda _: tmp_path)
    reading.forget()
    yield tmp_path
    reading.forget()


@pytest.mark.usefixtures("second_edition")
def test_a_name_means_the_newest_version_and_old_ones_stay() -> None:
    assert versions_of("telecom") == [1, 2]
    newest, old = load_preset("telecom"), load_preset("telecom@1")

    assert (newest.version, old.version) == (2, 1)
    assert (newest.parameters["life_rate"].value, old.parameters["life_rate"].value) == (0.006, 0.005)
    assert old.parameters["life_rate"].base == "common@1"
    assert newest.digest != old.digest


@pytest.mark.usefixtures("second_edition")
def test_a_rule_younger_than_a_preset_does_nothing_in_it() -> None:
    before = (SHELF.parents[3] / "tests" / "golden" / "preset-digests.txt").read_text(encoding="utf-8")
    old, newest = load_preset("telecom@1"), load_preset("telecom@2")

    assert f"telecom@1 {old.digest}\n" in before
    assert (old.parameters["fresh"].value, newest.parameters["fresh"].value) == (0.0, 0.3)
    assert {old.drawn(seed, "drawn").values["fresh"] for seed in range(9)} == {0.0}
    assert load_preset("gym").parameters["fresh"].value == 0.0  # over the base of its own version


def test_a_preset_is_read_from_a_file(tmp_path: Path) -> None:
    shutil.copy(SHELF / "gym-1.toml", tmp_path / "mine.toml")

    assert load_preset(str(tmp_path / "mine.toml")) == load_preset("gym@1")


def test_a_file_that_cannot_be_read_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "bytes.toml").write_bytes(b"name = '\xff'")
    (tmp_path / "large.toml").write_bytes(b"#" * (text.LARGEST_FILE + 1))
    (tmp_path / "folder.toml").mkdir()
    wrong = {"absent.toml": "No such file", "bytes.toml": "no text in UTF-8", "large.toml": "is larger than", "folder.toml": "cannot be read", "zero\0.toml": "cannot be read"}  # fmt: skip

    for name, told in wrong.items():
        with pytest.raises(InputError, match=told) as refused:
            load_preset(str(tmp_path / name))

        assert len(refused.value.faults) == 1
