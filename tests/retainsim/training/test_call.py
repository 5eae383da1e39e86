from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from click.testing import CliRunner

from retainsdk.policies import get
from retainsdk.policy import Move, MoveKind, PolicyStream
from retainsdk.view import Reason
from retainsim.cli import main
from retainsim.market import Market, Threat, first_threat, load_preset
from retainsim.market.response import MOST_TURNS, converse
from retainsim.training.call import CUSTOMERS, MOVES, REASONS, NobodyCallsError, Played, brier_score, play

SEED = 6


class Script:
    """A player who makes the moves he was given and keeps what he was told."""

    def __init__(
        self,
        moves: Iterable[MoveKind],
        *,
        forecast: Reason = Reason.CHEAPER_COMPETITOR,
        percents: Iterable[int] = (),
    ) -> None:
        self.moves, self.forecast, self.percents = list(moves), forecast, list(percents)
        self.told: list[str] = []

    def say(self, text: str) -> None:
        self.told.append(text)

    def choose(self, question: str, options: tuple[str, ...]) -> int:  # noqa: ARG002 - as a player is asked
        if question == "Your forecast":
            return REASONS.index(self.forecast)
        return tuple(MOVES).index(self.moves.pop(0) if self.moves else MoveKind.CLOSE)

    def number(self, question: str, low: int, high: int, usual: int) -> int:  # noqa: ARG002 - as above
        assert low <= usual <= high
        return self.percents.pop(0) if self.percents else usual


def a_threat(seed: int = SEED) -> Threat:
    threat = first_threat(
        Market.draw(load_preset("telecom"), customers=CUSTOMERS, seed=seed, parameters="fixed")
    )
    assert threat is not None
    return threat


def played(*moves: MoveKind, seed: int = SEED) -> tuple[Played, list[str]]:
    script = Script(moves)
    return play(script, seed=seed), script.told


def test_the_same_seed_and_the_same_moves_give_the_same_call_word_for_word() -> None:
    moves = (MoveKind.ASK_OPEN, MoveKind.PROBE, MoveKind.OFFER_DISCOUNT)

    assert played(*moves) == played(*moves)


def test_another_seed_is_another_customer() -> None:
    assert played(seed=1)[1] != played(seed=2)[1]


def test_a_call_has_twelve_moves_at_most() -> None:
    end, told = played(*[MoveKind.EMPATHISE] * 40)

    assert end.call.turn == MOST_TURNS == 12
    assert end.call.end == "out of time"
    assert sum("Move" in line for line in told) == 12


def test_a_person_who_makes_the_moves_of_a_policy_has_the_call_of_that_policy() -> None:
    policy, threat = get("early_warning"), a_threat()
    draw = PolicyStream(
        seed=SEED, period=threat.month.number, relationships=np.array([threat.person.key], dtype=np.uint64)
    )
    made: list[Move] = []

    def watched(case: object) -> Move:
        made.append(policy.respond(case, draw))  # type: ignore[arg-type] # converse hands over a ThreatView
        return made[-1]

    by_policy = converse(watched, threat.person, threat.month, threat.parameters)
    amounts = iter(made)
    by_person = converse(lambda _: next(amounts), threat.person, threat.month, threat.parameters)

    assert by_person == by_policy
    assert made[0].kind in MOVES


@pytest.mark.parametrize("seed", range(1, 9))
def test_the_truth_is_told_after_the_forecast_and_not_before(seed: int) -> None:
    end, told = played(MoveKind.REFUSE, seed=seed)

    before = "\n".join(told[: [line.startswith("The call is over") for line in told].index(True)])
    assert end.call.revealed is None
    assert "true reason" not in before
    assert "true reason" in told[-4]


def test_the_truth_names_the_reason_the_market_read_off_the_choice() -> None:
    truth = Reason(a_threat().person.true_reason)

    end, told = played()

    assert end.truth is truth
    assert any(truth.name.replace("_", " ").capitalize() in line for line in told)


def test_releasing_the_customer_ends_the_call_and_he_leaves() -> None:
    end, _ = played(MoveKind.RELEASE)

    assert end.call.end == "released"
    assert not end.stays


def test_the_call_begins_with_the_card_of_the_customer() -> None:
    person = a_threat().person

    briefing = played()[1][0]

    assert f"{person.tenure} months" in briefing
    assert f"fee           {person.monthly_fee / 100:.2f} a month" in briefing
    assert f"complaints    {person.complaints}" in briefing


def trust_told(told: list[str]) -> float:
    line = next(line for line in told[-4].splitlines() if line.startswith("  trust"))
    return float(line.split()[1])


@pytest.mark.parametrize(
    "moves",
    [[MoveKind.PRESSURE], [MoveKind.APOLOGISE] * 3],
    ids=["pressed", "apologised a third time"],
)
def test_what_cost_trust_is_told_with_the_truth(moves: list[MoveKind]) -> None:
    assert trust_told(played(*moves)[1]) < trust_told(played()[1])


def test_a_customer_pressed_into_staying_trusts_us_less_than_one_who_was_not() -> None:
    offered = (MoveKind.ASK_OPEN, MoveKind.OFFER_DISCOUNT)
    let_be, pressed = played(*offered, seed=1), played(*offered, MoveKind.PRESSURE, seed=1)

    assert (let_be[0].stays, pressed[0].stays) == (True, True)
    assert trust_told(pressed[1]) < trust_told(let_be[1])


def test_a_good_goodbye_leaves_more_trust_than_none() -> None:
    assert trust_told(played(MoveKind.RELEASE)[1]) > trust_told(played()[1])


@pytest.mark.parametrize(
    ("policy", "moves"),
    [
        ("none", [MoveKind.ASK_OPEN, MoveKind.EMPATHISE, MoveKind.EXPLAIN_VALUE]),
        ("bear_hug", [MoveKind.OFFER_DISCOUNT, MoveKind.OFFER_DISCOUNT]),
    ],
)
def test_who_says_what_a_policy_would_have_said_gets_what_is_told_of_it(
    policy: str, moves: list[MoveKind]
) -> None:
    ends = [play(Script(moves, percents=[25, 40]), seed=seed) for seed in range(1, 9)]

    assert [end.stays for end in ends] == [end.baselines[policy] for end in ends]
    assert len({end.baselines["bear_hug"] for end in ends}) == 2


@pytest.mark.parametrize("confidence", [0.0, 0.3, 1.0])
def test_a_right_forecast_scores_no_worse_the_surer_it_was(confidence: float) -> None:
    right = brier_score(Reason.LIFE_EVENT, confidence, Reason.LIFE_EVENT)
    wrong = brier_score(Reason.LIFE_EVENT, confidence, Reason.BROKEN_TRUST)

    assert 0.0 <= right <= 2.0
    assert 0.0 <= wrong <= 2.0
    assert (right < wrong) == (confidence > 1 / len(REASONS))


def test_a_world_where_nobody_threatens_is_said_so() -> None:
    market = Market.draw(load_preset("telecom"), customers=CUSTOMERS, seed=1)

    assert first_threat(market, within=0) is None
    assert str(NobodyCallsError(3)) == "In the world of seed 3 nobody threatens to leave. Try another seed."


def test_the_terminal_asks_again_after_a_wrong_number_and_plays_to_the_truth() -> None:
    answers = "99\nhello\n1\n6\n20\n13\n3\n80\n"

    result = CliRunner().invoke(main, ["call", "--seed", str(SEED)], input=answers)

    assert result.exit_code == 0, result.output
    assert "99 is not in the range" in result.output
    assert "true reason" in result.output


def test_an_ended_input_ends_the_call_without_a_trace() -> None:
    result = CliRunner().invoke(main, ["call", "--seed", str(SEED)], input="1\n")

    assert result.exit_code != 0
    assert "Traceback" not in result.output
