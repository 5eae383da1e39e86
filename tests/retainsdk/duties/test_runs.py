"""One run after another: what each reads, opens, moves and voids."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from retainsdk.book import Book
from retainsdk.commitment import Commitment
from retainsdk.duties import Duties, Notices
from retainsdk.errors import CommandError
from retainsdk.events import TenureBenefit, Tier
from retainsdk.ports import Row
from retainsdk.quantities import Money
from retainsdk.store.memory import MemoryStore
from retainsdk.testing import SetClock, a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import (
    CaseKind,
    Channel,
    ClosingStep,
    Direction,
    Foundation,
    Kind,
    Promise,
    Reason,
    Role,
    Side,
    Stage,
    TermKind,
)

DANA: dict[str, Any] = {"actor": "dana"}


def of_duty(book: Book, us: int, duty: str) -> list[Commitment]:
    return [it for it in book.account(us).commitments.values() if it.duty == duty]


def greeted(book: Book, us: int) -> None:
    book.record_interaction(
        us, channel=Channel.PHONE, direction=Direction.OUTBOUND, purpose="personal", **DANA
    )


def test_a_second_run_reads_what_was_written_since_and_looks_at_whom_it_concerns() -> None:
    class Counting(MemoryStore):
        read_rows = 0

        def read(self, *args: Any, **asked: Any) -> Iterator[tuple[int, Row]]:
            for row in super().read(*args, **asked):
                self.read_rows += 1
                yield row

    store, clock = Counting(), SetClock(at(2))
    book = Book(store, currency="EUR", clock=clock)
    ours = [a_relationship(book, name=str(number), terms=some_terms(cadence_days=60)) for number in range(20)]
    first = book.run_duties(**DANA)
    greeted(book, ours[3])
    store.read_rows = 0

    second = book.run_duties(**DANA)
    read = store.read_rows
    third = book.run_duties(**DANA)

    assert (first.looked_at, second.looked_at, third.looked_at) == (20, 1, 0)
    assert read == first.opened + 2  # what the first run wrote, the call, and the promise it kept


def test_time_alone_wakes_a_relationship_up() -> None:
    clock = SetClock(at(2, 10))
    book = a_book(clock=clock)
    us = a_relationship(book, terms=some_terms(report_months=1))
    a_relationship(book, name="Gil", terms=some_terms())
    book.run_duties(**DANA)
    clock.time = at(3, 1, 10)

    run = book.run_duties(**DANA)

    assert (run.looked_at, run.opened) == (1, 1)
    assert [it.period for it in of_duty(book, us, "progress_reports")] == ["2026-02-01", "2026-03-01"]


def test_terms_that_come_into_force_wake_a_relationship_up() -> None:
    clock = SetClock(at(2, 10))
    book = a_book(clock=clock)
    us = a_relationship(book, terms=some_terms())
    monthly = some_terms(starts_on=date(2026, 3, 1), report_months=1, cadence_days=30)
    book.amend(us, terms=monthly, **DANA)
    book.run_duties(**DANA)
    clock.time = at(3, 1, 10)

    book.run_duties(**DANA)

    assert len(of_duty(book, us, "progress_reports")) == 1
    assert len(of_duty(book, us, "promised_contact")) == 1


def test_an_amendment_of_something_else_leaves_the_rhythm_of_reports() -> None:
    clock = SetClock(at(3, 2))
    book = a_book(clock=clock)
    us = a_relationship(book, terms=some_terms(report_months=1))
    dearer = some_terms(starts_on=date(2026, 3, 10), report_months=1, fee=Money(25, "EUR"))
    book.amend(us, terms=dearer, **DANA)
    book.run_duties(**DANA)
    clock.time = at(3, 12)

    changed = book.run_duties(**DANA)

    assert (changed.opened, changed.voided) == (0, 0)
    assert [it.period for it in of_duty(book, us, "progress_reports")] == ["2026-03-01"]


def test_a_message_nobody_will_answer_any_longer_is_found_by_every_run() -> None:
    clock = SetClock(at(2, 10))
    book = a_book(clock=clock)
    us = a_relationship(book)
    book.open_case(us, kind=CaseKind.COMPLAINT, topic="bill", **DANA)
    for day in (10, 12):  # before it is late and after
        clock.time = at(2, day, 10)
        book.run_duties(**DANA)
    clock.time = at(6, 1)

    later = book.run_duties(**DANA)

    assert later.settled == 1
    assert [it.state for it in of_duty(book, us, "service_levels")] == ["broken"]


@pytest.mark.invariant(28)
def test_what_was_voided_is_owed_anew_from_then_on() -> None:
    clock = SetClock(at(2, 10))
    book = a_book(clock=clock)
    us = a_relationship(book, terms=some_terms(cadence_days=60))
    book.run_duties(**DANA)
    clock.time = at(2, 12)
    book.void(us, 1, why="a slip", **DANA)

    first, second = book.run_duties(**DANA), book.run_duties(**DANA)

    assert (first.opened, second.opened) == (1, 0)
    assert [(it.state, it.made_at) for it in of_duty(book, us, "promised_contact")] == [
        ("voided", at(1)),
        ("open", at(2, 12)),
    ]


@pytest.mark.invariant(28)
@pytest.mark.parametrize("period", ["", "2026"])
def test_a_history_that_owes_one_thing_twice_at_once_is_refused(period: str) -> None:
    book = a_book()
    us = a_relationship(book)
    owed: dict[str, Any] = {
        "kind": Promise.STEP,
        "what": "a look",
        "due": at(5),
        "duty": "club",
        "basis": "x",
    }
    number = book.promise(us, **owed, period=period, occurred_at=at(2), **DANA)

    with pytest.raises(CommandError, match=f"stands open as number {number}"):
        book.promise(us, **owed, period=period, occurred_at=at(2, 3), **DANA)
    book.promise(us, **owed, period="another", occurred_at=at(2, 3), **DANA)
    book.void(us, number, why="no longer owed", occurred_at=at(2, 5), **DANA)
    with pytest.raises(CommandError, match="stands open"):  # as whoever looks back to that day sees
        book.promise(us, **owed, period=period, occurred_at=at(2, 4), **DANA)
    book.promise(us, **owed, period=period, occurred_at=at(2, 5), **DANA)

    assert [it.state for it in of_duty(book, us, "club")] == ["voided", "open", "open"]


def test_a_run_that_is_undone_with_its_unit_is_done_again() -> None:
    book = a_book(clock=SetClock(at(2)))
    us = a_relationship(book, terms=some_terms(cadence_days=60))

    def undone() -> None:
        with book.unit():
            book.run_duties(**DANA)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        undone()

    assert book.run_duties(**DANA).opened == 1
    assert len(of_duty(book, us, "promised_contact")) == 1


@pytest.mark.invariant(12)
def test_who_was_greeted_through_her_household_is_not_greeted_again_as_a_member_herself() -> None:
    clock = SetClock(at(2, 20))
    book = a_book(clock=clock)
    book.change_programme(
        "club", tiers=[Tier(name="silver", threshold=Money(0, "EUR"))], marks_occasions=True, **DANA
    )
    noa = book.register_customer(kind=Kind.PERSON, name="נועה", **DANA)
    book.learn_fact(noa, name="birthday", value="--03-01", source="she", **DANA)
    home = book.register_customer(kind=Kind.HOUSEHOLD, name="home", **DANA)
    book.start_affiliation(noa, home, role=Role.MEMBER, **DANA)
    ours, hers = (
        book.open_relationship(who, owner="dana", stage=Stage.ACTIVE, **DANA) for who in (home, noa)
    )
    book.join_programme(ours, programme="club", **DANA)
    clock.time = at(2, 25)
    book.run_duties(**DANA)
    greeted(book, ours)

    book.join_programme(hers, programme="club", **DANA)
    clock.time = at(3, 1)
    book.run_duties(**DANA)

    assert [it.state for it in of_duty(book, ours, "occasions")] == ["kept"]
    assert of_duty(book, hers, "occasions") == []


def a_leaver(book: Book, since: datetime | None = None) -> int:
    us = a_relationship(book, since=since or at(1), terms=some_terms(notice_days=0))
    book.begin_end(us, by=Side.CUSTOMER, **DANA)
    book.record_exit_reason(
        us, stated=Reason.LIFE_EVENT, assessed=Reason.LIFE_EVENT, evidence="a move", **DANA
    )
    book.complete_end(us, although="he was in a hurry", **DANA)
    book.open_winback(us, plan="call him", lead_days=10, **DANA)
    return us


@pytest.mark.invariant(40)
def test_another_expiry_moves_the_one_contact_with_a_leaver_and_a_refusal_voids_it() -> None:
    clock = SetClock(at(2))
    book = a_book(clock=clock)
    us = a_leaver(book)
    dues = []
    for until in (date(2026, 2, 20), date(2026, 2, 18), date(2026, 2, 24)):
        clock.time = clock.time.replace(minute=clock.time.minute + 1)
        book.learn_competitor_lock_in(us, competitor="Rival", until=until, source="he", **DANA)
        book.run_duties(**DANA)
        dues.append([it.due for it in of_duty(book, us, "win_back_contact") if it.is_open])
    book.withdraw_consent(us - 1, purpose="win_back", evidence="he said so", **DANA)
    book.run_duties(**DANA)

    ends = [datetime(2026, 2, day, tzinfo=UTC) for day in (11, 9, 15)]
    assert dues == [[end] for end in ends]
    assert [it.state for it in of_duty(book, us, "win_back_contact")] == ["voided"]


@pytest.mark.invariant(31)
def test_after_our_answer_no_answer_is_owed_whoever_of_us_began_the_talk() -> None:
    clock = SetClock(at(2))
    book = a_book(clock=clock)
    us = a_relationship(book)
    for direction in (Direction.OUTBOUND, Direction.INBOUND):
        clock.time = clock.time.replace(hour=clock.time.hour + 1)
        book.record_interaction(
            us, channel=Channel.EMAIL, direction=Direction.INBOUND, purpose="service", two_way=False, **DANA
        )
        book.run_duties(**DANA)
        assert sum(it.is_open for it in of_duty(book, us, "service_levels")) == 1
        clock.time = clock.time.replace(hour=clock.time.hour + 1)
        book.record_interaction(us, channel=Channel.PHONE, direction=direction, purpose="service", **DANA)
        book.run_duties(**DANA)

        assert not [it for it in of_duty(book, us, "service_levels") if it.is_open]


def test_a_duty_that_is_turned_off_voids_what_it_opened() -> None:
    book = a_book(clock=SetClock(at(2)))
    us = a_relationship(book, terms=some_terms(cadence_days=60))
    book.run_duties(**DANA)

    run = book.run_duties(duties=Duties(promised_contact=None), **DANA)

    assert run.voided == 1
    assert [it.state for it in of_duty(book, us, "promised_contact")] == ["voided"]


def test_a_beginning_and_an_ending_have_their_steps() -> None:
    clock = SetClock(at(2))
    book = a_book(clock=clock)
    us = a_relationship(book, stage=Stage.ONBOARDING, since=at(2), terms=some_terms())
    book.run_duties(**DANA)
    book.do_foundation_step(us, step=Foundation.WAYS_LEARNT, findings="mornings", **DANA)
    book.run_duties(**DANA)
    book.begin_end(us, by=Side.CUSTOMER, **DANA)
    book.run_duties(**DANA)
    book.do_closing_step(us, step=ClosingStep.THANKED, evidence="a card", **DANA)
    book.run_duties(**DANA)

    beginning = {it.period: it.state for it in of_duty(book, us, "onboarding")}
    ending = {it.period: it.state for it in of_duty(book, us, "closing")}
    assert beginning.pop("ways_learnt") == "kept"
    assert set(beginning.values()) == {"voided"}
    assert ending == {
        "documents_filed": "open", "reason_recorded": "open", "satisfaction_asked": "open", "thanked": "kept"
    }  # fmt: skip


@pytest.mark.parametrize(
    "begun", [datetime(2026, 3, 10, 7, tzinfo=UTC), datetime(2026, 10, 10, 6, tzinfo=UTC)]
)
def test_a_step_of_the_beginning_falls_due_at_the_same_time_of_day_over_a_change_of_the_clocks(
    begun: datetime,
) -> None:
    book = a_book(clock=SetClock(begun), zone="Asia/Jerusalem")
    us = a_relationship(book, since=begun, stage=Stage.ONBOARDING)
    book.run_duties(**DANA)

    dues = {it.due.astimezone(book.zone) for it in of_duty(book, us, "onboarding")}

    assert {f"{due:%H:%M}" for due in dues} == {"09:00"}
    assert {(due.date() - begun.date()).days for due in dues} == {14, 30, 45, 60}
    assert book.run_duties(**DANA).moved == 0


@pytest.mark.parametrize(
    "begun",
    [datetime(2026, 3, 26, 7, tzinfo=UTC), datetime(2026, 10, 24, 6, tzinfo=UTC)],
    ids=["spring", "autumn"],
)
def test_days_are_counted_by_the_calendar_over_a_change_of_the_clocks(begun: datetime) -> None:
    book = a_book(clock=SetClock(begun), zone="Asia/Jerusalem")
    today = begun.date()
    ours = a_relationship(
        book,
        since=begun,
        terms=some_terms(starts_on=today, cadence_days=5, kind=TermKind.FIXED, months=1, notice_days=0),
    )
    book.change_programme(
        "club", tiers=[Tier(name="new", threshold=Money(0, "EUR"), benefits=("tea",))], **DANA
    )
    book.join_programme(ours, programme="club", **DANA)
    book.record_purchase(ours, what="x", amount=Money(1, "EUR"), paid=True, **DANA)
    leaving = a_relationship(book, since=begun)
    book.begin_end(leaving, **DANA)
    left = a_leaver(book, since=begun)
    book.learn_competitor_lock_in(left, competitor="Rival", until=today, source="he", **DANA)
    book.run_duties(**DANA)

    days = {
        (duty, it.period if duty == "closing" else ""): it.due.astimezone(book.zone)
        for us in (ours, leaving, left)
        for duty in ("promised_contact", "benefits", "closing", "notices", "win_back_contact")
        for it in of_duty(book, us, duty)
    }

    assert {f"{due:%H:%M}" for due in days.values()} == {"09:00"}
    assert {name: (due.date() - today).days for name, due in days.items()} == {
        ("promised_contact", ""): 5,
        ("benefits", ""): 30,
        ("notices", ""): 2,
        ("win_back_contact", ""): 3,
        ("closing", "documents_filed"): 30,
        ("closing", "reason_recorded"): 14,
        ("closing", "satisfaction_asked"): 14,
        ("closing", "thanked"): 30,
    }
    assert book.run_duties(**DANA).moved == 0


@pytest.mark.parametrize(
    ("changes", "kind", "due"),
    [
        ({"kind": TermKind.FIXED, "months": 6}, Promise.NOTICE, date(2026, 6, 1)),
        ({"kind": TermKind.AUTO_RENEWING, "months": 6}, Promise.NOTICE, date(2026, 5, 18)),
        ({"lock_in_months": 6}, Promise.REVIEW, date(2026, 6, 1)),
    ],
)
def test_what_ends_or_renews_is_told_in_time(changes: dict[str, Any], kind: Promise, due: date) -> None:
    clock = SetClock(at(2))
    book = a_book(clock=clock)
    us = a_relationship(book, terms=some_terms(**changes))
    assert book.run_duties(duties=Duties(notices=Notices()), **DANA).opened == 0

    clock.time = at(5, 10)
    book.run_duties(duties=Duties(notices=Notices()), **DANA)

    assert [(it.kind, it.due.date()) for it in of_duty(book, us, "notices")] == [(kind, due)]


def test_a_member_is_owed_the_benefits_of_his_tier_and_of_his_tenure() -> None:
    clock = SetClock(at(2))
    book = a_book(clock=clock)
    book.change_programme(
        "club",
        tiers=[Tier(name="silver", threshold=Money(50, "EUR"), benefits=("free parking",))],
        tenure_benefits=[TenureBenefit(months=1, benefit="a book")],
        occurred_at=at(1),
        **DANA,
    )
    us = a_relationship(book, terms=some_terms())
    book.join_programme(us, programme="club", occurred_at=at(1), **DANA)
    book.run_duties(**DANA)
    book.record_purchase(us, what="a box", amount=Money(60, "EUR"), paid=True, **DANA)
    book.run_duties(**DANA)
    book.run_duties(**DANA)

    assert [it.what for it in of_duty(book, us, "benefits")] == ["a book", "free parking"]


def test_contact_that_terms_promise_counts_from_the_day_they_promise_it() -> None:
    book = a_book(clock=SetClock(at(5, 1)))
    us = a_relationship(book, since=at(1, 1))
    book.sign(us, terms=some_terms(starts_on=date(2026, 4, 1), cadence_days=60), occurred_at=at(4, 1), **DANA)

    book.run_duties(**DANA)

    (promise,) = of_duty(book, us, "promised_contact")
    assert promise.due == at(4, 1) + timedelta(days=60)


def test_a_contact_after_the_terms_began_puts_the_next_off_and_one_before_does_not() -> None:
    book = a_book(clock=SetClock(at(5, 1)))
    early, late = (a_relationship(book, name=name, since=at(1, 1)) for name in ("Noa", "Dan"))
    terms = some_terms(starts_on=date(2026, 4, 1), cadence_days=60)
    for us, touched_at in ((early, at(3, 1)), (late, at(4, 20))):
        book.record_interaction(
            us,
            channel=Channel.PHONE,
            direction=Direction.OUTBOUND,
            purpose="personal",
            occurred_at=touched_at,
            **DANA,
        )
        book.sign(us, terms=terms, occurred_at=at(4, 21), **DANA)

    book.run_duties(**DANA)

    assert [it.due for it in of_duty(book, early, "promised_contact")] == [at(4, 21) + timedelta(days=60)]
    assert [it.due for it in of_duty(book, late, "promised_contact")] == [at(4, 21) + timedelta(days=60)]


def test_a_contract_that_takes_the_place_of_another_breaks_no_rhythm_of_contacts() -> None:
    book = a_book(clock=SetClock(at(5, 1)))
    us = a_relationship(book, since=at(1, 1), terms=some_terms(starts_on=date(2026, 1, 1), cadence_days=60))
    book.record_interaction(
        us,
        channel=Channel.PHONE,
        direction=Direction.OUTBOUND,
        purpose="personal",
        occurred_at=at(3, 25),
        **DANA,
    )
    other = book.draft_terms(
        us, terms=some_terms(starts_on=date(2026, 4, 1), cadence_days=60), occurred_at=at(4, 1), **DANA
    )
    book.offer_terms(us, other, occurred_at=at(4, 1), **DANA)
    book.sign(
        us, contract=other, supersede=True, by_us="dana", by_customer="Noa", occurred_at=at(4, 1), **DANA
    )

    book.run_duties(**DANA)

    assert [it.due for it in of_duty(book, us, "promised_contact")] == [at(3, 25) + timedelta(days=60)]


def test_a_survey_that_nobody_answers_is_noticed_by_the_run_that_follows_its_time_as_by_a_new_process() -> (
    None
):
    store, clock = MemoryStore(), SetClock(at(2))
    book = Book(store, currency="EUR", clock=clock)
    us = a_relationship(book)
    book.begin_end(us, **DANA)
    book.run_duties(**DANA)
    clock.time = at(2, 3)
    book.ask_survey(us, instrument="nps", answer_by=at(2, 5), **DANA)
    book.run_duties(**DANA)
    clock.time = at(2, 6)

    book.run_duties(**DANA)

    (asked,) = (it for it in of_duty(book, us, "closing") if it.period == "satisfaction_asked")
    assert asked.state == "kept"
    again = Book(store, clock=clock).run_duties(**DANA)
    assert (again.opened, again.moved, again.voided, again.settled) == (0, 0, 0, 0)
