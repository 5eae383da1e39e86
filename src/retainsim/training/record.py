"""The record of a session: what the trainee put in and nothing else, as it is kept in a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar

import attrs
import orjson
from attrs import validators
from cattrs import Converter, transform_error
from cattrs.errors import ClassValidationError
from cattrs.v import format_exception

from retainsdk.action import Claim
from retainsdk.errors import NOTHING, Fault, InputError
from retainsdk.policy import Move, MoveKind
from retainsdk.view import Reason
from retainsim.training.lines import Gender, Language

SCHEMA_VERSION = 2
"""Of what is written; 2 knows package, claim and day of a move."""
_READ = (1, SCHEMA_VERSION)
MoveSource = Literal["menu", "text-auto", "text-confirmed"]
"""How a move was chosen: from the menu, or read out of what was typed, and then whether a person agreed."""
_LARGEST_SEED = (1 << 63) - 1
MOST_WORDS = 1_000
"""Characters that may be typed for one move."""
_AN_INT = validators.optional(validators.instance_of(int))
_CLAIMS = tuple(claim.name.lower() for claim in Claim)
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
        plan: The package proposed, in hundredths of a usual one; none for the one that fits best.
        claim: What is said of competitors, by name; none for an honest comparison.
        days: In which a promise is kept; none for as many as he may promise.
        source: How it was chosen.
        words: In which it was said; empty where the menu gave the words.
    """

    move: str = attrs.field(validator=validators.in_(_MOVES))
    amount: int = attrs.field(default=0, validator=validators.instance_of(int))
    months: int = attrs.field(default=0, validator=validators.instance_of(int))
    plan: int | None = attrs.field(default=None, validator=_AN_INT)
    claim: str | None = attrs.field(default=None, validator=validators.optional(validators.in_(_CLAIMS)))
    days: int | None = attrs.field(default=None, validator=_AN_INT)
    source: MoveSource = "menu"
    words: str = attrs.field(default="", validator=validators.max_len(MOST_WORDS))

    @classmethod
    def of(cls, move: Move, *, source: MoveSource, words: str) -> MoveRecord:
        """Of a move that was made."""
        return cls(
            move=move.kind.name.lower(),
            amount=move.amount,
            months=move.months,
            plan=move.plan,
            claim=None if move.claim is None else move.claim.name.lower(),
            days=move.days,
            source=source,
            words=words,
        )

    @property
    def made(self) -> Move:
        """The move."""
        return Move(
            kind=MoveKind[self.move.upper()],
            amount=self.amount,
            months=self.months,
            plan=self.plan,
            claim=None if self.claim is None else Claim[self.claim.upper()],
            days=self.days,
        )


@attrs.frozen(kw_only=True)
class ForecastRecord:
    """
    What the trainee believed.

    Attributes:
        reasons: Probability of each, by name.
        stays: That the customer stays.
        bluff: That he does not mean it.
    """

    reasons: Mapping[str, float] = attrs.field(validator=validators.deep_mapping(validators.in_(_REASONS)))
    stays: float
    bluff: float = 0.0


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
        language: Of the call.
        gender: Of the trainee.
        name: Of the trainee.
        schema_version: Of this form.
    """

    scenario: str
    digest: str
    seed: int = attrs.field(
        validator=[validators.instance_of(int), validators.ge(0), validators.le(_LARGEST_SEED)]
    )
    moves: tuple[MoveRecord, ...] = ()
    forecast: ForecastRecord | None = None
    language: str = attrs.field(
        default=Language.ENGLISH.value, validator=validators.in_([it.value for it in Language])
    )
    gender: str = attrs.field(
        default=Gender.FEMININE.value, validator=validators.in_([it.value for it in Gender])
    )
    name: str = ""
    schema_version: int = attrs.field(default=SCHEMA_VERSION, validator=validators.in_(_READ))

    def to_json(self) -> str:
        """The record as it is kept."""
        return orjson.dumps(attrs.asdict(self), option=orjson.OPT_INDENT_2).decode() + "\n"


_Kind = TypeVar("_Kind")
_CONVERTER = Converter(forbid_extra_keys=True)


@_CONVERTER.register_structure_hook
def _whole_number(told: Any, _: type[int]) -> int:  # noqa: ANN401 # whatever stands in a file
    """2.5 days are no days, and true is not one."""
    if type(told) is not int:
        msg = f"must be a whole number (got {told!r})"
        raise ValueError(msg, told)
    return told


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
    return structured(told, Record, source=source, remedy=_REMEDY)


def structured(told: Mapping[str, Any], kind: type[_Kind], *, source: str, remedy: str) -> _Kind:
    """
    What a table holds, as one of these classes.

    Raises:
        InputError: Naming everything that is wrong with it, with the remedy.
    """
    try:
        return _CONVERTER.structure(told, kind)
    except ClassValidationError as error:
        raise InputError(
            source, [_fault(message, remedy) for message in transform_error(error, format_exception=_rule)]
        ) from error


def _rule(error: BaseException, kind: type | None) -> str:
    """What a validator said, where it was one: it names the field."""
    if isinstance(error, ValueError) and len(error.args) > 1:
        return str(error.args[0])
    return format_exception(error, kind)


def _fault(message: str, remedy: str) -> Fault:
    rule, _, place = message.rpartition(" @ ")
    return Fault(place.removeprefix("$").lstrip(".") or "record", NOTHING, rule, remedy)
