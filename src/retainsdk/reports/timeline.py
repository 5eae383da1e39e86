"""The timeline as text: who did what when, the latest first; what was corrected stands there, struck out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from enum import IntEnum

import attrs

from retainsdk.codec import id_text
from retainsdk.customer.news import News
from retainsdk.events import (
    FeedbackAnswered,
    FeedbackGiven,
    InteractionRecorded,
    PurchaseRecorded,
    SignalCleared,
    SignalRaised,
)
from retainsdk.record import Entry, Page
from retainsdk.reports.text_table import on_one_line
from retainsdk.vocabulary import Direction
from retainsdk.wording import in_words

_LONGEST = 100


def timeline_text(page: Page, *, zone: tzinfo, news: Iterable[News] = ()) -> str:
    """
    One page of a timeline, a record a line.

    Args:
        page: As `Timeline.page` gives it.
        zone: In which days are told.
        news: What became known of the customer; what the page reaches stands among the records, without a number.

    Returns:
        When, who and what; texts of others on one line, without what would steer a terminal. What counts no longer
        stands between tildes, with why.
    """
    dated = [(entry.at, _line(entry, page, zone)) for entry in page.entries]
    dated += [(it.at, _told(it, zone)) for it in news if page.reaches(it.at)]
    if not dated:
        return "Nothing is recorded."
    lines = [line for _, line in sorted(dated, key=lambda it: it[0], reverse=True)]
    shown = len(page.entries)
    lines += [
        "",
        f"{shown} of {page.total} records" + (f", {page.corrected} corrected" if page.corrected else ""),
    ]
    if page.earlier is not None:
        lines.append(f"earlier ones: before {page.earlier}")
    return "\n".join(lines)


def said(body: object, zone: tzinfo) -> str:
    """What a record says, in a line, with times by the wall clock of a zone."""
    describe = _SAID.get(type(body))
    text = _plainly(body, zone) if describe is None else describe(body)
    return on_one_line(text)


def _line(entry: Entry, page: Page, zone: tzinfo) -> str:
    when = f"{entry.at.astimezone(zone):%Y-%m-%d %H:%M}"
    text = f"{on_one_line(entry.actor) or 'nobody'}: {said(entry.body, zone)}"
    correction = page.corrections.get(entry.version)
    if correction is not None:
        text = f"~~{text}~~ corrected: {on_one_line(correction.why)}"
    return f"{when}  {entry.version:>5}  {text}"


def _told(news: News, zone: tzinfo) -> str:
    return f"{news.at.astimezone(zone):%Y-%m-%d %H:%M}  {'':>5}  {news.about}: {on_one_line(_cut(news.what))}"


def _interaction(body: InteractionRecorded) -> str:
    way = "to the customer" if body.direction is Direction.OUTBOUND else "by the customer"
    parts = [f"{in_words(body.channel)} {way}, for {body.purpose.replace('_', '-')}"]
    parts += ["automatic"] if not body.human else []
    parts += ["unanswered"] if body.human and not body.two_way else []
    parts += [f"case {body.case}"] if body.case is not None else []
    parts += [f"step {body.step}"] if body.step else []
    parts += [f"friction {body.friction}"] if body.friction is not None else []
    parts += [f"{body.minutes} min"] if body.minutes is not None else []
    parts += [f"{in_words(it.kind)} of {it.subject}: {it.value}" for it in body.stated]
    text = f": {_cut(body.text)}" if body.text else ""
    return ", ".join(parts) + text


def _purchase(body: PurchaseRecorded) -> str:
    what = "refund of" if body.amount.amount < 0 else "bought"
    times = f" ×{body.quantity}" if body.quantity > 1 else ""
    return f"{what} {body.what}{times}, {body.amount}{'' if body.paid else ', on account'}"


def _raised(body: SignalRaised) -> str:
    return f"{in_words(body.severity)} of {body.department}: {body.kind}, {_cut(body.evidence)}"


def _cleared(body: SignalCleared) -> str:
    return f"signal {body.signal} cleared by {body.by}: {_cut(body.why)}"


def _feedback(body: FeedbackGiven) -> str:
    return f"feedback about {body.about}: {_cut(body.text)}"


def _told_back(body: FeedbackAnswered) -> str:
    return f"feedback {body.feedback} told back: {_cut(body.change)}"


_SAID: Mapping[type, Callable[..., str]] = {
    InteractionRecorded: _interaction,
    PurchaseRecorded: _purchase,
    SignalRaised: _raised,
    SignalCleared: _cleared,
    FeedbackGiven: _feedback,
    FeedbackAnswered: _told_back,
}


def _plainly(body: object, zone: tzinfo) -> str:
    """Of any other record, those that plug-ins add included: its name in words, and what it holds beyond the usual."""
    return ", ".join([in_words(type(body).__name__), *_held(body, zone)])


def _held(body: object, zone: tzinfo) -> Iterator[str]:
    kind: type = type(body)
    for field in attrs.fields(kind) if attrs.has(kind) else ():
        value = getattr(body, field.name)
        if value != field.default and value not in (None, "", (), {}):
            is_id = re.search(r"\bId\b", str(field.type)) is not None
            yield f"{in_words(field.name)} {_cut(id_text(value) if is_id else _value(value, zone))}"


def _value(value: object, zone: tzinfo) -> str:  # noqa: PLR0911 # one case a kind of value
    match value:
        case IntEnum():
            return in_words(value)
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
        case Mapping():
            return "; ".join(f"{name} {_value(part, zone)}" for name, part in value.items())
        case tuple():
            return "; ".join(_value(part, zone) for part in value)
        case _ if (
            attrs.has(type(value)) and type(value).__str__ is object.__str__
        ):  # terms, and parts of them
            return "; ".join(_held(value, zone))
        case _:
            return str(value)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
