"""What a play of rounds is set up as: which market, whose customers, how many rounds and how many hours."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property

import attrs

from retainsdk.errors import Fault, InputError
from retainsim.market.engine import Market
from retainsim.market.limits import LARGEST_SEED
from retainsim.market.preset import load_preset
from retainsim.market.streams import key_of
from retainsim.training.scenario.scenario import Authority

FEWEST, MOST = 24, 60
"""Customers in a trainee's book: enough that somebody is forgotten, so few that each is a person."""
MOST_ROUNDS = 24
MOST_HOURS = 40
WEEKS = 4
"""As which the month of a round is shown."""
WARM_UP = 3
"""Months lived before the first round, so that the book has a past when it is handed over."""
AUTHORITY = Authority(discount=0.25, months=12, days=14, once=1.0)
"""What a trainee may grant without asking, in a call or outside one."""


class Stage(StrEnum):
    """Whether a round counts."""

    PRACTICE = "practice"
    GRADED = "graded"


@attrs.frozen(kw_only=True, slots=False)
class Setting:
    """
    What a play is set up as.

    Attributes:
        preset: Of the market.
        seed: Picks the customers and all chance.
        customers: Ours as the market begins; a few more or fewer when the book is handed over.
        rounds: Graded ones, a month each.
        practice: Rounds before them, in another market of the same kind.
        hours: Of the trainee in a week.

    Raises:
        InputError: Naming everything that is impossible.
    """

    preset: str = "telecom"
    seed: int = 1
    customers: int = 40
    rounds: int = 5
    practice: int = 0
    hours: int = 2

    def __attrs_post_init__(self) -> None:
        bounds = (
            ("seed", self.seed, 0, LARGEST_SEED),
            ("customers", self.customers, FEWEST, MOST),
            ("rounds", self.rounds, 1, MOST_ROUNDS),
            ("practice", self.practice, 0, MOST_ROUNDS),
            ("hours", self.hours, 1, MOST_HOURS),
        )
        faults = [
            Fault(name, str(value), f"must be within {low} and {high}", "Ask for less, or for more.")
            for name, value, low, high in bounds
            if not low <= value <= high
        ]
        if faults:
            raise InputError("rounds", faults)

    @property
    def first_stage(self) -> Stage:
        """With which it begins."""
        return Stage.PRACTICE if self.practice else Stage.GRADED

    def rounds_of(self, stage: Stage) -> int:
        """How many rounds a stage has."""
        return self.practice if stage is Stage.PRACTICE else self.rounds

    def market(self, stage: Stage) -> Market:
        """The market of a stage, at its beginning: another one in each, so that practice foretells nothing."""
        return self._practised if stage is Stage.PRACTICE else self._graded

    @cached_property
    def _practised(self) -> Market:
        return self._drawn(Stage.PRACTICE)

    @cached_property
    def _graded(self) -> Market:
        return self._drawn(Stage.GRADED)

    def _drawn(self, stage: Stage) -> Market:
        return Market.draw(
            load_preset(self.preset),
            customers=self.customers,
            seed=key_of("rounds", self.seed, stage) >> 1,
            parameters="fixed",
        )
