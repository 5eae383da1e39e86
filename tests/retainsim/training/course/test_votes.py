"""Votes of a group on its next move."""

from __future__ import annotations

import pytest

from retainsim.training.course.votes import NoVotesError, TieError, decided, leading, read_votes


@pytest.mark.parametrize(
    ("typed", "votes"),
    [
        ("1=5 2=9", {1: 5, 2: 9}),
        ("1:5,2:9", {1: 5, 2: 9}),
        ("16=1", {16: 1}),
        ("17=1", None),
        ("1=5 tell me more", None),
        ("1=0 2=0", None),
        ("3", None),
        ("", None),
    ],
)
def test_votes_are_read_as_a_trainer_types_them(typed: str, votes: dict[int, int] | None) -> None:
    assert read_votes(typed, 16) == votes


def test_most_votes_decide() -> None:
    assert decided({"ask_open": 9, "probe": 4}, by_trainer=None) == ("ask_open", {"ask_open": 9, "probe": 4})
    assert leading({"ask_open": 9, "probe": 9, "close": 1}) == ("ask_open", "probe")


def test_a_tie_is_voted_on_again_or_decided_by_the_trainer() -> None:
    tie = {"ask_open": 9, "probe": 9, "close": 1}

    with pytest.raises(TieError, match="A tie between ask_open, probe"):
        decided(tie, by_trainer=None)
    with pytest.raises(TieError):
        decided(tie, by_trainer="close")
    assert decided(tie, by_trainer="probe") == ("probe", tie)


@pytest.mark.parametrize("votes", [None, [], {}, {"sing": 3}, {"probe": -1}, {"probe": True}, {"probe": 0}])
def test_what_are_no_votes_is_refused(votes: object) -> None:
    with pytest.raises(NoVotesError, match="Votes are moves by name"):
        decided(votes, by_trainer=None)
