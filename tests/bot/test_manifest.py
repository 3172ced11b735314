"""The manifest says what the code does: commands, scopes, events; and Slack's schema accepts it."""

import ast
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.console.local_slack import SCOPES, LocalSlack
from bot.slack.app import slash_commands
from bot.slack.manifest import BOT_EVENTS, METHODS, as_yaml, build_manifest, scopes
from commands.catalog import REGISTRY

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT.parent / "shared" / "data" / "manifest.schema.json"
SDK_NAMES = {name.lower().replace(".", "_"): name for name in METHODS} | {
    "files_upload_v2": "files.completeUploadExternal"
}


def test_the_committed_manifest_is_the_one_for_socket_mode() -> None:
    text = (ROOT / "manifest.yml").read_text(encoding="utf-8")
    assert text == as_yaml(build_manifest(REGISTRY))
    assert yaml.safe_load(text) == build_manifest(REGISTRY)


def test_every_slash_command_is_declared_and_no_other() -> None:
    declared = [one["command"] for one in build_manifest(REGISTRY)["features"]["slash_commands"]]
    assert declared == ["/engagement", *REGISTRY.slashes]
    assert tuple(declared) == slash_commands(REGISTRY)


def test_http_names_the_bots_address_everywhere() -> None:
    manifest = build_manifest(REGISTRY, mode="http", url="https://bot.example.com/")
    address = "https://bot.example.com/slack/events"
    assert {one["url"] for one in manifest["features"]["slash_commands"]} == {address}
    assert manifest["settings"]["interactivity"]["message_menu_options_url"] == address
    assert manifest["settings"]["event_subscriptions"]["request_url"] == address
    assert manifest["settings"]["socket_mode_enabled"] is False


@pytest.mark.parametrize(("mode", "url"), [("http", None), ("http", "http://x.example"), ("carrier pigeon", None)])
def test_a_manifest_that_cannot_work_is_not_made(mode: str, url: str | None) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        build_manifest(REGISTRY, mode=mode, url=url)


def methods_called() -> set[str]:
    """Every Web API method that the Slack front end calls, read from its source."""
    called: set[str] = set()
    for path in (each for name in ("slack", "jobs", "process") for each in (ROOT / "bot" / name).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr.lower() in SDK_NAMES:
                called.add(SDK_NAMES[node.attr.lower()])
    return called


def test_every_method_called_is_listed_and_every_listed_one_is_called() -> None:
    upload = {"files.getUploadURLExternal", "files.completeUploadExternal"}
    upload |= {"functions.completeError", "functions.completeSuccess"}  # Bolt's complete and fail call these
    assert methods_called() | upload == set(METHODS)


def test_the_scopes_are_enough_for_every_method_and_event() -> None:
    granted = set(scopes())
    assert all(needed & granted for method, needed in SCOPES.items() if method in METHODS)
    assert set(BOT_EVENTS.values()) - {""} <= granted
    assert {"commands", "files:read"} <= granted


def test_no_scope_is_asked_for_without_a_use() -> None:
    used = {scope for method in METHODS.values() for scope in method} | (set(BOT_EVENTS.values()) - {""})
    assert set(scopes()) - used == {"commands"}


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_slacks_schema_accepts_it(mode: str) -> None:
    if not SCHEMA.exists():
        pytest.skip("Slack's manifest schema is not beside this checkout")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    url = "https://bot.example.com" if mode == "http" else None
    jsonschema.Draft7Validator(schema).validate(build_manifest(REGISTRY, mode=mode, url=url))


def test_the_local_slack_knows_the_methods(slack: LocalSlack) -> None:
    answers: dict[str, Any] = {}
    for method in METHODS:
        try:
            answers[method] = slack.call(method, {}, "xoxb-local")
        except Exception as refused:
            answers[method] = str(refused)
    assert "unknown_method" not in answers.values()
