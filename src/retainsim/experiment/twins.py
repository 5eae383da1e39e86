"""
Twin worlds: the same people and the same luck, once under each policy and once under the control.

k policies need k + 1 worlds a seed, never 2k: one control serves them all.
"""

from __future__ import annotations

import itertools
import multiprocessing
import multiprocessing.connection
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from functools import cache
from multiprocessing.process import BaseProcess

import attrs

from retainsdk.policies.registry import title
from retainsdk.policy import Policy
from retainsim.experiment.setting import Setting
from retainsim.market import History, Market, run
from retainsim.market.carried import Carried
from retainsim.market.law import LAW, Law
from retainsim.market.replacing import law_of, texts_of

_PATIENCE = 10.0
"""Seconds that processes get to end after they were told to."""

OnWorld = Callable[[int, int], None]
"""Called with the worlds run so far and the number of them in all."""


@attrs.frozen(kw_only=True)
class Twins:
    """
    What one seed went through.

    Attributes:
        seed: Of the world.
        control: Under the control.
        arms: Under each policy, in the order they were given.
    """

    seed: int
    control: History
    arms: tuple[History, ...]


def run_twins(
    setting: Setting,
    policies: Sequence[Policy],
    control: Policy,
    *,
    workers: int = 1,
    on_world: OnWorld = lambda done, total: None,  # noqa: ARG005 # its parameters explain it
) -> tuple[Twins, ...]:
    """
    Run every world of a study.

    The outcome does not depend on *workers*. They are other processes, started afresh, so with more than one a
    script that calls this needs ``if __name__ == "__main__":``.

    Args:
        setting: What the twins share.
        policies: One arm each.
        control: What they are compared with.
        workers: Processes to use; 1 stays in this one.
        on_world: Told of progress.

    Returns:
        One entry a seed, in the order of `Setting.world_seeds`.
    """
    everyone = (control, *policies)
    seeds = setting.world_seeds()
    total = len(seeds) * len(everyone)
    if workers == 1:
        ran = itertools.count(1)
        return tuple(_one_seed(setting, everyone, seed, lambda: on_world(next(ran), total)) for seed in seeds)
    return _in_processes(setting, everyone, workers, on_world, total)


def _one_seed(
    setting: Setting, everyone: Sequence[Policy], seed: int, on_run: Callable[[], None] = lambda: None
) -> Twins:
    market = Market.draw(
        setting.market,
        customers=setting.customers,
        seed=seed,
        view=setting.view,
        parameters=setting.parameters,
    )
    histories = []
    for policy in everyone:
        history = run(
            market,
            policy,
            months=setting.months,
            budget=setting.budget,
            threads=1,
            consent_gate=setting.consent_gate,
            law=setting.law,
            staffing=setting.staffing,
        )
        histories.append(attrs.evolve(history, policy=title(policy)))
        on_run()
    return Twins(seed=seed, control=histories[0], arms=tuple(histories[1:]))


def _in_processes(
    setting: Setting, everyone: Sequence[Policy], workers: int, on_world: OnWorld, total: int
) -> tuple[Twins, ...]:
    packed = pack(setting, everyone)
    seeds = setting.world_seeds()
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(
        max_workers=min(workers, len(seeds)),
        mp_context=multiprocessing.get_context(
            "spawn"
        ),  # the engine has threads, and threads do not survive a fork
        initializer=_ignore_interrupts,
    )
    try:
        with _interrupts_ignored():
            order = {pool.submit(_packed_seed, packed, seed): seed for seed in seeds}
        done: dict[int, Twins] = {}
        for future in as_completed(order):
            done[order[future]] = future.result()
            on_world(len(done) * len(everyone), total)
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        _end(set(multiprocessing.active_children()) - others)
        raise
    pool.shutdown()
    return tuple(done[seed] for seed in seeds)


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    # Ctrl-C reaches the whole group of processes, but the parent alone decides what to do about it: what is started
    # in here ignores it from its first line on. Only the main thread may say so; elsewhere the initializer must do.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _packed_seed(packed: Packed, seed: int) -> Twins:
    return _one_seed(*unpack(packed), seed)


@attrs.frozen(kw_only=True)
class Packed:
    """
    A study as it goes to another process.

    Attributes:
        setting: All but its law, whose functions cannot be pickled.
        rules: Rules replaced, as `replacing.load_rule` reads them.
        everyone: The policies.
    """

    setting: Setting
    rules: tuple[str, ...]
    everyone: tuple[Carried, ...]


def pack(setting: Setting, everyone: Sequence[Policy]) -> Packed:
    """
    For another process.

    Raises:
        InputError: When a replaced rule stands in no file.
    """
    return Packed(
        setting=attrs.evolve(setting, law=LAW),
        rules=texts_of(setting.law),
        everyone=tuple(Carried(policy) for policy in everyone),
    )


def unpack(packed: Packed) -> tuple[Setting, tuple[Policy, ...]]:
    """In the other process."""
    setting = attrs.evolve(packed.setting, law=_law_of(packed.rules))
    return setting, tuple(carried.policy for carried in packed.everyone)


@cache  # compiled once in a process, not once a seed
def _law_of(rules: tuple[str, ...]) -> Law:
    return law_of(rules)


def _end(processes: set[BaseProcess]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:  # not join(): the pool's own thread collects them, and only one can
        multiprocessing.connection.wait([process.sentinel], timeout=_PATIENCE)
