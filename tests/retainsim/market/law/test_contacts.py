"""What is done for customers and former customers beyond the calls of old."""

from __future__ import annotations

from typing import Any

import pytest
from lives import Luck, chance_of, counts, exactly, luck, parameters, this_month
from twin_markets import NOTHING, a_market, differences, doing

from retainsdk.policy import ActionKind
from retainsdk.view import Stage
from retainsim.market import law
from retainsim.market.person import NEVER, Modifier, Need

__all__ = ["luck"]  # a fixture from `lives`

P = parameters()
MANY = 4_000


def act_on(person: Any, deed: ActionKind, *, amount: int = 0) -> list[int]:
    tally = counts()
    law.contact(person, deed, amount, 0, this_month(), chance_of(person), P, tally)
    return tally


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
