"""Compiled code computes as plain Python does: in 64 bits, from numbers stored in 32."""

from __future__ import annotations

import ast
import ctypes
import inspect
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest
from lives import FIXED, someone

from retainsim.market import kernels, law
from retainsim.market.kernels import Kernels
from retainsim.market.person import FIELDS, ROW_DTYPE, nobody, rows


def test_where_two_stored_numbers_meet_the_law_computes_in_64_bits() -> None:
    assert sorted(_meetings(inspect.getsource(law))) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("c.usage = c.need / c.package", 1),
        ("c.usage = min(c.need, c.package) * c.tenure", 1),
        ("c.usage = -c.need * (c.package if m else c.trust)", 1),
        ("c.usage -= c.need", 1),
        ("c.usage = 1.0 * c.need / c.package", 0),
        ("c.usage = c.tenure + 1 + c.products", 0),
    ],
)
def test_a_meeting_of_two_stored_numbers_is_found(line: str, found: int) -> None:
    assert len(list(_meetings(f"@rule\ndef a_rule(c): {line}"))) == found


_BITS = {field.name: field.ctype for field in FIELDS}
_PASSED_ROWS = {"need", "package"}
"""Parameters of rules to which a row's number is passed as it is."""


def _meetings(source: str) -> Iterator[str]:
    """Where compiled code would stay in 32 bits: a stored fraction meets another or a short whole number."""
    rules = [it for it in ast.parse(source).body if isinstance(it, ast.FunctionDef) and it.decorator_list]
    for node in (node for rule in rules for node in ast.walk(rule)):
        if isinstance(node, ast.BinOp):
            pair = {_stored(node.left), _stored(node.right)}
        elif isinstance(node, ast.AugAssign):
            pair = {_stored(node.target), _stored(node.value)}
        else:
            continue
        if pair in ({"fraction"}, {"fraction", "short"}):
            yield ast.unparse(node)


def _stored(node: ast.expr) -> str:
    """Whether an expression is stored in 32 bits as a fraction, or as a short whole number; else it is wide."""
    match node:
        case ast.Attribute(value=ast.Name(id="c"), attr=name):
            return {ctypes.c_float: "fraction", ctypes.c_int8: "short", ctypes.c_int16: "short"}.get(
                _BITS[name], "wide"
            )
        case ast.Name(id=name) if name in _PASSED_ROWS:
            return "fraction"
        case ast.UnaryOp(operand=part):
            return _stored(part)
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            parts = {_stored(one), _stored(other)}
        case ast.Call(func=ast.Name(id="min" | "max" | "abs"), args=arguments):
            parts = {_stored(argument) for argument in arguments}
        case _:
            return "wide"
    return "wide" if "wide" in parts or parts == {"short"} else "fraction"


def test_rows_are_the_memory_of_the_array() -> None:
    people = nobody(2)
    row = rows(people)[1]

    row.satisfaction, row.key, row.tenure = 0.1, 2**64 - 1, -5

    assert people["satisfaction"][1] == np.float32(0.1)
    assert (people["key"][1], people["tenure"][1]) == (2**64 - 1, -5)
    people["trust"][1] = 0.3
    assert row.trust == float(np.float32(0.3))
    assert isinstance(row.trust, float)
    assert ROW_DTYPE.itemsize == ctypes.sizeof(type(row))


@pytest.mark.parametrize("count", [0, 1, 5])
def test_every_person_is_visited_once_whatever_the_blocks(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "BLOCK", 2)
    people, told = nobody(count), [np.zeros(count), np.zeros(count)]
    for row in rows(people) if count else ():
        row.satisfaction, row.tenure = 0.9, 24

    with ThreadPoolExecutor(max_workers=2) as pool:
        for how, out in zip((Kernels.compiled(FIXED), Kernels.plain(FIXED)), told, strict=True):
            how.over_blocks(pool, how.tell, people, (out,), ())

    expected = law.recommendation(someone(satisfaction=0.9, tenure=24), FIXED.plain())
    assert told[0].tolist() == told[1].tolist() == [expected] * count


def test_compiled_kernels_are_kept_in_the_folder_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    settings: Any = numba.config
    before = settings.CACHE_DIR

    compiled: Any = kernels._compiled.__wrapped__()

    assert kernels._cache_folder() == tmp_path / "retainsim" / "kernels"
    assert before == settings.CACHE_DIR
    assert str(tmp_path) in compiled[0].stats.cache_path
