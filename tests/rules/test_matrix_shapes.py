"""The shapes that matrices come in, one small table each; and that what is not known is asked, with its row."""

import pytest

from commands.rules.matrix_layout import (
    Corrections,
    Layout,
    MatrixReading,
    Merge,
    Sheet,
    SheetRow,
    Workbook,
    read_matrix,
)
from storage.records import Party
from tests.rules.matrix_samples import read_text

MSP, CLIENT, SHARED, THIRD, OUT = Party


def parties(reading: MatrixReading) -> list[tuple[str, Party]]:
    return [(row.item, row.party) for row in reading.rows]


def blocked(reading: MatrixReading) -> list[int]:
    return [problem.row for problem in reading.problems if problem.blocks]


def sheet(
    name: str, *rows: tuple[str, ...], hidden: bool = False, hidden_columns: frozenset[int] = frozenset()
) -> Sheet:
    kept = tuple(SheetRow(number, row) for number, row in enumerate(rows, 1) if any(row))
    return Sheet(name, kept, hidden, hidden_columns)


SHAPES: tuple[tuple[str, Layout, str, list[tuple[str, Party]]], ...] = (
    (
        "words of the field",
        Layout.OWNER_COLUMN,
        "Task,Who\nA1,Us\nA2,provider\nA3,MSP (Tier 2)\nA4,Customer\nA5,MSP/Client\nA6,Joint\nA7,Vendor (Ricoh)\n"
        "A8,3rd party\nA9,N/A\nA10,Not included\nA11,**Client**\nA12,client & us\n",
        [("A1", MSP), ("A2", MSP), ("A3", MSP), ("A4", CLIENT), ("A5", SHARED), ("A6", SHARED), ("A7", THIRD),
         ("A8", THIRD), ("A9", OUT), ("A10", OUT), ("A11", CLIENT), ("A12", SHARED)],
    ),
    (
        "marks under a group heading, sections, total",
        Layout.PARTY_MARKS,
        "Exhibit B,,,,,,\n,,,,,,\nService,Responsibility,,,,Clause,Comments\n"
        ",MSP,Client,Shared,3rd Party,,\nHELP DESK,,,,,,\nRemote support,x,,,,1.1,c\n"
        "Training,,x,,,1.2,\nNETWORK,,,,,,\n"
        "Firewall,,,x,,2.1,\nCircuit,,,,x,2.2,AT&T\nTotal,1,1,1,1,,\n",
        [("Remote support", MSP), ("Training", CLIENT), ("Firewall", SHARED), ("Circuit", THIRD)],
    ),
    (
        "check boxes",
        Layout.PARTY_MARKS,
        "Task,MSP,Client\nPatching,TRUE,FALSE\nBackup,TRUE,TRUE\nHardware,FALSE,TRUE\n",
        [("Patching", MSP), ("Backup", SHARED), ("Hardware", CLIENT)],
    ),
    (
        "ticks and crosses",
        Layout.PARTY_MARKS,
        "Task,MSP,Client\nPatching,✓,✗\nBackup,✔️,–\nHardware,✗,☑\n",
        [("Patching", MSP), ("Backup", MSP), ("Hardware", CLIENT)],
    ),
    (
        "one letter as a mark",
        Layout.PARTY_MARKS,
        "Task,MSP,Client\nPatching,P,\nBackup,P,\nHardware,,P\n",
        [("Patching", MSP), ("Backup", MSP), ("Hardware", CLIENT)],
    ),
    (
        "RACI with remarks",
        Layout.RACI,
        "#,Activity,MSP,Client lead,Vendor\n1,Patching,A & R (Config),I,\n"
        "2,Printers,C,A,R (Ricoh)\n3,Onboarding,R,R/A,\n",
        [("Patching", MSP), ("Printers", THIRD), ("Onboarding", SHARED)],
    ),
    (
        "RACI in words",
        Layout.OWNER_COLUMN,
        "Task,Responsible,Accountable,Consulted\nFirewall,MSP,Client,Vendor\nPrinters,Vendor,Client,MSP\n",
        [("Firewall", MSP), ("Printers", THIRD)],
    ),
    (
        "what we do, what you do",
        Layout.PARTY_TEXTS,
        "Control/Activity,MSP Responsibility,Client Responsibility,Shared Details\n"
        "Patching,Applies patches,Approves windows,monthly\n"
        "Backup,Runs backups,,\nHardware,N/A,Buys it,\n",
        [("Patching", SHARED), ("Backup", MSP), ("Hardware", CLIENT)],
    ),
    (
        "included and excluded side by side",
        Layout.INCLUDED_EXCLUDED,
        "Included,Not included\nRemote support,Cabling\nOn-site support,Printers\nPatching,\n",
        [("Remote support", MSP), ("Cabling", OUT), ("On-site support", MSP), ("Printers", OUT), ("Patching", MSP)],
    ),
    (
        "lists under titles",
        Layout.INCLUDED_EXCLUDED,
        "Managed services\nServices included:\n- Remote support\n• Patching\nNot included:\n- Cabling\n"
        "The client is responsible for:\nHardware\n",
        [("Remote support", MSP), ("Patching", MSP), ("Cabling", OUT), ("Hardware", CLIENT)],
    ),
    (
        "included yes or no",
        Layout.INCLUDED_EXCLUDED,
        "Service,Included?\nHelp desk,Yes\nCabling,No\nPatching,✓\n",
        [("Help desk", MSP), ("Cabling", OUT), ("Patching", MSP)],
    ),
    (
        "FedRAMP inheritance",
        Layout.INHERITANCE,
        "Control ID,Can Be Inherited from CSP,Specific Inheritance and Customer Agency/CSP Responsibilities\n"
        "AC-01 (a),No,The agency writes it.\nAC-02 (01),Partial,Both.\nPE-1,Yes,\n",
        [("AC-01 (a)", CLIENT), ("AC-02 (01)", SHARED), ("PE-1", MSP)],
    ),
    (
        "CSA ownership",
        Layout.OWNER_COLUMN,
        "Control ID,Control Title,SSRM Control Ownership\n"
        "A&A-01,Audit policy,CSP-owned\nA&A-02,Assess,Shared CSP and CSC\nA&A-03,Risk,CSC-owned\n",
        [("Audit policy", MSP), ("Assess", SHARED), ("Risk", CLIENT)],
    ),
    (
        "PCI",
        Layout.PARTY_MARKS,
        "Requirement,Description,Entity,TPSP,Shared\n"
        "1.1.1,Network controls,X,,\n1.1.2,Roles,,X,\n1.2.1,Standards,,,X\n",
        [("Network controls", CLIENT), ("Roles", MSP), ("Standards", SHARED)],
    ),
    (
        "abbreviations explained above",
        Layout.OWNER_COLUMN,
        "Legend: P = Provider; C = Customer; S = Shared\nService,Resp\nPatching,P\nPrinters,C\nBackup,S\n",
        [("Patching", MSP), ("Printers", CLIENT), ("Backup", SHARED)],
    ),
    (
        "a Markdown table",
        Layout.OWNER_COLUMN,
        "# Matrix\n\n| Item | Owner | Notes |\n|------|:-----:|-------|\n"
        "| **Backup** | MSP | daily |\n| Printers | Vendor | |\n",
        [("Backup", MSP), ("Printers", THIRD)],
    ),
    (
        "stacked tables",
        Layout.OWNER_COLUMN,
        "Servers,\nItem,Owner\nPatching,MSP\n\nNetwork,\nItem,Owner\nCircuit,Vendor\n",
        [("Patching", MSP), ("Circuit", THIRD)],
    ),
)  # fmt: skip


@pytest.mark.parametrize(("layout", "text", "expected"), [shape[1:] for shape in SHAPES], ids=[s[0] for s in SHAPES])
def test_shape(layout: Layout, text: str, expected: list[tuple[str, Party]]) -> None:
    reading = read_text(text)
    assert reading.layout is layout
    assert parties(reading) == expected
    assert reading.may_be_saved


# cell of the owner column, what the reading proposes
ASKED = (
    ("TBD", None), ("see note", None), ("", None), ("#N/A", None), ("Contoso", None), ("MSP or client", None),
    ("MSP?", MSP), ("MSP & Vendor", MSP), ("Client (see note)", None), ("not MSP", None), ("CSP", None),
    ("Inherited", None), ("Optional", None), ("MSP (except weekends)", None), ("-", None),
)  # fmt: skip


@pytest.mark.parametrize(("cell", "proposed"), ASKED)
def test_unknown_words_are_asked_not_guessed(cell: str, proposed: Party | None) -> None:
    reading = read_text(f"Item,Responsible,Notes\nBackup,MSP,a\nPrinters,{cell},b\nHardware,Client,c\n")
    assert blocked(reading) == [3]
    assert dict(parties(reading)).get("Printers") is proposed
    assert not reading.may_be_saved


def test_what_was_said_about_a_word_is_used() -> None:
    text = "Item,Responsible\nBackup,Contoso\nPrinters,3P\nCircuit,Ricoh Ltd\nSwitches,TBD\n"
    words = {"Contoso": MSP, "3P": THIRD, "ricoh ltd": THIRD, "tbd": CLIENT}
    reading = read_text(text, Corrections(party_words=words))
    assert [row.party for row in reading.rows] == [MSP, THIRD, THIRD, CLIENT]
    assert [row.third_party for row in reading.rows] == [None, None, "Ricoh Ltd", None]
    assert reading.may_be_saved


def test_unknown_headings_are_asked_once_for_all_rows() -> None:
    text = "Task,MSP,Contoso SOC,Client\nPatching,X,,\nMonitoring,,X,\nForensics,,X,\nHardware,,,X\n"
    reading = read_text(text)
    assert parties(reading) == [("Patching", MSP), ("Hardware", CLIENT)]
    assert [(word.word, word.rows) for word in reading.unknown_words] == [("Contoso SOC", (3, 4))]
    assert [(problem.row, problem.column) for problem in reading.problems if problem.blocks] == [(1, "Contoso SOC")]
    said = read_text(text, Corrections(party_words={"contoso soc": THIRD}))
    assert [row.third_party for row in said.rows] == [None, "Contoso SOC", "Contoso SOC", None]


def test_several_marks_and_none_are_reported_with_the_reading_proposed() -> None:
    text = "Task,MSP,Client,Shared,Vendor,Notes\nA1,X,X,,,\nA2,,,,,b\nA3,X,,,X,\nA4,,,X,,\nA5,X,,,,\nA6,maybe,,,,\n"
    reading = read_text(text)
    assert blocked(reading) == [2, 3, 4, 7]
    assert dict(parties(reading)) == {"A1": SHARED, "A2": OUT, "A3": MSP, "A4": SHARED, "A5": MSP, "A6": MSP}
    assert read_text(text, Corrections(accept_proposed=True)).may_be_saved
    said = read_text(text, Corrections(party_words={"msp+vendor": THIRD, "MSP+Client": SHARED, "none": OUT}))
    assert blocked(said) == [7]
    assert dict(parties(said))["A3"] is THIRD


def test_marks_beside_the_parties_are_no_party() -> None:
    reading = read_text("Task,MSP,Client,Critical\nPatching,X,,X\nHardware,,X,\nBackup,X,,X\n")
    assert parties(reading) == [("Patching", MSP), ("Hardware", CLIENT), ("Backup", MSP)]
    assert [problem.column for problem in reading.problems] == ["Critical"]
    assert reading.may_be_saved


def test_letters_without_r_and_for_several() -> None:
    text = "Task,MSP,Client,Vendor\nA1,A,C,\nA2,R,A,R\nA3,C,R,R\nA4,I,I,\nA5,R,I,\nA6,R?,,\n"
    reading = read_text(text)
    assert blocked(reading) == [3, 4, 5, 7]
    assert dict(parties(reading)) == {"A1": MSP, "A2": MSP, "A3": CLIENT, "A4": OUT, "A5": MSP}
    assert [problem.row for problem in reading.problems if problem.row and not problem.blocks] == [2]


def test_remarks_beside_marks_are_kept_unless_they_turn_the_sense() -> None:
    reading = read_text(
        "Task,MSP,Client\nA1,X (up to 5),\nA2,,✓ - after approval\nA3,x (except printers),\nA4,5,\nA5,X,\n"
    )
    assert [row.notes for row in reading.rows[:2]] == ["MSP: up to 5", "Client: after approval"]
    assert blocked(reading) == [4, 5]


@pytest.mark.parametrize("codes", [("Primary", "Secondary"), ("P", "S"), ("100%", "0%"), ("Lead", "Assist")])
def test_codes_in_the_columns_of_parties_are_asked(codes: tuple[str, str]) -> None:
    high, low = codes
    reading = read_text(f"Task,MSP,Client\nA1,{high},{low}\nA2,{low},{high}\nA3,{high},\n")
    assert blocked(reading) == [2, 3, 4]


def test_marks_beside_a_responsible_column_must_not_disagree() -> None:
    reading = read_text("Task,Responsible,MSP,Client\nA1,MSP,,x\nA2,Client,,x\nA3,Both,x,x\n")
    assert blocked(reading) == [2]


def test_duplicates() -> None:
    reading = read_text(
        "item,category,responsible,notes\nServer backup,Backup,msp,Datto\nSERVER  BACKUP,Backup,Client,\n"
        "Printers,Print,vendor,\nprinters,,Vendor,other\nPrinters,Help desk,msp,\n"
    )
    assert [(row.source_row, row.party) for row in reading.rows] == [(2, MSP), (4, THIRD), (6, MSP)]
    assert [(problem.row, problem.blocks) for problem in reading.problems if problem.row] == [
        (3, True), (5, False), (6, False),
    ]  # fmt: skip
    assert "row 2" in next(problem.message for problem in reading.problems if problem.row == 3)
    assert {skipped.row for skipped in reading.skipped} == {3, 5}


def test_dirt_is_flagged_and_kept_as_text() -> None:
    reading = read_text(
        'item,responsible,notes\n=HYPERLINK("x"),msp,=1+1\nAlerts <!channel>,client,"line one\nline two"\n,,\n'
        "Phones,,x\n,msp,y\n"
    )
    assert [(row.source_row, row.item, row.notes) for row in reading.rows] == [
        (2, '=HYPERLINK("x")', "=1+1"),
        (3, "Alerts <!channel>", "line one\nline two"),
    ]
    assert [(problem.row, problem.column, problem.blocks) for problem in reading.problems] == [
        (2, "item", False), (2, "notes", False), (3, "item", False), (5, "responsible", True), (6, "item", True),
    ]  # fmt: skip
    assert [(skipped.row, skipped.reason) for skipped in reading.skipped] == [(4, "blank row")]


def test_rows_can_be_left_out() -> None:
    text = "item,responsible\nPrinters,TBD\nBackup,msp\n"
    assert read_text(text, Corrections(skip_rows=frozenset({2}))).may_be_saved


def test_titles_by_place_are_said_and_rows_without_anybody_are_asked() -> None:
    reading = read_text("Task,MSP,Client\nNetwork,,\nFirewall,R,I\nServers,,\nPatching,R,A\n")
    assert [(row.category, row.item) for row in reading.rows] == [("Network", "Firewall"), ("Servers", "Patching")]
    assert [(problem.row, problem.blocks) for problem in reading.problems] == [(2, False), (4, False)]
    asked = read_text("Task,MSP,Client\nFirewall,R,I\nHome networks,,\nPatching,R,A\n")
    assert blocked(asked) == [3]
    assert [row.category for row in asked.rows] == [None, None, None]


def test_categories_named_once_per_group() -> None:
    reading = read_text(
        "Category,Service,Responsible\nNetwork,Firewall,MSP\n,Switches,MSP\n,Circuit,Vendor\nServers,Patching,MSP\n,Hardware,Client\n"
    )
    assert [row.category for row in reading.rows] == ["Network"] * 3 + ["Servers"] * 2


def test_grids_are_refused_or_expanded() -> None:
    text = "Resource,Monitoring,Patching\nServers,MSP,Client\nWorkstations,MSP,\nPrinters,Vendor,TBD\n"
    refused = read_text(text)
    assert refused.refused
    assert "Monitoring" in refused.refused
    assert not refused.rows
    expanded = read_text(text, Corrections(expand=True))
    assert parties(expanded) == [
        ("Servers: Monitoring", MSP), ("Servers: Patching", CLIENT), ("Workstations: Monitoring", MSP),
        ("Printers: Monitoring", THIRD),
    ]  # fmt: skip
    assert blocked(expanded) == [4]
    chosen = read_text(text, Corrections(columns={"responsible": "Monitoring"}))
    assert len(chosen.rows) == 3


def test_plans_are_refused_until_one_is_chosen() -> None:
    text = "Service,Bronze,Silver\nHelp desk,x,x\nPatching,,x\nSOC,,\n"
    refusal = read_text(text).refused
    assert refusal
    assert "Bronze" in refusal
    chosen = read_text(text, Corrections(columns={"included": "Silver"}))
    assert dict(parties(chosen)) == {"Help desk": MSP, "Patching": MSP, "SOC": OUT}
    assert blocked(chosen) == [4]


@pytest.mark.parametrize(
    ("corrections", "words"),
    [
        (Corrections(sheet="Nope"), "no sheet"),
        (Corrections(header_row=77), "no row 77"),
        (Corrections(columns={"colour": "Item"}), "no field"),
        (Corrections(columns={"item": "Colour"}), "no column"),
    ],
)
def test_wrong_corrections_are_said(corrections: Corrections, words: str) -> None:
    refused = read_text("Item,Responsible\nBackup,MSP\n", corrections).refused
    assert refused
    assert words in refused


def test_columns_by_letter_without_a_header() -> None:
    corrections = Corrections(header_row=0, columns={"item": "A", "responsible": "B"})
    assert parties(read_text("Help desk,msp\nPrinters,client\n", corrections)) == [
        ("Help desk", MSP),
        ("Printers", CLIENT),
    ]
    refused = read_text("Help desk,msp\nPrinters,client\n").refused
    assert refused
    assert "no header row" in refused


@pytest.mark.parametrize(
    "header",
    [
        "Service Description,Responsible Party (MSP/Client/Shared),Additional Comments",
        "Task / Service,Who is responsible?,Notes & comments",
        "Item:,RESPONSIBLE,Comments / Remarks",
        "Actvity,Responsibilty,Remarks",
        '"Service\nitem","Responsible\nparty",*Notes*',
    ],
)
def test_headers_are_known_in_many_spellings(header: str) -> None:
    reading = read_text(f"Exhibit C,,\n{header}\nFirewall,MSP,a\nBackup,Client,bb cc\n")
    assert [(row.item, row.party, row.notes) for row in reading.rows] == [
        ("Firewall", MSP, "a"), ("Backup", CLIENT, "bb cc"),
    ]  # fmt: skip
    assert reading.may_be_saved


def test_contacts_of_the_parties_are_no_parts() -> None:
    refused = read_text("Task,MSP contact,Client contact\nFirewall,Dana Lee,John Fox\nBackup,Dana Lee,Ann Smith\n")
    assert not refused.may_be_saved


def test_long_items_are_kept_whole_in_the_notes() -> None:
    item = "Ensure " + "x" * 400
    reading = read_text(f"Item,Responsible,Notes\n{item},MSP,short\n")
    assert len(reading.rows[0].item) == 300
    assert reading.rows[0].notes == f"{item}\nshort"
    assert [problem.blocks for problem in reading.problems] == [False]


HEADER = ("Item", "Responsible", "Internal cost", "Notes")


def test_sheets_of_one_matrix_are_read_together_and_hidden_ones_are_not() -> None:
    book = Workbook(
        "book.xlsx",
        (
            sheet("Read me", ("How to use this book",), ("Contact", "Dana")),
            sheet("Servers", ("Servers",), HEADER, ("Patching", "MSP", "99", "a"), hidden_columns=frozenset({2})),
            sheet(
                "Network",
                HEADER,
                ("Circuit", "Vendor", "12", ""),
                ("Wi-Fi", "MSP", "1", ""),
                hidden_columns=frozenset({2}),
            ),
            sheet("Pricing (internal)", ("Item", "Responsible"), ("Secret", "Client"), hidden=True),
        ),
    )
    reading = read_matrix(book)
    assert [(row.source_sheet, row.source_row, row.category, row.item) for row in reading.rows] == [
        ("Servers", 3, "Servers", "Patching"), ("Network", 2, "Network", "Circuit"), ("Network", 3, "Network", "Wi-Fi"),
    ]  # fmt: skip
    assert reading.sheet == "Servers, Network"
    assert not any("99" in str(row) for row in reading.rows)
    said = " ".join(reading.notices)
    assert "Pricing (internal)" in said
    assert "Internal cost" in said
    chosen = read_matrix(book, Corrections(sheet="pricing (internal)"))
    assert [row.item for row in chosen.rows] == ["Secret"]


def test_versions_of_one_list_are_not_mixed() -> None:
    rows = (HEADER, ("Patching", "MSP", "", ""), ("Circuit", "Vendor", "", ""))
    book = Workbook("book.xlsx", (sheet("Acme", *rows), sheet("Globex", *rows)))
    refused = read_matrix(book).refused
    assert refused
    assert "same items" in refused
    assert len(read_matrix(book, Corrections(sheet="2")).rows) == 2


def test_another_matrix_in_the_book_is_asked_about() -> None:
    book = Workbook(
        "book.xlsx",
        (
            sheet(
                "Duties", HEADER, ("Patching", "MSP", "", ""), ("Circuit", "Vendor", "", ""), ("AV", "Client", "", "")
            ),
            sheet("Extra", ("Task", "MSP", "Client"), ("Doors", "X", ""), ("Cameras", "", "X")),
        ),
    )
    reading = read_matrix(book)
    assert reading.sheet == "Duties"
    assert next((problem.sheet, problem.blocks) for problem in reading.problems if problem.row == 0) == ("Extra", True)
    assert len(read_matrix(book, Corrections(sheet="*")).rows) == 5


def test_hidden_rows_are_left_out_and_said() -> None:
    rows = (
        SheetRow(1, ("Item", "Responsible")),
        SheetRow(2, ("Patching", "MSP")),
        SheetRow(3, ("Old", "Client"), hidden=True),
    )
    book = Workbook("book.xlsx", (Sheet("Duties", rows),))
    reading = read_matrix(book)
    assert [row.item for row in reading.rows] == ["Patching"]
    assert "Hidden rows were left out: 1." in reading.notices
    assert len(read_matrix(book, Corrections(include_hidden=True)).rows) == 2


def test_a_mark_merged_over_two_parties_counts_for_both() -> None:
    rows = (
        SheetRow(1, ("Task", "MSP", "Client")),
        SheetRow(2, ("Onboarding", "X")),
        SheetRow(3, ("Patching", "X")),
        SheetRow(4, ("AV", "", "X")),
    )
    book = Workbook("book.xlsx", (Sheet("Duties", rows, merges=(Merge(2, 1, 2, 2),)),))
    assert parties(read_matrix(book)) == [("Onboarding", SHARED), ("Patching", MSP), ("AV", CLIENT)]


def test_a_formula_saved_without_its_result_is_not_taken_for_an_empty_cell() -> None:
    rows = (SheetRow(1, ("Item", "Responsible")), SheetRow(2, ("Patching", "MSP")), SheetRow(3, ("Circuit",)))
    book = Workbook("book.xlsx", (Sheet("Duties", rows, uncomputed=frozenset({(3, 1)})),))
    reading = read_matrix(book)
    assert any("formula" in problem.message and problem.row == 3 for problem in reading.problems)
    assert not reading.may_be_saved


def test_a_list_of_what_was_done_names_no_party() -> None:
    """ "Client notified" beside "Completed" says nothing about who is responsible."""
    reading = read_text("Task,Client notified,Completed\nPatch servers,Yes,Yes\nBuy laptops,Yes,No\n")
    assert reading.rows == ()


def test_one_side_beside_a_name_asks_who_that_is() -> None:
    text = "Task,Client,Norvane\nPasswords,X,\nServers,,X\nRestores,X,X\n"
    assert 'Who is "Norvane"' in " ".join(problem.message for problem in read_text(text).problems)
    said = read_text(text, Corrections(party_words={"Norvane": MSP}))
    assert parties(said) == [("Passwords", CLIENT), ("Servers", MSP), ("Restores", SHARED)]


def test_the_name_of_a_party_under_itself_is_a_mark() -> None:
    text = "Task,Customer,Provider\nPatch servers,,Provider\nBuy laptops,Customer,\nRestores,Customer,Provider\n"
    assert parties(read_text(text)) == [("Patch servers", MSP), ("Buy laptops", CLIENT), ("Restores", SHARED)]


@pytest.mark.parametrize(
    ("rows", "said"),
    [("Backup,,X,\n", "row 2 depends on it. "), ("Backup,,X,\nPhones,,X,\n", "rows 2, 3 depend on it. ")],
)
def test_rows_that_wait_are_named_with_their_verb(rows: str, said: str) -> None:
    reading = read_text(f"Task,MSP,Desk,Client\n{rows}Patching,X,,\nLaptops,,,X\n")
    [asked] = [each.message for each in reading.problems if each.column == "Desk"]
    assert asked.startswith(f'"Desk" is not a party that is known; {said}')


def test_one_row_of_a_third_party_has_its_verb() -> None:
    found = [problem.message for problem in read_text("Task,Responsible\nPrinters,Vendor\nBackup,MSP\n").problems]
    assert found == ["1 row (2) is a third party's but does not name it."]
    many = "".join(f"Printer {number},Vendor\n" for number in range(15))
    [words] = [problem.message for problem in read_text(f"Task,Responsible\n{many}").problems]
    assert words.startswith("15 rows (2, 3, 4, ")
    assert words.endswith(" and 3 more) are a third party's but do not name it.")
