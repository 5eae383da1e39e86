"""The talk with somebody who says that he will leave: what was offered, promised, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator

from retainsdk.action import MoveKind
from retainsdk.events import CaseOpened, InteractionRecorded, Resolved
from retainsdk.vocabulary import CaseKind, Channel, Direction, OfferKind, Reason
from retainsim.market.chronicle.agreed import amendment
from retainsim.market.chronicle.days import Entry, Told
from retainsim.market.chronicle.lived import Lived
from retainsim.market.chronicle.offers import offer
from retainsim.market.chronicle.promises import WORD, promise_by
from retainsim.market.person import NEVER

_TALKED_OF = {
    int(MoveKind.PROPOSE_FIT): OfferKind.PACKAGE,
    int(MoveKind.OFFER_DISCOUNT): OfferKind.PRICE,
    int(MoveKind.OFFER_PAUSE): OfferKind.PAUSE,
}


def threat(stated: Reason | None) -> CaseOpened:
    """He says that he will leave, and why."""
    return CaseOpened(kind=CaseKind.THREAT, topic="wants to leave", stated_reason=stated)


def conversation(lived: Lived) -> Iterator[Entry]:
    """He threatens, and we talk with him."""
    talk, mid, after, dossier = lived.talk, lived.mid, lived.after, lived.dossier
    if talk is None:
        return
    day = lived.talk_day
    number: list[int] = []

    def threaten() -> Iterator[Told]:
        number.append(dossier.next_case())
        yield dossier.case(number[0]), threat(Reason(mid.stated_reason))

    yield Entry(day, threaten)
    yield Entry(day, lambda: [(dossier.us, _talk_about(number[0]))])
    if talk.offer >= 0:
        takes = after.offers_accepted > mid.offers_accepted
        kind, amount, months = _TALKED_OF[int(talk.offer)], int(talk.offer_amount), int(talk.offer_months)
        yield from offer(lived, kind, amount, months, day, after, takes=takes)
    yield from amendment(lived, mid, after, day)
    if lived.is_ours and mid.promise_due_day == NEVER and after.promise_due_day != NEVER:
        due = max(int(after.promise_due_day), lived.next)
        yield Entry(day, promise_by(lived, due, "to follow up on the talk", WORD))
    how = "he stays" if lived.is_ours else "he leaves"
    yield Entry(day, lambda: [(dossier.case(number[0]), Resolved(how=how))])


def _talk_about(case: int) -> InteractionRecorded:
    return InteractionRecorded(
        channel=Channel.PHONE,
        direction=Direction.OUTBOUND,
        purpose="service",
        human=True,
        two_way=True,
        text="we spoke about his wish to leave",
        case=case,
    )
