"""What running duties never breaks, whatever happens in between: customers write, are called, are bound elsewhere, come of age."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retainsdk.book import Book
from retainsdk.case.response import message_owed_since, response_owed_since
from retainsdk.commitment import Commitment
from retainsdk.duties import Circumstances, Duties, Levels, PromisedContact, ServiceLevels
from retainsdk.events import TenureBenefit, Tier
from retainsdk.quantities import Money
from retainsdk.record.cadence import USUAL, last_contact
from retainsdk.testing import SetClock, a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import (
    CaseKind,
    Channel,
    ClosingStep,
    Direction,
    Foundation,
    Kind,
    Potential,
    Promise,
    Reason,
    Role,
    Side,
    Stage,
)
from retainsdk.worktime import WorkCalendar, elapsed

CLUB = {"tiers": [Tier(name="silver", threshold=Money(50, "EUR"), benefits=("free parking",))]}
CLASSES = Duties(promised_contact=PromisedContact(by_class=USUAL))


def a_life(book: Book) -> tuple[int, int]:
    """A member who was promised contacts and reports, and a leaver who is bound elsewhere, in one book."""
    book.change_programme(
        "club",
        tiers=CLUB["tiers"],
        tenure_benefits=[TenureBenefit(months=2, benefit="a book")],
        marks_occasions=True,
        occurred_at=at(1),
        actor="dana",
    )
    member = a_relationship(book, terms=some_terms(cadence_days=20, report_months=1), stage=Stage.ONBOARDING)
    book.learn_fact(
        member - 1, name="birthday", value="--02-10", source="he", occurred_at=at(1), actor="dana"
    )
    book.join_programme(member, programme="club", occurred_at=at(1), actor="dana")
    leaver = a_relationship(book, name="Gil", terms=some_terms(notice_days=0))
    book.begin_end(leaver, by=Side.CUSTOMER, occurred_at=at(1, 5), actor="dana")
    return member, leaver


def commitments(book: Book, relationship: int) -> list[Commitment]:
    return list(book.account(relationship).commitments.values())


def open_of(book: Book, relationship: int, duty: str) -> list[Commitment]:
    return [it for it in commitments(book, relationship) if it.is_open and it.duty == duty]


def written(book: Book, member: int, **changes: Any) -> None:
    told: dict[str, Any] = {
        "channel": Channel.EMAIL,
        "direction": Direction.INBOUND,
        "purpose": "service",
        "two_way": False,
    }
    book.record_interaction(member, **(told | changes), actor="dana")


def left(book: Book, leaver: int) -> None:
    it = book.account(leaver).relationship
    if it.stage is Stage.ENDING:
        book.record_exit_reason(
            leaver,
            stated=Reason.CHEAPER_COMPETITOR,
            assessed=Reason.CHEAPER_COMPETITOR,
            evidence="he said so",
            actor="dana",
        )
        book.complete_end(leaver, although="he would not wait", actor="dana")


def won(book: Book, leaver: int) -> None:
    left(book, leaver)
    it = book.account(leaver).relationship
    if it.stage is Stage.FORMER and it.winback is None:
        book.open_winback(leaver, plan="call him", lead_days=10, actor="dana")


STEPS: dict[str, Callable[[Book, int, int], object]] = {
    "he writes": lambda book, member, _: written(book, member),
    "we answer": lambda book, member, _: written(book, member, direction=Direction.OUTBOUND),
    "we talk": lambda book, member, _: written(
        book, member, channel=Channel.PHONE, direction=Direction.OUTBOUND, two_way=True
    ),
    "he complains": lambda book, member, _: book.open_case(
        member, kind=CaseKind.COMPLAINT, topic="the bill", actor="dana"
    ),
    "he pays": lambda book, member, _: book.record_purchase(
        member, what="a box", amount=Money(30, "EUR"), paid=True, actor="dana"
    ),
    "he is judged": lambda book, member, _: book.classify(
        member, potential=Potential.A, why="he grows", actor="dana"
    ),
    "we learn his ways": lambda book, member, _: book.do_foundation_step(
        member, step=Foundation.WAYS_LEARNT, findings="mornings", actor="dana"
    ),
    "the other is thanked": lambda book, _, leaver: book.do_closing_step(
        leaver, step=ClosingStep.THANKED, evidence="a card", actor="dana"
    ),
    "the other leaves": lambda book, _, leaver: left(book, leaver),
    "we plan to win him back": lambda book, _, leaver: won(book, leaver),
    "he is bound": lambda book, _, leaver: book.learn_competitor_lock_in(
        leaver, competitor="Rival", until=date(2026, 3, 20), source="he", actor="dana"
    ),
    "he is bound longer": lambda book, _, leaver: book.learn_competitor_lock_in(
        leaver, competitor="Rival", until=date(2026, 4, 20), source="he", actor="dana"
    ),
    "he wants to be left in peace": lambda book, _, leaver: book.withdraw_consent(
        leaver - 1, purpose="win_back", evidence="he said so", actor="dana"
    ),
    "the clock ticks": lambda book, _, __: book.tick(actor="clock"),
    "duties run": lambda book, _, __: book.run_duties(duties=CLASSES, actor="clock"),
}
histories = st.lists(
    st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from([1, 1, 6, 30, 24 * 9])), max_size=14
)


def lived(steps: list[tuple[str, int]]) -> tuple[Book, SetClock, int, int]:
    clock = SetClock(at(2))
    book = a_book(clock=clock)
    member, leaver = a_life(book)
    for step, hours in steps:
        clock.time += timedelta(hours=hours)
        STEPS[step](book, member, leaver)
    return book, clock, member, leaver


@pytest.mark.invariant(28)
@given(histories, st.integers(1, 3))
@settings(deadline=None, max_examples=25)
def test_duties_run_often_open_the_same_as_once_and_never_two_of_one_kind(
    steps: list[tuple[str, int]], times: int
) -> None:
    book, _, member, leaver = lived(steps)
    book.run_duties(duties=CLASSES, actor="clock")
    once = len(book)

    for _ in range(times):
        book.run_duties(duties=CLASSES, actor="clock")

    assert len(book) == once
    for relationship in (member, leaver):
        standing = [
            (it.duty, it.basis, it.period) for it in commitments(book, relationship) if it.is_open and it.duty
        ]
        assert len(standing) == len(set(standing))


@given(histories)
@settings(deadline=None, max_examples=25)
def test_who_remembers_the_last_run_owes_what_one_owes_who_reads_the_whole_book(
    steps: list[tuple[str, int]],
) -> None:
    book, clock, _, _ = lived(steps)
    remembering = book.run_duties(duties=CLASSES, actor="clock")

    afresh = Book(book._store, clock=clock).run_duties(duties=CLASSES, actor="clock")

    assert (afresh.opened, afresh.moved, afresh.voided, afresh.settled) == (0, 0, 0, 0), remembering


@pytest.mark.invariant(31)
@given(histories)
@settings(deadline=None, max_examples=25)
def test_an_answer_is_owed_just_while_the_customer_has_the_last_word(steps: list[tuple[str, int]]) -> None:
    book, _, member, _ = lived(steps)
    book.tick(actor="clock")
    book.run_duties(duties=CLASSES, actor="clock")

    account = book.account(member)
    waiting = {("a message", message_owed_since(account.timeline))}
    waiting |= {
        (f"case {case.number}", response_owed_since(case, account.timeline))
        for case in account.cases.values()
    }
    owed = {(basis, since.isoformat()) for basis, since in waiting if since is not None}
    answers = [it for it in account.commitments.values() if it.kind is Promise.RESPONSE]

    assert {(it.basis, it.period) for it in answers if it.is_open or it.state == "broken"} >= owed
    assert {(it.basis, it.period) for it in answers if it.is_open} <= owed


@pytest.mark.invariant(36)
@given(
    contacts=st.lists(st.integers(0, 40), max_size=4),
    potentials=st.lists(st.sampled_from(Potential), min_size=1, max_size=3),
)
@settings(deadline=None, max_examples=25)
def test_a_contact_falls_due_so_long_after_the_last_one_and_never_later_for_a_higher_class(
    contacts: list[int], potentials: list[Potential]
) -> None:
    clock = SetClock(at(3))
    book = a_book(clock=clock)
    us = a_relationship(book)
    for days in contacts:
        written(book, us, direction=Direction.OUTBOUND, occurred_at=at(1) + timedelta(days=days))
    dues = []
    for potential in potentials:
        clock.time += timedelta(minutes=1)
        book.classify(us, potential=potential, why="judged", actor="dana")
        book.run_duties(duties=CLASSES, actor="clock")
        touched = last_contact(book.account(us).timeline, clock.time) or at(1)
        dues.append((potential, [it.due for it in open_of(book, us, "promised_contact")]))
        if dues[-1][1] and dues[-1][1][0] > clock.time:
            assert dues[-1][1] == [touched + timedelta(days=USUAL.ideal[potential])]

    for (earlier, before), (later, after) in pairwise(dues):
        if later <= earlier and before and after:
            assert after[0] <= before[0]


@pytest.mark.invariant(40)
@given(histories)
@settings(deadline=None, max_examples=25)
def test_a_leaver_who_is_bound_elsewhere_has_one_contact_before_he_is_free(
    steps: list[tuple[str, int]],
) -> None:
    book, clock, _, leaver = lived(steps)
    book.run_duties(duties=CLASSES, actor="clock")

    ledger = book.ledger_of(leaver)
    it = ledger.account(leaver).relationship
    refused = not ledger.customer(leaver - 1).may_be_contacted("win_back", Channel.PHONE)
    contacts = [promise for promise in commitments(book, leaver) if promise.duty == "win_back_contact"]
    standing = [promise for promise in contacts if promise.is_open]
    if it.stage is not Stage.FORMER or it.winback is None or it.lock_in is None or refused:
        assert not [promise for promise in standing if promise.due > clock.time]
    else:
        end_of_day = datetime.combine(
            it.lock_in[1].until - timedelta(days=9), datetime.min.time(), tzinfo=UTC
        )
        due = max(end_of_day, max(it.winback.opened_at, it.lock_in[0]) + timedelta(days=3))
        if max(due - timedelta(days=14), it.winback.opened_at) <= clock.time < due:
            assert [promise.due for promise in standing] == [due]


@pytest.mark.invariant(12)
@given(
    birthday=st.sampled_from(["--02-29", "2000-02-29", "--02-28", "--03-01"]),
    member_of=st.sets(st.sampled_from(["himself", "home", "firm"])),
    runs=st.lists(st.sampled_from([0, 20, 25, 28, 31, 60, 365]), min_size=1, max_size=5),
    greets=st.booleans(),
)
@settings(deadline=None, max_examples=25)
def test_a_birthday_is_promised_once_a_year_however_many_households_mention_it(
    birthday: str, member_of: set[str], runs: list[int], *, greets: bool
) -> None:
    clock = SetClock(at(1))
    book = a_book(clock=clock)
    book.change_programme("club", tiers=CLUB["tiers"], marks_occasions=True, actor="dana")
    noa = book.register_customer(kind=Kind.PERSON, name="נועה", actor="dana")
    book.learn_fact(noa, name="birthday", value=birthday, source="she", actor="dana")
    places = {}
    for name, kind in (("himself", None), ("home", Kind.HOUSEHOLD), ("firm", Kind.ORGANISATION)):
        party = noa if kind is None else book.register_customer(kind=kind, name=name, actor="dana")
        if kind is not None:
            book.start_affiliation(noa, party, role=Role.MEMBER, actor="dana")
        places[name] = book.open_relationship(party, owner="dana", stage=Stage.ACTIVE, actor="dana")
    joined = sorted(member_of)
    for days in runs:
        if joined:
            book.join_programme(places[joined.pop()], programme="club", actor="dana")
        clock.time += timedelta(days=days)
        book.run_duties(actor="clock")
        for relationship in places.values():
            for promise in open_of(book, relationship, "occasions"):
                if greets:
                    written(book, relationship, direction=Direction.OUTBOUND, purpose="personal")
                assert promise.due.date() - timedelta(days=1) in {
                    date(promise.due.year, 2, 28), date(promise.due.year, 3, 1), date(2028, 2, 29)
                }  # fmt: skip

    made = [
        promise
        for relationship in places.values()
        for promise in commitments(book, relationship)
        if promise.duty == "occasions" and promise.state != "voided"
    ]
    assert len({promise.period for promise in made}) == len(made)


@pytest.mark.invariant(30)
@given(
    levels=st.lists(st.sampled_from([8, 16, 40]), min_size=2, max_size=3),
    waits=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 60)), max_size=2),
)
@settings(deadline=None, max_examples=25)
def test_another_service_level_keeps_what_has_elapsed_of_a_case_and_what_was_paused(
    levels: list[int], waits: list[tuple[int, int]]
) -> None:
    clock = SetClock(datetime(2026, 6, 15, 10, tzinfo=UTC))
    book = a_book(clock=clock)
    book._calendar = office = WorkCalendar.parse("Sun-Thu 09:00-17:00; 2026-06-16 09:00-12:00")
    us, opened, pauses = a_relationship(book), clock.time, []
    case = book.open_case(us, kind=CaseKind.REQUEST, topic="a visit", actor="dana")
    book.acknowledge_case(us, case, actor="dana")
    book.start_case(us, case, actor="dana")
    for worked, waited in waits:
        clock.time += timedelta(hours=worked)
        book.await_customer(us, case, why="a photo", actor="dana")
        began = clock.time
        clock.time += timedelta(hours=waited)
        book.customer_replied(us, case, actor="dana")
        pauses.append((began, clock.time))

    for level in levels:
        usual = Levels(resolution=timedelta(hours=level))
        book.run_duties(duties=Duties(service_levels=ServiceLevels(usual=usual)), actor="clock")
        (settlement,) = (it for it in open_of(book, us, "service_levels") if it.kind is Promise.STEP)

        counted = [(began, ended) for began, ended in pauses if began < settlement.due]
        assert elapsed(opened, settlement.due, counted, office) == timedelta(hours=level)


def test_a_calendar_of_the_house_counts_the_time_of_an_answer() -> None:
    clock = SetClock(datetime(2026, 6, 18, 17, tzinfo=UTC))  # a Thursday evening
    book = a_book(clock=clock)
    office = WorkCalendar.parse("Sun-Thu 09:00-17:00")
    book._calendar = office
    us = a_relationship(book)
    written(book, us)

    book.run_duties(actor="clock")

    (answer,) = open_of(book, us, "service_levels")
    assert answer.due == office.due(clock.time, timedelta(hours=8)) == datetime(2026, 6, 21, 17, tzinfo=UTC)
    assert isinstance(Circumstances(ledger=book.ledger(), now=clock.time, calendar=office).today, date)
