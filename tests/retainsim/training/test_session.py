"""One call practised: inputs in, what may be seen out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from visited import a_call, a_scenario

from retainsdk.action import Claim
from retainsdk.errors import InputError
from retainsdk.policy import Move, MoveKind, ThreatView
from retainsdk.view import Reason
from retainsim.market.observed import LISTED_PACKAGES
from retainsim.market.person import FIELDS
from retainsim.market.response import MOST_TURNS
from retainsim.training.record import read_record
from retainsim.training.session import (
    ChangedScenarioError,
    Forecast,
    NotNowError,
    Phase,
    Session,
    restored,
)
from retainsim.training.situation import THREAT_MOVES

BEGUN = Session.begin("no_need", seed=3)
FEE, LIMITS = BEGUN.seen.monthly_fee, BEGUN.scenario.authority
BELIEVED = Forecast.sure(Reason.LIFE_EVENT, 0.7, stays=0.5)
PROMISE = Move(kind=MoveKind.PROMISE_FOLLOW_UP)
ASK, PROBE, CLOSE = (Move(kind=kind) for kind in (MoveKind.ASK_OPEN, MoveKind.PROBE, MoveKind.CLOSE))

without_slots = st.sampled_from(
    [kind for kind in THREAT_MOVES if kind not in (MoveKind.OFFER_DISCOUNT, MoveKind.OFFER_PAUSE)]
).map(lambda kind: Move(kind=kind))
discounts = st.builds(
    Move, kind=st.just(MoveKind.OFFER_DISCOUNT), amount=st.integers(1, FEE // 4), months=st.integers(1, 12)
)
pauses = st.builds(Move, kind=st.just(MoveKind.OFFER_PAUSE), months=st.integers(1, 12))
packages = st.builds(Move, kind=st.just(MoveKind.PROPOSE_FIT), plan=st.sampled_from([None, *LISTED_PACKAGES]))
comparisons = st.builds(
    Move, kind=st.just(MoveKind.COMPARE_COMPETITOR), claim=st.sampled_from([None, *Claim])
)
promises = st.builds(
    Move, kind=st.just(MoveKind.PROMISE_FOLLOW_UP), days=st.none() | st.integers(1, LIMITS.days)
)
moves = without_slots | discounts | pauses | packages | comparisons | promises


def said(*made: Move) -> Session:
    session = BEGUN
    for move in made:
        session = session.say(move)
    return session


def over() -> Session:
    return said(ASK, PROBE, CLOSE).foretell(BELIEVED)


@given(st.lists(moves, max_size=MOST_TURNS + 1))
@settings(max_examples=15)
def test_a_session_is_played_again_from_its_record_at_any_point(made: list[Move]) -> None:
    session = BEGUN
    for move in made:
        if session.phase is Phase.CALL:
            session = session.say(move)

    again = restored(read_record(session.record().to_json(), source="a record"))

    assert again.calls == session.calls
    assert again.record() == session.record()


@given(st.lists(moves, min_size=1, max_size=5))
@settings(max_examples=15)
def test_what_is_submitted_twice_counts_once(made: list[Move]) -> None:
    once, twice = BEGUN, BEGUN
    for turn, move in enumerate(made):
        if once.phase is not Phase.CALL:
            break
        once = once.say(move, turn=turn)
        twice = twice.say(move, turn=turn).say(move, turn=turn)

    assert twice.calls == once.calls


def test_a_move_for_a_turn_that_somebody_else_made_meanwhile_is_refused() -> None:
    with pytest.raises(NotNowError, match="2 moves were made"):
        said(ASK, PROBE).say(CLOSE, turn=1)


def test_a_forecast_comes_after_the_call_once_and_before_the_decision() -> None:
    with pytest.raises(NotNowError):
        said(ASK).foretell(BELIEVED)
    with pytest.raises(NotNowError):
        _ = said(CLOSE).stays
    done = over()
    assert done.foretell(BELIEVED) is done
    with pytest.raises(NotNowError):
        done.foretell(attrs.evolve(BELIEVED, stays=0.9))
    with pytest.raises(NotNowError):
        done.say(ASK)


def test_a_fork_goes_on_with_the_same_luck() -> None:
    done = over()

    fork = done.fork(1)

    assert fork.say(PROBE).say(CLOSE).calls == done.calls
    with pytest.raises(InputError, match="within 0 and 3"):
        done.fork(4)
    with pytest.raises(NotNowError):
        said(ASK).fork(0)


@pytest.mark.parametrize(
    ("move", "faults"),
    [
        (Move(kind=MoveKind.OFFER_DISCOUNT, amount=FEE, months=99), ["amount", "months"]),
        (Move(kind=MoveKind.OFFER_DISCOUNT), ["amount", "months"]),
        (Move(kind=MoveKind.OFFER_PAUSE, months=13), ["months"]),
        (Move(kind=MoveKind.ASK_OPEN, amount=5, months=2), ["amount", "months"]),
        (Move(kind=MoveKind.PROPOSE_FIT, plan=70), ["plan"]),
        (Move(kind=MoveKind.PROMISE_FOLLOW_UP, days=0), ["days"]),
        (Move(kind=MoveKind.PROMISE_FOLLOW_UP, days=LIMITS.days + 1), ["days"]),
        (
            Move(kind=MoveKind.ASK_REFERRAL, plan=50, claim=Claim.WE_ARE_CHEAPER, days=1),
            ["move", "plan", "claim", "days"],
        ),
    ],
)
def test_what_is_not_his_to_grant_is_refused_whole(move: Move, faults: list[str]) -> None:
    with pytest.raises(InputError) as refused:
        BEGUN.say(move)

    assert [fault.place for fault in refused.value.faults] == faults


def test_what_is_beyond_him_is_told_with_how_far_he_may_go() -> None:
    with pytest.raises(InputError, match=f"You may grant {LIMITS.days} days at most; beyond that, escalate"):
        BEGUN.say(Move(kind=MoveKind.PROMISE_FOLLOW_UP, days=60))
    with pytest.raises(InputError, match="Propose one of 50, 80, 110, 140, or leave it out"):
        BEGUN.say(Move(kind=MoveKind.PROPOSE_FIT, plan=70))


def test_a_promise_without_a_day_is_for_the_last_day_he_may_promise() -> None:
    last = attrs.evolve(PROMISE, days=LIMITS.days)

    assert said(PROMISE).moves == (last,)
    assert said(PROMISE).calls == said(last).calls
    assert said(PROMISE).say(PROMISE, turn=0).turn == 1
    assert said(PROMISE).call.promised_days == LIMITS.days


def test_what_goes_with_a_move_reaches_the_law() -> None:
    """The package that is named is the one on the table, and an earlier day is promised than the last."""
    small, large = (said(Move(kind=MoveKind.PROPOSE_FIT, plan=size)).call.offer for size in (50, 140))

    assert small is not None
    assert large is not None
    assert (small.plan, large.plan) == (50, 140)
    assert said(attrs.evolve(PROMISE, days=2)).call.promised_days == 2


def test_a_claim_he_knows_to_be_false_costs_trust_and_an_honest_comparison_earns_it() -> None:
    dear = Session.begin("no_need", seed=6)
    honest, false = (
        dear.say(Move(kind=MoveKind.COMPARE_COMPETITOR, claim=claim)).call
        for claim in (None, Claim.WE_ARE_CHEAPER)
    )

    assert false.trust < dear.call.trust < honest.trust
    assert (honest.false_claims, false.false_claims) == (0, 1)


def test_a_record_of_the_first_form_is_still_read_and_written_in_the_present_one() -> None:
    old = json.loads(said(ASK, PROMISE).record().to_json())
    old["schema_version"] = 1
    for move in old["moves"]:
        del move["plan"], move["claim"], move["days"]

    again = restored(read_record(json.dumps(old), source="a record"))

    assert again.calls == said(ASK, PROMISE).calls
    assert again.record().schema_version == 2


@pytest.mark.parametrize(
    "forecast",
    [
        Forecast(reasons={Reason.LIFE_EVENT: 0.5}, stays=0.5),
        Forecast(reasons={Reason.LIFE_EVENT: 1.5, Reason.NEED_ENDED: -0.5}, stays=2.0),
        Forecast(reasons={Reason.NO_NEED_STATED: 1.0}, stays=0.5),
    ],
)
def test_an_impossible_forecast_is_refused(forecast: Forecast) -> None:
    with pytest.raises(InputError, match="forecast"):
        said(CLOSE).foretell(forecast)


def test_a_call_of_another_version_of_its_scenario_is_not_played_again() -> None:
    record = attrs.evolve(BEGUN.record(), digest="0123456789abcdef")

    with pytest.raises(ChangedScenarioError, match="0123456789abcdef"):
        restored(record)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("{", "is no JSON"),
        ("[]", "is no record"),
        ('{"scenario": "no_need", "seed": -1}', "digest"),
        ('{"scenario": "no_need", "digest": "", "seed": 1, "moves": [{"move": "sing"}]}', r"moves\[0\]"),
        ('{"scenario": "no_need", "digest": "", "seed": 1, "truth": 3}', "truth"),
        ('{"scenario": "no_need", "digest": "", "seed": 1, "schema_version": 3}', "schema_version"),
        (
            '{"scenario": "", "digest": "", "seed": 1, "moves": [{"move": "probe", "claim": "we_are_best"}]}',
            "claim",
        ),
        (
            '{"scenario": "", "digest": "", "seed": 1, "moves": [{"move": "probe", "days": 2.5}]}',
            r"moves\[0\].days: must be a whole number \(got 2.5\)",
        ),
        ('{"scenario": "", "digest": "", "seed": true}', "seed: must be a whole number"),
    ],
)
def test_a_record_that_is_none_is_refused_in_words(text: str, rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        read_record(text, source="call.json")


def shown(session: Session) -> dict[str, Any]:
    """All that a door may show before the end."""
    return {
        "menu": session.menu,
        "deed": session.deed,
        "stated": session.stated,
        "end": session.end,
        "seen": attrs.asdict(session.seen),
        "card": dict(session.card),
        "packages": [attrs.asdict(it) for it in session.packages],
        "rivals": [attrs.asdict(it) for it in session.rivals],
        "record": attrs.asdict(session.record()),
    }


def called(situation: str) -> Session:
    """A call that we begin, with a question whose answer gives nothing away."""
    return next(
        it for it in (a_call(situation, seed=seed).say(ASK) for seed in range(20)) if it.seen.revealed is None
    )


CALLED = {situation: called(situation) for situation in ("calm", "goodbye", "former")}
ANY_CALL = pytest.mark.parametrize("session", [said(ASK, PROBE), *CALLED.values()], ids=["threat", *CALLED])


@ANY_CALL
def test_what_may_be_shown_during_a_call_holds_no_truth_by_name(session: Session) -> None:
    names = {field.name for field in FIELDS if field.channel == "truth"} | {"event"}
    names -= {field.name for field in attrs.fields(ThreatView)}  # apologies made in this call are no secret

    text = repr(shown(session))

    assert "trust" in names
    assert not [name for name in names if f"'{name}'" in text]


@ANY_CALL
def test_what_may_be_shown_depends_on_nothing_that_only_the_world_knows(session: Session) -> None:
    """The same caller with another truth looks the same until he speaks."""
    row = session.case.row.copy()
    row["true_reason"], row["trust"], row["satisfaction"], row["hurt"], row["need"] = 6, -0.9, -0.9, 0.9, 2.0
    row["event"] = 11
    other = attrs.evolve(session, case=attrs.evolve(session.case, row=row))
    quiet = session.seen.revealed is None

    mine, its = shown(session), shown(other)

    assert mine == its
    assert (session.facts == other.facts) or not quiet


@pytest.mark.parametrize("situation", CALLED)
def test_a_call_that_we_begin_is_kept_forked_and_submitted_twice_as_any_other(situation: str) -> None:
    begun = CALLED[situation].at_start()
    done = begun.after((ASK, PROBE, CLOSE)).foretell(BELIEVED)

    fork = done.fork(1).say(PROBE).say(CLOSE)
    twice = begun.say(ASK, turn=0).say(ASK, turn=0)

    assert (fork.calls, fork.deed) == (done.calls, done.deed)
    assert twice.calls == begun.say(ASK).calls
    assert fork.foretell(BELIEVED).stays is done.stays


def test_a_call_that_we_begin_is_played_again_from_its_record(tmp_path: Path) -> None:
    file = tmp_path / "a_call.toml"
    rest = "[colleague]\ndiscount = 0.1\nmonths = 6"
    file.write_text(a_scenario("calm", rest=rest).source, encoding="utf-8")
    gift = Move(kind=MoveKind.SMALL_TALK, amount=1)
    other = Move(kind=MoveKind.OFFER_DISCOUNT, amount=200, months=3)
    session = (
        Session.begin(str(file), seed=2)
        .after((ASK, gift, other, CLOSE))
        .foretell(Forecast.sure(None, 0.4, stays=0.5))
    )

    again = restored(read_record(session.record().to_json(), source="a record"))

    assert (again.calls, again.deed, again.forecast) == (session.calls, session.deed, session.forecast)
    assert again.contradicting == (3,)


def test_whoever_was_met_before_is_met_again_and_nobody_else_is_taken_for_him() -> None:
    changed = attrs.evolve(BEGUN.scenario, digest="of another scenario")

    again, other, another = (
        Session.begin("no_need", seed=3),
        Session.begin("no_need", seed=4),
        Session.with_case(changed, "no_need", 3),
    )

    assert again.case.row.tobytes() == BEGUN.case.row.tobytes()
    assert len({it.case.row.tobytes() for it in (BEGUN, other, another)}) == 3
