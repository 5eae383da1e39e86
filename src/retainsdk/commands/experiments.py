"""Commands about experiments on the book, and what every contact means for those that run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Unpack

from retainsdk.commands.desk import Desks
from retainsdk.errors import CommandError
from retainsdk.events import ExperimentDeclared, Happening
from retainsdk.journal import Decision, How
from retainsdk.ledger import EXPERIMENT_STREAMS, Ledger, experiment_stream


class ExperimentCommands(Desks):
    """Commands about experiments."""

    def declare_experiment(
        self,
        name: str,
        *,
        purpose: str,
        arms: Sequence[str] = ("control", "treated"),
        shares: Sequence[int] = (1, 1),
        starts_on: date,
        ends_on: date,
        seed: int = 0,
        question: str = "",
        **how: Unpack[How],
    ) -> None:
        """
        Customers are divided by chance, and one part of them is left alone as to contacts for a purpose.

        What is owed is never withheld. A contact that somebody begins all the same is recorded, and counted
        as contamination.

        Args:
            name: Unique in the book.
            purpose: Of the contacts it is about, one of `CONSENT_PURPOSES`.
            arms: The first one is the control, which is left alone.
            shares: Of the arms, in whole parts.
            starts_on: First day on which the control is left alone; never before it is declared.
            ends_on: First day on which it no longer is.
            seed: Another seed divides the customers anew.
            question: What it is to answer, for those who read the result.
            how: See `How`.

        Raises:
            InputError: When it divides nobody, or for no time.
            CommandError: When there is one of that name, or another one for that purpose at the same time.
        """
        body = ExperimentDeclared(
            purpose=purpose,
            arms=tuple(arms),
            shares=tuple(shares),
            starts_on=starts_on,
            ends_on=ends_on,
            seed=seed,
            question=question,
        )
        stream = experiment_stream(name)

        def read() -> tuple[Ledger, dict[str, int]]:
            ledger, versions = self._read([EXPERIMENT_STREAMS, stream])
            versions.pop(EXPERIMENT_STREAMS)  # a folder of streams, and no stream itself
            return ledger, versions

        def decide(ledger: Ledger, at: datetime) -> Decision:
            if name in ledger.experiments:
                raise CommandError(f"experiment {name!r}", "is declared already", "Choose another name.")
            today = ledger.day(at)
            if starts_on < today:
                raise CommandError(
                    f"experiment {name!r} from {starts_on}",
                    f"would begin before it was declared, {today}",
                    "Let it start then or later: who was left alone before cannot be arranged any more.",
                )
            return None, [Happening(stream=stream, body=body, occurred_at=at)]

        self._commit("declare_experiment", (name, body), how, read, decide)
