"""The presets that ship: one file a version, so that what was published with an old one can be run again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable

from retainsdk.errors import UnknownNameError

COMMON = "common"
"""The name of what all markets share; it is no market itself."""
_FILE = re.compile(r"([a-z][a-z0-9_]*)-([1-9][0-9]{0,5})\.toml")


class UnknownPresetError(UnknownNameError):
    """A preset was asked for by a name nobody registered."""

    what = "preset"


def shelved() -> Mapping[str, Mapping[int, Traversable]]:
    """Every file that ships: names, and under each its versions, the oldest first."""
    folder = resources.files("retainsim.market") / "presets"
    files: dict[str, dict[int, Traversable]] = {}
    for file in folder.iterdir():
        if found := _FILE.fullmatch(file.name):
            files.setdefault(found[1], {})[int(found[2])] = file
    return {name: dict(sorted(files[name].items())) for name in sorted(files)}


def preset_names() -> list[str]:
    """The markets that ship."""
    return [name for name in shelved() if name != COMMON]


def versions_of(name: str) -> list[int]:
    """
    The versions of a market that ships, the oldest first.

    Raises:
        UnknownPresetError: With the names there are.
    """
    if name not in preset_names():
        raise UnknownPresetError(name, preset_names())
    return list(shelved()[name])


def exact(reference: str, *, common: bool = False) -> tuple[str, int]:
    """
    Name and version of a preset that ships.

    Args:
        reference: A name, for the newest version, or ``name@version``.
        common: Whether what all markets share may be meant as well.

    Raises:
        UnknownPresetError: With the names, or the versions, that there are.
    """
    files = shelved()
    known = list(files) if common else preset_names()
    name, at, version = reference.partition("@")
    if name not in known:
        raise UnknownPresetError(reference, known)
    if not at:
        return name, max(files[name])
    if version not in {str(it) for it in files[name]}:
        raise UnknownPresetError(reference, [f"{name}@{it}" for it in files[name]])
    return name, int(version)


def text_of(name: str, version: int) -> str:
    """The text of a file that ships."""
    return shelved()[name][version].read_text(encoding="utf-8")
