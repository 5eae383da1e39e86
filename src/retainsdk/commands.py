"""
Everything that can be told to a book.

A command says what happened; the book decides which events that makes, checks that they can have happened, and
records them in one commit. Every command takes what `retainsdk.journal.How` lists: ``actor``, who gives it, and if
need be ``occurred_at``, ``key`` and ``reason``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Unpack

import attrs

from retainsdk.account import Account
from retainsdk.codec import id_text
from retainsdk.contract import Contract
from retainsdk.errors import CommandError, MoneyError, UnknownIdError
from retainsdk.events import (
    AmendmentAccepted,
    CaseOpened,
    CommitmentBroken,
    CommitmentKept,
    CommitmentMade,
    Compensated,
    CompetitorLockInLearned,
    CompetitorOfferSeen,
    ConsentGiven,
    ConsentWithdrawn,
    CustomerRegistered,
    EndBegun,
    EndCompleted,
    ExitReasonRecorded,
    Explained,
    Fact,
    FactLearned,
    FoundationLaid,
    Happening,
    Id,
    InteractionRecorded,
    LateNoticeGiven,
    NoticeGiven,
    NoticeRescinded,
    OfferAccepted,
    OfferDeclined,
    OfferingListed,
    OfferMade,
    OwnerAssigned,
    PaymentReceived,
    PurchaseRecorded,
    RelationshipOpened,
    Released,
    Renewed,
    Resolved,
    Returned,
    Saved,
    SignalRaised,
    Signed,
    SurveyAnswered,
    UsageRecorded,
    WinbackOpened,
)
from retainsdk.journal import Decision, How, Journal, aware
from retainsdk.ledger import Ledger, competitor_stream, customer_stream, offering_stream, relationship_stream
from retainsdk.quantities import Money
from retainsdk.relationship import UNASSIGNED
from retainsdk.terms import Terms
from retainsdk.vocabulary import (
    CaseKind,
    Channel,
    Direction,
    Kind,
    OfferKind,
    Origin,
    Promise,
    Reason,
    Stage,
)


@attrs.frozen(kw_only=True)
class _Desk:
    """What lies before a command about a relationship: its account, and the instant it is about."""

    id: int
    ledger: Ledger
    at: datetime

    @property
    def account(self) -> Account:
        return self.ledger.account(self.id)

    @property
    def day(self) -> date:
        return self.ledger.day(self.at)

    def contract(self) -> Contract:
        contract = self.account.contract
        if contract is None:
            raise UnknownIdError("contract of relationship", id_text(self.id))
        return contract

    def here(self, body: object) -> Happening:
        return Happening(stream=relationship_stream(self.id), body=body, occurred_at=self.at)

    def on_contract(self, number: int, body: object) -> Happening:
        return Happening(
            stream=relationship_stream(self.id, "contract", number), body=body, occurred_at=self.at
        )

    def on_case(self, number: int, body: object) -> Happening:
        return Happening(stream=relationship_stream(self.id, "case", number), body=body, occurred_at=self.at)


class Commands(Journal):
    """The commands of a book. Relationships, customers, promises, offers and cases are named by their numbers."""

    # --- customers ---

    def register_customer(self, *, kind: Kind, name: str, id: int | None = None, **how: Unpack[How]) -> int:  # noqa: A002 # the word for it
        """Somebody became known to us. Returns his id, a new one unless given."""
        new = self._ids() if id is None else id
        stream = customer_stream(new)

        def decide(ledger: Ledger, at: datetime) -> Decision:
            if new in ledger.customers:
                raise CommandError(f"customer {id_text(new)}", "is registered already", "Choose another id.")
            body = CustomerRegistered(kind=kind, name=name)
            return new, [Happening(stream=stream, body=body, occurred_at=at)]

        asked = ("register_customer", kind, name, id)
        return int(self._commit("register_customer", asked, how, lambda: self._read([stream]), decide))

    def learn_fact(self, customer: int, *, name: str, value: Fact, source: str, **how: Unpack[How]) -> None:
        """Something about a customer became known: ``senior`` and ``household_size`` are columns of the view."""
        self._of_customer(customer, FactLearned(name=name, value=value, source=source), how)

    def give_consent(
        self,
        customer: int,
        *,
        purpose: str,
        channel: Channel | None = None,
        evidence: str,
        **how: Unpack[How],
    ) -> None:
        """He agreed to be contacted for a purpose, on one channel or on all."""
        self._of_customer(customer, ConsentGiven(purpose=purpose, channel=channel, evidence=evidence), how)

    def withdraw_consent(
        self,
        customer: int,
        *,
        purpose: str,
        channel: Channel | None = None,
        evidence: str,
        **how: Unpack[How],
    ) -> None:
        """He refused to be contacted for a purpose, on one channel or on all."""
        self._of_customer(
            customer, ConsentWithdrawn(purpose=purpose, channel=channel, evidence=evidence), how
        )

    # --- the relationship ---

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
            return self._read([customer_stream(customer), relationship_stream(new)])

        def decide(_: Ledger, at: datetime) -> Decision:
            body = RelationshipOpened(
                customer=Id(customer), origin=origin, owner=owner, stage=stage, reference=reference
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

        def decide(desk: _Desk) -> Decision:
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

    # --- contracts ---

    def sign(self, relationship: int, *, terms: Terms, **how: Unpack[How]) -> int:
        """Both sides signed terms. A prospect becomes a customer by it. Returns the number of the contract."""
        self._refuse_foreign(terms.fee)

        def decide(desk: _Desk) -> Decision:
            number = len(desk.account.contracts) + 1
            return number, [desk.on_contract(number, Signed(terms=terms))]

        return int(self._about(relationship, "sign", terms, how, decide))

    def renew(self, relationship: int, *, terms: Terms, **how: Unpack[How]) -> None:
        """The contract goes on under follow-up terms: see `Terms.renewed`."""
        self._refuse_foreign(terms.fee)
        self._of_contract(relationship, "renew", terms, how, lambda _: Renewed(terms=terms))

    def amend(self, relationship: int, *, terms: Terms, **how: Unpack[How]) -> None:
        """Both sides accepted other terms for the contract in force."""
        self._refuse_foreign(terms.fee)
        self._of_contract(relationship, "amend", terms, how, lambda _: AmendmentAccepted(terms=terms))

    def give_notice(self, relationship: int, *, ends_on: date | None = None, **how: Unpack[How]) -> date:
        """The contract was given notice, for a day or for the first one possible, which is returned."""

        def decide(desk: _Desk) -> Decision:
            contract = desk.contract()
            day = ends_on or contract.terms_on(desk.day).earliest_end(desk.day)
            return day.isoformat(), [desk.on_contract(contract.number, NoticeGiven(ends_on=day))]

        return date.fromisoformat(self._about(relationship, "give_notice", ends_on, how, decide))

    def rescind_notice(self, relationship: int, **how: Unpack[How]) -> None:
        """The notice was taken back."""
        self._of_contract(relationship, "rescind_notice", None, how, lambda _: NoticeRescinded())

    def end_contract(self, relationship: int, **how: Unpack[How]) -> None:
        """The contract ended: expired, after notice, or early, as its terms and this day say."""
        self._of_contract(
            relationship, "end_contract", None, how, lambda desk: desk.contract().ending(desk.day)
        )

    # --- promises ---

    def promise(
        self,
        relationship: int,
        *,
        kind: Promise,
        what: str,
        due: datetime,
        basis: str = "",
        **how: Unpack[How],
    ) -> int:
        """We promised something until an instant. Returns the number of the promise."""
        aware(due, "due")
        if not what.strip():
            raise CommandError(f"what {what!r}", "promises nothing", "Say what is promised.")

        def decide(desk: _Desk) -> Decision:
            number = len(desk.account.commitments) + 1
            body = CommitmentMade(commitment=number, kind=kind, what=what, due=due, basis=basis)
            return number, [desk.here(body)]

        return int(self._about(relationship, "promise", (kind, what, due, basis), how, decide))

    def give_late_notice(self, relationship: int, promise: int, *, due: datetime, **how: Unpack[How]) -> None:
        """We said that a promise will be kept later. Legal only before it is due."""
        aware(due, "due")
        self._of_promise(relationship, promise, LateNoticeGiven(commitment=promise, due=due), how)

    def keep(self, relationship: int, promise: int, **how: Unpack[How]) -> None:
        """A promise was kept in time; for a callback record the interaction that keeps it instead."""
        self._of_promise(relationship, promise, CommitmentKept(commitment=promise), how)

    def break_promise(self, relationship: int, promise: int, **how: Unpack[How]) -> None:
        """A promise was not kept when it was due."""
        self._of_promise(relationship, promise, CommitmentBroken(commitment=promise), how)

    def release(self, relationship: int, promise: int, *, evidence: str, **how: Unpack[How]) -> None:
        """The customer let us off a promise."""
        self._of_promise(relationship, promise, Released(commitment=promise, evidence=evidence), how)

    def explain(
        self, relationship: int, *, what: str, promise: int | None = None, **how: Unpack[How]
    ) -> None:
        """We explained a failure to the customer, or apologised for it."""
        self._of_promise(relationship, promise, Explained(commitment=promise, what=what), how)

    def compensate(
        self, relationship: int, *, what: str, cost: Money, promise: int | None = None, **how: Unpack[How]
    ) -> None:
        """We made good for a failure, at a cost to us."""
        self._refuse_foreign(cost)
        self._of_promise(relationship, promise, Compensated(commitment=promise, what=what, cost=cost), how)

    # --- cases ---

    def open_case(
        self,
        relationship: int,
        *,
        kind: CaseKind,
        topic: str,
        stated_reason: Reason | None = None,
        **how: Unpack[How],
    ) -> int:
        """A customer complained, threatened to leave, …; a threat may state its reason. Returns its number."""

        def decide(desk: _Desk) -> Decision:
            number = len(desk.account.cases) + 1
            body = CaseOpened(kind=kind, topic=topic, stated_reason=stated_reason)
            return number, [desk.on_case(number, body)]

        return int(self._about(relationship, "open_case", (kind, topic, stated_reason), how, decide))

    def resolve_case(self, relationship: int, case: int, *, how_done: str, **how: Unpack[How]) -> None:
        """A case was settled."""

        def decide(desk: _Desk) -> Decision:
            _refuse_unknown("case", case, desk.account.cases)
            return None, [desk.on_case(case, Resolved(how=how_done))]

        self._about(relationship, "resolve_case", (case, how_done), how, decide)

    # --- records ---

    def record_interaction(
        self,
        relationship: int,
        *,
        channel: Channel,
        direction: Direction,
        purpose: str,
        human: bool = True,
        two_way: bool = True,
        text: str = "",
        keeps: Sequence[int] = (),
        **how: Unpack[How],
    ) -> None:
        """
        We and a customer were in touch, or one of us tried.

        Args:
            relationship: With whom.
            channel: How.
            direction: Who began.
            purpose: What for, one of `CONSENT_PURPOSES`.
            human: Whether a person of ours took part; a mailing is none.
            two_way: Whether both said something.
            text: What was said, in short.
            keeps: Numbers of the callbacks it keeps.
            how: See `How`.
        """
        body = InteractionRecorded(
            channel=channel, direction=direction, purpose=purpose, human=human, two_way=two_way, text=text
        )

        def decide(desk: _Desk) -> Decision:
            for promise in keeps:
                _refuse_unknown("promise", promise, desk.account.commitments)
            kept = [desk.here(CommitmentKept(commitment=promise)) for promise in keeps]
            return None, [desk.here(body), *kept]

        self._about(relationship, "record_interaction", (body, tuple(keeps)), how, decide)

    def record_usage(self, relationship: int, *, month: date, used: float, **how: Unpack[How]) -> None:
        """How much he used in the calendar month that began on that day, in the catalogue's unit."""
        self._of(relationship, UsageRecorded(month=month, used=used), how)

    def record_purchase(
        self, relationship: int, *, what: str, amount: Money, paid: bool, **how: Unpack[How]
    ) -> None:
        """He bought something; a refund is negative. What is not paid at once is paid by `record_payment`."""
        self._refuse_foreign(amount)
        self._of(relationship, PurchaseRecorded(what=what, amount=amount, paid=paid), how)

    def record_payment(self, relationship: int, *, amount: Money, **how: Unpack[How]) -> None:
        """He paid what he owed."""
        self._refuse_foreign(amount)
        self._of(relationship, PaymentReceived(amount=amount), how)

    def answer_survey(self, relationship: int, *, instrument: str, score: float, **how: Unpack[How]) -> None:
        """He answered a survey, from 0 to 10."""
        self._of(relationship, SurveyAnswered(instrument=instrument, score=score), how)

    def raise_signal(
        self, relationship: int, *, department: str, kind: str, evidence: str, **how: Unpack[How]
    ) -> None:
        """A department noticed an early sign of trouble."""
        self._of(relationship, SignalRaised(department=department, kind=kind, evidence=evidence), how)

    # --- offers ---

    def make_offer(
        self,
        relationship: int,
        *,
        kind: OfferKind,
        offering: str | None = None,
        amount: Money | None = None,
        months: int = 0,
        cost: Money | None = None,
        **how: Unpack[How],
    ) -> int:
        """
        We offered something. Returns the number of the offer.

        Args:
            relationship: To whom.
            kind: Of offer.
            offering: Code of the package offered, for a package.
            amount: Off the fee per month, for a price.
            months: How long price or pause last.
            cost: What it costs us in all when accepted; for a price *amount* times *months* unless given.
            how: See `How`.
        """
        off = Money(0, self._begun.currency) if amount is None else amount
        costs = off * months if cost is None else cost
        self._refuse_foreign(off)
        self._refuse_foreign(costs)
        if off.amount < 0 or months < 0 or costs.amount < 0:
            raise CommandError(
                f"an offer of {off} for {months} months at {costs}",
                "must not be negative",
                "State what it gives.",
            )

        def decide(desk: _Desk) -> Decision:
            number = len(desk.account.offers) + 1
            body = OfferMade(
                offer=number, kind=kind, offering=offering, amount=off, months=months, cost=costs
            )
            return number, [desk.here(body)]

        asked = (kind, offering, off, months, costs)
        return int(self._about(relationship, "make_offer", asked, how, decide))

    def accept_offer(
        self, relationship: int, offer: int, *, terms: Terms | None = None, **how: Unpack[How]
    ) -> None:
        """He took an offer; *terms* amend the contract when it is a package."""

        def decide(desk: _Desk) -> Decision:
            _refuse_unknown("offer", offer, desk.account.offers)
            happenings = [desk.here(OfferAccepted(offer=offer))]
            if terms is not None:
                self._refuse_foreign(terms.fee)
                happenings.append(desk.on_contract(desk.contract().number, AmendmentAccepted(terms=terms)))
            return None, happenings

        self._about(relationship, "accept_offer", (offer, terms), how, decide)

    def decline_offer(self, relationship: int, offer: int, **how: Unpack[How]) -> None:
        """He did not take an offer."""

        def decide(desk: _Desk) -> Decision:
            _refuse_unknown("offer", offer, desk.account.offers)
            return None, [desk.here(OfferDeclined(offer=offer))]

        self._about(relationship, "decline_offer", offer, how, decide)

    # --- catalogue and competitors ---

    def list_offering(
        self,
        code: str,
        *,
        name: str,
        fee: Money,
        products: int = 1,
        included: float | None = None,
        minimum: Mapping[str, float] | None = None,
        excluded: Mapping[str, Fact] | None = None,
        **how: Unpack[How],
    ) -> None:
        """A package stands in the catalogue, in this form from now on; see `Offering` for its parts."""
        self._refuse_foreign(fee)
        body = OfferingListed(
            name=name,
            fee=fee,
            products=products,
            included=included,
            minimum=dict(minimum or {}),
            excluded=dict(excluded or {}),
        )
        self._in_stream(offering_stream(code), body, how)

    def see_competitor_offer(
        self,
        *,
        competitor: str,
        fee: Money,
        starts_on: date,
        ends_on: date | None = None,
        source: str,
        relationship: int | None = None,
        **how: Unpack[How],
    ) -> None:
        """A competitor asks so much a month, of everybody or of one customer, between two days, the last excluded."""
        self._refuse_foreign(fee)
        body = CompetitorOfferSeen(
            competitor=competitor, fee=fee, starts_on=starts_on, ends_on=ends_on, source=source
        )
        if relationship is None:
            self._in_stream(competitor_stream(competitor), body, how)
        else:
            self._of(relationship, body, how)

    # --- how they are carried out ---

    def _about(
        self, relationship: int, command: str, asked: object, how: How, decide: Callable[[_Desk], Decision]
    ) -> Any:  # noqa: ANN401 # what the decision returns
        return self._commit(
            command,
            (relationship, asked),
            how,
            lambda: self._read_account(relationship),
            lambda ledger, at: decide(_Desk(id=relationship, ledger=ledger, at=at)),
        )

    def _of(self, relationship: int, body: object, how: How) -> None:
        self._about(relationship, type(body).__name__, body, how, lambda desk: (None, [desk.here(body)]))

    def _of_contract(
        self, relationship: int, command: str, asked: object, how: How, body: Callable[[_Desk], object]
    ) -> None:
        self._about(
            relationship,
            command,
            asked,
            how,
            lambda desk: (None, [desk.on_contract(desk.contract().number, body(desk))]),
        )

    def _of_promise(self, relationship: int, promise: int | None, body: object, how: How) -> None:
        def decide(desk: _Desk) -> Decision:
            if promise is not None:
                _refuse_unknown("promise", promise, desk.account.commitments)
            return None, [desk.here(body)]

        self._about(relationship, type(body).__name__, body, how, decide)

    def _of_customer(self, customer: int, body: object, how: How) -> None:
        self._in_stream(customer_stream(customer), body, how)

    def _in_stream(self, stream: str, body: object, how: How) -> None:
        self._commit(
            type(body).__name__,
            (stream, body),
            how,
            lambda: self._read([stream]),
            lambda _, at: (None, [Happening(stream=stream, body=body, occurred_at=at)]),
        )

    def _refuse_foreign(self, money: Money) -> None:
        if money.currency != self._begun.currency:
            msg = f"{money} does not belong into a book in {self._begun.currency}: convert it first"
            raise MoneyError(msg)


def _refuse_unknown(what: str, number: int, known: Collection[int]) -> None:
    if number not in known:
        raise UnknownIdError(what, str(number))
