"""Folding takes time in proportion to what happened, however much of it happened to one customer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from time import process_time

import pytest
from certificates import Certificate, Size

from retainsdk.events import (
    CaseOpened,
    CommitmentKept,
    CommitmentMade,
    FactLearned,
    InteractionRecorded,
    PurchaseRecorded,
    Resolved,
)
from retainsdk.journal.reading import collector_at_rest
from retainsdk.ledger import customer_stream, relationship_stream
from retainsdk.quantities import Money
from retainsdk.testing import a_book, a_relationship, at
from retainsdk.vocabulary import CaseKind, Channel, Direction, Promise

CUSTOMER, US = 1, 2
TIMES = 8
"""How many times as much happens to the second customer as to the first."""
AT_MOST = 4 * TIMES
"""Times as long may it take: 8 when time grows with the events, 64 when it grows with their square."""

Told = tuple[str, object]


def promised(number: int, when: datetime, **changes: object) -> list[Told]:
    made = {"commitment": number, "what": "x", "basis": "", "due": when + timedelta(days=9), **changes}
    return [
        (relationship_stream(US), CommitmentMade(**{"kind": Promise.DELIVERY, **made})),  # type: ignore[arg-type] # each by its name
        (relationship_stream(US), CommitmentKept(commitment=number)),
    ]


FREQUENT: dict[str, Callable[[int, datetime], Sequence[Told]]] = {
    "contacts": lambda _, __: [
        (
            relationship_stream(US),
            InteractionRecorded(
                channel=Channel.PHONE,
                direction=Direction.INBOUND,
                purpose="service",
                human=True,
                two_way=True,
                text="",
            ),
        )
    ],
    "purchases": lambda _, __: [
        (relationship_stream(US), PurchaseRecorded(what="tea", amount=Money(3, "EUR"), paid=True))
    ],
    "promises kept": promised,
    "promises of duties kept": lambda number, when: promised(
        number, when, kind=Promise.STEP, duty="club", basis=f"{number}"
    ),
    "cases settled": lambda number, _: [
        (
            relationship_stream(US, "case", number),
            CaseOpened(kind=CaseKind.REQUEST, topic="bill", stated_reason=None),
        ),
        (relationship_stream(US, "case", number), Resolved(how="paid")),
    ],
    "facts learned again": lambda number, _: [
        (customer_stream(CUSTOMER), FactLearned(name="household_size", value=number, source="she"))
    ],
}


def seconds(happens: Callable[[int, datetime], Sequence[Told]], times: int) -> float:
    """Of the processor, to fold so many of one kind of thing, at best."""
    best = 60.0
    for _ in range(3):
        book = a_book()
        a_relationship(book)
        ledger, versions = book.ledger(), dict[str, int]()
        log = [
            (stream, body, at(1) + timedelta(minutes=number))
            for number in range(1, times + 1)
            for stream, body in happens(number, at(1) + timedelta(minutes=number))
        ]
        started = process_time()
        with collector_at_rest():
            for stream, body, when in log:
                versions[stream] = versions.get(stream, 1) + 1
                ledger.take(stream, body, when, "dana", versions[stream])
        best = min(best, process_time() - started)
    return best


@pytest.mark.certified("folding-grows-with-the-log", ["src/retainsdk/account", "src/retainsdk/customer"])
def test_what_happens_eight_times_as_often_is_folded_in_less_than_four_times_eight_times_the_time(
    size: Size, certificate: Certificate
) -> None:
    few = size(500, 1_000)

    ratios = {what: seconds(it, TIMES * few) / seconds(it, few) for what, it in FREQUENT.items()}

    assert {what: ratio for what, ratio in ratios.items() if ratio > AT_MOST} == {}
    certificate.record(
        {f"{TIMES * few} {what}, times as long as {few}": round(it, 1) for what, it in ratios.items()}
    )
