"""
What one world went through, month by month: the truth that experiments read.

Counts are people, money is int64 minor units of one currency. Nothing here is shown to a policy.
"""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]

MONEY = ("revenue", "concessions", "serving", "contacts", "acquisition")
"""Columns of `History.money`; all but revenue are costs, given as positive figures."""

PROMISES = ("kept", "late with notice", "late without notice", "broken")
"""Columns of `History.promises`: how promises that fell due in the month ended."""

FLOWS = ("left", "returned", "joined", "threatened", "saved", "left_silently", "bluffed")
"""
Columns of `History.flows`.

Who threatens to leave means it, or only bluffs to be given something. Who means it is saved or leaves, so
``left == left_silently + threatened - bluffed - saved``; who bluffs stays anyway, whatever he is given.
"""


@attrs.frozen(kw_only=True, eq=False)
class History:
    """
    One world under one policy.

    Attributes:
        policy: Name of the policy of firm 0, ours.
        seed: Of the world.
        months: Length of the horizon, ``M``.
        currency: ISO 4217 code.
        firms: Names of the firms, ours first.
        people: Per month (``M + 1`` rows, the first is the start), people with each firm and, last, without any.
        cohort: Of our customers at the start, those who never left, ``(M + 1, contract kinds)``.
        cohort_kinds: Names of those kinds.
        flows: Moves of our customers, ``(M, len(FLOWS))``.
        money: ``(M, len(MONEY))``, minor units.
        residual: Discounted cash of a common continuation under no policy for those who are ours at the end,
            minor units.
        residual_months: Its length.
        reasons: Leavers of ours, true reason by stated reason, both codes of `retainsdk.view.Reason`.
        promises: ``(M, len(PROMISES))``.
        actions: Actions done by kind, codes of `retainsdk.policy.ActionKind`.
        refused: Actions refused for want of consent.
        cut: Actions cut by the budget or because the customer got another.
        minutes: Of representatives spent on actions.
        digest: Of every column of every person at the end: equal worlds have equal digests.
        rules: Names and digests of rules that replaced shipped ones; none when people lived by the shipped law.
    """

    policy: str
    seed: int
    months: int
    currency: str
    firms: tuple[str, ...]
    people: Counts
    cohort: Counts
    cohort_kinds: tuple[str, ...]
    flows: Counts
    money: Counts
    residual: int
    residual_months: int
    reasons: Counts
    promises: Counts
    actions: Counts
    refused: int
    cut: int
    minutes: int
    digest: str
    rules: tuple[tuple[str, str], ...] = ()

    @property
    def customers(self) -> int:
        """Our customers at the start."""
        return int(self.people[0, 0])

    @property
    def cash(self) -> int:
        """Revenue less all costs within the horizon, minor units."""
        return int(self.money[:, 0].sum() - self.money[:, 1:].sum())

    @property
    def profit(self) -> int:
        """Cash within the horizon and the residual value of who is ours at its end, minor units."""
        return self.cash + self.residual

    def left_within(self, months: int) -> Counts:
        """Of our customers at the start, how many left within so many months, by contract kind."""
        return np.asarray(self.cohort[0] - self.cohort[months])
