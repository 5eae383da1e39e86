"""From an account to the plain figures that scores are worked out from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from retainsdk.account import Account
from retainsdk.events import Compensated, CompetitorOfferSeen, Fact, InteractionRecorded, PurchaseRecorded
from retainsdk.firm.comparison import Ours
from retainsdk.firm.offering import Judgement, Offering, Sale
from retainsdk.ledger import Ledger
from retainsdk.quantities import Money, months_later, total, whole_months
from retainsdk.record import usual_gap
from retainsdk.record.contradiction import Change, Contradiction, Stated, contradictions
from retainsdk.value.cost import Concession, Effort
from retainsdk.value.customer_value import Custom
from retainsdk.value.health import Signs
from retainsdk.value.modifier import KnownSince
from retainsdk.vocabulary import CaseKind, OfferKind, StatementKind
from retainsdk.wording import in_words

SUITABILITY_PURPOSE = "sales"
"""For which sensitive facts must be allowed to be counted when suitability is judged."""

_YEAR = 12


def facts_for_suitability(ledger: Ledger, account: Account) -> dict[str, Fact]:
    """What is known of a customer and may be looked at when something is offered to him."""
    facts = ledger.customer_of(account).facts_for(SUITABILITY_PURPOSE)
    return {name: fact.value for name, fact in facts.items()}


def judged_for(
    ledger: Ledger, account: Account, offering: Offering, *, on: date, opinion: Judgement | None = None
) -> Judgement:
    """
    How well a package suits a customer on a day, to be recorded where everybody reads it.

    A sensitive fact that decides is not told there. For *opinion* see `Offering.judged`.
    """
    last = account.timeline.usage_by(on)
    used = None if last is None else last[1]
    judgement = offering.judged(used=used, facts=facts_for_suitability(ledger, account), opinion=opinion)
    ordinary = {name: fact.value for name, fact in ledger.customer_of(account).facts.items()}
    if judgement == offering.judged(used=used, facts=ordinary, opinion=opinion):
        return judgement
    return Judgement(value=judgement.value, rule="a sensitive fact decides")


def dated_facts(ledger: Ledger, account: Account) -> dict[str, KnownSince]:
    """What everybody may know of a customer, with the day it became known and the source."""
    return {
        name: KnownSince(value=fact.value, since=ledger.day(fact.at), source=fact.source)
        for name, fact in ledger.customer_of(account).facts.items()
    }


def held(account: Account, on: date) -> set[str]:
    """Codes of what he has: the package in force, and what he bought and did not give back."""
    bought: dict[str, int] = {}
    for _, body in account.timeline.of(PurchaseRecorded):
        if body.offering is not None:
            sign = 1 if body.amount.amount >= 0 else -1
            bought[body.offering] = bought.get(body.offering, 0) + sign * body.quantity
    contract = account.contract
    terms = contract.terms_on(on) if contract is not None and contract.is_running else None
    packages = {terms.offering} if terms is not None and terms.offering is not None else set()
    return packages | {code for code, count in bought.items() if count > 0}


def competing(ledger: Ledger, account: Account) -> list[CompetitorOfferSeen]:
    """What competitors offer: to everybody, and what is known to be offered to him alone."""
    heard = (body for _, body in account.timeline.of(CompetitorOfferSeen))
    return [*ledger.competitor_offers, *heard]


def ours(account: Account, catalogue: Mapping[str, Offering], *, on: date) -> Ours | None:
    """What he has with us on a day, to be put beside what competitors offer; none without a running contract."""
    contract = account.contract
    if contract is None or not contract.is_running:
        return None
    terms = contract.terms_on(on)
    package = catalogue.get(terms.offering or "")
    return Ours(
        fee=terms.fee,
        lock_in_months=_months_until(terms.lock_in_ends_on, on),
        included=None if package is None else package.included,
        products=terms.products,
    )


def custom(
    ledger: Ledger,
    account: Account,
    catalogue: Mapping[str, Offering],
    *,
    on: date,
    opinions: Mapping[str, Judgement] = {},
) -> Custom:
    """What his value is worked out from; *opinions* of how well packages suit him stand by their codes."""
    timeline, relationship = account.timeline, account.relationship
    gone = relationship.is_over
    began = account.service_began_on() or ledger.day(relationship.began_at)
    tenure = max(whole_months(began, on), 0)
    recent = 0 if gone else min(tenure, _YEAR)
    since = months_later(on, -recent)
    purchases = timeline.of(PurchaseRecorded)
    contract = None if gone else account.contract
    monthly_fee = months_to_run = suitability = None
    months_bound = 0
    if contract is not None and contract.is_running:
        terms, ends_on = contract.terms_on(on), contract.ends_on
        monthly_fee = terms.fee
        months_to_run = None if ends_on is None else _months_until(ends_on, on)
        months_bound = _months_until(terms.lock_in_ends_on, on)
        package = catalogue.get(terms.offering or "")
        if package is not None:
            opinion = opinions.get(package.code)
            suitability = judged_for(ledger, account, package, on=on, opinion=opinion).value
    return Custom(
        currency=ledger.currency,
        bought=[body.amount for _, body in purchases],
        fees=[amount for _, amount in timeline.fees()],
        monthly_fee=monthly_fee,
        months_to_run=months_to_run,
        months_bound=months_bound,
        tenure_months=tenure,
        suitability=suitability,
        bought_recently=total(
            [body.amount for at, body in purchases if recent and since <= ledger.day(at)], ledger.currency
        ),
        recent_months=recent,
    )


def _months_until(end: date, on: date) -> int:
    return max(-whole_months(end, on), 0)


def signs(
    ledger: Ledger,
    account: Account,
    catalogue: Mapping[str, Offering],
    *,
    as_of: datetime,
    visits: Sequence[date] | None = None,
) -> Signs:
    """What his health is worked out from; his visits are looked up unless they are given."""
    timeline, today = account.timeline, ledger.day(as_of)
    contact = timeline.last_contact()
    visits = timeline.visits(ledger.day) if visits is None else visits
    usual = usual_gap(visits)
    survey = timeline.last_survey()
    return Signs(
        signals=[signal for signal in timeline.signals.values() if signal.stands],
        silent_days=None if contact is None else (today - ledger.day(contact)).days,
        away_days=(today - visits[-1]).days if visits else None,
        usual_gap_days=None if usual is None else usual.total_seconds() / 86400,
        usage_trend=_usage_trend(account, catalogue, today),
        payments_late=len(timeline.receivables(ledger.currency, ledger.day).late(today))
        if timeline.invoices
        else 0,
        survey=None if survey is None else survey[1].score,
        **(_case_signs(account) if account.cases else {}),
        **(_promise_signs(account) if account.commitments else {}),
    )


def _case_signs(account: Account) -> dict[str, int]:
    cases = account.cases.values()
    complaints = [case for case in cases if case.kind is CaseKind.COMPLAINT]
    return {
        "complaints_open": sum(case.is_open for case in complaints),
        "complaints_again": sum(case.repeats is not None for case in complaints),
        "threats_open": sum(case.kind is CaseKind.THREAT and case.is_open for case in cases),
    }


def _promise_signs(account: Account) -> dict[str, int]:
    promises = account.commitments.values()
    return {
        "promises_broken": sum(promise.state == "broken" for promise in promises),
        "promises_remedied": sum(promise.state == "remedied" for promise in promises),
    }


def _usage_trend(account: Account, catalogue: Mapping[str, Offering], on: date) -> float | None:
    contract = account.contract
    package = None if contract is None else catalogue.get(contract.terms_on(on).offering or "")
    if package is None or not package.included:
        return None
    last = account.timeline.usage_by(on)
    before = None if last is None else account.timeline.used_in(months_later(last[0], -1))
    return None if last is None or before is None else (last[1] - before) / package.included


def efforts(ledger: Ledger, account: Account) -> list[Effort]:
    """What each contact took of our time and money."""
    nothing = Money(0, ledger.currency)
    return [
        Effort(at=at, minutes=body.minutes or 0, expense=body.cost or nothing, source=f"record {version}")
        for at, body, version, _ in account.timeline.counted()
        if isinstance(body, InteractionRecorded)
    ]


def concessions(account: Account) -> list[Concession]:
    """Everything given to keep a customer, in the order of time: offers he took, and compensations."""
    taken = [
        Concession(
            at=offer.answered_at,
            what=offer.made.what or f"{in_words(offer.made.kind)} granted",
            cost=offer.made.cost,
            source=f"offer {offer.number}",
            by=offer.by,
        )
        for offer in account.offers.values()
        if offer.accepted and offer.answered_at is not None and offer.made.kind is not OfferKind.PACKAGE
    ]
    paid = [
        Concession(
            at=at, what=f"compensation: {body.what}", cost=body.cost, source=f"record {version}", by=actor
        )
        for at, body, version, actor in account.timeline.counted()
        if isinstance(body, Compensated)
    ]
    return sorted([*taken, *paid], key=lambda given: given.at)


def income(account: Account) -> list[tuple[datetime, Money]]:
    """What he brought, each at its instant: purchases, and what he paid for something else."""
    return [(at, body.amount) for at, body in account.timeline.of(PurchaseRecorded)] + account.timeline.fees()


def sales(account: Account) -> Iterator[Sale]:
    """The packages he was sold, with how well each suited then."""
    for at, body, version, actor in account.timeline.counted():
        if isinstance(body, PurchaseRecorded) and body.offering is not None and body.amount.amount > 0:
            yield Sale(
                at=at,
                offering=body.offering,
                suitability=body.suitability,
                rule=body.rule,
                where=f"record {version}",
                by=actor,
            )
    for offer in account.offers.values():
        made = offer.made
        if offer.accepted and made.offering is not None and offer.answered_at is not None:
            yield Sale(
                at=offer.answered_at,
                offering=made.offering,
                suitability=made.suitability,
                rule=made.rule,
                where=f"offer {offer.number}",
                by=offer.by,
            )


def contradicted(account: Account, catalogue: Mapping[str, Offering]) -> list[Contradiction]:
    """Where a price, a date or a scope was stated to him in two ways, though nothing had changed it."""
    stated = [
        Stated(
            at=at, by=said.by or actor, record=version, kind=said.kind, subject=said.subject, value=said.value
        )
        for at, body, version, actor in account.timeline.counted()
        if isinstance(body, InteractionRecorded)
        for said in body.stated
    ]
    if not stated:
        return []
    listed = [
        Change(at=form.listed_at, kinds=(StatementKind.PRICE, StatementKind.SCOPE), subject=code)
        for code, package in catalogue.items()
        for form in (*package.earlier, package)
    ]
    return contradictions(stated, [*account.changes, *listed])
