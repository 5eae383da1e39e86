"""One step of a session as a program sends it: a move, a forecast, or back to a move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import orjson

from retainsdk.errors import Fault, InputError
from retainsdk.view import Reason
from retainsim.training.record import ForecastRecord, MoveRecord, structured
from retainsim.training.session import Forecast, Session

_REMEDY = 'Send {"move": …}, {"forecast": {…}, "stays": …} {"fork": …}, or {"goal": …} after the debrief.'


@attrs.frozen(kw_only=True)
class _Fork:
    fork: int


@attrs.frozen(kw_only=True)
class _MoveStep(MoveRecord):
    turn: int | None = None


def aimed(line: str) -> str | None:
    """What a program sets its trainee for the next call, ``{"goal": TEXT}``; none where the line is another step."""
    try:
        told: Any = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return told["goal"] if isinstance(told, Mapping) and isinstance(told.get("goal"), str) else None


def stepped(session: Session, line: str) -> Session:
    """
    The session after one step.

    Args:
        session: Before it.
        line: The step, in JSON: ``{"move": NAME}`` with ``amount``, ``months``, ``plan``, ``claim`` or ``days`` where the
            move has them and ``turn`` where it may come twice, ``{"forecast": {REASON: PROBABILITY}, "stays":
            PROBABILITY}`` with ``bluff`` where he may not mean it, or ``{"fork": TURN}``.

    Raises:
        InputError: Naming everything that is wrong with it.
        NotNowError: When it has its time, and that is not now.
    """
    try:
        told: Any = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise InputError("step", [Fault("line", str(error), "is no JSON", _REMEDY)]) from error
    known = [key for key in ("move", "forecast", "fork") if isinstance(told, Mapping) and key in told]
    if len(known) != 1:
        raise InputError("step", [Fault("line", line.strip(), "is no step", _REMEDY)])
    if known == ["fork"]:
        return session.fork(structured(told, _Fork, source="step", remedy=_REMEDY).fork)
    if known == ["forecast"]:
        named = {"reasons": told["forecast"], **{key: it for key, it in told.items() if key != "forecast"}}
        forecast = structured(named, ForecastRecord, source="step", remedy=_REMEDY)
        reasons = {Reason[name.upper()]: chance for name, chance in forecast.reasons.items()}
        return session.foretell(Forecast(reasons=reasons, stays=forecast.stays, bluff=forecast.bluff))
    step = structured(told, _MoveStep, source="step", remedy=_REMEDY)
    return session.say(step.made, turn=step.turn, source=step.source, words=step.words)
