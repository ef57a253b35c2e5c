"""``python -m tests.run``: every tier in a pytest process of its own, one line of totals at the end.

The tiers cannot share a process: TensorFlow, the browser's event loop and the fast tests disturb each
other. A tier whose folder holds no tests is left out.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

TIERS = ("fast", "nlu", "e2e", "e2e_browser")
PROJECT = Path(__file__).parents[1]
_NOTHING_COLLECTED = 5  # pytest's exit code


@dataclass(frozen=True)
class Totals:
    """How many tests ended how; errors in set-up or collection count as failed."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped
        )

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def run(folder: Path, project: Path = PROJECT) -> Totals:
    """Run one tier, its output streamed. A process that ends badly without a failed test counts as one."""
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.xml"
        command = [sys.executable, "-m", "pytest", str(folder), "-q", f"--junitxml={report}"]
        code = subprocess.run(command, cwd=project).returncode
        totals = read(report) if report.exists() else Totals()
    if code not in (0, _NOTHING_COLLECTED) and not totals.failed:
        return totals + Totals(failed=1)
    return totals


def read(report: Path) -> Totals:
    """Sum a JUnit report."""
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    tests = _sum(suites, "tests")
    failed = _sum(suites, "failures") + _sum(suites, "errors")
    skipped = _sum(suites, "skipped")
    return Totals(max(0, tests - failed - skipped), failed, skipped)


def _sum(suites: Iterable[ElementTree.Element], count: str) -> int:
    return sum(int(suite.get(count, 0)) for suite in suites)


def main(project: Path = PROJECT) -> int:
    """Run the tiers, print the totals; the exit code is 1 when anything failed."""
    total = Totals()
    for tier in TIERS:
        folder = project / "tests" / tier
        if any(folder.rglob("test_*.py")):
            print(f"── {tier} ──", flush=True)
            total += run(folder, project)
    print(total, flush=True)
    return 1 if total.failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
