"""What a trainee can do in a week at all, and what is his to grant: everything else is refused, with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from retainsdk.action import ACTIONS, ActionKind
from retainsdk.errors import Fault, InputError
from retainsdk.policies.reading import share_of_fee
from retainsim.training.rounds.office import keeps
from retainsim.training.rounds.setting import AUTHORITY
from retainsim.training.rounds.step import NOTICE, Step

if TYPE_CHECKING:
    from retainsim.training.rounds.play import Play

FOR_LEAVERS = (
    ActionKind.RELEASE_WELL,
    ActionKind.WIN_BACK,
    ActionKind.KEEP_ADVISING,
    ActionKind.GREETING,
)
"""What can be done for somebody who has left."""
_ONLY_FOR_LEAVERS = FOR_LEAVERS[:3]
_FOR_COMPLAINTS = (ActionKind.ESCALATE, ActionKind.MEDIATE)
_NEED_AMOUNT = (ActionKind.OFFER_PRICE, ActionKind.COMPENSATION, ActionKind.OFFER_BENEFIT)
_NEED_MONTHS = (ActionKind.OFFER_PRICE, ActionKind.OFFER_PAUSE)


def refuse_impossible(play: Play, steps: Sequence[Step]) -> None:
    """
    Refuse a week that cannot be, or is not the trainee's to grant.

    Raises:
        InputError: Naming everything that is wrong.
    """
    faults = []
    earlier = {step.customer for week in play.weeks for step in week}
    often = Counter(step.customer for step in steps)
    for place, step in enumerate(steps):
        at = f"steps[{place}]"
        if not 1 <= step.customer <= len(play.roster):
            rule, remedy = f"must be within 1 and {len(play.roster)}", "Use a number of the book."
            faults.append(Fault(f"{at}.customer", str(step.customer), rule, remedy))
            continue
        if step.customer in earlier or often[step.customer] > 1:
            rule = "has something this month already: one thing a customer a month"
            faults.append(Fault(f"{at}.customer", str(step.customer), rule, "Choose the one that counts."))
        faults += _faults(play, step, at)
    if not faults:
        minutes, most = minutes_of(play, steps), 60 * play.setting.hours
        if minutes > most:
            rule = f"must be {most} at most: the hours of a week"
            faults.append(Fault("minutes", str(minutes), rule, "Leave something for another week."))
    if faults:
        raise InputError(f"week {play.week}", faults)


def minutes_of(play: Play, steps: Sequence[Step]) -> int:
    """What steps of the week that is to be planned take."""
    due = {it.customer: it.week for it in play.due}
    return sum(step.minutes(keeps=keeps(step, play.week - 1, due)) for step in steps)


def most_of(play: Play, step: Step) -> int:
    """The largest amount that a trainee may grant with an action: a share of the fee a month, or one fee at once."""
    row = play.office.row(step.customer)
    fee = int(share_of_fee(play.view.take(np.array([row])), 1.0)[0])
    monthly = step.kind is not None and "months" in ACTIONS[step.kind].slots
    return int((AUTHORITY.discount if monthly else AUTHORITY.once) * fee)


def why_not(play: Play, customer: int, action: str) -> str:
    """Why an action cannot be done for a customer in the week that is to be planned; empty when it can."""
    step = Step(customer=customer, action=action)
    if step.kind is None:
        late = {it.customer: it.week for it in play.due}.get(customer, -1) < play.week - 1
        return "is for a promise that falls due this week or later this month" if late else ""
    ours = play.office.is_ours(customer)
    if ours and step.kind in _ONLY_FOR_LEAVERS:
        return "is for somebody who has left"
    if not ours and step.kind not in FOR_LEAVERS:
        return "is for a customer, and he has left"
    if step.kind in _FOR_COMPLAINTS and not play.view.complaints_open[play.office.row(customer)]:
        return "is for a complaint that is open"
    if play.office.channel(step) is None:
        return f"needs his consent to {ACTIONS[step.kind].consent}, which he has not given"
    return ""


def _faults(play: Play, step: Step, at: str) -> list[Fault]:
    faults = []
    if rule := why_not(play, step.customer, step.action):
        faults.append(Fault(f"{at}.action", step.action, rule, "Choose another action."))
    slots = () if step.action == NOTICE or step.kind is None else ACTIONS[step.kind].slots
    needed = {"amount": step.kind in _NEED_AMOUNT, "months": step.kind in _NEED_MONTHS or step.amount > 0}
    mosts = {"amount": most_of(play, step), "months": AUTHORITY.months}
    for name, value in (("amount", step.amount), ("months", step.months)):
        if name not in slots:
            if value:
                faults.append(Fault(f"{at}.{name}", str(value), "is no slot of this action", "Leave it 0."))
            continue
        least = int(needed[name])
        if not least <= value <= mosts[name]:
            rule = f"must be within {least} and {mosts[name]}: what you may grant"
            faults.append(Fault(f"{at}.{name}", str(value), rule, "Grant less, or something else."))
    return faults
