"""A call taken by a group before one screen, which votes on every move."""

from __future__ import annotations

import json

from retainsim.cli.pipe import Piped
from retainsim.cli.seat import Seated
from retainsim.training.course.votes import Ballot, decided, leading, read_votes
from retainsim.training.course.words import course_word
from retainsim.training.desk import Desk


class Voting(Seated):
    """A group at a terminal: the trainer counts hands and types what he counted."""

    def __init__(self, ballot: Ballot) -> None:
        super().__init__(ballot)
        self.ballot = ballot

    def answer(self, desk: Desk) -> str:
        """The number of the move that has most votes, or what the trainer decides."""
        self.ballot.votes, entries = {}, desk.moves()
        while True:
            answer = self.ask(desk, course_word(desk.language, "vote.ask", example="1=5 2=9"))
            votes = read_votes(answer, len(entries))
            if votes is None:
                if answer.isdecimal():
                    return answer
                self.ballot.votes = {}
                return answer
            named = {entries[number - 1][0].name.lower(): count for number, count in votes.items()}
            self.ballot.votes = named
            labels = {
                kind.name.lower(): (number, label) for number, (kind, label) in enumerate(entries, start=1)
            }
            ordered = sorted(named.items(), key=lambda it: -it[1])
            self.table(desk, [(labels[move][1], str(count)) for move, count in ordered])
            first = leading(named)
            if len(first) == 1:
                return str(labels[first[0]][0])
            tied = ", ".join(labels[move][1] for move in first)
            self.say(desk, course_word(desk.language, "vote.tie", moves=tied), style="yellow")


class PipedVotes(Piped):
    """A group through a pipe: a step may be ``{"votes": {MOVE: COUNT}}`` in the place of a move."""

    def __init__(self, ballot: Ballot) -> None:
        super().__init__(ballot)
        self.ballot = ballot

    def _stepped(self, desk: Desk, line: str) -> Desk:
        self.ballot.votes = {}
        try:
            told = json.loads(line)
        except ValueError:
            told = None
        if isinstance(told, dict) and "votes" in told:
            move, votes = decided(told.pop("votes"), by_trainer=told.pop("decides", None))
            self.ballot.votes, line = votes, json.dumps({"move": move, **told})
        return super()._stepped(desk, line)
