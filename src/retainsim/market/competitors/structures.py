"""
Structures of a market: the firms of any preset, turned into a monopoly, a duopoly, a competitive or an international
market (CONCEPTS B5).

What winning and keeping a customer costs depends on who else is there, so the same customers are tried in all four.
Ours keeps its terms in each. In a monopoly it has everybody who has service; else it keeps its share too, and the
competitors share what they had.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import attrs

from retainsdk.errors import UnknownNameError
from retainsim.market.competitors.firm import Firm


class UnknownStructureError(UnknownNameError):
    """A structure was asked for by a name there is not."""

    what = "structure"


def in_structure(
    firms: Sequence[Firm], name: str, *, stated: Mapping[str, Sequence[Firm]] | None = None
) -> tuple[Firm, ...]:
    """
    A preset's firms as they would be in another structure, ours first.

    Args:
        firms: Of the preset, ours first.
        name: One of `STRUCTURES`.
        stated: Firms of structures that a preset states itself; they are taken as they stand.

    Raises:
        UnknownStructureError: With the structures there are.
    """
    if stated and name in stated:
        return tuple(stated[name])
    if name not in STRUCTURES:
        raise UnknownStructureError(name, {**STRUCTURES, **(stated or {})}.keys())
    return STRUCTURES[name](firms[0], tuple(firms[1:]))


def monopoly(ours: Firm, others: Sequence[Firm]) -> tuple[Firm, ...]:
    """Nobody else: ours has everybody who has service; going without stays possible."""
    return (attrs.evolve(ours, share=ours.share + _share(others)),)


def duopoly(ours: Firm, others: Sequence[Firm]) -> tuple[Firm, ...]:
    """
    One strong competitor in the place of all: their customers, their mean price and quality, the loudest voice.

    The two watch each other, so it matches prices.
    """
    return (ours, *([_merged("Rival", "matching", others)] if others else []))


def competitive(ours: Firm, others: Sequence[Firm]) -> tuple[Firm, ...]:
    """
    Several of different strategies.

    A preset with three competitors or more is that already and stays as it is; where there are fewer, the largest
    hands on parts of its customers.
    """
    firms = list(others)
    used = {str(firm.strategy) for firm in firms}
    spare = [strategy for strategy in ("static", "promotion", "matching") if strategy not in used]
    while firms and len(firms) < _SEVERAL:
        largest = max(firms, key=lambda firm: firm.share)
        strategy = spare.pop(0) if spare else "static"
        half = largest.share / 2
        firms[firms.index(largest)] = attrs.evolve(largest, share=half)
        firms.append(
            attrs.evolve(
                largest, name=f"Challenger {len(firms)}", strategy=strategy, share=largest.share - half
            )
        )
    return (ours, *firms)


def international(ours: Firm, others: Sequence[Firm]) -> tuple[Firm, ...]:
    """
    Large firms from abroad beside what is left of the local ones, and one more to come.

    The discounter is a tenth cheaper than the locals, plainer and much louder; the leader dearer and better; the
    entrant is not there in the first year.
    """
    if not others:
        return (ours,)
    local, share = _merged("Local", "static", others), _share(others)
    loud = min(1.3 * local.awareness, 1.0)
    discounter = attrs.evolve(
        local, name="Discounter", strategy="poaching", share=0.4 * share, price=0.9 * local.price,
        quality=local.quality - 0.1, awareness=loud, lock_months=max(local.lock_months, 12),
    )  # fmt: skip
    leader = attrs.evolve(
        local, name="Leader", strategy="quality", share=0.25 * share, price=1.1 * local.price,
        quality=local.quality + 0.2, awareness=loud,
    )  # fmt: skip
    entrant = attrs.evolve(local, name="Entrant", strategy="entrant", share=0.0)
    return (
        ours,
        attrs.evolve(local, share=share - discounter.share - leader.share),
        discounter,
        leader,
        entrant,
    )


STRUCTURES: Mapping[str, Callable[[Firm, Sequence[Firm]], tuple[Firm, ...]]] = {
    "monopoly": monopoly,
    "duopoly": duopoly,
    "competitive": competitive,
    "international": international,
}
"""What each makes of our firm and the others."""

_SEVERAL = 3


def _share(firms: Sequence[Firm]) -> float:
    return sum(firm.share for firm in firms)


def _merged(name: str, strategy: str, firms: Sequence[Firm]) -> Firm:
    """One firm in the place of several: means weighted by customers, the widest awareness, the longest lock-in."""
    total = _share(firms)
    weights = [firm.share / total if total else 1 / len(firms) for firm in firms]
    return Firm(
        name=name,
        strategy=strategy,
        share=total,
        price=sum(weight * firm.price for weight, firm in zip(weights, firms, strict=True)),
        quality=sum(weight * firm.quality for weight, firm in zip(weights, firms, strict=True)),
        awareness=max(firm.awareness for firm in firms),
        lock_months=max(firm.lock_months for firm in firms),
    )
