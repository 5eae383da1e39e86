"""A market in parts: the same end as in one piece, whoever lives them and whoever is lost."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lives import Scripted

from retainsdk.errors import InputError
from retainsdk.policies import get
from retainsdk.policy import ActionKind, Budget, act
from retainsim.market import History, Market, load_preset, population, run, shards
from retainsim.market.kept import Keeping, run_market
from retainsim.market.law import LAW, Law
from retainsim.market.population import draw_people, villages_of
from retainsim.market.running import Run, Under
from retainsim.market.shards import Shards, WorkersLostError

PRESET = load_preset("telecom")


class AtOnce(Executor):
    """Does what it is asked in this process, like a worker that forgets when it is told to."""

    def __init__(self, *, forgets: bool = False) -> None:
        self.forgets = forgets

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        if self.forgets:
            shards._SHARDS.clear()
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@pytest.fixture(autouse=True)
def _small_villages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(population, "VILLAGE", 16)


def a_market(customers: int = 100, seed: int = 1) -> Market:
    return Market.draw(PRESET, customers=customers, seed=seed)


def whole(market: Market, under: Under, months: int = 6) -> History:
    return run(market, under.policy, months=months, budget=under.budget, compiled=False, residual_months=2)


def in_parts(market: Market, under: Under, workers: Any, *, parts: int = 3, months: int = 6) -> History:
    going = Run(market, under, Shards(market, under, workers, parts=parts, compiled=False))
    for _ in range(months):
        going.month()
    return going.history(2)


def same(one: History, other: History) -> bool:
    return all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name))
        for field in attrs.fields(History)
    )


@given(customers=st.integers(1, 90), cut=st.integers(0, 6))
@settings(max_examples=15, deadline=None)
def test_the_people_of_all_villages_are_the_people_of_the_market(customers: int, cut: int) -> None:
    market, villages = a_market(customers), villages_of(customers)
    cut = min(cut, len(villages))

    drawn = [
        draw_people(PRESET, market.rules, customers=customers, seed=1, view=None, villages=some)
        for some in (villages[:cut], villages[cut:])
    ]

    np.testing.assert_array_equal(np.concatenate(drawn), market.people)


@pytest.mark.parametrize("parts", [1, 2, 3, 100])
@pytest.mark.parametrize("name", ["none", "random", "bear_hug"])
def test_a_market_in_parts_ends_as_in_one_piece(name: str, parts: int) -> None:
    market, under = a_market(), Under(policy=get(name))

    assert same(in_parts(market, under, AtOnce(), parts=parts), whole(market, under))


def wishes(view: Any, budget: Any, draw: Any) -> Any:  # noqa: ARG001 # the protocol's
    """Few priorities, so that many are tied, and actions that cost nothing among dear ones."""
    kinds = np.array([ActionKind.GREETING, ActionKind.CHECK_IN, ActionKind.COMPENSATION], dtype=np.int8)
    all_of_them = act(view, np.ones(len(view), dtype=np.bool_), ActionKind.CHECK_IN, reason="Try")
    kind = kinds[(draw.uniform("kind") * 3).astype(np.intp)]
    dear = kind == ActionKind.COMPENSATION
    return attrs.evolve(
        all_of_them,
        kind=kind,
        amount=np.where(dear, 1 + (draw.uniform("amount") * 400).astype(np.int64), 0),
        priority=(draw.uniform("priority") * 3).astype(np.int32) - 1,
    )


@given(
    minutes=st.none() | st.integers(0, 400),
    money=st.none() | st.integers(0, 8_000),
    parts=st.integers(1, 6),
    seed=st.integers(1, 4),
)
@settings(max_examples=25, deadline=None)
def test_a_budget_ends_at_the_same_customer_in_parts_as_in_one_piece(
    minutes: int | None, money: int | None, parts: int, seed: int
) -> None:
    under = Under(policy=Scripted(decides=wishes), budget=Budget(minutes=minutes, money=money))
    market = a_market(60, seed)

    assert same(in_parts(market, under, AtOnce(), parts=parts, months=2), whole(market, under, months=2))


def test_workers_that_forget_live_their_parts_again() -> None:
    market, under = a_market(), Under(policy=get("random"), budget=Budget(minutes=150))

    assert same(in_parts(market, under, AtOnce(forgets=True)), whole(market, under))


def test_parts_run_in_threads_too() -> None:
    market, under = a_market(), Under(policy=get("random"))
    with ThreadPoolExecutor(3) as threads:
        assert same(in_parts(market, under, threads, parts=4), whole(market, under))


def test_what_parts_keep_goes_on_in_parts_and_in_one_piece(tmp_path: Path) -> None:
    market, under = a_market(), Under(policy=get("random"), budget=Budget(minutes=200))
    how: dict[str, Any] = {"compiled": False, "residual_months": 2}
    first = Keeping(folder=tmp_path / "a", checkpoint_every=3, rows_every=3)
    run_market(market, under, first, months=3, workers=AtOnce(), parts=3, **how)

    one = run_market(market, under, Keeping(folder=tmp_path / "b"), months=6, fork_from=first.folder, **how)
    many = run_market(market, under, first, months=6, resume=True, workers=AtOnce(), **how)

    assert len(list(first.folder.glob("people-*"))) == 3
    assert len(list(first.folder.glob("rows-0003-*.truth.parquet"))) == 3
    assert same(one, whole(market, under))
    assert same(many, one)


def test_whoever_takes_a_part_over_begins_with_the_last_checkpoint(tmp_path: Path) -> None:
    market, under = a_market(), Under(policy=get("random"), budget=Budget(minutes=200))
    keeping = Keeping(folder=tmp_path, checkpoint_every=2)
    how: dict[str, Any] = {"compiled": False, "residual_months": 2, "workers": AtOnce(forgets=True)}

    run_market(market, under, keeping, months=3, parts=2, **how)
    resumed = run_market(market, under, keeping, months=6, resume=True, **how)

    assert same(resumed, whole(market, under))


def test_a_policy_that_must_see_the_whole_market_is_refused() -> None:
    under = Under(policy=Scripted(scope="market"))

    with pytest.raises(InputError, match="decides from the whole market"):
        Shards(a_market(), under, AtOnce(), parts=2)


def test_a_rule_that_stands_in_no_file_is_refused() -> None:
    space: dict[str, Any] = {}
    exec("def threatens(c, p):\n    return 0.0\n", space)  # as typed at a prompt
    law = Law({"threatens": space["threatens"]}, LAW.functions)
    under = Under(policy=get("none"), law=law)

    with pytest.raises(InputError, match="stands in no file"):
        Shards(a_market(), under, AtOnce(), parts=2)


@pytest.mark.parametrize(("workers", "parts"), [([], None), (AtOnce(), 0)])
def test_there_are_workers_and_parts(workers: Any, parts: int | None) -> None:
    with pytest.raises(InputError, match="must be at least 1"):
        Shards(a_market(), Under(policy=get("none")), workers, parts=parts)


# real processes


@pytest.fixture
def processes() -> Iterator[list[ProcessPoolExecutor]]:
    context = multiprocessing.get_context("spawn")
    pools = [ProcessPoolExecutor(1, mp_context=context) for _ in range(2)]
    yield pools
    for pool in pools:
        pool.shutdown(cancel_futures=True)


@pytest.fixture
def usual_villages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other processes know no others."""
    monkeypatch.setattr(population, "VILLAGE", 1024)


@pytest.mark.usefixtures("usual_villages")
def test_processes_live_the_same_market_even_when_one_is_killed(
    processes: list[ProcessPoolExecutor],
) -> None:
    market, under = a_market(3_000), Under(policy=get("bear_hug"), budget=Budget(minutes=900))
    expected = run(market, under.policy, months=6, budget=under.budget, residual_months=2)
    going = Run(market, under, Shards(market, under, processes, parts=3))

    for number in range(6):
        if number == 3:
            os.kill(processes[0].submit(os.getpid).result(), signal.SIGKILL)
        going.month()

    assert same(going.history(2), expected)


@pytest.mark.usefixtures("usual_villages")
def test_when_all_workers_are_lost_it_is_said(processes: list[ProcessPoolExecutor]) -> None:
    market, under = a_market(50), Under(policy=get("none"))
    parts = Shards(market, under, processes)
    for pool in processes:
        os.kill(pool.submit(os.getpid).result(), signal.SIGKILL)

    with pytest.raises(WorkersLostError, match="Resume the run"):
        parts.sums()


@pytest.mark.usefixtures("usual_villages")
def test_two_machines_of_a_dask_cluster_live_the_same_market_even_when_one_is_killed() -> None:
    distributed = pytest.importorskip("distributed")
    market, under = a_market(3_000), Under(policy=get("random"), budget=Budget(minutes=900))
    expected = run(market, under.policy, months=6, budget=under.budget, residual_months=2)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        addresses = list(client.scheduler_info()["workers"])
        processes = client.run(os.getpid)
        workers = [client.get_executor(workers=[it], allow_other_workers=True) for it in addresses]
        going = Run(market, under, Shards(market, under, workers, parts=3))

        for number in range(6):
            if number == 3:
                os.kill(processes[addresses[0]], signal.SIGKILL)
            going.month()
        history = going.history(2)

    assert same(history, expected)
