"""A static firm: whatever happens, its terms are those of the start."""

from __future__ import annotations

from hypothesis import given
from rivals import draws, sights

from retainsim.market.competitors import FirmStream, Sight
from retainsim.market.competitors.static import Static


@given(sight=sights(), draw=draws)
def test_it_keeps_the_terms_of_its_start(sight: Sight, draw: FirmStream) -> None:
    assert Static().act(sight, draw) == sight.start
