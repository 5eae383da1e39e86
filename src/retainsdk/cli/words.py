"""What may stand on the command line, and how it is read: each kind of word says what it takes and how it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import attrs

from retainsdk.errors import Fault, InputError, RetainError

if TYPE_CHECKING:
    from retainsdk.book import Book

Schema = Mapping[str, Any]
_ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))
"""What we print around names that run from right to left: who copies a name from the screen copies them too."""
_Day = TypeVar("_Day", bound=date)

ID: Schema = {"type": "string", "pattern": "^[0-9a-f]{16}$"}
NUMBER: Schema = {"type": "integer"}

_AMOUNT = re.compile(r"-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?")
"""With a point before fractions; commas only between thousands, for ``29,85`` is no slip for 2985."""


class Refused(Exception):  # noqa: N818 # what a reader says of a text
    """A text that is not what should stand there: the rule, and what to do."""

    def __init__(self, rule: str, remedy: str) -> None:
        super().__init__(rule, remedy)
        self.rule, self.remedy = rule, remedy


@attrs.frozen(kw_only=True)
class Word:
    """
    A text as it stands.

    Attributes:
        metavar: How help calls it.
        needs_book: Whether a book has to be open to read it.
        number: The schema of its value in JSON, for what names something; none for what is only told.
    """

    metavar: str = "TEXT"
    needs_book: ClassVar[bool] = False
    number: ClassVar[Schema | None] = None

    def read(self, text: str, book: Book | None) -> Any:  # noqa: ANN401, ARG002 # each kind has its own value
        """
        The value a text stands for.

        Raises:
            Refused: When it stands for none.
            RetainError: When the book does not hold it.
        """
        return text

    def hint(self) -> str:
        """What help adds to the description."""
        return ""


@attrs.frozen(kw_only=True)
class OneOf(Word):
    """A word of an enumeration, in lower case and with hyphens."""

    metavar: str = "WORD"
    words: type[IntEnum]

    def read(self, text: str, book: Book | None) -> IntEnum:  # noqa: ARG002 # the same for every book
        """The member of that name."""
        name = text.strip().upper().replace("-", "_").replace(" ", "_")
        if name not in self.words.__members__:
            raise Refused(f"must be one of: {self._choices()}", "Choose one of these words.")
        return self.words[name]

    def hint(self) -> str:
        """All words."""
        return f"One of: {self._choices()}."

    def _choices(self) -> str:
        return ", ".join(map(spoken, self.words))


@attrs.frozen(kw_only=True)
class Purpose(Word):
    """What a contact is for, of those that consent is given for."""

    metavar: str = "PURPOSE"

    def read(self, text: str, book: Book | None) -> str:  # noqa: ARG002 # the same for every book
        """The word of the vocabulary."""
        from retainsdk.vocabulary import CONSENT_PURPOSES  # noqa: PLC0415 # help must be quick

        word = text.strip().lower().replace("-", "_")
        if word not in CONSENT_PURPOSES:
            known = ", ".join(it.replace("_", "-") for it in CONSENT_PURPOSES)
            raise Refused(f"must be one of: {known}", "Choose one of these words.")
        return word

    def hint(self) -> str:
        """All words."""
        return "One of: service, personal, marketing, survey, sales, win-back."


@attrs.frozen(kw_only=True)
class Number(Word):
    """A number that the book gave: of a promise, a case, a contract."""

    metavar: str = "N"
    least: int = 1
    number: ClassVar[Schema | None] = NUMBER

    def read(self, text: str, book: Book | None) -> int:  # noqa: ARG002 # the same for every book
        """The whole number."""
        if not re.fullmatch(r"-?[0-9]{1,18}", text.strip()) or int(text) < self.least:
            raise Refused(f"must be a whole number, {self.least} or more", "Give the number.")
        return int(text)


@attrs.frozen(kw_only=True)
class Count(Number):
    """How many of something: it names nothing."""

    least: int = 0
    number: ClassVar[Schema | None] = None


@attrs.frozen(kw_only=True)
class Figure(Word):
    """A number with a point."""

    metavar: str = "FIGURE"

    def read(self, text: str, book: Book | None) -> float:  # noqa: ARG002 # the same for every book
        """The number."""
        try:
            figure = Decimal(text)
        except InvalidOperation:
            figure = Decimal("NaN")
        if not figure.is_finite():
            raise Refused("must be a number, like 7.5", "Give the figure.")
        return float(figure)


@attrs.frozen(kw_only=True)
class Day(Word):
    """A day in the book's zone."""

    metavar: str = "DAY"

    def read(self, text: str, book: Book | None) -> date:  # noqa: ARG002 # a day is a day
        """The date."""
        try:
            day = date.fromisoformat(text.strip())
        except ValueError:
            raise Refused("must be a day, like 2026-03-01", "Write year, month and day.") from None
        return _in_range(day)


@attrs.frozen(kw_only=True)
class Month(Word):
    """A calendar month, as its first day."""

    metavar: str = "MONTH"

    def read(self, text: str, book: Book | None) -> date:  # noqa: ARG002 # a month is a month
        """Its first day."""
        try:
            month = date.fromisoformat(f"{text.strip()}-01")
        except ValueError:
            raise Refused("must be a month, like 2026-03", "Write year and month.") from None
        return _in_range(month)


@attrs.frozen(kw_only=True)
class Instant(Word):
    """A time of day: by the wall clock of the book's zone, unless it says its own offset from UTC."""

    metavar: str = "TIME"
    needs_book: ClassVar[bool] = True

    def read(self, text: str, book: Book | None) -> Any:  # noqa: ANN401 # an instant, or what a wall clock shows
        """The instant."""
        at = _clock_face(text)
        return at.replace(tzinfo=_zone(book)) if at.tzinfo is None else at


@attrs.frozen(kw_only=True)
class Due(Instant):
    """Until when: what the wall clock shows is what was promised, whatever becomes of offsets."""

    def read(self, text: str, book: Book | None) -> Any:  # noqa: ANN401 # as above
        """The wall clock in the book's zone, or an instant when the text says its offset."""
        from retainsdk.quantities import LocalTime  # noqa: PLC0415 # help must be quick

        at = _clock_face(text)
        return LocalTime(at, _zone(book).key) if at.tzinfo is None else at


@attrs.frozen(kw_only=True)
class Morning(Word):
    """An instant to look from: a time, or the morning of a day."""

    metavar: str = "DAY"
    needs_book: ClassVar[bool] = True

    def read(self, text: str, book: Book | None) -> datetime:
        """The instant."""
        try:
            morning = datetime.combine(date.fromisoformat(text.strip()), time())
        except ValueError:
            at = _clock_face(text)
        else:
            at = morning
        at = at.replace(tzinfo=_zone(book)) if at.tzinfo is None else at
        return _in_range(at).astimezone(UTC)


@attrs.frozen(kw_only=True)
class Span(Word):
    """A length of time in hours and minutes."""

    metavar: str = "SPAN"

    def read(self, text: str, book: Book | None) -> timedelta:  # noqa: ARG002 # the same for every book
        """The duration."""
        found = re.fullmatch(r"(?:(\d{1,5})h)?(?:(\d{1,6})m)?", text.replace(" ", "").lower())
        if not found or not any(found.groups()):
            raise Refused("must be hours and minutes, like 8h or 1h30m", "Write it with h and m.")
        hours, minutes = (int(it or 0) for it in found.groups())
        if not hours and not minutes:
            raise Refused("is no time at all", "Give it at least a minute, like 1h30m.")
        return timedelta(hours=hours, minutes=minutes)


@attrs.frozen(kw_only=True)
class Days(Word):
    """So many days."""

    metavar: str = "DAYS"

    def read(self, text: str, book: Book | None) -> timedelta:
        """The duration."""
        return timedelta(days=Count().read(text, book))


@attrs.frozen(kw_only=True)
class Amount(Word):
    """Money in the book's currency."""

    metavar: str = "AMOUNT"
    needs_book: ClassVar[bool] = True

    def read(self, text: str, book: Book | None) -> Any:  # noqa: ANN401 # money, which help does not load
        """The money."""
        from retainsdk.errors import MoneyError  # noqa: PLC0415 # help must be quick
        from retainsdk.quantities import Money  # noqa: PLC0415 # the same

        ours = "USD" if book is None else book.currency
        amount, _, currency = text.strip().partition(" ")
        try:
            if _AMOUNT.fullmatch(amount):
                return Money(amount.replace(",", ""), currency.strip().upper() or ours)
        except MoneyError:
            pass
        raise Refused(f"must be an amount, like 12.50 or 1,250.00, in {ours}", "Write it with a point.")


@attrs.frozen(kw_only=True)
class Anything(Word):
    """The value of a fact: yes or no, a number, or a text."""

    metavar: str = "VALUE"

    def read(self, text: str, book: Book | None) -> str | int | float | bool:  # noqa: ARG002 # the same for every book
        """What it looks like; whatever would not be written back the same stays a text."""
        if text.lower() in {"yes", "no"}:
            return text.lower() == "yes"
        if re.fullmatch(r"-?(0|[1-9][0-9]{0,14})", text):
            return int(text)
        if re.fullmatch(r"-?(0|[1-9][0-9]{0,14})\.[0-9]{1,10}", text):
            return float(text)
        return text


@attrs.frozen(kw_only=True)
class Who(Word):
    """A relationship, by id, reference or name."""

    metavar: str = "WHO"
    needs_book: ClassVar[bool] = True
    number: ClassVar[Schema | None] = ID

    def read(self, text: str, book: Book | None) -> Any:  # noqa: ANN401 # whom the book finds
        """Whom the book finds."""
        return None if book is None else book.called(text)


@attrs.frozen(kw_only=True)
class Customer(Who):
    """A customer, by id or name, or by the relationship we have with him."""

    def read(self, text: str, book: Book | None) -> Any:  # noqa: ANN401 # as above
        """Whom the book finds."""
        return None if book is None else book.customer_called(text)


@attrs.frozen(kw_only=True)
class AffiliationId(Word):
    """The id of an affiliation."""

    metavar: str = "ID"

    def read(self, text: str, book: Book | None) -> int:  # noqa: ARG002 # the same for every book
        """The number it stands for."""
        if not re.fullmatch("[0-9a-f]{16}", text.strip()):
            raise Refused("must be 16 hexadecimal digits", "Copy the id.")
        return int(text, 16)


@attrs.frozen(kw_only=True)
class File(Word):
    """A file that is there."""

    metavar: str = "FILE"

    def read(self, text: str, book: Book | None) -> Path:  # noqa: ARG002 # the same for every book
        """Its path."""
        path = Path(text)
        if not path.is_file():
            raise Refused("is no file", "Give its path from here.")
        return path


@attrs.frozen(kw_only=True)
class Place(Word):
    """Where a file is to be written."""

    metavar: str = "FILE"

    def read(self, text: str, book: Book | None) -> str:  # noqa: ARG002 # the same for every book
        """Its path."""
        path = Path(text)
        if path.is_dir():
            raise Refused("cannot be written: it is a folder", "Name a file in it.")
        if not path.parent.is_dir():
            raise Refused(
                "cannot be written: there is no such folder", "Make the folder first, or name another."
            )
        return text


@attrs.frozen(kw_only=True)
class Part:
    """
    One thing that is said to a command.

    Attributes:
        name: What the API calls it.
        word: What kind of word it is.
        help: What it means.
        required: Whether the command needs it.
        many: Whether it may be said several times.
        is_argument: Whether it stands by its place, and not after an option.
        is_flag: Whether it is said by naming it.
        option: How it is spelled; the name with hyphens unless given.
        value: What a flag means when it is named.
        env: The environment variable that says it when the line does not.
    """

    name: str
    word: Word = attrs.Factory(Word)
    help: str
    required: bool = False
    many: bool = False
    is_argument: bool = False
    is_flag: bool = False
    option: str = ""
    value: object = True
    env: str = ""

    @property
    def spelled(self) -> str:
        """As it stands on the command line and in messages."""
        name = self.name.replace("_", "-")
        return name.upper() if self.is_argument else (self.option or f"--{name}")

    @property
    def key(self) -> str:
        """Under which the parsed text is kept: options of different spelling may fill in one thing."""
        return self.spelled.lstrip("-").lower().replace("-", "_")


def arg(name: str, word: Word, help: str, *, many: bool = False) -> Part:  # noqa: A002 # what click calls it
    """Something that must be said, in its place."""
    return Part(name=name, word=word, help=help, required=True, is_argument=True, many=many)


def need(name: str, word: Word, help: str, *, option: str = "", many: bool = False) -> Part:  # noqa: A002 # as above
    """Something that must be said, with an option."""
    return Part(name=name, word=word, help=help, required=True, option=option, many=many)


def opt(name: str, word: Word, help: str, *, option: str = "", many: bool = False) -> Part:  # noqa: A002 # as above
    """Something that may be said."""
    return Part(name=name, word=word, help=help, option=option, many=many)


def flag(name: str, help: str, *, option: str = "", value: object = True, required: bool = False) -> Part:  # noqa: A002 # as above
    """Something that is so when it is said; of several that are required, one has to be."""
    return Part(name=name, help=help, option=option, is_flag=True, value=value, required=required)


@attrs.define
class Reading:
    """
    What was typed, read with a book open; what is wrong is gathered, so that all of it is told at once.

    Attributes:
        book: To read names and amounts by; none when there is none.
        typed: The texts by the keys of parts.
    """

    book: Book | None
    typed: Mapping[str, Any]
    _wrong: list[tuple[Fault, RetainError | None]] = attrs.Factory(list)

    def values(self, parts: Iterable[Part]) -> dict[str, Any]:
        """The values of all parts that were said, by the names of the API."""
        found: dict[str, Any] = {}
        missing: dict[str, list[Part]] = {}
        for part in parts:
            typed = self.typed.get(part.key)
            if typed is None or typed == () or typed is False:
                if part.required:
                    missing.setdefault(part.name, []).append(part)
            elif part.is_flag:
                found[part.name] = part.value
            elif part.many:
                found[part.name] = tuple(self.value(part.word, part.spelled, text) for text in typed)
            else:
                found[part.name] = self.value(part.word, part.spelled, typed)
        for name in [name for name in missing if name not in found]:
            spellings = " or ".join(part.spelled for part in missing[name])
            self.refuse(spellings, "nothing", "is needed", missing[name][0].help)
        return found

    def value(self, word: Word, place: str, text: str) -> Any:  # noqa: ANN401 # of any kind
        """One value; none when it cannot be read."""
        text = text.translate(_ISOLATES)
        if word.needs_book and self.book is None:
            return None  # that the book is missing is said once
        try:
            text.encode()
            return word.read(text, self.book)
        except UnicodeEncodeError:
            shown = text.encode("utf-8", "backslashreplace").decode()
            self.refuse(place, shown, "is no text in UTF-8", "Type it anew.")
        except Refused as error:
            self.refuse(place, text, error.rule, error.remedy)
        except RetainError as error:
            self._wrong.append((Fault(place, text, "cannot be found", str(error)), error))
        return None

    def refuse(self, place: str, value: str, rule: str, remedy: str) -> None:
        """Note a fault."""
        self._wrong.append((Fault(place, value, rule, remedy), None))

    def take_note(self, place: str, error: RetainError) -> None:
        """Note what the package refused while something was put together."""
        faults = error.faults if isinstance(error, InputError) else [Fault(place, "", str(error), "")]
        self._wrong += [(fault, error) for fault in faults]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong so far."""
        return not self._wrong

    def settle(self, command: str) -> None:
        """
        Nothing, when all could be read.

        Raises:
            RetainError: The one thing the book said, when nothing else is wrong.
            InputError: With all that is wrong.
        """
        if len(self._wrong) == 1 and self._wrong[0][1] is not None:
            raise self._wrong[0][1]
        if self._wrong:
            raise InputError(command, [fault for fault, _ in self._wrong])


def spoken(word: IntEnum) -> str:
    """A word of the vocabulary as it is typed: ``in-person``."""
    return word.name.lower().replace("_", "-")


def _clock_face(text: str) -> datetime:
    with suppress(ValueError):
        date.fromisoformat(text.strip())
        raise Refused("is a day without a time", "Add the time, like 2026-03-01T10:00.")
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused("must be a time, like 2026-03-01T10:00", "Write day and time.") from None
    return _in_range(at)


def _in_range(day: _Day) -> _Day:
    from retainsdk.quantities import FIRST_YEAR, LAST_YEAR  # noqa: PLC0415 # help must be quick

    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        rule = f"is out of range: a book knows the years {FIRST_YEAR} to {LAST_YEAR}"
        raise Refused(rule, "Give the true day; leave out what has no end.")
    return day


def _zone(book: Book | None) -> Any:  # noqa: ANN401 # a zone
    return UTC if book is None else book.zone
