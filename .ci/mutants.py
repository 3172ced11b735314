"""Put small faults into a module, one at a time, and see whether its own tests notice (mutmut).

    make mutants                                               what changed against main
    make mutants MODULE=commands/rules/scope/precedence.py     one module, or several

Which tests are a module's own is said in mutants.toml, or follows from its name: commands/rules/conduct/access.py is
tested by tests/rules/test_access.py. Works on a copy, at a low priority. Exit codes: 0 every module reached the floor,
1 not.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
SETTINGS = tomllib.loads((Path(__file__).parent / "mutants.toml").read_text())
PYTHON = [sys.executable, "-m"]
MUTATED = ("bot", "commands", "storage")
SURVIVED, UNTESTED, PASSED_OVER = 0, (33, 5), (34,)
TIMEOUT_SECONDS = 120


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main(named: list[str]) -> int:
    modules = named or _changed()
    scores = []
    for module in modules:
        tests = _tests_of(module)
        if not tests:
            say(f"{module}: no tests of its own; name them in .ci/mutants.toml")
            continue
        with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
            os.chmod(folder, 0o755)  # PostgreSQL runs as a user of its own
            scores.append(_score(module, tests, Path(folder)))
    return int(any(score < SETTINGS["floor"] for score in scores))


def _changed() -> list[str]:
    """The modules that differ from main and may be mutated."""
    names = _git("diff", "--name-only", "--diff-filter=d", "main", "--", *MUTATED)
    return [name for name in names if name.endswith(".py") and "/migrations/" not in name and _tests_of(name)]


def _tests_of(module: str) -> list[str]:
    """The test files (and pytest options) that are to notice a fault in `module`."""
    if module in SETTINGS["tests"]:
        return list(SETTINGS["tests"][module])
    path = Path(module)
    floors = [part for part in path.parts[:-1] if (ROOT / "tests" / part).is_dir()]
    guess = Path("tests", *floors[-1:], f"test_{path.stem}.py")
    return [str(guess)] if (ROOT / guess).is_file() else []


def _score(module: str, tests: list[str], folder: Path) -> float:
    """The percentage of mutants of `module` that its tests killed."""
    _copy(folder)
    _configure(folder, module, tests)
    run = ["nice", "-n", "10", *PYTHON, "mutmut", "run"]
    is_fresh = module in SETTINGS["fresh"]
    done = subprocess.run(
        [*run, "none"] if is_fresh else run, cwd=folder, capture_output=True, text=True, env=_environment(), check=False
    )
    report = folder / "mutants" / f"{module}.meta"
    results = json.loads(report.read_text())["exit_code_by_key"] if report.is_file() else {}
    if is_fresh:
        results = {name: _run_fresh(name, tests, folder) for name in results}
    if not results or any(code is None for code in results.values()):
        say((done.stdout.replace("\r", "\n") + done.stderr)[-3000:])
        say(f"{module}: mutmut did not finish")
        return 0.0
    return _told(module, results, folder)


def _run_fresh(name: str, tests: list[str], folder: Path) -> int:
    """The exit code of the tests in a new process: for code that runs while its module is imported."""
    command = ["nice", "-n", "10", *PYTHON, "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(
            command, cwd=folder / "mutants", capture_output=True, timeout=TIMEOUT_SECONDS, check=False,
            env={**_environment(), "MUTANT_UNDER_TEST": name},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return 36
    return done.returncode


def _told(module: str, results: dict[str, int], folder: Path) -> float:
    results = {name: code for name, code in results.items() if code not in PASSED_OVER}
    left = {name: code for name, code in results.items() if code == SURVIVED or code in UNTESTED}
    score = 100 * (len(results) - len(left)) / len(results)
    for name, code in left.items():
        show = [*PYTHON, "mutmut", "show", name]
        shown = subprocess.run(show, cwd=folder, capture_output=True, text=True, check=False).stdout
        lines = [line for line in shown.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
        say("\n".join([f"{name}{' (no test runs it)' if code in UNTESTED else ''}", *lines]))
    say(f"| {module} | {len(results)} | {len(results) - len(left)} | {score:.0f} % |")
    return score


def _copy(folder: Path) -> None:
    for name in _git("ls-files", "--cached", "--others", "--exclude-standard"):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)


def _configure(folder: Path, module: str, tests: list[str]) -> None:
    given = {
        "source_paths": list(MUTATED),
        "only_mutate": [module],
        "also_copy": [each.name for each in folder.iterdir() if each.name not in ("mutants", ".git")],
        "pytest_add_cli_args_test_selection": tests,
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "-n", "0"],
        "use_git_change_detection": False,
        "timeout_constant": 20.0,
    }
    with (folder / "pyproject.toml").open("a") as file:
        file.write("\n[tool.mutmut]\n")
        for name, value in given.items():
            file.write(f"{name} = {json.dumps(value)}\n")


def _environment() -> dict[str, str]:
    return {**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": tempfile.gettempdir(), "COLUMNS": "120"}


def _git(*arguments: str) -> list[str]:
    found = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return found.splitlines()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
