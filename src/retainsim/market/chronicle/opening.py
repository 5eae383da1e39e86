"""The opening state of a person as the history that explains it, and how a new customer begins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import attrs
import numpy as np

from retainsdk.events import (
    AmendmentAccepted,
    CaseOpened,
    CommitmentBroken,
    CommitmentKept,
    CommitmentMade,
    Compensated,
    CompetitorLockInLearned,
    ConsentGiven,
    ConsentWithdrawn,
    CustomerRegistered,
    EndBegun,
    EndCompleted,
    ExitReasonRecorded,
    FactLearned,
    Happening,
    Id,
    InteractionRecorded,
    LateNoticeGiven,
    OfferAccepted,
    OfferDeclined,
    OfferMade,
    PaymentReceived,
    RelationshipOpened,
    Released,
    Resolved,
    SignalRaised,
    Signed,
    SurveyAnswered,
    SurveyAsked,
    Terminated,
    UsageRecorded,
)
from retainsdk.quantities import Money, months_later
from retainsdk.terms import Terms
from retainsdk.view import CONSENT_PURPOSES
from retainsdk.vocabulary import (
    CaseKind,
    Channel,
    ClosingStep,
    Direction,
    Ending,
    Kind,
    OfferKind,
    Origin,
    Promise,
    Reason,
    Side,
    Stage,
    TermKind,
)
from retainsim.market.cards import heard_free_day
from retainsim.market.chronicle.agreed import MONTHS, plain_terms, terms_of
from retainsim.market.chronicle.days import CLOSES, EVENING, OPENS, Calendar, Told
from retainsim.market.chronicle.dossier import Dossier
from retainsim.market.observed import owner_of
from retainsim.market.person import FURTHEST_DAY, NEVER, NO_TREND, OURS, Person
from retainsim.market.streams import spread

SOURCE = "market"
FORWARD = "brought forward"
WHOLE_PARTS = 32
"""Parts of a contact or a signal, as it fades."""
LEFT_UNDONE = frozenset({ClosingStep.DOCUMENTS_FILED, ClosingStep.THANKED})
"""What an ending leaves out that is not complete."""
SURVEY = "how pleased are you"
DAYS_TO_ANSWER = 30
MAILING = InteractionRecorded(
    channel=Channel.EMAIL,
    direction=Direction.OUTBOUND,
    purpose="service",
    human=False,
    two_way=False,
    text=FORWARD,
)
HIS_CALL = InteractionRecorded(
    channel=Channel.PHONE,
    direction=Direction.INBOUND,
    purpose="service",
    human=True,
    two_way=True,
    text=FORWARD,
)
_EVE = -1
_NOON = 12 * 60


def introduction(person: Person, dossier: Dossier, referrer: int | None, terms: Terms) -> Iterator[Told]:
    """A new customer: who he is, what he allows, how he came, and what is agreed."""
    kind = Kind(person.kind)
    yield dossier.who, CustomerRegistered(kind=kind, name=f"{kind.name.capitalize()} {dossier.key:016x}")
    if person.senior >= 0:
        yield dossier.who, FactLearned(name="senior", value=bool(person.senior), source=SOURCE)
    if person.household_size >= 0:
        size = int(person.household_size)
        yield dossier.who, FactLearned(name="household_size", value=size, source=SOURCE)
    for place, purpose in enumerate(CONSENT_PURPOSES):
        word = ConsentGiven if person.consent & (1 << place) else ConsentWithdrawn
        yield dossier.who, word(purpose=purpose, channel=None, evidence="on joining")
    origin = Origin(person.origin) if person.origin >= 0 else None
    yield (
        dossier.us,
        RelationshipOpened(
            customer=Id(dossier.key),
            origin=origin,
            owner=owner_of(owner_number(dossier.key)),
            stage=Stage.ACTIVE,
            reference=f"{dossier.key:016x}",
            referrer=None if referrer is None else Id(referrer),
        ),
    )
    yield from signature(dossier, terms)


def signature(dossier: Dossier, terms: Terms) -> Iterator[Told]:
    """A contract begins."""
    dossier.contract += 1
    dossier.terms = terms
    yield dossier.agreement, Signed(terms=terms)


def ending(person: Person, dossier: Dossier) -> Iterator[Told]:
    """A customer leaves: what he says of it, and whether it ended well."""
    yield dossier.us, EndBegun(by=Side.CUSTOMER)
    if person.stated_reason >= 0:
        stated = Reason(person.stated_reason)
        yield (
            dossier.us,
            ExitReasonRecorded(stated=stated, assessed=None, evidence="what he said as he left"),
        )
    yield dossier.agreement, Terminated(kind=Ending.UNKNOWN)
    if person.ended_well == 1:
        steps, although = tuple(ClosingStep), "the reason he gave stands as he gave it"
    else:
        steps = tuple(step for step in ClosingStep if step not in LEFT_UNDONE)
        although = "it was not seen through"
    yield dossier.us, EndCompleted(steps=steps, although=although)
    dossier.rests = False


def bound_elsewhere(dossier: Dossier, competitor: str, until: date) -> Iterator[Told]:
    """We hear until when a leaver is bound to a competitor."""
    yield (
        dossier.us,
        CompetitorLockInLearned(competitor=competitor, until=until, source="heard in the market"),
    )


@attrs.frozen
class Opening:
    """
    How everybody stands as a market begins, told as what must have happened before.

    Attributes:
        calendar: Of the market.
        currency: Of its money.
        firms: Names of the firms, ours first.
        lock_in_error: Spread of our error about how long a leaver is bound elsewhere.
    """

    calendar: Calendar
    currency: str
    firms: tuple[str, ...]
    lock_in_error: float

    def of(self, person: Person) -> tuple[Dossier, list[Happening]]:
        """One person's."""
        dossier = Dossier(person.key)
        is_ours = person.firm == OURS
        last = _EVE if is_ours else min(max(person.left_day, -FURTHEST_DAY), 0)
        until = self.calendar.date(0 if is_ours else last)
        began_on = months_later(until, -person.tenure)
        terms, later = self._terms(person, began_on)
        introduced = list(introduction(person, dossier, None, terms))
        told = [
            *self._agreed_since(dossier, later),
            *self._used_and_paid(person, dossier),
            *self._heard(person, dossier),
            *self._owed(person, dossier, last),
            *self._cases(person, dossier, last),
            *self._offers(person, dossier, last),
        ]
        if not is_ours:
            left = self._at(last, EVENING)
            told += [happening(stream, body, left) for stream, body in ending(person, dossier)]  # fmt: skip
            if person.lock_end_day != NEVER:
                competitor = self.firms[min(person.firm, len(self.firms) - 1)]
                free_on = self.calendar.date(heard_of(person, self.lock_in_error))
                told += [happening(*it, left) for it in bound_elsewhere(dossier, competitor, free_on)]
        began = datetime.combine(began_on, time(), tzinfo=self.calendar.starts_at.tzinfo)
        opened = min([began, *(it.occurred_at for it in told)])
        first = [
            happening(stream, body, began if isinstance(body, Signed) else opened)
            for stream, body in introduced
        ]
        return dossier, [*first, *sorted(told, key=lambda it: it.occurred_at)]

    def _at(self, day: int, minute: int) -> datetime:
        """A minute of a day; no later than the beginning."""
        return min(self.calendar.at(day, minute), self.calendar.starts_at)

    def _money(self, minor: int) -> Money:
        return Money.from_minor(int(minor), self.currency)

    def _terms(self, person: Person, began_on: date) -> tuple[Terms, Terms | None]:
        """What was signed, and what was agreed since: a term that began after service did."""
        today = self.calendar.date(0)
        if person.firm != OURS:  # whatever bound him binds him no longer
            months = MONTHS.get(person.contract, 0)
            kind = TermKind.AUTO_RENEWING if months else TermKind.OPEN_ENDED
            return attrs.evolve(self._plain(person, began_on), kind=kind, months=months), None
        final = terms_of(person, starts_on=today, calendar=self.calendar, currency=self.currency)
        if not final.months:
            return attrs.evolve(final, starts_on=began_on), None
        if max(final.term_from, final.lock_in_from) <= began_on:
            return attrs.evolve(final, starts_on=began_on), None
        return self._plain(person, began_on), final

    def _plain(self, person: Person, began_on: date) -> Terms:
        return plain_terms(person, starts_on=began_on, currency=self.currency)

    def _agreed_since(self, dossier: Dossier, later: Terms | None) -> Iterator[Happening]:
        if later is not None:
            dossier.terms = later
            yield happening(dossier.agreement, AmendmentAccepted(terms=later), self._at(_EVE, EVENING))

    def _used_and_paid(self, person: Person, dossier: Dossier) -> Iterator[Happening]:
        if person.firm == OURS:
            this_month, used = self.calendar.date(0), person.usage * person.package / 100
            before = (person.usage - person.usage_trend) * person.package / 100
            months = ((-1, used),) if person.usage_trend == NO_TREND else ((-2, before), (-1, used))
            for age, amount in months:
                body = UsageRecorded(month=months_later(this_month, age), used=amount)
                yield happening(dossier.us, body, self._at(_EVE, EVENING))
        paid = PaymentReceived(amount=self._money(person.value_to_date))
        yield happening(dossier.us, paid, self._at(_EVE, EVENING))

    def _heard(self, person: Person, dossier: Dossier) -> Iterator[Happening]:
        """Contacts and signs as far as they have not faded, the last talk, and the last answer to a survey."""
        for day in self._fading(person.contacts_recent):
            yield happening(dossier.us, MAILING, self._at(day, _NOON))
        for day in self._fading(person.signals_recent):
            body = SignalRaised(department="service", kind="incident", evidence=FORWARD)
            yield happening(dossier.us, body, self._at(day, _NOON))
        if person.contact_day != NEVER:
            yield happening(dossier.us, HIS_CALL, self._at(person.contact_day, _NOON))
        if person.survey_day != NEVER:
            at = self._at(person.survey_day, _NOON)
            asked = SurveyAsked(instrument=SURVEY, answer_by=at + timedelta(days=DAYS_TO_ANSWER))
            answered = SurveyAnswered(instrument=SURVEY, score=person.survey_score / 10)
            yield happening(dossier.us, asked, at)
            yield happening(dossier.us, answered, at)

    def _fading(self, parts: int) -> Iterator[int]:
        """Days in the months before, so many in each that as much is left of them now."""
        today = self.calendar.date(0)
        left, age = parts, 1
        while left > 0:
            each = WHOLE_PARTS >> age
            day = (months_later(today, -age) - today).days + 14
            yield from [day] * (left // each)
            left, age = left % each, age + 1

    def _owed(self, person: Person, dossier: Dossier, last: int) -> Iterator[Happening]:
        """Promises kept and broken, the one that is open, and the late notices given for any of them."""
        made, told = self._at(last - 1, OPENS), self._at(last - 1, _NOON)
        notices = int(person.promises_warned)
        is_open = person.promise_due_day != NEVER and person.firm == OURS
        ends: list[bool | None] = [*[True] * person.promises_kept, *[False] * person.promises_broken]
        ends += [None] if is_open or (notices and not ends) else []
        for place, kept in enumerate(ends):
            number, put_off = dossier.next_commitment(), notices if place == len(ends) - 1 else 0
            final = self._at(last - 1, CLOSES)
            if kept is None and is_open:
                dossier.promise = number
                final = self.calendar.evening(person.promise_due_day)
            due = final - timedelta(minutes=put_off)
            yield happening(dossier.us, promised(number, due, FORWARD), made)
            for late in range(1, put_off + 1):
                put_to = due + timedelta(minutes=late)
                yield happening(dossier.us, LateNoticeGiven(commitment=number, due=put_to), told)
            if kept is not None:
                body = CommitmentKept(commitment=number) if kept else CommitmentBroken(commitment=number)
                yield happening(dossier.us, body, told if kept else final)
            elif not is_open:
                yield happening(dossier.us, Released(commitment=number, evidence=FORWARD), final)

    def _cases(self, person: Person, dossier: Dossier, last: int) -> Iterator[Happening]:
        opened, settled = self._at(last - 1, OPENS), self._at(last - 1, _NOON)
        open_from = person.complaints - (person.complaints_open if person.firm == OURS else 0)
        for place in range(person.complaints):
            number = dossier.next_case()
            yield happening(dossier.case(number), complaint(number), opened)
            if place < open_from:
                yield happening(dossier.case(number), Resolved(how=FORWARD), settled)
            else:
                dossier.open_complaints.append(number)
        stated = Reason(person.stated_reason) if person.stated_reason >= 0 else None
        for place in range(person.threats):
            number = dossier.next_case()
            reason = stated if place == person.threats - 1 else None
            yield happening(dossier.case(number), threat(reason), opened)
            yield happening(dossier.case(number), Resolved(how=FORWARD), settled)
        if stated is not None and not person.threats and person.firm == OURS:
            body = ExitReasonRecorded(stated=stated, assessed=None, evidence=FORWARD)
            yield happening(dossier.us, body, opened)

    def _offers(self, person: Person, dossier: Dossier, last: int) -> Iterator[Happening]:
        """Offers made and answered; the discount that runs was taken last, and all that was conceded is put on it."""
        at = self._at(last, EVENING)
        cost, accepted = int(person.concession_cost), int(person.offers_accepted)
        runs = person.firm == OURS and person.discount > 0
        if not accepted and cost:
            yield happening(
                dossier.us, Compensated(commitment=None, what=FORWARD, cost=self._money(cost)), at
            )
        for place in range(person.offers_made):
            number, is_last = dossier.next_offer(), place == accepted - 1
            body = OfferMade(
                offer=number,
                kind=OfferKind.PRICE if is_last and runs else OfferKind.BENEFIT,
                offering=None,
                amount=self._money(person.discount if is_last and runs else 0),
                months=int(person.discount_until) if is_last and runs else 0,
                cost=self._money(cost if is_last else 0),
                what=FORWARD,
            )
            answer = OfferAccepted(offer=number) if place < accepted else OfferDeclined(offer=number)
            yield happening(dossier.us, body, at)
            yield happening(dossier.us, answer, at)


def heard_of(person: Person, spread_of_error: float) -> int:
    """The day from which a leaver is free of the next firm, as we heard it."""
    key, left, free = (np.array([it]) for it in (person.key, person.left_day, person.lock_end_day))
    return int(heard_free_day(key.astype(np.uint64), left, free, spread_of_error)[0])


def owner_number(key: int) -> int:
    """The number of the representative who has a customer."""
    return int(spread(np.array([key], dtype=np.uint64), np.uint64(0))[0]) >> 59


def happening(stream: str, body: object, at: datetime) -> Happening:
    """That something happened at an instant."""
    return Happening(stream=stream, body=body, occurred_at=at)


def promised(number: int, due: datetime, what: str) -> CommitmentMade:
    """We promise to see to something."""
    return CommitmentMade(commitment=number, kind=Promise.DELIVERY, what=what, due=due, basis=SOURCE)


def complaint(number: int) -> CaseOpened:
    """He complains; no two complaints are about the same."""
    return CaseOpened(kind=CaseKind.COMPLAINT, topic=f"complaint {number}", stated_reason=None)


def threat(stated: Reason | None) -> CaseOpened:
    """He says that he will leave, and why."""
    return CaseOpened(kind=CaseKind.THREAT, topic="wants to leave", stated_reason=stated)
