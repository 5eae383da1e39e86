"""The report of a course: what is told of whom, and how sure it is."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest
from small_courses import (
    TREATED,
    a_course,
    a_person,
    a_report,
    a_result,
    enrolled,
    take,
    take_all,
)

from retainsdk.policy import Move, MoveKind
from retainsim.training.course import Room
from retainsim.training.course.estimate import LEAST, mean_of
from retainsim.training.course.report import growth_of, report
from retainsim.training.course.result import result_of, results_of
from retainsim.training.outlook import Outlook
from retainsim.training.score import Dimension, Yardstick
from retainsim.training.session import REASONS, Forecast, NotNowError, Session

BEGUN = Session.begin("no_need", seed=3)
FORECAST = Forecast.sure(REASONS[0], 0.9, stays=0.5)


# what a call came to


def test_a_do_nothing_class_has_an_effect_of_exactly_nothing() -> None:
    """Every call of every trainee is left unanswered, so each is its own control twin."""
    silent = attrs.evolve(BEGUN, calls=(attrs.evolve(BEGUN.call, end="out of time"),)).foretell(FORECAST)
    results = [result_of(silent)] * 2

    made = a_report([a_person(*results, number=n) for n in range(LEAST)])

    assert made.effect("USD") == mean_of([0.0] * LEAST)
    assert (made.effect("USD").low, made.effect("USD").high) == (0.0, 0.0)


def test_a_call_is_measured_beside_its_own_twin_and_the_script() -> None:
    moves = [Move(kind=kind) for kind in (MoveKind.ASK_OPEN, MoveKind.PRESSURE, MoveKind.CLOSE)]
    session = BEGUN.after(moves).foretell(FORECAST)
    by = Yardstick.of(session)

    result = result_of(session, by)

    assert result.nobody == by.alone.value / 100
    assert result.best == by.best.value / 100
    assert result.value == by.futures.of(session.outcome).value / 100
    assert result.lines["no_pressure"] == 0
    assert result.guessed == REASONS[0].name.lower()


def test_a_sealed_call_has_no_result() -> None:
    sealed = attrs.evolve(BEGUN, sealed=True).after([Move(kind=MoveKind.CLOSE)]).foretell(FORECAST)

    with pytest.raises(NotNowError, match="opened once all have finished"):
        result_of(sealed)


def test_what_was_worked_out_is_not_worked_out_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Room(a_course(tmp_path)) as room:
        (trainee,) = enrolled(room, "Dana")
        take_all(room, trainee)
        first, _ = results_of(room)
        monkeypatch.setattr(Yardstick, "of", lambda _: pytest.fail("worked out again"))

        second, _ = results_of(room)

    assert first == second
    assert len(first) == 2


# trainees and the class


def test_growth_is_the_later_half_less_the_earlier_beside_the_script() -> None:
    person = a_person(
        a_result(score=0.2, script=0.4), a_result(score=0.9, script=0.1), a_result(score=0.6, script=0.6)
    )

    assert person.growth == pytest.approx(0.2)
    assert growth_of([0.3]) is None
    assert growth_of([0.0, 0.1, 0.5, 0.6]) == pytest.approx(0.5)


def test_a_class_is_as_many_as_its_trainees_however_many_calls_they_took() -> None:
    people = [a_person(*[a_result(score=0.1 * n)] * (1 + n), number=n) for n in range(LEAST)]

    made = a_report(people)

    assert made.score == mean_of([0.1 * n for n in range(LEAST)])
    assert made.dimension(Dimension.TRUST).n == LEAST
    assert made.dimension(Dimension.ETHICS).n == 0


def test_money_is_told_in_each_currency_by_itself() -> None:
    person = a_person(a_result(), a_result(currency="EUR", value=5.0))

    assert person.effects == {"EUR": -5.0, "USD": 20.0}
    assert a_report([person]).currencies == ["EUR", "USD"]
    assert person.beside_script == {"EUR": -20.0, "USD": 5.0}


def test_saying_no_need_more_often_than_it_is_true_is_told_as_a_habit() -> None:
    person = a_person(
        a_result(guessed="need_ended"),
        a_result(guessed="need_ended", truth="need_ended"),
        a_result(),
        a_result(beyond=8.0, promises=2, lines={"no_discount_needed": 0.0}),
    )

    habits = person.habits

    assert habits is not None
    assert (habits.no_need_said, habits.no_need_true) == (0.5, 0.25)
    assert (habits.beyond, habits.promises) == ({"USD": 2.0}, 0.5)
    assert habits.needless == pytest.approx(0.25)
    assert a_report([person]).no_need.mean == pytest.approx(0.25)


def test_the_weakest_line_comes_first() -> None:
    people = [a_person(a_result(lines={"trust": 0.2, "asked_first": 0.9, "confirmed": 0.1}))]

    assert list(a_report(people).lines) == ["confirmed", "trust", "asked_first"]


def test_a_score_is_as_reliable_as_one_seller_s_scores_are_alike() -> None:
    people = [
        a_person(*(a_result(score=0.1 * n, script=script) for script in (0.4, 0.6)), number=n)
        for n in range(LEAST)
    ]

    reliability = a_report(people).reliability

    assert reliability is not None
    assert reliability.spread == pytest.approx(0.1033, abs=1e-4)
    assert reliability.of_mean == pytest.approx(reliability.spread / 2**0.5)
    assert reliability.share == pytest.approx(1 - reliability.of_mean**2 / 0.06, abs=1e-3)
    assert a_report(people[:1]).reliability is not None
    assert a_report(people[:2]).reliability.share is None  # type: ignore[union-attr] # two callers each


def test_groups_are_compared_when_it_is_asked_for_and_not_before() -> None:
    people = [
        a_person(
            a_result(score=0.5 + 0.01 * n + (0.2 if n % 2 else 0)), number=n, debrief=("full", "lines")[n % 2]
        )
        for n in range(2 * LEAST)
    ]

    (compared,) = a_report(people, "debrief").comparisons

    assert a_report(people).comparisons == []
    assert (compared.level, compared.other, compared.sizes) == ("lines", "full", (LEAST, LEAST))
    assert compared.score.mean == pytest.approx(0.21)
    assert compared.score.sign == 1


def test_groups_are_compared_by_assessments_where_there_are_any() -> None:
    person = a_person(a_result(score=0.2))
    assessed = a_person(a_result(score=0.8), is_assessment=True)
    both = attrs.evolve(person, taken=(*person.taken, *assessed.taken))

    assert (person.assessed, both.assessed) == (0.2, 0.8)


# what is told


def test_an_assessment_is_told_of_when_it_is_over_and_passed_or_not(tmp_path: Path) -> None:
    with Room(a_course(tmp_path)) as room:
        dana, yossi = enrolled(room, "Dana", "Yossi")
        take_all(room, dana)
        before = report(room)
        take(room.sitting(yossi), "script")  # type: ignore[arg-type] # the first call is due
        take(room.sitting(yossi), moves=[Move(kind=MoveKind.PRESSURE)] * 3, bot="random")  # type: ignore[arg-type] # so is the second
        after = report(room)

    assert [it.part for it in before.waiting] == ["final"]
    assert (before.waiting[0].finished, before.waiting[0].enrolled) == (1, 2)
    assert [len(it.taken) for it in before.people] == [1, 0]
    assert after.waiting == ()
    assert [len(it.taken) for it in after.people] == [2, 2]
    assert after.people[0].passed == {"final": True}
    assert after.people[1].passed == {"final": False}


def test_names_are_hidden_in_an_order_that_tells_nothing(tmp_path: Path) -> None:
    with Room(a_course(tmp_path)) as room:
        trainees = enrolled(room, *(f"trainee {n}" for n in range(6)))

        hidden = report(room, hide_names=lambda place: f"number {place}")

    assert [it.label for it in hidden.people] == [f"number {n}" for n in range(1, 7)]
    assert [it.trainee for it in hidden.people] == sorted(trainees, key=lambda it: it.code)


def test_outlooks_of_unanswered_calls_are_those_of_the_twin() -> None:
    silent = attrs.evolve(BEGUN.call, end="out of time")
    by = Yardstick.of(BEGUN)

    outlook: Outlook = by.futures.of(attrs.evolve(BEGUN, calls=(silent,)).outcome)

    assert outlook == by.alone


def test_lots_of_a_course_are_concealed_from_its_report(tmp_path: Path) -> None:
    with Room(a_course(tmp_path, TREATED)) as room:
        enrolled(room, "Dana")

        made = report(room)

    assert made.factors == ()
    assert made.comparisons == []
