"""The product's own commands in Slack: one verdict whichever way it is asked, an import from form to matrix."""

import hashlib
import hmac
import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.slack.http import Door
from commands import catalog
from commands.command import Registry
from commands.dispatching.request import CONSOLE, Request
from tests.bot.conftest import CALDER, DANA, HELPDESK, SAM, VENDOR, Bot, buttons, jobs_of
from tests.bot.form_filler import untouched

MATRIX = b"Item,Responsible,Clause\nFirewall patching,Provider,3.2\nWindows updates on servers,Customer,3.3\n"
QUESTION = "calder firewall patching"


@pytest.fixture
def registry() -> Registry:
    return catalog.REGISTRY


@pytest.fixture
def signed(bot: Bot) -> Bot:
    """A client with a signed agreement and, put in through its form in Slack, a matrix."""
    bot.do("agreement add calder SOW-A kind:sow signed:2026-01-01 effective:2026-01-01 initial-term:12m")
    bot.slash(DANA, "matrix import", CALDER)
    view = bot.view()
    state = {
        **untouched(view),
        "client": {"type": "external_select", "selected_option": {"value": "Calder Ridge"}},
        "agreement": {"type": "external_select", "selected_option": {"value": "SOW-A"}},
        "file": {"type": "file_input", "files": [bot.slack.add_file("matrix.csv", MATRIX)]},
    }
    bot.send(bot.payloads.submit(DANA, view, state))
    assert bot.workers.wait(10)
    [confirm, *_] = buttons(bot.slack.posted[-1].payload)
    bot.send(bot.payloads.press(DANA, CALDER, confirm))
    assert bot.workers.wait(10)
    bot.slack.posted.clear()
    return bot


def told(text: str) -> list[str]:
    """An answer without the number under which it is kept."""
    return [re.sub(r"\d+", "N", line) for line in text.splitlines()]


def test_every_way_of_asking_gives_the_same_verdict_and_evidence(signed: Bot) -> None:
    bot = signed
    answers = [bot.slash(SAM, QUESTION, command="/scope")["text"]]
    bot.send(bot.payloads.direct(SAM, QUESTION))
    bot.send(bot.payloads.mention(SAM, HELPDESK, QUESTION))
    answers += [posted.payload["text"] for posted in bot.slack.posted]
    body = urlencode(bot.payloads.slash(SAM, HELPDESK, "/scope", QUESTION)).encode()
    digest = hmac.new(b"key", b"v0:1000:" + body, hashlib.sha256).hexdigest()
    door = Door(bot.app, "key", clock=lambda: 1000.0)
    headers = {"x-slack-request-timestamp": "1000", "x-slack-signature": f"v0={digest}"}
    answers.append(json.loads(door.answer("POST", "/slack/events", headers, body).body)["text"])
    assert "This is ours" in answers[0]
    assert "Evidence: SOW-A, clause 3.2, effective since 1 January 2026" in answers[0]
    assert len({tuple(told(answer)) for answer in answers}) == 1
    workspace_id = bot.workspace_id
    reply = bot.runtime.dispatcher.run(Request(workspace_id, CONSOLE, QUESTION, slash="/scope"))
    assert answers[0].startswith(reply.headline)


def shown(answer: dict[str, Any]) -> list[str]:
    """The texts of an answer's blocks, in the order in which they are read."""
    found: list[str] = []

    def gather(piece: object) -> None:
        if isinstance(piece, dict):
            found.extend([piece["text"]] if isinstance(piece.get("text"), str) else [])
            for each in piece.values():
                gather(each)
        elif isinstance(piece, list):
            for each in piece:
                gather(each)

    gather(answer["blocks"])
    return found


@pytest.mark.parametrize(
    ("party", "then"),
    [
        (None, "❓ Not documented. No agreement says whose it is."),
        ("msp", "✅ Ours. Do it, within that limit."),
        ("client", "👤 The client's. Do not do it without a change request."),
        ("out_of_scope", "⛔ Out of scope. The agreement leaves it out."),
    ],
)
def test_a_limit_of_access_is_the_headline_whatever_the_verdict(signed: Bot, party: str | None, then: str) -> None:
    """What one may touch comes before whose it is, also where nobody wrote down whose it is."""
    signed.do('access grant calder "Payroll server" view limit:"only while the payroll clerk watches" basis:"SOW-A 9"')
    if party:
        signed.do(f'matrix set calder SOW-A "Payroll server reboot" {party} clause:9.3 as-signed:yes')
    answer = signed.slash(SAM, "calder payroll server reboot, allowed?", command="/scope")
    limit = "Viewing only, and only while the payroll clerk watches"
    assert shown(answer)[0] == f"✋ {limit}"
    assert any(text.startswith(then) for text in shown(answer))
    assert f"Calder Ridge: {limit}. " in answer["text"]


def test_an_answer_is_shared_by_whoever_got_it(signed: Bot) -> None:
    share = next(
        button for button in buttons(signed.slash(SAM, QUESTION, command="/scope")) if "Share" in button["text"]["text"]
    )
    signed.send(signed.payloads.press(SAM, HELPDESK, share))
    [posted] = signed.slack.posted
    assert posted.payload["response_type"] == "in_channel"
    assert "This is ours" in posted.payload["text"]


def test_an_undocumented_question_goes_to_a_manager_who_settles_it_in_a_form(signed: Bot) -> None:
    bot = signed
    assert "Not documented" in bot.slash(SAM, "calder who waters the plants?", command="/scope")["text"]
    assert bot.slack.posted == [], "the manager hears of it with the day's questions"
    bot.slash(SAM, "scope escalate 1")
    jobs_of(bot).round()
    [notice] = bot.slack.posted
    assert notice.channel == HELPDESK
    bot.send(bot.payloads.press(DANA, HELPDESK, buttons(notice.payload)[0]))
    view = bot.view()
    party = next(block["element"] for block in view["blocks"] if block["block_id"] == "party")
    client = next(option for option in party["options"] if option["value"] == "client")
    state = {**untouched(view), "party": {"type": "static_select", "selected_option": client}}
    assert bot.send(bot.payloads.submit(DANA, view, state)) == ""
    assert "is settled" in [posted.payload["text"] for posted in bot.slack.posted if posted.channel == "D0SAM"][-1]


def test_an_answer_that_is_shared_calls_nobody_whose_mention_is_hidden_in_it(signed: Bot) -> None:
    """Half a mention in one text is closed by the next; one with a character in it that is not stored."""
    signed.do('matrix set calder SOW-A "Fax <@U0DANA|" msp notes:"> 5 lines, <@U0\x00DANA>, \u202e<!channel>"')
    answer = signed.slash(SAM, "calder fax <@U0DANA|?", command="/scope")
    [number] = re.findall(r"scope share (\d+)", str(answer))
    shared = signed.slash(SAM, f"scope share {number}", CALDER)
    assert shared["response_type"] == "in_channel"
    assert "Fax @U0DANA|" in shared["text"]
    called = [piece for piece in re.findall(r"'user_id': '(\w+)'|<@(\w+)|<!", str(shared)) if "DANA" in str(piece)]
    assert called == []
    assert "5 lines, @U0DANA, @channel" in str(shared)


def test_a_channel_in_a_question_is_the_client_that_it_is_linked_to(signed: Bot) -> None:
    for line in (
        'client add "North Star" alias:nsd',
        f"client link nsd {HELPDESK}",
        "agreement add nsd SOW-N kind:sow effective:2026-01-01 signed:2026-01-01 initial-term:12m renewal:none",
        'matrix set nsd SOW-N "Server backup" client clause:"9.1"',
    ):
        signed.do(line)
    asked = signed.slash(SAM, f"<#{HELPDESK}|helpdesk> who does the server backup?", CALDER, "/scope")
    assert "North Star: " in json.dumps(asked)
    unlinked = signed.slash(SAM, "<#C0OTHER|random> who does the server backup?", CALDER, "/scope")
    assert "#random is not linked to a client" in json.dumps(unlinked)
    assert [each["text"]["text"] for each in buttons(unlinked)][:1] == ["Calder Ridge"]


def test_an_answer_leads_to_the_paper_it_rests_on_and_in_a_shared_channel_it_does_not(signed: Bot) -> None:
    bot = signed
    bot.do("agreement edit calder SOW-A url:https://northwind.sharepoint.com/sow-a.pdf")
    form = bot.payloads.message_shortcut(DANA, "keep_signed_copy", CALDER, "here it is")
    file = bot.slack.add_file("signed.pdf", b"%PDF-1.7 signed")
    bot.send({**form, "message": {**form["message"], "files": [file]}})
    chosen = {"of": {"type": "static_select", "selected_option": {"value": "agreement"}},
              "agreement": {"type": "external_select", "selected_option": {"value": "SOW-A"}}}  # fmt: skip
    bot.send(bot.payloads.submit(DANA, bot.view(), untouched(bot.view()) | chosen))
    assert bot.workers.wait(20)

    answer = bot.slash(SAM, QUESTION, command="/scope")
    [copy] = [each for each in buttons(answer) if each["text"]["text"] == "Signed copy"]
    assert copy not in answer["blocks"][-1]["elements"][:3], "what is asked for first stays in sight"
    assert "<https://northwind.sharepoint.com/sow-a.pdf|Open the document>" in json.dumps(answer)
    bot.send(bot.payloads.press(SAM, HELPDESK, copy))
    assert bot.workers.wait(20)
    assert any(b"%PDF-1.7 signed" in str(each.payload).encode() for each in bot.slack.posted)

    bot.do(f"client link calder {VENDOR}")
    there = bot.slash(SAM, QUESTION, VENDOR, "/scope")
    assert "Wrong row?" in json.dumps(there)
    assert "Signed copy" not in json.dumps(there)
    assert "sharepoint" not in json.dumps(there)
    bot.do(f"client share calder {VENDOR}")
    share = next(each for each in buttons(bot.slash(SAM, QUESTION, VENDOR, "/scope")) if "Share" in str(each["text"]))
    bot.slack.posted.clear()
    bot.send(bot.payloads.press(SAM, VENDOR, share))
    [shown] = bot.slack.posted
    assert shown.payload["response_type"] == "in_channel"
    assert "sharepoint" not in json.dumps(shown.payload)
    assert "Signed copy" not in json.dumps(shown.payload)
