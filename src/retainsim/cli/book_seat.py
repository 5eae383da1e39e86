"""A book of customers looked after by somebody at a terminal: what he is shown, and what he is asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs
import click

from retainsdk.action import ACTIONS
from retainsim.cli.seat import Seated
from retainsim.cli.terminal import Terminal
from retainsim.training.after import After
from retainsim.training.desk import Desk
from retainsim.training.rounds import Phase, Stage, Step, Team, To
from retainsim.training.rounds.desk import BookDesk
from retainsim.training.rounds.gate import minutes_of, most_of
from retainsim.training.rounds.report import BookReport
from retainsim.training.rounds.setting import AUTHORITY
from retainsim.training.rounds.team import LARGEST, SMALLEST
from retainsim.training.session import Phase as CallPhase
from retainsim.training.session import Session

_NEED_NOTHING = ("greeting", "win_back")
"""Actions whose amount may be left out."""


@attrs.frozen
class _KeptByThePlay:
    """Nothing of a call among the rounds is kept with it, and nothing is told after it: both are the play's."""

    after: After = attrs.field(factory=lambda: After(ways=False, models=(), forks=0))

    def keep(self, desk: Desk) -> None:
        """Nothing."""

    def forked(self, turn: int) -> None:
        """Never asked."""


class OnTheLine(Seated):
    """A call among the rounds: no briefing before it, and no truth after it."""

    def __init__(self) -> None:
        super().__init__(_KeptByThePlay())

    def talk(self, desk: Desk, said: Callable[[Session], None]) -> None:
        """The call to its end; each move is handed on as soon as it is sent."""
        self.table(desk, desk.card())
        shown = self._lines(desk, 0)
        while desk.session.phase is CallPhase.CALL:
            desk = desk.at(self._move(desk))
            said(desk.session)
            shown = self._lines(desk, shown + 1)
        self.say(desk, desk.word(f"ends.{str(desk.session.end).replace(' ', '_')}"), style="bold")


class BookSeat(Terminal):
    """
    Somebody at a terminal, in charge of a book of customers.

    Args:
        keep: Keeps each decision.
        file: In which; none where a course keeps it, which has no graded rounds after practice.
    """

    def __init__(self, keep: Callable[[BookDesk], None], file: Path | None = None) -> None:
        super().__init__()
        self.keep, self.file = keep, file

    def play(self, desk: BookDesk) -> None:
        """Rounds until they are over, then the report."""
        while True:
            if desk.play.phase is Phase.WEEK:
                desk = self._week(desk)
            elif desk.play.phase is Phase.CALLS:
                desk = self._call(desk)
            elif desk.play.stage is Stage.PRACTICE:
                after = self._practised(desk)
                if after is desk:
                    return
                desk = after
            else:
                self.say(desk, desk.word("rounds.over"), style="bold")
                if desk.sealed:
                    self.say(desk, desk.word("rounds.sealed"))
                else:
                    self.report(desk)
                return

    def report(self, desk: BookDesk) -> None:
        """What it came to."""
        report = BookReport(desk=desk)
        self._head(desk, "rounds_report.heading")
        for line in report.won():
            self.say(desk, line)
        self.table(desk, report.ways(), headed=True)
        self.table(desk, report.lines(), headed=True)
        for line in (*report.totals(), *report.gone()):
            self.say(desk, line)
        if self.file is not None:
            self.say(desk, desk.word("rounds.stands", file=str(self.file)), style="dim")

    # a week

    def _week(self, desk: BookDesk) -> BookDesk:
        planned: list[Step] = []
        self._show_week(desk)
        while True:
            left = desk.play.minutes_left - minutes_of(desk.play, planned)
            self.console.print()
            self._show_plan(desk, planned, left)
            answer = self.ask(desk, desk.word("rounds.prompt"))
            if answer == "e":
                after = desk.at(desk.play.decide(planned, at=len(desk.play.decisions)))
                self.keep(after)
                self.say(desk, desk.word("rounds.ended"), style="dim")
                return after
            if answer == "q":
                raise click.Abort
            if answer == "t":
                desk = self._team(desk)
            elif answer == "u":
                planned = planned[:-1]
            elif answer.isdecimal():
                planned = self._for(desk, int(answer), planned, left)
            else:
                self._look(desk, answer)

    def _team(self, desk: BookDesk) -> BookDesk:
        """How the service team stands, and the desk once something is done about it, if anything."""
        self._head(desk, "rounds_team.heading")
        for line in desk.team():
            self.say(desk, line)
        if not desk.play.may_staff:
            self.say(desk, desk.team_decided() or desk.word("rounds_team.once"), style="yellow")
            return desk
        self.table(desk, desk.team_prices(), headed=True)
        paid = desk.play.office.service.paid
        coached = self.number(desk, desk.word("rounds_team.how_many_coached"), 0, 100, usual=0)
        hired = self.number(desk, desk.word("rounds_team.how_many_hired"), 0, LARGEST - paid, usual=0)
        let_go = 0
        if not hired:
            let_go = self.number(desk, desk.word("rounds_team.how_many_let_go"), 0, paid - SMALLEST, usual=0)
        team = Team(hired=hired - let_go, coached=coached)
        if team == Team():
            return desk
        after = desk.at(desk.play.staff(team, at=len(desk.play.decisions)))
        self.keep(after)
        self.say(after, after.team_decided(), style="dim")
        return after

    def _show_week(self, desk: BookDesk) -> None:
        self.console.print()
        self.say(desk, desk.title(), style="bold cyan")
        if desk.play.week == 1:
            self.say(desk, desk.authority(), style="dim")
            self._head(desk, "rounds.customers")
            self.table(desk, desk.customers(), headed=True)
        self._head(desk, "rounds.news")
        for line in desk.heard() or [desk.word("rounds.no_news")]:
            self.say(desk, line)
        self._due(desk)

    def _show_plan(self, desk: BookDesk, planned: list[Step], left: int) -> None:
        if planned:
            self._head(desk, "rounds.plan")
        self.table(
            desk,
            [
                (str(it.customer), desk.customer(it.customer).full_name, desk.action(it.action))
                for it in planned
            ],
        )
        self.say(desk, desk.word("rounds.left", minutes=desk.minutes(left)))
        self.say(desk, desk.word("rounds.keys"), style="dim")

    def _look(self, desk: BookDesk, answer: str) -> None:
        if answer == "l":
            self.table(desk, desk.customers(), headed=True)
        elif answer == "d":
            self._due(desk)
        elif answer == "m":
            self._head(desk, "rounds.market")
            if rows := desk.rivals():
                self.table(desk, rows, headed=True)
            else:
                self.say(desk, desk.word("rounds.nobody_competes"))
        else:
            for line in desk.help():
                self.say(desk, line)

    def _due(self, desk: BookDesk) -> None:
        self._head(desk, "rounds.due")
        for line in desk.due() or [desk.word("rounds.none_due")]:
            self.say(desk, line)

    def _for(self, desk: BookDesk, number: int, planned: list[Step], left: int) -> list[Step]:
        """The plan with something for one customer, if anything."""
        most = len(desk.play.roster)
        if not 1 <= number <= most:
            self.say(desk, desk.word("rounds.no_number", most=str(most)), style="yellow")
            return planned
        self.table(desk, desk.card(number))
        done = [step for week in (*desk.play.weeks, planned) for step in week if step.customer == number]
        if done:
            self.say(desk, desk.word("rounds.done_already"), style="yellow")
            return planned
        actions = desk.actions(number, left=left)
        if not actions:
            self.say(desk, desk.word("rounds.nothing_possible"), style="yellow")
            return planned
        self.table(
            desk,
            [(str(n), label, desk.minutes(many)) for n, (_, label, many) in enumerate(actions, start=1)],
        )
        chosen = self.number(desk, desk.word("rounds.which_action"), 1, len(actions), usual=0)
        if not chosen:
            return planned
        step = self._granted(desk, Step(customer=number, action=actions[chosen - 1][0]))
        return planned if step is None else [*planned, step]

    def _granted(self, desk: BookDesk, step: Step) -> Step | None:
        """The step with its amount and months; none where there is nothing to grant."""
        slots = () if step.kind is None else ACTIONS[step.kind].slots
        amount = months = 0
        if "amount" in slots:
            highest = most_of(desk.play, step)
            once = "months" not in slots
            percents = 100 if once else int(100 * AUTHORITY.discount)
            least = 0 if step.action in _NEED_NOTHING else 1
            share = self.number(desk, desk.word("rounds.amount"), least, percents)
            amount = min(max(highest * share // percents, least), highest)
        if "months" in slots and (amount or "amount" not in slots):
            months = self.number(desk, desk.word("rounds.months"), 1, AUTHORITY.months)
        return Step(customer=step.customer, action=step.action, amount=amount, months=months)

    # calls, and the end of practice

    def _call(self, desk: BookDesk) -> BookDesk:
        number = desk.play.waiting[0]
        self.console.print()
        name = f"{number} {desk.customer(number).full_name}"
        self.say(desk, desk.word("rounds.calls_one", name=name), style="bold")
        begun = desk.play.calls[number].turn > 0
        answer = 1 if begun else self.number(desk, desk.word("rounds.answer"), 1, 3)
        if answer > 1:
            to = To.COLLEAGUE if answer == 2 else To.NOBODY  # noqa: PLR2004 # as the question says
            after = desk.at(desk.play.leave(number, to, at=len(desk.play.decisions)))
            self.keep(after)
            return after

        def said(session: Session) -> None:
            nonlocal desk
            play = desk.play.say(
                number,
                session.moves[-1],
                at=len(desk.play.decisions),
                source=session.sources[-1],
                words=session.words[-1],
            )
            desk = desk.at(play)
            self.keep(desk)

        OnTheLine().talk(desk.call(number), said)
        return desk

    def _practised(self, desk: BookDesk) -> BookDesk:
        """Begun again, or the rounds that count; in a course, which has none, the same desk when he goes on."""
        self.say(desk, desk.word("rounds.practice_over"), style="bold")
        self.report(desk)
        in_course = self.file is None
        while True:
            answer = self.ask(
                desk, desk.word("rounds.after_practice_of_course" if in_course else "rounds.after_practice")
            )
            if in_course and answer in ("", "q"):
                return desk
            if answer == "q":
                raise click.Abort
            if answer == "r" or (answer == "g" and not in_course):
                play = desk.play.restart() if answer == "r" else desk.play.begin_graded()
                after = desk.at(play)
                self.keep(after)
                if answer == "g":
                    self.say(desk, desk.word("rounds.graded_begins"))
                return after

    def _head(self, desk: BookDesk, name: str) -> None:
        self.say(desk, desk.word(name), style="bold cyan")
