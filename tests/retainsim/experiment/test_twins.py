"""Twin worlds share everything but the policy; how they are run changes nothing."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from retainsdk import policies
from retainsdk.errors import InputError
from retainsdk.policies.none import Nothing
from retainsim.experiment.setting import Setting
from retainsim.experiment.twins import run_twins

SMALL = Setting(customers=60, months=4, worlds=2, seed=5)

DOES_NOTHING = '''
import attrs
from retainsdk.policies.none import Nothing
@attrs.frozen
class Mine(Nothing):
    """The control under another name."""
    name = "mine"
'''


def test_the_control_and_itself_have_the_same_world() -> None:
    (first, second) = run_twins(SMALL, [Nothing()], Nothing())

    assert first.control.digest == first.arms[0].digest
    assert first.control.digest != second.control.digest
    assert (first.control.money == first.arms[0].money).all()


def test_a_world_does_not_depend_on_the_policies_run_beside_it() -> None:
    alone = run_twins(SMALL, [policies.get("bear_hug")], Nothing())
    in_company = run_twins(SMALL, [policies.get("random"), policies.get("bear_hug")], Nothing())

    assert [twins.arms[0].digest for twins in alone] == [twins.arms[1].digest for twins in in_company]


def test_more_worlds_leave_the_first_ones_as_they_are() -> None:
    few, more = Setting(worlds=2, seed=9), Setting(worlds=5, seed=9)

    assert more.world_seeds()[:2] == few.world_seeds()
    assert Setting(worlds=2, seed=10).world_seeds() != few.world_seeds()


def test_processes_change_nothing_and_load_policies_from_files(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(DOES_NOTHING)
    arms = [policies.get("bear_hug"), policies.get(f"{file}:Mine")]
    told: list[tuple[int, int]] = []

    here = run_twins(SMALL, arms, Nothing())
    elsewhere = run_twins(
        SMALL, arms, Nothing(), workers=2, on_world=lambda done, total: told.append((done, total))
    )

    assert [t.seed for t in elsewhere] == [t.seed for t in here]
    assert [h.digest for t in elsewhere for h in t.arms] == [h.digest for t in here for h in t.arms]
    assert told == [(3, 6), (6, 6)]
    assert here[0].control.digest == here[0].arms[1].digest


def test_progress_counts_every_world() -> None:
    told: list[tuple[int, int]] = []

    run_twins(SMALL, [Nothing()], Nothing(), on_world=lambda done, total: told.append((done, total)))

    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_an_interrupted_study_leaves_no_process_at_work() -> None:
    long = Setting(customers=2_000, months=24, worlds=6)
    working: list[BaseProcess] = []

    def interrupt(done: int, total: int) -> None:  # noqa: ARG001 # as progress is told
        working.extend(multiprocessing.active_children())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_twins(long, [Nothing()], Nothing(), workers=2, on_world=interrupt)

    sentinels = [process.sentinel for process in working]
    assert len(sentinels) == 2
    assert set(multiprocessing.connection.wait(sentinels, timeout=0)) == set(sentinels)


def test_an_impossible_setting_names_all_its_faults() -> None:
    with pytest.raises(InputError, match="4 faults") as caught:
        Setting(customers=0, months=-1, worlds=0, seed=-5)

    assert [fault.place for fault in caught.value.faults] == ["customers", "months", "worlds", "seed"]
