"""Calls that we begin: who is called, what can be said, and how the end enters the month."""

from __future__ import annotations

import math

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from visited import a_call, a_scenario, move

from retainsdk.errors import InputError
from retainsdk.policy import ACTIONS, ActionKind, MoveKind
from retainsdk.view import Reason
from retainsim.market.engine import Part
from retainsim.market.law import LAW
from retainsim.market.law.names import CONCESSIONS, CONTACTS, REVENUE, SERVING
from retainsim.market.month import Month
from retainsim.market.person import OURS, rows
from retainsim.market.response import MOST_TURNS
from retainsim.market.streams import stream_of
from retainsim.training.bots import possible_moves
from retainsim.training.outlook import Futures
from retainsim.training.scenario import cast
from retainsim.training.session import Session
from retainsim.training.situation import NOTHING_DONE, Fact, Outcome
from retainsim.training.situation.deeds import OF_CUSTOMERS, OF_LEAVERS

ASK, PROBE, CLOSE, GREET, PRESS, RELEASE = (
    move(kind)
    for kind in (
        MoveKind.ASK_OPEN,
        MoveKind.PROBE,
        MoveKind.CLOSE,
        MoveKind.SMALL_TALK,
        MoveKind.PRESSURE,
        MoveKind.RELEASE,
    )
)
CALM, GOODBYE, FORMER = (a_call(situation) for situation in ("calm", "goodbye", "former"))
FEE = CALM.seen.monthly_fee
OFFER = move(MoveKind.OFFER_DISCOUNT, amount=FEE // 5, months=6)


@pytest.mark.parametrize("preset", ["telecom", "gym", "saas", "pet_shop", "restaurant"])
def test_whom_we_call_calmly_is_ours_and_has_said_nothing(preset: str) -> None:
    for seed in range(3):
        case = a_call("calm", preset=preset, seed=seed).case

        assert case.row["firm"][0] == OURS
        assert case.row["leaning"][0] < 0
        assert case.truth is not Reason.NO_NEED_STATED


def test_to_whom_we_say_goodbye_left_within_a_month_and_who_is_won_back_before_that() -> None:
    for situation, lowest, highest in (("goodbye", 0, 31), ("former", 32, 10_000)):
        for seed in range(4):
            case = a_call(situation, seed=seed).case

            assert case.row["firm"][0] != OURS
            assert case.row["begun"][0] > 0
            assert lowest <= case.card["days_since_end"] <= highest


def test_in_a_shop_nobody_gives_notice_and_who_is_missed_can_be_won_back() -> None:
    case = a_call("former", preset="restaurant").case

    assert case.card["visit_gap"] > 3
    for situation in ("threat", "goodbye"):
        with pytest.raises(AssertionError, match="has no contracts"):
            a_scenario(situation, preset="restaurant")


def test_reasons_of_the_scenario_are_what_would_take_him_away_and_the_law_says_so() -> None:
    scenario = a_scenario("calm", rest="[reasons]\nnot_worth_cost = 1\nlife_event = 1")
    for seed in range(4):
        case = cast(scenario, seed)

        person, p, w = case.person(), case.market.rules.plain(), case.month.row
        known = LAW.known_firms(stream_of(person.key, w.when), w)
        elsewhere = [LAW.going(person, firm, w, p) for firm in range(1, w.n_firms) if known & (1 << firm)]
        assert case.truth in scenario.reasons
        assert LAW.going_without(person, w, p) > max(elsewhere, default=-math.inf)


@pytest.mark.parametrize("rows", [OF_CUSTOMERS, OF_LEAVERS])
def test_a_move_comes_to_an_action_whose_counterpart_it_is_and_to_one_purpose(rows: object) -> None:
    for row in rows:  # type: ignore[attr-defined]
        assert len({ACTIONS[kind].consent for kind in row.kinds}) == 1
        if rows is OF_CUSTOMERS:
            plain = [kind for kind in row.kinds if kind is not ActionKind.COMPENSATION]
            assert all(row.move in ACTIONS[kind].moves for kind in plain)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ((), ActionKind.NOTHING),
        ((CLOSE,), ActionKind.NOTHING),
        ((ASK, CLOSE), ActionKind.CHECK_IN),
        ((PROBE, ASK, CLOSE), ActionKind.NEEDS_REVIEW),
        ((GREET, ASK, PROBE, CLOSE), ActionKind.GREETING),
        ((OFFER, GREET, move(MoveKind.EXPLAIN_VALUE)), ActionKind.OFFER_PRICE),
        ((OFFER, move(MoveKind.PROPOSE_FIT)), ActionKind.OFFER_PACKAGE),
        ((move(MoveKind.APOLOGISE), CLOSE), ActionKind.APOLOGY),
        ((move(MoveKind.APOLOGISE, amount=FEE // 4),), ActionKind.COMPENSATION),
        ((OFFER, move(MoveKind.SMALL_TALK, amount=FEE // 4)), ActionKind.GREETING),
        ((move(MoveKind.ASK_REFERRAL),), ActionKind.ASK_REFERRAL),
        ((move(MoveKind.OFFER_BENEFIT, amount=FEE // 4),), ActionKind.OFFER_BENEFIT),
    ],
)
def test_a_call_comes_to_the_move_that_binds_most_and_of_several_to_the_last(
    said: tuple[object, ...], kind: ActionKind
) -> None:
    assert CALM.after(said).deed.kind is kind  # type: ignore[arg-type]


def test_with_who_hangs_up_nothing_is_agreed_but_the_trust_is_lost() -> None:
    session = CALM.say(OFFER)
    while session.end is None:
        session = session.say(PRESS)

    assert session.end == "hung up"
    assert session.deed == NOTHING_DONE
    assert session.call.trust < CALM.call.trust


def test_a_complaint_that_is_open_can_be_taken_higher_and_one_that_is_not_cannot() -> None:
    open_one = a_call("calm", rest="[card]\ncomplaints_open = [1, 1]")
    several = attrs.evolve(
        open_one, case=attrs.evolve(open_one.case, card={**open_one.case.card, "complaints_open": 2})
    )

    assert MoveKind.ESCALATE not in CALM.menu or CALM.card["complaints_open"]
    assert open_one.say(move(MoveKind.ESCALATE)).deed.kind is ActionKind.ESCALATE
    assert several.say(move(MoveKind.ESCALATE)).deed.kind is ActionKind.MEDIATE


def test_what_he_has_not_agreed_to_is_not_on_the_menu() -> None:
    card = {**CALM.card, "consent_sales": False, "consent_personal": False}
    session = attrs.evolve(CALM, case=attrs.evolve(CALM.case, card=card))

    assert not {MoveKind.OFFER_DISCOUNT, MoveKind.PROPOSE_FIT, MoveKind.SMALL_TALK} & set(session.menu)
    assert {MoveKind.ASK_OPEN, MoveKind.APOLOGISE, MoveKind.CLOSE} <= set(session.menu)
    with pytest.raises(InputError, match="has no place"):
        session.say(OFFER)


def test_a_package_and_a_pause_are_no_offers_of_a_shop() -> None:
    shop = a_call("calm", preset="pet_shop")

    assert not {MoveKind.PROPOSE_FIT, MoveKind.OFFER_PAUSE, MoveKind.RELEASE} & set(shop.menu)
    assert shop.packages == ()


def test_who_left_is_advised_thanked_or_offered_something_and_let_go_well() -> None:
    assert FORMER.say(ASK).deed.kind is ActionKind.KEEP_ADVISING
    assert FORMER.after((ASK, GREET)).deed.kind is ActionKind.GREETING
    offer = move(MoveKind.OFFER_DISCOUNT, amount=FORMER.seen.monthly_fee // 5, months=6)
    assert FORMER.say(offer).deed.kind is ActionKind.WIN_BACK
    assert GOODBYE.say(RELEASE).deed.kind is ActionKind.RELEASE_WELL
    assert GOODBYE.say(RELEASE).end == "released"


def test_a_gift_is_given_within_authority_and_to_nobody_who_left() -> None:
    with pytest.raises(InputError, match="amount"):
        CALM.say(move(MoveKind.SMALL_TALK, amount=FEE))
    with pytest.raises(InputError, match="amount"):
        FORMER.say(move(MoveKind.SMALL_TALK, amount=1))


def test_he_is_no_angrier_than_what_hurts_him() -> None:
    p = CALM.case.market.rules.plain()
    person = CALM.case.person()

    assert CALM.call.mood == pytest.approx(-person.hurt + p.talk_trust_warms * person.trust)


@pytest.mark.parametrize("begun", [CALM, GOODBYE, FORMER])
def test_the_twin_whom_nobody_called_is_the_same_but_for_chance(begun: object) -> None:
    futures = Futures(case=begun.case)  # type: ignore[attr-defined]

    first, again = futures.of(begun.outcome), futures.of(begun.outcome)  # type: ignore[attr-defined]

    assert first == again
    effect = first.beside(again, names=("one", "same"), currency="USD")
    assert (effect.estimate, effect.low, effect.high) == (0, 0, 0)


def test_a_year_with_what_was_agreed_costs_what_it_costs() -> None:
    futures = Futures(case=CALM.case)
    greeted = CALM.say(GREET)
    given = CALM.say(move(MoveKind.SMALL_TALK, amount=FEE // 4))

    assert greeted.call == given.call
    assert futures.of(greeted.outcome).value - futures.of(given.outcome).value == pytest.approx(FEE // 4)


def test_in_every_world_he_is_the_same_person_with_other_luck() -> None:
    futures = Futures(case=CALM.case)
    mine = futures.people[CALM.case.place :: len(CALM.case.circle)]
    own = CALM.case.row

    assert len(mine) == futures.worlds
    assert len(set(mine["key"].tolist())) == futures.worlds
    for name in ("trust", "hurt", "need", "monthly_fee", "true_reason", "member"):
        assert (mine[name] == own[name][0]).all()
    suit = {LAW.products_that_suit(it) for it in rows(mine.copy())}
    assert suit == {LAW.products_that_suit(CALM.case.person())}


def test_an_offer_to_come_back_brings_some_back_and_silence_fewer() -> None:
    scenario = a_scenario("former", rest="[card]\ncompetitor_lock_in_days = [0, 0]")
    offered, silent = 0.0, 0.0
    for seed in range(4):
        session = attrs.evolve(FORMER, case=cast(scenario, seed), moves=(), calls=FORMER.calls)
        session = attrs.evolve(session, calls=(session.occasion.begin(session.case),))
        offer = move(MoveKind.OFFER_DISCOUNT, amount=session.seen.monthly_fee // 5, months=12)
        futures = Futures(case=session.case)
        silent += futures.of(session.outcome).stays
        offered += futures.of(session.say(offer).outcome).stays

    assert offered > silent


def test_what_is_decided_with_his_own_luck_is_the_same_again_and_changes_nothing() -> None:
    row = CALM.case.row.tobytes()
    outcome = CALM.after((ASK, CLOSE)).outcome

    first, again = (CALM.occasion.decides(CALM.case, outcome) for _ in range(2))

    assert first is again
    assert CALM.case.row.tobytes() == row
    assert CALM.occasion.decides(CALM.case, Outcome(call=CALM.call)) in (True, False)


@pytest.mark.parametrize("begun", [CALM, GOODBYE, FORMER])
def test_whom_nobody_called_lives_as_the_market_lets_him_live(begun: Session) -> None:
    case, futures = begun.case, Futures(case=begun.case)
    part = Part(case.market, people=futures.people.copy())
    brought = 0
    for number in range(case.month.number, case.month.number + 12):
        later = Month.of(case.market.seed, case.market.starts_at, number, case.month.plan)
        month = case.month if number == case.month.number else later
        tally, threatening = part.live(month)
        part.settle(month, threatening, tally, None)
        brought += int(tally[REVENUE] - tally[CONCESSIONS] - tally[SERVING] - tally[CONTACTS])

    outlook = futures.of(begun.outcome, groups=1)

    assert outlook.value == pytest.approx(brought / futures.worlds)
    assert outlook.ours == (part.people["firm"][case.place :: len(case.circle)] == OURS).mean()


@given(
    places=st.lists(st.integers(0, 99), max_size=MOST_TURNS),
    which=st.sampled_from(["calm", "goodbye", "former"]),
)
@settings(max_examples=25)
def test_any_moves_of_the_menu_come_to_an_action_of_the_table_or_to_nothing(
    places: list[int], which: str
) -> None:
    session = {"calm": CALM, "goodbye": GOODBYE, "former": FORMER}[which]
    rows = OF_CUSTOMERS if which == "calm" else OF_LEAVERS
    for place in places:
        if session.end is not None:
            break
        moves = possible_moves(session)
        session = session.say(moves[place % len(moves)])

    said = {it.kind for it in session.moves}
    possible = {kind for row in rows if row.move in said for kind in row.kinds}
    assert -1 <= session.call.trust <= 1
    if session.end == "hung up" or not possible:
        assert session.deed == NOTHING_DONE
    else:
        assert session.deed.kind in possible


def test_a_mood_that_a_call_has_spoilt_spoils_what_he_feels_for_us() -> None:
    pressed, warmed = CALM.after((PRESS, CLOSE)), CALM.after((GREET, CLOSE))

    felt = {name: part_after(it) for name, it in (("pressed", pressed), ("warmed", warmed), ("nobody", CALM))}

    assert felt["pressed"] < felt["nobody"] < felt["warmed"]


def part_after(session: Session) -> float:
    """How he is disposed to us when the month of the call is over: trust and satisfaction together."""
    case = session.case
    part = Part(case.market, people=case.circle.copy(), compiled=False)
    session.occasion.enter(part, np.array([case.place]), case, session.outcome)
    return float(part.people["trust"][case.place] + part.people["satisfaction"][case.place])


def test_what_he_tells_besides_is_true_and_told_by_who_tells_his_reason() -> None:
    hurt = a_call(
        "calm", rest="[truth]\nhurt = [0.3, 1.0]\n[card]\ncomplaints = [0, 0]\npromises_broken = [0, 0]"
    )
    told = attrs.evolve(hurt, calls=(attrs.evolve(hurt.call, revealed=hurt.case.truth),))
    complained = attrs.evolve(told, case=attrs.evolve(told.case, row=told.case.row.copy()))
    complained.case.row["complaints"] = 1

    assert hurt.facts == ()
    assert Fact.UNSAID_FAILURE in told.facts
    assert Fact.UNSAID_FAILURE not in complained.facts
