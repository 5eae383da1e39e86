"""
A view whose columns are worked out when they are first read: a policy looks at a dozen of more than a hundred.

To whoever reads it, it is the `BookView` that a book gives; pickled or copied, it is nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retainsdk.view import BY_NAME, BookView
from retainsim.market.cards import Cards

Makers: TypeAlias = Mapping[str, Callable[[Cards], Any]]
"""How columns are worked out, by name: an array, or one figure for everybody."""


class Columns(Mapping[str, NDArray[Any]]):
    """
    Read-only arrays by name, each worked out when it is first read, and then kept.

    Args:
        makers: How, by name.
        cards: From what.
        dtypes: Of the arrays, by name.
    """

    __slots__ = ("cards", "dtypes", "made", "makers")

    def __init__(self, makers: Makers, cards: Cards, dtypes: Mapping[str, np.dtype[Any]]) -> None:
        self.makers, self.cards, self.dtypes = makers, cards, dtypes
        self.made: dict[str, NDArray[Any]] = {}

    def __getitem__(self, name: str) -> NDArray[Any]:
        made = self.made.get(name)
        if made is None:
            made = np.empty(len(self.cards), dtype=self.dtypes[name])
            made[...] = self.makers[name](self.cards)
            made.flags.writeable = False
            self.made[name] = made
        return made

    def __contains__(self, name: object) -> bool:
        return name in self.makers

    def __iter__(self) -> Iterator[str]:
        return iter(self.makers)

    def __len__(self) -> int:
        return len(self.makers)

    def of(self, cards: Cards) -> Columns:
        """The same of other people."""
        return Columns(self.makers, cards, self.dtypes)


class LazyView(BookView):
    """
    What our firm knows of a market.

    Args:
        as_of: The instant whose state is shown.
        currency: Of all money.
        columns: Every column.
        known: Where an optional one is known; those left out are known everywhere.
    """

    __slots__ = ()
    _columns: Columns
    _known: Columns

    def __init__(self, *, as_of: datetime, currency: str, columns: Columns, known: Columns) -> None:
        self.__attrs_init__(as_of=as_of, currency=currency, columns=columns, known=known)

    @classmethod
    def of(cls, cards: Cards, *, currency: str, columns: Makers, known: Makers) -> LazyView:
        """The view of those cards, by how every column is worked out, and where an optional one is known."""
        return cls(
            as_of=cards.as_of,
            currency=currency,
            columns=Columns(columns, cards, _DTYPES),
            known=Columns(known, cards, _FLAGS),
        )

    def __reduce__(self) -> tuple[Callable[[], BookView], tuple[()]]:
        return partial(BookView, **self.__getstate__()), ()

    def take(self, rows: NDArray[Any]) -> BookView:
        """The view of some of the rows: a mask, or ascending positions."""
        keys = self.relationship[rows]
        if (keys[1:] <= keys[:-1]).any():
            return super().take(rows)  # which says what is wrong
        return self.shown(self.cards.take(rows))

    @property
    def cards(self) -> Cards:
        """From which it is worked out."""
        return self._columns.cards

    def shown(self, cards: Cards) -> LazyView:
        """Other cards in the same way."""
        columns, known = self._columns.of(cards), self._known.of(cards)
        return LazyView(as_of=self.as_of, currency=self.currency, columns=columns, known=known)


_DTYPES = {name: np.dtype(column.dtype) for name, column in BY_NAME.items()}
_FLAGS = dict.fromkeys(BY_NAME, np.dtype(np.bool_))


def narrowed(view: BookView, relationships: NDArray[np.uint64]) -> BookView:
    """The view of those of them that are in it, where that is cheap; else as it is."""
    if not isinstance(view, LazyView):
        return view
    return view.shown(view.cards.take(np.isin(view.relationship, relationships)))


def joined(parts: Sequence[BookView]) -> BookView:
    """The views of several parts of one market, each after the other."""
    lazy = [part for part in parts if isinstance(part, LazyView)]
    return parts[0] if len(parts) == 1 else lazy[0].shown(Cards.joined([part.cards for part in lazy]))
