"""A call in words: the same whenever it is played, no line twice, every form in the right gender."""

from __future__ import annotations

import re
from itertools import pairwise, product

import pytest
from golden import Golden
from hypothesis import given
from hypothesis import strategies as st
from lives import N_FIRMS, a_month
from spoken_calls import FRANK, OPEN_MINDED, a_caller, chance_calls, chance_visits, held, step

from retainsdk.action import Claim
from retainsdk.errors import InputError
from retainsdk.policy import MoveKind
from retainsdk.vocabulary import Reason
from retainsim.market.person import Need
from retainsim.market.response import MOST_TURNS
from retainsim.training.lines import (
    CUES,
    Cue,
    Dialogue,
    Gender,
    Language,
    Role,
    Scene,
    Speaker,
    Template,
    phrasebook,
    somebody,
)
from retainsim.training.lines.lint import _gendered
from retainsim.training.situation import THREAT_MOVES

HIM, HER = Gender.MASCULINE, Gender.FEMININE
both_languages = pytest.mark.parametrize("language", list(Language))
ALL_MOVES = [step(kind) for kind in THREAT_MOVES if kind not in {MoveKind.ESCALATE, MoveKind.CLOSE, MoveKind.RELEASE}]  # fmt: skip


def a_scene(language: Language = Language.HEBREW, me: Gender = HER, you: Gender = HIM, **changes: object) -> Scene:  # fmt: skip
    usual: dict[str, object] = {
        "language": language,
        "representative": Speaker(name="נועה" if language is Language.HEBREW else "Grace", gender=me),
        "customer": Speaker(name="דן" if language is Language.HEBREW else "Adam", family="Levi", gender=you),
        "currency": "ILS",
        "key": 1,
    }
    return Scene(**usual | changes)  # type: ignore[arg-type] # as a scene takes them


def templates_of(dialogue: Dialogue) -> list[str]:
    return [template for line in dialogue.lines for template in line.templates]


@both_languages
def test_no_line_repeats_within_any_of_many_calls(language: Language) -> None:
    settings = sorted(phrasebook(language).settings)

    for at, heard in enumerate(chance_calls(600, seed=11)):
        scene = a_scene(language, key=at, setting=settings[at % len(settings)])
        told = templates_of(heard.told(scene))

        assert len(told) == len(set(told))


@both_languages
def test_no_line_repeats_within_a_call_that_we_begin(language: Language) -> None:
    settings = sorted(phrasebook(language).settings)

    for at, heard in enumerate(chance_visits(600, seed=11)):
        told = templates_of(heard.told(a_scene(language, key=at, setting=settings[at % len(settings)])))

        assert len(told) == len(set(told))


@both_languages
def test_nobody_speaks_of_leaving_to_somebody_who_has_not_spoken_of_it(language: Language) -> None:
    """A customer of ours whom we call, and one who left long ago, have asked for nothing to be ended."""
    for at, heard in enumerate(chance_visits(600, seed=12)):
        if heard.situation != "goodbye":
            told = templates_of(heard.told(a_scene(language, key=at)))

            assert not [line for line in told if {"leave", "leaving"} & set(Template(line).slots)]


@both_languages
def test_a_call_that_we_begin_ends_in_a_goodbye_and_not_in_a_decision(language: Language) -> None:
    for heard in chance_visits(300, seed=13):
        cues = {beat.cue for line in heard.told(a_scene(language)).lines for beat in line.beats}

        assert not cues & {Cue.STAYS, Cue.LEAVES, Cue.PARTS_STAYING, Cue.PARTS_LEAVING, Cue.LEFT_WELL}
        assert (Cue.PARTS in cues) is (heard.last.end == "closed")


@both_languages
def test_a_line_comes_again_only_when_all_others_of_its_situation_were_said(language: Language) -> None:
    for kind in THREAT_MOVES:
        heard = held([step(kind)] * MOST_TURNS, a_caller(trust=1.0, key=FRANK), a_month())
        lines = heard.told(a_scene(language)).lines
        said = [both for line in lines for both in zip(line.beats, line.templates, strict=True)]

        for at, (beat, template) in enumerate(said):
            before = {earlier for _, earlier in said[:at]}
            close, wide = phrasebook(language).variants(beat, "telecom")
            assert template not in before or {*close, *wide} <= before


@both_languages
def test_lines_last_for_a_call_in_which_everything_is_done_in_turn(language: Language) -> None:
    """Seven times the same move is more than anybody makes; until then there is always something new to say."""
    for kind in THREAT_MOVES:
        heard = held([step(kind)] * 7, a_caller(trust=1.0, key=FRANK), a_month())
        told = templates_of(heard.told(a_scene(language)))

        assert len(told) == len(set(told)), kind


@given(moves=st.lists(st.sampled_from(THREAT_MOVES), max_size=MOST_TURNS), key=st.integers(0, 9))
def test_the_same_call_has_the_same_words_however_often_it_is_played(moves: list[MoveKind], key: int) -> None:
    heard = held([step(kind) for kind in moves], a_caller(key=key), a_month())

    assert heard.told(a_scene(key=key)) == heard.told(a_scene(key=key))


def test_other_luck_finds_other_words() -> None:
    heard = held(ALL_MOVES, a_caller(), a_month())

    assert templates_of(heard.told(a_scene(key=1))) != templates_of(heard.told(a_scene(key=2)))


def test_what_was_said_does_not_change_when_the_call_goes_on() -> None:
    full = held(ALL_MOVES, a_caller(), a_month())
    half = held(ALL_MOVES[:5], a_caller(), a_month())

    told = half.told(a_scene()).lines

    assert full.told(a_scene()).lines[: len(told)] == told


@both_languages
def test_voices_alternate_until_the_call_is_over(language: Language) -> None:
    for heard in chance_calls(50, seed=5):
        said = heard.told(a_scene(language)).lines[: 2 + 2 * len(heard.exchanges)]

        assert [line.role for line in said[:2]] == [Role.REPRESENTATIVE, Role.CUSTOMER]
        assert all(one.role is not other.role for one, other in pairwise(said))


def test_words_that_were_typed_stand_as_they_are_and_are_answered_as_what_they_mean() -> None:
    person, month = a_caller(), a_month()
    heard = held([step(MoveKind.EMPATHISE)], person, month)
    it = heard.exchanges[0]
    opened = Dialogue(scene=a_scene(), stated=heard.stated).opened(heard.first)

    told = opened.continued(it.before, it.move, it.after, words="אני {ממש} מבין אותך/אותו!")

    assert told.lines[-2].text == "אני {ממש} מבין אותך/אותו!"
    assert told.lines[-2].templates == ()
    assert [beat.cue for beat in told.lines[-1].beats] == [Cue.TOUCHED]


def test_names_and_amounts_stand_in_isolates() -> None:
    scene = a_scene(customer=Speaker(name="Dan", family="O'Neil", gender=HIM))
    told = [held([step(MoveKind.OFFER_DISCOUNT)], a_caller(), a_month()).told(scene).lines[-2].text]
    for key in range(20):
        told += [line.text for line in held([], a_caller(), a_month()).told(a_scene(key=key)).lines]

    assert re.search("\u2068\u200f15\xa0\u200f₪\u2069", told[0])
    for text in told:
        assert text.count("\u2068") == text.count("\u2069")
        assert not re.search(r"(?<!\u2068)(Dan|נועה|דן)", text)


@both_languages
def test_no_mark_is_left_in_what_is_said(language: Language) -> None:
    for at, heard in enumerate(chance_calls(200, seed=6)):
        text = " ".join(line.text for line in heard.told(a_scene(language, key=at)).lines)

        assert not re.search(r"[{}\[\]|]", text)
        assert "  " not in text


def test_a_move_that_leaves_out_what_it_must_say_is_told_what() -> None:
    heard = held([step(MoveKind.PROPOSE_FIT, package=None)], a_caller(), a_month())

    with pytest.raises(InputError, match=r"words of proposes_package.*\n.*package: is missing\. Give it"):
        heard.told(a_scene())


# gender: the four ways of speaking Hebrew


def _sets() -> tuple[set[str], set[str]]:
    """The words that are his alone, and hers alone."""
    his: set[str] = set()
    hers: set[str] = set()
    for pools in phrasebook(Language.HEBREW).lines.values():
        for line in (line for lines in pools.values() for line in lines):
            for form in Template(line).forms:
                his |= set(form.his.split())
                hers |= set(form.hers.split())
    return his - hers, hers - his


def test_no_hebrew_line_mixes_forms() -> None:
    his, hers = _sets()
    said_of_me, _ = _gendered()
    word = r"(?:לא |גם |רק |כבר |עוד |באמת |פשוט |עדיין |כמעט )*([א-ת'\"״]+)"
    of_me = re.compile(r"(?:^|\s)(?:ש|ו|כש)?אני " + word)  # Hebrew beside an escape
    of_him = re.compile(r"(?:^|\s)ש?אתה " + word)

    checked = 0
    for me, you in product(Gender, Gender):
        for at, heard in enumerate(chance_calls(120, seed=8)):
            for line in heard.told(a_scene(me=me, you=you, key=at)).lines:
                if line.role is Role.NARRATOR:
                    continue
                speaker, listener = (me, you) if line.role is Role.REPRESENTATIVE else (you, me)
                wrong = hers if speaker is HIM else his
                told = {found for found in of_me.findall(line.text) if found in said_of_me}
                checked += len(told)

                assert not told & wrong, line.text
                if listener is HER:
                    assert not of_him.search(line.text), line.text
                else:
                    assert not set(of_him.findall(line.text)) & hers, line.text
    assert checked > 1_000


def test_each_of_the_four_ways_sounds_different_where_forms_differ() -> None:
    line = Template("אני [מבין|מבינה] ש{אתה כועס|את כועסת}.")

    told = {line.said(me=me, you=you, fill={}) for me, you in product(Gender, Gender)}

    assert len(told) == 4


def test_every_hebrew_mark_is_heard_as_him_and_as_her() -> None:
    for pools in phrasebook(Language.HEBREW).lines.values():
        for line in (line for lines in pools.values() for line in lines):
            assert all(form.his != form.hers for form in Template(line).forms)


# read by a person: the calls as they sound

SCRIPT = {
    "a discount nobody asked for": (
        "telecom",
        {"true_reason": Reason.SERVICE_FAILURE, "stated_reason": Reason.NO_NEED_STATED, "hurt": 0.5},
        (
            step(MoveKind.OFFER_DISCOUNT),
            step(MoveKind.OFFER_DISCOUNT, amount=3_000, months=12),
            step(MoveKind.ASK_OPEN),
            step(MoveKind.PROBE, suspected=Reason.SERVICE_FAILURE),
            step(MoveKind.APOLOGISE),
            step(MoveKind.PROMISE_FOLLOW_UP),
            step(MoveKind.CLOSE),
        ),
    ),
    "to the root": (
        "gym",
        {"true_reason": Reason.LIFE_EVENT, "stated_reason": Reason.NO_NEED_STATED, "trust": 0.6, "leaning": N_FIRMS, "need_state": Need.PAUSED, "key": OPEN_MINDED},
        (
            step(MoveKind.SMALL_TALK),
            step(MoveKind.ASK_OPEN),
            step(MoveKind.EMPATHISE),
            step(MoveKind.PROBE),
            step(MoveKind.OFFER_PAUSE, months=2),
            step(MoveKind.CLOSE),
        ),
    ),
    "too big a package": (
        "insurance",
        {"true_reason": Reason.NOT_WORTH_COST, "stated_reason": Reason.CHEAPER_COMPETITOR, "trust": 0.4},
        (
            step(MoveKind.ASK_OPEN),
            step(MoveKind.PROBE),
            step(MoveKind.EXPLAIN_VALUE),
            step(MoveKind.COMPARE_COMPETITOR),
            step(MoveKind.PROPOSE_FIT, package=0),
            step(MoveKind.CLOSE),
        ),
    ),
    "let go well": (
        "pet_shop",
        {"true_reason": Reason.NEED_ENDED, "stated_reason": Reason.NEED_ENDED, "trust": 0.5},
        (
            step(MoveKind.ASK_OPEN),
            step(MoveKind.EMPATHISE),
            step(MoveKind.PROBE),
            step(MoveKind.RELEASE),
        ),
    ),
    "everything wrong": (
        "bank_card",
        {"true_reason": Reason.BROKEN_TRUST, "stated_reason": Reason.BROKEN_TRUST, "hurt": 0.3, "trust": -0.4, "assertive": 0.9},
        (
            step(MoveKind.COMPARE_COMPETITOR, claim=Claim.OUR_QUALITY_IS_BETTER),
            step(MoveKind.EXPLAIN_VALUE),
            step(MoveKind.PRESSURE),
            step(MoveKind.SMALL_TALK),
            step(MoveKind.REFUSE),
            step(MoveKind.PRESSURE),
            step(MoveKind.REFUSE),
            step(MoveKind.REFUSE),
        ),
    ),
}  # fmt: skip


@both_languages
def test_five_calls_read_by_a_person(language: Language, golden: Golden) -> None:
    pages = []
    for key, (title, (setting, who, steps)) in enumerate(SCRIPT.items(), start=1):
        heard = held(steps, a_caller(**{"key": FRANK} | who), a_month())
        scene = Scene(
            language=language,
            setting=setting,
            representative=somebody(language, key),
            customer=somebody(language, key + 100),
            currency="ILS",
            key=key,
        )
        lines = [f"{line.role.value[:4]}  {line.text}" for line in heard.told(scene).lines]
        pages.append("\n".join([f"# {title}", "", *lines]))

    golden(f"training-calls-{language}.txt", "\n\n".join(pages) + "\n")


def test_the_calls_that_are_read_reach_much_of_the_table() -> None:
    cues = {
        beat.cue
        for setting, who, steps in SCRIPT.values()
        for line in held(steps, a_caller(**{"key": FRANK} | who), a_month())
        .told(a_scene(setting=setting))
        .lines
        for beat in line.beats
    }

    assert len(cues) > len(CUES) / 3
