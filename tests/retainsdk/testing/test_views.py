"""Made-up views are repeatable, plausible and honest about what is unknown."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from retainsdk.policies import get, names
from retainsdk.policy import Budget, PolicyStream, execute
from retainsdk.testing import a_view
from retainsdk.testing.strategies import budgets, views
from retainsdk.testing.views import with_noise_where_unknown
from retainsdk.view import COLUMNS, BookView, Stage


def test_a_seed_gives_the_same_people_for_ever() -> None:
    first, again, other = a_view(40, seed=2), a_view(40, seed=2), a_view(40, seed=3)

    assert all((getattr(first, c.name) == getattr(again, c.name)).all() for c in COLUMNS)
    assert (first.monthly_fee != other.monthly_fee).any()


def test_every_stage_occurs_and_only_leavers_have_an_end() -> None:
    view = a_view(400)

    assert set(view.stage.tolist()) == set(Stage)
    assert (view.stage[view.known("days_since_end")] == Stage.FORMER).all()


def test_noise_changes_unknown_cells_and_no_others() -> None:
    view = a_view(200)

    noisy = with_noise_where_unknown(view)

    for column in COLUMNS:
        same = getattr(view, column.name) == getattr(noisy, column.name)
        assert same[view.known(column.name)].all()
    assert (noisy.survey_score != view.survey_score).any()


@given(views(), budgets())
def test_the_gate_takes_what_every_shipped_policy_wants(view: BookView, budget: Budget) -> None:
    for name in names():
        draw = PolicyStream(seed=1, period=2, relationships=view.relationship)

        executed = execute(get(name).decide(view, budget, draw), view, budget)

        assert len(np.unique(executed.done.relationship)) == len(executed.done)
        assert budget.minutes is None or executed.minutes <= budget.minutes
