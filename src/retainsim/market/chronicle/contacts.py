"""Contacts: how we turned to somebody, what came of it at once, and what is offered with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from retainsdk.action import ACTIONS, ActionKind
from retainsdk.events import (
    CommitmentRemedied,
    Compensated,
    Explained,
    InteractionRecorded,
    SurveyAnswered,
    SurveyAsked,
)
from retainsdk.vocabulary import Channel, Direction, OfferKind
from retainsdk.wording import in_words
from retainsim.market.chronicle.buying import offer_in_shop
from retainsim.market.chronicle.days import Entry, Told, at_once
from retainsim.market.chronicle.lived import Deed, Lived
from retainsim.market.chronicle.offers import offer
from retainsim.market.chronicle.promises import WORD, is_free_to_promise, promise_by
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
_DONE = {
    ActionKind.CHECK_IN: "asked how things are going",
    ActionKind.NEEDS_REVIEW: "went through his needs with him",
    ActionKind.PROGRESS_REPORT: "told him how far his matter is",
    ActionKind.GREETING: "sent our greetings",
    ActionKind.NEWSLETTER: "the newsletter",
    ActionKind.SURVEY: "asked how pleased he is",
    ActionKind.INVITATION: "invited him to our evening for customers",
    ActionKind.OFFER_PACKAGE: "offered a package that suits better",
    ActionKind.OFFER_PRICE: "offered money off",
    ActionKind.OFFER_PAUSE: "offered a rest from paying",
    ActionKind.OFFER_BENEFIT: "offered a benefit for regulars",
    ActionKind.OFFER_EARLY_ACCESS: "offered to let him in first",
    ActionKind.APOLOGY: "apologised",
    ActionKind.COMPENSATION: "apologised, and made good for it",
    ActionKind.REDO: "apologised, and promised to do it again",
    ActionKind.PROMISE_CALLBACK: "said when we call back",
    ActionKind.PROMISE_DELIVERY: "said when it will be done",
    ActionKind.ESCALATE: "took his complaint to whoever may decide",
    ActionKind.MEDIATE: "had a third party hear both of us",
    ActionKind.COMPARISON: "compared our offer with the others'",
    ActionKind.ASK_REFERRAL: "asked whether he would recommend us",
    ActionKind.ASK_TESTIMONIAL: "asked whether he would speak for us",
    ActionKind.RELEASE_WELL: "thanked him, and left the door open",
    ActionKind.KEEP_ADVISING: "gave advice, though he is with another firm",
    ActionKind.WIN_BACK: "asked him to come back",
}
"""What was done, as somebody notes it down."""
_PROMISED = {
    ActionKind.PROMISE_CALLBACK: "to call back",
    ActionKind.PROMISE_DELIVERY: "to have it done",
    ActionKind.REDO: "to do again what went wrong",
}
_WENT_WRONG = "a failure of ours"
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
    yield Entry(day, lambda: [(dossier.us, interaction(deed, lived))])
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
        what = _PROMISED.get(deed.kind, in_words(deed.kind))
        yield Entry(day, promise_by(lived, due, what, WORD))


def survey(lived: Lived, day: int) -> Entry:
    """He is asked how pleased he is."""
    answer_by = lived.it.calendar.evening(day) + timedelta(days=DAYS_TO_ANSWER)
    asked = SurveyAsked(instrument=SURVEY, answer_by=answer_by)
    return Entry(day, at_once(lived.dossier.us, asked))


def interaction(deed: Deed, lived: Lived) -> InteractionRecorded:
    """What was done for somebody, as a contact with him; a talk while he waits for an answer is one."""
    action = ACTIONS[deed.kind]
    by_mail = deed.kind in BY_MAIL
    gift = deed.kind is ActionKind.GREETING and deed.amount
    complaints = [] if by_mail else lived.dossier.open_complaints
    return InteractionRecorded(
        channel=deed.channel,
        direction=Direction.OUTBOUND,
        purpose=action.consent or "service",
        human=not by_mail,
        two_way=not by_mail,
        text=f"{_DONE.get(deed.kind, in_words(deed.kind))} – {deed.why}",
        case=complaints[0] if complaints else None,
        minutes=action.minutes,
        cost=lived.it.money(deed.amount) if gift else None,
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
    """An apology, with money or without: for a promise that was broken, if there is one, or what else went wrong."""
    dossier = lived.dossier
    broken = dossier.broken[0] if dossier.broken else None
    yield dossier.us, Explained(commitment=broken, what=_WENT_WRONG)
    if deed.kind is ActionKind.COMPENSATION:
        cost = lived.it.money(deed.amount)
        yield dossier.us, Compensated(commitment=broken, what=_WENT_WRONG, cost=cost)
        if broken is not None:
            dossier.broken.remove(broken)
            yield dossier.us, CommitmentRemedied(commitment=broken)
