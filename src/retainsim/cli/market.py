"""Markets on the command line: the presets they are made of."""

from __future__ import annotations

from typing import Any

import click

from retainsim.cli.calibrate import calibrate
from retainsim.cli.check import check
from retainsim.cli.door import debug


@click.group()
@debug
def market() -> None:
    """See what markets are made of, and whether they behave."""


market.add_command(check)
market.add_command(calibrate)


@market.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@debug
def presets(as_json: bool) -> None:  # noqa: FBT001 # click passes flags by name
    """List the markets that ship."""
    from retainsim.exports.presets import listing, presets_table  # noqa: PLC0415 # numba

    _print(listing() if as_json else presets_table(), as_json=as_json)


@market.command()
@click.argument("preset")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@debug
def show(preset: str, as_json: bool) -> None:  # noqa: FBT001 # as above
    """Show a preset: its firms, its customers, and each parameter with range, status and source."""
    from retainsim.exports.presets import preset_page, preset_record  # noqa: PLC0415 # numba
    from retainsim.market import load_preset  # noqa: PLC0415 # as above

    loaded = load_preset(preset)
    _print(preset_record(loaded) if as_json else preset_page(loaded), as_json=as_json)


def _print(what: Any, *, as_json: bool) -> None:  # noqa: ANN401 # a record, or what rich can render
    if as_json:
        import orjson  # noqa: PLC0415 # not for help

        click.echo(orjson.dumps(what, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE), nl=False)
        return
    from rich.console import Console  # noqa: PLC0415 # not for JSON

    Console().print(what)
