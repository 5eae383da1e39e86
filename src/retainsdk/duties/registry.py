"""The duties of a book: which are on, with which parameters, and what plug-ins put in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from retainsdk.account import Account
from retainsdk.disclosure import shown_ledger
from retainsdk.duties.cadence import ProgressReports, PromisedContact
from retainsdk.duties.closing import Closing
from retainsdk.duties.notices import Notices
from retainsdk.duties.onboarding import Onboarding, Reviews
from retainsdk.duties.programmes import Benefits, Occasions
from retainsdk.duties.service_levels import ServiceLevels
from retainsdk.duties.settings import with_figures
from retainsdk.duties.wanted import Circumstances, Duty, LookAgain, Wanted
from retainsdk.duties.winback import WinBackContact
from retainsdk.errors import UnknownNameError
from retainsdk.events import DutyChanged
from retainsdk.hooks import Plugins, Purposes


@attrs.frozen(kw_only=True)
class Duties:
    """
    What a firm owes by its rules: each duty with its parameters, none for one that is off.

    A duty that is off owes nothing: what it opened and what is not due yet is voided by the next run.

    Attributes:
        others: Duties of your own.

    >>> from retainsdk.duties import Duties, Notices
    >>> firm = Duties(onboarding=None, notices=Notices(end_days=60))
    >>> [duty.name for duty in firm.on()][:4]
    ['service_levels', 'promised_contact', 'progress_reports', 'reviews']
    """

    service_levels: Duty | None = attrs.field(factory=ServiceLevels)
    promised_contact: Duty | None = attrs.field(factory=PromisedContact)
    progress_reports: Duty | None = attrs.field(factory=ProgressReports)
    onboarding: Duty | None = attrs.field(factory=Onboarding)
    reviews: Duty | None = attrs.field(factory=Reviews)
    notices: Duty | None = attrs.field(factory=Notices)
    closing: Duty | None = attrs.field(factory=Closing)
    benefits: Duty | None = attrs.field(factory=Benefits)
    occasions: Duty | None = attrs.field(factory=Occasions)
    win_back_contact: Duty | None = attrs.field(factory=WinBackContact)
    others: tuple[Duty, ...] = ()

    @classmethod
    def of_book(cls, said: Mapping[str, DutyChanged]) -> Duties:
        """
        The duties as they ship, but for what a book says of them by name.

        Raises:
            UnknownNameError: When there is no such duty, or it has no such figure.
            CommandError: When the figures cannot stand together.

        >>> from retainsdk.events import DutyChanged
        >>> Duties.of_book({"notices": DutyChanged(on=True, figures={"end_days": 60})}).notices.end_days
        60
        """
        shipped = cls()
        changed: dict[str, Any] = {}
        for name, its in said.items():
            if name not in cls.names():
                raise UnknownDutyError(name, cls.names())
            changed[name] = with_figures(getattr(shipped, name), its.figures) if its.on else None
        return attrs.evolve(shipped, **changed)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Of the duties that ship."""
        return tuple(field.name for field in attrs.fields(cls) if field.name != "others")

    def on(self) -> tuple[Duty, ...]:
        """Those that are on."""
        return tuple(duty for duty in self.all() if not isinstance(duty, _Off))

    def all(self) -> tuple[Duty, ...]:
        """All of them; one that is off wants nothing."""
        return (*(getattr(self, name) or _Off(name=name) for name in self.names()), *self.others)

    def with_plugins(
        self, plugins: Plugins, accounts: Sequence[Account], known: Circumstances
    ) -> tuple[Duty, ...]:
        """The same with what plug-ins change: other duties in their place, other figures, duties of their own."""
        duties: list[Duty] = [_replaced(duty, plugins) for duty in self.all()]
        for place, duty in enumerate(duties):
            hook = _FIGURES.get(type(duty))
            if hook is not None and plugins.answers(hook):
                special = plugins.first(hook, shown(accounts, known))
                changed: Any = attrs.evolve(duty, special=special or {})  # type: ignore[misc] # _FIGURES names attrs classes
                duties[place] = changed
        duties += [_OfPlugin(name=name, plugins=plugins) for name in plugins.names("commitments_due")]
        return tuple(duties)


class UnknownDutyError(UnknownNameError):
    """A duty was named that does not ship."""

    what = "duty"


_FIGURES: Mapping[type, str] = {
    ServiceLevels: "service_levels_for",
    PromisedContact: "cadence_for",
    Benefits: "tier_for",
}
"""Duties whose figures for some relationships a hook may give."""


@attrs.frozen(kw_only=True)
class _Off:
    name: str

    def wanted(self, accounts: Sequence[Account], known: Circumstances) -> Iterable[Wanted | LookAgain]:  # noqa: ARG002 # the protocol's
        return ()


@attrs.frozen(kw_only=True)
class _OfPlugin:
    """What one plug-in wants, recorded under its name."""

    name: str
    plugins: Plugins

    def wanted(self, accounts: Sequence[Account], known: Circumstances) -> Iterator[Wanted | LookAgain]:
        for name, answer in self.plugins.every("commitments_due", shown(accounts, known)):
            if name == self.name:
                yield from answer or ()


def _replaced(duty: Duty, plugins: Plugins) -> Duty:
    other = plugins.first("duty_for", lambda _: {"name": duty.name})
    return duty if other is None else other


def shown(accounts: Sequence[Account], known: Circumstances) -> Callable[[Purposes], Mapping[str, object]]:
    """What a hook about relationships gets, for a plug-in that works for some purposes."""

    def to(purposes: Purposes) -> Mapping[str, object]:
        ledger = shown_ledger(known.ledger, purposes)
        return {"accounts": accounts, "known": attrs.evolve(known, ledger=ledger)}

    return to
