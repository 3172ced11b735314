"""An incident through Slack: typed and by form, its clocks marked by buttons, its reminders at night, who sees it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from commands import catalog
from commands.command import Registry
from tests.bot.conftest import DANA, HELPDESK, SAM, VIC, Bot, buttons, jobs_of
from tests.bot.form_filler import untouched

RECORD = (
    'incident record calder "Mailbox taken over" discovered:2026-03-01 at:14:30 residents:"CA 600" data:"bank accounts"'
)


@pytest.fixture
def registry() -> Registry:
    return catalog.REGISTRY


@pytest.fixture
def known(bot: Bot) -> Bot:
    bot.do("agreement add calder SOW-A kind:sow signed:2026-01-01 effective:2026-01-01 end:2027-09-30 notice:30d")
    bot.do('contract add calder "Harbor Mutual" kind:insurer reference:CY-4711 notice-hours:72')
    bot.do(f"client edit calder owner:{SAM}")
    return bot


def test_typed_it_shows_the_sheet_with_buttons(known: Bot) -> None:
    answer = known.slash(SAM, RECORD)
    text = str(answer)
    assert "is on legal hold from today" in text
    assert "Harbor Mutual (insurer)" in text
    assert "no legal advice and no complete list" in text
    told = next(each for each in buttons(answer) if each["text"]["text"] == "Told")
    known.send(known.payloads.press(SAM, HELPDESK, told))
    view = known.view()
    assert view["title"]["text"] == "Record who was told"
    state = untouched(view)
    assert "Harbor Mutual" in str(state)
    filled = {**state, "to": {"type": "plain_text_input", "value": "hotline"}}
    known.send(known.payloads.submit(SAM, view, filled))
    with known.runtime.database.open_unit(known.runtime.workspace_id(known.team.id), writes=False) as uow:
        [mark] = uow.clock_marks.current()
        assert (mark.told_to, mark.told_by) == ("hotline", SAM)


def test_by_form(known: Bot) -> None:
    known.send(known.payloads.press(SAM, HELPDESK, {"action_id": "form:1", "value": "incident record calder"}))
    view = known.view()
    assert view["title"]["text"] == "Record an incident"
    filled = {
        **untouched(view),
        "what": {"type": "plain_text_input", "value": "Lost laptop"},
        "discovered": {"type": "datepicker", "selected_date": "2026-03-01"},
    }
    known.send(known.payloads.submit(SAM, view, filled))
    assert "Lost laptop" in known.slash(SAM, "incident list")["text"]


def test_reminders_come_at_night_in_one_message(known: Bot) -> None:
    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # half past three at night in Chicago
    runtime = replace(known.runtime, clock=lambda: at)
    runtime = replace(runtime, dispatcher=replace(runtime.dispatcher, clock=lambda: at))
    night = replace(known, runtime=runtime)
    night.do(RECORD)
    before = len(known.slack.posted)
    jobs_of(night).sweep()
    sent = [each.payload for each in known.slack.posted[before:] if each.channel == f"D{SAM[1:]}"]
    assert len(sent) == 1
    assert "Harbor Mutual" in sent[0]["text"]
    assert "California breach notification law: the people concerned, by 31 March 2026" in sent[0]["text"]


def test_who_may_not_see_it_does_not(known: Bot) -> None:
    known.do(RECORD)
    assert "Mailbox" not in str(known.slash(VIC, "incident list"))
    known.do(f"client edit calder owner:{DANA}")
    known.do(f"client restrict calder to:{DANA}")
    assert "Mailbox" not in str(known.slash(SAM, "incident list"))
    assert "taken over" not in str(known.slash(SAM, "incident show calder Mailbox"))
    assert "Mailbox" in str(known.slash(DANA, "incident list"))
