"""The page as its reader's browser shows it, and what it says in words."""

from __future__ import annotations

import io
import re
from pathlib import Path

import attrs
import pytest
from playwright.sync_api import Page
from rich.console import Console

from retainsdk import policies
from retainsdk.policies.bear_hug import BearHug
from retainsdk.whole_file import write_whole
from retainsim.experiment import Comparison, Setting, compare
from retainsim.exports import comparison_table, words
from retainsim.exports.report import page as render

SMALL = Setting(customers=150, months=8, worlds=8, seed=2)
SCHOOLS = ("random", "bear_hug", "early_warning", "promise_keeper")


@pytest.fixture(scope="module")
def result() -> Comparison:
    return compare([policies.get(name) for name in SCHOOLS], SMALL)


@pytest.fixture(scope="module")
def same() -> Comparison:
    return compare([policies.get("none")], SMALL)


def shown(browser_page: Page, comparison: Comparison, folder: Path) -> list[str]:
    """Opens the report and returns what the browser asked for."""
    file = folder / "report.html"
    write_whole(file, render(comparison, repeat="retainsim compare none --seed 2"))
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    browser_page.goto(file.as_uri())
    browser_page.wait_for_function(
        "document.querySelectorAll('.chart').length === document.querySelectorAll('.chart svg').length"
    )
    return asked


MARKS = "svg .mark-line path, svg .mark-rect path, svg .mark-symbol path, svg .mark-rule line"


def test_every_chart_is_drawn_without_a_network(page: Page, result: Comparison, tmp_path: Path) -> None:
    asked = shown(page, result, tmp_path)

    assert len(asked) == 1
    charts = page.locator(".chart")
    assert charts.count() >= 5 + len(SCHOOLS)
    for place in range(charts.count()):
        assert charts.nth(place).locator(MARKS).count() > 1


def test_every_chart_says_what_it_shows_to_who_cannot_see_it(
    page: Page, result: Comparison, tmp_path: Path
) -> None:
    shown(page, result, tmp_path)

    for chart in page.locator(".chart").all():
        assert chart.get_attribute("aria-label")
        assert chart.locator("svg").first.get_attribute("aria-label") or chart.locator("[aria-label]").count()
    assert page.locator("figcaption").count() == page.locator("figure").count()


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_page_fits_its_screen_and_no_chart_is_clipped(
    page: Page, result: Comparison, tmp_path: Path, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    shown(page, result, tmp_path)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    clipped = page.evaluate(
        """() => [...document.querySelectorAll('.chart svg text')].filter(text => {
            const [inner, outer] = [text.getBoundingClientRect(), text.closest('.chart').getBoundingClientRect()];
            return inner.width && (inner.right > outer.right + 1 || inner.left < outer.left - 1);
        }).map(text => text.textContent)"""
    )
    assert clipped == []


def test_the_reader_chooses_whose_reasons_he_sees(page: Page, result: Comparison, tmp_path: Path) -> None:
    shown(page, result, tmp_path)
    bars = page.locator("#chart-reasons-1 svg .mark-rect path")
    before = [bars.nth(place).get_attribute("d") for place in range(bars.count())]

    page.locator("#chart-reasons-1 select").select_option("bear_hug")
    page.wait_for_timeout(300)

    assert [bars.nth(place).get_attribute("d") for place in range(bars.count())] != before


def test_a_page_of_one_policy_with_itself_reads_sensibly(
    page: Page, same: Comparison, tmp_path: Path
) -> None:
    shown(page, same, tmp_path)

    assert page.locator("h1").inner_text() == "none and none are identical: 0 exactly, in all 8 worlds."
    text = page.locator("main").inner_text()
    assert "That is the test that twins are twins." in text
    assert "No policy keeps clearly more customers" in text
    assert not re.search(r"\bnan\b|None|undefined|inf\b", text)


def test_the_page_says_what_it_does_not_mean(result: Comparison) -> None:
    html = render(result, repeat="x")

    assert "no figure here is a measurement of any real firm" in html
    assert result.manifest.setting_hash in html
    assert 'http-equiv="Content-Security-Policy" content="default-src \'none\'' in html


def test_what_an_author_calls_his_policy_cannot_break_the_page() -> None:
    hostile = "</script><script>alert(1)</script>"
    result = compare([BearHug()], Setting(customers=20, months=2, worlds=1))
    result = attrs.evolve(result, arms=(attrs.evolve(result.arms[0], policy=hostile),), title=hostile)

    html = render(result, repeat=hostile)

    assert "<script>alert" not in html


def test_the_headline_names_winners_and_losers(result: Comparison) -> None:
    decided = {arm.policy for arm in result.arms if arm.effects[words.PROFIT].verdict in ("better", "worse")}

    headline = words.headline(result)

    assert all((arm.policy in headline) == (arm.policy in decided) for arm in result.arms)


def test_what_is_not_decided_is_said(result: Comparison) -> None:
    undecided = [arm.policy for arm in result.arms if arm.effects[words.PROFIT].verdict == "not decided"]

    told = " ".join(words.limits(result))

    assert undecided
    assert f"do not settle {undecided[0]}" in told


def test_a_policy_is_explained_from_what_it_did(result: Comparison) -> None:
    told = dict(words.explanation(result.arms[1], result))

    assert result.arms[1].policy == "bear_hug"
    assert "offer price" in told["What it did"]
    assert "concessions" in told["Where the money went"]
    assert (
        "whoever is kept by price leaves for price" in told["Why"] or "price offers were made" in told["Why"]
    )


def test_the_parts_told_add_up_to_the_difference_told(result: Comparison) -> None:
    for arm in result.arms:
        told = dict(words.explanation(arm, result))["Where the money went"]
        total, *rest = [float(t.replace("−", "-")) for t in re.findall(r"[+−][\d,.]+\d", told)]

        assert sum(rest) == pytest.approx(total, abs=0.06 * 6)


def test_the_terminal_table_fits_eighty_columns(result: Comparison, same: Comparison) -> None:
    result = attrs.evolve(result, arms=(*result.arms, *same.arms))
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(comparison_table(result))

    text = console.export_text()
    assert "bear_hug" in text
    assert "±" in text
    assert "Simulated customers" in " ".join(text.split())
    assert "…" not in text
    assert all(len(line) <= 80 for line in text.splitlines())
