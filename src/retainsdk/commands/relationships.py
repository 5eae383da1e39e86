"""Commands about a relationship as a whole."""

from __future__ import annotations

from datetime import date, datetime
from typing import Unpack

from retainsdk.commands.desk import Desk, Desks
from retainsdk.events import (
    CompetitorLockInLearned,
    EndBegun,
    EndCompleted,
    ExitReasonRecorded,
    FoundationLaid,
    Happening,
    Id,
    OwnerAssigned,
    RelationshipOpened,
    Returned,
    Saved,
    WinbackOpened,
)
from retainsdk.journal import Decision, How
from retainsdk.ledger import Ledger, relationship_stream
from retainsdk.relationship import UNASSIGNED
from retainsdk.vocabulary import (
    Origin,
    Reason,
    Stage,
)


class RelationshipCommands(Desks):
    """Commands about a relationship as a whole."""

    def open_relationship(
        self,
        customer: int,
        *,
        origin: Origin | None = None,
        owner: str = UNASSIGNED,
        stage: Stage = Stage.PROSPECT,
        reference: str = "",
        id: int | None = None,  # noqa: A002 # the word for it
        **how: Unpack[How],
    ) -> int:
        """
        We and a customer have to do with each other from now on. Returns the id of the relationship.

        Args:
            customer: Whose.
            origin: How he came; none when nobody knows.
            owner: Who has the main duty for it.
            stage: Where it stands when the book takes it over; a new one begins as prospect.
            reference: The name other systems know it by.
            id: 64 bits; a new one unless given.
            how: See `How`.
        """
        new = self._ids() if id is None else id

        def read() -> tuple[Ledger, dict[str, int]]:
            return self._read_around([customer], reach=0, besides=[relationship_stream(new)])

        def decide(ledger: Ledger, at: datetime) -> Decision:
            body = RelationshipOpened(
                customer=Id(ledger.resolved(customer)),
                origin=origin,
                owner=owner,
                stage=stage,
                reference=reference,
            )
            return new, [Happening(stream=relationship_stream(new), body=body, occurred_at=at)]

        asked = (customer, origin, owner, stage, reference, id)
        return int(self._commit("open_relationship", asked, how, read, decide))

    def assign_owner(self, relationship: int, *, owner: str, **how: Unpack[How]) -> None:
        """Somebody has the main duty for it from now on; his predecessor's ends at the same instant."""
        self._of(relationship, OwnerAssigned(owner=owner), how)

    def lay_foundations(self, relationship: int, *, how_done: str, **how: Unpack[How]) -> None:
        """All that a good beginning needs was done: onboarding is over."""
        self._of(relationship, FoundationLaid(how=how_done), how)

    def begin_end(self, relationship: int, **how: Unpack[How]) -> None:
        """The relationship started to end."""
        self._of(relationship, EndBegun(), how)

    def save(self, relationship: int, *, how_done: str, **how: Unpack[How]) -> None:
        """It had started to end and goes on."""
        self._of(relationship, Saved(how=how_done), how)

    def record_exit_reason(
        self,
        relationship: int,
        *,
        stated: Reason,
        assessed: Reason | None = None,
        evidence: str,
        **how: Unpack[How],
    ) -> None:
        """He said why he leaves; *assessed* is the reason we believe, and never "no need"."""
        self._of(relationship, ExitReasonRecorded(stated=stated, assessed=assessed, evidence=evidence), how)

    def complete_end(
        self, relationship: int, *, satisfaction_asked: bool, thanked: bool, **how: Unpack[How]
    ) -> bool:
        """
        The relationship ended, and with it the contract that runs.

        An end is a fact: it is recorded even when closing steps are left out, and the view tells.

        Returns:
            Whether it ended well: promises settled, an exit reason recorded, satisfaction asked, thanks sent.
        """

        def decide(desk: Desk) -> Decision:
            account = desk.account
            reason = account.relationship.stated_reason
            done = {
                "promises settled": not any(it.is_open for it in account.commitments.values()),
                "exit reason recorded": reason is not None and reason[0] >= account.relationship.began_at,
                "satisfaction asked": satisfaction_asked,
                "thanked": thanked,
            }
            contract = account.contract
            ends = []
            if contract is not None and contract.is_running:
                ends = [desk.on_contract(contract.number, contract.ending(desk.day))]
            body = EndCompleted(steps=tuple(step for step, was_done in done.items() if was_done))
            return all(done.values()), [*ends, desk.here(body)]

        asked = (satisfaction_asked, thanked)
        return bool(self._about(relationship, "complete_end", asked, how, decide))

    def learn_competitor_lock_in(
        self, relationship: int, *, competitor: str, until: date, source: str, **how: Unpack[How]
    ) -> None:
        """It became known until when he is bound to a competitor."""
        self._of(
            relationship, CompetitorLockInLearned(competitor=competitor, until=until, source=source), how
        )

    def open_winback(self, relationship: int, *, plan: str, **how: Unpack[How]) -> None:
        """We set out to win a leaver back."""
        self._of(relationship, WinbackOpened(plan=plan), how)

    def record_return(self, relationship: int, **how: Unpack[How]) -> None:
        """A leaver came back: onboarding begins anew, his history stays."""
        self._of(relationship, Returned(), how)
