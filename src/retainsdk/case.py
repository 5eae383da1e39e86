"""A case: something a customer raised that needs an answer, a complaint or a threat to leave above all."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import attrs

from retainsdk.errors import CommandError
from retainsdk.events import CaseOpened, Resolved
from retainsdk.lifecycle import Living, Machine
from retainsdk.vocabulary import CaseKind, Reason

MACHINE = Machine(
    name="case",
    start="new",
    table={
        "new": {
            "acknowledge": "acknowledged",
            "resolve": "resolved",
            "merge": "merged",
            "withdraw": "withdrawn",
        },
        "acknowledged": {
            "start": "in_progress",
            "resolve": "resolved",
            "merge": "merged",
            "withdraw": "withdrawn",
        },
        "in_progress": {
            "await_customer": "pending",
            "escalate": "in_progress",
            "hand_over": "in_progress",
            "resolve": "resolved",
            "withdraw": "withdrawn",
        },
        "pending": {"customer_replied": "in_progress", "resolve": "resolved", "withdraw": "withdrawn"},
        "resolved": {"confirm": "closed", "reopen": "in_progress"},
        "closed": {},
        "merged": {},
        "withdrawn": {},
    },
)


@attrs.frozen(kw_only=True)
class Case(Living):
    """
    Something to settle with a customer.

    Attributes:
        number: Within its relationship, from 1.
        kind: What sort of thing.
        topic: In a few words; equal words are the same topic.
        stated_reason: Why he says he will leave; for a threat only.
        opened_at: When he raised it.
    """

    machine: ClassVar[Machine] = MACHINE

    number: int
    kind: CaseKind
    topic: str
    stated_reason: Reason | None
    opened_at: datetime

    @classmethod
    def opened(cls, number: int, body: CaseOpened, at: datetime) -> Case:
        """
        A new case.

        Raises:
            CommandError: When anything but a threat states a reason to leave.
        """
        if body.stated_reason is not None and body.kind is not CaseKind.THREAT:
            raise CommandError(
                f"a {body.kind.name.lower()} with a reason to leave",
                "is a threat to leave",
                "Open it as a threat, or without stated_reason.",
            )
        return cls(
            state=MACHINE.start,
            since=at,
            number=number,
            kind=body.kind,
            topic=body.topic,
            stated_reason=body.stated_reason,
            opened_at=at,
        )

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a settlement."""
        return self.state in {"new", "acknowledged", "in_progress", "pending"}

    def after(self, _body: Resolved, at: datetime) -> Case:
        """The case when it is settled."""
        return self.moved("resolve", at)
