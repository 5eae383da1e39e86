from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.customer.consent import Consents
from retainsdk.errors import CommandError
from retainsdk.events import ConsentGiven, ConsentWithdrawn
from retainsdk.testing import at
from retainsdk.vocabulary import Channel

PURPOSES, CHANNELS = ("service", "marketing"), (Channel.PHONE, Channel.EMAIL)


class Word(NamedTuple):
    given: bool
    purpose: str
    channel: Channel | None
    month: int

    @property
    def body(self) -> ConsentGiven | ConsentWithdrawn:
        body = ConsentGiven if self.given else ConsentWithdrawn
        return body(purpose=self.purpose, channel=self.channel, evidence=f"letter {self.month}")


words = st.builds(
    Word,
    st.booleans(),
    st.sampled_from(PURPOSES),
    st.sampled_from([None, *CHANNELS]),
    st.integers(1, 3),
)
questions = st.tuples(st.sampled_from(PURPOSES), st.sampled_from(CHANNELS))


def consents(said: list[Word]) -> Consents:
    result = Consents()
    for word in said:
        result = result.after(word.body, at(word.month))
    return result


def allowed(said: list[Word], purpose: str, channel: Channel, when: datetime) -> bool:
    """By hand: the last word by then; a refusal wins a tie."""
    heard = [w for w in said if w.purpose == purpose and w.channel in {None, channel} and at(w.month) <= when]
    if not heard:
        return purpose != "marketing"
    last = max(w.month for w in heard)
    return all(w.given for w in heard if w.month == last)


@pytest.mark.invariant(14)
@given(st.lists(words, max_size=6), st.data(), questions, st.integers(1, 4))
def test_a_withdrawal_holds_from_its_instant_on_in_whatever_order_words_arrive(
    said: list[Word], data: st.DataObject, question: tuple[str, Channel], month: int
) -> None:
    arrived = data.draw(st.permutations(said))

    found = consents(arrived).allows(*question, at(month))

    assert found == allowed(said, *question, at(month))
    assert consents(arrived).allows(*question) == allowed(said, *question, at(12))


@pytest.mark.invariant(11)
@given(st.lists(words, max_size=5), st.lists(words, max_size=5), questions, st.integers(1, 5))
def test_two_entries_allow_together_what_both_allowed_apart(
    one: list[Word], other: list[Word], question: tuple[str, Channel], month: int
) -> None:
    joined = consents(one).joined(consents(other), at(4))

    both = all(allowed(said, *question, at(month)) for said in (one, other))
    assert joined.allows(*question, at(month)) == both


@given(st.lists(words, max_size=4), st.lists(words, max_size=4), words, questions)
def test_after_a_merge_a_new_word_counts_and_an_old_one_only_to_refuse(
    one: list[Word], other: list[Word], late: Word, question: tuple[str, Channel]
) -> None:
    joined = consents(one).joined(consents(other), at(4))
    concerned = late.purpose == question[0] and late.channel in {None, question[1]}

    new, old = joined.after(late.body, at(5)), joined.after(late.body, at(late.month))

    assert new.allows(*question) == (late.given if concerned else joined.allows(*question))
    assert old.allows(*question) == (joined.allows(*question) and not (concerned and not late.given))


@given(st.lists(words, max_size=5), st.sampled_from(PURPOSES))
def test_where_nobody_looks_at_the_channel_one_refusal_closes_all(said: list[Word], purpose: str) -> None:
    found = consents(said)

    heard = [found.last(purpose, channel) for channel in Channel]
    refused = any(word is not None and not word.given for word in heard)
    agreed = any(word is not None and word.given for word in heard)
    assert found.allows_unseen(purpose) == (not refused and (agreed or purpose != "marketing"))


def test_every_word_is_kept_with_its_evidence_and_its_day() -> None:
    one = consents([Word(True, "marketing", None, 2)])  # noqa: FBT003 # a word
    other = consents([Word(False, "marketing", Channel.PHONE, 1)])  # noqa: FBT003 # a word

    history = one.joined(other, at(3)).history()

    assert [(word.given, word.channel, word.at, word.evidence) for word in history] == [
        (False, Channel.PHONE, at(1), "letter 1"),
        (True, None, at(2), "letter 2"),
    ]


def test_a_purpose_nobody_knows_is_refused() -> None:
    with pytest.raises(CommandError, match="purpose 'fun': is not known"):
        Consents().after(ConsentGiven(purpose="fun", channel=None, evidence="x"), at(1))
