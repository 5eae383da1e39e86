"""What people know of the competitors."""

from __future__ import annotations

import math

import numpy as np
import pytest
from lives import Luck, chance_of, exactly, luck, this_month

from retainsim.market import law

__all__ = ["luck"]  # a fixture from `lives`

MANY = 4_000


def test_each_competitor_is_known_to_his_share_of_people_independently_of_the_others() -> None:
    awareness = (1.0, 0.55, 0.65, 0.1)
    w = this_month(awareness=awareness)

    known = np.array([law.known_firms(chance_of(exactly(key=key)), w) for key in range(MANY)])

    knows = np.array([(known >> firm) & 1 for firm in range(1, 4)])
    assert not (known & 1).any()
    for row, share in zip(knows, awareness[1:], strict=True):
        assert abs(row.mean() - share) < 5 * math.sqrt(share * (1 - share) / MANY) + 1 / 1024
    assert np.abs(np.corrcoef(knows) - np.eye(3)).max() < 5 / math.sqrt(MANY)


@pytest.mark.parametrize("number", [0.0, 0.5, 1.0 - 2**-53])
def test_whatever_chance_brings_nobody_knows_a_firm_that_is_not_there_and_all_know_one_known_to_all(
    luck: Luck, number: float
) -> None:
    luck(awareness=number)

    known = law.known_firms(chance_of(exactly()), this_month(awareness=(1.0, 0.0, 1.0, 0.0)))

    assert known == 0b0100
