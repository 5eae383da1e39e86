"""What customers complain about and what they are answered, and how fast cases are settled (CONCEPTS C7, C8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

import attrs

from retainsdk.case import Case
from retainsdk.duties import Circumstances
from retainsdk.events import InteractionRecorded
from retainsdk.reports import items
from retainsdk.reports.cuts import Figure, Item, Items
from retainsdk.reports.drawn import cross_cut, customers, hours, how_many, middle, share
from retainsdk.reports.report import About, Cell, Report, Unit
from retainsdk.vocabulary import Direction
from retainsdk.wording import plain
from retainsdk.worktime import elapsed

FREQUENT_COMPLAINTS = About(
    name="frequent-complaints",
    title="Frequent complaints",
    question="What do customers complain about, does it come back, and what were they answered?",
)
CASES = About(
    name="cases", title="Cases", question="How fast do we answer and settle what customers bring us?"
)

_FIRST_CONTACT = (
    "first contact",
    "Share of those settled that one person settled, without hand-over, waiting for the customer or reopening.",
)


def frequent_complaints(
    known: Circumstances, *, by: str | Iterable[str] | None = None, purpose: str | None = None
) -> Report:
    """What customers complain about most, whether it comes back, and what they were answered."""
    figures = [
        how_many("complaints", "How many there were.", lambda _: True),
        customers(),
        how_many(
            "repeats",
            "Of them those that had been there before and were not withdrawn.",
            lambda it: _case(it).came_back,
        ),
        how_many("open", "Of them those not settled.", lambda it: _case(it).is_open),
        _first_contact(),
        Figure(
            name="usual answer",
            unit=Unit.TEXT,
            meaning="How they were settled most often; of equals the one that comes first in the alphabet.",
            of=_usual_answer,
        ),
    ]
    return cross_cut(
        known,
        _same_topics(items.complaints(known)),
        about=FREQUENT_COMPLAINTS,
        by=by,
        usual=("topic",),
        figures=figures,
        purpose=purpose,
        labels=items.CASE_LABELS,
        shown="complaints",
    )


def cases(
    known: Circumstances, *, by: str | Iterable[str] | None = None, purpose: str | None = None
) -> Report:
    """How fast cases are answered and settled, in working time."""
    figures = [
        how_many("cases", "How many there were.", lambda _: True),
        how_many("open", "Of them those not settled.", lambda it: _case(it).is_open),
        middle(
            "first answer",
            Unit.HOURS,
            "Median working time until a person of ours answered, of those answered.",
            lambda them: _until_answered(them, known),
        ),
        middle(
            "settled in",
            Unit.HOURS,
            "Median working time until it was settled, less the time we waited for the customer.",
            lambda them: _until_settled(them, known),
        ),
        Figure(
            name="hand-overs",
            unit=Unit.COUNT,
            meaning="How often one changed hands.",
            of=lambda them: sum(_case(it).hand_overs for it in them),
        ),
        Figure(
            name="reopened",
            unit=Unit.COUNT,
            meaning="How often one seemed settled and was not.",
            of=lambda them: sum(_case(it).reopenings for it in them),
        ),
        _first_contact(),
    ]
    return cross_cut(
        known,
        items.cases(known),
        about=CASES,
        by=by,
        usual=("sort",),
        figures=figures,
        purpose=purpose,
        labels=items.CASE_LABELS,
        shown="settled in",
    )


def first_answer(case: Case, interactions: Iterable[tuple[datetime, InteractionRecorded]]) -> datetime | None:
    """
    When a person of ours first answered in a case: by a word of substance in it, by a talk, or by settling it.

    None while nobody has. A mere acknowledgement and an automatic message answer nothing, and no more does withdrawing it.
    """
    said = (
        at
        for at, what in interactions
        if what.case in case.numbers and at >= case.opened_at and _is_answer(what)
    )
    settled = () if case.settled_at is None or case.state == "withdrawn" else (case.settled_at,)
    return min((*said, *settled), default=None)


def _is_answer(what: InteractionRecorded) -> bool:
    return what.substantive and ((what.human and what.direction is Direction.OUTBOUND) or what.is_talk)


def _case(item: Item) -> Case:
    assert isinstance(item.thing, Case)  # noqa: S101 # as the source makes them
    return item.thing


def _first_contact() -> Figure:
    return share(
        *_FIRST_CONTACT,
        lambda it: _case(it).resolved_at_first_contact is True,
        lambda it: _case(it).resolved_at_first_contact is not None,
    )


def _same_topics(them: Iterable[Item]) -> Iterator[Item]:
    """Topics that are worded the same go by the wording met first."""
    first: dict[str, str] = {}
    for item in them:
        topic = item.labels["topic"]
        yield attrs.evolve(item, labels={**item.labels, "topic": first.setdefault(plain(topic), topic)})


def _usual_answer(them: Items) -> Cell:
    answers = Counter(_case(it).settled_how for it in them if _case(it).settled_how)
    return min(answers, key=lambda how: (-answers[how], how)) if answers else None


def _until_answered(them: Items, known: Circumstances) -> Iterator[float]:
    for item in them:
        case = _case(item)
        interactions = () if item.account is None else item.account.timeline.of(InteractionRecorded)
        at = first_answer(case, interactions)
        if at is not None:
            yield hours(known.calendar.worked(case.opened_at, at))


def _until_settled(them: Items, known: Circumstances) -> Iterator[float]:
    for item in them:
        case = _case(item)
        if case.settled_at is not None:
            pauses = [(it.began_at, it.ended_at or case.settled_at) for it in case.pauses]
            yield hours(elapsed(case.opened_at, case.settled_at, pauses, known.calendar))
