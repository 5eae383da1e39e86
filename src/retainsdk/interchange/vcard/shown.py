"""
A profile as address books show it: which property stands for which way to reach him, and for which fact.

What they have no property for, and what they must not use, like an address that works no longer, they are not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from retainsdk.codec import id_text
from retainsdk.customer import KnownFact
from retainsdk.customer.contact_point import ContactPoint
from retainsdk.customer.fact import DAYS_TO_MARK
from retainsdk.customer.partial_date import PartialDate
from retainsdk.customer.profile import Profile
from retainsdk.interchange.vcard.cards import FAULT
from retainsdk.interchange.vcard.exact import OURS
from retainsdk.interchange.vcard.lines import MalformedLineError, Property, escaped, parsed
from retainsdk.vocabulary import Channel, Kind

FACTS: Mapping[str, str] = {
    "BDAY": "birthday",
    "ANNIVERSARY": "anniversary",
    "X-ANNIVERSARY": "anniversary",
    "X-EVOLUTION-ANNIVERSARY": "anniversary",
    "X-MS-ANNIVERSARY": "anniversary",
    "LANG": "language",
    "NICKNAME": "nickname",
    "TITLE": "title",
    "ROLE": "role",
    "ORG": "organisation",
    "URL": "website",
    "CATEGORIES": "categories",
    "NOTE": "note",
}
"""Under which name what a property says is known of a customer; several of one kind are numbered on."""

RAW = "vcard "
"""What the names of facts begin with that are lines of a card nobody here understands, kept as they stand."""

UID = f"{RAW}UID"
"""The fact that says by which name address books know a customer."""

LISTS = frozenset({"CATEGORIES", "NICKNAME"})
"""Properties whose commas part one value from the next."""

OUR_UID = "retainsdk:"
"""What the name begins with that we give a customer in address books when he has none there; his id follows."""

NO_YEAR = "X-APPLE-OMIT-YEAR"
LEAP = "1604"
"""The year that stands for none where there must be one, by Apple's convention."""

TYPES = frozenset({"home", "work", "cell", "pager", "car", "isdn", "text", "textphone", "pref"})
"""Words of the standards for what distinguishes a number or an address."""

PREFERRED = "preferred"
"""What the type ``pref`` is called in a label."""

_PREFERRED = {PREFERRED: "pref", "pref": ""}
_NUMBERED = re.compile(r"(?P<name>.+?)(?: (?:[2-9]|[1-9]\d+))?")
_BY_FACT = {"anniversary": "X-ANNIVERSARY"} | {
    name: word for word, name in FACTS.items() if name != "anniversary"
}
_URI = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NEVER_RAW = OURS | {FAULT, "BEGIN", "END", "VERSION", "PRODID", "UID", "REV", "FN"}
"""What a card says once, or we say in it: of these no line is kept to be written again."""


def numbered(name: str) -> str:
    """
    What several facts of one kind are called, but for their numbers.

    >>> numbered("note 2"), numbered("note")
    ('note', 'note')
    """
    found = _NUMBERED.fullmatch(name)
    return found["name"] if found is not None else name


def shown_lines(profile: Profile) -> Iterator[Property]:
    """What address books are shown of a profile: the name first, then how to reach him, then what is known."""
    facts = dict(profile.facts)
    uid = facts.get(UID)
    yield Property(name="UID", value=_uid(profile, uid))
    yield Property(name="REV", value=f"{_revised(profile):%Y%m%dT%H%M%SZ}")
    yield Property(name="FN", value=_seen(profile.name))
    facts_shown = list(fact_lines(profile))
    if all(line.name != "N" for _, line in facts_shown):  # which word is the family's, nobody told
        yield Property(name="N", value=f"{_seen(profile.name)};;;;")
    if profile.kind is Kind.ORGANISATION:
        yield Property(name="ORG", value=_seen(profile.name))
        yield Property(name="X-ABSHOWAS", value="COMPANY")
    for place, point in enumerate(profile.points, start=1):
        yield from _point(point, f"point{place}")
    yield from (line for _, line in facts_shown)


def fact_lines(profile: Profile) -> Iterator[tuple[str, Property]]:
    """Of the facts that address books are shown, the names and the lines."""
    for name, fact in profile.facts:
        kind = numbered(name)
        word = _BY_FACT.get(kind)
        if word == "ORG" and profile.kind is Kind.ORGANISATION:
            continue
        line = _raw(kind, fact.value) if word is None else _fact(word, kind, fact.value)
        if line is not None:
            yield name, line


def uid_in(value: object) -> str:
    """The name by which address books know a customer, out of the fact that says so; empty when it says none."""
    line = _parsed(value)
    return line.text.strip() if line is not None and line.name == "UID" else ""


def _uid(profile: Profile, uid: KnownFact | None) -> str:
    theirs = "" if uid is None else uid_in(uid.value)
    return _seen(theirs) if theirs else f"{OUR_UID}{id_text(profile.id)}"


def _revised(profile: Profile) -> datetime:
    instants = [
        profile.registered_at,
        *(
            at
            for it in profile.points
            for at in (it.added_at, it.verified_at, it.retired_at)
            if at is not None
        ),
        *(fact.at for _, fact in profile.facts),
        *(it.at for it in profile.consents),
    ]
    return max(instants).astimezone(UTC)


def _point(point: ContactPoint, group: str) -> Iterator[Property]:
    if point.retired_at is not None:
        return
    words = [_PREFERRED.get(word, word) for word in point.label.split(", ")]
    types = tuple(("TYPE", word.upper()) for word in words) if TYPES.issuperset(words) else ()
    labelled = bool(point.label) and not types
    tie = group if labelled else ""
    address = _seen(point.address)
    match point.channel:
        case Channel.PHONE:
            yield Property(name="TEL", value=address, params=types, group=tie)
        case Channel.EMAIL:
            yield Property(name="EMAIL", value=address, params=(("TYPE", "INTERNET"), *types), group=tie)
        case Channel.LETTER:
            yield Property(name="ADR", value=f";;{address};;;;", params=types, group=tie)
        case Channel.MESSAGE:
            uri = address if _URI.fullmatch(point.address) else f"x-apple:{address}"
            yield Property(name="IMPP", value=uri, params=types, group=tie)
        case Channel.IN_PERSON:  # no letter must be sent there, and no property says so
            return
    if labelled:
        yield Property(name="X-ABLABEL", value=_seen(point.label), group=tie)


def _fact(word: str, kind: str, value: object) -> Property | None:
    if not isinstance(value, str):
        return None
    if kind not in DAYS_TO_MARK:
        text = _seen(value)
        return Property(name=word, value=text.replace("\\,", ",") if word in LISTS else text)
    try:
        day = PartialDate.parsed(value)
    except ValueError:
        return None
    if day.year is not None:
        return Property(name=word, value=value)
    return Property(name=word, value=f"{LEAP}-{day.month:02}-{day.day:02}", params=((NO_YEAR, LEAP),))


def _raw(kind: str, value: object) -> Property | None:
    line = _parsed(value) if kind.startswith(RAW) else None
    if line is None or line.name in _NEVER_RAW or line.name != kind.removeprefix(RAW):
        return None
    return line if str(line) == value else None


def _seen(text: str) -> str:
    """A text as a value that steers no terminal of others either."""
    return escaped(_CONTROLS.sub("", text))


def _parsed(value: object) -> Property | None:
    if not isinstance(value, str) or "\n" in value or "\r" in value:
        return None
    try:
        return parsed(value.encode())
    except MalformedLineError:
        return None
