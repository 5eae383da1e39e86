from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.events import CompetitorOfferSeen, Fact
from retainsdk.offering import Offering, cheapest, most_suitable
from retainsdk.quantities import Money
from retainsdk.testing import at

amounts = st.floats(0, 1000)


def a_package(
    code: str = "m", *, fee: int = 20, included: float | None = 40.0, **changes: Any
) -> Offering:  # whatever an Offering takes
    return Offering(
        code=code, name=code, fee=Money(fee, "EUR"), products=1, included=included, listed_at=at(1), **changes
    )


@given(used=amounts, included=amounts)
def test_suitability_is_a_share_and_whole_only_when_use_is_what_is_included(
    used: float, included: float
) -> None:
    suits = a_package(included=included).suitability(used=used, facts={})

    assert suits is not None
    assert 0 <= suits <= 1
    assert (suits == 1) == (used == included) or min(used, included) / max(used, included) == 1


@pytest.mark.parametrize(
    ("facts", "suits"),
    [
        ({"household_size": 3}, 1.0),
        ({"household_size": 1}, 0.0),
        ({}, None),
        ({"household_size": "big"}, None),
        ({"household_size": 3, "senior": True}, 0.0),
    ],
)
def test_conditions_and_counter_indications_come_before_use(
    facts: dict[str, Fact], suits: float | None
) -> None:
    family = a_package(minimum={"household_size": 2}, excluded={"senior": True})

    assert family.suitability(used=40.0, facts=facts) == suits


def test_the_most_suitable_package_is_another_one_and_of_equals_the_cheapest() -> None:
    catalogue = [
        a_package("own", included=10.0),
        a_package("dear", fee=30),
        a_package("cheap", fee=20),
        a_package("unmeasured", included=None),
    ]

    best = most_suitable(catalogue, used=10.0, facts={}, besides="own")

    assert best is not None
    assert (best.offering.code, best.suitability) == ("cheap", 0.25)
    assert most_suitable(catalogue[-1:], used=10.0, facts={}, besides=None) is None


def test_the_cheapest_competing_offer_is_one_that_is_open_on_the_day() -> None:
    def seen(name: str, fee: int, starts: int, ends: int | None) -> CompetitorOfferSeen:
        return CompetitorOfferSeen(
            competitor=name, fee=Money(fee, "EUR"), starts_on=date(2026, starts, 1),
            ends_on=None if ends is None else date(2026, ends, 1), source="web",
        )  # fmt: skip

    offers = [seen("over", 5, 1, 3), seen("now", 9, 2, None), seen("later", 7, 4, None)]

    assert cheapest(offers, date(2026, 2, 28)) == offers[0]
    assert cheapest(offers, date(2026, 3, 1)) == offers[1]
    assert cheapest(offers, date(2026, 4, 1)) == offers[2]
    assert cheapest(offers, date(2025, 12, 31)) is None
