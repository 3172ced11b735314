"""Runs the command lines of a page, in order, against a database of the demo's clients (or an empty one)."""

import os
import re
import shlex
import shutil
import textwrap
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import time_machine
from typer.testing import CliRunner

from bot.cli import app
from bot.console.demo_data import seed
from bot.console.demo_world import CHANNELS, PEOPLE
from bot.runtime.config import Settings
from bot.runtime.wiring import build
from commands.catalog import REGISTRY
from tests.docs import EXAMPLES, ROOT

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
SLASHES = ("/engagement", *REGISTRY.slashes)
EMPTY = "<!-- starts with an empty database -->"
# Programs that are not ours; a page may show how to call them.
OTHERS = frozenset(
    {"cd", "cp", "docker", "git", "node_modules/.bin/local-slack", "npm", "pg_dump", "pg_restore", "sudo"}
)
# What does not end, needs Slack or needs another database: only its options are looked at.
LONG_RUNNING = frozenset({"run", "check", "demo", "restored", "restore"})
_BLOCK = re.compile(r"^(?P<margin> *)```(?P<language>\w+)?(?P<title>[^\n]*)\n(?P<content>.*?)^ *```$", re.M | re.S)
_ASSIGNMENT = re.compile(r"(?P<name>[A-Z_]+)=\S*")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page; `lines` without its margin."""

    language: str
    is_answer: bool
    lines: tuple[str, ...]


def blocks(page: str) -> Iterator[Block]:
    for found in _BLOCK.finditer(page):
        content = textwrap.dedent(found["content"]).replace("\\\n", " ")
        yield Block(found["language"] or "", "Answer" in found["title"], tuple(content.splitlines()))


def commands(block: Block) -> Iterator[str]:
    """The command lines in `block`: of text, those that begin with a slash command; of a shell, all."""
    for line in block.lines:
        if block.language == "sh":
            for part in re.split(r"&&|;(?=\s)", re.sub(r"(^|\s+)#\s.*$", "", line)):
                if part.strip():
                    yield part.strip()
        elif block.language == "text" and line.split(" ")[0] in SLASHES and not block.is_answer:
            yield line


@time_machine.travel(NOW, tick=False)
def demo_database(path: Path) -> Path:
    """A database with the demo's clients, at NOW."""
    runtime = build(Settings(ENGAGEMENT_DATABASE_URL=f"sqlite:///{path}", _env_file=None))
    try:
        seed(runtime.dispatcher, runtime.console_workspace_id(), NOW.date())
    finally:
        runtime.close()
    return path


class Terminal:
    """A shell in `folder`, which has the example files and, with `database`, a copy of it."""

    def __init__(self, folder: Path, database: Path) -> None:
        shutil.copytree(EXAMPLES, folder)
        self.folder = folder
        self.database = database
        self.environment: dict[str, str | None] = {
            name: None for name in os.environ if name.startswith(("SLACK_", "ENGAGEMENT_"))
        }
        self.environment["COLUMNS"] = "100"

    def begin(self, page: str) -> None:
        """Start as `page` says it does."""
        if EMPTY not in page:
            shutil.copyfile(self.database, self.folder / "engagement.db")

    def run(self, line: str) -> str:
        """What `line` prints. Raises AssertionError when it fails, or names what does not exist."""
        if line.startswith("/"):
            return self._ran(["do", as_sent(line), "--yes"], line)
        words = shlex.split(line)
        while words and (found := _ASSIGNMENT.fullmatch(words[0])):
            assert_setting(found["name"])
            words = words[1:]
        if not words:
            return ""
        program, arguments = words[0].removeprefix(".venv/bin/"), words[1:]
        if program == "export":
            for name in arguments:
                assert_setting(name.partition("=")[0])
        elif program == "make":
            targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M)
            assert set(arguments) <= {*targets, "bench"}, line
        elif program == "engagement-bot":
            return self._engagement_bot(arguments, line)
        elif program == "python":
            assert arguments[0] == "-m", line
            assert any(ROOT.glob(arguments[1].replace(".", "/") + "*")), line
        else:
            assert program in OTHERS or program.startswith("node_modules/"), f"{program} in {line!r} is not known"
            for word in arguments:
                if word.startswith(("deploy/", "tests/")):
                    assert (ROOT / word).exists(), line
        return ""

    def _engagement_bot(self, arguments: list[str], line: str) -> str:
        stdin = None
        if "<" in arguments:
            at = arguments.index("<")
            stdin = (self.folder / arguments[at + 1]).read_text(encoding="utf-8")
            arguments = arguments[:at]
        if arguments[0] == "do":
            arguments = ["do", as_sent(arguments[1]), *arguments[2:]]
        if LONG_RUNNING & set(arguments[:2]):
            depth = 2 if arguments[0] == "db" else 1
            told = re.sub(r"\x1b\[[0-9;]*m", "", self._ran([*arguments[:depth], "--help"], line))
            assert all(word in told for word in arguments if word.startswith("--")), line
            return ""
        return self._ran(arguments, line, stdin)

    @time_machine.travel(NOW, tick=False)
    def _ran(self, arguments: list[str], line: str, stdin: str | None = None) -> str:
        with chdir(self.folder):
            result = CliRunner().invoke(app, arguments, input=stdin, env=self.environment)
        assert result.exit_code == 0, f"{line}\n{result.output}\n{result.stderr}"
        return str(result.stdout)


def as_sent(line: str) -> str:
    """`line` with people and channels as Slack sends them."""
    for person in PEOPLE:
        line = re.sub(rf"(?<![\w.])@{person.handle}\b", f"<@{person.id}>", line)
    for channel in CHANNELS:
        line = line.replace(f"#{channel.name}", f"<#{channel.id}|{channel.name}>")
    return line


def assert_setting(name: str) -> None:
    assert name in {field.validation_alias for field in Settings.model_fields.values()}, f"{name} is not a setting"


def answered(page: str, terminal: Terminal) -> str:
    """`page` with every block titled Answer holding what the command line before it prints. Runs all command lines."""
    terminal.begin(page)
    last = ""

    def replaced(found: re.Match[str]) -> str:
        nonlocal last
        [block] = blocks(found[0])
        if block.is_answer:
            shown = "\n".join(_wrapped(line) for line in last.rstrip("\n").splitlines())
            head = f"{found['margin']}```{found['language']}{found['title']}\n"
            return head + textwrap.indent(shown, found["margin"]) + f"\n{found['margin']}```"
        for line in commands(block):
            last = terminal.run(line)
        return found[0]

    return _BLOCK.sub(replaced, page)


def _wrapped(line: str) -> str:
    return textwrap.fill(line, 76, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
