"""
What coverage does not look at: Numba while it compiles, and worlds in plain Python after their first months.

Tracing makes plain Python three times slower. While Numba compiles, nothing of ours runs; and what a world in plain
Python goes through in its first months it goes through in the later ones a hundred thousand times again. So each test is
traced in a few of them only. What is left out can lower the figure of coverage, never raise it.
"""

from __future__ import annotations

import functools
import sys
from typing import Any

TRACED_MONTHS = 3
"""In plain Python, of each test."""

_months_of_this_test = 0


def pytest_runtest_setup() -> None:
    global _months_of_this_test  # noqa: PLW0603 # one test at a time
    _months_of_this_test = 0
    if "numba.core.dispatcher" in sys.modules:
        _spare(sys.modules["numba.core.dispatcher"].Dispatcher, "compile", is_month=False)
    if "retainsim.market.kernels" in sys.modules:
        _spare(sys.modules["retainsim.market.kernels"].Kernel, "_plainly", is_month=True)
    if "retainsim.market.luck" in sys.modules:
        _spare_markets_apart(sys.modules["retainsim.market.luck"])


def _spare(owner: Any, name: str, *, is_month: bool) -> None:
    """Run a function untraced from now on, but for the first months."""
    usual = getattr(owner, name)
    if hasattr(usual, "__wrapped__"):
        return

    @functools.wraps(usual)
    def spared(*arguments: Any, **others: Any) -> Any:
        global _months_of_this_test  # noqa: PLW0603 # as above
        _months_of_this_test += is_month
        tracer = sys.gettrace()
        if tracer is None or (is_month and _months_of_this_test <= TRACED_MONTHS):
            return usual(*arguments, **others)
        sys.settrace(None)
        try:
            return usual(*arguments, **others)
        finally:
            sys.settrace(tracer)

    setattr(owner, name, spared)


def _spare_markets_apart(luck: Any) -> None:
    """Markets that stand apart from the usual one have kernels of their own."""
    usual = luck.market_with
    if hasattr(usual, "__wrapped__"):
        return

    @functools.wraps(usual)
    def apart(*arguments: Any, **others: Any) -> Any:
        market = usual(*arguments, **others)
        _spare(market.kernels.Kernel, "_plainly", is_month=True)
        return market

    luck.market_with = apart
