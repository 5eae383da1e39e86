"""Cards as they stand in a file, with all that is wrong with them as such: nothing is understood yet."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

import attrs

from retainsdk.errors import Fault
from retainsdk.interchange.vcard.lines import (
    MalformedLineError,
    Property,
    escaped,
    folded,
    is_mark,
    parsed,
    physical_lines,
    unfolded,
)

VERSIONS = ("2.1", "3.0", "4.0")
FAULT = "X-RETAINSDK-FAULT"
"""The property in which a card that was set aside says what is wrong with it; it is never read."""


@attrs.frozen(kw_only=True)
class Card:
    """
    One card of a file, or lines that belong to none.

    Attributes:
        number: In the file, from 1; none for lines outside of any card.
        line: On which it begins.
        raw: Its lines as they stand there.
        properties: What it says, in order.
        faults: What is wrong with it.
    """

    number: int | None
    line: int
    raw: tuple[bytes, ...]
    properties: tuple[Property, ...] = ()
    faults: tuple[Fault, ...] = ()

    def place(self, line: int, name: str = "") -> str:
        """Where something stands, for messages."""
        card = "" if self.number is None else f"card {self.number}, "
        return f"{card}line {line}{', ' if name else ''}{name}"

    def with_faults(self, faults: Sequence[Fault]) -> Card:
        """The same with more that is wrong."""
        return attrs.evolve(self, faults=(*self.faults, *faults))

    def set_aside(self) -> bytes:
        """Its lines for the quarantine: each fault stands in a line of its own after the first."""
        began, *rest = (line + b"\r\n" for line in self.raw)
        notes = [] if self.number is None else [folded(f"{FAULT}:{escaped(str(it))}") for it in self.faults]
        return b"".join([began, *notes, *rest])


def cards_in(content: bytes) -> list[Card]:
    """
    The cards of a file, whatever ends its lines.

    It never fails: what is wrong with a card is in its faults. A file without cards gives lines outside of any.
    """
    lines = physical_lines(_as_utf_8(content))
    sorter = _Sorter(lines)
    for number, line in unfolded(lines):
        sorter.take(number, line)
    return sorter.finished(len(lines) + 1)


def _as_utf_8(content: bytes) -> bytes:
    for mark, charset in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if content.startswith(mark):
            return content.removeprefix(mark).decode(charset, "replace").encode()
    return content.removeprefix(codecs.BOM_UTF8)


class _Sorter:
    """Sorts content lines into cards."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        self._lines = lines
        self._cards: list[Card] = []
        self._open: Card | None = None
        self._properties: list[Property] = []
        self._faults: list[Fault] = []
        self._inside = 0  # how deep in cards that stand in another
        self._number = 0

    def take(self, line: int, text: bytes) -> None:
        mark = is_mark(text)
        card = self._open
        if card is None:
            self._begin(line, is_card=mark == "BEGIN")
            if mark != "BEGIN":
                shown = _shown(text)
                rule, remedy = (
                    "stands outside of any card",
                    "Begin each card with BEGIN:VCARD; remove the rest.",
                )
                self._faults.append(Fault(f"line {line}", shown, rule, remedy))
        elif card.number is None:
            if mark == "BEGIN":
                self._close(line)
                self._begin(line, is_card=True)
        elif mark == "BEGIN" and self._holds_agent():
            self._inside += 1
        elif mark == "BEGIN":
            self._fault(card, card.line, "BEGIN", "has no end before the next card", "Add END:VCARD.")
            self._close(line)
            self._begin(line, is_card=True)
        elif mark == "END" and self._inside:
            self._inside -= 1
        elif mark == "END":
            self._close(line + 1)
        elif not self._inside:
            self._read(card, line, text)

    def finished(self, end: int) -> list[Card]:
        card = self._open
        if card is not None:
            if card.number is not None:
                self._fault(
                    card, card.line, "BEGIN", "has no end", "Add END:VCARD, or export the cards again."
                )
            self._close(end)
        return self._cards

    def _begin(self, line: int, *, is_card: bool) -> None:
        self._number += is_card
        self._open = Card(number=self._number if is_card else None, line=line, raw=())
        self._properties, self._faults, self._inside = [], [], 0

    def _close(self, end: int) -> None:
        if self._open is not None:
            card = attrs.evolve(
                self._open,
                raw=tuple(self._lines[self._open.line - 1 : end - 1]),
                properties=tuple(self._properties),
                faults=tuple(self._faults),
            )
            self._cards.append(card)
        self._open = None

    def _holds_agent(self) -> bool:
        """Whether the card that begins now is the value of the last property: version 2.1 has such."""
        last = self._properties[-1] if self._properties else None
        return self._inside > 0 or (last is not None and last.name == "AGENT" and not last.value.strip())

    def _read(self, card: Card, line: int, text: bytes) -> None:
        try:
            read = parsed(text, number=line)
        except MalformedLineError as error:
            self._faults.append(Fault(card.place(line), _shown(text), error.rule, error.remedy))
            return
        if read.name == "VERSION" and read.value.strip() not in VERSIONS:
            self._fault(card, line, "VERSION", f"must be one of: {', '.join(VERSIONS)}", "Export the cards as 3.0.", read.value)  # fmt: skip
        if read.name != FAULT:
            self._properties.append(read)

    def _fault(self, card: Card, line: int, name: str, rule: str, remedy: str, value: str = "VCARD") -> None:
        self._faults.append(Fault(card.place(line, name), value, rule, remedy))


def _shown(line: bytes) -> str:
    return line.decode("utf-8", "backslashreplace")
