"""Commands that take back what was recorded in error. Nothing is ever removed: a correction is an event more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Unpack

import attrs

from retainsdk.account import Account
from retainsdk.codec import id_text
from retainsdk.commands.desk import Desk, Desks, refuse_instant
from retainsdk.errors import CommandError
from retainsdk.events import ArmAssigned, ExposureRecorded, Happening, RecordCorrected, Recorded
from retainsdk.journal import Decision, How
from retainsdk.ledger import relationship_stream
from retainsdk.record import CORRECTABLE
from retainsdk.reports.timeline import said

TAKEN_BACK_BY: Mapping[str, str] = {
    "AmendmentAccepted": "amend",
    "AmendmentProposed": "reject_amendment",
    "CaseOpened": "withdraw_case",
    "CommitmentBroken": "retract",
    "CommitmentMade": "retract",
    "ContributorAdded": "remove_contributor",
    "EndBegun": "save",
    "EndCompleted": "record_return",
    "LetterAccepted": "withdraw_letter",
    "NoticeGiven": "rescind_notice",
    "OwnerAssigned": "assign_owner",
    "Resolved": "reopen_case",
    "Suspended": "resume",
    "TermsDrafted": "discard_draft",
    "WinbackOpened": "close_winback",
}
"""The command that takes back what an event decided."""


@attrs.frozen(kw_only=True)
class Step:
    """
    Something that somebody did for a customer, and how it is taken back.

    Attributes:
        at: When it happened.
        actor: Who did it.
        what: In words.
        record: The number by which it is corrected; none for a decision.
        way: The command that takes a decision back; empty for a record, and where only another decision helps.
    """

    at: datetime
    actor: str
    what: str
    record: int | None
    way: str

    @classmethod
    def of(cls, event: Recorded, zone: tzinfo) -> Step:
        """The step that an event is, told by the wall clock of a zone."""
        name = type(event.body).__name__
        is_record = isinstance(event.body, CORRECTABLE)
        return cls(
            at=event.occurred_at,
            actor=event.actor,
            what=said(event.body, zone),
            record=event.version if is_record else None,
            way="" if is_record else TAKEN_BACK_BY.get(name, ""),
        )


_OF_THE_RECORD = (
    "a correction",
    "has no time of its own: it is that of the record",
    "Leave out `occurred_at`: no look back shall count what was wrong.",
)


class CorrectionCommands(Desks):
    """Commands that take back what was recorded in error."""

    def correct_record(self, relationship: int, record: int, *, why: str, **how: Unpack[How]) -> None:
        """
        A record was wrong and counts nowhere any longer; it stays in the history, marked.

        What is true instead is recorded by the command for it, before or after.

        Args:
            relationship: Whose.
            record: Its number: what the command that made it returned, and `Timeline.page` shows.
            why: What was wrong with it.
            how: See `How`, without ``occurred_at``: a correction occurs when the record did.

        Raises:
            CommandError: When it is no record, was corrected already, or others rest on it.
        """
        refuse_instant(how, *_OF_THE_RECORD)

        def decide(desk: Desk) -> Decision:
            return None, [_correction(desk, record, why)]

        self._about(relationship, "correct_record", (record, why), how, decide)

    def undo(self, relationship: int, **how: Unpack[How]) -> int:
        """
        Correct the last record of this actor in a relationship. Returns its number.

        What is corrected already is passed over, so that undoing twice takes back two.

        Raises:
            CommandError: When he recorded nothing there, or the last he did was a decision: the message names the
                command that takes it back, and the last record that could be corrected instead.
        """
        refuse_instant(how, *_OF_THE_RECORD)

        def decide(desk: Desk) -> Decision:
            done = [it for it in self._not_taken_back(desk.account) if it.actor == how["actor"]]
            if not done:
                raise CommandError(
                    f"relationship {id_text(relationship)}",
                    f"holds nothing that {how['actor']} could undo",
                    "Look with `steps` who did what, and correct a record by its number.",
                )
            last = done[-1]
            if not isinstance(last.body, CORRECTABLE):
                raise CommandError(
                    f"what {how['actor']} did last here ({_dated(desk, last)})",
                    "was decided, and a decision is not undone but followed by another",
                    _way_back(desk, done),
                )
            why = how.get("reason", "") or "undone"
            return last.version, [_correction(desk, last.version, why)]

        return int(self._about(relationship, "undo", None, how, decide))

    def steps(self, relationship: int, *, actor: str | None = None, limit: int = 20) -> list[Step]:
        """
        What was done for a customer and not taken back since, the latest first, and how each step would be.

        Args:
            relationship: For whom.
            actor: Only what he did; everybody, when not said.
            limit: How many at most.
        """
        ledger = self._read_account(relationship)[0]
        account = ledger.account(relationship)
        done = [Step.of(it, ledger.zone) for it in self._not_taken_back(account) if actor in {None, it.actor}]
        return done[::-1][:limit]

    def _not_taken_back(self, account: Account) -> list[Recorded]:
        """All that people did in a relationship, but for corrections and what they correct."""
        stream, corrected = relationship_stream(account.relationship.id), account.timeline.corrections
        return [
            event
            for event in self.events([stream])
            if not isinstance(event.body, RecordCorrected | ArmAssigned | ExposureRecorded)
            and not (event.stream == stream and event.version in corrected)
        ]


def _dated(desk: Desk, event: Recorded) -> str:
    zone = desk.ledger.zone
    return f"{said(event.body, zone)}, {event.occurred_at.astimezone(zone):%Y-%m-%d %H:%M}"


def _way_back(desk: Desk, done: Sequence[Recorded]) -> str:
    """How the last of what was done is taken back, and what before it could be corrected instead."""
    way = TAKEN_BACK_BY.get(type(done[-1].body).__name__)
    first = f"Use `{way}`" if way else "Give the command that says what is true now"
    earlier = next((it for it in reversed(done) if isinstance(it.body, CORRECTABLE)), None)
    if earlier is None:
        return f"{first}."
    number = earlier.version
    return f"{first}; or correct by its number what was recorded before: record {number} ({_dated(desk, earlier)})."


def _correction(desk: Desk, record: int, why: str) -> Happening:
    found = (entry.at for entry in desk.account.timeline.entries if entry.version == record)
    return Happening(
        stream=relationship_stream(desk.id),
        body=RecordCorrected(version=record, why=why),
        occurred_at=next(found, desk.at),
    )
