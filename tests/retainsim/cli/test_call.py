"""``retainsim call``: at a terminal and through a pipe, in both languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from retainsim.cli import main

SEED = "4"
WHOLE_CALL = "1\n\n2\n\n8\n3\n\n13\n\n2\n80\n60\n\n"
"""Ask, probe, a pause of three months, close; a life event, quite sure, stays perhaps; no more."""


def call(*arguments: str, entered: str = "", **environment: str) -> Result:
    return CliRunner().invoke(main, ["call", "--seed", SEED, *arguments], input=entered, env=environment)


def plain(text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069\u200e\u200f")))


def test_a_call_whose_input_ends_is_interrupted_in_one_line() -> None:
    done = call()

    assert done.exit_code == 130
    assert done.stderr.strip() == "The call was broken off before its end."


def test_a_whole_call_ends_with_the_decision_the_truth_and_the_score() -> None:
    done = call(entered=WHOLE_CALL)

    assert done.exit_code == 0, done.output
    for told in (
        "The customer stays.",
        "The true reason: A life event",
        "points",
        "An expert",
        "of what could be won",
    ):
        assert told in done.stdout
    assert "true reason" not in done.stdout[: done.stdout.index("Your forecast")].lower().replace(
        "the true reason", "true reason"
    )


def test_hebrew_is_spoken_to_her_as_to_her() -> None:
    told = plain(call("--lang", "he", "--gender", "feminine", entered=WHOLE_CALL).stdout)

    assert "הסיבה האמיתית: אירוע חיים" in told
    assert "כרטיס לקוח" in told


@pytest.mark.parametrize("way", ["isolates", "visual", "plain"])
def test_hebrew_comes_as_the_terminal_wants_it(way: str) -> None:
    told = call("--lang", "he", entered=WHOLE_CALL, RETAIN_BIDI=way).stdout

    assert ("\u2067" in told) == (way == "isolates")
    assert ("תחקיר" in told) == (way != "visual")
    assert ("ריקחת" in told) == (way == "visual")


def test_a_wrong_number_is_asked_for_again_and_a_move_can_be_taken_back() -> None:
    done = call(entered="99\nhello\n15\nu\n" + WHOLE_CALL)

    assert done.exit_code == 0
    assert done.stdout.count("A number from 1 to 16, please.") == 2
    assert "Nobody was pressed" in done.stdout
    assert "move 2 of 12" in done.stdout


def test_what_can_be_looked_up_costs_no_move() -> None:
    done = call(entered="c\np\nm\n?\n" + WHOLE_CALL)

    assert done.exit_code == 0
    for told in ("suits the use", "binds for", "Choose a move by its number."):
        assert told in done.stdout


def test_a_discount_beyond_what_he_may_grant_is_asked_for_again() -> None:
    done = call(entered="6\n90\n10\n12\n\n" + WHOLE_CALL[4:])

    assert "A number from 1 to 25, please." in done.stdout


def test_what_is_not_his_to_grant_is_said_so_and_costs_no_move() -> None:
    done = CliRunner().invoke(main, ["call", "changing_funds"], input="6\n8\n1\n\nq\n")

    assert done.stdout.count("That is not yours to grant.") >= 1
    assert "move 2 of 12" in done.stdout


def test_a_call_kept_in_a_file_goes_on_where_it_was_left(tmp_path: Path) -> None:
    file = str(tmp_path / "call.json")

    stopped = call("--file", file, entered="1\n\nq\n")
    done = call("--file", file, entered=WHOLE_CALL[3:])

    assert stopped.exit_code == 130
    assert "Go on with the same command" in stopped.stderr
    assert done.exit_code == 0
    assert done.stdout == "" or "move 2 of 12" in done.stdout
    assert call(entered=WHOLE_CALL).stdout.split("Debrief")[1] in done.stdout.replace(
        f"The call is kept in {file}.\n", ""
    )


def test_a_file_holding_another_call_than_was_asked_for_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "call.json"
    call("--file", str(file), entered="1\n\nq\n")
    before = file.read_bytes()

    done = CliRunner().invoke(
        main, ["call", "checking_in", "--seed", "9", "--file", str(file)], input="1\n\nq\n"
    )

    assert done.exit_code == 2
    assert "scenario: 'checking_in' is not of the call kept there, no_need" in done.stderr
    assert "seed: '9' is not of the call kept there, 4" in done.stderr
    assert file.read_bytes() == before


def test_a_call_that_ends_before_its_first_move_is_not_said_to_be_kept(tmp_path: Path) -> None:
    done = call("--file", str(tmp_path / "call.json"))

    assert list(tmp_path.iterdir()) == []
    assert done.stderr.strip() == "The call was broken off before its end."


def test_the_expert_and_the_weak_call_are_heard_and_a_move_is_gone_back_to() -> None:
    done = call(entered=WHOLE_CALL[:-1] + "e\nw\nf\n3\n13\n\n2\n80\n60\n\n")

    assert done.exit_code == 0, done.output
    assert done.stdout.count("The true reason") == 2
    assert "The customer leaves." in done.stdout  # without the pause


def lines(done: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_program_sends_steps_and_reads_a_screen_a_line() -> None:
    steps = [
        {"move": "ask_open", "turn": 0},
        {"move": "ask_open", "turn": 0},
        {"move": "probe"},
        {"move": "offer_pause", "months": 3},
        {"move": "close"},
        {"forecast": {"life_event": 0.9, "need_ended": 0.1}, "stays": 0.7},
        {"fork": 2},
    ]

    screens = lines(call("--json", entered="\n".join(map(json.dumps, steps))))

    assert [it["phase"] for it in screens] == ["call"] * 5 + ["forecast", "over", "call"]
    assert [it["turn"] for it in screens] == [0, 1, 1, 2, 3, 4, 4, 2]
    assert [("debrief" in it) for it in screens] == [False] * 6 + [True, False]


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("{", "is no JSON"),
        ("[1]", "is no step"),
        ('{"move": "sing"}', "move"),
        ('{"move": "ask_open", "amount": 4, "depth": 2}', "depth"),
        ('{"move": "offer_discount", "amount": 99999999, "months": 99}', "months"),
        ('{"forecast": {"boredom": 1}, "stays": 0.5}', "reasons"),
        ('{"fork": 1}', "not possible in the phase 'call'"),
    ],
)
def test_a_step_that_is_none_is_answered_by_what_is_wrong_and_the_call_goes_on(step: str, told: str) -> None:
    screens = lines(call("--json", entered=f'{step}\n{{"move": "ask_open"}}\n'))

    assert told in str(screens[1]["error"]).lower() or told in str(screens[1]["error"])
    assert screens[2]["turn"] == 1


def test_an_unknown_scenario_and_a_file_that_is_none_are_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "call.json").write_text("{", encoding="utf-8")

    unknown = CliRunner().invoke(main, ["call", "no_ned"])
    broken = CliRunner().invoke(main, ["call", "--file", str(tmp_path / "call.json")])

    assert (unknown.exit_code, broken.exit_code) == (2, 2)
    assert "Did you mean 'no_need'" in unknown.stderr
    assert "is no JSON" in broken.stderr


def test_what_is_typed_is_read_as_a_move_shown_with_its_label_and_kept_in_its_words(tmp_path: Path) -> None:
    file = tmp_path / "call.json"
    typed = "What made you decide to leave us now?"

    done = call("--file", str(file), entered=f"{typed}\n\n13\n\n2\n80\n60\n\n")

    kept = json.loads(file.read_text(encoding="utf-8"))["moves"]
    assert done.exit_code == 0, done.output
    assert "Read as: Ask an open question" in done.stdout
    assert (kept[0]["move"], kept[0]["words"], kept[0]["source"]) == ("ask_open", typed, "text-auto")
    assert (kept[1]["words"], kept[1]["source"]) == ("", "menu")


def test_money_and_months_that_were_typed_plainly_are_not_asked_for_again(tmp_path: Path) -> None:
    file = tmp_path / "call.json"

    done = call(
        "--file", str(file), entered="I can give you a 10% discount for six months.\n\n13\n\n2\n80\n60\n\n"
    )

    offer = json.loads(file.read_text(encoding="utf-8"))["moves"][0]
    assert (offer["move"], offer["months"]) == ("offer_discount", 6)
    assert offer["amount"] > 0
    assert "How many percent off?" not in done.stdout


def test_what_nobody_can_read_is_asked_about_and_taken_only_when_chosen() -> None:
    done = call(entered="qwe rty uio\n0\n" + WHOLE_CALL)

    assert done.exit_code == 0, done.output
    assert "Which of these did you mean?" in done.stdout
    assert "move 1 of 12" in done.stdout
    assert "The customer stays." in done.stdout


def test_two_moves_in_one_text_are_sent_one_after_the_other(tmp_path: Path) -> None:
    file = tmp_path / "call.json"
    typed = "I'm really sorry about that. What exactly happened?"

    done = call("--file", str(file), entered=f"{typed}\n\n\n13\n\n2\n80\n60\n\n")

    kept = [it["move"] for it in json.loads(file.read_text(encoding="utf-8"))["moves"]]
    assert done.exit_code == 0, done.output
    assert kept == ["apologise", "ask_open", "close"]


def moves_kept(file: Path) -> list[dict[str, object]]:
    kept: list[dict[str, object]] = json.loads(file.read_text(encoding="utf-8"))["moves"]
    return kept


PROPOSE, COMPARE, PROMISE = "7", "9", "10"


def test_enter_proposes_what_fits_compares_honestly_and_promises_the_last_day(tmp_path: Path) -> None:
    file = tmp_path / "call.json"

    done = call("--file", str(file), entered=f"{PROPOSE}\n\n\n{COMPARE}\n\n\n{PROMISE}\n\n\nq\n")

    fit, honest, promise = moves_kept(file)
    assert (fit["move"], fit["plan"]) == ("propose_fit", None)
    assert (honest["move"], honest["claim"]) == ("compare_competitor", None)
    assert (promise["move"], promise["days"]) == ("promise_follow_up", 7)
    assert "Enter proposes the one that fits best: the " in done.stdout
    assert re.search(r"Enter: \w+day \d+ \w+", done.stdout)


def test_a_package_a_claim_and_a_day_are_chosen_by_number_and_said(tmp_path: Path) -> None:
    file = tmp_path / "call.json"

    done = call("--file", str(file), entered=f"{PROPOSE}\n4\n\n{COMPARE}\n3\n\n{PROMISE}\n8\n2\n\nq\n")

    fit, claim, promise = moves_kept(file)
    assert (fit["plan"], claim["claim"], promise["days"]) == (140, "our_quality_is_better", 2)
    assert "the complete package" in done.stdout
    assert "A number from 1 to 7, please." in done.stdout


@pytest.mark.parametrize(
    ("language", "typed", "kept", "told"),
    [
        ("en", "I think the basic package would suit you better.", {"plan": 50}, "Also read: the basic package."),
        ("en", "Compared with the others: nobody is cheaper.", {"claim": "we_are_cheaper"}, "Also read: Nobody is cheaper than we are."),
        ("en", "I'll check and call you back in three days.", {"days": 3}, "Also read: "),
        ("he", "החבילה הבסיסית תתאים לך יותר.", {"plan": 50}, "הובן גם: החבילה הבסיסית."),
        ("he", "השוויתי מול המתחרים, וכולם יקרים.", {"claim": "we_are_cheaper"}, "הובן גם: אף אחד לא זול מאיתנו."),
        ("he", "אבדוק ואחזור אליך בעוד יומיים.", {"days": 2}, "הובן גם: "),
    ],
)  # fmt: skip
def test_what_was_typed_of_a_package_a_claim_or_a_day_is_shown_and_not_asked_again(
    tmp_path: Path, language: str, typed: str, kept: dict[str, object], told: str
) -> None:
    file = tmp_path / "call.json"

    done = call("--lang", language, "--file", str(file), entered=f"{typed}\n\nq\n")

    (move,) = moves_kept(file)
    assert {name: move[name] for name in kept} == kept, done.output
    assert told in plain(done.stdout)


def test_a_program_names_package_claim_and_day_and_hears_all_that_is_wrong_with_them() -> None:
    steps = [
        {"move": "propose_fit", "plan": 80},
        {"move": "compare_competitor", "claim": "they_bind_longer"},
        {"move": "promise_follow_up", "days": 30},
        {"move": "ask_open", "plan": 80, "days": 3},
        {"move": "promise_follow_up", "days": 3},
    ]

    begun, fit, _, late, misplaced, promised = lines(
        call("--json", entered="\n".join(map(json.dumps, steps)))
    )

    assert [it["plan"] for it in begun["plans"]] == [50, 80, 110, 140]  # type: ignore[attr-defined]
    assert [it["claim"] for it in begun["claims"]][:2] == [None, "we_are_cheaper"]  # type: ignore[attr-defined]
    slots = {it["move"]: it["slots"] for it in begun["moves"]}  # type: ignore[attr-defined]
    assert (slots["propose_fit"], slots["ask_open"]) == (["plan"], [])
    assert "the standard package" in str(fit["lines"])
    assert "You may grant 7 days at most" in str(late["error"])
    assert "plan: " in str(misplaced["error"])
    assert "days: " in str(misplaced["error"])
    assert promised["turn"] == 3


def test_a_goal_is_shown_before_and_after_and_the_next_is_said_how_to_bring() -> None:
    done = call(
        "--goal", "ask before I offer", entered=WHOLE_CALL.removesuffix("\n") + "g\nlisten longer\n\n"
    )

    assert done.exit_code == 0
    assert done.output.count("ask before I offer") == 2
    assert "retainsim call --goal 'listen longer'" in done.output


def test_a_debrief_names_a_scenario_to_compare_the_call_with() -> None:
    told = " ".join(call(entered=WHOLE_CALL).output.split())

    assert "Alike beneath the surface: “I don't come any more”. A gym" in told


def test_a_program_sets_a_goal_once_the_call_is_over() -> None:
    steps = ['{"goal": "too early"}', '{"move": "release"}', '{"forecast": {"life_event": 1}, "stays": 0.5}', '{"goal": "listen"}']  # fmt: skip

    told = [
        json.loads(line)
        for line in call("--json", "--goal", "ask", entered="\n".join(steps)).stdout.splitlines()
    ]

    assert "error" in told[1]
    assert [it["goal"] for it in told if "goal" in it] == ["ask", "ask", "ask"]
    assert told[-1]["told"] == "Next time: retainsim call --goal listen"
    assert told[-2]["debrief"]["analogous"]["scenario"] == "stopped_coming"
