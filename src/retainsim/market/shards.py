"""
A market in parts, on the workers of any `concurrent.futures.Executor`: processes, or machines.

Each part is a range of villages. No circle reaches beyond its village, so parts need nothing of each other: a worker is
told the terms of all firms and the word about us, and answers with what it counted. All it is told makes an `Order`, from
which a part can be lived again from its beginning; so a worker keeps its part in memory from month to month, but when
it is lost another takes over, and the end is the same.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path
from typing import Any, TypeVar

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.errors import Fault, InputError, RetainError
from retainsdk.policies.none import Nothing
from retainsdk.policy import Budget, Executed
from retainsim.market.budgets import Costs, Cut, cut_at, level_that_ends, levels_of, tied_at, within
from retainsim.market.carried import Carried
from retainsim.market.competitors import Plan
from retainsim.market.course import Counted
from retainsim.market.engine import Market, MonthOver, Part, sum_of_rows
from retainsim.market.month import Month
from retainsim.market.population import villages_of
from retainsim.market.replacing import law_of, texts_of
from retainsim.market.running import Under
from retainsim.market.staff import Team

_Answer = TypeVar("_Answer")


class WorkersLostError(RetainError, RuntimeError):
    """All workers of a run are gone."""

    def __str__(self) -> str:
        return "All workers were lost. Resume the run from its last checkpoint, with more memory or fewer people."


@attrs.frozen(kw_only=True)
class Note:
    """
    What a month is for everybody, as it is sent.

    Attributes:
        number: From 0.
        plan: Terms of all firms.
        word: What our customers said of us last month.
        team: Our staff.
        cut: Where the budget ends; none when it does not.
    """

    number: int
    plan: Plan
    word: float
    team: Team
    cut: Cut | None = None

    @classmethod
    def of(cls, month: Month) -> Note:
        """Without what nobody needs to live through it."""
        plan = attrs.evolve(month.plan, past=(), shares=())
        return cls(number=month.number, plan=plan, word=month.word, team=month.team)


@attrs.frozen(kw_only=True)
class Order:
    """
    What a worker is told: all that its part depends on.

    Attributes:
        run: Whose part it is.
        market: At its beginning.
        policy: Of firm 0, ours.
        budget: Of every month, for everybody.
        consent_gate: Whether actions without consent are refused.
        rules: Rules replaced, ``name=file:function``.
        compiled: Whether the law is compiled.
        villages: The part.
        begun: Folder and file of its people at the last checkpoint; none for the beginning.
        begun_at: Months it had lived by then.
        months: That it has lived through since.
    """

    run: str
    market: Market
    policy: Carried
    budget: Budget
    consent_gate: bool
    rules: tuple[str, ...]
    compiled: bool
    villages: range
    begun: tuple[Path, str] | None
    begun_at: int
    months: tuple[Note, ...]

    @property
    def number(self) -> int:
        """Months it has lived."""
        return self.begun_at + len(self.months)


# on a worker


class _Shard:
    """A part as it is kept in a worker's memory."""

    def __init__(self, order: Order) -> None:
        with _ONE_AT_A_TIME:  # the compiler's settings are everybody's
            self.part = Part(
                order.market, compiled=order.compiled, law=law_of(order.rules), people=_people(order)
            )
        self.lived = order.begun_at
        self.decided: tuple[int, Executed] | None = None

    def month(self, order: Order, note: Note) -> MonthOver:
        over = self.part.live_out(
            _month(order, note), order.policy.policy, within(self.wanted(order, note), note.cut)
        )
        self.lived, self.decided = self.lived + 1, None
        return over

    def wanted(self, order: Order, note: Note) -> Executed:
        """What would be done if there were no budget."""
        if self.decided is None or self.decided[0] != note.number:
            executed = self.part.decided(
                _month(order, note),
                order.policy.policy,
                order.budget,
                consent_gate=order.consent_gate,
                limit=Budget(),
            )
            self.decided = note.number, executed
        return self.decided[1]


_SHARDS: dict[tuple[str, int], _Shard] = {}
"""Parts of the run this worker works for."""
_ONE_AT_A_TIME = threading.Lock()


def _shard(order: Order) -> _Shard:
    """The part after the months of the order, lived again as far as this worker does not know it."""
    for run, first in list(_SHARDS):
        if run != order.run:
            _SHARDS.pop((run, first), None)
    known = _SHARDS.pop((order.run, order.villages.start), None)  # whoever fails leaves none behind
    is_on_the_way = known is not None and order.begun_at <= known.lived <= order.number
    shard = known if known is not None and is_on_the_way else _Shard(order)
    for note in order.months[shard.lived - order.begun_at :]:
        shard.month(order, note)
    return shard


def _kept(order: Order, shard: _Shard) -> None:
    _SHARDS[order.run, order.villages.start] = shard


def _people(order: Order) -> Any:  # noqa: ANN401 # people
    if order.begun is None:
        return order.market.peopled(order.villages)
    from retainsim.market.people_files import read_people  # noqa: PLC0415 # pyarrow, which few runs need

    folder, file = order.begun
    return read_people(folder, [file])


def _month(order: Order, note: Note) -> Month:
    market = order.market
    return Month.of(market.seed, market.starts_at, note.number, note.plan, word=note.word, team=note.team)


def _count(order: Order) -> Counted:
    shard = _shard(order)
    _kept(order, shard)
    return shard.part.counted()


def _live(order: Order, note: Note) -> MonthOver:
    shard = _shard(order)
    over = shard.month(order, note)
    _kept(order, shard)
    return over


def _levels(order: Order, note: Note) -> Costs:
    shard = _shard(order)
    levels = levels_of(shard.wanted(order, note).done)
    _kept(order, shard)
    return levels


def _tied(order: Order, note: Note, priority: int, left: Budget) -> Costs:
    shard = _shard(order)
    tied = tied_at(shard.wanted(order, note).done, priority, left)
    _kept(order, shard)
    return tied


def _sums(order: Order) -> tuple[int, int]:
    shard = _shard(order)
    _kept(order, shard)
    return sum_of_rows(shard.part.people)


def _continue(order: Order, from_month: int, n_months: int, plan: Plan) -> NDArray[np.int64]:
    return _shard(order).part.continued(from_month, n_months, plan)  # it is over, so it is not kept


def _write(order: Order, folder: Path, name: str) -> str:
    from retainsim.market.people_files import write_people  # noqa: PLC0415 # as above

    shard = _shard(order)
    _kept(order, shard)
    return write_people(shard.part.people, folder, name)


def _show(order: Order, folder: Path, name: str) -> tuple[str, str]:
    from retainsim.market.census import write_rows  # noqa: PLC0415 # as above

    shard = _shard(order)
    _kept(order, shard)
    return write_rows(shard.part.people, folder, name)


# in the process that holds the reins


class Shards:
    """Everybody, in parts on workers."""

    def __init__(
        self,
        market: Market,
        under: Under,
        workers: Executor | Sequence[Executor],
        *,
        parts: int | None = None,
        compiled: bool = True,
        begun: tuple[Path, Sequence[str]] | None = None,
        begun_at: int = 0,
    ) -> None:
        """
        Divide a market.

        Args:
            market: At its beginning.
            under: What its people live under.
            workers: An executor; or several of one worker each, so that each part stays where it is in memory and no
                month is lived twice.
            parts: How many; one for each executor if not given. There are never more than villages.
            compiled: False runs the law as plain Python.
            begun: Folder and files of people to go on with, a file a part.
            begun_at: Months they had lived by then.

        Raises:
            InputError: When the policy needs to see the whole market, or there are no workers or parts.
        """
        self.workers = [workers] if isinstance(workers, Executor) else list(workers)
        villages = villages_of(market.customers)
        wanted = len(self.workers) if parts is None else parts
        _refuse(under, wanted, len(self.workers), begun)
        n_parts = min(wanted, len(villages)) if begun is None else len(begun[1])
        edges = [len(villages) * place // n_parts for place in range(n_parts + 1)]
        self._notes: list[Note] = []
        run = uuid.uuid4().hex
        self._orders = [
            Order(
                run=run,
                market=attrs.evolve(market),  # without people that were drawn already
                policy=Carried(under.policy),
                budget=under.budget,
                consent_gate=under.consent_gate,
                rules=texts_of(under.law),
                compiled=compiled,
                villages=range(edges[place], edges[place + 1]),
                begun=None if begun is None else (begun[0].resolve(), begun[1][place]),
                begun_at=begun_at,
                months=(),
            )
            for place in range(n_parts)
        ]
        self._budget = None if type(under.policy).decide is Nothing.decide else under.budget

    def counted(self) -> Counted:
        """How many there are, before the first month."""
        first, *others = self._ask(_count)
        return sum(others, start=first)

    def month(self, month: Month) -> MonthOver:
        """A month for all of them."""
        note = Note.of(month)
        if self._budget is not None and self._budget != Budget():
            note = attrs.evolve(note, cut=self._cut(note, self._budget))
        first, *others = self._ask(_live, note)
        self._notes.append(note)
        return sum(others, start=first)

    def _cut(self, note: Note, budget: Budget) -> Cut | None:
        ends = level_that_ends(self._ask(_levels, note), budget)
        if ends is None:
            return None
        priority, left = ends
        return cut_at(priority, self._ask(_tied, note, priority, left), left)

    def sums(self) -> tuple[int, int]:
        """From which the digest is made."""
        first, second = zip(*self._ask(_sums), strict=True)
        return sum(first) & _WORD, sum(second) & _WORD

    def keep(self, folder: Path, name: str) -> list[str]:
        """
        Each worker writes its part, to be read by `people_files.read_people`; the folder is one for all.

        From now on whoever takes a part over begins with these files: older ones may go.
        """
        files = self._ask_each(_write, self._named(folder, name))
        self._orders = [
            attrs.evolve(order, begun=(folder.resolve(), file), begun_at=order.begun_at + len(self._notes))
            for order, file in zip(self._orders, files, strict=True)
        ]
        self._notes = []
        return files

    def show(self, folder: Path, name: str) -> list[str]:
        """Each worker writes its part for people to read; the names of the files."""
        return [file for files in self._ask_each(_show, self._named(folder, name)) for file in files]

    def _named(self, folder: Path, name: str) -> list[tuple[Path, str]]:
        return [(folder.resolve(), f"{name}-{place:05d}") for place in range(len(self._orders))]

    def continued(self, from_month: int, n_months: int, plan: Plan) -> NDArray[np.int64]:
        """How those who are ours would live on; the market is over."""
        parts = self._ask(_continue, from_month, n_months, plan)
        return np.asarray(np.sum(parts, axis=0), dtype=np.int64)

    def _ask(self, what: Callable[..., _Answer], *arguments: object) -> list[_Answer]:
        return self._ask_each(what, [arguments] * len(self._orders))

    def _ask_each(self, what: Callable[..., _Answer], arguments: Sequence[tuple[Any, ...]]) -> list[_Answer]:
        """The answer for each part, from whoever is there to give it."""
        orders = [attrs.evolve(order, months=tuple(self._notes)) for order in self._orders]
        answers: dict[int, _Answer] = {}
        while len(answers) < len(orders):
            if not self.workers:
                raise WorkersLostError
            asked = []
            for place, order in enumerate(orders):
                if place not in answers:
                    worker = self.workers[place % len(self.workers)]
                    asked.append((place, worker, _submitted(worker, what, order, *arguments[place])))
            for place, worker, future in asked:
                try:
                    answers[place] = future.result()
                except BrokenExecutor:  # whoever is left takes its part over
                    self.workers = [it for it in self.workers if it is not worker]
        return [answers[place] for place in range(len(orders))]


_WORD = 0xFFFF_FFFF_FFFF_FFFF


def _submitted(worker: Executor, what: Callable[..., _Answer], *arguments: object) -> Future[_Answer]:
    try:
        return worker.submit(what, *arguments)
    except BrokenExecutor as error:
        lost: Future[_Answer] = Future()
        lost.set_exception(error)
        return lost


def _refuse(under: Under, parts: int, workers: int, begun: tuple[Path, Sequence[str]] | None) -> None:
    faults = []
    if under.policy.scope != "customer" and parts > 1:
        rule = f"has scope {under.policy.scope}: it decides from the whole market, which no part can see"
        faults.append(Fault("policy", under.policy.name, rule, "Run it in one process."))
    if workers < 1:
        faults.append(Fault("workers", "0", "must be at least 1", "Give an executor."))
    elif parts < 1:
        faults.append(Fault("parts", str(parts), "must be at least 1", "Divide the market into 1 or more."))
    try:
        texts_of(under.law)
    except InputError as error:
        faults += error.faults
    if begun is not None and not begun[1]:
        faults.append(Fault("files", str(begun[0]), "holds nobody", "Take another checkpoint."))
    if faults:
        raise InputError("parts of a market", faults)
