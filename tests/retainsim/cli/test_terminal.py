"""Words on a terminal: in the direction of their language, and answers that come back."""

from __future__ import annotations

import pytest

from retainsim.cli.terminal import Terminal
from retainsim.training.desk import Desk
from retainsim.training.lines import Language

languages = pytest.mark.parametrize("language", Language)


def at(language: Language) -> Desk:
    return Desk.begin("no_need", seed=4, language=language)


@languages
def test_the_blank_lines_of_a_text_stay(language: Language, capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().say(at(language), "one\n\nother\n")

    shown = [line.strip(" \u2067\u2069") for line in capsys.readouterr().out.splitlines()]
    assert shown == ["one", "", "other", ""]


def test_a_long_hebrew_line_is_broken_before_the_terminal_breaks_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")

    Terminal().say(at(Language.HEBREW), "שלום " * 20)

    shown = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert len(shown) == 3
    assert all(line.startswith("\u2067") and line.endswith("\u2069") for line in shown)


def test_enter_gives_what_is_usual_and_nothing_where_nothing_is(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["", "", "9", "2"])
    monkeypatch.setattr("click.prompt", lambda *_, **__: next(answers))
    desk, terminal = at(Language.ENGLISH), Terminal()

    assert terminal.number(desk, "?", 1, 3, usual=0) == 0
    assert terminal.number(desk, "?", 1, 3) == 2
