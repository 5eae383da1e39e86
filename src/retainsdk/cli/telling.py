"""
How an error is told at the command line: in the words of its commands and options.

Errors keep one home, and one wording: an argument stands in it between backticks, under the name programs know it by, and a
step of a lifecycle under its name in the table. Here the one becomes the option, and the other the command.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import tzinfo

import attrs

from retainsdk.cli.words import Part
from retainsdk.errors import CommandError, InputError, TransitionError, UnknownIdError
from retainsdk.wording import by_the_clock, in_words

_ARGUMENT = re.compile("`([a-z_]+)`")

STEPS: Mapping[str, Mapping[str, str]] = {
    "relationship": {
        "engage": "contract letter",
        "disqualify": "relationship disqualify",
        "complete_foundations": "relationship founded",
        "begin_end": "exit begin",
        "save": "exit save",
        "complete_end": "exit complete",
        "return": "winback return",
    },
    "contract": {
        "offer": "contract offer",
        "discard": "contract discard",
        "accept_letter": "contract letter",
        "sign": "contract sign",
        "revise": "contract revise",
        "decline": "contract decline",
        "lapse": "contract lapse",
        "withdraw": "contract leave-letter",
        "amend": "contract amend",
        "renew": "contract renew",
        "suspend": "contract suspend",
        "resume": "contract resume",
        "give_notice": "contract notice",
        "rescind_notice": "contract rescind",
        "complete": "contract complete",
        "expire": "contract end",
        "supersede": "contract sign --supersede",
        "terminate": "contract terminate notice",
        "end_early": "contract terminate",
        "terminate_for_breach": "contract terminate breach-by-customer",
    },
    "case": {
        "acknowledge": "case ack",
        "start": "case start",
        "await_customer": "case wait",
        "customer_replied": "case replied",
        "hand_over": "case hand-over",
        "escalate": "case escalate",
        "resolve": "case resolve",
        "confirm": "case confirm",
        "reopen": "case reopen",
        "merge": "case merge",
        "withdraw": "case withdraw",
    },
    "dispute": {
        "revisit_contract": "case step contract-revisited",
        "mediate": "case step mediation",
        "record_facts": "case step facts-recorded",
        "notify_breach": "case step breach-notified",
        "cool_off": "case step cooling-off",
        "revisit": "case step revisited",
        "settle": "case step settled",
        "part": "case step parted",
    },
    "offer": {"accept": "offer accept", "decline": "offer decline", "lapse": "offer lapse"},
    "order": {
        "send": "record order … sent",
        "deliver": "record order … delivered",
        "receive": "record order … received",
        "return": "record order … returned",
        "cancel": "record order … cancelled",
    },
    "commitment": {
        "keep": "keep",
        "give_late_notice": "notice",
        "miss": "break",
        "deliver_late": "deliver",
        "remedy": "remedy",
        "release": "release",
        "void": "duties run",
        "retract": "retract",
    },
    "proposal": {"approve": "policy approve", "decline": "policy decline", "do": "policy done"},
}
"""By lifecycle: the command that takes each step."""
_OR_ELSE: Mapping[str, str] = {
    "relationship": "look who is there: retainsdk customer find",
    "customer": "look who is there: retainsdk customer find",
    "representative": "record that he works for us: retainsdk staff join",
    "programme": "begin it: retainsdk programme change",
    "campaign": "record it: retainsdk campaign run",
}
"""By what is not in the book: what to do when no name was mistaken."""
_CALLED = {"commitment": "promise"}
"""What the command line calls a thing otherwise than its lifecycle does."""


def told(error: Exception, parts: Iterable[Part] = (), zone: tzinfo | None = None) -> str:
    """
    What went wrong, as the command line says it.

    Args:
        error: Any.
        parts: What can be said to the command that was given.
        zone: In which times are told; as they stand, when no book was open.
    """
    spelled = {part.name: part.spelled for part in parts}
    if isinstance(error, InputError):
        faults = [attrs.evolve(fault, place=spelled.get(fault.place, fault.place)) for fault in error.faults]
        error = InputError(error.source, faults)
    text = _step_refused(error) if isinstance(error, TransitionError) else str(error)
    if type(error) is UnknownIdError and error.what in _OR_ELSE:
        text += f" Or {_OR_ELSE[error.what]}"
    if not isinstance(error, CommandError | InputError):
        return text
    text = _ARGUMENT.sub(lambda found: spelled.get(found[1]) or command_of(found[1]), text)
    return text if zone is None else by_the_clock(text, zone)


def command_of(call: str) -> str:
    """The command that makes a call of the API, by its name; the words of the name where there is none."""
    from retainsdk.cli import every_row  # noqa: PLC0415 # it imports this, and only an error needs all of it

    found = (
        row.words
        for row in every_row()
        if row.call == call or getattr(row.call, "__name__", "") == f"_{call}"
    )
    return next(found, in_words(call))


def _step_refused(error: TransitionError) -> str:
    steps, thing = STEPS.get(error.machine, {}), _CALLED.get(error.machine, error.machine)
    ways = (
        f"{in_words(event)} ({steps[event]})" if event in steps else in_words(event)
        for event in sorted(error.allowed)
    )
    state, event = in_words(error.state), in_words(error.event)
    possible = ", ".join(ways)
    if not possible:
        return f"This {thing} is {state} already, and that is final."
    return f"A {thing} that is {state} cannot {event}. Possible: {possible}."
