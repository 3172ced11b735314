"""The bot as a systemd service: which files and commands that takes, and doing it step by step.

Nothing that somebody filled in is overwritten, and no records are ever removed.
"""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

UNIT_NAME = "engagement-bot.service"
_FILE_MODE, _SECRET_MODE = 0o644, 0o600
_HOMES = ("/home/", "/root/")
_TOKENS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
_NEEDED = (*_TOKENS, "ENGAGEMENT_ADMINS")
_USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
_PATH = re.compile(r"[\w./+-]+")
_SETTINGS = """\
# The settings of Engagement Checks. All of them: engagement-bot's documentation, Settings.
# After a change: systemctl restart engagement-bot
SLACK_BOT_TOKEN=
SLACK_APP_TOKEN=
# Your Slack user id, U...: the first admin.
ENGAGEMENT_ADMINS=
ENGAGEMENT_TIMEZONE=UTC
ENGAGEMENT_DATABASE_URL=sqlite:///{state}/engagement.db
"""
_UNIT = """\
[Unit]
Description=Engagement Checks
Wants=network-online.target
After=network-online.target postgresql.service
StartLimitIntervalSec=0

[Service]
User={user}
Group={user}
StateDirectory={directory}
WorkingDirectory={state}
EnvironmentFile={settings}
ExecStart={program} run
Restart=always
RestartSec=5
# SIGTERM to the bot alone; with --workers it ends them itself. What is under way may take 20 seconds, twice.
KillMode=mixed
TimeoutStopSec=60
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
ProtectProc=invisible
RemoveIPC=yes
RestrictNamespaces=yes
RestrictRealtime=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictSUIDSGID=yes
LockPersonality=yes
CapabilityBoundingSet=
UMask=0077

[Install]
WantedBy=multi-user.target
"""
Run = Callable[[Sequence[str]], tuple[int, str]]
"""Run a program; its exit code and what it printed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the service is installed. `root` is another directory than / for an image: no program is run then."""

    program: Path
    user: str = "engagement"
    root: Path = Path("/")

    @property
    def is_image(self) -> bool:
        return self.root != Path("/")

    @property
    def unit(self) -> Path:
        return self.root / "etc/systemd/system" / UNIT_NAME

    @property
    def settings(self) -> Path:
        return self.root / "etc/engagement-bot.env"

    @property
    def state(self) -> str:
        return f"/var/lib/{self.user}"

    @property
    def unit_text(self) -> str:
        return _UNIT.format(
            user=self.user, directory=self.user, state=self.state, settings="/etc/engagement-bot.env",
            program=self.program,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """`act` does what `words` say. Raises OSError, and ValueError with what a program printed."""

    words: str
    act: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Observed:
    """One line of `service status`."""

    subject: str
    is_ok: bool
    words: str


def run_program(words: Sequence[str]) -> tuple[int, str]:
    """Run it to its end, for at most two minutes."""
    if shutil.which(words[0]) is None:
        return 127, f"{words[0]} is not installed"
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, (done.stdout + done.stderr).strip()


def problems(place: Place, *, is_root: bool) -> Iterator[str]:
    """What keeps it from being installed, a sentence each."""
    yield from wrong_names(place)
    if place.is_image:
        return
    if not place.program.exists():
        yield f"--program: {place.program} is not there. Leave it out for the engagement-bot that you run now."
    if not is_root:
        yield "Only root can install a service. Run it with sudo, or look first: --dry-run"
    if shutil.which("systemctl") is None:
        yield "systemd is not here (no systemctl). Run the bot another way: see the documentation, Deploy."
    if str(place.program).startswith(_HOMES):
        yield (
            f"The program is in {place.program}, and a service may not read homes. Install it below /opt or /srv: "
            "python3 -m venv /opt/engagement && /opt/engagement/bin/pip install engagement-checks[postgres]"
        )


def wrong_names(place: Place) -> Iterator[str]:
    """What no unit may say: it is written into it as it stands."""
    yield from wrong_user(place)
    if not _PATH.fullmatch(str(place.program)):
        yield "--program: a path with spaces or signs such as % cannot be run by systemd. Install the bot elsewhere."


def wrong_user(place: Place) -> Iterator[str]:
    """What no system user is called."""
    if not _USER.fullmatch(place.user):
        yield "--user: write a name of up to 32 small letters, digits, - and _, such as engagement"


def install_steps(place: Place, run: Run = run_program) -> Iterator[Step]:
    """What is left to do, in order; what is there already is left out."""
    if not place.is_image and run(("id", "-u", place.user))[0] != 0:
        make = ("useradd", "--system", "--home-dir", place.state, "--shell", "/usr/sbin/nologin", place.user)
        yield Step(f"make the system user {place.user}, who cannot log in", lambda: _must(run, make))
    if not place.settings.exists():
        text = _SETTINGS.format(state=place.state)
        words = f"write {place.settings}, to be filled in; only root can read it"
        yield Step(words, lambda: _write(place.settings, text, _SECRET_MODE))
    if not place.unit.exists() or place.unit.read_text(encoding="utf-8") != place.unit_text:
        kept = f"; the one that is there is kept as {place.unit}.old" if place.unit.exists() else ""
        yield Step(f"write {place.unit}{kept}", lambda: _write_unit(place))
        if not place.is_image:
            yield Step("tell systemd of it", lambda: _must(run, ("systemctl", "daemon-reload")))
    if place.is_image:
        return
    if run(("systemctl", "is-enabled", UNIT_NAME))[0] != 0:
        yield Step("start it whenever this machine starts", lambda: _must(run, ("systemctl", "enable", UNIT_NAME)))
    if not missing_settings(place) and run(("systemctl", "is-active", UNIT_NAME))[0] != 0:
        yield Step("start it now", lambda: _must(run, ("systemctl", "start", UNIT_NAME)))


def uninstall_steps(place: Place, run: Run = run_program) -> Iterator[Step]:
    """Stop it and take the unit away. Settings, records and the user stay."""
    if not place.unit.exists():
        return
    if not place.is_image:
        yield Step("stop it, and start it no more", lambda: _must(run, ("systemctl", "disable", "--now", UNIT_NAME)))
    yield Step(f"remove {place.unit}", place.unit.unlink)
    if not place.is_image:
        yield Step("tell systemd of it", lambda: _must(run, ("systemctl", "daemon-reload")))


def missing_settings(place: Place) -> tuple[str, ...]:
    """Those of the settings' file without which the bot cannot serve; all where it cannot be read."""
    try:
        lines = place.settings.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return _NEEDED
    given = {name.strip() for name, _, value in (line.partition("=") for line in lines) if value.strip()}
    elsewhere = frozenset(_TOKENS) if "ENGAGEMENT_TOKENS_FILE" in given else frozenset()
    return tuple(name for name in _NEEDED if name not in given | elsewhere)


def status(place: Place, run: Run = run_program) -> Iterator[Observed]:
    """What there is of the service, one thing at a time."""
    is_there = place.program.exists()
    words = f"{place.program}" if is_there else f"{place.program} is gone: install the bot there again"
    yield Observed("program", is_there, words)
    if not place.unit.exists():
        yield Observed("unit", False, f"{place.unit} is not there. Run: engagement-bot service install")
        return
    is_ours = place.unit.read_text(encoding="utf-8") == place.unit_text
    yield Observed("unit", True, f"{place.unit}" + ("" if is_ours else ", changed by hand or by another release"))
    yield _settings_status(place)
    if place.is_image:
        return
    enabled, _ = run(("systemctl", "is-enabled", UNIT_NAME))
    yield Observed("at start", enabled == 0, "starts with this machine" if enabled == 0 else "does not start by itself")
    active, said = run(("systemctl", "is-active", UNIT_NAME))
    steps = f"{said or 'not running'}. See: journalctl -u engagement-bot -n 50"
    yield Observed("running", active == 0, "running" if active == 0 else steps)


def _settings_status(place: Place) -> Observed:
    if not place.settings.exists():
        return Observed("settings", False, f"{place.settings} is not there. Run: engagement-bot service install")
    mode = place.settings.stat().st_mode & 0o777
    if mode & 0o077:
        return Observed("settings", False, f"others can read the tokens in it. Run: chmod 600 {place.settings}")
    try:
        place.settings.read_bytes()
    except OSError:
        return Observed("settings", True, f"{place.settings}, which only root can read")
    if missing := missing_settings(place):
        return Observed("settings", False, f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} empty in it")
    return Observed("settings", True, f"{place.settings}")


def _write(path: Path, text: str, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=mode)
    path.chmod(mode)
    path.write_text(text, encoding="utf-8")


def _write_unit(place: Place) -> None:
    if place.unit.exists():
        place.unit.replace(f"{place.unit}.old")
    _write(place.unit, place.unit_text, _FILE_MODE)


def _must(run: Run, words: Sequence[str]) -> None:
    code, said = run(words)
    if code != 0:
        raise ValueError(f"{' '.join(words)}: {said or f'ended with {code}'}")
