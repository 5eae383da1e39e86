"""What is said round the calls and books of a course at the terminal."""

from __future__ import annotations

from pathlib import Path

import click

from retainsim.cli.direction import left_to_right, right_to_left
from retainsim.cli.printed import print_record
from retainsim.training.course import Books, Call, KeptBook, Room, Trainee
from retainsim.training.course.words import course_word
from retainsim.training.lines import Gender, Language


class Said:
    """What is said round a call or a book, in the language of whoever takes it."""

    def __init__(self, room: Room, trainee: Trainee | None, place: Path) -> None:
        self.room, self.trainee, self.place = room, trainee, place
        self.language = Language(room.course.language) if trainee is None else trainee.language
        self.gender = Gender.MASCULINE if trainee is None else trainee.gender

    def shown(self, word: str, **slots: str) -> str:
        return self.in_line(course_word(self.language, word, you=self.gender, **slots))

    def in_line(self, text: str) -> str:
        return right_to_left(text) if self.language == "he" else left_to_right(text)

    def before(self, taken: Call | KeptBook) -> None:
        """Where in the course a call or a book stands, and what it is for."""
        part = self.room.course.part(taken.part)
        assert part is not None  # noqa: S101 # it was due
        if part.book is not None:
            click.echo(self.shown("run.of_book", part=part.name))
            told = "assessment_of_book" if part.is_assessment else "practice_of_book"
            click.echo(self.shown(f"run.{told}") + "\n")
            return
        most = str(len(part.in_order))
        click.echo(self.shown("run.of", part=part.name, place=str(taken.place), most=most))
        told = "group" if self.trainee is None else part.purpose.value
        click.echo(self.shown(f"run.{told}") + "\n")

    def at_end(self, *, as_json: bool) -> None:
        """What comes next."""
        number = 0 if self.trainee is None else self.trainee.number
        due = self.room.due(number)
        if as_json:
            print_record({"schema_version": 1, "due": None})
            return
        click.echo()
        if due is not None:
            part, place, _ = due
            if part.book is not None:
                click.echo(self.shown("run.next_book", part=part.name))
            else:
                most = str(len(part.in_order))
                click.echo(self.shown("run.next", part=part.name, place=str(place), most=most))
        else:
            click.echo(self.shown("run.done"))
        opened = self.room.opened()
        taken: list[Call | KeptBook] = [*self.room.calls(), *Books(self.room).kept()]
        begun = {it.part for it in taken if it.trainee == number and it.is_assessment}
        for part in self.room.course.parts if self.trainee is not None else ():
            if part.name in begun and part.name in opened:
                code = "" if self.trainee is None else self.trainee.code
                click.echo(self.shown("run.hear", part=part.name, folder=str(self.place), code=code))
            elif part.name in begun and due is None:
                click.echo(self.shown("run.wait", part=part.name))
