"""A suggester from a way to read: cut the text, read its parts, put together what belongs together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from itertools import combinations, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retainsdk.action import MoveKind
from retainsim.training.typed.embedding import is_installed
from retainsim.training.typed.examples import CLASSES, NONE
from retainsim.training.typed.parts import clauses, sentences
from retainsim.training.typed.reading import Among, ByMeaning, ByWording, Reading
from retainsim.training.typed.slots import slots_for
from retainsim.training.typed.suggestion import SURE, Guess, Language, Part, Suggester, Suggestion

__all__ = ["LONGEST", "TextSuggester", "suggester"]

LONGEST = 1_000
"""Characters that are read; nobody says more in one turn."""

Guesses = tuple[Guess, Guess, Guess]
Read = tuple[str, Guesses]


class TextSuggester:
    """
    Suggests the moves of a text, part by part.

    A text is cut into sentences, and a sentence into clauses where these are sure to be different moves, and surer
    than the whole is. Neighbours that make the same move become one part again, and so does a part that alone is not
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

    def among(self, moves: Collection[MoveKind]) -> TextSuggester:
        """The same, of some moves only: those that can be made."""
        return TextSuggester(Among(self._reading, moves), self._language)

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
        moves = self._reading.chances(texts)[:, : CLASSES.index(NONE)]
        first, second, third = np.argsort(-moves, axis=1, kind="stable")[:, :3].T
        return [
            (_guess(row, one), _guess(row, two), _guess(row, three))
            for row, one, two, three in zip(moves, first, second, third, strict=True)
        ]

    def _cut(self, sentence: str) -> list[Read]:
        """The way to cut it, or not, whose least sure part is surest."""
        pieces = clauses(sentence)
        ends = range(len(pieces) + 1)
        spans = {(one, two): " ".join(pieces[one:two]) for one, two in combinations(ends, 2)}
        read = dict(zip(spans, self._read(list(spans.values())), strict=True))
        best = [(sentence, read[0, len(pieces)])]
        for inner in (inner for n in ends[1:-1] for inner in combinations(ends[1:-1], n)):
            cut = [(spans[span], read[span]) for span in pairwise((0, *inner, ends[-1]))]
            different = all(one[1][0].move is not two[1][0].move for one, two in pairwise(cut))
            if different and _least(cut) >= SURE and _least(cut) > _least(best):
                best = cut
        return best

    def _joined(self, parts: list[Read]) -> list[Read]:
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


@cache
def suggester(language: Language) -> Suggester:
    """The best there is here: by meaning where the extra ``text`` is installed, by wording elsewhere."""
    return TextSuggester(ByMeaning(language) if is_installed() else ByWording(language), language)


def _guess(row: NDArray[Any], column: int) -> Guess:
    return Guess(MoveKind(column), float(row[column]))


def _least(parts: Sequence[Read]) -> float:
    return min(guesses[0].confidence for _, guesses in parts)


def _sure(guesses: Guesses) -> bool:
    return guesses[0].confidence >= SURE
