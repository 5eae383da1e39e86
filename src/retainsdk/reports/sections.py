"""What stands under each heading of a card. A section without lines does not stand there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

import attrs

from retainsdk.account import Account
from retainsdk.account.labels import labels
from retainsdk.account.proposal import Proposal
from retainsdk.account.standing import standing
from retainsdk.action import action_called
from retainsdk.case import Case
from retainsdk.case.response import message_owed_since, response_owed_since
from retainsdk.commitment import Commitment
from retainsdk.commitment.reliability import Reliability
from retainsdk.customer import Customer
from retainsdk.customer.fact import DAYS_TO_MARK
from retainsdk.events import InteractionRecorded
from retainsdk.firm.comparison import Better, Comparison, compared
from retainsdk.ledger import Ledger
from retainsdk.opinion import Opinion
from retainsdk.quantities import total, whole_months
from retainsdk.record import Offer, latest_discount
from retainsdk.reports.chart import chart
from retainsdk.value.customer_value import customer_value
from retainsdk.value.features import competing, contradicted, custom, ours, signs
from retainsdk.value.health import health
from retainsdk.vocabulary import CONSENT_PURPOSES, ClosingStep, Ending, Kind, Side, Stage, TermKind
from retainsdk.wording import counted, fact_text, in_words

Line = tuple[str, str]

AT_MOST = 4
"""How many things of one sort a card shows; how many more there are it says in words."""

SOON = timedelta(days=30)
"""How far ahead a card looks for days to mark."""


@attrs.frozen(kw_only=True)
class Sight:
    """
    One customer as a card sees him.

    Attributes:
        ledger: Of his account, himself and whom he is affiliated with.
        account: His.
        firm: What concerns no single customer: catalogue, competitors, programmes, experiments.
        as_of: Now.
        opinion: What plug-ins say of him.
    """

    ledger: Ledger
    account: Account
    firm: Ledger
    as_of: datetime
    opinion: Opinion

    @property
    def customer(self) -> Customer:
        """He himself."""
        return self.ledger.customer_of(self.account)

    @property
    def today(self) -> date:
        """The day in the book's zone."""
        return self.ledger.day(self.as_of)

    def held_out(self, purpose: str) -> date | None:
        """Until when he is to be left alone as to contacts for a purpose; none when he is not."""
        experiment = self.firm.experiment(purpose, self.today)
        if experiment is None or self.firm.arm(self.account, experiment) != experiment.control:
            return None
        return experiment.ends_on


def _relationship(see: Sight) -> Iterator[Line]:
    it, day = see.account.relationship, see.ledger.day
    yield "customer", see.customer.kind.name.lower()
    yield "stage", it.state
    yield "owner", it.owner
    for helper in it.contributors:
        yield "contributor", f"{helper.contributor}: {helper.part}" if helper.part else helper.contributor
    yield "opened", f"{day(it.opened_at)}"
    if it.origin is not None:
        yield "came by", in_words(it.origin) + (f", {it.campaign}" if it.campaign else "")
    if it.potential is not None:
        yield "potential", f"class {it.potential.name}"
    began = see.account.service_began_on()
    if began is not None:
        until = day(see.as_of if it.ended_at is None else it.ended_at)
        yield "in service for", counted(max(whole_months(began, until), 0), "month")
    paid = see.account.timeline.paid()
    if paid:
        yield "paid so far", str(total(paid, see.ledger.currency))
    if it.referrals:
        yield "brought us", f"{len(it.referrals)} customers"


def _leaving(see: Sight) -> Iterator[Line]:
    it = see.account.relationship
    if it.ended_at is not None:
        ended = {None: "", True: ", ended well", False: ", closing steps left out"}[it.ended_well]
        yield "left", f"{see.ledger.day(it.ended_at)}{ended}"
    if it.closing_steps is not None and it.stage is Stage.FORMER:
        missing = [in_words(step) for step in ClosingStep if step not in it.closing_steps]
        if missing:
            yield "still to be done", ", ".join(missing)
    if it.exit_reason is not None:
        yield "stated reason", in_words(it.exit_reason.stated)
        if it.exit_reason.assessed is not None:
            detail = f", {it.exit_reason.detail}" if it.exit_reason.detail else ""
            yield "assessed reason", in_words(it.exit_reason.assessed) + detail
    if it.lock_in is not None:
        yield "bound elsewhere", f"by {it.lock_in[1].competitor} until {it.lock_in[1].until}"
    if it.winback is not None:
        yield "win-back plan", f"{it.winback.plan}, {it.winback.lead_days} days before he is free"


def _contract(see: Sight) -> Iterator[Line]:
    contract, today = see.account.contract, see.today
    if contract is None:
        return
    terms = contract.terms_on(today)
    yield "state", in_words(contract.state)
    yield "since", str(contract.starts_on)
    if contract.ended_on is not None:
        yield "ended", f"{contract.ended_on}{_ended_how(contract.ended_by)}"
    length = "" if terms.kind is TermKind.OPEN_ENDED else f", {counted(terms.months, 'month')}"
    yield "term", f"{in_words(terms.kind)}{length}"
    term_ends_on = terms.term_ends_on(today)
    if contract.is_running and term_ends_on is not None:
        yield "this term ends", f"{term_ends_on}, in {(term_ends_on - today).days} days"
    if contract.is_running and terms.lock_in_ends_on > today:
        yield "bound until", str(terms.lock_in_ends_on)
    if contract.notice_ends_on is not None:
        yield "notice given for", str(contract.notice_ends_on)
    package = f", package {terms.offering}" if terms.offering else ""
    yield "monthly fee", f"{terms.fee} for {counted(terms.products, 'product')}{package}"
    discount = latest_discount(see.account.offers.values(), see.today, day=see.ledger.day)
    if contract.is_running and discount is not None:
        yield "discount", str(discount)


def _ended_how(kind: Ending | None) -> str:
    if kind is None:
        return ""  # its state says so
    return ", nobody recorded how" if kind is Ending.UNKNOWN else f", {in_words(kind.name)}"


def _people(see: Sight) -> Iterator[Line]:
    customer, customers = see.customer, see.ledger.customers
    if customer.kind is Kind.PERSON:
        belongs = [
            (in_words(it.role), f"of {customers[it.party].name}{_titled(it.title)}")
            for it in customer.affiliated(see.as_of)
        ]
        return _few(belongs, "affiliations")
    seats = [
        (
            in_words(seat.role),
            f"{seat.name}{_titled(seat.title)}{_power(seat.power)}"
            + ("" if seat.reports_to is None else f", reports to {customers[seat.reports_to].name}"),
        )
        for seat in chart(see.ledger, customer.id, as_of=see.as_of).seats
    ]
    return _few(seats, "people", at_most=2 * AT_MOST)


def _titled(title: str) -> str:
    return f", {title}" if title else ""


def _power(power: int) -> str:
    return f", power {power} of 10" if power else ""


def _foundations(see: Sight) -> Iterator[Line]:
    laid = see.account.relationship.foundations
    if laid.success is not None:
        yield "he gains", f"{laid.success.gain}, by {laid.success.way}"
    reviews = [
        ("review", f"{in_words(what)} on {on}{', overdue' if on < see.today else ''}")
        for on, what in laid.reviews()
    ]
    yield from _few(reviews, "reviews")
    if see.account.relationship.stage is Stage.ONBOARDING and laid.missing:
        yield "still to be done", ", ".join(in_words(step) for step in laid.missing)


def _programmes(see: Sight) -> Iterator[Line]:
    for name, programme in sorted(see.firm.programmes.items()):
        place = standing(
            see.account, programme, see.as_of, zone=see.ledger.zone, currency=see.ledger.currency
        )
        if place is not None:
            tier = "no tier yet" if place.tier is None else f"tier {place.tier.name}"
            yield name, f"member for {counted(place.tenure_months, 'month')}, {tier}"
            for benefit, why in place.benefits[:AT_MOST]:
                yield "benefit", f"{benefit} ({why})"


def _facts(see: Sight) -> Iterator[Line]:
    for name, fact in sorted(see.customer.facts.items()):
        yield name.replace("_", " "), f"{fact_text(fact.value)}  ({fact.source}, {see.ledger.day(fact.at)})"


def _days(see: Sight) -> Iterator[Line]:
    """Only what everybody may know: a birthday that is sensitive is greeted by its duty and not shown here."""
    end = see.today + SOON
    people = [see.customer] + [
        see.ledger.customers[it.person]
        for it in see.customer.affiliated(see.as_of)
        if it.person != see.customer.id and it.person in see.ledger.customers
    ]
    marked = [
        (on, fact, person, day.age_on(on))
        for person in people
        for fact in DAYS_TO_MARK
        if (day := person.day_to_mark(fact)) is not None
        for on in day.returns_between(see.today, end)
    ]
    for on, fact, person, age in sorted(marked, key=lambda it: it[:2]):
        yield fact, f"{person.name}, {on}" + (f", {age} years" if age else "")


def _promises(see: Sight) -> Iterator[Line]:
    promises = see.account.commitments.values()
    if not promises:
        return
    record = Reliability.of(promises)
    yield "kept and broken", f"{record.kept} and {record.broken}{_rates(record)}"
    if record.retracted:
        yield "recorded in error", str(record.retracted)
    waiting = sorted((it for it in promises if it.is_open), key=lambda it: (it.due, it.number))
    yield from _few([_promised(see, it) for it in waiting], "promises open")
    broken = [it for it in promises if it.state == "broken"]
    yield from _few(
        [(f"{in_words(it.kind)} {it.number}", f"{it.what}, broken and to be made good") for it in broken],
        "promises to make good",
    )


def _promised(see: Sight, it: Commitment) -> Line:
    late = ", overdue" if it.due < see.as_of else ""
    due = it.due.astimezone(see.ledger.zone)
    whose = "" if it.by is Side.US else "his: "
    return f"{in_words(it.kind)} {it.number}", f"{whose}{it.what}, due {due:%Y-%m-%d %H:%M}{late}"


def _rates(record: Reliability) -> str:
    if record.kept_rate is None or record.on_time_rate is None:
        return ""
    return f": {record.kept_rate:.0%} kept, {record.on_time_rate:.0%} on time"


def _cases(see: Sight) -> Iterator[Line]:
    there = see.account.cases.values()
    yield from _few([_case(see, it) for it in there if it.is_open], "cases open")
    settled = sum(it.state in {"resolved", "closed"} for it in there)
    if settled:
        yield "settled", str(settled)


def _case(see: Sight, it: Case) -> Line:
    owed = response_owed_since(it, see.account.timeline)
    answer = "" if owed is None else f", answer owed since {see.ledger.day(owed)}"
    where = f"{in_words(it.state)} since {see.ledger.day(it.since)}"
    return (
        f"{in_words(it.kind)} {it.number}",
        f"{it.topic}, {where}, handled by {it.handler or 'nobody'}{answer}",
    )


def _offers(see: Sight) -> Iterator[Line]:
    yield from _few(
        [_proposal(it) for it in see.account.proposals.values() if _is_to_do(see, it)], "proposals"
    )
    made = [it for it in see.account.offers.values() if it.state == "made" and not it.has_run_out(see.as_of)]
    yield from _few([_offer(see, it) for it in made], "offers open")
    yield from _few([_beside(it) for it in _compared(see)], "competitors' offers")


def _is_to_do(see: Sight, it: Proposal) -> bool:
    """Nothing is proposed for whom an experiment wants left alone; that it is an experiment is told to nobody."""
    action = action_called(it.kind)
    free = action.consent is None or action.owed or see.held_out(action.consent) is None
    return it.is_open(see.today) and free


def _proposal(it: Proposal) -> Line:
    amount = f", {it.amount}" if it.amount else ""
    state = "approved" if it.state == "approved" else "to be decided"
    return "proposal", f"{in_words(it.kind)}{amount}: {it.proposed.reason}; {state}"


def _offer(see: Sight, it: Offer) -> Line:
    what = it.made.offering or it.made.what or f"{in_words(it.made.kind)} {it.made.amount}"
    until = "" if it.made.expires_at is None else f", until {see.ledger.day(it.made.expires_at)}"
    return f"offer {it.number}", f"{what}{until}"


def _beside(it: Comparison) -> Line:
    sides = [
        f"{word} in {', '.join(point.what for point in it.points_for(better))}"
        for word, better in (("worse", Better.OURS), ("better", Better.THEIRS))
        if it.points_for(better)
    ]
    name = f"{it.competitor} {it.name}".strip()
    return "competitor", f"{name}: {'; '.join(sides) or 'as good as ours'} ({it.source})"


def _compared(see: Sight) -> list[Comparison]:
    his = ours(see.account, see.firm.catalogue, on=see.today)
    if his is None:
        return []
    last = see.account.timeline.usage_by(see.today)
    used = None if last is None else last[1]
    return compared(his, competing(see.firm, see.account), used=used, on=see.today)


def _standing(see: Sight) -> Iterator[Line]:
    if see.account.relationship.is_over:
        for label in labels(see.account, see.as_of):
            yield label.name, label.rule
        return
    says = see.opinion
    found = health(signs(see.ledger, see.account, see.firm.catalogue, as_of=see.as_of), others=says.health)
    yield "health", f"{found.score.value:f} of 100" + (f"; at risk: {found.at_risk}" if found.at_risk else "")
    taken = sorted((part for part in found.score.parts if part.amount < 0), key=lambda part: part.amount)
    others = {it.source for it in says.health}
    reasons = [
        (
            "because",
            f"{it.amount:+f} {it.name}"
            + (f": {it.why}" if it.why else "")
            + (f" [{it.source}]" if it.source in others else ""),
        )
        for it in taken
    ]
    yield from _few(reasons, "reasons")
    yield from _few([(it.name, it.rule) for it in labels(see.account, see.as_of)], "labels")
    figures = custom(see.ledger, see.account, see.firm.catalogue, on=see.today, opinions=says.suitability)
    worth = customer_value(figures, on=see.today, modifiers=says.modifiers, others=says.value)
    yield "value", f"{worth.score.money}: {worth.past} so far, {worth.predicted} to come"


def _stated(see: Sight) -> Iterator[Line]:
    last: dict[tuple[object, str], Line] = {}
    for at, body in sorted(see.account.timeline.of(InteractionRecorded), key=lambda said: said[0]):
        for said in body.stated:
            key = said.kind, said.subject
            last.pop(key, None)
            last[key] = (in_words(said.kind), f"{said.subject}: {said.value}, {see.ledger.day(at)}")
    yield from list(last.values())[-AT_MOST:]
    for it in contradicted(see.ledger, see.account, see.firm.catalogue)[-AT_MOST:]:
        yield "CONTRADICTION", str(it)


def _contact(see: Sight) -> Iterator[Line]:
    timeline, customer = see.account.timeline, see.customer
    last = timeline.last_contact()
    yield "last contact", "none recorded" if last is None else str(see.ledger.day(last))
    owed = message_owed_since(timeline)
    if owed is not None:
        yield "answer owed since", str(see.ledger.day(owed))
    survey = timeline.last_survey()
    if survey is not None:
        yield "last survey", f"{survey[1].score:g} of 10, {see.ledger.day(survey[0])}"
    if customer.language is not None:
        yield "speaks", customer.language
    allowed = [it.replace("_", "-") for it in CONSENT_PURPOSES if customer.consents_to(it)]
    yield "may be contacted", f"for {', '.join(allowed)}" if allowed else "for nothing"
    for purpose in CONSENT_PURPOSES:
        until = see.held_out(purpose)
        if until is not None:
            yield (
                "leave alone",
                f"no contact for {purpose.replace('_', '-')} before {until}; what is owed stays owed",
            )


def _few(lines: Sequence[Line], what: str, *, at_most: int = AT_MOST) -> Iterator[Line]:
    yield from lines[:at_most]
    if len(lines) > at_most:
        yield "", f"and {len(lines) - at_most} {what} more"


SECTIONS: Mapping[str, Callable[[Sight], Iterable[Line]]] = {
    "relationship": _relationship,
    "leaving": _leaving,
    "how it stands": _standing,
    "contract": _contract,
    "people": _people,
    "not to be forgotten": _days,
    "foundations": _foundations,
    "programmes": _programmes,
    "facts": _facts,
    "promises": _promises,
    "cases": _cases,
    "stated to him": _stated,
    "offers": _offers,
    "contact": _contact,
}
"""Headings and what stands under each, in their order."""
