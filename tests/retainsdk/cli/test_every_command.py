"""Every command is run, by one long story on one book; what it prints is what the documentation says."""

from __future__ import annotations

import inspect
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from golden import Golden

from retainsdk.book import Book
from retainsdk.cli import every_row, main
from retainsdk.cli.command import Command, Deed, Look, Row
from retainsdk.cli.outputs import output_schemas
from retainsdk.journal import How
from retainsdk.store.sqlite import SqliteStore
from retainsdk.vocabulary import Kind

ROOT = Path(__file__).parents[3]
ROWS = {row.words: row for row in every_row()}
TERMS = "--kind fixed --months 12 --starts-on {day} --fee 29.85"

# One line an hour from the beginning on, but for those marked with "!", which happen now.
STORY = """
init {book} --currency ILS --zone Asia/Jerusalem
example
schema LateNoticeGiven
lifecycle commitment
import --example --dry-run --book {folder}/other.db
staff join dana --language he --hours 'Sun-Thu 09:00-17:00'
staff join omer
staff join ruth
staff authority dana --up-to 500 --asks ruth
staff absent omer --starts-on 2025-04-01 --ends-on 2025-04-08 --deputy dana
campaign run spring --purpose acquisition --starts-on 2025-03-01 --ends-on 2025-04-01 --cost 4000
customer add Noa --owner dana --stage prospect --reference N-1 --campaign spring
customer add 'דן כהן' --owner dana --stage active
customer add 'Acme Ltd' --kind organisation --stage active --reference A-1
customer add Ren --stage active --reference A-3
customer add 'N. Levi' --only
customer add Left --owner dana --stage active
relationship open 'N. Levi' --owner dana
customer find n
customer fact Noa birthday 1980-02-29 --source 'she said so'
customer fact Noa health 'a bad knee' --source 'she said so' --sensitivity sensitive --purpose service
customer correct Noa birthday 1980-03-01 --source 'her passport' --why misheard
customer fact Noa dogs 2 --source dana
customer forget Noa dogs --why 'of another Noa'
customer consent Noa marketing --channel email --evidence 'form 3'
customer consent Noa win-back --evidence 'form 3'
customer refuse דן marketing --evidence 'his mail'
customer address Noa phone 054-1234567 --label 'in the evening'
customer address Noa phone 03-7654321
customer verify Noa 1 --how 'she answered'
customer retire Noa 2 --why 'not in service'
customer affiliate Noa Acme decides --title CFO --power 8
customer chart Acme
customer leave Noa {affiliation} --why 'left the company'
customer merge 'N. Levi' --into Noa --evidence 'same phone'
customer show Noa --purpose service
customer export {folder}/customers.csv
customer import {folder}/customers.csv
customer export {folder}/customers.vcf --purpose service
customer import {folder}/customers.vcf
relationship owner N-1 omer --source ruth
relationship owner N-1 dana
relationship origin Left --origin referral --referrer N-1
relationship contributor N-1 omer --part repairs
relationship without N-1 omer
relationship classify N-1 a --why 'three shops'
relationship referral N-1 Left --credit 'a month free'
relationship open Acme --owner omer --reference A-2
relationship disqualify A-2 --why 'out of reach'
offering list fibre 'Fibre 100' --fee 39.90 --included 100 --minimum household_size=2 --fact speed=100
offering list old 'Copper' --fee 19.90
offering withdraw old --why 'switched off'
competitor offer Bezal --fee 24.90 --starts-on 2025-02-01 --source 'their site'
contract draft N-1 {terms}
contract discard N-1 1 --why 'too dear'
contract draft N-1 {terms}
contract offer N-1 2 --valid-until 2025-03-31
contract revise N-1 2 {terms} --lock-in-months 6
contract offer N-1 2 --valid-until 2025-03-31
contract decline N-1 2 --why 'another offer'
contract draft N-1 {terms}
contract offer N-1 3 --valid-until 2025-03-31
contract letter N-1 3 --document letter-17.pdf
contract sign N-1 --contract 3 --by-us dana --by-customer Noa --document c-3.pdf
relationship foundation N-1 needs-analysed --findings 'two lines' --review-on 2025-06-01
relationship plan N-1 --gain 'an hour a day' --way 'one bill' --review-on 2025-06-01
relationship founded N-1 --how 'all talked over'
contract amend N-1 --starts-on 2025-05-01 --fee 24.85 --scope audit
contract propose N-1 --by customer --starts-on 2025-06-01 --fee 20
contract accept N-1 2 --by us
contract propose N-1 --by customer --starts-on 2025-07-01 --fee 10
contract reject N-1 3 --why 'below cost'
contract suspend N-1 --why abroad --until 2025-04-01
contract resume N-1
contract work N-1 --item audit --minutes 90
contract notice N-1
contract rescind N-1
contract show N-1
contract draft Left {terms}
contract offer Left 1
contract letter Left 1 --document letter-18.pdf
contract leave-letter Left 1 --by customer --why 'moves away'
contract sign דן --kind open-ended --starts-on {day} --fee 10
contract terminate דן agreement --evidence 'minutes of today' --by customer
contract sign A-1 --kind fixed --months 1 --starts-on {day} --fee 10 --scope audit
contract sign A-3 --kind auto-renewing --months 1 --starts-on {day} --fee 10
contract complete A-1 --evidence 'hand-over'
promise N-1 callback 'the bill' --due 2025-03-20T10:00 --basis 'his call'
promise N-1 delivery 'the part' --within 8h --hours 'Sun-Thu 09:00-17:00' --least-compensation 5
promise N-1 delivery 'the manual' --due 2025-03-20T10:00
promise N-1 delivery 'the manual again' --due 2025-03-20T10:00
promise N-1 delivery 'the invoice' --due 2025-03-20T10:00
notice N-1 3 --due 2025-03-21T16:00 --why 'a part is missing'
keep N-1 3 --evidence 'slip 77'
release N-1 5 --evidence 'his mail'
retract N-1 4 --why 'typed twice'
promise N-1 delivery 'tea' --due {soon}
agenda --owner dana
card N-1
touch N-1 --channel phone --direction outbound --purpose service --text 'דיברנו' --step payment --friction 3 --minutes 10 --stated price:repair=120
break N-1 6
explain N-1 'the driver fell ill' --promise 6 --to customer
compensate N-1 'a month free' --cost 29.85 --promise 6
deliver N-1 6 --evidence 'slip 78'
remedy N-1 6
promise N-1 delivery 'coffee' --due {soon}
touch N-1 --channel email --direction inbound --purpose service --one-way --text 'thanks'
break N-1 7
refuse N-1 7 --evidence 'said so'
record usage N-1 --month 2025-02 --used 7.5
record purchase N-1 'a filter' --amount 12.50 --paid --order O-7
record order N-1 O-8 ordered
record bill N-1 --invoice I-9 --amount 29.85 --due-on 2025-04-15
record failed-payment N-1 --invoice I-9 --why 'card expired'
record payment N-1 --amount 29.85 --invoice I-9
record document N-1 letter --reference archive/17.pdf
signal raise N-1 calls --department service --evidence '3 calls' --severity alarm
signal clear N-1 {signal} --why 'line repaired'
survey ask N-1 nps --answer-by 2025-04-15T18:00
survey answer N-1 nps 9
survey ask N-1 csat --answer-by 2025-04-15T18:00
survey refuse N-1 csat
feedback give N-1 hotline 'nobody answers'
feedback answer N-1 {feedback} --change 'open until eight'
!correct N-1 {document} --why 'wrong archive'
record order N-1 O-9 ordered
steps N-1 --limit 3
!undo N-1
timeline N-1 --limit 3
programme change club --tier 'silver=100:free delivery' --tenure-benefit '24=a month free'
programme join N-1 club
programme leave N-1 club
offer make N-1 price --amount 5 --months 6
offer accept N-1 1
offer make N-1 pause --months 1 --expires-at 2025-12-01T10:00
offer decline N-1 2
offer lapse N-1
assess health N-1
assess value N-1
assess score N-1 patience
assess cost N-1 --hour 40
assess contradictions N-1
assess touchpoints N-1
assess recommended N-1
assess missold N-1
assess compared N-1
assess concessions N-1
case open N-1 complaint 'late repair'
case ack N-1 1
case start N-1 1
case hand-over N-1 1 --to omer --why 'knows the machine'
case escalate N-1 1 --to ruth --why 'above my authority'
case wait N-1 1 --why 'the receipt'
case replied N-1 1
case options N-1 1 --option repair --option refund --refused --why 'none is left'
case choose N-1 1 --option refund
case resolve N-1 1 --how refunded
case reopen N-1 1 --why 'leaks again'
case resolve N-1 1 --how repaired
case confirm N-1 1
case open N-1 request 'a manual'
case open N-1 request 'the manual'
case merge N-1 3 --into 2
case withdraw N-1 2 --why 'found it'
case open N-1 dispute 'the fee' --contract 3
case step N-1 4 contract-revisited --document 'minutes'
case show N-1 4
exit begin Left --by customer
exit save Left --how 'another tariff suits her'
exit begin Left --by customer
exit reason Left no-need-stated --assessed cheaper-competitor --evidence 'she named their price'
exit survey Left --answer-by 2025-04-15T18:00
exit step Left thanked --evidence 'letter'
exit complete Left --although 'she would not wait'
winback lock-in Left --competitor Bezal --until 2027-01-31 --source 'she said so'
customer consent Left win-back --evidence 'form 4'
winback open Left --plan 'call before'
winback close Left --why 'asked not to'
winback return Left --tenure-kept
contract sign Left --kind fixed --months 1 --starts-on {day} --fee 10
contract draft דן {terms}
contract offer דן 2 --valid-until 2025-03-20
contract lapse דן 2 --at 2025-03-31T10:00
contract renew A-3 --starts-on {next}
report list
report show acquisition
report show buying-habits
report show cases
report show concessions
report show contact
report show contradictions
report show cross-section --measure customers --by owner --out {folder}/cut.csv
report show favourite-products
report show frequent-complaints
report show leaving-reasons
report show mis-selling
report show promises
report show signals
report show stages
report show touchpoints
report show unconsented
duties list
duties change notices --set end_days=60 --set renewal-days=21
duties change onboarding --off
policy list
staff leave ruth --successor dana
!contract end Left
!tick
!duties run
!policy propose early_warning --minutes 600
!policy propose {folder}/greet.py:Greet
!policy proposals
!policy approve N-1 1 --channel phone
!policy done N-1 1 --text 'all is well' --two-way
!policy decline דן 1 --why 'we spoke yesterday'
!experiment declare calls --purpose sales --starts-on {tomorrow} --ends-on 2999-01-01
"""

GREET = """
import attrs
import numpy as np
from retainsdk.policy import ActionKind, act, default_response

@attrs.frozen
class Greet:
    name = "greet"
    scope = "customer"

    def decide(self, view, budget, draw):
        return act(view, np.ones(len(view), bool), ActionKind.CHECK_IN, reason="hello")

    def respond(self, case, draw):
        return default_response(case)
"""
PATIENCE = """
from decimal import Decimal
from retainsdk.hooks import hookimpl
from retainsdk.value.score import Part, Score

class Patience:
    @hookimpl
    def score(self, kind, accounts):
        if kind == "patience":
            left = Score.of(kind, "points", [Part(name="calls", amount=Decimal(3), source="timeline")])
            return {account.relationship.id: left for account in accounts}
"""
BEGINNING = datetime.fromisoformat("2025-03-02T08:00")
Told = list[tuple[Row, Result, int]]


@pytest.fixture(scope="module", params=["json", "text"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The story, told once with --json and once without: the row, what came of it, and how many commits it made."""
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "greet.py").write_text(GREET)
    (folder / "patience.py").write_text(PATIENCE)
    numbers = {
        "book": str(folder / "crm.db"),
        "folder": str(folder),
        "terms": TERMS.format(day="2025-03-05"),
        "day": "2025-03-05",
        "next": "2025-04-05",
        "tomorrow": f"{datetime.now().astimezone() + timedelta(days=2):%Y-%m-%d}",
    }
    commits: list[int] = []
    append = SqliteStore.append

    def counting(self: SqliteStore, rows: Any, **how: Any) -> str:
        commits.append(len(rows))
        return append(self, rows, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SqliteStore, "append", counting)
        patch.setenv("RETAIN_BOOK", numbers["book"])
        patch.setenv("RETAIN_ACTOR", "dana")
        patch.syspath_prepend(str(folder))
        yield list(_tell(numbers, commits, as_json=request.param == "json"))


def _tell(numbers: dict[str, str], commits: list[int], *, as_json: bool) -> Iterator[tuple[Row, Result, int]]:
    for hour, line in enumerate(STORY.strip().splitlines()):
        at = BEGINNING + timedelta(hours=hour)
        words = shlex.split(
            line.lstrip("!").format(**numbers, soon=f"{at + timedelta(minutes=30):%Y-%m-%dT%H:%M}")
        )
        row = ROWS.get(" ".join(words[:2])) or ROWS[words[0]]
        if (
            isinstance(row, Deed)
            and "occurred_at" not in row.without
            and not line.startswith("!")
            and "--at" not in words
        ):
            words += ["--at", f"{at:%Y-%m-%dT%H:%M}"]
        prints_json = row.schema() is not None
        commits.clear()
        typed = [*words, *(["--json"] if as_json and prints_json else [])]
        result = CliRunner().invoke(main, typed, env={"RETAIN_PLUGINS": "patience:Patience"})
        assert result.exit_code == 0, f"{line}\n{result.output}\n{result.exception!r}"
        yield row, result, sum(map(bool, commits))
        _remember(row.words, result, numbers)


def _remember(words: str, result: Result, numbers: dict[str, str]) -> None:
    """What the book gave a number to, for the lines that name it."""
    kept = {
        "signal raise": "signal",
        "feedback give": "feedback",
        "record document": "document",
        "customer affiliate": "affiliation",
    }
    if words in kept:
        name = kept[words]
        if result.output.startswith("{"):
            numbers[name] = str(
                json.loads(result.output)["affiliation" if name == "affiliation" else "record"]
            )
        elif name == "affiliation":
            numbers[name] = result.output.rstrip(".\n").rsplit(" ", 1)[1]
        else:
            numbers[name] = result.output.split()[1].rstrip(":")


def test_the_story_tells_of_every_command(told: Told) -> None:
    assert {row.words for row, _, _ in told} == set(ROWS)


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS.values() if isinstance(row, Deed) and isinstance(row.call, str)],
    ids=lambda row: row.words,
)
def test_whatever_a_command_takes_its_call_takes(row: Deed) -> None:
    call = inspect.signature(getattr(Book, str(row.call)))

    assert {part.name for part in row.takes} <= {*call.parameters, *How.__annotations__}


def test_a_command_that_writes_is_one_commit_and_a_look_is_none(told: Told) -> None:
    begins = {"init", "import"}

    assert [row.words for row, _, commits in told if commits > 1] == []
    assert [
        row.words for row, _, commits in told if isinstance(row, Look) and commits and row.words not in begins
    ] == []


def test_what_is_printed_as_json_has_the_form_that_is_documented(told: Told) -> None:
    schemas = output_schemas()["$defs"]
    printed = [
        (row, result) for row, result, _ in told if result.output.startswith("{") and row.words in schemas
    ]

    for row, result in printed:
        jsonschema.validate(json.loads(result.output), schemas[row.words])
    assert all(set(schema["required"]) == set(schema["properties"]) for schema in schemas.values())


def test_the_reference_shows_the_form_of_what_is_printed_as_json(golden: Golden) -> None:
    shown = json.dumps(output_schemas(), indent=2, ensure_ascii=False)

    golden(ROOT / "docs" / "reference" / "cli.schema.json", f"{shown}\n")
    jsonschema.Draft202012Validator.check_schema(output_schemas())


@pytest.mark.parametrize("words", ROWS)
def test_a_command_has_help_with_an_example_that_it_understands(words: str) -> None:
    row = ROWS[words]

    result = CliRunner().invoke(main, [*words.split(), "--help"])

    assert result.exit_code == 0
    assert f"  $ {row.example}\n" in result.output
    assert all(part.spelled in result.output for part in (*row.parts, *row.common))
    typed = shlex.split(row.example)
    assert " ".join(typed[1:]).startswith(words)
    command = Command(words, row)
    context = command.make_context(words, typed[1 + len(words.split()) :])
    missing = [part.spelled for part in row.parts if part.required and context.params[part.key] is None]
    assert missing == []


@pytest.mark.parametrize("words", [words for words, row in ROWS.items() if row.parts])
def test_bad_input_is_refused_in_words_with_code_two(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = ROWS[words]
    monkeypatch.chdir(tmp_path)
    with Book.open(tmp_path / "crm.db"):
        pass
    nonsense = [
        text
        for part in row.parts
        for text in (
            [part.spelled] if part.is_flag else [*([] if part.is_argument else [part.spelled]), "\u2205"]
        )
    ]
    shared = ["--book", str(tmp_path / "crm.db")] if any(it.name == "book" for it in row.common) else []

    result = CliRunner().invoke(main, [*words.split(), *nonsense, *shared], env={"RETAIN_ACTOR": "dana"})

    # a text may be anything at all
    assert result.exit_code == 2 or all(type(part.word).__name__ == "Word" for part in row.parts), (
        result.output
    )
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_all_that_is_wrong_with_a_line_is_told_at_once(tmp_path: Path) -> None:
    with Book.open(tmp_path / "crm.db"):
        pass

    result = CliRunner().invoke(
        main,
        [
            "promise",
            "nobody",
            "wish",
            "tea",
            "--due",
            "noon",
            "--case",
            "0",
            "--book",
            str(tmp_path / "crm.db"),
        ],
        env={"RETAIN_ACTOR": None},
    )

    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "retainsdk: promise: 5 faults",
        "  RELATIONSHIP: 'nobody' cannot be found. The book holds no relationship 'nobody'. Look it up under the name it was recorded by.",
        "  KIND: 'wish' must be one of: callback, delivery, contact, response, report, step, review, notice, occasion, benefit, remedy. Choose one of these words.",
        "  --due: 'noon' must be a time, like 2026-03-01T10:00. Write day and time.",
        "  --case: '0' must be a whole number, 1 or more. Give the number.",
        "  --actor: is needed. Who says so. [env: RETAIN_ACTOR]",
    ]


@pytest.mark.parametrize("words", [(), ("promise",), ("contract",), ("policy", "propose")])
def test_help_is_as_it_was_read(words: tuple[str, ...], golden: Golden) -> None:
    result = CliRunner().invoke(main, [*words, "--help"], terminal_width=100, prog_name="retainsdk")

    golden(f"{'-'.join(('retainsdk', *words))}-help.txt", result.output)


def test_help_is_there_at_once_and_loads_neither_numbers_nor_the_book() -> None:
    program = (
        "import sys; from retainsdk.cli import main\n"
        "try: main(['--help'])\n"
        "finally: print(sorted({'numpy', 'retainsdk.book', 'retainsdk.journal', 'orjson'} & set(sys.modules)))"
    )

    done = _python("-c", program)

    assert done.returncode == 0
    assert done.stdout.endswith("\n[]\n")


def test_a_policy_without_numpy_says_what_to_install(tmp_path: Path) -> None:
    with Book.open(tmp_path / "crm.db"):
        pass
    program = (
        "import sys; sys.modules['numpy'] = None\n"
        "from retainsdk.cli import main\n"
        f"main(['policy', 'propose', 'none', '--actor', 'dana', '--book', {str(tmp_path / 'crm.db')!r}])"
    )

    done = _python("-c", program)

    assert done.returncode == 2
    assert done.stderr == "retainsdk: This needs numpy. Install it with: pip install 'retainsdk[policy]'\n"


def _python(*arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, env=env)


def test_a_line_with_a_key_may_be_repeated_and_says_the_same(tmp_path: Path) -> None:
    with Book.open(tmp_path / "crm.db") as book:
        book.take_on(kind=Kind.PERSON, name="Noa", actor="dana")
    line = "promise Noa report it --due 2999-01-01T10:00 --key k --actor dana --json --book"
    words = [*line.split(), str(tmp_path / "crm.db")]

    first, second = (CliRunner().invoke(main, words) for _ in range(2))

    assert first.exit_code == second.exit_code == 0
    assert first.output == second.output
    with Book.open(tmp_path / "crm.db") as book:
        assert len(list(book.events(name="CommitmentMade"))) == 1


def test_working_time_is_counted_by_the_hours_of_the_house(tmp_path: Path) -> None:
    with Book.open(tmp_path / "crm.db", zone="Asia/Jerusalem") as book:
        book.take_on(kind=Kind.PERSON, name="Noa", occurred_at=datetime(2025, 1, 1, tzinfo=UTC), actor="dana")
    words = [
        "promise",
        "Noa",
        "delivery",
        "it",
        "--within",
        "8h",
        "--at",
        "2025-03-06T12:00",
        "--actor",
        "dana",
        "--book",
    ]  # a Thursday

    result = CliRunner().invoke(
        main, [*words, str(tmp_path / "crm.db")], env={"RETAIN_HOURS": "Sun-Thu 09:00-17:00"}
    )

    assert result.exit_code == 0, result.output
    with Book.open(tmp_path / "crm.db") as book:
        (promised,) = book.agenda().items
        assert promised.due.astimezone(book.zone).replace(tzinfo=None) == datetime(2025, 3, 9, 12)  # noqa: DTZ001 # a wall clock


def test_hours_that_cannot_be_read_are_refused_in_words(tmp_path: Path) -> None:
    with Book.open(tmp_path / "crm.db"):
        pass

    result = CliRunner().invoke(
        main, ["duties", "run", "--actor", "d", "--book", str(tmp_path / "crm.db"), "--hours", "always"]
    )

    assert result.exit_code == 2
    assert "working hours: 1 fault" in result.stderr


def test_a_program_in_a_shell_keeps_a_book_with_hebrew_in_it(tmp_path: Path) -> None:
    run = "from retainsdk.cli import main; main(prog_name='retainsdk')"
    book = ["--book", str(tmp_path / "crm.db")]

    begun = _python("-c", run, "init", book[1])
    added = _python("-c", run, "customer", "add", "נועה לוי", "--actor", "דנה", "--json", *book)
    refused = _python("-c", run, "keep", "נועה", "x", "--actor", "דנה", *book)
    unknown = _python("-c", run, "keep", "נועה", "1", "--actor", "דנה", *book)

    assert (begun.returncode, added.returncode, refused.returncode, unknown.returncode) == (0, 0, 2, 2)
    assert json.loads(added.stdout)["command"] == "customer add"
    assert "PROMISE: 'x' must be a whole number" in refused.stderr
    assert unknown.stderr.startswith("retainsdk: The book holds no promise '1'.")
    assert "Traceback" not in refused.stderr + unknown.stderr
