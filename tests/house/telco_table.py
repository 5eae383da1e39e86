"""The bundled table of customers, read once for all tests of a worker, since that takes seconds; they look, and write nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from retainsdk.book import Book
    from retainsdk.interchange.table import ImportReport
    from retainsim.calibration import Observed

ON_ONE_WORKER = pytest.mark.xdist_group("the bundled table")


@pytest.fixture(scope="session")
def telco_import() -> tuple[Book, ImportReport]:
    """A book with everybody in the table, and what the import reported."""
    from retainsdk.book import Book  # noqa: PLC0415 # coverage begins after the plug-ins
    from retainsdk.interchange.telco import import_telco  # noqa: PLC0415 # as above

    book = Book.in_memory(currency="USD", zone="UTC")
    return book, import_telco(book)


@pytest.fixture(scope="session")
def telco_observed() -> Observed:
    """The table as a calibration takes it."""
    from retainsim.calibration import observed_telco  # noqa: PLC0415 # as above

    return observed_telco()
