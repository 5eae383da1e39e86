"""Books of customers in a course at the terminal, or through a pipe."""

from __future__ import annotations

from retainsim.cli.book_pipe import BookPipe
from retainsim.cli.book_seat import BookSeat
from retainsim.cli.course_said import Said
from retainsim.cli.printed import print_record
from retainsim.training.course import BookSitting
from retainsim.training.rounds.desk import BookDesk
from retainsim.training.rounds.report import BookReport


def looked_after(sitting: BookSitting, said: Said, *, as_json: bool) -> None:
    """A book to its end, or as far as somebody goes on with it."""
    if as_json:
        BookPipe(sitting.keep).play(sitting.desk)
        return
    said.before(sitting.book)
    BookSeat(sitting.keep).play(sitting.desk)
    said.at_end(as_json=False)


def told_of(desk: BookDesk, *, as_json: bool) -> None:
    """What a book came to that may be told of."""
    if as_json:
        print_record(BookReport(desk=desk).to_record())
    else:
        BookSeat(lambda _: None).report(desk)
