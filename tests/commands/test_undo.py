"""A mistaken record can be taken back: one's own last command within the hour, and a draft that nothing rests on."""

from datetime import timedelta

import pytest

from tests.commands.conftest import MANAGER, TECHNICIAN, Desk, set_up_calder


def test_a_disclosure_is_taken_back_and_the_earlier_answer_holds_again(calder: Desk) -> None:
    calder.type('/disclose calder hipaa does_not_apply by:"Dana Lee, CFO"')
    calder.type("/disclose calder hipaa applies by:Wrong", user=TECHNICIAN)
    assert "taken back" in calder.type("/engagement undo", user=TECHNICIAN).headline
    [known] = calder.type("/engagement disclosure list calder").data["disclosures"]
    assert (known["answer"], known["attested_by"]) == ("does_not_apply", "Dana Lee, CFO")
    assert calder.actions()[-2:] == [("disclosure record", "done"), ("undo", "done")]


CHANGES = (
    ('/engagement promise add calder "Test a restore" every:3m', "/engagement promise list calder", "promises"),
    ("/engagement access grant calder Payroll view", "/engagement access calder", "grants"),
    ("/engagement topic set calder SOW-A present topic:access_scope", "/engagement topic list calder", "topics"),
    ('/engagement recommendation decline calder "Offline copy"', "/engagement recommendation list calder",
     "recommendations"),
    ('/engagement insurance require calder "MFA"', "/engagement insurance list calder", "requirements"),
    ('/engagement walkthrough record calder SOW-A to:"Wrong Person"', "/engagement walkthrough list calder",
     "walkthroughs"),
    ("/engagement client edit calder industry:dental alias:cr", "/engagement client list", "clients"),
    ("/engagement agreement edit calder SOW-A notice:90d title:Services", "/engagement agreement list", "agreements"),
    ("/engagement agreement add calder SOW-B kind:sow", "/engagement agreement list calder", "agreements"),
    ("/engagement role grant U0NEW manager", "/engagement role list", "roles"),
    ("/engagement role revoke U0TECH", "/engagement role list", "roles"),
)  # fmt: skip


@pytest.mark.parametrize(("line", "shown", "key"), CHANGES)
def test_what_was_recorded_is_as_before(calder: Desk, line: str, shown: str, key: str) -> None:
    before = _content(calder.type(shown).data[key])
    calder.type(line)
    assert _content(calder.type(shown).data[key]) != before
    calder.type("/engagement undo")
    assert _content(calder.type(shown).data[key]) == before
    assert "already" in calder.refused("/engagement undo").message


def _content(records: list[dict[str, object]]) -> list[dict[str, object]]:
    kept = ("id", "version", "recorded_at", "granted_at", "granted_by")
    return [{name: value for name, value in each.items() if name not in kept} for each in records]


def test_it_works_on_each_engine(desk_on_each: Desk) -> None:
    set_up_calder(desk_on_each)
    desk_on_each.type("/engagement agreement add calder SOW-B kind:sow")
    desk_on_each.type("/engagement undo")
    assert "SOW-B" not in str(desk_on_each.type("/engagement agreement list calder").data)


def test_only_ones_own_last_command_within_the_hour(calder: Desk) -> None:
    calder.type("/disclose calder hipaa applies by:Lee", user=TECHNICIAN)
    assert "nothing in the last hour" in calder.refused("/engagement undo", user=MANAGER).message
    calder.now += timedelta(minutes=61)
    assert "nothing in the last hour" in calder.refused("/engagement undo", user=TECHNICIAN).message


def test_somebody_changed_it_since(calder: Desk) -> None:
    calder.type("/disclose calder hipaa applies by:Lee", user=TECHNICIAN)
    calder.type("/disclose calder hipaa does_not_apply by:Lee")
    assert "changed since" in calder.refused("/engagement undo", user=TECHNICIAN).message
    calder.type("/engagement agreement edit calder SOW-A notice:90d", user=MANAGER)
    calder.type("/engagement agreement edit calder SOW-A notice:30d")
    assert "changed since" in calder.refused("/engagement undo", user=MANAGER).message


def test_what_was_told_or_answered_from_cannot_be_taken_back(calder: Desk) -> None:
    calder.type("/scope calder who waters the plants?", user=TECHNICIAN)
    calder.type("/engagement scope settle 1 client note:theirs", user=MANAGER)
    assert "messages about it were sent" in calder.refused("/engagement undo", user=MANAGER).message
    calder.type('/engagement matrix set calder SOW-A "Plants" client', user=MANAGER)
    error = calder.refused("/engagement undo", user=MANAGER)
    assert "history stays" in error.message or "messages" in error.message
    assert error.next_steps


FOR_QUIET = {  # what is recorded for a client since it was added, and how that is said
    "agreement": "agreement add quiet MSA kind:msa", "promise": 'promise add quiet "Test a restore" every:3m',
    "access grant": "access grant quiet Payroll view", "disclosure": "disclosure record quiet hipaa applies by:Lee",
    "scope question": "scope ask quiet who waters the plants?",
    "client visibility": "client restrict quiet to:U0MANAGER",
    "hold": 'hold place quiet by:Counsel reason:"a claim"',
}  # fmt: skip


@pytest.mark.parametrize(("what", "line"), FOR_QUIET.items())
def test_a_client_for_whom_something_was_recorded_stays(calder: Desk, what: str, line: str) -> None:
    calder.type('/engagement client add "Quiet Water" alias:quiet', user=MANAGER)
    calder.type(f"/engagement {line}")
    said = calder.refused("/engagement undo", user=MANAGER).message
    assert (f"recorded for Quiet Water since: 1 {what}." in said) or (what == "hold" and "legal hold" in said), said
    assert "Quiet Water" in calder.type("/engagement client show quiet").headline


def test_a_client_that_was_added_by_mistake_is_gone_and_its_name_is_free(desk_on_each: Desk) -> None:
    desk = desk_on_each
    set_up_calder(desk)
    before = desk.type("/engagement client list all:yes").data
    add = '/engagement client add "Quiet Water" alias:quiet channel:C0QUIET owner:U0MANAGER industry:fish'
    first = desk.type(add, user=MANAGER).data["client"]["id"]
    assert '"client add" (audit entry' in desk.type("/engagement undo", user=MANAGER).headline
    assert desk.type("/engagement client list all:yes").data == before
    desk.refused("/engagement client show quiet")
    assert "already" in desk.refused("/engagement undo", user=MANAGER).message
    desk.type("/engagement check all")
    again = desk.type(add, user=MANAGER).data["client"]["id"]
    assert again != first, "the audit log names clients by their ids"
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        row = uow.clients.find(first)
        assert "quiet" not in str(row).lower()
        assert uow.audit.verify()[1] is None


def test_a_client_that_was_changed_since_stays(calder: Desk) -> None:
    calder.type("/engagement client add Quiet", user=MANAGER)
    calder.type("/engagement client edit quiet industry:fish")
    assert "changed since" in calder.refused("/engagement undo", user=MANAGER).message


def test_a_draft_is_removed(calder: Desk) -> None:
    calder.type("/engagement agreement add calder ADD-1 kind:addendum")
    assert "is removed" in calder.type("/engagement agreement remove calder ADD-1").headline
    assert "no agreement" in calder.refused("/engagement agreement show calder ADD-1").message
    assert calder.actions()[-1] == ("agreement remove", "done")


def test_what_is_signed_or_rested_on_is_not_removed(calder: Desk) -> None:
    assert "no draft any more" in calder.refused("/engagement agreement remove calder SOW-A").message
    calder.type("/engagement agreement add calder ADD-1 kind:addendum")
    calder.type('/engagement matrix set calder ADD-1 "Plants" client')
    assert "records rest on it" in calder.refused("/engagement agreement remove calder ADD-1").message
    calder.type("/engagement agreement add calder ADD-2 kind:addendum")
    calder.type("/engagement agreement add calder ADD-3 kind:addendum parent:ADD-2")
    assert "records rest on it" in calder.refused("/engagement agreement remove calder ADD-2").message


ROWS = [  # what was typed, and what is to be typed instead
    ('matrix set calder SOW-A "Plants" client clause:"3.1"', '/engagement matrix retire "Calder Ridge" SOW-A Plants'),
    ('matrix set calder SOW-A "Server backup" client clause:"9.9"',
     '/engagement matrix set "Calder Ridge" SOW-A "Server backup" msp clause:"SOW-A 7.1" correction:yes'),
    ('matrix retire calder SOW-A "Server backup" on:2026-03-01',
     '/engagement matrix restore "Calder Ridge" SOW-A "Server backup"'),
]  # fmt: skip


@pytest.mark.parametrize(("line", "instead"), ROWS)
def test_what_to_do_about_a_row_is_said(calder: Desk, line: str, instead: str) -> None:
    calder.now += timedelta(days=3)
    calder.type(f"/engagement {line}")
    error = calder.refused("/engagement undo")
    assert "Correct it instead." in error.message
    assert any(step.startswith(instead) for step in error.next_steps), error.next_steps
    if "____" not in error.next_steps[0]:
        before = calder.type("/scope calder who does the server backup?").data["verdict"]
        calder.type(error.next_steps[0])
        after = calder.type("/scope calder who does the server backup?").data["verdict"]
        assert (before, after) == ("lapsed" if "retire" in line else "client", "msp")
