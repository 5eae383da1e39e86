from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.errors import CommandError, RetainError, TransitionError
from retainsdk.events import OrderMoved
from retainsdk.record.order import MACHINE, Order
from retainsdk.testing import at
from retainsdk.vocabulary import OrderState


def moved(state: OrderState) -> OrderMoved:
    return OrderMoved(order="A7", state=state)


@pytest.mark.invariant(6)
@given(st.lists(st.tuples(st.sampled_from(OrderState), st.integers(1, 4)), max_size=6))
def test_an_order_takes_only_steps_of_its_table_and_none_after_its_end(
    told: list[tuple[OrderState, int]],
) -> None:
    order = Order.placed(moved(OrderState.ORDERED), at(1))
    for state, day in told:
        try:
            after = order.after(moved(state), at(1, day))
        except RetainError:
            continue
        assert after.state in MACHINE.table[order.state].values()
        assert after.steps[:-1] == order.steps
        order = after

    assert [since for since, _ in order.steps] == sorted(since for since, _ in order.steps)
    assert OrderState[order.state.upper()] is order.steps[-1][1]


def test_an_order_begins_by_being_placed_and_is_placed_once() -> None:
    order = Order.placed(moved(OrderState.ORDERED), at(1))

    with pytest.raises(CommandError, match="not known to have been placed"):
        Order.placed(moved(OrderState.SENT), at(1))
    with pytest.raises(CommandError, match="was placed already"):
        order.after(moved(OrderState.ORDERED), at(2))


def test_what_was_sent_can_come_back_but_not_be_called_off() -> None:
    sent = Order.placed(moved(OrderState.ORDERED), at(1)).after(moved(OrderState.SENT), at(2))

    with pytest.raises(TransitionError, match="Possible: deliver, receive, return"):
        sent.after(moved(OrderState.CANCELLED), at(3))
    assert sent.after(moved(OrderState.RETURNED), at(3)).state == "returned"
