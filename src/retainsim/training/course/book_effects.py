"""
What the books of a course came to: the effect of each trainee, and of the class with its interval.

A customer's worth is compared with that of the same customer with the same luck, once with nobody in charge and once with
somebody who keeps to a script. The unit of inference is the trainee, and only books that may be told of are worked out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

import attrs
import orjson
from cattrs import Converter

from retainsim.market.kernels import version_of
from retainsim.training.course.books import Books, KeptBook
from retainsim.training.course.estimate import Estimate, mean_of
from retainsim.training.course.roll import Trainee
from retainsim.training.rounds.law import law_of_books
from retainsim.training.rounds.result import NOBODY, SCRIPT, YOU, result

_FORM = 1


@attrs.frozen(kw_only=True)
class BookResult:
    """
    What a book came to.

    Attributes:
        score: 0 to 1.
        currency: Of what follows, all of it for each customer.
        value: What a customer is worth.
        nobody: The same with nobody in charge: the control twin.
        script: The same with somebody who keeps to a script.
    """

    score: float
    currency: str
    value: float
    nobody: float
    script: float

    @property
    def effect(self) -> float:
        """What a customer is worth more than with nobody in charge."""
        return self.value - self.nobody

    @property
    def beside_script(self) -> float:
        """What he is worth more than with somebody who keeps to a script."""
        return self.value - self.script


@attrs.frozen(kw_only=True)
class BookTaken:
    """
    A book that may be told of, and what it came to.

    Attributes:
        book: Which.
        trainee: Whose.
        label: As the report names the trainee.
        result: What it came to.
    """

    book: KeptBook
    trainee: Trainee
    label: str
    result: BookResult


@attrs.frozen(kw_only=True)
class BookEffects:
    """
    What the books of one part came to.

    Attributes:
        part: Its name.
        is_assessment: Whether all had the same book.
        currency: Of its market.
        taken: One a trainee, as the report orders them.
    """

    part: str
    is_assessment: bool
    currency: str
    taken: tuple[BookTaken, ...]

    @property
    def score(self) -> Estimate:
        """The mean score of the class."""
        return mean_of([it.result.score for it in self.taken])

    @property
    def effect(self) -> Estimate:
        """What the class makes a customer worth, beside the control twin."""
        return mean_of([it.result.effect for it in self.taken])

    @property
    def beside_script(self) -> Estimate:
        """The same beside a script."""
        return mean_of([it.result.beside_script for it in self.taken])


def book_results(books: Books) -> tuple[dict[int, BookResult], list[KeptBook]]:
    """
    What all books that may be told of came to, by their number; what was worked out before is not worked out again.

    Args:
        books: Of the course.

    Returns:
        The results, and those books that cannot be played again because their market has changed.
    """
    version = f"{_FORM} {version_of(law_of_books())}"
    known = books.results(version)
    results = {number: _CONVERTER.structure(orjson.loads(told), BookResult) for number, told in known.items()}
    changed: list[KeptBook] = []
    for book in books.kept():
        if not books.is_open(book):
            continue
        if not books.can_be_played(book):
            results.pop(book.number, None)
            changed.append(book)
        elif book.number not in results:
            results[book.number] = _result_of(books, book)
            told: dict[str, Any] = attrs.asdict(results[book.number])
            books.keep_result(book, version, orjson.dumps(told).decode())
    return results, changed


def _result_of(books: Books, book: KeptBook) -> BookResult:
    found = result(books.desk(book).play)
    worths = {name: fmean(found.worths[name]) for name in (YOU, NOBODY, SCRIPT)}
    return BookResult(
        score=found.total,
        currency=found.currency,
        value=worths[YOU],
        nobody=worths[NOBODY],
        script=worths[SCRIPT],
    )


def book_effects(
    books: Sequence[KeptBook], results: Mapping[int, BookResult], people: Sequence[tuple[Trainee, str]]
) -> tuple[BookEffects, ...]:
    """
    The books that may be told of, part by part; where the market of a part was changed, each market by itself.

    Args:
        books: All of them.
        results: What they came to.
        people: Trainees as the report orders them, each with what it calls them.
    """
    taken = [
        BookTaken(book=book, trainee=trainee, label=label, result=results[book.number])
        for trainee, label in people
        for book in books
        if book.trainee == trainee.number and book.number in results
    ]
    kinds = {it.book.number: (it.book.part, it.book.is_assessment, it.result.currency) for it in taken}
    order = dict.fromkeys(kinds[number] for number in sorted(kinds))
    return tuple(
        BookEffects(
            part=part,
            is_assessment=is_assessment,
            currency=currency,
            taken=tuple(it for it in taken if kinds[it.book.number] == (part, is_assessment, currency)),
        )
        for part, is_assessment, currency in order
    )


_CONVERTER = Converter()
