"""
Labels: at risk, dormant, winning back. Each comes with the rule that fired and is computed when asked for.

None is ever stored, so none is ever stale.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import attrs

from retainsdk.account.state import Account
from retainsdk.record.cadence import USUAL, Cadence, last_contact
from retainsdk.vocabulary import CaseKind, Potential, Severity, Stage


@attrs.frozen
class Label:
    """
    What a relationship can be called at an instant.

    Attributes:
        name: ``at risk``, ``dormant`` or ``winning back``.
        rule: What fired, with its figures.
    """

    name: str
    rule: str

    def __str__(self) -> str:
        return f"{self.name}: {self.rule}"


def labels(account: Account, at: datetime, *, cadence: Cadence = USUAL) -> tuple[Label, ...]:
    """
    All labels of a relationship at an instant, one for every rule that fires.

    Args:
        account: Folded from what had occurred by then.
        at: The instant.
        cadence: After how many days without contact somebody is dormant.
    """
    return (
        *(Label("at risk", rule) for rule in _risks(account)),
        *(Label("dormant", rule) for rule in _silence(account, at, cadence)),
        *(Label("winning back", rule) for rule in _winback(account)),
    )


def _risks(account: Account) -> Iterator[str]:
    if account.relationship.stage is Stage.ENDING:
        yield "the relationship has begun to end"
    if not account.relationship.is_with_us:
        return
    if (
        account.contract is not None
        and account.contract.notice_ends_on is not None
        and account.contract.is_running
    ):
        yield f"notice was given for {account.contract.notice_ends_on}"
    for case in account.cases.values():
        if case.kind is CaseKind.THREAT and case.is_open:
            yield f"threat to leave, case {case.number}: {case.topic}"
    for signal in account.timeline.signals.values():
        if signal.stands and signal.severity >= Severity.WARNING:
            yield f"{signal.severity.name.lower()} of {signal.department}: {signal.kind}"


def _silence(account: Account, at: datetime, cadence: Cadence) -> Iterator[str]:
    it = account.relationship
    if it.stage not in {Stage.PROSPECT, Stage.ONBOARDING, Stage.ACTIVE}:
        return
    touched = last_contact(account.timeline, at) or it.opened_at
    if at > cadence.dormant_from(touched, it.potential):
        longest = (cadence.dormant_from(touched, it.potential) - touched).days
        yield f"no contact for {(at - touched).days} days, {longest} at most {_class(it.potential)}"


def _class(potential: Potential | None) -> str:
    return "where nobody judged the potential" if potential is None else f"for class {potential.name}"


def _winback(account: Account) -> Iterator[str]:
    it = account.relationship
    if it.stage is Stage.FORMER and it.winback is not None:
        yield f"plan open since {it.winback.opened_at.date()}: {it.winback.plan}"
