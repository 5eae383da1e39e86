"""
Casting: who is talked to, in a scenario, for a seed.

Nobody is made up. A market of the scenario's kind is lived through until somebody is as the scenario wants him: he
threatens to leave, or he is somebody to call. What would take him away, or took him, his own choice makes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.errors import RetainError
from retainsdk.policy import Budget
from retainsdk.view import BY_NAME, BookView, Reason
from retainsdk.vocabulary import Stage
from retainsim.market.engine import Market, World
from retainsim.market.law import LAW
from retainsim.market.month import Month
from retainsim.market.person import GONE, OURS, People, Person, figures, rows
from retainsim.market.preset import load_preset
from retainsim.market.streams import key_of, stream_of
from retainsim.training.scenario.past import past
from retainsim.training.scenario.scenario import Range, Scenario, Situation

CUSTOMERS = 400
"""Ours in each market that is looked through: small enough to be lived in plain Python at once."""
SETTLED = 3
"""Months until what a market was drawn with has come to rest."""
MONTHS = 18
"""That each is lived through."""
WORLDS = 40
"""That are looked through before we say that nobody is like that."""
JUST_LEFT = 31
"""Days: who left so lately is told goodbye, who left before that is won back."""


class NobodyCallsError(RetainError, LookupError):
    """In the markets looked through nobody is as the scenario wants its caller."""

    def __init__(self, scenario: str, seed: int, wanted: str) -> None:
        super().__init__(scenario, seed, wanted)
        self.scenario, self.seed, self.wanted = scenario, seed, wanted

    def __str__(self) -> str:
        return (
            f"Scenario {self.scenario}: in {WORLDS} markets of {CUSTOMERS} customers nobody {self.wanted} and is as [card] and "
            f"[truth] say (seed {self.seed}). Widen their ranges, or take the reason out of [reasons]."
        )


@attrs.frozen(kw_only=True, eq=False)
class Case:
    """
    Somebody who calls or is called, and the world he lives in.

    Attributes:
        market: He lives in.
        month: In which they talk.
        row: Himself, the truth: one row of the market; to be copied, not changed.
        card: What we know of him as the month begins: the known columns of the view, by name.
        situation: What brings them to talk.
        circle: Himself and those of his circle whom his word may bring to us, the truth; as `row`.
        place: His, among them.
    """

    market: Market
    month: Month
    row: People
    card: Mapping[str, Any]
    situation: Situation = Situation.THREAT
    circle: People = attrs.field(default=attrs.Factory(lambda self: self.row, takes_self=True))
    place: int = 0

    @property
    def truth(self) -> Reason:
        """Why he wants to leave, what would likeliest take him away, or why he left."""
        return Reason(int(self.row["true_reason"][0]))

    @property
    def bluffs(self) -> bool:
        """Whether he only says that he will leave, because a threat was paid for once [A7]."""
        return bool(self.row["leaning"][0] == OURS)

    def person(self) -> Person:
        """Himself, a copy."""
        return rows(self.row.copy())[0]


def cast(scenario: Scenario, seed: int) -> Case:
    """
    The caller whom a seed picks.

    Args:
        scenario: What kind of caller.
        seed: Equal seeds pick equal callers.

    Raises:
        NobodyCallsError: When no such caller is found.
    """
    luck = partial(key_of, "casting", scenario.digest, seed)
    bluffs = _share(luck("bluff")) < scenario.bluff
    wanted = None if bluffs else _reason(scenario.reasons, luck("reason"))
    policy = past(scenario.past)
    for number in range(WORLDS):
        market = Market.draw(
            load_preset(scenario.preset),
            customers=CUSTOMERS,
            seed=luck("world", number) >> 1,
            parameters="fixed",
        )
        world = World(market, compiled="soon")
        earliest = SETTLED
        if scenario.situation is not Situation.THREAT:  # somebody to call is there at once, in any month
            earliest += luck("month", number) % (MONTHS - SETTLED)
        for place in range(MONTHS):
            month = world.month(place)
            view = world.view(month) if place >= earliest else None
            if view is not None and scenario.situation is not Situation.THREAT:
                called = _to_call(scenario, wanted, world, view)
                for at in sorted(called, key=lambda at: luck("caller", int(world.people["key"][at]))):
                    if (case := _called(scenario, wanted, world, month, view, at)) is not None:
                        return case
            executed = world.decided(month, policy, Budget())
            tally, threatening = world.live(month, world.deeds(executed.done))
            if view is not None and scenario.situation is Situation.THREAT:
                callers = _callers(scenario, wanted, world, threatening, bluffs=bluffs)
                for at in sorted(callers, key=lambda at: luck("caller", int(world.people["key"][at]))):
                    card = _card(view, int(world.people["key"][at]))
                    if all(_within(card.get(name), bounds) for name, bounds in scenario.card.items()):
                        return Case(
                            market=market, month=month, row=world.people[at : at + 1].copy(), card=card
                        )
            world.settle(month, threatening, tally, policy)
            world.close(tally, minutes=executed.minutes)
    raise NobodyCallsError(scenario.name, seed, _like(scenario.situation, wanted, bluffs=bluffs))


def _like(situation: Situation, wanted: Reason | None, *, bluffs: bool) -> str:
    """What was looked for, in words."""
    if bluffs:
        return "threatens to leave without meaning it"
    does = {
        Situation.THREAT: "threatens to leave",
        Situation.CALM: "is a customer",
        Situation.GOODBYE: "has just left",
        Situation.FORMER: "left long ago",
    }[situation]
    if wanted is None:
        return does
    would = "who would go" if situation is Situation.CALM else ""
    return f"{does} {would} for {wanted.name.lower()}".replace("  ", " ")


def _share(key: int) -> float:
    """A key as a point between 0 and 1."""
    return (key & (1 << 53) - 1) / (1 << 53)


def _reason(weights: Mapping[Reason, float], key: int) -> Reason | None:
    """One of the reasons, by weight; none when any will do."""
    if not weights:
        return None
    reasons = sorted(weights)
    marks = list(accumulate(weights[reason] for reason in reasons))
    mark = marks[-1] * _share(key)
    return next(reason for reason, upto in zip(reasons, marks, strict=True) if mark < upto)


# who threatens


def _callers(
    scenario: Scenario, wanted: Reason | None, world: World, threatening: Sequence[int], *, bluffs: bool
) -> Iterator[int]:
    """Positions of those who mean it, or do not, for the wanted reason, and are as the scenario has it in truth."""
    for at in threatening:
        row = world.people[at : at + 1]
        if bool(row["leaning"][0] == OURS) is not bluffs:
            continue
        if wanted is not None and row["true_reason"][0] != wanted:
            continue
        if all(_within(float(figures(row, name)[0]), bounds) for name, bounds in scenario.truth.items()):
            yield at


# whom we call


def _to_call(scenario: Scenario, wanted: Reason | None, world: World, view: BookView) -> NDArray[np.intp]:
    """Positions of those who stand with us as the situation has it, and are as the scenario has it."""
    at = world.by_key[np.searchsorted(world.keys, view.relationship)]
    people, is_ours = world.people[at], view.stage != Stage.FORMER
    fits = is_ours & (people["firm"] == OURS)
    if scenario.situation is not Situation.CALM:
        gone = view.known("days_since_end") & (people["firm"] != OURS) & (people["true_reason"] >= 0)
        lately = view.days_since_end <= JUST_LEFT
        fits = ~is_ours & gone & (lately if scenario.situation is Situation.GOODBYE else ~lately)
        if wanted is not None:
            fits &= people["true_reason"] == wanted
    for name, (low, high) in scenario.card.items():
        fits &= view.known(name) & (getattr(view, name) >= low) & (getattr(view, name) <= high)
    for name, (low, high) in scenario.truth.items():
        felt = figures(people, name)
        fits &= (felt >= low) & (felt <= high)
    return np.asarray(at[fits])


def _called(
    scenario: Scenario, wanted: Reason | None, world: World, month: Month, view: BookView, at: int
) -> Case | None:
    """Somebody at a position whom we call; none when he would not go for the wanted reason, or wants no calls."""
    circle, place = _circle(world, at, alone=scenario.situation is not Situation.CALM)
    if scenario.situation is Situation.CALM:
        reason = reason_to_go(rows(circle)[place], month, world.market.rules.plain())
        if wanted is not None and reason is not wanted:
            return None
        circle["true_reason"][place] = reason
    card = _card(view, int(circle["key"][place]))
    purpose = "service" if scenario.situation is Situation.CALM else "win_back"
    if not card.get(f"consent_{purpose}", False):
        return None
    return Case(
        market=world.market,
        month=month,
        row=circle[place : place + 1].copy(),
        card=card,
        situation=scenario.situation,
        circle=circle,
        place=place,
    )


def _circle(world: World, at: int, *, alone: bool) -> tuple[People, int]:
    """Somebody with those of his circle whom his word may bring to us, or alone, and his place among them."""
    if alone:  # who is not ours recommends us to nobody
        himself = world.people[at : at + 1].copy()
        himself["circle"], himself["member"], himself["referrer"] = 1, 0, -1
        return himself, 0
    place = int(world.people["member"][at])
    circle = world.people[at - place : at - place + int(world.people["circle"][at])].copy()
    others = np.arange(len(circle)) != place
    circle["firm"][others & (circle["firm"] == OURS)] = GONE  # whoever is ours needs no word
    return circle, place


def reason_to_go(person: Person, month: Month, p: Any) -> Reason:  # noqa: ANN401 # parameters, which have no type
    """
    What would likeliest take a customer away: the law's own reason for the way that speaks loudest beside us.

    Args:
        person: Ours.
        month: In which he would weigh it.
        p: Parameters.
    """
    w = month.row
    known = LAW.known_firms(stream_of(person.key, w.when), w)
    ways = {int(w.n_firms): LAW.going_without(person, w, p)}
    ways |= {firm: LAW.going(person, firm, w, p) for firm in range(1, w.n_firms) if known & (1 << firm)}
    return Reason(LAW.reason_of(person, max(ways, key=ways.__getitem__), w, p))


def _card(view: BookView, key: int) -> Mapping[str, Any]:
    """What is known of one customer, in plain Python values."""
    row = int(np.searchsorted(view.relationship, np.uint64(key)))
    return {name: getattr(view, name)[row].item() for name in BY_NAME if view.known(name)[row]}


def _within(value: float | None, bounds: Range) -> bool:
    return value is not None and bounds[0] <= value <= bounds[1]
