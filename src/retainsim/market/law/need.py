"""Life and need: what people need changes, ends or pauses, whatever any firm does."""

from __future__ import annotations

from retainsim.market import purposes as for_
from retainsim.market.law.arithmetic import centred, clamp
from retainsim.market.law.names import (
    BEREAVED,
    FRESH_FOR,
    HAPPY,
    NEED_ENDED,
    NEED_PAUSED,
    NEED_THERE,
    STRAITENED,
    Luck,
    Parameters,
)
from retainsim.market.person import Person
from retainsim.market.streams import drawn, rule


@rule
def life(c: Person, luck: Luck, p: Parameters) -> None:
    """Life events come now and then; they end a need, pause it or change it. Needs drift besides [B7 C3 D3]."""
    if c.need_pause > 0:
        c.need_pause = c.need_pause - 1
        if c.need_pause == 0:
            c.need_state = NEED_THERE
    if c.event > 0:
        c.event = c.event - 1 if c.event & 3 else 0
    if drawn(luck, for_.LIFE) < p.life_rate and c.need_state == NEED_THERE:
        happen(c, luck, p)
        kind = drawn(luck, for_.LIFE_KIND)
        if kind < p.life_ends:
            c.need_state = NEED_ENDED
        elif kind < p.life_ends + p.life_pauses:
            c.need_state = NEED_PAUSED
            c.need_pause = 3 + int(6.0 * drawn(luck, for_.PAUSE_LENGTH))
        else:
            c.need = clamp(c.need + p.need_jump * centred(luck, for_.NEED_JUMP), 0.3, 2.0)
    c.need = clamp(c.need + p.need_drift * centred(luck, for_.NEED_DRIFT), 0.3, 2.0)


@rule
def happen(c: Person, luck: Luck, p: Parameters) -> None:
    """What it was: a wedding or a birth, a death, or hard times; it is fresh for three months [C3 C6]."""
    u = drawn(luck, for_.EVENT)
    kind = HAPPY if u < p.events_happy else (BEREAVED if u < p.events_happy + p.events_sad else STRAITENED)
    c.event = 4 * kind + FRESH_FOR
