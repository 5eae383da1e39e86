"""The form of a preset file: what may stand in it, and how large each kind of number may be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import attrs

from retainsdk.quantities import CURRENCIES
from retainsim.market.competitors import STRUCTURES
from retainsim.market.competitors.strategy import BEST_QUALITY, LONGEST_LOCK
from retainsim.toml_file import NAME, Form, is_line, is_words, within

OF_CONTRACTS = ("incident_rate", "renewal_wakes", "penalty", "commitment_one_year", "commitment_two_years")
"""Parameters that mean nothing where nobody is bound by a contract; such a market need not state them."""

STEPS: Mapping[str, str] = {
    "people": "The people, as the market begins",
    "life": "1. Life and need",
    "service": "2. Buying and service",
    "contact": "3. Contact and actions",
    "competitors": "4. Competitors",
    "deliberation": "5. Deliberation",
    "response": "6. Response",
    "leaving": "7. Leaving and returning",
    "newcomers": "8. Newcomers",
    "money": "9. Money",
}
"""The steps of a month under which parameters stand, and their headings."""


@attrs.frozen
class Unit:
    """
    A kind of number.

    Attributes:
        meaning: What it measures.
        low: It is never below.
        high: It is never above.
    """

    meaning: str
    low: float
    high: float


UNITS: Mapping[str, Unit] = {
    "chance": Unit("a chance, or what is added to one, a month", 0.0, 1.0),
    "share": Unit("a part of a whole", 0.0, 1.0),
    "utility": Unit("a difference on the scale of a logit choice", -20.0, 20.0),
    "mood": Unit("a difference of satisfaction or trust, which run from -1 to 1", -2.0, 2.0),
    "spread": Unit("a standard deviation", 0.0, 5.0),
    "factor": Unit("how many times", 0.0, 50.0),
    "visits": Unit("visits a month", 0.05, 12.0),
    "month": Unit("a month of the year, 1 is January", 0.5, 12.5),
    "rate": Unit("interest a month", 0.0, 0.2),
    "days": Unit("days", 1.0, 365.0),
    "months": Unit("months", 0.0, 120.0),
    "moves": Unit("moves of a representative in a conversation", 0.5, 50.0),
    "minutes": Unit("minutes", 0.0, 600.0),
    "money": Unit("minor units of the market's currency", 0.0, 100_000_000.0),
}
"""What kinds of numbers parameters are, and how large each may be whatever anybody believes."""


LEAST_SHARE = 0.01
"""Of ours among all people: the others are counted from it, so a smaller one would make a world that never ends."""
_FIRST_YEAR, _LAST_YEAR = 1970, 2100
_LAST_VERSION = 999_999


def _is_day(value: object) -> bool:
    is_date = isinstance(value, date) and not isinstance(value, datetime)
    return is_date and _FIRST_YEAR <= value.year <= _LAST_YEAR  # type: ignore[attr-defined] # a date


def _is_name(value: object) -> bool:
    return isinstance(value, str) and NAME.fullmatch(value) is not None


_A_SHARE = "It is a share, like 0.25."
_WORDS = Form(is_line, "must be a line of words", 'Write it between quotation marks, like "Telecom".')

HEAD: Mapping[str, Form] = {
    "name": Form(_is_name, "must be small letters, digits and _, a letter first", 'Like "my_market".'),
    "version": Form(lambda it: type(it) is int and 1 <= it <= _LAST_VERSION, "must be a whole number from 1", "Begin with 1."),
    "base": Form(lambda it: isinstance(it, str), "must be the name of a preset", 'Write "common@1".'),
    "title": _WORDS,
    "title_he": attrs.evolve(_WORDS, required=False),
    "about": Form(is_words, "must say what the market models", 'Write it between """ and """.'),
    "currency": Form(lambda it: isinstance(it, str) and it in CURRENCIES, "must be a currency of ISO 4217", 'Write its code, like "EUR".'),
    "starts_on": Form(_is_day, f"must be a day from {_FIRST_YEAR} to {_LAST_YEAR}", "Write it without quotation marks, like 2026-01-01."),
    "contractual": Form(lambda it: isinstance(it, bool), "must be true or false", "Are customers bound by contracts, or do they come and buy?"),
}  # fmt: skip
"""What stands at the top."""

TABLES = ("not_aimed_at", "firms", "structures", "customers", "parameters")

FIRM_COLUMNS: Mapping[str, tuple[str, Form]] = {
    "names": ("name", _WORDS),
    "strategies": ("strategy", Form(is_words, "must be words", 'Name a strategy, like "static".')),
    "shares": ("share", Form(within(0, 1), "must be within 0 and 1", _A_SHARE)),
    "prices": ("price", Form(within(0.01, 100), "must be within 0.01 and 100", "1 is our list price.")),
    "qualities": ("quality", Form(within(-BEST_QUALITY, BEST_QUALITY), f"must be within {-BEST_QUALITY:g} and {BEST_QUALITY:g}", "0 is usual.")),
    "awareness": ("awareness", Form(within(0, 1), "must be within 0 and 1", "It is a share of people.")),
    "lock_months": ("lock_months", Form(lambda it: type(it) is int and 0 <= it <= LONGEST_LOCK, f"must be whole months within 0 and {LONGEST_LOCK}", "0 binds nobody.")),
}  # fmt: skip
"""The columns of a table of firms: what each is of one firm, and what may stand in it."""

STRUCTURE = Form(
    lambda it: isinstance(it, str) and it in STRUCTURES,
    "is no structure",
    f"Use one of {', '.join(STRUCTURES)}.",
)

CUSTOMERS: Mapping[str, Form] = dict.fromkeys(
    ("senior", "household", "marketing_consent"), Form(within(0, 1), "must be within 0 and 1", _A_SHARE)
)
"""Marginals of all customers."""

KINDS: Mapping[str, Form] = dict.fromkeys(
    ("households", "organisations"), Form(within(0, 1), "must be within 0 and 1", _A_SHARE, required=False)
)
"""Shares of customers who are no single persons: of those who live with others, and of all."""

CONTRACT: Mapping[str, Form] = {
    "share": Form(within(0, 1), "must be within 0 and 1", _A_SHARE),
    "newcomers": Form(within(0, 1), "must be within 0 and 1", _A_SHARE),
    "mean_tenure": Form(within(0, 600), "must be within 0 and 600", "It counts months."),
    "mean_fee": Form(within(1, 100_000_000), "must be within 1 and 100,000,000", "It is a month's fee in minor units."),
}  # fmt: skip
"""Marginals of the customers on one kind of contract."""

FIGURES = ("value", "low", "high", "status")
"""What says how large a parameter is: stated together, or not at all."""

WORDS = ("source", "note")
"""What else may be said of it."""
