"""A call of the command line loads what it needs, and no more: counted in modules, for time depends on the machine."""

import json
import subprocess
import sys

import pytest

from bot.cli import PARTS, load

_LOADED = """
import gc, json, sys
early = []
gc.callbacks.append(lambda phase, _: hasattr(sys.modules.get("bot.cli.ask"), "ask") or early.append(phase))
gc.disable()
from bot.start import main
sys.argv = ["engagement-bot", *json.loads(sys.argv[1])]
try:
    main()
finally:
    assert not early, "garbage was looked for before the command was loaded"
    assert gc.isenabled() or "bot.cli.ask" not in sys.modules
    print("\\n" + json.dumps(sorted(sys.modules)))
"""


def modules_of(*words: str, database: str = "sqlite://") -> set[str]:
    """What a process has loaded when a call has ended."""
    ran = subprocess.run(
        [sys.executable, "-c", _LOADED, json.dumps(words)],
        env={"ENGAGEMENT_DATABASE_URL": database}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return set(json.loads(ran.stdout.rsplit("\n", 2)[-2]))


def packages(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def test_the_list_of_commands_loads_none_of_them() -> None:
    loaded = modules_of("--help")
    assert not packages(loaded) & {"commands", "storage", "sqlalchemy", "pydantic", "slack_bolt", "slack_sdk", "numpy"}
    assert len(loaded) < 500


@pytest.mark.parametrize("words", [("do", "client list"), ("ask", "--client", "nobody", "who patches?")])
def test_a_command_loads_neither_slack_nor_the_clock_nor_spreadsheets(words: tuple[str, ...], sqlite_url: str) -> None:
    loaded = modules_of(*words, database=sqlite_url)
    assert "commands.catalog" in loaded
    assert not packages(loaded) & {
        "slack_bolt", "slack_sdk", "apscheduler", "prometheus_client", "openpyxl", "alembic", "icalendar",
    }  # fmt: skip
    assert len(loaded) < 1300


@pytest.mark.parametrize("name", PARTS)
def test_the_list_says_of_a_command_what_the_command_says_of_itself(name: str) -> None:
    assert PARTS[name].summary == (load(name).help or "").partition("\n")[0]
