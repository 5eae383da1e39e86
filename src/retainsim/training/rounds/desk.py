"""
The desk of a play: what happens in the words of one language, for any door.

A door asks it for texts and tables and shows them; it holds none of its own. Everything here is what a trainee may see;
the report, which tells the truth, opens when the rounds are over.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from retainsdk.policies.reading import share_of_fee
from retainsdk.view import CONSENT_PURPOSES
from retainsim.market.streams import key_of
from retainsim.training.desk import Desk, Rows
from retainsim.training.lines import Gender, Language, Speaker, screen_text, somebody
from retainsim.training.lines.amounts import days, money, months, percent
from retainsim.training.rounds.calls import digest_of, seed_of
from retainsim.training.rounds.gate import minutes_of, why_not
from retainsim.training.rounds.news import News, news
from retainsim.training.rounds.play import Play
from retainsim.training.rounds.record import BookRecord, record_of, restored
from retainsim.training.rounds.setting import AUTHORITY, WEEKS
from retainsim.training.rounds.step import NOTICE, WORDS, WORK, Step
from retainsim.training.rounds.team import LARGEST, SMALLEST, Team

_UNHAPPY, _LESS, _SOON = 7.0, -0.2, 60
"""From which a survey, a change in use and days to the end of a term are signs."""


@attrs.frozen(kw_only=True, slots=False)
class BookDesk:
    """
    A play in words.

    Attributes:
        play: What happens.
        language: Of all that is shown.
        seller: The trainee.
        sealed: Whether what it came to stays closed after its end, until others have finished too.
    """

    play: Play
    language: Language
    seller: Speaker
    sealed: bool = False

    @classmethod
    def begin(
        cls, play: Play, *, language: Language, gender: Gender | None = None, name: str = ""
    ) -> BookDesk:
        """
        A desk for a play that begins.

        Args:
            play: As it begins.
            language: Of the screens.
            gender: Of the trainee; none leaves it to chance.
            name: Of the trainee; empty gives him one.
        """
        seller = somebody(language, key_of("seller", play.setting.seed), gender)
        return cls(
            play=play, language=language, seller=Speaker(name=name or seller.name, gender=seller.gender)
        )

    @classmethod
    def kept(cls, record: BookRecord) -> BookDesk:
        """
        The desk of a record, as it was left.

        Raises:
            ChangedMarketError: When its market has changed.
            InputError: When its decisions are impossible.
        """
        seller = Speaker(name=record.name, gender=Gender(record.gender))
        return cls(play=restored(record), language=Language(record.language), seller=seller)

    def record(self) -> BookRecord:
        """All that was decided, in which language and by whom."""
        return record_of(self.play, language=self.language, gender=self.seller.gender, name=self.seller.name)

    def at(self, play: Play) -> BookDesk:
        """The same desk as a play has gone on."""
        return attrs.evolve(self, play=play)

    def word(self, word: str, /, **slots: str) -> str:
        """A word or sentence of the screen."""
        return screen_text(self.language, word, you=self.seller.gender, slots=slots)

    def money(self, minor: float) -> str:
        """An amount in the currency of the market."""
        return money(round(minor), self.play.office.market.preset.currency, self.language)

    # who is there

    def customer(self, number: int) -> Speaker:
        """A customer by name."""
        key = self.play.roster[number - 1]
        return somebody(self.language, key_of("customer", seed_of(key), digest_of(key)))

    def call(self, number: int) -> Desk:
        """The desk at which a caller is talked with."""
        return Desk(session=self.play.calls[number], language=self.language, seller=self.seller)

    # what is shown

    def title(self) -> str:
        """Which round and week it is, and whether it counts."""
        play = self.play
        where = self.word(
            "rounds.title",
            round=str(play.round),
            rounds=str(play.setting.rounds_of(play.stage)),
            week=str(min(play.week, WEEKS)),
            weeks=str(WEEKS),
        )
        return f"{where} · {self.word(f'rounds.{play.stage}')}"

    def minutes(self, many: int) -> str:
        """A time."""
        return self.word("rounds.minutes", minutes=str(many))

    def authority(self) -> str:
        """What the trainee may grant."""
        return self.word(
            "rounds.authority",
            share=percent(AUTHORITY.discount, self.language),
            months=months(AUTHORITY.months, self.language),
        )

    def team(self) -> list[str]:
        """How the service team stands."""
        office, language = self.play.office, self.language
        service = office.service
        working = service.working(office.number)
        told = [self.word("rounds_team.working", share=percent(working / 100, language))]
        if service.paid > working:
            told.append(
                self.word("rounds_team.coming", share=percent((service.paid - working) / 100, language))
            )
        if office.overload > 0:
            told.append(self.word("rounds_team.overload", share=percent(office.overload, language)))
        return told

    def team_prices(self) -> Rows:
        """What it costs to do something about a tenth of the team: a row of headings, then one each."""
        service = self.play.office.service
        rows = [
            (self.word(f"rounds_team.{name}"), *(self.money(it) for it in service.would_cost(team)))
            for name, team in _TENTHS.items()
        ]
        return [tuple(self.word(f"rounds_team.{it}") for it in ("tenth", "at_once", "monthly")), *rows]

    def team_decided(self) -> str:
        """What is done about the team in this round, and what it costs; empty when nothing is."""
        team = self.play.team
        if team is None:
            return ""
        at_once, monthly = (self.money(it) for it in self.play.office.service.would_cost(team))
        return self.word("rounds_team.decided", at_once=at_once, monthly=monthly)

    def due(self) -> list[str]:
        """The promises that fall due in the round, but for those that something was done for."""
        seen_to = {step.customer for week in self.play.weeks for step in week}
        return [
            self.word(
                "rounds.due_row",
                number=str(it.customer),
                name=self.customer(it.customer).full_name,
                week=str(it.week + 1),
            )
            for it in self.play.due
            if it.customer not in seen_to
        ]

    def heard(self) -> list[str]:
        """What is new since the last week."""
        last = len(self.play.weeks)
        return [self._news(it) for it in news(self.play) if it.week == last]

    def _news(self, it: News) -> str:
        return self.word(
            f"rounds_news.{it.what}", name=f"{it.customer} {self.customer(it.customer).full_name}"
        )

    def rivals(self) -> Rows:
        """What competitors ask beside our price, this month and last: a row of headings, then one each."""
        office = self.play.office
        names = ("rounds_columns.firm", "rounds.was", "rounds.now")
        rows = [
            (firm.name, self._price(before), self._price(now))
            for firm, before, now in list(
                zip(
                    office.market.preset.firms,
                    office.last_plan.on_offer,
                    office.coming.plan.on_offer,
                    strict=True,
                )
            )[1:]
        ]
        return [tuple(self.word(name) for name in names), *rows] if rows else []

    def _price(self, price: float) -> str:
        return self.word("rounds.entrant") if np.isinf(price) else percent(price, self.language)

    def customers(self) -> Rows:
        """All of them, a row of headings first: number, name, what he pays, signs, last contact, and what was done."""
        names = ("number", "name", "fee", "signs", "contact", "month")
        done = {step.customer: step for week in self.play.weeks for step in week}
        rows = [
            (
                str(number),
                self.customer(number).full_name,
                self.money(self._fee(number)) if self._is_ours(number) else self._column("left"),
                ", ".join(self.word(f"rounds_signs.{sign}") for sign in self.signs(number)),
                self._days(number, "days_since_contact"),
                self.action(done[number].action) if number in done else "",
            )
            for number in range(1, len(self.play.roster) + 1)
        ]
        return [tuple(self._column(name) for name in names), *rows]

    def card(self, number: int) -> Sequence[tuple[str, str]]:
        """All that is known of a customer."""
        unknown = self._column("never")
        told = [
            (self.word("card.name"), self.customer(number).full_name),
            (self._column("status"), self._column("customer" if self._is_ours(number) else "left")),
            (self.word("card.tenure"), months(int(self._cell(number, "tenure_months")), self.language)),
            (self.word("card.monthly_fee"), self.money(self._fee(number))),
            (self.word("card.discount"), self.money(self._cell(number, "discount"))),
            (self.word("card.value_to_date"), self._known(number, "value_to_date", self.money)),
            (self._column("open_complaints"), str(self._cell(number, "complaints_open"))),
            (self.word("card.threats"), str(self._cell(number, "threats"))),
            (self._column("use"), self._known(number, "usage", self._percent)),
            (self._column("trend"), self._known(number, "usage_trend", self._percent)),
            (self.word("card.suitability"), self._known(number, "suitability", self._percent)),
            (self._column("survey"), self._known(number, "survey_score", lambda it: f"{it:.1f}")),
            (self._column("contact"), self._days(number, "days_since_contact")),
            (self._column("bound"), self._days(number, "days_to_lock_in_end")),
            (self.word("card.competitor_fee"), self._known(number, "competitor_fee", self.money)),
            (
                self._column("promises"),
                ", ".join(
                    str(self._cell(number, f"promises_{name}")) for name in ("kept", "warned", "broken")
                ),
            ),
        ]
        if refuses := self.refuses(number):
            purposes = (self.word(f"rounds_purposes.{it}") for it in refuses)
            told.append((self._column("consent"), ", ".join(purposes)))
        nothing = {unknown, self.money(0), days(0, self.language)}
        return [row for row in told if row[1] not in nothing]

    def signs(self, number: int) -> list[str]:
        """The signs of trouble that are known."""
        known = self.play.view.known
        row = self.play.office.row(number)
        if not self._is_ours(number):
            return []
        cell = {name: self._cell(number, name) for name in _SIGNS}
        found = {
            "complaint": cell["complaints_open"] > 0,
            "signal": cell["signals_recent"] > 0,
            "survey": bool(known("survey_score")[row]) and cell["survey_score"] < _UNHAPPY,
            "use": bool(known("usage_trend")[row]) and cell["usage_trend"] <= _LESS,
            "bound": 0 < cell["days_to_lock_in_end"] <= _SOON,
            "threat": cell["threats"] > 0,
        }
        return [sign for sign, is_there in found.items() if is_there]

    def refuses(self, number: int) -> list[str]:
        """The purposes for which he may not be reached."""
        return [purpose for purpose in CONSENT_PURPOSES if not self._cell(number, f"channels_{purpose}")]

    def actions(self, number: int, *, left: int) -> list[tuple[str, str, int]]:
        """What can be done for a customer this week in the minutes left: word, label and minutes."""
        play = self.play
        if any(step.customer == number for week in play.weeks for step in week):
            return []
        possible = [
            (word, minutes_of(play, [Step(customer=number, action=word)]))
            for word in (*WORDS, NOTICE)
            if not why_not(play, number, word)
        ]
        return [(word, self.action(word), many) for word, many in possible if many <= left]

    def action(self, word: str) -> str:
        """An action in words."""
        return self.word(f"rounds_actions.{word}")

    def help(self) -> list[str]:
        """How it goes."""
        names = ("help_week", "help_promise", "help_calls", "help_team", "help_twin", "help_pause")
        later = months(self.play.office.service.delay, self.language)
        return [self.word(f"rounds.{name}", minutes=self.minutes(WORK), months=later) for name in names]

    # for programs

    def screen(self) -> dict[str, Any]:
        """All that a door shows before the end, for programs."""
        play = self.play
        told: dict[str, Any] = {
            "language": self.language.value,
            "stage": str(play.stage),
            "phase": str(play.phase),
            "round": play.round,
            "rounds": play.setting.rounds_of(play.stage),
            "week": min(play.week, WEEKS),
            "weeks": WEEKS,
            "decisions": len(play.decisions),
            "minutes_left": play.minutes_left,
            "currency": play.office.market.preset.currency,
            "authority": attrs.asdict(AUTHORITY),
            "team": self._team(),
            "due": [{"customer": it.customer, "week": it.week + 1} for it in play.due],
            "news": [
                {"week": it.week, "customer": it.customer, "what": str(it.what), "text": self._news(it)}
                for it in news(play)
            ],
            "rivals": [list(row) for row in self.rivals()],
            "customers": [self._told(number) for number in range(1, len(play.roster) + 1)],
            "waiting": list(play.waiting),
        }
        if play.waiting:
            told["calls"] = {str(number): self.call(number).screen() for number in play.waiting}
        return told

    def _team(self) -> dict[str, Any]:
        office, team = self.play.office, self.play.team
        service = office.service
        return {
            "working": service.working(office.number),
            "paid": service.paid,
            "overload": office.overload,
            "may_decide": self.play.may_staff,
            "decided": None if team is None else attrs.asdict(team),
            "hired": {"least": SMALLEST - service.paid, "most": LARGEST - service.paid},
            "coached": {"least": 0, "most": 100},
            "helps_after_months": service.delay,
            "a_tenth_costs": {
                name: dict(zip(("at_once", "monthly"), map(round, service.would_cost(it)), strict=True))
                for name, it in _TENTHS.items()
            },
        }

    def _told(self, number: int) -> dict[str, Any]:
        row = self.play.office.row(number)
        known = {
            name: getattr(self.play.view, name)[row].item()
            for name in _TOLD
            if bool(self.play.view.known(name)[row])
        }
        return {
            "number": number,
            "name": self.customer(number).full_name,
            "is_customer": self._is_ours(number),
            "monthly": self._fee(number),
            "signs": self.signs(number),
            "no_consent": self.refuses(number),
            "actions": [
                {"action": word, "minutes": many}
                for word, _, many in self.actions(number, left=self.play.minutes_left)
            ],
            **known,
        }

    # how a figure is read

    @cached_property
    def _fees(self) -> list[int]:
        fees: list[int] = share_of_fee(self.play.view, 1.0).tolist()
        return fees

    def _fee(self, number: int) -> int:
        return self._fees[self.play.office.row(number)]

    def _is_ours(self, number: int) -> bool:
        return self.play.office.is_ours(number)

    def _cell(self, number: int, name: str) -> Any:  # noqa: ANN401 # whatever a column holds
        return getattr(self.play.view, name)[self.play.office.row(number)].item()

    def _known(self, number: int, name: str, said: Any) -> str:  # noqa: ANN401 # how its figure is said
        if not bool(self.play.view.known(name)[self.play.office.row(number)]):
            return self._column("never")
        return str(said(self._cell(number, name)))

    def _days(self, number: int, name: str) -> str:
        return self._known(number, name, lambda many: days(many, self.language))

    def _percent(self, share: float) -> str:
        return percent(share, self.language)

    def _column(self, name: str, /, **slots: str) -> str:
        return self.word(f"rounds_columns.{name}", **slots)


_TENTHS = {"coach": Team(coached=10), "hire": Team(hired=10), "let_go": Team(hired=-10)}
"""What can be done about the team, each with a tenth of it."""
_SIGNS = (
    "complaints_open",
    "signals_recent",
    "survey_score",
    "usage_trend",
    "days_to_lock_in_end",
    "threats",
)
_TOLD = (
    *_SIGNS,
    "tenure_months",
    "monthly_fee",
    "discount",
    "value_to_date",
    "usage",
    "suitability",
    "alternative_suitability",
    "alternative_fee",
    "days_since_contact",
    "days_since_end",
    "competitor_fee",
    "competitor_lock_in_days",
    "promises_open",
    "promises_due",
    "promises_kept",
    "promises_warned",
    "promises_broken",
    "complaints",
    "offers_made",
    "offers_accepted",
    "visits_90",
    "visit_gap",
)
"""Columns of the view that a program is told of each customer."""
