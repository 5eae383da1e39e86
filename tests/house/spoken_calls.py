"""Calls to put into words: people of all kinds, moves by chance or by a script, played by the market's own rules."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import attrs
from lives import PLAN, a_month, counts, parameters, someone

from retainsdk.action import Claim
from retainsdk.policy import Move, MoveKind
from retainsdk.vocabulary import Reason
from retainsim.market.law.conversation import REPLIES
from retainsim.market.month import Month
from retainsim.market.person import Row
from retainsim.market.purposes import RESOLVE
from retainsim.market.response import MOST_TURNS, Call, after, begin, settle
from retainsim.market.streams import drawn, stream_of
from retainsim.training.lines import Cue, Dialogue, Offered, Scene, Slots
from retainsim.training.lines.phrasebook import SITUATIONS, THREAT
from retainsim.training.situation import THREAT_MOVES

TUESDAY = date(2026, 11, 24)
RIVAL = Offered(firm="Northline", monthly_fee=3_900, lock_months=24, quality=-1)
ALONE = {field: getattr(PLAN, field)[:1] for field in ("price", "quality", "awareness", "lock_months")}
MARKETS: tuple[dict[str, Any], ...] = (
    {},
    {"price": (1.0, 0.8, 0.9, 1.0)},
    {"price": (1.0, 1.3, 1.2, 1.1)},
    ALONE | {"shares": (0.6, 0.4)},
)
"""As dear as we are, cheaper, dearer, and nobody else at all."""
OTHERS = [
    Offered(firm="Southline", monthly_fee=4_100, lock_months=lock, quality=quality)
    for lock in (0, 1, 12)
    for quality in (-1, 0, 1)
]
Step = tuple[Move, Slots]


def _whose_luck(low: float, high: float, *, open_minded: float = 0.0) -> int:
    """The first key under which the first three answers of a call fall between two bounds, and words can change a mind."""
    when = a_month().when
    return next(
        key
        for key in range(1_000_000)
        if all(low <= drawn(stream_of(key, when), reply) < high for reply in REPLIES[:3])
        and drawn(stream_of(key, when), RESOLVE) >= open_minded
    )


FRANK, CLOSED = _whose_luck(0.0, 0.3), _whose_luck(0.9, 1.0)
"""Keys of people who, as far as chance has a say, answer what they are asked, and who do not."""
OPEN_MINDED = _whose_luck(0.0, 0.3, open_minded=0.7)
"""Of somebody frank who, as far as chance has a say, lets himself be persuaded."""


TOLD_BESIDES = (
    Cue.TELLS_HAPPY_EVENT,
    Cue.TELLS_BEREAVEMENT,
    Cue.TELLS_HARD_TIMES,
    Cue.TELLS_UNSAID_FAILURE,
)
"""What may come out with the reason, in a call that we begin."""
VISIT_MOVES = [kind for kind in MoveKind if kind not in {MoveKind.REFUSE, MoveKind.RELEASE}]
"""What can be said to somebody we call, be he ours or not."""
GIVE_ONCE = (MoveKind.APOLOGISE, MoveKind.SMALL_TALK, MoveKind.OFFER_BENEFIT)


@attrs.frozen(kw_only=True)
class Exchange:
    """One move of a call, what it changed, what hurt in it and what was told besides."""

    before: Call
    move: Move
    slots: Slots
    after: Call
    felt: Cue | None = None
    besides: tuple[Cue, ...] = ()


@attrs.frozen(kw_only=True)
class Heard:
    """A whole call of a person, without words."""

    situation: str = THREAT
    person: Row
    first: Call
    exchanges: tuple[Exchange, ...]
    stays: bool

    @property
    def stated(self) -> Reason | None:
        return None if self.situation == "calm" else Reason(self.person.stated_reason)

    @property
    def last(self) -> Call:
        return self.exchanges[-1].after if self.exchanges else self.first

    def told(self, scene: Scene) -> Dialogue:
        """The same in words."""
        scene = attrs.evolve(scene, situation=self.situation)
        dialogue = Dialogue(scene=scene, stated=self.stated).opened(self.first)
        for it in self.exchanges:
            dialogue = dialogue.continued(
                it.before, it.move, it.after, slots=it.slots, felt=it.felt, besides=it.besides
            )
        return dialogue if self.last.end is None else dialogue.concluded(self.last, stays=self.stays)


def a_caller(**changes: Any) -> Row:
    """Somebody who says he will leave."""
    threat = {"leaning": 1, "threats": 1, "true_reason": Reason.CHEAPER_COMPETITOR, "stated_reason": 0}
    return someone(**threat | changes)


def held(steps: Iterable[Step], person: Row, month: Month) -> Heard:
    """The call that follows from those steps, until it ends or they do."""
    p = parameters()
    call = first = begin(person, p)
    exchanges = []
    for move, slots in steps:
        if call.end is not None:
            break
        then = after(call, move, person, month, p)
        exchanges.append(Exchange(before=call, move=move, slots=slots, after=then))
        call = then
    stays = settle(call, person, month, p, counts()) if call.end is not None else False
    return Heard(person=person, first=first, exchanges=tuple(exchanges), stays=stays)


def step(
    kind: MoveKind,
    *,
    amount: int = 1_500,
    months: int = 6,
    once: int = 0,
    claim: Claim | None = None,
    **slots: Any,
) -> Step:
    """A move with all that its words may need; *once* is what moves give that may give money once."""
    amount = once if kind in GIVE_ONCE else amount
    usual: dict[str, Any] = {"package": 0, "rival": RIVAL, "day": TUESDAY}
    return Move(kind=kind, amount=amount, months=months, claim=claim), Slots(**usual | slots)


def chance_calls(count: int, *, seed: int) -> Iterator[Heard]:
    """Calls of all kinds of people in all kinds of markets, each move by chance; some make one move often."""
    luck = random.Random(seed)
    for _ in range(count):
        yield held(_chance_steps(luck, THREAT_MOVES), _anybody(luck), a_month(**luck.choice(MARKETS)))


def chance_visits(count: int, *, seed: int) -> Iterator[Heard]:
    """The same where we call: with people who tell more than the reason, and with moves that may hurt."""
    luck = random.Random(seed)
    for _ in range(count):
        moves = _chance_steps(luck, VISIT_MOVES)
        heard = held(moves, _anybody(luck), a_month(**luck.choice(MARKETS)))
        yield attrs.evolve(
            heard,
            situation=luck.choice(SITUATIONS),
            exchanges=tuple(_with_more(it, luck) for it in heard.exchanges),
        )


def _with_more(it: Exchange, luck: random.Random) -> Exchange:
    comes_out = it.before.revealed is None and it.after.revealed is not None
    hurts = it.move.kind in {MoveKind.OFFER_DISCOUNT, MoveKind.PROPOSE_FIT} and luck.random() < 0.2
    return attrs.evolve(
        it,
        felt=luck.choice([Cue.CONTRADICTED, Cue.HURT_BY_OFFER]) if hurts else None,
        besides=tuple(luck.sample(TOLD_BESIDES, luck.randrange(3))) if comes_out else (),
    )


def _anybody(luck: random.Random) -> Row:
    return a_caller(
        key=luck.randrange(1 << 40),
        trust=luck.choice([-1.0, -0.5, 0.0, 0.5, 1.0]),
        hurt=luck.choice([0.0, 0.0, 0.4, 0.8]),
        assertive=luck.choice([0.0, 0.3, 0.7, 1.0]),
        true_reason=luck.choice([reason for reason in Reason if reason is not Reason.NO_NEED_STATED]),
        stated_reason=luck.choice(list(Reason)),
    )


def _chance_steps(luck: random.Random, moves: Sequence[MoveKind]) -> list[Step]:
    liked = luck.sample(moves, luck.choice([4, 10, len(moves)]))
    return [
        step(
            luck.choice(liked),
            amount=luck.choice([500, 1_500, 4_990]),
            months=luck.choice([1, 2, 6, 12]),
            once=luck.choice([0, 0, 2_000]),
            package=luck.randrange(4),
            present=luck.random() < 0.3,
            claim=luck.choice([None, *Claim]),
            rival=luck.choice([None, RIVAL, *OTHERS]),
            suspected=luck.choice([None, *Reason]),
        )
        for _ in range(MOST_TURNS)
    ]
