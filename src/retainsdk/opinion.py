"""
What plug-ins say of customers, asked once for many and checked: parts of scores, modifiers of value, suitability.

Whoever works out one of these figures asks here, so that the book, its reports and its view show the same one. A single
customer is a batch of one.

Where a sensitive fact that a plug-in may see decides what it says, the figure stands, and the words do not: reports and
records are read by everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Generic, TypeVar

import attrs

from retainsdk.account import Account
from retainsdk.codec import id_text
from retainsdk.disclosure import shown_ledger
from retainsdk.duties import Circumstances
from retainsdk.errors import CommandError, Fault, InputError, MoneyError
from retainsdk.firm.offering import Judgement, Offering
from retainsdk.hooks import Plugin, Plugins, Purposes, blamed
from retainsdk.journal import Journal, utc_text
from retainsdk.ledger import FIRM_STREAMS, Ledger
from retainsdk.quantities import Money
from retainsdk.value.features import custom, signs
from retainsdk.value.modifier import Modifier
from retainsdk.value.score import Part, Score
from retainsdk.worktime import WorkCalendar

HEALTH, VALUE = "health", "customer value"
POINTS = "points"
OWN_KINDS = (HEALTH, VALUE, "cost to serve")
"""The scores of a book itself. Plug-ins add parts to the first two; what a customer cost is what was recorded."""

MODELS = ("score", "value_modifiers", "suitability")
"""The hooks that are asked here."""

_DECIDES = "a sensitive fact decides"
_FIRM = ("catalogue", "competitor_offers", "programmes", "experiments")

_Value = TypeVar("_Value")


class Opinions:
    """
    What the plug-ins of a book say of some relationships at one instant.

    Each hook is called once for all of them (`suitability` once a package), when its answer is first needed.

    Args:
        plugins: Of the book.
        accounts: The relationships.
        known: The instant, and a ledger that holds the accounts and the firm at least.
    """

    def __init__(self, plugins: Plugins, accounts: Sequence[Account], known: Circumstances) -> None:
        self._plugins, self._accounts, self._known = plugins, accounts, known
        self._ids = frozenset(account.relationship.id for account in accounts)
        self._anybody = any(map(plugins.answers, MODELS))
        self._scores: dict[str, Mapping[int, Score] | None] = {}
        self._modifiers: Mapping[int, tuple[Modifier, ...]] | None = None
        self._suitability: Mapping[int, Mapping[str, Judgement]] | None = None

    def of(self, id_: int) -> Opinion:
        """What they say of one of the relationships."""
        return Opinion(id_, self) if self._anybody else SILENT

    def own_scores(self, kind: str) -> Mapping[int, Score]:
        """
        The same for a score of the plug-ins' own.

        Raises:
            CommandError: When it is the book's, or no plug-in knows it; see `scores` for the rest.
        """
        if kind in OWN_KINDS:
            remedy = "Ask for it by its own name: it is no plug-in's."
            raise CommandError(f"score {kind!r}", "is worked out by the book itself", remedy)
        scores = self.scores(kind)
        if scores is None:
            remedy = "Check the word, and that the book was opened with the plug-in."
            raise CommandError(f"score {kind!r}", "is known to no plug-in of this book", remedy)
        return scores

    def scores(self, kind: str) -> Mapping[int, Score] | None:
        """
        What all plug-ins together make of a score, by the ids of those of whom one of them says something.

        None when no plug-in knows the kind.

        Raises:
            InputError: When a plug-in fails or answers wrongly; it is named with every fault.
            CommandError: When two of them measure in different units.
        """
        if kind not in self._scores:
            self._scores[kind] = self._put_together(kind)
        return self._scores[kind]

    def modifiers(self) -> Mapping[int, tuple[Modifier, ...]]:
        """Modifiers of value, by id; see `scores` for errors."""
        if self._modifiers is None:
            found: dict[int, tuple[Modifier, ...]] = {}
            for _, said in self._asked(_MODIFIERS, lambda _: {}):
                for id_, modifiers in said.items():
                    found[id_] = found.get(id_, ()) + tuple(modifiers)
            self._modifiers = found
        return self._modifiers

    def suitability(self) -> Mapping[int, Mapping[str, Judgement]]:
        """How well each package of the catalogue suits, by id and code; see `scores` for errors."""
        if self._suitability is None:
            found: dict[int, dict[str, Judgement]] = {}
            if self._plugins.answers(_SUITABILITY.hook):
                for code, offering in self._known.ledger.catalogue.items():
                    for id_, judgement in self._judged(offering).items():
                        found.setdefault(id_, {})[code] = judgement
            self._suitability = found
        return self._suitability

    def _judged(self, offering: Offering) -> dict[int, Judgement]:
        found: dict[int, Judgement] = {}
        for _, said in self._asked(_SUITABILITY, lambda _: {"offering": offering}):
            found = {**said, **found}  # the first who speaks counts
        return found

    def _put_together(self, kind: str) -> Mapping[int, Score] | None:
        def shown(ledger: Ledger) -> Mapping[str, object]:
            return {"kind": kind, "features": self._features(kind, ledger)}

        found: dict[int, Score] | None = None
        for name, said in self._asked(_score_of(kind), shown):
            found = {} if found is None else found
            for id_, score in said.items():
                before = found.get(id_)
                if before is not None and before.unit != score.unit:
                    raise CommandError(
                        f"plug-in {name}",
                        f"measures {kind!r} in {score.unit}, and another one in {before.unit}",
                        "Give the two different kinds.",
                    )
                parts = [*(() if before is None else before.parts), *score.parts]
                found[id_] = Score.of(kind, score.unit, parts)
        return found

    def _features(self, kind: str, ledger: Ledger) -> Mapping[int, object]:
        now, today = self._known.now, self._known.today
        if kind == HEALTH:
            return {
                account.relationship.id: signs(ledger, account, ledger.catalogue, as_of=now)
                for account in self._accounts
            }
        if kind == VALUE:
            return {
                account.relationship.id: custom(ledger, account, ledger.catalogue, on=today)
                for account in self._accounts
            }
        return {}

    def _asked(
        self, question: _Question[_Value], shown: Callable[[Ledger], Mapping[str, object]]
    ) -> Iterator[tuple[str, dict[int, _Value]]]:
        for plugin in self._plugins.taking_part(question.hook):
            said = self._answer(plugin, plugin.purposes, question, shown)
            if said is None:
                continue
            # what it says only because of a sensitive fact is told without its words
            openly = self._answer(plugin, frozenset(), question, shown) if plugin.purposes else said
            yield (
                plugin.name,
                {
                    id_: question.told(value, plugin.name, hidden=(openly or {}).get(id_) != value)
                    for id_, value in said.items()
                },
            )

    def _answer(
        self,
        plugin: Plugin,
        purposes: Purposes,
        question: _Question[_Value],
        shown: Callable[[Ledger], Mapping[str, object]],
    ) -> dict[int, _Value] | None:
        ledger = shown_ledger(self._known.ledger, purposes)
        known = attrs.evolve(self._known, ledger=ledger)
        arguments = {"accounts": self._accounts, "known": known, **shown(ledger)}
        with blamed(plugin.name, question.hook, "Expect any number of relationships, in any stage."):
            answer = next(iter(plugin.caller(**arguments)), None)
            if answer is None:
                return None
            faults = answer_faults(question.hook, answer, self._ids, self._wrong(question), question.remedy)
            said = {} if faults else dict(answer)
        if faults:
            raise InputError(f"plug-in {plugin.name}", faults)
        return said

    def _wrong(self, question: _Question[Any]) -> Callable[[object], str]:
        return lambda value: question.wrong(value, self._known.ledger.currency)


class Opinion:
    """What plug-ins say of one relationship; each property may raise what `Opinions` does."""

    __slots__ = ("_all", "_id")

    def __init__(self, id_: int, everybody: Opinions | None) -> None:
        self._id, self._all = id_, everybody

    @property
    def health(self) -> Sequence[Part]:
        """Parts of his health."""
        return () if self._all is None else self._parts(HEALTH)

    @property
    def value(self) -> Sequence[Part]:
        """Parts of what he may be expected to bring."""
        return () if self._all is None else self._parts(VALUE)

    @property
    def modifiers(self) -> Sequence[Modifier]:
        """Modifiers of his value."""
        return () if self._all is None else self._all.modifiers().get(self._id, ())

    @property
    def suitability(self) -> Mapping[str, Judgement]:
        """How well packages suit him, by their codes."""
        return _NOTHING if self._all is None else self._all.suitability().get(self._id, _NOTHING)

    def _parts(self, kind: str) -> Sequence[Part]:
        scores = None if self._all is None else self._all.scores(kind)
        return () if scores is None or self._id not in scores else scores[self._id].parts


_NOTHING: Mapping[str, Judgement] = MappingProxyType({})
SILENT = Opinion(0, None)
"""Of a book without plug-ins that have one."""


class Consulting(Journal):
    """
    A book that asks its plug-ins what they say of customers.

    Attributes:
        _calendar: In which the book counts working time.
    """

    _calendar: WorkCalendar

    def _opinions(self, ledger: Ledger, at: datetime) -> Opinions:
        """What they say at an instant of all relationships in a ledger, which holds the firm too."""
        accounts = [ledger.accounts[id_] for id_ in sorted(ledger.accounts)]
        known = Circumstances(ledger=ledger, now=at, calendar=self._calendar)
        return Opinions(self._plugins, accounts, known)

    def _opinions_of_one(self, ledger: Ledger, at: datetime) -> Opinions:
        """The same for the only one in a ledger that may be without the firm."""
        if any(map(self._plugins.answers, MODELS)):
            ledger = in_firm(ledger, self._read(FIRM_STREAMS, utc_text(at))[0])
        return self._opinions(ledger, at)


def in_firm(ledger: Ledger, firm: Ledger) -> Ledger:
    """The same ledger, with what concerns no single customer as another one has it."""
    both = Ledger()
    vars(both).update(vars(ledger), **{name: vars(firm)[name] for name in _FIRM})
    return both


def answer_faults(
    hook: str, answer: object, ids: Collection[int], wrong: Callable[[Any], str], remedy: str
) -> list[Fault]:
    """
    What is wrong with an answer by the ids of relationships.

    Args:
        hook: That was called.
        answer: What came back.
        ids: Of whom was asked.
        wrong: What is wrong with one value; empty when nothing is.
        remedy: How to give right ones.
    """
    if not isinstance(answer, Mapping):
        return [
            Fault(
                hook, repr(answer), "must be a mapping by ids, or nothing", "Return an empty one for nobody."
            )
        ]
    faults = []
    for id_, value in answer.items():
        if id_ not in ids:
            faults.append(
                Fault(hook, repr(id_), "must be one asked about", "Key by account.relationship.id.")
            )
        elif why := wrong(value):
            faults.append(Fault(f"{hook} of {id_text(id_)}", repr(value), why, remedy))
    return faults


@attrs.frozen(kw_only=True)
class _Question(Generic[_Value]):
    """A hook: what is wrong with a value in a book of some currency, and how a right one is told."""

    hook: str
    wrong: Callable[[Any, str], str]
    told: Callable[..., _Value]
    remedy: str


def _score_of(kind: str) -> _Question[Score]:
    def wrong(score: object, currency: str) -> str:  # noqa: PLR0911 # one return a rule
        if not isinstance(score, Score):
            return "must be a Score"
        if score.kind != kind:
            return f"must be of the kind {kind!r} that was asked for"
        unit = {HEALTH: POINTS, VALUE: currency}.get(kind, score.unit)
        if score.unit != unit or not unit.strip():
            return f"must be in {unit}" if unit.strip() else "must say its unit"
        if not all(map(_is_part, score.parts)):
            return "must have named parts of finite Decimal amounts"
        if kind == HEALTH and any(part.amount > 0 for part in score.parts):
            return "must take points away: parts of 0 or less"
        if kind == VALUE and not all(_can_be_paid(part.amount, unit) for part in score.parts):
            return "must be in whole smallest units"
        return ""

    def told(score: Score, plugin: str, *, hidden: bool) -> Score:
        parts = [
            attrs.evolve(part, name=plugin, source=f"plug-in {plugin}", why=_DECIDES)
            if hidden
            else attrs.evolve(part, source=f"plug-in {plugin}: {part.source}")
            for part in score.parts
        ]
        return Score.of(score.kind, score.unit, parts)

    return _Question(
        hook="score", wrong=wrong, told=told, remedy="Build it by retainsdk.value.score.Score.of."
    )


def _is_part(part: object) -> bool:
    match part:
        case Part(name=str(), amount=Decimal() as amount):
            return amount.is_finite()
    return False


def _can_be_paid(amount: Decimal, currency: str) -> bool:
    try:
        return Money(amount, currency).minor is not None
    except MoneyError:
        return False


def _wrong_modifiers(modifiers: object, currency: str) -> str:
    if not isinstance(modifiers, Sequence) or not all(isinstance(it, Modifier) for it in modifiers):
        return "must be a list of Modifier"
    if any(it.amount is not None and it.amount.currency != currency for it in modifiers):
        return f"must be in {currency}"
    if any(it.factor is not None and not it.factor.is_finite() for it in modifiers):
        return "must have finite factors"
    return ""


def _told_modifiers(modifiers: Sequence[Modifier], plugin: str, *, hidden: bool) -> Sequence[Modifier]:
    return [
        attrs.evolve(it, name=plugin, source=f"plug-in {plugin}: {_DECIDES}")
        if hidden
        else attrs.evolve(it, source=f"plug-in {plugin}: {it.source}")
        for it in modifiers
    ]


def _wrong_judgement(judgement: object, _: str) -> str:
    match judgement:
        case Judgement(rule=str() as rule) if not rule.strip():
            return "must name the rule that decided"
        case Judgement(value=None, rule=str()):
            return ""
        case Judgement(value=int() | float() as value, rule=str()) if 0 <= value <= 1:
            return ""
    return "must be a Judgement with a value from 0 to 1, or none"


def _told_judgement(judgement: Judgement, plugin: str, *, hidden: bool) -> Judgement:
    return attrs.evolve(judgement, rule=f"plug-in {plugin}: {_DECIDES if hidden else judgement.rule}")


_MODIFIERS: _Question[Sequence[Modifier]] = _Question(
    hook="value_modifiers",
    wrong=_wrong_modifiers,
    told=_told_modifiers,
    remedy="Give one Modifier a reason, in the book's currency.",
)
_SUITABILITY: _Question[Judgement] = _Question(
    hook="suitability",
    wrong=_wrong_judgement,
    told=_told_judgement,
    remedy="Build retainsdk.firm.offering.Judgement.",
)
