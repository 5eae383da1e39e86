"""Runs kept in a folder: looked at, interrupted, gone on with and forked, and always the same end."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from retainsdk.errors import InputError
from retainsdk.policies import get
from retainsdk.policy import Budget
from retainsim.market import History, Market, law, load_preset, run
from retainsim.market.history import FLOWS
from retainsim.market.kept import FORMS, Keeping, recorded, run_market
from retainsim.market.person import FIELDS
from retainsim.market.running import Under

PRESET = load_preset("telecom")
BEAR_HUG = Under(policy=get("bear_hug"), budget=Budget(minutes=300))
NONE = Under(policy=get("none"))


def a_market(seed: int = 1, customers: int = 60) -> Market:
    return Market.draw(PRESET, customers=customers, seed=seed)


def kept(folder: Path, under: Under = BEAR_HUG, *, months: int = 6, **changes: Any) -> History:
    names = {field.name for field in attrs.fields(Keeping)}
    keeping = Keeping(folder=folder, **{name: changes.pop(name) for name in names & changes.keys()})
    market = changes.pop("market", None) or a_market()
    return run_market(market, under, keeping, months=months, compiled=False, residual_months=2, **changes)


def plainly(under: Under = BEAR_HUG, *, months: int = 6) -> History:
    return run(
        a_market(), under.policy, months=months, budget=under.budget, compiled=False, residual_months=2
    )


def same(one: History, other: History) -> bool:
    return all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name))
        for field in attrs.fields(History)
    )


class Stopped:
    """Presses Ctrl-C after a month."""

    def __init__(self, after: int) -> None:
        self.after = after

    def __call__(self, done: int, total: int) -> None:  # noqa: ARG002 # as it is called
        if done == self.after:
            raise KeyboardInterrupt


def test_looking_at_a_market_changes_nothing_in_it(tmp_path: Path) -> None:
    looked_at = kept(tmp_path, rows_every=1, checkpoint_every=2)

    assert same(looked_at, plainly())


@given(after=st.integers(0, 6), again=st.integers(0, 6))
@example(after=4, again=0)  # what was said by then decides for somebody
@settings(max_examples=6)
def test_a_run_that_is_interrupted_and_gone_on_with_ends_as_if_it_had_not_been(
    tmp_path_factory: pytest.TempPathFactory, after: int, again: int
) -> None:
    folder = tmp_path_factory.mktemp("run")
    with pytest.raises(KeyboardInterrupt):
        kept(folder, on_month=Stopped(after))
    if again > after:
        with pytest.raises(KeyboardInterrupt):
            kept(folder, on_month=Stopped(again), resume=True)

    ended = kept(folder, resume=True)

    assert same(ended, plainly())


def test_a_killed_run_goes_on_from_its_last_whole_checkpoint(tmp_path: Path) -> None:
    kept(tmp_path, months=4, checkpoint_every=2)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept(tmp_path, months=6, checkpoint_every=2, resume=True)
    for name, content in before.items():
        if not name.startswith("people"):
            (tmp_path / name).write_bytes(content)  # killed before the record was replaced …
    (tmp_path / "people-0004.arrow").write_bytes(before["people-0004.arrow"])
    (tmp_path / ".people-0006.arrow.1.part").write_bytes(b"half")  # … and while people were written

    assert same(kept(tmp_path, resume=True), plainly())


def test_a_run_killed_before_its_first_checkpoint_begins_again(tmp_path: Path) -> None:
    kept(tmp_path, months=3)

    assert same(kept(tmp_path, resume=True), plainly())


def test_a_run_can_be_made_longer(tmp_path: Path) -> None:
    kept(tmp_path, months=3, checkpoint_every=3)

    assert same(kept(tmp_path, months=6, resume=True), plainly())


def test_a_fork_under_the_same_policy_ends_alike_and_under_another_as_that_policy_would_from_there(
    tmp_path: Path,
) -> None:
    kept(tmp_path / "first", NONE, months=3, checkpoint_every=3)

    alike = kept(tmp_path / "alike", NONE, fork_from=tmp_path / "first")
    other = kept(tmp_path / "other", BEAR_HUG, fork_from=tmp_path / "first", checkpoint_every=1)

    assert same(alike, plainly(NONE))
    assert other.digest not in (alike.digest, plainly().digest)
    assert (other.money[:3] == alike.money[:3]).all()
    assert recorded(tmp_path / "other")["forked_from"] == str(tmp_path / "first")


def test_a_fork_that_was_interrupted_is_still_a_fork(tmp_path: Path) -> None:
    kept(tmp_path / "first", NONE, months=3, checkpoint_every=3)
    whole = kept(tmp_path / "whole", fork_from=tmp_path / "first")
    kept(tmp_path / "killed", months=4, fork_from=tmp_path / "first")
    shutil.rmtree(tmp_path / "first")

    assert same(kept(tmp_path / "killed", resume=True), whole)
    assert recorded(tmp_path / "killed")["forked_from"] == str(tmp_path / "first")


def test_rows_show_a_firm_what_it_could_know_and_the_truth_stands_apart(tmp_path: Path) -> None:
    kept(tmp_path, months=5, rows_every=2)

    names = sorted(path.name for path in tmp_path.glob("rows-*"))
    assert names == [f"rows-000{month}{kind}.parquet" for month in (2, 4, 5) for kind in ("", ".truth")]
    seen = pq.read_table(tmp_path / "rows-0004.parquet")
    true = pq.read_table(tmp_path / "rows-0004.truth.parquet")
    hidden = {field.name for field in FIELDS if field.channel == "truth"}
    assert not hidden & set(seen.column_names)
    assert not any(name.startswith("true_") for name in seen.column_names)
    assert {name for name in true.column_names if not name.startswith("true_")} == {"key"}
    assert {f"true_{name}" for name in hidden} <= set(true.column_names)
    assert len(true) == len(a_market().people)
    known = true.filter(pc.greater(true["true_begun"], 0))
    assert sorted(seen["key"].to_pylist()) == sorted(known["key"].to_pylist())
    assert min(seen["begun"].to_pylist()) > 0
    assert 0 < max(true["true_voice"].to_pylist()) <= 1


@pytest.mark.parametrize("form", FORMS)
def test_the_months_are_there_in_the_form_that_is_asked_for(tmp_path: Path, form: Any) -> None:
    history = kept(tmp_path, months=4, form=form)

    table = _table(tmp_path / f"months.{form}")
    assert table["month"] == [1, 2, 3, 4]
    assert [str(day)[:10] for day in table["first_day"]][:2] == ["2026-01-01", "2026-02-01"]
    assert table["customers"] == history.people[1:, 0].tolist()
    assert table["left"] == history.flows[:, 0].tolist()
    assert table["revenue"] == history.money[:, 0].tolist()
    assert sum(table["minutes"]) == history.minutes
    assert sum(sum(values) for name, values in table.items() if name.startswith("action_")) == sum(
        history.actions
    )
    said = [sum(values) for name, values in table.items() if name.startswith("said_")]
    assert said == history.reasons.sum(axis=0).tolist()
    assert not any(name.startswith("true_") for name in table)
    true = _table(tmp_path / f"months.truth.{form}")
    assert all(name.startswith("true_") for name in true if name not in ("month", "first_day"))
    assert [true[f"true_people_{firm}"][-1] for firm in range(len(PRESET.firms) + 1)] == history.people[
        -1
    ].tolist()


def _table(path: Path) -> dict[str, list[Any]]:
    if path.suffix == ".json":
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {name: [row[name] for row in rows] for name in rows[0]}
    if path.suffix == ".csv":
        table: pa.Table = pyarrow.csv.read_csv(path)
    elif path.suffix == ".arrow":
        table = pa.ipc.open_file(path.read_bytes()).read_all()
    else:
        table = pq.read_table(path)
    columns: dict[str, list[Any]] = table.to_pydict()
    return columns


def test_of_those_who_threatened_and_stayed_only_the_world_knows_who_meant_it(tmp_path: Path) -> None:
    history = kept(tmp_path, months=12)

    seen, true = _table(tmp_path / "months.parquet"), _table(tmp_path / "months.truth.parquet")
    saved, bluffed = history.flows[:, FLOWS.index("saved")], history.flows[:, FLOWS.index("bluffed")]
    assert seen.keys().isdisjoint({"saved", "bluffed"})
    assert (true["true_saved"], true["true_bluffed"]) == (saved.tolist(), bluffed.tolist())
    assert seen["stayed_after_threat"] == (saved + bluffed).tolist()
    assert bluffed.sum() > 0


def test_without_contracts_only_the_world_sees_who_stays_away(tmp_path: Path) -> None:
    market = Market.draw(attrs.evolve(PRESET, contractual=False), customers=40, seed=1)
    history = kept(tmp_path, market=market, months=3)

    seen, true = _table(tmp_path / "months.parquet"), _table(tmp_path / "months.truth.parquet")
    assert "left" not in seen
    assert true["true_left"] == history.flows[:, 0].tolist()


def test_a_checkpoint_goes_on_in_the_same_market_only(tmp_path: Path) -> None:
    kept(tmp_path, months=2, checkpoint_every=1)
    other = Market.draw(PRESET.in_structure("duopoly"), customers=61, seed=2, parameters="fixed")

    with pytest.raises(InputError) as refused:
        kept(tmp_path, market=other, resume=True)

    told = str(refused.value)
    for what in ("structure", "customers", "seed", "values"):
        assert f"{what}: " in told


def test_a_run_is_resumed_under_the_same_policy_and_law_only(tmp_path: Path) -> None:
    kept(tmp_path, months=2, checkpoint_every=1)
    shipped = law.LAW
    changed = attrs.evolve(
        BEAR_HUG,
        policy=get("none"),
        budget=Budget(),
        law=shipped.with_rule("threatens", shipped.functions["threatens"]),
    )

    with pytest.raises(InputError) as refused:
        kept(tmp_path, changed, resume=True)

    told = str(refused.value)
    for what in ("policy", "budget", "law"):
        assert f"{what}: " in told


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "holds a run already"),
        ({"resume": True, "months": 1}, "is less than the 2 months"),
        ({"resume": True, "fork_from": Path()}, "cannot stand beside resume"),
        ({"folder": "new", "resume": True}, "holds no run"),
        ({"folder": "new", "fork_from": Path("nowhere")}, "holds no run"),
        ({"folder": "new", "rows_every": -1}, "must be at least 0"),
        ({"folder": "new", "form": "xlsx"}, "is no form of tables"),
        ({"folder": "new", "months": -1}, "must be at least 0"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    kept(tmp_path / "first", months=2, checkpoint_every=1)
    changes = dict(changes)
    folder = tmp_path / changes.pop("folder", "first")

    with pytest.raises(InputError, match=sentence):
        kept(folder, **changes)


@pytest.mark.parametrize("damage", ["cut", "gone", "other", "version"])
def test_a_damaged_checkpoint_is_refused_in_words(tmp_path: Path, damage: str) -> None:
    kept(tmp_path, months=2, checkpoint_every=1)
    people, record = tmp_path / "people-0002.arrow", tmp_path / "checkpoint.json"
    if damage == "cut":
        people.write_bytes(people.read_bytes()[:-100])
    elif damage == "gone":
        people.unlink()
    elif damage == "other":
        shutil.rmtree(tmp_path / "other", ignore_errors=True)
        kept(tmp_path / "other", NONE, months=2, checkpoint_every=1)
        shutil.copy(tmp_path / "other" / people.name, people)
    else:
        record.write_text(record.read_text().replace('"schema_version":1', '"schema_version":0'))

    with pytest.raises(InputError, match=r"damaged|not those that were kept|another version"):
        kept(tmp_path, resume=True)


def test_a_fork_needs_a_checkpoint(tmp_path: Path) -> None:
    kept(tmp_path / "first", months=2)

    with pytest.raises(InputError, match="holds no checkpoint"):
        kept(tmp_path / "fork", fork_from=tmp_path / "first")


def test_only_the_newest_people_are_kept(tmp_path: Path) -> None:
    kept(tmp_path, months=4, checkpoint_every=1)

    assert [path.name for path in tmp_path.glob("people-*")] == ["people-0004.arrow"]
