"""Labels are computed, each with the rule that fired."""

from __future__ import annotations

from datetime import timedelta

import pytest

from retainsdk.account.labels import labels
from retainsdk.book import Book
from retainsdk.testing import NOW, a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import CaseKind, Channel, Direction, Potential, Reason


def said(book: Book, us: int) -> list[str]:
    return [str(label) for label in labels(book.account(us), NOW)]


def spoken(book: Book, us: int, *, days_ago: int) -> None:
    book.record_interaction(
        us, channel=Channel.PHONE, direction=Direction.OUTBOUND, purpose="service",
        occurred_at=NOW - timedelta(days=days_ago), actor="dana",
    )  # fmt: skip


def test_who_is_content_and_spoken_to_has_no_label() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    spoken(book, us, days_ago=3)

    assert said(book, us) == []


def test_at_risk_is_who_threatens_gave_notice_or_is_flagged_with_every_rule_that_fired() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    spoken(book, us, days_ago=3)
    book.open_case(
        us, kind=CaseKind.THREAT, topic="price", stated_reason=Reason.CHEAPER_COMPETITOR, actor="dana"
    )
    book.give_notice(us, actor="dana")
    book.raise_signal(us, department="finance", kind="late payments", evidence="x", actor="dana")

    rules = said(book, us)

    assert rules == [
        "at risk: notice was given for 2026-07-15",
        "at risk: threat to leave, case 1: price",
        "at risk: warning of finance: late payments",
    ]


@pytest.mark.parametrize(("days", "is_dormant"), [(60, False), (61, True)])
def test_dormant_is_who_was_not_heard_for_longer_than_his_class_allows(
    days: int, *, is_dormant: bool
) -> None:
    book = a_book()
    us = a_relationship(book)
    book.classify(us, potential=Potential.A, why="grows", occurred_at=at(2), actor="dana")
    spoken(book, us, days_ago=days)

    assert said(book, us) == (
        ["dormant: no contact for 61 days, 60 at most for class A"] if is_dormant else []
    )


def test_who_leaves_is_at_risk_and_a_leaver_is_none_of_it_but_may_be_won_back() -> None:
    book = a_book()
    us = a_relationship(book, since=at(5))
    book.begin_end(us, occurred_at=at(6), actor="dana")
    assert said(book, us) == ["at risk: the relationship has begun to end"]
    book.complete_end(us, although="x", occurred_at=at(6), actor="dana")
    assert said(book, us) == []

    book.open_winback(us, plan="call in July", occurred_at=at(6, 2), actor="dana")

    assert said(book, us) == ["winning back: plan open since 2026-06-02: call in July"]
