"""
Saying the customer's line in other words. What he does, knows and means is decided before, and stays.

A phraser gets one line and gives one line. Whatever goes wrong, the line stands as it was written.
"""

from __future__ import annotations

import json
import re
import unicodedata
from http.client import HTTPException
from typing import Literal, Protocol
from urllib.error import URLError
from urllib.request import Request, urlopen

from retainsdk.errors import RetainError

__all__ = ["AsWritten", "EndpointPhraser", "NoEndpointError", "Phraser"]

_Language = Literal["en", "he"]

_LONGEST = 3
"""Times the length of the line as written."""
_MOST_BYTES = 100_000
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_ALPHABET = {"en": "LATIN", "he": "HEBREW"}
_LANGUAGE_NAMES = {"en": "English", "he": "Hebrew"}
_ORDERS = (
    "You rephrase one line that a customer says on the phone, in {language}. Keep its meaning, every number, every "
    "name and the gender of speaker and addressee. Add no fact, no question and no decision. Cue: {cue}. "
    "Answer with the line alone."
)


class Phraser(Protocol):
    """Whoever says a line in other words."""

    def phrase(self, line: str, *, cue: str, language: _Language) -> str:
        """
        The line as the customer says it.

        Args:
            line: As the templates have it.
            cue: How he sounds, like ``angry``.
            language: Of the line.
        """


class AsWritten:
    """
    Says the line as it is written.

    >>> AsWritten().phrase("It is not worth it.", cue="angry", language="en")
    'It is not worth it.'
    """

    def phrase(self, line: str, *, cue: str, language: _Language) -> str:  # noqa: ARG002 # it needs neither
        """The line itself."""
        return line


class NoEndpointError(RetainError, ValueError):
    """An address that no chat is served at."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address

    def __str__(self) -> str:
        return f"{self.address!r} is no address of a chat. Give one that begins with http:// or https://, like http://localhost:8000/v1."


class EndpointPhraser:
    """
    Asks a language model behind an address that speaks as OpenAI's chat completions do.

    Its answer is taken only if it is one line in the right alphabet, has the very numbers of the line as written and
    is not much longer. An error, a silence or any other answer gives the line as written.

    Args:
        address: Of the API, up to and including its version.
        model: Its name there.
        key: Sent as a bearer token; none where none is needed.
        timeout: Seconds of silence after which the line stands as written.

    Raises:
        NoEndpointError: When the address is not one of http.
    """

    def __init__(self, address: str, *, model: str, key: str | None = None, timeout: float = 3.0) -> None:
        if not address.startswith(("http://", "https://")):
            raise NoEndpointError(address)
        self._address, self._model, self._key = f"{address.rstrip('/')}/chat/completions", model, key
        self._timeout = timeout

    def phrase(self, line: str, *, cue: str, language: _Language) -> str:
        """The line in other words, or as it is written."""
        try:
            said = self._asked(line, cue, language)
        except (OSError, URLError, HTTPException, ValueError, LookupError, TypeError, AttributeError):
            return line  # the call goes on, whatever the other side does
        return said if _says_the_same(said, line, language) else line

    def _asked(self, line: str, cue: str, language: _Language) -> str:
        orders = _ORDERS.format(language=_LANGUAGE_NAMES[language], cue=cue)
        question = {
            "model": self._model,
            "messages": [{"role": "system", "content": orders}, {"role": "user", "content": line}],
        }
        headers = {"Content-Type": "application/json"}
        if self._key is not None:
            headers["Authorization"] = f"Bearer {self._key}"
        request = Request(self._address, json.dumps(question).encode(), headers)  # noqa: S310 # http, as checked
        with urlopen(request, timeout=self._timeout) as answer:  # noqa: S310 # http, as checked
            content = json.loads(answer.read(_MOST_BYTES))
        said: str = content["choices"][0]["message"]["content"].strip()
        return said


def _says_the_same(said: str, line: str, language: _Language) -> bool:
    letters = [letter for letter in said if letter.isalpha()]
    own = sum(unicodedata.name(letter, "").startswith(_ALPHABET[language]) for letter in letters)
    return (
        0 < len(said) <= _LONGEST * len(line)
        and not any(unicodedata.category(sign) == "Cc" for sign in said)
        and 2 * own > len(letters)
        and sorted(_NUMBER.findall(said)) == sorted(_NUMBER.findall(line))
    )
