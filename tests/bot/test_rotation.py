"""Tokens change while the bot runs: tried first, all or none, by every process, and never written into a log."""

import contextlib
import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from slack_sdk import WebClient

from bot.console.local_slack import APP_TOKEN, BOT_TOKEN, TEAM, LocalSlack
from bot.console.payloads import Payloads
from bot.process import preflight, socket_mode
from bot.process.connection import Connection, connect
from bot.process.rotation import Held, Rotation, app_token, bot_token, signing_secret
from bot.process.run import newest
from bot.process.socket_mode import Handler
from bot.runtime.config import ConfigError, Settings, load_settings, with_tokens_of_file
from bot.runtime.errors import SlackUnreachable
from bot.runtime.wiring import Runtime
from bot.slack.http import Door
from storage.database import Database
from tests.bot.conftest import HELPDESK, SAM, Bot, settings_for
from tests.bot.serve_process import SECRET
from tests.bot.socket_mode_server import SocketModeServer
from tests.bot.test_serving import ask, free_port, served, until_ready

NEW_BOT, NEW_APP, NEW_SECRET = "xoxb-2-new-and-secret", "xapp-1-A0OTHER-new-and-secret", "new-signing-and-secret"


@pytest.fixture
def tokens(tmp_path: Path) -> Path:
    path = tmp_path / "tokens.env"
    path.write_text(f"SLACK_BOT_TOKEN={BOT_TOKEN}\nSLACK_APP_TOKEN={APP_TOKEN}\n", encoding="utf-8")
    return path


@pytest.fixture
def connection(runtime: Runtime) -> Iterator[Connection]:
    made = connect(runtime)
    yield made
    made.workers.drain(5)


class Rig:
    """A connection whose tokens rotate, and what was taken."""

    def __init__(self, connection: Connection, path: Path) -> None:
        self.taken: list[str] = []
        self.now = 0.0
        settings = connection.runtime.settings.model_copy(update={"slack_app_token": APP_TOKEN})
        held: tuple[Held, ...] = (
            bot_token(connection), app_token(settings, self.taken.append), signing_secret(self.taken.append)
        )  # fmt: skip
        self.rotation = Rotation(path, settings, held, lambda: self.now)

    def look(self, times: int = 2) -> None:
        for _ in range(times):
            self.rotation.look()


@pytest.fixture
def rig(connection: Connection, tokens: Path) -> Rig:
    made = Rig(connection, tokens)
    made.look()
    return made


def test_new_tokens_are_tried_and_used(
    rig: Rig, connection: Connection, slack: LocalSlack, tokens: Path, caplog: pytest.LogCaptureFixture
) -> None:
    slack.bot_tokens[NEW_BOT] = TEAM
    slack.app_tokens.add(NEW_APP)
    tokens.write_text(
        f"# ours\nexport SLACK_BOT_TOKEN='{NEW_BOT}'\nSLACK_APP_TOKEN={NEW_APP}\nSLACK_SIGNING_SECRET={NEW_SECRET}\n",
        encoding="utf-8",
    )
    with caplog.at_level(logging.INFO):
        rig.look()
    del slack.bot_tokens[BOT_TOKEN]
    assert connection.client.auth_test()["team_id"] == TEAM
    assert rig.taken == [NEW_APP, NEW_SECRET]
    assert caplog.text.count("was changed") == 3
    assert "secret" not in caplog.text.replace("SLACK_SIGNING_SECRET", "")
    calls = len(slack.calls)
    rig.look(5)
    assert len(slack.calls) == calls


def test_the_listeners_work_with_the_new_token(bot: Bot, slack: LocalSlack) -> None:
    """Whoever asks for the first time is looked up with it, and so is what Bolt itself asks for."""
    made = connect(bot.runtime)
    slack.bot_tokens[NEW_BOT] = TEAM
    made.client.token = NEW_BOT
    slack.bot_tokens.pop(BOT_TOKEN)
    served = Bot(made.app, slack, bot.payloads, bot.runtime, made.workers, made.team)
    assert "1 client." in served.slash(SAM, "client list")["text"]
    made.workers.drain(5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"SLACK_BOT_TOKEN={NEW_BOT}", "The new SLACK_BOT_TOKEN cannot be used: Slack says invalid_auth."),
        ("SLACK_BOT_TOKEN=xoxb-elsewhere-secret", "cannot be used: it is for another workspace, Northwind IT."),
        (f"SLACK_APP_TOKEN={NEW_APP}", "The new SLACK_APP_TOKEN cannot be used: Slack says invalid_auth."),
        ("SLACK_BOT_TOKEN=xapp-secret", "SLACK_BOT_TOKEN: does not start with xoxb-;"),
        ("SLACK_BOTTOKEN=xoxb-secret", "names no token. Write lines NAME=VALUE;"),
        ("", "names no token."),
        (None, "cannot be read: No such file or directory."),
        (b"SLACK_BOT_TOKEN=\xff\xfesecret", "is not a text file."),
        ("SLACK_BOT_TOKEN=xoxb-good-secret\nSLACK_APP_TOKEN=xapp-secret", "The new SLACK_APP_TOKEN cannot be used:"),
    ],
)
def test_what_cannot_be_used_changes_nothing_and_is_said_once(
    rig: Rig, connection: Connection, slack: LocalSlack, tokens: Path, text: str | bytes | None, words: str,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    slack.bot_tokens |= {"xoxb-elsewhere-secret": "T0ELSE", "xoxb-good-secret": TEAM}
    tokens.unlink()
    if text is not None:
        tokens.write_bytes(text if isinstance(text, bytes) else text.encode())
    rig.look(4)
    rig.now += 31
    rig.look(2)
    assert connection.client.token == BOT_TOKEN
    assert rig.taken == []
    [said] = [each.getMessage() for each in caplog.records if "Nothing was changed" in each.getMessage()]
    assert words in said
    assert "secret" not in caplog.text


def test_another_apps_token_is_refused(connection: Connection, slack: LocalSlack, tokens: Path) -> None:
    slack.app_tokens.add(NEW_APP)
    settings = connection.runtime.settings.model_copy(update={"slack_app_token": "xapp-1-A0OURS-1"})
    taken: list[str] = []
    rotation = Rotation(tokens, settings, (app_token(settings, taken.append),))
    tokens.write_text(f"SLACK_APP_TOKEN={NEW_APP}", encoding="utf-8")
    rotation.look()
    rotation.look()
    assert taken == []
    slack.app_tokens.add("xapp-1-A0OURS-2")
    tokens.write_text("SLACK_APP_TOKEN=xapp-1-A0OURS-2", encoding="utf-8")
    rotation.look()
    rotation.look()
    assert taken == ["xapp-1-A0OURS-2"]


def test_a_bot_of_another_app_is_refused(
    rig: Rig, connection: Connection, slack: LocalSlack, tokens: Path, caplog: pytest.LogCaptureFixture
) -> None:
    slack.bot_tokens[NEW_BOT] = TEAM
    slack.app_id = "A0ANOTHER"
    tokens.write_text(f"SLACK_BOT_TOKEN={NEW_BOT}", encoding="utf-8")
    rig.look()
    assert connection.client.token == BOT_TOKEN
    assert "The new SLACK_BOT_TOKEN cannot be used: it is another app's." in caplog.text


def test_a_file_that_is_being_written_is_waited_for(
    rig: Rig, connection: Connection, slack: LocalSlack, tokens: Path
) -> None:
    slack.bot_tokens |= {NEW_BOT: TEAM, NEW_BOT[:-3]: TEAM}
    tokens.write_text(f"SLACK_BOT_TOKEN={NEW_BOT[:-3]}", encoding="utf-8")
    rig.look(1)
    tokens.write_text(f"SLACK_BOT_TOKEN={NEW_BOT}", encoding="utf-8")
    rig.look(1)
    assert connection.client.token == BOT_TOKEN
    rig.look(1)
    assert connection.client.token == NEW_BOT


def test_what_slack_did_not_take_is_tried_again(
    rig: Rig, connection: Connection, slack: LocalSlack, tokens: Path
) -> None:
    slack.bot_tokens[NEW_BOT] = TEAM
    slack.failures["auth.test"] = ["service_unavailable"]
    tokens.write_text(f"SLACK_BOT_TOKEN={NEW_BOT}", encoding="utf-8")
    rig.look(4)
    assert connection.client.token == BOT_TOKEN
    rig.now += 31
    rig.look(1)
    assert connection.client.token == NEW_BOT


def test_the_old_secret_counts_for_ten_minutes_more(bot: Bot) -> None:
    from tests.bot.test_http import NOW, post, signed, slash

    now = [NOW]
    door = Door(bot.app, "old", clock=lambda: now[0])
    body = slash(bot, "client list")

    def status(secret: str) -> int:
        stamp = str(int(now[0]))
        return post(door, body, signed(Door(bot.app, secret), body, stamp=stamp)).status

    door.change_secret("new")
    assert [status("new"), status("old"), status("")] == [200, 200, 401]
    now[0] += 599
    assert status("old") == 200
    now[0] += 2
    assert [status("new"), status("old")] == [200, 401]
    door.change_secret("a slip")
    door.change_secret("newest")
    assert [status("newest"), status("a slip"), status("new")] == [200, 200, 200]


def test_the_next_connection_is_made_with_the_new_token(bot: Bot, slack: LocalSlack) -> None:
    handler = Handler(bot.app, APP_TOKEN, WebClient(base_url=slack.base_url, retry_handlers=[]))
    slack.socket_url = "wss://there"
    slack.app_tokens = {NEW_APP}
    handler.change_token(NEW_APP)
    assert handler.client.issue_new_wss_url() == "wss://there"
    handler.client.close()


@contextlib.contextmanager
def within(seconds: float = 20) -> Iterator[Callable[[], bool]]:
    """Whether there is time left."""
    end = time.monotonic() + seconds

    def is_time() -> bool:
        time.sleep(0.1)
        return time.monotonic() < end

    yield is_time


@pytest.fixture
def database_url(empty_database: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(empty_database, tmp_path / 'served.db')}"


def test_a_running_process_takes_a_new_secret_and_a_new_token(
    database_url: str, slack: LocalSlack, tokens: Path
) -> None:
    port = free_port()
    payloads = Payloads(slack)
    with served("http", database_url, slack, port, ENGAGEMENT_TOKENS_FILE=str(tokens)):
        until_ready(port)
        slack.bot_tokens[NEW_BOT] = TEAM
        tokens.write_text(f"SLACK_BOT_TOKEN={NEW_BOT}\nSLACK_SIGNING_SECRET={NEW_SECRET}\n", encoding="utf-8")
        with within() as is_time:
            while ask(port, "POST", "/slack/events", b"{}", NEW_SECRET)[0] == 401:
                assert is_time(), "the new secret was not taken"
        del slack.bot_tokens[BOT_TOKEN]
        for secret in (NEW_SECRET, SECRET):
            body = urlencode(payloads.slash(SAM, HELPDESK, "/engagement", "client list")).encode()
            status, text = ask(port, "POST", "/slack/events", body, secret)
            assert (status, "There are no clients yet." in text) == (200, True)
        assert ask(port, "POST", "/slack/events", b"{}", "another")[0] == 401


def test_a_process_in_socket_mode_takes_new_tokens(database_url: str, slack: LocalSlack, tokens: Path) -> None:
    with SocketModeServer() as server:
        slack.socket_url = server.url
        with served("socket", database_url, slack, ENGAGEMENT_TOKENS_FILE=str(tokens)):
            server.wait_until_connected()
            slack.bot_tokens[NEW_BOT] = TEAM
            slack.app_tokens.add(NEW_APP)
            opened = [method for method, _ in slack.calls].count("apps.connections.open")
            tokens.write_text(f"SLACK_BOT_TOKEN={NEW_BOT}\nSLACK_APP_TOKEN={NEW_APP}\n", encoding="utf-8")
            with within() as is_time:
                while [method for method, _ in slack.calls].count("apps.connections.open") == opened:
                    assert is_time(), "the new tokens were not tried"
            time.sleep(0.5)
            del slack.bot_tokens[BOT_TOKEN]
            command = Payloads(slack).slash(SAM, HELPDESK, "/engagement", "client list")
            server.send("slash_commands", command, "e1")
            assert "There are no clients yet." in server.receive()["payload"]["text"]


def test_a_worker_that_starts_again_reads_the_tokens_again(slack: LocalSlack, tokens: Path) -> None:
    settings = settings_for(slack, ENGAGEMENT_TOKENS_FILE=str(tokens))
    slack.bot_tokens[NEW_BOT] = TEAM
    tokens.write_text(f"SLACK_BOT_TOKEN={NEW_BOT}", encoding="utf-8")
    assert newest(settings).slack_bot_token == NEW_BOT
    tokens.write_text("SLACK_BOT_TOKEN=", encoding="utf-8")
    assert newest(settings) is settings


@pytest.mark.parametrize("team", [None, "T0ANOTHER"])
def test_a_worker_that_starts_again_does_not_use_tokens_that_the_others_refuse(
    slack: LocalSlack, tokens: Path, team: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    """A token that Slack does not know, and one that is for another workspace."""
    settings = settings_for(slack, ENGAGEMENT_TOKENS_FILE=str(tokens))
    if team:
        slack.bot_tokens[NEW_BOT] = team
    tokens.write_text(f"SLACK_BOT_TOKEN={NEW_BOT}", encoding="utf-8")
    assert newest(settings) is settings
    assert "The tokens from before are used." in caplog.text
    assert NEW_BOT not in caplog.text
    slack.bot_tokens = {NEW_BOT: team or TEAM}  # the former token is gone: there is nothing to go back to
    assert newest(settings).slack_bot_token == NEW_BOT


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slack: LocalSlack, tokens: Path) -> Path:
    """A folder of its own, with settings that name the file of tokens; its path."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "ENGAGEMENT_DATABASE_URL": f"sqlite:///{tmp_path / 'own.db'}",
        "ENGAGEMENT_TOKENS_FILE": str(tokens),
        "SLACK_API_URL": slack.base_url,
        "SLACK_BOT_TOKEN": "xoxb-of-the-environment",
    }.items():
        monkeypatch.setenv(name, value)
    Database.ready(f"sqlite:///{tmp_path / 'own.db'}").close()
    return tokens


def words_of(subject: str) -> list[str]:
    return [f"{each.is_ok}: {each.words}" for each in preflight.run() if each.subject == subject]


def test_the_file_goes_before_the_environment_and_is_checked(own: Path, slack: LocalSlack) -> None:
    assert load_settings().slack_bot_token == BOT_TOKEN
    assert words_of("slack") == [f"True: connected to Northwind IT ({TEAM})"]
    assert words_of("socket mode") == ["True: Slack gives an address to connect to"]
    own.write_text("SLACK_BOT_TOKEN=xoxe.xoxb-1-secret\nSLACK_APP_TOKEN=xapp-secret\nSLACK_BOTTOKEN=x\n")
    assert words_of("slack") == [f"False: {slack.base_url} does not accept the token: invalid_auth"]
    assert words_of("settings") == [
        "False: SLACK_BOTTOKEN: no such setting, so it does nothing. Did you mean SLACK_BOT_TOKEN?"
    ]
    own.write_text(f"SLACK_BOT_TOKEN={BOT_TOKEN}\nSLACK_APP_TOKEN=xapp-secret\n")
    assert words_of("socket mode") == ["False: Slack does not accept SLACK_APP_TOKEN: invalid_auth"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("SLACK_BOT_TOKEN=secret", "does not start with xoxb-"), ("A=secret", "names no token"), (None, "cannot be read")],
)
def test_a_wrong_file_is_a_wrong_setting(own: Path, text: str | None, words: str) -> None:
    own.unlink()
    if text is not None:
        own.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"^ENGAGEMENT_TOKENS_FILE: ") as error:
        load_settings()
    assert words in str(error.value)
    [said] = words_of("settings")
    assert said.startswith("False: ENGAGEMENT_TOKENS_FILE: ")
    assert "secret" not in said


def test_a_token_of_another_workspace_than_the_records_is_found(own: Path, tmp_path: Path, slack: LocalSlack) -> None:
    database = Database(f"sqlite:///{tmp_path / 'own.db'}")
    with database.workspaces() as workspaces:
        workspaces.for_slack("T0OURS", "Ours")
    database.close()
    [said] = words_of("slack")
    assert said.startswith(f"False: the token is for Northwind IT ({TEAM}), and the records here are those of Ours")


def test_settings_without_a_file_are_as_they_are(slack: LocalSlack) -> None:
    settings: Settings = settings_for(slack)
    assert with_tokens_of_file(settings) is settings


def test_a_lost_connection_says_what_is_wrong_with_the_token(
    connection: Connection, slack: LocalSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack ends connections every few hours: a token that was revoked meanwhile is found then."""
    settings, stopping = connection.runtime.settings, threading.Event()
    handler = Handler(connection.app, APP_TOKEN, WebClient(base_url=slack.base_url, retry_handlers=[]))
    monkeypatch.setattr(socket_mode, "_CHECK_SECONDS", 0.01)
    monkeypatch.setattr(socket_mode, "_LONGEST_OUTAGE", 0.01)

    def ended() -> str:
        with pytest.raises(SlackUnreachable) as told:
            socket_mode._watch(handler, stopping, lambda: socket_mode._why_lost(settings, handler.app_token))
        return str(told.value)

    assert "Slack takes the token" in ended()
    slack.app_tokens.clear()
    assert "did not come back within five minutes: Slack refuses SLACK_APP_TOKEN (invalid_auth)." in ended()
    assert "secret" not in ended()
