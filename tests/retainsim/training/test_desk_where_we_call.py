"""A call that we begin in words: what its card tells, what is hidden until the end, and what it came to."""

from __future__ import annotations

import json

import attrs
import pytest
from visited import a_scenario, move

from retainsdk.policy import MoveKind
from retainsim.market.person import FIELDS
from retainsim.training.desk import Desk
from retainsim.training.lines import Gender, Language, Speaker
from retainsim.training.session import Forecast, NotNowError, Session

CLOSE, PRESS, ASK = (move(kind) for kind in (MoveKind.CLOSE, MoveKind.PRESSURE, MoveKind.ASK_OPEN))
SITUATIONS = pytest.mark.parametrize("situation", ["calm", "goodbye", "former"])
TOLD = "[colleague]\ndiscount = 0.1\nmonths = 6"


def a_desk(situation: str, *, language: Language = Language.ENGLISH, seed: int = 1, **how: str) -> Desk:
    session = Session.with_case(a_scenario(situation, **how), "a_call", seed)
    return Desk(session=session, language=language, seller=Speaker(name="Dana", gender=Gender.FEMININE))


@SITUATIONS
@pytest.mark.parametrize("language", Language)
def test_the_truth_of_a_call_that_we_begin_is_told_at_its_end(situation: str, language: Language) -> None:
    """By name, and by the words in which it would be told: nothing of a call that asks nothing gives it away."""
    hidden = {field.name for field in FIELDS if field.channel == "truth"} - {"apologies"} | {"event", "facts"}
    for seed in range(4):
        desk = a_desk(situation, language=language, seed=seed)
        desk = desk.at(desk.session.after((PRESS, CLOSE)))
        truth = desk.session.case.truth

        told = json.dumps([desk.screen(), desk.record().to_json()], ensure_ascii=False)

        assert not [name for name in hidden if f'"{name}"' in told]
        if truth is not desk.session.stated:
            assert desk.word(f"reasons.{truth.name.lower()}") not in told
        with pytest.raises(NotNowError):
            desk.debriefing()
        done = desk.at(desk.session.foretell(Forecast.even(stays=0.5)))
        assert desk.word(f"reasons.{truth.name.lower()}") in " ".join(done.verdict())
        assert done.debriefing()["truth"] == truth.name.lower()


@SITUATIONS
@pytest.mark.parametrize("language", Language)
def test_every_call_that_we_begin_can_be_heard_and_read_to_its_end(
    situation: str, language: Language
) -> None:
    desk = a_desk(situation, language=language, rest=TOLD)
    fee = desk.session.seen.monthly_fee
    said = desk.session.after((ASK, move(MoveKind.OFFER_DISCOUNT, amount=fee // 4, months=3), CLOSE))
    done = desk.at(said.foretell(Forecast.even(stays=0.5)))

    told = json.loads(json.dumps(done.debriefing()))

    assert {line["id"] for line in told["lines"]} >= {"forecast", "asked_first", "trust", "no_contradiction"}
    assert all(line["text"] for line in told["lines"])
    assert told["expert"]
    assert told["weak"]
    assert len(done.ways()) == 5
    assert done.screen()["situation"] == situation


def test_the_card_tells_what_was_promised_what_is_open_and_what_he_wants_no_word_of() -> None:
    desk = a_desk("calm", rest=f"{TOLD}\n[card]\ncomplaints_open = [1, 1]")
    case = desk.session.case
    closed = attrs.evolve(case, card={**case.card, "consent_sales": False})

    card = dict(desk.at(attrs.evolve(desk.session, case=closed)).card())

    assert "10%" in card["promised before, by a colleague"]
    assert card["open complaints"] == "1"
    assert card["has not agreed to"] == "offers"
    assert "has not agreed to" not in dict(desk.card())


def test_that_a_threat_is_not_meant_can_be_believed_where_it_may_be_so_and_is_told_at_the_end() -> None:
    desk = a_desk("threat", past="bear_hug", top="bluff = 1")
    believed = dict(desk.believable())
    done = desk.at(desk.session.after((CLOSE,)).foretell(Forecast.sure(None, 0.8, stays=0.9)))

    told = done.debriefing()

    assert None in believed
    assert None not in dict(a_desk("calm").believable())
    assert told["truth"] == "bluff"
    assert told["stays"]
    assert desk.word("debrief.bluff") in done.verdict()
