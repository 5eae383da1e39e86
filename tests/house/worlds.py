"""Views with exact figures to test the joint with: few customers, few values, so that edges touch all the time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from retainsdk.view import COLUMNS, BookView
from retainsdk.vocabulary import Channel

AS_OF = datetime(2027, 3, 1, tzinfo=UTC)
EVERYWHERE = np.int8((1 << len(Channel)) - 1)
"""All channels, as columns show them."""
OPTIONAL = tuple(column.name for column in COLUMNS if column.optional)


def columns_of(ids: list[int], **changes: Any) -> dict[str, NDArray[Any]]:
    """
    Columns for those relationships: all zero, every consent given on every channel, but for the *changes*.

    Who changes a consent alone changes it on every channel.
    """
    columns = {column.name: np.zeros(len(ids), dtype=column.dtype) for column in COLUMNS}
    consents = {name: np.ones(len(ids), dtype=np.bool_) for name in columns if name.startswith("consent_")}
    changed = {name: np.asarray(values, dtype=columns[name].dtype) for name, values in changes.items()}
    given = consents | {name: values for name, values in changed.items() if name in consents}
    channels = {name.replace("consent_", "channels_"): EVERYWHERE * yes for name, yes in given.items()}
    return columns | consents | channels | {"relationship": np.asarray(ids, dtype=np.uint64)} | changed


def view_of(ids: list[int], **changes: Any) -> BookView:
    """The view of those relationships."""
    return BookView(as_of=AS_OF, currency="USD", columns=columns_of(ids, **changes))


@st.composite
def views(draw: st.DrawFn, min_size: int = 0, max_size: int = 6) -> BookView:
    """Any view of a few relationships: every column filled, some of them known here and there only."""
    ids = sorted(draw(st.sets(st.integers(0, 9), min_size=min_size, max_size=max_size)))
    figures = np.random.default_rng(draw(st.integers(0, 99)))
    columns = {column.name: figures.integers(0, 4, len(ids)).astype(column.dtype) for column in COLUMNS}
    masked = sorted(draw(st.sets(st.sampled_from(OPTIONAL), max_size=3)))
    known = {name: figures.integers(0, 2, len(ids)).astype(np.bool_) for name in masked}
    columns["relationship"] = np.asarray(ids, dtype=np.uint64)
    return BookView(as_of=AS_OF, currency="USD", columns=columns, known=known)
