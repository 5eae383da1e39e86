"""A proposal: something a policy wants done for a customer, until a person has approved, edited or declined it."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

import attrs

from retainsdk.events import ActionApproved, ActionDeclined, ActionDone, ActionProposed
from retainsdk.lifecycle import Living, Machine
from retainsdk.quantities import Money
from retainsdk.vocabulary import Channel

MACHINE = Machine(
    name="proposal",
    start="proposed",
    table={
        "proposed": {"approve": "approved", "decline": "declined"},
        "approved": {"approve": "approved", "do": "done", "decline": "declined"},
        "declined": {},
        "done": {},
    },
)

ProposalEvent = ActionApproved | ActionDeclined | ActionDone


@attrs.frozen(kw_only=True)
class Proposal(Living):
    """
    An action on its way from a policy to a person.

    Attributes:
        proposed: What the policy wanted, why, and with which probability.
        proposed_at: When.
        channel: As proposed, or as edited on approval.
        amount: The same.
        months: The same.
        approved_by: Who approved it; empty while nobody has.
        declined_because: Why somebody did not want it; empty while nobody has.
    """

    machine: ClassVar[Machine] = MACHINE

    proposed: ActionProposed
    proposed_at: datetime
    channel: Channel
    amount: Money
    months: int
    approved_by: str = ""
    declined_because: str = ""

    @classmethod
    def made(cls, body: ActionProposed, at: datetime) -> Proposal:
        """A new one."""
        return cls(
            state=MACHINE.start,
            since=at,
            proposed=body,
            proposed_at=at,
            channel=body.channel,
            amount=body.amount,
            months=body.months,
        )

    @property
    def number(self) -> int:
        """Within its relationship, from 1."""
        return self.proposed.action

    @property
    def kind(self) -> str:
        """A word of the vocabulary of actions, like ``check_in``."""
        return self.proposed.kind

    def is_open(self, on: date) -> bool:
        """Whether somebody still has to decide on it or to do it, on a day on which it still makes sense."""
        return self.state not in MACHINE.final and on <= self.proposed.until

    def after(self, body: ProposalEvent, at: datetime, by: str) -> Proposal:
        """
        The proposal after a person dealt with it.

        Args:
            body: What he decided or did.
            at: When.
            by: Who.

        Raises:
            TransitionError: When it was declined or done before, or is to be done without approval.
        """
        match body:
            case ActionApproved():
                return self.moved(
                    "approve",
                    at,
                    channel=self.channel if body.channel is None else body.channel,
                    amount=self.amount if body.amount is None else body.amount,
                    months=self.months if body.months is None else body.months,
                    approved_by=body.by or by,
                )
            case ActionDeclined():
                return self.moved("decline", at, declined_because=body.why)
            case ActionDone():
                return self.moved("do", at)
