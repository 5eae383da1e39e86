"""
The report of a course: what each trainee and the class came to, with how sure that is.

It tells of calls whose truth may be told, and of nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from statistics import fmean, stdev, variance

import attrs

from retainsdk.experiment import Measure, Ratio, paired_ratio
from retainsim.training.course.book_effects import BookEffects, book_effects, book_results
from retainsim.training.course.books import Books
from retainsim.training.course.estimate import LEAST, Estimate, difference_of, mean_of
from retainsim.training.course.kept import CLASS, Call
from retainsim.training.course.plan import Course
from retainsim.training.course.result import Result, results_of
from retainsim.training.course.roll import Trainee
from retainsim.training.course.room import Room
from retainsim.training.score import Dimension
from retainsim.training.year import MONTHS

NO_NEED = "need_ended"


@attrs.frozen(kw_only=True)
class Taken:
    """A call that may be told of, and what it came to."""

    call: Call
    result: Result


@attrs.frozen(kw_only=True)
class Habits:
    """
    What somebody does again and again.

    Attributes:
        no_need_said: Share of calls whose forecast says that there is no need.
        no_need_true: Share in which there truly is none.
        beyond: Money off beyond the least that would have done, a call, in each currency.
        needless: Share of calls with money off among those in which the price was not the reason.
        promises: A call.
    """

    no_need_said: float
    no_need_true: float
    beyond: Mapping[str, float]
    needless: float | None
    promises: float

    @classmethod
    def of(cls, results: Sequence[Result]) -> Habits:
        """Of some calls, one at least."""
        needless = [1 - it.lines["no_discount_needed"] for it in results if "no_discount_needed" in it.lines]
        return cls(
            no_need_said=fmean(it.guessed == NO_NEED for it in results),
            no_need_true=fmean(it.truth == NO_NEED for it in results),
            beyond=_by_currency(results, lambda it: it.beyond),
            needless=fmean(needless) if needless else None,
            promises=fmean(it.promises for it in results),
        )


@attrs.frozen(kw_only=True)
class Person:
    """
    What one trainee, or the group before one screen, came to.

    Attributes:
        trainee: None for the group.
        label: As the report names him.
        taken: His calls that may be told of, in the order in which he took them.
        finished: Of all his calls, how many are.
        passed: Whether he passed each assessment he has finished, by its name.
    """

    trainee: Trainee | None
    label: str
    taken: tuple[Taken, ...]
    finished: int
    passed: Mapping[str, bool]

    @property
    def results(self) -> list[Result]:
        """What his calls came to."""
        return [it.result for it in self.taken]

    @property
    def score(self) -> float | None:
        """The mean score of his calls."""
        return _mean(it.score for it in self.results)

    @property
    def assessed(self) -> float | None:
        """The mean score of his calls in assessments, or where none may be told of in practice."""
        assessed = [it.result.score for it in self.taken if it.call.is_assessment]
        return _mean(assessed or [it.score for it in self.results])

    def dimension(self, dimension: Dimension) -> float | None:
        """The mean points of a dimension, over the calls in which it has a meaning."""
        return _mean(it.dimensions[dimension] for it in self.results if dimension in it.dimensions)

    @property
    def growth(self) -> float | None:
        """How far his score rose from the earlier half of his calls to the later; see `growth_of`."""
        return growth_of([it.score - it.script for it in self.results])

    def growth_in(self, dimension: Dimension) -> float | None:
        """The same of a dimension."""
        return growth_of(
            [
                it.dimensions[dimension] - it.script_dimensions[dimension]
                for it in self.results
                if dimension in it.dimensions and dimension in it.script_dimensions
            ]
        )

    @property
    def effects(self) -> Mapping[str, float]:
        """What a call of his is worth beside one that nobody answers, with the same caller and luck, in each currency."""
        return _by_currency(self.results, lambda it: it.value - it.nobody)

    @property
    def beside_script(self) -> Mapping[str, float]:
        """The same beside the call of a seller with a script."""
        return _by_currency(self.results, lambda it: it.value - it.script_value)

    @property
    def habits(self) -> Habits | None:
        """What he does again and again; none before his first call may be told of."""
        return Habits.of(self.results) if self.taken else None


@attrs.frozen(kw_only=True)
class Reliability:
    """
    How far a score can be relied on.

    Attributes:
        spread: How far the score of a seller who is always the same, the one with the script, lies from its mean from caller to
            caller, as a standard deviation.
        of_mean: The same of the mean of as many calls as a trainee took, on average.
        share: Of the variance between trainees, what is theirs and not that of their callers; none for too few trainees.
            Where all had the same callers more is theirs.
    """

    spread: float
    of_mean: float
    share: float | None


@attrs.frozen(kw_only=True)
class Comparison:
    """
    Two groups of trainees whom the lot gave different treatments.

    Attributes:
        factor: What differs.
        level: Of the one group.
        other: Of the other: the first that the plan names.
        sizes: Trainees of both.
        score: How far the first group lies above the other, in assessments where there are any.
        growth: The same of growth.
    """

    factor: str
    level: str
    other: str
    sizes: tuple[int, int]
    score: Estimate
    growth: Estimate


@attrs.frozen(kw_only=True)
class Waiting:
    """An assessment whose truth is not told yet, and how many have finished it."""

    part: str
    finished: int
    enrolled: int


@attrs.frozen(kw_only=True)
class Report:
    """
    What a course came to until now.

    Attributes:
        course: As it is planned.
        people: Trainees, in the order of enrolment, or where names are hidden by their codes.
        group: The class before one screen; none where it took no call.
        waiting: Assessments that are not told of.
        changed: Calls and books that cannot be played again.
        factors: What the report is asked to compare groups by.
        books: What books of customers came to, part by part.
    """

    course: Course
    people: tuple[Person, ...]
    group: Person | None
    waiting: tuple[Waiting, ...]
    changed: int
    factors: tuple[str, ...] = ()
    books: tuple[BookEffects, ...] = ()

    @property
    def told(self) -> list[Person]:
        """Those of whom there is something to tell."""
        return [it for it in self.people if it.taken]

    @property
    def score(self) -> Estimate:
        """The mean score of the class."""
        return self._mean(lambda it: it.score)

    @property
    def growth(self) -> Estimate:
        """How far scores rose; see `growth_of`."""
        return self._mean(lambda it: it.growth)

    def dimension(self, dimension: Dimension) -> Estimate:
        """The mean points of a dimension."""
        return self._mean(lambda it: it.dimension(dimension))

    def growth_in(self, dimension: Dimension) -> Estimate:
        """How far points of a dimension rose."""
        return self._mean(lambda it: it.growth_in(dimension))

    @property
    def currencies(self) -> list[str]:
        """Of the markets of the calls."""
        return sorted({it.currency for person in self.told for it in person.results})

    def effect(self, currency: str) -> Estimate:
        """What a call of the class is worth beside its control twin: the same caller and luck, and nobody answers."""
        return self._mean(lambda it: it.effects.get(currency))

    def beside_script(self, currency: str) -> Estimate:
        """The same beside the call of a seller with a script."""
        return self._mean(lambda it: it.beside_script.get(currency))

    def reach(self, currency: str) -> Ratio:
        """Of what the best call found would win beside nobody, the share that the class won."""
        measure = Measure(
            name="share of the reachable",
            definition="(trainee − nobody) ÷ (best − nobody)",
            unit="",
            horizon=f"{MONTHS} months",
        )
        won = [it.effects[currency] for it in self.told if currency in it.effects]
        reachable = [
            _by_currency(it.results, lambda one: one.best - one.nobody)[currency]
            for it in self.told
            if currency in it.effects
        ]
        return paired_ratio(measure, won, reachable)

    @property
    def no_need(self) -> Estimate:
        """By how much “no need” is said more often than it is true."""
        return self._mean(
            lambda it: None if it.habits is None else it.habits.no_need_said - it.habits.no_need_true
        )

    @property
    def habits(self) -> Habits | None:
        """Of all calls of all trainees."""
        results = [it for person in self.told for it in person.results]
        return Habits.of(results) if results else None

    @property
    def lines(self) -> Mapping[str, Estimate]:
        """The mean points of each line of the score, the lowest first."""
        ids = {line for person in self.told for it in person.results for line in it.lines}
        points = {line: self._mean(partial(_points, line)) for line in ids}
        return dict(sorted(points.items(), key=lambda it: (it[1].mean or 0.0, it[0])))

    @property
    def reliability(self) -> Reliability | None:
        """How far a score can be relied on; none for fewer than two callers."""
        seen = {
            (it.call.record.digest, it.call.record.seed): it.result.script
            for person in self.told
            for it in person.taken
        }
        if len(seen) < 2:  # noqa: PLR2004 # a spread needs two
            return None
        spread = stdev(seen.values())
        chance = fmean(spread**2 / len(person.taken) for person in self.told)
        means = [it.score for it in self.told if it.score is not None]
        between = variance(means) if len(means) >= LEAST else 0.0
        return Reliability(
            spread=spread,
            of_mean=chance**0.5,
            share=max(1 - chance / between, 0.0) if between else None,
        )

    @property
    def comparisons(self) -> list[Comparison]:
        """Groups by lot, as far as the report is asked to compare them."""
        return [
            self._compared(factor, level, self.course.factors[factor][0])
            for factor in self.factors
            for level in self.course.factors[factor][1:]
        ]

    def _compared(self, factor: str, level: str, other: str) -> Comparison:
        groups = [
            [it for it in self.told if it.trainee is not None and it.trainee.treatment.get(factor) == of]
            for of in (level, other)
        ]
        scores = [[it.assessed for it in group if it.assessed is not None] for group in groups]
        growths = [[it.growth for it in group if it.growth is not None] for group in groups]
        return Comparison(
            factor=factor,
            level=level,
            other=other,
            sizes=(len(groups[0]), len(groups[1])),
            score=difference_of(*scores),
            growth=difference_of(*growths),
        )

    def _mean(self, figure: Callable[[Person], float | None]) -> Estimate:
        return mean_of([it for it in map(figure, self.told) if it is not None])


def growth_of(figures: Sequence[float]) -> float | None:
    """
    How far figures rose from their earlier half to the later, the middle one left out; none for fewer than two.

    A score is taken less that of a seller with a script and the same caller, so that harder callers towards the end do not
    pass for forgetting.

    >>> growth_of([0.2, 0.9, 0.4])
    0.2
    """
    half = len(figures) // 2
    return fmean(figures[-half:]) - fmean(figures[:half]) if half else None


def report(
    room: Room,
    *,
    factors: Sequence[str] = (),
    hide_names: Callable[[int], str] | None = None,
    on_call: Callable[[int, int], None] = lambda done, total: None,  # noqa: ARG005 # as it is called
) -> Report:
    """
    The report of a course.

    Args:
        room: Of the course.
        factors: What groups are to be compared by.
        hide_names: What to call the first, the second … trainee by; none calls them by their labels.
        on_call: Told after each call that is worked out how many are, and of how many.
    """
    results, changed = results_of(room, on_call=on_call)
    books = Books(room)
    of_books, changed_books = book_results(books)
    calls, trainees, opened, finished = room.calls(), room.trainees(), room.opened(), room.finished()
    if hide_names is not None:  # the order of enrolment may tell who is who
        trainees.sort(key=lambda it: it.code)

    def person(trainee: Trainee | None, label: str) -> Person:
        mine = [it for it in calls if it.trainee == (CLASS if trainee is None else trainee.number)]
        taken = tuple(Taken(call=it, result=results[it.number]) for it in mine if it.number in results)
        return Person(
            trainee=trainee,
            label=label,
            taken=taken,
            finished=sum(it.is_finished for it in mine),
            passed=_passed(room.course, taken),
        )

    people = tuple(
        person(it, it.label if hide_names is None else hide_names(place))
        for place, it in enumerate(trainees, start=1)
    )
    group = person(None, "")
    return Report(
        course=room.course,
        people=people,
        group=group if group.taken else None,
        waiting=tuple(
            Waiting(
                part=part.name,
                finished=sum(
                    all((one.number, part.name, place) in finished for place in part.places)
                    for one in trainees
                ),
                enrolled=len(trainees),
            )
            for part in room.course.parts
            if part.is_assessment and part.name not in opened
        ),
        changed=len(changed) + len(changed_books),
        factors=tuple(factors),
        books=book_effects(
            books.kept(), of_books, [(it.trainee, it.label) for it in people if it.trainee is not None]
        ),
    )


def _passed(course: Course, taken: Sequence[Taken]) -> dict[str, bool]:
    passed = {}
    for part in course.parts:
        scores = [it.result.score for it in taken if it.call.is_assessment and it.call.part == part.name]
        if scores and len(scores) >= len(part.in_order):
            passed[part.name] = fmean(scores) >= course.pass_mark
    return passed


def _points(line: str, person: Person) -> float | None:
    return _mean(it.lines[line] for it in person.results if line in it.lines)


def _by_currency(results: Iterable[Result], figure: Callable[[Result], float]) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for it in results:
        found.setdefault(it.currency, []).append(figure(it))
    return {currency: fmean(figures) for currency, figures in sorted(found.items())}


def _mean(figures: Iterable[float]) -> float | None:
    known = list(figures)
    return fmean(known) if known else None
