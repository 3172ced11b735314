"""Pictures for the pages, as SVG: an answer of the real bot, and the tables with their references."""

import tempfile
import textwrap
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import time_machine

from bot.runtime.config import Settings
from bot.runtime.wiring import build
from bot.slack.plain import evidence_sentence
from commands.dispatching.request import Request
from commands.reply import Reply
from tests.docs.running import NOW, demo_database

_FONT = "font-family=\"Lato, 'Helvetica Neue', Arial, sans-serif\""
_QUESTIONS = ("calder who patches the servers?", "calder who runs the user access reviews?")


@time_machine.travel(NOW, tick=False)
def answer_picture() -> str:
    """Two questions with the demo's answers, drawn as in Slack: a documented one and one that nobody has settled."""
    with tempfile.TemporaryDirectory() as folder:
        database = demo_database(Path(folder) / "demo.db")
        runtime = build(Settings(ENGAGEMENT_DATABASE_URL=f"sqlite:///{database}", _env_file=None))
        try:
            workspace = runtime.console_workspace_id()
            replies = [
                runtime.dispatcher.run(Request(workspace, "U0SAM", question, slash="/scope")) for question in _QUESTIONS
            ]
        finally:
            runtime.close()
    drawing = _Drawing()
    for question, reply in zip(_QUESTIONS, replies, strict=True):
        drawing.message("Sam Lee", "#7a4fa3", "S")
        drawing.text(f"/scope {question}")
        drawing.message("engagement", "#1264a3", "E", is_app=True)
        drawing.reply(reply)
    return drawing.finished()


class _Drawing:
    width = 760
    left = 64

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.y = 12

    def message(self, name: str, color: str, letter: str, *, is_app: bool = False) -> None:
        self.y += 10
        self.parts.append(f'<rect x="18" y="{self.y}" width="34" height="34" rx="6" fill="{color}"/>')
        self._write(35, self.y + 23, letter, 17, "bold", "#ffffff", anchor="middle")
        self._write(self.left, self.y + 12, name, 14, "bold", "#1d1c1d")
        if is_app:
            at = self.left + len(name) * 9 + 10
            self.parts.append(f'<rect x="{at}" y="{self.y}" width="30" height="15" rx="3" fill="#e8e8e8"/>')
            self._write(at + 4, self.y + 11, "APP", 10, "bold", "#616061")
            self._write(at + 40, self.y + 12, "Only visible to you", 12, "normal", "#616061")
        self.y += 18

    def reply(self, reply: Reply) -> None:
        self.text(reply.headline, size=17, weight="bold")
        for line in reply.lines:
            self.text(line)
        for field in reply.fields:
            self.text(f"{field.label}: {field.value}")
        if reply.evidence is not None:
            self.text(f"Evidence: {evidence_sentence(reply.evidence)}", color="#454245", size=13)
        for caution in reply.cautions:
            self.text(f"Caution: {caution}")
        for step in reply.next_steps:
            self.text(f"Next: {step}")
        x = self.left
        self.y += 6
        for choice in reply.choices:
            room = 26 + 9 * len(choice.label)
            if x + room > self.width - 16:
                x, self.y = self.left, self.y + 40
            self.parts.append(
                f'<rect x="{x}" y="{self.y}" width="{room}" height="32" rx="6" fill="#ffffff" stroke="#bbbabb"/>'
            )
            self._write(x + room // 2, self.y + 21, choice.label, 14, "bold", "#1d1c1d", anchor="middle")
            x += room + 8
        self.y += 44 if reply.choices else 4

    def text(self, line: str, *, size: int = 14, weight: str = "normal", color: str = "#1d1c1d") -> None:
        for each in textwrap.wrap(
            line.replace("<@U0DANA>", "@Dana Ortiz"), 1260 // size + (0 if weight == "bold" else 6)
        ):
            self.y += size + 6
            self._write(self.left, self.y, each, size, weight, color)
        self.y += 2

    def finished(self) -> str:
        return _svg(self.width, self.y + 16, self.parts, "Two questions in Slack, with the bot's answers")

    def _write(self, x: int, y: int, text: str, size: int, weight: str, color: str, *, anchor: str = "start") -> None:
        self.parts.append(
            f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{color}"'
            f' text-anchor="{anchor}">{escape(text)}</text>'
        )


_BOX, _HIGH, _GAP, _STEP = 212, 26, 8, 280


def table_picture(tables: Sequence[Any]) -> str:
    """The tables in columns, each right of those it refers to; the reference to the workspace is left out."""
    parents = {
        table.name: sorted({key.column.table.name for key in table.foreign_keys} - {"workspace", table.name})
        for table in tables
    }
    depth: dict[str, int] = {}
    for table in tables:  # sorted: what is referred to comes first
        depth[table.name] = 1 + max((depth[name] for name in parents[table.name]), default=-1)
    children = {name for names in parents.values() for name in names}
    columns: dict[int, list[str]] = {}
    for name in sorted(depth, key=lambda each: (each not in children, each)):
        columns.setdefault(depth[name], []).append(name)
    place = {
        name: (20 + column * _STEP, 20 + row * (_HIGH + _GAP))
        for column, names in columns.items()
        for row, name in enumerate(names)
    }
    parts = []
    for name, names in parents.items():
        for parent in names:
            if depth[name] - depth[parent] == 1 or len(names) == 1:
                parts.append(_arrow(place[name], place[parent]))
    for name, (x, y) in place.items():
        fill = "#dfe9f5" if name in children else "#ffffff"
        parts.append(
            f'<rect x="{x}" y="{y}" width="{_BOX}" height="{_HIGH}" rx="4" fill="{fill}" stroke="#4a6785"/>'
            f'<text x="{x + 10}" y="{y + 18}" font-size="14" fill="#1d1c1d">{escape(name)}</text>'
        )
    width = 40 + _BOX + _STEP * max(columns)
    height = 40 + max(map(len, columns.values())) * (_HIGH + _GAP)
    return _svg(width, height, parts, "Tables of the database and their references")


def _arrow(child: tuple[int, int], parent: tuple[int, int]) -> str:
    x1, y1 = child[0], child[1] + _HIGH // 2
    x2, y2 = parent[0] + _BOX, parent[1] + _HIGH // 2
    bend = (x1 - x2) // 2
    return (
        f'<path d="M{x1},{y1} C{x1 - bend},{y1} {x2 + bend},{y2} {x2 + 6},{y2}" fill="none" stroke="#8aa0b8"/>'
        f'<path d="M{x2},{y2} l8,-4 v8 z" fill="#8aa0b8"/>'
    )


def _svg(width: int, height: int, parts: Sequence[str], title: str) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" {_FONT}>'
    )
    frame = f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8" fill="#ffffff" stroke="#dddddd"/>'
    return "\n".join([head, f"<title>{escape(title)}</title>", frame, *parts, "</svg>"]) + "\n"
