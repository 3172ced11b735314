"""Any matrix, dressed in any of the shapes that spreadsheets come in, reads as the same rows."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook as Book

from commands.rules.matrix_layout import MatrixReading, read_matrix
from commands.spreadsheets import read_workbook
from storage.records import Party

SUBJECTS = (
    "Firewall",
    "Backup",
    "Server",
    "Workstation",
    "Wi-Fi",
    "VPN",
    "Email",
    "Printer",
    "Door lock",
    "ERP",
    "SIEM",
    "Café POS",
)
VERBS = (
    "patching",
    "monitoring",
    "replacement",
    "licences",
    "support (L1)",
    "restore tests",
    "rules & policies",
    "setup",
)
CATEGORIES = ("Network", "Help desk", "Backup & DR", "Compliance", "Print & AV", "Servers")
NOTES = (
    "",
    "Quarterly",
    "P1 only; 1.5x rate",
    "Two visits a month, then T&M",
    'the 19" rack',
    "line one\nline two",
    "see SOW-A 4.2",
)
CLAUSES = ("", "SOW-A 1.10", "MSA 4.2(a)", "§ 7")
WORDS: dict[Party, tuple[str, ...]] = {
    Party.MSP: ("Us", "MSP", "Provider", "msp", "Service provider", "**MSP**"),
    Party.CLIENT: ("Client", "Customer", "the client", "CUSTOMER"),
    Party.SHARED: ("Shared", "Both", "Joint", "MSP/Client"),
    Party.THIRD_PARTY: ("Vendor", "3rd party", "Third-party", "Supplier"),
    Party.OUT_OF_SCOPE: ("Out of scope", "N/A", "Not included", "excluded"),
}
HEADINGS: dict[Party, tuple[str, ...]] = {
    Party.MSP: ("MSP", "Provider", "MSP responsibility"),
    Party.CLIENT: ("Client", "Customer role"),
    Party.SHARED: ("Shared", "Both"),
    Party.THIRD_PARTY: ("Vendor", "3rd Party"),
    Party.OUT_OF_SCOPE: ("Not in scope", "Excluded"),
}
Table = list[list[str]]


@dataclass(frozen=True)
class Item:
    item: str
    category: str
    party: Party
    clause: str
    notes: str


@dataclass(frozen=True)
class Dressed:
    rows: Table
    items: list[Item]
    delimiter: str
    encoding: str
    as_workbook: bool
    keeps: tuple[str, ...]

    def read(self) -> MatrixReading:
        if self.as_workbook:
            book = Book()
            for number, row in enumerate(self.rows, 1):
                for column, text in enumerate(row, 1):
                    if text:
                        book.worksheets[0].cell(number, column, text)
            out = io.BytesIO()
            book.save(out)
            return read_matrix(read_workbook(out.getvalue(), "matrix.xlsx"))
        written = io.StringIO(newline="")
        csv.writer(written, delimiter=self.delimiter).writerows(self.rows)
        return read_matrix(read_workbook(written.getvalue().encode(self.encoding), "matrix.csv"))


@st.composite
def matrices(draw: st.DrawFn) -> list[Item]:
    """Three to fifteen items in the order of their categories; MSP and client among them, as in every real one."""
    names = draw(
        st.lists(st.tuples(st.sampled_from(SUBJECTS), st.sampled_from(VERBS)), min_size=3, max_size=15, unique=True)
    )
    categories = sorted((draw(st.sampled_from(CATEGORIES)) for _ in names), key=CATEGORIES.index)
    parties = [Party.MSP, Party.CLIENT, *(draw(st.sampled_from(Party)) for _ in names[2:])]
    return [
        Item(f"{subject} {verb}", category, party, draw(st.sampled_from(CLAUSES)), draw(st.sampled_from(NOTES)))
        for (subject, verb), category, party in zip(names, categories, parties, strict=True)
    ]


Say = Callable[[Item], list[str]]


def owner_column(draw: st.DrawFn) -> tuple[list[str], Say]:
    words = {party: draw(st.sampled_from(choices)) for party, choices in WORDS.items()}
    header = draw(st.sampled_from(("Responsible", "Owner", "Who", "Responsible party", "Party")))
    return [header], lambda item: [words[item.party]]


def marks(draw: st.DrawFn) -> tuple[list[str], Say]:
    headings = [draw(st.sampled_from(HEADINGS[party])) for party in Party]
    signs = draw(st.lists(st.sampled_from(["x", "X", "✓", "✔", "●", "Yes"]), min_size=1, max_size=3))
    return headings, lambda item: [signs[len(item.item) % len(signs)] if item.party is party else "" for party in Party]


def letters(draw: st.DrawFn) -> tuple[list[str], Say]:
    both = draw(st.sampled_from(("R/A", "RA", "A & R", "**R**", "R (lead)")))
    shapes = {
        Party.MSP: [both, "I", ""], Party.CLIENT: ["C", both, ""], Party.SHARED: ["R", "R", ""],
        Party.THIRD_PARTY: ["C", "A", "R"], Party.OUT_OF_SCOPE: ["", "", ""],
    }  # fmt: skip
    return ["MSP", "Client", "Vendor"], lambda item: shapes[item.party]


@st.composite
def dressed(draw: st.DrawFn) -> Dressed:
    items = draw(matrices())
    by_letters = draw(st.integers(0, 2)) == 2
    headings, say = letters(draw) if by_letters else draw(st.sampled_from([owner_column, marks]))(draw)
    sections = draw(st.booleans())
    numbered = draw(st.booleans()) or by_letters  # a row without letters and number could be a title: that is asked
    head = ["#"] * numbered + [draw(st.sampled_from(("Service", "Item", "Task", "Activity")))]
    head += [] if sections else ["Category"]
    head += [
        *headings,
        draw(st.sampled_from(("Clause", "Ref", "Contract §"))),
        draw(st.sampled_from(("Notes", "Comments"))),
    ]
    rows: Table = [
        [title] for title in draw(st.sampled_from(([], ["Exhibit B: Responsibilities"], ["Acme Inc.", "Version 3.2"])))
    ]
    rows += [[""]] * draw(st.integers(0, 1)) if rows else []
    rows.append(head)
    category = ""
    for number, item in enumerate(items, 1):
        if sections and item.category != category:
            category = item.category
            rows.append([category.upper()])
        body = [str(number)] * numbered + [item.item] + ([] if sections else [item.category])
        rows.append([*body, *say(item), item.clause, item.notes])
        if not sections and draw(st.integers(0, 9)) == 0:
            rows.append([""])
    if draw(st.booleans()):
        rows += [[""], [""] * numbered + ["Total", str(len(items))][: 1 + (not sections)]]
    if draw(st.booleans()):
        rows += [[""], ["✓ = party performs the service. Anything not listed is out of scope."]]
    encoding = draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16")))
    return Dressed(
        rows, items, draw(st.sampled_from(",;\t")), encoding, draw(st.booleans()), ("category", "clause", "notes")
    )


def folded(text: str | None) -> str:
    return (text or "").casefold().removeprefix("§ ")


@pytest.mark.slow
@settings(max_examples=200, deadline=None, derandomize=True)
@given(dressed())
def test_the_same_rows_come_back(dress: Dressed) -> None:
    reading = dress.read()
    assert reading.refused is None
    assert [(row.item, row.party) for row in reading.rows] == [(item.item, item.party) for item in dress.items]
    for row, item in zip(reading.rows, dress.items, strict=True):
        assert folded(row.category) == folded(item.category)
        assert folded(row.clause) == folded(item.clause)
        assert (row.notes or "").removeprefix("MSP: lead").removeprefix("Client: lead").strip() in (
            item.notes,
            "MSP: lead",
        ) or ("lead" in (row.notes or "") and item.notes in (row.notes or ""))
    assert reading.may_be_saved, reading.problems
