"""What a chronicle writes of each theme: ranks, accounts, shops, promises, and who says it."""

from __future__ import annotations

import re
from functools import cache
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from retainsdk.book import Book
from retainsdk.events import (
    AffiliationEnded,
    AffiliationStarted,
    CommitmentBroken,
    CommitmentRemedied,
    Compensated,
    CustomerRegistered,
    DeliveredLate,
    EndCompleted,
    InteractionRecorded,
    MembershipChanged,
    PurchaseRecorded,
    RelationshipOpened,
    Returned,
)
from retainsdk.policies.promise_keeper import PromiseKeeper
from retainsdk.view import CONTACT_KINDS
from retainsdk.vocabulary import Kind, Role, Stage
from retainsim.market import Market, load_preset
from retainsim.market.chronicle import new_book, write
from retainsim.market.chronicle.buying import baskets
from retainsim.market.chronicle.membership import RANKS
from retainsim.market.chronicle.naming import name_of
from retainsim.market.month import month_start
from retainsim.market.observed import FOR_A_BOOK_ALONE

MONTHS = 15
Body = TypeVar("Body")


@cache
def a_book(preset: str) -> Book:
    """Looked at only, so written once for all tests of it."""
    market = Market.draw(load_preset(preset), customers=40, seed=7)
    book = new_book(market)
    write(market, PromiseKeeper(), book, months=MONTHS, residual_months=0, compiled=False)
    return book


def told(preset: str, kind: type[Body]) -> list[tuple[str, Body]]:
    events = a_book(preset).events(name=kind.__name__)
    return [(it.stream, it.body) for it in events if isinstance(it.body, kind)]


# ranks


def test_a_rank_is_membership_in_one_programme_and_the_next_takes_its_place() -> None:
    book = a_book("telecom")
    view = book.view(book.now())

    of: dict[str, list[str]] = {}
    for stream, body in told("telecom", MembershipChanged):
        mine = of.setdefault(stream, [])
        if body.member:
            mine.append(body.programme)
        else:
            mine.remove(body.programme)
        assert len(mine) <= 1

    ranks = {int(view.relationship[place]): int(view.tier[place]) for place in range(len(view.relationship))}
    active = {int(it) for it in view.relationship[view.stage == Stage.ACTIVE]}
    standing = {int(stream.split("/")[1], 16): RANKS.index(mine[0]) for stream, mine in of.items() if mine}
    assert {key: standing[key] for key in active} == {key: ranks[key] for key in active}
    assert len(set(standing.values())) >= 3


# accounts


def test_people_of_an_account_have_names_and_come_and_go() -> None:
    book = a_book("saas")
    names = {stream: body.name for stream, body in told("saas", CustomerRegistered)}
    started, ended = told("saas", AffiliationStarted), told("saas", AffiliationEnded)

    assert {stream for stream, _ in started} <= names.keys()
    assert all(names.values())
    assert 0 < len(ended) < len(started)
    view = book.view(book.now())
    at = int(view.relationship[view.champion_present & (view.stage == Stage.ACTIVE)][0])
    roles = [it.role for it in book.customer(at).affiliated(book.now())]
    assert roles.count(Role.CHAMPIONS) == 1
    assert len(roles) == view.contacts_known[view.relationship == at][0]


# shops


def test_who_has_not_come_for_long_has_left_and_comes_back_with_a_purchase() -> None:
    book = a_book("pet_shop")
    back = {(it.stream, it.occurred_at.date()) for it in book.events(name=Returned.__name__)}
    bought = {(it.stream, it.occurred_at.date()) for it in book.events(name=PurchaseRecorded.__name__)}
    lost = [body for _, body in told("pet_shop", EndCompleted)]

    assert len(back) >= 3
    assert back <= bought
    view = book.view(book.now())
    assert view.known("tier").tolist() == (view.stage == Stage.ACTIVE).tolist()  # back among the regulars
    assert all("three times his usual gap" in body.although for body in lost)


def test_a_coupon_stands_beside_what_was_bought_and_nobody_goes_away_with_nothing() -> None:
    bought = [body for _, body in told("pet_shop", PurchaseRecorded)]

    assert all(body.paid for body in bought)
    assert {body.what for body in bought if body.amount.amount < 0} <= {"coupon"}
    assert all(body.amount.amount != 0 for body in bought)


@given(
    total=st.integers(0, 10_000), lots=st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=31)
)
def test_baskets_add_up_and_each_costs_something(total: int, lots: list[float]) -> None:
    paid = total + len(lots)

    sizes = baskets(paid, lots)

    assert sum(sizes) == paid
    assert min(sizes) >= 1


# promises


def test_what_was_broken_is_made_good_or_delivered_late() -> None:
    broken = {(stream, body.commitment) for stream, body in told("telecom", CommitmentBroken)}
    remedied = {(stream, body.commitment) for stream, body in told("telecom", CommitmentRemedied)}
    late = {(stream, body.commitment) for stream, body in told("telecom", DeliveredLate)}
    paid = {(stream, body.commitment) for stream, body in told("telecom", Compensated)}

    assert len(broken) >= 3
    assert remedied <= broken
    assert late <= broken
    assert remedied <= paid
    assert len(remedied) >= 1


# who says it, and how it reads


def test_representatives_speak_of_their_own_customers_and_systems_of_the_rest() -> None:
    book = a_book("telecom")
    said = {it.actor for it in book.events(name="CaseOpened")}
    owners = {stream: body.owner for stream, body in told("telecom", RelationshipOpened)}

    assert len(said) > 5
    assert all(re.fullmatch(r"representative \d+", actor) for actor in said)
    for it in book.events(name="InteractionRecorded"):
        assert isinstance(it.body, InteractionRecorded)
        assert it.actor == (owners[it.stream] if it.body.human else "systems")
    assert {it.actor for it in book.events(name="PaymentReceived")} == {"systems"}


def test_the_book_knows_what_no_row_of_a_market_can_hold() -> None:
    book = a_book("telecom")
    view = book.view(book.now())

    seen = [book.view(month_start(book.now(), -ago)) for ago in (0, 3, 6)]
    unknown = {name for name in FOR_A_BOOK_ALONE if not any(it.known(name).any() for it in seen)}

    assert unknown == set()
    assert (view.promises_on_time <= view.promises_kept).all()
    assert view.promises_on_time.sum() > 0
    assert sum(getattr(view, f"{kind}_365").sum() for kind in CONTACT_KINDS) > 10


def test_some_names_are_hebrew_and_each_kind_of_customer_is_called_as_its_kind_is() -> None:
    names = [name_of(key, Kind.PERSON) for key in range(400)]

    hebrew = [name for name in names if re.search("[א-ת]", name)]
    assert 60 < len(hebrew) < 140
    assert all(not re.search("[A-Za-z]", name) for name in hebrew)
    assert len(set(names)) > 250
    assert all(re.search(r"family|משפחת", name_of(key, Kind.HOUSEHOLD)) for key in range(50))
    assert len({name_of(key, Kind.ORGANISATION) for key in range(200)}) > 100
