"""The page in a real browser: what people do there, by hand and by keyboard, on a desk and on a phone."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import bot.console.demo_data
from bot.web.run import page_served
from tests.web.conftest import NOW

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("browser.mjs")
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
MODULES = ROOT / "bot" / "web" / "page" / "node_modules"
MATRIX = Path(bot.console.demo_data.__file__).with_name("calder_ridge_sow_a.csv")
LACKING = [
    what
    for what, is_here in (
        ("node", shutil.which("node") is not None),
        (f"a browser at {CHROMIUM} (apt install chromium, or set CHROMIUM)", Path(CHROMIUM).exists()),
        ("npm ci --prefix bot/web/page", (MODULES / "playwright-core").is_dir() and (MODULES / "axe-core").is_dir()),
    )
    if not is_here
]
pytestmark = pytest.mark.skipif(bool(LACKING), reason=f"needs {' and '.join(LACKING)}")


def browse(width: int, *flows: str) -> dict[str, Any]:
    """What a browser saw that went through `flows`, one after another, on a page of its own."""
    with page_served(NOW) as server:
        ran = subprocess.run(
            ["node", str(SCRIPT), server.address, str(width), str(MATRIX), *flows],
            env={**os.environ, "CHROMIUM": CHROMIUM}, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    seen: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    assert "failed" not in seen, f"{seen['failed']}\n{seen['shown']}"
    return seen


@pytest.mark.parametrize(
    ("width", "flows"),
    [
        (1280, ("keyboard", "ask", "import", "renewal")),
        (760, ("guest", "settle", "ask")),
        (390, ("guest", "settle", "ask", "import", "renewal")),
    ],
)
def test_people_do_there_what_they_do_in_slack(width: int, flows: tuple[str, ...]) -> None:
    """And nothing is in the way of those who cannot see or hold a mouse, asked of others, or beyond the edge."""
    seen = browse(width, *flows)
    for what in ("faults", "console", "elsewhere", "wide"):
        assert seen[what] == [], what
    if "keyboard" in flows:
        assert "Calder Ridge" in seen["error"]
        assert seen["focus"] == "Message #calder-ridge"
    if "import" in flows:
        assert seen["download"].endswith((".csv", ".xlsx"))
    if "guest" in flows:
        assert "Firewall" not in seen["text"]
        assert "Bluebird" not in seen["text"]
