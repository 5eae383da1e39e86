"""What pages show of a terminal is what a terminal shows; ``pytest --bless`` writes the answers into them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from golden import Golden

from retainsdk.cli import main

DOCS = Path(__file__).parents[3] / "docs"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def test_the_session_on_keeping_a_book_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Golden
) -> None:
    monkeypatch.chdir(tmp_path)
    page = DOCS / "how-to" / "keep-a-book-from-the-terminal.md"
    ids: dict[str, str] = {}

    def answered(block: re.Match[str]) -> str:
        lines = [line for line in block[1].splitlines() if line.startswith("$ ")]
        told = "".join(f"{line}\n{_answer(line, monkeypatch, ids)}" for line in lines)
        return f"```console\n{told}```"

    golden(page, BLOCK.sub(answered, page.read_text(encoding="utf-8")))


def _answer(line: str, monkeypatch: pytest.MonkeyPatch, ids: dict[str, str]) -> str:
    program, *words = shlex.split(line.removeprefix("$ "))
    if program == "export":
        for word in words:
            monkeypatch.setenv(*word.split("=", 1))
        return ""
    assert program == "retainsdk"
    result = CliRunner().invoke(main, words)
    # ids are drawn by lot: here they are numbered as they come
    return re.sub("[0-9a-f]{16}", lambda id_: ids.setdefault(id_[0], f"{len(ids) + 1:016x}"), result.output)
