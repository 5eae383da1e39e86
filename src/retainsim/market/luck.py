"""
Whether worlds of one seed meet the same luck: the check to run on a law, a rule of one's own or another hash.

Numbers are compared by whom, when and what for they were drawn. What the check cannot see is chance that a rule
computes by arithmetic of its own; everything drawn through `streams`, a library or the clock it sees.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

import attrs

from retainsdk import policies
from retainsdk.errors import NOTHING, Fault, InputError
from retainsdk.policy import Policy
from retainsim.market import streams
from retainsim.market.history import History
from retainsim.market.purposes import PURPOSES
from retainsim.market.recording import GIVING, Record, chance_from_elsewhere, what_for
from retainsim.market.reloaded import market_with

Prepare = Callable[[Any], None]
"""Called with the package of a market before it runs, to put in rules of one's own."""

_REMEDY = "Draw by uniform(person, when, purpose), or drawn(stream_of(person, when), purpose)."


@attrs.frozen(kw_only=True)
class World:
    """
    The world in which luck is checked: plain, so small, but over its whole horizon.

    Attributes:
        preset: Of the market.
        customers: Ours at the start; the whole market is about three times as many.
        months: Horizon.
        seed: Of the world.
    """

    preset: str = "telecom"
    customers: int = 70
    months: int = 60
    seed: int = 1


def check_luck(
    policy: Policy,
    *,
    beside: Policy | None = None,
    world: World | None = None,
    changed: Sequence[str] = ("trigger",),
    chance: ModuleType | Mapping[str, Any] = streams,
    prepare: Prepare | None = None,
) -> None:
    """
    Check that a policy moves nobody's luck, nor one purpose that of another.

    The world lives four times: twice under the policy, once under the one beside it, and once for each changed
    purpose. Each number drawn for the same person, month and purpose must be the same number.

    Args:
        policy: To check.
        beside: To compare it with; the policy ``none`` if none is given.
        world: In which; a small one over five years if none is given.
        changed: Names of purposes that are given other numbers, one at a time.
        chance: What to draw from, a module with the functions of `streams`.
        prepare: Puts rules of one's own into the market before it runs.

    Raises:
        InputError: Naming every fault, with its place and remedy.
    """
    faults = luck_faults(policy, beside=beside, world=world, changed=changed, chance=chance, prepare=prepare)
    if faults:
        raise InputError(f"luck under policy {policy.name}", faults)


def luck_faults(
    policy: Policy,
    *,
    beside: Policy | None = None,
    world: World | None = None,
    changed: Sequence[str] = ("trigger",),
    chance: ModuleType | Mapping[str, Any] = streams,
    prepare: Prepare | None = None,
) -> list[Fault]:
    """What `check_luck` finds, as a list."""
    world = world or World()

    def lived(under: Policy, purpose: str | None = None) -> tuple[Record, str]:
        key = None if purpose is None else PURPOSES[purpose].key
        return _lived(world, under, chance=chance, prepare=prepare, changed=key)

    usual, digest = lived(policy)
    _, again = lived(policy)
    other, _ = lived(beside or policies.get("none"))
    faults = [*_own(usual), *(_own(other, known=usual.faults))]
    if digest != again:
        faults.append(_fault("the same world", "ends otherwise when it is run again"))
    faults += [*_moved(usual, other, "under another policy"), *_named(usual, other)]
    for purpose in changed:
        record, _ = lived(policy, purpose)
        what = f"when the numbers of “{purpose}” are changed"
        faults += _moved(usual, record, what, but=PURPOSES[purpose].key)
    return faults


def _lived(
    world: World,
    policy: Policy,
    *,
    chance: ModuleType | Mapping[str, Any],
    prepare: Prepare | None,
    changed: int | None,
) -> tuple[Record, str]:
    """What a world drew and how it ended."""
    source = vars(chance) if isinstance(chance, ModuleType) else {**vars(streams), **chance}
    record = Record(source, changed)
    functions = record.functions()
    with chance_from_elsewhere(record):
        market = market_with(functions)
        if prepare is not None:
            prepare(market)
        start = market.Market.draw(
            market.load_preset(world.preset), customers=world.customers, seed=world.seed
        )
        _ = start.people  # everybody is there before the first month
        record.begin()
        history: History = market.run(start, policy, months=world.months, compiled=False, residual_months=0)
    for name, module in _modules(market):
        for function in GIVING:
            if getattr(module, function, functions[function]) is not functions[function]:
                record.fault(f"{name}.{function} is not the one of streams")
    return record, history.digest


def _modules(market: Any) -> Iterator[tuple[str, ModuleType]]:  # noqa: ANN401 # a package
    """The modules of a market that was loaded apart, found through each other."""
    seen, waiting = set(), [market]
    while waiting:
        module = waiting.pop()
        if id(module) in seen:
            continue
        seen.add(id(module))
        own = module.__name__.removeprefix("retainsim.market").lstrip(".")
        if own not in ("", "streams", "philox"):
            yield own, module
        waiting += [
            it
            for it in vars(module).values()
            if isinstance(it, ModuleType)
            and it.__name__.startswith("retainsim.market.")
            and sys.modules.get(it.__name__) is not it
        ]


def _own(record: Record, known: Mapping[str, int] | None = None) -> Iterator[Fault]:
    for sentence, times in record.faults.items():
        if sentence not in (known or {}):
            yield _fault("the law", f"{sentence} ({times:,} times)")


def _moved(one: Record, other: Record, what: str, but: int | None = None) -> Iterator[Fault]:
    """Numbers drawn for the same thing that are not the same."""
    both = [triple for triple in one.numbers.keys() & other.numbers.keys() if triple[2] != but]
    if not both:
        yield _fault("both worlds", f"drew no number in common {what}, so there is nothing to compare")
    moved = Counter(what_for(triple[2]) for triple in both if one.numbers[triple] != other.numbers[triple])
    for purpose, times in sorted(moved.items()):
        yield _fault(
            f"“{purpose}”",
            f"gives the same person in the same month another number {what} ({times:,} times)",
        )


def _named(one: Record, other: Record) -> Iterator[Fault]:
    """Who is keyed by a name, as firms are, is there whatever a policy does."""
    for key in one.named_people.keys() | other.named_people.keys():
        since, since_too = one.named_people.get(key), other.named_people.get(key)
        if since != since_too:
            name = one.names.get(key) or other.names[key]
            rule = f"is there since {since or 'never'}, under another policy since {since_too or 'never'}"
            yield _fault(f"“{name}”", rule)


def _fault(place: str, rule: str) -> Fault:
    return Fault(place, NOTHING, rule, _REMEDY)
