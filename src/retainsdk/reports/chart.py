"""
The organisation chart: who is who in a household or an organisation, who reports to whom, and what is missing (CONCEPTS E2).

It holds the parts people play towards us too: who decides, who influences, who uses, who blocks, who champions; and
how the organisation comes to buy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import attrs

from retainsdk.account import Account
from retainsdk.codec import id_text
from retainsdk.customer import Customer
from retainsdk.customer.affiliation import Affiliation
from retainsdk.customer.fact import BUYING_PROCEDURE, KnownFact
from retainsdk.ledger import Ledger
from retainsdk.vocabulary import Kind, Role
from retainsdk.wording import in_words


@attrs.frozen(kw_only=True)
class Seat:
    """
    One affiliation in a chart.

    Attributes:
        affiliation: The id by which it is ended.
        person: Who.
        name: As we call him.
        role: What he is there.
        title: What he calls himself there.
        power: How much he decides, 0 to 10.
        level: How many stand above him, in the line he reports in.
        reports_to: The person he reports to; none when to nobody who is still there.
        primary: Whether he is chiefly reached through this one.
    """

    affiliation: int
    person: int
    name: str
    role: Role
    title: str
    power: int
    level: int
    reports_to: int | None
    primary: bool

    def __str__(self) -> str:
        title = f", {self.title}" if self.title else ""
        power = f", power {self.power}" if self.power else ""
        return f"{'  ' * self.level}{self.name}{title}: {self.role.name.lower()}{power}"


@attrs.frozen(kw_only=True)
class Chart:
    """
    Who is who at an instant.

    Attributes:
        party: Id of the household or organisation.
        name: As we call it.
        as_of: The instant.
        seats: From the top down: everybody below whom he reports to, the mightier first.
        procedure: How it comes to buy, with who says so; none when not known, or not for everybody.
        gaps: What a good chart would hold and this one lacks.
    """

    party: int
    name: str
    as_of: datetime
    seats: tuple[Seat, ...]
    procedure: KnownFact | None = None
    gaps: tuple[str, ...]

    def who(self, role: Role) -> tuple[Seat, ...]:
        """Those in a role, the mightiest first."""
        return tuple(sorted((it for it in self.seats if it.role is role), key=lambda it: -it.power))

    def __str__(self) -> str:
        lines = [f"{self.name}  [{id_text(self.party)}]", *(f"  {seat}" for seat in self.seats)]
        if self.procedure is not None:
            lines.append(f"  buys by: {self.procedure.value} ({self.procedure.source})")
        if self.gaps:
            lines += ["", "missing", *(f"  {gap}" for gap in self.gaps)]
        return "\n".join(lines)


def chart(ledger: Ledger, party: int, *, as_of: datetime) -> Chart:
    """
    The chart of a household or an organisation.

    Args:
        ledger: Holds it and its people at least.
        party: Its id.
        as_of: The instant.

    Raises:
        UnknownIdError: When the ledger does not hold it.
    """
    customer = ledger.customer(party)
    return Chart(
        party=customer.id,
        name=customer.name,
        as_of=as_of,
        seats=tuple(_seats(ledger.customers, customer, as_of)),
        procedure=customer.facts.get(BUYING_PROCEDURE),
        gaps=tuple(
            gap for account in ledger.accounts_of(customer.id) for gap in gaps(customer, account, as_of)
        ),
    )


def gaps(customer: Customer, account: Account, at: datetime) -> list[str]:
    """What we ought to know of an organisation that is under contract with us, and do not."""
    contract = account.contract
    if customer.kind is not Kind.ORGANISATION or contract is None or not contract.is_running:
        return []
    lacking = []
    if customer.lacks_decision_maker(at):
        lacking.append("a decision maker: nobody is known who decides there now")
    if not customer.has_champion(at):
        lacking.append("a champion: nobody there is known to speak for us now")
    told = customer.said.all(BUYING_PROCEDURE)  # what is known in confidence is known too
    if not told or told[-1].fact is None:
        lacking.append(f"how they buy: nobody has written down their {in_words(BUYING_PROCEDURE)}")
    return lacking


def _seats(customers: Mapping[int, Customer], party: Customer, at: datetime) -> Iterator[Seat]:
    there = party.affiliated(at)
    people = {it.person for it in there}
    below: dict[int | None, list[Affiliation]] = {}
    for it in there:
        below.setdefault(it.reports_to if it.reports_to in people else None, []).append(it)
    seated: set[int] = set()

    def under(boss: int | None, level: int) -> Iterator[Seat]:
        for it in below.get(boss, ()):
            yield _seat(customers, it, boss, level, at)
            if it.person not in seated:  # whoever has two roles there has his people below the first
                seated.add(it.person)
                yield from under(it.person, level + 1)

    return under(None, 0)


def _seat(
    customers: Mapping[int, Customer], it: Affiliation, boss: int | None, level: int, at: datetime
) -> Seat:
    person = customers[it.person]
    primary = person.primary_at(at)
    return Seat(
        affiliation=it.id,
        person=it.person,
        name=person.name,
        role=it.role,
        title=it.title,
        power=it.power,
        level=level,
        reports_to=boss,
        primary=primary is not None and primary.id == it.id,
    )
