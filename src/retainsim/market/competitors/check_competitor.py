"""
Tell the author of a competitor's strategy what is wrong with it, before a market does.

A strategy must be a pure function of what it is shown: the same sight and the same chance give the same terms, at any
time, on any machine, whatever it was asked before, and under whatever numbers its rivals go.
"""

from __future__ import annotations

import gc
import pickle
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from types import BuiltinFunctionType, FrameType
from typing import Any

import attrs

from retainsdk.errors import Fault, InputError
from retainsim.market.competitors.strategy import FirmStream, Sight, Strategy, Terms, terms_faults

_SHOWN = 2
"""Faults of one kind that are told; the others would tell the same of other months."""
_MONTHS = (0, 1, 2, 3, 5, 8, 11, 12, 13, 24, 37, 60, 119)
_SEEDS = (1, 2, 3)
_FIRM = 2

Answers = dict[str, Terms]
"""By what was shown, in words."""


@attrs.frozen
class _Question:
    told: str
    sight: Sight
    draw: FirmStream


def check_competitor(strategy: Strategy) -> None:
    """
    Check a strategy, and tell all that is wrong with it at once.

    It is asked about many months in usual and odd circumstances (alone on the market, without a customer, without
    history), again in the opposite order, as a pickled copy, and with its rivals under other numbers. Its answers are
    compared, and must be terms that can be; while it answers, it is watched for clocks, other chance and files.

    Args:
        strategy: To check.

    Raises:
        InputError: Naming every fault with its place, value, rule and remedy.

    >>> from retainsim.market.competitors import check_competitor, strategy_of
    >>> check_competitor(strategy_of("poaching(cut=0.3)"))
    """
    faults = competitor_faults(strategy)
    if faults:
        raise InputError(f"competitor {type(strategy).__name__}", faults)


def competitor_faults(strategy: Strategy) -> list[Fault]:
    """What `check_competitor` finds, as a list."""
    described = _description_faults(strategy)
    if any(fault.place == "act" for fault in described):
        return described
    before, questions = _state(strategy), list(_questions())
    usual, wrong = _answers(strategy, questions)
    with _watched() as seen:  # not the first time, when modules may still be loaded
        again, _ = _answers(strategy, questions[::-1])
    remedy = "Take chance from draw.uniform(name), and keep nothing between calls: the sight says what was."
    return [
        *described,
        *wrong,
        *seen,
        *_compared("asked again", usual, again, remedy),
        *_copy_faults(strategy, questions, usual),
        *_number_faults(strategy, questions, usual),
        *_memory_faults(strategy, before),
    ]


def _description_faults(strategy: object) -> list[Fault]:
    if isinstance(strategy, type) or not isinstance(strategy, Strategy) or not callable(strategy.act):
        shown = strategy.__name__ if isinstance(strategy, type) else type(strategy).__name__
        rule = "must be made from its class" if isinstance(strategy, type) else "must have act(sight, draw)"
        return [Fault("act", shown, rule, "See retainsim.market.competitors.Strategy.")]
    school: type = type(strategy)
    if not attrs.has(school):
        rule, remedy = "must be a frozen attrs class", "Put @attrs.frozen(kw_only=True) above it."
        return [Fault("class", school.__name__, rule, remedy)]
    fields = {field.name for field in attrs.fields(school)}
    faults = []
    if not _is_frozen(school):
        remedy = "Write @attrs.frozen: a strategy remembers nothing."
        faults.append(Fault("class", school.__name__, "must be frozen", remedy))
    extra = sorted(vars(strategy).keys() - fields) if hasattr(strategy, "__dict__") else []
    if extra:
        rule, remedy = "must not be kept beside the parameters", "Let the parameters be the only fields."
        faults.append(Fault("fields", ", ".join(extra), rule, remedy))
    return faults


def _is_frozen(school: type) -> bool:
    # attrs gives every frozen class the same methods, whatever it is called
    return getattr(school.__setattr__, "__name__", "") == "_frozen_setattrs"


def _questions() -> Iterator[_Question]:
    """What a strategy may come to see, from the usual to the odd, over ten years and in several worlds."""
    start = Terms(price=1.05, awareness=0.6, lock_months=12.0, quality=0.1)
    cheap = Terms(price=0.8, awareness=0.9, lock_months=36.0, quality=0.3)
    usual: dict[str, Any] = {
        "start": start,
        "terms": start,
        "prices": (1.0, 1.08, 1.05, 0.95),
        "shares": (0.34, 0.22, 0.2, 0.16),
        "share_at_start": 0.2,
        "past": ((0.33, 0.22, 0.21, 0.16),) * 3,
        "came": 0.004,
        "gone": 0.004,
    }
    cases: dict[str, dict[str, Any]] = {
        "usually": {},
        "after losing customers": {"shares": (0.4, 0.26, 0.08, 0.18), "gone": 0.02, "came": 0.001},
        "after winning customers": {"shares": (0.2, 0.12, 0.5, 0.1), "gone": 0.001, "came": 0.05},
        "in the middle of a campaign": {"terms": cheap, "prices": (1.0, 1.08, 0.8, 0.95)},
        "beside a very cheap rival": {"prices": (1.0, 0.01, 1.05, 0.95)},
        "beside very dear rivals": {"prices": (50.0, 70.0, 1.05, 90.0)},
        "beside a rival that is not on the market": {"prices": (1.0, None, 1.05, 0.95)},
        "alone on the market": {
            "prices": (None, None, 1.05, None), "shares": (0.0, 0.0, 0.9, 0.0), "share_at_start": 0.9,
        },
        "when nobody is on the market": {
            "prices": (None, None, None, None), "shares": (0.0, 0.0, 0.0, 0.0), "terms": attrs.evolve(start, awareness=0.0),
        },
        "without a customer": {"shares": (0.4, 0.3, 0.0, 0.2), "came": 0.0, "gone": 0.0},
        "without a customer from the start": {
            "shares": (0.4, 0.3, 0.0, 0.2), "share_at_start": 0.0, "came": 0.0, "gone": 0.0,
        },
        "with everybody": {"shares": (0.0, 0.0, 1.0, 0.0), "came": 0.0, "gone": 0.0},
        "without history": {"past": ()},
        "with a year of history": {"past": tuple((0.34, 0.22, 0.1 + 0.01 * n, 0.16) for n in range(12))},
        "unknown to everybody": {"start": attrs.evolve(start, awareness=0.0)},
        "known to everybody and bound for long": {
            "start": attrs.evolve(start, awareness=1.0, lock_months=36.0),
        },
        "of the best quality": {"start": attrs.evolve(start, quality=2.0), "terms": attrs.evolve(start, quality=2.0)},
        "of the worst quality": {"start": attrs.evolve(start, quality=-2.0), "terms": attrs.evolve(start, quality=-2.0)},
    }  # fmt: skip
    for told, changes in cases.items():
        for month in _MONTHS:
            for seed in _SEEDS:
                sight = Sight(firm=_FIRM, month=month, **{**usual, **changes})
                draw = FirmStream(seed=seed, firm=_FIRM, month=month)
                yield _Question(f"{told}, month {month}, world {seed}", sight, draw)


def _answers(strategy: Strategy, questions: Sequence[_Question]) -> tuple[Answers, list[Fault]]:
    """What it answers where it answers with terms that can be, and what is wrong with the rest, a few of each kind."""
    answers: Answers = {}
    faults: dict[str, list[Fault]] = {}
    for question in questions:
        place = f"act {question.told}"
        try:
            terms: object = strategy.act(question.sight, question.draw)
        except Exception as error:  # noqa: BLE001 # whatever an author's code raises is what he must be told
            remedy = "Expect rivals that are not on the market (None), shares of 0 and no history."
            fault = Fault(place, f"{type(error).__name__}: {error}", "raises an error", remedy)
            faults.setdefault(type(error).__name__, []).append(fault)
            continue
        wrong = terms_faults(terms, place)
        for fault in wrong:
            faults.setdefault(fault.place.removeprefix(place) + fault.rule, []).append(fault)
        if isinstance(terms, Terms) and not wrong:
            answers[question.told] = terms
    return answers, [fault for kind in faults.values() for fault in kind[:_SHOWN]]


def _compared(place: str, usual: Answers, other: Answers, remedy: str) -> list[Fault]:
    rule = "must be the same answer"
    changed = [told for told, terms in usual.items() if told in other and other[told] != terms]
    lost = [told for told in usual if told not in other]
    return [
        *(
            Fault(
                f"act {told}, {place}", f"{_told(usual[told])}, but then {_told(other[told])}", rule, remedy
            )
            for told in changed[:_SHOWN]
        ),
        *(Fault(f"act {told}, {place}", "no terms that can be", rule, remedy) for told in lost[:_SHOWN]),
    ]


def _told(terms: Terms) -> str:
    return (
        f"price {terms.price:.6g}, awareness {terms.awareness:.6g}, "
        f"{terms.lock_months:g} months, quality {terms.quality:.6g}"
    )


def _copy_faults(strategy: Strategy, questions: Sequence[_Question], usual: Answers) -> list[Fault]:
    try:
        copy = pickle.loads(pickle.dumps(strategy))  # noqa: S301 # our own bytes, from the line itself
    except Exception as error:  # noqa: BLE001 # as above
        remedy = "Define the class at the top of a module; fields hold plain values."
        return [Fault("pickle", f"{type(error).__name__}: {error}", "cannot be pickled", remedy)]
    again, _ = _answers(copy, questions)
    return _compared("by a pickled copy", usual, again, "Let the parameters be the only fields.")


def _number_faults(strategy: Strategy, questions: Sequence[_Question], usual: Answers) -> list[Fault]:
    """Firms are known by what they do: which of them is ours, and stands first, is nobody's business."""
    remedy = "Judge rivals by price and share, not by their place in the list."
    for order in ((3, 0, _FIRM, 1), (1, 3, _FIRM, 0)):
        renumbered = [_renumbered(question, order) for question in questions]
        other, _ = _answers(strategy, renumbered)
        faults = _compared("with its rivals under other numbers", usual, other, remedy)
        if faults:
            return faults
    return []


def _renumbered(question: _Question, order: Sequence[int]) -> _Question:
    sight = question.sight
    moved = attrs.evolve(
        sight,
        prices=tuple(sight.prices[firm] for firm in order),
        shares=tuple(sight.shares[firm] for firm in order),
        past=tuple(tuple(shares[firm] for firm in order) for shares in sight.past),
    )
    return attrs.evolve(question, sight=moved)


def _memory_faults(strategy: Strategy, before: str) -> list[Fault]:
    if _state(strategy) == before:
        return []
    rule, remedy = "has changed itself while it was asked", "Keep nothing: the sight says what was."
    return [Fault("fields", _state(strategy), rule, remedy)]


def _state(strategy: Strategy) -> str:
    return repr(vars(strategy)) if hasattr(strategy, "__dict__") else repr(strategy)


_CLOCKS = frozenset({"now", "today", "utcnow"})
_OUTSIDE = {
    "time": "the clock",
    "posix": "the system",
    "nt": "the system",
    "io": "a file",
    "_io": "a file",
    "_random": "other chance",
    "_socket": "the network",
    "secrets": "other chance",
}


@contextmanager
def _watched() -> Iterator[list[Fault]]:
    """
    Tell calls that no pure function makes.

    Asking twice in the same second finds no clock that counts days. So the interpreter reports every built-in function
    that is called meanwhile.
    """
    found: dict[str, Fault] = {}

    def watch(frame: FrameType, event: str, called: Any) -> None:  # noqa: ANN401 # as the interpreter has it
        outside = _outside_of(called) if event == "c_call" else None
        if outside is not None:
            name = getattr(called, "__qualname__", repr(called))
            place = f"{frame.f_code.co_name}, line {frame.f_lineno}"
            remedy = "Compute from the sight, and take chance from draw.uniform(name)."
            found.setdefault(name, Fault(place, f"{name}()", f"must not read {outside}", remedy))

    faults: list[Fault] = []
    before: Callable[..., Any] | None = sys.getprofile()
    collects = gc.isenabled()
    gc.disable()  # what others hang on the collector is not the strategy's doing
    sys.setprofile(watch)
    try:
        yield faults
    finally:
        sys.setprofile(before)
        if collects:
            gc.enable()
        faults += found.values()


def _outside_of(called: object) -> str | None:
    """What a built-in function reads beside its arguments; none for most of them."""
    if not isinstance(called, BuiltinFunctionType):
        return None
    owner: object = called.__self__
    if isinstance(owner, type) and issubclass(owner, date) and called.__name__ in _CLOCKS:
        return "the clock"
    if isinstance(owner, random.Random):
        return "other chance"
    return _OUTSIDE.get(called.__module__ or "")
