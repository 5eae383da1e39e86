"""What a book holds that an argument can mean: the promise that is still open, the order that is on its way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from retainsdk.account import Account
from retainsdk.case import Case
from retainsdk.errors import RetainError
from retainsdk.ledger import Ledger
from retainsdk.lifecycle import Living
from retainsdk.terms import Terms
from retainsdk.vocabulary import Kind


def held(
    name: str, ledger: Ledger, given: Mapping[str, Any], now: datetime, step: str | None = None
) -> Sequence[Any]:
    """
    What an argument of a command can mean in a book; empty when nothing, or when it means nothing there is.

    Args:
        name: Of the argument.
        ledger: Of the book.
        given: The arguments before it: a promise is one of the relationship given.
        now: Terms begin around it.
        step: Of a lifecycle, that the command is known to take: then things that can take it.
    """
    if name in _OF_BOOK and "case" not in given:
        return list(_OF_BOOK[name](ledger))
    if name in _OF_CUSTOMER and {"customer", "person"} & given.keys():
        customer = ledger.customers.get(ledger.resolved(given.get("customer", given.get("person", 0))))
        return [] if customer is None else list(getattr(customer, _OF_CUSTOMER[name]))
    account = ledger.accounts.get(given.get("relationship", 0))
    return [] if account is None else _in_account(account, name, given, ledger.day(now), step)


def _in_account(
    account: Account, name: str, given: Mapping[str, Any], today: date, step: str | None
) -> Sequence[Any]:
    if name == "terms":
        return list(_following(account, today))
    if name == "option":
        return list(_options(account.cases.get(given.get("case", 0))))
    if name in _LIVING:
        return _changing(_LIVING[name](account), step)
    return list(_OF_ACCOUNT[name](account)) if name in _OF_ACCOUNT else []


def has_all(names: Sequence[str], account: Account, step: str | None = None) -> bool:
    """
    Whether an account holds something for every argument that means a part of an account.

    Args:
        names: Of the arguments.
        account: In which.
        step: Of a lifecycle; something in the account must be able to take it.
    """
    parts = [part(account) for name, part in {**_LIVING, **_OF_ACCOUNT}.items() if name in names]
    living = [account.relationship, *(it for part in _LIVING.values() for it in part(account).values())]
    return all(any(True for _ in part) for part in parts) and (
        step is None or any(step in it.machine.table[it.state] for it in living)
    )


def _changing(living: Mapping[int, Living], step: str | None) -> list[int]:
    """Those that can take the step or any, the newest of them more than once: it is what people talk about."""
    numbers = [
        number
        for number, it in living.items()
        if (it.machine.table[it.state] if step is None else step in it.machine.table[it.state])
    ]
    return [*numbers, *numbers[-1:] * 2]


def _persons(ledger: Ledger) -> Iterator[int]:
    return (id_ for id_, it in ledger.customers.items() if it.kind is Kind.PERSON)


def _parties(ledger: Ledger) -> Iterator[int]:
    return (id_ for id_, it in ledger.customers.items() if it.kind is not Kind.PERSON)


def _asked(account: Account) -> Iterator[int]:
    contract = account.contract
    return (it.number for it in (() if contract is None else contract.amendments) if it.answered_at is None)


def _options(case: Case | None) -> Iterator[str]:
    for choice in () if case is None else case.choices[-1:]:
        yield from choice.ways


def _following(account: Account, today: date) -> Iterator[Terms]:
    """Terms that change or renew those in force."""
    contract = account.contract
    if contract is None:
        return
    last = contract.versions[-1]
    for days in (0, 14, 90):
        day = max(today, last.starts_on) + timedelta(days=days)
        for other in (
            partial(last.amended, starts_on=day, fee=last.fee * 2),
            partial(last.amended, starts_on=day, products=last.products + 1, scope=("advice",)),
            partial(last.renewed, starts_on=last.ends_on or day),
        ):
            with suppress(RetainError):  # these terms allow no such others
                yield other()


_OF_BOOK: Mapping[str, Callable[[Ledger], Iterable[Any]]] = {
    **dict.fromkeys(("relationship", "referrer", "referred"), lambda ledger: ledger.accounts),
    **dict.fromkeys(("customer", "into", "merged"), lambda ledger: ledger.customers),
    "person": _persons,
    "party": _parties,
    "reports_to": _persons,
    "programme": lambda ledger: ledger.programmes,
    "campaign": lambda ledger: ledger.campaigns,
    "offering": lambda ledger: ledger.catalogue,
    "code": lambda ledger: ledger.catalogue,
}
_OF_CUSTOMER: Mapping[str, str] = {"point": "points", "affiliation": "affiliations", "name": "facts"}
_LIVING: Mapping[str, Callable[[Account], Mapping[int, Living]]] = {
    "contract": lambda it: it.contracts,
    "promise": lambda it: it.commitments,
    **dict.fromkeys(("case", "into", "repeats"), lambda it: it.cases),
    "offer": lambda it: it.offers,
    "action": lambda it: it.proposals,
}
_OF_ACCOUNT: Mapping[str, Callable[[Account], Iterable[Any]]] = {
    "amendment": _asked,
    "signal": lambda it: it.timeline.signals,
    "feedback": lambda it: it.timeline.feedback,
    "record": lambda it: [entry.version for entry in it.timeline.entries],
    "order": lambda it: it.timeline.orders,
    "invoice": lambda it: [*it.timeline.invoices, *it.timeline.on_account],
}
