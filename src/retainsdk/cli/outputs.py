"""JSON Schemas of everything that commands print with ``--json``."""

from __future__ import annotations

from typing import Any

from retainsdk.cli import every_row


def output_schemas() -> dict[str, Any]:
    """One JSON Schema, draft 2020-12, with a definition for each command that prints JSON, under its words."""
    schemas = {row.words: schema for row in every_row() if (schema := row.schema()) is not None}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What the commands of retainsdk print with --json",
        "description": "Made from the tables in src/retainsdk/cli. A change that breaks readers raises schema_version.",
        "$defs": dict(sorted(schemas.items())),
    }
