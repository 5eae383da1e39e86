"""Commands about customers: who they are, how to reach them, what they allow, what is known of them, whom they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from retainsdk.codec import id_text
from retainsdk.commands.desk import Desks, of_customer
from retainsdk.customer import check_name
from retainsdk.errors import CommandError, UnknownIdError
from retainsdk.events import (
    AffiliationEnded,
    AffiliationStarted,
    ConsentGiven,
    ConsentWithdrawn,
    ContactPointAdded,
    ContactPointRetired,
    ContactPointVerified,
    CustomerRegistered,
    CustomersMerged,
    Fact,
    FactCorrected,
    FactLearned,
    FactRetracted,
    Id,
)
from retainsdk.journal import Decision, How
from retainsdk.ledger import Ledger
from retainsdk.vocabulary import Channel, Kind, Role, Sensitivity


class CustomerCommands(Desks):
    """Commands about customers; each may name one by an id he had before he was merged."""

    def register_customer(self, *, kind: Kind, name: str, id: int | None = None, **how: Unpack[How]) -> int:  # noqa: A002 # the word for it
        """Somebody became known to us. Returns his id, a new one unless given."""
        new = self._ids() if id is None else id

        def decide(ledger: Ledger, at: datetime) -> Decision:
            check_name(name)
            if ledger.resolved(new) in ledger.customers:
                raise CommandError(f"customer {id_text(new)}", "is registered already", "Choose another id.")
            return new, [of_customer(new, CustomerRegistered(kind=kind, name=name), at)]

        asked = ("register_customer", kind, name, id)
        return int(
            self._commit("register_customer", asked, how, lambda: self._read_around([new], reach=0), decide)
        )

    def merge_customers(self, *, into: int, merged: int, evidence: str, **how: Unpack[How]) -> int:
        """
        Two entries turned out to be one customer. Returns the id of the result.

        Everything that named the merged one means the result from now on; nothing of either is lost. What both
        allowed together is what the stricter of them did.

        Raises:
            CommandError: When they are one already, or of different kinds, or somebody would report to himself.
        """

        def decide(ledger: Ledger, at: datetime) -> Decision:
            one, other = ledger.resolved(into), ledger.resolved(merged)
            body = CustomersMerged(into=Id(one), merged=Id(other), evidence=evidence)
            return one, [of_customer(one, body, at), of_customer(other, body, at)]

        return int(
            self._commit(
                "merge_customers",
                (into, merged, evidence),
                how,
                lambda: self._read_around([into, merged], reach=2),
                decide,
            )
        )

    def add_contact_point(
        self, customer: int, *, channel: Channel, address: str, label: str = "", **how: Unpack[How]
    ) -> int:
        """
        A way to reach him became known.

        Args:
            customer: Whom.
            channel: How.
            address: Number, address or place as it came; it is kept as it is, and never refused for its looks, but
                for an e-mail address without an @.
            label: What distinguishes it.
            how: See `How`.

        Returns:
            Its number among his; that of the one he has when it is known and works.
        """

        def decide(ledger: Ledger, at: datetime) -> Decision:
            it = ledger.customer(customer)
            known = it.point(channel, address)
            if known is not None:
                return known.number, []
            number = max(it.points, default=0) + 1
            body = ContactPointAdded(point=number, channel=channel, address=address, label=label)
            return number, [of_customer(it.id, body, at)]

        asked = (customer, channel, address, label)
        return int(
            self._commit(
                "add_contact_point", asked, how, lambda: self._read_around([customer], reach=0), decide
            )
        )

    def verify_contact_point(self, customer: int, point: int, *, how_seen: str, **how: Unpack[How]) -> None:
        """A way to reach him, by its number, was seen to work."""
        self._of_customer(
            "verify_contact_point", customer, ContactPointVerified(point=point, how=how_seen), how
        )

    def retire_contact_point(self, customer: int, point: int, *, why: str, **how: Unpack[How]) -> None:
        """A way to reach him, by its number, works no longer; with the last of a channel the channel is closed."""
        self._of_customer("retire_contact_point", customer, ContactPointRetired(point=point, why=why), how)

    def learn_fact(
        self,
        customer: int,
        *,
        name: str,
        value: Fact,
        source: str,
        sensitivity: Sensitivity = Sensitivity.ORDINARY,
        purposes: Sequence[str] = (),
        **how: Unpack[How],
    ) -> None:
        """
        Something about a customer became known.

        Args:
            customer: About whom.
            name: Of the fact: ``senior`` and ``household_size`` are columns of the view, ``birthday`` and
                ``anniversary`` days to mark, ``language`` what he wants to be spoken to in,
                ``days_between_visits`` how often he says that he comes: `visit_gap` is reckoned by it.
            value: A day to mark is written ``1990-02-28``, or ``--02-28`` without its year.
            source: Who or what says so.
            sensitivity: Whether everybody may read it who sees the customer.
            purposes: For which a sensitive one may be read; one at least.
            how: See `How`.
        """
        body = FactLearned(
            name=name, value=value, source=source, sensitivity=sensitivity, purposes=tuple(purposes)
        )
        self._of_customer("learn_fact", customer, body, how)

    def correct_fact(
        self, customer: int, *, name: str, value: Fact, source: str, why: str, **how: Unpack[How]
    ) -> None:
        """What was known was wrong and this is right; as sensitive as before, and what was said stays in the history."""
        self._of_customer(
            "correct_fact", customer, FactCorrected(name=name, value=value, source=source, why=why), how
        )

    def retract_fact(self, customer: int, *, name: str, why: str, **how: Unpack[How]) -> None:
        """What was known was wrong, and nothing takes its place; what was said stays in the history."""
        self._of_customer("retract_fact", customer, FactRetracted(name=name, why=why), how)

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
        self._of_customer(
            "give_consent", customer, ConsentGiven(purpose=purpose, channel=channel, evidence=evidence), how
        )

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
            "withdraw_consent",
            customer,
            ConsentWithdrawn(purpose=purpose, channel=channel, evidence=evidence),
            how,
        )

    def start_affiliation(
        self,
        person: int,
        party: int,
        *,
        role: Role,
        title: str = "",
        power: int = 0,
        reports_to: int | None = None,
        primary: bool = False,
        **how: Unpack[How],
    ) -> int:
        """
        A person belongs to a household or an organisation from now on.

        Args:
            person: Who.
            party: Where.
            role: What he is there.
            title: What he calls himself there.
            power: How much he decides, 0 to 10.
            reports_to: The person he reports to there, who must be known to belong there.
            primary: Whether he is chiefly reached through it; it takes over from the one before.
            how: See `How`.

        Returns:
            The id of the affiliation.
        """
        new = self._ids()

        def decide(ledger: Ledger, at: datetime) -> Decision:
            who, where = ledger.customer(person), ledger.customer(party)
            boss = None if reports_to is None else ledger.resolved(reports_to)
            if boss is not None and boss not in {it.person for it in where.affiliated(at)}:
                raise CommandError(
                    f"reports to {id_text(boss)}",
                    f"who is not known to belong to {where.name!r} at {at.isoformat()}",
                    "Start his affiliation first.",
                )
            body = AffiliationStarted(
                affiliation=Id(new),
                person=Id(who.id),
                party=Id(where.id),
                role=role,
                title=title,
                power=power,
                reports_to=None if boss is None else Id(boss),
                primary=primary,
            )
            return new, [of_customer(who.id, body, at), of_customer(where.id, body, at)]

        asked = (person, party, role, title, power, reports_to, primary)
        return int(
            self._commit(
                "start_affiliation",
                asked,
                how,
                lambda: self._read_around([person, party], reach=1),
                decide,
            )
        )

    def end_affiliation(self, person: int, affiliation: int, *, why: str, **how: Unpack[How]) -> None:
        """
        A person belongs there no longer, or in that role no longer.

        Raises:
            UnknownIdError: When he has no such affiliation.
        """

        def decide(ledger: Ledger, at: datetime) -> Decision:
            known = ledger.customer(person).affiliations.get(affiliation)
            if known is None:
                raise UnknownIdError(f"affiliation of customer {id_text(person)}", id_text(affiliation))
            body = AffiliationEnded(
                affiliation=Id(affiliation), person=Id(known.person), party=Id(known.party), why=why
            )
            return None, [of_customer(it, body, at) for it in (known.person, known.party)]

        self._commit(
            "end_affiliation",
            (person, affiliation, why),
            how,
            lambda: self._read_around([person], reach=1),
            decide,
        )
