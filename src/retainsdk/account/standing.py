"""What a customer's loyalty adds up to: his tenure, and his tier and benefits as a member (CONCEPTS A6, D7)."""

from __future__ import annotations

from datetime import datetime, tzinfo

import attrs

from retainsdk.account.state import Account
from retainsdk.events import PaymentReceived, PurchaseRecorded, Tier
from retainsdk.firm.programme import Programme
from retainsdk.quantities import Money, total, whole_months
from retainsdk.wording import counted


@attrs.frozen(kw_only=True)
class Standing:
    """
    Where a member stands in a programme at an instant.

    Attributes:
        programme: Which.
        tenure_months: Whole months as a member.
        bought: What he paid within the programme's window, less refunds.
        tier: The one he has; none below the lowest threshold.
        benefits: What he gets, each with why he does.
    """

    programme: str
    tenure_months: int
    bought: Money
    tier: Tier | None
    benefits: tuple[tuple[str, str], ...]


def standing(
    account: Account, programme: Programme, at: datetime, *, zone: tzinfo, currency: str
) -> Standing | None:
    """
    Where he stands in a programme: a function of what happened, the rules and the instant.

    Args:
        account: His.
        programme: Which; its rules of that instant count.
        at: The instant.
        zone: In which days are told.
        currency: Of the book.

    Returns:
        None when he is no member.
    """
    membership, then = account.relationship.membership(programme.name, at), programme.as_of(at)
    if membership is None or then is None:
        return None
    bought = paid_within(account, then, at, zone=zone, currency=currency)
    tier, tenure = then.tier(bought), membership.tenure_months(at, zone)
    by_tier = () if tier is None else tuple((benefit, f"tier {tier.name}") for benefit in tier.benefits)
    by_tenure = tuple(
        (it.benefit, f"a member for {counted(it.months, 'month')}") for it in then.tenure_benefits(tenure)
    )
    return Standing(
        programme=then.name,
        tenure_months=tenure,
        bought=bought,
        tier=tier,
        benefits=(*by_tier, *by_tenure),
    )


def paid_within(
    account: Account, programme: Programme, at: datetime, *, zone: tzinfo, currency: str
) -> Money:
    """What he paid by an instant within the window of a programme, less refunds; what he owes is not bought yet."""
    first, _ = programme.window(at.astimezone(zone).date())
    timeline = account.timeline
    paid = [(when, body.amount) for when, body in timeline.of(PurchaseRecorded) if body.paid]
    paid += [(when, body.amount) for when, body in timeline.of(PaymentReceived)]
    return total(
        (amount for when, amount in paid if when <= at and when.astimezone(zone).date() >= first), currency
    )


def tenure_months(account: Account, at: datetime, zone: tzinfo) -> int:
    """
    Whole months of service by an instant.

    They count from the first day of service of the present spell, or of the last one; and of spells before it, as
    long as each return kept the tenure (CONCEPTS B1).
    """
    months = 0
    spells = account.relationship.spells
    for spell in reversed([it for it in spells if it.began <= at]):
        until = at if spell.ended is None else min(at, spell.ended)
        starts = [
            contract.starts_on
            for contract in account.contracts.values()
            if contract.signature is not None
            and contract.signature.at <= at
            and spell.holds(contract.signature.at)
        ]
        if starts:
            months += max(whole_months(min(starts), until.astimezone(zone).date()), 0)
        if not spell.tenure_kept:
            break
    return months
