"""
Bad news: a customer hears it from a person before he reads it (CONCEPTS D6).

Whatever states a piece of bad news names it. A letter, a message or an invoice that names news the customer has not
been told by voice is refused, as long as he can be reached by voice.
"""

from __future__ import annotations

from datetime import datetime

from retainsdk.account.state import Account
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
    if _is_unheard(body, timeline, customer, at):
        what = "an invoice" if isinstance(body, PaymentDue) else f"a contact by {in_words(body.channel)}"
        raise CommandError(
            f"{what} with the bad news {body.news!r}",
            "comes before the customer has heard it from a person",
            "Call or visit him first, and record that talk with the same news.",
        )


def refuse_unsaid(version: int, account: Account, customer: Customer) -> None:
    """
    Nothing, when what rests on a contact stands without it, as it is corrected.

    Args:
        version: Of the contact.
        account: As it is with the correction.
        customer: To whom it was.

    Raises:
        CommandError: When something was written on the strength of it, or a case of bad news was settled.
    """
    timeline = account.timeline
    talk = next(entry for entry in timeline.entries if entry.version == version)
    if not isinstance(talk.body, InteractionRecorded) or not talk.body.news:
        return
    name, news = f"record {version}", plain(talk.body.news)
    written = (
        entry.version
        for entry in timeline.counted()
        if isinstance(entry.body, InteractionRecorded | PaymentDue)
        and entry.at >= talk.at
        and plain(entry.body.news) == news
        and _is_unheard(entry.body, timeline, customer, entry.at)
    )
    rests = next(written, None) if talk.body.is_talk else None
    if rests is not None:
        raise CommandError(
            name,
            f"is the talk in which he heard the bad news {talk.body.news!r} before record {rests} stated it",
            f"Record the talk that did break it, or correct record {rests} first.",
        )
    for case in account.cases.values():
        settled_at = case.settled_at
        if case.news and settled_at is not None and plain(case.news) == news and case.state != "withdrawn":
            try:
                refuse_untold(case.news, timeline, settled_at)
            except CommandError as error:
                raise CommandError(
                    name,
                    f"is what case {case.number} was settled by ({error})",
                    "Record the talk that did break it, or reopen that case first.",
                ) from error


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


def _is_unheard(
    body: InteractionRecorded | PaymentDue, timeline: Timeline, customer: Customer, at: datetime
) -> bool:
    if not body.news or not _is_written(body):
        return False
    heard = any(said.is_talk for said in _stating(body.news, timeline, at))
    return not heard and _can_be_called(customer, at)


def _stating(news: str, timeline: Timeline, at: datetime) -> list[InteractionRecorded]:
    return [
        said
        for when, said in timeline.of(InteractionRecorded)
        if said.news and when <= at and plain(said.news) == plain(news)
    ]


def _is_written(body: InteractionRecorded | PaymentDue) -> bool:
    if isinstance(body, PaymentDue):
        return True
    return body.direction is Direction.OUTBOUND and not body.is_talk


def _can_be_called(customer: Customer, at: datetime) -> bool:
    """Whether a way to speak with him is known to work; without any way known, one may always call."""
    if customer.merged_at is not None and at < customer.merged_at:
        return True  # what was known of one of his entries cannot be told from what was known of the other
    known = [point for point in customer.points.values() if point.added_at <= at]
    return not known or any(point.channel in LIVE_CHANNELS and point.works_at(at) for point in known)
