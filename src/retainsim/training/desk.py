"""
The desk: a session in the words of one language, for any door.

A door asks it for texts and tables and shows them; it holds none of its own. Everything here is what a trainee may see,
until the session is over and `debriefing` tells the truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import attrs

from retainsdk.action import Claim
from retainsdk.policy import Move, MoveKind
from retainsdk.view import Reason
from retainsim.market.law.arithmetic import nearest_package
from retainsim.market.month import month_start
from retainsim.market.observed import LISTED_PACKAGES
from retainsim.market.response import MOST_TURNS
from retainsim.market.streams import key_of
from retainsim.training.debrief import Debrief, debrief
from retainsim.training.granting import slots_of
from retainsim.training.lines import (
    Cue,
    Dialogue,
    Gender,
    Language,
    Line,
    Offered,
    Scene,
    Slots,
    Speaker,
    phrasebook,
    screen_text,
    somebody,
)
from retainsim.training.lines.amounts import day, money, months, percent
from retainsim.training.outlook import Outlook
from retainsim.training.record import Record
from retainsim.training.scenario import Analogous, Situation, analogous
from retainsim.training.session import REASONS, Phase, Session, restored

MOODS = {-1: "angry", 0: "calm", 1: "friendly"}
Rows = Sequence[tuple[str, ...]]
_DAYS = ("days_since_contact", "days_since_end", "competitor_lock_in_days")
"""What the card of somebody we call tells in days."""
_MANY_DAYS, _MONTH = 60, 30.4
"""From which on they are told in months, and the days of one."""
_PURPOSES = ("service", "personal", "sales", "win_back")
"""Of what may be said to him."""


@attrs.frozen(kw_only=True, slots=False)
class Desk:
    """
    A session in words.

    Attributes:
        session: What happens.
        language: Of all that is said and shown.
        seller: The trainee.
    """

    session: Session
    language: Language
    seller: Speaker

    @classmethod
    def begin(
        cls, reference: str, *, seed: int, language: Language, gender: Gender | None = None, name: str = ""
    ) -> Desk:
        """
        A desk at which a call is about to begin.

        Args:
            reference: The name of a scenario, or its file.
            seed: Picks the caller and all chance.
            language: Of the call.
            gender: Of the trainee; none leaves it to chance.
            name: Of the trainee; empty gives him one.
        """
        seller = somebody(language, key_of("seller", seed), gender)
        return cls(
            session=Session.begin(reference, seed=seed),
            language=language,
            seller=Speaker(name=name or seller.name, gender=seller.gender),
        )

    @classmethod
    def kept(cls, record: Record) -> Desk:
        """
        The desk of a record, as it was left.

        Raises:
            ChangedScenarioError: When its scenario has changed.
            UnknownScenarioError: When its scenario is gone.
            InputError: When its inputs are impossible.
        """
        seller = Speaker(name=record.name, gender=Gender(record.gender))
        return cls(session=restored(record), language=Language(record.language), seller=seller)

    def record(self) -> Record:
        """All that was put in, in which language and by whom."""
        return attrs.evolve(
            self.session.record(),
            language=self.language.value,
            gender=self.seller.gender.value,
            name=self.seller.name,
        )

    def at(self, session: Session) -> Desk:
        """The same desk as a session has gone on."""
        return attrs.evolve(self, session=session)

    def word(self, name: str, /, **slots: str) -> str:
        """A word or sentence of the screen."""
        return screen_text(
            self.language, name, you=self.seller.gender, slots=slots, situation=self.session.case.situation
        )

    def money(self, minor: float) -> str:
        """An amount in the currency of the market."""
        return money(round(minor), self.currency, self.language)

    @property
    def currency(self) -> str:
        """Of the caller's market."""
        return self.session.case.market.preset.currency

    @property
    def customer(self) -> Speaker:
        """Who calls."""
        return somebody(self.language, key_of("customer", self.session.seed, self.session.scenario.digest))

    # the call

    @cached_property
    def dialogue(self) -> Dialogue:
        """All that was said until now."""
        session = self.session
        dialogue = Dialogue(
            scene=Scene(
                language=self.language,
                setting=session.case.market.preset.name,
                situation=session.case.situation,
                representative=self.seller,
                customer=self.customer,
                currency=self.currency,
                key=key_of("words", session.seed),
            ),
            stated=session.stated,
        ).opened(session.calls[0])
        for turn, move in enumerate(session.moves):
            dialogue = dialogue.continued(
                session.calls[turn],
                move,
                session.calls[turn + 1],
                slots=self._slots(move),
                words=session.words[turn],
                felt=self._felt(turn),
                besides=self._besides(turn),
            )
        if session.phase is Phase.OVER:
            dialogue = dialogue.concluded(session.call, stays=session.stays)
        return dialogue

    def _felt(self, turn: int) -> Cue | None:
        """What hurts in a move: that a colleague said otherwise, or that it comes at the wrong time."""
        if turn + 1 in self.session.contradicting:
            return Cue.CONTRADICTED
        return Cue.HURT_BY_OFFER if turn + 1 in self.session.tactless else None

    def _besides(self, turn: int) -> tuple[Cue, ...]:
        """What came out at a move beside the reason."""
        known = self.session.facts_at(turn)
        return tuple(Cue(f"tells_{it}") for it in self.session.facts_at(turn + 1) if it not in known)

    def would_say(self, move: Move, words: str = "") -> str:
        """The words of a move before it is made: those typed, or else the menu's."""
        said = self.at(self.session.say(move, words=words)).dialogue.lines[len(self.dialogue.lines)]
        return said.text

    def _slots(self, move: Move) -> Slots:
        """What a move says: which package it proposes, what a competitor offers, and for which day it promises."""
        plan = self.best_fit if move.plan is None else move.plan
        return Slots(
            package=LISTED_PACKAGES.index(plan),
            present=plan == int(self.session.case.row["package"][0]),
            rival=self._cheapest_rival(),
            day=self.today + timedelta(days=move.days or self.session.scenario.authority.days),
        )

    def _cheapest_rival(self) -> Offered | None:
        """Of whom an honest comparison tells: who asks least."""
        offers = self.session.rivals
        if not offers:
            return None
        it = min(offers, key=lambda rival: rival.monthly_fee)
        return Offered(
            firm=it.name, monthly_fee=it.monthly_fee, lock_months=it.lock_months, quality=it.quality
        )

    # what can be looked up

    @property
    def mood(self) -> str:
        """How the customer sounds."""
        return self.word(f"moods.{MOODS[self.session.seen.mood]}")

    def moves(self) -> list[tuple[MoveKind, str]]:
        """The menu."""
        return [(kind, self.word(f"moves.{kind.name.lower()}")) for kind in self.session.menu]

    # what can go with a move

    @property
    def today(self) -> date:
        """On which they talk."""
        case = self.session.case
        return month_start(case.market.starts_at, case.month.number).date()

    def day(self, days: int) -> str:
        """The day so many days from now, in words."""
        return day(self.today + timedelta(days=days), self.language)

    @property
    def best_fit(self) -> int:
        """The package that suits best what is known of his use, in hundredths of a usual one."""
        usage, size = self.session.card.get("usage", 1.0), int(self.session.case.row["package"][0])
        return round(100 * nearest_package(usage * size / 100))

    def package_names(self) -> list[tuple[int, str]]:
        """The packages that can be proposed, the smallest first: size in hundredths of a usual one, and name."""
        named = phrasebook(self.language).setting(self.session.case.market.preset.name).packages
        return [(size, it.text) for size, it in zip(LISTED_PACKAGES, named, strict=True)]

    def proposals(self) -> Rows:
        """The same as they are chosen from: name, fee, how well they suit, and which is the present one."""
        rows = self.packages()[1:]
        return [(name, fee, suits, present) for name, _, fee, suits, present in rows if name]

    def claims(self) -> list[tuple[Claim | None, str]]:
        """What can be said of competitors: first the honest comparison, then what may be false."""
        claims = (None, *Claim)
        return [(it, self.word(f"claims.{'honest' if it is None else it.name.lower()}")) for it in claims]

    def card(self) -> Sequence[tuple[str, str]]:
        """The customer card, and what came out in the call."""
        seen, card = self.session.seen, self.session.card
        suits = card.get("suitability")
        rows = [
            ("name", self.customer.full_name),
            ("tenure", months(seen.tenure_months, self.language)),
            ("monthly_fee", self.money(seen.monthly_fee)),
            ("discount", self.money(seen.discount) if seen.discount else self.word("card.none")),
            ("value_to_date", self.money(seen.value_to_date)),
            ("complaints", str(seen.complaints)),
            ("threats", str(seen.threats)),
            ("suitability", self.word("card.unknown") if suits is None else percent(suits, self.language)),
        ]
        rows += self._standing()
        if self.session.stated is not None:
            rows.append(("stated_reason", self.word(f"reasons.{self.session.stated.name.lower()}")))
        if seen.revealed is not None:
            rows.append(("revealed", self.word(f"reasons.{seen.revealed.name.lower()}")))
        rows += [("besides", self.word(f"facts.{fact}")) for fact in self.session.facts]
        return [(self.word(f"card.{name}"), value) for name, value in rows]

    def _standing(self) -> list[tuple[str, str]]:
        """How he stands with us, where there is something to tell: what was promised, what is open, what he refuses."""
        card, told, rows = self.session.card, self.session.scenario.colleague, []
        if told is not None:
            share, long = percent(told.discount, self.language), months(told.months, self.language)
            rows.append(("colleague", self.word("card.promised", share=share, months=long)))
        if not self._is_visit:
            return rows
        if card["complaints_open"]:
            rows.append(("complaints_open", str(card["complaints_open"])))
        rows += [(name, self._days(card[name])) for name in _DAYS if name in card]
        refused = [it for it in _PURPOSES if not card.get(f"consent_{it}", False)]
        if refused:
            rows.append(("not_agreed", ", ".join(self.word(f"purposes.{it}") for it in refused)))
        return rows

    @property
    def _is_visit(self) -> bool:
        return self.session.case.situation is not Situation.THREAT

    def _days(self, count: int) -> str:
        if count >= _MANY_DAYS:
            return months(round(count / _MONTH), self.language)
        return self.word("card.days", days=str(count)) if count else self.word("card.none")

    def packages(self) -> Rows:
        """The packages on offer: a row of headings, then one each; none where there are none."""
        if not self.session.packages:
            return []
        names = dict(self.package_names())
        headings = (
            self.word("look.package"),
            self.word("look.size"),
            self.word("card.monthly_fee"),
            self.word("look.suits"),
            "",
        )
        return [
            headings,
            *(
                (
                    names.get(round(100 * it.size), ""),
                    percent(it.size, self.language),
                    self.money(it.monthly_fee),
                    self.word("card.unknown") if it.suits is None else percent(it.suits, self.language),
                    self.word("look.present") if it.present else "",
                )
                for it in self.session.packages
            ),
        ]

    def rivals(self) -> Rows:
        """What competitors offer: a row of headings, then one each; none where nobody competes."""
        names = ("look.firm", "card.monthly_fee", "look.binds", "look.quality")
        quality = {-1: "worse", 0: "alike", 1: "better"}
        rows = [
            (
                it.name,
                self.money(it.monthly_fee),
                months(it.lock_months, self.language) if it.lock_months else self.word("card.none"),
                self.word(f"look.{quality[it.quality]}"),
            )
            for it in self.session.rivals
        ]
        return [tuple(self.word(name) for name in names), *rows] if rows else []

    def authority(self) -> list[str]:
        """What the trainee may grant."""
        limits = self.session.scenario.authority
        share, long = percent(limits.discount, self.language), months(limits.months, self.language)
        told = [
            self.word("look.discount", share=share, months=long),
            self.word("look.call_back", days=str(limits.days)),
        ]
        if limits.once and self.session.occasion.gives_once:
            told.append(self.word("look.once", share=percent(limits.once, self.language)))
        return told

    def believable(self) -> list[tuple[Reason | None, str]]:
        """What can be believed of the customer; none stands for a threat that is not meant."""
        reasons: list[tuple[Reason | None, str]] = [
            (reason, self.word(f"reasons.{reason.name.lower()}")) for reason in REASONS
        ]
        return [*reasons, (None, self.word("reasons.bluff"))] if self.session.scenario.bluff else reasons

    def turn(self) -> str:
        """How far the call has come."""
        return self.word("card.turn", turn=str(self.session.turn + 1), most=str(MOST_TURNS))

    # for programs

    def screen(self) -> dict[str, Any]:
        """All that a door shows before the session is over, for programs."""
        session, seen = self.session, self.session.seen
        return {
            "scenario": session.scenario.name,
            "situation": str(session.case.situation),
            "language": self.language.value,
            "phase": str(session.phase),
            "turn": session.turn,
            "turns_left": seen.turns_left,
            "mood": MOODS[seen.mood],
            "end": session.end,
            "lines": [_told(line) for line in self.dialogue.lines],
            "card": [list(row) for row in self.card()],
            "packages": [list(row) for row in self.packages()],
            "rivals": [list(row) for row in self.rivals()],
            "comes_to": self.came_to() if self._is_visit else None,
            "authority": attrs.asdict(session.scenario.authority),
            "monthly_fee": seen.monthly_fee,
            "currency": self.currency,
            "moves": [
                {
                    "move": kind.name.lower(),
                    "label": label,
                    "slots": list(slots_of(kind, self.session.occasion)),
                }
                for kind, label in self.moves()
            ],
            "plans": [{"plan": size, "label": name} for size, name in self.package_names()],
            "claims": [
                {"claim": None if claim is None else claim.name.lower(), "label": label}
                for claim, label in self.claims()
            ],
        }

    # the truth

    @cached_property
    def debriefed(self) -> Debrief:
        """
        The debrief.

        Raises:
            NotNowError: Before the session is over.
        """
        return debrief(self.session)

    def verdict(self) -> list[str]:
        """The decision, the true reason, and the least that would have done."""
        score = self.debriefed.score
        least = score.least_sufficient
        told = [
            self.word("debrief.stays" if score.stays else "debrief.leaves"),
            self.word("debrief.bluff")
            if score.bluffs
            else self.word("debrief.truth", reason=self.word(f"reasons.{score.truth.name.lower()}")),
        ]
        if self._is_visit:
            return [self.came_to(), *told]
        if least is None:
            told.append(self.word("debrief.least_never"))
        elif least == 0:
            told.append(self.word("debrief.least_none"))
        else:
            told.append(self.word("debrief.least", amount=self.money(least)))
        return told

    def came_to(self) -> str:
        """What a call that we begin comes to, as it stands."""
        deed = self.session.deed
        what = self.word(f"deeds.{deed.kind.name.lower()}")
        if deed.amount:
            what += f", {self.money(deed.amount)}"
        if deed.months:
            what += f", {months(deed.months, self.language)}"
        return self.word("debrief.deed", deed=what)

    def analogous(self) -> Analogous | None:
        """Another scenario that is alike beneath another surface, to be compared; none for a scenario of one's own."""
        return analogous(self.session.reference, self.language.value)

    def rubric(self) -> Rows:
        """The score line by line: what, points in percent, the moves it comes from, and what was measured."""
        return [
            (
                self.word(f"rubric.{it.id}"),
                percent(it.points, self.language),
                ", ".join(map(str, it.turns)),
                self._figure(it.figure, it.unit),
            )
            for it in self.debriefed.score.lines
        ]

    def _figure(self, figure: float | None, unit: str) -> str:
        if figure is None:
            return ""
        return (
            self.money(figure)
            if unit == "minor"
            else f"{figure:+.2f}"
            if unit == "trust"
            else f"{figure:.2f}"
        )

    def dimensions(self) -> Rows:
        """Each dimension and its points in percent."""
        return [
            (self.word(f"dimensions.{it}"), percent(points, self.language))
            for it, points in self.debriefed.score.dimensions.items()
        ]

    def ways(self) -> Rows:
        """What other ways to talk to the same customer come to: who, how often he stays, and what he is worth."""

        def row(name: str, outlook: Outlook) -> tuple[str, ...]:
            return self.word(f"ways.{name}"), percent(outlook.stays, self.language), self.money(outlook.value)

        return [row(name, outlook) for name, outlook in self.debriefed.outlooks.items()]

    def won(self) -> list[str]:
        """What this call won beside a call nobody answers, and of how much that could be won."""
        effect, reach = self.debriefed.effects["nobody"], self.debriefed.reach
        told = []
        if effect.estimate is not None and effect.low is not None and effect.high is not None:
            amounts = (self.money(100 * it) for it in (effect.estimate, effect.low, effect.high))
            told.append(
                self.word(
                    "debrief.beside_nobody", **dict(zip(("amount", "low", "high"), amounts, strict=True))
                )
            )
        if reach is None or reach.estimate is None:
            told.append(self.word("debrief.little"))
        else:
            told.append(self.word("debrief.reach", share=percent(reach.estimate, self.language)))
        return [*told, self.word("debrief.luck")]

    def debriefing(self) -> dict[str, Any]:
        """All of the debrief, for programs."""
        score = self.debriefed.score
        return {
            "stays": score.stays,
            "truth": "bluff" if score.bluffs else score.truth.name.lower(),
            "least_sufficient": score.least_sufficient,
            "score": score.total,
            "dimensions": {str(it): points for it, points in score.dimensions.items()},
            "lines": [
                {
                    "id": it.id,
                    "dimension": str(it.dimension),
                    "text": self.word(f"rubric.{it.id}"),
                    "points": it.points,
                    "turns": list(it.turns),
                    "figure": it.figure,
                    "unit": it.unit,
                }
                for it in score.lines
            ],
            "outlooks": {
                name: {"stays": it.stays, "ours": it.ours, "value": it.value}
                for name, it in self.debriefed.outlooks.items()
            },
            "effects": {
                name: {"estimate": it.estimate, "low": it.low, "high": it.high, "verdict": str(it.verdict)}
                for name, it in self.debriefed.effects.items()
            },
            "analogous": None if (case := self.analogous()) is None else case._asdict(),
            "reach": None if self.debriefed.reach is None else self.debriefed.reach.estimate,
            "expert": [_told(line) for line in self.at(self.debriefed.expert).dialogue.lines],
            "weak": [_told(line) for line in self.at(self.debriefed.weak).dialogue.lines],
        }


def _told(line: Line) -> dict[str, str]:
    return {"role": str(line.role), "text": line.text}
