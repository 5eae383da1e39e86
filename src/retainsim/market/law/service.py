"""Service of the month: usually in order, sometimes failing; who complains is temperament."""

from __future__ import annotations

from retainsim.market import purposes as for_
from retainsim.market.law.arithmetic import (
    centred,
    clamp,
    hundredths,
    in_hundredths,
    one_more,
    one_recent_more,
    rooted,
)
from retainsim.market.law.buying import chance_of_failure, share_made, visit
from retainsim.market.law.complaints import hear_outcome, settle_complaint
from retainsim.market.law.names import COOLING_OFF, NEED_THERE, OPEN, Luck, MonthRow, Parameters, Tally
from retainsim.market.law.offers import MOST_USED
from retainsim.market.law.promises import promise
from retainsim.market.law.staff import meet_staff, pass_on, reliability_of
from retainsim.market.person import OURS, Person
from retainsim.market.streams import drawn, rule


@rule
def serve(c: Person, w: MonthRow, luck: Luck, p: Parameters, tally: Tally) -> None:
    """Satisfaction returns to what our quality is worth, use follows need, and now and then service fails [C1]."""
    usual = p.usual_satisfaction + p.quality_felt * w.quality[OURS]
    if p.contractual == 0.0:
        usual = usual - p.friction_felt * (1.0 - share_made(rooted(c.tenure), p))
    drift = p.satisfaction_return * (usual - c.satisfaction) + p.mood_drift * centred(luck, for_.MOOD_DRIFT)
    c.satisfaction = clamp(c.satisfaction + drift, -1.0, 1.0)
    if c.marks & COOLING_OFF:
        hear_outcome(c, luck, p)
    if p.contractual == 0.0:
        failure = chance_of_failure(visit(c, w, luck, p, tally), w, p)
    else:
        use(c, luck, p)
        if c.paused_until > w.number:
            return
        failure = p.incident_rate * w.failures[OURS]
    meet_staff(c, w, luck, p)
    resolve(c, w, luck, p)
    if drawn(luck, for_.INCIDENT) < failure:
        fail(c, w, luck, p)
    tally[OPEN] += c.complaints_open


@rule
def resolve(c: Person, w: MonthRow, luck: Luck, p: Parameters) -> None:
    """An open complaint may be settled, the sooner the better the representative and the less his haste [C8 D4]."""
    if c.complaints_open > 0 and drawn(luck, for_.RESOLUTION) < reliability_of(c, p.resolution, w, p):
        settle_complaint(c, p)


@rule
def use(c: Person, luck: Luck, p: Parameters) -> None:
    """What he needs, as far as the package goes, more of it when he is pleased; nothing while the need is away."""
    usage = 0
    if c.need_state == NEED_THERE:
        noise = 1.0 + p.usage_noise * centred(luck, for_.USAGE)
        used = min(c.need / hundredths(c.package), 1.3) * (0.9 + 0.2 * c.satisfaction) * noise
        usage = min(in_hundredths(used), MOST_USED)
    c.usage_trend = usage - c.usage
    c.usage = usage


@rule
def fail(c: Person, w: MonthRow, luck: Luck, p: Parameters) -> None:
    """
    A failure hurts more after silence [D6] and more the dependent, spoilt customer [A7]; who complains is temperament [C8].

    Who says nothing is asked nothing, and trusts us the less, for good: nobody makes amends for what he never heard of [C1 B2].
    """
    day = w.first_day + int(w.n_days * drawn(luck, for_.INCIDENT_DAY))
    silence = clamp((day - c.contact_day) / 360.0, 0.0, 1.0)
    hit = p.failure_hit * (0.5 + drawn(luck, for_.SEVERITY))
    hit = hit * (1.0 + p.silence_amplifies * silence) * (1.0 + p.habit_amplifies * c.habit)
    c.apologies = 0
    c.hurt = clamp(c.hurt + hit, 0.0, 1.0)
    c.satisfaction = clamp(c.satisfaction - hit, -1.0, 1.0)
    if drawn(luck, for_.SIGNAL) < p.signal_seen:
        c.signals_recent = one_recent_more(c.signals_recent)
    if drawn(luck, for_.COMPLAINT) < p.complaint * hundredths(c.voice):
        c.complaints = one_more(c.complaints)
        c.complaints_open = min(c.complaints_open + 1, 100)
        pass_on(c, w, luck, p)
        promise(c, day, luck, p)
    else:
        c.trust = clamp(c.trust - p.unsaid * hit * (1.0 + c.trust), -1.0, 1.0)
