"""Promised contact: how often we said we would be in touch, and how often we report on our progress (CONCEPTS A2, D6, E7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import takewhile
from typing import ClassVar

import attrs

from retainsdk.account import Account
from retainsdk.contract import Contract
from retainsdk.duties.wanted import Circumstances, LookAgain, Wanted
from retainsdk.quantities import months_later, whole_months
from retainsdk.record.cadence import Cadence, last_contact
from retainsdk.terms import Terms
from retainsdk.vocabulary import Promise


@attrs.frozen(kw_only=True)
class PromisedContact:
    """
    Open the next contact: so long after the last one as the terms, the firm or a plug-in promised.

    Of several promises the one that comes first counts. What a contact puts off is put off by any contact, whoever
    began it.

    Attributes:
        by_class: Days by potential class, when the firm promises that to everybody; none when it does not.
        special: Days for some relationships, by their ids.
    """

    name: ClassVar[str] = "promised_contact"

    by_class: Cadence | None = None
    special: Mapping[int, int] = {}

    def wanted(self, accounts: Sequence[Account], known: Circumstances) -> Iterable[Wanted | LookAgain]:
        """One contact a relationship, from the last one on."""
        for account in accounts:
            days = self.days(account, known)
            if days is None or not account.relationship.goes_on:
                continue
            touched_at = last_contact(account.timeline, known.now)
            began_at = account.relationship.began_at
            since = began_at if touched_at is None or touched_at < began_at else touched_at
            yield Wanted(
                relationship=account.relationship.id,
                kind=Promise.CONTACT,
                what=f"a contact every {days} days",
                basis="promised contact",
                period=since.isoformat(),
                since=since,
                due=since + timedelta(days=days),
            )

    def days(self, account: Account, known: Circumstances) -> int | None:
        """Days that may lie between two contacts of one relationship; none when none were promised."""
        terms = _terms(account, known)
        promised = [self.special.get(account.relationship.id), None if terms is None else terms.cadence_days]
        if self.by_class is not None:
            potential = account.relationship.potential
            promised.append(self.by_class.ideal[max(self.by_class.ideal) if potential is None else potential])
        return min((days for days in promised if days is not None), default=None)


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
