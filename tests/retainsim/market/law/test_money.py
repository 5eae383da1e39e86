"""What is paid, what is let off, and what serving costs."""

from __future__ import annotations

import pytest
from lives import counts, exactly, parameters, this_month

from retainsim.market import law

P = parameters()


def test_the_month_is_paid_less_the_discount_and_costs_less_to_serve_with_tenure() -> None:
    newcomer, veteran, costs = exactly(tenure=0, discount=1_000, discount_until=9), exactly(tenure=23), []
    for person in (newcomer, veteran):
        tally = counts()
        law.pay(person, this_month(), P, tally)
        costs.append(tally[law.SERVING])
        assert tally[law.REVENUE] == 6_000
        assert tally[law.CONCESSIONS] == person.discount
        assert person.concession_cost == 0  # it was counted when it was granted
        assert person.value_to_date == 6_000 - person.discount

    assert costs[0] == int(6_000 * P.serving * (1 + P.serving_new))
    assert costs[1] < costs[0]


def test_open_complaints_cost_money() -> None:
    tallies = [counts(), counts()]

    law.charge(exactly(complaints_open=2), P, tallies[0])
    law.charge(exactly(), P, tallies[1])

    assert tallies[0][law.SERVING] - tallies[1][law.SERVING] == pytest.approx(2 * P.complaint_cost, abs=1)


def test_who_pauses_pays_nothing() -> None:
    tally = counts()

    law.pay(exactly(paused_until=3), this_month(2), P, tally)

    assert not any(tally)
