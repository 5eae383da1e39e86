"""The engine of a market: the same luck whoever runs it and however, and what people hear and do in it."""

from __future__ import annotations

from concurrent.futures import Future

import attrs
import numpy as np
import pytest
from certificates import Size
from lives import Scripted
from small_markets import (
    ANYTHING,
    CARE,
    LEFT,
    NOTHING,
    POLICIES,
    PRESET,
    a_market,
    anything,
    haggle,
    people_after,
    with_rules,
)

from retainsdk.policy import (
    ActionKind,
    Actions,
    Budget,
    PolicyStream,
    act,
)
from retainsdk.view import BookView, Origin
from retainsim.market import History, engine, first_threat, kernels, law, run
from retainsim.market import purposes as for_
from retainsim.market.person import FIELDS, NEVER, OURS, USED_BYTES, rows


def assert_equal(one: History, other: History) -> None:
    for field in attrs.fields(History):
        if field.name != "policy":
            np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name), field.name)


# the same luck


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_law_gives_the_same_bits_compiled_and_plain(seed: int, policy: Scripted, size: Size) -> None:
    market, months = a_market(seed, customers=size(120, 2_000)), size(14, 48)

    compiled, plain = (
        run(market, policy, months=months, compiled=how, residual_months=3) for how in (True, False)
    )

    assert_equal(compiled, plain)
    assert compiled.flows[:, LEFT].sum() > 0


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_threads_and_blocks_make_no_difference(policy: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    market = a_market(customers=600)
    usual = run(market, policy, months=6)

    for block, threads in ((64, 2), (1_000, 2), (7, 1)):
        monkeypatch.setattr(kernels, "BLOCK", block)
        assert_equal(usual, run(market, policy, months=6, threads=threads))


def test_a_world_run_twice_under_one_policy_differs_by_exactly_nothing() -> None:
    assert_equal(*(run(a_market(), ANYTHING, months=8) for _ in range(2)))


def test_a_small_market_begins_in_plain_python_and_goes_on_compiled_at_a_border_between_months(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    market, ready = a_market(), Future[None]()
    monkeypatch.setattr(engine, "compiling", lambda _law, _names: ready)
    how: list[bool] = []

    def watch(view: BookView, budget: Budget, draw: PolicyStream) -> Actions:
        if len(how) == 3:
            ready.set_result(None)
        how.append(True)
        return anything(view, budget, draw)

    world = engine.World(market, compiled="soon")
    assert not world.kernel.is_compiled
    assert_equal(
        run(market, Scripted(decides=watch, responds=haggle), months=8, compiled="soon"),
        run(market, ANYTHING, months=8),
    )
    world.month(0)
    assert world.kernel.is_compiled


def test_a_large_market_waits_for_the_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MOST_IN_PLAIN", 10)

    assert engine.World(a_market(), compiled="soon").kernel.is_compiled


def test_what_is_compiled_beside_a_run_is_ready_or_says_why_not() -> None:
    names = tuple(sorted(PRESET.drawn(0, "fixed").values))

    assert kernels.compiling(law.LAW, names).result(timeout=300) is None
    with pytest.raises(AttributeError):
        kernels.compiling.__wrapped__(None, names).result(timeout=300)


def test_running_a_market_leaves_it_as_it_was() -> None:
    market = a_market()
    before = engine.digest_of(market.people)

    run(market, ANYTHING, months=4)

    assert engine.digest_of(market.people) == before


def test_other_seeds_other_worlds() -> None:
    digests = {run(a_market(seed), NOTHING, months=2).digest for seed in range(5)}

    assert len(digests) == 5


def test_whom_a_policy_leaves_alone_lives_as_if_there_were_no_policy() -> None:
    market = a_market(customers=400)
    cared_for = set(market.people["key"][::3].tolist())
    # others would hear of it, and wait while our people are busy
    quiet = with_rules(market, word_counts=0.0, reputation_counts=0.0, staff_minutes=10_000.0)
    some = Scripted(
        decides=lambda view, *_: act(
            view, np.isin(view.relationship, list(cared_for)), ActionKind.CHECK_IN, reason="Care"
        )
    )

    untouched, touched = people_after(quiet, NOTHING, months=5), people_after(quiet, some, months=5)

    others = ~np.isin(untouched["key"], list(cared_for))
    for name in ("need", "usage", "hurt", "voice", "contacts_recent", "promise_due_day"):
        ours = others & (untouched["firm"] == OURS) & (touched["firm"] == OURS)
        np.testing.assert_array_equal(untouched[name][ours], touched[name][ours], name)


@pytest.mark.parametrize(
    ("purpose", "touches", "leaves"),
    [
        ("USAGE", "usage", ("need", "satisfaction", "hurt", "trust", "firm", "promise_due_day", "stated_reason")),
        ("STATEMENT_KIND", "stated_reason", ("need", "satisfaction", "hurt", "trust", "firm", "usage")),
        ("CONTACT_DAY", "contact_day", ("need", "usage", "firm", "trust", "attention", "survey_score")),
        ("NEED_DRIFT", "need", ("hurt", "trust", "complaints", "contact_day", "promise_due_day")),
    ],
)  # fmt: skip
def test_changing_one_purpose_leaves_the_draws_of_others_untouched(
    purpose: str, touches: str, leaves: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    market = a_market(customers=250)
    quiet = {"hurt_wakes": 0.0, "silence_amplifies": 0.0, "says_no_need": 0.0, "says_truth": 0.0}
    months = 1 if purpose == "NEED_DRIFT" else 3
    market = with_rules(market, **quiet)
    before = people_after(market, CARE, months=months, compiled=False)

    monkeypatch.setattr(for_, purpose, getattr(for_, purpose) ^ 0b1000)
    after = people_after(market, CARE, months=months, compiled=False)

    assert (before[touches] != after[touches]).any()
    alike = before["firm"] == after["firm"]
    for name in leaves:
        np.testing.assert_array_equal(before[name][alike], after[name][alike], name)


def test_the_digest_speaks_of_every_column_of_everybody_and_not_of_the_gap_behind_them() -> None:
    people = a_market().people.copy()
    known = {engine.digest_of(people)}

    for name in (field.name for field in FIELDS):
        changed = people.copy()
        changed[name][-1] += 1
        known.add(engine.digest_of(changed))

    assert len(known) == 1 + len(FIELDS)
    known.clear()
    for rubbish in (0, 1):
        people.view(np.uint8).reshape(len(people), -1)[:, USED_BYTES:] = rubbish
        known.add(engine.digest_of(people))
    assert len(known) == 1


# what people hear of us


def test_what_our_customers_say_reaches_their_circle_at_once_and_the_market_a_month_later() -> None:
    market = with_rules(a_market(customers=300), tells_from=-1.0, says_truth=0.5)
    world = engine.World(market, compiled=False)
    told = sum(law.recommendation(person, world.market.rules.plain()) for person in rows(world.people))
    first = world.month(0)

    tally, _ = world.live(first)
    world.close(tally)

    assert first.word == 0.0 < world.month(1).word
    assert world.month(1).word == pytest.approx(told / world.reins.course.counted.people[OURS], rel=1e-3)
    joined = world.people[world.people["referrer"] >= 0]
    assert len(joined) > 0
    for person in joined:
        assert person["origin"] == Origin.REFERRAL
        assert 0 <= person["referrer"] < person["circle"]
        assert person["referrer"] != person["member"]


def test_who_has_nobody_of_ours_in_his_circle_is_referred_by_nobody() -> None:
    market = a_market(customers=300)
    alone = attrs.evolve(with_rules(market, tells_from=-1.0))
    alone.people["circle"], alone.people["member"] = 1, 0

    people = people_after(alone, NOTHING, months=3)

    assert (people["begun"] > 1).any() or (people["origin"] == Origin.CAMPAIGN).any()
    assert (people["referrer"] == -1).all()


# threats and leavers


def test_the_first_who_threatens_is_one_of_ours_who_says_so() -> None:
    market = a_market(customers=300)
    before = engine.digest_of(market.people)

    threat = first_threat(market)

    assert threat is not None
    assert threat.person.firm == OURS
    assert threat.person.leaning > 0
    assert threat.parameters.trigger == market.rules.values["trigger"]
    assert engine.digest_of(market.people) == before
    earlier = people_after(market, NOTHING, months=threat.month.number)
    assert threat.person.key in set(earlier["key"][earlier["firm"] == OURS].tolist())


def test_where_nobody_would_threaten_nobody_does() -> None:
    content = with_rules(a_market(), threat=0.0, habit_threatens=0.0)

    assert first_threat(content, within=3) is None


def test_leavers_of_a_month_are_seen_with_the_day_they_left() -> None:
    people = people_after(a_market(customers=600), NOTHING, months=2)

    left = (people["begun"] > 0) & (people["firm"] != OURS)

    assert left.sum() > 0
    assert (people["left_day"][left] >= 0).all()
    assert (people["left_day"][left] < 62).all()
    assert (people["left_day"][~left & (people["begun"] < 2)] == NEVER).all()
