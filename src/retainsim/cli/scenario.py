"""Scenarios on the command line: the calls to be practised, and files of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from retainsim.cli import options
from retainsim.cli.door import BAD_INPUT, debug
from retainsim.cli.odds import check
from retainsim.cli.printed import print_page, print_record

language = click.option(
    "--lang",
    "language",
    type=click.Choice(["en", "he"]),
    default="en",
    show_default=True,
    help="Language of the words; JSON holds both.",
)


@click.group()
@debug
def scenario() -> None:
    """
    See which calls can be practised, and write your own.

    SCENARIO is a name, like no_need, or the path of a file that ends in .toml.
    """


scenario.add_command(check)


@scenario.command("list")
@language
@options.as_json
@debug
def list_scenarios(language: str, as_json: bool) -> None:  # noqa: FBT001 # click passes flags by name
    """List the scenarios that ship."""
    from retainsim.exports.scenarios import scenarios_record, scenarios_table  # noqa: PLC0415 # numba
    from retainsim.training.scenario import load_scenario, scenario_names  # noqa: PLC0415 # as above

    if as_json:
        print_record(scenarios_record())
        return
    titles = [load_scenario(name).title[language] for name in scenario_names()]
    print_page(scenarios_table(language), values=titles)


@scenario.command()
@click.argument("scenario")
@language
@click.option("--guide", is_flag=True, help="With the facilitator's guide, which scenarios that ship have.")
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a page to be printed, with the guide.",
)
@options.as_json
@debug
def show(scenario: str, *, language: str, guide: bool, html: Path | None, as_json: bool) -> None:
    """
    Show a scenario, for whoever leads the practice: it tells what trainees are to find out.

    What they read before the call is in it, who may call and why, and what they may grant.
    """
    from retainsim.exports.scenarios import (  # noqa: PLC0415 # numba
        scenario_page,
        scenario_record,
        scenario_sheet,
    )
    from retainsim.training.scenario import load_scenario  # noqa: PLC0415 # as above

    loaded = load_scenario(scenario)
    if html is not None:
        from retainsdk.whole_file import write_whole  # noqa: PLC0415 # only to write

        write_whole(html, scenario_sheet(loaded, language))
    if as_json:
        print_record(scenario_record(loaded))
    elif html is not None:
        click.echo(f"The page is {html}")
    else:
        print_page(scenario_page(loaded, language, with_guide=guide), from_right=language == "he")


@scenario.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--like", metavar="SCENARIO", default="no_need", show_default=True, help="Begin as this scenario."
)
@options.as_json
@debug
def new(file: Path, like: str, as_json: bool) -> None:  # noqa: FBT001 # as above
    """
    Write a file to make your own scenario of.

    It says what another scenario says, with a comment on everything that can be changed, and is named for the
    scenario: my_call.toml. A file that is there already is left as it is.
    """
    from retainsim.exports.scenarios import started_record  # noqa: PLC0415 # numba
    from retainsim.training.scenario import start_scenario  # noqa: PLC0415 # as above

    begun = start_scenario(file, like=like)
    if as_json:
        print_record(started_record(begun, file=str(file), like=like))
        return
    click.echo(f"A scenario like {like} is in {file}. Edit it, then: retainsim scenario lint {file}")


@scenario.command()
@click.argument("files", metavar="SCENARIO...", nargs=-1, required=True)
@options.as_json
@click.pass_context
@debug
def lint(ctx: click.Context, files: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001 # as above
    """
    Say all that is wrong with files of scenarios.

    Each fault comes with its line, what stands there, the rule and the remedy. The exit code is 2 when there is a
    fault, 0 otherwise.
    """
    from retainsim.exports.scenarios import examined_lines, examined_record  # noqa: PLC0415 # numba
    from retainsim.training.scenario import examine_scenario  # noqa: PLC0415 # as above

    examined = [(file, examine_scenario(file)) for file in files]
    if as_json:
        print_record(examined_record(examined))
    else:
        click.echo("\n".join(line for file, it in examined for line in examined_lines(file, it)))
    if any(it.faults for _, it in examined):
        ctx.exit(BAD_INPUT)
