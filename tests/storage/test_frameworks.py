"""The shipped frameworks and gray zones: ids, dates in order, sources present; and how people cite them."""

import re
from datetime import date

import pytest

from commands.rules.frameworks.control_ids import control_key
from commands.rules.frameworks.trace import edition_order
from storage.catalog import frameworks
from storage.catalog.deadlines import read_deadlines, typed_deadline
from storage.catalog.frameworks import Framework
from storage.catalog.gray_zones import gray_zones

SHIPPED = frameworks.shipped()
FAMILIES = SHIPPED.families
_STANZA = """
[[framework]]
key = "ours"
title = "Our baseline"
publisher = "us"
controls = 'x-\\d+'
[[framework.version]]
edition = "1"
published = "{published}"
source_url = "https://example.com"
"""


def test_what_the_product_promises_is_there() -> None:
    editions = {family.key: [each.edition for each in family.versions] for family in FAMILIES}
    assert editions["nist-csf"] == ["1.0", "1.1", "2.0"]
    assert editions["nist-800-53"] == ["4", "5"]
    assert editions["nist-800-171"] == ["1", "2", "3"]
    assert editions["cis"] == ["7.1", "8", "8.1"]
    assert editions["iso-27001"] == ["2013", "2022"]
    assert editions["pci-dss"] == ["3.2.1", "4.0", "4.0.1"]
    assert {"cmmc", "hipaa-security-rule", "glba-safeguards", "csa-ccm", "essential-eight", "cyber-essentials"} <= {
        *editions
    }


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.key)
def test_every_family_is_in_order(family: Framework) -> None:
    assert re.fullmatch(r"[a-z0-9-]+", family.key)
    assert family.title
    assert family.publisher
    re.compile(family.controls)
    published = [each.published for each in family.versions]
    assert published == sorted(published)
    assert [edition_order(each.edition) for each in family.versions] == sorted(
        edition_order(each.edition) for each in family.versions
    )
    editions = [each.edition for each in family.versions]
    assert len(set(editions)) == len(editions)
    assert [each.superseded_by for each in family.versions] == [*editions[1:], None]


@pytest.mark.parametrize(
    ("key", "edition"), [(family.key, each.edition) for family in FAMILIES for each in family.versions]
)
def test_every_version_has_a_source_and_possible_dates(key: str, edition: str) -> None:
    family = SHIPPED.get(key)
    assert family is not None
    version = next(each for each in family.versions if each.edition == edition)
    assert re.fullmatch(r"https://[\w./~-]+\S*", version.source_url)
    for day in filter(None, (version.published, version.retired)):
        date.fromisoformat((day + "-01-01")[:10] if len(day) < 10 else day)
        assert "1990" < day < "2100"
    assert version.retired is None or version.published < version.retired
    assert [each.on for each in version.milestones] == sorted(each.on for each in version.milestones)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("NIST CSF", "nist-csf"),
        ("800-53", "nist-800-53"),
        ("nist_800_171", "nist-800-171"),
        ("CIS Controls", "cis"),
        ("iso 27001", "iso-27001"),
        ("PCI", "pci-dss"),
        ("E8", "essential-eight"),
    ],
)
def test_a_family_is_found_as_people_write_it(text: str, key: str) -> None:
    found = SHIPPED.find(text)
    assert found is not None
    assert found.key == key


def test_near_misses_are_named_not_assumed() -> None:
    assert SHIPPED.find("nist-cfs") is None
    assert "nist-csf" in SHIPPED.near("nist-cfs")


@pytest.mark.parametrize(
    ("key", "text", "edition"),
    [
        ("nist-800-53", "rev 5", "5"),
        ("nist-800-53", "Revision 4", "4"),
        ("nist-800-53", "r5", "5"),
        ("nist-800-53", "5.1.1", "5"),
        ("cis", "v8.1", "8.1"),
        ("cis", "8.1.2", "8.1"),
        ("pci-dss", "4.0.1", "4.0.1"),
        ("nist-csf", "2.0", "2.0"),
    ],
)
def test_versions_are_found_as_people_cite_them(key: str, text: str, edition: str) -> None:
    family = SHIPPED.get(key)
    assert family is not None
    found = family.edition(text)
    assert found is not None
    assert found.edition == edition


def test_an_unknown_version_is_not_guessed() -> None:
    family = SHIPPED.get("nist-csf")
    assert family is not None
    assert family.edition("3.0") is None
    assert family.edition("") is None


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("NIST Special Publication 800-53 Revision 5: Security and Privacy Controls", "nist-800-53"),
        ("NIST Cybersecurity Framework 2.0", "nist-csf"),
        ("Our own baseline", None),
    ],
)
def test_a_catalogues_title_names_its_family(title: str, key: str | None) -> None:
    found = SHIPPED.of_title(title)
    assert (found.key if found else None) == key


@pytest.mark.parametrize(
    ("key", "id", "is_one"),
    [
        ("nist-csf", "PR.AC-07", True),
        ("nist-csf", "AC-7", False),
        ("nist-800-53", "AC-2(1)", True),
        ("nist-800-53", "PR.AC-7", False),
        ("nist-800-171", "3.1.1", True),
        ("cmmc", "AC.L2-3.1.1", True),
        ("iso-27001", "A.5.1", True),
    ],
)
def test_a_family_knows_its_control_ids(key: str, id: str, is_one: bool) -> None:
    family = SHIPPED.get(key)
    assert family is not None
    assert family.names_control(control_key(id)) is is_one


def test_adding_one_is_adding_a_stanza() -> None:
    [family] = frameworks.read(_STANZA.format(published="2026-03"))
    assert (family.key, family.newest.edition, family.newest.published) == ("ours", "1", "2026-03")


def test_a_wrong_stanza_is_named() -> None:
    with pytest.raises(ValueError, match="ours: 1: published is YYYY"):
        frameworks.read(_STANZA.format(published="March 2026"))


def test_gray_zones_have_a_source_and_their_own_names() -> None:
    zones = gray_zones()
    assert len(zones) >= 12
    assert len({zone.key for zone in zones}) == len({zone.title for zone in zones}) == len(zones)
    assert all(zone.source.startswith("https://") and zone.question and zone.assumed for zone in zones)


@pytest.mark.parametrize("text", ["owner tells people within 30 days", "Owner tells people WITHIN 30 Days"])
def test_a_clock_is_typed_in_any_case(text: str) -> None:
    [deadline] = read_deadlines([typed_deadline(text)])
    assert deadline.time_in_words.startswith("within 30 days")
