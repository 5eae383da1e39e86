"""What would become of relationships that were kept elsewhere, if a book adopted them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import attrs

from retainsdk.codec import encoded, id_text
from retainsdk.errors import (
    CommandError,
    RetainError,
)
from retainsdk.events import Happening
from retainsdk.journal.instants import moment_of, utc_text
from retainsdk.journal.limits import refuse_unfit
from retainsdk.ledger import Ledger
from retainsdk.ports import Row


@attrs.frozen(kw_only=True)
class History:
    """
    The history of a relationship that was kept elsewhere, to be taken over.

    Attributes:
        relationship: Its id, derived from its name there.
        happenings: What happened, beginning with the registration of the customer.
    """

    relationship: int
    happenings: tuple[Happening, ...]


@attrs.frozen(kw_only=True)
class Examined:
    """
    What would become of histories.

    Attributes:
        new: Those the book does not hold.
        unchanged: Ids of those it holds already, beginning with just this history.
        refused: Why not, by id: it holds another history, or this one cannot have happened.
    """

    new: tuple[History, ...]
    unchanged: tuple[int, ...]
    refused: Mapping[int, CommandError]


_Told = tuple[str, str, bytes]


def histories_held(log: Iterable[tuple[int, Row]], histories: Sequence[History]) -> dict[str, list[_Told]]:
    """What a book holds already in the streams of these histories."""
    wanted = {happening.stream for history in histories for happening in history.happenings}
    held: dict[str, list[_Told]] = defaultdict(list)
    for _, row in log:  # once through the log beats a query for every stream
        if row.stream in wanted:
            held[row.stream].append((row.name, row.occurred_at, row.body))
    return held


def refuse_impossible(history: History, ledger: Ledger, recorded_at: datetime) -> None:
    """
    Fold a history into a ledger that is empty.

    Raises:
        RetainError: When it cannot have happened.
    """
    refuse_unfit(history.happenings)
    reached: dict[str, int] = {}
    for happening in history.happenings:
        moment_of(happening.occurred_at, recorded_at)
        reached[happening.stream] = version = reached.get(happening.stream, 0) + 1
        ledger.take(happening.stream, happening.body, happening.occurred_at, "", version)


def refusal(history: History, error: RetainError) -> CommandError:
    """The error as one that says which history it concerns."""
    if isinstance(error, CommandError):
        return error
    what = f"relationship {id_text(history.relationship)}"
    return CommandError(
        what, f"has a history that cannot have happened: {error}", "Correct it at its source."
    )


def refuse_change(history: History, held: Mapping[str, list[_Told]]) -> None:
    """
    Nothing, when the book holds just this history.

    Raises:
        CommandError: When it holds another.
    """
    told: dict[str, list[_Told]] = defaultdict(list)
    for happening in history.happenings:
        name, at = type(happening.body).__name__, utc_text(happening.occurred_at)
        told[happening.stream].append((name, at, encoded(happening.body)))
    if any(held.get(stream, [])[: len(rows)] != rows for stream, rows in told.items()):
        raise CommandError(
            f"relationship {id_text(history.relationship)}",
            "is in the book with another history",
            "Record what changed by the book's commands, or import into a new book.",
        )
