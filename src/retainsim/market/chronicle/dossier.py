"""What a chronicle remembers of a person: numbers of what is open, and the terms agreed last."""

from __future__ import annotations

import attrs

from retainsdk.ledger import customer_stream, relationship_stream
from retainsdk.terms import Terms


@attrs.define
class Dossier:
    """
    Where the account of one person stands in the book.

    Attributes:
        key: His, and that of his relationship.
        contract: Number of his last contract.
        terms: Agreed last.
        rests: Whether service rests.
        rank: In the programme for regulars; none when he is no member.
        people: Of an organisation, who is there for us: by place, the affiliation and the person.
        people_ever: How many were.
        cases: How many were opened.
        open_complaints: Numbers of complaints that are not settled, the oldest first.
        commitments: How many were made.
        promise: Number of the open one; none when none is.
        broken: Numbers of those that were broken and not made good, the oldest first.
        offers: How many were made.
        accepted: How many of them he took.
        open_offers: Numbers of offers that stand open, the oldest first.
        heard: What we heard last that a competitor asks of him, and who; none when nothing.
        winback: Whether a plan to win him back is open.
    """

    key: int
    contract: int = 0
    terms: Terms | None = None
    rests: bool = False
    rank: int | None = None
    people: dict[int, tuple[int, int]] = attrs.Factory(dict)
    people_ever: int = 0
    cases: int = 0
    open_complaints: list[int] = attrs.Factory(list)
    commitments: int = 0
    promise: int | None = None
    broken: list[int] = attrs.Factory(list)
    offers: int = 0
    accepted: int = 0
    open_offers: list[int] = attrs.Factory(list)
    heard: tuple[int, str] | None = None
    winback: bool = False

    @property
    def who(self) -> str:
        """The customer's stream."""
        return customer_stream(self.key)

    @property
    def us(self) -> str:
        """The relationship's stream."""
        return relationship_stream(self.key)

    def case(self, number: int) -> str:
        """A case's stream."""
        return relationship_stream(self.key, "case", number)

    @property
    def agreement(self) -> str:
        """The stream of his contract."""
        return relationship_stream(self.key, "contract", self.contract)

    def next_case(self) -> int:
        """The number of a new case."""
        self.cases += 1
        return self.cases

    def next_commitment(self) -> int:
        """The number of a new promise."""
        self.commitments += 1
        return self.commitments

    def next_offer(self) -> int:
        """The number of a new offer."""
        self.offers += 1
        return self.offers
