"""What was used and paid in a month under contract, as it is known at its end."""

from __future__ import annotations

from collections.abc import Iterator

from retainsdk.events import PaymentReceived, UsageRecorded
from retainsim.market.chronicle.days import EVENING, Entry, Told
from retainsim.market.chronicle.lived import Lived


def use_and_payment(lived: Lived) -> Iterator[Entry]:
    """The month's use of the package, and the fee."""
    paid = int(lived.after.value_to_date - lived.before.value_to_date)
    told: list[Told] = []
    if lived.is_ours:
        used = lived.after.usage * lived.after.package / 100
        month = lived.it.calendar.date(lived.first)
        told.append((lived.dossier.us, UsageRecorded(month=month, used=used)))
    if paid or (lived.came and lived.is_new):
        told.append((lived.dossier.us, PaymentReceived(amount=lived.it.money(paid))))
    if told:
        yield Entry(lived.next - 1, lambda: told, EVENING)
