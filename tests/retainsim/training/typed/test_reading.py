"""From texts to chances: what shares no letters with any example is no move, whatever a model makes of it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax

from retainsim.training.typed.examples import CLASSES, NONE, examples
from retainsim.training.typed.reading import ByWording, _known_threes
from retainsim.training.typed.suggestion import Language
from retainsim.training.typed.wording import threes

both_languages = pytest.mark.parametrize("language", ["en", "he"])
STRANGE = ["Что вас заставило уйти?", "qwpt zzxk vvbj wqxz", "もう一度教えてください"]


def of_model(language: Language, texts: list[str]) -> np.ndarray:
    """What the model alone makes of them."""
    return np.asarray(softmax(ByWording(language).scores(texts), axis=1))


@pytest.mark.parametrize(
    ("language", "sorry"), [("en", "I'm so sorry about that"), ("he", "אני מאוד מצטער על מה שקרה")]
)
def test_a_text_mostly_in_strange_letters_is_no_move_though_the_model_alone_sees_one(
    language: Language, sorry: str
) -> None:
    text = [f"{sorry} щэжъюяыфцгпъбнм йкхзлдщ "]

    chances, alone = ByWording(language).chances(text)[0], of_model(language, text)[0]

    assert CLASSES[alone.argmax()] == "apologise"
    assert CLASSES[chances.argmax()] == NONE
    assert chances.sum() == pytest.approx(1)


@both_languages
def test_another_alphabet_is_no_move(language: Language) -> None:
    chances = ByWording(language).chances(STRANGE)

    assert chances.argmax(axis=1).tolist() == [CLASSES.index(NONE)] * len(STRANGE)


@both_languages
def test_a_strange_text_keeps_which_move_would_be_likeliest(language: Language) -> None:
    moves, alone = ByWording(language).chances(STRANGE)[:, :-1], of_model(language, STRANGE)[:, :-1]

    assert (moves.argsort(axis=1) == alone.argsort(axis=1)).all()


@both_languages
def test_a_text_of_known_letters_is_left_to_the_model(language: Language) -> None:
    texts = list(examples(language).texts[:20])

    assert ByWording(language).chances(texts) == pytest.approx(of_model(language, texts))


@both_languages
def test_half_of_the_letters_must_be_known(language: Language) -> None:
    """Ever more of an example gives way to strange letters: it counts until half of its runs of three are strange."""
    text = next(it for it in examples(language).texts if len(it) > 40)
    mixed = [text[:kept] + "ж" * (len(text) - kept) for kept in range(len(text), 0, -1)]
    known = _known_threes(language)
    shares = [sum(run in known for run in threes(it)) / max(1, len(threes(it))) for it in mixed]

    left = [
        np.allclose(one, other)
        for one, other in zip(ByWording(language).chances(mixed), of_model(language, mixed), strict=True)
    ]

    assert left == [share >= 0.5 for share in shares]
    assert {True, False} == set(left)
