"""Notices: what a customer must be told before his contract goes on or ends, and our own look at it before (CONCEPTS E4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import ClassVar

import attrs

from retainsdk.account import Account
from retainsdk.contract import Contract
from retainsdk.duties.wanted import Circumstances, LookAgain, Wanted
from retainsdk.terms import Terms
from retainsdk.vocabulary import Audience, Promise, TermKind


@attrs.frozen(kw_only=True)
class Notices:
    """
    Tell a customer in time that his term ends or renews, or that a rest is over; look at a contract before its lock-in ends.

    A notice of renewal is due before the last day on which he can still give notice, so that it is of use to him.

    Attributes:
        end_days: Before the end of a fixed term by which he is told. Laws differ: thirty to sixty days are common.
        renewal_days: Before the last day for notice by which he is told of a renewal.
        lock_in_days: Before the end of a lock-in by which the owner looks at the contract.
        rest_days: Before the end of a rest by which he is told that service and fees go on again.
        ahead_days: How long before it is due each stands on the agenda.
    """

    name: ClassVar[str] = "notices"

    end_days: int = 30
    renewal_days: int = 14
    lock_in_days: int = 30
    rest_days: int = 7
    ahead_days: int = 30

    def wanted(self, accounts: Sequence[Account], known: Circumstances) -> Iterable[Wanted | LookAgain]:
        """One notice a term and a rest, one review a lock-in."""
        for account in accounts:
            contract = account.contract
            if contract is None or contract.state not in {"in_force", "suspended"}:
                continue
            terms = contract.terms_on(known.today)
            yield from self._of_term(account, contract, terms, known)
            yield from self._of_lock_in(account, contract, terms, known)
            if contract.suspended_until is not None:
                until = contract.suspended_until
                what = f"tell him that service and fees go on again on {until}, and resume the contract then"
                ending = ("rest", until, self.rest_days)
                yield self._due(account, contract, Promise.NOTICE, what, ending, known)

    def _of_term(
        self, account: Account, contract: Contract, terms: Terms, known: Circumstances
    ) -> Iterator[Wanted | LookAgain]:
        ends_on = terms.term_ends_on(known.today)
        if ends_on is None:
            return
        renews = terms.kind is TermKind.AUTO_RENEWING
        days = terms.notice_days + self.renewal_days if renews else self.end_days
        what = f"tell him that the term {'renews' if renews else 'ends'} on {ends_on}"
        yield self._due(account, contract, Promise.NOTICE, what, ("term", ends_on, days), known)
        yield LookAgain(account.relationship.id, known.start_of(ends_on))

    def _of_lock_in(
        self, account: Account, contract: Contract, terms: Terms, known: Circumstances
    ) -> Iterator[Wanted | LookAgain]:
        free_on = terms.lock_in_ends_on
        if not terms.binds(known.today):
            return
        what = f"look at the contract before he is free on {free_on}"
        yield self._due(
            account, contract, Promise.REVIEW, what, ("lock-in", free_on, self.lock_in_days), known
        )
        yield LookAgain(account.relationship.id, known.start_of(free_on))

    def _due(
        self,
        account: Account,
        contract: Contract,
        kind: Promise,
        what: str,
        ending: tuple[str, date, int],
        known: Circumstances,
    ) -> Wanted:
        name, on, days = ending
        began = contract.signed_at or account.relationship.opened_at
        if name == "rest":
            began = contract.since
        # who signs for less time than the notice takes is told within two days
        due = max(known.start_of(on - timedelta(days=days)), known.days_later(began, 2))
        return Wanted(
            relationship=account.relationship.id,
            kind=kind,
            what=what,
            basis=f"contract {contract.number}, {name}",
            period=on.isoformat(),
            since=max(known.days_later(due, -self.ahead_days), began),
            due=due,
            audience=Audience.CUSTOMER if kind is Promise.NOTICE else Audience.INTERNAL,
        )
