"""What people know of the competitors."""

from __future__ import annotations

import math

import numpy as np
from lives import chance_of, exactly, this_month

from retainsim.market import law

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


def test_a_firm_known_to_nobody_is_never_chosen_and_one_known_to_all_may_be() -> None:
    known = law.known_firms(chance_of(exactly()), this_month(awareness=(1.0, 0.0, 1.0, 0.0)))

    assert known == 0b0100
