"""A rehearsal: bots take every call and every book of a course, so that a trainer sees its report before anybody has taken one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import cycle

from retainsdk.errors import Fault, InputError
from retainsim.training.bots import BOTS, Bot
from retainsim.training.course.books import Books, BookSitting
from retainsim.training.course.room import Room, Sitting
from retainsim.training.debrief import Presses
from retainsim.training.rounds import SELLERS as BOOK_SELLERS
from retainsim.training.rounds import Nobody, Seller, played
from retainsim.training.session import Phase, Session

SELLERS: Mapping[str, Callable[[Session], Bot]] = {
    "script": BOTS["script"],
    "always_discount": BOTS["always_discount"],
    "random": BOTS["random"],
    "presses": lambda _: Presses(),
}
_FOR_BOOKS: Mapping[str, Callable[[], Seller]] = {**BOOK_SELLERS, "presses": Nobody}
"""Who sits in for the first trainee, the second and so on; then from the first again."""


def rehearse(
    room: Room,
    *,
    on_call: Callable[[int, int], None] = lambda done, total: None,  # noqa: ARG005 # as it is called
) -> int:
    """
    Let bots take every call and every book that is due to trainees.

    Args:
        room: Of the course, in which nobody has begun anything.
        on_call: Told after each call and book how many are done, and of how many.

    Returns:
        How many calls and books they took.

    Raises:
        InputError: When nobody is enrolled, or somebody has begun something.
    """
    trainees = room.trainees()
    books = Books(room)
    for what, many in (("calls", len(room.calls())), ("books", len(books.kept()))):
        if many:
            source = "rehearsal"
            remedy = "Rehearse with a copy of the course's file in a folder of its own."
            raise InputError(source, [Fault(what, str(many), "were taken by people", remedy)])
    if not trainees:
        source = "rehearsal"
        raise InputError(source, [Fault("trainees", "0", "is nobody", "Enrol some, under any labels.")])
    total, done = len(trainees) * sum(len(part.places) for part in room.course.parts), 0
    sellers = dict(zip((it.number for it in trainees), cycle(SELLERS), strict=False))
    for trainee in trainees:
        name = sellers[trainee.number]
        while (sitting := room.sitting(trainee) or books.sitting(trainee)) is not None:
            if isinstance(sitting, BookSitting):
                desk = sitting.desk
                sitting.keep(desk.at(played(desk.play, _FOR_BOOKS[name]())))
            else:
                _take(sitting, SELLERS[name])
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
