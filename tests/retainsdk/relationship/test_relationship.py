"""The life of a relationship: it moves as its table says and in no other way."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from retainsdk.book import Book
from retainsdk.errors import CommandError, RetainError, TransitionError
from retainsdk.events import Disqualified, EndBegun, EndCompleted, FoundationLaid, Returned, Saved, Signed
from retainsdk.relationship import MACHINE
from retainsdk.testing import SetClock, a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import Foundation, Origin, Potential, Stage

HOW: dict[str, Any] = {"actor": "dana"}
MOVES: dict[str, Callable[[Book, int], object]] = {
    "engage": lambda book, us: book.sign(us, terms=some_terms(starts_on=book.today(), notice_days=0), **HOW),
    "disqualify": lambda book, us: book.disqualify(us, why="too far away", **HOW),
    "complete_foundations": lambda book, us: book.lay_foundations(us, how_done="known for years", **HOW),
    "begin_end": lambda book, us: book.begin_end(us, **HOW),
    "save": lambda book, us: book.save(us, how_done="talked", **HOW),
    "complete_end": lambda book, us: book.complete_end(us, although="x", **HOW),
    "return": lambda book, us: book.record_return(us, **HOW),
}
TRANSITIONS = (Signed, Disqualified, FoundationLaid, EndBegun, Saved, EndCompleted, Returned)
BESIDES: dict[str, Callable[[Book, int], object]] = {
    "assign": lambda book, us: book.assign_owner(us, owner=f"o{len(book)}", **HOW),
    "contribute": lambda book, us: book.add_contributor(us, contributor="omer", part="x", **HOW),
    "classify": lambda book, us: book.classify(us, potential=Potential.A, why="grows", **HOW),
    "found": lambda book, us: book.do_foundation_step(us, step=Foundation.WAYS_LEARNT, findings="x", **HOW),
    "plan": lambda book, us: book.open_winback(us, plan="call", **HOW),
    "close plan": lambda book, us: book.close_winback(us, why="x", **HOW),
    "bound": lambda book, us: book.learn_competitor_lock_in(us, competitor="x", until=book.today(), source="he", **HOW),
}  # fmt: skip


class ARelationship(RuleBasedStateMachine):
    """Any order of commands; the model is the table and nothing else."""

    @initialize(stage=st.sampled_from([Stage.PROSPECT, Stage.ONBOARDING, Stage.ACTIVE]))
    def open(self, stage: Stage) -> None:
        self.clock = SetClock(at(2))
        self.book = a_book(clock=self.clock)
        self.us = a_relationship(self.book, stage=stage)
        self.state, self.returned = stage.name.lower(), False

    @rule(event=st.sampled_from(sorted(MOVES)))
    def move(self, event: str) -> None:
        self.clock.time += timedelta(hours=7)
        leads_to = MACHINE.table[self.state].get(event)
        moves_before = self.moves()
        try:
            MOVES[event](self.book, self.us)
        except TransitionError:
            assert leads_to is None
        except CommandError:  # a contract runs, or he is gone: signing moves nothing then
            assert event == "engage"
            assert self.state != "prospect"
        else:
            if leads_to is None:
                idle = {"engage", "complete_end", "return"}  # ended or returned already; or another contract
                assert event in idle
                assert event == "engage" or self.moves() == moves_before
            else:
                self.state = leads_to

    @rule(what=st.sampled_from(sorted(BESIDES)))
    def tell(self, what: str) -> None:
        self.clock.time += timedelta(hours=7)
        moves_before = self.moves()
        with suppress(RetainError):
            BESIDES[what](self.book, self.us)
        assert self.moves() == moves_before

    @invariant()
    def it_stands_where_the_table_says(self) -> None:
        relationship = self.book.account(self.us).relationship
        assert relationship.state == self.state
        assert (relationship.ended_at is not None) == (self.state == "former")
        assert (relationship.spells[-1].ended is not None) == (self.state in {"former", "closed"})

    def moves(self) -> int:
        return sum(isinstance(event.body, TRANSITIONS) for event in self.book.events())


@pytest.mark.invariant(6)
def test_a_relationship_moves_as_its_table_says_and_in_no_other_way() -> None:
    run_state_machine_as_test(ARelationship)


def test_foundations_are_complete_with_all_steps_or_with_a_reason_why_not() -> None:
    book = a_book()
    us = a_relationship(book, stage=Stage.ONBOARDING)
    for step in (Foundation.WAYS_LEARNT, Foundation.NEEDS_ANALYSED, Foundation.GOALS_SHARED):
        book.do_foundation_step(us, step=step, findings="talked for an hour", actor="dana")
    book.plan_success(us, gain="less waste", way="smaller orders", actor="dana")

    with pytest.raises(CommandError, match=r"miss risks shared\. Do these, or say in `how_done` why"):
        book.lay_foundations(us, actor="dana")
    book.lay_foundations(us, how_done="there are no risks to share yet", actor="dana")

    relationship = book.account(us).relationship
    assert relationship.stage is Stage.ACTIVE
    assert relationship.foundations.missing == (Foundation.RISKS_SHARED,)
    assert relationship.foundations.how == "there are no risks to share yet"


def test_what_is_known_of_a_client_is_looked_at_again_on_its_day_and_replaced_by_what_is_found_then() -> None:
    book = a_book()
    us = a_relationship(book, stage=Stage.ONBOARDING)
    first, second = at(7).date(), at(9).date()
    book.do_foundation_step(
        us, step=Foundation.NEEDS_ANALYSED, findings="two lines", review_on=second, actor="dana"
    )
    book.plan_success(us, gain="less waste", way="smaller orders", review_on=first, actor="dana")
    book.do_foundation_step(
        us, step=Foundation.NEEDS_ANALYSED, findings="an old guess", occurred_at=at(2), actor="dana"
    )

    foundations = book.account(us).relationship.foundations

    assert foundations.reviews() == [(first, "success_plan"), (second, "needs_analysed")]
    assert foundations.steps[Foundation.NEEDS_ANALYSED].findings == "two lines"
    assert foundations.steps[Foundation.GAIN_SHOWN].findings == "less waste"


@pytest.mark.parametrize(
    ("tell", "why"),
    [
        (lambda b, us: b.do_foundation_step(us, step=Foundation.WAYS_LEARNT, findings=" ", **HOW), "found nothing"),
        (lambda b, us: b.do_foundation_step(us, step=Foundation.WAYS_LEARNT, findings="x", review_on=b.today(), **HOW), "Name a later day"),
        (lambda b, us: b.plan_success(us, gain="x", way="", **HOW), "needs his gain and our way"),
        (lambda b, us: b.disqualify(us, why="", **HOW), "needs a reason"),
        (lambda b, us: b.learn_origin(us, **HOW), "is not said"),
        (lambda b, us: b.learn_origin(us, origin=Origin.CAMPAIGN, referrer=us, **HOW), "or is he himself"),
        (lambda b, us: b.open_relationship(us - 1, owner=" ", **HOW), "names nobody"),
        (lambda b, us: b.open_relationship(us - 1, origin=Origin.OTHER, referrer=us, **HOW), "came by referral"),
        (lambda b, us: b.open_relationship(us - 1, campaign="spring", **HOW), "holds no campaign 'spring'"),
        (lambda b, us: b.open_relationship(us - 1, referrer=99, **HOW), "holds no relationship"),
    ],
)  # fmt: skip
def test_a_relationship_refuses(tell: Callable[[Book, int], object], why: str) -> None:
    book = a_book()
    us = a_relationship(book, stage=Stage.PROSPECT)
    digest = book.digest()

    with pytest.raises(RetainError, match=why):
        tell(book, us)

    assert book.digest() == digest


def test_the_judgement_made_last_counts_whenever_it_was_recorded() -> None:
    book = a_book()
    us = a_relationship(book)
    book.classify(us, potential=Potential.A, why="grows", occurred_at=at(5), actor="dana")
    book.classify(us, potential=Potential.C, why="small yet", occurred_at=at(3), actor="dana")

    assert book.account(us).relationship.potential is Potential.A
    assert book.account(us, as_of=at(4)).relationship.potential is Potential.C
