"""Organisations: several people decide, and the loss of the one who speaks for us is felt most."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import Luck, chance_of, counts, luck, someone, this_month

from retainsdk.policies import get
from retainsdk.view import Kind
from retainsim.market import Market, law, load_preset, run
from retainsim.market import purposes as for_
from retainsim.market.engine import World
from retainsim.market.law import account
from retainsim.market.person import OURS, Contact, ContractKind, Person, Row, rows
from retainsim.market.streams import drawn

__all__ = ["luck"]  # a fixture from `lives`

SAAS = load_preset("saas")
FIXED = SAAS.drawn(0, "fixed")
EVERYBODY = Contact.CHAMPION | Contact.DECIDER | Contact.INFLUENCER | Contact.USER
KNOWN = 0b1110
NONE = 4


def house(**changes: float) -> SimpleNamespace:
    unknown = changes.keys() - FIXED.values.keys()
    assert not unknown, unknown
    return SimpleNamespace(**{**FIXED.values, **changes})


P = house()


def an_account(committee: int = EVERYBODY, **changes: Any) -> Row:
    return someone(
        kind=Kind.ORGANISATION, contract=ContractKind.ONE_YEAR, committee=int(committee), **changes
    )


def share_that_goes(p: Any, *, n: int = 600, **changes: Any) -> float:
    w = this_month()
    gone = 0
    for key in range(1, n + 1):
        person = an_account(key=key, **changes)
        gone += law.decide(person, w, KNOWN, 0.0, chance_of(person), p) != OURS
    return gone / n


# the vote


@given(
    committee=st.integers(1, 31),
    ballots=st.lists(st.integers(0, NONE), min_size=5, max_size=5),
)
def test_the_option_with_most_weight_of_those_present_is_elected(committee: int, ballots: list[int]) -> None:
    packed = sum(option << (4 * place) for place, option in enumerate(ballots))
    weights = [0.0] * (NONE + 1)
    for place, option in enumerate(ballots):
        if committee & 1 << place:
            weights[option] += law.weight(place, P)

    winner = law.elected(an_account(committee), packed, NONE + 1, P)

    assert weights[winner] == pytest.approx(max(weights))
    assert all(weights[option] < weights[winner] - 1e-12 for option in range(winner))


def test_each_weight_is_the_one_the_preset_states() -> None:
    stated = [P.vote_champion, P.vote_decider, P.vote_influencer, P.vote_user, P.vote_blocker]

    assert [law.weight(place, P) for place in range(account.PLACES)] == stated


def test_one_person_chooses_by_himself_whatever_stands_in_the_committee() -> None:
    w = this_month()
    for key in range(1, 60):
        person = someone(key=key, committee=31, satisfaction=-0.6)
        luck_of_his = chance_of(person)

        alone = law.choose(person, w, KNOWN, 0.0, drawn(luck_of_his, for_.CHOICE), P)

        assert law.decide(person, w, KNOWN, 0.0, luck_of_his, P) == alone


def test_who_speaks_for_us_sways_all_and_who_is_against_does_too() -> None:
    nobody, champion, blocker = (law.swayed(an_account(it), P) for it in (8, 9, 24))

    assert (nobody, champion, blocker) == (0.0, P.champion_sways, -P.blocker_sways)


def test_opinions_are_of_each_contact_for_good_and_differ() -> None:
    person = an_account(key=5)

    opinions = [law.opinion(person, place, P) for place in range(account.PLACES)]

    assert opinions == [law.opinion(an_account(key=5), place, P) for place in range(account.PLACES)]
    assert len(set(opinions)) == account.PLACES
    assert np.mean([
        law.opinion(an_account(key=key), 0, P) - law.opinion(an_account(key=key), 4, P) for key in range(1, 400)
    ]) == pytest.approx(2 * P.champion_speaks, abs=0.2)  # fmt: skip


def test_after_a_conversation_the_same_contacts_vote_by_the_same_numbers() -> None:
    w = this_month()
    for key in range(1, 40):
        person = an_account(key=key, satisfaction=-0.5)
        first = law.decide(person, w, KNOWN, 0.0, chance_of(person), P)

        assert law.decide(person, w, KNOWN, 0.0, chance_of(person), P) == first
        assert law.decide(person, w, KNOWN, 30.0, chance_of(person), P) == OURS


def test_a_champion_keeps_an_account_and_a_blocker_loses_one() -> None:
    unhappy: dict[str, Any] = {"satisfaction": -0.4}

    with_all = share_that_goes(P, **unhappy)
    without = share_that_goes(P, committee=int(EVERYBODY & ~Contact.CHAMPION), **unhappy)
    with_blocker = share_that_goes(P, committee=int(EVERYBODY | Contact.BLOCKER), **unhappy)

    assert without > with_all
    assert with_blocker > with_all


# who comes and goes


def test_contacts_go_at_the_rate_of_the_preset_and_are_won_sooner_by_who_is_in_touch(luck: Luck) -> None:
    luck(otherwise=0.5)
    for change, before, after, attention in (
        (0.0, EVERYBODY, 16, 0.0),
        (0.5, EVERYBODY, EVERYBODY, 0.0),
    ):
        person = an_account(before, attention=attention)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(account, "drawn", lambda *_, u=change: u)
            law.turn_over(person, 0, P)

        assert person.committee == after


def test_attention_wins_successors() -> None:
    won = {}
    for attention in (0.0, 1.0):
        people = [an_account(int(Contact.USER), key=key, attention=attention) for key in range(1, 1_500)]
        for person in people:
            law.turn_over(person, chance_of(person), P)
        won[attention] = np.mean([bool(person.committee & Contact.CHAMPION) for person in people])

    assert won[0.0] == pytest.approx(P.successor_won, abs=0.03)
    assert won[1.0] == pytest.approx(P.successor_won + P.successor_by_contact, abs=0.06)


def test_when_the_champion_goes_all_is_looked_at_anew() -> None:
    p = house(contact_leaves=1.0, successor_won=0.0, successor_by_contact=0.0, blocker_comes=0.0)
    with_one, without = an_account(), an_account(int(EVERYBODY & ~Contact.CHAMPION))
    for person in (with_one, without):
        law.turn_over(person, chance_of(person), p)

    assert with_one.committee == without.committee == 0
    assert law.stirred(with_one) == pytest.approx(P.champion_lost_wakes)
    assert law.stirred(without) == 0


def test_who_brings_us_in_speaks_for_us() -> None:
    account_, person = an_account(0, firm=1), someone(firm=1)
    for it in (account_, person):
        law.join(it, 0.0, -1, this_month(), chance_of(it), P, counts())

    assert account_.committee == Contact.CHAMPION | Contact.DECIDER | Contact.USER
    assert person.committee == 0


# what is seen


def test_contacts_of_accounts_are_known_and_of_persons_not() -> None:
    market = Market.draw(SAAS, customers=60, seed=1)
    world = World(market, compiled=False)
    ours = market.people[market.people["begun"] > 0]
    ours = ours[np.argsort(ours["key"])]

    view = world.view(world.month(0))

    assert view.known("contacts_known").all()
    assert view.champion_present.tolist() == (ours["committee"] & 1 > 0).tolist()
    assert view.deciders_known.tolist() == (ours["committee"] >> 1 & 1).tolist()
    assert view.contacts_known.tolist() == [int(it).bit_count() for it in ours["committee"]]
    assert (view.kind == Kind.ORGANISATION).all()
    assert not view.known("senior").any()


# the world


def left_within(months: int, change: Callable[[Person], None], *, customers: int = 400) -> int:
    """How many of our first customers leave, after a change to each of them before the first month."""
    market = Market.draw(SAAS, customers=customers, seed=7, parameters="fixed")
    world = World(market, compiled=False)
    for person in rows(world.people):
        if person.firm == OURS:
            person.committee |= int(EVERYBODY)
            change(person)
    for number in range(months):
        month = world.month(number)
        tally, threatening = world.live(month)
        world.settle(month, threatening, tally, None)
        world.close(tally)
    return int(customers - world.reins.course.counted.cohort.sum())


def test_the_loss_of_a_champion_raises_leaving_three_times_as_much_as_that_of_a_user() -> None:
    """Twins: the same worlds, in which each account loses somebody on the first day [E2]."""

    def lose(contact: Contact) -> Callable[[Person], None]:
        def change(person: Person) -> None:
            person.committee &= ~int(contact) & 31
            if contact is Contact.CHAMPION:
                law.stir(person, P.champion_lost_wakes)

        return change

    usual = left_within(12, lambda _: None)
    without_user, without_champion = (left_within(12, lose(it)) for it in (Contact.USER, Contact.CHAMPION))

    assert without_champion - usual >= 3 * abs(without_user - usual)
    assert without_champion > 1.2 * usual


def test_accounts_live_the_same_compiled_and_plain() -> None:
    market = Market.draw(SAAS, customers=250, seed=1)

    one, other = (
        run(market, get("early_warning"), months=10, residual_months=2, compiled=it) for it in (True, False)
    )

    assert one.digest == other.digest
    np.testing.assert_array_equal(one.flows, other.flows)
    assert one.flows[:, law.LEFT].sum() > 0


def test_the_rule_is_off_where_nobody_is_an_organisation() -> None:
    telecom = Market.draw(load_preset("telecom"), customers=100, seed=1, parameters="fixed")
    other = attrs.evolve(
        telecom,
        rules=attrs.evolve(
            telecom.rules, values={**telecom.rules.values, "contact_leaves": 1.0, "champion_sways": 9.0}
        ),
    )

    one, two = (run(it, get("none"), months=6, compiled=False, residual_months=0) for it in (telecom, other))

    assert one.digest == two.digest
