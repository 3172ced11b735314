"""`service`: installed into a fake root step by step, looked at, removed; what somebody filled in stays."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.process.systemd import Place, install_steps, missing_settings, problems, status, uninstall_steps

DEPLOY = Path(__file__).parents[2] / "deploy"


class Machine:
    """Programs that are only noted down; `refused` ones fail."""

    def __init__(self, *refused: str) -> None:
        self.refused = refused
        self.done: list[str] = []

    def __call__(self, words: Sequence[str]) -> tuple[int, str]:
        line = " ".join(words)
        self.done.append(line)
        return (1, "refused") if line.startswith(self.refused) else (0, "")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    program = tmp_path / "opt/engagement/bin/engagement-bot"
    program.parent.mkdir(parents=True)
    program.touch()
    return Place(program, root=tmp_path)


class OnThisMachine(Place):
    """In a directory of a test, and yet with the programs of a whole machine."""

    is_image = False


@pytest.fixture
def whole(place: Place) -> Place:
    return OnThisMachine(place.program, place.user, place.root)


def install(place: Place) -> list[str]:
    steps = list(install_steps(place, Machine()))
    for step in steps:
        step.act()
    return [step.words for step in steps]


def test_an_image_gets_the_settings_and_the_unit_once(place: Place) -> None:
    assert [words.split()[0] for words in install(place)] == ["write", "write"]
    assert install(place) == []
    assert place.settings.stat().st_mode & 0o777 == 0o600
    assert f"ExecStart={place.program} run" in place.unit.read_text()


def test_the_unit_is_the_one_that_is_shipped_with_its_own_paths() -> None:
    shipped = (DEPLOY / "engagement-bot.service").read_text().partition("[Unit]")[2]
    ours = Place(Path("/srv/engagement/.venv/bin/engagement-bot")).unit_text.partition("[Unit]")[2]
    assert ours == shipped


def test_what_was_filled_in_and_what_was_changed_by_hand_is_kept(place: Place) -> None:
    install(place)
    filled = ("SLACK_BOT_TOKEN=xoxb-1", "SLACK_APP_TOKEN=xapp-1", "# ENGAGEMENT_ADMINS=U1", "ENGAGEMENT_ADMINS= ", "")
    place.settings.write_text("\n".join(filled))
    place.unit.write_text("[Unit]\nDescription=mine\n")
    assert len(install(place)) == 1
    assert "xoxb-1" in place.settings.read_text()
    assert Path(f"{place.unit}.old").read_text() == "[Unit]\nDescription=mine\n"
    assert missing_settings(place) == ("ENGAGEMENT_ADMINS",)


def test_tokens_in_a_file_of_their_own_are_not_missed(place: Place) -> None:
    place.settings.parent.mkdir(parents=True, exist_ok=True)
    place.settings.write_text("SLACK_BOT_TOKEN=\nENGAGEMENT_ADMINS=U0DANA\n", encoding="utf-8")
    assert missing_settings(place) == ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
    with place.settings.open("a", encoding="utf-8") as settings:
        settings.write("ENGAGEMENT_TOKENS_FILE=/etc/engagement-bot.tokens\n")
    assert missing_settings(place) == ()


def test_on_a_machine_the_user_is_made_and_the_service_enabled_and_started_once_filled_in(whole: Place) -> None:
    machine = Machine("id", "systemctl is-")
    steps = list(install_steps(whole, machine))
    assert [step.words.split()[0] for step in steps] == ["make", "write", "write", "tell", "start"]
    for step in steps:
        step.act()
    assert [line for line in machine.done if line.split()[1] != "is-enabled" and not line.startswith("id")] == [
        "useradd --system --home-dir /var/lib/engagement --shell /usr/sbin/nologin engagement",
        "systemctl daemon-reload", "systemctl enable engagement-bot.service",
    ]  # fmt: skip
    whole.settings.write_text("SLACK_BOT_TOKEN=xoxb-1\nSLACK_APP_TOKEN=xapp-1\nENGAGEMENT_ADMINS=U1\n")
    assert [step.words for step in install_steps(whole, Machine("systemctl is-active"))] == ["start it now"]
    assert list(install_steps(whole, Machine())) == []


def test_a_program_that_fails_is_named(whole: Place) -> None:
    step = next(iter(install_steps(whole, Machine("id", "useradd"))))
    with pytest.raises(ValueError, match=r"useradd .* engagement: refused"):
        step.act()


def test_uninstalling_stops_it_and_keeps_settings_and_records(whole: Place) -> None:
    for step in install_steps(whole, Machine()):
        step.act()
    machine = Machine()
    for step in uninstall_steps(whole, machine):
        step.act()
    assert machine.done == ["systemctl disable --now engagement-bot.service", "systemctl daemon-reload"]
    assert not whole.unit.exists()
    assert whole.settings.exists()
    assert list(uninstall_steps(whole, machine)) == []


def test_status_has_a_line_for_each_thing(whole: Place) -> None:
    assert [(each.subject, each.is_ok) for each in status(whole, Machine())] == [("program", True), ("unit", False)]
    for step in install_steps(whole, Machine()):
        step.act()
    found = {each.subject: each for each in status(whole, Machine("systemctl is-active"))}
    assert not found["settings"].is_ok
    assert "SLACK_BOT_TOKEN, SLACK_APP_TOKEN, ENGAGEMENT_ADMINS are empty" in found["settings"].words
    assert (found["at start"].is_ok, found["running"].is_ok) == (True, False)
    whole.settings.chmod(0o644)
    assert "others can read the tokens" in {each.subject: each for each in status(whole, Machine())}["settings"].words


def test_a_program_in_somebodys_home_cannot_be_a_service_and_root_is_needed() -> None:
    found = " ".join(problems(Place(Path("/home/dana/.venv/bin/engagement-bot")), is_root=False))
    assert "Only root can install" in found
    assert "may not read homes" in found


def test_the_command_line_says_asks_and_does(tmp_path: Path) -> None:
    def line(*words: str, said: str = "") -> tuple[int, str]:
        done = CliRunner().invoke(app, ["service", *words, "--root", str(tmp_path)], input=said)
        return done.exit_code, done.output

    code, shown = line("install", "--dry-run")
    assert (code, "This would be done:" in shown, list(tmp_path.iterdir())) == (0, True, [])
    assert line("install", said="n\n")[0] == 1
    assert list(tmp_path.iterdir()) == []
    code, shown = line("install", said="y\n")
    assert (code, "Done." in shown, "Fill in" in shown) == (0, True, True)
    assert "installed already" in line("install", "--yes")[1]
    assert line("status")[0] == 3
    assert "Kept: " in line("uninstall", "--yes")[1]
    assert "not installed" in line("uninstall", "--yes")[1]


@pytest.mark.parametrize("user", ["root; rm", "", "x\nExecStartPre=/bin/sh", "-r", "Dana"])
def test_no_name_gets_into_the_unit_that_is_none(tmp_path: Path, user: str) -> None:
    for words in (["install", "--yes"], ["install", "--dry-run"], ["uninstall", "--yes"]):
        done = CliRunner().invoke(app, ["service", *words, "--root", str(tmp_path), f"--user={user}"])
        assert (done.exit_code, "--user: write a name" in done.output) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_program_that_systemd_cannot_run_can_still_be_uninstalled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.prefix", "/opt/our bot")
    done = CliRunner().invoke(app, ["service", "uninstall", "--yes", "--root", str(tmp_path)])
    assert (done.exit_code, "not installed" in done.output) == (0, True)


def test_a_program_that_is_not_there_is_said_before_anything_is_done() -> None:
    done = CliRunner().invoke(app, ["service", "install", "--dry-run", "--program", "/no/such/program"])
    assert "Before that: --program: /no/such/program is not there." in done.output
    assert "cannot be run by systemd" in " ".join(problems(Place(Path("/opt/our bot/bin/x")), is_root=True))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_accepts_the_unit(place: Place) -> None:
    place.program.write_text("#!/bin/sh\n")
    place.program.chmod(0o755)
    install(place)
    done = subprocess.run(["systemd-analyze", "verify", place.unit], capture_output=True, text=True, check=False)
    assert "Unknown" not in done.stderr, done.stderr
