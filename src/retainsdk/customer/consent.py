"""Consent: what a customer agreed to or refused, for which purpose, on which channel, when, and how we know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import attrs

from retainsdk.errors import CommandError
from retainsdk.events import ConsentGiven, ConsentWithdrawn
from retainsdk.vocabulary import CONSENT_PURPOSES, Channel

OPT_IN = frozenset({"marketing"})
"""Purposes nobody is contacted for unless he agreed; for the others he may be until he refuses."""


@attrs.frozen(kw_only=True)
class Spoken:
    """
    What a customer said once.

    Attributes:
        purpose: One of `CONSENT_PURPOSES`.
        channel: Which it is about; none for all.
        given: Whether he agreed.
        at: When he said it.
        evidence: How we know.
    """

    purpose: str
    channel: Channel | None
    given: bool
    at: datetime
    evidence: str

    def concerns(self, purpose: str, channel: Channel) -> bool:
        """Whether it is about that purpose on that channel."""
        return self.purpose == purpose and self.channel in {None, channel}


@attrs.frozen(kw_only=True)
class Consents:
    """
    All a customer said of being contacted.

    What he said last counts, in whatever order it reached us; at one instant the refusal does.

    Attributes:
        words: What he said, in the order it was recorded.
        parts: Of the entries he was merged from, as they were then: the stricter of them counts.
        merged_at: When they were merged; what was given before does not widen what they allowed together.
    """

    words: tuple[Spoken, ...] = ()
    parts: tuple[Consents, ...] = ()
    merged_at: datetime | None = None

    def __bool__(self) -> bool:
        """Whether he ever said anything."""
        return bool(self.words or self.parts)

    def after(self, body: ConsentGiven | ConsentWithdrawn, at: datetime) -> Consents:
        """
        The same after he agreed or refused.

        Raises:
            CommandError: When the purpose is not one of `CONSENT_PURPOSES`.
        """
        word = Spoken(
            purpose=purpose_or_refusal(body.purpose),
            channel=body.channel,
            given=isinstance(body, ConsentGiven),
            at=at,
            evidence=body.evidence,
        )
        return attrs.evolve(self, words=(*self.words, word))

    def joined(self, other: Consents, at: datetime) -> Consents:
        """Of two entries that turned out to be one customer: the stricter of both, on every channel and purpose."""
        return Consents(parts=(self, other), merged_at=at)

    def last(self, purpose: str, channel: Channel, at: datetime | None = None) -> Spoken | None:
        """What counts for a purpose on a channel, at an instant or after all that was said; none when nothing was."""
        own = max(
            (
                word
                for word in self.words
                if word.concerns(purpose, channel) and (at is None or word.at <= at)
            ),
            key=lambda word: (word.at, not word.given),
            default=None,
        )
        if self.merged_at is None or (own is not None and own.at >= self.merged_at):
            return own
        before = _strictest(purpose, [part.last(purpose, channel, at) for part in self.parts])
        return before if own is None else _strictest(purpose, [before, own])

    def allows(self, purpose: str, channel: Channel, at: datetime | None = None) -> bool:
        """Whether he may be contacted for a purpose on a channel: not refused and, where it takes that, agreed to."""
        last = self.last(purpose, channel, at)
        return purpose not in OPT_IN if last is None else last.given

    def allows_unseen(self, purpose: str) -> bool:
        """
        Whether contacts for a purpose may be made when nobody looks at the channel.

        Hence no channel may be refused and, where it takes that, one at least agreed to.
        """
        if not self:  # nearly everybody
            return purpose not in OPT_IN
        lasts = [self.last(purpose, channel) for channel in Channel]
        given = [last.given for last in lasts if last is not None]
        return all(given) if given else purpose not in OPT_IN

    def history(self) -> tuple[Spoken, ...]:
        """Everything he said, to whichever of his entries, in the order of time."""
        words = [*self.words, *(word for part in self.parts for word in part.history())]
        return tuple(sorted(words, key=lambda word: (word.at, not word.given)))


def purpose_or_refusal(purpose: str) -> str:
    """
    The purpose of a contact.

    Raises:
        CommandError: When it is not one of `CONSENT_PURPOSES`.
    """
    if purpose not in CONSENT_PURPOSES:
        raise CommandError(
            f"purpose {purpose!r}", "is not known", f"Use one of: {', '.join(CONSENT_PURPOSES)}."
        )
    return purpose


def _strictest(purpose: str, words: Iterable[Spoken | None]) -> Spoken | None:
    """What leaves least: a refusal, then silence where consent is needed, then the consent given first."""
    words = list(words)
    spoken = [word for word in words if word is not None]
    refused = [word for word in spoken if not word.given]
    if refused:
        return max(refused, key=lambda word: word.at)
    if len(spoken) < len(words) and purpose in OPT_IN:
        return None
    return min(spoken, key=lambda word: word.at, default=None)
