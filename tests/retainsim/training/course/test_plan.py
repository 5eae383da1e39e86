"""A course as it is planned: read from its file with all that is wrong with it at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_courses import TREATED, TWO_PARTS, a_course

from retainsdk.errors import InputError
from retainsim.training.course import examine_course, load_course, start_course
from retainsim.training.course.plan import FACTORS
from retainsim.training.scenario import start_scenario


def test_what_a_course_begins_with_is_sound_and_names_every_factor(tmp_path: Path) -> None:
    course = start_course(tmp_path / "spring" / "evening")

    text = course.file.read_text(encoding="utf-8")
    assert [part.purpose for part in course.parts] == ["practice", "practice", "assessment"]
    assert [place for _, place, _ in course.places()] == [1, 2, 1, 2, 1, 2]
    assert all(f"# {factor} = [" in text for factor in FACTORS)


def test_every_factor_that_the_file_offers_can_be_taken_up(tmp_path: Path) -> None:
    begun = start_course(tmp_path).file.read_text(encoding="utf-8")
    lines = [
        line.removeprefix("# ")
        if line.startswith(("# [treatments]", *(f"# {it} = [" for it in FACTORS)))
        else line
        for line in begun.split("\n")
    ]

    course = a_course(tmp_path, "\n".join(lines))

    assert {name: len(levels) for name, levels in course.factors.items()} == {
        "debrief": 2,
        "models": 3,
        "forks": 2,
    }
    assert len(course.treatments) == 12


def test_a_course_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    file = start_course(tmp_path).file
    file.write_text(TWO_PARTS, encoding="utf-8")

    with pytest.raises(InputError, match="is there already"):
        start_course(tmp_path)

    assert file.read_text(encoding="utf-8") == TWO_PARTS


def test_all_that_is_wrong_is_said_at_once_with_its_line_and_a_remedy(tmp_path: Path) -> None:
    text = (
        TREATED.replace('language = "en"', 'language = "fr"')
        .replace("pass_mark = 60", "pass_mark = 600")
        .replace(
            'scenarios = ["no_need"]\ncalls = 1\nforks = 1', 'scenarios = ["no_ned"]\ncalls = 0\nfork = 1'
        )
        .replace('purpose = "assessment"', 'purpose = "assessment"\nforks = 2')
        .replace('["both", "none"]', '["both", "nobody"]')
    )

    with pytest.raises(InputError) as told:
        a_course(tmp_path, text)

    assert [(fault.place, fault.remedy) for fault in told.value.faults] == [
        ("line 2, language", "Use one of en, he."),
        ("line 3, pass_mark", "In percent of the score of an assessment, like 60."),
        ("line 11, parts.first.fork", "Did you mean forks?"),
        ("line 10, parts.first.calls", "How many calls of each scenario?"),
        ("line 14, parts.final.forks", "Leave it out."),
        ("line 19, treatments.models", "Each once; leave the line out where nothing is to differ."),
    ]


def test_a_scenario_nobody_knows_is_told_with_the_one_that_may_be_meant(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Did you mean 'no_need'"):
        a_course(tmp_path, TWO_PARTS.replace('["no_need"]', '["no_ned"]', 1))


def test_a_scenario_of_one_s_own_is_looked_for_beside_the_course_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "spring"
    folder.mkdir()
    own = folder / "my_call.toml"
    start_scenario(own)
    text = TWO_PARTS.replace('["no_need"]', '["my_call.toml"]', 1)
    monkeypatch.chdir(tmp_path)

    course = a_course(Path("spring"), text)
    own.write_text(own.read_text(encoding="utf-8").replace("minutes = 15", "minutes = 0"), encoding="utf-8")
    examined = examine_course(Path("spring"))

    assert course.parts[0].scenarios == ("my_call.toml",)
    assert "is a scenario with 1 fault" in str(examined.faults[0])
    assert "retainsim scenario lint" in examined.faults[0].remedy


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("language = ", "is no TOML"),
        (TWO_PARTS.split("[parts")[0], "Begin it with [parts.NAME]"),
        (TWO_PARTS.split("[parts")[0] + "[parts]\n", "must be 1 to 20"),
        (TWO_PARTS.replace("[parts.first]", '[parts."First calls"]'), "must be small letters"),
        (TWO_PARTS.replace('he = "קורס קטן"\n', ""), "Name the course in Hebrew"),
    ],
)
def test_a_file_that_is_no_course_is_refused_in_words(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError) as refused:
        a_course(tmp_path, text)

    assert told in str(refused.value)


def test_a_folder_without_a_course_says_how_to_begin_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="retainsim course new FOLDER"):
        load_course(tmp_path)
