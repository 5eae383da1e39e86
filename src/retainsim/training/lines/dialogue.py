"""
A call in words: each beat gets one of its lines, by keyed luck, and none twice while others are left.

Everything is a function of the scene and of what happened, so the same call has the same words whenever it is played.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs

from retainsdk.errors import NOTHING, Fault, InputError
from retainsdk.policy import Move
from retainsdk.vocabulary import Reason
from retainsim.market.response import Call
from retainsim.market.streams import drawn, key_of, stream_of
from retainsim.training.lines import amounts
from retainsim.training.lines.cue import CUES, Beat, Cue, Role
from retainsim.training.lines.following import answered, decided, opening, said
from retainsim.training.lines.language import Language, Speaker
from retainsim.training.lines.phrasebook import THREAT, Phrasebook, phrasebook
from retainsim.training.lines.template import Filler, Template, isolated

__all__ = ["Dialogue", "Line", "Offered", "Scene", "Slots"]


@attrs.frozen(kw_only=True)
class Scene:
    """
    Who talks, in which language, about what.

    Attributes:
        language: Of the call.
        setting: Kind of service: the name of a market.
        situation: What brings the two to talk, by name.
        representative: The trainee.
        customer: Who calls.
        currency: Of amounts.
        key: Of the luck that chooses words; the same key and the same call give the same words.
    """

    language: Language
    setting: str = "telecom"
    situation: str = THREAT
    representative: Speaker
    customer: Speaker
    currency: str
    key: int


@attrs.frozen(kw_only=True)
class Offered:
    """
    What a competitor offers.

    Attributes:
        firm: Its name.
        monthly_fee: Minor units.
        lock_months: For how long it binds.
        quality: Beside ours: −1 worse, 0 alike, 1 better.
    """

    firm: str
    monthly_fee: int
    lock_months: int
    quality: int


@attrs.frozen(kw_only=True)
class Slots:
    """
    What a move says beyond its amount and months.

    Attributes:
        package: Which of the four packages is proposed, 0 the smallest.
        present: Whether he has that package.
        rival: Whose offer an honest comparison tells of; none where nobody competes.
        day: By which the representative gets back.
        suspected: The reason he names when he probes; none for the one stated.
    """

    package: int | None = None
    present: bool = False
    rival: Offered | None = None
    day: date | None = None
    suspected: Reason | None = None


NO_SLOTS = Slots()
_QUALITIES = {-1: "worse", 0: "alike", 1: "better"}
_MARKED = ("reason", "claim")
"""Slots that stand for lines of the data file; what comes from outside is never read as one."""


@attrs.frozen(kw_only=True)
class Line:
    """
    What one voice says at its turn.

    Attributes:
        role: Whose voice.
        text: The words; names and amounts stand in isolates.
        beats: The situations it speaks to.
        templates: The lines of the data file it was made from; none where a person typed the words.
    """

    role: Role
    text: str
    beats: tuple[Beat, ...]
    templates: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Dialogue:
    """
    A call in words, as far as it has come. Each method returns the dialogue with more lines.

    Attributes:
        scene: Who talks about what.
        stated: The reason the customer states; none where he states none.
        lines: What was said until now.
    """

    scene: Scene
    stated: Reason | None
    lines: tuple[Line, ...] = ()

    def opened(self, call: Call) -> Dialogue:
        """With the greeting, and why the customer calls."""
        return self._with(opening(call, self.stated), NO_SLOTS, None)

    def continued(
        self,
        before: Call,
        move: Move,
        after: Call,
        *,
        slots: Slots = NO_SLOTS,
        words: str = "",
        felt: Cue | None = None,
        besides: tuple[Cue, ...] = (),
    ) -> Dialogue:
        """
        With a move and the answer to it.

        Args:
            before: The call until then.
            move: Of the representative.
            after: The call since.
            slots: What the move says.
            words: What he said, where he typed it himself.
            felt: What hurts in the move itself, as in `answered`.
            besides: What the customer tells beside the reason, as in `answered`.

        Raises:
            InputError: Naming what the move must say and does not: a package, a day.
        """
        named = self.stated if slots.suspected is None else slots.suspected
        beat = said(before, move, stated=self.stated, named=named, present=slots.present)
        if words:
            line = Line(role=Role.REPRESENTATIVE, text=words, beats=(beat,))
            spoken = attrs.evolve(self, lines=(*self.lines, line))
        else:
            spoken = self._with((beat,), slots, move)
        answer = answered(
            before,
            move,
            after,
            stated=self.stated,
            named=named,
            present=slots.present,
            felt=felt,
            besides=besides,
        )
        return spoken._with(answer, slots, move)  # noqa: SLF001 - its own kind

    def concluded(self, call: Call, *, stays: bool) -> Dialogue:
        """With what is heard of the decision."""
        threat = self.scene.situation == THREAT
        return self._with(decided(call, stays=stays, threat=threat), NO_SLOTS, None)

    def _with(self, beats: tuple[Beat, ...], slots: Slots, move: Move | None) -> Dialogue:
        """With beats in words; neighbours of one voice make one line."""
        told = self
        for beat in beats:
            template, text = told._worded(beat, slots, move)
            role, last = CUES[beat.cue].role, told.lines[-1] if len(told.lines) > len(self.lines) else None
            if last is not None and last.role is role:
                line = attrs.evolve(
                    last,
                    text=f"{last.text} {text}",
                    beats=(*last.beats, beat),
                    templates=(*last.templates, template),
                )
                told = attrs.evolve(told, lines=(*told.lines[:-1], line))
            else:
                line = Line(role=role, text=text, beats=(beat,), templates=(template,))
                told = attrs.evolve(told, lines=(*told.lines, line))
        return told

    def _worded(self, beat: Beat, slots: Slots, move: Move | None) -> tuple[str, str]:
        scene, book = self.scene, phrasebook(self.scene.language)
        template = self._chosen(beat, book)
        role = CUES[beat.cue].role
        me, you = (
            (scene.customer, scene.representative)
            if role is Role.CUSTOMER
            else (scene.representative, scene.customer)
        )
        if role is Role.NARRATOR:
            you = scene.representative
        fill = {**_names(me, you, scene), **book.setting(scene.setting).words}
        fill.update(self._filled(beat, slots, move, book))
        _refuse_missing(beat, fill)
        return template, Template(template).said(me=me.gender, you=you.gender, fill=fill)

    def _chosen(self, beat: Beat, book: Phrasebook) -> str:
        used = {template for line in self.lines for template in line.templates}
        close, wide = book.variants(beat, self.scene.setting, self.scene.situation)
        fresh = [line for line in close if line not in used] or [line for line in wide if line not in used]
        return self._drawn(fresh or [*close, *wide], beat)

    def _drawn(self, among: list[str] | tuple[str, ...], beat: Beat) -> str:
        luck = drawn(stream_of(self.scene.key, key_of("line", beat.cue)), len(self.lines))
        return among[int(luck * len(among))]

    def _filled(self, beat: Beat, slots: Slots, move: Move | None, book: Phrasebook) -> Mapping[str, Filler]:
        language, fill = self.scene.language, {}
        if beat.reason is not None:
            fill["reason"] = self._drawn(book.reasons[beat.reason], beat)
        if move is not None:
            fill["amount"] = amounts.money(move.amount, self.scene.currency, language)
            fill["months"] = amounts.months(move.months, language)
            said = _compared(slots.rival) if move.claim is None else move.claim.name.lower()
            fill["claim"] = self._drawn(book.claims[said], beat)
        if slots.rival is not None:
            fill["firm"] = isolated(slots.rival.firm)
            fill["fee"] = amounts.money(slots.rival.monthly_fee, self.scene.currency, language)
            fill["lock"] = amounts.months(slots.rival.lock_months, language)
        if slots.day is not None:
            fill["day"] = amounts.day(slots.day, language)
        filled = {slot: Filler(text=text, marked=slot in _MARKED) for slot, text in fill.items()}
        if slots.package is not None:
            filled["package"] = book.setting(self.scene.setting).packages[slots.package]
        return filled


def _compared(rival: Offered | None) -> str:
    """What an honest comparison comes to."""
    if rival is None:
        return "alone"
    return f"{'bound' if rival.lock_months else 'free'}_{_QUALITIES[rival.quality]}"


def _names(me: Speaker, you: Speaker, scene: Scene) -> Mapping[str, Filler]:
    return {
        "me": Filler(text=isolated(me.name)),
        "name": Filler(text=isolated(you.name)),
        "customer": Filler(text=isolated(scene.customer.full_name), gender=scene.customer.gender),
    }


def _refuse_missing(beat: Beat, fill: Mapping[str, Filler]) -> None:
    missing = [slot for slot in CUES[beat.cue].slots if slot not in fill]
    if missing:
        remedy = "Give it in the slots of the move."
        raise InputError(
            f"words of {beat.cue}", [Fault(slot, NOTHING, "is missing", remedy) for slot in missing]
        )
