"""What twin worlds share: everything but the policy."""

from __future__ import annotations

import hashlib
from typing import Literal

import attrs

from retainsdk.errors import Fault, InputError
from retainsdk.policy import Budget
from retainsdk.view import BookView
from retainsim.market import Preset
from retainsim.market.law import LAW, Law
from retainsim.market.limits import LARGEST_SEED, MOST_SPENT, out_of_range
from retainsim.market.preset import chosen_preset
from retainsim.market.staff import USUAL, Staffing

MOST_CUSTOMERS = 10_000_000
MOST_MONTHS = 600
MOST_WORLDS = 100_000


@attrs.frozen(kw_only=True, eq=False)
class Setting:
    """
    A study without its policies.

    Attributes:
        preset: Name of the market's data file, or its path.
        structure: Of the market's firms; none for the preset's own.
        customers: Ours at the start of each world.
        months: Horizon.
        worlds: Pairs of twins.
        seed: Root of all luck; a world's own seed depends on it and on the world's number alone.
        parameters: Whether each world draws the parameters of its market from their ranges, or all take
            them as they stand.
        budget: Of each month, the same for every policy.
        law: By which everybody lives; another than the shipped one has rules replaced.
        staffing: What is done about our team under every policy, by month; a policy may do more of its own.
        consent_gate: False lets every policy act without consent, to show what that costs.
        view: Whom to draw our customers from; the preset's own customers when none.
        source: Where the view comes from, in words; empty without one.

    Raises:
        InputError: Naming every figure that is out of range, and every name that nobody registered.
    """

    preset: str = "telecom"
    structure: str | None = None
    customers: int = 2_000
    months: int = 24
    worlds: int = 12
    seed: int = 1
    parameters: Literal["drawn", "fixed"] = "drawn"
    budget: Budget = Budget()  # noqa: RUF009 # frozen
    law: Law = LAW
    staffing: Staffing = USUAL
    consent_gate: bool = True
    view: BookView | None = None
    source: str = ""

    def __attrs_post_init__(self) -> None:
        faults = out_of_range(
            ("customers", self.customers, 1, MOST_CUSTOMERS),
            ("months", self.months, 1, MOST_MONTHS),
            ("worlds", self.worlds, 1, MOST_WORLDS),
            ("seed", self.seed, 0, LARGEST_SEED),
            ("budget.minutes", self.budget.minutes, 0, MOST_SPENT),
            ("budget.money", self.budget.money, 0, MOST_SPENT),
        )
        if self.parameters not in ("drawn", "fixed"):
            faults.append(Fault("parameters", self.parameters, "must be drawn or fixed", "Choose one."))
        faults += self.staffing.beyond(self.months)
        try:
            chosen_preset(self.preset, self.structure)
        except InputError as error:
            faults += error.faults
        if faults:
            raise InputError("setting", faults)

    @property
    def market(self) -> Preset:
        """The preset in its structure, read anew where it is a file."""
        return chosen_preset(self.preset, self.structure)

    def world_seeds(self) -> tuple[int, ...]:
        """The seed of each world; more worlds leave the seeds of the first ones as they are."""
        return tuple(_world_seed(self.seed, number) for number in range(self.worlds))


def _world_seed(root: int, number: int) -> int:
    text = f"compare/{root}/{number}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=4).digest(), "little")
