"""Plug-ins on the command line take part when they are named, and only then."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from retainsdk.book import Book
from retainsdk.cli import main
from retainsdk.cli.command import Deed, Look
from retainsdk.cli.pages import Page
from retainsdk.cli.plugins import CommandLine
from retainsdk.cli.words import Who, arg
from retainsdk.errors import CommandError, Rejected
from retainsdk.events import Happening
from retainsdk.hooks import Context, hookimpl
from retainsdk.reports.report import Report
from retainsdk.vocabulary import Kind

HERE = __name__


class House:
    """Vetoes, adds two commands and a form of reports."""

    @hookimpl
    def before_append(self, context: Context, events: Sequence[Happening]) -> None:
        if events and context.actor == "robot":
            raise Rejected("no_robots", "only people write into this book")

    @hookimpl
    def register_commands(self, cli: CommandLine) -> None:
        who = arg("relationship", Who(), "Whom.")
        cli.add_command(
            Look(
                words="desk who",
                does="Say who looks after a customer.",
                call=_owner,
                takes=(who,),
                gives=lambda: {"owner": {"type": "string"}},
                example="retainsdk desk who Noa",
            ),
            about="Our desk.",
        )
        cli.add_command(
            Deed(
                words="desk take",
                does="Take a customer over.",
                call=lambda book, relationship, actor, **how: book.assign_owner(
                    relationship, owner=actor, actor=actor, **how
                ),
                takes=(who,),
                says="{relationship} is yours.",
                example="retainsdk desk take Noa",
            )
        )

    @hookimpl
    def register_exporter(self, registry: Any) -> None:
        registry.add_form(".md", _markdown)


def _owner(book: Book, relationship: int) -> Page:
    owner = book.account(relationship).relationship.owner
    return Page(title=f"{owner} does.", told={"owner": owner}, shown={})


def _markdown(report: Report) -> bytes:
    return f"# {report.title}\n".encode()


class Usurper:
    @hookimpl
    def register_commands(self, cli: CommandLine) -> None:
        cli.add_command(Look(words="card", does="Mine.", call=_owner, example="retainsdk card"))


class Muddled:
    @hookimpl
    def register_commands(self, cli: CommandLine) -> None:
        cli.add_command("desk who")  # type: ignore[arg-type] # the fault under test


class Useless:
    """Takes part in nothing there is."""

    @hookimpl
    def before_lunch(self) -> None: ...


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "crm.db"
    with Book.open(path, currency="EUR") as opened:
        noa = opened.register_customer(kind=Kind.PERSON, name="נועה", actor="dana")
        opened.open_relationship(noa, owner="dana", actor="dana")
    monkeypatch.setenv("RETAIN_BOOK", str(path))
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    return path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_a_command_of_a_plugin_reads_writes_and_prints_json_as_all_do(book: Path) -> None:
    named = ("--plugin", f"{HERE}:House", "desk")

    before = run(*named, "who", "נועה", "--json")
    taken = run(*named, "take", "נועה", "--actor", "omer")
    after = run(*named, "who", "נועה")

    assert json.loads(before.output) == {"schema_version": 1, "owner": "dana"}
    assert "is yours." in taken.output
    assert after.output == "omer does.\n"
    with Book.open(book) as opened:
        assert [event.actor for event in opened.events(name="OwnerAssigned")][-1] == "omer"


def test_a_plugin_that_is_not_named_takes_no_part(book: Path) -> None:
    del book

    assert run("desk", "who", "נועה").exit_code == 2
    assert "desk" not in run("--help").output


@pytest.mark.parametrize("how", ["option", "environment"])
def test_help_lists_what_plugins_add_and_what_it_is_about(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    named = ["--plugin", f"{HERE}:House"] if how == "option" else []
    if how == "environment":
        monkeypatch.setenv("RETAIN_PLUGINS", f"{HERE}:House")

    everything, group = run(*named, "--help"), run(*named, "desk", "--help")

    assert "What plug-ins add:\n  desk          who, take" in everything.output
    assert "Our desk." in group.output


def test_a_veto_holds_on_the_command_line(book: Path) -> None:
    refused = run("--plugin", f"{HERE}:House", "customer", "add", "Gil", "--actor", "robot")

    assert refused.exit_code == 2
    assert refused.output.startswith("retainsdk: no_robots: only people write into this book.")
    with Book.open(book) as opened:
        assert len(opened.ledger().customers) == 1


def test_a_report_is_written_in_the_form_of_a_plugin(book: Path, tmp_path: Path) -> None:
    del book
    out = tmp_path / "promises.md"
    show = ("report", "show", "promises", "--out", str(out))

    plain, named = run(*show), run("--plugin", f"{HERE}:House", *show)

    assert "End it in .csv, .json, .html, .arrow." in plain.output
    assert named.exit_code == 0
    assert out.read_text().startswith("# ")


def test_schemas_of_outputs_hold_those_of_plugins() -> None:
    schema = run("--plugin", f"{HERE}:House", "schema", "desk who", "--outputs")

    assert json.loads(schema.output)["$defs"]["desk who"]["properties"]["owner"] == {"type": "string"}


@pytest.mark.parametrize(
    ("named", "words"),
    [
        (("no_such_module:House",), "cannot be taken: ModuleNotFoundError"),
        ((f"{HERE}:Nobody",), "cannot be taken: AttributeError"),
        ((f"{HERE}:Useless",), "a plug-in: does not fit: "),
        ((f"{HERE}:Usurper",), "command 'card': is another one's already"),
        ((f"{HERE}:House", f"{HERE}:House"), "command 'desk who': is another one's already"),
        ((f"{HERE}:Muddled",), "is no row"),
        (("installed", f"{HERE}:House"), "plug-in 'installed': stands alone"),
    ],
)
@pytest.mark.parametrize("command", ["--help", "list"])
def test_a_plugin_that_cannot_take_part_is_told_in_one_sentence(
    named: tuple[str, ...], words: str, command: str
) -> None:
    options = [word for one in named for word in ("--plugin", one)]

    told = run(*options, *(["--help"] if command == "--help" else ["report", "list"]))

    assert told.exit_code == 2
    assert words in told.output
    assert "Traceback" not in told.output


def test_a_command_whose_first_word_is_one_already_is_refused() -> None:
    look = Look(words="desk", does="x", call=_owner, example="retainsdk desk")
    line = CommandLine([], {}, {"card"})
    line.add_command(look)

    with pytest.raises(CommandError, match="is another one's already"):
        line.add_command(Look(words="desk who", does="x", call=_owner, example="retainsdk desk who"))
