"""Leaving: the end of a contract and what he says of it, what binds him elsewhere, and what we do for leavers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

import numpy as np

from retainsdk.action import ActionKind
from retainsdk.events import (
    CaseWithdrawn,
    ClosingStepDone,
    CompetitorLockInLearned,
    EndBegun,
    EndCompleted,
    ExitReasonRecorded,
    OfferDeclined,
    OfferMade,
    Released,
    Terminated,
    WinbackOpened,
)
from retainsdk.vocabulary import ClosingStep, Ending, OfferKind, Reason, Side
from retainsim.market import purposes as for_
from retainsim.market.cards import heard_free_day
from retainsim.market.chronicle.contacts import interaction, survey
from retainsim.market.chronicle.days import EVENING, Entry, Told
from retainsim.market.chronicle.dossier import Dossier
from retainsim.market.chronicle.lived import Deed, Lived
from retainsim.market.person import NEVER, Person

LEFT_UNDONE = frozenset({ClosingStep.DOCUMENTS_FILED, ClosingStep.THANKED})
"""What an ending leaves out that is not complete."""
_LEFT = "he has left"


def ending(person: Person, dossier: Dossier) -> Iterator[Told]:
    """A customer leaves: what he says of it, and whether it ended well."""
    yield dossier.us, EndBegun(by=Side.CUSTOMER)
    if person.stated_reason >= 0:
        stated = Reason(person.stated_reason)
        yield (
            dossier.us,
            ExitReasonRecorded(stated=stated, assessed=None, evidence="what he said as he left"),
        )
    yield (
        dossier.agreement,
        Terminated(kind=Ending.AGREEMENT, by=Side.CUSTOMER, evidence="he asked to be let go"),
    )
    if person.ended_well == 1:
        steps, although = tuple(ClosingStep), "the reason he gave stands as he gave it"
    else:
        steps = tuple(step for step in ClosingStep if step not in LEFT_UNDONE)
        although = "it was not seen through"
    yield dossier.us, EndCompleted(steps=steps, although=although)
    dossier.rests, dossier.rank = False, None


def leaving(lived: Lived) -> Iterator[Entry]:
    """He leaves; what was open ends with it."""
    dossier = lived.dossier
    number, dossier.promise = dossier.promise, None

    def leave() -> Iterator[Told]:
        if number is not None:
            yield dossier.us, Released(commitment=number, evidence=_LEFT)
        for case in dossier.open_complaints:
            yield dossier.case(case), CaseWithdrawn(why=_LEFT)
        dossier.open_complaints.clear()
        yield from ending(lived.after, dossier)
        yield from _lock_in(lived)

    yield Entry(lived.last, leave, EVENING)


def elsewhere(lived: Lived) -> Iterator[Entry]:
    """We hear that he is bound anew."""
    if lived.after.lock_end_day != lived.before.lock_end_day:
        yield Entry(lived.day(for_.NEWS_DAY), partial(_lock_in, lived))


def contact_leaver(lived: Lived) -> Iterator[Entry]:
    """A former customer hears from us; who comes back this month hears it before."""
    deed, dossier = lived.deed, lived.dossier
    if deed is None:
        return
    day = lived.day(for_.CONTACT_DAY)
    yield Entry(day, lambda: [(dossier.us, interaction(deed, lived))])
    if deed.kind is ActionKind.WIN_BACK:
        yield Entry(lived.first if lived.came else day, partial(_invite_back, lived, deed))
    elif deed.kind is ActionKind.RELEASE_WELL and lived.before.ended_well == 0:
        told = [
            (dossier.us, ClosingStepDone(step=step, evidence="made good afterwards"))
            for step in ClosingStep
            if step in LEFT_UNDONE
        ]
        yield Entry(lived.first if lived.came else day, lambda: told)
    elif deed.kind is ActionKind.SURVEY:
        yield survey(lived, day)


def bound_elsewhere(dossier: Dossier, competitor: str, until: date) -> Iterator[Told]:
    """We hear until when a leaver is bound to a competitor."""
    yield (
        dossier.us,
        CompetitorLockInLearned(competitor=competitor, until=until, source="heard in the market"),
    )


def heard_of(person: Person, spread_of_error: float) -> int:
    """The day from which a leaver is free of the next firm, as we heard it."""
    key, left, free = (np.array([it]) for it in (person.key, person.left_day, person.lock_end_day))
    return int(heard_free_day(key.astype(np.uint64), left, free, spread_of_error)[0])


def _lock_in(lived: Lived) -> Iterator[Told]:
    after, it = lived.after, lived.it
    if after.lock_end_day == NEVER:
        return
    competitor = it.firms[min(int(after.firm), len(it.firms) - 1)]
    heard = it.calendar.date(heard_of(after, it.lock_in_error))
    yield from bound_elsewhere(lived.dossier, competitor, heard)


def _invite_back(lived: Lived, deed: Deed) -> Iterator[Told]:
    dossier, money = lived.dossier, lived.it.money
    if not dossier.winback:
        dossier.winback = True
        yield dossier.us, WinbackOpened(plan=deed.why)
    for number in dossier.open_offers:
        yield dossier.us, OfferDeclined(offer=number)
    dossier.open_offers.clear()
    if deed.amount > 0:
        dossier.open_offers.append(dossier.next_offer())
        amount = min(deed.amount, int(lived.before.monthly_fee))
        yield (
            dossier.us,
            OfferMade(
                offer=dossier.open_offers[0],
                kind=OfferKind.PRICE,
                offering=None,
                amount=money(amount),
                months=deed.months,
                cost=money(amount * deed.months),
                what="money off if he comes back",
            ),
        )
