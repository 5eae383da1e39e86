"""
Worlds whose end is known: one digest for every preset that ships, in every structure.

They say that a world is the same whatever runs it: plain or compiled, threads, blocks, instruction sets, files on the
way, parts on other processes. When a rule changes they change too, and `pytest --bless` accepts them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from golden import GOLDEN, Golden

from retainsdk.policies import get
from retainsdk.policy import Budget
from retainsim.market import Market, kernels, load_preset, preset_names, run
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

ONE_FOR_ALL = """
from retainsdk.policies import get
from retainsdk.policy import Budget
from retainsim.market import Market, load_preset, run
market = Market.draw(load_preset("telecom").in_structure("competitive"), customers=40, seed=1)
print(run(market, get("random"), months=12, budget=Budget(minutes=120), residual_months=0).digest)
"""


@pytest.mark.certified(
    "the-same-on-any-processor",
    ("src/retainsim/market", "src/retainsdk/policy.py", "src/retainsdk/view.py"),
)
def test_a_processor_without_wide_registers_gives_the_same_bits(
    tmp_path: Path, size: Any, certificate: Any
) -> None:
    """The plain law in every run, since that takes a second; compiled anew, which takes a minute, when certified."""
    narrow = {
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CPU_FEATURES": "",
        "NPY_DISABLE_CPU_FEATURES": _wide_features(),
        "NUMBA_CACHE_DIR": str(tmp_path),
    }
    program = (
        ONE_FOR_ALL
        if size(0, 1)
        else ONE_FOR_ALL.replace("residual_months=0", "residual_months=0, compiled=False")
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **narrow, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )

    digest = known(f"telecom@{versions_of('telecom')[-1]}", "competitive")
    assert done.stdout.strip() == digest
    certificate.record({"digest": digest, "features_off": narrow["NPY_DISABLE_CPU_FEATURES"]}, seeds=[1])


def _wide_features() -> str:
    """What NumPy found on this machine and can do without; it refuses to leave out what is not there."""
    found = import_module("numpy._core._multiarray_umath")  # nowhere else is it said
    return " ".join(name for name in found.__cpu_dispatch__ if found.__cpu_features__[name])
