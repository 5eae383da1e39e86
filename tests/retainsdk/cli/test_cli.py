from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from retainsdk.book import Book
from retainsdk.cli import main
from retainsdk.interchange.telco import telco_mapping, telco_table

BAD = "customerID,tenure\n7590-VHVEG,-1\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Three customers of the telco table, imported through the command line."""
    lines = (tmp_path / "telco.csv", _head(4))
    lines[0].write_text(lines[1])
    result = run(
        "import", str(lines[0]), "--mapping", str(telco_mapping()), "--book", str(tmp_path / "book.db")
    )
    assert result.exit_code == 0, result.output
    return tmp_path / "book.db"


def _head(count: int) -> str:
    import gzip  # noqa: PLC0415 # used here alone

    text = gzip.decompress(telco_table().read_bytes()).decode()
    return "".join(text.splitlines(keepends=True)[:count])


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_the_import_prints_what_it_found_and_did(tmp_path: Path) -> None:
    result = run(
        "import", str(telco_table()), "--mapping", str(telco_mapping()), "--book", str(tmp_path / "book.db")
    )

    assert result.exit_code == 0
    assert result.output == (
        "telco.csv.gz on the morning of 2026-01-01: 7,043 customers\n"
        "  relationships ended  1,869\n"
        "  monthly fees, all    456,116.60 USD\n"
        "  monthly fees, ended  139,130.85 USD\n"
        "  blank TotalCharges   11: nothing billed yet at tenure 0, taken as zero\n"
        "  new in the book      7,043\n"
        "  there already        0\n"
        "assumed by the mapping:\n"
        "  - The table describes the morning of the as-of day. The source names no day; 2026-01-01 is ours.\n"
        "  - Service began so many whole months before the eve of that day as tenure says.\n"
        "  - Churn = Yes means: left on the morning of the as-of day. On its eve all were customers.\n"
        "  - One year and Two year are terms of 12 and 24 months from the start of service, which renew by themselves; the customer is bound for the first of them.\n"
        "  - Month-to-month has no end and ends by notice.\n"
        "  - TotalCharges was billed and paid before the as-of day.\n"
        "  - A household counts the customer, a partner, and one dependent if there are any: at least so many.\n"
        "  - Every service column that says yes is one product.\n"
        "  - Nothing is said of consent: contact is taken as allowed for every purpose but marketing.\n"
        "columns not read: gender, PaperlessBilling\n"
        "Taken.\n"
    )


def test_the_import_prints_json_for_programs(tmp_path: Path) -> None:
    (tmp_path / "telco.csv").write_text(_head(3))

    result = run(
        "import", str(tmp_path / "telco.csv"), "--mapping", str(telco_mapping()),
        "--book", str(tmp_path / "book.db"), "--as-of", "2025-07-01", "--dry-run", "--json",
    )  # fmt: skip

    report = json.loads(result.output)
    assert report["schema_version"] == 1
    assert (report["as_of"], report["customers"], report["fees"], report["currency"]) == (
        "2025-07-01",
        2,
        "86.80",
        "USD",
    )
    assert (report["dry_run"], report["taken"]) == (True, False)
    assert not (tmp_path / "book.db").exists()


def test_a_damaged_table_is_reported_in_full_with_exit_code_two(tmp_path: Path) -> None:
    bad = _head(3).replace("29.85,29.85", "abc,29.85").replace("Female,0", "Female,7")
    (tmp_path / "telco.csv").write_text(bad)
    arguments = (
        "import", str(tmp_path / "telco.csv"), "--mapping", str(telco_mapping()), "--book", str(tmp_path / "book.db"),
    )  # fmt: skip

    result = run(*arguments)

    assert result.exit_code == 2
    assert "2 faults:\n" in result.output
    assert "line 2, column MonthlyCharges: 'abc' must be an amount" in result.output
    assert "line 2, column SeniorCitizen: '7' must be one of: 1, 0." in result.output
    assert result.output.endswith("--take-good-rows takes the others.\n")
    assert not (tmp_path / "book.db").exists()

    taken = run(*arguments, "--take-good-rows")
    assert taken.exit_code == 2
    assert taken.output.endswith(
        f"Good rows were taken; 1 row lies in {tmp_path}/book.db.telco.quarantine.csv\n"
    )
    assert (tmp_path / "book.db").exists()


def test_a_mapping_that_cannot_be_used_is_reported_without_a_trace(tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text("source = 3")

    result = run(
        "import",
        str(telco_table()),
        "--mapping",
        str(tmp_path / "map.toml"),
        "--book",
        str(tmp_path / "b.db"),
    )

    assert result.exit_code == 2
    assert "retainsdk: " in result.stderr
    assert "Traceback" not in result.output


def test_a_card_is_shown_by_reference(book: Path) -> None:
    result = run("card", "5575-GNVDE", "--book", str(book), "--as-of", "2026-01-01")

    assert result.exit_code == 0
    assert result.output.startswith("5575-GNVDE  [")
    assert "  this term ends       2026-02-28, in 58 days\n" in result.output
    page = json.loads(run("card", "5575-GNVDE", "--book", str(book), "--json").output)
    assert (page["schema_version"], page["reference"]) == (2, "5575-GNVDE")
    assert "an owner: nobody has the main duty for this relationship" in page["gaps"]


def test_a_promise_stands_on_the_agenda(book: Path) -> None:
    said = run(
        "promise", "5575-GNVDE", "callback", "the bill", "--book", str(book), "--due", "2999-01-02 10:00",
        "--actor", "dana", "--basis", "his call",
    )  # fmt: skip

    assert said.output.startswith("Promise 1 to 5575-GNVDE [")
    assert said.output.endswith("] (5575-GNVDE): the bill, until 2999-01-02 10:00 UTC.\n")
    listed = run("agenda", "--book", str(book), "--until", "2999-01-02").output
    assert listed.startswith("dana\n  2999-01-02\n    10:00 callback 1 to 5575-GNVDE [")
    assert "by dana on" in listed
    assert "(his call)" in listed
    assert run("agenda", "--book", str(book), "--until", "2999-01-01").output == "Nothing is owed.\n"
    items = json.loads(run("agenda", "--book", str(book), "--json").output)
    assert (items["schema_version"], items["items"][0]["kind"]) == (2, "callback")
    assert json.loads(run("agenda", "--book", str(book), "--owner", "omer", "--json").output)["items"] == []


def test_who_is_not_in_the_book_is_named(book: Path) -> None:
    result = run("card", "nobody", "--book", str(book))

    assert result.exit_code == 2
    assert result.stderr == (
        "retainsdk: The book holds no relationship 'nobody'. Look it up under the name it was recorded by. Or look who is there: retainsdk customer find\n"
    )


def test_debug_shows_where_an_error_came_from(book: Path) -> None:
    with pytest.raises(LookupError):
        run("--debug", "card", "nobody", "--book", str(book))


def test_a_book_that_does_not_exist_is_not_made_by_looking(tmp_path: Path) -> None:
    result = run("agenda", "--book", str(tmp_path / "none.db"))

    assert result.exit_code == 2
    assert not (tmp_path / "none.db").exists()


def test_a_lifecycle_is_printed_as_a_diagram() -> None:
    assert run("lifecycle", "relationship").output.startswith("stateDiagram-v2\n    [*] --> prospect\n")


def test_the_package_loads_neither_numpy_nor_click_nor_what_nobody_asked_for() -> None:
    program = (
        "import sys, retainsdk; assert not {'numpy', 'click', 'retainsdk.book'} & set(sys.modules);"
        "from retainsdk import Book; assert not {'numpy', 'click'} & set(sys.modules);"
        "assert all(getattr(retainsdk, name) for name in retainsdk.__all__) and set(retainsdk.__all__) <= set(dir(retainsdk))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False,
        env={"PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr


def test_a_view_without_numpy_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['numpy'] = None\n"
        "from retainsdk import Book\n"
        "try: Book.in_memory().view()\n"
        "except ImportError as error: print(error)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip

    assert done.stdout == "This needs numpy. Install it with: pip install 'retainsdk[policy]'\n"


@pytest.mark.parametrize(
    "command",
    [
        ("card", "7590-VHVEG"),
        ("agenda",),
        ("promise", "7590-VHVEG", "callback", "hi", "--due", "2999-01-01 10:00", "--actor", "dana"),
    ],
)
def test_an_empty_file_does_not_become_a_book_by_looking(tmp_path: Path, command: tuple[str, ...]) -> None:
    empty = tmp_path / "empty.db"
    empty.touch()

    result = run(*command, "--book", str(empty))

    assert result.exit_code == 2
    assert (
        "is an empty file, not a book. Make a book with: retainsdk init, or retainsdk import."
        in result.stderr
    )
    assert empty.stat().st_size == 0


def test_a_day_beyond_the_calendar_is_refused_in_words(tmp_path: Path) -> None:
    with Book.open(tmp_path / "book.db", zone="Asia/Jerusalem"):
        pass

    result = run("agenda", "--book", str(tmp_path / "book.db"), "--as-of", "0001-01-01")

    assert result.exit_code == 2
    assert "--as-of: '0001-01-01' is out of range" in result.stderr


def test_a_bar_shows_how_far_an_import_is_on_a_terminal_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "telco.csv").write_text(_head(11))
    words = ["import", str(tmp_path / "telco.csv"), "--mapping", str(telco_mapping()), "--book"]

    main([*words, str(tmp_path / "quiet.db")], standalone_mode=False)
    quiet = capsys.readouterr()
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    main([*words, str(tmp_path / "shown.db")], standalone_mode=False)
    shown = capsys.readouterr()

    assert quiet.err == ""
    assert "Importing" in shown.err
    assert "100%" in shown.err
    assert shown.out == quiet.out


def test_contact_cards_come_in_and_bad_ones_are_set_aside(book: Path, tmp_path: Path) -> None:
    cards = tmp_path / "contacts.vcf"
    bad = "BEGIN:VCARD\nVERSION:3.0\nFN:Dan\nBDAY:1990-02-30\nEND:VCARD\n"
    cards.write_text(f"BEGIN:VCARD\nVERSION:3.0\nFN:Noa\nPHOTO;ENCODING=b:AA\nEND:VCARD\n{bad}")
    said = ("--book", str(book), "--actor", "dana")

    refused = run("customer", "import", str(cards), *said)
    tried = run("customer", "import", str(cards), *said, "--dry-run")
    taken = run("customer", "import", str(cards), *said, "--take-good-cards")
    again = run("customer", "import", str(cards), *said, "--take-good-cards", "--json")

    assert (refused.exit_code, tried.exit_code, taken.exit_code) == (2, 2, 0)
    assert "card 2, line 9, BDAY: '1990-02-30' is no day of the calendar. Correct the date." in refused.stderr
    assert taken.stdout == (
        "Added: 1. Changed: 0. Unchanged: 0.\n"
        "card 1, line 4, PHOTO: has 2 characters and was left out\n"
        f"Set aside with the reasons: 1, in {cards}.quarantine.vcf\n"
    )
    assert json.loads(again.stdout)["unchanged"] == 1


def test_options_for_contact_cards_are_refused_for_a_table(book: Path, tmp_path: Path) -> None:
    table = tmp_path / "customers.csv"
    table.write_text("")

    result = run("customer", "import", str(table), "--book", str(book), "--actor", "dana", "--dry-run")

    assert result.exit_code == 2
    assert "--dry-run" in result.stderr
    assert "is for contact cards" in result.stderr
