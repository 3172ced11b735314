"""A workspace's own entries of the catalogue: typed, imported, and then used everywhere like the shipped ones."""

import json
from datetime import UTC, datetime

import pytest

from commands.errors import CommandError
from commands.known_frameworks import known_frameworks
from commands.known_regulations import known_regulations
from tests.commands.conftest import MANAGER, TECHNICIAN, VIEWER, Desk

LGPD = (
    '/engagement catalogue add "Brazil LGPD" kind:law protects:"personal data of people in Brazil" alias:LGPD '
    "source:https://www.planalto.gov.br/lgpd citation:13.709/2018 paper:dpa in-force-from:2026-06-01"
)
TOML = b"""
[[regulation]]
key = "hipaa"
title = "HIPAA"
kind = "law"
protects = "protected health information (PHI)"
applies_to = "covered entities and business associates"
required_paper = ["baa"]
jurisdiction = "US"
citation = "45 CFR Parts 160, 162 and 164"
source_url = "https://www.hhs.gov/hipaa/index.html"
deadlines = [{ who = "processor", tells = "owner", within = "24 hours", citation = "164.410" }]

[[regulation]]
key = "harbor_order"
title = "Harbor cyber order"
kind = "law"
"""


def test_an_entry_of_ones_own_is_used_everywhere(desk: Desk) -> None:
    desk.now = datetime(2026, 5, 1, 15, tzinfo=UTC)
    added = desk.type(LGPD, user=MANAGER)
    assert added.headline == "Brazil LGPD is in your catalogue; disclose it like any other."
    desk.type("/engagement client add Porto")
    asked = desk.type("/engagement disclosure ask porto").data["regulations"]
    assert "brazil_lgpd" in asked
    said = desk.type('/disclose porto LGPD applies by:"Ana Reis, CFO"', user=TECHNICIAN)
    assert any("is not in force before 1 June 2026" in each for each in said.cautions)
    assert desk.type("/engagement who LGPD").data
    table = desk.type("/engagement disclosure list porto").table
    assert table is not None
    assert table.rows[0][0] == "Brazil LGPD"
    found = desk.type("/engagement check porto").data["findings"]
    [missing] = [each["reason"] for each in found if each["rule"] == "regulation_agreement"]
    assert missing.startswith("Brazil LGPD is not in force before 1 June 2026")
    reminders = desk.type("/engagement reminder list porto").data.get("reminders", [])
    assert any("Brazil LGPD: it is in force" in each["headline"] for each in reminders)
    shown = desk.type("/engagement catalogue show brazil lgpd", user=VIEWER)
    assert ("Citation", "13.709/2018") in [(each.label, each.value) for each in shown.fields]
    assert "brazil_lgpd" in desk.type("/engagement catalogue check").data["not_verified"]


def test_another_workspace_does_not_know_it(desk: Desk) -> None:
    desk.type(LGPD)
    with desk.database.workspaces() as workspaces:
        other = Desk(desk.database, workspaces.for_slack("T1", "Other").id)
    assert "not a regulation we know" in other.refused("/engagement catalogue show lgpd").message
    assert other.type("/engagement catalogue list").data["own"] == []


def test_it_is_edited_and_taken_out(desk_on_each: Desk) -> None:
    desk = desk_on_each
    desk.type(LGPD)
    desk.type("/engagement catalogue edit lgpd checked:2026-02-01 reask:6m")
    [own] = desk.type("/engagement catalogue list").data["own"]
    assert (own["checked_on"], own["reask_every"], own["citation"]) == ("2026-02-01", "6m", "13.709/2018")
    assert "brazil_lgpd" not in desk.type("/engagement catalogue check").data["not_verified"]
    desk.type("/engagement client add Porto")
    desk.type("/disclose porto lgpd applies by:Ana")
    refused = desk.refused("/engagement catalogue remove lgpd")
    assert "there are answers about it" in refused.message
    desk.type("/engagement disclosure withdraw porto lgpd reason:wrong")
    desk.type("/engagement catalogue remove lgpd")
    assert desk.type("/engagement catalogue list").data["own"] == []
    assert "not a regulation we know" in desk.refused("/disclose porto lgpd applies").message


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("catalogue add HIPAA kind:law", '"HIPAA" is known already: HIPAA'),
        ('catalogue add "Another law" kind:law alias:GDPR', '"GDPR" is known already'),
        ('catalogue add "..." kind:law', "no letter or digit"),
        ('catalogue add "Another law"', "kind is missing"),
        ('catalogue add "Another law" kind:rumour', "not one of law"),
        ('catalogue add "Another law" kind:law industry:circus', "circus"),
        ('catalogue add "Another law" kind:law framework:zzz', "not a framework we know"),
        ('catalogue add "Another law" kind:law in-force-from:May', "not a date"),
        ("catalogue edit hipaa reask:6m", "it is shipped"),
        ("catalogue remove hipaa", "it is shipped"),
        ("catalogue import", "Send one TOML file"),
    ],
)
def test_wrong_input_is_named_and_nothing_is_saved(desk: Desk, line: str, words: str) -> None:
    error = desk.refused(f"/engagement {line}")
    assert isinstance(error, CommandError)
    assert words in error.message
    assert desk.type("/engagement catalogue list").data["own"] == []


def test_technicians_change_nothing(desk: Desk) -> None:
    assert "manager" in desk.refused(LGPD, user=TECHNICIAN).message
    assert "admin" in desk.refused("/engagement catalogue import", user=MANAGER).message


def test_a_file_brings_new_entries_and_newer_ones(desk: Desk) -> None:
    dry = desk.type("/engagement catalogue import dry-run:yes", upload=("update.toml", TOML))
    assert dry.data["entries"] == dry.data["changed"] == ["hipaa", "harbor_order"]
    assert (dry.data["saved"], dry.data["verified"]) == (False, False)
    differing = {each["field"]: (each["before"], each["now"]) for each in dry.data["differences"]}
    assert differing["protects"][1] == "protected health information (PHI)"
    assert "24 hours" not in differing["deadlines"][0]
    assert "within 24, unit hours" in differing["deadlines"][1]
    assert desk.type("/engagement catalogue list").data["own"] == []
    done = desk.type("/engagement catalogue import", upload=("update.toml", TOML))
    assert done.table is not None
    assert done.table.rows[0][1] == "counts in the place of the shipped entry"
    assert "deadlines" in [row[2] for row in done.table.rows]
    shown = desk.type("/engagement catalogue show hipaa").table
    assert shown is not None
    assert [row[2] for row in shown.rows] == ["within 24 hours of discovering it"]
    again = desk.type("/engagement catalogue import", upload=("update.toml", TOML))
    assert again.data["changed"] == []
    assert ("catalogue import", "done") in desk.actions() or any(
        "catalogue import" in name for name, _ in desk.actions()
    )
    desk.type("/engagement catalogue remove hipaa")
    back = desk.type("/engagement catalogue show hipaa").table
    assert back is not None
    assert len(back.rows) == 5


def test_nothing_is_saved_before_somebody_saw_it_and_said_yes(desk_on_each: Desk) -> None:
    desk = desk_on_each
    seen = desk.type("/engagement catalogue import", upload=("update.toml", TOML), is_confirmed=False)
    assert seen.headline == "update.toml: 2 entries, 2 would be new or changed. Nothing is saved yet."
    assert (seen.data["saved"], [each.label for each in seen.choices]) == (False, ["Save 2 entries", "Cancel"])
    assert desk.type("/engagement catalogue list").data["own"] == []
    save, cancel = (each.command for each in seen.choices)
    assert "put away" in desk.type(f"/engagement {cancel}", is_confirmed=False).headline
    assert "no longer here" in desk.refused(f"/engagement {save}").message
    assert desk.type("/engagement catalogue list").data["own"] == []

    again = desk.type("/engagement catalogue import", upload=("update.toml", TOML), is_confirmed=False)
    done = desk.type(f"/engagement {again.choices[0].command}", is_confirmed=False)
    assert (done.data["saved"], done.data["changed"]) == (True, ["hipaa", "harbor_order"])
    assert not done.choices
    with desk.database.open_unit(desk.workspace_id) as uow:
        [(newest, _)] = uow.audit.newest(1)
    assert newest.action == "catalogue import"
    known = desk.type("/engagement catalogue import", upload=("update.toml", TOML), is_confirmed=False)
    assert not known.choices, "there is nothing to save"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe", "no TOML file"),
        (b"title = ", "no TOML file"),
        (b"[[frameworks]]\nkey = 'x'\n", "[frameworks] is not read"),
        (b"[[regulation]]\nkey = 'x'\n", "x: "),
        (b"[[regulation]]\nkey = 'x'\ntitle = 'GDPR'\nkind = 'law'\n", '"GDPR" is known already'),
        (b"[[regulation]]\nkey='x'\ntitle='X'\nkind='law'\n" * 2, "in it twice"),
        (
            b"[[regulation]]\nkey='y'\ntitle='Y'\nkind='law'\n[[regulation]]\nkey='x'\ntitle='X'\nkind='law'\n"
            b"deadlines=[{who='owner',tells='people',within='soon'}]\n",
            "soon",
        ),
    ],
)
def test_a_wrong_file_changes_nothing(desk: Desk, content: bytes, words: str) -> None:
    with pytest.raises(CommandError) as caught:
        desk.type("/engagement catalogue import", upload=("update.toml", content))
    assert words in caught.value.message
    assert desk.type("/engagement catalogue list").data["own"] == []


def test_what_applied_is_never_changed_by_the_answer_for_the_others(desk: Desk) -> None:
    desk.type("/engagement client add Cedar")
    desk.type('/disclose cedar hipaa applies by:"Lee Marsh, COO"')
    line = "/engagement disclosure answers cedar asked:hipaa asked:gdpr others:does_not_apply by:Pat"
    error = desk.refused(line)
    assert "HIPAA applied, by Lee Marsh, COO on 2026-03-02" in error.message
    assert "Nothing was saved" in error.message
    table = desk.type("/engagement disclosure list cedar").table
    assert table is not None
    assert [row[1] for row in table.rows] == ["applies"]
    said = desk.type(f"{line} does-not-apply:hipaa")
    assert "HIPAA applied before this." in said.cautions
    kept = desk.type(f"{line} does-not-apply:hipaa".replace("does-not-apply:hipaa", "applies:hipaa"))
    assert json.loads(json.dumps(kept.data["answers"])) == {"hipaa": "applies", "gdpr": "does_not_apply"}


def test_own_entries_are_read_once_until_one_changes(desk: Desk) -> None:
    desk.type(LGPD)
    desk.type('/engagement framework add "Harbor baseline" version:1.0 published:2026-03')

    def known() -> tuple[object, object]:
        with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
            return known_regulations(uow), known_frameworks(uow)

    first = known()
    assert all(one is other for one, other in zip(first, known(), strict=True))
    desk.type("/engagement catalogue edit lgpd reask:6m")
    assert known()[0] is not first[0]
    assert known()[1] is first[1]
