"""The page of a calibration as its reader's browser shows it."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest
from playwright.sync_api import Page

from retainsdk.whole_file import write_whole
from retainsim.calibration import Calibration, calibrate, generated
from retainsim.exports.calibrations import calibration_page
from retainsim.market import load_preset


@pytest.fixture(scope="module")
def result() -> Calibration:
    preset = load_preset("telecom")
    data = generated(preset, {"trigger": 0.2}, customers=300, months=6, seed=7)
    return calibrate(
        data,
        preset,
        parameters=["trigger", "penalty"],
        worlds=2,
        check_worlds=2,
        ranges={"trigger": (0.05, 0.3)},
    )


def shown(browser_page: Page, result: Calibration, folder: Path) -> list[str]:
    file = folder / "calibration.html"
    write_whole(file, calibration_page(result, repeat="retainsim market calibrate customers.csv"))
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    browser_page.goto(file.as_uri())
    browser_page.wait_for_function(
        "document.querySelectorAll('.chart').length === document.querySelectorAll('.chart svg').length"
    )
    return asked


def test_every_picture_is_drawn_without_a_network(page: Page, result: Calibration, tmp_path: Path) -> None:
    asked = shown(page, result, tmp_path)

    assert len(asked) == 1
    charts = page.locator(".chart")
    groups = {it.group for it in result.figures}
    assert charts.count() == len(groups) + 1
    for place in range(charts.count()):
        assert charts.nth(place).locator("svg .mark-symbol path, svg .mark-rule line").count() > 2


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_fits_its_screen(page: Page, result: Calibration, tmp_path: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    shown(page, result, tmp_path)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_says_how_data_were_read_and_what_was_found(
    page: Page, result: Calibration, tmp_path: Path
) -> None:
    shown(page, result, tmp_path)

    text = page.locator("main").inner_text()
    for sentence in (*result.findings, *result.reading, *result.definitions.values()):
        assert sentence in text
    assert "trigger" in text


def test_what_a_table_is_called_cannot_break_the_page(result: Calibration) -> None:
    hostile = "</script><script>alert(1)</script>"

    html = calibration_page(attrs.evolve(result, source=hostile, reading=(hostile,)), repeat=hostile)

    assert "<script>alert" not in html
