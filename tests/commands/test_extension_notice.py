"""Notice to extend is a fact of its own: no notice against a renewal, with its own day, reminder, finding and event."""

import pytest

from storage.records import ReminderKind
from tests.commands.conftest import Desk
from tests.conftest import NOW

ADD = (
    "/engagement agreement add calder LEASE kind:other effective:2026-01-01 signed:2026-01-01 initial-term:12m "
    "renewal:manual renewal-term:12m extension-notice:90d"
)


@pytest.fixture
def leased(calder: Desk) -> Desk:
    calder.type(ADD)
    return calder


def fields(desk: Desk) -> dict[str, str]:
    return {each.label: each.value for each in desk.type("/engagement agreement show calder LEASE").fields}


def reminders(desk: Desk, kind: ReminderKind) -> list[str]:
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        return [str(each.deadline) for each in uow.reminders.of_client(1) if each.kind is kind]


def test_it_is_shown_with_the_last_day_and_is_no_notice(leased: Desk) -> None:
    shown = fields(leased)
    assert shown["Notice to extend"].startswith("90 days")
    assert shown["To extend it, say so by"].startswith("2026-10-02")
    assert "Notice" not in shown
    assert "Notice deadline" not in shown


def test_it_has_its_own_reminder_until_it_is_decided(leased: Desk) -> None:
    assert set(reminders(leased, ReminderKind.EXTENSION_DEADLINE)) == {"2026-10-02"}
    leased.type("/engagement renewal decide calder LEASE renew reason:fits notice-on:2026-03-01")
    with leased.database.open_unit(leased.workspace_id, writes=False) as uow:
        open_ones = [
            each for each in uow.reminders.of_client(1)
            if each.kind is ReminderKind.EXTENSION_DEADLINE and each.state.value == "pending"
        ]  # fmt: skip
    assert open_ones == []


def test_a_paper_that_renews_by_itself_has_no_such_day(calder: Desk) -> None:
    calder.type(ADD.replace("renewal:manual", "renewal:auto notice:60d"))
    assert "To extend it, say so by" not in fields(calder)
    assert reminders(calder, ReminderKind.EXTENSION_DEADLINE) == []


def test_the_check_finds_a_day_that_comes_near(leased: Desk) -> None:
    leased.now = NOW.replace(month=9, day=20)
    said = str(leased.type("/engagement check calder everything:yes"))
    assert "to extend it, somebody has to say so by 2 October 2026" in said


def test_it_is_in_the_calendar_and_can_be_taken_away(leased: Desk) -> None:
    [file] = leased.type("/engagement calendar").files
    assert "Last day to say that it is extended: LEASE" in file.content.decode().replace("\r\n ", "")
    leased.type('/engagement agreement edit calder LEASE extension-notice:""')
    assert "To extend it, say so by" not in fields(leased)


def test_words_of_a_paper_and_columns_of_a_file_give_it(calder: Desk) -> None:
    text = "The Client may extend the term by giving 90 days written notice before the end of the term"
    read = calder.type(f"/engagement agreement terms calder SOW-A {text}")
    assert read.data["stated"].get("extension_notice") == "90d"
    assert "notice" not in read.data["stated"]
    rows = (
        "client,reference,kind,effective,initial term,renewal,notice to extend\n"
        "Calder Ridge,LEASE,other,2026-01-01,12m,manual,90d\n"
    )
    calder.type("/engagement agreement import confirm:yes accept:yes", upload=("a.csv", rows.encode()))
    assert fields(calder)["Notice to extend"].startswith("90 days")


def test_the_list_says_what_each_day_is_for(calder: Desk) -> None:
    calder.type(ADD.replace("LEASE", "EARLY") + " notice:30d")
    calder.type(ADD.replace("LEASE", "LATE").replace("extension-notice:90d", "extension-notice:30d notice:90d"))
    found = [item.text for group in calder.type("/renewals calder 365d").groups for item in group.entries]
    assert any("EARLY: to be extended by 2026-10-02 (" in each for each in found)
    assert any("LATE: notice by 2026-10-02 (" in each for each in found)


def test_a_day_that_stands_twice_is_in_the_calendar_once(calder: Desk) -> None:
    [file] = calder.type("/engagement calendar calder").files
    said = file.content.decode().replace("\r\n ", "")
    assert "Send notice for SOW-A" in said
    assert "can arrive: SOW-A" not in said
    calder.type("/engagement agreement edit calder SOW-A notice-method:certified_mail")
    [file] = calder.type("/engagement calendar calder").files
    assert "can arrive: SOW-A" in file.content.decode().replace("\r\n ", "")
