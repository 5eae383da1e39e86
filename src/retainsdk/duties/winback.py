"""Win-back: turn to a leaver before the competitor's lock-in lets him go, when there is a plan for it (CONCEPTS B1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import ClassVar

import attrs

from retainsdk.account import Account
from retainsdk.account.endings import winback_contact
from retainsdk.duties.wanted import Circumstances, LookAgain, Wanted
from retainsdk.vocabulary import Audience, Promise


@attrs.frozen(kw_only=True)
class WinBackContact:
    """
    Open the one contact that a plan to win somebody back asks for.

    It is due at the end of the day so many days before he is free as the plan says; when that was known too late, soon after
    it became known. A new expiry moves it; a refusal, a return or the end of the plan voids it.

    Attributes:
        ahead_days: How long before it is due it stands on the agenda.
        soon_days: Within which it is made when the right day has passed already.
    """

    name: ClassVar[str] = "win_back_contact"

    ahead_days: int = 14
    soon_days: int = 3

    def wanted(self, accounts: Sequence[Account], known: Circumstances) -> Iterable[Wanted | LookAgain]:
        """One contact a plan."""
        for account in accounts:
            it = account.relationship
            day = winback_contact(account, known.ledger.customer_of(account))
            if day is None or it.winback is None or it.lock_in is None:
                continue
            learned_at = max(it.winback.opened_at, it.lock_in[0])
            due = max(known.start_of(day + timedelta(days=1)), known.days_later(learned_at, self.soon_days))
            yield Wanted(
                relationship=it.id,
                kind=Promise.CONTACT,
                what=it.winback.plan,  # not when he is free: another expiry moves the due alone
                basis=f"win-back plan of {it.winback.opened_at.isoformat()}",
                since=max(known.days_later(due, -self.ahead_days), it.winback.opened_at),
                due=due,
                audience=Audience.INTERNAL,
            )
