"""
What our firm has written down of its customers at one instant: a card each, without the truth.

Cards are copies of rows with all erased that only the world knows, so nothing leads from them back to the market.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsim.market import purposes as for_
from retainsim.market.person import (
    FIELDS,
    NEVER,
    OURS,
    ROW_BYTES,
    ROW_DTYPE,
    People,
    figures,
    nobody,
    whole,
)
from retainsim.market.streams import uniforms
from retainsim.market.visits import Quarter, last_days, lately, usual_gap


@attrs.frozen(kw_only=True, eq=False)
class Cards:
    """
    Everybody who is or was a customer of ours, ordered by key.

    Attributes:
        people: Their rows; what nobody told us is 0. The firm is not there, since in a shop nobody knows who still
            would come; of a leaver, the day he is free is the one we heard of.
        ours: Who is a customer, as far as we know.
        referrers: Key of whoever brought each; 0 where nobody did.
        today: The day of the market that begins.
        as_of: That instant.
        competitor_price: Of the cheapest competitor, 1 is our list price; none where nobody competes.
        list_fee: Of a usual package, minor units.
        share_made: Where nobody has a contract, the share of wanted visits that end in a purchase; none elsewhere.
        quarter: The three months before in days, where purchases are counted by the day; none counts whole months.
    """

    people: People
    ours: NDArray[np.bool_]
    referrers: NDArray[np.uint64]
    today: int
    as_of: datetime
    competitor_price: float | None
    list_fee: float
    share_made: float | None
    quarter: Quarter | None = None

    def __len__(self) -> int:
        return len(self.people)

    def __getitem__(self, name: str) -> NDArray[Any]:
        """A field of the rows, fractions as fractions."""
        return figures(self.people, name)

    def take(self, rows: NDArray[Any]) -> Cards:
        """Some of the cards: a mask, or positions."""
        return attrs.evolve(
            self, people=_rows_at(self.people, rows), ours=self.ours[rows], referrers=self.referrers[rows]
        )

    @classmethod
    def joined(cls, parts: Sequence[Cards]) -> Cards:
        """The cards of several parts of one market, each after the other."""
        people = np.concatenate([whole(part.people) for part in parts]).view(ROW_DTYPE)
        ours = np.concatenate([part.ours for part in parts])
        referrers = np.concatenate([part.referrers for part in parts])
        return attrs.evolve(parts[0], people=people, ours=ours, referrers=referrers)

    def gaps(self) -> NDArray[np.float64]:
        """Where nobody has a contract: days since each one's last purchase, as a share of his usual gap."""
        days: NDArray[np.float64] = self.today - self.people["visit_day"].astype(np.float64)
        return np.asarray(days / usual_gap(np.maximum(self["rate"], 0.05), self.share_made or 1.0))

    def visits(self) -> NDArray[np.int64]:
        """There, too: purchases of the last ninety days."""
        return lately(self.people, self.quarter)

    def since_lapse(self) -> NDArray[np.int64]:
        """There, too: days since each was a customer as far as could be seen; 0 of who is one."""
        last = last_days(self.people, self.share_made or 1.0)
        return np.where(self.ours, 0, self.today - last)


def written_down(
    people: People,
    positions: NDArray[np.intp],
    *,
    today: int,
    share_made: float | None,
    lock_in_error: float,
) -> tuple[People, NDArray[np.bool_]]:
    """
    The rows at some positions as our firm knows them, and who of them is a customer as far as it knows.

    Args:
        people: Of the market.
        positions: Of those who are or were our customers.
        today: The day of the market that begins.
        share_made: Where nobody has a contract, the share of wanted visits that end in a purchase; none elsewhere.
        lock_in_error: Spread of our error about how long a competitor binds a leaver, as a share of what is left.
    """
    copied = _rows_at(people, positions)
    words = _words(copied)
    np.bitwise_and(words, _OBSERVED, out=words)
    if share_made is None:
        ours = copied["firm"] == OURS
        _hear_of_freedom(copied, ~ours, lock_in_error)
    else:
        ours = today <= last_days(copied, share_made)
    copied["firm"] = 0
    return copied, ours


def referrers_of(people: People, positions: NDArray[np.intp]) -> NDArray[np.uint64]:
    """The keys of those who brought people at some positions; 0 of whoever nobody brought."""
    keys = np.zeros(len(positions), dtype=np.uint64)
    brought = np.flatnonzero(people["referrer"][positions] >= 0)
    they = positions[brought]
    keys[brought] = people["key"][they + people["referrer"][they] - people["member"][they]]
    return keys


def _rows_at(people: People, rows: NDArray[Any]) -> People:
    """Rows are copied whole: NumPy would copy a structure column by column."""
    return np.asarray(whole(people)[rows].view(ROW_DTYPE))


def _words(people: People) -> NDArray[np.uint64]:
    words: NDArray[np.uint64] = people.view(np.uint64).reshape(-1, ROW_BYTES // 8)
    return words


def _observed() -> NDArray[np.uint64]:
    """One bit for every bit of a row that a firm could know."""
    kept = nobody(1)
    kept.view(np.uint8)[:] = 0
    for field in FIELDS:
        if field.channel == "observed":
            start = ROW_DTYPE.fields[field.name][1]  # type: ignore[index] # a structure has fields
            kept.view(np.uint8)[start : start + ROW_DTYPE[field.name].itemsize] = 255
    return _words(kept)


_OBSERVED = _observed()


def _hear_of_freedom(people: People, gone: NDArray[np.bool_], error: float) -> None:
    """In place of the day a leaver is free, the one we heard of."""
    bound = np.flatnonzero(gone & (people["left_day"] != NEVER) & (people["lock_end_day"] != NEVER))
    key, left, free = (people[name][bound] for name in ("key", "left_day", "lock_end_day"))
    furthest = np.iinfo(free.dtype).max
    people["lock_end_day"][bound] = np.clip(heard_free_day(key, left, free, error), NEVER + 1, furthest)


def heard_free_day(
    keys: NDArray[np.uint64], left: NDArray[Any], free: NDArray[Any], spread_of_error: float
) -> NDArray[np.int64]:
    """
    The day from which leavers are free of the next firm, as we heard it: true but for an error each has for good.

    Args:
        keys: Of the leavers.
        left: The day each left us.
        free: The day each is free.
        spread_of_error: As a share of the time in between.
    """
    error = 3.4641016151377544 * (uniforms(keys, for_.POPULATION, for_.KNOWN_LOCK_IN) - 0.5)
    since = np.asarray(left, dtype=np.float64)
    between = (np.asarray(free, dtype=np.float64) - since) * np.maximum(1.0 + spread_of_error * error, 0.0)
    days: NDArray[np.int64] = np.rint(since + between).astype(np.int64)
    return days
