"""What goes with a move, asked of whoever makes it: taken from what he typed where that is plain, else with a usual answer."""

from __future__ import annotations

from typing import Any, NamedTuple

import attrs

from retainsdk.action import Claim
from retainsdk.policy import Move, MoveKind
from retainsim.cli.terminal import Terminal
from retainsim.training.desk import Desk
from retainsim.training.granting import is_granted, most_off, slots_of
from retainsim.training.lines.amounts import months, percent
from retainsim.training.record import MoveSource
from retainsim.training.typed import Slots, slots_for

_NOTHING_TYPED = Slots()


class Said(NamedTuple):
    """What the trainee means to say next."""

    kind: MoveKind
    words: str = ""
    source: MoveSource = "menu"
    slots: Slots = _NOTHING_TYPED


class Asking(Terminal):
    """Somebody who is asked what goes with his moves."""

    def slots(self, desk: Desk, kind: MoveKind, text: str) -> Slots:
        """What he typed says of what goes with a move."""
        return slots_for(kind, text, desk.language.value, packages=[name for _, name in desk.package_names()])

    def filled(self, desk: Desk, said: Said) -> Move | None:
        """The move with all that goes with it; none where it is not his to grant."""
        limits, fee = desk.session.scenario.authority, desk.session.seen.monthly_fee
        if not is_granted(said.kind, limits, fee):
            self.say(desk, desk.word("questions.not_yours"), style="yellow")
            return None
        ask = {
            "amount": self._amount,
            "months": self._months,
            "plan": self._plan,
            "claim": self._claim,
            "days": self._days,
        }
        slots: dict[str, Any] = {
            name: ask[name](desk, said) for name in slots_of(said.kind, desk.session.occasion)
        }
        return attrs.evolve(Move(kind=said.kind), **slots)

    def _also(self, desk: Desk, told: str) -> None:
        """What was taken from typed words is always shown."""
        self.say(desk, desk.word("questions.read_too", slot=told), style="magenta")

    def _amount(self, desk: Desk, said: Said) -> int:
        limits, fee = desk.session.scenario.authority, desk.session.seen.monthly_fee
        if said.kind in desk.session.occasion.gives_once:
            return self._once(desk, limits.once, fee)
        amount = said.slots.off(fee, desk.currency)
        if 1 <= amount <= most_off(limits, fee):
            self._also(desk, desk.money(amount))
            return amount
        highest = max(int(100 * limits.discount), 1)
        share = self.number(desk, desk.word("questions.percent"), 1, highest)
        return max(share * fee // 100, 1)

    def _once(self, desk: Desk, limit: float, fee: int) -> int:
        """What is given once, asked in percent of a month's fee: a gift, a benefit, a compensation."""
        most = int(100 * limit)
        if most < 1:
            return 0
        question = desk.word("prompts.once", share=percent(limit, desk.language))
        return self.number(desk, question, 0, most, usual=0) * fee // 100

    def _months(self, desk: Desk, said: Said) -> int:
        most = desk.session.scenario.authority.months
        count = said.slots.months
        if 1 <= count <= most:
            self._also(desk, months(count, desk.language))
            return count
        return self.number(desk, desk.word("prompts.months"), 1, most)

    def _plan(self, desk: Desk, said: Said) -> int | None:
        """None proposes the one that fits best."""
        packages = desk.package_names()
        if said.slots.package is not None:
            size, name = packages[said.slots.package]
            self._also(desk, name)
            return size
        self.table(desk, [(str(n), *row) for n, row in enumerate(desk.proposals(), start=1)])
        question = desk.word("prompts.package", package=dict(packages)[desk.best_fit])
        chosen = self.number(desk, question, 1, len(packages), usual=0)
        return packages[chosen - 1][0] if chosen else None

    def _claim(self, desk: Desk, said: Said) -> Claim | None:
        """None compares honestly."""
        claims = desk.claims()
        if said.slots.claim is not None:
            self._also(desk, dict(claims)[said.slots.claim])
            return said.slots.claim
        self.table(desk, [(str(n), label) for n, (_, label) in enumerate(claims, start=1)])
        return claims[self.number(desk, desk.word("prompts.claim"), 1, len(claims), usual=1) - 1][0]

    def _days(self, desk: Desk, said: Said) -> int:
        most = desk.session.scenario.authority.days
        days = said.slots.days_from(desk.today)
        if days is not None and 1 <= days <= most:
            self._also(desk, desk.day(days))
            return days
        question = desk.word("prompts.day", most=str(most), day=desk.day(most))
        return self.number(desk, question, 1, most, usual=most)
