"""A session in words: what a trainee may see in his language, and the truth when it is time."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from retainsdk.action import Claim
from retainsdk.policy import Move, MoveKind
from retainsdk.view import Reason
from retainsim.market.person import FIELDS
from retainsim.training.desk import Desk
from retainsim.training.lines import Cue, Gender, Language
from retainsim.training.record import read_record
from retainsim.training.score import LINES, Dimension
from retainsim.training.session import REASONS, Forecast, NotNowError, Session

LANGUAGES = pytest.mark.parametrize("language", Language)
ASK, PROBE, CLOSE = MoveKind.ASK_OPEN, MoveKind.PROBE, MoveKind.CLOSE
PRESS, APOLOGISE = Move(kind=MoveKind.PRESSURE), Move(kind=MoveKind.APOLOGISE)
CLAIM_CHEAPER = Move(kind=MoveKind.COMPARE_COMPETITOR, claim=Claim.WE_ARE_CHEAPER)


def begun(language: Language = Language.ENGLISH, *, seed: int = 3, gender: Gender = Gender.FEMININE) -> Desk:
    return Desk.begin("no_need", seed=seed, language=language, gender=gender, name="Dana")


def after(desk: Desk, moves: Iterable[MoveKind]) -> Desk:
    return desk.at(desk.session.after(Move(kind=kind) for kind in moves))


def over(desk: Desk, moves: Iterable[MoveKind] = (ASK, PROBE, CLOSE)) -> Desk:
    done = after(desk, moves)
    return done.at(done.session.foretell(Forecast.sure(Reason.LIFE_EVENT, 0.8, stays=0.5)))


@LANGUAGES
def test_the_same_seed_and_the_same_moves_give_the_same_call_word_for_word(language: Language) -> None:
    first, again = over(begun(language)), over(begun(language))

    assert first.dialogue == again.dialogue
    assert first.debriefing() == again.debriefing()


def test_the_score_does_not_depend_on_the_language() -> None:
    english, hebrew = (over(begun(language)).debriefed.score for language in Language)

    assert english.lines == hebrew.lines
    assert english.outlook == hebrew.outlook


def test_another_seed_is_another_customer() -> None:
    first, other = begun(seed=1), begun(seed=2)

    assert first.card() != other.card()
    assert first.customer != other.customer


@LANGUAGES
def test_a_record_brings_back_the_desk_as_it_was_left(language: Language) -> None:
    desk = after(begun(language, gender=Gender.MASCULINE), (ASK, PROBE))

    again = Desk.kept(read_record(desk.record().to_json(), source="a record"))

    assert again.dialogue == desk.dialogue
    assert again.screen() == desk.screen()


def test_the_call_begins_with_the_card_of_the_customer() -> None:
    desk = begun()

    card = dict(desk.card())

    assert card["with us for"] == f"{desk.session.seen.tenure_months} months"
    assert card["name"] == desk.customer.full_name
    assert card["complaints"] == str(desk.session.seen.complaints)


def test_what_would_be_said_is_what_is_said() -> None:
    desk, move = begun(), Move(kind=ASK)

    would = desk.would_say(move)

    said = desk.at(desk.session.say(move)).dialogue.lines[len(desk.dialogue.lines)]
    assert said.text == would


@LANGUAGES
@pytest.mark.parametrize("seed", range(1, 7))
def test_the_truth_is_told_after_the_forecast_and_not_before(seed: int, language: Language) -> None:
    """By name, and by the words in which the truth would be told: nothing of a call that asks nothing gives it away."""
    desk = after(begun(language, seed=seed), (MoveKind.REFUSE, CLOSE))
    truth = desk.session.case.truth
    hidden = {field.name for field in FIELDS if field.channel == "truth"} - {"apologies"}
    stated = {desk.session.seen.stated_reason}

    told = json.dumps([desk.screen(), desk.record().to_json()], ensure_ascii=False)

    assert not [name for name in hidden if f'"{name}"' in told]
    if truth not in stated:
        assert desk.word(f"reasons.{truth.name.lower()}") not in told
        assert f'"{truth.name.lower()}"' not in told
    with pytest.raises(NotNowError):
        desk.debriefing()


def test_the_truth_names_the_reason_the_market_read_off_the_choice() -> None:
    desk = over(begun())

    told = " ".join(desk.verdict())

    assert desk.word(f"reasons.{Reason(int(desk.session.case.row['true_reason'][0])).name.lower()}") in told
    assert desk.debriefing()["truth"] == desk.session.case.truth.name.lower()


@LANGUAGES
def test_every_line_of_a_score_and_every_dimension_has_its_words(language: Language) -> None:
    desk = begun(language)

    assert all(desk.word(f"rubric.{line}") for line in LINES)
    assert all(desk.word(f"dimensions.{dimension}") for dimension in Dimension)
    assert all(desk.word(f"reasons.{reason.name.lower()}") for reason in REASONS)


@LANGUAGES
def test_an_expert_and_a_weak_call_are_heard_to_the_decision(language: Language) -> None:
    desk = over(begun(language))

    for told in (desk.debriefed.expert, desk.debriefed.weak):
        lines = desk.at(told).dialogue.lines
        assert len(lines) > len(desk.at(told.at_start()).dialogue.lines)
        assert told.forecast is not None


def test_the_twin_of_a_trainee_who_does_nothing_has_an_effect_of_exactly_nothing() -> None:
    desk = begun()
    alone = desk.at(desk.session.say(Move(kind=CLOSE)))

    by = over(desk, (CLOSE,)).debriefed

    assert alone.session.calls[-1].bonus == 0
    effect = by.outlooks["nobody"].beside(by.outlooks["nobody"], names=("a", "b"), currency="USD")
    assert effect.estimate == 0


@pytest.mark.parametrize(
    "moves",
    [[PRESS], [CLAIM_CHEAPER], [APOLOGISE] * 3],
    ids=["pressed", "claimed to be cheaper than somebody cheaper", "apologised a third time"],
)
def test_what_cost_trust_is_told_with_the_truth(moves: list[Move]) -> None:
    desk = begun(seed=6)
    assert min(it.monthly_fee for it in desk.session.rivals) < desk.session.seen.monthly_fee

    told = over(desk.at(desk.session.after(moves)), [CLOSE]).debriefed.score

    (line,) = (it for it in told.lines if it.id == "trust")
    assert line.points == 0
    assert line.figure is not None
    assert line.figure < 0
    assert len(moves) in line.turns


def test_a_good_goodbye_leaves_more_trust_than_none() -> None:
    let_go, closed = (over(begun(seed=5), [kind]).session.call.trust for kind in (MoveKind.RELEASE, CLOSE))

    assert let_go > closed


def test_somebody_pressed_trusts_us_less_than_somebody_let_be() -> None:
    pressed, let_be = (
        over(begun(seed=6), moves).session.call.trust for moves in ([MoveKind.PRESSURE, CLOSE], [CLOSE])
    )

    assert pressed < let_be


def test_who_is_proposed_what_he_has_hears_that_and_no_change() -> None:
    desk = Desk.begin("sold_too_much", seed=1, language=Language.ENGLISH)
    has = int(desk.session.case.row["package"][0])
    assert has == desk.best_fit

    stay, change = (
        desk.at(desk.session.after([Move(kind=ASK), Move(kind=MoveKind.PROPOSE_FIT, plan=plan)])).dialogue
        for plan in (None, 50)
    )

    assert [it.cue for it in stay.lines[-2].beats] == [Cue.KEEPS_PACKAGE]
    assert [it.cue for it in change.lines[-2].beats] == [Cue.PROPOSES_PACKAGE]
    assert dict(desk.package_names())[has] in stay.lines[-2].text
    assert dict(desk.package_names())[50] in change.lines[-2].text


# calls that we begin, and a colleague who was there before


def cues(desk: Desk) -> set[Cue]:
    return {beat.cue for line in desk.dialogue.lines for beat in line.beats}


def a_discount(session: Session, share: float, months: int) -> Move:
    return Move(kind=MoveKind.OFFER_DISCOUNT, amount=int(share * session.seen.monthly_fee), months=months)


@pytest.mark.parametrize(("share", "months", "heard"), [(0.15, 6, False), (0.2, 6, True), (0.15, 12, True)])
def test_who_says_something_else_than_his_colleague_hears_it(share: float, months: int, heard: bool) -> None:  # noqa: FBT001 # of a table
    desk = Desk.begin("two_sellers", seed=3, language=Language.ENGLISH)

    desk = desk.at(desk.session.after([Move(kind=ASK), a_discount(desk.session, share, months)]))

    assert (Cue.CONTRADICTED in cues(desk)) is heard


def test_what_life_has_brought_comes_out_with_the_reason_and_selling_then_hurts() -> None:
    desk = Desk.begin("wrong_moment", seed=4, language=Language.HEBREW)
    asked = desk.at(desk.session.after([Move(kind=ASK)]))

    sold = asked.at(asked.session.after([a_discount(asked.session, 0.1, 6)]))

    assert Cue.TELLS_BEREAVEMENT in cues(asked) - cues(desk)
    assert Cue.HURT_BY_OFFER in cues(sold) - cues(asked)
    assert asked.word("facts.bereavement") in {value for _, value in asked.card()}


def test_what_a_call_comes_to_is_told_with_its_money() -> None:
    desk = Desk.begin("the_club", seed=6, language=Language.ENGLISH)
    gift = Move(kind=MoveKind.OFFER_BENEFIT, amount=1_000)

    assert desk.came_to() == "What the call comes to: \u2068Nothing\u2069."
    assert (
        "A benefit of the club, \u2068$10\u2069"
        in desk.at(desk.session.after([Move(kind=ASK), gift])).came_to()
    )


def test_many_days_are_told_in_months() -> None:
    desk = Desk.begin("lock_in_ends", seed=5, language=Language.ENGLISH)

    told = dict(desk.card())

    assert told["since leaving"] == "5 months"
    assert told["still bound elsewhere for"] == "\u206857\u2069 days"
