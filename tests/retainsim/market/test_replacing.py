"""Any single rule can be replaced, wherever it is called; who gets it wrong is told what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import numba
import numpy as np
import pytest
from lives import exactly, parameters, this_month

from retainsdk.errors import InputError
from retainsdk.policies import get
from retainsim.market import History, Market, kernels, law, load_preset, replacing, run
from retainsim.market.law import LAW, Law
from retainsim.market.law.whole import MODULES
from retainsim.market.replacing import check_rule, load_rule

COMPILING = pytest.mark.xdist_group("compiling")
"""On one worker: what is compiled there is there for all of them."""
MARKET = Market.draw(load_preset("telecom"), customers=150, seed=1, parameters="fixed")


def everybody_threatens(c: Any, p: Any) -> float:  # noqa: ARG001 # as the rule it replaces
    return 1.0


def same_threatens(c: Any, p: Any) -> float:
    return law.clamp(p.threat * law.hundredths(c.voice) + p.habit_threatens * c.habit, 0.0, 1.0)


def test_a_rule_is_replaced_wherever_it_is_called_and_nowhere_else() -> None:
    loud = LAW.with_rule("threatens", everybody_threatens)

    shipped, replaced = (
        run(MARKET, get("none"), months=6, compiled=False, law=it, residual_months=0) for it in (LAW, loud)
    )

    assert replaced.flows[:, 5].sum() == 0 < shipped.flows[:, 5].sum()
    assert law.threatens(exactly(voice=0.0), parameters()) == 0.0
    assert shipped.rules == ()
    assert [name for name, _ in replaced.rules] == ["threatens"]
    again = run(MARKET, get("none"), months=6, compiled=False, residual_months=0)
    assert again.digest == shipped.digest != replaced.digest


@pytest.fixture(scope="module")
def reworded() -> Law:
    """Checked, and therefore compiled: once for all tests, since it takes half a minute."""
    return check_rule("threatens", same_threatens)


@COMPILING
def test_the_same_rule_in_other_words_gives_the_same_world(reworded: Law) -> None:
    one, other = (run(MARKET, get("none"), months=6, law=it) for it in (LAW, reworded))

    assert one.digest == other.digest
    assert one.residual == other.residual
    assert one.rules != other.rules


@COMPILING
def test_a_law_that_is_kept_nowhere_is_compiled_in_the_session_and_its_rules_count_no_references(
    reworded: Law,
) -> None:
    """Counting references of arrays would cost more than the rules do: it is left to the door, where arrays come in."""
    assert kernels._cache_folder(reworded) is None
    for loop, known in zip(kernels._compiled(reworded), ("month_of", "decide_again"), strict=True):
        compiled: Any = loop
        (assembly,) = (compiled.inspect_asm(signature) for signature in compiled.signatures)
        functions = re.split(r"\n\s*\.type\s+(\S+),@function", assembly)[1:]
        rules = {
            name: body for name, body in zip(functions[::2], functions[1::2], strict=True) if "law" in name
        }
        assert any(known in name for name in rules)
        assert [name for name, body in rules.items() if "NRT_" in body] == []


def test_rules_replaced_one_after_the_other_are_all_replaced() -> None:
    both = LAW.with_rule("threatens", everybody_threatens).with_rule("known_firms", lambda luck, w: 0)  # noqa: ARG005 # as the rule

    history = run(MARKET, get("none"), months=6, compiled=False, law=both, residual_months=0)

    assert [name for name, _ in history.rules] == ["known_firms", "threatens"]
    assert history.people[-1, 1:4].sum() <= history.people[0, 1:4].sum()


def test_every_rule_has_one_name_and_no_two_modules_mean_different_things_by_it() -> None:
    meant: dict[str, Any] = {}
    for module in MODULES:
        for name, it in vars(module).items():
            if not name.startswith("__") and name != "annotations":
                assert meant.setdefault(name, it) is it or meant[name] == it, name

    assert set(LAW.functions) <= set(meant)
    assert law.month_of is LAW.month_of is LAW.functions["month_of"]
    with pytest.raises(AttributeError):
        LAW.nothing_of_that_name  # noqa: B018 # to see it refused


def test_a_rule_made_anew_gives_what_the_shipped_one_gives() -> None:
    anew = LAW.with_rule("threatens", same_threatens)

    assert anew.trigger(exactly(), this_month(), parameters()) == law.trigger(
        exactly(), this_month(), parameters()
    )
    assert anew.trigger is not law.trigger


def fails(c: Any, p: Any) -> float:
    return float(p.no_such_parameter * c.habit)


def allocates(c: Any, p: Any) -> float:
    return float(np.array([c.habit, p.threat]).mean())


def other_arguments(person: Any) -> float:
    return float(person.habit)


@pytest.mark.parametrize(
    ("name", "function", "told"),
    [
        (
            "threaten",
            same_threatens,
            "is no rule of the law. Did you mean 'threatens'. There are: .*threatens",
        ),
        ("threatens", other_arguments, r"must take \(c, p\), not \(person\)"),
        ("threatens", fails, "fails on a small market: AttributeError.*no_such_parameter"),
        pytest.param("threatens", allocates, "cannot be compiled: ", marks=pytest.mark.long),
    ],
)
def test_what_cannot_replace_a_rule_is_told_why(name: str, function: Callable[..., Any], told: str) -> None:
    with pytest.raises(InputError, match=told):
        check_rule(name, function)


def test_a_rule_that_cannot_be_compiled_is_refused_in_the_words_of_the_compiler(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Compiled by itself, since the whole law around it takes half a minute; certified with the law."""

    def without_the_law(*arguments: Any, compiled: bool = True, **others: Any) -> History:
        if compiled:
            numba.njit(allocates, _nrt=False)(MARKET.people[0], MARKET.rules.record()[0])  # type: ignore[call-overload,unused-ignore] # an option of Numba's own
        return run(*arguments, compiled=False, **others)

    monkeypatch.setattr(replacing, "run", without_the_law)

    with pytest.raises(InputError, match=r"cannot be compiled: \w+Error: \w"):
        check_rule("threatens", allocates)


def test_a_rule_that_gives_other_bits_when_compiled_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def diverging(*arguments: Any, compiled: bool = True, **others: Any) -> History:
        history = run(*arguments, compiled=False, **others)
        return attrs.evolve(history, digest="other") if compiled else history

    monkeypatch.setattr(replacing, "run", diverging)

    with pytest.raises(InputError, match="gives other bits compiled than in plain Python"):
        check_rule("threatens", same_threatens)


def test_a_rule_is_found_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("def silent(c, p):\n    return 0.0\n")

    name, function = load_rule(f"threatens={file}:silent")
    quiet = run(MARKET, get("none"), months=6, compiled=False, law=LAW.with_rule(name, function))

    assert quiet.flows[:, 3].sum() == 0
    first = quiet.rules
    file.write_text("def silent(c, p):\n    return 0.5 * 0.0\n")
    assert LAW.with_rule(*load_rule(f"threatens={file}:silent")).digests != first


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("threatens", "must name a rule, a file and a function"),
        ("threatens=mine.py", "must name a rule, a file and a function"),
        ("threatens={folder}/none.py:it", "is no file"),
        ("threatens={folder}/mine.txt:it", "is no Python file"),
        ("threatens={folder}/mine.py:other", "there are: it"),
        ("threatens={folder}/broken.py:it", "names a file that fails: ZeroDivisionError"),
    ],
)
def test_a_rule_that_cannot_be_found_is_told_why(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("def it(c, p):\n    return 0.0\n")
    (tmp_path / "mine.txt").write_text("def it(c, p):\n    return 0.0\n")
    (tmp_path / "broken.py").write_text("1 / 0\n")

    with pytest.raises(InputError, match=told):
        load_rule(text.format(folder=tmp_path))
