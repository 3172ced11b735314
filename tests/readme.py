"""The generated parts of README.md: `python -m tests.readme` writes them, tests/test_readme.py checks them."""

import contextlib
import io
import os
import re
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from bot.console.demo import run_demo
from bot.runtime.config import Settings
from commands.catalog import REGISTRY

README = Path(__file__).parents[1] / "README.md"
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TRANSCRIPT = """\
/scope who patches the servers?
/scope who runs the user access reviews?
as @dana
/renewals
as @gus
!/scope who patches the servers?
"""


@cache
def parts() -> dict[str, str]:
    """Each generated part by the name in its markers."""
    return {"demo": demo(), "commands": commands(), "settings": settings()}


def filled(text: str) -> str:
    """`text` with every generated part between its markers replaced by what the code says now."""
    for name, content in parts().items():
        marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        assert marked.search(text), f"README.md has no markers for {name}"
        text = marked.sub(lambda found, content=content: f"{found[1]}{content}\n{found[2]}", text)  # type: ignore[misc]
    return text


def demo() -> str:
    """What the demo prints for the lines of TRANSCRIPT. Raises AssertionError when one of them fails."""
    output = io.StringIO()
    width = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "100"
    try:
        with contextlib.redirect_stdout(output):
            code = run_demo(script=io.StringIO(TRANSCRIPT), now=NOW)
    finally:
        os.environ.pop("COLUMNS") if width is None else os.environ.update(COLUMNS=width)
    assert code == 0, output.getvalue()
    return "```text\n" + "\n".join(line.rstrip() for line in output.getvalue().splitlines()) + "\n```"


def commands() -> str:
    """One row a command, in the order of the registry."""
    rows = ["| Command | What it does | Role | Example |", "|---|---|---|---|"]
    for command in REGISTRY:
        short = f" (`{command.slash}`)" if command.slash else ""
        rows.append(f"| `{command.name}`{short} | {command.summary} | {command.role.value} | `{command.example}` |")
    return "\n".join(rows)


def settings() -> str:
    """One row a setting: its variable, its default and what it is."""
    rows = ["| Variable | Default | What it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = "" if default in (None, frozenset()) else f"`{getattr(default, 'value', default)}`"
        assert field.description, f"the setting {name} has no description"
        rows.append(f"| `{field.validation_alias}` | {shown} | {field.description} |")
    return "\n".join(rows)


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write("README.md is up to date.\n")
