"""One month in one life, and a life of many months."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import (
    FIXED,
    N_FIRMS,
    RANGES,
    RULED,
    a_month,
    counts,
    exactly,
    figure,
    figures_of,
    live_through,
    parameters,
    shares,
    small,
    someone,
    this_month,
)

from retainsdk.policy import ActionKind
from retainsim.market import law
from retainsim.market.person import OURS, ContractKind

P = parameters()
NONE = N_FIRMS


@pytest.mark.parametrize(("contract", "days"), [(ContractKind.ONE_YEAR, 365), (ContractKind.TWO_YEARS, 730)])
def test_a_term_that_ends_renews_by_itself(contract: ContractKind, days: int) -> None:
    ending, running = exactly(contract=contract, lock_end_day=29), exactly(contract=contract, lock_end_day=30)
    for person in (ending, running):
        law.close_books(person, this_month(), P, counts())

    assert (ending.lock_end_day, running.lock_end_day) == (29 + days, 30)
    assert ending.tenure == 25


def test_what_is_recent_counts_half_after_every_month_for_customers_and_leavers() -> None:
    ours, gone = someone(contacts_recent=2.0, signals_recent=1.0), someone(contacts_recent=2.0, firm=1)
    for person in (ours, gone):
        law.close_books(person, this_month(), P, counts())

    counted = [(ours, "contacts_recent"), (ours, "signals_recent"), (gone, "contacts_recent")]
    assert [figure(person, name) for person, name in counted] == [1.0, 0.5, 1.0]


@given(
    key=st.integers(0, 2**64 - 1),
    deeds=st.lists(st.tuples(st.sampled_from(RULED), st.integers(0, 9_000), st.integers(1, 12)), min_size=1, max_size=36),
    changes=st.fixed_dictionaries({}, optional={
        "firm": st.integers(0, NONE), "contract": st.integers(0, 2), "trust": small, "satisfaction": small,
        "voice": shares, "assertive": shares, "need": st.sampled_from([0.3, 1.0, 2.0]), "monthly_fee": st.integers(0, 9_000),
        "hurt": shares, "habit": shares, "promise_due_day": st.integers(0, 60), "begun": st.integers(0, 1),
    }),
    seed=st.integers(0, 9),
)  # fmt: skip
def test_whatever_happens_a_life_stays_in_range_and_its_money_adds_up(
    key: int, deeds: list[tuple[ActionKind, int, int]], changes: dict[str, Any], seed: int
) -> None:
    person, tally = someone(key=key, **changes), counts()
    p = FIXED.plain()
    if person.firm != OURS and not person.begun:
        deeds = [(ActionKind.NOTHING, 0, 0)] * len(deeds)

    for number, (deed, amount, months) in enumerate(deeds):
        live_through(
            person, a_month(number, seed), deed=deed, amount=amount, months=months, word=0.1, p=p, tally=tally
        )

        outside = {
            name: figure(person, name)
            for name, (low, high) in RANGES.items()
            if not low - 1e-6 <= figure(person, name) <= high + 1e-6
        }
        assert outside == {}
        assert 0 <= person.discount <= person.monthly_fee
        assert sum(tally[law.PEOPLE : law.COHORT]) == number + 1
        assert person.offers_accepted <= person.offers_made

    gifts = tally[law.CONCESSIONS] - (tally[law.REVENUE] - person.value_to_date)
    assert gifts >= 0
    assert tally[law.LEFT] == tally[law.SILENT] + tally[law.THREATENED] - tally[law.BLUFFED]
    assert tally[law.LEFT] == sum(tally[law.REASONS : law.PEOPLE])
    assert abs(tally[law.LEFT] - tally[law.RETURNED] - tally[law.JOINED]) <= 1


@given(key=st.integers(0, 2**64 - 1), number=st.integers(0, 11))
def test_the_same_person_in_the_same_month_lives_the_same(key: int, number: int) -> None:
    one, other = someone(key=key), someone(key=key)

    for person in (one, other):
        live_through(person, a_month(number), deed=ActionKind.CHECK_IN)

    assert figures_of(one) == figures_of(other)
