"""Affiliations: what a person is to a household or an organisation, from when to when (CONCEPTS C3, E2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import attrs

from retainsdk.codec import id_text
from retainsdk.errors import CommandError
from retainsdk.events import AffiliationEnded, AffiliationStarted
from retainsdk.vocabulary import Role

MOST_POWER = 10


@attrs.frozen(kw_only=True)
class Affiliation:
    """
    One person in one household or organisation, in one role.

    Attributes:
        id: 64-bit number.
        person: Who.
        party: The household or organisation.
        role: What he is there.
        title: What he calls himself there.
        power: How much he decides, 0 to 10.
        reports_to: The person he reports to there.
        primary: Whether he was to be reached through it chiefly when it began; see `primary_of`.
        started_at: When it began.
        ended_at: When it ended; none while it lasts.
        why_ended: As somebody put it.
    """

    id: int
    person: int
    party: int
    role: Role
    title: str
    power: int
    reports_to: int | None
    primary: bool
    started_at: datetime
    ended_at: datetime | None = None
    why_ended: str = ""

    @classmethod
    def started(cls, body: AffiliationStarted, at: datetime) -> Affiliation:
        """
        A new one.

        Raises:
            CommandError: When the power is off its scale.
        """
        if not 0 <= body.power <= MOST_POWER:
            raise CommandError(
                f"power {body.power}", f"is not on the scale from 0 to {MOST_POWER}", "Convert it first."
            )
        return cls(
            id=body.affiliation,
            person=body.person,
            party=body.party,
            role=body.role,
            title=body.title,
            power=body.power,
            reports_to=body.reports_to,
            primary=body.primary,
            started_at=at,
        )

    def ended(self, body: AffiliationEnded, at: datetime) -> Affiliation:
        """
        The same with its end.

        Raises:
            CommandError: When it ended already, or would end before it began.
        """
        if self.ended_at is not None or at < self.started_at:
            was = "ended already" if self.ended_at is not None else "had not begun by then"
            raise CommandError(
                f"affiliation {id_text(self.id)}", was, "Give the instant at which it really ended."
            )
        return attrs.evolve(self, ended_at=at, why_ended=body.why)

    def holds_at(self, at: datetime) -> bool:
        """Whether it lasts at an instant: from its start, until before its end."""
        return self.started_at <= at and (self.ended_at is None or at < self.ended_at)

    def renamed(self, resolved: Callable[[int], int]) -> Affiliation:
        """The same after customers were merged."""
        return attrs.evolve(
            self,
            person=resolved(self.person),
            party=resolved(self.party),
            reports_to=None if self.reports_to is None else resolved(self.reports_to),
        )


def primary_of(affiliations: Iterable[Affiliation], at: datetime) -> Affiliation | None:
    """
    The one a person is chiefly reached through at an instant.

    Each that began as such takes over from the one before, and hands back to it when it ends; so there is never
    more than one.
    """
    claims = [it for it in affiliations if it.primary and it.holds_at(at)]
    return max(claims, key=lambda it: (it.started_at, it.id), default=None)


def refuse_circle(affiliations: Mapping[int, Affiliation], since: datetime | None = None) -> None:
    """
    Nothing, when nobody in a party reports to himself by way of others, at any instant.

    Args:
        affiliations: All of one party.
        since: Instants before it were looked at already.

    Raises:
        CommandError: When somebody does.
    """
    lines = [it for it in affiliations.values() if it.reports_to is not None]
    for instant in {it.started_at for it in lines if since is None or it.started_at >= since}:
        bosses: dict[int, list[int]] = {}
        for it in lines:
            if it.reports_to is not None and it.holds_at(instant):
                bosses.setdefault(it.person, []).append(it.reports_to)
        somebody = _in_circle(bosses)
        if somebody is not None:
            raise CommandError(
                f"person {id_text(somebody)}",
                f"would report to himself, by way of others, at {instant.isoformat()}",
                "End the affiliation that is no longer true, or leave out whom he reports to.",
            )


def _in_circle(bosses: Mapping[int, list[int]]) -> int | None:
    # whoever reports to nobody is taken away, again and again; who is left stands in a circle or below one
    left = {person: set(above) & bosses.keys() for person, above in bosses.items()}
    while left:
        free = {person for person, above in left.items() if not above & left.keys()}
        if not free:
            return min(left)
        left = {person: above for person, above in left.items() if person not in free}
    return None
