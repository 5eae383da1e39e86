"""An order: from the moment it is placed to the moment it is in the customer's hands, or is not to be."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import attrs

from retainsdk.errors import CommandError
from retainsdk.events import OrderMoved
from retainsdk.lifecycle import Living, Machine
from retainsdk.vocabulary import OrderState

MACHINE = Machine(
    name="order",
    start="ordered",
    table={
        "ordered": {"send": "sent", "deliver": "delivered", "receive": "received", "cancel": "cancelled"},
        "sent": {"deliver": "delivered", "receive": "received", "return": "returned"},
        "delivered": {"receive": "received", "return": "returned"},
        "received": {"return": "returned"},
        "returned": {},
        "cancelled": {},
    },
)

_EVENTS = {
    OrderState.SENT: "send",
    OrderState.DELIVERED: "deliver",
    OrderState.RECEIVED: "receive",
    OrderState.RETURNED: "return",
    OrderState.CANCELLED: "cancel",
}

CAME = frozenset({OrderState.DELIVERED, OrderState.RECEIVED})
"""Steps by which an order comes to the customer, as the carrier says or as he does."""

OVER = CAME | {OrderState.RETURNED, OrderState.CANCELLED}
"""Steps after which nothing of it is still to come."""


@attrs.frozen(kw_only=True)
class Order(Living):
    """
    What a customer ordered, by the name it has with us.

    Delivered is what the carrier says, received what the customer says: who waits for a parcel that was "delivered"
    is the one to hear from us.

    Attributes:
        name: Of the order.
        steps: Every state it was in, with the instant it came to it.
    """

    machine: ClassVar[Machine] = MACHINE

    name: str
    steps: tuple[tuple[datetime, OrderState], ...]

    @classmethod
    def placed(cls, body: OrderMoved, at: datetime) -> Order:
        """
        A new order.

        Raises:
            CommandError: When something else than its placing is the first that is told of it.
        """
        if body.state is not OrderState.ORDERED:
            raise CommandError(
                f"order {body.order!r} {body.state.name.lower()}",
                "is not known to have been placed",
                "Record it as ordered first.",
            )
        return cls(state=MACHINE.start, since=at, name=body.order, steps=((at, body.state),))

    def after(self, body: OrderMoved, at: datetime) -> Order:
        """
        The order one step on.

        Raises:
            TransitionError: When its lifecycle does not allow that step.
            CommandError: When it is placed twice, or would have happened before the step that is already recorded.
        """
        if body.state is OrderState.ORDERED:
            raise CommandError(f"order {self.name!r}", "was placed already", "Give the new one another name.")
        return self.moved(_EVENTS[body.state], at, steps=(*self.steps, (at, body.state)))
