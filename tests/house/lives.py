"""
Lives to test the market's law with: one person who is ours, content and free, and the changes a test asks for.

Chance can be fixed by purpose, so that a test says what happens instead of searching for a key under which it does.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import attrs
import pytest
from hypothesis import strategies as st

from retainsdk.policy import (
    ACTIONS,
    ActionKind,
    Actions,
    Budget,
    Move,
    PolicyStream,
    ThreatView,
    default_response,
    no_actions,
)
from retainsdk.view import BookView
from retainsim.market import law, load_preset
from retainsim.market import purposes as for_
from retainsim.market.competitors import Plan
from retainsim.market.law.whole import MODULES
from retainsim.market.month import Month, MonthRow
from retainsim.market.person import FIELDS, NEVER, OURS, Row, nobody, rows
from retainsim.market.streams import moment, stream_of

FIXED = load_preset("telecom").drawn(0, "fixed")
N_FIRMS = 4
PLAN = Plan(
    price=(1.0, 1.0, 1.0, 1.0),
    quality=(0.0, 0.0, 0.0, 0.0),
    awareness=(1.0, 0.5, 0.5, 0.5),
    lock_months=(0.0, 24.0, 12.0, 12.0),
    shares=(0.4, 0.2, 0.2, 0.1, 0.1),
)
USUAL = {
    "key": 1,
    "firm": OURS,
    "begun": 1,
    "monthly_fee": 6_000,
    "package": 1.0,
    "need": 1.0,
    "usage": 0.95,
    "price_taste": 3.0,
    "quality_taste": 1.0,
    "voice": 0.5,
    "assertive": 0.5,
    "satisfaction": 0.25,
    "trust": 0.2,
    "attention": 0.3,
    "reference": 1.0,
    "tenure": 24,
    "contact_day": 0,
}
RANGES = {
    "satisfaction": (-1, 1), "trust": (-1, 1), "regret": (0, 1), "hurt": (0, 1), "fatigue": (0, 3),
    "attention": (0, 1), "reference": (0.1, 2), "habit": (0, 1), "need": (0.3, 2), "woken": (0, 1), "usage": (0, 2), "usage_trend": (-1.28, 1.27),
    "survey_score": (0, 10), "package": (0.3, 2),
    "firm": (0, N_FIRMS), "contract": (0, 2), "true_reason": (-1, 7), "stated_reason": (-1, 7),
    "leaning": (-1, N_FIRMS), "need_state": (0, 2), "need_pause": (0, 8), "ended_well": (0, 1),
    "complaints_open": (0, 100), "contacts_recent": (0, 4), "signals_recent": (0, 2),
}  # fmt: skip
"""What a person's figures stay within, whatever happens to him."""
RULED = [action.kind for action in ACTIONS if action.rule]
"""What a policy may ask for that the market has a rule for."""

small = st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0])
shares = st.sampled_from([0.0, 0.25, 0.5, 1.0])


def parameters(**changes: float) -> SimpleNamespace:
    """The preset's parameters, but for the *changes*."""
    unknown = changes.keys() - FIXED.values.keys()
    assert not unknown, unknown
    return SimpleNamespace(**{**FIXED.values, **changes})


UNITS = {field.name: field.unit for field in FIELDS}


def someone(**changes: Any) -> Row:
    """A usual customer of ours, but for the *changes*: stored as the engine stores him."""
    person: Row = rows(nobody(1))[0]
    for name, value in (USUAL | changes).items():
        assert hasattr(person, name), name
        setattr(person, name, value if UNITS[name] == 1.0 else round(value / UNITS[name]))
    return person


def exactly(**changes: Any) -> SimpleNamespace:
    """The same with figures that storing does not round, to compare with figures worked out by hand."""
    person = someone()
    stored = {name: getattr(person, name) for name, *_ in Row._fields_}
    given = {name: value / UNITS[name] for name, value in (USUAL | changes).items()}
    return SimpleNamespace(**{**stored, **{name: _whole(value) for name, value in given.items()}})


def _whole(value: float) -> float:
    return int(value) if value == int(value) else value


def figure(person: Any, name: str) -> float:
    """A figure as it is meant, whatever it is stored in: 0.5, not 50 hundredths."""
    return float(getattr(person, name) * UNITS[name])


def figures_of(person: Any) -> dict[str, Any]:
    """Everything stored of a person."""
    return {name: getattr(person, name) for name, *_ in Row._fields_}


def counts() -> list[int]:
    """A tally with nothing in it."""
    return [0] * law.TALLIES


def a_month(number: int = 0, seed: int = 1, **changes: Any) -> Month:
    """A month of thirty days, the firms' terms as in *PLAN* but for the *changes*."""
    plan = attrs.evolve(PLAN, **changes)
    return Month(number=number, when=moment(seed, number), first_day=30 * number, n_days=30, plan=plan)


def this_month(number: int = 0, **changes: Any) -> MonthRow:
    """The same, as the rules read it."""
    row: MonthRow = a_month(number, **changes).row
    return row


def chance_of(person: Any, w: MonthRow | None = None) -> int:
    """The stream of a person's chance in a month, the first unless another is given."""
    return stream_of(person.key, (w or this_month()).when)


def live_through(
    person: Any,
    month: Month,
    *,
    deed: int = 0,
    amount: int = 0,
    months: int = 0,
    word: float = 0.0,
    p: Any = None,
    tally: list[int] | None = None,
) -> None:
    """One whole month in a life, without a conversation."""
    tally, p, w = counts() if tally is None else tally, p or parameters(), month.row
    law.month_of(person, deed, amount, months, word, -1, w, p, tally)
    if person.leaning >= 0:
        law.settle_month(person, w, p, tally)


def act_on(
    person: Any,
    deed: ActionKind,
    *,
    amount: int = 0,
    months: int = 0,
    p: Any = None,
    price: Any = PLAN.price,
) -> list[int]:
    """What our policy does for a customer, and nothing else of the month; what it counted."""
    tally = counts()
    w = this_month(price=price)
    law.contact(person, deed, amount, months, w, chance_of(person), p or parameters(), tally)
    return tally


Luck = Callable[..., None]
"""``luck(0.5, choice=0.9)``: every number drawn is 0.5, that of the purpose ``CHOICE`` 0.9."""


@pytest.fixture
def luck(monkeypatch: pytest.MonkeyPatch) -> Luck:
    """Fix what chance brings."""

    def fix(otherwise: float = 0.5, **by_purpose: float) -> None:
        fixed = {getattr(for_, name.upper()): number for name, number in by_purpose.items()}

        def drawn(stream: int, purpose: int) -> float:  # noqa: ARG001 # called as the real one is
            return fixed.get(purpose, otherwise)

        for module in MODULES:
            if hasattr(module, "drawn"):
                monkeypatch.setattr(module, "drawn", drawn)

    return fix


@attrs.frozen
class Scripted:
    """A policy that does what two functions say."""

    decides: Callable[[BookView, Budget, PolicyStream], Any] = lambda view, budget, draw: no_actions()  # noqa: ARG005 # the protocol's
    responds: Callable[[ThreatView, PolicyStream], Any] = lambda case, draw: default_response(case)  # noqa: ARG005 # the protocol's
    name: str = "scripted"
    scope: str = "customer"

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:
        actions: Actions = self.decides(view, budget, draw)
        return actions

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:
        move: Move = self.responds(case, draw)
        return move


__all__ = [
    "FIXED",
    "NEVER",
    "N_FIRMS",
    "PLAN",
    "RANGES",
    "RULED",
    "Luck",
    "Scripted",
    "a_month",
    "act_on",
    "chance_of",
    "counts",
    "exactly",
    "figure",
    "figures_of",
    "live_through",
    "luck",
    "parameters",
    "shares",
    "small",
    "someone",
    "this_month",
]
