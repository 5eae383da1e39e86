"""What competitors see, to test their strategies with: a usual month, the changes a test asks for, or any at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from retainsim.market.competitors import (
    Firm,
    FirmStream,
    Plan,
    Sight,
    Standing,
    Strategy,
    Terms,
    next_plan,
    opening,
    strategies_of,
)

START = Terms(price=1.0, awareness=0.5, lock_months=12.0, quality=0.1)
FIRM = 2
DRAW = FirmStream(seed=1, firm=FIRM, month=6)


def a_sight(share: float = 0.2, **changes: Any) -> Sight:
    """What the third of four firms sees in a usual month, but for its *share* and the *changes*."""
    usual: dict[str, Any] = {
        "firm": FIRM,
        "month": 6,
        "start": START,
        "terms": START,
        "prices": (1.0, 1.1, 1.0, 0.9),
        "shares": (0.3, 0.25, share, 0.15),
        "share_at_start": 0.2,
        "past": (),
        "came": 0.004,
        "gone": 0.004,
    }
    return Sight(**{**usual, **changes})


def a_firm(strategy: str | Strategy = "static", **changes: Any) -> Firm:
    """A usual competitor with a fifth of the people, but for the *changes*."""
    usual: dict[str, Any] = {
        "name": "Somebody",
        "share": 0.2,
        "price": 1.0,
        "quality": 0.0,
        "awareness": 0.5,
        "lock_months": 12,
    }
    return Firm(strategy=strategy, **{**usual, **changes})


def a_standing(shares: Sequence[float], **changes: Any) -> Standing:
    """A thousand people, with each firm by its share and the rest without service; nobody moved, all feel as usual."""
    people = [round(1000 * share) for share in shares]
    nothing = [0] * len(people)
    figures = {
        "people": [*people, 1000 - sum(people)],
        "came": nothing,
        "gone": nothing,
        "satisfaction": nothing,
    }
    return Standing(**{**figures, **changes})


def plans_of(
    firms: Sequence[Firm], months: int, *, seed: int = 1, standings: Sequence[Standing] = ()
) -> list[Plan]:
    """
    The plans of so many months.

    Where the firms stand before each month is told by *standings*, whose last one stays; without any it is as they began.
    """
    usual = a_standing([firm.share for firm in firms])
    told = [*standings] or [usual]
    start = last = opening(firms, usual)
    plans = []
    for month in range(months):
        last = next_plan(seed, month, strategies_of(firms), start, last, told[min(month, len(told) - 1)])
        plans.append(last)
    return plans


_PRICES = st.sampled_from([0.01, 0.5, 0.9, 1.0, 1.1, 7.0])
_SHARES = st.sampled_from([0.0, 0.01, 0.18, 0.2, 0.25])
_FLOWS = st.sampled_from([0.0, 0.001, 0.1])


@st.composite
def any_terms(draw: st.DrawFn) -> Terms:
    """Any terms that can be, from few, the edges among them."""
    return Terms(
        price=draw(_PRICES),
        awareness=draw(st.sampled_from([0.0, 0.5, 0.9, 1.0])),
        lock_months=draw(st.sampled_from([0.0, 12.0, 30.0, 36.0])),
        quality=draw(st.sampled_from([-2.0, -0.1, 0.0, 0.3, 2.0])),
    )


@st.composite
def sights(draw: st.DrawFn) -> Sight:
    """Anything a firm may come to see."""
    n_firms = draw(st.integers(1, 6))
    firm = draw(st.integers(0, n_firms - 1))
    everybody = st.tuples(*[_SHARES if n_firms > 1 else st.sampled_from([0.0, 0.4, 1.0])] * n_firms)
    scaled = everybody.map(lambda shares: tuple(share / max(sum(shares), 1) for share in shares))
    return Sight(
        firm=firm,
        month=draw(st.integers(0, 130)),
        start=draw(any_terms()),
        terms=draw(any_terms()),
        prices=draw(st.tuples(*[st.none() | _PRICES] * n_firms)),
        shares=draw(scaled),
        share_at_start=draw(_SHARES),
        past=tuple(draw(st.lists(scaled, max_size=3))),
        came=draw(_FLOWS),
        gone=draw(_FLOWS),
    )


draws = st.builds(FirmStream, seed=st.integers(0, 9), firm=st.integers(1, 5), month=st.integers(0, 130))
"""Chance of any firm in any month of a few worlds."""
