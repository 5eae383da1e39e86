"""What regulars get."""

from __future__ import annotations

import pytest
from lives import (
    Luck,
    a_month,
    counts,
    exactly,
    live_through,
    luck,
    parameters,
    someone,
    this_month,
)
from twin_markets import NOTHING, a_market, differences, doing

from retainsdk.policy import ActionKind
from retainsdk.view import Stage
from retainsim.market import law

__all__ = ["luck"]  # a fixture from `lives`

P = parameters()


def offered(person: object, amount: int) -> list[int]:
    tally = counts()
    law.consider_benefit(person, amount, 0, P, tally)
    return tally


def test_a_benefit_lasts_the_longer_the_more_it_is_worth_and_costs_its_money(luck: Luck) -> None:
    luck(0.0)
    people = {amount: exactly() for amount in (0, 1_500, 6_000, 600_000)}

    given = {amount: offered(person, amount)[law.CONCESSIONS] for amount, person in people.items()}

    lasts = [person.benefit for person in people.values()]
    assert lasts == [0, round(P.benefit_months / 2 + 0.01), round(0.8 * P.benefit_months), P.benefit_months]
    assert given == {amount: amount for amount in people}


def test_a_benefit_binds_and_leaves_the_price_thought_right_and_teaches_no_threats(luck: Luck) -> None:
    luck(0.0)
    w, before, person, discounted = this_month(), exactly(), exactly(), exactly()

    offered(person, 3_000)
    law.consider_discount(discounted, 500, 6, w, 0, P)
    law.fade(person, P)
    law.fade(discounted, P)

    assert law.staying(person, w, P) - law.staying(before, w, P) > 0.5 * P.benefit_binds
    assert (person.habit, person.reference) == (0.0, 1.0)
    assert discounted.habit > 0.0
    assert discounted.reference < 1.0


def test_a_benefit_runs_out_month_by_month_and_ends_when_he_leaves(luck: Luck) -> None:
    luck(0.5, trigger=0.99, incident=0.99, life=0.99)
    person = someone(benefit=2)

    left = []
    for month in range(3):
        live_through(person, a_month(month))
        left.append(person.benefit)

    assert left == [1, 0, 0]


def test_who_is_no_regular_thinks_nothing_of_being_first() -> None:
    new, veteran, regular = exactly(tenure=6), exactly(tenure=24), exactly(tenure=6, tier=1)

    for person in (new, veteran, regular):
        law.let_in_first(person, P)

    assert new.satisfaction == 0.25
    assert veteran.satisfaction == regular.satisfaction == pytest.approx(0.25 + 0.75 * P.early_access)
    assert (new.offers_accepted, veteran.offers_accepted) == (0, 1)


def test_being_first_pleases_half_as_much_each_further_time_in_a_year() -> None:
    person = exactly(tenure=35, satisfaction=0.0)

    gains = []
    for _ in range(4):
        before = person.satisfaction
        law.let_in_first(person, P)
        gains.append((person.satisfaction - before) / (1.0 - before))
    law.close_books(person, this_month(), P, counts())  # an anniversary
    law.let_in_first(person, P)

    assert gains == pytest.approx([P.early_access / part for part in (1, 2, 4, 8)])
    assert law.times(person.marks, law.EARLY_ACCESS) == 1


@pytest.mark.parametrize(("deed", "amount"), [(ActionKind.OFFER_BENEFIT, 3_000)])
def test_who_gets_a_benefit_twice_a_year_leaves_less(deed: ActionKind, amount: int) -> None:
    def left(history: object) -> float:
        return float(history.flows[:, 0].sum())  # type: ignore[attr-defined] # of ours

    def whom(view: object) -> object:
        return (view.stage == Stage.ACTIVE) & (view.offers_made < 2) & (view.days_since_contact % 180 < 31)  # type: ignore[attr-defined]

    less, error = differences(
        left,
        lambda seed: (a_market(seed), doing(deed, whom, amount=amount)),
        lambda seed: (a_market(seed), NOTHING),
    )

    assert less < -2 * error < 0
