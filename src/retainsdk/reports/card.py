"""The card: one customer on one page, with what is missing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import attrs

from retainsdk.account import Account
from retainsdk.codec import id_text
from retainsdk.customer import Customer
from retainsdk.ledger import Ledger
from retainsdk.quantities import Money, total, whole_months
from retainsdk.record import latest_discount
from retainsdk.relationship import UNASSIGNED
from retainsdk.vocabulary import CONSENT_PURPOSES, Stage, TermKind

SCHEMA_VERSION = 1

Line = tuple[str, str]


@attrs.frozen(kw_only=True)
class Card:
    """
    What we know of a customer on a day.

    Attributes:
        relationship: Its id.
        reference: The name other systems know it by.
        name: The customer's.
        as_of: When it was drawn up.
        sections: Headings with their lines, each a label and what stands under it.
        gaps: What a good card would hold and this one lacks.
    """

    relationship: int
    reference: str
    name: str
    as_of: datetime
    sections: tuple[tuple[str, tuple[Line, ...]], ...]
    gaps: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """For programs: the documented form of ``--json``."""
        return {
            "schema_version": SCHEMA_VERSION,
            "relationship": id_text(self.relationship),
            "reference": self.reference,
            "name": self.name,
            "as_of": self.as_of,
            "sections": {
                heading: [{"label": label, "text": text} for label, text in lines]
                for heading, lines in self.sections
            },
            "gaps": list(self.gaps),
        }

    def __str__(self) -> str:
        lines = [f"{_on_one_line(self.name)}  [{id_text(self.relationship)}]"]
        for heading, entries in self.sections:
            lines += ["", heading]
            lines += [f"  {label:<20} {_on_one_line(text)}".rstrip() for label, text in entries]
        if self.gaps:
            lines += ["", "missing", *(f"  {gap}" for gap in self.gaps)]
        return "\n".join(lines)


def card(ledger: Ledger, relationship: int, *, as_of: datetime) -> Card:
    """
    The card of one customer.

    Args:
        ledger: Folded from what had occurred by *as_of*; holds his account at least.
        relationship: Whose.
        as_of: Now.

    Raises:
        UnknownIdError: When the ledger does not hold it.
    """
    account = ledger.account(relationship)
    customer = ledger.customer_of(account)
    sections = (
        ("relationship", _relationship(ledger, account, customer, as_of)),
        ("contract", _contract(ledger, account, as_of)),
        ("facts", _facts(ledger, customer)),
        ("promises", _promises(ledger, account, as_of)),
        ("cases", _cases(ledger, account)),
        ("contact", _contact(ledger, account, customer)),
    )
    return Card(
        relationship=relationship,
        reference=account.relationship.reference,
        name=customer.name,
        as_of=as_of,
        sections=tuple((heading, tuple(lines)) for heading, lines in sections if lines),
        gaps=tuple(_gaps(account)),
    )


def _relationship(ledger: Ledger, account: Account, customer: Customer, as_of: datetime) -> list[Line]:
    it = account.relationship
    lines = [
        ("customer", customer.kind.name.lower()),
        ("stage", it.state),
        ("owner", it.owner),
        ("opened", f"{ledger.day(it.opened_at)}"),
    ]
    if it.origin is not None:
        lines.append(("came by", it.origin.name.lower()))
    began = account.service_began_on()
    if began is not None:
        until = ledger.day(as_of if it.ended_at is None else it.ended_at)
        lines.append(("in service for", f"{max(whole_months(began, until), 0)} months"))
    paid = account.timeline.paid()
    if paid:
        lines.append(("paid so far", str(total(paid, ledger.currency))))
    if it.ended_at is not None:
        lines.append(("left", f"{ledger.day(it.ended_at)}{_ending(it.ended_well)}"))
    if it.stated_reason is not None:
        lines.append(("stated reason", it.stated_reason[1].name.lower()))
    if it.lock_in is not None:
        lines.append(("bound elsewhere", f"by {it.lock_in[1].competitor} until {it.lock_in[1].until}"))
    if it.winback is not None:
        lines.append(("win-back plan", it.winback.plan))
    return lines


def _ending(ended_well: bool | None) -> str:  # noqa: FBT001 # three-valued
    return {None: "", True: ", ended well", False: ", closing steps left out"}[ended_well]


def _contract(ledger: Ledger, account: Account, as_of: datetime) -> list[Line]:
    contract = account.contract
    if contract is None:
        return []
    today = ledger.day(as_of)
    terms = contract.terms_on(today)
    lines = [("state", contract.state.replace("_", " ")), ("since", str(contract.starts_on))]
    length = "" if terms.kind is TermKind.OPEN_ENDED else f", {terms.months} months"
    lines.append(("term", f"{terms.kind.name.lower().replace('_', ' ')}{length}"))
    term_ends_on = terms.term_ends_on(today)
    if contract.is_running and term_ends_on is not None:
        lines.append(("this term ends", f"{term_ends_on}, in {(term_ends_on - today).days} days"))
    if contract.is_running and terms.lock_in_ends_on > today:
        lines.append(("bound until", str(terms.lock_in_ends_on)))
    if contract.notice_ends_on is not None:
        lines.append(("notice given for", str(contract.notice_ends_on)))
    lines.append(("monthly fee", f"{terms.fee} for {terms.products} products"))
    discount = _discount(ledger, account, as_of)
    if contract.is_running and discount is not None:
        lines.append(("discount", str(discount)))
    return lines


def _discount(ledger: Ledger, account: Account, as_of: datetime) -> Money | None:
    accepted = [
        (ledger.day(offer.answered_at), offer)
        for offer in account.offers.values()
        if offer.accepted and offer.answered_at is not None
    ]
    return latest_discount(accepted, ledger.day(as_of))


def _facts(ledger: Ledger, customer: Customer) -> list[Line]:
    return [
        (name.replace("_", " "), f"{_plain(fact.value)}  ({fact.source}, {ledger.day(fact.at)})")
        for name, fact in sorted(customer.facts.items())
    ]


def _on_one_line(text: str) -> str:
    """Texts of customers, whose control characters are not for a terminal."""
    return "".join(mark if mark.isprintable() else repr(mark)[1:-1] for mark in text)


def _plain(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _promises(ledger: Ledger, account: Account, as_of: datetime) -> list[Line]:
    promises = account.commitments.values()
    if not promises:
        return []
    kept = sum(it.state == "kept" for it in promises)
    broken = sum(it.broken_at is not None for it in promises)
    lines = [("kept and broken", f"{kept} and {broken}")]
    for it in promises:
        if it.is_open:
            late = ", overdue" if it.due < as_of else ""
            due = it.due.astimezone(ledger.zone)
            lines.append(
                (f"{it.kind.name.lower()} {it.number}", f"{it.what}, due {due:%Y-%m-%d %H:%M}{late}")
            )
    return lines


def _cases(ledger: Ledger, account: Account) -> list[Line]:
    return [
        (
            f"{case.kind.name.lower()} {case.number}",
            f"{case.topic}, {case.state} since {ledger.day(case.since)}",
        )
        for case in account.cases.values()
    ]


def _contact(ledger: Ledger, account: Account, customer: Customer) -> list[Line]:
    last = max(account.timeline.contacts(), default=None)
    lines = [("last contact", "none recorded" if last is None else str(ledger.day(last)))]
    survey = account.timeline.last_survey()
    if survey is not None:
        lines.append(("last survey", f"{survey[1].score:g} of 10, {ledger.day(survey[0])}"))
    allowed = [purpose.replace("_", "-") for purpose in CONSENT_PURPOSES if customer.consents_to(purpose)]
    lines.append(("may be contacted", f"for {', '.join(allowed)}" if allowed else "for nothing"))
    return lines


def _gaps(account: Account) -> list[str]:
    it = account.relationship
    gaps = []
    if it.owner == UNASSIGNED:
        gaps.append("an owner: nobody has the main duty for this relationship")
    if it.origin is None:
        gaps.append("how the customer came")
    if it.stage is Stage.FORMER and it.stated_reason is None:
        gaps.append("why the customer left")
    if it.stage is Stage.FORMER and it.closing_steps is None:
        gaps.append("whether the relationship ended well")
    if next(account.timeline.contacts(), None) is None:
        gaps.append("any contact")
    return gaps
