"""Who has a relationship: one owner at every instant, and those who contribute to it."""

from __future__ import annotations

from datetime import datetime

import attrs

from retainsdk.errors import CommandError
from retainsdk.events import ContributorAdded, ContributorRemoved, OwnerAssigned

UNASSIGNED = "unassigned"
"""The pool that owns what nobody owns yet; the card shows it as a gap."""


@attrs.frozen(kw_only=True)
class Owning:
    """
    That somebody has the main duty, until the next one has; perhaps not for the first time.

    Attributes:
        owner: Who.
        since: From when.
        source: Who or what says so.
    """

    owner: str
    since: datetime
    source: str


@attrs.frozen(kw_only=True)
class Contribution:
    """
    That somebody besides the owner works for the relationship, for one stretch of time.

    Attributes:
        contributor: Who.
        part: What he sees to.
        since: From when.
        until: The instant from which he does no longer; none while he does.
    """

    contributor: str
    part: str
    since: datetime
    until: datetime | None = None

    def runs(self, at: datetime) -> bool:
        """Whether he contributes at an instant."""
        return self.since <= at and not self.is_over(at)

    def is_over(self, at: datetime) -> bool:
        """Whether he had stopped by an instant."""
        return self.until is not None and self.until <= at


@attrs.frozen(kw_only=True)
class Ownership:
    """
    Owners and contributors of one relationship.

    Attributes:
        owners: In the order of time, one at least.
        contributions: In the order of recording. Those of one person never overlap, nor do they with his being
            the owner.
    """

    owners: tuple[Owning, ...]
    contributions: tuple[Contribution, ...] = ()

    @property
    def owner(self) -> str:
        """Who has the main duty now."""
        return self.owners[-1].owner

    @property
    def owner_since(self) -> datetime:
        """Since when he has it; to be assigned once more changes nothing."""
        since = self.owners[-1].since
        for it in reversed(self.owners):
            if it.owner != self.owner:
                break
            since = it.since
        return since

    def owner_at(self, at: datetime) -> str | None:
        """Who had it at an instant; none before there was anything to own."""
        return next((it.owner for it in reversed(self.owners) if it.since <= at), None)

    def handed_over(self, body: OwnerAssigned, at: datetime, source: str) -> Ownership:
        """
        The same with another owner. Whatever he contributed ends when he becomes the owner.

        Raises:
            CommandError: When nobody is named, when another input names another owner for the same time, or
                when he is a contributor from then on.
        """
        _named(body.owner, "owner")
        now = self.owners[-1]
        if (body.owner, at) == (now.owner, now.since):
            return self
        if at < now.since or (at == now.since and now.owner != UNASSIGNED):
            raise CommandError(
                f"owner {body.owner!r} from {at.isoformat()} (by {source})",
                f"contradicts {now.owner!r} from {now.since.isoformat()} (by {now.source})",
                "Of two owners at one time only one can be true: assign the later one, from a later instant.",
            )
        if any(it.contributor == body.owner and it.since >= at for it in self.contributions):
            raise CommandError(
                f"owner {body.owner!r} from {at.isoformat()}",
                "is recorded as a contributor from then on or later",
                "The owner is never also a contributor: assign him from a later instant.",
            )
        owning = Owning(owner=body.owner, since=at, source=source)
        earlier = self.owners if at > now.since else self.owners[:-1]
        return attrs.evolve(self._without(at, body.owner), owners=(*earlier, owning))

    def joined(self, body: ContributorAdded, at: datetime, until: datetime | None) -> Ownership:
        """
        The same with one contributor more.

        Args:
            body: Who contributes what.
            at: From when.
            until: When the relationship ended, should it be known already.

        Raises:
            CommandError: When nobody is named, or he is the owner or contributes already.
        """
        _named(body.contributor, "contributor")
        if body.contributor == self.owner_at(at):
            raise CommandError(
                f"contributor {body.contributor!r}",
                f"is the owner at {at.isoformat()}",
                "The owner is never also a contributor: name somebody else, or assign another owner first.",
            )
        if any(it.contributor == body.contributor and not it.is_over(at) for it in self.contributions):
            raise CommandError(
                f"contributor {body.contributor!r} from {at.isoformat()}",
                "contributes then or later already",
                "Remove him first; times of one person do not overlap.",
            )
        owns_from = (it.since for it in self.owners if it.owner == body.contributor and it.since > at)
        ends = [end for end in (until, next(owns_from, None)) if end is not None]
        new = Contribution(
            contributor=body.contributor, part=body.part, since=at, until=min(ends, default=None)
        )
        return attrs.evolve(self, contributions=(*self.contributions, new))

    def left(self, body: ContributorRemoved, at: datetime) -> Ownership:
        """
        The same when somebody stops to contribute.

        Raises:
            CommandError: When he does not contribute.
        """
        if not any(it.contributor == body.contributor and it.runs(at) for it in self.contributions):
            raise CommandError(
                f"contributor {body.contributor!r}",
                f"does not contribute at {at.isoformat()}",
                "Only who was added can be removed.",
            )
        return self._without(at, body.contributor)

    def ended(self, at: datetime) -> Ownership:
        """
        The same when the relationship ends, and with it all contributions.

        Raises:
            CommandError: When somebody began to contribute after that.
        """
        later = [it.contributor for it in self.contributions if it.since > at]
        if later:
            raise CommandError(
                f"an end at {at.isoformat()}",
                f"comes before {', '.join(sorted(later))} began to contribute",
                "Give the instant at which it really ended.",
            )
        return self._without(at, *(it.contributor for it in self.contributions))

    def _without(self, at: datetime, *names: str) -> Ownership:
        return attrs.evolve(
            self,
            contributions=tuple(
                attrs.evolve(it, until=at) if it.contributor in names and it.runs(at) else it
                for it in self.contributions
            ),
        )


def _named(name: str, what: str) -> None:
    if not name.strip() or (what == "contributor" and name == UNASSIGNED):
        raise CommandError(f"{what} {name!r}", "names nobody", "Say who it is.")
