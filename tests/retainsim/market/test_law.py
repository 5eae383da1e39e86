"""The rules of one month, one by one: in plain Python, for one person."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import (
    FIXED,
    N_FIRMS,
    NEVER,
    PLAN,
    RANGES,
    Luck,
    a_month,
    chance_of,
    counts,
    exactly,
    figure,
    figures_of,
    live_through,
    luck,
    parameters,
    someone,
    this_month,
)

from retainsdk.policy import ACTIONS, ActionKind
from retainsdk.view import Origin, Reason
from retainsim.market import law
from retainsim.market import purposes as for_
from retainsim.market.law import leaving
from retainsim.market.person import FIELDS, OURS, ContractKind, Need, Row
from retainsim.market.streams import uniform

__all__ = ["luck"]  # a fixture from `lives`

P = parameters()
NONE = N_FIRMS
OUTCOMES = (law.KEPT, law.WARNED, law.LATE, law.BROKEN)
SALES = (ActionKind.OFFER_PACKAGE, ActionKind.OFFER_PRICE, ActionKind.OFFER_PAUSE, ActionKind.COMPARISON)
CARE = (ActionKind.CHECK_IN, ActionKind.NEEDS_REVIEW, ActionKind.PROGRESS_REPORT, ActionKind.GREETING)
RULED = [action.kind for action in ACTIONS if action.rule]
LIVE = sorted(
    set(RULED) - {ActionKind.NOTHING, ActionKind.NEWSLETTER, ActionKind.SURVEY, ActionKind.INVITATION}
)
MANY = 4_000

small = st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0])
shares = st.sampled_from([0.0, 0.25, 0.5, 1.0])


def act_on(
    person: Any, deed: ActionKind, *, amount: int = 0, months: int = 0, p: Any = P, price: Any = PLAN.price
) -> list[int]:
    tally = counts()
    w = this_month(price=price)
    law.contact(person, deed, amount, months, w, chance_of(person), p, tally)
    return tally


def choice_of(
    person: Any,
    u: float,
    *,
    known: int = 0b1110,
    bonus: float = 0.0,
    price: Any = PLAN.price,
    quality: Any = PLAN.quality,
    p: Any = P,
) -> int:
    return law.choose(person, this_month(price=price, quality=quality), known, bonus, u, p)


def settle_promise(person: Any, deed: int = 0) -> list[int]:
    tally = counts()
    law.settle_promise(person, deed, this_month(), chance_of(person), P, tally)
    return tally


# life and need


def test_a_life_event_ends_a_need_pauses_it_or_changes_it(luck: Luck) -> None:
    outcomes = []
    for kind in (0.0, P.life_ends + 0.01, 0.99):
        luck(life=0.0, life_kind=kind, pause_length=0.0, need_jump=0.9, need_drift=0.5)
        person = exactly()
        law.life(person, 0, P)
        outcomes.append((person.need_state, person.need_pause, person.need > 1.0))

    assert outcomes == [(Need.ENDED, 0, False), (Need.PAUSED, 3, False), (Need.THERE, 0, True)]


def test_a_paused_need_comes_back_after_its_months_and_an_ended_one_never(luck: Luck) -> None:
    luck(0.99)
    paused, ended = exactly(need_state=Need.PAUSED, need_pause=3), exactly(need_state=Need.ENDED)

    states = []
    for _ in range(4):
        law.life(paused, 0, P)
        law.life(ended, 0, P)
        states.append((paused.need_state, ended.need_state))

    assert states == [(Need.PAUSED, Need.ENDED)] * 2 + [(Need.THERE, Need.ENDED)] * 2


def test_without_a_life_event_a_need_only_drifts() -> None:
    moves = []
    for key in range(MANY):
        person = exactly(key=key)
        law.life(person, chance_of(person), parameters(life_rate=0.0))
        moves.append(person.need - 1.0)

    assert np.std(moves) == pytest.approx(P.need_drift, rel=0.05)
    assert abs(np.mean(moves)) < 5 * P.need_drift / math.sqrt(MANY)


# service and recovery


def test_satisfaction_returns_to_what_our_quality_is_worth(luck: Luck) -> None:
    luck(0.5, incident=0.99)
    person = exactly(satisfaction=-1.0)

    better = this_month(quality=(0.4, 0.0, 0.0, 0.0))
    for _ in range(100):
        law.serve(person, better, 0, P, counts())

    assert person.satisfaction == pytest.approx(P.usual_satisfaction + 0.4 * P.quality_felt, abs=1e-3)


def test_failures_come_at_the_rate_of_the_preset_and_fewer_with_better_quality() -> None:
    failed = {0.0: 0, 1.0: 0}
    for quality in failed:
        w = this_month(quality=(quality, 0.0, 0.0, 0.0))
        for key in range(MANY):
            person = exactly(key=key)
            law.serve(person, w, chance_of(person), P, counts())
            failed[quality] += person.hurt > 0

    for quality, count in failed.items():
        rate = P.incident_rate * math.exp(-quality)
        assert abs(count / MANY - rate) < 5 * math.sqrt(rate * (1 - rate) / MANY)


def test_a_failure_hurts_more_after_silence_and_more_the_customer_used_to_concessions(luck: Luck) -> None:
    luck(0.5, signal=0.99, complaint=0.99)
    hits = {}
    for name, changes in (
        ("usual", {}),
        ("silence", {"contact_day": -1_000}),
        ("habit", {"habit": 1.0}),
    ):
        person = exactly(**{"contact_day": 15} | changes)
        law.fail(person, this_month(), 0, P)
        hits[name] = person.hurt
        assert person.satisfaction == pytest.approx(0.25 - person.hurt)

    assert hits["usual"] == pytest.approx(P.failure_hit)
    assert hits["silence"] == pytest.approx(P.failure_hit * (1 + P.silence_amplifies))
    assert hits["habit"] == pytest.approx(P.failure_hit * (1 + P.habit_amplifies))


def test_who_complains_is_temperament_and_a_complaint_gets_a_promise(luck: Luck) -> None:
    luck(0.5, complaint=0.9 * P.complaint)
    loud, silent = exactly(voice=1.0), exactly(voice=0.5)
    for person in (loud, silent):
        law.fail(person, this_month(), 0, P)

    assert (loud.complaints, loud.complaints_open) == (1, 1)
    assert loud.promise_due_day == 15 + 3 + int(P.promise_days * 0.5)
    assert (silent.complaints, silent.complaints_open, silent.promise_due_day) == (0, 0, NEVER)
    assert loud.hurt == silent.hurt


def test_a_resolved_complaint_heals_part_of_the_hurt(luck: Luck) -> None:
    luck(0.5, resolution=0.0, incident=0.99)
    person = exactly(complaints_open=2, hurt=0.3, satisfaction=P.usual_satisfaction)

    law.serve(person, this_month(), 0, P, counts())

    assert person.complaints_open == 1
    assert person.satisfaction == pytest.approx(P.usual_satisfaction + P.recovery * 0.3)


def test_nothing_fails_while_service_is_paused(luck: Luck) -> None:
    luck(0.0)
    person = exactly(paused_until=3)

    law.serve(person, this_month(2), 0, P, counts())
    quiet = person.hurt
    law.serve(person, this_month(3), 0, P, counts())

    assert quiet == 0.0 < person.hurt


def test_who_has_no_need_does_not_use_what_he_pays_for() -> None:
    away, there = exactly(need_state=Need.PAUSED), exactly()
    for person in (away, there):
        law.serve(person, this_month(), chance_of(person), P, counts())

    assert away.usage == 0.0
    assert figure(there, "usage") > 0.5
    assert there.usage == pytest.approx(95 + there.usage_trend)


def test_an_apology_helps_once_a_second_adds_nothing_a_third_harms() -> None:
    person = exactly(hurt=0.4)
    states = [(person.hurt, person.satisfaction, person.trust)]
    for _ in range(3):
        law.recover(person, 0, P)
        states.append((person.hurt, person.satisfaction, person.trust))

    before, first, second, third = states
    assert first[0] == pytest.approx(0.4 * (1 - P.apology))
    assert first[1] > before[1]
    assert first[2] > before[2]
    assert second == first
    assert third[:2] == second[:2]
    assert third[2] == pytest.approx(second[2] - P.apology_worn)


def test_after_a_new_failure_an_apology_helps_again(luck: Luck) -> None:
    luck(0.5)
    person = exactly(hurt=0.4, apologies=3)

    law.fail(person, this_month(), 0, P)
    hurt = person.hurt
    law.recover(person, 0, P)

    assert person.hurt < hurt


@given(amount=st.integers(1, 20_000), more=st.integers(1, 20_000), fee=st.integers(0, 10_000))
def test_compensation_adds_to_an_apology_less_and_less_with_its_size(
    amount: int, more: int, fee: int
) -> None:
    eased = []
    for given_ in (0, amount, amount + more, amount + 2 * more):
        person = exactly(hurt=0.5, monthly_fee=fee)
        law.recover(person, given_, parameters(apology=0.2, compensation=0.6))
        eased.append(0.5 - person.hurt)

    assert eased[0] < eased[1] < eased[2] < eased[3] <= 0.5
    assert eased[3] - eased[2] < eased[2] - eased[1]


# promises


def test_a_broken_promise_costs_one_and_a_half_to_three_times_what_a_kept_one_gives(luck: Luck) -> None:
    kept, broken = exactly(promise_due_day=3), exactly(promise_due_day=3)
    luck(promise=0.0)
    settle_promise(kept)
    luck(promise=0.99, warning=0.99)
    settle_promise(broken)

    assert 1.5 <= (0.2 - broken.trust) / (kept.trust - 0.2) <= 3.0
    assert (kept.promises_kept, broken.promises_broken) == (1, 1)
    assert kept.promise_due_day == broken.promise_due_day == NEVER
    assert broken.satisfaction < 0.25 == kept.satisfaction
    assert broken.hurt > 0.0 == kept.hurt


def test_late_with_notice_is_clearly_milder_than_late_without_and_that_than_broken(luck: Luck) -> None:
    warned, late, broken = (exactly(promise_due_day=3, complaints_open=1) for _ in range(3))
    luck(promise=0.99, warning=0.0, new_due=0.5)
    settle_promise(warned)
    luck(promise=0.99, warning=0.99, lateness=0.0)
    settle_promise(late)
    luck(promise=0.99, warning=0.99, lateness=0.99)
    settle_promise(broken)

    lost = [0.2 - person.trust for person in (warned, late, broken)]
    assert 0.0 < 2 * lost[0] < lost[1] <= 0.75 * lost[2]
    assert warned.satisfaction > late.satisfaction > broken.satisfaction
    assert (warned.promises_warned, warned.promises_broken) == (1, 0)
    assert (late.promises_broken, broken.promises_broken) == (1, 1)  # as a book counts them
    assert warned.promise_due_day == 30 + 10
    assert late.promise_due_day == broken.promise_due_day == NEVER
    assert (late.complaints_open, broken.complaints_open) == (0, 1)  # the work was done after all
    assert (warned.satisfaction, warned.hurt) == (0.25, 0.0)


def test_a_promise_somebody_follows_up_is_kept_where_it_would_be_broken(luck: Luck) -> None:
    luck(promise=(P.reliability + P.reliability_cared) / 2, warning=0.99, lateness=0.99)
    left, followed = exactly(promise_due_day=3), exactly(promise_due_day=3)

    settle_promise(left)
    settle_promise(followed, ActionKind.PROGRESS_REPORT)

    assert (left.promises_broken, followed.promises_kept) == (1, 1)


def test_a_promise_kept_closes_the_complaint_behind_it(luck: Luck) -> None:
    luck(promise=0.0)
    person = exactly(promise_due_day=3, complaints_open=1, hurt=0.2)

    settle_promise(person)

    assert person.complaints_open == 0
    assert person.satisfaction == pytest.approx(0.25 + P.recovery * 0.2)


@given(
    key=st.integers(0, 99),
    due=st.sampled_from([NEVER, -3, 0, 29, 30, 45]),
    trust=small,
    deed=st.sampled_from(RULED),
)
def test_a_promise_that_falls_due_ends_in_one_of_four_ways_and_others_wait(
    key: int, due: int, trust: float, deed: ActionKind
) -> None:
    person = exactly(key=key, promise_due_day=due, trust=trust)
    before = vars(person).copy()

    tally = settle_promise(person, deed)

    if due == NEVER or due >= 30:
        assert vars(person) == before
        assert not any(tally)
    else:
        assert sum(tally[outcome] for outcome in OUTCOMES) == 1
        assert person.promise_due_day == NEVER or person.promise_due_day >= 30
        made = (person.promises_kept, person.promises_warned, person.promises_broken)
        kept, warned, late, broken = (tally[outcome] for outcome in OUTCOMES)
        assert made == (kept, warned, late + broken)  # as a book counts them
        assert (person.trust >= trust) if tally[law.KEPT] else (person.trust <= trust)


def test_only_one_promise_is_open_at_a_time() -> None:
    person = exactly(promise_due_day=7)

    law.promise(person, 0, chance_of(person), P)

    assert person.promise_due_day == 7


# contact


@pytest.mark.parametrize("deed", LIVE)
def test_a_live_contact_is_remembered_as_one(deed: ActionKind) -> None:
    person = exactly(contact_day=-99)

    act_on(person, deed, amount=100, months=2)

    assert 0 <= person.contact_day < 30
    assert figure(person, "contacts_recent") == 1.0
    assert person.fatigue == P.contact_fatigue


@pytest.mark.parametrize("deed", [ActionKind.NEWSLETTER, ActionKind.SURVEY])
def test_a_newsletter_or_survey_tires_a_little_and_is_no_live_contact(deed: ActionKind) -> None:
    person = exactly(contact_day=-99)

    act_on(person, deed)

    assert (person.contact_day, figure(person, "contacts_recent")) == (-99, 1.0)
    assert 0.0 < person.fatigue < P.contact_fatigue
    assert (person.attention, person.trust) == (0.3, 0.2)


@pytest.mark.parametrize("deed", CARE)
def test_care_is_remembered_and_earns_trust(deed: ActionKind) -> None:
    person = exactly()

    act_on(person, deed)

    assert person.attention > 0.3
    assert person.trust > 0.2


@pytest.mark.parametrize("deed", SALES)
def test_a_sales_talk_is_not_care(deed: ActionKind, luck: Luck) -> None:
    luck(0.5, acceptance=0.999)
    person = exactly()

    act_on(person, deed, amount=100, months=2, price=(1.0, 0.9, 0.9, 0.9), p=parameters(comparison=0.0))

    assert (person.attention, person.trust) == (0.3, 0.2)


@pytest.mark.parametrize("deed", [ActionKind.OFFER_PACKAGE, ActionKind.OFFER_PRICE, ActionKind.COMPARISON])
def test_a_sales_talk_wakes_a_sleeper_more_than_a_service_contact(deed: ActionKind) -> None:
    sold, served = exactly(), exactly()

    act_on(sold, deed, amount=100, months=2)
    act_on(served, ActionKind.CHECK_IN)

    assert figure(sold, "woken") == pytest.approx(P.wake_sales)
    assert figure(served, "woken") == pytest.approx(P.wake_service)
    assert P.wake_service < P.wake_sales


def test_a_service_contact_does_not_calm_whom_a_sales_talk_has_stirred() -> None:
    person = exactly(woken=0.1)

    act_on(person, ActionKind.CHECK_IN)

    assert figure(person, "woken") == pytest.approx(0.1)


@given(contacts=st.integers(1, 6), deed=st.sampled_from(CARE))
def test_every_further_contact_in_a_month_harms_more_and_earns_less(contacts: int, deed: ActionKind) -> None:
    person = exactly()
    for _ in range(contacts):
        act_on(person, deed, p=parameters(greeting=0.0))
    harm, gain = 0.25 - person.satisfaction, (person.trust - 0.2) / 0.8

    before = person.satisfaction, person.trust
    act_on(person, deed, p=parameters(greeting=0.0))

    assert before[0] - person.satisfaction > harm / contacts
    assert (person.trust - before[1]) / (1.0 - before[1]) < gain / contacts + 1e-12


def test_what_is_felt_of_contact_and_failure_fades() -> None:
    person = exactly(attention=0.8, fatigue=1.0, hurt=0.4, habit=0.5)

    law.fade(person, P)

    assert person.attention == pytest.approx(0.8 * P.attention_left)
    assert person.fatigue == pytest.approx(P.fatigue_left)
    assert person.hurt == pytest.approx(0.4 * P.hurt_left)
    assert person.habit == pytest.approx(0.5 * P.habit_left)


def test_listening_eases_a_hurt_kept_silent() -> None:
    person = exactly(hurt=0.4)

    law.listen(person, P)

    assert person.hurt == pytest.approx(0.4 * (1 - P.listening))
    assert person.satisfaction == pytest.approx(0.25 + 0.7 * 0.4 * P.listening)


@given(need=st.floats(0.3, 2.0), package=st.floats(0.4, 1.6), fee=st.integers(0, 9_999))
def test_a_needs_review_never_leaves_a_package_that_suits_less(need: float, package: float, fee: int) -> None:
    person = exactly(need=need, package=package, monthly_fee=fee, regret=0.8)

    law.review(person)

    kept = figure(person, "package")
    assert figure(person, "regret") == pytest.approx(0.4)
    assert law.suitability(need, kept) >= law.suitability(need, package) - 1e-9
    assert kept == pytest.approx(package) or any(abs(kept - listed) < 1e-9 for listed in (0.5, 0.8, 1.1, 1.4))


def test_only_a_needs_review_goes_through_the_package() -> None:
    reviewed, asked = exactly(need=0.5, regret=0.4), exactly(need=0.5, regret=0.4)

    act_on(reviewed, ActionKind.NEEDS_REVIEW)
    act_on(asked, ActionKind.CHECK_IN)

    assert (reviewed.package, reviewed.regret) == (50, 20)
    assert (asked.package, asked.regret) == (100, 40)


def test_a_greeting_pleases_the_rested_more_than_the_pestered_and_a_gift_costs_its_money() -> None:
    rested, pestered = exactly(), exactly(fatigue=2.0)

    tally = act_on(rested, ActionKind.GREETING, amount=500, p=parameters(fatigue_harm=0.0))
    act_on(pestered, ActionKind.GREETING, amount=500, p=parameters(fatigue_harm=0.0))

    assert rested.satisfaction > pestered.satisfaction > 0.25
    assert (tally[law.CONCESSIONS], rested.concession_cost) == (500, 0)  # a gift concedes nothing


def test_some_answer_a_survey_and_their_answers_tell_of_their_satisfaction() -> None:
    scores: dict[float, list[float]] = {-0.5: [], 0.5: []}
    for satisfaction, answers in scores.items():
        for key in range(MANY):
            person = exactly(key=key, satisfaction=satisfaction)
            law.answer_survey(person, this_month(), chance_of(person), P)
            if person.survey_day != NEVER:
                answers.append(figure(person, "survey_score"))

    for answers in scores.values():
        spread = math.sqrt(P.survey_answers * (1 - P.survey_answers) / MANY)
        assert abs(len(answers) / MANY - P.survey_answers) < 5 * spread
        assert min(answers) >= 0
        assert max(answers) <= 10
    assert np.mean(scores[0.5]) - np.mean(scores[-0.5]) == pytest.approx(5.0, abs=0.5)


# offers


def test_the_polite_take_a_package_that_does_not_suit_and_regret_it_the_assertive_object() -> None:
    taken, regret, displeased = {}, {}, {}
    for assertive in (0.0, 1.0):
        people = [
            exactly(key=key, assertive=assertive, usage=1.0, package=1.1, need=1.1, products=6)
            for key in range(MANY)
        ]
        for person in people:
            law.consider_package(person, chance_of(person), P)
        taken[assertive] = sum(person.offers_accepted for person in people)
        regret[assertive] = sum(person.regret for person in people)
        displeased[assertive] = sum(person.satisfaction < 0.25 for person in people)

    assert taken[0.0] > 2 * taken[1.0]
    assert regret[0.0] > 2 * regret[1.0] > 0
    assert displeased[1.0] == MANY - taken[1.0] > displeased[0.0] == 0


def test_a_pushed_sale_costs_trust_and_a_suitable_one_earns_it(luck: Luck) -> None:
    luck(0.0)
    pushed, suited = (
        exactly(package=1.1, need=1.1, usage=1.0, products=6),
        exactly(package=1.1, need=0.5, usage=0.5 / 1.1),
    )
    for person in (pushed, suited):
        law.consider_package(person, 0, P)

    assert (pushed.package, suited.package) == (140, 50)
    assert pushed.trust < 0.2 < suited.trust
    assert figure(pushed, "regret") == pytest.approx(0.3 * P.regret, abs=0.005)
    assert suited.regret == 0


@given(amount=st.integers(0, 9_000), months=st.integers(1, 24), habit=shares)
def test_a_concession_is_within_the_fee_and_teaches_to_ask_again(
    amount: int, months: int, habit: float
) -> None:
    person = exactly(habit=habit, monthly_fee=6_000, concession_cost=70)

    law.grant(person, amount, months, this_month(5), P)

    assert person.discount == min(amount, 6_000)
    assert person.discount_until == 5 + months
    assert person.concession_cost == 70 + amount * months
    assert habit <= person.habit <= 1.0
    assert person.habit > habit or habit == 1.0


def test_a_smaller_offer_does_not_cut_short_what_was_granted_before() -> None:
    person = exactly()

    law.grant(person, 2_000, 12, this_month(0), P)
    law.grant(person, 500, 1, this_month(1), P)

    assert (person.discount, person.discount_until) == (2_000, 12)


def test_a_discount_for_three_months_is_paid_three_times_and_seen_to_end(luck: Luck) -> None:
    luck(0.5, incident=0.99, trigger=0.999, acceptance=0.0)
    person = someone(price_taste=0.2, tenure=0)  # no veteran, to whom extras are due

    paid, shown = [], []
    for number in range(5):
        tally, deed = counts(), ActionKind.OFFER_PRICE if number == 0 else ActionKind.NOTHING
        live_through(person, a_month(number), deed=deed, amount=1_000, months=3, tally=tally)
        paid.append(tally[law.CONCESSIONS])
        shown.append(person.discount)

    assert paid == [1_000, 1_000, 1_000, 0, 0]
    assert shown == [1_000, 1_000, 0, 0, 0]
    assert person.concession_cost == 3_000


def test_a_pause_is_for_a_need_that_is_away(luck: Luck) -> None:
    luck(acceptance=0.4)
    away, there = exactly(need_state=Need.PAUSED), exactly()
    for person in (away, there):
        law.consider_pause(person, 3, this_month(2), 0, P)

    assert (away.paused_until, there.paused_until) == (5, 0)
    assert (away.offers_accepted, there.offers_accepted) == (1, 0)
    assert away.offers_made == there.offers_made == 1


@given(fee=st.integers(0, 9_999), discount=shares, package=st.floats(0.4, 1.7), other=st.floats(0.4, 1.7))
def test_another_package_costs_by_its_size_and_never_less_than_the_discount(
    fee: int, discount: float, package: float, other: float
) -> None:
    person = exactly(monthly_fee=fee, discount=int(discount * fee), package=package)

    law.repackage(person, other)

    assert figure(person, "package") == pytest.approx(other, abs=0.0051)
    assert (person.monthly_fee <= fee) if other <= package else (person.monthly_fee >= fee)
    assert 0 <= person.discount <= person.monthly_fee


def test_the_price_thought_right_follows_the_price_paid_and_what_competitors_ask() -> None:
    spoilt, informed = exactly(discount=3_000), exactly()

    law.fade(spoilt, P)
    law.compare(informed, this_month(price=(1.0, 0.8, 1.2, 1.0)), P)

    assert spoilt.reference == pytest.approx(1.0 - 0.5 * P.reference_moves)
    assert informed.reference == pytest.approx(1.0 - 0.3 * 0.2)
    assert informed.trust == pytest.approx(0.2 + 0.3 * P.comparison)


def test_service_given_away_for_years_is_still_worth_something() -> None:
    person = someone(discount=6_000)
    for _ in range(2_000):
        law.fade(person, parameters(reference_returns=0.0))

    assert person.reference == pytest.approx(0.1)


# deliberation


@pytest.mark.parametrize(
    ("changes", "sign"),
    [
        ({"tenure": 60}, -1),
        ({"attention": 0.9}, -1),
        ({"commitment": 0.5}, -1),
        ({"hurt": 0.5}, 1),
        ({"woken": 0.1}, 1),
        ({"need_state": Need.PAUSED}, 1),
        ({"discount_until": 3, "habit": 0.5}, 1),
        ({"discount_until": 3, "habit": 0.5, "discount": 100}, 0),
        ({"contract": ContractKind.ONE_YEAR, "lock_end_day": 20}, 1),
        ({"contract": ContractKind.ONE_YEAR, "lock_end_day": 40}, 0),
        ({"contract": ContractKind.MONTH_TO_MONTH, "lock_end_day": 0}, 0),
    ],
    ids=["tenure lulls", "attention lulls", "commitment lulls", "hurt wakes", "we wake", "need away wakes",
         "discount over wakes", "discount runs", "term ends", "term runs on", "monthly contract has no term"],
)  # fmt: skip
def test_what_makes_a_customer_think_it_over(changes: dict[str, Any], sign: int) -> None:
    usual = law.trigger(exactly(), this_month(), P)

    changed = law.trigger(exactly(**changes), this_month(), P)

    assert (changed > usual) - (changed < usual) == sign


@given(
    satisfaction=small, trust=small, need=st.sampled_from([0.3, 1.0, 2.0]), discount=shares, bonus=st.sampled_from([0.0, 1.0]),
    known=st.sampled_from([0, 0b0010, 0b1100, 0b1110]), months=st.integers(0, 24),
)  # fmt: skip
def test_the_choice_has_the_probabilities_of_a_logit(
    satisfaction: float, trust: float, need: float, discount: float, bonus: float, known: int, months: int
) -> None:
    person = exactly(
        satisfaction=satisfaction,
        trust=trust,
        need=need,
        discount=int(6_000 * discount),
        lock_end_day=30 * months,
    )
    price, quality, n = (1.0, 0.8, 1.1, 1.0), (0.0, -0.2, 0.5, 0.1), 1_000
    w = this_month(price=price, quality=quality)
    utilities = {OURS: law.staying(person, w, P) + bonus, NONE: law.going_without(person, w, P)}
    utilities |= {f: law.going(person, f, w, P) for f in (1, 2, 3) if known & 1 << f}
    total = sum(math.exp(it) for it in utilities.values())

    grid = [(step + 0.5) / n for step in range(n)]
    chosen = Counter(
        choice_of(person, u, known=known, bonus=bonus, price=price, quality=quality) for u in grid
    )

    assert set(chosen) <= set(utilities)
    for firm, utility in utilities.items():
        assert chosen[firm] / n == pytest.approx(math.exp(utility) / total, abs=1.5 / n)


def test_people_choose_with_the_frequencies_of_their_probabilities() -> None:
    person, price = exactly(satisfaction=-0.3), (1.0, 0.9, 1.0, 1.0)
    w = this_month(price=price)
    utilities = [law.staying(person, w, P), law.going(person, 1, w, P), law.going_without(person, w, P)]
    weights = np.exp(utilities)

    chosen = Counter(
        choice_of(person, uniform(key, w.when, for_.CHOICE), known=0b0010, price=price) for key in range(MANY)
    )

    for firm, share in zip((OURS, 1, NONE), weights / weights.sum(), strict=True):
        assert abs(chosen[firm] / MANY - share) < 5 * math.sqrt(share * (1 - share) / MANY)


@given(months=st.integers(0, 35), price=st.sampled_from([0.8, 1.0]))
def test_every_month_still_bound_makes_going_dearer_and_not_staying(months: int, price: float) -> None:
    bound, longer = exactly(lock_end_day=30 * months), exactly(lock_end_day=30 * months + 30)

    w = this_month(price=(1.0, price, 1.0, 1.0))
    assert law.going(longer, 1, w, P) < law.going(bound, 1, w, P)
    assert law.going_without(longer, w, P) < law.going_without(bound, w, P)
    assert law.staying(longer, w, P) == law.staying(bound, w, P)


def test_the_penalty_is_that_of_the_preset_per_year() -> None:
    free, bound = exactly(), exactly(lock_end_day=365)

    lost = law.going(free, 1, this_month(), P) - law.going(bound, 1, this_month(), P)

    assert lost == pytest.approx(P.penalty, rel=0.001)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"satisfaction": 0.8}, {"satisfaction": -0.8}),
        ({"trust": 0.8}, {"trust": -0.8}),
        ({"tenure": 60}, {"tenure": 1}),
        ({"attention": 0.9}, {"attention": 0.0}),
        ({"discount": 1_000}, {"discount": 0}),
        ({"reference": 1.1}, {"reference": 0.9}),
        ({"need": 1.0}, {"need": 1.6}),
        ({"regret": 0.0}, {"regret": 0.5}),
        ({"paused_until": 3}, {"paused_until": 0}),
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_speaks_for_staying(better: dict[str, Any], worse: dict[str, Any]) -> None:
    w = this_month()
    assert law.staying(exactly(**better), w, P) > law.staying(exactly(**worse), w, P)


def test_each_competitor_is_known_to_his_share_of_people_independently_of_the_others() -> None:
    awareness = (1.0, 0.55, 0.65, 0.1)
    w = this_month(awareness=awareness)

    known = np.array([law.known_firms(chance_of(exactly(key=key)), w) for key in range(MANY)])

    knows = np.array([(known >> firm) & 1 for firm in range(1, 4)])
    assert not (known & 1).any()
    for row, share in zip(knows, awareness[1:], strict=True):
        assert abs(row.mean() - share) < 5 * math.sqrt(share * (1 - share) / MANY) + 1 / 1024
    assert np.abs(np.corrcoef(knows) - np.eye(3)).max() < 5 / math.sqrt(MANY)


def test_a_firm_known_to_nobody_is_never_chosen_and_one_known_to_all_may_be() -> None:
    known = law.known_firms(chance_of(exactly()), this_month(awareness=(1.0, 0.0, 1.0, 0.0)))

    assert known == 0b0100


REASONS: dict[Reason, tuple[dict[str, Any], int, float, float]] = {
    Reason.NEED_ENDED: ({"need_state": Need.ENDED}, NONE, 1.0, 0.0),
    Reason.LIFE_EVENT: ({"need_state": Need.PAUSED}, NONE, 1.0, 0.0),
    Reason.CHEAPER_COMPETITOR: ({}, 1, 0.8, 0.0),
    Reason.BETTER_COMPETITOR: ({}, 1, 1.0, 0.8),
    Reason.NOT_WORTH_COST: ({"need": 0.4, "reference": 0.8}, NONE, 1.0, 0.0),
    Reason.SERVICE_FAILURE: ({"satisfaction": -0.9}, 1, 0.95, 0.0),
    Reason.BROKEN_TRUST: ({"trust": -0.9}, NONE, 1.0, 0.0),
}


@pytest.mark.parametrize("reason", REASONS)
def test_the_true_reason_is_the_difference_that_decided(reason: Reason) -> None:
    changes, chosen, price, quality = REASONS[reason]

    prices, qualities = (1.0, price, 1.0, 1.0), (0.0, quality, 0.0, 0.0)
    found = law.reason_of(exactly(**changes), chosen, this_month(price=prices, quality=qualities), P)

    assert len(REASONS) == len(Reason) - 1
    assert Reason(found) is reason


def test_a_usual_need_at_the_usual_price_is_no_reason_to_go() -> None:
    found = law.reason_of(exactly(satisfaction=0.1), NONE, this_month(), P)

    assert Reason(found) is Reason.SERVICE_FAILURE


@given(
    satisfaction=small,
    trust=small,
    need=st.sampled_from([0.3, 1.0, 2.0]),
    discount=shares,
    chosen=st.integers(1, NONE),
    state=st.sampled_from(Need),
)
def test_a_true_reason_is_never_the_excuse(
    satisfaction: float, trust: float, need: float, discount: float, chosen: int, state: Need
) -> None:
    person = exactly(
        satisfaction=satisfaction, trust=trust, need=need, discount=int(6_000 * discount), need_state=state
    )

    reason = law.reason_of(person, chosen, this_month(), P)

    assert reason in set(Reason) - {Reason.NO_NEED_STATED}
    assert (reason in {Reason.NEED_ENDED, Reason.LIFE_EVENT}) == (chosen == NONE and state is not Need.THERE)


def test_a_customer_who_would_go_says_so_by_temperament_and_more_when_he_learnt_it_pays() -> None:
    silent, loud, spoilt = exactly(voice=0.0), exactly(voice=1.0), exactly(voice=0.0, habit=1.0)

    assert law.threatens(silent, P) == 0.0
    assert law.threatens(loud, P) == P.threat
    assert law.threatens(spoilt, P) == P.habit_threatens


@pytest.mark.parametrize(("voice", "aloud"), [(0.1, 0), (0.9, 1)])
def test_who_deliberates_and_would_go_threatens_aloud_or_goes_silently(
    voice: float, aloud: int, luck: Luck
) -> None:
    luck(0.5, trigger=0.0, choice=0.999)
    person, tally = exactly(voice=voice), counts()

    law.deliberate(person, this_month(), 0, P, tally)

    assert (person.leaning, person.firm) == ((NONE, OURS) if aloud else (-1, NONE))
    assert person.true_reason >= 1
    assert person.stated_reason >= 0
    assert person.threats == aloud
    assert (tally[law.THREATENED], tally[law.SILENT], tally[law.LEFT]) == (aloud, 1 - aloud, 1 - aloud)


def test_what_is_said_is_often_no_need_sometimes_the_truth_and_else_an_excuse() -> None:
    said = Counter(
        law.statement(person, this_month(), chance_of(person), P)
        for person in (exactly(key=key, true_reason=Reason.SERVICE_FAILURE) for key in range(MANY))
    )
    others = (1 - P.says_no_need) * (1 - P.says_truth) / 7

    expected = dict.fromkeys(Reason, others) | {
        Reason.NO_NEED_STATED: P.says_no_need,
        Reason.SERVICE_FAILURE: (1 - P.says_no_need) * P.says_truth + others,
    }
    for reason, share in expected.items():
        assert abs(said[reason] / MANY - share) < 5 * math.sqrt(share * (1 - share) / MANY)


# leaving, then elsewhere or back


def leave(person: Any, chosen: int = 1) -> list[int]:
    tally = counts()
    law.leave(person, chosen, this_month(), chance_of(person), P, tally)
    return tally


def test_leaving_ends_what_was_agreed_and_is_counted_by_both_reasons() -> None:
    person = exactly(
        true_reason=Reason.CHEAPER_COMPETITOR, discount=500, discount_until=9, paused_until=4, promise_due_day=20,
        complaints_open=2, cohort=1,
    )  # fmt: skip

    tally = leave(person)

    assert (person.firm, person.cohort) == (1, -1)
    assert 0 <= person.left_day < 30
    assert (person.discount, person.discount_until, person.paused_until) == (0, 0, 0)
    assert (person.promise_due_day, person.complaints_open) == (NEVER, 0)
    place = law.REASONS + Reason.CHEAPER_COMPETITOR * law.N_REASONS + person.stated_reason
    assert (tally[law.LEFT], tally[place]) == (1, 1)


def test_a_good_ending_leaves_trust_and_a_bad_one_takes_it(luck: Luck) -> None:
    well, badly = exactly(true_reason=3), exactly(true_reason=3)
    luck(0.5, ending=0.0)
    leave(well)
    luck(0.5, ending=0.99)
    leave(badly)

    assert (well.ended_well, badly.ended_well) == (1, 0)
    assert well.trust - badly.trust == pytest.approx(2 * P.good_ending)


def test_who_was_released_well_has_ended_well_whatever_chance_brings(luck: Luck) -> None:
    luck(0.5, ending=0.99)
    person = exactly(true_reason=3, ended_well=1)

    leave(person)

    assert person.ended_well == 1


@given(chosen=st.integers(1, NONE), key=st.integers(0, 99))
def test_a_leaver_is_bound_to_his_new_firm_for_half_to_all_of_its_term_and_to_nobody_without_one(
    chosen: int, key: int
) -> None:
    person = exactly(true_reason=3, key=key)

    leave(person, chosen)

    assert -1 <= person.satisfaction <= 1
    if chosen == NONE:
        assert (person.lock_end_day, person.satisfaction) == (NEVER, 0.0)
    else:
        months = PLAN.lock_months[chosen]
        assert int(0.5 * 30.4 * months) <= person.lock_end_day <= 30.4 * months


def look_round(person: Any, *, month: int = 0, word: float = 0.0, price: Any = PLAN.price) -> list[int]:
    tally = counts()
    law.elsewhere(person, word, 2, this_month(month, price=price), chance_of(person), P, tally)
    return tally


def test_who_is_bound_elsewhere_stays_there(luck: Luck) -> None:
    luck(0.0, elsewhere_choice=0.999)
    bound, free = exactly(firm=1, lock_end_day=1), exactly(firm=1, lock_end_day=0)

    look_round(bound)
    look_round(free)

    assert bound.firm == 1 != free.firm


def test_who_has_no_need_any_more_is_with_nobody_and_whose_need_is_away_does_not_look_round(
    luck: Luck,
) -> None:
    luck(0.0, elsewhere_choice=0.999)
    ended, away = exactly(firm=1, need_state=Need.ENDED), exactly(firm=NONE, need_state=Need.PAUSED)

    for person in (ended, away):
        look_round(person, word=9.0)

    assert ended.firm == away.firm == NONE


@pytest.mark.parametrize(
    "changes",
    [{"satisfaction": -1.0}, {"woken": 0.3}, {"lock_end_day": -30}],
    ids=["disappointed", "called by us", "lock-in just over"],
)
def test_who_is_disappointed_called_or_just_free_looks_round_more(
    changes: dict[str, Any], luck: Luck
) -> None:
    usual = {"firm": 1, "lock_end_day": -200, "satisfaction": 0.0}
    chance = P.elsewhere_trigger * 1.2
    luck(0.5, elsewhere_trigger=chance, elsewhere_choice=0.9999)
    stirred, content = exactly(**usual | changes), exactly(**usual)

    look_round(stirred)
    look_round(content)

    assert content.firm == 1 != stirred.firm


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"trust": 0.5}, {"trust": -0.5}),
        ({"discount": 1_000}, {"discount": 0}),
        ({"attention": 0.5}, {"attention": 0.0}),
    ],
    ids=["a good ending", "an offer", "being remembered"],
)
def test_what_draws_a_former_customer_back(better: dict[str, Any], worse: dict[str, Any]) -> None:
    w = this_month()
    assert law.attraction(exactly(**better), 0.0, w, P) > law.attraction(exactly(**worse), 0.0, w, P)


@given(
    firm=st.sampled_from([1, 3, NONE]), mood=small, need=st.sampled_from([0.3, 1.0, 2.0]), goodwill=small,
    price=st.sampled_from([(1.0, 0.8, 1.1, 1.0), (1.0, 1.0, 1.0, 0.9)]),
)  # fmt: skip
def test_who_looks_round_elsewhere_chooses_with_the_probabilities_of_a_logit(
    firm: int, mood: float, need: float, goodwill: float, price: tuple[float, ...]
) -> None:
    quality, n = (0.1, -0.2, 0.5, 0.0), 400
    w = this_month(price=price, quality=quality, awareness=(1.0, 1.0, 1.0, 1.0))  # he knows everybody
    usual = {
        "satisfaction": mood,
        "need": need,
        "trust": goodwill,
        "lock_end_day": -200,
        "attention": 0.0,
    }
    utilities = {
        other: 1.0 * quality[other] - 3.0 * (price[other] - 1.0) - P.switching
        for other in (1, 2, 3)
        if other != firm
    }
    utilities[OURS] = quality[OURS] + P.goodwill_counts * goodwill - P.switching
    utilities[firm] = (
        P.without - P.need_counts * need + 1.0 if firm == NONE else P.bond_elsewhere + P.mood_counts * mood
    )
    total = sum(math.exp(it) for it in utilities.values())

    chosen: Counter[int] = Counter()
    for step in range(n):
        numbers = {for_.ELSEWHERE_TRIGGER: 0.0, for_.ELSEWHERE_CHOICE: (step + 0.5) / n}
        with pytest.MonkeyPatch.context() as fixed:
            fixed.setattr(leaving, "drawn", lambda _luck, purpose, numbers=numbers: numbers.get(purpose, 0.5))
            person = exactly(firm=firm, **usual)
            law.elsewhere(person, 0.0, -1, w, 0, P, counts())
        chosen[person.firm] += 1

    for other, utility in utilities.items():
        assert chosen[other] / n == pytest.approx(math.exp(utility) / total, abs=1.5 / n)


@pytest.mark.parametrize(
    ("terms", "contract", "days"),
    [
        (0.3, ContractKind.MONTH_TO_MONTH, 0),
        (0.7, ContractKind.ONE_YEAR, 365),
        (0.9, ContractKind.TWO_YEARS, 730),
    ],
)
def test_newcomers_take_the_contracts_that_are_usual(
    terms: float, contract: ContractKind, days: int, luck: Luck
) -> None:
    luck(joining_terms=terms)
    person = exactly(firm=1, begun=0)

    law.join(person, 0.0, -1, this_month(2), 0, P, counts())

    assert (person.contract, person.lock_end_day) == (contract, 60 + days)


def test_what_is_said_draws_newcomers_and_trust_is_for_those_who_know_us() -> None:
    stranger, month = exactly(begun=0, trust=0.9), a_month(quality=(0.3, 0.0, 0.0, 0.0))

    heard = {
        (near, far): law.attraction(stranger, near, attrs.evolve(month, word=far).row, P)
        for near, far in ((0.0, 0.0), (0.5, 0.0), (0.0, 0.25), (0.5, 0.25))
    }

    for (near, far), drawn in heard.items():
        assert drawn == pytest.approx(0.3 + (near + far) * P.word_counts - P.switching)


@pytest.mark.parametrize(
    ("ever", "word", "origin", "counted"),
    [
        (1, 0.0, Origin.RETURN, law.RETURNED),
        (0, 0.4, Origin.REFERRAL, law.JOINED),
        (0, 0.0, Origin.CAMPAIGN, law.JOINED),
    ],
)
def test_who_comes_is_known_by_his_way(
    ever: int, word: float, origin: Origin, counted: int, luck: Luck
) -> None:
    luck(0.0, elsewhere_choice=0.9)
    person = exactly(firm=NONE, begun=ever, satisfaction=0.0, need=0.3, tenure=7 * ever, quality_taste=9.0)

    tally = counts()
    w = this_month(price=(1.0, 9.0), quality=(1.0, 0.0))
    law.elsewhere(person, word, 2 if word else -1, w, 0, P, tally)

    assert (person.firm, person.begun, person.origin) == (OURS, ever + 1, origin)
    assert person.referrer == (2 if origin is Origin.REFERRAL else -1)
    assert person.tenure == 7 * ever
    assert tally[counted] == 1


def test_who_returns_for_money_off_gets_it_for_as_long_as_was_offered_and_learns_from_it() -> None:
    person = exactly(firm=1, discount=1_500, discount_until=4, ended_well=1, habit=0.0)

    law.join(person, 0.0, -1, this_month(10), 0, P, counts())

    assert (person.discount, person.discount_until) == (1_500, 14)
    assert (person.ended_well, person.begun) == (0, 2)
    assert person.habit == P.habit_gain


def call_back(person: Any, deed: ActionKind, *, amount: int = 0, months: int = 0) -> None:
    law.contact_leaver(person, deed, amount, months, this_month(), chance_of(person), P)


def test_a_call_to_a_former_customer_stirs_him_and_leaves_an_offer() -> None:
    person = exactly(firm=1, attention=0.0)

    call_back(person, ActionKind.WIN_BACK, amount=900, months=6)

    assert (person.discount, person.discount_until, person.offers_made) == (900, 6, 1)
    assert figure(person, "woken") == pytest.approx(P.wake_leaver)
    assert person.attention == pytest.approx(P.contact_attention)
    assert 0 <= person.contact_day < 30


def test_seeing_to_the_ending_afterwards_makes_good_once_what_was_left_undone() -> None:
    person = exactly(firm=1, ended_well=0, trust=0.0)

    call_back(person, ActionKind.RELEASE_WELL)
    once = person.trust
    call_back(person, ActionKind.RELEASE_WELL)

    assert person.ended_well == 1
    assert person.trust == once == pytest.approx(1.5 * P.good_ending)


def test_a_newsletter_to_a_former_customer_is_no_talk_with_him() -> None:
    person = exactly(firm=1, contact_day=-99)

    call_back(person, ActionKind.NEWSLETTER)

    assert (person.contact_day, figure(person, "contacts_recent")) == (-99, 1.0)


def test_the_satisfied_veteran_and_the_returner_tell_most_and_more_when_asked() -> None:
    told = {
        name: law.recommendation(exactly(satisfaction=0.6, **changes), P)
        for name, changes in (
            ("newcomer", {"tenure": 0}),
            ("veteran", {"tenure": 60}),
            ("returner", {"tenure": 60, "begun": 2}),
            ("asked", {"tenure": 60, "marks": law.ASKED}),
        )
    }

    assert told["newcomer"] == pytest.approx(0.6 - P.tells_from)
    assert told["newcomer"] < told["veteran"] < told["returner"]
    assert told["asked"] == pytest.approx(P.asking * told["veteran"])
    assert law.recommendation(exactly(satisfaction=0.0), P) == 0.0
    assert law.recommendation(exactly(satisfaction=0.9, firm=1), P) == 0.0


def test_asking_for_a_recommendation_counts_in_the_month_after() -> None:
    person = someone(satisfaction=0.8)

    live_through(person, a_month(0), deed=ActionKind.ASK_REFERRAL)
    asked = person.marks
    live_through(person, a_month(1))

    assert (asked, person.marks) == (law.ASKED, 0)


# money and the turn of the month


def test_the_month_is_paid_less_the_discount_and_costs_less_to_serve_with_tenure() -> None:
    newcomer, veteran, costs = exactly(tenure=0, discount=1_000, discount_until=9), exactly(tenure=23), []
    for person in (newcomer, veteran):
        tally = counts()
        law.pay(person, this_month(), P, tally)
        costs.append(tally[law.SERVING])
        assert tally[law.REVENUE] == 6_000
        assert tally[law.CONCESSIONS] == person.discount
        assert person.concession_cost == 0  # it was counted when it was granted
        assert person.value_to_date == 6_000 - person.discount

    assert costs[0] == int(6_000 * P.serving * (1 + P.serving_new))
    assert costs[1] < costs[0]


def test_open_complaints_cost_money() -> None:
    tallies = [counts(), counts()]

    law.charge(exactly(complaints_open=2), P, tallies[0])
    law.charge(exactly(), P, tallies[1])

    assert tallies[0][law.SERVING] - tallies[1][law.SERVING] == pytest.approx(2 * P.complaint_cost, abs=1)


def test_who_pauses_pays_nothing() -> None:
    tally = counts()

    law.pay(exactly(paused_until=3), this_month(2), P, tally)

    assert not any(tally)


@pytest.mark.parametrize(("contract", "days"), [(ContractKind.ONE_YEAR, 365), (ContractKind.TWO_YEARS, 730)])
def test_a_term_that_ends_renews_by_itself(contract: ContractKind, days: int) -> None:
    ending, running = exactly(contract=contract, lock_end_day=29), exactly(contract=contract, lock_end_day=30)
    for person in (ending, running):
        law.close_books(person, this_month(), P, counts())

    assert (ending.lock_end_day, running.lock_end_day) == (29 + days, 30)
    assert ending.tenure == 25


def test_what_is_recent_counts_half_after_every_month_for_customers_and_leavers() -> None:
    ours, gone = someone(contacts_recent=2.0, signals_recent=1.0), someone(contacts_recent=2.0, firm=1)
    for person in (ours, gone):
        law.close_books(person, this_month(), P, counts())

    counted = [(ours, "contacts_recent"), (ours, "signals_recent"), (gone, "contacts_recent")]
    assert [figure(person, name) for person, name in counted] == [1.0, 0.5, 1.0]


# a whole life


@given(
    key=st.integers(0, 2**64 - 1),
    deeds=st.lists(st.tuples(st.sampled_from(RULED), st.integers(0, 9_000), st.integers(1, 12)), min_size=1, max_size=36),
    changes=st.fixed_dictionaries({}, optional={
        "firm": st.integers(0, NONE), "contract": st.integers(0, 2), "trust": small, "satisfaction": small,
        "voice": shares, "assertive": shares, "need": st.sampled_from([0.3, 1.0, 2.0]), "monthly_fee": st.integers(0, 9_000),
        "hurt": shares, "habit": shares, "promise_due_day": st.integers(0, 60), "begun": st.integers(0, 1),
    }),
    seed=st.integers(0, 9),
)  # fmt: skip
def test_whatever_happens_a_life_stays_in_range_and_its_money_adds_up(
    key: int, deeds: list[tuple[ActionKind, int, int]], changes: dict[str, Any], seed: int
) -> None:
    person, tally = someone(key=key, **changes), counts()
    p = FIXED.plain()
    if person.firm != OURS and not person.begun:
        deeds = [(ActionKind.NOTHING, 0, 0)] * len(deeds)

    for number, (deed, amount, months) in enumerate(deeds):
        live_through(
            person, a_month(number, seed), deed=deed, amount=amount, months=months, word=0.1, p=p, tally=tally
        )

        outside = {
            name: figure(person, name)
            for name, (low, high) in RANGES.items()
            if not low - 1e-6 <= figure(person, name) <= high + 1e-6
        }
        assert outside == {}
        assert 0 <= person.discount <= person.monthly_fee
        assert sum(tally[law.PEOPLE : law.COHORT]) == number + 1
        assert person.offers_accepted <= person.offers_made

    gifts = tally[law.CONCESSIONS] - (tally[law.REVENUE] - person.value_to_date)
    assert gifts >= 0
    assert tally[law.LEFT] == tally[law.SILENT] + tally[law.THREATENED] - tally[law.BLUFFED]
    assert tally[law.LEFT] == sum(tally[law.REASONS : law.PEOPLE])
    assert abs(tally[law.LEFT] - tally[law.RETURNED] - tally[law.JOINED]) <= 1


@given(key=st.integers(0, 2**64 - 1), number=st.integers(0, 11))
def test_the_same_person_in_the_same_month_lives_the_same(key: int, number: int) -> None:
    one, other = someone(key=key), someone(key=key)

    for person in (one, other):
        live_through(person, a_month(number), deed=ActionKind.CHECK_IN)

    assert figures_of(one) == figures_of(other)


# small things


@given(need=st.floats(0.0, 2.5))
def test_the_nearest_package_is_the_listed_one_that_is_nearest(need: float) -> None:
    listed = (0.5, 0.8, 1.1, 1.4)

    nearest = law.nearest_package(need)

    assert min(abs(nearest - it) for it in listed) < 1e-12
    assert abs(nearest - need) == pytest.approx(min(abs(it - need) for it in listed))


@given(need=st.floats(0.0, 2.0), package=st.floats(0.4, 1.7))
def test_suitability_is_the_same_for_one_and_for_many(need: float, package: float) -> None:
    assert law.suitability(need, package) == law.suitability_of(np.array([need]), np.array([package]))[0]
    assert law.suitability(need, need) == 1.0


def test_every_field_has_a_meaning_and_a_channel() -> None:
    assert {field.channel for field in FIELDS} == {"observed", "truth"}
    assert all(field.meaning for field in FIELDS)
    assert [name for name, *_ in Row._fields_] == [field.name for field in FIELDS]
    assert RANGES.keys() <= {field.name for field in FIELDS}
