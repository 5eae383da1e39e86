"""
Options that several commands take, each defined once, and what they mean to the simulator.

Whatever is wrong with what was given becomes a fault among others, so that a command tells all of them at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from retainsdk.errors import Fault, InputError, PolicyError, UnknownNameError
from retainsim.cli.long_runs import interruptible

if TYPE_CHECKING:
    from retainsdk.policy import Budget, Policy
    from retainsim.market import Preset
    from retainsim.market.law import Law
    from retainsim.market.staff import Staffing
    from retainsim.training.scenario import Scenario

Option = Callable[[Any], Any]
_Made = TypeVar("_Made")

folder = click.Path(path_type=Path, file_okay=False)
_MOST_AT_ONCE = 1_024
"""Threads, or processes: more would only wait for each other."""


def together(*options: Option) -> Option:
    """Several options as one, in the order in which help lists them."""

    def add(command: Any) -> Any:  # noqa: ANN401 # whatever click decorates
        for option in reversed(options):
            command = option(command)
        return command

    return add


def customers(of: str) -> Option:
    """How many, and what *of*."""
    return click.option("--customers", type=int, default=2_000, show_default=True, help=of)


def months(of: str = "Horizon.") -> Option:
    """How long."""
    return click.option("--months", type=int, default=24, show_default=True, help=of)


def worlds(default: int, of: str) -> Option:
    """How many, and what each is."""
    return click.option("--worlds", type=int, default=default, show_default=True, help=of)


def threads(of: str) -> Option:
    """How many, and what they do."""
    return click.option("--threads", type=int, default=1, show_default=True, help=of)


def workers(default: int) -> Option:
    """Processes."""
    return click.option("--workers", type=int, default=default, show_default=True, help="Processes to use.")


def out(of: str, **more: Any) -> Option:  # noqa: ANN401 # as click takes it
    """A folder, and what is written there."""
    return click.option("--out", type=folder, metavar="DIR", help=of, **more)


seed = click.option("--seed", type=int, default=1, show_default=True, help="Root of all luck.")
parameters = click.option(
    "--parameters",
    type=click.Choice(["drawn", "fixed"]),
    default="drawn",
    show_default=True,
    help="Draw the market's parameters for each world, or take them as they stand.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
quiet = click.option("--quiet", is_flag=True, help="No progress bar.")
circumstances = together(
    parameters,
    click.option(
        "--structure", metavar="NAME", help="Of the firms: monopoly, duopoly, competitive, international."
    ),
    click.option(
        "--rule",
        "rules",
        multiple=True,
        metavar="NAME=FILE.py:FUNCTION",
        help="Put a function in the place of a rule of the market; can be given again.",
    ),
    click.option(
        "--hire",
        "hires",
        multiple=True,
        metavar="MONTH=SHARE",
        help="Hire, like 1=0.2: in the first month a fifth of the usual team; below 0 is let go. Can be given again.",
    ),
    click.option(
        "--coach",
        "coaches",
        multiple=True,
        metavar="MONTH=SHARE",
        help="Coach, like 6=0.5: in the sixth month half of the team. Can be given again.",
    ),
    click.option(
        "--minutes",
        type=int,
        help="Of representatives, for each month and policy; no limit if not given. Conversations are not counted.",
    ),
    click.option(
        "--money",
        type=float,
        help="In the market's currency, likewise. What is granted in conversations is not counted.",
    ),
    click.option(
        "--ignore-consent",
        is_flag=True,
        help="Act on customers without their consent too, to see what that costs. No real book allows it.",
    ),
)
"""What people live under besides a policy."""


def tried(make: Callable[[], _Made], faults: list[Fault]) -> _Made | None:
    """What is made, or none with all that is wrong among the faults."""
    try:
        return make()
    except InputError as error:
        faults += error.faults
        return None


def preset_of(reference: str, faults: list[Fault], *, structure: str | None = None) -> Preset | None:
    """A market by its name or file."""
    from retainsim.market.preset import chosen_preset  # noqa: PLC0415 # numba

    return tried(lambda: chosen_preset(reference, structure), faults)


def scenario_of(reference: str, faults: list[Fault]) -> Scenario | None:
    """A scenario by its name or file."""
    from retainsim.market.preset import unknown_name  # noqa: PLC0415 # numba
    from retainsim.training.scenario import load_scenario  # noqa: PLC0415 # as above

    try:
        return load_scenario(reference)
    except UnknownNameError as error:
        faults.append(unknown_name("scenario", error))
    except InputError as error:
        faults += error.faults
    return None


def policy_of(name: str, faults: list[Fault]) -> Policy | None:
    """A policy by its name or place."""
    from retainsdk import policies  # noqa: PLC0415 # numpy
    from retainsim.market.preset import unknown_name  # noqa: PLC0415 # numba
    from retainsim.market.staff import plan_of  # noqa: PLC0415 # as above

    try:
        policy = policies.get(name)
        plan_of(policy)
    except UnknownNameError as error:
        faults.append(unknown_name("policy", error))
    except PolicyError as error:
        faults.append(Fault("policy", name, "cannot be asked", str(error)))
    except InputError as error:
        faults += error.faults
    else:
        return policy
    return None


def law_of(rules: Sequence[str], faults: list[Fault]) -> Law:
    """
    The law with rules replaced.

    To be asked for last: whether a rule works is tried out, which takes a while, only when nothing else is wrong.
    """
    from retainsim.market.law import LAW  # noqa: PLC0415 # numba
    from retainsim.market.replacing import check_rule, load_rule, refuse_shape  # noqa: PLC0415 # as above

    law, found = LAW, []
    for text in rules:
        rule = tried(lambda text=text: load_rule(text), faults)  # type: ignore[misc] # the default binds the loop's value
        if rule is not None:
            tried(lambda rule=rule: refuse_shape(*rule), faults)  # type: ignore[misc] # as above
            found.append(rule)
    if faults:
        return law
    with interruptible() as stop_if_interrupted:
        for name, function in found:
            if sys.stderr.isatty():
                click.echo(f"Trying out the rule {name}, compiled and in plain Python …", err=True)
            checked = tried(lambda rule=(name, function): check_rule(*rule), faults)  # type: ignore[misc] # as above
            if checked is not None:  # and compiled, so the first is taken as it is
                law = checked if law is LAW else law.with_rule(name, function)
            stop_if_interrupted()
    return law


def staffing_of(hires: Sequence[str], coaches: Sequence[str], faults: list[Fault]) -> Staffing:
    """The plan for our team; on the command line months count from 1, as in the table of months."""
    from retainsim.market.staff import USUAL, Staffing  # noqa: PLC0415 # numba

    before = len(faults)
    plans = [_by_month("hire", hires, (-1.0, 10.0), faults), _by_month("coach", coaches, (0.0, 1.0), faults)]
    return USUAL if len(faults) > before else Staffing(hired=plans[0], coached=plans[1])


def _by_month(
    name: str, texts: Sequence[str], within: tuple[float, float], faults: list[Fault]
) -> dict[int, float]:
    plan: dict[int, float] = {}
    for text in texts:
        month, _, share = text.partition("=")
        try:
            when, how_much = int(month), float(share)
        except ValueError:
            faults.append(Fault(name, text, "must be a month and a share", f"Write --{name} 6=0.2."))
            continue
        if when < 1:
            faults.append(Fault(name, text, "is before the first month", "Months count from 1."))
        elif when - 1 in plan:
            faults.append(Fault(name, text, f"is the second for month {when}", "Give each month once."))
        elif not within[0] <= how_much <= within[1]:
            rule = f"must have a share between {within[0]:g} and {within[1]:g} of the team"
            faults.append(Fault(name, text, rule, "Choose another share."))
        else:
            plan[when - 1] = how_much
    return plan


def budget_of(minutes: int | None, money: float | None, faults: list[Fault]) -> Budget:
    """What may be spent in a month."""
    from retainsdk.policy import Budget  # noqa: PLC0415 # numpy
    from retainsim.market.limits import MOST_SPENT, out_of_range  # noqa: PLC0415 # numba

    wrong = out_of_range(("minutes", minutes, 0, MOST_SPENT))
    if money is not None and not isfinite(money):
        wrong.append(Fault("money", str(money), "is no amount", "Choose another figure."))
    else:
        wrong += out_of_range(("money", money, 0, MOST_SPENT / 100))
    faults += wrong
    return Budget() if wrong else Budget(minutes=minutes, money=None if money is None else round(100 * money))


def refuse_too_many(faults: list[Fault], *, least: int = 1, **at_once: int) -> None:
    """Threads or processes that there cannot be."""
    from retainsim.market.limits import out_of_range  # noqa: PLC0415 # numba

    faults += out_of_range(*((name, number, least, _MOST_AT_ONCE) for name, number in at_once.items()))


def is_book(path: Path, faults: list[Fault]) -> bool:
    """Whether there is a book to be opened: opening makes one of an empty file."""
    from retainsdk.store.sqlite import is_blank  # noqa: PLC0415 # only with a book

    if path.is_file() and not is_blank(path):
        return True
    rule = "is an empty file" if path.is_file() else "is no file"
    faults.append(Fault("book", str(path), rule, "Make one with: retainsdk import"))
    return False
