"""Who thinks it over, what he weighs, what he chooses, and what he says of it."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import N_FIRMS, PLAN, Luck, chance_of, counts, exactly, luck, parameters, shares, small, this_month

from retainsdk.view import Reason
from retainsim.market import law
from retainsim.market import purposes as for_
from retainsim.market.person import OURS, ContractKind, Need
from retainsim.market.streams import uniform

__all__ = ["luck"]  # a fixture from `lives`

P = parameters()
NONE = N_FIRMS
CLOSE = 1e-6
"""To where by the formula the chance of one firm ends and that of the next begins."""
MANY = 4_000


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


def test_as_a_pause_ends_he_thinks_about_whether_to_go_on() -> None:
    month = this_month(4)
    usual = law.trigger(exactly(), month, P)

    woken, before, after = (law.trigger(exactly(paused_until=until), month, P) - usual for until in (4, 5, 3))

    assert woken == pytest.approx(P.resume_wakes)
    assert (before, after) == (0.0, 0.0)


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
    price, quality = (1.0, 0.8, 1.1, 1.0), (0.0, -0.2, 0.5, 0.1)
    w = this_month(price=price, quality=quality)
    utilities = {OURS: law.staying(person, w, P) + bonus}
    utilities |= {f: law.going(person, f, w, P) for f in (1, 2, 3) if known & 1 << f}
    utilities |= {NONE: law.going_without(person, w, P)}
    total = sum(math.exp(it) for it in utilities.values())

    ends = np.cumsum([0.0, *(math.exp(it) / total for it in utilities.values())])
    chosen = [
        [choice_of(person, u, known=known, bonus=bonus, price=price, quality=quality) for u in edges]
        for edges in zip(ends[:-1] + CLOSE, ends[1:] - CLOSE, strict=True)
    ]

    wide = np.diff(ends) > 2 * CLOSE
    assert [pair for pair, is_wide in zip(chosen, wide, strict=True) if is_wide] == [
        [firm, firm] for firm, is_wide in zip(utilities, wide, strict=True) if is_wide
    ]


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
