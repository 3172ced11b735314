"""README.md, CONTRIBUTING.md and docs/: generated files are current, command lines run, links lead to a file."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from typer.main import get_command
from typer.testing import CliRunner

from bot.cli import PARTS, app, load
from commands.catalog import REGISTRY
from tests.docs import DOCS, PAGES, ROOT
from tests.docs.generated import files
from tests.docs.running import SLASHES, Terminal, answered, blocks, commands, demo_database

RUNNABLE = [page for page in PAGES if any(tuple(commands(block)) for block in blocks(page.read_text(encoding="utf-8")))]
TEXTS = (*PAGES, ROOT / "CHANGELOG.md", ROOT / "SECURITY.md")
_INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_database(tmp_path_factory.mktemp("docs") / "demo.db")


@pytest.mark.parametrize("path", files(), ids=name)
def test_generated_files_are_current(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == files()[path](), "run: python -m tests.docs"


@pytest.mark.parametrize("page", RUNNABLE, ids=name)
def test_every_command_line_runs_and_answers_as_shown(page: Path, database: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert answered(text, Terminal(tmp_path / "folder", database)) == text, "run: python -m tests.docs"


@pytest.mark.parametrize("page", TEXTS, ids=name)
def test_commands_within_a_sentence_exist(page: Path) -> None:
    for typed in _INLINE.findall(page.read_text(encoding="utf-8")):
        words = typed.split()
        if words[0] == "/engagement" and len(words) > 1 and words[1] not in ("NOUN", "..."):
            verb = words[2] if len(words) > 2 else ""
            assert any(REGISTRY.find(words[1], each) for each in (verb, "")), typed
        elif words[0].startswith("/") and words[0] in SLASHES:
            assert words[0] == "/engagement" or REGISTRY.for_slash(words[0]), typed
        elif words[0] in ("engagement-bot", ".venv/bin/engagement-bot") and words[1:] and words[1].islower():
            assert_subcommand(words[1:])


def assert_subcommand(words: list[str]) -> None:
    """Raises AssertionError where `words` name a command or an option that the command line does not have."""
    command = get_command(app)
    for word in words:
        found = getattr(command, "commands", {}).get(word)
        if found is not None:
            command = load(word) if found.callback is None and word in PARTS else found
        elif word.startswith("--") and word not in ("--help", "--version"):
            assert word in {option for each in command.params for option in each.opts}, words
        else:
            assert not getattr(command, "commands", {}) or word.startswith("-"), words


@pytest.mark.parametrize("page", TEXTS, ids=name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    for target in _LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_every_page_is_in_the_navigation() -> None:
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    navigation = yaml.safe_load(settings)["nav"]
    assert sorted(_leaves(navigation)) == sorted(page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md"))


def _leaves(node: object) -> list[str]:
    if isinstance(node, str):
        return [node]
    children = node.values() if isinstance(node, dict) else node
    return [leaf for child in children for leaf in _leaves(child)]  # type: ignore[attr-defined]


def test_the_version_is_that_of_the_changelogs_newest_section() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert newest is not None
    assert newest[1] == project["version"]


def test_the_command_line_says_its_version() -> None:
    told = CliRunner().invoke(app, ["--version"])
    assert (told.exit_code, told.output) == (0, f"engagement-bot {version('engagement-checks')}\n")
