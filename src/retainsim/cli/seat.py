"""A call taken by somebody at a terminal: what he is shown, and what he is asked."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest

import click

from retainsdk.policy import MoveKind
from retainsim.cli.asked import Asking, Said
from retainsim.training.after import LONGEST_GOAL, Goals, Keeper
from retainsim.training.desk import Desk
from retainsim.training.lines.amounts import percent
from retainsim.training.session import Forecast, Phase, Session
from retainsim.training.typed import Part, suggester


class Seated(Asking):
    """Somebody at a terminal."""

    def __init__(self, keeper: Keeper, *, goals: Goals | None = None, kept_in: str = "") -> None:
        super().__init__()
        self.keeper, self.goals, self.kept_in = keeper, goals, kept_in
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
            self.heading(fork, "call")
            fork = self._call(fork)

    def _call(self, desk: Desk) -> Desk | None:
        shown = self._lines(desk, 0)
        while desk.session.phase is Phase.CALL:
            desk = desk.at(self._move(desk))
            self.keep(desk)
            shown = self._lines(desk, shown + 1)  # his own words he has seen before he sent them
        self.say(desk, desk.word(f"ends.{str(desk.session.end).replace(' ', '_')}"), style="bold")
        if desk.session.phase is Phase.FORECAST:
            desk = desk.at(desk.session.foretell(self._forecast(desk)))
            self.keep(desk)
            self._lines(desk, shown)
        if desk.session.phase is Phase.SEALED:
            self.say(desk, desk.word("after.sealed"))
            return None
        return self._debrief(desk)

    # what is shown

    def _brief(self, desk: Desk) -> None:
        scenario = desk.session.scenario
        self.say(desk, scenario.title[desk.language.value], style="bold")
        self.heading(desk, "briefing")
        self.say(desk, scenario.brief[desk.language.value])
        self.heading(desk, "customer_card")
        self.table(desk, desk.card())
        self._goal(desk)
        self.heading(desk, "authority")
        for line in desk.authority():
            self.say(desk, line)
        self.heading(desk, "call")

    def _lines(self, desk: Desk, shown: int) -> int:
        lines = desk.dialogue.lines
        for line in lines[shown:]:
            mine = line.role == "representative"
            who = desk.seller.name if mine else desk.customer.name if line.role == "customer" else ""
            self.say(desk, f"{who}: {line.text}" if who else line.text, style="cyan" if mine else "")
        return len(lines)

    # what is asked

    def _move(self, desk: Desk) -> Session:
        """The session after a move, which is sent only when he agrees."""
        entries = desk.moves()
        looked_up = {"c": self._card, "p": self._packages, "m": self._rivals, "?": self._help}
        self.console.print()
        self.say(desk, f"{desk.turn()} · {desk.mood}", style="dim")
        numbered = [(str(number), label) for number, (_, label) in enumerate(entries, start=1)]
        half = (len(numbered) + 1) // 2
        columns = zip_longest(numbered[:half], numbered[half:], fillvalue=("", ""))
        self.table(desk, [left + right for left, right in columns])
        self.say(desk, desk.word("look.keys"), style="dim")
        while True:
            if self.pending:
                said = self._read(desk, self.pending.pop(0))
            else:
                answer = self.answer(desk)
                if answer in looked_up:
                    looked_up[answer](desk)
                    continue
                if answer == "q":
                    raise click.Abort
                if answer.isdecimal() and 1 <= int(answer) <= len(entries):
                    said = Said(entries[int(answer) - 1][0])
                elif len(answer.split()) > 1:
                    said = self._typed(desk, answer)
                else:
                    told = desk.word("questions.range", low="1", high=str(len(entries)))
                    self.say(desk, told, style="yellow")
                    continue
            if said is not None and said.kind not in desk.session.menu:
                self.say(desk, desk.word("questions.no_place"), style="yellow")
                continue
            move = None if said is None else self.filled(desk, said)
            if said is None or move is None:
                continue
            self.say(desk, f"{desk.seller.name}: {desk.would_say(move, said.words)}", style="cyan")
            if self.ask(desk, desk.word("questions.send")) != "u":
                return desk.session.say(move, source=said.source, words=said.words)
            self.pending.clear()

    def answer(self, desk: Desk) -> str:
        """What is to be said: the number of a move or words of one's own; or a key."""
        return self.ask(desk, desk.word("prompts.move"))

    def _typed(self, desk: Desk, text: str) -> Said | None:
        """The first move of what was typed; the others wait for their turn."""
        parts = suggester(desk.language.value).among(desk.session.menu).suggest(text).parts
        if not parts:
            self.say(desk, desk.word("questions.not_read"), style="yellow")
            return None
        self.pending = list(parts[1:])
        return self._read(desk, parts[0])

    def _read(self, desk: Desk, part: Part) -> Said | None:
        """What a part of a text was read as: always shown, and chosen from three where it is not sure."""
        labels = {kind: desk.word(f"moves.{kind.name.lower()}") for kind in MoveKind}
        if not part.unsure:
            share = percent(part.confidence, desk.language)
            self.say(
                desk, desk.word("questions.read_as", move=labels[part.move], share=share), style="magenta"
            )
            return Said(part.move, part.text, "text-auto", self.slots(desk, part.move, part.text))
        self.table(desk, [(str(n), labels[it.move]) for n, it in enumerate(part.guesses, start=1)])
        chosen = self.number(desk, desk.word("questions.chips"), 0, len(part.guesses))
        if not chosen:
            return None
        kind = part.guesses[chosen - 1].move
        return Said(kind, part.text, "text-confirmed", self.slots(desk, kind, part.text))

    def _forecast(self, desk: Desk) -> Forecast:
        self.heading(desk, "forecast")
        entries = desk.believable()
        self.table(desk, [(str(number), label) for number, (_, label) in enumerate(entries, start=1)])
        which, _ = entries[self.number(desk, desk.word("questions.which"), 1, len(entries)) - 1]
        sure = self.number(desk, desk.word("questions.sure"), 0, 100) / 100
        stays = self.number(desk, desk.word("questions.stays"), 0, 100) / 100
        return Forecast.sure(which, sure, stays=stays)

    def _debrief(self, desk: Desk) -> Desk | None:
        """The truth, the score, and what else could have been, as far as it is open and as long as he asks; the desk at which he goes back to a move."""
        self.heading(desk, "decision")
        for line in desk.verdict():
            self.say(desk, line)
        self.heading(desk, "debrief")
        word = desk.word
        headings = (
            word("debrief.score"),
            word("debrief.points"),
            word("debrief.turns"),
            word("debrief.figure"),
        )
        self.table(desk, [headings, *desk.rubric()], headed=True)
        self.table(desk, desk.dimensions())
        if self.keeper.after.ways:
            columns = (word("debrief.way"), word("debrief.stay"), word("debrief.worth"))
            self.table(desk, [columns, *desk.ways()], headed=True)
            for line in desk.won():
                self.say(desk, line)
        self._goal(desk)
        if (case := desk.analogous()) is not None:
            self.say(desk, word("debrief.analogous", title=case.title, why=case.why))
        if self.kept_in:
            self.say(desk, word("questions.kept", file=self.kept_in), style="dim")
        models = {name[0]: name for name in self.keeper.after.models}
        forks = {"f": "fork"} if self.keeper.after.forks != 0 else {}
        goals = {"g": "goal"} if self.goals else {}
        while models or forks or goals:
            self.console.print()
            offered = (word(f"after.{name}") for name in (*{**models, **forks, **goals}.values(), "end"))
            answer = self.ask(desk, " · ".join(offered))
            if answer in goals:
                self._aim(desk)
                continue
            if answer in forks:
                turn = self.number(desk, word("questions.fork"), 1, desk.session.turn)
                self.keeper.forked(turn - 1)
                return desk.at(desk.session.fork(turn - 1))
            if answer not in models:
                break
            told = desk.debriefed.expert if models[answer] == "expert" else desk.debriefed.weak
            self._lines(desk.at(told), 0)
        return None

    def _goal(self, desk: Desk) -> None:
        """What he set himself, before the call and after it."""
        if self.goals and self.goals.goal:
            self.heading(desk, "own_goal")
            self.say(desk, self.goals.goal)

    def _aim(self, desk: Desk) -> None:
        """What he sets himself for the next call."""
        goal = self.ask(desk, desk.word("prompts.own_goal"))[:LONGEST_GOAL]
        if goal and self.goals:
            self.say(desk, self.goals.aim(desk, goal))

    def _card(self, desk: Desk) -> None:
        self.table(desk, desk.card())

    def _packages(self, desk: Desk) -> None:
        self.table(desk, desk.packages(), headed=True)

    def _rivals(self, desk: Desk) -> None:
        rows = desk.rivals()
        if rows:
            self.table(desk, rows, headed=True)
        else:
            self.say(desk, desk.word("look.nobody"))

    def _help(self, desk: Desk) -> None:
        for name in ("menu", "typed", "card", "undo", "mood", "ends", "reason", "pause"):
            self.say(desk, desk.word(f"help.{name}"))
