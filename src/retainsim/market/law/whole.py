"""
The law as one thing, and the law with a rule replaced.

A replaced rule is called wherever the old one was: all functions are made anew over one namespace in which its name
stands for the new function. Nothing is patched, so both laws can run side by side.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, cast

import attrs

from retainsim.market.law import (
    account,
    arithmetic,
    buying,
    complaints,
    contacts,
    conversation,
    deliberation,
    leaving,
    membership,
    money,
    month,
    names,
    need,
    newcomers,
    offers,
    promises,
    rivals,
    second_thoughts,
    service,
    staff,
)
from retainsim.market.streams import rule

Function = Callable[..., Any]

MODULES: tuple[ModuleType, ...] = (
    names,
    arithmetic,
    rivals,
    need,
    staff,
    complaints,
    buying,
    service,
    promises,
    offers,
    membership,
    account,
    contacts,
    deliberation,
    newcomers,
    leaving,
    money,
    conversation,
    second_thoughts,
    month,
)
"""Where the rules stand."""


@attrs.frozen(eq=False)
class Law:
    """
    All rules by name, ``law.choose(…)``, and which of them are not the shipped ones.

    Attributes:
        replaced: Functions in place of shipped rules, by name.
        functions: All rules as they are called.
    """

    replaced: Mapping[str, Function]
    functions: Mapping[str, Function]

    @classmethod
    def shipped(cls) -> Law:
        """The law as it stands in the modules."""
        return cls({}, _shipped_rules())

    def __getattr__(self, name: str) -> Function:
        functions = object.__getattribute__(self, "functions")  # it may not be there yet, when unpickled
        if name not in functions:
            raise AttributeError(name)
        return cast(Function, functions[name])

    def with_rule(self, name: str, function: Function) -> Law:
        """
        The same law, in which *function* is called wherever the rule of that name was.

        Args:
            name: Of a rule.
            function: Plain Python over the same arguments; its own helpers it marks with `streams.rule`.

        Raises:
            KeyError: When no rule has that name. `check_rule` says so in words.
        """
        if name not in self.functions:
            raise KeyError(name)
        replaced = {**self.replaced, name: getattr(function, "py_func", function)}
        return Law(replaced, _made_anew(replaced))

    @property
    def digests(self) -> tuple[tuple[str, str], ...]:
        """Each replaced rule with a short digest of the text it stands in."""
        return tuple((name, digest_of(function)) for name, function in sorted(self.replaced.items()))


def _shipped_rules() -> dict[str, Function]:
    return {
        name: it
        for module in MODULES
        for name, it in vars(module).items()
        if isinstance(it, FunctionType) and it.__module__ == module.__name__
    }


def _made_anew(replaced: Mapping[str, Function]) -> dict[str, Function]:
    namespace: dict[str, Any] = {}
    for module in MODULES:
        namespace |= {name: it for name, it in vars(module).items() if not name.startswith("__")}
    namespace["__builtins__"] = __builtins__
    namespace["__name__"] = __name__
    functions = {}
    for name, shipped in _shipped_rules().items():
        functions[name] = rule(
            replaced[name]
            if name in replaced
            else FunctionType(shipped.__code__, namespace, name, shipped.__defaults__, shipped.__closure__)
        )
    namespace |= functions
    return functions


def digest_of(function: Function) -> str:
    """A short digest of the file a function stands in, or of its own text where there is no file."""
    file = inspect.getsourcefile(function)
    text = Path(file).read_bytes() if file and Path(file).is_file() else inspect.getsource(function).encode()
    return hashlib.blake2b(text + function.__qualname__.encode(), digest_size=8).hexdigest()


LAW = Law.shipped()
"""The shipped law."""
