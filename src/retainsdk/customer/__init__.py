"""Customers: who they are, how to reach them, what they let us contact them for, and what we know of them."""

from retainsdk.customer.consent import purpose_or_refusal
from retainsdk.customer.customer import Customer, check_name, refuse_unconsented
from retainsdk.customer.fact import KnownFact

__all__ = ["Customer", "KnownFact", "check_name", "purpose_or_refusal", "refuse_unconsented"]
