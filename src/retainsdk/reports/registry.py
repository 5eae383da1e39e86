"""The reports a book can draw up, by name, the forms it writes them in, and how a plug-in adds one of either."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping

import attrs

from retainsdk.disclosure import shown_ledger
from retainsdk.errors import CommandError, UnknownReportError
from retainsdk.hooks import blamed
from retainsdk.reports.buying import BUYING_HABITS, FAVOURITE_PRODUCTS, buying_habits, favourite_products
from retainsdk.reports.complaints import CASES, FREQUENT_COMPLAINTS, cases, frequent_complaints
from retainsdk.reports.contact import CONTACT, UNCONSENTED, contact, unconsented_contacts
from retainsdk.reports.effect import EFFECT, effect
from retainsdk.reports.flags import CONTRADICTIONS, MIS_SELLING, SIGNALS, contradictions, misselling, signals
from retainsdk.reports.given import CONCESSIONS, concessions
from retainsdk.reports.journey import TOUCHPOINTS, journey
from retainsdk.reports.leaving import LEAVING_REASONS, leaving_reasons
from retainsdk.reports.measures import CROSS_SECTION, cross_section
from retainsdk.reports.promised import PROMISES, promises
from retainsdk.reports.report import FORMS, About, Form, Report
from retainsdk.reports.retrospect import Retrospect
from retainsdk.reports.winning import ACQUISITION, STAGES, acquisition, stages

Draw = Callable[..., Report]
"""Takes the book as of an instant and before (`Retrospect`) and options by name, and gives the report."""

_OPTIONS = {
    "by": "Attributes by which rows are told apart, one or more.",
    "purpose": "For which sensitive facts may be looked at.",
    "measure": "What is added up, one measure or more.",
    "hour": "What an hour of our time costs.",
    "months": "How far back it looks.",
    "below": "Suitability below which a sale is flagged.",
    "experiment": "Which experiment; the one that began last unless given.",
    "days": "The horizon: for how long after the beginning customers are followed.",
}


@attrs.frozen(kw_only=True)
class Named:
    """
    A report that can be asked for.

    Attributes:
        about: Its name, its title and what it answers.
        draw: Draws it up.
        plugin: Who added it; empty for those of the book itself.
        purposes: For which the plug-in works: it sees sensitive facts for these alone.
    """

    about: About
    draw: Draw
    plugin: str = ""
    purposes: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """By which it is asked for."""
        return self.about.name

    @property
    def options(self) -> Mapping[str, str]:
        """What can be asked of it besides, by name; what is new in a plug-in's stands without a meaning."""
        taken = list(inspect.signature(self.draw).parameters)[1:]
        return {name: _OPTIONS.get(name, "") for name in taken}


class Reports:
    """All reports of a book: its own, and those plug-ins add to it."""

    def __init__(self) -> None:
        self._named: dict[str, Named] = {it.name: it for it in _OWN}

    def add(self, named: Named) -> None:
        """
        Add a report.

        Raises:
            CommandError: When another report has this name.
        """
        if named.name in self._named:
            raise CommandError(
                f"report {named.name!r}", "is another one's name already", "Choose a name of your own."
            )
        self._named[named.name] = named

    def __getitem__(self, name: str) -> Named:
        """
        A report by name.

        Raises:
            UnknownReportError: When there is none; it names those there are.
        """
        if name not in self._named:
            raise UnknownReportError(name, self._named)
        return self._named[name]

    def all(self) -> tuple[Named, ...]:
        """By name."""
        return tuple(self._named[name] for name in sorted(self._named))

    def drawn(self, name: str, known: Retrospect, options: Mapping[str, object]) -> Report:
        """
        A report.

        Args:
            name: Of it.
            known: The book as of an instant, and before.
            options: What is asked of it besides; none of them is left to the report.

        Raises:
            UnknownReportError: When there is none of that name.
            CommandError: When it has no such option, or an option is out of its range.
        """
        named = self[name]
        asked = {option: value for option, value in options.items() if value is not None}
        wrong = sorted(asked.keys() - named.options.keys())
        if wrong:
            raise CommandError(
                f"option {', '.join(wrong)}",
                f"is none of the report {name!r}",
                f"It takes: {', '.join(named.options) or 'none'}.",
            )
        if named.plugin:  # a stranger sees what strangers may
            known = known.through(lambda ledger: shown_ledger(ledger, named.purposes))
        return named.draw(known, **asked)


@attrs.frozen
class ReportDesk:
    """
    Where a plug-in hands in its reports.

    Attributes:
        reports: To which they are added.
        plugin: Its name.
        purposes: For which it works.
    """

    reports: Reports
    plugin: str
    purposes: frozenset[str]

    def add_report(self, name: str, draw: Draw, *, title: str, question: str) -> None:
        """
        Add a report.

        Args:
            name: By which it is asked for.
            draw: A pure function of the book as of an instant, and of options by name.
            title: As people call it.
            question: What it answers.

        Raises:
            CommandError: When another report has this name.
        """
        about = About(name=name, title=title, question=question)
        self.reports.add(Named(about=about, draw=draw, plugin=self.plugin, purposes=self.purposes))


@attrs.frozen
class Forms:
    """
    Where a plug-in hands in forms that reports are written in.

    Attributes:
        by_ending: What makes a file of a report, by how the name of the file ends.
        plugin: Its name.
    """

    by_ending: dict[str, Form]
    plugin: str

    @staticmethod
    def own() -> dict[str, Form]:
        """Those of the book itself."""
        return dict(FORMS)

    def add_form(self, ending: str, write: Form) -> None:
        """
        Add a form.

        Args:
            ending: How names of its files end, like ``.md``.
            write: A pure function that makes the bytes of a file of a report. The report is what somebody asked for: it
                may hold what only he may see, and his is the file.

        Raises:
            CommandError: When that is no ending, or another form has it.
        """
        if not ending.startswith(".") or ending in self.by_ending:
            raise CommandError(
                f"form {ending!r}", "must be an ending of its own, like '.md'", "Choose another one."
            )

        def written(report: Report) -> bytes:
            with blamed(self.plugin, "register_exporter", "Make bytes of any report."):
                return bytes(memoryview(write(report)))

        self.by_ending[ending] = written


_OWN = tuple(
    Named(about=about, draw=draw)
    for about, draw in (
        (ACQUISITION, acquisition),
        (BUYING_HABITS, buying_habits),
        (CASES, cases),
        (CONCESSIONS, concessions),
        (CONTACT, contact),
        (CONTRADICTIONS, contradictions),
        (CROSS_SECTION, cross_section),
        (EFFECT, effect),
        (FAVOURITE_PRODUCTS, favourite_products),
        (FREQUENT_COMPLAINTS, frequent_complaints),
        (LEAVING_REASONS, leaving_reasons),
        (MIS_SELLING, misselling),
        (PROMISES, promises),
        (SIGNALS, signals),
        (STAGES, stages),
        (TOUCHPOINTS, journey),
        (UNCONSENTED, unconsented_contacts),
    )
)
