"""Frameworks as they are typed: imports that rewrite nothing, comparisons, adoption, and whom an update concerns."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from commands.errors import CommandError, Conflict, NotFound, UsageError
from commands.reply import Reply
from tests.commands.conftest import MANAGER, TECHNICIAN, Desk
from tests.rules.test_oscal import CSF, CSF_EARLIER, REV_2_UNWRAPPED, REV_4, REV_5, catalogue, control


def imported(desk: Desk, content: bytes, line: str = "", name: str = "catalogue.json") -> Reply:
    return desk.type(f"/engagement framework import {line}".strip(), upload=(name, content))


def shared(shared_data: Path, name: str) -> bytes:
    return (shared_data / "frameworks" / name).read_bytes()


def baseline(*ids: str, version: str = "1", **metadata: Any) -> bytes:
    return catalogue(*(control(id) for id in ids), **{"title": "Our baseline", "version": version, **metadata})


def test_revision_4_then_5(desk: Desk, shared_data: Path) -> None:
    first = imported(desk, shared(shared_data, REV_4)).data
    assert (first["family"], first["version"], first["edition"]) == ("nist-800-53", "2015-01-22", "4")
    assert (first["controls"], first["withdrawn"], first["compared_with"]) == (922, 96, None)
    started = time.perf_counter()
    second = imported(desk, shared(shared_data, REV_5)).data
    assert time.perf_counter() - started < 10
    assert (second["version"], second["edition"], second["compared_with"]) == ("5.0.1", "5", "2015-01-22")
    counts = {name: len(second[name]) for name in ("added", "removed", "newly_withdrawn", "reinstated", "retitled")}
    assert counts == {"added": 267, "removed": 0, "newly_withdrawn": 87, "reinstated": 1, "retitled": 255}
    compared = desk.type("/engagement framework compare nist-800-53 4 5").data
    assert {name: len(compared[name]) for name in counts} == counts


def test_two_files_of_one_edition(desk: Desk, shared_data: Path) -> None:
    imported(desk, shared(shared_data, CSF_EARLIER))
    data = imported(desk, shared(shared_data, CSF)).data
    assert (data["family"], data["edition"], data["version"], data["compared_with"]) == (
        "nist-csf",
        "2.0",
        "1.0.0",
        "0.0.1",
    )
    assert (data["added"], data["removed"], data["retitled"]) == (["ID.RA-10"], ["PR.DS-09"], ["GV.PO"])


def test_a_file_that_cannot_be_read_changes_nothing(desk: Desk, shared_data: Path) -> None:
    with pytest.raises(CommandError, match=r"is not imported: its controls are not inside") as caught:
        imported(desk, shared(shared_data, REV_2_UNWRAPPED))
    assert caught.value.data["saved"] is False
    assert desk.type("/engagement framework show nist-800-171").data["imported"] == []


def test_what_was_imported_is_never_rewritten(desk: Desk) -> None:
    assert imported(desk, baseline("x-1", "x-2"), "our-baseline").data["saved"] is True
    assert imported(desk, baseline("x-1", "x-2"), "our-baseline").data["saved"] is False
    with pytest.raises(Conflict, match="never rewritten"):
        imported(desk, baseline("x-1", "x-3"), "our-baseline")
    data = imported(desk, baseline("x-1", "x-3"), "our-baseline 1-fixed").data
    assert (data["compared_with"], data["added"], data["removed"]) == ("1", ["x-3"], ["x-2"])
    assert len(desk.type("/engagement framework show our-baseline").data["imported"]) == 2


def test_an_older_version_is_not_taken_for_news(desk: Desk) -> None:
    imported(desk, baseline("x-1", version="2"), "our-baseline")
    data = imported(desk, baseline("x-1", "x-2", version="1"), "our-baseline").data
    assert (data["compared_with"], data["added"]) == (None, [])
    data = imported(desk, baseline("x-1", "x-2", version="3"), "our-baseline").data
    assert data["compared_with"] == "2"


def test_the_framework_has_to_be_named_where_the_title_does_not(desk: Desk) -> None:
    with pytest.raises(UsageError, match="Which framework"):
        imported(desk, baseline("x-1"))
    with pytest.raises(UsageError, match="cannot be the key"):
        imported(desk, baseline("x-1"), '"not a key!"')
    with pytest.raises(UsageError, match="Send one OSCAL catalogue"):
        desk.type("/engagement framework import")


def test_a_client_is_measured_by_a_version(calder: Desk) -> None:
    reply = calder.type('/engagement framework adopt calder "NIST CSF" 1.1 agreement:SOW-A clause:"SOW-A 10"')
    assert reply.headline == "SOW-A of Calder Ridge is measured by NIST Cybersecurity Framework 1.1."
    assert reply.cautions == ("2.0 is newer.",)
    assert calder.type("/engagement who framework nist-csf 1.1", user=TECHNICIAN).data["adoptions"] == [
        {"client": "Calder Ridge", "agreement": "SOW-A", "edition": "1.1"}
    ]
    assert calder.type("/engagement who framework nist-csf 2.0").data["adoptions"] == []
    calder.type("/engagement framework adopt calder nist-csf agreement:SOW-A")
    [adoption] = calder.type("/engagement who framework nist-csf").data["adoptions"]
    assert adoption["edition"] == "2.0"
    calder.type("/engagement framework drop calder nist-csf agreement:SOW-A")
    assert calder.type("/engagement who framework nist-csf").data["adoptions"] == []


def test_from_a_published_version_to_agreements_and_rows(calder: Desk) -> None:
    matrix = (
        b"item,responsible,clause,control id\nServer backup,msp,SOW-A 7.1,PR.IP-4\n"
        b"Account reviews,client,SOW-A 3.1,AC-2(3)\n"
    )
    calder.type("/engagement matrix import calder SOW-A confirm:yes", upload=("m.csv", matrix))
    calder.type('/engagement promise add calder "Test a restore" source:sla control:PR.IP-4')
    calder.type("/engagement framework adopt calder nist-csf 1.1 agreement:SOW-A")
    [affected] = calder.type("/engagement framework affected nist-csf 2.0", user=TECHNICIAN).data["affected"]
    assert affected == {
        "client": "Calder Ridge",
        "editions": ["1.1"],
        "agreements": ["SOW-A"],
        "rows": ["Server backup"],
        "changed_rows": [],
        "promises": ["Test a restore"],
    }
    assert calder.type("/engagement framework affected nist-csf 1.1").data["affected"] == []
    findings = {each["rule"]: each for each in calder.type("/engagement check calder").data["findings"]}
    assert "1 matrix rows cite it" in findings["care_outdated"]["reason"]
    calder.type("/engagement framework review calder nist-csf agreement:SOW-A")
    assert "care_outdated" not in [e["rule"] for e in calder.type("/engagement check calder").data["findings"]]


@pytest.mark.parametrize(
    ("line", "kind", "words"),
    [
        ("/engagement framework show nist-cfs", NotFound, "Did you mean nist-csf?"),
        ("/engagement framework adopt calder nist-csf 3.0", UsageError, 'no version "3.0". There is 1.0, 1.1, 2.0'),
        ("/engagement framework drop calder nist-csf", NotFound, "is not measured by"),
        ("/engagement framework compare nist-csf 1.1 2.0", NotFound, "not imported"),
        ("/engagement who", UsageError, "Name a regulation"),
        ("/engagement who hippa", NotFound, "Did you mean HIPAA"),
        ("/engagement who gap nonsense", UsageError, "neither a key topic nor a rule"),
    ],
)
def test_wrong_input_is_named(calder: Desk, line: str, kind: type[Exception], words: str) -> None:
    error = calder.refused(line)
    assert isinstance(error, kind)
    assert words in error.message


def test_lists_name_versions_dates_and_sources(desk: Desk) -> None:
    listed = {each["family"]: each["newest"] for each in desk.type("/engagement framework list").data["frameworks"]}
    assert (listed["nist-csf"], listed["pci-dss"]) == ("2.0", "4.0.1")
    [group] = desk.type("/engagement framework list").groups
    pci = next(each for each in group.entries if each.text == "PCI DSS")
    assert pci.detail == "Newest 4.0.1, published 11 June 2024; typed as pci-dss."
    assert [each.command for each in pci.choices] == ["framework show pci-dss"]
    shown = desk.type("/engagement framework show cmmc")
    assert any("2026-11-10: phase 2" in line for line in shown.lines)
    assert shown.table is not None
    assert all(row[4].startswith("https://") for row in shown.table.rows)


def test_an_import_is_in_the_audit_log_without_its_controls(desk: Desk) -> None:
    desk.type("/engagement framework import our-baseline", user=MANAGER, upload=("b.json", baseline("x-1")))
    assert desk.actions()[-1] == ("framework import", "done")
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        [(_, details)] = uow.audit.newest(1)
    assert details is not None
    assert "digest" not in json.loads(details)["changes"][0]["after"]


LOW = "NIST Special Publication 800-53 Revision 5.1.1 LOW IMPACT BASELINE"
FULL = "NIST Special Publication 800-53 Revision 5.1.1"


def test_a_baseline_is_kept_beside_its_catalogue(desk: Desk) -> None:
    low = imported(desk, baseline("ac-1", "ac-2", version="5.1.1+u4", title=LOW))
    assert (low.data["version"], low.data["controls"]) == ("5.1.1+u4-low", 2)
    assert "not the whole catalogue" in " ".join(low.lines)
    full = imported(desk, baseline("ac-1", "ac-2", "ac-3", version="5.1.1+u4", title=FULL))
    assert (full.data["version"], full.data["controls"]) == ("5.1.1+u4", 3)
    assert full.data["compared_with"] is None, "a catalogue is not compared with a part of it"


def test_what_a_tool_made_from_a_profile_is_no_whole_catalogue(desk: Desk) -> None:
    made = baseline("ac-1", version="5.1.1", title=FULL, props=[{"name": "resolution-tool", "value": "a tool"}])
    assert imported(desk, made).data["version"] == "5.1.1-profile"
    assert imported(desk, baseline("ac-1", "ac-2", version="5.1.1", title=FULL)).data["compared_with"] is None


def test_another_file_of_one_version_is_compared_and_asked_about(desk: Desk) -> None:
    imported(desk, baseline("ac-1", version="5.1.1", title=FULL))
    with pytest.raises(Conflict, match="1 added") as caught:
        imported(desk, baseline("ac-1", "ac-2", version="5.1.1", title=FULL))
    assert caught.value.data["added"] == ["ac-2"]
    assert "--version 5.1.1-" in caught.value.next_steps[0]
