from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page

from retainsdk.errors import CommandError, MissingExtraError, StoreError
from retainsdk.quantities import Money
from retainsdk.reports.report import Column, Picture, Report, Unit
from retainsdk.reports.text_table import text_table, width
from retainsdk.wording import no_formula


def a_report(**changes: Any) -> Report:
    columns = (
        ("who", Unit.CLASS),
        ("exits", Unit.COUNT),
        ("spent", Unit.MONEY),
        ("share", Unit.SHARE),
        ("last", Unit.DAY),
        ("flagged", Unit.YES_NO),
    )
    report = Report(
        name="some", title="Some report", question="What is it?", as_of=datetime(2026, 6, 15, 12, tzinfo=UTC),
        currency="EUR",
        columns=tuple(Column(name=name, unit=unit, meaning=f"The {name}.") for name, unit in columns),
        rows=(
            ("נֹעה", 1200, Money("-10.5", "EUR"), 0.125, date(2026, 6, 1), True),
            ("=HYPERLINK(1)", 3, Money("0.001", "EUR"), None, None, False),
            (None, 0, Money(0, "EUR"), 1.0, None, None),
        ),
        total=(None, 1203, Money("-10.499", "EUR"), None, None, None),
        notes=("Handle with care.",),
        definitions=(("exit", "That he left."),),
        picture=Picture(label="who", value="spent"),
    )  # fmt: skip
    return attrs.evolve(report, **changes)


def test_a_report_reads_as_an_aligned_table_with_its_total_and_notes() -> None:
    lines = str(a_report()).splitlines()

    assert lines[0] == "Some report, as of 2026-06-15 12:00 UTC"
    assert lines[2:10] == [
        "who            exits  spent, EUR  share, %  last        flagged",
        "-------------  -----  ----------  --------  ----------  -------",
        "נֹעה            1,200      -10.50      12.5  2026-06-01  yes",
        "=HYPERLINK(1)      3       0.001         –  –           no",
        "(unknown)          0        0.00     100.0  –           –",
        "-------------  -----  ----------  --------  ----------  -------",
        "total          1,203     -10.499         –",
        "",
    ]
    assert lines[10] == "Handle with care."
    assert "nothing to report" in str(a_report(rows=()))


@given(st.lists(st.text(st.sampled_from("ab אש\u05b8\u200f名"), max_size=4), min_size=1, max_size=4))
def test_every_cell_of_a_column_ends_where_the_others_do_whatever_is_written_in_it(cells: list[str]) -> None:
    lines = text_table(["who", "n"], [[cell, "1"] for cell in cells], None, left=[True, False])

    assert len({width(line) for line in lines}) == 1


def test_json_holds_exact_money_and_says_what_each_column_means() -> None:
    told = json.loads(json.dumps(a_report().as_json()))

    assert told["schema_version"] == 1
    assert told["as_of"] == "2026-06-15T12:00:00+00:00"
    assert told["rows"][0] == {
        "who": "נֹעה", "exits": 1200, "spent": "-10.50", "share": 0.125, "last": "2026-06-01", "flagged": True,
    }  # fmt: skip
    assert told["rows"][2]["who"] is None
    assert told["columns"][2] == {"name": "spent", "unit": "money", "meaning": "The spent."}
    assert told["total"]["spent"] == "-10.499"


def test_no_text_in_a_csv_is_taken_for_a_formula_and_a_number_stays_one() -> None:
    rows = list(csv.reader(io.StringIO(a_report().as_csv(), newline="")))

    assert rows[1] == ["נֹעה", "1200", "-10.50", "0.125", "2026-06-01", "yes"]
    assert rows[2][:4] == ["'=HYPERLINK(1)", "3", "0.001", ""]
    assert rows[3] == ["", "0", "0.00", "1.0", "", ""]
    assert len(rows) == 4


@given(st.sampled_from("=+-@\t\r\n\uff1d"), st.text(max_size=3))
def test_whatever_looks_like_a_formula_gets_an_apostrophe(first: str, rest: str) -> None:
    assert no_formula(first + rest) == f"'{first}{rest}"
    assert no_formula("  " + first).startswith("'")


def test_an_arrow_table_has_decimals_for_money_and_nulls_for_what_is_not_known() -> None:
    pa = pytest.importorskip("pyarrow")

    table = a_report().as_arrow()

    assert table.schema.field("spent").type == pa.decimal128(38, 3)
    assert table.column("spent").to_pylist() == [Decimal("-10.500"), Decimal("0.001"), Decimal("0.000")]
    assert table.column("who").to_pylist()[2] is None
    assert table.column("last").to_pylist()[0] == date(2026, 6, 1)
    assert table.schema.metadata[b"currency"] == b"EUR"
    assert table.schema.field("who").metadata[b"unit"] == b"class"


def test_without_pyarrow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(MissingExtraError, match=r"needs pyarrow.*retainsdk\[formats\]"):
        a_report().as_arrow()


def test_a_page_stands_alone_shows_what_it_draws_and_runs_nothing_that_was_written_in_a_name() -> None:
    page = a_report(
        title="<script>alert(1)</script>", rows=(("</script><b>", 1, Money(2, "EUR"), None, None, True),)
    ).as_html()

    assert "<script>alert" not in page
    assert "&lt;/script&gt;&lt;b&gt;" in page
    assert "default-src 'none'" in page
    assert "<li>Handle with care.</li>" in page
    spec = page.partition('id="spec">')[2].partition("</script>")[0]
    drawn = json.loads(spec)
    assert drawn["data"]["values"] == [{"c0": "</script><b>", "c1": 2.0}]
    assert "vegaEmbed" in page


def test_the_picture_of_a_page_is_drawn_by_what_the_page_holds_under_its_own_rules(
    page: Page, tmp_path: Path
) -> None:
    pytest.importorskip("vl_convert")
    file = tmp_path / "report.html"
    file.write_text(
        a_report(
            picture=Picture(label="who", value="share", low="exits", high="exits", colour="flagged")
        ).as_html(),
        encoding="utf-8",
    )

    page.goto(file.as_uri())

    page.locator("#picture svg path").first.wait_for(state="attached")


def test_where_nothing_is_known_a_sentence_says_so_in_place_of_an_empty_picture() -> None:
    unknown = (("נֹעה", 3, None, None, None, True), (None, 0, None, None, None, None))

    drawn, told, bare = (a_report(rows=rows).as_html() for rows in (a_report().rows, unknown, ()))

    sentence = "Nothing to draw: of no row “spent” is known."
    assert [sentence in page for page in (drawn, told, bare)] == [False, True, False]
    assert ['id="picture"' in page for page in (drawn, told, bare)] == [True, False, False]


@pytest.mark.parametrize(
    ("direction", "beginning", "end"), [("ltr", "left", "right"), ("rtl", "right", "left")]
)
def test_texts_of_a_table_begin_where_the_lines_of_the_page_do_and_numbers_end_where_they_end(
    page: Page, tmp_path: Path, direction: str, beginning: str, end: str
) -> None:
    file = tmp_path / "report.html"
    wide = ("a text that is longer than all the others", 1_000_000, None, None, None, None)
    file.write_text(a_report(picture=None, rows=(*a_report().rows, wide)).as_html(), encoding="utf-8")

    page.goto(file.as_uri())
    page.evaluate(f"document.documentElement.dir = '{direction}'")
    edges = page.evaluate(
        """side => [1, 2].map(column => [...document.querySelectorAll(`tbody td:nth-child(${column})`)].map(cell => {
            const text = document.createRange();
            text.selectNodeContents(cell);
            return Math.round(text.getBoundingClientRect()[side[column - 1]]);
        }))""",
        [beginning, end],
    )

    assert [len(set(column)) for column in edges] == [1, 1]


def test_the_picture_of_a_report_is_vega_lite() -> None:
    alt = pytest.importorskip("altair")
    page = a_report(
        picture=Picture(label="who", value="share", low="exits", high="exits", colour="flagged")
    ).as_html()

    spec = json.loads(page.partition('id="spec">')[2].partition("</script>")[0])

    alt.LayerChart.from_dict(spec)  # refuses what Vega-Lite does not know


def test_without_the_extra_for_plots_the_page_says_so_and_has_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from retainsdk.reports import page  # noqa: PLC0415 # to forget what it keeps

    page._library.cache_clear()
    monkeypatch.setitem(sys.modules, "vl_convert", None)

    shown = a_report().as_html()

    assert "retainsdk[plots]" in shown
    assert "vegaEmbed" not in shown
    assert "נֹעה" in shown


def test_reports_load_neither_arrow_nor_plots_until_asked_for() -> None:
    check = "import sys, retainsdk.book; sys.exit(bool({'pyarrow', 'altair', 'numpy'} & sys.modules.keys()))"

    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


@pytest.mark.parametrize("form", ["csv", "json", "html", "arrow"])
def test_a_report_is_written_in_the_form_its_file_is_named_for(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"דוח.{form}"

    a_report().save(path)

    written = path.read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    match form:
        case "csv":
            assert written.decode() == a_report().as_csv()
        case "json":
            assert json.loads(written)["name"] == "some"
        case "html":
            assert "נֹעה" in written.decode()
        case "arrow":
            assert pa.ipc.open_file(written).read_all().num_rows == len(a_report().rows)


def test_a_file_of_another_form_or_in_no_place_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"End it in \.csv"):
        a_report().save(tmp_path / "report.xls")
    with pytest.raises(StoreError, match="cannot be written"):
        a_report().save(tmp_path / "nowhere" / "report.csv")

    assert list(tmp_path.iterdir()) == []
