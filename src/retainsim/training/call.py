"""
One call with a customer who threatens to leave, played by a person.

The player stands where a policy's `respond` stands and sees the same `ThreatView`; the customer reacts by the
market's one transition function and decides by its one choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import attrs
import numpy as np

from retainsdk.errors import RetainError
from retainsdk.policies import get
from retainsdk.policy import Move, MoveKind, PolicyStream, ThreatView
from retainsdk.view import Reason
from retainsim.market import Market, Threat, first_threat, load_preset
from retainsim.market.law import TALLIES
from retainsim.market.person import Row
from retainsim.market.response import MOST_TURNS, Call, converse, settle

__all__ = ["MOVES", "REASONS", "NobodyCallsError", "Played", "Player", "brier_score", "play"]

CUSTOMERS = 200
"""Of the small market the caller comes from; it runs uncompiled, so a call starts at once."""

MOVES: Mapping[MoveKind, str] = {
    MoveKind.ASK_OPEN: "Ask openly what is behind it",
    MoveKind.PROBE: "Dig: name what you heard and ask if that is it",
    MoveKind.EMPATHISE: "Show that you understand",
    MoveKind.APOLOGISE: "Apologise",
    MoveKind.EXPLAIN_VALUE: "Explain what the service is worth",
    MoveKind.OFFER_DISCOUNT: "Offer a discount",
    MoveKind.PROPOSE_FIT: "Propose the package that fits the use",
    MoveKind.OFFER_PAUSE: "Offer to pause the service",
    MoveKind.COMPARE_COMPETITOR: "Compare with the competitors, honestly",
    MoveKind.PROMISE_FOLLOW_UP: "Promise to call back with an answer",
    MoveKind.ESCALATE: "Hand over to a manager, and end the call",
    MoveKind.REFUSE: "Refuse",
    MoveKind.CLOSE: "Ask for the decision",
    MoveKind.SMALL_TALK: "Chat a little",
    MoveKind.PRESSURE: "Press",
    MoveKind.RELEASE: "Let the customer go, well",
}
_MOOD = {-1: "angry", 0: "reserved", 1: "friendly"}
_WORDS = {
    Reason.NO_NEED_STATED: "I have no need for the service.",
    Reason.NEED_ENDED: "I really do not need it any more.",
    Reason.LIFE_EVENT: "Things have changed at home; I will not use it for a while.",
    Reason.CHEAPER_COMPETITOR: "I can get the same for less elsewhere.",
    Reason.BETTER_COMPETITOR: "There is something better on offer elsewhere.",
    Reason.NOT_WORTH_COST: "It is not worth what it costs me.",
    Reason.SERVICE_FAILURE: "It failed me once too often.",
    Reason.BROKEN_TRUST: "I was promised things that did not happen.",
}
REASONS = tuple(reason for reason in Reason if reason is not Reason.NO_NEED_STATED)
"""What can be behind a threat, in the order of the forecast's menu."""
_DISCOUNT_MONTHS = 12
_PAUSE_MONTHS = 6
_BASELINES = ("none", "bear_hug", "early_warning")


class NobodyCallsError(RetainError, LookupError):
    """In this world nobody threatens to leave for two years."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.seed = seed

    def __str__(self) -> str:
        return f"In the world of seed {self.seed} nobody threatens to leave. Try another seed."


class Player(Protocol):
    """Whoever sits at the desk: a person at a terminal, or a script in a test."""

    def say(self, text: str) -> None:
        """Show a line."""

    def choose(self, question: str, options: tuple[str, ...]) -> int:
        """The position of the option taken."""

    def number(self, question: str, low: int, high: int, usual: int) -> int:
        """A number between two bounds."""


@attrs.frozen(kw_only=True)
class Played:
    """
    How a call went.

    Attributes:
        call: Where it ended.
        stays: Whether the customer stays.
        truth: The true reason.
        forecast: The reason the player believed in.
        confidence: How sure he was, 0 to 1.
        brier: Squared error of that forecast against the truth, 0 best to 2 worst; what is left of the confidence
            is spread evenly over the other reasons. Source: Brier (1950).
        baselines: Whether the same customer would have stayed with each policy at the desk.
    """

    call: Call
    stays: bool
    truth: Reason
    forecast: Reason
    confidence: float
    brier: float
    baselines: Mapping[str, bool]


def play(player: Player, *, seed: int) -> Played:
    """
    A call from briefing to truth.

    Args:
        player: Who answers.
        seed: Of the world the caller lives in; the same seed and the same moves give the same call.

    Raises:
        NobodyCallsError: When nobody in that world threatens to leave.
    """
    market = Market.draw(load_preset("telecom"), customers=CUSTOMERS, seed=seed, parameters="fixed")
    threat = first_threat(market)
    if threat is None:
        raise NobodyCallsError(seed)
    truth, currency = Reason(threat.person.true_reason), market.preset.currency
    baselines = {name: _would_stay(threat, name, seed) for name in _BASELINES}
    call = converse(
        lambda case: _turn(player, case, currency), threat.person, threat.month, threat.parameters
    )
    player.say(
        f"The call is over ({call.end}). Before you hear the decision: why did the customer want to leave?"
    )
    forecast = REASONS[player.choose("Your forecast", tuple(_title(reason) for reason in REASONS))]
    confidence = player.number("How sure are you, in percent?", 0, 100, 60) / 100
    stays = settle(call, threat.person, threat.month, threat.parameters, [0] * TALLIES)
    played = Played(
        call=call,
        stays=stays,
        truth=truth,
        forecast=forecast,
        confidence=confidence,
        brier=brier_score(forecast, confidence, truth),
        baselines=baselines,
    )
    _tell_truth(player, played, threat)
    return played


def brier_score(forecast: Reason, confidence: float, truth: Reason) -> float:
    """
    Squared error of a forecast over all reasons.

    >>> brier_score(Reason.LIFE_EVENT, 1.0, Reason.LIFE_EVENT)
    0.0
    >>> brier_score(Reason.LIFE_EVENT, 1.0, Reason.NEED_ENDED)
    2.0
    """
    rest = (1.0 - confidence) / (len(REASONS) - 1)
    chances = {reason: confidence if reason is forecast else rest for reason in REASONS}
    return sum((chance - (reason is truth)) ** 2 for reason, chance in chances.items())


def _would_stay(threat: Threat, policy_name: str, seed: int) -> bool:
    """What a policy at the desk would have achieved with the same customer on the same day."""
    policy, person = get(policy_name), Row.from_buffer_copy(threat.person)
    draw = PolicyStream(
        seed=seed, period=threat.month.number, relationships=np.array([person.key], dtype=np.uint64)
    )
    call = converse(lambda case: policy.respond(case, draw), person, threat.month, threat.parameters)
    return settle(call, person, threat.month, threat.parameters, [0] * TALLIES)


def _turn(player: Player, case: ThreatView, currency: str) -> Move:
    if case.turn == 0:
        _brief(player, case, currency)
    told = f' "{_WORDS[case.revealed]}"' if case.revealed is not None else ""
    player.say(f"\nMove {case.turn + 1} of {MOST_TURNS}. The customer sounds {_MOOD[case.mood]}.{told}")
    kind = tuple(MOVES)[player.choose("Your move", tuple(MOVES.values()))]
    if kind is MoveKind.OFFER_DISCOUNT:
        percent = player.number("How many percent off, for a year?", 1, 100, 15)
        return Move(kind=kind, amount=round(case.monthly_fee * percent / 100), months=_DISCOUNT_MONTHS)
    return Move(kind=kind, months=_PAUSE_MONTHS if kind is MoveKind.OFFER_PAUSE else 0)


def _brief(player: Player, case: ThreatView, currency: str) -> None:
    cheapest = "unknown" if case.competitor_fee is None else f"{case.competitor_fee / 100:.2f}"
    fit = "unknown" if case.alternative_suitability is None else f"{case.alternative_suitability:.0%}"
    player.say(
        f"A customer calls and wants to leave.\n"
        f"  with us       {case.tenure_months} months, paid {case.value_to_date / 100:,.2f} {currency} so far\n"
        f"  fee           {case.monthly_fee / 100:.2f} a month, discount {case.discount / 100:.2f}; "
        f"cheapest competitor {cheapest}\n"
        f"  complaints    {case.complaints}, earlier threats {case.threats}\n"
        f"  best package  suits the customer's use to {fit}\n"
        f'The customer says: "{_WORDS[case.stated_reason]}"'
    )


def _tell_truth(player: Player, played: Played, threat: Threat) -> None:
    outcome = "stays" if played.stays else "leaves"
    right = "as you thought" if played.forecast is played.truth else f"not: {_title(played.forecast).lower()}"
    player.say(
        f"\nThe customer {outcome}.\n"
        f"  true reason   {_title(played.truth)} ({right}; Brier score {played.brier:.2f}, 0 is best)\n"
        f"  trust         {threat.person.trust:+.2f} after the call, on a scale from -1 to 1"
    )
    for name, stayed in played.baselines.items():
        player.say(f"  {name:13} would {'have kept' if stayed else 'not have kept'} this customer")


def _title(reason: Reason) -> str:
    return reason.name.replace("_", " ").capitalize()
