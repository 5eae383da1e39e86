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
        cases: How many were opened.
        open_complaints: Numbers of complaints that are not settled, the oldest first.
        commitments: How many were made.
        promise: Number of the open one; none when none is.
        offers: How many were made.
        open_offer: Number of the offer to come back that stands open; none when none does.
        winback: Whether a plan to win him back is open.
    """

    key: int
    contract: int = 0
    terms: Terms | None = None
    rests: bool = False
    cases: int = 0
    open_complaints: list[int] = attrs.Factory(list)
    commitments: int = 0
    promise: int | None = None
    offers: int = 0
    open_offer: int | None = None
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
