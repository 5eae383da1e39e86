from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.errors import CommandError
from retainsdk.events import CompetitorOfferSeen, Fact, OfferingListed, OfferingWithdrawn
from retainsdk.firm.offering import (
    UNSUITABLE_BELOW,
    Offering,
    Sale,
    cheapest,
    missold,
    most_suitable,
    open_offers,
    recommended,
    widening,
)
from retainsdk.quantities import Money
from retainsdk.testing import at

amounts = st.floats(0, 1000)


def a_package(
    code: str = "m", *, fee: int = 20, included: float | None = 40.0, **changes: Any
) -> Offering:  # whatever an Offering takes
    return Offering(
        code=code, name=code, fee=Money(fee, "EUR"), products=1, included=included, listed_at=at(1), **changes
    )


@given(used=amounts, included=amounts)
def test_suitability_is_a_share_and_whole_only_when_use_is_what_is_included(
    used: float, included: float
) -> None:
    suits = a_package(included=included).suitability(used=used, facts={})

    assert suits is not None
    assert 0 <= suits <= 1
    assert (suits == 1) == (used == included) or min(used, included) / max(used, included) == 1


@pytest.mark.parametrize(
    ("facts", "suits"),
    [
        ({"household_size": 3}, 1.0),
        ({"household_size": 1}, 0.0),
        ({}, None),
        ({"household_size": "big"}, None),
        ({"household_size": 3, "senior": True}, 0.0),
    ],
)
def test_conditions_and_counter_indications_come_before_use(
    facts: dict[str, Fact], suits: float | None
) -> None:
    family = a_package(minimum={"household_size": 2}, excluded={"senior": True})

    assert family.suitability(used=40.0, facts=facts) == suits


def test_the_most_suitable_package_is_another_one_and_of_equals_the_cheapest() -> None:
    catalogue = [
        a_package("own", included=10.0),
        a_package("dear", fee=30),
        a_package("cheap", fee=20),
        a_package("unmeasured", included=None),
    ]

    best = most_suitable(catalogue, used=10.0, facts={}, besides="own")

    assert best is not None
    assert (best.offering.code, best.suitability) == ("cheap", 0.25)
    assert most_suitable(catalogue[-1:], used=10.0, facts={}, besides=None) is None


def test_the_cheapest_competing_offer_is_one_that_is_open_on_the_day() -> None:
    def seen(name: str, fee: int, starts: int, ends: int | None) -> CompetitorOfferSeen:
        return CompetitorOfferSeen(
            competitor=name, fee=Money(fee, "EUR"), starts_on=date(2026, starts, 1),
            ends_on=None if ends is None else date(2026, ends, 1), source="web",
        )  # fmt: skip

    offers = [seen("over", 5, 1, 3), seen("now", 9, 2, None), seen("later", 7, 4, None)]

    assert cheapest(open_offers(offers, date(2026, 2, 28))) == offers[0]
    assert cheapest(open_offers(offers, date(2026, 3, 1))) == offers[1]
    assert cheapest(open_offers(offers, date(2026, 4, 1))) == offers[2]
    assert cheapest(open_offers(offers, date(2025, 12, 31))) is None


facts_of_homes = st.fixed_dictionaries(
    {},
    optional={
        "cats": st.integers(0, 2),
        "allergy": st.sampled_from(["nuts", "none"]),
        "size": st.just("big"),
    },
)
packages = st.builds(
    a_package,
    st.sampled_from(["a", "b", "c", "d"]),
    fee=st.integers(1, 3),
    included=st.none() | st.sampled_from([10.0, 40.0]),
    minimum=st.sampled_from([{}, {"cats": 1}, {"size": 2}]),
    excluded=st.sampled_from([{}, {"allergy": "nuts"}]),
    complements=st.sampled_from([(), ("a",), ("b", "c")]),
    withdrawn_at=st.sampled_from([None, None, at(2)]),
)


ruled_out = st.builds(
    a_package, st.sampled_from(["a", "c"]), included=st.just(10.0), excluded=st.just({"allergy": "nuts"})
)
"""Packages that would suit somebody well but for what rules them out."""


@pytest.mark.invariant(46)
@given(
    st.lists(packages | ruled_out, max_size=5, unique_by=lambda it: it.code),
    facts_of_homes | st.just({"allergy": "nuts"}),
    st.none() | st.sampled_from([10.0, 25.0, 40.0]),
    st.sets(st.sampled_from(["a", "b"])),
    st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), st.just(Money(10**6, "EUR"))),
)
def test_whatever_its_margin_nothing_is_proposed_that_is_ruled_out_or_of_unknown_suitability(
    catalogue: list[Offering],
    facts: dict[str, Fact],
    used: float | None,
    holds: set[str],
    margins: dict[str, Money],
) -> None:
    given_ = {"used": used, "facts": facts, "holds": holds, "margins": margins}
    proposed = recommended(catalogue, **given_)  # type: ignore[arg-type] # each by its name
    wider = widening({it.code: it for it in catalogue}, **given_)  # type: ignore[arg-type] # each by its name

    for it in [*proposed, *wider]:
        suits = it.offering.suitability(used=used, facts=facts)
        assert suits is not None
        assert suits == it.suitability >= UNSUITABLE_BELOW
        assert not any(facts.get(name) == value for name, value in it.offering.excluded.items())
        assert it.offering.code not in holds
        assert it.offering.is_offered
    assert {it.offering.code for it in wider} <= {it.offering.code for it in proposed}
    suitable = {
        it.code
        for it in catalogue
        if it.is_offered
        and it.code not in holds
        and (it.suitability(used=used, facts=facts) or 0) >= UNSUITABLE_BELOW
    }
    assert {it.offering.code for it in proposed} == suitable


def test_of_packages_that_suit_the_same_the_margin_decides_and_never_of_others() -> None:
    catalogue = [
        a_package("snug", included=10.0),
        a_package("wide", included=12.0),
        a_package("same", included=10.0),
    ]
    margins = {"wide": Money(900, "EUR"), "same": Money(2, "EUR")}

    found = recommended(catalogue, used=10.0, facts={}, margins=margins)

    assert [it.offering.code for it in found] == ["same", "snug", "wide"]


def test_to_propose_what_does_not_suit_at_all_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="least"):
        recommended([], used=1.0, facts={}, least=0)


def test_what_goes_well_with_something_he_has_is_named_with_it() -> None:
    catalogue = {
        "phone": a_package("phone", included=40.0, complements=("cover", "nuts")),
        "cover": a_package("cover", included=None, minimum={"cats": 1}),
        "nuts": a_package("nuts", included=None, minimum={"cats": 1}, excluded={"allergy": "nuts"}),
        "tv": a_package("tv", included=None, minimum={"cats": 1}),
    }

    found = widening(catalogue, used=40.0, facts={"cats": 2, "allergy": "nuts"}, holds={"phone"})

    assert [(it.offering.code, it.beside, it.rule) for it in found] == [
        ("cover", "phone", "all conditions hold: cats")
    ]


@pytest.mark.parametrize(
    ("used", "facts", "rule"),
    [
        (30.0, {"cats": 2}, "uses 30 a month of 40 it is made for"),
        (30.0, {"cats": 0}, "condition: cats is less than 1"),
        (30.0, {}, "nobody knows cats"),
        (None, {"cats": 2}, "nobody knows how much he uses"),
        (30.0, {"cats": 2, "allergy": "nuts"}, "counter-indication: allergy is nuts"),
    ],
)
def test_a_judgement_names_its_rule(used: float | None, facts: dict[str, Fact], rule: str) -> None:
    package = a_package(minimum={"cats": 1}, excluded={"allergy": "nuts"})

    assert package.judged(used=used, facts=facts).rule == rule


def listed(fee: int) -> OfferingListed:
    return OfferingListed(name="m", fee=Money(fee, "EUR"), products=1, included=None, minimum={}, excluded={})


@given(st.permutations([1, 3, 5]))
def test_a_package_has_its_last_form_and_knows_the_earlier_in_whatever_order_they_were_told(
    months: list[int],
) -> None:
    package = Offering.listed("m", listed(months[0]), at(months[0]))
    for month in months[1:]:
        package = package.listed_anew(listed(month), at(month))

    assert [(form.listed_at, form.fee.minor) for form in package.earlier] == [(at(1), 100), (at(3), 300)]
    assert (package.listed_at, package.fee.minor) == (at(5), 500)


def test_a_withdrawn_package_is_offered_to_nobody_until_it_is_listed_anew() -> None:
    package = Offering.listed("m", listed(1), at(1)).withdrawn(OfferingWithdrawn(why="old"), at(3))

    assert not package.is_offered
    assert not package.listed_anew(listed(2), at(2)).is_offered
    assert package.listed_anew(listed(2), at(4)).is_offered
    assert most_suitable([package], used=1.0, facts={}, besides=None) is None
    with pytest.raises(CommandError, match="was withdrawn already"):
        package.withdrawn(OfferingWithdrawn(why="old"), at(4))
    with pytest.raises(CommandError, match="needs a reason"):
        package.listed_anew(listed(2), at(4)).withdrawn(OfferingWithdrawn(why=""), at(5))


def test_only_what_was_known_not_to_suit_when_it_was_sold_is_missold() -> None:
    sold = [
        Sale(at=at(1), offering=code, suitability=suits, rule="r", where="record 1")
        for code, suits in (("well", 0.5), ("ill", 0.4), ("who knows", None), ("never", 0.0))
    ]

    assert [sale.offering for sale in missold(sold)] == ["ill", "never"]


def test_of_a_competitors_package_seen_twice_the_last_look_counts() -> None:
    def seen(fee: int, name: str = "S", ends: date | None = None) -> CompetitorOfferSeen:
        return CompetitorOfferSeen(
            competitor="Cellex", fee=Money(fee, "EUR"), starts_on=date(2026, 1, 1), ends_on=ends, source="web", name=name
        )  # fmt: skip

    found = open_offers([seen(9), seen(5), seen(7, "L"), seen(1, ends=date(2026, 2, 1))], date(2026, 3, 1))

    assert [(it.name, it.fee.minor) for it in found] == [("S", 500), ("L", 700)]
