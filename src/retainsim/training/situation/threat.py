"""A threat: the customer calls and says that he will leave. At the end of the call he decides by himself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.policy import ActionKind, Move, MoveKind, ThreatView
from retainsdk.view import Reason
from retainsim.market.engine import Part
from retainsim.market.kernels import DECIDE, Said
from retainsim.market.law import LAW, TALLIES
from retainsim.market.law.account import votes
from retainsim.market.law.rivals import known_firms
from retainsim.market.person import OURS, ROW_DTYPE, People, whole
from retainsim.market.response import Call, after, begin, seen, settle, talk_of
from retainsim.market.streams import key_of, stream_of
from retainsim.market.talk import TALK_DTYPE
from retainsim.training.scenario import Case
from retainsim.training.situation.facts import Fact
from retainsim.training.situation.occasion import NOTHING_DONE, Deed, Outcome

_TRIES = 20_000
"""For all worlds; where fewer votes than that lead to so many worlds in which an organisation leaves, there are fewer worlds."""
THREAT_MOVES = tuple(kind for kind in MoveKind if kind not in (MoveKind.ASK_REFERRAL, MoveKind.OFFER_BENEFIT))
"""What is said to somebody who threatens to leave."""


@attrs.frozen
class Threat:
    """He says that he will leave."""

    farewell: MoveKind = MoveKind.CLOSE
    gives_once: frozenset[MoveKind] = frozenset()
    left_to_the_month: frozenset[str] = frozenset()

    def begin(self, case: Case) -> Call:
        """He is as angry as the law makes him."""
        return begin(case.person(), case.market.rules.plain())

    def seen(self, case: Case, call: Call) -> ThreatView:
        """The card, and what was said."""
        return seen(call, case.person(), case.month)

    def stated(self, case: Case) -> Reason | None:
        """What he says as he calls."""
        return Reason(case.person().stated_reason)

    def facts(self, case: Case, call: Call) -> tuple[Fact, ...]:  # noqa: ARG002 # as the protocol has it
        """He tells his reason, and that is all."""
        return ()

    def menu(self, case: Case) -> tuple[MoveKind, ...]:  # noqa: ARG002 # as above
        """All but what has no room beside a threat; he called, so nothing needs his consent."""
        return THREAT_MOVES

    def after(self, case: Case, call: Call, move: Move, made: Sequence[Move]) -> Call:  # noqa: ARG002 # as above
        """By the law of the conversation."""
        return after(call, move, case.person(), case.month, case.market.rules.plain())

    def deed(self, case: Case, call: Call, moves: Sequence[Move]) -> Deed:  # noqa: ARG002 # as above
        """What was offered waits for his decision."""
        return NOTHING_DONE

    def deed_of(self, case: Case, move: Move) -> ActionKind | None:  # noqa: ARG002 # as above
        """As of the whole call."""
        return None

    def money_off(self, outcome: Outcome) -> tuple[int, int]:
        """The offer on the table."""
        offer = outcome.call.offer
        if offer is None or offer.kind is not MoveKind.OFFER_DISCOUNT:
            return 0, 0
        return offer.amount, offer.months

    def with_money_off(
        self,
        case: Case,  # noqa: ARG002 # as above
        outcome: Outcome,
        moves: Sequence[Move],  # noqa: ARG002 # as above
        offer: Move | None,
    ) -> Outcome:
        """That offer on the table, or none; of a call that ended by letting him go, as if he had been asked."""
        end = "closed" if outcome.call.end == "released" else outcome.call.end
        return attrs.evolve(outcome, call=attrs.evolve(outcome.call, offer=offer, end=end))

    def lets_go(self, case: Case) -> bool:
        """Who truly has no need any more [B7]."""
        return case.truth is Reason.NEED_ENDED and not case.bluffs

    def worlds(self, case: Case, count: int) -> People:
        """Himself alone: in each with other luck, and in each of the mind he is of, about to leave or only saying so."""
        found = np.repeat(whole(case.row), count).view(ROW_DTYPE)
        found["circle"], found["member"], found["referrer"] = 1, 0, -1
        keys = list(islice(_keys(case), count))
        found["key"][: len(keys)] = keys
        return found[: len(keys)] if keys else whole(case.row).copy().view(ROW_DTYPE)

    def enter(self, part: Part, who: NDArray[np.intp], case: Case, outcome: Outcome) -> NDArray[np.int64]:
        """He decides; a call that goes on is taken as closed now."""
        call, tally = outcome.call, np.zeros(TALLIES, dtype=np.int64)
        closed = call if call.end is not None else attrs.evolve(call, end="closed")
        talks = np.repeat(np.frombuffer(talk_of(closed), dtype=TALK_DTYPE), len(who))  # type: ignore[call-overload,unused-ignore] # a buffer, which 3.11 cannot say
        part.kernel.step(part.people, who, talks, DECIDE, Said.nothing(len(who)), case.month, tally)
        return tally

    def is_kept(self, ours: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Who was ours all the time."""
        return np.asarray(ours.all(axis=0))

    def decides(self, case: Case, outcome: Outcome) -> bool:
        """By the market's own choice."""
        return settle(outcome.call, case.person(), case.month, case.market.rules.plain(), [0] * TALLIES)


def _keys(case: Case) -> Iterator[int]:
    """Of other luck: any for who decides alone, whose mind only words change; for who votes, where the vote is to leave."""
    person, w, p = case.person(), case.month.row, case.market.rules.plain()
    own, any_will_do = person.key, case.bluffs or not votes(person, p)
    for number in range(_TRIES):
        person.key = key_of("future", own, number) >> 1
        luck = stream_of(person.key, w.when)
        if any_will_do or LAW.decide(person, w, known_firms(luck, w), 0.0, luck, p) != OURS:
            yield person.key
