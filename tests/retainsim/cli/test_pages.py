"""What the page on markets shows of a terminal is what a terminal shows; ``pytest --bless`` writes the answers into it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from golden import ROOT, Golden

from retainsim.cli import main

PAGE = ROOT / "docs" / "how-to" / "make-a-market.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def test_the_session_on_making_a_market_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Golden
) -> None:
    monkeypatch.chdir(tmp_path)

    def answered(block: re.Match[str]) -> str:
        lines = [line for line in block[1].splitlines() if line.startswith("$ ")]
        told = "".join(f"{line}\n{_answer(line)}" for line in lines)
        return f"```console\n{told}```"

    golden(PAGE, BLOCK.sub(answered, PAGE.read_text(encoding="utf-8")))


def _answer(line: str) -> str:
    program, *words = shlex.split(line.removeprefix("$ "))
    if program == "sed":  # the page's way to say: open an editor
        assert words[0] == "-i"
        file = Path(words[2])
        _, old, new, _ = re.sub(r"\\([][])", r"\1", words[1]).split("/")
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        return ""
    assert program == "retainsim"
    return CliRunner().invoke(main, words, terminal_width=100, prog_name="retainsim").output
