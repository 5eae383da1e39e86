"""
Replacing one rule of the law: finding it in a file, and checking that it can stand where the old one stood.

A rule is replaced for whoever runs the market, in the session: it is compiled with the others, has its own digest,
and its name stands in the history. A rule in a file is an ordinary function over the arguments of the one it
replaces; it may call the shipped rules (`from retainsim.market.law import …`), and helpers of its own that it marks
with `retainsim.market.streams.rule`.
"""

from __future__ import annotations

import difflib
import importlib.util
import inspect
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numba
import numba.core.errors

from retainsdk.errors import Fault, InputError
from retainsdk.policies import get
from retainsim.market.engine import Market
from retainsim.market.law import LAW, Law
from retainsim.market.preset import load_preset
from retainsim.market.running import run

_CUSTOMERS, _MONTHS = 60, 6
_LAST_LINES = 3


def load_rule(text: str) -> tuple[str, Callable[..., Any]]:
    """
    A rule from a file, as it is named on a command line.

    Args:
        text: ``choose=mine.py:my_choice``: the rule to replace, the file, and the function in it.

    Returns:
        The name of the rule and the function.

    Raises:
        InputError: When the text is not of that form, or file or function are not there.
    """
    name, _, place = text.partition("=")
    path, _, wanted = place.rpartition(":")
    if not (name and path and wanted):
        raise _refused(text, "must name a rule, a file and a function", "Write choose=mine.py:my_choice.")
    file = Path(path)
    if not file.is_file():
        raise _refused(text, f"names {path}, which is no file", "Give the path from where you are.")
    spec = importlib.util.spec_from_file_location(f"retainsim_rule_{file.stem}", file)
    if spec is None or spec.loader is None:
        raise _refused(text, f"names {path}, which is no Python file", "Call it something.py.")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise _refused(text, f"names a file that fails: {_said(error)}", "Correct it there.") from error
    function = getattr(module, wanted, None)
    if not callable(function):
        known = ", ".join(sorted(it for it in vars(module) if inspect.isfunction(vars(module)[it]))) or "none"
        raise _refused(text, f"names a function that is not there; there are: {known}", "Correct the name.")
    return name, function


def texts_of(law: Law) -> tuple[str, ...]:
    """
    Rules replaced, as `load_rule` reads them: another process finds them in the files they stand in.

    Raises:
        InputError: When one of them stands in no file.
    """
    faults = [
        Fault("rule", name, "stands in no file that other processes could read", "Put it into one.")
        for name, function in law.replaced.items()
        if not Path(inspect.getsourcefile(function) or "").is_file()
    ]
    if faults:
        raise InputError("rules", faults)
    return tuple(
        f"{name}={Path(inspect.getsourcefile(function) or '').resolve()}:{function.__qualname__}"
        for name, function in law.replaced.items()
    )


def law_of(texts: Sequence[str]) -> Law:
    """
    The law with rules replaced by functions in files, which were checked before.

    Raises:
        InputError: When a file or a function is not there.
    """
    law = LAW
    for text in texts:
        law = law.with_rule(*load_rule(text))
    return law


def check_rule(name: str, function: Callable[..., Any]) -> Law:
    """
    The law with that rule replaced, once it is sure that it works: compiled and plain alike, bit by bit.

    Args:
        name: Of the rule.
        function: In its place.

    Raises:
        InputError: Saying what is wrong: the name, the arguments, a failure, or where compiled and plain differ.
    """
    refuse_shape(name, function)
    law = LAW.with_rule(name, function)
    market = Market.draw(load_preset("telecom"), customers=_CUSTOMERS, seed=1, parameters="fixed")
    anything = get("random")  # so that every rule is called
    try:
        plain = run(market, anything, months=_MONTHS, compiled=False, residual_months=0, law=law)
    except Exception as error:
        raise _refused(name, f"fails on a small market: {_said(error)}", "Correct it there.") from error
    try:
        compiled = run(market, anything, months=_MONTHS, residual_months=0, law=law)
    except numba.core.errors.NumbaError as error:
        remedy = (
            "Use plain numbers, the arguments, and shipped rules; mark helpers of your own with streams.rule."
        )
        raise _refused(name, f"cannot be compiled: {_said(error)}", remedy) from error
    except Exception as error:
        raise _refused(name, f"fails when compiled: {_said(error)}", "Correct it there.") from error
    if plain.digest != compiled.digest:
        remedy = (
            "Where two stored fractions meet, begin with 1.0 *; use streams.exp instead of math.exp; and let "
            "nothing depend on what is not an argument."
        )
        raise _refused(name, "gives other bits compiled than in plain Python", remedy)
    return law


def refuse_shape(name: str, function: Callable[..., Any]) -> None:
    """
    Refuse what cannot stand where a rule stands, without trying it out.

    Raises:
        InputError: When no rule has that name, or it takes other arguments.
    """
    if name not in LAW.functions:
        close = difflib.get_close_matches(name, LAW.functions, n=1)
        hint = f"Did you mean {close[0]!r}? " if close else ""
        known = ", ".join(sorted(LAW.functions))
        raise _refused(name, "is no rule of the law", f"{hint}There are: {known}.")
    wanted, given = (list(inspect.signature(it).parameters) for it in (LAW.functions[name], function))
    if wanted != given:
        rule = f"must take ({', '.join(wanted)}), not ({', '.join(given)})"
        raise _refused(name, rule, "Rules are called by place: keep names and order.")


def _refused(value: str, rule: str, remedy: str) -> InputError:
    return InputError("rule", [Fault("rule", value, rule, remedy)])


def _said(error: Exception) -> str:
    """The first line that says something: compilers talk at length."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = (
        " ".join(lines[:_LAST_LINES])
        if isinstance(error, numba.core.errors.NumbaError)
        else "".join(lines[:1])
    )
    return f"{type(error).__name__}: {told}"
