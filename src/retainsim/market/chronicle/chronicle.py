"""A market and its book, month by month: what happens in the one is told to the other, and the policy decides on the book."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from retainsdk.book import Book
from retainsdk.events import CompetitorOfferSeen, Happening
from retainsdk.policy import ActionKind, Budget, Executed, Policy
from retainsdk.quantities import Money
from retainsdk.view import BookView
from retainsdk.vocabulary import Channel
from retainsim.market.cards import referrers_of
from retainsim.market.chronicle.agreed import listing
from retainsim.market.chronicle.clock import clock_of
from retainsim.market.chronicle.days import EVENING, Calendar, happenings
from retainsim.market.chronicle.dossier import Dossier
from retainsim.market.chronicle.month import Deed, Lived, Setting
from retainsim.market.chronicle.opening import Opening, happening
from retainsim.market.engine import Market, MonthOver, Part
from retainsim.market.history import History
from retainsim.market.law import LAW, Law
from retainsim.market.month import Month, month_start
from retainsim.market.observed import FOR_A_BOOK_ALONE, LISTED_PACKAGES
from retainsim.market.person import Person, rows
from retainsim.market.running import RESIDUAL_MONTHS, Run, Together, Under
from retainsim.market.talk import Talk, Talks, talk_rows

ACTOR = "market"


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
    ) -> None:
        self.book = book
        clock_of(book, market)
        under = Under(policy=policy, budget=budget or Budget(), consent_gate=consent_gate, law=law)
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
            lock_in_error=world.market.rules.values["lock_in_error"],
        )
        after = world.people
        shown = np.flatnonzero(after["begun"] > 0)
        self._list_packages(month, after["package"][shown])
        talks: dict[int, Talk] = dict(zip(threatening, talk_rows(calls), strict=True)) if threatening else {}
        referrers = referrers_of(after, shown)
        was, mid, now = rows(self._before), rows(self._mid), rows(after)
        news: list[Happening] = []
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
            news += happenings(lived.entries(), key, month.when, self._calendar)
        self._clock.move(month_start(world.market.starts_at, month.number + 1))
        self._tell(sorted(news, key=lambda it: it.occurred_at))
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
        )
        news: list[Happening] = []
        for place in shown.tolist():
            dossier, told = opening.of(rows(self._before)[place])
            self._dossiers[dossier.key] = dossier
            news += told
        self._tell(news)

    def _list_packages(self, month: Month | None, sizes: NDArray[np.uint8]) -> None:
        """Packages that somebody has now and nobody had before."""
        new = sorted({*LISTED_PACKAGES, *np.unique(sizes).tolist()} - self._packages)
        self._packages |= set(new)
        at = self._calendar.starts_at if month is None else self._calendar.at(month.first_day, 0)
        list_fee = self._world.market.list_fee
        self._tell([happening(*it, at) for size in new for it in listing(size, list_fee, self._currency)])

    def _prices(self, month: Month) -> list[Happening]:
        """What the cheapest competitor asks of each this month, as we heard the evening before."""
        price = month.plan.competitor_price
        if price is None:
            return []
        plan, people = month.plan, self._world.people
        cheapest = min(range(1, len(plan.price)), key=lambda firm: plan.on_offer[firm])
        starts_at = self._calendar.starts_at
        first, following = (month_start(starts_at, month.number + more).date() for more in (0, 1))
        at = self._calendar.at(month.first_day - 1, EVENING)
        return [
            happening(
                self._dossiers[int(person["key"])].us,
                CompetitorOfferSeen(
                    competitor=self._firms[cheapest],
                    fee=Money.from_minor(int(int(person["monthly_fee"]) * price), self._currency),
                    starts_on=first,
                    ends_on=following,
                    source="its price list",
                ),
                at,
            )
            for person in people[people["begun"] > 0]
        ]

    def _tell(self, news: Sequence[Happening]) -> None:
        if news:
            self._feed.take(news, actor=ACTOR)
