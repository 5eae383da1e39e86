"""Compiled code computes as plain Python does: in 64 bits, from numbers stored in 32."""

from __future__ import annotations

import ast
import ctypes
import inspect
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs
import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import FIXED, a_month, live_through, someone
from worlds import view_of as columns_view

from retainsdk.policy import ACTIONS, ActionKind, act
from retainsim.market import kernels, law
from retainsim.market.kernels import NO_DEEDS, Deeds, Kernel, borders_of
from retainsim.market.law.whole import MODULES
from retainsim.market.person import (
    FIELDS,
    ROW_BYTES,
    ROW_DTYPE,
    USED_BYTES,
    WITHOUT_CONTRACT,
    Row,
    figures,
    keep,
    nobody,
    rows,
)


def test_where_two_stored_numbers_meet_the_law_computes_in_64_bits() -> None:
    assert [found for module in MODULES for found in _meetings(inspect.getsource(module))] == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("c.hurt = c.need / c.habit", 1),
        ("c.hurt = min(c.need, c.habit) * c.tenure", 1),
        ("c.hurt = -c.need * (c.habit if m else c.trust)", 1),
        ("c.hurt -= c.need", 1),
        ("c.hurt = c.need * c.voice", 1),
        ("c.hurt = 1.0 * c.need / c.habit", 0),
        ("c.hurt = c.need * hundredths(c.voice)", 0),
        ("c.hurt = c.tenure + 1 + c.products", 0),
    ],
)
def test_a_meeting_of_two_stored_numbers_is_found(line: str, found: int) -> None:
    assert len(list(_meetings(f"@rule\ndef a_rule(c): {line}"))) == found


_BITS = {field.name: field.ctype for field in FIELDS}
_BITS |= {name: _BITS[like] for name, like, _ in WITHOUT_CONTRACT}
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
            kinds: dict[Any, str] = {ctypes.c_float: "fraction"}
            kinds |= dict.fromkeys((ctypes.c_int8, ctypes.c_uint8, ctypes.c_int16), "short")
            return kinds.get(_BITS[name], "wide")
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


def test_a_row_is_two_lines_of_cache_without_a_gap_between_columns() -> None:
    ends = [getattr(Row, field.name).offset + ctypes.sizeof(field.ctype) for field in FIELDS]
    starts = [getattr(Row, field.name).offset for field in FIELDS]

    assert ROW_DTYPE.itemsize == ctypes.sizeof(Row) == ROW_BYTES
    assert starts == [0, *ends[:-1]]
    assert ends[-1] == USED_BYTES <= ROW_BYTES


_KEPT = st.sampled_from([field.name for field in FIELDS if field.ctype is not ctypes.c_float][2:])


@given(name=_KEPT, value=st.one_of(st.integers(-(2**40), 2**40), st.floats(-1e9, 1e9)))
def test_what_is_kept_is_held_within_what_a_column_holds_and_does_not_wrap(name: str, value: float) -> None:
    people = nobody(1)
    bounds, unit = np.iinfo(people[name].dtype), {field.name: field.unit for field in FIELDS}[name]

    keep(people, name, value)

    kept = float(figures(people, name)[0])
    assert abs(kept - np.clip(value, bounds.min * unit, bounds.max * unit)) <= max(unit, 1e-6 * abs(kept))


def test_what_the_law_counts_and_measures_stops_at_what_a_row_holds() -> None:
    full = {field.name for field in FIELDS if field.ctype is ctypes.c_uint8}
    person = someone(voice=1.0, contract=0)
    for name in full - {"package", "voice", "assertive"}:
        setattr(person, name, 255)
    person.complaints_open, person.apologies = 100, 100
    person.concession_cost = 2_000_000_000
    counts_ever = [
        name for name in full if name.startswith(("promises", "complaints", "threats", "offers", "begun"))
    ]

    for number in range(24):
        for deed in (action.kind for action in ACTIONS if action.rule):
            live_through(person, a_month(number), deed=deed, amount=2**40, months=2**30)
            ever = {name: getattr(person, name) for name in counts_ever}
            assert set(ever.values()) == {255}, ever
            assert person.concession_cost == 2_000_000_000
            assert person.contacts_recent <= 127  # halved at the end of the month
            assert 0 <= person.discount <= person.monthly_fee
            assert 0 <= person.discount_until <= 32_000 >= person.paused_until


@pytest.mark.parametrize("count", [0, 1, 5])
def test_every_person_is_visited_once_whatever_the_blocks(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "BLOCK", 2)
    living = [nobody(count), nobody(count)]
    for people in living:
        people["package"], people["key"], people["begun"], people["reference"] = 100, np.arange(count), 1, 1.0
        people["monthly_fee"] = 1_000

    with ThreadPoolExecutor(max_workers=2) as pool:
        counted = [
            how.over(people, borders_of(people), a_month(), NO_DEEDS, pool)
            for how, people in zip((Kernel.compiled(FIXED), Kernel.plain(FIXED)), living, strict=True)
        ]

    assert living[0].tobytes() == living[1].tobytes()
    assert counted[0][0].tolist() == counted[1][0].tolist()
    assert counted[0][1] == counted[1][1]
    for tally, threatening in counted:
        assert tally[law.PEOPLE : law.COHORT].sum() + len(threatening) == count


@given(sizes=st.lists(st.integers(1, 6), max_size=30), block=st.integers(1, 12))
def test_blocks_end_where_circles_do(sizes: list[int], block: int) -> None:
    people = nobody(sum(sizes))
    people["member"] = [place for size in sizes for place in range(size)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernels, "BLOCK", block)
        borders = borders_of(people)

    assert (borders[0], borders[-1]) == (0, len(people))
    assert borders == sorted(set(borders))
    assert all(people["member"][at] == 0 for at in borders[:-1])
    assert all(after - before <= block + 5 for before, after in pairwise(borders))


def test_what_is_done_reaches_whom_it_is_done_for_whatever_the_order_and_the_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kernels, "BLOCK", 3)
    people = nobody(20)
    people["package"], people["key"], people["begun"], people["reference"] = 100, np.arange(20), 1, 1.0
    place = np.array([17, 3, 4, 11])
    done = attrs.evolve(
        act(columns_view([1, 2, 3, 4]), np.ones(4, dtype=np.bool_), ActionKind.COMPENSATION, reason="Sorry"),
        amount=10 * place,
    )

    Kernel.compiled(FIXED).over(people, borders_of(people), a_month(), Deeds.of(done, place), None)

    given_ = {
        int(who): int(people["concession_cost"][who]) for who in np.flatnonzero(people["concession_cost"])
    }
    assert given_ == {17: 170, 3: 30, 4: 40, 11: 110}
    assert np.flatnonzero(people["contacts_recent"]).tolist() == [3, 4, 11, 17]


def test_compiled_kernels_are_kept_in_the_folder_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    settings: Any = numba.config
    before = settings.CACHE_DIR

    compiled: Any = kernels._compiled.__wrapped__(law.LAW)[0]

    folder = kernels._cache_folder()
    assert folder is not None
    assert folder.parent == tmp_path / "retainsim" / "kernels"
    assert before == settings.CACHE_DIR
    assert str(tmp_path) in compiled.stats.cache_path


def test_where_nothing_can_be_written_kernels_are_compiled_and_kept_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("no folder")
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(in_the_way))

    live, talk = kernels._compiled.__wrapped__(law.LAW)

    assert kernels._cache_folder() is None
    assert live.stats.cache_path is talk.stats.cache_path is None
