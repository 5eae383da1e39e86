"""The agenda: what we owe to whom and by when, what policies propose, why it stands there, and what follows if it is missed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from enum import StrEnum
from itertools import groupby
from typing import Any

import attrs

from retainsdk.account import Account
from retainsdk.account.proposal import Proposal
from retainsdk.action import action_called
from retainsdk.codec import id_text
from retainsdk.commitment import Commitment
from retainsdk.firm.staff import stand_in
from retainsdk.ledger import Ledger
from retainsdk.relationship import UNASSIGNED
from retainsdk.vocabulary import KEPT_BY_CONTACT, Audience, Promise, Side
from retainsdk.wording import by_the_clock, counted, in_words
from retainsdk.worktime import WorkCalendar

SCHEMA_VERSION = 2
_INSTANT = timedelta(microseconds=1)


class Sort(StrEnum):
    """What sort of thing stands on the agenda."""

    PROMISE = "promise"
    REMEDY = "remedy"
    PROPOSAL = "proposal"


@attrs.frozen(kw_only=True)
class Item:
    """
    One thing on the agenda.

    Attributes:
        sort: A promise to keep, a broken one to make good, or a proposal to decide on or to do.
        owner: Who has to see to it: who has the relationship, or his deputy while he is away; while nobody has it,
            whoever gave the promise.
        instead_of: Who has the relationship, when his deputy sees to it; else empty.
        day: The last on which it can be done in time, in the book's zone: what is due at midnight is due the day before. A
            proposal stands on today.
        due: The instant; for a proposal the last one at which it makes sense.
        overdue: Whether that has passed.
        relationship: To whom it is owed.
        customer: His name.
        number: Of the promise, or of the proposed action.
        kind: A word for it: ``callback``, ``review``, ``check_in``.
        what: In the words of the promise or the policy.
        why: How it came to stand here.
        if_missed: What follows.
    """

    sort: Sort
    owner: str
    instead_of: str = ""
    day: date
    due: datetime
    overdue: bool
    relationship: int
    customer: str
    number: int
    kind: str
    what: str
    why: str
    if_missed: str


@attrs.frozen(kw_only=True)
class Agenda:
    """
    What is open.

    Attributes:
        as_of: When it was drawn up.
        until: The last day it looks at; none for all.
        items: By who sees to them, then by day and due time.
        nobody: Says that the book knows nobody of the name asked for, and who may be meant; else empty.
    """

    as_of: datetime
    until: date | None
    items: tuple[Item, ...]
    nobody: str = ""

    def as_json(self) -> dict[str, Any]:
        """For programs: the documented form of ``--json``."""
        return {
            "schema_version": SCHEMA_VERSION,
            "as_of": self.as_of,
            "until": self.until,
            "items": [
                attrs.asdict(item) | {"relationship": id_text(item.relationship), "sort": item.sort.value}
                for item in self.items
            ],
        }

    def __str__(self) -> str:
        if not self.items:
            return self.nobody or "Nothing is owed."
        lines: list[str] = []
        for owner, owned in groupby(self.items, key=lambda item: item.owner):
            lines.append(owner)
            for day, due in groupby(owned, key=lambda item: item.day):
                lines.append(f"  {day:%Y-%m-%d}")
                for item in due:
                    lines += _described(item)
        return "\n".join(lines)


def _described(item: Item) -> list[str]:
    whom = f"{item.customer} [{id_text(item.relationship)}]"
    kind = in_words(item.kind)
    late = " OVERDUE" if item.overdue else ""
    by = "24:00" if item.due.date() > item.day else f"{item.due:%H:%M}"
    heads = {
        Sort.PROMISE: f"{by}{late} {kind} {item.number} to {whom}: {item.what}",
        Sort.REMEDY: f"OWED remedy for {kind} {item.number} to {whom}: {item.what}",
        Sort.PROPOSAL: f"PROPOSAL {item.number}, {kind} for {whom}: {item.what}",
    }
    instead = f" (for {item.instead_of}, who is away)" if item.instead_of else ""
    return [
        f"    {heads[item.sort]}{instead}",
        f"      why: {item.why}",
        f"      if missed: {item.if_missed}",
    ]


def agenda(
    ledger: Ledger,
    *,
    as_of: datetime,
    owner: str | None = None,
    until: date | None = None,
    calendar: WorkCalendar | None = None,
) -> Agenda:
    """
    All open promises, overdue ones included, broken ones that are still to be made good, and open proposals.

    Whom an experiment wants left alone is proposed nothing; what is owed to him stands here as to everybody.

    Args:
        ledger: Folded from what had occurred by *as_of*.
        as_of: Now.
        owner: Only what he sees to, as a deputy too.
        until: Only what is due on that day or before.
        calendar: Of the firm, with its holidays: who has hours of his own is told what falls due outside them.
    """
    today = ledger.day(as_of)
    items = [
        item
        for account in ledger.accounts.values()
        for item in (*_owed(ledger, account, as_of), *_proposed(ledger, account, today))
        if (until is None or item.day <= until)
    ]
    items = [_handed_to_deputy(ledger, item, today) for item in items]
    items = [item for item in items if owner is None or item.owner == owner]
    hours = _Hours(ledger=ledger, firm=calendar or WorkCalendar(zone=ledger.zone))
    items = [hours.told(item, as_of) for item in items]
    items.sort(key=lambda item: (item.owner, item.day, item.due, item.relationship, item.sort, item.number))
    nobody = "" if owner is None or items else _nobody(ledger, owner)
    return Agenda(as_of=as_of, until=until, items=tuple(items), nobody=nobody)


def _nobody(ledger: Ledger, owner: str) -> str:
    """That nobody of a name works here or has anything to see to, with names like it; empty when somebody does."""
    accounts = ledger.accounts.values()
    known = {
        *ledger.staff,
        *(absence.deputy for one in ledger.staff.values() for absence in one.absences),
        *(account.relationship.owner for account in accounts),
        *(promise.made_by for account in accounts for promise in account.commitments.values()),
    }
    if owner in known:
        return ""
    by_case = {name.casefold(): name for name in sorted(known)}
    near = [by_case[name] for name in get_close_matches(owner.casefold(), by_case)]
    hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
    return f"Nobody called {owner!r} works here or has a relationship.{hint}"


def _owed(ledger: Ledger, account: Account, as_of: datetime) -> Iterator[Item]:
    for promise in account.commitments.values():
        to_make_good = promise.state == "broken" and _concerns_customer(promise)
        if not promise.is_open and not to_make_good:
            continue
        overdue = promise.closes_at < as_of
        yield Item(
            sort=Sort.PROMISE if promise.is_open else Sort.REMEDY,
            owner=_sees_to(account, promise),
            day=ledger.day(promise.due - _INSTANT),
            due=promise.due.astimezone(ledger.zone),
            overdue=overdue,
            relationship=account.relationship.id,
            customer=ledger.customer_of(account).name,
            number=promise.number,
            kind=promise.kind.name.lower(),
            what=promise.what,
            why=_why(ledger, promise),
            if_missed=_if_missed(promise, overdue=overdue) if promise.is_open else _still_owed(promise),
        )


def _proposed(ledger: Ledger, account: Account, today: date) -> Iterator[Item]:
    for proposal in account.proposals.values():
        if proposal.is_open(today) and not _is_held_out(ledger, account, proposal, today):
            yield Item(
                sort=Sort.PROPOSAL,
                owner=account.relationship.owner,
                day=today,
                due=datetime.combine(proposal.proposed.until, time(23, 59), tzinfo=ledger.zone),
                overdue=False,
                relationship=account.relationship.id,
                customer=ledger.customer_of(account).name,
                number=proposal.number,
                kind=proposal.kind,
                what=_wish(proposal),
                why=_reason(ledger, proposal),
                if_missed=f"nothing is owed: it makes sense until {proposal.proposed.until}, then it goes away",
            )


def _is_held_out(ledger: Ledger, account: Account, proposal: Proposal, today: date) -> bool:
    action = action_called(proposal.kind)
    if action.consent is None or action.owed:
        return False
    return ledger.held_out(account, action.consent, today) is not None


def _handed_to_deputy(ledger: Ledger, item: Item, today: date) -> Item:
    deputy = stand_in(ledger.staff, item.owner, max(item.day, today))
    return item if deputy in {None, item.owner} else attrs.evolve(item, owner=deputy, instead_of=item.owner)


def _sees_to(account: Account, promise: Commitment) -> str:
    owner = account.relationship.owner
    if owner == UNASSIGNED and promise.by is Side.US and not promise.duty:
        return promise.made_by  # nobody else would
    return owner


@attrs.frozen(kw_only=True)
class _Hours:
    """The hours of those who have their own, each read once."""

    ledger: Ledger
    firm: WorkCalendar
    _own: dict[str, WorkCalendar] = attrs.Factory(dict)

    def told(self, item: Item, as_of: datetime) -> Item:
        """The same item; when it falls due while he does not work, with the time until when he does."""
        who = self.ledger.staff.get(item.owner)
        if item.sort is not Sort.PROMISE or item.overdue or who is None or not who.hours:
            return item
        own = self._own.setdefault(item.owner, who.calendar(self.firm))
        last = own.last_closing(item.due)
        if last == item.due:
            return item
        works = (
            "nor before"
            if last is None or last <= as_of
            else f"until {last.astimezone(self.ledger.zone):%Y-%m-%d %H:%M}"
        )
        return attrs.evolve(item, why=f"{item.why}; {item.owner} does not work then, {works}")


def _concerns_customer(promise: Commitment) -> bool:
    return promise.audience is Audience.CUSTOMER and promise.by is Side.US


def _why(ledger: Ledger, promise: Commitment) -> str:
    if promise.duty:
        why = f"owed since {ledger.day(promise.made_at)} by the duty {in_words(promise.duty)}"
    else:
        by = promise.made_by if promise.by is Side.US else "the customer"
        why = f"promised by {by} on {ledger.day(promise.made_at)}"
    if promise.basis:
        why += f" ({by_the_clock(promise.basis, ledger.zone)})"
    if promise.notices:
        times = "once" if promise.notices == 1 else f"{promise.notices} times"
        why += f", put off {times}, first due {ledger.day(promise.first_due)}"
    if promise.broken_at is not None and promise.state == "broken":
        why += f", broken on {ledger.day(promise.broken_at)}"
    return why


def _if_missed(promise: Commitment, *, overdue: bool) -> str:
    if promise.by is Side.CUSTOMER:
        return "he has not done his part: remind him, and look at the contract"
    owed = "the customer is owed an explanation and a compensation"
    if promise.audience is Audience.INTERNAL:
        owed = "it is ours alone and lowers our reliability"
    if overdue:
        return f"too late to keep or to put off: it counts as broken, {owed}"
    if promise.kind is Promise.CALLBACK:
        return (
            f"calling back keeps it even when the work is unfinished; missed, it counts as broken, and {owed}"
        )
    if promise.kind in KEPT_BY_CONTACT:
        return f"a call or a message by a person keeps it; missed, it counts as broken, and {owed}"
    if promise.order:
        return f"the delivery of order {promise.order} keeps it, and a late notice is possible until it is due; missed, it counts as broken, and {owed}"
    return f"a late notice is possible until it is due; missed, it counts as broken, and {owed}"


def _still_owed(promise: Commitment) -> str:
    missing = [] if promise.explained else ["an explanation to the customer"]
    least, given = promise.least_compensation, promise.compensation
    if least and not promise.compensation_refused and (given is None or given < least):
        missing.append(f"a compensation of at least {least}, or his refusal of it")
    owed = " and ".join(missing) or "only to be recorded as remedied"
    return f"it stays broken and no ending is a good one; owed: {owed}"


def _wish(proposal: Proposal) -> str:
    parts = [f"by {in_words(proposal.channel)}"]
    if proposal.amount:
        parts.append(f"{proposal.amount}")
    if proposal.months:
        parts.append(f"for {counted(proposal.months, 'month')}")
    state = "approved" if proposal.state == "approved" else "to be decided"
    return f"{', '.join(parts)}; {state}"


def _reason(ledger: Ledger, proposal: Proposal) -> str:
    body = proposal.proposed
    why = f"{body.reason} (policy {body.policy} on {ledger.day(proposal.proposed_at)})"
    if proposal.approved_by:
        why += f", approved by {proposal.approved_by}"
    return why
