"""
The market once more, from the same sources, with other chance behind the same functions.

Its modules stand beside the usual ones and share nothing with them but the SDK, so a market that draws by another
hash, or one that keeps a record of every draw, leaves the usual market as it is. For tests and research.
"""

from __future__ import annotations

import importlib
import sys
from threading import Lock
from types import ModuleType
from typing import Any

from retainsim.market import streams

_MARKET, _STREAMS = "retainsim.market", streams.__name__
_ONE_AT_A_TIME = Lock()


def market_with(chance: ModuleType | dict[str, Any]) -> Any:  # noqa: ANN401 # a package, whose names no type knows
    """
    The package `retainsim.market` with functions of `streams` replaced.

    Args:
        chance: A module, or names with functions, that replaces what it has in common with `streams`.

    Returns:
        The package: its ``Market``, ``run``, ``load_preset`` and modules are other objects than the usual ones. Compiled,
        it needs functions that can be compiled, in a module of their own: its file keeps caches of compiled code apart.

    >>> from retainsim.market import philox
    >>> market_with(philox).preset.preset.uniform is philox.uniform
    True
    """
    replaced = vars(chance) if isinstance(chance, ModuleType) else chance
    with _ONE_AT_A_TIME:
        usual = {name: module for name, module in sys.modules.items() if _is_of_the_market(name)}
        parent = sys.modules["retainsim"]
        try:
            for name in usual:
                del sys.modules[name]
            sys.modules[_STREAMS] = _with(replaced)
            package = importlib.import_module(_MARKET)
            package.streams = sys.modules[_STREAMS]  # type: ignore[attr-defined] # as an import would set it
        finally:
            for name in [name for name in sys.modules if _is_of_the_market(name)]:
                del sys.modules[name]
            sys.modules.update(usual)
            parent.market = usual[_MARKET]  # type: ignore[attr-defined] # an import sets it on its parent
    return package


def _with(replaced: dict[str, Any]) -> ModuleType:
    module = ModuleType(_STREAMS, streams.__doc__)
    common = {name for name in vars(streams).keys() & replaced.keys() if not name.startswith("_")}
    vars(module).update(
        vars(streams) | {name: replaced[name] for name in common | {"__file__"} & replaced.keys()}
    )
    return module


def _is_of_the_market(name: str) -> bool:
    return name == _MARKET or name.startswith(f"{_MARKET}.")
