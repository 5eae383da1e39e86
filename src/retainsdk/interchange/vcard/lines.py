r"""
Content lines: the syntax that contact cards of all versions share.

>>> line = parsed(rb"item1.TEL;TYPE=CELL,pref:054\,1")
>>> line.group, line.name, line.words("TYPE"), line.text
('item1', 'TEL', ['cell', 'pref'], '054,1')
>>> str(line)
'item1.TEL;TYPE=CELL;TYPE=pref:054\\,1'
"""

from __future__ import annotations

import codecs
import quopri
import re
from collections.abc import Iterator, Sequence

import attrs

FOLD_AT = 75
"""Octets of a line, its end not counted; what is longer goes on in the next, after a space."""

_HEAD = re.compile(r"(?:(?P<group>[\w-]++)\.)?(?P<name>[\w-]++)", re.ASCII)
_PARAM = re.compile(r';\s*+(?P<name>[^=;:",\s]*+)\s*+(?:=(?P<value>(?:"[^"]*+"|[^";:]++)*+))?')
_LISTED = re.compile(r'"([^"]*+)"|([^",]++)')
_PART = re.compile(r"(?:[^;\\]++|\\.|\\$)*+", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BARE = {"QUOTED-PRINTABLE": "ENCODING", "BASE64": "ENCODING", "B": "ENCODING", "7BIT": "ENCODING", "8BIT": "ENCODING"} | {"INLINE": "VALUE", "URL": "VALUE", "CID": "VALUE"}  # fmt: skip
"""Values that version 2.1 lets stand without the name of their parameter; all others are types."""
_CHARSETS = re.compile(
    r"ascii|utf-?8|iso8859-\d+|cp\d+|windows-\d+|koi8-[rut]|shift_jis|euc_(jp|kr)|iso2022_jp|big5|gb\w+|hz"
)
"""What texts of contact cards are written in; of what else Python knows, some decode anything to anything."""


class MalformedLineError(ValueError):
    """A line that is no content line: the rule, and what to do."""

    def __init__(self, rule: str, remedy: str) -> None:
        super().__init__(rule, remedy)
        self.rule, self.remedy = rule, remedy


@attrs.frozen(kw_only=True)
class Property:
    """
    One thing a card says.

    Attributes:
        name: In upper case.
        value: As it stands there, escapes included.
        params: What is said of the value, by name in upper case; of several values each by itself.
        group: What ties it to others of the card; empty when nothing does.
        line: On which it begins.
    """

    name: str
    value: str
    params: tuple[tuple[str, str], ...] = ()
    group: str = ""
    line: int = attrs.field(default=0, eq=False)

    @property
    def text(self) -> str:
        """The value as it is meant."""
        return unescaped(self.value)

    @property
    def parts(self) -> list[str]:
        """What stands between the semicolons of the value, as it is meant."""
        return [unescaped(part) for part in _split(self.value)]

    def words(self, name: str) -> list[str]:
        """The values of a parameter in lower case."""
        said = (value for key, value in self.params if key == name)
        return [word for value in said for word in value.lower().replace(",", " ").split()]

    def __str__(self) -> str:
        group = f"{self.group}." if self.group else ""
        params = "".join(f";{name}={_quoted(value)}" for name, value in self.params)
        return f"{group}{self.name}{params}:{self.value}"


def escaped(text: str) -> str:
    """A text as a value of a card."""
    for plain, written in (("\\", "\\\\"), ("\r\n", "\n"), ("\r", "\n"), ("\n", "\\n"), (",", "\\,"), (";", "\\;")):  # fmt: skip
        text = text.replace(plain, written)
    return text


def unescaped(value: str) -> str:
    """The text that a value of a card means."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def folded(line: str) -> bytes:
    """A content line with its end, in pieces of at most 75 octets that cut no character in two."""
    octets = line.encode()
    pieces, start, room = [], 0, FOLD_AT
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:  # noqa: PLR2004 # an octet that goes on with a character, in UTF-8
            end -= 1
        pieces.append(octets[start:end])
        start, room = end, FOLD_AT - 1  # a space begins each further piece
    return b"\r\n ".join([*pieces, octets[start:]]) + b"\r\n"


def physical_lines(content: bytes) -> list[bytes]:
    """The lines of a file, whatever ends them."""
    return re.split(rb"\r\n|\n|\r", content)


def unfolded(lines: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
    """Content lines with the number of the line on which each begins, from 1; blank ones are left out."""
    pieces: list[bytes] = []
    began, is_printable = 0, False
    for number, line in enumerate(lines, start=1):
        goes_on = is_printable and pieces[-1].endswith(b"=") and not is_mark(line)
        if goes_on:  # the soft line break of quoted-printable, which version 2.1 uses
            pieces[-1] = pieces[-1][:-1]
            pieces.append(line)
        elif line[:1] in {b" ", b"\t"} and pieces:
            pieces.append(line[1:])
        else:
            if pieces:
                yield began, b"".join(pieces)
            pieces, began = ([line], number) if line.strip() else ([], 0)
            is_printable = b"QUOTED-PRINTABLE" in line[:_LONGEST_HEAD].partition(b":")[0].upper()
    if pieces:
        yield began, b"".join(pieces)


_LONGEST_HEAD = 1000


def is_mark(line: bytes) -> str:
    """``BEGIN`` or ``END`` when a line begins or ends a card, else nothing."""
    if len(line) > _LONGEST_HEAD:
        return ""
    word, _, what = line.strip().upper().partition(b":")
    return word.decode() if what.strip() == b"VCARD" and word in {b"BEGIN", b"END"} else ""


def parsed(line: bytes, *, number: int = 0) -> Property:
    """
    One content line.

    Args:
        line: Unfolded.
        number: Of the line on which it begins.

    Raises:
        MalformedLineError: When it is none, or its text cannot be read.
    """
    text = line.decode("utf-8", "surrogateescape")
    head = _HEAD.match(text)
    if head is None:
        raise MalformedLineError("does not begin with the name of a property", _REPAIR)
    place, params = head.end(), []
    while (param := _PARAM.match(text, place)) is not None:
        place = param.end()
        params += _params(param["name"].upper(), param["value"])
    if text[place : place + 1] != ":":
        raise MalformedLineError("has no colon between the property and its value", _REPAIR)
    encodings = {value.upper() for name, value in params if name == "ENCODING"}
    charset = next((value for name, value in params if name == "CHARSET"), "")
    value = text[place + 1 :].encode("utf-8", "surrogateescape")
    if "QUOTED-PRINTABLE" in encodings:
        value = quopri.decodestring(value)
    kept = tuple(
        (name, said)
        for name, said in params
        if name != "CHARSET" and said.upper() not in {"QUOTED-PRINTABLE", "7BIT", "8BIT"}
    )
    read = _decoded(value, charset).replace("\r\n", "\\n").replace("\r", "\\n").replace("\n", "\\n")
    name, group = head["name"].upper(), head["group"] or ""
    try:
        "".join(said for _, said in kept).encode()
    except UnicodeEncodeError:
        raise MalformedLineError("is not UTF-8", _SAVE) from None
    return Property(name=name, value=read, params=kept, group=group, line=number)


_REPAIR = "Repair the line, or remove it; one that goes on must begin with a space."
_SAVE = "Export the cards as UTF-8."


def _params(name: str, value: str | None) -> list[tuple[str, str]]:
    if value is None:
        return [(_BARE.get(name, "TYPE"), name.lower() if name not in _BARE else name)] if name else []
    return [(name, quoted or plain.strip()) for quoted, plain in _LISTED.findall(value)]


def _decoded(value: bytes, charset: str) -> str:
    try:
        known = codecs.lookup(charset or "utf-8").name
    except (LookupError, ValueError):
        known = ""
    if not _CHARSETS.fullmatch(known):
        raise MalformedLineError(f"is in a character set nobody here can read: {charset!r}", _SAVE)
    try:
        return value.decode(known)
    except UnicodeError:
        raise MalformedLineError(f"is not {known.upper()}", _SAVE) from None


def _quoted(value: str) -> str:
    return f'"{value}"' if any(it in value for it in ":;,") else value


def _split(value: str) -> list[str]:
    parts, place = [], -1
    while place < len(value):
        part = _PART.match(value, place + 1)
        if part is None:
            raise AssertionError  # it matches what is empty, too
        parts.append(part[0])
        place = part.end()
    return parts
