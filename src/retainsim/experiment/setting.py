"""What twin worlds share: everything but the policy."""

from __future__ import annotations

import hashlib
from typing import Literal

import attrs

from retainsdk.errors import Fault, InputError
from retainsdk.policy import Budget
from retainsdk.view import BookView

MOST_CUSTOMERS = 10_000_000
MOST_MONTHS = 600
MOST_WORLDS = 100_000


@attrs.frozen(kw_only=True, eq=False)
class Setting:
    """
    A study without its policies.

    Attributes:
        preset: Name of the market's data file.
        customers: Ours at the start of each world.
        months: Horizon.
        worlds: Pairs of twins.
        seed: Root of all luck; a world's own seed depends on it and on the world's number alone.
        parameters: Whether each world draws the parameters of its market from their ranges, or all take
            them as they stand.
        budget: Of each month, the same for every policy.
        view: Whom to draw our customers from; the preset's own customers when none.
        source: Where the view comes from, in words; empty without one.

    Raises:
        InputError: Naming every figure that is out of range.
    """

    preset: str = "telecom"
    customers: int = 2_000
    months: int = 24
    worlds: int = 12
    seed: int = 1
    parameters: Literal["drawn", "fixed"] = "drawn"
    budget: Budget = Budget()  # noqa: RUF009 # frozen
    view: BookView | None = None
    source: str = ""

    def __attrs_post_init__(self) -> None:
        limits = (
            ("customers", self.customers, 1, MOST_CUSTOMERS),
            ("months", self.months, 1, MOST_MONTHS),
            ("worlds", self.worlds, 1, MOST_WORLDS),
            ("seed", self.seed, 0, 2**63 - 1),
            ("budget.minutes", self.budget.minutes, 0, 2**62),
            ("budget.money", self.budget.money, 0, 2**62),
        )
        faults = [
            Fault(name, str(value), f"must lie between {low} and {high}", "Choose another figure.")
            for name, value, low, high in limits
            if value is not None and not low <= value <= high
        ]
        if self.parameters not in ("drawn", "fixed"):
            faults.append(Fault("parameters", self.parameters, "must be drawn or fixed", "Choose one."))
        if faults:
            raise InputError("setting", faults)

    def world_seeds(self) -> tuple[int, ...]:
        """The seed of each world; more worlds leave the seeds of the first ones as they are."""
        return tuple(_world_seed(self.seed, number) for number in range(self.worlds))


def _world_seed(root: int, number: int) -> int:
    text = f"compare/{root}/{number}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=4).digest(), "little")
