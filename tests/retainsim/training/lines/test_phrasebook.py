"""The data files: every situation has lines in both languages, and every line keeps the rules."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest

from retainsdk.action import Claim
from retainsdk.policy import MoveKind
from retainsdk.vocabulary import Reason
from retainsim.market import preset_names
from retainsim.market.response import _ENDS
from retainsim.training.lines import (
    CUES,
    Beat,
    By,
    Cue,
    Gender,
    Language,
    UnknownScreenWordError,
    UnknownSettingError,
    lint_phrasebook,
    phrasebook,
    screen_text,
    screen_words,
)
from retainsim.training.lines.phrasebook import MOODS, SITUATIONS, THREAT, VISIT, content
from retainsim.training.scenario import Situation

both_languages = pytest.mark.parametrize("language", list(Language))


@both_languages
def test_the_data_files_have_no_fault(language: Language) -> None:
    assert [str(fault) for fault in lint_phrasebook(content(language), language)] == []


@both_languages
def test_every_situation_has_lines_in_every_mood_for_every_reason_and_service(language: Language) -> None:
    book = phrasebook(language)

    for cue, row in CUES.items():
        for reason in Reason:
            if row.reason is By.EVERY_TRUE and reason is Reason.NO_NEED_STATED:
                continue
            for setting in book.settings:
                for mood in MOODS:
                    close, wide = book.variants(Beat(cue, reason, mood), setting)
                    assert len(close) + len(wide) >= 3, (cue, reason, setting)


@both_languages
def test_every_situation_has_lines_for_every_cue(language: Language) -> None:
    book = phrasebook(language)

    assert set(book.occasions) == {VISIT, *SITUATIONS}
    for situation, (cue, row) in product(SITUATIONS, CUES.items()):
        for reason, setting, mood in product(Reason, book.settings, MOODS):
            if row.reason is By.EVERY_TRUE and reason is Reason.NO_NEED_STATED:
                continue
            close, wide = book.variants(Beat(cue, reason, mood), setting, situation)
            assert len(close) + len(wide) >= 3, (situation, cue, reason, setting)


@both_languages
def test_a_situation_has_lines_instead_of_those_for_all(language: Language) -> None:
    book = phrasebook(language)

    for situation in SITUATIONS:
        greeting, shrug = Beat(Cue.GREETS), Beat(Cue.SHRUGS)
        assert not {*book.variants(greeting, "gym", situation)[1]} & {*book.variants(greeting, "gym")[1]}
        assert book.variants(shrug, "gym", situation) == book.variants(shrug, "gym", "calm")


def test_the_situations_of_lines_are_those_of_scenarios() -> None:
    assert {THREAT, *SITUATIONS} == set(Situation)


def test_both_languages_know_the_same_things() -> None:
    def shape(table: Any, depth: int) -> Any:
        """Names of tables; how many lines there are may differ."""
        if not isinstance(table, dict) or depth == 0:
            return None
        return {name: shape(inner, depth - 1) for name, inner in table.items()}

    hebrew, english = (content(language) for language in Language)

    for table, depth in (("reasons", 1), ("claims", 1), ("screen", 2), ("settings", 2)):
        assert shape(hebrew[table], depth) == shape(english[table], depth)
    for role in ("representative", "customer", "narrator"):
        assert shape(hebrew[role], 1) == shape(english[role], 1)
    for situation in (VISIT, *SITUATIONS):
        one, other = hebrew["situations"][situation], english["situations"][situation]
        assert shape(one, 4) == shape(other, 4)


@both_languages
def test_every_market_that_ships_has_words(language: Language) -> None:
    assert set(phrasebook(language).settings) == set(preset_names())


@both_languages
def test_the_screen_has_a_word_for_every_move_reason_mood_and_end(language: Language) -> None:
    words = set(screen_words(language))

    assert {f"moves.{kind.name.lower()}" for kind in MoveKind} <= words
    assert {f"reasons.{reason.name.lower()}" for reason in Reason} <= words
    assert {f"moods.{mood}" for mood in MOODS.values()} <= words
    assert {f"ends.{end.replace(' ', '_')}" for end in _ENDS} <= words
    assert {f"claims.{claim.name.lower()}" for claim in Claim} | {"claims.honest"} <= words


@both_languages
def test_the_words_of_a_kind_in_a_menu_differ(language: Language) -> None:
    for table, words in phrasebook(language).screen.items():
        assert len(set(words.values())) == len(words), table


def test_the_screen_speaks_to_her_as_to_her() -> None:
    told = [screen_text(Language.HEBREW, "help.menu", you=gender) for gender in Gender]

    assert told == ["בחרי צעד לפי המספר שלו.", "בחר צעד לפי המספר שלו."]


def test_what_stands_in_a_slot_of_the_screen_keeps_its_direction() -> None:
    told = screen_text(Language.HEBREW, "card.turn", slots={"turn": "3", "most": "12"})

    assert told == "צעד \u20683\u2069 מתוך \u206812\u2069"


def test_an_unknown_word_or_setting_is_refused_with_what_there_is() -> None:
    with pytest.raises(UnknownScreenWordError, match=r"Did you mean 'moves\.release'"):
        screen_text(Language.ENGLISH, "moves.relese")
    with pytest.raises(UnknownSettingError, match="Did you mean 'telecom'"):
        phrasebook(Language.HEBREW).variants(Beat(Cue.GREETS), "telecm")


def test_a_setting_with_lines_enough_of_its_own_does_without_those_for_all() -> None:
    book = phrasebook(Language.ENGLISH)
    close, _ = book.variants(Beat(Cue.TELLS, Reason.LIFE_EVENT), "saas")
    shared, _ = book.variants(Beat(Cue.TELLS, Reason.LIFE_EVENT), "gym")

    assert not any("married" in line for line in close)
    assert any("married" in line for line in shared)


@both_languages
def test_there_are_lines_for_many_calls(language: Language) -> None:
    """A call of twelve moves takes some thirty; there are those of twenty calls."""
    lines = phrasebook(language).lines

    assert sum(len(some) for pools in lines.values() for some in pools.values()) > 600


def test_a_word_of_the_screen_names_the_same_slots_in_both_languages() -> None:
    def slots(language: Language) -> dict[str, set[str]]:
        tables = phrasebook(language).screen
        return {
            f"{table}.{word}": set(re.findall(r"\{([a-z_]+)\}", text))
            for table, words in tables.items()
            for word, text in words.items()
        }

    assert slots(Language.HEBREW) == slots(Language.ENGLISH)
