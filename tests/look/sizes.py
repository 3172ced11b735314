"""Blocks, characters and time to render of the replies that people see most: `python -m tests.look.sizes`.

Asked of the demo's record and drawn on a phone, beside what was measured of 0.2.0. With --docs, the table of the page
on the look is written anew.
"""

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.console.demo_data import seed
from bot.slack.render import render
from commands.dispatching.request import Request
from tests.look.drawing import draw
from tests.look.surfaces import Surface, written
from tests.look.world import NOW, PRIYA, SAM, World, opened

# What is typed, and of 0.2.0 (commit 4d15147, the same record): blocks, characters, height at 390 px, milliseconds.
MOST_USED = (
    ("An answer", SAM, "/scope who patches the firewall?", (5, 519, 452, 0.02)),
    ("An answer: shared", SAM, "/scope is multi-factor authentication ours?", (5, 645, 544, 0.02)),
    ("Not documented", SAM, "/scope who waters the plants?", (4, 147, 228, 0.01)),
    ("A choice", SAM, "/scope is the server ours?", (4, 265, 488, 0.02)),
    ("`check`", PRIYA, "/engagement check calder", (6, 3072, 3664, 0.1)),
    ("`renewals`", SAM, "/renewals", (2, 170, 324, 0.01)),
    ("`matrix show`", SAM, "/engagement matrix show calder", (3, 2769, 3782, 0.17)),
    ("`reminder list`", PRIYA, "/engagement reminder list", (3, 1660, 2722, 0.09)),
    ("`client show`", SAM, "/engagement client show calder", (3, 178, 314, 0.04)),
    ("`help`", SAM, "/engagement help", (9, 3378, 4786, 0.11)),
)
_TIMES = 51
_PAGE = Path("docs/explanation/look.md")
_BETWEEN = re.compile(r"(<!-- sizes -->\n).*(<!-- /sizes -->)", re.DOTALL)


def measured() -> Iterator[tuple[int, int, int, float]]:
    """Blocks, characters, height on a phone, and milliseconds to render, of each."""
    with opened(seed) as world:
        shown = [world.typed(user, text)[0][1] for _, user, text, _ in MOST_USED]
        took = [_milliseconds(world, user, text) for _, user, text, _ in MOST_USED]
    surfaces = [Surface(f"most_used_{number}", "message", "", each) for number, each in enumerate(shown)]
    with tempfile.TemporaryDirectory() as folder:
        drawn = draw(written(surfaces), Path(folder), pictures=False).found["measures"]
    heights = {each["name"]: each["height"] for each in drawn if (each["width"], each["theme"]) == (390, "light")}
    for surface, milliseconds in zip(surfaces, took, strict=True):
        blocks = surface.payload["blocks"]
        yield len(blocks), characters(blocks), heights[surface.name], milliseconds


def characters(found: Any) -> int:
    """All that is read, on buttons and in menus, too."""
    if isinstance(found, dict):
        own = found.get("text")
        return (len(own) if isinstance(own, str) else 0) + sum(map(characters, found.values()))
    return sum(map(characters, found)) if isinstance(found, list) else 0


def _milliseconds(world: World, user: str, text: str) -> float:
    command, _, rest = text.partition(" ")
    request = Request(1, user, rest, slash=command, channel="C0CALDER")
    reply = world.demo.runtime.dispatcher.run(request)
    took = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        render(reply, again=rest, today=NOW.date())
        took.append(1000 * (time.perf_counter() - began))
    return statistics.median(took)


def table() -> str:
    """As it stands on the page."""
    lines = ["| | Blocks | Characters | Height, 390 px wide | Time to render |", "|---|--:|--:|--:|--:|"]
    for (name, _, _, before), now in zip(MOST_USED, measured(), strict=True):
        counts = [f"{old:,} → {new:,}" for old, new in zip(before[:3], now[:3], strict=True)]
        lines.append(f"| {name} | {' | '.join(counts)} px | {before[3]:.2f} → {now[3]:.2f} ms |")
    return "\n".join(lines) + "\n"


def main() -> None:
    found = table()
    sys.stdout.write(found)
    if "--docs" in sys.argv:
        page = _PAGE.read_text(encoding="utf-8")
        _PAGE.write_text(_BETWEEN.sub(lambda part: f"{part[1]}{found}{part[2]}", page), encoding="utf-8")


if __name__ == "__main__":
    main()
