"""
The programme for regulars: who is in it, and at which rank.

A market finds ranks once a year, by what somebody has paid in fees of his own; a book ranks everybody by one table of
sums. So each rank is a programme of its own, which one is taken into, and the rank stands in the book as it was given.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from retainsdk.events import MembershipChanged, ProgrammeChanged, Tier
from retainsdk.ledger import programme_stream
from retainsdk.quantities import Money
from retainsim.market.chronicle.days import EVENING, Entry, Told
from retainsim.market.chronicle.dossier import Dossier
from retainsim.market.chronicle.lived import Lived

RANKS = ("Regulars", "Regulars: bronze", "Regulars: silver", "Regulars: gold")
"""What the programme of each rank is called."""
_ALL_TIME = 1_200
"""Months: whatever was ever paid counts."""


def programmes(currency: str) -> Iterator[Told]:
    """The programme of each rank: nothing but membership in it is asked, so its thresholds are next to nothing."""
    least = Money.from_minor(1, currency).amount
    for rank, name in enumerate(RANKS):
        tiers = tuple(
            Tier(name=RANKS[it + 1].split(": ")[1], threshold=Money(Decimal(it) * least, currency))
            for it in range(rank)
        )
        yield programme_stream(name), ProgrammeChanged(tiers=tiers, window_months=_ALL_TIME)


def ranked(dossier: Dossier, rank: int) -> Iterator[Told]:
    """He is a member at a rank from now on."""
    if dossier.rank == rank:
        return
    if dossier.rank is not None:
        yield dossier.us, MembershipChanged(programme=RANKS[dossier.rank], member=False)
    dossier.rank = rank
    yield dossier.us, MembershipChanged(programme=RANKS[rank], member=True)


def anniversary(lived: Lived) -> Iterator[Entry]:
    """At the end of his year with us his rank is found again."""
    if lived.is_ours:
        yield Entry(lived.next - 1, lambda: ranked(lived.dossier, int(lived.after.tier)), EVENING)
