"""The house keeps its rooms: bot -> commands -> storage, one home per library, rules and records pure."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = {"bot": {"bot", "commands", "storage"}, "commands": {"commands", "storage"}, "storage": {"storage"}}
HOMES = {
    "slack_bolt": ("bot",),
    "slack_sdk": ("bot",),
    "apscheduler": ("bot",),
    "typer": ("bot",),
    "rich": ("bot",),
    "granian": ("bot",),
    "prometheus_client": ("bot/runtime/metrics.py",),
    "yaml": ("bot",),
    "pydantic_settings": ("bot",),
    "sqlmodel": ("storage",),
    "alembic": ("storage",),
    "sqlalchemy": ("storage", "bot/process/run.py"),
    "openpyxl": ("commands/spreadsheets",),
    "holidays": ("commands/rules",),
    "PIL": ("commands/agreements/timeline_picture.py",),
    "icalendar": ("commands/agreements/timeline.py",),
    "rapidfuzz": ("commands", "storage/catalog"),
}
# Large, and most processes never need them: imported by the function that does, so that the others start sooner.
LATE = {"openpyxl", "holidays", "alembic"}
BANNED_NAMES = {"utils", "helpers", "common", "manager", "service", "misc"}
FILES = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    return imports_of(ast.parse(path.read_text(encoding="utf-8")), path)


def imports_of(tree: ast.AST, path: Path | None = None) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_go_downward_and_libraries_stay_at_home(path: Path) -> None:
    floor = path.relative_to(ROOT).parts[0]
    for module in imports(path):
        top = module.split(".")[0]
        if top in FLOORS:
            assert top in FLOORS[floor], f"{name(path)} imports {module}: the arrow goes up"
        assert top != "tests", f"{name(path)} imports the tests"
        homes = HOMES.get(top)
        assert homes is None or name(path).startswith(homes), f"{name(path)} imports {module}, whose home is {homes}"


@pytest.mark.parametrize("path", [p for p in FILES if "commands/rules/" in p.as_posix()], ids=name)
def test_rules_are_pure(path: Path) -> None:
    allowed = {"dateutil", "holidays", "rapidfuzz", "tzlocal", *sys.stdlib_module_names}
    forbidden = {"logging", "os", "socket", "subprocess", "sqlite3", "urllib", "http", "random", "secrets", "time"}
    for module in imports(path):
        top = module.split(".")[0]
        ours = module.startswith(("commands.rules", "storage.records"))
        assert ours or (top in allowed and top not in forbidden), f"{name(path)} imports {module}"


@pytest.mark.parametrize("path", [p for p in FILES if "commands" in p.parts or "records" in p.parts], ids=name)
def test_commands_rules_and_records_have_no_clock_of_their_own(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in ("now", "today", "utcnow"):
            owner = ast.unparse(node.value)
            assert owner not in ("datetime", "date", "datetime.datetime", "datetime.date"), (
                f"{name(path)}:{node.lineno}"
            )


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_import_hides_in_a_function_and_no_module_has_an_empty_name(path: Path) -> None:
    assert path.stem not in BANNED_NAMES
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            hidden = {module.split(".")[0] for module in imports_of(node)} - LATE
            assert not hidden, f"{name(path)}:{node.lineno} imports {hidden} inside {node.name}"


@pytest.mark.parametrize("path", [p for p in FILES if "storage" in p.parts], ids=name)
def test_only_the_database_module_and_migrations_know_the_dialect(path: Path) -> None:
    if name(path) == "storage/database.py" or "migrations" in path.parts:
        return
    assert "dialect.name" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=name)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    if source.strip():
        assert ast.get_docstring(ast.parse(source)), f"{name(path)} has no docstring"
