"""
The plan of a month: the terms of all firms, set once a month by their strategies from what each can know.

Ours keeps its list price; what it does for its customers is the policy's business. The market moves by these calls:
`opening` once, then `next_plan` before every month. A plan holds everything that is passed on from one month to the
next, as plain numbers, so that a world can be stopped, kept and resumed with its competitors as they were.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import SupportsFloat, SupportsInt

import attrs

from retainsdk.errors import Fault, InputError
from retainsim.market.competitors.firm import Firm
from retainsim.market.competitors.reputation import experience, moved_reputation
from retainsim.market.competitors.strategy import FirmStream, Sight, Strategy, Terms, terms_faults

_OURS = 0
_REMEMBERED = 12
"""Months of shares that firms look back on."""


@attrs.frozen(kw_only=True)
class Plan:
    """
    One month's terms of all firms, ours first.

    Attributes:
        price: 1 is our list price.
        quality: 0 is usual.
        awareness: Share of people who know the offer; at 0 the firm is not on the market, and nobody can choose it.
        lock_months: For how long newcomers of this month are bound.
        shares: Of people with each firm and, last, without service, when the plan was made.
        reputation: What the market expects of each firm, from -1 to 1; 0 is usual.
        past: Shares when the plans before were made, the last one last; up to twelve.
    """

    price: tuple[float, ...]
    quality: tuple[float, ...]
    awareness: tuple[float, ...]
    lock_months: tuple[float, ...]
    shares: tuple[float, ...]
    reputation: tuple[float, ...] = attrs.field(
        default=attrs.Factory(lambda plan: (0.0,) * len(plan.price), takes_self=True)
    )
    past: tuple[tuple[float, ...], ...] = ()

    def terms(self, firm: int) -> Terms:
        """Of one firm."""
        return Terms(
            price=self.price[firm],
            awareness=self.awareness[firm],
            lock_months=self.lock_months[firm],
            quality=self.quality[firm],
        )

    @property
    def on_offer(self) -> tuple[float, ...]:
        """The prices at which one can buy: none buys at any price of a firm that is not on the market, so infinite there."""
        return tuple(
            price if known > 0 else math.inf for price, known in zip(self.price, self.awareness, strict=False)
        )

    @property
    def competitor_price(self) -> float | None:
        """The cheapest competitor's on the market; none in a monopoly."""
        cheapest = min(self.on_offer[1:], default=math.inf)
        return None if cheapest == math.inf else cheapest


def _whole(counts: Iterable[SupportsInt]) -> tuple[int, ...]:
    return tuple(int(count) for count in counts)


def _figures(values: Iterable[SupportsFloat]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


@attrs.frozen(kw_only=True)
class Standing:
    """
    How the firms stand at the end of a month, one figure a firm, from any sequence of numbers.

    Attributes:
        people: With each firm and, last, without service.
        came: People who came to each firm in the month, from wherever.
        gone: People who left each firm in the month, to wherever.
        satisfaction: Mean of each firm's people, less what is usual, so that 0 is usual; of a firm without people, 0.
    """

    people: tuple[int, ...] = attrs.field(converter=_whole)
    came: tuple[int, ...] = attrs.field(converter=_whole)
    gone: tuple[int, ...] = attrs.field(converter=_whole)
    satisfaction: tuple[float, ...] = attrs.field(converter=_figures)

    @property
    def shares(self) -> tuple[float, ...]:
        """Of all people."""
        everybody = sum(self.people)
        return tuple(count / everybody for count in self.people)


def opening(firms: Sequence[Firm], standing: Standing) -> Plan:
    """The plan before the first month: the terms the firms begin with."""
    terms = [firm.terms for firm in firms]
    return Plan(
        price=tuple(it.price for it in terms),
        quality=tuple(it.quality for it in terms),
        awareness=tuple(it.awareness for it in terms),
        lock_months=tuple(it.lock_months for it in terms),
        shares=standing.shares,
        reputation=tuple(
            experience(quality=it.quality, satisfaction=standing.satisfaction[firm])
            if standing.people[firm]
            else 0.0
            for firm, it in enumerate(terms)
        ),
    )


def next_plan(
    seed: int, month: int, strategies: Sequence[Strategy], start: Plan, last: Plan, standing: Standing
) -> Plan:
    """
    The terms of the coming month: every competitor acts on what it could know at the end of the last one.

    Args:
        seed: Of the world.
        month: Coming, from 0.
        strategies: Of all firms, ours first; ours is not asked. See `strategies_of`.
        start: The `opening`.
        last: Plan of last month; the opening before the first.
        standing: How the firms stand at the end of last month.

    Raises:
        InputError: When a strategy fails, or answers with terms that cannot be.
    """
    shares = standing.shares
    past = () if month == 0 else (*last.past, last.shares)[-_REMEMBERED:]
    seen = attrs.evolve(last, shares=shares, past=past)
    terms = [
        start.terms(_OURS) if firm == _OURS else _answer(seed, month, firm, strategy, start, seen, standing)
        for firm, strategy in enumerate(strategies)
    ]
    return Plan(
        price=tuple(float(it.price) for it in terms),
        quality=tuple(float(it.quality) for it in terms),
        awareness=tuple(float(it.awareness) for it in terms),
        lock_months=tuple(float(it.lock_months) for it in terms),
        shares=shares,
        reputation=tuple(_told_of(firm, last, standing) for firm in range(len(terms))),
        past=past,
    )


def sight_of(firm: int, month: int, start: Plan, seen: Plan, standing: Standing) -> Sight:
    """
    What one firm can know before a month.

    Args:
        firm: Whose sight.
        month: Coming, from 0.
        start: The opening.
        seen: Last month's terms, with the shares of today.
        standing: How the firms stand today.
    """
    everybody = sum(standing.people)
    # what begins with nobody has not been on the market before the first month
    listed = [
        awareness > 0 and (month > 0 or share > 0)
        for awareness, share in zip(seen.awareness, start.shares, strict=False)
    ]
    return Sight(
        firm=firm,
        month=month,
        start=start.terms(firm),
        terms=seen.terms(firm),
        prices=tuple(
            price if is_listed else None for price, is_listed in zip(seen.price, listed, strict=True)
        ),
        shares=seen.shares[:-1],
        share_at_start=start.shares[firm],
        past=tuple(shares[:-1] for shares in seen.past),
        came=standing.came[firm] / everybody,
        gone=standing.gone[firm] / everybody,
    )


def _answer(
    seed: int, month: int, firm: int, strategy: Strategy, start: Plan, seen: Plan, standing: Standing
) -> Terms:
    sight, place = sight_of(firm, month, start, seen, standing), f"act in month {month}"
    try:
        terms: object = strategy.act(sight, FirmStream(seed=seed, firm=firm, month=month))
    except Exception as error:  # whatever it is, it is the strategy's own
        what = f"{type(error).__name__}: {error}"
        fault = Fault(place, what, "raises an error", "Let check_competitor tell where else.")
        raise InputError(f"competitor {firm}, {strategy!r}", [fault]) from error
    faults = terms_faults(terms, place)
    if faults or not isinstance(terms, Terms):
        raise InputError(f"competitor {firm}, {strategy!r}", faults)
    return terms


def _told_of(firm: int, last: Plan, standing: Standing) -> float:
    """Nobody tells of a firm without people: what was said of it fades."""
    has_people = standing.people[firm] > 0
    return moved_reputation(
        last.reputation[firm],
        quality=last.quality[firm] if has_people else 0.0,
        satisfaction=standing.satisfaction[firm] if has_people else 0.0,
    )
