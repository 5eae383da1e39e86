"""What happens to an account's promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

import attrs

from retainsdk.account.state import Account, Moment
from retainsdk.commitment import Commitment, CommitmentEvent, Contact
from retainsdk.errors import CommandError, UnknownIdError
from retainsdk.events import (
    CommitmentBroken,
    CommitmentKept,
    CommitmentMade,
    CommitmentRemedied,
    Compensated,
    CompensationRefused,
    DeliveredLate,
    DueMoved,
    Explained,
    InteractionRecorded,
    LateNoticeGiven,
    Released,
    Retracted,
    Voided,
)
from retainsdk.vocabulary import KEPT_BY_CONTACT
from retainsdk.wording import in_words
from retainsdk.worktime import WorkCalendar, paused


def kept_by(account: Account, body: InteractionRecorded, at: datetime) -> Iterator[int]:
    """The numbers of the open promises that a contact keeps, whatever it was about: nobody has to think of them."""
    contact = [(at, body)]
    return (
        promise.number
        for promise in account.commitments.values()
        if promise.is_open and promise.since <= at and promise.contact_in_time(contact) is not None
    )


def come_to_an_end(
    account: Account, now: datetime
) -> Iterator[tuple[datetime, CommitmentKept | CommitmentBroken]]:
    """
    What has become of the open promises that can no longer be kept, and when.

    One that a contact in its window kept is kept, even when the contact was recorded after it; every other one is
    broken since its last instant. The clock of a duty stands still while its case waits for the customer.
    """
    for promise in account.commitments.values():
        if not promise.is_open or now <= promise.closes_at or is_paused(account, promise):
            continue
        contact = promise.contact_in_time(contacts(account))
        if contact is None:
            yield max(promise.closes_at, promise.since), CommitmentBroken(commitment=promise.number)
        else:
            yield max(contact, promise.since), CommitmentKept(commitment=promise.number)


def is_paused(account: Account, promise: Commitment) -> bool:
    """Whether the promise of a duty about a case waits because we wait for the customer, and did before it was due."""
    case = account.cases.get(promise.case or 0)
    waits = case is not None and case.state == "pending" and case.pauses[-1].began_at < promise.due
    return bool(promise.duty) and waits


def resumed(account: Account, case: int, at: datetime, calendar: WorkCalendar) -> Iterator[DueMoved]:
    """What becomes of the dues that stood still with a case when we wait no longer: each is as much later as we waited."""
    for promise in account.commitments.values():
        if promise.case == case and promise.is_open and is_paused(account, promise):
            pause = account.cases[case].pauses[-1]
            due = paused(promise.due, [(max(pause.began_at, promise.made_at), at)], calendar)
            yield DueMoved(commitment=promise.number, due=due, why=pause.why)


def recounted(account: Account) -> int | None:
    """
    Look again what contact kept each promise, after one of them turned out not to have been.

    Returns:
        The number of a promise that none has kept; none when there is no such promise.
    """
    for number, promise in account.commitments.items():
        if promise.state == "kept" and promise.kind in KEPT_BY_CONTACT:
            contact = promise.contact_in_time(contacts(account), by=promise.since)
            if contact is None:
                return number
            account.commitments[number] = attrs.evolve(promise, kept_at=contact)
    return None


def contacts(account: Account) -> Sequence[Contact]:
    """Between us and the customer, in the order of recording."""
    return account.timeline.of(InteractionRecorded)


def _make(account: Account, body: CommitmentMade, moment: Moment) -> None:
    same = account.owed.setdefault((body.duty, body.basis, body.period), []) if body.duty else []
    # open then, as whoever reads the book as of then sees
    twins = (it for it in map(account.commitments.__getitem__, same) if it.is_open or it.since > moment.at)
    twin = next(twins, None)
    if twin is not None:
        raise CommandError(
            f"a promise by the duty {body.duty!r} for {body.basis!r} {body.period!r}",
            f"stands open as number {twin.number}",
            "Keep, move or void that one.",
        )
    account.commitments[body.commitment] = Commitment.made(body, moment.at, moment.actor)
    same.append(body.commitment)


def _settle(account: Account, body: CommitmentEvent, moment: Moment) -> None:
    if body.commitment is None:  # a failure in which nothing was promised
        return
    promise = account.commitments.get(body.commitment)
    if promise is None:
        raise UnknownIdError("promise", str(body.commitment))
    if moment.at < promise.made_at:
        raise CommandError(
            f"{in_words(type(body).__name__)} at {moment.at.isoformat()}",
            f"comes before promise {promise.number} was made, {promise.made_at.isoformat()}",
            "Give the instant at which it really happened.",
        )
    account.commitments[body.commitment] = promise.after(body, moment.at, contacts=contacts(account))


def _tell(account: Account, body: Explained | CompensationRefused, moment: Moment) -> None:
    _settle(account, body, moment)
    account.timeline.add(moment.at, body, moment.version, moment.actor)


def _compensate(account: Account, body: Compensated, moment: Moment) -> None:
    if body.cost.amount < 0:
        raise CommandError(
            f"a compensation of {body.cost}", "must not be negative", "State what it costs us."
        )
    _settle(account, body, moment)
    account.timeline.add(moment.at, body, moment.version, moment.actor)


HANDLERS: Mapping[type, Callable[..., None]] = {
    CommitmentMade: _make,
    LateNoticeGiven: _settle,
    DueMoved: _settle,
    CommitmentKept: _settle,
    CommitmentBroken: _settle,
    DeliveredLate: _settle,
    Explained: _tell,
    Compensated: _compensate,
    CompensationRefused: _tell,
    CommitmentRemedied: _settle,
    Released: _settle,
    Voided: _settle,
    Retracted: _settle,
}
