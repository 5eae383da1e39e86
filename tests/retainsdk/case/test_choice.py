"""What a customer may choose from when his wish must wait or cannot be."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.errors import CommandError
from retainsdk.testing import a_book, a_relationship, at
from retainsdk.vocabulary import CaseKind, Channel

wordings = st.sampled_from(["Tuesday", "tuesday ", "Thursday", "\N{RIGHT-TO-LEFT MARK}Thursday", "מחר", " "])
ways = st.lists(wordings, max_size=3).map(tuple)
channels = st.none() | st.sampled_from([Channel.PHONE, Channel.IN_PERSON])


@pytest.mark.invariant(33)
@given(
    options=ways, channel=channels, refused=st.booleans(), until=st.none() | st.sampled_from([at(2), at(3)])
)
def test_a_refusal_or_delay_carries_two_distinct_ways_or_another_channel(
    options: tuple[str, ...],
    channel: Channel | None,
    refused: bool,  # noqa: FBT001 # drawn
    until: datetime | None,
) -> None:
    book = a_book()
    noa = a_relationship(book)
    book.open_case(noa, kind=CaseKind.REQUEST, topic="a visit", actor="dana", occurred_at=at(2))
    distinct = {it.strip("\N{RIGHT-TO-LEFT MARK} ").lower() for it in options} - {""}
    legal = (len(distinct) >= 2 or channel is not None) and (refused or until == at(3))
    before = len(book)

    try:
        book.offer_options(
            noa, 1, why="no van", options=options, channel=channel, refused=refused, until=until, actor="dana", occurred_at=at(2)
        )  # fmt: skip
    except CommandError:
        assert not legal
        assert len(book) == before
    else:
        assert legal


@pytest.mark.invariant(33)
@given(
    options=st.sampled_from([("Tuesday", "Thursday"), ("Tuesday", "מחר"), ()]),
    channel=channels,
    chosen=wordings | st.just("In Person"),
)
def test_what_he_chooses_is_one_of_the_ways_offered(
    options: tuple[str, ...], channel: Channel | None, chosen: str
) -> None:
    channel = channel or (None if options else Channel.PHONE)
    book = a_book()
    noa = a_relationship(book)
    book.open_case(noa, kind=CaseKind.REQUEST, topic="a visit", actor="dana")
    book.offer_options(noa, 1, why="no van", options=options, channel=channel, refused=True, actor="dana")
    named = {None: (), Channel.PHONE: ("phone",), Channel.IN_PERSON: ("in person",)}[channel]
    meant = [it for it in (*options, *named) if it.lower() == chosen.strip("\N{RIGHT-TO-LEFT MARK} ").lower()]

    try:
        book.choose_option(noa, 1, option=chosen, actor="dana")
    except CommandError:
        assert not meant
    else:
        assert [choice.chosen for choice in book.account(noa).cases[1].choices] == meant


def test_he_chooses_once_and_anew_when_he_is_offered_ways_again() -> None:
    book = a_book()
    noa = a_relationship(book)
    book.open_case(noa, kind=CaseKind.REQUEST, topic="a visit", actor="dana")
    for options in (("Tuesday", "Thursday"), ("Sunday", "Monday")):
        book.offer_options(noa, 1, why="no van", options=options, refused=True, actor="dana")
        book.choose_option(noa, 1, option=options[1], actor="dana")

    with pytest.raises(CommandError, match="was made already: Monday"):
        book.choose_option(noa, 1, option="Sunday", actor="dana")
    assert [it.chosen for it in book.account(noa).cases[1].choices] == ["Thursday", "Monday"]


def test_a_choice_comes_after_the_offer_and_both_while_the_case_is_open() -> None:
    book = a_book()
    noa = a_relationship(book)
    book.open_case(noa, kind=CaseKind.REQUEST, topic="a visit", actor="dana", occurred_at=at(2))
    ways = ("Tuesday", "Thursday")
    book.offer_options(noa, 1, why="no van", options=ways, refused=True, actor="dana", occurred_at=at(2, 2))

    with pytest.raises(CommandError, match="comes before the offer"):
        book.choose_option(noa, 1, option="Tuesday", actor="dana", occurred_at=at(2))
    book.resolve_case(noa, 1, how_done="repaired", actor="dana", occurred_at=at(2, 3))
    with pytest.raises(CommandError, match="a case that is resolved"):
        book.choose_option(noa, 1, option="Tuesday", actor="dana")
    with pytest.raises(CommandError, match="a case that is resolved"):
        book.offer_options(noa, 1, why="no van", options=ways, refused=True, actor="dana")


def test_a_refusal_gives_its_reason() -> None:
    book = a_book()
    noa = a_relationship(book)
    book.open_case(noa, kind=CaseKind.REQUEST, topic="a visit", actor="dana")

    with pytest.raises(CommandError, match="gives no reason"):
        book.offer_options(noa, 1, why=" ", channel=Channel.PHONE, refused=True, actor="dana")
