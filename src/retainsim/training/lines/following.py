"""
Which cues follow from a move: pure functions of a call before and after it.

They read nothing that could not be heard: not the true reason, only what was revealed; not trust or patience, only
what changed at this move. So no line gives away more than the customer did.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

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


def opening(call: Call, stated: Reason | None) -> tuple[Beat, ...]:
    """How a call begins: the greeting, what is said to it, and the reason, if one was stated."""
    mood = mood_shown(call.mood)
    reason = () if stated is None else (Beat(Cue.STATES, stated, mood),)
    return (Beat(Cue.GREETS), Beat(Cue.CALLS, mood=mood), *reason)


def said(
    before: Call, move: Move, *, stated: Reason | None, named: Reason | None, present: bool = False
) -> Beat:
    """
    What the representative says.

    Args:
        before: The call until then.
        move: What he does.
        stated: The reason the call began with; none where nobody stated any.
        named: The reason he names when he probes and none is told: the one he suspects, else the one stated.
        present: Whether the package he names is the one the customer has.
    """
    cue = Cue.KEEPS_PACKAGE if _keeps(move, present=present) else _said(before, move)
    if cue is Cue.PROBES and named is None:
        cue = Cue.REVIEWS
    reason = named if cue is Cue.PROBES else _known(before, stated)
    return Beat(cue, reason, mood_shown(before.mood))


def _known(call: Call, stated: Reason | None) -> Reason | None:
    """The reason both speak of."""
    return stated if call.revealed is None else call.revealed


def _said(before: Call, move: Move) -> Cue:  # noqa: PLR0911 # one a kind of move
    if move.kind in _SAY_WITH_MONEY and move.amount:
        return _SAY_WITH_MONEY[move.kind]
    if move.kind in _SAY_THE_SAME:
        return _SAY_THE_SAME[move.kind]
    if move.kind in _SAY_FIRST_AND_AGAIN:
        came_before, first, again = _SAY_FIRST_AND_AGAIN[move.kind]
        return again if came_before(before) else first
    if move.kind is MoveKind.ASK_OPEN:
        asked = Cue.ASKS_MORE if before.questions else Cue.ASKS
        return asked if before.revealed is None else Cue.ASKS_ON
    if move.kind is MoveKind.PROBE:
        said_back = Cue.SAYS_BACK_AGAIN if before.confirmed else Cue.SAYS_BACK
        return Cue.PROBES if before.revealed is None else said_back
    offers, better, again = _SAY_OFFERS[move.kind]
    if not _offered(before, move):
        return offers
    return better if _better(before, move) else again


_SAY_THE_SAME = {
    MoveKind.EMPATHISE: Cue.EMPATHISES,
    MoveKind.EXPLAIN_VALUE: Cue.EXPLAINS,
    MoveKind.ESCALATE: Cue.ESCALATES,
    MoveKind.REFUSE: Cue.REFUSES,
    MoveKind.CLOSE: Cue.CLOSES,
    MoveKind.ASK_REFERRAL: Cue.ASKS_REFERRAL,
    MoveKind.OFFER_BENEFIT: Cue.OFFERS_BENEFIT,
    MoveKind.PRESSURE: Cue.PRESSES,
    MoveKind.RELEASE: Cue.RELEASES,
}
"""Moves that sound alike whatever came before."""
_SAY_WITH_MONEY = {
    MoveKind.APOLOGISE: Cue.COMPENSATES,
    MoveKind.SMALL_TALK: Cue.GIVES,
    MoveKind.OFFER_BENEFIT: Cue.OFFERS_BENEFIT_WORTH,
}
"""Moves that sound otherwise when they give money once."""
_SAY_FIRST_AND_AGAIN: Mapping[MoveKind, tuple[Callable[[Call], object], Cue, Cue]] = {
    MoveKind.APOLOGISE: (lambda call: call.apologies, Cue.APOLOGISES, Cue.APOLOGISES_AGAIN),
    MoveKind.COMPARE_COMPETITOR: (lambda call: call.compared, Cue.COMPARES, Cue.COMPARES_AGAIN),
    MoveKind.PROMISE_FOLLOW_UP: (lambda call: call.promised, Cue.PROMISES, Cue.PROMISES_AGAIN),
    MoveKind.SMALL_TALK: (lambda call: call.turn, Cue.CHATS, Cue.CHATS_LATER),
}
"""Moves that sound different once they, or anything, came before."""
_SAY_OFFERS = {
    MoveKind.OFFER_DISCOUNT: (Cue.OFFERS_DISCOUNT, Cue.RAISES_DISCOUNT, Cue.REPEATS_DISCOUNT),
    MoveKind.PROPOSE_FIT: (Cue.PROPOSES_PACKAGE, Cue.REPEATS_PACKAGE, Cue.REPEATS_PACKAGE),
    MoveKind.OFFER_PAUSE: (Cue.OFFERS_PAUSE, Cue.REPEATS_PAUSE, Cue.REPEATS_PAUSE),
}
"""Another offer than the last, a better one of its kind, and one that is no better."""


def _offered(before: Call, move: Move) -> bool:
    return before.offer is not None and before.offer.kind is move.kind


def _keeps(move: Move, *, present: bool) -> bool:
    return present and move.kind is MoveKind.PROPOSE_FIT


def _better(before: Call, move: Move) -> bool:
    last = before.offer
    return last is not None and move.amount * move.months > last.amount * last.months


def answered(
    before: Call,
    move: Move,
    after: Call,
    *,
    stated: Reason | None,
    named: Reason | None,
    present: bool = False,
    felt: Cue | None = None,
    besides: tuple[Cue, ...] = (),
) -> tuple[Beat, ...]:
    """
    What the customer answers, one beat or several.

    Args:
        before: The call until then.
        move: What the representative did.
        after: The call since.
        stated: The reason the call began with; none where nobody stated any.
        named: As in `said`.
        present: As in `said`.
        felt: What hurts in the move itself, whatever it offers; it is answered instead.
        besides: What he tells beside the reason.
    """
    mood = mood_shown(after.mood)
    heard = _HEARD[move.kind](_Turn(before, move, after, stated, named, _keeps(move, present=present)))
    cues = [*(heard if felt is None else (felt,)), *besides]
    told = [Cue.TELLS] if Cue.TELLS in cues else []
    if after.end == "hung up":
        cues = [*told, Cue.HANGS_UP]
    elif after.end == "out of time":
        cues.append(Cue.OUT_OF_TIME)
    elif after.end is None and before.turn <= after.patience < after.turn:
        cues.append(Cue.TIRED)
    elif after.end is None and before.turn - _TIRED_AGAIN <= after.patience < after.turn - _TIRED_AGAIN:
        cues.append(Cue.TIRED_STILL)
    return tuple(Beat(cue, _known(after, stated), mood) for cue in cues)


@attrs.frozen
class _Turn:
    """A move with the call on either side of it."""

    before: Call
    move: Move
    after: Call
    stated: Reason | None
    named: Reason | None
    keeps: bool


def _question_heard(it: _Turn) -> tuple[Cue, ...]:
    often = it.before.questions >= _MANY_QUESTIONS
    if it.before.revealed is not None:
        return (Cue.TOLD_ALREADY if often else Cue.ADDS,)
    if it.after.revealed is None:
        return (Cue.EVADES_ANNOYED if often else Cue.EVADES,)
    return (Cue.STANDS_BY if it.after.revealed is it.stated else Cue.OPENS_UP, Cue.TELLS)


def _probe_heard(it: _Turn) -> tuple[Cue, ...]:
    if it.before.revealed is not None:
        return (Cue.CONFIRMS_AGAIN if it.before.confirmed else Cue.CONFIRMS,)
    if it.after.revealed is None:
        return (Cue.EVADES if it.named is None else Cue.DENIES,)
    if it.named is None:
        return (Cue.OPENS_UP, Cue.TELLS)
    return (Cue.ADMITS if it.after.revealed is it.named else Cue.CORRECTS, Cue.TELLS)


def _understanding_heard(it: _Turn) -> tuple[Cue, ...]:
    return (Cue.TOUCHED if it.before.turn < _EARLY else Cue.SHRUGS,)


def _apology_heard(it: _Turn) -> tuple[Cue, ...]:
    if it.move.amount:
        return (Cue.COMPENSATION_HEARD,)
    if it.before.apologies == 0 and it.after.bonus > it.before.bonus:
        unsaid = it.stated is None and it.before.revealed is None
        return (Cue.APOLOGY_SURPRISES if unsaid else Cue.TAKES_APOLOGY,)
    if it.before.apologies == 0:
        return (Cue.NOTHING_TO_FORGIVE,)
    return (Cue.APOLOGY_AGAIN if it.before.apologies < _MANY_APOLOGIES else Cue.APOLOGIES_ENOUGH,)


def _worth_heard(it: _Turn) -> tuple[Cue, ...]:
    if it.before.revealed not in _MONEY:
        return (Cue.WORTH_BESIDE,)
    return (Cue.HEARD_WORTH if it.before.explained else Cue.SEES_WORTH,)


def _offer_heard(it: _Turn) -> tuple[Cue, ...]:
    before, move = it.before, it.move
    speaks_to, welcome, beside, weighed, better, again = _HEAR_OFFERS[move.kind]
    if before.questions == 0:
        return (Cue.UNHEARD if before.offer is None else Cue.UNHEARD_AGAIN,)
    if it.keeps:
        return (Cue.PACKAGE_KEPT,)
    if _offered(before, move):
        return (better if _better(before, move) else again,)
    if before.revealed is None:
        return (weighed,)
    return (welcome if before.revealed in speaks_to else beside,)


_HEAR_OFFERS = {
    MoveKind.OFFER_DISCOUNT: (_MONEY, Cue.DISCOUNT_WELCOME, Cue.DISCOUNT_BESIDE, Cue.DISCOUNT_WEIGHED, Cue.DISCOUNT_BETTER, Cue.DISCOUNT_NO_BETTER),
    MoveKind.PROPOSE_FIT: (_MONEY, Cue.PACKAGE_WELCOME, Cue.PACKAGE_BESIDE, Cue.PACKAGE_WEIGHED, Cue.PACKAGE_AGAIN, Cue.PACKAGE_AGAIN),
    MoveKind.OFFER_PAUSE: ((Reason.LIFE_EVENT,), Cue.PAUSE_WELCOME, Cue.PAUSE_BESIDE, Cue.PAUSE_WEIGHED, Cue.PAUSE_AGAIN, Cue.PAUSE_AGAIN),
}  # fmt: skip
"""
The reasons an offer speaks to, and what is said of it: when it does, when it does not, when none is told, and of a
second one of its kind that is better or is not.
"""


def _comparison_heard(it: _Turn) -> tuple[Cue, ...]:
    if it.after.false_claims > it.before.false_claims:
        return (Cue.COMPARISON_FALSE,)
    if not it.after.compared:
        return (Cue.COMPARISON_EMPTY,)
    return (Cue.COMPARISON_KNOWN if it.before.compared else Cue.COMPARISON_HEARD,)


def _talk_heard(it: _Turn) -> tuple[Cue, ...]:
    if it.move.amount:
        return (Cue.GIFT_HEARD,)
    return (Cue.CHAT_UNWELCOME if it.before.turn else Cue.CHATS_BACK,)


_HEARD: Mapping[MoveKind, Callable[[_Turn], tuple[Cue, ...]]] = {
    MoveKind.ASK_OPEN: _question_heard,
    MoveKind.PROBE: _probe_heard,
    MoveKind.EMPATHISE: _understanding_heard,
    MoveKind.APOLOGISE: _apology_heard,
    MoveKind.EXPLAIN_VALUE: _worth_heard,
    MoveKind.OFFER_DISCOUNT: _offer_heard,
    MoveKind.PROPOSE_FIT: _offer_heard,
    MoveKind.OFFER_PAUSE: _offer_heard,
    MoveKind.COMPARE_COMPETITOR: _comparison_heard,
    MoveKind.PROMISE_FOLLOW_UP: lambda it: (Cue.PROMISE_AGAIN if it.before.promised else Cue.PROMISE_HEARD,),
    MoveKind.ESCALATE: lambda _: (Cue.HANDED_OVER,),
    MoveKind.REFUSE: lambda _: (Cue.REFUSED,),
    MoveKind.CLOSE: lambda _: (Cue.PONDERS,),
    MoveKind.SMALL_TALK: _talk_heard,
    MoveKind.ASK_REFERRAL: lambda _: (Cue.REFERRAL_HEARD,),
    MoveKind.OFFER_BENEFIT: lambda _: (Cue.BENEFIT_HEARD,),
    MoveKind.PRESSURE: lambda it: (
        Cue.GIVES_WAY if it.after.bonus - it.before.bonus > _POLITE else Cue.PUSHES_BACK,
    ),
    MoveKind.RELEASE: lambda _: (Cue.LET_GO,),
}
"""How each move is heard."""


def decided(call: Call, *, stays: bool, threat: bool = True) -> tuple[Beat, ...]:
    """
    What is heard of the decision, after the call and whatever comes between.

    Args:
        call: Where it ended.
        stays: What he decided.
        threat: Whether the call was about that; if not, they part first, and what he does is told afterwards.
    """
    mood = mood_shown(call.mood)
    cues = _decided(call, stays=stays) if threat else _parted(call, stays=stays)
    return tuple(Beat(cue, call.revealed, mood) for cue in cues)


def _parted(call: Call, *, stays: bool) -> tuple[Cue, ...]:
    farewell = (Cue.WINDS_UP, Cue.PARTS) if call.end == "closed" else ()
    return (*farewell, Cue.STAYED_AFTER if stays else Cue.LEFT_AFTER)


def _decided(call: Call, *, stays: bool) -> tuple[Cue, ...]:
    if call.end == "closed":
        return (Cue.STAYS, Cue.PARTS_STAYING) if stays else (Cue.LEAVES, Cue.PARTS_LEAVING)
    if call.end == "released":
        return (Cue.LEFT_WELL,)
    return (Cue.STAYED_AFTER if stays else Cue.LEFT_AFTER,)
