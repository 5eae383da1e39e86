"""The suite's own machinery: golden files, skips, certificates and the browser, tried on suites written here."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import untraced
from browser import ABSENT, installed
from hypothesis import settings

pytest_plugins = ("pytester",)

HOUSE = Path(__file__).parent / "house"
CERTIFIED = """
    import pytest

    @pytest.mark.certified("even", ["code.txt"])
    def test_the_sample_is_even(certificate, size):
        certificate.record({"n": size(2, 2_000)}, seeds=[7])
"""


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.Pytester]:
    """An empty suite that uses the plug-ins of this one."""
    monkeypatch.delenv("RETAIN_NOTHING_SKIPPED", raising=False)
    pytester.makeini("[pytest]\nmarkers =\n  certified\n  long\naddopts = -p no:cacheprovider")
    pytester.makeconftest("pytest_plugins = ('certificates', 'golden', 'skips')")
    (pytester.path / "code.txt").write_text("the code the claim speaks of")
    profile = settings.get_current_profile_name()
    yield pytester
    settings.load_profile(profile)


def outcome(suite: pytest.Pytester, *options: str, **expected: int) -> str:
    result = suite.runpytest_inprocess(*options)
    result.assert_outcomes(**expected)
    return result.stdout.str()


def kept(suite: pytest.Pytester) -> Path:
    return suite.path / "docs" / "certificates" / "even.json"


def test_a_skip_is_announced_at_the_end_with_what_it_needs(suite: pytest.Pytester) -> None:
    suite.makepyfile("import pytest\ndef test_page(): pytest.skip('no Chromium; apt-get install chromium')")

    said = outcome(suite, skipped=1)

    assert "1 test was skipped: no Chromium; apt-get install chromium" in said


def test_a_skip_fails_where_nothing_may_be_skipped(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETAIN_NOTHING_SKIPPED", "1")
    suite.makepyfile("import pytest\ndef test_page(): pytest.skip('no Chromium')")

    assert "Nothing may be skipped" in outcome(suite, failed=1)


def test_a_module_that_skips_itself_fails_where_nothing_may_be_skipped(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETAIN_NOTHING_SKIPPED", "1")
    suite.makepyfile("import pytest\npytest.importorskip('no_such_thing')\ndef test_page(): pass")

    assert "Nothing may be skipped" in outcome(suite, errors=1)


def test_a_golden_file_is_written_when_blessed_and_compared_ever_after(suite: pytest.Pytester) -> None:
    report = suite.path / "report.txt"
    suite.makepyfile(f"def test_report(golden): golden({str(report)!r}, 'all is well')")

    assert "pytest --bless writes it" in outcome(suite, failed=1)
    outcome(suite, "--bless", passed=1)
    outcome(suite, passed=1)
    report.write_text("nothing is well")
    assert "if the new text is right: pytest --bless" in outcome(suite, failed=1)


def test_a_usual_run_takes_the_small_sample_and_writes_no_certificate(suite: pytest.Pytester) -> None:
    suite.makepyfile(CERTIFIED + "        assert size(2, 2_000) == 2")

    outcome(suite, passed=1)

    assert not kept(suite).exists()


def test_certifying_takes_the_full_sample_and_keeps_figures_seeds_versions_and_digest(
    suite: pytest.Pytester,
) -> None:
    suite.makepyfile(CERTIFIED)

    outcome(suite, "--certify", passed=1)

    content = json.loads(kept(suite).read_text(encoding="utf-8"))
    assert content["figures"] == {"n": 2_000}
    assert content["seeds"] == [7]
    assert {"python", "numpy"} <= set(content["versions"])
    assert content["claim"] == "the sample is even"
    assert content["covers"][0] == "code.txt"


def test_a_certificate_that_holds_is_not_made_again_until_its_code_changes(suite: pytest.Pytester) -> None:
    suite.makepyfile(CERTIFIED)
    outcome(suite, "--certify", passed=1)

    outcome(suite, "--certify", deselected=1)
    (suite.path / "code.txt").write_text("changed")

    assert "renews them" in outcome(suite, passed=1)
    assert "renews them" not in outcome(suite, "--certify", passed=1)


def test_a_claim_that_fails_gets_no_certificate(suite: pytest.Pytester) -> None:
    suite.makepyfile(CERTIFIED + "        assert False")

    outcome(suite, "--certify", failed=1)

    assert not kept(suite).exists()


def test_a_claim_without_figures_gets_no_certificate(suite: pytest.Pytester) -> None:
    suite.makepyfile(CERTIFIED.replace('certificate.record({"n": size(2, 2_000)}, seeds=[7])', "pass"))

    assert "has no figures" in outcome(suite, "--certify", passed=1, errors=1)


def test_a_claim_about_code_that_does_not_exist_is_refused(suite: pytest.Pytester) -> None:
    suite.makepyfile(CERTIFIED.replace("code.txt", "gone.txt"))

    assert "names what does not exist: gone.txt" in outcome(suite, errors=1)


def test_a_long_test_runs_only_when_certifying(suite: pytest.Pytester) -> None:
    suite.makepyfile("import pytest\n@pytest.mark.long\ndef test_for_hours(): pass")

    outcome(suite, deselected=1)
    outcome(suite, "--certify", passed=1)


@pytest.mark.skipif(installed() is None, reason=ABSENT)
def test_a_page_whose_script_fails_fails_its_test(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(HOUSE))
    suite.makeconftest("pytest_plugins = ('browser',)")
    suite.makepyfile("""
        import pytest

        @pytest.mark.parametrize("script", [
            "document.title = 'drawn'",
            "nothing.at.all()",
            "console.error('no chart')",
            "fetch('https://example.org/x')",
        ])
        def test_page(page, script):
            page.set_content(f"<!doctype html><title>page</title><script>{script}</script>")
            page.wait_for_timeout(300)
    """)

    result = suite.runpytest_subprocess()  # two browsers cannot be driven from one process

    result.assert_outcomes(passed=4, errors=3)
    for complaint in ("nothing is not defined", "no chart", "ERR_INTERNET_DISCONNECTED"):
        assert complaint in result.stdout.str()


# coverage


def test_a_world_is_traced_in_its_first_months_and_what_comes_after_it_always(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(untraced, "_months_of_this_test", 0)
    lived: list[bool] = []
    kernel = SimpleNamespace(month=lambda: lived.append(sys.gettrace() is ours))
    untraced._spare(kernel, "month", is_month=True)
    untraced._spare(kernel, "month", is_month=True)  # once is enough

    def ours(*_: object) -> None:
        """Follows nothing."""

    usual = sys.gettrace()
    sys.settrace(ours)
    try:
        for _ in range(untraced.TRACED_MONTHS + 2):
            kernel.month()
        after = sys.gettrace()
    finally:
        sys.settrace(usual)

    assert lived == [True] * untraced.TRACED_MONTHS + [False] * 2
    assert after is ours
