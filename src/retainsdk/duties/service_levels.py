"""Service levels: who writes to us is answered, and what he raises is settled, in so much working time (CONCEPTS C8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

import attrs

from retainsdk.account import Account
from retainsdk.case import Case
from retainsdk.case.response import message_owed_since, response_owed_since
from retainsdk.duties.wanted import Circumstances, LookAgain, Wanted
from retainsdk.vocabulary import Promise
from retainsdk.worktime import paused

FIRST_RESPONSE, RESOLUTION = "first response", "resolution"
"""What service levels in terms are about, in the words of `retainsdk.terms.ServiceLevel`."""


@attrs.frozen(kw_only=True)
class Levels:
    """
    How fast somebody is served, in working time.

    Attributes:
        first_response: Until he is answered; none when nothing is promised.
        resolution: Until what he raised is settled; none when nothing is promised.
    """

    first_response: timedelta | None = None
    resolution: timedelta | None = None


@attrs.frozen(kw_only=True)
class ServiceLevels:
    """
    Open an answer while the customer has the last word, and a settlement while a case is open.

    Attributes:
        usual: For whom the terms in force say nothing; an answer within eight working hours unless changed.
        special: For some relationships, by their ids; counts more than terms.
        forgotten_after: How old a message is that nobody will answer any longer: what was taken over from elsewhere.
    """

    name: ClassVar[str] = "service_levels"

    usual: Levels = Levels(first_response=timedelta(hours=8))
    special: Mapping[int, Levels] = {}
    forgotten_after: timedelta = timedelta(days=90)

    def wanted(self, accounts: Sequence[Account], known: Circumstances) -> Iterable[Wanted | LookAgain]:
        """One answer a case, and one for what was written outside of cases; one settlement a case."""
        for account in accounts:
            levels = self.levels(account, known)
            if levels.first_response is not None:
                yield from self._answers(account, levels.first_response, known)
            if levels.resolution is not None:
                for case in account.cases.values():
                    yield from self._settlement(account, case, levels.resolution, known)

    def levels(self, account: Account, known: Circumstances) -> Levels:
        """How fast one relationship is served: as agreed, or else as usual."""
        if account.relationship.id in self.special:
            return self.special[account.relationship.id]
        contract = account.contract
        terms = None if contract is None or not contract.is_running else contract.terms_on(known.today)
        agreed = {level.what: level.within for level in terms.service_levels} if terms is not None else {}
        return Levels(
            first_response=agreed.get(FIRST_RESPONSE, self.usual.first_response),
            resolution=agreed.get(RESOLUTION, self.usual.resolution),
        )

    def _answers(
        self, account: Account, within: timedelta, known: Circumstances
    ) -> Iterator[Wanted | LookAgain]:
        threads: list[tuple[Case | None, datetime | None]] = [(None, message_owed_since(account.timeline))]
        threads += [(case, response_owed_since(case, account.timeline)) for case in account.cases.values()]
        for case, since in threads:
            if since is None or known.now >= since + self.forgotten_after:
                continue
            yield LookAgain(account.relationship.id, since + self.forgotten_after)
            yield Wanted(
                relationship=account.relationship.id,
                kind=Promise.RESPONSE,
                what="an answer" if case is None else f"an answer about {case.topic}",
                basis="a message" if case is None else f"case {case.number}",
                period=since.isoformat(),
                since=since,
                due=_due(since, within, case, known),
                case=None if case is None else case.number,
            )

    def _settlement(
        self, account: Account, case: Case, within: timedelta, known: Circumstances
    ) -> Iterator[Wanted | LookAgain]:
        dropped = case.merged_into is not None or case.state == "withdrawn"
        if dropped or known.now >= case.since + self.forgotten_after:
            return
        yield LookAgain(account.relationship.id, case.since + self.forgotten_after)
        yield Wanted(
            relationship=account.relationship.id,
            kind=Promise.STEP,
            what=f"{case.topic} settled",
            basis=f"case {case.number}",
            period=f"settlement {case.reopenings + 1}",
            since=case.opened_at,
            due=_due(case.opened_at, within, case, known),
            case=case.number,
            kept_at=None if case.is_open else case.settled_at,
        )


def _due(since: datetime, within: timedelta, case: Case | None, known: Circumstances) -> datetime:
    due = known.calendar.due(since, within)
    # while a pause lasts nobody knows how long it will: the due moves when the customer has replied
    pauses = [(it.began_at, it.ended_at) for it in (case.pauses if case else ()) if it.ended_at is not None]
    return paused(
        due, [(max(begins, since), ends) for begins, ends in pauses if ends > since], known.calendar
    )
