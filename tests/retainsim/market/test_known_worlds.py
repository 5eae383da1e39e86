"""
Worlds whose end is known: one digest for every preset that ships, in every structure.

They say that a world is the same whatever runs it: plain or compiled, threads, blocks, instruction sets, files on the
way, parts on other processes. When a rule changes they change too, and `pytest --bless` accepts them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from golden import GOLDEN, Golden

from retainsdk.policies import get
from retainsdk.policy import Budget
from retainsim.market import Market, kernels, load_preset, population, preset_names, run
from retainsim.market.competitors import STRUCTURES
from retainsim.market.kept import Keeping, run_market
from retainsim.market.preset import versions_of
from retainsim.market.running import Under

FILE = "market-digests.txt"
MONTHS = 12
UNDER = Under(policy=get("random"), budget=Budget(minutes=120))
WORLDS = [
    (f"{name}@{version}", structure)
    for name in preset_names()
    for version, structure in product(versions_of(name), STRUCTURES)
]


def a_market(preset: str, structure: str) -> Market:
    return Market.draw(load_preset(preset).in_structure(structure), customers=40, seed=1)


def lived(market: Market, **how: Any) -> str:
    return run(market, UNDER.policy, months=MONTHS, budget=UNDER.budget, residual_months=0, **how).digest


def known(preset: str, structure: str) -> str:
    lines = (line.split() for line in (GOLDEN / FILE).read_text(encoding="utf-8").splitlines())
    return next(digest for *world, digest in lines if world == [preset, structure])


def test_every_shipped_market_ends_as_it_always_did(golden: Golden) -> None:
    lines = [f"{name} {form} {lived(a_market(name, form), compiled=False)}\n" for name, form in WORLDS]

    golden(FILE, "".join(lines))
    assert len({line.split()[2] for line in lines}) == len(lines)


@pytest.mark.parametrize(("preset", "structure"), WORLDS)
def test_it_ends_alike_compiled_on_two_threads_and_in_blocks_of_any_size(
    preset: str, structure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    market = a_market(preset, structure)
    monkeypatch.setattr(kernels, "BLOCK", 7)

    assert lived(market) == known(preset, structure)
    monkeypatch.setattr(kernels, "BLOCK", 30)
    assert lived(market, threads=2) == known(preset, structure)


@pytest.mark.parametrize(("preset", "structure"), WORLDS)
def test_it_ends_alike_when_it_is_stopped_gone_on_with_and_forked_under_its_own_policy(
    preset: str, structure: str, tmp_path: Path
) -> None:
    market = a_market(preset, structure)
    first, fork = Keeping(folder=tmp_path / "a", checkpoint_every=5), Keeping(folder=tmp_path / "b")

    run_market(market, UNDER, first, months=5, residual_months=0)
    forked = run_market(market, UNDER, fork, months=MONTHS, fork_from=first.folder, residual_months=0)
    resumed = run_market(market, UNDER, first, months=MONTHS, resume=True, residual_months=0)

    assert forked.digest == resumed.digest == known(preset, structure)


# any machine

EVERY_WORLD = """
import sys
from retainsdk.policies import get
from retainsdk.policy import Budget
from retainsim.market import Market, load_preset, run
for world in sys.argv[2:]:
    preset, structure = world.split()
    market = Market.draw(load_preset(preset).in_structure(structure), customers=40, seed=1)
    how = {"compiled": sys.argv[1] == "compiled", "residual_months": 0}
    print(world, run(market, get("random"), months=12, budget=Budget(minutes=120), **how).digest)
"""


@pytest.mark.certified(
    "the-same-on-any-processor",
    ("src/retainsim/market", "src/retainsdk/policy.py", "src/retainsdk/view.py"),
)
def test_a_processor_without_wide_registers_gives_the_same_bits(
    tmp_path: Path, size: Any, certificate: Any
) -> None:
    """A world by the plain law in every run; certified every one, compiled anew, which takes a minute a processor."""
    processors = {
        "without AVX-512": {
            "NUMBA_CPU_FEATURES": _features_but("avx512"),
            "NPY_DISABLE_CPU_FEATURES": _wide_features("AVX512", "X86_V4"),
        },
        "the oldest of its family": {
            "NUMBA_CPU_NAME": "generic",
            "NUMBA_CPU_FEATURES": "",
            "NPY_DISABLE_CPU_FEATURES": _wide_features(""),
        },
    }
    form, worlds = size("plain", "compiled"), [" ".join(world) for world in WORLDS][:: size(len(WORLDS), 1)]

    for name, less in list(processors.items())[size(1, 0) :]:
        done = subprocess.run(
            [sys.executable, "-c", EVERY_WORLD, form, *worlds],
            env={
                **os.environ,
                **less,
                "NUMBA_CACHE_DIR": str(tmp_path / name),
                "PYTHONPATH": os.pathsep.join(sys.path),
            },
            capture_output=True,
            text=True,
            check=True,
            timeout=900,
        )

        assert done.stdout.splitlines() == [f"{world} {known(*world.split())}" for world in worlds]
        certificate.record({name: less["NPY_DISABLE_CPU_FEATURES"] or "this processor has none of them"})
    certificate.record({"worlds": len(worlds), "law": form}, seeds=[1])


def _wide_features(*kinds: str) -> str:
    """What NumPy found on this machine and can do without; it refuses to leave out what is not there."""
    found = import_module("numpy._core._multiarray_umath")  # nowhere else is it said
    return " ".join(
        name for name in found.__cpu_dispatch__ if name.startswith(kinds) and found.__cpu_features__[name]
    )


def _features_but(kind: str) -> str:
    """What compiled code may use of this processor, in LLVM's words."""
    there = import_module("llvmlite.binding").get_host_cpu_features()
    return ",".join(
        f"{'+' if has and not name.startswith(kind) else '-'}{name}" for name, has in there.items()
    )


# any way

POLICIES = ("random", "bear_hug", "win_back", "early_warning")
CUT = Budget(minutes=400, money=90_000)


@pytest.mark.certified(
    "one-digest",
    ("src/retainsim/market", "src/retainsdk/policy.py", "src/retainsdk/policies", "src/retainsdk/view.py"),
)
def test_a_market_comes_to_one_end_whatever_way_it_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: Any, certificate: Any
) -> None:
    """Larger worlds, over years, than those whose ends are known."""
    chosen = WORLDS[:: size(len(WORLDS), 1)]
    customers, months = size(60, 500), size(6, 36)
    monkeypatch.setattr(population, "VILLAGE", size(16, 64))
    ways: set[str] = set()

    for number, (preset, structure) in enumerate(chosen):
        market = Market.draw(load_preset(preset).in_structure(structure), customers=customers, seed=number)
        policy = POLICIES[number % len(POLICIES)]
        under = Under(policy=get(policy), budget=CUT if number % 2 else Budget())
        ends = _ends(market, under, months, tmp_path / str(number), monkeypatch)
        ways |= ends.keys()

        assert len(set(ends.values())) == 1, (preset, structure, policy, ends)

    certificate.record(
        {
            "worlds": len(chosen),
            "customers": customers,
            "months": months,
            "policies": ", ".join(POLICIES),
            "ways": ", ".join(sorted(ways)),
        },
        seeds=range(len(chosen)),
    )


def _ends(
    market: Market, under: Under, months: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """The digest of a market by the way in which it was run."""

    def by(keeping: Keeping | None = None, months: int = months, **how: Any) -> str:
        return run_market(market, under, keeping, months=months, residual_months=0, **how).digest

    ends = {"in plain Python": by(compiled=False), "compiled": by()}
    for block in (7, 300):
        with monkeypatch.context() as smaller:
            smaller.setattr(kernels, "BLOCK", block)
            ends[f"on two threads, {block} people at a time"] = by(threads=2)
    first, fork = Keeping(folder=folder / "a", checkpoint_every=4), Keeping(folder=folder / "b")
    by(first, months=months // 2)
    ends["forked half-way"] = by(fork, fork_from=first.folder)
    ends["stopped half-way and gone on with in plain Python"] = by(first, resume=True, compiled=False)
    with ThreadPoolExecutor(2) as workers:
        ends["in three parts"] = by(workers=workers, parts=3)
        divided = Keeping(folder=folder / "c", checkpoint_every=4)
        by(divided, months=months // 2, workers=workers, parts=2)
        ends["in two parts, stopped half-way and gone on with in one piece"] = by(divided, resume=True)
    return ends
