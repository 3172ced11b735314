"""A workspace's own frameworks: typed, imported, and then used everywhere like the shipped ones."""

from datetime import UTC, datetime

import pytest

from commands.errors import CommandError
from tests.commands.conftest import ADMIN, MANAGER, Desk

BASELINE = (
    '/engagement framework add "Harbor baseline" version:1.0 published:2025-03 alias:HB publisher:"Harbor group" '
    "source:https://harbor-baseline.org/1.0"
)
TOML = b"""
[[framework]]
key = "harbor-baseline"
title = "Harbor baseline"
publisher = "Harbor group"
controls = 'hb-[0-9]+'
aliases = ["HB"]

[[framework.version]]
edition = "2.0"
published = "2026-01-15"
source_url = "https://harbor-baseline.org/2.0"
still_required_by = ["pier_order"]
milestones = [{ on = 2026-05-01, what = "audits by 2.0 begin" }]

[[framework.version]]
edition = "1.0"
published = "2025-03"
source_url = "https://harbor-baseline.org/1.0"
still_required_by = ["pier_order"]

[[regulation]]
key = "pier_order"
title = "Pier order"
kind = "certification"
framework = "harbor-baseline"
"""


def test_a_framework_of_ones_own_is_used_everywhere(desk_on_each: Desk) -> None:
    desk = desk_on_each
    added = desk.type(BASELINE, user=MANAGER)
    assert added.headline == "Harbor baseline is known; adopt it for a client like any other."
    desk.type("/engagement client add Porto")
    adopted = desk.type("/engagement framework adopt porto HB clause:8.2", user=MANAGER)
    assert adopted.headline == "Porto is measured by Harbor baseline 1.0."
    listed = desk.type("/engagement framework list").table
    assert listed is not None
    assert ("harbor-baseline", "Harbor baseline", "1.0", "2025-03", "", "1") in listed.rows
    assert "Porto: 1.0" in str(desk.type("/engagement framework show hb").fields)

    desk.type("/engagement framework edit HB version:1.1 published:2026-02 source:https://harbor-baseline.org/1.1")
    found = desk.type("/engagement check porto everything:yes").data["findings"]
    assert any("Harbor baseline 1.1 is published" in each["reason"] for each in found)
    assert desk.type("/engagement framework affected hb").data["affected"][0]["client"] == "Porto"
    desk.type("/engagement client edit porto industry:retail")  # plans anew, as every day does
    reminders = desk.type("/engagement reminder list porto").data.get("reminders", [])
    assert any("Harbor baseline 1.1 is published" in each["headline"] for each in reminders)
    desk.type("/engagement framework adopt porto hb")
    assert "harbor-baseline" in desk.type("/engagement catalogue check").data["not_verified"]

    law = desk.type('/engagement catalogue add "Pier order" kind:certification framework:HB')
    assert ("Measured by", "Harbor baseline") in [(each.label, each.value) for each in law.fields]
    shown = desk.type('/engagement catalogue show "pier order"')
    assert ("Measured by", "Harbor baseline, newest 1.1") in [(each.label, each.value) for each in shown.fields]


def test_a_file_brings_frameworks_and_what_is_measured_by_them(desk: Desk) -> None:
    desk.now = datetime(2026, 4, 10, 15, tzinfo=UTC)
    done = desk.type("/engagement catalogue import", upload=("harbor.toml", TOML))
    assert sorted(done.data["changed"]) == ["harbor-baseline", "pier_order"]
    desk.type("/engagement client add Porto")
    desk.type('/disclose porto "pier order" applies by:"Ana Reis, CFO"')
    desk.type("/engagement framework adopt porto hb 1.0")
    kept = desk.type("/engagement framework affected hb")
    assert "Porto: for Pier order the older one still counts." in kept.cautions
    desk.type("/engagement framework adopt porto hb 2.0")
    reminders = desk.type("/engagement reminder list porto").data.get("reminders", [])
    assert any("audits by 2.0 begin" in each["headline"] for each in reminders)
    again = desk.type("/engagement catalogue import", upload=("harbor.toml", TOML))
    assert again.data["changed"] == []


def test_it_is_taken_out_unless_somebody_is_measured_by_it(desk: Desk) -> None:
    desk.type(BASELINE)
    desk.type("/engagement client add Porto")
    desk.type("/engagement framework adopt porto hb")
    assert "somebody is measured by it" in desk.refused("/engagement framework remove hb").message
    desk.type("/engagement framework drop porto hb")
    desk.type("/engagement framework remove hb")
    assert "not a framework we know" in desk.refused("/engagement framework show hb").message


def test_another_workspace_does_not_know_it(desk: Desk) -> None:
    desk.type(BASELINE)
    with desk.database.workspaces() as workspaces:
        other = Desk(desk.database, workspaces.for_slack("T1", "Other").id)
    assert "not a framework we know" in other.refused("/engagement framework show hb").message


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('framework add "NIST CSF" version:3.0 published:2026', "is known already"),
        ('framework add "Harbor baseline" version:spring published:2026', "has no number"),
        ('framework add "Harbor baseline" version:1.0 published:soon', "YYYY, YYYY-MM or YYYY-MM-DD"),
        ('framework add "Harbor baseline" version:1.0', "published is missing"),
        ('framework add "..." version:1.0 published:2026', "no letter or digit"),
        ("framework edit nist-csf version:3.0", "is not a framework of your own"),
        ("framework edit zzz version:3.0", "not a framework we know"),
        ("framework remove nist-csf", "is not a framework of your own"),
    ],
)
def test_wrong_input_is_named_and_nothing_is_saved(desk: Desk, line: str, words: str) -> None:
    assert words in desk.refused(f"/engagement {line}").message
    assert "Harbor" not in str(desk.type("/engagement framework list").table)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[[framework]]\nkey='x'\ntitle='X'\n", "one [[framework.version]]"),
        (b"[[framework]]\nkey='x'\ntitle='X'\n[[framework.version]]\nedition='1'\n", "published is missing"),
        (b"[[framework]]\nkey='x'\ntitle='X'\naliases='Harbor'\n[[framework.version]]\nedition='1'\npublished='2026'\n"
         b"source_url=''\n", "aliases is a list of texts"),
        (b"[[framework]]\nkey=5\ntitle='X'\n[[framework.version]]\nedition='1'\npublished='2026'\nsource_url=''\n",
         "key is not a text"),
        (b"[[framework]]\nkey='x'\ntitle=5\n[[framework.version]]\nedition='1'\npublished='2026'\nsource_url=''\n",
         "title is not a text"),
        (b"[[framework]]\nkey='x'\ntitle='X'\ncolour='red'\n[[framework.version]]\nedition='1'\npublished='2026'\n"
         b"source_url=''\n", "colour is not read"),
        (b"[[framework]]\nkey='x'\ntitle='X'\ncontrols='('\n[[framework.version]]\nedition='1'\npublished='2026'\n"
         b"source_url=''\n", "x: "),
        (b"[[framework]]\nkey='Our Own'\ntitle='X'\n[[framework.version]]\nedition='1'\npublished='2026'\n"
         b"source_url=''\n", "small letters"),
        (b"[framework]\nkey='x'\n", "two brackets"),
        (b"[[frameworks]]\nkey='x'\n", "[frameworks] is not read"),
    ],
)  # fmt: skip
def test_a_wrong_file_changes_nothing(desk: Desk, content: bytes, words: str) -> None:
    with pytest.raises(CommandError) as caught:
        desk.type("/engagement catalogue import", upload=("harbor.toml", content))
    assert words in caught.value.message


@pytest.mark.parametrize("kind", ["statement", "disclosure"])
def test_papers_name_what_is_ones_own(desk: Desk, kind: str) -> None:
    """A paper about a regulation or framework of the workspace's own was no paper at all, but an error."""
    desk.type(BASELINE)
    desk.type('/engagement catalogue add "Pier order" kind:certification')
    desk.type("/engagement client add Porto")
    desk.type("/engagement agreement add porto MSA-1 kind:msa effective:2026-01-01 signed:2026-01-01")
    desk.type('/disclose porto "pier order" unknown by:"Ana Reis, CFO"')
    desk.type("/engagement framework adopt porto hb")
    made = desk.type(f"/engagement paper {kind} porto")
    assert made.files


def test_a_law_of_ones_own_starts_clocks(desk: Desk) -> None:
    desk.type(
        '/engagement catalogue add "Pacific island breach act" kind:law jurisdiction:US-AS '
        'deadline:"owner tells people within 45 days if 10 or more" deadline:"processor tells owner immediately" '
        'milestone:"2026-09-01 the portal opens"'
    )
    shown = desk.type('/engagement catalogue show "pacific island breach act"').table
    assert shown is not None
    assert [row[2] for row in shown.rows] == ["within 45 days of discovering it", "immediately"]
    desk.type("/engagement client add Porto")
    sheet = desk.type('/engagement incident record porto "Mailbox" discovered:2026-03-01 residents:US-AS')
    assert {each["name"] for each in sheet.data["clocks"]} == {
        "Pacific island breach act: the people concerned", "Pacific island breach act: the owner of the data",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ('deadline:"soon"', "is no time to tell somebody"),
        ('deadline:"owner tells people within soon"', "is no time to tell somebody"),
        ('milestone:"someday it begins"', "is not a day"),
        ("milestone:2026-09-01", "does not say what"),
    ],
)
def test_a_clock_that_cannot_be_read_is_named(desk: Desk, option: str, words: str) -> None:
    assert words in desk.refused(f'/engagement catalogue add "Pier act" kind:law {option}').message
    assert desk.type("/engagement catalogue list").data["own"] == []


def test_a_file_may_have_a_day_as_toml_writes_it(desk: Desk) -> None:
    content = (
        b"[[framework]]\nkey='x'\ntitle='X baseline'\n[[framework.version]]\nedition='1'\npublished=2026-03-01\n"
        b"source_url=''\n"
    )
    desk.type("/engagement catalogue import", upload=("x.toml", content))
    assert "2026-03-01" in str(desk.type("/engagement framework show x"))


def test_a_version_without_its_day_is_named(desk: Desk) -> None:
    desk.type(BASELINE)
    assert "published is missing" in desk.refused("/engagement framework edit hb version:9.0").message


def test_whoever_must_not_know_of_a_client_does_not_take_away_what_measures_it(desk: Desk) -> None:
    desk.type(BASELINE)
    desk.type("/engagement client add Porto owner:U0OTHER")
    desk.type("/engagement framework adopt porto hb")
    desk.type("/engagement client restrict porto", user=ADMIN)
    refused = desk.refused("/engagement framework remove hb", user=MANAGER).message
    assert "somebody is measured by it" in refused
    assert "Porto" not in refused
