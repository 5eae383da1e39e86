"""Structures: the same preset as a monopoly, a duopoly, a competitive and an international market."""

from __future__ import annotations

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import Scripted, figures_of, parameters, someone, this_month
from rivals import a_firm

from retainsdk.policies import get
from retainsdk.policy import ActionKind, Actions, Move, MoveKind, ThreatView, act
from retainsdk.view import BookView
from retainsim.market import History, Market, law, load_preset, preset_names, run
from retainsim.market.competitors import (
    MOST_COMPETITORS,
    STRUCTURES,
    Firm,
    UnknownStructureError,
    in_structure,
    is_strategy,
)

TELECOM = load_preset("telecom").firms


@st.composite
def presets(draw: st.DrawFn) -> tuple[Firm, ...]:
    """Any firms a preset may name."""
    others = [
        a_firm(
            draw(st.sampled_from(["static", "promotion", "matching"])),
            name=f"Firm {number}",
            share=draw(st.sampled_from([0.01, 0.1, 0.12])),
            price=draw(st.sampled_from([0.9, 1.0, 1.2])),
            quality=draw(st.sampled_from([-0.2, 0.0, 0.3])),
            awareness=draw(st.sampled_from([0.1, 0.6, 1.0])),
            lock_months=draw(st.sampled_from([0, 12, 24])),
        )
        for number in range(draw(st.integers(1, MOST_COMPETITORS)))
    ]
    return (a_firm("ours", name="Ours", share=0.3), *others)


@given(firms=presets(), name=st.sampled_from(sorted(STRUCTURES)))
def test_a_structure_serves_as_many_people_as_the_preset_and_has_firms_that_can_be(
    firms: tuple[Firm, ...], name: str
) -> None:
    made = in_structure(firms, name)

    assert sum(firm.share for firm in made) == pytest.approx(sum(firm.share for firm in firms))
    assert sum(firm.share for firm in made) < 1
    assert len(made) <= 1 + MOST_COMPETITORS
    assert len({firm.name for firm in made}) == len(made)
    for firm in made:
        assert firm.share >= 0
        assert firm.price > 0
        assert 0 <= firm.awareness <= 1
        assert 0 <= firm.lock_months <= 36
    assert all(is_strategy(firm.strategy) for firm in made[1:])


@given(firms=presets(), name=st.sampled_from(sorted(STRUCTURES)))
def test_ours_stays_as_it_is_but_that_a_monopolist_has_everybody(firms: tuple[Firm, ...], name: str) -> None:
    ours = in_structure(firms, name)[0]

    everybody = sum(firm.share for firm in firms)
    assert attrs.evolve(ours, share=firms[0].share) == firms[0]
    assert ours.share == pytest.approx(everybody if name == "monopoly" else firms[0].share)


def test_a_duopoly_has_one_rival_with_the_customers_of_all_and_their_mean_terms() -> None:
    _, rival = in_structure(TELECOM, "duopoly")

    assert (rival.strategy, rival.awareness, rival.lock_months) == ("matching", 0.65, 24)
    assert rival.price == pytest.approx((0.22 * 1.08 + 0.2 * 0.98 + 0.16 * 1.0) / 0.58)
    assert rival.quality == pytest.approx((0.22 * 0.25 - 0.2 * 0.15 - 0.16 * 0.05) / 0.58)


@given(firms=presets())
def test_a_competitive_market_has_three_competitors_at_least_and_a_preset_that_has_stays_as_it_is(
    firms: tuple[Firm, ...],
) -> None:
    made = in_structure(firms, "competitive")

    assert len(made) == max(len(firms), 4)
    assert made == firms or len(firms) < 4


def test_who_challenges_does_not_do_what_others_do_already() -> None:
    made = in_structure((a_firm("ours"), a_firm("promotion", share=0.4)), "competitive")

    assert [firm.strategy for firm in made[1:]] == ["promotion", "static", "matching"]
    assert [firm.share for firm in made[1:]] == pytest.approx([0.1, 0.2, 0.1])


def test_an_international_market_has_a_cheap_a_good_and_a_coming_firm_from_abroad() -> None:
    _, local, discounter, leader, entrant = in_structure(TELECOM, "international")

    assert discounter.price < local.price < leader.price
    assert discounter.quality < local.quality < leader.quality
    assert discounter.awareness == leader.awareness > local.awareness
    assert (discounter.strategy, leader.strategy, entrant.strategy) == ("poaching", "quality", "entrant")
    assert entrant.share == 0


def test_a_preset_may_state_a_structure_itself() -> None:
    stated = {"duopoly": (TELECOM[0], a_firm("static")), "village": TELECOM[:3]}

    assert in_structure(TELECOM, "duopoly", stated=stated) == stated["duopoly"]
    assert in_structure(TELECOM, "village", stated=stated) == stated["village"]
    assert in_structure(TELECOM, "monopoly", stated=stated) == in_structure(TELECOM, "monopoly")


def test_an_unknown_structure_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownStructureError, match="Did you mean 'duopoly'") as refused:
        in_structure(TELECOM, "duoply", stated={"village": TELECOM})

    assert sorted(refused.value.known) == ["competitive", "duopoly", "international", "monopoly", "village"]


def lived(structure: str, policy: str = "early_warning", seed: int = 1) -> History:
    """Eighteen months of a small market in that structure."""
    telecom = load_preset("telecom")
    firms = in_structure(telecom.firms, structure)
    market = Market.draw(attrs.evolve(telecom, firms=firms), customers=150, seed=seed)
    return run(market, get(policy), months=18, compiled=False, residual_months=3)


@pytest.mark.parametrize("policy", ["none", "early_warning", "win_back", "random"])
def test_in_a_monopoly_nobody_goes_to_a_competitor_but_some_go_without(policy: str) -> None:
    history = lived("monopoly", policy)

    assert history.people.shape == (19, 2)
    assert history.flows[:, 0].sum() > 0
    assert history.people[-1].sum() == history.people[0].sum()


def test_the_more_choice_people_have_the_more_leave() -> None:
    left = {
        name: sum(lived(name, seed=seed).left_within(18).sum() for seed in (1, 2, 3)) for name in STRUCTURES
    }

    assert left["monopoly"] < left["duopoly"]
    assert left["monopoly"] < left["competitive"]


@pytest.mark.parametrize("name", preset_names())
@pytest.mark.parametrize("structure", sorted(STRUCTURES))
def test_every_preset_runs_in_every_structure(name: str, structure: str) -> None:
    preset = load_preset(name)
    market = Market.draw(
        attrs.evolve(preset, firms=in_structure(preset.firms, structure)), customers=40, seed=1
    )

    history = run(market, get("none"), months=3, compiled=False, residual_months=1)

    assert np.all(history.people.sum(axis=1) == len(market.people))


def test_in_a_monopoly_there_is_no_competing_offer_to_know_of_and_nobody_to_compare_with() -> None:
    telecom, views, told = load_preset("telecom"), list[BookView](), list[ThreatView]()

    def look(view: BookView, *_: object) -> Actions:
        views.append(view)
        everybody = np.ones(len(view), dtype=np.bool_)
        return act(view, everybody, ActionKind.COMPARISON, reason="Nobody is cheaper")

    def listen(case: ThreatView, _: object) -> Move:
        told.append(case)
        return Move(kind=MoveKind.COMPARE_COMPETITOR if case.turn == 0 else MoveKind.CLOSE)

    firms = in_structure(telecom.firms, "monopoly")
    market = Market.draw(attrs.evolve(telecom, firms=firms), customers=150, seed=1)
    run(market, Scripted(decides=look, responds=listen), months=6, compiled=False, residual_months=1)

    assert not any(view.known("competitor_fee").any() for view in views)
    assert {case.competitor_fee for case in told} == {None}


def test_where_nobody_competes_a_comparison_changes_nothing() -> None:
    person = someone()

    law.compare(
        person, this_month(price=(1.0,), quality=(0.0,), awareness=(1.0,), lock_months=(0.0,)), parameters()
    )

    assert figures_of(person) == figures_of(someone())


@pytest.mark.parametrize("structure", ["monopoly", "international"])
def test_a_structure_gives_the_same_world_compiled_and_plain(structure: str) -> None:
    telecom = load_preset("telecom")
    firms = in_structure(telecom.firms, structure)
    market = Market.draw(attrs.evolve(telecom, firms=firms), customers=150, seed=2)

    plain, compiled = (
        run(market, get("early_warning"), months=14, compiled=compiled, residual_months=3)
        for compiled in (False, True)
    )

    assert plain.digest == compiled.digest
    assert plain.people.tolist() == compiled.people.tolist()
