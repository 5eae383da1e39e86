"""
What is passed on from one month to the next besides the people: who is where, the terms of all firms, what is said.

It is small, and all of it plain numbers. Whoever holds it holds the reins of a market, whether its people live in the
same process, in a file, or on other machines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsim.market import law
from retainsim.market.competitors import Firm, Plan, Standing, Strategy, next_plan, opening
from retainsim.market.law import Parameters
from retainsim.market.person import OURS, ContractKind, People
from retainsim.market.staff import Team, next_team, opening_team, overload_of

COUNTED_AT_ONCE = 1 << 18
"""People, so that what is made of them on the way stays small."""


@attrs.frozen(kw_only=True)
class Counted:
    """
    How many there are, as a month ends.

    Attributes:
        people: With each firm and, last, with none.
        cohort: Of our customers at the start, those who never left, by contract kind.
        came: People who came to each firm in the month and, last, to none.
        gone: People who left it.
        felt: Sum of their satisfaction, in `law.FELT_UNIT`.
    """

    people: NDArray[np.int64]
    cohort: NDArray[np.int64]
    came: NDArray[np.int64]
    gone: NDArray[np.int64]
    felt: NDArray[np.int64]

    @classmethod
    def in_tally(cls, tally: NDArray[np.int64], n_firms: int) -> Counted:
        """What a month's tally says of its end."""
        firms = {
            name: tally[place : place + n_firms + 1].copy()
            for name, place in (
                ("people", law.PEOPLE),
                ("came", law.CAME),
                ("gone", law.GONE),
                ("felt", law.FELT),
            )
        }
        return cls(**firms, cohort=tally[law.COHORT : law.COHORT + len(ContractKind)].copy())

    @classmethod
    def at_start(cls, people: People, n_firms: int) -> Counted:
        """Before the first month: nobody has moved."""
        firms, felt, moved = (np.zeros(n_firms + 1, dtype=np.int64) for _ in range(3))
        cohort = np.zeros(len(ContractKind), dtype=np.int64)
        for first in range(0, len(people), COUNTED_AT_ONCE):
            some = people[first : first + COUNTED_AT_ONCE]
            firms += np.bincount(some["firm"], minlength=n_firms + 1)
            whole = np.trunc(law.FELT_UNIT * some["satisfaction"].astype(np.float64))
            felt += np.bincount(some["firm"], weights=whole, minlength=n_firms + 1).astype(np.int64)
            cohort += np.bincount(some["cohort"][some["cohort"] >= 0], minlength=len(ContractKind))
        return cls(people=firms, cohort=cohort, came=moved, gone=moved, felt=felt)

    def __add__(self, other: Counted) -> Counted:
        """Of both parts of a market together."""
        names = [field.name for field in attrs.fields(Counted)]
        return Counted(**{name: getattr(self, name) + getattr(other, name) for name in names})

    def to_record(self) -> dict[str, list[int]]:
        """As plain numbers."""
        return {field.name: getattr(self, field.name).tolist() for field in attrs.fields(Counted)}

    @classmethod
    def from_record(cls, record: dict[str, list[int]]) -> Counted:
        """From plain numbers."""
        return cls(**{name: np.array(counts, dtype=np.int64) for name, counts in record.items()})


@attrs.frozen(kw_only=True)
class Course:
    """
    Where a market stands between two months.

    Attributes:
        start: The terms all firms began with.
        plan: Their terms last month.
        counted: As last month ended.
        team: Our staff last month.
        word: What our customers said of us last month, on average.
        demand: Minutes that were asked of our staff last month.
    """

    start: Plan
    plan: Plan
    counted: Counted
    team: Team
    word: float = 0.0
    demand: float = 0.0

    @classmethod
    def begun(cls, seed: int, firms: Sequence[Firm], counted: Counted, *, p: Parameters) -> Course:
        """Before the first month."""
        plan = opening(firms, standing(counted, p.usual_satisfaction))
        return cls(start=plan, plan=plan, counted=counted, team=opening_team(seed, p))

    def planned(
        self, seed: int, number: int, strategies: Sequence[Strategy], *, capacity: float, p: Parameters
    ) -> Course:
        """
        The same, once the competitors have set their terms for the coming month, and our staff is who it then is.

        Args:
            seed: Of the world.
            number: Of the month.
            strategies: Of all firms.
            capacity: Minutes that our staff has.
            p: Parameters.
        """
        how = standing(self.counted, p.usual_satisfaction)
        plan = next_plan(seed, number, strategies, self.start, self.plan, how)
        if number == 0:
            return attrs.evolve(self, plan=plan)
        overload = overload_of(self.demand, capacity)
        return attrs.evolve(self, plan=plan, team=next_team(seed, number, self.team, overload=overload, p=p))

    def after(self, tally: NDArray[np.int64], *, minutes: int, p: Parameters) -> Course:
        """Where it stands when the month is over in which that was counted, and so many minutes spent on actions."""
        counted = Counted.in_tally(tally, len(self.plan.price))
        ours, promises = int(counted.people[OURS]), int(tally[law.KEPT : law.BROKEN + 1].sum())
        demand = (
            p.routine_minutes * ours
            + p.complaint_minutes * int(tally[law.OPEN])
            + p.promise_minutes * promises
            + p.policy_share * minutes
        )
        word = float(tally[law.WORD]) / law.WORD_UNIT / max(ours, 1)
        return attrs.evolve(self, counted=counted, word=word, demand=demand)

    def to_record(self) -> dict[str, Any]:
        """As plain numbers, every bit of them."""
        return {
            "start": attrs.asdict(self.start),
            "plan": attrs.asdict(self.plan),
            "counted": self.counted.to_record(),
            "team": attrs.asdict(self.team),
            "word": self.word,
            "demand": self.demand,
        }

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Course:
        """From plain numbers."""
        return cls(
            start=plan_from(record["start"]),
            plan=plan_from(record["plan"]),
            counted=Counted.from_record(record["counted"]),
            team=Team(**record["team"] | {"skill": tuple(record["team"]["skill"])}),
            word=record["word"],
            demand=record["demand"],
        )


def plan_from(record: dict[str, Any]) -> Plan:
    """A plan from plain numbers: lists are what JSON has for tuples."""
    past = tuple(tuple(shares) for shares in record["past"])
    return Plan(**{name: tuple(values) for name, values in record.items() if name != "past"}, past=past)


def standing(counted: Counted, usual_satisfaction: float) -> Standing:
    """How the firms stand, and who came and went in the last month."""
    usual = np.zeros(len(counted.people))
    usual[OURS] = usual_satisfaction
    felt = counted.felt / law.FELT_UNIT / np.maximum(counted.people, 1) - usual
    return Standing(
        people=counted.people,
        came=counted.came,
        gone=counted.gone,
        satisfaction=np.where(counted.people > 0, felt, 0.0),
    )
