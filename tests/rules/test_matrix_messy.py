"""The synthetic exports of one matrix in several dresses give that matrix back, cell for cell."""

import json

import pytest

from commands.rules.matrix_layout import Layout, by_party
from storage.records import Party
from tests.rules.matrix_samples import DATA, MESSY, development_matrix, read_file

COUNTS = {Party.MSP: 64, Party.CLIENT: 22, Party.SHARED: 17, Party.THIRD_PARTY: 15, Party.OUT_OF_SCOPE: 7}
EXPECTED = json.loads((MESSY / "expected.json").read_text(encoding="utf-8"))
SOURCE = {row["item"]: row for row in development_matrix()}
# name, sheet, header rows, layout, fields that the dress keeps
DRESSES = (
    ("v1_semicolon_cp1252.csv", None, (1,), Layout.OWNER_COLUMN, ("category", "clause", "notes")),
    ("v2_checkmarks_merged.xlsx", "Responsibility Matrix", (4, 5), Layout.PARTY_MARKS, ("clause", "notes")),
    ("v3_raci.xlsx", "RACI", (1,), Layout.RACI, ()),
    ("v4_unicode_text_utf16.txt", None, (1,), Layout.OWNER_COLUMN, ("category", "clause", "notes")),
)


def test_development_matrix() -> None:
    reading = read_file(DATA / "scope_dev" / "matrix.csv")
    assert reading.may_be_saved
    assert by_party(reading.rows) == COUNTS
    assert [
        (row.item, row.category or "", row.party.value, row.clause or "", row.notes or "") for row in reading.rows
    ] == [
        (row["item"], row["category"], row["responsible"], row["clause"], row["notes"]) for row in development_matrix()
    ]
    assert not any(row.aliases or row.control_refs for row in reading.rows)
    assert [(problem.row, problem.blocks) for problem in reading.problems] == [(0, False), (0, False)]


@pytest.mark.parametrize(("name", "sheet", "header_rows", "layout", "fields"), DRESSES)
def test_dress(
    name: str, sheet: str | None, header_rows: tuple[int, ...], layout: Layout, fields: tuple[str, ...]
) -> None:
    reading = read_file(MESSY / name)
    assert reading.sheet == (sheet or name)
    assert reading.header_rows == header_rows
    assert reading.layout is layout
    assert by_party(reading.rows) == COUNTS
    assert len(reading.rows) == EXPECTED[name].get("rows", EXPECTED[name].get("data_rows"))
    assert reading.may_be_saved
    for row in reading.rows:
        source = SOURCE[row.item]
        assert row.party.value == source["responsible"]
        for field in fields:
            assert (getattr(row, field) or "") == source[field]


def test_words_are_shown_as_understood() -> None:
    reading = read_file(MESSY / "v1_semicolon_cp1252.csv")
    assert {word: party.value for word, party in reading.party_words.items()} == (
        EXPECTED["v1_semicolon_cp1252.csv"]["value_map"]
    )
    assert reading.columns["responsible"] == EXPECTED["v1_semicolon_cp1252.csv"]["owner_column"]


def test_sections_totals_and_legend_are_no_rows() -> None:
    reading = read_file(MESSY / "v2_checkmarks_merged.xlsx")
    titles = [skipped for skipped in reading.skipped if skipped.reason.startswith("section title")]
    assert len(titles) == EXPECTED["v2_checkmarks_merged.xlsx"]["section_rows"]
    assert {row.category.casefold() for row in reading.rows if row.category} == {
        row["category"].casefold() for row in SOURCE.values()
    }
    assert {(skipped.row, skipped.reason) for skipped in reading.skipped if skipped not in titles} == {
        (145, "blank row"), (146, "total"), (147, "blank row"), (148, "note or legend"),
    }  # fmt: skip


def test_rows_without_letters_are_reported_with_the_reading_proposed() -> None:
    reading = read_file(MESSY / "v3_raci.xlsx")
    empty = [problem for problem in reading.problems if problem.row]
    assert [problem.row for problem in empty] == [11, 12, 66, 97, 118, 119, 126]
    assert {problem.proposed for problem in empty} == {Party.OUT_OF_SCOPE}
