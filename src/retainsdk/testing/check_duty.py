"""Tell the author of a duty what is wrong with it, before it fills agendas."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

from retainsdk.account import Account
from retainsdk.book import Book
from retainsdk.codec import id_text
from retainsdk.duties import Circumstances, Duty, LookAgain, Wanted
from retainsdk.duties.plan import planned
from retainsdk.errors import Fault, InputError
from retainsdk.quantities import Money
from retainsdk.testing.builders import a_book, now_of
from retainsdk.testing.calls import begun

__all__ = ["check_duty", "duty_faults"]

_PURE = (
    "Compute from the accounts and known.now alone; keep nothing between calls, draw no lots, read no clock."
)


def check_duty(duty: Duty, book: Book | None = None) -> None:
    """
    Check a duty on the relationships of a book, and tell all that is wrong with it at once.

    It is asked twice, as a pickled copy, about each relationship alone, about nobody, and a year later; what it wants
    must make sense and must fit into a plan.

    Args:
        duty: To check.
        book: With relationships to owe something; a made-up one if none is given. It is only read.

    Raises:
        InputError: Naming every fault, with remedy.

    >>> from retainsdk.duties import Notices
    >>> check_duty(Notices())
    """
    faults = duty_faults(duty, book)
    if faults:
        raise InputError(f"duty {getattr(duty, 'name', type(duty).__name__)}", faults)


def duty_faults(duty: Duty, book: Book | None = None, *, pickled: bool = True) -> list[Fault]:
    """What `check_duty` finds, as a list; *pickled* says whether a pickled copy must do the same."""
    described = _description_faults(duty)
    if described:
        return described
    book = begun(a_book()) if book is None else book
    faults: list[Fault] = []
    for when in (now_of(book), now_of(book) + timedelta(days=365)):
        known = Circumstances(ledger=book.ledger(), now=when, calendar=book.calendar)
        found = _faults_at(duty, known, book.currency, pickled=pickled)
        faults += [it for it in found if it not in faults]
    return faults


def _description_faults(duty: object) -> list[Fault]:
    if not isinstance(duty, Duty):
        missing = ", ".join(part for part in ("name", "wanted") if not hasattr(duty, part))
        return [Fault(type(duty).__name__, missing, "is missing", "See retainsdk.duties.Duty.")]
    name: object = duty.name
    if not (isinstance(name, str) and name.strip()):
        remedy = "Name it: its commitments are recorded under it."
        return [Fault("name", repr(name), "must be a word", remedy)]
    return []


def _faults_at(duty: Duty, known: Circumstances, currency: str, *, pickled: bool) -> list[Fault]:
    accounts = [known.ledger.accounts[id_] for id_ in sorted(known.ledger.accounts)]
    usual, faults = _answers(duty, accounts, known, "about everybody")
    if usual is None:
        return faults
    faults += [fault for it in usual for fault in _answer_faults(it, accounts, currency)]
    twice = [key for key, count in Counter(map(_key, usual)).items() if count > 1]
    if twice:
        rule, remedy = "must be wanted once", "Tell them apart by basis and period."
        faults.append(Fault("wanted", str(twice[0]), rule, remedy))
    for place, other, among in (
        ("asked again", duty, accounts),
        *([("as a pickled copy", _copied(duty), accounts)] if pickled else []),
        ("about nobody", duty, []),
        ("about everybody in another order", duty, accounts[::-1]),
        *((f"about {id_text(it.relationship.id)} alone", duty, [it]) for it in accounts),
    ):
        faults += _compared(other, known, place, among, usual)
    return faults or _plan_faults(duty, accounts, known)


def _answers(
    duty: Duty | None, accounts: Sequence[Account], known: Circumstances, place: str
) -> tuple[list[Wanted | LookAgain] | None, list[Fault]]:
    if duty is None:
        rule, remedy = (
            "cannot be pickled",
            "Define the class at the top of a module; fields hold plain values.",
        )
        return None, [Fault("pickle", place, rule, remedy)]
    try:
        answer: Iterable[object] = duty.wanted(accounts, known)
        found = list(answer)
    except Exception as error:  # noqa: BLE001 # whatever an author's code raises is what he must be told
        remedy = "Expect any number of relationships, in any stage, with or without contract."
        return None, [Fault(f"wanted {place}", f"{type(error).__name__}: {error}", "raises an error", remedy)]
    strange = [it for it in found if not isinstance(it, Wanted | LookAgain)]
    if strange:
        rule, remedy = "must give Wanted and LookAgain", "Yield nothing for whom nothing is owed."
        return None, [Fault(f"wanted {place}", repr(strange[0]), rule, remedy)]
    return [it for it in found if isinstance(it, Wanted | LookAgain)], []


def _answer_faults(it: Wanted | LookAgain, accounts: Sequence[Account], currency: str) -> Iterable[Fault]:
    account = next((a for a in accounts if a.relationship.id == it.relationship), None)
    place = f"wanted for {id_text(it.relationship)}"
    if account is None:
        yield Fault(place, repr(it.relationship), "must be one asked about", "Answer for the accounts given.")
        return
    instants = [it.at] if isinstance(it, LookAgain) else [it.since, it.due]
    if any(at.tzinfo is None for at in instants):
        yield Fault(place, str(instants), "must be instants with a zone", "Use known.start_of(day).")
        return
    if isinstance(it, LookAgain):
        return
    if not it.what.strip() or not it.basis.strip():
        yield Fault(place, repr((it.what, it.basis)), "must say what is owed and why", "Fill what and basis.")
    if it.due < it.since:
        rule = f"must not be before it is owed, {it.since.isoformat()}"
        yield Fault(place, f"due {it.due.isoformat()}", rule, "Let it fall due later, or be owed earlier.")
    if it.case is not None and it.case not in account.cases:
        yield Fault(place, f"case {it.case}", "must be one of the relationship", "Leave it out otherwise.")
    least = it.least_compensation
    if isinstance(least, Money) and least.currency != currency:
        yield Fault(place, str(least), f"must be in {currency}", "Use the book's currency.")


def _key(it: Wanted | LookAgain) -> object:
    return it if isinstance(it, LookAgain) else (id_text(it.relationship), it.basis, it.period)


def _copied(duty: Duty) -> Duty | None:
    try:
        copy: Duty = pickle.loads(pickle.dumps(duty))  # noqa: S301 # our own bytes, from the line itself
    except Exception:  # noqa: BLE001 # the fault says so
        return None
    return copy


def _compared(
    duty: Duty | None,
    known: Circumstances,
    place: str,
    accounts: Sequence[Account],
    usual: Sequence[Wanted | LookAgain],
) -> list[Fault]:
    ids = {it.relationship.id for it in accounts}
    wanted = Counter(it for it in usual if it.relationship in ids)
    found, faults = _answers(duty, accounts, known, place)
    if found is None or Counter(found) == wanted:
        return faults
    missing, more = wanted - Counter(found), Counter(found) - wanted
    value = f"{len(missing)} less and {len(more)} more, such as {next(iter([*more, *missing]))}"
    return [Fault(f"wanted {place}", value, "must not change what is owed", _PURE)]


def _plan_faults(duty: Duty, accounts: Sequence[Account], known: Circumstances) -> list[Fault]:
    """Faults that show only when the answers are put into a plan: what a run would do."""
    try:
        planned([duty], accounts, known)
    except Exception as error:  # noqa: BLE001 # as above
        remedy = "Compare with the duties that ship."
        return [Fault("plan", f"{type(error).__name__}: {error}", "cannot be recorded", remedy)]
    return []
