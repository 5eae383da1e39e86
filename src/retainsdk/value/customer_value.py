"""What a customer is worth: what he brought, what he may be expected to bring, and what modifies that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from functools import lru_cache

import attrs

from retainsdk.firm.offering import UNSUITABLE_BELOW
from retainsdk.quantities import Money, total
from retainsdk.value.modifier import Modifier
from retainsdk.value.score import Part, Score

RETENTION: tuple[tuple[int, Decimal], ...] = (
    (0, Decimal("0.960")),
    (6, Decimal("0.970")),
    (12, Decimal("0.980")),
    (24, Decimal("0.985")),
    (48, Decimal("0.990")),
)
"""
Probability that a customer free to leave stays one month more, by the months he has been with us.

The shape is what is known of subscriptions: the longer somebody has stayed, the likelier he is to go on staying, as
those who were going to leave have left (Fader & Hardie 2007, How to project customer retention, J. Interactive
Marketing 21(1)). The figures are a rough telecom market's, two fifths lost in the first year and an eighth a year
after four: measure your own and pass them.
"""

_RECKONING = Context(prec=34, rounding=ROUND_HALF_EVEN)  # the same on every machine, whatever a host has set


@attrs.frozen(kw_only=True)
class Custom:
    """
    What a customer's value is worked out from, in plain figures.

    Attributes:
        currency: Of all the money.
        bought: Every purchase; refunds are negative.
        fees: Every payment for something else than a purchase.
        monthly_fee: Under the terms in force; none without a contract.
        months_to_run: For how many months those terms run at most; none without an end in sight.
        months_bound: For how many of them he is bound.
        tenure_months: How long he has been with us.
        suitability: Of his package, 0 to 1; none when not known.
        bought_recently: Purchases of the last months, …
        recent_months: … so many, 12 at most; 0 for who has just come.
    """

    currency: str
    bought: Sequence[Money] = ()
    fees: Sequence[Money] = ()
    monthly_fee: Money | None = None
    months_to_run: int | None = None
    months_bound: int = 0
    tenure_months: int = 0
    suitability: float | None = None
    bought_recently: Money
    recent_months: int = 0


@attrs.frozen(kw_only=True, cache_hash=True)
class ValueModel:
    """
    A retention table that is rolled forward: what each month to come brings, times the probability that he is there.

    Attributes:
        name: And …
        version: … of the model, named by every part it makes.
        horizon_months: How far it looks.
        margin: Share of what he pays that we earn, 0 to 1.
        discount: Per month; 0.01 is one percent.
        retention: Months of tenure with the probability to stay one month more from there on; the first from 0.
        bound: The same while he is bound.
        unsuited: How many times as likely he leaves when his package suits him less than `UNSUITABLE_BELOW`.
        coverage: Of the interval, between 0 and 1.

    Raises:
        ValueError: When one of these lies outside its range; all that do are named.
    """

    name: str = "retention table"
    version: str = "1"
    horizon_months: int = 36
    margin: Decimal = Decimal(1)
    discount: Decimal = Decimal("0.01")
    retention: tuple[tuple[int, Decimal], ...] = RETENTION
    bound: Decimal = Decimal("0.995")
    unsuited: Decimal = Decimal("1.5")
    coverage: Decimal = Decimal("0.8")

    def __attrs_post_init__(self) -> None:
        wrong = []
        if self.horizon_months < 1:
            wrong.append(f"horizon_months ({self.horizon_months}) must be 1 or more")
        for name, share in (("margin", self.margin), ("bound", self.bound), ("coverage", self.coverage)):
            if not 0 <= share <= 1:
                wrong.append(f"{name} ({share}) must be 0 to 1")
        if self.discount < 0 or self.unsuited < 0:
            wrong.append("discount and unsuited must not be negative")
        months = [month for month, _ in self.retention]
        if not months or months[0] != 0 or months != sorted(set(months)):
            wrong.append("retention must begin at month 0 and go on to later ones")
        if not all(0 <= stays <= 1 for _, stays in self.retention):
            wrong.append("retention must hold probabilities, 0 to 1")
        if wrong:
            msg = f"model {self.name!r}: {'; '.join(wrong)}"
            raise ValueError(msg)

    @property
    def source(self) -> str:
        """How its parts name it."""
        return f"model {self.name} {self.version}"

    def stays(self, tenure_months: int, *, bound: bool, suits: bool) -> Decimal:
        """The probability that he stays through one month, if he is there when it begins with that tenure."""
        if bound:
            return self.bound
        stays = [probability for month, probability in self.retention if month <= tenure_months][-1]
        return stays if suits else max(1 - (1 - stays) * self.unsuited, Decimal(0))


DEFAULT_MODEL = ValueModel()


@attrs.frozen(kw_only=True)
class CustomerValue:
    """
    What a customer is worth on a day.

    Attributes:
        score: The figure with its parts: past, predicted, and what each modifier adds.
        past: What he brought.
        predicted: What he may be expected to bring, today's value.
        low: The value if he leaves as early, …
        high: … or as late, as the interval goes: with the probability of the model's coverage it lies between. The
            interval is over how long he stays; what he pays while he does is taken as known.
    """

    score: Score
    past: Money
    predicted: Money
    low: Money
    high: Money

    def __str__(self) -> str:
        return f"{self.score}\n  between {self.low} and {self.high}"


def customer_value(
    custom: Custom,
    *,
    on: date,
    model: ValueModel = DEFAULT_MODEL,
    modifiers: Iterable[Modifier] = (),
    others: Sequence[Part] = (),
) -> CustomerValue:
    """
    The value of a customer: past plus predicted, and what every modifier that counts on the day adds to their sum.

    Each modifier acts on the sum alone, not on the others, so their order does not matter.

    Args:
        custom: His figures.
        on: The day, for the modifiers.
        model: Of the future.
        modifiers: Reasons to value him otherwise.
        others: What others expect him to bring besides, in the smallest unit of money: a part of what is predicted.
    """
    with localcontext(_RECKONING):
        valid = [modifier for modifier in modifiers if modifier.is_valid(on)]
        return _valued(custom, model, valid, others)


def _valued(
    custom: Custom, model: ValueModel, valid: Sequence[Modifier], others: Sequence[Part]
) -> CustomerValue:
    behind = list(_behind(custom))
    ahead, (low, high) = _ahead(custom, model)
    ahead += others
    besides = _sum(others, custom.currency)
    past, predicted = (_sum(parts, custom.currency) for parts in (behind, ahead))
    base = past + predicted
    changed = [
        Part(
            name=modifier.name,
            amount=modifier.effect(base).amount,
            source=modifier.source,
            why=f"{modifier.amount} in all" if modifier.factor is None else f"{modifier.factor} times {base}",
        )
        for modifier in valid
    ]
    return CustomerValue(
        score=Score.of("customer value", custom.currency, [*behind, *ahead, *changed]),
        past=past,
        predicted=predicted,
        low=_modified(past + low + besides, valid),
        high=_modified(past + high + besides, valid),
    )


def _behind(custom: Custom) -> Iterable[Part]:
    for name, moneys in (("purchases", custom.bought), ("fees paid", custom.fees)):
        if moneys:
            amount = total(moneys, custom.currency).amount
            yield Part(name=name, amount=amount, source="records", why=f"{len(moneys)} of them")


@attrs.frozen
class _Outlook:
    # what one unit of money a month is worth, after so many months: the same for all customers who stand alike,
    # so that a whole book is valued by a few of them
    expected: tuple[Decimal, ...]
    sure: tuple[Decimal, ...]
    surely_here: int
    hardly_here: int


@lru_cache(maxsize=4096)
def _outlook(model: ValueModel, tenure_months: int, months_bound: int, suits: bool) -> _Outlook:  # noqa: FBT001 # a key
    there, worth = Decimal(1), Decimal(1)
    expected, sure = [Decimal(0)], [Decimal(0)]
    tail = (1 - model.coverage) / 2
    surely_here = hardly_here = 0
    for ahead in range(model.horizon_months):
        there *= model.stays(tenure_months + ahead, bound=ahead < months_bound, suits=suits)
        worth /= 1 + model.discount
        expected.append(expected[-1] + worth * there)
        sure.append(sure[-1] + worth)
        surely_here += there >= 1 - tail
        hardly_here += there >= tail
    return _Outlook(tuple(expected), tuple(sure), surely_here, hardly_here)


@attrs.frozen(kw_only=True, cache_hash=True)
class Forecast:
    """
    What a customer may be expected to bring, in today's money, not rounded.

    Attributes:
        fees: Of the terms in force.
        purchases: At the pace of the last months.
        low: Of both together, if he leaves as early, …
        high: … or as late, as the model's interval goes.
    """

    fees: Decimal
    purchases: Decimal
    low: Decimal
    high: Decimal


def forecast(custom: Custom, model: ValueModel = DEFAULT_MODEL) -> Forecast:
    """The bare figures of a `CustomerValue`, for who asks for many customers and for no reasons."""
    horizon = model.horizon_months
    return _forecast(
        model,
        custom.monthly_fee.amount if custom.monthly_fee is not None else _NOTHING,
        horizon if custom.months_to_run is None else min(custom.months_to_run, horizon),
        custom.bought_recently.amount if custom.recent_months else _NOTHING,
        custom.recent_months or 1,
        custom.tenure_months,
        min(custom.months_bound, horizon),
        custom.suitability is None or custom.suitability >= UNSUITABLE_BELOW,
    )


_NOTHING = Decimal(0)


@lru_cache(maxsize=4096)  # fees and terms are few, and most buy nothing besides
def _forecast(
    model: ValueModel,
    fee: Decimal,
    runs: int,
    bought: Decimal,
    bought_in: int,
    tenure_months: int,
    months_bound: int,
    suits: bool,  # noqa: FBT001 # a key
) -> Forecast:
    with localcontext(_RECKONING):
        monthly = max(bought / bought_in, _NOTHING) * model.margin
        fee = fee * model.margin
        horizon = model.horizon_months
        outlook = _outlook(model, tenure_months, months_bound, suits)
        early, late = outlook.surely_here, outlook.hardly_here
        return Forecast(
            fees=fee * outlook.expected[runs],
            purchases=monthly * outlook.expected[horizon],
            low=fee * outlook.sure[min(early, runs)] + monthly * outlook.sure[early],
            high=fee * outlook.sure[min(late, runs)] + monthly * outlook.sure[late],
        )


def _ahead(custom: Custom, model: ValueModel) -> tuple[list[Part], tuple[Money, Money]]:
    ahead = forecast(custom, model)
    months = f"{model.horizon_months} months ahead"
    parts = []
    if custom.monthly_fee is not None:
        why = f"{custom.monthly_fee} a month, {months}"
        parts.append(_part("fees to come", ahead.fees, custom, model, why))
    if ahead.purchases:
        why = f"{custom.bought_recently} in {custom.recent_months} months, {months}"
        parts.append(_part("purchases to come", ahead.purchases, custom, model, why))
    bounds = Money(ahead.low, custom.currency).rounded(), Money(ahead.high, custom.currency).rounded()
    return parts, bounds


def _part(name: str, amount: Decimal, custom: Custom, model: ValueModel, why: str) -> Part:
    money = Money(amount, custom.currency).rounded()
    return Part(name=name, amount=money.amount, source=model.source, why=why)


def _sum(parts: Iterable[Part], currency: str) -> Money:
    return total((Money(part.amount, currency) for part in parts), currency)


def _modified(base: Money, modifiers: Iterable[Modifier]) -> Money:
    return total((modifier.effect(base) for modifier in modifiers), base.currency) + base
