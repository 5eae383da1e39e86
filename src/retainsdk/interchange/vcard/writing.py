"""Parties as contact cards of version 3.0, which every address book reads."""

from __future__ import annotations

from collections.abc import Iterable

from retainsdk.customer.party import Party
from retainsdk.interchange.vcard.exact import exact_lines
from retainsdk.interchange.vcard.lines import folded
from retainsdk.interchange.vcard.shown import shown_lines


def cards_of(parties: Iterable[Party]) -> bytes:
    """Parties as a file of cards."""
    return b"".join(line for party in parties for line in _card(party))


def _card(party: Party) -> Iterable[bytes]:
    lines = [str(it) for it in (*shown_lines(party), *exact_lines(party))]
    return map(
        folded, ("BEGIN:VCARD", "VERSION:3.0", "PRODID:-//retainsdk//retainsdk//EN", *lines, "END:VCARD")
    )
