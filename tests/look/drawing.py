"""Runs the renderer, and says what is wrong with what it drew."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
_TALLEST = 3
_WIDE = 760


@dataclass(frozen=True, slots=True)
class Measured:
    """What the page said of each surface, width and theme."""

    found: Mapping[str, Any]

    def problems(self) -> Iterator[str]:
        """Unknown blocks, cut text, cells of more than three lines on a desk, and what is wider than the page."""
        for one in self.found["unknown"]:
            yield f"{one['name']}: the renderer does not know {', '.join(one['unknown'])}"
        for one in self.found["measures"]:
            where = f"{one['name']} at {one['width']} px, {one['theme']}"
            if one["failed"]:
                yield f"{where}: not drawn: {one['failed']}"
            yield from (f"{where}: cut: {said}" for said in one["cut"])
            yield from (f"{where}: wider than the page: {said}" for said in one["wide"])
            if one["width"] == _WIDE and one["tallestCell"] > _TALLEST:
                yield f"{where}: a cell of {one['tallestCell']} lines: {one['cells'][0]}"


def missing() -> str | None:
    """What is not installed, and how to install it; None where all is there."""
    if shutil.which("node") is None:
        return "node is not installed"
    if not (HERE / "node_modules" / "slack-blocks-to-jsx").is_dir():
        return "the renderer is not installed: npm ci --ignore-scripts --prefix tests/look"
    if chromium() is None:
        return "chromium is not installed (or name it in CHROMIUM)"
    return None


def chromium() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def draw(surfaces: Mapping[str, Any], folder: Path, *, pictures: bool) -> Measured:
    """Draw into `folder`. Raises RuntimeError where something is not installed or the renderer fails."""
    if (why := missing()) is not None:
        raise RuntimeError(why)
    source = folder / "drawn.json"
    source.write_text(json.dumps(surfaces))
    command = ["node", str(HERE / "draw.mjs"), str(source), str(folder), *([] if pictures else ["--no-pictures"])]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=1800,
        env={**os.environ, "CHROMIUM": chromium() or ""},
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return Measured(json.loads((folder / "measured.json").read_text()))
