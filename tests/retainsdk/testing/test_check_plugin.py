"""A plug-in that answers rightly passes; one that does not hears which hook is wrong, and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from retainsdk.account import Account
from retainsdk.duties import Circumstances, Levels
from retainsdk.errors import InputError, Rejected
from retainsdk.events import CommitmentMade, Recorded, SignalRaised
from retainsdk.firm.offering import Judgement, Offering
from retainsdk.hooks import Context, hookimpl
from retainsdk.interchange.csv_table import Readers
from retainsdk.quantities import Money
from retainsdk.reports.promised import promises
from retainsdk.reports.registry import Forms, ReportDesk
from retainsdk.testing import check_plugin
from retainsdk.value.modifier import Modifier
from retainsdk.value.score import Part, Score

Ids = Mapping[int, Any]
numbers = count(1)


class Good:
    """One answer to everything."""

    purposes = ("service",)

    @hookimpl
    def before_append(self, context: Context) -> None:
        if context.actor == "robot":
            raise Rejected("no_robots", "only people write into this book")  # the name of the rule

    @hookimpl
    def cadence_for(self, accounts: Sequence[Account]) -> Ids:
        return {account.relationship.id: 7 for account in accounts}

    @hookimpl
    def service_levels_for(self, accounts: Sequence[Account]) -> Ids:
        return {account.relationship.id: Levels() for account in accounts}

    @hookimpl
    def tier_for(self, accounts: Sequence[Account]) -> Ids:
        return {account.relationship.id: "gold" for account in accounts}

    @hookimpl
    def remedy_for(self, commitments: Sequence[CommitmentMade]) -> Ids:
        return {place: Money(5, "EUR") for place, _ in enumerate(commitments)}

    @hookimpl
    def signals(self, accounts: Sequence[Account]) -> Ids:
        sign = SignalRaised(department="finance", kind="late", evidence="the bank")
        return {account.relationship.id: [sign] for account in accounts}

    @hookimpl
    def score(self, kind: str, accounts: Sequence[Account]) -> Ids | None:
        unit = {"health": "points", "risk": "points", "customer value": "EUR"}.get(kind)
        return None if unit is None else scores(kind, accounts, unit)

    @hookimpl
    def value_modifiers(self, accounts: Sequence[Account]) -> Ids:
        critic = Modifier(name="critic", source="press", starts_on=date(2026, 1, 1), factor=Decimal(2))
        return {account.relationship.id: [critic] for account in accounts}

    @hookimpl
    def suitability(self, offering: Offering, accounts: Sequence[Account]) -> Ids:
        likes = Judgement(value=0.9, rule=f"likes {offering.name}")
        return {account.relationship.id: likes for account in accounts}

    @hookimpl
    def register_report(self, registry: ReportDesk) -> None:
        registry.add_report("mine", promises, title="Mine", question="What is mine?")

    @hookimpl
    def register_exporter(self, registry: Forms) -> None:
        registry.add_form(".md", lambda report: str(report).encode())

    @hookimpl
    def register_importer(self, registry: Readers) -> None:
        registry.add_reader(".jsonl", lambda path: [path.read_text(encoding="utf-8").split()])

    @hookimpl
    def after_commit(self, events: Sequence[Recorded]) -> None:
        assert all(event.position for event in events)


def scores(kind: str, accounts: Sequence[Account], unit: str, points: int = -1) -> Ids:
    score = Score.of(kind, unit, [Part(name="calls", amount=Decimal(points), source="timeline")])
    return {account.relationship.id: score for account in accounts}


def test_a_good_one_passes() -> None:
    check_plugin(Good(), kinds=["risk"])


def test_a_score_of_its_own_is_checked_when_it_is_named() -> None:
    with pytest.raises(InputError, match="score: 'None' must know the kind 'fraud'"):
        check_plugin(Good(), kinds=["fraud"])


def test_models_are_checked_with_a_catalogue_and_customers_of_several_stages() -> None:
    asked: list[str] = []

    class Asked:
        @hookimpl
        def suitability(self, offering: Offering, accounts: Sequence[Account]) -> None:
            asked.extend(offering.code for _ in accounts)

    check_plugin(Asked())

    assert asked


class NoHook:
    """Takes part in nothing."""


class OnePurpose:
    purposes = "service"


class UnknownHook:
    @hookimpl
    def before_lunch(self) -> None: ...


class Vetoes:
    @hookimpl
    def before_append(self) -> None:
        msg = "no"
        raise KeyError(msg)


class Hurried:
    @hookimpl
    def cadence_for(self, accounts: Sequence[Account]) -> Ids:
        return {account.relationship.id: 0 for account in accounts}


class Foreign:
    @hookimpl
    def cadence_for(self) -> Ids:
        return {99: 7}


class Fickle:
    @hookimpl
    def cadence_for(self, accounts: Sequence[Account]) -> Ids:
        return {account.relationship.id: next(numbers) for account in accounts}


class Listing:
    @hookimpl
    def tier_for(self, accounts: Sequence[Account]) -> Any:
        return ["gold" for _ in accounts]


class Wordy:
    @hookimpl
    def service_levels_for(self, accounts: Sequence[Account]) -> Ids:
        return {account.relationship.id: "fast" for account in accounts}


class Tierless:
    @hookimpl
    def tier_for(self, accounts: Sequence[Account]) -> Ids:
        return {account.relationship.id: "" for account in accounts}


class Shouting:
    @hookimpl
    def signals(self, accounts: Sequence[Account]) -> Ids:
        return {account.relationship.id: "alarm" for account in accounts}


class Failing:
    @hookimpl
    def signals(self) -> Ids:
        raise ZeroDivisionError


class Dollars:
    @hookimpl
    def remedy_for(self) -> Ids:
        return {0: Money(5, "USD")}


class TooMany:
    @hookimpl
    def remedy_for(self) -> Ids:
        return {10**6: Money(5, "EUR")}


class Strange:
    @hookimpl
    def commitments_due(self, accounts: Sequence[Account], known: Circumstances) -> Iterable[Any]:
        return [known.now for _ in accounts]


class NoDuty:
    @hookimpl
    def duty_for(self, name: str) -> Any:
        return name if name == "notices" else None


class Generous:
    @hookimpl
    def score(self, kind: str, accounts: Sequence[Account]) -> Ids | None:
        return scores(kind, accounts, "points", 1) if kind == "health" else None


class Wayward:
    @hookimpl
    def score(self, kind: str, accounts: Sequence[Account]) -> Ids | None:
        return scores(kind, accounts, "points", -next(numbers)) if kind == "health" else None


class Comparing:
    @hookimpl
    def score(self, kind: str, accounts: Sequence[Account]) -> Ids | None:
        return scores(kind, accounts, "points", -len(accounts)) if kind == "health" else None


class Omniscient:
    @hookimpl
    def score(self, kind: str, accounts: Sequence[Account]) -> Ids | None:
        return scores(kind, accounts, "EUR" if kind == "customer value" else "points")


class Elsewhere:
    @hookimpl
    def value_modifiers(self) -> Ids:
        return {99: []}


class Sceptic:
    @hookimpl
    def suitability(self, accounts: Sequence[Account]) -> Ids:
        return {account.relationship.id: Judgement(value=-1, rule="no") for account in accounts}


class Drawing:
    @hookimpl
    def register_report(self, registry: ReportDesk) -> None:
        registry.add_report("mine", lambda known: known.nothing, title="Mine", question="?")


class Scribe:
    @hookimpl
    def register_exporter(self, registry: Forms) -> None:
        registry.add_form(".md", str)  # type: ignore[arg-type] # the fault


class Twice:
    @hookimpl
    def register_exporter(self, registry: Forms) -> None:
        registry.add_form(".csv", lambda report: str(report).encode())


class Blank:
    @hookimpl
    def register_importer(self, registry: Readers) -> None:
        registry.add_reader("", lambda _: [])


class Deaf:
    @hookimpl
    def after_commit(self, events: Sequence[Recorded]) -> None:
        raise ValueError(events)


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (NoHook, "must take part in a hook"),
        (OnePurpose, "must be several words"),
        (UnknownHook, "before_lunch"),
        (Vetoes, "before_append: .*KeyError"),
        (Hurried, "must be whole days, more than 0"),
        (Foreign, "must be one asked about"),
        (Foreign, "must be nothing for nobody"),
        (Fickle, "must not change when asked again"),
        (Listing, "must be a mapping by ids"),
        (Wordy, "must be Levels"),
        (Tierless, "must be the name of a tier"),
        (Shouting, "must be a list of SignalRaised"),
        (Failing, "signals: 'ZeroDivisionError"),
        (Dollars, "must be money in EUR"),
        (TooMany, "must be a place in the list"),
        (Strange, "must give Wanted and LookAgain"),
        (NoDuty, "duty_for notices, .*is missing"),
        (Generous, "score of .* must take points away"),
        (Wayward, "must not change when asked again"),
        (Comparing, "must be the same alone and among others"),
        (Omniscient, "must be None for a kind it knows nothing of"),
        (Elsewhere, "value_modifiers: '99' must be one asked about"),
        (Sceptic, "with a value from 0 to 1"),
        (Drawing, "register_report: .*AttributeError"),
        (Scribe, "register_exporter: .*TypeError"),
        (Twice, "must be an ending of its own"),
        (Blank, "register_importer: .*must have an ending of its own"),
        (Deaf, "after_commit: .*must be taken without an error"),
    ],
)
def test_a_plugin_that_breaks_a_rule_hears_which(broken: type, words: str) -> None:
    with pytest.raises(InputError, match=words):
        check_plugin(broken())
