"""An answer is owed as long as the last word is the customer's, and not an instant longer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.book import Book
from retainsdk.case.response import response_owed_since
from retainsdk.testing import a_book, a_relationship, at
from retainsdk.vocabulary import CaseKind, Channel, Direction, Side


def owed(book: Book, us: int, case: int = 1) -> datetime | None:
    account = book.account(us)
    return response_owed_since(account.cases[case], account.timeline)


def say(book: Book, us: int, when: datetime, *, direction: Direction, **changes: Any) -> None:
    written: dict[str, Any] = {
        "channel": Channel.EMAIL,
        "purpose": "service",
        "two_way": False,
        "case": 1,
        "actor": "dana",
    }
    book.record_interaction(us, direction=direction, occurred_at=when, **{**written, **changes})


MESSAGES: dict[str, tuple[dict[str, Any], Side | None]] = {
    "his letter": ({"direction": Direction.INBOUND}, Side.CUSTOMER),
    "his letter, recorded as two-way": ({"direction": Direction.INBOUND, "two_way": True}, Side.CUSTOMER),
    "his call nobody took": ({"direction": Direction.INBOUND, "channel": Channel.PHONE}, Side.CUSTOMER),
    "his thanks": ({"direction": Direction.INBOUND, "substantive": False}, None),
    "our letter": ({"direction": Direction.OUTBOUND}, Side.US),
    "a talk he began": ({"direction": Direction.INBOUND, "channel": Channel.PHONE, "two_way": True}, Side.US),
    "a talk we began": (
        {"direction": Direction.OUTBOUND, "channel": Channel.IN_PERSON, "two_way": True},
        Side.US,
    ),
    "our receipt": ({"direction": Direction.OUTBOUND, "substantive": False}, None),
    "our machine's receipt": ({"direction": Direction.OUTBOUND, "human": False}, None),
    "his letter about something else": ({"direction": Direction.INBOUND, "case": None}, None),
    "our letter about something else": ({"direction": Direction.OUTBOUND, "case": None}, None),
}


@pytest.mark.invariant(31)
@given(
    by=st.sampled_from(Side),
    said=st.lists(st.tuples(st.sampled_from(sorted(MESSAGES)), st.integers(1, 4)), max_size=6),
)
def test_a_response_is_owed_iff_the_last_substantive_message_is_the_customers(
    by: Side, said: list[tuple[str, int]]
) -> None:
    book = a_book()
    noa = a_relationship(book)
    book.open_case(noa, kind=CaseKind.COMPLAINT, topic="bill", by=by, actor="dana", occurred_at=at(2))
    for what, day in said:  # recorded in any order
        say(book, noa, at(2, day), **MESSAGES[what][0])
    in_time = sorted(said, key=lambda it: it[1])
    counted = [(at(2), by), *((at(2, day), MESSAGES[what][1]) for what, day in in_time)]
    spoken = [(when, side) for when, side in counted if side is not None]
    ours = [place for place, (_, side) in enumerate(spoken) if side is Side.US]
    unanswered = spoken[ours[-1] + 1 :] if ours else spoken

    assert owed(book, noa) == (unanswered[0][0] if unanswered else None)
    assert (owed(book, noa) is not None) == (spoken[-1][1] is Side.CUSTOMER)


def test_bad_news_of_ours_owes_no_answer_until_he_asks() -> None:
    book = a_book()
    noa = a_relationship(book)
    book.open_case(noa, kind=CaseKind.BAD_NEWS, topic="the shop closes", actor="dana", occurred_at=at(2))

    assert owed(book, noa) is None
    say(book, noa, at(2, 2), direction=Direction.INBOUND)
    assert owed(book, noa) == at(2, 2)


def test_a_settlement_answers_and_a_reopening_asks_again() -> None:
    book = a_book()
    noa = a_relationship(book)
    book.open_case(noa, kind=CaseKind.COMPLAINT, topic="bill", actor="dana", occurred_at=at(2))
    book.resolve_case(noa, 1, how_done="paid back", actor="dana", occurred_at=at(2, 2))
    assert owed(book, noa) is None

    book.reopen_case(noa, 1, why="not paid", actor="dana", occurred_at=at(2, 3))
    assert owed(book, noa) == at(2, 3)


def test_what_he_writes_after_the_settlement_is_owed_an_answer_until_he_is_content() -> None:
    book = a_book()
    noa = a_relationship(book)
    book.open_case(noa, kind=CaseKind.COMPLAINT, topic="bill", actor="dana", occurred_at=at(2))
    book.resolve_case(noa, 1, how_done="paid back", actor="dana", occurred_at=at(2, 2))
    say(book, noa, at(2, 3), direction=Direction.INBOUND)
    assert owed(book, noa) == at(2, 3)

    book.confirm_case(noa, 1, actor="dana", occurred_at=at(2, 4))
    assert owed(book, noa) is None


def test_what_was_owed_in_a_case_merged_away_is_owed_in_the_one_that_goes_on() -> None:
    book = a_book()
    noa = a_relationship(book)
    book.open_case(noa, kind=CaseKind.REQUEST, topic="a visit", actor="dana", occurred_at=at(2))
    say(book, noa, at(2, 2), direction=Direction.OUTBOUND)
    book.open_case(noa, kind=CaseKind.REQUEST, topic="the visit", actor="dana", occurred_at=at(2, 3))
    assert owed(book, noa, 1) is None

    book.merge_cases(noa, 2, into=1, actor="dana", occurred_at=at(2, 4))
    assert owed(book, noa, 1) == at(2, 3)
    assert owed(book, noa, 2) is None
    say(book, noa, at(2, 5), direction=Direction.OUTBOUND, case=2)
    assert owed(book, noa, 1) is None
