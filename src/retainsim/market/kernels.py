"""
The loop over people, compiled or plain: the same function over the same memory.

Compiled it runs over blocks of people in threads; plain, it reads the memory through `person.rows`. People are
visited circle by circle, once a month: first what the circle says of us as the month begins, then each member's
month. Only who threatens to leave waits for the conversation.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from pathlib import Path
from threading import Thread
from types import FunctionType
from typing import Any, TypeAlias

import attrs
import numba
import numpy as np
from numpy.typing import NDArray

import retainsdk.policy
import retainsdk.view
import retainsdk.vocabulary
from retainsdk.policy import Actions, Move
from retainsim.market import month, person, purposes, staff, streams, talk
from retainsim.market.law.conversation import begin_talk, say
from retainsim.market.law.month import month_of, settle_month
from retainsim.market.law.names import TALLIES, WORD, WORD_UNIT, MonthRow, Parameters, Tally
from retainsim.market.law.newcomers import recommendation
from retainsim.market.law.second_thoughts import decide_again
from retainsim.market.law.whole import LAW, MODULES, Law
from retainsim.market.month import MONTH_DTYPE, Month
from retainsim.market.person import GONE, People, Person, nobody, rows
from retainsim.market.preset import Rules
from retainsim.market.streams import stream_of
from retainsim.market.talk import Talk, Talks, talk_rows, talks

BLOCK = 32_768
"""People a thread takes at a time, up to the next border between circles."""

Column: TypeAlias = Any
"""One number a person: an array when compiled, a memoryview in plain Python."""


def _live(
    people: People | ctypes.Array[Person],
    start: int,
    stop: int,
    acted_on: Column,
    deed: Column,
    amount: Column,
    months: Column,
    threatening: Column,
    at_month: Sequence[MonthRow],
    at_rules: Sequence[Parameters],
    tally: Tally,
) -> int:
    """The month of those from *start* to *stop*; what is done for some stands with their positions, in order."""
    w, p = at_month[0], at_rules[0]
    n_threatening, act, first = 0, 0, start
    while first < stop:
        after = first + people[first].circle
        word, loudest, teller = 0.0, 0.0, -1
        if w.talks:
            for who in range(first, after):
                told = recommendation(people[who], p)
                if told != 0.0:
                    tally[WORD] += int(WORD_UNIT * told)
                    word = word + told
                    if told > loudest:
                        loudest, teller = told, people[who].member
        for who in range(first, after):
            c = people[who]
            if c.firm == GONE:
                continue
            if act < len(acted_on) and acted_on[act] == who:
                month_of(c, deed[act], amount[act], months[act], word, teller, w, p, tally)
                act += 1
            else:
                month_of(c, 0, 0, 0, word, teller, w, p, tally)
            if c.leaning >= 0:
                threatening[n_threatening] = who
                n_threatening += 1
        first = after
    return n_threatening


_NO_SLOT = -1
BEGIN, SAY, DECIDE = 0, 1, 2
"""Steps of a conversation: with all who threaten, the loop takes the same step."""


def _talk(
    people: People | ctypes.Array[Person],
    who: Column,
    talks: Sequence[Talk],
    step: int,
    move: Column,
    amount: Column,
    months: Column,
    plan: Column,
    claim: Column,
    days: Column,
    at_month: Sequence[MonthRow],
    at_rules: Sequence[Parameters],
    tally: Tally,
) -> None:
    """One step of the conversation with everybody who threatens; the last one settles his month."""
    w, p = at_month[0], at_rules[0]
    for place in range(len(who)):
        c, k = people[who[place]], talks[place]
        if step == BEGIN:
            begin_talk(k, c, p)
        elif step == SAY:
            if k.end < 0:
                slots = (amount[place], months[place], plan[place], claim[place], days[place])
                say(k, move[place], slots, c, w, stream_of(c.key, w.when), p)
        else:
            if k.end >= 0:
                decide_again(k, c, w, stream_of(c.key, w.when), p, tally)
            settle_month(c, w, p, tally)


@attrs.frozen(kw_only=True)
class Said:
    """
    What is said next to each who threatens; where the call is over it is passed over.

    Attributes:
        kind: Codes of `MoveKind`.
        amount: Minor units.
        months: For how long.
        plan: Packages, hundredths; -1 none.
        claim: Codes of `Claim`; -1 none.
        days: Until what is promised falls due; -1 none.
    """

    kind: NDArray[np.int8]
    amount: NDArray[np.int64]
    months: NDArray[np.int64]
    plan: NDArray[np.int64]
    claim: NDArray[np.int64]
    days: NDArray[np.int64]

    @classmethod
    def nothing(cls, count: int) -> Said:
        zeros, nones = np.zeros(count, np.int64), np.full(count, -1, np.int64)
        return cls(
            kind=np.zeros(count, np.int8),
            amount=zeros,
            months=zeros.copy(),
            plan=nones,
            claim=nones.copy(),
            days=nones.copy(),
        )

    def say(self, to: NDArray[np.intp], moves: Sequence[Move]) -> None:
        """Each of those hears a move; one move is for all of them."""
        self.kind[to] = [move.kind for move in moves]
        for name, column in self.slots.items():
            column[to] = [_NO_SLOT if (slot := getattr(move, name)) is None else slot for move in moves]

    @property
    def slots(self) -> dict[str, NDArray[np.int64]]:
        """What goes with a move, in the order the kernel takes it."""
        return {name: getattr(self, name) for name in ("amount", "months", "plan", "claim", "days")}

    @property
    def columns(self) -> tuple[NDArray[Any], ...]:
        """All of it, as the kernel takes it."""
        return (self.kind, *self.slots.values())


@attrs.frozen(kw_only=True)
class Deeds:
    """
    What is done this month, for whom.

    Attributes:
        position: Of each person something is done for, in order.
        kind: Codes of `ActionKind`.
        amount: Minor units.
        months: For how long.
    """

    position: NDArray[np.int64]
    kind: NDArray[np.int8]
    amount: NDArray[np.int64]
    months: NDArray[np.int32]

    @classmethod
    def of(cls, done: Actions, position: NDArray[np.int64]) -> Deeds:
        """Actions for people at those positions, brought into their order."""
        order = np.argsort(position, kind="stable")
        return cls(
            position=position[order],
            kind=done.kind[order].astype(np.int8),
            amount=done.amount[order].astype(np.int64),
            months=done.months[order].astype(np.int32),
        )

    def between(self, start: int, stop: int) -> tuple[NDArray[Any], ...]:
        """Those for people from *start* to *stop*, as the kernel takes them."""
        chosen = slice(*np.searchsorted(self.position, (start, stop)))
        return self.position[chosen], self.kind[chosen], self.amount[chosen], self.months[chosen]


NO_DEEDS = Deeds(
    position=np.zeros(0, np.int64),
    kind=np.zeros(0, np.int8),
    amount=np.zeros(0, np.int64),
    months=np.zeros(0, np.int32),
)


@attrs.frozen(kw_only=True)
class Kernel:
    """The loops of a month, and how to run them."""

    live: Callable[..., int]
    talk: Callable[..., None]
    rules: Any
    is_compiled: bool

    @classmethod
    def compiled(cls, rules: Rules, law: Law = LAW) -> Kernel:
        live, talk = _compiled(law)
        return cls(live=live, talk=talk, rules=rules.record(), is_compiled=True)

    @classmethod
    def plain(cls, rules: Rules, law: Law = LAW) -> Kernel:
        live, talk = _over(law)
        return cls(live=live, talk=talk, rules=[rules.plain()], is_compiled=False)

    def over(
        self,
        people: People,
        borders: Sequence[int],
        month: Month,
        deeds: Deeds,
        pool: ThreadPoolExecutor | None,
    ) -> tuple[NDArray[np.int64], list[int]]:
        """
        A month for everybody.

        Args:
            people: All of them.
            borders: Of blocks, from 0 to their number.
            month: Which.
            deeds: What is done, for whom.
            pool: Threads to spread the blocks over; none runs them one after the other.

        Returns:
            What was counted, and the positions of those who threaten to leave.
        """
        if not self.is_compiled:
            return self._plainly(people, month, deeds)
        record, blocks = month.record, list(pairwise(borders))

        def one(block: tuple[int, int]) -> tuple[NDArray[np.int64], list[int]]:
            start, stop = block
            tally = np.zeros(TALLIES, dtype=np.int64)
            threatening = np.empty(stop - start, dtype=np.int64)
            count = self.live(
                people, start, stop, *deeds.between(start, stop), threatening, record, self.rules, tally
            )
            return tally, threatening[:count].tolist()

        results = list(map(one, blocks) if pool is None else pool.map(one, blocks))
        total = sum((tally for tally, _ in results), start=np.zeros(TALLIES, dtype=np.int64))
        return total, [who for _, some in results for who in some]

    def step(
        self,
        people: People,
        who: NDArray[np.int64],
        talks: Talks,
        step: int,
        said: Said,
        month: Month,
        tally: NDArray[np.int64],
    ) -> None:
        """
        One step of the conversation with everybody who threatens.

        Args:
            people: All of them.
            who: Positions of those who threaten.
            talks: Where the talk with each stands.
            step: `BEGIN`, `SAY` or `DECIDE`.
            said: To each.
            month: In which they talk.
            tally: Counts to add to.
        """
        if self.is_compiled:
            self.talk(people, who, talks, step, *said.columns, month.record, self.rules, tally)
        elif len(who):
            places = (plain(column) for column in said.columns)
            self.talk(
                rows(people),
                plain(who),
                talk_rows(talks),
                step,
                *places,
                [month.row],
                self.rules,
                plain(tally),
            )

    def _plainly(self, people: People, month: Month, deeds: Deeds) -> tuple[NDArray[np.int64], list[int]]:
        """Memoryviews load plain numbers, where arrays would load NumPy's own."""
        tally = np.zeros(TALLIES, dtype=np.int64)
        threatening = [0] * len(people)
        acts = (plain(column) for column in deeds.between(0, len(people)))
        count = self.live(
            rows(people), 0, len(people), *acts, threatening, [month.row], self.rules, plain(tally)
        )
        return tally, threatening[:count]


def plain(column: NDArray[Any]) -> memoryview:
    """The same memory, giving plain numbers."""
    return memoryview(column)  # type: ignore[arg-type,unused-ignore] # a buffer, which 3.11 cannot say


def borders_of(people: People) -> list[int]:
    """Where blocks begin and end: every so many people, at the next border between circles."""
    borders = [0]
    for about in range(BLOCK, len(people), BLOCK):
        at = about
        while at < len(people) and people["member"][at] != 0:
            at += 1
        if borders[-1] < at < len(people):
            borders.append(at)
    return [*borders, len(people)] if len(people) else [0]


def _over(law: Law) -> tuple[Callable[..., Any], ...]:
    """The loops over the rules of a law."""
    if law is LAW:
        return _live, _talk
    rules = {**globals(), **law.functions}
    return tuple(FunctionType(loop.__code__, rules, loop.__name__) for loop in (_live, _talk))


@cache
def _compiled(law: Law) -> tuple[Callable[..., Any], ...]:
    """
    The loops, compiled once a process and kept on disk.

    Numba's own cache does not notice a change in the functions a kernel calls, so each version of the law has a
    folder of its own. The rules allocate nothing, so no references are counted (`_nrt`, an option of Numba's own):
    a fifth faster, and whoever allocates in a replaced rule is told so.
    """
    folder = _cache_folder(law)
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder or "")  # read when a function is decorated, so it can be put back at once
    try:
        compiled: Any = numba.njit(nogil=True, cache=folder is not None, _nrt=False)  # type: ignore[call-overload,unused-ignore] # an option of Numba's own
        return tuple(compiled(loop) for loop in _over(law))
    finally:
        settings.CACHE_DIR = before


@cache
def compiling(law: Law, names: tuple[str, ...]) -> Future[None]:
    """
    The loops on their way to being compiled, in a thread of its own, for whoever begins in plain Python.

    Args:
        law: Whose rules.
        names: Of the parameters, which are part of what is compiled.
    """
    done: Future[None] = Future()

    def compile_it() -> None:
        try:
            kernel, nobody_there = Kernel.compiled(Rules(values=dict.fromkeys(names, 0.0)), law), nobody(0)
            month, tally = np.zeros(1, dtype=MONTH_DTYPE), np.zeros(TALLIES, dtype=np.int64)
            who = np.zeros(0, dtype=np.int64)
            kernel.live(nobody_there, 0, 0, *NO_DEEDS.between(0, 0), who, month, kernel.rules, tally)
            said = Said.nothing(0)
            kernel.talk(nobody_there, who, talks(0), BEGIN, *said.columns, month, kernel.rules, tally)
        except Exception as error:  # noqa: BLE001 # whoever waits for it is told
            done.set_exception(error)
        else:
            done.set_result(None)

    Thread(target=compile_it, name="compiling the law", daemon=True).start()
    return done


def _cache_folder(law: Law = LAW) -> Path | None:
    """
    Where this version of the law is kept; none where nothing can be written, and then each process compiles.

    A law with replaced rules is kept nowhere: its functions were made in this process, and no other could load them.
    """
    if law.replaced:
        return None
    base = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    version = hashlib.blake2b(f"{version_of(law)} {numba.__version__}".encode(), digest_size=8).hexdigest()
    try:
        folder = Path(base or Path.home() / ".cache") / "retainsim" / "kernels" / version
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # a read-only system, a user without a home
        return None
    return folder if os.access(folder, os.W_OK) else None


def version_of(law: Law = LAW) -> str:
    """A short digest of all text that people live by, rules replaced included."""
    sources = (
        *MODULES,
        month,
        person,
        purposes,
        staff,
        streams,
        talk,
        retainsdk.policy,
        retainsdk.view,
        retainsdk.vocabulary,
    )
    text = b"".join(Path(str(module.__file__)).read_bytes() for module in sources)
    return hashlib.blake2b(
        text + Path(__file__).read_bytes() + repr(law.digests).encode(), digest_size=8
    ).hexdigest()
