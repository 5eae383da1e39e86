"""From an account to the plain figures that scores are worked out from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time

from retainsdk.account import Account
from retainsdk.events import Compensated, CompetitorOfferSeen, Fact, InteractionRecorded, PurchaseRecorded
from retainsdk.firm.comparison import Ours
from retainsdk.firm.offering import Judgement, Offering, Sale
from retainsdk.ledger import Ledger
from retainsdk.quantities import Money, months_later, total, whole_months
from retainsdk.record import usual_gap
from retainsdk.record.contradiction import Change, Contradiction, Held, Stated, belied, contradictions
from retainsdk.value.cost import Concession, Effort
from retainsdk.value.customer_value import Custom
from retainsdk.value.health import Signs
from retainsdk.value.modifier import KnownSince
from retainsdk.vocabulary import CaseKind, OfferKind, Side, StatementKind
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
        "complaints_again": sum(case.came_back for case in complaints),
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


def efforts(ledger: Ledger, account: Account, *, by: datetime) -> list[Effort]:
    """What each contact took of our time and money, and every month of membership that had begun by an instant."""
    nothing = Money(0, ledger.currency)
    contacts = [
        Effort(at=at, minutes=body.minutes or 0, expense=body.cost or nothing, source=f"record {version}")
        for at, body, version, _ in account.timeline.counted()
        if isinstance(body, InteractionRecorded)
    ]
    return [*contacts, *_memberships(ledger, account, by)]


def _memberships(ledger: Ledger, account: Account, by: datetime) -> Iterator[Effort]:
    for membership in account.relationship.memberships:
        programme = ledger.programmes.get(membership.programme)
        if programme is None:
            continue
        until = by if membership.until is None else min(by, membership.until)
        joined = membership.since.astimezone(ledger.zone)
        for month in range(whole_months(joined.date(), until.astimezone(ledger.zone).date()) + 1):
            begins = datetime.combine(months_later(joined.date(), month), joined.timetz())
            then = programme.as_of(begins)
            cost = None if then is None else then.rules.cost_per_member
            if cost and begins <= until:
                yield Effort(at=begins, expense=cost, source=f"programme {programme.name}", what="membership")


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


def contradicted(ledger: Ledger, account: Account, catalogue: Mapping[str, Offering]) -> list[Contradiction]:
    """Where a price, a date or a scope was stated to him in two ways, or not as the book holds it, though nothing had changed it."""
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
    changed = [*account.changes, *listed]
    held = [*_promised(ledger, account), *_priced(ledger, account, catalogue)]
    found = contradictions(stated, changed)
    known = {(it.later.record, it.later.kind, it.later.subject) for it in found}  # each statement once
    found += [
        it
        for it in belied(stated, held, account.changes)
        if (it.later.record, it.later.kind, it.later.subject) not in known
    ]
    return sorted(found, key=lambda it: (it.later.at, it.later.record))


def _promised(ledger: Ledger, account: Account) -> Iterator[Held]:
    """The days of our promises, each under its words; a promise that was moved holds since then."""
    for promise in account.commitments.values():
        if promise.by is Side.US:
            yield Held(
                kind=StatementKind.DATE,
                subjects=(promise.what,),
                value=ledger.day(promise.due),
                since=promise.since if promise.is_open else promise.made_at,
                until=None if promise.is_open else promise.since,
                where=f"promise {promise.number}",
            )


def _priced(ledger: Ledger, account: Account, catalogue: Mapping[str, Offering]) -> Iterator[Held]:
    """What packages cost him: those he has or had by his contracts, the others by the catalogue."""

    def begins(day: date) -> datetime:
        return datetime.combine(day, time(), ledger.zone)

    his = set()
    for contract in account.contracts.values():
        if contract.signed_at is None:
            continue
        ends_on = [*(terms.starts_on for terms in contract.versions[1:]), contract.ended_on]
        for terms, end in zip(contract.versions, ends_on, strict=True):
            if terms.offering is not None:
                his.add(terms.offering)
                yield Held(
                    kind=StatementKind.PRICE,
                    subjects=_names(terms.offering, catalogue),
                    value=terms.fee,
                    since=max(contract.signed_at, begins(terms.starts_on)),
                    until=None if end is None else begins(end),
                    where=f"contract {contract.number}",
                )
    for code in catalogue.keys() - his:
        package = catalogue[code]
        forms = (*package.earlier, package)
        for form, end in zip(forms, (*(it.listed_at for it in forms[1:]), package.withdrawn_at), strict=True):
            yield Held(
                kind=StatementKind.PRICE,
                subjects=_names(code, catalogue),
                value=form.fee,
                since=form.listed_at,
                until=end,
                where="the catalogue",
            )


def _names(code: str, catalogue: Mapping[str, Offering]) -> tuple[str, ...]:
    package = catalogue.get(code)
    return (code,) if package is None else (code, package.name)
