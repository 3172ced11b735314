"""What check finds and does not find of disclosures, insurers, contracts, frameworks and signers, as it is typed."""

from typing import NamedTuple

import pytest

from tests.commands.conftest import MANAGER, Desk


class Case(NamedTuple):
    """`found` and `left` are beginnings of rules, each with words of the finding; those of `left` are not found."""

    lines: tuple[str, ...]
    found: tuple[tuple[str, str], ...] = ()
    left: tuple[tuple[str, str], ...] = ()


CASES = {
    "policy ended": Case(
        (
            "/disclose calder cyber_insurance applies by:Lee",
            '/engagement contract add calder "Harbor Mutual" kind:insurer notice-hours:72 ends:2026-02-20 '
            "demands:MFA by:Lee",
        ),
        (("contract_incomplete", "ended"),),
        (),
    ),
    "policy ends in 20 days": Case(
        (
            "/disclose calder cyber_insurance applies by:Lee",
            '/engagement contract add calder "Harbor Mutual" kind:insurer notice-hours:72 ends:2026-03-22 '
            "demands:MFA by:Lee",
        ),
        (("", "22 March 2026"),),
        (),
    ),
    "reporting window open": Case(
        (
            '/engagement contract add calder "Harbor Mutual" kind:insurer notice-hours:72 starts:2025-02-01 '
            "ends:2026-02-01 report-days:60 demands:MFA by:Lee",
        ),
        (("", "2 April 2026"),),
        (),
    ),
    "reask overdue": Case(
        ("/disclose calder hipaa applies by:Lee on:2025-01-10",), (("disclosure_reask", "10 January 2026"),), ()
    ),
    "reask due today": Case(("/disclose calder hipaa applies by:Lee on:2025-03-02",), (), (("disclosure_reask", ""),)),
    "declined to say": Case(
        ("/disclose calder hipaa declined by:Lee",),
        (("disclosure_responsibility", "declined"),),
        (("regulation_agreement", ""),),
    ),
    "cmmc keeps r2": Case(
        ("/disclose calder cmmc applies by:Lee", "/engagement framework adopt calder nist-800-171 2"),
        (),
        (("care_outdated", "800-171"),),
    ),
    "r2 without cmmc": Case(
        ("/engagement framework adopt calder nist-800-171 2",), (("care_outdated", "800-171"),), ()
    ),
    "cmmc does not apply": Case(
        ("/disclose calder cmmc does_not_apply by:Lee", "/engagement framework adopt calder nist-800-171 2"),
        (("care_outdated", "800-171"),),
        (),
    ),
    "one agreement behind": Case(
        (
            "/engagement framework adopt calder nist-csf 2.0",
            "/engagement framework adopt calder nist-csf 1.1 agreement:SOW-A",
        ),
        (("care_outdated", "SOW-A"),),
        (("care_outdated", "the client is"),),
    ),
    "BAA draft": Case(
        (
            "/disclose calder hipaa applies by:Lee",
            "/engagement agreement add calder BAA-1 kind:baa effective:2026-01-01 initial-term:12m",
        ),
        (("regulation_agreement", "BAA"),),
        (),
    ),
    "BAA terminated": Case(
        (
            "/disclose calder hipaa applies by:Lee",
            "/engagement agreement add calder BAA-1 kind:baa effective:2025-01-01 signed:2025-01-01 initial-term:36m",
            "/engagement agreement terminate calder BAA-1 on:2026-02-01 reason:x",
        ),
        (("regulation_agreement", "BAA"),),
        (),
    ),
    "BAA begins later": Case(
        (
            "/disclose calder hipaa applies by:Lee",
            "/engagement agreement add calder BAA-1 kind:baa effective:2026-04-01 signed:2026-02-20 initial-term:12m",
        ),
        (("regulation_agreement", "BAA"),),
        (),
    ),
    "hipaa unknown": Case(
        ("/disclose calder hipaa unknown by:Lee",),
        (("disclosure_responsibility", "does not know"),),
        (("regulation_agreement", ""),),
    ),
    "amendment unexplained": Case(
        (
            "/engagement topic set calder SOW-A present topic:limitation_of_liability clause:9 initialled:2026-01-05",
            '/engagement walkthrough record calder SOW-A to:"Lee Marsh, COO" on:2026-01-05 '
            "topic:limitation_of_liability may-sign:yes",
            "/engagement agreement add calder ADD-1 kind:amendment parent:SOW-A effective:2026-02-15 signed:2026-02-15",
            '/engagement matrix set calder ADD-1 "Server backup" client clause:1',
        ),
        (("agreement_", "explained"),),
        (),
    ),
    "explained to who may not sign": Case(
        ('/engagement walkthrough record calder SOW-A to:"Pat, clerk" on:2026-02-05 may-sign:no',),
        (("agreement_explained_partly", "sign"),),
        (),
    ),
    "hearer is the signer": Case(
        (
            "/engagement topic set calder SOW-A present topic:limitation_of_liability clause:9 initialled:2026-01-05",
            '/engagement walkthrough record calder SOW-A to:"Lee Marsh, COO" on:2026-01-05 '
            "topic:limitation_of_liability",
            '/engagement agreement edit calder SOW-A signer:"Lee Marsh, COO"',
        ),
        (),
        (("agreement_explained_partly", "may sign"),),
    ),
    "own regulation needs a DPA": Case(
        (
            '/engagement catalogue add "Brazil LGPD" kind:law jurisdiction:BR paper:dpa protects:data '
            'concerns:all citation:"Lei 13.709"',
            '/disclose calder "brazil lgpd" applies by:Lee',
        ),
        (("regulation_agreement", "LGPD"),),
        (),
    ),
    "own regulation to come": Case(
        (
            '/engagement catalogue add "Acme Act" kind:law jurisdiction:US paper:dpa in-force-from:2026-09-01 '
            "citation:x",
            '/disclose calder "acme act" applies by:Lee',
        ),
        (("regulation_agreement", "Acme"),),
        (("regulation_agreement", "critical"),),
    ),
    "hipaa taken back": Case(
        ("/disclose calder hipaa applies by:Lee", "/disclose calder hipaa does_not_apply by:Lee"),
        (),
        (("regulation_agreement", ""),),
    ),
    "gdpr with DPA, no SCC": Case(
        (
            "/disclose calder gdpr applies by:Lee",
            "/engagement agreement add calder DPA-1 kind:dpa effective:2026-01-01 signed:2026-01-01 initial-term:36m",
        ),
        (("regulation_evidence", "standard contractual"),),
        (("regulation_agreement", ""),),
    ),
    "policy that another follows": Case(
        (
            "/engagement contract add calder Chubb kind:insurer reference:P-26 starts:2025-03-15 ends:2026-03-14",
            "/engagement contract add calder chubb kind:insurer reference:P-27 starts:2026-03-15 ends:2027-03-14",
        ),
        (),
        (("contract_ending", ""),),
    ),
    "policy followed after a gap": Case(
        (
            "/engagement contract add calder Chubb kind:insurer reference:P-26 starts:2025-03-15 ends:2026-03-14",
            "/engagement contract add calder Chubb kind:insurer reference:P-27 starts:2026-03-16 ends:2027-03-14",
        ),
        (("contract_ending", "P-26"),),
        (),
    ),
    "policy that ended and is followed": Case(
        (
            "/engagement contract add calder Chubb kind:insurer reference:P-25 starts:2025-02-01 ends:2026-01-31",
            "/engagement contract add calder Chubb kind:insurer reference:P-26 starts:2026-02-01 demands:MFA "
            "notice-hours:72",
        ),
        (),
        (("contract_incomplete", ""),),
    ),
    "law to come before the paper": Case(
        (
            '/engagement catalogue add "Acme Act" kind:law jurisdiction:US paper:dpa in-force-from:2026-09-01 '
            "citation:x",
            '/disclose calder "acme act" applies by:Lee',
            "/engagement agreement add calder DPA-1 kind:dpa effective:2026-12-01 signed:2026-01-01 initial-term:36m",
            "/engagement agreement add calder DPA-2 kind:dpa effective:2027-12-01 signed:2026-01-01 initial-term:36m",
        ),
        (("regulation_agreement", "DPA-1, begins on 1 December 2026 only"),),
        (("regulation_agreement", "no signed"),),
    ),
    "two contracts, one complete": Case(
        (
            "/disclose calder contractual_requirements applies by:Lee",
            '/engagement contract add calder "Big Buyer" kind:customer notice-hours:24 demands:MFA by:Lee',
            '/engagement contract add calder "Other Buyer" kind:customer by:Lee',
        ),
        (("contract_incomplete", "Other Buyer"),),
        (("contract_incomplete", "Big Buyer"), ("contract_none", "")),
    ),
    "insurer's control is the client's row": Case(
        (
            '/engagement insurance require calder "End-user application training" implemented-by:msp '
            'attested-by:"Lee" attested:2026-02-01 evidence:https://files.calder.com/a.pdf',
        ),
        (("contradiction_", "training"),),
        (),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_check_finds(calder: Desk, case: Case) -> None:
    for line in case.lines:
        calder.type(line, user=MANAGER)
    findings = calder.type("/engagement check calder everything:yes").data["findings"]
    said = [(each["rule"], f"{each['severity']} {each['subject']} {each['reason']}".lower()) for each in findings]

    def hits(rule: str, words: str) -> list[str]:
        return [text for key, text in said if key.startswith(rule) and words.lower() in text]

    assert [each for each in case.found if not hits(*each)] == []
    assert [each for each in case.left if hits(*each)] == []
