"""How a book is looked after: who is forgotten, whose signs are read, and where the time goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from retainsdk.policies.early_warning import EarlyWarning, risk_points
from retainsdk.policies.reading import is_customer
from retainsim.training.rounds import Finding, Line, Nobody, Phase, Play, Step, To, conduct, played
from retainsim.training.rounds.gate import why_not

ROUNDS = 4


def looked_after(play: Play, whom: Callable[[Play], Sequence[int]]) -> Play:
    """A play in which those who are named get a call each, as far as they may."""
    while play.phase is not Phase.OVER:
        if play.phase is Phase.CALLS:
            play = play.leave(play.waiting[0], To.NOBODY)
            continue
        seen = {step.customer for week in play.weeks for step in week}
        able = [n for n in whom(play) if n not in seen and not why_not(play, n, "check_in")]
        play = play.decide([Step(customer=n, action="check_in") for n in able[:15]])
    return play


def finding(play: Play, line: Line) -> Finding:
    return next(it for it in conduct(play).findings if it.line is line)


def by_worth(play: Play) -> list[int]:
    fee = {n: int(play.view.monthly_fee[play.office.row(n)]) for n in range(1, len(play.roster) + 1)}
    return sorted(fee, key=lambda n: (fee[n], n))


def at_risk(play: Play) -> list[int]:
    risky = is_customer(play.view) & (risk_points(play.view).sum(axis=0) >= EarlyWarning().threshold)
    return [n for n in range(1, len(play.roster) + 1) if risky[play.office.row(n)]]


def test_a_customer_nobody_turns_to_is_forgotten_and_one_who_is_called_is_not() -> None:
    start = Play.begin(seed=4, rounds=ROUNDS, customers=24)
    called = looked_after(start, lambda _: range(1, 9))

    alone, seen_to = (finding(it, Line.FORGOTTEN) for it in (played(start, Nobody()), called))

    assert set(seen_to.customers) < set(alone.customers)
    assert not set(seen_to.customers) & set(range(1, 9))
    assert (seen_to.points or 0) > (alone.points or 0)


def test_time_given_to_those_who_are_worth_most_counts_more_than_to_those_worth_least() -> None:
    start = Play.begin(seed=4, rounds=ROUNDS, customers=24)

    best, least = (
        finding(looked_after(start, whom), Line.BY_VALUE)
        for whom in (lambda play: by_worth(play)[-6:], lambda play: by_worth(play)[:6])
    )

    assert least.count < 30
    assert best.count > 70
    assert best.points == 1.0
    assert least.points is not None
    assert least.points < 0.2


def test_signs_count_as_read_when_somebody_sees_to_them_in_that_month() -> None:
    starts = (Play.begin(seed=seed, rounds=ROUNDS, customers=40) for seed in range(1, 20))
    start = next(it for it in starts if finding(played(it, Nobody()), Line.SIGNS).of)

    read, unread = looked_after(start, at_risk), played(start, Nobody())

    assert finding(read, Line.SIGNS).count > 0
    assert finding(unread, Line.SIGNS).points == 0.0
    assert finding(unread, Line.SIGNS).customers


def test_where_nothing_fell_due_promises_have_no_points() -> None:
    starts = (Play.begin(seed=seed, rounds=1, customers=24) for seed in range(1, 20))
    start = next(it for it in starts if not it.due)

    assert finding(played(start, Nobody()), Line.PROMISES).points is None
