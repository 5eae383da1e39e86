"""Markets on the command line: the presets they are made of, and files of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from retainsim.cli import options
from retainsim.cli.calibrate import calibrate
from retainsim.cli.check import check
from retainsim.cli.door import BAD_INPUT, debug
from retainsim.cli.printed import print_page, print_record
from retainsim.cli.run import run


@click.group()
@debug
def market() -> None:
    """
    See what markets are made of, make your own, run them, and check how they behave.

    PRESET is a name, like telecom, for the newest version; name@version; or the path of a file that ends in .toml.
    """


market.add_command(check)
market.add_command(calibrate)
market.add_command(run)


@market.command()
@options.as_json
@debug
def presets(as_json: bool) -> None:  # noqa: FBT001 # click passes flags by name
    """List the markets that ship."""
    from retainsim.exports.presets import presets_record, presets_table  # noqa: PLC0415 # numba

    if as_json:
        print_record(presets_record())
    else:
        print_page(presets_table())


@market.command()
@click.argument("preset")
@options.as_json
@debug
def show(preset: str, as_json: bool) -> None:  # noqa: FBT001 # as above
    """Show a market: its firms, its customers, and each parameter with range, status and source."""
    from retainsim.exports.presets import preset_page, preset_record  # noqa: PLC0415 # numba
    from retainsim.market import load_preset  # noqa: PLC0415 # as above

    loaded = load_preset(preset)
    if as_json:
        print_record(preset_record(loaded))
    else:
        print_page(preset_page(loaded))


@market.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--from", "like", metavar="PRESET", default="telecom", show_default=True, help="Begin as this market."
)
@options.as_json
@debug
def new(file: Path, like: str, as_json: bool) -> None:  # noqa: FBT001 # as above
    """
    Write a file to make your own market of.

    It says what another market says, with a comment on everything that can be changed, and is named for the market:
    my_market.toml. A file that is there already is left as it is.
    """
    from retainsim.exports.presets import started_record  # noqa: PLC0415 # numba
    from retainsim.market import start_preset  # noqa: PLC0415 # as above

    begun = start_preset(file, like=like)
    if as_json:
        print_record(started_record(begun, file=str(file), like=like))
        return
    click.echo(f"A market like {like} is in {file}. Edit it, then: retainsim market lint {file}")


@market.command()
@click.argument("files", metavar="PRESET...", nargs=-1, required=True)
@options.as_json
@click.pass_context
@debug
def lint(ctx: click.Context, files: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001 # as above
    """
    Say all that is wrong with files of markets.

    Each fault comes with its line, what stands there, the rule and the remedy. What may be meant as it is, is a warning.
    The exit code is 2 when there is a fault, 0 otherwise.
    """
    from retainsim.exports.presets import examined_lines, examined_record  # noqa: PLC0415 # numba
    from retainsim.market.preset import examine_preset  # noqa: PLC0415 # as above

    examined = [(file, examine_preset(file)) for file in files]
    if as_json:
        print_record(examined_record(examined))
    else:
        click.echo("\n".join(line for file, it in examined for line in examined_lines(file, it)))
    if any(it.faults for _, it in examined):
        ctx.exit(BAD_INPUT)
