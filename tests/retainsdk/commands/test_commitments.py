"""Promises in a book: wall clocks, working time, the clock tick, and the cases they hang on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import attrs
import pytest

from retainsdk.book import Book
from retainsdk.commands.commitments import Tick
from retainsdk.commitment import Commitment
from retainsdk.errors import CommandError, KeyReusedError, MoneyError, UnknownIdError
from retainsdk.events import CommitmentKept, Happening
from retainsdk.journal import History
from retainsdk.quantities import LocalTime, Money
from retainsdk.testing import SetClock, a_book, a_relationship, at
from retainsdk.vocabulary import Audience, CaseKind, Channel, Direction, Promise, Side
from retainsdk.worktime import WorkCalendar

JERUSALEM = "Asia/Jerusalem"


def promises(book: Book, us: int) -> dict[int, Commitment]:
    return book.account(us).commitments


def call(book: Book, us: int, *, occurred_at: datetime | None = None) -> int:
    return book.record_interaction(
        us, channel=Channel.PHONE, direction=Direction.OUTBOUND, purpose="service", occurred_at=occurred_at, actor="dana"
    )  # fmt: skip


def test_a_wall_clock_that_was_promised_says_when_it_is_due_on_the_day_clocks_change(tmp_path: Path) -> None:
    clock = SetClock(datetime(2026, 3, 26, 12, tzinfo=UTC))
    with a_book(path=tmp_path / "crm.db", clock=clock) as book:
        noa = a_relationship(book)
        ten = LocalTime(datetime(2026, 3, 27, 10), JERUSALEM)  # noqa: DTZ001 # what the wall shows
        nine = LocalTime(datetime(2026, 3, 27, 9), JERUSALEM)  # noqa: DTZ001 # the same
        number = book.promise(noa, kind=Promise.CALLBACK, what="החשבון", due=ten, opens_at=nine, actor="dana")

    with Book.open(tmp_path / "crm.db", clock=clock) as book:
        promise = promises(book, noa)[number]
        assert (promise.due, promise.opens_at) == (at(3, 27, 7), at(3, 27, 6))
        assert (promise.promised, promise.what) == (ten, "החשבון")

        later = LocalTime(datetime(2026, 3, 27, 11), JERUSALEM)  # noqa: DTZ001 # the same
        book.give_late_notice(noa, number, due=later, why="traffic", actor="dana")
        assert (promises(book, noa)[number].due, promises(book, noa)[number].promised) == (
            at(3, 27, 8),
            later,
        )


def test_a_promise_within_working_hours_is_due_by_the_calendar_of_the_book() -> None:
    thursday = datetime(2026, 6, 18, 13, tzinfo=UTC)  # 16:00 by the wall
    office = WorkCalendar.parse("Sun-Thu 09:00-17:00; Fri 09:00-13:00; 2026-06-21 off", zone=JERUSALEM)
    ids = count(1)
    book = Book.in_memory(calendar=office, clock=SetClock(thursday), ids=lambda: next(ids))
    noa = a_relationship(book)

    number = book.promise(noa, kind=Promise.DELIVERY, what="report", within=timedelta(hours=6), actor="dana")

    assert promises(book, noa)[number].due == datetime(2026, 6, 22, 10, tzinfo=office.zone)
    assert book.calendar == office


def test_without_a_calendar_working_time_is_all_time() -> None:
    book = a_book(clock=SetClock(at(2)), zone=JERUSALEM)
    noa = a_relationship(book)

    number = book.promise(noa, kind=Promise.DELIVERY, what="report", within=timedelta(days=2), actor="dana")

    assert promises(book, noa)[number].due == at(2, 3)


@pytest.mark.parametrize("when", [{}, {"due": at(7), "within": timedelta(hours=1)}], ids=["neither", "both"])
def test_a_promise_says_once_until_when(when: dict[str, object]) -> None:
    book = a_book()
    noa = a_relationship(book)

    with pytest.raises(CommandError, match="Give either `due` or `within`"):
        book.promise(noa, kind=Promise.DELIVERY, what="x", actor="dana", **when)  # type: ignore[arg-type] # the fault


@pytest.mark.parametrize("within", [timedelta(0), timedelta(minutes=-1)])
def test_a_promise_within_no_time_at_all_is_refused(within: timedelta) -> None:
    book = a_book()
    noa = a_relationship(book)

    with pytest.raises(CommandError, match="is no time at all"):
        book.promise(noa, kind=Promise.DELIVERY, what="x", within=within, actor="dana")


def test_a_tick_settles_all_promises_of_all_customers_in_one_commit_and_once_a_key() -> None:
    clock = SetClock(at(2))
    book = a_book(clock=clock)
    noa, gil = a_relationship(book), a_relationship(book, name="Gil")
    for us in (noa, gil):
        for kind in (Promise.CALLBACK, Promise.DELIVERY):
            book.promise(us, kind=kind, what="x", due=at(2, 2), grace_minutes=30, actor="dana")
    clock.time = at(2, 5)
    call(book, gil, occurred_at=at(2, 1, 12))

    assert book.tick(actor="clock", key="feb 5") == Tick(kept=0, broken=3)
    assert book.tick(actor="clock", key="feb 5") == Tick(kept=0, broken=3)
    assert book.tick(actor="clock") == Tick(kept=0, broken=0)
    broken = list(book.events(name="CommitmentBroken"))
    assert {event.occurred_at for event in broken} == {at(2, 2) + timedelta(minutes=30)}
    assert {event.recorded_at for event in broken} == {at(2, 5)}
    with pytest.raises(KeyReusedError):
        book.tick(actor="somebody", key="feb 5")


def test_a_tick_finds_a_callback_kept_by_a_call_that_was_recorded_before_the_promise() -> None:
    clock = SetClock(at(2, 5))
    book = a_book(clock=clock)
    noa = a_relationship(book)
    call(book, noa, occurred_at=at(2, 1, 12))
    number = book.promise(noa, kind=Promise.CALLBACK, what="x", due=at(2, 2), occurred_at=at(2), actor="dana")

    assert book.tick(actor="clock") == Tick(kept=1, broken=0)
    assert promises(book, noa)[number].kept_at == at(2, 1, 12)


def test_what_was_broken_stays_so_when_a_call_is_remembered_afterwards() -> None:
    clock = SetClock(at(2))
    book = a_book(clock=clock)
    noa = a_relationship(book)
    number = book.promise(noa, kind=Promise.CALLBACK, what="x", due=at(2, 2), actor="dana")
    clock.time = at(2, 3)
    book.tick(actor="clock")

    call(book, noa, occurred_at=at(2, 1, 12))

    assert promises(book, noa)[number].state == "broken"
    book.retract(noa, number, why="he did call; see the log of the exchange", actor="dana")
    assert promises(book, noa)[number].state == "retracted"


def test_the_contact_that_kept_a_promise_is_corrected_only_when_another_had_kept_it_before() -> None:
    clock = SetClock(at(2))
    book = a_book(clock=clock)
    noa = a_relationship(book)
    number = book.promise(noa, kind=Promise.CALLBACK, what="x", due=at(2, 2), actor="dana")
    clock.time = at(2, 1, 12)
    wrong = call(book, noa)
    with pytest.raises(CommandError, match="is what kept promise 1"):
        book.correct_record(noa, wrong, why="that was Gil", actor="dana")

    right = call(book, noa, occurred_at=at(2, 1, 11))
    book.correct_record(noa, wrong, why="that was Gil", actor="dana")

    assert promises(book, noa)[number].kept_at == at(2, 1, 11)
    with pytest.raises(CommandError, match="is what kept promise 1"):
        book.correct_record(noa, right, why="that was Gil too", actor="dana")
    for hour in (10, 11, 12):
        book.ledger(as_of=at(2, 1, hour))


def test_the_clock_of_a_duty_stands_still_while_its_case_waits_for_the_customer() -> None:
    clock = SetClock(at(2, 2))
    office = WorkCalendar.parse("Mon-Fri 09:00-17:00")
    book = Book.in_memory(calendar=office, clock=clock)
    noa = a_relationship(book)
    case = book.open_case(noa, kind=CaseKind.REQUEST, topic="bill", actor="dana")
    owed = {
        "kind": Promise.DELIVERY,
        "what": "answer",
        "within": timedelta(hours=16),
        "case": case,
        "actor": "dana",
    }
    duty = book.promise(noa, duty="resolution", **owed)  # type: ignore[arg-type] # the same
    own = book.promise(noa, **owed)  # type: ignore[arg-type] # the same
    book.acknowledge_case(noa, case, actor="dana")
    book.start_case(noa, case, actor="dana")
    clock.time = at(2, 3, 16)
    book.await_customer(noa, case, why="a photo of the bill", actor="dana")

    clock.time = at(2, 5, 10)
    assert book.tick(actor="clock") == Tick(kept=0, broken=1)
    assert {number: it.state for number, it in promises(book, noa).items()} == {duty: "open", own: "broken"}
    with pytest.raises(CommandError, match="waits for the customer with case 1"):
        book.break_promise(noa, duty, actor="dana")

    book.customer_replied(noa, case, actor="dana")
    assert promises(book, noa)[duty].due == at(2, 5, 11)  # one hour was left
    clock.time = at(2, 6)
    assert book.tick(actor="clock") == Tick(kept=0, broken=1)


def test_what_was_due_before_we_began_to_wait_is_broken_while_we_wait() -> None:
    clock = SetClock(at(2, 2))
    book = a_book(clock=clock)
    noa = a_relationship(book)
    case = book.open_case(noa, kind=CaseKind.REQUEST, topic="bill", actor="dana")
    book.promise(
        noa, kind=Promise.DELIVERY, what="answer", due=at(2, 3), duty="resolution", case=case, actor="dana"
    )
    clock.time = at(2, 4)
    book.acknowledge_case(noa, case, actor="dana")
    book.start_case(noa, case, actor="dana")
    book.await_customer(noa, case, why="a photo of the bill", actor="dana")

    assert book.tick(actor="clock") == Tick(kept=0, broken=1)


def test_a_due_moved_by_a_pause_is_the_one_that_counts() -> None:
    clock = SetClock(at(2))
    book = a_book(clock=clock)
    noa = a_relationship(book)
    number = book.promise(
        noa, kind=Promise.DELIVERY, what="answer", due=at(2, 2), duty="resolution", actor="dana"
    )
    book.move_due(noa, number, due=at(2, 4), why="we waited for his photo", actor="dana")
    clock.time = at(2, 3)

    assert book.tick(actor="clock") == Tick(0, 0)
    book.keep(noa, number, evidence="sent", actor="dana")
    assert promises(book, noa)[number].kept_on_time


def test_a_duty_owes_the_same_only_once_at_a_time() -> None:
    clock = SetClock(at(2))
    book = a_book(clock=clock)
    noa = a_relationship(book)
    owed = {
        "kind": Promise.REPORT,
        "what": "progress",
        "duty": "reports",
        "basis": "contract 1",
        "actor": "dana",
    }
    first = book.promise(noa, due=at(2, 10), period="2026-02", **owed)  # type: ignore[arg-type] # the same

    book.promise(noa, due=at(3, 10), period="2026-03", **owed)  # type: ignore[arg-type] # the same
    with pytest.raises(CommandError, match="stands open as number 1"):
        book.promise(noa, due=at(2, 11), period="2026-02", **owed)  # type: ignore[arg-type] # the same
    clock.time = at(2, 2)
    book.keep(noa, first, actor="dana")
    with pytest.raises(CommandError, match="stands open as number 1"):
        book.promise(noa, due=at(2, 11), period="2026-02", occurred_at=at(2, 1, 10), **owed)  # type: ignore[arg-type] # the same
    assert book.promise(noa, due=at(2, 11), period="2026-02", **owed) == 3  # type: ignore[arg-type] # the same


def test_a_promise_can_be_missed_only_after_its_last_instant() -> None:
    clock = SetClock(at(2))
    book = a_book(clock=clock)
    noa = a_relationship(book)
    number = book.promise(noa, kind=Promise.DELIVERY, what="x", due=at(2, 2), actor="dana")
    clock.time = at(2, 2)

    with pytest.raises(CommandError, match="only after that"):
        book.break_promise(noa, number, actor="dana")
    book.keep(noa, number, actor="dana")


def test_what_is_promised_inside_or_by_the_customer_is_remedied_without_amends() -> None:
    clock = SetClock(at(2))
    book = a_book(clock=clock)
    noa = a_relationship(book)
    book.promise(noa, kind=Promise.STEP, what="x", due=at(2, 2), audience=Audience.INTERNAL, actor="dana")
    book.promise(noa, kind=Promise.STEP, what="sends the form", due=at(2, 2), by=Side.CUSTOMER, actor="dana")
    clock.time = at(2, 3)
    book.tick(actor="clock")

    for number in (1, 2):
        book.remedy(noa, number, actor="dana")

    assert {it.state for it in promises(book, noa).values()} == {"remedied"}


def test_only_what_is_broken_has_a_compensation_to_refuse() -> None:
    book = a_book(clock=SetClock(at(2)))
    noa = a_relationship(book)
    number = book.promise(noa, kind=Promise.DELIVERY, what="x", due=at(2, 2), actor="dana")

    with pytest.raises(CommandError, match="no compensation to refuse"):
        book.refuse_compensation(noa, number, evidence="call", actor="dana")


def test_what_a_promise_names_must_be_in_the_book() -> None:
    book = a_book(clock=SetClock(at(2)))
    noa = a_relationship(book)

    with pytest.raises(UnknownIdError, match="case '7'"):
        book.promise(noa, kind=Promise.RESPONSE, what="x", due=at(3), case=7, actor="dana")
    with pytest.raises(MoneyError, match="does not belong"):
        book.promise(
            noa, kind=Promise.DELIVERY, what="x", due=at(3), least_compensation=Money(1, "USD"), actor="dana"
        )
    for command in (book.keep, book.break_promise, book.remedy, book.deliver_late):
        with pytest.raises(UnknownIdError, match="promise '1'"):
            command(noa, 1, actor="dana")


def test_nothing_is_made_good_for_a_promise_before_it_was_made() -> None:
    book = a_book()
    us = a_relationship(book)
    promise = book.promise(
        us, kind=Promise.DELIVERY, what="the part", due=at(4), occurred_at=at(3), actor="dana"
    )

    with pytest.raises(CommandError, match="comes before promise 1 was made"):
        book.explain(us, promise=promise, what="it broke", occurred_at=at(2), actor="dana")
    with pytest.raises(CommandError, match="comes before promise 1 was made"):
        book.compensate(
            us, promise=promise, what="a gift", cost=Money(5, "EUR"), occurred_at=at(2), actor="dana"
        )

    assert book.ledger(as_of=at(2)).account(us).commitments == {}


def test_a_taken_over_history_that_settles_what_nobody_promised_is_refused() -> None:
    book, source = a_book(), a_book()
    us = a_relationship(source)
    told = [
        Happening(stream=it.stream, body=it.body, occurred_at=it.occurred_at)
        for it in source.events()
        if it.stream != "book"
    ]
    kept = attrs.evolve(told[-1], body=CommitmentKept(commitment=7))

    examined = book.examine([History(relationship=us, happenings=(*told, kept))])

    assert examined.new == ()
    assert "holds no promise '7'" in str(examined.refused[us])
