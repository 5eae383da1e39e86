"""A members' programme: what regulars get and others do not (CONCEPTS A6, D7)."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

import attrs

from retainsdk.errors import CommandError
from retainsdk.events import ProgrammeChanged, TenureBenefit, Tier
from retainsdk.quantities import Money, months_later, whole_months


@attrs.frozen(kw_only=True)
class Programme:
    """
    A programme and its rules, which change over time.

    Attributes:
        name: Of the programme.
        versions: Its rules, with the instant from which each holds, in that order; one at least.
    """

    name: str
    versions: tuple[tuple[datetime, ProgrammeChanged], ...]

    @classmethod
    def begun(cls, name: str, body: ProgrammeChanged, at: datetime) -> Programme:
        """
        A new programme.

        Raises:
            CommandError: When its rules contradict each other; all contradictions are named.
        """
        return cls(name=name, versions=()).changed(body, at)

    @property
    def rules(self) -> ProgrammeChanged:
        """Those that hold now."""
        return self.versions[-1][1]

    def changed(self, body: ProgrammeChanged, at: datetime) -> Programme:
        """
        The same with other rules from an instant on; of two for one instant, those recorded last hold.

        Raises:
            CommandError: When the rules contradict each other; all contradictions are named.
        """
        wrong = [*_wrong_tiers(body.tiers), *_wrong_benefits(body.tenure_benefits)]
        if body.window_months < 1:
            wrong.append(f"window_months ({body.window_months}) must be 1 or more")
        if body.least_tenure_months < 0:
            wrong.append(f"least_tenure_months ({body.least_tenure_months}) must not be negative")
        if body.cost_per_member is not None and body.cost_per_member.amount < 0:
            wrong.append(f"cost_per_member ({body.cost_per_member}) must not be negative")
        if wrong:
            raise CommandError(f"programme {self.name!r}", "; ".join(wrong), "Correct its rules.")
        versions = sorted((*self.versions, (at, body)), key=lambda version: version[0])
        return attrs.evolve(self, versions=tuple(versions))

    def as_of(self, at: datetime) -> Programme | None:
        """The programme as it was at an instant; none before its first rules."""
        versions = tuple(version for version in self.versions if version[0] <= at)
        return attrs.evolve(self, versions=versions) if versions else None

    def tier(self, bought: Money) -> Tier | None:
        """
        The highest tier whose threshold was reached; none when none was.

        >>> club = ProgrammeChanged(tiers=(Tier(name="silver", threshold=Money(100, "EUR")),))
        >>> start = datetime.fromisoformat("2026-01-01T00:00+00:00")
        >>> Programme.begun("club", club, start).tier(Money("99.99", "EUR")) is None
        True
        """
        reached = [tier for tier in self.rules.tiers if tier.threshold <= bought]
        return max(reached, key=lambda tier: tier.threshold, default=None)

    def window(self, on: date) -> tuple[date, date]:
        """First and last day of the time whose purchases count on a day."""
        return date.fromordinal(months_later(on, -self.rules.window_months).toordinal() + 1), on

    def tenure_benefits(self, months: int) -> tuple[TenureBenefit, ...]:
        """What members of so many months get."""
        return tuple(it for it in self.rules.tenure_benefits if it.months <= months)


@attrs.frozen(kw_only=True)
class Membership:
    """
    One stretch of time in which a customer is a member.

    Attributes:
        programme: Of which programme.
        since: When he joined.
        until: When he left; none while he is a member.
        carried: Earlier stretches whose tenure goes on in this one, when a returner keeps his.
    """

    programme: str
    since: datetime
    until: datetime | None = None
    carried: tuple[tuple[datetime, datetime], ...] = ()

    def runs(self, at: datetime) -> bool:
        """Whether he is a member at an instant."""
        return self.since <= at and (self.until is None or at < self.until)

    def tenure_months(self, at: datetime, zone: tzinfo) -> int:
        """
        Whole months as a member by an instant, those carried over included; it never decreases.

        Args:
            at: The instant.
            zone: In which days are told.
        """
        until = at if self.until is None else min(at, self.until)
        stretches = (*self.carried, (self.since, max(until, self.since)))
        return sum(
            whole_months(began.astimezone(zone).date(), ended.astimezone(zone).date())
            for began, ended in stretches
        )


def _wrong_tiers(tiers: tuple[Tier, ...]) -> list[str]:
    wrong = []
    names, thresholds = [tier.name for tier in tiers], [tier.threshold for tier in tiers]
    if len(set(names)) < len(names) or not all(name.strip() for name in names):
        wrong.append("each tier needs a name of its own")
    if len({money.currency for money in thresholds}) > 1:
        wrong.append("thresholds must be in one currency")
    elif len(set(thresholds)) < len(thresholds):
        wrong.append("no two tiers may have the same threshold")
    wrong += [f"threshold ({money}) must not be negative" for money in thresholds if money.amount < 0]
    return wrong


def _wrong_benefits(benefits: tuple[TenureBenefit, ...]) -> list[str]:
    return [
        f"tenure benefit {it.benefit!r} after {it.months} months must name a benefit and 0 or more months"
        for it in benefits
        if it.months < 0 or not it.benefit.strip()
    ]
