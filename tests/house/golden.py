"""Long outputs are compared with files that a person has read: ``pytest --bless`` accepts, the diff is reviewed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"

Golden = Callable[[str | Path, str], None]
"""``golden(name, text)``: *name* stands in ``tests/golden``; a path may stand anywhere in the project."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bless", action="store_true", help="accept what golden files are compared with")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text with its golden file, or write the file under ``--bless``."""

    def compare(name: str | Path, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--bless"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        if not path.exists():
            pytest.fail(f"{path} does not exist; pytest --bless writes it", pytrace=False)
        expected = path.read_text(encoding="utf-8")

        assert text == expected, f"{path} differs; if the new text is right: pytest --bless"

    return compare
