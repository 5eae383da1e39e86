"""The record of a play: what it is set up as and what was decided, nothing else, as it is kept in a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import orjson
from attrs import validators

from retainsdk.errors import Fault, InputError, RetainError
from retainsim.market.kernels import version_of
from retainsim.training.lines import Gender, Language
from retainsim.training.record import MoveRecord, structured
from retainsim.training.rounds.decision import Begun, Decision, Passed, Restarted, Said, Staffed, To, Week
from retainsim.training.rounds.law import law_of_books
from retainsim.training.rounds.play import Play
from retainsim.training.rounds.setting import Setting
from retainsim.training.rounds.step import step_from
from retainsim.training.rounds.team import Team

SCHEMA_VERSION = 1
KIND = "rounds"
_REMEDY = "Take the file as it was written, or begin a new play."
_STEP_REMEDY = 'Send {"team": {"coached": PERCENT, "hired": PERCENT}}, {"week": [STEP, …]}, {"call": NUMBER, "move": NAME}, {"call": NUMBER, "to": "colleague"}, {"restart": true} or {"graded": true}.'


class ChangedMarketError(RetainError, ValueError):
    """A play was recorded under another version of the market's law or preset, so its months would come out differently."""

    def __init__(self, recorded: str, now: str) -> None:
        super().__init__(recorded, now)
        self.recorded, self.now = recorded, now

    def __str__(self) -> str:
        return (
            f"The market has changed since this play was begun ({self.recorded}, now {self.now}). "
            "Use the version of the package it was begun with, or begin a new play."
        )


@attrs.frozen(kw_only=True)
class BookRecord:
    """
    All inputs of a play.

    Attributes:
        setting: What it is set up as.
        digest: Of the market and the law it lives by.
        decisions: In order, each as plain data.
        language: Of the screens.
        gender: Of the trainee.
        name: Of the trainee.
        kind: Which kind of file this is.
        schema_version: Of this form.
    """

    setting: Setting
    digest: str
    decisions: tuple[dict[str, Any], ...] = ()
    language: str = attrs.field(
        default=Language.ENGLISH.value, validator=validators.in_([it.value for it in Language])
    )
    gender: str = attrs.field(
        default=Gender.FEMININE.value, validator=validators.in_([it.value for it in Gender])
    )
    name: str = ""
    kind: str = attrs.field(default=KIND, validator=validators.in_((KIND,)))
    schema_version: int = attrs.field(default=SCHEMA_VERSION, validator=validators.in_((SCHEMA_VERSION,)))

    def to_json(self) -> str:
        """The record as it is kept."""
        return orjson.dumps(attrs.asdict(self), option=orjson.OPT_INDENT_2).decode() + "\n"


def digest_of(play: Play) -> str:
    """Of all that decides how a play comes out, besides what is decided in it."""
    return f"{version_of(law_of_books())}-{play.office.market.preset.digest[:16]}"


def record_of(
    play: Play,
    *,
    language: Language = Language.ENGLISH,
    gender: Gender = Gender.FEMININE,
    name: str = "",
) -> BookRecord:
    """The record of a play, and in which language and by whom it is played."""
    return BookRecord(
        setting=play.setting,
        digest=digest_of(play),
        decisions=tuple(told(it) for it in play.decisions),
        language=language.value,
        gender=gender.value,
        name=name,
    )


def restored(record: BookRecord) -> Play:
    """
    The play of a record, played again.

    Raises:
        ChangedMarketError: When it would come out differently.
        InputError: When its decisions are impossible.
        OutOfTurnError: When they are in an impossible order.
    """
    play = Play.of(record.setting)
    if record.digest != (now := digest_of(play)):
        raise ChangedMarketError(record.digest, now)
    for decision in record.decisions:
        play = play.made(decision_from(decision))
    return play


def read_record(text: str | bytes, *, source: str) -> BookRecord:
    """
    A record from its text.

    Args:
        text: In JSON.
        source: What messages call it.

    Raises:
        InputError: Naming everything that is wrong with it.
    """
    try:
        read: Any = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InputError(source, [Fault("file", str(error), "is no JSON", _REMEDY)]) from error
    if not isinstance(read, dict) or read.get("kind") != KIND:
        raise InputError(source, [Fault("file", source, "is no record of rounds", _REMEDY)])
    return structured(read, BookRecord, source=source, remedy=_REMEDY)


def told(decision: Decision) -> dict[str, Any]:
    """A decision as plain data."""
    match decision:
        case Staffed(team):
            return {"team": {name: value for name, value in attrs.asdict(team).items() if value}}
        case Week(steps):
            return {"week": [step.to_record() for step in steps]}
        case Said(customer, move):
            plain = attrs.asdict(move)
            kept = {name: value for name, value in plain.items() if value not in (None, 0, "", "menu")}
            return {"call": customer, **kept}
        case Passed(customer, to):
            return {"call": customer, "to": to.value}
        case Restarted():
            return {"restart": True}
        case Begun():
            return {"graded": True}


def decision_from(read: object) -> Decision:
    """
    A decision from plain data.

    Raises:
        InputError: Naming everything that is wrong with it.
    """
    if isinstance(read, Mapping):
        plain = {str(name): value for name, value in read.items()}
        if plain == {"restart": True}:
            return Restarted()
        if plain == {"graded": True}:
            return Begun()
        if set(plain) == {"team"} and isinstance(plain["team"], Mapping):
            return Staffed(structured(plain["team"], Team, source="team", remedy=_STEP_REMEDY))
        if set(plain) == {"week"} and isinstance(plain["week"], list | tuple):
            return Week(tuple(step_from(step) for step in plain["week"]))
        if type(plain.get("call")) is int and "move" in plain:
            customer = plain.pop("call")
            return Said(customer, structured(plain, MoveRecord, source="move", remedy=_STEP_REMEDY))
        if set(plain) == {"call", "to"} and type(plain["call"]) is int and plain["to"] in list(To):
            return Passed(plain["call"], To(plain["to"]))
    raise InputError("decision", [Fault("decision", str(read), "is no decision", _STEP_REMEDY)])
