"""Whose reminders planning touches, by which lead times and in whose day; and when a message that is due waits."""

from datetime import date, datetime, timedelta

import pytest

from storage.database import Database
from storage.records import Client, ReminderState
from tests.bot.fake_messenger import Fault
from tests.bot.test_sender import Office

TERMS = "kind:sow effective:2025-05-01 signed:2025-05-01 initial-term:12m renewal:auto renewal-term:12m notice:30d"


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return Office(sqlite_database)


def coming(office: Office, reference: str) -> list[int]:
    """How many days ahead the notice deadline of an agreement will be reminded of."""
    with office.database.open_unit(office.workspace_id, writes=False) as uow:
        agreements = [each for client in uow.clients.list() for each in uow.agreements.of_client(client.id)]
    [id] = [each.id for each in agreements if each.reference == reference]
    found = [row for row in office.rows() if row.agreement_id == id and row.kind == "notice_deadline"]
    return sorted(row.lead_days for row in found if row.state is ReminderState.PENDING)


def test_an_agreements_lead_times_come_before_its_clients_and_those_before_everybodys(office: Office) -> None:
    office.type(f"agreement add calder SOW-B {TERMS}")
    office.type("reminder leads notice_deadline 12,3")
    assert {3, 12} <= set(coming(office, "SOW-A")), "whatever was chosen holds at once"
    office.type("reminder leads notice_deadline 20,10 client:calder")
    office.type("reminder leads notice_deadline 25,5 client:calder agreement:SOW-B")
    assert {10, 20} <= set(coming(office, "SOW-A"))
    assert not {3, 5, 12, 25} & set(coming(office, "SOW-A"))
    assert {5, 25} <= set(coming(office, "SOW-B"))
    assert not {3, 10, 12, 20} & set(coming(office, "SOW-B"))


def test_a_decision_ends_the_reminders_of_its_own_client_at_once(office: Office) -> None:
    """The numbers of the agreement and of its client differ: one must not be taken for the other."""
    office.type(f"agreement add calder SOW-B {TERMS}")
    office.type("client add Aardvark owner:U0CAT")
    office.type(f"agreement add aardvark SOW-Z {TERMS}")
    assert coming(office, "SOW-Z")
    office.type("renewal decide aardvark SOW-Z renew reason:wanted", user="console")
    assert coming(office, "SOW-Z") == []
    assert coming(office, "SOW-B")


def test_a_roll_over_names_only_those_who_were_told_of_its_own_agreement(office: Office) -> None:
    office.type(f"agreement add calder SOW-B {TERMS} owner:U0CAT")
    office.jobs().round()
    office.now = datetime.fromisoformat("2026-05-04T15:00:00+00:00")
    office.jobs().plan()
    with office.database.open_unit(office.workspace_id, writes=False) as uow:
        told = {each.agreement_id: each.told for each in uow.decisions.of_client(1)}
    assert told == {1: ("U0ANN on 2026-03-02",), 2: ("U0CAT on 2026-03-02",)}


def test_what_falls_due_is_reckoned_in_the_clients_day(office: Office) -> None:
    office.type("client edit calder zone:Pacific/Auckland")
    office.type("client add Aardvark zone:Pacific/Honolulu")
    office.type("client add Bluebird")
    days = {}
    with office.database.open_unit(office.workspace_id, writes=False) as uow:
        planner, at = office.jobs().sender.planner, datetime.fromisoformat("2026-03-03T05:30:00+00:00")
        clients: list[Client] = uow.clients.list()
        for each in clients:
            days[each.name] = planner.facts(uow, each, at).today
    assert days == {
        "Calder Ridge": date(2026, 3, 3), "Aardvark": date(2026, 3, 2), "Bluebird": date(2026, 3, 2),
    }  # fmt: skip


def test_after_hours_what_may_have_been_sent_is_looked_for_and_not_put_off(office: Office) -> None:
    office.slack.faults = [Fault.DROPPED]
    office.jobs().sweep()
    assert office.due().state is ReminderState.SENDING
    office.now += timedelta(hours=9)  # Slack was unclear in the morning; now it is evening
    office.jobs().sweep()
    assert office.due().state is ReminderState.SENT
    assert len(office.slack.posts) == 1


def test_what_can_still_be_met_in_the_morning_waits_for_it(office: Office) -> None:
    """The evening before the last day: the office opens once more before it is over."""
    office.now = datetime.fromisoformat("2026-03-30T23:30:00+00:00")
    report = office.jobs().round()
    assert (report.sent, office.slack.posts) == (0, [])
    assert report.deferred > 0
    office.now = datetime.fromisoformat("2026-03-31T14:30:00+00:00")
    assert office.jobs().round().sent > 0
