"""Commands that bring what we owe up to date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Unpack

import attrs

from retainsdk.commands.desk import Desks, refuse_instant
from retainsdk.duties import Circumstances, Duties
from retainsdk.duties.plan import Plan, planned
from retainsdk.duties.registry import shown
from retainsdk.errors import CommandError, UnknownNameError
from retainsdk.events import (
    CommitmentBroken,
    CommitmentKept,
    CommitmentMade,
    DueMoved,
    DutyChanged,
    Happening,
    Voided,
)
from retainsdk.journal import Decision, How, aware, utc_text
from retainsdk.ledger import DUTY_STREAMS, Ledger, duty_stream, id_in, relationship_stream
from retainsdk.vocabulary import Audience

_OF_ONE = ("relationship", "customer")


@attrs.frozen(kw_only=True)
class DutyRun:
    """
    What a run of duties changed.

    Attributes:
        opened: Commitments that were missing.
        moved: Those that fall due at another time.
        voided: Those that had lost what they followed from.
        settled: Those that were kept, or broken, without anybody having said so.
        looked_at: How many relationships were looked at: those that changed since the last run, and those whose
            wake-up date has come.
    """

    opened: int
    moved: int
    voided: int
    settled: int
    looked_at: int


@attrs.define
class _Memory:
    """What this process remembers of the last run; without it a run looks at everybody and comes to the same."""

    duties: Duties | None
    ledger: Ledger
    versions: dict[str, int] = attrs.Factory(dict)
    position: int = 0
    wake: dict[int, datetime] = attrs.Factory(dict)


class DutyCommands(Desks):
    """Commands that bring what we owe up to date."""

    _memory: _Memory | None = None

    def change_duty(
        self, duty: str, *, on: bool = True, figures: Mapping[str, int] | None = None, **how: Unpack[How]
    ) -> None:
        """
        The book owes by a rule from now on, with these figures, or no longer: the next run of duties goes by it.

        Args:
            duty: Its name, like ``notices``; see `duties`.
            on: Whether it is owed by. What a duty that is off opened and is not due yet is voided by the next run.
            figures: Those to change, like ``end_days``; 0 is nothing promised. The others stay as the book says.
            how: See `How`.

        Raises:
            UnknownNameError: When there is no such duty, or it has no such figure.
            CommandError: When a figure is below nothing, or they cannot stand together.
        """
        asked = dict(figures or {})

        def decide(ledger: Ledger, at: datetime) -> Decision:
            known = ledger.duties.get(duty)
            if known is not None and at < known[0]:
                raise CommandError(
                    f"duty {duty} as of {at.isoformat()}",
                    f"was changed later, {known[0].isoformat()}",
                    "Change it as of a later instant, or of now.",
                )
            kept = {} if known is None else known[1].figures
            body = DutyChanged(on=on, figures=kept | asked)
            Duties.of_book(
                {duty: attrs.evolve(body, on=True)}
            )  # a figure that cannot be is refused though it is off
            return None, [Happening(stream=duty_stream(duty), body=body, occurred_at=at)]

        self._commit("change_duty", (duty, on, asked), how, lambda: self._read([duty_stream(duty)]), decide)

    def duties(self, as_of: datetime | None = None) -> Duties:
        """What the firm owes by its rules, as the book says at an instant; now, when not said."""
        by = None if as_of is None else utc_text(aware(as_of, "as_of"))
        return _as_said(self._read([DUTY_STREAMS], by)[0])

    def run_duties(self, *, duties: Duties | None = None, **how: Unpack[How]) -> DutyRun:
        """
        Open the commitments that we owe and that are missing, and void those we no longer owe.

        Running again changes nothing. The first run of a process reads the whole book; later ones read what was
        written since, and look at the relationships it concerns and at those whose wake-up date has come. Other
        processes that want to write wait from that look on until what follows from it is written: so whoever else
        runs duties at the same time owes nothing twice, and nobody is overtaken.

        Args:
            duties: Which are on, with which parameters; as the book says unless given, see `change_duty`.
            how: See `How`; the book reads its own clock, so ``occurred_at`` is refused.
        """
        refuse_instant(how, "duties", "are run for now only")
        asked = "as the book says" if duties is None else str(duties)
        memory, everybody = self._memory, False
        if memory is None or memory.duties != duties:
            memory, everybody = _Memory(duties=duties, ledger=self._empty()), True
        self._memory = None  # whatever fails below, the next run begins from the book itself
        versions: dict[str, int] = {}
        looked = False

        def read() -> tuple[Ledger, dict[str, int]]:
            return memory.ledger, versions

        def decide(ledger: Ledger, at: datetime) -> Decision:
            nonlocal looked
            looked, touched = True, self._catch_up(memory)
            owed = _as_said(ledger) if duties is None else duties
            known = Circumstances(ledger=ledger, now=at, calendar=self._calendar)
            ids = _to_look_at(memory, None if everybody else touched, at)
            accounts = [ledger.account(id_) for id_ in ids]
            plan = planned(owed.with_plugins(self._plugins, accounts, known), accounts, known)
            if self._plugins.answers("remedy_for"):
                plan = self._with_remedies(plan)
            happenings = [
                Happening(stream=relationship_stream(id_), body=body, occurred_at=when)
                for id_, dated in plan.bodies.items()
                for when, body in dated
            ]
            versions.update({it.stream: memory.versions[it.stream] for it in happenings})
            for happening in happenings:  # folded by the commit; not to be folded again when they are read
                memory.versions[happening.stream] += 1
            for id_ in ids:
                memory.wake.pop(id_, None)
            memory.wake.update(plan.wake)
            return _counts(happenings, len(ids)), happenings

        if everybody:  # the long look at the whole book makes nobody wait
            self._catch_up(memory)
        with self.unit():
            run = DutyRun(**self._commit("run_duties", asked, how, read, decide))
        # not when a repeated key was answered from the book, nor while a unit or a host can still undo it
        if looked and self._store.is_settled():
            self._memory = memory
        return run

    def record_event(self, relationship: int, body: object, **how: Unpack[How]) -> None:
        """
        Something happened that a plug-in has added a word for, see `retainsdk.hooks.Registry.add_event`.

        Raises:
            UnknownNameError: When no plug-in of this book has added such an event.
        """
        name = type(body).__name__
        if self._plugins.registry.events.get(name) is not type(body):
            raise UnknownNameError(name, tuple(self._plugins.registry.events))
        self._of("record_event", relationship, body, how)

    def gather_signals(self, **how: Unpack[How]) -> int:
        """
        Ask every plug-in of a department for the signs it sees, and raise those that do not stand yet.

        Returns:
            How many were raised; asked again, a sign that stands is not raised anew (CONCEPTS D2).
        """

        def decide(ledger: Ledger, at: datetime) -> Decision:
            accounts = [ledger.accounts[id_] for id_ in sorted(ledger.accounts)]
            known = Circumstances(ledger=ledger, now=at, calendar=self._calendar)
            stand = {
                (account.relationship.id, signal.department, signal.kind)
                for account in accounts
                for signal in account.timeline.signals.values()
                if signal.stands
            }
            happenings = []
            for _, answer in self._plugins.every("signals", shown(accounts, known)):
                for id_, bodies in (answer or {}).items():
                    for body in bodies:
                        sign = (ledger.account(id_).relationship.id, body.department, body.kind)
                        if sign not in stand:
                            stand.add(sign)
                            happenings.append(
                                Happening(stream=relationship_stream(id_), body=body, occurred_at=at)
                            )
            return len(happenings), happenings

        return int(self._for_everybody("gather_signals", None, how, decide))

    def _catch_up(self, memory: _Memory) -> set[str] | None:
        """Fold what was written since; the streams it is in, or none when it concerns everybody."""
        streams: set[str] | None = set()
        for event in self._recorded(self._store.read(after=memory.position)):
            memory.position = event.position
            if event.version <= memory.versions.get(event.stream, 0):
                continue  # what the last run wrote is folded already
            memory.ledger.take(event.stream, event.body, event.occurred_at, event.actor, event.version)
            memory.versions[event.stream] = event.version
            if not event.stream.startswith(_OF_ONE):
                streams = None
            elif streams is not None:
                streams.add(event.stream)
        return streams

    def _with_remedies(self, plan: Plan) -> Plan:
        """The same plan, with the least compensation a plug-in sets for what customers would notice."""
        made = [
            (id_, place, body)
            for id_, dated in plan.bodies.items()
            for place, (_, body) in enumerate(dated)
            if isinstance(body, CommitmentMade) and body.audience is Audience.CUSTOMER
        ]
        answer = (
            self._plugins.first("remedy_for", lambda _: {"commitments": [body for _, _, body in made]}) or {}
        )
        bodies = {id_: list(dated) for id_, dated in plan.bodies.items()}
        for number, least in answer.items():
            id_, place, body = made[number]
            self._refuse_foreign(least)
            bodies[id_][place] = (bodies[id_][place][0], attrs.evolve(body, least_compensation=least))
        return attrs.evolve(plan, bodies=bodies)


def _as_said(ledger: Ledger) -> Duties:
    return Duties.of_book({name: body for name, (_, body) in ledger.duties.items()})


def _to_look_at(memory: _Memory, touched: Iterable[str] | None, now: datetime) -> list[int]:
    ledger = memory.ledger
    if touched is None:
        return sorted(ledger.accounts)
    ids = {id_ for id_, at in memory.wake.items() if at <= now}
    customers = set()
    for stream in touched:
        id_ = id_in(stream)
        if stream.startswith("customer/"):
            customers.add(ledger.resolved(id_))
        else:
            ids.add(id_)
            customers.add(ledger.account(id_).relationship.customer)
    # a person is marked once through all his households, so whoever shares people is looked at together
    for _ in range(2):
        customers |= {
            ledger.resolved(other)
            for customer in customers & ledger.customers.keys()
            for it in ledger.customers[customer].affiliations.values()
            for other in (it.person, it.party)
        }
    ids |= {account.relationship.id for customer in customers for account in ledger.accounts_of(customer)}
    return sorted(ids)


def _counts(happenings: Sequence[Happening], looked_at: int) -> Mapping[str, int]:
    bodies = [happening.body for happening in happenings]
    opened, moved, voided, settled = (
        sum(isinstance(body, kind) for body in bodies)
        for kind in (CommitmentMade, DueMoved, Voided, CommitmentKept | CommitmentBroken)
    )
    return {"opened": opened, "moved": moved, "voided": voided, "settled": settled, "looked_at": looked_at}
