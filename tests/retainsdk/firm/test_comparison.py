from __future__ import annotations

from datetime import date
from typing import Any

import attrs

from retainsdk.events import CompetitorOfferSeen
from retainsdk.firm.comparison import Better, Ours, compared
from retainsdk.quantities import Money

TODAY = date(2026, 6, 15)
OURS = Ours(fee=Money(20, "EUR"), lock_in_months=2, included=40.0, products=2)
THEIRS = CompetitorOfferSeen(
    competitor="Cellex", fee=Money(15, "EUR"), starts_on=date(2026, 1, 1), ends_on=None, source="web",
    lock_in_months=24, included=10.0, products=1,
)  # fmt: skip


def points(used: float | None, **changes: Any) -> dict[str, tuple[str, str, Better]]:
    (found,) = compared(OURS, [attrs.evolve(THEIRS, **changes)], used=used, on=TODAY)
    return {point.what: (point.ours, point.theirs, point.better) for point in found.points}


def test_a_low_price_can_cost_dear() -> None:
    assert points(40.0) == {
        "fee a month": ("20.00 EUR", "15.00 EUR", Better.THEIRS),
        "suits his use": ("100%", "25%", Better.OURS),
        "fee per unit he uses": ("0.50 EUR", "1.50 EUR", Better.OURS),
        "months bound": ("2", "24", Better.OURS),
        "services": ("2", "1", Better.OURS),
    }


def test_where_somebody_elses_suits_him_better_it_is_said() -> None:
    found = points(10.0, lock_in_months=2)

    assert found["suits his use"] == ("25%", "100%", Better.THEIRS)
    assert found["fee per unit he uses"] == ("2.00 EUR", "1.50 EUR", Better.THEIRS)
    assert found["months bound"][2] is Better.EQUAL


def test_what_nobody_knows_is_not_claimed() -> None:
    found = points(None, lock_in_months=None)

    assert found["suits his use"] == ("", "", Better.UNKNOWN)
    assert found["fee per unit he uses"][2] is Better.UNKNOWN
    assert found["months bound"] == ("2", "", Better.UNKNOWN)
    assert points(0.0)["fee per unit he uses"][2] is Better.UNKNOWN


def test_the_most_dangerous_offer_comes_first_and_closed_ones_not_at_all() -> None:
    dangerous = attrs.evolve(THEIRS, competitor="Zed", included=40.0, lock_in_months=0)
    closed = attrs.evolve(THEIRS, competitor="Gone", ends_on=TODAY)

    found = compared(OURS, [THEIRS, closed, dangerous], used=40.0, on=TODAY)

    assert [it.competitor for it in found] == ["Zed", "Cellex"]
    assert [point.what for point in found[0].points_for(Better.OURS)] == ["services"]
