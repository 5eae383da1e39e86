"""
Everybody of a market as rows in Parquet files, one file for what our firm could know, one for the truth.

The first holds those who are or were our customers, the second everybody; ``key`` tells who is who in both. Numbers
stand as the law reads them: fractions as fractions, -1 for what is unknown where `person.FIELDS` says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from retainsdk.whole_file import written_whole
from retainsim.market.course import COUNTED_AT_ONCE
from retainsim.market.person import FIELDS, People, figures

_KEY = "key"
_TRUTH_OF_ALL = ("firm", "begun")
"""What our firm knows of its customers, but not of people elsewhere."""


def observed_schema() -> pa.Schema:
    """Columns of what our firm could know."""
    return pa.schema([(field.name, _type(field.name)) for field in FIELDS if field.channel == "observed"])


def true_schema() -> pa.Schema:
    """Columns of the truth."""
    names = [field.name for field in FIELDS if field.channel == "truth"] + list(_TRUTH_OF_ALL)
    return pa.schema([(_KEY, pa.uint64()), *((f"true_{name}", _type(name)) for name in names)])


def write_rows(people: People, folder: Path, name: str) -> tuple[str, str]:
    """
    Write everybody as they are now.

    Args:
        people: Any rows of a market.
        folder: That is there.
        name: Of the files, without what follows the first point.

    Returns:
        The names of both files, the truth last.
    """
    seen, true = f"{name}.parquet", f"{name}.truth.parquet"
    with (
        written_whole(folder / seen) as seen_part,
        written_whole(folder / true) as true_part,
        pq.ParquetWriter(seen_part, observed_schema(), compression="zstd") as seen_file,
        pq.ParquetWriter(true_part, true_schema(), compression="zstd") as true_file,
    ):
        for some in _chunks(people):
            seen_file.write_table(_table(some[some["begun"] > 0], observed_schema()))
            true_file.write_table(_table(some, true_schema()))
    return seen, true


def _chunks(people: People) -> Iterator[People]:
    for start in range(0, len(people), COUNTED_AT_ONCE):
        yield people[start : start + COUNTED_AT_ONCE]


def _table(people: People, schema: pa.Schema) -> pa.Table:
    columns = [
        pa.array(np.ascontiguousarray(figures(people, name.removeprefix("true_")))) for name in schema.names
    ]
    return pa.table(columns, schema=schema)


def _type(name: str) -> pa.DataType:
    unit = next(field.unit for field in FIELDS if field.name == name)
    kept = next(np.dtype(field.ctype) for field in FIELDS if field.name == name)
    return pa.from_numpy_dtype(kept) if unit == 1.0 else pa.float64()
