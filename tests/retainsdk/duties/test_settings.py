"""What a book says of its duties: which are on, and with which figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from retainsdk.book import Book
from retainsdk.duties import Duties
from retainsdk.duties.settings import figures, with_figures
from retainsdk.errors import CommandError, UnknownNameError
from retainsdk.testing import SetClock, a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import Stage, TermKind

EVERY = sorted(Duties.names())


@pytest.mark.parametrize("name", EVERY)
def test_every_duty_of_a_book_can_be_off_and_on_again(name: str) -> None:
    book = a_book(clock=SetClock(at(2)))

    book.change_duty(name, on=False, actor="boss")
    off = book.duties()
    book.change_duty(name, actor="boss")

    assert getattr(off, name) is None
    assert book.duties() == Duties()


@pytest.mark.parametrize("name", EVERY)
def test_every_figure_of_every_duty_can_be_set_and_is_read_back(name: str) -> None:
    book = a_book(clock=SetClock(at(2)))
    wanted = {figure: 1 if figure == "prospects" else 5 for figure in figures(getattr(Duties(), name))}

    book.change_duty(name, figures=wanted, actor="boss")

    assert figures(getattr(book.duties(), name)) == wanted


def test_figures_as_they_are_make_the_same_duty() -> None:
    for duty in Duties().on():
        assert with_figures(duty, figures(duty)) == duty


def test_a_run_goes_by_what_the_book_says_whoever_opens_it(tmp_path: Path) -> None:
    clock = SetClock(at(2))
    with Book.open(tmp_path / "crm.db", currency="EUR", clock=clock) as book:
        fixed = some_terms(kind=TermKind.FIXED, months=12, starts_on=date(2025, 6, 1))
        a_relationship(book, terms=fixed)
        book.change_duty("notices", figures={"end_days": 90, "ahead_days": 60}, actor="boss")
        a_relationship(book, name="Gil", stage=Stage.PROSPECT, terms=some_terms())
        book.change_duty("onboarding", on=False, actor="boss")
    with Book.open(tmp_path / "crm.db", clock=clock) as book:
        book.run_duties(actor="clock")

        assert [(it.kind, it.day) for it in book.agenda().items] == [("notice", date(2026, 3, 2))]


def test_a_duty_that_is_switched_off_takes_back_what_is_not_due_yet_in_the_next_run() -> None:
    book = a_book(clock=SetClock(at(2)))
    a_relationship(book, stage=Stage.PROSPECT, terms=some_terms())
    first = book.run_duties(actor="clock")
    book.change_duty("onboarding", on=False, actor="boss")
    second = book.run_duties(actor="clock")
    book.change_duty("onboarding", figures={"ways_learnt_days": 40}, actor="boss")
    third = book.run_duties(actor="clock")

    # two of the five steps were due in January: those stay as they are
    assert (first.opened, second.voided, third.opened) == (5, 3, 3)


def test_what_is_changed_later_leaves_the_other_figures_as_the_book_says() -> None:
    clock = SetClock(at(2))
    book = a_book(clock=clock)
    book.change_duty("notices", figures={"end_days": 60}, actor="boss")
    clock.time = at(3)
    book.change_duty("notices", figures={"renewal_days": 21}, actor="boss")

    now, before = book.duties().notices, book.duties(as_of=at(2)).notices

    assert now is not None
    assert before is not None
    assert (figures(now)["end_days"], figures(now)["renewal_days"]) == (60, 21)
    assert (figures(before)["end_days"], figures(before)["renewal_days"]) == (60, 14)


@pytest.mark.parametrize(
    ("duty", "asked", "error", "match"),
    [
        ("notice", {}, UnknownNameError, "Did you mean 'notices'"),
        ("notices", {"end_day": 3}, UnknownNameError, "Did you mean 'end_days'"),
        ("notices", {"end_days": -1}, CommandError, "below nothing"),
        ("promised_contact", {"a_days": 30}, CommandError, "1 day or more"),
        (
            "promised_contact",
            {"a_days": 60, "b_days": 30, "c_days": 90},
            CommandError,
            "must not wait longer",
        ),
    ],
)
def test_what_no_duty_can_be_is_refused(
    duty: str, asked: dict[str, int], error: type[Exception], match: str
) -> None:
    book = a_book(clock=SetClock(at(2)))

    with pytest.raises(error, match=match):
        book.change_duty(duty, figures=asked, actor="boss")

    assert book.duties() == Duties()


def test_a_duty_is_not_changed_behind_a_later_word() -> None:
    book = a_book(clock=SetClock(at(4)))
    book.change_duty("notices", on=False, occurred_at=at(3), actor="boss")

    with pytest.raises(CommandError, match="was changed later"):
        book.change_duty("notices", occurred_at=at(2), actor="boss")
