"""
What we do for a customer, in whichever command: contacts, promises, offers, amends.

A person records them by a command of their own, or does what a policy proposed: both ask the same questions here.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from retainsdk.account.commitments import kept_by
from retainsdk.commands.desk import Desk, Desks, refuse_unknown
from retainsdk.commitment import refuse_unfailed
from retainsdk.customer import refuse_unconsented
from retainsdk.errors import CommandError
from retainsdk.events import (
    CommitmentKept,
    Compensated,
    Explained,
    Happening,
    InteractionRecorded,
    OfferMade,
)
from retainsdk.quantities import Money
from retainsdk.vocabulary import OFFERED_IN_WORDS, Audience, Direction, OfferKind
from retainsdk.wording import in_words


class Acts(Desks):
    """What several commands do alike."""

    def _contacted(
        self, desk: Desk, body: InteractionRecorded, keeps: Collection[int] = ()
    ) -> list[Happening]:
        """
        A contact, with the promises that it keeps.

        Raises:
            CommandError: When it goes out by itself and the customer does not allow it, or is not reached there.
            UnknownIdError: When it names a case or a promise that is not there.
        """
        if body.case is not None:
            refuse_unknown("case", body.case, desk.account.cases)
        for promise in keeps:
            refuse_unknown("promise", promise, desk.account.commitments)
        if body.direction is Direction.OUTBOUND and not body.human:
            customer = desk.ledger.customer_of(desk.account)
            refuse_unconsented(customer, purpose=body.purpose, channel=body.channel, at=desk.at)
        numbers = sorted({*keeps, *kept_by(desk.account, body, desk.at)})
        return [desk.here(body), *(desk.here(CommitmentKept(commitment=promise)) for promise in numbers)]

    def _offered(
        self,
        desk: Desk,
        actor: str,
        *,
        kind: OfferKind,
        offering: str | None,
        amount: Money,
        months: int,
        cost: Money,
        what: str = "",
        expires_at: datetime | None = None,
    ) -> tuple[int, Happening]:
        """
        An offer under the next number, with how well a listed package suits and by which rule.

        Raises:
            CommandError: When that is more than the actor may grant, or the package is on offer no longer.
        """
        self._refuse_foreign(amount)
        self._refuse_foreign(cost)
        if amount.amount < 0 or months < 0 or cost.amount < 0:
            raise CommandError(
                f"an offer of {amount} for {months} months at {cost}",
                "must not be negative",
                "State what it gives.",
            )
        if kind in OFFERED_IN_WORDS and not what.strip():
            raise CommandError(
                f"offer of a {in_words(kind)}",
                "must say what it is",
                "Say it in `what`.",
            )
        self._refuse_above_authority(actor, cost)
        suits = None
        if kind is OfferKind.PACKAGE and offering is not None:
            suits = self._judged(desk, offering, sold=True)
        number = len(desk.account.offers) + 1
        body = OfferMade(
            offer=number,
            kind=kind,
            offering=offering,
            amount=amount,
            months=months,
            cost=cost,
            suitability=None if suits is None else suits.value,
            rule="" if suits is None else suits.rule,
            expires_at=expires_at,
            what=what,
        )
        return number, desk.here(body)

    def _explained(
        self, desk: Desk, *, what: str, promise: int | None, audience: Audience = Audience.CUSTOMER
    ) -> Happening:
        """
        An explanation of a failure, or an apology for it.

        Raises:
            CommandError: When the promise it is about was kept.
        """
        _refuse_unfailed(desk, promise)
        return desk.here(Explained(commitment=promise, what=what, audience=audience))

    def _compensated(
        self, desk: Desk, actor: str, *, what: str, cost: Money, promise: int | None
    ) -> Happening:
        """
        What makes good for a failure.

        Raises:
            CommandError: When that is more than the actor may grant, or the promise it is about was kept.
        """
        self._refuse_foreign(cost)
        _refuse_unfailed(desk, promise)
        self._refuse_above_authority(actor, cost)
        return desk.here(Compensated(commitment=promise, what=what, cost=cost))


def _refuse_unfailed(desk: Desk, promise: int | None) -> None:
    if promise is not None:
        refuse_unknown("promise", promise, desk.account.commitments)
        refuse_unfailed(desk.account.commitments[promise])
