"""The architecture holds: its layers, its page, and what an import costs."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from golden import Golden

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src"
PAGE = ROOT / "ARCHITECTURE.md"


def linted(folder: Path) -> str:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder / "src"), "COLUMNS": "200"},
        capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip


def broken_in(report: str) -> set[str]:
    return set(re.findall(r"^(.+?) BROKEN", report, re.MULTILINE))


def test_the_layers_hold() -> None:
    report = linted(ROOT)

    assert re.search(r"Contracts: \d+ kept, 0 broken\.", report), report


@pytest.mark.parametrize(
    ("place", "line", "contract"),
    [
        ("retainsdk/errors.py", "import retainsim", "The simulator stands on the SDK"),
        ("retainsdk/errors.py", "import retainsdk.view", "Layers of the SDK"),
        ("retainsdk/helpers.py", "", "Layers of the SDK"),
        ("retainsim/helpers.py", "", "Layers of the simulator"),
        ("retainsdk/policies/peeking.py", "import retainsdk.book", "Policies see nothing but a view"),
        ("retainsdk/errors.py", "import numpy", "The domain needs no numbers library"),
        ("retainsdk/view.py", "import click", "Only the command lines know click"),
    ],
    ids=["sdk-imports-simulator", "upwards", "new-module-of-sdk", "new-module-of-simulator", "policy-reads-book",
         "numpy-below-the-view", "click-outside-cli"],
)  # fmt: skip
def test_a_planted_offence_breaks_its_contract(place: str, line: str, contract: str, tmp_path: Path) -> None:
    shutil.copytree(SRC, tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    offender = tmp_path / "src" / place
    for package in (offender.parent, tmp_path / "src/retainsdk/policies"):
        package.mkdir(exist_ok=True)
        (package / "__init__.py").touch()
    for module in (offender, tmp_path / "src/retainsdk/book.py"):
        module.write_text(
            f"{module.read_text() if module.exists() else ''}\n{line if module == offender else ''}\n"
        )

    assert contract in broken_in(linted(tmp_path))


def test_the_page_shows_the_tree_as_it_is(golden: Golden) -> None:
    before, _, rest = PAGE.read_text(encoding="utf-8").partition("<!-- modules -->\n")
    _, _, after = rest.partition("<!-- /modules -->")

    golden(PAGE, f"{before}<!-- modules -->\n{_tree()}<!-- /modules -->{after}")


def _tree() -> str:
    lines = []
    for package in ("retainsdk", "retainsim"):
        for path in sorted((SRC / package).rglob("*.py")):
            place = path.relative_to(SRC)
            name = f"{place.parent.as_posix()}/" if path.name == "__init__.py" else place.name
            depth = len(place.parent.parts) - (path.name == "__init__.py")
            lines.append(
                (place.parent.parts, path.name != "__init__.py", f"{'  ' * depth}- `{name}` {_purpose(path)}")
            )
    return "\n".join(line for *_, line in sorted(lines)) + "\n"


def _purpose(path: Path) -> str:
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return said.partition("\n\n")[0].replace("\n", " ").replace("``", "`")


def test_every_module_says_what_it_is_for() -> None:
    silent = [path for path in sorted(SRC.rglob("*.py")) if not _purpose(path)]

    assert not silent


def test_every_place_the_page_names_exists() -> None:
    text = PAGE.read_text(encoding="utf-8").partition("<!-- modules -->")[0]

    named = [
        place
        for place in re.findall(r"`([\w./-]+)`", text)
        if "/" in place or place.endswith((".md", ".toml"))
    ]

    assert named
    assert [place for place in named if not (ROOT / place).exists() and not (SRC / place).exists()] == []


def loaded_by(statement: str) -> set[str]:
    """Modules that a fresh Python has loaded after the statement, beyond those it starts with."""
    count = "import sys; before = set(sys.modules); {}; print(*(set(sys.modules) - before))"
    answer = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(SRC)!r}); " + count.format(statement)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(answer.stdout.split())


def test_importing_the_sdk_loads_neither_numbers_nor_command_line_nor_simulator() -> None:
    loaded = {name.partition(".")[0] for name in loaded_by("import retainsdk")}

    assert "retainsdk" in loaded
    assert not loaded & {"numpy", "scipy", "numba", "click", "rich", "retainsim", "hypothesis"}


def test_importing_the_sdk_stays_light() -> None:
    # the libraries it stands on load 120: dataclasses, json, sqlite3, decimal, zoneinfo, attrs, cattrs, orjson
    assert len(loaded_by("import retainsdk")) < 250
