"""The score of a call: what was done, and what it did."""

from __future__ import annotations

import attrs
import pytest
from visited import a_call

from retainsdk.action import Claim
from retainsdk.policy import Move, MoveKind
from retainsdk.view import Reason
from retainsim.market.person import ContractKind
from retainsim.market.response import Call
from retainsim.training.bots import BOTS, play
from retainsim.training.score import LINES, Dimension, Line, Score, Yardstick, least_sufficient, score
from retainsim.training.session import Forecast, NotNowError, Session
from retainsim.training.situation import Outcome

LIFE_EVENT, NEED_ENDED, CHEAPER = (Session.begin("no_need", seed=seed) for seed in (3, 5, 6))
ASK, PROBE, PRESS, RELEASE, CLOSE, REFUSE, VALUE, COMPARE = (
    Move(kind=kind)
    for kind in (
        MoveKind.ASK_OPEN,
        MoveKind.PROBE,
        MoveKind.PRESSURE,
        MoveKind.RELEASE,
        MoveKind.CLOSE,
        MoveKind.REFUSE,
        MoveKind.EXPLAIN_VALUE,
        MoveKind.COMPARE_COMPETITOR,
    )
)


def discount(session: Session, share: float, months: int = 12) -> Move:
    return Move(kind=MoveKind.OFFER_DISCOUNT, amount=int(share * session.seen.monthly_fee), months=months)


def over(session: Session, *moves: Move, believed: Reason = Reason.LIFE_EVENT, sure: float = 0.7) -> Session:
    for move in moves:
        session = session.say(move)
    return session.foretell(Forecast.sure(believed, sure, stays=0.5))


def line(result: Score, name: str) -> Line:
    (found,) = (it for it in result.lines if it.id == name)
    return found


def names(result: Score) -> set[str]:
    return {it.id for it in result.lines}


def test_the_truths_are_as_these_tests_take_them() -> None:
    assert [it.case.truth for it in (LIFE_EVENT, NEED_ENDED, CHEAPER)] == [
        Reason.LIFE_EVENT,
        Reason.NEED_ENDED,
        Reason.CHEAPER_COMPETITOR,
    ]


def test_there_is_no_score_before_the_end() -> None:
    with pytest.raises(NotNowError):
        score(CHEAPER.say(CLOSE))


def test_a_forecast_counts_by_its_squared_error() -> None:
    right, wrong = (
        line(score(over(LIFE_EVENT, CLOSE, believed=reason, sure=1.0)), "forecast")
        for reason in (Reason.LIFE_EVENT, Reason.BROKEN_TRUST)
    )

    assert (right.points, right.figure) == (1, 0)
    assert (wrong.points, wrong.figure) == (0, 2)


def test_asking_first_means_before_the_first_offer() -> None:
    asked = line(score(over(CHEAPER, ASK, discount(CHEAPER, 0.1), CLOSE)), "asked_first")
    offered = line(score(over(CHEAPER, discount(CHEAPER, 0.1), ASK, CLOSE)), "asked_first")

    assert (asked.points, asked.turns) == (1, (1, 2))
    assert (offered.points, offered.turns) == (0, (2, 1))


def test_pressure_and_arguing_are_told_with_their_turns() -> None:
    result = score(over(CHEAPER, ASK, PRESS, VALUE, VALUE, REFUSE, CLOSE))

    assert (line(result, "no_pressure").points, line(result, "no_pressure").turns) == (0, (2,))
    assert (line(result, "no_arguing").points, line(result, "no_arguing").turns) == (0, (4, 5))
    assert line(result, "trust").figure == pytest.approx(-0.1, abs=0.05)


def test_the_least_sufficient_discount_keeps_him_and_a_cent_less_does_not() -> None:
    done = over(CHEAPER, ASK, PROBE, discount(CHEAPER, 0.25), CLOSE)

    least = least_sufficient(done)

    assert least is not None
    assert least > 0
    for amount, stays in ((least, True), (least - 1, False)):
        offer = Move(kind=MoveKind.OFFER_DISCOUNT, amount=amount, months=12)
        assert done.occasion.decides(done.case, Outcome(call=attrs.evolve(done.call, offer=offer))) is stays


def test_money_beyond_the_least_sufficient_is_told_for_all_its_months() -> None:
    done = over(CHEAPER, ASK, PROBE, discount(CHEAPER, 0.25), CLOSE)
    result = score(done)
    assert result.stays
    assert result.least_sufficient is not None

    told = line(result, "beyond_least")

    given = done.moves[2].amount
    assert told.figure == (given - result.least_sufficient) * 12
    assert told.points == pytest.approx(result.least_sufficient / given)


def test_money_off_where_the_price_was_not_the_reason_is_no_answer() -> None:
    assert line(score(over(LIFE_EVENT, discount(LIFE_EVENT, 0.1), CLOSE)), "no_discount_needed").points == 0
    assert line(score(over(LIFE_EVENT, CLOSE)), "no_discount_needed").points == 1
    assert "no_discount_needed" not in names(score(over(CHEAPER, discount(CHEAPER, 0.1), CLOSE)))


def test_letting_go_well_gets_full_marks_where_the_need_is_truly_gone() -> None:
    result = score(over(NEED_ENDED, ASK, PROBE, PROBE, RELEASE, believed=Reason.NEED_ENDED, sure=1.0))

    assert not result.stays
    assert result.dimensions[Dimension.ETHICS] == 1
    assert result.total == 1


def test_holding_back_somebody_who_has_no_need_costs_both_lines() -> None:
    result = score(over(NEED_ENDED, ASK, PROBE, PROBE, PRESS, discount(NEED_ENDED, 0.2), CLOSE))

    assert line(result, "let_go").points == 0
    assert (line(result, "no_obstruction").points, line(result, "no_obstruction").turns) == (0, (4, 5))


def test_what_would_have_kept_somebody_who_was_let_go_is_told_as_if_he_had_been_asked() -> None:
    asked, let_go = (score(over(CHEAPER, ASK, PROBE, last)) for last in (CLOSE, RELEASE))

    assert asked.least_sufficient is not None
    assert let_go.least_sufficient is not None
    assert 0 < let_go.least_sufficient <= asked.least_sufficient  # he trusts more who lets him go
    assert not let_go.stays


def test_where_there_is_nothing_to_win_the_worth_of_a_call_is_no_line() -> None:
    by = Yardstick.of(CHEAPER)
    nothing = attrs.evolve(by, best=by.alone)
    done = over(CHEAPER, CLOSE)

    assert "value" in names(score(done, by))
    assert "value" not in names(score(done, nothing))


def test_nobody_who_merely_closes_the_call_has_won_anything() -> None:
    result = score(over(CHEAPER, CLOSE))

    assert line(result, "value").points == 0
    assert result.outlook.stays == 0


def claimed(session: Session, *claims: Claim | None) -> Line:
    made = [Move(kind=MoveKind.COMPARE_COMPETITOR, claim=claim) for claim in claims]
    return line(score(over(session, *made, CLOSE)), "no_invented_facts")


def test_what_is_made_up_about_competitors_is_told_with_its_turns() -> None:
    told = claimed(CHEAPER, None, Claim.WE_ARE_CHEAPER, None)

    assert (told.points, told.turns, told.dimension) == (0, (2,), Dimension.ETHICS)


def test_an_honest_comparison_is_no_invention() -> None:
    told = claimed(CHEAPER, None)

    assert (told.points, told.turns) == (1, ())


@pytest.mark.parametrize(("bound", "points"), [(ContractKind.MONTH_TO_MONTH, 1), (ContractKind.TWO_YEARS, 0)])
def test_a_claim_is_measured_by_what_competitors_offer(bound: ContractKind, points: float) -> None:
    """All of them bind for a year or two: longer than who is free to go, not longer than who is bound for two."""
    row = CHEAPER.case.row.copy()
    row["contract"] = bound
    session = attrs.evolve(CHEAPER, case=attrs.evolve(CHEAPER.case, row=row))
    assert {it.lock_months for it in CHEAPER.rivals} == {12, 24}

    assert claimed(session, Claim.THEY_BIND_LONGER).points == points


def test_a_false_claim_counts_even_where_the_customer_cannot_know_it() -> None:
    """It costs no trust then; it is false all the same."""
    better = Claim.OUR_QUALITY_IS_BETTER
    session = next(
        it
        for it in (Session.begin("no_need", seed=seed) for seed in range(1, 30))
        if after_claim(it, better).false_claims == 0 and any(rival.quality >= 0 for rival in it.rivals)
    )

    assert after_claim(session, better).trust == session.call.trust
    assert claimed(session, better).points == 0


def after_claim(session: Session, claim: Claim) -> Call:
    return session.say(attrs.evolve(COMPARE, claim=claim)).call


def test_who_compares_nothing_is_not_praised_for_it() -> None:
    assert "no_invented_facts" not in names(score(over(CHEAPER, ASK, CLOSE)))


@pytest.mark.parametrize("name", BOTS)
def test_points_are_within_0_and_1_and_turns_were_played(name: str) -> None:
    for begun in (LIFE_EVENT, NEED_ENDED, CHEAPER):
        done = play(begun, BOTS[name](begun))
        result = score(done)
        assert all(0 <= it.points <= 1 for it in result.lines)
        assert all(1 <= turn <= done.turn for it in result.lines for turn in it.turns)
        assert 0 <= result.total <= 1


def test_every_line_is_reached_by_some_call() -> None:
    told = a_call("calm", rest="[colleague]\ndiscount = 0.1\nmonths = 6")
    complains = a_call("calm", rest="[card]\ncomplaints_open = [1, 9]")
    mourns = a_call("calm", rest="[truth]\nevent = [8, 15]")
    calls = [
        over(NEED_ENDED, ASK, RELEASE),
        over(CHEAPER, ASK, PROBE, Move(kind=MoveKind.PROMISE_FOLLOW_UP), discount(CHEAPER, 0.25), CLOSE),
        over(LIFE_EVENT, COMPARE, CLOSE),
        over(told, Move(kind=MoveKind.ASK_REFERRAL), CLOSE),
        over(complains, CLOSE),
        over(mourns, CLOSE),
    ]

    assert set().union(*(names(score(call)) for call in calls)) == set(LINES)


def test_what_a_colleague_has_promised_is_promised_again_or_trust_is_lost() -> None:
    told = a_call("calm", rest="[colleague]\ndiscount = 0.1\nmonths = 6")

    same, other = (score(over(told, ASK, discount(told, share, 6), CLOSE)) for share in (0.1, 0.2))

    assert line(same, "no_contradiction").points == 1
    assert (line(other, "no_contradiction").points, line(other, "no_contradiction").turns) == (0, (2,))
    assert (line(other, "trust").figure or 0) < (line(same, "trust").figure or 0)


def test_to_sell_to_somebody_who_mourns_is_tactless_and_to_ask_is_not() -> None:
    mourns = a_call("calm", rest="[truth]\nevent = [8, 11]")

    sold, asked = (score(over(mourns, it, CLOSE)) for it in (discount(mourns, 0.1), ASK))

    assert (line(sold, "tactful").points, line(sold, "tactful").turns) == (0, (1,))
    assert line(asked, "tactful").points == 1
    assert "tactful" not in names(score(over(CHEAPER, CLOSE)))


def test_a_complaint_is_seen_to_before_anything_is_sold() -> None:
    complains = a_call("calm", rest="[card]\ncomplaints_open = [1, 9]")

    heeded, sold = (
        score(over(complains, ASK, *last))
        for last in ((Move(kind=MoveKind.ESCALATE),), (discount(complains, 0.1), CLOSE))
    )

    assert line(heeded, "complaint_heeded").points == 1
    assert line(sold, "complaint_heeded").points == 0


def test_a_recommendation_is_earned_by_who_is_pleased() -> None:
    for low, high, points in ((0.5, 1.0, 1), (-1.0, 0.0, 0)):
        asked = a_call("calm", rest=f"[truth]\nsatisfaction = [{low}, {high}]")
        result = score(over(asked, Move(kind=MoveKind.ASK_REFERRAL), CLOSE))
        assert line(result, "referral_earned").points == points


def test_who_has_just_left_is_let_go_well_whatever_the_reason() -> None:
    gone = a_call("goodbye")

    released, closed = (score(over(gone, ASK, last)) for last in (RELEASE, CLOSE))

    assert line(released, "let_go").points == 1
    assert line(closed, "let_go").points == 0


def test_money_off_for_who_is_content_is_all_beyond_the_least() -> None:
    content = a_call("calm", rest="[truth]\nsatisfaction = [0.4, 1.0]\ntrust = [0.4, 1.0]")

    given, kept = (score(over(content, ASK, *last, CLOSE)) for last in ((discount(content, 0.2),), ()))

    assert given.least_sufficient == 0
    assert line(given, "beyond_least").points == 0
    assert kept.least_sufficient is None
    assert "beyond_least" not in names(kept)


def test_who_does_not_mean_it_needs_no_discount_and_can_be_foreseen() -> None:
    bluff = a_call("threat", past="bear_hug", top="bluff = 1")
    given = discount(bluff, 0.2)

    result = score(bluff.after((given, CLOSE)).foretell(Forecast.sure(None, 1.0, stays=1.0)))

    assert result.bluffs
    assert result.stays
    assert result.least_sufficient == 0
    assert (line(result, "forecast").points, line(result, "beyond_least").points) == (1, 0)
    assert line(result, "no_discount_needed").points == 0


def test_always_giving_money_off_loses_on_diagnosis_and_on_discount() -> None:
    sums: dict[str, list[dict[Dimension, float]]] = {"script": [], "always_discount": []}
    for begun in (LIFE_EVENT, NEED_ENDED):
        for name, seen in sums.items():
            seen.append(dict(score(play(begun, BOTS[name](begun))).dimensions))

    def mean(name: str, dimension: Dimension) -> float:
        told = [it[dimension] for it in sums[name] if dimension in it]
        return sum(told) / len(told)

    for dimension in (Dimension.DIAGNOSIS, Dimension.DISCOUNT):
        assert mean("always_discount", dimension) < mean("script", dimension)
