from __future__ import annotations

from retainsdk.events import InteractionRecorded
from retainsdk.record.touchpoint import touchpoints
from retainsdk.vocabulary import Channel, Direction


def met(step: str, friction: int | None = None, minutes: int | None = None) -> InteractionRecorded:
    return InteractionRecorded(
        channel=Channel.PHONE, direction=Direction.INBOUND, purpose="service", human=True, two_way=True, text="",
        step=step, friction=friction, minutes=minutes,
    )  # fmt: skip


def test_the_hardest_step_comes_first_and_one_nobody_rated_last() -> None:
    found = touchpoints(
        [met("queue", 9, 4), met("form"), met("search", 2), met("queue", 4), met(""), met("queue")]
    )

    assert [(it.step, it.contacts, it.rated, it.friction, it.hardest, it.minutes) for it in found] == [
        ("queue", 3, 2, 6.5, 9, 4),
        ("search", 1, 1, 2.0, 2, 0),
        ("form", 1, 0, None, None, 0),
    ]
