"""Off-boarding: the steps of a good ending as commitments, once the end has begun (CONCEPTS B2, B3, E6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

import attrs

from retainsdk.account import Account
from retainsdk.account.endings import missing_steps
from retainsdk.duties.wanted import Circumstances, LookAgain, Wanted
from retainsdk.events import CommitmentMade
from retainsdk.ledger import Ledger
from retainsdk.quantities import days_later
from retainsdk.vocabulary import Audience, ClosingStep, Promise, Stage
from retainsdk.wording import in_words

_USUAL_DAYS = {
    ClosingStep.DOCUMENTS_FILED: 30,
    ClosingStep.REASON_RECORDED: 14,
    ClosingStep.SATISFACTION_ASKED: 14,
    ClosingStep.THANKED: 30,
}


@attrs.frozen(kw_only=True)
class Closing:
    """
    Open the steps of a good ending while a relationship ends.

    That our promises are settled is no step of its own here: they stand on the agenda themselves.

    Attributes:
        days: Within which each is done, counted from the beginning of the end; a step that is not named is not
            asked for.
    """

    name: ClassVar[str] = "closing"

    days: Mapping[ClosingStep, int] = attrs.field(factory=lambda: dict(_USUAL_DAYS))

    def wanted(self, accounts: Sequence[Account], known: Circumstances) -> Iterable[Wanted | LookAgain]:
        """One step each."""
        for account in accounts:
            begun = account.relationship.end_begun
            if account.relationship.stage is Stage.ENDING and begun is not None:
                yield from self.steps(account, begun[0], known.ledger, known.now)
                # a survey that nobody answers is done with by time alone
                for survey in account.timeline.surveys():
                    if survey.answer_by is not None and not survey.is_settled(known.now):
                        yield LookAgain(account.relationship.id, survey.answer_by + timedelta.resolution)

    def steps(self, account: Account, since: datetime, ledger: Ledger, at: datetime) -> Iterator[Wanted]:
        """The steps of an ending that began at an instant."""
        missing = missing_steps(account, at)
        for step, days in self.days.items():
            yield Wanted(
                relationship=account.relationship.id,
                kind=Promise.STEP,
                what=in_words(step),
                basis=f"end begun {ledger.day(since)}",
                period=step.name.lower(),
                since=since,
                due=days_later(since, days, ledger.zone),
                audience=Audience.INTERNAL,
                kept_at=None if step in missing else _done_at(account, step, since, at),
            )


def checklist(account: Account, ledger: Ledger, at: datetime) -> Iterator[CommitmentMade]:
    """The steps still to be opened when somebody is released well: of an end that begins now, or began or came before."""
    begun = account.relationship.end_begun
    since = at if begun is None else begun[0]
    number = len(account.commitments)
    stands = {
        (promise.basis, promise.period)
        for promise in account.commitments.values()
        if promise.duty == Closing.name and promise.state != "voided"
    }
    for want in Closing().steps(account, since, ledger, at):
        if want.kept_at is None and (want.basis, want.period) not in stands and want.due > at:
            number += 1
            yield CommitmentMade(
                commitment=number,
                kind=want.kind,
                what=want.what,
                due=want.due,
                basis=want.basis,
                audience=want.audience,
                duty=Closing.name,
                period=want.period,
            )


def _done_at(account: Account, step: ClosingStep, since: datetime, at: datetime) -> datetime:
    notes = [note.at for note in account.relationship.closing_notes if note.step is step and note.at <= at]
    given = [reason.at for reason in account.relationship.exit_reasons if since <= reason.at <= at]
    return min(notes or (given if step is ClosingStep.REASON_RECORDED else []), default=at)
