"""What each person brings and costs, month by month: the law counts for all, here it is kept for each."""

from __future__ import annotations

from collections import defaultdict

import attrs


@attrs.frozen(eq=False)
class Accounts:
    """
    Cash of everybody.

    Attributes:
        cash: Minor units by key of the person, then by month of the market.
    """

    cash: dict[int, dict[int, float]] = attrs.field(factory=lambda: defaultdict(lambda: defaultdict(float)))

    def add(self, key: int, month: int, amount: float) -> None:
        """He brought so much, or cost it."""
        if amount:
            self.cash[key][month] += amount

    def copy(self) -> Accounts:
        """The same, to go its own way."""
        accounts = Accounts()
        for key, months in self.cash.items():
            accounts.cash[key].update(months)
        return accounts

    def worth(self, key: int, *, since: int, until: int, monthly: float) -> float:
        """
        What somebody brought, less all he cost.

        Args:
            key: Of the person.
            since: The first month that counts.
            until: The first that is discounted: from then on each month is worth less than the one before it.
            monthly: Discount rate.
        """
        return sum(
            amount / (1.0 + monthly) ** max(month - until + 1, 0)
            for month, amount in self.cash.get(key, {}).items()
            if month >= since
        )
