"""Courses on the command line: planned, taken, closed, reported and exported, in both languages."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from documented import of_form
from small_courses import BOOKS, TREATED, TWO_PARTS, a_course, take_all

from retainsim.cli import main
from retainsim.market.person import FIELDS
from retainsim.training.course import Books, Room, load_course
from retainsim.training.record import read_record
from retainsim.training.score import Dimension
from retainsim.training.session import restored

CALL = "1\n\n13\n\n2\n80\n60\n\n"
"""Ask, close; a life event, quite sure, stays perhaps; no more."""
STEPS = '{"move": "ask_open"}\n{"move": "close"}\n{"forecast": {"life_event": 1}, "stays": 0.5}\n'


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("RETAIN_BIDI", "plain")


def told(*arguments: str, entered: str = "") -> tuple[int, str, str]:
    """Exit code and what stands on output and error."""
    done = CliRunner().invoke(main, ["course", *arguments], input=entered, prog_name="retainsim")
    return done.exit_code, done.stdout, done.stderr


def told_json(*arguments: str) -> Any:
    """What is printed for programs, of the documented form."""
    code, output, error = told(*arguments, "--json")
    assert code in (0, 2), error
    record = json.loads(output)
    of_form(f"course {arguments[0]}", record)
    return record


def begun(*labels: str, text: str = TWO_PARTS, lang: str = "en") -> list[str]:
    """A course in the folder `c` with those enrolled; their codes."""
    a_course(Path("c"), text)
    return [
        told_json("enrol", "c", label, "--gender", "feminine", "--lang", lang)["trainees"][0]["code"]
        for label in labels
    ]


# planned


def test_a_course_is_begun_and_sound() -> None:
    record = told_json("new", "spring")

    code, output, _ = told("lint", "spring")
    assert record["file"] == str(Path("spring") / "course.toml")
    assert (code, output) == (
        0,
        f"{Path('spring') / 'course.toml'}: a course, parts: 3, calls of each trainee: 6; nothing to mend\n",
    )
    assert told("new", "spring")[0] == 2


def test_faults_are_listed_and_end_with_two() -> None:
    Path("c").mkdir()
    (Path("c") / "course.toml").write_text(TWO_PARTS.replace("60", "-1"), encoding="utf-8")

    code, output, _ = told("lint", "c")

    assert code == 2
    assert "line 3, pass_mark: '-1' must be within 0 and 100" in output
    assert told_json("lint", "c")["faults"][0]["line"] == 3


def test_trainees_are_enrolled_one_by_one_or_from_a_table() -> None:
    begun("Dana")
    Path("class.csv").write_text(
        "\ufefflabel,gender,language\nדניאל,masculine,he\nNoa,feminine,\n", encoding="utf-8"
    )

    code, output, _ = told("enrol", "c", "--from", "class.csv")

    assert code == 0
    assert "דניאל" in output
    shown = told_json("show", "c")["trainees"]
    assert [(it["label"], it["language"]) for it in shown] == [("Dana", "en"), ("דניאל", "he"), ("Noa", "en")]
    assert [it["next"]["part"] for it in shown] == ["first"] * 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Dana"], "gender"),
        ([], "must be one trainee or one table"),
        (["Dana", "--from", "class.csv"], "must be one trainee or one table"),
        (["--from", "class.csv"], "column gender: is missing"),
    ],
)
def test_who_cannot_be_enrolled_is_told_why(arguments: list[str], said: str) -> None:
    a_course(Path("c"))
    Path("class.csv").write_text("label,gnder\nDana,feminine\n", encoding="utf-8")

    code, _, error = told("enrol", "c", *arguments)

    assert code == 2
    assert said in error


# taken


def test_a_practice_call_is_taken_with_its_debrief_and_the_next_is_named() -> None:
    (code,) = begun("Dana")

    done, output, _ = told("run", "c", "--trainee", code, entered=CALL)

    assert done == 0
    for said in (
        "first, call 1 of 1",
        "Practice:",
        "The true reason:",
        "f go back to a move",
        "Next comes final, call 1 of 1",
    ):
        assert said in output


def test_a_call_that_was_broken_off_goes_on() -> None:
    (code,) = begun("Dana")

    stopped, _, error = told("run", "c", "--trainee", code, entered="1\n\nq\n")
    done, output, _ = told("run", "c", "--trainee", code, entered=CALL[3:])

    assert (stopped, done) == (130, 0)
    assert "The call is kept. Go on with the same command." in error
    assert "move 2 of 12" in output


def test_going_back_is_offered_as_often_as_the_course_allows() -> None:
    (code,) = begun("Dana")

    _, output, _ = told("run", "c", "--trainee", code, entered=CALL[:-1] + "f\n1\n13\n\n2\n80\n60\ne\n\n")

    assert output.count("f go back to a move") == 1
    assert output.count("e an expert's call") == 3


def test_a_treatment_of_score_lines_only_hides_what_others_would_have_done() -> None:
    begun("a", "b", "c", "d", text=TREATED)
    with Room(load_course(Path("c"))) as room:
        by = {(it.treatment["debrief"], it.treatment["models"]): it.code for it in room.trainees()}

    _, lines, _ = told("run", "c", "--trainee", by["lines", "none"], entered=CALL)
    _, full, _ = told("run", "c", "--trainee", by["full", "both"], entered=CALL)
    _, piped, _ = told("run", "c", "--trainee", by["lines", "both"], "--json", entered=STEPS)

    assert "The true reason" in lines
    assert "An expert" not in lines
    assert "e an expert's call" not in lines
    assert "An expert" in full
    debrief = json.loads(piped.splitlines()[-1])["debrief"]
    assert not {"outlooks", "effects", "reach"} & debrief.keys()
    assert {"expert", "weak", "truth"} <= debrief.keys()


def test_an_assessment_is_sealed_and_heard_when_it_is_over() -> None:
    (code, other) = begun("Dana", "Yossi")
    told("run", "c", "--trainee", code, entered=CALL)

    _, sealed, _ = told("run", "c", "--trainee", code, entered=CALL)
    waiting = told("run", "c", "--trainee", code)[1]
    closed = told_json("close", "c", "final")
    _, over, _ = told("run", "c", "--trainee", code)
    _, heard, _ = told("debrief", "c", "--trainee", code, "--call", "2", entered="\n")

    assert "Assessment:" in sealed
    assert "matter of honour" in sealed
    assert "Your call is kept. The decision and the truth are told once everybody has finished." in sealed
    assert "The decision\n" not in sealed
    assert "The truth of final is told once everybody has finished." in waiting
    assert closed == {"schema_version": 1, "closed": "final", "told": ["final"]}
    assert f"retainsim course debrief c --trainee {code}" in over
    assert "The true reason:" in heard
    assert other not in heard


def test_a_program_takes_a_sealed_call_and_hears_no_decision() -> None:
    (code, _) = begun(
        "Dana", "Yossi", text=TWO_PARTS.replace("practice", "assessment").replace("forks = 1\n", "")
    )

    done, output, _ = told("run", "c", "--trainee", code, "--json", entered=STEPS + '{"fork": 1}\n')

    screens = [json.loads(line) for line in output.splitlines()]
    assert done == 0
    assert [it.get("phase") for it in screens] == ["call", "call", "forecast", "sealed", None]
    assert "debrief" not in screens[3]
    assert len(screens[3]["lines"]) == len(screens[2]["lines"])
    assert "opened once all have finished" in screens[4]["error"]


def test_a_program_goes_back_as_often_as_the_course_allows_and_nothing_of_it_is_kept() -> None:
    (code,) = begun("Dana")
    again = '{"fork": 0}\n{"move": "pressure"}\n'

    _, output, _ = told(
        "run",
        "c",
        "--trainee",
        code,
        "--json",
        entered=STEPS + again + STEPS.partition("\n")[2] + '{"fork": 0}\n',
    )

    assert "allows no more going back" in json.loads(output.splitlines()[-1])["error"]
    with Room(load_course(Path("c"))) as room:
        (call,) = room.calls()
    assert [it.move for it in call.record.moves] == ["ask_open", "close"]
    assert call.forks == 1


def test_hebrew_is_spoken_from_right_to_left() -> None:
    (code,) = begun("דנה", lang="he", text=TWO_PARTS.replace('language = "en"', 'language = "he"'))

    _, output, _ = told("run", "c", "--trainee", code, entered=CALL)
    shown = told("show", "c")[1]

    assert "תרגול: אחרי השיחה שומעים את האמת." in output
    assert "הסיבה האמיתית" in output
    assert shown.index("החלק" if "החלק" in shown else "האמת") < shown.index("חלק")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--trainee", "NOBODY"], "No trainee is called 'NOBODY'"),
        ([], "must be one trainee or the class"),
        (["--trainee", "NOBODY", "--class"], "must be one trainee or the class"),
    ],
)
def test_nobody_and_everybody_at_once_are_refused(arguments: list[str], said: str) -> None:
    begun("Dana")

    code, _, error = told("run", "c", *arguments)

    assert code == 2
    assert said in error


# before one screen


def test_a_class_votes_and_its_tally_is_kept_with_the_move() -> None:
    begun("Dana")
    entered = "1=5 2=5\n1=6 2=5\n\n13=2 16=2\n13\n\n2\n80\n60\n\n"

    code, output, _ = told("run", "c", "--class", entered=entered)

    with Room(load_course(Path("c"))) as room:
        (call,) = room.calls()
    assert code == 0
    assert "A tie between Ask an open question, Get to the root: ask if that is it." in output
    assert [it.move for it in call.record.moves] == ["ask_open", "close"]
    assert call.votes == ({"ask_open": 6, "probe": 5}, {"close": 2, "release": 2})


def test_a_move_that_is_taken_back_leaves_no_votes_behind() -> None:
    begun("Dana")

    told("run", "c", "--class", entered="15=6 2=5\nu\n1\n\nq\n")

    with Room(load_course(Path("c"))) as room:
        (call,) = room.calls()
    assert call.votes == ({},)


def test_a_class_votes_through_a_pipe() -> None:
    begun("Dana")
    steps = (
        '{"votes": {"ask_open": 2, "probe": 2}}\n'
        '{"votes": {"ask_open": 2, "probe": 2}, "decides": "probe"}\n'
        '{"votes": {"offer_pause": 3}, "months": 3}\n{"votes": {"sing": 1}}\n'
    )

    _, output, _ = told("run", "c", "--class", "--json", entered=steps)

    screens = [json.loads(line) for line in output.splitlines()]
    with Room(load_course(Path("c"))) as room:
        (call,) = room.calls()
    assert "A tie between ask_open, probe" in screens[1]["error"]
    assert "Votes are moves by name" in screens[4]["error"]
    assert [(it.move, it.months) for it in call.record.moves] == [("probe", 0), ("offer_pause", 3)]
    assert call.votes == ({"ask_open": 2, "probe": 2}, {"offer_pause": 3})


# told


def test_a_report_is_told_to_people_and_programs_in_both_languages() -> None:
    begun("Dana", "=cmd()")
    with Room(load_course(Path("c"))) as room:
        for trainee in room.trainees():
            take_all(room, trainee)
        take_all(room, None)

    record = told_json("report", "c")
    english, hebrew = (told("report", "c", "--lang", lang)[1] for lang in ("en", "he"))
    hidden = told("report", "c", "--hide-names")[1]
    told("report", "c", "--html", "a.html", "--csv", "a.csv")

    assert [it["told"] for it in record["trainees"]] == [2, 2]
    assert record["together"]["told"] == 1
    assert "not enough yet" in english
    assert "passed" in english or "not passed" in english
    assert "עדיין אין די נתונים" in hebrew
    assert ("Dana" in english, "Dana" in hidden, "Trainee 1" in hidden) == (True, False, True)
    page = Path("a.html").read_text(encoding="utf-8")
    assert '<html lang="en" dir="ltr">' in page
    assert "<bdi>=cmd()</bdi>" in page
    table = Path("a.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    assert table.startswith("\ufeff")
    assert [it["trainee"] for it in rows] == ["Dana", "Dana", "'=cmd()", "'=cmd()", "class"]
    told("report", "c", "--html", "a.html", "--lang", "he")
    assert '<html lang="he" dir="rtl">' in Path("a.html").read_text(encoding="utf-8")


def test_lots_are_told_when_it_is_asked_for() -> None:
    begun("a", "b", text=TREATED)
    with Room(load_course(Path("c"))) as room:
        for trainee in room.trainees():
            take_all(room, trainee)

    plain, asked = told("report", "c")[1], told("report", "c", "--by", "treatment")[1]
    code, _, error = told("report", "c", "--by", "colour")

    assert "By lot" not in plain
    assert "By lot: debrief" in asked
    assert "score only against all of it" in asked
    assert [it["factor"] for it in told_json("report", "c", "--by", "debrief")["comparisons"]] == ["debrief"]
    assert (code, "Those are: debrief, models; or treatment for all." in error) == (2, True)


def test_a_report_of_nothing_says_so() -> None:
    begun("Dana")

    assert "No call can be told of yet." in told("report", "c")[1]
    assert told_json("report", "c")["class"]["score"] == {"mean": None, "low": None, "high": None, "n": 0}
    assert "No call can be told of yet." in told("debrief", "c")[1]


def test_transcripts_are_written() -> None:
    (code,) = begun("Dana")
    told("run", "c", "--trainee", code, entered=CALL)

    record = told_json("export", "c", "out")

    lines = (Path("out") / "transcripts.jsonl").read_text(encoding="utf-8").splitlines()
    assert (record["calls"], len(lines)) == (1, 1)
    assert told("export", "c", "c/course.toml")[0] == 2


# nothing of the truth before its time


def test_before_an_assessment_is_over_nothing_anywhere_tells_its_truth_or_its_seed() -> None:
    """By name and by value: on every screen, in JSON, the report, its files, the export, and the database but for the seed."""
    only = TWO_PARTS.replace('[parts.first]\npurpose = "practice"', '[parts.first]\npurpose = "assessment"')
    code, _ = begun("Dana", "Yossi", text=only.replace("forks = 1\n", ""))
    steps = '{"move": "refuse"}\n{"move": "close"}\n{"forecast": {"broken_trust": 1}, "stays": 0.5}\n{"fork": 0}\n'

    spoken = [
        told("run", "c", "--trainee", code, "--json", entered=steps),
        told("run", "c", "--trainee", code, entered="12\n\n13\n\n7\n90\n50\n\n"),
        told("run", "c", "--trainee", code),
        told("debrief", "c", "--trainee", code, entered="1\n"),
        told("show", "c"),
        told("show", "c", "--json"),
        told("report", "c", "--html", "a.html"),
        told("report", "c", "--csv", "a.csv"),
        told("report", "c", "--json"),
        told("report", "c", "--by", "treatment"),
        told("export", "c", "out"),
    ]
    texts = [f"{output}{error}" for _, output, error in spoken]
    texts += [
        Path(name).read_text(encoding="utf-8")
        for name in ("a.csv", "out/transcripts.jsonl", "out/transcripts.csv")
    ]
    texts.append(Path("a.html").read_text(encoding="utf-8").partition("<main>")[2].partition("<script>")[0])
    with Room(load_course(Path("c"))) as room:
        calls = room.calls()
    sessions = [restored(read_record(it.record.to_json(), source="")) for it in calls]
    kept = _all_that_is_kept(Path("c") / "course.db")
    hidden = {it.name for it in FIELDS if it.channel == "truth"} - {str(it) for it in Dimension}

    assert len(calls) == 2
    assert all(it.is_finished for it in calls)
    for session in sessions:
        truth = session.case.truth
        assert truth.name.lower() != "broken_trust"
        values = [repr(session.call.trust), repr(float(session.case.row["trust"][0]))]
        values += [str(session.seed), session.record().to_json()]
        stated = session.seen.stated_reason.name.lower()
        for text in texts:
            assert not [value for value in values if value in text]
            assert not [name for name in hidden if f'"{name}": ' in text]
        for text in [*texts[5:], kept.replace(str(session.seed), "")]:
            assert str(session.seed) not in text
            if truth.name.lower() != stated:
                assert truth.name.lower() not in _BELIEVED.sub("", text)
    assert "result: 0" in kept


_BELIEVED = re.compile(r'"reasons":\s*\{[^}]*\}')
"""What the trainee believed of every reason; it is his own."""


def _all_that_is_kept(path: Path) -> str:
    """Every row of every table, with how many there are."""
    with sqlite3.connect(path) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return "\n".join(
            f"{name}: {len(rows)}\n{rows}"
            for name in names
            for rows in [db.execute(f"SELECT * FROM {name}").fetchall()]
        )


def test_the_seed_of_an_assessment_lies_in_the_course_s_own_file_alone(tmp_path: Path) -> None:
    begun("Dana")
    with Room(load_course(Path("c"))) as room:
        take_all(room, room.trainees()[0])
        seeds = {str(it.record.seed) for it in room.calls()}
    told("report", "c", "--html", "a.html", "--csv", "a.csv")
    told("export", "c", "out")

    holding = {
        path.relative_to(tmp_path).as_posix()
        for path in tmp_path.rglob("*")
        if path.is_file() and not path.name.startswith("course.db")
        for seed in seeds
        if seed in path.read_bytes().decode("utf-8", errors="replace")
    }

    assert holding == set()


# books of customers

WEEKS = "".join(f'{{"week": [], "at": {at}}}\n' for at in (0, 1, 1, 2, 3))
"""Four weeks of nothing, one of them sent twice."""


def through_a_pipe(code: str) -> list[dict[str, Any]]:
    """The book that is due, looked after by a program that does nothing; its screens."""
    screens = [
        json.loads(it) for it in told("run", "c", "--trainee", code, "--json", entered=WEEKS)[1].splitlines()
    ]
    while screens[-1]["phase"] == "calls":
        number, at = next(iter(screens[-1]["calls"])), screens[-1]["decisions"]
        line = json.dumps({"call": int(number), "to": "nobody", "at": at}) + "\n"
        output = told("run", "c", "--trainee", code, "--json", entered=line)[1]
        screens += [json.loads(it) for it in output.splitlines()][1:]
    return screens


def test_books_are_looked_after_part_by_part_and_told_of_beside_twin_and_script() -> None:
    (code,) = begun("Dana", text=BOOKS)
    assert told("lint", "c")[1].endswith("parts: 2, calls of each trainee: 0, books: 2; nothing to mend\n")
    first = told("run", "c", "--trainee", code, "--json", entered='{"week": []}\n{"graded": true}\n')[1]
    assert "followed by the next part" in json.loads(first.splitlines()[-1])["error"]

    practised, assessed = through_a_pipe(code), through_a_pipe(code)

    record = told_json("report", "c")
    assert practised[-1]["report"]["effects"]["nobody"]["estimate"] == 0
    assert assessed[-1]["report"] is None
    assert [(it["part"], it["effect"]["mean"], it["effect"]["low"]) for it in record["books"]] == [
        ("trial", 0, None),
        ("final_book", 0, None),
    ]
    told_of = told("report", "c")[1]
    assert "Book of customers: final_book" in told_of
    assert "not enough yet" in told_of
    assert told("report", "c", "--csv", "t.csv", "--html", "t.html")[0] == 0
    rows = list(csv.DictReader(io.StringIO(Path("t.csv").read_text(encoding="utf-8-sig"))))
    assert [(row["part"], row["scenario"], row["value"] == row["nobody"]) for row in rows] == [
        ("trial", "book", True),
        ("final_book", "book", True),
    ]
    assert "Book of customers: final_book" in Path("t.html").read_text(encoding="utf-8").replace(
        "\u2068", ""
    ).replace("\u2069", "")
    heard = told("debrief", "c", "--trainee", code, "--call", "2", "--json")[1]
    assert json.loads(heard)["effects"]["nobody"]["estimate"] == 0
    assert told_json("export", "c", "shared")["books"] == 2


def test_a_book_at_the_terminal_is_sealed_in_an_assessment_and_goes_on_with_the_course() -> None:
    dana, _ = begun("Dana", "Yossi", text=BOOKS, lang="he")
    week = "e\n" * 4
    paused = told("run", "c", "--trainee", dana, entered="e\n")
    practised = told("run", "c", "--trainee", dana, entered="e\n" * 3 + "3\n" * 20 + "\n")[1]
    shown = told_json("show", "c")["trainees"][0]

    assessed = told("run", "c", "--trainee", dana, entered=week + "3\n" * 20)[1]

    assert paused[0] == 130
    assert "כל ההחלטות נשמרו" in paused[2]
    assert "הבא בתור: \u2068final_book" in practised
    assert (shown["finished"], shown["next"]) == (1, {"part": "final_book", "place": 1, "scenario": ""})
    assert "התוצאות ייפתחו כשכולם יסיימו" in assessed
    assert "final_book תיפתח" in assessed.replace("\u2068", "").replace("\u2069", "")
    with Room(load_course(Path("c"))) as room:
        assert [it.is_finished for it in Books(room).kept()] == [True, True]
        seeds = [str(it.record.setting.seed) for it in Books(room).kept()]
    closed = told("report", "c", "--json")[1] + told("show", "c", "--json")[1] + assessed
    assert not [seed for seed in seeds if seed in closed]
    assert "worths" not in closed


def test_bots_rehearse_books_and_the_class_is_told_of() -> None:
    begun("a", "b", text=BOOKS)

    _, output, _ = told("rehearse", "c", "--quiet")

    assert output == "Bots have taken everything: 4 calls and books.\n"
    assert "a book of 24 customers, rounds: 1, telecom" in told("show", "c")[1]


def test_a_goal_set_after_a_call_stands_before_the_next_and_is_kept_with_its_own() -> None:
    (code,) = begun("Noa", text=TWO_PARTS.replace("calls = 1\nforks", "calls = 2\nforks"))

    _, first, _ = told(
        "run", "c", "--trainee", code, entered=CALL.removesuffix("\n") + "g\nlisten longer\ng\nask why\n\n"
    )
    _, second, _ = told("run", "c", "--trainee", code, entered=CALL)
    _, again, _ = told("debrief", "c", "--trainee", code, "--call", "1", entered="\n")

    assert "Your next call begins with it." in first
    assert "ask why" in second[: second.index("The call")]
    assert "listen longer" not in second
    assert "ask why" not in again
