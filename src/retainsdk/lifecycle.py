"""
Lifecycles as tables: which event leads from which state to which.

A machine is data. It refuses what its table does not hold, and it prints itself as a diagram.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import ClassVar, Self

import attrs

from retainsdk.errors import CommandError, TransitionError

Table = Mapping[str, Mapping[str, str]]


@attrs.frozen(kw_only=True)
class Machine:
    """
    A lifecycle.

    Attributes:
        name: Of the thing that lives it, as messages call it.
        start: The first state.
        table: For every state, the state each event leads to; a final state leads nowhere.

    Raises:
        ValueError: When the table leads to a state it does not hold, or holds one nothing leads to.

    >>> lamp = Machine(name="lamp", start="off", table={"off": {"press": "on"}, "on": {"press": "off", "break": "dead"}, "dead": {}})
    >>> lamp.step("off", "press")
    'on'
    >>> print(lamp.mermaid())
    stateDiagram-v2
        [*] --> off
        off --> on: press
        on --> off: press
        on --> dead: break
        dead --> [*]
    """

    name: str
    start: str
    table: Table

    def __attrs_post_init__(self) -> None:
        reached = {self.start} | {target for row in self.table.values() for target in row.values()}
        if reached != set(self.table):
            msg = f"{self.name}: states {sorted(reached ^ set(self.table))} are not both listed and reached"
            raise ValueError(msg)

    @cached_property
    def final(self) -> frozenset[str]:
        """The states that nothing leads out of."""
        return frozenset(state for state, row in self.table.items() if not row)

    def step(self, state: str, event: str) -> str:
        """
        The state that *event* leads to.

        Raises:
            TransitionError: When the table does not hold that step.
        """
        row = self.table[state]
        if event not in row:
            raise TransitionError(self.name, state, event, tuple(row))
        return row[event]

    def mermaid(self) -> str:
        """The table as a state diagram in Mermaid's language."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.start}"]
        for state, row in self.table.items():
            lines += [f"    {state} --> {target}: {event}" for event, target in row.items()]
            lines += [] if row else [f"    {state} --> [*]"]
        return "\n".join(lines)


@attrs.frozen(kw_only=True)
class Living:
    """
    Something with a lifecycle.

    Attributes:
        state: Where it stands.
        since: When its last transition happened. Nothing can happen to it before that: so a book cut off at
            any instant still holds only histories its machines allow.
    """

    machine: ClassVar[Machine]

    state: str
    since: datetime

    def moved(self, event: str, at: datetime, **changes: object) -> Self:
        """
        The same thing after an event.

        Raises:
            TransitionError: When the lifecycle does not allow it.
            CommandError: When it would have happened before the transition that is already recorded.
        """
        if at < self.since:
            raise CommandError(
                f"{event} on {at.isoformat()}",
                f"lies before {self.since.isoformat()}, when this {self.machine.name} became {self.state}",
                "Give the instant at which it really happened.",
            )
        return attrs.evolve(self, state=self.machine.step(self.state, event), since=at, **changes)
