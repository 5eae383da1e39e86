"""Representatives: who works for us and when, who stands in for whom, and what each may grant without asking."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import attrs

from retainsdk.errors import CommandError
from retainsdk.events import AuthoritySet, RepresentativeAbsent, RepresentativeJoined, RepresentativeLeft
from retainsdk.quantities import Money
from retainsdk.wording import in_words
from retainsdk.worktime import SpecialDay, WorkCalendar

RepresentativeEvent = RepresentativeAbsent | RepresentativeLeft | AuthoritySet


@attrs.frozen(kw_only=True)
class Absence:
    """
    Days on which somebody is away.

    Attributes:
        starts_on: The first.
        ends_on: The first back at work.
        deputy: Sees to what falls due meanwhile.
        why: As far as others may know.
    """

    starts_on: date
    ends_on: date
    deputy: str
    why: str = ""

    def covers(self, on: date) -> bool:
        """Whether he is away that day."""
        return self.starts_on <= on < self.ends_on


@attrs.frozen(kw_only=True)
class Representative:
    """
    One of our people.

    Attributes:
        name: As the book knows him: owner, actor.
        joined_at: When he last began to work for us.
        languages: He speaks.
        skills: He has.
        hours: In the text of `WorkCalendar.parse`; empty for the book's.
        absences: None overlaps another.
        left_at: When he stopped working for us.
        left_on: The day of that, in the book's zone; he works for us no longer.
        successor: Who took over from him; empty for nobody.
        authority: What he may grant at a time without asking; none while nobody has said.
        asks: Whom he asks for more.
    """

    name: str
    joined_at: datetime
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    hours: str = ""
    absences: tuple[Absence, ...] = ()
    left_at: datetime | None = None
    left_on: date | None = None
    successor: str = ""
    authority: Money | None = None
    asks: str = ""

    @classmethod
    def joined(cls, name: str, body: RepresentativeJoined, at: datetime) -> Representative:
        """
        Somebody new.

        Raises:
            InputError: When his hours cannot be read.
        """
        if body.hours:
            WorkCalendar.parse(body.hours)
        return cls(name=name, joined_at=at, languages=body.languages, skills=body.skills, hours=body.hours)

    def back(self, body: RepresentativeJoined, at: datetime) -> Representative:
        """
        Somebody who had left and works for us again, with the authority he had.

        Raises:
            CommandError: When he had not left.
        """
        if self.left_at is None or at < self.left_at:
            raise CommandError(
                f"representative {self.name!r}",
                f"works here already at {at.isoformat()}",
                "Give a newcomer a name of his own.",
            )
        again = Representative.joined(self.name, body, at)
        return attrs.evolve(again, absences=self.absences, authority=self.authority, asks=self.asks)

    def after(self, body: RepresentativeEvent, at: datetime, on: date) -> Representative:
        """
        The same after something changed, at an instant that lies on a day of the book.

        Raises:
            CommandError: When he stands in for himself, is away twice on a day, asks himself, or had left already.
        """
        if self.left_on is not None:
            raise CommandError(
                f"representative {self.name!r}", f"left on {self.left_on}", "Record first that he is back."
            )
        if at < self.joined_at:
            raise CommandError(
                f"{in_words(type(body).__name__)} on {on}",
                f"comes before {self.name!r} joined, {self.joined_at.isoformat()}",
                "Give the instant at which it really happened.",
            )
        match body:
            case RepresentativeAbsent():
                return self._away(body)
            case RepresentativeLeft():
                self._refuse_self(body.successor, "succeed")
                return attrs.evolve(self, left_at=at, left_on=on, successor=body.successor)
            case AuthoritySet():
                self._refuse_self(body.asks, "ask")
                if body.up_to.amount < 0:
                    raise CommandError(
                        f"an authority of {body.up_to}", "must not be negative", "State 0 for none."
                    )
                return attrs.evolve(self, authority=body.up_to, asks=body.asks)

    def is_away(self, on: date) -> bool:
        """Whether he is absent or has left."""
        return self._gone(on) or any(absence.covers(on) for absence in self.absences)

    def deputy_on(self, on: date) -> str | None:
        """Who stands in for him that day, or followed him; none when he is there or nobody was named."""
        if self._gone(on):
            return self.successor or None
        return next((absence.deputy or None for absence in self.absences if absence.covers(on)), None)

    def calendar(self, firm: WorkCalendar) -> WorkCalendar:
        """When he works: his own hours, or those of the firm, without the days on which he is away."""
        own = WorkCalendar.parse(self.hours, zone=firm.zone.key, source=firm.source) if self.hours else firm
        away = {
            date.fromordinal(day): SpecialDay(name=absence.why)
            for absence in self.absences
            for day in range(absence.starts_on.toordinal(), absence.ends_on.toordinal())
        }
        return attrs.evolve(own, special_days={**firm.special_days, **own.special_days, **away})

    def _gone(self, on: date) -> bool:
        return self.left_on is not None and self.left_on <= on

    def _away(self, body: RepresentativeAbsent) -> Representative:
        self._refuse_self(body.deputy, "stand in for")
        absence = Absence(starts_on=body.starts_on, ends_on=body.ends_on, deputy=body.deputy, why=body.why)
        if absence.ends_on <= absence.starts_on:
            raise CommandError(
                f"an absence from {absence.starts_on} to {absence.ends_on}",
                "has no day",
                "Name as its end the first day back at work.",
            )
        for other in self.absences:
            if other.starts_on < absence.ends_on and absence.starts_on < other.ends_on:
                raise CommandError(
                    f"an absence of {self.name!r} from {absence.starts_on} to {absence.ends_on}",
                    f"overlaps the one from {other.starts_on} to {other.ends_on}",
                    "Record only the days that are new.",
                )
        return attrs.evolve(self, absences=tuple(sorted((*self.absences, absence), key=_begins)))

    def _refuse_self(self, other: str, does: str) -> None:
        if other == self.name:
            raise CommandError(
                f"representative {self.name!r}", f"cannot {does} himself", "Name somebody else, or nobody."
            )


def stand_in(staff: Mapping[str, Representative], name: str, on: date) -> str | None:
    """
    Who sees to somebody's things on a day: he himself when he is there, or the first in the chain of deputies who is.

    Whoever the book does not know as a representative counts as there.

    Returns:
        A name; none when everybody in the chain is away.
    """
    seen: set[str] = set()
    here: str | None = name
    while here is not None and here not in seen:
        seen.add(here)
        if here not in staff or not staff[here].is_away(on):
            return here
        here = staff[here].deputy_on(on)
    return None


def may_grant(staff: Mapping[str, Representative], name: str, grant: Money) -> bool:
    """
    Whether somebody may grant so much without asking.

    Everybody may grant everything while nobody's authority was ever set. From then on whoever has none, or is not
    known as a representative, may grant nothing that costs; so a limit cannot be passed by under another name.
    """
    limits = {
        who: it.authority for who, it in staff.items() if it.authority is not None and it.left_on is None
    }
    if not any(it.authority is not None for it in staff.values()) or grant.amount <= 0:
        return True
    return name in limits and grant <= limits[name]


def refuse_above_authority(staff: Mapping[str, Representative], name: str, grant: Money) -> None:
    """
    Nothing, when somebody may grant so much.

    Raises:
        CommandError: When he may not. It names who may: the first whom he is to ask, directly or through others, whose
            authority suffices; without such a one whoever else may, with the least authority.
    """
    if may_grant(staff, name, grant):
        return
    who = _whom_to_ask(staff, name, grant)
    limit = staff[name].authority if name in staff else None
    raise CommandError(
        f"{grant} by {name!r}",
        f"is above the authority to grant, {limit or 'none'}",
        f"Ask {who}, who may." if who else "Nobody's authority suffices: set somebody's higher.",
    )


def _whom_to_ask(staff: Mapping[str, Representative], name: str, grant: Money) -> str | None:
    seen = {name}
    asked = staff[name].asks if name in staff else ""
    while asked and asked not in seen:
        if may_grant(staff, asked, grant):
            return asked
        seen.add(asked)
        asked = staff[asked].asks if asked in staff else ""
    able = [
        (it.authority, who)
        for who, it in staff.items()
        if it.authority is not None and may_grant(staff, who, grant)
    ]
    return min(able)[1] if able else None


def _begins(absence: Absence) -> date:
    return absence.starts_on
