"""
A dispute: the ladder from the contract to a settlement or, after every other rung, to parting (CONCEPTS E5).

Never let a customer go while a rung is left. Go back to the contract, have a third party mediate, record the facts,
notify him of his breach, cool off, look at it again. Each step leaves a document, so that whoever comes after can see
that it was done.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

import attrs

from retainsdk.errors import CommandError
from retainsdk.events import DisputeStepTaken
from retainsdk.lifecycle import Living, Machine
from retainsdk.vocabulary import DisputeStep
from retainsdk.wording import in_words

MACHINE = Machine(
    name="dispute",
    start="raised",
    table={
        "raised": {"revisit_contract": "contract_revisited", "settle": "settled"},
        "contract_revisited": {"mediate": "in_mediation", "settle": "settled"},
        "in_mediation": {"record_facts": "facts_recorded", "settle": "settled"},
        "facts_recorded": {"notify_breach": "breach_notified", "settle": "settled"},
        "breach_notified": {"cool_off": "cooling_off", "settle": "settled"},
        "cooling_off": {"revisit": "revisited", "settle": "settled"},
        "revisited": {"settle": "settled", "part": "parted"},
        "settled": {},
        "parted": {},
    },
)

EVENT: Mapping[DisputeStep, str] = {
    DisputeStep.CONTRACT_REVISITED: "revisit_contract",
    DisputeStep.MEDIATION: "mediate",
    DisputeStep.FACTS_RECORDED: "record_facts",
    DisputeStep.BREACH_NOTIFIED: "notify_breach",
    DisputeStep.COOLING_OFF: "cool_off",
    DisputeStep.REVISITED: "revisit",
    DisputeStep.SETTLED: "settle",
    DisputeStep.PARTED: "part",
}
"""How the ladder's table calls each step."""

PROOF = (
    DisputeStep.FACTS_RECORDED,
    DisputeStep.BREACH_NOTIFIED,
    DisputeStep.COOLING_OFF,
    DisputeStep.REVISITED,
)
"""The steps that prove a customer's breach, in their order."""


@attrs.frozen
class Rung:
    """
    One step taken.

    Attributes:
        taken: Which, with its document.
        at: When.
    """

    taken: DisputeStepTaken
    at: datetime


@attrs.frozen(kw_only=True)
class Dispute(Living):
    """
    Where a dispute stands on the ladder.

    Attributes:
        rungs: The steps taken, in their order.
    """

    machine: ClassVar[Machine] = MACHINE

    rungs: tuple[Rung, ...] = ()

    @classmethod
    def raised(cls, at: datetime) -> Dispute:
        """A new dispute, on the ground."""
        return cls(state=MACHINE.start, since=at)

    @property
    def is_over(self) -> bool:
        """Whether it was settled, or we parted."""
        return self.state in MACHINE.final

    @property
    def cools_until(self) -> datetime | None:
        """When both have cooled off; none before it was agreed to wait."""
        return next((it.taken.until for it in self.rungs if it.taken.step is DisputeStep.COOLING_OFF), None)

    def after(self, body: DisputeStepTaken, at: datetime) -> Dispute:
        """
        The dispute one step further.

        Raises:
            TransitionError: When the step is not the next one.
            CommandError: When it has no document, mediation no mediator, cooling off no end to come, or when it is
                looked at again before both have cooled off.
        """
        climbed = self.moved(EVENT[body.step], at, rungs=(*self.rungs, Rung(body, at)))
        step = in_words(body.step)
        if not body.document.strip():
            raise CommandError(
                f"the step {step!r}", "has no document", "Name the paper that shows it was taken."
            )
        if body.step is DisputeStep.MEDIATION and not body.by.strip():
            raise CommandError("mediation", "has no mediator", "Name the third party who mediates.")
        if (body.step is DisputeStep.COOLING_OFF) is (body.until is None):
            raise CommandError(
                f"the step {step!r}",
                "lasts until no instant" if body.until is None else "does not last",
                "Say until when both cool off; no other step has an end.",
            )
        if body.until is not None and body.until <= at:
            raise CommandError(
                f"cooling off until {body.until.isoformat()}",
                f"is over when it begins, {at.isoformat()}",
                "Agree on a later time.",
            )
        if body.step is DisputeStep.REVISITED and (cool := self.cools_until) is not None and at < cool:
            raise CommandError(
                f"looking at it again on {at.isoformat()}",
                f"comes before both have cooled off, {cool.isoformat()}",
                "Wait until then; a settlement is possible at any time.",
            )
        return climbed

    def proves_breach(self, at: datetime) -> bool:
        """
        Whether it proves, at an instant, that the customer broke the contract.

        The facts were recorded, he was notified, both cooled off in full and looked at it again, in that order; and
        nothing was settled by then.
        """
        taken = [it for it in self.rungs if it.at <= at]
        settled = any(it.taken.step is DisputeStep.SETTLED for it in taken)
        return not settled and tuple(it.taken.step for it in taken if it.taken.step in PROOF) == PROOF
