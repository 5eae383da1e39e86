"""Referrals: who brought whom, and how many customers each brought (CONCEPTS D8)."""

from __future__ import annotations

from retainsdk.ledger import Ledger


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
        account.relationship.was_won and relationship in referral_chain(ledger, id_)
        for id_, account in ledger.accounts.items()
    )
