from __future__ import annotations

from pathlib import Path

import pytest

from retainsdk.errors import InputError
from retainsdk.interchange.mapping import load_mapping, read_mapping
from retainsdk.interchange.telco import telco_mapping


def telco_text() -> str:
    return telco_mapping().read_text(encoding="utf-8")


def test_the_example_reads_the_columns_it_names() -> None:
    mapping = load_mapping(telco_mapping())

    assert mapping.key.column == "customerID"
    assert len(mapping.columns()) == len(set(mapping.columns())) == 19
    assert len(mapping.assumptions) == 9


def test_everything_wrong_with_a_mapping_is_named_at_once() -> None:
    text = (
        telco_text()
        .replace('currency = "USD"', 'currency = "USDOLLAR"\ncolour = "red"')
        .replace('kind = "open_ended"', 'kind = "forever"')
        .replace("as_of = 2026-01-01", 'as_of = "soon"')
        .replace('renewing", months = 24', 'renewing", months = "many"')
        .replace('fee = { column = "MonthlyCharges" }', "")
    )

    with pytest.raises(InputError) as refused:
        read_mapping(text)

    told = {fault.place: (fault.value, fault.rule) for fault in refused.value.faults}
    assert told == {
        "as_of": ("soon", "is not a day like 2026-01-31"),
        "fee": ("", "required field missing"),
        "terms.values['Month-to-month'].kind": (
            "forever",
            "is none of open_ended, fixed, fixed_then_open, auto_renewing",
        ),
        "terms.values['Two year'].months": ("many", "is not of type int"),
        "mapping": ("", "extra fields found (colour)"),
    }


def test_values_that_cannot_be_are_named_too() -> None:
    text = (
        telco_text()
        .replace('"USD"', '"USX"')
        .replace('zone = "UTC"', 'zone = "Mars/Base"')
        .replace('"utf-8"', '"utf-9"')
        .replace('delimiter = ","', 'delimiter = ", "')
        .replace("schema_version = 1", "schema_version = 2")
        .replace('name = "payment_method"\ncolumn = "PaymentMethod"', 'name = "payment_method"')
    )

    with pytest.raises(InputError) as refused:
        read_mapping(text)

    assert [fault.place for fault in refused.value.faults] == [
        "schema_version",
        "currency",
        "zone",
        "delimiter",
        "encoding",
        "facts[2]",
    ]


@pytest.mark.parametrize(
    ("content", "rule"), [(b"a = ", "is not TOML"), (b"\xff", "is not UTF-8"), (None, "cannot be read")]
)
def test_a_file_that_is_no_mapping_is_named(tmp_path: Path, content: bytes | None, rule: str) -> None:
    path = tmp_path / "map.toml"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(InputError, match=rule):
        load_mapping(path)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('source = "telco"', 'source = "../telco"', "source"),
        ('source = "telco"', 'source = " "', "source"),
        ('delimiter = ","', "delimiter = '\"'", "delimiter"),
        ('delimiter = ","', 'delimiter = "\\n"', "delimiter"),
        ('name = "payment_method"', 'name = "senior"', "facts[2]"),
        ("months = 12, lock_in_months = 12", "months = 0, lock_in_months = 99", "terms.values['One year']"),
    ],
)
def test_what_would_fail_at_a_row_or_a_file_later_is_named_now(old: str, new: str, place: str) -> None:
    text = telco_text()
    assert old in text

    with pytest.raises(InputError) as refused:
        read_mapping(text.replace(old, new))

    assert [fault.place for fault in refused.value.faults] == [place]
