"""Commands of all aggregates interleaved: whatever is told to a book, no rule of the domain breaks."""

from __future__ import annotations

from collections import Counter
from itertools import count
from pathlib import Path
from random import Random
from time import perf_counter

import pytest
from certificates import Certificate, Size
from hypothesis import settings

from retainsdk.testing import SetClock, a_book
from retainsdk.testing.calls import COMMANDS, begun
from retainsdk.testing.check_book import book_faults
from retainsdk.testing.machine import BookMachine
from retainsdk.testing.walk import Walk

STEPS = 60
IN_A_FILE = 5
"""One book in so many is kept in a file."""
AT_MOST = 60
"""Books; who has not taken every command by then never will."""
NEEDS_A_PLUGIN = {"record_event"}
"""Takes events that a plug-in has added; these books have none."""

TestEverything = BookMachine.TestCase
TestEverything.settings = settings(max_examples=4, stateful_step_count=20, deadline=None)


def test_every_command_takes_part() -> None:
    assert len(COMMANDS) > 120
    assert {
        "register_customer",
        "sign",
        "promise",
        "open_case",
        "run_duties",
        "action_done",
    } <= COMMANDS.keys()


@pytest.mark.certified("commands-interleaved", ["src/retainsdk"])
def test_commands_of_all_aggregates_interleaved_break_no_invariant(
    size: Size, certificate: Certificate, tmp_path: Path
) -> None:
    at_least = size(4, 200)
    accepted, refused, learned = Counter[str](), Counter[str](), dict[str, str]()
    walks: list[Walk] = []
    started = perf_counter()

    for seed in count():
        clock = SetClock()
        path = tmp_path / f"{seed}.db" if seed % IN_A_FILE == 0 else None
        book = begun(a_book(clock=clock, path=path))
        walk = Walk(book=book, clock=clock, accepted=accepted, refused=refused, learned=learned)
        luck, checked = Random(seed), 0
        for _ in range(STEPS):
            walk.step(luck)
            faults = book_faults(book, after=checked)
            assert not faults, (faults, walk.told)
            checked = len(book)
        book.close()
        walks.append(walk)
        covered = not walk.never_taken(but=NEEDS_A_PLUGIN)
        if (covered and len(walks) >= at_least) or len(walks) >= max(at_least, AT_MOST):
            break

    assert walks[-1].never_taken(but=NEEDS_A_PLUGIN) == []
    assert sum(len(walk.told) for walk in walks) == accepted.total() > size(200, 10_000)
    assert refused.total() > accepted.total()
    certificate.record(
        {
            "books": len(walks),
            "books in files": len(walks[::IN_A_FILE]),
            "commands taken": accepted.total(),
            "commands refused": refused.total(),
            "commands that exist": len(COMMANDS),
            "commands taken at least once": len(accepted),
            "fewest times a command was taken": min(accepted.values()),
            "wall time in seconds": round(perf_counter() - started, 1),
        },
        seeds=range(len(walks)),
    )
