"""The shipped regulations: complete, sourced, and found by the names people type."""

from urllib.parse import urlsplit

import pytest

from storage.catalog import regulations
from storage.catalog.regulations import Paper, Regulation
from storage.records import AgreementKind, DisclosureAnswer, Period, RegulationKind

STATES = (
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA "
    "RI SC SD TN TX UT VT VA WA WV WI WY"
)
ASKED_FOR = (
    "hipaa", "pci_dss", "gdpr", "uk_gdpr", "glba_safeguards", "sox", "cmmc", "dfars_7012", "ftc_act_5", "iso_27001",
    "soc_2", "nydfs_500", "cjis", "ferpa", "nerc_cip", "dora", "nis2", "au_privacy_act", "pipeda", "ccpa", "vcdpa",
    "cyber_insurance", "contractual_requirements",
)  # fmt: skip
EVERY = regulations.all_of_them()


def stanza(**changes: str) -> str:
    fields = {
        "key": '"brazil_lgpd"', "title": '"LGPD"', "kind": '"law"', "protects": '"personal data"',
        "applies_to": '"those who process it"', "source_url": '"https://example.org"', "jurisdiction": '"BR"',
        "reask_every": '"12m"',
    } | changes  # fmt: skip
    return "[[regulation]]\n" + "\n".join(f"{name} = {value}" for name, value in fields.items()) + "\n"


@pytest.mark.parametrize("key", ASKED_FOR)
def test_has_the_regulations_that_clients_are_asked_about(key: str) -> None:
    assert regulations.get(key).key == key


def test_keys_and_names_belong_to_one_regulation_each() -> None:
    assert len({regulation.key for regulation in EVERY}) == len(EVERY)
    assert len({regulation.title for regulation in EVERY}) == len(EVERY)
    for regulation in EVERY:
        for name in regulation.names:
            assert regulations.find(name) is regulation, name


@pytest.mark.parametrize("regulation", EVERY, ids=lambda regulation: regulation.key)
def test_an_entry_is_complete(regulation: Regulation) -> None:
    link = urlsplit(regulation.source_url)
    assert link.scheme == "https"
    assert "." in link.netloc
    assert regulation.protects
    assert regulation.applies_to
    assert regulation.industries
    assert regulation.reask_every.value > 0
    assert Period.parse(str(regulation.reask_every)) == regulation.reask_every
    assert len(set(regulation.required_paper)) == len(regulation.required_paper)
    assert len(regulation.key) <= 60, "a disclosure keeps no longer key"
    assert "{" not in f"{regulation.title}{regulation.aliases}{regulation.protects}{regulation.applies_to}"
    if regulation.kind is RegulationKind.LAW:
        assert regulation.citation, "a law is named by its citation"


def test_every_state_has_its_breach_law_with_a_source_of_its_own() -> None:
    laws = {law.jurisdiction: law for law in EVERY if law.family == "us_state_breach"}
    assert {f"US-{state}" for state in STATES.split()} <= set(laws)
    assert len({law.source_url for law in laws.values()}) == len(laws)
    assert len({law.citation for law in laws.values()}) == len(laws)
    assert all(law.place and law.place in law.title for law in laws.values())


def test_insurance_and_contracts_are_kinds_of_their_own() -> None:
    assert {regulation.kind for regulation in EVERY} == set(RegulationKind)
    assert regulations.get("cyber_insurance").kind is RegulationKind.INSURANCE
    assert regulations.get("contractual_requirements").kind is RegulationKind.CONTRACT


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("hipaa", "hipaa"), ("HIPAA", "hipaa"), ("  Hipaa. ", "hipaa"), ("PCI", "pci_dss"), ("pci-dss", "pci_dss"),
        ("PCI DSS", "pci_dss"), ("pci_dss", "pci_dss"), ("gdpr", "gdpr"), ("the GDPR", "gdpr"), ("UK-GDPR", "uk_gdpr"),
        ("soc2", "soc_2"), ("ISO/IEC 27001", "iso_27001"), ("GLBA", "glba_safeguards"), ("NIS 2", "nis2"),
        ("23 NYCRR 500", "nydfs_500"), ("Australia's Privacy Act", "au_privacy_act"), ("CCPA", "ccpa"),
        ("insurance", "cyber_insurance"), ("cyber insurance", "cyber_insurance"), ("TX breach", "texas_breach"),
        ("Texas breach notification law", "texas_breach"), ("west virginia breach", "west_virginia_breach"),
        ("Illinois Personal Information Protection Act", "illinois_breach"),
        ("D.C. breach notification law", "district_of_columbia_breach"),
    ],
)  # fmt: skip
def test_finds_what_people_type(typed: str, key: str) -> None:
    found = regulations.find(typed)
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize("typed", ["", "   ", "hippa", "privacy", "breach", "gdprs and more", "virginia"])
def test_never_guesses(typed: str) -> None:
    assert regulations.find(typed) is None


@pytest.mark.parametrize(
    ("typed", "title"),
    [("hippa", "HIPAA"), ("pci ds", "PCI DSS"), ("cmcc", "CMMC"), ("texas breech", "Texas breach notification law")],
)
def test_says_what_comes_close(typed: str, title: str) -> None:
    assert regulations.near(typed)[0] == title
    assert regulations.near("zzzz") == []


def test_paper_that_is_an_agreement_says_which_kind() -> None:
    assert regulations.get("hipaa").required_paper == (Paper.BAA,)
    assert Paper.BAA.agreement_kind is AgreementKind.BAA
    assert Paper.DPA.agreement_kind is AgreementKind.DPA
    assert Paper.AOC.agreement_kind is None
    assert all(paper.in_words for paper in Paper)


@pytest.mark.parametrize(
    ("industry", "country", "subdivision", "asked", "not_asked"),
    [
        ("dental", "US", "NY", {"hipaa", "pci_dss", "cyber_insurance", "new_york_breach"}, {"cmmc", "texas_breach"}),
        ("Manufacturing", "US", None, {"cmmc", "pci_dss", "gdpr"}, {"hipaa", "ferpa", "illinois_breach", "pipeda"}),
        ("community bank", "US", "VA", {"glba_safeguards", "vcdpa", "virginia_breach"}, {"cjis", "dora"}),
        ("bank", "DE", None, {"dora", "nis2", "gdpr"}, {"glba_safeguards", "uk_gdpr", "delaware_breach"}),
        ("K-12 school district", "US", "CA", {"ferpa", "ccpa"}, {"cmmc"}),
        (None, None, None, {"pci_dss", "cyber_insurance", "gdpr"}, {"hipaa", "texas_breach"}),
        ("something unheard of", "GB", None, {"uk_gdpr", "gdpr", "cyber_essentials"}, {"hipaa", "ftc_act_5"}),
    ],
)  # fmt: skip
def test_asks_a_client_what_its_industry_and_place_suggest(
    industry: str | None, country: str | None, subdivision: str | None, asked: set[str], not_asked: set[str]
) -> None:
    keys = {regulation.key for regulation in regulations.likely(industry, country, subdivision)}
    assert asked <= keys
    assert not not_asked & keys


def test_adding_one_is_adding_a_stanza() -> None:
    (added,) = regulations.read(stanza(required_paper='["dpa"]', aliases='["Lei Geral"]'))
    assert (added.key, added.reask_every, added.required_paper) == ("brazil_lgpd", Period.parse("12m"), (Paper.DPA,))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (stanza(kind='"rumour"'), "brazil_lgpd: 'rumour' is not a valid RegulationKind"),
        (stanza(reask_every='"often"'), 'brazil_lgpd: "often" is not a length of time'),
        (stanza(required_paper='["napkin"]'), "brazil_lgpd: 'napkin' is not a valid Paper"),
        (stanza(industries='["circus"]'), "brazil_lgpd: industries not in"),
        (stanza(colour='"blue"'), "brazil_lgpd: .*colour"),
        (stanza() + stanza(), "two regulations with this key"),
        (stanza() + stanza(key='"other"'), 'other: "LGPD" is also a name of brazil_lgpd'),
        ("[[regulation]]\nkey = 'bare'\n", "bare: "),
    ],
)
def test_a_wrong_stanza_is_named(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        regulations.read(text)


def test_an_answer_never_comes_with_the_catalogue() -> None:
    names = {name.lower() for regulation in EVERY for name in regulation.names}
    assert not names & {answer.value for answer in DisclosureAnswer}
