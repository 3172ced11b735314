"""A reminder in Slack, from the message to what it shows once somebody answered."""

import logging
from typing import Any

import pytest

from bot.jobs.jobs import Jobs
from bot.runtime.health import Health
from bot.slack.http import Door
from bot.slack.limits import check_message
from commands.catalog import REGISTRY
from commands.command import Registry
from commands.grammar.meaning import exact_meaning
from storage.records import Role
from tests.bot.conftest import APP, DANA, SAM, VIC, Bot, buttons, jobs_of
from tests.bot.form_filler import untouched

SAMS = f"D{SAM[1:]}"


@pytest.fixture
def registry() -> Registry:
    return REGISTRY


@pytest.fixture
def jobs(bot: Bot) -> Jobs:
    """Of a client whose SOW-A has its notice deadline in a month, on 1 September 2026."""
    bot.do(f"role grant {SAM} manager")
    bot.do(f"client edit calder owner:{SAM} backup:{DANA}")
    bot.do(
        "agreement add calder SOW-A kind:sow effective:2025-10-02 signed:2025-10-02 initial-term:12m renewal:auto "
        "renewal-term:12m notice:30d"
    )
    bot.do('walkthrough record calder SOW-A to:"Lee Marsh, COO" on:2026-02-01')
    return jobs_of(bot)


def messages(bot: Bot) -> list[Any]:
    return [one.payload for one in bot.slack.posted if one.kind == "message" and one.channel == SAMS]


def press(bot: Bot, user: str, label: str) -> None:
    [button] = [each for each in buttons(messages(bot)[0]) if each["text"]["text"] == label]
    bot.send(bot.payloads.press(user, SAMS, button))


def test_the_message_says_what_is_due_and_offers_what_can_be_done(bot: Bot, jobs: Jobs) -> None:
    assert jobs.round().sent == 1
    [payload] = messages(bot)
    assert "last day to give notice is 1 September 2026" in payload["text"]
    assert "29 days left" in payload["text"]
    labels = [button["text"]["text"] for button in buttons(payload)]
    assert labels == ["Decide", "Acknowledge", "Snooze", "Reassign the agreement", "Open in the home tab"]


@pytest.mark.parametrize("role", ["viewer", "technician", "manager", "admin"])
def test_nobody_is_offered_what_would_refuse_them(bot: Bot, jobs: Jobs, role: str) -> None:
    """Whatever it is about, alone or with others in one message, and when it is shown anew."""
    bot.do(f"role revoke {SAM}")
    bot.do(f"role grant {SAM} {role}")
    bot.do('access add calder "Firewall admin" review-every:3m')
    bot.do(f'promise add calder "Test a restore" source:sla every:3m due:2026-08-10 owner:{SAM}')
    bot.do("agreement add calder ADD-1 kind:addendum effective:2026-08-03")
    jobs.round()
    offered = [each for payload in messages(bot) for each in buttons(payload) if "url" not in each]
    lines = [each.get("value") or each["selected_option"]["value"].partition(":")[2] for each in offered]
    needed = [meaning[0] for line in lines if (meaning := exact_meaning(REGISTRY, line)) is not None]
    assert len(needed) == len(lines)
    assert [each.name for each in needed if not Role(role).may_act_as(each.role)] == []
    assert ("reminder decide" in {each.name for each in needed}) == Role(role).may_act_as(Role.MANAGER)
    assert "reminder ack" in {each.name for each in needed}


def test_the_home_tab_is_a_link_and_pressing_it_is_not_worth_a_word(
    bot: Bot, jobs: Jobs, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    jobs.round()
    [payload] = messages(bot)
    assert [block["type"] for block in payload["blocks"]].count("actions") == 1
    link = buttons(payload)[-1]
    assert link["url"] == f"slack://app?team={bot.team.id}&id={APP}&tab=home"
    before = len(bot.slack.posted)
    caplog.clear()
    assert bot.send(bot.payloads.press(SAM, SAMS, link)) == ""
    assert len(bot.slack.posted) == before
    assert caplog.records == []
    press(bot, SAM, "Acknowledge")
    jobs.refresh()
    assert buttons(messages(bot)[-1]) == []


def test_a_digest_has_the_way_home_once_at_its_end(bot: Bot, jobs: Jobs) -> None:
    for number in range(12):
        bot.do(f"agreement add calder ADD-{number} kind:addendum effective:2026-08-03")
    assert jobs.round().sent == 13
    [digest] = [payload for payload in messages(bot) if "12 things" in payload["text"]]
    assert [each["text"]["text"] for each in buttons(digest) if "url" in each] == ["Open in the home tab"]
    assert "url" in buttons(digest)[-1]


def test_a_day_of_very_many_leaves_none_out(bot: Bot, jobs: Jobs) -> None:
    many = [f"ADD-{number}" for number in range(100, 145)]
    for reference in many:
        bot.do(f"agreement add calder {reference} kind:addendum effective:2026-08-03")
    assert jobs.round().sent == 46
    digests = [payload for payload in messages(bot) if " to look at" in payload["text"]]
    assert len(digests) == 2
    shown = str([payload["blocks"] for payload in digests])
    assert [reference for reference in many if reference not in shown] == []
    for payload in digests:
        assert check_message(payload) == []
        assert "url" in buttons(payload)[-1]


@pytest.mark.parametrize("silence", ["no app id", "missing scope"])
def test_where_slack_does_not_tell_which_app_it_is_there_is_no_link(bot: Bot, jobs: Jobs, silence: str) -> None:
    if silence == "no app id":
        bot.slack.app_id = ""
    else:
        bot.slack.failures["bots.info"] = ["missing_scope"]
    assert jobs_of(bot).round().sent == 1
    assert [button["text"]["text"] for button in buttons(messages(bot)[0])][-1] == "Reassign the agreement"


def test_who_answers_is_shown_in_place_to_everybody(bot: Bot, jobs: Jobs) -> None:
    jobs.round()
    press(bot, SAM, "Acknowledge")
    jobs.refresh()
    after = messages(bot)[-1]
    assert after["ts"]
    assert f"Acknowledged by <@{SAM}>" in after["text"]
    assert buttons(after) == []


def test_somebody_elses_reminder_is_not_a_viewers_to_answer(bot: Bot, jobs: Jobs) -> None:
    jobs.round()
    press(bot, VIC, "Acknowledge")
    assert jobs.refresh() == 0


def test_a_decision_is_a_form_and_ends_the_reminders_of_the_term(bot: Bot, jobs: Jobs) -> None:
    jobs.round()
    press(bot, DANA, "Decide")
    view = bot.view()
    state = untouched(view)
    for block, content in state.items():
        if "decision" in block:
            content["selected_option"] = {"value": "renew", "text": {"type": "plain_text", "text": "renew"}}
        elif "reason" in block:
            content["value"] = "good service, fair price"
    bot.send(bot.payloads.submit(DANA, view, state))
    jobs.refresh()
    assert "decided on 3 August 2026: renew. Reason: good service, fair price" in messages(bot)[-1]["text"]
    with bot.runtime.database.open_unit(1, writes=False) as uow:
        waiting = [
            row for row in uow.reminders.of_client(1) if row.state == "pending" and row.kind != "agreement_review"
        ]
        assert {row.deadline.year for row in waiting} <= {2027}
        assert [each.decided for each in uow.decisions.of_client(1)] == ["renew"]


def test_a_snooze_may_not_pass_the_deadline(bot: Bot, jobs: Jobs) -> None:
    jobs.round()
    [row] = [row for row in rows(bot) if row.state == "sent"]
    answer = bot.slash(SAM, f"reminder snooze {row.id} until:2026-09-02")
    assert "choose a day after today and not after 1 September 2026" in answer["text"]
    bot.slash(SAM, f"reminder snooze {row.id} 1w")
    assert [each.local_date.isoformat() for each in rows(bot) if each.generation == 1] == ["2026-08-10"]


def test_another_owner_gets_it_and_the_first_message_gives_way(bot: Bot, jobs: Jobs) -> None:
    jobs.round()
    [row] = [row for row in rows(bot) if row.state == "sent"]
    bot.slash(DANA, f"reminder reassign {row.id} <@{VIC}>")
    jobs.round()
    assert [one.channel for one in bot.slack.posted if one.kind == "message"][1] == f"D{VIC[1:]}"
    assert "A later reminder takes the place" in messages(bot)[-1]["text"]


def test_a_promise_is_reassigned_and_nothing_else_of_the_client(bot: Bot, jobs: Jobs) -> None:
    bot.do(f'promise add calder "Test a restore" source:sla every:3m due:2026-08-10 owner:{DANA}')
    jobs.round()
    [row] = [row for row in rows(bot) if row.kind == "promise_due" and row.state == "sent"]
    [message] = [one.payload for one in bot.slack.posted if one.channel == f"D{DANA[1:]}"]
    assert "Reassign the promise" in [button["text"]["text"] for button in buttons(message)]
    answer = bot.slash(DANA, f"reminder reassign {row.id} <@{VIC}>")
    assert 'answers for the promise to Calder Ridge, "Test a restore", from now on' in answer["text"]
    jobs.round()
    assert [one.channel for one in bot.slack.posted if "Test a restore" in one.payload["text"]][-2:] == [
        f"D{VIC[1:]}", f"D{DANA[1:]}",
    ]  # fmt: skip
    with bot.runtime.database.open_unit(1, writes=False) as uow:
        client = uow.clients.find(1)
        assert client is not None
        assert client.owner == SAM
        assert [each.owner for each in uow.promises.current(1)] == [VIC]


def test_where_nobody_answers_for_the_matter_alone_the_whole_client_is_reassigned_and_it_says_so(
    bot: Bot, jobs: Jobs
) -> None:
    bot.do("scope ask calder who waters the plants?")
    [row] = [row for row in rows(bot) if row.kind == "scope_question"][:1]
    answer = bot.slash(DANA, f"reminder reassign {row.id} <@{VIC}>")
    assert f"<@{VIC}> answers for the whole client Calder Ridge from now on" in answer["text"]
    assert f"Before, <@{SAM}> did." in answer["text"]


def test_why_and_list_and_leads(bot: Bot, jobs: Jobs) -> None:
    jobs.round()
    [row] = [row for row in rows(bot) if row.state == "sent"]
    assert "as first recorded" in bot.slash(SAM, f"reminder why {row.id}")["text"]
    listed = bot.slash(SAM, "reminder list calder")
    assert "1 deadline with reminders in the next 90 days: 1 waiting for an answer." in listed["text"]
    shown = str(listed["blocks"])
    assert "Waiting for an answer (1)" in shown
    assert ", 29 days left; to " in shown
    assert ", sent, not answered; next on 18\\xa0August\\xa02026." in shown
    assert [each["text"]["text"] for each in buttons(listed)] == ["Got it", "Why?"]
    bot.slash(DANA, "reminder leads notice_deadline 20,10 client:calder")
    coming = [each.lead_days for each in rows(bot) if each.kind == "notice_deadline" and each.state == "pending"]
    assert coming == [20, 10]
    bot.slash(DANA, "reminder leads notice_deadline usual client:calder")
    coming = [each.lead_days for each in rows(bot) if each.kind == "notice_deadline" and each.state == "pending"]
    assert sorted(coming) == [1, 7, 14]


def rows(bot: Bot) -> list[Any]:
    with bot.runtime.database.open_unit(1, writes=False) as uow:
        return uow.reminders.of_client(1)


def test_health_tells_how_late_the_oldest_reminder_is(bot: Bot, jobs: Jobs) -> None:
    door = Door(bot.app, "secret", Health(oldest_due=jobs.oldest_due))
    assert door.answer("GET", "/healthz", {}, b"").body == "ok\noldest due reminder: 0 seconds"
    jobs.round()
    assert door.answer("GET", "/healthz", {}, b"").body == "ok\noldest due reminder: none"
