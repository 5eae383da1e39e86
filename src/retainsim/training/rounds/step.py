"""What a trainee does for one customer in a week: an action of the vocabulary, or notice that a promise will be late."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from retainsdk.action import ACTIONS, ActionKind
from retainsdk.errors import Fault, InputError
from retainsdk.policy import Channel
from retainsim.training.record import structured

NOTICE = "give_notice"
"""Besides the words of the vocabulary: to say that what was promised takes longer, before it falls due."""
KEEPS = ActionKind.PROGRESS_REPORT
"""The action that keeps a promise: the work is done, and he hears of it."""
WORK = 45
"""Minutes that the promised work itself takes, besides saying that it is done."""
NOTICE_MINUTES = 5
WORDS = tuple(action.kind.name.lower() for action in ACTIONS if action.kind is not ActionKind.NOTHING)
_MAILED = (ActionKind.NEWSLETTER, ActionKind.SURVEY, ActionKind.INVITATION)
_REMEDY = 'Send {"customer": NUMBER, "action": NAME}, with amount and months where the action has them.'


@attrs.frozen(kw_only=True)
class Step:
    """
    Something done for a customer.

    Attributes:
        customer: His number in the book.
        action: A word of the vocabulary, or `NOTICE`.
        amount: Minor units, where the action has an amount: a month for money off, else once.
        months: For how long, where it has that.
    """

    customer: int
    action: str
    amount: int = 0
    months: int = 0

    @property
    def kind(self) -> ActionKind | None:
        """Of the action; none for notice."""
        return None if self.action == NOTICE else ActionKind[self.action.upper()]

    def minutes(self, *, keeps: bool) -> int:
        """
        That it takes.

        Args:
            keeps: Whether a promise is kept by it.
        """
        if self.kind is None:
            return NOTICE_MINUTES
        return ACTIONS[self.kind].minutes + (WORK if keeps else 0)

    @property
    def channels(self) -> tuple[Channel, ...]:
        """On which it can be done, the best first."""
        if self.kind in _MAILED:
            return (Channel.EMAIL, Channel.MESSAGE, Channel.LETTER)
        return (Channel.PHONE, Channel.IN_PERSON, Channel.EMAIL, Channel.MESSAGE, Channel.LETTER)

    def to_record(self) -> dict[str, Any]:
        """As plain data, without what is left at nought."""
        return {name: value for name, value in attrs.asdict(self).items() if value}


def step_from(told: Mapping[str, Any]) -> Step:
    """
    A step from plain data.

    Raises:
        InputError: Naming everything that is wrong with it.
    """
    step = structured(told, Step, source="step", remedy=_REMEDY)
    if step.action not in (*WORDS, NOTICE):
        rule = f"is no action; there are: {', '.join((*WORDS, NOTICE))}"
        raise InputError("step", [Fault("action", step.action, rule, "Use one of these.")])
    return step
