"""Tell the author of a plug-in what is wrong with it, before a book relies on its answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import attrs

from retainsdk.book import Book
from retainsdk.duties import Circumstances, Duties, Levels
from retainsdk.duties.registry import shown
from retainsdk.errors import CommandError, Fault, InputError, Rejected
from retainsdk.events import CommitmentMade, SignalRaised
from retainsdk.hooks import Hooks, Plugins
from retainsdk.quantities import Money
from retainsdk.store.memory import MemoryStore
from retainsdk.testing.builders import SetClock, a_book, now_of
from retainsdk.testing.calls import begun
from retainsdk.testing.check_duty import duty_faults

__all__ = ["check_plugin", "plugin_faults"]

HOOKS = tuple(name for name in vars(Hooks) if not name.startswith("_"))
"""The hooks there are."""


def check_plugin(plugin: object, book: Book | None = None) -> None:
    """
    Check a plug-in by every hook it takes part in, and tell all that is wrong with it at once.

    What it answers must be of the right kind, about those it was asked about, the same when asked again, and hold for
    an empty batch; a veto may raise `retainsdk.errors.Rejected` and nothing else; an observer must take what it is told.

    Args:
        plugin: To check: the object or module that is given to the book.
        book: With relationships it is asked about; a made-up one if none is given. It is only read.

    Raises:
        InputError: Naming every fault, with remedy.

    >>> from retainsdk.hooks import hookimpl
    >>> class Weekly:
    ...     @hookimpl
    ...     def cadence_for(self, accounts, known):
    ...         return {account.relationship.id: 7 for account in accounts}
    >>> check_plugin(Weekly())
    """
    faults = plugin_faults(plugin, book)
    if faults:
        raise InputError(f"plug-in {getattr(plugin, '__name__', type(plugin).__name__)}", faults)


def plugin_faults(plugin: object, book: Book | None = None) -> list[Fault]:
    """What `check_plugin` finds, as a list."""
    purposes: object = getattr(plugin, "purposes", ())
    if isinstance(purposes, str) or not isinstance(purposes, Collection):
        return [Fault("purposes", repr(purposes), "must be several words", 'Write purposes = ("service",).')]
    try:
        plugins = Plugins([plugin])
    except CommandError as error:
        return [Fault("hooks", error.rule, "must be as retainsdk.hooks.Hooks has them", error.remedy)]
    taken = [name for name in HOOKS if plugins.answers(name)]
    if not taken:
        remedy = "Mark its functions with @hookimpl and name them as the hooks."
        return [Fault("hooks", "none", "must take part in a hook", remedy)]
    asked = _Asked(plugins=plugins, book=begun(a_book()) if book is None else book)
    return [fault for name in taken for fault in _FAULTS.get(name, _unasked)(asked)]


@attrs.frozen(kw_only=True)
class _Asked:
    """One plug-in that is asked about one book."""

    plugins: Plugins
    book: Book

    @property
    def known(self) -> Circumstances:
        return Circumstances(ledger=self.book.ledger(), now=now_of(self.book), calendar=self.book.calendar)

    def answer(self, hook: str, *, nobody: bool = False) -> Any:  # noqa: ANN401 # as the hook says
        known = self.known
        accounts = [] if nobody else [known.ledger.accounts[id_] for id_ in sorted(known.ledger.accounts)]
        if hook != "signals":  # one answer counts, of the first plug-in that has one
            return self.plugins.first(hook, shown(accounts, known))
        return next((answer for _, answer in self.plugins.every(hook, shown(accounts, known))), None)

    def faults(self, hook: str, wrong: Callable[[Any], str], wanted: str) -> Iterator[Fault]:
        """Those of a hook that answers with something by the ids of relationships."""
        try:
            first, again, nobody = self.answer(hook), self.answer(hook), self.answer(hook, nobody=True)
        except Exception as error:  # noqa: BLE001 # whatever an author's code raises is what he must be told
            remedy = "Expect any number of relationships, in any stage."
            yield Fault(hook, f"{type(error).__name__}: {error}", "raises an error", remedy)
            return
        if first != again:
            remedy = "Compute from what the hook is given alone."
            yield Fault(hook, f"{first}, then {again}", "must not change when asked again", remedy)
        if nobody:
            yield Fault(hook, repr(nobody), "must be nothing for nobody", "Answer for those given only.")
        if first is None:
            return
        if not isinstance(first, Mapping):
            yield Fault(hook, repr(first), "must be a mapping by ids, or None", "Return {} for nothing.")
            return
        for id_, value in first.items():
            if id_ not in self.known.ledger.accounts:
                yield Fault(hook, repr(id_), "must be one asked about", "Key by account.relationship.id.")
            elif why := wrong(value):
                yield Fault(f"{hook} of {id_}", repr(value), why, wanted)


def _unasked(_: _Asked) -> Iterator[Fault]:
    """`register_vocabulary` has had its say when the plug-in was loaded."""
    return iter(())


def _cadence(asked: _Asked) -> Iterator[Fault]:
    def wrong(days: object) -> str:
        return "" if type(days) is int and days > 0 else "must be whole days, more than 0"

    return asked.faults("cadence_for", wrong, "Leave out whom no contact is promised.")


def _levels(asked: _Asked) -> Iterator[Fault]:
    def wrong(levels: object) -> str:
        return "" if isinstance(levels, Levels) else "must be Levels"

    return asked.faults("service_levels_for", wrong, "Build retainsdk.duties.Levels.")


def _tier(asked: _Asked) -> Iterator[Fault]:
    def wrong(tier: object) -> str:
        return "" if isinstance(tier, str) and tier else "must be the name of a tier"

    return asked.faults("tier_for", wrong, "Leave out who has none.")


def _signals(asked: _Asked) -> Iterator[Fault]:
    def wrong(bodies: object) -> str:
        fits = isinstance(bodies, Sequence) and all(isinstance(it, SignalRaised) for it in bodies)
        return "" if fits else "must be a list of SignalRaised"

    return asked.faults("signals", wrong, "Give one SignalRaised a sign.")


def _commitments(asked: _Asked) -> Iterator[Fault]:
    known = asked.known
    duty = Duties().with_plugins(asked.plugins, list(known.ledger.accounts.values()), known)[-1]
    yield from duty_faults(duty, asked.book, pickled=False)


def _duty(asked: _Asked) -> Iterator[Fault]:
    for shipped in Duties().all():
        other = asked.plugins.first("duty_for", lambda _, name=shipped.name: {"name": name})  # type: ignore[misc] # binds the loop's value
        if other is not None:
            yield from (
                attrs.evolve(it, place=f"duty_for {shipped.name}, {it.place}")
                for it in duty_faults(other, asked.book)
            )


def _remedy(asked: _Asked) -> Iterator[Fault]:
    promises = [it.body for it in asked.book.events(name=CommitmentMade.__name__)]
    answer = asked.plugins.first("remedy_for", lambda _: {"commitments": promises})
    for place, least in (answer or {}).items():
        if not (type(place) is int and 0 <= place < len(promises)):
            remedy = "Key by the place in the list."
            yield Fault("remedy_for", repr(place), "must be a place in the list", remedy)
        elif not isinstance(least, Money) or least.currency != asked.book.currency:
            rule = f"must be money in {asked.book.currency}"
            yield Fault(f"remedy_for {place}", repr(least), rule, "Use the book's currency.")


def _veto(asked: _Asked) -> Iterator[Fault]:
    plugin = asked.plugins._manager.get_plugins()  # noqa: SLF001 # the object itself, to put into another book
    book = Book(MemoryStore(), currency="EUR", clock=SetClock())
    book._plugins = Plugins(list(plugin))  # noqa: SLF001 # the same
    try:
        begun(book)
    except Rejected:
        return
    except Exception as error:  # noqa: BLE001 # as above
        remedy = "Raise retainsdk.errors.Rejected with a rule's name and a reason, or nothing."
        yield Fault("before_append", f"{type(error).__name__}: {error}", "raises another error", remedy)


def _observer(asked: _Asked) -> Iterator[Fault]:
    events = list(asked.book.events())
    for name in asked.plugins.names("after_commit"):
        for batch in (events, events, []):
            if not asked.plugins.told(name, lambda _, batch=batch: batch):  # type: ignore[misc] # binds the loop's value
                remedy = "Expect any events, the same ones again after a failure; the log of retainsdk.hooks has the error."
                yield Fault("after_commit", f"{len(batch)} events", "must be taken without an error", remedy)
                return


_FAULTS: Mapping[str, Callable[[_Asked], Iterator[Fault]]] = {
    "before_append": _veto,
    "commitments_due": _commitments,
    "duty_for": _duty,
    "cadence_for": _cadence,
    "service_levels_for": _levels,
    "tier_for": _tier,
    "remedy_for": _remedy,
    "signals": _signals,
    "after_commit": _observer,
}
