"""The telco table comes out as it is known to be, and a damaged table is told what is wrong with it."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest

from retainsdk.book import Book
from retainsdk.errors import CommandError, InputError
from retainsdk.hooks import hookimpl
from retainsdk.interchange.csv_table import Readers
from retainsdk.interchange.mapping import Source, TableMapping, load_mapping
from retainsdk.interchange.table import ImportReport, import_file, import_table, quarantine_path, read_table
from retainsdk.interchange.telco import import_telco, telco_mapping, telco_table
from retainsdk.quantities import Money
from retainsdk.view import Stage, TermKind

EVE, MORNING = datetime(2025, 12, 31, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def telco() -> tuple[Book, ImportReport]:
    book = Book.in_memory(currency="USD")
    return book, import_telco(book)


def test_the_bundled_table_is_the_published_one() -> None:
    content = gzip.decompress(telco_table().read_bytes())

    assert (
        hashlib.sha256(content).hexdigest()
        == "16320c9c1ec72448db59aa0a26a0b95401046bef5d02fd3aeb906448e3055e91"
    )


def test_the_telco_table_has_its_known_figures(telco: tuple[Book, ImportReport]) -> None:
    _, report = telco

    assert (report.rows, report.customers, report.added, report.ended) == (7043, 7043, 7043, 1869)
    assert report.fees == Money("456116.60", "USD")
    assert report.fees_ended == Money("139130.85", "USD")
    assert report.blank_billed == 11
    assert report.faults == ()
    assert report.ignored == ("gender", "PaperlessBilling")


def test_on_the_eve_all_are_customers_and_on_the_day_leavers_have_left(
    telco: tuple[Book, ImportReport],
) -> None:
    book, _ = telco

    eve, morning = book.view(EVE), book.view(MORNING)

    assert Counter(eve.stage.tolist()) == {Stage.ACTIVE: 7043}
    assert Counter(morning.stage.tolist()) == {Stage.ACTIVE: 5174, Stage.FORMER: 1869}
    assert eve.monthly_fee.sum() == 45_611_660
    assert morning.monthly_fee[morning.stage == Stage.FORMER].sum() == 13_913_085


def test_the_view_says_of_every_customer_what_his_row_says(telco: tuple[Book, ImportReport]) -> None:
    book, _ = telco
    mapping = load_mapping(telco_mapping())
    table = read_table(telco_table(), mapping)
    place = {name: i for i, name in enumerate(table.header)}
    rows = {book_id: row for row in table.rows if (book_id := _id(row.cells[0]))}
    kinds = {"Month-to-month": (TermKind.OPEN_ENDED, 0), "One year": (TermKind.AUTO_RENEWING, 12), "Two year": (TermKind.AUTO_RENEWING, 24)}  # fmt: skip
    yes = ("Yes", "DSL", "Fiber optic")

    for day in (EVE, MORNING):
        view = book.view(day)
        for i, relationship in enumerate(view.relationship.tolist()):
            cells = rows[relationship].cells
            term_kind, months = kinds[cells[place["Contract"]]]
            assert view.tenure_months[i] == int(cells[place["tenure"]])
            assert view.monthly_fee[i] == Money(cells[place["MonthlyCharges"]], "USD").minor
            assert view.value_to_date[i] == Money(cells[place["TotalCharges"]].strip() or 0, "USD").minor
            assert (view.term_kind[i], view.term_months[i]) == (term_kind, months)
            assert view.senior[i] == (cells[place["SeniorCitizen"]] == "1")
            assert view.household_size[i] == 1 + sum(
                cells[place[it]] == "Yes" for it in ("Partner", "Dependents")
            )
            services = cells[place["PhoneService"] : place["StreamingMovies"] + 1]
            assert view.products[i] == sum(cell in yes for cell in services)


def _id(reference: str) -> int:
    from retainsdk.journal import derived_id  # noqa: PLC0415 # used here alone

    return derived_id("telco", reference)


def test_no_contract_from_month_to_month_is_given_an_end(telco: tuple[Book, ImportReport]) -> None:
    view = telco[0].view(EVE)
    monthly = view.term_kind == TermKind.OPEN_ENDED

    assert not view.known("days_to_term_end")[monthly].any()
    assert view.known("days_to_term_end")[~monthly].all()
    assert view.days_to_term_end[~monthly].min() > 0
    assert (view.days_to_term_end[~monthly] <= 731).all()
    assert (view.days_to_lock_in_end[monthly] == 0).all()


def test_importing_twice_changes_nothing(telco: tuple[Book, ImportReport]) -> None:
    book, _ = telco
    events, digest = len(book), book.digest()

    again = import_telco(book)

    assert (again.added, again.unchanged, again.faults) == (0, 7043, ())
    assert (len(book), book.digest()) == (events, digest)


MAPPING = """
schema_version = 1
source = "shop"
currency = "EUR"
as_of = 2026-03-01
key = { column = "id" }
tenure = { column = "months" }
fee = { column = "fee" }
billed = { column = "billed", blank_is_nothing_yet = true }
ended = { column = "left", values = { yes = true, no = false } }

[terms]
column = "plan"
values.monthly = { kind = "open_ended" }
values.yearly = { kind = "auto_renewing", months = 12 }
"""
GOOD = (
    "id,months,fee,billed,left,plan\na1,3,10.00,30,no,monthly\na2,0,20.5,,no,yearly\na3,7,9,63,yes,monthly\n"
)


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "shop.toml"
    path.write_text(MAPPING)
    return path


def bring(
    tmp_path: Path, mapping: Path, content: str | bytes, *, take: bool = False, dry: bool = False
) -> ImportReport:
    path = tmp_path / "shop.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return import_file(path, mapping=mapping, book=tmp_path / "book.db", take_good_rows=take, dry_run=dry)


def test_a_good_table_makes_a_book(tmp_path: Path, mapping: Path) -> None:
    report = bring(tmp_path, mapping, GOOD)

    assert (report.customers, report.ended, str(report.fees)) == (3, 1, "39.50 EUR")
    assert (report.blank_billed, report.taken, report.quarantine) == (1, True, None)
    with Book.open(tmp_path / "book.db") as book:
        assert len(book.view()) == 3


@pytest.mark.parametrize(
    ("damage", "place", "value", "rule"),
    [
        (("fee,", "price,"), "line 1, column fee", "nothing", "is missing"),
        (("id,months", "id,id"), "line 1, column id", "2 times", "must stand once"),
        (("10.00", "ten"), "line 2, column fee", "ten", "must be an amount"),
        (("10.00", "-10.00"), "line 2, column fee", "-10.00", "not negative"),
        (("10.00", "10.005"), "line 2, column fee", "10.005", "2 digits"),
        (("10.00", "NaN"), "line 2, column fee", "NaN", "must be an amount"),
        (("a2,0", "a1,0"), "line 3, column id", "a1", "stands on line 2 too"),
        (("a1,3", ",3"), "line 2, column id", "", "must name the row"),
        (("a1,3", "a1,-3"), "line 2, column months", "-3", "must be a whole number"),
        (("a1,3", "a1,2.5"), "line 2, column months", "2.5", "must be a whole number"),
        (("a1,3", "a1,99999"), "line 2, column months", "99999", "must be a whole number"),
        ((",30,", ",,"), "line 2, column billed", "", "is blank where tenure is not 0"),
        (("63,yes", "63,maybe"), "line 4, column left", "maybe", "must be one of: yes, no"),
        (("no,yearly", "no,weekly"), "line 3, column plan", "weekly", "must be one of: monthly, yearly"),
        (("no,monthly\n", "no\n"), "line 2", "5 cells", "must have 6 cells"),
        (("no,monthly\n", "no,monthly,,x\n"), "line 2", "8 cells", "must have 6 cells"),
        (("a1", "a\0"), "line 2, column id", "a\\x00", "NUL"),
        (("no,yearly", 'no,"yearly'), "line 3", "", "cannot be read"),
        (("id,", "\ufeffid,"), "line 1, column id", "byte order mark", "does not belong into utf-8"),
    ],
)  # fmt: skip
def test_each_damage_is_named_with_place_value_rule_and_remedy(
    tmp_path: Path, mapping: Path, damage: tuple[str, str], place: str, value: str, rule: str
) -> None:
    report = bring(tmp_path, mapping, GOOD.replace(*damage, 1))

    found = [fault for fault in report.faults if fault.place == place]
    assert found, report.faults
    assert found[0].value.replace("\0", "\\x00") == value
    assert rule in found[0].rule
    assert found[0].remedy
    assert not report.taken
    assert not (tmp_path / "book.db").exists()


def test_all_faults_are_named_at_once(tmp_path: Path, mapping: Path) -> None:
    bad = (
        GOOD.replace("10.00", "ten")
        .replace("a1,3", "a1,-3")
        .replace("63,yes", "63,maybe")
        .replace("a2,0", "a3,0")
    )

    places = [fault.place for fault in bring(tmp_path, mapping, bad).faults]

    assert places == [
        "line 2, column months",
        "line 2, column fee",
        "line 3, column id",
        "line 4, column left",
        "line 4, column id",
    ]


def test_a_wrong_encoding_is_named_where_it_shows(tmp_path: Path, mapping: Path) -> None:
    latin = GOOD.replace("a1", "é1").encode("latin-1")

    report = bring(tmp_path, mapping, latin)

    assert [(it.place, it.value, it.rule) for it in report.faults] == [
        ("line 2, column id", "\\xe91", "is not utf-8")
    ]


def test_an_encoding_of_two_bytes_is_one_fault_of_the_table(tmp_path: Path, mapping: Path) -> None:
    mapping.write_text(MAPPING.replace("currency", 'encoding = "utf-16"\ncurrency', 1))

    report = bring(tmp_path, mapping, GOOD)

    assert len(report.faults) == 1
    assert "is not utf-16" in report.faults[0].rule


def test_a_wrong_delimiter_is_one_fault_not_many(tmp_path: Path, mapping: Path) -> None:
    report = bring(tmp_path, mapping, GOOD.replace(",", ";"))

    assert len(report.faults) == 1
    assert "looks divided by ';'" in report.faults[0].rule
    mapping.write_text(MAPPING.replace("currency", 'delimiter = ";"\ncurrency', 1))
    assert bring(tmp_path, mapping, GOOD.replace(",", ";")).is_clean


def test_a_byte_order_mark_is_fine_when_the_mapping_says_so(tmp_path: Path, mapping: Path) -> None:
    mapping.write_text(MAPPING.replace("currency", 'encoding = "utf-8-sig"\ncurrency', 1))

    assert bring(tmp_path, mapping, "\ufeff" + GOOD).is_clean


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b broken", b"\n"])
def test_a_file_without_a_table_is_a_fault(tmp_path: Path, mapping: Path, content: bytes) -> None:
    report = bring(tmp_path, mapping, content)

    assert len(report.faults) == 1
    assert report.customers == 0


def test_lines_are_counted_as_an_editor_shows_them(tmp_path: Path, mapping: Path) -> None:
    quoted = GOOD.replace("a1,", '"a\n1",').replace("63,yes", "63,maybe")

    places = [fault.place for fault in bring(tmp_path, mapping, quoted).faults]

    assert places == ["line 2, column id", "line 5, column left"]  # a name stands on one line


def test_good_rows_are_taken_and_bad_ones_kept_apart_with_their_reasons(
    tmp_path: Path, mapping: Path
) -> None:
    bad = GOOD.replace("a1,3,10.00", "=cmd|' /C calc'!A0,3,+1")

    report = bring(tmp_path, mapping, bad, take=True)

    assert (report.customers, report.added, report.quarantined, report.taken) == (2, 2, 1, True)
    aside = quarantine_path(tmp_path / "book.db", load_mapping(mapping))
    assert report.quarantine == str(aside)
    header, row = aside.read_text().splitlines()
    assert header == "line,fault,remedy,id,months,fee,billed,left,plan"
    assert row.startswith("2,\"line 2, column fee: '+1' must be an amount")
    assert "'=cmd" in row
    assert ",'+1," in row
    with Book.open(tmp_path / "book.db") as book:
        assert len(book.view()) == 2


def test_rows_corrected_later_are_added_to_those_taken(tmp_path: Path, mapping: Path) -> None:
    bring(tmp_path, mapping, GOOD.replace("10.00", "ten"), take=True)

    report = bring(tmp_path, mapping, GOOD)

    assert (report.added, report.unchanged, report.faults) == (1, 2, ())


def test_a_customer_whose_row_changed_is_refused_and_stays_as_he_was(tmp_path: Path, mapping: Path) -> None:
    bring(tmp_path, mapping, GOOD)
    with Book.open(tmp_path / "book.db") as book:
        digest = book.digest()

    report = bring(tmp_path, mapping, GOOD.replace("10.00", "11.00"))

    assert [fault.place for fault in report.faults] == ["line 2, column id"]
    assert "another history" in report.faults[0].rule
    with Book.open(tmp_path / "book.db") as book:
        assert book.digest() == digest


def test_a_customer_with_whom_we_dealt_since_counts_as_unchanged(tmp_path: Path, mapping: Path) -> None:
    bring(tmp_path, mapping, GOOD)
    with Book.open(tmp_path / "book.db") as book:
        book.raise_signal(book.find("a1"), department="service", kind="calls", evidence="3", actor="dana")

    assert bring(tmp_path, mapping, GOOD).unchanged == 3


def test_a_dry_run_makes_and_changes_nothing(tmp_path: Path, mapping: Path) -> None:
    report = bring(tmp_path, mapping, GOOD, dry=True)

    assert (report.customers, report.added, report.taken, report.dry_run) == (3, 3, False, True)
    assert sorted(it.name for it in tmp_path.iterdir()) == ["shop.csv", "shop.toml"]


@pytest.mark.parametrize("day", [date(2999, 1, 1), date(1899, 12, 31)])
def test_a_table_of_no_possible_day_is_refused(day: date) -> None:
    with pytest.raises(InputError, match="must be 1900-01-01 to"):
        import_telco(Book.in_memory(currency="USD"), as_of=day)


def test_a_table_needs_a_day_and_the_currency_and_zone_of_the_book(mapping: Path, tmp_path: Path) -> None:
    mapping.write_text(MAPPING.replace("as_of = 2026-03-01", 'zone = "Asia/Jerusalem"'))
    meaning: TableMapping = load_mapping(mapping)
    (tmp_path / "shop.csv").write_text(GOOD)
    table = read_table(tmp_path / "shop.csv", meaning)

    with pytest.raises(InputError, match="as_of: is needed"):
        import_table(Book.in_memory(), table, meaning)
    with pytest.raises(InputError) as refused:
        import_table(Book.in_memory(currency="USD"), table, meaning, as_of=date(2026, 1, 1))
    assert [fault.place for fault in refused.value.faults] == ["currency", "zone"]


def test_a_table_without_a_good_row_makes_no_book_and_says_that_nothing_was_taken(
    tmp_path: Path, mapping: Path
) -> None:
    header, row, *_ = GOOD.splitlines()

    report = bring(tmp_path, mapping, f"{header}\n{row.replace('10.00', 'ten')}\n", take=True)

    assert (report.taken, report.quarantined) == (False, 1)
    assert "Nothing was taken" in str(report)
    assert str(report).endswith(f"The rows lie in {report.quarantine}")
    assert not (tmp_path / "book.db").exists()


def test_good_rows_are_offered_only_where_there_are_some(tmp_path: Path, mapping: Path) -> None:
    some = bring(tmp_path, mapping, GOOD.replace("10.00", "ten"))
    none = bring(tmp_path, mapping, GOOD.replace("fee", "price"))

    assert "--take-good-rows" in str(some)
    assert "--take-good-rows" not in str(none)


def test_an_empty_file_becomes_a_book_of_the_mapping(tmp_path: Path, mapping: Path) -> None:
    (tmp_path / "book.db").touch()

    assert bring(tmp_path, mapping, GOOD).added == 3


class JsonLines:
    """Reads what is no CSV."""

    @hookimpl
    def register_importer(self, registry: Readers) -> None:
        registry.add_reader(".jsonl", self.rows)

    def rows(self, path: Source) -> Iterator[Sequence[str]]:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        yield list(lines[0])
        for line in lines:
            yield [str(cell) for cell in line.values()]


def as_json_lines(table: str) -> str:
    header, *rows = csv.reader(table.splitlines())
    return "\n".join(json.dumps(dict(zip(header, row, strict=True))) for row in rows)


def test_a_table_that_a_plugin_reads_makes_the_book_that_the_same_as_csv_makes(
    tmp_path: Path, mapping: Path
) -> None:
    lines, table = tmp_path / "shop.jsonl", tmp_path / "shop.csv"
    lines.write_text(as_json_lines(GOOD))
    table.write_text(GOOD)

    read = import_file(lines, mapping=mapping, book=tmp_path / "a.db", plugins=[JsonLines()])
    plain = import_file(table, mapping=mapping, book=tmp_path / "b.db", plugins=[JsonLines()])

    assert read.taken
    assert attrs.evolve(read, table="shop.csv") == plain


def test_rows_that_a_plugin_reads_are_checked_as_those_of_a_csv_file_are(
    tmp_path: Path, mapping: Path
) -> None:
    lines = tmp_path / "shop.jsonl"
    lines.write_text(as_json_lines(GOOD.replace("20.5", "dear")))

    report = import_file(lines, mapping=mapping, book=tmp_path / "a.db", plugins=[JsonLines()])

    assert [(fault.place, fault.value) for fault in report.faults] == [("line 3, column fee", "dear")]
    assert not report.taken


@pytest.mark.parametrize("content", ["{", "[]", '{"id": 1}\n[2]'])
def test_a_file_that_a_reader_cannot_read_is_a_fault_of_the_table(
    content: str, tmp_path: Path, mapping: Path
) -> None:
    lines = tmp_path / "shop.jsonl"
    lines.write_text(content)

    report = import_file(lines, mapping=mapping, book=tmp_path / "a.db", plugins=[JsonLines()])

    assert report.faults[0].place in {"register_importer", "line 1"}
    assert not (tmp_path / "a.db").exists()


def test_a_reader_gives_texts_and_has_an_ending_of_its_own(tmp_path: Path, mapping: Path) -> None:
    class Numbers(JsonLines):
        def rows(self, path: Source) -> Iterator[Any]:  # noqa: ARG002 # the hook's
            yield ["id"]
            yield [1]

    (tmp_path / "shop.jsonl").write_text("")

    table = read_table(tmp_path / "shop.jsonl", load_mapping(mapping), Readers.of([Numbers()]))

    assert "a cell that is no text" in str(table.faults[0])
    with pytest.raises(CommandError, match="must have an ending of its own"):
        Readers.of([JsonLines(), type("Other", (), {"register_importer": JsonLines().register_importer})])
