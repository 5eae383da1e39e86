"""Commands about a relationship while it lasts: who has it, how it is founded, what it could become."""

from __future__ import annotations

from datetime import date, datetime
from typing import Unpack

from retainsdk.codec import id_text
from retainsdk.commands.desk import Desk, Desks, of_customer
from retainsdk.customer import check_name
from retainsdk.errors import CommandError, UnknownIdError
from retainsdk.events import (
    Classified,
    ContributorAdded,
    ContributorRemoved,
    CustomerRegistered,
    Disqualified,
    FoundationLaid,
    FoundationStepDone,
    Happening,
    Id,
    OriginLearned,
    OwnerAssigned,
    ReferralCredited,
    RelationshipOpened,
    SuccessPlanned,
)
from retainsdk.journal import Decision, How
from retainsdk.ledger import Ledger, campaign_stream, relationship_stream
from retainsdk.relationship import UNASSIGNED
from retainsdk.vocabulary import Foundation, Kind, Origin, Potential, Stage


class RelationshipCommands(Desks):
    """Commands about a relationship while it lasts."""

    def open_relationship(
        self,
        customer: int,
        *,
        origin: Origin | None = None,
        referrer: int | None = None,
        campaign: str = "",
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
            origin: How he came; when not said, by referral or campaign if one of these is named.
            referrer: The relationship that brought him.
            campaign: The campaign that brought him.
            owner: Who has the main duty for it.
            stage: Where it stands when the book takes it over; a new one begins as prospect.
            reference: The name other systems know it by.
            id: 64 bits; a new one unless given.
            how: See `How`.
        """
        new = self._ids() if id is None else id

        def read() -> tuple[Ledger, dict[str, int]]:
            self._refuse_unknown_origin(new, referrer, campaign)
            return self._read_around([customer], reach=0, besides=[relationship_stream(new)])

        def decide(ledger: Ledger, at: datetime) -> Decision:
            body = RelationshipOpened(
                customer=Id(ledger.resolved(customer)),
                origin=_origin(origin, referrer, campaign),
                owner=owner,
                stage=stage,
                reference=reference,
                referrer=None if referrer is None else Id(referrer),
                campaign=campaign,
            )
            return new, [Happening(stream=relationship_stream(new), body=body, occurred_at=at)]

        asked = (customer, origin, referrer, campaign, owner, stage, reference, id)
        return int(self._commit("open_relationship", asked, how, read, decide))

    def take_on(
        self,
        *,
        kind: Kind,
        name: str,
        origin: Origin | None = None,
        referrer: int | None = None,
        campaign: str = "",
        owner: str = UNASSIGNED,
        stage: Stage = Stage.PROSPECT,
        reference: str = "",
        **how: Unpack[How],
    ) -> tuple[int, int]:
        """
        Somebody became known to us, and we have to do with each other from now on: both in one commit.

        Args:
            kind: Person, household or organisation.
            name: As we call him.
            origin: See `open_relationship`, as for all that follow.
            referrer: The relationship that brought him.
            campaign: The campaign that brought him.
            owner: Who has the main duty for the relationship.
            stage: Where it stands.
            reference: The name other systems know it by.
            how: See `How`.

        Returns:
            The id of the customer, and that of the relationship.
        """
        customer, relationship = self._ids(), self._ids()

        def read() -> tuple[Ledger, dict[str, int]]:
            self._refuse_unknown_origin(relationship, referrer, campaign)
            return self._read_around([customer], reach=0, besides=[relationship_stream(relationship)])

        def decide(_: Ledger, at: datetime) -> Decision:
            check_name(name)
            opened = RelationshipOpened(
                customer=Id(customer),
                origin=_origin(origin, referrer, campaign),
                owner=owner,
                stage=stage,
                reference=reference,
                referrer=None if referrer is None else Id(referrer),
                campaign=campaign,
            )
            return (customer, relationship), [
                of_customer(customer, CustomerRegistered(kind=kind, name=name), at),
                Happening(stream=relationship_stream(relationship), body=opened, occurred_at=at),
            ]

        asked = (kind, name, origin, referrer, campaign, owner, stage, reference)
        one, other = self._commit("take_on", asked, how, read, decide)
        return int(one), int(other)

    def learn_origin(
        self,
        relationship: int,
        *,
        origin: Origin | None = None,
        referrer: int | None = None,
        campaign: str = "",
        **how: Unpack[How],
    ) -> None:
        """It became known afterwards how he came; see `open_relationship`. What was known already stays."""
        came = _origin(origin, referrer, campaign)
        if came is None:
            raise CommandError("how he came", "is not said", "Name an origin, a referrer or a campaign.")
        by = None if referrer is None else Id(referrer)

        def decide(desk: Desk) -> Decision:
            self._refuse_unknown_origin(relationship, referrer, campaign)
            return None, [desk.here(OriginLearned(origin=came, referrer=by, campaign=campaign))]

        self._about(relationship, "learn_origin", (origin, referrer, campaign), how, decide)

    def assign_owner(self, relationship: int, *, owner: str, source: str = "", **how: Unpack[How]) -> None:
        """
        Somebody has the main duty for it from now on; his predecessor's ends at the same instant.

        Args:
            relationship: Which.
            owner: Who. If he contributed, he does no longer.
            source: Who or what says so; the actor, when not said.
            how: See `How`.
        """
        self._of("assign_owner", relationship, OwnerAssigned(owner=owner, source=source), how)

    def add_contributor(self, relationship: int, *, contributor: str, part: str, **how: Unpack[How]) -> None:
        """Somebody besides the owner works for it from now on, with a part of his own."""
        self._of("add_contributor", relationship, ContributorAdded(contributor=contributor, part=part), how)

    def remove_contributor(self, relationship: int, *, contributor: str, **how: Unpack[How]) -> None:
        """Somebody contributes to it no longer."""
        self._of("remove_contributor", relationship, ContributorRemoved(contributor=contributor), how)

    def disqualify(self, relationship: int, *, why: str, **how: Unpack[How]) -> None:
        """A prospect will not become a customer."""
        self._of("disqualify", relationship, Disqualified(why=why), how)

    def do_foundation_step(
        self,
        relationship: int,
        *,
        step: Foundation,
        findings: str,
        review_on: date | None = None,
        **how: Unpack[How],
    ) -> None:
        """A step of a good beginning was done; what was found is to be looked at again on a day."""
        self._of(
            "do_foundation_step",
            relationship,
            FoundationStepDone(step=step, findings=findings, review_on=review_on),
            how,
        )

    def plan_success(
        self, relationship: int, *, gain: str, way: str, review_on: date | None = None, **how: Unpack[How]
    ) -> None:
        """We agreed with him what he gains and by which way of ours: so he was shown his gain."""
        self._of("plan_success", relationship, SuccessPlanned(gain=gain, way=way, review_on=review_on), how)

    def lay_foundations(self, relationship: int, *, how_done: str = "", **how: Unpack[How]) -> None:
        """
        All that a good beginning needs was done: onboarding is over.

        Args:
            relationship: Which.
            how_done: What is to be said of it; where steps are missing, why they are left out.
            how: See `How`.
        """
        self._of("lay_foundations", relationship, FoundationLaid(how=how_done), how)

    def classify(self, relationship: int, *, potential: Potential, why: str, **how: Unpack[How]) -> None:
        """Somebody judged how much it could become: contact is due by its class."""
        self._of("classify", relationship, Classified(potential=potential, why=why), how)

    def credit_referral(
        self, relationship: int, *, referred: int, credit: str = "", **how: Unpack[How]
    ) -> None:
        """
        He brought us another customer, once each.

        Args:
            relationship: Who referred.
            referred: Whom he brought: a relationship that names him as its referrer.
            credit: What he gets for it.
            how: See `How`.
        """
        body = ReferralCredited(referred=Id(referred), credit=credit)

        def decide(desk: Desk) -> Decision:
            named = self.account(referred).relationship.referrer
            if named != relationship:
                by = "nobody" if named is None else id_text(named)
                raise CommandError(
                    f"the referral of {id_text(referred)}",
                    f"is credited to {id_text(relationship)}, but he names {by} as his referrer",
                    "Credit the one he names, or learn his origin first.",
                )
            return None, [desk.here(body)]

        self._about(relationship, "credit_referral", body, how, decide)

    def _refuse_unknown_origin(self, relationship: int, referrer: int | None, campaign: str) -> None:
        if campaign and campaign not in self._read([campaign_stream(campaign)])[0].campaigns:
            raise UnknownIdError("campaign", campaign)
        link = referrer
        while link is not None:
            if link == relationship:
                raise CommandError(
                    f"referrer {id_text(referrer or 0)}",
                    "was brought by the one he is said to have brought, or is he himself",
                    "Somebody came first: name who brought him.",
                )
            link = self.account(link).relationship.referrer


def _origin(origin: Origin | None, referrer: int | None, campaign: str) -> Origin | None:
    if origin is not None:
        return origin
    if referrer is not None:
        return Origin.REFERRAL
    return Origin.CAMPAIGN if campaign else None
