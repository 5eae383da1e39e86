"""
Cues: the situations of a call in which somebody says something.

`CUES` is the table of all of them; `following` says which comes when, and the data file of each language has lines
for every one.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, StrEnum

import attrs

from retainsdk.vocabulary import Reason

__all__ = ["CUES", "Beat", "By", "Cue", "Role", "Situation"]


class Role(StrEnum):
    """Whose voice it is."""

    REPRESENTATIVE = "representative"
    CUSTOMER = "customer"
    NARRATOR = "narrator"


class By(Enum):
    """What a reason does to the lines of a cue."""

    ANY = "some lines may fit one reason only"
    EVERY = "each reason has lines of its own"
    EVERY_TRUE = "each reason but “no need”, which is only ever stated, has lines of its own"


class Cue(StrEnum):
    """A situation in which somebody says something; `CUES` tells which."""

    GREETS = "greets"
    ASKS = "asks"
    ASKS_MORE = "asks_more"
    ASKS_ON = "asks_on"
    REVIEWS = "reviews"
    PROBES = "probes"
    SAYS_BACK = "says_back"
    SAYS_BACK_AGAIN = "says_back_again"
    EMPATHISES = "empathises"
    APOLOGISES = "apologises"
    APOLOGISES_AGAIN = "apologises_again"
    COMPENSATES = "compensates"
    EXPLAINS = "explains"
    OFFERS_DISCOUNT = "offers_discount"
    RAISES_DISCOUNT = "raises_discount"
    REPEATS_DISCOUNT = "repeats_discount"
    PROPOSES_PACKAGE = "proposes_package"
    REPEATS_PACKAGE = "repeats_package"
    KEEPS_PACKAGE = "keeps_package"
    OFFERS_PAUSE = "offers_pause"
    REPEATS_PAUSE = "repeats_pause"
    COMPARES = "compares"
    COMPARES_AGAIN = "compares_again"
    PROMISES = "promises"
    PROMISES_AGAIN = "promises_again"
    ESCALATES = "escalates"
    REFUSES = "refuses"
    CLOSES = "closes"
    CHATS = "chats"
    CHATS_LATER = "chats_later"
    GIVES = "gives"
    ASKS_REFERRAL = "asks_referral"
    OFFERS_BENEFIT = "offers_benefit"
    OFFERS_BENEFIT_WORTH = "offers_benefit_worth"
    PRESSES = "presses"
    RELEASES = "releases"
    PARTS_STAYING = "parts_staying"
    PARTS_LEAVING = "parts_leaving"
    PARTS = "parts"

    CALLS = "calls"
    STATES = "states"
    OPENS_UP = "opens_up"
    STANDS_BY = "stands_by"
    TELLS = "tells"
    ADDS = "adds"
    TELLS_HAPPY_EVENT = "tells_happy_event"
    TELLS_BEREAVEMENT = "tells_bereavement"
    TELLS_HARD_TIMES = "tells_hard_times"
    TELLS_UNSAID_FAILURE = "tells_unsaid_failure"
    TOLD_ALREADY = "told_already"
    EVADES = "evades"
    EVADES_ANNOYED = "evades_annoyed"
    ADMITS = "admits"
    CORRECTS = "corrects"
    DENIES = "denies"
    CONFIRMS = "confirms"
    CONFIRMS_AGAIN = "confirms_again"
    TOUCHED = "touched"
    SHRUGS = "shrugs"
    TAKES_APOLOGY = "takes_apology"
    APOLOGY_SURPRISES = "apology_surprises"
    NOTHING_TO_FORGIVE = "nothing_to_forgive"
    APOLOGY_AGAIN = "apology_again"
    APOLOGIES_ENOUGH = "apologies_enough"
    COMPENSATION_HEARD = "compensation_heard"
    SEES_WORTH = "sees_worth"
    HEARD_WORTH = "heard_worth"
    WORTH_BESIDE = "worth_beside"
    UNHEARD = "unheard"
    UNHEARD_AGAIN = "unheard_again"
    DISCOUNT_WELCOME = "discount_welcome"
    DISCOUNT_BESIDE = "discount_beside"
    DISCOUNT_WEIGHED = "discount_weighed"
    DISCOUNT_BETTER = "discount_better"
    DISCOUNT_NO_BETTER = "discount_no_better"
    PACKAGE_WELCOME = "package_welcome"
    PACKAGE_BESIDE = "package_beside"
    PACKAGE_WEIGHED = "package_weighed"
    PACKAGE_AGAIN = "package_again"
    PACKAGE_KEPT = "package_kept"
    PAUSE_WELCOME = "pause_welcome"
    PAUSE_BESIDE = "pause_beside"
    PAUSE_WEIGHED = "pause_weighed"
    PAUSE_AGAIN = "pause_again"
    COMPARISON_HEARD = "comparison_heard"
    COMPARISON_KNOWN = "comparison_known"
    COMPARISON_FALSE = "comparison_false"
    COMPARISON_EMPTY = "comparison_empty"
    PROMISE_HEARD = "promise_heard"
    PROMISE_AGAIN = "promise_again"
    HANDED_OVER = "handed_over"
    REFUSED = "refused"
    PONDERS = "ponders"
    CHATS_BACK = "chats_back"
    CHAT_UNWELCOME = "chat_unwelcome"
    GIFT_HEARD = "gift_heard"
    REFERRAL_HEARD = "referral_heard"
    BENEFIT_HEARD = "benefit_heard"
    CONTRADICTED = "contradicted"
    HURT_BY_OFFER = "hurt_by_offer"
    GIVES_WAY = "gives_way"
    PUSHES_BACK = "pushes_back"
    LET_GO = "let_go"
    TIRED = "tired"
    TIRED_STILL = "tired_still"
    HANGS_UP = "hangs_up"
    OUT_OF_TIME = "out_of_time"
    STAYS = "stays"
    LEAVES = "leaves"
    WINDS_UP = "winds_up"

    STAYED_AFTER = "stayed_after"
    LEFT_AFTER = "left_after"
    LEFT_WELL = "left_well"


@attrs.frozen(kw_only=True)
class Situation:
    """
    One row of the table of cues.

    Attributes:
        role: Whose line it is.
        when: In which situation it is said.
        slots: What its lines may name besides what all may: the names of both, and the words of the service.
        reason: What a reason does to its lines.
        often: Whether it can come more than three times in a call; then it needs more lines.
    """

    role: Role
    when: str
    slots: tuple[str, ...] = ()
    reason: By = By.ANY
    often: bool = False


def _ours(when: str, *slots: str, reason: By = By.ANY, often: bool = False) -> Situation:
    return Situation(role=Role.REPRESENTATIVE, when=when, slots=slots, reason=reason, often=often)


def _theirs(when: str, *, reason: By = By.ANY, often: bool = False) -> Situation:
    return Situation(role=Role.CUSTOMER, when=when, reason=reason, often=often)


def _told(when: str) -> Situation:
    return Situation(role=Role.NARRATOR, when=when)


CUES: Mapping[Cue, Situation] = {
    Cue.GREETS: _ours("answers the call"),
    Cue.ASKS: _ours("asks openly, first"),
    Cue.ASKS_MORE: _ours("asks openly again, while the reason is not told", often=True),
    Cue.ASKS_ON: _ours("asks openly, though the reason is told", often=True),
    Cue.REVIEWS: _ours("goes through use and needs, naming no reason", often=True),
    Cue.PROBES: _ours("names a reason and asks whether that is it", "reason", often=True),
    Cue.SAYS_BACK: _ours("says the reason that was told back", "reason"),
    Cue.SAYS_BACK_AGAIN: _ours("says it back once more", "reason", often=True),
    Cue.EMPATHISES: _ours("shows understanding", often=True),
    Cue.APOLOGISES: _ours("apologises, first"),
    Cue.APOLOGISES_AGAIN: _ours("apologises again", often=True),
    Cue.COMPENSATES: _ours("apologises, and makes good with money", "amount", often=True),
    Cue.EXPLAINS: _ours("explains what the service is worth", often=True),
    Cue.OFFERS_DISCOUNT: _ours("offers a discount, first or after another offer", "amount", "months", often=True),
    Cue.RAISES_DISCOUNT: _ours("offers more than a moment ago", "amount", "months", often=True),
    Cue.REPEATS_DISCOUNT: _ours("offers the same or less", "amount", "months", often=True),
    Cue.PROPOSES_PACKAGE: _ours("proposes a package, first or after another offer", "package", often=True),
    Cue.REPEATS_PACKAGE: _ours("proposes a package again", "package", often=True),
    Cue.KEEPS_PACKAGE: _ours("finds that the package he has is the one that fits", "package", often=True),
    Cue.OFFERS_PAUSE: _ours("offers a pause, first or after another offer", "months", often=True),
    Cue.REPEATS_PAUSE: _ours("offers a pause again", "months", often=True),
    Cue.COMPARES: _ours("compares with competitors, first", "claim", often=True),
    Cue.COMPARES_AGAIN: _ours("compares again", "claim", often=True),
    Cue.PROMISES: _ours("promises to get back by a day", "day"),
    Cue.PROMISES_AGAIN: _ours("promises it again", "day", often=True),
    Cue.ESCALATES: _ours("hands over to a manager"),
    Cue.REFUSES: _ours("refuses", often=True),
    Cue.CLOSES: _ours("asks for the decision"),
    Cue.CHATS: _ours("chats a little, to begin with"),
    Cue.CHATS_LATER: _ours("chats a little, later", often=True),
    Cue.GIVES: _ours("greets with a gift", "amount", often=True),
    Cue.ASKS_REFERRAL: _ours("asks for a recommendation", often=True),
    Cue.OFFERS_BENEFIT: _ours("offers a benefit of the club", often=True),
    Cue.OFFERS_BENEFIT_WORTH: _ours("offers a benefit of the club, and says what it is worth", "amount", often=True),
    Cue.PRESSES: _ours("presses", often=True),
    Cue.RELEASES: _ours("lets the customer go, well"),
    Cue.PARTS_STAYING: _ours("parts from somebody who stays"),
    Cue.PARTS_LEAVING: _ours("parts from somebody who leaves"),
    Cue.PARTS: _ours("parts where nobody had to decide"),
    Cue.CALLS: _theirs("says what he calls for"),
    Cue.STATES: _theirs("states a reason, not always the true one", reason=By.EVERY),
    Cue.OPENS_UP: _theirs("begins to tell a reason he did not state"),
    Cue.STANDS_BY: _theirs("begins to tell more of the reason he stated"),
    Cue.TELLS: _theirs("tells the true reason", reason=By.EVERY_TRUE),
    Cue.ADDS: _theirs("adds something to the reason he told", reason=By.EVERY_TRUE),
    Cue.TELLS_HAPPY_EVENT: _theirs("tells of a wedding or a birth"),
    Cue.TELLS_BEREAVEMENT: _theirs("tells of a death"),
    Cue.TELLS_HARD_TIMES: _theirs("tells that money is short"),
    Cue.TELLS_UNSAID_FAILURE: _theirs("tells of a failure that he kept to himself"),
    Cue.TOLD_ALREADY: _theirs("is asked, late, what he has told", often=True),
    Cue.EVADES: _theirs("does not answer an open question"),
    Cue.EVADES_ANNOYED: _theirs("does not answer a third question, or a later one", often=True),
    Cue.ADMITS: _theirs("is asked about the true reason by name, and admits it"),
    Cue.CORRECTS: _theirs("is asked about another reason by name, and puts it right"),
    Cue.DENIES: _theirs("is asked about a reason by name, and lets nothing be known", often=True),
    Cue.CONFIRMS: _theirs("hears his reason said back"),
    Cue.CONFIRMS_AGAIN: _theirs("hears it said back once more", often=True),
    Cue.TOUCHED: _theirs("is met with understanding, early"),
    Cue.SHRUGS: _theirs("is met with understanding, late", often=True),
    Cue.TAKES_APOLOGY: _theirs("hears a first apology, and there is something to be sorry for"),
    Cue.APOLOGY_SURPRISES: _theirs("hears an apology for what he had kept to himself"),
    Cue.NOTHING_TO_FORGIVE: _theirs("hears a first apology for nothing"),
    Cue.APOLOGY_AGAIN: _theirs("hears a second apology"),
    Cue.APOLOGIES_ENOUGH: _theirs("hears a third apology, or a later one", often=True),
    Cue.COMPENSATION_HEARD: _theirs("is offered money to make good", often=True),
    Cue.SEES_WORTH: _theirs("doubts the worth, and hears it explained"),
    Cue.HEARD_WORTH: _theirs("hears the worth explained once more", often=True),
    Cue.WORTH_BESIDE: _theirs("hears the worth explained and has not said that he doubts it", often=True),
    Cue.UNHEARD: _theirs("gets an offer before any question"),
    Cue.UNHEARD_AGAIN: _theirs("gets another one, still without a question", often=True),
    Cue.DISCOUNT_WELCOME: _theirs("is offered a discount, and told that it is about money", often=True),
    Cue.DISCOUNT_BESIDE: _theirs("is offered a discount, and told that it is about something else", often=True),
    Cue.DISCOUNT_WEIGHED: _theirs("is offered a discount, and has not told his reason", often=True),
    Cue.DISCOUNT_BETTER: _theirs("is offered more than a moment ago", often=True),
    Cue.DISCOUNT_NO_BETTER: _theirs("is offered the same or less", often=True),
    Cue.PACKAGE_WELCOME: _theirs("is proposed a package, and told that it is about money", often=True),
    Cue.PACKAGE_BESIDE: _theirs("is proposed a package, and told that it is about something else", often=True),
    Cue.PACKAGE_WEIGHED: _theirs("is proposed a package, and has not told his reason", often=True),
    Cue.PACKAGE_AGAIN: _theirs("is proposed a package again", often=True),
    Cue.PACKAGE_KEPT: _theirs("hears that the package he has is the one that fits", often=True),
    Cue.PAUSE_WELCOME: _theirs("is offered a pause, and told that his life has changed", often=True),
    Cue.PAUSE_BESIDE: _theirs("is offered a pause, and told of another reason", often=True),
    Cue.PAUSE_WEIGHED: _theirs("is offered a pause, and has not told his reason", often=True),
    Cue.PAUSE_AGAIN: _theirs("is offered a pause again", often=True),
    Cue.COMPARISON_HEARD: _theirs("hears how competitors compare, first, and knows nothing to the contrary"),
    Cue.COMPARISON_KNOWN: _theirs("hears it again", often=True),
    Cue.COMPARISON_FALSE: _theirs("hears a claim about competitors that he knows to be false", often=True),
    Cue.COMPARISON_EMPTY: _theirs("hears a comparison where there is nobody to compare with", often=True),
    Cue.PROMISE_HEARD: _theirs("is promised a follow-up, first"),
    Cue.PROMISE_AGAIN: _theirs("is promised it again", often=True),
    Cue.HANDED_OVER: _theirs("is handed over to a manager"),
    Cue.REFUSED: _theirs("is refused", often=True),
    Cue.PONDERS: _theirs("is asked for the decision, before he tells it"),
    Cue.CHATS_BACK: _theirs("is chatted with, to begin with"),
    Cue.CHAT_UNWELCOME: _theirs("is chatted with, later", often=True),
    Cue.GIFT_HEARD: _theirs("is greeted with a gift", often=True),
    Cue.REFERRAL_HEARD: _theirs("is asked for a recommendation", often=True),
    Cue.BENEFIT_HEARD: _theirs("is offered a benefit", often=True),
    Cue.CONTRADICTED: _theirs("hears something else than a colleague told him", often=True),
    Cue.HURT_BY_OFFER: _theirs("is sold to at a time that is not for it", often=True),
    Cue.GIVES_WAY: _theirs("is pressed, and is polite", often=True),
    Cue.PUSHES_BACK: _theirs("is pressed, and is assertive", often=True),
    Cue.LET_GO: _theirs("is let go, well"),
    Cue.TIRED: _theirs("has had patience enough"),
    Cue.TIRED_STILL: _theirs("lost it some moves ago"),
    Cue.HANGS_UP: _theirs("hangs up"),
    Cue.OUT_OF_TIME: _theirs("has no more time"),
    Cue.STAYS: _theirs("decides to stay"),
    Cue.LEAVES: _theirs("decides to leave"),
    Cue.WINDS_UP: _theirs("says goodbye where nobody had to decide"),
    Cue.STAYED_AFTER: _told("decided after the call, and stayed"),
    Cue.LEFT_AFTER: _told("decided after the call, and left"),
    Cue.LEFT_WELL: _told("was let go"),
}  # fmt: skip
"""Every cue, in the order of a call: what the representative says, what the customer answers, what is told afterwards."""


@attrs.frozen
class Beat:
    """
    One sentence or two of a call, still without words.

    Attributes:
        cue: The situation.
        reason: The reason it is about; none where none is known.
        mood: What the customer's mood sounds like: −1 angry, 0 reserved, 1 friendly.
    """

    cue: Cue
    reason: Reason | None = None
    mood: int = 0
