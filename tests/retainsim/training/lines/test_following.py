"""Which cue follows from a move: every reachable turn of a call has one, and every cue is reachable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import attrs
import pytest
from lives import a_month
from spoken_calls import (
    ALONE,
    CLOSED,
    FRANK,
    Heard,
    Step,
    a_caller,
    chance_calls,
    chance_visits,
    held,
    step,
)

from retainsdk.action import Claim
from retainsdk.policy import MoveKind
from retainsdk.vocabulary import Reason
from retainsim.market.response import Call, End
from retainsim.training.lines import CUES, Beat, By, Cue, Role, answered, decided, opening, said
from retainsim.training.lines.phrasebook import THREAT

DEARER, CHEAPER = {"price": (1.0, 1.3, 1.2, 1.1)}, {"price": (1.0, 0.8, 0.9, 1.0)}
ASK, PROBE = step(MoveKind.ASK_OPEN), step(MoveKind.PROBE)
CALM = Call(mood=0.0, trust=0.2, patience=99.0)


def beats_of(heard: Heard) -> Iterator[Beat]:
    yield from opening(heard.first, heard.stated)
    for it in heard.exchanges:
        named = heard.stated if it.slots.suspected is None else it.slots.suspected
        present = it.slots.present
        yield said(it.before, it.move, stated=heard.stated, named=named, present=present)
        yield from answered(
            it.before,
            it.move,
            it.after,
            stated=heard.stated,
            named=named,
            present=present,
            felt=it.felt,
            besides=it.besides,
        )
    if heard.last.end is not None:
        yield from decided(heard.last, stays=heard.stays, threat=heard.situation == THREAT)


@pytest.fixture(scope="module")
def calls() -> list[list[Beat]]:
    both = (*chance_calls(4_000, seed=1), *chance_visits(2_000, seed=1))
    return [list(beats_of(heard)) for heard in both]


def test_every_cue_of_the_table_is_reached(calls: list[list[Beat]]) -> None:
    reached = {beat.cue for call in calls for beat in call}

    assert set(Cue) - reached == set()
    assert set(CUES) == set(Cue)


def test_what_is_about_a_reason_knows_the_reason(calls: list[list[Beat]]) -> None:
    told = [beat for call in calls for beat in call if CUES[beat.cue].reason is not By.ANY]
    named = [beat for call in calls for beat in call if "reason" in CUES[beat.cue].slots]

    assert all(beat.reason is not None for beat in told + named)
    assert {beat.reason for beat in told if beat.cue is Cue.STATES} == set(Reason)
    assert {beat.reason for beat in told if beat.cue is Cue.TELLS} == set(Reason) - {Reason.NO_NEED_STATED}


def test_what_comes_once_or_seldom_in_a_call_does(calls: list[list[Beat]]) -> None:
    seldom = [cue for cue, row in CUES.items() if not row.often]

    for call in calls:
        count = Counter(beat.cue for beat in call)
        assert all(count[cue] <= 3 for cue in seldom)


def test_nobody_speaks_of_a_reason_before_it_is_told_or_stated_or_asked_about() -> None:
    for heard in chance_calls(300, seed=2):
        for it in heard.exchanges:
            named = heard.stated if it.slots.suspected is None else it.slots.suspected
            answer = answered(it.before, it.move, it.after, stated=heard.stated, named=named)

            spoken = said(it.before, it.move, stated=heard.stated, named=named)

            assert {beat.reason for beat in answer} == {it.after.revealed or heard.stated}
            assert spoken.reason in {it.before.revealed or heard.stated, named}


def test_the_words_of_a_turn_hang_on_nothing_hidden() -> None:
    """Another true reason, as long as it is not told, and other trust change no cue."""
    for heard in chance_calls(200, seed=3):
        for it in heard.exchanges:
            one = answered(it.before, it.move, it.after, stated=heard.stated, named=heard.stated)
            shift = 0.125  # exact, so that differences stay what they were
            before, then = (attrs.evolve(call, trust=call.trust + shift) for call in (it.before, it.after))

            assert answered(before, it.move, then, stated=heard.stated, named=heard.stated) == one


def answers(*steps: Step, **terms: object) -> list[Cue]:
    """What the customer answers to the last step; he trusts us, so he tells his reason when asked."""
    return answers_of(a_caller(key=FRANK, trust=1.0), *steps, **terms)


def answers_of(person: object, *steps: Step, **terms: object) -> list[Cue]:
    heard = held(steps, person, a_month(**terms))  # type: ignore[arg-type] # a row
    last = heard.exchanges[-1]
    named = heard.stated if last.slots.suspected is None else last.slots.suspected
    present = last.slots.present
    answer = answered(last.before, last.move, last.after, stated=heard.stated, named=named, present=present)
    return [beat.cue for beat in answer]


def test_who_trusts_tells_an_open_question_what_he_did_not_state() -> None:
    assert answers(ASK) == [Cue.OPENS_UP, Cue.TELLS]
    assert answers_of(a_caller(key=FRANK, trust=1.0, stated_reason=Reason.CHEAPER_COMPETITOR), ASK) == [Cue.STANDS_BY, Cue.TELLS]  # fmt: skip


def test_asked_by_name_he_admits_it_or_puts_it_right() -> None:
    assert answers(step(MoveKind.PROBE, suspected=Reason.CHEAPER_COMPETITOR)) == [Cue.ADMITS, Cue.TELLS]
    assert answers(step(MoveKind.PROBE, suspected=Reason.LIFE_EVENT)) == [Cue.CORRECTS, Cue.TELLS]
    assert answers(ASK, PROBE) == [Cue.CONFIRMS]
    assert answers(ASK, PROBE, PROBE) == [Cue.CONFIRMS_AGAIN]


def test_a_third_question_annoys_whoever_tells_nothing() -> None:
    closed = a_caller(key=CLOSED, trust=-1.0)
    evading = [answers_of(closed, *[ASK] * count)[0] for count in (1, 2, 3)]

    assert evading == [Cue.EVADES, Cue.EVADES, Cue.EVADES_ANNOYED]


def test_a_first_apology_is_taken_by_who_was_hurt_and_puzzles_who_was_not() -> None:
    sorry = step(MoveKind.APOLOGISE)
    hurt = a_caller(hurt=0.4, trust=0.5)

    assert answers_of(hurt, sorry)[0] is Cue.TAKES_APOLOGY
    assert answers(sorry) == [Cue.NOTHING_TO_FORGIVE]
    assert answers(sorry, sorry) == [Cue.APOLOGY_AGAIN]
    assert answers(sorry, sorry, sorry) == [Cue.APOLOGIES_ENOUGH]


def test_worth_speaks_once_to_who_doubts_it() -> None:
    worth = step(MoveKind.EXPLAIN_VALUE)

    assert answers(worth) == [Cue.WORTH_BESIDE]
    assert answers(ASK, worth) == [Cue.SEES_WORTH]
    assert answers(ASK, worth, worth) == [Cue.HEARD_WORTH]


def test_an_offer_before_any_question_shows_that_nobody_listened() -> None:
    offer = step(MoveKind.OFFER_DISCOUNT)

    assert answers(offer) == [Cue.UNHEARD]
    assert answers(offer, step(MoveKind.OFFER_PAUSE)) == [Cue.UNHEARD_AGAIN]
    assert answers(offer, ASK, step(MoveKind.OFFER_PAUSE)) == [Cue.PAUSE_BESIDE]


@pytest.mark.parametrize(
    ("kind", "reason", "cue"),
    [
        (MoveKind.OFFER_DISCOUNT, Reason.CHEAPER_COMPETITOR, Cue.DISCOUNT_WELCOME),
        (MoveKind.OFFER_DISCOUNT, Reason.NEED_ENDED, Cue.DISCOUNT_BESIDE),
        (MoveKind.PROPOSE_FIT, Reason.NOT_WORTH_COST, Cue.PACKAGE_WELCOME),
        (MoveKind.PROPOSE_FIT, Reason.BROKEN_TRUST, Cue.PACKAGE_BESIDE),
        (MoveKind.OFFER_PAUSE, Reason.LIFE_EVENT, Cue.PAUSE_WELCOME),
        (MoveKind.OFFER_PAUSE, Reason.NEED_ENDED, Cue.PAUSE_BESIDE),
    ],
)
def test_an_offer_is_heard_in_the_light_of_the_reason_that_was_told(
    kind: MoveKind, reason: Reason, cue: Cue
) -> None:
    assert answers_of(a_caller(key=FRANK, trust=1.0, true_reason=reason), ASK, step(kind)) == [cue]


def test_the_package_he_has_is_no_proposal() -> None:
    keep, other = step(MoveKind.PROPOSE_FIT, present=True), step(MoveKind.PROPOSE_FIT)
    heard = held((ASK, keep), a_caller(key=FRANK, trust=1.0), a_month())
    last = heard.exchanges[-1]

    spoken = said(last.before, last.move, stated=heard.stated, named=heard.stated, present=True)

    assert spoken.cue is Cue.KEEPS_PACKAGE
    assert answers(ASK, keep) == [Cue.PACKAGE_KEPT]
    assert answers(ASK, keep, other) == [Cue.PACKAGE_AGAIN]
    assert answers(keep) == [Cue.UNHEARD]
    assert answers(ASK, step(MoveKind.OFFER_DISCOUNT, present=True)) == [Cue.DISCOUNT_WELCOME]


def test_a_second_discount_is_measured_by_the_first() -> None:
    def low() -> Step:
        return step(MoveKind.OFFER_DISCOUNT, amount=1_000)

    high = step(MoveKind.OFFER_DISCOUNT, amount=2_000)

    assert answers(ASK, low(), high) == [Cue.DISCOUNT_BETTER]
    assert answers(ASK, high, low()) == [Cue.DISCOUNT_NO_BETTER]
    assert answers(ASK, low(), low()) == [Cue.DISCOUNT_NO_BETTER]


def test_an_honest_comparison_is_heard_whoever_is_cheaper() -> None:
    compare = step(MoveKind.COMPARE_COMPETITOR)

    assert answers(compare, **DEARER) == [Cue.COMPARISON_HEARD]
    assert answers(compare, **CHEAPER) == [Cue.COMPARISON_HEARD]
    assert answers(compare, compare, **CHEAPER) == [Cue.COMPARISON_KNOWN]
    assert answers(compare, **ALONE, shares=(0.6, 0.4)) == [Cue.COMPARISON_EMPTY]


def test_a_claim_that_is_known_to_be_false_is_contradicted_every_time() -> None:
    claim = step(MoveKind.COMPARE_COMPETITOR, claim=Claim.WE_ARE_CHEAPER)
    compare = step(MoveKind.COMPARE_COMPETITOR)

    assert answers(claim, **DEARER) == [Cue.COMPARISON_HEARD]
    assert answers(claim, **CHEAPER) == [Cue.COMPARISON_FALSE]
    assert answers(compare, claim, **CHEAPER) == [Cue.COMPARISON_FALSE]
    assert answers(claim, compare, **CHEAPER) == [Cue.COMPARISON_HEARD]
    assert answers_of(a_caller(key=FRANK, trust=-1.0), claim, **CHEAPER)[0] is Cue.COMPARISON_FALSE
    assert answers(claim, **ALONE, shares=(0.6, 0.4)) == [Cue.COMPARISON_EMPTY]


def test_the_polite_give_way_to_pressure_and_the_assertive_push_back() -> None:
    press = step(MoveKind.PRESSURE)

    assert answers_of(a_caller(assertive=0.1), press) == [Cue.GIVES_WAY]
    assert answers_of(a_caller(assertive=0.9), press)[0] is Cue.PUSHES_BACK


def test_who_loses_patience_says_so_once_and_once_more_three_moves_later() -> None:
    chat, patient = step(MoveKind.EMPATHISE), a_caller(trust=0.5)
    tired = [
        [cue for cue in answers_of(patient, *[chat] * count) if cue in {Cue.TIRED, Cue.TIRED_STILL}]
        for count in range(1, 12)
    ]

    assert [cue for cues in tired for cue in cues] == [Cue.TIRED, Cue.TIRED_STILL]


def test_a_call_that_ends_says_how() -> None:
    end = {
        MoveKind.CLOSE: Cue.PONDERS,
        MoveKind.RELEASE: Cue.LET_GO,
        MoveKind.ESCALATE: Cue.HANDED_OVER,
    }

    assert all(answers(step(kind)) == [cue] for kind, cue in end.items())
    assert answers(*[step(MoveKind.EMPATHISE)] * 12)[-1] is Cue.OUT_OF_TIME
    assert answers_of(a_caller(trust=-0.5, hurt=0.4), *[step(MoveKind.REFUSE)] * 9) == [Cue.HANGS_UP]


@pytest.mark.parametrize(
    ("end", "stays", "cues"),
    [
        ("closed", True, [Cue.STAYS, Cue.PARTS_STAYING]),
        ("closed", False, [Cue.LEAVES, Cue.PARTS_LEAVING]),
        ("released", False, [Cue.LEFT_WELL]),
        ("hung up", True, [Cue.STAYED_AFTER]),
        ("escalated", False, [Cue.LEFT_AFTER]),
        ("out of time", False, [Cue.LEFT_AFTER]),
    ],
)
def test_the_decision_is_spoken_where_he_is_still_on_the_line(end: End, stays: bool, cues: list[Cue]) -> None:  # noqa: FBT001 - a parameter of the table
    told = decided(attrs.evolve(CALM, end=end), stays=stays)

    assert [beat.cue for beat in told] == cues


def test_the_table_knows_every_voice_and_says_when() -> None:
    assert {row.role for row in CUES.values()} == set(Role)
    assert len({row.when for row in CUES.values()}) == len(CUES)
