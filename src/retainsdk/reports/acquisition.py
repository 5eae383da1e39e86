"""Acquisition: what customers cost to win, by campaign and segment, and who brought whom (CONCEPTS B5, D8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import attrs

from retainsdk.account import Account
from retainsdk.firm.campaign import Campaign, cost_each
from retainsdk.ledger import Ledger
from retainsdk.quantities import Money, total
from retainsdk.vocabulary import Stage


@attrs.frozen(kw_only=True)
class Acquired:
    """
    What one campaign, or all of one segment, brought.

    Attributes:
        name: Of the campaign or segment; empty for all.
        cost: What was spent.
        came: How many people came by it.
        won: How many of them became customers.
    """

    name: str
    cost: Money
    came: int
    won: int

    @property
    def cost_per_customer(self) -> Money | None:
        """What each customer won has cost; none when nobody was won, and the cost was for nothing."""
        return cost_each(self.cost, self.won)


@attrs.frozen(kw_only=True)
class Acquisition:
    """
    What winning customers has cost.

    Attributes:
        campaigns: One line each, by name.
        segments: The same, cut by the segment campaigns were meant for; empty is a segment of its own.
        total: Of all campaigns, and so of all segments.
    """

    campaigns: tuple[Acquired, ...]
    segments: tuple[Acquired, ...]
    total: Acquired


def acquisition(ledger: Ledger) -> Acquisition:
    """
    The cost of winning customers: what a campaign cost, divided by the customers it won.

    Who came again counts for the campaign that first brought him.
    """
    by_campaign: dict[str, list[Account]] = defaultdict(list)
    for account in ledger.accounts.values():
        by_campaign[account.relationship.campaign].append(account)
    campaigns = [ledger.campaigns[name] for name in sorted(ledger.campaigns)]

    def line(name: str, run: Iterable[Campaign]) -> Acquired:
        run = list(run)
        came = [account for it in run for account in by_campaign[it.name]]
        cost = total((it.cost for it in run), ledger.currency)
        return Acquired(name=name, cost=cost, came=len(came), won=sum(map(was_won, came)))

    segments = sorted({it.segment for it in campaigns})
    return Acquisition(
        campaigns=tuple(line(it.name, [it]) for it in campaigns),
        segments=tuple(line(name, (it for it in campaigns if it.segment == name)) for name in segments),
        total=line("", campaigns),
    )


def was_won(account: Account) -> bool:
    """Whether he became a customer, whatever became of him afterwards."""
    return account.relationship.stage not in {Stage.PROSPECT, Stage.CLOSED}


def referral_chain(ledger: Ledger, relationship: int) -> tuple[int, ...]:
    """
    Who brought him, who brought that one, and so on to the first.

    Raises:
        UnknownIdError: When the ledger does not hold one of them.
    """
    chain: list[int] = []
    link = ledger.account(relationship).relationship.referrer
    while link is not None and link not in chain:
        chain.append(link)
        link = ledger.account(link).relationship.referrer
    return tuple(chain)


def brought_by(ledger: Ledger, relationship: int) -> int:
    """How many customers he brought, himself or through those he brought."""
    return sum(
        was_won(account) and relationship in referral_chain(ledger, id_)
        for id_, account in ledger.accounts.items()
    )
