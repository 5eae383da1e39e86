"""Hypothesis strategies for what a policy meets; needs the extra ``testing``."""

from __future__ import annotations

from hypothesis import strategies as st

from retainsdk.policy import Budget, MoveKind, ThreatView
from retainsdk.testing.views import a_view
from retainsdk.view import COLUMNS, BookView, Reason

_OPTIONAL = [column.name for column in COLUMNS if column.optional]


@st.composite
def views(draw: st.DrawFn, *, max_size: int = 12) -> BookView:
    """Small views, from empty ones on, with some optional columns unknown altogether."""
    view = a_view(
        draw(st.integers(0, max_size)),
        seed=draw(st.integers(0, 50)),
        missing=draw(st.sampled_from([0.0, 0.3])),
    )
    return view.without(draw(st.sets(st.sampled_from(_OPTIONAL), max_size=4)))


def budgets() -> st.SearchStrategy[Budget]:
    """No limit, nothing at all, or little of both."""
    limits = st.sampled_from([None, 0, 20, 5_000])
    return st.builds(Budget, minutes=limits, money=limits)


def cases() -> st.SearchStrategy[ThreatView]:
    """Conversations at any turn, with much or little known."""
    counts, money = st.integers(0, 3), st.integers(0, 12_000)
    return st.builds(
        ThreatView,
        relationship=st.integers(1, 9),
        turn=st.integers(0, 11),
        turns_left=st.integers(1, 12),
        mood=st.integers(-1, 1),
        stated_reason=st.sampled_from(Reason),
        revealed=st.none() | st.sampled_from([reason for reason in Reason if reason]),
        confirmed=st.booleans(),
        offer=st.none()
        | st.sampled_from([MoveKind.OFFER_DISCOUNT, MoveKind.PROPOSE_FIT, MoveKind.OFFER_PAUSE]),
        offer_amount=money,
        apologies=counts,
        promised=st.booleans(),
        monthly_fee=money,
        discount=st.integers(0, 1_000),
        tenure_months=st.integers(0, 60),
        value_to_date=money,
        threats=counts,
        complaints=counts,
        competitor_fee=st.none() | money,
        alternative_suitability=st.none() | st.floats(0, 1),
    )
