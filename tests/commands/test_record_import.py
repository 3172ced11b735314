"""A table is read as if its rows were typed one after another, however many of them are added at once."""

import csv
import io
import random
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from sqlalchemy import event

from commands.errors import NeedsYes
from commands.reminders.planner import planner_for
from storage.database import Database
from tests.commands.conftest import Desk, open_desk

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CLIENT, AGREEMENT = ("Name", "Alias", "Channel", "Owner"), ("Client", "Reference", "Kind", "Parent", "Title")


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> tuple[str, bytes]:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return "t.csv", text.getvalue().encode()


def state(desk: Desk) -> list[dict[str, Any]]:
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        return [record.model_dump(mode="json") for record in (*uow.clients.list(), *uow.agreements.list())]


def test_rows_may_rest_on_rows_of_the_same_file(desk_on_each: Desk) -> None:
    desk = desk_on_each
    clients = [("Acme", "at", "C0ACME", ""), ("Cedar", "", "", ""), ("Dune", "", "", "")]
    said = desk.type("/engagement client import confirm:yes", upload=table(CLIENT, clients))
    assert (said.data["added"], said.data["changed"], said.data["unchanged"]) == (3, 0, 0)
    again = [("ACME", "tooling", "", "U0DANA"), ("Cedar", "", "", "")]
    said = desk.type("/engagement client import confirm:yes", upload=table(CLIENT, again))
    assert (said.data["added"], said.data["changed"], said.data["unchanged"]) == (0, 1, 1)
    acme = desk.type("/engagement client show tooling").data["client"]
    assert (acme["name"], acme["aliases"], acme["owner"]) == ("ACME", ["at", "tooling"], "U0DANA")
    papers = [
        ("at", "ADD-2", "addendum", "ADD-1", ""), ("at", "ADD-1", "addendum", "SOW-1", ""),
        ("Acme", "SOW-1", "sow", "MSA-1", ""), ("acme", "MSA-1", "msa", "", ""), ("Cedar", "MSA-1", "msa", "", ""),
    ]  # fmt: skip
    said = desk.type("/engagement agreement import confirm:yes", upload=table(AGREEMENT, papers))
    assert (said.data["added"], said.data["changed"]) == (5, 0)
    shown = {name: desk.type(f"/engagement agreement show acme {name}") for name in ("SOW-1", "ADD-1", "ADD-2")}
    under = {name: next(f.value for f in reply.fields if f.label == "Under") for name, reply in shown.items()}
    assert under == {"SOW-1": "MSA-1", "ADD-1": "SOW-1", "ADD-2": "ADD-1"}
    assert desk.type("/engagement audit verify").headline


def test_what_was_not_read_of_a_word_document_is_said(desk: Desk) -> None:
    cells = "".join(f"<w:tr><w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc></w:tr>" for text in ("Acme", "Cedar"))
    note = '<w:tr><w:tc><w:p><w:r><w:t>Name</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r></w:p></w:tc></w:tr>'
    document = f'<w:document xmlns:w="{WORD}"><w:body><w:tbl>{note}{cells}</w:tbl></w:body></w:document>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("word/document.xml", document)
    said = desk.type("/engagement client import confirm:yes", upload=("clients.docx", file.getvalue()))
    assert said.data["added"] == 2
    assert "Footnotes are not read: see row 1 of table 1." in said.cautions


def test_what_a_row_before_took_is_refused_by_its_row(desk_on_each: Desk) -> None:
    rows = [("Acme", "at", "C0ACME", ""), ("Cedar", "AT", "", ""), ("Dune", "", "C0ACME", ""), ("Elm", "", "", "")]
    error = desk_on_each.refused("/engagement client import confirm:yes", upload=table(CLIENT, rows))
    assert [each["row"] for each in error.data["problems"]] == [3, 4]
    assert 'row 3: "AT" is in row 2 already' in error.message
    assert "already linked to Acme" in error.message
    assert state(desk_on_each) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Acme Inc.", "", "", ""), ("ACME  inc", "", "", "")),
        (("Acme", "tools", "", ""), ("Tools", "", "", "")),
        (("Acme", "", "", ""), ("Birch", "acme", "", "")),
        (("Known", "", "", "U0DANA"), ("kn", "", "", "U0PRIYA")),
    ],
)
def test_a_client_that_is_in_a_file_twice_is_refused_with_both_rows(
    desk: Desk, first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    desk.type("/engagement client add Known alias:kn")
    before = state(desk)
    rows = [first, ("Zed", "", "", ""), second]
    error = desk.refused("/engagement client import confirm:yes", upload=table(CLIENT, rows))
    assert "row 4" in error.message
    assert "is in row 2 already" in error.message
    assert state(desk) == before


@pytest.mark.parametrize(("client", "reference"), [("Acme", "msa"), ("at", "MSA"), ("ACME", "MsA")])
def test_an_agreement_that_is_in_a_file_twice_is_refused_with_both_rows(
    desk: Desk, client: str, reference: str
) -> None:
    desk.type("/engagement client add Acme alias:at")
    rows = [("Acme", "MSA", "msa", "", "One"), (client, reference, "msa", "", "Two")]
    error = desk.refused("/engagement agreement import confirm:yes", upload=table(AGREEMENT, rows))
    assert "row 3" in error.message
    assert "of Acme is in row 2 already" in error.message
    assert desk.type("/engagement agreement list").data == {}


def test_a_row_that_names_a_client_by_an_alias_does_not_rename_it(desk: Desk) -> None:
    desk.type("/engagement client add Acme alias:at")
    said = desk.type("/engagement client import confirm:yes", upload=table(CLIENT, [("AT", "", "", "U0DANA")]))
    assert said.data["changed"] == 1
    acme = desk.type("/engagement client show at").data["client"]
    assert (acme["name"], acme["aliases"], acme["owner"]) == ("Acme", ["at"], "U0DANA")


def test_the_start_of_a_name_is_not_enough_in_a_file(desk: Desk) -> None:
    desk.type('/engagement client add "Gone Ltd"')
    rows = [("Gon", "MSA", "msa", "", "")]
    error = desk.refused("/engagement agreement import confirm:yes", upload=table(AGREEMENT, rows))
    assert 'row 2: There is no client called "Gon". Did you mean Gone Ltd?' in error.message


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_file_does_what_its_rows_do_one_by_one(sqlite_database: Database, seed: int) -> None:
    """In a second workspace the same rows are imported each as a file of its own."""
    chance = random.Random(seed)
    desk = open_desk(sqlite_database)
    with sqlite_database.workspaces() as workspaces:
        alone = Desk(sqlite_database, workspaces.for_slack("T9", "Alone").id)
    for kind in ("client", "agreement", "client", "agreement"):
        header: Sequence[str]
        rows: list[tuple[str, ...]]
        if kind == "client":
            header, rows = CLIENT, [(f"Firm {n}", chance.choice(("", f"f{n}")), "", "") for n in range(9)]
        else:
            papers = chance.sample([(n, at) for n in range(9) for at in range(3)], 20)
            header, rows = (
                AGREEMENT,
                [(f"firm {n}", f"P-{at}", chance.choice(("msa", "sow", "")), "", "") for n, at in papers],
            )
        whole = desk.type(f"/engagement {kind} import confirm:yes", upload=table(header, rows))
        each = [alone.type(f"/engagement {kind} import confirm:yes", upload=table(header, [row])) for row in rows]
        for outcome in ("added", "changed", "unchanged"):
            assert whole.data[outcome] == sum(one.data[outcome] for one in each)
    references = ("id", "matrix_version", "client_id")
    told = [[{k: v for k, v in each.items() if k not in references} for each in state(of)] for of in (desk, alone)]
    assert told[0] == told[1]


def test_a_preview_asks_little_and_leaves_nothing(sqlite_database: Database) -> None:
    """It is undone at its end, so nothing is planned for it, and what it reads it reads for many."""
    desk = open_desk(sqlite_database)
    clients = [(f"Firm {n}", f"f{n}", f"C0FIRM{n}", "U0DANA") for n in range(150)]
    papers = [(f"Firm {n}", "MSA-1", "msa", "", "") for n in range(150)]
    desk.type("/engagement client import confirm:yes", upload=table(CLIENT, clients))
    before = state(desk)
    asked: Counter[str] = Counter()

    def note(connection: Any, record: Any, proxy: Any) -> None:
        connection.set_trace_callback(lambda statement: asked.update([statement.split(None, 1)[0]]))

    event.listen(sqlite_database.engine, "checkout", note)
    preview = desk.type("/engagement agreement import", upload=table(AGREEMENT, papers))
    event.remove(sqlite_database.engine, "checkout", note)
    assert preview.data["added"] == 150
    assert asked["SELECT"] < 3 * 150, asked
    assert asked["UPDATE"] < 10, asked
    assert state(desk) == before
    with sqlite_database.open_unit(desk.workspace_id, writes=False) as uow:
        assert not any(uow.reminders.by_state().values())


PAPER = ("Client", "Reference", "Kind", "Effective", "Signed", "Initial term", "Renewal", "Renewal term", "Notice")
T1 = ("Acme", "T1", "sow", "2024-01-01", "2024-01-01", "12m", "auto", "12m", "60d")


@pytest.mark.parametrize(
    ("more", "stands", "remark"),
    [
        ({"Status": "terminated"}, "terminated", "no last day"),
        ({"Status": "Cancelled", "Terminated on": "2026-01-31"}, "terminated", None),
        ({"Cancelled on": "2026-01-31", "Reason": "moved"}, "terminated", None),
        ({"Contract status": "Superseded", "terminated": "2026-01-31"}, "superseded", None),
        ({"Status": "Active"}, "in force", None),
        ({"Status": "Executed"}, "in force", None),
        ({"Status": "Draft"}, "in force", "status draft is not taken: by its signatures it is executed"),
        ({"Status": "Expired"}, "in force", 'status "Expired" is not taken: by its dates it is in force'),
        ({"Status": "Lapsed", "Signed": ""}, "draft, not signed", "by its dates it is draft, not signed"),
        ({"Status": "Active", "Signed": ""}, "draft, not signed", "by its signatures it is draft"),
        ({"Termination reason": "moved"}, "in force", "termination reason is not taken"),
        ({"Initial term": "Evergreen", "Renewal": ""}, "in force, no end date", None),
    ],
)
def test_the_status_of_an_agreement_is_read_or_said_not_to_be(
    desk: Desk, more: dict[str, str], stands: str, remark: str | None
) -> None:
    desk.type("/engagement client add Acme")
    row = dict(zip(PAPER, T1, strict=True)) | more
    reply = desk.type("/engagement agreement import confirm:yes", upload=table(tuple(row), [tuple(row.values())]))
    listed = desk.type("/engagement agreement list").table
    assert listed is not None
    assert listed.rows[0][3].startswith(stands)
    if remark is None:
        assert reply.cautions == ()
    else:
        assert "row 2: " in reply.cautions[0]
        assert remark in reply.cautions[0]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"Status": "Active", "Terminated": "2026-01-31"}, "Leave one of them empty"),
        ({"Terminated": "soon"}, "is not a date"),
    ],
)
def test_a_status_that_cannot_be_read_is_refused_by_its_row(desk: Desk, more: dict[str, str], message: str) -> None:
    desk.type("/engagement client add Acme")
    row = dict(zip(PAPER, T1, strict=True)) | more
    error = desk.refused("/engagement agreement import confirm:yes", upload=table(tuple(row), [tuple(row.values())]))
    assert "row 2: " in error.message
    assert message in error.message


@pytest.mark.slow
def test_a_table_ends_what_is_on_record_only_after_a_yes(desk: Desk) -> None:
    for n in range(12):
        desk.type(f"/engagement client add Firm{n}")
        desk.type(f"/engagement agreement add Firm{n} MSA kind:msa")
    ended = {
        "agreement": table(
            ("Client", "Reference", "Terminated"), [(f"Firm{n}", "MSA", "2026-01-31") for n in range(12)]
        ),
        "client": table(("Name", "Status"), [(f"Firm{n}", "lost") for n in range(12)]),
    }
    before = state(desk)
    for noun, upload in ended.items():
        command = f"/engagement {noun} import confirm:yes"
        error = desk.refused(command, upload=upload, is_confirmed=False)
        assert isinstance(error, NeedsYes)
        assert "It would end 12: " in error.message
        assert "and 2 more" in error.message
        end, leave, _ = desk.type(f"/engagement {noun} import", upload=upload).choices
        assert (end.label, end.confirm is not None) == ("Save and end 12", True)
        assert desk.type(leave.command, is_confirmed=False).data["unchanged"] == 12
        kept = desk.type(f"{command} retire:no", upload=upload, is_confirmed=False)
        assert (kept.data["unchanged"], len(kept.cautions)) == (12, 10 + 1 if noun == "client" else 1)
        assert state(desk) == before
    for noun, upload in ended.items():
        assert desk.type(f"/engagement {noun} import confirm:yes", upload=upload).data["changed"] == 12
    assert desk.type("/engagement client list").headline == "There are no clients yet."


def test_every_column_is_read_or_named_as_not_read(desk: Desk) -> None:
    header = ("Name", "Time zone", "Customer", "Indusry", "Favourite colour", "", "Empty")
    rows = [("Acme", "America/Chicago", "Acme Corp", "mining", "blue", "x", ""), ("", "", "", "", "", "total: 1", "")]
    reply = desk.type("/engagement client import confirm:yes", upload=table(header, rows))
    assert reply.cautions == (
        'The column "Customer" was not read: name is read from "Name".',
        'The column "Indusry" was not read: it is none that is known. If it is industry, type '
        'column:"industry=Indusry".',
        "Column F was not read: it has no title.",
        'Columns "Favourite colour", "Empty" were not read: they are none that is known.',
        'Row 3 is left out: a line of the report, not of the table: "total: 1".',
    )
    assert reply.data["unread"] == list(reply.cautions[:-1])


def test_a_status_that_nobody_knows_is_asked_and_not_taken(desk: Desk) -> None:
    desk.type("/engagement client add Acme")
    upload = table((*PAPER, "Status"), [(*T1, "perhaps")])
    error = desk.refused("/engagement agreement import confirm:yes", upload=upload, is_confirmed=False)
    assert isinstance(error, NeedsYes)
    assert 'What "perhaps" means is not known' in error.message
    reply = desk.type("/engagement agreement import confirm:yes value:perhaps=executed", upload=upload)
    assert reply.data["added"] == 1


def test_problems_are_said_one_a_line_with_all_their_rows_the_first_ten(desk: Desk) -> None:
    rows = [(f"Firm {n}", f"Zone{n if n > 3 else ''}") for n in range(20)]
    error = desk.refused("/engagement client import confirm:yes", upload=table(("Name", "Time zone"), rows))
    headline, *lines = error.message.splitlines()
    assert headline == "t.csv: nothing was saved."
    assert lines[0].startswith('rows 2, 3, 4, 5: zone "Zone" is not a time zone')
    assert len(lines) == 11
    assert lines[-1] == "... and 7 more"


def test_titles_may_be_what_our_forms_and_texts_call_a_field(desk: Desk) -> None:
    desk.prepare("client add Acme")
    titles = (
        "Client",
        "Reference",
        "Kind",
        "In effect since",
        "Signed by us on",
        "Signed by the client on",
        "Notice days",
    )
    row: tuple[str, ...] = ("Acme", "MSA-1", "msa", "2025-01-01", "2024-12-01", "2024-12-02", "60d")
    said = desk.type("/engagement agreement import confirm:yes", upload=table(titles, [row]))
    assert said.data["unread"] == []
    file = table(("Client", "Reference", "Kind", "Effective on"), [("Acme", "MSA-2", "msa", "2025-01-01")])
    said = desk.type("/engagement agreement import", upload=file)
    assert said.data["columns"]["effective"] == "Effective on"


def test_a_file_of_agreements_whose_clients_are_not_here_says_what_to_do_first(desk: Desk) -> None:
    error = desk.refused("/engagement agreement import", upload=table(AGREEMENT, [("Acme", "MSA-1", "msa", "", "")]))
    assert "There is no client called" in error.message
    assert error.next_steps == ("/engagement client import",)


def test_clients_that_are_only_named_have_nothing_to_be_reminded_of(desk: Desk) -> None:
    """They are not planned for when they are added: planning for all of them, later, finds nothing either."""
    desk.type("/engagement client import confirm:yes", upload=("c.csv", b"Name,Country\nPinewood,US\nMarlow,GB\n"))
    with desk.database.open_unit(desk.workspace_id) as uow:
        planned = planner_for(desk.dispatcher.policy).plan_all(uow, desk.now)
        assert [(each.added, each.changed) for each in planned] == [(0, 0)] * len(planned)
        assert {each.client.name for each in planned} >= {"Pinewood", "Marlow"}
