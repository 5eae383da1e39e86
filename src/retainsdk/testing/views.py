"""Views of made-up customers, for tests: plausible figures, every column filled, luck by seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retainsdk.view import COLUMNS, CONSENT_PURPOSES, BookView, Column, Stage, named
from retainsdk.vocabulary import Channel

_AS_OF = datetime(2027, 3, 1, tzinfo=UTC)


def a_view(n: int = 60, *, seed: int = 1, missing: float = 0.2) -> BookView:
    """
    A view of *n* relationships in all stages and situations.

    Args:
        n: Rows.
        seed: Other seeds give other people; a seed gives the same ones for ever.
        missing: Share of the cells of optional columns that are unknown, in ``[0, 1]``.

    >>> from retainsdk.testing import a_view
    >>> view = a_view(100, seed=3)
    >>> len(view), bool((view.monthly_fee > 0).all()), bool(view.known("usage").all())
    (100, True, False)
    """
    luck = np.random.default_rng(seed)
    columns = {column.name: _cells(column, n, luck) for column in COLUMNS}
    former = columns["stage"] == Stage.FORMER
    known = {column.name: luck.random(n) >= missing for column in COLUMNS if column.optional}
    for name in ("days_since_end", "ended_well", "competitor_lock_in_days"):
        known[name] &= former
    for name, mask in known.items():
        columns[name] = np.where(mask, columns[name], np.zeros(1, dtype=columns[name].dtype))
    for purpose in CONSENT_PURPOSES:
        columns[f"channels_{purpose}"] *= columns[f"consent_{purpose}"]
    columns["promises_due"] = np.minimum(columns["promises_due"], columns["promises_open"])
    columns["complaints"] = np.maximum(columns["complaints"], columns["complaints_open"])
    columns["offers_made"] = np.maximum(columns["offers_made"], columns["offers_accepted"])
    columns["discount"] = np.minimum(columns["discount"], columns["monthly_fee"] // 2)
    return BookView(as_of=_AS_OF, currency="USD", columns=columns, known=known)


def with_noise_where_unknown(view: BookView) -> BookView:
    """The same view with arbitrary figures in the cells that are not known: who reads them finds other ones."""
    luck = np.random.default_rng(1)
    columns: dict[str, NDArray[Any]] = {}
    for column in COLUMNS:
        cells = getattr(view, column.name)
        columns[column.name] = np.where(view.known(column.name), cells, _cells(column, len(view), luck))
    known = {column.name: view.known(column.name) for column in COLUMNS if column.optional}
    return BookView(as_of=view.as_of, currency=view.currency, columns=columns, known=known)


def _cells(column: Column, n: int, luck: np.random.Generator) -> NDArray[Any]:
    return np.asarray(_figures(column, n, luck)).astype(column.dtype)


def _figures(column: Column, n: int, luck: np.random.Generator) -> NDArray[Any]:
    if column.name in _BY_NAME:
        return _BY_NAME[column.name](luck, n)
    if column.codes is not None:
        return luck.choice(list(column.codes), size=n)
    if column.dtype == "?":
        return luck.random(n) < (_CONSENTING if column.name.startswith("consent") else 1 - _CONSENTING)
    return _BY_UNIT.get(column.unit, _share)(luck, n)


def _share(luck: np.random.Generator, n: int) -> NDArray[Any]:
    return luck.random(n)


def _fee(luck: np.random.Generator, n: int) -> NDArray[Any]:
    return luck.integers(1_500, 12_000, size=n)


def _decayed(luck: np.random.Generator, n: int) -> NDArray[Any]:
    return luck.choice([0.0, 0.0625, 0.5, 1.0, 2.5], size=n)


def _few(luck: np.random.Generator, n: int) -> NDArray[Any]:
    return luck.integers(0, 2, size=n)


_CONSENTING = 0.8
_Draw = Callable[[np.random.Generator, int], NDArray[Any]]
_BY_NAME: Mapping[str, _Draw] = {
    "held_out": lambda luck, n: luck.choice([0], size=n),
    "relationship": lambda luck, n: np.sort(luck.choice(np.arange(1, 20 * n + 1), size=n, replace=False)),
    "stage": lambda luck, n: luck.choice(list(Stage), size=n, p=[0.05, 0.1, 0.55, 0.05, 0.2, 0.05]),
    "monthly_fee": _fee,
    "alternative_fee": _fee,
    "competitor_fee": _fee,
    "usage_trend": lambda luck, n: luck.uniform(-0.8, 0.5, size=n),
    "survey_score": lambda luck, n: luck.integers(0, 11, size=n),
    "promises_open": _few,
    "promises_due": _few,
    "complaints_open": _few,
    "offers_accepted": _few,
}
_BY_UNIT: Mapping[str, _Draw] = {
    "minor": lambda luck, n: luck.integers(0, 3_000, size=n) * luck.integers(0, 2, size=n),
    "days": lambda luck, n: luck.integers(0, 400, size=n),
    "months": lambda luck, n: luck.integers(0, 60, size=n),
    "contacts": _decayed,
    "signals": _decayed,
    "count": lambda luck, n: luck.integers(0, 4, size=n),
    "minutes": lambda luck, n: luck.integers(0, 240, size=n),
    "persons": lambda luck, n: luck.integers(1, 6, size=n),
    "decades": lambda luck, n: luck.integers(2, 9, size=n),
    "rank": lambda luck, n: luck.integers(0, 4, size=n),
    "name": lambda luck, n: luck.choice([named(name) for name in ("dana", "omer", "noa")], size=n),
    "id": lambda luck, n: luck.integers(1, 20 * n + 1, size=n),
    "channels": lambda luck, n: luck.choice([(1 << len(Channel)) - 1], size=n),
}
