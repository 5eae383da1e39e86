"""
What was simulated so far, kept in a plain file, so that a run that was ended goes on where it stopped.

One line a world at a point. The search itself is not kept: it takes the same way again, and finds the figures there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from retainsdk.errors import Fault, InputError, StoreError
from retainsdk.whole_file import write_whole
from retainsim.calibration.fit import Array, Model


class Kept:
    """
    A model that remembers what it has given.

    Args:
        model: Which is asked for what is not known.
        about: What its figures depend on besides the point and the world; a file about anything else is refused.
        file: Where it is kept; none to remember it only while this lives.
        resume: Use what the file holds, instead of beginning anew.
        on_world: Told after each world how many there were, those kept from before included.

    Raises:
        InputError: When the file holds figures of other data, another market or other settings.
        StoreError: When nothing can be written there.
    """

    def __init__(
        self,
        model: Model,
        about: Mapping[str, Any],
        file: Path | None = None,
        *,
        resume: bool = False,
        on_world: Callable[[int], None] = lambda asked: None,  # noqa: ARG005 # its parameter explains it
    ) -> None:
        self.worlds = model.worlds
        self._model, self._file, self._on_world = model, file, on_world
        self._known: dict[bytes, Array] = {}
        self._used: set[bytes] = set()
        self._asked = self.simulated = 0
        if file is None:
            return
        head = orjson.dumps(about, option=orjson.OPT_SORT_KEYS)
        lines = [head]
        if resume and file.exists():
            lines += self._read(file, head)
        write_whole(file, b"".join(line + b"\n" for line in lines))

    def figures(self, point: Array, world: int) -> Array:
        """The figures of one world at a point, simulated once."""
        key = _key(point, world)
        if key not in self._known:
            self._known[key] = self._model.figures(point, world)
            self.simulated += 1
            self._write(point, world, self._known[key])
        self._asked += 1
        self._used.add(key)
        self._on_world(self._asked)
        return self._known[key]

    @property
    def used(self) -> int:
        """Worlds at points whose figures were asked for, each once, kept from before or not."""
        return len(self._used)

    def _read(self, file: Path, head: bytes) -> list[bytes]:
        first, *lines = file.read_bytes().split(b"\n")
        if first != head:
            rule = "holds figures of other data, another market or other settings"
            remedy = "Leave out --resume to begin anew, or repeat the command as it was."
            raise InputError(str(file), [Fault(file.name, "", rule, remedy)])
        good = []
        for line in lines:
            try:
                told = orjson.loads(line)
                point, figures = np.array(told["at"]), np.array(told["figures"], dtype=np.float64)
                self._known[_key(point, told["world"])] = figures
            except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
                continue  # the line in which the run was cut off
            good.append(line)
        return good

    def _write(self, point: Array, world: int, figures: Array) -> None:
        if self._file is None:
            return
        line = orjson.dumps({"at": point.tolist(), "world": world, "figures": figures.tolist()})
        try:
            with self._file.open("ab") as file:
                file.write(line + b"\n")
        except OSError as error:
            rule = f"cannot be written ({error.strerror})"
            raise StoreError(str(self._file), rule, "Choose another place.") from error


def _key(point: Array, world: int) -> bytes:
    return orjson.dumps([point.tolist(), world])
