"""
Customers, promises, contracts and what they are worth, as a book.

A *customer* is promised *commitments*, bound in *contracts*, which make up a *relationship*; everything that happened stands in a
*book*, and a *policy* reads a view of it. Read the modules in this order: `quantities` (money, months), `terms` and
`vocabulary`, `events` (all that can have happened), `lifecycle`, then one idea a module in `customer`, `offering`,
`record`, `commitment`, `contract`, `case` and `relationship`; `account` and `ledger` fold events into them;
`journal` commits, `commands` is what can be told to a book and `book` what it tells; `view` and `policy` are the joint
to everything that decides, `reports` to people, `interchange` to other systems, `store` to the disk.
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retainsdk.book import Book
    from retainsdk.errors import Fault, InputError, RetainError
    from retainsdk.quantities import Money
    from retainsdk.terms import Terms
    from retainsdk.vocabulary import (
        CaseKind,
        Channel,
        Direction,
        Kind,
        OfferKind,
        Origin,
        Promise,
        Reason,
        Stage,
        TermKind,
    )

__all__ = [
    "Book",
    "CaseKind",
    "Channel",
    "Direction",
    "Fault",
    "InputError",
    "Kind",
    "Money",
    "OfferKind",
    "Origin",
    "Promise",
    "Reason",
    "RetainError",
    "Stage",
    "TermKind",
    "Terms",
]

logging.getLogger(__name__).addHandler(logging.NullHandler())  # silent until a host listens

_HOMES = {
    "Book": "book",
    "Fault": "errors",
    "InputError": "errors",
    "Money": "quantities",
    "RetainError": "errors",
    "Terms": "terms",
}


def __getattr__(name: str) -> object:
    # what nobody asks for is not loaded: the command line must answer at once
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"retainsdk.{_HOMES.get(name, 'vocabulary')}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
