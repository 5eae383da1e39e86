"""Commands about programmes and campaigns: what we run to keep customers and to win them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Unpack

from retainsdk.account.standing import tenure_months
from retainsdk.commands.desk import Desk, Desks
from retainsdk.errors import CommandError, UnknownIdError
from retainsdk.events import CampaignRun, MembershipChanged, ProgrammeChanged, TenureBenefit, Tier
from retainsdk.journal import Decision, How
from retainsdk.ledger import Ledger, campaign_stream, programme_stream
from retainsdk.quantities import Money


class ProgrammeCommands(Desks):
    """Commands about programmes and campaigns."""

    def change_programme(
        self,
        name: str,
        *,
        tiers: Sequence[Tier] = (),
        window_months: int = 12,
        tenure_benefits: Sequence[TenureBenefit] = (),
        least_tenure_months: int = 0,
        cost_per_member: Money | None = None,
        marks_occasions: bool = False,
        **how: Unpack[How],
    ) -> None:
        """
        A members' programme has these rules from now on; a new one begins with its first rules.

        Args:
            name: Of the programme.
            tiers: What it takes and gives, by what a member paid within the window.
            window_months: How many months of purchases count.
            tenure_benefits: What members of so many months get besides.
            least_tenure_months: Months of service before a customer may join.
            cost_per_member: A month; every month that a member begins counts into what he costs us.
            marks_occasions: Whether members are promised a greeting on their birthday.
            how: See `How`.
        """
        for money in (*(tier.threshold for tier in tiers), *([cost_per_member] if cost_per_member else [])):
            self._refuse_foreign(money)
        body = ProgrammeChanged(
            tiers=tuple(tiers),
            window_months=window_months,
            tenure_benefits=tuple(tenure_benefits),
            least_tenure_months=least_tenure_months,
            cost_per_member=cost_per_member,
            marks_occasions=marks_occasions,
        )
        self._in_stream("change_programme", programme_stream(name), body, how)

    def join_programme(self, relationship: int, *, programme: str, **how: Unpack[How]) -> None:
        """
        He is a member from now on.

        Raises:
            UnknownIdError: When there was no such programme then.
            CommandError: When he is one already, is no customer, or was not one for long enough.
        """
        stream = programme_stream(programme)

        def read() -> tuple[Ledger, dict[str, int]]:
            rules, versions = self._read([stream])
            ledger, own = self._read_account(relationship)
            ledger.programmes.update(rules.programmes)
            return ledger, versions | own

        def decide(ledger: Ledger, at: datetime) -> Decision:
            desk = Desk(id=relationship, ledger=ledger, at=at)
            known = ledger.programmes.get(programme)
            known = None if known is None else known.as_of(at)
            if known is None:
                raise UnknownIdError("programme", programme)
            served = tenure_months(desk.account, at, ledger.zone)
            if served < known.rules.least_tenure_months:
                raise CommandError(
                    f"membership in {programme!r}",
                    f"is for customers of {known.rules.least_tenure_months} months or more, and he has {served}",
                    "Let him join when he has served his time.",
                )
            return None, [desk.here(MembershipChanged(programme=programme, member=True))]

        self._commit("join_programme", (relationship, programme), how, read, decide)

    def leave_programme(self, relationship: int, *, programme: str, **how: Unpack[How]) -> None:
        """He is a member no longer."""
        self._of("leave_programme", relationship, MembershipChanged(programme=programme, member=False), how)

    def run_campaign(
        self,
        name: str,
        *,
        purpose: str,
        segment: str = "",
        starts_on: date,
        ends_on: date,
        cost: Money,
        **how: Unpack[How],
    ) -> None:
        """
        A campaign runs, for a purpose, between two days, the last excluded, at a cost.

        Tell it again when its cost or its end became known better.
        """
        self._refuse_foreign(cost)
        body = CampaignRun(purpose=purpose, segment=segment, starts_on=starts_on, ends_on=ends_on, cost=cost)
        self._in_stream("run_campaign", campaign_stream(name), body, how)
