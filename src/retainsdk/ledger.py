"""
The fold: what a book's events add up to.

A ledger takes events one by one and knows, after each, everything about the customers they concern. It is where
the rules between aggregates stand: it refuses an event that cannot have happened after those before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

import attrs

from retainsdk.account import Account, Moment, take
from retainsdk.account.bad_news import refuse_unheard, refuse_unsaid
from retainsdk.codec import id_text
from retainsdk.customer import Customer
from retainsdk.errors import CommandError, UnknownIdError
from retainsdk.events import (
    AuthoritySet,
    BookBegun,
    CampaignRun,
    CompetitorOfferSeen,
    CustomerRegistered,
    CustomersMerged,
    DutyChanged,
    ExperimentDeclared,
    InteractionRecorded,
    OfferingListed,
    OfferingWithdrawn,
    PaymentDue,
    ProgrammeChanged,
    RecordCorrected,
    RelationshipOpened,
    RepresentativeAbsent,
    RepresentativeJoined,
    RepresentativeLeft,
)
from retainsdk.firm.campaign import Campaign
from retainsdk.firm.holdout import Experiment, running
from retainsdk.firm.offering import Offering
from retainsdk.firm.programme import Programme
from retainsdk.firm.staff import Representative, RepresentativeEvent
from retainsdk.relationship import Relationship

BOOK_STREAM = "book"
STAFF_STREAMS = "representative"
EXPERIMENT_STREAMS = "experiment"
DUTY_STREAMS = "duty"
FIRM_STREAMS = ("offering", "competitor", "programme", EXPERIMENT_STREAMS)
"""What concerns no single customer and yet is told of each: the catalogue, competitors, programmes, experiments."""


def customer_stream(id_: int) -> str:
    """The stream of a customer."""
    return f"customer/{id_text(id_)}"


def relationship_stream(id_: int, part: str = "", number: int = 0) -> str:
    """The stream of a relationship, or of its contract or case of that number."""
    return f"relationship/{id_text(id_)}" + (f"/{part}/{number}" if part else "")


def id_in(stream: str) -> int:
    """Whose a stream is: the id of its customer or relationship."""
    return int(stream.split("/")[1], 16)


def offering_stream(code: str) -> str:
    """The stream of a package in the catalogue."""
    return f"offering/{code}"


def competitor_stream(name: str) -> str:
    """The stream of what everybody can see of a competitor."""
    return f"competitor/{name}"


def representative_stream(name: str) -> str:
    """The stream of one of our people."""
    return f"{STAFF_STREAMS}/{name}"


def programme_stream(name: str) -> str:
    """The stream of a members' programme."""
    return f"programme/{name}"


def campaign_stream(name: str) -> str:
    """The stream of a campaign."""
    return f"campaign/{name}"


def experiment_stream(name: str) -> str:
    """The stream of an experiment."""
    return f"experiment/{name}"


def duty_stream(name: str) -> str:
    """The stream of what the book says of a duty."""
    return f"{DUTY_STREAMS}/{name}"


class Ledger:
    """
    Customers, accounts, catalogue and competitors, as far as the events taken say.

    Attributes:
        currency: Of the book; empty until it is begun.
        zone: In which the book tells days.
        customers: By id; those that were merged stand under the id of the result alone.
        merged: Entries that turned out to be another customer, as they were then, by their old ids.
        accounts: By id of the relationship.
        catalogue: Offerings by code, as listed last.
        competitor_offers: Those everybody can see.
        staff: Representatives by name, those who left included.
        programmes: By name, with the rules in force last.
        campaigns: By name, as known last.
        experiments: By name.
        duties: What the book says of its duties, by name: since when, and what.
    """

    def __init__(self) -> None:
        self.currency = ""
        self.zone = ZoneInfo("UTC")
        self.customers: dict[int, Customer] = {}
        self.merged: dict[int, Customer] = {}
        self._into: dict[int, int] = {}
        self._relationships: dict[int, list[int]] = {}
        self.accounts: dict[int, Account] = {}
        self.catalogue: dict[str, Offering] = {}
        self.competitor_offers: list[CompetitorOfferSeen] = []
        self.staff: dict[str, Representative] = {}
        self.programmes: dict[str, Programme] = {}
        self.campaigns: dict[str, Campaign] = {}
        self.experiments: dict[str, Experiment] = {}
        self.duties: dict[str, tuple[datetime, DutyChanged]] = {}

    def take(self, stream: str, body: object, at: datetime, actor: str, version: int) -> None:
        """
        Fold one event more.

        Raises:
            RetainError: When it cannot have happened after those before it.
        """
        kind, id_, number = _parts(stream)
        if kind == "relationship":
            account = self.accounts.get(id_)
            if account is None:
                if not isinstance(body, RelationshipOpened):
                    raise UnknownIdError("relationship", id_text(id_))
                self._open(id_, body, at, actor)
                return
            if isinstance(body, _MAY_BREAK_NEWS):
                refuse_unheard(body, account.timeline, self.customer_of(account), at)
            take(account, body, _moment((at, number, actor, self.zone, version)))
            if isinstance(body, RecordCorrected):
                refuse_unsaid(body.version, account, self.customer_of(account))
        elif kind == "customer":
            self._on_customer(id_, body, at)
        else:
            _FOR_ALL[type(body)](self, stream.partition("/")[2], body, at)

    def day(self, at: datetime) -> date:
        """The day of an instant in the book's zone."""
        return at.astimezone(self.zone).date()

    def account(self, id_: int) -> Account:
        """
        The account of a relationship.

        Raises:
            UnknownIdError: When there is none.
        """
        if id_ not in self.accounts:
            raise UnknownIdError("relationship", id_text(id_))
        return self.accounts[id_]

    def customer_of(self, account: Account) -> Customer:
        """The customer behind an account."""
        return self.customers[account.relationship.customer]

    def experiment(self, purpose: str, on: date) -> Experiment | None:
        """The experiment about contacts for a purpose that runs on a day; there is one at a time."""
        return running(self.experiments.values(), purpose, on)

    def held_out(self, account: Account, purpose: str, on: date) -> Experiment | None:
        """The experiment that wants a customer left alone, as to contacts for a purpose on a day."""
        experiment = self.experiment(purpose, on)
        return experiment if experiment and self.arm(account, experiment) == experiment.control else None

    def arm(self, account: Account, experiment: Experiment) -> str:
        """The arm a customer belongs to: as recorded when he was first touched, and before that as chance has it."""
        return account.arms.get(experiment.name) or experiment.arm_of(account.relationship.customer)

    def resolved(self, id_: int) -> int:
        """The id under which a customer is kept: his own, or of the one he was merged into."""
        while id_ in self._into:
            id_ = self._into[id_]
        return id_

    def customer(self, id_: int) -> Customer:
        """
        A customer, by his id or by one he had before he was merged.

        Raises:
            UnknownIdError: When there is none.
        """
        customer = self.customers.get(self.resolved(id_))
        if customer is None:
            raise UnknownIdError("customer", id_text(id_))
        return customer

    def accounts_of(self, customer: int) -> list[Account]:
        """All accounts of a customer, in the order they were opened."""
        return [self.accounts[id_] for id_ in self._relationships.get(self.resolved(customer), ())]

    def timeline_of(self, customer: int) -> list[tuple[datetime, int, object]]:
        """What simply happened between us and a customer, in all his relationships: when, in which, and what."""
        records = [
            (entry.at, account.relationship.id, entry.body)
            for account in self.accounts_of(customer)
            for entry in account.timeline.counted()
        ]
        return sorted(records, key=lambda record: record[0])

    def _open(self, id_: int, body: RelationshipOpened, at: datetime, actor: str) -> None:
        # a merged customer as he was, so that what was opened before the merge is as possible after it
        customer = self.merged.get(body.customer) or self.customer(body.customer)
        if at < customer.registered_at:
            raise CommandError(
                f"a relationship since {at.isoformat()}",
                f"began before its customer became known, {customer.registered_at.isoformat()}",
                "Register him as of the day it began.",
            )
        relationship = Relationship.opened(id_, body, at, actor)
        whose = self.resolved(body.customer)
        if whose != body.customer:
            relationship = attrs.evolve(relationship, customer=whose)
        self.accounts[id_] = Account(relationship=relationship, stages=[(at, relationship.stage)])
        self._relationships.setdefault(whose, []).append(id_)

    def _on_customer(self, id_: int, body: object, at: datetime) -> None:
        if isinstance(body, CustomerRegistered):
            self.customers[id_] = Customer.registered(id_, body, at)
            return
        if isinstance(body, CustomersMerged):
            self._merge(id_, body, at)
            return
        if id_ not in self.customers:
            raise UnknownIdError("customer", id_text(id_))
        self.customers[id_] = self.customers[id_].after(body, at)

    def _merge(self, id_: int, body: CustomersMerged, at: datetime) -> None:
        if id_ == body.merged and self._into.get(id_) == body.into:
            return  # the entry in the second stream; the first did it
        for one in (body.into, body.merged):
            if one in self.merged or body.into == body.merged:
                raise CommandError(
                    f"customer {id_text(one)}",
                    f"is the same as {id_text(self.resolved(one))} already",
                    "Name two that are still apart.",
                )
            if one not in self.customers:
                raise UnknownIdError("customer", id_text(one))
        merged = self.customers[body.merged]
        result = self.customers[body.into].joined(merged, at)
        self.customers[body.into], self.merged[body.merged] = result, merged
        self._into[body.merged] = body.into
        del self.customers[body.merged]
        moved = self._relationships.pop(body.merged, [])
        self._relationships.setdefault(body.into, []).extend(moved)
        for account in map(self.accounts.__getitem__, moved):
            account.relationship = attrs.evolve(account.relationship, customer=body.into)
        for other in _circle_of(result, self.customers):
            self.customers[other] = self.customers[other].renamed(self.resolved)


def _circle_of(customer: Customer, customers: Mapping[int, Customer]) -> set[int]:
    """A customer, the parties he belongs to, and all their people: whoever may name him in an affiliation."""
    parties = {customer.id} | {it.party for it in customer.affiliations.values()}
    people = {
        it.person for party in parties & customers.keys() for it in customers[party].affiliations.values()
    }
    return (parties | people) & customers.keys()


# What concerns no single customer; the table below pairs bodies with handlers, which get the name of the stream.


def _begin(ledger: Ledger, _: str, body: BookBegun, _at: datetime) -> None:
    ledger.currency, ledger.zone = body.currency, ZoneInfo(body.zone)


def _list(ledger: Ledger, code: str, body: OfferingListed, at: datetime) -> None:
    known = ledger.catalogue.get(code)
    ledger.catalogue[code] = Offering.listed(code, body, at) if known is None else known.listed_anew(body, at)


def _withdraw(ledger: Ledger, code: str, body: OfferingWithdrawn, at: datetime) -> None:
    if code not in ledger.catalogue:
        raise UnknownIdError("offering", code)
    ledger.catalogue[code] = ledger.catalogue[code].withdrawn(body, at)


def _see(ledger: Ledger, _: str, body: CompetitorOfferSeen, _at: datetime) -> None:
    ledger.competitor_offers.append(body)


def _declare(ledger: Ledger, name: str, body: ExperimentDeclared, at: datetime) -> None:
    new = Experiment.declared(name, body, at)
    for other in ledger.experiments.values():
        if other.purpose == new.purpose and new.starts_on < other.ends_on and other.starts_on < new.ends_on:
            raise CommandError(
                f"experiment {name!r}",
                f"is about contacts for the purpose {new.purpose!r}, as {other.name!r} is at the same time",
                f"Let it start on {other.ends_on} or later: of two at once neither can be read.",
            )
    ledger.experiments[name] = new


def _join(ledger: Ledger, name: str, body: RepresentativeJoined, at: datetime) -> None:
    known = ledger.staff.get(name)
    ledger.staff[name] = Representative.joined(name, body, at) if known is None else known.back(body, at)


def _change(ledger: Ledger, name: str, body: RepresentativeEvent, at: datetime) -> None:
    if name not in ledger.staff:
        raise UnknownIdError("representative", name)
    ledger.staff[name] = ledger.staff[name].after(body, at, ledger.day(at))


def _change_programme(ledger: Ledger, name: str, body: ProgrammeChanged, at: datetime) -> None:
    known = ledger.programmes.get(name)
    changed = Programme.begun(name, body, at) if known is None else known.changed(body, at)
    ledger.programmes[name] = changed


def _run_campaign(ledger: Ledger, name: str, body: CampaignRun, at: datetime) -> None:
    known, campaign = ledger.campaigns.get(name), Campaign.run(name, body, at)
    if known is None or at >= known.known_at:
        ledger.campaigns[name] = campaign


def _change_duty(ledger: Ledger, name: str, body: DutyChanged, at: datetime) -> None:
    known = ledger.duties.get(name)
    if known is None or at >= known[0]:
        ledger.duties[name] = (at, body)


_FOR_ALL: Mapping[type, Callable[..., None]] = {
    BookBegun: _begin,
    OfferingListed: _list,
    OfferingWithdrawn: _withdraw,
    CompetitorOfferSeen: _see,
    ExperimentDeclared: _declare,
    ProgrammeChanged: _change_programme,
    CampaignRun: _run_campaign,
    DutyChanged: _change_duty,
    RepresentativeJoined: _join,
    RepresentativeAbsent: _change,
    RepresentativeLeft: _change,
    AuthoritySet: _change,
}


_moment = partial(tuple.__new__, Moment)  # as Moment itself, without the call in between: one at every event
_MAY_BREAK_NEWS = (InteractionRecorded, PaymentDue)  # a union would be put together anew at every event


@lru_cache(maxsize=65536)
def _parts(stream: str) -> tuple[str, int, int]:
    kind, _, rest = stream.partition("/")
    if kind not in {"relationship", "customer"}:
        return kind, 0, 0
    part = rest.partition("/")[2]
    return kind, id_in(stream), int(part.partition("/")[2]) if part else 0
