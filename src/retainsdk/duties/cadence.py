"""Promised contact: how often we said we would be in touch, and how often we report on our progress (CONCEPTS A2, D6, E7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import takewhile
from typing import ClassVar

import attrs

from retainsdk.account import Account
from retainsdk.contract import Contract
from retainsdk.duties.wanted import Circumstances, LookAgain, Wanted
from retainsdk.quantities import months_later, whole_months
from retainsdk.record.cadence import Cadence, last_contact
from retainsdk.terms import Terms
from retainsdk.vocabulary import Promise, Stage


@attrs.frozen(kw_only=True)
class PromisedContact:
    """
    Open the next contact: so long after the last one as the terms, the firm or a plug-in promised.

    Of several promises the one that comes first counts. What a contact puts off is put off by any contact, whoever
    began it. What terms promise counts from the day on which they began to promise it: what went before was another
    time. What the firm promises counts from the beginning of the relationship.

    Attributes:
        by_class: Days by potential class, when the firm promises that to everybody; none when it does not.
        prospects: Whether who is no customer yet is promised it too, by his class (CONCEPTS C9).
        special: Days for some relationships, by their ids.
    """

    name: ClassVar[str] = "promised_contact"

    by_class: Cadence | None = None
    prospects: bool = False
    special: Mapping[int, int] = {}

    def wanted(self, accounts: Sequence[Account], known: Circumstances) -> Iterable[Wanted | LookAgain]:
        """One contact a relationship, from the last one on."""
        for account in accounts:
            promised = self._promised(account, known)
            is_awaited = self.prospects and account.relationship.stage is Stage.PROSPECT
            if not promised or not (account.relationship.goes_on or is_awaited):
                continue
            touched_at = last_contact(account.timeline, known.now)
            counted = [
                (began if touched_at is None else max(began, touched_at), days) for began, days in promised
            ]
            since, days = min(counted, key=lambda it: known.days_later(*it))
            yield Wanted(
                relationship=account.relationship.id,
                kind=Promise.CONTACT,
                what=f"a contact every {days} days",
                basis="promised contact",
                period=since.isoformat(),
                since=since,
                due=known.days_later(since, days),
            )

    def days(self, account: Account, known: Circumstances) -> int | None:
        """Days that may lie between two contacts of one relationship; none when none were promised."""
        return min((days for _, days in self._promised(account, known)), default=None)

    def _promised(self, account: Account, known: Circumstances) -> list[tuple[datetime, int]]:
        """Every promise of contact: since when it counts, and how many days may lie between two contacts."""
        terms, began_at = _terms(account, known), account.relationship.began_at
        promised = []
        if (special := self.special.get(account.relationship.id)) is not None:
            promised.append((began_at, special))
        if terms is not None and terms.cadence_days is not None and terms.starts_on <= known.today:
            promised.append((max(began_at, _contact_promised_at(account, known)), terms.cadence_days))
        if self.by_class is not None:
            potential, ideal = account.relationship.potential, self.by_class.ideal
            promised.append((began_at, ideal[max(ideal) if potential is None else potential]))
        return promised


def _contact_promised_at(account: Account, known: Circumstances) -> datetime:
    """Since when terms have promised contacts without a break, over contracts that gave way to each other."""
    promising: list[tuple[Terms, Contract]] = []
    contracts = sorted(
        (it for it in account.contracts.values() if it.signed_at is not None), key=lambda it: it.starts_on
    )
    versions = [
        (terms, contract)
        for contract in contracts
        for terms in contract.versions
        if terms.starts_on <= known.today
    ]
    for terms, contract in reversed(versions):
        if terms.cadence_days is None:
            break
        later = promising[-1][1] if promising else contract
        if later is not contract and contract.state != "superseded":
            break
        promising.append((terms, contract))
    first, contract = min(promising, key=lambda it: it[0].starts_on)
    began = known.start_of(first.starts_on)
    return began if contract.signed_at is None else max(began, contract.signed_at)


@attrs.frozen(kw_only=True)
class ProgressReports:
    """
    Open the report of the present period: so many months as the terms say.

    They count from the day on which reports were first promised so often: other changes of terms leave the rhythm.
    """

    name: ClassVar[str] = "progress_reports"

    def wanted(self, accounts: Sequence[Account], known: Circumstances) -> Iterable[Wanted | LookAgain]:
        """One report a period."""
        for account in accounts:
            terms, contract = _terms(account, known), account.contract
            if terms is None or contract is None or not terms.report_months or known.today < terms.starts_on:
                continue
            promised_on = _promised_on(contract, terms.report_months, known.today)
            done = whole_months(promised_on, known.today) // terms.report_months
            begins, ends = (
                months_later(promised_on, number * terms.report_months) for number in (done, done + 1)
            )
            yield Wanted(
                relationship=account.relationship.id,
                kind=Promise.REPORT,
                what=f"a report on our progress from {begins}",
                basis=f"contract {contract.number}",
                period=begins.isoformat(),
                since=max(known.start_of(begins), contract.signed_at or known.start_of(begins)),
                due=known.start_of(ends),
            )
            yield LookAgain(account.relationship.id, known.start_of(ends))


def _promised_on(contract: Contract, every: int, today: date) -> date:
    """Since when reports are promised so often, without a break."""
    started = [terms for terms in contract.versions if terms.starts_on <= today]
    so_often = takewhile(lambda terms: terms.report_months == every, reversed(started))
    return min(terms.starts_on for terms in so_often)


def _terms(account: Account, known: Circumstances) -> Terms | None:
    contract = account.contract
    if contract is None or not contract.is_running or contract.state == "suspended":
        return None
    return contract.terms_on(known.today)
