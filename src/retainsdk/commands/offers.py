"""Commands about offers."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from retainsdk.commands.acts import Acts
from retainsdk.commands.desk import Desk, refuse_unknown
from retainsdk.errors import CommandError
from retainsdk.events import (
    Happening,
    OfferAccepted,
    OfferDeclined,
    OfferLapsed,
    Suspended,
)
from retainsdk.journal import Decision, How, aware
from retainsdk.ledger import offering_stream, relationship_stream
from retainsdk.quantities import Money, months_later
from retainsdk.record.offer import Offer
from retainsdk.terms import Terms, differences
from retainsdk.vocabulary import OFFERED_IN_WORDS, OfferKind
from retainsdk.wording import in_words


class OfferCommands(Acts):
    """Commands about offers."""

    def make_offer(
        self,
        relationship: int,
        *,
        kind: OfferKind,
        offering: str | None = None,
        amount: Money | None = None,
        months: int = 0,
        cost: Money | None = None,
        what: str = "",
        expires_at: datetime | None = None,
        **how: Unpack[How],
    ) -> int:
        """
        We offered something. Returns the number of the offer.

        How well a listed package suits him now, and by which rule, is recorded with it.

        Args:
            relationship: To whom.
            kind: Of offer.
            offering: Code of the package offered, for a package.
            amount: Off the fee per month, for a price.
            months: How long price or pause last.
            cost: What it costs us in all when accepted; for a price *amount* times *months* unless given, for a
                benefit or early access always to be said, be it 0.
            what: In words: the benefit, or what may be had early.
            expires_at: Until when he can answer; for good unless given.
            how: See `How`.

        Raises:
            CommandError: When that is more than the actor may grant.
        """
        off = Money(0, self._begun.currency) if amount is None else amount
        costs = off * months if cost is None else cost
        if kind in OFFERED_IN_WORDS and (cost is None or not what.strip()):
            raise CommandError(
                f"offer of a {in_words(kind)} {what!r}",
                "must say what it is and what it costs us",
                "Say it in `what`, and its `cost`; 0 is one.",
            )
        if expires_at is not None:
            aware(expires_at, "expires_at")

        def decide(desk: Desk) -> Decision:
            number, offer = self._offered(
                desk,
                how["actor"],
                kind=kind,
                offering=offering,
                amount=off,
                months=months,
                cost=costs,
                what=what,
                expires_at=expires_at,
            )
            return number, [offer]

        asked = (kind, offering, off, months, costs, what, expires_at)
        return int(self._about(relationship, "make_offer", asked, how, decide))

    def accept_offer(
        self, relationship: int, offer: int, *, terms: Terms | None = None, **how: Unpack[How]
    ) -> None:
        """
        He took an offer: a package amends the contract that runs, and a pause lets it rest.

        Unless other *terms* are stated, a package amends as it was listed when it was offered: its code, its fee and its
        services, from this day or from that on which terms agreed already begin. All else stands. Where no contract
        runs it waits for a signature. A contract that rests goes on when it is resumed; the duty of notices says in
        time that it should be.

        Args:
            relationship: Whose.
            offer: Its number.
            terms: What both agreed, see `Terms.amended`; needed for a package that was not in the catalogue, or that
                goes beside the one he has: nobody can know what he pays then.
            how: See `How`.

        Raises:
            CommandError: When it was answered already, has run out, or *terms* are needed.
            TransitionError: When the contract is in no state to be amended.
            TermError: When the terms do not follow those in force.
        """

        def decide(desk: Desk) -> Decision:
            refuse_unknown("offer", offer, desk.account.offers)
            happenings = [desk.here(OfferAccepted(offer=offer)), *_rest(desk, offer)]
            agreed = self._as_listed(desk, desk.account.offers[offer]) if terms is None else terms
            if agreed is not None:
                self._refuse_foreign(agreed.fee)
                contract = desk.contract()
                happenings.append(desk.on_contract(contract.number, contract.agreement(agreed)))
            return None, happenings

        self._about(relationship, "accept_offer", (offer, terms), how, decide)

    def decline_offer(self, relationship: int, offer: int, **how: Unpack[How]) -> None:
        """He did not take an offer."""

        def decide(desk: Desk) -> Decision:
            refuse_unknown("offer", offer, desk.account.offers)
            return None, [desk.here(OfferDeclined(offer=offer))]

        self._about(relationship, "decline_offer", offer, how, decide)

    def lapse_offers(self, relationship: int, **how: Unpack[How]) -> int:
        """Offers whose time is over have run out without an answer, each at its own instant. Returns how many."""

        def decide(desk: Desk) -> Decision:
            over = [
                (offer.number, offer.made.expires_at)
                for offer in desk.account.offers.values()
                if offer.made.expires_at is not None and offer.has_run_out(desk.at)
            ]
            stream = relationship_stream(relationship)
            return len(over), [
                Happening(stream=stream, body=OfferLapsed(offer=number), occurred_at=at)
                for number, at in over
            ]

        return int(self._about(relationship, "lapse_offers", None, how, decide))

    def _as_listed(self, desk: Desk, offer: Offer) -> Terms | None:
        """The terms of the contract that runs with the package of an offer; none when they stay as they are."""
        made, contract = offer.made, desk.account.contract
        if made.kind is not OfferKind.PACKAGE or contract is None or not contract.is_running:
            return None
        last = contract.versions[-1]
        streams = [offering_stream(code) for code in (made.offering, last.offering) if code is not None]
        catalogue = self._read(streams)[0].catalogue
        held, listed = catalogue.get(last.offering or ""), catalogue.get(made.offering or "")
        package = None if listed is None else listed.form_at(offer.made_at)
        unclear = ""
        if package is None:
            unclear = f"names no package that was in the catalogue on {desk.ledger.day(offer.made_at)}"
        elif held is not None and package.code in held.complements:
            unclear = f"is of {package.code!r}, which goes beside {held.code!r} and not in its place"
        if package is None or unclear:
            raise CommandError(
                f"offer {offer.number}",
                f"{unclear}: nobody can know what contract {contract.number} becomes",
                "State the terms that both agreed, in `terms`.",
            )
        terms = last.amended(
            starts_on=max(desk.day, last.starts_on),
            offering=package.code,
            fee=package.fee,
            products=package.products,
        )
        return terms if differences(last, terms) else None


def _rest(desk: Desk, number: int) -> list[Happening]:
    """What taking an offer does to the contract that runs when it is one of a pause."""
    made, contract = desk.account.offers[number].made, desk.account.contract
    if (
        made.kind is not OfferKind.PAUSE
        or not made.months
        or contract is None
        or contract.state != "in_force"
    ):
        return []
    until = months_later(desk.day, made.months)
    return [desk.on_contract(contract.number, Suspended(why=f"pause, offer {number}", until=until))]
