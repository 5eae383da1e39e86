"""A market's life as a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from retainsdk.book import Book
from retainsdk.errors import InputError
from retainsdk.policies.none import Nothing
from retainsim.market import Market, load_preset, run
from retainsim.market.chronicle import write_book
from retainsim.market.chronicle.book_file import MOST
from retainsim.market.running import Under


def a_market(customers: int = 12) -> Market:
    return Market.draw(load_preset("restaurant"), customers=customers, seed=3)


def test_a_file_is_whole_when_the_market_is_over(tmp_path: Path) -> None:
    path, months = tmp_path / "market.book", []

    history = write_book(
        a_market(), Under(policy=Nothing()), path, months=3, on_month=lambda done, total: months.append((done, total))
    )  # fmt: skip

    assert months == [(1, 3), (2, 3), (3, 3)]
    assert history.digest == run(a_market(), Nothing(), months=3, compiled=False).digest
    with Book.open(path) as book:
        assert len(book.view(history_end := book.now())) >= 12, history_end
    assert list(tmp_path.iterdir()) == [path]


def test_whoever_stops_the_writing_leaves_nothing_behind(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done < total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_book(a_market(), Under(policy=Nothing()), tmp_path / "market.book", months=3, on_month=stop)

    assert list(tmp_path.iterdir()) == []


def test_what_stands_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "market.book"
    path.write_text("a diary")

    with pytest.raises(InputError, match="exists already"):
        write_book(a_market(), Under(policy=Nothing()), path, months=1)

    assert path.read_text() == "a diary"


def test_a_market_too_big_is_refused_before_anything_is_drawn(tmp_path: Path) -> None:
    market = a_market(customers=MOST)

    with pytest.raises(InputError, match=r"some 2,000,000 events .* 8 minutes of work"):
        write_book(market, Under(policy=Nothing()), tmp_path / "market.book", months=2)

    assert "people" not in vars(market)


def test_a_place_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="stands in no folder"):
        write_book(a_market(), Under(policy=Nothing()), tmp_path / "none" / "market.book", months=1)
