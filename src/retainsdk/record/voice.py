"""The customer's voice: surveys asked and answered, and feedback with what it changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import attrs

from retainsdk.errors import CommandError
from retainsdk.events import FeedbackAnswered, FeedbackGiven, SurveyAnswered, SurveyAsked, SurveyRefused


@attrs.frozen(kw_only=True)
class Survey:
    """
    A customer was asked, answered, or both.

    Attributes:
        instrument: Which survey.
        asked_at: When; none when he answered unasked.
        answer_by: Until when an answer was hoped for.
        answered_at: When he answered or refused.
        score: From 0 to 10; none when he refused or has not answered.
    """

    instrument: str
    asked_at: datetime | None = None
    answer_by: datetime | None = None
    answered_at: datetime | None = None
    score: float | None = None

    def is_settled(self, at: datetime) -> bool:
        """Whether nothing is to come any more: answered, refused, or out of time."""
        if self.answered_at is not None:
            return True
        return self.answer_by is not None and self.answer_by < at

    def state(self, at: datetime) -> str:
        """Where it stands: ``answered``, ``refused``, ``unanswered`` after its time, or ``asked``."""
        if self.answered_at is not None:
            return "refused" if self.score is None else "answered"
        return "unanswered" if self.is_settled(at) else "asked"


def surveys(records: Iterable[tuple[datetime, SurveyAsked | SurveyAnswered | SurveyRefused]]) -> list[Survey]:
    """
    The surveys of a customer, in the order of asking.

    An answer or a refusal belongs to the one of its instrument that was asked last and waits; without one it stands
    for itself.
    """
    found: list[Survey] = []
    for at, body in sorted(records, key=lambda record: record[0]):
        if isinstance(body, SurveyAsked):
            found.append(Survey(instrument=body.instrument, asked_at=at, answer_by=body.answer_by))
            continue
        score = body.score if isinstance(body, SurveyAnswered) else None
        waiting = [
            place
            for place, survey in enumerate(found)
            if survey.instrument == body.instrument and survey.answered_at is None
        ]
        if waiting:
            found[waiting[-1]] = attrs.evolve(found[waiting[-1]], answered_at=at, score=score)
        else:
            found.append(Survey(instrument=body.instrument, answered_at=at, score=score))
    return found


@attrs.frozen(kw_only=True)
class Feedback:
    """
    What a customer said should be better, and what he was told it changed.

    Attributes:
        number: The version of its giving in the stream of its relationship: how the answer names it.
        about: What it is about.
        text: In his words.
        given_at: When.
        answered_at: When he was told what came of it; none while he waits.
        change: What came of it.
    """

    number: int
    about: str
    text: str
    given_at: datetime
    answered_at: datetime | None = None
    change: str = ""

    @classmethod
    def given(cls, number: int, body: FeedbackGiven, at: datetime) -> Feedback:
        """
        A new one.

        Raises:
            CommandError: When it says nothing.
        """
        if not body.text.strip():
            raise CommandError("feedback", "says nothing", "Write down what he said.")
        return cls(number=number, about=body.about, text=body.text, given_at=at)

    def answered(self, body: FeedbackAnswered, at: datetime) -> Feedback:
        """
        The same once its giver was told.

        Raises:
            CommandError: When he was told already, had not spoken by then, or is told nothing.
        """
        if self.answered_at is not None or at < self.given_at:
            was = "was answered already" if self.answered_at is not None else "was not given by then"
            raise CommandError(f"feedback {self.number}", was, "Answer one that waits.")
        if not body.change.strip():
            raise CommandError(
                f"the answer to feedback {self.number}",
                "tells nothing",
                "Say what it changed, or why nothing.",
            )
        return attrs.evolve(self, answered_at=at, change=body.change)
