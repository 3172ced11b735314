"""The page in a real browser: what people do there, by hand and by keyboard, on a desk and on a phone."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import bot.console.demo_data
from bot.web.run import page_served
from bot.web.server import PageServer
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


def browse(width: int, *flows: str, begin: Callable[[PageServer], None] = lambda server: None) -> dict[str, Any]:
    """What a browser saw that went through `flows`, one after another, on a page of its own."""
    with page_served(NOW) as server:
        begin(server)
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
        (760, ("guest", "settle", "roles")),
        (390, ("guest", "settle", "ask", "roles")),
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
    if "roles" in flows:
        assert "Today" in seen["manager"]
        assert "Where the clients stand" in seen["manager"]
        assert "Today" not in seen["technician"]
        assert "Where the clients stand" not in seen["technician"]
    if "guest" in flows:
        assert "Firewall" not in seen["text"]
        assert "Bluebird" not in seen["text"]


def _text(words: str) -> dict[str, str]:
    return {"type": "plain_text", "text": words}


def _options(*words: str) -> list[dict[str, Any]]:
    return [{"text": _text(each), "value": each.lower()} for each in words]


CONFIRM = {
    "title": _text("Remove it?"),
    "text": _text("For good."),
    "confirm": _text("Yes, remove it"),
    "deny": _text("No"),
}
COLOURS = {"action_id": "c", "placeholder": _text("A colour"), "options": _options("Red", "Green")}
IN_A_ROW = [
    {"type": "static_select", **COLOURS},
    {"type": "checkboxes", "action_id": "m", "options": _options("Mail", "Post")},
    {"type": "radio_buttons", "action_id": "w", "options": _options("Daily", "Weekly")},
    {"type": "datepicker", "action_id": "d", "placeholder": _text("A day")},
    {
        "type": "button",
        "action_id": "b",
        "text": _text("Remove"),
        "value": "gone",
        "style": "danger",
        "confirm": CONFIRM,
    },
]
MENU = {"type": "overflow", "action_id": "menu", "options": _options("Now", "Later")}
ELEMENTS = [
    {"type": "section", "text": _text("Every element"), "accessory": MENU},
    {"type": "actions", "block_id": "row", "elements": IN_A_ROW},
]


def test_every_element_says_what_slack_would_say() -> None:
    heard: list[dict[str, Any]] = []

    def begin(server: PageServer) -> None:
        world = server.requests.world
        world.slack._keep("ephemeral", {"text": "Every element", "blocks": ELEMENTS}, "C0CALDER", "U0DANA")
        act = server.requests.payloads.act_in_message

        def listen(*given: Any, **more: Any) -> dict[str, Any]:
            heard.append(act(*given, **more))
            return heard[-1]

        server.requests.payloads.act_in_message = listen  # type: ignore[method-assign]

    seen = browse(390, "elements", begin=begin)
    for what in ("faults", "console", "elsewhere", "wide"):
        assert seen[what] == [], what
    actions = [payload["actions"][0] for payload in heard]
    for action in actions:
        del action["action_ts"]
    later, green, mail, weekly = (_options(each)[0] for each in ("Later", "Green", "Mail", "Weekly"))
    row = {"block_id": "row"}
    assert actions == [
        {"type": "overflow", "action_id": "menu", "block_id": "b0", "selected_option": later},
        {"type": "static_select", "action_id": "c", **row, "selected_option": green},
        {"type": "checkboxes", "action_id": "m", **row, "selected_options": [mail]},
        {"type": "radio_buttons", "action_id": "w", **row, "selected_option": weekly},
        {"type": "datepicker", "action_id": "d", **row, "selected_date": "2026-09-01"},
        {"type": "button", "action_id": "b", **row, "text": _text("Remove"), "value": "gone"},
    ]
    assert {payload["container"]["type"] for payload in heard} == {"message"}
    assert "@priya" in seen["saved"]
    assert "acme, rockets" in seen["saved"]
