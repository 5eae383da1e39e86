"""
Sellers who are no persons, each a school of its own, to measure a trainee's rounds by.

All but the clairvoyant see what a trainee sees. He tries every action on everybody in the very world that comes, and
does what brings most for an hour: somewhat less than could be reached, and far more than anybody can know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

import attrs
import numpy as np

from retainsdk.action import ActionKind
from retainsdk.policies.conversation import PAUSE_MONTHS, understand
from retainsdk.policies.early_warning import EarlyWarning
from retainsdk.policies.promise_keeper import PromiseKeeper
from retainsdk.policies.reading import is_customer
from retainsdk.policies.win_back import WinBack
from retainsdk.policy import Actions, Budget, Move, MoveKind, PolicyStream
from retainsim.market.streams import key_of
from retainsim.training.bots import AlwaysDiscount, AtRandom
from retainsim.training.bots import Bot as Talker
from retainsim.training.rounds.decision import To
from retainsim.training.rounds.gate import minutes_of, most_of, why_not
from retainsim.training.rounds.office import Done
from retainsim.training.rounds.play import Phase, Play
from retainsim.training.rounds.setting import AUTHORITY
from retainsim.training.rounds.step import KEEPS, NOTICE, WORDS, Step
from retainsim.training.session import Phase as CallPhase
from retainsim.training.session import Session

_AHEAD = 12
"""Months for which the clairvoyant looks ahead."""
_DEPTHS = (0.1, 0.25)
"""Discounts that he tries, as shares of the fee."""


class Seller(Protocol):
    """Somebody in charge of a book of customers."""

    def week(self, play: Play) -> Sequence[Step]:
        """What he does in the week that is to be planned."""

    def take(self, play: Play, customer: int) -> Play:
        """The play once he has answered a call."""


def played(play: Play, seller: Seller) -> Play:
    """The play with all that a seller does until the stage is over."""
    while play.phase is not Phase.OVER:
        play = (
            play.decide(seller.week(play)) if play.phase is Phase.WEEK else seller.take(play, play.waiting[0])
        )
    return play


@attrs.frozen
class Nobody:
    """The control twin: nobody does anything for anybody."""

    def week(self, play: Play) -> Sequence[Step]:  # noqa: ARG002 # as the protocol has it
        """Nothing."""
        return ()

    def take(self, play: Play, customer: int) -> Play:
        """Nobody takes the call."""
        return play.leave(customer, To.NOBODY)


@attrs.frozen
class ByScript:
    """A good office: keeps what was promised, then does what three schools of the field ask for, as far as time goes."""

    def week(self, play: Play) -> Sequence[Step]:
        """Promises due this week first; then amends, endings made good, and calls to those at risk."""
        return _filled(play, _asked_by_schools(play))

    def take(self, play: Play, customer: int) -> Play:
        """As the script has it."""
        return play.leave(customer, To.COLLEAGUE)


@attrs.frozen
class Discounts:
    """Offers everybody in turn what he may give away, and in a call the same at once [A7]."""

    def week(self, play: Play) -> Sequence[Step]:
        """Money off for the next who has none."""
        order = np.argsort(play.view.discount[_rows(play)], kind="stable") + 1
        steps = (
            Step(customer=number, action="offer_price", amount=most, months=AUTHORITY.months)
            for number in order.tolist()
            if (most := most_of(play, Step(customer=number, action="offer_price"))) > 0
        )
        return _within_hours(play, steps)

    def take(self, play: Play, customer: int) -> Play:
        """The largest discount, then the close."""
        return _talked(play, customer, AlwaysDiscount())


@attrs.frozen
class Throws:
    """Throws a dice for whom and what."""

    seed: int = 0

    def week(self, play: Play) -> Sequence[Step]:
        """Whatever comes up and may be done."""
        return _within_hours(play, self._thrown(play))

    def take(self, play: Play, customer: int) -> Play:
        """A dice for every move."""
        return _talked(play, customer, AtRandom(self.seed))

    def _thrown(self, play: Play) -> Iterator[Step]:
        for throw in range(3 * len(play.roster)):
            key = key_of("seller at random", self.seed, play.setting.seed, play.round, play.week, throw)
            number, word = 1 + key % len(play.roster), WORDS[(key >> 20) % len(WORDS)]
            yield _sized(play, number, word, share=(1 + (key >> 40) % 4) / 4)


@attrs.define
class Clairvoyant:
    """Knows what everybody would do."""

    _plans: dict[int, list[Step]] = attrs.field(factory=dict)

    def week(self, play: Play) -> Sequence[Step]:
        """What is worth most for its minutes."""
        if play.round not in self._plans:
            self._plans[play.round] = _best_steps(play)
        return _filled(play, self._plans[play.round])

    def take(self, play: Play, customer: int) -> Play:
        """What this caller is worth most after."""
        tried = [
            {number: said for number in play.waiting if (said := _heard(play.calls[number], moves))}
            for moves in _openings(play)
        ]
        answered = {number: call.moves for number, call in play.calls.items() if number not in play.waiting}
        worths = []
        for answers in tried:
            office = play.office.forked()
            office.live(Done(steps=play.weeks, answers={**answered, **answers}))
            office.live_on(_AHEAD)
            worths.append(office.worth(customer))
        best = tried[int(np.argmax(worths))][customer]
        for move in best:
            play = play.say(customer, move)
        return play


SELLERS: Mapping[str, Callable[[], Seller]] = {
    "clairvoyant": Clairvoyant,
    "script": ByScript,
    "always_discount": Discounts,
    "random": Throws,
}
"""Who takes charge of a book, from the best informed to the least."""


def _rows(play: Play) -> list[int]:
    return [play.office.row(number) for number in range(1, len(play.roster) + 1)]


def _talked(play: Play, customer: int, talker: Talker) -> Play:
    """The play after a whole call."""
    before = len(play.past)
    while play.phase is Phase.CALLS and len(play.past) == before and customer in play.waiting:
        play = play.say(customer, talker.move(play.calls[customer]))
    return play


def _within_hours(play: Play, wished: Iterator[Step] | Sequence[Step]) -> list[Step]:
    """As many of the wishes, in their order, as may be done and time is for; one thing a customer a month."""
    taken = {step.customer for week in play.weeks for step in week}
    steps: list[Step] = []
    minutes = 0
    for step in wished:
        if step.customer in taken or why_not(play, step.customer, step.action):
            continue
        takes = minutes_of(play, [step])
        if minutes + takes <= play.minutes_left:
            steps.append(step)
            taken.add(step.customer)
            minutes += takes
    return steps


def _filled(play: Play, wished: Sequence[Step]) -> list[Step]:
    """The week's promises, notice where there is no time to keep one, and then the wishes."""
    this_week = [it.customer for it in play.due if it.week == play.week - 1]
    kept = [Step(customer=number, action=KEEPS.name.lower()) for number in this_week]
    notice = [Step(customer=number, action=NOTICE) for number in this_week]
    later = {it.customer for it in play.due if it.week >= play.week}
    return _within_hours(play, [*kept, *notice, *(step for step in wished if step.customer not in later)])


def _asked_by_schools(play: Play) -> list[Step]:
    """What schools of the field want done, each school's most urgent first."""
    view, numbers = play.view, {key: number for number, key in enumerate(play.roster, start=1)}
    draw = PolicyStream(seed=play.setting.seed, period=play.round, relationships=view.relationship)
    wished = []
    for school in (PromiseKeeper(), WinBack(), EarlyWarning()):
        actions = school.decide(view, Budget(), draw)
        wished += [
            _granted(play, numbers[int(actions.relationship[place])], actions, place)
            for place in np.argsort(-actions.priority, kind="stable").tolist()
        ]
    return wished


def _granted(play: Play, number: int, actions: Actions, place: int) -> Step:
    """An action as far as it is the seller's to grant."""
    word = ActionKind(actions.kind[place]).name.lower()
    most = most_of(play, Step(customer=number, action=word))
    return Step(
        customer=number,
        action=word,
        amount=min(int(actions.amount[place]), most),
        months=min(int(actions.months[place]), AUTHORITY.months),
    )


def _sized(play: Play, number: int, word: str, *, share: float) -> Step:
    """An action with slots filled: a share of what may be granted."""
    plain = Step(customer=number, action=word)
    most = max(int(share * most_of(play, plain)), 1)
    if plain.kind in (ActionKind.OFFER_PRICE, ActionKind.WIN_BACK):
        return attrs.evolve(plain, amount=most, months=AUTHORITY.months)
    if plain.kind is ActionKind.OFFER_PAUSE:
        return attrs.evolve(plain, months=PAUSE_MONTHS)
    if plain.kind in (ActionKind.COMPENSATION, ActionKind.OFFER_BENEFIT):
        return attrs.evolve(plain, amount=most)
    return plain


def _best_steps(play: Play) -> list[Step]:
    """What is worth more than it costs, the most for a minute first."""
    nothing = _worths(play, ())
    best: dict[int, tuple[float, Step]] = {}
    ours = is_customer(play.view)[_rows(play)]
    for word in WORDS:
        for share in _DEPTHS if word in ("offer_price", "offer_benefit", "compensation") else (1.0,):
            steps = [
                _sized(play, number, word, share=share)
                for number in range(1, len(play.roster) + 1)
                if not why_not(play, number, word) and (ours[number - 1] or word != "greeting")
            ]
            worths = _worths(play, steps) if steps else {}
            for step in steps:
                gain = worths[step.customer] - nothing[step.customer]
                rate = gain / max(minutes_of(play, [step]), 1)
                if gain > 0 and rate > best.get(step.customer, (0.0, step))[0]:
                    best[step.customer] = rate, step
    return [step for _, step in sorted(best.values(), key=lambda it: (-it[0], it[1].customer))]


def _worths(play: Play, steps: Sequence[Step]) -> dict[int, float]:
    """What everybody is worth if all of that were done this week, whatever time it takes, and nothing after it."""
    office = play.office.forked()
    office.live(Done(steps=(*play.weeks, tuple(steps))))
    office.live_on(_AHEAD)
    return {number: office.worth(number) for number in range(1, len(play.roster) + 1)}


def _openings(play: Play) -> list[tuple[Move, ...]]:
    """Ways to talk that are tried: each answer there is, said at once or after understanding."""
    fee = min(call.seen.monthly_fee for call in play.calls.values())
    answers = [
        *(
            Move(kind=kind)
            for kind in (
                MoveKind.RELEASE,
                MoveKind.PROPOSE_FIT,
                MoveKind.COMPARE_COMPETITOR,
                MoveKind.EXPLAIN_VALUE,
                MoveKind.APOLOGISE,
                MoveKind.PROMISE_FOLLOW_UP,
            )
        ),
        Move(kind=MoveKind.OFFER_PAUSE, months=PAUSE_MONTHS),
        *(
            Move(kind=MoveKind.OFFER_DISCOUNT, amount=int(depth * fee), months=AUTHORITY.months)
            for depth in _DEPTHS
            if int(depth * fee) > 0
        ),
    ]
    return [(), *((answer,) for answer in answers)]


def _heard(call: Session, moves: Sequence[Move]) -> tuple[Move, ...]:
    """The moves of a call in which he is understood, then answered, and let decide."""
    if moves:
        while call.phase is CallPhase.CALL and (question := understand(call.seen)) is not None:
            call = call.say(question)
    for move in (*moves, Move(kind=MoveKind.CLOSE)):
        if call.phase is CallPhase.CALL:
            call = call.say(move)
    return call.moves
