"""Pages keep what they promise: every link leads somewhere, every rule of the field has its row."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "changelog.d").glob("*.md")])
SHELVES = ("tutorials", "how-to", "reference", "reference/rules", "explanation")
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")

RULES = [
    f"{letter}{n}" for letter, last in zip("ABCDE", (8, 8, 10, 9, 8), strict=True) for n in range(1, last + 1)
]
PLACES = ("SDK", "market", "training")
MEANINGLESS = {
    "SDK": {"A8", "D4", "E8"},
    "market": {"C7", "D9"},
    "training": {"A8", "B4", "B5", "C9", "C10", "D1", "D3", "D5", "D6", "D7", "D9", "E3", "E4", "E6", "E7", "E8"},
}  # fmt: skip


def rows_of(page: Path) -> list[list[str]]:
    lines = page.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]


CONCEPTS = {row[0]: row[1:] for row in rows_of(DOCS / "concepts.md") if row[0] != "id"}
CELLS = [
    (rule, place, cell) for rule, row in CONCEPTS.items() for place, cell in zip(PLACES, row[1:], strict=True)
]


@cache
def names_in(path: Path) -> set[str]:
    """Functions, classes and module-level names of a Python file, methods as ``Class.method``."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        found |= {target.id for target in targets if isinstance(target, ast.Name)}
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{part.name}" for part in node.body if isinstance(part, ast.FunctionDef)}
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_to_what_it_names(page: Path) -> None:
    broken = []
    for text, target in LINK.findall(page.read_text(encoding="utf-8")):
        file = page.parent / target.partition("#")[0]
        if target.startswith(("http", "#")):
            continue
        if not file.exists():
            broken.append(f"{target}: no such file")
        elif file.suffix == ".py" and text.startswith("`") and text.strip("`") not in names_in(file):
            broken.append(f"{target}: has no {text}")

    assert not broken


def test_every_rule_of_the_field_has_its_row_in_order() -> None:
    assert list(CONCEPTS) == RULES


@pytest.mark.parametrize(("rule", "place", "cell"), CELLS, ids=lambda cell: cell if len(cell) < 9 else "")
def test_a_cell_is_open_or_meaningless_or_links_code_and_test(rule: str, place: str, cell: str) -> None:
    targets = [target for _, target in LINK.findall(cell)]

    assert (cell == "–") == (rule in MEANINGLESS[place])
    if cell not in {"open", "–"}:
        assert any("/src/" in target for target in targets)
        assert any("/tests/" in target for target in targets)
        assert cell.startswith("partly: ") == ("; open: " in cell)


@pytest.mark.parametrize(("rule", "place", "cell"), CELLS, ids=lambda cell: cell if len(cell) < 9 else "")
def test_what_a_book_can_do_about_a_rule_is_told_by_a_story_that_bears_its_id(
    rule: str, place: str, cell: str
) -> None:
    stories = [
        text
        for text, target in LINK.findall(cell)
        if "/stories/" in target and text.startswith(f"`test_{rule.lower()}_")
    ]

    assert stories or place != "SDK" or cell in {"open", "–"}


def test_every_story_is_linked_from_the_rule_it_tells() -> None:
    told = {
        name
        for file in (ROOT / "tests" / "retainsdk" / "stories").glob("test_*.py")
        for name in names_in(file)
        if re.match(r"test_[a-e]\d+_", name)
    }
    linked = {text.strip("`") for _, place, cell in CELLS for text, _ in LINK.findall(cell) if place == "SDK"}

    assert not told - linked


@pytest.mark.parametrize("shelf", SHELVES)
def test_a_shelf_lists_exactly_what_stands_on_it(shelf: str) -> None:
    index = DOCS / shelf / "index.md"

    targets = {target for _, target in LINK.findall(index.read_text(encoding="utf-8"))}
    listed = {target.removesuffix("/index.md") for target in targets if not target.startswith("../")}

    pages = {page.name for page in (DOCS / shelf).iterdir() if page.suffix != ".svg"}
    assert listed == pages - {"index.md"}


def test_every_term_of_the_glossary_has_a_meaning_and_stands_once_in_its_place() -> None:
    terms = [row for row in rows_of(DOCS / "glossary.md") if row[0] != "term"]

    assert all(len(row) == 4 and row[1] for row in terms)
    assert len({row[0] for row in terms}) == len(terms)
    assert terms == sorted(terms, key=lambda row: row[0].lower().removeprefix("to "))
