"""
What coverage does not look at: Numba while it compiles, and worlds in plain Python after their first months.

Tracing makes plain Python three times slower. While Numba compiles nothing of ours runs; and what a world in plain
Python goes through in its first months it goes through in the others a hundred thousand times again. Each test is
traced in its first few. What is left out can only lower the figure of coverage, never raise it.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest

TRACED_MONTHS = 3
"""In plain Python, of each test."""

_lived = 0
_known: set[int] = set()


@contextmanager
def untraced() -> Iterator[None]:
    """Nothing is traced meanwhile in this thread."""
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)


def pytest_runtest_setup() -> None:
    global _lived  # noqa: PLW0603 # one test at a time
    _lived = 0
    for name, module in (
        ("numba.core.dispatcher", "Dispatcher.compile"),
        ("retainsim.market.kernels", "Kernel._plainly"),
    ):
        _spare(sys.modules.get(name), *module.split("."))


def _spare(module: ModuleType | None, kind: str, method: str) -> None:
    """Let a method run untraced, once its module is there."""
    if module is None or id(module) in _known:
        return
    _known.add(id(module))
    usual: Callable[..., Any] = getattr(getattr(module, kind), method)

    @functools.wraps(usual)
    def spared(*arguments: Any, **others: Any) -> Any:
        global _lived  # noqa: PLW0603 # as above
        _lived += method != "compile"
        if sys.gettrace() is None or _lived <= TRACED_MONTHS and method != "compile":
            return usual(*arguments, **others)
        with untraced():
            return usual(*arguments, **others)

    setattr(getattr(module, kind), method, spared)
