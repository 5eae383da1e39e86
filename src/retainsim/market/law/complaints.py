"""Complaints that are open: how they are settled, taken higher, or brought before a third party."""

from __future__ import annotations

from retainsim.market import purposes as for_
from retainsim.market.law.arithmetic import clamp
from retainsim.market.law.names import COOLING_OFF, EVERY_MARK, Luck, Parameters
from retainsim.market.person import Person
from retainsim.market.streams import drawn, rule


@rule
def settle_complaint(c: Person, p: Parameters) -> None:
    """One complaint less is open: most of what hurt is made good [C8]."""
    healed = p.recovery * c.hurt
    c.complaints_open = c.complaints_open - 1
    c.satisfaction = clamp(c.satisfaction + healed, -1.0, 1.0)
    c.hurt = c.hurt - healed


@rule
def escalate(c: Person, luck: Luck, p: Parameters) -> None:
    """Somebody who may decide takes an open complaint, and usually settles it at once [C8 E5]."""
    if c.complaints_open > 0 and drawn(luck, for_.ESCALATION) < p.escalation_settles:
        settle_complaint(c, p)


@rule
def mediate(c: Person, p: Parameters) -> None:
    """A third party hears both sides of an open complaint; then both cool off until next month [E5]."""
    if c.complaints_open > 0:
        c.marks = c.marks | COOLING_OFF
        c.hurt = (1.0 - p.cooling_off) * c.hurt


@rule
def hear_outcome(c: Person, luck: Luck, p: Parameters) -> None:
    """What the third party says: most disputes are settled, and to be heard earns trust; to be heard in vain costs it [E5]."""
    c.marks = c.marks & (EVERY_MARK - COOLING_OFF)
    if c.complaints_open == 0:
        return
    if drawn(luck, for_.MEDIATION) < p.mediation_settles:
        settle_complaint(c, p)
        c.trust = clamp(c.trust + p.mediation_trust * (1.0 - c.trust), -1.0, 1.0)
    else:
        c.trust = clamp(c.trust - p.mediation_trust * (1.0 + c.trust), -1.0, 1.0)
