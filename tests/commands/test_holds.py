"""A legal hold: nothing of a held client can be erased, expire or be merged away, until somebody lifts it."""

import pytest

from commands.errors import CommandError
from commands.holds import held_ids
from storage.records import Hold
from tests.commands.conftest import ADMIN, MANAGER, TECHNICIAN, VIEWER, Desk, set_up_calder
from tests.conftest import NOW

PLACE = '/engagement hold place calder by:"Ines Vogel, counsel" reason:"letter before action"'


def refused(desk: Desk, line: str, **details: object) -> str:
    error = desk.refused(f"/engagement {line}", **details)
    return error.message


def test_a_held_client_is_not_erased(desk_on_each: Desk) -> None:
    desk = desk_on_each
    set_up_calder(desk)
    placed = desk.type(PLACE, user=MANAGER)
    assert placed.headline == "Calder Ridge is on legal hold since 2026-03-02."
    desk.type("/engagement client offboard calder")
    words = refused(desk, "client erase number:1 confirm:yes", user=ADMIN)
    assert "on legal hold since 2026-03-02, by Ines Vogel, counsel" in words
    assert desk.type("/engagement client show calder").data["client"]["name"] == "Calder Ridge"
    desk.type('/engagement hold lift calder reason:"settled"', user=ADMIN)
    assert "is erased" in desk.type("/engagement client erase number:1 confirm:yes").headline
    [kept] = desk.type("/engagement hold list").data["holds"]
    assert (kept["reason"], kept["ordered_by"], kept["ended_on"]) == ("erased", "erased", "2026-03-02")


def test_a_held_client_is_not_merged_away_nor_taken_apart(calder: Desk) -> None:
    calder.type("/engagement client add Openwater")
    calder.type("/engagement client add Cedar")
    calder.type("/engagement client merge cedar into:calder")
    calder.type(PLACE)
    assert "cannot be merged into another" in refused(calder, "client merge calder into:openwater")
    assert "cannot lose what was merged" in refused(calder, "client unmerge cedar")
    with calder.database.open_unit(calder.workspace_id, writes=False) as uow:
        assert held_ids(uow) == {1, 3}
    calder.type("/engagement client merge openwater into:calder")
    calder.type("/engagement hold lift calder reason:settled")
    calder.type("/engagement client unmerge openwater")


def test_what_was_merged_under_hold_keeps_the_survivor(calder: Desk) -> None:
    """A hold on a client that became part of another protects the other, too: it would be erased with it."""
    calder.type("/engagement client add Cedar")
    calder.type(PLACE.replace("calder", "cedar"))
    assert "cannot be merged" in refused(calder, "client merge cedar into:calder")


def test_a_hold_on_a_client_that_became_part_of_it_stops_erasing_too(calder: Desk) -> None:
    """No command leads there today; the records of an older database may."""
    calder.type("/engagement client add Cedar")
    calder.type("/engagement client merge cedar into:calder")
    with calder.database.open_unit(calder.workspace_id) as uow:
        words = {"client_id": 2, "reason": "claim", "ordered_by": "counsel", "placed_on": NOW.date()}
        uow.holds.record(Hold(**words, recorded_at=NOW, recorded_by=ADMIN))
    calder.type("/engagement client offboard calder")
    assert "on legal hold" in refused(calder, "client erase number:1 confirm:yes", user=ADMIN)


def test_no_record_of_it_is_removed(calder: Desk) -> None:
    calder.type("/engagement agreement add calder ADD-9 kind:addendum", user=MANAGER)
    calder.type('/engagement walkthrough record calder SOW-A to:"Pat Roe" on:2026-02-01', user=MANAGER)
    calder.type(PLACE)
    assert "cannot lose a record" in refused(calder, "undo", user=MANAGER)
    assert "cannot lose a draft" in refused(calder, "agreement remove calder ADD-9")
    assert len(calder.type("/engagement walkthrough list calder").data["walkthroughs"]) == 2


def test_words_of_the_audit_log_do_not_expire(desk_on_each: Desk) -> None:
    desk = desk_on_each
    set_up_calder(desk)
    desk.type("/engagement client add Openwater owner:U0OTHER")
    desk.type(PLACE)
    with desk.database.open_unit(desk.workspace_id) as uow:
        newest = uow.audit.newest(1)[0][0].seq
        before = {entry.seq: bool(details) for entry, details in uow.audit.newest(100)}
        uow.erasure.details_before(newest, held_ids(uow))
    with desk.database.open_unit(desk.workspace_id) as uow:
        kept = {entry.seq: bool(details) for entry, details in uow.audit.newest(100)}
        named = {entry.seq for entry, details in uow.audit.newest(100) if details and "alder" in str(details)}
        assert sum(kept.values()) < sum(before.values())
        assert len(named) >= 3
        uow.erasure.details_before(newest, ())
    with desk.database.open_unit(desk.workspace_id) as uow:
        assert not any(details for entry, details in uow.audit.newest(100) if entry.seq <= newest)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("hold place calder by:Ines", "reason is missing"),
        ("hold place calder reason:x", "by is missing"),
        ('hold place calder by:"the client" reason:suit', "by"),
        ("hold place calder by:Ines reason:suit on:2027-01-01", "future"),
        ("hold lift calder reason:over", "is not on hold"),
        ("hold place nobody by:Ines reason:suit", "no client"),
    ],
)
def test_wrong_input_is_named_and_nothing_is_saved(calder: Desk, line: str, words: str) -> None:
    error = calder.refused(f"/engagement {line}")
    assert isinstance(error, CommandError)
    assert words in error.message
    assert calder.type("/engagement hold list").data["holds"] == []


def test_who_may(calder: Desk) -> None:
    assert "manager" in refused(calder, PLACE.removeprefix("/engagement "), user=TECHNICIAN)
    calder.type(PLACE, user=MANAGER)
    assert "on hold already" in refused(calder, PLACE.removeprefix("/engagement "))
    assert "admin" in refused(calder, "hold lift calder reason:x", user=MANAGER)
    assert "manager" in refused(calder, "hold list", user=VIEWER)
    assert any(each.label == "Legal hold" for each in calder.type("/engagement client show calder").fields)
    assert refused(calder, "undo", user=MANAGER)
    assert calder.type("/engagement hold list calder").data["holds"][0]["ended_on"] is None
