"""Clocks and sources of ids that a book can rely on, and those it cannot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from retainsdk.errors import InputError
from retainsdk.journal import new_id, now
from retainsdk.testing import NOW, SetClock, check_clock, check_ids

seconds = count()


def failing() -> Any:
    raise ZeroDivisionError


def test_the_clock_of_the_computer_and_one_that_stands_can_be_relied_on() -> None:
    check_clock(now)
    check_clock(SetClock())


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        (failing, "ZeroDivisionError"),
        (lambda: datetime(2026, 1, 1), "with a time zone"),  # noqa: DTZ001 # that is the fault
        (lambda: NOW - timedelta(seconds=next(seconds)), "must not go back"),
    ],
)
def test_a_clock_hears_what_is_wrong_with_it(clock: Callable[[], datetime], words: str) -> None:
    with pytest.raises(InputError, match=words):
        check_clock(clock)


def test_random_and_counted_ids_can_be_relied_on() -> None:
    numbers = count(1)

    check_ids(new_id)
    check_ids(lambda: next(numbers))


@pytest.mark.parametrize(
    ("ids", "words"),
    [(failing, "ZeroDivisionError"), (lambda: 2**64, "64 bits"), (lambda: 7, "must not be given twice")],
)
def test_a_source_of_ids_hears_what_is_wrong_with_it(ids: Callable[[], int], words: str) -> None:
    with pytest.raises(InputError, match=words):
        check_ids(ids)
