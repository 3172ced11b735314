"""Incidents: their sheet of clocks, what is known and what is not, the hold, and what is recorded about each clock."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from storage.catalog.regulations import all_of_them
from storage.database import Database
from tests.commands.conftest import MANAGER, TECHNICIAN, VIEWER, Desk, open_desk, set_up_calder

RECORD = (
    '/engagement incident record calder "Mailbox of the CFO taken over" discovered:2026-03-01 at:14:30 '
    'residents:"TX 1,200, California" data:"bank accounts"'
)
WHAT = 'calder "Mailbox of the CFO"'
POLICY = '/engagement contract add calder "Harbor Mutual" kind:insurer reference:CY-4711 notice-hours:72'


def sheet(desk: Desk) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in desk.type(f"/engagement incident show {WHAT}").data["clocks"]}


def test_recording_gives_the_clocks_and_holds_the_client(desk_on_each: Desk) -> None:
    desk = desk_on_each
    set_up_calder(desk)
    desk.type('/disclose calder hipaa applies by:"Pat Roe"')
    desk.type(POLICY)
    said = desk.type(RECORD, user=TECHNICIAN)
    assert said.headline.startswith("Calder Ridge: the incident is recorded. The client is on legal hold")
    clocks = sheet(desk)
    insurer = clocks["Contract with Harbor Mutual CY-4711: Harbor Mutual (insurer)"]
    assert (insurer["by"], insurer["words"]) == ("2026-03-04T20:30:00+00:00", "4 March 2026, 14:30 CST")
    assert clocks["California breach notification law: the people concerned"]["words"] == "31 March 2026"
    texas = clocks["Texas breach notification law: Attorney General"]
    assert (texas["condition"], texas["citation"], texas["state"]) == (
        "250 or more residents", "§ 521.053(i)", "open",
    )  # fmt: skip
    assert texas["verified"] == "last verified on 28 November 2026"
    assert (
        "verified on 28 November 2026" in clocks["California breach notification law: the people concerned"]["verified"]
    )
    keeper = clocks["Texas breach notification law: the owner of the data"]
    assert (keeper["tells"], keeper["by"], keeper["words"]) == ("keeper", None, "immediately after discovering it")
    assert not [each for each in clocks if each.startswith("New York")]
    desk.type("/engagement client offboard calder")
    assert "on legal hold" in desk.refused("/engagement client erase calder").message
    [held] = desk.type("/engagement hold list calder").data["holds"]
    assert held["reason"].startswith("Incident no. ")
    assert held["ended_on"] is None


def test_facts_that_become_known_change_the_clocks_and_keep_the_versions(desk_on_each: Desk) -> None:
    desk = desk_on_each
    set_up_calder(desk)
    desk.type('/disclose calder hipaa applies by:"Pat Roe"')
    desk.type(RECORD)
    assert sheet(desk)["HIPAA: the media"]["state"] == "open"
    desk.type(
        f'/engagement incident edit {WHAT} residents:"TX 200" residents:"NY 40, CA 10" people:300 determined:2026-03-02'
    )
    clocks = sheet(desk)
    assert clocks["HIPAA: the media"]["state"] == "below"
    assert clocks["Texas breach notification law: Attorney General"]["state"] == "below"
    assert clocks["Texas breach notification law: the people concerned"]["words"] == "1 May 2026"
    assert "New York breach notification law: the people concerned" in clocks
    desk.type(f"/engagement incident edit {WHAT} without:NY")
    assert not [each for each in sheet(desk) if each.startswith("New York")]
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        versions = uow.incidents.history(1)
        assert [each.residents for each in versions] == [
            ("US-TX 1200", "US-CA"), ("US-TX 200", "US-CA 10", "US-NY 40"), ("US-TX 200", "US-CA 10"),
        ]  # fmt: skip
        assert {each.number for each in versions} == {versions[0].id}


def test_a_clock_is_marked_and_taken_back(desk_on_each: Desk) -> None:
    desk = desk_on_each
    set_up_calder(desk)
    desk.type(POLICY)
    desk.type(RECORD)
    clock = 'clock:"Contract with Harbor"'
    said = desk.type(
        f'/engagement incident told {WHAT} {clock} to:"hotline" on:2026-03-02 at:08:00 proof:"call 17"', user=TECHNICIAN
    )
    [done] = [each for group in said.groups for each in group.entries if each.text.startswith("Contract")]
    assert "Told: hotline on 2 March 2026, 08:00" in done.detail
    assert "proof: call 17" in done.detail
    [told] = [each for name, each in sheet(desk).items() if name.startswith("Contract")]
    assert told["state"] == "told"
    desk.type(f"/engagement incident resume {WHAT} {clock}", user=MANAGER)
    desk.type(f'/engagement incident dismiss {WHAT} {clock} reason:"counsel: below the retention"', user=MANAGER)
    [told] = [each for name, each in sheet(desk).items() if name.startswith("Contract")]
    assert told["state"] == "not_applicable"
    assert (
        "is for the role manager or higher"
        in desk.refused(f"/engagement incident dismiss {WHAT} clock:Texas reason:x", user=TECHNICIAN).message
    )
    assert (
        "more than one clock begins with"
        in desk.refused(f"/engagement incident dismiss {WHAT} clock:Texas reason:x").message.lower()
    )
    assert (
        "no clock begins with"
        in desk.refused(f"/engagement incident dismiss {WHAT} clock:Ohio reason:x").message.lower()
    )


def test_telling_the_people_starts_what_counts_from_it(calder: Desk) -> None:
    calder.type(RECORD)
    name = "California breach notification law: Attorney General"
    assert sheet(calder)[name]["by"] is None
    calder.type(
        f'/engagement incident told {WHAT} clock:"California breach notification law: the people" to:"all by letter"'
    )
    assert sheet(calder)[name]["words"] == "17 March 2026"


def test_whose_job_it_is_comes_from_a_sure_row_known_at_the_discovery(calder: Desk) -> None:
    calder.type(RECORD.replace("Mailbox of the CFO", "First"))
    first = calder.type("/engagement incident show calder First").data["job"]
    assert first == "not documented, do not assume"
    calder.type('/engagement matrix set calder SOW-A "Breach notification" client clause:"SOW-A 8.1"')
    said = calder.type("/engagement incident show calder First")
    assert said.data["job"] == "not documented, do not assume"
    assert any(each.startswith("Recorded since the discovery") for each in said.cautions)
    calder.now += timedelta(days=1)
    calder.type('/engagement incident record calder "Second" discovered:2026-03-03 residents:TX')
    assert (
        "the client's, by the row “Breach notification” of SOW-A 8.1"
        in calder.type("/engagement incident show calder Second").data["job"]
    )


def test_says_what_is_not_known(calder: Desk) -> None:
    said = calder.type('/engagement incident record calder "Lost laptop" discovered:2026-03-02')
    told = " ".join(said.cautions)
    for words in (
        "no legal advice and no complete list", "Where the people concerned live is not recorded",
        "Which kinds of data", "No insurance policy is on record", "No contract of the client's with others",
        "What our own agreements say", "has not said whether these apply",
    ):  # fmt: skip
        assert words in told
    said = calder.type('/engagement incident edit calder "Lost laptop" residents:Mexico')
    assert any("no clock of a law of MX" in each for each in said.cautions)


def test_what_we_promised_counts_by_its_own_words(calder: Desk) -> None:
    calder.type('/engagement promise add calder "Notify the client of a security incident within 24 hours" source:sla')
    calder.type('/engagement promise add calder "Report incidents to the client" source:sla every:30d')
    calder.type(RECORD)
    promised = [each for name, each in sheet(calder).items() if name.startswith("Our promise")]
    assert sorted((each["words"], each["tells"]) for each in promised) == [
        ("2 March 2026, 14:30 CST", "us"), ("as it is worded", "us"),
    ]  # fmt: skip


def test_closing_keeps_the_hold_and_says_what_was_open(calder: Desk) -> None:
    calder.type(RECORD)
    said = calder.type(f'/engagement incident close {WHAT} reason:"counsel: no breach"', user=MANAGER)
    assert "still open when it was closed" in said.cautions[0]
    [held] = calder.type("/engagement hold list calder").data["holds"]
    assert held["ended_on"] is None
    assert calder.type("/engagement incident list").data["incidents"] == []
    assert len(calder.type("/engagement incident list calder history:yes").data["incidents"]) == 1
    assert "no open incident" in calder.refused(f"/engagement incident edit {WHAT} people:3").message
    calder.type(f"/engagement incident reopen {WHAT}", user=MANAGER)
    assert len(calder.type("/engagement incident list calder").data["incidents"]) == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (RECORD.replace("2026-03-01", "2026-03-03"), "discovered"),
        (RECORD.replace("2026-03-01", "2026-03-02").replace("14:30", "23:59"), "has not come yet"),
        (RECORD.replace("14:30", "noonish"), "not a time of day"),
        (RECORD.replace("TX 1,200", "Atlantis"), "no state or country"),
        (f"{RECORD} people:10", "fewer than the 1,200"),
        (f"{RECORD} determined:2026-02-28", "before it was discovered"),
    ],
)
def test_wrong_input_is_said_and_nothing_is_kept(calder: Desk, line: str, said: str) -> None:
    assert said in calder.refused(line).message
    assert calder.type("/engagement incident list").data["incidents"] == []
    assert calder.type("/engagement hold list calder").data["holds"] == []


def test_one_name_is_one_incident(calder: Desk) -> None:
    calder.type(RECORD)
    assert "recorded already" in calder.refused(RECORD).message


def test_viewers_see_no_incident(calder: Desk) -> None:
    calder.type(RECORD)
    assert calder.refused("/engagement incident list", user=VIEWER)


def test_a_law_that_was_not_in_force_has_no_clock(sqlite_database: Database) -> None:
    desk = open_desk(sqlite_database)
    set_up_calder(desk)
    desk.type('/engagement incident record calder "Old one" discovered:2025-12-01 residents:CA')
    names = [each["name"] for each in desk.type('/engagement incident show calder "Old one"').data["clocks"]]
    # SB 446 gives California's numbers to what was discovered since 1 January 2026.
    assert names == ["California breach notification law: the owner of the data"]


def test_home_says_it_first_and_the_check_finds_it(calder: Desk) -> None:
    calder.type(POLICY)
    calder.type(RECORD)
    said = calder.type("/engagement home", user=TECHNICIAN)
    assert said.data["sections"][0] == "Open incidents (1)"
    assert "next: Contract with Harbor Mutual CY-4711" in said.sections[0].items[0].detail
    assert "incident" not in calder.type("/engagement home", user=VIEWER).data["sections"][0].lower()
    findings = {each["rule"]: each for each in calder.type("/engagement check calder").data["findings"]}
    assert findings["incident_open"]["severity"] == "high"
    calder.now += timedelta(days=3)
    findings = {each["rule"]: each for each in calder.type("/engagement check calder").data["findings"]}
    assert findings["incident_open"]["severity"] == "critical"
    calder.type(f'/engagement incident close {WHAT} reason:"counsel: no breach"')
    rules = {each["rule"] for each in calder.type("/engagement check calder").data["findings"]}
    assert "incident_open" not in rules


def test_what_nobody_compared_with_its_source_is_said_where_it_is_used(calder: Desk) -> None:
    unread = next(each for each in all_of_them() if each.family == "us_state_breach" and each.checked_on is None)
    said = calder.type(RECORD.replace("TX 1,200", f"{unread.jurisdiction[-2:]} 1,200"))
    [told] = [each for each in said.cautions if each.startswith("Nobody has compared")]
    assert unread.title in told
    assert "California" not in told
    shown = calder.type(f"/engagement catalogue show {unread.key}")
    assert ("Verified", "never, as far as this is kept") in [(each.label, each.value) for each in shown.fields]
    assert any(each.startswith("Nobody has compared these times") for each in shown.cautions)
    read = calder.type("/engagement catalogue show california breach")
    assert not any(each.startswith("Nobody has compared") for each in read.cautions)
    assert any("say who must tell whom by when" in each for each in calder.type("/engagement catalogue check").lines)


def test_the_sheet_and_its_paper_have_the_insurers_contract(calder: Desk) -> None:
    calder.type(
        f'{POLICY} notice-to:"+1 555 0100" starts:2026-01-01 ends:2026-12-31 report-days:60 '
        "url:https://drive.calder-files.com/cy-4711"
    )
    said = {each.label: each.value for each in calder.type(RECORD).fields}
    assert said["Insurer"] == (
        "Harbor Mutual CY-4711; 1 January 2026 to 31 December 2026; to be told within 72 hours; +1 555 0100; claims "
        "until 60 days after its end; https://drive.calder-files.com/cy-4711"
    )
    paper = calder.type(f"/engagement paper incident {WHAT} format:docx").files[0].content
    with zipfile.ZipFile(io.BytesIO(paper)) as archive:
        assert "Harbor Mutual CY-4711; 1 January 2026" in archive.read("word/document.xml").decode()


def test_a_policy_that_was_not_running_is_said_to_be_so(calder: Desk) -> None:
    calder.type(f"{POLICY} starts:2026-03-02")
    said = {each.label: each.value for each in calder.type(RECORD).fields}
    assert "2 March 2026, not at the discovery" in said["Insurer"]


def test_an_insurer_that_is_named_only_by_its_demands_is_not_left_out(calder: Desk) -> None:
    calder.type(
        '/engagement insurance require calder "MFA for mail" insurer:"Prairie Mutual" policy:PM-1 on:2026-02-01'
    )
    told = " ".join(calder.type(RECORD).cautions)
    assert "Insurance requirements name Prairie Mutual PM-1, and no contract with an insurer is on record" in told
    assert "No insurance policy is on record" not in told


def test_a_clock_that_was_not_compared_is_not_called_verified(calder: Desk) -> None:
    calder.type(RECORD.replace("California", "Colorado"))
    clocks = sheet(calder)
    told = clocks["Colorado breach notification law: the people concerned"]["verified"]
    assert str(told).startswith("last verified on")
    owner = clocks["Colorado breach notification law: the owner of the data"]["verified"]
    assert owner == "never verified: read the source"
