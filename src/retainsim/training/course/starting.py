"""A file to begin one's own course with: sound as it stands, with what else can be put into it."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from retainsdk.errors import Fault, InputError, StoreError
from retainsdk.whole_file import write_whole
from retainsim.training.course.plan import Course
from retainsim.training.course.reading import course_file, load_course


def start_course(place: Path) -> Course:
    """
    Write the file of a course, to be edited.

    Args:
        place: A folder, which is made where there is none, or the file itself.

    Returns:
        The course as it stands there.

    Raises:
        InputError: When there is a course already.
        StoreError: When nothing can be written there.
    """
    file = course_file(place)
    if file.exists():
        source = "new course"
        fault = Fault("file", str(file), "is there already", "Choose another folder, or move it away.")
        raise InputError(source, [fault])
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        rule = f"cannot be made ({error.strerror or error})"
        raise StoreError(str(file.parent), rule, "Choose another place.") from error
    write_whole(file, course_text())
    return load_course(file)


def course_text() -> str:
    """The text that a course begins with."""
    return (resources.files("retainsim.training.course") / "begin.toml").read_text(encoding="utf-8")
