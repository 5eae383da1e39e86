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
    OrderMoved,
    Released,
    Retracted,
    Voided,
)
from retainsdk.record.order import CAME, OVER
from retainsdk.vocabulary import KEPT_BY_CONTACT, OrderState, Side
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


def settled_by(
    account: Account, body: OrderMoved, at: datetime
) -> Iterator[tuple[datetime, CommitmentEvent]]:
    """
    What becomes of the promise to deliver an order when the order moves, and when.

    It is kept when the order comes in its time, and broken when it comes too late, with a late delivery. A customer
    who calls his order off in time lets us off. When we call it off the promise stands, until he lets us off or it is broken.
    """
    for promise in _about(account, body.order):
        if at < promise.since:
            continue
        evidence = f"order {body.order} {in_words(body.state)}"
        if body.state in CAME:
            yield from _delivered(promise, evidence, at)
        elif body.state is OrderState.CANCELLED and body.by is Side.CUSTOMER and promise.is_open:
            if at <= promise.closes_at:
                yield at, Released(commitment=promise.number, evidence=f"{evidence} by him")
            else:
                yield from _missed(promise)


def _delivered(
    promise: Commitment, evidence: str, at: datetime
) -> Iterator[tuple[datetime, CommitmentEvent]]:
    number = promise.number
    if promise.is_open and promise.delivery_in_time([at]) is not None:
        yield at, CommitmentKept(commitment=number, evidence=evidence)
    elif promise.is_open and promise.closes_at < at:
        yield from _missed(promise)
        yield at, DeliveredLate(commitment=number, evidence=evidence)
    elif promise.state == "broken" and promise.delivered_at is None:
        yield at, DeliveredLate(commitment=number, evidence=evidence)


def _missed(promise: Commitment) -> Iterator[tuple[datetime, CommitmentBroken]]:
    yield max(promise.closes_at, promise.since), CommitmentBroken(commitment=promise.number)


def standing_for(account: Account, order: str, at: datetime) -> Commitment | None:
    """The promise to deliver an order that somebody made, and neither took back nor was let off from by an instant."""
    return next(
        (it for it in _about(account, order) if it.state not in {"released", "retracted"} or it.since > at),
        None,
    )


def _about(account: Account, order: str) -> Iterator[Commitment]:
    return map(account.commitments.__getitem__, account.ordered.get(order, ()))


def come_to_an_end(
    account: Account, now: datetime
) -> Iterator[tuple[datetime, CommitmentKept | CommitmentBroken]]:
    """
    What has become of the open promises that can no longer be kept, and when.

    One that a contact or the delivery of its order kept in time is kept, even when that was recorded after it; every
    other one is broken since its last instant. The clock of a duty stands still while its case waits for the customer.
    """
    for promise in account.commitments.values():
        if not promise.is_open or now <= promise.closes_at or is_paused(account, promise):
            continue
        kept = _kept_in_time(account, promise)
        if kept is None:
            yield from _missed(promise)
        else:
            yield max(kept, promise.since), CommitmentKept(commitment=promise.number)


def _kept_in_time(account: Account, promise: Commitment, by: datetime | None = None) -> datetime | None:
    """When what was recorded kept a promise, of what had happened by an instant."""
    if promise.order:
        came = deliveries(account, promise.order)
        return promise.delivery_in_time(came if by is None else [at for at in came if at <= by])
    return promise.contact_in_time(contacts(account), by=by)


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


def stand_again(account: Account, body: OrderMoved, at: datetime) -> None:
    """Let the promise that a customer let us off by calling his order off be owed again: it turned out he never did."""
    if body.state is not OrderState.CANCELLED or body.by is not Side.CUSTOMER:
        return
    for promise in list(_about(account, body.order)):
        if promise.state == "released" and promise.since == at and promise.broken_at is None:
            state = "warned" if promise.notices else "open"
            account.commitments[promise.number] = attrs.evolve(promise, state=state, since=promise.made_at)


def recounted(account: Account) -> int | None:
    """
    Look again what contact or delivery kept each promise, after one of them turned out not to have been.

    Returns:
        The number of a promise that none has kept; none when there is no such promise.
    """
    for number, promise in account.commitments.items():
        if promise.state == "kept" and (promise.kind in KEPT_BY_CONTACT or promise.order):
            kept = _kept_in_time(account, promise, promise.since)
            if kept is None:
                return number
            account.commitments[number] = attrs.evolve(promise, kept_at=kept)
    return None


def contacts(account: Account) -> Sequence[Contact]:
    """Between us and the customer, in the order of recording."""
    return account.timeline.of(InteractionRecorded)


def deliveries(account: Account, order: str) -> list[datetime]:
    """When an order came to the customer, as the carrier says and as he does."""
    known = account.timeline.orders.get(order)
    return [] if known is None else [at for at, state in known.steps if state in CAME]


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
    _refuse_order(account, body, moment.at)
    account.commitments[body.commitment] = Commitment.made(body, moment.at, moment.actor)
    same.append(body.commitment)
    if body.order:
        account.ordered.setdefault(body.order, []).append(body.commitment)


def _refuse_order(account: Account, body: CommitmentMade, at: datetime) -> None:
    """Nothing, when the order of a promise is still to come and not promised yet, or the promise is about none."""
    twin = standing_for(account, body.order, at)
    if twin is not None:
        raise CommandError(
            f"a promise to deliver order {body.order!r}",
            f"stands as number {twin.number}, due at {twin.due.isoformat()}",
            "Give late notice of that one when it will come later.",
        )
    order = account.timeline.orders.get(body.order)
    steps = () if order is None else order.steps
    ended = next(((when, state) for when, state in steps if state in OVER and when <= at), None)
    if ended is not None:
        raise CommandError(
            f"a promise to deliver order {body.order!r}",
            f"comes when it was {in_words(ended[1])} already, at {ended[0].isoformat()}",
            "Promise what is still to come.",
        )


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
    account.commitments[body.commitment] = promise.after(
        body, moment.at, contacts=contacts(account), deliveries=deliveries(account, promise.order)
    )


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
