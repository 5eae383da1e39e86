"""
Books with a clock that stands, and everything that can be in them, brought to where a test begins.

Each builder goes the way a user goes, by commands, on 1 January 2026 and the days after it unless said otherwise; it
returns the id or number the commands return.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import attrs

from retainsdk.book import Book
from retainsdk.case import MACHINE as CASE
from retainsdk.commitment import MACHINE as COMMITMENT
from retainsdk.contract import MACHINE as CONTRACT
from retainsdk.errors import UnknownNameError
from retainsdk.events import Tier
from retainsdk.quantities import Money
from retainsdk.store.memory import MemoryStore
from retainsdk.store.sqlite import SqliteStore
from retainsdk.terms import Terms
from retainsdk.vocabulary import CaseKind, Ending, Kind, Origin, Promise, Role, Stage, TermKind

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
"""Where the clock of a built book stands."""


def at(month: int, day: int = 1, hour: int = 9) -> datetime:
    """An instant of 2026, UTC."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


LONG_AGO = at(1)
"""When built relationships begin."""


@attrs.define
class SetClock:
    """A clock that moves only when set."""

    time: datetime = NOW

    def __call__(self) -> datetime:
        return self.time


def a_book(*, path: Path | None = None, clock: SetClock | None = None, zone: str = "UTC") -> Book:
    """A book in euros: in memory, or in a file. Its ids count from 1."""
    ids = count(1)
    return Book(
        MemoryStore() if path is None else SqliteStore(path),
        currency="EUR",
        zone=zone,
        clock=clock or SetClock(),
        ids=lambda: next(ids),
    )


def some_terms(**changes: Any) -> Terms:  # noqa: ANN401 # whatever Terms take
    """Open-ended terms from 1 January 2026 at 20 euros."""
    terms = Terms(starts_on=date(2026, 1, 1), kind=TermKind.OPEN_ENDED, fee=Money(20, "EUR"))
    return attrs.evolve(terms, **changes)


def a_relationship(
    book: Book,
    *,
    name: str = "Noa",
    owner: str = "dana",
    since: datetime = LONG_AGO,
    stage: Stage = Stage.ACTIVE,
    origin: Origin | None = None,
    terms: Terms | None = None,
    reference: str = "",
) -> int:
    """A customer in the book, with a contract when terms are given. Returns the id of the relationship."""
    customer = book.register_customer(kind=Kind.PERSON, name=name, occurred_at=since, actor=owner)
    relationship = book.open_relationship(
        customer, owner=owner, stage=stage, origin=origin, reference=reference, occurred_at=since, actor=owner
    )
    if terms is not None:
        book.sign(relationship, terms=terms, occurred_at=since, actor=owner)
    return relationship


def a_customer(
    book: Book,
    *,
    name: str = "Noa",
    kind: Kind = Kind.PERSON,
    since: datetime = LONG_AGO,
    actor: str = "dana",
) -> int:
    """A customer we know and have nothing to do with yet. Returns his id."""
    return book.register_customer(kind=kind, name=name, occurred_at=since, actor=actor)


def a_household(
    book: Book, *members: str, name: str = "Levi", since: datetime = LONG_AGO, actor: str = "dana"
) -> int:
    """A household with these members, the first of them the one who decides. Returns its id."""
    home = a_customer(book, name=name, kind=Kind.HOUSEHOLD, since=since, actor=actor)
    for place, member in enumerate(members or ("Noa", "גיל")):
        person = a_customer(book, name=member, since=since, actor=actor)
        role = Role.MEMBER if place else Role.DECIDES
        book.start_affiliation(person, home, role=role, primary=True, occurred_at=since, actor=actor)
    return home


def an_organisation(
    book: Book, *, name: str = "Alef Ltd", since: datetime = LONG_AGO, actor: str = "dana"
) -> int:
    """
    An organisation with a buying committee. Returns its id.

    Who decides, who influences and who uses, both reporting to him, and a champion of ours who reports to the second.
    """
    firm = a_customer(book, name=name, kind=Kind.ORGANISATION, since=since, actor=actor)
    people: list[int] = []
    for person, role, power, boss in (
        ("Tamar", Role.DECIDES, 9, None),
        ("Amir", Role.INFLUENCES, 6, 0),
        ("Yael", Role.USES, 3, 0),
        ("Omer", Role.CHAMPIONS, 5, 1),
    ):
        people.append(a_customer(book, name=person, since=since, actor=actor))
        book.start_affiliation(
            people[-1],
            firm,
            role=role,
            power=power,
            reports_to=None if boss is None else people[boss],
            occurred_at=since,
            actor=actor,
        )
    return firm


_OFFERED = ("offered", "engaged", "declined", "lapsed")


def a_contract(book: Book, relationship: int, *, state: str = "in_force", terms: Terms | None = None) -> int:
    """
    A contract of a relationship in a state of its lifecycle. Returns its number.

    Args:
        book: In which.
        relationship: Whose; without a contract that runs.
        state: Any of `retainsdk.contract.MACHINE`.
        terms: Of it; `some_terms`, for a fixed month when it is to expire, unless given.

    Raises:
        UnknownNameError: When there is no such state.
    """
    if state not in CONTRACT.table:
        raise UnknownNameError(state, tuple(CONTRACT.table))
    usual = some_terms(kind=TermKind.FIXED, months=1) if state == "expired" else some_terms(scope=("advice",))
    terms = terms or usual
    how: dict[str, Any] = {"actor": "dana", "occurred_at": LONG_AGO + _DAY}
    if state in {"draft", "discarded", *_OFFERED}:
        number = book.draft_terms(relationship, terms=terms, **how)
        if state in _OFFERED:
            book.offer_terms(relationship, number, valid_until=_OFFERED_UNTIL, **how)
    else:
        number = book.sign(relationship, terms=terms, by_us="dana", by_customer="Noa", **how)
    if state in _LAST_STEP:
        _LAST_STEP[state](book, relationship, number)
    return number


def _supersede(book: Book, relationship: int, number: int) -> None:
    terms = book.account(relationship).contracts[number].versions[0]
    other = book.draft_terms(relationship, terms=terms, **_LATER)
    book.offer_terms(relationship, other, **_LATER)
    book.sign(relationship, contract=other, by_us="dana", by_customer="Noa", supersede=True, **_LATER)


_DAY = timedelta(days=1)
_LATER: dict[str, Any] = {"actor": "dana", "occurred_at": LONG_AGO + 2 * _DAY}
_OFFERED_UNTIL = date(2026, 1, 20)
_LAST_STEP: Mapping[str, Callable[[Book, int, int], object]] = {
    "discarded": lambda book, who, number: book.discard_draft(who, number, why="not needed", **_LATER),
    "engaged": lambda book, who, number: book.accept_letter(who, number, document="letter.pdf", **_LATER),
    "declined": lambda book, who, number: book.decline_terms(who, number, why="too dear", **_LATER),
    "lapsed": lambda book, who, number: book.lapse_terms(who, number, actor="dana"),
    "suspended": lambda book, who, _: book.suspend(who, why="on leave", **_LATER),
    "notice": lambda book, who, _: book.give_notice(who, actor="dana"),
    "completed": lambda book, who, _: book.complete_contract(who, evidence="hand-over signed", **_LATER),
    "terminated": lambda book, who, _: book.terminate(
        who, kind=Ending.AGREEMENT, evidence="letter of both", **_LATER
    ),
    "expired": lambda book, who, _: book.end_contract(who, actor="dana"),
    "superseded": _supersede,
}


def a_case(
    book: Book,
    relationship: int,
    *,
    state: str = "new",
    kind: CaseKind = CaseKind.COMPLAINT,
    topic: str = "bill",
) -> int:
    """
    A case in a state of its lifecycle; for ``merged`` there is a second one it went into. Returns its number.

    Raises:
        UnknownNameError: When there is no such state.
    """
    if state not in CASE.table:
        raise UnknownNameError(state, tuple(CASE.table))
    how: dict[str, Any] = {"actor": "dana", "occurred_at": LONG_AGO + _DAY}
    number = book.open_case(relationship, kind=kind, topic=topic, **how)
    if state in {"acknowledged", "in_progress", "pending"}:
        book.acknowledge_case(relationship, number, **how)
    if state in {"in_progress", "pending"}:
        book.start_case(relationship, number, **how)
    if state == "pending":
        book.await_customer(relationship, number, why="the number of the meter", **how)
    if state in {"resolved", "closed"}:
        book.resolve_case(relationship, number, how_done="explained", **how)
    if state == "closed":
        book.confirm_case(relationship, number, **how)
    if state == "withdrawn":
        book.withdraw_case(relationship, number, why="he found it himself", **how)
    if state == "merged":
        other = book.open_case(relationship, kind=kind, topic=topic, **how)
        book.merge_cases(relationship, number, into=other, **how)
    return number


def a_promise(
    book: Book,
    relationship: int,
    *,
    state: str = "open",
    kind: Promise = Promise.DELIVERY,
    what: str = "the repair",
    due: datetime | None = None,
) -> int:
    """
    A promise of ours in a state of its lifecycle. Returns its number.

    Args:
        book: In which.
        relationship: To whom.
        state: Any of `retainsdk.commitment.MACHINE`; one that is voided was made by a duty.
        kind: What keeps it.
        what: Is promised.
        due: Until when; a week from now, or in January when it is to be over, unless given.

    Raises:
        UnknownNameError: When there is no such state.
    """
    if state not in COMMITMENT.table:
        raise UnknownNameError(state, tuple(COMMITMENT.table))
    over = state in {"broken", "remedied"}
    until = due or (at(1, 20) if over else now_of(book) + 7 * _DAY)
    how: dict[str, Any] = {"actor": "dana", "occurred_at": LONG_AGO + _DAY}
    duty = "house" if state == "voided" else ""
    number = book.promise(relationship, kind=kind, what=what, due=until, duty=duty, basis=duty, **how)
    if state == "kept":
        book.keep(relationship, number, evidence="signed for", actor="dana")
    elif state == "warned":
        book.give_late_notice(
            relationship, number, due=until + 7 * _DAY, why="a part is missing", actor="dana"
        )
    elif state == "released":
        book.release(relationship, number, evidence="his mail", actor="dana")
    elif state == "voided":
        book.void(relationship, number, why="no longer owed", actor="dana")
    elif state == "retracted":
        book.retract(relationship, number, why="recorded twice", actor="dana")
    elif over:
        book.tick(actor="dana")
    if state == "remedied":
        book.explain(relationship, promise=number, what="the van broke down", actor="dana")
        book.compensate(
            relationship, promise=number, what="a month free", cost=Money(20, "EUR"), actor="dana"
        )
        book.remedy(relationship, number, actor="dana")
    return number


def a_programme(book: Book, *, name: str = "club", actor: str = "dana") -> str:
    """A members' programme of two tiers, silver for everybody and gold from 500 euros on. Returns its name."""
    tiers = (Tier(name="silver", threshold=Money(0, "EUR")), Tier(name="gold", threshold=Money(500, "EUR")))
    book.change_programme(name, tiers=tiers, occurred_at=LONG_AGO, actor=actor)
    return name


def a_campaign(book: Book, *, name: str = "spring", actor: str = "dana") -> str:
    """A campaign in March 2026 for 1,000 euros. Returns its name."""
    book.run_campaign(
        name,
        purpose="win customers",
        starts_on=date(2026, 3, 1),
        ends_on=date(2026, 4, 1),
        cost=Money(1_000, "EUR"),
        occurred_at=LONG_AGO,
        actor=actor,
    )
    return name


def some_staff(
    book: Book, *names: str, authority: Money | None = None, actor: str = "dana"
) -> tuple[str, ...]:
    """Representatives, dana and gil unless named; each may grant *authority* and asks the first for more."""
    staff = names or ("dana", "gil")
    for name in staff:
        book.join_staff(name, occurred_at=LONG_AGO, actor=actor)
    if authority is not None:
        for name in staff:
            asks = "" if name == staff[0] else staff[0]
            book.set_authority(name, up_to=authority, asks=asks, occurred_at=LONG_AGO, actor=actor)
    return staff


def an_experiment(
    book: Book, *, name: str = "calls", purpose: str = "sales", seed: int = 0, actor: str = "dana"
) -> str:
    """An experiment of equal shares that runs from today for half a year. Returns its name."""
    today = book.today()
    book.declare_experiment(
        name, purpose=purpose, starts_on=today, ends_on=today + 180 * _DAY, seed=seed, actor=actor
    )
    return name


def an_offering(
    book: Book,
    *,
    code: str = "m",
    fee: Money | None = None,
    actor: str = "dana",
    **form: Any,  # noqa: ANN401 # whatever list_offering takes
) -> str:
    """A package in the catalogue at 20 euros. Returns its code."""
    fee = fee or Money(20, "EUR")
    book.list_offering(code, name=code.upper(), fee=fee, occurred_at=LONG_AGO, actor=actor, **form)
    return code


def now_of(book: Book) -> datetime:
    """What the clock of a book says."""
    return book._clock()  # noqa: SLF001 # as the book itself reads it
