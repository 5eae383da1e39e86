"""Staying in touch, greeting, proposing, leaving alone: stories in the field's words (CONCEPTS A2, B6, C6, C9, D3, D6, D9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import attrs
import pytest

from retainsdk.book import Book
from retainsdk.errors import CommandError, Rejected
from retainsdk.events import ActionApproved, ExposureRecorded, Happening, InteractionRecorded, Recorded, Tier
from retainsdk.hooks import Context, hookimpl
from retainsdk.policy import (
    ActionKind,
    Actions,
    Budget,
    Move,
    PolicyStream,
    ThreatView,
    act,
    default_response,
)
from retainsdk.quantities import Money
from retainsdk.record.cadence import silence_gap
from retainsdk.reports.agenda import Sort
from retainsdk.testing import SetClock, a_book, a_relationship, at, some_terms
from retainsdk.view import BookView
from retainsdk.vocabulary import (
    CaseKind,
    Channel,
    Direction,
    Foundation,
    Kind,
    Potential,
    Promise,
    Role,
    Stage,
)

DANA: dict[str, Any] = {"actor": "dana"}


@attrs.frozen
class Invite:
    """Invites everybody to a fair."""

    name = "invite"
    scope = "customer"

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the protocol's
        return act(
            view,
            view.stage <= Stage.ACTIVE,
            ActionKind.INVITATION,
            reason="the fair in May",
            channel=Channel.EMAIL,
        )

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:  # noqa: ARG002 # the same
        return default_response(case)


def call(book: Book, us: int, **changes: Any) -> None:
    told: dict[str, Any] = {"channel": Channel.PHONE, "direction": Direction.OUTBOUND, "purpose": "service"}
    book.record_interaction(us, **(told | changes), **DANA)


def test_a2_who_was_promised_a_call_every_three_weeks_is_on_the_agenda_when_nobody_called() -> None:
    """Dana promised Noa a call every three weeks; a newsletter is none, a call is, and after it three weeks count anew."""
    clock = SetClock(at(1, 10))
    book = a_book(clock=clock)
    noa = a_relationship(book, terms=some_terms(cadence_days=21))
    a_relationship(book, name="Gil", terms=some_terms())
    book.give_consent(noa - 1, purpose="marketing", evidence="a form", **DANA)
    book.record_interaction(
        noa, channel=Channel.EMAIL, direction=Direction.OUTBOUND, purpose="marketing", human=False, two_way=False, **DANA
    )  # fmt: skip

    book.run_duties(actor="clock")
    (promised,) = book.agenda().items
    clock.time = at(1, 20)
    call(book, noa)
    book.run_duties(actor="clock")
    (again,) = book.agenda().items

    assert (promised.relationship, promised.due) == (noa, at(1) + timedelta(days=21))
    assert again.due == at(1, 20) + timedelta(days=21)
    assert book.account(noa).commitments[1].state == "kept"
    timeline = book.account(noa).timeline
    assert silence_gap(timeline, at(1, 30), since=at(1)) == timedelta(days=10)


def test_c6_a_member_is_greeted_by_name_on_her_birthday_once_though_two_households_mention_it() -> None:
    """נועה lives with her parents and with her flatmates; the club greets its members; she is greeted once, and only as she allows."""
    clock = SetClock(at(5, 20))
    book = a_book(clock=clock)
    book.change_programme(
        "club", tiers=[Tier(name="silver", threshold=Money(0, "EUR"))], marks_occasions=True, **DANA
    )
    noa = book.register_customer(kind=Kind.PERSON, name="נועה", **DANA)
    book.learn_fact(noa, name="birthday", value="1998-06-01", source="she", **DANA)
    homes = []
    for name in ("parents", "flatmates"):
        home = book.register_customer(kind=Kind.HOUSEHOLD, name=name, **DANA)
        book.start_affiliation(noa, home, role=Role.MEMBER, **DANA)
        homes.append(book.open_relationship(home, owner="dana", stage=Stage.ACTIVE, **DANA))
        book.join_programme(homes[-1], programme="club", **DANA)

    clock.time = at(5, 28)
    book.run_duties(actor="clock")
    (greeting,) = [item for item in book.agenda().items if item.kind == "occasion"]
    clock.time = at(6, 1)
    book.record_interaction(
        greeting.relationship, channel=Channel.PHONE, direction=Direction.OUTBOUND, purpose="personal", **DANA
    )
    book.run_duties(actor="clock")

    assert greeting.relationship in homes
    assert greeting.what == "birthday of נועה on 2026-06-01, 28 years"
    assert not [item for item in book.agenda().items if item.kind == "occasion"]


def test_c9_prospects_get_news_and_invitations_too_and_only_who_asked_for_them() -> None:
    """An invitation is proposed to a customer and to somebody who is none yet; who did not agree gets none."""
    clock = SetClock(at(4))
    book = a_book(clock=clock)
    customer = a_relationship(book, name="Noa", terms=some_terms())
    prospect = a_relationship(book, name="Gil", stage=Stage.PROSPECT)
    silent = a_relationship(book, name="Tal", stage=Stage.PROSPECT)
    for us in (customer, prospect):
        book.give_consent(us - 1, purpose="marketing", evidence="a form", **DANA)

    proposed = book.propose(Invite(), **DANA)
    for us, action in proposed.actions:
        book.approve_action(us, action, **DANA)
        book.action_done(us, action, text="come and see us", **DANA)

    assert [us for us, _ in proposed.actions] == [customer, prospect]
    assert proposed.refused == 1
    assert not list(book.account(silent).timeline.of(InteractionRecorded))
    news = [body for _, body in book.account(prospect).timeline.of(InteractionRecorded)]
    assert [(body.purpose, body.human) for body in news] == [("marketing", False)]


def test_c9_who_is_no_customer_yet_hears_from_us_as_often_as_his_class_deserves() -> None:
    """The house promises a call a month to the most promising, customers or not; nobody calls Gil, and it is noticed."""
    clock = SetClock(at(4))
    book = a_book(clock=clock)
    gil = a_relationship(book, name="Gil", stage=Stage.PROSPECT, since=at(4))
    book.classify(gil, potential=Potential.A, why="builds a hotel", **DANA)
    often = {"a_days": 30, "b_days": 60, "c_days": 120}
    book.change_duty("promised_contact", figures=often, **DANA)
    book.run_duties(actor="clock")
    without = book.agenda().items

    book.change_duty("promised_contact", figures={"prospects": 1}, **DANA)
    book.run_duties(actor="clock")
    (due,) = book.agenda().items
    clock.time = at(5, 20)
    book.tick(actor="clock")

    assert without == ()
    assert (due.relationship, due.kind, due.day) == (gil, "contact", date(2026, 5, 1))
    assert book.account(gil).commitments[1].state == "broken"


def test_d3_what_a_customer_needs_is_looked_at_again_on_the_day_that_was_set_and_we_call_first() -> None:
    """His needs were analysed in January, to be looked at again in June; two weeks before, it stands on the agenda."""
    clock = SetClock(at(1, 10))
    book = a_book(clock=clock)
    noa = a_relationship(book, terms=some_terms())
    book.do_foundation_step(
        noa, step=Foundation.NEEDS_ANALYSED, findings="streams films", review_on=date(2026, 6, 15), **DANA
    )

    book.run_duties(actor="clock")
    early = book.agenda().items
    clock.time = at(6, 2)
    book.run_duties(actor="clock")
    (review,) = book.agenda().items
    call(book, noa)
    book.do_foundation_step(noa, step=Foundation.NEEDS_ANALYSED, findings="two children now", **DANA)
    book.run_duties(actor="clock")

    assert early == ()
    assert (review.kind, review.day) == ("review", date(2026, 6, 15))
    assert "needs analysed" in review.what
    assert book.agenda().items == ()


def test_d6_he_hears_how_far_we_are_every_quarter_as_agreed_and_a_quarter_without_a_report_is_a_broken_promise() -> (
    None
):
    """The contract says a report every three months; the first is written, the second forgotten, and both stand in the log."""
    clock = SetClock(at(1, 10))
    book = a_book(clock=clock)
    noa = a_relationship(book, terms=some_terms(report_months=3))
    book.run_duties(**DANA)
    (first,) = book.agenda().items
    clock.time = at(3, 20)
    book.keep(noa, first.number, evidence="the report of March", **DANA)

    clock.time = at(4, 2)
    book.run_duties(**DANA)
    (second,) = book.agenda().items
    clock.time = at(7, 2)
    book.tick(**DANA)

    assert [(item.kind, item.day) for item in (first, second)] == [
        ("report", date(2026, 3, 31)),
        ("report", date(2026, 6, 30)),
    ]
    reports = book.account(noa).commitments
    assert [reports[item.number].state for item in (first, second)] == ["kept", "broken"]


def test_d9_a_house_automates_with_plugins_and_measures_what_they_did() -> None:
    """Every approved action goes to the phone system by itself; nobody promises anything due on a Saturday."""
    sent: list[int] = []

    class PhoneSystem:
        @hookimpl
        def before_append(self, context: Context, events: Sequence[Happening]) -> None:
            for event in events:
                due = getattr(event.body, "due", None)
                if context.command == "promise" and due is not None and due.weekday() == 5:
                    raise Rejected("sabbath", "nothing falls due on a Saturday")

        @hookimpl
        def after_commit(self, events: Sequence[Recorded]) -> None:
            sent.extend(event.body.action for event in events if isinstance(event.body, ActionApproved))

    book = Book.in_memory(currency="EUR", clock=SetClock(at(4)), plugins=[PhoneSystem()])
    noa = a_relationship(book, terms=some_terms())
    customer = book.account(noa).relationship.customer
    book.give_consent(customer, purpose="marketing", evidence="a form", **DANA)
    ((_, action),) = book.propose(Invite(), **DANA).actions

    book.approve_action(noa, action, **DANA)

    assert sent == [action]
    with pytest.raises(Rejected, match="sabbath"):
        book.promise(noa, kind=Promise.CALLBACK, what="the bill", due=at(4, 4), **DANA)
    assert [item.sort for item in book.agenda().items] == [Sort.PROPOSAL]


def test_b6_customers_of_a_control_group_are_left_alone_and_a_call_all_the_same_is_counted() -> None:
    """Dana wants to know what invitations bring; a third gets none; Omer mails one of them by hand, and it is counted."""
    clock = SetClock(at(4))
    book = a_book(clock=clock)
    ours = [a_relationship(book, name=str(number), terms=some_terms()) for number in range(12)]
    for us in ours:
        book.give_consent(us - 1, purpose="marketing", evidence="a form", **DANA)

    book.declare_experiment(
        "fair", purpose="marketing", arms=("left alone", "invited"), shares=(1, 2),
        starts_on=date(2026, 4, 1), ends_on=date(2026, 6, 1), question="does the fair bring back visitors?", **DANA,
    )  # fmt: skip
    proposed = book.propose(Invite(), **DANA)
    invited = {us for us, _ in proposed.actions}
    (control, *_) = alone = [us for us in ours if us not in invited]
    book.record_interaction(
        control, channel=Channel.EMAIL, direction=Direction.OUTBOUND, purpose="marketing", actor="omer"
    )

    assert 0 < len(alone) == proposed.held_out < 12
    assert {item.relationship for item in book.agenda().items} == invited
    exposed = [event.body for event in book.events(name="ExposureRecorded")]
    assert exposed == [ExposureRecorded(experiment="fair", arm="left alone", contaminated=True)]
    account = book.account(control)
    assert account.arms == {"fair": "left alone"}
    assert len(list(account.timeline.of(InteractionRecorded))) == 1


def test_b6_what_keeping_a_customer_costs_is_read_off_a_control_group_and_says_for_how_long() -> None:
    """
    Half of 300 customers are called in April, at 4 euros a call; a fifth of those who are left alone leave, and a twentieth of the others.

    After a month it is known: calls keep, and each customer kept cost what was spent on all over who stayed more. In
    the middle of the month nothing is said, nor of a year; and those who complained before are looked at apart.
    """
    clock = SetClock(at(3))
    book = a_book(clock=clock)
    ours = [a_relationship(book, name=str(number)) for number in range(300)]
    for us in ours[::2]:
        book.open_case(us, kind=CaseKind.COMPLAINT, topic="bill", **DANA)
    clock.time = at(4)
    book.declare_experiment(
        "calls", purpose="service", arms=("left alone", "called"), starts_on=date(2026, 4, 1),
        ends_on=date(2026, 5, 1), question="do calls keep customers?", **DANA,
    )  # fmt: skip
    ledger = book.ledger()
    arms: dict[str, list[int]] = {"left alone": [], "called": []}
    for us in ours:
        arms[ledger.arm(ledger.account(us), ledger.experiments["calls"])].append(us)

    clock.time = at(4, 10)
    for us in arms["called"]:
        call(book, us, cost=Money(4, "EUR"))
    for us in [*arms["called"][::20], *arms["left alone"][::5]]:
        book.begin_end(us, **DANA)
        book.complete_end(us, although="he is gone", **DANA)
    too_early = book.report("effect").records()[1]
    clock.time = at(5, 2)

    report = book.report("effect")
    rows: list[dict[str, Any]] = report.records()
    alone, called = rows
    kept_more = alone["share left"] - called["share left"]
    assert too_early["verdict"] == book.report("effect", days=365).records()[1]["verdict"] == "not yet"
    assert (called["verdict"], called["difference"]) == ("better", pytest.approx(-kept_more))
    assert called["low"] < -kept_more < called["high"] < 0
    assert called["cost of one kept"] == Money(f"{4 / kept_more:.2f}", "EUR")
    assert any(note.startswith("Horizon: 30 days, from 2026-04-01") for note in report.notes)
    by_habit = book.report("effect", by="complaint habit")
    assert {row["complaint habit"] for row in by_habit.records()} == {"no complaint", "one complaint"}
    assert by_habit.total_of("left") == report.total_of("left") == sum(by_habit.column("left"))  # type: ignore[arg-type] # counts


def test_b6_an_experiment_cannot_begin_yesterday() -> None:
    book = a_book(clock=SetClock(at(4)))

    with pytest.raises(CommandError, match="before it was declared"):
        book.declare_experiment(
            "late", purpose="sales", starts_on=date(2026, 3, 31), ends_on=date(2026, 6, 1), **DANA
        )
