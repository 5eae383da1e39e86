"""The telco table: 7,043 customers of a fictional telephone company, with the mapping that reads them."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable

from retainsdk.book import Book
from retainsdk.interchange.table import ImportReport, import_table, load_mapping, read_table

__all__ = ["import_telco", "telco_mapping", "telco_table"]


def telco_table() -> Traversable:
    """The table, gzip-compressed; its source and licence stand in ``SOURCE.md`` beside it."""
    return files(__name__) / "telco.csv.gz"


def telco_mapping() -> Traversable:
    """The mapping of its columns, an example for others."""
    return files(__name__) / "telco.toml"


def import_telco(book: Book, *, as_of: date | None = None) -> ImportReport:
    """Take the telco customers over into a book in US dollars and UTC; doing so twice changes nothing."""
    mapping = load_mapping(telco_mapping())
    return import_table(book, read_table(telco_table(), mapping), mapping, as_of=as_of)
