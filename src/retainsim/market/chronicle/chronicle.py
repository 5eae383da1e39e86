"""A market and its book, month by month: what happens in the one is told to the other, and the policy decides on the book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from retainsdk.book import Book
from retainsdk.events import (
    CompetitorOfferSeen,
    Happening,
    InteractionRecorded,
    PaymentReceived,
    PurchaseRecorded,
    SignalRaised,
    SurveyAnswered,
    SurveyAsked,
    UsageRecorded,
)
from retainsdk.policy import ActionKind, Budget, Executed, Policy
from retainsdk.quantities import Money
from retainsdk.view import BookView
from retainsdk.vocabulary import Channel
from retainsim.market.cards import referrers_of
from retainsim.market.chronicle.agreed import listing
from retainsim.market.chronicle.buying import is_favour
from retainsim.market.chronicle.clock import clock_of
from retainsim.market.chronicle.days import EVENING, Calendar, happening, happenings
from retainsim.market.chronicle.dossier import Dossier
from retainsim.market.chronicle.lived import Deed, Lived, Setting
from retainsim.market.chronicle.membership import programmes
from retainsim.market.chronicle.month import entries_of
from retainsim.market.chronicle.newcomers import owner_number
from retainsim.market.chronicle.opening import Opening
from retainsim.market.engine import Market, MonthOver, Part
from retainsim.market.history import History
from retainsim.market.law import LAW, Law
from retainsim.market.month import Month, month_start
from retainsim.market.observed import FOR_A_BOOK_ALONE, LISTED_PACKAGES, owner_of
from retainsim.market.person import Person, rows
from retainsim.market.running import RESIDUAL_MONTHS, Run, Together, Under
from retainsim.market.staff import USUAL, Staffing
from retainsim.market.talk import Talk, Talks, talk_rows

SYSTEMS = "systems"
"""Who says what no person of ours writes down: the till, the bank, the meter, the post."""
THE_CHEAPEST = "the cheapest competitor"
"""Whoever it is this month: his price is the one we watch."""
_BY_SYSTEMS = (
    CompetitorOfferSeen,
    PaymentReceived,
    PurchaseRecorded,
    SignalRaised,
    SurveyAnswered,
    SurveyAsked,
    UsageRecorded,
)


class Chronicle:
    """
    A market that lives in step with a book.

    Each month the book is told what competitors ask, the policy decides on the book's view, everybody lives through the
    month, and the book is told what happened, each thing with its day and minute.

    Args:
        market: At its beginning; left as it is.
        policy: Of our firm.
        book: Empty, with a `SimulatedClock`: see `new_book`.
        budget: Of every month; none for no limit.
        compiled: Whether to compile the law; a small market needs it not.
        consent_gate: False shows what ignoring consent would cost.
        law: By which everybody lives.
        staffing: What is done about our team, by month.

    Attributes:
        market: At its beginning.
        book: In which its life stands.

    Raises:
        InputError: When the book or the market cannot be told of each other; all reasons are named.
    """

    def __init__(
        self,
        market: Market,
        policy: Policy,
        book: Book,
        *,
        budget: Budget | None = None,
        compiled: bool | Literal["soon"] = "soon",
        consent_gate: bool = True,
        law: Law = LAW,
        staffing: Staffing = USUAL,
    ) -> None:
        self.market, self.book = market, book
        clock_of(book, market)
        under = Under(
            policy=policy, budget=budget or Budget(), consent_gate=consent_gate, law=law, staffing=staffing
        )
        everybody = Together(market, under, compiled=compiled)
        self._part = everybody.part = Told(market, book, compiled=compiled, law=law)
        self._run = Run(market, under, everybody)

    @property
    def months(self) -> int:
        """How many have gone by."""
        return self._run.number

    def month(self) -> None:
        """
        Let one month more go by.

        Raises:
            ConflictError: When somebody else wrote of the same customers into the book meanwhile.
        """
        self._run.month()

    def market_view(self) -> BookView:
        """The market's own view as the coming month begins: the same as `book_view`."""
        return Part.view(self._part, self._run.coming)

    def book_view(self) -> BookView:
        """The view of the book as the coming month begins, without the columns that no market knows."""
        return self._part.view(self._run.coming)

    def history(self, residual_months: int = RESIDUAL_MONTHS) -> History:
        """What became of the market; nothing comes after."""
        return self._run.history(residual_months)


def write(
    market: Market,
    policy: Policy,
    book: Book,
    *,
    months: int,
    budget: Budget | None = None,
    compiled: bool | Literal["soon"] = "soon",
    consent_gate: bool = True,
    residual_months: int = RESIDUAL_MONTHS,
) -> History:
    """
    Let a small market write its life into a book.

    Args:
        market: At its beginning; left as it is.
        policy: Of our firm; it decides on the book's view.
        book: Empty, with a `SimulatedClock`: see `new_book`.
        months: Horizon.
        budget: Of every month; none for no limit.
        compiled: Whether to compile the law.
        consent_gate: False shows what ignoring consent would cost.
        residual_months: Length of the continuation that values who is still ours.

    Returns:
        The same as `retainsim.market.run` of the market under the policy.

    Raises:
        InputError: When the book or the market cannot be told of each other; all reasons are named.
    """
    chronicle = Chronicle(market, policy, book, budget=budget, compiled=compiled, consent_gate=consent_gate)
    for _ in range(months):
        chronicle.month()
    return chronicle.history(residual_months)


class Told(Part):
    """
    The people of a market whose life is told to a book; what our firm knows of them is what the book shows.

    Args:
        market: They live in.
        book: Empty.
        compiled: Whether to compile the law.
        law: By which they live.
    """

    def __init__(
        self, market: Market, book: Book, *, compiled: bool | Literal["soon"] = "soon", law: Law = LAW
    ) -> None:
        super().__init__(market, compiled=compiled, law=law)
        self.scribe = Scribe(self, book)

    def view(self, month: Month) -> BookView:
        """What the book shows as the month begins."""
        return self.scribe.view(month)

    def views(self, month: Month) -> Iterator[BookView]:
        """The same: a book is small enough to be shown at once."""
        yield self.view(month)

    def live_out(self, month: Month, policy: Policy, executed: Executed) -> MonthOver:
        """A whole month; a policy that looks at nothing has not asked for the prices of competitors, and the book has them."""
        self.scribe.hear(month)
        return super().live_out(month, policy, executed)

    def lived_through(self, month: Month, executed: Executed) -> None:  # noqa: ARG002 # the part's
        """The scribe is told."""
        self.scribe.lived(executed)

    def settled(self, month: Month, threatening: Sequence[int], calls: Talks) -> None:
        """The scribe is told."""
        self.scribe.over(month, threatening, calls)


class Scribe:
    """
    Who writes down what happens in a world.

    Args:
        world: The people, at the beginning.
        book: Empty.
    """

    def __init__(self, world: Part, book: Book) -> None:
        market = world.market
        self._world, self._book = world, book
        self._clock, self._feed = clock_of(book, market), book.feed()
        self._currency, self._firms = market.preset.currency, tuple(firm.name for firm in market.preset.firms)
        self._calendar = Calendar(market.starts_at)
        self._share_made = (
            None if market.preset.contractual else float(world.law.usual_share_made(market.rules.plain()))
        )
        self._dossiers: dict[int, Dossier] = {}
        self._packages: set[int] = set()
        self._shown = -1
        self._before, self._mid = world.people, world.people
        self._done: dict[int, Deed] = {}
        self._open()

    def hear(self, month: Month) -> None:
        """Tell the book, once, what competitors ask this month."""
        if self._shown < month.number:
            self._shown = month.number
            self._tell(self._prices(month))

    def view(self, month: Month) -> BookView:
        """What the book shows as a month begins: what our firm knows, but for what only a book remembers."""
        self.hear(month)
        as_of = month_start(self._calendar.starts_at, month.number)
        return self._book.view(as_of).without(FOR_A_BOOK_ALONE)

    def lived(self, executed: Executed) -> None:
        """Keep everybody's row as it is when those who threaten wait for an answer."""
        done = executed.done
        self._done = {
            int(done.relationship[place]): Deed(
                kind=ActionKind(done.kind[place]),
                channel=Channel(done.channel[place]),
                amount=int(done.amount[place]),
                months=int(done.months[place]),
                why=done.reasons[done.reason[place]],
            )
            for place in range(len(done))
        }
        self._mid = self._world.people.copy()

    def over(self, month: Month, threatening: Sequence[int], calls: Talks) -> None:
        """Tell the book what the month did to everybody who is or was a customer of ours."""
        world = self._world
        setting = Setting(
            month=month,
            calendar=self._calendar,
            currency=self._currency,
            firms=self._firms,
            promise_days=world.market.rules.values["promise_days"],
            late=world.market.rules.values["late"],
            lock_in_error=world.market.rules.values["lock_in_error"],
            share_made=self._share_made,
        )
        after = world.people
        shown = np.flatnonzero(after["begun"] > 0)
        self._list_packages(month, after["package"][shown])
        talks: dict[int, Talk] = dict(zip(threatening, talk_rows(calls), strict=True)) if threatening else {}
        referrers = referrers_of(after, shown)
        was, mid, now = rows(self._before), rows(self._mid), rows(after)
        news: dict[int, list[Happening]] = {}
        for place, referrer in zip(shown.tolist(), referrers.tolist(), strict=True):
            person: Person = now[place]
            key = int(person.key)
            lived = Lived(
                it=setting,
                dossier=self._dossiers.setdefault(key, Dossier(key)),
                before=was[place],
                mid=mid[place],
                after=person,
                deed=self._done.get(key),
                talk=talks.get(place),
                referrer=referrer if person.referrer >= 0 else None,
            )
            news[key] = list(happenings(entries_of(lived), key, month.when, self._calendar))
        self._clock.move(month_start(world.market.starts_at, month.number + 1))
        self._tell_of(news)
        self._before = after.copy()

    def _open(self) -> None:
        people = self._world.people
        self._before = people.copy()
        shown = np.flatnonzero(people["begun"] > 0)
        self._list_packages(None, people["package"][shown])
        opening = Opening(
            self._calendar,
            self._currency,
            self._firms,
            self._world.market.rules.values["lock_in_error"],
            self._share_made,
        )
        news: dict[int, list[Happening]] = {}
        for place in shown.tolist():
            dossier, told = opening.of(rows(self._before)[place])
            news[dossier.key] = told
            self._dossiers[dossier.key] = dossier
        begun = min(
            (it.occurred_at for told in news.values() for it in told), default=self._calendar.starts_at
        )
        self._tell([happening(*it, begun) for it in programmes(self._currency)])
        self._tell_of(news)

    def _list_packages(self, month: Month | None, sizes: NDArray[np.uint8]) -> None:
        """Packages that somebody has now and nobody had before; a shop has none."""
        if self._share_made is not None:
            return
        new = sorted({*LISTED_PACKAGES, *np.unique(sizes).tolist()} - self._packages)
        self._packages |= set(new)
        at = self._calendar.starts_at if month is None else self._calendar.at(month.first_day, 0)
        list_fee = self._world.market.list_fee
        self._tell([happening(*it, at) for size in new for it in listing(size, list_fee, self._currency)])

    def _prices(self, month: Month) -> list[Happening]:
        """What the cheapest competitor asks of each from this month on, as we heard the evening before; of shops nobody hears it."""
        price = month.plan.competitor_price
        if price is None or self._share_made is not None:
            return []
        plan, people = month.plan, self._world.people
        cheapest = min(range(1, len(plan.price)), key=lambda firm: plan.on_offer[firm])
        starts_at = self._calendar.starts_at
        first = month_start(starts_at, month.number).date()
        at = self._calendar.at(month.first_day - 1, EVENING)
        news = []
        for person in people[people["begun"] > 0]:
            dossier = self._dossiers[int(person["key"])]
            heard = int(int(person["monthly_fee"]) * price), self._firms[cheapest]
            if dossier.heard != heard:
                dossier.heard = heard
                body = CompetitorOfferSeen(
                    competitor=THE_CHEAPEST,
                    fee=Money.from_minor(heard[0], self._currency),
                    starts_on=first,
                    ends_on=None,
                    source=f"price list of {heard[1]}",
                )
                news.append(happening(dossier.us, body, at))
        return news

    def _tell(self, news: Sequence[Happening]) -> None:
        """What systems record, or what concerns no single customer."""
        if news:
            self._feed.take(news, actor=SYSTEMS)

    def _tell_of(self, news: Mapping[int, Sequence[Happening]]) -> None:
        """What happened to customers, by their keys: each representative says it of his own, and systems of all."""
        by_owner: dict[str, list[Happening]] = {}
        by_systems: list[Happening] = []
        for key, told in news.items():
            his = by_owner.setdefault(owner_of(owner_number(key)), [])
            for it in told:
                (by_systems if _is_by_systems(it.body) else his).append(it)
        for owner, told in sorted(by_owner.items()):
            if told:
                self._feed.take(sorted(told, key=lambda it: it.occurred_at), actor=owner)
        self._tell(sorted(by_systems, key=lambda it: it.occurred_at))


def _is_by_systems(body: object) -> bool:
    by_mail = isinstance(body, InteractionRecorded) and not body.human
    return isinstance(body, _BY_SYSTEMS) or by_mail or is_favour(body)
