"""The benchmarks still run, all of them, and print their tables. What they find here means nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.__main__ import BENCHMARKS, filled

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def quick(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any]]:
    """What a quick run of all of them prints, and its report."""
    folder = tmp_path_factory.mktemp("bench")
    command = [sys.executable, "-m", "tests.benchmarks", "--quick"]
    done = subprocess.run(
        [*command, "--json", str(folder / "report.json"), "--picture", str(folder / "growth.png")],
        cwd=ROOT, env={**os.environ, "TEST_DATABASE_URL": postgres_url}, capture_output=True, text=True, timeout=500,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (folder / "growth.png").is_file()
    return done.stdout, json.loads((folder / "report.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", BENCHMARKS)
def test_each_runs_and_prints_its_table(quick: tuple[str, dict[str, Any]], name: str) -> None:
    printed, report = quick
    rows = report["sections"][name]["rows"]
    assert rows
    assert all(row["subject"] in printed and row["figures"] in printed for row in rows)
    assert all(any(word in str(row) for row in rows) for word in _databases(name))
    written = filled("before\n<!-- bench -->\nearlier figures\n<!-- /bench -->\nafter\n", report)
    assert written.startswith("before\n")
    assert "earlier figures" not in written
    assert all(f"| {row['subject']} |" in written for row in rows)


def _databases(name: str) -> tuple[str, ...]:
    return () if name == "matching" else ("SQLite", "PostgreSQL")
