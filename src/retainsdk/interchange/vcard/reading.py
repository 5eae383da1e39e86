"""What a card says of somebody: what a book wrote into it, and what people and address books did beyond that."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from urllib.parse import unquote

import attrs

from retainsdk.customer import KnownFact, check_name
from retainsdk.customer.contact_point import ContactPoint, check_address
from retainsdk.customer.fact import DAYS_TO_MARK
from retainsdk.customer.partial_date import PartialDate
from retainsdk.customer.profile import Profile
from retainsdk.errors import CommandError, Fault
from retainsdk.interchange.vcard.cards import Card
from retainsdk.interchange.vcard.exact import OURS, exact_profile
from retainsdk.interchange.vcard.lines import Property
from retainsdk.interchange.vcard.shown import FACTS, NO_YEAR, OUR_UID, PREFERRED, RAW, fact_lines, shown_lines
from retainsdk.vocabulary import Channel, Kind
from retainsdk.wording import LONGEST_TEXT, STEERING

SOURCE = "vcard"
"""The source of all that is learned from a card that does not say where it has it from."""

MOST = 1_000
"""Properties of a card that are taken besides those a book wrote; nobody keeps so many of one contact."""

_POINTS = {"TEL": Channel.PHONE, "EMAIL": Channel.EMAIL, "ADR": Channel.LETTER, "IMPP": Channel.MESSAGE}
_MESSENGERS = ("X-AIM", "X-GOOGLE-TALK", "X-ICQ", "X-JABBER", "X-MSN", "X-QQ", "X-SKYPE", "X-SKYPE-USERNAME", "X-YAHOO")  # fmt: skip
_KINDS = ("KIND", "X-ADDRESSBOOKSERVER-KIND")
_ABOUT_THE_CARD = frozenset({"VERSION", "PRODID", "REV"}) | OURS
_SAYS_NOTHING = frozenset({"voice", "internet", "x-internet", "other", "msg"})
_DATE = re.compile(r"(?P<year>\d{4}|-)-?(?P<month>\d\d)-?(?P<day>\d\d)", re.ASCII)
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)


@attrs.frozen(kw_only=True)
class CardRead:
    """
    What one card says.

    Attributes:
        card: The card, with all that is wrong with it.
        exact: What a book wrote into it; none when no book did.
        heard: What it says beyond that, of a profile without an id yet; none when nothing.
        uid: By which name address books know whom it is about; empty when they do not tell.
        notices: What was left out, for people.
        is_customer: Whether it is about somebody, and not a list or a place.
    """

    card: Card
    exact: Profile | None = None
    heard: Profile | None = None
    uid: str = ""
    notices: tuple[str, ...] = ()
    is_customer: bool = True


def read_card(card: Card, *, now: datetime) -> CardRead:
    """
    What a card says; all that is wrong with it is in the faults of its card.

    Args:
        card: From `cards_in`.
        now: When it is read: since then is known what it does not date by its revision.
    """
    if card.faults:
        return CardRead(card=card)
    exact, faults = exact_profile(card)
    beyond = list(_beyond(card.properties, () if exact is None else shown_lines(exact)))
    uid = next((it.text.strip() for it in card.properties if it.name == "UID"), "")
    if exact is not None and any(it.name == "UID" for it in beyond):
        line = next(it for it in beyond if it.name == "UID")
        rule = "names somebody else than the lines a book wrote into the card"
        remedy = "Remove the X-RETAINSDK lines from a copy of a card."
        faults.append(Fault(card.place(line.line, "UID"), uid, rule, remedy))
    if exact is not None:
        faults += _name_faults(card, exact.name)
    if len(beyond) > MOST:
        rule = f"is more than {MOST:,}, the most of one card"
        faults.append(
            Fault(card.place(card.line), f"{len(beyond):,} properties", rule, "Take out what is no contact.")
        )
    if faults:
        return CardRead(card=card.with_faults(faults))
    other = next((it for it in beyond if it.name in _KINDS and _kind_word(it) not in _CUSTOMERS), None)
    if other is not None:
        notice = (
            f"{card.place(card.line)}: is of the kind {other.text!r}, which is no customer, and was left out"
        )
        return CardRead(card=card, notices=(notice,), is_customer=False)
    reader = _Reader(card, beyond, exact, _revised(card, now))
    heard = reader.profile()
    return CardRead(
        card=card.with_faults(reader.faults),
        exact=exact,
        heard=heard,
        uid=uid,
        notices=tuple(reader.notices),
    )


_CUSTOMERS = {"individual": Kind.PERSON, "org": Kind.ORGANISATION, "organization": Kind.ORGANISATION}


def _kind_word(it: Property) -> str:
    return it.text.strip().lower()


def _name_faults(card: Card, name: str) -> list[Fault]:
    place = card.place(card.line, "FN")
    try:
        check_name(name)
    except CommandError as error:
        return [Fault(place, name, error.rule, error.remedy)]
    return []


def _beyond(properties: Iterable[Property], shown: Iterable[Property]) -> Iterator[Property]:
    """What stands in a card besides what we would write into it."""
    expected = Counter((it.name, it.text) for it in shown)
    for it in properties:
        if it.name in _ABOUT_THE_CARD:
            continue
        if expected[it.name, it.text]:
            expected[it.name, it.text] -= 1
        else:
            yield it


def _revised(card: Card, now: datetime) -> datetime:
    """When what the card says was known: at its last revision, if it tells one that can be, else now."""
    for it in card.properties:
        if it.name == "REV":
            try:
                at = datetime.fromisoformat(it.text.strip())
                at = (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC)
            except (ValueError, OverflowError):
                continue
            if _EARLIEST <= at <= now:
                return at
    return now


class _Reader:
    """Reads properties one after the other, gathering what is wrong with them."""

    def __init__(self, card: Card, beyond: list[Property], exact: Profile | None, at: datetime) -> None:
        self._card, self._beyond, self._exact, self._at = card, beyond, exact, at
        self.faults: list[Fault] = []
        self.notices: list[str] = []
        self._labels = {it.group: it.text for it in beyond if it.name == "X-ABLABEL" and it.group}
        self._labelled: set[str] = set()  # groups whose label was understood
        self._points: list[ContactPoint] = []
        self._facts: dict[str, KnownFact] = {}
        self._taken = _names_shown(card, exact)
        self._numbers: Counter[str] = Counter()
        self._name = ""

    def profile(self) -> Profile | None:
        """What the properties tell of somebody; none when there is nothing, or nothing that can be true."""
        head = self._head()
        for it in self._beyond:
            if it.name != "X-ABLABEL":
                self._take(it)
        for it in self._beyond:
            if it.name == "X-ABLABEL" and it.group not in self._labelled:
                self._keep(it)
        if self.faults or (self._exact is not None and not (self._points or self._facts)):
            return None
        return attrs.evolve(head, points=tuple(self._points), facts=tuple(self._facts.items()))

    def _head(self) -> Profile:
        if self._exact is not None:
            return attrs.evolve(
                self._exact, points=(), facts=(), consents=(), undated=True, registered_at=self._at
            )
        self._name = name = _on_one_line(next(filter(str.strip, self._names()), ""))
        self.faults += _name_faults(self._card, name)
        return Profile(id=0, kind=self._kind(name), name=name, registered_at=self._at, undated=True)

    def _names(self) -> Iterator[str]:
        """What he may be called, the likeliest first."""
        yield from (it.text for it in self._of("FN"))
        for it in self._of("N"):
            family, given, middle, before, after = (it.parts + [""] * 5)[:5]
            yield " ".join(filter(None, (before, given, middle, family, after)))
        yield from (_joined(it.parts) for it in self._of("ORG"))
        yield from (it.text for word in ("NICKNAME", "EMAIL", "TEL") for it in self._of(word))

    def _kind(self, name: str) -> Kind:
        said = [_CUSTOMERS[_kind_word(it)] for word in _KINDS for it in self._of(word)]
        if said:
            return said[0]
        is_company = any(it.text.upper() == "COMPANY" for it in self._of("X-ABSHOWAS"))
        has_name = any(part.strip() for it in self._of("N") for part in it.parts)
        is_its_own = not has_name and any(_joined(it.parts) == name for it in self._of("ORG"))
        return Kind.ORGANISATION if is_company or is_its_own else Kind.PERSON

    def _of(self, name: str) -> list[Property]:
        return [it for it in self._beyond if it.name == name]

    def _take(self, it: Property) -> None:
        name = it.name
        label = self._labels.get(it.group, "")
        if _is_binary(it) or (len(str(it)) > LONGEST_TEXT and name not in _POINTS):
            self._leave_out(it, f"has {len(it.value):,} characters")
        elif name == "AGENT" and not it.text.strip():
            self._leave_out(it, "holds a card inside the card")
        elif not it.text.strip() or (self._exact is None and self._is_said_already(it)):
            pass
        elif (name in _POINTS and not _is_fax(it, label)) or name in _MESSENGERS:
            self._point(it, label)
        elif name in FACTS or (name == "X-ABDATE" and "anniversary" in label.lower()):
            self._fact(it, FACTS.get(name, "anniversary"))
        else:
            self._keep(it)

    def _leave_out(self, it: Property, why: str) -> None:
        self.notices.append(f"{self._card.place(it.line, it.name)}: {why} and was left out")

    def _is_said_already(self, it: Property) -> bool:
        """Whether it adds nothing to the name and the kind."""
        head = self._name
        if it.name in {"FN", "X-ABSHOWAS", *_KINDS}:
            return it.name != "FN" or _on_one_line(it.text) == head
        if it.name == "UID" and it.text.strip().startswith(OUR_UID):
            return True
        if it.name == "N":
            return set(filter(None, map(str.strip, it.parts))) <= {head}
        return it.name == "ORG" and _joined(it.parts) == head

    def _point(self, it: Property, label: str) -> None:
        channel = _POINTS.get(it.name, Channel.MESSAGE)
        address = _address(it)
        if not address:
            return
        try:
            check_address(channel, address)
        except CommandError:  # "none", where an address should stand
            self._keep(it)
            return
        if it.group:
            self._labelled.add(it.group)
        self._points.append(
            ContactPoint(
                number=len(self._points) + 1,
                channel=channel,
                address=address,
                label=_label(it, label),
                added_at=self._at,
            )
        )

    def _fact(self, it: Property, name: str) -> None:
        if name not in DAYS_TO_MARK:
            text = _joined(it.parts) if it.name == "ORG" else it.text.strip()
            self._know(name, text)
            return
        found = _DATE.fullmatch(re.split("[T ]", it.text.strip(), maxsplit=1)[0])
        if found is None:  # "circa 1800", or the year alone
            self._keep(it)
            return
        year = None if found["year"] == "-" else int(found["year"])
        if found["year"] in (value for param, value in it.params if param == NO_YEAR):
            year = None
        try:
            day = PartialDate(int(found["month"]), int(found["day"]), year)
        except ValueError:
            self._fault(it.line, it.name, it.text, "is no day of the calendar", "Correct the date.")
            return
        if it.group:
            self._labelled.add(it.group)
        self._know(name, str(day))

    def _keep(self, it: Property) -> None:
        self._know(f"{RAW}{it.name}", str(it))

    def _know(self, kind: str, value: str) -> None:
        name = ""
        while not name or name in self._taken:
            self._numbers[kind] += 1
            name = kind if self._numbers[kind] == 1 else f"{kind} {self._numbers[kind]}"
        self._facts[name] = KnownFact(value=value, source=SOURCE, at=self._at)

    def _fault(self, line: int, name: str, value: str, rule: str, remedy: str) -> None:
        self.faults.append(Fault(self._card.place(line, name), value, rule, remedy))


def _names_shown(card: Card, exact: Profile | None) -> set[str]:
    """Names of facts that stand in the card as we showed them: what somebody added goes under other names."""
    there = Counter((it.name, it.text) for it in card.properties)
    names = set()
    for name, line in fact_lines(exact) if exact is not None else ():
        if there[line.name, line.text]:
            there[line.name, line.text] -= 1
            names.add(name)
    return names


def _is_binary(it: Property) -> bool:
    encoded = any(name == "ENCODING" and value.upper() in {"B", "BASE64"} for name, value in it.params)
    return encoded or it.value[:5].lower() == "data:"


def _is_fax(it: Property, label: str) -> bool:
    words = (*it.words("TYPE"), label.lower())
    return it.name == "TEL" and any("fax" in word or word in {"modem", "bbs"} for word in words)


def _address(it: Property) -> str:
    if it.name == "ADR":
        return _unsteered(_joined(it.parts))
    text = _unsteered(it.text).strip()
    scheme, colon, rest = text.partition(":")
    if it.name == "TEL" and colon and scheme.lower() == "tel":
        return unquote(rest).strip()
    return rest.strip() if colon and scheme.lower() in {"mailto", "x-apple"} else text


def _label(it: Property, label: str) -> str:
    label = _unsteered(label)
    if label.strip():
        return label.strip().removeprefix("_$!<").removesuffix(">!$_")
    service = [value for name, value in it.params if name == "X-SERVICE-TYPE"]
    if it.name in _MESSENGERS:
        service.append(it.name.removeprefix("X-").lower())
    words = [PREFERRED if word == "pref" else word for word in it.words("TYPE") if word not in _SAYS_NOTHING]
    if it.words("PREF"):
        words.append(PREFERRED)
    return ", ".join(dict.fromkeys((*service, *words)))


def _on_one_line(text: str) -> str:
    return " ".join(_unsteered(text).split())


def _unsteered(text: str) -> str:
    """A text without the marks that turn the direction of what follows: phones put them around numbers."""
    return "".join(letter for letter in text if letter not in STEERING)


def _joined(parts: Iterable[str]) -> str:
    lines = (line.strip() for part in parts for line in part.splitlines())
    return ", ".join(filter(None, lines))
