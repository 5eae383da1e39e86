from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.reports.unconsented import unconsented
from retainsdk.testing import a_book, at
from retainsdk.vocabulary import Channel, Direction, Kind

PHONE = Channel.PHONE


@pytest.mark.invariant(14)
@given(st.permutations(["withdraw", "before", "after", "inbound"]))
def test_a_contact_after_a_refusal_shows_in_whatever_order_both_were_recorded(order: list[str]) -> None:
    book = a_book()
    noa = book.register_customer(kind=Kind.PERSON, name="Noa", actor="dana", occurred_at=at(1))
    us = book.open_relationship(noa, actor="dana", occurred_at=at(1))
    contacts = {
        "before": (Direction.OUTBOUND, at(2)),
        "after": (Direction.OUTBOUND, at(3)),
        "inbound": (Direction.INBOUND, at(4)),
    }
    for what in order:
        if what == "withdraw":
            book.withdraw_consent(noa, purpose="sales", evidence="call", actor="dana", occurred_at=at(3))
        else:
            direction, when = contacts[what]
            book.record_interaction(
                us, channel=PHONE, direction=direction, purpose="sales", actor="dana", occurred_at=when
            )

    found = unconsented(book.ledger())

    assert [(it.relationship, it.at, it.purpose, it.channel, it.human) for it in found] == [
        (us, at(3), "sales", PHONE, True)
    ]
