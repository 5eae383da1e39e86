"""
Facts: what is known of a customer under a name, from where, since when, and who may read it.

A sensitive fact is read for the purposes it names and for no other. Nothing told is ever dropped: a correction
or a retraction follows what it puts right.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from retainsdk.customer.partial_date import PartialDate
from retainsdk.errors import CommandError
from retainsdk.events import Fact, FactCorrected, FactLearned, FactRetracted
from retainsdk.vocabulary import Sensitivity

BUYING_PROCEDURE = "buying_procedure"
"""The fact that says how an organisation comes to buy: who is asked, in which order, and when."""

DAYS_TO_MARK = ("birthday", "anniversary")
"""Facts that are days which come back every year; their values are written as `PartialDate` is."""

LANGUAGE = "language"
"""The fact that says in which language a customer wants to be spoken to, as a tag of BCP 47 like ``he``."""

DAYS_BETWEEN_VISITS = "days_between_visits"
"""The fact that says how many days a customer usually stays away, by his own word: a number above 0."""


@attrs.frozen(kw_only=True)
class KnownFact:
    """
    What is known under one name.

    Attributes:
        value: The fact.
        source: Who or what says so.
        at: When it was learned.
        sensitivity: Whether everybody may read it who sees the customer.
        purposes: For which a sensitive one may be read.
    """

    value: Fact
    source: str
    at: datetime
    sensitivity: Sensitivity = Sensitivity.ORDINARY
    purposes: tuple[str, ...] = ()

    def readable_for(self, purpose: str | None) -> bool:
        """Whether it may be read for a purpose, or for none in particular."""
        return self.sensitivity is Sensitivity.ORDINARY or purpose in self.purposes


@attrs.frozen(kw_only=True)
class Told:
    """
    One thing said under a name.

    Attributes:
        fact: What held from then on; none when it was taken back.
        at: When it was said.
        why: What was wrong before, with a correction or a retraction.
    """

    fact: KnownFact | None
    at: datetime
    why: str = ""


@attrs.frozen(kw_only=True)
class Facts:
    """
    All that was ever said of one customer, by name.

    Of two things said under one name the one said later counts, in whatever order they reached us. What was once
    said to be sensitive stays so until it is taken back: learning it again does not lay it open.

    Attributes:
        told: Under each name, as it was said and in that order; for readers, `all` and `readable_for`. Left out of
            the printed form, because it holds what is sensitive too.
    """

    told: Mapping[str, tuple[Told, ...]] = attrs.field(default={}, repr=False)

    def after(self, body: FactLearned | FactCorrected | FactRetracted, at: datetime) -> Facts:
        """
        The same with one thing more said.

        Raises:
            CommandError: When nothing was known that could be corrected or retracted, a sensitive fact names no
                purpose or an ordinary one does, a day to mark is no date, or a number is none.
        """
        if isinstance(body, FactLearned):
            fact = KnownFact(
                value=_sound(body.name, body.value),
                source=body.source,
                at=at,
                sensitivity=body.sensitivity,
                purposes=_purposes(body),
            )
            return self._with(body.name, Told(fact=fact, at=at))
        known = self._known_at(body.name, at)
        if known is None:
            raise CommandError(
                f"fact {body.name!r}",
                f"was not known at {at.isoformat()}",
                "Learn it, or name the one that is known.",
            )
        if isinstance(body, FactRetracted):
            return self._with(body.name, Told(fact=None, at=at, why=body.why))
        right = KnownFact(value=_sound(body.name, body.value), source=body.source, at=at)
        return self._with(body.name, Told(fact=right, at=at, why=body.why))

    def readable_for(self, purpose: str | None) -> Mapping[str, KnownFact]:
        """What is known now by name, as far as it may be read for a purpose, or for none in particular."""
        return {
            name: fact
            for name in self.told
            if (fact := self.all(name)[-1].fact) is not None and fact.readable_for(purpose)
        }

    def all(self, name: str) -> tuple[Told, ...]:
        """Everything said under a name, in order, each as sensitive as what was said before and after it."""
        told = self.told.get(name, ())
        if len(told) <= 1:  # nearly always
            return told
        runs: list[list[Told]] = [[]]
        for it in told:
            runs[-1].append(it)
            if it.fact is None:  # what is learned after a retraction is another matter
                runs.append([])
        return tuple(it for run in runs for it in _one_run(run))

    def history(self, name: str, purpose: str | None = None) -> tuple[Told, ...]:
        """Everything said under a name, in order; nothing when any of it may not be read for the purpose."""
        told = self.all(name)
        return told if all(it.fact is None or it.fact.readable_for(purpose) for it in told) else ()

    def as_sensitive_as(self, later: Facts) -> Facts:
        """The same, each as sensitive as it is by what was said since: a look back lays nothing open."""
        return Facts(
            told={
                name: tuple(
                    now for raw, now in zip(later.told[name], later.all(name), strict=True) if raw in told
                )
                if name in later.told
                else told
                for name, told in self.told.items()
            }
        )

    def joined(self, other: Facts) -> Facts:
        """What two entries for one customer know together: all that was said to either, the newer counts, else ours."""
        both = {**other.told, **self.told}
        for name in other.told.keys() & self.told.keys():
            both[name] = _in_order((*other.told[name], *self.told[name]))
        return Facts(told=both)

    def _known_at(self, name: str, at: datetime) -> KnownFact | None:
        said = [it for it in self.told.get(name, ()) if it.at <= at]
        return said[-1].fact if said else None

    def _with(self, name: str, new: Told) -> Facts:
        told = self.told.get(name, ())
        is_last = not told or told[-1].at <= new.at  # nearly always
        return Facts(told={**self.told, name: (*told, new) if is_last else _in_order((*told, new))})


def _in_order(told: Iterable[Told]) -> tuple[Told, ...]:
    return tuple(sorted(told, key=lambda it: it.at))


def _one_run(run: list[Told]) -> Iterable[Told]:
    sensitive = [
        it.fact for it in run if it.fact is not None and it.fact.sensitivity is Sensitivity.SENSITIVE
    ]
    if not sensitive:
        return run
    purposes = sensitive[-1].purposes
    return (
        it
        if it.fact is None
        else attrs.evolve(
            it, fact=attrs.evolve(it.fact, sensitivity=Sensitivity.SENSITIVE, purposes=purposes)
        )
        for it in run
    )


def _purposes(body: FactLearned) -> tuple[str, ...]:
    if (body.sensitivity is Sensitivity.SENSITIVE) != bool(body.purposes):
        rule = (
            "is sensitive and names no purpose, so nobody could read it"
            if not body.purposes
            else f"is ordinary, and yet for {', '.join(body.purposes)} only"
        )
        raise CommandError(f"fact {body.name!r}", rule, "A sensitive fact names its purposes, others none.")
    return body.purposes


def _sound(name: str, value: Fact) -> Fact:
    if isinstance(value, float) and not math.isfinite(value):
        raise CommandError(f"fact {name!r}: {value}", "is no number", "Leave out what is not known.")
    if name in DAYS_TO_MARK:
        try:
            PartialDate.parsed(value if isinstance(value, str) else str(value))
        except ValueError as error:
            raise CommandError(
                f"fact {name!r}", str(error), "Write it like 1990-02-28, or --02-28 without the year."
            ) from error
    return value
