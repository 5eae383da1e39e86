"""Complaints: opened when service fails and he says so, settled by whoever sees to them."""

from __future__ import annotations

from collections.abc import Iterator

from retainsdk.events import CaseOpened, Resolved
from retainsdk.vocabulary import CaseKind
from retainsim.market import purposes as for_
from retainsim.market.chronicle.days import EVENING, Entry, Told
from retainsim.market.chronicle.lived import Lived
from retainsim.market.chronicle.promises import COMPLAINT, days_promised, promise_by
from retainsim.market.person import NEVER

_TOPICS = (
    "the service failed", "it took too long", "not what was agreed", "an unfriendly word", "a mistake in the bill",
    "nobody called back", "it does not work as it should",
)  # fmt: skip


def complaint(number: int) -> CaseOpened:
    """He complains; no two complaints of one customer are about the same."""
    topic = _TOPICS[(number - 1) % len(_TOPICS)]
    again = (number - 1) // len(_TOPICS)
    return CaseOpened(
        kind=CaseKind.COMPLAINT,
        topic=topic if not again else f"{topic} ({again + 1})",
        stated_reason=None,
    )


def incident_day(lived: Lived) -> int:
    """The day on which service failed him; in a shop that of a visit, if he came by then."""
    day = lived.by_last(lived.day(for_.INCIDENT_DAY))
    return max((visit for visit in lived.visits if visit <= day), default=day)


def complaints(lived: Lived) -> Iterator[Entry]:
    """He complains, and is promised an answer unless another promise is open."""
    if lived.after.complaints <= lived.before.complaints:
        return
    yield Entry(incident_day(lived), lambda: _complain(lived))
    if lived.before.promise_due_day == NEVER:
        due = lived.day(for_.INCIDENT_DAY) + days_promised(lived)
        yield Entry(incident_day(lived), promise_by(lived, due, "an answer to the complaint", COMPLAINT))


def settled_complaints(lived: Lived, since: int) -> Iterator[Entry]:
    """
    What was settled in the month; whoever leaves withdraws what is open.

    Args:
        lived: His month.
        since: The day on which a promise was settled, or the first.
    """
    if lived.left and lived.it.share_made is None:
        return
    before, after = lived.before, lived.after
    complained = lived.mid.complaints - before.complaints
    for _ in range(before.complaints_open + complained - after.complaints_open):
        day = max(since, lived.day(for_.SETTLING_DAY))
        if complained:
            day = max(day, lived.day(for_.INCIDENT_DAY))
        yield Entry(day, lambda: _settle(lived), EVENING)


def _complain(lived: Lived) -> Iterator[Told]:
    number = lived.dossier.next_case()
    lived.dossier.open_complaints.append(number)
    yield lived.dossier.case(number), complaint(number)


def _settle(lived: Lived) -> Iterator[Told]:
    number = lived.dossier.open_complaints.pop(0)
    yield lived.dossier.case(number), Resolved(how="the failure was mended")
