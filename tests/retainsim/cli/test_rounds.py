"""``retainsim rounds``: at a terminal and through a pipe, in both languages."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from documented import of_form

from retainsdk.book import Book
from retainsim.cli import main
from retainsim.training.rounds import Play, Staffed, Step, Team, Week, read_record, restored


def rounds(*arguments: str, entered: str = "") -> Result:
    return CliRunner().invoke(main, ["rounds", *arguments], input=entered)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A play of one round, about to begin; somebody calls when nothing is done."""
    path = tmp_path / "play.json"
    done = rounds("new", str(path), "--customers", "24", "--rounds", "1", "--seed", seed_of_calls())
    assert done.exit_code == 0, done.output
    return path


def calls(seed: int) -> bool:
    play = Play.begin(seed=seed, rounds=1, customers=24)
    for _ in range(4):
        play = play.decide([])
    return bool(play.waiting)


@cache
def seed_of_calls() -> str:
    """Of a play in which somebody calls when nothing is done."""
    return str(next(seed for seed in range(1, 60) if calls(seed)))


ENDED = "e\ne\ne\ne\n"
"""Four weeks in which nothing is done."""


def kept(file: Path) -> Play:
    return restored(read_record(file.read_bytes(), source="play"))


def plain(text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069\u200e\u200f")))


def screens(told: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in told.splitlines()]


def test_a_play_is_not_begun_twice_in_one_file(file: Path) -> None:
    done = rounds("new", str(file))

    assert done.exit_code == 2
    assert "is there already" in done.stderr


def test_what_cannot_be_is_refused_with_all_that_is_wrong(tmp_path: Path) -> None:
    done = rounds("new", str(tmp_path / "x.json"), "--customers", "3", "--rounds", "0")

    assert done.exit_code == 2
    assert "customers" in done.stderr
    assert "rounds" in done.stderr
    assert not (tmp_path / "x.json").exists()


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    done = rounds("play", str(tmp_path / "none.json"))

    assert done.exit_code == 2
    assert "is not there" in done.stderr


def test_a_whole_play_at_a_terminal_ends_with_what_it_came_to(file: Path) -> None:
    planned = "3\n1\nu\n4\n\n?\nl\nd\nm\n99\n"
    taken = "1\n1\n\n2\n\n13\n\n"  # the call: ask, probe, ask for the decision

    done = rounds("play", str(file), entered=planned + ENDED + taken + "3\n" * 5)

    assert done.exit_code == 0, done.output
    for told in ("Round 1 of 1 · week 4 of 4", "What it came to", "There is no such number", "Score: "):
        assert told in done.stdout
    assert kept(file).over
    assert len(next(iter(kept(file).past[0].answers.values()))) == 3


def test_a_play_that_is_broken_off_goes_on_in_the_middle_of_a_call(file: Path) -> None:
    first = rounds("play", str(file), entered=ENDED + "1\n1\n\n")
    waiting = kept(file).waiting[0]
    turn = kept(file).calls[waiting].turn

    again = rounds("play", str(file), entered="2\n\n13\n\n" + "3\n" * 5)

    assert first.exit_code == 130
    assert "The play is kept in" in first.stderr
    assert turn == 1
    assert again.exit_code == 0
    assert kept(file).over


def test_the_team_is_decided_on_at_a_terminal_once_a_round(file: Path) -> None:
    coached, let_go = "t\n40\n\n10\n", "t\n\n\n\n"

    done = rounds("play", str(file), entered="3\n1\n" + let_go + coached + "t\n" + ENDED + "3\n" * 6)

    assert done.exit_code == 0, done.output
    assert "At work: 100% of the usual team." in plain(done.stdout)
    assert plain(done.stdout).count("Decided for this round. Cost: ") == 2
    assert "Spent on the service team: " in done.stdout
    assert kept(file).decisions[0] == Staffed(Team(hired=-10, coached=40))
    assert kept(file).decisions[1] == Week((Step(customer=3, action="check_in"),))


def test_a_program_decides_on_the_team(file: Path) -> None:
    lines = ['{"team": {"coached": 40, "hired": 10}, "at": 0}'] * 2 + [
        '{"week": []}',
        '{"team": {"hired": 5}}',
    ]

    told = screens(rounds("play", str(file), "--json", entered="\n".join(lines)).stdout)

    assert told[0]["team"]["may_decide"]
    assert told[2]["team"]["decided"] == {"hired": 10, "coached": 40}
    assert [it["decisions"] for it in told[:4]] == [0, 1, 1, 2]
    assert "before the first week" in told[4]["error"]


def test_hebrew_is_spoken_to_him_as_to_him(tmp_path: Path) -> None:
    path = tmp_path / "play.json"
    rounds(
        "new",
        str(path),
        "--lang",
        "he",
        "--gender",
        "masculine",
        "--rounds",
        "1",
        "--customers",
        "24",
        "--seed",
        seed_of_calls(),
    )

    told = plain(rounds("play", str(path), entered=ENDED + "2\n" * 6).stdout)

    assert "סבב 1 מתוך 1 · שבוע 1 מתוך 4" in told
    assert "מה יצא מזה" in told


def test_practice_begins_anew_and_then_comes_what_counts(tmp_path: Path) -> None:
    path = tmp_path / "play.json"
    rounds("new", str(path), "--customers", "24", "--rounds", "1", "--practice", "1", "--seed", "1")

    done = rounds("play", str(path), entered="e\ne\ne\ne\nr\n" + "e\ne\ne\ne\ng\n" + "e\ne\ne\ne\n")

    assert done.exit_code == 0, done.output
    assert done.stdout.count("Practice is over.") == 2
    assert "All rounds are over." in done.stdout
    assert kept(path).over


def test_a_program_plays_through_a_pipe(file: Path) -> None:
    lines = ['{"week": [], "at": 0}', '{"week": [], "at": 0}', *['{"week": []}'] * 3]
    caller = waiting_after(file)
    lines += [f'{{"call": {caller}, "move": "ask_open"}}', f'{{"call": {caller}, "to": "colleague"}}']

    done = rounds("play", str(file), "--json", entered="\n".join(lines))
    told = screens(done.stdout)

    assert done.exit_code == 0
    assert [it["week"] for it in told[:6]] == [1, 2, 2, 3, 4, 4]
    assert told[5]["phase"] == "calls"
    assert caller in told[5]["waiting"]
    assert len(told[6]["calls"][str(caller)]["lines"]) > len(told[5]["calls"][str(caller)]["lines"])
    assert ("report" in told[-1]) == (told[-1]["phase"] == "over")


def waiting_after(file: Path) -> int:
    play = kept(file)
    for _ in range(4):
        play = play.decide([])
    return play.waiting[0]


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        '{"week": 3}',
        '{"week": [{"customer": 1, "action": "dance"}]}',
        '{"call": 1, "to": "somebody"}',
        '{"call": 1, "move": "close"}',
        '{"graded": true}',
        '{"week": [{"customer": 1, "action": "check_in", "speed": 3}]}',
        '{"team": {"coached": 101}}',
        '{"team": {}}',
    ],
)
def test_what_is_no_decision_changes_nothing(file: Path, line: str) -> None:
    before = file.read_bytes()

    told = screens(rounds("play", str(file), "--json", entered=line).stdout)

    assert set(told[1]) == {"schema_version", "error"}
    assert file.read_bytes() == before


def test_report_and_export_wait_for_the_end(file: Path, tmp_path: Path) -> None:
    for done in (
        rounds("report", str(file)),
        rounds("report", str(file), "--json"),
        rounds("export", str(file), str(tmp_path / "out")),
    ):
        assert done.exit_code == 2
        assert "not possible in the phase 'week'" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_finished_play_is_exported_without_names(file: Path, tmp_path: Path) -> None:
    entered = "\n".join(['{"week": [{"customer": 1, "action": "check_in"}]}', *['{"week": []}'] * 3])
    rounds("play", str(file), "--json", entered=entered)
    while (play := kept(file)).waiting:
        rounds("play", str(file), "--json", entered=f'{{"call": {play.waiting[0]}, "to": "colleague"}}')
    out = tmp_path / "out"

    done = rounds("export", str(file), str(out))

    assert done.exit_code == 0, done.output
    table = (out / "customers.csv").read_bytes()
    assert table.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(table.decode("utf-8-sig").splitlines()))
    assert rows[0]["customer"] == "c01"
    assert set(rows[0]) == {"customer", "effect", "you", "nobody", "script", "clairvoyant", "left_for"}
    decisions = [json.loads(line) for line in (out / "decisions.jsonl").read_text().splitlines()]
    assert decisions[0]["steps"] == [{"customer": "c01", "action": "check_in"}]
    assert [it["week"] for it in decisions[:4]] == [1, 2, 3, 4]
    with Book.open(out / "ledger.db") as book:
        assert len(book.view(book.now())) == len(kept(file).roster)
    assert rounds("export", str(file), str(out)).exit_code == 2
    of_form("rounds report", json.loads(rounds("report", str(file), "--json").stdout))
    assert rounds("fork", str(file), "1", str(tmp_path / "again.json")).exit_code == 0
    assert kept(tmp_path / "again.json").week == 1
    assert rounds("fork", str(file), "9", str(tmp_path / "other.json")).exit_code == 2


@pytest.mark.parametrize("decided", [1, 3])
def test_a_killed_program_loses_no_decision_that_was_accepted(file: Path, decided: int) -> None:
    code = "from retainsim.cli import main; main()"
    asked = [sys.executable, "-c", code, "rounds", "play", str(file), "--json"]
    with subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        program.stdout.readline()
        for _ in range(decided):
            program.stdin.write('{"week": []}\n')
            program.stdin.flush()
            program.stdout.readline()
        program.kill()

    assert len(kept(file).decisions) == decided
    assert kept(file).week == decided + 1


def test_bots_stand_as_a_table_and_as_json() -> None:
    asked = (
        "bots",
        "--customers",
        "24",
        "--rounds",
        "1",
        "--plays",
        "2",
        "--bot",
        "script",
        "--bot",
        "random",
    )

    table, told = rounds(*asked), json.loads(rounds(*asked, "--json").stdout)

    of_form("rounds bots", told)
    assert "value of a customer" in table.stdout
    assert [it["bot"] for it in told["bots"]] == ["script", "random"]
    assert set(told["bots"][0]) == {
        "bot", "value", "ci", "score", "spread", "promises", "forgotten", "by_value", "signs",
    }  # fmt: skip
