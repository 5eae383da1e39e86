"""
Cadence: how long nobody was in touch, when the next contact is due, how often a customer comes (CONCEPTS A2, E7).

A contact has two sides, or is ours to him, and a person of ours took part: a mailing is a touch and no contact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

import attrs

from retainsdk.errors import CommandError
from retainsdk.record.record import Timeline
from retainsdk.vocabulary import Potential


def last_contact(timeline: Timeline, at: datetime) -> datetime | None:
    """When a person of ours was last in touch with the customer, by an instant; none when never."""
    return max((when for when in timeline.contacts() if when <= at), default=None)


def silence_gap(timeline: Timeline, at: datetime, *, since: datetime) -> timedelta:
    """
    How long nobody had been in touch at an instant.

    Args:
        timeline: Of the relationship.
        at: The instant.
        since: When the relationship began: silence is counted from there while there was no contact.
    """
    last = last_contact(timeline, at)
    return at - (since if last is None else last)


@attrs.frozen(kw_only=True)
class Cadence:
    """
    How many days may lie between two contacts, by the potential of the relationship.

    Attributes:
        ideal: Days after which a contact is due.
        longest: Days after which there was silence: who is not heard for longer is dormant.

    Raises:
        CommandError: When a class is missing, an ideal is longer than the longest, or a higher class waits longer
            than a lower one; all is named.
    """

    ideal: Mapping[Potential, int]
    longest: Mapping[Potential, int]

    def __attrs_post_init__(self) -> None:
        missing = [it.name for it in Potential if it not in self.ideal or it not in self.longest]
        if missing:
            raise CommandError("a cadence", f"lacks class {', '.join(missing)}", "Give days for every class.")
        wrong = [
            f"{it.name}: ideal ({self.ideal[it]}) must be 1 day or more and not above the longest ({self.longest[it]})"
            for it in Potential
            if not 1 <= self.ideal[it] <= self.longest[it]
        ]
        for days in (self.ideal, self.longest):
            wrong += [
                f"{higher.name} ({days[higher]}) must not wait longer than {lower.name} ({days[lower]})"
                for higher, lower in zip(list(Potential)[:-1], list(Potential)[1:], strict=True)
                if days[higher] > days[lower]
            ]
        if wrong:
            raise CommandError("a cadence", "; ".join(wrong), "Give other days.")

    def due(self, touched_at: datetime, potential: Potential | None) -> datetime:
        """
        When the next contact is due.

        Args:
            touched_at: The last contact, or the beginning while there was none.
            potential: Class of the relationship; one nobody classified waits as long as the lowest.
        """
        return touched_at + timedelta(days=self.ideal[_lowest(potential)])

    def dormant_from(self, touched_at: datetime, potential: Potential | None) -> datetime:
        """The instant after which silence is too long; never before the contact is due."""
        return touched_at + timedelta(days=self.longest[_lowest(potential)])


def _lowest(potential: Potential | None) -> Potential:
    return max(Potential) if potential is None else potential


USUAL = Cadence(
    ideal={Potential.A: 30, Potential.B: 60, Potential.C: 120},
    longest={Potential.A: 60, Potential.B: 120, Potential.C: 240},
)
"""A cadence to begin with; how often is often enough, each firm finds out for itself."""


def usual_gap(visits: Sequence[date]) -> timedelta | None:
    """
    How long a customer usually stays away: the median of the gaps between his visits.

    None with fewer than three visits: one gap is no habit.

    >>> usual_gap([date(2026, 1, 1), date(2026, 1, 8), date(2026, 1, 15), date(2026, 3, 15)])
    datetime.timedelta(days=7)
    """
    if len(visits) < _VISITS_OF_A_HABIT:
        return None
    return timedelta(days=median((later - one).days for one, later in pairwise(visits)))


_VISITS_OF_A_HABIT = 3
