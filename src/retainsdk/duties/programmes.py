"""What a members' programme grants: the benefits of tiers and of tenure, and a greeting on the days in one's life (CONCEPTS A6, C6, D7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import ClassVar

import attrs

from retainsdk.account import Account
from retainsdk.account.standing import paid_within
from retainsdk.commitment import Commitment
from retainsdk.duties.occasion import PURPOSE, Occasion, basis_of, occasions
from retainsdk.duties.wanted import Circumstances, LookAgain, Wanted
from retainsdk.events import PaymentReceived, PurchaseRecorded, Tier
from retainsdk.firm.programme import Membership, Programme
from retainsdk.ledger import Ledger
from retainsdk.quantities import months_later
from retainsdk.vocabulary import Channel, Promise


@attrs.frozen(kw_only=True)
class Benefits:
    """
    Open the benefits a member has come to: of the tier he reached, and of his tenure.

    Attributes:
        days: Within which they are given, counted from the day they were earned.
        special: Tiers of some relationships, by their ids, instead of those that follow from what they bought.
    """

    name: ClassVar[str] = "benefits"

    days: int = 30
    special: Mapping[int, str] = {}

    def wanted(self, accounts: Sequence[Account], known: Circumstances) -> Iterable[Wanted | LookAgain]:
        """One a benefit."""
        for account in accounts:
            for membership in account.relationship.memberships:
                programme = known.ledger.programmes.get(membership.programme)
                if programme is not None and membership.runs(known.now):
                    yield from self._of_tier(account, membership, programme, known)
                    yield from self._of_tenure(account, membership, programme, known)

    def _of_tier(
        self, account: Account, membership: Membership, programme: Programme, known: Circumstances
    ) -> Iterator[Wanted]:
        earned = _reached(account, membership, programme, known)
        tier = None if earned is None else earned[0]
        special = self.special.get(account.relationship.id)
        if special is not None:
            tier, earned_at = special, membership.since
        elif earned is not None:
            earned_at = earned[1]
        else:
            return
        for rank in programme.rules.tiers:
            if rank.name == tier:
                for benefit in rank.benefits:
                    yield self._owed(account, f"{programme.name}, {rank.name}", benefit, earned_at, known)

    def _of_tenure(
        self, account: Account, membership: Membership, programme: Programme, known: Circumstances
    ) -> Iterator[Wanted | LookAgain]:
        months = membership.tenure_months(known.now, known.ledger.zone)
        for benefit in programme.tenure_benefits(months):
            basis = f"{programme.name}, {benefit.months} months"
            earned_at = known.now if membership.carried else _after(membership, benefit.months, known)
            yield self._owed(account, basis, benefit.benefit, earned_at, known)
        yield LookAgain(
            account.relationship.id, _after(membership, _months_now(membership, known) + 1, known)
        )

    def _owed(
        self, account: Account, basis: str, benefit: str, earned_at: datetime, known: Circumstances
    ) -> Wanted:
        return Wanted(
            relationship=account.relationship.id,
            kind=Promise.BENEFIT,
            what=benefit,
            basis=basis,
            period=benefit,
            since=earned_at,
            due=known.days_later(earned_at, self.days),
        )


@attrs.frozen(kw_only=True)
class Occasions:
    """
    Open the greeting that a programme promises its members on their birthdays and anniversaries.

    One a person and year, through however many households and relationships we know him.

    Attributes:
        ahead_days: How long before the day it stands on the agenda.
    """

    name: ClassVar[str] = "occasions"

    ahead_days: int = 7

    def wanted(self, accounts: Sequence[Account], known: Circumstances) -> Iterable[Wanted | LookAgain]:
        """One greeting a day to mark."""
        ledger, ids = known.ledger, {account.relationship.id for account in accounts}
        people = {person for account in accounts for person in people_of(ledger, account, known.now)}
        ends = known.today.replace(month=1, day=1).toordinal() + 2 * 366
        for occasion in occasions(ledger, known.today, date.fromordinal(ends), at=known.now, of=people):
            account = self._where(occasion, known)
            if account is not None and account.relationship.id in ids:
                yield self._greeting(account, occasion, known)

    def _where(self, occasion: Occasion, known: Circumstances) -> Account | None:
        """Where it is marked already, or else the best of the memberships that promise it."""
        accounts = [known.ledger.account(id_) for id_ in occasion.relationships]
        marked = [account for account in accounts if _marked(account, occasion, known.ledger) is not None]
        promising = [account for account in accounts if _is_promised(account, known)]
        return next(iter((*marked, *promising)), None)

    def _greeting(self, account: Account, occasion: Occasion, known: Circumstances) -> Wanted:
        marked = _marked(account, occasion, known.ledger)
        opens = known.start_of(occasion.on - timedelta(days=self.ahead_days))
        ends = known.start_of(occasion.on + timedelta(days=1))
        years = "" if occasion.years is None else f", {occasion.years} years"
        return Wanted(
            relationship=account.relationship.id,
            kind=Promise.OCCASION,
            what=f"{occasion.fact} of {occasion.name} on {occasion.on}{years}",
            basis=occasion.basis if marked is None else marked.basis,
            period=str(occasion.on.year),
            since=max(opens, account.relationship.opened_at),
            due=ends,
        )


def people_of(ledger: Ledger, account: Account, at: datetime) -> set[int]:
    """The customer of an account, and the people of his household or organisation."""
    customer = ledger.customer_of(account)
    return {customer.id} | {ledger.resolved(it.person) for it in customer.affiliated(at)}


def _is_promised(account: Account, known: Circumstances) -> bool:
    customer, it = known.ledger.customer_of(account), account.relationship
    promised = any(
        membership.runs(known.now)
        and (programme := known.ledger.programmes.get(membership.programme)) is not None
        and programme.rules.marks_occasions
        for membership in it.memberships
    )
    return (
        promised and it.is_with_us and any(customer.may_be_contacted(PURPOSE, channel) for channel in Channel)
    )


def _marked(account: Account, occasion: Occasion, ledger: Ledger) -> Commitment | None:
    """The greeting of that year that was settled there, under whatever entry the person was known then."""
    person = ledger.customer(occasion.customer)
    bases = {basis_of(occasion.fact, id_) for id_ in (person.id, *person.merged)}
    return next(
        (
            promise
            for promise in account.commitments.values()
            if promise.duty == Occasions.name
            and promise.basis in bases
            and promise.period == str(occasion.on.year)
            and promise.state not in {"open", "warned", "voided"}
        ),
        None,
    )


def _reached(
    account: Account, membership: Membership, programme: Programme, known: Circumstances
) -> tuple[str, datetime] | None:
    """The tier held now, and the instant since which it is held without a break."""

    def tier_at(at: datetime) -> Tier | None:
        zone, currency = known.ledger.zone, known.ledger.currency
        return programme.tier(paid_within(account, programme, at, zone=zone, currency=currency))

    tier = tier_at(known.now)
    if tier is None:
        return None
    since = None
    for at in sorted(
        {at for kind in (PurchaseRecorded, PaymentReceived) for at, _ in account.timeline.of(kind)}
    ):
        held = tier_at(at)
        if held is None or held.threshold < tier.threshold:
            since = None
        elif since is None:
            since = at
    return tier.name, membership.since if since is None else max(since, membership.since)


def _months_now(membership: Membership, known: Circumstances) -> int:
    own = attrs.evolve(membership, carried=())
    return own.tenure_months(known.now, known.ledger.zone)


def _after(membership: Membership, months: int, known: Circumstances) -> datetime:
    return known.start_of(months_later(known.ledger.day(membership.since), months))
