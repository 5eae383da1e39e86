"""Purposes of chance: registered, apart from each other, each read in one place or for a stated reason in more."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from golden import Golden

from retainsim.market import purposes
from retainsim.market.purposes import PURPOSES
from retainsim.market.response import MOST_TURNS

MARKET = Path(purposes.__file__).parent
REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
NAMES = {name: key for name, key in vars(purposes).items() if name.isupper() and isinstance(key, int)}
OWN = {"streams.py", "philox.py", "luck.py", "reloaded.py", "purposes.py"}
"""The modules that make numbers, record them, or name what they are for."""
TOLD = "chronicle"
"""The package that decides nothing: it draws the law's numbers again, to tell on which day a thing happened."""
DRAWS = {"uniform": 2, "drawn": 1, "uniforms": 2}
"""Functions of `streams` by the place of the purpose among what they are given."""

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def sources() -> dict[str, ast.Module]:
    return {
        path.relative_to(MARKET).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(MARKET.rglob("*.py"))
        if path.name not in OWN and path.parent.name != TOLD
    }


def is_purpose(node: ast.AST) -> bool:
    """``for_.LIFE``, or ``LIFE`` alone."""
    if isinstance(node, ast.Attribute):
        return (
            node.attr in NAMES and isinstance(node.value, ast.Name) and node.value.id in ("for_", "purposes")
        )
    return isinstance(node, ast.Name) and node.id in NAMES


def read(tree: ast.AST) -> list[str]:
    """Every purpose a module reads, once a place."""
    return [
        str(getattr(node, "attr", getattr(node, "id", "")))
        for node in ast.walk(tree)
        if is_purpose(node) and isinstance(getattr(node, "ctx", None), ast.Load)
    ]


def unregistered(trees: dict[str, ast.Module]) -> list[str]:
    """Draws that are for no registered purpose, in modules and in the functions they hand a purpose to."""
    handed = dict(DRAWS)
    found: list[str] = []
    before = -1
    while len(handed) > before:
        before, found = len(handed), []
        for place, tree in trees.items():
            for function, call in _calls(tree, None):
                name = getattr(call.func, "attr", getattr(call.func, "id", None))
                if name not in handed or _is_another(call.func, name):
                    continue
                given = call.args[handed[name]] if len(call.args) > handed[name] else None
                parameter = _parameter(function, given)
                if parameter is not None and isinstance(function, ast.FunctionDef):
                    handed.setdefault(function.name, parameter)
                elif given is None or not _is_for_a_purpose(given, tree):
                    found.append(f"{place}:{call.lineno}")
    return found


def _is_another(function: ast.expr, name: str) -> bool:
    """A method of the same name: a policy's ``draw.uniform("explore")``, the parameters of ``preset.drawn(seed)``."""
    return (
        name in DRAWS
        and isinstance(function, ast.Attribute)
        and getattr(function.value, "id", "") != "streams"
    )


def _calls(node: ast.AST, function: Function | None) -> Iterator[tuple[Function | None, ast.Call]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield function, child
        yield from _calls(child, child if isinstance(child, Function) else function)


def _parameter(function: Function | None, given: ast.expr | None) -> int | None:
    """The place of the parameter by which the calling function was itself handed the purpose."""
    names = [argument.arg for argument in function.args.args] if function else []
    return names.index(given.id) if isinstance(given, ast.Name) and given.id in names else None


def _is_for_a_purpose(given: ast.expr, tree: ast.Module) -> bool:
    if isinstance(given, ast.BinOp) and isinstance(given.op, ast.BitXor):
        return is_purpose(given.left)  # a turn of a conversation
    if isinstance(given, ast.Subscript):
        return _is_a_table_of_turns(given.value, tree)
    if isinstance(given, ast.Name) and not is_purpose(given):
        listed = [
            loop.iter
            for loop in ast.walk(tree)
            if isinstance(loop, ast.comprehension | ast.For)
            and isinstance(loop.target, ast.Name)
            and loop.target.id == given.id
        ]
        return bool(listed) and all(
            isinstance(them, ast.Tuple) and all(map(is_purpose, them.elts)) for them in listed
        )
    return is_purpose(given)


def _is_a_table_of_turns(table: ast.expr, tree: ast.Module) -> bool:
    """``REPLIES = tuple(for_.REPLY ^ turn for turn in …)``."""
    made = [
        step.value.args[0]
        for step in tree.body
        if isinstance(step, ast.Assign)
        and isinstance(step.value, ast.Call)
        and [getattr(it, "id", "") for it in step.targets] == [getattr(table, "id", None)]
    ]
    return len(made) == 1 and isinstance(made[0], ast.GeneratorExp) and _is_for_a_purpose(made[0].elt, tree)


def test_every_purpose_is_registered_under_the_key_the_law_reads() -> None:
    assert sorted(NAMES.values()) == sorted(purpose.key for purpose in PURPOSES.values())
    assert all(
        NAMES[name.upper().replace(" ", "_").replace("-", "_")] == it.key for name, it in PURPOSES.items()
    )


def test_every_purpose_says_what_it_decides() -> None:
    assert [name for name, purpose in PURPOSES.items() if not purpose.decides] == []


def test_no_two_purposes_share_a_stream_in_any_turn_of_a_conversation() -> None:
    keys = [purpose.key for purpose in PURPOSES.values()]

    assert len(set(keys)) == len(keys)
    assert min(one ^ other for one, other in combinations(keys, 2)) > 2 * MOST_TURNS


def test_every_purpose_is_read_in_one_place_or_says_why_in_more() -> None:
    places = Counter(name for tree in sources().values() for name in read(tree))
    unexplained = [
        name
        for name, key in NAMES.items()
        if places[name] > 1 and not next(it.again for it in PURPOSES.values() if it.key == key)
    ]

    told = {
        name
        for path in (MARKET / TOLD).glob("*.py")
        for name in read(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert sorted(NAMES.keys() - places.keys() - told) == []
    assert unexplained == []


def test_every_number_is_drawn_for_a_registered_purpose() -> None:
    assert unregistered(sources()) == []


@pytest.mark.parametrize(
    ("line", "faulty"),
    [
        ("uniform(c.key, when, for_.LIFE)", False),
        ("drawn(stream, for_.REPLY ^ call.turn)", False),
        ("uniform(c.key, when, 17)", True),
        ("uniform(c.key, when, 17 ^ call.turn)", True),
        ("uniform(c.key, when, NUMBER)", True),
        ("centred(c, when, for_.USAGE)", False),
        ("centred(c, when, 3)", True),
        ('draw.uniform("explore")', False),
        ("streams.uniform(c.key, when, 17)", True),
        ("[uniform(1, 2, which) for which in (ENDING, VOICE)]", False),
        ("[uniform(1, 2, which) for which in range(9)]", True),
    ],
)
def test_a_draw_for_a_bare_number_is_seen(line: str, faulty: bool) -> None:  # noqa: FBT001 # the case
    centred = "def centred(c, when, purpose):\n    return uniform(c.key, when, purpose) - 0.5\n"

    assert bool(unregistered({"law.py": ast.parse(centred + line)})) is faulty


def test_the_page_on_purposes_shows_the_table(golden: Golden) -> None:
    golden(REFERENCE / "purposes.md", purposes_page())


def purposes_page() -> str:
    """Every purpose with what it decides."""
    return "\n".join(
        [
            "# What chance is drawn for",
            "",
            "Made from `PURPOSES` in `src/retainsim/market/purposes.py`.",
            "Each purpose is a stream of its own: [why twin worlds meet the same luck](../explanation/luck.md).",
            "Policies have streams of their own besides, by a name they choose.",
            "A dash means that a purpose is read in one place only.",
            "",
            "| purpose | decides | read in more than one place, because |",
            "| --- | --- | --- |",
            *(f"| {it.name} | {it.decides} | {it.again or '–'} |" for it in PURPOSES.values()),
            "",
        ]
    )
