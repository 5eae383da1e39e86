"""
The effect of a rule: the same worlds with the rule and without it, and one figure of what became of them.

Chance is keyed, so two worlds of one seed differ by the rule and by what follows from it, and by nothing else; the
interval is over worlds of different seeds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import attrs
import numpy as np
from law_text import rules
from numpy.typing import NDArray
from scipy import stats

from retainsdk.policies.none import Nothing
from retainsdk.policy import (
    ActionKind,
    Actions,
    Budget,
    Channel,
    Move,
    MoveKind,
    Policy,
    PolicyStream,
    ThreatView,
    act,
)
from retainsdk.view import BookView, Stage
from retainsim.market import Market, load_preset
from retainsim.market.law import LAW, TALLIES, Law
from retainsim.market.person import OURS, People
from retainsim.market.preset import Preset, Rules
from retainsim.market.running import Run, Together, Under
from retainsim.market.staff import USUAL, Staffing

Mask = NDArray[np.bool_]
Whom = Callable[[BookView], Mask]


def customers(view: BookView) -> Mask:
    """Who is our customer, as far as we know."""
    return np.asarray(np.isin(view.stage, (Stage.ONBOARDING, Stage.ACTIVE)))


def complaining(view: BookView) -> Mask:
    """Who has a complaint open."""
    return customers(view) & np.asarray(view.complaints_open > 0)


def former(view: BookView) -> Mask:
    """Who was our customer."""
    return np.asarray(view.stage == Stage.FORMER)


@attrs.frozen(kw_only=True)
class Deed:
    """
    An action done for everybody of some kind, at intervals, each in months of his own.

    Attributes:
        words: What is done, as the page says it.
        kind: Of action.
        every: Months between two of them for one person.
        whom: For whom.
        share: Amount, as a share of what he pays a month.
        cents: Amount besides, the same for everybody.
        months: For how long.
    """

    words: str
    kind: ActionKind
    every: int = 3
    whom: Whom = customers
    share: float = 0.0
    cents: int = 0
    months: int = 0


@attrs.frozen(kw_only=True)
class Doing(Nothing):
    """
    A policy that does one thing.

    Attributes:
        deed: That it does.
    """

    name: ClassVar[str] = "doing"

    deed: Deed

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the protocol
        """The deed, for whom it is due this month."""
        it = self.deed
        month = 12 * view.as_of.year + view.as_of.month
        due = (view.relationship + np.uint64(month)) % np.uint64(it.every) == 0
        amount = it.cents + np.asarray(it.share * view.monthly_fee).astype(np.int64)
        return act(
            view,
            it.whom(view) & due,
            it.kind,
            reason=it.words,
            channel=Channel.PHONE,
            amount=amount,
            months=it.months,
        )


@attrs.frozen(kw_only=True)
class Saying(Nothing):
    """
    A policy that says what is in its script to those who threaten.

    Attributes:
        script: Its moves.
    """

    name: ClassVar[str] = "saying"

    script: tuple[Move, ...]

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:  # noqa: ARG002 # the protocol
        """The next line of the script."""
        return self.script[case.turn] if case.turn < len(self.script) else Move(kind=MoveKind.CLOSE)


def says(*kinds: MoveKind) -> tuple[Move, ...]:
    """A script; a discount in it is of thirteen dollars, about a fifth of a fee, for a year."""
    return tuple(
        Move(kind=kind, amount=1300, months=12) if kind == MoveKind.OFFER_DISCOUNT else Move(kind=kind)
        for kind in kinds
    )


@attrs.frozen(kw_only=True, eq=False)
class Life:
    """
    What became of a world.

    Attributes:
        start: Everybody as it began.
        end: Everybody at its end, at the same places.
        months: What was counted in each, ``(months, TALLIES)``.
    """

    start: People
    end: People
    months: NDArray[np.int64]

    @property
    def ours_at_start(self) -> Mask:
        """Who was our customer as it began."""
        return np.asarray(self.start["firm"] == OURS)

    @property
    def ours(self) -> Mask:
        """Who is our customer at its end."""
        return np.asarray(self.end["firm"] == OURS)

    @property
    def left(self) -> Mask:
        """Who was ours as it began and went, whether or not he came back."""
        return self.ours_at_start & np.asarray(self.end["cohort"] < 0)

    def counted(self, place: int) -> int:
        """What was counted at a place of the tally, in all months."""
        return int(self.months[:, place].sum())


@attrs.frozen(kw_only=True)
class Figure:
    """
    One figure of a life.

    Attributes:
        words: What it is, with its unit.
        of: A life's figure.
        digits: Behind the point.
    """

    words: str
    of: Callable[[Life], float] = attrs.field(repr=False)
    digits: int = 0


@attrs.frozen(kw_only=True)
class Effect:
    """
    How the effect of a rule is made visible.

    Attributes:
        figure: What is drawn.
        parameter: That is varied; empty where the rule as a whole is taken away.
        off: Its value at which the rule, or the part of it that is shown, does nothing.
        values: Beyond that, if not the lowest, the usual and the highest believed.
        instead: What stands in the place of the rule, where it is taken away.
        without: In words, what the world is where it is taken away.
        preset: The market.
        deed: What our firm does, the same in all worlds.
        script: What it says to those who threaten.
        staffing: What it does about its team.
        others: Parameters at other values than the market's, the same in all worlds, so that more of it is seen.
        why: Says what they are for.
        months: Horizon.
        customers: Ours at the start of each world.
        worlds: Number of them.
        open: Says why no effect is to be expected where that is so; empty elsewhere.
    """

    figure: Figure
    parameter: str = ""
    off: float = 0.0
    values: tuple[float, ...] = ()
    instead: Callable[..., Any] | None = attrs.field(default=None, repr=False)
    without: str = ""
    preset: str = "telecom"
    deed: Deed | None = attrs.field(
        default=None, repr=lambda it: str(it and attrs.astuple(it, filter=lambda a, _: a.name != "whom"))
    )
    script: tuple[Move, ...] = ()
    staffing: Staffing = USUAL
    others: Mapping[str, float] = attrs.Factory(dict)
    why: str = ""
    months: int = 24
    customers: int = 1500
    worlds: int = 8
    open: str = ""

    @property
    def varied(self) -> tuple[float, ...]:
        """Values of the parameter, without the rule first; of a rule taken away, 0 and 1."""
        if self.instead is not None:
            return (0.0, 1.0)
        it = load_preset(self.preset).parameters[self.parameter]
        return tuple(dict.fromkeys((self.off, *(self.values or (it.low, it.value, it.high)))))

    @property
    def believed(self) -> tuple[float, float]:
        """The range in which the parameter is believed to be, as far as it is drawn."""
        it = load_preset(self.preset).parameters[self.parameter]
        return max(it.low, min(self.varied)), min(it.high, max(self.varied))

    @property
    def usual(self) -> float:
        """The value that is drawn as what ships."""
        return 1.0 if self.instead is not None else load_preset(self.preset).parameters[self.parameter].value


@attrs.frozen(kw_only=True, eq=False)
class Measured:
    """
    What came out.

    Attributes:
        values: Of the parameter, without the rule first.
        without: The figure without the rule, mean of the worlds.
        more: By how much it is higher at each value, mean of the worlds.
        half: Half the 95 % interval of that.
    """

    values: tuple[float, ...]
    without: float
    more: tuple[float, ...]
    half: tuple[float, ...]


def measured(rule: str, effect: Effect) -> Measured:
    """Live all worlds of an effect."""
    figures = np.array(
        [
            [effect.figure.of(life) for life in lives(rule, effect, seed)]
            for seed in range(1, effect.worlds + 1)
        ]
    )
    apart = figures - figures[:, :1]
    sure = stats.t.ppf(0.975, effect.worlds - 1) / np.sqrt(effect.worlds)
    return Measured(
        values=effect.varied,
        without=float(figures[:, 0].mean()),
        more=tuple(apart.mean(axis=0).tolist()),
        half=tuple((sure * apart.std(axis=0, ddof=1)).tolist()),
    )


def lives(rule: str, effect: Effect, seed: int) -> list[Life]:
    """One world, lived once for each value."""
    return [life(rule, effect, seed, value) for value in effect.varied]


def life(rule: str, effect: Effect, seed: int, value: float) -> Life:
    """One world at one value; in plain Python where a rule is taken away, since compiling another law takes longer."""
    run = _run(rule, effect, seed, value, customers=effect.customers, plain=effect.instead is not None)
    start = _people(run).copy()
    months = [run.month().tally for _ in range(effect.months)]
    return Life(start=start, end=_people(run), months=np.array(months).reshape(-1, TALLIES))


def seal(rule: str, effect: Effect) -> str:
    """
    A short text that changes when the picture may have.

    It is made of what is shown, of all rules and all figures of the market, and of what becomes of a very small world,
    which tells of changes elsewhere. None of the picture's own worlds is lived, so every run of the tests can ask for it.
    """
    worlds = []
    for value in (effect.varied[0], effect.usual):
        run = _run(rule, effect, 1, value, customers=_FEW, plain=True)
        for _ in range(min(effect.months, _FEW_MONTHS)):
            run.month()
        worlds.append(run.digest())
    law = [it.logic for it in rules().values()]
    figures = sorted(load_preset(effect.preset).drawn(1, "fixed").values.items())
    text = f"{effect!r} {effect.varied} {law} {figures} {worlds}"
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


_FEW, _FEW_MONTHS = 20, 6


def _run(rule: str, effect: Effect, seed: int, value: float, *, customers: int, plain: bool) -> Run:
    preset = load_preset(effect.preset)
    market = Market.draw(preset, customers=customers, seed=seed, parameters="fixed")
    own = {} if effect.instead is not None else {effect.parameter: value}
    _refuse_unknown(preset, [*own, *effect.others])
    market = attrs.evolve(market, rules=Rules(values={**market.rules.values, **effect.others, **own}))
    replaced = effect.instead is not None and value == 0.0
    under = Under(
        policy=_policy(effect),
        law=_without(rule, effect.instead) if replaced else LAW,
        staffing=effect.staffing,
    )
    return Run(market, under, Together(market, under, compiled=not plain))


def _policy(effect: Effect) -> Policy:
    assert not (effect.deed and effect.script), "one or the other"
    if effect.deed is not None:
        return Doing(deed=effect.deed)
    return Saying(script=effect.script) if effect.script else Nothing()


def _without(rule: str, instead: Callable[..., Any] | None) -> Law:
    assert instead is not None
    return LAW.with_rule(rule, instead)


def _refuse_unknown(preset: Preset, names: Sequence[str]) -> None:
    unknown = [name for name in names if name not in preset.parameters]
    assert not unknown, f"{preset.name} has no parameter {unknown}"


def _people(run: Run) -> People:
    assert isinstance(run.everybody, Together)
    return run.everybody.part.people
