"""A rehearsal: bots take every call of a course, so that a trainer sees its report before anybody has taken one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import cycle

from retainsdk.errors import Fault, InputError
from retainsim.training.bots import BOTS, Bot
from retainsim.training.course.room import Room, Sitting
from retainsim.training.debrief import Presses
from retainsim.training.session import Phase, Session

SELLERS: Mapping[str, Callable[[Session], Bot]] = {
    "script": BOTS["script"],
    "always_discount": BOTS["always_discount"],
    "random": BOTS["random"],
    "presses": lambda _: Presses(),
}
"""Who sits in for the first trainee, the second and so on; then from the first again."""


def rehearse(
    room: Room,
    *,
    on_call: Callable[[int, int], None] = lambda done, total: None,  # noqa: ARG005 # as it is called
) -> int:
    """
    Let bots take every call that is due to trainees.

    Args:
        room: Of the course, in which nobody has begun a call.
        on_call: Told after each call how many are done, and of how many.

    Returns:
        How many calls they took.

    Raises:
        InputError: When nobody is enrolled, or somebody has begun a call.
    """
    trainees = room.trainees()
    if room.calls():
        source = "rehearsal"
        remedy = "Rehearse with a copy of the course's file in a folder of its own."
        raise InputError(source, [Fault("calls", str(len(room.calls())), "were taken by people", remedy)])
    if not trainees:
        source = "rehearsal"
        raise InputError(source, [Fault("trainees", "0", "is nobody", "Enrol some, under any labels.")])
    total, done = len(trainees) * sum(len(part.in_order) for part in room.course.parts), 0
    sellers = dict(zip((it.number for it in trainees), cycle(SELLERS.values()), strict=False))
    for trainee in trainees:
        while (sitting := room.sitting(trainee)) is not None:
            _take(sitting, sellers[trainee.number])
            done += 1
            on_call(done, total)
    return done


def _take(sitting: Sitting, seller: Callable[[Session], Bot]) -> None:
    desk = sitting.desk
    bot = seller(desk.session)
    while desk.session.phase is Phase.CALL:
        desk = desk.at(desk.session.say(bot.move(desk.session)))
    if desk.session.phase is Phase.FORECAST:
        desk = desk.at(desk.session.foretell(bot.forecast(desk.session)))
    sitting.keep(desk)
