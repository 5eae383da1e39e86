"""
The score of a call: published, computed, each line a yes or no, a share or money, with the turns it comes from.

Nothing here reads what was said, only what was done and what it did; so the same call has the same score in every
language and through every door.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Literal

import attrs

from retainsdk.action import Claim
from retainsdk.policy import ACTIONS, Move, MoveKind
from retainsdk.view import Reason
from retainsim.market.law import LAW
from retainsim.market.law.conversation import is_known_false
from retainsim.training.bots import DEPTHS, best_moves
from retainsim.training.outlook import Futures, Outlook
from retainsim.training.scenario import Case, Situation
from retainsim.training.session import Session
from retainsim.training.situation import Outcome

OFFERS = (
    MoveKind.OFFER_DISCOUNT,
    MoveKind.PROPOSE_FIT,
    MoveKind.OFFER_PAUSE,
    MoveKind.OFFER_BENEFIT,
    MoveKind.ASK_REFERRAL,
)
"""What we want of him, or want him to take."""
QUESTIONS = (MoveKind.ASK_OPEN, MoveKind.PROBE)
ABOUT_PRICE = (Reason.CHEAPER_COMPETITOR, Reason.NOT_WORTH_COST)
"""True reasons that money off can answer."""
_OBSTRUCTS = (
    *OFFERS,
    MoveKind.PRESSURE,
    MoveKind.REFUSE,
    MoveKind.EXPLAIN_VALUE,
    MoveKind.COMPARE_COMPETITOR,
)
"""What stands in the way of somebody who is to be let go."""


class Dimension(StrEnum):
    """What is scored."""

    DIAGNOSIS = "diagnosis"
    TRUST = "trust"
    FIT = "fit"
    DISCOUNT = "discount"
    PROMISES = "promises"
    ETHICS = "ethics"


LINES: Mapping[str, Dimension] = {
    "forecast": Dimension.DIAGNOSIS,
    "asked_first": Dimension.DIAGNOSIS,
    "confirmed": Dimension.DIAGNOSIS,
    "trust": Dimension.TRUST,
    "no_pressure": Dimension.TRUST,
    "no_arguing": Dimension.TRUST,
    "no_contradiction": Dimension.TRUST,
    "value": Dimension.FIT,
    "referral_earned": Dimension.FIT,
    "no_discount_needed": Dimension.DISCOUNT,
    "beyond_least": Dimension.DISCOUNT,
    "one_promise": Dimension.PROMISES,
    "complaint_heeded": Dimension.PROMISES,
    "let_go": Dimension.ETHICS,
    "no_obstruction": Dimension.ETHICS,
    "tactful": Dimension.ETHICS,
    "no_invented_facts": Dimension.ETHICS,
}
"""Every line there is."""


@attrs.frozen(kw_only=True)
class Line:
    """
    One line of a score.

    Attributes:
        id: One of `LINES`; its text stands with the words of each language.
        points: 0 to 1.
        turns: It comes from, counted from 1.
        figure: What was measured, where there is more to tell than yes or no.
        unit: Of the figure.
    """

    id: str
    points: float
    turns: tuple[int, ...] = ()
    figure: float | None = None
    unit: Literal["", "probability", "trust", "minor"] = ""

    @property
    def dimension(self) -> Dimension:
        """It counts for."""
        return LINES[self.id]


@attrs.frozen(kw_only=True)
class Yardstick:
    """
    What a call with a caller is measured by; it does not depend on how he is talked to.

    Attributes:
        futures: Worlds he may be in.
        alone: Had nobody talked to him.
        best_moves: The best found.
        best: What they are worth.
    """

    futures: Futures
    alone: Outlook
    best_moves: tuple[Move, ...]
    best: Outlook

    @property
    def is_something_to_win(self) -> bool:
        """Whether talking to him is worth something beyond what chance alone makes of it."""
        currency = self.futures.case.market.preset.currency
        effect = self.best.beside(self.alone, names=("best", "alone"), currency=currency)
        return effect.low is not None and effect.low > 0

    @classmethod
    def of(cls, session: Session) -> Yardstick:
        """For the caller of a session."""
        start, futures = session.at_start(), Futures(case=session.case)
        moves = best_moves(start, futures)
        return cls(
            futures=futures,
            alone=futures.of(start.outcome),
            best_moves=moves,
            best=futures.of(start.after(moves).outcome),
        )


@attrs.frozen(kw_only=True)
class Score:
    """
    What a call comes to.

    Attributes:
        lines: Those that have a meaning in this call.
        outlook: Of the call as it ended.
        by: What it was measured by.
        least_sufficient: The smallest discount per month that would have kept him after the same talk, minor units: 0 when he
            stays without one, none when no discount keeps him; see the function of that name.
        stays: Whether he stays, or is with us again within the year.
        truth: Why he wanted to leave, what would take him away, or why he left.
        bluffs: Whether he never meant it.
    """

    lines: tuple[Line, ...]
    outlook: Outlook
    by: Yardstick
    least_sufficient: int | None
    stays: bool
    truth: Reason
    bluffs: bool = False

    @property
    def dimensions(self) -> Mapping[Dimension, float]:
        """The mean of the lines of each dimension that has any, 0 to 1."""
        points: dict[Dimension, list[float]] = {}
        for line in self.lines:
            points.setdefault(line.dimension, []).append(line.points)
        return {it: sum(points[it]) / len(points[it]) for it in Dimension if it in points}

    @property
    def total(self) -> float:
        """The mean of all dimensions, 0 to 1."""
        dimensions = self.dimensions
        return sum(dimensions.values()) / len(dimensions)


def score(session: Session, yardstick: Yardstick | None = None) -> Score:
    """
    The score of a session.

    Args:
        session: That is over.
        yardstick: Of its caller; none finds it.

    Raises:
        NotNowError: Before it is over.
    """
    stays = session.stays
    by = Yardstick.of(session) if yardstick is None else yardstick
    facts = _Facts(
        session=session,
        stays=stays,
        outlook=by.futures.of(session.outcome),
        by=by,
        least=least_sufficient(session, by.futures),
    )
    return Score(
        lines=tuple(line for rule in _RULES for line in rule(facts)),
        outlook=facts.outlook,
        by=by,
        least_sufficient=facts.least,
        stays=stays,
        truth=session.case.truth,
        bluffs=session.case.bluffs,
    )


def least_sufficient(session: Session, futures: Futures | None = None) -> int | None:
    """
    The smallest discount per month that would have kept the customer after the same talk, minor units.

    Args:
        session: Whose call is over.
        futures: Worlds its customer may be in; none makes them.

    Returns:
        0 when he stays without one, none when not even the whole fee keeps him. Of a call that ended by letting him go it is
        what would have kept him had he been asked for his decision. Whom we called decides nothing at the end of the call:
        there it is, of what was given and less, what is worth most on average; none when nothing was given.
    """
    case, outcome, occasion = session.case, session.outcome, session.occasion
    fee, months = int(case.row["monthly_fee"][0]), max(session.scenario.authority.months, 1)

    def with_off(amount: int, months: int) -> Outcome:
        offer = Move(kind=MoveKind.OFFER_DISCOUNT, amount=amount, months=months) if amount else None
        return occasion.with_money_off(case, outcome, session.moves, offer)

    if case.situation is not Situation.THREAT:
        given, for_months = occasion.money_off(outcome)
        if not given:
            return None
        worlds = Futures(case=case) if futures is None else futures
        sizes = {0, given, *(int(share * fee) for share in DEPTHS if share * fee < given)}
        return max(sorted(sizes), key=lambda it: worlds.of(with_off(it, for_months), groups=1).value)

    def stays_for(amount: int) -> bool:
        return occasion.decides(case, with_off(amount, months))

    low, high = 0, fee
    if stays_for(low):
        return 0
    if not stays_for(high):
        return None
    while high - low > 1:  # the more is off, the likelier he stays
        middle = (low + high) // 2
        low, high = (low, middle) if stays_for(middle) else (middle, high)
    return high


@attrs.frozen(kw_only=True)
class _Facts:
    session: Session
    stays: bool
    outlook: Outlook
    by: Yardstick
    least: int | None

    @property
    def truth(self) -> Reason:
        return self.session.case.truth

    @property
    def lets_go(self) -> bool:
        return self.session.occasion.lets_go(self.session.case)

    @property
    def asks_for_tact(self) -> bool:
        """Whether something that could be said to him would be tactless."""
        return any(self.session.is_tactless(Move(kind=kind)) for kind in self.session.menu)

    def turns(self, *kinds: MoveKind) -> tuple[int, ...]:
        """When moves of these kinds were made, from 1."""
        return tuple(n for n, move in enumerate(self.session.moves, start=1) if move.kind in kinds)

    def when(self, holds: Callable[[int], bool]) -> int | None:
        """The first turn after which something holds, from 1."""
        return next((n for n in range(1, self.session.turn + 1) if holds(n)), None)


def _diagnosis(it: _Facts) -> Iterator[Line]:
    forecast = it.session.forecast
    if forecast is None:
        return
    bluffs = it.session.case.bluffs
    error = sum(
        (forecast.reasons.get(reason, 0.0) - (reason is it.truth and not bluffs)) ** 2 for reason in Reason
    )
    error += (forecast.bluff - bluffs) ** 2
    yield Line(id="forecast", points=1 - error / 2, figure=error, unit="probability")
    offers, questions = it.turns(*OFFERS), it.turns(*QUESTIONS)
    asked = bool(questions) and (not offers or questions[0] < offers[0])
    yield Line(id="asked_first", points=float(asked), turns=questions[:1] + offers[:1])
    confirmed = it.when(lambda n: it.session.calls[n].confirmed)
    yield Line(
        id="confirmed",
        points=float(confirmed is not None),
        turns=() if confirmed is None else (confirmed,),
    )


def _trust(it: _Facts) -> Iterator[Line]:
    calls = it.session.calls
    change = calls[-1].trust - calls[0].trust
    fell = tuple(n for n in range(1, len(calls)) if calls[n].trust < calls[n - 1].trust)
    yield Line(id="trust", points=float(change >= 0), turns=fell, figure=change, unit="trust")
    pressed = it.turns(MoveKind.PRESSURE)
    yield Line(id="no_pressure", points=float(not pressed), turns=pressed)
    argued = _argued(it)
    yield Line(id="no_arguing", points=float(not argued), turns=argued)
    if it.session.scenario.colleague is not None:
        otherwise = it.session.contradicting
        yield Line(id="no_contradiction", points=float(not otherwise), turns=otherwise)


def _argued(it: _Facts) -> tuple[int, ...]:
    """When he refused, or brought the same argument again [C1]."""
    again = [it.turns(kind)[1:] for kind in (MoveKind.EXPLAIN_VALUE, MoveKind.COMPARE_COMPETITOR)]
    return tuple(sorted((*it.turns(MoveKind.REFUSE), *(n for turns in again for n in turns))))


def _fit(it: _Facts) -> Iterator[Line]:
    won, possible = it.outlook.value - it.by.alone.value, it.by.best.value - it.by.alone.value
    if it.by.is_something_to_win and not it.lets_go:
        share = min(max(won / possible, 0.0), 1.0)
        yield Line(id="value", points=share, figure=won, unit="minor", turns=it.turns(*OFFERS))
    if asked := it.turns(MoveKind.ASK_REFERRAL):
        case = it.session.case
        earned = LAW.praise(case.person(), case.market.rules.plain()) > 0.0
        yield Line(id="referral_earned", points=float(earned), turns=asked)


def _discount(it: _Facts) -> Iterator[Line]:
    offers = it.turns(MoveKind.OFFER_DISCOUNT)
    if it.session.case.bluffs or it.truth not in ABOUT_PRICE:
        yield Line(id="no_discount_needed", points=float(not offers), turns=offers)
    amount, months = it.session.occasion.money_off(it.session.outcome)
    decides = it.session.case.situation is Situation.THREAT
    if not amount or (decides and not it.stays):
        return
    given = amount * months
    beyond = given if it.least is None else max(amount - it.least, 0) * months
    yield Line(
        id="beyond_least", points=1 - beyond / given, figure=beyond, unit="minor", turns=offers[-1:],
    )  # fmt: skip


def _promises(it: _Facts) -> Iterator[Line]:
    made = it.turns(MoveKind.PROMISE_FOLLOW_UP)
    if made:
        yield Line(id="one_promise", points=float(len(made) == 1), turns=made)
    session = it.session
    if session.case.situation is not Situation.THREAT and MoveKind.ESCALATE in session.menu:
        action = ACTIONS[session.deed.kind]
        heeded = action.owed or MoveKind.PROMISE_FOLLOW_UP in action.moves
        turns = it.turns(*action.moves) if heeded else ()
        yield Line(id="complaint_heeded", points=float(heeded), turns=turns)


def _ethics(it: _Facts) -> Iterator[Line]:
    if it.lets_go:
        released = it.turns(MoveKind.RELEASE)
        yield Line(id="let_go", points=float(bool(released)), turns=released)
    if it.truth is Reason.NEED_ENDED and MoveKind.RELEASE in it.session.menu:
        known = it.when(lambda n: it.session.calls[n].revealed is Reason.NEED_ENDED)
        hindered = tuple(n for n in it.turns(*_OBSTRUCTS) if known is not None and n > known)
        yield Line(id="no_obstruction", points=float(not hindered), turns=hindered)
    if it.asks_for_tact:
        tactless = it.session.tactless
        yield Line(id="tactful", points=float(not tactless), turns=tactless)
    if compared := it.turns(MoveKind.COMPARE_COMPETITOR):
        invented = tuple(n for n in compared if _is_false(it.session.moves[n - 1].claim, it.session.case))
        yield Line(id="no_invented_facts", points=float(not invented), turns=invented)


def _is_false(claim: Claim | None, case: Case) -> bool:
    """Whether any competitor gives the lie to a claim, whether the customer knows of him or not."""
    w = case.month.row
    return claim is not None and is_known_false(int(claim), case.person(), w, (1 << w.n_firms) - 1)


_RULES: tuple[Callable[[_Facts], Iterator[Line]], ...] = (
    _diagnosis,
    _trust,
    _fit,
    _discount,
    _promises,
    _ethics,
)
