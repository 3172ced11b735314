"""Files as PSA, CRM and accounting tools write them: each is read rightly, or what it leaves open is asked.

The files are invented, with the titles that those tools use. `expected.json` says what is right.
"""

from pathlib import Path

import pytest

from tests.benchmarks.bench_files import OTHER_TOOLS, Score, expected, main, prepare, saved, score
from tests.commands.conftest import Desk

EXPECTED = expected(OTHER_TOOLS)
CASES = [pytest.param(kind, name, id=f"{kind}/{name}") for kind, files in EXPECTED.items() for name in files]


@pytest.fixture
def office(desk: Desk) -> Desk:
    prepare(desk)
    return desk


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "name"), CASES)
def test_it_is_read_rightly_or_asked_about(office: Desk, kind: str, name: str) -> None:
    right = EXPECTED[kind][name]
    assert score(office, OTHER_TOOLS / kind / name, right) == (Score.ASKED if "ask" in right else Score.READ, [])


def test_the_score_of_a_folder_names_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "clients").mkdir()
    (tmp_path / "clients" / "good.csv").write_text("Name\nPinewood\n")
    (tmp_path / "clients" / "bad.csv").write_text("Name\nMillstone\n")
    (tmp_path / "expected.json").write_text(
        '{"clients": {"good.csv": {"read": {"Pinewood": {}}}, "bad.csv": {"read": {"Pinewood": {}}}}}'
    )
    main([tmp_path])
    told = capsys.readouterr().out
    assert "clients: 1 read rightly, 0 asked rightly, 0 refused wrongly, 1 read wrongly, of 2" in told
    assert "bad.csv: read wrongly" in told


def test_what_was_said_is_remembered_for_the_next_file_of_that_shape(office: Desk) -> None:
    first = b"Company Name,Contract Number,Contract Type,Start Date,Term\nCalder,C-1,Recurring,3/4/2025,24\n"
    said = 'value:"Recurring=sow" unit:initial-term=months dates:"month first"'
    office.type(f"/engagement agreement import confirm:yes {said}", upload=("june.csv", first), is_confirmed=False)
    second = first.replace(b"C-1", b"C-2").replace(b"3/4", b"5/6")
    reply = office.type("/engagement agreement import confirm:yes", upload=("july.csv", second), is_confirmed=False)
    assert reply.cautions[0].startswith("Read as on 2026-03-02, when this was said about the same columns")
    paper = saved(office, "agreements")["C-2"]
    assert (paper.kind.value, str(paper.initial_term), str(paper.effective_on)) == ("sow", "24m", "2025-05-06")
    third = second.replace(b"C-2", b"C-3")
    command = "/engagement agreement import confirm:yes fresh:yes"
    error = office.refused(command, upload=("august.csv", third), is_confirmed=False)
    assert "without a unit" in error.message


def test_names_of_clients_are_not_remembered(office: Desk) -> None:
    file = b"Company Name,Contract Number,Start Date\nCaldr,C-1,2025-03-01\n"
    office.type("/engagement agreement import confirm:yes value:Caldr=Calder", upload=("a.csv", file))
    with office.database.open_unit(office.workspace_id, writes=False) as uow:
        assert uow.table_memories.newest("agreement") == []


def test_the_buttons_of_a_file_that_is_asked_about_work(office: Desk) -> None:
    file = b"Client,Contract,Start,End\nCalder,A,03/04/2025,05/06/2027\n"
    asked = office.type("/engagement agreement import", upload=("a.csv", file), is_confirmed=False)
    assert [choice.label for choice in asked.choices] == ["Day first", "Month first"]
    shown = office.type(asked.choices[0].command, is_confirmed=False)
    office.type(shown.choices[0].command, is_confirmed=False)
    assert str(saved(office, "agreements")["A"].effective_on) == "2025-04-03"


def test_each_kind_of_date_is_said_to_be_read_as_it_is_read(office: Desk) -> None:
    """What was said is for the dates that nothing settles: the same column may hold two kinds."""
    file = b"Client,Contract,Start,End\nCalder,A,25/12/2025,05/06/2027\nCalder,B,03.04.2025,5-6-2027\n"
    said = office.type('/engagement agreement import dates:"month first"', upload=("a.csv", file), is_confirmed=False)
    assert [each for each in said.cautions if each.startswith("Dates")] == [
        'Dates in "Start" are read month first, as you said.',
        'Dates like 1/2 in "End" are read day first, as its column or another one shows.',
        'Dates like 1-2 in "End" are read month first, as you said.',
    ]


def test_a_column_that_may_be_a_term_is_asked_about_with_how_to_have_it_read(office: Desk) -> None:
    file = b"Client,Contract,Start,Renewal handling\nCalder,C-9,2025-12-01,rolls over\n"
    asked = office.type("/engagement agreement import", upload=("a.csv", file), is_confirmed=False)
    assert asked.cautions[0] == (
        'Nothing is taken from the column "Renewal handling". '
        'If not: column:"renewal=Renewal handling" reads it as the renewal'
    )


def test_rows_that_cannot_be_read_are_left_out_with_a_button(office: Desk) -> None:
    file = b"Company Name,Country,Status\nPinewood,Atlantis,Active\nOld Mill,GB,Inactive\n"
    asked = office.type("/engagement client import", upload=("c.csv", file), is_confirmed=False)
    assert asked.choices[0].label == "Leave out 1"
    shown = office.type(asked.choices[0].command, is_confirmed=False)
    assert shown.choices[0].label == "Save as proposed"
    assert shown.choices[-1].label == "Cancel"
    office.type(shown.choices[0].command, is_confirmed=False)
    assert {name: each.status.value for name, each in saved(office, "clients").items()} == {"Old Mill": "offboarded"}


def test_texts_of_a_client_and_a_third_party_are_asked_about_row_by_row(office: Desk) -> None:
    """Who the vendor is was said: the table is read, and only the row in which both do something is open."""
    file = b"Topic,Norvane responsibilities,Your responsibilities\nUpdates,Publish,Install\nHosting,Run the hosts,N/A\n"
    command = "/engagement matrix import Calder SOW-A confirm:yes party:Norvane=third_party"
    error = office.refused(command, upload=("vendor.csv", file), is_confirmed=False)
    assert "row 2" in error.message
    assert "client and third_party" in error.message
