"""
Take the README's pictures from a report: ``python docs/pictures/take.py out/demo/report.html``.

Needs Chromium, and Playwright from the extra ``dev``.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURES = ("worth", "leave")
"""Sections of the report, each a picture of that name."""


def main(report: Path) -> None:
    """One picture a section."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1100, "height": 900})
        page.goto(report.resolve().as_uri())
        page.wait_for_selector("svg")
        for name in PICTURES:
            section = page.locator(f"section[aria-labelledby={name}]")
            section.screenshot(path=Path(__file__).with_name(f"{name}.png"))
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
