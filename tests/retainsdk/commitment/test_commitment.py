"""Promises: each rule as a property, and as a history any order of commands at any time against a model."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from told import START, OneRelationship

from retainsdk import Book
from retainsdk.commands.commitments import Tick
from retainsdk.commitment import MACHINE, Commitment, CommitmentEvent
from retainsdk.commitment.reliability import Reliability
from retainsdk.errors import CommandError, RetainError, TransitionError
from retainsdk.events import (
    CommitmentBroken,
    CommitmentKept,
    CommitmentMade,
    CommitmentRemedied,
    Compensated,
    CompensationRefused,
    DeliveredLate,
    DueMoved,
    Explained,
    InteractionRecorded,
    LateNoticeGiven,
    Released,
    Retracted,
    Voided,
)
from retainsdk.quantities import Money
from retainsdk.testing import SetClock, a_book, a_relationship, at
from retainsdk.vocabulary import KEPT_BY_CONTACT, LIVE_CHANNELS, Audience, Channel, Direction, Promise, Side

hours = st.integers(1, 6)


def hour(number: int) -> datetime:
    """So many hours after the promise."""
    return START + timedelta(hours=number)


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def a_promise(**changes: Any) -> Commitment:
    """A delivery promised at hour 0 and due at hour 4."""
    body = CommitmentMade(commitment=1, kind=Promise.DELIVERY, what="router", due=hour(4), basis="")
    return Commitment.made(attrs.evolve(body, **changes), START, "dana")


def a_contact(**changes: Any) -> InteractionRecorded:
    """Dana called."""
    body = InteractionRecorded(
        channel=Channel.PHONE,
        direction=Direction.OUTBOUND,
        purpose="service",
        human=True,
        two_way=True,
        text="",
    )
    return attrs.evolve(body, **changes)


outcomes = st.one_of(
    st.builds(LateNoticeGiven, commitment=st.just(1), due=st.integers(1, 9).map(hour)),
    st.builds(DueMoved, commitment=st.just(1), due=st.integers(1, 9).map(hour), why=st.just("paused")),
    st.sampled_from(
        [
            CommitmentKept(commitment=1),
            CommitmentBroken(commitment=1),
            DeliveredLate(commitment=1),
            Explained(commitment=1, what="snow"),
            Compensated(commitment=1, what="voucher", cost=eur(5)),
            CompensationRefused(commitment=1, evidence="call"),
            CommitmentRemedied(commitment=1),
            Released(commitment=1, evidence="call"),
            Voided(commitment=1, why="no case"),
            Retracted(commitment=1, why="wrong customer"),
        ]
    ),
)
histories = st.lists(st.tuples(st.integers(0, 12), outcomes), max_size=12).map(
    lambda history: sorted(history, key=lambda step: step[0])
)
promises = st.builds(
    a_promise,
    kind=st.sampled_from([Promise.DELIVERY, Promise.CALLBACK]),
    duty=st.sampled_from(["", "cadence"]),
    grace_minutes=st.sampled_from([0, 60]),
    notices_allowed=st.sampled_from([None, 0, 1]),
    least_compensation=st.sampled_from([None, eur(7)]),
    audience=st.sampled_from(Audience),
)


def lived(promise: Commitment, history: list[tuple[int, CommitmentEvent]]) -> list[Commitment]:
    """The promise after each event of a history that could happen; it was called about at hours 1 and 3."""
    lives = [promise]
    calls = [(hour(1), a_contact()), (hour(3), a_contact())]
    for passed, body in history:
        with suppress(RetainError):
            lives.append(lives[-1].after(body, hour(passed), contacts=calls))
    return lives


@given(promise=promises, history=histories)
def test_every_step_of_a_promise_stands_in_its_table(
    promise: Commitment, history: list[tuple[int, CommitmentEvent]]
) -> None:
    lives = lived(promise, history)

    for before, after in pairwise(lives):
        assert after.state == before.state or after.state in MACHINE.table[before.state].values()
        assert before.since <= after.since


@pytest.mark.invariant(23)
@given(
    kinds=st.lists(
        st.tuples(st.sampled_from(Promise), hours, st.sampled_from([0, 30])), min_size=1, max_size=4
    ),
    called=st.lists(st.integers(0, 8), max_size=2),
    looks=st.lists(st.integers(1, 9), min_size=1, max_size=3),
)
def test_a_clock_tick_leaves_nothing_open_past_its_time_and_dates_the_break_there(
    kinds: list[tuple[Promise, int, int]], called: list[int], looks: list[int]
) -> None:
    clock = SetClock(START)
    book = a_book(clock=clock)
    noa = a_relationship(book)
    for kind, ahead, grace in kinds:
        book.promise(noa, kind=kind, what="x", due=hour(ahead), grace_minutes=grace, actor="dana")

    recorded = 0
    for look in sorted(looks):
        clock.time = hour(look)
        for passed in sorted(called)[recorded:]:
            if passed <= look:
                call(book, noa, occurred_at=hour(passed))
                recorded += 1
        was_broken = {it.number for it in all_of(book, noa) if it.state == "broken"}
        book.tick(actor="clock")

        for promise in all_of(book, noa):
            assert promise.is_open <= (clock.time <= promise.closes_at)
            assert promise.state in {"open", "kept", "broken"}
            assert (promise.state == "broken") >= (promise.number in was_broken)
            if promise.state == "broken":
                assert (
                    promise.broken_at
                    == promise.since
                    == promise.due + timedelta(minutes=promise.grace_minutes)
                )
        before = len(book)
        assert book.tick(actor="clock") == Tick(0, 0)
        assert len(book) == before


@pytest.mark.invariant(23)
@given(
    grace=st.sampled_from([0, 60]),
    passed=st.integers(1, 7),
    again=st.sampled_from(
        [
            CommitmentKept(commitment=1),
            CommitmentBroken(commitment=1),
            Released(commitment=1, evidence="call"),
        ]
    ),
)
def test_a_promise_is_kept_until_due_and_grace_are_over_and_broken_after_that_and_never_both(
    grace: int, passed: int, again: CommitmentEvent
) -> None:
    promise, closes = a_promise(grace_minutes=grace), 4 + grace // 60

    with nullcontext() if passed <= closes else pytest.raises(CommandError):
        kept = promise.after(CommitmentKept(commitment=1), hour(passed))
        with pytest.raises(TransitionError):
            kept.after(again, hour(9))
    with nullcontext() if passed >= closes else pytest.raises(CommandError):
        broken = promise.after(CommitmentBroken(commitment=1), hour(passed))
        for late in (CommitmentKept(commitment=1), CommitmentBroken(commitment=1)):
            with pytest.raises(TransitionError):
                broken.after(late, hour(passed))


@pytest.mark.invariant(24)
@given(
    allowed=st.sampled_from([None, 0, 1, 2]),
    notices=st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), max_size=5).map(sorted),
)
def test_a_late_notice_comes_before_the_due_and_names_a_later_one_and_the_first_due_stays(
    allowed: int | None, notices: list[tuple[int, int]]
) -> None:
    promise = a_promise(notices_allowed=allowed)
    due, given = 4, 0

    for passed, new in notices:
        legal = passed < due < new and (allowed is None or given < allowed)
        with nullcontext() if legal else pytest.raises(CommandError):
            promise = promise.after(LateNoticeGiven(commitment=1, due=hour(new)), hour(passed))
        due, given = (new, given + 1) if legal else (due, given)

        assert (promise.due, promise.first_due, promise.notices) == (hour(due), hour(4), given)


contact_times = st.lists(
    st.tuples(
        st.integers(-1, 7), st.sampled_from(Direction), st.booleans(), st.sampled_from(list(Channel)[:2])
    ),
    max_size=4,
)


@pytest.mark.invariant(25)
@given(
    kind=st.sampled_from(sorted(KEPT_BY_CONTACT)),
    opens=st.sampled_from([None, 0, 2, 4]),
    channels=st.sampled_from([(), (Channel.PHONE,)]),
    called=contact_times,
    late=st.booleans(),
    work_is_done=st.booleans(),
)
def test_a_callback_is_kept_exactly_by_a_contact_of_ours_in_its_window(
    kind: Promise,
    opens: int | None,
    channels: tuple[Channel, ...],
    called: list[tuple[int, Direction, bool, Channel]],
    late: bool,  # noqa: FBT001 # drawn
    work_is_done: bool,  # noqa: FBT001 # drawn
) -> None:
    clock = SetClock(START)
    book = a_book(clock=clock)
    noa = a_relationship(book)
    back = book.promise(
        noa, kind=kind, what="the repair", due=hour(4), channels=channels, actor="dana",
        opens_at=None if opens is None else hour(opens),
    )  # fmt: skip
    work = book.promise(noa, kind=Promise.DELIVERY, what="the repair", due=hour(6), actor="dana")
    for passed, direction, human, channel in called if late else sorted(called):
        clock.time = hour(8) if late else max(clock.time, hour(passed))
        call(book, noa, occurred_at=hour(passed), direction=direction, human=human, channel=channel)
    clock.time = hour(8)
    if work_is_done:
        book.keep(noa, work, occurred_at=hour(3), actor="dana")
    book.tick(actor="clock")

    in_its_window = any(
        max(0 if opens is None else opens, 0) <= passed <= 4
        and passed > 0
        and (direction is Direction.OUTBOUND or (kind is Promise.RESPONSE and channel in LIVE_CHANNELS))
        and human
        and channel in (channels or Channel)
        for passed, direction, human, channel in called
    )
    states = {it.number: it.state for it in all_of(book, noa)}
    assert states == {back: "kept" if in_its_window else "broken", work: "kept" if work_is_done else "broken"}


@pytest.mark.invariant(26)
@given(
    audience=st.sampled_from(Audience),
    least=st.sampled_from([None, 7]),
    done=st.lists(
        st.sampled_from(
            [
                Explained(commitment=1, what="snow"),
                Explained(commitment=1, what="snow", audience=Audience.INTERNAL),
                Compensated(commitment=1, what="voucher", cost=eur(4)),
                CompensationRefused(commitment=1, evidence="call"),
            ]
        ),
        max_size=4,
    ),
    when=st.sampled_from([2, 5]),
)
def test_a_broken_promise_is_remedied_only_when_explained_to_the_customer_and_compensated_or_refused(
    audience: Audience, least: int | None, done: list[CommitmentEvent], when: int
) -> None:
    promise = a_promise(audience=audience, least_compensation=None if least is None else eur(least))
    for body in done if when < 4 else []:
        promise = promise.after(body, hour(when))
    promise = promise.after(CommitmentBroken(commitment=1), hour(4))
    for body in done if when > 4 else []:
        promise = promise.after(body, hour(when))

    after_it_broke = done if when > 4 else []
    explained = Explained(commitment=1, what="snow") in after_it_broke
    given_ = 4 * sum(isinstance(body, Compensated) for body in after_it_broke)
    refused = any(isinstance(body, CompensationRefused) for body in after_it_broke)
    enough = explained and (least is None or given_ >= least or refused)
    with (
        nullcontext()
        if enough or audience is Audience.INTERNAL
        else pytest.raises(CommandError, match="lacks")
    ):
        assert promise.after(CommitmentRemedied(commitment=1), hour(6)).state == "remedied"


def after(promise: Commitment, *history: tuple[int, CommitmentEvent]) -> Commitment:
    for passed, body in history:
        promise = promise.after(body, hour(passed))
    return promise


_NOTICE, _KEPT, _BROKEN = (
    LateNoticeGiven(commitment=1, due=hour(6)),
    CommitmentKept(commitment=1),
    CommitmentBroken(commitment=1),
)
_TOLD, _REMEDIED = Explained(commitment=1, what="snow"), CommitmentRemedied(commitment=1)
FATES = [
    # what became of a promise, and whether it counts as kept, as on time, as ever broken
    (after(a_promise()), (0, 0, 0)),
    (after(a_promise(), (4, _KEPT)), (1, 1, 0)),
    (after(a_promise(), (1, _NOTICE), (4, _KEPT)), (1, 1, 0)),
    (after(a_promise(), (1, _NOTICE), (5, _KEPT)), (1, 0, 0)),
    (after(a_promise(grace_minutes=60), (5, _KEPT)), (1, 0, 0)),
    (after(a_promise(), (4, _BROKEN)), (0, 0, 1)),
    (after(a_promise(), (1, _NOTICE), (6, _BROKEN)), (0, 0, 1)),
    (after(a_promise(), (4, _BROKEN), (5, DeliveredLate(commitment=1))), (0, 0, 1)),
    (after(a_promise(), (4, _BROKEN), (5, _TOLD), (6, _REMEDIED)), (0, 0, 1)),
    (after(a_promise(), (4, _BROKEN), (5, Released(commitment=1, evidence="call"))), (0, 0, 1)),
    (after(a_promise(), (2, Released(commitment=1, evidence="call"))), (0, 0, 0)),
    (after(a_promise(duty="cadence"), (2, Voided(commitment=1, why="left"))), (0, 0, 0)),
    (after(a_promise(), (4, _BROKEN), (5, Retracted(commitment=1, why="wrong customer"))), (0, 0, 0)),
]


def _rates(commitments: list[Commitment]) -> tuple[float | None, float | None]:
    found = Reliability.of(commitments)
    return found.kept_rate, found.on_time_rate


@pytest.mark.invariant(27)
@given(lives=st.lists(st.sampled_from(FATES), max_size=5))
def test_rates_lie_between_0_and_1_or_are_undefined_and_nothing_done_later_raises_them(
    lives: list[tuple[Commitment, tuple[int, int, int]]],
) -> None:
    kept, on_time, broken = (sum(counts[place] for _, counts in lives) for place in range(3))
    ends = [promise for promise, _ in lives]

    rates = _rates(ends)

    if kept + broken == 0:
        assert rates == (None, None)
    else:
        assert rates == (kept / (kept + broken), on_time / (kept + broken))
        assert 0 <= on_time / (kept + broken) <= kept / (kept + broken) <= 1


moves = st.one_of(
    st.builds(LateNoticeGiven, commitment=st.just(1), due=st.integers(5, 9).map(hour)),
    st.builds(DueMoved, commitment=st.just(1), due=st.integers(5, 9).map(hour), why=st.just("paused")),
)
warned = st.lists(st.tuples(st.integers(0, 3), moves), max_size=2).map(
    lambda told: sorted(told, key=lambda it: it[0])
)


@pytest.mark.invariant(27)
@given(promise=promises, before=warned, done=st.lists(outcomes, max_size=5))
def test_nothing_done_after_a_breach_raises_a_rate(
    promise: Commitment, before: list[tuple[int, CommitmentEvent]], done: list[CommitmentEvent]
) -> None:
    others = [kept for kept, _ in FATES[1:3]]
    lives = lived(promise, [*before, (11, CommitmentBroken(commitment=1))])
    assert lives[-1].broken_at == lives[-1].closes_at

    for life in lived(lives[-1], [(12, body) for body in done]):
        rates = _rates([*others, life])
        assert rates == ((1, 1) if life.state == "retracted" else (2 / 3, 2 / 3))


@pytest.mark.invariant(27)
@given(promise=promises.filter(lambda it: not it.duty), before=warned, passed=st.integers(4, 10))
def test_late_notice_protects_what_was_kept_and_never_what_was_on_time(
    promise: Commitment, before: list[tuple[int, CommitmentEvent]], passed: int
) -> None:
    end = lived(
        promise, [*before, (passed, CommitmentKept(commitment=1)), (11, CommitmentBroken(commitment=1))]
    )[-1]

    came = passed if end.kind is Promise.DELIVERY else 1  # the first of the calls, at hours 1 and 3
    is_kept = hour(passed) <= end.closes_at or end.kind is Promise.CALLBACK
    assert end.state == ("kept" if is_kept else "broken")
    assert _rates([end]) == (is_kept, is_kept and came <= 4)


def test_a_pause_of_the_clock_moves_what_counts_as_on_time_and_notice_does_not() -> None:
    promise = a_promise(duty="first response").after(LateNoticeGiven(commitment=1, due=hour(6)), hour(1))
    moved = promise.after(DueMoved(commitment=1, due=hour(8), why="he was to send a photo"), hour(2))

    assert (moved.due, moved.first_due) == (hour(8), hour(6))


def test_a_time_missed_with_notice_is_not_given_back_by_a_later_pause() -> None:
    promise = a_promise(duty="first response").after(LateNoticeGiven(commitment=1, due=hour(6)), hour(1))
    moved = promise.after(DueMoved(commitment=1, due=hour(8), why="he was to send a photo"), hour(5))

    assert (moved.due, moved.first_due) == (hour(8), hour(4))


def test_what_was_recorded_in_error_counts_on_its_own_and_above_two_percent_is_a_warning() -> None:
    broken = a_promise().after(CommitmentBroken(commitment=1), hour(5))
    retracted = broken.after(Retracted(commitment=1, why="wrong customer"), hour(6))
    customers = a_promise(by=Side.CUSTOMER)

    few = Reliability.of([*[broken] * 49, retracted, customers])
    many = Reliability.of([*[broken] * 48, retracted, customers])

    assert (few.made, few.broken, few.retracted, few.kept_rate) == (50, 49, 1, 0)
    assert (few.too_many_retracted, many.too_many_retracted) == (False, True)
    assert Reliability.of([retracted]).kept_rate is None


def test_a_customers_promise_to_call_is_kept_by_his_call() -> None:
    promise = a_promise(by=Side.CUSTOMER, kind=Promise.CALLBACK)
    ours, his = a_contact(), a_contact(direction=Direction.INBOUND)

    assert promise.contact_in_time([(hour(1), ours), (hour(2), his)]) == hour(2)


def test_an_acknowledgement_is_no_response_and_a_call_about_another_case_neither() -> None:
    response = a_promise(kind=Promise.RESPONSE, case=7)
    contacts = [
        (hour(1), a_contact(case=7, substantive=False)),
        (hour(2), a_contact(case=8)),
        (hour(3), a_contact(case=7)),
    ]

    assert response.contact_in_time(contacts) == hour(3)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"due": START}, "Promise a later time"),
        ({"opens_at": hour(5)}, "no later than it is due"),
        ({"grace_minutes": -1}, "must not be negative"),
        ({"grace_minutes": 10081}, "longer than a week"),
        ({"notices_allowed": -1}, "must not be negative"),
        ({"least_compensation": eur(-1)}, "must not be negative"),
    ],
)
def test_a_promise_that_makes_no_sense_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        a_promise(**changes)


@pytest.mark.parametrize(
    ("changes", "passed", "body", "message"),
    [
        ({}, 1, Released(commitment=1, evidence=" "), "why promise 1 is owed no longer"),
        ({}, 1, Retracted(commitment=1, why=""), "why promise 1 is owed no longer"),
        ({"duty": "cadence"}, 1, Voided(commitment=1, why=""), "why promise 1 is owed no longer"),
        ({}, 1, Voided(commitment=1, why="no case"), "by a person, not by a duty"),
        ({}, 1, DueMoved(commitment=1, due=hour(6), why="paused"), "no clock of a duty that runs"),
        ({"duty": "cadence"}, 1, DueMoved(commitment=1, due=hour(6), why=""), "why promise 1 has a new due"),
        (
            {"duty": "cadence"},
            -1,
            DueMoved(commitment=1, due=hour(6), why="paused"),
            "Move it to a later time",
        ),
        (
            {"duty": "cadence"},
            1,
            DueMoved(commitment=1, due=hour(0), why="paused"),
            "Move it to a later time",
        ),
        ({"opens_at": hour(2)}, 1, CommitmentKept(commitment=1), "when its time has come"),
        ({}, 3, CommitmentBroken(commitment=1), "only after that"),
        ({}, 5, CompensationRefused(commitment=1, evidence=""), "how the customer refused"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, CommitmentEvent) else None,
)
def test_what_cannot_become_of_a_promise_is_refused(
    changes: dict[str, Any], passed: int, body: CommitmentEvent, message: str
) -> None:
    promise = a_promise(**changes)

    with pytest.raises(CommandError, match=message):
        promise.after(body, hour(passed))


class Promises(OneRelationship):
    """One relationship, a few promises, a clock that only goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.model: dict[int, str] = {}
        self.dues: dict[int, datetime] = {}
        self.since: dict[int, datetime] = {}
        self.made: dict[int, tuple[datetime, Promise, str, timedelta]] = {}
        self.explained: set[int] = set()
        self.calls: list[datetime] = []
        self.notices = 0

    @initialize(kind=st.sampled_from(Promise), ahead=hours)
    def begin(self, kind: Promise, ahead: int) -> None:
        self.promise(kind, ahead, 0, "")

    @rule(
        kind=st.sampled_from(Promise),
        ahead=hours,
        grace=st.sampled_from([0, 1]),
        duty=st.sampled_from(["", "club"]),
    )
    def promise(self, kind: Promise, ahead: int, grace: int, duty: str) -> None:
        due = self.clock.time + timedelta(hours=ahead)
        number = self.book.promise(
            self.noa, kind=kind, what="the bill", due=due, grace_minutes=60 * grace,
            duty=duty, period=str(len(self.model)), actor="dana",
        )  # fmt: skip
        assert number not in self.model
        self.model[number], self.dues[number] = "open", due
        self.since[number] = self.clock.time
        self.made[number] = (self.clock.time, kind, duty, timedelta(hours=grace))

    @rule(passed=hours)
    def wait(self, passed: int) -> None:
        self.clock.time += timedelta(hours=passed)

    @rule(ago=st.integers(0, 3), data=st.data(), explicit=st.booleans())
    def call(self, ago: int, data: st.DataObject, explicit: bool) -> None:  # noqa: FBT001 # drawn
        when = self.clock.time - timedelta(hours=ago)
        number = self.one(data)
        kept = {
            it
            for it in self.model
            if self.by_contact(it) and self.in_window(it, when) and self.since[it] <= when
        }
        also = explicit and number not in kept
        legal = not also or (
            self.is_open(number)
            and self.since[number] <= when
            and (
                any(self.in_window(number, it) and it <= when for it in self.calls)
                if self.by_contact(number)
                else when <= self.closes(number)
            )
        )
        keeps = (number,) if explicit else ()
        if self.goes(legal=legal, command=lambda: call(self.book, self.noa, occurred_at=when, keeps=keeps)):
            self.calls.append(when)
            for it in {*kept, *keeps}:
                self.becomes(it, "kept", when)

    @rule(data=st.data(), ahead=st.integers(-2, 6))
    def give_notice(self, data: st.DataObject, ahead: int) -> None:
        number = self.one(data)
        due = self.dues[number] + timedelta(hours=ahead)
        legal = self.is_open(number) and self.clock.time < self.dues[number] and ahead > 0
        if self.goes(
            legal=legal, command=lambda: self.book.give_late_notice(self.noa, number, due=due, actor="dana")
        ):
            self.dues[number] = due
            self.becomes(number, "warned", self.clock.time)
            self.notices += 1

    @rule(data=st.data(), ahead=hours)
    def move(self, data: st.DataObject, ahead: int) -> None:
        number = self.one(data)
        due = self.dues[number] + timedelta(hours=ahead)
        legal = self.is_open(number) and self.made[number][2] != ""
        if self.goes(
            legal=legal,
            command=lambda: self.book.move_due(self.noa, number, due=due, why="paused", actor="dana"),
        ):
            self.dues[number], self.since[number] = due, self.clock.time

    @rule(data=st.data())
    def miss(self, data: st.DataObject) -> None:
        number = self.one(data)
        legal = self.is_open(number) and self.clock.time > self.closes(number)
        if self.goes(legal=legal, command=lambda: self.book.break_promise(self.noa, number, actor="dana")):
            self.becomes(number, "broken", self.clock.time)

    @rule()
    def tick(self) -> None:
        over = [it for it in self.model if self.is_open(it) and self.closes(it) < self.clock.time]
        kept = [
            it for it in over if self.by_contact(it) and any(self.in_window(it, when) for when in self.calls)
        ]

        assert self.book.tick(actor="clock") == Tick(len(kept), len(over) - len(kept))
        for number in over:
            when = (
                min(filter(lambda it: self.in_window(number, it), self.calls))
                if number in kept
                else self.closes(number)
            )
            self.becomes(number, "kept" if number in kept else "broken", max(when, self.since[number]))

    @rule(data=st.data())
    def explain(self, data: st.DataObject) -> None:
        number = self.one(data)
        on_time = self.book.account(self.noa).commitments[number].kept_on_time
        legal = not (self.model[number] == "kept" and on_time)
        explain = partial(self.book.explain, self.noa, what="snow", promise=number, actor="dana")
        if self.goes(legal=legal, command=explain) and self.clock.time >= self.closes(number):
            self.explained.add(number)

    @rule(data=st.data())
    def remedy(self, data: st.DataObject) -> None:
        number = self.one(data)
        legal = self.model[number] == "broken" and number in self.explained
        if self.goes(legal=legal, command=lambda: self.book.remedy(self.noa, number, actor="dana")):
            self.becomes(number, "remedied", self.clock.time)

    @rule(data=st.data())
    def deliver_late(self, data: st.DataObject) -> None:
        number = self.one(data)
        legal = self.model[number] == "broken"
        if self.goes(legal=legal, command=lambda: self.book.deliver_late(self.noa, number, actor="dana")):
            self.becomes(number, "broken", self.clock.time)

    @rule(data=st.data(), how=st.sampled_from(["released", "voided", "retracted"]))
    def end(self, data: st.DataObject, how: str) -> None:
        number = self.one(data)
        legal = (
            self.is_open(number) if how == "voided" else self.model[number] in {"open", "warned", "broken"}
        )
        ends = {
            "released": lambda: self.book.release(self.noa, number, evidence="call", actor="dana"),
            "voided": lambda: self.book.void(self.noa, number, why="no longer a member", actor="dana"),
            "retracted": lambda: self.book.retract(self.noa, number, why="wrong customer", actor="dana"),
        }
        if self.goes(legal=legal and (how != "voided" or self.made[number][2] != ""), command=ends[how]):
            self.becomes(number, how, self.clock.time)

    @invariant()
    def the_book_says_what_the_model_says(self) -> None:
        promises = self.promises()
        assert {number: it.state for number, it in promises.items()} == self.model
        assert {number: it.due for number, it in promises.items()} == self.dues
        assert {number: it.since for number, it in promises.items()} == self.since
        assert sum(it.notices for it in promises.values()) == self.notices
        assert all(it.first_due <= it.due for it in promises.values())

    @invariant()
    def the_agenda_holds_what_is_open(self) -> None:
        listed = {item.number for item in self.book.agenda().items if item.sort == "promise"}
        assert listed == {number for number in self.model if self.is_open(number)}

    @invariant()
    def the_book_can_be_read_as_of_any_hour(self) -> None:
        for ago in (1, 2, 4):
            self.book.ledger(as_of=self.clock.time - timedelta(hours=ago))

    def promises(self) -> dict[int, Commitment]:
        return self.book.account(self.noa).commitments

    def one(self, data: st.DataObject) -> int:
        return data.draw(st.sampled_from(sorted(self.model)))

    def is_open(self, number: int) -> bool:
        return self.model[number] in {"open", "warned"}

    def closes(self, number: int) -> datetime:
        return self.dues[number] + self.made[number][3]

    def by_contact(self, number: int) -> bool:
        return self.made[number][1] in KEPT_BY_CONTACT and self.is_open(number)

    def in_window(self, number: int, when: datetime) -> bool:
        return self.made[number][0] < when <= self.closes(number)

    def becomes(self, number: int, state: str, when: datetime) -> None:
        self.model[number], self.since[number] = state, when


TestPromises = pytest.mark.invariant(23)(Promises.TestCase)
TestPromises.settings = settings(deadline=None, stateful_step_count=30)


def call(book: Book, us: int, **changes: Any) -> None:
    """We called, unless *changes* say something else."""
    how: dict[str, Any] = {
        "channel": Channel.PHONE,
        "direction": Direction.OUTBOUND,
        "purpose": "service",
        "actor": "dana",
    }
    book.record_interaction(us, **how | changes)


def all_of(book: Book, us: int) -> list[Commitment]:
    return list(book.account(us).commitments.values())


def only(book: Book, us: int) -> Commitment:
    (promise,) = all_of(book, us)
    return promise


def test_finishing_the_work_does_not_keep_a_callback() -> None:
    clock = SetClock(at(2))
    book = a_book(clock=clock)
    noa = a_relationship(book)
    number = book.promise(noa, kind=Promise.CALLBACK, what="the bill", due=at(3), actor="dana")
    clock.time = at(2, 2)

    with pytest.raises(CommandError, match="no call or message"):
        book.keep(noa, number, actor="dana")


def test_a_call_by_the_customer_or_a_mailing_does_not_keep_a_callback() -> None:
    clock = SetClock(at(2))
    book = a_book(clock=clock)
    noa = a_relationship(book)
    number = book.promise(noa, kind=Promise.CALLBACK, what="the bill", due=at(3), actor="dana")
    clock.time = at(2, 2)

    for direction, human in ((Direction.INBOUND, True), (Direction.OUTBOUND, False)):
        with pytest.raises(CommandError, match="no call or message"):
            book.record_interaction(
                noa,
                channel=Channel.EMAIL,
                direction=direction,
                purpose="service",
                human=human,
                keeps=(number,),
                actor="dana",
            )


def test_a_promise_is_due_after_it_is_made() -> None:
    book = a_book(clock=SetClock(at(2)))
    noa = a_relationship(book)

    with pytest.raises(CommandError, match="Promise a later time"):
        book.promise(noa, kind=Promise.DELIVERY, what="router", due=at(2), actor="dana")


def test_notice_counts_before_the_due_instant_and_not_at_it() -> None:
    for hour, legal in ((8, True), (9, False), (10, False)):
        clock = SetClock(at(2))
        book = a_book(clock=clock)
        noa = a_relationship(book)
        number = book.promise(noa, kind=Promise.DELIVERY, what="router", due=at(3), actor="dana")
        clock.time = at(3, 1, hour)

        with nullcontext() if legal else pytest.raises(CommandError, match="already due"):
            book.give_late_notice(noa, number, due=at(4), actor="dana")
