"""
A skipped test is announced at the end with what it needs, and fails where nothing may be skipped.

The environment variable RETAIN_NOTHING_SKIPPED, set to anything, makes every skip a failure.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator

import pytest

STRICT = "RETAIN_NOTHING_SKIPPED"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        _refuse(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped:
        _refuse(report)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = Counter(_reason(report) for report in terminalreporter.getreports("skipped"))
    if skipped:
        terminalreporter.section("not run", yellow=True)
    for reason, count in sorted(skipped.items()):
        terminalreporter.write_line(f"{count} {'test was' if count == 1 else 'tests were'} skipped: {reason}")


def _refuse(report: pytest.TestReport | pytest.CollectReport) -> None:
    if os.environ.get(STRICT):
        report.longrepr = f"Nothing may be skipped while {STRICT} is set, but: {_reason(report)}"
        report.outcome = "failed"


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    return str(report.longrepr)
