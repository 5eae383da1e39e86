"""What is common to all that happens: ids, facts, and what the book adds around a body."""

from __future__ import annotations

from datetime import datetime
from typing import NewType, TypeVar

import attrs

Id = NewType("Id", int)
"""Of a customer, a relationship or an affiliation, 0 to 2⁶⁴ − 1."""

Fact = str | int | float | bool
"""What can be known of a customer under one name."""

Body = TypeVar("Body", bound=type)

REGISTRY: dict[str, type] = {}
"""All event bodies by name."""

SCHEMAS: dict[str, int] = {}
"""The schema in which each is written now."""


def event(body: Body, *, schema: int = 1) -> Body:
    """
    Enter a body among the events a book knows.

    A field with a default may be added to a released body, and no default ever changes: what is stored without the
    field keeps its meaning. Anything else is a new schema, with an upcaster from the one before (`retainsdk.codec`).
    """
    REGISTRY[body.__name__], SCHEMAS[body.__name__] = body, schema
    return body


@attrs.frozen(kw_only=True)
class Happening:
    """
    Something that happened, not recorded yet.

    Attributes:
        stream: Of the aggregate it happened to.
        body: What happened.
        occurred_at: When, time-zone aware.
    """

    stream: str
    body: object
    occurred_at: datetime


@attrs.frozen(kw_only=True)
class Recorded:
    """
    Something that happened, as the book holds it.

    Attributes:
        position: In the log, from 1.
        stream: Of the aggregate it happened to.
        version: In its stream, from 1.
        body: What happened.
        occurred_at: When it happened.
        recorded_at: When the book learned of it.
        actor: Who recorded it.
        reason: Why, when he said so.
    """

    position: int
    stream: str
    version: int
    body: object
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    reason: str
