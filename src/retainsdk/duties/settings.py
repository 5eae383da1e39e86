"""What a book says of its duties: which are on, and their figures by name, as people set them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import attrs

from retainsdk.duties.cadence import PromisedContact
from retainsdk.duties.closing import Closing
from retainsdk.duties.onboarding import Onboarding
from retainsdk.duties.service_levels import Levels, ServiceLevels
from retainsdk.duties.wanted import Duty
from retainsdk.errors import CommandError, UnknownNameError
from retainsdk.record.cadence import Cadence
from retainsdk.vocabulary import Potential

_HOUR = timedelta(hours=1)


def figures(duty: Duty) -> dict[str, int]:
    """
    The figures of a duty that a book can set, by name; 0 where nothing is promised.

    >>> from retainsdk.duties import Onboarding, ServiceLevels
    >>> figures(ServiceLevels())
    {'first_response_hours': 8, 'resolution_hours': 0, 'forgotten_after_days': 90}
    >>> figures(Onboarding())["needs_analysed_days"]
    30
    """
    match duty:
        case ServiceLevels():
            return {
                "first_response_hours": _hours(duty.usual.first_response),
                "resolution_hours": _hours(duty.usual.resolution),
                "forgotten_after_days": duty.forgotten_after.days,
            }
        case PromisedContact():
            by_class = {} if duty.by_class is None else duty.by_class.ideal
            days_by_class = {f"{it.name.lower()}_days": by_class.get(it, 0) for it in Potential}
            return {**days_by_class, "prospects": int(duty.prospects)}
        case Onboarding() | Closing():
            days: Mapping[Any, int] = duty.days
            steps = {**dict.fromkeys(_settled(type(duty)), 0), **days}
            return {f"{step.name.lower()}_days": count for step, count in steps.items()}
    kind: Any = type(duty)
    named = [field.name for field in attrs.fields(kind)] if attrs.has(kind) else []
    return {name: value for name in named if isinstance(value := getattr(duty, name), int)}


def with_figures(duty: Duty, changed: Mapping[str, int]) -> Duty:
    """
    The same duty with other figures; those that are not named stay.

    Raises:
        UnknownNameError: When it has no figure of that name.
        CommandError: When one is below nothing, or they cannot stand together.

    >>> from retainsdk.duties import Notices
    >>> with_figures(Notices(), {"end_days": 60}).end_days
    60
    """
    known = figures(duty)
    for name, value in changed.items():
        if name not in known:
            raise UnknownFigureError(name, known)
        if value < 0:
            raise CommandError(f"{name} of {value}", "is below nothing", "Give 0 or more.")
    now, other = {**known, **changed}, duty
    match duty:
        case ServiceLevels():
            first, resolution = now["first_response_hours"], now["resolution_hours"]
            usual = Levels(first_response=first * _HOUR or None, resolution=resolution * _HOUR or None)
            days = timedelta(days=now["forgotten_after_days"])
            other = attrs.evolve(duty, usual=usual, forgotten_after=days)
        case PromisedContact():
            by_class = {it: now[f"{it.name.lower()}_days"] for it in Potential}
            cadence = Cadence(ideal=by_class, longest=by_class) if any(by_class.values()) else None
            other = attrs.evolve(duty, by_class=cadence, prospects=bool(now["prospects"]))
        case Onboarding() | Closing():
            steps = {step: now[f"{step.name.lower()}_days"] for step in _settled(type(duty))}
            evolved: Any = attrs.evolve(duty, days={step: count for step, count in steps.items() if count})  # type: ignore[arg-type] # each its own steps
            other = evolved
        case _:
            other = attrs.evolve(duty, **now)  # type: ignore[misc] # only attrs classes have figures
    return other


class UnknownFigureError(UnknownNameError):
    """A figure was set that the duty does not have."""

    what = "figure"


def _settled(kind: type) -> list[Any]:
    """The steps that such a duty can ask for: those the book does not show by itself."""
    return list(kind().days)


def _hours(promised: timedelta | None) -> int:
    return 0 if promised is None else round(promised / _HOUR)
