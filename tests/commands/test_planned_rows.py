"""What applies only later, is over, or is disputed settles no question, and is said where a file speaks of it."""

import pytest

from commands.errors import NeedsYes
from tests.commands.conftest import MANAGER, TECHNICIAN, Desk

NEW = '/engagement matrix set calder SOW-A "Badge printers"'


def _open_question(desk: Desk) -> int:
    return int(desk.type("/scope calder who feeds the office cat?", user=TECHNICIAN).data["question_id"])


def test_a_question_is_settled_with_the_row_that_counts(calder: Desk) -> None:
    calder.type("/engagement agreement add calder ADD-1 kind:addendum parent:SOW-A effective:2026-03-01")
    calder.type('/engagement matrix set calder SOW-A "Workstation backup" msp clause:"ADD-1 2" carried-by:ADD-1')
    calder.type("/engagement agreement sign calder ADD-1 on:2026-03-02")
    number = _open_question(calder)
    reply = calder.type(f'/engagement scope settle {number} row:"Workstation backup"', user=MANAGER)
    assert ("Clause", "ADD-1 2") in [(each.label, each.value) for each in reply.fields]
    assert calder.type(f"/engagement scope show {number}").data["row"]["party"] == "msp"


UNUSABLE = {
    "planned": ([f"{NEW} msp since:2026-06-01 clause:8 as-signed:yes"], "it applies only from 2026-06-01 on"),
    "ended": (
        [
            f"{NEW} msp since:2026-01-01 clause:8 as-signed:yes",
            '/engagement matrix retire calder SOW-A "Badge printers" on:2026-02-01',
        ],
        "ended",
    ),
    "disputed": (
        [
            f"{NEW} msp since:2026-01-01 clause:8 as-signed:yes",
            "/engagement agreement add calder SOW-B kind:sow effective:2026-01-01 signed:2026-01-01",
            '/engagement matrix set calder SOW-B "Badge printers" client since:2026-01-01 clause:3 as-signed:yes',
        ],
        "the papers disagree",
    ),
}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_no_question_is_settled_with_a_row_that_answers_nothing_today(calder: Desk, kind: str) -> None:
    lines, why = UNUSABLE[kind]
    for line in lines:
        calder.type(line)
    number = _open_question(calder)
    error = calder.refused(f'/engagement scope settle {number} row:"Badge printers" agreement:SOW-A', user=MANAGER)
    assert f'"Badge printers" answers nothing today: {why}' in error.message
    assert calder.type(f"/engagement scope show {number}").data["question"]["status"] == "open"


def test_a_planned_change_is_asked_back_with_all_that_was_typed(calder: Desk) -> None:
    calder.type("/engagement agreement add calder ADD-1 kind:addendum parent:SOW-A effective:2026-03-01")
    calder.type(f"{NEW} msp since:2026-06-01 proposed:yes alias:badges")
    error = calder.refused(f"{NEW} client proposed:yes alias:badger control:PR.AC-1 carried-by:ADD-1")
    assert all("alias:badger control:PR.AC-1 carried-by:ADD-1" in step for step in error.next_steps)
    assert "alias:badges" not in str(error.next_steps)
    calder.type(error.next_steps[0])


def test_an_import_says_which_rows_are_only_planned(calder: Desk) -> None:
    calder.type(f"{NEW} msp since:2026-06-01 clause:8 as-signed:yes")
    content = b"item,responsible,clause\nBadge printers,customer,SOW-A 8\n"
    reply = calder.type("/engagement matrix import calder SOW-A", upload=("m.csv", content))
    assert any('Planned, and not in force yet: "Badge printers" (from ' in each for each in reply.cautions)
    dated = b"item,responsible,clause,effective_from\nBadge printers,customer,SOW-A 8,2026-03-01\n"
    reply = calder.type("/engagement matrix import calder SOW-A", upload=("m.csv", dated))
    assert not any("Planned" in each for each in reply.cautions)


def test_an_import_of_agreements_says_what_the_command_asks_back(calder: Desk) -> None:
    content = b"client,reference,kind,effective,signed\nCalder Ridge,SOW-Q,sow,2026-01-01,2021-01-05\n"
    for confirm in ("", " confirm:yes"):
        reply = calder.type(f"/engagement agreement import{confirm}", upload=("a.csv", content))
        assert any("more than a year apart" in each for each in reply.cautions)
    again = calder.type("/engagement agreement import", upload=("a.csv", content))
    assert not any("more than a year apart" in each for each in again.cautions), "it is on record by now"


def test_undo_says_how_a_decision_is_taken_back(calder: Desk) -> None:
    calder.type("/engagement renewal decide calder SOW-A renew reason:good", user=MANAGER)
    error = calder.refused("/engagement undo", user=MANAGER)
    assert error.next_steps == ('/engagement renewal retract "Calder Ridge" SOW-A reason:____',)


NAMING = (
    '/engagement matrix set calder SOW-A "Server backup for Granite Peak Orthodontics" msp clause:1 as-signed:yes',
    '/engagement scope settle 1 client agreement:SOW-A item:"Plants of smiles"',
)


@pytest.mark.parametrize("line", NAMING)
def test_a_new_row_with_another_client_s_name_in_it_is_asked_back(granite: Desk, line: str) -> None:
    _open_question(granite)
    error = granite.refused(line, user=MANAGER, is_confirmed=False)
    assert isinstance(error, NeedsYes)
    assert "names Granite Peak Orthodontics, and is to be a row of Calder Ridge" in error.message
    granite.type(line, user=MANAGER)


def test_a_row_with_its_own_client_s_name_is_not(granite: Desk) -> None:
    granite.type('/engagement matrix set calder SOW-A "Calder Ridge web page" msp', is_confirmed=False)


@pytest.mark.parametrize(("terms", "is_sure"), [("", False), ("term:evergreen", True)])
def test_paper_that_may_be_over_does_not_outvote_what_is_in_force(calder: Desk, terms: str, is_sure: bool) -> None:
    day = "2026-01-01"
    calder.type(f"/engagement agreement add calder SOW-B kind:sow precedence:5 effective:{day} signed:{day} {terms}")
    calder.type(f'/engagement matrix set calder SOW-B "Workstation backup" msp since:{day} clause:3 as-signed:yes')
    headline = calder.type("/scope calder workstation backup").headline
    assert ("This is ours: do it." in headline) == is_sure
    assert ("whether it still applies is not clear. Ask first." in headline) != is_sure
