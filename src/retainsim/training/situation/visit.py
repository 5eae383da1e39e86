"""
Calls that we begin: to a customer who has said nothing, to one who has just left, to one who left long ago.

The talk goes by the law of the conversation, begun without what a threat adds to anger. Whatever trust it won or lost
stays with the customer, what was agreed becomes the action of his month, and then he lives on by the law of the month.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import ClassVar

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.policy import ActionKind, Move, MoveKind, ThreatView
from retainsdk.view import Reason
from retainsim.market.engine import Part
from retainsim.market.kernels import NO_DEEDS, Deeds
from retainsim.market.law import LAW, Parameters
from retainsim.market.law.names import CONTACTS
from retainsim.market.person import OURS, ROW_DTYPE, People, Person, rows, whole
from retainsim.market.response import Call, after, begin, seen
from retainsim.market.streams import key_of
from retainsim.training.scenario import Case
from retainsim.training.situation.deeds import OF_CUSTOMERS, OF_LEAVERS, Row, agreed, rows_by_move
from retainsim.training.situation.facts import Fact, facts_of
from retainsim.training.situation.occasion import NOTHING_DONE, Deed, Outcome
from retainsim.training.year import lived_year

_ALWAYS = frozenset((MoveKind.EMPATHISE, MoveKind.APOLOGISE, MoveKind.PRESSURE, MoveKind.CLOSE))
"""What can be said to anybody, whether or not it comes to something."""
_MONEY_OFF = (ActionKind.OFFER_PRICE, ActionKind.WIN_BACK)


@attrs.frozen
class Visit:
    """To a customer who has said nothing: he is ours, and success is that he stays ours all the year."""

    table: ClassVar[tuple[Row, ...]] = OF_CUSTOMERS
    farewell: MoveKind = MoveKind.CLOSE
    left_to_the_month: frozenset[str] = frozenset(("plan", "days"))

    @property
    def gives_once(self) -> frozenset[MoveKind]:
        """As the table says."""
        return frozenset(row.move for row in self.table if row.once)

    def begin(self, case: Case) -> Call:
        """He has not made up his mind to anything, so he is upset by nothing but what hurts him."""
        return begin(case.person(), _with(case, talk_upset=0.0))

    def seen(self, case: Case, call: Call) -> ThreatView:
        """The card, and what was said; the figures of competitors and packages as far as the card knows them."""
        person, card = case.person(), case.card
        person.stated_reason = max(person.stated_reason, int(Reason.NO_NEED_STATED))
        return attrs.evolve(
            seen(call, person, case.month),
            threats=person.threats,
            competitor_fee=card.get("competitor_fee"),
            alternative_suitability=card.get("alternative_suitability"),
        )

    def stated(self, case: Case) -> Reason | None:  # noqa: ARG002 # as the protocol has it
        """He was asked for none."""
        return None

    def facts(self, case: Case, call: Call) -> tuple[Fact, ...]:
        """Who has told what is on his mind tells the rest too."""
        return () if call.revealed is None else facts_of(case.person())

    def menu(self, case: Case) -> tuple[MoveKind, ...]:
        """What the table has for him, and what can always be said."""
        open_to_him = {row.move for row in self.table if row.may(case)}
        closed = {row.move for row in self.table} - open_to_him
        return tuple(kind for kind in MoveKind if kind in (_ALWAYS | open_to_him) - closed)

    def after(self, case: Case, call: Call, move: Move, made: Sequence[Move]) -> Call:
        """By the law of the conversation; what we call about is not beside the point, the first time."""
        again = any(before.kind is move.kind for before in made)
        ours = not again and move.kind in rows_by_move(self.table)
        p = _with(case, talk_beside=0.0) if ours else case.market.rules.plain()
        return after(call, move, case.person(), case.month, p)

    def deed(self, case: Case, call: Call, moves: Sequence[Move]) -> Deed:
        """What binds most; with who hangs up nothing is agreed."""
        return NOTHING_DONE if call.end == "hung up" else agreed(case, moves, self.table)

    def deed_of(self, case: Case, move: Move) -> ActionKind | None:
        """By the table."""
        row = rows_by_move(self.table).get(move.kind)
        return None if row is None else row.kind(case, move)

    def money_off(self, outcome: Outcome) -> tuple[int, int]:
        """What was agreed, if it was that."""
        deed = outcome.deed
        return (deed.amount, deed.months) if deed.kind in _MONEY_OFF else (0, 0)

    def with_money_off(
        self, case: Case, outcome: Outcome, moves: Sequence[Move], offer: Move | None
    ) -> Outcome:
        """The same talk with another discount agreed; without one, what else it came to."""
        others = [move for move in moves if move.kind is not MoveKind.OFFER_DISCOUNT]
        said = others if offer is None else [offer]
        return attrs.evolve(outcome, deed=self.deed(case, outcome.call, said))

    def lets_go(self, case: Case) -> bool:  # noqa: ARG002 # as the protocol has it
        """He wants nothing of us yet."""
        return False

    def worlds(self, case: Case, count: int) -> People:
        """His circle, as many times: all with other luck, and he with the same traits and the same representative."""
        size, me, own = len(case.circle), case.place, case.person()
        found = np.tile(whole(case.circle), count).view(ROW_DTYPE)
        traits, tried = _traits(own), _tries(own.key)
        for place, person in enumerate(rows(found)):
            person.key = next(tried)
            while place % size == me and _traits(person) != traits:
                person.key = next(tried)
        return found

    def enter(self, part: Part, who: NDArray[np.intp], case: Case, outcome: Outcome) -> NDArray[np.int64]:
        """What was felt stays, what was agreed is done, and the month is lived."""
        p, people = case.market.rules.plain(), part.people
        if outcome.call.turn:
            after_it = self._felt(case, outcome)
            for name in ("trust", "satisfaction", "contact_day", "contacts_recent"):
                people[name][who] = getattr(after_it, name)
        deed, n = outcome.deed, len(who)
        done = Deeds(
            position=who.astype(np.int64),
            kind=np.full(n, deed.kind, np.int8),
            amount=np.full(n, deed.amount, np.int64),
            months=np.full(n, deed.months, np.int32),
        )
        tally, threatening = part.live(case.month, NO_DEEDS if deed == NOTHING_DONE else done)
        part.settle(case.month, threatening, tally, None)
        tally[CONTACTS] += n * int(outcome.call.turn * p.move_minutes * p.minute_cost)
        return tally

    def _felt(self, case: Case, outcome: Outcome) -> Person:
        """He as the call left him; the action itself is felt in the month."""
        person, call, p, w = case.person(), outcome.call, case.market.rules.plain(), case.month.row
        person.trust = call.trust
        if person.firm == OURS:  # the mood of a leaver is with another firm
            gained = p.talk_mood_lasts * (call.mood - self.begin(case).mood)
            person.satisfaction = LAW.clamp(person.satisfaction + gained, -1.0, 1.0)
        if outcome.deed == NOTHING_DONE:
            person.contact_day = w.first_day + 1
            person.contacts_recent = LAW.one_recent_more(person.contacts_recent)
        return person

    def is_kept(self, ours: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Who was ours all the time."""
        return np.asarray(ours.all(axis=0))

    def decides(self, case: Case, outcome: Outcome) -> bool:
        """By living the year with his own luck."""
        who = np.array([case.place])
        year = lived_year(
            case, case.circle, who, lambda part: self.enter(part, who, case, outcome), compiled=False
        )
        return bool(self.is_kept(year.ours)[0])


@attrs.frozen
class WinBack(Visit):
    """To somebody who left: success is that he is with us again within the year."""

    table: ClassVar[tuple[Row, ...]] = OF_LEAVERS

    def stated(self, case: Case) -> Reason | None:
        """What he said when he left, where anybody heard it."""
        stated = case.person().stated_reason
        return None if stated < 0 else Reason(stated)

    def is_kept(self, ours: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Who came back."""
        return np.asarray(ours.any(axis=0))


@attrs.frozen
class Goodbye(WinBack):
    """The last call, to somebody who has just left: it ends by letting him go well."""

    farewell: MoveKind = MoveKind.RELEASE

    def lets_go(self, case: Case) -> bool:  # noqa: ARG002 # as the protocol has it
        """He has gone; how it ends is remembered [B2 E6]."""
        return True


def _with(case: Case, **other: float) -> Parameters:
    """The parameters of his world but for some."""
    rules = case.market.rules
    return attrs.evolve(rules, values={**rules.values, **other}).plain()


def _tries(key: int) -> Iterator[int]:
    """Keys, one after the other."""
    return (key_of("future", key, number) >> 1 for number in count())


def _traits(person: Person) -> tuple[int, int]:
    """What of him hangs on his key for good: the products that suit him, and who represents us to him."""
    return LAW.products_that_suit(person), LAW.desk_of(person)
