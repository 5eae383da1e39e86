"""
Whom people mean by a name: what the book holds under an id, a reference, a name or a part of one.

>>> from retainsdk.testing import a_book, a_relationship
>>> book = a_book()
>>> noa, noam = a_relationship(book, name="Noa Levi"), a_relationship(book, name="Noam Bar", reference="N-2")
>>> [it.name for it in book.search("noa")]
['Noa Levi', 'Noam Bar']
>>> book.called("levi").relationship == noa, book.called("N-2").relationship == noam
(True, True)
>>> book.called("noa")
Traceback (most recent call last):
retainsdk.errors.AmbiguousNameError: 'noa' may be: Noa Levi [0000000000000002], Noam Bar [0000000000000004] (N-2). Say more of the name, or the id.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

import attrs

from retainsdk.codec import canonical, id_text
from retainsdk.errors import AmbiguousNameError, UnknownIdError
from retainsdk.events import CustomerRegistered, CustomersMerged, RelationshipOpened
from retainsdk.journal import Journal
from retainsdk.ledger import id_in
from retainsdk.vocabulary import Kind

__all__ = ["Found", "Lookups"]

_ID = re.compile("[0-9a-f]{16}")


@attrs.frozen(kw_only=True)
class Found:
    """
    Somebody the book holds.

    Attributes:
        customer: His id.
        name: As we call him.
        kind: Person, household or organisation.
        relationship: The one that was found, or none when we have none with him.
        reference: By which other systems know it; empty when they do not.
    """

    customer: int
    name: str
    kind: Kind
    relationship: int | None = None
    reference: str = ""

    def __str__(self) -> str:
        id_ = self.customer if self.relationship is None else self.relationship
        reference = f" ({self.reference})" if self.reference else ""
        return f"{self.name} [{id_text(id_)}]{reference}"


class Lookups(Journal):
    """How a book is asked for somebody by name."""

    def find(self, name: str) -> int:
        """
        The relationship known by a reference, or by its id in 16 hexadecimal digits.

        Raises:
            UnknownIdError: When there is none, or more than one has the reference.
        """
        found = set(self._opened_as(name))
        if len(found) != 1:
            raise UnknownIdError("relationship" if not found else "single relationship called", name)
        return found.pop()

    def search(self, text: str = "") -> list[Found]:
        """
        All who have a text in their name or reference, in upper or lower case, or have it as their id.

        Each relationship stands for itself; a customer with whom there is none stands once. In the order of names.
        A customer is found by the names of entries that were merged into him, too.
        """
        sought = _folded(text)

        def matches(found: Found, names: Iterable[str]) -> bool:
            ids = (found.customer, found.relationship)
            texts = (*names, found.reference)
            return any(sought in _folded(it) for it in texts) or text in {id_text(it) for it in ids if it}

        return sorted(
            (found for found, names in self._everybody() if matches(found, names)),
            key=lambda found: (_folded(found.name), found.relationship or 0, found.customer),
        )

    def called(self, text: str) -> Found:
        """
        The one relationship that somebody means by a text.

        An id goes before a reference, that before a whole name, and that before a part of one.

        Raises:
            UnknownIdError: When there is none.
            AmbiguousNameError: When there are several; all of them are named.
        """
        opened = set(self._opened_as(text))
        if opened:
            everybody = ((it, names) for it, names in self._everybody() if it.relationship in opened)
            return _only(text, "relationship", [found for found, _ in everybody])
        with_us = [(it, names) for it, names in self._everybody() if it.relationship is not None]
        return _only(text, "relationship", _closest(text, with_us))

    def customer_called(self, text: str) -> Found:
        """
        The one customer that somebody means by a text: his own id, or whatever `called` takes.

        Raises:
            UnknownIdError: When there is none.
            AmbiguousNameError: When there are several; all of them are named.
        """
        by_customer: dict[int, Found] = {}
        everybody = list(self._everybody())
        if _ID.fullmatch(text):
            id_ = int(text, 16)
            with suppress(UnknownIdError):  # an entry that was merged is known by its own id still
                id_ = self.customer(id_).id
            near = [it for it, _ in everybody if id_ in {it.customer, it.relationship}]
        else:
            named = [it for it, _ in everybody if text and it.reference == text]
            near = named or _closest(text, everybody)
        for found in near:
            by_customer[found.customer] = attrs.evolve(found, relationship=None, reference="")
        return _only(text, "customer", list(by_customer.values()))

    def _everybody(self) -> Iterator[tuple[Found, list[str]]]:
        into: dict[int, int] = {
            body.merged: body.into
            for event in self.events(name=CustomersMerged.__name__)
            if isinstance(body := event.body, CustomersMerged)
        }

        def resolved(id_: int) -> int:
            while id_ in into:
                id_ = into[id_]
            return id_

        names: dict[int, list[str]] = {}
        alone: dict[int, Found] = {}
        for event in self.events(name=CustomerRegistered.__name__):
            id_, body = id_in(event.stream), event.body
            if isinstance(body, CustomerRegistered):
                names.setdefault(resolved(id_), []).append(body.name)
                if id_ not in into:
                    alone[id_] = Found(customer=id_, name=body.name, kind=body.kind)
        with_us = set()
        for event in self.events(name=RelationshipOpened.__name__):
            if isinstance(event.body, RelationshipOpened):
                customer = resolved(event.body.customer)
                with_us.add(customer)
                relationship, reference = id_in(event.stream), event.body.reference
                found = attrs.evolve(alone[customer], relationship=relationship, reference=reference)
                yield found, names[customer]
        for customer, found in alone.items():
            if customer not in with_us:
                yield found, names[customer]

    def _opened_as(self, name: str) -> Iterator[int]:
        if _ID.fullmatch(name):
            opened = self.events([f"relationship/{name}"], name=RelationshipOpened.__name__)
            yield from (id_in(event.stream) for event in opened)
        # the bytes are looked for where the events lie, so that the bodies of all others are not even read
        for event in self.events(name=RelationshipOpened.__name__, holding=canonical(name)) if name else ():
            if isinstance(event.body, RelationshipOpened) and event.body.reference == name:
                yield id_in(event.stream)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _closest(text: str, everybody: list[tuple[Found, list[str]]]) -> list[Found]:
    sought = _folded(text).strip()
    ways: tuple[Callable[[str], bool], ...] = (lambda name: name == sought, lambda name: sought in name)
    for matches in ways if sought else ():
        near = [found for found, names in everybody if any(matches(_folded(name)) for name in names)]
        if near:
            return near
    return []


def _only(text: str, what: str, found: list[Found]) -> Found:
    if not found:
        raise UnknownIdError(what, text)
    if len(found) > 1:
        raise AmbiguousNameError(what, text, [str(it) for it in found])
    return found[0]
