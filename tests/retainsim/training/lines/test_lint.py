"""What an author is told: each rule names the place, the line, what is wrong and what to do."""

from __future__ import annotations

from typing import Any

import pytest

from retainsim.training.lines import Cue, Language, lint_lines, lint_phrasebook
from retainsim.training.lines.phrasebook import content


def rules(text: str, language: Language = Language.HEBREW, slots: tuple[str, ...] = ()) -> list[str]:
    return [fault.rule for fault in lint_lines({"opening": text}, language, slots)]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("אני [שמח|] לעזור.", "has a mark with one form only"),
        ("אני [רוצה|רוצה] לעזור.", "has a mark whose forms are alike: 'רוצה'"),
        ("אני [שמחה|שמח] לעזור.", "has a mark with the feminine form first"),
        ("{את|אתה} כאן?", "has a mark with the feminine form first"),
        ("אני [שמח לעזור.", "has a brace, bracket or bar that belongs to no mark"),
        ("הנחה של {sum} בחודש.", "names the slot 'sum', which nothing stands for here"),
        ("אני שמח/ה לעזור.", "has two forms with a slash between them"),
        ("איזה יופי!", "has an exclamation mark"),
        ("שָׁלוֹם לך.", "has vowel points"),
        ("שלום \u2068Dan\u2069.", "has an invisible mark of direction"),
        ("הנחה ל-12 חודשים.", "has a figure"),
        ("שלום  לך.", "has a space too many"),
        ("שלום לך", "ends without a full stop or question mark"),
        ("א" * 200 + ".", "is longer than 150 characters"),
        ("אני לא יודע מה להגיד.", "has 'יודע' in one gender only"),
        ("אל תלחצי עליי.", "has 'תלחצי' in one gender only"),
        ("בוא נבדוק יחד.", "has 'בוא' in one gender only"),
        ("ומה אתה, בעצם?", "says 'אתה' to whoever it is"),
    ],
)
def test_a_line_that_breaks_a_rule_is_told_so(text: str, rule: str) -> None:
    assert rules(text) == [rule]


@pytest.mark.parametrize(
    "text",
    [
        "אני [יודע|יודעת] מה {אתה רוצה|את רוצה}, {name}.",
        "צריך לחשוב על זה.",
        "הנחה לא תעזור ב{service}.",
        "מה דעתך על {amount} ל{months}?",
    ],
)
def test_a_good_line_has_no_fault(text: str) -> None:
    assert rules(text, slots=("amount", "months")) == []


def test_all_faults_of_a_line_are_told_at_once() -> None:
    assert len(rules("אני שמח/ה להציע 50 ₪!")) == 3


def test_a_fault_names_the_place_and_the_remedy() -> None:
    (fault,) = lint_lines({"roles.customer.opening[2]": "Great!"}, Language.ENGLISH)

    assert str(fault).startswith("roles.customer.opening[2]: 'Great!' has an exclamation mark. Say it")


def a_copy(language: Language = Language.ENGLISH) -> dict[str, Any]:
    def copied(table: Any) -> Any:
        if isinstance(table, dict):
            return {name: copied(inner) for name, inner in table.items()}
        return list(table) if isinstance(table, list) else table

    book: dict[str, Any] = copied(dict(content(language)))
    return book


def faults(book: dict[str, Any]) -> str:
    return "\n".join(str(fault) for fault in lint_phrasebook(book, Language.ENGLISH))


def test_a_phrasebook_in_which_something_is_missing_is_told_all_of_it() -> None:
    book = a_copy()
    del book["customer"][Cue.TIRED], book["claims"]["alone"], book["reasons"]["life_event"]
    del book["settings"]["gym"]["words"]["leave"]
    book["settings"]["gym"]["packages"].pop()
    book["customer"][Cue.REFUSED]["any"] = ["No."]
    book["customer"]["tells"]["life_event"] = ["Things."]

    told = faults(book)

    assert "customer.tired: 'tired' has no lines. Write some for: has had patience enough." in told
    assert "claims.alone" in told
    assert "reasons.life_event" in told
    assert "settings.gym.words: 'leave' is missing. It is to end it, as a verb." in told
    assert "settings.gym.packages: '3' packages are not 4" in told
    assert "customer.refused.calm: '1' are too few lines: 7 at least" in told
    assert "customer.tells.life_event: '1' are too few lines: 3 at least" in told


def test_a_phrasebook_with_something_unknown_or_twice_is_told_so() -> None:
    book = a_copy()
    book["customer"]["sings"] = {"any": ["La."]}
    book["customer"][Cue.TIRED]["happy"] = ["Fine."]
    book["customer"][Cue.HANGS_UP]["any"].append(book["customer"][Cue.TIRED]["any"][0])
    book["settings"]["gym"]["lines"]["sings"] = {"any": ["La."]}
    book["screen"]["help"]["menu"] = "Choose a {thing}"

    told = faults(book)

    assert "customer.sings: 'sings' is no cue of this voice" in told
    assert "customer.tired.happy: 'happy' is neither a mood nor a reason" in told
    assert "settings.gym.lines.sings: 'sings' is no cue" in told
    assert "screen.help.menu: 'Choose a {thing}.' names the slot 'thing'" in told
    assert told.count("Say it in other words.") == 1
