"""Commands about contracts."""

from __future__ import annotations

from datetime import date
from typing import Unpack

from retainsdk.commands.desk import Desk, Desks
from retainsdk.events import (
    AmendmentAccepted,
    NoticeGiven,
    NoticeRescinded,
    Renewed,
    Signed,
)
from retainsdk.journal import Decision, How
from retainsdk.terms import Terms


class ContractCommands(Desks):
    """Commands about contracts."""

    def sign(self, relationship: int, *, terms: Terms, **how: Unpack[How]) -> int:
        """Both sides signed terms. A prospect becomes a customer by it. Returns the number of the contract."""
        self._refuse_foreign(terms.fee)

        def decide(desk: Desk) -> Decision:
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

        def decide(desk: Desk) -> Decision:
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
