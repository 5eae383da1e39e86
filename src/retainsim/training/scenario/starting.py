"""A file to begin one's own scenario with: sound as it stands, with what else can be put into it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from pathlib import Path

from retainsdk.errors import Fault, InputError
from retainsdk.view import COLUMNS
from retainsdk.whole_file import write_whole
from retainsim.market.person import FIELDS
from retainsim.market.preset import preset_names
from retainsim.toml_file import NAME, lines_of
from retainsim.training.scenario.form import CARD, REASONS, TRUTH
from retainsim.training.scenario.past import past_names
from retainsim.training.scenario.reading import load_scenario
from retainsim.training.scenario.scenario import Scenario, Situation

_WIDTH = 118
_OPENING = re.compile(r"\A# \w+: a scenario of your own.*\n.*\n#\n")
_ELSE = "# What else can stand in this file"


def start_scenario(path: Path, *, like: str = "no_need") -> Scenario:
    """
    Write a file to edit.

    Args:
        path: Of the file; it must not be there yet, and is named for the scenario.
        like: The scenario it begins as: a name, or another file.

    Returns:
        The scenario it begins as, under the name of the file.

    Raises:
        InputError: When the file is there, has no name for a scenario, or cannot be written.
        UnknownScenarioError: With the names there are.
    """
    model = load_scenario(like)
    name = path.name.removesuffix(".toml")
    faults = []
    if not path.name.endswith(".toml") or not NAME.fullmatch(name):
        rule = "must be small letters, digits and _, a letter first, and end in .toml"
        faults.append(
            Fault("file", path.name, rule, "It becomes the name of the scenario, like my_call.toml.")
        )
    if path.exists():
        faults.append(Fault("file", str(path), "is there already", "Choose another name, or move it away."))
    elif not path.parent.is_dir():
        faults.append(Fault("file", str(path), "lies in no folder", "Make the folder first."))
    if faults:
        source = "new scenario"
        raise InputError(source, faults)
    write_whole(path, scenario_text(model, name=name))
    return load_scenario(str(path))


def scenario_text(model: Scenario, *, name: str) -> str:
    """The text of a file that says what the *model* says, with its comments, and what else can be said."""
    said = _OPENING.sub("", model.source.partition(_ELSE)[0].rstrip())
    lines, at = said.split("\n"), lines_of(said)
    lines[at["name",] - 1] = f'name = "{name}"'
    lines[at["version",] - 1] = re.sub(r"=\s*\d+", "= 1", lines[at["version",] - 1], count=1)
    opening = [
        f"# {name}: a scenario of your own, begun as {model.name}.",
        "# Change what you like; `retainsim scenario lint` says what cannot be, and why.",
        "#",
    ]
    return "\n".join([*opening, *lines, "", *_what_else()]) + "\n"


def _what_else() -> list[str]:
    known = {column.name: column.meaning for column in COLUMNS}
    true = {field.name: field.meaning for field in FIELDS}
    return [
        f"{_ELSE}. Copy a line into its table, without the #.",
        *_listed("preset", preset_names()),
        *_listed("situation", Situation),
        *_listed("past", past_names()),
        *_listed("[reasons]", REASONS),
        "# bluff = 0.2  # share of the callers who only say that they will leave",
        "#",
        "# [authority]",
        "# once = 0.5  # of the monthly fee, given once: a gift, a benefit, a compensation",
        "#",
        "# [colleague]: what another seller has promised the customer.",
        "# discount = 0.3  # of the monthly fee",
        "# months = 6",
        "#",
        "# [card]: columns of the view, unknown in some markets. Who has no such figure does not call.",
        *(f"# {column} = [low, high]  # {known[column]}" for column in CARD),
        "#",
        "# [truth]: columns that only the world knows.",
        *(f"# {column} = [low, high]  # {true[column]}" for column in TRUTH),
    ]


def _listed(what: str, among: Iterable[str]) -> list[str]:
    return textwrap.wrap(
        f"{what}: {', '.join(among)}", width=_WIDTH, initial_indent="# ", subsequent_indent="#   "
    )
