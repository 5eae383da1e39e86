"""Small courses, bots who take their calls, and reports made of given results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs

from retainsdk.policy import Move
from retainsim.training.bots import BOTS
from retainsim.training.course import BookSitting, Course, Newcomer, Room, Sitting, Trainee, load_course
from retainsim.training.course.kept import Call
from retainsim.training.course.report import Person, Report, Taken
from retainsim.training.course.result import Result
from retainsim.training.desk import Desk
from retainsim.training.lines import Gender, Language
from retainsim.training.record import Record
from retainsim.training.rounds import SELLERS, played
from retainsim.training.rounds.desk import BookDesk
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
BOOKS = """
language = "en"
pass_mark = 60
[title]
en = "A course of books"
he = "קורס של ספרים"
[parts.trial]
purpose = "practice"
preset = "telecom"
customers = 24
rounds = 1
hours = 1
[parts.final_book]
purpose = "assessment"
preset = "telecom"
customers = 24
rounds = 1
hours = 1
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


def look_after(sitting: BookSitting, seller: str = "script") -> BookDesk:
    """A book looked after to its end by a bot, and kept."""
    desk = sitting.desk
    desk = desk.at(played(desk.play, SELLERS[seller]()))
    sitting.keep(desk)
    return desk


def a_result(**changes: Any) -> Result:
    """What a call came to, with some of it changed."""
    plain: dict[str, Any] = {
        "scenario": "no_need",
        "truth": "life_event",
        "guessed": "life_event",
        "stays": True,
        "score": 0.5,
        "dimensions": {"trust": 0.5},
        "lines": {"trust": 1.0, "no_discount_needed": 1.0},
        "script": 0.5,
        "script_dimensions": {"trust": 0.5},
        "currency": "USD",
        "value": 30.0,
        "nobody": 10.0,
        "script_value": 25.0,
        "best": 50.0,
        "is_something_to_win": True,
        "beyond": 0.0,
        "promises": 0,
    }
    return Result(**(plain | changes))


def a_person(*results: Result, number: int = 1, is_assessment: bool = False, **treatment: str) -> Person:
    """A trainee with calls that came to that."""
    trainee = Trainee(
        number=number,
        code=f"CODE{number}",
        label=f"trainee {number}",
        name="",
        gender=Gender.FEMININE,
        language=Language.ENGLISH,
        treatment=treatment,
    )
    call = Call(
        number=1,
        trainee=number,
        part="first",
        place=1,
        is_assessment=is_assessment,
        record=Record(scenario="no_need", digest="", seed=number),
        votes=(),
        forks=0,
    )
    taken = tuple(
        Taken(call=attrs.evolve(call, record=attrs.evolve(call.record, seed=100 * number + place)), result=it)
        for place, it in enumerate(results)
    )
    return Person(trainee=trainee, label=trainee.label, taken=taken, finished=len(taken), passed={})


def a_report(people: list[Person], *factors: str, course: Course | None = None) -> Report:
    """The report of those people."""
    planned = course or Course(
        file=Path("course.toml"),
        title={"en": "", "he": ""},
        language="en",
        pass_mark=0.6,
        parts=(),
        factors={"debrief": ("full", "lines")},
    )
    return Report(
        course=planned, people=tuple(people), group=None, waiting=(), changed=0, factors=tuple(factors)
    )
