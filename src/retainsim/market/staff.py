"""
Our staff: representatives with their skill, who leaves, and whether there are enough of them (CONCEPTS D4 C8 E1 B8).

Every customer has one of the representatives. Who leaves takes what he knew of his customers with him; a successor is
as good as chance has it. What the team is asked for beyond what it can do makes customers wait. Hiring and coaching
cost money at once and help later.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from retainsdk.errors import Fault, InputError, PolicyError
from retainsdk.policy import Policy
from retainsim.market import purposes as for_
from retainsim.market.streams import key_of, moment, uniform

DESKS = 32
"""Representatives, each standing for as many people as the market's size asks for; whose a customer is, his key says."""
MOST_HIRED = 10.0
"""As a share of the usual team, in one month."""


@attrs.frozen(kw_only=True)
class Staffing:
    """
    What is done about the team, by month; the first month is 0.

    Attributes:
        hired: Month to share of the usual team that is hired then; below 0 is let go.
        coached: Month to share of the team that is coached then.

    Raises:
        InputError: Naming every month and share that cannot be.
    """

    hired: Mapping[int, float] = attrs.Factory(dict)
    coached: Mapping[int, float] = attrs.Factory(dict)

    def __attrs_post_init__(self) -> None:
        faults = []
        for name, low, high in (("hired", -1.0, MOST_HIRED), ("coached", 0.0, 1.0)):
            for month, share in getattr(self, name).items():
                if month < 0:
                    remedy = "Months count from 0."
                    faults.append(Fault(f"staffing.{name}", str(month), "is before the first month", remedy))
                if not low <= share <= high:
                    rule = f"must lie between {low:g} and {high:g}, a share of the team"
                    faults.append(
                        Fault(f"staffing.{name}[{month}]", str(share), rule, "Choose another share.")
                    )
        if faults:
            raise InputError("staffing", faults)

    def __add__(self, other: Staffing) -> Staffing:
        """What both do about the team."""
        return Staffing(hired=_sums(self.hired, other.hired), coached=_sums(self.coached, other.coached))

    def to_record(self) -> dict[str, dict[str, float]]:
        """As plain data."""
        return {
            name: {str(month): float(share) for month, share in sorted(getattr(self, name).items())}
            for name in ("hired", "coached")
        }

    def beyond(self, months: int) -> list[Fault]:
        """What it plans for after so many months, and would never be done."""
        remedy = "Take an earlier month, or a longer horizon."
        return [
            Fault(
                f"staffing.{name}", str(month), f"is after the last of {months} months, {months - 1}", remedy
            )
            for name in ("hired", "coached")
            for month in getattr(self, name)
            if month >= months
        ]

    def size(self, month: int, p: Any) -> float:  # noqa: ANN401 # the preset's numbers by name
        """People at work, as a share of the usual team: who is hired works after a while, who is let go is gone at once."""
        return max(
            1.0 + sum(share for at, share in self.hired.items() if at + (p.hire_delay if share > 0 else 0) <= month),
            0.05,
        )  # fmt: skip

    def taught(self, month: int, p: Any) -> float:  # noqa: ANN401 # as above
        """What coaching has added to the skill of all, as far as those who were coached are still there."""
        return float(
            sum(
                share * p.coaching * (1.0 - p.turnover) ** (month - at)
                for at, share in self.coached.items()
                if at + p.hire_delay <= month
            )
        )

    def cost(self, month: int, p: Any) -> float:  # noqa: ANN401 # as above
        """What it costs in a month beyond the usual team, in months' wages of that team."""
        paid = sum(share for at, share in self.hired.items() if at <= month)
        hiring = max(self.hired.get(month, 0.0), 0.0) * p.hire_cost
        return float(paid + hiring + self.coached.get(month, 0.0) * p.coach_cost)


def _sums(one: Mapping[int, float], other: Mapping[int, float]) -> dict[int, float]:
    return {month: one.get(month, 0.0) + other.get(month, 0.0) for month in sorted({*one, *other})}


USUAL = Staffing()
"""The team as it is, and nothing done about it."""


def plan_of(policy: Policy) -> Staffing:
    """
    What a policy itself does about the team: its attribute `staffing`, where it has one.

    Raises:
        PolicyError: When it is something else than a plan.
    """
    plan: object = getattr(policy, "staffing", USUAL)
    if not isinstance(plan, Staffing):
        msg = f"{policy.name}.staffing must be a Staffing, not {type(plan).__name__}."
        raise PolicyError(msg)
    return plan


@attrs.frozen(kw_only=True)
class Team:
    """
    The team as a month begins.

    Attributes:
        skill: Of each representative, above or below what is usual.
        left: One bit for each representative who left last month: his customers are handed over.
        overload: What is asked beyond what the team can do, as a share of that; 0 when it can.
    """

    skill: tuple[float, ...] = (0.0,) * DESKS
    left: int = 0
    overload: float = 0.0


USUAL_TEAM = Team()
"""Nobody better or worse than usual, and time enough."""


def opening_team(seed: int, p: Any) -> Team:  # noqa: ANN401 # as above
    """Those who are there as the market begins, with time enough."""
    return Team(skill=tuple(_skill(seed, 0, desk, p) for desk in range(DESKS)))


def next_team(seed: int, month: int, team: Team, *, overload: float, p: Any) -> Team:  # noqa: ANN401 # as above
    """
    The team a month later: some leave, whatever anybody does, and others take their place.

    Args:
        seed: Of the world.
        month: Coming, from 1.
        team: Of last month.
        overload: As last month showed it.
        p: Parameters.
    """
    when = moment(seed, month)
    gone = [uniform(_key(desk), when, for_.TURNOVER) < p.turnover for desk in range(DESKS)]
    return Team(
        skill=tuple(
            _skill(seed, month, desk, p) if left else team.skill[desk] for desk, left in enumerate(gone)
        ),
        left=sum(1 << desk for desk, left in enumerate(gone) if left),
        overload=overload,
    )


def overload_of(demand: float, capacity: float) -> float:
    """Minutes asked for beyond those there are, as a share of these; 1 at most, for then people give up asking."""
    return min(max(demand / max(capacity, 1.0) - 1.0, 0.0), 1.0)


def _key(desk: int) -> int:
    return key_of("representative", desk)


def _skill(seed: int, month: int, desk: int, p: Any) -> float:  # noqa: ANN401 # as above
    u = uniform(_key(desk), moment(seed, month), for_.SKILL)
    return float(3.4641016151377544 * p.skill_spread * (u - 0.5))
