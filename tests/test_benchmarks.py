"""The benchmarks still run, all of them, and print their tables. What they find here means nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import BENCHMARKS, filled

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", BENCHMARKS)
def test_each_runs_and_prints_its_table(name: str, postgres_url: str, tmp_path: Path) -> None:
    report_path, picture = tmp_path / "report.json", tmp_path / "growth.png"
    command = [sys.executable, "-m", "tests.benchmarks", "--quick", "--only", name]
    done = subprocess.run(
        [*command, "--json", str(report_path), "--picture", str(picture)],
        cwd=ROOT, env={**os.environ, "TEST_DATABASE_URL": postgres_url}, capture_output=True, text=True, timeout=300,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    report = json.loads(report_path.read_text(encoding="utf-8"))
    section = report["sections"][name]
    assert section["rows"]
    assert all(row["subject"] in done.stdout and row["figures"] in done.stdout for row in section["rows"])
    assert all(any(word in str(row) for row in section["rows"]) for word in _databases(name))
    assert picture.is_file() == (name == "growth")
    written = filled("before\n<!-- bench -->\nearlier figures\n<!-- /bench -->\nafter\n", report)
    assert written.startswith("before\n")
    assert "earlier figures" not in written
    assert all(f"| {row['subject']} |" in written for row in section["rows"])


def _databases(name: str) -> tuple[str, ...]:
    return () if name == "matching" else ("SQLite", "PostgreSQL")
