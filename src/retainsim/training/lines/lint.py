"""
What is wrong with a line, told to its author: all faults at once.

The same rules hold for the lines that ship and for those of a scenario.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

from retainsdk.errors import Fault
from retainsdk.vocabulary import Reason
from retainsdk.wording import STEERING
from retainsim.training.lines.cue import CUES, By, Cue, Role, Situation
from retainsim.training.lines.language import Language
from retainsim.training.lines.phrasebook import CLAIMS, MOODS, PACKAGES, WORDS, content
from retainsim.training.lines.template import Template

__all__ = ["FEWEST", "FEWEST_OFTEN", "LONGEST", "lint_lines", "lint_phrasebook"]

LONGEST = 150
"""Characters of a line: what can be said in a breath or two."""
FEWEST, FEWEST_OFTEN = 3, 7
"""Lines of a cue in each mood: where it comes once in a call, and where it can come often."""
_ALWAYS = frozenset({"me", "name", "customer", *WORDS})
_COMPARED = ("firm", "fee", "lock")
"""Slots of what is said of competitors."""
_ON_SCREEN = (
    "turn", "most", "reason", "amount", "low", "high", "share", "months", "days", "file", "move", "package", "day", "slot", "title", "why",
    "deed",
)  # fmt: skip
"""Slots of words of the screen."""
_MARKS = re.compile(r"[{}\[\]|]")
_SLASH = re.compile(r"[^\W\d]/[^\W\d]")
_HIDDEN = STEERING + "\u200e\u200f\u061c"
_SENTENCES = re.compile(r"(?<=[.?:])\s+|\n")
_REASONS = {reason.name.lower() for reason in Reason}
_FILLING = frozenset({"לא", "גם", "רק", "כבר", "עוד", "באמת", "פשוט", "עדיין", "כמעט", "ממש", "אפילו"})
_PERSONS = frozenset({"אני", "אתה", "את", "שאני", "ואני", "אל", "הייתי", "היית"})
_FEMININE = "התי"
_SPOKEN_TO = re.compile(r"\b(?:שאתה|אתה)\b")


def lint_lines(
    lines: Mapping[str, str], language: Language, slots: Collection[str] = ()
) -> tuple[Fault, ...]:
    """
    The faults of some lines.

    Args:
        lines: Each under the place where it stands, as the message should name it.
        language: Of the lines.
        slots: What they may name besides the names of both sides and the words of a setting.

    >>> [fault.rule for fault in lint_lines({"opening": "אני שמח/ה לעזור!"}, Language.HEBREW)]
    ['has two forms with a slash between them', 'has an exclamation mark']
    """
    return tuple(
        fault for place, text in lines.items() for fault in _faults_of(place, text, language, set(slots))
    )


def _faults_of(place: str, text: str, language: Language, slots: set[str]) -> Iterator[Fault]:
    template = Template(text)
    rest = template.rest
    for slot in template.slots:
        if slot not in slots | _ALWAYS:
            known = ", ".join(sorted(slots | _ALWAYS))
            yield Fault(place, text, f"names the slot {slot!r}, which nothing stands for here", f"Known are: {known}.")  # fmt: skip
    for form in template.forms:
        if not form.his.strip() or not form.hers.strip():
            yield Fault(place, text, "has a mark with one form only", "Write both, the masculine first.")
        elif form.his == form.hers:
            yield Fault(place, text, f"has a mark whose forms are alike: {form.his!r}", "Write the word without a mark.")  # fmt: skip
    for rule, remedy, broken in (
        ("has a brace, bracket or bar that belongs to no mark", "Marks are {slot}, {his|hers}, [his|hers] and {slot:his|hers}.", _MARKS.search(rest)),
        ("has two forms with a slash between them", "Use a mark: the gender is known.", _SLASH.search(text)),
        ("has an exclamation mark", "Say it calmly.", "!" in text),
        ("has vowel points", "Write without them.", any(unicodedata.category(it) == "Mn" for it in text)),
        ("has an invisible mark of direction", "Leave it out: names and amounts get theirs when they are put in.", any(it in _HIDDEN for it in text)),
        ("has a figure", "Figures come from slots, so that number and gender agree.", any(it.isdigit() for it in text)),
        (f"is longer than {LONGEST} characters", "Split it, or say less.", len(text) > LONGEST),
        ("has a space too many", "Leave it out.", text != " ".join(text.split())),
        ("ends without a full stop or question mark", "End the sentence.", text[-1:] not in ".?!"),
    ):  # fmt: skip
        if broken:
            yield Fault(place, text, rule, remedy)
    if language is Language.HEBREW:
        yield from _unmarked(place, text, template)


def _unmarked(place: str, text: str, template: Template) -> Iterator[Fault]:
    """Words that are of one gender where speaker or listener decide it, and stand outside a mark."""
    blank = _blanked(text)
    his_or_hers, told = _gendered()
    for sentence in _SENTENCES.split(blank):
        words = re.findall(r"[^\s.,?:;–\"]+", sentence)
        for at, word in enumerate(words):
            before = next((it for it in reversed(words[:at]) if it not in _FILLING), "")
            after_person = before in _PERSONS and word in his_or_hers
            at_start = at == 0 and word in told
            if after_person or at_start:
                yield Fault(place, text, f"has {word!r} in one gender only", "Write both forms in a mark.")
    if _SPOKEN_TO.search(blank):
        yield Fault(place, text, "says 'אתה' to whoever it is", "Write {אתה|את}, with what goes with it.")
    if any(_slipped(form.his, form.hers) for form in template.forms):
        yield Fault(place, text, "has a mark with the feminine form first", "Write the masculine first.")


def _blanked(text: str) -> str:
    """The text with its marks made into something that is no word."""
    return re.sub(r"\{[^{}]*\}|\[[^\[\]]*\]", "\N{WHITE SQUARE}", text)


def _slipped(his: str, hers: str) -> bool:
    """Whether a pair stands the wrong way round, as far as pronouns and the longer feminine form tell."""
    if his.split()[:1] == ["אתה"]:
        return False
    return his.split()[:1] == ["את"] or any(his == hers + ending for ending in _FEMININE)


@cache
def _gendered() -> tuple[frozenset[str], frozenset[str]]:
    """The words of one gender that the lines which ship have in marks: all of them, and those said to somebody."""
    both: set[str] = set()
    told: set[str] = set()
    spoken = {table: it for table, it in content(Language.HEBREW).items() if table != "screen"}
    for line in _all_lines(spoken):
        for form in Template(line).forms:
            pair = {_bare(form.his), _bare(form.hers)}
            if form.whom in {"you", "me"} and len(pair - _PERSONS) == len(("his", "hers")):
                both |= pair
                told |= pair if form.whom == "you" and not form.his.startswith("אתה") else set()
    return frozenset(both), frozenset(told)


def _bare(form: str) -> str:
    """The word that differs: the first one after the pronoun and what fills in."""
    return next((word for word in form.split() if word not in _PERSONS | _FILLING), "")


def _all_lines(table: object) -> Iterator[str]:
    if isinstance(table, str):
        yield table
    elif isinstance(table, Mapping | list):
        for inner in table.values() if isinstance(table, Mapping) else table:
            yield from _all_lines(inner)


def lint_phrasebook(tables: Mapping[str, Any], language: Language) -> tuple[Fault, ...]:
    """
    The faults of a whole data file: what is missing, what is unknown, what is too little, and those of its lines.

    Args:
        tables: As read from the file.
        language: Of the file.
    """
    return tuple(_faults_of_book(tables, language))


def _faults_of_book(tables: Mapping[str, Any], language: Language) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    yield from _faults_of_voices("", tables)
    for cue, row in CUES.items():
        pools = tables.get(row.role, {}).get(cue)
        if pools is None:
            yield Fault(f"{row.role}.{cue}", cue.value, "has no lines", f"Write some for: {row.when}.")
        else:
            yield from _too_few(f"{row.role}.{cue}", pools, row)
            yield from _faults_of_pools(f"{row.role}.{cue}", pools, language, row.slots, seen)
    yield from _faults_of_clauses("reasons", _REASONS, tables, language)
    yield from _faults_of_clauses("claims", CLAIMS, tables, language, _COMPARED)
    for name, setting in tables.get("settings", {}).items():
        yield from _faults_of_setting(f"settings.{name}", setting, language, seen)
    for name, table in tables.get("situations", {}).items():
        yield from _faults_of_occasion(f"situations.{name}.", table, language, seen)
    yield from _faults_of_screen("", tables, language)


def _faults_of_screen(place: str, tables: Mapping[str, Any], language: Language) -> Iterator[Fault]:
    for name, words in tables.get("screen", {}).items():
        stopped = {f"{place}screen.{name}.{word}": text.rstrip(".?") + "." for word, text in words.items()}
        yield from lint_lines(stopped, language, _ON_SCREEN)


def _faults_of_voices(place: str, tables: Mapping[str, Any]) -> Iterator[Fault]:
    for role in Role:
        for name in tables.get(role, {}):
            if name not in set(Cue) or CUES[Cue(name)].role is not role:
                yield Fault(
                    f"{place}{role}.{name}", name, "is no cue of this voice", "See the table of cues."
                )


def _faults_of_occasion(
    place: str, tables: Mapping[str, Any], language: Language, seen: dict[str, str]
) -> Iterator[Fault]:
    """Of the lines of a situation, which may be those of some cues only; said in place of others, they may be like those."""
    replaced = {f"{role}.{name}" for role in Role for name in tables.get(role, {})}
    seen = {line: at for line, at in seen.items() if ".".join(at.split(".")[:2]) not in replaced}
    yield from _faults_of_voices(place, tables)
    for cue, row in CUES.items():
        pools = tables.get(row.role, {}).get(cue)
        if pools is not None:
            yield from _too_few(f"{place}{row.role}.{cue}", pools, row)
            yield from _faults_of_pools(f"{place}{row.role}.{cue}", pools, language, row.slots, seen)
    for name, setting in tables.get("settings", {}).items():
        yield from _faults_of_own_lines(f"{place}settings.{name}", setting, language, seen)
    yield from _faults_of_screen(place, tables, language)


def _faults_of_clauses(
    table: str,
    names: Collection[str],
    tables: Mapping[str, Any],
    language: Language,
    slots: Collection[str] = (),
) -> Iterator[Fault]:
    """Clauses stand inside a line, so they end without a stop."""
    for name in sorted(names):
        ways = list(_all_lines(tables.get(table, {}).get(name, [])))
        if not ways:
            yield Fault(f"{table}.{name}", name, "has no words", "Write a clause for it.")
        ended = {f"{table}.{name}[{at}]": f"{way}." for at, way in enumerate(ways)}
        yield from lint_lines(ended, language, slots)


def _too_few(place: str, pools: Mapping[str, Any], row: Situation) -> Iterator[Fault]:
    if row.reason is By.ANY:
        fewest = FEWEST_OFTEN if row.often else FEWEST
        for mood in MOODS.values():
            count = len(pools.get("any", ())) + len(pools.get(mood, ()))
            if count < fewest:
                yield Fault(f"{place}.{mood}", str(count), f"are too few lines: {fewest} at least", "Write more.")  # fmt: skip
        return
    for reason in sorted(_REASONS - ({"no_need_stated"} if row.reason is By.EVERY_TRUE else set())):
        count = len(pools.get(reason, ()))
        if count < FEWEST:
            yield Fault(f"{place}.{reason}", str(count), f"are too few lines: {FEWEST} at least", "Write more.")  # fmt: skip


def _faults_of_pools(
    place: str, pools: Mapping[str, list[str]], language: Language, slots: Collection[str], seen: dict[str, str]
) -> Iterator[Fault]:  # fmt: skip
    for condition, lines in pools.items():
        if condition not in {"any", *MOODS.values(), *_REASONS}:
            yield Fault(f"{place}.{condition}", condition, "is neither a mood nor a reason", "Use any, angry, calm, friendly or a reason.")  # fmt: skip
        for at, line in enumerate(lines):
            here = f"{place}.{condition}[{at}]"
            if line in seen:
                yield Fault(here, line, f"stands at {seen[line]} too", "Say it in other words.")
            seen[line] = here
            yield from lint_lines({here: line}, language, slots)


def _faults_of_setting(
    place: str, setting: Mapping[str, Any], language: Language, seen: dict[str, str]
) -> Iterator[Fault]:
    words = setting.get("words", {})
    for word in sorted({*WORDS} - {*words}):
        yield Fault(f"{place}.words", word, "is missing", f"It is {WORDS[word]}.")
    if len(setting.get("packages", ())) != PACKAGES:
        yield Fault(f"{place}.packages", str(len(setting.get("packages", ()))), f"packages are not {PACKAGES}", "Name each, from the smallest.")  # fmt: skip
    for entry in (*words.values(), *setting.get("packages", ())):
        text = entry if isinstance(entry, str) else entry["text"]
        yield from lint_lines({f"{place} {text}": f"{text}."}, language)
    yield from _faults_of_own_lines(place, setting, language, seen)


def _faults_of_own_lines(
    place: str, setting: Mapping[str, Any], language: Language, seen: dict[str, str]
) -> Iterator[Fault]:
    for cue, pools in setting.get("lines", {}).items():
        if cue not in set(Cue):
            yield Fault(f"{place}.lines.{cue}", cue, "is no cue", "See the table of cues.")
            continue
        yield from _faults_of_pools(f"{place}.lines.{cue}", pools, language, CUES[Cue(cue)].slots, seen)
