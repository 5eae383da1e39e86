"""What is calibrated to: tables of one day, tables with days, books; and tables that cannot be used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from telco_table import ON_ONE_WORKER

from retainsdk import Book
from retainsdk.errors import InputError
from retainsdk.interchange.table import ImportReport
from retainsdk.testing.builders import SetClock, a_book, a_relationship, some_terms
from retainsdk.vocabulary import CaseKind, Ending
from retainsim.calibration import (
    Observed,
    generated,
    generated_table,
    observed_book,
    observed_table,
)
from retainsim.market import load_preset

SNAPSHOT = """\
schema_version = 1
source = "shop"
currency = "USD"
as_of = 2026-01-01
key = { column = "id" }
tenure = { column = "months" }
fee = { column = "fee" }
ended = { column = "left", values = { yes = true, no = false } }

[terms]
column = "plan"
values.monthly = { kind = "open_ended" }
values.yearly = { kind = "auto_renewing", months = 12, lock_in_months = 12 }
"""
DATED = SNAPSHOT.replace('tenure = { column = "months" }\n', "").replace(
    'ended = { column = "left", values = { yes = true, no = false } }\n',
    '\n[dates]\nentered = { column = "entered" }\nleft = { column = "left" }\ncomplained = { column = "complained" }\n',
)

Table = Callable[[str, str], tuple[Path, Path]]


@pytest.fixture
def files(tmp_path: Path) -> Table:
    def write(rows: str, mapping: str) -> tuple[Path, Path]:
        table, meaning = tmp_path / "customers.csv", tmp_path / "customers.toml"
        table.write_text(rows, encoding="utf-8")
        meaning.write_text(mapping, encoding="utf-8")
        return table, meaning

    return write


@ON_ONE_WORKER
def test_the_telco_table_is_read_as_it_is(telco_observed: Observed) -> None:
    telco, panel = telco_observed, telco_observed.panel

    shares = [(panel.left[panel.contract == kind] > 0).mean() for kind in range(3)]
    assert len(panel) == 7_043
    assert np.round(shares, 3).tolist() == [0.427, 0.113, 0.028]
    assert not panel.is_dated
    assert any("as a monthly rate no firm survives" in it for it in telco.reading)
    assert any("left-truncated" in it for it in telco.reading)


@ON_ONE_WORKER
def test_a_book_made_of_a_snapshot_is_known_for_one(
    telco_import: tuple[Book, ImportReport], telco_observed: Observed
) -> None:
    observed = observed_book(telco_import[0], name="telco.db")

    assert not observed.panel.is_dated
    assert (observed.panel.left == telco_observed.panel.left).all()
    assert (observed.panel.tenure == telco_observed.panel.tenure).all()
    assert observed.view.as_of == telco_observed.view.as_of


def test_names_and_words_in_hebrew_are_read(files: Table) -> None:
    mapping = SNAPSHOT.replace("yes =", '"עזב" =').replace("no =", '"נשאר" =')
    table, meaning = files("id,months,fee,left,plan\nשרה,3,10,עזב,monthly\nדנה,40,12,נשאר,yearly\n", mapping)

    observed = observed_table(table, mapping=meaning)

    assert sorted(observed.panel.left.tolist()) == [0, 12]


def test_days_of_entry_and_leaving_become_months(files: Table) -> None:
    rows = """\
id,fee,left,plan,entered,complained
stays,10,,monthly,2020-01-15,
first,10,2025-01-20,monthly,2024-12-01,2025-01-05
last,10,2025-12-31,yearly,2023-01-01,2024-06-01 2025-02-28 2025-04-01
before,10,2024-12-31,monthly,2022-01-01,
after,10,2025-12-01,monthly,2025-06-01,
"""
    table, meaning = files(rows, DATED)

    observed = observed_table(table, mapping=meaning)

    panel = observed.panel
    order = np.argsort(panel.tenure)  # first, last, stays
    assert observed.snapshot == date(2025, 1, 1)
    assert panel.tenure[order].tolist() == [1, 24, 59]
    assert panel.left[order].tolist() == [1, 12, 0]
    assert panel.is_dated
    assert panel.complained is not None
    assert [np.flatnonzero(row).tolist() for row in panel.complained[order]] == [[0], [1, 3], []]
    assert "2 others came later or had left before" in observed.reading[0]


def test_a_shorter_horizon_begins_later(files: Table) -> None:
    table, meaning = files(
        "id,fee,left,plan,entered,complained\na,10,,monthly,2020-01-15,\nb,10,2025-11-20,monthly,2020-01-01,\n",
        DATED,
    )

    observed = observed_table(table, mapping=meaning, months=3)

    assert observed.snapshot == date(2025, 10, 1)
    assert sorted(observed.panel.left.tolist()) == [0, 2]


def test_every_fault_of_a_table_with_days_is_told_at_once(files: Table) -> None:
    rows = """\
id,fee,left,plan,entered,complained
a,10,soon,monthly,2020-01-15,
b,free,,monthly,2020-02-31,
c,10,2019-01-01,weekly,2020-01-01,
d,10,,monthly,2027-01-01,2025-01-01 never
d,10,,monthly,2020-01-01,
"""
    table, meaning = files(rows, DATED)

    with pytest.raises(InputError) as caught:
        observed_table(table, mapping=meaning)

    told = [str(fault) for fault in caught.value.faults]
    assert len(told) == 9
    for text in (
        "line 2, column left: 'soon' must be a day",
        "line 3, column fee: 'free'",
        "line 3, column entered: '2020-02-31'",
        "line 4, column left: '2019-01-01' must not be before 2020-01-01",
        "line 4, column plan: 'weekly'",
        "line 5, column entered: '2027-01-01' must be a day like 2026-01-31, not after 2026-01-01",
        "line 5, column complained: 'never'",
        "stands on line 6 too",
        "stands on line 5 too",
    ):
        assert any(text in it for it in told), text


def test_every_fault_of_a_snapshot_is_told_at_once(files: Table) -> None:
    table, meaning = files(
        "id,months,fee,left,plan\na,-3,10,yes,monthly\nb,4,10,perhaps,monthly\n,5,-1,no,monthly\n", SNAPSHOT
    )

    with pytest.raises(InputError) as caught:
        observed_table(table, mapping=meaning)

    assert len(caught.value.faults) == 4
    assert "must be a whole number of months" in str(caught.value)


@pytest.mark.parametrize("left", ["yes", "no"])
def test_leaving_is_not_learned_from_who_all_did_the_same(files: Table, left: str) -> None:
    table, meaning = files(
        f"id,months,fee,left,plan\na,3,10,{left},monthly\nb,4,10,{left},monthly\n", SNAPSHOT
    )

    with pytest.raises(InputError, match="must hold some who left and some who stayed"):
        observed_table(table, mapping=meaning)


def test_a_table_without_a_column_that_is_needed_says_which(files: Table) -> None:
    table, meaning = files("id,fee,plan,entered\na,10,monthly,2020-01-01\n", DATED)

    with pytest.raises(InputError) as caught:
        observed_table(table, mapping=meaning)

    assert {"line 1, column left", "line 1, column complained"} <= {it.place for it in caught.value.faults}


def test_a_table_that_is_not_telco_asks_for_a_mapping(files: Table) -> None:
    table, _ = files("id,months\na,3\n", SNAPSHOT)

    with pytest.raises(InputError, match="column customerID: is missing"):
        observed_table(table)


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        (SNAPSHOT.replace("ended =", "#"), "must say who left"),
        (SNAPSHOT.replace("as_of", "#"), "must be the day whose morning"),
        (DATED.replace('left = { column = "left" }', ""), "dates.left: is needed"),
        (DATED.replace("complained =", "wept ="), "dates.wept"),
        (DATED.replace('source = "shop"', "source = 3"), "is not of type str"),
        (SNAPSHOT + '\n[dates]\nentered = "x"\n', "is no column of days"),
        ("not toml", "is not TOML"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_why(files: Table, mapping: str, told: str) -> None:
    table, meaning = files(
        "id,months,fee,left,plan,entered,complained\na,3,10,yes,monthly,2020-01-01,\n", mapping
    )

    with pytest.raises(InputError, match=told):
        observed_table(table, mapping=meaning)


def test_a_parquet_file_is_read_like_a_csv_file(files: Table, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet  # noqa: PLC0415 # only with the extra

    table, meaning = files("id,months,fee,left,plan\na,3,10,yes,monthly\nb,4,10,no,yearly\n", SNAPSHOT)
    other = tmp_path / "customers.parquet"
    columns = {
        "id": ["a", "b"],
        "months": [3, 4],
        "fee": [10, 10],
        "left": ["yes", "no"],
        "plan": ["monthly", "yearly"],
    }
    parquet.write_table(pyarrow.table(columns), other)

    one, two = observed_table(table, mapping=meaning), observed_table(other, mapping=meaning)

    assert (one.panel.left == two.panel.left).all()
    assert (one.panel.relationship == two.panel.relationship).all()
    other.write_bytes(b"no parquet")
    with pytest.raises(InputError, match="cannot be read"):
        observed_table(other, mapping=meaning)


def test_a_book_gives_days_of_entry_and_leaving_and_complaints() -> None:
    book = a_book(clock=SetClock(datetime(2026, 1, 1, tzinfo=UTC)))
    began = datetime(2024, 3, 1, 9, tzinfo=UTC)
    terms = some_terms(starts_on=date(2024, 3, 1))
    stays, leaves, later = (
        a_relationship(book, name=name, since=began, terms=terms) for name in ("a", "b", "c")
    )
    a_relationship(book, name="new", since=datetime(2025, 6, 1, 9, tzinfo=UTC))
    complained = datetime(2025, 2, 10, 9, tzinfo=UTC)
    book.open_case(leaves, kind=CaseKind.COMPLAINT, topic="line", actor="dana", occurred_at=complained)
    for who, month in ((leaves, 3), (later, 11)):
        at = datetime(2025, month, 5, 9, tzinfo=UTC)
        book.begin_end(who, actor="dana", occurred_at=at)
        book.terminate(who, kind=Ending.AGREEMENT, evidence="letter", actor="dana", occurred_at=at)
        book.complete_end(who, although="he was in a hurry", actor="dana", occurred_at=at)

    observed = observed_book(book, name="crm.db")

    panel = observed.panel
    assert panel.is_dated
    assert observed.snapshot == date(2025, 1, 1)
    assert dict(zip(panel.relationship.tolist(), panel.left.tolist(), strict=True)) == {
        stays: 0,
        leaves: 3,
        later: 11,
    }
    assert panel.tenure.tolist() == [10, 10, 10]
    assert panel.complained is not None
    assert [np.flatnonzero(row).tolist() for row in panel.complained] == [[], [1], []]


def same(one: Observed, two: Observed) -> bool:
    """Whether both say the same of the same customers, whatever their ids."""

    def rows(of: Observed) -> list[tuple[int, ...]]:
        panel = of.panel
        assert panel.complained is not None
        complained = panel.complained @ (1 << np.arange(panel.months))
        return sorted(
            zip(
                panel.contract.tolist(), panel.tenure.tolist(), panel.fee.tolist(), panel.left.tolist(),
                complained.tolist(), strict=True,
            )
        )  # fmt: skip

    return rows(one) == rows(two)


def test_a_generated_table_says_what_the_world_did(files: Table) -> None:
    world = generated(load_preset("telecom"), {"trigger": 0.2}, customers=200, months=6, seed=4)
    table, meaning = files(*generated_table(world, currency="USD"))

    read = observed_table(table, mapping=meaning, months=6)

    assert read.snapshot == world.snapshot
    assert same(read, world)
    assert (world.panel.left > 0).sum() > 10
