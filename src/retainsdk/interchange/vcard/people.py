"""Whom a card is about: somebody the book knows, somebody another card told of, or somebody new."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from retainsdk.codec import id_text
from retainsdk.customer import Customer
from retainsdk.customer.contact_point import ContactPoint, bare
from retainsdk.customer.profile import Profile
from retainsdk.errors import AmbiguousNameError
from retainsdk.interchange.vcard.reading import SOURCE
from retainsdk.interchange.vcard.shown import OUR_UID, UID, uid_in
from retainsdk.journal import derived_id
from retainsdk.ledger import Ledger
from retainsdk.vocabulary import Channel
from retainsdk.wording import plain

_OURS = re.compile(f"{OUR_UID}([0-9a-f]{{16}})")

Reached = frozenset[tuple[Channel, str]]


class People:
    """
    Everybody a card may be about.

    A card is known by the name its address book gives it (``UID``). One without such a name, and one that is met for
    the first time, is about whoever is called so and is reached at one of its addresses; of somebody who has another
    name in address books it never is.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._by_uid: dict[str, int] = {}
        self._with_uid: set[int] = set()
        self._by_name: dict[str, list[tuple[int, Reached]]] = defaultdict(list)
        for customer in ledger.customers.values():
            self._add(customer.id, customer.name, customer.points.values(), _uids(customer))

    def whom(self, profile: Profile, uid: str) -> int:
        """
        The id of whom a card is about, who is known from now on.

        Raises:
            AmbiguousNameError: When it may be about several.
        """
        ours = _OURS.fullmatch(uid)
        if ours is not None:
            return int(ours[1], 16)
        if uid in self._by_uid:
            return self._by_uid[uid]
        found = self._namesake(profile, uid)
        if found is None:
            found = derived_id(SOURCE, uid or _signature(profile))
            found = self._ledger.resolved(found)
        self._add(found, profile.name, profile.points, [uid] if uid else [])
        return found

    def _namesake(self, profile: Profile, uid: str) -> int | None:
        reached = _reached(profile.points)
        found = {
            id_
            for id_, theirs in self._by_name[plain(profile.name)]
            if theirs & reached and not (uid and id_ in self._with_uid)
        }
        if len(found) > 1:
            raise AmbiguousNameError("customer", profile.name, [id_text(it) for it in sorted(found)])
        return next(iter(found), None)

    def _add(self, id_: int, name: str, points: Iterable[ContactPoint], uids: Iterable[str]) -> None:
        for uid in uids:
            self._by_uid[uid] = id_
            self._with_uid.add(id_)
        self._by_name[plain(name)].append((id_, _reached(points)))


def _uids(customer: Customer) -> list[str]:
    told = (it.fact for it in customer.said.all(UID))
    return [uid for it in told if it is not None and (uid := uid_in(it.value))]


def _reached(points: Iterable[ContactPoint]) -> Reached:
    return frozenset((it.channel, bare(it.channel, it.address)) for it in points)


def _signature(profile: Profile) -> str:
    addresses = sorted(f"{channel.name} {address}" for channel, address in _reached(profile.points))
    return "\n".join((plain(profile.name), *addresses))
