"""The figures compared: their definitions by hand, and their errors by repetition."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsim.calibration import Group, Moment, Panel, covariance, figures, moments_of


def a_panel(
    left: Sequence[int],
    *,
    months: int = 4,
    tenure: Sequence[int] | None = None,
    contract: Sequence[int] | None = None,
    fee: Sequence[int] | None = None,
    complained: Sequence[Sequence[int]] | None = None,
    is_dated: bool = True,
) -> Panel:
    n = len(left)
    return Panel(
        relationship=np.arange(n, dtype=np.uint64),
        contract=np.array([0] * n if contract is None else contract, dtype=np.int8),
        tenure=np.array([0] * n if tenure is None else tenure, dtype=np.int32),
        fee=np.array([1_000] * n if fee is None else fee, dtype=np.int64),
        left=np.array(left, dtype=np.int16),
        complained=None if complained is None else np.array(complained, dtype=np.bool_),
        months=months,
        is_dated=is_dated,
    )


def moment(group: Group, low: float, high: float) -> Moment:
    return Moment(group=group, label="x", low=low, high=high)


def test_a_share_counts_customers_by_what_they_were_on_the_first_day() -> None:
    panel = a_panel([1, 0, 4, 0, 0], contract=[0, 0, 0, 1, 1])

    shares = figures(panel, [moment(Group.CONTRACT, 0, 1), moment(Group.CONTRACT, 1, 2)])

    assert shares.tolist() == [2 / 3, 0.0]


def test_a_rate_counts_months_until_he_leaves_at_the_tenure_he_has_then() -> None:
    # tenures of the months at risk: 5, 6 | 6, 7, 8, 9 | 0
    panel = a_panel([2, 0, 1], tenure=[5, 6, 0])

    rates = figures(panel, [moment(Group.HAZARD, 0, 7), moment(Group.HAZARD, 7, 99)])

    assert rates == pytest.approx([2 / 4, 0 / 3])


def test_a_complaint_counts_in_the_two_months_after_it_and_not_in_its_own() -> None:
    panel = a_panel([0, 3], complained=[[1, 0, 0, 0], [0, 1, 0, 0]])

    # months from the third on: the first complained lately in month 3 only, the second in month 3, when he leaves
    lately, not_so = figures(panel, [moment(Group.COMPLAINT, 1, 2), moment(Group.COMPLAINT, 0, 1)])

    assert lately == pytest.approx(1 / 2)
    assert not_so == pytest.approx(0 / 1)


@given(
    left=st.lists(st.integers(0, 4), min_size=1, max_size=12),
    tenure=st.lists(st.integers(0, 20), min_size=12, max_size=12),
)
def test_months_at_risk_are_divided_among_tenures_without_rest(left: list[int], tenure: list[int]) -> None:
    panel = a_panel(left, tenure=tenure[: len(left)])
    bands = [moment(Group.HAZARD, low, high) for low, high in ((0, 7), (7, 13), (13, np.inf))]

    from retainsim.calibration.moments import counts  # noqa: PLC0415 # the parts of a figure are ours

    leaves = sum(counts(panel, band)[0].sum() for band in bands)
    exposure = sum(counts(panel, band)[1].sum() for band in bands)
    assert leaves == sum(month > 0 for month in left)
    assert exposure == sum(month or 4 for month in left)


def test_errors_are_those_that_repetition_shows() -> None:
    luck = np.random.default_rng(1)
    moments = [moment(Group.CONTRACT, 0, 1), moment(Group.TENURE, 0, 5), moment(Group.HAZARD, 0, 5)]

    def one() -> Panel:
        tenure = luck.integers(0, 9, 400)
        months = luck.geometric(0.2, 400)
        return a_panel(np.where(months <= 4, months, 0).tolist(), tenure=tenure.tolist())

    panels = [one() for _ in range(600)]
    seen = np.cov([figures(panel, moments) for panel in panels], rowvar=False)
    told = np.mean([covariance(panel, moments) for panel in panels], axis=0)

    assert told == pytest.approx(seen, rel=5 * np.sqrt(2 / 600))


def test_expected_values_take_the_place_of_what_came_out_by_chance() -> None:
    moments = [moment(Group.CONTRACT, 0, 1), moment(Group.CONTRACT, 1, 2)]
    panel = a_panel([1] * 10 + [0] * 90 + [0] * 50, contract=[0] * 100 + [1] * 50)

    errors = np.diag(covariance(panel, moments, expected=np.array([0.2, 0.3])))

    assert errors[0] == pytest.approx(0.2 * 0.8 / 100)
    assert errors[1] == pytest.approx(0.3 * 0.7 / 50)
    same = covariance(panel, moments, expected=figures(panel, moments))
    assert same[0, 0] == pytest.approx(covariance(panel, moments)[0, 0])


def test_where_nobody_left_the_error_is_not_zero() -> None:
    panel = a_panel([0] * 50 + [1] * 50, contract=[0] * 50 + [1] * 50)

    errors = np.diag(covariance(panel, [moment(Group.CONTRACT, 0, 1), moment(Group.CONTRACT, 1, 2)]))

    assert (errors > 0).all()


def test_a_snapshot_gives_no_survival_and_says_so() -> None:
    panel = a_panel([4, 0] * 60, is_dated=False, tenure=[3, 30] * 60)

    moments, missing = moments_of(panel)

    assert {it.group for it in moments} == {Group.CONTRACT, Group.TENURE}
    assert "left before its snapshot" in missing[0]


def test_what_too_few_customers_say_is_not_compared() -> None:
    panel = a_panel([1, 0] * 40, contract=[0] * 75 + [2] * 5)

    moments, missing = moments_of(panel)

    assert [it.label for it in moments if it.group is Group.CONTRACT] == ["month-to-month"]
    assert any("two years" in it for it in missing)


def test_dates_and_complaints_add_their_figures() -> None:
    panel = a_panel([0, 3] * 60, complained=[[1, 1, 1, 1], [0, 0, 0, 0]] * 60, fee=list(range(1, 121)))

    groups = {it.group for it in moments_of(panel)[0]}

    assert groups == set(Group)
    assert Group.COMPLAINT not in {it.group for it in moments_of(attrs.evolve(panel, complained=None))[0]}
