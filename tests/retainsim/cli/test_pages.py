"""What the pages on markets and scenarios show of a terminal is what a terminal shows; ``pytest --bless`` writes the answers into them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from golden import ROOT, Golden

from retainsim.cli import main

PAGES = [ROOT / "docs" / "how-to" / name for name in ("make-a-market.md", "write-a-scenario.md")]
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_session_of_a_page_runs_as_it_stands(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Golden
) -> None:
    monkeypatch.chdir(tmp_path)

    def answered(block: re.Match[str]) -> str:
        lines = [line for line in block[1].splitlines() if line.startswith("$ ")]
        told = "".join(f"{line}\n{_answer(line)}" for line in lines)
        return f"```console\n{told}```"

    golden(page, BLOCK.sub(answered, page.read_text(encoding="utf-8")))


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
