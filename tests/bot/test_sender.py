"""Every way in which sending can fail, one at a time: what is definite, what is not, and who is told instead."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.jobs.jobs import Jobs
from bot.jobs.sender import Sender, Timing
from commands.catalog import REGISTRY
from commands.dispatching.dispatcher import Dispatcher
from commands.dispatching.request import Request
from commands.policy import Policy
from commands.reminders.planner import Planner, planner_for
from storage.database import Database
from storage.errors import DatabaseUnavailable
from storage.records import Client, Reminder, ReminderState
from tests.bot.fake_messenger import Crash, FakeMessenger, Fault
from tests.conftest import NOW

LEASE = timedelta(seconds=90)


@dataclass
class Office:
    """A client with one agreement whose notice deadline is due to be reminded of, and a clock that is moved by hand."""

    database: Database
    now: datetime = NOW
    crash_at: int | None = None
    units: int = 0
    slack: FakeMessenger = field(init=False)

    def __post_init__(self) -> None:
        policy = Policy(ZoneInfo("America/Chicago"), managers_channel="C0MANAGERS")
        self.dispatcher = Dispatcher(REGISTRY, self.database.open_unit, lambda: self.now, policy)
        with self.database.workspaces() as workspaces:
            self.workspace_id = workspaces.add("Test").id
        self.slack = FakeMessenger(lambda: self.now)
        self.type('client add "Calder Ridge" owner:U0ANN backup:U0BOB')
        self.type(
            "agreement add calder SOW-A kind:sow effective:2025-05-01 signed:2025-05-01 initial-term:12m renewal:auto "
            "renewal-term:12m notice:30d reviewed:2026-02-01"
        )
        self.type('walkthrough record calder SOW-A to:"Lee Marsh, COO" on:2026-02-01')

    def type(self, text: str, user: str = "console") -> Any:
        return self.dispatcher.run(Request(self.workspace_id, user, text, is_confirmed=True))

    def jobs(self) -> Jobs:
        """A process of its own."""
        return Jobs(
            self.dispatcher,
            Sender(
                self._open_unit, self.workspace_id, planner_for(self.dispatcher.policy), self.slack, lambda: self.now,
                lambda uow: self.now, monotonic=lambda: self.now.timestamp(), sleep=self.sleep, timing=Timing(pause=0),
            ),
        )  # fmt: skip

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def rows(self) -> list[Reminder]:
        with self.database.open_unit(self.workspace_id, writes=False) as uow:
            return [row for client in uow.clients.list() for row in uow.reminders.of_client(client.id)]

    def due(self) -> Reminder:
        """The one that is due at the start: the notice deadline of 1 April, 30 days ahead."""
        return next(row for row in self.rows() if row.kind == "notice_deadline" and row.lead_days == 30)

    def _open_unit(self, workspace_id: int, *, writes: bool = True) -> Any:
        self.units += 1
        return CrashingUnit(self, self.database.open_unit(workspace_id, writes=writes), self.units)


class CrashingUnit:
    """A unit of work of a process that dies at a chosen one: before it is opened, or right after it was committed."""

    def __init__(self, office: Office, unit: Any, number: int) -> None:
        self.office, self.unit, self.number = office, unit, number

    def __enter__(self) -> Any:
        if self.office.crash_at == 2 * self.number:
            raise Crash
        return self.unit.__enter__()

    def __exit__(self, *error: Any) -> Any:
        result = self.unit.__exit__(*error)
        if self.office.crash_at == 2 * self.number + 1 and error[0] is None:
            raise Crash
        return result


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return Office(sqlite_database)


def later(office: Office, time: timedelta) -> None:
    office.now += time


def test_a_round_plans_and_sends_what_is_due_and_nothing_again(office: Office) -> None:
    report = office.jobs().round()
    assert (report.sent, report.deferred, report.problems) == (1, 0, ())
    assert office.due().state is ReminderState.SENT
    [post] = office.slack.posts
    assert (post.channel, post.reminders) == ("D0ANN", [office.due().id])
    assert post.payload["metadata"]["event_payload"]["k"] == office.due().message_key
    assert "last day to give notice is 31 March 2026" in post.payload["text"]
    assert office.jobs().round().sent == 0


@pytest.mark.parametrize("crash_at", range(2, 24))
def test_whichever_step_it_dies_at_it_is_said_once(office: Office, crash_at: int) -> None:
    office.crash_at = crash_at
    with suppress(Crash):
        office.jobs().sweep()
    office.crash_at = None
    later(office, 2 * LEASE)
    office.jobs().sweep()
    assert [post.reminders for post in office.slack.posts] == [[office.due().id]]
    assert office.due().state is ReminderState.SENT


@pytest.mark.parametrize("fault", list(Fault))
def test_whatever_slack_does_it_is_said_once(office: Office, fault: Fault) -> None:
    office.slack.faults = [fault]
    with suppress(Crash):
        office.jobs().sweep()
    later(office, 2 * LEASE)
    office.jobs().sweep()
    assert [post.reminders for post in office.slack.posts] == [[office.due().id]]
    assert office.due().state is ReminderState.SENT


def test_too_often_does_not_count_as_an_attempt(office: Office) -> None:
    office.slack.faults = [Fault.TOO_OFTEN] * 3
    office.jobs().sweep()
    assert (office.due().state, office.due().attempt) == (ReminderState.SENT, 1)


def test_an_unreadable_channel_is_not_written_to_again_and_is_shown(office: Office) -> None:
    office.slack.faults, office.slack.is_readable = [Fault.LOST], False
    for _ in range(4):
        office.jobs().sweep()
        later(office, 2 * LEASE)
    assert office.slack.posts == []
    assert office.due().state is ReminderState.SENDING
    assert "It may have been sent" in (office.due().problem or "")
    office.slack.is_readable = True
    office.jobs().sweep()
    assert len(office.slack.posts) == 1
    assert office.due().problem is None


def test_whoever_cannot_be_reached_is_stood_in_for(office: Office) -> None:
    office.slack.gone = {"D0ANN"}
    report = office.jobs().round()
    assert [post.channel for post in office.slack.posts] == ["D0BOB"]
    assert "account is closed" in report.problems[0]
    assert "You are told because no manager has answered so far." in office.slack.posts[0].payload["text"]
    office.slack.gone = {"D0ANN", "D0BOB", "C0MANAGERS"}
    office.now = NOW + timedelta(days=16)
    for _ in range(3):
        office.jobs().round()
    assert not [row for row in office.rows() if row.state is ReminderState.SENDING]
    office.slack.gone = set()
    later(office, timedelta(hours=7))
    office.now = office.now.replace(hour=15) + timedelta(days=1)
    office.jobs().round()
    assert [post.channel for post in office.slack.posts[1:]] == ["C0MANAGERS"]


def test_outside_the_delivery_hours_it_waits_unless_that_would_be_too_late(office: Office) -> None:
    office.now = NOW.replace(hour=14, minute=30)  # 08:30 in Chicago
    assert (office.jobs().round().deferred, office.slack.posts) == (0, [])
    office.now = NOW + timedelta(hours=9)
    report = office.jobs().round()
    assert (report.sent, report.deferred) == (0, 1)
    office.now = NOW + timedelta(days=1)
    assert office.jobs().round().sent == 1
    office.now = datetime.fromisoformat("2026-03-31T23:30:00+00:00")  # the evening of the last day
    office.jobs().round()
    assert [post.channel for post in office.slack.posts[1:]] == ["D0ANN", "D0BOB"]


def test_a_claim_is_fresh_enough_to_send_for_the_first_third_of_its_lease(office: Office) -> None:
    sender = office.jobs().sender
    may_send = sender.fence()
    for seconds, is_fresh in ((0, True), (30, True), (30.001, False), (90, False)):
        office.now = NOW + timedelta(seconds=seconds)
        assert may_send() is is_fresh, seconds
    office.now = NOW + timedelta(seconds=29)
    assert sender.fence(claimed_at=NOW.timestamp())()
    assert not sender.fence(claimed_at=NOW.timestamp() - 2)()


def test_a_sender_that_is_held_up_after_its_claim_does_not_post(office: Office) -> None:
    office.slack.meanwhile = lambda: later(office, LEASE / 3 + timedelta(seconds=1))
    done = office.jobs().sender.sweep()
    assert (done.deferred, done.sent, len(office.slack.posts)) == (1, 1, 1)


def test_what_is_taken_back_while_it_hangs_is_not_sent(office: Office) -> None:
    office.slack.faults = [Fault.LOST]
    office.jobs().sweep()
    office.type("reminder list")
    office.type("agreement terminate calder SOW-A on:2026-03-02")
    later(office, 2 * LEASE)
    office.jobs().round()
    assert office.slack.posts == []
    assert office.due().state is ReminderState.CANCELLED


def test_a_message_shows_what_became_of_it(office: Office) -> None:
    jobs = office.jobs()
    jobs.round()
    office.type("role grant U0ANN manager")
    office.type(f"reminder ack {office.due().id}", user="U0ANN")
    assert jobs.refresh() == 1
    [(ts, payload)] = office.slack.updates.items()
    assert ts == office.slack.posts[0].ts
    assert "Acknowledged by <@U0ANN>" in payload["text"]
    assert not any(block["type"] == "actions" for block in payload["blocks"])
    assert jobs.refresh() == 0


def test_one_persons_day_is_one_message_and_deadlines_have_their_own(office: Office) -> None:
    for number in range(3):
        office.type(f"agreement add calder ADD-{number} kind:addendum effective:2026-03-02")
    office.jobs().round()
    sizes = sorted(len(post.reminders) for post in office.slack.posts)
    assert sizes == [1, 3]


def test_time_and_rounds_tell_backup_and_managers_and_an_answer_ends_it(office: Office) -> None:
    for _ in range(9):
        office.jobs().round()
        later(office, timedelta(days=1))
    assert [post.channel for post in office.slack.posts] == ["D0ANN", "D0BOB", "C0MANAGERS"]
    office.type(f"reminder ack {office.due().id}")
    assert {row.state for row in office.rows() if row.sent_at} == {ReminderState.ACKED}


@pytest.mark.parametrize("role", ["viewer", "technician"])
def test_what_a_manager_decides_is_not_ended_by_whoever_cannot(office: Office, role: str) -> None:
    office.type(f"role grant U0ANN {role}")
    jobs = office.jobs()
    jobs.round()
    seen = office.type(f"reminder ack {office.due().id}", user="U0ANN")
    assert seen.headline == f"Seen: {office.due().headline}"
    assert jobs.refresh() == 1
    [payload] = office.slack.updates.values()
    assert "Seen by <@U0ANN> on 2 March 2026. A manager has yet to answer." in payload["text"]
    assert "Acknowledge" not in str(payload["blocks"])
    for _ in range(9):
        jobs.round()
        later(office, timedelta(days=1))
    assert [post.channel for post in office.slack.posts] == ["D0ANN", "D0BOB", "C0MANAGERS"]
    assert "You are told because no manager has answered so far." in office.slack.posts[-1].payload["text"]
    assert "Acknowledge" in str(office.slack.posts[-1].payload["blocks"])
    office.type(f"reminder ack {office.due().id}")
    assert {row.state for row in office.rows() if row.sent_at} == {ReminderState.ACKED}


def test_an_open_question_that_a_technician_has_seen_still_waits(office: Office) -> None:
    office.type("role grant U0BOB technician")
    office.type("scope ask calder who feeds the cow?")
    later(office, timedelta(days=1))
    office.jobs().round()
    [asked] = [row for row in office.rows() if row.kind == "scope_question" and row.sent_at]
    office.type(f"reminder ack {asked.id}", user="U0BOB")
    [asked] = [row for row in office.rows() if row.id == asked.id]
    assert (asked.state, asked.acked_by) == (ReminderState.SENT, "U0BOB")


@pytest.mark.parametrize("notice", ["30d", "45d"])
def test_a_roll_over_is_recorded_with_who_was_told(office: Office, notice: str) -> None:
    office.type(f"agreement edit calder SOW-A notice:{notice}")
    office.jobs().round()
    office.now = datetime.fromisoformat("2026-05-04T15:00:00+00:00")
    office.jobs().plan()
    office.jobs().plan()
    with office.database.open_unit(office.workspace_id, writes=False) as uow:
        [decision] = uow.decisions.of_client(1)
    assert decision.decided == "rolled_over"
    assert str(decision.term_end) == "2026-04-30"
    assert decision.told == ("U0ANN on 2026-03-02",)


def test_a_term_that_renewed_before_it_was_on_record_is_no_roll_over_here(office: Office) -> None:
    """Nobody could have been told of it."""
    office.now = datetime.fromisoformat("2026-05-04T15:00:00+00:00")
    office.type(
        "agreement add calder SOW-B kind:sow effective:2025-04-20 signed:2025-04-20 initial-term:12m renewal:auto "
        "renewal-term:1y notice:30d"
    )
    office.jobs().plan()
    with office.database.open_unit(office.workspace_id, writes=False) as uow:
        [decision] = uow.decisions.of_client(1)
    assert (decision.agreement_id, str(decision.term_end)) == (1, "2026-04-30")


def test_a_client_that_cannot_be_planned_for_does_not_hold_up_the_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.type("client add Aardvark owner:U0BOB")
    facts = Planner.facts

    def odd(planner: Planner, uow: Any, client: Client, now: datetime) -> Any:
        if client.name == "Aardvark":
            raise RuntimeError("on purpose")
        return facts(planner, uow, client, now)

    monkeypatch.setattr(Planner, "facts", odd)
    assert office.jobs().round().sent == 1


def test_people_are_told_in_the_zone_of_their_profile(office: Office) -> None:
    office.slack.zones["U0ANN"] = "Asia/Tokyo"
    office.jobs().plan()
    waiting = [row for row in office.rows() if row.state is ReminderState.PENDING and row.due_at > office.now]
    assert {row.zone for row in waiting} == {"Asia/Tokyo"}


def test_planning_writes_only_for_clients_that_have_something_to_do(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.type("client add Aardvark owner:U0BOB")
    office.type("access grant aardvark Firewall level:admin review:2026-06-01")
    office.jobs().plan()
    planned: list[int | None] = []
    plan_one = Planner.plan_one

    def noted(planner: Planner, uow: Any, client_id: int | None, now: datetime) -> Any:
        planned.append(client_id)
        return plan_one(planner, uow, client_id, now)

    monkeypatch.setattr(Planner, "plan_one", noted)
    assert office.jobs().plan() == 0
    assert planned == [None]
    office.now = datetime.fromisoformat("2026-05-04T15:00:00+00:00")  # a term of the first client renewed by itself
    office.jobs().plan()
    assert planned == [None, 1, None]


def test_planning_goes_on_client_by_client_where_nothing_can_be_read_for_many(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> Any:
        raise DatabaseUnavailable("on purpose")

    monkeypatch.setattr(Planner, "unsettled", away)
    assert office.jobs().round().sent == 1
