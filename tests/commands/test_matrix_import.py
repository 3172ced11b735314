"""Importing spreadsheets as people have them: corrections, what is remembered, and what a failed import leaves."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import timedelta

import pytest
from openpyxl import Workbook

from commands.errors import NeedsYes
from commands.reply import File
from tests.commands.conftest import MATRIX, Desk

ODD = b"""Service catalogue of Calder Ridge
Task,Who,Ref
Server backup,3P,7.1
Workstation backup,us,9.1
Firewall rules,customer,4.1
"""


def test_an_unknown_word_is_asked_and_the_answer_is_remembered_for_the_layout(calder: Desk) -> None:
    preview = calder.type("/engagement matrix import calder SOW-A", upload=("odd.csv", ODD))
    assert "cannot be imported as it is" in preview.headline
    assert any("3P" in " ".join(row) for row in preview.table.rows)  # type: ignore[union-attr]
    calder.type('/engagement matrix import calder SOW-A confirm:yes party:"3P=third_party"', upload=("odd.csv", ODD))
    assert calder.type("/scope calder server backup").data["verdict"] == "third_party"
    later = ODD.replace(b"Workstation backup,us", b"Workstation backup,3P")
    again = calder.type("/engagement matrix import calder SOW-A confirm:yes", upload=("odd.csv", later))
    assert again.data["saved"] is True
    assert any("3P=third_party" in caution for caution in again.cautions)
    fresh = calder.type("/engagement matrix import calder SOW-A dry-run:yes fresh:yes", upload=("odd.csv", later))
    assert "cannot be imported as it is" in fresh.headline


def test_what_was_said_for_one_client_does_not_count_for_another(calder: Desk) -> None:
    calder.type('/engagement matrix import calder SOW-A confirm:yes party:"3P=third_party"', upload=("odd.csv", ODD))
    calder.type("/engagement client add Acme")
    calder.type("/engagement agreement add Acme SOW-1")
    assert "3P" in calder.refused("/engagement matrix import Acme SOW-1 confirm:yes", upload=("odd.csv", ODD)).message


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("party:3P", "has no ="),
        ("party:3P=nobody", "not one of msp"),
        ("column:item", "has no ="),
        ("skip:x", "not a row number"),
        ("header-row:x", "not a whole number"),
        ("since:soon", "not a date"),
    ],
)
def test_a_correction_that_cannot_be_read_is_named(calder: Desk, options: str, words: str) -> None:
    assert (
        words in calder.refused(f"/engagement matrix import calder SOW-A {options}", upload=("m.csv", MATRIX)).message
    )


def test_a_failed_import_leaves_nothing_but_an_audit_entry(calder: Desk) -> None:
    before = calder.type("/engagement matrix show calder").data
    calder.refused("/engagement matrix import calder SOW-A confirm:yes", upload=("odd.csv", ODD))
    calder.refused("/engagement matrix import calder SOW-A confirm:yes", upload=("x.pdf", b"%PDF-1.7 x"))
    calder.refused("/engagement matrix import calder SOW-A confirm:yes", upload=("x.csv", b""))
    assert calder.type("/engagement matrix show calder").data == before
    assert calder.actions()[-3:] == [("matrix import", "failed")] * 3


def test_the_plan_has_what_scripts_need(calder: Desk) -> None:
    data = calder.type("/engagement matrix import calder SOW-A dry-run:yes", upload=("m.csv", MATRIX)).data
    assert {"rows", "by_party", "skipped", "problems", "saved", "plan"} <= data.keys()
    wanted = {"sheet", "header_rows", "layout", "columns", "party_words", "added", "changed", "retired"}
    assert wanted <= data["plan"].keys()
    assert json.loads(json.dumps(data, default=str))["saved"] is False


def test_rows_left_out_of_a_new_file_can_be_kept(calder: Desk) -> None:
    part = b"item,responsible\nServer backup,client\n"
    kept = calder.type("/engagement matrix import calder SOW-A confirm:yes retire:no", upload=("m.csv", part))
    assert kept.data["saved"] is True
    assert calder.type("/scope calder workstation backup").data["verdict"] == "out_of_scope"
    calder.now = calder.now.replace(month=5)
    calder.type("/engagement matrix import calder SOW-A confirm:yes", upload=("m.csv", part))
    assert calder.type("/scope calder workstation backup").data["verdict"] == "lapsed"


def test_a_preview_can_be_cancelled(calder: Desk) -> None:
    before = calder.type("/engagement matrix show calder").data
    preview = calder.type("/engagement matrix import calder SOW-A", upload=("m.csv", MATRIX + b"X,,us,,\n"))
    save, *_, cancel = preview.choices
    assert "Nothing was saved" in calder.type(cancel.command).headline
    assert "no longer here" in calder.refused(save.command).message
    assert calder.type("/engagement matrix show calder").data == before


def many(count: int, party: str = "msp") -> tuple[str, bytes]:
    rows = "".join(f"Task number {chr(97 + n // 26)}{chr(97 + n % 26)},{party}\n" for n in range(count))
    return f"m{count}.csv", f"item,responsible\n{rows}".encode()


@pytest.mark.slow
def test_rows_end_by_an_import_only_after_a_yes(calder: Desk) -> None:
    calder.type("/engagement agreement add calder SOW-B kind:sow")
    calder.type("/engagement matrix import calder SOW-B confirm:yes", upload=many(200))
    error = calder.refused("/engagement matrix import calder SOW-B confirm:yes", upload=many(1), is_confirmed=False)
    assert isinstance(error, NeedsYes)
    assert "would end 199 rows of SOW-B of Calder Ridge" in error.message
    assert error.message.count('"Task') == 10
    assert "and 189 more" in error.message
    assert len(calder.type("/engagement matrix show calder SOW-B").data["rows"]) == 200
    added = ("m.csv", many(1)[1] + b"New duty,client\n")
    command = "/engagement matrix import calder SOW-B confirm:yes"
    kept = calder.type(f"{command} retire:no", upload=added, is_confirmed=False)
    assert (kept.data["plan"]["retired"], len(kept.data["plan"]["kept"])) == ([], 199)
    assert "199 rows that the file does not have" in [field.value for field in kept.fields if field.label == "Kept"]
    calder.now += timedelta(days=2)
    ended = calder.type(f"{command} retire:yes", upload=added, is_confirmed=False)
    assert len(ended.data["plan"]["retired"]) == 199


def test_a_preview_offers_to_end_rows_or_to_keep_them(calder: Desk) -> None:
    calder.type("/engagement agreement add calder SOW-B kind:sow")
    calder.type("/engagement matrix import calder SOW-B confirm:yes", upload=many(12))
    preview = calder.type("/engagement matrix import calder SOW-B", upload=many(1))
    assert "would end 11 rows" in preview.cautions[0]
    assert "and 1 more" in preview.cautions[0]
    end, keep, _ = preview.choices
    assert (end.label, keep.label) == ("Save and end 11 rows", "Save, keep the other rows")
    assert end.confirm is not None
    calder.type(keep.command, is_confirmed=False)
    assert len(calder.type("/engagement matrix show calder SOW-B").data["rows"]) == 12


def test_rows_added_between_preview_and_save_do_not_end(calder: Desk) -> None:
    preview = calder.type("/engagement matrix import calder SOW-A", upload=("m.csv", MATRIX + b"X,,us,,\n"))
    calder.type('/engagement matrix set calder SOW-A "Added meanwhile" msp')
    calder.type(preview.choices[0].command, is_confirmed=False)
    items = [row["item"] for row in calder.type("/engagement matrix show calder SOW-A").data["rows"]]
    assert {"Added meanwhile", "X"} <= set(items)


def test_what_is_wrong_is_said_one_problem_a_line_the_first_ten(calder: Desk) -> None:
    rows = "".join(f"Thing {chr(97 + n)},word{chr(97 + n)} of no meaning at all\n" for n in range(14)).encode()
    error = calder.refused("/engagement matrix import calder SOW-A confirm:yes", upload=("m.csv", MATRIX + rows))
    lines = error.message.splitlines()
    assert len(lines) <= 12, lines
    assert all(line.startswith("row ") for line in lines[1:11])


STATES = b"""Task,Responsible,Status,#,Comments,Remarks,Frequency
Server backup,msp,active,1,c,n,daily
Fax line,msp,Retired 2025,2,c,n,daily
Firewall rules,client,draft,3,c,n,weekly
Printers,client,phase two,4,c,n,weekly
"""


def problems_in(files: Sequence[File]) -> list[list[str]]:
    [file] = files
    assert file.name == "m-problems.csv"
    title, *found = csv.reader(io.StringIO(file.content.decode("utf-8-sig")))
    assert title == ["Row", "Column", "What is wrong"]
    return found


def test_all_problems_come_as_a_file_from_the_preview_and_the_refusal(calder: Desk) -> None:
    """The message has the first ten; a spreadsheet is mended row by row."""
    lines = "".join(f"Thing {chr(97 + n)},word{chr(97 + n)} of no meaning at all\n" for n in range(15))
    upload = ("m.csv", MATRIX + lines.encode())
    preview = calder.type("/engagement matrix import calder SOW-A", upload=upload)
    dry = calder.type("/engagement matrix import calder SOW-A dry-run:yes", upload=upload)
    error = calder.refused("/engagement matrix import calder SOW-A confirm:yes", upload=upload)
    found = problems_in(preview.files)
    first = MATRIX.count(b"\n") + 1
    assert [row[0] for row in found[:15]] == [str(number) for number in range(first, first + 15)]
    assert {row[2] for row in found[:15]} == {"No party is given."}
    assert len(found) == len(preview.data["problems"])
    assert problems_in(dry.files) == problems_in(error.files) == found
    few = ("m.csv", MATRIX + b"Thing,word of no meaning at all\n")
    assert calder.type("/engagement matrix import calder SOW-A", upload=few).files == ()


def test_every_wrong_day_is_said_at_once(calder: Desk) -> None:
    header = "item,responsible,clause,effective from,effective to"
    lines = [f"Row {number},msp,1,{day}," for number, day in enumerate(["tomorrowish", "2026-13-01"] * 6)]
    lines.append("Ended,msp,1,2026-05-01,2026-04-01")
    upload = ("m.csv", "\n".join([header, *lines]).encode())
    error = calder.refused("/engagement matrix import calder SOW-A confirm:yes", upload=upload)
    assert error.message.startswith("m.csv: nothing was saved.\nrow 2: ")
    assert error.message.endswith("... and 3 more")
    found = problems_in(error.files)
    assert [int(row[0]) for row in found] == list(range(2, 15))
    assert found[-1][2] == "it ends on 2026-04-01, before it begins on 2026-05-01."


def test_every_row_whose_carrier_is_not_there_is_said_at_once(calder: Desk) -> None:
    header = "item,category,responsible,clause,notes,basis,carried by,attested by,entered at"
    lines = [f"Row {number},,msp,1,,proposed,ADD-{9 + number % 2},," for number in range(12)]
    upload = ("m.csv", "\n".join([header, *lines]).encode())
    error = calder.refused("/engagement matrix import calder SOW-A confirm:yes", upload=upload)
    found = problems_in(error.files)
    assert [int(row[0]) for row in found] == list(range(2, 14))
    assert found[1][2] == 'carried by "ADD-10", but Calder Ridge has no such agreement.'
    assert error.next_steps == ('/engagement agreement add "Calder Ridge" ADD-9',)


def test_a_status_beside_the_parties_is_read_and_every_other_column_is_named(calder: Desk) -> None:
    calder.type("/engagement agreement add calder SOW-S kind:sow effective:2026-01-01 signed:2026-01-01")
    command = "/engagement matrix import calder SOW-S"
    reply = calder.type(f"{command} dry-run:yes", upload=("m.csv", STATES))
    told = "\n".join(reply.cautions)
    for words in (
        '"Status" says "Retired 2025": row 3 is left out, because it no longer applies.',
        '"Status" says "draft": row 4 is proposed.',
        '"Status" says "phase two": row 5 is read as if that were not there.',
        'The column "#" was not read: it numbers the rows.',
        'was not read: notes is read from "',
        "none that is known",
        '"Frequency"',
    ):
        assert words in told, told
    assert reply.data["plan"]["added"] == ["Server backup", "Firewall rules", "Printers"]


@pytest.mark.parametrize(
    ("heading", "word", "rows"),
    [("Active", "no", 1), ("Retired", "x", 1), ("Agreed", "no", 2), ("State", "decommissioned", 1),
     ("Status", "in progress", 2)],
)  # fmt: skip
def test_words_of_a_row_that_no_longer_applies(calder: Desk, heading: str, word: str, rows: int) -> None:
    content = f"item,responsible,{heading}\nServer backup,msp,\nFax line,msp,{word}\n".encode()
    reply = calder.type("/engagement matrix import calder SOW-A dry-run:yes", upload=("m.csv", content))
    assert reply.data["rows"] == rows
    assert any(heading in text for text in reply.cautions)


def test_a_preview_offers_the_bases_on_which_rows_can_count(calder: Desk) -> None:
    calder.type("/engagement agreement add calder SOW-S kind:sow effective:2026-01-01 signed:2026-01-01")
    content = b"item,responsible,clause\nServer backup,msp,2.1\nFirewall,client,\n"
    command = "/engagement matrix import calder SOW-S"
    preview = calder.type(command, upload=("m.csv", content))
    told = " ".join(preview.cautions)
    assert "as signed, because they cite its clause: 1 row" in told
    assert "proposed, not agreed: 1 row" in told
    labels = {choice.label: choice for choice in preview.choices}
    assert set(labels) == {"Save", "Save all as signed", "Save all as proposed", "Cancel"}
    calder.type(labels["Save all as signed"].command, is_confirmed=False)
    assert calder.type("/scope calder who does the firewall?").data["verdict"] == "client"
    stated = calder.type(f"{command} as-signed:yes", upload=("m.csv", content))
    assert [choice.label for choice in stated.choices] == ["Save", "Cancel"]


def test_problems_of_several_sheets_name_sheet_and_row(calder: Desk) -> None:
    book = Workbook()
    for name, word in (("Servers", "tomorrowish"), ("Network", "2026-13-01")):
        sheet = book.create_sheet(name)
        sheet.append(["item", "responsible", "effective from"])
        sheet.append([f"Patch {name}", "msp", word])
        sheet.append([f"Back up {name}", "msp", None])
    del book["Sheet"]
    content = io.BytesIO()
    book.save(content)
    upload = ("m.xlsx", content.getvalue())
    error = calder.refused("/engagement matrix import calder SOW-A confirm:yes", upload=upload)
    assert "sheet Servers, row 2: " in error.message
    assert "sheet Network, row 2: " in error.message


def test_the_message_says_sheet_and_rows_as_people_do(calder: Desk) -> None:
    book = Workbook()
    sheets = {
        "Backup": [("Tape", "maybe"), ("Disk", "maybe"), ("Copy", "msp")],
        "Network, WAN": [("DNS", "msp"), ("VPN", "perhaps"), ("Routes", "msp")],
    }
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(["item", "responsible"])
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    content = io.BytesIO()
    book.save(content)
    reply = calder.type("/engagement matrix import calder SOW-A", upload=("m.xlsx", content.getvalue()))
    [group] = reply.groups
    said = [entry.text for entry in group.entries]
    assert said == ["Backup, rows 2, 3, column responsible", "Network, WAN, row 3, column responsible"]
    one = b"item,responsible\nTape,maybe\nDisk,maybe\nVPN,perhaps\nCopy,msp\nDNS,msp\nWAN,client\n"
    [group] = calder.type("/engagement matrix import calder SOW-A", upload=("m.csv", one)).groups
    assert [entry.text.partition(",")[0] for entry in group.entries] == ["Rows 2", "Row 4"]


def test_rows_that_a_file_no_longer_has_end_the_day_before_it_applies(calder: Desk) -> None:
    """Also one whose last day is that very day; one that has ended before stays as it is."""
    header = "item,responsible,effective to\n"
    rows = "Server backup,MSP,\nFax line,MSP,2026-04-01\nPager,MSP,2026-03-31\nPrinters,MSP,2026-03-20\nPhones,MSP,\n"
    calder.type("/engagement agreement add calder SOW-B kind:sow")
    command = "/engagement matrix import calder SOW-B confirm:yes"
    calder.type(command, upload=("m.csv", f"{header}{rows}".encode()))
    calder.type(f"{command} since:2026-04-01 retire:yes", upload=("m.csv", f"{header}Phones,MSP,\n".encode()))
    shown = calder.type("/engagement matrix show calder SOW-B").data["rows"]
    assert {row["item"]: row.get("effective_to") for row in shown} == {
        "Server backup": "2026-03-31", "Fax line": "2026-03-31", "Pager": "2026-03-31", "Printers": "2026-03-20",
        "Phones": None,
    }  # fmt: skip


def test_rows_come_in_the_order_of_the_file(calder: Desk) -> None:
    calder.type("/engagement agreement add calder SOW-B kind:sow")
    content = b"item,responsible,effective from\nZebra,MSP,2026-01-01\nApple,client,\nMango,MSP,2025-07-01\n"
    calder.type("/engagement matrix import calder SOW-B confirm:yes", upload=("m.csv", content))
    shown = calder.type("/engagement matrix show calder SOW-B").data["rows"]
    assert [row["item"] for row in shown] == ["Zebra", "Apple", "Mango"]


def test_what_is_attested_under_signed_paper_is_no_longer_proposed_beside_it(calder: Desk) -> None:
    calder.type('/engagement matrix set calder SOW-A "Fax line" msp clause:"9.1" as-signed:yes')
    calder.type('/engagement matrix set calder SOW-A "Fax line" client proposed:yes')
    rows = calder.type("/engagement matrix show calder SOW-A").data["rows"]
    assert sorted(row["basis"] for row in rows if row["item"] == "Fax line") == ["as_signed", "proposed"]
    calder.type('/engagement matrix set calder SOW-A "Fax line" client clause:"9.1" as-signed:yes')
    rows = calder.type("/engagement matrix show calder SOW-A").data["rows"]
    assert {row["basis"] for row in rows if row["item"] == "Fax line"} == {"as_signed"}
