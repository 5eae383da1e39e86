"""A call practised at the terminal, or through a pipe."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from retainsdk.errors import Fault, InputError
from retainsim.cli.door import INTERRUPTED, debug
from retainsim.cli.options import as_json

if TYPE_CHECKING:
    from retainsim.training.after import Goals, Keeper
    from retainsim.training.desk import Desk

LARGEST_SEED = 2**63 - 1


@click.command()
@click.argument("scenario", default="no_need")
@click.option(
    "--seed",
    type=click.IntRange(0, LARGEST_SEED),
    default=1,
    show_default=True,
    help="Another seed, another customer.",
)
@click.option(
    "--lang",
    type=click.Choice(["en", "he"]),
    default="en",
    show_default=True,
    help="Of the call and the screen.",
)
@click.option(
    "--gender",
    type=click.Choice(["feminine", "masculine"]),
    help="Yours: Hebrew speaks to you by it. Left to chance if not given.",
)
@click.option("--name", default="", help="By which the customer hears you.")
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep the call there after every move, and go on with it if it is there.",
)
@click.option(
    "--goal", default="", help="What you set yourself for this call: shown with the briefing and the debrief."
)
@as_json
@debug
def call(
    scenario: str,
    seed: int,
    lang: str,
    gender: str | None,
    name: str,
    file: Path | None,
    goal: str,
    *,
    as_json: bool,
) -> None:
    """
    Take a call from a customer of SCENARIO, by default one who has “no need for the service”.

    You have twelve moves at most, from a numbered menu. After the call you say what you believe the reason was; then you
    hear the decision and the truth, see how the call scores, and may hear an expert take it or go back to a move.

    With --json every screen is one line of JSON, and every line of input one step, such as {"move": "ask_open"},
    {"move": "offer_discount", "amount": 500, "months": 6}, {"move": "promise_follow_up", "days": 3}, {"forecast":
    {"life_event": 1}, "stays": 0.5} or {"fork": 2}.
    """
    from retainsim.training.desk import Desk  # noqa: PLC0415 # numba
    from retainsim.training.lines import Gender, Language  # noqa: PLC0415 # as above
    from retainsim.training.record import read_record  # noqa: PLC0415 # as above

    if file is not None and file.exists():
        record = read_record(file.read_bytes(), source=file.name)
        _goes_on_with(file, scenario=record.scenario, seed=record.seed)
        desk = Desk.kept(record)
    else:
        known = None if gender is None else Gender(gender)
        desk = Desk.begin(scenario, seed=seed, language=Language(lang), gender=known, name=name)

    kept = _InFile(file, goal)
    try:
        taken_by(kept, goals=kept, kept_in=str(file or ""), as_json=as_json)(desk)
    except click.Abort:
        told = "questions.paused" if file is not None and file.exists() else "questions.broken"
        click.echo(f"\n{desk.word(told, file=str(file))}", err=True)
        click.get_current_context().exit(INTERRUPTED)


def _goes_on_with(file: Path, **kept: object) -> None:
    """Refuses to go on with the call in a file where another one was asked for."""
    context = click.get_current_context()
    faults = [
        Fault(
            name,
            str(context.params[name]),
            f"is not of the call kept there, {was}",
            "Leave it out, or name another file.",
        )
        for name, was in kept.items()
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE and context.params[name] != was
    ]
    if faults:
        raise InputError(file.name, faults)


class _InFile:
    """Keeps a call in a file, or nowhere; all is open after it, and a goal is the trainee's own to bring along."""

    def __init__(self, file: Path | None, goal: str) -> None:
        from retainsim.training.after import After  # noqa: PLC0415 # numba

        self.file, self.goal, self.after = file, goal, After()

    def keep(self, desk: Desk) -> None:
        """In the file."""
        from retainsdk.whole_file import write_whole  # noqa: PLC0415 # as above

        if self.file is not None:
            write_whole(self.file, desk.record().to_json())

    def aim(self, desk: Desk, goal: str) -> str:
        """How to begin the next call with it."""
        return f"{desk.word('goal.by_option')} retainsim call --goal {shlex.quote(goal)}"

    def forked(self, turn: int) -> None:
        """As often as he likes."""


def taken_by(
    keeper: Keeper, *, goals: Goals | None = None, kept_in: str = "", as_json: bool
) -> Callable[[Desk], None]:
    """Who takes the call: a program or a person; only what is needed is imported."""
    if as_json:
        from retainsim.cli.pipe import Piped  # noqa: PLC0415 # numba

        return Piped(keeper, goals).play
    from retainsim.cli.seat import Seated  # noqa: PLC0415 # numba, rich

    return Seated(keeper, goals=goals, kept_in=kept_in).play
