"""
Which cues follow from a move: pure functions of a call before and after it.

They read nothing that could not be heard: not the true reason, only what was revealed; not trust or patience, only
what changed at this move. So no line gives away more than the customer did.
"""

from __future__ import annotations

from typing import assert_never

from retainsdk.policy import Move, MoveKind
from retainsdk.vocabulary import Reason
from retainsim.market.response import Call, mood_shown
from retainsim.training.lines.cue import Beat, Cue

__all__ = ["answered", "decided", "opening", "said"]

_MONEY = (Reason.CHEAPER_COMPETITOR, Reason.NOT_WORTH_COST)
_EARLY = 3
"""Moves within which being understood does most good."""
_MANY_QUESTIONS = 2
"""Asked before; the third question annoys."""
_MANY_APOLOGIES = 2
_TIRED_AGAIN = 3
"""Moves after he lost patience he says so again."""
_POLITE = 0.1
"""Utility of staying that pressing gains at least from who gives way."""


def opening(call: Call, stated: Reason) -> tuple[Beat, ...]:
    """How a call begins: the greeting, what he calls for, and the reason he states."""
    mood = mood_shown(call.mood)
    return (Beat(Cue.GREETS), Beat(Cue.CALLS, mood=mood), Beat(Cue.STATES, stated, mood))


def said(before: Call, move: Move, named: Reason) -> Beat:
    """
    What the representative says.

    Args:
        before: The call until then.
        move: What he does.
        named: The reason he names when he probes and none is told: the one he suspects, else the one stated.
    """
    cue = _said(before, move)
    reason = named if cue is Cue.PROBES else before.revealed
    return Beat(cue, reason, mood_shown(before.mood))


def _said(before: Call, move: Move) -> Cue:
    match move.kind:
        case MoveKind.ASK_OPEN:
            if before.revealed is not None:
                return Cue.ASKS_ON
            return Cue.ASKS_MORE if before.questions else Cue.ASKS
        case MoveKind.PROBE:
            if before.revealed is None:
                return Cue.PROBES
            return Cue.SAYS_BACK_AGAIN if before.confirmed else Cue.SAYS_BACK
        case MoveKind.APOLOGISE:
            return Cue.APOLOGISES_AGAIN if before.apologies else Cue.APOLOGISES
        case MoveKind.OFFER_DISCOUNT:
            if not _offered(before, move):
                return Cue.OFFERS_DISCOUNT
            return Cue.RAISES_DISCOUNT if _better(before, move) else Cue.REPEATS_DISCOUNT
        case MoveKind.PROPOSE_FIT:
            return Cue.REPEATS_PACKAGE if _offered(before, move) else Cue.PROPOSES_PACKAGE
        case MoveKind.OFFER_PAUSE:
            return Cue.REPEATS_PAUSE if _offered(before, move) else Cue.OFFERS_PAUSE
        case MoveKind.COMPARE_COMPETITOR:
            return Cue.COMPARES_AGAIN if before.compared else Cue.COMPARES
        case MoveKind.PROMISE_FOLLOW_UP:
            return Cue.PROMISES_AGAIN if before.promised else Cue.PROMISES
        case MoveKind.SMALL_TALK:
            return Cue.CHATS_LATER if before.turn else Cue.CHATS
        case _:
            return _PLAIN[move.kind]


_PLAIN = {
    MoveKind.EMPATHISE: Cue.EMPATHISES,
    MoveKind.EXPLAIN_VALUE: Cue.EXPLAINS,
    MoveKind.ESCALATE: Cue.ESCALATES,
    MoveKind.REFUSE: Cue.REFUSES,
    MoveKind.CLOSE: Cue.CLOSES,
    MoveKind.PRESSURE: Cue.PRESSES,
    MoveKind.RELEASE: Cue.RELEASES,
}
"""Moves that sound alike whatever came before."""


def _offered(before: Call, move: Move) -> bool:
    return before.offer is not None and before.offer.kind is move.kind


def _better(before: Call, move: Move) -> bool:
    last = before.offer
    return last is not None and move.amount * move.months > last.amount * last.months


def answered(before: Call, move: Move, after: Call, *, stated: Reason, named: Reason) -> tuple[Beat, ...]:
    """
    What the customer answers, one beat or several.

    Args:
        before: The call until then.
        move: What the representative did.
        after: The call since.
        stated: The reason the call began with.
        named: As in `said`.
    """
    mood = mood_shown(after.mood)
    cues = list(_answered(before, move, after, stated, named))
    told = [Cue.TELLS] if Cue.TELLS in cues else []
    if after.end == "hung up":
        cues = [*told, Cue.HANGS_UP]
    elif after.end == "out of time":
        cues.append(Cue.OUT_OF_TIME)
    elif after.end is None and before.turn <= after.patience < after.turn:
        cues.append(Cue.TIRED)
    elif after.end is None and before.turn - _TIRED_AGAIN <= after.patience < after.turn - _TIRED_AGAIN:
        cues.append(Cue.TIRED_STILL)
    return tuple(Beat(cue, after.revealed, mood) for cue in cues)


def _answered(before: Call, move: Move, after: Call, stated: Reason, named: Reason) -> tuple[Cue, ...]:
    match move.kind:
        case MoveKind.ASK_OPEN:
            return _question_heard(before, after, stated)
        case MoveKind.PROBE:
            return _probe_heard(before, after, named)
        case MoveKind.EMPATHISE:
            return (Cue.TOUCHED if before.turn < _EARLY else Cue.SHRUGS,)
        case MoveKind.APOLOGISE:
            return (_apology_heard(before, after),)
        case MoveKind.EXPLAIN_VALUE:
            if before.revealed not in _MONEY:
                return (Cue.WORTH_BESIDE,)
            return (Cue.HEARD_WORTH if before.explained else Cue.SEES_WORTH,)
        case MoveKind.OFFER_DISCOUNT | MoveKind.PROPOSE_FIT | MoveKind.OFFER_PAUSE:
            return (_offer_heard(before, move),)
        case MoveKind.COMPARE_COMPETITOR:
            return (_comparison_heard(before, after),)
        case MoveKind.PROMISE_FOLLOW_UP:
            return (Cue.PROMISE_AGAIN if before.promised else Cue.PROMISE_HEARD,)
        case MoveKind.ESCALATE:
            return (Cue.HANDED_OVER,)
        case MoveKind.REFUSE:
            return (Cue.REFUSED,)
        case MoveKind.CLOSE:
            return (Cue.PONDERS,)
        case MoveKind.SMALL_TALK:
            return (Cue.CHAT_UNWELCOME if before.turn else Cue.CHATS_BACK,)
        case MoveKind.PRESSURE:
            return (Cue.GIVES_WAY if after.bonus - before.bonus > _POLITE else Cue.PUSHES_BACK,)
        case MoveKind.RELEASE:
            return (Cue.LET_GO,)
        case _:
            assert_never(move.kind)


def _question_heard(before: Call, after: Call, stated: Reason) -> tuple[Cue, ...]:
    often = before.questions >= _MANY_QUESTIONS
    if before.revealed is not None:
        return (Cue.TOLD_ALREADY if often else Cue.ADDS,)
    if after.revealed is None:
        return (Cue.EVADES_ANNOYED if often else Cue.EVADES,)
    return (Cue.STANDS_BY if after.revealed is stated else Cue.OPENS_UP, Cue.TELLS)


def _probe_heard(before: Call, after: Call, named: Reason) -> tuple[Cue, ...]:
    if before.revealed is not None:
        return (Cue.CONFIRMS_AGAIN if before.confirmed else Cue.CONFIRMS,)
    if after.revealed is None:
        return (Cue.DENIES,)
    return (Cue.ADMITS if after.revealed is named else Cue.CORRECTS, Cue.TELLS)


def _apology_heard(before: Call, after: Call) -> Cue:
    if before.apologies == 0:
        return Cue.TAKES_APOLOGY if after.bonus > before.bonus else Cue.NOTHING_TO_FORGIVE
    return Cue.APOLOGY_AGAIN if before.apologies < _MANY_APOLOGIES else Cue.APOLOGIES_ENOUGH


_OFFERS = {
    MoveKind.OFFER_DISCOUNT: (_MONEY, Cue.DISCOUNT_WELCOME, Cue.DISCOUNT_BESIDE, Cue.DISCOUNT_WEIGHED),
    MoveKind.PROPOSE_FIT: (_MONEY, Cue.PACKAGE_WELCOME, Cue.PACKAGE_BESIDE, Cue.PACKAGE_WEIGHED),
    MoveKind.OFFER_PAUSE: (
        (Reason.LIFE_EVENT,),
        Cue.PAUSE_WELCOME,
        Cue.PAUSE_BESIDE,
        Cue.PAUSE_WEIGHED,
    ),
}
"""The reasons an offer speaks to, and what is said of it when it does, when it does not, and when none is told."""


def _offer_heard(before: Call, move: Move) -> Cue:
    if before.questions == 0:
        return Cue.UNHEARD if before.offer is None else Cue.UNHEARD_AGAIN
    if _offered(before, move):
        if move.kind is MoveKind.OFFER_DISCOUNT:
            return Cue.DISCOUNT_BETTER if _better(before, move) else Cue.DISCOUNT_NO_BETTER
        return Cue.PACKAGE_AGAIN if move.kind is MoveKind.PROPOSE_FIT else Cue.PAUSE_AGAIN
    speaks_to, welcome, beside, weighed = _OFFERS[move.kind]
    if before.revealed is None:
        return weighed
    return welcome if before.revealed in speaks_to else beside


def _comparison_heard(before: Call, after: Call) -> Cue:
    if not after.compared:
        return Cue.COMPARISON_EMPTY
    if after.bonus > before.bonus:
        return Cue.COMPARISON_TRUE
    if after.trust < before.trust or not before.compared:  # who trusts nobody cannot trust less
        return Cue.COMPARISON_FALSE
    return Cue.COMPARISON_KNOWN


def decided(call: Call, *, stays: bool) -> tuple[Beat, ...]:
    """
    What is heard of the decision, after the call and whatever comes between.

    Args:
        call: Where it ended.
        stays: What he decided.
    """
    if call.end == "closed":
        cues = (Cue.STAYS, Cue.PARTS_STAYING) if stays else (Cue.LEAVES, Cue.PARTS_LEAVING)
    elif call.end == "released":
        cues = (Cue.LEFT_WELL,)
    else:
        cues = (Cue.STAYED_AFTER if stays else Cue.LEFT_AFTER,)
    return tuple(Beat(cue, call.revealed, mood_shown(call.mood)) for cue in cues)
