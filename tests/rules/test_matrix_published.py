"""Responsibility matrices that others published. The counts were taken from the files by hand and by plain scripts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from commands.rules.matrix_layout import Corrections, Layout, MatrixReading, by_party
from storage.records import Party
from tests.rules.matrix_samples import PUBLISHED, read_file

pytestmark = pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published matrices are not on this machine")
MSP, CLIENT, THIRD = Party.MSP, Party.CLIENT, Party.THIRD_PARTY


@dataclass(frozen=True)
class Expected:
    """`counts` in the order msp, client, shared, third party, out of scope; `blocking` problems that stop a save."""

    file: str
    sheet: str
    header_rows: tuple[int, ...]
    layout: Layout
    counts: tuple[int, int, int, int, int]
    blocking: int
    unknown: Mapping[str, int] = field(default_factory=dict)
    corrections: Corrections = field(default_factory=Corrections)


ADOBE_SAAS = "adobe_commerce_saas_shared-responsibility.csv"
ADOBE = "adobe_commerce_shared-responsibility.csv"
AZURE = "azure_backup_baseline_v2.0.xlsx"
CLOUDGOV = "cloudgov_platform_CIS-CRM_rev4_2023-03-16.xlsx"
CLOUDGOV_OLD = "cloudgov_platform_CIS_oldtemplate_2017-02-09.xlsx"
TEMPLE = "cloudtemple_iaas_raci_en.csv"
FEDRAMP = "fedramp_rev5_SSP-Appendix-J-CIS-CRM.xlsx"
LESNIAK = "franklesniak_MSP-MSSP_RACI.csv"
OSCAL = "nist_oscal_srm_csp_simulated.csv"
SAID = {
    ADOBE_SAAS: {"Adobe": MSP},
    ADOBE: {"Adobe": MSP, "Merchant": CLIENT, "CDN provider": THIRD},
    AZURE: {"Microsoft": THIRD},
    TEMPLE: {"Cloud Temple Role": MSP},
    LESNIAK: {"CIO": CLIENT, "Infrastructure Director": CLIENT, "MSSP": THIRD},
}
EXPECTATIONS = (
    # As they come: names that only people of the project know are asked about, everything else is read.
    Expected(ADOBE_SAAS, ADOBE_SAAS, (1,), Layout.RACI, (0, 7, 0, 0, 0), 1, {"Adobe": 27}),
    Expected(ADOBE, ADOBE, (1,), Layout.RACI, (0, 0, 0, 0, 0), 3, {"Adobe": 33, "Merchant": 22, "CDN provider": 4}),
    Expected(AZURE, "Security Baseline", (1,), Layout.OWNER_COLUMN, (0, 47, 6, 0, 13), 4, {"Microsoft": 4}),
    Expected(TEMPLE, TEMPLE, (9,), Layout.RACI, (0, 67, 0, 0, 0), 1, {"Cloud Temple Role": 42}),
    Expected(LESNIAK, LESNIAK, (1,), Layout.RACI, (15, 0, 0, 0, 0), 3,
             {"CIO": 1, "Infrastructure Director": 17, "MSSP": 19}),
    Expected(CLOUDGOV, "PaaS CRM", (3,), Layout.INHERITANCE, (124, 350, 142, 0, 0), 0),
    # 44 rows are marked for provider and inherited, 12 for provider and customer, 29 for not applicable and more.
    Expected(CLOUDGOV, "CIS Worksheet", (2, 3), Layout.PARTY_MARKS, (384, 8, 97, 96, 31), 85,
             corrections=Corrections(sheet="CIS Worksheet")),
    Expected(CLOUDGOV_OLD, "CIS", (1, 2), Layout.PARTY_MARKS, (199, 6, 45, 53, 22), 54),
    Expected(FEDRAMP, "Example CRM Worksheet Responses", (2,), Layout.INHERITANCE, (0, 34, 28, 0, 0), 0,
             corrections=Corrections(sheet="Example CRM Worksheet Responses")),
    # With what a person would answer.
    Expected(ADOBE_SAAS, ADOBE_SAAS, (1,), Layout.RACI, (25, 7, 2, 0, 0), 0,
             corrections=Corrections(party_words=SAID[ADOBE_SAAS])),
    Expected(ADOBE, ADOBE, (1,), Layout.RACI, (31, 20, 2, 4, 0), 0, corrections=Corrections(party_words=SAID[ADOBE])),
    Expected(AZURE, "Security Baseline", (1,), Layout.OWNER_COLUMN, (0, 47, 6, 4, 13), 0,
             corrections=Corrections(party_words=SAID[AZURE])),
    Expected(TEMPLE, TEMPLE, (9,), Layout.RACI, (42, 67, 0, 0, 0), 0,
             corrections=Corrections(party_words=SAID[TEMPLE])),
    # 10 rows with R for MSP and MSSP, 5 for the director and MSSP: a proposal each.
    Expected(LESNIAK, LESNIAK, (1,), Layout.RACI, (25, 9, 9, 4, 0), 15,
             corrections=Corrections(party_words=SAID[LESNIAK])),
    Expected(LESNIAK, LESNIAK, (1,), Layout.RACI, (25, 9, 9, 4, 0), 0,
             corrections=Corrections(party_words=SAID[LESNIAK], accept_proposed=True)),
    Expected(OSCAL, OSCAL, (1,), Layout.OWNER_COLUMN, (82, 0, 0, 0, 0), 0,
             corrections=Corrections(columns={"responsible": "type"}, party_words={"full": MSP})),
)  # fmt: skip


def read(name: str, corrections: Corrections | None = None) -> MatrixReading:
    return read_file(PUBLISHED / name, corrections)


@pytest.mark.slow
@pytest.mark.parametrize("expected", EXPECTATIONS, ids=lambda expected: f"{expected.file[:24]}-{expected.blocking}")
def test_published_matrix(expected: Expected) -> None:
    reading = read(expected.file, expected.corrections)
    assert reading.refused is None
    assert reading.sheet == expected.sheet
    assert reading.header_rows == expected.header_rows
    assert reading.layout is expected.layout
    assert tuple(by_party(reading.rows).values()) == expected.counts
    assert sum(problem.blocks for problem in reading.problems) == expected.blocking
    assert {word.word: len(word.rows) for word in reading.unknown_words} == dict(expected.unknown)


@pytest.mark.slow
def test_blank_template_is_refused() -> None:
    reading = read(FEDRAMP)
    assert reading.refused
    assert "template" in reading.refused
    assert "Example CRM Worksheet Responses" in reading.refused
    assert not reading.rows


def test_no_column_says_who() -> None:
    reading = read(OSCAL)
    assert reading.refused
    assert "No column says who" in reading.refused


def test_list_of_duties_of_one_party_is_refused() -> None:
    assert read(CLOUDGOV_OLD, Corrections(sheet="Customer Responsibility Matrix")).refused


@pytest.mark.slow
def test_hidden_column_is_left_out_and_said() -> None:
    reading = read(CLOUDGOV)
    secret = "Not sure if this makes sense"
    assert not any(secret in str(row) for row in reading.rows)
    assert any("Hidden columns" in notice and "Internal cloud.gov COMMENTS" in notice for notice in reading.notices)
    assert any('"CIS Worksheet"' in notice for notice in reading.notices)


def test_control_ids_are_kept_and_normalised() -> None:
    rows = read(CLOUDGOV).rows
    assert (rows[0].item, rows[0].control_refs) == ("AC-01 (a)", ("AC-1(a)",))
    assert (rows[18].item, rows[18].control_refs) == ("AC-02 (07) (a)", ("AC-2(7)(a)",))
    assert rows[0].notes
    assert rows[0].notes.startswith("cloud.gov inherits its implementation from GSA.")


def test_stacked_tables_take_their_titles_as_categories() -> None:
    rows = read(TEMPLE, Corrections(party_words=SAID[TEMPLE])).rows
    assert len({row.category for row in rows}) == 13
    assert (rows[0].category, rows[-1].category) == ("Define your requirements", "Reversibility")
    assert "Ensure security readiness of compute infrastructure" in [row.item for row in rows]  # without its (2)


def test_residue_is_cleaned() -> None:
    items = [row.item for row in read(ADOBE_SAAS).rows]
    assert "Deploying and maintaining of Adobe Developer App Builder applications" in items
    adobe = [row.item for row in read(ADOBE, Corrections(party_words=SAID[ADOBE])).rows]
    assert {"Supporting CDN", "Configuring Nginx", "Configuring the source repository"} <= set(adobe)
    lesniak = read(LESNIAK, Corrections(party_words=SAID[LESNIAK])).rows
    firewall = next(row for row in lesniak if row.source_row == 13)
    assert (firewall.item, firewall.aliases) == ("Firewall Administration (Palo Alto)", ("Palo Alto",))
    assert firewall.notes == (
        "Infrastructure Director: Approves Major Changes\nMSP: Implements Configs\nMSSP: Defines Security Policies"
    )


def test_other_references_of_a_row() -> None:
    row = next(row for row in read(AZURE).rows if row.source_row == 2)
    assert (row.category, row.control_refs) == ("Network Security", ("NS-1", "SC-7"))
