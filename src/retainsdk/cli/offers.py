"""What was offered to customers, what is on offer, and what competitors ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from retainsdk.cli.command import Deed, Gathered, number
from retainsdk.cli.contracts import CHANGED_IF_SAID
from retainsdk.cli.words import (
    Amount,
    Anything,
    Count,
    Day,
    Figure,
    Instant,
    Number,
    OneOf,
    Reading,
    Refused,
    Who,
    Word,
    arg,
    need,
    opt,
)
from retainsdk.vocabulary import OfferKind

if TYPE_CHECKING:
    from retainsdk.book import Book

_WHO = arg("relationship", Who(), "To whom: a name, a reference or an id.")
_OFFER = arg("offer", Number(), "The number of the offer.")
_CODE = arg("code", Word(metavar="CODE"), "Of the package.")


@attrs.frozen(kw_only=True)
class Pair(Word):
    """A name and a value."""

    metavar: str = "NAME=VALUE"
    figure: bool = False

    def read(self, text: str, book: Book | None) -> tuple[str, Any]:
        """Both."""
        name, equals, value = text.partition("=")
        if not (name.strip() and equals and value.strip()):
            raise Refused("must be a name and a value, like 'age=18'", "Write them with = between.")
        word = Figure() if self.figure else Anything()
        return name.strip(), word.read(value.strip(), book)


def _pairs(_: Reading, typed: Mapping[str, Any], __: Mapping[str, Any]) -> dict[str, Any]:
    return dict(pair for pairs in typed.values() for pair in pairs if pair is not None)


def _by_name(name: str, word: Pair, help_: str, option: str) -> Gathered:
    return Gathered(name=name, parts=(opt(name, word, help_, option=option, many=True),), make=_pairs)


ROWS = (
    Deed(
        words="offer make",
        does="Record what we offered a customer, with how well it suits him.",
        call="make_offer",
        takes=(
            _WHO,
            arg("kind", OneOf(words=OfferKind), "What it gives."),
            opt("offering", Word(metavar="CODE"), "The package offered."),
            opt("amount", Amount(), "Off the fee per month, for a price."),
            opt("months", Count(), "How long price or pause last."),
            opt("cost", Amount(), "What it costs us in all."),
            opt("what", Word(), "In words."),
            opt("expires_at", Instant(), "Until when he can answer."),
        ),
        gives=(number("offer"),),
        says="Offer {offer} to {relationship}: {kind}.",
        example="retainsdk offer make Noa price --amount 5 --months 6",
    ),
    Deed(
        words="offer accept",
        does="Record that a customer took an offer; a package amends his contract, as it was listed or by the terms that are said, and a pause lets it rest.",
        call="accept_offer",
        takes=(_WHO, _OFFER),
        gathers=(CHANGED_IF_SAID,),
        says="{relationship} took offer {offer}.",
        example="retainsdk offer accept Noa 1",
    ),
    Deed(
        words="offer decline",
        does="Record that a customer did not take an offer.",
        call="decline_offer",
        takes=(_WHO, _OFFER),
        says="{relationship} declined offer {offer}.",
        example="retainsdk offer decline Noa 1",
    ),
    Deed(
        words="offer lapse",
        does="Record that offers whose time is over have run out without an answer.",
        call="lapse_offers",
        takes=(_WHO,),
        gives=(number("lapsed"),),
        says="Offers to {relationship} that have run out: {lapsed}.",
        example="retainsdk offer lapse Noa",
    ),
    Deed(
        words="offering list",
        does="Put a package into the catalogue, in this form from now on.",
        call="list_offering",
        takes=(
            _CODE,
            arg("name", Word(), "As it is called."),
            need("fee", Amount(), "Per month."),
            opt("products", Count(), "Services in it. [default: 1]"),
            opt("included", Figure(), "Use that the fee includes."),
            opt(
                "complements",
                Word(metavar="CODE"),
                "A package it goes well with.",
                option="--complement",
                many=True,
            ),
        ),
        gathers=(
            _by_name("minimum", Pair(figure=True), "The least a fact must be for it to suit.", "--minimum"),
            _by_name("excluded", Pair(), "A fact with which it does not suit.", "--excluded"),
            _by_name("facts", Pair(), "Something it has, to compare it by.", "--fact"),
        ),
        says="{name} ({code}) is on offer at {fee}.",
        example="retainsdk offering list fibre-100 'Fibre 100' --fee 39.90 --included 100",
    ),
    Deed(
        words="offering withdraw",
        does="Offer a package to nobody any longer; those who have it keep it.",
        call="withdraw_offering",
        takes=(_CODE, need("why", Word(), "Why.")),
        says="{code} is withdrawn.",
        example="retainsdk offering withdraw fibre-100 --why 'replaced by fibre-200'",
    ),
    Deed(
        words="competitor offer",
        does="Record what a competitor asks a month, of everybody or of one customer.",
        call="see_competitor_offer",
        takes=(
            arg("competitor", Word(), "Who."),
            need("fee", Amount(), "Per month."),
            need("starts_on", Day(), "From which day."),
            opt("ends_on", Day(), "First day without it."),
            need("source", Word(), "How we know."),
            opt("relationship", Who(), "Of whom. [default: everybody]"),
            opt("name", Word(), "As it is called."),
            opt("lock_in_months", Count(), "Months that it binds."),
            opt("included", Figure(), "Use that the fee includes."),
            opt("products", Count(), "Services in it. [default: 1]"),
        ),
        says="{competitor} asks {fee} a month.",
        example="retainsdk competitor offer Bezal --fee 24.90 --starts-on 2026-02-01 --source 'their site'",
    ),
)
