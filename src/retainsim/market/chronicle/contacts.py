"""Contacts: how we turned to somebody, what came of it at once, and what is offered with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from retainsdk.action import ACTIONS, ActionKind
from retainsdk.events import Compensated, Explained, InteractionRecorded, SurveyAnswered, SurveyAsked
from retainsdk.vocabulary import Channel, Direction, OfferKind
from retainsdk.wording import in_words
from retainsim.market.chronicle.buying import offer_in_shop
from retainsim.market.chronicle.days import Entry, Told, at_once
from retainsim.market.chronicle.lived import Deed, Lived, Setting
from retainsim.market.chronicle.offers import offer
from retainsim.market.chronicle.promises import is_free_to_promise, promise_by
from retainsim.market.person import NEVER

BY_MAIL = (ActionKind.NEWSLETTER, ActionKind.SURVEY, ActionKind.INVITATION)
"""Actions that no human of ours takes part in."""
SURVEY = "how pleased are you"
DAYS_TO_ANSWER = 30
OFFERED = {
    ActionKind.OFFER_PACKAGE: OfferKind.PACKAGE,
    ActionKind.OFFER_PRICE: OfferKind.PRICE,
    ActionKind.OFFER_PAUSE: OfferKind.PAUSE,
    ActionKind.OFFER_BENEFIT: OfferKind.BENEFIT,
    ActionKind.OFFER_EARLY_ACCESS: OfferKind.EARLY_ACCESS,
}
CAME_TO_IT = InteractionRecorded(
    channel=Channel.PHONE,
    direction=Direction.INBOUND,
    purpose="marketing",
    human=True,
    two_way=True,
    text="he called to say that he comes to our evening",
)


def contact(lived: Lived) -> Iterator[Entry]:
    """Our policy's action for somebody who is, or in a shop was, a customer."""
    deed, dossier, mid = lived.deed, lived.dossier, lived.mid
    if deed is None:
        return
    day = lived.contact_day
    yield Entry(day, at_once(dossier.us, interaction(deed, lived.it)))
    if deed.kind is ActionKind.SURVEY:
        yield from _surveyed(lived, day)
    elif deed.kind is ActionKind.INVITATION:
        if lived.first <= mid.contact_day and mid.contact_day != lived.before.contact_day:
            yield Entry(day, at_once(dossier.us, CAME_TO_IT))
    elif deed.kind in (ActionKind.APOLOGY, ActionKind.COMPENSATION):
        yield Entry(day, lambda: _made_good(lived, deed))
    else:
        yield from _offered(lived, deed, day)
    if mid.promise_due_day != NEVER and is_free_to_promise(lived):
        due = max(int(mid.promise_due_day), lived.next)  # this month's promises have been settled
        yield Entry(day, promise_by(lived, due, in_words(deed.kind)))


def survey(lived: Lived, day: int) -> Entry:
    """He is asked how pleased he is."""
    answer_by = lived.it.calendar.evening(day) + timedelta(days=DAYS_TO_ANSWER)
    asked = SurveyAsked(instrument=SURVEY, answer_by=answer_by)
    return Entry(day, at_once(lived.dossier.us, asked))


def interaction(deed: Deed, it: Setting) -> InteractionRecorded:
    """What was done for somebody, as a contact with him."""
    action = ACTIONS[deed.kind]
    by_mail = deed.kind in BY_MAIL
    return InteractionRecorded(
        channel=deed.channel,
        direction=Direction.OUTBOUND,
        purpose=action.consent or "service",
        human=not by_mail,
        two_way=not by_mail,
        text=f"{in_words(deed.kind)}: {deed.why}",
        minutes=action.minutes,
        cost=it.money(deed.amount) if deed.kind is ActionKind.GREETING and deed.amount else None,
    )


def _surveyed(lived: Lived, day: int) -> Iterator[Entry]:
    yield survey(lived, day)
    if lived.after.survey_day >= lived.first:
        answered = SurveyAnswered(instrument=SURVEY, score=lived.after.survey_score / 10)
        yield Entry(int(lived.after.survey_day), at_once(lived.dossier.us, answered))


def _offered(lived: Lived, deed: Deed, day: int) -> Iterator[Entry]:
    before, mid = lived.before, lived.mid
    if lived.it.share_made is not None:
        yield from offer_in_shop(lived, deed, OFFERED.get(deed.kind, OfferKind.PRICE), day)
    elif deed.kind in OFFERED:
        takes = mid.offers_accepted > before.offers_accepted
        yield from offer(lived, OFFERED[deed.kind], deed.amount, deed.months, day, mid, takes=takes)


def _made_good(lived: Lived, deed: Deed) -> Iterator[Told]:
    yield lived.dossier.us, Explained(commitment=None, what=deed.why)
    if deed.kind is ActionKind.COMPENSATION:
        cost = lived.it.money(deed.amount)
        yield lived.dossier.us, Compensated(commitment=None, what=deed.why, cost=cost)
