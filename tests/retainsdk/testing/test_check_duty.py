"""The duties that ship pass the check; a duty that breaks one rule hears which."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from random import Random
from typing import Any

import attrs
import pytest

from retainsdk.account import Account
from retainsdk.duties import Circumstances, Duties, Duty, LookAgain, Wanted
from retainsdk.errors import InputError
from retainsdk.quantities import Money
from retainsdk.testing import check_duty
from retainsdk.vocabulary import Promise

LUCK = Random()


@pytest.mark.parametrize("duty", Duties().all(), ids=lambda duty: duty.name)
def test_every_duty_that_ships_passes(duty: Duty) -> None:
    check_duty(duty)


def wanted(account: Account, known: Circumstances, **changes: Any) -> Wanted:
    usual = Wanted(
        relationship=account.relationship.id,
        kind=Promise.REPORT,
        what="the yearly report",
        basis="our house",
        since=known.now,
        due=known.now + timedelta(days=1),
    )
    return attrs.evolve(usual, **changes)


@attrs.frozen
class Says:
    """A duty that says for each account what a function says."""

    of: Callable[[Account, Circumstances], Iterable[Any]]
    name: str = "says"

    def wanted(self, accounts: Sequence[Account], known: Circumstances) -> Iterable[Wanted | LookAgain]:
        return [it for account in accounts for it in self.of(account, known)]


def good(account: Account, known: Circumstances) -> Iterable[Any]:
    return [wanted(account, known), LookAgain(account.relationship.id, known.now + timedelta(days=9))]


def strange(_account: Account, _known: Circumstances) -> Iterable[Any]:
    return ["a report"]


def failing(_account: Account, _known: Circumstances) -> Iterable[Any]:
    raise ZeroDivisionError


def elsewhere(account: Account, known: Circumstances) -> Iterable[Any]:
    return [wanted(account, known, relationship=99)]


def naive(account: Account, known: Circumstances) -> Iterable[Any]:
    return [LookAgain(account.relationship.id, known.now.replace(tzinfo=None))]


def wordless(account: Account, known: Circumstances) -> Iterable[Any]:
    return [wanted(account, known, basis=" ")]


def late(account: Account, known: Circumstances) -> Iterable[Any]:
    return [wanted(account, known, due=known.now - timedelta(days=1))]


def in_no_case(account: Account, known: Circumstances) -> Iterable[Any]:
    return [wanted(account, known, case=77)]


def in_dollars(account: Account, known: Circumstances) -> Iterable[Any]:
    return [wanted(account, known, least_compensation=Money(5, "USD"))]


def twice(account: Account, known: Circumstances) -> Iterable[Any]:
    return [wanted(account, known), wanted(account, known, what="another report")]


def by_lot(account: Account, known: Circumstances) -> Iterable[Any]:
    return [wanted(account, known, period=str(LUCK.random()))]


def test_a_good_one_passes() -> None:
    check_duty(Says(good))


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (strange, "must give Wanted and LookAgain"),
        (failing, "ZeroDivisionError"),
        (elsewhere, "must be one asked about"),
        (naive, "instants with a zone"),
        (wordless, "what is owed and why"),
        (late, "must not be before it is owed"),
        (in_no_case, "case 77"),
        (in_dollars, "must be in EUR"),
        (twice, "must be wanted once"),
        (by_lot, "asked again.*must not change what is owed"),
    ],
)
def test_a_duty_that_breaks_a_rule_hears_which(
    says: Callable[[Account, Circumstances], Iterable[Any]], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        check_duty(Says(says))


def test_a_duty_that_judges_by_the_company_hears_about_whom_it_does() -> None:
    @attrs.frozen
    class Best:
        name: str = "best"

        def wanted(self, accounts: Sequence[Account], known: Circumstances) -> Iterable[Wanted]:
            return [wanted(account, known) for account in accounts[:1]]

    with pytest.raises(InputError) as refused:
        check_duty(Best())

    told = str(refused.value)
    assert "cannot be pickled" in told
    assert "in another order" in told
    assert "alone" in told


def test_what_is_no_duty_or_has_no_name_hears_so() -> None:
    with pytest.raises(InputError, match=r"wanted.*is missing"):
        check_duty("duty")  # type: ignore[arg-type] # that is the fault
    with pytest.raises(InputError, match="must be a word"):
        check_duty(Says(good, name=" "))
