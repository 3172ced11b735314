"""Whatever is typed, sent, named or written into a cell: an answer or a clear refusal. Never an unhandled exception, a
half-saved change, or words of somebody that call people. FUZZ=5000 (make fuzz) tries that many of each kind.
"""

import hashlib
import hmac
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from slack_bolt import BoltRequest

from bot.slack.http import Door
from bot.slack.limits import check_message
from bot.slack.request_handler import REFUSED
from commands.catalog import REGISTRY
from commands.command import Upload
from commands.dispatching.request import CONSOLE, Request
from commands.errors import CommandError
from tests.leaks.test_leaks import prepared
from tests.leaks.world import ADMIN, COLLEAGUES, HELPDESK, SECRET_ROOM, World, opened

__all__ = ["prepared"]
EXAMPLES = int(os.environ.get("FUZZ", "0"))
HARD = settings(
    max_examples=EXAMPLES or 60,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)
SECRET = "a-secret-of-the-test"
VICTIM = "U0VICTIM"
HOSTILE = (
    f"<@{VICTIM}>", f"<@{VICTIM}|sam>", "<!channel>", "<!here|here>", "<!subteam^S0GROUP|@group>", "<#C0HELP|x>",
    "<https://evil.example|click>", "https://evil.example", "&amp;", "&am", "<", ">", "*bold*", "`x`", "\x00", "\ud800",
    "\u202e", "\ufeff", "a" * 5000, '"', "'", "“", "\\", "%s", "{0}", "=cmd()", "\n\n", "\t", "İ", "ß" * 300, "١٢",
    "-1",
    "99999999999999999999", "0", "2026-02-30", "9999-12-31", "0001-01-01", "1e400", "nan", "DROP TABLE client",
    "../../x",
)  # fmt: skip
WORDS = st.sampled_from(
    [*HOSTILE, "openwater", "vantablack", "jointventure", "PAPER-1", "hipaa", "yes", "no", "confirm:yes", "me", "here",
     "60d", "2026-08-01", "client:openwater", "id:1", "limit:9", "head:1:x", "to:me", "number:1", "as-of:2026-01-01"]
)  # fmt: skip
OPTIONS = st.sampled_from(sorted({parameter.name for command in REGISTRY for parameter in command.parameters}))
TYPED = st.lists(
    st.one_of(
        WORDS,
        st.text(max_size=20),
        st.builds("{}:{}".format, OPTIONS, st.one_of(WORDS, st.text(max_size=10))),
        st.builds('{}:"{}"'.format, OPTIONS, st.text(max_size=10)),
    ),
    max_size=7,
).map(" ".join)
COMMANDS = st.sampled_from([command.name for command in REGISTRY])
_CALLS = re.compile(r"<[^>]{1,200}>")
_NOT_RECORDS = ("audit_entry", "audit_detail", "inbox", "pending_upload", "sqlite_sequence", "heartbeat")


@pytest.fixture(scope="module")
def database(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copy(prepared, tmp_path_factory.mktemp("fuzz") / "world.db"))


@pytest.fixture(scope="module")
def world(database: Path) -> Iterator[World]:
    with opened(database) as world:
        yield world
        with world.runtime.database.open_unit(world.runtime.workspace_id("T0LOCAL001"), writes=False) as uow:
            assert uow.audit.verify()[1] is None
        assert "Traceback" not in world.log.getvalue()


@HARD
@given(
    command=COMMANDS,
    typed=TYPED,
    way=st.sampled_from(["slash", "mention", "direct", "press", "form"]),
    user=st.sampled_from(COLLEAGUES),
)
@example(command="scope ask", typed=f"openwater who calls <@{VICTIM}> <!channel>?", way="mention", user=ADMIN)
@example(
    command="client add", typed=f'"<@{VICTIM}> & <!here>" alias:"<https://evil.example|click>"', way="slash", user=ADMIN
)
@example(command="matrix set", typed=f'openwater PAPER-1 "<@{VICTIM}>" msp notes:"\x00\ud800"', way="slash", user=ADMIN)
def test_any_command_text_is_answered(
    world: World, database: Path, command: str, typed: str, way: str, user: str
) -> None:
    before, records, shown = len(world.slack.posted), _records(database), len(world.slack.problems)
    text = f"{command} {typed}"
    button = {
        "action_id": "form:0" if way == "form" else "run:0",
        "value": text,
        "text": {"type": "plain_text", "text": "x"},
    }
    make = {
        "slash": lambda: world.payloads.slash(user, HELPDESK, "/engagement", text),
        "mention": lambda: world.payloads.mention(user, SECRET_ROOM, text),
        "direct": lambda: world.payloads.direct(user, text),
        "press": lambda: world.payloads.press(user, HELPDESK, button),
        "form": lambda: world.payloads.press(user, HELPDESK, button),
    }
    response = world.app.dispatch(BoltRequest(body=make[way](), mode="socket_mode"))
    assert world.workers.wait(30)
    assert response.status == 200
    answers = [json.loads(response.body)] if response.body.startswith("{") else []
    posted = world.slack.since(before)
    assert answers or posted, "nobody is left in silence"
    assert world.slack.problems[shown:] == []
    for answer in answers:
        assert check_message(answer) == []
    for payload in (*answers, *(one.payload for one in posted if one.kind != "file")):
        _says_no_exception(payload)
        _calls_nobody(payload, is_public=False)
    for one in posted:
        if one.kind == "message" and not (one.channel or "").startswith("D"):
            _calls_nobody(one.payload, is_public=True)
    if any(_is_refusal(payload) for payload in (*answers, *(one.payload for one in posted))):
        assert _records(database) == records, "a refused command saved something"


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20), WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=8,
)


@HARD
@given(
    data=st.data(),
    kind=st.sampled_from(["slash", "mention", "press", "submit", "suggest", "shortcut", "home", "pick", "step"]),
)
def test_any_payload_is_answered_or_refused(world: World, data: st.DataObject, kind: str) -> None:
    payload = _payload(world, kind)
    for _ in range(data.draw(st.integers(0, 3))):
        _spoil(payload, data)
    is_form = kind == "slash"
    body = (
        urlencode({name: str(value) for name, value in payload.items()}, errors="replace")
        if is_form
        else json.dumps(payload)
        if "event" in payload
        else urlencode({"payload": json.dumps(payload)})
    ).encode()
    json_kind = "application/json" if "event" in payload else "application/x-www-form-urlencoded"
    assert _post(world, body, json_kind).status in (200, 400)
    assert world.workers.wait(30)


@HARD
@given(
    body=st.one_of(st.binary(max_size=200), TYPED.map(lambda text: text.encode("utf-8", "replace"))),
    kind=st.sampled_from(["application/json", "application/x-www-form-urlencoded", "x", ""]),
)
def test_any_bytes_at_the_door_are_answered_or_refused(world: World, body: bytes, kind: str) -> None:
    assert _post(world, body, kind).status in (200, 400)
    assert _post(world, body, kind, secret="another").status == 401


CELLS = st.one_of(
    WORDS, st.text(max_size=30), st.sampled_from(["msp", "client", "both", "R", "A", "x", "", "N/A", "item"])
)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=6)


@HARD
@given(
    name=st.one_of(st.text(max_size=40), WORDS),
    table=TABLES,
    header=st.booleans(),
    what=st.sampled_from(["matrix import openwater PAPER-1", "client import", "agreement import"]),
    is_raw=st.booleans(),
)
def test_any_file_is_read_or_refused_whole(
    world: World, database: Path, name: str, table: list[list[str]], header: bool, what: str, is_raw: bool
) -> None:
    rows = [["item", "responsible", "notes", "name", "client"][:3], *table] if header else table
    text = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    content = text.encode("utf-8", "surrogatepass" if is_raw else "replace")
    records = _records(database)
    typed = f"{what} confirm:yes" + (" accept:yes" if "matrix" in what else "")
    workspace_id = world.runtime.workspace_id("T0LOCAL001")
    request = Request(workspace_id, CONSOLE, typed, uploads=(Upload(name, content),))
    try:
        reply = world.runtime.dispatcher.run(request)
    except CommandError:
        assert _records(database) == records, "a refused file saved something"
    else:
        assert reply.headline
    _stored_calls_nobody(database)


def _payload(world: World, kind: str) -> dict[str, Any]:
    button = {"action_id": "run:0", "value": "client list", "text": {"type": "plain_text", "text": "x"}}
    element = {"type": "external_select", "action_id": "value:client"}
    view = {
        "type": "modal", "id": "V1", "callback_id": "command",
        "private_metadata": json.dumps({"command": "client show", "channel": HELPDESK}),
        "blocks": [{"type": "input", "block_id": "client", "element": element}],
    }  # fmt: skip
    option = {"type": "external_select", "selected_option": {"value": "openwater"}}
    payloads = world.payloads
    made: dict[str, Any] = {
        "slash": lambda: payloads.slash(ADMIN, HELPDESK, "/scope", "openwater server patching"),
        "mention": lambda: payloads.mention(ADMIN, HELPDESK, "client list"),
        "press": lambda: payloads.press(ADMIN, HELPDESK, button),
        "submit": lambda: payloads.submit(ADMIN, view, {"client": option}),
        "suggest": lambda: payloads.suggest(ADMIN, view, "client", "open"),
        "pick": lambda: payloads.pick(ADMIN, view, "client", option),
        "shortcut": lambda: payloads.message_shortcut(ADMIN, "check_responsibility", HELPDESK, "server patching"),
        "home": lambda: payloads.home_opened(ADMIN),
        "step": lambda: payloads.step("ask_scope", {"client": "openwater", "question": "x", "asked_by": ADMIN}),
    }
    found: dict[str, Any] = json.loads(json.dumps(made[kind]()))
    return found


def _spoil(value: Any, data: st.DataObject) -> None:
    """Something in it, at any depth, is missing or something else."""
    while isinstance(value, dict | list) and value:
        key = data.draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
        if isinstance(value[key], dict | list) and value[key] and data.draw(st.booleans()):
            value = value[key]
        elif data.draw(st.booleans()):
            del value[key]
            return
        else:
            value[key] = data.draw(JSON)
            return


def _post(world: World, body: bytes, kind: str, secret: str = SECRET) -> Any:
    stamp = "1785769200"
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {"content-type": kind, "x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}"}
    door = Door(world.app, SECRET, clock=lambda: float(stamp))
    return door.answer("POST", "/slack/events", headers, body)


def _records(database: Path) -> str:
    """A fingerprint of everything that is on record."""
    digest = hashlib.sha256()
    with sqlite3.connect(database) as connection:
        names = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")
        ]
        for name in names:
            if name not in _NOT_RECORDS:
                for row in connection.execute(f"SELECT * FROM {name} ORDER BY 1"):
                    digest.update(repr(row).encode("utf-8", "replace"))
    return digest.hexdigest()


def _stored_calls_nobody(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        for name in ("client", "agreement", "responsibility", "scope_question"):
            for row in connection.execute(f"SELECT * FROM {name}"):
                assert f"<@{VICTIM}" not in repr(row)


def _is_refusal(payload: Any) -> bool:
    blocks = payload.get("blocks") or [{}]
    return isinstance(blocks[0], dict) and blocks[0].get("block_id") == REFUSED


def _says_no_exception(payload: Any) -> None:
    assert "went wrong on our side" not in json.dumps(payload)


def _calls_nobody(payload: Any, *, is_public: bool) -> None:
    """In text that Slack reads as markup: no link, no broadcast; and in public nobody that somebody else typed."""
    for text in (
        payload.get("text") if isinstance(payload.get("text"), str) else "",
        *_marked_up(payload.get("blocks")),
    ):
        for call in _CALLS.findall(text or ""):
            is_ours = re.fullmatch(r"<https?://[^<>|\s]+\|Open the document>", call)
            assert is_ours or re.fullmatch(r"<[@#][A-Z0-9]+(\|[^<>]*)?>", call), f"{call} in {text[:200]}"
        assert not re.search(r"&(?!amp;|lt;|gt;)", text or ""), text
    if is_public:
        assert VICTIM not in re.findall(r'"user_id": "(\w+)"', json.dumps(payload))
        assert f"<@{VICTIM}" not in json.dumps(payload)


def _marked_up(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for inner in value.values():
            yield from _marked_up(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _marked_up(inner)
