"""Who lives in a market: what a view knows is kept, the rest is drawn, and the same seed gives the same people."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import RANGES
from worlds import AS_OF, columns_of, view_of

from retainsdk.errors import InputError
from retainsdk.view import CONSENT_PURPOSES, BookView, Origin, Reason, Stage
from retainsim.market import Market, load_preset
from retainsim.market.engine import digest_of
from retainsim.market.person import NEVER, OURS, ContractKind, People, figures
from retainsim.market.population import ALL_BUT_MARKETING, CIRCLES, VILLAGE, NoCustomersError

PRESET = load_preset("telecom")
NONE = len(PRESET.firms)
P = PRESET.drawn(0, "fixed").plain()


def drawn(
    customers: int, *, seed: int = 1, view: BookView | None = None, parameters: Any = "fixed"
) -> People:
    return Market.draw(PRESET, customers=customers, seed=seed, view=view, parameters=parameters).people


def ours(people: People) -> People:
    found: People = people[people["firm"] == OURS]
    return found


def former(people: People) -> People:
    found: People = people[(people["firm"] != OURS) & (people["begun"] > 0)]
    return found


def a_view(ids: list[int], known: dict[str, list[bool]] | None = None, **changes: Any) -> BookView:
    """Customers on monthly contracts, but for the changes; optional columns known where *known* says."""
    changes = {"stage": [Stage.ACTIVE] * len(ids), "monthly_fee": [5_000] * len(ids)} | changes
    masks = {name: np.array(mask) for name, mask in (known or {}).items()}
    return BookView(as_of=AS_OF, currency="USD", columns=columns_of(ids, **changes), known=masks)


# from the preset


def test_the_preset_gives_our_customers_and_people_elsewhere_by_the_shares_of_the_firms() -> None:
    people, shares = drawn(3_000), [firm.share for firm in PRESET.firms]

    counts = np.bincount(people["firm"], minlength=NONE + 1)

    assert counts[OURS] == 3_000
    assert len(people) == round(3_000 / shares[0])
    for count, share in zip(counts, [*shares, 1 - sum(shares)], strict=True):
        assert abs(count / len(people) - share) < 5 * np.sqrt(share * (1 - share) / len(people))


def test_our_customers_have_the_marginals_of_the_preset() -> None:
    customers, marginals = ours(drawn(4_000)), PRESET.customers

    for kind, name in zip(ContractKind, ("month_to_month", "one_year", "two_years"), strict=True):
        of_kind = customers[customers["contract"] == kind]
        share = marginals[name]
        assert abs(len(of_kind) / 4_000 - share) < 5 * np.sqrt(share * (1 - share) / 4_000)
        for column, mean in (("tenure", "mean_tenure"), ("monthly_fee", "mean_fee")):
            off = abs(of_kind[column].mean() - marginals[mean][kind])
            assert off < 5 * of_kind[column].std() / np.sqrt(len(of_kind)) + 1
    for column, name in (("senior", "senior"), ("household_size", "household")):
        share = (customers[column] - (name == "household")).mean()
        assert abs(share - marginals[name]) < 5 * np.sqrt(marginals[name] * (1 - marginals[name]) / 4_000)
    agreed = customers["consent"] == ALL_BUT_MARKETING | 1 << CONSENT_PURPOSES.index("marketing")
    assert (agreed | (customers["consent"] == ALL_BUT_MARKETING)).all()
    assert abs(agreed.mean() - marginals["marketing_consent"]) < 5 * 0.5 / np.sqrt(4_000)
    assert (customers["cohort"] == customers["contract"]).all()


def test_only_whose_contract_has_a_term_is_bound_and_for_no_longer_than_it() -> None:
    customers = ours(drawn(2_000))

    for kind, days in ((0, 0), (1, 365), (2, 730)):
        bound = customers["lock_end_day"][customers["contract"] == kind]
        assert bound.min() >= min(days, 1)
        assert bound.max() <= days
        assert days == 0 or bound.mean() == pytest.approx(days / 2, rel=0.15)


def test_people_elsewhere_never_were_ours_and_are_like_ours_in_what_they_need() -> None:
    people = drawn(2_000)
    others = people[people["firm"] != OURS]

    assert not others["begun"].any()
    assert (others["value_to_date"] == 0).all()
    assert (others["tenure"] == 0).all()
    assert set(others["cohort"]) == {-1}
    assert others["monthly_fee"].mean() == pytest.approx(ours(people)["monthly_fee"].mean(), rel=0.05)
    bound = others["lock_end_day"] > 0
    assert not bound[others["firm"] == NONE].any()
    assert abs(bound[others["firm"] != NONE].mean() - 0.5) < 0.05


# keys


def test_the_same_seed_gives_the_same_people_and_another_seed_others() -> None:
    assert digest_of(drawn(50)) == digest_of(drawn(50))
    assert digest_of(drawn(50)) != digest_of(drawn(50, seed=2))
    assert not set(drawn(50)["key"]) & set(drawn(50, seed=2)["key"])


def test_more_customers_are_the_same_ones_and_some_more() -> None:
    few, many = ours(drawn(50)), ours(drawn(80))

    same = many[np.isin(many["key"], few["key"])]

    assert len(same) == 50
    for name in ("monthly_fee", "tenure", "voice", "price_taste", "commitment", "satisfaction"):
        np.testing.assert_array_equal(same[name], few[name], name)


@given(customers=st.integers(1, 40), seed=st.integers(0, 99), parameters=st.sampled_from(["drawn", "fixed"]))
def test_people_have_keys_of_their_own_and_are_in_range(customers: int, seed: int, parameters: str) -> None:
    people = drawn(customers, seed=seed, parameters=parameters)

    assert len(set(people["key"].tolist())) == len(people)
    assert len(ours(people)) == customers
    for name in people.dtype.names or ():
        assert np.isfinite(people[name].astype(np.float64)).all(), name
    for name, (low, high) in RANGES.items():
        assert figures(people, name).min() >= low - 1e-6, name
        assert figures(people, name).max() <= high + 1e-6, name


def test_temperament_and_taste_are_spread_as_the_preset_says() -> None:
    people = drawn(4_000)

    for name, mean, spread in (
        ("price_taste", P.price_taste, P.price_taste_spread),
        ("quality_taste", P.quality_taste, P.quality_taste_spread),
        ("trust", P.usual_trust, P.mood_start_spread),
        ("voice", 0.5, np.sqrt(1 / 12)),
        ("assertive", 0.5, np.sqrt(1 / 12)),
    ):
        values = figures(people, name)
        assert abs(values.mean() - mean) < 5 * spread / np.sqrt(len(people)), name
        assert values.std() == pytest.approx(spread, rel=0.05), name
    pleased = ours(people)["satisfaction"]
    assert abs(pleased.mean() - P.usual_satisfaction) < 5 * P.mood_start_spread / np.sqrt(len(pleased))
    traits = np.corrcoef([people[name] for name in ("voice", "assertive", "price_taste", "trust", "need")])
    assert np.abs(traits - np.eye(5)).max() < 5 / np.sqrt(len(people))


# from a view


def test_what_a_view_knows_is_kept() -> None:
    view = a_view(
        [3, 5], monthly_fee=[4_000, 6_000], discount=[0, 500], tenure_months=[7, 30], term_months=[0, 24],
        days_to_term_end=[0, 100], products=[1, 4], value_to_date=[28_000, 180_000], senior=[1, 0],
        household_size=[2, 1], origin=[Origin.CAMPAIGN, Origin.REFERRAL], usage=[0.4, 0.9],
        usage_trend=[-0.1, 0.2], promises_kept=[1, 2], promises_warned=[0, 1], promises_broken=[2, 0],
        promises_open=[1, 0], promises_due=[1, 0], complaints=[3, 0], complaints_open=[1, 0], threats=[1, 0],
        offers_made=[2, 5], offers_accepted=[1, 4], concession_cost=[100, 900], contacts_recent=[0.5, 2.0],
        signals_recent=[0.25, 0.0], survey_score=[3, 9], survey_age_days=[40, 3], days_since_contact=[12, 90],
        stated_reason=[Reason.NOT_WORTH_COST, 0], kind=[1, 0],
        consent_marketing=[True, False], consent_sales=[False, True],
    )  # fmt: skip

    people = ours(drawn(2, view=view))

    people = people[np.argsort(people["key"])]
    assert people["key"].tolist() == [3, 5]
    for name in ("monthly_fee", "discount", "products", "value_to_date", "senior", "household_size", "origin",
                 "promises_kept", "promises_warned", "promises_broken", "complaints", "complaints_open", "threats",
                 "offers_made", "offers_accepted", "concession_cost", "contacts_recent", "signals_recent",
                 "survey_score", "stated_reason", "kind"):  # fmt: skip
        assert figures(people, name).tolist() == getattr(view, name).tolist(), name
    np.testing.assert_allclose(figures(people, "usage"), [0.4, 0.9], rtol=1e-6)
    np.testing.assert_allclose(figures(people, "usage_trend"), [-0.1, 0.2], rtol=1e-6)
    assert people["tenure"].tolist() == [7, 30]
    assert people["contract"].tolist() == people["cohort"].tolist() == [0, 2]
    assert people["lock_end_day"].tolist() == [0, 100]
    assert people["contact_day"].tolist() == [-12, -90]
    assert people["survey_day"].tolist() == [-40, -3]
    assert 0 <= people["promise_due_day"][0] <= 30
    assert people["promise_due_day"][1] == NEVER
    assert people["discount_until"][1] > 0
    bit = {purpose: 1 << place for place, purpose in enumerate(CONSENT_PURPOSES)}
    everything = sum(bit.values())
    assert people["consent"].tolist() == [everything - bit["sales"], everything - bit["marketing"]]


@pytest.mark.parametrize(("term", "days"), [(12, 365), (24, 730)])
def test_an_end_of_term_the_view_does_not_know_is_drawn_and_not_today(term: int, days: int) -> None:
    ids = list(range(1, 201))
    view = a_view(ids, {"days_to_term_end": [False] * 200}, term_months=[term] * 200)

    people = ours(drawn(200, view=view))

    assert people["lock_end_day"].min() >= 1
    assert people["lock_end_day"].max() <= days
    assert people["lock_end_day"].mean() == pytest.approx(days / 2, rel=0.2)


def test_unknown_is_not_zero() -> None:
    masks = {name: [False, True] for name in ("usage", "senior", "origin", "stated_reason", "household_size",
                                              "days_since_contact", "survey_score", "survey_age_days")}  # fmt: skip
    view = a_view([3, 5], masks, usage=[0, 0], survey_score=[0, 0])

    people = ours(drawn(2, view=view))

    people = people[np.argsort(people["key"])]
    assert figures(people, "usage")[0] > 0.5
    assert people["usage"][1] == 0
    for name in ("senior", "origin", "stated_reason", "household_size"):
        assert people[name].tolist() == [-1, 0], name
    assert people["contact_day"].tolist() == people["survey_day"].tolist() == [NEVER, 0]


def test_need_follows_the_use_we_see_and_else_the_package() -> None:
    ids = list(range(1, 401))
    usage = [0.5] * 200 + [0.0] * 200
    view = a_view(ids, {"usage": [True] * 200 + [False] * 200}, usage=usage)

    people = ours(drawn(400, view=view))

    people = people[np.argsort(people["key"])]
    need, package = people["need"], figures(people, "package")
    assert need[:200].mean() == pytest.approx((0.5 * package[:200]).mean(), abs=0.08)
    assert need[200:].mean() == pytest.approx(package[200:].mean(), abs=0.08)


def test_a_promise_that_is_open_but_not_due_soon_falls_due_later() -> None:
    people = ours(drawn(1, view=a_view([3], promises_open=[1], promises_due=[0])))

    assert people["promise_due_day"][0] > 31


def test_fewer_customers_than_the_view_holds_are_a_draw_without_repetition() -> None:
    view = a_view(list(range(1, 101)))

    chosen = {seed: set(ours(drawn(30, seed=seed, view=view))["key"].tolist()) for seed in (1, 2)}

    assert all(len(keys) == 30 and keys <= set(range(1, 101)) for keys in chosen.values())
    assert chosen[1] != chosen[2]
    assert set(ours(drawn(30, view=view))["key"].tolist()) == chosen[1]


def test_more_customers_than_the_view_holds_are_the_same_again_as_other_people() -> None:
    view = a_view([3, 5, 8], monthly_fee=[1_000, 2_000, 3_000])

    people = ours(drawn(8, view=view))

    assert len(set(people["key"].tolist())) == 8
    assert {3, 5, 8} <= set(people["key"].tolist())
    counts = sorted(np.unique(people["monthly_fee"], return_counts=True)[1].tolist())
    assert counts == [2, 3, 3]
    assert len(set(people["voice"].tolist())) == 8


def test_former_customers_of_the_view_live_on_elsewhere_in_their_number() -> None:
    ids, ended = list(range(1, 61)), [False] * 40 + [True] * 20
    known = {
        "ended_well": ended,
        "days_since_end": ended,
        "competitor_lock_in_days": [False] * 50 + [True] * 10,
    }
    view = a_view(
        ids, known, stage=[Stage.ACTIVE] * 40 + [Stage.FORMER] * 20, days_since_end=[0] * 40 + [50] * 20,
        ended_well=ended, competitor_lock_in_days=[0] * 50 + [200] * 10,
    )  # fmt: skip

    people = drawn(80, view=view)

    gone = former(people)
    assert len(ours(people)) == 80
    assert len(gone) == 40
    assert (gone["left_day"] == -50).all()
    assert (gone["ended_well"] == 1).all()
    assert set(gone["cohort"]) == {-1}
    assert len(people) == round(80 / PRESET.firms[0].share)
    bound = gone[np.isin(gone["key"], ids[50:])]
    assert len(bound) == 10
    assert (bound["lock_end_day"] == 200).all()
    assert (bound["firm"] < NONE).all()
    assert not ours(people)["ended_well"].any()


def test_those_about_to_leave_and_those_just_begun_are_customers_and_prospects_are_not() -> None:
    stages = [Stage.PROSPECT, Stage.ONBOARDING, Stage.ENDING, Stage.CLOSED, Stage.ACTIVE]

    people = drawn(3, view=a_view([1, 2, 3, 4, 5], stage=stages))

    assert sorted(ours(people)["key"].tolist()) == [2, 3, 5]
    assert len(former(people)) == 0


@pytest.mark.parametrize("stages", [[], [Stage.FORMER, Stage.CLOSED]])
def test_a_view_of_nobody_gives_no_market(stages: list[Stage]) -> None:
    view = a_view(list(range(len(stages))), stage=stages)

    with pytest.raises(NoCustomersError, match="nobody who is a customer"):
        drawn(3, view=view)


def test_a_view_in_another_currency_is_refused_with_every_other_fault() -> None:
    view = view_of([1], stage=[Stage.ACTIVE])
    euros = BookView(as_of=AS_OF, currency="EUR", columns=columns_of([1], stage=[Stage.ACTIVE]))

    with pytest.raises(InputError, match="must be USD") as refused:
        drawn(0, view=euros)

    assert len(refused.value.faults) == 2
    assert len(ours(drawn(1, view=view))) == 1


def test_a_market_from_a_view_begins_when_the_view_was_taken() -> None:
    market = Market.draw(PRESET, customers=1, seed=1, view=a_view([3]))

    assert market.starts_at == AS_OF
    assert Market.draw(PRESET, customers=1, seed=1).starts_at.date() == PRESET.starts_on


def test_who_is_small_has_no_fewer_people_elsewhere_than_none() -> None:
    whole = attrs.evolve(PRESET, firms=(attrs.evolve(PRESET.firms[0], share=0.9999), *PRESET.firms[1:]))

    people = Market.draw(whole, customers=5, seed=1).people

    assert len(people) == 5


# circles


@pytest.mark.parametrize("customers", [1, 40, 1_500])
def test_people_stand_circle_by_circle_with_one_of_ours_in_each_or_none(customers: int) -> None:
    people = drawn(customers)

    starts = np.flatnonzero(people["member"] == 0)
    sizes = np.diff(starts, append=len(people))
    assert starts[0] == 0
    assert (people["circle"] == np.repeat(sizes, sizes)).all()
    assert (people["member"] == np.arange(len(people)) - np.repeat(starts, sizes)).all()
    assert 1 <= sizes.min() <= sizes.max() <= len(CIRCLES)
    assert (people["member"][people["firm"] == OURS] == 0).all()
    assert (people["referrer"] == -1).all()


def test_circles_have_the_sizes_of_households_as_far_as_there_are_people_for_them() -> None:
    people = drawn(4_000)

    sizes = people["circle"][people["firm"] == OURS]

    for size, share in enumerate(CIRCLES, 1):
        assert abs((sizes == size).mean() - share) < 5 * np.sqrt(share * (1 - share) / 4_000) + 0.01


def test_more_customers_leave_the_circles_of_the_first_as_large_as_they_were() -> None:
    few, many = ours(drawn(50)), ours(drawn(80))

    again = {int(key): int(size) for key, size in zip(many["key"], many["circle"], strict=True)}

    assert [again[int(key)] for key in few["key"][:30]] == few["circle"][:30].tolist()


def test_villages_are_drawn_one_by_one_and_nobody_is_drawn_twice() -> None:
    people = drawn(2 * VILLAGE + 5)

    assert len(set(people["key"].tolist())) == len(people)
    assert (people["firm"] == OURS).sum() == 2 * VILLAGE + 5
    assert (people["circle"] > 0).all()
