"""
Claims that take hours to prove are proved by ``make certify`` and kept as certificates.

A test that backs a claim carries the mark ``certified(name, covers)`` and uses two fixtures. `size` gives the sample
size: small in every run, full under ``--certify``. `certificate` keeps the figures that come out; under ``--certify``
they are written to ``docs/certificates/<name>.json`` once the test has passed, with the seeds, the versions and a
digest of the code they speak of. A certificate whose digest still holds is not made again, so a stopped run goes on
where it stopped. Every run ends by naming the certificates older than their code.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[2]
PACKAGES = ("retainsdk", "numpy", "numba")

Size = Callable[[int, int], int]
"""``size(small, full)``: the small sample in every run, the full one under ``--certify``."""

_PASSED = pytest.StashKey[bool]()


@attrs.define
class Certificate:
    """
    What a test has shown.

    Attributes:
        name: Of the file it is kept in.
        covers: Files and folders the claim speaks of, from the root of the project.
        figures: What came out, with names a reader understands.
        seeds: Of every random draw.
    """

    name: str
    covers: tuple[str, ...]
    figures: dict[str, Any] = attrs.field(factory=dict)
    seeds: list[int] = attrs.field(factory=list)

    def record(
        self, figures: Mapping[str, float | str | Sequence[float]], *, seeds: Sequence[int] = ()
    ) -> None:
        """Keep some more figures, and the seeds they came from."""
        self.figures |= figures
        self.seeds += seeds


def digest(root: Path, covers: Sequence[str]) -> str:
    """Of every file covered; a file that is gone changes it too."""
    found = hashlib.blake2b(digest_size=16)
    for place in covers:
        for path in [root / place, *sorted((root / place).rglob("*"))]:
            if path.is_file() and "__pycache__" not in path.parts:
                found.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def stale(root: Path) -> list[str]:
    """Names of the certificates in the project that are older than their code."""
    kept = sorted((root / "docs" / "certificates").glob("*.json"))
    return [path.stem for path in kept if not _is_current(root, path.stem)]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--certify", action="store_true", help="full sample sizes; writes docs/certificates")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--certify"):
        settings.load_profile("certify")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    certifying = config.getoption("--certify")

    def is_due(item: pytest.Item) -> bool:
        if not certifying:
            return item.get_closest_marker("long") is None
        mark = item.get_closest_marker("certified")
        return mark is None or not _is_current(config.rootpath, _claimed(mark, item).name)

    due = [item for item in items if is_due(item)]
    if len(due) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if not is_due(item)])
        items[:] = due


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[_PASSED] = report.passed
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    names = stale(config.rootpath)
    if names:
        terminalreporter.section("stale certificates", yellow=True)
        terminalreporter.write_line("Older than the code they speak of; `make certify` renews them:")
        terminalreporter.write_line("  " + ", ".join(names))


@pytest.fixture
def size(request: pytest.FixtureRequest) -> Size:
    """The sample size of a proof."""
    certifying = request.config.getoption("--certify")
    return lambda small, full: full if certifying else small


@pytest.fixture
def certificate(request: pytest.FixtureRequest) -> Iterator[Certificate]:
    """Keeps the figures of a test marked `certified`, and writes them under ``--certify`` once it has passed."""
    item: pytest.Item = request.node
    mark = item.get_closest_marker("certified")
    if mark is None:
        pytest.fail(
            "a test that uses `certificate` carries the mark `certified(name, covers)`", pytrace=False
        )
    kept, started = _claimed(mark, item), time.perf_counter()
    yield kept
    if request.config.getoption("--certify") and item.stash.get(_PASSED, False):
        if not kept.figures:
            pytest.fail(f"the certificate {kept.name} has no figures", pytrace=False)
        _write(request.config.rootpath, kept, item, seconds=round(time.perf_counter() - started))


def _claimed(mark: pytest.Mark, item: pytest.Item) -> Certificate:
    name, covers = mark.args
    own = item.path.relative_to(item.config.rootpath).as_posix()
    missing = [place for place in covers if not (item.config.rootpath / place).exists()]
    if missing:
        msg = f"{item.nodeid}: the mark `certified` names what does not exist: {', '.join(missing)}"
        raise pytest.UsageError(msg)
    return Certificate(name, (*covers, own))


def _is_current(root: Path, name: str) -> bool:
    path = root / "docs" / "certificates" / f"{name}.json"
    if not path.exists():
        return False
    kept = json.loads(path.read_text(encoding="utf-8"))
    return bool(kept["digest"] == digest(root, kept["covers"]))


def _write(root: Path, kept: Certificate, item: pytest.Item, *, seconds: int) -> None:
    path = root / "docs" / "certificates" / f"{kept.name}.json"
    content = {
        "claim": item.name.split("[")[0].removeprefix("test_").replace("_", " "),
        "test": item.nodeid,
        "figures": kept.figures,
        "seeds": kept.seeds,
        "seconds": seconds,
        "versions": {"python": platform.python_version(), **_versions()},
        "platform": f"{sys.platform} {platform.machine()}",
        "covers": kept.covers,
        "digest": digest(root, kept.covers),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = path.with_suffix(".part")
    whole.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    whole.replace(path)


def _versions() -> dict[str, str]:
    known = {found.name: found.version for found in metadata.distributions() if found.name in PACKAGES}
    return {name: known[name] for name in PACKAGES if name in known}
