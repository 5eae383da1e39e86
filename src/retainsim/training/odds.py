"""
The table of odds, checked: how often each answer keeps a customer for a year, by the reason that he hides.

No such table stands in the law. Customers who threaten to leave are taken from a market, their trust is set to
neutral, and each hears the same short script in one world after the other: a question, one kind of answer, and the
decision. Then he lives on for a year in which nobody does anything for him.

`WANTED` is what practitioners of the field expect, an assumption within published ranges, like the bands of
`market.checks`: where a cell misses, a rule or a parameter of the market is changed, never a cell.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import attrs
import numpy as np
import orjson
from numpy.typing import NDArray

from retainsdk.action import MoveKind
from retainsdk.errors import Fault, InputError, RetainError
from retainsdk.view import Reason
from retainsim.market import Market
from retainsim.market.engine import Part, World
from retainsim.market.kernels import BEGIN, DECIDE, SAY, Said
from retainsim.market.law import BROKEN, KEPT, LAW, TALLIES
from retainsim.market.month import Month
from retainsim.market.person import GONE, OURS, People, Row
from retainsim.market.preset import Preset
from retainsim.market.streams import moment, spread, stream_of
from retainsim.market.talk import Talks, talks

__all__ = [
    "ANSWERS", "BAND", "LEVEL", "MONTHS", "ROWS", "SCHEMA_VERSION", "WANTED", "Answer", "Cell", "Line", "NobodyThreatensError", "Odds", "Order", "Return", "Share", "Size", "Step", "Wanted", "check_odds",
]  # fmt: skip

SCHEMA_VERSION = 1
MONTHS, RETURN_MONTHS = 12, 24
"""For how long he must stay, and within which time a leaver may come back."""
BAND = 0.07
"""A cell holds when it is so near to what is wanted."""
LEVEL, _NORMAL = 0.95, 1.959963984540054

CUSTOMERS, FIRST_MONTH, LAST_MONTH = 60_000, 6, 36
"""Of the market the callers come from: ours at its start, and the months in which they are taken from it."""
CALLERS = 400
"""Customers of each reason, at least: they are what the intervals count. Each is played as often as it takes."""
MOST_WORLDS, ENOUGH_WORLDS, MOST_PLAYS = 50, 5, 1_000_000
LEAST_CALLERS = 2
"""One tells no spread."""


@attrs.frozen
class Step:
    """
    A move of a script.

    Attributes:
        kind: What is done.
        share: Money off, as a share of the fee.
        months: For how long money off or a pause lasts.
    """

    kind: MoveKind
    share: float = 0.0
    months: int = 0


@attrs.frozen
class Answer:
    """
    A column of the table.

    Attributes:
        id: Its name for programs.
        title: Its name for people.
        steps: What is said between the question and the decision.
        end: How the call ends.
    """

    id: str
    title: str
    steps: tuple[Step, ...] = ()
    end: Step = Step(MoveKind.CLOSE)

    @property
    def script(self) -> tuple[Step, ...]:
        """The whole call: a question first."""
        return (_ASK, *self.steps, self.end)


_ASK, _CLOSE = Step(MoveKind.ASK_OPEN), Step(MoveKind.CLOSE)

ANSWERS: tuple[Answer, ...] = (
    Answer("no_offer", "no offer"),
    Answer("discount", "discount", (Step(MoveKind.OFFER_DISCOUNT, share=0.2, months=12),)),
    Answer("right_size", "right-size plan", (Step(MoveKind.PROPOSE_FIT),)),
    Answer("pause", "pause", (Step(MoveKind.OFFER_PAUSE, months=6),)),
    Answer("comparison", "honest comparison", (Step(MoveKind.COMPARE_COMPETITOR),)),
    Answer("release", "release well", end=Step(MoveKind.RELEASE)),
)
"""The columns: a fifth off for a year; the package that fits his use; a pause of half a year."""

WANTED: Mapping[Reason, tuple[float, ...]] = {
    Reason.NEED_ENDED: (0.05, 0.08, 0.10, 0.08, 0.05, 0.03),
    Reason.LIFE_EVENT: (0.10, 0.15, 0.20, 0.35, 0.10, 0.05),
    Reason.CHEAPER_COMPETITOR: (0.12, 0.35, 0.25, 0.10, 0.40, 0.05),
    Reason.BETTER_COMPETITOR: (0.08, 0.18, 0.12, 0.05, 0.25, 0.05),
    Reason.NOT_WORTH_COST: (0.10, 0.25, 0.45, 0.12, 0.15, 0.05),
}
"""What is wanted of each answer, in the order of `ANSWERS`: the chance that he is still ours after a year."""
ROWS = tuple(WANTED)
_RIGHT = {
    Reason.LIFE_EVENT: "pause",
    Reason.CHEAPER_COMPETITOR: "comparison",
    Reason.BETTER_COMPETITOR: "comparison",
    Reason.NOT_WORTH_COST: "right_size",
}
"""The answer that each reason calls for; who has no need any more is best let go."""


class NobodyThreatensError(RetainError, LookupError):
    """In these worlds hardly anybody threatens to leave for one of the reasons."""

    def __init__(self, reason: str, found: int) -> None:
        super().__init__(reason, found)
        self.reason, self.found = reason, found

    def __str__(self) -> str:
        return (
            f"Only {self.found} customers threatened to leave for the reason {self.reason}. "
            "Take a market with contracts and competitors, or larger worlds."
        )


@attrs.frozen(kw_only=True)
class Size:
    """
    How much a check plays.

    Attributes:
        plays: Calls of each cell, at least.
        callers: Different customers of each reason among them, at least.
        customers: Ours at the start of each world they come from.

    Raises:
        InputError: Naming every figure that is out of range.
    """

    plays: int = 10_000
    callers: int = CALLERS
    customers: int = CUSTOMERS

    def __attrs_post_init__(self) -> None:
        limits = {"plays": MOST_PLAYS, "callers": MOST_PLAYS, "customers": 10_000_000}
        faults = [
            Fault(
                name, str(value), f"must lie between {LEAST_CALLERS} and {high:,}", "Choose another figure."
            )
            for name, high in limits.items()
            if not LEAST_CALLERS <= (value := getattr(self, name)) <= high
        ]
        if faults:
            raise InputError("scenario check", faults)


@attrs.frozen(kw_only=True)
class Share:
    """A measured figure and its interval, over customers."""

    figure: float
    low: float
    high: float


@attrs.frozen(kw_only=True)
class Cell:
    """
    One answer to one reason.

    Attributes:
        answer: The column.
        wanted: The chance that he is still ours after a year.
        stays: The same as it is.
    """

    answer: str
    wanted: float
    stays: Share

    @property
    def holds(self) -> bool:
        """Whether it is in its band."""
        return abs(self.stays.figure - self.wanted) <= BAND


@attrs.frozen(kw_only=True)
class Order:
    """
    Two answers to one reason, of which the first is wanted to be better.

    Attributes:
        better: The one.
        worse: The other.
        by: By how much it is, with the same customers and the same luck.
    """

    better: str
    worse: str
    by: Share

    @property
    def verdict(self) -> str:
        """``holds``, ``fails``, or ``cannot be told`` when the interval reaches over 0."""
        if self.by.low > 0:
            return "holds"
        return "fails" if self.by.high < 0 else "cannot be told"


@attrs.frozen(kw_only=True)
class Line:
    """
    One reason.

    Attributes:
        reason: That is hidden.
        callers: Different customers who had it.
        cells: In the order of `ANSWERS`.
        orders: Of neighbours in the order that is wanted.
    """

    reason: Reason
    callers: int
    cells: tuple[Cell, ...]
    orders: tuple[Order, ...]


@attrs.frozen(kw_only=True)
class Wanted:
    """
    A size that is wanted besides the table.

    Attributes:
        id: Its name for programs.
        sentence: In the field's words.
        figure: As it is.
        band: Where it must lie.
    """

    id: str
    sentence: str
    figure: float
    band: tuple[float, float]

    @property
    def holds(self) -> bool:
        """Whether it does."""
        return self.band[0] <= self.figure <= self.band[1]


@attrs.frozen(kw_only=True)
class Return:
    """
    Who comes back within two years, of those whom no offer would have kept.

    Attributes:
        reason: That was hidden.
        released: Share of them when they were let go well.
        others: The same when they were asked and left.
        by: The difference, with the same customers and the same luck.
    """

    reason: Reason
    released: float
    others: float
    by: Share


@attrs.frozen(kw_only=True)
class Odds:
    """
    The table as it is.

    Attributes:
        preset: Name of the market's data file.
        version: Of that file.
        digest: Of all its figures.
        seed: Root of all luck.
        size: How much was played.
        lines: One a reason.
        sizes: What is wanted besides.
        returns: One a reason.
    """

    preset: str
    version: int
    digest: str
    seed: int
    size: Size
    lines: tuple[Line, ...]
    sizes: tuple[Wanted, ...]
    returns: tuple[Return, ...]

    @property
    def failed(self) -> int:
        """How many cells, orders and sizes fail."""
        cells = sum(not cell.holds for line in self.lines for cell in line.cells)
        orders = sum(order.verdict == "fails" for line in self.lines for order in line.orders)
        return cells + orders + sum(not size.holds for size in self.sizes)

    def to_json(self) -> bytes:
        """As ``docs/reference/scenario-check.schema.json`` describes it; figures rounded to six places."""
        record = {
            "schema_version": SCHEMA_VERSION,
            "preset": self.preset,
            "version": self.version,
            "digest": self.digest,
            "seed": self.seed,
            "plays": self.size.plays,
            "months": MONTHS,
            "band": BAND,
            "level": LEVEL,
            "failed": self.failed,
            "reasons": [_line_record(line) for line in self.lines],
            "sizes": [
                {
                    "id": it.id,
                    "sentence": it.sentence,
                    "figure": round(it.figure, 6),
                    "band": list(it.band),
                    "holds": it.holds,
                }
                for it in self.sizes
            ],
            "returns": [
                {
                    "reason": it.reason.name.lower(),
                    "released": round(it.released, 6),
                    "others": round(it.others, 6),
                    "more": _share_record(it.by),
                }
                for it in self.returns
            ],
        }
        return orjson.dumps(record, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _line_record(line: Line) -> dict[str, Any]:
    return {
        "reason": line.reason.name.lower(),
        "callers": line.callers,
        "cells": [
            {
                "answer": cell.answer,
                "wanted": cell.wanted,
                "stays": _share_record(cell.stays),
                "holds": cell.holds,
            }
            for cell in line.cells
        ],
        "orders": [
            {
                "better": order.better,
                "worse": order.worse,
                "by": _share_record(order.by),
                "verdict": order.verdict,
            }
            for order in line.orders
        ],
    }


def _share_record(share: Share) -> dict[str, float]:
    return {name: round(value, 6) for name, value in attrs.asdict(share).items()}


def check_odds(
    preset: Preset,
    size: Size | None = None,
    *,
    seed: int = 1,
    compiled: bool = True,
    on_step: Callable[[int, int], None] = lambda done, total: None,  # noqa: ARG005 # its parameters explain it
) -> Odds:
    """
    Play every cell of the table in a market.

    Args:
        preset: Of the market, whose parameters are fixed at their values.
        size: How much to play.
        seed: Root of all luck.
        compiled: False runs the law as plain Python; the figures do not depend on it.
        on_step: Told of progress: months of worlds lived and scripts played, and how many there are in all.

    Raises:
        NobodyThreatensError: When a reason moves too few of its customers.
    """
    size = Size() if size is None else size
    scripts = {answer.id: answer.script for answer in ANSWERS} | _besides()
    on_step(0, len(scripts) + 1)
    stage = Stage.cast(preset, size, seed=seed, compiled=compiled)
    on_step(1, len(scripts) + 1)
    played = {}
    for done, (name, script) in enumerate(scripts.items(), start=2):
        played[name] = stage.play(script, returns=name in ("no_offer", "release"))
        on_step(done, len(scripts) + 1)
    return Odds(
        preset=preset.name,
        version=preset.version,
        digest=preset.digest,
        seed=seed,
        size=size,
        lines=tuple(_line(stage, reason, played) for reason in ROWS),
        sizes=_sizes(stage, played),
        returns=tuple(_return(stage, reason, played) for reason in ROWS),
    )


# playing


@attrs.frozen
class Played:
    """
    What became of every caller in one script; -1 in place of a share stands for nobody.

    Attributes:
        stays: Whether he is still ours after a year.
        stayed: Whether he stayed at the end of the call.
        back: Whether he came back within two years; false where that was not looked at.
        trust: As the call ended.
        confirmed: Whether his reason was said back to him.
    """

    stays: NDArray[np.bool_]
    stayed: NDArray[np.bool_]
    back: NDArray[np.bool_]
    trust: NDArray[np.float64]
    confirmed: NDArray[np.bool_]


@attrs.frozen(kw_only=True, eq=False)
class Stage:
    """
    Who calls: customers of some worlds as they say that they will leave, each in several copies of other luck.

    Attributes:
        groups: World, month and rows of those who call together.
        reason: Of each caller, in the order of the groups.
        caller: Which customer he is a copy of.
        compiled: Whether the law runs compiled.
    """

    groups: tuple[tuple[Market, Month, People], ...]
    reason: NDArray[np.int64]
    caller: NDArray[np.int64]
    compiled: bool

    @classmethod
    def cast(cls, preset: Preset, size: Size, *, seed: int, compiled: bool) -> Stage:
        """Live through worlds until each reason has enough callers."""
        found: list[tuple[Market, Month, People]] = []
        count = dict.fromkeys((*ROWS, Reason.SERVICE_FAILURE), 0)
        for place in range(MOST_WORLDS):
            market = Market.draw(
                preset, customers=size.customers, seed=moment(seed, place) >> 2, parameters="fixed",
            )  # fmt: skip
            for month, callers in _threats(market, compiled=compiled):
                known = np.isin(callers["true_reason"], list(count))
                found.append((market, month, callers[known]))
                for reason in count:
                    count[reason] += int((callers["true_reason"] == reason).sum())
            if min(count.values()) >= size.callers:
                return cls._of(found, size, count, compiled=compiled)
            if place + 1 == ENOUGH_WORLDS and min(count.values()) < LEAST_CALLERS:
                break  # however many more there were, it would take too long
        fewest = min(count, key=lambda reason: count[reason])
        if count[fewest] < LEAST_CALLERS:
            raise NobodyThreatensError(fewest.name.lower(), count[fewest])
        return cls._of(found, size, count, compiled=compiled)

    @classmethod
    def _of(
        cls,
        found: Sequence[tuple[Market, Month, People]],
        size: Size,
        count: Mapping[Reason, int],
        *,
        compiled: bool,
    ) -> Stage:
        """Of reasons that are frequent no more than enough are kept, of rare ones each is copied."""
        kept = {
            reason: min(n, max(size.callers, min(size.plays, 4 * size.callers)))
            for reason, n in count.items()
        }
        copies = {reason: math.ceil(size.plays / n) for reason, n in kept.items()}
        groups, reasons, callers, first = [], [], [], 0
        left = dict(kept)
        for market, month, rows in found:
            chosen, who = [], []
            for place, row in enumerate(rows):
                reason = Reason(int(row["true_reason"]))
                if left[reason] > 0:
                    left[reason] -= 1
                    chosen += [place] * copies[reason]
                    who += [first + place] * copies[reason]
            first += len(rows)
            if chosen:
                people = rows[np.array(chosen)].copy()
                copy = np.arange(
                    len(people), dtype=np.uint64
                )  # another key, another luck; the threat was made before
                people["key"] = spread(people["key"], copy + np.uint64(1))
                people["trust"] = 0.0
                people["circle"], people["member"] = 1, 0
                groups.append((market, month, people))
                reasons.append(people["true_reason"].astype(np.int64))
                callers.append(np.array(who, dtype=np.int64))
        return cls(
            groups=tuple(groups),
            reason=np.concatenate(reasons),
            caller=np.concatenate(callers),
            compiled=compiled,
        )

    def play(self, script: Sequence[Step], *, returns: bool = False) -> Played:
        """Every caller hears the script and lives on."""
        each = [
            _play(market, month, people.copy(), script, returns=returns, compiled=self.compiled)
            for market, month, people in self.groups
        ]
        return Played(*(np.concatenate(column) for column in zip(*map(_columns, each), strict=True)))

    def share(self, values: NDArray[Any], chosen: NDArray[np.bool_]) -> Share:
        """The mean of a figure over the chosen, each customer counting once however many copies he has."""
        _, place = np.unique(self.caller[chosen], return_inverse=True)
        means = np.bincount(place, weights=values[chosen].astype(float)) / np.bincount(place)
        mean, spread_ = float(means.mean()), float(means.std(ddof=1)) / math.sqrt(len(means))
        return Share(figure=mean, low=mean - _NORMAL * spread_, high=mean + _NORMAL * spread_)


def _columns(played: Played) -> tuple[NDArray[Any], ...]:
    return played.stays, played.stayed, played.back, played.trust, played.confirmed


def _threats(market: Market, *, compiled: bool) -> list[tuple[Month, People]]:
    """Who says, and means it, that he will leave; nobody answers them."""
    world, found = World(market, compiled=compiled), []
    for number in range(LAST_MONTH):
        month = world.month(number)
        tally, threatening = world.live(month)
        if number >= FIRST_MONTH and threatening:
            rows = world.people[threatening]
            found.append((month, rows[rows["leaning"] > OURS].copy()))
        world.settle(month, threatening, tally, None)
        world.close(tally)
    return found


def _play(
    market: Market, month: Month, people: People, script: Sequence[Step], *, returns: bool, compiled: bool
) -> Played:
    """One group of callers, from the first move to the last month."""
    part = Part(market, compiled=compiled, people=people)
    calls = _talk(part, month, script)
    stayed = people["firm"] == OURS
    stays, back = stayed.copy(), np.zeros(len(people), dtype=np.bool_)
    if not returns:
        people["firm"][~stayed] = GONE
    for later in range(1, (RETURN_MONTHS if returns else MONTHS) + 1):
        coming = Month.of(market.seed, market.starts_at, month.number + later, month.plan, talks=False)
        tally, threatening = part.live(coming)
        part.settle(coming, threatening, tally, None)
        ours = people["firm"] == OURS
        if later <= MONTHS:
            stays &= ours
        back |= ours & ~stayed
    return Played(stays, stayed, back, calls["trust"].copy(), calls["confirmed"] == 1)


def _talk(part: Part, month: Month, script: Sequence[Step]) -> Talks:
    """The whole call with all of them, to the decision."""
    people = part.people
    who, calls, said = np.arange(len(people)), talks(len(people)), Said.nothing(len(people))
    tally = np.zeros(TALLIES, dtype=np.int64)
    part.kernel.step(people, who, calls, BEGIN, said, month, tally)
    for step in script:
        said.kind[:], said.months[:] = step.kind, step.months
        said.amount[:] = (step.share * people["monthly_fee"]).astype(np.int64)
        part.kernel.step(people, who, calls, SAY, said, month, tally)
    part.kernel.step(people, who, calls, DECIDE, said, month, tally)
    return calls


# what the figures say


def _line(stage: Stage, reason: Reason, played: Mapping[str, Played]) -> Line:
    chosen, wanted = stage.reason == reason, WANTED[reason]
    cells = tuple(
        Cell(answer=answer.id, wanted=want, stays=stage.share(played[answer.id].stays, chosen))
        for answer, want in zip(ANSWERS, wanted, strict=True)
    )
    levels = sorted(set(wanted), reverse=True)
    orders = tuple(
        Order(
            better=better.answer,
            worse=worse.answer,
            by=stage.share(
                played[better.answer].stays.astype(int) - played[worse.answer].stays.astype(int), chosen
            ),
        )
        for high, low in pairwise(levels)
        for better in cells
        for worse in cells
        if better.wanted == high and worse.wanted == low
    )
    return Line(reason=reason, callers=len(np.unique(stage.caller[chosen])), cells=cells, orders=orders)


def _besides() -> dict[str, tuple[Step, ...]]:
    """The scripts that the sizes besides the table need."""
    answers = {answer.id: answer for answer in ANSWERS}
    sorry, press, dig = Step(MoveKind.APOLOGISE), Step(MoveKind.PRESSURE), Step(MoveKind.PROBE)
    scripts: dict[str, tuple[Step, ...]] = {}
    for name in sorted(set(_RIGHT.values())):
        steps = answers[name].steps
        scripts[f"confirmed {name}"] = (_ASK, dig, dig, *steps, _CLOSE)
        scripts[f"unasked {name}"] = (*steps, _ASK, _CLOSE)
    scripts["unasked discount"] = (*answers["discount"].steps, _ASK, _CLOSE)
    for times in range(4):
        scripts[f"apologies {times}"] = (*[sorry] * times, _CLOSE)
        scripts[f"pressure {times}"] = (*[press] * times, _CLOSE)
    return scripts


def _sizes(stage: Stage, played: Mapping[str, Played]) -> tuple[Wanted, ...]:
    sorry = [_mean(stage, played[f"apologies {times}"].stayed, Reason.SERVICE_FAILURE) for times in range(4)]
    trust = [float(played[f"pressure {times}"].trust.mean()) for times in range(4)]
    every_time = min(before - after for before, after in pairwise(trust))
    return (
        Wanted(
            id="confirmed",
            sentence="The reason confirmed aloud before the right offer multiplies the odds of staying a year.",
            figure=_odds_ratio(stage, played, "confirmed", _RIGHT),
            band=(1.1, 1.5),
        ),
        Wanted(
            id="unasked",
            sentence="An offer before any question multiplies the odds of staying a year.",
            figure=_odds_ratio(
                stage, played, "unasked",
                {Reason.LIFE_EVENT: "discount", Reason.CHEAPER_COMPETITOR: "discount", Reason.BETTER_COMPETITOR: "discount", Reason.NOT_WORTH_COST: "right_size"},
            ),
            band=(0.6, 0.8),
        ),
        Wanted(
            id="pressure",
            sentence="Pressure lowers trust every time, by at least so much.",
            figure=every_time,
            band=(0.01, 0.5),
        ),
        Wanted(
            id="apology.first",
            sentence="A first apology for a failure keeps more, by so much.",
            figure=sorry[1] - sorry[0],
            band=(0.001, 1.0),
        ),
        Wanted(
            id="apology.second",
            sentence="A second apology adds nothing.",
            figure=sorry[2] - sorry[1],
            band=(-0.002, 0.002),
        ),
        Wanted(
            id="apology.third",
            sentence="A third apology harms.",
            figure=sorry[3] - sorry[2],
            band=(-1.0, -0.001),
        ),
        Wanted(
            id="promise.broken",
            sentence="A broken promise costs so many times the trust that a kept one gives.",
            figure=_broken_to_kept(stage),
            band=(1.5, 3.0),
        ),
    )  # fmt: skip


def _mean(stage: Stage, values: NDArray[np.bool_], reason: Reason) -> float:
    return float(values[stage.reason == reason].mean())


def _odds_ratio(
    stage: Stage, played: Mapping[str, Played], changed: str, answers: Mapping[Reason, str]
) -> float:
    """
    The odds of staying a year in a changed script against the plain one, the same customers with the same luck.

    Every reason counts alike: the logarithms of the ratios are averaged. Of those to whom the reason was to be said
    back, only they count to whom it was.
    """
    logs = []
    for reason, answer in answers.items():
        other = played[f"{changed} {answer}"]
        chosen = stage.reason == reason
        if changed == "confirmed":
            chosen = chosen & other.confirmed
        with_, without = (
            (float(stays[chosen].sum()) + 0.5, float((~stays[chosen]).sum()) + 0.5)
            for stays in (other.stays, played[answer].stays)
        )
        logs.append(math.log(with_[0] / with_[1]) - math.log(without[0] / without[1]))
    return math.exp(sum(logs) / len(logs))


def _broken_to_kept(stage: Stage) -> float:
    """Trust lost by a broken promise over that gained by a kept one, from neutral trust, by the market's own rule."""
    market, month, people = stage.groups[0]
    p, w, lost, gained = market.rules.plain(), month.row, list[float](), list[float]()
    for key in range(2_000):
        person, tally = Row.from_buffer_copy(people[0].tobytes()), [0] * TALLIES
        person.key, person.trust, person.complaints_open = key, 0.0, 0
        person.promise_due_day = w.first_day
        LAW.settle_promise(person, 0, w, stream_of(key, month.when), p, tally)
        if tally[KEPT]:
            gained.append(person.trust)
        elif tally[BROKEN]:
            lost.append(-person.trust)
    return (sum(lost) / len(lost)) / (sum(gained) / len(gained))


def _return(stage: Stage, reason: Reason, played: Mapping[str, Played]) -> Return:
    """Of those who leave though they were asked, who is back within two years, and had they been let go well."""
    asked, released = played["no_offer"], played["release"]
    left = (stage.reason == reason) & ~asked.stayed & ~released.stayed
    return Return(
        reason=reason,
        released=stage.share(released.back, left).figure,
        others=stage.share(asked.back, left).figure,
        by=stage.share(released.back.astype(int) - asked.back.astype(int), left),
    )
