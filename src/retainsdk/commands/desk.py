"""How a command is carried out: what it reads before it decides, and where the events go it decides on."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

import attrs

from retainsdk.account import Account
from retainsdk.codec import id_text
from retainsdk.contract import Contract
from retainsdk.errors import MoneyError, UnknownIdError
from retainsdk.events import (
    Happening,
)
from retainsdk.journal import Decision, How, Journal
from retainsdk.ledger import Ledger, customer_stream, relationship_stream
from retainsdk.quantities import Money


@attrs.frozen(kw_only=True)
class Desk:
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


class Desks(Journal):
    """What all commands share."""

    def _about(
        self, relationship: int, command: str, asked: object, how: How, decide: Callable[[Desk], Decision]
    ) -> Any:  # noqa: ANN401 # what the decision returns
        return self._commit(
            command,
            (relationship, asked),
            how,
            lambda: self._read_account(relationship),
            lambda ledger, at: decide(Desk(id=relationship, ledger=ledger, at=at)),
        )

    def _of(self, relationship: int, body: object, how: How) -> None:
        self._about(relationship, type(body).__name__, body, how, lambda desk: (None, [desk.here(body)]))

    def _of_contract(
        self, relationship: int, command: str, asked: object, how: How, body: Callable[[Desk], object]
    ) -> None:
        self._about(
            relationship,
            command,
            asked,
            how,
            lambda desk: (None, [desk.on_contract(desk.contract().number, body(desk))]),
        )

    def _of_promise(self, relationship: int, promise: int | None, body: object, how: How) -> None:
        def decide(desk: Desk) -> Decision:
            if promise is not None:
                refuse_unknown("promise", promise, desk.account.commitments)
            return None, [desk.here(body)]

        self._about(relationship, type(body).__name__, body, how, decide)

    def _of_customer(self, customer: int, body: object, how: How) -> None:
        self._commit(
            type(body).__name__,
            (customer_stream(customer), body),
            how,
            lambda: self._read_around([customer], reach=0),
            lambda ledger, at: (None, [of_customer(ledger.customer(customer).id, body, at)]),
        )

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


def of_customer(customer: int, body: object, at: datetime) -> Happening:
    """What happened to a customer."""
    return Happening(stream=customer_stream(customer), body=body, occurred_at=at)


def refuse_unknown(what: str, number: int, known: Collection[int]) -> None:
    """
    Nothing, when there is one of that number.

    Raises:
        UnknownIdError: When there is none.
    """
    if number not in known:
        raise UnknownIdError(what, str(number))
