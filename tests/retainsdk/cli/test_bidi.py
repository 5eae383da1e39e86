from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.book import Book
from retainsdk.cli import main
from retainsdk.cli.bidi import FIRST_STRONG, POP, for_terminal, is_rtl, isolated
from retainsdk.errors import InputError
from retainsdk.vocabulary import Kind

TEXTS = st.text(alphabet="אבג ab1([:\n", max_size=12)


def marked(text: str) -> str:
    return text.replace(FIRST_STRONG, "<").replace(POP, ">")


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("to נועה לוי [12]", ["נועה לוי"], "to <נועה לוי> [12]"),
        ("to נועה (VIP) לוי: 5", ["נועה (VIP) לוי"], "to <נועה (VIP) לוי>: 5"),
        ("to נועה לוי [12] and דן", [], "to <נועה לוי> [12] and <דן>"),
        ("by דן, of דן כהן", ["דן", "דן כהן"], "by <דן>, of <דן כהן>"),
        ("1\nדנה\n2", ["דנה"], "1\n<דנה>\n2"),
        ("سارة 7", ["سارة 7"], "<سارة 7>"),
        ("Noa [12]", ["Noa"], "Noa [12]"),
        ("עיר      תל אביב  (היא אמרה, 5)", [], "<עיר>      <תל אביב>  (<היא אמרה>, 5)"),
    ],
)
def test_what_runs_from_right_to_left_stands_by_itself(text: str, values: list[str], expected: str) -> None:
    assert marked(isolated(text, values)) == expected


def test_two_spaces_part_columns_and_no_sentence() -> None:
    text = "by 'דנה  לוי'  on 3"

    assert marked(isolated(text)) == "by '<דנה>  <לוי>'  on 3"
    assert marked(isolated(text, in_columns=False)) == "by '<דנה  לוי>'  on 3"
    assert marked(isolated(text, ["דנה  לוי"])) == "by '<דנה  לוי>'  on 3"


@given(text=TEXTS, values=st.lists(TEXTS, max_size=3), in_columns=st.booleans())
def test_isolates_change_nothing_else_and_close_on_the_line_they_open_on(
    *, text: str, values: list[str], in_columns: bool
) -> None:
    shown = isolated(text, values, in_columns=in_columns)

    assert shown.replace(FIRST_STRONG, "").replace(POP, "") == text
    for line in shown.split("\n"):
        assert re.fullmatch(
            f"[^{FIRST_STRONG}{POP}]*({FIRST_STRONG}[^{FIRST_STRONG}{POP}]*{POP}[^{FIRST_STRONG}{POP}]*)*",
            line,
        )
    outside = re.sub(f"{FIRST_STRONG}[^{POP}]*{POP}", "", shown)
    assert not is_rtl(outside)


def test_a_terminal_that_does_not_reorder_gets_letters_in_the_order_they_are_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("bidi")
    monkeypatch.setenv("RETAIN_BIDI", "visual")

    assert for_terminal("to נועה (2): 5 hello [3]", ["נועה (2)"]) == "to )2( העונ: 5 hello [3]"
    assert for_terminal("to נועה [3]", ["נועה"]) == "to העונ [3]"


def test_another_way_of_showing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETAIN_BIDI", "upside-down")

    with pytest.raises(InputError, match="must be one of: isolates, plain, visual"):
        for_terminal("נועה")


def test_hebrew_is_isolated_for_people_and_left_alone_in_json(tmp_path: Path) -> None:
    path = str(tmp_path / "crm.db")
    with Book.open(path) as book:
        book.take_on(kind=Kind.PERSON, name="נועה לוי", reference="א-1", actor="dana")

    shown, found, card = (
        CliRunner().invoke(main, [*words, "--book", path]).output
        for words in (["customer", "show", "נועה"], ["customer", "find", "--json"], ["card", "א-1"])
    )

    assert shown.startswith(f"{FIRST_STRONG}נועה לוי{POP}  [")
    assert json.loads(found)["found"][0]["name"] == "נועה לוי"
    assert FIRST_STRONG not in found
    assert card.startswith(f"{FIRST_STRONG}נועה לוי{POP}  [")


def test_names_in_a_refusal_are_isolated_too(tmp_path: Path) -> None:
    path = str(tmp_path / "crm.db")
    with Book.open(path) as book:
        for name in ("נועה לוי", "נועה בר"):
            book.take_on(kind=Kind.PERSON, name=name, actor="dana")

    result, unknown = (
        CliRunner().invoke(main, ["card", name, "--book", path]) for name in ("נועה", "דנה  כהן (3)  לוי")
    )

    assert (result.exit_code, unknown.exit_code) == (2, 2)
    assert f"{FIRST_STRONG}נועה בר{POP} [" in result.stderr
    assert f"'{FIRST_STRONG}דנה  כהן (3)  לוי{POP}'" in unknown.stderr
