"""
An experiment on a real book: who is left alone, so that the others can be compared with him.

Nobody chooses the arm of a customer: it follows from the experiment's seed and his id, by hashing. So it is the same
on every day and every machine, and depends on nobody else.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, datetime
from itertools import accumulate

import attrs

from retainsdk.errors import Fault, InputError
from retainsdk.events import ExperimentDeclared
from retainsdk.vocabulary import CONSENT_PURPOSES


@attrs.frozen(kw_only=True)
class Experiment:
    """
    Customers divided by chance, one part of whom gets no contact for a purpose.

    Attributes:
        name: Unique in the book.
        purpose: Of the contacts it is about, one of `CONSENT_PURPOSES`.
        arms: The first one is the control.
        shares: Of the arms, in whole parts: ``(1, 3)`` leaves a quarter alone.
        starts_on: First day on which the control is left alone.
        ends_on: First day on which it no longer is.
        seed: Which division it is.
        question: What it is to answer.
        declared_at: When.
    """

    name: str
    purpose: str
    arms: tuple[str, ...]
    shares: tuple[int, ...]
    starts_on: date
    ends_on: date
    seed: int
    question: str
    declared_at: datetime

    @classmethod
    def declared(cls, name: str, body: ExperimentDeclared, at: datetime) -> Experiment:
        """
        A new experiment.

        Raises:
            InputError: When it divides nobody, or for no time; all faults are named.
        """
        faults = _faults(body)
        if faults:
            raise InputError(f"experiment {name}", faults)
        return cls(name=name, declared_at=at, **attrs.asdict(body, recurse=False))

    @property
    def control(self) -> str:
        """The arm that is left alone."""
        return self.arms[0]

    def runs(self, on: date) -> bool:
        """Whether the control is left alone on a day."""
        return self.starts_on <= on < self.ends_on

    def arm_of(self, customer: int) -> str:
        """
        The arm a customer belongs to, in proportion to the shares.

        >>> from datetime import UTC
        >>> half = Experiment(name="calls", purpose="service", arms=("left alone", "called"), shares=(1, 1), seed=2,
        ...     starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1), question="", declared_at=datetime(2026, 1, 1, tzinfo=UTC))
        >>> [half.arm_of(customer) for customer in range(4)]
        ['left alone', 'called', 'called', 'called']
        """
        text = f"{self.name}/{self.seed}/{customer}".encode()
        drawn = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") * sum(self.shares) >> 64
        return self.arms[bisect_right(list(accumulate(self.shares)), drawn)]


def running(experiments: Iterable[Experiment], purpose: str, on: date) -> Experiment | None:
    """The experiment about contacts for a purpose that runs on a day; there is one at a time."""
    return next((it for it in experiments if it.purpose == purpose and it.runs(on)), None)


def _faults(body: ExperimentDeclared) -> list[Fault]:
    checks = (
        ("purpose", body.purpose, body.purpose not in CONSENT_PURPOSES, "is not known", f"Use one of: {', '.join(CONSENT_PURPOSES)}."),
        ("arms", body.arms, len(set(body.arms)) != len(body.arms) or len(body.arms) < 2, "must be two different ones or more", "Name the control first."),  # noqa: PLR2004 # with and without
        ("shares", body.shares, len(body.shares) != len(body.arms) or min(body.shares, default=0) < 1, "must be one for every arm, 1 or more", "Like (1, 3)."),
        ("ends_on", body.ends_on, body.ends_on <= body.starts_on, f"is not after starts_on ({body.starts_on})", "Let it run a day at least."),
    )  # fmt: skip
    return [Fault(place, str(value), rule, remedy) for place, value, wrong, rule, remedy in checks if wrong]
