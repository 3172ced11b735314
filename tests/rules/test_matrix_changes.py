"""What an import changes; and that exporting and importing again changes nothing."""

import csv
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.rules.imports.matrix_changes import FIELDS, compare, export_rows
from commands.rules.matrix_layout import MatrixRow, read_matrix
from commands.spreadsheets import read_workbook, write_csv, write_xlsx
from storage.records import Agreement, AgreementKind, Party, Responsibility, RowBasis
from tests.rules.matrix_samples import DATA, MESSY, read_file

NOW = datetime(2026, 1, 31, tzinfo=UTC)
PAPERS = {1: Agreement(id=1, client_id=1, reference="SOW-A", kind=AgreementKind.SOW)}


def stored(row: MatrixRow, position: int = 0) -> Responsibility:
    values = {name: getattr(row, name) for name in FIELDS}
    for name in ("effective_from", "effective_to"):
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    return Responsibility(client_id=1, agreement_id=1, recorded_at=NOW, recorded_by="U1", position=position, **values)


def row(item: str, party: Party = Party.MSP, **values: object) -> MatrixRow:
    return MatrixRow(1, item, party, **values)


def test_added_changed_retired_unchanged() -> None:
    current = [stored(row("Backup")), stored(row("Printers", Party.CLIENT)), stored(row("Fax"))]
    changes = compare(current, [row("backup "), row("Printers", Party.THIRD_PARTY, notes="Ricoh"), row("Wi-Fi")])
    assert [added.item for added in changes.added] == ["Wi-Fi"]
    assert [(change.old.item, change.fields) for change in changes.changed] == [
        ("Backup", ("item",)),
        ("Printers", ("party", "notes")),
    ]
    assert [old.item for old in changes.retired] == ["Fax"]
    assert changes.unchanged == ()


def test_capitals_of_a_category_tell_nothing_apart() -> None:
    """Sections of a spreadsheet are often in capitals."""
    current = [stored(row("Tests", category="Backup")), stored(row("Tests", category="DR plan"), 1)]
    changes = compare(
        current, [row("Tests", Party.CLIENT, category="DR PLAN"), row("Tests", category="BACKUP", notes="weekly")]
    )
    assert [(change.old.category, change.fields) for change in changes.changed] == [
        ("DR plan", ("party",)),
        ("Backup", ("notes",)),
    ]
    assert (changes.added, changes.retired) == ((), ())


def test_items_that_occur_twice_are_told_apart_by_category() -> None:
    current = [stored(row("Tests", category="Backup")), stored(row("Tests", category="DR"))]
    changes = compare(current, [row("Tests", Party.CLIENT, category="dr"), row("Tests", category="Backup")])
    assert [change.old.category for change in changes.changed] == ["DR"]
    assert not changes.added
    assert not changes.retired


def test_another_category_is_a_change_and_capitals_are_none() -> None:
    moved = compare([stored(row("Tests", category="Backup"))], [row("Tests", category="DR")])
    assert [change.fields for change in moved.changed] == [("category",)]
    assert compare([stored(row("Tests", category="Backup"))], [row("Tests", category="BACKUP")]).nothing


@pytest.mark.parametrize(
    ("stored_in", "read_in"),
    [
        (("Backup",), ("DR", "Cloud")),
        (("Backup", "Help desk"), ("DR",)),
        (("Backup", "Help desk"), ("DR", "Cloud")),
    ],
)
def test_a_row_is_taken_for_moved_only_where_one_is_left_on_each_side(
    stored_in: tuple[str, ...], read_in: tuple[str, ...]
) -> None:
    current = [stored(row("Tests", category=category), place) for place, category in enumerate(stored_in)]
    changes = compare(current, [row("Tests", category=category) for category in read_in])
    assert [old.category for old in changes.retired] == list(stored_in)
    assert [new.category for new in changes.added] == list(read_in)
    assert changes.changed == ()


def test_one_left_on_each_side_after_the_others_are_paired_is_moved() -> None:
    current = [stored(row("Tests", category=category)) for category in ("Backup", "Help desk")]
    changes = compare(current, [row("Tests", category="Backup"), row("Tests", category="DR")])
    assert [(change.old.category, change.new.category) for change in changes.changed] == [("Help desk", "DR")]
    assert changes.unchanged == (current[0],)
    assert (changes.added, changes.retired) == ((), ())


def test_versions_of_other_days_are_kept_where_the_file_has_the_row() -> None:
    ended = stored(row("Backup", effective_to="2025-12-31"))
    now = stored(row("Backup", Party.CLIENT, effective_from="2026-01-01"))
    other = stored(row("Fax", effective_to="2025-12-31"))
    elsewhere = stored(row("Backup", category="Cloud", effective_to="2025-12-31"))
    changes = compare([ended, now, other, elsewhere], [row("Backup", Party.SHARED, effective_from="2026-01-01")])
    assert [(change.old, change.fields) for change in changes.changed] == [(now, ("party",))]
    assert changes.kept == (ended,)
    assert changes.retired == (other, elsewhere)
    without = changes.without_retiring()
    assert (without.retired, without.kept) == ((), (ended, other, elsewhere))
    assert not changes.nothing


def test_the_version_of_the_same_days_and_track_is_the_one_that_is_changed() -> None:
    def version(position: int, party: Party = Party.MSP, basis: RowBasis | None = None, **days: str) -> Responsibility:
        return stored(row("Backup", party, **days), position).model_copy(update={"basis": basis})

    early, late = version(0, effective_to="2025-12-31"), version(1, effective_from="2026-01-01")
    proposed = version(2, basis=RowBasis.PROPOSED, effective_from="2026-01-01")
    current = [early, proposed, late]
    for incoming, expected in (
        (row("Backup", Party.CLIENT, effective_from="2026-01-01"), late),
        (row("Backup", Party.CLIENT, effective_to="2025-12-31"), early),
        (row("Backup", Party.CLIENT, effective_from="2026-01-01", is_proposed=True), proposed),
        (row("Backup", Party.CLIENT, effective_from="2027-01-01", is_proposed=True), proposed),
        (row("Backup", Party.CLIENT, effective_from="2027-01-01"), early),
    ):
        [change] = compare(current, [incoming]).changed
        assert change.old is expected, incoming


def test_control_ids_are_the_same_in_every_spelling() -> None:
    changes = compare([stored(row("AC-2(1)"))], [row("AC-02 (01)")])
    assert [change.fields for change in changes.changed] == [("item",)]


def test_what_the_file_does_not_speak_of_is_carried_over() -> None:
    old = stored(row("Backup", notes="daily", effective_from="2026-01-01", aliases=("Datto",)))
    changes = compare([old], [row("Backup", Party.CLIENT)], given={"item", "party"})
    (change,) = changes.changed
    assert (change.fields, change.dropped) == (("party", "notes"), ("notes",)), "notes are the old party's"
    assert (change.new.notes, change.new.effective_from, change.new.aliases) == (None, "2026-01-01", ("Datto",))
    assert compare([old], [row("Backup")], given={"item", "party"}).nothing


def test_what_always_comes_from_the_file_is_item_and_party() -> None:
    old = stored(row("Backup", category="Servers"))
    (change,) = compare([old], [row("backup", Party.CLIENT, category="Servers")], given=()).changed
    assert (change.new.item, change.new.party, change.fields) == ("backup", Party.CLIENT, ("item", "party"))
    (change,) = compare([old], [row("Backup", notes="daily")], given={"notes"}).changed
    assert (change.new.category, change.new.notes, change.fields) == ("Servers", "daily", ("notes",))


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ({"clause": " SOW-A  2.3 "}, {"clause": "SOW-A 2.3"}),
        ({"notes": "Third\u00a0Saturday "}, {"notes": "Third Saturday"}),
        ({"third_party": "Ricoh\nInc."}, {"third_party": "Ricoh Inc."}),
        ({"aliases": (" Veeam ",)}, {"aliases": ("Veeam",)}),
        ({"category": "SERVERS"}, {"category": "Servers"}),
        ({"notes": ""}, {}),
        ({"clause": ""}, {}),
    ],
)
def test_what_is_written_otherwise_and_says_the_same_is_no_change(kept: dict[str, Any], typed: dict[str, Any]) -> None:
    old = stored(row("Backup")).model_copy(update=kept)
    assert compare([old], [row("Backup", **typed)]).nothing


def test_an_item_that_is_kept_with_more_blanks_is_no_change() -> None:
    old = stored(row("Backup")).model_copy(update={"item": "Server  backup "})
    assert compare([old], [row("Server backup")]).nothing


@pytest.mark.parametrize(
    ("kept", "typed", "field"),
    [
        ({"clause": "SOW-A 2.3"}, {"clause": "SOW-A 2.4"}, "clause"),
        ({"clause": "SOW-A 2.3"}, {}, "clause"),
        ({"notes": "one\ntwo"}, {"notes": "one two"}, "notes"),
        ({"notes": "daily"}, {"notes": "weekly"}, "notes"),
        ({"third_party": "Ricoh"}, {"third_party": "Xerox"}, "third_party"),
        ({"aliases": ("Veeam",)}, {"aliases": ("Datto",)}, "aliases"),
        ({"aliases": ("Veeam",)}, {"aliases": ("Veeam", "Datto")}, "aliases"),
        ({"control_refs": ()}, {"control_refs": ("AC-2",)}, "control_refs"),
        ({"effective_to": date(2026, 1, 1)}, {"effective_to": "2026-01-02"}, "effective_to"),
        ({"msp_part": None}, {"msp_part": "patches"}, "msp_part"),
    ],
)
def test_what_says_something_else_is_a_change(kept: dict[str, Any], typed: dict[str, Any], field: str) -> None:
    old = stored(row("Backup")).model_copy(update=kept)
    (change,) = compare([old], [row("Backup", **typed)]).changed
    assert change.fields == (field,)


SIGNED = Agreement(
    id=1, client_id=1, reference="SOW-A", msp_signed_on=date(2026, 1, 10), client_signed_on=date(2026, 1, 20)
)


@pytest.mark.parametrize(
    ("basis", "entered_on", "paper", "expected"),
    [
        (RowBasis.AS_SIGNED, date(2026, 1, 31), SIGNED, "as signed"),
        (RowBasis.PROPOSED, date(2026, 1, 31), SIGNED, "proposed"),
        (RowBasis.PROPOSED, date(2026, 1, 1), SIGNED, "proposed"),
        (None, date(2026, 1, 20), SIGNED, "signed with the agreement"),
        (None, date(2026, 1, 21), SIGNED, None),
        (RowBasis.AS_SIGNED, date(2026, 1, 31), PAPERS[1], None),
    ],
)
def test_an_export_says_why_a_row_counts(
    basis: RowBasis | None, entered_on: date, paper: Agreement, expected: str | None
) -> None:
    old = stored(row("Backup")).model_copy(update={"basis": basis, "recorded_at": NOW})
    header, [cells] = export_rows([old], {1: paper}, day_of=lambda at: entered_on if at == NOW else date.min)
    assert dict(zip(header, cells, strict=True)).get("basis") == expected


def test_an_export_names_papers_people_and_instants() -> None:
    carrier = Agreement(id=2, client_id=1, reference="AMD-1")
    eastern = timezone(timedelta(hours=-5))
    first = stored(row("Backup", effective_from="2026-01-01", aliases=("Datto", "Veeam"))).model_copy(
        update={
            "carried_by_id": 2, "attester": "U0ANN", "attested_at": datetime(2026, 2, 3, 4, 5, tzinfo=eastern),
            "entered_by": "U0BOB", "entered_at": datetime(2026, 2, 1, 23, 59, tzinfo=UTC), "control_refs": ("AC-2",),
        }
    )  # fmt: skip
    header, [cells] = export_rows([first], {1: SIGNED, 2: carrier}, names_agreement=True)
    found = dict(zip(header, cells, strict=True))
    assert header[:5] == ("item", "category", "responsible", "clause", "notes")
    assert found == {
        "item": "Backup", "category": "", "responsible": "msp", "clause": "", "notes": "", "control ids": "AC-2",
        "aliases": "Datto; Veeam", "effective from": "2026-01-01", "agreement": "SOW-A", "carried by": "AMD-1",
        "attested by": "U0ANN", "attested at": "2026-02-03 09:05 UTC", "entered at": "2026-02-01 23:59 UTC",
        "entered by": "U0BOB",
    }  # fmt: skip


def test_an_export_is_in_the_order_of_the_paper_agreed_before_proposed_and_by_day() -> None:
    def version(name: str, position: int, basis: RowBasis | None, begins: str | None, paper: int = 1) -> Responsibility:
        found = stored(row("Backup", notes=name, effective_from=begins), position)
        return found.model_copy(update={"basis": basis, "agreement_id": paper})

    ordered = [
        version("a", 0, None, None),
        version("b", 0, None, "2025-01-01"),
        version("c", 0, RowBasis.AS_SIGNED, "2026-01-01"),
        version("d", 0, RowBasis.PROPOSED, "2024-01-01"),
        version("e", 1, None, None),
        version("f", 0, None, None, paper=2),
    ]
    papers = {1: PAPERS[1], 2: Agreement(id=2, client_id=1, reference="SOW-B")}
    for rows in (ordered, ordered[::-1], ordered[3:] + ordered[:3]):
        header, cells = export_rows(rows, papers)
        assert [each[header.index("notes")] for each in cells] == list("abcdef")
        assert "agreement" not in header


def test_the_development_matrix_comes_back_as_it_was() -> None:
    path = DATA / "scope_dev" / "matrix.csv"
    reading = read_file(path)
    current = [stored(read, position) for position, read in enumerate(reading.rows)]
    assert compare(current, reading.rows, given=reading.given).nothing
    header, rows = export_rows(reversed(current), PAPERS)
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file))
    width = len(table[0])
    assert [list(header[:width]), *(list(cells[:width]) for cells in rows)] == table
    assert header[width:] == ("entered at", "entered by")
    for data in (write_csv(header, rows), write_xlsx(header, rows)):
        again = read_matrix(read_workbook(data, "export"))
        assert compare(current, again.rows, given=again.given).nothing


@pytest.mark.parametrize("path", sorted(MESSY.glob("v*")), ids=lambda path: path.name)
def test_the_same_matrix_in_another_dress_changes_nothing(path: object) -> None:
    source = read_file(DATA / "scope_dev" / "matrix.csv")
    current = [stored(read, position) for position, read in enumerate(source.rows)]
    other = read_file(path)
    assert compare(current, other.rows, given=other.given).nothing


TEXTS = st.text(
    alphabet=st.sampled_from("abcdeXYZ 0123456789-=+@'\"*_<>&;,.|()[]#/§–\n"), min_size=1, max_size=30
).filter(lambda text: any(letter.isalpha() for letter in text))
LINES = TEXTS.map(lambda text: " ".join(text.split()))
NAMES = st.lists(st.sampled_from(["Datto", "Cisco, Inc.", "M365", "AC-2(1)", "PE-3"]), max_size=3, unique=True).map(
    tuple
)


@st.composite
def responsibilities(draw: st.DrawFn) -> list[Responsibility]:
    items = draw(
        st.lists(LINES, min_size=1, max_size=8, unique_by=lambda text: "".join(filter(str.isalnum, text.lower())))
    )
    maybe = st.none() | TEXTS
    return [
        stored(
            MatrixRow(
                1,
                item,
                draw(st.sampled_from(Party)),
                category=draw(st.none() | LINES),
                msp_part=draw(maybe),
                client_part=draw(maybe),
                third_party=draw(st.none() | LINES),
                clause=draw(st.none() | LINES),
                notes=draw(maybe),
                aliases=draw(NAMES),
                effective_from=draw(st.sampled_from([None, "2026-01-01"])),
            ),
            position,
        )
        for position, item in enumerate(items)
    ]


@pytest.mark.slow
@settings(max_examples=150, deadline=None, derandomize=True)
@given(responsibilities())
def test_import_of_an_export_changes_nothing(current: list[Responsibility]) -> None:
    header, rows = export_rows(current, PAPERS)
    reading = read_matrix(read_workbook(write_csv(header, rows), "export.csv"))
    changes = compare(current, reading.rows, given=reading.given)
    assert changes.nothing, (header, rows, reading.problems, reading.skipped, changes)
