"""Looking back: the book as of an instant, and as it stood at the ones before it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import attrs

from retainsdk.disclosure import looked_back_on
from retainsdk.duties import Circumstances
from retainsdk.ledger import Ledger
from retainsdk.worktime import WorkCalendar


@attrs.frozen(kw_only=True)
class Retrospect(Circumstances):
    """
    What reports are drawn up from: what is known as of an instant, and what was known before.

    Attributes:
        stood: The ledger as it stood at an instant: of what had occurred and was recorded by then. What turned out to be
            sensitive since is so there too.
    """

    stood: Callable[[datetime], Ledger]

    @classmethod
    def of(
        cls,
        ledger: Callable[..., Ledger],
        now: datetime,
        calendar: WorkCalendar,
        *,
        whole: Ledger | None = None,
    ) -> Retrospect:
        """
        Over a whole book.

        Args:
            ledger: The book's own, `retainsdk.book.Book.ledger`.
            now: The instant looked back from.
            calendar: Of working time.
            whole: The ledger as of *now*; asked of the book unless given.
        """
        present = ledger(as_of=now) if whole is None else whole
        return cls(
            ledger=present,
            now=now,
            calendar=calendar,
            stood=lambda instant: looked_back_on(ledger(as_of=instant, known_at=instant), present),
        )

    def at(self, instant: datetime) -> Circumstances:
        """What was known at an earlier instant; what was learnt since is not in it, whatever it is about."""
        return Circumstances(ledger=self.stood(instant), now=instant, calendar=self.calendar)

    def through(self, shown: Callable[[Ledger], Ledger]) -> Retrospect:
        """The same to somebody who may not see all of it, then as now."""
        stood = self.stood
        return attrs.evolve(self, ledger=shown(self.ledger), stood=lambda instant: shown(stood(instant)))
