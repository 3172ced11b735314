"""The catalogue as people see it: clocks with sources, laws that bind nobody yet, dates that are said in time."""

from datetime import UTC, date, datetime

import pytest

from commands.disclosures.in_force import dates_of, why_not
from commands.reminders.rule_dates import rule_dates
from storage.catalog import frameworks, regulations, safe_harbors
from storage.catalog.deadlines import Start, Teller, TimeUnit, Told, read_deadlines
from storage.records import ReminderKind
from tests.commands.conftest import VIEWER, Desk

EVERY = regulations.all_of_them()


@pytest.mark.parametrize(
    ("key", "who", "tells", "within", "unit", "start"),
    [
        ("california_breach", "owner", "people", 30, "days", "discovery"),
        ("california_breach", "owner", "authority", 15, "days", "notice_to_people"),
        ("oklahoma_breach", "owner", "authority", 60, "days", "notice_to_people"),
        ("new_york_breach", "owner", "people", 30, "days", "discovery"),
        ("texas_breach", "owner", "authority", 30, "days", "determination"),
        ("florida_breach", "processor", "owner", 10, "days", "determination"),
        ("georgia_breach", "processor", "owner", 24, "hours", "discovery"),
        ("reg_s_p", "processor", "owner", 72, "hours", "discovery"),
        ("reg_s_p", "owner", "people", 30, "days", "discovery"),
        ("hipaa", "processor", "owner", 60, "days", "discovery"),
        ("gdpr", "owner", "authority", 72, "hours", "discovery"),
        ("dfars_7012", "owner", "authority", 72, "hours", "discovery"),
        ("glba_safeguards", "owner", "authority", 30, "days", "discovery"),
        ("sec_8k_cyber", "owner", "authority", 4, "business days", "determination"),
        ("iowa_breach", "owner", "authority", 5, "business days", "notice_to_people"),
        ("vermont_breach", "owner", "authority", 14, "business days", "discovery"),
        ("new_york_breach", "processor", "owner", 30, "days", "discovery"),
        ("new_york_breach", "owner", "authority", 72, "hours", "determination"),
        ("indiana_breach", "owner", "authority", 45, "days", "discovery"),
        ("indiana_breach", "processor", "owner", 45, "days", "discovery"),
        ("nydfs_500", "owner", "authority", 30, "days", "discovery"),
        ("alabama_breach", "processor", "owner", 10, "days", "discovery"),
        ("maryland_breach", "processor", "owner", 10, "days", "discovery"),
        ("oregon_breach", "processor", "owner", 10, "days", "discovery"),
        ("dora", "owner", "authority", 4, "hours", "determination"),
        ("dora", "owner", "authority", 24, "hours", "discovery"),
        ("nis2", "owner", "authority", 24, "hours", "discovery"),
    ],
)
def test_a_clock_is_as_its_source_says(key: str, who: str, tells: str, within: int, unit: str, start: str) -> None:
    wanted = (Teller(who), Told(tells), within, TimeUnit(unit), Start(start))
    found = [(each.who, each.tells, each.within, each.unit, each.start) for each in regulations.get(key).deadlines]
    assert wanted in found


@pytest.mark.parametrize(
    ("key", "who", "tells", "authority", "condition"),
    [
        ("rhode_island_breach", "owner", "authority", "Attorney General", "more than 500 residents"),
        ("north_dakota_breach", "owner", "authority", "Attorney General", "more than 250 individuals"),
        ("maine_breach", "owner", "authority", "Attorney General, or the Department", None),
        ("new_hampshire_breach", "owner", "authority", "the regulator of the trade", None),
        ("hawaii_breach", "owner", "authority", "Office of Consumer Protection", "more than 1,000 people are told"),
        ("south_carolina_breach", "owner", "authority", "Consumer Protection Division", "more than 1,000 residents"),
        ("new_york_breach", "owner", "authority", "Attorney General, Department of State", "any resident is told"),
        ("oregon_breach", "processor", "authority", "Attorney General", "more than 250 consumers, or it cannot tell"),
        ("wyoming_breach", "processor", "owner", None, None),
        ("nebraska_breach", "processor", "owner", None, None),
        ("new_jersey_breach", "processor", "owner", None, None),
        ("pennsylvania_breach", "processor", "owner", None, None),
        ("pennsylvania_breach", "owner", "authority", "Attorney General", "more than 500 residents"),
        ("puerto_rico_breach", "owner", "people", None, None),
        ("puerto_rico_breach", "processor", "owner", None, None),
    ],
)
def test_nobody_who_has_to_be_told_is_left_out(
    key: str, who: str, tells: str, authority: str | None, condition: str | None
) -> None:
    found = [each for each in regulations.get(key).deadlines if (each.who, each.tells) == (Teller(who), Told(tells))]
    assert any(
        (each.authority or "").startswith(authority or "") and (each.condition or "").startswith(condition or "")
        for each in found
    )


def test_georgia_binds_only_whom_it_names() -> None:
    """O.C.G.A. 10-1-912(a): "any information broker or data collector"; 10-1-911 calls public bodies the latter."""
    assert "information brokers" in regulations.get("georgia_breach").applies_to
    assert "elsewhere" not in regulations.get("georgia_breach").applies_to


def test_what_rests_on_a_weak_source_says_so() -> None:
    [texas] = safe_harbors.of_state("US", "TX")
    for said in (texas.checked_with, regulations.get("circia").checked_with):
        assert said is not None
        assert "Weak: " in said
    assert "in one reprint only" in texas.also[0]


def test_a_duty_that_was_not_compared_with_its_entry_is_not_called_verified() -> None:
    """What an entry was compared with says so; an incident's clock would else be "last verified"."""
    owed_to_owner = [
        (law.key, each.is_compared) for law in EVERY for each in law.deadlines if each.tells is Told.OWNER
    ]  # fmt: skip
    said = ("telling the owner was not", "tells the owner was not", "to tell the owner was not", "time was not")
    left_out = {law.key for law in EVERY if any(each in (law.checked_with or "") for each in said)}
    assert {key for key, is_compared in owed_to_owner if not is_compared} == left_out
    assert len(left_out) == 7


def test_utah_does_not_name_the_cybersecurity_framework() -> None:
    """78B-4-703(1)(b)(ii) lists SP 800-171, SP 800-53, FedRAMP, the CIS Controls and the ISO 27000 family."""
    [utah] = safe_harbors.of_state("US", "UT")
    assert utah.frameworks == ("nist-800-171", "nist-800-53", "cis", "iso-27001")
    assert utah.revision is None


def test_in_texas_a_law_or_pci_dss_alone_is_no_framework() -> None:
    """542.004(b) joins them to a framework by "and": each is needed where the business is subject to it."""
    [texas] = safe_harbors.of_state("US", "TX")
    assert "pci-dss" not in texas.frameworks
    assert not {"hipaa", "glba_safeguards"} & set(texas.regulations)
    assert "besides the framework: HIPAA" in texas.also[0]


def test_fedramp_counts_where_the_statute_names_it() -> None:
    """Beside 78B-4-703: Ohio 1354.03, Connecticut PA 21-119, Iowa 554G.3 and Texas 542.004."""
    naming = {each.jurisdiction for each in safe_harbors.all_of_them() if "fedramp" in each.regulations}
    assert naming == {"US-OH", "US-UT", "US-CT", "US-IA", "US-TX"}


def test_every_clock_has_a_place_where_it_says_so() -> None:
    for regulation in EVERY:
        for each in regulation.deadlines:
            assert each.citation, regulation.key
            assert each.promptly or each.within, regulation.key
            assert (each.tells is Told.AUTHORITY) == (each.authority is not None), regulation.key


def test_every_breach_law_says_when_people_or_the_authority_are_told() -> None:
    laws = [each for each in EVERY if each.family == "us_state_breach"]
    assert len(laws) == 54
    assert [each.key for each in laws if not each.deadlines] == []
    processors = [each for each in laws if any(one.who is Teller.PROCESSOR for one in each.deadlines)]
    assert len(processors) >= 40


def test_keys_that_entries_refer_to_exist() -> None:
    for regulation in EVERY:
        assert regulation.framework is None or frameworks.shipped().get(regulation.framework), regulation.key
        assert (regulation.checked_on is None) == (regulation.checked_with is None), regulation.key
    for family in frameworks.shipped().families:
        for version in family.versions:
            assert all(regulations.get(key) for key in version.still_required_by), family.key


@pytest.mark.parametrize(
    ("key", "on", "words"),
    [
        ("louisiana_privacy", "2026-11-27", "is not in force before 1 January 2027"),
        ("louisiana_privacy", "2027-01-01", None),
        ("alabama_privacy", "2027-04-30", "is not in force before 1 May 2027"),
        ("vermont_privacy", "2027-12-31", "is not in force before 1 January 2028"),
        ("hipaa", "2026-11-27", None),
        (
            "far_cui",
            "2026-11-27",
            "is not in force: proposed on 15 January 2025, and again, rewritten, on "
            "23 June 2026 with comments until 23 July 2026; not seen final",
        ),
    ],
)
def test_what_is_not_in_force_is_said(key: str, on: str, words: str | None) -> None:
    assert why_not(regulations.get(key), date.fromisoformat(on)) == words


def test_what_ended_is_said() -> None:
    text = (
        '[[regulation]]\nkey = "gone"\ntitle = "Gone"\nkind = "contract"\nprotects = "x"\napplies_to = "y"\n'
        'source_url = "https://example.org"\njurisdiction = "US"\nreask_every = "12m"\nended = "2026-05-01"\n'
    )
    (gone,) = regulations.read(text)
    assert why_not(gone, date(2026, 5, 1)) == "ended on 1 May 2026"
    assert why_not(gone, date(2026, 4, 30)) is None
    assert [each.what for each in dates_of(gone, frameworks.shipped())] == ["it is no longer in force"]


@pytest.mark.parametrize(
    ("stanza", "reason"),
    [
        ({"who": "owner", "tells": "people", "within": "soon"}, '"soon" is not a time to tell somebody'),
        ({"who": "owner", "tells": "people"}, "within: or promptly:"),
        ({"who": "nobody", "tells": "people", "within": "3 days"}, "nobody"),
        ({"who": "owner", "tells": "people", "within": "3 days", "since": "May"}, '"May" is not a day'),
    ],
)
def test_a_wrong_clock_is_named(stanza: dict[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_deadlines([stanza])


def test_show_says_state_clocks_and_sources(desk: Desk) -> None:
    reply = desk.type("/engagement catalogue show california breach", user=VIEWER)
    assert reply.table is not None
    assert ("whoever owns the data", "the people concerned") in [row[:2] for row in reply.table.rows]
    assert "within 30 days of discovering it" in reply.table.rows[0][2]
    assert "no legal advice" in reply.cautions[0]
    proposed = desk.type("/engagement catalogue show hipaa").lines
    assert any(line.startswith("Only proposed, as last seen on 30 June 2026") for line in proposed)


def test_check_lists_what_nobody_verified_within_a_year(desk: Desk) -> None:
    desk.now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    now = desk.type("/engagement catalogue check", user=VIEWER).data
    assert "california_breach" not in now["not_verified"]
    assert "california_breach" not in [each.key for each in EVERY if each.checked_on is None]
    never = {each.key for each in EVERY if each.checked_on is None}
    never |= {each.key for each in frameworks.shipped().families if each.checked_on is None}
    never |= {each.key for each in safe_harbors.all_of_them() if each.checked_on is None}
    assert set(now["not_verified"]) == never
    desk.now = datetime(2027, 11, 29, 12, tzinfo=UTC)
    later = desk.type("/engagement catalogue check").data
    assert "california_breach" in later["not_verified"]
    assert len(later["not_verified"]) == later["entries"]


def test_a_law_that_is_not_in_force_is_recorded_with_a_caution(desk: Desk) -> None:
    desk.now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    desk.type("/engagement client add Bayou")
    said = desk.type("/disclose bayou louisiana privacy applies by:Pat").cautions
    assert any("is not in force before 1 January 2027" in each for each in said)
    table = desk.type("/engagement disclosure list bayou").table
    assert table is not None
    assert table.rows[0][-1] == "current; it is not in force before 1 January 2027"
    found = desk.type("/engagement check bayou").data["findings"]
    [missing] = [each for each in found if each["rule"] == "regulation_agreement"]
    assert missing["severity"] == "low"
    answers = desk.type("/engagement disclosure answers bayou asked:vermont_privacy applies:vermont_privacy by:Pat")
    assert any("is not in force before 1 January 2028" in each for each in answers.cautions)


def test_days_on_which_rules_change_are_said_to_whom_they_concern(desk: Desk) -> None:
    desk.now = datetime(2026, 11, 1, 12, tzinfo=UTC)
    desk.type("/engagement client add Defender")
    desk.type("/engagement client add Bystander")
    desk.type("/disclose defender cmmc applies by:Pat")
    desk.type("/engagement framework adopt defender cmmc 2.0")
    desk.type("/disclose bystander cmmc no by:Pat")

    def said(name: str, today: date) -> list[tuple[date, str]]:
        with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
            client = next(each for each in uow.clients.list() if each.name == name)
            found = list(rule_dates(uow, client, today))
        assert {each.kind for each in found} <= {ReminderKind.RULE_DATE}
        return [(each.due_on, each.label) for each in found]

    phases = [on for on, _ in said("Defender", date(2026, 11, 1))]
    assert phases == [date(2026, 11, 10), date(2027, 11, 10), date(2028, 11, 10)]
    assert "phase 2" in said("Defender", date(2026, 11, 20))[0][1]
    assert date(2026, 11, 10) not in [on for on, _ in said("Defender", date(2026, 11, 25))]
    assert said("Bystander", date(2026, 11, 1)) == []
    planned = desk.type("/engagement reminder list defender").data.get("reminders", [])
    assert any("phase 2" in str(each) for each in planned)


def test_an_older_revision_that_a_regulation_still_requires_is_no_finding(desk: Desk) -> None:
    desk.type("/engagement client add Defender")
    desk.type("/engagement framework adopt defender nist-800-171 2")
    outdated = [each["rule"] for each in desk.type("/engagement check defender").data["findings"]]
    assert "care_outdated" in outdated
    desk.type("/disclose defender cmmc applies by:Pat")
    bound = [each["rule"] for each in desk.type("/engagement check defender").data["findings"]]
    assert "care_outdated" not in bound
    again = desk.type("/engagement framework adopt defender nist-800-171 2")
    assert again.cautions == ("3 is newer, but for CMMC it is 2 that counts.",)
    newer = desk.type("/engagement framework adopt defender nist-800-171 3")
    assert newer.cautions == ("For CMMC it is 2 that counts.",)
    desk.type("/engagement framework adopt defender nist-800-171 2")
    affected = desk.type("/engagement framework affected nist-800-171").cautions
    assert affected == ("Defender: for CMMC the older one still counts.",)
    planned = desk.type("/engagement reminder list defender").data.get("reminders", [])
    assert not any("is published" in str(each) for each in planned)
