"""How a relationship ends: why, with which closing steps, and with which plan to win the customer back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from retainsdk.errors import CommandError, UnknownReasonError
from retainsdk.events import ClosingStepDone, ExitReasonRecorded, WinbackOpened
from retainsdk.vocabulary import ClosingStep, Reason

BORNE_OUT = frozenset(
    {ClosingStep.PROMISES_SETTLED, ClosingStep.REASON_RECORDED, ClosingStep.SATISFACTION_ASKED}
)
"""Closing steps that the book itself shows: they are not done by saying so."""

_BEHIND = ", ".join(
    it.name.lower().replace("_", "-") for it in Reason if it is not Reason.NO_NEED_STATED
)  # what may stand behind "no need"

NEVER_WAIVED = frozenset({ClosingStep.PROMISES_SETTLED, ClosingStep.REASON_RECORDED})
"""Closing steps that no good ending goes without."""


@attrs.frozen
class ReasonTree:
    """
    Details of the reasons to leave: the closed list is the trunk, and a firm adds branches of its own.

    "No need for the service" has none: it is a label that hides a reason, and never one itself.

    Attributes:
        details: What each detail is a case of.

    Raises:
        CommandError: When one of them hangs on "no need".

    >>> tree = REASONS.grown("no branch nearby", under=Reason.BETTER_COMPETITOR)
    >>> tree.details["no branch nearby"].name
    'BETTER_COMPETITOR'
    """

    details: Mapping[str, Reason]

    def __attrs_post_init__(self) -> None:
        hidden = [detail for detail, reason in self.details.items() if reason is Reason.NO_NEED_STATED]
        if hidden:
            raise CommandError(
                f"details {sorted(hidden)} under 'no need'",
                "hide the true reason as it does",
                "Hang them on the reason that stands behind it.",
            )

    def grown(self, detail: str, *, under: Reason) -> ReasonTree:
        """The same tree with one detail more."""
        return ReasonTree({**self.details, detail: under})

    def under(self, reason: Reason) -> tuple[str, ...]:
        """The details of a reason."""
        return tuple(detail for detail, its in self.details.items() if its is reason)

    def refuse_misplaced(self, body: ExitReasonRecorded) -> None:
        """
        Nothing, when the detail belongs to the reason we believe, or to the one stated where nobody judged it.

        Raises:
            UnknownReasonError: When the tree does not hold it.
            CommandError: When it belongs to another reason.
        """
        if not body.detail:
            return
        if body.detail not in self.details:
            raise UnknownReasonError(body.detail, self.details)
        reason, its = body.stated if body.assessed is None else body.assessed, self.details[body.detail]
        if its is not reason:
            raise CommandError(
                f"detail {body.detail!r}",
                f"is a case of {its.name.lower()}, not of {reason.name.lower()}",
                f"Name {its.name.lower().replace('_', '-')} in `assessed`, or another detail.",
            )


REASONS = ReasonTree(
    {
        "job done": Reason.NEED_ENDED,
        "product no longer used": Reason.NEED_ENDED,
        "marriage": Reason.LIFE_EVENT,
        "birth": Reason.LIFE_EVENT,
        "death": Reason.LIFE_EVENT,
        "move": Reason.LIFE_EVENT,
        "lower price": Reason.CHEAPER_COMPETITOR,
        "promotion": Reason.CHEAPER_COMPETITOR,
        "better product": Reason.BETTER_COMPETITOR,
        "better service": Reason.BETTER_COMPETITOR,
        "little used": Reason.NOT_WORTH_COST,
        "price increase": Reason.NOT_WORTH_COST,
        "outage": Reason.SERVICE_FAILURE,
        "complaint unresolved": Reason.SERVICE_FAILURE,
        "broken promise": Reason.BROKEN_TRUST,
        "unsuitable sale": Reason.BROKEN_TRUST,
    }
)
"""The details a book begins with."""


@attrs.frozen(kw_only=True)
class ExitReason:
    """
    Why somebody leaves: what he said and what we believe, which may differ.

    Attributes:
        at: When he said so.
        stated: The reason in his words.
        assessed: The reason we believe; none while nobody judged it.
        detail: Which case of it; may be empty.
        evidence: What shows it.
        author: Who recorded it.
    """

    at: datetime
    stated: Reason
    assessed: Reason | None
    detail: str
    evidence: str
    author: str

    @classmethod
    def recorded(cls, body: ExitReasonRecorded, at: datetime, author: str) -> ExitReason:
        """
        A reason as recorded.

        Raises:
            CommandError: When "no need" is called the true reason, or nothing shows it.
        """
        if body.assessed is Reason.NO_NEED_STATED:
            raise CommandError(
                "assessed reason 'no need'",
                "hides the true one",
                f"Choose what stands behind it: {_BEHIND}.",
            )
        if not body.evidence.strip():
            raise CommandError("a reason to leave", "needs evidence", "Say what he said or what shows it.")
        return cls(
            at=at,
            stated=body.stated,
            assessed=body.assessed,
            detail=body.detail,
            evidence=body.evidence,
            author=author,
        )

    @property
    def is_leaf(self) -> bool:
        """Whether it names a true reason; "no need" hides one."""
        return (self.stated if self.assessed is None else self.assessed) is not Reason.NO_NEED_STATED


@attrs.frozen(kw_only=True)
class ClosingNote:
    """
    That a closing step was done, or need not be.

    Attributes:
        step: Which.
        evidence: By what it was done, or why it need not be.
        needed: False when it need not be done.
        at: When.
        author: Who says so.
    """

    step: ClosingStep
    evidence: str
    needed: bool
    at: datetime
    author: str

    @classmethod
    def noted(cls, body: ClosingStepDone, at: datetime, author: str) -> ClosingNote:
        """
        A note as recorded.

        Raises:
            CommandError: When nothing shows it, or a step that no ending goes without is waived.
        """
        what = f"closing step {body.step.name.lower()}"
        if not body.evidence.strip():
            raise CommandError(what, "needs evidence", "Say by what it was done, or why it need not be.")
        if not body.needed and body.step in NEVER_WAIVED:
            raise CommandError(
                what, "cannot be waived", "Do it, or end the relationship although it is missing."
            )
        return cls(step=body.step, evidence=body.evidence, needed=body.needed, at=at, author=author)


_MOST_LEAD_DAYS = 3_650


@attrs.frozen(kw_only=True)
class WinbackPlan:
    """
    How we want to win somebody back.

    Attributes:
        plan: In words.
        lead_days: How many days before he is free we turn to him.
        opened_at: Since when.
    """

    plan: str
    lead_days: int
    opened_at: datetime

    @classmethod
    def opened(cls, body: WinbackOpened, at: datetime) -> WinbackPlan:
        """
        A plan as recorded.

        Raises:
            CommandError: When it says nothing, or would come after he is free.
        """
        wrong = []
        if not body.plan.strip():
            wrong.append("says nothing")
        if body.lead_days < 0:
            wrong.append(f"comes {-body.lead_days} days after he is free")
        if body.lead_days > _MOST_LEAD_DAYS:
            wrong.append(f"comes {body.lead_days} days before he is free, more than {_MOST_LEAD_DAYS}")
        if wrong:
            raise CommandError(
                "a win-back plan", " and ".join(wrong), "Say what to do, and how many days before he is free."
            )
        return cls(plan=body.plan, lead_days=body.lead_days, opened_at=at)
