"""Pages are tested in the Chromium that the system has; a page whose scripts fail fails its test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",  # containers run tests as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ABSENT = "no Chromium on this machine; on Debian and Ubuntu: apt-get install chromium fonts-dejavu-core"


def installed() -> str | None:
    """Where this machine has its Chromium; none when it has none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="module")  # while it is open no other code can run an event loop
def chromium() -> Iterator[Browser]:
    """A running Chromium, or a skip that says how to get one."""
    path = installed()
    if path is None:
        pytest.skip(ABSENT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """
    An empty page without a network: whatever it asks for outside its own file counts as an error.

    Errors of scripts, of the console and of loading fail the test when it ends.
    """
    errors: list[str] = []
    context = chromium.new_context(offline=True)
    shown = context.new_page()

    def script_failed(error: Error) -> None:
        errors.append(str(error))

    def console_spoke(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    shown.on("pageerror", script_failed)
    shown.on("console", console_spoke)
    yield shown
    context.close()

    assert not errors, "the page reported: " + "; ".join(errors)
