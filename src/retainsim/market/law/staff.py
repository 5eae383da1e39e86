"""Being served by people: waiting, hand-overs, contradictions, questions, and how good one's representative is."""

from __future__ import annotations

from retainsim.market import purposes as for_
from retainsim.market.law.arithmetic import clamp
from retainsim.market.law.names import Luck, MonthRow, Parameters
from retainsim.market.person import Person
from retainsim.market.streams import drawn, mixed, rule


@rule
def desk_of(c: Person) -> int:
    """The number of his representative."""
    return int(
        float(mixed(mixed(c.key)) >> 59)
    )  # through a float, because compiled code shifts only by signed numbers


@rule
def skill_for(c: Person, w: MonthRow) -> float:
    """The skill of his representative, above or below what is usual, less what haste takes from it [D4]."""
    return w.staff_skill[desk_of(c)] - w.overload


@rule
def reliability_of(c: Person, usual: float, w: MonthRow, p: Parameters) -> float:
    """The chance that a promise is kept, or a complaint settled, by this representative in this month [D4 C8]."""
    return clamp(usual + p.skill_counts * skill_for(c, w), 0.0, 1.0)


@rule
def says_no_need(c: Person, w: MonthRow, p: Parameters) -> float:
    """The share of leavers whom this representative notes down as having no need: the less skilled the more [B8]."""
    return clamp(p.says_no_need - p.skill_labels * w.staff_skill[desk_of(c)], 0.0, 1.0)


@rule
def be_handed_over(c: Person, luck: Luck, p: Parameters) -> None:
    """Telling one's story anew is tiresome, and now and then the new one says something else than the last [C8 E1]."""
    c.satisfaction = clamp(c.satisfaction - p.hand_over_hit, -1.0, 1.0)
    if drawn(luck, for_.CONTRADICTION) < p.contradicts:
        c.trust = clamp(c.trust - p.contradiction * (1.0 + c.trust), -1.0, 1.0)


@rule
def meet_staff(c: Person, w: MonthRow, luck: Luck, p: Parameters) -> None:
    """A month with our people: everybody waits where they are too few, some lose their representative, some ask what nobody knows [C8 E1 C2]."""
    if w.overload > 0.0:
        c.satisfaction = clamp(c.satisfaction - p.waiting * w.overload, -1.0, 1.0)
    if w.staff_left and (w.staff_left >> desk_of(c)) & 1:
        be_handed_over(c, luck, p)
    if drawn(luck, for_.QUESTION) < p.question_rate:
        ask(c, w, luck, p)


@rule
def ask(c: Person, w: MonthRow, luck: Luck, p: Parameters) -> None:
    """Who asks and gets no answer trusts us less; an answer is what he expected [C2]."""
    known = clamp(p.knowledge + p.skill_counts * skill_for(c, w), 0.0, 1.0)
    if drawn(luck, for_.ANSWER_KNOWN) >= known:
        c.trust = clamp(c.trust - p.unanswered * (1.0 + c.trust), -1.0, 1.0)


@rule
def pass_on(c: Person, w: MonthRow, luck: Luck, p: Parameters) -> None:
    """A complaint may go from hand to hand, more often where everybody is in haste [C8]."""
    if drawn(luck, for_.HAND_OVER) < p.hand_over * (1.0 + w.overload):
        be_handed_over(c, luck, p)
