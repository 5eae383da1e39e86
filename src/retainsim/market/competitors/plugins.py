"""
Find a strategy: a shipped one by its name, an installed one by its entry point, anybody's by ``file.py:Name``.

Nothing is imported before it is asked for. A package offers a strategy by an entry point of the group
``retainsim.strategies``::

    [project.entry-points."retainsim.strategies"]
    undercutter = "my_package.competitors:Undercutter"
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterable
from importlib.metadata import entry_points
from typing import Any

import attrs

from retainsdk.errors import Fault, InputError, RetainError, UnknownNameError
from retainsdk.policies.registry import load_file
from retainsim.market.competitors.firm import Firm
from retainsim.market.competitors.static import Static
from retainsim.market.competitors.strategy import Strategy

GROUP = "retainsim.strategies"
"""The group of entry points under which packages offer strategies."""

OURS = "ours"
"""What stands for a strategy with the firm that policies act for."""

_SHIPPED = {
    "static": "Static",
    "promotion": "Promotion",
    "matching": "Matching",
    "poaching": "Poaching",
    "quality": "QualityLeader",
    "entrant": "Entrant",
}
_SPELT = re.compile(r"(?P<name>.+?)(?:\((?P<arguments>[^()]*)\))?", re.DOTALL)


class UnknownStrategyError(UnknownNameError):
    """A strategy was asked for by a name nobody registered."""

    what = "strategy"


def names() -> tuple[str, ...]:
    """
    The strategies that ship with the package, then those that installed packages offer.

    >>> names()[:6]
    ('static', 'promotion', 'matching', 'poaching', 'quality', 'entrant')
    """
    offered = sorted({entry.name for entry in entry_points(group=GROUP)} - _SHIPPED.keys())
    return (*_SHIPPED, *offered)


def strategy_of(spelt: str | Strategy) -> Strategy:
    """
    The strategy of that name, with its parameters as they ship but for those in parentheses.

    Args:
        spelt: A name, or ``path/to/file.py:Name`` for a class in a file, each with ``(parameter=value, …)`` or
            without; a strategy stands for itself.

    Raises:
        UnknownStrategyError: When nobody registered the name; with the closest one.
        InputError: When it cannot be loaded, is no strategy, or its parameters cannot be.

    >>> strategy_of("promotion")
    Promotion(cut=0.15, months=3, louder=1.25)
    >>> strategy_of("promotion(months=2)").months
    2
    >>> strategy_of("promotoin")
    Traceback (most recent call last):
    retainsim.market.competitors.plugins.UnknownStrategyError: No strategy is called 'promotoin'. Did you mean 'promotion'? Registered: entrant, matching, poaching, promotion, quality, static.
    """
    if not isinstance(spelt, str):
        return _checked(repr(spelt), spelt)
    parts = _SPELT.fullmatch(spelt.strip())
    name = parts["name"].strip() if parts else ""
    arguments = _arguments(spelt, (parts["arguments"] or "") if parts else "")
    found = _found(name)
    if not isinstance(found, type):
        if arguments:
            rule, remedy = "takes no parameters: it is made already", "Name its class."
            raise InputError("strategy", [Fault(spelt, repr(found), rule, remedy)])
        return _checked(spelt, found)
    try:
        made = found(**arguments)
    except Exception as error:
        rule, remedy = "cannot be made", f"Parameters with their defaults: {_signature(found)}."
        raise InputError("strategy", [Fault(spelt, _first_line(error), rule, remedy)]) from error
    return _checked(spelt, made)


def strategies_of(firms: Iterable[Firm]) -> tuple[Strategy, ...]:
    """The strategies of firms, ours first: it keeps its list price, and nobody asks it."""
    return tuple(Static() if place == 0 else strategy_of(firm.strategy) for place, firm in enumerate(firms))


def is_strategy(spelt: object) -> bool:
    """
    Whether `strategy_of` finds one.

    >>> is_strategy("poaching(cut=0.2)"), is_strategy("poaching(cut=2)"), is_strategy("poacher")
    (True, False, False)
    """
    if not isinstance(spelt, str | Strategy):
        return False
    try:
        strategy_of(spelt)
    except RetainError:
        return False
    return True


def title(strategy: str | Strategy) -> str:
    """
    Its name and the parameters that differ from those it ships with, as `strategy_of` reads it.

    >>> title(strategy_of("poaching(cut=0.2)")), title("static")
    ('poaching(cut=0.2)', 'static')
    """
    if isinstance(strategy, str):
        return strategy
    school: type = type(strategy)
    name = next((name for name, shipped in _SHIPPED.items() if shipped == school.__name__), school.__name__)
    if not attrs.has(school):
        return name
    changed = [
        f"{field.name}={getattr(strategy, field.name)!r}"
        for field in attrs.fields(school)
        if getattr(strategy, field.name) != field.default
    ]
    return f"{name}({', '.join(changed)})" if changed else name


def _found(name: str) -> object:
    path, colon, attribute = name.rpartition(":")
    if colon and path.endswith(".py"):
        return _in_file(name, path, attribute)
    if name in _SHIPPED:
        module = importlib.import_module(f"retainsim.market.competitors.{name}")
        found: object = getattr(module, _SHIPPED[name])
        return found
    offered = [entry for entry in entry_points(group=GROUP) if entry.name == name]
    if not offered:
        raise UnknownStrategyError(name, names())
    try:
        return offered[0].load()
    except Exception as error:
        rule, remedy = "cannot be loaded", "Ask the author of the package, or remove it."
        fault = Fault(f"{GROUP}: {offered[0].value}", _first_line(error), rule, remedy)
        raise InputError("strategy", [fault]) from error


def _in_file(name: str, path: str, attribute: str) -> object:
    try:
        module = load_file(path)
    except InputError as error:  # files of policies and strategies are loaded alike
        raise InputError("strategy", error.faults) from error
    found = getattr(module, attribute, None)
    if found is None:
        holds = sorted(
            each for each, value in vars(module).items() if isinstance(value, type) and _can_act(value)
        )
        remedy = f"That file holds: {', '.join(holds) or 'no strategy'}."
        raise InputError("strategy", [Fault(name, attribute, "is not in the file", remedy)])
    return found


def _can_act(it: object) -> bool:
    return callable(getattr(it, "act", None)) and it is not Strategy


def _checked(spelt: str, made: object) -> Strategy:
    if isinstance(made, Strategy) and _can_act(made) and not isinstance(made, type):
        return made
    rule, remedy = "is no strategy: it needs act(sight, draw)", "See retainsim.market.competitors.Strategy."
    raise InputError("strategy", [Fault(spelt, repr(made), rule, remedy)])


def _arguments(spelt: str, text: str) -> dict[str, Any]:
    remedy = "Write poaching(cut=0.2, lock_months=36)."
    rule = "must be parameters by name, with plain values"
    try:
        call = ast.parse(f"dict({text})", mode="eval").body
        if isinstance(call, ast.Call) and not call.args and all(it.arg for it in call.keywords):
            return {str(it.arg): ast.literal_eval(it.value) for it in call.keywords}
    except (SyntaxError, ValueError) as error:
        raise InputError("strategy", [Fault(spelt, text, rule, remedy)]) from error
    raise InputError("strategy", [Fault(spelt, text, rule, remedy)])


def _signature(school: type) -> str:
    if not attrs.has(school):
        return "none"
    return ", ".join(f"{field.name}={field.default!r}" for field in attrs.fields(school)) or "none"


def _first_line(error: Exception) -> str:
    # validators of attrs put the message first and the whole field behind it
    told = str(error.args[0]) if error.args else ""
    return f"{type(error).__name__}: {told}"
