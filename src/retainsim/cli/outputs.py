"""JSON Schemas of what commands print with ``--json``; that of a comparison stands by itself."""

from __future__ import annotations

from typing import Any

from retainsim.exports import course_report, courses, runs, scenarios
from retainsim.exports.presets import SCHEMA_VERSION
from retainsim.market.competitors import STRUCTURES
from retainsim.market.history import FLOWS, MONEY, PROMISES
from retainsim.market.preset import STATUSES
from retainsim.market.preset.form import FIRM_COLUMNS, STEPS, UNITS
from retainsim.training import standings
from retainsim.training.bots import BOTS
from retainsim.training.course import FACTORS, Purpose
from retainsim.training.rounds import SELLERS, Line, Word
from retainsim.training.rounds import standings as rounds
from retainsim.training.rounds.report import SCHEMA_VERSION as BOOK_REPORT_VERSION
from retainsim.training.rounds.result import WAYS
from retainsim.training.scenario import LANGUAGES, Situation, past_names
from retainsim.training.score import Dimension

_TEXT = {"type": "string"}
_NUMBER = {"type": "number"}
_YES_OR_NO = {"type": "boolean"}
_DIGEST = {"type": "string", "pattern": "^[0-9a-f]{16}$"}
_VERSION = {"const": SCHEMA_VERSION}


_MAYBE = {"anyOf": [_NUMBER, {"type": "null"}]}
_MAYBE_PAIR = {"anyOf": [{"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}, {"type": "null"}]}


def output_schemas() -> dict[str, Any]:
    """One JSON Schema, draft 2020-12, with a definition for each command, under its words."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What the commands of retainsim print with --json",
        "description": "Made from src/retainsim/cli/outputs.py. A change that breaks readers raises schema_version.",
        "$defs": {
            "bots": _standings(),
            "course close": _object(schema_version=_COURSE_VERSION, closed=_TEXT, told=_list(_TEXT)),
            "course enrol": _object(schema_version=_COURSE_VERSION, trainees=_list(_object(**_TRAINEE))),
            "course export": _object(
                schema_version=_COURSE_VERSION, folder=_TEXT, calls=_COUNT, books=_COUNT
            ),
            "course lint": _object(
                schema_version=_COURSE_VERSION, file=_TEXT, clean=_YES_OR_NO, faults=_list(_FINDING)
            ),
            "course new": _object(
                schema_version=_COURSE_VERSION, file=_TEXT, title=_WORDS, language=_one_of(*LANGUAGES)
            ),
            "course rehearse": _object(schema_version=_COURSE_VERSION, calls=_COUNT),
            "course report": _course_report(),
            "course show": _course(),
            "market lint": _examined(),
            "market new": _object(
                schema_version=_VERSION, file=_TEXT, like=_TEXT, name=_TEXT, digest=_DIGEST
            ),
            "market presets": _list(_object(**_HEAD)),
            "market run": _run(),
            "market show": _preset(),
            "rounds bots": _book_standings(),
            "rounds report": _book_report(),
            "scenario lint": _examined_scenarios(),
            "scenario list": _object(
                schema_version=_SCENARIO_VERSION, scenarios=_list(_object(**_SCENARIO_HEAD))
            ),
            "scenario new": _object(
                schema_version=_SCENARIO_VERSION, file=_TEXT, like=_TEXT, name=_TEXT, digest=_DIGEST
            ),
            "scenario show": _scenario(),
        },
    }


def _object(**properties: Any) -> dict[str, Any]:  # noqa: ANN401 # schemas
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(of: Any) -> dict[str, Any]:  # noqa: ANN401 # a schema
    return {"type": "array", "items": of}


def _map(of: Any) -> dict[str, Any]:  # noqa: ANN401 # a schema
    return {"type": "object", "additionalProperties": of}


def _one_of(*words: str) -> dict[str, Any]:
    return {"enum": list(words)}


_HEAD = {
    "name": _TEXT,
    "version": {"type": "integer", "minimum": 1},
    "title": _TEXT,
    "title_he": _TEXT,
    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    "contractual": _YES_OR_NO,
    "structures": _list(_one_of(*STRUCTURES)),
    "digest": _DIGEST,
}


def _preset() -> dict[str, Any]:
    words = {"name", "strategy"}
    firm = _object(**{field: _TEXT if field in words else _NUMBER for field, _ in FIRM_COLUMNS.values()})
    parameter = _object(
        name=_TEXT,
        value=_NUMBER,
        low=_NUMBER,
        high=_NUMBER,
        status=_one_of(*STATUSES),
        source=_TEXT,
        note=_TEXT,
        meaning=_TEXT,
        unit=_one_of(*UNITS),
        step=_one_of(*STEPS),
        base=_TEXT,
    )
    return _object(
        schema_version=_VERSION,
        **_HEAD,
        base=_TEXT,
        about=_TEXT,
        starts_on={"type": "string", "format": "date"},
        not_aimed_at=_map(_TEXT),
        structure=_one_of(*STRUCTURES),
        firms=_map(_list(firm)),
        customers=_map({"anyOf": [_NUMBER, _list(_NUMBER)]}),
        status=_object(**dict.fromkeys(STATUSES, _NUMBER)),
        parameters=_list(parameter),
    )


_LINE = {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]}
_FINDING = _object(place=_TEXT, value=_TEXT, rule=_TEXT, remedy=_TEXT, line=_LINE)


def _examined() -> dict[str, Any]:
    file = _object(file=_TEXT, clean=_YES_OR_NO, faults=_list(_FINDING), warnings=_list(_FINDING))
    return _object(schema_version=_VERSION, files=_list(file))


def _standings() -> dict[str, Any]:
    bot = _object(
        bot=_one_of(*BOTS),
        value=_NUMBER,
        ci=_MAYBE_PAIR,
        score=_NUMBER,
        spread=_MAYBE,
        **dict.fromkeys(map(str, Dimension), _MAYBE),
    )
    return _object(
        schema_version={"const": standings.SCHEMA_VERSION},
        scenario=_TEXT,
        currency=_HEAD["currency"],
        seed={"type": "integer"},
        calls={"type": "integer", "minimum": 1},
        bots=_list(bot),
    )


def _book_standings() -> dict[str, Any]:
    bot = _object(
        bot=_one_of(*SELLERS),
        value=_NUMBER,
        ci=_MAYBE_PAIR,
        score=_NUMBER,
        spread=_MAYBE,
        **dict.fromkeys(map(str, Line), _MAYBE),
    )
    whole = {"type": "integer", "minimum": 0}
    return _object(
        schema_version={"const": rounds.SCHEMA_VERSION},
        setting=_object(preset=_TEXT, seed=whole, customers=whole, rounds=whole, practice=whole, hours=whole),
        currency=_HEAD["currency"],
        plays={"type": "integer", "minimum": 1},
        bots=_list(bot),
    )


def _book_report() -> dict[str, Any]:
    whole = {"type": "integer", "minimum": 0}
    effect = _object(estimate=_MAYBE, low=_MAYBE, high=_MAYBE, customers=whole, verdict=_TEXT)
    finding = _object(line=_one_of(*Line), points=_MAYBE, count=whole, of=whole, customers=_list(whole))
    return _object(
        schema_version={"const": BOOK_REPORT_VERSION},
        score=_NUMBER,
        lines={"type": "object", "additionalProperties": _NUMBER},
        findings=_list(finding),
        promises=_list(_object(round=whole, customer=whole, word=_one_of(*(it.value for it in Word)))),
        minutes=whole,
        hours=whole,
        team_cost=_NUMBER,
        currency=_HEAD["currency"],
        effects=_object(nobody=effect, script=effect),
        reachable=effect,
        reach=_MAYBE,
        worths=_object(**dict.fromkeys(WAYS, _list(_NUMBER))),
        left=_list(_object(customer=whole, reason=_TEXT)),
    )


_WORDS = _object(**dict.fromkeys(LANGUAGES, _TEXT))
_SCENARIO_VERSION = {"const": scenarios.SCHEMA_VERSION}
_SCENARIO_HEAD = {
    "name": _TEXT,
    "version": {"type": "integer", "minimum": 1},
    "title": _WORDS,
    "aim": _WORDS,
    "preset": _TEXT,
    "situation": _one_of(*Situation),
    "concepts": _list(_TEXT),
    "minutes": {"type": "integer", "minimum": 1},
    "digest": _DIGEST,
}


def _scenario() -> dict[str, Any]:
    span = {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}
    return _object(
        schema_version=_SCENARIO_VERSION,
        **_SCENARIO_HEAD,
        brief=_WORDS,
        past=_one_of(*past_names()),
        reasons=_map(_NUMBER),
        card=_map(span),
        truth=_map(span),
        authority=_object(discount=_NUMBER, months=_NUMBER, days=_NUMBER, once=_NUMBER),
        bluff=_NUMBER,
        colleague={"anyOf": [_object(discount=_NUMBER, months=_NUMBER), {"type": "null"}]},
        guide={"anyOf": [_WORDS, {"type": "null"}]},
    )


def _examined_scenarios() -> dict[str, Any]:
    file = _object(file=_TEXT, clean=_YES_OR_NO, faults=_list(_FINDING))
    return _object(schema_version=_SCENARIO_VERSION, files=_list(file))


_COUNT = {"type": "integer", "minimum": 0}
_MAYBE = {"anyOf": [_NUMBER, {"type": "null"}]}
_COURSE_VERSION = {"const": courses.SCHEMA_VERSION}
_TRAINEE = {
    "label": _TEXT,
    "code": {"type": "string", "pattern": "^[A-Z0-9]{6}$"},
    "gender": _one_of("feminine", "masculine"),
    "language": _one_of(*LANGUAGES),
}


def _course() -> dict[str, Any]:
    part = _object(
        name=_TEXT,
        purpose=_one_of(*Purpose),
        scenarios=_list(_TEXT),
        calls=_COUNT,
        forks=_COUNT,
        book={
            "anyOf": [
                _object(preset=_TEXT, customers=_COUNT, rounds=_COUNT, hours=_COUNT),
                {"type": "null"},
            ]
        },
        told=_YES_OR_NO,
    )
    due = {"anyOf": [_object(part=_TEXT, place=_COUNT, scenario=_TEXT), {"type": "null"}]}
    return _object(
        schema_version=_COURSE_VERSION,
        title=_WORDS,
        language=_one_of(*LANGUAGES),
        pass_mark=_NUMBER,
        treatments=_map(_list(_TEXT)),
        parts=_list(part),
        trainees=_list(_object(**_TRAINEE, finished=_COUNT, next=due)),
    )


def _course_report() -> dict[str, Any]:
    estimate = _object(mean=_MAYBE, low=_MAYBE, high=_MAYBE, n=_COUNT)
    dimensions = _object(**dict.fromkeys(map(str, Dimension), estimate))
    habits = {
        "anyOf": [
            _object(
                no_need_said=_NUMBER,
                no_need_true=_NUMBER,
                beyond=_map(_NUMBER),
                needless=_MAYBE,
                promises=_NUMBER,
            ),
            {"type": "null"},
        ]
    }
    of_each = _object(**dict.fromkeys(map(str, Dimension), _MAYBE))
    person = _object(
        label=_TEXT,
        finished=_COUNT,
        told=_COUNT,
        score=_MAYBE,
        growth=_MAYBE,
        dimensions=of_each,
        dimensions_growth=of_each,
        effect=_map(_NUMBER),
        beside_script=_map(_NUMBER),
        passed=_map(_YES_OR_NO),
        habits=habits,
    )
    reliability = _object(spread=_NUMBER, of_mean=_NUMBER, share=_MAYBE)
    everybody = _object(
        score=estimate,
        growth=estimate,
        dimensions=dimensions,
        dimensions_growth=dimensions,
        lines=_map(estimate),
        effect=_map(estimate),
        beside_script=_map(estimate),
        reach=_map(estimate),
        no_need_over=estimate,
        habits=habits,
        reliability={"anyOf": [reliability, {"type": "null"}]},
    )
    comparison = _object(
        factor=_one_of(*FACTORS),
        level=_TEXT,
        other=_TEXT,
        sizes={"type": "array", "items": _COUNT, "minItems": 2, "maxItems": 2},
        score=estimate,
        growth=estimate,
    )
    return _object(
        schema_version={"const": course_report.SCHEMA_VERSION},
        title=_WORDS,
        language=_one_of(*LANGUAGES),
        pass_mark=_NUMBER,
        level=_NUMBER,
        least=_COUNT,
        waiting=_list(_object(part=_TEXT, finished=_COUNT, enrolled=_COUNT)),
        changed=_COUNT,
        **{"class": everybody},
        trainees=_list(person),
        together={"anyOf": [person, {"type": "null"}]},
        comparisons=_list(comparison),
        books=_list(_books(estimate)),
    )


def _books(estimate: dict[str, Any]) -> dict[str, Any]:
    trainee = _object(label=_TEXT, score=_NUMBER, value=_NUMBER, effect=_NUMBER, beside_script=_NUMBER)
    return _object(
        part=_TEXT,
        purpose=_one_of(*Purpose),
        currency=_HEAD["currency"],
        score=estimate,
        effect=estimate,
        beside_script=estimate,
        trainees=_list(trainee),
    )


def _run() -> dict[str, Any]:
    whole = {"type": "integer"}
    count, limit = {"type": "integer", "minimum": 0}, {"anyOf": [whole, {"type": "null"}]}
    return _object(
        schema_version={"const": runs.SCHEMA_VERSION},
        preset=_TEXT,
        preset_version={"type": "integer", "minimum": 1},
        preset_digest=_DIGEST,
        structure=_one_of(*STRUCTURES),
        seed=whole,
        parameters=_one_of("drawn", "fixed"),
        customers=count,
        people=count,
        months=count,
        threads=count,
        policy=_TEXT,
        rules=_map(_TEXT),
        staffing=_object(hired=_map(_NUMBER), coached=_map(_NUMBER)),
        consent_gate=_YES_OR_NO,
        budget=_object(minutes=limit, money=limit),
        firms=_list(_TEXT),
        currency=_HEAD["currency"],
        digest={"type": "string", "pattern": "^[0-9a-f]{32}$"},
        customers_at_end=count,
        flows=_object(**dict.fromkeys(FLOWS, count)),
        money=_object(**dict.fromkeys(MONEY, whole)),
        promises=_object(**dict.fromkeys(PROMISES, count)),
        actions=count,
        refused=count,
        cut=count,
        minutes=count,
        cash=whole,
        residual=whole,
        residual_months=count,
        profit=whole,
        cost_of_ignoring_consent={
            "anyOf": [_object(profit=whole, customers_at_end=whole, actions=whole), {"type": "null"}]
        },
        out={"anyOf": [_TEXT, {"type": "null"}]},
        book={"anyOf": [_TEXT, {"type": "null"}]},
    )
