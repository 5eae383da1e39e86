"""Service of the month: failures that our records show, and service that rests and goes on."""

from __future__ import annotations

from collections.abc import Iterator

from retainsdk.events import Resumed, SignalRaised, Suspended
from retainsim.market.chronicle.agreed import A_REST
from retainsim.market.chronicle.complaints import incident_day
from retainsim.market.chronicle.days import Entry, Told, at_once
from retainsim.market.chronicle.lived import Lived
from retainsim.market.month import month_start

FAILURE = SignalRaised(department="service", kind="incident", evidence="a failure seen in the records")


def service(lived: Lived) -> Iterator[Entry]:
    """A rest that is over, and a failure that one of our departments notices."""
    if lived.dossier.rests and lived.before.paused_until <= lived.it.month.number:
        yield Entry(lived.first, lambda: _resume(lived))
    if lived.after.signals_recent > lived.before.signals_recent // 2:
        yield Entry(incident_day(lived), at_once(lived.dossier.us, FAILURE))


def rest(lived: Lived, until: int) -> Iterator[Told]:
    """Service rests until a month begins, if that is ahead."""
    if until <= lived.it.month.number:
        return
    if lived.dossier.rests:
        yield lived.dossier.agreement, Resumed()
    lived.dossier.rests = True
    back = month_start(lived.it.calendar.starts_at, until).date()
    yield lived.dossier.agreement, Suspended(why=A_REST, until=back)


def _resume(lived: Lived) -> Iterator[Told]:
    lived.dossier.rests = False
    yield lived.dossier.agreement, Resumed()
