"""Where a typed text may be cut: after its sentences, and within one where a clause ends."""

from __future__ import annotations

import re

__all__ = ["clauses", "sentences"]

_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\n+")
_SHORTENED = re.compile(r"(?:\b[a-zA-Z]\.[a-zA-Z]|\b(?:mr|mrs|ms|dr|no|vs))\.$", re.IGNORECASE)
_CLAUSE = re.compile(
    r",\s+|;\s*|:\s+|\s[-–—]\s"  # signs
    r"|\s(?=(?:but|so|and|then|or)\s)"
    r"|\s(?=(?:אבל|אז|ולכן|ואז|או)\s|ו(?:אני|אנחנו|אם|אפשר|אולי|בוא|בואי|מה|איך)\s)"
)
_FEWEST_WORDS = 2
_MOST_CUTS = 4


def sentences(text: str) -> list[str]:
    """
    The sentences of a text, trimmed.

    >>> sentences("I see. We open at 9 a.m. on Sunday! Is that 39.90?  Yes")
    ['I see.', 'We open at 9 a.m. on Sunday!', 'Is that 39.90?', 'Yes']
    >>> sentences(" ")
    []
    """
    found, begun = [], 0
    for end in _END.finditer(text):
        if not _SHORTENED.search(text[: end.start()]):
            found.append(text[begun : end.end()])
            begun = end.end()
    return [sentence for sentence in map(str.strip, (*found, text[begun:])) if sentence]


def clauses(sentence: str) -> list[str]:
    """
    The clauses of a sentence, each of at least two words; what comes after the fourth cut stays together.

    >>> clauses("I see, but I can't do that")
    ['I see,', "but I can't do that"]
    >>> clauses("Sorry, no")
    ['Sorry, no']
    """
    found: list[str] = []
    begun = 0
    for end in _CLAUSE.finditer(sentence):
        here, rest = sentence[begun : end.end()].strip(), sentence[end.end() :]
        if min(len(here.split()), len(rest.split())) >= _FEWEST_WORDS and len(found) < _MOST_CUTS:
            found.append(here)
            begun = end.end()
    return [*found, sentence[begun:].strip()]
