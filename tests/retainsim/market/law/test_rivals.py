"""Which competitors somebody knows of this month."""

from __future__ import annotations

import pytest
from lives import Luck, chance_of, exactly, luck, this_month

from retainsim.market import law

__all__ = ["luck"]  # a fixture from `lives`


@pytest.mark.parametrize("number", [0.0, 0.5, 1.0 - 2**-53])
def test_whatever_chance_brings_nobody_knows_a_firm_that_is_not_there_and_all_know_one_known_to_all(
    luck: Luck, number: float
) -> None:
    luck(awareness=number)

    known = law.known_firms(chance_of(exactly()), this_month(awareness=(1.0, 0.0, 1.0, 0.0)))

    assert known == 0b0100
