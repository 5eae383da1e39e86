"""Figures about trainees as the report of a course says them: mean, interval and what can be said, in one language."""

from __future__ import annotations

import attrs

from retainsim.training.course.estimate import Estimate
from retainsim.training.course.words import course_word
from retainsim.training.lines import Language
from retainsim.training.lines.amounts import money
from retainsim.training.outlook import MINOR


@attrs.frozen(kw_only=True)
class Figures:
    """
    How figures are said.

    Attributes:
        language: In which.
    """

    language: Language

    def word(self, name: str) -> str:
        """A word of reports."""
        return course_word(self.language, f"report.{name}")

    def of_class(self, first: str) -> tuple[str, ...]:
        """The headings of a table of the class, after the first."""
        return (first, *map(self.word, ("class_mean", "interval", "said", "n")))

    def points(self, it: Estimate, *, signed: bool = True) -> tuple[str, ...]:
        """Mean, interval, what can be said and trainees, in points; a share ends where shares do."""
        ends = ""
        if it.low is not None and it.high is not None:
            low, high = (it.low, it.high) if signed else (max(it.low, 0.0), min(it.high, 1.0))
            ends = from_left(f"{_plain(low, signed=signed)} … {_plain(high, signed=signed)}")
        return rounded(it.mean, signed=signed), ends, self._said(it, signed=signed), str(it.n)

    def money(self, it: Estimate, currency: str) -> tuple[str, ...]:
        """The same, in a currency."""
        mean = "" if it.mean is None else self.amount(it.mean, currency)
        ends = ""
        if it.low is not None and it.high is not None:
            ends = from_left(f"{self.amount(it.low, currency)} … {self.amount(it.high, currency)}")
        return mean, ends, self._said(it, signed=True), str(it.n)

    def amount(self, amount: float, currency: str) -> str:
        return money(round(amount) * MINOR, currency, self.language)

    def _said(self, it: Estimate, *, signed: bool) -> str:
        if it.low is None:
            return self.word("enough_not")
        if not signed:
            return self.word("sure")
        if it.low == it.high == 0:
            return self.word("exactly")
        return self.word({1: "above", -1: "below"}.get(it.sign or 0, "undecided"))


def from_left(figures: str) -> str:
    """Figures that are read from the left whatever stands round them, with their signs before them."""
    return f"\u2066{figures}\u2069"


def _plain(share: float, *, signed: bool) -> str:
    points = round(100 * share)
    return f"{points:+d}".replace("-", "−") if signed and points else str(points).replace("-", "−")


def rounded(share: float | None, *, signed: bool = False) -> str:
    return "" if share is None else from_left(_plain(share, signed=signed))
