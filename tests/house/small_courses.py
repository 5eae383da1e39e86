"""Small courses, and bots who take their calls."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from retainsdk.policy import Move
from retainsim.training.bots import BOTS
from retainsim.training.course import Course, Newcomer, Room, Sitting, Trainee, load_course
from retainsim.training.desk import Desk
from retainsim.training.session import Phase

TWO_PARTS = """
language = "en"
pass_mark = 60
[title]
en = "A small course"
he = "קורס קטן"
[parts.first]
purpose = "practice"
scenarios = ["no_need"]
calls = 1
forks = 1
[parts.final]
purpose = "assessment"
scenarios = ["no_need"]
calls = 1
"""
TREATED = TWO_PARTS + '[treatments]\ndebrief = ["full", "lines"]\nmodels = ["both", "none"]\n'


def a_course(folder: Path, text: str = TWO_PARTS) -> Course:
    """A course in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "course.toml").write_text(text, encoding="utf-8")
    return load_course(folder)


def enrolled(room: Room, *labels: str) -> list[Trainee]:
    """Trainees with those labels."""
    return room.enrol([Newcomer(label=label, gender="feminine") for label in labels])


def take(sitting: Sitting, bot: str = "script", moves: Sequence[Move] | None = None) -> Desk:
    """A call taken to its end, each step kept: by a bot, or by some moves after which the bot only foretells."""
    desk = sitting.desk
    who = BOTS[bot](desk.session)
    for move in moves or ():
        desk = desk.at(desk.session.say(move))
        sitting.keep(desk)
    while desk.session.phase is Phase.CALL:
        desk = desk.at(desk.session.say(who.move(desk.session)))
        sitting.keep(desk)
    if desk.session.phase is Phase.FORECAST:
        desk = desk.at(desk.session.foretell(who.forecast(desk.session)))
        sitting.keep(desk)
    return desk


def take_all(room: Room, trainee: Trainee | None, bot: str = "script") -> None:
    """Every call that is due to somebody."""
    while (sitting := room.sitting(trainee)) is not None:
        take(sitting, bot)
