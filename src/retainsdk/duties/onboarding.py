"""Foundations: the steps of a good beginning, and what was learnt by them to be looked at again (CONCEPTS D3, E3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import ClassVar

import attrs

from retainsdk.account import Account
from retainsdk.duties.wanted import Circumstances, LookAgain, Wanted
from retainsdk.vocabulary import Audience, Foundation, Promise, Stage
from retainsdk.wording import in_words

_USUAL_DAYS = {
    Foundation.WAYS_LEARNT: 14,
    Foundation.NEEDS_ANALYSED: 30,
    Foundation.GAIN_SHOWN: 45,
    Foundation.GOALS_SHARED: 60,
    Foundation.RISKS_SHARED: 60,
}


@attrs.frozen(kw_only=True)
class Onboarding:
    """
    Open the steps of a good beginning while a relationship is being founded.

    Attributes:
        days: Within which each is done, counted from the beginning; a step that is not named is not asked for.
    """

    name: ClassVar[str] = "onboarding"

    days: Mapping[Foundation, int] = attrs.field(factory=lambda: dict(_USUAL_DAYS))

    def wanted(self, accounts: Sequence[Account], known: Circumstances) -> Iterable[Wanted | LookAgain]:
        """One step each."""
        for account in accounts:
            it = account.relationship
            if it.stage is not Stage.ONBOARDING:
                continue
            for step, days in self.days.items():
                done = it.foundations.steps.get(step)
                yield Wanted(
                    relationship=it.id,
                    kind=Promise.STEP,
                    what=in_words(step.name),
                    basis=f"onboarding since {known.ledger.day(it.since)}",
                    period=step.name.lower(),
                    since=it.since,
                    due=known.days_later(it.since, days),
                    audience=Audience.INTERNAL,
                    kept_at=None if done is None else done.at,
                )


@attrs.frozen(kw_only=True)
class Reviews:
    """
    Open the review of what was learnt of a customer, and of his success plan, before the day that was set for it.

    Attributes:
        ahead_days: How long before that day it stands on the agenda.
    """

    name: ClassVar[str] = "reviews"

    ahead_days: int = 14

    def wanted(self, accounts: Sequence[Account], known: Circumstances) -> Iterable[Wanted | LookAgain]:
        """One review a day that was set."""
        for account in accounts:
            it = account.relationship
            if not it.goes_on:
                continue
            for on, subject in it.foundations.reviews():
                yield from self._review(account, on, subject, known)

    def _review(self, account: Account, on: date, subject: str, known: Circumstances) -> Iterator[Wanted]:
        set_at = _set_at(account, subject)
        yield Wanted(
            relationship=account.relationship.id,
            kind=Promise.REVIEW,
            what=f"look again at: {in_words(subject)}",
            basis=f"review of {in_words(subject)}",
            period=on.isoformat(),
            since=max(known.start_of(on - timedelta(days=self.ahead_days)), set_at),
            due=known.start_of(on + timedelta(days=1)),
            audience=Audience.INTERNAL,
        )


def _set_at(account: Account, subject: str) -> datetime:
    foundations = account.relationship.foundations
    if subject == "success_plan" and foundations.success is not None:
        return foundations.success.at
    return foundations.steps[Foundation[subject.upper()]].at
