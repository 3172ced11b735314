"""Workflow steps, feedback in the agent pane, and the first greeting."""

import pytest
from slack_sdk import WebClient

from bot.console.local_slack import BOT_TOKEN, LocalSlack
from bot.runtime.wiring import Runtime
from bot.slack.app import build_app
from bot.slack.identity import Team
from bot.slack.prefix import Prefix
from bot.slack.welcome import greet
from commands import catalog
from commands.command import Registry
from storage.repositories.audit import AuditLog
from tests.bot.conftest import DANA, GUS, SAM, VIC, Bot, buttons, settings_for

DISCLOSE = {"client": "calder", "regulation": "hipaa", "answer": "applies", "attested_by_name": "Dana Lee, CFO"}


@pytest.fixture
def registry() -> Registry:
    return catalog.REGISTRY


@pytest.fixture
def known(bot: Bot) -> Bot:
    bot.do("agreement add calder SOW-A kind:sow signed:2026-01-01 effective:2026-01-01")
    bot.do('matrix set calder SOW-A "Firewall patching" msp clause:3.2')
    return bot


def ask(bot: Bot, user: str, question: str = "firewall patching", client: str = "calder") -> dict[str, object]:
    bot.send(bot.payloads.step("ask_scope", {"client": client, "question": question, "asked_by": user}))
    return bot.slack.steps[-1]


def test_a_step_answers_with_verdict_and_evidence(known: Bot) -> None:
    outputs = ask(known, SAM)["outputs"]
    assert isinstance(outputs, dict)
    assert outputs["verdict"] == "msp"
    assert outputs["answer"] == "Calder Ridge: This is ours: do it."
    assert outputs["evidence"].startswith("SOW-A, clause 3.2")


def test_what_a_step_cannot_answer_waits_for_a_manager(known: Bot) -> None:
    outputs = ask(known, SAM, "who waters the plants?")["outputs"]
    assert isinstance(outputs, dict)
    assert (outputs["verdict"], outputs["evidence"]) == ("undocumented", "-")
    assert "who waters the plants?" in str(known.slash(DANA, "scope open"))


@pytest.mark.parametrize(
    ("user", "client", "said"),
    [(GUS, "calder", "does not answer guest"), (SAM, "nobody at all", "no client called"), ("", "calder", "confirm")],
)
def test_a_step_refuses_in_words(known: Bot, user: str, client: str, said: str) -> None:
    assert said in str(ask(known, user, client=client)["error"])


def test_a_step_does_not_see_a_restricted_client(known: Bot) -> None:
    known.do(f"client restrict calder to:{DANA}")
    assert "no client called" in str(ask(known, DANA)["error"])


def test_a_step_records_only_where_that_is_allowed(known: Bot, runtime: Runtime) -> None:
    known.send(known.payloads.step("record_disclosure", {**DISCLOSE, "recorded_by": SAM}))
    assert "may not record" in str(known.slack.steps[-1]["error"])
    settings = settings_for(known.slack, ENGAGEMENT_WORKFLOW_RECORDS="yes")
    client = WebClient(token=BOT_TOKEN, base_url=known.slack.base_url, timeout=5, retry_handlers=[])
    allowed = Runtime(settings, runtime.database, runtime.dispatcher, runtime.clock)
    known.app = build_app(allowed, client, known.team, known.workers)
    known.send(known.payloads.step("record_disclosure", {**DISCLOSE, "recorded_by": VIC}))
    assert "yours is viewer" in str(known.slack.steps[-1]["error"])
    known.send(known.payloads.step("record_disclosure", {**DISCLOSE, "recorded_by": SAM}))
    assert "applies" in str(known.slack.steps[-1]["outputs"])


def test_in_direct_messages_people_say_whether_an_answer_helped(known: Bot) -> None:
    known.send(known.payloads.direct(SAM, "calder firewall patching"))
    answer = known.slack.posted[-1].payload["blocks"]
    [asked] = [block for block in answer if block["type"] == "context_actions"]
    pressed = asked["elements"][0]["negative_button"]
    known.send(known.payloads.press(SAM, "D0SAM", {"action_id": "rate:0", "value": pressed["value"]}))
    reply = known.slack.posted[-1].payload
    assert "What was wrong" in reply["text"]
    assert [one["text"]["text"] for one in buttons(reply)] == ["Wrong row?", "Ask a manager"]


def test_the_first_admin_is_greeted_once_and_only_where_nothing_is_recorded(runtime: Runtime, bot: Bot) -> None:
    client = WebClient(token=BOT_TOKEN, base_url=bot.slack.base_url, timeout=5, retry_handlers=[])
    greet(runtime, client, bot.team, Prefix())
    assert bot.slack.posted == []


def test_the_first_admin_is_greeted(runtime: Runtime, slack: LocalSlack) -> None:
    client = WebClient(token=BOT_TOKEN, base_url=slack.base_url, timeout=5, retry_handlers=[])
    team = Team.of(client)
    for _ in range(2):
        greet(runtime, client, team, Prefix())
    [posted] = slack.posted
    assert posted.channel == "D0DANA"
    assert [one["text"]["text"] for one in buttons(posted.payload)][:2] == ["Import clients", "Add a client"]


def test_two_processes_that_start_together_greet_once(
    runtime: Runtime, slack: LocalSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither sees what the other has not committed yet."""
    monkeypatch.setattr(AuditLog, "newest", lambda *_: [])
    client = WebClient(token=BOT_TOKEN, base_url=slack.base_url, timeout=5, retry_handlers=[])
    for _ in range(2):
        greet(runtime, client, Team.of(client), Prefix())
    assert [posted.channel for posted in slack.posted] == [f"D{DANA[1:]}"]
