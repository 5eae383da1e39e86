"""A case: somebody who calls or is called, and the world he lives in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from retainsdk.view import BY_NAME, BookView, Reason
from retainsim.market.engine import Market
from retainsim.market.month import Month
from retainsim.market.person import OURS, People, Person, rows
from retainsim.training.scenario.scenario import Situation


@attrs.frozen(kw_only=True, eq=False)
class Case:
    """
    Somebody who calls or is called, and the world he lives in.

    Attributes:
        market: He lives in.
        month: In which they talk.
        row: Himself, the truth: one row of the market; to be copied, not changed.
        card: What we know of him as the month begins: the known columns of the view, by name.
        situation: What brings them to talk.
        circle: Himself and those of his circle whom his word may bring to us, the truth; as `row`.
        place: His, among them.
    """

    market: Market
    month: Month
    row: People
    card: Mapping[str, Any]
    situation: Situation = Situation.THREAT
    circle: People = attrs.field(default=attrs.Factory(lambda self: self.row, takes_self=True))
    place: int = 0

    @property
    def truth(self) -> Reason:
        """Why he wants to leave, what would likeliest take him away, or why he left."""
        return Reason(int(self.row["true_reason"][0]))

    @property
    def bluffs(self) -> bool:
        """Whether he only says that he will leave, because a threat was paid for once [A7]."""
        return bool(self.row["leaning"][0] == OURS)

    def person(self) -> Person:
        """Himself, a copy."""
        return rows(self.row.copy())[0]


def card_of(view: BookView, key: int) -> Mapping[str, Any]:
    """What is known of one customer, in plain Python values."""
    row = int(np.searchsorted(view.relationship, np.uint64(key)))
    return {name: getattr(view, name)[row].item() for name in BY_NAME if view.known(name)[row]}
