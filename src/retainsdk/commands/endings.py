"""Commands about the end of a relationship, winning the customer back, and his return."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Unpack

from retainsdk.account.endings import DO_THESE, lapsing, missed, missing_steps
from retainsdk.codec import id_text
from retainsdk.commands.desk import Desk, Desks
from retainsdk.contract import Contract
from retainsdk.errors import CommandError
from retainsdk.events import (
    ClosingStepDone,
    CompetitorLockInLearned,
    EndBegun,
    EndCompleted,
    ExitReasonRecorded,
    Happening,
    NoticeGiven,
    Returned,
    Saved,
    Terminated,
    Voided,
    WinbackClosed,
    WinbackOpened,
)
from retainsdk.journal import Decision, How
from retainsdk.relationship.exit import REASONS, ReasonTree
from retainsdk.vocabulary import ClosingStep, Ending, Reason, Side, Stage
from retainsdk.wording import in_words

_OPTED_OUT = {ClosingStep.THANKED: "personal", ClosingStep.SATISFACTION_ASKED: "survey"}
"""Purposes whose refusal says that a closing step need not be done."""


class EndingCommands(Desks):
    """
    Commands about the end of a relationship, winning the customer back, and his return.

    Attributes:
        reasons: Details of the reasons to leave; a firm sets ``book.reasons = book.reasons.grown(…)`` for its own.
    """

    reasons: ReasonTree = REASONS

    def begin_end(self, relationship: int, *, by: Side | None = None, **how: Unpack[How]) -> None:
        """The relationship started to end, at the wish of one side."""
        self._of("begin_end", relationship, EndBegun(by=by), how)

    def save(self, relationship: int, *, how_done: str, **how: Unpack[How]) -> None:
        """It had started to end and goes on."""
        self._of("save", relationship, Saved(how=how_done), how)

    def record_exit_reason(
        self,
        relationship: int,
        *,
        stated: Reason,
        assessed: Reason | None = None,
        detail: str = "",
        evidence: str,
        **how: Unpack[How],
    ) -> None:
        """
        He said why he leaves.

        Args:
            relationship: Which.
            stated: What he said.
            assessed: The reason we believe, never "no need"; it may be judged later, by recording both again.
            detail: Which case of that reason, one of `reasons`.
            evidence: What shows it.
            how: See `How`.

        Raises:
            UnknownReasonError: For a detail nobody knows.
        """
        body = ExitReasonRecorded(stated=stated, assessed=assessed, evidence=evidence, detail=detail)
        self.reasons.refuse_misplaced(body)
        self._of("record_exit_reason", relationship, body, how)

    def do_closing_step(
        self,
        relationship: int,
        *,
        step: ClosingStep,
        evidence: str,
        needed: bool = True,
        **how: Unpack[How],
    ) -> None:
        """
        A step of a good ending was done, or need not be; after the end it makes good what was left out.

        Args:
            relationship: Which.
            step: Promises, reason and satisfaction are seen from the book, and cannot be done by saying so.
            evidence: By what it was done, or why it need not be.
            needed: False when it need not be done; promises and reason always need be.
            how: See `How`.
        """
        self._of(
            "do_closing_step", relationship, ClosingStepDone(step=step, evidence=evidence, needed=needed), how
        )

    def complete_end(self, relationship: int, *, although: str = "", **how: Unpack[How]) -> bool | None:
        """
        The relationship ended, and with it what duties owed only while he was with us.

        The contract that runs ends with it when its terms let it end on that day: its term is over, the notice has
        run out, or it can be ended without notice. Else it is ended first, in a way that says how. What ended
        already stays as it is.

        A good ending has all its closing steps: promises settled, papers filed, a true reason recorded,
        satisfaction asked, thanks sent. Who refused a contact for personal purposes need not be thanked, who
        refused surveys need not be asked.

        Args:
            relationship: Which.
            although: Why it ended although steps are missing: an end is a fact, and so is what was left out.
            how: See `How`.

        Returns:
            Whether it ended well; none when that was taken over from elsewhere and nobody knows.

        Raises:
            CommandError: When steps are missing and it is not said why; all of them are named. When the contract
                that runs cannot end on that day by itself.
        """

        def decide(desk: Desk) -> Decision:
            account = desk.account
            if account.relationship.stage is Stage.FORMER:
                return account.relationship.ended_well, []
            missing = missing_steps(account, desk.at)
            waived = [note for note in self._waived(desk) if missing.pop(note.step, "")]
            if account.relationship.stage is Stage.ENDING:
                _refuse_end(desk, {} if although.strip() else missing)
            why = "the relationship ended"
            voided = [Voided(commitment=it.number, why=why) for it in lapsing(account, desk.at)]
            ends = _contract_ends(desk)
            body = EndCompleted(
                steps=tuple(step for step in ClosingStep if step not in missing),
                although=although if missing else "",
            )
            return not missing, [*map(desk.here, (*waived, *voided)), *ends, desk.here(body)]

        ended_well = self._about(relationship, "complete_end", although, how, decide)
        return None if ended_well is None else bool(ended_well)

    def learn_competitor_lock_in(
        self, relationship: int, *, competitor: str, until: date, source: str, **how: Unpack[How]
    ) -> None:
        """It became known until when he is bound to a competitor; what was learned last counts."""
        self._of(
            "learn_competitor_lock_in",
            relationship,
            CompetitorLockInLearned(competitor=competitor, until=until, source=source),
            how,
        )

    def open_winback(self, relationship: int, *, plan: str, lead_days: int = 30, **how: Unpack[How]) -> None:
        """We set out to win a leaver back, and turn to him so many days before his lock-in elsewhere ends."""
        self._of("open_winback", relationship, WinbackOpened(plan=plan, lead_days=lead_days), how)

    def close_winback(self, relationship: int, *, why: str, **how: Unpack[How]) -> None:
        """We gave up winning him back, or he wants to be left in peace."""
        self._of("close_winback", relationship, WinbackClosed(why=why), how)

    def record_return(self, relationship: int, *, tenure_kept: bool = False, **how: Unpack[How]) -> bool:
        """
        A leaver came back: onboarding begins anew, his history stays.

        Args:
            relationship: Which.
            tenure_kept: Whether his tenure goes on where it stopped, by our policy for those who return.
            how: See `How`.

        Returns:
            Whether it is news: who had come back already is not taken to return again.
        """

        def decide(desk: Desk) -> Decision:
            it = desk.account.relationship
            if it.stage is not Stage.FORMER and len(it.spells) > 1:
                return False, []
            return True, [desk.here(Returned(tenure_kept=tenure_kept))]

        return bool(self._about(relationship, "record_return", tenure_kept, how, decide))

    def _waived(self, desk: Desk) -> Iterator[ClosingStepDone]:
        customer = desk.ledger.customer_of(desk.account)
        for step, purpose in _OPTED_OUT.items():
            if not customer.consents_to(purpose):
                evidence = f"refused contacts for purpose {purpose}"
                yield ClosingStepDone(step=step, evidence=evidence, needed=False)


def _refuse_end(desk: Desk, missing: Mapping[ClosingStep, str]) -> None:
    """All that stands in the way of an end, at once: steps that are missing, and a contract that goes on."""
    faults = [(missed(missing), DO_THESE)] if missing else []
    contract = desk.account.contract
    if contract is not None and contract.is_running and not _ends_by_itself(desk, contract):
        earliest = contract.earliest_end(desk.day)
        state = in_words(contract.state)
        faults.append(
            (
                f"would leave contract {contract.number}, which is {state} and ends by notice on {earliest} at the earliest",
                "End the contract first: by notice, or terminate it and say how it ended.",
            )
        )
    if faults:
        rules, remedies = zip(*faults, strict=True)
        raise CommandError(
            f"the end of relationship {id_text(desk.id)}", ", and ".join(rules), " ".join(remedies)
        )


def _ends_by_itself(desk: Desk, contract: Contract) -> bool:
    """Whether a contract that runs can end on the day of the desk without anybody saying how."""
    end = contract.ending(desk.day)
    if not isinstance(end, Terminated) or end.kind is not Ending.UNKNOWN:
        return True
    return contract.state == "in_force" and contract.earliest_end(desk.day) <= desk.day


def _contract_ends(desk: Desk) -> list[Happening]:
    contract, begun = desk.account.contract, desk.account.relationship.end_begun
    if contract is None or not contract.is_running or begun is None:
        return []
    end = contract.ending(desk.day)
    if not isinstance(end, Terminated) or end.kind is not Ending.UNKNOWN:
        return [desk.on_contract(contract.number, end)]
    side = Side.CUSTOMER if begun[1] is None else begun[1]
    bodies = (NoticeGiven(ends_on=desk.day, by=side), Terminated(kind=Ending.NOTICE, by=side))
    return [desk.on_contract(contract.number, body) for body in bodies]
