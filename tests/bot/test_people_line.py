"""People on the command line: learned from Slack's list of members, then called by name or mail address."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from commands.errors import UsageError
from commands.grammar.known_people import with_people
from commands.workspace.people_file import people_in
from storage.records import Absence, Person

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
MEMBERS = """username,email,status,billing-active,has-2fa,has-sso,userid,fullname,displayname,expiration-timestamp
dana,Dana@our-msp.example,Admin,1,1,0,U0DANA,Dana Ortiz,dana,
sam,sam@our-msp.example,Member,1,1,0,U0SAM,Sam Lee,sam,
sam2,sam.poe@our-msp.example,Member,1,1,0,U0SAMPOE,Sam Poe,sam,
gus,gus@elsewhere.example,Multi-Channel Guest,1,0,0,U0GUS,Gus Marsh,gus,
old,old@our-msp.example,Deactivated,0,0,0,U0OLD,Olga Old,olga,
"""


@pytest.fixture
def line(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ENGAGEMENT_DATABASE_URL", sqlite_url)
    (tmp_path / "members.csv").write_text(MEMBERS, encoding="utf-8-sig")

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, list(words))

    return run


def test_after_the_import_names_and_addresses_are_people(line: Any) -> None:
    assert line("people", "import", "members.csv").output == (
        "5 people are known by name now, 2 of them guests, bots or deactivated.\n"
    )
    assert "U0DANA\tDana Ortiz\tdana@our-msp.example" in line("people", "list").output
    line("do", 'client add "Calder Ridge"')
    for called in ("@dana", "@dana.ortiz", "dana@our-msp.example"):
        assert line("do", f"client edit calder owner:{called}").exit_code == 0
        assert "@Dana Ortiz" in line("do", "client show calder").output
        line("do", 'client edit calder owner:""')
    refused = line("do", "role grant @sam manager")
    assert refused.exit_code == 1
    assert "Sam Lee (U0SAM), Sam Poe (U0SAMPOE)" in refused.output
    assert line("do", "role grant @sam.poe manager").exit_code == 0
    assert "is a guest" in line("do", "role grant @gus manager").output
    assert "is not a person" in line("do", "role grant @nobody manager").output


def test_what_is_wrong_with_a_file_is_said_line_by_line_and_nothing_is_saved(line: Any, tmp_path: Path) -> None:
    rows = "".join(f"dana{number},x@y.example\n" for number in range(12))
    (tmp_path / "bad.csv").write_text("userid,email\n" + rows)
    refused = line("people", "import", "bad.csv")
    assert refused.exit_code == 1
    assert refused.output.count("is not a Slack user id") == 10
    assert "Line 2: " in refused.output
    assert "And 2 more." in refused.output
    assert line("people", "list").output == ""
    (tmp_path / "other.csv").write_text("who,mail\nDana,x@y.example\n")
    assert "no column with Slack user ids" in line("people", "import", "other.csv").output
    assert "Cannot read" in line("people", "import", "missing.csv").output


def test_what_slack_says_later_keeps_the_address(line: Any, sqlite_url: str) -> None:
    from storage.database import Database

    line("people", "import", "members.csv")
    database = Database(sqlite_url)
    with database.open_unit(1) as uow:
        uow.people.learn(Person(user="U0DANA", name="Dana O.", seen_at=NOW))
        assert (uow.people.of(["U0DANA"])["U0DANA"].name, uow.people.of(["U0DANA"])["U0DANA"].email) == (
            "Dana O.", "dana@our-msp.example",
        )  # fmt: skip
    database.close()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("owner:@dana backup:@sam.lee", "owner:<@U0DANA> backup:<@U0SAM>"),
        ("by:sam@our-msp.example", "by:<@U0SAM>"),
        ("<@U0DANA> stays", "<@U0DANA> stays"),
        ("to:lee@client.example and x@dana", "to:lee@client.example and x@dana"),
        ("@nobody", "@nobody"),
    ],
)
def test_only_whole_names_of_known_people_are_people(typed: str, meant: str) -> None:
    people = [each for each in people_in(MEMBERS.encode(), NOW) if each.absence is None]
    assert with_people(typed, people) == meant


def test_who_cannot_answer_is_known_as_that() -> None:
    people = {each.user: each.absence for each in people_in(MEMBERS.encode(), NOW)}
    assert (people["U0GUS"], people["U0OLD"], people["U0DANA"]) == (Absence.GUEST, Absence.GONE, None)
    with pytest.raises(UsageError, match="workbook"):
        people_in(b"PK\x03\x04", NOW)


def test_whom_nobody_knows_and_oneself_are_refused_with_where_to_look(line: Any) -> None:
    """A client whose owner is the command line would have nobody who is reminded."""
    for typed in ("client add Acme owner:me", "role grant @nobody manager"):
        refused = line("do", typed)
        assert refused.exit_code == 1
        assert "see: engagement-bot people list" in refused.output
        assert "Type @ and pick" not in refused.output
