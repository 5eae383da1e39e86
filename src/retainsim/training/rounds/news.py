"""
What our firm hears in the weeks of a round: complaints, flags, and what became of what was done.

What goes wrong in a month does not depend on what we do in it, and what somebody says to an offer depends on him alone;
so what is heard in a week stays true whatever is done in the next. Nothing here is more than the book will show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

import attrs
import numpy as np

from retainsdk.action import ActionKind
from retainsdk.policies.reading import is_customer
from retainsdk.view import Stage
from retainsim.market import purposes as for_
from retainsim.market.month import Month
from retainsim.market.person import Person, rows
from retainsim.market.streams import uniform
from retainsim.training.rounds.office import Done
from retainsim.training.rounds.play import Phase, Play
from retainsim.training.rounds.setting import WEEKS

_OFFERS = (
    ActionKind.OFFER_PACKAGE,
    ActionKind.OFFER_PRICE,
    ActionKind.OFFER_PAUSE,
    ActionKind.OFFER_BENEFIT,
)
_A_MONTH = 31


class What(StrEnum):
    """What is heard of a customer."""

    COMPLAINT = "complaint"
    SIGNAL = "signal"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ANSWERED = "answered"
    JOINED = "joined"
    LEFT = "left"


@attrs.frozen(order=True)
class News:
    """
    Something heard.

    Attributes:
        week: In which, from 1; 0 for what was heard before the round began.
        customer: Of whom.
        what: Was heard.
    """

    week: int
    customer: int
    what: What


def news(play: Play) -> tuple[News, ...]:
    """All that was heard in the round until the week that is to be planned, the first first."""
    told = list(_since_last_round(play))
    heard_until = len(play.weeks)
    if heard_until and play.phase is not Phase.OVER:
        told += [it for it in _in_weeks(play) if 0 < it.week <= heard_until]
    return tuple(sorted(told))


def _since_last_round(play: Play) -> Iterator[News]:
    view = play.view
    ours = is_customer(view)
    left = (view.stage == Stage.FORMER) & view.known("days_since_end") & (view.days_since_end <= _A_MONTH)
    for number in range(1, len(play.roster) + 1):
        row = play.office.row(number)
        if left[row]:
            yield News(0, number, What.LEFT)
        elif ours[row] and view.tenure_months[row] == 0:
            yield News(0, number, What.JOINED)


def _in_weeks(play: Play) -> Iterator[News]:
    office = play.office
    month, acted = (
        office.coming,
        {step.customer: (week, step) for week, steps in enumerate(play.weeks, 1) for step in steps},
    )
    people, _ = office.callers(Done(steps=play.weeks))
    was, now = rows(office.part.people), rows(people)
    places: Mapping[int, int] = {int(key): place for place, key in enumerate(people["key"].tolist())}
    ours = is_customer(office.view)
    for number, key in enumerate(office.roster, start=1):
        before, after = was[places[key]], now[places[key]]
        if not ours[office.row(number)]:
            continue
        if after.complaints > before.complaints:
            yield News(_week_of_failure(after, month), number, What.COMPLAINT)
        faded = before.signals_recent // 2 if after.leaning < 0 else before.signals_recent
        if after.signals_recent > faded:
            yield News(_week_of_failure(after, month), number, What.SIGNAL)
        if number in acted:
            week, step = acted[number]
            if step.kind in _OFFERS:
                takes = after.offers_accepted > before.offers_accepted
                yield News(week, number, What.ACCEPTED if takes else What.DECLINED)
            elif step.kind is ActionKind.SURVEY and after.survey_day != before.survey_day:
                yield News(week, number, What.ANSWERED)


def _week_of_failure(person: Person, month: Month) -> int:
    """The week in which service failed, from 1: the law draws the day from the same chance."""
    day = int(month.n_days * uniform(person.key, month.when, for_.INCIDENT_DAY))
    return 1 + int(np.clip(WEEKS * day // month.n_days, 0, WEEKS - 1))
