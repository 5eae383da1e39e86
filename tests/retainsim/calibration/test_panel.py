"""Watching a world through its view: who left when."""

from __future__ import annotations

import numpy as np

from retainsdk.policies import get
from retainsdk.testing import a_view
from retainsim.calibration import watched
from retainsim.market import Market, load_preset, run


def a_market(*, seed: int = 3, customers: int = 150) -> Market:
    return Market.draw(load_preset("telecom"), customers=customers, seed=seed, parameters="fixed")


def test_watching_counts_who_left_as_the_world_itself_does() -> None:
    market = a_market()

    panel = watched(market, months=8)
    history = run(market, get("none"), months=8, residual_months=0)

    for month in range(1, 9):
        gone = (panel.left > 0) & (panel.left <= month)
        # the world counts who ever left; the panel, who is gone at a month's end: both agree unless one is back at once
        assert np.bincount(panel.contract[gone], minlength=3).tolist() == history.left_within(month).tolist()


def test_watching_disturbs_nothing() -> None:
    first, second = watched(a_market(), months=4), watched(a_market(), months=7)

    assert (np.where(second.left > 4, 0, second.left) == first.left).all()
    assert first.complained is not None
    assert second.complained is not None
    assert (second.complained[:, :4] == first.complained).all()


def test_only_customers_of_the_first_day_are_followed() -> None:
    view = a_view(120, seed=2)
    market = Market.draw(load_preset("telecom"), customers=80, seed=5, view=view, parameters="fixed")

    panel = watched(market, months=3)

    assert len(panel) == 80
    assert (panel.tenure >= 0).all()
    assert set(np.unique(panel.contract)) <= {0, 1, 2}
