"""
The debrief: the truth, what was done and what it did, and what others would have done with the same customer.

It opens when the call is over and the forecast given, never before.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from retainsdk.experiment import Effect, Measure, Ratio, paired_ratio
from retainsdk.policy import Move, MoveKind
from retainsim.training.bots import BOTS, heard, play
from retainsim.training.outlook import Outlook
from retainsim.training.score import Score, Yardstick, score
from retainsim.training.session import Forecast, Session
from retainsim.training.year import MONTHS


@attrs.frozen
class Presses:
    """The weak model: offers at once, presses, argues, and asks nothing [A3 C1 C6]."""

    def move(self, session: Session) -> Move:
        """What one sees done on bad days."""
        kinds = (MoveKind.EXPLAIN_VALUE, MoveKind.PRESSURE, MoveKind.PROPOSE_FIT, MoveKind.PRESSURE)
        script = [kind for kind in kinds if kind in session.menu]
        return Move(kind=script[session.turn] if session.turn < len(script) else MoveKind.CLOSE)

    def forecast(self, session: Session) -> Forecast:
        """What he heard."""
        return heard(session)


@attrs.frozen(kw_only=True)
class Debrief:
    """
    What a call comes to, beside other ways to talk to the same customer with the same luck.

    Attributes:
        score: Of the call.
        expert: The call of somebody who knows the truth and listens first.
        weak: The call of somebody who presses.
        outlooks: What each way is worth: `you`, `nobody` (nobody talks to him), `script`, `expert`, `weak`.
        effects: Of `you` beside `nobody` and beside `script`.
        reach: Of what could be won beside `nobody`, the share that was; none where there is little to win here.
    """

    score: Score
    expert: Session
    weak: Session
    outlooks: Mapping[str, Outlook]
    effects: Mapping[str, Effect]
    reach: Ratio | None


def debrief(session: Session) -> Debrief:
    """
    The debrief of a session.

    Raises:
        NotNowError: Before it is over.
    """
    _ = session.stays
    by, start = Yardstick.of(session), session.at_start()
    result, currency = score(session, by), session.case.market.preset.currency
    weak = play(start, Presses())
    outlooks = {
        "you": result.outlook,
        "nobody": by.alone,
        "script": by.futures.of(play(start, BOTS["script"](start)).outcome),
        "expert": by.best,
        "weak": by.futures.of(weak.outcome),
    }
    effects = {
        other: outlooks["you"].beside(outlooks[other], names=("you", other), currency=currency)
        for other in ("nobody", "script")
    }
    return Debrief(
        score=result,
        expert=start.after(by.best_moves).foretell(Forecast.true(session.case, stays=by.best.stays)),
        weak=weak,
        outlooks=outlooks,
        effects=effects,
        reach=_reach(outlooks) if by.is_something_to_win else None,
    )


def _reach(outlooks: Mapping[str, Outlook]) -> Ratio:
    you, nobody, expert = (outlooks[name].values for name in ("you", "nobody", "expert"))
    measure = Measure(
        name="share of the reachable",
        definition="(you − nobody) ÷ (expert − nobody)",
        unit="",
        horizon=f"{MONTHS} months",
    )
    return paired_ratio(
        measure,
        [mine - none for mine, none in zip(you, nobody, strict=True)],
        [best - none for best, none in zip(expert, nobody, strict=True)],
    )
