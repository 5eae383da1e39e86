"""A market told to a book: the book's view is the market's own, and whoever decides on it decides the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import attrs
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from retainsdk.action import ACTIONS
from retainsdk.book import Book
from retainsdk.errors import InputError
from retainsdk.events.body import REGISTRY
from retainsdk.ledger import relationship_stream
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
from retainsdk.record import usual_gap
from retainsdk.view import COLUMNS, BookView
from retainsdk.vocabulary import Origin
from retainsim.market import Market, load_preset, preset_names, run
from retainsim.market.chronicle import Chronicle, SimulatedClock, new_book, write
from retainsim.market.chronicle.chronicle import Scribe
from retainsim.market.engine import Part
from retainsim.market.observed import FOR_A_BOOK_ALONE, NOT_IN_A_MARKET, UNHEARD_OF
from retainsim.market.person import FIELDS

PRESETS = tuple(preset_names())
SHOPS = frozenset(name for name in PRESETS if not load_preset(name).contractual)
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


def differences_in(chronicle: Chronicle, months: int) -> dict[int, set[str]]:
    """Columns that differ as each month begins."""
    found = {}
    for number in range(months + 1):
        found[number] = differing(chronicle.market_view(), chronicle.book_view())
        if number < months:
            chronicle.month()
    return {number: names for number, names in found.items() if names}


policies = st.one_of(
    st.sampled_from(SHIPPED), st.builds(Anything, rate=st.sampled_from([0.2, 0.6, 1.0]), most=st.sampled_from([0.2, 0.9]))
)  # fmt: skip


@pytest.mark.parametrize("preset", PRESETS)
@settings(
    max_examples=3,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(policy=policies, seed=st.integers(0, 2**32 - 1))
def test_the_books_view_is_the_markets_own_in_every_month(preset: str, policy: Policy, seed: int) -> None:
    chronicle = told(a_market(preset, customers=30, seed=seed), policy)

    assert differences_in(chronicle, months=7) == {}


def test_what_amends_were_made_for_is_settled_and_not_done_once_more() -> None:
    chronicle = told(a_market("telecom", customers=30, seed=1043), Anything(rate=1.0, most=0.2))

    assert differences_in(chronicle, months=7) == {}


WHAT_HAPPENS = {
    True: (
        "Signed", "AmendmentAccepted", "Terminated", "EndCompleted", "Returned", "MembershipChanged",
        "CommitmentKept", "CommitmentBroken", "LateNoticeGiven", "CompetitorLockInLearned", "OfferAccepted",
    ),
    False: ("PurchaseRecorded", "EndCompleted", "Returned", "MembershipChanged", "CommitmentKept", "OfferAccepted"),
}  # fmt: skip


@pytest.mark.parametrize("preset", PRESETS)
def test_the_views_stay_equal_for_years_in_which_people_leave_and_come_back(preset: str) -> None:
    chronicle = told(a_market(preset, customers=40, seed=2), Anything(rate=0.6, most=0.5))

    assert differences_in(chronicle, months=26) == {}
    since = chronicle.market.starts_at
    happened = {type(it.body).__name__ for it in chronicle.book.events() if it.occurred_at > since}
    assert set(WHAT_HAPPENS[preset not in SHOPS]) - happened <= {"Returned"}


@pytest.mark.parametrize("preset", sorted(SHOPS))
def test_who_is_missed_and_comes_again_has_returned_by_the_book(preset: str) -> None:
    chronicle = told(a_market(preset, customers=40, seed=2), Nothing())
    for _ in range(12):
        chronicle.month()

    market = chronicle.market_view()

    back = {it.stream for it in chronicle.book.events(name="Returned")}
    returned = market.relationship[market.origin == Origin.RETURN]
    assert back
    assert {relationship_stream(int(it)) for it in returned} == back


@pytest.mark.parametrize("preset", sorted(SHOPS))
def test_the_gap_that_customers_tell_of_is_near_the_one_that_is_seen(preset: str) -> None:
    chronicle = told(a_market(preset, customers=40, seed=4), Nothing())
    for _ in range(24):
        chronicle.month()
    ledger = chronicle.book.ledger()

    told_to_seen = []
    for account in ledger.accounts.values():
        visits = account.timeline.visits(ledger.day)
        gap = usual_gap(visits)
        if gap is not None and len(visits) >= 12:
            days = ledger.customer_of(account).facts["days_between_visits"].value
            told_to_seen.append(float(days) / max(gap.days, 1))

    assert len(told_to_seen) >= 5
    assert 0.5 < np.median(told_to_seen) < 2.0


@pytest.mark.parametrize(
    ("preset", "policy"),
    [
        *(("telecom", policy) for policy in (*SHIPPED, Anything(rate=0.5, most=0.4))),
        *(("saas", policy) for policy in (EarlyWarning(), Anything(rate=0.5, most=0.4))),
        *(("pet_shop", policy) for policy in (EarlyWarning(), WinBack(), Anything(rate=0.5, most=0.4))),
    ],
    ids=lambda it: getattr(it, "name", it),
)
def test_who_decides_on_the_books_view_does_and_gets_the_same(preset: str, policy: Policy) -> None:
    market = a_market(preset, customers=30, seed=5)

    through_the_book = write(market, policy, new_book(market), months=8, compiled=False)

    own = run(market, policy, months=8, compiled=False)
    assert through_the_book.digest == own.digest
    assert through_the_book.actions.tolist() == own.actions.tolist()
    assert (through_the_book.money == own.money).all()


def test_months_go_by_one_at_a_time_and_the_clock_of_the_book_with_them() -> None:
    market = a_market(customers=10)
    chronicle = told(market, Nothing())
    before = chronicle.book.now()

    chronicle.month()

    assert before == market.starts_at
    assert chronicle.book.now() == datetime(2026, 2, 1, tzinfo=UTC)
    assert chronicle.months == 1
    assert chronicle.book.view(before).relationship.tolist() == chronicle.market_view().relationship.tolist()


def test_looking_at_the_coming_month_changes_nothing_in_it() -> None:
    market = a_market(customers=20)
    looked, unseen = told(market, AtRandom(rate=0.5)), told(market, AtRandom(rate=0.5))

    for _ in range(4):
        for look in (looked.market_view, looked.book_view, looked.book_view):
            look()
        looked.month()
        unseen.month()

    assert looked.history(0).digest == unseen.history(0).digest
    assert looked.book.digest() == unseen.book.digest()


def test_everything_happens_on_its_day_at_a_minute_of_the_working_day() -> None:
    market = a_market(customers=60)
    book = new_book(market)

    write(market, Anything(rate=0.6, most=0.4), book, months=6, compiled=False)

    news = [it for it in book.events() if it.occurred_at >= market.starts_at]
    minutes = {it.occurred_at.hour * 60 + it.occurred_at.minute for it in news if "offering" not in it.stream}
    assert minutes - {0} <= set(
        range(9 * 60, 18 * 60 + 1)
    )  # at midnight begins who is new on the very first day
    assert len(minutes) > 100
    assert all(it.occurred_at <= it.recorded_at for it in news)


def test_nothing_of_the_truth_is_named_in_the_book() -> None:
    market = a_market(customers=60)
    book = new_book(market)

    write(market, Anything(rate=0.6, most=0.4), book, months=6, compiled=False)

    told_of = " ".join(f"{it.stream} {it.reason} {it.body!r}" for it in book.events())
    truth = {field.name for field in FIELDS if field.channel == "truth"}
    words_of_a_book = {field.name for body in REGISTRY.values() for field in attrs.fields(body)}
    assert truth & set(re.findall(r"\w+", told_of)) - words_of_a_book == set()


def test_what_only_the_world_knows_leaves_no_trace_in_the_book() -> None:
    """Two worlds in which everybody wants, feels and believes something else, and does the same, tell the same."""
    market = a_market(customers=30)
    world, other = (Part(market, compiled=False) for _ in range(2))
    for field in FIELDS:
        if field.channel == "truth":
            other.people[field.name] = np.roll(other.people[field.name], 7)
    books = [new_book(market) for _ in range(2)]

    for each, book in zip((world, other), books, strict=True):
        Scribe(each, book)

    assert books[0].digest() == books[1].digest()


@pytest.mark.parametrize(
    ("book", "fault"),
    [
        (lambda _: Book.in_memory(currency="USD"), "SimulatedClock"),
        (lambda it: Book.in_memory(currency="EUR", clock=SimulatedClock(it.starts_at)), "must be USD"),
        (
            lambda it: Book.in_memory(
                currency="USD", zone="Asia/Jerusalem", clock=SimulatedClock(it.starts_at)
            ),
            "midnight on the first",
        ),
    ],
)
def test_a_book_of_another_time_or_money_is_refused(book: Callable[[Market], Book], fault: str) -> None:
    market = a_market(customers=5)

    with pytest.raises(InputError, match=fault):
        Chronicle(market, Nothing(), book(market))


def test_a_book_in_which_something_stands_is_refused() -> None:
    market = a_market(customers=5)
    book = new_book(market)
    write(market, Nothing(), book, months=1, compiled=False)

    with pytest.raises(InputError, match="must be empty"):
        Chronicle(market, Nothing(), book)


def test_a_book_in_a_file_tells_the_same_as_one_in_memory(tmp_path: Path) -> None:
    market = a_market(customers=20)
    books = [new_book(market), new_book(market, tmp_path / "market.book")]

    for book in books:
        write(market, AtRandom(rate=0.5), book, months=3, compiled=False)

    assert books[0].digest() == books[1].digest()
    books[1].close()


@pytest.mark.parametrize("preset", ["telecom", "saas", "restaurant"])
def test_a_market_drawn_from_a_book_is_told_to_another(preset: str) -> None:
    first = a_market(preset, customers=40)
    source = new_book(first)
    write(first, Anything(rate=0.5, most=0.3), source, months=12, compiled=False)
    again = Market.draw(first.preset, customers=30, seed=9, view=source.view(source.now()))

    assert differences_in(told(again, Anything(rate=0.5, most=0.3)), months=6) == {}


def test_each_column_is_known_to_both_or_listed() -> None:
    names = {column.name for column in COLUMNS}

    assert set(NOT_IN_A_MARKET) == {*UNHEARD_OF, *FOR_A_BOOK_ALONE}
    assert set(NOT_IN_A_MARKET) <= names
