"""The text of a file somebody wrote, or what is wrong with it as a whole."""

from __future__ import annotations

from pathlib import Path

from retainsdk.errors import NOTHING, Fault, InputError

LARGEST_FILE = 1_000_000
"""Bytes."""


def is_path(reference: str) -> bool:
    """Whether something is asked for by its file, rather than by its name."""
    return reference.endswith(".toml") or "/" in reference or "\\" in reference


def text_in(path: Path, *, remedy: str) -> str:
    """
    The text of somebody's file.

    Args:
        path: Of the file.
        remedy: What whoever named it can do when it is none.

    Raises:
        InputError: When it cannot be read, is no text, or is larger than any file people write.
    """
    place = path.name or str(path)
    try:
        if path.is_file() and path.stat().st_size > LARGEST_FILE:
            raise _unreadable(path, place, remedy, f"is larger than {LARGEST_FILE:,} bytes")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(path, place, remedy, f"is no text in UTF-8, from byte {error.start} on") from error
    except (OSError, ValueError) as error:  # a name with a zero in it is no OSError
        told = getattr(error, "strerror", None) or str(error)
        raise _unreadable(path, place, remedy, f"cannot be read: {told}") from error


def _unreadable(path: Path, place: str, remedy: str, rule: str) -> InputError:
    return InputError(place, [Fault("file", str(path), rule, remedy)])


def no_toml(error: ValueError | RecursionError) -> Fault:
    """What is wrong with a text that `tomllib` cannot read."""
    if isinstance(error, RecursionError):
        return Fault(
            "file", NOTHING, "is nested too deeply", "Such a file has tables in tables in tables at most."
        )
    told, at, where = str(error).rpartition(" (at ")
    place = where.rstrip(")") if at else "file"
    return Fault(place, told or str(error), "is no TOML", "Look at what stands before, too.")
