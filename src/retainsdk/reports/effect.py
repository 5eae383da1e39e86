"""
What an experiment has shown: who left, and what he brought and cost, beside those who were left alone (CONCEPTS B6).

What keeping a customer costs is known in no other way, and only for a horizon that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import attrs

from retainsdk.errors import CommandError
from retainsdk.experiment.effect import Effect, Measure
from retainsdk.experiment.independent import independent_ratio, mean_effect, share_effect
from retainsdk.experiment.ratio import Ratio
from retainsdk.firm.holdout import Experiment
from retainsdk.quantities import Money, minor_digits, total
from retainsdk.reports.cohort import ARM, LABELS, Cohort, Outcome, cohort
from retainsdk.reports.cuts import Cut, Figure, Item, Items, attributes, cut
from retainsdk.reports.drawn import drawn_up, how_many
from retainsdk.reports.report import About, Cell, Column, Picture, Report, Unit
from retainsdk.reports.retrospect import Retrospect
from retainsdk.wording import counted, in_words

EFFECT = About(
    name="effect",
    title="Effect of an experiment",
    question="Did it keep customers, and what did keeping one cost?",
)

LEVEL = 0.95
"""How often all intervals of a table hold together."""

LONGEST = 36_525
"""Days; nobody is followed for more than a hundred years."""

_LEFT, _INCOME, _COST = "left", "income", "cost"
_DEFINITIONS = (
    (
        "intention to treat",
        (
            "Everybody counts in the arm that chance put him in, whether he was exposed or not: who is reached differs from "
            "who is not, and was chosen by no lot."
        ),
    ),
    ("horizon", "For how long customers are followed; an effect over a month says nothing of a year."),
    (
        "low, high",
        "Ends of the interval of the difference: Newcombe's for shares (1998), Welch's for means (1947).",
    ),
)

_COST_MEANS = (
    "Contacts and what was given to them, as recorded. Income less cost is no profit: a lower price is a cost that lowers "
    "income already."
)
_COST_OF_ONE_KEPT = (
    "What the arm cost more for each customer, divided by the share it kept more; given only where the interval of leaving "
    "says that it did keep more."
)


def effect(
    known: Retrospect,
    *,
    experiment: str | None = None,
    by: str | Iterable[str] | None = None,
    measure: str | Iterable[str] = _LEFT,
    days: int | None = None,
    hour: Money | None = None,
    purpose: str | None = None,
) -> Report:
    """
    What an experiment has shown within a horizon, by intention to treat.

    Args:
        known: The book as of an instant, and before.
        experiment: Which; the one that began last unless given.
        by: Attributes, as they were known when it began; the arms alone unless given.
        measure: What the arms are compared in: ``left``, ``income`` or ``cost``.
        days: The horizon; as long as the experiment unless given.
        hour: What an hour of our time costs.
        purpose: For which sensitive facts may be looked at.

    Raises:
        CommandError: When there is no such experiment, attribute or measure, or no such horizon.
    """
    asked = attributes(measure)
    if len(asked) != 1 or asked[0] not in {_LEFT, _INCOME, _COST}:
        raise CommandError(
            f"measure {', '.join(map(repr, asked)) or 'none'}",
            "is not one that arms are compared in",
            f"Ask for one of: {_LEFT}, {_INCOME}, {_COST}.",
        )
    if days is not None and not 1 <= days <= LONGEST:
        raise CommandError(
            f"days {days}", "is no horizon", f"Follow customers for 1 day at least, {LONGEST} at most."
        )
    attribute = tuple(it for it in attributes(by) if it != ARM)
    declared = _asked_for(known, experiment)
    group = None
    if declared is not None:
        group = cohort(known, declared, days or (declared.ends_on - declared.starts_on).days, hour=hour)
    made = cut(
        known if group is None else known.at(min(group.begins, known.now)),
        () if group is None else group.members,
        by=(*attribute, ARM),
        figures=_figures(known.ledger.currency, is_over=group is not None and group.is_over),
        purpose=purpose,
        labels=LABELS,
    )
    findings = None if group is None else _Findings.of(group, known.ledger.currency)
    made = _with_effects(made, findings, asked[0], known.ledger.currency)
    return drawn_up(
        known,
        made,
        about=EFFECT,
        notes=["No experiment is declared in this book."] if findings is None else findings.notes(made, hour),
        definitions=_DEFINITIONS,
        picture=Picture(
            label=made.columns[0].name,
            value=_HEADINGS[asked[0]],
            colour=ARM if attribute else "",
            in_order=True,
        ),
    )


def _asked_for(known: Retrospect, name: str | None) -> Experiment | None:
    there = known.ledger.experiments
    if name is None:
        return max(there.values(), key=lambda it: (it.starts_on, it.declared_at, it.name), default=None)
    if name not in there:
        remedy = f"Ask for one of: {', '.join(sorted(there))}." if there else "Declare it first."
        raise CommandError(f"experiment {name!r}", "is not declared", remedy)
    return there[name]


# Counts and sums, which add up to those of all.


def _figures(currency: str, *, is_over: bool) -> list[Figure]:
    def followed(them: Items) -> Items:
        return them if is_over else ()

    def summed(name: str, meaning: str, of: Callable[[Outcome], Money]) -> Figure:
        return Figure(
            name=name,
            unit=Unit.MONEY,
            meaning=meaning,
            of=lambda them: total(map(of, outcomes(followed(them))), currency),
        )

    return [
        how_many("assigned", "Customers whom chance put there, exposed or not.", lambda _: True),
        how_many(
            "exposed",
            "Of them those who met, within the horizon, what it is about.",
            lambda it: _outcome(it).exposed,
        ),
        how_many(
            "wrongly exposed",
            "Of these those who were to be left alone: they hide a part of the effect.",
            lambda it: _outcome(it).contaminated,
        ),
        Figure(
            name="followed",
            unit=Unit.COUNT,
            meaning="Of those assigned, who was followed for the whole horizon; what comes after is theirs.",
            of=lambda them: len(followed(them)),
        ),
        Figure(
            name="left",
            unit=Unit.COUNT,
            meaning="Who left us within the horizon, for whatever reason.",
            of=lambda them: sum(it.left for it in outcomes(followed(them))),
        ),
        summed("income", "What they brought within the horizon.", lambda it: it.income),
        summed("cost", _COST_MEANS, lambda it: it.cost),
    ]


def outcomes(members: Items) -> Iterator[Outcome]:
    """What became of the members of a cohort."""
    return map(_outcome, members)


def _outcome(member: Item) -> Outcome:
    assert isinstance(member.thing, Outcome)  # noqa: S101 # as a cohort makes them
    return member.thing


# Comparisons, which do not add up.

_HEADINGS = {_LEFT: "share left", _INCOME: "income each", _COST: "cost each"}
_OF: dict[str, Callable[[Outcome], float]] = {
    _LEFT: lambda it: float(it.left),
    _INCOME: lambda it: float(it.income.amount),
    _COST: lambda it: float(it.cost.amount),
}


def _with_effects(made: Cut, findings: _Findings | None, asked: str, currency: str) -> Cut:
    """The same with what each arm shows, beside the control of its class."""
    unit = Unit.SHARE if asked == _LEFT else Unit.MONEY
    columns = (
        Column(name=_HEADINGS[asked], unit=unit, meaning="Over those followed."),
        Column(name="difference", unit=unit, meaning="The same less that of the control in the same class."),
        Column(name="low", unit=unit, meaning="Lower end of the interval of the difference."),
        Column(name="high", unit=unit, meaning="Upper end of the same."),
        Column(name="verdict", unit=Unit.TEXT, meaning="What may be said of the difference."),
        Column(name="cost of one kept", unit=Unit.MONEY, meaning=_COST_OF_ONE_KEPT),
    )
    rows, classes = [], []
    if findings is not None:
        width = next(place for place, column in enumerate(made.columns) if column.name == ARM)
        by_class: dict[tuple[Cell, ...], dict[str, tuple[tuple[Cell, ...], Items]]] = {}
        for row, members in zip(made.rows, made.classes, strict=True):
            by_class.setdefault(row[:width], {})[str(row[width])] = row, members
        control = findings.control
        level = _together(sum(len(arms.keys() - {control}) for arms in by_class.values()))
        for arms in by_class.values():
            alone = arms[control][1] if control in arms else ()
            for arm in (it for it in findings.arms if it in arms):
                row, members = arms[arm]
                rows.append((*row, *findings.cells(asked, arm, members, alone, level, unit, currency)))
                classes.append(members)
    return Cut(
        columns=(*made.columns, *columns),
        rows=tuple(rows),
        total=(*made.total, *(None for _ in columns)),
        classes=tuple(classes),
    )


def _together(intervals: int) -> float:
    """The level of each of some intervals, so that all of them hold together at `LEVEL` (Bonferroni)."""
    return 1 - (1 - LEVEL) / max(intervals, 1)


@attrs.frozen(kw_only=True)
class _Findings:
    """Compares arms of an experiment that has a cohort."""

    group: Cohort
    measures: dict[str, Measure]

    @classmethod
    def of(cls, group: Cohort, currency: str) -> _Findings:
        def measure(name: str, definition: str, unit: str, *, more_is_better: bool = False) -> Measure:
            return Measure(
                name=name,
                definition=definition,
                unit=unit,
                horizon=counted(group.days, "day"),
                higher_is_better=more_is_better,
            )

        return cls(
            group=group,
            measures={
                _LEFT: measure("left", "share of the customers who left", "percentage points"),
                _INCOME: measure(
                    "income", "what they brought ÷ customers", f"{currency} each", more_is_better=True
                ),
                _COST: measure("cost", "what they cost ÷ customers", f"{currency} each"),
                "kept": measure("cost of one kept", "cost more ÷ kept more", currency),
            },
        )

    @property
    def arms(self) -> tuple[str, ...]:
        return self.group.experiment.arms

    @property
    def control(self) -> str:
        return self.group.experiment.control

    def effect(self, what: str, arm: str, members: Items, alone: Items, level: float) -> Effect:
        names, measure = (arm, self.control), self.measures[what]
        mine, others = ([_OF[what](it) for it in outcomes(those)] for those in (members, alone))
        if what == _LEFT:
            counts = (round(sum(mine)), len(mine)), (round(sum(others)), len(others))
            return share_effect(measure, *counts, names=names, level=level)
        return mean_effect(measure, mine, others, names=names, level=level)

    def cost_of_one(self, members: Items, alone: Items, level: float) -> Ratio:
        pairs = (
            [(_OF[_COST](it), 1 - _OF[_LEFT](it)) for it in outcomes(those)] for those in (members, alone)
        )
        return independent_ratio(self.measures["kept"], *pairs, level=level)

    def cells(
        self, what: str, arm: str, members: Items, alone: Items, level: float, unit: Unit, currency: str
    ) -> tuple[Cell, ...]:
        def cell(figure: float | None, scale: float = 1.0) -> Cell:
            if figure is None or unit is Unit.SHARE:
                return None if figure is None else figure * scale
            return in_money(figure, currency)

        if not self.group.is_over:
            members, alone = (), ()
        shown = [_OF[what](it) for it in outcomes(members)]
        each = cell(sum(shown) / len(shown) if shown else None)
        if arm == self.control:
            return each, None, None, None, None, None
        found = self.effect(what, arm, members, alone, level)
        cost = self.cost_of_one(members, alone, level)
        points = [cell(it, 0.01) for it in (found.estimate, found.low, found.high)]
        is_known = cost.low is not None and cost.estimate is not None
        return (
            each,
            *points,
            found.verdict.value,
            in_money(cost.estimate or 0.0, currency) if is_known else None,
        )

    def notes(self, made: Cut, hour: Money | None) -> Iterator[str]:
        group, it = self.group, self.group.experiment
        purpose = in_words(it.purpose)
        yield f"{it.name}: contacts for {purpose}, {it.starts_on} to {it.ends_on}; {it.question or 'no question stated'}"
        yield f"Horizon: {counted(group.days, 'day')}, from {group.begins:%Y-%m-%d %H:%M %Z} to {group.until:%Y-%m-%d %H:%M %Z}."
        if not group.is_over:
            waiting = counted(len(group.members), "customer")
            yield f"NOT YET: the horizon has not passed for {waiting}, and nobody is counted before."
        else:
            yield from self._found()
        if group.others:
            yield f"{counted(group.others, 'customer')} came or were entered after it began, and are in no arm."
        intervals = sum(row[-2] is not None for row in made.rows)
        if intervals > 1:
            yield f"The {intervals} intervals of the table are so wide that all of them hold together 95 times in 100 (Bonferroni)."
        if hour is None:
            yield "The time of contacts costs nothing here: say what an hour costs (hour)."

    def _found(self) -> Iterator[str]:
        members: dict[str, list[Item]] = {arm: [] for arm in self.arms}
        for member in self.group.members:
            members[member.labels[ARM]].append(member)
        level = _together(len(self.arms) - 1)
        alone = members[self.control]
        for arm in self.arms[1:]:
            for what in (_LEFT, _INCOME, _COST):
                yield str(self.effect(what, arm, members[arm], alone, level))
            horizon = self.measures["kept"].horizon
            yield f"Cost of keeping one more by {arm}, within {horizon}: {self.cost_of_one(members[arm], alone, level)}."


def in_money(figure: float, currency: str) -> Money:
    """A figure that was worked out, in the smallest unit that can be paid."""
    return Money(f"{figure:.{minor_digits(currency)}f}", currency)
