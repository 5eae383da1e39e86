from __future__ import annotations

from pathlib import Path

import pytest

from retainsdk.errors import StoreError
from retainsdk.whole_file import write_whole


def test_a_file_that_cannot_be_finished_leaves_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    write_whole(file, "old")

    with pytest.raises(TypeError):
        write_whole(file, 5)  # type: ignore[arg-type] # whatever goes wrong in the middle

    assert file.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.html"]


def test_a_place_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        write_whole(tmp_path / "nowhere" / "report.html", "new")
