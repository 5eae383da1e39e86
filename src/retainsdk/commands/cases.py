"""Commands about cases."""

from __future__ import annotations

from typing import Unpack

from retainsdk.commands.desk import Desk, Desks, refuse_unknown
from retainsdk.events import (
    CaseOpened,
    Resolved,
)
from retainsdk.journal import Decision, How
from retainsdk.vocabulary import (
    CaseKind,
    Reason,
)


class CaseCommands(Desks):
    """Commands about cases."""

    def open_case(
        self,
        relationship: int,
        *,
        kind: CaseKind,
        topic: str,
        stated_reason: Reason | None = None,
        **how: Unpack[How],
    ) -> int:
        """A customer complained, threatened to leave, …; a threat may state its reason. Returns its number."""

        def decide(desk: Desk) -> Decision:
            number = len(desk.account.cases) + 1
            body = CaseOpened(kind=kind, topic=topic, stated_reason=stated_reason)
            return number, [desk.on_case(number, body)]

        return int(self._about(relationship, "open_case", (kind, topic, stated_reason), how, decide))

    def resolve_case(self, relationship: int, case: int, *, how_done: str, **how: Unpack[How]) -> None:
        """A case was settled."""

        def decide(desk: Desk) -> Decision:
            refuse_unknown("case", case, desk.account.cases)
            return None, [desk.on_case(case, Resolved(how=how_done))]

        self._about(relationship, "resolve_case", (case, how_done), how, decide)
