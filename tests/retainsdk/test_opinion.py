"""What plug-ins say of customers: the same figure everywhere, asked for once, checked, and told without secrets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.account import Account
from retainsdk.book import Book
from retainsdk.duties import Circumstances
from retainsdk.errors import CommandError, InputError
from retainsdk.firm.offering import Judgement, Offering
from retainsdk.hooks import hookimpl
from retainsdk.quantities import Money
from retainsdk.store.memory import MemoryStore
from retainsdk.testing import SetClock, a_relationship, at, some_terms
from retainsdk.value.customer_value import Custom
from retainsdk.value.health import Signs
from retainsdk.value.modifier import Modifier
from retainsdk.value.score import Part, Score
from retainsdk.view import named
from retainsdk.vocabulary import OfferKind, Sensitivity

HOW: dict[str, Any] = {"actor": "dana"}
Said = Mapping[int, Any]


def eur(amount: int | Decimal) -> Money:
    return Money(amount, "EUR")


def everybody(accounts: Sequence[Account], said: Any) -> Said:
    return {account.relationship.id: said for account in accounts}


def parted(kind: str, unit: str, *amounts: Decimal | int | str, name: str = "late at night") -> Score:
    return Score.of(kind, unit, [Part(name=name, amount=Decimal(it), source="calls") for it in amounts])


@attrs.frozen
class Doubts:
    """Takes points away from everybody."""

    points: Decimal = Decimal(-30)

    @hookimpl
    def score(self, kind: str, accounts: Sequence[Account]) -> Said | None:
        return everybody(accounts, parted(kind, "points", self.points)) if kind == "health" else None


@attrs.frozen
class Growth:
    """Expects everybody to bring more."""

    amount: Decimal = Decimal(100)

    @hookimpl
    def score(self, kind: str, accounts: Sequence[Account]) -> Said | None:
        return everybody(accounts, parted(kind, "EUR", self.amount)) if kind == "customer value" else None


class Critics:
    @hookimpl
    def value_modifiers(self, accounts: Sequence[Account]) -> Said:
        critic = Modifier(name="critic", source="press", starts_on=date(2026, 1, 1), factor=Decimal(2))
        return everybody(accounts, [critic])


@attrs.frozen
class Taste:
    """Knows what suits whom."""

    value: float | None = 0.9

    @hookimpl
    def suitability(self, offering: Offering, accounts: Sequence[Account]) -> Said:
        return everybody(accounts, Judgement(value=self.value, rule=f"likes {offering.name}"))


class Risk:
    @hookimpl
    def score(self, kind: str, accounts: Sequence[Account]) -> Said | None:
        return everybody(accounts[:1], parted(kind, "points", 3, "0.5")) if kind == "risk" else None


def a_shop(*plugins: object, **terms: Any) -> tuple[Book, int]:
    """A book with two packages, and a customer who has the smaller one."""
    book = Book(MemoryStore(), currency="EUR", clock=SetClock(at(3)), plugins=plugins)
    for code, fee, included in (("M", 20, 40.0), ("L", 30, 80.0)):
        book.list_offering(
            code, name=f"size {code}", fee=eur(fee), included=included, occurred_at=at(1), **HOW
        )
    us = a_relationship(book, since=at(1, 20), terms=some_terms(**({"offering": "M"} | terms)))
    return book, us


@given(
    points=st.decimals(-60, 0, places=1),
    amount=st.decimals(-300, 300, places=2),
    suits=st.sampled_from([None, 0.0, 0.25, 0.5, 1.0]),
)
def test_what_a_plugin_says_shows_as_the_same_figure_everywhere(
    points: Decimal, amount: Decimal, suits: float | None
) -> None:
    book, us = a_shop(Doubts(points), Growth(amount), Critics(), Taste(suits))
    book.record_purchase(us, what="size L", amount=eur(30), paid=True, offering="L", **HOW)

    health, worth, view, card = book.health(us), book.customer_value(us), book.view(), str(book.card(us))
    sold = [it for event in book.events(name="PurchaseRecorded") if (it := event.body)]

    assert health.score.value == 100 + points
    assert view.health[0] == np.float32(health.score.value / 100)
    assert f"{health.score.value:f} of 100" in card
    assert eur(worth.score.amount("late at night")) == eur(amount)
    assert view.predicted_value[0] == worth.predicted.minor
    assert f"{worth.score.money}: {worth.past} so far, {worth.predicted} to come" in card
    assert worth.score.amount("critic") == (worth.past + worth.predicted).amount
    assert [it.suitability for it in sold] == [suits]  # type: ignore[attr-defined] # of a purchase
    assert view.known("suitability")[0] == (suits is not None)
    assert view.suitability[0] == np.float32(suits or 0)
    assert view.alternative_suitability[0] == np.float32(suits or 0)
    assert {it.suitability for it in book.recommended(us, least=0.2)} <= {suits}


def test_the_interval_of_a_value_moves_with_what_a_plugin_expects() -> None:
    (plain, us), (grown, them) = a_shop(), a_shop(Growth())

    before, after = plain.customer_value(us), grown.customer_value(them)
    low, high = (
        [int(column[0]) for column in (view.predicted_value_low, view.predicted_value_high)]
        for view in (plain.view(), grown.view())
    )

    assert (after.low - before.low, after.high - before.high) == (eur(100), eur(100))
    assert [grew - was for was, grew in zip(low, high, strict=True)] == [eur(100).minor, eur(100).minor]


def test_suitability_that_a_plugin_knows_needs_no_use_and_changes_how_long_he_is_expected_to_stay() -> None:
    (liked, us), (disliked, them) = a_shop(Taste(1.0)), a_shop(Taste(0.1))

    assert liked.customer_value(us).predicted > disliked.customer_value(them).predicted
    assert liked.view().predicted_value[0] == liked.customer_value(us).predicted.minor
    assert disliked.view().predicted_value[0] == disliked.customer_value(them).predicted.minor


def test_every_part_is_named_by_its_plugin_and_parts_of_several_add_up() -> None:
    book, us = a_shop(type("Finance", (), {"score": Doubts(Decimal("-7.5")).score}), Doubts(), Critics())

    parts = [(str(it.amount), it.source) for it in book.health(us).score.parts]
    value = [it.source for it in book.customer_value(us).score.parts]

    assert parts[1:] == [("-30", "plug-in Doubts: calls"), ("-7.5", "plug-in Finance: calls")]
    assert value[-1] == "plug-in Critics: press"
    assert "[plug-in Doubts: calls]" in str(book.card(us))
    assert book.view().health_reason[0] == named("late at night")


def test_health_that_plugins_take_away_never_falls_below_nothing_and_is_a_risk() -> None:
    book, us = a_shop(Doubts(Decimal(-500)))

    assert book.health(us).score.value == book.view().health[0] == 0
    assert book.health(us).at_risk == "health 0 is below 60"


class Recording:
    """Counts whom it is asked about, and with what."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int]] = []
        self.features: list[object] = []

    @hookimpl
    def score(self, kind: str, accounts: Sequence[Account], features: Mapping[int, object]) -> None:
        self.calls.append((kind, len(accounts)))
        self.features += features.values()

    @hookimpl
    def value_modifiers(self, accounts: Sequence[Account]) -> None:
        self.calls.append(("modifiers", len(accounts)))

    @hookimpl
    def suitability(self, offering: Offering, accounts: Sequence[Account]) -> None:
        self.calls.append((offering.code, len(accounts)))


def test_models_are_asked_once_for_all_and_a_single_one_is_a_batch_of_one() -> None:
    counting = Recording()
    book, us = a_shop(counting)
    for name in ("Gil", "Tal"):
        a_relationship(book, name=name)
    counting.calls.clear()

    book.view()
    asked, counting.calls = sorted(counting.calls), []
    book.health(us)
    book.customer_value(us)

    assert asked == [("L", 3), ("M", 3), ("customer value", 3), ("health", 3)]
    assert sorted(counting.calls) == [
        ("L", 1),
        ("M", 1),
        ("customer value", 1),
        ("health", 1),
        ("modifiers", 1),
    ]


def test_a_plugin_gets_the_figures_that_the_book_works_its_scores_out_from() -> None:
    seen = Recording()
    book, us = a_shop(seen)

    book.health(us)
    book.customer_value(us)

    signs, custom = (next(it for it in seen.features if isinstance(it, kind)) for kind in (Signs, Custom))
    assert signs == Signs(signals=[])
    assert isinstance(custom, Custom)
    assert custom.monthly_fee == eur(20)


def test_of_two_that_judge_a_package_the_one_named_last_counts_and_a_counter_indication_stays() -> None:
    book, us = a_shop(type("Earlier", (), {"suitability": Taste(1.0).suitability}), Taste(0.7))
    book.list_offering("C", name="cats", fee=eur(5), excluded={"allergic": True}, occurred_at=at(1), **HOW)
    customer = book.account(us).relationship.customer

    liked = {it.offering.code: (it.suitability, it.rule) for it in book.recommended(us)}
    book.learn_fact(customer, name="allergic", value=True, source="he", **HOW)
    without = {it.offering.code for it in book.recommended(us)}

    assert liked["C"] == (0.7, "plug-in Taste: likes cats")
    assert without == {"L"}


def test_a_sale_that_a_plugin_knew_not_to_suit_is_flagged_by_its_rule() -> None:
    book, us = a_shop(Taste(0.1))

    offer = book.make_offer(us, kind=OfferKind.PACKAGE, offering="L", **HOW)
    book.accept_offer(us, offer, **HOW)

    assert [(it.suitability, it.rule) for it in book.missold(us)] == [(0.1, "plug-in Taste: likes size L")]


def test_a_plugin_adds_a_score_of_its_own() -> None:
    book, us = a_shop(Risk(), Doubts())
    other = a_relationship(book, name="Gil")
    first, second = sorted((us, other))

    scores = book.scores("risk")

    assert {id_: score.value for id_, score in scores.items()} == {first: Decimal("3.5")}
    assert book.score(second, "risk") == attrs.evolve(scores[first])  # asked about alone, he is the first
    assert str(scores[first].parts[0]) == "+3 late at night [plug-in Risk: calls]"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("health", "is worked out by the book itself"),
        ("customer value", "is worked out by the book itself"),
        ("cost to serve", "is worked out by the book itself"),
        ("rsk", "is known to no plug-in of this book"),
    ],
)
def test_a_score_that_no_plugin_works_out_is_refused(kind: str, words: str) -> None:
    book, us = a_shop(Risk())

    for ask in (lambda: book.score(us, kind), lambda: book.scores(kind)):
        with pytest.raises(CommandError, match=words):
            ask()


def test_two_plugins_that_measure_one_thing_in_two_units_are_told_apart() -> None:
    class Euros:
        @hookimpl
        def score(self, kind: str, accounts: Sequence[Account]) -> Said | None:
            return everybody(accounts, parted(kind, "EUR", 3)) if kind == "risk" else None

    book, us = a_shop(Risk(), Euros())

    with pytest.raises(CommandError, match="measures 'risk' in points, and another one in EUR"):
        book.score(us, "risk")


def answering(hook: str, answer: Callable[[Sequence[Account]], Any]) -> object:
    """A plug-in called Wrong that answers one hook so."""

    class Wrong:
        if hook == "score":

            @hookimpl
            def score(self, kind: str, accounts: Sequence[Account]) -> Any:
                return answer(accounts) if kind == "health" else None
        elif hook == "value":

            @hookimpl(specname="score")
            def more(self, kind: str, accounts: Sequence[Account]) -> Any:
                return answer(accounts) if kind == "customer value" else None
        elif hook == "value_modifiers":

            @hookimpl
            def value_modifiers(self, accounts: Sequence[Account]) -> Any:
                return answer(accounts)
        else:

            @hookimpl
            def suitability(self, accounts: Sequence[Account]) -> Any:
                return answer(accounts)

    return Wrong()


def broken(accounts: Sequence[Account]) -> Any:
    raise ZeroDivisionError(len(accounts))


def refusing(_: Sequence[Account]) -> Any:
    raise InputError("a file of mine", [])


def modifier(**changes: Any) -> list[Modifier]:
    return [Modifier(name="x", source="y", starts_on=date(2026, 1, 1), **changes)]


WRONG: list[tuple[str, Callable[[Sequence[Account]], Any], str]] = [
    ("score", broken, "score: 'ZeroDivisionError: 1' raises an error"),
    ("score", refusing, "InputError: a file of mine.*raises an error"),
    ("score", lambda _: [1], "must be a mapping by ids"),
    ("score", lambda _: {99: parted("health", "points", -1)}, "must be one asked about"),
    ("score", lambda them: everybody(them, 3), "must be a Score"),
    ("score", lambda them: everybody(them, parted("risk", "points", -1)), "must be of the kind 'health'"),
    ("score", lambda them: everybody(them, parted("health", "EUR", -1)), "must be in points"),
    ("score", lambda them: everybody(them, parted("health", "points", 1)), "must take points away"),
    ("score", lambda them: everybody(them, parted("health", "points", "-Infinity")), "finite Decimal"),
    ("score", lambda them: everybody(them, parted("health", "points", "NaN")), "raises an error"),
    ("value", lambda them: everybody(them, parted("customer value", "USD", 1)), "must be in EUR"),
    ("value", lambda them: everybody(them, parted("customer value", "EUR", "0.001")), "whole smallest units"),
    ("value_modifiers", lambda them: everybody(them, ["rich"]), "must be a list of Modifier"),
    ("value_modifiers", lambda them: everybody(them, modifier(amount=Money(1, "USD"))), "must be in EUR"),
    ("value_modifiers", lambda them: everybody(them, modifier(factor=Decimal("Infinity"))), "finite factors"),
    ("suitability", lambda them: everybody(them, 0.5), "must be a Judgement"),
    ("suitability", lambda them: everybody(them, Judgement(value=1.5, rule="x")), "with a value from 0 to 1"),
    ("suitability", lambda them: everybody(them, Judgement(value=float("nan"), rule="x")), "from 0 to 1"),
    ("suitability", lambda them: everybody(them, Judgement(value=0.5, rule=" ")), "must name the rule"),
]


@pytest.mark.parametrize(("hook", "answer", "words"), WRONG)
def test_a_plugin_that_answers_wrongly_is_named_and_nothing_is_written(
    hook: str, answer: Callable[[Sequence[Account]], Any], words: str
) -> None:
    book, us = a_shop(answering(hook, answer))
    written = list(book.events())
    asks: dict[str, list[Callable[[], object]]] = {
        "score": [lambda: book.health(us), book.view, lambda: book.card(us)],
        "value": [lambda: book.customer_value(us), book.view],
        "value_modifiers": [lambda: book.customer_value(us), lambda: book.card(us)],
        "suitability": [
            lambda: book.recommended(us),
            book.view,
            lambda: book.record_purchase(us, what="L", amount=eur(1), paid=True, offering="L", **HOW),
        ],
    }

    for ask in asks[hook]:
        with pytest.raises(InputError, match=f"(?s)plug-in Wrong.*{words}"):
            ask()

    assert list(book.events()) == written


def test_all_faults_of_an_answer_are_named_at_once() -> None:
    book, us = a_shop(answering("score", lambda them: {**everybody(them, 3), 98: 1, 99: 2}))

    with pytest.raises(InputError) as refusal:
        book.health(us)

    assert len(refusal.value.faults) == 3


class Nurse:
    """Judges by an illness, as far as it may know of one."""

    purposes: tuple[str, ...] = ()

    @hookimpl
    def score(self, kind: str, accounts: Sequence[Account], known: Circumstances) -> Said | None:
        if kind != "health":
            return None
        ill = {it.relationship.id: self.illness(it, known) for it in accounts}
        return {id_: parted(kind, "points", -20 if it else -5, name=it or "age") for id_, it in ill.items()}

    @hookimpl
    def value_modifiers(self, accounts: Sequence[Account], known: Circumstances) -> Said:
        ill = {it.relationship.id: self.illness(it, known) for it in accounts}
        return {
            id_: [Modifier(name=it, source=it, starts_on=date(2026, 1, 1), amount=eur(-9))]
            for id_, it in ill.items()
            if it
        }

    @hookimpl
    def suitability(self, accounts: Sequence[Account], known: Circumstances) -> Said:
        ill = {it.relationship.id: self.illness(it, known) for it in accounts}
        return {
            id_: Judgement(value=0.2 if it else 0.8, rule=it or "no reason against")
            for id_, it in ill.items()
        }

    def illness(self, account: Account, known: Circumstances) -> str:
        told = known.ledger.customer_of(account).said.told.get("illness", ())
        return next((str(it.fact.value) for it in told if it.fact is not None), "")


@pytest.mark.invariant(16)
@pytest.mark.parametrize("purposes", [(), ("sales",), ("service",)])
def test_a_model_judges_by_a_sensitive_fact_for_its_purpose_only_and_its_words_never_tell(
    purposes: tuple[str, ...],
) -> None:
    nurse = Nurse()
    nurse.purposes = purposes
    book, us = a_shop(nurse)
    customer = book.account(us).relationship.customer
    book.learn_fact(
        customer, name="illness", value="gout", source="he", sensitivity=Sensitivity.SENSITIVE, purposes=("service",), **HOW
    )  # fmt: skip
    allowed = "service" in purposes
    book.record_purchase(us, what="size L", amount=eur(30), paid=True, offering="L", **HOW)

    health, value = book.health(us), book.customer_value(us)
    sold = next(iter(book.events(name="PurchaseRecorded"))).body

    assert health.score.value == (80 if allowed else 95)
    assert ("a sensitive fact decides" in str(health)) is allowed
    assert value.score.amount("Nurse") == (-9 if allowed else 0)
    assert sold.suitability == (0.2 if allowed else 0.8)  # type: ignore[attr-defined] # of a purchase
    everything = f"{health} {value} {book.card(us)} {sold} {book.recommended(us, least=0.1)}"
    assert "gout" not in everything
