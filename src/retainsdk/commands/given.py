"""What is given to commands: of the kinds that their annotations ask for."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from retainsdk.journal import How
from retainsdk.kinds import Kinds, hints_of


def is_command(thing: object) -> bool:
    """Whether something in a class is told how it is told: every command is, and nothing else."""
    return inspect.isfunction(thing) and "how" in inspect.signature(thing).parameters


def checked(command: Callable[..., Any]) -> Callable[..., Any]:
    """
    The same command, which looks at nothing before all it is given is of the kinds it asks for.

    Else it raises an `InputError` that names every place.
    """
    names = tuple(inspect.signature(command).parameters)

    @cache
    def asked() -> Kinds:  # not before it is called: modules are whole then
        return Kinds.of({**hints_of(How), **hints_of(command)})

    @wraps(command)
    def told(*args: Any, **given: Any) -> Any:  # noqa: ANN401 # whatever the command takes
        everything = {**dict(zip(names[1:], args[1:], strict=False)), **given}
        asked().refuse_misfits(command.__name__, everything)
        return command(*args, **given)

    return told
