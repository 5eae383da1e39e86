"""Small things the rules use."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsim.market import law


@given(need=st.floats(0.0, 2.5))
def test_the_nearest_package_is_the_listed_one_that_is_nearest(need: float) -> None:
    listed = (0.5, 0.8, 1.1, 1.4)

    nearest = law.nearest_package(need)

    assert min(abs(nearest - it) for it in listed) < 1e-12
    assert abs(nearest - need) == pytest.approx(min(abs(it - need) for it in listed))


@given(need=st.floats(0.0, 2.0), package=st.floats(0.4, 1.7))
def test_suitability_is_the_same_for_one_and_for_many(need: float, package: float) -> None:
    assert law.suitability(need, package) == law.suitability_of(np.array([need]), np.array([package]))[0]
    assert law.suitability(need, need) == 1.0
