"""Records: what simply happened between us and a customer, and what it says when it is read together."""

from retainsdk.record.record import (
    CORRECTABLE,
    Answer,
    Entry,
    Offer,
    Page,
    Timeline,
    faded,
    latest_discount,
    usual_gap,
)

__all__ = [
    "CORRECTABLE",
    "Answer",
    "Entry",
    "Offer",
    "Page",
    "Timeline",
    "faded",
    "latest_discount",
    "usual_gap",
]
