"""What happens to the book itself."""

from __future__ import annotations

import attrs

from retainsdk.events.body import event


@event
@attrs.frozen(kw_only=True)
class BookBegun:
    """A book was begun, for one currency and one zone of days."""

    currency: str
    zone: str
