"""A check as a table and as a page in its reader's browser."""

from __future__ import annotations

import io
import re
from pathlib import Path

import attrs
import pytest
from playwright.sync_api import Page
from rich.console import Console

from retainsdk.whole_file import write_whole
from retainsim.exports.checks import check_page, check_table, told
from retainsim.market import load_preset
from retainsim.market.checks import FACTS, THEMES, Band, Check, Figure, Finding, Size, Verdict, check

pytestmark = pytest.mark.xdist_group("pages of a check")


@pytest.fixture(scope="module")
def result() -> Check:
    return check(load_preset("telecom"), Size(worlds=2, customers=100))


def shown(browser_page: Page, checked: Check, folder: Path) -> list[str]:
    """Opens the page and returns what the browser asked for."""
    file = folder / "check.html"
    write_whole(file, check_page(checked, repeat="retainsim market check telecom --seed 1"))
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    browser_page.goto(file.as_uri())
    browser_page.wait_for_function(
        "document.querySelectorAll('.chart').length === document.querySelectorAll('.chart svg').length"
    )
    return asked


MARKS = "svg .mark-line path, svg .mark-rect path, svg .mark-symbol path, svg .mark-rule line"


def test_every_fact_and_theme_is_drawn_without_a_network(page: Page, result: Check, tmp_path: Path) -> None:
    asked = shown(page, result, tmp_path)

    measured = sum(finding.figure is not None for finding in result.findings)
    charts = page.locator(".chart")
    assert len(asked) == 1
    assert charts.count() == measured + len(result.pictures)
    assert set(result.pictures) == {theme.id for theme in THEMES} - {
        "accounts"
    }  # customers of telecom are people
    for place in range(charts.count()):
        assert charts.nth(place).locator(MARKS).count() >= 1


def test_the_page_says_each_fact_its_figure_its_band_and_what_would_make_it_fail(
    page: Page, result: Check, tmp_path: Path
) -> None:
    shown(page, result, tmp_path)

    for finding in result.findings:
        section = page.locator(f"#fact-{finding.fact.id.replace('.', '-')}")
        words = section.text_content() or ""
        assert finding.fact.sentence in words
        assert told(finding) in words
        assert str(finding.verdict) in words
        assert finding.fact.breaks in words
        assert finding.fact.source in words


def test_the_band_is_drawn_beneath_the_figure(page: Page, result: Check, tmp_path: Path) -> None:
    shown(page, result, tmp_path)

    strip = page.locator("#chart-bear_hug-calm-1")
    assert strip.locator("svg .mark-rect path").count() == 1
    assert strip.locator("svg .role-mark.mark-rule line").count() == 1


def test_what_a_market_does_not_aim_at_stands_there_with_its_reason(
    page: Page, result: Check, tmp_path: Path
) -> None:
    declined = attrs.evolve(
        result.findings[0], figure=None, verdict=Verdict.NOT_AIMED_AT, note="<b>Nobody</b> stays here."
    )

    shown(page, attrs.evolve(result, findings=(declined, *result.findings[1:])), tmp_path)

    section = page.locator("#fact-hazard-model")
    assert "<b>Nobody</b> stays here." in (section.text_content() or "")
    assert section.locator(".chart").count() == 0


def test_the_table_has_a_row_for_each_fact_with_figure_band_and_verdict(result: Check) -> None:
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(check_table(result))
    text = console.export_text()

    for finding in result.findings:
        row = next(line for line in text.splitlines() if line.strip().startswith(finding.fact.id))
        assert told(finding) in row
        assert str(finding.verdict) in row
    assert re.search(rf"Of {len(FACTS)} facts, \d+ ", text)


def a_finding(figure: Figure | None) -> Finding:
    fact = attrs.evolve(FACTS[0], unit="%", band=Band(0.0, 9.0))
    return Finding(fact=fact, figure=figure, verdict=Verdict.HOLDS)


def test_figures_are_told_with_their_standard_error_or_exact_interval() -> None:
    usual = Figure(value=-6.414, low=-7.0, high=-5.0, se=0.25, worlds=9)
    share = Figure(value=95.0, low=81.2, high=99.1, se=None, worlds=20)

    assert told(a_finding(usual)) == "−6.41 ± 0.25 %"
    assert told(a_finding(share)) == "95.0 (81 to 99) %"
    assert told(a_finding(None)) == "–"
