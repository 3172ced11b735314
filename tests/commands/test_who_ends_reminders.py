"""Whose answer ends or delays a reminder: whoever may record what it asks for. Anybody else has only seen it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from commands.catalog import REGISTRY
from commands.errors import NotAllowed
from commands.reminders.message import reminder_reply
from commands.rules.reminders.kinds import KINDS
from storage.database import Database
from storage.records import ReminderKind, ReminderState, Role
from tests.bot.test_sender import Office, later

M, T, NOBODY = Role.MANAGER, Role.TECHNICIAN, None
# The kind; the command that settles it; the least role whose Acknowledge ends what is said of it; and whose Snooze
# puts it off.
CASES = (
    (ReminderKind.NOTICE_DEADLINE, "renewal decide", M, M),
    (ReminderKind.RENEWAL, "renewal decide", M, M),
    (ReminderKind.EXTENSION_DEADLINE, "renewal decide", M, M),
    (ReminderKind.AGREEMENT_REVIEW, "agreement edit", M, M),
    (ReminderKind.UNSIGNED_AGREEMENT, "agreement sign", M, M),
    (ReminderKind.MISSING_WALKTHROUGH, "walkthrough record", T, T),
    (ReminderKind.DISCLOSURE_REASK, "disclosure record", T, T),
    (ReminderKind.MISSING_PAPER, "agreement add", M, M),
    (ReminderKind.ACCESS_REVIEW, "access review", M, M),
    (ReminderKind.PROMISE_DUE, "promise kept", T, T),
    (ReminderKind.FRAMEWORK_UPDATE, "framework review", M, M),
    (ReminderKind.RULE_DATE, None, NOBODY, NOBODY),  # nothing is recorded of it: to have read it is all
    (ReminderKind.OBLIGATION_DUE, "obligation met", T, T),
    (ReminderKind.INCIDENT_CLOCK, "incident told", T, M),  # it runs on while it is put off
    (ReminderKind.SCOPE_QUESTION, "scope settle", M, M),
)


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return Office(sqlite_database)


def buttons(office: Office, recipient: str) -> str:
    """What the recipient of the reminder that is due can press."""
    with office.database.open_unit(office.workspace_id, writes=False) as uow:
        reply = reminder_reply(uow, office.due(), office.now, ZoneInfo("UTC"))
        return str([each.label for each in office.dispatcher.usable_by(uow, recipient, reply).choices])


def test_every_kind_is_in_the_table() -> None:
    assert [kind for kind, *_ in CASES] == list(KINDS)


@pytest.mark.parametrize(("kind", "command", "ends", "delays"), CASES)
def test_whoever_may_record_it_ends_it(
    kind: ReminderKind, command: str | None, ends: Role | None, delays: Role | None
) -> None:
    assert (KINDS[kind].ended_by, KINDS[kind].put_off_by) == (ends, delays)
    if command is not None:
        found = REGISTRY.find(*command.split())
        assert found is not None
        assert found.role is ends


@pytest.mark.parametrize("role", ["viewer", "technician"])
@pytest.mark.parametrize("answer", ["ack", "snooze"])
def test_managers_are_told_of_what_is_theirs_whoever_else_answered(office: Office, role: str, answer: str) -> None:
    office.type(f"role grant U0ANN {role}")
    jobs = office.jobs()
    jobs.round()
    assert "Snooze" not in buttons(office, "U0ANN")
    assert "Snooze" in buttons(office, "C0MANAGERS")
    reply = office.type(f"reminder {answer} {office.due().id}{' 20d' * (answer == 'snooze')}", user="U0ANN")
    assert reply.headline.startswith("Seen")
    assert "manager" in " ".join(reply.lines)
    for _ in range(9):
        jobs.round()
        later(office, timedelta(days=1))
    assert [each.channel for each in office.slack.posts] == ["D0ANN", "D0BOB", "C0MANAGERS"]
    assert "Seen by <@U0ANN> on 2 March 2026. No manager answered in time" in str(office.slack.updates)


def test_a_managers_snooze_holds_until_its_day_and_nobody_else_takes_it_away(office: Office) -> None:
    office.type("role grant U0ANN manager")
    office.type("role grant U0SAM technician")
    jobs = office.jobs()
    jobs.round()
    assert "Snooze" in buttons(office, "U0ANN")
    office.type(f"reminder snooze {office.due().id} 5d", user="U0ANN")
    for answer in ("ack {}", "snooze {} 20d"):
        office.type("reminder " + answer.format(office.due().id), user="U0SAM")
        assert (office.due().state, str(office.due().snoozed_until)) == (ReminderState.SNOOZED, "2026-03-07")
    for _ in range(7):
        jobs.round()
        later(office, timedelta(days=1))
    assert [post.channel for post in office.slack.posts] == ["D0ANN", "D0ANN"]  # on the 6th: the 7th is a Saturday


@pytest.mark.parametrize("answer", ["ack {}", "snooze {} 3d"])
def test_what_is_only_planned_stays_planned(office: Office, answer: str) -> None:
    office.type("role grant U0SAM technician")
    office.jobs().plan()
    planned = office.due()
    with pytest.raises(NotAllowed, match=r"Only the answer of a manager .* it goes out as planned"):
        office.type("reminder " + answer.format(planned.id), user="U0SAM")
    assert office.due().state is ReminderState.PENDING


@pytest.mark.parametrize(("role", "headline"), [("viewer", "Seen: "), ("technician", "Acknowledged: ")])
def test_a_promise_is_a_technicians_matter(office: Office, role: str, headline: str) -> None:
    office.type(f"role grant U0ANN {role}")
    office.type('promise add calder "Test a restore" source:sla every:12m due:2026-03-03')
    office.jobs().round()
    [due] = [row for row in office.rows() if row.kind is ReminderKind.PROMISE_DUE and row.sent_at]
    assert office.type(f"reminder ack {due.id}", user="U0ANN").headline.startswith(headline)


def test_the_clock_of_an_incident_is_put_off_by_managers_alone(office: Office) -> None:
    office.type("role grant U0SAM technician")
    office.type("disclosure record calder hipaa applies by:Lee on:2026-02-01")
    office.type('incident record calder "Mailbox taken over" discovered:2026-03-01 residents:California')
    office.jobs().round()
    due = next(row for row in office.rows() if row.kind is ReminderKind.INCIDENT_CLOCK and row.sent_at)
    reply = office.type(f"reminder snooze {due.id} 1d", user="U0SAM")
    assert reply.headline.startswith("Seen, not put off: ")
