"""A relationship: we and one customer, from the first contact to the end and, with luck, beyond."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import attrs

from retainsdk.errors import CommandError
from retainsdk.events import (
    CompetitorLockInLearned,
    EndBegun,
    EndCompleted,
    ExitReasonRecorded,
    FoundationLaid,
    OwnerAssigned,
    RelationshipOpened,
    Returned,
    Saved,
    WinbackOpened,
)
from retainsdk.lifecycle import Living, Machine
from retainsdk.vocabulary import CLOSING_STEPS, Origin, Reason, Stage

UNASSIGNED = "unassigned"
"""The pool that owns what nobody owns yet; the card shows it as a gap."""

MACHINE = Machine(
    name="relationship",
    start="prospect",
    table={
        "prospect": {"engage": "onboarding", "disqualify": "closed"},
        "onboarding": {"complete_foundations": "active", "begin_end": "ending"},
        "active": {"begin_end": "ending"},
        "ending": {"save": "active", "complete_end": "former"},
        "former": {"return": "onboarding"},
        "closed": {},
    },
)

_WAY_TO: dict[Stage, tuple[str, ...]] = {
    Stage.PROSPECT: (),
    Stage.ONBOARDING: ("engage",),
    Stage.ACTIVE: ("engage", "complete_foundations"),
}

Turn = (
    OwnerAssigned
    | FoundationLaid
    | CompetitorLockInLearned
    | EndBegun
    | Saved
    | ExitReasonRecorded
    | EndCompleted
    | WinbackOpened
    | Returned
)


@attrs.frozen(kw_only=True)
class Relationship(Living):
    """
    We and one customer.

    Attributes:
        id: 64-bit number.
        customer: Whose.
        owner: Who has the main duty for it.
        owner_since: Since when.
        origin: How he came, the last time.
        reference: The name other systems know it by; may be empty.
        opened_at: When it began.
        began_at: When its present spell began: at the opening or the last return.
        ended_at: When he left; none while he is with us.
        closing_steps: Those of `CLOSING_STEPS` done at the end; none when nobody knows.
        stated_reason: Why he says he left, and when he said so.
        assessed_reason: Why we believe he did.
        lock_in: Until when, and with whom, he is bound elsewhere.
        winback: The plan to win him back; none when none is open.
    """

    machine: ClassVar[Machine] = MACHINE

    id: int
    customer: int
    owner: str
    owner_since: datetime
    origin: Origin | None
    reference: str
    opened_at: datetime
    began_at: datetime
    ended_at: datetime | None = None
    closing_steps: tuple[str, ...] | None = None
    stated_reason: tuple[datetime, Reason] | None = None
    assessed_reason: Reason | None = None
    lock_in: tuple[datetime, CompetitorLockInLearned] | None = None
    winback: str | None = None

    @classmethod
    def opened(cls, id_: int, body: RelationshipOpened, at: datetime) -> Relationship:
        """
        A new relationship, or one that stood somewhere when the book took it over.

        Raises:
            CommandError: When it would be opened after its end.
        """
        if body.stage not in _WAY_TO:
            raise CommandError(
                f"opening as {body.stage.name.lower()}",
                "is not possible",
                "Open it as prospect, onboarding or active, then record how it ended.",
            )
        state = MACHINE.start
        for event in _WAY_TO[body.stage]:
            state = MACHINE.step(state, event)
        return cls(
            state=state,
            since=at,
            id=id_,
            customer=body.customer,
            owner=body.owner,
            owner_since=at,
            origin=body.origin,
            reference=body.reference,
            opened_at=at,
            began_at=at,
        )

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        return Stage[self.state.upper()]

    @property
    def ended_well(self) -> bool | None:
        """Whether all closing steps were done; none when he has not left or nobody knows."""
        return None if self.closing_steps is None else set(CLOSING_STEPS) <= set(self.closing_steps)

    def engaged(self, at: datetime) -> Relationship:
        """
        The same once terms are signed: a prospect becomes a customer.

        Raises:
            CommandError: When he has left or was turned away.
        """
        if self.stage in {Stage.FORMER, Stage.CLOSED}:
            raise CommandError(
                "terms",
                f"cannot be signed while the relationship is {self.state}",
                "Record his return first.",
            )
        return self.moved("engage", at) if self.stage is Stage.PROSPECT else self

    def after(self, body: Turn, at: datetime) -> Relationship:  # noqa: C901, PLR0911 # one case an event
        """
        The relationship after something happened in it.

        Raises:
            CommandError: When it names an unknown closing step, calls a label the true reason, or
                concerns a leaver who has not left.
            TransitionError: When its stage does not allow it.
        """
        match body:
            case OwnerAssigned():
                return self._handed_over(body, at)
            case FoundationLaid():
                return self.moved("complete_foundations", at)
            case EndBegun():
                return self.moved("begin_end", at)
            case Saved():
                return self.moved("save", at)
            case ExitReasonRecorded():
                return self._explained(body, at)
            case EndCompleted():
                unknown = set(body.steps or ()) - set(CLOSING_STEPS)
                if unknown:
                    raise CommandError(
                        f"closing steps {sorted(unknown)}",
                        "are not known",
                        f"Use: {', '.join(CLOSING_STEPS)}.",
                    )
                return self.moved("complete_end", at, ended_at=at, closing_steps=body.steps)
            case CompetitorLockInLearned():
                newest = self.lock_in is None or at >= self.lock_in[0]
                return attrs.evolve(self, lock_in=(at, body)) if newest else self
            case WinbackOpened():
                if self.stage is not Stage.FORMER or at < self.since:
                    raise CommandError(
                        "a win-back plan",
                        f"is for leavers, and at {at.isoformat()} this one had not left",
                        "Record his end first.",
                    )
                return attrs.evolve(self, winback=body.plan)
            case Returned():
                return self.moved(
                    "return",
                    at,
                    began_at=at,
                    origin=Origin.RETURN,
                    ended_at=None,
                    closing_steps=None,
                    lock_in=None,
                    winback=None,
                )

    def _explained(self, body: ExitReasonRecorded, at: datetime) -> Relationship:
        if body.assessed is Reason.NO_NEED_STATED:
            raise CommandError(
                "assessed reason 'no need'",
                "hides the true one",
                "Choose what stands behind it: need_ended, life_event, cheaper_competitor, better_competitor, …",
            )
        if self.stated_reason is not None and at < self.stated_reason[0]:
            return self
        return attrs.evolve(self, stated_reason=(at, body.stated), assessed_reason=body.assessed)

    def _handed_over(self, body: OwnerAssigned, at: datetime) -> Relationship:
        if at < self.owner_since:
            raise CommandError(
                f"owner {body.owner!r} from {at.isoformat()}",
                f"comes before {self.owner!r} from {self.owner_since.isoformat()}",
                "Of two owners at one time only one can be true: assign the later one.",
            )
        return attrs.evolve(self, owner=body.owner, owner_since=at)
