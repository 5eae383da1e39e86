"""Keeps its terms: what customers do then is their own doing, and ours."""

from __future__ import annotations

import attrs

from retainsim.market.competitors.strategy import FirmStream, Sight, Terms


@attrs.frozen(kw_only=True)
class Static:
    """Keeps the terms it started with."""

    def act(self, sight: Sight, draw: FirmStream) -> Terms:  # noqa: ARG002 - all strategies are called alike
        """The same as ever."""
        return sight.start
