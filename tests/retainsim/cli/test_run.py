"""Running a market on the command line."""

from __future__ import annotations

import inspect
import json
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from documented import of_form

from retainsim.cli import main
from retainsim.market import History, run
from retainsim.market.law import LAW

SMALL = ["telecom", "--customers", "80", "--months", "6", "--residual-months", "1"]
kept, replacing = (import_module(f"retainsim.market.{name}") for name in ("kept", "replacing"))


def told(*arguments: str) -> tuple[int, str, str]:
    """Exit code and what stands on output and error."""
    done = CliRunner().invoke(main, ["market", "run", *arguments], prog_name="retainsim")
    return done.exit_code, done.stdout, done.stderr


def told_json(*arguments: str) -> dict[str, Any]:
    """What is printed for programs, of the documented form."""
    code, output, error = told(*arguments, "--json")
    assert (code, error) == (0, "")
    record: dict[str, Any] = json.loads(output)
    of_form("market run", record)
    return record


def test_one_object_says_what_was_run_and_what_came_out() -> None:
    record = told_json(*SMALL, "--seed", "3", "--threads", "2", "--structure", "duopoly")

    asked = {"preset": "telecom", "seed": 3, "customers": 80, "months": 6, "threads": 2}
    assert {name: record[name] for name in asked} == asked
    assert record["structure"] == "duopoly"
    assert len(record["firms"]) == 2
    assert record["people"] > 80
    assert record["digest"] == told_json(*SMALL, "--seed", "3", "--structure", "duopoly")["digest"]


def test_people_read_a_table() -> None:
    code, output, _ = told(*SMALL)

    assert code == 0
    assert re.search(r"customers at the start +80\b", output)
    assert "Add --out DIR" in output


def test_what_is_kept_stands_in_the_folder(tmp_path: Path) -> None:
    record = told_json(
        *SMALL, "--out", str(tmp_path / "run"), "--rows", "6", "--checkpoint-every", "3", "--format", "csv"
    )

    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        "run.json",
        "checkpoint.json",
        "people-0006.arrow",
        "months.csv",
        "months.truth.csv",
        "rows-0006.parquet",
        "rows-0006.truth.parquet",
    }
    written = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    assert written["result"]["digest"] == record["digest"]


def test_a_run_goes_on_as_it_was_asked_for_and_can_be_forked(tmp_path: Path) -> None:
    first, fork = str(tmp_path / "first"), str(tmp_path / "fork")
    told_json(*SMALL[:-4], "--months", "3", "--policy", "bear_hug", "--out", first, "--checkpoint-every", "3")
    whole = told_json(*SMALL, "--policy", "bear_hug")

    forked = told_json("--fork-from", first, "--out", fork, "--months", "6", "--policy", "none")
    resumed = told_json("--resume", "--out", first, "--months", "6")

    assert resumed["digest"] == whole["digest"] != forked["digest"]
    assert resumed["policy"] == "bear_hug"
    assert (forked["policy"], forked["customers"]) == ("none", 80)


def test_ctrl_c_keeps_the_run_and_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "run"
    whole = told_json(*SMALL)
    usual = kept.Run.month

    def pressed(run: Any) -> Any:
        if run.number == 3:
            signal.raise_signal(signal.SIGINT)
        return usual(run)

    with monkeypatch.context() as patched:
        patched.setattr(kept.Run, "month", pressed)
        code, output, error = told(*SMALL, "--out", str(out))

    assert (code, output) == (130, "")
    assert "Stopped after month 4 of 6" in error
    assert f"retainsim market run --resume --out {out}" in error
    assert json.loads((out / "checkpoint.json").read_text(encoding="utf-8"))["month"] == 4
    assert told_json("--resume", "--out", str(out))["digest"] == whole["digest"]


def test_a_run_that_is_killed_goes_on_to_the_same_end(tmp_path: Path) -> None:
    out = tmp_path / "run"
    words = [*SMALL[:2], "2000", "--months", "40", "--residual-months", "0"]
    command = [sys.executable, "-c", "from retainsim.cli import main; main()", "market", "run", *words]
    running = subprocess.Popen([*command, "--quiet", "--out", str(out), "--checkpoint-every", "1"])
    for _ in range(600):
        if (out / "checkpoint.json").exists():
            break
        time.sleep(0.1)
    running.kill()
    running.wait()

    assert (
        not (out / "months.parquet").exists() or json.loads((out / "run.json").read_text())["result"] is None
    )
    assert told_json("--resume", "--out", str(out))["digest"] == told_json(*words)["digest"]


def test_processes_change_nothing() -> None:
    words = ["telecom", "--customers", "2000", "--months", "3", "--policy", "random", "--minutes", "90"]

    assert told_json(*words, "--processes", "2")["digest"] == told_json(*words)["digest"]


def test_a_policy_from_a_file_is_known_in_other_processes(tmp_path: Path) -> None:
    (tmp_path / "paper.py").write_text(NEWSPAPER, encoding="utf-8")
    words = ["telecom", "--customers", "2000", "--months", "1", "--residual-months", "0"]
    words += ["--policy", f"{tmp_path / 'paper.py'}:Newspaper"]

    assert told_json(*words, "--processes", "2")["actions"] == told_json(*words)["actions"] > 0


def test_a_rule_of_ones_own_is_named_with_its_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the compiler, which takes its time; that a rule is compiled and compared is tested where that is done."""
    monkeypatch.setattr(import_module("retainsim.market.engine"), "compiling", lambda *_: Future())
    monkeypatch.setattr(replacing, "run", lived_plainly)
    file = tmp_path / "mine.py"
    names = ", ".join(inspect.signature(LAW.functions["threatens"]).parameters)
    file.write_text(f"def threatens({names}):\n    return 0.0\n", encoding="utf-8")

    record = told_json(*SMALL, "--rule", f"threatens={file}:threatens")

    assert list(record["rules"]) == ["threatens"]
    assert record["flows"]["threatened"] == 0


def lived_plainly(*arguments: Any, **others: Any) -> History:
    return run(*arguments, **{**others, "compiled": False})


def test_what_is_done_about_the_team_is_told_and_kept(tmp_path: Path) -> None:
    plan = ["--hire", "1=-0.5", "--coach", "2=0.3", "--hire", "40=0.1"]

    record = told_json(*SMALL, *plan, "--out", str(tmp_path))
    longer = told_json("--resume", "--out", str(tmp_path), "--months", "7")

    assert record["staffing"] == {"hired": {"0": -0.5, "39": 0.1}, "coached": {"1": 0.3}}
    assert longer["staffing"] == record["staffing"]
    assert record["digest"] != told_json(*SMALL)["digest"]


def test_a_rule_is_tried_out_only_when_nothing_else_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.py").write_text("def threatens(c):\n    return 0.0\n", encoding="utf-8")
    tried: list[str] = []
    monkeypatch.setattr(replacing, "check_rule", lambda name, _: tried.append(name))

    code, _, error = told(*SMALL, "--seed", "-1", "--rule", f"threatens={tmp_path / 'mine.py'}:threatens")

    assert code == 2
    assert "rule: 'threatens' must take (c, p), not (c)" in error
    assert "seed: '-1'" in error
    assert tried == []


def test_what_would_never_be_done_about_the_team_is_refused() -> None:
    code, _, error = told(*SMALL, "--hire", "7=0.1")

    assert code == 2
    assert "hire: '7=0.1' is after the last of 6 months" in error


NEWSPAPER = """
from retainsdk.policies.none import Nothing
from retainsdk.policies.reading import is_customer
from retainsdk.policy import ActionKind, act


class Newspaper(Nothing):
    name = "newspaper"

    def decide(self, view, budget, draw):
        return act(view, is_customer(view), ActionKind.INVITATION, reason="News")
"""


def test_what_ignoring_consent_costs_is_told(tmp_path: Path) -> None:
    (tmp_path / "paper.py").write_text(NEWSPAPER, encoding="utf-8")
    words = [*SMALL, "--policy", f"{tmp_path / 'paper.py'}:Newspaper"]

    kept_from, ignoring = told_json(*words), told_json(*words, "--ignore-consent")
    _, table, _ = told(*words, "--ignore-consent")

    assert (kept_from["consent_gate"], kept_from["cost_of_ignoring_consent"]) == (True, None)
    assert kept_from["refused"] > 0 == ignoring["refused"]
    cost = ignoring["cost_of_ignoring_consent"]
    assert cost["actions"] == kept_from["actions"] - ignoring["actions"] < 0
    assert cost["profit"] == kept_from["profit"] - ignoring["profit"] != 0
    assert re.search(rf"ignoring consent: actions added +{-cost['actions']}\b", table)


def test_a_fork_that_ignores_consent_has_no_twin(tmp_path: Path) -> None:
    first, fork = str(tmp_path / "first"), str(tmp_path / "fork")
    told_json(*SMALL[:-4], "--months", "3", "--out", first, "--checkpoint-every", "3")

    record = told_json("--fork-from", first, "--out", fork, "--months", "4", "--ignore-consent")

    assert (record["consent_gate"], record["cost_of_ignoring_consent"]) == (False, None)


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    wrong = {
        "--customers": "0",
        "--months": "-1",
        "--seed": "-1",
        "--structure": "duoply",
        "--policy": "bare_hug",
        "--rule": "x",
        "--hire": "0=0.2",
        "--coach": "6",
        "--minutes": "-3",
        "--money": "nan",
        "--threads": "0",
        "--out": str(tmp_path / "file" / "x"),
    }

    code, output, error = told("telekom", *(word for pair in wrong.items() for word in pair))

    assert (code, output) == (2, "")
    assert error.startswith("market run: 13 faults\n")
    for named in ("Did you mean 'telecom'?", "Did you mean 'duopoly'?", "Did you mean 'bear_hug'?"):
        assert named in error
    for option in wrong:
        assert f"\n  {option.removeprefix('--')}: " in error


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "PRESET"),
        (["telecon"], "telecom"),
        (["telecom", "--structure", "duoply"], "duopoly"),
        (["telecom", "--rows", "2"], "needs a folder"),
        (["telecom", "--resume"], "needs a folder"),
        (["telecom", "--money", "nan"], "is no amount"),
        (["telecom", "--months", "-1"], "must be at least 0"),
        (["telecom", "--processes", "-1"], "must lie between 0 and 1,024"),
        (["telecom", "--threads", "0"], "must lie between 1 and 1,024"),
        (["--resume", "--out", "nowhere"], "holds no run"),
    ],
)
def test_what_cannot_be_is_said_with_code_2(
    words: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    code, _, error = told(*words)

    assert code == 2
    assert sentence in error


def test_a_resumed_run_is_the_same_run(tmp_path: Path) -> None:
    told_json(*SMALL, "--out", str(tmp_path))

    code, _, error = told("--resume", "--out", str(tmp_path), "--policy", "bear_hug", "--seed", "9")

    assert code == 2
    assert "policy: 'bear_hug' was none in the run that was kept" in error
    assert "seed: '9' was 1" in error
