"""What our policy's actions do to those who are ours and those who were, and what a month wears off again."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import (
    RULED,
    Luck,
    act_on,
    chance_of,
    counts,
    exactly,
    figure,
    luck,
    parameters,
    someone,
    this_month,
)
from twin_markets import NOTHING, a_market, differences, doing

from retainsdk.policy import ActionKind
from retainsdk.view import Stage
from retainsim.market import law
from retainsim.market.person import NEVER, Modifier, Need

__all__ = ["luck"]  # a fixture from `lives`

P = parameters()
MANY = 4_000
SALES = (ActionKind.OFFER_PACKAGE, ActionKind.OFFER_PRICE, ActionKind.OFFER_PAUSE, ActionKind.COMPARISON)
CARE = (ActionKind.CHECK_IN, ActionKind.NEEDS_REVIEW, ActionKind.PROGRESS_REPORT, ActionKind.GREETING)
LIVE = sorted(
    set(RULED) - {ActionKind.NOTHING, ActionKind.NEWSLETTER, ActionKind.SURVEY, ActionKind.INVITATION}
)


# what every contact does


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


# apologies and compensation


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


# invitations


def test_the_pleased_come_to_an_event_and_who_needs_us_not_stays_away() -> None:
    came = {}
    for name, changes in (
        ("pleased", {"satisfaction": 0.8}),
        ("displeased", {"satisfaction": -0.8}),
        ("without need", {"satisfaction": 0.8, "need_state": Need.PAUSED}),
    ):
        people = [exactly(key=key, contact_day=NEVER, **changes) for key in range(MANY)]
        for person in people:
            act_on(person, ActionKind.INVITATION)
        came[name] = sum(person.contact_day != NEVER for person in people)

    assert abs(came["pleased"] / MANY - 1.8 * P.invited_come) < 0.03
    assert came["pleased"] > 5 * came["displeased"] > 0 == came["without need"]


def test_who_comes_remembers_us_and_costs_something_and_who_stays_away_only_got_a_card(luck: Luck) -> None:
    guest, absent = exactly(), exactly()

    luck(0.0)
    cost = act_on(guest, ActionKind.INVITATION)[law.CONTACTS]
    luck(0.99)
    nothing = act_on(absent, ActionKind.INVITATION)[law.CONTACTS]

    assert (cost, nothing) == (int(P.event_cost * 6_000), 0)
    assert guest.attention > 0.3 == absent.attention
    assert guest.satisfaction > 0.25 > absent.satisfaction
    assert guest.fatigue == absent.fatigue < P.contact_fatigue


# testimonials


def test_a_testimonial_is_heard_by_many_and_asked_of_the_dissatisfied_it_annoys() -> None:
    pleased, displeased = exactly(satisfaction=0.8), exactly(satisfaction=0.0)

    heard = act_on(pleased, ActionKind.ASK_TESTIMONIAL)[law.WORD]
    unheard = act_on(displeased, ActionKind.ASK_TESTIMONIAL)[law.WORD]

    alone = law.recommendation(exactly(satisfaction=0.8), P) * law.WORD_UNIT
    assert heard == pytest.approx(P.testimonial * alone, rel=0.05)  # the call itself tires a little
    assert unheard == 0
    assert displeased.satisfaction < -0.5 * P.asked_wrongly


def test_whoever_praises_us_most_to_his_friends_praises_us_most_in_public() -> None:
    for changes in ({}, {"tenure": 80}, {"begun": 2}, {"modifiers": Modifier.CRITIC}):
        said = law.recommendation(exactly(satisfaction=0.8, **changes), P)
        tally = counts()
        law.speak_for_us(exactly(satisfaction=0.8, **changes), P, tally)

        assert tally[law.WORD] == int(law.WORD_UNIT * P.testimonial * said)


def test_where_the_pleased_speak_for_us_in_public_more_people_come() -> None:
    def joined(history: Any) -> float:
        return float(history.flows[:, 1:3].sum())

    more, error = differences(
        joined,
        lambda seed: (
            a_market(seed),
            doing(
                ActionKind.ASK_TESTIMONIAL,
                lambda view: (view.stage == Stage.ACTIVE) & (view.contacts_recent < 0.2),
            ),
        ),
        lambda seed: (a_market(seed), NOTHING),
    )

    assert more > 2 * error > 0


# making good


def test_doing_it_again_heals_more_than_money_and_is_promised_for_a_day() -> None:
    redone, paid, left = (exactly(hurt=0.4) for _ in range(3))

    tally = act_on(redone, ActionKind.REDO)
    act_on(paid, ActionKind.COMPENSATION, amount=6_000)

    assert redone.hurt < paid.hurt < left.hurt
    assert redone.satisfaction > paid.satisfaction > left.satisfaction
    assert redone.promise_due_day > 0 > paid.promise_due_day
    assert tally[law.SERVING] == int(P.redo_cost * 6_000)


def test_doing_it_again_a_third_time_harms() -> None:
    worn, first = exactly(hurt=0.4, apologies=2), exactly(hurt=0.4)

    act_on(worn, ActionKind.REDO)
    act_on(first, ActionKind.REDO)

    assert worn.hurt == 0.4
    assert worn.trust < first.trust - P.apology_worn


def test_promised_work_falls_due_later_than_a_promised_call(luck: Luck) -> None:
    due = {}
    for share in (0.0, 0.5, 0.999):
        luck(0.0, promise_due=share)
        work, call = exactly(), exactly()
        act_on(work, ActionKind.PROMISE_DELIVERY)
        act_on(call, ActionKind.PROMISE_CALLBACK)
        due[share] = (work.promise_due_day, call.promise_due_day)

    assert due[0.5] == (P.delivery_days + 3 + P.promise_days // 2, 3 + P.promise_days // 2)
    assert all(work - call == P.delivery_days for work, call in due.values())


# former customers


def call_back(person: Any, deed: ActionKind) -> None:
    law.contact_leaver(person, deed, 0, 0, this_month(), chance_of(person), P)


@pytest.mark.parametrize(
    ("deed", "gain"), [(ActionKind.KEEP_ADVISING, P.advice), (ActionKind.GREETING, P.thanks)]
)
def test_thanks_and_advice_keep_the_door_open_and_stir_nobody(deed: ActionKind, gain: float) -> None:
    person = exactly(firm=1, left_day=-30)

    call_back(person, deed)

    assert person.trust == pytest.approx(0.2 + 0.8 * gain)
    assert person.attention > 0.3
    assert person.woken == 0


def test_more_leavers_return_when_we_go_on_advising_them() -> None:
    def returned(history: Any) -> float:
        return float(history.flows[:, 1].sum())

    more, error = differences(
        returned,
        lambda seed: (
            a_market(seed),
            doing(ActionKind.KEEP_ADVISING, lambda view: view.stage == Stage.FORMER),
        ),
        lambda seed: (a_market(seed), NOTHING),
        months=18,
        seeds=10,
    )

    assert more > 2 * error > 0


# knowing one's customer


@pytest.mark.parametrize(
    ("event", "deed", "tactless"),
    [
        (law.BEREAVED, ActionKind.OFFER_PRICE, True), (law.BEREAVED, ActionKind.OFFER_PACKAGE, True),
        (law.BEREAVED, ActionKind.CHECK_IN, False), (law.STRAITENED, ActionKind.OFFER_PACKAGE, True),
        (law.STRAITENED, ActionKind.OFFER_PRICE, False), (law.HAPPY, ActionKind.OFFER_PACKAGE, False),
    ],
)  # fmt: skip
def test_an_offer_that_ignores_what_happened_to_him_hurts(
    event: int,
    deed: ActionKind,
    tactless: bool,  # noqa: FBT001 # the case
    luck: Luck,
) -> None:
    luck(0.99)
    person, other = exactly(event=4 * event + law.FRESH_FOR, products=6), exactly(products=6)

    act_on(person, deed)
    act_on(other, deed)

    assert (person.trust < other.trust - 0.5 * P.tactless) == tactless
    assert (person.satisfaction < other.satisfaction) == tactless


def test_what_happened_is_fresh_for_three_months(luck: Luck) -> None:
    luck(0.5, life=0.0, life_kind=0.99, event=P.events_happy)
    person = exactly()
    law.life(person, 0, P)
    kinds = [person.event // 4]
    luck(0.5, life=0.99)
    for _ in range(4):
        law.life(person, 0, P)
        kinds.append(person.event // 4)

    assert kinds == [law.BEREAVED] * 4 + [0]


def test_a_greeting_is_meant_when_it_is_rare(luck: Luck) -> None:
    luck(0.5)
    person, gains = exactly(fatigue=0.0), []
    for _ in range(4):
        before = person.satisfaction
        law.greet(person, P)
        gains.append(person.satisfaction - before)

    assert gains == pytest.approx([P.greeting, 0.0, -P.greeting, -P.greeting])


def test_a_greeting_at_a_happy_event_pleases_more() -> None:
    happy, usual = exactly(event=4 * law.HAPPY + 2), exactly()
    for person in (happy, usual):
        law.greet(person, P)

    assert happy.satisfaction - 0.25 == pytest.approx(P.happy_greeting * (usual.satisfaction - 0.25))


def test_where_everybody_is_greeted_every_month_fewer_are_pleased_than_where_nobody_is() -> None:
    def felt(history: Any) -> float:
        return float(history.flows[:, 0].sum())

    more, error = differences(
        felt,
        lambda seed: (
            a_market(seed, {"greeting": 0.1}),
            doing(ActionKind.GREETING, lambda view: view.stage == Stage.ACTIVE),
        ),
        lambda seed: (
            a_market(seed, {"greeting": 0.0}),
            doing(ActionKind.GREETING, lambda view: view.stage == Stage.ACTIVE),
        ),
    )

    assert more > 2 * error > 0
