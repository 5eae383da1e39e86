"""
The comparison of what should exist with what does: what is to be opened, kept, moved and voided.

Nothing here depends on when duties ran before, so running them twice at one instant plans nothing the second time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import attrs

from retainsdk.account import Account
from retainsdk.account.commitments import contacts
from retainsdk.commitment import Commitment
from retainsdk.duties.wanted import Circumstances, Duty, LookAgain, Wanted
from retainsdk.events import (
    CommitmentBroken,
    CommitmentKept,
    CommitmentMade,
    DeliveredLate,
    DueMoved,
    Voided,
)
from retainsdk.vocabulary import Promise

Key = tuple[str, str]
Dated = tuple[datetime, object]


@attrs.frozen(kw_only=True)
class Plan:
    """
    What a run of duties would record, and when to look again.

    Attributes:
        bodies: The events for every relationship that needs any, each with the instant it is of.
        wake: For every relationship that time alone will change, the next instant at which it does.
    """

    bodies: Mapping[int, Sequence[Dated]]
    wake: Mapping[int, datetime]


def planned(duties: Iterable[Duty], accounts: Sequence[Account], known: Circumstances) -> Plan:
    """
    What is to be recorded so that just those commitments exist that should.

    Args:
        duties: Those to run; the commitments of others are left alone.
        accounts: Those to look at.
        known: At the instant of the run.
    """
    bodies: dict[int, list[Dated]] = defaultdict(list)
    wake: dict[int, datetime] = {}
    for account in accounts:  # terms that only come into force change what is owed without anything happening
        starts = [it.starts_on for it in account.contract.versions] if account.contract is not None else []
        coming = [day for day in starts if day > known.today]
        if coming:
            wake[account.relationship.id] = known.start_of(min(coming))
    numbers = {account.relationship.id: len(account.commitments) for account in accounts}
    for duty in duties:
        wanted: dict[int, dict[Key, Wanted]] = defaultdict(dict)
        for answer in duty.wanted(accounts, known):
            id_ = answer.relationship
            at = answer.at if isinstance(answer, LookAgain) else answer.since
            if isinstance(answer, Wanted) and at <= known.now:
                wanted[id_][answer.basis, answer.period] = answer
                at = answer.due  # when it is late, if it is not kept
            if at > known.now:
                wake[id_] = min(at, wake.get(id_, at))
        for account in accounts:
            id_ = account.relationship.id
            changes = list(_compared(duty.name, account, wanted.get(id_, {}), known.now, numbers[id_]))
            numbers[id_] += sum(isinstance(body, CommitmentMade) for _, body in changes)
            if changes:
                bodies[id_] += changes
    return Plan(bodies=bodies, wake=wake)


def _compared(
    duty: str, account: Account, wanted: Mapping[Key, Wanted], now: datetime, number: int
) -> Iterator[Dated]:
    # what was voided may be owed anew; what a person retracted was never owed
    own = [promise for promise in account.commitments.values() if promise.duty == duty]
    existing = {(it.basis, it.period): it for it in own if it.state != "voided"}
    voided_at = {(it.basis, it.period): it.since for it in own if it.state == "voided"}
    for key, promise in existing.items():
        if promise.is_open:
            yield from _brought_up_to_date(account, promise, wanted.get(key), now)
    for key, want in sorted(wanted.items(), key=lambda it: (it[1].due, it[0])):
        if key not in existing and want.kept_at is None:
            since = max(want.since, voided_at.get(key, want.since))  # till then the voided one stood
            if since < want.due:
                number += 1
                yield from _opened(account, _made(duty, number, want), since)


def _opened(account: Account, body: CommitmentMade, since: datetime) -> Iterator[Dated]:
    yield since, body
    # a contact before the run may have kept it before anybody wrote it down
    contact = Commitment.made(body, since, "").contact_in_time(contacts(account))
    if contact is not None:
        yield contact, CommitmentKept(commitment=body.commitment)


def _brought_up_to_date(
    account: Account, promise: Commitment, want: Wanted | None, now: datetime
) -> Iterator[Dated]:
    number, contact = promise.number, promise.contact_in_time(contacts(account))
    if contact is not None:
        yield max(contact, promise.since), CommitmentKept(commitment=number)
    elif want is not None and want.kept_at is not None:
        yield from _done(promise, want.kept_at, want.what)
    elif want is None and promise.kind is Promise.OCCASION and promise.state == "warned":
        return  # the day has passed, and he was told that we come later
    elif want is None and promise.closes_at > now:
        yield now, Voided(commitment=number, why=f"no longer owed: {promise.basis}")
    elif want is None:  # too late to take back
        yield max(promise.closes_at, promise.since), CommitmentBroken(commitment=number)
    elif _is_to_be_moved(promise, want, now):
        yield now, DueMoved(commitment=number, due=want.due, why=want.what)


def _done(promise: Commitment, at: datetime, evidence: str) -> Iterator[Dated]:
    at = max(at, promise.since)
    if at <= promise.closes_at:
        yield at, CommitmentKept(commitment=promise.number, evidence=evidence)
    else:
        yield at, CommitmentBroken(commitment=promise.number)
        yield at, DeliveredLate(commitment=promise.number, evidence=evidence)


def _is_to_be_moved(promise: Commitment, want: Wanted, now: datetime) -> bool:
    # not what the customer was given notice of, and not what is late already, unless its clock had been paused
    in_time = promise.due > now or want.case is not None
    return promise.state == "open" and want.due != promise.due and in_time and want.due > promise.made_at


def _made(duty: str, number: int, want: Wanted) -> CommitmentMade:
    return CommitmentMade(
        commitment=number,
        kind=want.kind,
        what=want.what,
        due=want.due,
        basis=want.basis,
        audience=want.audience,
        duty=duty,
        period=want.period,
        least_compensation=want.least_compensation,
        case=want.case,
    )
