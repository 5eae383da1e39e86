"""
Whom an experiment divided, and what became of them: customers by arm, followed for a horizon (CONCEPTS B6).

A customer is counted where chance put him, whatever was done to him since, and is told apart by what the book knew when
the experiment began: neither can be an effect of it. All begin at one instant, so once the horizon has passed, looking
again changes nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import attrs

from retainsdk.account import Account
from retainsdk.account.exposure import still_exposes
from retainsdk.events import ExposureRecorded
from retainsdk.firm.holdout import Experiment
from retainsdk.quantities import Money, months_later, total
from retainsdk.relationship import WITH_US
from retainsdk.reports.cuts import Item, Items
from retainsdk.reports.retrospect import Retrospect
from retainsdk.value.cost import spent, stage_at
from retainsdk.value.features import concessions, efforts, income

ARM = "arm"
VOLUME = "volume"
LABELS: Mapping[str, str] = {
    VOLUME: "What he brought in the year before, in thirds of those who brought anything.",
    ARM: "The arm chance put him in; the control was left alone.",
}
"""What customers of an experiment can be told apart by besides all attributes."""

_YEAR = 12
_THIRDS = ("lowest third", "middle third", "highest third")


@attrs.frozen(kw_only=True)
class Outcome:
    """
    What became of a customer within the horizon.

    Attributes:
        exposed: Whether he met what the experiment is about.
        contaminated: Whether he did although he was to be left alone.
        left: Whether he left us, for whatever reason; with the last of his relationships, where he has several.
        income: What he brought.
        cost: What contacts and what was given to him cost.
    """

    exposed: bool
    contaminated: bool
    left: bool
    income: Money
    cost: Money


@attrs.frozen(kw_only=True)
class Cohort:
    """
    Everybody who was a customer when an experiment began.

    Attributes:
        experiment: Which.
        begins: When everybody was assigned: at the start of its first day, and not before it was declared.
        until: The end of the horizon.
        days: Of the horizon.
        members: One item a customer, with an `Outcome`; as the book knew him when it began.
        is_over: Whether the whole horizon has passed.
        others: How many became customers since, or were entered since; they are in no arm.
    """

    experiment: Experiment
    begins: datetime
    until: datetime
    days: int
    members: Items
    is_over: bool
    others: int


def cohort(known: Retrospect, experiment: Experiment, days: int, *, hour: Money | None = None) -> Cohort:
    """
    The customers an experiment divided.

    Args:
        known: The book as of an instant, and before.
        experiment: Which.
        days: The horizon.
        hour: What an hour of our time costs; when it is not said, time costs nothing.
    """
    declared_at = experiment.declared_at.astimezone(known.ledger.zone)
    begins = max(known.start_of(experiment.starts_on), declared_at)
    until = begins + timedelta(days=days)
    members, others = ([], 0) if known.now < begins else _divided(known, experiment, begins, until, hour)
    return Cohort(
        experiment=experiment,
        begins=begins,
        until=until,
        days=days,
        members=members,
        is_over=known.now >= until,
        others=others,
    )


def _divided(
    known: Retrospect, experiment: Experiment, begins: datetime, until: datetime, hour: Money | None
) -> tuple[list[Item], int]:
    then = known.at(begins).ledger
    theirs: dict[int, list[Account]] = {}
    for account in then.accounts.values():
        if account.relationship.is_with_us:
            theirs.setdefault(account.relationship.customer, []).append(account)
    year_before = known.start_of(months_later(known.ledger.day(begins), -_YEAR))
    volumes = _thirds(
        {
            whose: _within(map(income, accounts), year_before, begins, then.currency)
            for whose, accounts in theirs.items()
        }
    )
    within = _Within(known=known, experiment=experiment, begins=begins, until=until, hour=hour)
    members = [
        Item(
            kind="customer",
            account=accounts[0],
            at=begins,
            thing=within.outcome([it.relationship.id for it in accounts]),
            labels={ARM: then.arm(accounts[0], experiment), VOLUME: volumes[whose]},
        )
        for whose, accounts in theirs.items()
    ]
    there = {known.ledger.resolved(customer) for customer in theirs}  # some were merged since
    others = sum(_is_newer(account, begins, there) for account in known.ledger.accounts.values())
    return members, others


@attrs.frozen(kw_only=True)
class _Within:
    """Reads off the present book what happened within the horizon."""

    known: Retrospect
    experiment: Experiment
    begins: datetime
    until: datetime
    hour: Money | None

    def outcome(self, relationships: Sequence[int]) -> Outcome:
        ledger = self.known.ledger
        accounts = [ledger.accounts[id_] for id_ in relationships]
        met = [
            body
            for account in accounts
            for at, body in account.timeline.of(ExposureRecorded)
            if body.experiment == self.experiment.name
            and self.begins <= at <= self.until
            and still_exposes(account, self.experiment.purpose, at)
        ]
        hour = self.hour or Money(0, ledger.currency)
        costs = (spent(efforts(ledger, it, by=self.until), concessions(it), hour=hour) for it in accounts)
        return Outcome(
            exposed=bool(met),
            contaminated=any(body.contaminated for body in met),
            left=all(self._has_left(account) for account in accounts),
            income=_within(map(income, accounts), self.begins, self.until, ledger.currency),
            cost=_within(costs, self.begins, self.until, ledger.currency),
        )

    def _has_left(self, account: Account) -> bool:
        ends = (spell.ended for spell in account.relationship.spells)
        return any(ended is not None and self.begins < ended <= self.until for ended in ends)


def _within(
    amounts: Iterable[Iterable[tuple[datetime, Money]]], after: datetime, until: datetime, currency: str
) -> Money:
    return total((it for those in amounts for at, it in those if after < at <= until), currency)


def _thirds(brought: Mapping[int, Money]) -> dict[int, str]:
    """The class of everybody by what he brought; who brought as much as another is in the same one."""
    ordered = sorted(amount.amount for amount in brought.values() if amount.amount > 0)
    return {
        whose: "nothing"
        if amount.amount <= 0
        else _THIRDS[3 * bisect_left(ordered, amount.amount) // len(ordered)]
        for whose, amount in brought.items()
    }


def _is_newer(account: Account, begins: datetime, members: Container[int]) -> bool:
    if account.relationship.customer in members:
        return False
    stages = [stage_at(account.stages, begins), *(stage for since, stage in account.stages if since > begins)]
    return any(stage in WITH_US for stage in stages)
