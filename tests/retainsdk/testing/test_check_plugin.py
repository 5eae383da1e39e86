"""A plug-in that answers rightly passes; one that does not hears which hook is wrong, and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

import pytest

from retainsdk.account import Account
from retainsdk.duties import Circumstances, Levels
from retainsdk.errors import InputError, Rejected
from retainsdk.events import CommitmentMade, Recorded, SignalRaised
from retainsdk.hooks import Context, hookimpl
from retainsdk.quantities import Money
from retainsdk.testing import check_plugin

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
    def after_commit(self, events: Sequence[Recorded]) -> None:
        assert all(event.position for event in events)


def test_a_good_one_passes() -> None:
    check_plugin(Good())


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
        (Deaf, "after_commit: .*must be taken without an error"),
    ],
)
def test_a_plugin_that_breaks_a_rule_hears_which(broken: type, words: str) -> None:
    with pytest.raises(InputError, match=words):
        check_plugin(broken())
