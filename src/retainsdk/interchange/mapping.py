"""
A mapping: what the columns of somebody's customer table mean to a book.

It is a TOML file that a person writes once a source, with the assumptions the source leaves to him.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import attrs
from cattrs import Converter, transform_error
from cattrs.errors import BaseValidationError
from cattrs.v import format_exception

from retainsdk.errors import Fault, InputError, TermError
from retainsdk.events import Fact
from retainsdk.quantities import CURRENCIES, Money
from retainsdk.terms import Terms
from retainsdk.vocabulary import Kind, TermKind

SCHEMA_VERSION = 1

Source = Path | Traversable
"""A file: on the disk, or inside an installed package."""


@attrs.frozen(kw_only=True)
class PlainColumn:
    """A column whose cells are read as they are."""

    column: str


@attrs.frozen(kw_only=True)
class TruthColumn:
    """A column whose words mean yes or no."""

    column: str
    values: dict[str, bool]


@attrs.frozen(kw_only=True)
class CountColumn:
    """A column whose words count for so many."""

    column: str
    values: dict[str, int]


@attrs.frozen(kw_only=True)
class BilledColumn:
    """
    A column with all that was billed so far.

    Attributes:
        column: Its name.
        blank_is_nothing_yet: Whether an empty cell is right where tenure is 0, because nothing was billed yet.
    """

    column: str
    blank_is_nothing_yet: bool = False


@attrs.frozen(kw_only=True)
class TermsRule:
    """What one word of the contract column means; see `retainsdk.terms.Terms`."""

    kind: TermKind
    months: int = 0
    lock_in_months: int = 0
    notice_days: int = 30


@attrs.frozen(kw_only=True)
class TermsColumn:
    """A column whose words are kinds of contract."""

    column: str
    values: dict[str, TermsRule]


@attrs.frozen(kw_only=True)
class FactRule:
    """
    A fact about the customer: one column as it is, one column by its words, or a number counted from several.

    Attributes:
        name: Of the fact.
        column: Where it stands.
        values: What its words mean; none to take them as they are.
        base: What counting starts from.
        add: Columns that add to it.
    """

    name: str
    column: str | None = None
    values: dict[str, Fact] | None = None
    base: int = 0
    add: tuple[CountColumn, ...] = ()


@attrs.frozen(kw_only=True)
class TableMapping:
    """
    What a customer table means.

    Attributes:
        schema_version: Of the mapping's form.
        source: Names the source for ever: ids are derived from it and the key of a row.
        currency: Of its money.
        zone: Of its days, IANA name.
        customers: What sort of customers they are.
        as_of: The day whose morning the table describes; none when it must be given at each import.
        assumptions: What the source does not say and the mapping takes for granted, for the reader of the report.
        encoding: Of the file.
        delimiter: Between its cells.
        key: The column that names a row.
        tenure: Whole months of service so far.
        fee: Per month.
        billed: All that was billed so far; none when the table does not tell.
        ended: Whether the customer has left; none when all are still there.
        terms: The kind of contract.
        products: The services taken; each adds up.
        facts: About the customer.
    """

    schema_version: int
    source: str
    currency: str
    zone: str = "UTC"
    customers: Kind = Kind.PERSON
    as_of: date | None = None
    assumptions: tuple[str, ...] = ()
    encoding: str = "utf-8"
    delimiter: str = ","
    key: PlainColumn
    tenure: PlainColumn
    fee: PlainColumn
    billed: BilledColumn | None = None
    ended: TruthColumn | None = None
    terms: TermsColumn
    products: tuple[CountColumn, ...] = ()
    facts: tuple[FactRule, ...] = ()

    def columns(self) -> tuple[str, ...]:
        """All columns it reads, each once."""
        named = [self.key.column, self.tenure.column, self.fee.column]
        named += [it.column for it in (self.billed, self.ended) if it is not None]
        named += [self.terms.column, *(it.column for it in self.products)]
        for fact in self.facts:
            named += [fact.column] if fact.column is not None else [it.column for it in fact.add]
        return tuple(dict.fromkeys(named))


def load_mapping(path: Source) -> TableMapping:
    """
    A mapping from its TOML file.

    Raises:
        InputError: Naming everything that is wrong with it.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return read_mapping(text, str(path))
    except OSError as error:
        fault = Fault(str(path), "", f"cannot be read ({error.strerror})", "Check the path.")
    except UnicodeDecodeError as error:
        fault = Fault(str(path), "", f"is not UTF-8 (byte {error.start})", "Save it as UTF-8.")
    raise InputError(str(path), [fault])


def read_mapping(text: str, name: str = "mapping") -> TableMapping:
    """
    A mapping from TOML text.

    Raises:
        InputError: Naming everything that is wrong with it.
    """
    try:
        mapping = _CONVERTER.structure(tomllib.loads(text), TableMapping)
    except tomllib.TOMLDecodeError as error:
        raise InputError(name, [Fault(name, "", f"is not TOML: {error}", "Correct that line.")]) from error
    except BaseValidationError as error:
        faults = [_fault(message) for message in transform_error(error, format_exception=_told)]
        raise InputError(name, faults) from error
    faults = _contradictions(mapping)
    if faults:
        raise InputError(name, faults)
    return mapping


def _contradictions(mapping: TableMapping) -> list[Fault]:
    faults = []
    if mapping.schema_version != SCHEMA_VERSION:
        faults.append(
            Fault("schema_version", str(mapping.schema_version), f"must be {SCHEMA_VERSION}", "Upgrade.")
        )
    if mapping.currency not in CURRENCIES:
        faults.append(Fault("currency", mapping.currency, "is not in ISO 4217", "Write a code like EUR."))
    if mapping.zone not in available_timezones():
        faults.append(Fault("zone", mapping.zone, "is not an IANA zone", "Write one like UTC."))
    if len(mapping.delimiter) != 1 or mapping.delimiter in _NO_DELIMITERS:
        rule = "must be one character, no quote and no end of line"
        faults.append(Fault("delimiter", mapping.delimiter, rule, "Write ',' or ';'."))
    if not mapping.source.strip() or not mapping.source.isprintable() or set(mapping.source) & _NO_NAME:
        rule = "must be a name without slashes and control characters"
        faults.append(Fault("source", mapping.source, rule, "Write one like shop."))
    try:
        "".encode(mapping.encoding)
    except LookupError:
        faults.append(Fault("encoding", mapping.encoding, "is not known", "Write one like utf-8."))
    for place, fact in enumerate(mapping.facts):
        if (fact.column is None) == (not fact.add):
            faults.append(
                Fault(f"facts[{place}]", fact.name, "needs either column or add", "Keep one of them.")
            )
    faults += [
        Fault(f"facts[{place}]", fact.name, "names a fact for the second time", "Rename it, or leave it out.")
        for place, fact in enumerate(mapping.facts)
        if fact.name in [earlier.name for earlier in mapping.facts[:place]]
    ]
    return [*faults, *_terms_faults(mapping)]


_NO_DELIMITERS = '"\r\n'
_NO_NAME = frozenset("/\\")
"""The source is part of the name of the quarantine file."""


def _terms_faults(mapping: TableMapping) -> list[Fault]:
    """What `Terms` would refuse at the first row that has the word."""
    faults = []
    for word, rule in mapping.terms.values.items():
        try:
            Terms(
                starts_on=date(2000, 1, 1),
                kind=rule.kind,
                months=rule.months,
                fee=Money(0, "EUR"),
                lock_in_months=rule.lock_in_months,
                notice_days=rule.notice_days,
            )
        except TermError as error:
            faults.append(
                Fault(f"terms.values[{word!r}]", rule.kind.name.lower(), f"has a fault: {error}", _REMEDY)
            )
    return faults


class _WrongError(ValueError):
    """A value of the mapping and the rule it breaks, on their way through cattrs, which knows the place."""

    def __init__(self, value: object, rule: str) -> None:
        super().__init__(value, rule)
        self.value, self.rule = value, rule


_BETWEEN = "\x1f"


def _told(error: BaseException, kind: type | None) -> str:
    if isinstance(error, _WrongError):
        return f"{error.value}{_BETWEEN}{error.rule}"
    return _BETWEEN + format_exception(error, kind)


def _fault(message: str) -> Fault:
    text, _, place = message.rpartition(" @ ")
    value, _, rule = text.partition(_BETWEEN)
    return Fault(place.removeprefix("$").lstrip(".") or "mapping", value, rule, _REMEDY)


_REMEDY = "See the reference of mappings."


def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True)
    for codes in (Kind, TermKind):
        converter.register_structure_hook(codes, _words(codes))
    converter.register_structure_hook(date, _day)
    converter.register_structure_hook(Fact, _fact)
    for kind in (str, int, bool):
        converter.register_structure_hook(kind, _strictly(kind))
    return converter


def _words(codes: type[Kind | TermKind]) -> Callable[[object, object], Kind | TermKind]:
    by_word = {code.name.lower(): code for code in codes}

    def word(value: object, _: object) -> Kind | TermKind:
        if not isinstance(value, str) or value not in by_word:
            raise _WrongError(value, f"is none of {', '.join(by_word)}")
        return by_word[value]

    return word


def _day(value: object, _: object) -> date:
    if type(value) is not date:
        raise _WrongError(value, "is not a day like 2026-01-31")
    return value


def _fact(value: object, _: object) -> Fact:
    if not isinstance(value, str | int | float | bool):
        raise _WrongError(value, "is not a text, a number or true or false")
    return value


def _strictly(kind: type) -> Callable[[object, object], object]:
    def same(value: object, _: object) -> object:
        if type(value) is not kind:
            raise _WrongError(value, f"is not of type {kind.__name__}")
        return value

    return same


def zone_of(mapping: TableMapping) -> ZoneInfo:
    """The zone of its days."""
    return ZoneInfo(mapping.zone)


_CONVERTER = _converter()
