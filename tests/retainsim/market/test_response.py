"""The conversation with a customer who threatens to leave: what each move does, and how it ends."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import Luck, a_month, counts, figure, figures_of, luck, parameters, someone

from retainsdk.policy import Claim, Move, MoveKind, ThreatView
from retainsdk.view import Reason
from retainsim.market import law
from retainsim.market.law import conversation
from retainsim.market.person import FIELDS, OURS, Row
from retainsim.market.response import MOST_TURNS, Call, after, begin, converse, seen, settle
from retainsim.market.streams import drawn, logistic

__all__ = ["luck"]  # a fixture from `lives`

P = parameters()
TRUTH = [field.name for field in FIELDS if field.channel == "truth"]
OFFER = Move(kind=MoveKind.OFFER_DISCOUNT, amount=1_500, months=6)
CALM = Call(mood=0.0, trust=0.2, patience=99.0)
moves = st.builds(
    Move, kind=st.sampled_from(MoveKind), amount=st.sampled_from([0, 500, 9_000]), months=st.integers(0, 12)
)


def a_caller(**changes: Any) -> Row:
    """Somebody who says he will leave."""
    threat = {
        "leaning": 1,
        "threats": 1,
        "true_reason": Reason.CHEAPER_COMPETITOR,
        "stated_reason": 0,
    }
    return someone(**threat | changes)


def said(*kinds: MoveKind | Move, to: Row | None = None, call: Call = CALM) -> Call:
    """The call after those moves."""
    for kind in kinds:
        move = kind if isinstance(kind, Move) else Move(kind=kind)
        call = after(call, move, to or a_caller(), a_month(), P)
    return call


def decide(call: Call, person: Row, **terms: Any) -> bool:
    return settle(call, person, a_month(**terms), P, counts())


# how it begins and ends


def test_a_call_begins_as_angry_as_he_was_hurt_and_the_trusting_are_more_patient() -> None:
    hurt, calm = begin(a_caller(hurt=0.5), P), begin(a_caller(), P)
    trusting, polite = begin(a_caller(trust=0.8), P), begin(a_caller(assertive=0.0), P)

    assert hurt.mood < calm.mood < trusting.mood
    assert trusting.patience > calm.patience < polite.patience
    assert calm.trust == pytest.approx(0.2)


@given(
    script=st.lists(moves, min_size=MOST_TURNS, max_size=MOST_TURNS),
    key=st.integers(0, 99),
    trust=st.sampled_from([-1.0, 0.0, 1.0]),
    assertive=st.sampled_from([0.0, 1.0]),
)
def test_whatever_is_said_a_call_ends_within_twelve_moves_and_stays_in_range(
    script: list[Move], key: int, trust: float, assertive: float
) -> None:
    person, asked = a_caller(key=key, trust=trust, assertive=assertive), []

    def representative(case: ThreatView) -> Move:
        asked.append((case.turn, case.turns_left))
        return script[case.turn]

    call = converse(representative, person, a_month(), P)

    assert asked == [(turn, MOST_TURNS - turn) for turn in range(call.turn)]
    assert 1 <= call.turn <= MOST_TURNS
    assert call.end in {"closed", "released", "escalated", "hung up", "out of time"}
    assert -1 <= call.mood <= 1
    assert -1 <= call.trust <= 1


@pytest.mark.parametrize(
    ("kind", "end"),
    [
        (MoveKind.CLOSE, "closed"),
        (MoveKind.RELEASE, "released"),
        (MoveKind.ESCALATE, "escalated"),
        (MoveKind.ASK_OPEN, None),
    ],
)
def test_some_moves_end_the_call(kind: MoveKind, end: str | None) -> None:
    assert said(kind).end == end


def test_who_talks_for_ever_runs_out_of_time() -> None:
    call = said(*[MoveKind.EMPATHISE] * MOST_TURNS)

    assert (call.turn, call.end) == (MOST_TURNS, "out of time")


def test_who_is_made_angry_enough_hangs_up() -> None:
    call = said(*[MoveKind.REFUSE] * 5, call=attrs.evolve(CALM, mood=-0.1))

    assert (call.turn, call.end) == (5, "hung up")


def test_every_move_beyond_his_patience_annoys() -> None:
    patient, tired = (
        said(MoveKind.COMPARE_COMPETITOR),
        said(MoveKind.COMPARE_COMPETITOR, call=attrs.evolve(CALM, patience=0)),
    )

    assert tired.mood == pytest.approx(patient.mood - 0.15)


# moves


def test_who_trusts_tells_the_reason_when_asked_and_who_does_not_keeps_it(luck: Luck) -> None:
    luck(reply=0.5)
    trusting, wary = attrs.evolve(CALM, trust=0.9), attrs.evolve(CALM, trust=-0.9)

    assert said(MoveKind.ASK_OPEN, call=trusting).revealed is Reason.CHEAPER_COMPETITOR
    assert said(MoveKind.ASK_OPEN, call=wary).revealed is None
    assert said(MoveKind.PROBE, call=trusting).revealed is Reason.CHEAPER_COMPETITOR
    assert said(MoveKind.PROBE, call=wary).revealed is None


@pytest.mark.parametrize(("kind", "eagerness"), [(MoveKind.ASK_OPEN, 0.3), (MoveKind.PROBE, 0.8)])
def test_the_odds_of_being_told_rise_with_trust_and_mood(
    kind: MoveKind, eagerness: float, luck: Luck
) -> None:
    call = attrs.evolve(CALM, trust=-0.4, mood=0.2)
    odds = logistic(eagerness - 1.5 * 0.4 + 0.2)

    told = []
    for u in (odds - 0.001, odds + 0.001):
        luck(reply=u)
        told.append(said(kind, call=call).revealed is not None)

    assert told == [True, False]


def test_one_open_question_is_welcome_and_more_are_not(luck: Luck) -> None:
    luck(reply=0.999)

    first, second = said(MoveKind.ASK_OPEN), said(MoveKind.ASK_OPEN, MoveKind.ASK_OPEN)

    assert (first.questions, second.questions) == (1, 2)
    assert 0.0 < second.mood < first.mood


def test_digging_confirms_a_reason_that_was_told_and_being_understood_counts_once() -> None:
    told = attrs.evolve(CALM, revealed=Reason.SERVICE_FAILURE)

    once, twice = said(MoveKind.PROBE, call=told), said(MoveKind.PROBE, MoveKind.PROBE, call=told)

    assert once.confirmed
    assert once.bonus == twice.bonus == 0.25
    assert once.trust > told.trust
    assert not said(MoveKind.PROBE).confirmed


def test_sympathy_warms_less_and_less() -> None:
    early, late = said(MoveKind.EMPATHISE), said(MoveKind.EMPATHISE, call=attrs.evolve(CALM, turn=8))

    assert early.mood > late.mood > 0.0
    assert early.trust == pytest.approx(0.2 + 0.02 * 0.8)


def test_an_apology_helps_once_as_far_as_he_was_hurt_and_a_third_harms() -> None:
    hurt = a_caller(hurt=0.3)

    calls = [said(*[MoveKind.APOLOGISE] * count, to=hurt) for count in range(4)]

    assert calls[1].bonus == pytest.approx(0.5 * 0.3)
    assert calls[1].mood > 0.0
    assert (calls[2].bonus, calls[2].mood, calls[2].trust) == (calls[1].bonus, calls[1].mood, calls[1].trust)
    assert calls[3].trust < calls[2].trust
    assert calls[3].mood < calls[2].mood
    assert [call.apologies for call in calls] == [0, 1, 2, 3]
    assert said(MoveKind.APOLOGISE).bonus == 0.0


def test_explaining_the_value_interests_once_whom_the_cost_concerns_and_bores_others() -> None:
    counting, other = (
        attrs.evolve(CALM, revealed=reason) for reason in (Reason.NOT_WORTH_COST, Reason.SERVICE_FAILURE)
    )

    calls = [said(*[MoveKind.EXPLAIN_VALUE] * count, call=counting) for count in (1, 2, 3)]

    assert [call.bonus for call in calls] == [0.15] * 3
    assert (calls[0].mood, calls[1].mood < 0.0) == (0.0, True)
    assert said(MoveKind.EXPLAIN_VALUE, call=other).bonus == 0.0
    assert said(MoveKind.EXPLAIN_VALUE, call=other).mood < 0.0


@pytest.mark.parametrize("kind", [MoveKind.OFFER_DISCOUNT, MoveKind.PROPOSE_FIT, MoveKind.OFFER_PAUSE])
def test_the_last_offer_lies_on_the_table_and_one_before_any_question_is_remembered_as_that(
    kind: MoveKind,
) -> None:
    early = said(kind, MoveKind.ASK_OPEN, kind)
    late = said(MoveKind.ASK_OPEN, Move(kind=MoveKind.OFFER_DISCOUNT), kind)

    assert (early.asked, late.asked) == (False, True)
    assert early.offer is not None
    assert late.offer is not None
    assert early.offer.kind is late.offer.kind is kind
    assert said(kind).mood < 0.0


def test_an_honest_comparison_earns_trust_once_whoever_is_ahead() -> None:
    ahead, behind = a_month(price=(1.0, 1.2, 1.2, 1.2)), a_month(price=(1.0, 0.8, 1.0, 1.0))

    once, twice = said(MoveKind.COMPARE_COMPETITOR), said(*[MoveKind.COMPARE_COMPETITOR] * 2)
    calls = [
        after(CALM, Move(kind=MoveKind.COMPARE_COMPETITOR), a_caller(), month, P) for month in (ahead, behind)
    ]

    assert once.compared
    assert once.trust == twice.trust == pytest.approx(0.2 + P.talk_candour * 0.8)
    assert [call.trust for call in calls] == [once.trust] * 2


@pytest.mark.parametrize(
    ("claim", "true", "false"),
    [
        (Claim.WE_ARE_CHEAPER, {"price": (1.0, 1.1, 1.2, 1.3)}, {"price": (1.0, 0.9, 1.2, 1.3)}),
        (Claim.OUR_QUALITY_IS_BETTER, {"quality": (0.0, -0.1, -0.2, -0.3)}, {"quality": (0.0, 0.1, -0.2, -0.3)}),
        (Claim.THEY_BIND_LONGER, {"lock_months": (0, 24, 12, 12)}, {"lock_months": (0, 0, 12, 12)}),
    ],
)  # fmt: skip
def test_a_claim_he_knows_to_be_false_costs_trust_and_a_true_one_does_not(
    claim: Claim, true: dict[str, Any], false: dict[str, Any], luck: Luck
) -> None:
    luck(awareness=0.0)  # he has heard of them all
    move = Move(kind=MoveKind.COMPARE_COMPETITOR, claim=claim)

    honest, caught = (after(CALM, move, a_caller(), a_month(**terms), P) for terms in (true, false))

    assert (honest.trust, honest.false_claims, honest.compared) == (CALM.trust, 0, True)
    assert (caught.false_claims, caught.compared) == (1, False)
    assert caught.trust == pytest.approx(CALM.trust - P.talk_false_claim)


def test_a_false_claim_about_firms_he_has_not_heard_of_goes_unnoticed(luck: Luck) -> None:
    luck(awareness=0.999_999)
    move = Move(kind=MoveKind.COMPARE_COMPETITOR, claim=Claim.WE_ARE_CHEAPER)

    call = after(CALM, move, a_caller(), a_month(price=(1.0, 0.5, 0.5, 0.5)), P)

    assert (call.false_claims, call.trust) == (0, CALM.trust)


def test_a_pause_is_beside_the_point_for_whom_another_firm_attracts() -> None:
    elsewhere, without = a_caller(), a_caller(leaning=4, true_reason=Reason.NOT_WORTH_COST)

    assert said(MoveKind.OFFER_PAUSE, to=elsewhere).bonus == -P.talk_amiss
    assert said(MoveKind.OFFER_PAUSE, to=without).bonus == 0.0


def test_who_is_asked_is_heard_and_more_so_when_his_need_is_only_away(luck: Luck) -> None:
    luck(reply=0.999)

    asked, away = said(MoveKind.ASK_OPEN), said(MoveKind.ASK_OPEN, to=a_caller(need_state=2))

    assert asked.bonus == P.talk_heard == said(*[MoveKind.ASK_OPEN] * 2).bonus
    assert away.bonus == pytest.approx(P.talk_heard + P.talk_afterwards)


def test_a_promise_counts_once_and_by_the_trust_it_is_given() -> None:
    trusting = attrs.evolve(CALM, trust=0.8)

    once, twice = said(MoveKind.PROMISE_FOLLOW_UP), said(*[MoveKind.PROMISE_FOLLOW_UP] * 2)

    assert once.promised
    assert once.bonus == twice.bonus < said(MoveKind.PROMISE_FOLLOW_UP, call=trusting).bonus


@given(times=st.integers(1, 4), assertive=st.sampled_from([0.0, 0.5, 1.0]))
def test_pressure_costs_trust_every_time_and_moves_only_the_polite(times: int, assertive: float) -> None:
    person = a_caller(assertive=assertive)

    before, pressed = (
        said(*[MoveKind.PRESSURE] * (times - 1), to=person),
        said(*[MoveKind.PRESSURE] * times, to=person),
    )

    assert before.trust - pressed.trust == pytest.approx(0.1)
    assert pressed.bonus - before.bonus == pytest.approx(0.2 * (1 - assertive))
    assert (pressed.mood < before.mood) == (assertive > 0)


def test_small_talk_opens_well_and_disturbs_later() -> None:
    assert said(MoveKind.SMALL_TALK).mood > 0.0
    assert said(MoveKind.SMALL_TALK, call=attrs.evolve(CALM, turn=3)).mood < 0.0


def test_refusing_angers_and_handing_over_shows_effort() -> None:
    assert said(MoveKind.REFUSE).mood == -0.2
    assert said(MoveKind.ESCALATE).bonus == 0.1


def test_every_move_has_its_reaction() -> None:
    told = attrs.evolve(CALM, revealed=Reason.SERVICE_FAILURE)

    for kind in MoveKind:
        assert said(kind, call=told) != attrs.evolve(told, turn=1), kind


def test_chance_differs_by_turn_and_never_falls_on_a_neighbour(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers: list[float] = []

    def recorded(stream: int, purpose: int) -> float:
        numbers.append(drawn(stream, purpose))
        return numbers[-1]

    monkeypatch.setattr(conversation, "drawn", recorded)
    for key in range(16):
        said(*[MoveKind.EMPATHISE] * MOST_TURNS, to=a_caller(key=key))

    assert len(set(numbers)) == len(numbers) == 16 * MOST_TURNS


# what the representative sees


@given(
    changes=st.fixed_dictionaries({}, optional={name: st.sampled_from([0, 1]) for name in TRUTH}),
    script=st.lists(
        st.sampled_from([MoveKind.EMPATHISE, MoveKind.COMPARE_COMPETITOR, MoveKind.OFFER_DISCOUNT]),
        max_size=3,
    ),
)
def test_the_representative_sees_no_truth(changes: dict[str, int], script: list[MoveKind]) -> None:
    one, other = a_caller(), a_caller(**changes)
    call = said(*script, to=one)

    assert seen(call, one, a_month()) == seen(call, other, a_month())


def test_he_sees_the_card_what_was_said_and_a_cue_of_the_mood() -> None:
    person = a_caller(
        monthly_fee=5_000, discount=200, tenure=7, value_to_date=35_000, threats=3, complaints=2, usage=0.5
    )
    told = attrs.evolve(
        CALM,
        mood=0.4,
        turn=3,
        revealed=Reason.BETTER_COMPETITOR,
        confirmed=True,
        offer=OFFER,
        apologies=1,
        promised=True,
    )

    view = seen(told, person, a_month(price=(1.0, 0.9, 1.2, 1.0)))

    assert view == ThreatView(
        relationship=1, turn=3, turns_left=9, mood=1, stated_reason=Reason.NO_NEED_STATED,
        revealed=Reason.BETTER_COMPETITOR, confirmed=True, offer=MoveKind.OFFER_DISCOUNT, offer_amount=1_500,
        apologies=1, promised=True, monthly_fee=5_000, discount=200, tenure_months=7, value_to_date=35_000, threats=2,
        complaints=2, competitor_fee=4_500, alternative_suitability=1.0,
    )  # fmt: skip
    assert [seen(attrs.evolve(told, mood=mood), person, a_month()).mood for mood in (-0.5, 0.0, 0.5)] == [
        -1,
        0,
        1,
    ]


# how he decides


@given(
    key=st.integers(0, 999), satisfaction=st.sampled_from([-1.0, -0.4, 0.1]), trust=st.sampled_from([-0.7, 0.3]),
    discount=st.sampled_from([0, 900]), bound=st.sampled_from([0, 200]),
)  # fmt: skip
def test_a_call_that_changes_nothing_changes_no_mind(
    key: int, satisfaction: float, trust: float, discount: int, bound: int
) -> None:
    person = a_caller(key=key, satisfaction=satisfaction, trust=trust, discount=discount, lock_end_day=bound)
    nothing = Call(mood=0.0, trust=person.trust, patience=9.0, end="closed")

    assert not decide(nothing, person)
    assert (person.leaning, person.discount) == (1, discount)


@given(key=st.integers(0, 999), bonus=st.sampled_from([0.1, 1.0, 3.0]))
def test_being_understood_can_only_help(key: int, bonus: float) -> None:
    call = Call(mood=0.0, trust=0.2, patience=9.0, bonus=bonus, end="closed")

    stays = decide(call, a_caller(key=key))
    more = decide(attrs.evolve(call, confirmed=True), a_caller(key=key))
    less = decide(attrs.evolve(call, asked=False), a_caller(key=key))

    assert less <= stays <= more


def test_who_stays_keeps_what_was_offered(luck: Luck) -> None:
    luck(resolve=0.999, promise_due=0.0)
    person, tally = a_caller(), counts()
    call = attrs.evolve(CALM, offer=OFFER, promised=True, turn=4, end="closed")

    stays = settle(call, person, a_month(2), P, tally)

    assert stays
    assert (person.discount, person.discount_until) == (1_500, 2 + 6)
    assert (person.offers_made, person.offers_accepted, person.leaning) == (1, 1, -1)
    assert person.habit == pytest.approx(P.habit_gain)
    assert (person.contact_day, figure(person, "contacts_recent")) == (61, 1.0)
    assert person.promise_due_day == 60 + 14 + 3
    assert tally[law.SAVED] == 1
    assert tally[law.CONTACTS] == int(4 * P.move_minutes * P.minute_cost)


@pytest.mark.parametrize("kind", [MoveKind.OFFER_DISCOUNT, MoveKind.PROPOSE_FIT, MoveKind.OFFER_PAUSE])
def test_what_was_offered_is_off_the_table_when_he_leaves(kind: MoveKind, luck: Luck) -> None:
    luck(resolve=0.0)
    person = a_caller(commitment=-5.0, usage=0.5, true_reason=Reason.LIFE_EVENT)
    before, tally = figures_of(person), counts()
    call = attrs.evolve(CALM, offer=Move(kind=kind, amount=1_500, months=6), promised=True, end="closed")

    stays = settle(call, person, a_month(), P, tally)

    changed = {name for name, figure in figures_of(person).items() if figure != before[name]}
    assert not stays
    assert changed <= {"contact_day", "contacts_recent", "offers_made"}
    assert tally[law.SAVED] == 0


def test_what_was_felt_in_the_call_stays_with_him_either_way() -> None:
    person = a_caller(commitment=-5.0)

    decide(attrs.evolve(CALM, trust=-0.6, mood=-0.5, end="closed"), person)

    assert person.trust == pytest.approx(-0.6)
    assert person.satisfaction == pytest.approx(0.2)


def test_a_discount_persuades_by_the_price_he_pays() -> None:
    call = attrs.evolve(CALM, end="closed")
    people = range(400)

    saved = [decide(call, a_caller(key=key, satisfaction=-0.5)) for key in people]
    bought = [decide(attrs.evolve(call, offer=OFFER), a_caller(key=key, satisfaction=-0.5)) for key in people]

    assert all(now >= then for then, now in zip(saved, bought, strict=True))
    assert sum(bought) > sum(saved)


def test_a_pause_is_wanted_by_many_whose_need_is_away_by_few_who_would_go_without_and_by_nobody_else(
    luck: Luck,
) -> None:
    luck(acceptance=P.pause_wanted - 0.001, resolve=0.3)
    call = attrs.evolve(CALM, offer=Move(kind=MoveKind.OFFER_PAUSE, months=4), end="closed")
    away = a_caller(true_reason=Reason.LIFE_EVENT, need_state=2, leaning=4)
    cheaper, dear = a_caller(), a_caller(true_reason=Reason.NOT_WORTH_COST, leaning=4)

    stayed = decide(call, away), decide(call, cheaper), decide(call, dear)

    assert stayed[0]
    assert (away.paused_until, away.offers_accepted) == (4, 1)
    assert (cheaper.paused_until, cheaper.offers_accepted, cheaper.offers_made) == (0, 0, 1)
    assert dear.paused_until == 0
    luck(acceptance=P.talk_pause_else - 0.001, resolve=0.99)
    decide(call, dear)
    assert dear.paused_until == 4


def test_a_proposal_brings_the_package_that_suits_what_we_see_of_his_use(luck: Luck) -> None:
    luck(resolve=0.999)
    person = a_caller(package=1.0, usage=0.8, monthly_fee=6_000, need=0.8)

    decide(attrs.evolve(CALM, offer=Move(kind=MoveKind.PROPOSE_FIT), end="closed"), person)

    assert person.package == 80
    assert person.monthly_fee == int(6_000 * (0.4 + 0.6 * law.nearest_package(0.8)))
    assert person.offers_accepted == 1


def test_a_named_package_is_the_one_that_is_proposed_and_one_that_does_not_suit_is_regretted(
    luck: Luck,
) -> None:
    luck(resolve=0.999)
    small, large = (a_caller(package=0.8, usage=1.0, need=0.8) for _ in range(2))
    calls = [
        attrs.evolve(CALM, bonus=3.0, offer=Move(kind=MoveKind.PROPOSE_FIT, plan=plan), end="closed")
        for plan in (55, 140)
    ]

    stayed = decide(calls[0], small), decide(calls[1], large)

    assert stayed == (True, True)
    assert (small.package, large.package) == (50, 140)
    assert 0.0 < figure(small, "regret") < figure(large, "regret")
    assert large.trust < small.trust < CALM.trust


def test_a_promise_falls_due_in_as_many_days_as_were_named(luck: Luck) -> None:
    luck(resolve=0.999)
    person = a_caller()
    move = Move(kind=MoveKind.PROMISE_FOLLOW_UP, days=5)

    call = attrs.evolve(after(CALM, move, person, a_month(2), P), bonus=3.0, end="closed")
    settle(call, person, a_month(2), P, counts())

    assert call.promised_days == 5
    assert person.promise_due_day == 60 + 1 + 5


@given(
    claim=st.sampled_from([None, *Claim]),
    plan=st.sampled_from([None, 50, 120]),
    days=st.sampled_from([None, 0, 9]),
)
def test_what_goes_with_a_move_survives_from_turn_to_turn(
    claim: Claim | None, plan: int | None, days: int | None
) -> None:
    script = [
        Move(kind=MoveKind.PROPOSE_FIT, plan=plan),
        Move(kind=MoveKind.PROMISE_FOLLOW_UP, days=days),
        Move(kind=MoveKind.COMPARE_COMPETITOR, claim=claim),
        Move(kind=MoveKind.EMPATHISE),
    ]

    call = said(*script)

    assert call.offer == script[0]
    assert call.promised_days == days


@pytest.mark.parametrize("kind", [MoveKind.OFFER_DISCOUNT, MoveKind.PROPOSE_FIT])
def test_money_is_no_answer_to_who_found_something_better(kind: MoveKind) -> None:
    call = attrs.evolve(CALM, offer=Move(kind=kind, amount=1_500, months=6), end="closed")
    keys = range(300)

    kept = [
        sum(decide(call, a_caller(key=key, usage=0.8, need=0.8, true_reason=reason)) for key in keys)
        for reason in (Reason.BETTER_COMPETITOR, Reason.SERVICE_FAILURE)
    ]

    assert 0 < kept[0] < kept[1]


def test_a_price_that_is_matched_contents_and_one_beaten_does_no_more() -> None:
    person, w = a_caller(true_reason=Reason.CHEAPER_COMPETITOR), a_month(price=(1.0, 0.8, 1.0, 1.0)).row
    fee = person.monthly_fee

    def beyond_money(share: float) -> float:
        person.discount = int(share * fee)
        less = person.discount / fee / person.reference
        of_money: float = (P.talk_money - 1.0) * 0.001 * person.price_taste * less
        return float(law.worth_of_discount(person, 0, w, P)) - of_money

    half, matched, beaten = beyond_money(0.1), beyond_money(0.2), beyond_money(0.4)

    assert half == pytest.approx(0.5 * P.talk_matched, abs=1e-3)
    assert matched == pytest.approx(P.talk_matched, abs=1e-3)
    assert beaten == pytest.approx(matched, abs=1e-3)


def test_an_honest_comparison_shows_how_long_he_would_be_bound_and_who_is_truly_better() -> None:
    w = a_month(quality=(0.0, 0.2, -0.2, 0.0), lock_months=(0, 12, 12, 0)).row

    better, worse, equal = (law.overlooked(firm, w, P) for firm in (1, 2, 3))

    assert better == pytest.approx(P.talk_lock_shown - 0.2 * P.talk_quality_shown, abs=1e-6)
    assert worse == pytest.approx(P.talk_lock_shown + 0.2 * P.talk_quality_shown, abs=1e-6)
    assert equal == 0.0


def test_some_of_what_made_him_stay_goes_on_speaking_for_us(luck: Luck) -> None:
    luck(resolve=0.999)
    person = a_caller()
    before = figure(person, "commitment")

    decide(attrs.evolve(CALM, bonus=1.0, end="closed"), person)

    assert figure(person, "commitment") == pytest.approx(before + P.talk_lasts, abs=2e-3)


def test_who_only_said_that_he_would_leave_stays_and_takes_what_is_offered() -> None:
    person = a_caller(leaning=OURS)

    stays = decide(attrs.evolve(CALM, mood=-0.9, offer=OFFER, end="closed"), person)

    assert (stays, person.discount) == (True, 1_500)


def test_who_is_released_goes_and_has_ended_well(luck: Luck) -> None:
    luck(0.5, resolve=0.999, ending=0.999)
    person = a_caller()

    stays = decide(said(MoveKind.RELEASE), person)
    month = a_month()
    law.settle_month(person, month.row, P, counts())

    assert not stays
    assert (person.firm, person.ended_well) == (1, 1)
    assert person.trust > 0.2
