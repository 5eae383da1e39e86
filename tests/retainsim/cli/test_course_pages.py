"""
What the pages on courses show of a terminal is what a terminal shows; ``pytest --bless`` writes the answers into them.

Chance stands still meanwhile, so codes and callers are those of the page. A comment before a block says what is typed in it,
⏎ for Enter, and how many lines of a long answer stand there.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from golden import ROOT, Golden

from retainsim.cli import main
from retainsim.market.streams import key_of
from retainsim.training.course import chance

PAGES = [
    ROOT / "docs" / "how-to" / "run-a-course.md",
    ROOT / "docs" / "tutorials" / "a-course-in-an-afternoon.md",
    ROOT / "docs" / "tutorials" / "a-course-in-an-afternoon.he.md",
]
BLOCK = re.compile(r"(?P<how><!--(?P<said>[^>]*)-->\n)?```console\n(?P<told>.*?)```", re.DOTALL)
TYPED, SHOWN = re.compile(r"typed: (.*?)(?:; shown|\s*$)", re.DOTALL), re.compile(r"shown: (\d+) … (\d+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_session_of_a_page_runs_as_it_stands(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Golden
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RETAIN_BIDI", "isolates")
    monkeypatch.setenv("COLUMNS", "110")
    monkeypatch.setattr(chance, "below", still())

    def answered(block: re.Match[str]) -> str:
        said = block["said"] or ""
        typed, shown = TYPED.search(said), SHOWN.search(said)
        entered = "" if typed is None else typed[1].replace(" ", "").replace("⏎", "\n")
        lines = [line for line in block["told"].splitlines() if line.startswith("$ ")]
        told = "".join(f"{line}\n{_cut(_answer(line, entered), shown)}" for line in lines)
        return f"{block['how'] or ''}```console\n{told}```"

    golden(page, BLOCK.sub(answered, page.read_text(encoding="utf-8")))


def still() -> Callable[[int], int]:
    """Chance that is the same each time."""
    drawn = iter(range(1_000_000))
    return lambda limit: key_of("a page", next(drawn)) % limit


def _cut(answer: str, shown: re.Match[str] | None) -> str:
    lines = answer.splitlines(keepends=True)
    if shown is None or len(lines) <= int(shown[1]) + int(shown[2]):
        return answer
    return "".join([*lines[: int(shown[1])], "…\n", *lines[len(lines) - int(shown[2]) :]])


def _answer(line: str, entered: str) -> str:
    program, *words = shlex.split(line.removeprefix("$ "))
    if program == "sed":  # the page's way to say: open an editor
        assert words[0] == "-i"
        file = Path(words[2])
        _, old, new, _ = re.sub(r"\\([][])", r"\1", words[1]).split("/")
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        return ""
    if program == "printf":  # and: write a table
        table, arrow, place = words
        assert arrow == ">"
        Path(place).write_text(table.replace("\\n", "\n"), encoding="utf-8")
        return ""
    assert program == "retainsim"
    told = CliRunner().invoke(main, words, input=entered, terminal_width=100, prog_name="retainsim").output
    return re.sub(r"[ \t]+$", "", told, flags=re.MULTILINE)
