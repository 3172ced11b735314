"""The run that decides on a change, with stand-ins for all that it calls: what fails fails it, and is said."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

_MAKE = """#!/bin/sh
case "$*" in
  *lint*) echo "lint: looked"; echo $$ >"$MARKS/look"; [ -z "$SLOW" ] || exec sleep 60; exit "$LINT" ;;
  test) while [ ! -e "$MARKS/look" ]; do sleep 0.05; done; [ -z "$SLOW" ] || sleep 60; exit "$TESTS" ;;
esac
"""


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    stand_ins = tmp_path / "bin"
    stand_ins.mkdir()
    for name in ("ls", "node", "npm", "chromium"):
        (stand_ins / name).symlink_to(shutil.which("true") or "/bin/true")
    (stand_ins / "make").write_text(_MAKE)
    (stand_ins / "make").chmod(0o755)
    (tmp_path / ".ci").mkdir()
    shutil.copy(Path(__file__).parent.parent / ".ci/run", tmp_path / ".ci/run")
    return tmp_path


def _start(marks: Path, **how: str) -> subprocess.Popen[str]:
    given = {"MARKS": str(marks), "SLOW": "", "LINT": "0", "TESTS": "0", **how}
    path = f"{marks / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.Popen(
        ["bash", marks / ".ci/run"],
        env={**os.environ, **given, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@pytest.mark.parametrize(("lint", "tests", "code"), [("0", "0", 0), ("2", "0", 2), ("0", "1", 1), ("2", "1", 2)])
def test_what_fails_fails_the_run_and_is_said(marks: Path, lint: str, tests: str, code: int) -> None:
    run = _start(marks, LINT=lint, TESTS=tests)
    said, _ = run.communicate(timeout=30)
    assert run.returncode == code, said
    assert said.count("lint: looked") == 1


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_aborted_leaves_nothing_behind(marks: Path, by: signal.Signals) -> None:
    run = _start(marks, SLOW="yes")
    until = time.monotonic() + 20
    while not ((marks / "look").exists() and (marks / "look").read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    beside = int((marks / "look").read_text())
    os.killpg(run.pid, by)
    said, _ = run.communicate(timeout=30)
    assert run.returncode == 128 + by, said
    assert "lint: looked" in said
    with pytest.raises(ProcessLookupError):
        os.kill(beside, 0)
