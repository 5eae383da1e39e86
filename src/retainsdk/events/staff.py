"""What happens to representatives: who they are, when they are away, and what they may grant."""

from __future__ import annotations

from datetime import date

import attrs

from retainsdk.events.body import event
from retainsdk.quantities import Money


@event
@attrs.frozen(kw_only=True)
class RepresentativeJoined:
    """Somebody works for us, with languages and skills, at the hours of a calendar."""

    name: str
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    hours: str = ""
    """Like ``Sun-Thu 09:00-13:00 14:00-18:00``; empty for the book's."""


@event
@attrs.frozen(kw_only=True)
class RepresentativeAbsent:
    """Somebody is away from one day to another, the last excluded, and a deputy sees to what falls due."""

    starts_on: date
    ends_on: date
    deputy: str
    why: str = ""


@event
@attrs.frozen(kw_only=True)
class RepresentativeLeft:
    """Somebody works for us no longer."""

    successor: str = ""


@event
@attrs.frozen(kw_only=True)
class AuthoritySet:
    """Somebody may grant so much at a time without asking; beyond that, whom he is to ask."""

    up_to: Money
    asks: str = ""
