"""What commands that take long share: a bar, Ctrl-C between worlds, a folder that can be written to."""

from __future__ import annotations

import shlex
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from retainsdk.errors import Fault


def typed_command() -> str:
    """What was typed, as it can be typed again."""
    return shlex.join(["retainsim", *sys.argv[1:]])


def prepare(out: Path | None, faults: list[Fault]) -> None:
    """Find out now, not after the last world, that nothing can be written there."""
    try:
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=out).close()
    except OSError as error:
        rule = f"cannot be written to: {error.strerror}"
        faults.append(Fault("out", str(out), rule, "Choose another folder."))


@contextmanager
def interruptible() -> Iterator[Callable[[], None]]:
    """
    Ctrl-C ends the work after the present world, or month; pressed again, at once.

    An exception in the midst of compiling would be lost: callbacks of the compiler cannot pass it on.
    """
    pressed = threading.Event()

    def interrupt(signum: int, frame: Any) -> None:  # noqa: ANN401, ARG001 # as signal calls it
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()

    def stop_if_interrupted() -> None:
        if pressed.is_set():
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():  # only there can a handler be set
        yield stop_if_interrupted
        return
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield stop_if_interrupted
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def progress(*, quiet: bool, of: str = "worlds") -> Iterator[Callable[[int, int], None]]:
    """A bar on the terminal's error stream; nothing where nobody looks."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, total: None  # noqa: ARG005 # the bar's parameters
        return
    from rich.console import Console  # noqa: PLC0415 # only for the bar
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(of, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
