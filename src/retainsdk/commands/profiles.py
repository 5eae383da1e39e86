"""Commands that take over customers from other books and files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Unpack

import attrs

from retainsdk.codec import id_text
from retainsdk.commands.desk import Desks, of_customer
from retainsdk.customer import Customer
from retainsdk.customer.profile import Profile
from retainsdk.errors import CommandError, Fault, InputError, RetainError
from retainsdk.events import CustomerRegistered, Happening
from retainsdk.journal import Decision, How, refuse_unfit
from retainsdk.ledger import Ledger
from retainsdk.wording import in_words


@attrs.frozen(kw_only=True)
class TakenOver:
    """
    What became of customers that were taken over.

    Attributes:
        added: How many the book did not know.
        changed: Of how many it learned something new.
        unchanged: How many it knew just so, or better.
    """

    added: int
    changed: int
    unchanged: int


@attrs.frozen(kw_only=True)
class ExaminedProfiles:
    """
    What would become of customers that were taken over.

    Attributes:
        counts: How many would be what, the refused not counted.
        refused: Why a profile cannot be taken over, by its place.
    """

    counts: TakenOver
    refused: Mapping[int, RetainError]


class ProfileCommands(Desks):
    """Commands that take over customers."""

    def examine_profiles(self, profiles: Sequence[Profile]) -> ExaminedProfiles:
        """What would become of customers if they were taken over now; nothing is recorded."""
        ledger, _ = self._read_around([profile.id for profile in profiles], reach=0)
        news = _news(ledger, profiles, self._clock())
        return ExaminedProfiles(counts=TakenOver(**news.counts()), refused=news.refused)

    def take_over_profiles(self, profiles: Sequence[Profile], **how: Unpack[How]) -> TakenOver:
        """
        Customers were kept elsewhere too. All that is new of them goes in, in one commit; a second time, nothing.

        What was merged here in the meantime stays merged.

        Raises:
            InputError: When something told of them cannot have happened; all such profiles are named, none is taken.
        """

        def decide(ledger: Ledger, now: datetime) -> Decision:
            news = _news(ledger, profiles, now)
            faults = [
                Fault(
                    f"profiles[{place}] ({id_text(profiles[place].id)})",
                    profiles[place].name,
                    f"cannot be taken over: {error}",
                    "Correct it.",
                )
                for place, error in news.refused.items()
            ]
            if faults:
                raise InputError("profiles", faults)
            return news.counts(), news.happenings

        counts = self._commit(
            "take_over_profiles",
            tuple(profiles),
            how,
            lambda: self._read_around([profile.id for profile in profiles], reach=0),
            decide,
        )
        return TakenOver(**counts)


@attrs.frozen(kw_only=True)
class _News:
    happenings: list[Happening] = attrs.Factory(list)
    outcomes: dict[int, str] = attrs.Factory(dict)
    refused: dict[int, RetainError] = attrs.Factory(dict)

    def counts(self) -> dict[str, int]:
        outcomes = list(self.outcomes.values())
        return {name: outcomes.count(name) for name in attrs.fields_dict(TakenOver)}


def _news(ledger: Ledger, profiles: Sequence[Profile], now: datetime) -> _News:
    news = _News()
    customers = dict(ledger.customers)
    for place, profile in enumerate(profiles):
        id_ = ledger.resolved(profile.id)
        known = after = customers.get(id_)
        told = profile.news(known)
        try:
            refuse_unfit(of_customer(id_, body, at) for at, body in told)
            for at, body in told:
                after = _after(after, id_, body, at, now)
        except RetainError as error:
            news.refused[place] = error
            continue
        if after is not None:
            customers[id_] = after
        news.happenings.extend(of_customer(id_, body, at) for at, body in told)
        outcome = "added" if known is None else "changed" if told else "unchanged"
        if news.outcomes.get(profile.id, "unchanged") == "unchanged":  # told twice, he counts once
            news.outcomes[profile.id] = outcome
    return news


def _after(known: Customer | None, id_: int, body: object, at: datetime, now: datetime) -> Customer:
    if at > now:
        raise CommandError(f"{at.isoformat()}", "lies in the future", "Record what has happened.")
    if isinstance(body, CustomerRegistered):
        return Customer.registered(id_, body, at)
    if known is None:
        raise CommandError(in_words(type(body).__name__), "comes before its customer", "Register him first.")
    return known.after(body, at)
