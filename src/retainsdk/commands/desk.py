"""How a command is carried out: what it reads before it decides, and where the events go it decides on."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

import attrs

from retainsdk.account import Account
from retainsdk.account.exposure import exposures, may_expose
from retainsdk.codec import id_text
from retainsdk.commands.given import checked, is_command
from retainsdk.contract import Contract
from retainsdk.errors import CommandError, MoneyError, UnknownIdError
from retainsdk.events import Happening
from retainsdk.firm.offering import Judgement
from retainsdk.firm.staff import refuse_above_authority
from retainsdk.journal import Decision, How, utc_text
from retainsdk.ledger import (
    EXPERIMENT_STREAMS,
    STAFF_STREAMS,
    Ledger,
    customer_stream,
    offering_stream,
    relationship_stream,
)
from retainsdk.opinion import Consulting
from retainsdk.quantities import Money
from retainsdk.value.features import judged_for


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


class Desks(Consulting):
    """What all commands share."""

    def __init_subclass__(cls, **more: Any) -> None:  # noqa: ANN401 # as Python declares it
        super().__init_subclass__(**more)
        for name, thing in list(vars(cls).items()):
            if not name.startswith("_") and is_command(thing):
                setattr(cls, name, checked(thing))

    def _refuse_above_authority(self, actor: str, grant: Money) -> None:
        refuse_above_authority(self._read([STAFF_STREAMS])[0].staff, actor, grant)

    def _about(
        self, relationship: int, command: str, asked: object, how: How, decide: Callable[[Desk], Decision]
    ) -> Any:  # noqa: ANN401 # what the decision returns
        return self._commit(
            command,
            (relationship, asked),
            how,
            lambda: self._read_account(relationship),
            lambda ledger, at: self._with_exposures(Desk(id=relationship, ledger=ledger, at=at), decide),
        )

    def _with_exposures(self, desk: Desk, decide: Callable[[Desk], Decision]) -> Decision:
        result, happenings = decide(desk)
        bodies = [happening.body for happening in happenings]
        if not may_expose(bodies):
            return result, happenings
        experiments = self._read([EXPERIMENT_STREAMS])[0].experiments.values()
        noted = exposures(desk.account, experiments, bodies, desk.day)
        return result, [*happenings, *map(desk.here, noted)]

    def _of(self, command: str, relationship: int, body: object, how: How) -> None:
        self._about(relationship, command, body, how, lambda desk: (None, [desk.here(body)]))

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

    def _of_promise(self, command: str, relationship: int, promise: int, body: object, how: How) -> None:
        def decide(desk: Desk) -> Decision:
            refuse_unknown("promise", promise, desk.account.commitments)
            return None, [desk.here(body)]

        self._about(relationship, command, body, how, decide)

    def _of_customer(self, command: str, customer: int, body: object, how: How) -> None:
        self._commit(
            command,
            (customer_stream(customer), body),
            how,
            lambda: self._read_around([customer], reach=0),
            lambda ledger, at: (None, [of_customer(ledger.customer(customer).id, body, at)]),
        )

    def _in_stream(self, command: str, stream: str, body: object, how: How) -> None:
        self._commit(
            command,
            (stream, body),
            how,
            lambda: self._read([stream]),
            lambda _, at: (None, [Happening(stream=stream, body=body, occurred_at=at)]),
        )

    def _for_everybody(
        self, command: str, asked: object, how: How, decide: Callable[[Ledger, datetime], Decision]
    ) -> Any:  # noqa: ANN401 # what the decision returns
        """Decide over the whole book; who is written nothing may change meanwhile."""
        versions: dict[str, int] = {}

        def read() -> tuple[Ledger, dict[str, int]]:
            ledger, found = self._read(None)
            versions.update(found)
            return ledger, versions

        def decided(ledger: Ledger, at: datetime) -> Decision:
            result, happenings = decide(ledger, at)
            for stream in versions.keys() - {happening.stream for happening in happenings}:
                del versions[stream]
            return result, happenings

        return self._commit(command, asked, how, read, decided)

    def _judged(self, desk: Desk, code: str, *, sold: bool) -> Judgement:
        """How well a package suited at the instant of the desk, by what was known then; what is *sold* must be on offer."""
        by = utc_text(desk.at)
        offering = self._read([offering_stream(code)], by)[0].catalogue.get(code)
        if offering is None or desk.at < desk.account.relationship.opened_at:
            return Judgement(value=None, rule=f"{code} is not in the catalogue")
        if sold and not offering.is_offered:
            raise CommandError(
                f"offering {code!r}",
                f"was withdrawn on {desk.ledger.day(offering.withdrawn_at or desk.at)}",
                "Propose one that is on offer.",
            )
        then = self._read_account(desk.id, by)[0]
        opinion = self._opinions_of_one(then, desk.at).of(desk.id).suitability.get(code)
        return judged_for(then, then.account(desk.id), offering, on=desk.day, opinion=opinion)

    def _refuse_foreign(self, money: Money) -> None:
        if money.currency != self._begun.currency:
            msg = f"{money} does not belong into a book in {self._begun.currency}: convert it first"
            raise MoneyError(msg)


def of_customer(customer: int, body: object, at: datetime) -> Happening:
    """What happened to a customer."""
    return Happening(stream=customer_stream(customer), body=body, occurred_at=at)


def refuse_unknown(what: str, number: int | str, known: Collection[int | str]) -> None:
    """
    Nothing, when there is one of that number or name.

    Raises:
        UnknownIdError: When there is none.
    """
    if number not in known:
        raise UnknownIdError(what, str(number))


def refuse_instant(how: How, what: str, rule: str, remedy: str = "Leave out `occurred_at`.") -> None:
    """
    Nothing, when a command whose time the book tells by itself was not given one.

    Raises:
        CommandError: When it was.
    """
    if how.get("occurred_at") is not None:
        raise CommandError(f"{what} at {how['occurred_at']}", rule, remedy)
