"""
What a call came to: its score, what it was worth beside others with the same caller, and the habits it shows.

This is the truth: it is worked out only of calls that may be told of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs
import orjson
from cattrs import Converter

from retainsdk.policy import MoveKind
from retainsim.market.kernels import version_of
from retainsim.training.bots import BOTS, play
from retainsim.training.course.kept import Call
from retainsim.training.course.room import Room
from retainsim.training.outlook import MINOR
from retainsim.training.score import Score, Yardstick, score
from retainsim.training.session import Session

_FORM = 1


@attrs.frozen(kw_only=True)
class Result:
    """
    What a call came to.

    Attributes:
        scenario: Its name.
        truth: Why the customer wanted to leave.
        guessed: The likeliest reason of the forecast.
        stays: Whether he stays.
        score: 0 to 1.
        dimensions: The same by what is scored, where it has a meaning in this call.
        lines: Points of each line of the score.
        script: Score of a seller with a script and the same caller.
        script_dimensions: The same by what is scored.
        currency: Of what follows.
        value: Of the call, on average over many worlds.
        nobody: Of a call with him that nobody answers.
        script_value: Of the script's call.
        best: Of the best call that was found.
        is_something_to_win: Whether talking to him is worth something beyond chance.
        beyond: Money off that he was given beyond the least that would have done.
        promises: That were made.
    """

    scenario: str
    truth: str
    guessed: str
    stays: bool
    score: float
    dimensions: Mapping[str, float]
    lines: Mapping[str, float]
    script: float
    script_dimensions: Mapping[str, float]
    currency: str
    value: float
    nobody: float
    script_value: float
    best: float
    is_something_to_win: bool
    beyond: float
    promises: int


def result_of(session: Session, yardstick: Yardstick | None = None) -> Result:
    """
    What a session came to.

    Args:
        session: That is over.
        yardstick: Of its caller; none finds it.

    Raises:
        NotNowError: Before it is over, or while it is sealed.
    """
    _ = session.stays
    by, start = Yardstick.of(session) if yardstick is None else yardstick, session.at_start()
    mine, script = score(session, by), score(play(start, BOTS["script"](start)), by)
    forecast = {} if session.forecast is None else session.forecast.reasons
    return Result(
        scenario=session.scenario.name,
        truth=mine.truth.name.lower(),
        guessed=max(forecast, key=lambda reason: forecast[reason]).name.lower(),
        stays=mine.stays,
        score=mine.total,
        dimensions=_named(mine),
        lines={line.id: line.points for line in mine.lines},
        script=script.total,
        script_dimensions=_named(script),
        currency=session.case.market.preset.currency,
        value=mine.outlook.value / MINOR,
        nobody=by.alone.value / MINOR,
        script_value=script.outlook.value / MINOR,
        best=by.best.value / MINOR,
        is_something_to_win=by.is_something_to_win,
        beyond=sum(line.figure or 0.0 for line in mine.lines if line.id == "beyond_least") / MINOR,
        promises=sum(move.kind is MoveKind.PROMISE_FOLLOW_UP for move in session.moves),
    )


def _named(it: Score) -> dict[str, float]:
    return {dimension.value: points for dimension, points in it.dimensions.items()}


def results_of(
    room: Room,
    *,
    on_call: Callable[[int, int], None] = lambda done, total: None,  # noqa: ARG005 # as it is called
) -> tuple[dict[int, Result], list[Call]]:
    """
    What all calls that may be told of came to, by their number; what was worked out before is not worked out again.

    Args:
        room: Of the course.
        on_call: Told after each call how many are done, and of how many.

    Returns:
        The results, and those calls that cannot be played again because their scenario has changed or is gone.
    """
    version = f"{_FORM} {version_of()}"  # under another law the same call comes to something else
    known = room.results(version)
    results = {number: _CONVERTER.structure(orjson.loads(told), Result) for number, told in known.items()}
    changed: list[Call] = []
    due = [call for call in room.calls() if call.number not in results and room.is_open(call)]
    yardsticks: dict[tuple[str, int], Yardstick] = {}  # in an assessment all have the same callers
    for done, call in enumerate(due, start=1):
        if not room.can_be_played(call):
            changed.append(call)
            continue
        session = room.desk(call).session
        caller = (call.record.digest, call.record.seed)
        if caller not in yardsticks:
            yardsticks[caller] = Yardstick.of(session)
        results[call.number] = result_of(session, yardsticks[caller])
        told: dict[str, Any] = attrs.asdict(results[call.number])
        room.keep_result(call, version, orjson.dumps(told).decode())
        on_call(done, len(due))
    return results, changed


_CONVERTER = Converter()
