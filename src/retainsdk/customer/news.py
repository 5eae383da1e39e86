"""What became known of a customer, as it came: facts, what he allows, and the ways to reach him."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import attrs

from retainsdk.customer.customer import Customer
from retainsdk.wording import fact_text, in_words


@attrs.frozen(kw_only=True)
class News:
    """
    One thing that became known of a customer, or changed.

    Attributes:
        at: When.
        about: ``fact``, ``consent`` or ``address``.
        what: In words.
    """

    at: datetime
    about: str
    what: str


def news_of(customer: Customer, purpose: str | None = None) -> list[News]:
    """
    All that became known of a customer, in the order of time.

    Args:
        customer: Whom.
        purpose: What it is read for. Of a fact of which anything is sensitive nothing is told, unless all of it
            allows the purpose.
    """
    found = [*_facts(customer, purpose), *_consents(customer), *_points(customer)]
    return sorted(found, key=lambda it: it.at)


def _facts(customer: Customer, purpose: str | None) -> Iterator[News]:
    for name in customer.said.told:
        for said in customer.history(name, purpose):
            why = f", corrected: {said.why}" if said.why else ""
            if said.fact is None:
                yield News(at=said.at, about="fact", what=f"{name} is not known: {said.why}")
            else:
                what = f"{name} is {fact_text(said.fact.value)} ({said.fact.source}){why}"
                yield News(at=said.at, about="fact", what=what)


def _consents(customer: Customer) -> Iterator[News]:
    for word in customer.consents.history():
        channel = "" if word.channel is None else f" by {in_words(word.channel)}"
        verb = "agrees to" if word.given else "refuses"
        what = f"{verb} contacts for {word.purpose.replace('_', '-')}{channel} ({word.evidence})"
        yield News(at=word.at, about="consent", what=what)


def _points(customer: Customer) -> Iterator[News]:
    for number, point in customer.points.items():
        name = f"address {number}, {in_words(point.channel)} {point.address}"
        label = f" ({point.label})" if point.label else ""
        yield News(at=point.added_at, about="address", what=f"{name}{label}")
        if point.verified_at is not None:
            yield News(at=point.verified_at, about="address", what=f"{name} works: {point.verified_how}")
        if point.retired_at is not None:
            yield News(
                at=point.retired_at, about="address", what=f"{name} works no longer: {point.why_retired}"
            )
