"""Fitting and what it shows, on a stand-in for the market whose answer is known."""

from __future__ import annotations

from pathlib import Path

import attrs
import numpy as np
import pytest
from certificates import Size

from retainsdk.errors import InputError
from retainsim.calibration import Estimate, Fit, estimate, findings, fit
from retainsim.calibration.evaluations import Kept
from retainsim.calibration.fit import Array, whitened

NAMES = ("alpha", "beta", "gamma")
TRUTH = np.array([0.3, 0.7, 0.55])
ERROR = 0.02


def curve(point: Array) -> Array:
    """Six figures of three parameters, bent as shares are."""
    alpha, beta, gamma = point
    utility = np.array([alpha, beta, gamma, alpha + beta, alpha - gamma, beta * gamma])
    return np.asarray(1.0 / (1.0 + np.exp(-2.0 * utility)))


@attrs.frozen
class StandIn:
    """Worlds whose luck is the same at every point, as common random numbers make it."""

    worlds: int = 4
    luck: float = 0.0
    stirs: float = 0.0
    seed: int = 0
    blind: bool = False

    def figures(self, point: Array, world: int) -> Array:
        own = np.random.default_rng([self.seed, world]).normal(0.0, self.luck, 6)
        # luck that a parameter stirs up, and that says nothing about it
        there = [self.seed, world, *(point * 1e6).astype(int)]
        stirred = np.random.default_rng(there).normal(0.0, self.stirs, 6)
        seen = np.array([point[0], point[1], TRUTH[2]]) if self.blind else point
        return curve(seen) + own + stirred


def fitted(
    target: Array, *, model: StandIn | Kept | None = None, error: float = ERROR, start: float = 0.5
) -> Estimate:
    found = fit(model or StandIn(), target, np.diag(np.full(6, error**2)), np.full(3, start))
    return estimate(NAMES, found)


@pytest.mark.parametrize("truth", [TRUTH, np.array([0.05, 0.95, 0.2]), np.array([0.9, 0.9, 0.9])])
def test_without_luck_the_very_values_are_found(truth: Array) -> None:
    found = fitted(curve(truth), error=1e-4)

    assert found.point == pytest.approx(truth, abs=0.002)


def test_errors_are_those_of_the_textbook_where_effects_are_straight() -> None:
    matrix = np.array([[1.0, 0.0], [1.0, 2.0], [0.0, 1.0]])

    @attrs.frozen
    class Straight:
        worlds: int = 3

        def figures(self, point: Array, world: int) -> Array:  # noqa: ARG002 # all worlds are alike
            return np.asarray(matrix @ point)

    spread = np.diag([0.04, 0.01, 0.02]) ** 2
    found = estimate(("a", "b"), fit(Straight(), matrix @ [0.4, 0.6], spread, np.array([0.5, 0.5])))

    exact = np.linalg.inv(matrix.T @ np.linalg.inv(spread) @ matrix)
    assert found.errors == pytest.approx(np.sqrt(np.diag(exact)), rel=1e-6)
    assert found.freedom == 1


def test_intervals_hold_the_truth_as_often_as_they_say(size: Size) -> None:
    held = []
    for seed in range(size(40, 1_000)):
        target = curve(TRUTH) + np.random.default_rng(10_000 + seed).normal(0.0, ERROR, 6)
        interval = fitted(target).interval
        held.append((interval[:, 0] <= TRUTH) & (interval[:, 1] >= TRUTH))

    share = np.mean(held, axis=0)
    allowed = 5 * np.sqrt(0.95 * 0.05 / len(held)) + 0.01  # effects are bent, intervals straight
    assert (np.abs(share - 0.95) <= allowed).all(), share


def test_a_distance_by_chance_alone_is_no_misfit_and_another_world_is() -> None:
    by_chance = [
        fitted(curve(TRUTH) + np.random.default_rng(seed).normal(0.0, ERROR, 6)).p_value for seed in range(40)
    ]
    elsewhere = fitted(curve(TRUTH) + np.array([0.0, 0.0, 0.0, 0.3, -0.3, 0.3]))

    assert np.mean([it is not None and it < 0.05 for it in by_chance]) <= 0.05 + 5 * np.sqrt(0.05 * 0.95 / 40)
    assert elsewhere.p_value is not None
    assert elsewhere.p_value < 1e-6
    assert "does not reproduce" in findings(elsewhere)[-1]


@pytest.mark.parametrize(("seed", "stirs"), [(0, 0.0), (1, 0.005), *((seed, 0.02) for seed in range(2, 7))])
def test_a_parameter_without_effect_is_said_not_to_be_identified_however_lucky_the_worlds(
    seed: int, stirs: float
) -> None:
    model = StandIn(worlds=8, luck=0.01, stirs=stirs, seed=seed, blind=True)

    found = fitted(curve(TRUTH), model=model)

    assert not found.is_identified[2]
    assert found.interval[2].tolist() == [0.0, 1.0]
    assert any("gamma cannot be identified" in it for it in findings(found))
    if stirs <= 0.005:  # the others are not drowned
        assert found.is_identified[:2] == (True, True)


def test_chance_between_worlds_adds_nothing_to_what_is_known() -> None:
    effect = np.array([[40.0, 0.0], [40.0, 30.0], [0.0, 50.0]])
    luck = np.random.default_rng(3)

    def informed() -> Array:
        slopes = effect + luck.normal(0.0, 10.0, (6, 3, 2))
        found = Fit(
            point=np.full(2, 0.5), figures=np.zeros((6, 3)), slopes=slopes, whitening=np.eye(3), distance=0.0
        )
        return estimate(("a", "b"), found).information

    many = [informed() for _ in range(10_000)]

    error = np.std(many, axis=0) / np.sqrt(len(many))
    assert (np.abs(np.mean(many, axis=0) - effect.T @ effect) < 5 * error).all()


def test_what_has_no_effect_stays_where_it_was() -> None:
    found = fitted(curve(TRUTH), model=StandIn(blind=True), start=0.4)

    assert found.point[2] == pytest.approx(0.4, abs=0.01)


def test_two_parameters_that_only_work_together_are_named_together() -> None:
    @attrs.frozen
    class Together:
        worlds: int = 4

        def figures(self, point: Array, world: int) -> Array:  # noqa: ARG002 # all worlds are alike
            return np.asarray(np.array([point[0] + point[1], 2 * (point[0] + point[1]), point[2]]))

    spread = np.diag(np.full(3, 0.01**2))
    found = estimate(NAMES, fit(Together(), np.array([1.2, 2.4, 0.4]), spread, np.full(3, 0.5)))

    assert found.is_identified == (False, False, True)
    assert found.point[:2].sum() == pytest.approx(1.2, abs=0.01)
    told = " ".join(findings(found))
    assert "alpha and beta cannot be told apart" in told
    assert "gamma cannot" not in told


def test_what_the_data_ask_for_beyond_the_range_is_said() -> None:
    found = fitted(curve(np.array([1.4, 0.7, 0.55])))

    assert found.is_at_edge[0]
    assert any("alpha ends at the edge" in it for it in findings(found))


def test_with_no_more_figures_than_parameters_the_fit_is_not_called_good() -> None:
    @attrs.frozen
    class Exact:
        worlds: int = 2

        def figures(self, point: Array, world: int) -> Array:  # noqa: ARG002 # all worlds are alike
            return np.asarray(point)

    found = estimate(NAMES, fit(Exact(), TRUTH, np.diag(np.full(3, 1e-4)), np.full(3, 0.5)))

    assert found.p_value is None
    assert "cannot be tested" in findings(found)[-1]


def test_a_figure_that_stands_twice_counts_once() -> None:
    spread = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 4.0]])

    white = whitened(spread)

    assert white.shape == (2, 3)
    assert white @ spread @ white.T == pytest.approx(np.eye(2))


class Stopping:
    """A model that is ended after so many worlds, as by Ctrl-C."""

    def __init__(self, model: StandIn, after: int) -> None:
        self.worlds, self._model, self._left = model.worlds, model, after

    def figures(self, point: Array, world: int) -> Array:
        if self._left == 0:
            raise KeyboardInterrupt
        self._left -= 1
        return self._model.figures(point, world)


@pytest.mark.parametrize("after", [1, 17, 60])
def test_a_run_that_was_ended_goes_on_to_the_same_result(tmp_path: Path, after: int) -> None:
    model, target, file = StandIn(luck=0.01), curve(TRUTH), tmp_path / "evaluations.jsonl"
    whole = fitted(target, model=Kept(model, {"about": 1}))

    with pytest.raises(KeyboardInterrupt):
        fitted(target, model=Kept(Stopping(model, after), {"about": 1}, file))
    with file.open("ab") as torn:
        torn.write(b'{"at":[0.1')  # a line cut off in the middle
    kept = Kept(model, {"about": 1}, file, resume=True)
    resumed = fitted(target, model=kept)

    assert resumed.point.tolist() == whole.point.tolist()
    assert resumed.errors.tolist() == whole.errors.tolist()
    assert kept.simulated == len(file.read_bytes().splitlines()) - 1 - after


def test_figures_of_other_data_are_not_gone_on_with(tmp_path: Path) -> None:
    file = tmp_path / "evaluations.jsonl"
    Kept(StandIn(), {"data": 1}, file).figures(TRUTH, 0)

    with pytest.raises(InputError, match="other data, another market or other settings"):
        Kept(StandIn(), {"data": 2}, file, resume=True)
    assert len(file.read_bytes().splitlines()) == 2

    Kept(StandIn(), {"data": 2}, file)  # begins anew
    assert len(file.read_bytes().splitlines()) == 1
