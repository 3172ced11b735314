"""What a changed row keeps of what it said, where a category leads to, and until when a change applies."""

import pytest

from commands.dispatching.request import Request
from tests.commands.conftest import MANAGER, Desk

ON = '/engagement matrix set calder SOW-A "Backup"'
SHARED = f'{ON} shared category:Servers clause:8 msp-part:"we run it" client-part:"they swap tapes"'
VENDOR = f"{ON} third_party third-party:Ricoh category:Servers clause:8"
NOTED = f'{ON} msp category:Servers clause:8 notes:"Nightly, 30 days"'
PARTS = ("msp_part", "client_part", "third_party", "notes")


def said(reply: object) -> dict[str, str]:
    return {field.label: field.value for field in reply.fields}  # type: ignore[attr-defined]


def rows(desk: Desk, item: str = "Backup") -> list[dict[str, object]]:
    shown = desk.type("/engagement matrix show calder").data["rows"]
    return [row for row in shown if row["item"] == item]


PARTIES: tuple[tuple[str, str, dict[str, str], str | None], ...] = (
    (SHARED, "msp", {"msp_part": "we run it"}, 'the client\'s part "they swap tapes"'),
    (SHARED, "client", {"client_part": "they swap tapes"}, 'our part "we run it"'),
    (SHARED, "out_of_scope", {}, 'our part "we run it", the client\'s part "they swap tapes"'),
    (SHARED, "third_party third-party:Acme", {"third_party": "Acme"},
     'our part "we run it", the client\'s part "they swap tapes"'),
    (SHARED, "shared", {"msp_part": "we run it", "client_part": "they swap tapes"}, None),
    (SHARED, 'client msp-part:"we run it"', {"msp_part": "we run it", "client_part": "they swap tapes"}, None),
    (VENDOR, "msp", {}, 'third party "Ricoh"'),
    (VENDOR, "msp proposed:yes", {}, 'third party "Ricoh"'),
    (VENDOR, "third_party", {"third_party": "Ricoh"}, None),
    (NOTED, "client", {}, 'notes "Nightly, 30 days"'),
    (NOTED, "client proposed:yes", {}, 'notes "Nightly, 30 days"'),
    (NOTED, 'client notes:"Nightly, 30 days"', {"notes": "Nightly, 30 days"}, None),
    (NOTED, "msp", {"notes": "Nightly, 30 days"}, None),
)  # fmt: skip


@pytest.mark.parametrize(("before", "party", "kept", "dropped"), PARTIES)
def test_parts_of_the_old_party_are_dropped_and_named(
    calder: Desk, before: str, party: str, kept: dict[str, str], dropped: str | None
) -> None:
    calder.type(before)
    basis = "" if "proposed" in party else " clause:8 as-signed:yes"
    reply = calder.type(f"{ON} {party}{basis}")
    assert {name: reply.data["row"][name] for name in PARTS if reply.data["row"][name]} == kept
    assert said(reply).get("Dropped") == dropped


FILES = (
    (b"item,category,responsible,clause\nBackup,Servers,client,8\n", "they swap tapes", None, 'our part "we run it"'),
    (b"item,category,responsible,clause,msp_part\nBackup,Servers,client,8,We hold a key\n",
     "they swap tapes", "We hold a key", None),
    (b"item,category,responsible,clause\nBackup,Servers,shared,9\n", "they swap tapes", "we run it", None),
)  # fmt: skip


@pytest.mark.parametrize(("file", "client_part", "msp_part", "dropped"), FILES)
def test_an_import_drops_them_too(
    calder: Desk, file: bytes, client_part: str | None, msp_part: str | None, dropped: str | None
) -> None:
    calder.type(SHARED)
    reply = calder.type("/engagement matrix import calder SOW-A confirm:yes retire:no", upload=("new.csv", file))
    assert said(reply).get("Dropped") == (f'"Backup": {dropped}' if dropped else None)
    [row] = [row for row in rows(calder) if row["status"] == "in force"]
    assert (row.get("client_part"), row.get("msp_part")) == (client_part, msp_part)


def fill_in(desk: Desk, **changed: str) -> object:
    """The form of the row, as it is shown, sent with other values in some fields."""
    form = desk.dispatcher.prefill(
        Request(desk.workspace_id, MANAGER, 'matrix set "Calder Ridge" SOW-A Backup', is_confirmed=True)
    )
    return desk.dispatcher.run(
        Request(desk.workspace_id, MANAGER, "matrix set", form={**form.raw, **changed}, seen=form.seen)
    )


def test_a_form_does_not_keep_parts_by_showing_them(calder: Desk) -> None:
    calder.type(SHARED)
    assert said(fill_in(calder, party="client"))["Dropped"] == 'our part "we run it"'


def test_a_form_keeps_notes_that_were_typed_anew(calder: Desk) -> None:
    calder.type(NOTED)
    reply = fill_in(calder, party="client", notes="They swap tapes")
    assert (said(reply)["Notes"], said(reply).get("Dropped")) == ("They swap tapes", None)


def test_another_category_is_another_row(calder: Desk) -> None:
    calder.type(SHARED)
    reply = calder.type(f"{ON} msp category:Laptops clause:9")
    assert (said(reply)["Category"], said(reply)["Whose"]) == ("Laptops", "MSP")
    assert "added" in reply.headline
    assert "Before" not in said(reply)
    assert [(row["category"], row["party"], row["status"]) for row in rows(calder)] == [
        ("Servers", "shared", "in force"),
        ("Laptops", "msp", "in force"),
    ]
    [move] = [step for step in reply.next_steps if "category:Servers" in step]
    assert 'the one in "Servers" stays' in move
    calder.type(f"/engagement {move.split('/engagement ')[1]} on:2026-03-01")
    assert [row["category"] for row in rows(calder) if row["status"] == "in force"] == ["Laptops"]


MOVES = ("category:Laptops", "shared category:Laptops correction:yes")


@pytest.mark.parametrize("given", MOVES)
def test_a_row_moves_by_its_category_alone(calder: Desk, given: str) -> None:
    calder.type(SHARED)
    reply = calder.type(f"{ON} {given}")
    assert (said(reply)["Category"], said(reply)["Category before"]) == ("Laptops", "Servers")
    assert [row["category"] for row in rows(calder)] == ["Laptops"]


def test_a_form_moves_the_row_that_it_showed(calder: Desk) -> None:
    calder.type(SHARED)
    assert said(fill_in(calder, category="Laptops"))["Category before"] == "Servers"
    assert [row["category"] for row in rows(calder)] == ["Laptops"]


def test_a_row_without_a_category_takes_one(calder: Desk) -> None:
    calder.type(f"{ON} msp clause:8")
    calder.type(f"{ON} msp clause:8 category:Servers")
    assert [row["category"] for row in rows(calder)] == ["Servers"]


ENDS = (
    ("out_of_scope since:2026-03-15", "2026-03-31; from 2026-04-01 on: client, as recorded before"),
    ("out_of_scope", "2026-03-31; from 2026-04-01 on: client, as recorded before"),
    ("out_of_scope since:2026-05-01", None),
)


@pytest.mark.parametrize(("change", "until"), ENDS)
def test_a_change_before_a_planned_one_says_until_when_it_applies(calder: Desk, change: str, until: str | None) -> None:
    calder.type(f"{ON} msp clause:8")
    calder.type(f"{ON} client since:2026-04-01 clause:8 as-signed:yes")
    reply = calder.type(f"{ON} {change} clause:8 as-signed:yes")
    assert said(reply).get("Applies until") == until


def test_a_change_of_a_row_that_ends_says_that_nothing_follows(calder: Desk) -> None:
    calder.type(f"{ON} msp clause:8")
    calder.type('/engagement matrix retire calder SOW-A "Backup" on:2026-06-30')
    reply = calder.type(f"{ON} client clause:8 as-signed:yes")
    assert said(reply)["Applies until"] == "2026-06-30; nothing is recorded after that"
