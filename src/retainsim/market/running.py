"""
Running a market from month to month: in one go, or stopping on the way to look, to keep it, or to fork it.

Looking never disturbs anybody's luck: a run that is watched, kept and taken up again ends like one that is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Literal, Protocol

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.errors import Fault, InputError
from retainsdk.policy import ACTIONS, Budget, Policy
from retainsim.market import law as names
from retainsim.market.competitors import Plan
from retainsim.market.course import Counted
from retainsim.market.engine import Market, MonthOver, Part, Reins, digest_in_words, sum_of_rows
from retainsim.market.history import MONEY, PROMISES, History
from retainsim.market.law import LAW, Law
from retainsim.market.month import Month
from retainsim.market.person import MOST_MONTHS, People
from retainsim.market.staff import USUAL, Staffing, plan_of

FLOW_TALLIES = (
    names.LEFT,
    names.RETURNED,
    names.JOINED,
    names.THREATENED,
    names.SAVED,
    names.SILENT,
    names.BLUFFED,
)
"""Where the law counts each of `history.FLOWS`."""
COHORT_KINDS = ("month-to-month", "one year", "two years")
RESIDUAL_MONTHS = 24


def run(
    market: Market,
    policy: Policy,
    *,
    months: int,
    budget: Budget | None = None,
    threads: int = 1,
    compiled: bool | Literal["soon"] = True,
    consent_gate: bool = True,
    residual_months: int = RESIDUAL_MONTHS,
    law: Law = LAW,
    staffing: Staffing = USUAL,
) -> History:
    """
    What becomes of a market under a policy.

    Args:
        market: At its beginning; left as it is.
        policy: Of firm 0, ours.
        months: Horizon.
        budget: Of every month; none for no limit.
        threads: Over which people are spread; the result does not depend on it.
        compiled: False runs the law as plain Python; ``"soon"`` begins so and goes on compiled once that is ready,
            so that a small market starts at once where it was never compiled. The result does not depend on it.
        consent_gate: False shows what ignoring consent would cost.
        residual_months: Length of the continuation that values who is still ours.
        law: By which everybody lives; another than the shipped one has rules replaced.
        staffing: What is done about our team, by month, beside what the policy itself does about it.

    Raises:
        InputError: When a length or the number of threads is impossible, or the policy's actions are.
        PolicyError: When the policy answers with something else.
    """
    refuse_impossible(months=months, threads=threads, residual_months=residual_months)
    under = Under(
        policy=policy, budget=budget or Budget(), consent_gate=consent_gate, law=law, staffing=staffing
    )
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(max_workers=threads)) if threads > 1 else None
        going = Run(market, under, Together(market, under, compiled=compiled, pool=pool))
        for _ in range(months):
            going.month()
        return going.history(residual_months)


def refuse_impossible(*, months: int, threads: int = 1, residual_months: int = 0) -> None:
    """
    Refuse a run that cannot be.

    Raises:
        InputError: With all that is wrong.
    """
    asked = (("months", months, 0), ("threads", threads, 1), ("residual_months", residual_months, 0))
    faults = [
        Fault(name, str(value), f"must be at least {least}", f"Ask for {least} or more.")
        for name, value, least in asked
        if value < least
    ]
    if not faults and months + residual_months > MOST_MONTHS:
        asked_for, rule = f"{months} + {residual_months}", f"must be {MOST_MONTHS} in all at most"
        faults.append(Fault("months", asked_for, rule, "Days are kept in 16 bits: ask for fewer months."))
    if faults:
        raise InputError("run", faults)


@attrs.frozen(kw_only=True)
class Under:
    """
    What people live under.

    Attributes:
        policy: Of firm 0, ours.
        budget: Of every month.
        consent_gate: Whether actions without consent are refused.
        law: By which everybody lives.
        staffing: What is done about our team, by month, beside what the policy itself does about it.
    """

    policy: Policy
    budget: Budget = attrs.field(factory=Budget)
    consent_gate: bool = True
    law: Law = LAW
    staffing: Staffing = USUAL

    @property
    def plan(self) -> Staffing:
        """All that is done about our team: under whatever policy, and by this one."""
        return self.staffing + plan_of(self.policy)


class Everybody(Protocol):
    """The people of a market, wherever they are."""

    def counted(self) -> Counted:
        """How many there are, before the first month."""

    def month(self, month: Month) -> MonthOver:
        """A month for all of them."""

    def sums(self) -> tuple[int, int]:
        """From which the digest is made."""

    def keep(self, folder: Path, name: str) -> list[str]:
        """Write all rows into a folder, to be read by `people_files.read_people`; the names of the files, in order."""

    def show(self, folder: Path, name: str) -> list[str]:
        """Write all rows into a folder for people to read; the names of the files."""

    def continued(self, from_month: int, n_months: int, plan: Plan) -> NDArray[np.int64]:
        """How those who are ours would live on; the market is over."""


class Together:
    """Everybody in one process."""

    def __init__(
        self,
        market: Market,
        under: Under,
        *,
        compiled: bool | Literal["soon"] = True,
        pool: ThreadPoolExecutor | None = None,
        people: People | None = None,
    ) -> None:
        self.under = under
        self.part = Part(market, compiled=compiled, pool=pool, law=under.law, people=people)

    def counted(self) -> Counted:
        """How many there are, before the first month."""
        return self.part.counted()

    def month(self, month: Month) -> MonthOver:
        """A month for all of them."""
        it = self.under
        return self.part.lived(month, it.policy, it.budget, consent_gate=it.consent_gate)

    def sums(self) -> tuple[int, int]:
        """From which the digest is made."""
        return sum_of_rows(self.part.people)

    def keep(self, folder: Path, name: str) -> list[str]:
        """Write all rows into a folder, to be read by `people_files.read_people`; the names of the files, in order."""
        from retainsim.market.people_files import write_people  # noqa: PLC0415 # pyarrow, which few runs need

        return [write_people(self.part.people, folder, name)]

    def show(self, folder: Path, name: str) -> list[str]:
        """Write all rows into a folder for people to read; the names of the files."""
        from retainsim.market.census import write_rows  # noqa: PLC0415 # as above

        return list(write_rows(self.part.people, folder, name))

    def continued(self, from_month: int, n_months: int, plan: Plan) -> NDArray[np.int64]:
        """How those who are ours would live on; the market is over."""
        return self.part.continued(from_month, n_months, plan)


class Run:
    """
    A market on its way.

    Attributes:
        market: As it began.
        under: What its people live under.
        everybody: Its people, as they are now.
        reins: Where it stands.
        started: How many there were before the first month.
        lived: What each month brought.
        plans: The terms of all firms in each month.
    """

    def __init__(
        self,
        market: Market,
        under: Under,
        everybody: Everybody,
        *,
        reins: Reins | None = None,
        started: Counted | None = None,
        lived: Sequence[MonthOver] = (),
        plans: Sequence[Plan] = (),
    ) -> None:
        self.market, self.under, self.everybody = market, under, everybody
        self.started = everybody.counted() if started is None else started
        self.reins = Reins.begun(market, self.started, under.plan) if reins is None else reins
        self.lived, self.plans = list(lived), list(plans)
        self._coming: Month | None = None

    @property
    def number(self) -> int:
        """Months it has lived."""
        return len(self.lived)

    @property
    def coming(self) -> Month:
        """The month that comes next; the competitors have acted in it."""
        if self._coming is None:
            self._coming = self.reins.month(self.number)
        return self._coming

    def month(self) -> MonthOver:
        """Go on by one."""
        over = self.everybody.month(self.coming)
        self._coming = None
        self.reins.close(over.tally, minutes=over.minutes)
        self.plans.append(self.reins.course.plan)
        self.lived.append(self.reins.charged(self.number, over))
        return self.lived[-1]

    def digest(self) -> str:
        """Of everybody, as they are now."""
        return digest_in_words(self.everybody.sums())

    def history(self, residual_months: int = RESIDUAL_MONTHS) -> History:
        """What it went through. The continuation is lived by the same people, so the run is over."""
        digest = self.digest()
        tallies = self.everybody.continued(self.number, residual_months, self.reins.course.plan)
        return _history(self, digest, residual=_worth(tallies, self.market), residual_months=residual_months)


def _worth(tallies: NDArray[np.int64], market: Market) -> int:
    """What those who are ours at the end still bring, discounted month by month."""
    discount = 1.0 / (1.0 + market.rules.values["discounting"])
    worth, factor = 0.0, 1.0
    for tally in tallies:
        factor *= discount
        worth += factor * float(tally[names.REVENUE] - tally[names.CONCESSIONS] - tally[names.SERVING])
    return round(worth)


def _history(run: Run, digest: str, *, residual: int, residual_months: int) -> History:
    market, months = run.market, run.lived
    n_firms = len(market.preset.firms)
    counted = [run.started, *(Counted.in_tally(month.tally, n_firms) for month in months)]
    tallies = np.array([month.tally for month in months], dtype=np.int64).reshape(len(months), names.TALLIES)
    reasons = tallies[:, names.REASONS : names.PEOPLE].sum(axis=0)
    return History(
        policy=run.under.policy.name,
        seed=market.seed,
        months=len(months),
        currency=market.preset.currency,
        firms=tuple(firm.name for firm in market.preset.firms),
        people=np.vstack([it.people for it in counted]),
        cohort=np.vstack([it.cohort for it in counted]),
        cohort_kinds=COHORT_KINDS,
        flows=tallies[:, FLOW_TALLIES],
        money=tallies[:, names.REVENUE : names.REVENUE + len(MONEY)],
        residual=residual,
        residual_months=residual_months,
        reasons=reasons.reshape(names.N_REASONS, names.N_REASONS),
        promises=tallies[:, names.KEPT : names.KEPT + len(PROMISES)],
        actions=np.sum([NO_ACTIONS, *(month.actions for month in months)], axis=0),
        refused=sum(month.refused for month in months),
        cut=sum(month.cut for month in months),
        minutes=sum(month.minutes for month in months),
        digest=digest,
        rules=run.under.law.digests,
    )


NO_ACTIONS = np.zeros(len(ACTIONS), dtype=np.int64)
