"""What customers can be told apart by: attributes of their relationships, and any fact that is known of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal

from retainsdk.account import Account
from retainsdk.account.standing import standing, tenure_months
from retainsdk.codec import id_text
from retainsdk.duties import Circumstances
from retainsdk.firm.offering import cheapest, open_offers
from retainsdk.relationship import UNASSIGNED
from retainsdk.value.features import competing
from retainsdk.vocabulary import CaseKind
from retainsdk.wording import fact_text, in_words

FACT = "fact:"
"""Stands before the name of a fact by which customers are told apart."""

_SATISFIED, _DISSATISFIED = 8, 5
_YEAR = timedelta(days=365)
_ABOUT = Decimal("0.05")
_BANDS = ((12, "under 1 year"), (24, "1 to 2 years"), (48, "2 to 4 years"), (96, "4 to 8 years"))

ATTRIBUTES: Mapping[str, str] = {
    "relationship": "The id of the relationship.",
    "customer": "The name of the customer.",
    "owner": "Who has the relationship; nobody while it is unassigned.",
    "origin": "How the customer came.",
    "campaign": "The campaign that brought him, himself or through who brought him.",
    "segment": "The segment that campaign was meant for.",
    "kind": "Person, household or organisation.",
    "stage": "Where the relationship stands.",
    "potential": "Its class, as somebody judged it.",
    "tier": "His programmes, each with the tier he has there.",
    "tenure": "How long he has been with us, in bands.",
    "offering": "The package under his contract.",
    "satisfaction": "What he answered to the last survey: satisfied from 8 of 10 on, dissatisfied below 5.",
    "complaint habit": "How often he complained in the year before.",
    "competitor parity": "Whether the cheapest offer elsewhere that we know of costs as much as his own fee, within 5 %.",
    "reason": "Why he says he left or leaves.",
    "assessed": "Why we believe he did.",
    "representative": "Who of us did it.",
    "month": "The calendar month in which it happened.",
    "quarter": "The quarter of the year in which it happened.",
    "year": "The year in which it happened.",
}
"""Everything can be cut by these; each with what it says."""


def class_of_account(known: Circumstances, account: Account, name: str, purpose: str | None) -> str | None:
    """
    The class of a relationship under an attribute; none when it is not known.

    Args:
        known: The book as of an instant.
        account: The relationship.
        name: One of `ATTRIBUTES`, or `FACT` with a name; of what is neither nothing is known.
        purpose: For which sensitive facts may be looked at.
    """
    if name.startswith(FACT):
        facts = known.ledger.customer_of(account).facts_for(purpose)
        fact = facts.get(name.removeprefix(FACT))
        return None if fact is None else fact_text(fact.value)
    reader = _READERS.get(name)
    return None if reader is None else reader(known, account) or None


def word(member: object) -> str | None:
    """A member of a vocabulary as people write it; none for none."""
    name = getattr(member, "name", None)
    return None if name is None else in_words(str(name))


def _owner(_: Circumstances, account: Account) -> str | None:
    owner = account.relationship.owner
    return None if owner == UNASSIGNED else owner


def _segment(known: Circumstances, account: Account) -> str | None:
    campaign = known.ledger.campaigns.get(account.relationship.campaign)
    return None if campaign is None else campaign.segment


def _tier(known: Circumstances, account: Account) -> str | None:
    ledger = known.ledger
    found = []
    for name, programme in sorted(ledger.programmes.items()):
        place = standing(account, programme, known.now, zone=ledger.zone, currency=ledger.currency)
        if place is not None:
            found.append(f"{name}: {'no tier' if place.tier is None else place.tier.name}")
    return ", ".join(found) or "no member"


def _tenure(known: Circumstances, account: Account) -> str | None:
    if account.service_began_on() is None:
        return None
    months = tenure_months(account, known.now, known.ledger.zone)
    return next((band for end, band in _BANDS if months < end), "8 years and more")


def _offering(known: Circumstances, account: Account) -> str | None:
    contract = account.contract
    return None if contract is None else contract.terms_on(known.today).offering


def _reason(_: Circumstances, account: Account) -> str | None:
    said = account.relationship.stated_reason
    return None if said is None else word(said[1])


def _satisfaction(_: Circumstances, account: Account) -> str | None:
    answer = account.timeline.last_survey()
    if answer is None:
        return None
    score = answer[1].score
    return "satisfied" if score >= _SATISFIED else "dissatisfied" if score < _DISSATISFIED else "so-so"


def _complaint_habit(known: Circumstances, account: Account) -> str:
    lately = sum(
        case.kind is CaseKind.COMPLAINT and case.merged_into is None and known.now - case.opened_at <= _YEAR
        for case in account.cases.values()
    )
    return "no complaint" if not lately else "one complaint" if lately == 1 else "several complaints"


def _competitor_parity(known: Circumstances, account: Account) -> str | None:
    terms = account.terms_in_force(known.today)
    if terms is None:
        return None
    best = cheapest(open_offers(competing(known.ledger, account), known.today))
    if best is None:
        return "no offer known"
    ours, theirs = terms.fee.amount, best.fee.amount
    if abs(theirs - ours) <= ours * _ABOUT:
        return "an equal offer elsewhere"
    return "cheaper elsewhere" if theirs < ours else "dearer elsewhere"


_READERS: Mapping[str, Callable[[Circumstances, Account], str | None]] = {
    "relationship": lambda _, account: id_text(account.relationship.id),
    "customer": lambda known, account: known.ledger.customer_of(account).name,
    "owner": _owner,
    "origin": lambda _, account: word(account.relationship.origin),
    "campaign": lambda _, account: account.relationship.campaign,
    "segment": _segment,
    "kind": lambda known, account: word(known.ledger.customer_of(account).kind),
    "stage": lambda _, account: account.relationship.state,
    "potential": lambda _, account: word(account.relationship.potential),
    "tier": _tier,
    "tenure": _tenure,
    "offering": _offering,
    "satisfaction": _satisfaction,
    "complaint habit": _complaint_habit,
    "competitor parity": _competitor_parity,
    "reason": _reason,
    "assessed": lambda _, account: word(account.relationship.assessed_reason),
}
