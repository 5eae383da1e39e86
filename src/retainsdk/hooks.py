"""
Where other people's code takes part in a book: the hooks, and how they are called.

A plug-in is any object or module whose functions carry the mark `hookimpl` and the name of a hook in `Hooks`. Hooks
that answer are pure, and get whole batches. One of them vetoes (`before_append`); the others inform or observe, and
none of them means to stop a command. What a model answers is checked, and whoever answers wrongly, or fails, is named
by the error that the caller gets; nothing is written then.

What a plug-in is shown holds no sensitive fact, unless the plug-in says for which purposes it works, in an attribute
``purposes``, and the fact may be used for one of them.

>>> from retainsdk.errors import Rejected
>>> class OfficeRules:
...     @hookimpl
...     def before_append(self, context, events):
...         if context.actor == "robot":
...             raise Rejected("no_robots", "only people write into this book")
>>> plugins = Plugins([OfficeRules()])
>>> plugins.veto(Context(command="promise", actor="robot", reason=""), lambda purposes: ("a promise",))
Traceback (most recent call last):
retainsdk.errors.Rejected: no_robots: only people write into this book. Ask whoever set the rule.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import attrs
import pluggy

from retainsdk.codec import UPCASTERS, decoded
from retainsdk.errors import CommandError, Fault, InputError
from retainsdk.events import REGISTRY, SCHEMAS, CommitmentMade, Happening, Recorded, event
from retainsdk.quantities import Money
from retainsdk.vocabulary import Reason

if TYPE_CHECKING:  # what hooks are shown lives in higher layers; only they make it
    from retainsdk.account import Account
    from retainsdk.cli.plugins import CommandLine
    from retainsdk.duties import Circumstances, Duty, Levels, LookAgain, Wanted
    from retainsdk.events import SignalRaised
    from retainsdk.firm.offering import Judgement, Offering
    from retainsdk.interchange.csv_table import Readers
    from retainsdk.reports.registry import Forms, ReportDesk
    from retainsdk.value.customer_value import Custom
    from retainsdk.value.health import Signs
    from retainsdk.value.modifier import Modifier
    from retainsdk.value.score import Score

__all__ = ["Context", "Hooks", "Plugins", "Registry", "hookimpl"]

PROJECT = "retainsdk"
"""The group of entry points under which packages offer plug-ins."""

hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function of a plug-in as the answer to the hook of its name."""

_hook = pluggy.HookspecMarker(PROJECT)
_LOG = logging.getLogger(__name__)

FAILURES_UNTIL_PARKED = 3
"""How often in a row an observer may fail before the book stops calling it."""

Purposes = frozenset[str]


@contextmanager
def blamed(plugin: str, hook: str, remedy: str) -> Iterator[None]:
    """
    Tell whatever goes wrong inside as a fault of a plug-in.

    Raises:
        InputError: In the place of any error.
    """
    try:
        yield
    except Exception as error:  # whatever it is, it is the plug-in's own
        fault = Fault(hook, f"{type(error).__name__}: {error}", "raises an error", remedy)
        raise InputError(f"plug-in {plugin}", [fault]) from error


@attrs.frozen(kw_only=True)
class Context:
    """
    What stands around events that are about to be written.

    Attributes:
        command: The command they come from, by the name it is called by: ``promise``, ``complete_end``.
        actor: Who gave it.
        reason: Why, when he said so.
    """

    command: str
    actor: str
    reason: str


class Registry:
    """
    Takes the words that a plug-in adds to those a book knows.

    Words are added where a book that is opened without the plug-in can still be read, or says what it lacks: events
    of its own, with what makes new bodies of old ones, and details of reasons to leave. Channels, roles, stages and
    the reasons themselves are closed lists: they are codes and bits of the view, by which policies, markets and
    reports of every firm agree. The steps of a dispute need no words: each takes any document, as a text.

    Attributes:
        events: Bodies by name.
        reasons: Details of reasons to leave.
    """

    def __init__(self) -> None:
        self.events: dict[str, type] = {}
        self.reasons: dict[str, Reason] = {}

    def add_event(
        self,
        body: type,
        *,
        schema: int = 1,
        upcasters: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] | None = None,
    ) -> None:
        """
        Add a frozen attrs class as an event that can be recorded on a relationship's timeline.

        Events are known to the process, not to one book: whoever reads a book that holds them needs the plug-in.

        Args:
            body: The class.
            schema: How its body looks by now: 1, and one more whenever stored bodies can no longer be read as they are.
            upcasters: For each schema it ever had, what makes of a stored body, as JSON has it, that of the next.

        Raises:
            CommandError: When another event has this name, or bodies of an older schema could not be read.
        """
        name, steps = body.__name__, upcasters or {}
        if REGISTRY.get(name, body) is not body:
            raise CommandError(
                f"event {name!r}", "is another one's name already", "Choose a name of your own."
            )
        if sorted(steps) != list(range(1, schema)):
            raise CommandError(
                f"event {name!r} of schema {schema}",
                f"has upcasters from {sorted(steps) or 'none'}",
                f"Give one from each of {list(range(1, schema))}." if schema > 1 else "Give none.",
            )
        if name not in REGISTRY or SCHEMAS[name] != schema:
            event(body, schema=schema)
            decoded.cache_clear()  # what was read by now was read as it looked before
        UPCASTERS.update({(name, older): step for older, step in steps.items()})
        self.events[name] = body

    def add_reason(self, detail: str, *, under: Reason) -> None:
        """
        Add a detail to the reasons to leave, for `record_exit_reason` of books that have the plug-in.

        What was recorded with it is read by every book.

        Raises:
            CommandError: When another plug-in hangs it on another reason.
        """
        if self.reasons.setdefault(detail, under) is not under:
            raise CommandError(
                f"detail {detail!r}",
                f"is a case of {self.reasons[detail].name.lower()} already",
                "Choose words of your own.",
            )


class Hooks:
    """
    The hooks: the first word of each says what it is for.

    An implementation may leave out arguments of its signature, and gives None to pass. Of several plug-ins the one named
    last is asked first. Answers are pure: from the same arguments the same answer, without a clock, and nothing that is
    given is changed.
    """

    @_hook
    def register_vocabulary(self, registry: Registry) -> None:
        """Vocabulary: add event types, and details of reasons to leave. Called once, when the book is made."""

    @_hook
    def before_append(self, context: Context, events: Sequence[Happening]) -> None:
        """Veto: raise `retainsdk.errors.Rejected` and nothing is written. Called once a commit."""

    @_hook
    def commitments_due(
        self, accounts: Sequence[Account], known: Circumstances
    ) -> Iterable[Wanted | LookAgain] | None:
        """Duty: which commitments should exist; they count as a duty of their own under the plug-in's name."""

    @_hook(firstresult=True)
    def duty_for(self, name: str) -> Duty | None:
        """Duty: another duty in the place of the book's one of that name."""

    @_hook(firstresult=True)
    def cadence_for(self, accounts: Sequence[Account], known: Circumstances) -> Mapping[int, int] | None:
        """Duty: days between two contacts promised to some of these relationships, by their ids."""

    @_hook(firstresult=True)
    def service_levels_for(
        self, accounts: Sequence[Account], known: Circumstances
    ) -> Mapping[int, Levels] | None:
        """Duty: how fast some of these relationships are to be answered, by their ids."""

    @_hook(firstresult=True)
    def tier_for(self, accounts: Sequence[Account], known: Circumstances) -> Mapping[int, str] | None:
        """Duty: the tier whose benefits some of these relationships are granted, by their ids."""

    @_hook(firstresult=True)
    def remedy_for(self, commitments: Sequence[CommitmentMade]) -> Mapping[int, Money] | None:
        """Duty: the least compensation if some of these are broken, by their places in the list."""

    @_hook
    def signals(
        self, accounts: Sequence[Account], known: Circumstances
    ) -> Mapping[int, Sequence[SignalRaised]] | None:
        """Model: signs of trouble that a department sees, by relationship; `Book.gather_signals` asks for them."""

    @_hook
    def score(
        self,
        kind: str,
        accounts: Sequence[Account],
        features: Mapping[int, Signs] | Mapping[int, Custom],
        known: Circumstances,
    ) -> Mapping[int, Score] | None:
        """
        Model: parts of a score of some of these relationships, by their ids; None for a kind that it knows nothing of.

        To ``"health"`` it adds points that it takes away, of 0 or less; to ``"customer value"`` money that is still to
        come. Any other kind is a score of its own: `Book.score` asks for it. *features* are the figures that the book
        works its own kinds out from, as far as the plug-in may know them; of other kinds there are none.
        """

    @_hook
    def value_modifiers(
        self, accounts: Sequence[Account], known: Circumstances
    ) -> Mapping[int, Sequence[Modifier]] | None:
        """Model: what makes some of these relationships worth more, or less, than what they buy says, by their ids."""

    @_hook
    def suitability(
        self, offering: Offering, accounts: Sequence[Account], known: Circumstances
    ) -> Mapping[int, Judgement] | None:
        """
        Model: how well a package suits some of these relationships, by their ids, in the place of their use.

        The first plug-in that speaks of a relationship counts for it. What the package's own conditions rule out stays so.
        """

    @_hook
    def register_report(self, registry: ReportDesk) -> None:
        """Present: add reports of your own. Called once, when the first report is asked for."""

    @_hook
    def register_exporter(self, registry: Forms) -> None:
        """Present: add forms that reports are written in. Called when a report is written to a file."""

    @_hook
    def register_importer(self, registry: Readers) -> None:
        """Present: add forms of files that customer tables are read from. Called when a table is imported."""

    @_hook
    def register_commands(self, cli: CommandLine) -> None:
        """Present: add commands to the command line. Called when it is told of the plug-in by ``--plugin``."""

    @_hook
    def after_commit(self, events: Sequence[Recorded]) -> None:
        """Observe what was written: at least once, in the order of the log, after the commit."""


@attrs.frozen
class Plugin:
    """
    One plug-in that takes part in a hook.

    Attributes:
        name: Its name.
        purposes: For which it works.
        caller: Calls it, and nobody else.
    """

    name: str
    purposes: Purposes
    caller: Callable[..., Any]


class Plugins:
    """
    The plug-ins of one book.

    Args:
        plugins: Objects or modules; ``"installed"`` for all that installed packages offer under the entry point
            group ``retainsdk``. Nothing is looked for unless asked.

    Raises:
        CommandError: When a plug-in answers a hook that there is not, or with arguments the hook has not.
    """

    def __init__(self, plugins: Sequence[object] | Literal["installed"] = ()) -> None:
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(Hooks)
        try:
            if isinstance(plugins, str):
                self._manager.load_setuptools_entrypoints(PROJECT)
            else:
                for plugin in plugins:
                    self._manager.register(plugin, _name_of(plugin, self._manager))
            self._manager.check_pending()
        except (pluggy.PluginValidationError, ValueError) as error:
            raise CommandError("a plug-in", f"does not fit: {error}", "Compare it with Hooks.") from error
        self._failures: dict[str, int] = {}
        self.registry = Registry()
        self._manager.hook.register_vocabulary(registry=self.registry)

    def __bool__(self) -> bool:
        return bool(self._manager.get_plugins())

    def answers(self, hook: str) -> bool:
        """Whether any plug-in takes part in a hook."""
        return bool(getattr(self._manager.hook, hook).get_hookimpls())

    def names(self, hook: str) -> tuple[str, ...]:
        """The plug-ins that take part in a hook, in the order they are called."""
        return tuple(plugin.name for plugin in self.taking_part(hook))

    def first(self, hook: str, shown: Callable[[Purposes], Mapping[str, object]]) -> Any:  # noqa: ANN401 # as the hook says
        """
        The first answer of a plug-in that has one; none when nobody has.

        Args:
            hook: Its name.
            shown: Gives the arguments for a plug-in that works for these purposes.
        """
        for plugin in self.taking_part(hook):
            answer = plugin.caller(**shown(plugin.purposes))
            if answer is not None:
                return answer
        return None

    def every(
        self, hook: str, shown: Callable[[Purposes], Mapping[str, object]]
    ) -> Iterator[tuple[str, Any]]:
        """All answers, each with the name of its plug-in; see `first`."""
        for plugin in self.taking_part(hook):
            for answer in plugin.caller(**shown(plugin.purposes)):
                yield plugin.name, answer

    def each(self, hook: str, shown: Callable[[str, Purposes], Mapping[str, object]]) -> None:
        """Call every plug-in that takes part in a hook, with arguments for its name and the purposes it works for."""
        for plugin in self.taking_part(hook):
            plugin.caller(**shown(plugin.name, plugin.purposes))

    def veto(self, context: Context, events: Callable[[Purposes], Sequence[object]]) -> None:
        """
        Ask everybody whether events may be written.

        Raises:
            Rejected: When somebody says no.
        """
        for plugin in self.taking_part("before_append"):
            plugin.caller(context=context, events=events(plugin.purposes))

    def told(self, name: str, events: Callable[[Purposes], Sequence[Recorded]]) -> bool:
        """
        Tell one observer what was written.

        Returns:
            Whether he took it. An observer that fails is told again the next time, and parked after
            `FAILURES_UNTIL_PARKED` failures in a row: the book goes on without him until it is opened anew.
        """
        plugin = next(it for it in self.taking_part("after_commit") if it.name == name)
        if self.is_parked(name):
            return False
        try:
            plugin.caller(events=events(plugin.purposes))
        except Exception:  # noqa: BLE001 # an observer's failure is his own
            self._failures[name] = self._failures.get(name, 0) + 1
            _LOG.warning("observer %s failed, %d in a row", name, self._failures[name], exc_info=True)
            return False
        self._failures.pop(name, None)
        return True

    def is_parked(self, name: str) -> bool:
        """Whether an observer failed so often in a row that it is called no longer."""
        return self._failures.get(name, 0) >= FAILURES_UNTIL_PARKED

    def taking_part(self, hook: str) -> Iterator[Plugin]:
        """The plug-ins that take part in a hook, in the order they are called."""
        everybody = self._manager.get_plugins()
        for implementation in reversed(getattr(self._manager.hook, hook).get_hookimpls()):
            others = [plugin for plugin in everybody if plugin is not implementation.plugin]
            yield Plugin(
                name=implementation.plugin_name,
                purposes=frozenset(getattr(implementation.plugin, "purposes", ())),
                caller=_asked(self._manager.subset_hook_caller(hook, others)),
            )


def _asked(caller: Callable[..., Any]) -> Callable[..., Any]:
    def ask(**shown: object) -> Any:  # noqa: ANN401 # as the hook says
        return caller(**shown)

    return ask


def _name_of(plugin: object, manager: pluggy.PluginManager) -> str:
    name = getattr(plugin, "__name__", type(plugin).__name__).rpartition(".")[2]
    return name if not manager.has_plugin(name) else f"{name}@{id(plugin):x}"
