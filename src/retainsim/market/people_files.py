"""The rows of a market in an Arrow file, column by column and exact to the last bit, so that its people live on from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from retainsdk.errors import Fault, InputError
from retainsdk.whole_file import written_whole
from retainsim.market.course import COUNTED_AT_ONCE
from retainsim.market.person import FIELDS, People, room_for


def people_schema() -> pa.Schema:
    """A column a field, as it is kept in memory."""
    return pa.schema([(field.name, pa.from_numpy_dtype(np.dtype(field.ctype))) for field in FIELDS])


def write_people(people: People, folder: Path, name: str) -> str:
    """Write them; gives the name of the file."""
    file, schema = f"{name}.arrow", people_schema()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with written_whole(folder / file) as part, pa.ipc.new_file(str(part), schema, options=options) as writer:
        for start in range(0, len(people), COUNTED_AT_ONCE):
            some = people[start : start + COUNTED_AT_ONCE]
            columns = [pa.array(np.ascontiguousarray(some[name])) for name in schema.names]
            writer.write_batch(pa.record_batch(columns, schema=schema))
    return file


def read_people(folder: Path, files: Sequence[str]) -> People:
    """
    Everybody in those files, one after the other.

    Raises:
        InputError: When a file is missing, damaged, or has other columns.
    """
    people, at = room_for(sum(_count(folder / file) for file in files)), 0
    for file in files:
        for batch in _batches(folder / file):
            some = people[at : at + batch.num_rows]
            for name in people_schema().names:
                some[name] = batch.column(name).to_numpy(zero_copy_only=False)
            at += batch.num_rows
    return people


def _count(path: Path) -> int:
    return sum(batch.num_rows for batch in _batches(path))


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    try:
        with pa.OSFile(str(path)) as source, pa.ipc.open_file(source) as reader:
            if reader.schema != people_schema():
                raise unusable(path, "has other columns than this version of the program")
            for place in range(reader.num_record_batches):
                yield reader.get_batch(place)
    except (OSError, pa.ArrowInvalid) as error:
        raise unusable(path, "is missing or damaged") from error


def unusable(path: Path, rule: str) -> InputError:
    """What to say of a file from which nobody can live on."""
    remedy = "Take the folder of another run, or run the market again."
    return InputError("checkpoint", [Fault("file", str(path), rule, remedy)])
