"""Files that are whole or not there, whatever happens while they are written."""

from __future__ import annotations

import os
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
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise StoreError(
            str(path), f"cannot be written ({error.strerror})", "Choose another place."
        ) from error
    finally:
        part.unlink(missing_ok=True)
