"""
Transcripts of a course without names, to be given away.

Ids are made anew each time, so two exports cannot be laid side by side. Labels, names and typed words stay behind: whoever
spoke gets a made-up name, and what was typed is said in the words of the menu. What calls came to is told of those of
which it may be told; no transcript holds a seed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs
import orjson

from retainsdk.wording import no_formula
from retainsim.market.streams import key_of
from retainsim.training.course import chance
from retainsim.training.course.kept import CLASS, Call
from retainsim.training.course.result import Result, results_of
from retainsim.training.course.room import Room
from retainsim.training.lines import somebody

SCHEMA_VERSION = 1
COLUMNS = (
    "id", "trainee", "part", "place", "purpose", "scenario", "digest", "language", "turns", "moves", "forecast", "stays_forecast",
    "told", "truth", "stays", "score", "currency", "value", "nobody", "script_value", "best", "beyond",
)  # fmt: skip
"""Of the table of transcripts."""


@attrs.frozen(kw_only=True)
class Transcript:
    """
    A finished call without names.

    Attributes:
        head: What it is: ids made anew, part, scenario, language.
        moves: What the trainee did, and in a class how many were for what.
        lines: What was said.
        forecast: What he believed.
        result: What it came to; none where that may not be told yet.
    """

    head: Mapping[str, Any]
    moves: tuple[Mapping[str, Any], ...]
    lines: tuple[Mapping[str, str], ...]
    forecast: Mapping[str, Any]
    result: Result | None

    def to_json(self) -> bytes:
        """One line of JSON."""
        told = {
            "schema_version": SCHEMA_VERSION,
            **self.head,
            "moves": list(self.moves),
            "lines": list(self.lines),
            "forecast": self.forecast,
            "result": None if self.result is None else attrs.asdict(self.result),
        }
        return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)


class NewIds:
    """Ids made anew for one export."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._trainees: dict[int, str] = {CLASS: "class"}

    def new(self) -> str:
        """One that nothing else has."""
        made = next(code for code in iter(chance.code, "") if code not in self._taken)
        self._taken.add(made)
        return made

    def of_trainee(self, number: int) -> str:
        """The same throughout the export."""
        if number not in self._trainees:
            self._trainees[number] = self.new()
        return self._trainees[number]


def transcripts(
    room: Room,
    *,
    ids: NewIds | None = None,
    on_call: Callable[[int, int], None] = lambda done, total: None,  # noqa: ARG005 # as it is called
) -> Iterator[Transcript]:
    """
    Every finished call that can still be played, in no order that tells who took it.

    Args:
        room: Of the course.
        ids: Of the export; none makes them here.
        on_call: Told after each call that is worked out how many are, and of how many.
    """
    results, _ = results_of(room, on_call=on_call)
    calls = [call for call in room.calls() if call.is_finished and room.can_be_played(call)]
    ids = NewIds() if ids is None else ids
    named = [(ids.new(), call) for call in calls]
    for made, call in sorted(named, key=lambda it: it[0]):
        yield _transcript(room, call, results.get(call.number), made, ids.of_trainee(call.trainee))


def _transcript(room: Room, call: Call, result: Result | None, made: str, trainee: str) -> Transcript:
    desk, record = room.desk(call), call.record
    silent = attrs.evolve(desk.session, words=("",) * desk.session.turn)
    name = somebody(desk.language, key_of("transcript", made), desk.seller.gender).name
    desk = attrs.evolve(desk.at(silent), seller=attrs.evolve(desk.seller, name=name))
    forecast = record.forecast
    return Transcript(
        head={
            "id": made,
            "trainee": trainee,
            "part": call.part,
            "place": call.place,
            "purpose": "assessment" if call.is_assessment else "practice",
            "scenario": desk.session.scenario.name,
            "digest": record.digest,
            "language": record.language,
        },
        moves=tuple(
            {
                **{key: value for key, value in attrs.asdict(move).items() if key != "words"},
                "votes": dict(votes) or None,
            }
            for move, votes in zip(record.moves, call.votes, strict=True)
        ),
        lines=tuple({"role": str(line.role), "text": line.text} for line in desk.dialogue.lines),
        forecast={} if forecast is None else {"reasons": dict(forecast.reasons), "stays": forecast.stays},
        result=result,
    )


def transcripts_csv(told: list[Transcript]) -> str:
    """One row a call, for a spreadsheet."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    for it in told:
        reasons = it.forecast["reasons"]
        came_to = {} if it.result is None else attrs.asdict(it.result)
        cells = {
            **came_to,
            **it.head,
            "turns": len(it.moves),
            "moves": " ".join(move["move"] for move in it.moves),
            "forecast": max(reasons, key=lambda reason: reasons[reason]),
            "stays_forecast": it.forecast["stays"],
            "told": int(it.result is not None),
        }
        row = [cells.get(name, "") for name in COLUMNS]
        table.writerow([no_formula(cell) if isinstance(cell, str) else cell for cell in row])
    return "\ufeff" + written.getvalue()
