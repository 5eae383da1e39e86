"""
JSON Schemas of all event bodies, for who reads a book without this package.

They are made from the very classes that bodies are written from, so they cannot tell anything else.

>>> schemas = event_schemas()["$defs"]
>>> schemas["LateNoticeGiven"]["required"]
['commitment', 'due']
>>> schemas["Severity"]["enum"]
['friendly', 'note', 'warning', 'alarm']
>>> schemas["SignalRaised"]["properties"]["severity"]
{'$ref': '#/$defs/Severity', 'default': 'warning'}
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from datetime import date, datetime
from enum import IntEnum
from typing import Any, Union, get_args, get_origin

import attrs
import orjson

from retainsdk.codec import canonical
from retainsdk.events import REGISTRY, SCHEMAS, Id
from retainsdk.quantities import LocalTime, Money

__all__ = ["event_schemas"]

Schema = dict[str, Any]

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
_OFFSET = r"(Z|[+-][0-9]{2}:[0-9]{2}(:[0-9]{2})?)"

_WRITTEN: Mapping[object, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
}
_NAMED: Mapping[object, tuple[str, Schema]] = {
    Money: (
        "Money",
        {
            "description": "An exact amount and its currency, ISO 4217.",
            "type": "string",
            "pattern": r"^-?[0-9]+(\.[0-9]+)? [A-Z]{3}$",
        },
    ),
    Id: (
        "Id",
        {
            "description": "Of a customer, a relationship or an affiliation: 64 bits in hexadecimal.",
            "type": "string",
            "pattern": "^[0-9a-f]{16}$",
        },
    ),
    date: ("Day", {"description": "In the zone of the book.", "type": "string", "pattern": f"^{_DAY}$"}),
    datetime: (
        "Instant",
        {
            "description": "With its offset from UTC.",
            "type": "string",
            "pattern": f"^{_DAY}T{_TIME}{_OFFSET}$",
        },
    ),
    LocalTime: (
        "LocalTime",
        {
            "description": "What a wall clock shows in a zone, IANA name.",
            "type": "object",
            "properties": {
                "wall": {"type": "string", "pattern": f"^{_DAY}T{_TIME}$"},
                "zone": {"type": "string"},
            },
            "required": ["wall", "zone"],
            "additionalProperties": False,
        },
    ),
}
"""Values that are written otherwise than their class looks."""


def event_schemas() -> Schema:
    """
    One JSON Schema, draft 2020-12, with a definition for each event body and for what bodies are made of.

    As a whole it describes an object of ``name``, ``schema`` and ``body``, as the columns of a book's table hold
    them; ``#/$defs/<name>`` describes the body of that name. A field that is not required has the default
    that stands beside it when it is left out.
    """
    definitions: dict[str, Schema] = {}
    for name in sorted(REGISTRY):
        _refer(REGISTRY[name], definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What a book of retainsdk holds",
        "description": "Made from the classes in src/retainsdk/events. Bodies of older schemas are read too.",
        "type": "object",
        "required": ["name", "schema", "body"],
        "oneOf": [
            {
                "properties": {
                    "name": {"const": name},
                    "schema": {"const": SCHEMAS[name]},
                    "body": {"$ref": f"#/$defs/{name}"},
                }
            }
            for name in sorted(REGISTRY)
        ],
        "$defs": dict(sorted(definitions.items())),
    }


def _schema(kind: Any, definitions: dict[str, Schema]) -> Schema:  # noqa: ANN401 # a type, a union or a generic
    if kind in _WRITTEN:
        return dict(_WRITTEN[kind])
    parts = get_args(kind)
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        return {"anyOf": [_schema(part, definitions) for part in parts]}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema(parts[1], definitions)}
    if origin is tuple:
        return {"type": "array", "items": _schema(parts[0], definitions)}
    return _refer(kind, definitions)


def _refer(kind: Any, definitions: dict[str, Schema]) -> Schema:  # noqa: ANN401 # the same
    name, written = _NAMED.get(kind) or (kind.__name__, None)
    if name not in definitions:
        definitions[name] = {}  # it stands there while what it is made of is looked at
        definitions[name] = dict(written) if written else _defined(kind, definitions)
    return {"$ref": f"#/$defs/{name}"}


def _defined(kind: Any, definitions: dict[str, Schema]) -> Schema:  # noqa: ANN401 # a class of attrs, or an enumeration
    said = {"description": (kind.__doc__ or "").strip().partition("\n\n")[0].replace("\n    ", " ")}
    if issubclass(kind, IntEnum):
        return said | {"enum": [code.name.lower() for code in kind]}
    attrs.resolve_types(kind)
    properties = {}
    for field in attrs.fields(kind):
        properties[field.name] = _schema(field.type, definitions)
        if field.default is not attrs.NOTHING:
            properties[field.name]["default"] = _default(field)
    return said | {
        "type": "object",
        "properties": properties,
        "required": [field.name for field in attrs.fields(kind) if field.default is attrs.NOTHING],
        "additionalProperties": False,
    }


def _default(field: attrs.Attribute[Any]) -> object:
    made = field.default
    return orjson.loads(canonical(made.factory() if isinstance(made, _FACTORY) else made))


_FACTORY: Any = attrs.Factory  # attrs types it as the function it looks like
