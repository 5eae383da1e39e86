"""A suggester from a way to read: cut the text, read its parts, put together what belongs together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from retainsdk.action import MoveKind
from retainsim.training.typed.embedding import is_installed
from retainsim.training.typed.parts import cuts, sentences
from retainsim.training.typed.reading import ByMeaning, ByWording, Reading
from retainsim.training.typed.slots import slots_for
from retainsim.training.typed.suggestion import SURE, Guess, Language, Part, Suggester, Suggestion

__all__ = ["LONGEST", "TextSuggester", "suggester"]

LONGEST = 1_000
"""Characters that are read; nobody says more in one turn."""

Guesses = tuple[Guess, Guess, Guess]


class TextSuggester:
    """
    Suggests the moves of a text, part by part.

    A text is cut into sentences, and a sentence in two where both halves are sure to be different moves and surer
    than the whole. Neighbours that make the same move become one part again, and so does a part that alone is not
    sure but fits what stands beside it.

    Args:
        reading: How.
        language: In which.

    >>> suggested = TextSuggester(ByWording("en"), "en").suggest("I'm so sorry about that. I'll call you tomorrow.")
    >>> [(part.text, part.move.name) for part in suggested.parts]
    [("I'm so sorry about that.", 'APOLOGISE'), ("I'll call you tomorrow.", 'PROMISE_FOLLOW_UP')]
    >>> suggested.parts[1].slots.in_days, str(suggested.source)
    (1, 'text-auto')
    """

    def __init__(self, reading: Reading, language: Language) -> None:
        self._reading, self._language = reading, language

    def suggest(self, text: str) -> Suggestion:
        """
        The moves a text makes, in order.

        Args:
            text: Anything; one longer than `LONGEST` is not read, and has no parts.
        """
        plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
        spans = sentences(plain) if len(plain) <= LONGEST else []
        cut = [span for sentence in spans for span in self._cut(sentence)]
        return Suggestion(
            text=text, language=self._language, parts=tuple(self._part(*each) for each in self._joined(cut))
        )

    def _part(self, text: str, guesses: Guesses) -> Part:
        return Part(text=text, guesses=guesses, slots=slots_for(guesses[0].move, text, self._language))

    def _read(self, texts: Sequence[str]) -> list[Guesses]:
        moves = self._reading.chances(texts)[:, : len(MoveKind)]
        first, second, third = np.argsort(-moves, axis=1, kind="stable")[:, :3].T
        return [
            (_guess(row, one), _guess(row, two), _guess(row, three))
            for row, one, two, three in zip(moves, first, second, third, strict=True)
        ]

    def _cut(self, sentence: str) -> list[tuple[str, Guesses]]:
        ways = cuts(sentence)
        whole, *halves = self._read([sentence, *(half for way in ways for half in way)])
        best, at = whole[0].confidence, None
        for way, (left, right) in enumerate(zip(halves[::2], halves[1::2], strict=True)):
            surely = min(left[0].confidence, right[0].confidence)
            if surely >= max(SURE, best) and left[0].move is not right[0].move:
                best, at = surely, way
        if at is None:
            return [(sentence, whole)]
        return [part for half in ways[at] for part in self._cut(half)]

    def _joined(self, parts: list[tuple[str, Guesses]]) -> list[tuple[str, Guesses]]:
        joined = parts[:1]
        for text, guesses in parts[1:]:
            before, earlier = joined[-1]
            together = f"{before} {text}"
            if guesses[0].move is earlier[0].move and _sure(guesses) and _sure(earlier):
                joined[-1] = (together, max(guesses, earlier, key=lambda each: each[0].confidence))
                continue
            if _sure(guesses) != _sure(earlier):
                sure, other = (guesses, earlier) if _sure(guesses) else (earlier, guesses)
                [both] = self._read([together])
                fits = sure[0].move in {guess.move for guess in other}
                if fits and both[0].move is sure[0].move and _sure(both):
                    joined[-1] = (together, both)
                    continue
            joined.append((text, guesses))
        return joined


def _guess(row: np.ndarray, column: int) -> Guess:
    return Guess(MoveKind(column), float(row[column]))


def _sure(guesses: Guesses) -> bool:
    return guesses[0].confidence >= SURE


@cache
def suggester(language: Language) -> Suggester:
    """The best there is here: by meaning where the extra ``text`` is installed, by wording elsewhere."""
    return TextSuggester(ByMeaning(language) if is_installed() else ByWording(language), language)
