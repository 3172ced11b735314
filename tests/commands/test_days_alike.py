"""The same matter has the same days left wherever it is said: three clients' time zones, three times of day."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.slack.render import render
from commands.dispatching.request import Request
from commands.reminders.message import reminder_reply
from commands.reply import Reply
from commands.workspace import week as week_of
from commands.workspace.week import today_and_week, week
from storage.database import Database
from storage.records import ReminderState
from tests.commands.conftest import ADMIN, Desk, open_desk

ZONES = {"Auckland": "Pacific/Auckland", "Chicago": "America/Chicago", "Honolulu": "Pacific/Honolulu"}
TIMES = ["2026-03-06T00:30", "2026-03-06T11:30", "2026-03-06T23:30"]
YEARLY = "initial-term:12m renewal:auto renewal-term:12m"
PAPERS = ("MAIL", "MORE", "ENDS", "OPEN")
Matter = tuple[str, str, str]
"""The client, the kind of what is due, and the paper that it is about."""
Left = dict[Matter, int]

SEEDED = (
    # Notice by certified mail by Saturday, 14 March: it has to be sent before, and to arrive by Friday.
    f"agreement add {{c}} MAIL kind:msa effective:2025-04-04 signed:2025-04-04 {YEARLY} notice:20d "
    "notice-method:certified_mail review-every:12m reviewed:2025-03-09",
    # One that can be extended, if somebody says so.
    "agreement add {c} MORE kind:sow effective:2025-04-01 end:2026-06-30 signed:2025-04-01 renewal:manual "
    "extension-notice:110d reviewed:2026-02-01",
    # One that ends.
    "agreement add {c} ENDS kind:sow effective:2025-04-01 end:2026-03-10 signed:2025-04-01 renewal:none",
    "agreement add {c} OPEN kind:addendum effective:2026-03-04",
    'promise add {c} "Weekly report" every:1w due:2026-03-05',
    "access grant {c} Payroll view data:x basis:y limit:z review:2026-03-07",
    'disclosure record {c} hipaa applies by:"Lee Marsh, COO" on:2026-02-06 reask:2026-03-08',
    'obligation add {c} "Renew the firewall licence" due:2026-03-09',
)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('days') / 'days.db'}")
    database.upgrade()
    desk = open_desk(database)
    for name, zone in ZONES.items():
        desk.type(f'/engagement client add "{name}" zone:{zone} country:US owner:U0DANA')
        for line in SEEDED:
            desk.type(f"/engagement {line.format(c=name)}")
        for paper in ("MAIL", "MORE", "ENDS"):
            desk.type(f'/engagement walkthrough record {name} {paper} to:"Lee Marsh, COO" on:2026-02-02')
    return desk


def number(said: str) -> int | None:
    """How many days are left, by the words."""
    if found := re.search(r"in (\d+) days?|\b(\d+) days? left", said):
        return int(found[1] or found[2])
    if found := re.search(r"overdue by (\d+) day|\b(\d+) days? (?:late|ago)", said):
        return -int(found[1] or found[2])
    return next((days for word, days in (("tomorrow", 1), ("today", 0)) if word in said), None)


def items(reply: Reply) -> Iterator[tuple[str, str]]:
    for section in reply.sections:
        for item in section.items:
            yield item.text, item.detail


TITLES = {
    "Notice deadline": "notice_deadline", "Renewal or end": "renewal", "Notice to extend": "extension_deadline",
    "Agreement review": "agreement_review", "Unsigned agreement": "unsigned_agreement", "Promise due": "promise_due",
    "Access review": "access_review", "Ask the client again": "disclosure_reask", "Missing paper": "missing_paper",
    "Client's duty due": "obligation_due",
}  # fmt: skip


def matter(text: str, kind: str) -> Matter:
    client = next(name for name in ZONES if name in text)
    return client, kind, next((paper for paper in PAPERS if paper in text), "")


def of_sections(reply: Reply) -> Left:
    found: Left = {}
    for text, detail in items(reply):
        title = next((each for each in TITLES if detail.startswith(f"{each},")), None)
        if title is not None and (left := number(detail)) is not None:
            found[matter(text, TITLES[title])] = left
    return found


def of_week(desk: Desk) -> Left:
    due = desk.type("/engagement week").data["due"]
    return {matter(each["what"], each["kind"]): each["days_left"] for each in due if each["kind"] in TITLES.values()}


def of_digest(desk: Desk) -> Left:
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        ctx = desk.dispatcher.context(uow, Request(desk.workspace_id, "U0DANA", "week"))
        return of_sections(week(ctx, {each.id: each for each in uow.clients.list()}, "U0DANA", greeting="Hello. "))


def of_home(desk: Desk) -> Left:
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        ctx = desk.dispatcher.context(uow, Request(desk.workspace_id, ADMIN, "home"))
        sections = today_and_week(ctx, {each.id: each for each in uow.clients.list()}, 100)
    return of_sections(Reply("Home", sections=sections))


def of_renewals(desk: Desk) -> Left:
    kinds = {"MAIL": "notice_deadline", "MORE": "extension_deadline", "ENDS": "renewal"}
    reply = desk.type("/renewals 200d")
    assert reply.table is not None
    rows = {(row[0], kinds[row[1]], row[1]): int(row[5]) for row in reply.table.rows if row[1] in kinds}
    said = {
        matter(entry.text, kinds[paper]): number(entry.text)
        for group in reply.groups
        for entry in group.entries
        for paper in kinds
        if f", {paper}" in entry.text
    }
    assert said == rows
    return rows


def of_reminders(desk: Desk) -> Left:
    """The list of reminders, and the message of each."""
    found: Left = {}
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        rows = {str(each.id): each for client in uow.clients.list() for each in uow.reminders.of_client(client.id)}
        reply = desk.type("/engagement reminder list days:400")
        assert reply.table is not None
        for row in reply.table.rows:
            reminder = rows[row[0]]
            if reminder.kind not in TITLES.values():
                continue
            left = 0 if row[3] == "today is the last day" else number(row[3])
            assert left is not None
            found[matter(reminder.headline, reminder.kind.value)] = left
            sent = reminder.model_copy(update={"state": ReminderState.SENT})
            message = reminder_reply(uow, sent, desk.now, ZoneInfo("America/Chicago"))
            assert message.data["days_left"] == left, reminder.headline
            assert number(" ".join(message.lines)) == left, (reminder.headline, message.lines)
    return found


def of_check(desk: Desk) -> Left:
    found: Left = {}
    for name in ZONES:
        reply = desk.type(f"/engagement check {name} everything:yes")
        for text in [*(cell for row in (reply.table.rows if reply.table else ()) for cell in row)]:
            for start, kind in (("MAIL: ", "notice_deadline"), ("MORE: ", "extension_deadline")):
                if text.startswith(start) and ("notice is possible" in text or "to extend it" in text):
                    found[matter(f"{name} {text}", kind)] = left if (left := number(text)) is not None else 0
    return found


def of_agreements(desk: Desk) -> Left:
    """As Slack shows a paper, with how far away each day is."""
    found: Left = {}
    for name in ZONES:
        reply = desk.type(f"/engagement agreement show {name} MAIL")
        here = reply.today or desk.now.astimezone(ZoneInfo("America/Chicago")).date()
        shown = str(render(reply, today=here).payload).replace("\\xa0", " ")
        if "it has to arrive by" in shown:
            continue
        for label in ("Send notice by", "Notice deadline"):
            days = re.search(rf"{label}[^()]*?\((in \d+ days?|today|\d+ days? ago)\)", shown)
            if days is not None and (left := number(days[1])) is not None:
                found[name, "notice_deadline", "MAIL"] = left
                break
    return found


def of_calendar(desk: Desk) -> dict[Matter, set[int]]:
    """How far the events about each agreement are away from the client's today."""
    [file] = desk.type("/engagement calendar").files
    found: dict[Matter, set[int]] = {}
    for event in file.content.decode().replace("\r\n ", "").split("BEGIN:VEVENT")[1:]:
        day = datetime.strptime(re.findall(r"DTSTART;VALUE=DATE:(\d{8})", event)[0], "%Y%m%d").date()  # noqa: DTZ007
        summary = re.findall(r"SUMMARY:(.*)", event)[0]
        for paper, kind in (("MAIL", "notice_deadline"), ("MORE", "extension_deadline"), ("ENDS", "renewal")):
            if f"{paper} of" in summary:
                about = matter(summary, kind)
                found.setdefault(about, set()).add((day - today(desk, about[0])).days)
    return found


def today(desk: Desk, name: str) -> date:
    return desk.now.astimezone(ZoneInfo(ZONES[name])).date()


VIEWS = {
    "digest": of_digest, "home": of_home, "renewals": of_renewals, "reminders": of_reminders, "check": of_check,
    "agreement show": of_agreements,
}  # fmt: skip


@pytest.mark.parametrize("time", TIMES)
def test_every_view_says_the_same_days(seeded: Desk, time: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(week_of, "_MOST", 100)
    seeded.now = datetime.fromisoformat(time).replace(tzinfo=UTC)
    views: dict[str, Any] = {"week": of_week(seeded)} | {name: view(seeded) for name, view in VIEWS.items()}
    matters = sorted({each for found in views.values() for each in found})
    assert {kind for _, kind, _ in matters} >= {"notice_deadline", "extension_deadline", "renewal", "promise_due"}
    differ = {}
    for each in matters:
        said = {name: found[each] for name, found in views.items() if each in found}
        if len(set(said.values())) > 1:
            differ[each] = said
    assert all(len(views[name]) > 5 for name in ("week", "digest", "home", "renewals", "reminders", "check")), views
    assert views["agreement show"]
    assert not differ, "\n".join(f"{each}: {said}" for each, said in differ.items())
    for each, days in of_calendar(seeded).items():
        left = next(found[each] for found in views.values() if each in found)
        assert left in days, (each, left, days)
