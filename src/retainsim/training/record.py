"""The record of a session: what the trainee put in and nothing else, as it is kept in a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import attrs
import orjson
from attrs import validators
from cattrs import Converter, transform_error
from cattrs.errors import ClassValidationError

from retainsdk.errors import NOTHING, Fault, InputError
from retainsdk.policy import MoveKind
from retainsdk.view import Reason

SCHEMA_VERSION = 1
MoveSource = Literal["menu", "text-auto", "text-confirmed"]
"""How a move was chosen: from the menu, or read out of what was typed, and then whether a person agreed."""
_LARGEST_SEED = (1 << 63) - 1
_MOVES = tuple(kind.name.lower() for kind in MoveKind)
_REASONS = tuple(reason.name.lower() for reason in Reason if reason is not Reason.NO_NEED_STATED)


@attrs.frozen(kw_only=True)
class MoveRecord:
    """
    One move.

    Attributes:
        move: Its name.
        amount: Minor units a month, of a discount.
        months: Of a discount or a pause.
        source: How it was chosen.
    """

    move: str = attrs.field(validator=validators.in_(_MOVES))
    amount: int = attrs.field(default=0, validator=validators.instance_of(int))
    months: int = attrs.field(default=0, validator=validators.instance_of(int))
    source: MoveSource = "menu"


@attrs.frozen(kw_only=True)
class ForecastRecord:
    """
    What the trainee believed.

    Attributes:
        reasons: Probability of each, by name.
        stays: That the customer stays.
    """

    reasons: Mapping[str, float] = attrs.field(validator=validators.deep_mapping(validators.in_(_REASONS)))
    stays: float


@attrs.frozen(kw_only=True)
class Record:
    """
    All inputs of a session.

    Attributes:
        scenario: What the scenario was asked for by: its name, or a file.
        digest: Of that scenario.
        seed: Of the session.
        moves: In order.
        forecast: None until it was given.
        schema_version: Of this form.
    """

    scenario: str
    digest: str
    seed: int = attrs.field(
        validator=[validators.instance_of(int), validators.ge(0), validators.le(_LARGEST_SEED)]
    )
    moves: tuple[MoveRecord, ...] = ()
    forecast: ForecastRecord | None = None
    schema_version: int = attrs.field(default=SCHEMA_VERSION, validator=validators.in_((SCHEMA_VERSION,)))

    def to_json(self) -> str:
        """The record as it is kept."""
        return orjson.dumps(attrs.asdict(self), option=orjson.OPT_INDENT_2).decode() + "\n"


_CONVERTER = Converter(forbid_extra_keys=True)
_REMEDY = "Take the file as it was written, or begin a new call."


def read_record(text: str | bytes, *, source: str) -> Record:
    """
    A record from its text.

    Args:
        text: In JSON.
        source: What messages call it.

    Raises:
        InputError: Naming everything that is wrong with it.
    """
    try:
        told: Any = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InputError(source, [Fault("file", str(error), "is no JSON", _REMEDY)]) from error
    if not isinstance(told, dict):
        raise InputError(source, [Fault("file", type(told).__name__, "is no record of a session", _REMEDY)])
    try:
        return _CONVERTER.structure(told, Record)
    except ClassValidationError as error:
        raise InputError(source, [_fault(message) for message in transform_error(error)]) from error


def _fault(message: str) -> Fault:
    rule, _, place = message.rpartition(" @ ")
    return Fault(place.removeprefix("$").lstrip(".") or "record", NOTHING, rule, _REMEDY)
