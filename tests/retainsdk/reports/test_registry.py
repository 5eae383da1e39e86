from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from retainsdk.book import Book
from retainsdk.duties import Circumstances
from retainsdk.errors import CommandError, InputError, UnknownReportError
from retainsdk.events import Statement
from retainsdk.experiment.proportion import as_rare, surprising, wilson
from retainsdk.hooks import hookimpl
from retainsdk.quantities import Money, total
from retainsdk.reports.registry import Forms, ReportDesk
from retainsdk.reports.report import Column, Report, Unit
from retainsdk.testing import NOW, a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import (
    CaseKind,
    Channel,
    Direction,
    OfferKind,
    Sensitivity,
    Severity,
    StatementKind,
)
from retainsdk.worktime import WorkCalendar

PHONE = Channel.PHONE


def a_busy_book() -> tuple[Book, int]:
    """A book with a little of what every report is about."""
    book = a_book()
    us = a_relationship(book, name="נועה", terms=some_terms(offering="S"))
    told: dict[str, Any] = {"occurred_at": at(3), "actor": "gil"}
    book.list_offering(
        "L", name="Large", fee=Money(60, "EUR"), included=100.0, occurred_at=at(1), actor="dana"
    )
    book.record_usage(us, month=date(2026, 2, 1), used=9.0, **told)
    offer = book.make_offer(us, kind=OfferKind.PACKAGE, offering="L", **told)
    book.accept_offer(us, offer, **told)
    for price in ("20", "25"):
        said = Statement(kind=StatementKind.PRICE, subject="M", value=price)
        book.record_interaction(
            us, channel=PHONE, direction=Direction.OUTBOUND, purpose="service", stated=[said], **told
        )
    book.record_interaction(us, channel=PHONE, direction=Direction.OUTBOUND, purpose="marketing", **told)
    number = 0
    for department, severity in (("finance", Severity.ALARM), ("service", Severity.NOTE)):
        number = book.raise_signal(
            us, department=department, kind="late", evidence="seen", severity=severity, **told
        )
    book.clear_signal(us, number, why="paid", occurred_at=at(3, 11), actor="dana", department="service")
    return book, us


def test_every_report_can_be_read_in_every_form_and_names_itself() -> None:
    book, _ = a_busy_book()

    for named in book.reports():
        report = book.report(named.name)

        assert report.name == named.name
        assert report.as_of == NOW
        for form in (report.as_csv(), str(report), report.as_html(), str(report.as_json())):
            assert form
        assert {"by", "purpose"} <= named.options.keys()
        assert all(named.options.values())
        said = [*(column.name for column in report.columns), *(word for word, _ in report.definitions)]
        assert len(set(said)) == len(said)


@pytest.mark.parametrize("by", [(), ("owner", "month"), "fact:city"])
def test_every_report_can_be_cut_by_what_all_have_in_common_or_not_at_all(by: Any) -> None:
    book, _ = a_busy_book()

    for named in book.reports():
        report = book.report(named.name, by=by)

        assert report.as_html()
        counts = [
            it.name
            for it in report.columns
            if it.name in {"contacts", "promises", "exits", "sales", "raised", "cost", "won"}
        ]
        for name in counts if by else ():
            cells: list[Any] = report.column(name)
            assert report.total_of(name) == (total(cells, "EUR") if name == "cost" else sum(cells)), (
                named.name
            )


def test_a_report_of_an_earlier_day_shows_nothing_later() -> None:
    book, _ = a_busy_book()

    assert book.report("signals", at(2)).rows == ()
    assert book.report("signals", at(3, 2)).total_of("standing") == 2
    assert book.report("signals").total_of("standing") == 1


def test_unsuitable_sales_contradictions_and_forbidden_contacts_name_who_and_what() -> None:
    book, _ = a_busy_book()

    sale, said, forbidden = (
        book.report(name).records() for name in ("mis-selling", "contradictions", "unconsented")
    )

    assert [(it["representative"], it["package"], it["rule"], it["least suitable"]) for it in sale] == [
        ("gil", "L", "uses 9 a month of 100 it is made for", 0.09)
    ]
    assert [(it["customer"], it["subject"], it["two people"]) for it in said] == [("נועה", "price of M", 0)]
    assert [(it["purpose"], it["channel"], it["contacts"]) for it in forbidden] == [("marketing", "phone", 1)]


def test_signals_are_told_by_department() -> None:
    book, _ = a_busy_book()

    rows = book.report("signals").records()

    assert [(it["department"], it["raised"], it["standing"], it["alarms standing"], it["cleared after"]) for it in rows] == [
        ("finance", 1, 1, 1, None), ("service", 1, 0, 0, 10.0),
    ]  # fmt: skip


def test_cases_are_answered_and_settled_in_working_time_without_the_time_we_waited() -> None:
    book = Book.in_memory(
        currency="EUR", clock=lambda: NOW, calendar=WorkCalendar.parse("Mon-Fri 09:00-17:00")
    )
    us = a_relationship(book)
    case = book.open_case(
        us, kind=CaseKind.REQUEST, topic="plan", occurred_at=at(3, 2, 16), actor="dana"
    )  # a Monday
    told: dict[str, Any] = {
        "channel": Channel.EMAIL,
        "direction": Direction.OUTBOUND,
        "purpose": "service",
        "case": case,
    }
    book.record_interaction(us, **told, substantive=False, occurred_at=at(3, 2, 16), actor="dana")
    book.record_interaction(us, **told, occurred_at=at(3, 3, 10), actor="dana")
    book.acknowledge_case(us, case, occurred_at=at(3, 3, 10), actor="dana")
    book.start_case(us, case, occurred_at=at(3, 3, 10), actor="dana")
    book.await_customer(us, case, why="the plan", occurred_at=at(3, 3, 11), actor="dana")
    book.customer_replied(us, case, occurred_at=at(3, 3, 15), actor="dana")
    book.resolve_case(us, case, how_done="sent", occurred_at=at(3, 3, 16), actor="dana")

    (row,) = book.report("cases").records()

    assert (row["sort"], row["first answer"], row["settled in"], row["first contact"]) == (
        "request",
        2.0,
        4.0,
        0.0,
    )


@pytest.mark.parametrize(
    ("name", "options", "why"),
    [
        (
            "signals",
            {"hour": Money(1, "EUR")},
            "option hour: is none of the report 'signals'. It takes: by, purpose",
        ),
        ("acquisition", {"months": 0}, "months 0: is no look back"),
        ("leaving-reasons", {"months": 10**9}, "months 1000000000: is no look back"),
        ("promises", {"by": "colour"}, "attribute 'colour'"),
    ],
)
def test_what_a_report_cannot_be_asked_is_refused_with_what_it_can(
    name: str, options: dict[str, Any], why: str
) -> None:
    with pytest.raises(CommandError, match=why):
        a_book().report(name, **options)


def test_an_unknown_report_is_refused_with_the_name_that_is_close() -> None:
    with pytest.raises(UnknownReportError, match=r"No report is called 'promise'\. Did you mean 'promises'"):
        a_book().report("promise")


def birthdays(known: Circumstances) -> Report:
    """How many customers have told when they were born, and what they eat."""
    count = [customer.facts_for("personal").get("diet") for customer in known.ledger.customers.values()]
    return Report(
        name="diets", title="Diets", question="Who eats what?", as_of=known.now, currency=known.ledger.currency,
        columns=(Column(name="diet", unit=Unit.CLASS, meaning="What they eat."),),
        rows=tuple((None if it is None else str(it.value),) for it in count),
    )  # fmt: skip


class Kitchen:
    """A plug-in with a report."""

    @hookimpl
    def register_report(self, registry: ReportDesk) -> None:
        registry.add_report("diets", birthdays, title="Diets", question="Who eats what?")


class Entrusted(Kitchen):
    """The same, for a purpose that opens sensitive facts."""

    purposes = ("personal",)


@pytest.mark.invariant(16)
@pytest.mark.parametrize(("plugin", "seen"), [(Kitchen(), None), (Entrusted(), "kosher")])
def test_the_report_of_a_plug_in_stands_among_the_others_and_sees_what_its_purposes_allow(
    plugin: object, seen: str | None
) -> None:
    book = Book.in_memory(currency="EUR", clock=lambda: NOW, plugins=[plugin])
    us = a_relationship(book)
    customer = book.account(us).relationship.customer
    book.learn_fact(
        customer, name="diet", value="kosher", source="she", sensitivity=Sensitivity.SENSITIVE, purposes=["personal"],
        actor="dana",
    )  # fmt: skip

    report = book.report("diets")

    assert "diets" in [named.name for named in book.reports()]
    assert report.rows == ((seen,),)


def test_a_plug_in_cannot_take_the_place_of_another_report() -> None:
    class Rival:
        @hookimpl
        def register_report(self, registry: ReportDesk) -> None:
            registry.add_report("promises", birthdays, title="", question="")

    with pytest.raises(CommandError, match="report 'promises': is another one's name already"):
        Book.in_memory(plugins=[Rival()]).reports()


def test_shares_of_few_are_told_with_honest_intervals_and_tests_that_know_how_many_there_were() -> None:
    assert wilson(0, 0) is None
    assert [round(end, 4) for end in wilson(0, 10) or ()] == [0.0, 0.2775]
    assert as_rare(0, 0, 1, 2) == as_rare(1, 2, 0, 0) == 1.0
    assert as_rare(8, 8, 0, 8) == pytest.approx(1 / 12870)
    assert as_rare(0, 5, 3, 5) == pytest.approx(1.0)
    assert surprising([0.02, 0.02, 0.02]) == [False, False, False]
    assert surprising([0.02]) == [True]


class Markdown:
    """A form of its own."""

    ending = ".md"

    @hookimpl
    def register_exporter(self, registry: Forms) -> None:
        registry.add_form(self.ending, self.write)

    def write(self, report: Report) -> Any:
        return "\n".join(f"| {' | '.join(map(str, row))} |" for row in report.rows).encode()


def test_a_report_is_written_in_a_form_that_a_plugin_adds(tmp_path: Path) -> None:
    book = Book.in_memory(plugins=[Markdown()])
    a_relationship(book, name="נועה")
    report, path = book.report("cross-section", measure="customers", by="customer"), tmp_path / "cut.md"

    report.save(path, book.report_forms())

    assert "נועה" in path.read_text(encoding="utf-8")
    with pytest.raises(CommandError, match=r"End it in \.csv, \.json, \.html, \.arrow\."):
        report.save(path)


@pytest.mark.parametrize("made", ["text", None, 7])
def test_a_form_that_makes_no_file_is_told_of_its_plugin_and_leaves_nothing(
    made: object, tmp_path: Path
) -> None:
    class Broken(Markdown):
        def write(self, report: Report) -> Any:
            return made if made != 7 else report.no_such_thing  # type: ignore[attr-defined] # the fault under test

    book = Book.in_memory(plugins=[Broken()])

    with pytest.raises(InputError, match=r"(?s)plug-in Broken.*register_exporter"):
        book.report("promises").save(tmp_path / "x.md", book.report_forms())

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", [".csv", "md", ""])
def test_a_form_has_an_ending_of_its_own(ending: str) -> None:
    plugin = Markdown()
    plugin.ending = ending

    with pytest.raises(CommandError, match="must be an ending of its own"):
        Book.in_memory(plugins=[plugin]).report_forms()
