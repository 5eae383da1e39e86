"""A call taken by somebody at a terminal: what he is shown, and what he is asked."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import wrap
from typing import Literal, NamedTuple

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from retainsdk.policy import Move, MoveKind
from retainsim.cli.direction import left_to_right, right_to_left
from retainsim.training.after import Keeper
from retainsim.training.desk import Desk, Rows
from retainsim.training.lines import Direction
from retainsim.training.lines.amounts import percent
from retainsim.training.record import MoveSource
from retainsim.training.session import REASONS, Forecast, Phase, Session
from retainsim.training.typed import Part, Slots, slots_for, suggester


class _Said(NamedTuple):
    """What the trainee means to say next."""

    kind: MoveKind
    words: str = ""
    source: MoveSource = "menu"
    slots: Slots | None = None


def _amount_in(slots: Slots | None, fee: int, currency: str) -> int:
    """Minor units a month that were typed; 0 where nothing plain was."""
    if slots is None:
        return 0
    if slots.percent is not None:
        return int(slots.percent * fee / 100)
    return slots.money.minor if slots.money is not None and slots.money.currency == currency else 0


def _months_in(slots: Slots | None) -> int:
    period = None if slots is None else slots.period
    if period is None:
        return 0
    return period.count * {"month": 1, "year": 12}.get(str(period.unit), 0)


class Seated:
    """Somebody at a terminal."""

    def __init__(self, keeper: Keeper, *, kept_in: str = "") -> None:
        self.keeper, self.kept_in, self.console = keeper, kept_in, Console(highlight=False, soft_wrap=True)
        self.keep: Callable[[Desk], None] = keeper.keep
        self.pending: list[Part] = []

    def play(self, desk: Desk) -> None:
        """The call, the forecast, the debrief; then perhaps the call once more from some move on, which is not kept."""
        self._brief(desk)
        self._forks(self._call(desk))

    def review(self, desk: Desk) -> None:
        """A call that is over, told again; then perhaps from some move on, which is not kept."""
        self._brief(desk)
        self._lines(desk, 0)
        self._forks(self._debrief(desk))

    def _forks(self, fork: Desk | None) -> None:
        self.keep = lambda _: None
        while fork is not None:
            self._heading(fork, "call")
            fork = self._call(fork)

    def _call(self, desk: Desk) -> Desk | None:
        shown = self._lines(desk, 0)
        while desk.session.phase is Phase.CALL:
            desk = desk.at(self._move(desk))
            self.keep(desk)
            shown = self._lines(desk, shown + 1)  # his own words he has seen before he sent them
        self._say(desk, desk.word(f"ends.{str(desk.session.end).replace(' ', '_')}"), style="bold")
        if desk.session.phase is Phase.FORECAST:
            desk = desk.at(desk.session.foretell(self._forecast(desk)))
            self.keep(desk)
            self._lines(desk, shown)
        if desk.session.phase is Phase.SEALED:
            self._say(desk, desk.word("after.sealed"))
            return None
        return self._debrief(desk)

    # what is shown

    def _say(self, desk: Desk, text: str, *, style: str = "") -> None:
        for paragraph in text.split("\n"):  # a line that the terminal breaks would lose its direction
            for line in wrap(paragraph, self.console.width) if _is_rtl(desk) else [paragraph]:
                self.console.print(Text(_shown(desk, line), style=style), justify=_side(desk))

    def _heading(self, desk: Desk, name: str) -> None:
        self.console.print()
        self._say(desk, desk.word(f"headings.{name}"), style="bold cyan")

    def _table(self, desk: Desk, rows: Rows, *, headed: bool = False) -> None:
        if not rows:
            return
        rtl = _is_rtl(desk)
        table = Table(box=box.SIMPLE_HEAD if headed else None, show_header=headed, pad_edge=False)
        first, body = (rows[0], rows[1:]) if headed else (("",) * len(rows[0]), rows)
        for heading in reversed(first) if rtl else first:
            table.add_column(_shown(desk, heading), justify="right" if rtl else "left")
        for row in body:
            cells = [_shown(desk, cell) for cell in row]
            table.add_row(*(reversed(cells) if rtl else cells))
        self.console.print(table, justify=_side(desk))

    def _brief(self, desk: Desk) -> None:
        scenario = desk.session.scenario
        self._say(desk, scenario.title[desk.language.value], style="bold")
        self._heading(desk, "briefing")
        self._say(desk, scenario.brief[desk.language.value])
        self._heading(desk, "customer_card")
        self._table(desk, desk.card())
        self._heading(desk, "authority")
        for line in desk.authority():
            self._say(desk, line)
        self._heading(desk, "call")

    def _lines(self, desk: Desk, shown: int) -> int:
        lines = desk.dialogue.lines
        for line in lines[shown:]:
            mine = line.role == "representative"
            who = desk.seller.name if mine else desk.customer.name if line.role == "customer" else ""
            self._say(desk, f"{who}: {line.text}" if who else line.text, style="cyan" if mine else "")
        return len(lines)

    # what is asked

    def _ask(self, desk: Desk, question: str) -> str:
        answer: str = click.prompt(_shown(desk, question), default="", show_default=False)
        return answer.strip()

    def _number(self, desk: Desk, question: str, low: int, high: int) -> int:
        while True:
            answer = self._ask(desk, question)
            if answer.isdecimal() and low <= int(answer) <= high:
                return int(answer)
            self._say(desk, desk.word("questions.range", low=str(low), high=str(high)), style="yellow")

    def _move(self, desk: Desk) -> Session:
        """The session after a move, which is sent only when he agrees."""
        entries = desk.moves()
        looked_up = {"c": self._card, "p": self._packages, "m": self._rivals, "?": self._help}
        self.console.print()
        self._say(desk, f"{desk.turn()} · {desk.mood}", style="dim")
        rows = (len(entries) + 1) // 2
        numbered = [(str(number), label) for number, (_, label) in enumerate(entries, start=1)]
        self._table(
            desk, [left + right for left, right in zip(numbered[:rows], numbered[rows:], strict=True)]
        )
        self._say(desk, desk.word("look.keys"), style="dim")
        while True:
            if self.pending:
                said = self._read(desk, self.pending.pop(0))
            else:
                answer = self._answer(desk)
                if answer in looked_up:
                    looked_up[answer](desk)
                    continue
                if answer == "q":
                    raise click.Abort
                if answer.isdecimal() and 1 <= int(answer) <= len(entries):
                    said = _Said(entries[int(answer) - 1][0])
                elif len(answer.split()) > 1:
                    said = self._typed(desk, answer)
                else:
                    told = desk.word("questions.range", low="1", high=str(len(entries)))
                    self._say(desk, told, style="yellow")
                    continue
            move = None if said is None else self._with_slots(desk, said)
            if said is None or move is None:
                continue
            self._say(desk, f"{desk.seller.name}: {desk.would_say(move, said.words)}", style="cyan")
            if self._ask(desk, desk.word("questions.send")) != "u":
                return desk.session.say(move, source=said.source, words=said.words)
            self.pending.clear()

    def _answer(self, desk: Desk) -> str:
        """What is to be said: the number of a move or words of one's own; or a key."""
        return self._ask(desk, desk.word("prompts.move"))

    def _typed(self, desk: Desk, text: str) -> _Said | None:
        """The first move of what was typed; the others wait for their turn."""
        parts = suggester(desk.language.value).suggest(text).parts
        if not parts:
            self._say(desk, desk.word("questions.not_read"), style="yellow")
            return None
        self.pending = list(parts[1:])
        return self._read(desk, parts[0])

    def _read(self, desk: Desk, part: Part) -> _Said | None:
        """What a part of a text was read as: always shown, and chosen from three where it is not sure."""
        labels = dict(desk.moves())
        if not part.unsure:
            share = percent(part.confidence, desk.language)
            self._say(
                desk, desk.word("questions.read_as", move=labels[part.move], share=share), style="magenta"
            )
            return _Said(part.move, part.text, "text-auto", part.slots)
        self._table(desk, [(str(n), labels[it.move]) for n, it in enumerate(part.guesses, start=1)])
        chosen = self._number(desk, desk.word("questions.chips"), 0, len(part.guesses))
        if not chosen:
            return None
        kind = part.guesses[chosen - 1].move
        return _Said(kind, part.text, "text-confirmed", slots_for(kind, part.text, desk.language.value))

    def _with_slots(self, desk: Desk, said: _Said) -> Move | None:
        """The move with what it grants: as typed where that is plain and his to grant, asked for otherwise; none where none is."""
        limits, fee = desk.session.scenario.authority, desk.session.seen.monthly_fee
        most, amount, months = int(limits.discount * fee), 0, 0
        grants = {MoveKind.OFFER_DISCOUNT: min(most, limits.months), MoveKind.OFFER_PAUSE: limits.months}
        if grants.get(said.kind, 1) < 1:
            self._say(desk, desk.word("questions.not_yours"), style="yellow")
            return None
        if said.kind is MoveKind.OFFER_DISCOUNT:
            amount = _amount_in(said.slots, fee, desk.currency)
            if not 1 <= amount <= most:
                highest = max(int(100 * limits.discount), 1)
                share = self._number(desk, desk.word("questions.percent"), 1, highest)
                amount = max(share * fee // 100, 1)
        if said.kind in (MoveKind.OFFER_DISCOUNT, MoveKind.OFFER_PAUSE):
            months = _months_in(said.slots)
            if not 1 <= months <= limits.months:
                months = self._number(desk, desk.word("prompts.months"), 1, limits.months)
        return Move(kind=said.kind, amount=amount, months=months)

    def _forecast(self, desk: Desk) -> Forecast:
        self._heading(desk, "forecast")
        reasons = [desk.word(f"reasons.{reason.name.lower()}") for reason in REASONS]
        self._table(desk, [(str(number), label) for number, label in enumerate(reasons, start=1)])
        which = REASONS[self._number(desk, desk.word("questions.which"), 1, len(REASONS)) - 1]
        sure = self._number(desk, desk.word("questions.sure"), 0, 100) / 100
        stays = self._number(desk, desk.word("questions.stays"), 0, 100) / 100
        return Forecast.sure(which, sure, stays=stays)

    def _debrief(self, desk: Desk) -> Desk | None:
        """The truth, the score, and what else could have been, as far as it is open and as long as he asks; the desk at which he goes back to a move."""
        self._heading(desk, "decision")
        for line in desk.verdict():
            self._say(desk, line)
        self._heading(desk, "debrief")
        word = desk.word
        headings = (
            word("debrief.score"),
            word("debrief.points"),
            word("debrief.turns"),
            word("debrief.figure"),
        )
        self._table(desk, [headings, *desk.rubric()], headed=True)
        self._table(desk, desk.dimensions())
        if self.keeper.after.ways:
            columns = (word("debrief.way"), word("debrief.stay"), word("debrief.worth"))
            self._table(desk, [columns, *desk.ways()], headed=True)
            for line in desk.won():
                self._say(desk, line)
        if self.kept_in:
            self._say(desk, word("questions.kept", file=self.kept_in), style="dim")
        models = {name[0]: name for name in self.keeper.after.models}
        forks = {"f": "fork"} if self.keeper.after.forks != 0 else {}
        while models or forks:
            self.console.print()
            offered = (word(f"after.{name}") for name in (*models.values(), *forks.values(), "end"))
            answer = self._ask(desk, " · ".join(offered))
            if answer in forks:
                turn = self._number(desk, word("questions.fork"), 1, desk.session.turn)
                self.keeper.forked(turn - 1)
                return desk.at(desk.session.fork(turn - 1))
            if answer not in models:
                break
            told = desk.debriefed.expert if models[answer] == "expert" else desk.debriefed.weak
            self._lines(desk.at(told), 0)
        return None

    def _card(self, desk: Desk) -> None:
        self._table(desk, desk.card())

    def _packages(self, desk: Desk) -> None:
        self._table(desk, desk.packages(), headed=True)

    def _rivals(self, desk: Desk) -> None:
        rows = desk.rivals()
        if rows:
            self._table(desk, rows, headed=True)
        else:
            self._say(desk, desk.word("look.nobody"))

    def _help(self, desk: Desk) -> None:
        for name in ("menu", "typed", "card", "undo", "mood", "ends", "reason", "pause"):
            self._say(desk, desk.word(f"help.{name}"))


def _is_rtl(desk: Desk) -> bool:
    return desk.language.direction is Direction.RIGHT_TO_LEFT


def _side(desk: Desk) -> Literal["right"] | None:
    return "right" if _is_rtl(desk) else None


def _shown(desk: Desk, text: str) -> str:
    return right_to_left(text) if _is_rtl(desk) else left_to_right(text)
