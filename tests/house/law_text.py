"""The law as a text: what each rule says, what it reads, and which rules of the field it makes real."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import attrs

from retainsim.market import purposes
from retainsim.market.law import LAW

ROOT = Path(__file__).parents[2]
_IDS = re.compile(r"\s*\[((?:[A-E]\d+ ?)+)\]")


@attrs.frozen(kw_only=True)
class RuleText:
    """
    One rule as it is written.

    Attributes:
        name: By which it is called, and replaced.
        path: Of its file, from the root of the project.
        says: What it says, without the ids.
        concepts: Ids of the rules of the field that it names.
        source: Its text.
        parameters: It reads, in order.
        purposes: It draws for, in order: names in `retainsim.market.purposes`.
        calls: Other rules that it calls, in order.
        logic: Its code without comments and docstring, as a text that only a changed meaning changes.
    """

    name: str
    path: str
    says: str
    concepts: tuple[str, ...]
    source: str
    parameters: tuple[str, ...]
    purposes: tuple[str, ...]
    calls: tuple[str, ...]
    logic: str


@cache
def rules() -> dict[str, RuleText]:
    """Every rule of the shipped law by name, in the order of its modules."""
    return {name: _read(name, function) for name, function in LAW.functions.items()}


def callers_of(name: str) -> list[str]:
    """The rules that call a rule."""
    return [it.name for it in rules().values() if name in it.calls]


def _read(name: str, function: Callable[..., Any]) -> RuleText:
    source = textwrap.dedent(inspect.getsource(function))
    tree = ast.parse(source).body[0]
    assert isinstance(tree, ast.FunctionDef)
    doc = inspect.getdoc(function) or ""
    said = doc.partition("\n\nArgs:")[0].partition("\n\nReturns:")[0]
    ids = [one for found in _IDS.findall(said) for one in found.split()]
    tree.body = tree.body[1:] or [ast.Pass()]
    keys = vars(purposes)
    return RuleText(
        name=name,
        path=Path(inspect.getfile(function)).relative_to(ROOT).as_posix(),
        says=_IDS.sub("", said),
        concepts=tuple(dict.fromkeys(ids)),
        source=source,
        parameters=_first_of(node.attr for node in _attributes(tree, "p") if node.attr not in _SETTINGS),
        purposes=_first_of(_drawn_for(tree, function, keys)),
        calls=_first_of(name for name in _called(tree) if name in LAW.functions),
        logic=ast.unparse(tree),
    )


_SETTINGS = {"contractual", "joins_month_to_month", "joins_one_year"}
"""What a market is, rather than what is believed of it: they are no parameters."""


def _in_order(tree: ast.AST) -> list[ast.expr]:
    found = [node for node in ast.walk(tree) if isinstance(node, ast.expr)]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _called(tree: ast.AST) -> Iterator[str]:
    for node in _in_order(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def _attributes(tree: ast.AST, of: str) -> Iterator[ast.Attribute]:
    for node in _in_order(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == of:
            yield node


def _drawn_for(tree: ast.AST, function: Callable[..., Any], keys: dict[str, Any]) -> Iterator[str]:
    """Purposes named in the rule, and those its module has made a list of beforehand, one a turn or a contact."""
    named = {node.attr for node in _attributes(tree, "for_")}
    lists = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    module = inspect.getmodule(function)
    for name, key in keys.items():
        if name.isupper() and isinstance(key, int):
            listed = any(
                isinstance(value := vars(module).get(each), tuple) and value and value[0] == key
                for each in lists
            )
            if name in named or listed:
                yield name


def _first_of(names: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
