from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from retainsdk.book import Book
from retainsdk.cli import main
from retainsdk.contract import Contract
from retainsdk.quantities import Money
from retainsdk.terms import ServiceLevel
from retainsdk.vocabulary import Kind, Stage, TermKind

FORM = """
kind = "fixed-then-open"
months = 12
starts_on = 2025-03-05
fee = 29.85
scope = ["audit", "advice"]
service_levels = [{ what = "first response", working_hours = 4 }]
early_termination_fee = "120"
our_responsibilities = ["ליווי אישי"]
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book with one customer, named in the environment."""
    with Book.open(tmp_path / "crm.db", currency="ILS", zone="Asia/Jerusalem") as book:
        book.take_on(kind=Kind.PERSON, name="Noa", stage=Stage.ACTIVE, actor="dana")
    monkeypatch.setenv("RETAIN_BOOK", str(tmp_path / "crm.db"))
    monkeypatch.setenv("RETAIN_ACTOR", "dana")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def contract_in(path: Path) -> Contract:
    with Book.open(path / "crm.db") as book:
        relationship = book.called("Noa").relationship
        assert relationship is not None
        contract = book.account(relationship).contract
    assert contract is not None
    return contract


def test_terms_come_from_a_file_and_options_go_before_it(path: Path) -> None:
    (path / "terms.toml").write_text(FORM)

    result = run(
        "contract", "sign", "Noa", "--terms", "terms.toml", "--fee", "24.90", "--service-level", "repair=16"
    )

    assert result.exit_code == 0, result.output
    (terms,) = contract_in(path).versions
    assert (terms.kind, terms.months, terms.starts_on) == (TermKind.FIXED_THEN_OPEN, 12, date(2025, 3, 5))
    assert (terms.fee, terms.early_termination_fee) == (Money("24.90", "ILS"), Money(120, "ILS"))
    assert (terms.scope, terms.our_responsibilities) == (("audit", "advice"), ("ליווי אישי",))
    assert terms.service_levels == (ServiceLevel(what="repair", working_hours=16),)


def test_all_faults_of_a_file_of_terms_are_told_with_their_places(path: Path) -> None:
    (path / "terms.toml").write_text(
        'kind = "forever"\nfee = "much"\nmonth = 3\nscope = [3]\nservice_levels = ["x"]\n'
    )

    result = run("contract", "draft", "Noa", "--terms", "terms.toml")

    assert result.exit_code == 2
    lines = result.stderr.splitlines()
    assert [line.strip().partition(":")[0] for line in lines[1:]] == [
        "terms.toml, kind", "terms.toml, fee", "terms.toml, month", "terms.toml, service_levels[0]", "--starts-on",
    ]  # fmt: skip


def test_a_file_that_is_no_toml_is_refused_in_words(path: Path) -> None:
    (path / "terms.toml").write_text("fee = ")

    result = run("contract", "draft", "Noa", "--terms", "terms.toml")

    assert result.exit_code == 2
    assert "cannot be read as TOML" in result.stderr
    assert isinstance(result.exception, SystemExit)


@pytest.mark.usefixtures("path")
def test_terms_that_contradict_each_other_are_refused_with_every_contradiction() -> None:
    result = run(
        "contract", "draft", "Noa", "--kind", "open-ended", "--months", "3", "--lock-in-months", "40",
        "--starts-on", "2025-03-05", "--fee", "10",
    )  # fmt: skip

    assert result.exit_code == 2
    assert "months (3) must be 0" in result.stderr
    assert "lock_in_months (40) must be 0 to 36" in result.stderr


def test_an_amendment_keeps_what_it_does_not_say_of_the_terms_of_that_day(path: Path) -> None:
    sign = (
        "contract",
        "sign",
        "Noa",
        "--kind",
        "fixed",
        "--months",
        "24",
        "--starts-on",
        "2025-01-01",
        "--fee",
        "30",
    )
    assert run(*sign, "--scope", "audit").exit_code == 0
    assert (
        run("contract", "amend", "Noa", "--starts-on", "2999-01-01", "--fee", "20").exit_code == 2
    )  # after its end

    result = run("contract", "amend", "Noa", "--starts-on", "2026-01-01", "--fee", "25.5")

    assert result.exit_code == 0, result.output
    terms = contract_in(path).versions[-1]
    assert (terms.fee, terms.scope, terms.ends_on) == (Money("25.50", "ILS"), ("audit",), date(2027, 1, 1))


@pytest.mark.usefixtures("path")
def test_who_has_no_contract_has_none_to_amend() -> None:
    for words in (("amend", "Noa", "--fee", "1"), ("renew", "Noa"), ("show", "Noa")):
        start = () if words[0] == "show" else ("--starts-on", "2026-01-01")
        result = run("contract", *words, *start)
        assert result.exit_code == 2
        assert "holds no contract of relationship" in result.stderr


@pytest.mark.usefixtures("path")
def test_a_contract_is_shown_with_the_terms_in_force() -> None:
    run("contract", "draft", "Noa", "--kind", "open-ended", "--starts-on", "2025-03-05", "--fee", "30")

    drafted = json.loads(run("contract", "show", "Noa", "--json").output)
    run("contract", "offer", "Noa", "1")
    run("contract", "sign", "Noa", "--contract", "1", "--by-us", "dana", "--by-customer", "Noa")
    signed = json.loads(run("contract", "show", "Noa", "--json").output)

    assert (drafted["contract"]["state"], drafted["terms_in_force"]) == ("draft", None)
    assert (signed["contract"]["state"], signed["terms_in_force"]["fee"]) == ("in_force", "30.00 ILS")
