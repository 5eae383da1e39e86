"""The effect of an experiment, read off books whose truth is planted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import attrs
import pytest

from retainsdk.book import Book
from retainsdk.errors import CommandError
from retainsdk.hooks import hookimpl
from retainsdk.quantities import Money, total
from retainsdk.reports.attributes import ATTRIBUTES
from retainsdk.reports.registry import ReportDesk
from retainsdk.reports.report import Column, Report, Unit
from retainsdk.testing import SetClock, a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import CaseKind, Channel, Direction, Kind, OfferKind, Origin, Sensitivity, Stage

DANA: dict[str, Any] = {"actor": "dana"}
CUSTOMERS = 150
COUNTS = ("assigned", "exposed", "wrongly exposed", "followed", "left")
CUTS = ("volume", "origin", "satisfaction", "complaint habit", "competitor parity")


@attrs.frozen
class Trial:
    """A book in which calls were tried, with whom they were about by arm."""

    book: Book
    clock: SetClock
    arms: dict[str, list[int]]

    def report(self, **asked: Any) -> Report:
        return self.book.report("effect", **asked)


def call(book: Book, us: int, cost: int = 0, **how: Any) -> None:
    book.record_interaction(
        us, channel=Channel.PHONE, direction=Direction.OUTBOUND, purpose="service",
        cost=Money(cost, "EUR") if cost else None, **(DANA | how),
    )  # fmt: skip


def leave(book: Book, us: int, **how: Any) -> None:
    book.begin_end(us, **(DANA | how))
    book.complete_end(us, although="he is gone", **(DANA | how))


def a_trial(
    customers: int = CUSTOMERS, *, shares: Sequence[int] = (1, 1), arms: Sequence[str] = ("alone", "called")
) -> Trial:
    """Customers of many sorts, divided on 1 April for 30 days."""
    clock = SetClock(at(3))
    book = a_book(clock=clock)
    ours = []
    for number in range(customers):
        us = a_relationship(
            book,
            name=str(number),
            origin=(Origin.OTHER, Origin.RETURN, None)[number % 3],
            terms=some_terms(notice_days=0) if number % 2 else None,
        )
        ours.append(us)
        if number % 5:
            book.record_purchase(us, what="tea", amount=Money(number % 5, "EUR"), paid=True, **DANA)
        if number % 4:
            book.answer_survey(us, instrument="nps", score=float(3 * (number % 4)), **DANA)
        for _ in range(number % 3):
            book.open_case(us, kind=CaseKind.COMPLAINT, topic="bill", **DANA)
        if number % 7 == 0:
            book.learn_fact(us - 1, name="city", value="חיפה", source="he", **DANA)
    book.see_competitor_offer(
        competitor="Acme",
        name="S",
        fee=Money(20, "EUR"),
        starts_on=date(2026, 1, 1),
        source="a flyer",
        **DANA,
    )
    clock.time = at(4)
    book.declare_experiment(
        "calls", purpose="service", arms=arms, shares=shares, starts_on=date(2026, 4, 1),
        ends_on=date(2026, 5, 1), question="do calls keep customers?", **DANA,
    )  # fmt: skip
    ledger = book.ledger()
    divided: dict[str, list[int]] = {arm: [] for arm in arms}
    for us in ours:
        divided[ledger.arm(ledger.accounts[us], ledger.experiments["calls"])].append(us)
    return Trial(book, clock, divided)


def played(trial: Trial) -> Trial:
    """Everybody to be called is; a tenth of them leave, and four tenths of those left alone; one of these is called."""
    trial.clock.time = at(4, 10)
    alone, called = trial.arms["alone"], trial.arms["called"]
    for us in called:
        call(trial.book, us, cost=5)
    call(trial.book, alone[0])
    for us in [*called[: len(called) // 10], *alone[: 4 * len(alone) // 10]]:
        leave(trial.book, us)
    trial.clock.time = at(6)
    return trial


def test_the_effect_is_the_difference_that_was_planted_and_its_cost_is_what_was_spent() -> None:
    trial = played(a_trial())

    report = trial.report()

    alone, called = report.records()
    sizes = len(trial.arms["alone"]), len(trial.arms["called"])
    left = 4 * sizes[0] // 10, sizes[1] // 10
    planted = left[1] / sizes[1] - left[0] / sizes[0]
    assert [[row[it] for it in COUNTS] for row in (alone, called)] == [
        [sizes[0], 1, 1, sizes[0], left[0]],
        [sizes[1], sizes[1], 0, sizes[1], left[1]],
    ]
    assert called["difference"] == pytest.approx(planted)
    assert called["low"] < planted < called["high"] < 0  # type: ignore[operator] # shares
    assert (called["verdict"], alone["verdict"], alone["difference"]) == ("better", None, None)
    assert called["cost"] == Money(5 * sizes[1], "EUR")
    assert called["cost of one kept"] == Money(f"{5 / -planted:.2f}", "EUR")
    assert any(
        "Horizon: 30 days, from 2026-04-01 09:00 UTC to 2026-05-01 09:00 UTC" in it for it in report.notes
    )


def test_money_is_compared_too_and_more_of_it_costs_or_earns() -> None:
    trial = a_trial()
    trial.clock.time = at(4, 10)
    for us in trial.arms["called"]:
        call(trial.book, us, cost=5, minutes=30)
        trial.book.record_purchase(us, what="tea", amount=Money(2, "EUR"), paid=True, **DANA)
    trial.clock.time = at(6)

    income, cost = (
        trial.report(measure=what, hour=Money(10, "EUR")).records()[1] for what in ("income", "cost")
    )

    assert (income["income each"], income["difference"], income["verdict"]) == (
        Money(2, "EUR"), Money(2, "EUR"), "better",
    )  # fmt: skip
    assert (cost["cost each"], cost["difference"], cost["verdict"]) == (
        Money(10, "EUR"), Money(10, "EUR"), "worse",
    )  # fmt: skip
    assert cost["cost of one kept"] is None


def test_nobody_is_counted_before_the_whole_horizon_has_passed() -> None:
    trial = played(a_trial())

    before = trial.report(as_of=at(4, 30))
    longer = trial.report(days=365)
    over = trial.report(as_of=at(5))

    for report in (before, longer):
        assert report.column("followed") == [0, 0]
        assert report.column("left") == [0, 0]
        assert report.records()[1]["verdict"] == "not yet"
        assert any("NOT YET: the horizon has not passed for 150 customers" in note for note in report.notes)
    assert over.records()[1]["verdict"] == "better"


def test_a_shorter_horizon_counts_what_happened_within_it_alone() -> None:
    trial = played(a_trial())

    eight, nine = trial.report(days=8), trial.report(days=9)

    assert eight.column("left") == [0, 0]
    assert eight.total_of("cost") == Money(0, "EUR")
    assert eight.column("exposed") == [0, 0]
    assert nine.rows == trial.report().rows  # all of it happened on the ninth day


def test_few_customers_are_answered_not_yet_and_every_count_is_told() -> None:
    report = played(a_trial(20)).report()

    called = report.records()[1]

    assert (called["verdict"], called["low"]) == ("not yet", None)
    assert called["difference"] is not None
    assert any("an interval can be given from 50 customers in each arm on" in note for note in report.notes)
    assert any("not yet: from 50 customers in each arm on" in note for note in report.notes)


@pytest.mark.parametrize("attribute", [*sorted({*ATTRIBUTES, *CUTS}), "fact:city"])
def test_the_classes_of_every_cut_add_up_to_the_whole(attribute: str) -> None:
    trial = played(a_trial(60))
    whole = trial.report()

    report = trial.report(by=attribute)

    for name in COUNTS:
        cells: list[Any] = report.column(name)
        assert sum(cells) == report.total_of(name) == whole.total_of(name)
    for name in ("income", "cost"):
        moneys: list[Any] = report.column(name)
        assert total(moneys, "EUR") == report.total_of(name) == whole.total_of(name)


def test_the_cuts_of_the_field_tell_customers_apart_as_they_were() -> None:
    trial = played(a_trial())

    found = {name: {row[name] for row in trial.report(by=name).records()} for name in CUTS}

    assert found == {
        "volume": {"nothing", "lowest third", "middle third", "highest third"},
        "origin": {"other", "return", None},
        "satisfaction": {"satisfied", "so-so", "dissatisfied", None},
        "complaint habit": {"no complaint", "one complaint", "several complaints"},
        "competitor parity": {"an equal offer elsewhere", None},
    }


def test_an_effect_is_shown_within_each_class_and_the_intervals_widen_with_their_number() -> None:
    trial = played(a_trial(400))

    one, two = trial.report().records()[1], trial.report(by="competitor parity").records()

    assert [(row["competitor parity"], row["arm"]) for row in two] == [
        ("an equal offer elsewhere", "alone"), ("an equal offer elsewhere", "called"), (None, "alone"), (None, "called"),
    ]  # fmt: skip
    for row in (two[1], two[3]):
        width: Any = row["high"], row["low"]
        whole: Any = one["high"], one["low"]
        assert width[0] - width[1] > whole[0] - whole[1]
    assert any("The 2 intervals" in note for note in trial.report(by="competitor parity").notes)


def learn_afterwards(trial: Trial, when: datetime | None) -> None:
    """All that could tell customers apart becomes known, recorded after the beginning, of before it or since."""
    how = DANA | {"occurred_at": when}
    for arm in trial.arms.values():
        for us in arm:
            book = trial.book
            book.answer_survey(us, instrument="nps", score=10.0, **how)
            book.open_case(us, kind=CaseKind.COMPLAINT, topic="a call", **how)
            book.record_purchase(us, what="tea", amount=Money(99, "EUR"), paid=True, **how)
            book.learn_fact(us - 1, name="city", value="Acre", source="he", **how)
            book.assign_owner(us, owner="gil", **DANA)
            book.see_competitor_offer(
                competitor="Bcme",
                name="S",
                fee=Money(1, "EUR"),
                starts_on=date(2026, 1, 1),
                source="he",
                **how,
            )


@pytest.mark.parametrize("when", [None, at(3, 20)], ids=["since then", "of before, and recorded since"])
def test_nothing_that_is_learnt_after_the_beginning_changes_a_cut(when: datetime | None) -> None:
    trial = a_trial(40)
    trial.clock.time = at(4, 2)
    cuts = (*CUTS, "owner", "fact:city", "tenure", "stage")
    before = {name: trial.report(by=name).rows for name in cuts}

    learn_afterwards(trial, when)

    for name in cuts:
        after = trial.report(by=name)
        money = {"income", "cost"}
        places = [place for place, column in enumerate(after.columns) if column.name not in money]
        assert [[row[it] for it in places] for row in after.rows] == [
            [row[it] for it in places] for row in before[name]
        ], name


def test_who_comes_later_or_is_entered_later_is_in_no_arm_and_is_told() -> None:
    trial = a_trial(20)
    trial.clock.time = at(4, 2)
    a_relationship(trial.book, name="new", since=at(4, 2))
    a_relationship(trial.book, name="entered late", since=at(1))

    report = trial.report()

    assert report.total_of("assigned") == 20
    assert "2 customers came or were entered after it began, and are in no arm." in report.notes


def test_who_had_left_and_who_was_no_customer_yet_were_not_divided() -> None:
    clock = SetClock(at(3))
    book = a_book(clock=clock)
    a_relationship(book, name="here")
    leave(book, a_relationship(book, name="gone"))
    a_relationship(book, name="prospect", stage=Stage.PROSPECT)
    clock.time = at(4)
    book.declare_experiment(
        "calls", purpose="service", starts_on=date(2026, 4, 1), ends_on=date(2026, 5, 1), **DANA
    )

    report = book.report("effect")

    assert report.total_of("assigned") == 1
    assert not any("in no arm" in note for note in report.notes)


def test_a_customer_of_several_relationships_is_one_and_leaves_with_the_last() -> None:
    clock = SetClock(at(3))
    book = a_book(clock=clock)
    first = a_relationship(book)
    customer = book.account(first).relationship.customer
    second = book.open_relationship(customer, owner="dana", stage=Stage.ACTIVE, **DANA)
    clock.time = at(4)
    book.declare_experiment(
        "calls", purpose="service", starts_on=date(2026, 4, 1), ends_on=date(2026, 5, 1), **DANA
    )
    clock.time = at(4, 10)
    leave(book, first)
    clock.time = at(6)

    once = book.report("effect").total_of("left")
    leave(book, second, occurred_at=at(4, 20))

    assert book.report("effect").total_of("assigned") == 1
    assert (once, book.report("effect").total_of("left")) == (0, 1)


def test_a_customer_who_is_merged_later_came_no_later_for_it() -> None:
    trial = a_trial(5)
    book, us = trial.book, trial.arms["called"][0]
    same = book.register_customer(kind=Kind.PERSON, name="the same", **DANA)
    book.merge_customers(
        into=same, merged=book.account(us).relationship.customer, evidence="one phone", **DANA
    )
    trial.clock.time = at(6)

    report = trial.report()

    assert report.total_of("assigned") == 5
    assert not any("in no arm" in note for note in report.notes)


def test_several_arms_are_each_compared_with_the_one_left_alone() -> None:
    trial = a_trial(90, arms=("alone", "called", "visited"), shares=(1, 1, 1))
    trial.clock.time = at(6)

    report = trial.report()

    assert report.column("arm") == ["alone", "called", "visited"]
    assert report.column("difference") == [None, 0.0, 0.0]
    assert sum("against alone, left within 30 days" in note for note in report.notes) == 2


def test_a_contact_that_was_undone_exposed_nobody() -> None:
    trial = a_trial(20)
    book, us = trial.book, trial.arms["alone"][0]
    trial.clock.time = at(4, 10)
    call(book, us)
    book.make_offer(us, kind=OfferKind.PRICE, amount=Money(5, "EUR"), months=1, actor="gil")
    trial.clock.time = at(6)

    before = [trial.report().total_of(it) for it in ("exposed", "wrongly exposed")]
    undone = book.undo(us, **DANA)

    assert before == [1, 1]
    assert [trial.report().total_of(it) for it in ("exposed", "wrongly exposed")] == [0, 0]
    assert undone in book.account(us).timeline.corrections


def test_an_offer_exposes_as_a_contact_does() -> None:
    clock = SetClock(at(4))
    book = a_book(clock=clock)
    us = a_relationship(book)
    book.declare_experiment(
        "offers", purpose="sales", starts_on=date(2026, 4, 1), ends_on=date(2026, 5, 1), **DANA
    )
    book.make_offer(us, kind=OfferKind.PRICE, amount=Money(5, "EUR"), months=1, **DANA)
    clock.time = at(6)

    assert book.report("effect").total_of("exposed") == 1


def test_the_experiment_that_began_last_is_shown_unless_one_is_named() -> None:
    trial = a_trial(10)
    trial.book.declare_experiment(
        "letters", purpose="marketing", starts_on=date(2026, 4, 3), ends_on=date(2026, 4, 10), **DANA
    )
    trial.clock.time = at(4, 2)

    last, named = trial.report(), trial.report(experiment="calls")

    assert last.notes[0].startswith("letters: contacts for marketing")
    assert last.rows == ()
    assert any("NOT YET" in note for note in last.notes)
    assert named.total_of("assigned") == 10


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"experiment": "mail"}, "experiment 'mail': is not declared. Ask for one of: calls."),
        ({"days": 0}, "Follow customers for 1 day at least"),
        ({"measure": ("left", "cost")}, "Ask for one of: left, income, cost."),
        ({"by": "colour"}, "attribute 'colour': is not known here."),
    ],
)
def test_what_cannot_be_asked_is_refused_and_what_can_is_named(asked: dict[str, Any], says: str) -> None:
    trial = a_trial(5)

    with pytest.raises(CommandError, match=says.replace("(", "\\(")):
        trial.report(**asked)


def test_a_plug_in_sees_no_sensitive_fact_in_the_past_either() -> None:
    seen: list[int] = []

    def spy(known: Any) -> Report:
        ledgers = (known.ledger, known.stood(known.now), known.at(known.now).ledger)
        seen.extend(len(who.facts_for("sales")) for ledger in ledgers for who in ledger.customers.values())
        column = Column(name="facts", unit=Unit.COUNT, meaning="Those seen.")
        return Report(
            name="spy", title="Spy", question="?", as_of=known.now, currency="EUR", columns=(column,), rows=()
        )

    class Spies:
        @hookimpl
        def register_report(self, registry: ReportDesk) -> None:
            registry.add_report("spy", spy, title="Spy", question="?")

    book = Book.in_memory(currency="EUR", clock=SetClock(at(4)), plugins=[Spies()])
    us = a_relationship(book)
    book.learn_fact(
        book.account(us).relationship.customer, name="illness", value="asthma", source="she",
        sensitivity=Sensitivity.SENSITIVE, purposes=["sales"], **DANA,
    )  # fmt: skip

    book.report("spy")

    assert seen == [0, 0, 0]


@pytest.mark.invariant(16)
@pytest.mark.parametrize("merged", [False, True])
def test_what_turned_out_to_be_sensitive_since_is_no_class_of_the_past(*, merged: bool) -> None:
    trial = a_trial(7)
    book, by = trial.book, "fact:city"
    (who,) = (id_ for id_, it in book.ledger().customers.items() if "city" in it.facts)
    trial.clock.time = at(5)
    before = trial.report(by=by).column(by)
    if merged:
        same = book.register_customer(kind=Kind.PERSON, name="the same", **DANA)
        book.merge_customers(into=same, merged=who, evidence="one phone", **DANA)
    trial.clock.time = at(6)
    book.learn_fact(
        who, name="city", value="Jaffa", source="he asked us to keep it",
        sensitivity=Sensitivity.SENSITIVE, purposes=["service"], **DANA,
    )  # fmt: skip

    assert "חיפה" in before
    assert set(trial.report(by=by).column(by)) == {None}
    assert "חיפה" in trial.report(by=by, purpose="service").column(by)
    assert "חיפה" in book.report("effect", at(5), by=by).column(by)


def test_looking_again_after_the_horizon_changes_nothing() -> None:
    trial = played(a_trial(60))
    first = trial.report(by="volume").rows

    trial.clock.time += timedelta(days=300)
    for us in trial.arms["called"][10:20]:
        leave(trial.book, us)
        trial.book.record_payment(us, amount=Money(50, "EUR"), **DANA)

    assert trial.report(by="volume").rows == first
