"""
What a month did to a person, told as events: found by comparing his row before it, after it was lived, and at its end.

Nothing is decided here. What only the world knows is not looked at; days are those of the law, drawn again from the
same keyed chance, and where the law names none, days of the chronicle's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial

import attrs

from retainsdk.action import ACTIONS, ActionKind, MoveKind
from retainsdk.events import (
    AmendmentAccepted,
    CaseWithdrawn,
    ClosingStepDone,
    CommitmentBroken,
    CommitmentKept,
    Compensated,
    Explained,
    FoundationLaid,
    InteractionRecorded,
    LateNoticeGiven,
    OfferAccepted,
    OfferDeclined,
    OfferMade,
    PaymentReceived,
    ReferralCredited,
    Released,
    Resolved,
    Resumed,
    Returned,
    SignalRaised,
    SurveyAnswered,
    SurveyAsked,
    Suspended,
    UsageRecorded,
    WinbackOpened,
)
from retainsdk.events.body import Id
from retainsdk.ledger import relationship_stream
from retainsdk.quantities import Money
from retainsdk.terms import Terms
from retainsdk.vocabulary import Channel, ClosingStep, Direction, OfferKind, Reason
from retainsdk.wording import in_words
from retainsim.market import purposes as for_
from retainsim.market.chronicle.agreed import package_code, plain_terms, terms_of
from retainsim.market.chronicle.days import EVENING, Calendar, Entry, Told
from retainsim.market.chronicle.dossier import Dossier
from retainsim.market.chronicle.opening import (
    DAYS_TO_ANSWER,
    LEFT_UNDONE,
    SURVEY,
    bound_elsewhere,
    complaint,
    ending,
    heard_of,
    introduction,
    promised,
    signature,
    threat,
)
from retainsim.market.month import Month, month_start
from retainsim.market.person import NEVER, OURS, ContractKind, Person
from retainsim.market.streams import uniform
from retainsim.market.talk import Talk

BY_MAIL = (ActionKind.NEWSLETTER, ActionKind.SURVEY, ActionKind.INVITATION)
"""Actions that no human of ours takes part in."""
_OFFERED = {
    ActionKind.OFFER_PACKAGE: OfferKind.PACKAGE,
    ActionKind.OFFER_PRICE: OfferKind.PRICE,
    ActionKind.OFFER_PAUSE: OfferKind.PAUSE,
    ActionKind.OFFER_BENEFIT: OfferKind.BENEFIT,
    ActionKind.OFFER_EARLY_ACCESS: OfferKind.EARLY_ACCESS,
}
_CAME_TO_IT = InteractionRecorded(
    channel=Channel.PHONE,
    direction=Direction.INBOUND,
    purpose="marketing",
    human=True,
    two_way=True,
    text="he came to our evening, and said so beforehand",
)
_TALKED_OF = {
    int(MoveKind.PROPOSE_FIT): OfferKind.PACKAGE,
    int(MoveKind.OFFER_DISCOUNT): OfferKind.PRICE,
    int(MoveKind.OFFER_PAUSE): OfferKind.PAUSE,
}


@attrs.frozen(kw_only=True)
class Deed:
    """
    What was done for a person.

    Attributes:
        kind: Which action.
        channel: On which.
        amount: Minor units.
        months: For how long.
        why: In the policy's words.
    """

    kind: ActionKind
    channel: Channel
    amount: int
    months: int
    why: str


@attrs.frozen(kw_only=True)
class Setting:
    """
    What is the same for everybody in a month.

    Attributes:
        month: The month.
        calendar: Of the market.
        currency: Of its money.
        firms: Names of the firms, ours first.
        promise_days: Within how many days a promise falls due, by the market's parameters.
        lock_in_error: Spread of our error about how long a leaver is bound elsewhere.
    """

    month: Month
    calendar: Calendar
    currency: str
    firms: tuple[str, ...]
    promise_days: float
    lock_in_error: float

    def money(self, minor: int) -> Money:
        """An amount in minor units."""
        return Money.from_minor(int(minor), self.currency)


@attrs.frozen(kw_only=True)
class Lived:
    """
    One person's month.

    Attributes:
        it: What is the same for everybody.
        dossier: Where his account stands.
        before: His row as the month began.
        mid: The same when he had lived through it, but those who threaten had not been answered.
        after: The same at its end.
        deed: What was done for him; none for nothing.
        talk: How the talk ended with him, if he threatened.
        referrer: Key of whoever brought him.
    """

    it: Setting
    dossier: Dossier
    before: Person
    mid: Person
    after: Person
    deed: Deed | None
    talk: Talk | None
    referrer: int | None

    def entries(self) -> list[Entry]:
        """All that happened, as one follows from the other."""
        entries: list[Entry] = []
        if self.was_ours:
            entries += [*self._service(), *self._promise(), *self._contact(), *self._terms(), *self._threat()]
            entries += [*self._renewal()]
        else:
            entries += [*self._contact_after_the_end()]
        if self.came:
            entries += [*self._coming()]
        if self.left:
            entries += [*self._leaving()]
        elif not self.is_ours:
            entries += [*self._elsewhere()]
        return [*entries, *self._accounts()]

    # how he stands

    @property
    def was_ours(self) -> bool:
        """Whether he was a customer as the month began."""
        return bool(self.before.firm == OURS)

    @property
    def is_ours(self) -> bool:
        """Whether he is one at its end."""
        return bool(self.after.firm == OURS)

    @property
    def came(self) -> bool:
        """Whether he became one."""
        return self.is_ours and not self.was_ours

    @property
    def left(self) -> bool:
        """Whether he left."""
        return self.was_ours and not self.is_ours

    @property
    def threatened(self) -> bool:
        """Whether he said that he would."""
        return self.talk is not None

    # days

    @property
    def _first(self) -> int:
        return self.it.month.first_day

    @property
    def _next(self) -> int:
        return self.it.month.first_day + self.it.month.n_days

    @property
    def _last(self) -> int:
        """The last day on which something could happen between him and us as a customer."""
        return int(self.after.left_day) if self.left else self._next - 1

    def _by_last(self, day: int) -> int:
        return min(int(day), self._last)

    def _chance(self, purpose: int) -> float:
        return float(uniform(self.dossier.key, self.it.month.when, purpose))

    def _day(self, purpose: int) -> int:
        return self._first + int(self.it.month.n_days * self._chance(purpose))

    # service and promises

    def _service(self) -> Iterator[Entry]:
        dossier, before, after = self.dossier, self.before, self.after
        if dossier.rests and before.paused_until <= self.it.month.number:
            yield Entry(self._first, self._resume)
        noticed = after.signals_recent > before.signals_recent // 2
        complained = after.complaints > before.complaints
        day = self._by_last(self._day(for_.INCIDENT_DAY))
        if noticed:
            body = SignalRaised(
                department="service", kind="incident", evidence="a failure seen in the records"
            )
            yield Entry(day, _at_once(dossier.us, body))
        if complained:
            yield Entry(day, self._complain)
        if complained and before.promise_due_day == NEVER:
            raw = self._day(for_.INCIDENT_DAY) + self._days_promised()
            yield Entry(day, self._promise_by(raw, "an answer to the complaint"))

    def _resume(self) -> Iterator[Told]:
        self.dossier.rests = False
        yield self.dossier.agreement, Resumed()

    def _complain(self) -> Iterator[Told]:
        number = self.dossier.next_case()
        self.dossier.open_complaints.append(number)
        yield self.dossier.case(number), complaint(number)

    def _days_promised(self) -> int:
        return 3 + int(self.it.promise_days * self._chance(for_.PROMISE_DUE))

    def _promise_by(self, day: int, what: str) -> Callable[[], Sequence[Told]]:
        """A promise more. Its number is taken at once: by its day it may come before the one it follows in the law."""
        dossier = self.dossier
        dossier.promise = dossier.next_commitment()
        return _at_once(dossier.us, promised(dossier.promise, self.it.calendar.evening(day), what))

    def _promise(self) -> Iterator[Entry]:
        """What became of the promise that fell due, and of complaints."""
        before, mid = self.before, self.mid
        due = int(before.promise_due_day)
        if due == NEVER and mid.complaints > before.complaints:
            due = self._day(for_.INCIDENT_DAY) + self._days_promised()
        due = max(due, self._first)  # what could not be settled last month is due today
        settled, us, number = self._first, self.dossier.us, self.dossier.promise or 0
        if mid.promises_kept > before.promises_kept:
            settled = self._by_last(due)
            self.dossier.promise = None
            yield Entry(settled, _at_once(us, CommitmentKept(commitment=number, evidence="done as promised")))
        elif mid.promises_warned > before.promises_warned:
            put_to = self._next + int(20.0 * self._chance(for_.NEW_DUE))
            late = LateNoticeGiven(
                commitment=number, due=self.it.calendar.evening(put_to), why="it takes longer"
            )
            yield Entry(self._by_last(due), _at_once(us, late))
        elif mid.promises_broken > before.promises_broken:
            settled = due
            self.dossier.promise = None
            yield Entry(due, _at_once(us, CommitmentBroken(commitment=number)), EVENING)
        if self.left:  # what is open then is withdrawn
            return
        complained = mid.complaints - before.complaints
        for _ in range(before.complaints_open + complained - self.after.complaints_open):
            day = max(settled, self._day(for_.SETTLING_DAY))
            if complained:
                day = max(day, self._day(for_.INCIDENT_DAY))
            yield Entry(day, self._settle_complaint, EVENING)

    def _settle_complaint(self) -> Iterator[Told]:
        number = self.dossier.open_complaints.pop(0)
        yield self.dossier.case(number), Resolved(how="the failure was mended")

    # contact and offers

    def _contact_day(self) -> int:
        """When we turned to him; a talk about his leaving comes after it."""
        day = self._by_last(self._day(for_.CONTACT_DAY))
        return min(day, self._talk_day()) if self.threatened else day

    def _talk_day(self) -> int:
        return self._by_last(self._first + 1)

    def _contact(self) -> Iterator[Entry]:
        deed, dossier, before, mid = self.deed, self.dossier, self.before, self.mid
        if deed is None:
            return
        day = self._contact_day()
        yield Entry(day, _at_once(dossier.us, _interaction(deed, self.it)))
        if deed.kind is ActionKind.SURVEY:
            yield from self._survey(day)
        elif deed.kind is ActionKind.INVITATION:
            if self._first <= mid.contact_day and mid.contact_day != before.contact_day:
                yield Entry(day, _at_once(dossier.us, _CAME_TO_IT))
        elif deed.kind is ActionKind.APOLOGY:
            yield Entry(day, lambda: [(dossier.us, Explained(commitment=None, what=deed.why))])
        elif deed.kind is ActionKind.COMPENSATION:
            yield Entry(day, self._compensate)
        elif deed.kind in _OFFERED:
            takes = mid.offers_accepted > before.offers_accepted
            yield from self._offer(_OFFERED[deed.kind], deed.amount, deed.months, day, mid, takes=takes)
        if mid.promise_due_day != NEVER and self._is_free_to_promise():
            due = max(int(mid.promise_due_day), self._next)  # this month's promises have been settled
            yield Entry(day, self._promise_by(due, in_words(deed.kind)))

    def _is_free_to_promise(self) -> bool:
        """Whether no promise is open once this month's has been settled."""
        before, mid = self.before, self.mid
        ended = mid.promises_kept > before.promises_kept or mid.promises_broken > before.promises_broken
        made = before.promise_due_day != NEVER or mid.complaints > before.complaints
        return not made or bool(ended)

    def _survey(self, day: int) -> Iterator[Entry]:
        dossier, after = self.dossier, self.after
        answer_by = self.it.calendar.evening(day) + timedelta(days=DAYS_TO_ANSWER)
        yield Entry(day, lambda: [(dossier.us, SurveyAsked(instrument=SURVEY, answer_by=answer_by))])
        if after.survey_day >= self._first:
            score = after.survey_score / 10
            yield Entry(
                int(after.survey_day),
                lambda: [(dossier.us, SurveyAnswered(instrument=SURVEY, score=score))],
            )

    def _compensate(self) -> Iterator[Told]:
        if self.deed is not None:
            cost = self.it.money(self.deed.amount)
            yield self.dossier.us, Explained(commitment=None, what=self.deed.why)
            yield self.dossier.us, Compensated(commitment=None, what=self.deed.why, cost=cost)

    def _offer(
        self, kind: OfferKind, amount: int, months: int, day: int, new: Person, *, takes: bool
    ) -> Iterator[Entry]:
        """
        Something is offered, and taken or not.

        The bill of the month in which money off is taken is the first to be lower; whoever is asked on its first day
        sleeps on it, so that what is left of it runs as long by the book.
        """
        dossier = self.dossier
        number = None
        runs = int(new.discount_until) - self.it.month.number - 1

        def make() -> Iterator[Told]:
            nonlocal number
            number = dossier.next_offer()
            granted = takes and kind is OfferKind.PRICE
            yield (
                dossier.us,
                OfferMade(
                    offer=number,
                    kind=kind,
                    offering=package_code(new.package) if takes and kind is OfferKind.PACKAGE else None,
                    amount=self.it.money(new.discount if granted else amount),
                    months=max(runs, 0) if granted else months,
                    cost=self.it.money(amount * max(months, 1)),
                    what=f"a better {in_words(kind)}",
                ),
            )

        def answer() -> Iterator[Told]:
            assert number is not None  # noqa: S101 # it was made before
            yield dossier.us, OfferAccepted(offer=number) if takes else OfferDeclined(offer=number)
            if takes and kind is OfferKind.PAUSE:
                yield from self._rest(int(new.paused_until))

        yield Entry(day, make)
        yield Entry(self._by_last(max(day, self._first + 1)) if takes else day, answer)

    def _rest(self, until: int) -> Iterator[Told]:
        if until <= self.it.month.number:
            return
        if self.dossier.rests:
            yield self.dossier.agreement, Resumed()
        self.dossier.rests = True
        back = month_start(self.it.calendar.starts_at, until).date()
        yield self.dossier.agreement, Suspended(why="a rest from paying", until=back)

    # terms

    def _terms(self) -> Iterator[Entry]:
        """Another package: agreed when it was talked of, in force from the day after if that was the first of the month."""
        if _differs(self.before, self.mid):
            yield Entry(self._contact_day(), partial(self._amend, self.mid, self._contact_day()))

    def _amend(self, person: Person, day: int) -> Iterator[Told]:
        last = self.dossier.terms
        assert last is not None  # noqa: S101 # he has signed
        starts_on = max(self.it.calendar.date(max(day, self._first + 1)), last.starts_on)
        plain = plain_terms(person, starts_on=starts_on, currency=self.it.currency)
        changed = last.amended(
            starts_on=starts_on, fee=plain.fee, offering=plain.offering, products=plain.products
        )
        yield from self._agree(changed)

    def _agree(self, terms: Terms) -> Iterator[Told]:
        dossier, rests = self.dossier, self.dossier.rests
        dossier.terms = terms
        if rests:
            yield dossier.agreement, Resumed()
        yield dossier.agreement, AmendmentAccepted(terms=terms)
        if rests:
            back = month_start(self.it.calendar.starts_at, int(self.after.paused_until)).date()
            until = back if back > self.it.calendar.date(self._next - 1) else None
            yield dossier.agreement, Suspended(why="a rest from paying", until=until)

    def _renewal(self) -> Iterator[Entry]:
        """Terms that ran out renew by themselves, and bind anew."""
        before, after = self.before, self.after
        bound = before.contract != ContractKind.MONTH_TO_MONTH
        if self.is_ours and bound and after.lock_end_day != before.lock_end_day:
            yield Entry(max(int(before.lock_end_day), self._first), self._renew)

    def _renew(self) -> Iterator[Told]:
        last = self.dossier.terms
        assert last is not None  # noqa: S101 # he has signed
        today = self.it.calendar.date(max(int(self.before.lock_end_day), self._first))
        starts_on = max(today, last.starts_on)
        anew = terms_of(self.after, starts_on=starts_on, calendar=self.it.calendar, currency=self.it.currency)
        yield from self._agree(
            attrs.evolve(anew, fee=last.fee, offering=last.offering, products=last.products)
        )

    # threats; how he leaves and returns

    def _threat(self) -> Iterator[Entry]:
        talk, mid, after = self.talk, self.mid, self.after
        if talk is None:
            return
        day = self._talk_day()
        number: list[int] = []

        def threaten() -> Iterator[Told]:
            number.append(self.dossier.next_case())
            yield self.dossier.case(number[0]), threat(Reason(mid.stated_reason))

        yield Entry(day, threaten)
        yield Entry(day, lambda: [(self.dossier.us, _talk_about(number[0]))])
        stays = self.is_ours
        if talk.offer >= 0:
            takes = after.offers_accepted > mid.offers_accepted
            kind = _TALKED_OF[int(talk.offer)]
            yield from self._offer(
                kind, int(talk.offer_amount), int(talk.offer_months), day, after, takes=takes
            )
        if _differs(mid, after):
            yield Entry(day, partial(self._amend, after, day))
        if stays and mid.promise_due_day == NEVER and after.promise_due_day != NEVER:
            due = max(int(after.promise_due_day), self._next)
            yield Entry(day, self._promise_by(due, "to follow up on the talk"))
        how = "he stays" if stays else "he leaves"
        yield Entry(day, lambda: [(self.dossier.case(number[0]), Resolved(how=how))])

    def _leaving(self) -> Iterator[Entry]:
        dossier = self.dossier
        number, dossier.promise = dossier.promise, None

        def leave() -> Iterator[Told]:
            if number is not None:
                yield dossier.us, Released(commitment=number, evidence="he has left")
            for case in dossier.open_complaints:
                yield dossier.case(case), CaseWithdrawn(why="he has left")
            dossier.open_complaints.clear()
            yield from ending(self.after, dossier)
            yield from self._lock_in()

        yield Entry(self._last, leave, EVENING)

    def _lock_in(self) -> Iterator[Told]:
        if self.after.lock_end_day == NEVER:
            return
        competitor = self.it.firms[min(int(self.after.firm), len(self.it.firms) - 1)]
        yield from bound_elsewhere(self.dossier, competitor, self._heard_date())

    def _heard_date(self) -> date:
        return self.it.calendar.date(heard_of(self.after, self.it.lock_in_error))

    def _elsewhere(self) -> Iterator[Entry]:
        if self.after.lock_end_day != self.before.lock_end_day:
            yield Entry(self._day(for_.NEWS_DAY), self._lock_in)

    def _contact_after_the_end(self) -> Iterator[Entry]:
        deed, dossier = self.deed, self.dossier
        if deed is None:
            return
        day = self._day(for_.CONTACT_DAY)
        yield Entry(day, _at_once(dossier.us, _interaction(deed, self.it)))
        if deed.kind is ActionKind.WIN_BACK:
            offered_on = self._first if self.came else day
            yield Entry(offered_on, partial(self._invite_back, deed))
        elif deed.kind is ActionKind.RELEASE_WELL and self.before.ended_well == 0:
            told = [
                (dossier.us, ClosingStepDone(step=step, evidence="made good afterwards"))
                for step in ClosingStep
                if step in LEFT_UNDONE
            ]
            yield Entry(self._first if self.came else day, lambda: told)
        elif deed.kind is ActionKind.SURVEY:
            answer_by = self.it.calendar.evening(day) + timedelta(days=DAYS_TO_ANSWER)
            yield Entry(day, lambda: [(dossier.us, SurveyAsked(instrument=SURVEY, answer_by=answer_by))])

    def _invite_back(self, deed: Deed) -> Iterator[Told]:
        dossier = self.dossier
        if not dossier.winback:
            dossier.winback = True
            yield dossier.us, WinbackOpened(plan=deed.why)
        if dossier.open_offer is not None:
            yield dossier.us, OfferDeclined(offer=dossier.open_offer)
            dossier.open_offer = None
        if deed.amount > 0:
            dossier.open_offer = dossier.next_offer()
            amount = min(deed.amount, int(self.before.monthly_fee))
            yield (
                dossier.us,
                OfferMade(
                    offer=dossier.open_offer,
                    kind=OfferKind.PRICE,
                    offering=None,
                    amount=self.it.money(amount),
                    months=deed.months,
                    cost=self.it.money(amount * deed.months),
                    what="if he comes back",
                ),
            )

    def _coming(self) -> Iterator[Entry]:
        dossier, before, after = self.dossier, self.before, self.after
        calendar, currency = self.it.calendar, self.it.currency
        terms = terms_of(after, starts_on=calendar.date(self._first), calendar=calendar, currency=currency)

        def join() -> Iterator[Told]:
            if before.begun == 0:
                yield from introduction(after, dossier, self.referrer, terms)
                if self.referrer is not None:
                    credit = ReferralCredited(referred=Id(dossier.key))
                    yield relationship_stream(self.referrer), credit
                yield from self._welcome()
                return
            dossier.winback = False
            yield dossier.us, Returned(tenure_kept=True)
            yield dossier.us, FoundationLaid(how="he knows us already")
            yield from signature(dossier, terms)
            if dossier.open_offer is not None:
                number, dossier.open_offer = dossier.open_offer, None
                yield dossier.us, OfferAccepted(offer=number)

        yield Entry(self._first, join)

    def _welcome(self) -> Iterator[Told]:
        """Who came for the price has it from the first day."""
        if self.after.offers_accepted == 0:
            return
        number, months = self.dossier.next_offer(), int(self.after.discount_until) - self.it.month.number
        yield (
            self.dossier.us,
            OfferMade(
                offer=number,
                kind=OfferKind.PRICE,
                offering=None,
                amount=self.it.money(self.after.discount),
                months=months,
                cost=self.it.money(self.after.concession_cost),
                what="a welcome to newcomers",
            ),
        )
        yield self.dossier.us, OfferAccepted(offer=number)

    def _accounts(self) -> Iterator[Entry]:
        """At the end of the month: what was used and paid."""
        paid = int(self.after.value_to_date - self.before.value_to_date)
        told: list[Told] = []
        if self.is_ours:
            used = self.after.usage * self.after.package / 100
            month = self.it.calendar.date(self._first)
            told.append((self.dossier.us, UsageRecorded(month=month, used=used)))
        if paid or (self.came and self.before.begun == 0):
            told.append((self.dossier.us, PaymentReceived(amount=self.it.money(paid))))
        if told:
            yield Entry(self._next - 1, lambda: told, EVENING)


def _at_once(stream: str, body: object) -> Callable[[], Sequence[Told]]:
    return lambda: [(stream, body)]


def _differs(old: Person, new: Person) -> bool:
    return bool(
        old.package != new.package or old.monthly_fee != new.monthly_fee or old.products != new.products
    )


def _interaction(deed: Deed, it: Setting) -> InteractionRecorded:
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


def _talk_about(case: int) -> InteractionRecorded:
    return InteractionRecorded(
        channel=Channel.PHONE,
        direction=Direction.OUTBOUND,
        purpose="service",
        human=True,
        two_way=True,
        text="we spoke about his wish to leave",
        case=case,
    )
