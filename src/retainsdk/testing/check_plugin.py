"""Tell the author of a plug-in what is wrong with it, before a book relies on its answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import attrs

from retainsdk.account import Account
from retainsdk.book import Book
from retainsdk.codec import id_text
from retainsdk.duties import Circumstances, Duties, Levels
from retainsdk.duties.registry import shown
from retainsdk.errors import CommandError, Fault, InputError, Rejected
from retainsdk.events import CommitmentMade, SignalRaised
from retainsdk.hooks import Hooks, Plugins
from retainsdk.interchange.csv_table import Readers
from retainsdk.opinion import HEALTH, VALUE, Opinions, answer_faults, in_firm
from retainsdk.quantities import Money
from retainsdk.reports.registry import Forms, ReportDesk, Reports
from retainsdk.reports.retrospect import Retrospect
from retainsdk.store.memory import MemoryStore
from retainsdk.testing.builders import SetClock, a_book, now_of
from retainsdk.testing.calls import begun
from retainsdk.testing.check_duty import duty_faults

__all__ = ["check_plugin", "plugin_faults"]

HOOKS = tuple(name for name in vars(Hooks) if not name.startswith("_"))
"""The hooks there are."""


def check_plugin(plugin: object, book: Book | None = None, *, kinds: Sequence[str] = ()) -> None:
    """
    Check a plug-in by every hook it takes part in, and tell all that is wrong with it at once.

    What it answers must be of the right kind, about those it was asked about, the same when asked again, and hold for
    an empty batch; what a model says of one alone it must say of him among others, too. A veto may raise
    `retainsdk.errors.Rejected` and nothing else; an observer must take what it is told; reports are drawn up, and
    written in every form it adds. Commands are checked by the command line that is told of the plug-in.

    Args:
        plugin: To check: the object or module that is given to the book.
        book: With relationships it is asked about; a made-up one if none is given. It is only read.
        kinds: Scores of its own that it is asked for.

    Raises:
        InputError: Naming every fault, with remedy.

    >>> from retainsdk.hooks import hookimpl
    >>> class Weekly:
    ...     @hookimpl
    ...     def cadence_for(self, accounts, known):
    ...         return {account.relationship.id: 7 for account in accounts}
    >>> check_plugin(Weekly())
    """
    faults = plugin_faults(plugin, book, kinds=kinds)
    if faults:
        raise InputError(f"plug-in {getattr(plugin, '__name__', type(plugin).__name__)}", faults)


def plugin_faults(plugin: object, book: Book | None = None, *, kinds: Sequence[str] = ()) -> list[Fault]:
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
    asked = _Asked(plugins=plugins, book=begun(a_book()) if book is None else book, kinds=tuple(kinds))
    return [fault for name in taken for fault in _FAULTS.get(name, _unasked)(asked)]


@attrs.frozen(kw_only=True)
class _Asked:
    """One plug-in that is asked about one book."""

    plugins: Plugins
    book: Book
    kinds: tuple[str, ...] = ()

    @property
    def known(self) -> Circumstances:
        return Circumstances(ledger=self.book.ledger(), now=now_of(self.book), calendar=self.book.calendar)

    @property
    def looked_back(self) -> Retrospect:
        return Retrospect.of(self.book.ledger, now_of(self.book), self.book.calendar)

    def answer(self, hook: str, *, nobody: bool = False) -> Any:  # noqa: ANN401 # as the hook says
        known = self.known
        accounts = [] if nobody else [known.ledger.accounts[id_] for id_ in sorted(known.ledger.accounts)]
        if hook != "signals":  # one answer counts, of the first plug-in that has one
            return self.plugins.first(hook, shown(accounts, known))
        return next((answer for _, answer in self.plugins.every(hook, shown(accounts, known))), None)

    def everybody(self) -> Opinions:
        """What the plug-in says of all relationships."""
        known = self.known
        return self._opinions([known.ledger.accounts[id_] for id_ in sorted(known.ledger.accounts)], known)

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
        yield from answer_faults(hook, first, self.known.ledger.accounts, wrong, wanted)

    def opinion_faults(self, hook: str, say: Callable[[Opinions], Mapping[int, Any]]) -> Iterator[Fault]:
        """Those of a model."""
        known = self.known
        accounts = [known.ledger.accounts[id_] for id_ in sorted(known.ledger.accounts)]
        try:
            first, again = say(self.everybody()), say(self.everybody())
            nobody = say(self._opinions([], known))
            alone = {
                account.relationship.id: say(self._opinions([account], self._without_others(account, known)))
                for account in accounts
            }
        except InputError as error:
            yield from error.faults
            return
        if first != again:
            remedy = "Compute from what the hook is given alone."
            yield Fault(hook, f"{first}, then {again}", "must not change when asked again", remedy)
        if nobody:
            yield Fault(hook, repr(nobody), "must be nothing for nobody", "Answer for those given only.")
        for id_, said in alone.items():
            if said.get(id_) != first.get(id_):
                value = f"{said.get(id_)}, then {first.get(id_)}"
                remedy = "Judge each relationship by itself and the firm."
                yield Fault(
                    f"{hook} of {id_text(id_)}", value, "must be the same alone and among others", remedy
                )
                return

    def _opinions(self, accounts: Sequence[Account], known: Circumstances) -> Opinions:
        return Opinions(self.plugins, accounts, known)

    def _without_others(self, account: Account, known: Circumstances) -> Circumstances:
        ledger = self.book.ledger_of(account.relationship.id, as_of=known.now)
        return attrs.evolve(known, ledger=in_firm(ledger, known.ledger))


def _unasked(_: _Asked) -> Iterator[Fault]:
    """`register_vocabulary` has had its say when the plug-in was loaded; commands are for the command line."""
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


def _scores(asked: _Asked) -> Iterator[Fault]:
    for kind in (HEALTH, VALUE, *asked.kinds):
        yield from asked.opinion_faults("score", lambda them, kind=kind: them.scores(kind) or {})  # type: ignore[misc] # binds the loop's value
    for kind in asked.kinds:
        if asked.everybody().scores(kind) is None:
            remedy = "Answer with {} where there is nothing to say."
            yield Fault("score", "None", f"must know the kind {kind!r}", remedy)
    with suppress(InputError):  # for another reason than what is asked here
        if asked.everybody().scores(_NO_KIND) is not None:
            remedy = "Compare kind with what you know, and return None for the rest."
            yield Fault("score", repr(_NO_KIND), "must be None for a kind it knows nothing of", remedy)


_NO_KIND = "a score that nobody knows"


def _modifiers(asked: _Asked) -> Iterator[Fault]:
    return asked.opinion_faults("value_modifiers", lambda them: them.modifiers())


def _suitability(asked: _Asked) -> Iterator[Fault]:
    return asked.opinion_faults("suitability", lambda them: them.suitability())


def _reports(asked: _Asked) -> Iterator[Fault]:
    reports = Reports()
    try:
        asked.plugins.each(
            "register_report", lambda name, purposes: {"registry": ReportDesk(reports, name, purposes)}
        )
        for named in reports.all():
            if named.plugin:
                reports.drawn(named.name, asked.looked_back, {})
    except Exception as error:  # noqa: BLE001 # as above
        remedy = "Draw up a Report of any book."
        yield Fault("register_report", f"{type(error).__name__}: {error}", "raises an error", remedy)


def _forms(asked: _Asked) -> Iterator[Fault]:
    forms = Forms.own()
    report = Reports().drawn("promises", asked.looked_back, {})
    try:
        asked.plugins.each("register_exporter", lambda name, _: {"registry": Forms(forms, name)})
        for ending in forms.keys() - Forms.own().keys():
            forms[ending](report)
    except InputError as error:
        yield from error.faults
    except Exception as error:  # noqa: BLE001 # as above
        remedy = "Add forms with endings of their own."
        yield Fault("register_exporter", f"{type(error).__name__}: {error}", "raises an error", remedy)


def _readers(asked: _Asked) -> Iterator[Fault]:
    try:
        asked.plugins.each("register_importer", lambda name, _: {"registry": Readers({}, name)})
    except Exception as error:  # noqa: BLE001 # as above
        remedy = "Add readers with endings of their own."
        yield Fault("register_importer", f"{type(error).__name__}: {error}", "raises an error", remedy)


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
    "score": _scores,
    "value_modifiers": _modifiers,
    "suitability": _suitability,
    "register_report": _reports,
    "register_exporter": _forms,
    "register_importer": _readers,
    "after_commit": _observer,
}
