"""A scenario: a kind of call to be practised, stated as a distribution over reasons and persons."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import attrs

from retainsdk.view import Reason

LANGUAGES = ("en", "he")
Words = Mapping[str, str]
"""The same said in every language, by its code in ISO 639."""
Range = tuple[float, float]
"""The lowest and the highest that will do, both included."""


class Situation(StrEnum):
    """What brings two people to talk."""

    THREAT = "threat"
    """The customer calls and says that he will leave."""
    CALM = "calm"
    """We call a customer who has said nothing."""
    GOODBYE = "goodbye"
    """We call somebody who left within the last month."""
    FORMER = "former"
    """We call somebody who left longer ago."""


@attrs.frozen(kw_only=True)
class Authority:
    """
    What whoever sits at the desk may grant without asking.

    Attributes:
        discount: Of the monthly fee, 0 to 1.
        months: For how long, at most.
        days: Within which a promised call must be made.
        once: Of the monthly fee, 0 to 1: a gift, a benefit, a compensation.
    """

    discount: float
    months: int
    days: int
    once: float = 0.0


@attrs.frozen(kw_only=True)
class Promised:
    """
    What a colleague has told the customer before.

    Attributes:
        discount: Of the monthly fee, 0 to 1.
        months: For how long.
    """

    discount: float
    months: int


@attrs.frozen(kw_only=True)
class Scenario:
    """
    A kind of call to be practised; a seed picks one caller of this kind.

    Attributes:
        name: As it is asked for.
        version: Counts up whenever its calls come out differently.
        preset: Of the market the caller lives in.
        situation: What brings the two to talk.
        past: The policy under which that market lived until the call: what the firm did to its customers.
        concepts: Ids of the rules of the field it trains.
        minutes: It takes, with its debrief.
        title: In every language.
        aim: What is learnt, in every language.
        brief: What the trainee is told before the call, in every language.
        reasons: Weight of each true reason among the callers; empty takes them as the market brings them.
        card: What the customer card must show: columns of the view and their ranges.
        truth: What must be true of the caller beside that: columns of the market only the world knows.
        authority: Of the trainee.
        bluff: Share of the callers who only say that they will leave [A7].
        colleague: What another seller has promised; none when nobody did.
        source: The text it was read from.
        digest: Of everything that decides how its calls come out.
    """

    name: str
    version: int
    preset: str
    situation: Situation
    past: str
    concepts: tuple[str, ...]
    minutes: int
    title: Words
    aim: Words
    brief: Words
    authority: Authority
    bluff: float = 0.0
    colleague: Promised | None = None
    reasons: Mapping[Reason, float] = MappingProxyType({})
    card: Mapping[str, Range] = MappingProxyType({})
    truth: Mapping[str, Range] = MappingProxyType({})
    source: str = attrs.field(default="", repr=False)
    digest: str = ""
