"""Plan, edit, snooze, acknowledge, crash, let time pass, in any order: no reminder is lost, none is said twice."""

import contextlib
import itertools
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.jobs.jobs import Jobs
from bot.jobs.sender import Sender, Timing
from commands.catalog import REGISTRY
from commands.dispatching.dispatcher import Dispatcher
from commands.dispatching.request import Request
from commands.errors import CommandError
from commands.policy import Policy
from commands.reminders.planner import planner_for
from commands.rules.reminders.kinds import dues
from commands.rules.reminders.targets import targets
from storage.database import Database
from storage.records import Reminder, ReminderState
from tests.bot.fake_messenger import Crash, FakeMessenger, Fault
from tests.conftest import NOW

_numbers = itertools.count(1)
_TOLD = (
    ReminderState.SENT, ReminderState.ACKED, ReminderState.SNOOZED, ReminderState.ESCALATED, ReminderState.REPLACED,
)  # fmt: skip
PEOPLE = ("U0ANN", "U0BOB", "U0CAT")
REST = timedelta(hours=20 * 7)


class World(RuleBasedStateMachine):
    """Two senders on one database, a clock that only this machine moves, and one client with agreements."""

    database: Database
    reads_back = True

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.seconds = 0.0
        policy = Policy(ZoneInfo("America/Chicago"), managers_channel="C0MANAGERS")
        self.dispatcher = Dispatcher(REGISTRY, self.database.open_unit, lambda: self.now, policy)
        with self.database.workspaces() as workspaces:
            self.workspace_id = workspaces.add(f"World {next(_numbers)}").id
        self.slack = FakeMessenger(lambda: self.now)
        self.senders = [self._sender(name) for name in ("first", "second")]
        self.references: list[str] = []
        self.type('client add "Calder Ridge" owner:U0ANN backup:U0BOB zone:America/Chicago')
        self.add(115, "30d", "auto", True)

    def _sender(self, name: str) -> Jobs:
        sender = Sender(
            self.database.open_unit, self.workspace_id, planner_for(self.dispatcher.policy), self.slack,
            lambda: self.now, lambda uow: self.now, lambda: self.seconds, self._sleep,
            Timing(pause=0, budget=10_000), self.reads_back, owner=name,
        )  # fmt: skip
        return Jobs(self.dispatcher, sender)

    def _sleep(self, seconds: float) -> None:
        self._pass(timedelta(seconds=seconds))

    def _pass(self, time: timedelta) -> None:
        self.now += time
        self.seconds += time.total_seconds()

    def type(self, text: str) -> Any:
        return self.dispatcher.run(Request(self.workspace_id, "console", text, is_confirmed=True))

    def rows(self) -> list[Reminder]:
        with self.database.open_unit(self.workspace_id, writes=False) as uow:
            return [row for client in uow.clients.list() for row in uow.reminders.of_client(client.id)]

    @precondition(lambda self: len(self.references) < 3)
    @rule(
        days=st.integers(20, 500), notice=st.sampled_from(["30d", "60d", "3m", "10bd"]),
        renewal=st.sampled_from(["auto", "manual", "none"]), is_signed=st.booleans(),
    )  # fmt: skip
    def add(self, days: int, notice: str, renewal: str, is_signed: bool) -> None:
        reference = f"SOW-{len(self.references)}"
        end = (self.now + timedelta(days=days)).date()
        signed = "signed:2026-01-01" if is_signed else ""
        self.type(
            f"agreement add calder {reference} kind:sow effective:2026-01-01 end:{end} renewal:{renewal} "
            f"renewal-term:12m notice:{notice} {signed}"
        )
        self.references.append(reference)

    @precondition(lambda self: self.references)
    @rule(place=st.integers(0, 2), change=st.sampled_from([
        "notice:45d", "notice:60d", "end:2026-09-30", "end:2026-12-31", "owner:U0CAT", "owner:U0ANN",
        "notice-method:certified_mail", "signed:2026-02-02", "review-every:6m",
    ]))  # fmt: skip
    def edit(self, place: int, change: str) -> None:
        self.type(f"agreement edit calder {self.references[place % len(self.references)]} {change}")

    @rule(zone=st.sampled_from(["Pacific/Auckland", "America/Los_Angeles", "Europe/London"]))
    def move_person(self, zone: str) -> None:
        self.slack.zones["U0ANN"] = zone

    @rule(change=st.sampled_from(["owner:U0BOB", "owner:U0ANN", "backup:U0CAT", "country:US"]))
    def edit_client(self, change: str) -> None:
        self._try(f"client edit calder {change}")

    @precondition(lambda self: self.references)
    @rule(place=st.integers(0, 2))
    def terminate(self, place: int) -> None:
        self._try(f"agreement terminate calder {self.references[place % len(self.references)]}")

    @rule(place=st.integers(0, 50), verb=st.sampled_from(["ack", "snooze", "snooze", "reassign", "decide"]))
    def answer(self, place: int, verb: str) -> None:
        told = [row for row in self.rows() if row.state in (ReminderState.SENT, ReminderState.ESCALATED)]
        if told:
            rest = {"snooze": " 5d", "reassign": " U0CAT", "decide": ' give_notice reason:"too dear"'}.get(verb, "")
            self._try(f"reminder {verb} {told[place % len(told)].id}{rest}")

    @rule(animal=st.sampled_from(["cow", "dog", "cat", "owl", "fox", "bat", "eel", "hen", "ant", "elk"]))
    def ask(self, animal: str) -> None:
        self.type(f"scope ask calder who feeds the {animal}?")

    @rule(place=st.integers(0, 9), line=st.sampled_from(["escalate {}", "dispute {} note:x", "settle {} client"]))
    def follow_up(self, place: int, line: str) -> None:
        with self.database.open_unit(self.workspace_id, writes=False) as uow:
            waiting = uow.questions.open()
        if waiting:
            self._try(f"scope {line.format(waiting[place % len(waiting)].id)}")

    @rule(hours=st.integers(1, 300))
    def time_passes(self, hours: int) -> None:
        self._pass(timedelta(hours=hours))

    @rule(fault=st.sampled_from(list(Fault)))
    def break_something(self, fault: Fault) -> None:
        self.slack.faults.append(fault)

    @rule(recipient=st.sampled_from(["D0ANN", "D0BOB", "C0MANAGERS"]), is_gone=st.booleans())
    def leave_or_return(self, recipient: str, is_gone: bool) -> None:
        (self.slack.gone.add if is_gone else self.slack.gone.discard)(recipient)

    @rule(is_readable=st.booleans())
    def history(self, is_readable: bool) -> None:
        self.slack.is_readable = is_readable

    @rule()
    def plan(self) -> None:
        self.senders[0].plan()

    @rule(which=st.integers(0, 1))
    def sweep(self, which: int) -> None:
        try:
            self.senders[which].sweep()
        except Crash:
            self.senders[which] = self._sender(f"heir {next(_numbers)}")

    @rule(which=st.integers(0, 1), seconds=st.integers(1, 200))
    def sweep_a_little_later(self, which: int, seconds: int) -> None:
        self._pass(timedelta(seconds=seconds))
        self.sweep(which)

    @rule()
    def refresh(self) -> None:
        self.senders[0].refresh()

    def _try(self, text: str) -> None:
        with contextlib.suppress(CommandError):
            self.type(text)

    @invariant()
    def nothing_is_said_twice(self) -> None:
        if hasattr(self, "slack"):
            counts = Counter(number for post in self.slack.posts for number in post.reminders)
            assert all(count == 1 for count in counts.values()), counts
            keys = Counter(post.key for post in self.slack.posts)
            assert all(count == 1 for count in keys.values()), keys

    @invariant()
    def nothing_is_said_early(self) -> None:
        if hasattr(self, "slack") and self.slack.posts:
            due = {row.id: row for row in self.rows()}
            for post in self.slack.posts:
                for number in post.reminders:
                    assert due[number].due_at <= post.at

    def teardown(self) -> None:
        if not hasattr(self, "slack"):
            return
        self.slack.faults.clear()
        self.slack.gone.clear()
        self.slack.is_readable = True
        for step in range(20):
            self._pass(timedelta(hours=7))
            if step % 2 == 0:
                self.plan()
            self.sweep(0)
        self.nothing_is_said_twice()
        self._nothing_is_lost()

    def _nothing_is_lost(self) -> None:
        rows = self.rows()
        limbo = [row for row in rows if row.state is ReminderState.SENDING]
        assert not limbo, limbo
        late = [row for row in rows if row.state is ReminderState.PENDING and row.due_at < self.now - REST]
        assert not late, late
        planner = planner_for(self.dispatcher.policy)
        with self.database.open_unit(self.workspace_id, writes=False) as uow:
            [client] = uow.clients.list()
            facts = planner.facts(uow, client, self.now)
            for due in dues(facts):
                cycle = [row for row in rows if (row.kind, row.subject, row.deadline) == due.cycle]
                offices = planner.offices(uow)
                past = [each for each in targets(due, [], partial(offices, client.id), self.now - REST) if each.is_past]
                if past and not due.is_over:
                    last = past[-1]
                    told = [
                        row for row in cycle
                        if row.state in _TOLD and (
                            row.lead_days <= last.lead_days
                            or (row.acked_at is not None and row.acked_at.date() >= last.local_date)
                            or row.snoozed_until is not None
                        )
                    ]  # fmt: skip
                    summary = [
                        (row.lead_days, row.generation, row.recipient, row.state.value, row.due_at) for row in cycle
                    ]
                    assert told, f"{due.headline} {last.lead_days} {last.due_at} {self.now}: {summary}"
                if due.first is not None and due.first.presses:  # whoever pressed was heard
                    assert any(
                        row.state in _TOLD and row.first_attempt_at is not None
                        and row.first_attempt_at >= due.first.since
                        for row in cycle
                    ), due.headline  # fmt: skip


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[type[World]]:
    path = tmp_path_factory.mktemp("machine") / "machine.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")

    class OnThisDatabase(World):
        pass

    OnThisDatabase.database = database
    yield OnThisDatabase
    database.close()


def test_no_reminder_is_lost_and_none_is_said_twice(world: type[World]) -> None:
    run_state_machine_as_test(
        world,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )  # fmt: skip
