"""The form of a course file: what may stand in it."""

from __future__ import annotations

from collections.abc import Mapping

from retainsim.market.preset import preset_names
from retainsim.toml_file import NAME, Form, is_line, within
from retainsim.training.course.plan import FACTORS, Purpose
from retainsim.training.rounds.setting import FEWEST, MOST, MOST_HOURS, MOST_ROUNDS
from retainsim.training.scenario import LANGUAGES

MOST_CALLS, MOST_FORKS, MOST_SCENARIOS, MOST_PARTS = 20, 50, 30, 20
_BEST = 100

HEAD: Mapping[str, Form] = {
    "language": Form(lambda it: it in LANGUAGES, "is no language of a course", f"Use one of {', '.join(LANGUAGES)}."),
    "pass_mark": Form(within(0, _BEST), f"must be within 0 and {_BEST}", "In percent of the score of an assessment, like 60."),
}  # fmt: skip
"""What stands at the top."""

TITLE: Mapping[str, Form] = {
    language: Form(is_line, "must be a text on one line", f"Name the course in {name}.")
    for language, name in zip(LANGUAGES, ("English", "Hebrew"), strict=True)
}

PART_NAME = Form(
    lambda it: NAME.fullmatch(it) is not None,
    "must be small letters, digits and _, a letter first",
    "Like [parts.first_calls].",
)

PART: Mapping[str, Form] = {
    "purpose": Form(lambda it: it in list(Purpose), "is no purpose of a part", f"Use one of {', '.join(Purpose)}."),
    "scenarios": Form(lambda it: isinstance(it, list) and 1 <= len(it) <= MOST_SCENARIOS and all(isinstance(one, str) for one in it), f"must be a list of 1 to {MOST_SCENARIOS} scenarios", 'Like ["no_need"]; see retainsim scenario list.'),
    "calls": Form(lambda it: type(it) is int and 1 <= it <= MOST_CALLS, f"must be a whole number within 1 and {MOST_CALLS}", "How many calls of each scenario?"),
    "forks": Form(lambda it: type(it) is int and 0 <= it <= MOST_FORKS, f"must be a whole number within 0 and {MOST_FORKS}", "How often may one go back to a move after a call?", required=False),
}  # fmt: skip


def _whole(low: int, high: int, remedy: str) -> Form:
    rule = f"must be a whole number within {low} and {high}"
    return Form(lambda it: type(it) is int and low <= it <= high, rule, remedy)


BOOK: Mapping[str, Form] = {
    "purpose": PART["purpose"],
    "preset": Form(lambda it: it in preset_names(), "is no market that ships", f"Use one of {', '.join(preset_names())}."),
    "customers": _whole(FEWEST, MOST, "How many customers has the book?"),
    "rounds": _whole(1, MOST_ROUNDS, "How many months?"),
    "hours": _whole(1, MOST_HOURS, "How many hours are there in each week?"),
}  # fmt: skip
"""Of a part that is a book of customers: it has `rounds`."""

LEVELS: Mapping[str, Form] = {
    factor: Form(
        lambda it, levels=levels: isinstance(it, list) and len(it) > 1 and len({*map(str, it)}) == len(it) and {*map(str, it)} <= {*levels},  # type: ignore[misc] # the default binds the loop's value
        f"must be a list of two or more of {', '.join(levels)}",
        "Each once; leave the line out where nothing is to differ.",
        required=False,
    )
    for factor, levels in FACTORS.items()
}  # fmt: skip

TABLES = ("title", "parts", "treatments")
