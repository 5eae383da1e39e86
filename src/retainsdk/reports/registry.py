"""The reports a book can draw up, by name, and how a plug-in adds one."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping

import attrs

from retainsdk.disclosure import shown_ledger
from retainsdk.duties import Circumstances
from retainsdk.errors import CommandError, UnknownReportError
from retainsdk.reports.buying import buying_habits, favourite_products
from retainsdk.reports.complaints import cases, frequent_complaints
from retainsdk.reports.contact import contact, unconsented_contacts
from retainsdk.reports.flags import contradictions, misselling, signals
from retainsdk.reports.given import concessions
from retainsdk.reports.journey import journey
from retainsdk.reports.leaving import leaving_reasons
from retainsdk.reports.measures import cross_section
from retainsdk.reports.promised import promises
from retainsdk.reports.report import Report
from retainsdk.reports.winning import acquisition, stages

Draw = Callable[..., Report]
"""Takes the book as of an instant (`retainsdk.duties.Circumstances`) and options by name, and gives the report."""

_OPTIONS = {
    "by": "Attributes by which rows are told apart, one or more.",
    "purpose": "For which sensitive facts may be looked at.",
    "measure": "What is added up, one measure or more.",
    "hour": "What an hour of our time costs.",
    "months": "How far back it looks.",
    "below": "Suitability below which a sale is flagged.",
}


@attrs.frozen(kw_only=True)
class Named:
    """
    A report that can be asked for.

    Attributes:
        name: By which.
        title: As people call it.
        question: What it answers.
        draw: Draws it up.
        plugin: Who added it; empty for those of the book itself.
        purposes: For which the plug-in works: it sees sensitive facts for these alone.
    """

    name: str
    title: str
    question: str
    draw: Draw
    plugin: str = ""
    purposes: frozenset[str] = frozenset()

    @property
    def options(self) -> Mapping[str, str]:
        """What can be asked of it besides, by name; what is new in a plug-in's stands without a meaning."""
        taken = list(inspect.signature(self.draw).parameters)[1:]
        return {name: _OPTIONS.get(name, "") for name in taken}


class Reports:
    """All reports of a book: its own, and those plug-ins add to it."""

    def __init__(self) -> None:
        self._named: dict[str, Named] = {it.name: it for it in _OWN}

    def add(
        self,
        name: str,
        draw: Draw,
        *,
        title: str,
        question: str,
        plugin: str = "",
        purposes: frozenset[str] = frozenset(),
    ) -> None:
        """
        Add a report.

        Raises:
            CommandError: When another report has this name.
        """
        if name in self._named:
            raise CommandError(
                f"report {name!r}", "is another one's name already", "Choose a name of your own."
            )
        self._named[name] = Named(
            name=name, title=title, question=question, draw=draw, plugin=plugin, purposes=purposes
        )

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

    def drawn(self, name: str, known: Circumstances, options: Mapping[str, object]) -> Report:
        """
        A report.

        Args:
            name: Of it.
            known: The book as of an instant.
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
            known = attrs.evolve(known, ledger=shown_ledger(known.ledger, named.purposes))
        return named.draw(known, **asked)


@attrs.frozen
class Desk:
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
        self.reports.add(
            name, draw, title=title, question=question, plugin=self.plugin, purposes=self.purposes
        )


def _own(name: str, draw: Draw, title: str, question: str) -> Named:
    return Named(name=name, title=title, question=question, draw=draw)


_OWN = (
    _own("acquisition", acquisition, "Cost of winning and of keeping", "What did each customer won cost, and what was spent on those we had?"),
    _own("buying-habits", buying_habits, "Buying habits", "How often do customers buy, how much, and when?"),
    _own("cases", cases, "Cases", "How fast do we answer and settle what customers bring us?"),
    _own("concessions", concessions, "Concessions", "Who gives what to keep customers, and may he?"),
    _own("contact", contact, "Contact and silence", "Do we call before the customer calls, and whom have we left in silence?"),
    _own("contradictions", contradictions, "Contradictions", "Which customers were told different things?"),
    _own("cross-section", cross_section, "Cross-section", "How much is it, and whose?"),
    _own("favourite-products", favourite_products, "Favourite products", "What do customers buy most, and come again for?"),
    _own("frequent-complaints", frequent_complaints, "Frequent complaints", "What do customers complain about, does it come back, and what were they answered?"),
    _own("leaving-reasons", leaving_reasons, "Reasons for leaving", "Why do customers say they leave, who writes it down, and can it be believed?"),
    _own("mis-selling", misselling, "Unsuitable sales", "Who sold what to somebody it does not suit?"),
    _own("promises", promises, "Promises kept", "Whose word can a customer rely on?"),
    _own("signals", signals, "Signals", "Which department warns of what, and who sees to it?"),
    _own("stages", stages, "Cost and value of each stage", "What does a customer cost and bring at each stage of his way with us?"),
    _own("touchpoints", journey, "Journey map", "Which way do customers go, and at which step is it hard?"),
    _own("unconsented", unconsented_contacts, "Contacts without consent", "Whom did we contact although he had not allowed it?"),
)  # fmt: skip
