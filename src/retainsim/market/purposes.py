"""
What chance is drawn for. Each purpose has its own stream, so that a change in one leaves the others alone.

Used as ``uniform(person.key, when, for_.LIFE)``, with this module imported as ``for_``.
"""

from __future__ import annotations

from retainsim.market.streams import key_of

PURPOSES: dict[str, int] = {}
"""Every purpose by name; a policy has streams of its own (`retainsdk.policy.PolicyStream`)."""


def _purpose(name: str) -> int:
    PURPOSES[name] = key_of("purpose", name)
    return PURPOSES[name]


# who a person is, and what chance has of him before the market begins
POPULATION = _purpose("population")

# life and need
LIFE = _purpose("life")
LIFE_KIND = _purpose("life kind")
NEED_JUMP = _purpose("need jump")
NEED_DRIFT = _purpose("need drift")
PAUSE_LENGTH = _purpose("pause length")

# service
INCIDENT = _purpose("incident")
INCIDENT_DAY = _purpose("incident day")
SEVERITY = _purpose("severity")
SIGNAL = _purpose("signal")
COMPLAINT = _purpose("complaint")
MOOD_DRIFT = _purpose("mood drift")
USAGE = _purpose("usage")
RESOLUTION = _purpose("resolution")

# promises
PROMISE_DUE = _purpose("promise due")
PROMISE = _purpose("promise")
WARNING = _purpose("warning")
NEW_DUE = _purpose("new due")

# contact and offers
CONTACT_DAY = _purpose("contact day")
ANSWER = _purpose("answer")
ANSWER_NOISE = _purpose("answer noise")
ACCEPTANCE = _purpose("acceptance")

# deliberation
TRIGGER = _purpose("trigger")
AWARENESS = _purpose("awareness")
CHOICE = _purpose("choice")
VOICE = _purpose("voice")
STATEMENT = _purpose("statement")
STATEMENT_KIND = _purpose("statement kind")

# response, then leaving and coming back
REPLY = _purpose("reply")
LEAVING_DAY = _purpose("leaving day")
ENDING = _purpose("ending")
LOCK_IN = _purpose("lock-in")
REACH = _purpose("reach")
ELSEWHERE_MOOD = _purpose("elsewhere mood")
ELSEWHERE_TRIGGER = _purpose("elsewhere trigger")
ELSEWHERE_CHOICE = _purpose("elsewhere choice")
JOINING_TERMS = _purpose("joining terms")

# competitors
FIRM = _purpose("firm")
