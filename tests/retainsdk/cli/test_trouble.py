"""What the command line says when something is wrong that no option can be blamed for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from retainsdk.book import Book
from retainsdk.cli import main
from retainsdk.cli.bidi import FIRST_STRONG, POP
from retainsdk.vocabulary import CaseKind, Kind


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book in which somebody has a complaint."""
    path = tmp_path / "crm.db"
    with Book.open(path) as book:
        _, us = book.take_on(kind=Kind.PERSON, name="נועה לוי", actor="dana")
        book.open_case(us, kind=CaseKind.COMPLAINT, topic="חיוב כפול", actor="dana")
    monkeypatch.setenv("RETAIN_BOOK", str(path))
    monkeypatch.setenv("RETAIN_ACTOR", "dana")
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.usefixtures("path")
def test_a_card_of_the_last_day_of_the_calendar_is_refused_in_a_sentence() -> None:
    refused = run("card", "נועה", "--as-of", "9999-12-31")

    assert refused.exit_code == 2
    assert "out of range" in refused.output
    assert "Traceback" not in refused.output


@pytest.mark.usefixtures("path")
def test_what_becomes_of_a_promise_is_told_with_what_was_promised_and_to_whom() -> None:
    for which in (1, 2, 3):
        run("promise", "נועה", "delivery", f"router {which}", "--due", "2999-01-01T10:00")

    answers = [
        run("keep", "נועה", "1", "--evidence", "slip 7").output,
        run("notice", "נועה", "2", "--due", "2999-01-02T10:00").output,
        run("release", "נועה", "3", "--evidence", "his mail").output,
    ]

    for number, answer in enumerate(answers, start=1):
        assert f"Promise {number}" in answer
        assert f"router {number}" in answer
        assert "נועה לוי" in answer
    retracted = run("retract", "נועה", "2", "--why", "typed twice", "--json").output
    assert json.loads(retracted)["what"] == "router 2"


@pytest.mark.usefixtures("path")
def test_an_error_that_nobody_foresaw_shows_no_stack_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Book, "agenda", lambda *_, **__: max([]))

    failed = run("agenda")

    assert failed.exit_code == 1
    assert "a fault of the program (ValueError: max()" in failed.output
    assert isinstance(run("--debug", "agenda").exception, ValueError)


def test_a_way_of_showing_that_there_is_not_is_refused_before_anything_is_recorded(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Book.open(path) as book:
        before = len(book)
    monkeypatch.setenv("RETAIN_BIDI", "upside-down")

    refused = run("customer", "add", "דן")

    assert refused.exit_code == 2
    assert "RETAIN_BIDI" in refused.output
    with Book.open(path) as book:
        assert len(book) == before


@pytest.mark.parametrize("wrong", [("--currency", "ils"), ("--zone", "Mars/Olympus")])
def test_a_book_that_cannot_begin_leaves_no_file(tmp_path: Path, wrong: tuple[str, str]) -> None:
    refused = run("init", str(tmp_path / "new.db"), *wrong)

    assert refused.exit_code == 2
    assert not (tmp_path / "new.db").exists()


@pytest.mark.parametrize("name", ["", "  ", "a\x1b[31m", "two\nlines", "a\u2028b"])
@pytest.mark.parametrize("alone", [(), ("--only",)])
@pytest.mark.usefixtures("path")
def test_a_name_that_cannot_be_read_is_refused(name: str, alone: tuple[str, ...]) -> None:
    refused = run("customer", "add", name, *alone)

    assert refused.exit_code == 2
    assert refused.output.startswith("retainsdk: the name ")


@pytest.mark.usefixtures("path")
def test_a_name_with_a_mark_of_direction_is_none_the_worse_for_it() -> None:
    assert run("customer", "add", "בע״מ\u200f (3)").exit_code == 0


@pytest.mark.usefixtures("path")
def test_what_steers_a_terminal_is_not_sent_to_it() -> None:
    assert run("customer", "fact", "נועה", "note", "\x1b[2J\x07red", "--source", "mail").exit_code == 0

    shown = run("customer", "show", "נועה").output

    assert "\x1b" not in shown
    assert "\ufffd[2J\ufffdred" in shown


@pytest.mark.usefixtures("path")
def test_a_case_on_a_card_isolates_its_topic_and_not_the_english_beside_it() -> None:
    card = run("card", "נועה").output

    assert f"{FIRST_STRONG}חיוב כפול{POP}, new since" in card


@pytest.mark.usefixtures("path")
def test_the_title_of_a_contract_holds_a_name_together_when_one_word_of_it_signed() -> None:
    signed = run(
        "contract", "sign", "נועה", "--kind", "fixed", "--months", "12", "--starts-on", "2026-02-01", "--fee", "9",
        "--by-customer", "נועה",
    )  # fmt: skip
    assert signed.exit_code == 0, signed.output

    assert f"with {FIRST_STRONG}נועה לוי{POP}  [" in run("contract", "show", "נועה").output


@pytest.mark.parametrize(
    ("book", "what", "remedy"),
    [
        (".", "is a folder, and a book is a file", "Name a file in it"),
        ("nowhere/crm.db", "cannot lie in nowhere, which does not exist", "Make that folder first"),
        ("notes.txt/crm.db", "cannot lie in notes.txt, which is a file", "name another"),
        ("notes.txt", "is a file of another kind, not a book", "Name the file of a book"),
        ("new.db", "does not exist", "Make a book with: retainsdk init"),
    ],
)
@pytest.mark.parametrize("command", [("agenda", "--book"), ("duties", "run", "--book")])
def test_what_is_no_book_is_told_as_what_it_is(
    path: Path, monkeypatch: pytest.MonkeyPatch, book: str, what: str, remedy: str, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(path.parent)
    Path("notes.txt").write_text("call Noa back, and Dan as well: they both wait for us", encoding="utf-8")

    refused = run(*command, book)

    assert refused.exit_code == 2
    assert what in refused.output
    assert remedy in refused.output
    assert not Path("new.db").exists()


@pytest.mark.parametrize("refusal", [PermissionError(13, "Permission denied")])
def test_a_folder_that_may_not_be_looked_into_is_told_as_such(
    monkeypatch: pytest.MonkeyPatch, path: Path, refusal: PermissionError
) -> None:
    def refuse(_: Path) -> bool:
        raise refusal

    monkeypatch.setattr(Path, "is_dir", refuse)

    refused = run("agenda", "--book", str(path))

    assert refused.exit_code == 2
    assert "lies where you may not look. Ask whoever owns it for the right" in refused.output


@pytest.mark.usefixtures("path")
def test_working_time_that_is_none_is_refused() -> None:
    refused = run("promise", "נועה", "callback", "the bill", "--within", "0h")

    assert refused.exit_code == 2
    assert "--within: '0h' is no time at all" in refused.output


@pytest.mark.usefixtures("path")
def test_whoever_opens_a_case_while_one_is_open_on_the_same_is_shown_it() -> None:
    opened = run("case", "open", "נועה", "complaint", "חיוב כפול")
    other = run("case", "open", "נועה", "complaint", "late repair")

    assert "Case 1 is open on the same" in opened.output
    assert "retainsdk case merge … 2 --into 1" in opened.output
    assert "is open on the same" not in other.output
    assert (
        json.loads(run("case", "open", "נועה", "complaint", "חיוב כפול", "--json").output)["open_already"]
        == 1
    )


@pytest.mark.usefixtures("path")
def test_a_case_that_comes_up_after_it_was_settled_stands_by_itself_and_counts_as_recurrence(
    path: Path,
) -> None:
    assert run("case", "resolve", "נועה", "1", "--how", "refunded").exit_code == 0

    opened = run("case", "open", "נועה", "complaint", "חיוב כפול")

    assert "is open on the same" not in opened.output
    with Book.open(path) as book:
        (account,) = book.ledger().accounts.values()
        assert account.cases[2].repeats == 1


@pytest.mark.usefixtures("path")
def test_a_name_copied_from_the_screen_finds_whom_it_names() -> None:
    found = run("card", f"{FIRST_STRONG}נועה לוי{POP}")

    assert found.exit_code == 0


@pytest.mark.usefixtures("path")
def test_a_note_that_turns_the_direction_of_writing_turns_no_page() -> None:
    assert run("customer", "fact", "נועה", "note", "a\u202eb", "--source", "mail").exit_code == 0

    assert "\u202e" not in run("customer", "show", "נועה").output


@pytest.mark.usefixtures("path")
def test_the_agenda_goes_into_a_calendar(tmp_path: Path) -> None:
    assert run("promise", "נועה", "callback", "החשבון", "--within", "8h").exit_code == 0

    shown = run("agenda", "--ics", str(tmp_path / "agenda.ics"))

    written = (tmp_path / "agenda.ics").read_bytes()
    assert shown.exit_code == 0
    assert "callback 1 to" in shown.output
    assert written.startswith(b"BEGIN:VCALENDAR\r\n")
    assert "SUMMARY:callback 1 to נועה לוי: החשבון\r\n".encode() in written
    refused = run("agenda", "--ics", str(tmp_path / "nowhere" / "agenda.ics"))
    assert (refused.exit_code, "cannot be written" in refused.output) == (2, True)


@pytest.mark.usefixtures("path")
def test_what_was_undone_is_said_and_what_can_be_is_listed() -> None:
    touched = ("touch", "נועה", "--channel", "phone", "--direction", "inbound", "--purpose", "service")
    assert run(*touched, "--text", "שלום").exit_code == 0

    listed = run("steps", "נועה")
    undone = run("undo", "נועה")
    refused = run("undo", "נועה")

    assert "→ retainsdk correct … 2" in listed.output
    assert "→ retainsdk case withdraw …" in listed.output
    assert "counts no longer: " in undone.output
    assert "phone by the customer, for service: שלום" in undone.output.replace(FIRST_STRONG, "").replace(
        POP, ""
    )
    assert refused.exit_code == 2
    assert (
        "was decided, and a decision is not undone but followed by another. Use case withdraw."
        in refused.output
    )


@pytest.mark.usefixtures("path")
def test_times_in_a_refusal_are_those_of_the_wall_clock() -> None:
    refused = run("promise", "נועה", "callback", "the bill", "--due", "2020-01-01T10:00")

    assert "due 2020-01-01 10:00: is not after the promise" in refused.output
    assert "+00:00" not in refused.output


@pytest.mark.usefixtures("path")
def test_whom_the_book_does_not_hold_one_is_told_how_to_find_or_to_record() -> None:
    assert "Or look who is there: retainsdk customer find" in run("card", "nobody").output
    assert "retainsdk staff join" in run("staff", "authority", "dana", "--up-to", "5").output
    assert "holds no case '9'. Look up its number." in run("case", "start", "נועה", "9").output


@pytest.mark.usefixtures("path")
def test_what_is_final_is_told_as_such() -> None:
    assert run("case", "withdraw", "נועה", "1", "--why", "a mistake").exit_code == 0

    assert "This case is withdrawn already, and that is final." in run("case", "start", "נועה", "1").output

    run("promise", "נועה", "delivery", "router", "--due", "2999-01-01T10:00")
    run("keep", "נועה", "1")
    assert "This promise is kept already, and that is final." in run("keep", "נועה", "1").output


@pytest.mark.usefixtures("path")
def test_a_table_of_customers_that_cannot_be_written_or_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "them.csv").write_bytes(b"\xf8\x00")

    written = run("customer", "export", str(tmp_path / "nowhere" / "them.csv"))
    read = run("customer", "import", str(tmp_path / "them.csv"))

    assert (written.exit_code, read.exit_code) == (2, 2)
    assert (
        "cannot be written: there is no such folder. Make the folder first, or name another."
        in written.output
    )
    assert "them.csv: holds no text in UTF-8. Name a table that was exported" in read.output


@pytest.mark.parametrize("place", ["", ".", "..", "/", "\udcff.csv"])
@pytest.mark.parametrize(
    "command", [("customer", "export"), ("report", "show", "stages", "--out"), ("agenda", "--ics")]
)
def test_where_no_file_can_lie_none_is_written(path: Path, command: tuple[str, ...], place: str) -> None:
    refused = run(*command, place)

    assert refused.exit_code == 2, refused.output
    assert "a fault of the program" not in refused.output
    assert not [*path.parent.rglob("*.part"), *path.parent.parent.glob("*.part")]


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("text", ["2026-99-99T10:00+00:00", "9999-12-31T23:59-14:00", "\udcff"])
def test_what_only_looks_like_a_time_or_like_text_is_told_back_as_it_was_typed(text: str) -> None:
    refused = run("case", "open", "נועה", "complaint", "חיוב", "--at", text)

    assert (refused.exit_code, type(refused.exception)) == (2, SystemExit)
    assert text.replace("\udcff", "\\udcff") in refused.output


@pytest.mark.usefixtures("path")
def test_a_birthday_without_its_year_is_typed_without_dashes_that_look_like_an_option() -> None:
    assert run("customer", "fact", "נועה", "birthday", "02-29", "--source", "she said so").exit_code == 0

    assert "02-29" in run("card", "נועה").output


@pytest.mark.usefixtures("path")
def test_the_pets_of_a_household_stand_on_its_card_and_its_people_by_name() -> None:
    for line in (
        ("customer", "add", "משפחת לוי", "--kind", "household"),
        ("customer", "fact", "משפחת לוי", "cat", "מיצי", "--source", "visit"),
        ("customer", "fact", "משפחת לוי", "dog", "Rex, 4 years", "--source", "visit"),
        ("customer", "affiliate", "נועה", "משפחת לוי", "member"),
    ):
        assert run(*line).exit_code == 0, line

    card, shown = (run(*words).output for words in (("card", "משפחת"), ("customer", "show", "משפחת")))

    assert "dog                  Rex, 4 years  (visit" in card
    assert f"cat                  {FIRST_STRONG}מיצי{POP}" in card
    assert f"with {FIRST_STRONG}נועה לוי{POP}, role member" in shown


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["promis", "נועה"], "No such command 'promis'. Did you mean 'promise'?"),
        (["case", "opne"], "No such command 'opne'. Did you mean 'open'?"),
        (["xyzzy"], "No such command 'xyzzy'. See main --help."),
        (["--book", "crm.db", "agenda"], "--book goes after the command"),
        (["promise", "נועה", "callback", "the", "bill"], "more than the command takes: 'bill'. Put a text of several words in quotes."),
        (["duties", "run", "--at", "2026-01-01T10:00"], "--at is not taken here"),
        (["tick", "--bok", "crm.db"], "'--book'"),
        (["agenda", "--debug"], "--debug goes before the command"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("path")
def test_a_line_that_names_no_command_or_says_too_much_is_told_what_to_write(
    line: list[str], told: str
) -> None:
    refused = run(*line)

    assert refused.exit_code == 2
    assert told in " ".join(refused.output.split())


@pytest.mark.usefixtures("path")
def test_a_day_that_cannot_be_read_is_not_said_to_be_missing_too() -> None:
    refused = run("contract", "amend", "נועה", "--fee", "20", "--starts-on", "1.11.2026")

    assert "1 fault" in refused.output
    assert "is needed" not in refused.output


def test_a_promise_in_working_time_says_until_when(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETAIN_BOOK", str(tmp_path / "new.db"))
    monkeypatch.setenv("RETAIN_ACTOR", "dana")
    assert run("init", str(tmp_path / "new.db"), "--zone", "Asia/Jerusalem").exit_code == 0
    assert run("customer", "add", "נועה", "--at", "2025-01-02T10:00").exit_code == 0

    made = run(
        "promise", "נועה", "delivery", "the router", "--within", "16h", "--hours", "Sun-Thu 09:00-17:00",
        "--at", "2025-01-03T10:00",
    )  # fmt: skip

    assert "the router, until 2025-01-06 17:00, within 16h of working time." in made.output


@pytest.mark.usefixtures("path")
def test_policies_are_listed_by_the_names_they_are_asked_for() -> None:
    listed = run("policy", "list").output

    assert "- promise_keeper " in listed
    assert run("policy", "propose", "promise_keeper").exit_code == 0


@pytest.mark.usefixtures("path")
def test_a_whole_number_of_a_survey_is_told_as_one() -> None:
    assert "answered exit: 9." in run("survey", "answer", "נועה", "exit", "9").output


def test_of_two_flags_of_which_one_is_needed_help_does_not_say_that_each_is() -> None:
    helped = run("record", "purchase", "--help").output

    assert "He has paid. [this or its like is needed]" in " ".join(helped.split())


@pytest.mark.usefixtures("path")
def test_the_agenda_tells_why_by_the_wall_clock() -> None:
    for line in (
        ("customer", "add", "דן", "--stage", "active"),
        ("exit", "begin", "דן"),
        ("exit", "complete", "דן", "--although", "gone"),
        ("winback", "lock-in", "דן", "--competitor", "סלקום", "--until", "2020-01-01", "--source", "she"),
        ("winback", "open", "דן", "--plan", "call"),
        ("duties", "run"),
    ):
        assert run(*line).exit_code == 0, line

    why = next(line for line in run("agenda").output.splitlines() if "win-back plan of" in line)

    assert "T" not in why.partition("plan of")[2]
    assert "+00:00" not in why
