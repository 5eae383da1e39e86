"""
Bugs planted on purpose: each mutant names the test that must go red.

``tests/mutants/<name>.patch`` starts with two lines, ``Mutant: <what is broken>`` and ``Caught by: <test>``.
Every run checks that the patch still applies; ``make certify`` applies it to a copy and runs the test there.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import attrs
import pytest
from certificates import Certificate

ROOT = Path(__file__).parents[1]
BUILT = shutil.ignore_patterns("__pycache__", "mutants", "golden", "*.nbi", "*.nbc")


@attrs.frozen
class Mutant:
    name: str
    effect: str
    caught_by: str
    files: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Mutant:
        text = path.read_text(encoding="utf-8")
        header = re.match(r"Mutant: (.+)\nCaught by: (\S+)\n", text)
        if header is None:
            msg = f"{path} must begin with the lines 'Mutant: …' and 'Caught by: …'"
            raise ValueError(msg)
        return cls(path.stem, header[1], header[2], tuple(re.findall(r"^\+\+\+ b/(\S+)", text, re.MULTILINE)))


MUTANTS = [Mutant.read(path) for path in sorted((ROOT / "tests" / "mutants").glob("*.patch"))]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_applies_to_the_code_and_names_a_test(mutant: Mutant) -> None:
    file, _, name = mutant.caught_by.partition("::")

    checked = subprocess.run(
        ["git", "apply", "--check", f"tests/mutants/{mutant.name}.patch"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert checked.returncode == 0, checked.stderr
    assert f"def {name.split('[')[0]}(" in (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.long
@pytest.mark.parametrize(
    "mutant",
    [
        pytest.param(
            mutant,
            id=mutant.name,
            marks=pytest.mark.certified(
                f"mutant-{mutant.name}",
                [*mutant.files, f"tests/mutants/{mutant.name}.patch", mutant.caught_by.partition("::")[0]],
            ),
        )
        for mutant in MUTANTS
    ],
)
def test_a_mutant_is_caught(mutant: Mutant, certificate: Certificate, tmp_path: Path) -> None:
    for folder in ("src", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=BUILT)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)

    healthy = _run(mutant, tmp_path)
    subprocess.run(
        ["git", "apply", str(ROOT / "tests" / "mutants" / f"{mutant.name}.patch")],
        cwd=tmp_path, check=True,
    )  # fmt: skip
    broken = _run(mutant, tmp_path)

    certificate.record({"broken": mutant.effect, "caught by": mutant.caught_by, "outcome": "caught"})
    assert healthy.returncode == pytest.ExitCode.OK, healthy.stdout
    assert broken.returncode == pytest.ExitCode.TESTS_FAILED, broken.stdout


def _run(mutant: Mutant, copy: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        "--hypothesis-profile=ci",
    ]
    return subprocess.run(
        [*command, mutant.caught_by],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy / "src")},  # before an installed package
        capture_output=True, text=True, check=False,
    )  # fmt: skip
