"""What is given to commands: nothing of another kind gets past them, and nothing raw comes out."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from retainsdk import policies
from retainsdk.errors import CommandError, InputError
from retainsdk.kinds import hints_of
from retainsdk.testing import a_book, a_relationship, at
from retainsdk.testing.calls import COMMANDS, a_call, begun


class Alien:
    """Of no kind that anybody asks for."""


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_refuses_what_is_of_no_kind_it_asks_for_by_its_place(name: str) -> None:
    book = begun(a_book())
    digest = book.digest()
    hints = hints_of(COMMANDS[name])
    _, given = a_call(Random(7), name=name)
    asked = [it for it, kind in hints.items() if it not in {"how", "return"} and kind not in {Any, object}]

    for wrong in [*asked, "actor", "occurred_at", "key", "reason"]:
        if "Any" in str(hints.get(wrong)):  # imported for type checkers alone: no command can tell
            continue
        with pytest.raises(InputError) as refused:
            getattr(book, name)(**{**given, wrong: Alien()})
        assert [fault.place for fault in refused.value.faults] == [wrong]

    assert book.digest() == digest


def test_all_that_is_wrong_is_told_at_once_with_what_belongs_there() -> None:
    book = a_book()
    us = a_relationship(book)
    wrong: dict[str, Any] = {"kind": "callback", "due": "tomorrow", "what": "x"}

    with pytest.raises(InputError) as refused:
        book.promise(us, **wrong, actor="dana")

    assert str(refused.value) == (
        "promise: 2 faults\n"
        "  kind: 'callback' is of type str, where Promise is needed. Give Promise.CALLBACK.\n"
        "  due: 'tomorrow' is of type str, where datetime or LocalTime or None is needed. "
        "Give an instant with its zone, like datetime(2026, 3, 1, 9, tzinfo=ZoneInfo('Asia/Jerusalem'))."
    )


def test_what_is_given_by_its_place_is_looked_at_too() -> None:
    book = a_book()
    wrong: Any = "Noa"

    with pytest.raises(InputError, match="relationship: 'Noa' is of type str, where int is needed"):
        book.begin_end(wrong, actor="dana")


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("propose", {"policy": policies.get("none")}),
        ("run_duties", {}),
        ("correct_record", {"relationship": 2, "record": 3, "why": "a slip"}),
        ("undo", {"relationship": 2}),
    ],
)
def test_what_the_book_does_at_its_own_time_takes_no_other(name: str, given: dict[str, Any]) -> None:
    book = begun(a_book())
    digest = book.digest()

    with pytest.raises(CommandError, match=r"at 2026-05-01.* Leave out `occurred_at`"):
        getattr(book, name)(**given, occurred_at=at(5), actor="dana")

    assert book.digest() == digest
