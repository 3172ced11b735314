"""What is shipped to run the bot with: read as far as that goes without a container engine."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli import app
from bot.runtime.config import Settings

DEPLOY = Path(__file__).parents[1] / "deploy"
KNOWN = {field.validation_alias for field in Settings.model_fields.values()}


@pytest.fixture
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    return found


def names_in(text: str) -> set[str]:
    return set(re.findall(r"\b((?:ENGAGEMENT|SLACK)_[A-Z_]+)\b", text))


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    assert names_in(path.read_text()) <= KNOWN


def test_the_bot_waits_for_the_schema_and_the_schema_for_the_database(services: dict[str, Any]) -> None:
    assert services["bot"]["depends_on"] == {"upgrade": {"condition": "service_completed_successfully"}}
    assert services["upgrade"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert services["upgrade"]["restart"] == "no"


def test_every_service_has_its_image_its_secrets_in_a_file_and_a_volume_that_exists(services: dict[str, Any]) -> None:
    whole = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    for name, service in services.items():
        assert (DEPLOY / f"{service['env_file']}.example").exists(), name
        assert {volume.split(":")[0] for volume in service.get("volumes", ())} <= set(whole["volumes"])
        if "build" in service:
            assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).exists()
    assert "PASSWORD" not in re.sub(r"#.*", "", (DEPLOY / "compose.yaml").read_text())


def test_every_command_is_one_that_the_bot_has(services: dict[str, Any]) -> None:
    typed = [services["bot"]["command"], services["upgrade"]["command"]]
    typed += [
        re.findall(r'"([^"]+)"', line)
        for line in (DEPLOY / "compose.yaml").read_text().splitlines()
        if "--http" in line
    ]
    [started] = re.findall(
        r"^ExecStart=\S+/engagement-bot (.*)$", (DEPLOY / "engagement-bot.service").read_text(), re.M
    )
    for words in (*typed, started.split()):
        options = [word for word in words if not word.startswith("-")]
        depth = 2 if options[0] == "db" else 1
        told = CliRunner().invoke(app, [*words[:depth], "--help"])
        assert told.exit_code == 0, words
        plain = re.sub(r"\x1b\[[0-9;]*m", "", told.output)
        assert all(word in plain for word in words if word.startswith("--")), words


def test_the_image_runs_as_nobody_in_particular_from_hashed_packages() -> None:
    lines = (DEPLOY / "Containerfile").read_text().replace("\\\n", "").splitlines()
    assert [line for line in lines if line.startswith("USER")] == ["USER engagement"]
    installs = [line for line in lines if "pip install" in line]
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)
    for line in lines:
        if line.startswith("COPY") and "--from" not in line:
            assert all((DEPLOY.parent / source).exists() for source in line.split()[1:-1]), line
    allowed = (DEPLOY / "Containerfile.dockerignore").read_text()
    assert all(
        f"!{source}" in allowed
        for line in lines
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    )


def test_what_the_image_installs_works_without_the_checkout(tmp_path: Path) -> None:
    """Built from what the Containerfile copies: a file that is in no package is missed here, not by whoever runs it."""
    source, site = tmp_path / "source", tmp_path / "site"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(DEPLOY.parent / name, source)
    for name in ("storage", "commands", "bot"):
        shutil.copytree(DEPLOY.parent / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--target",
        str(site),
    ]
    subprocess.run([sys.executable, *install, source], check=True, timeout=120)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "ENGAGEMENT_"))}

    def run(*words: str, typed: str = "") -> str:
        code = "import bot.start, sys; assert sys.path[1] in bot.start.__file__; bot.start.main()"
        done = subprocess.run(
            [sys.executable, "-c", code, *words], cwd=tmp_path, env=kept | {"PYTHONPATH": str(site)}, input=typed,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "Usage" in run("--help")
    assert "The schema is at" in run("db", "upgrade")
    assert run("manifest") == (DEPLOY.parent / "manifest.yml").read_text()
    assert "nist-csf" in run("do", "/engagement framework list").lower()
    assert "✅ Ours" in run("demo", typed="/scope who patches the servers?\n")


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here")
    unit = (DEPLOY / "engagement-bot.service").read_text()
    assert re.search(r"^TimeoutStopSec=60$", unit, re.M), "longer than what is under way may take"
    unit = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit, flags=re.M)
    (tmp_path / "engagement-bot.service").write_text(unit)
    done = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / "engagement-bot.service"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
