"""
A market writes its life into a book: the same events that a firm would record, and nothing that it could not know.

>>> from retainsdk.policies.none import Nothing
>>> from retainsim.market import Market, load_preset
>>> market = Market.draw(load_preset("telecom"), customers=5, seed=1)
>>> book = new_book(market)
>>> history = write(market, Nothing(), book, months=2, compiled=False)
>>> len(book.view(book.now())) >= 5
True
"""

from retainsim.market.chronicle.book_file import faults_of_book, write_book
from retainsim.market.chronicle.chronicle import Chronicle, write
from retainsim.market.chronicle.clock import SimulatedClock, new_book

__all__ = ["Chronicle", "SimulatedClock", "faults_of_book", "new_book", "write", "write_book"]
