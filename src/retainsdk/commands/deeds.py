"""What doing an action writes into a book: one entry a kind, as the vocabulary's column “in a book” says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import attrs

from retainsdk.account.proposal import Proposal
from retainsdk.action import Action, ActionKind, action_called
from retainsdk.commands.desk import Desk, refuse_unknown
from retainsdk.commitment import Commitment
from retainsdk.duties.closing import checklist
from retainsdk.errors import CommandError
from retainsdk.events import (
    CommitmentMade,
    DisputeStepTaken,
    EndBegun,
    Escalated,
    Happening,
    InteractionRecorded,
    SurveyAsked,
    WinbackOpened,
)
from retainsdk.journal import aware
from retainsdk.vocabulary import (
    LIVE_CHANNELS,
    OFFERED_IN_WORDS,
    Direction,
    DisputeStep,
    OfferKind,
    Promise,
    Side,
)

_MAILINGS = frozenset({ActionKind.NEWSLETTER, ActionKind.INVITATION})


@attrs.frozen(kw_only=True)
class Doing:
    """
    What is known of an action only when it is done.

    Attributes:
        text: What was said or written; as the policy reasoned, when not said.
        two_way: Whether the customer said something too; when not said, on a live channel.
        offering: Code of the package offered.
        due: Until when what was promised is to be done, or a survey to be answered.
        promise: The broken promise that is made good; the last one that still is not, when not said.
        case: The case that is escalated or mediated.
        to: To whom it is escalated, or who mediates.
        document: The paper of the mediation.
    """

    text: str = ""
    two_way: bool | None = None
    offering: str | None = None
    due: datetime | None = None
    promise: int | None = None
    case: int | None = None
    to: str = ""
    document: str = ""


@attrs.frozen(kw_only=True)
class Hand:
    """
    How each act is done whatever led to it, by whoever does it: see `retainsdk.commands.acts`.

    Attributes:
        contacted: Records a contact, and what it keeps.
        offered: Makes an offer.
        explained: Explains a failure.
        compensated: Makes good for one.
    """

    contacted: Callable[[InteractionRecorded], list[Happening]]
    offered: Callable[..., tuple[int, Happening]]
    explained: Callable[..., Happening]
    compensated: Callable[..., Happening]


@attrs.frozen(kw_only=True)
class _Deed:
    """One action being done: what its entry in the table needs."""

    desk: Desk
    proposal: Proposal
    doing: Doing
    hand: Hand

    @property
    def action(self) -> Action:
        return action_called(self.proposal.kind)

    @property
    def text(self) -> str:
        return self.doing.text or self.proposal.proposed.reason

    def contact(self) -> list[Happening]:
        human = self.action.kind not in _MAILINGS
        live = human and self.proposal.channel in LIVE_CHANNELS
        gift = (
            self.proposal.amount if self.action.kind is ActionKind.GREETING and self.proposal.amount else None
        )
        return self.hand.contacted(
            InteractionRecorded(
                channel=self.proposal.channel,
                direction=Direction.OUTBOUND,
                purpose=self.action.consent or "service",
                human=human,
                two_way=live if self.doing.two_way is None else self.doing.two_way,
                text=self.text,
                minutes=self.action.minutes,
                cost=gift,
            )
        )

    def due(self) -> datetime:
        if self.doing.due is None:
            raise CommandError(self.proposal.kind, "needs a due time", "Say until when with `due`.")
        return aware(self.doing.due, "due")

    def promised(self, kind: Promise, basis: str) -> Happening:
        number = len(self.desk.account.commitments) + 1
        body = CommitmentMade(commitment=number, kind=kind, what=self.text, due=self.due(), basis=basis)
        return self.desk.here(body)

    def offered(self, kind: OfferKind) -> Happening:
        amount, months = self.proposal.amount, self.proposal.months
        _, offer = self.hand.offered(
            kind=kind,
            offering=self.doing.offering,
            amount=amount,
            months=months,
            cost=amount * months if kind is OfferKind.PRICE else amount,
            what=self.text if kind in OFFERED_IN_WORDS else "",
        )
        return offer

    def broken(self) -> Commitment | None:
        commitments = self.desk.account.commitments
        if self.doing.promise is not None:
            refuse_unknown("promise", self.doing.promise, commitments)
            return commitments[self.doing.promise]
        broken = [promise for promise in commitments.values() if promise.state == "broken"]
        return broken[-1] if broken else None

    def explained(self) -> Happening:
        broken = self.broken()
        return self.hand.explained(what=self.text, promise=None if broken is None else broken.number)

    def case(self) -> int:
        cases = self.desk.account.cases
        if self.doing.case is not None:
            refuse_unknown("case", self.doing.case, cases)
            return self.doing.case
        still_open = [number for number, case in cases.items() if case.is_open]
        if len(still_open) != 1:
            raise CommandError(
                self.proposal.kind,
                f"is about one case, and {len(still_open)} are open",
                "Say which with `case`.",
            )
        return still_open[0]

    def whom(self) -> str:
        if not self.doing.to.strip():
            raise CommandError(self.proposal.kind, "needs somebody", "Say whom with `to`.")
        return self.doing.to


def _touch(deed: _Deed) -> list[Happening]:
    return deed.contact()


def _survey(deed: _Deed) -> list[Happening]:
    return [deed.desk.here(SurveyAsked(instrument=deed.text, answer_by=deed.due()))]


def _offer(kind: OfferKind) -> Callable[[_Deed], list[Happening]]:
    def offer(deed: _Deed) -> list[Happening]:
        if kind is OfferKind.PACKAGE and deed.doing.offering is None:
            raise CommandError(deed.proposal.kind, "needs a package", "Say which with `offering`.")
        return [*deed.contact(), deed.offered(kind)]

    return offer


def _apologise(deed: _Deed) -> list[Happening]:
    return [*deed.contact(), deed.explained()]


def _compensate(deed: _Deed) -> list[Happening]:
    broken = deed.broken()
    promise = None if broken is None else broken.number
    amends = deed.hand.compensated(what=deed.text, cost=deed.proposal.amount, promise=promise)
    return [*_apologise(deed), amends]


def _redo(deed: _Deed) -> list[Happening]:
    return [*_apologise(deed), deed.promised(Promise.REMEDY, "done again")]


def _promise(kind: Promise) -> Callable[[_Deed], list[Happening]]:
    return lambda deed: [*deed.contact(), deed.promised(kind, deed.proposal.proposed.policy)]


def _escalate(deed: _Deed) -> list[Happening]:
    return [deed.desk.on_case(deed.case(), Escalated(to=deed.whom(), why=deed.text))]


def _mediate(deed: _Deed) -> list[Happening]:
    step = DisputeStepTaken(step=DisputeStep.MEDIATION, document=deed.doing.document, by=deed.whom())
    return [deed.desk.on_case(deed.case(), step)]


def _release(deed: _Deed) -> list[Happening]:
    account, at = deed.desk.account, deed.desk.at
    happenings = deed.contact()
    if account.relationship.goes_on:
        happenings.append(deed.desk.here(EndBegun(by=Side.CUSTOMER)))
    bodies = checklist(account, deed.desk.ledger, at)
    return [*happenings, *(deed.desk.here(body) for body in bodies)]


def _win_back(deed: _Deed) -> list[Happening]:
    happenings = deed.contact()
    if deed.desk.account.relationship.winback is None:
        happenings.append(deed.desk.here(WinbackOpened(plan=deed.text)))
    if deed.proposal.amount:
        happenings.append(deed.offered(OfferKind.PRICE))
    return happenings


DEEDS: Mapping[ActionKind, Callable[[_Deed], list[Happening]]] = {
    ActionKind.CHECK_IN: _touch,
    ActionKind.NEEDS_REVIEW: _touch,
    ActionKind.PROGRESS_REPORT: _touch,
    ActionKind.GREETING: _touch,
    ActionKind.NEWSLETTER: _touch,
    ActionKind.SURVEY: _survey,
    ActionKind.OFFER_PACKAGE: _offer(OfferKind.PACKAGE),
    ActionKind.OFFER_PRICE: _offer(OfferKind.PRICE),
    ActionKind.OFFER_PAUSE: _offer(OfferKind.PAUSE),
    ActionKind.APOLOGY: _apologise,
    ActionKind.COMPENSATION: _compensate,
    ActionKind.PROMISE_CALLBACK: _promise(Promise.CALLBACK),
    ActionKind.COMPARISON: _touch,
    ActionKind.RELEASE_WELL: _release,
    ActionKind.WIN_BACK: _win_back,
    ActionKind.ASK_REFERRAL: _touch,
    ActionKind.INVITATION: _touch,
    ActionKind.OFFER_BENEFIT: _offer(OfferKind.BENEFIT),
    ActionKind.OFFER_EARLY_ACCESS: _offer(OfferKind.EARLY_ACCESS),
    ActionKind.REDO: _redo,
    ActionKind.PROMISE_DELIVERY: _promise(Promise.DELIVERY),
    ActionKind.ESCALATE: _escalate,
    ActionKind.MEDIATE: _mediate,
    ActionKind.KEEP_ADVISING: _touch,
    ActionKind.ASK_TESTIMONIAL: _touch,
}
"""What doing each action writes; `ActionKind.NOTHING` is never proposed."""


def done(desk: Desk, proposal: Proposal, doing: Doing, hand: Hand) -> list[Happening]:
    """
    The events that doing an action makes.

    Raises:
        CommandError: When something is missing that only whoever does it can say, or the act is refused as by the
            command for it.
    """
    return DEEDS[action_called(proposal.kind).kind](
        _Deed(desk=desk, proposal=proposal, doing=doing, hand=hand)
    )
