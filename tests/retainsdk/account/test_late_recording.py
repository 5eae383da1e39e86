"""What happened may be recorded late: a book cut off at any instant tells a history that it allows."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from retainsdk.book import Book
from retainsdk.errors import RetainError
from retainsdk.events import CommitmentMade, Tier
from retainsdk.quantities import Money
from retainsdk.testing import a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import (
    Audience,
    CaseKind,
    ClosingStep,
    Foundation,
    Origin,
    Potential,
    Promise,
    Reason,
    Stage,
)

How = dict[str, Any]
PEOPLE = ("dana", "omer")


def reminder(book: Book, us: int, how: How) -> None:
    number = len(book.account(us).commitments) + 1
    due = how["occurred_at"] + timedelta(days=2)
    body = CommitmentMade(
        commitment=number,
        kind=Promise.STEP,
        what="x",
        due=due,
        basis=str(number),
        duty="d",
        audience=Audience.INTERNAL,
    )
    book._of("told", us, body, how)  # type: ignore[arg-type] # mypy cannot see the keys


TOLD: list[Callable[[Book, int, How], object]] = [
    *(lambda b, us, how, who=who: b.assign_owner(us, owner=who, **how) for who in PEOPLE),
    *(lambda b, us, how, who=who: b.add_contributor(us, contributor=who, part="x", **how) for who in PEOPLE),
    *(lambda b, us, how, who=who: b.remove_contributor(us, contributor=who, **how) for who in PEOPLE),
    *(lambda b, us, how, it=it: b.do_foundation_step(us, step=it, findings="x", **how) for it in Foundation),
    lambda b, us, how: b.plan_success(us, gain="x", way="y", **how),
    lambda b, us, how: b.lay_foundations(us, **how),
    lambda b, us, how: b.lay_foundations(us, how_done="known for years", **how),
    lambda b, us, how: b.classify(us, potential=Potential(how["occurred_at"].day % 3), why="x", **how),
    lambda b, us, how: b.join_programme(us, programme="club", **how),
    lambda b, us, how: b.leave_programme(us, programme="club", **how),
    lambda b, us, how: b.learn_origin(us, origin=Origin.OTHER, **how),
    lambda b, us, how: b.disqualify(us, why="x", **how),
    lambda b, us, how: b.sign(us, terms=some_terms(starts_on=how["occurred_at"].date(), notice_days=0), **how),
    lambda b, us, how: b.promise(us, kind=Promise.DELIVERY, what="x", due=how["occurred_at"] + timedelta(days=2), **how),
    reminder,
    lambda b, us, how: b.keep(us, 1, **how),
    lambda b, us, how: b.open_case(us, kind=CaseKind.COMPLAINT, topic="x", **how),
    lambda b, us, how: b.resolve_case(us, 1, how_done="x", **how),
    lambda b, us, how: b.begin_end(us, **how),
    lambda b, us, how: b.save(us, how_done="x", **how),
    lambda b, us, how: b.record_exit_reason(us, stated=Reason.NO_NEED_STATED, evidence="x", **how),
    lambda b, us, how: b.record_exit_reason(us, stated=Reason.LIFE_EVENT, evidence="x", **how),
    lambda b, us, how: b.ask_survey(us, instrument="exit", answer_by=how["occurred_at"] + timedelta(days=1), **how),
    lambda b, us, how: b.answer_survey(us, instrument="exit", score=7, **how),
    *(lambda b, us, how, it=it: b.do_closing_step(us, step=it, evidence="x", **how) for it in ClosingStep),
    lambda b, us, how: b.complete_end(us, **how),
    lambda b, us, how: b.complete_end(us, although="x", **how),
    lambda b, us, how: b.learn_competitor_lock_in(us, competitor="x", until=date(2026, 9, 1), source="x", **how),
    lambda b, us, how: b.open_winback(us, plan="x", **how),
    lambda b, us, how: b.close_winback(us, why="x", **how),
    lambda b, us, how: b.record_return(us, tenure_kept=how["occurred_at"].day % 2 == 0, **how),
]  # fmt: skip
days = st.integers(1, 9)
histories = st.lists(st.tuples(st.integers(0, len(TOLD) - 1), days), max_size=30)
stages = st.sampled_from([Stage.PROSPECT, Stage.ONBOARDING, Stage.ACTIVE])


@given(stages, histories, st.booleans())
def test_whatever_is_recorded_in_whatever_order_can_be_read_as_of_every_instant(
    stage: Stage,
    history: list[tuple[int, int]],
    leaves: bool,  # noqa: FBT001 # a parameter of the property
) -> None:
    book = a_book()
    book.change_programme(
        "club", tiers=[Tier(name="x", threshold=Money(1, "EUR"))], occurred_at=at(5), actor="dana"
    )
    us = a_relationship(book, stage=stage, since=at(6))
    if leaves:  # so that more of what is told is about spells
        with suppress(RetainError):
            book.begin_end(us, occurred_at=at(6, 4), actor="dana")
            book.complete_end(us, although="x", occurred_at=at(6, 4), actor="dana")
            book.record_return(us, occurred_at=at(6, 4), actor="dana")
    for what, day in history:
        with suppress(RetainError):
            TOLD[what](book, us, {"actor": "dana", "occurred_at": at(6, day)})

    now = book.account(us).relationship
    for day in range(1, 11):
        then = book.account(us, as_of=at(6, day)).relationship
        assert then.owner_at(at(6, day)) == now.owner_at(at(6, day))
        running = {(it.programme, it.since) for it in then.memberships if it.runs(at(6, day))}
        assert running == {(it.programme, it.since) for it in now.memberships if it.runs(at(6, day))}
        contributors = {it.contributor for it in then.ownership.contributions if it.runs(at(6, day))}
        assert contributors == {it.contributor for it in now.ownership.contributions if it.runs(at(6, day))}
