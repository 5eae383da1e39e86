"""Profiles as contact cards of version 3.0, which every address book reads."""

from __future__ import annotations

from collections.abc import Iterable

from retainsdk.customer.profile import Profile
from retainsdk.interchange.vcard.exact import exact_lines
from retainsdk.interchange.vcard.lines import folded
from retainsdk.interchange.vcard.shown import shown_lines


def cards_of(profiles: Iterable[Profile]) -> bytes:
    """Profiles as a file of cards."""
    return b"".join(line for profile in profiles for line in _card(profile))


def _card(profile: Profile) -> Iterable[bytes]:
    lines = [str(it) for it in (*shown_lines(profile), *exact_lines(profile))]
    return map(
        folded, ("BEGIN:VCARD", "VERSION:3.0", "PRODID:-//retainsdk//retainsdk//EN", *lines, "END:VCARD")
    )
