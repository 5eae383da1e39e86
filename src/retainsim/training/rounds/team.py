"""
The service team that looks after the book besides the trainee: what may be done about it, and what that costs.

What it does to customers is the market's own law of staff. It is decided on once a round, before the first week; it
costs money at once and helps later. After the rounds the team is the usual one again, and costs nothing more.
"""

from __future__ import annotations

import attrs

from retainsdk.errors import Fault, InputError
from retainsim.market.engine import Market
from retainsim.market.staff import Staffing

SMALLEST, LARGEST = 50, 200
"""Percent of the usual team within which those who are paid must stay."""


@attrs.frozen(kw_only=True)
class Team:
    """
    What is done about the service team as a round begins.

    Attributes:
        hired: Percent of the usual team that is hired; below 0 is let go.
        coached: Percent of the team that is coached.
    """

    hired: int = 0
    coached: int = 0

    def added_to(self, staffing: Staffing, month: int) -> Staffing:
        """All that was done about the team before, and this in a month; done in it already, it is done once."""
        return Staffing(
            hired={**staffing.hired, month: self.hired / 100},
            coached={**staffing.coached, month: self.coached / 100},
        )


@attrs.frozen(eq=False)
class Service:
    """
    The service team of a market, as those in charge know it.

    Attributes:
        market: Whose it is.
        staffing: What was done about it so far.
    """

    market: Market
    staffing: Staffing

    @property
    def delay(self) -> int:
        """Months until who was hired works, and who was coached is better."""
        return int(self.market.rules.values["hire_delay"])

    @property
    def paid(self) -> int:
        """Those who are paid, percent of the usual team, whether they work yet or not."""
        return 100 + round(100 * sum(self.staffing.hired.values()))

    def working(self, month: int) -> int:
        """Those who are at work in a month, percent of the usual team."""
        return round(100 * self.staffing.size(month, self.market.rules.plain()))

    def cost(self, month: int) -> float:
        """What it costs in a month beyond the usual team, minor units; below 0 is saved."""
        p = self.market.rules.plain()
        wages = p.staff_minutes * self.market.customers * p.minute_cost
        return float(wages * self.staffing.cost(month, p))

    def would_cost(self, team: Team) -> tuple[float, float]:
        """What a decision would cost at once and in each month after that, minor units, beside what is paid anyway."""
        alone = Service(self.market, team.added_to(Staffing(), 0))
        return alone.cost(0), alone.cost(1)

    def refuse_impossible(self, team: Team) -> None:
        """
        Refuse what cannot be done about the team, or is not the trainee's to do.

        Raises:
            InputError: Naming everything that is wrong.
        """
        low, high = SMALLEST - self.paid, LARGEST - self.paid
        faults = []
        if not low <= team.hired <= high:
            rule = f"must be within {low} and {high}: the team stays within {SMALLEST} and {LARGEST} percent of the usual"
            faults.append(Fault("team.hired", str(team.hired), rule, "Hire or let go fewer."))
        if not 0 <= team.coached <= 100:  # noqa: PLR2004 # percent
            rule = "must be within 0 and 100 percent of the team"
            faults.append(Fault("team.coached", str(team.coached), rule, "Choose another share."))
        if team == Team():
            rule = "must coach, hire or let go somebody"
            faults.append(Fault("team", "nothing", rule, "To leave the team as it is, plan the first week."))
        if faults:
            raise InputError("team", faults)
