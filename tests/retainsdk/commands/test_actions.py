"""What a policy proposes, a person decides, and doing it writes."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retainsdk.action import ACTIONS, ActionKind, action_called
from retainsdk.book import Book
from retainsdk.commands.deeds import DEEDS
from retainsdk.errors import CommandError, HeldOut, KeyReusedError, PolicyError, RetainError, TransitionError
from retainsdk.events import ActionProposed
from retainsdk.policy import Actions, Budget, Move, PolicyStream, ThreatView, act, default_response
from retainsdk.quantities import Money
from retainsdk.reports.agenda import Sort
from retainsdk.testing import SetClock, a_book, a_relationship, at, some_terms
from retainsdk.view import BookView
from retainsdk.vocabulary import (
    CONSENT_PURPOSES,
    CaseKind,
    Channel,
    Direction,
    DisputeStep,
    Promise,
    Reason,
    Side,
)

HOW: dict[str, Any] = {"actor": "dana"}


@attrs.frozen
class Everybody:
    """Wants the same for all."""

    kind: ActionKind = ActionKind.CHECK_IN
    channel: Channel = Channel.PHONE
    amount: int = 0
    months: int = 0
    name = "everybody"
    scope = "customer"

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the protocol's
        where = np.ones(len(view), dtype=np.bool_)
        return act(
            view,
            where,
            self.kind,
            reason="silent for long",
            channel=self.channel,
            amount=self.amount,
            months=self.months,
        )

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:  # noqa: ARG002 # the same
        return default_response(case)


def test_a_proposal_stands_on_the_agenda_with_its_policy_and_its_reason() -> None:
    book = a_book(clock=SetClock(at(2)))
    us = a_relationship(book)

    proposed = book.propose(Everybody(), **HOW)

    (item,) = book.agenda().items
    assert proposed.actions == ((us, 1),)
    assert (item.sort, item.kind, item.owner) == (Sort.PROPOSAL, "check_in", "dana")
    assert "silent for long (policy everybody" in item.why
    (event,) = book.events(name="ActionProposed")
    assert isinstance(event.body, ActionProposed)
    assert (event.body.probability, len(event.body.policy_version)) == (1.0, 12)


def test_proposing_twice_in_a_month_adds_nothing_and_in_the_next_month_it_does() -> None:
    clock = SetClock(at(2, 3))
    book = a_book(clock=clock)
    a_relationship(book)
    book.propose(Everybody(), **HOW)

    again = book.propose(Everybody(), **HOW)
    clock.time = at(3, 3)
    later = book.propose(Everybody(), **HOW)

    assert (again.actions, again.known) == ((), 1)
    assert len(later.actions) == 1


def test_what_was_proposed_before_counts_against_the_budget_of_the_month() -> None:
    clock = SetClock(at(2, 3))
    book = a_book(clock=clock)
    for name in ("Noa", "Gil"):
        a_relationship(book, name=name)

    first = book.propose(Everybody(), budget=Budget(minutes=8), **HOW)
    second = book.propose(Everybody(), budget=Budget(minutes=8), **HOW)

    assert (len(first.actions), first.cut) == (1, 1)
    assert (len(second.actions), second.cut, second.known) == (0, 1, 1)


@pytest.mark.invariant(3)
def test_a_repeated_key_gives_the_same_proposals_and_duties_and_nothing_new() -> None:
    book = a_book(clock=SetClock(at(2)))
    a_relationship(book, terms=some_terms(cadence_days=20))
    proposed = book.propose(Everybody(), key="february", **HOW)
    run = book.run_duties(key="today", **HOW)
    written = len(book)

    assert book.propose(Everybody(), key="february", **HOW) == proposed
    assert book.run_duties(key="today", **HOW) == run
    assert len(book) == written
    with pytest.raises(KeyReusedError):
        book.propose(Everybody(ActionKind.GREETING), key="february", **HOW, reason="another")
    assert len(book) == written


def test_a_declined_proposal_leaves_the_agenda_and_says_why() -> None:
    book = a_book(clock=SetClock(at(2)))
    us = a_relationship(book)
    book.propose(Everybody(), **HOW)

    book.decline_action(us, 1, why="he is abroad", **HOW)

    assert not book.agenda().items
    assert book.account(us).proposals[1].declined_because == "he is abroad"
    with pytest.raises(TransitionError):
        book.approve_action(us, 1, **HOW)


def test_nothing_is_done_that_nobody_approved() -> None:
    book = a_book(clock=SetClock(at(2)))
    us = a_relationship(book)
    book.propose(Everybody(), **HOW)

    with pytest.raises(TransitionError, match="proposed cannot do"):
        book.action_done(us, 1, **HOW)


def test_a_proposal_can_be_approved_in_another_form() -> None:
    book = a_book(clock=SetClock(at(2)))
    us = a_relationship(book, terms=some_terms())
    book.propose(Everybody(ActionKind.OFFER_PRICE, amount=500, months=6), **HOW)

    book.approve_action(us, 1, amount=Money(3, "EUR"), months=2, **HOW)
    book.action_done(us, 1, text="a little off", **HOW)

    offer = book.account(us).offers[1].made
    assert (offer.amount, offer.months, offer.cost) == (Money(3, "EUR"), 2, Money(6, "EUR"))


@pytest.mark.parametrize(
    ("edit", "match"),
    [
        ({"amount": Money(1, "EUR")}, "no slot of check in"),
        ({"months": 3}, "no slot of check in"),
        ({"amount": Money(1, "USD")}, "convert it first"),
    ],
)
def test_an_edit_that_does_not_fit_is_refused(edit: dict[str, Any], match: str) -> None:
    book = a_book(clock=SetClock(at(2)))
    us = a_relationship(book)
    book.propose(Everybody(), **HOW)

    with pytest.raises(RetainError, match=match):
        book.approve_action(us, 1, **edit, **HOW)


def test_a_proposal_whose_time_is_over_is_neither_shown_nor_approved() -> None:
    clock = SetClock(at(2))
    book = a_book(clock=clock)
    us = a_relationship(book)
    book.propose(Everybody(), until=date(2026, 2, 10), **HOW)
    clock.time = at(2, 11)

    assert not book.agenda().items
    with pytest.raises(CommandError, match="made sense until 2026-02-10"):
        book.approve_action(us, 1, **HOW)


def test_a_policy_that_fails_is_named_and_nothing_is_proposed() -> None:
    class Broken(Everybody):
        def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the same
            raise ZeroDivisionError("by nothing")  # the fault under test

    book = a_book()
    a_relationship(book)
    written = len(book)

    with pytest.raises(PolicyError, match=r"everybody.decide failed with ZeroDivisionError: by nothing"):
        book.propose(Broken(), **HOW)
    assert len(book) == written


@pytest.mark.invariant(13)
@given(
    refused_at=st.sampled_from(["before", "after the proposal", "after the approval", "never"]),
    channel=st.sampled_from([Channel.PHONE, Channel.EMAIL]),
    refused=st.sampled_from([None, Channel.PHONE, Channel.EMAIL]),
    kind=st.sampled_from([ActionKind.CHECK_IN, ActionKind.NEWSLETTER, ActionKind.ASK_TESTIMONIAL]),
)
@settings(deadline=None, max_examples=40)
def test_nothing_is_sent_without_the_consent_of_that_moment(
    refused_at: str, channel: Channel, refused: Channel | None, kind: ActionKind
) -> None:
    purpose = action_called(kind.name.lower()).consent or ""
    book = a_book(clock=SetClock(at(2)))
    us = a_relationship(book)
    book.give_consent(us - 1, purpose=purpose, evidence="a form", occurred_at=at(1), **HOW)

    def refuse(when: str) -> None:
        if when == refused_at:
            book.withdraw_consent(us - 1, purpose=purpose, channel=refused, evidence="a call", **HOW)

    try:
        refuse("before")
        if book.propose(Everybody(kind, channel), **HOW).actions:
            refuse("after the proposal")
            book.approve_action(us, 1, **HOW)
            refuse("after the approval")
            book.action_done(us, 1, **HOW)
    except CommandError as error:
        assert "does not allow" in str(error)  # noqa: PT017 # whether it is raised is what is looked for below

    sent = [event.body for event in book.events(name="InteractionRecorded")]
    concerned = refused_at != "never" and refused in {None, channel}
    assert not (sent and concerned)
    if refused_at == "never":
        assert sent


def test_a_dead_address_stops_an_action_even_where_consent_was_given() -> None:
    book = a_book(clock=SetClock(at(2)))
    us = a_relationship(book)
    point = book.add_contact_point(us - 1, channel=Channel.EMAIL, address="noa@example.org", **HOW)
    book.propose(Everybody(channel=Channel.EMAIL), **HOW)
    book.retire_contact_point(us - 1, point, why="bounced", **HOW)

    with pytest.raises(CommandError, match="does not allow"):
        book.approve_action(us, 1, **HOW)


def test_nobody_grants_by_an_action_what_he_may_not_grant() -> None:
    book = a_book(clock=SetClock(at(2)))
    us = a_relationship(book, terms=some_terms(notice_days=0))
    book.join_staff("dana", **HOW)
    book.join_staff("omer", **HOW)
    book.set_authority("omer", up_to=Money(2, "EUR"), asks="dana", **HOW)
    book.propose(Everybody(ActionKind.GREETING, amount=500), **HOW)
    book.approve_action(us, 1, **HOW)

    with pytest.raises(RetainError, match="above the authority"):
        book.action_done(us, 1, text="a gift", actor="omer")


def an_approved(kind: ActionKind, **wanted: Any) -> tuple[Book, int]:
    book = a_book(clock=SetClock(at(2)))
    us = a_relationship(book, terms=some_terms(notice_days=0))
    book.list_offering("m", name="Medium", fee=Money(20, "EUR"), **HOW)
    for purpose in CONSENT_PURPOSES:
        book.give_consent(us - 1, purpose=purpose, evidence="a form", occurred_at=at(1), **HOW)
    book.propose(Everybody(kind, **wanted), **HOW)
    book.approve_action(us, 1, **HOW)
    return book, us


def test_an_offer_made_by_an_action_is_measured_by_its_total_as_any_other() -> None:
    book, us = an_approved(ActionKind.OFFER_PRICE, amount=500, months=12)
    for name in ("dana", "omer"):
        book.join_staff(name, **HOW)
    book.set_authority("omer", up_to=Money(10, "EUR"), asks="dana", **HOW)

    with pytest.raises(RetainError, match="above the authority"):
        book.action_done(us, 1, actor="omer")


def test_a_package_offered_by_an_action_is_judged_and_must_be_on_offer_as_any_other() -> None:
    book, us = an_approved(ActionKind.OFFER_PACKAGE)

    book.action_done(us, 1, offering="m", **HOW)

    assert book.account(us).offers[1].made.rule
    other, them = an_approved(ActionKind.OFFER_PACKAGE)
    other.withdraw_offering("m", why="too dear", **HOW)
    with pytest.raises(CommandError, match="was withdrawn"):
        other.action_done(them, 1, offering="m", **HOW)


def test_a_benefit_offered_by_an_action_says_what_it_is() -> None:
    book, us = an_approved(ActionKind.OFFER_BENEFIT, amount=500)

    book.action_done(us, 1, text="a second key", **HOW)

    assert book.account(us).offers[1].made.what == "a second key"


@pytest.mark.parametrize("kind", [ActionKind.APOLOGY, ActionKind.COMPENSATION])
def test_nobody_apologises_or_pays_for_a_promise_that_was_kept_on_time(kind: ActionKind) -> None:
    book, us = an_approved(kind, amount=500 if kind is ActionKind.COMPENSATION else 0)
    book.promise(us, kind=Promise.DELIVERY, what="router", due=at(3), **HOW)
    book.keep(us, 1, **HOW)

    with pytest.raises(CommandError, match="was kept on time"):
        book.action_done(us, 1, promise=1, **HOW)
    with pytest.raises(CommandError, match="was kept on time"):
        book.explain(us, what="we are sorry", promise=1, **HOW)
    with pytest.raises(CommandError, match="was kept on time"):
        book.compensate(us, what="flowers", cost=Money(5, "EUR"), promise=1, **HOW)


def test_a_contact_made_by_an_action_keeps_what_any_contact_keeps() -> None:
    book, us = an_approved(ActionKind.CHECK_IN)
    book.promise(us, kind=Promise.CALLBACK, what="the bill", due=at(3), occurred_at=at(1, 20), **HOW)

    book.action_done(us, 1, text="we talked", **HOW)

    assert book.account(us).commitments[1].state == "kept"


def _in_dispute(book: Book, us: int) -> None:
    book.open_case(us, kind=CaseKind.DISPUTE, topic="scope", contract=1, **HOW)
    book.take_dispute_step(us, 1, step=DisputeStep.CONTRACT_REVISITED, document="minutes", **HOW)


def _left(book: Book, us: int) -> None:
    book.begin_end(us, by=Side.CUSTOMER, **HOW)
    book.record_exit_reason(
        us, stated=Reason.LIFE_EVENT, assessed=Reason.LIFE_EVENT, evidence="a move", **HOW
    )
    book.complete_end(us, although="he was in a hurry", **HOW)


DOING: dict[ActionKind, dict[str, Any]] = {
    ActionKind.SURVEY: {"text": "nps", "due": at(3)},
    ActionKind.OFFER_PACKAGE: {"offering": "m"},
    ActionKind.PROMISE_CALLBACK: {"due": at(2, 2)},
    ActionKind.PROMISE_DELIVERY: {"due": at(2, 2)},
    ActionKind.REDO: {"due": at(2, 2)},
    ActionKind.ESCALATE: {"to": "tal"},
    ActionKind.MEDIATE: {"to": "tal", "document": "minutes"},
}
LATER = {
    "OfferAccepted",
    "OfferDeclined",
    "AmendmentAccepted",
    "Suspended",
    "SurveyAnswered",
    "ReferralCredited",
}
"""What the customer's answer writes, once he gives it."""


@pytest.mark.parametrize("kind", [action.kind for action in ACTIONS if action.kind is not ActionKind.NOTHING])
def test_doing_an_action_writes_what_its_cell_says(kind: ActionKind) -> None:
    action = ACTIONS[kind]
    book = a_book(clock=SetClock(at(2)))
    book.list_offering("m", name="Medium", fee=Money(20, "EUR"), **HOW)
    us = a_relationship(book, terms=some_terms(notice_days=0))
    for purpose in CONSENT_PURPOSES:
        book.give_consent(us - 1, purpose=purpose, evidence="a form", occurred_at=at(1), **HOW)
    if kind in {ActionKind.ESCALATE, ActionKind.MEDIATE}:
        _in_dispute(book, us)
        if kind is ActionKind.ESCALATE:
            book.acknowledge_case(us, 1, **HOW)
            book.start_case(us, 1, **HOW)
    if kind in {ActionKind.WIN_BACK, ActionKind.KEEP_ADVISING}:
        _left(book, us)
    amount = 500 if "amount" in action.slots else 0
    book.propose(Everybody(kind, amount=amount, months=3 if "months" in action.slots else 0), **HOW)
    book.approve_action(us, 1, **HOW)
    before = len(book)

    book.action_done(us, 1, **DOING.get(kind, {}), **HOW)

    names = {type(event.body).__name__ for event in list(book.events())[before:]}
    wanted = set(action.events) - LATER
    assert wanted <= names
    assert names - wanted <= {"ActionDone", "OfferMade", "InteractionRecorded"}
    assert book.account(us).proposals[1].state == "done"


def test_every_action_but_nothing_can_be_done() -> None:
    assert set(DEEDS) == set(ActionKind) - {ActionKind.NOTHING}


@pytest.mark.parametrize(
    ("kind", "match"),
    [
        (ActionKind.PROMISE_CALLBACK, "needs a due time"),
        (ActionKind.OFFER_PACKAGE, "needs a package"),
        (ActionKind.ESCALATE, "is about one case, and 0 are open"),
    ],
)
def test_what_only_the_doer_knows_must_be_said(kind: ActionKind, match: str) -> None:
    book = a_book(clock=SetClock(at(2)))
    us = a_relationship(book, terms=some_terms())
    book.propose(Everybody(kind), **HOW)
    book.approve_action(us, 1, **HOW)

    with pytest.raises(CommandError, match=match):
        book.action_done(us, 1, **HOW)


def test_a_compensation_makes_good_the_promise_that_was_broken_last() -> None:
    clock = SetClock(at(2))
    book = a_book(clock=clock)
    us = a_relationship(book)
    book.promise(us, kind=Promise.DELIVERY, what="router", due=at(2, 2), **HOW)
    clock.time = at(2, 4)
    book.tick(actor="clock")
    book.propose(Everybody(ActionKind.COMPENSATION, amount=500), **HOW)
    book.approve_action(us, 1, **HOW)

    book.action_done(us, 1, text="it came two days late, and we are sorry", **HOW)
    book.remedy(us, 1, **HOW)

    assert book.account(us).commitments[1].state == "remedied"


def an_experiment(book: Book, purpose: str = "service", **changes: Any) -> None:
    told: dict[str, Any] = {"starts_on": date(2026, 2, 1), "ends_on": date(2026, 8, 1)}
    book.declare_experiment("calls", purpose=purpose, **(told | changes), **HOW)


def test_who_is_held_out_is_proposed_nothing_of_that_purpose_and_stands_on_no_agenda() -> None:
    book = a_book(clock=SetClock(at(2)))
    ours = [a_relationship(book, name=str(number)) for number in range(12)]
    an_experiment(book)

    proposed = book.propose(Everybody(), **HOW)

    ledger = book.ledger()
    controls = {us for us in ours if ledger.held_out(ledger.account(us), "service", date(2026, 2, 1))}
    assert 0 < len(controls) < 12
    assert {us for us, _ in proposed.actions} == set(ours) - controls
    assert proposed.held_out == len(controls)


def test_an_experiment_declared_later_takes_its_control_off_the_agenda_and_refuses_approval() -> None:
    book = a_book(clock=SetClock(at(2)))
    ours = [a_relationship(book, name=str(number)) for number in range(12)]
    book.propose(Everybody(), **HOW)

    an_experiment(book)

    shown = {item.relationship for item in book.agenda().items}
    held = [us for us in ours if us not in shown]
    assert held
    with pytest.raises(HeldOut, match="calls"):
        book.approve_action(held[0], 1, **HOW)
    book.approve_action(min(shown), 1, **HOW)


def test_what_is_owed_is_never_withheld() -> None:
    book = a_book(clock=SetClock(at(2)))
    for number in range(8):
        a_relationship(book, name=str(number), terms=some_terms(cadence_days=10))
    an_experiment(book)

    apologies = book.propose(Everybody(ActionKind.APOLOGY), **HOW)
    run = book.run_duties(**HOW)

    assert (len(apologies.actions), apologies.held_out) == (8, 0)
    assert run.opened >= 8


def test_keeping_a_promise_exposes_nobody() -> None:
    book = a_book(clock=SetClock(at(2)))
    us = a_relationship(book)
    an_experiment(book, shares=(99, 1))
    book.promise(us, kind=Promise.CALLBACK, what="the bill", due=at(2, 2), occurred_at=at(1, 20), **HOW)

    book.record_interaction(us, channel=Channel.PHONE, direction=Direction.OUTBOUND, purpose="service", **HOW)

    assert not list(book.events(name="ExposureRecorded"))


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"purpose": "fun"}, "purpose"),
        ({"arms": ("one",), "shares": (1,)}, "two different ones"),
        ({"shares": (1, 0)}, "1 or more"),
        ({"ends_on": date(2026, 2, 1)}, "is not after"),
        ({"starts_on": date(2026, 1, 1)}, "before it was declared"),
    ],
)
def test_an_experiment_that_measures_nothing_is_refused(changes: dict[str, Any], match: str) -> None:
    book = a_book(clock=SetClock(at(2)))

    with pytest.raises(RetainError, match=match):
        an_experiment(book, **changes)


def test_two_experiments_on_one_purpose_do_not_overlap() -> None:
    book = a_book(clock=SetClock(at(2)))
    an_experiment(book)

    with pytest.raises(CommandError, match="as 'calls' is at the same time"):
        book.declare_experiment(
            "more calls", purpose="service", starts_on=date(2026, 7, 1), ends_on=date(2026, 9, 1), **HOW
        )
