"""
What chance is drawn for. Each purpose has its own stream, so that a change in one leaves the others alone.

Used as ``uniform(person.key, when, for_.LIFE)``, with this module imported as ``for_``. One purpose decides one thing
of one person in one month. Where the same number is read in several places, *again* says why that is meant.
"""

from __future__ import annotations

import attrs

from retainsim.market.streams import key_of


@attrs.frozen
class Purpose:
    """
    What a number is drawn for.

    Attributes:
        name: In words; the key is made from it.
        key: Of its stream, for good: another key is other luck in every world.
        decides: What follows from the number.
        again: Why it is read in more than one place; empty when it is not.
    """

    name: str
    key: int
    decides: str
    again: str


PURPOSES: dict[str, Purpose] = {}
"""Every purpose by name; a policy has streams of its own (`retainsdk.policy.PolicyStream`)."""


def _purpose(name: str, decides: str, *, again: str = "") -> int:
    """The key, since that is all compiled code can read."""
    key = key_of("purpose", name)
    PURPOSES[name] = Purpose(name, key, decides, again)
    return key


# who a person is, and what chance has of him before the market begins
POPULATION = _purpose(
    "population",
    "what a world is before its first month: parameters, customers, tastes",
    again="what is drawn is named in the moment",
)

# life and need
LIFE = _purpose("life", "whether something happens in his life")
LIFE_KIND = _purpose("life kind", "whether that ends his need, pauses or changes it")
NEED_JUMP = _purpose("need jump", "by how much it changes it")
NEED_DRIFT = _purpose("need drift", "how his need drifts in any month")
EVENT = _purpose("event", "what it was that happened")
PAUSE_LENGTH = _purpose("pause length", "for how long it pauses it")

# service
INCIDENT = _purpose("incident", "whether our service fails him")
INCIDENT_DAY = _purpose("incident day", "on which day")
SEVERITY = _purpose("severity", "how much that hurts him")
SIGNAL = _purpose("signal", "whether one of our departments notices")
COMPLAINT = _purpose("complaint", "whether he complains")
MOOD_DRIFT = _purpose("mood drift", "how his satisfaction drifts")
USAGE = _purpose("usage", "how his use differs from his need")
RESOLUTION = _purpose("resolution", "whether a complaint is settled")
ESCALATION = _purpose("escalation", "whether whoever may decide settles a complaint at once")
MEDIATION = _purpose("mediation", "whether a third party settles it")

# buying without a contract
VISITS = _purpose("visits", "how often he comes and buys, where there are no contracts")
VISIT_DAY = _purpose(
    "visit day", "on which days he comes", again="what a shop counts by the day is counted from the same days"
)
BASKET = _purpose("basket", "how much he spends then")
QUESTION = _purpose("question", "whether he asks something")
ANSWER_KNOWN = _purpose("answer known", "whether whoever he asks knows the answer")
HAND_OVER = _purpose("hand-over", "whether his complaint goes from one of us to another")
CONTRADICTION = _purpose("contradiction", "whether the new one contradicts the last")
TURNOVER = _purpose("turnover", "whether one of our representatives leaves")
SKILL = _purpose("skill", "how good one of our representatives is")

# promises
PROMISE_DUE = _purpose("promise due", "when a promise made to him falls due")
PROMISE = _purpose("promise", "whether it is kept")
WARNING = _purpose("warning", "whether he is told in time that it is not")
LATENESS = _purpose("lateness", "whether what is neither kept in time nor put off is done late, unannounced")
NEW_DUE = _purpose("new due", "when it falls due then")

# contact and offers
CONTACT_DAY = _purpose(
    "contact day", "on which day he hears from us", again="one contact a month, whatever it is about"
)
ANSWER = _purpose("answer", "whether he answers a survey")
ANSWER_NOISE = _purpose("answer noise", "how far his answer is from what he thinks")
ACCEPTANCE = _purpose("acceptance", "whether he takes an offer", again="one offer a month, whatever it is")
PRODUCTS = _purpose("products", "how many of our products suit him")

# deliberation
TRIGGER = _purpose("trigger", "whether he thinks of leaving")
AWARENESS = _purpose(
    "awareness",
    "which competitors he knows of",
    again="he is ours or elsewhere; after a conversation he knows what he knew",
)
CHOICE = _purpose(
    "choice",
    "where he goes",
    again="an organisation and a person; nobody is both",
)
CONTACT_CHANGE = _purpose(
    "contact change",
    "whether a contact of an organisation goes, or a new one is won; each has a stream of his own",
)
OPINION = _purpose(
    "opinion",
    "what a contact of an organisation thinks of us",
    again="it names the moment, which is always, and each contact's stream",
)
VOTE = _purpose(
    "vote",
    "what a contact of an organisation is for",
    again="after a conversation he decides again by the same number, as a single customer does",
)
VOICE = _purpose(
    "voice",
    "whether he says so or goes silently, and whether he threatens without meaning it",
    again="who goes and who stays are never the same man in a month",
)
STATEMENT = _purpose("statement", "whether he states the true reason")
STATEMENT_KIND = _purpose("statement kind", "which other reason he states")

# response, then leaving and coming back
RESOLVE = _purpose("resolve", "how set he is on going once he has said so, whatever is said to him")
REPLY = _purpose("reply", "how he takes what is said in a conversation; each turn has a stream of its own")
LEAVING_DAY = _purpose("leaving day", "on which day he leaves")
ENDING = _purpose("ending", "whether his leaving ends well")
LOCK_IN = _purpose("lock-in", "for how long the next firm binds him")
REACH = _purpose("reach", "whether our campaign reaches him")
WELCOME = _purpose("welcome", "whether it offers him money off")
FOUNDATIONS = _purpose("foundations", "whether foundations are laid for a newcomer without special care")
KNOWN_LOCK_IN = _purpose("known lock-in", "by how much we mistake how long the next firm binds him")
ELSEWHERE_MOOD = _purpose("elsewhere mood", "how pleased he will be with the next firm")
ELSEWHERE_TRIGGER = _purpose("elsewhere trigger", "whether a competitor's customer looks round")
ELSEWHERE_CHOICE = _purpose("elsewhere choice", "where he goes then")
JOINING_TERMS = _purpose("joining terms", "for how long he signs with us")

# told afterwards, and deciding nothing: at which hour of its day a thing happened
MINUTE = _purpose(
    "minute", "at which minute of its day something happens; each event of a month has a stream of its own"
)
PEOPLE_DAY = _purpose(
    "people day", "on which day a contact of an organisation goes or is won; each has a stream of his own"
)
EACH_BASKET = _purpose(
    "each basket", "how what he spends in a month divides among his visits; each has a stream of its own"
)
SETTLING_DAY = _purpose("settling day", "on which day a complaint is settled")
NEWS_DAY = _purpose("news day", "on which day we learn how long a leaver is bound")

# competitors
FIRM = _purpose(
    "firm",
    "what a competitor's strategy leaves to chance, such as when its promotions fall",
    again="a month's draws and those of the start are keyed apart",
)
