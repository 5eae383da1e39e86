"""
Bad news: a customer hears it from a person before he reads it (CONCEPTS D6).

Whatever states a piece of bad news names it. A letter, a message or an invoice that names news the customer has not
been told by voice is refused, as long as he can be reached by voice.
"""

from __future__ import annotations

from datetime import datetime

from retainsdk.customer import Customer
from retainsdk.errors import CommandError
from retainsdk.events import InteractionRecorded, PaymentDue
from retainsdk.record import Timeline
from retainsdk.vocabulary import LIVE_CHANNELS, Direction
from retainsdk.wording import in_words, plain


def refuse_unheard(
    body: InteractionRecorded | PaymentDue, timeline: Timeline, customer: Customer, at: datetime
) -> None:
    """
    Nothing, when what is sent states no bad news, or news that may be written by now.

    Args:
        body: What is sent.
        timeline: All that was recorded before.
        customer: To whom.
        at: When.

    Raises:
        CommandError: When the customer can be reached by voice and has not heard the news.
    """
    if not body.news or not _is_written(body):
        return
    heard = any(_is_live(said) for said in _stating(body.news, timeline, at))
    if not heard and _can_be_called(customer, at):
        what = "an invoice" if isinstance(body, PaymentDue) else f"a contact by {_channel(body)}"
        raise CommandError(
            f"{what} with the bad news {body.news!r}",
            "comes before the customer has heard it from a person",
            "Call or visit him first, and record that talk with the same news.",
        )


def refuse_untold(news: str, timeline: Timeline, at: datetime) -> None:
    """
    Nothing, when a piece of bad news was broken to the customer.

    Raises:
        CommandError: When nothing recorded states it.
    """
    if not any(_stating(news, timeline, at)):
        raise CommandError(
            f"the bad news {news!r}", "has not been broken to the customer", "Record the talk that states it."
        )


def _stating(news: str, timeline: Timeline, at: datetime) -> list[InteractionRecorded]:
    return [
        said
        for when, said in timeline.of(InteractionRecorded)
        if said.news and when <= at and plain(said.news) == plain(news)
    ]


def _is_written(body: InteractionRecorded | PaymentDue) -> bool:
    if isinstance(body, PaymentDue):
        return True
    return body.direction is Direction.OUTBOUND and not _is_live(body)


def _is_live(said: InteractionRecorded) -> bool:
    return said.human and said.two_way and said.channel in LIVE_CHANNELS


def _channel(body: InteractionRecorded) -> str:
    return in_words(body.channel)


def _can_be_called(customer: Customer, at: datetime) -> bool:
    """Whether a way to speak with him is known to work; without any way known, one may always call."""
    if customer.merged_at is not None and at < customer.merged_at:
        return (
            True  # what was known of one of his entries then cannot be told from what was known of the other
        )
    known = [point for point in customer.points.values() if point.added_at <= at]
    return not known or any(point.channel in LIVE_CHANNELS and point.works_at(at) for point in known)
