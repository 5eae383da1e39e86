"""
Customers, promises, contracts and what they are worth, as a book.

A *customer* is promised *commitments*, bound in *contracts*, which make up a *relationship*; everything that happened stands in a
*book*, and a *policy* reads a view of it. Read the modules in this order: `quantities` (money, months, wall clocks) and
`worktime`, `terms` and `vocabulary`, `events` (all that can have happened), `lifecycle`, then the packages of the domain:
`customer`, `firm`, `record`, `commitment`, `contract`, `case` and `relationship`, each with what it is made of inside;
`account` and `ledger` fold events into them; `journal` commits, `commands` is what can be told to a book and
`book` what it tells. On top stand `value` (what a customer is worth), `duties` (what we owe) and `hooks` (what others
add); `view` and `policy` are the joint to everything that decides, `reports` to people, `interchange` to other
systems, `store` to the disk.
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retainsdk.book import Book
    from retainsdk.commitment.reliability import Reliability
    from retainsdk.customer.partial_date import PartialDate
    from retainsdk.errors import (
        CommandError,
        Fault,
        HeldOut,
        InputError,
        Rejected,
        RetainError,
        StoreError,
        TransitionError,
        UnknownIdError,
    )
    from retainsdk.events import Statement, TenureBenefit, Tier
    from retainsdk.quantities import LocalTime, Money
    from retainsdk.terms import ServiceLevel, Terms
    from retainsdk.vocabulary import (
        Audience,
        CaseKind,
        Channel,
        ClosingStep,
        Direction,
        DisputeStep,
        Ending,
        Foundation,
        Kind,
        OfferKind,
        OrderState,
        Origin,
        Potential,
        Promise,
        Reason,
        Role,
        Sensitivity,
        Severity,
        Side,
        Stage,
        StatementKind,
        Subject,
        TermKind,
    )
    from retainsdk.worktime import WorkCalendar

__all__ = [
    "Audience",
    "Book",
    "CaseKind",
    "Channel",
    "ClosingStep",
    "CommandError",
    "Direction",
    "DisputeStep",
    "Ending",
    "Fault",
    "Foundation",
    "HeldOut",
    "InputError",
    "Kind",
    "LocalTime",
    "Money",
    "OfferKind",
    "OrderState",
    "Origin",
    "PartialDate",
    "Potential",
    "Promise",
    "Reason",
    "Rejected",
    "Reliability",
    "RetainError",
    "Role",
    "Sensitivity",
    "ServiceLevel",
    "Severity",
    "Side",
    "Stage",
    "Statement",
    "StatementKind",
    "StoreError",
    "Subject",
    "TenureBenefit",
    "TermKind",
    "Terms",
    "Tier",
    "TransitionError",
    "UnknownIdError",
    "WorkCalendar",
]

logging.getLogger(__name__).addHandler(logging.NullHandler())  # silent until a host listens

_HOMES = {
    "Book": "book",
    "CommandError": "errors",
    "Fault": "errors",
    "HeldOut": "errors",
    "InputError": "errors",
    "LocalTime": "quantities",
    "Money": "quantities",
    "PartialDate": "customer.partial_date",
    "Rejected": "errors",
    "Reliability": "commitment.reliability",
    "RetainError": "errors",
    "ServiceLevel": "terms",
    "Statement": "events",
    "StoreError": "errors",
    "TenureBenefit": "events",
    "Terms": "terms",
    "Tier": "events",
    "TransitionError": "errors",
    "UnknownIdError": "errors",
    "WorkCalendar": "worktime",
}


def __getattr__(name: str) -> object:
    # what nobody asks for is not loaded: the command line must answer at once
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"retainsdk.{_HOMES.get(name, 'vocabulary')}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
