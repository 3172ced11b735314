"""OSCAL catalogues: what is read, what is refused with which reason, and what a newer version changes."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from commands.rules.frameworks.changes import compare_controls
from commands.rules.frameworks.control_ids import control_key
from commands.rules.frameworks.oscal import Catalogue, NotACatalogue, read_catalogue

REV_4 = "NIST_SP-800-53_rev4_2015-01-22_full_catalog-min.json"
REV_5 = "NIST_SP-800-53_rev5_v5.0.1_full_catalog-min.json"
REV_5_BEFORE_1_0 = "rev5_2020-11-30_milestone3_full_catalog-min.json"
REV_2_UNWRAPPED = "NIST_SP-800-171_rev2_unofficial_catalog.json"
CSF_EARLIER = "NIST_CSF_v2.0_catalog_earlier.derived.json"
CSF = "NIST_CSF_v2.0_catalog.derived.json"


def control(id: str, title: str = "Access", prose: str = "Limit access.", **more: Any) -> dict[str, Any]:
    return {"id": id, "title": title, "parts": [{"name": "statement", "prose": prose}], **more}


def catalogue(*controls: dict[str, Any], **metadata: Any) -> bytes:
    known = {"title": "A framework", "version": "1", "oscal-version": "1.1.2", "last-modified": "2024-01-01"}
    groups = [{"id": "g", "groups": [{"id": "h", "controls": list(controls)}]}]
    return json.dumps({"catalog": {"metadata": known | metadata, "groups": groups}}).encode()


def read(shared_data: Path, name: str) -> Catalogue:
    return read_catalogue((shared_data / "frameworks" / name).read_bytes())


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("AC-02(1)", "ac-2.1"),
        ("ac-2.1", "ac-2.1"),
        ("NIST SP 800-53 AC-2 (1)", "ac-2.1"),
        ("sp800-53r5:ac-1", "ac-1"),
        ("SP_800_171_03.01.01", "3.1.1"),
        ("3.1.1", "3.1.1"),
        ("PR.AA-01", "pr.aa-1"),
        ("NIST CSF 2.0 PR.AA-1", "pr.aa-1"),
        ("CIS 8.1", "8.1"),
        ("CIS v8 4.1", "4.1"),
        ("ISO 27001 A.05.01", "a.5.1"),
        ("PCI DSS 4.0 12.8.5", "12.8.5"),
        ("AC-2(a)", "ac-2.a"),
        ("AC.L2-3.1.1", "ac.l2-3.1.1"),
    ],
)
def test_control_ids_compare_across_padding_and_prefixes(written: str, key: str) -> None:
    assert control_key(written) == key


def test_nested_groups_and_enhancements_are_read_in_order() -> None:
    found = read_catalogue(catalogue(control("ac-1", controls=[control("ac-1.1")]), control("ac-2")))
    assert [each.id for each in found.controls] == ["ac-1", "ac-1.1", "ac-2"]
    assert (found.title, found.version, found.oscal_version) == ("A framework", "1", "1.1.2")


@pytest.mark.parametrize("name", ["props", "properties"])
def test_what_is_withdrawn_is_read_as_either_edition_of_oscal_has_it(name: str) -> None:
    gone = control("ac-1", **{name: [{"name": "status", "value": "withdrawn"}]})
    found = read_catalogue(catalogue(gone, control("ac-2", **{name: [{"name": "label", "value": "withdrawn"}]})))
    assert [each.is_withdrawn for each in found.controls] == [True, False]


def test_the_words_of_what_was_withdrawn_do_not_count() -> None:
    was = control("ac-1", prose="Withdrawn.", props=[{"name": "status", "value": "withdrawn"}])
    changes = compare_controls(
        read_catalogue(catalogue(was)).controls, read_catalogue(catalogue(control("ac-1"))).controls
    )
    assert (changes.reinstated, changes.reworded) == (("ac-1",), ())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not JSON"),
        (b"<catalog/>", "XML"),
        (b"---\ncatalog:\n  uuid: 1\n", "YAML.*oscal-cli"),
        (b"<?xml version='1.0'?><catalog/>", "XML.*json"),
        (b'{"profile": {}}', "resolved"),
        (b"[1]", 'no "catalog"'),
        (b"{}", 'no "catalog"'),
        (b'{"profile": {}}', "OSCAL profile, not a catalogue"),
        (b'{"component-definition": {}}', "component definition"),
        (b'{"metadata": {"oscal-version": "1.0.0-milestone3"}, "groups": []}', "1.0.0-milestone3"),
        (b'{"catalog": {}}', "no metadata"),
        (b'{"catalog": {"metadata": {"title": "x"}}}', "no version"),
        (b'{"catalog": {"metadata": {"title": "x", "version": "1"}}}', "no controls"),
        (b'{"catalog": {"metadata": {"title": "x", "version": "1"}, "groups": 3}}', "not a list"),
        (b'{"catalog": {"metadata": {"title": "x", "version": "1"}, "controls": ["ac-1"]}}', "not a list of objects"),
        (catalogue({"title": "no id"}), "has no id"),
        (catalogue(control("ac-1"), control("AC-01")), "twice"),
    ],
)
def test_what_is_no_catalogue_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(NotACatalogue, match=reason):
        read_catalogue(content)


def test_changes_are_told_apart() -> None:
    withdrawn = {"props": [{"name": "status", "value": "Withdrawn"}]}
    before = read_catalogue(
        catalogue(
            control("ac-1"), control("ac-2"), control("ac-3", "Old title"), control("ac-4", prose="Do this."),
            control("ac-5", **withdrawn), control("ac-6"), control("ac-7", "SAME TITLE"),
        )
    )  # fmt: skip
    after = read_catalogue(
        catalogue(
            control("AC-01"), control("ac-2", **withdrawn), control("ac-3", "New title"),
            control("ac-4", prose="Do that."), control("ac-5"), control("ac-8"), control("ac-7", "Same title"),
        )
    )  # fmt: skip
    changes = compare_controls(before.controls, after.controls)
    assert changes.as_lists() == {
        "added": ["ac-8"],
        "removed": ["ac-6"],
        "newly_withdrawn": ["ac-2"],
        "reinstated": ["ac-5"],
        "retitled": ["ac-3"],
        "reworded": ["ac-4"],
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Limit {{ insert: param, ac-1_prm_1 }} access.", "Limit {{ insert: param, ac-01_odp.01 }} access."),
        ("Limit {{ ac-1_prm_1 }} access.", "Limit {{ insert: param, ac-1_prm_1 }} access."),
        ("Limit access - always.", "limit access — always"),
    ],
)
def test_renamed_parameters_and_punctuation_are_not_rewording(before: str, after: str) -> None:
    old, new = (read_catalogue(catalogue(control("ac-1", prose=text))) for text in (before, after))
    assert compare_controls(old.controls, new.controls).reworded == ()


def test_revision_4_against_revision_5(shared_data: Path) -> None:
    started = time.perf_counter()
    old, new = read(shared_data, REV_4), read(shared_data, REV_5)
    changes = compare_controls(old.controls, new.controls)
    assert time.perf_counter() - started < 5
    assert (len(old.controls), len(new.controls)) == (922, 1189)
    counts = changes.counts
    assert counts.pop("reworded") > 0
    assert counts == {"added": 267, "removed": 0, "newly_withdrawn": 87, "reinstated": 1, "retitled": 255}
    assert changes.reinstated == ("si-2.4",)


def test_two_files_of_csf_2(shared_data: Path) -> None:
    changes = compare_controls(read(shared_data, CSF_EARLIER).controls, read(shared_data, CSF).controls)
    assert (changes.added, changes.removed, changes.retitled) == (("ID.RA-10",), ("PR.DS-09",), ("GV.PO",))


def test_a_file_from_before_1_0_is_read_like_the_final_one(shared_data: Path) -> None:
    early, final = read(shared_data, REV_5_BEFORE_1_0), read(shared_data, REV_5)
    assert sum(each.is_withdrawn for each in early.controls) == sum(each.is_withdrawn for each in final.controls) == 182
    changes = compare_controls(early.controls, final.controls)
    assert (changes.added, changes.removed, changes.newly_withdrawn) == ((), (), ())
    assert len(changes.reworded) < 10


def test_controls_outside_a_catalogue_are_refused(shared_data: Path) -> None:
    with pytest.raises(NotACatalogue, match=r'not inside a "catalog".*milestone3'):
        read(shared_data, REV_2_UNWRAPPED)
