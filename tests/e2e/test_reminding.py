"""`terms` and `remind` as they are typed, against a Slack; and a reminder from the message to the answered message."""

import json
from pathlib import Path

import pytest

from bot.console.local_slack import BOT_TOKEN, Channel, LocalSlack, Person
from tests.e2e.test_command_line import Terminal

PEOPLE = (Person("U0ANN", "ann", "Ann Lee"), Person("U0BOB", "bob", "Bob Day"))


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(tmp_path)


TERMS = ["--effective", "2024-04-01", "--initial-term", "36m", "--renewal", "auto", "--renewal-term", "12m"]


def test_terms_prints_its_keys(terminal: Terminal) -> None:
    found = json.loads(
        terminal.ok("terms", *TERMS, "--notice", "3m", "--notice-window", "180d", "--today", "2027-01-04", "--json")
    )
    assert found == {
        "status": "notice_missed",
        "term_start": "2024-04-01",
        "term_end": "2027-03-31",
        "renewals_so_far": 0,
        "notice_opens": "2026-10-02",
        "notice_deadline": "2026-12-31",
        "send_by": "2026-12-31",
        "missing": [],
    }
    exclusive = json.loads(
        terminal.ok("terms", *TERMS, "--notice", "60d", "--end", "exclusive", "--today", "2028-01-04", "--json")
    )
    assert (exclusive["renewals_so_far"], exclusive["term_end"]) == (1, "2028-03-31")
    assert exclusive["notice_deadline"] == "2028-02-01"


def test_terms_name_what_is_missing_and_refuse_what_cannot_be_read(terminal: Terminal) -> None:
    found = json.loads(terminal.ok("terms", "--initial-term", "12m", "--today", "2026-01-01", "--json"))
    assert (found["status"], found["missing"]) == ("unknown", ["effective_on"])
    assert "notice deadline" in terminal.ok("terms", *TERMS, "--notice", "60d", "--today", "2026-01-01")
    for wrong in (["--notice", "soon"], ["--effective", "01/02/2026"], ["--max-renewals", "-1"]):
        assert terminal("terms", *wrong).exit_code == 1
    assert terminal("terms", "--end", "sometimes").exit_code == 2


@pytest.fixture
def calder(terminal: Terminal) -> Terminal:
    terminal.prepare(__name__, record_calder)
    return terminal


def record_calder(terminal: Terminal) -> None:
    terminal.ok("do", '/engagement client add "Calder Ridge" owner:U0ANN backup:U0BOB zone:America/Chicago')
    terminal.ok(
        "do",
        "/engagement agreement add calder SOW-A kind:sow effective:2027-01-01 signed:2026-01-01 initial-term:12m "
        "renewal:auto renewal-term:12m notice:60d",
    )
    terminal.ok("do", '/engagement walkthrough record calder SOW-A to:"Lee Marsh, COO" on:2026-01-05')


# The notice deadline is 1 November 2027; ninety days before it is a Tuesday.
MORNING = "2027-08-03T14:00:00Z"


def test_a_rehearsal_sends_and_keeps_nothing(calder: Terminal) -> None:
    for _ in range(2):
        found = json.loads(calder.ok("remind", "--now", MORNING, "--dry-run", "--json"))
        assert found == {"planned": 0, "sent": 1, "deferred": 0, "askers_told": 0, "problems": [], "digests": []}
    assert "1 would be sent" in calder.ok("remind", "--now", MORNING, "--dry-run")
    early = json.loads(calder.ok("remind", "--now", "2027-08-03T13:59:00Z", "--dry-run", "--json"))
    assert early["sent"] == 0


def test_one_round_sends_what_is_due_and_the_next_nothing(calder: Terminal) -> None:
    with LocalSlack(PEOPLE, [Channel("C0HELP", "help")]) as slack:
        environment = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_URL": slack.base_url}
        first = json.loads(calder.ok("remind", "--now", MORNING, "--json", **environment))
        assert (first["sent"], first["deferred"], first["problems"]) == (1, 0, [])
        again = json.loads(calder.ok("remind", "--now", MORNING, "--json", **environment))
        assert (again["sent"], again["problems"]) == (0, [])
        [posted] = [one for one in slack.posted if one.kind == "message"]
        assert posted.channel == "D0ANN"
        assert "90 days left" in posted.payload["text"]
        assert slack.problems == []


MONDAY = "2027-10-25T14:00:00Z"


def test_on_monday_the_digest_is_shown_before_it_is_sent_and_goes_once(calder: Terminal) -> None:
    """The notice deadline is a week later: 1 November."""
    shown = calder.ok("remind", "--now", MONDAY, "--dry-run")
    assert "Monday's digest would be sent to U0ANN:" in shown
    assert "Your week. 1 thing needs you." in shown
    assert "SOW-A: last day to give notice is 1 November 2027" in shown
    with LocalSlack(PEOPLE, [Channel("C0HELP", "help")]) as slack:
        environment = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_URL": slack.base_url}
        sent = json.loads(calder.ok("remind", "--now", MONDAY, "--json", **environment))
        assert [each["to"] for each in sent["digests"]] == ["U0ANN"]
        assert json.loads(calder.ok("remind", "--now", MONDAY, "--json", **environment))["digests"] == []
        texts = [one.payload["text"] for one in slack.posted if one.kind == "message" and one.channel == "D0ANN"]
        assert [text.startswith("Your week. ") for text in texts].count(True) == 1
    assert "Monday's digest" not in calder.ok("remind", "--now", MORNING, "--dry-run"), "a Tuesday"


def test_who_is_in_a_user_group_sees_its_clients_in_the_rehearsed_digest_too(calder: Terminal) -> None:
    calder.ok("do", '/engagement client add "Bluebird Dental" owner:U0BOB zone:America/Chicago')
    calder.ok("do", "/engagement role grant U0CAT technician")
    calder.ok("do", '/engagement obligation add calder "Sends the list of leavers" due:2027-10-25 owner:U0CAT')
    calder.ok("do", "/engagement client restrict calder group:S0CARE")
    alone = calder.ok("remind", "--now", MONDAY, "--dry-run")
    assert "U0CAT" not in alone
    assert "Who is in a user group is not known here" in alone
    with LocalSlack(PEOPLE, [Channel("C0HELP", "help")]) as slack:
        slack.groups["S0CARE"] = ["U0CAT"]
        environment = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_URL": slack.base_url}
        shown = calder.ok("remind", "--now", MONDAY, "--dry-run", **environment)
        assert "Monday's digest would be sent to U0CAT:" in shown
        assert "not known here" not in shown
        assert [one for one in slack.posted if one.kind == "message"] == []
    gone = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_URL": "http://127.0.0.1:9/api/"}
    assert "Who is in a user group is not known here" in calder.ok("remind", "--now", MONDAY, "--dry-run", **gone)


def test_it_says_what_it_needs(calder: Terminal) -> None:
    assert "SLACK_BOT_TOKEN" in calder("remind", "--now", MORNING).stderr
    assert "time zone" in calder("remind", "--now", "2027-08-03T14:00:00", "--dry-run").stderr
    assert "not an instant" in calder("remind", "--now", "soon", "--dry-run").stderr
