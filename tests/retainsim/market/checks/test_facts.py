"""Each fact on a market in which it cannot hold: a measure that never fails measures nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import pytest

from retainsdk.policies.none import Nothing
from retainsdk.view import Kind
from retainsim.market import Market, Preset, load_preset, run
from retainsim.market.checks import Size, Verdict, check
from retainsim.market.checks.accounts import LOST, Losses
from retainsim.market.checks.contact import A_YEAR, Contacts, Kept, gain_inside
from retainsim.market.checks.costs import SEGMENTS, Won
from retainsim.market.checks.fact import Finding
from retainsim.market.checks.hazard import Newcomers
from retainsim.market.checks.price_won import Returners, by_price_of
from retainsim.market.checks.reputation import Arrivals, firms_of
from retainsim.market.checks.returning import Leavers
from retainsim.market.checks.snapshot import Snapshot, Step
from retainsim.market.checks.watch import live_watched, worse_quality
from retainsim.market.engine import World, digest_of
from retainsim.market.month import Month
from retainsim.market.person import Contact, nobody

FEW = Size(worlds=4, customers=500)


def telecom_with(**values: float) -> Preset:
    """The telecom market with other values of some parameters, the same in every world."""
    preset = load_preset("telecom")
    changed = {
        name: attrs.evolve(preset.parameters[name], value=value, low=value, high=value)
        for name, value in values.items()
    }
    return attrs.evolve(preset, parameters={**preset.parameters, **changed})


def found(preset: Preset, fact: str, size: Size = FEW) -> Finding:
    (finding,) = check(preset, size, only=[fact], parameters="fixed").findings
    return finding


WITHOUT_MEMORY = {
    "tenure_lulls": 0.0, "tenure_binds": 0.0, "attention_lulls": 0.0, "attention_binds": 0.0, "commitment_spread": 0.0,
    "price_taste_spread": 0.0, "quality_taste_spread": 0.0, "need_spread": 0.0, "need_drift": 0.0, "mood_start_spread": 0.0,
    "mood_drift": 0.0, "life_rate": 0.0, "incident_rate": 0.0, "hurt_wakes": 0.0, "renewal_wakes": 0.0, "penalty": 0.0,
    "fit_counts": 0.0, "usage_noise": 0.0, "commitment_month_to_month": 0.0, "commitment_one_year": 0.0, "commitment_two_years": 0.0,
    "reference_moves": 0.0, "foundations": 0.0, "welcome": 0.0, "tenure_benefit_binds": 0.0, "tier_binds": 0.0, "product_binds": 0.0,
}  # fmt: skip
"""People who are all alike, won and served alike, and to whom nothing happens that they would remember."""


def test_newcomers_who_are_all_alike_and_never_bound_leave_at_one_rate() -> None:
    size = Size(worlds=5, customers=500)
    model, years = check(telecom_with(**WITHOUT_MEMORY), size, only=["hazard"], parameters="fixed").findings

    assert model.figure is not None
    assert model.figure.value > 0  # the second parameter earns nothing
    assert model.verdict is not Verdict.HOLDS
    assert years.verdict is Verdict.FAILS


def test_a_call_that_wakes_nobody_does_no_harm() -> None:
    finding = found(telecom_with(wake_sales=0.0), "harm.treated", Size(worlds=12, customers=4_000))

    assert finding.figure is not None
    assert finding.verdict is Verdict.FAILS
    assert finding.figure.high < 8.0


def test_a_call_that_does_good_shows_in_the_worlds() -> None:
    finding = found(telecom_with(wake_sales=0.0, suited_trust=2.0), "harm.sign")

    assert finding.verdict is Verdict.FAILS


def test_where_nobody_tires_contact_has_no_right_number() -> None:
    inside, too_often = check(
        telecom_with(contact_fatigue=0.0, wake_service=0.0),
        Size(worlds=4, customers=250),
        only=["contact"],
        parameters="fixed",
    ).findings

    assert inside.figure is not None
    assert inside.figure.value < 0
    assert too_often.verdict is Verdict.FAILS


def test_the_best_number_of_contacts_is_chosen_in_the_other_half_of_the_worlds() -> None:
    noise = np.random.default_rng(3).normal(50.0, 1.0, (400, len(A_YEAR)))

    gains = gain_inside(noise)

    # chosen and measured in the same worlds, the best of six would look better by far
    assert abs(gains.mean()) < 4 * gains.std() / np.sqrt(len(gains))


@pytest.mark.parametrize("a_year", A_YEAR)
def test_everybody_is_called_as_often_as_it_says(a_year: int) -> None:
    market = Market.draw(load_preset("telecom"), customers=60, seed=3, parameters="fixed")

    history = run(market, Contacts(a_year), months=12, compiled=False)

    calls = history.actions.sum()
    customer_years = history.people[:-1, 0].sum() / 12
    assert calls / customer_years == pytest.approx(min(a_year, 12), rel=0.2, abs=0.01)


def test_concessions_that_teach_nothing_bring_no_threats() -> None:
    calm = {"habit_gain": 0.0, "reference_moves": 0.0}

    finding = found(telecom_with(**calm), "bear_hug.threats", Size(worlds=6, customers=1_000))

    assert finding.verdict is Verdict.FAILS


def test_concessions_that_cost_nothing_and_keep_everybody_pay() -> None:
    kept = {"price_taste": 20.0, "price_taste_spread": 0.0, "habit_gain": 0.0, "reference_moves": 0.0}

    assert found(telecom_with(**kept), "bear_hug.cost").verdict is Verdict.FAILS


def test_where_needs_end_all_the_time_no_need_is_the_truth() -> None:
    dying = telecom_with(life_rate=0.2, life_ends=1.0, life_pauses=0.0, need_gone=40.0)

    assert found(dying, "no_need.other_reason").verdict is Verdict.FAILS


def test_where_nobody_says_so_there_is_nothing_to_measure() -> None:
    honest = telecom_with(says_no_need=0.0, says_truth=1.0, skill_labels=0.0, life_rate=0.0)
    silent = found(honest, "no_need.other_reason")

    assert silent.figure is None
    assert silent.verdict is Verdict.NOT_YET
    assert "more or larger worlds" in silent.note


def test_where_everybody_tells_the_truth_who_says_no_need_has_none() -> None:
    finding = found(telecom_with(says_no_need=0.0, says_truth=1.0, skill_labels=0.0), "no_need.other_reason")

    assert finding.figure is not None
    assert finding.figure.value == 0.0
    assert finding.verdict is Verdict.FAILS


EQUAL = {"usual_trust": 0.0, "mood_start_spread": 0.0, "promise_kept": 0.08, "promise_broken": 0.08}


def test_kept_and_broken_promises_of_equal_weight_fail() -> None:
    assert found(telecom_with(**EQUAL), "promises.broken").verdict is Verdict.FAILS


def test_notice_that_softens_nothing_fails() -> None:
    harsh = telecom_with(**EQUAL, promise_warned=0.16)

    assert found(harsh, "promises.notice").verdict is Verdict.FAILS


def test_where_complaints_are_settled_for_show_who_complains_gains_nothing() -> None:
    for_show = telecom_with(recovery=0.0, promise_kept=0.0, complaint=0.95, incident_rate=0.12)

    finding = found(for_show, "complaints.silent", Size(worlds=6, customers=1_200))

    assert finding.verdict is Verdict.FAILS


def test_where_failing_and_making_good_is_a_gift_it_pays_too_well() -> None:
    gift = telecom_with(recovery=6.0, promise_kept=0.6, incident_rate=0.12, hurt_wakes=0.0, threat=0.0)

    finding = found(gift, "complaints.unhurt", Size(worlds=6, customers=1_200))

    assert finding.verdict is Verdict.FAILS


def test_where_endings_are_forgotten_a_good_one_wins_nobody_back() -> None:
    forgotten = telecom_with(good_ending=0.0)

    finding = found(forgotten, "returning.ending", Size(worlds=6, customers=1_500))

    assert finding.verdict is Verdict.FAILS


def people(count: int, **columns: Sequence[Any]) -> Snapshot:
    """So many, and what is known of them."""
    them = nobody(count)
    for name, values in columns.items():
        them[name] = values
    return Snapshot(them, 4)


def step(before: Snapshot, after: Snapshot, **changes: Any) -> Step:
    """A month between the two."""
    usual: dict[str, Any] = {"number": 0, "first_day": 0}
    return Step(before=before, after=after, **(usual | changes))


def test_a_newcomer_is_credited_to_the_friend_whose_word_brought_him() -> None:
    before = people(4, firm=[0, 0, 1, 1], member=[0, 1, 2, 3])
    after = people(4, firm=[0, 0, 0, 0], member=[0, 1, 2, 3], origin=[-1, -1, 1, 0], referrer=[-1, -1, 1, -1])

    month = step(before, after)

    assert month.joined.tolist() == [False, False, True, True]
    assert month.referrals.tolist() == [0.0, 1.0, 0.0, 0.0]


def test_who_had_left_has_returned_whether_or_not_he_was_missed_and_is_nobodys_referral() -> None:
    before = people(3, firm=[1, 1, 0], member=[0, 1, 2], origin=[1, 1, 0], begun=[1, 0, 1])
    after = people(
        3, firm=[0, 0, 0], member=[0, 1, 2], origin=[1, 1, 2], begun=[2, 1, 1], referrer=[2, 2, -1]
    )

    month = step(before, after)

    assert month.returned.tolist() == [True, False, False]
    assert month.joined.tolist() == [False, True, False]
    assert month.referrals.tolist() == [0.0, 0.0, 1.0]


def test_departures_of_those_won_by_price_are_counted_by_months_since_they_came() -> None:
    watcher = Returners()
    away = people(3, firm=[1, 1, 1], begun=[1, 1, 1])
    back = people(3, firm=[0, 0, 0], origin=[2, 2, 2], discount=[500, 0, 500])
    gone = people(3, firm=[1, 0, 0], origin=[2, 2, 2], discount=[0, 0, 0])
    for number, (before, after) in enumerate(((away, back), (back, back), (back, gone), (gone, gone))):
        watcher.see(step(before, after, number=number))

    without, won = (0, 1)
    assert watcher.months[won][:4].tolist() == [2, 2, 1, 0]
    assert watcher.left[won][:4].tolist() == [0, 1, 0, 0]
    assert watcher.months[without][:4].tolist() == [1, 1, 1, 0]
    assert watcher.left[without].sum() == 0


def test_returns_are_counted_by_months_to_the_end_of_the_lock_in() -> None:
    watcher = Leavers()
    ours = people(2, firm=[0, 0], begun=[1, 1])
    bound = people(2, firm=[1, 1], begun=[1, 1], lock_end_day=[45, 400], ended_well=[1, 0])
    first = people(2, firm=[0, 1], begun=[1, 1], origin=[2, -1], lock_end_day=[400, 400], ended_well=[0, 0])
    days = (0, 31, 59, 90)
    lives = ((ours, bound), (bound, bound), (bound, first), (first, first))
    for number, (before, after) in enumerate(lives):
        watcher.see(step(before, after, number=number, first_day=days[number]))

    assert watcher.quarter(-3) == (0, 1)  # 14 days before he was free
    assert watcher.quarter(0) == (1, 1)
    assert watcher.by_ending.tolist() == [[1, 2], [0, 3]]


def test_newcomers_of_a_firm_are_people_who_were_never_there() -> None:
    watcher = Arrivals()
    here, there, back = ([firm] * 1 for firm in (1, 2, 1))
    for before, after in ((here, there), (there, back), (back, there)):
        watcher.see(step(people(1, firm=before), people(1, firm=after)))

    assert [month.tolist() for month in watcher.by_month] == [[0, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]]


def test_a_bad_year_touches_one_firm_and_its_months_only() -> None:
    market = Market.draw(load_preset("telecom"), customers=5, seed=1)
    world = World(market, compiled=False)
    rival = firms_of(market)["theirs"]
    shock = worse_quality(rival, by=0.5, first=1, months=1)

    months = [world.month(number) for number in range(3)]
    shocked = [shock(month) for month in months]

    assert rival == 1
    assert [one == other for one, other in zip(months, shocked, strict=True)] == [True, False, True]
    assert shocked[1].plan.quality[rival] == months[1].plan.quality[rival] - 0.5
    assert quality_of_others(shocked[1], rival) == quality_of_others(months[1], rival)


def quality_of_others(month: Month, firm: int) -> list[float]:
    return [quality for place, quality in enumerate(month.plan.quality) if place != firm]


def test_to_be_watched_changes_nothing() -> None:
    market = Market.draw(load_preset("telecom"), customers=40, seed=5)
    ends: list[Snapshot] = []

    class Last:
        def see(self, step: Step) -> None:
            ends[:] = [step.after]

    live_watched(market, Nothing(), months=7, watchers=[Last(), Kept()], compiled=False)

    history = run(market, Nothing(), months=7, compiled=False, residual_months=0)
    assert digest_of(ends[0].people) == history.digest


def test_an_action_done_twice_is_two_contacts() -> None:
    market = Market.draw(load_preset("telecom"), customers=40, seed=5)
    contacts = []
    for repeated in (False, True):
        seen: list[Step] = []

        class First:
            def see(self, step: Step) -> None:
                seen.append(step)  # noqa: B023 # shown at once

        live_watched(market, Contacts(12), months=1, watchers=[First()], repeated=repeated, compiled=False)
        ours = seen[0].before.ours
        contacts.append(seen[0].after.people["contacts_recent"][ours].mean())

    assert contacts[1] == pytest.approx(2 * contacts[0], rel=0.1)


def test_half_of_the_leavers_hear_of_a_discount() -> None:
    keys = np.random.default_rng(1).integers(0, 2**63, 4_000).astype(np.uint64)

    assert by_price_of(keys).mean() == pytest.approx(0.5, abs=5 * 0.5 / np.sqrt(len(keys)))


def test_where_all_contacts_weigh_the_same_the_champion_is_one_of_them() -> None:
    preset = load_preset("saas")
    alike = {"champion_sways": 0.0, "champion_speaks": 0.0, "champion_lost_wakes": 0.0, "vote_champion": 0.2, "vote_user": 0.2,
             "contact_leaves": 0.05, "opinion_spread": 0.0}  # fmt: skip
    changed = {
        name: attrs.evolve(preset.parameters[name], value=value, low=value, high=value)
        for name, value in alike.items()
    }
    same = attrs.evolve(preset, parameters={**preset.parameters, **changed})

    finding = found(same, "accounts.champion", Size(worlds=14, customers=1_000))

    assert finding.verdict is Verdict.FAILS


CHAMPION, USER = int(Contact.CHAMPION), int(Contact.USER)


def test_accounts_are_followed_for_a_year_by_whom_they_lost() -> None:
    watcher = Losses()
    both, account = CHAMPION | USER, [Kind.ORGANISATION] * 5
    full = people(5, firm=[0] * 5, kind=account, committee=[both] * 5)
    lost = people(5, firm=[0] * 5, kind=account, committee=[USER, CHAMPION, both, 0, USER])
    gone = people(5, firm=[1, 0, 0, 0, 0], kind=account, committee=[USER, CHAMPION, both, 0, USER])
    watcher.see(step(full, lost))
    watcher.see(step(lost, gone, number=1))
    for number in range(2, 12):
        watcher.see(step(gone, gone, number=number))

    assert [watcher.of(name) for name in LOST] == [2, 1, 1]  # who loses both at once is of no group
    assert [watcher.share(name) for name in LOST] == [50.0, 0.0, 0.0]
    assert watcher.excess("champion") == 1.0


def test_leaving_is_counted_by_full_years_after_joining() -> None:
    watcher = Newcomers()
    nobody_here, both = people(2, firm=[1, 1]), people(2, firm=[0, 0], origin=[0, 0])
    one = people(2, firm=[0, 1], origin=[0, 0])
    watcher.see(step(nobody_here, both))
    for number in range(1, 30):
        before, after = (both, both) if number < 14 else (both, one) if number == 14 else (one, one)
        watcher.see(step(before, after, number=number))

    assert watcher.ages == ([2, 2], [0, 1])  # the third year is not over
    assert watcher.year(1) == (0, 24)
    assert watcher.year(2) == (1, 4 + 10)


def test_who_lives_alone_has_nobody_to_tell() -> None:
    snapshot = people(
        5, firm=[0, 0, 1, 0, 1], circle=[1, 2, 2, 2, 2], member=[0, 0, 1, 0, 1], begun=[1, 1, 0, 1, 1]
    )

    assert snapshot.could_tell_somebody.tolist() == [False, True, True, False, False]


def test_the_cost_of_campaigns_falls_on_those_elsewhere_of_each_segment() -> None:
    watcher = Won()
    before = people(4, firm=[1, 1, 1, 0], senior=[1, 0, 0, 0], household_size=[1, 1, 3, 3])
    after = people(
        4, firm=[0, 1, 1, 0], senior=[1, 0, 0, 0], household_size=[1, 1, 3, 3], origin=[0, -1, -1, -1]
    )

    watcher.see(step(before, after))

    assert dict(zip(SEGMENTS, watcher.won, strict=True)) == {
        "seniors": 1, "younger people": 0, "who live alone": 1, "who live with others": 0,
    }  # fmt: skip
    assert watcher.months_elsewhere.tolist() == [0, 2, 1, 1]
