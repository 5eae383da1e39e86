"""How other people's code takes part in a book: what it may stop, what it is shown, what happens when it fails."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings

from retainsdk.account import Account
from retainsdk.book import Book
from retainsdk.codec import UPCASTERS
from retainsdk.commands import Commands
from retainsdk.duties import Circumstances, Levels, Wanted
from retainsdk.errors import CommandError, Rejected, RetainError, UnknownNameError
from retainsdk.events import (
    REGISTRY,
    SCHEMAS,
    CustomerRegistered,
    FactCorrected,
    FactLearned,
    Happening,
    Recorded,
    SignalRaised,
)
from retainsdk.hooks import FAILURES_UNTIL_PARKED, Context, Hooks, Registry, hookimpl
from retainsdk.quantities import Money
from retainsdk.store.memory import MemoryStore
from retainsdk.store.sqlite import SqliteStore
from retainsdk.testing import SetClock, a_relationship, at, some_terms
from retainsdk.testing.calls import Call
from retainsdk.testing.strategies import histories
from retainsdk.vocabulary import Kind, Promise, Reason, Sensitivity

WRITING = {
    f"self.{way}"
    for way in (
        "_about", "_commit", "_for_everybody", "_in_stream", "_of", "_of_case", "_of_contract", "_of_customer",
        "_of_promise", "_of_staff", "_record", "_to_contract",
    )
}  # fmt: skip
"""By what a command writes, with its name before all else that is asked or right after the relationship."""
HOW: dict[str, Any] = {"actor": "dana"}


def a_book_with(*plugins: object, store: Any = None, clock: SetClock | None = None) -> Book:
    return Book(store or MemoryStore(), currency="EUR", clock=clock or SetClock(at(2)), plugins=plugins)


class Listener:
    """Keeps what he is told."""

    def __init__(self, fails: int = 0) -> None:
        self.heard: list[Recorded] = []
        self.fails = fails

    @hookimpl
    def after_commit(self, events: Sequence[Recorded]) -> None:
        if self.fails:
            self.fails -= 1
            raise OSError("the line is dead")  # the fault under test
        self.heard += events


class Guard:
    """Lets nobody but the owner write."""

    @hookimpl
    def before_append(self, context: Context, events: Sequence[Happening]) -> None:
        if events and context.actor == "omer":
            raise Rejected("not_yours", f"{context.command} is for the owner")


def test_a_veto_stops_a_command_and_nothing_is_written() -> None:
    book = a_book_with(Guard())
    us = a_relationship(book)
    written = len(book)

    with pytest.raises(Rejected, match="not_yours: promise is for the owner") as refusal:
        book.promise(us, kind=Promise.CALLBACK, what="the bill", due=at(3), actor="omer")

    assert refusal.value.code == "not_yours"
    assert len(book) == written


def test_an_observer_hears_everything_once_in_the_order_of_the_log() -> None:
    listener = Listener()
    book = a_book_with(listener)

    us = a_relationship(book)
    book.promise(us, kind=Promise.CALLBACK, what="the bill", due=at(3), **HOW)

    assert listener.heard == list(book.events())


def test_an_observer_that_failed_is_told_again_and_keeps_nobody_waiting() -> None:
    failing, sound = Listener(fails=1), Listener()
    book = a_book_with(failing, type("Sound", (), {"after_commit": sound.after_commit}))

    a_relationship(book)

    assert sound.heard == failing.heard == list(book.events())


def test_an_observer_that_keeps_failing_is_parked_until_the_book_is_opened_anew() -> None:
    store, failing = MemoryStore(), Listener(fails=FAILURES_UNTIL_PARKED)
    book = a_book_with(failing, store=store)
    for name in ("Noa", "Gil", "Tal"):
        book.register_customer(kind=Kind.PERSON, name=name, **HOW)

    assert (failing.fails, failing.heard) == (0, [])

    again = a_book_with(failing, store=store)
    again.tell_observers()

    assert failing.heard == list(again.events())


def test_a_unit_tells_observers_when_it_stands_and_never_of_what_it_undid() -> None:
    listener = Listener()
    book = a_book_with(listener)
    before = len(book)

    def fail() -> None:
        with book.unit():
            book.register_customer(kind=Kind.PERSON, name="Noa", **HOW)
            assert len(listener.heard) <= before
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    with book.unit():
        book.register_customer(kind=Kind.PERSON, name="Gil", **HOW)

    assert [getattr(event.body, "name", "") for event in listener.heard[before:]] == ["Gil"]


def test_an_observer_that_writes_into_the_book_writes_once_for_what_he_is_told() -> None:
    class Welcome:
        book: Book

        @hookimpl
        def after_commit(self, events: Sequence[Recorded]) -> None:
            for event in events:
                if isinstance(event.body, CustomerRegistered):
                    id_ = int(event.stream.partition("/")[2], 16)
                    self.book.learn_fact(id_, name="greeted", value=True, source="welcome", actor="welcome")

    welcome, listener = Welcome(), Listener()
    book = welcome.book = a_book_with(welcome, listener)
    book.register_customer(kind=Kind.PERSON, name="נועה", **HOW)
    book.register_customer(kind=Kind.PERSON, name="Gil", **HOW)

    written = [type(event.body).__name__ for event in book.events()]
    book.tell_observers()

    assert written == ["BookBegun", *("CustomerRegistered", "FactLearned") * 2]
    assert listener.heard == list(book.events())


def test_who_was_told_is_remembered_in_the_file(tmp_path: Path) -> None:
    first, second = Listener(), Listener()
    path = tmp_path / "crm.db"
    with a_book_with(first, store=SqliteStore(path)) as book:
        book.register_customer(kind=Kind.PERSON, name="נועה", **HOW)

    with a_book_with(second, store=SqliteStore(path)) as book:
        book.register_customer(kind=Kind.PERSON, name="Gil", **HOW)

    assert [event.position for event in (*first.heard, *second.heard)] == [1, 2, 3]


@pytest.mark.invariant(16)
@pytest.mark.parametrize("into_whom_it_was_told_of", [True, False])
def test_a_fact_of_a_merged_customer_is_corrected_under_a_guard_and_withheld_from_observers(
    *, into_whom_it_was_told_of: bool
) -> None:
    listener = Listener()
    book = a_book_with(listener, Guard())
    noa, same = (book.register_customer(kind=Kind.PERSON, name="נועה", **HOW) for _ in range(2))
    book.learn_fact(same, name="health", value="weak heart", source="her mail", sensitivity=Sensitivity.SENSITIVE, purposes=("personal",), **HOW)  # fmt: skip
    into, merged = (same, noa) if into_whom_it_was_told_of else (noa, same)
    book.merge_customers(into=into, merged=merged, evidence="one phone", **HOW)

    book.correct_fact(noa, name="health", value="weak lungs", source="her doctor", why="misread", **HOW)

    last = listener.heard[-1].body
    assert isinstance(last, FactCorrected)
    assert last.value == "withheld"


@pytest.mark.invariant(16)
@pytest.mark.parametrize(("purposes", "sees"), [((), False), (("sales",), False), (("personal",), True)])
def test_a_plugin_sees_a_sensitive_fact_for_a_purpose_that_allows_it_only(
    purposes: tuple[str, ...], *, sees: bool
) -> None:
    seen: list[object] = []

    class Curious:
        @hookimpl
        def before_append(self, events: Sequence[Happening]) -> None:
            seen.extend(event.body for event in events)

        @hookimpl
        def after_commit(self, events: Sequence[Recorded]) -> None:
            seen.extend(event.body for event in events)

        @hookimpl
        def commitments_due(self, accounts: Sequence[Account], known: Circumstances) -> list[Wanted]:
            for account in accounts:
                customer = known.ledger.customer_of(account)
                facts = [*customer.said.told.values()]
                seen.extend(told.fact.value for said in facts for told in said if told.fact is not None)
            return []

    curious = Curious()
    curious.purposes = purposes  # type: ignore[attr-defined] # how a plug-in says what it works for
    book = a_book_with(curious)
    us = a_relationship(book)
    customer = book.account(us).relationship.customer
    book.learn_fact(
        customer, name="illness", value="secret", source="he", sensitivity=Sensitivity.SENSITIVE, purposes=("personal",), **HOW
    )  # fmt: skip
    book.correct_fact(customer, name="illness", value="secret too", source="he", why="misheard", **HOW)
    book.run_duties(**HOW)

    shown = {
        *(it.value for it in seen if isinstance(it, FactLearned | FactCorrected)),
        *(it for it in seen if isinstance(it, str)),
    }
    assert ({"secret", "secret too"} <= shown) is sees
    assert bool({"secret", "secret too"} & shown) is sees


class House:
    """A house with rules of its own."""

    @hookimpl
    def cadence_for(self, accounts: Sequence[Account]) -> Mapping[int, int]:
        return {account.relationship.id: 15 for account in accounts}

    @hookimpl
    def service_levels_for(self, accounts: Sequence[Account]) -> Mapping[int, Levels]:
        return {account.relationship.id: Levels(first_response=timedelta(hours=1)) for account in accounts}

    @hookimpl
    def remedy_for(self, commitments: Sequence[Any]) -> Mapping[int, Money]:
        return {place: Money(5, "EUR") for place, _ in enumerate(commitments)}

    @hookimpl
    def commitments_due(self, accounts: Sequence[Account], known: Circumstances) -> list[Wanted]:
        return [
            Wanted(
                relationship=account.relationship.id,
                kind=Promise.DELIVERY,
                what="a wine",
                basis="founders get wine",
                period=str(known.today.year),
                since=known.start_of(known.today),
                due=known.start_of(known.today) + timedelta(days=30),
            )
            for account in accounts
        ]


def test_a_plugin_gives_figures_to_duties_and_duties_of_its_own() -> None:
    book = a_book_with(House(), clock=SetClock(at(2)))
    us = a_relationship(book, since=at(1, 25), terms=some_terms())

    book.run_duties(**HOW)
    again = book.run_duties(**HOW)

    promises = {it.duty: it for it in book.account(us).commitments.values()}
    assert promises["promised_contact"].due == at(1, 25) + timedelta(days=15)
    assert promises["House"].what == "a wine"
    assert {it.least_compensation for it in promises.values()} == {Money(5, "EUR")}
    assert again.opened == 0


def test_a_department_plugs_in_its_signs_and_one_that_stands_is_not_raised_again() -> None:
    class Finance:
        @hookimpl
        def signals(self, accounts: Sequence[Account]) -> Mapping[int, Sequence[SignalRaised]]:
            sign = SignalRaised(department="finance", kind="pays late", evidence="two invoices open")
            return {account.relationship.id: [sign] for account in accounts}

    book = a_book_with(Finance())
    a_relationship(book)
    a_relationship(book, name="Gil")

    assert [book.gather_signals(**HOW), book.gather_signals(**HOW)] == [2, 0]
    assert len(list(book.events(name="SignalRaised"))) == 2


def test_a_plugin_puts_a_duty_in_the_place_of_the_books() -> None:
    @attrs.frozen
    class Nothing:
        name: str = "promised_contact"

        def wanted(self, accounts: Sequence[Account], known: Circumstances) -> list[Wanted]:  # noqa: ARG002 # the protocol's
            return []

    class Lazy:
        @hookimpl
        def duty_for(self, name: str) -> Nothing | None:
            return Nothing() if name == "promised_contact" else None

    book = a_book_with(Lazy())
    us = a_relationship(book, terms=some_terms(cadence_days=5))

    book.run_duties(**HOW)

    assert not [it for it in book.account(us).commitments.values() if it.duty == "promised_contact"]


def test_hooks_are_called_once_a_batch_and_not_once_a_customer() -> None:
    calls: list[int] = []

    class Counting:
        @hookimpl
        def cadence_for(self, accounts: Sequence[Account]) -> None:
            calls.append(len(accounts))

    book = a_book_with(Counting())
    for name in ("Noa", "Gil", "Tal"):
        a_relationship(book, name=name)

    book.run_duties(**HOW)

    assert calls == [3]


def test_a_plugin_that_answers_no_hook_there_is_is_refused() -> None:
    class Mistaken:
        @hookimpl
        def before_apend(self) -> None: ...

    class Greedy:
        @hookimpl
        def before_append(self, everything: object) -> None: ...

    for plugin in (Mistaken(), Greedy()):
        with pytest.raises(CommandError, match="does not fit"):
            a_book_with(plugin)


def test_a_word_of_ours_cannot_be_taken_for_an_event_of_a_plugin() -> None:
    class Usurper:
        @hookimpl
        def register_vocabulary(self, registry: Registry) -> None:
            registry.add_event(type("Signed", (), {}))

    with pytest.raises(CommandError, match="another one's name"):
        a_book_with(Usurper())


@attrs.frozen(kw_only=True)
class DoorbellRang:
    """What a plug-in adds to the words of a book."""

    times: int


class Doorbell:
    @hookimpl
    def register_vocabulary(self, registry: Registry) -> None:
        registry.add_event(DoorbellRang)


@pytest.fixture(autouse=True)
def _forget_the_doorbell() -> Iterator[None]:
    """Words are known to the whole process; other tests go through all of them."""
    yield
    REGISTRY.pop("DoorbellRang", None)
    SCHEMAS.pop("DoorbellRang", None)
    for step in [step for step in UPCASTERS if step[0] == "DoorbellRang"]:
        del UPCASTERS[step]


def test_an_event_of_a_plugin_stands_on_the_timeline_and_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    with a_book_with(Doorbell(), store=SqliteStore(path)) as book:
        us = a_relationship(book)
        book.record_event(us, DoorbellRang(times=2), **HOW)

    with a_book_with(Doorbell(), store=SqliteStore(path)) as book:
        rang = [body for _, body in book.account(us).timeline.of(DoorbellRang)]

    assert rang == [DoorbellRang(times=2)]


def test_an_event_that_no_plugin_of_the_book_added_is_refused() -> None:
    book = a_book_with()
    us = a_relationship(book)

    with pytest.raises(UnknownNameError, match="DoorbellRang"):
        book.record_event(us, DoorbellRang(times=2), **HOW)


def a_doorbell(schema: int = 1, **changes: Any) -> object:
    class Changed:
        @hookimpl
        def register_vocabulary(self, registry: Registry) -> None:
            registry.add_event(DoorbellRang, schema=schema, **changes)

    return Changed()


def test_an_old_body_of_a_plugins_event_is_read_by_its_upcaster(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    with a_book_with(a_doorbell(), store=SqliteStore(path)) as book:
        us = a_relationship(book)
        book.record_event(us, DoorbellRang(times=2), **HOW)

    def twice(body: dict[str, Any]) -> dict[str, Any]:
        return {"times": body["times"] * 2}

    with a_book_with(a_doorbell(2, upcasters={1: twice}), store=SqliteStore(path)) as book:
        book.record_event(us, DoorbellRang(times=7), **HOW)
        rang = [body for _, body in book.account(us).timeline.of(DoorbellRang)]

    assert rang == [DoorbellRang(times=4), DoorbellRang(times=7)]


@pytest.mark.parametrize("steps", [{}, {2: dict}, {1: dict, 3: dict}, {0: dict, 1: dict}])
def test_an_event_whose_old_bodies_could_not_be_read_is_refused(steps: dict[int, Any]) -> None:
    with pytest.raises(CommandError, match=r"has upcasters from .*Give one from each of \[1, 2\]"):
        a_book_with(a_doorbell(3, upcasters=steps))


class Branches:
    """A firm with a detail of its own."""

    under = Reason.BETTER_COMPETITOR

    @hookimpl
    def register_vocabulary(self, registry: Registry) -> None:
        registry.add_reason("no branch nearby", under=self.under)


def test_a_plugin_adds_details_of_reasons_to_leave_and_every_book_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    told: dict[str, Any] = {
        "stated": Reason.BETTER_COMPETITOR,
        "detail": "no branch nearby",
        "evidence": "his mail",
        **HOW,
    }
    with a_book_with(Branches(), store=SqliteStore(path)) as book:
        us = a_relationship(book)
        book.begin_end(us, **HOW)
        book.record_exit_reason(us, **told)

    with a_book_with(store=SqliteStore(path)) as book:
        reason = book.account(us).relationship.exit_reason
        with pytest.raises(UnknownNameError, match="no branch nearby"):
            book.record_exit_reason(us, **told)

    assert reason is not None
    assert reason.detail == "no branch nearby"


def test_a_detail_hangs_on_one_reason_and_never_on_no_need() -> None:
    class Others(Branches):
        under = Reason.LIFE_EVENT

    class Hidden(Branches):
        under = Reason.NO_NEED_STATED

    with pytest.raises(CommandError, match="is a case of life_event already"):
        a_book_with(Branches(), Others())
    with pytest.raises(CommandError, match="hide the true reason"):
        a_book_with(Hidden())


def test_the_table_of_hooks_names_each_of_them_once() -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "extend-with-hooks.md"

    rows = [
        line.split("|")[2] for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| ")
    ]
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]

    assert sorted(named) == sorted(name for name in vars(Hooks) if not name.startswith("_"))


@given(histories())
@settings(max_examples=5)
def test_a_veto_is_told_each_command_by_the_name_it_is_called_by(history: list[Call]) -> None:
    class Listening:
        def __init__(self) -> None:
            self.heard: set[str] = set()

        @hookimpl
        def before_append(self, context: Context) -> None:
            self.heard.add(context.command)

    listening, clock = Listening(), SetClock(at(1))
    book = Book.in_memory(currency="EUR", clock=clock, plugins=[listening])
    listening.heard.clear()

    for name, given_to_it in history:
        clock.time += timedelta(days=3)
        with suppress(RetainError):
            getattr(book, name)(**given_to_it)

        assert listening.heard <= {name}
        listening.heard.clear()


def test_every_command_is_given_the_name_it_is_called_by() -> None:
    named = {}
    for name, method in inspect.getmembers(Commands, inspect.isfunction):
        if name.startswith("_"):
            continue
        for call in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(method)))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in WRITING:
                (command,) = (
                    it.value
                    for it in call.args[:2]
                    if isinstance(it, ast.Constant) and isinstance(it.value, str)
                )
                named[name] = command

    assert len(named) > 90
    assert {name: command for name, command in named.items() if name != command} == {}
