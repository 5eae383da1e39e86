"""A market run on the command line and written into a book, which the other command line opens."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from retainsdk import cli as books
from retainsim.cli import main

SMALL = ["--customers", "25", "--months", "3", "--residual-months", "0"]


def told(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["market", "run", *arguments], prog_name="retainsim")


def read(*arguments: str) -> str:
    done = CliRunner().invoke(books.main, [*arguments], prog_name="retainsdk")
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize("preset", ["telecom", "saas", "pet_shop"])
def test_a_market_is_written_into_a_book_that_people_open(preset: str, tmp_path: Path) -> None:
    book = tmp_path / "ספר.db"

    done = told(preset, *SMALL, "--policy", "early_warning", "--book", str(book))

    assert (done.exit_code, done.stderr) == (0, "")
    assert f"The book is {book}. It ends on 2026-04-01" in done.stdout
    as_of = ["--book", str(book), "--as-of", "2026-04-01"]
    who = json.loads(read("customer", "find", "a", "--book", str(book), "--json"))
    assert len(who) > 0
    agenda = json.loads(read("agenda", *as_of, "--json"))
    assert date.fromisoformat(agenda["as_of"][:10]) == date(2026, 4, 1)
    shares = json.loads(read("report", "show", "stages", *as_of, "--json"))
    assert shares["name"] == "stages"
    assert [it.name for it in tmp_path.iterdir()] == [book.name]


def test_the_run_is_the_same_with_a_book_and_without(tmp_path: Path) -> None:
    book = tmp_path / "market.book"

    written = json.loads(told("gym", *SMALL, "--seed", "4", "--book", str(book), "--json").stdout)
    plain = json.loads(told("gym", *SMALL, "--seed", "4", "--json").stdout)

    assert (written.pop("book"), plain.pop("book")) == (str(book), None)
    assert written == plain


def test_what_cannot_go_with_a_book_is_said_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    there = tmp_path / "there.book"
    there.write_text("a diary")

    done = told(
        "gym", "--book", str(there), "--customers", "50000", "--months", "60", "--out", str(tmp_path / "out"),
        "--threads", "2", "--rows", "3",
    )  # fmt: skip

    assert done.exit_code == 2
    for words in (
        "exists already", "50,000 customers over 60 months", "800 customer-months a second, 1.0 hours",
        "3,333 customers or fewer", "--out or --book", "--threads or --book", "--rows or --book",
    ):  # fmt: skip
        assert words in done.stderr
    assert there.read_text() == "a diary"


def test_a_run_that_fails_leaves_no_book(tmp_path: Path) -> None:
    policy = tmp_path / "broken.py"
    policy.write_text(
        "from retainsdk.policies.none import Nothing\n"
        "class Broken(Nothing):\n"
        "    name = 'broken'\n"
        "    def decide(self, view, budget, draw):\n"
        "        if view.as_of.month == 2:\n"
        "            raise ValueError('no idea')\n"
        "        return super().decide(view, budget, draw)\n"
    )

    done = told("gym", *SMALL, "--policy", f"{policy}:Broken", "--book", str(tmp_path / "market.book"))

    assert done.exit_code == 2
    assert "no idea" in done.stderr
    assert [it.name for it in tmp_path.iterdir() if "book" in it.name] == []


def test_ctrl_c_says_that_nothing_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("retainsim.market.chronicle.write_book", interrupted)

    done = told("gym", *SMALL, "--book", str(tmp_path / "market.book"))

    assert done.exit_code == 130
    assert f"Stopped; nothing was written to {tmp_path / 'market.book'}." in done.stderr
