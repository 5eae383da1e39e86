"""Rounds in words: what a trainee may see in his language, and the truth when it is time."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from importlib import resources

import pytest

from retainsdk.policy import Move, MoveKind
from retainsim.market.person import FIELDS
from retainsim.training.lines import Gender, Language, Template
from retainsim.training.rounds import (
    SELLERS,
    Nobody,
    OutOfTurnError,
    Phase,
    Play,
    Step,
    Team,
    To,
    Word,
    conduct,
    played,
)
from retainsim.training.rounds.desk import BookDesk
from retainsim.training.rounds.news import What, news
from retainsim.training.rounds.report import BookReport
from retainsim.training.rounds.result import result

LANGUAGES = pytest.mark.parametrize("language", Language)


def begun(*, seed: int = 3, rounds: int = 2, preset: str = "telecom") -> Play:
    return Play.begin(preset, seed=seed, rounds=rounds, customers=24)


def desk_of(play: Play, language: Language = Language.ENGLISH) -> BookDesk:
    return BookDesk.begin(play, language=language, gender=Gender.FEMININE, name="Dana")


def everything_shown(desk: BookDesk) -> str:
    """All that any door shows of a play that goes on, and what is kept of it."""
    shown = [json.dumps(desk.screen(), ensure_ascii=False), desk.record().to_json(), desk.title()]
    shown += [*desk.team(), desk.team_decided(), *(cell for row in desk.team_prices() for cell in row)]
    shown += [*desk.due(), *desk.heard(), *desk.help(), desk.authority()]
    shown += [cell for row in (*desk.rivals(), *desk.customers()) for cell in row]
    shown += [cell for n in range(1, len(desk.play.roster) + 1) for row in desk.card(n) for cell in row]
    return "\n".join(shown)


@cache
def stages() -> tuple[Play, ...]:
    """A play at every step on its way; it says what it holds in any language."""
    play, found = begun(rounds=3), []
    while play.phase is not Phase.OVER:
        found.append(play)
        if play.may_staff and play.round > 1:
            play = play.staff(Team(hired=10, coached=50))
        elif play.phase is Phase.WEEK:
            play = play.decide([Step(customer=play.week + 4 * play.round, action="check_in")])
        elif play.calls[play.waiting[0]].turn == 0:
            play = play.say(play.waiting[0], Move(kind=MoveKind.ASK_OPEN))
        else:
            play = play.leave(play.waiting[0], To.COLLEAGUE)
    return tuple(found)


@LANGUAGES
def test_nothing_shown_or_kept_before_the_end_holds_the_truth(language: Language) -> None:
    """By name, and by value: no figure that only the world knows stands anywhere to all its digits."""
    hidden = {field.name for field in FIELDS if field.channel == "truth"} - {"apologies"}
    for play in stages():
        told = everything_shown(desk_of(play, language))
        people = play.office.part.people

        assert not [name for name in hidden if f'"{name}"' in told]
        for name in ("trust", "satisfaction", "attention", "need", "reference"):
            for value in people[name].tolist():
                is_round = abs(100 * value - round(100 * value)) < 1e-3  # which other figures may be, too
                assert is_round or str(abs(value))[:8] not in told
        for key in play.roster:
            assert str(key) not in told


def test_the_report_waits_for_the_end() -> None:
    with pytest.raises(OutOfTurnError):
        BookReport(desk=desk_of(begun())).to_record()


@LANGUAGES
def test_the_report_says_what_it_came_to(language: Language) -> None:
    report = BookReport(desk=desk_of(played(begun(), SELLERS["script"]()), language))

    told = report.to_record()

    assert set(told["effects"]) == {"nobody", "script"}
    assert told["effects"]["script"]["estimate"] == 0.0
    assert 0 <= told["score"] <= 1
    assert len(report.ways()) == 1 + 4
    assert all(text for text in (*report.won(), *report.totals()))


def test_the_score_does_not_depend_on_the_language() -> None:
    play = played(begun(), SELLERS["script"]())

    english, hebrew = (BookReport(desk=desk_of(play, it)).to_record() for it in Language)

    assert english == hebrew


def test_whoever_left_is_told_with_the_true_reason() -> None:
    plays = (played(begun(seed=seed, rounds=3), SELLERS["random"]()) for seed in range(1, 9))
    report = next(it for it in (BookReport(desk=desk_of(play)) for play in plays) if it.departures)

    number, reason = report.departures[0]

    assert report.desk.customer(number).full_name in report.gone()[0]
    assert report.desk.word(f"reasons.{reason.name.lower()}") in report.gone()[0]


@pytest.mark.parametrize("preset", ["telecom", "restaurant"])
def test_what_is_heard_in_a_week_stays_true_whatever_is_done_in_the_next(preset: str) -> None:
    heard_of = set()
    for seed in range(1, 8):
        play = begun(seed=seed, preset=preset)
        quiet = play.decide([]).decide([])
        busy = quiet.decide([Step(customer=n, action="offer_pause", months=2) for n in someone(play, 8)])

        assert [it for it in news(busy) if it.week <= 2] == [it for it in news(quiet) if it.week <= 2]
        heard_of |= {it.what for it in news(busy)}

    assert heard_of & {What.COMPLAINT, What.SIGNAL}


def someone(play: Play, count: int) -> list[int]:
    desk = desk_of(play)
    able = [
        n
        for n in range(1, len(play.roster) + 1)
        if "offer_pause" in [word for word, _, _ in desk.actions(n, left=120)]
    ]
    return [] if play.office.market.preset.contractual is False else able[:count]


def test_a_complaint_that_is_heard_stands_in_the_book_when_the_month_is_over() -> None:
    found = 0
    for seed in range(1, 12):
        play = begun(seed=seed)
        before = {n: complaints(play, n) for n in range(1, len(play.roster) + 1)}
        last = play.decide([]).decide([]).decide([]).decide([])
        while not last.past:
            last = last.leave(last.waiting[0], To.NOBODY)
        heard = {
            it.customer for it in news(play.decide([]).decide([]).decide([])) if it.what is What.COMPLAINT
        }

        assert all(complaints(last, n) == before[n] + 1 for n in heard)
        found += len(heard)

    assert found


def complaints(play: Play, number: int) -> int:
    return int(play.view.complaints[play.office.row(number)])


def test_an_offer_is_answered_in_the_week_in_which_it_is_made() -> None:
    play = begun()
    number = someone(play, 1)[0]

    after = play.decide([Step(customer=number, action="offer_package")])

    assert {it.what for it in news(after) if it.customer == number} & {What.ACCEPTED, What.DECLINED}


def test_only_what_may_be_done_is_offered() -> None:
    desk = desk_of(begun())
    for number in range(1, len(desk.play.roster) + 1):
        for word, _, minutes in desk.actions(number, left=12):
            assert minutes <= 12
            assert word not in ("escalate", "mediate") or desk.play.view.complaints_open.any()
    done = desk.at(desk.play.decide([Step(customer=1, action="check_in")]))

    assert done.actions(1, left=120) == []


def test_a_promise_stands_on_the_list_until_something_is_done_for_it() -> None:
    play = next(it for it in (begun(seed=seed) for seed in range(1, 60)) if len(it.due) == 1)
    desk, number = desk_of(play), play.due[0].customer

    done = desk.at(play.decide([Step(customer=number, action="progress_report")]))

    assert len(desk.due()) == 1
    assert desk.customer(number).full_name in desk.due()[0]
    assert done.due() == []


def test_conduct_counts_promises_silence_value_and_signs() -> None:
    nobody = conduct(played(begun(rounds=4), Nobody()))
    script = conduct(played(begun(rounds=4), SELLERS["script"]()))

    words = {it.word for it in nobody.promises}
    points = {it.line: it.points for it in nobody.findings}
    by_script = {it.line: it.points for it in script.findings}

    assert words <= {Word.NEGLECTED}
    assert nobody.minutes == 0 < script.minutes <= 60 * script.hours
    assert all((by_script[line] or 0) >= (points[line] or 0) for line in points)


def test_the_clairvoyant_reaches_all_that_counts_as_reachable() -> None:
    play = next(
        it
        for it in (begun(seed=seed) for seed in range(7, 20))
        if result(played(it, Nobody())).reach is not None
    )

    told = result(played(play, SELLERS["clairvoyant"]()))

    assert told.reach is not None
    assert told.reach.estimate == 1.0
    assert told.lines["value"] == 1.0


def test_both_languages_say_the_same_things_with_the_same_slots() -> None:
    books = [
        tomllib.loads(
            (resources.files("retainsim.training.lines") / f"rounds.{it}.toml").read_text(encoding="utf-8")
        )
        for it in Language
    ]

    said = [
        {(t, w): sorted(set(Template(text).slots)) for t, words in book.items() for w, text in words.items()}
        for book in books
    ]

    assert said[0] == said[1]
