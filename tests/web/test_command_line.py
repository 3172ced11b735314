"""`engagement-bot demo --web`: one address to open, and words for what stands in the way."""

import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner

import bot.cli.run
from bot.cli import app
from bot.web.bundle import BundleBroken


def test_it_prints_an_address_serves_it_and_leaves_nothing_behind(tmp_path: Path) -> None:
    line = "from bot.start import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", line, "demo", "--web", "--now", "2026-08-03T15:00Z"],
        env={"PATH": "/usr/bin", "PYTHONPATH": str(Path(__file__).parents[2]), "TMPDIR": str(tmp_path)},
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(2)]
        address = lines[1].removeprefix("Open ").strip()
        with urlopen(address.partition("#")[0], timeout=20) as answer:
            assert b"Engagement demo" in answer.read()
    finally:
        process.send_signal(signal.SIGTERM)
        rest, errors = process.communicate(timeout=40)
    assert (process.returncode, errors) == (0, "")
    assert "Gone." in rest
    assert list(tmp_path.iterdir()) == []


def test_a_port_in_use_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(app, ["demo", "--web", "--port", str(port)])
    assert result.exit_code == 1
    assert f"cannot be served on port {port}: Address already in use" in result.stderr


def test_a_page_that_is_not_built_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise BundleBroken("The page is not built. Build it with: make page.")

    monkeypatch.setattr(bot.cli.run, "run_page", broken)
    result = CliRunner().invoke(app, ["demo", "--web"])
    assert result.exit_code == 1
    assert "make page" in result.stderr


def test_a_script_is_for_the_terminal(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["demo", "--web", "--script", str(tmp_path / "lines.txt")])
    assert result.exit_code == 1
    assert "give one of them" in result.stderr
