"""A relationship: we and one customer, from the first contact to the end and, with luck, beyond."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from typing import ClassVar

import attrs

from retainsdk.errors import CommandError
from retainsdk.events import CompetitorLockInLearned, RelationshipOpened
from retainsdk.firm.programme import Membership
from retainsdk.lifecycle import Living, Machine
from retainsdk.relationship.exit import ClosingNote, ExitReason, WinbackPlan
from retainsdk.relationship.foundations import Foundations
from retainsdk.relationship.ownership import Contribution, Ownership, Owning
from retainsdk.vocabulary import ClosingStep, Origin, Potential, Reason, Side, Stage

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
_OPENED = {stage: reduce(MACHINE.step, way, MACHINE.start) for stage, way in _WAY_TO.items()}
"""The state in which a relationship is opened that stands at a stage already."""

_NOTHING_LAID = Foundations()  # shared: everybody begins with it, and it never changes


@attrs.frozen(kw_only=True)
class Spell:
    """
    One stretch of time in which a customer was with us.

    Attributes:
        began: The opening, or a return.
        ended: The end, or when a prospect was turned away; none while it lasts.
        tenure_kept: Whether his tenure goes on from the spell before.
    """

    began: datetime
    ended: datetime | None = None
    tenure_kept: bool = False

    def holds(self, at: datetime) -> bool:
        """Whether it lasts at an instant."""
        return self.began <= at and (self.ended is None or at < self.ended)


@attrs.frozen(kw_only=True)
class Referral:
    """
    That he brought us another customer.

    Attributes:
        referred: The relationship he brought.
        credit: What he got for it; may be empty.
        at: When it was credited.
    """

    referred: int
    credit: str
    at: datetime


WITH_US = frozenset({Stage.ONBOARDING, Stage.ACTIVE, Stage.ENDING})
"""Stages of who is a customer of ours, though he may be about to leave."""

_STAGES = {state: Stage[state.upper()] for state in MACHINE.table}
_OVER = frozenset({Stage.FORMER, Stage.CLOSED})


@attrs.frozen(kw_only=True)
class Relationship(Living):
    """
    We and one customer.

    Attributes:
        id: 64-bit number.
        customer: Whose.
        reference: The name other systems know it by; may be empty.
        ownership: Who has it and who contributes.
        spells: The stretches of time he was with us, one at least.
        origin: How he came, the last time; none when nobody knows.
        referrer: The relationship that brought him; none when none did.
        campaign: The campaign that brought him; may be empty.
        classified: How much it could become, and when somebody judged so.
        foundations: How well its present spell is founded.
        memberships: In programmes, in the order of joining.
        referrals: Those whom he brought, each once.
        end_begun: When its present ending began and at whose wish; none while it does not end.
        closing_notes: What was said of the closing steps of the present ending.
        closing_steps: Those done at the end or afterwards; none when he has not left, or nobody knows.
        ended_although: Why it ended although steps were left out; may be empty.
        exit_reasons: All that were recorded, by the time they were given.
        lock_in: Until when, and with whom, he is bound elsewhere, and when that was learned.
        winback: The plan to win him back; none when none is open.
    """

    machine: ClassVar[Machine] = MACHINE

    id: int
    customer: int
    reference: str
    ownership: Ownership
    spells: tuple[Spell, ...]
    origin: Origin | None
    referrer: int | None = None
    campaign: str = ""
    classified: tuple[datetime, Potential] | None = None
    foundations: Foundations = _NOTHING_LAID
    memberships: tuple[Membership, ...] = ()
    referrals: tuple[Referral, ...] = ()
    end_begun: tuple[datetime, Side | None] | None = None
    closing_notes: tuple[ClosingNote, ...] = ()
    closing_steps: tuple[ClosingStep, ...] | None = None
    ended_although: str = ""
    exit_reasons: tuple[ExitReason, ...] = ()
    lock_in: tuple[datetime, CompetitorLockInLearned] | None = None
    winback: WinbackPlan | None = None

    @classmethod
    def opened(cls, id_: int, body: RelationshipOpened, at: datetime, source: str = "") -> Relationship:
        """
        A new relationship, or one that stood somewhere when the book took it over.

        Raises:
            CommandError: When it would be opened after its end, or nobody is named as its owner, or its origin
                contradicts who or what brought him.
        """
        if body.stage not in _OPENED:
            raise CommandError(
                f"opening as {body.stage.name.lower()}",
                "is not possible",
                "Open it as prospect, onboarding or active, then record how it ended.",
            )
        if not body.owner.strip():
            raise CommandError(f"owner {body.owner!r}", "names nobody", "Say who it is, or leave it out.")
        refuse_origin(id_, body.origin, body.referrer, body.campaign)
        return cls(
            state=_OPENED[body.stage],
            since=at,
            id=id_,
            customer=body.customer,
            reference=body.reference,
            ownership=Ownership(owners=(Owning(owner=body.owner, since=at, source=source or "the opening"),)),
            spells=(Spell(began=at),),
            origin=body.origin,
            referrer=body.referrer,
            campaign=body.campaign,
        )

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        return _STAGES[self.state]

    @property
    def is_with_us(self) -> bool:
        """Whether he is a customer of ours, though he may be about to leave."""
        return self.stage in WITH_US

    @property
    def goes_on(self) -> bool:
        """Whether he is a customer of ours and nobody has begun to end it."""
        return self.is_with_us and self.stage is not Stage.ENDING

    @property
    def is_over(self) -> bool:
        """Whether he has left, or was turned away as a prospect."""
        return self.stage in _OVER

    @property
    def was_won(self) -> bool:
        """Whether he became a customer, whatever became of him afterwards."""
        return self.stage not in {Stage.PROSPECT, Stage.CLOSED}

    @property
    def owner(self) -> str:
        """Who has the main duty for it."""
        return self.ownership.owner

    @property
    def owner_since(self) -> datetime:
        """Since when he has it."""
        return self.ownership.owner_since

    @property
    def contributors(self) -> tuple[Contribution, ...]:
        """Who contributes to it now."""
        return tuple(it for it in self.ownership.contributions if it.until is None)

    @property
    def opened_at(self) -> datetime:
        """When it began."""
        return self.spells[0].began

    @property
    def began_at(self) -> datetime:
        """When its present spell began: at the opening or the last return."""
        return self.spells[-1].began

    @property
    def ended_at(self) -> datetime | None:
        """When he left; none while he is with us."""
        return self.spells[-1].ended if self.stage is Stage.FORMER else None

    @property
    def tenure_kept(self) -> bool:
        """Whether the tenure of the spell before goes on in this one."""
        return self.spells[-1].tenure_kept

    @property
    def potential(self) -> Potential | None:
        """How much it could become; none while nobody judged it."""
        return None if self.classified is None else self.classified[1]

    @property
    def exit_reason(self) -> ExitReason | None:
        """Why he leaves or left, as given last; none when he never said."""
        return self.exit_reasons[-1] if self.exit_reasons else None

    @property
    def stated_reason(self) -> tuple[datetime, Reason] | None:
        """Why he says he left, and when he said so."""
        return None if self.exit_reason is None else (self.exit_reason.at, self.exit_reason.stated)

    @property
    def assessed_reason(self) -> Reason | None:
        """Why we believe he did."""
        return None if self.exit_reason is None else self.exit_reason.assessed

    @property
    def ended_well(self) -> bool | None:
        """Whether all closing steps were done; none when he has not left or nobody knows."""
        return None if self.closing_steps is None else set(ClosingStep) <= set(self.closing_steps)

    def owner_at(self, at: datetime) -> str | None:
        """Who had the main duty at an instant; none before the opening, or while he was not with us."""
        return self.ownership.owner_at(at) if any(it.holds(at) for it in self.spells) else None

    def spell_at(self, at: datetime, what: str) -> int:
        """
        Which spell holds at an instant, counted from 0.

        Raises:
            CommandError: When he was not with us then; *what* cannot have happened.
        """
        for number, spell in enumerate(self.spells):
            if spell.holds(at):
                return number
        raise CommandError(
            what,
            f"is for who is with us, and at {at.isoformat()} he was not",
            "Give the instant at which it really happened, or record his return first.",
        )

    def membership(self, programme: str, at: datetime) -> Membership | None:
        """The membership that runs at an instant; none when he is no member."""
        return next((it for it in self.memberships if it.programme == programme and it.runs(at)), None)

    def engaged(self, at: datetime) -> Relationship:
        """
        The same once terms are signed: a prospect becomes a customer.

        Raises:
            CommandError: When he has left or was turned away, or had before he came back.
        """
        if self.is_over:
            raise CommandError(
                "terms",
                f"cannot be signed while the relationship is {self.state}",
                "Record his return first.",
            )
        if at < self.began_at:
            raise CommandError(
                f"terms signed on {at.isoformat()}",
                f"come before he came back to us on {self.began_at.isoformat()}",
                "Sign as of a later instant.",
            )
        return self.moved("engage", at) if self.stage is Stage.PROSPECT else self

    def with_step(self, step: ClosingStep) -> Relationship:
        """The same with a closing step done; after the end it makes good what was left out."""
        if self.stage is not Stage.FORMER or self.closing_steps is None or step in self.closing_steps:
            return self
        return attrs.evolve(self, closing_steps=(*self.closing_steps, step))

    def with_spell_ended(self, event: str, at: datetime, **changes: object) -> Relationship:
        """
        The same after an event that ends its present spell, and with it all contributions and memberships.

        Raises:
            CommandError: When a membership began later.
            TransitionError: When its stage does not allow the event.
        """
        later = [it.programme for it in self.memberships if it.since > at]
        if later:
            raise CommandError(
                f"an end at {at.isoformat()}",
                f"comes before he joined {', '.join(sorted(later))}",
                "Give the instant at which it really ended.",
            )
        return self.moved(
            event,
            at,
            spells=(*self.spells[:-1], attrs.evolve(self.spells[-1], ended=at)),
            ownership=self.ownership.ended(at),
            memberships=tuple(attrs.evolve(it, until=at) if it.runs(at) else it for it in self.memberships),
            **changes,
        )


def refuse_origin(id_: int, origin: Origin | None, referrer: int | None, campaign: str) -> None:
    """
    Nothing, when what is said of how a customer came agrees.

    Raises:
        CommandError: When it does not; all contradictions are named.
    """
    wrong = []
    if referrer == id_:
        wrong.append("nobody brings himself")
    if referrer is not None and origin is not Origin.REFERRAL:
        wrong.append("whom somebody brought came by referral")
    if campaign and origin not in {Origin.CAMPAIGN, Origin.REFERRAL}:
        wrong.append("whom a campaign brought came by campaign, or by a referral in it")
    if wrong:
        raise CommandError("how he came", "; ".join(wrong), "Correct `origin`, `referrer` or `campaign`.")
