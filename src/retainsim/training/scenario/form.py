"""The form of a scenario file: what may stand in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from retainsdk.view import COLUMNS, Reason
from retainsim.market.person import FIELDS
from retainsim.market.preset import preset_names
from retainsim.toml_file import NAME, Form, is_number, is_words, within
from retainsim.training.scenario.past import past_names
from retainsim.training.scenario.scenario import LANGUAGES, Situation

_CONCEPT = re.compile(r"[A-E][1-9][0-9]?")
_MOST_DAYS, _MOST_MONTHS, _MOST_MINUTES, _LAST_VERSION = 60, 36, 240, 999_999

HEAD: Mapping[str, Form] = {
    "name": Form(lambda it: isinstance(it, str) and NAME.fullmatch(it) is not None, "must be small letters, digits and _, a letter first", 'Like "no_need".'),
    "version": Form(lambda it: type(it) is int and 1 <= it <= _LAST_VERSION, "must be a whole number from 1", "Begin with 1."),
    "preset": Form(lambda it: isinstance(it, str) and it.partition("@")[0] in preset_names(), "is no market that ships", f"Use one of {', '.join(preset_names())}."),
    "situation": Form(lambda it: it in list(Situation), "is no situation", f"Use one of {', '.join(Situation)}."),
    "past": Form(lambda it: isinstance(it, str) and it in past_names(), "is no past of a firm", f"Use one of {', '.join(past_names())}.", required=False),
    "bluff": Form(within(0, 1), "must be within 0 and 1", "Of the callers, the share who do not mean it, like 0.2.", required=False),
    "concepts": Form(lambda it: isinstance(it, list) and bool(it) and all(isinstance(one, str) and _CONCEPT.fullmatch(one) for one in it), "must be a list of ids of rules of the field", 'Like ["B7", "A1"].'),
    "minutes": Form(lambda it: type(it) is int and 1 <= it <= _MOST_MINUTES, f"must be whole minutes within 1 and {_MOST_MINUTES}", "How long does the call take, with its debrief?"),
}  # fmt: skip
"""What stands at the top."""

WORDS = ("title", "aim", "brief")
"""Tables with a text in every language."""
TEXT: Mapping[str, Form] = {
    language: Form(is_words, "must be a text", f'Write it in {name} between """ and """.')
    for language, name in zip(LANGUAGES, ("English", "Hebrew"), strict=True)
}

AUTHORITY: Mapping[str, Form] = {
    "discount": Form(within(0, 1), "must be within 0 and 1", "A share of the monthly fee, like 0.2."),
    "months": Form(lambda it: type(it) is int and 0 <= it <= _MOST_MONTHS, f"must be whole months within 0 and {_MOST_MONTHS}", "For how long at most?"),
    "days": Form(lambda it: type(it) is int and 1 <= it <= _MOST_DAYS, f"must be whole days within 1 and {_MOST_DAYS}", "Within how many days must he call back?"),
    "once": Form(within(0, 1), "must be within 0 and 1", "A share of the monthly fee, given once, like 0.5.", required=False),
}  # fmt: skip
COLLEAGUE: Mapping[str, Form] = {name: AUTHORITY[name] for name in ("discount", "months")}

REASONS = tuple(reason.name.lower() for reason in Reason if reason is not Reason.NO_NEED_STATED)
"""What can be behind a threat; “no need” is only what is said."""
WEIGHT = Form(
    lambda it: is_number(it) and 0 < it <= 1_000_000,  # noqa: PLR2004 # far beyond any use
    "must be a number above 0",
    "A weight: 2 comes twice as often as 1.",
)
RANGE = Form(
    lambda it: isinstance(it, list) and len(it) == 2 and all(map(is_number, it)) and it[0] <= it[1],  # noqa: PLR2004 # a pair
    "must be the lowest and the highest that will do",
    "Like [3, 48].",
)
CARD = tuple(column.name for column in COLUMNS if column.dtype != "u8")
"""Columns of the view that can have a range."""
TRUTH = (
    *(field.name for field in FIELDS if field.channel == "truth" and field.name != "true_reason"),
    "event",
)
"""What only the world knows, and what is told to who asks and stands on no card; the true reason has its own table."""

TABLES: Mapping[str, Any] = {
    **dict.fromkeys(WORDS, TEXT),
    "reasons": dict.fromkeys(REASONS, WEIGHT),
    "card": dict.fromkeys(CARD, RANGE),
    "truth": dict.fromkeys(TRUTH, RANGE),
    "authority": AUTHORITY,
    "colleague": COLLEAGUE,
}
