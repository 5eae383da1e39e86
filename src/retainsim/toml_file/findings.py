"""What is found in a file: what is wrong, and what is only worth a look, each with its line."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from retainsdk.errors import NOTHING, Fault
from retainsim.toml_file.form import Form
from retainsim.toml_file.lines import Path

_LONGEST = 60
_MOST_LISTED = 12
_PLAIN = re.compile(r"[\w-]+(\[\d+\])?")


class Findings:
    """The faults and warnings of one file, as they are found."""

    def __init__(self, lines: Mapping[Path, int]) -> None:
        self._lines = lines
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []

    def fault(self, path: Path, value: object, rule: str, remedy: str) -> None:
        """Something is wrong there."""
        self.faults.append(self._found(path, value, rule, remedy))

    def warn(self, path: Path, value: object, rule: str, remedy: str) -> None:
        """Something there may be meant as it is."""
        self.warnings.append(self._found(path, value, rule, remedy))

    def missing(self, path: Path, remedy: str) -> None:
        """Something must stand there and does not."""
        self.fault(path, NOTHING, "is missing", remedy)

    def table(self, path: Path, value: object) -> Mapping[str, Any]:
        """The table there; nothing, and a fault, when it is none."""
        if isinstance(value, Mapping):
            return value
        self.fault(path, shown(value), "must be a table", f"Begin it with [{'.'.join(path)}].")
        return {}

    def known(self, path: Path, keys: Collection[str], known: Collection[str], what: str) -> list[str]:
        """Those *keys* of the table there that are *known*; the others are faults."""
        for key in keys:
            if key not in known:
                near = get_close_matches(key, known, n=1)
                remedy = f"Did you mean {near[0]}?" if near else _listed(known)
                self.fault((*path, key), key, f"is no {what}", remedy)
        return [key for key in keys if key in known]

    def form(self, path: Path, table: Mapping[str, Any], forms: Mapping[str, Form]) -> bool:
        """Whether everything required is in the table there, and everything in it as it must be."""
        before = len(self.faults)
        for key, form in forms.items():
            if key in table:
                self.value((*path, key), table[key], form)
            elif form.required:
                self.missing((*path, key), form.remedy)
        return len(self.faults) == before

    def value(self, path: Path, value: object, form: Form) -> bool:
        """Whether the value there is as it must be."""
        if form.is_right(value):
            return True
        self.fault(path, shown(value), form.rule, form.remedy)
        return False

    def _found(self, path: Path, value: object, rule: str, remedy: str) -> Fault:
        place = ".".join(map(_key, path))
        keys = tuple(key.partition("[")[0] for key in path)  # a list stands on the line of its key
        upwards = (keys[:n] for n in range(len(keys), 0, -1))
        line = next((self._lines[keys] for keys in upwards if keys in self._lines), None)
        return Fault(place if line is None else f"line {line}, {place}", str(value), rule, remedy)


def _listed(known: Collection[str]) -> str:
    if len(known) > _MOST_LISTED:
        return f"There are {len(known)}: see them with retainsim market show."
    return f"Known: {', '.join(known)}."


def _key(key: str) -> str:
    """As TOML writes it, so that no key breaks a line or steers a terminal."""
    return key if _PLAIN.fullmatch(key) else repr(key)


def shown(value: object) -> str:
    """
    A value as a message shows it, whatever it is.

    >>> shown(0.5), shown([1, 2]), shown({"a": 1})
    ('0.5', 'a list', 'a table')
    """
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, int) and abs(value) > 10**_LONGEST:  # Python refuses to spell out the largest
        return "a number of more than 60 digits"
    return str(value)
