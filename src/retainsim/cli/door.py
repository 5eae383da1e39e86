"""The door through which errors leave, and the options every command takes."""

from __future__ import annotations

from typing import Any

import click

from retainsdk.errors import MissingExtraError, RetainError

BAD_INPUT = 2
"""Exit code for input that cannot be used; the message says why."""
INTERRUPTED = 130

_EXTRAS = {"numpy", "pyarrow", "numba", "scipy", "rich", "altair", "vl_convert", "jinja2"}


class Door(click.Group):
    """Commands whose user sees a sentence where a program would see an exception."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 # as click declares it
        """Run the command; bad input ends with code 2, Ctrl-C with 130, and nothing is said to whoever stops reading."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, click.Abort):  # click asks, and aborts when no answer comes
            click.echo("Interrupted; no file was left half-written.", err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:  # as with `| head`: click ends quietly
            raise
        except (RetainError, OSError, ModuleNotFoundError, MemoryError) as error:
            if ctx.meta.get(_DEBUG):
                raise
            click.echo(_told(error), err=True)
            ctx.exit(BAD_INPUT)


def _told(error: Exception) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name in _EXTRAS:
        return str(MissingExtraError("sim", error.name))
    if isinstance(error, MemoryError):
        return "There is not enough memory for this. Ask for fewer customers, or spread them over machines."
    if isinstance(error, RetainError | OSError):
        return str(error)
    raise error


_DEBUG = "retainsim.debug"


def _remember_debug(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 # as click calls it
    ctx.meta[_DEBUG] = value or ctx.meta.get(_DEBUG, False)


debug = click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    callback=_remember_debug,
    help="Show where in the program an error arose.",
)
