"""Files that are whole or not there, whatever happens while they are written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retainsdk.errors import StoreError


def write_whole(path: Path, content: bytes | str) -> None:
    """
    Write a file in one go: until it is complete, whatever stood there before stays.

    Args:
        path: Of the file; one that exists is replaced.
        content: Text is written as UTF-8.

    Raises:
        StoreError: When it cannot be written there.
    """
    with written_whole(path) as part:
        part.write_bytes(content.encode() if isinstance(content, str) else content)


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """
    The same for what is written bit by bit: a path to write to, which takes its place at the end.

    Args:
        path: Of the file; one that exists is replaced. When the writing fails it stays as it was.

    Raises:
        StoreError: When it cannot be written there.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        rule = f"cannot be written ({error.strerror or error})"
        raise StoreError(str(path), rule, "Choose another place.") from error
    finally:
        part.unlink(missing_ok=True)
