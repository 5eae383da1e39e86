"""What commands tell programs is held against the published schema, which is read and checked once."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from golden import ROOT
from jsonschema import Draft202012Validator


def of_form(command: str, told: object) -> None:
    """It has the published form of what that command tells."""
    _form(command).validate(told)


@cache
def _form(command: str) -> Draft202012Validator:
    return Draft202012Validator({**_published(), "$ref": f"#/$defs/{command}"})


@cache
def _published() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(
        (ROOT / "docs" / "reference" / "simulator.schema.json").read_text(encoding="utf-8")
    )
    Draft202012Validator.check_schema(schema)
    return schema
