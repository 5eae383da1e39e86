"""
The vocabulary of actions and moves: what can be done for a customer, and what it means in every place.

It is closed but for its end: a new action is a new row with all its cells filled.
"""

from __future__ import annotations

from enum import IntEnum

import attrs

from retainsdk.errors import UnknownNameError

__all__ = ["ACTIONS", "Action", "ActionKind", "Claim", "MoveKind", "UnknownActionError", "action_called"]


class MoveKind(IntEnum):
    """What a representative can do at one turn of a conversation."""

    ASK_OPEN = 0
    PROBE = 1
    EMPATHISE = 2
    APOLOGISE = 3
    EXPLAIN_VALUE = 4
    OFFER_DISCOUNT = 5
    PROPOSE_FIT = 6
    OFFER_PAUSE = 7
    COMPARE_COMPETITOR = 8
    PROMISE_FOLLOW_UP = 9
    ESCALATE = 10
    REFUSE = 11
    CLOSE = 12
    SMALL_TALK = 13
    PRESSURE = 14
    RELEASE = 15
    ASK_REFERRAL = 16
    OFFER_BENEFIT = 17


class Claim(IntEnum):
    """What a representative can say of the competitors instead of comparing honestly; it may be false."""

    WE_ARE_CHEAPER = 0
    OUR_QUALITY_IS_BETTER = 1
    THEY_BIND_LONGER = 2


class ActionKind(IntEnum):
    """What a policy can have done for a customer in a month."""

    NOTHING = 0
    CHECK_IN = 1
    NEEDS_REVIEW = 2
    PROGRESS_REPORT = 3
    GREETING = 4
    NEWSLETTER = 5
    SURVEY = 6
    OFFER_PACKAGE = 7
    OFFER_PRICE = 8
    OFFER_PAUSE = 9
    APOLOGY = 10
    COMPENSATION = 11
    PROMISE_CALLBACK = 12
    COMPARISON = 13
    RELEASE_WELL = 14
    WIN_BACK = 15
    ASK_REFERRAL = 16
    INVITATION = 17
    OFFER_BENEFIT = 18
    OFFER_EARLY_ACCESS = 19
    REDO = 20
    PROMISE_DELIVERY = 21
    ESCALATE = 22
    MEDIATE = 23
    KEEP_ADVISING = 24
    ASK_TESTIMONIAL = 25


@attrs.frozen(kw_only=True)
class Action:
    """
    One row of the vocabulary: what an action means in every place.

    Attributes:
        kind: Its name.
        slots: What the policy fills in besides channel: ``amount``, ``months``.
        minutes: Of a representative, per action.
        consent: The purpose whose consent it needs; none when it needs none.
        events: What it writes into a book.
        rule: The rule of the market that makes it matter; empty when it has none yet and refuses the action.
        moves: Its counterparts in a call.
        responsive: Whether it answers an event (a failure, a departure) rather than preventing one (CONCEPTS A1).
        owed: Whether it makes good what we owe; no experiment withholds that.
    """

    kind: ActionKind
    slots: tuple[str, ...] = ()
    minutes: int
    consent: str | None
    events: tuple[str, ...]
    rule: str
    moves: tuple[MoveKind, ...] = ()
    responsive: bool = False
    owed: bool = False


_CONTACT = ("InteractionRecorded",)
_OFFER = ("OfferMade", "OfferAccepted", "OfferDeclined")

ACTIONS: tuple[Action, ...] = (
    Action(kind=ActionKind.NOTHING, minutes=0, consent=None, events=(), rule="–"),
    Action(kind=ActionKind.CHECK_IN, minutes=8, consent="service", events=_CONTACT, rule="contact", moves=(MoveKind.ASK_OPEN,)),
    Action(kind=ActionKind.NEEDS_REVIEW, minutes=20, consent="service", events=_CONTACT, rule="contact", moves=(MoveKind.PROBE,)),
    Action(kind=ActionKind.PROGRESS_REPORT, minutes=6, consent="service", events=_CONTACT, rule="promise", moves=(MoveKind.EXPLAIN_VALUE,)),
    Action(kind=ActionKind.GREETING, slots=("amount",), minutes=3, consent="personal", events=_CONTACT, rule="contact", moves=(MoveKind.SMALL_TALK,)),
    Action(kind=ActionKind.NEWSLETTER, minutes=0, consent="marketing", events=_CONTACT, rule="contact"),
    Action(kind=ActionKind.SURVEY, minutes=1, consent="survey", events=("SurveyAsked", "SurveyAnswered"), rule="contact"),
    Action(kind=ActionKind.OFFER_PACKAGE, minutes=12, consent="sales", events=(*_OFFER, "AmendmentAccepted"), rule="offer", moves=(MoveKind.PROPOSE_FIT,)),
    Action(kind=ActionKind.OFFER_PRICE, slots=("amount", "months"), minutes=6, consent="sales", events=_OFFER, rule="offer", moves=(MoveKind.OFFER_DISCOUNT,)),
    Action(kind=ActionKind.OFFER_PAUSE, slots=("months",), minutes=8, consent="sales", events=(*_OFFER, "Suspended"), rule="offer", moves=(MoveKind.OFFER_PAUSE,)),
    Action(kind=ActionKind.APOLOGY, minutes=8, consent="service", events=("InteractionRecorded", "Explained"), rule="recovery", moves=(MoveKind.APOLOGISE,), responsive=True, owed=True),
    Action(kind=ActionKind.COMPENSATION, slots=("amount",), minutes=8, consent="service", events=("InteractionRecorded", "Explained", "Compensated"), rule="recovery", responsive=True, owed=True),
    Action(kind=ActionKind.PROMISE_CALLBACK, minutes=10, consent="service", events=("InteractionRecorded", "CommitmentMade"), rule="promise", moves=(MoveKind.PROMISE_FOLLOW_UP,)),
    Action(kind=ActionKind.COMPARISON, minutes=10, consent="sales", events=_CONTACT, rule="comparison", moves=(MoveKind.COMPARE_COMPETITOR,)),
    Action(kind=ActionKind.RELEASE_WELL, minutes=15, consent="service", events=("InteractionRecorded", "EndBegun", "CommitmentMade"), rule="ending", moves=(MoveKind.RELEASE,), responsive=True, owed=True),
    Action(kind=ActionKind.WIN_BACK, slots=("amount", "months"), minutes=12, consent="win_back", events=("InteractionRecorded", "WinbackOpened"), rule="return", responsive=True),
    Action(kind=ActionKind.ASK_REFERRAL, minutes=4, consent="sales", events=("InteractionRecorded", "ReferralCredited"), rule="referral", moves=(MoveKind.ASK_REFERRAL,)),
    Action(kind=ActionKind.INVITATION, minutes=1, consent="marketing", events=_CONTACT, rule="invitation"),
    Action(kind=ActionKind.OFFER_BENEFIT, slots=("amount",), minutes=6, consent="sales", events=_OFFER, rule="benefit", moves=(MoveKind.OFFER_BENEFIT,)),
    Action(kind=ActionKind.OFFER_EARLY_ACCESS, minutes=6, consent="sales", events=_OFFER, rule="benefit"),
    Action(kind=ActionKind.REDO, minutes=15, consent="service", events=("InteractionRecorded", "Explained", "CommitmentMade"), rule="recovery", moves=(MoveKind.APOLOGISE,), responsive=True, owed=True),
    Action(kind=ActionKind.PROMISE_DELIVERY, minutes=10, consent="service", events=("InteractionRecorded", "CommitmentMade"), rule="promise", moves=(MoveKind.PROMISE_FOLLOW_UP,)),
    Action(kind=ActionKind.ESCALATE, minutes=10, consent="service", events=("Escalated",), rule="complaint", moves=(MoveKind.ESCALATE,), responsive=True, owed=True),
    Action(kind=ActionKind.MEDIATE, minutes=30, consent="service", events=("DisputeStepTaken",), rule="complaint", moves=(MoveKind.ESCALATE,), responsive=True, owed=True),
    Action(kind=ActionKind.KEEP_ADVISING, minutes=10, consent="win_back", events=_CONTACT, rule="return", responsive=True),
    Action(kind=ActionKind.ASK_TESTIMONIAL, minutes=4, consent="sales", events=_CONTACT, rule="reputation"),
)  # fmt: skip
"""The vocabulary, in the order of `ActionKind`."""


class UnknownActionError(UnknownNameError):
    """An action was asked for that the vocabulary does not hold."""

    what = "action"


def action_called(name: str) -> Action:
    """
    The row of a word like ``check_in``.

    Raises:
        UnknownActionError: When the vocabulary has no such word.
    """
    by_name = {action.kind.name.lower(): action for action in ACTIONS}
    if name not in by_name:
        raise UnknownActionError(name, by_name)
    return by_name[name]
