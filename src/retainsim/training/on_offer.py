"""What can be looked up in a call: the packages on offer to a customer, and what competitors offer."""

from __future__ import annotations

import attrs

from retainsim.market.law import suitability
from retainsim.market.observed import LISTED_PACKAGES
from retainsim.training.scenario import Case


@attrs.frozen(kw_only=True)
class Package:
    """
    A package on offer.

    Attributes:
        size: 1 is a usual one.
        monthly_fee: What this customer would pay for it, before any discount, minor units.
        suits: How well it suits what was seen of his use, 0 to 1; none when nothing was.
        present: Whether it is the one he has.
    """

    size: float
    monthly_fee: int
    suits: float | None
    present: bool


@attrs.frozen(kw_only=True)
class Rival:
    """
    What a competitor offers.

    Attributes:
        name: Of the firm.
        monthly_fee: Of what is like our customer's package, minor units.
        lock_months: For how long it binds.
        quality: Beside ours: −1 worse, 0 alike, 1 better.
    """

    name: str
    monthly_fee: int
    lock_months: int
    quality: int


def packages_for(case: Case) -> tuple[Package, ...]:
    """The packages on offer, the smallest first; none in a shop."""
    if not case.market.preset.contractual:
        return ()
    fee, share, has = case.card["monthly_fee"], case.card.get("usage"), int(case.row["package"][0])
    return tuple(
        Package(
            size=size / 100,
            monthly_fee=int(fee * (0.4 + 0.6 * size / has)),
            suits=None if share is None else suitability(share * has / 100, size / 100),
            present=size == has,
        )
        for size in sorted({*LISTED_PACKAGES, has})
    )


def rivals_of(case: Case) -> tuple[Rival, ...]:
    """What competitors offer, as anybody can look it up."""
    plan, firms, fee = case.month.plan, case.market.preset.firms, int(case.row["monthly_fee"][0])
    offers = zip(firms, plan.on_offer, plan.lock_months, plan.quality, strict=True)
    return tuple(
        Rival(
            name=firm.name,
            monthly_fee=int(fee * price),
            lock_months=int(lock),
            quality=(quality > plan.quality[0]) - (quality < plan.quality[0]),
        )
        for firm, price, lock, quality in list(offers)[1:]
        if price < float("inf")
    )
