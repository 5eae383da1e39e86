"""A rehearsal with bots, of a course that nobody has begun."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_courses import a_course, enrolled, take

from retainsdk.errors import InputError
from retainsim.training.course import Room
from retainsim.training.course.rehearsal import rehearse


def test_bots_take_every_call_each_in_a_manner_of_its_own(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with Room(a_course(tmp_path)) as room:
        enrolled(room, "a", "b", "c", "d", "e")

        count = rehearse(room, on_call=lambda done, total: told.append((done, total)))

        moves = {
            it.trainee: [one.move for one in it.record.moves] for it in room.calls() if it.part == "final"
        }
        assert count == 10
        assert told[-1] == (10, 10)
        assert room.opened() == {"final"}
        assert moves[1] == moves[5]
        assert moves[2][0] == "offer_discount"
        assert "pressure" in moves[4]


def test_where_somebody_has_begun_nothing_is_rehearsed(tmp_path: Path) -> None:
    with Room(a_course(tmp_path)) as room:
        with pytest.raises(InputError, match="Enrol some"):
            rehearse(room)
        (dana,) = enrolled(room, "Dana")
        sitting = room.sitting(dana)
        assert sitting is not None
        take(sitting)

        with pytest.raises(InputError, match="were taken by people"):
            rehearse(room)

        assert len(room.calls()) == 1
