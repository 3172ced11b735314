"""Endings of every kind: corrected in their day, taken back by those who may end, never before the beginning."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from commands.catalog import REGISTRY
from commands.command import Command
from commands.errors import CommandError, Conflict, UsageError
from storage.records import Role
from tests.commands.conftest import MANAGER, TECHNICIAN, Desk

ENDING_VERBS = {"end", "revoke", "drop", "accept", "terminate", "offboard", "retire"}
BACK_VERBS = ("reinstate", "restore")


@dataclass(frozen=True)
class Kind:
    """How one kind of record is begun on 1 March 2026, named, and kept: the repository and its field of the ending."""

    begin: str
    names: str
    repository: str
    ended: str
    began: str
    again: str | None = None


KINDS = {
    "promise end": Kind(
        'promise add calder "Test a restore" source:sla every:3m made:2026-01-05',
        'calder "Test a restore"', "promises", "ended_on", "made_on",
    ),
    "access revoke": Kind(
        "access grant calder Payroll view on:2026-01-05 limit:clerk", "calder Payroll", "access", "revoked_on",
        "granted_on",
    ),
    "insurance end": Kind(
        'insurance require calder "MFA for admins" on:2026-01-05', 'calder "MFA for admins"', "insurance", "ended_on",
        "asked_on",
    ),
    "recommendation accept": Kind(
        'recommendation decline calder "Offline copy" by:"Lee Marsh" on:2026-01-05', 'calder "Offline copy"',
        "recommendations", "accepted_on", "declined_on",
    ),
    "framework drop": Kind(
        "framework adopt calder nist-csf 2.0 on:2026-01-05", "calder nist-csf", "adoptions", "ended_on", "adopted_on",
    ),
}  # fmt: skip
ELSEWHERE = {"contract end", "obligation end", "agreement terminate", "client offboard", "matrix retire"}


def taking_back(command: Command) -> Command:
    found = [each for each in REGISTRY if each.noun == command.noun and each.verb in BACK_VERBS]
    assert len(found) == 1, command.name
    return found[0]


# A role and a calendar's address are no records with a history: they are given again.
ENDINGS = [each for each in REGISTRY if each.verb in ENDING_VERBS and each.noun not in ("role", "calendar")]


def test_every_ending_is_known_here() -> None:
    assert {command.name for command in ENDINGS} == KINDS.keys() | ELSEWHERE


@pytest.mark.parametrize("command", ENDINGS, ids=lambda command: command.name)
def test_who_may_end_may_take_back(command: Command) -> None:
    back = taking_back(command)
    assert (back.role, back.changes) == (command.role, True)
    assert {each.name for each in back.parameters if each.required} <= {each.name for each in command.parameters}


def current(desk: Desk, kind: Kind) -> list[dict[str, object]]:
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        return [each.model_dump() for each in getattr(uow, kind.repository).current(1)]


def history(desk: Desk, kind: Kind) -> list[object]:
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        return [getattr(each, kind.ended) for each in getattr(uow, kind.repository).history(1)]


@pytest.fixture(params=sorted(KINDS))
def ending(request: pytest.FixtureRequest, calder: Desk) -> tuple[Desk, str, Kind]:
    calder.now = datetime(2026, 6, 10, 15, tzinfo=UTC)
    kind = KINDS[request.param]
    calder.type(f"/engagement {kind.begin}")
    return calder, request.param, kind


def test_its_day_is_corrected_and_it_is_taken_back(ending: tuple[Desk, str, Kind]) -> None:
    desk, name, kind = ending
    began = current(desk, kind)
    line = f"/engagement {name} {kind.names}"
    back = f"/engagement {name.split()[0]} reinstate {kind.names}"
    assert isinstance(desk.refused(back), Conflict)
    assert "2026-01-05" in str(desk.refused(f"{line} on:2026-01-04").message)
    assert current(desk, kind) == began

    desk.type(f"{line} on:2026-05-01")
    assert "Before, 2026-05-01 was on record." in desk.type(f"{line} on:2026-04-01").headline
    for same in (line, f"{line} on:2026-04-01"):
        refused = desk.refused(same)
        assert isinstance(refused, Conflict)
        assert any("reinstate" in step for step in refused.next_steps)
    assert isinstance(desk.refused(f"{line} on:2026-01-04"), UsageError)
    role = Role.VIEWER if name == "recommendation accept" else Role.TECHNICIAN
    desk.type(f"/engagement role grant U0OTHER {role.value}")
    assert isinstance(desk.refused(back, user="U0OTHER"), CommandError)

    reply = desk.type(back)
    assert "as of 2026-04-01 is taken back" in reply.headline
    kept = {"id", "recorded_at", "recorded_by"}
    assert [{k: v for k, v in each.items() if k not in kept} for each in current(desk, kind)] == [
        {k: v for k, v in each.items() if k not in kept} for each in began
    ]
    assert [str(day) for day in history(desk, kind)] == ["None", "2026-05-01", "2026-04-01", "None"]


def test_the_next_steps_of_a_repeated_ending_work(ending: tuple[Desk, str, Kind]) -> None:
    desk, name, kind = ending
    desk.type(f"/engagement {name} {kind.names}")
    [step] = desk.refused(f"/engagement {name} {kind.names}").next_steps
    desk.type(step)
    assert [each[kind.ended] for each in current(desk, kind)] == [None]


def test_added_again_it_starts_anew(ending: tuple[Desk, str, Kind]) -> None:
    desk, name, kind = ending
    desk.type(f"/engagement {name} {kind.names} on:2026-05-01")
    again = kind.begin.replace("2026-01-05", "2026-06-01")
    desk.type(f"/engagement {again}")
    [anew] = [each for each in current(desk, kind) if each[kind.ended] is None]
    assert str(anew[kind.began]) == "2026-06-01"
    assert isinstance(desk.refused(f"/engagement {name.split()[0]} reinstate {kind.names}"), Conflict)
    desk.type(f"/engagement {name} {kind.names} on:2026-06-09")
    assert all(each[kind.ended] for each in current(desk, kind))


@pytest.mark.parametrize("name", sorted(KINDS.keys() - {"recommendation accept"}))
def test_until_its_last_day_it_stands(calder: Desk, name: str) -> None:
    kind = KINDS[name]
    calder.now = datetime(2026, 6, 10, 15, tzinfo=UTC)
    calder.type(f"/engagement {kind.begin}")
    calder.type(f"/engagement {name} {kind.names} on:2026-12-01")
    change = {
        "promise end": 'promise kept calder "Test a restore" on:2026-06-09 evidence:"ticket 4711"',
        "access revoke": "access review calder Payroll on:2026-06-09",
        "insurance end": 'insurance require calder "MFA for admins" insurer:Acme',
        "framework drop": "framework review calder nist-csf on:2026-06-09",
    }[name]
    calder.type(f"/engagement {change}")
    [record] = current(calder, kind)
    assert str(record[kind.ended]) == "2026-12-01"


def test_a_promise_that_ends_later_is_still_reminded_of(calder: Desk) -> None:
    calder.now = datetime(2026, 3, 10, 15, tzinfo=UTC)
    calder.type('/engagement promise add calder "Test a restore" source:sla every:1m made:2026-03-01 owner:U0MANAGER')
    calder.type('/engagement promise end calder "Test a restore" on:2026-12-01')
    listed = calder.type("/engagement reminder list calder days:90").table
    assert listed is not None
    assert any("Test a restore" in " ".join(row) for row in listed.rows)
    calder.type('/engagement promise end calder "Test a restore" on:2026-03-09')
    listed = calder.type("/engagement reminder list calder days:90").table
    assert listed is None or not any("Test a restore" in " ".join(row) for row in listed.rows)


def test_a_promise_to_everybody_is_ended_and_taken_back(calder: Desk) -> None:
    calder.type('/engagement promise add everybody:yes what:"24/7 help desk" source:marketing')
    end = '/engagement promise end everybody:yes what:"24/7 help desk"'
    calder.type(end)
    [step] = calder.refused(end).next_steps
    assert "binds again" in calder.type(step).headline


def test_ended_again_without_a_day_a_termination_stays_where_it_was(calder: Desk) -> None:
    calder.type("/engagement agreement terminate calder SOW-A on:2026-02-01 reason:moved")
    assert isinstance(calder.refused("/engagement agreement terminate calder SOW-A"), Conflict)


def test_why_a_promise_ended_stays_with_it(calder: Desk) -> None:
    calder.type('/engagement promise add calder "Test a restore" every:3m made:2026-01-05')
    calder.type('/engagement promise end calder "Test a restore" on:2027-02-01 reason:"replaced by SOW-B 4.1"')
    table = calder.type("/engagement promise list calder").table
    assert table is not None
    assert (table.columns[-1], table.rows[0][-1]) == ("Ends", "ends 1 Feb 2027: replaced by SOW-B 4.1")
    calder.type('/engagement promise end calder "Test a restore" on:2026-02-01')
    assert calder.type("/engagement promise list calder").table is None
    table = calder.type("/engagement promise list calder ended:yes").table
    assert table is not None
    assert table.rows[0][-1] == "ended 1 Feb 2026: replaced by SOW-B 4.1"
    calder.type('/engagement promise reinstate calder "Test a restore"')
    [standing] = calder.type("/engagement promise list calder").data["promises"]
    assert (standing["ended_on"], standing["end_reason"]) == (None, None)


def test_an_insurance_requirement_that_will_end_says_so(calder: Desk) -> None:
    calder.type('/engagement insurance require calder "MFA"')
    table = calder.type("/engagement insurance list calder").table
    assert table is not None
    assert "Ends" not in table.columns
    calder.type('/engagement insurance end calder "MFA" on:2027-02-01')
    table = calder.type("/engagement insurance list calder").table
    assert table is not None
    assert (table.columns[-1], table.rows[0][-1]) == ("Ends", "ends 1 Feb 2027")


def test_a_withdrawn_disclosure_is_taken_up_again_and_both_clocks_say_so(calder: Desk) -> None:
    calder.type('/disclose calder hipaa applies by:"Lee Marsh, COO" scope:records since:2026-01-15')
    calder.now += timedelta(days=2)
    withdrawn = calder.type("/engagement disclosure withdraw calder hipaa reason:mistake")
    assert withdrawn.next_steps[0] == '/engagement disclosure reinstate "Calder Ridge" hipaa'
    calder.now += timedelta(days=2)
    reply = calder.type(withdrawn.next_steps[0], user=MANAGER)
    assert "HIPAA" in reply.headline
    [known] = calder.type("/engagement disclosure list calder").data["disclosures"]
    assert (known["attested_by"], known["scope"], known["effective_from"]) == (
        "Lee Marsh, COO", "records", "2026-01-15",
    )  # fmt: skip
    listed = [
        len(calder.type(f"/engagement disclosure list calder known-at:{day}").data["disclosures"])
        for day in ("2026-03-02", "2026-03-04", "2026-03-06")
    ]
    assert listed == [1, 0, 1]
    assert len(calder.type("/engagement disclosure list calder history:yes").data["disclosures"]) == 2
    assert "there is nothing to take back" in calder.refused("/engagement disclosure reinstate calder hipaa").message
    assert "was ever recorded" in calder.refused("/engagement disclosure reinstate calder gdpr").message
    assert calder.refused("/engagement disclosure reinstate calder hipaa", user=TECHNICIAN).message
