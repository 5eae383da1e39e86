"""What an account holds of one relationship, and what stands around each event that changes it."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import attrs

from retainsdk.account.proposal import Proposal
from retainsdk.case import Case
from retainsdk.commitment import Commitment
from retainsdk.contract import Contract
from retainsdk.record import Offer, Timeline
from retainsdk.record.contradiction import Change
from retainsdk.relationship import Relationship
from retainsdk.terms import Terms
from retainsdk.vocabulary import Stage


class Moment(NamedTuple):
    """
    What stands around an event.

    Attributes:
        at: When it happened.
        number: Of the contract or case it happened to; 0 for the relationship itself.
        actor: Who recorded it.
        zone: In which the book tells days.
        version: In its stream.
    """

    at: datetime
    number: int
    actor: str
    zone: ZoneInfo
    version: int

    @property
    def day(self) -> date:
        """The day it happened."""
        return self.at.astimezone(self.zone).date()


@attrs.define(kw_only=True)
class Account:
    """
    Everything a book knows of one relationship.

    The parts are frozen; the account points to their newest form while a log is folded. `version` is that of the
    last event in the stream of the relationship itself; `owed` finds the commitments of duties by duty, basis and
    period, `ordered` those to deliver by order; `stages` says when it came to each stage, and `changes` what let another
    price, date or scope be true than was stated before.
    """

    relationship: Relationship
    contracts: dict[int, Contract] = attrs.Factory(dict)
    commitments: dict[int, Commitment] = attrs.Factory(dict)
    owed: dict[tuple[str, str, str], list[int]] = attrs.Factory(dict)
    ordered: dict[str, list[int]] = attrs.Factory(dict)
    cases: dict[int, Case] = attrs.Factory(dict)
    offers: dict[int, Offer] = attrs.Factory(dict)
    timeline: Timeline = attrs.Factory(Timeline)
    proposals: dict[int, Proposal] = attrs.Factory(dict)
    arms: dict[str, str] = attrs.Factory(dict)
    stages: list[tuple[datetime, Stage]] = attrs.Factory(list)
    changes: list[Change] = attrs.Factory(list)
    version: int = 1

    @property
    def contract(self) -> Contract | None:
        """The contract in force, or the one signed last; a relationship has one at a time. Drafts and offers do not count."""
        if len(self.contracts) == 1:  # the common case, and asked often
            only = next(iter(self.contracts.values()))
            return only if only.signature is not None else None
        if not self.contracts:
            return None
        signed = [
            (it.signature.at, it.is_running, it.number) for it in self.contracts.values() if it.signature
        ]
        return self.contracts[max(signed)[-1]] if signed else None

    def terms_in_force(self, on: date) -> Terms | None:
        """The one version of terms in force on a day; of contracts that overlap, that of the one signed last."""
        signed = [(it.signature.at, it.number) for it in self.contracts.values() if it.signature]
        in_force = (self.contracts[number].terms_in_force(on) for _, number in sorted(signed, reverse=True))
        return next((terms for terms in in_force if terms is not None), None)

    @property
    def spell(self) -> list[Contract]:
        """The contracts signed since the customer came, or came back."""
        began_at = self.relationship.began_at
        return [it for it in self.contracts.values() if it.signature and it.signature.at >= began_at]

    def service_began_on(self) -> date | None:
        """First day of service of the present spell, or of the last one; none without a contract."""
        return min([contract.starts_on for contract in self.spell], default=None)
