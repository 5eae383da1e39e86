"""
The book of customers: rounds of a month in which a trainee looks after a small market's customers.

Read `setting` and `step` first: what is set up, and what can be done. `office` is the market with somebody in charge,
`law` how promises go there, `play` the rounds themselves, `gate` what is refused, `record` what is kept, `team` what
may be done about the service team, `sellers` who plays besides people, and `result` and `conduct` what it comes to.
"""

from retainsim.training.rounds.conduct import Conduct, Finding, Line, Promise, conduct
from retainsim.training.rounds.decision import Begun, Decision, Passed, Restarted, Said, Staffed, To, Week
from retainsim.training.rounds.law import Word
from retainsim.training.rounds.office import Due
from retainsim.training.rounds.play import OutOfTurnError, Phase, Play
from retainsim.training.rounds.record import (
    BookRecord,
    ChangedMarketError,
    decision_from,
    read_record,
    record_of,
    restored,
)
from retainsim.training.rounds.result import Result, result, worths_of
from retainsim.training.rounds.sellers import SELLERS, Nobody, Seller, played
from retainsim.training.rounds.setting import Setting, Stage
from retainsim.training.rounds.step import NOTICE, Step
from retainsim.training.rounds.team import Team

__all__ = [
    "NOTICE",
    "SELLERS",
    "Begun",
    "BookRecord",
    "ChangedMarketError",
    "Conduct",
    "Decision",
    "Due",
    "Finding",
    "Line",
    "Nobody",
    "OutOfTurnError",
    "Passed",
    "Phase",
    "Play",
    "Promise",
    "Restarted",
    "Result",
    "Said",
    "Seller",
    "Setting",
    "Staffed",
    "Stage",
    "Step",
    "Team",
    "To",
    "Week",
    "Word",
    "conduct",
    "decision_from",
    "played",
    "read_record",
    "record_of",
    "restored",
    "result",
    "worths_of",
]
