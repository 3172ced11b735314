"""Scores files as other tools write them: `python -m tests.benchmarks.bench_files [FOLDER ...]`.

A folder holds `clients`, `agreements`, `matrices` and an `expected.json`, as tests/data/other_tools does. Each file is
counted once: read rightly, asked about rightly (and right after the answer), refused wrongly, or read wrongly.
"""

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from commands.errors import CommandError
from commands.grammar.words import command_line
from commands.reply import Reply
from storage.database import Database
from storage.records import Person
from tests.commands.conftest import Desk, open_desk
from tests.conftest import NOW

OTHER_TOOLS = Path(__file__).parents[1] / "data" / "other_tools"
_COMMANDS = {
    "clients": "/engagement client import",
    "agreements": "/engagement agreement import",
    "matrices": "/engagement matrix import Calder SOW-A",
}
_FIELDS = {"zone": "time_zone", "effective": "effective_on", "end": "initial_end_on"}
_OWN = ("Calder", "Marlow Legal")


class Score(StrEnum):
    """What came of one file."""

    READ = "read rightly"
    ASKED = "asked rightly"
    REFUSED = "refused wrongly"
    WRONG = "read wrongly"


def expected(folder: Path) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """What is right for each file of `folder`, by kind and name."""
    found: Mapping[str, Mapping[str, Mapping[str, Any]]] = json.loads((folder / "expected.json").read_text("utf-8"))
    return found


def prepare(desk: Desk) -> None:
    """Two clients, one paper, and Dana Fox, whom Slack knows."""
    desk.prepare(
        "/engagement client add Calder country:US",
        '/engagement client add "Marlow Legal"',
        "/engagement agreement add Calder SOW-A kind:sow signed:2025-01-01 effective:2025-01-01",
    )
    with desk.database.open_unit(desk.workspace_id) as uow:
        uow.people.learn(Person(user="U0DANA", name="Dana Fox", seen_at=NOW))


def send(desk: Desk, path: Path, **options: Any) -> Reply:
    """Import the file, of the kind that its folder is called by. Raises CommandError."""
    said = {key: tuple(value) if isinstance(value, list) else "yes" if value is True else value
            for key, value in options.items()}  # fmt: skip
    if path.parent.name == "clients":
        said["separate"] = "yes"
    text = command_line(_COMMANDS[path.parent.name], **said)
    return desk.type(text, upload=(path.name, path.read_bytes()), is_confirmed=False)


def words(reply: Reply | CommandError) -> str:
    """All that a reply says."""
    if isinstance(reply, CommandError):
        return " ".join((reply.message, *reply.next_steps))
    table = [" ".join(row) for row in reply.table.rows] if reply.table else []
    return " ".join((reply.headline, *reply.lines, *reply.cautions, *table))


def saved(desk: Desk, kind: str) -> dict[str, Any]:
    """What is recorded beside what was prepared, by name."""
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        if kind == "clients":
            return {each.name: each for each in uow.clients.list(offboarded=True) if each.name not in _OWN}
        if kind == "agreements":
            return {each.reference: each for each in uow.agreements.list() if each.reference != "SOW-A"}
        return {each.item: each for each in uow.responsibilities.current(1)}


def differences(right: Mapping[str, Any], found: Mapping[str, Any], kind: str) -> list[str]:
    """How what was saved differs from what is right."""
    if kind == "matrices":
        parties = {item: row.party.value for item, row in found.items()}
        counts = dict(Counter(parties.values()))
        wrong = [] if counts == right["counts"] else [f"{parties} instead of {right['counts']}"]
        if right.get("item", next(iter(found), "")) not in found:
            wrong.append(f"no item {right['item']}")
        asked = right.get("rows", {})
        return wrong + [f"{item}: {parties.get(item)}" for item in asked if parties.get(item) != asked[item]]
    wrong = [] if set(found) == set(right["read"]) else [f"{sorted(found)} instead of {sorted(right['read'])}"]
    return wrong + [
        f"{name} {key}: {value!r} instead of {facts[key]!r}"
        for name, facts in right["read"].items() if name in found
        for key in facts if (value := _plain(getattr(found[name], _FIELDS.get(key, key)))) != facts[key]
    ]  # fmt: skip


def _plain(value: object) -> object:
    """A value as the expectations write it."""
    if isinstance(value, tuple) and not hasattr(value, "unit"):
        return list(value)
    return None if value is None else str(value)


def score(desk: Desk, path: Path, right: Mapping[str, Any]) -> tuple[Score, list[str]]:
    """What comes of importing the file, and why it is not right."""
    answer = right.get("after") or {}
    if "ask" in right:
        try:
            said = words(send(desk, path, dry_run=True))
        except CommandError as error:
            said = words(error)
        if right["ask"] not in said:
            return Score.REFUSED, [f'does not ask about "{right["ask"]}"', said]
        with suppress(CommandError):
            send(desk, path, confirm=True)
        if saved(desk, path.parent.name):
            return Score.WRONG, ["saved before what is open was answered", said]
        if not answer:
            return Score.ASKED, []
    try:
        reply = send(desk, path, confirm=True, **answer)
    except CommandError as error:
        return Score.REFUSED, [words(error)]
    wrong = differences(right, saved(desk, path.parent.name), path.parent.name)
    if wrong:
        return Score.WRONG, [*wrong, words(reply)]
    return Score.ASKED if "ask" in right else Score.READ, []


def main(folders: list[Path]) -> None:
    """Print the score of each kind of file, and what is wrong with which."""
    for folder in folders:
        _write(f"\n{folder}")
        for kind, files in expected(folder).items():
            counts: Counter[Score] = Counter()
            for name, right in files.items():
                with _desk() as desk:
                    found, why = score(desk, folder / kind / name, right)
                counts[found] += 1
                if why:
                    _write("\n      ".join((f"  {name}: {found}", *why)))
            _write(f"{kind}: {', '.join(f'{counts[each]} {each}' for each in Score)}, of {len(files)}")


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")


@contextmanager
def _desk() -> Iterator[Desk]:
    """A desk that has what `prepare` records, on a database of its own."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "files.db"
        path.write_bytes(_empty())
        database = Database(f"sqlite:///{path}")
        desk = open_desk(database)
        prepare(desk)
        yield desk
        database.close()


@cache
def _empty() -> bytes:
    """A database file with all tables and nothing in them."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "empty.db"
        database = Database(f"sqlite:///{path}")
        database.upgrade()
        database.close()
        return path.read_bytes()


if __name__ == "__main__":
    main([Path(each) for each in sys.argv[1:]] or [OTHER_TOOLS])
