"""Records: what simply happened between us and a customer, and what it says when it is read together."""

from retainsdk.record.cadence import usual_gap
from retainsdk.record.offer import Offer, OfferEvent, latest_discount
from retainsdk.record.record import CORRECTABLE, Entry, Page, Timeline, faded

__all__ = [
    "CORRECTABLE",
    "Entry",
    "Offer",
    "OfferEvent",
    "Page",
    "Timeline",
    "faded",
    "latest_discount",
    "usual_gap",
]
