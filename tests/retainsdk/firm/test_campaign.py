"""Campaigns as they are told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from retainsdk.errors import CommandError
from retainsdk.quantities import Money
from retainsdk.testing import a_book

SPRING: dict[str, Any] = {
    "purpose": "acquisition", "starts_on": date(2026, 3, 1), "ends_on": date(2026, 4, 1), "actor": "dana",
}  # fmt: skip


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def test_a_campaign_is_known_as_told_last_and_one_that_ends_first_is_refused() -> None:
    book = a_book()
    book.run_campaign("spring", cost=eur(500), **SPRING)
    book.run_campaign("spring", cost=eur(620), **SPRING)

    assert book.ledger().campaigns["spring"].cost == eur(620)
    with pytest.raises(
        CommandError, match=r"ends_on .* must be after .*; cost \(-1.00 EUR\) must not be negative"
    ):
        book.run_campaign("autumn", cost=eur(-1), **{**SPRING, "ends_on": date(2026, 3, 1)})
