"""Reliability: how many of the promises that came to an end were kept, and how many of them on time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

import attrs

from retainsdk.commitment.commitment import Commitment
from retainsdk.vocabulary import Side

MOST_RETRACTED = 0.02
"""Share of promises recorded in error above which the book itself is to be doubted."""


@attrs.frozen(kw_only=True)
class Reliability:
    """
    What became of promises.

    Attributes:
        made: How many there are.
        kept: Of them.
        on_time: Kept by the time first promised: notice of a delay protects `kept_rate` alone.
        broken: Ever broken, whatever was done for them since.
        retracted: Recorded in error; in no rate.
    """

    made: int
    kept: int
    on_time: int
    broken: int
    retracted: int

    @classmethod
    def of(cls, commitments: Iterable[Commitment], *, by: Side = Side.US) -> Self:
        """Of the promises of one side."""
        promises = [promise for promise in commitments if promise.by is by]
        return cls(
            made=len(promises),
            kept=sum(promise.state == "kept" for promise in promises),
            on_time=sum(promise.kept_on_time for promise in promises),
            broken=sum(promise.broken_at is not None for promise in promises),
            retracted=sum(promise.state == "retracted" for promise in promises),
        )

    @property
    def kept_rate(self) -> float | None:
        """Kept as a share of kept and ever broken, in ``[0, 1]``; none while there are none of them."""
        return _share(self.kept, self.kept + self.broken)

    @property
    def on_time_rate(self) -> float | None:
        """Kept by the time first promised as a share of the same; none while there are none."""
        return _share(self.on_time, self.kept + self.broken)

    @property
    def too_many_retracted(self) -> bool:
        """Whether so many promises were recorded in error that the rates are to be doubted."""
        return self.retracted > MOST_RETRACTED * self.made


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
