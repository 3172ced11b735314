"""`engagement-bot check` and `role list`: what an administrator has to know, in words."""

import os
from pathlib import Path

import pytest

from bot.process import preflight
from bot.runtime.config import ConfigError, Settings, load_settings
from storage.database import Database
from storage.records import Absence, Person, Role, RoleAssignment
from tests.commands.conftest import ADMIN, MANAGER, NOW, TECHNICIAN, VIEWER, Desk, open_desk


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a database of its own, and no setting but that."""
    for name in list(os.environ):
        if name.startswith(("ENGAGEMENT_", "SLACK_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ENGAGEMENT_DATABASE_URL", f"sqlite:///{tmp_path / 'own.db'}")
    return tmp_path


def found(subject: str) -> list[tuple[bool, str]]:
    return [(each.is_ok, each.words) for each in preflight.run() if each.subject == subject]


def own(at: Path) -> Desk:
    return open_desk(Database.ready(f"sqlite:///{at / 'own.db'}"))


def test_that_nobody_is_admin_is_found(at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = own(at)
    [(is_ok, words)] = found("admins")
    assert not is_ok
    assert "Set ENGAGEMENT_ADMINS to your Slack user id" in words
    desk.type("/engagement role grant U0CHIEF admin")
    assert found("admins") == [(True, "set")]


def test_the_settings_are_enough(at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own(at)
    monkeypatch.setenv("ENGAGEMENT_ADMINS", "U0DANA")
    assert found("admins") == [(True, "set")]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ENGAGEMENT_ADMIN", "ENGAGEMENT_ADMINS"),
        ("ENGAGEMENT_DATABASE", "ENGAGEMENT_DATABASE_URL"),
        ("SLACK_BOTTOKEN", "SLACK_BOT_TOKEN"),
        ("ENGAGEMENT_TIME_ZONE", "ENGAGEMENT_TIMEZONE"),
    ],
)
@pytest.mark.parametrize("is_in_file", [True, False])
def test_a_misspelt_setting_is_found(
    at: Path, monkeypatch: pytest.MonkeyPatch, name: str, meant: str, is_in_file: bool
) -> None:
    if is_in_file:
        (at / ".env").write_text(f"# ours\nexport {name}=x\n", encoding="utf-8")
    else:
        monkeypatch.setenv(name, "x")
    assert found("settings") == [(False, f"{name}: no such setting, so it does nothing. Did you mean {meant}?")]


def test_every_setting_of_ours_is_known(at: Path) -> None:
    names = [str(field.validation_alias) for field in Settings.model_fields.values()]
    assert set(names) >= {"ENGAGEMENT_ADMINS", "SLACK_BOT_TOKEN", "ENGAGEMENT_CALENDAR_URL"}
    assert found("settings") == [(True, "read")]


def test_the_database_comes_before_the_token_and_in_words(at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGAGEMENT_DATABASE_URL", "postgresql://bot:s3cret@127.0.0.1:1/engagement")
    findings = preflight.run()
    assert [each.subject for each in findings].index("database") < [each.subject for each in findings].index("slack")
    [(is_ok, words)] = found("database")
    assert not is_ok
    assert words.startswith("no connection to engagement at 127.0.0.1:1 as bot.")
    assert "s3cret" not in words
    assert "psycopg" not in words.lower()
    assert "\n" not in words


def test_a_database_that_cannot_be_opened_is_named(at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGAGEMENT_DATABASE_URL", f"sqlite:///{at / 'no' / 'folder' / 'x.db'}")
    [(is_ok, words)] = found("database")
    assert not is_ok
    assert "cannot be opened. Does its folder exist" in words


def test_a_role_of_a_guest_and_an_owner_who_is_gone_are_found(at: Path) -> None:
    desk = own(at)
    desk.type('/engagement client add "Calder Ridge" owner:U0GONE')
    with desk.database.open_unit(desk.workspace_id) as uow:
        uow.roles.grant(RoleAssignment(user="U0GUEST", role=Role.MANAGER, granted_by="console", granted_at=NOW))
        for user, name, absence in (("U0GUEST", "Gus", Absence.GUEST), ("U0GONE", "Gina", Absence.GONE)):
            uow.people.learn(Person(user=user, name=name, absence=absence, seen_at=NOW))
    assert found("roles") == [(False, "Gus is manager, but is a guest of this workspace")]
    assert found("owners") == [
        (False, "Gina answers for Calder Ridge, but has no active account in this workspace any more")
    ]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ENGAGEMENT_MATRIX_ROWS", "many", "write a number"),
        ("ENGAGEMENT_MATRIX_ROWS", "3", "write at least 1000"),
        ("ENGAGEMENT_SWEEP_SECONDS", "9999", "write at most 3600"),
        ("ENGAGEMENT_WORKFLOW_RECORDS", "perhaps", "write yes or no"),
        ("ENGAGEMENT_DEFAULT_ROLE", "boss", "write viewer, technician, manager or admin"),
        ("ENGAGEMENT_TIMEZONE", "Mars/Base", "Mars/Base is not a time zone"),
    ],
)
def test_a_wrong_value_is_said_in_our_words(
    at: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=f"^{name}: {said}"):
        load_settings()
    assert not any(word in found("settings")[0][1] for word in ("Input should", "pydantic", "Value error"))


def test_the_list_of_roles_says_where_each_comes_from_and_for_whom_one_answers(sqlite_database: Database) -> None:
    desk = open_desk(sqlite_database)
    desk.type(f'/engagement client add "Calder Ridge" owner:{MANAGER} backup:{VIEWER}')
    reply = desk.type("/engagement role list", user=ADMIN)
    assert reply.headline.startswith("3 people have a role")
    assert reply.table is not None
    rows = {row[0]: row[1:] for row in reply.table.rows}
    assert rows[f"<@{ADMIN}>"][:2] == ("admin", "the settings")
    assert rows[f"<@{MANAGER}>"] == ("manager", "granted by the command line", "2026-03-02", "1 client")
    assert rows[f"<@{TECHNICIAN}>"][3] == ""
    assert rows[f"<@{VIEWER}>"] == ("viewer", "the default", "", "1 client")
    desk.type(f"/engagement role revoke {TECHNICIAN}", user=ADMIN)
    gone = desk.type(f"/engagement role revoke {MANAGER}", user=ADMIN)
    assert gone.cautions == ("They still answer for Calder Ridge.",)
    assert gone.next_steps == ('/engagement client edit "Calder Ridge" owner:____',)
    assert desk.type("/engagement role list", user=ADMIN).headline.startswith("1 person has a role")


def test_every_wrong_setting_is_a_line_and_misspelt_ones_are_found_beside_them(
    at: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be read hid what is not heard: both have to be known to mend the file once."""
    monkeypatch.setenv("ENGAGEMENT_TIMEZONE", "Mars/X")
    monkeypatch.setenv("ENGAGEMENT_MANAGERS_CHANNEL", "#managers")
    monkeypatch.setenv("ENGAGEMENT_ADMIN", "U0DANA")
    lines = found("settings")
    assert [is_ok for is_ok, _ in lines] == [False] * 3
    names = ("ENGAGEMENT_MANAGERS_CHANNEL: ", "ENGAGEMENT_TIMEZONE: ", "ENGAGEMENT_ADMIN: ")
    assert all(any(words.startswith(name) for _, words in lines) for name in names)


def test_what_is_no_token_in_the_file_of_tokens_is_found(at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = at / "tokens.env"
    monkeypatch.setenv("ENGAGEMENT_TOKENS_FILE", str(tokens))
    tokens.write_text("SLACK_BOT_TOKEN=xoxb-1\nENGAGEMENT_ADMINS=U0DANA\n", encoding="utf-8")
    words = "ENGAGEMENT_ADMINS in {}: only tokens are read from there, so it does nothing. Set it where the others are"
    assert found("tokens file") == [(False, words.format(tokens))]
    tokens.write_text("SLACK_BOT_TOKEN=xoxb-1\n", encoding="utf-8")
    assert found("tokens file") == []


def test_that_nobody_is_admin_is_found_before_the_first_start(at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [(is_ok, words)] = found("admins")
    assert (is_ok, "nobody is admin" in words) == (False, True)
    monkeypatch.setenv("ENGAGEMENT_ADMINS", "U0DANA")
    assert found("admins") == []


def test_a_bot_that_slack_cannot_reach_is_found(at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needed = "neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (run --http) is set: one is needed"
    assert (False, needed) in found("slack")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "8f742231b10e8888abcd99yyyzzz85a5")
    [(is_ok, words)] = found("signing secret")
    assert (is_ok, "Copy Signing Secret" in words) == (False, True)
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "8f742231b10e8888abcd99eeeddd85a5")
    assert found("signing secret") == []
    assert (False, needed) not in found("slack")
