"""Contact points: the ways to reach a customer, kept as he wrote them, from when they are known until they work no longer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from retainsdk.errors import CommandError, UnknownIdError
from retainsdk.events import ContactPointAdded, ContactPointRetired, ContactPointVerified
from retainsdk.vocabulary import Channel
from retainsdk.wording import plain


@attrs.frozen(kw_only=True)
class ContactPoint:
    """
    One way to reach a customer.

    Attributes:
        number: Among the customer's, from 1.
        channel: How.
        address: Number, address or place, as it came: never refused because it looks wrong to us, but for an e-mail
            address without an @, which no mail reaches.
        label: What distinguishes it: "work", "in the evening".
        added_at: When it became known.
        verified_at: When it was last seen to work; none when never.
        verified_how: How that was seen.
        retired_at: Since when it works no longer; none while it may.
        why_retired: As somebody put it.
    """

    number: int
    channel: Channel
    address: str
    label: str
    added_at: datetime
    verified_at: datetime | None = None
    verified_how: str = ""
    retired_at: datetime | None = None
    why_retired: str = ""

    def works_at(self, at: datetime | None) -> bool:
        """Whether it is known at an instant and not retired by then; at none, whether it may work by all we know."""
        if at is None:
            return self.retired_at is None
        return self.added_at <= at and (self.retired_at is None or at < self.retired_at)

    def after(self, body: ContactPointVerified | ContactPointRetired, at: datetime) -> ContactPoint:
        """
        The same after it was seen to work, or to work no longer.

        Raises:
            CommandError: When it was not known by then, or retired.
        """
        retired = self.retired_at is not None and (
            isinstance(body, ContactPointRetired) or at >= self.retired_at
        )
        if at < self.added_at or retired:
            was = "is retired" if retired else f"was not known at {at.isoformat()}"
            raise CommandError(f"contact point {self.number}, {self.address!r}", was, "Add it as a new one.")
        if isinstance(body, ContactPointRetired):
            return attrs.evolve(self, retired_at=at, why_retired=body.why)
        if self.verified_at is not None and at < self.verified_at:
            return self
        return attrs.evolve(self, verified_at=at, verified_how=body.how)


Points = Mapping[int, ContactPoint]


def bare(channel: Channel, address: str) -> str:
    """
    What is left of an address when writing habits are taken away; equal results reach the same.

    >>> bare(Channel.PHONE, "054-123 45.67"), bare(Channel.EMAIL, " Noa@Example.org")
    ('0541234567', 'noa@example.org')
    """
    text = plain(address)
    if channel is Channel.PHONE:
        return "".join(it for it in text if it.isalnum() or it == "+") or text
    return text


def check_address(channel: Channel, address: str) -> None:
    """
    Nothing, when somebody could be reached there.

    A telephone number is kept as it came, whatever it looks like: people know ways to dial that we do not.

    Raises:
        CommandError: When it is blank, or for an e-mail address that has no @ between two parts.
    """
    if not address.strip():
        raise CommandError(f"address {address!r}", "reaches nobody", "Say where he is reached.")
    if channel is Channel.EMAIL:
        user, at, host = address.strip().rpartition("@")
        if not (user and at and host):
            raise CommandError(
                f"the e-mail address {address!r}",
                "has no @ between a name and a place",
                "Ask for the whole of it, like noa@example.org, or record it under another channel.",
            )


def with_point(
    points: Points, body: ContactPointAdded | ContactPointVerified | ContactPointRetired, at: datetime
) -> Points:
    """
    A customer's points after something happened to one.

    Raises:
        CommandError: When it has the number of another, or that cannot happen to it.
        UnknownIdError: When there is none of that number.
    """
    if isinstance(body, ContactPointAdded):
        if body.point in points:
            raise CommandError(f"contact point {body.point}", "is known already", "Give it the next number.")
        new = ContactPoint(
            number=body.point, channel=body.channel, address=body.address, label=body.label, added_at=at
        )
        return {**points, body.point: new}
    if body.point not in points:
        raise UnknownIdError("contact point", str(body.point))
    return {**points, body.point: points[body.point].after(body, at)}


def joined(points: Points, others: Points) -> Points:
    """The points of two entries for one customer; those of the second are numbered on from the first."""
    last = max(points, default=0)
    return {
        **points,
        **{last + number: attrs.evolve(it, number=last + number) for number, it in others.items()},
    }
