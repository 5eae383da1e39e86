"""The report of a play in the words of one language: what it came to, beside nobody, a script, and who knows what comes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from retainsdk.experiment import Effect
from retainsdk.policies.reading import is_customer
from retainsdk.view import Reason
from retainsim.training.desk import Rows
from retainsim.training.lines.amounts import percent
from retainsim.training.outlook import MINOR
from retainsim.training.rounds.conduct import Finding, Line
from retainsim.training.rounds.desk import BookDesk
from retainsim.training.rounds.play import OutOfTurnError
from retainsim.training.rounds.result import CLAIRVOYANT, NOBODY, SCRIPT, WAYS, YOU, Result, result

SCHEMA_VERSION = 1
_WAYS = {YOU: "you", SCRIPT: "colleague", CLAIRVOYANT: "clairvoyant", NOBODY: "nobody"}


@attrs.frozen(kw_only=True, slots=False)
class BookReport:
    """
    What a play came to, in words.

    Attributes:
        desk: Of the play.
    """

    desk: BookDesk

    @cached_property
    def result(self) -> Result:
        """
        The result.

        Raises:
            OutOfTurnError: Before the rounds are over, or while the report is sealed.
        """
        if self.desk.sealed:
            raise OutOfTurnError("The report", self.desk.play.phase, "It is opened once all have finished.")
        return result(self.desk.play)

    def won(self) -> list[str]:
        """The effect beside nobody and beside the script, and of how much that could be won."""
        effect, said = self.result.effects[NOBODY], self._said
        told = []
        if effect.low == effect.high == 0:
            told.append(said("exactly_none", amount=self._money(0)))
        elif effect.estimate is not None and effect.low is not None and effect.high is not None:
            low, high, amount = (self._money(it) for it in (effect.low, effect.high, effect.estimate))
            told.append(said("effect", amount=amount, low=low, high=high, count=str(effect.sizes[0])))
            told.append(said(_verdict(effect)))
        beside = self.result.effects[SCRIPT]
        if beside.estimate is not None and beside.low is not None and beside.high is not None:
            low, high, amount = (self._money(it) for it in (beside.low, beside.high, beside.estimate))
            told.append(said("script", amount=amount, low=low, high=high))
        reach = self.result.reach
        if reach is None or reach.estimate is None:
            told.append(said("little"))
        else:
            told.append(said("reach", share=percent(reach.estimate, self.desk.language)))
        return [*told, said("luck")]

    def ways(self) -> Rows:
        """What a customer is worth with each in charge: a row of headings, then one each."""
        rows = [
            (self._said(_WAYS[name]), self._money(float(np.mean(self.result.worths[name])))) for name in WAYS
        ]
        return [(self._said("who"), self._said("worth")), *rows]

    def lines(self) -> Rows:
        """The score line by line: a row of headings, then one each."""
        headings = tuple(self._said(name) for name in ("line", "points", "found", "whom"))
        return [headings, *(self._row(it) for it in self.result.conduct.findings)]

    def _row(self, it: Finding) -> tuple[str, ...]:
        language = self.desk.language
        points = "" if it.points is None else percent(it.points, language)
        found = "rank" if it.line is Line.BY_VALUE else "counted"
        counted = "" if it.points is None else self._said(found, count=str(it.count), of=str(it.of))
        return self._said(str(it.line)), points, counted, ", ".join(map(str, it.customers))

    def totals(self) -> list[str]:
        """The score, and the time it took."""
        conduct, cost = self.result.conduct, self.result.team_cost
        told = [
            self._said("total", share=percent(self.result.total, self.desk.language)),
            self._said("hours", minutes=self.desk.minutes(conduct.minutes), hours=str(conduct.hours)),
        ]
        if cost:
            each = cost / len(self.result.worths[YOU])
            word = "team_spent" if cost > 0 else "team_saved"
            told.append(self._said(word, amount=self._money(abs(cost)), each=self._money(abs(each))))
        return told

    def gone(self) -> list[str]:
        """Who left in the rounds, and the true reason."""
        return [
            self._said(
                "gone",
                name=f"{number} {self.desk.customer(number).full_name}",
                reason=self.desk.word(f"reasons.{reason.name.lower()}"),
            )
            for number, reason in self.departures
        ]

    @cached_property
    def departures(self) -> Sequence[tuple[int, Reason]]:
        """Numbers of those who left in the rounds and did not come back, and why: the truth."""
        play = self.desk.play
        _ = self.result  # only when all is over
        first, people = play.at_start(), play.office.part.people
        was, now = is_customer(first.view), is_customer(play.view)
        found = []
        for number in range(1, first.office.at_start + 1):
            if was[first.office.row(number)] and not now[play.office.row(number)]:
                row = people[people["key"] == np.uint64(play.roster[number - 1])][0]
                if row["true_reason"] >= 0:
                    found.append((number, Reason(int(row["true_reason"]))))
        return found

    def to_record(self) -> dict[str, Any]:
        """All of it, for programs."""
        result = self.result
        return {
            "schema_version": SCHEMA_VERSION,
            "score": result.total,
            "lines": dict(result.lines),
            "findings": [
                {
                    "line": str(it.line),
                    "points": it.points,
                    "count": it.count,
                    "of": it.of,
                    "customers": list(it.customers),
                }
                for it in result.conduct.findings
            ],
            "promises": [
                {"round": it.round, "customer": it.customer, "word": it.word.value}
                for it in result.conduct.promises
            ],
            "minutes": result.conduct.minutes,
            "hours": result.conduct.hours,
            "team_cost": result.team_cost,
            "currency": result.currency,
            "effects": {name: _told(effect) for name, effect in result.effects.items()},
            "reachable": _told(result.reachable),
            "reach": None if result.reach is None else result.reach.estimate,
            "worths": {name: list(worths) for name, worths in result.worths.items()},
            "left": [
                {"customer": number, "reason": reason.name.lower()} for number, reason in self.departures
            ],
        }

    def _said(self, word: str, /, **slots: str) -> str:
        return self.desk.word(f"rounds_report.{word}", **slots)

    def _money(self, amount: float) -> str:
        return self.desk.money(MINOR * round(amount))


def _verdict(effect: Effect) -> str:
    """Whether it is more than luck."""
    assert effect.low is not None  # noqa: S101 # said by the caller
    assert effect.high is not None  # noqa: S101 # as above
    return "better" if effect.low > 0 else "worse" if effect.high < 0 else "not_enough"


def _told(effect: Effect) -> dict[str, Any]:
    return {
        "estimate": effect.estimate,
        "low": effect.low,
        "high": effect.high,
        "customers": effect.sizes[0],
        "verdict": str(effect.verdict),
    }
