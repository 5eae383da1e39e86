"""
The comparison of what should exist with what does: what is to be opened, kept, moved and voided.

Nothing here depends on when duties ran before, so running them twice at one instant plans nothing the second time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import attrs

from retainsdk.account import Account
from retainsdk.commitment import Commitment
from retainsdk.duties.wanted import Duty, LookAgain, Wanted
from retainsdk.events import (
    CommitmentBroken,
    CommitmentKept,
    CommitmentMade,
    DeliveredLate,
    DueMoved,
    Voided,
)
from retainsdk.ledger import Ledger

Key = tuple[str, str, str]
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


def planned(
    duties: Iterable[Duty], accounts: Sequence[Account], ledger: Ledger, now: datetime
) -> Plan:
    """
    What is to be recorded so that just those commitments exist that should.

    Args:
        duties: Those to run; the commitments of others are left alone.
        accounts: Those to look at.
        ledger: Where they stand.
        now: The instant of the run.
    """
    bodies: dict[int, list[Dated]] = defaultdict(list)
    wake: dict[int, datetime] = {}
    numbers = {account.relationship.id: len(account.commitments) for account in accounts}
    for duty in duties:
        answers = list(duty.wanted(accounts, ledger, now))
        wanted: dict[int, dict[Key, Wanted]] = defaultdict(dict)
        for answer in answers:
            at = answer.at if isinstance(answer, LookAgain) else answer.since
            if at > now:
                wake[answer.relationship] = min(at, wake.get(answer.relationship, at))
            elif isinstance(answer, Wanted):
                wanted[answer.relationship][duty.name, answer.basis, answer.period] = answer
        for account in accounts:
            id_ = account.relationship.id
            numbers[id_], changes = _compared(
                duty.name, account, wanted.get(id_, {}), now, numbers[id_]
            )
            if changes:
                bodies[id_] += changes
    return Plan(bodies=bodies, wake=wake)


def _compared(
    duty: str, account: Account, wanted: Mapping[Key, Wanted], now: datetime, number: int
) -> tuple[int, list[Dated]]:
    changes: list[Dated] = []
    # what was voided may be owed anew; what a person retracted was never owed
    existing = {
        key_of(promise): promise
        for promise in account.commitments.values()
        if promise.duty == duty and promise.state != "voided"
    }
    for key, promise in existing.items():
        if promise.is_open:
            changes += _brought_up_to_date(promise, wanted.get(key), now)
    for key, want in sorted(wanted.items(), key=lambda it: (it[1].due, it[0])):
        if key not in existing and want.kept_at is None:
            number += 1
            changes.append((want.since, _made(duty, number, want)))
    return number, changes


def key_of(promise: Commitment) -> Key:
    """What tells a commitment of a duty from all others in its relationship."""
    return (promise.duty, promise.basis, promise.period)


def _brought_up_to_date(promise: Commitment, want: Wanted | None, now: datetime) -> Iterable[Dated]:
    number = promise.number
    if want is None:
        # what is due already is no longer ours to take back: it was kept or it is broken
        if promise.due > now:
            yield now, Voided(commitment=number, why=f"no longer owed: {promise.basis}")
    elif want.kept_at is not None and want.kept_at <= promise.due:
        yield want.kept_at, CommitmentKept(commitment=number, evidence=want.what)
    elif want.kept_at is not None:
        yield want.kept_at, CommitmentBroken(commitment=number)
        yield want.kept_at, DeliveredLate(commitment=number, evidence=want.what)
    elif promise.state == "open" and want.due != promise.due and min(want.due, promise.due) > now:
        # a due the customer was given notice of is not moved behind his back
        yield now, DueMoved(commitment=number, due=want.due, why=want.what)


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
