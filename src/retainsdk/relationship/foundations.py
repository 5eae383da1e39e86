"""The foundations of a relationship: learn the client and his ways, and let him see what he gains (CONCEPTS E3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import attrs

from retainsdk.errors import CommandError
from retainsdk.events import FoundationLaid, FoundationStepDone, SuccessPlanned
from retainsdk.vocabulary import Foundation
from retainsdk.wording import in_words


@attrs.frozen(kw_only=True)
class FoundationStep:
    """
    A step of a good beginning that was done.

    Attributes:
        findings: What was learnt by it.
        at: When it was done.
        review_on: The day on which to look at it again; none when there is none.
    """

    findings: str
    at: datetime
    review_on: date | None


@attrs.frozen(kw_only=True)
class SuccessPlan:
    """
    What a customer gains from us, as agreed with him.

    Attributes:
        gain: His gain, in his words.
        way: Our way to it.
        at: When it was agreed.
        review_on: The day on which to look at it again; none when there is none.
    """

    gain: str
    way: str
    at: datetime
    review_on: date | None


@attrs.frozen(kw_only=True)
class Foundations:
    """
    How well a relationship is founded.

    Attributes:
        steps: Those done, each as done last.
        success: The success plan; none while there is none.
        how: What was said when the beginning was called complete; why steps were left out, if any were.
    """

    steps: Mapping[Foundation, FoundationStep] = {}
    success: SuccessPlan | None = None
    how: str = ""

    @property
    def missing(self) -> tuple[Foundation, ...]:
        """The steps not done yet."""
        return tuple(step for step in Foundation if step not in self.steps)

    def missing_at(self, at: datetime) -> tuple[Foundation, ...]:
        """The steps not done by an instant, as far as is known: of a step done again, only the last time is."""
        return tuple(step for step in Foundation if step not in self.steps or self.steps[step].at > at)

    def reviews(self) -> list[tuple[date, str]]:
        """What is to be looked at again, and on which day, the earliest first."""
        due = [
            (it.review_on, step.name.lower()) for step, it in self.steps.items() if it.review_on is not None
        ]
        if self.success is not None and self.success.review_on is not None:
            due.append((self.success.review_on, "success_plan"))
        return sorted(due)

    def stepped(self, body: FoundationStepDone, at: datetime, on: date) -> Foundations:
        """
        The same after a step was done, or done again.

        Raises:
            CommandError: When nothing was found, or the day to review it has passed.
        """
        if not body.findings.strip():
            raise CommandError(
                f"step {body.step.name.lower()}", "found nothing", "Say what was learnt of the customer."
            )
        _refuse_past(body.review_on, on)
        old = self.steps.get(body.step)
        if old is not None and at < old.at:
            return self
        step = FoundationStep(findings=body.findings, at=at, review_on=body.review_on)
        return attrs.evolve(self, steps={**self.steps, body.step: step})

    def planned(self, body: SuccessPlanned, at: datetime, on: date) -> Foundations:
        """
        The same with another success plan. By agreeing on it the customer was shown his gain.

        Raises:
            CommandError: When gain or way are not said, or the day to review it has passed.
        """
        if not body.gain.strip() or not body.way.strip():
            raise CommandError(
                "a success plan", "needs his gain and our way to it", "Say both, his gain in his words."
            )
        _refuse_past(body.review_on, on)
        if self.success is not None and at < self.success.at:
            return self
        plan = SuccessPlan(gain=body.gain, way=body.way, at=at, review_on=body.review_on)
        shown = FoundationStepDone(step=Foundation.GAIN_SHOWN, findings=body.gain)
        return attrs.evolve(self.stepped(shown, at, on), success=plan)

    def laid(self, body: FoundationLaid, at: datetime) -> Foundations:
        """
        The same when the beginning is called complete.

        Raises:
            CommandError: When steps are missing and it is not said why.
        """
        missing = self.missing_at(at)
        if missing and not body.how.strip():
            raise CommandError(
                "the foundations",
                f"miss {', '.join(map(in_words, missing))}",
                "Do these, or say in `how_done` why they are left out.",
            )
        return attrs.evolve(self, how=body.how)


def _refuse_past(review_on: date | None, on: date) -> None:
    if review_on is not None and review_on <= on:
        raise CommandError(f"review on {review_on}", f"is not after {on}", "Name a later day.")
