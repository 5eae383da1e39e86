"""Contact cards into a book and out of it, with a report that both people and programs read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import attrs

from retainsdk.book import Book
from retainsdk.commands.profiles import TakenOver
from retainsdk.customer import KnownFact
from retainsdk.customer.profile import Profile
from retainsdk.errors import AmbiguousNameError, CommandError, Fault, InputError, RetainError
from retainsdk.interchange.profiles import asked_for
from retainsdk.interchange.vcard.cards import cards_in
from retainsdk.interchange.vcard.lines import Property, escaped
from retainsdk.interchange.vcard.people import People
from retainsdk.interchange.vcard.reading import SOURCE, CardRead, read_card
from retainsdk.interchange.vcard.shown import RAW
from retainsdk.interchange.vcard.writing import cards_of
from retainsdk.ledger import Ledger
from retainsdk.whole_file import write_whole
from retainsdk.wording import counted

SCHEMA_VERSION = 1


@attrs.frozen(kw_only=True)
class CardReport:
    """
    What an import of contact cards found and did.

    Attributes:
        file: Its name.
        cards: In the file.
        added: Customers the book did not know.
        changed: Customers of whom it learned something new.
        unchanged: Customers it knew just so, or better.
        faults: All that is wrong with the cards.
        notices: What was left out of cards without fault.
        quarantined: Cards left out.
        quarantine: Where those lie with their faults; none when there is no such file.
        dry_run: Whether it only tried.
        taken: Whether the book holds the good cards now.
    """

    file: str
    cards: int
    added: int
    changed: int
    unchanged: int
    faults: tuple[Fault, ...]
    notices: tuple[str, ...]
    quarantined: int
    quarantine: str | None
    dry_run: bool
    taken: bool

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong with the cards."""
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        """For programs: the documented form of ``--json``."""
        return {"schema_version": SCHEMA_VERSION, **attrs.asdict(self)}

    def __str__(self) -> str:
        lines = [f"{self.file}: {counted(self.cards, 'card')}"]
        lines += [f"  {word:<10} {getattr(self, word):,}" for word in attrs.fields_dict(TakenOver)]
        lines += [f"  {notice}" for notice in self.notices]
        if self.faults:
            lines += [f"{counted(len(self.faults), 'fault')}:", *(f"  {fault}" for fault in self.faults)]
        return "\n".join([*lines, self._outcome()])

    def _outcome(self) -> str:
        if self.dry_run:
            return "Tried only: the book is as it was."
        if not self.taken:
            return "Nothing was taken: the book is as it was."
        if self.quarantine is not None:
            return (
                f"Good cards were taken; {counted(self.quarantined, 'card')} set aside in {self.quarantine}"
            )
        return "Taken."


def export_vcards(
    book: Book, path: Path, *, purpose: str | None = None, customers: Iterable[int] | None = None
) -> int:
    """
    Write customers into a file of contact cards (vCard 3.0), which is whole or not there.

    Args:
        book: Whose.
        path: Of the file; one that exists is replaced.
        purpose: What the file is for: sensitive facts that allow it are in it, and no others.
        customers: Which; all of them when not said.

    Returns:
        How many were written.

    Raises:
        UnknownIdError: When the book does not hold one of them.
        StoreError: When the file cannot be written there.
    """
    profiles = asked_for(book, customers, purpose)
    write_whole(path, cards_of(profiles))
    return len(profiles)


def import_vcards(
    path: Path,
    *,
    book: Book,
    actor: str,
    reason: str = "",
    dry_run: bool = False,
    take_good_cards: bool = False,
    quarantine: Path | None = None,
) -> CardReport:
    """
    Take customers over from a file of contact cards (vCard 2.1, 3.0 or 4.0), in one commit.

    A file with faults changes nothing, unless its good cards shall be taken. A second time, nothing is new.

    Args:
        path: Of the file.
        book: That takes them.
        actor: Who says so.
        reason: Why, for those who ask later.
        dry_run: Only say what would happen.
        take_good_cards: Take the cards without fault even if others have some.
        quarantine: Where to write the cards that are left out then.

    Raises:
        InputError: When the file cannot be read.
        StoreError: When the cards left out cannot be written.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        fault = Fault(path.name, "", f"cannot be read ({error})", "Check the file.")
        raise InputError(str(path), [fault]) from error
    cards = cards_in(content)
    ledger = book.ledger()
    now = book.now()
    found = _Found([read_card(card, now=now) for card in cards])
    found.identify(ledger)
    while True:  # a card may be possible only with another that is not
        profiles = found.profiles()
        examined = book.examine_profiles([profile for _, profile in profiles])
        if not examined.refused:
            break
        for place, why in examined.refused.items():
            found.refuse(profiles[place][0], why)
    bad = [it.card for it in found.read if it.card.faults]
    faults = tuple(fault for card in bad for fault in card.faults)
    if not cards:
        faults = (Fault(path.name, "", "holds no card", "Export the contacts as vCard."),)
    taken = not dry_run and bool(cards) and (not faults or (take_good_cards and bool(profiles)))
    aside = quarantine if take_good_cards and not dry_run and bad else None
    if aside is not None:  # first, so that no card is ever neither here nor there
        write_whole(aside, b"".join(card.set_aside() for card in bad))
    if taken:
        book.take_over_profiles([profile for _, profile in profiles], actor=actor, reason=reason)
    return CardReport(
        file=path.name,
        cards=sum(card.number is not None for card in cards),
        **attrs.asdict(examined.counts),
        faults=faults,
        notices=tuple(notice for it in found.read if not it.card.faults for notice in it.notices),
        quarantined=0 if aside is None else len(bad),
        quarantine=None if aside is None else str(aside),
        dry_run=dry_run,
        taken=taken,
    )


class _Found:
    """The cards of a file, while they are told whom they are about."""

    def __init__(self, read: Sequence[CardRead]) -> None:
        self.read = list(read)

    def identify(self, ledger: Ledger) -> None:
        """Give each profile its id; of cards that cannot be about one customer each, say so."""
        people = People(ledger)
        named: dict[str, list[int]] = defaultdict(list)
        for place, it in enumerate(self.read):
            if not it.card.faults:
                if it.heard is not None and it.exact is None:
                    try:
                        id_ = people.whom(it.heard, it.uid)
                    except AmbiguousNameError as error:
                        self._fault(place, "FN", it.heard.name, f"may be any of {', '.join(error.found)}", "Merge them, or add the UID of the right one.")  # fmt: skip
                        continue
                    self.read[place] = attrs.evolve(it, heard=_told_of(it.heard, id_, ledger))
                key = it.uid if it.exact is None else f"{it.exact.id}"
                if key:
                    named[key].append(place)
        for places in named.values():
            self._refuse_others(places)

    def profiles(self) -> list[tuple[int, Profile]]:
        """All that is told by cards without fault, with their places."""
        return [
            (place, profile)
            for place, it in enumerate(self.read)
            if not it.card.faults
            for profile in (it.exact, it.heard)
            if profile is not None
        ]

    def refuse(self, place: int, error: RetainError) -> None:
        """Say that a card cannot be taken over, and why."""
        card = self.read[place].card
        where = card.place(card.line)
        if isinstance(error, InputError):
            for it in error.faults:
                self._note(place, attrs.evolve(it, place=f"{where}, {it.place}"))
        elif isinstance(error, CommandError):
            self._note(place, Fault(where, error.what, error.rule, error.remedy))
        else:
            self._note(place, Fault(where, "the card", f"cannot be taken over: {error}", "Correct it."))

    def _refuse_others(self, places: Sequence[int]) -> None:
        """Of cards that go by one name nothing, when they say the same; else each is at fault."""
        first = self.read[places[0]]
        others = [self.read[it] for it in places[1:]]
        if all(it.card.properties == first.card.properties for it in others):
            return
        numbers = [self.read[it].card.number for it in places]
        for place, number in zip(places, numbers, strict=True):
            rest = ", ".join(str(it) for it in numbers if it != number)
            rule = f"is the name of card {rest} too, which says something else"
            self._fault(place, "UID", self.read[place].uid, rule, "Keep the right one.")

    def _fault(self, place: int, name: str, value: str, rule: str, remedy: str) -> None:
        card = self.read[place].card
        self._note(place, Fault(card.place(card.line, name), value, rule, remedy))

    def _note(self, place: int, fault: Fault) -> None:
        it = self.read[place]
        self.read[place] = attrs.evolve(it, card=it.card.with_faults([fault]))


def _told_of(heard: Profile, id_: int, ledger: Ledger) -> Profile:
    """What a card says of a customer; another name than the book has for him is told too."""
    known = ledger.customers.get(ledger.resolved(id_))
    facts = dict(heard.facts)
    if known is not None and known.name != heard.name:
        line = Property(name="FN", value=escaped(heard.name))
        facts.setdefault(f"{RAW}FN", KnownFact(value=str(line), source=SOURCE, at=heard.registered_at))
    return attrs.evolve(heard, id=id_, facts=tuple(facts.items()))
