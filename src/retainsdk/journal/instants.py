"""Instants: the time by this computer, and the one form in which instants are kept and asked for."""

from __future__ import annotations

from datetime import UTC, datetime

from retainsdk.errors import CommandError


def now() -> datetime:
    """The time by the clock of this computer."""
    return datetime.now(UTC)


def utc_text(at: datetime) -> str:
    """
    An instant in UTC as text of one length, which sorts as time does.

    Raises:
        CommandError: When it has no time zone: that of this computer is nobody's.
    """
    return aware(at, "the instant").astimezone(UTC).isoformat(timespec="microseconds")


def bound_text(at: datetime | None) -> str | None:
    """The same of the instant up to which something is asked for; none where there is no bound."""
    return None if at is None else utc_text(at)


def aware(at: datetime, what: str) -> datetime:
    """
    The instant itself.

    Raises:
        CommandError: When it has no time zone.
    """
    if at.tzinfo is None:
        raise CommandError(
            f"{what} {at.isoformat()}", "has no time zone", "Say the zone or the offset from UTC with it."
        )
    return at


def moment_of(occurred_at: datetime | None, recorded_at: datetime) -> datetime:
    """
    When a command happened: as said, or now.

    Raises:
        CommandError: When that is in the future, or has no time zone.
    """
    if occurred_at is None:
        return recorded_at
    if aware(occurred_at, "occurred_at") > recorded_at:
        raise CommandError(
            f"what happened on {occurred_at.isoformat()}",
            f"lies in the future (it is {recorded_at.isoformat()})",
            "Record what has happened; what shall happen is a promise or a date in terms.",
        )
    return occurred_at
