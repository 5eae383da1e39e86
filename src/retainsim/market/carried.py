"""Policies on their way to other processes: one from a file is known there once that file has been loaded."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import attrs

from retainsdk.policies.registry import file_of, load_file
from retainsdk.policy import Policy


@attrs.frozen
class Carried:
    """
    A policy that unpickles wherever its file can be read.

    Attributes:
        policy: It.
    """

    policy: Policy

    def __reduce__(self) -> tuple[Callable[[str | None, bytes], Carried], tuple[str | None, bytes]]:
        """Its file goes first: what the class is called says nothing to a process that has not loaded it."""
        return _arrived, (file_of(self.policy), pickle.dumps(self.policy))


def _arrived(file: str | None, content: bytes) -> Carried:
    if file is not None:
        load_file(file)
    return Carried(pickle.loads(content))  # noqa: S301 # packed by our own parent
