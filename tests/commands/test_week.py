"""The week: what is overdue, due today and soon, what was decided, what no date can be told for; one count of days."""

from datetime import UTC, datetime

import pytest

from commands.reply import Reply
from commands.rules.dates.time_left import days_left, due_in, last_day_to_act
from storage.repositories.agreements import Agreements
from tests.commands.conftest import MANAGER, TECHNICIAN, VIEWER, Desk
from tests.rules.terms import day

YEARLY = "initial-term:12m renewal:auto renewal-term:12m"


def titles(reply: Reply) -> list[str]:
    return [section.title for section in reply.sections]


def said(reply: Reply) -> str:
    lines = [line for section in reply.sections for line in (section.title, *section.lines)]
    return "\n".join([*lines, *(f"{i.text} ({i.detail})" for section in reply.sections for i in section.items)])


def rows(reply: Reply) -> tuple[tuple[str, ...], ...]:
    return reply.table.rows if reply.table is not None else ()


def labels(reply: Reply) -> dict[str, str]:
    return {choice.label: choice.command for each in reply.sections for i in each.items for choice in i.choices}


@pytest.fixture
def mailed(calder: Desk) -> Desk:
    """Notice by certified mail: to be sent a week before the deadline, 10 March 2026, that is by 3 March."""
    calder.type(
        "/engagement agreement add calder MSA-9 kind:msa effective:2025-04-01 signed:2025-04-01 "
        f"{YEARLY} notice:21d notice-method:certified_mail reviewed:2026-02-01"
    )
    calder.type('/engagement walkthrough record calder MSA-9 to:"Lee Marsh, COO" on:2025-04-05')
    return calder


@pytest.mark.parametrize(
    ("today", "acts_on"),
    [
        ("2026-03-02", "2026-03-03"),
        ("2026-03-03", "2026-03-03"),
        ("2026-03-04", "2026-03-10"),  # too late to post it; another way may still be in time
        ("2026-03-10", "2026-03-10"),
        ("2026-03-12", "2026-03-10"),
    ],
)
def test_the_day_that_counts_is_the_last_on_which_acting_is_in_time(today: str, acts_on: str) -> None:
    assert last_day_to_act(day("2026-03-10"), day("2026-03-03"), day(today)) == day(acts_on)
    assert last_day_to_act(day("2026-03-10"), None, day(today)) == day("2026-03-10")


@pytest.mark.parametrize(
    ("left", "counted", "due"),
    [
        (-2, "2 days late", "overdue by 2 days"),
        (-1, "1 day late", "overdue by 1 day"),
        (0, "today is the last day", "today"),
        (1, "1 day left", "tomorrow"),
        (9, "9 days left", "in 9 days"),
    ],
)
def test_how_many_days_are_left_in_words(left: int, counted: str, due: str) -> None:
    last = day("2026-03-10")
    today = day(f"2026-03-{10 - left:02}")
    assert (days_left(last, today), due_in(last, today)) == (counted, due)


def test_the_same_days_are_left_everywhere(mailed: Desk) -> None:
    week = mailed.type("/engagement week", user=MANAGER)
    [matter] = [each for each in week.data["due"] if each["kind"] == "notice_deadline"]
    left = matter["days_left"]
    assert f"in {left} days" in said(week) or "tomorrow" in said(week)
    [renewal] = [row for row in rows(mailed.type("/renewals")) if row[1] == "MSA-9"]
    assert renewal[5] == str(left)
    [reminder] = [row for row in rows(mailed.type("/engagement reminder list")) if "last day to give" in row[1]]
    assert reminder[3] == f"{left} day{'' if left == 1 else 's'} left"
    check = mailed.type("/engagement check calder everything:yes")
    [finding] = [row[1] for row in rows(check) if "MSA-9: notice is possible" in row[1]]
    assert f"; {reminder[3]}." in finding


def test_midnight_is_the_clients(mailed: Desk) -> None:
    """At 01:00 UTC it is still the day before in Chicago."""
    mailed.now = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
    before = mailed.type("/engagement week").data["due"]
    mailed.now = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
    after = mailed.type("/engagement week").data["due"]
    assert [each["days_left"] - 1 for each in before] == [each["days_left"] for each in after]


def test_the_week_is_in_the_order_in_which_it_has_to_be_done(mailed: Desk) -> None:
    mailed.type('/engagement promise add calder "Test a restore" every:1y due:2026-03-02 owner:U0TECH')
    mailed.type('/engagement access grant calder "Payroll" view data:x basis:y limit:z review:2026-02-20')
    reply = mailed.type("/engagement week", user=MANAGER)
    assert titles(reply) == ["Overdue (1)", "Today (1)", "In the next 7 days (1)"]
    assert reply.headline == "3 things need you this week: 1 overdue, 1 due today."
    assert "overdue by 10 days" in said(reply)
    assert labels(reply)["Decide"] == 'renewal decide "Calder Ridge" MSA-9'
    assert {"Review access", "Promise kept"} <= set(labels(reply))
    mine = mailed.type("/engagement week me", user=TECHNICIAN)
    assert [each["kind"] for each in mine.data["due"]] == ["promise_due"]


def test_buttons_that_one_may_not_press_are_not_shown(mailed: Desk) -> None:
    assert "Decide" not in labels(mailed.type("/engagement week", user=TECHNICIAN))
    assert "for the role technician" in mailed.refused("/engagement week", user=VIEWER).message


def test_a_decision_is_shown_until_it_has_happened(mailed: Desk) -> None:
    mailed.type("/engagement renewal decide calder MSA-9 renew reason:fine", user=MANAGER)
    reply = mailed.type("/engagement week", user=MANAGER)
    assert reply.headline == "Nothing is due in the next 7 days."
    assert titles(reply) == ["Decided (1)"]
    assert "renew (<@U0MANAGER>, 2 March 2026)" in said(reply)
    assert labels(reply)["Take it back"].startswith("renewal retract")
    renewals = mailed.type("/renewals")
    assert renewals.headline.endswith("1 more is decided.")
    assert [row[-1] for row in rows(renewals) if row[1] == "MSA-9"] == ["renew (<@U0MANAGER>, 2 March 2026)"]
    mailed.now = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
    assert "Decided (1)" not in titles(mailed.type("/engagement week", user=MANAGER))


def test_what_no_date_can_be_told_for_is_one_line_at_the_end_with_one_button(mailed: Desk) -> None:
    for name in ("A", "B", "C"):
        mailed.type(f"/engagement agreement add calder SOW-{name}1 kind:sow signed:2026-01-01 effective:2026-01-01")
    for line in ("/renewals", "/engagement week", "/renewals 30d"):
        reply = mailed.type(line, user=MANAGER)
        last = reply.sections[-1]
        assert last.title == "No date can be computed"
        [item] = last.items
        assert item.text.startswith("3 agreements lack what their dates follow from")
        assert [choice.command for choice in item.choices] == ['agreement edit "Calder Ridge" SOW-A1 initial-term:____']
        assert item.choices[0].opens_form
    assert not any("unclear" in cell for row in rows(mailed.type("/renewals")) for cell in row)
    assert mailed.type("/renewals", user=VIEWER).sections[-1].items[0].choices == ()


def test_a_terminated_draft_is_gone(mailed: Desk) -> None:
    mailed.type("/engagement agreement add calder SOW-X kind:sow")
    reply = mailed.type("/renewals")
    assert reply.headline == "1 agreement needs attention in the next 90 days.", "what has no date is not counted"
    assert "SOW-X: effective on and initial term are not recorded. Nobody is reminded of its dates." in said(reply)
    mailed.type("/engagement agreement terminate calder SOW-X on:2026-03-02 reason:unwanted")
    for line in ("/renewals", "/engagement week", "/engagement home"):
        assert "SOW-X" not in str(mailed.type(line, user=MANAGER)), line


def test_promises_to_everybody_are_in_the_week(calder: Desk) -> None:
    calder.type('/engagement promise add everybody:yes what:"Publish our uptime" every:1y due:2026-03-04')
    reply = calder.type("/engagement week", user=MANAGER)
    assert "Publish our uptime" in said(reply)
    assert labels(reply)["Promise kept"] == 'promise kept everybody:yes what:"Publish our uptime" on:____'


def test_a_restricted_client_is_in_nobody_elses_week(mailed: Desk) -> None:
    mailed.type("/engagement client restrict calder to:U0OTHER")
    mailed.type("/engagement client edit calder owner:U0OTHER")
    assert mailed.type("/engagement week", user=MANAGER).data["due"] == []


def test_an_agreement_that_is_removed_while_the_week_is_read_is_left_out(
    calder: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each reading sees what was committed by then: on PostgreSQL the second may lack what the first had."""
    monkeypatch.setattr(Agreements, "first_recorded", lambda self, client_id: {})
    assert calder.type("/engagement week").data["due"] == []
