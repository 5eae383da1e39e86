"""Names of people: enough of them, in the right letters, and by luck that repeats."""

from __future__ import annotations

import re

import pytest

from retainsim.training.lines import Direction, Gender, Language, somebody
from retainsim.training.lines.names import _names

LETTERS = {Language.HEBREW: r"[א-ת' ]+", Language.ENGLISH: r"[A-Za-z' ]+"}


@pytest.mark.parametrize("language", list(Language))
def test_there_are_names_enough_and_each_is_one_of_its_gender(language: Language) -> None:
    names = _names()[language]

    assert all(len(set(names[kind])) == len(names[kind]) >= 30 for kind in names)
    assert not set(names["feminine"]) & set(names["masculine"])
    assert all(re.fullmatch(LETTERS[language], name) for kind in names.values() for name in kind)


@pytest.mark.parametrize("language", list(Language))
def test_a_key_is_a_person_and_many_keys_are_many(language: Language) -> None:
    people = [somebody(language, key) for key in range(300)]

    assert people == [somebody(language, key) for key in range(300)]
    assert len({person.full_name for person in people}) > 200
    assert 100 < sum(person.gender is Gender.FEMININE for person in people) < 200


def test_a_gender_that_is_asked_for_is_given() -> None:
    people = [somebody(Language.HEBREW, key, Gender.FEMININE) for key in range(50)]

    assert {person.gender for person in people} == {Gender.FEMININE}
    assert {person.name for person in people} <= set(_names()["he"]["feminine"])


def test_hebrew_is_written_from_right_to_left() -> None:
    assert [language.direction for language in Language] == [Direction.RIGHT_TO_LEFT, Direction.LEFT_TO_RIGHT]
