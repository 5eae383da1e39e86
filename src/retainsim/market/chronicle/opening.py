"""The opening state of a person as the history that explains it: what must have happened before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import attrs

from retainsdk.events import (
    AmendmentAccepted,
    CommitmentBroken,
    CommitmentKept,
    Compensated,
    ExitReasonRecorded,
    Happening,
    InteractionRecorded,
    LateNoticeGiven,
    OfferAccepted,
    OfferDeclined,
    OfferMade,
    PaymentReceived,
    PurchaseRecorded,
    Released,
    Resolved,
    SignalRaised,
    Signed,
    SurveyAnswered,
    SurveyAsked,
    UsageRecorded,
)
from retainsdk.quantities import Money, months_later
from retainsdk.terms import Terms
from retainsdk.vocabulary import Channel, Direction, OfferKind, Reason, TermKind
from retainsim.market.chronicle.agreed import MONTHS, plain_terms, terms_of
from retainsim.market.chronicle.buying import card, lost, purchase
from retainsim.market.chronicle.complaints import complaint
from retainsim.market.chronicle.contacts import CAME_TO_IT, DAYS_TO_ANSWER, SURVEY
from retainsim.market.chronicle.conversation import threat
from retainsim.market.chronicle.days import CLOSES, EVENING, OPENS, Calendar, happening
from retainsim.market.chronicle.dossier import Dossier
from retainsim.market.chronicle.leaving import bound_elsewhere, ending, heard_of
from retainsim.market.chronicle.lived import A_VISIT, THIS_MONTH, last_day_of_custom, seen_as_ours
from retainsim.market.chronicle.membership import ranked
from retainsim.market.chronicle.newcomers import introduction
from retainsim.market.chronicle.promises import promised
from retainsim.market.person import FURTHEST_DAY, NEVER, NO_TREND, OURS, Person

FORWARD = "from older records"
WHOLE_PARTS = 32
"""Parts of a contact or a signal, as it fades."""
MAILING = InteractionRecorded(
    channel=Channel.EMAIL,
    direction=Direction.OUTBOUND,
    purpose="service",
    human=False,
    two_way=False,
    text=FORWARD,
)
HIS_CALL = attrs.evolve(CAME_TO_IT, purpose="service", text=FORWARD)
_COUNTED_FROM = 3
"""Days into a month: whatever lies later is within ninety days three months on."""
_EVE = -1
_NOON = 12 * 60


@attrs.frozen
class Opening:
    """
    How everybody stands as a market begins, told as what must have happened before.

    Attributes:
        calendar: Of the market.
        currency: Of its money.
        firms: Names of the firms, ours first.
        lock_in_error: Spread of our error about how long a leaver is bound elsewhere.
        share_made: Where nobody has a contract, the share of wanted visits that end in a purchase; none elsewhere.
    """

    calendar: Calendar
    currency: str
    firms: tuple[str, ...]
    lock_in_error: float
    share_made: float | None = None

    def of(self, person: Person) -> tuple[Dossier, list[Happening]]:
        """One person's."""
        dossier = Dossier(person.key)
        is_ours = seen_as_ours(person, 0, self.share_made)
        last = _EVE if is_ours else min(max(self._left(person), -FURTHEST_DAY), 0)
        until = self.calendar.date(0 if is_ours else last)
        began_on = months_later(until, -person.tenure)
        terms, later = self._terms(person, began_on)
        introduced = list(introduction(person, dossier, None, terms, self.share_made))
        told = [
            *self._agreed_since(dossier, later),
            *(self._bought(person, dossier) if self.share_made else self._used_and_paid(person, dossier)),
            *self._heard(person, dossier),
            *self._owed(person, dossier, last),
            *self._cases(person, dossier, last),
            *self._offers(person, dossier, last),
        ]
        if is_ours:
            told += self._risen(person, dossier, began_on)
        elif self.share_made is not None:
            told += [happening(*it, self._at(last, EVENING)) for it in lost(dossier)]
        else:
            told += self._gone(person, dossier, self._at(last, EVENING))
        began = self._at((began_on - self.calendar.starts_at.date()).days, OPENS)
        opened = min([began, *(it.occurred_at for it in told)])
        first = [
            happening(stream, body, began if isinstance(body, Signed) else opened)
            for stream, body in introduced
        ]
        return dossier, [*first, *sorted(told, key=lambda it: it.occurred_at)]

    def _left(self, person: Person) -> int:
        """The day he left us, as far as can be seen."""
        return int(
            person.left_day if self.share_made is None else last_day_of_custom(person, self.share_made)
        )

    def _gone(self, person: Person, dossier: Dossier, left: datetime) -> Iterator[Happening]:
        for stream, body in ending(person, dossier):
            yield happening(stream, body, left)
        if person.lock_end_day != NEVER:
            competitor = self.firms[min(person.firm, len(self.firms) - 1)]
            free_on = self.calendar.date(heard_of(person, self.lock_in_error))
            for stream, body in bound_elsewhere(dossier, competitor, free_on):
                yield happening(stream, body, left)

    def _risen(self, person: Person, dossier: Dossier, began_on: date) -> Iterator[Happening]:
        """His rank as of his last anniversary with us, when it was found."""
        found_on = months_later(began_on, person.tenure - person.tenure % 12)
        day = (found_on - self.calendar.starts_at.date()).days - 1
        for stream, body in ranked(dossier, int(person.tier)):
            yield happening(stream, body, self._at(day, EVENING))

    def _at(self, day: int, minute: int) -> datetime:
        """A minute of a day; no later than the beginning."""
        return min(self.calendar.at(day, minute), self.calendar.starts_at)

    def _money(self, minor: int) -> Money:
        return Money.from_minor(int(minor), self.currency)

    def _terms(self, person: Person, began_on: date) -> tuple[Terms, Terms | None]:
        """What was signed, and what was agreed since: a term that began after service did."""
        today = self.calendar.date(0)
        if self.share_made is not None:
            return card(began_on, self.currency), None
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

    def _bought(self, person: Person, dossier: Dossier) -> Iterator[Happening]:
        """Purchases of the last three months, the last on its day; all that was paid before in one sum."""
        usual = max(round(person.monthly_fee / max(A_VISIT * person.rate, A_VISIT)), 1)
        days = self._days_of_purchases(person)
        each = min(usual, max(person.value_to_date // max(len(days), 1), 1))
        brought = person.value_to_date - each * len(days)
        body: object = PaymentReceived(amount=self._money(brought))
        if brought < 0:  # they cost less than usual, together
            body = PurchaseRecorded(what="coupon", amount=self._money(brought), paid=True)
        yield happening(dossier.us, body, self._at(min([*days, _EVE]) - 1, _NOON))
        for day in days:
            yield happening(dossier.us, purchase(self._money(each)), self._at(day, _NOON))

    def _days_of_purchases(self, person: Person) -> list[int]:
        today = self.calendar.date(0)
        days: list[int] = []
        for ago in range(3):
            count = int(person.visits) >> (5 * ago) & THIS_MONTH
            if not count:
                continue
            first = (months_later(today, -ago - 1) - today).days + _COUNTED_FROM
            last = (months_later(today, -ago) - today).days - 1
            last = min(int(person.visit_day), last)
            days += [last - (last - first + 1) * place // count for place in range(count)]
        return sorted(days) or [int(person.visit_day)]

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
            yield happening(dossier.us, promised(number, due, FORWARD, FORWARD), made)
            for late in range(1, put_off + 1):
                put_to = due + timedelta(minutes=late)
                yield happening(dossier.us, LateNoticeGiven(commitment=number, due=put_to), told)
            if kept is False:
                dossier.broken.append(number)
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
            yield happening(dossier.us, body, at)
            if place < accepted:
                dossier.accepted += 1
                yield happening(dossier.us, OfferAccepted(offer=number), at)
            elif self.share_made is None:
                yield happening(dossier.us, OfferDeclined(offer=number), at)
            else:
                dossier.open_offers.append(number)
