"""The layers hold: bot -> commands -> storage, no circles, one home per library, rules and records pure."""

import ast
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.architecture import FLOORS, PICTURE, ROOT, circles, files, imported_by, modules, packages, picture, tree_of

BELOW = {"bot": {"bot", "commands", "storage"}, "commands": {"commands", "storage"}, "storage": {"storage"}}
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
    "sqlalchemy": ("storage",),
    "openpyxl": ("commands/spreadsheets",),
    "holidays": ("commands/rules",),
    "asn1crypto": ("bot/jobs/stamping.py",),
    "icalendar": ("commands/agreements/timeline.py",),
    "numpy": (
        "commands/rules/matching",
        "commands/rules/text/promising.py",
        "commands/rules/wishes",
        "commands/meanings.py",
        "storage/catalog",
        "storage/records/ranking.py",
        "storage/records/wish_model.py",
    ),
    "onnxruntime": ("storage/catalog/sentences.py",),
    "tokenizers": ("storage/catalog/sentences.py",),
    "rapidfuzz": ("commands", "storage/catalog"),
    "typst": ("commands/fonts.py", "commands/papers", "commands/pictures"),
    "docx": ("commands/papers",),
    "docxtpl": ("commands/papers",),
    "jinja2": ("commands/papers",),
}
# Large, and most processes never need them: imported by the function that does, so that the others start sooner.
LATE = {
    "openpyxl",
    "holidays",
    "alembic",
    "onnxruntime",
    "tokenizers",
    "typst",
    "docx",
    "docxtpl",
    "asn1crypto",
    "icalendar",
}
PURE = {"dateutil", "holidays", "numpy", "rapidfuzz", "tzlocal", *sys.stdlib_module_names}
IMPURE = {"logging", "os", "socket", "subprocess", "sqlite3", "urllib", "http", "random", "secrets", "time"}
BANNED_NAMES = {"utils", "helpers", "common", "manager", "service", "misc"}


def path_of(module: str) -> str:
    return files()[module].relative_to(ROOT).as_posix()


def arrows_that_go_up(module: str) -> Iterator[str]:
    floor = module.partition(".")[0]
    for imported in imported_by(tree_of(module)):
        top = imported.partition(".")[0]
        if top == "tests" or (top in FLOORS and top not in BELOW[floor]):
            yield f"imports {imported}"


def libraries_away_from_home(module: str) -> Iterator[str]:
    for imported in imported_by(tree_of(module)):
        homes = HOMES.get(imported.partition(".")[0])
        if homes is not None and not path_of(module).startswith(homes):
            yield f"imports {imported}, whose home is {homes}"


def impure_imports(module: str) -> Iterator[str]:
    if module.startswith("commands.rules"):
        for imported in imported_by(tree_of(module)):
            top = imported.partition(".")[0]
            ours = imported.startswith(("commands.rules", "storage.records"))
            if not ours and (top not in PURE or top in IMPURE):
                yield f"imports {imported}"


def clocks(module: str) -> Iterator[str]:
    if module.startswith(("commands", "storage.records")):
        for node in ast.walk(tree_of(module)):
            if isinstance(node, ast.Attribute) and node.attr in ("now", "today", "utcnow"):
                owner = ast.unparse(node.value)
                if owner in ("datetime", "date", "datetime.datetime", "datetime.date"):
                    yield f"line {node.lineno} asks for the time"


def hidden_imports(module: str) -> Iterator[str]:
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f"line {node.lineno}: a relative import"
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            late = {imported.partition(".")[0] for imported in imported_by(node)} - LATE
            yield from (f"{node.name} imports {name}" for name in late)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            ours = {name for name in imported_by(node) if name.partition(".")[0] in FLOORS}
            yield from (f"imports {name} for the type checker alone" for name in ours)


def dialects(module: str) -> Iterator[str]:
    is_free = module == "storage.database" or module.startswith("storage.migrations")
    if not is_free and "dialect.name" in files()[module].read_text(encoding="utf-8"):
        yield "knows the dialect"


def poor_names_and_docstrings(module: str) -> Iterator[str]:
    if files()[module].stem in BANNED_NAMES:
        yield "has a name that says nothing"
    if tree_of(module).body and not ast.get_docstring(tree_of(module)):
        yield "has no docstring"


RULES = (
    arrows_that_go_up,
    libraries_away_from_home,
    impure_imports,
    clocks,
    hidden_imports,
    dialects,
    poor_names_and_docstrings,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_module_keeps_the_rule(rule: Callable[[str], Iterator[str]]) -> None:
    assert [f"{path_of(module)}: {found}" for module in files() for found in rule(module)] == []


def test_no_circle_between_modules() -> None:
    assert circles(modules()) == []


def test_no_circle_between_packages() -> None:
    assert circles(packages()) == []


def test_the_picture_of_the_packages_is_current() -> None:
    """`python -m tests.architecture` draws it anew."""
    assert PICTURE.read_text(encoding="utf-8") == picture()


def test_one_module_writes_the_signs_that_slack_has_for_people_and_channels() -> None:
    writes = [
        path_of(module) for module in modules() if any(f"<{sign}{{" in files()[module].read_text() for sign in "@#")
    ]
    assert [path for path in writes if path.startswith(("commands/", "storage/"))] == ["commands/rules/text/people.py"]
