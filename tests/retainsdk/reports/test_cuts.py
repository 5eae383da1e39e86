from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from retainsdk.book import Book
from retainsdk.errors import CommandError
from retainsdk.quantities import Money, total
from retainsdk.reports.attributes import ATTRIBUTES
from retainsdk.reports.measures import cross_section, measured, measures
from retainsdk.reports.registry import Reports
from retainsdk.reports.report import Unit
from retainsdk.reports.retrospect import Retrospect
from retainsdk.testing import NOW, a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import (
    CaseKind,
    Channel,
    Direction,
    OfferKind,
    Origin,
    Potential,
    Promise,
    Reason,
    Sensitivity,
    Stage,
)

HOUR = Money(40, "EUR")
CUTS = [*ATTRIBUTES, "fact:city", "fact:diet", "product", "topic", "channel", "promise", "what"]
LABELLED = {
    "product": "purchases",
    "topic": "cases",
    "channel": "contacts",
    "promise": "promises",
    "what": "concession cost",
}


def eur(amount: Decimal | int | str) -> Money:
    return Money(amount, "EUR")


def known(book: Book) -> Retrospect:
    return Retrospect.of(book.ledger, NOW, book.calendar)


def a_ledger_of(facts: list[tuple[int, int, int]]) -> Retrospect:
    """Customers in three towns, of two owners, with a little of everything: each triple says what happens to whom."""
    book = a_book()
    for name, cost in (("spring", "100.01"), ("summer", "0.10"), ("nobody", "7")):
        book.run_campaign(
            name, purpose="new homes", segment="homes" if name == "spring" else "", cost=eur(cost),
            starts_on=date(2025, 3, 1), ends_on=date(2025, 6, 1), actor="dana",
        )  # fmt: skip
    people = [
        a_relationship(
            book, name=name, owner=owner, stage=stage, terms=terms, since=at(1, day),
        )
        for day, (name, owner, stage, terms) in enumerate(
            (
                ("נועה", "dana", Stage.ACTIVE, some_terms(offering="S", notice_days=0)),
                ("Gil", "gil", Stage.ACTIVE, some_terms(notice_days=0)),
                ("Tal", "unassigned", Stage.PROSPECT, None),
                ("Noa", "dana", Stage.ONBOARDING, None),
            ),
            1,
        )
    ]  # fmt: skip
    for relationship, campaign in zip(people, ("spring", "spring", "summer"), strict=False):
        book.learn_origin(relationship, origin=Origin.CAMPAIGN, campaign=campaign, actor="dana")
    book.classify(people[0], potential=Potential.A, why="grows", actor="dana")
    for relationship, city in zip(people, ("חיפה", "unknown"), strict=False):
        book.learn_fact(relationship - 1, name="city", value=city, source="she", actor="dana")
    book.learn_fact(
        people[1] - 1, name="diet", value="kosher", source="he", actor="dana",
        sensitivity=Sensitivity.SENSITIVE, purposes=["service"],
    )  # fmt: skip
    for place, (who, what, how) in enumerate(facts):
        happens(
            book,
            people[who],
            what,
            how,
            {"occurred_at": at(2 + place % 3, 1 + place), "actor": ("dana", "gil")[how % 2]},
        )
    for relationship in people[3:]:
        if facts and facts[0][1] == 0:
            book.begin_end(relationship, actor="dana")
            book.record_exit_reason(
                relationship,
                stated=Reason.NO_NEED_STATED,
                assessed=Reason.LIFE_EVENT,
                evidence="call",
                actor="gil",
            )
            book.complete_end(relationship, although="he was in a hurry", actor="dana")
    return known(book)


def happens(book: Book, us: int, what: int, how: int, told: dict[str, Any]) -> None:
    cents = eur(Decimal(how * 37 - 50) / 100)
    match what:
        case 0:
            book.record_purchase(us, what=("tea", "=tea")[how % 2], amount=cents, paid=bool(how % 2), **told)
        case 1:
            book.record_payment(us, amount=eur(how), **told)
        case 2:
            book.record_interaction(
                us,
                channel=Channel(how),
                direction=Direction(how % 2),
                purpose="service",
                minutes=how * 7,
                **told,
            )
        case 3:
            book.open_case(us, kind=CaseKind(how % 2), topic=("late", "bill")[how % 2], **told)
        case 4:
            book.promise(us, kind=Promise.DELIVERY, what="it", due=at(6, 20), **told)
        case 5:
            number = book.make_offer(us, kind=OfferKind.BENEFIT, what="a line", cost=eur(how + 1), **told)
            book.accept_offer(us, number, **told)
        case _:
            book.compensate(us, what="delay", cost=eur(how), **told)


happenings = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6), st.integers(0, 4)), max_size=7)


@pytest.mark.invariant(49)
@given(happened=happenings, by=st.lists(st.sampled_from(CUTS), min_size=1, max_size=2, unique=True))
def test_every_measure_is_the_sum_of_its_classes_whichever_way_it_is_cut(
    happened: list[tuple[int, int, int]], by: list[str]
) -> None:
    book = a_ledger_of(happened)
    asked = list(measures())
    of_items = {LABELLED[name] for name in by if name in LABELLED}

    uncut = measured(book, measure=asked, by=(), hour=HOUR)
    with_labels = [*asked, *of_items]
    whole = measured(book, measure=with_labels, by=by, hour=HOUR)

    for place, column in enumerate(whole.columns[len(by) :]):
        cells: list[Any] = [row[len(by) + place] for row in whole.rows]
        summed = total(cells, "EUR") if column.unit is Unit.MONEY else sum(cells)
        assert summed == whole.total[len(by) + place] == uncut.total[place], column.name
    assert len({row[: len(by)] for row in whole.rows}) == len(whole.rows)


NO_SUMS = {
    "customers",  # who stands in two rows is one customer
    "customers ever",
    "bought again",  # once in each of two months is twice, and in neither again
    "authority",
    "largest",
    "hardest",
    "a customer",
    "a purchase",
    "cost each",
    "income each",
    "cost to win one",
    "cost for one who stayed",
    "cost of one kept",
}
"""Columns of reports that count people once, and rates and extremes: what adds up are the figures behind them."""


@pytest.mark.invariant(49)
@settings(max_examples=30)
@example(happened=[(2, 0, 2), (2, 0, 3)], by=None)  # one customer, two products, each once
@example(happened=[(0, 0, 2), (0, 0, 2)], by="month")
@given(happened=happenings, by=st.sampled_from([None, *ATTRIBUTES]))
def test_the_total_of_every_report_is_the_sum_of_its_rows_whichever_way_it_is_cut(
    happened: list[tuple[int, int, int]], by: str | None
) -> None:
    book, reports = a_ledger_of(happened), Reports()

    for named in reports.all():
        cut = {"by": by} if "by" in named.options else {}
        report, usual = reports.drawn(named.name, book, cut), reports.drawn(named.name, book, {})
        if report.total is None:
            continue
        for place, column in enumerate(report.columns):
            if column.unit not in {Unit.COUNT, Unit.MONEY, Unit.MINUTES} or column.name in NO_SUMS:
                continue
            cells: list[Any] = [row[place] for row in report.rows]
            assert None not in cells, (named.name, column.name)
            summed = total(cells, "EUR") if column.unit is Unit.MONEY else sum(cells)
            assert summed == report.total[place] == usual.total_of(column.name), (named.name, column.name)


@pytest.mark.invariant(49)
@given(happenings)
def test_what_is_added_up_is_what_the_book_holds(happened: list[tuple[int, int, int]]) -> None:
    book = a_ledger_of(happened)
    ledger = book.ledger

    report = cross_section(
        book,
        by="owner",
        measure=["relationships", "acquisition cost", "value to date", "purchases", "promises", "fees"],
    )

    assert report.total_of("relationships") == len(ledger.accounts)
    assert report.total_of("acquisition cost") == total((it.cost for it in ledger.campaigns.values()), "EUR")
    purchases = [eur(Decimal(how * 37 - 50) / 100) for _, what, how in happened if what == 0]
    assert report.total_of("purchases") == total(purchases, "EUR")
    fees = [eur(how) for _, what, how in happened if what == 1]
    assert report.total_of("fees") == total(fees, "EUR")
    assert report.total_of("value to date") == total(purchases + fees, "EUR")
    assert report.total_of("promises") == sum(what == 4 for _, what, _ in happened)


def test_of_whom_nothing_is_known_makes_a_class_of_its_own_apart_from_the_word_unknown() -> None:
    report = cross_section(a_ledger_of([]), by="fact:city", measure="relationships")

    assert report.rows == (("unknown", 1), ("חיפה", 1), (None, 2))
    assert "(unknown)" in str(report)
    assert report.total == (None, 4)


@pytest.mark.invariant(16)
def test_a_sensitive_fact_tells_customers_apart_only_for_a_purpose_that_allows_it() -> None:
    book = a_ledger_of([])

    openly = cross_section(book, by="fact:diet", measure="relationships")
    for_service = cross_section(book, by="fact:diet", measure="relationships", purpose="service")

    assert openly.rows == ((None, 4),)
    assert for_service.rows == (("kosher", 1), (None, 3))


def test_the_cost_of_a_campaign_is_shared_by_those_it_won_and_borne_by_itself_when_nobody_came() -> None:
    report = cross_section(a_ledger_of([]), by=["campaign", "customer"], measure="acquisition cost")

    assert report.rows == (
        ("nobody", None, eur(7)),
        ("spring", "Gil", eur("50.00")),
        ("spring", "נועה", eur("50.01")),
        ("summer", "Tal", eur("0.10")),
    )


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"by": "colour"}, "attribute 'colour'.*Cut by one of: assessed, campaign"),
        ({"by": "fact:"}, "attribute 'fact:'"),
        ({"measure": "joy"}, "measure 'joy'.*Ask for one of: acquisition cost"),
        ({"measure": ()}, "measure none"),
    ],
)
def test_what_nobody_can_count_or_tell_apart_is_refused_with_what_can(
    asked: dict[str, Any], why: str
) -> None:
    with pytest.raises(CommandError, match=why):
        cross_section(a_ledger_of([]), **asked)


def test_an_attribute_asked_for_twice_cuts_once() -> None:
    report = cross_section(a_ledger_of([]), by=["owner", "owner"], measure="customers")

    assert [column.name for column in report.columns] == ["owner", "customers"]
    assert attrs.asdict(report)["rows"]
