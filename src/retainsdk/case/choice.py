"""
A choice: what a customer gets when his wish must wait or cannot be (CONCEPTS C8).

A bare "no" or "later" ends a talk; two other ways, or another channel, and a time to count on, go on with it.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from retainsdk.errors import CommandError
from retainsdk.events import OptionChosen, OptionsOffered
from retainsdk.wording import in_words, plain

_ENOUGH = 2


@attrs.frozen
class Choice:
    """
    The ways laid before a customer.

    Attributes:
        offer: The ways, and why his own cannot be, or not yet.
        at: When.
        chosen: What he chose, as it was offered; none while he has not.
    """

    offer: OptionsOffered
    at: datetime
    chosen: str | None = None

    @classmethod
    def offered(cls, body: OptionsOffered, at: datetime) -> Choice:
        """
        A choice the customer has now.

        Raises:
            CommandError: When it gives no reason, leaves him no choice, or puts him off without saying until when.
        """
        if not body.why.strip():
            raise CommandError(
                "a refusal or delay", "gives no reason", "Say why it must wait or cannot be: he will ask."
            )
        distinct = {plain(option) for option in body.options} - {""}
        if body.channel is None and len(distinct) < _ENOUGH:
            raise CommandError(
                f"a {'refusal' if body.refused else 'delay'} with {len(distinct)} other way(s)",
                "leaves the customer no choice",
                "Offer two different ways at least, or another channel.",
            )
        if not body.refused and (body.until is None or body.until <= at):
            raise CommandError(
                "a delay",
                "does not say until when" if body.until is None else f"ends when it begins, {at.isoformat()}",
                "Say when he will have his answer, or that his wish is refused.",
            )
        return cls(body, at)

    @property
    def ways(self) -> tuple[str, ...]:
        """All he can choose from; another channel goes by its name, like ``phone`` or ``in person``."""
        channel = self.offer.channel
        named = () if channel is None else (in_words(channel),)
        return (*self.offer.options, *named)

    def after(self, body: OptionChosen, at: datetime) -> Choice:
        """
        The choice when he made it.

        Raises:
            CommandError: When he chose something else, chose already, or was not offered it by then.
        """
        if self.chosen is not None or at < self.at:
            raise CommandError(
                f"the choice {body.option!r}",
                f"was made already: {self.chosen}" if self.chosen else "comes before the offer",
                "Offer him ways to choose from again.",
            )
        chosen = next((way for way in self.ways if plain(way) == plain(body.option)), None)
        if chosen is None:
            raise CommandError(
                f"the choice {body.option!r}",
                "is none of the ways offered",
                f"Choose one of: {', '.join(self.ways)}.",
            )
        return attrs.evolve(self, chosen=chosen)
