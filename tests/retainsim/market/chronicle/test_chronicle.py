"""A market told to a book: the book's view is the market's own, and whoever decides on it decides the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

import attrs
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retainsdk.action import ACTIONS
from retainsdk.book import Book
from retainsdk.errors import InputError
from retainsdk.policies.bear_hug import BearHug
from retainsdk.policies.early_warning import EarlyWarning
from retainsdk.policies.none import Nothing
from retainsdk.policies.promise_keeper import PromiseKeeper
from retainsdk.policies.random import AtRandom
from retainsdk.policies.suitable_only import SuitableOnly
from retainsdk.policies.win_back import WinBack
from retainsdk.policy import (
    ActionKind,
    Actions,
    Budget,
    Move,
    MoveKind,
    Policy,
    PolicyStream,
    ThreatView,
    act,
    together,
)
from retainsdk.view import COLUMNS, BookView
from retainsim.market import Market, load_preset, run
from retainsim.market.chronicle import Chronicle, SimulatedClock, new_book, write
from retainsim.market.observed import FOR_A_BOOK_ALONE, NOT_IN_A_MARKET, UNHEARD_OF

NOT_YET_EQUAL = frozenset({"tier"})
"""Columns in which the two views still differ. It may only shrink."""

CONTRACTUAL = ("telecom", "insurance", "gym", "health_fund", "bank_card")
SHIPPED = (Nothing(), AtRandom(), BearHug(), EarlyWarning(), PromiseKeeper(), SuitableOnly(), WinBack())
RULED = [action for action in ACTIONS if action.rule and action.kind is not ActionKind.NOTHING]


@attrs.frozen
class Anything:
    """Any action the market has a rule for, for anybody, with any slots; any move at the save desk."""

    name: ClassVar[str] = "anything"
    scope: ClassVar[str] = "customer"

    rate: float
    most: float

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the gate's business
        """Drawn by lot, leavers and all."""
        chosen = draw.uniform("whether") < self.rate
        which = (draw.uniform("which") * len(RULED)).astype(np.intp)
        amount = (view.monthly_fee * self.most * draw.uniform("amount")).astype(np.int64)
        return together(
            [
                act(
                    view,
                    chosen & (which == place),
                    action.kind,
                    reason="any",
                    amount=amount if "amount" in action.slots else 0,
                    months=1 + place % 7 if "months" in action.slots else 0,
                )
                for place, action in enumerate(RULED)
            ]
        )

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:
        """Drawn by lot."""
        lot = float(draw.uniform(f"move {case.turn}")[0])
        kind = MoveKind(int(lot * len(MoveKind)))
        offers = kind is MoveKind.OFFER_DISCOUNT
        amount = int(case.monthly_fee * self.most * float(draw.uniform("depth")[0])) if offers else 0
        months = 1 + int(6 * lot) if kind in (MoveKind.OFFER_DISCOUNT, MoveKind.OFFER_PAUSE) else 0
        return Move(kind=kind, amount=amount, months=months)


def differing(ours: BookView, books: BookView) -> set[str]:
    assert ours.relationship.tolist() == books.relationship.tolist()
    return {
        column.name
        for column in COLUMNS
        if not np.array_equal(ours.known(column.name), books.known(column.name))
        or not np.array_equal(getattr(ours, column.name), getattr(books, column.name))
    }


def a_market(preset: str = "telecom", customers: int = 40, seed: int = 1) -> Market:
    return Market.draw(load_preset(preset), customers=customers, seed=seed)


def told(market: Market, policy: Policy) -> Chronicle:
    return Chronicle(market, policy, new_book(market), compiled=False)


def differences_in(market: Market, policy: Policy, months: int) -> dict[int, set[str]]:
    chronicle, found = told(market, policy), {}
    for number in range(months + 1):
        found[number] = differing(chronicle.market_view(), chronicle.book_view())
        if number < months:
            chronicle.month()
    return found


policies = st.one_of(
    st.sampled_from(SHIPPED), st.builds(Anything, rate=st.sampled_from([0.2, 0.6, 1.0]), most=st.sampled_from([0.2, 0.9]))
)  # fmt: skip


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(preset=st.sampled_from(CONTRACTUAL), policy=policies, seed=st.integers(0, 2**32 - 1))
def test_the_books_view_is_the_markets_own_in_every_month(preset: str, policy: Policy, seed: int) -> None:
    market = a_market(preset, seed=seed)

    found = differences_in(market, policy, months=8)

    assert set().union(*found.values()) <= NOT_YET_EQUAL, found


@pytest.mark.parametrize("preset", CONTRACTUAL)
def test_the_views_stay_equal_for_years_in_which_people_leave_and_come_back(preset: str) -> None:
    market = a_market(preset, customers=60, seed=2)

    found = differences_in(market, Anything(rate=0.6, most=0.5), months=26)

    assert {number: names for number, names in found.items() if names - NOT_YET_EQUAL} == {}


@pytest.mark.parametrize("policy", [*SHIPPED, Anything(rate=0.5, most=0.4)], ids=lambda it: it.name)
def test_who_decides_on_the_books_view_does_and_gets_the_same(policy: Policy) -> None:
    market = a_market(seed=5)

    through_the_book = write(market, policy, new_book(market), months=10, compiled=False)

    own = run(market, policy, months=10, compiled=False)
    assert through_the_book.digest == own.digest
    assert through_the_book.actions.tolist() == own.actions.tolist()
    assert (through_the_book.money == own.money).all()
