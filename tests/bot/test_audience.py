"""Who may still be told, at the moment it is said: not those who left, nor those for whom the client is gone."""

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.console.local_slack import BOT_TOKEN, Person
from bot.jobs.jobs import Jobs
from bot.jobs.notifier import SlackMessenger, TryLater, Undeliverable
from bot.slack.identity import People, Team
from storage.database import Database
from storage.records import ReminderState
from tests.bot.conftest import HELPDESK, RITA, SAM, VENDOR, Bot
from tests.bot.test_sender import Office


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def restrict_away_from_ann(office: Office) -> None:
    """A manager gives the client to somebody else and restricts it, while a sender holds the reminder."""
    office.type("client edit calder owner:U0EVE backup:U0BOB")
    office.type("client restrict calder to:U0EVE")


def test_a_client_restricted_while_it_is_sent_is_not_named_to_who_may_not_see_it(office: Office) -> None:
    office.slack.meanwhile = lambda: restrict_away_from_ann(office)
    office.jobs().round()
    office.jobs().round()
    assert [post.channel for post in office.slack.posts] == ["D0EVE"]
    [ours] = [row for row in office.rows() if row.recipient == "U0ANN" and row.lead_days == 30]
    assert ours.state in (ReminderState.CANCELLED, ReminderState.FAILED)


def test_the_managers_channel_is_no_step_of_a_restricted_clients_ladder_unless_it_is_its_own(office: Office) -> None:
    def recipients() -> set[str]:
        for _ in range(9):
            office.jobs().round()
            office.now += timedelta(days=1)
        return {row.recipient for row in office.rows()}

    office.type("client restrict calder to:U0EVE")
    office.type("scope ask calder who waters the plants?")
    assert recipients() == {"U0ANN", "U0BOB"}
    office.type("client link calder C0MANAGERS")
    assert "C0MANAGERS" in recipients()


def test_of_a_digest_only_what_they_may_not_see_is_withheld(office: Office) -> None:
    office.type('client add "Bluebird Dental" owner:U0ANN')
    for client in ("calder", "bluebird"):
        office.type(f"agreement add {client} ADD-1 kind:addendum effective:2026-03-02")
    own = [row for row in office.rows() if row.kind == "notice_deadline" and row.lead_days == 30]
    office.type(f"reminder ack {own[0].id}")
    office.slack.meanwhile = lambda: restrict_away_from_ann(office)
    office.jobs().round()
    office.jobs().round()
    told = {post.channel: post.payload["text"] for post in office.slack.posts}
    assert "Calder" not in told["D0ANN"]
    assert "Bluebird" in told["D0ANN"]
    assert "Calder" in told["D0EVE"]


def test_what_became_of_it_is_not_told_to_who_may_not_see_it_any_more(office: Office) -> None:
    jobs = office.jobs()
    jobs.round()
    restrict_away_from_ann(office)
    [said] = [row for row in office.rows() if row.sent_at]
    office.type("renewal decide calder SOW-A renew reason:secret")
    jobs.round()
    shown = office.slack.updates[said.message_ts or ""]
    assert "secret" not in str(shown)
    assert "Calder" not in str(shown)
    assert "somebody else's now" in shown["text"]


def test_who_asked_is_not_told_about_a_client_that_is_restricted_since(office: Office) -> None:
    office.type("scope ask calder who waters the plants?", user="U0SAM")
    office.type("scope settle 1 client note:lease")
    office.type("client restrict calder to:U0EVE")
    office.now += timedelta(minutes=5)
    for _ in range(2):
        assert office.jobs().tell_askers() == 0
    assert office.slack.posts == []


@pytest.fixture
def messenger(bot: Bot) -> SlackMessenger:
    client = WebClient(token=BOT_TOKEN, base_url=bot.slack.base_url, timeout=5, retry_handlers=[])
    return SlackMessenger(client, People(client, Team.of(client)))


@pytest.mark.parametrize("flags", [{"is_restricted": True}, {"deleted": True}, {"is_stranger": True}])
def test_guests_and_those_who_left_are_told_nothing(bot: Bot, messenger: SlackMessenger, flags: dict[str, Any]) -> None:
    assert messenger.channel_of(SAM) == f"D{SAM[1:]}"
    people = bot.slack.people
    people["U0NEW"] = Person("U0NEW", "new", "New", flags=flags)
    assert isinstance(messenger.channel_of("U0NEW"), Undeliverable)
    assert isinstance(messenger.channel_of(RITA), Undeliverable)
    assert isinstance(messenger.channel_of("U0UNKNOWN"), Undeliverable)
    assert isinstance(messenger.channel_of(VENDOR), Undeliverable)
    assert messenger.channel_of(HELPDESK) == HELPDESK


def test_who_slack_does_not_tell_about_is_told_later(bot: Bot, messenger: SlackMessenger) -> None:
    bot.slack.failures["users.info"] = [500]
    assert isinstance(messenger.channel_of(SAM), TryLater)
    assert messenger.channel_of(SAM) == f"D{SAM[1:]}"


def test_a_reminder_of_who_became_a_guest_goes_to_the_next_one(office: Office, bot: Bot) -> None:
    jobs: Jobs = office.jobs()
    client = WebClient(token=BOT_TOKEN, base_url=bot.slack.base_url, timeout=5, retry_handlers=[])
    bot.slack.people |= {
        "U0ANN": Person("U0ANN", "ann", "Ann", flags={"is_restricted": True}),
        "U0BOB": Person("U0BOB", "bob", "Bob"),
    }
    jobs.sender.messenger = SlackMessenger(client, People(client, Team.of(client)))
    assert jobs.round().sent == 1
    assert [one.channel for one in bot.slack.posted if one.kind == "message"] == ["D0BOB"]
