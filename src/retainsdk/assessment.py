"""What a book says of one customer: his records, what was told him wrongly, what suits him, what he is worth and costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs

from retainsdk.account import Account
from retainsdk.codec import id_text
from retainsdk.customer.news import News, news_of
from retainsdk.errors import UnknownIdError
from retainsdk.events import (
    InteractionRecorded,
)
from retainsdk.firm.comparison import Comparison, Ours, compared
from retainsdk.firm.offering import UNSUITABLE_BELOW, Recommendation, Sale, missold, recommended, widening
from retainsdk.journal import utc_text
from retainsdk.ledger import Ledger
from retainsdk.opinion import Consulting, Opinion
from retainsdk.quantities import Money
from retainsdk.record import Page
from retainsdk.record.contradiction import Contradiction
from retainsdk.record.invoice import Receivables
from retainsdk.record.touchpoint import Touchpoint, touchpoints
from retainsdk.value import customer_value, health
from retainsdk.value.cost import Concession, Effort, by_stage, cost_to_serve, spent
from retainsdk.value.customer_value import CustomerValue, ValueModel
from retainsdk.value.features import (
    competing,
    concessions,
    contradicted,
    custom,
    dated_facts,
    efforts,
    facts_for_suitability,
    held,
    income,
    ours,
    sales,
    signs,
)
from retainsdk.value.health import Health, HealthModel
from retainsdk.value.modifier import Modifier, ModifierRule, by_rules
from retainsdk.value.score import Score
from retainsdk.vocabulary import Stage


@attrs.frozen(kw_only=True)
class _Look:
    """One account, what stands in the catalogue and at the competitors', and what plug-ins say, as of one instant."""

    ledger: Ledger
    account: Account
    market: Ledger
    at: datetime
    opinion: Opinion

    @property
    def used(self) -> float | None:
        last = self.account.timeline.usage_by(self.ledger.day(self.at))
        return None if last is None else last[1]

    @property
    def efforts(self) -> list[Effort]:
        return efforts(self.ledger, self.account, by=self.at)

    @property
    def judged_by(self) -> dict[str, Any]:
        return {
            "used": self.used,
            "facts": facts_for_suitability(self.ledger, self.account),
            "holds": held(self.account, self.ledger.day(self.at)),
            "opinions": self.opinion.suitability,
        }


@attrs.frozen(kw_only=True)
class StageMoney:
    """What one stage of a relationship cost us and brought."""

    cost: Money
    income: Money


class Assessments(Consulting):
    """
    What a book says of one customer.

    All take ``as_of``, the instant whose state is assessed; now, when not said. Plug-ins have their say in the
    suitability of packages, the value and the health of a customer, and add scores of their own: see
    `retainsdk.hooks.Hooks`. One that fails or answers wrongly is named by an `InputError`.
    """

    def timeline(
        self, relationship: int, *, before: int | None = None, limit: int = 50, as_of: datetime | None = None
    ) -> Page:
        """His records, the latest first, page by page: see `Timeline.page`. Corrected ones are shown as such."""
        return self._look(relationship, as_of).account.timeline.page(before=before, limit=limit)

    def customer_news(
        self, relationship: int, *, purpose: str | None = None, as_of: datetime | None = None
    ) -> list[News]:
        """
        What became known of him as a customer, in the order of time: facts, consents, addresses.

        Args:
            relationship: Whose.
            purpose: What it is read for; sensitive facts are told only for a purpose that they allow.
            as_of: See the class.
        """
        look = self._look(relationship, as_of)
        return news_of(look.ledger.customer_of(look.account), purpose)

    def contradictions(self, relationship: int, as_of: datetime | None = None) -> list[Contradiction]:
        """Where a price, a date or a scope was stated to him in two ways, or not as the book holds it, though nothing had changed it."""
        look = self._look(relationship, as_of)
        return contradicted(look.ledger, look.account, look.market.catalogue)

    def receivables(self, relationship: int, as_of: datetime | None = None) -> Receivables:
        """His invoices, what was paid on each, and what is late."""
        look = self._look(relationship, as_of)
        return look.account.timeline.receivables(look.ledger.currency, look.ledger.day)

    def touchpoints(self, relationship: int, as_of: datetime | None = None) -> list[Touchpoint]:
        """The steps of his way, the hardest first."""
        timeline = self._look(relationship, as_of).account.timeline
        return touchpoints(body for _, body in timeline.of(InteractionRecorded))

    def recommended(
        self,
        relationship: int,
        *,
        margins: Mapping[str, Money] | None = None,
        least: float = UNSUITABLE_BELOW,
        as_of: datetime | None = None,
    ) -> list[Recommendation]:
        """What suits him and he has not, the most suitable first: see `retainsdk.firm.offering.recommended`."""
        look = self._look(relationship, as_of)
        return recommended(look.market.catalogue.values(), margins=margins, least=least, **look.judged_by)

    def widening(
        self,
        relationship: int,
        *,
        margins: Mapping[str, Money] | None = None,
        least: float = UNSUITABLE_BELOW,
        as_of: datetime | None = None,
    ) -> list[Recommendation]:
        """Of what suits him, what goes well with something he has: one product more."""
        look = self._look(relationship, as_of)
        return widening(look.market.catalogue, margins=margins, least=least, **look.judged_by)

    def missold(
        self, relationship: int, *, below: float = UNSUITABLE_BELOW, as_of: datetime | None = None
    ) -> list[Sale]:
        """What he was sold though it did not suit him, as could be known then; with the rule that said so."""
        return missold(sales(self._look(relationship, as_of).account), below=below)

    def compared(
        self, relationship: int, *, offering: str | None = None, as_of: datetime | None = None
    ) -> list[Comparison]:
        """
        What he has with us, or one of our packages, beside every competing offer that is open, point by point.

        Args:
            relationship: Whose use and lock-in are looked at.
            offering: Code of the package he could have; the one he has unless given.
            as_of: See the class.

        Raises:
            UnknownIdError: When there is no such package, or none is given and he has no contract.
        """
        look = self._look(relationship, as_of)
        today = look.ledger.day(look.at)
        seen = competing(look.market, look.account)
        return compared(_ours(look, offering), seen, used=look.used, on=today)

    def customer_value(
        self,
        relationship: int,
        *,
        model: ValueModel = customer_value.DEFAULT_MODEL,
        modifiers: Sequence[Modifier] = (),
        rules: Iterable[ModifierRule] = (),
        as_of: datetime | None = None,
    ) -> CustomerValue:
        """What he brought, what he may be expected to bring and what modifies that, with every part's source."""
        look = self._look(relationship, as_of)
        today = look.ledger.day(look.at)
        says = look.opinion
        figures = custom(
            look.ledger, look.account, look.market.catalogue, on=today, opinions=says.suitability
        )
        ruled = by_rules(rules, dated_facts(look.ledger, look.account))
        valid = [*modifiers, *ruled, *says.modifiers]
        return customer_value.customer_value(
            figures, on=today, model=model, modifiers=valid, others=says.value
        )

    def health(
        self,
        relationship: int,
        *,
        model: HealthModel = health.DEFAULT_MODEL,
        as_of: datetime | None = None,
    ) -> Health:
        """How well the relationship stands, from 0 to 100, with every reason; and whether it is at risk."""
        look = self._look(relationship, as_of)
        figures = signs(look.ledger, look.account, look.market.catalogue, as_of=look.at)
        return health.health(figures, model=model, others=look.opinion.health)

    def score(self, relationship: int, kind: str, *, as_of: datetime | None = None) -> Score | None:
        """
        A score of him that plug-ins work out; none when they say nothing of him.

        Args:
            relationship: Whom.
            kind: What it measures, in the plug-in's words.
            as_of: See the class.

        Raises:
            CommandError: For a kind of the book's own, or one that no plug-in says anything of.
            InputError: When a plug-in fails or answers wrongly.
        """
        look = self._look(relationship, as_of)
        return self._opinions_of_one(look.ledger, look.at).own_scores(kind).get(relationship)

    def scores(self, kind: str, *, as_of: datetime | None = None) -> dict[int, Score]:
        """The same of everybody at once, by the ids of those of whom a plug-in says something: see `score`."""
        at = self._instant(as_of)
        return dict(self._opinions(self._whole(at), at).own_scores(kind))

    def concessions(self, relationship: int, as_of: datetime | None = None) -> list[Concession]:
        """Everything given to keep him, with what it cost and where it stands."""
        return concessions(self._look(relationship, as_of).account)

    def cost_to_serve(self, relationship: int, *, hour: Money, as_of: datetime | None = None) -> Score:
        """What he has cost us; *hour* is what an hour of our time costs."""
        look = self._look(relationship, as_of)
        return cost_to_serve(look.efforts, concessions(look.account), hour=hour)

    def money_by_stage(
        self, relationship: int, *, hour: Money, as_of: datetime | None = None
    ) -> dict[Stage, StageMoney]:
        """What each stage of the relationship cost us and brought, in the order it came to them."""
        look = self._look(relationship, as_of)
        stages = look.account.stages
        contacts = look.efforts
        outlay = spent(contacts, concessions(look.account), hour=hour)
        currency = look.ledger.currency
        costs = by_stage(stages, outlay, currency=currency)
        brought = by_stage(stages, income(look.account), currency=currency)
        return {stage: StageMoney(cost=costs[stage], income=brought[stage]) for stage in costs}

    def _look(self, relationship: int, as_of: datetime | None) -> _Look:
        at = self._instant(as_of)
        ledger, _ = self._read_account(relationship, utc_text(at))
        market, _ = self._read(["offering", "competitor", "programme"], utc_text(at))
        ledger.programmes.update(market.programmes)
        opinion = self._opinions_of_one(ledger, at).of(relationship)
        return _Look(
            ledger=ledger, account=ledger.account(relationship), market=market, at=at, opinion=opinion
        )


def _ours(look: _Look, code: str | None) -> Ours:
    if code is not None:
        package = look.market.catalogue.get(code)
        if package is None:
            raise UnknownIdError("offering", code)
        return Ours(fee=package.fee, lock_in_months=0, included=package.included, products=package.products)
    his = ours(look.account, look.market.catalogue, on=look.ledger.day(look.at))
    if his is None:
        raise UnknownIdError("running contract of relationship", id_text(look.account.relationship.id))
    return his
