"""What is read off a world: each figure with its definition, unit and horizon."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from retainsdk.experiment import Measure
from retainsim.market.history import FLOWS, MONEY, History

Read = Callable[[History], float]

MARGIN_SHARE = 0.01
"""δ as a share of the control's profit per customer."""

PER = 1_000
"""Customers at the start that counts are given for."""

MINOR = 100
"""Minor units in a unit of the currency."""

Figures = NDArray[np.float64]


def per_customer(history: History, minor: int) -> float:
    """An amount in the currency, for each of our customers at the start."""
    return minor / MINOR / history.customers


def per_thousand(history: History, count: int) -> float:
    """A count for every thousand of our customers at the start."""
    return PER * count / history.customers


def profit(history: History) -> float:
    """Cash and residual value per customer."""
    return per_customer(history, history.profit)


def cash(history: History) -> float:
    """Revenue less all costs per customer."""
    return per_customer(history, history.cash)


def residual(history: History) -> float:
    """Residual value per customer."""
    return per_customer(history, history.residual)


def kept(history: History) -> float:
    """Of a thousand at the start, those who never left."""
    return per_thousand(history, int(history.cohort[-1].sum()))


def ours_at_end(history: History) -> float:
    """Our customers at the end, for each thousand at the start."""
    return per_thousand(history, int(history.people[-1, 0]))


def threatened(history: History) -> float:
    """Threats to leave, for each thousand at the start."""
    return per_thousand(history, int(history.flows[:, FLOWS.index("threatened")].sum()))


def retention_cost(history: History) -> float:
    """Concessions and contacts per customer."""
    spent = history.money[:, [MONEY.index("concessions"), MONEY.index("contacts")]].sum()
    return per_customer(history, int(spent))


def survival(history: History) -> Figures:
    """Share of our customers at the start who have never left, by month, in percent."""
    alive = history.cohort.sum(axis=1)
    return np.asarray(100.0 * alive / alive[0])


def shares(history: History) -> Figures:
    """Share of all people with each firm and, last, without any, ``(M + 1, firms + 1)``, in percent."""
    return np.asarray(100.0 * history.people / history.people.sum(axis=1, keepdims=True))


def parts(history: History) -> dict[str, float]:
    """What profit per customer is made of; costs are negative, so the parts add up to the profit."""
    totals = history.money.sum(axis=0)
    signed = {
        name: per_customer(history, int(total) if name == "revenue" else -int(total))
        for name, total in zip(MONEY, totals, strict=True)
    }
    return signed | {"residual value": residual(history)}


def measures(controls: Sequence[History]) -> tuple[tuple[Measure, Read], ...]:
    """
    What effects are computed for, the deciding one first.

    Args:
        controls: Worlds under the control: they give horizon, currency and δ.
    """
    first = controls[0]
    horizon = f"{first.months} months"
    money = f"{first.currency} per customer"
    margin = MARGIN_SHARE * abs(float(np.mean([profit(history) for history in controls])))
    count = f"per {PER:,} customers"
    entries: tuple[tuple[Read, str, str, str, bool, float], ...] = (
        (
            profit,
            "profit per customer",
            (
                f"cash within the horizon plus residual value over {first.residual_months} more months under no policy, "
                "for each of our customers at the start"
            ),
            money,
            True,
            margin,
        ),
        (
            cash,
            "cash per customer",
            (
                "revenue less concessions, serving, contacts and acquisition within the horizon, "
                "for each of our customers at the start"
            ),
            money,
            True,
            margin,
        ),
        (
            residual,
            "residual value per customer",
            (
                f"discounted cash over {first.residual_months} months after the horizon, under no policy, from those who "
                "are ours at its end, for each of our customers at the start"
            ),
            money,
            True,
            margin,
        ),
        (
            kept,
            "customers kept",
            f"of {PER:,} customers at the start, those who never left within the horizon",
            count,
            True,
            0.0,
        ),
        (
            ours_at_end,
            "customers at the end",
            f"our customers at the end of the horizon, returners and newcomers included, for {PER:,} at the start",
            count,
            True,
            0.0,
        ),
        (
            threatened,
            "threats to leave",
            f"threats to leave within the horizon for {PER:,} customers at the start",
            count,
            False,
            0.0,
        ),
    )
    return tuple(
        (
            Measure(
                name=name,
                definition=definition,
                unit=unit,
                horizon=horizon,
                higher_is_better=higher,
                margin=m,
            ),
            read,
        )
        for read, name, definition, unit, higher, m in entries
    )


def cost_per_kept(first: History) -> Measure:
    """The measure of what one more customer kept has cost."""
    return Measure(
        name="cost per customer kept",
        definition=(
            "additional concessions and contacts ÷ additional customers kept, both against the control, "
            "within the horizon"
        ),
        unit=f"{first.currency} per customer kept",
        horizon=f"{first.months} months",
        higher_is_better=False,
    )
