"""What is on record today is told alike by every list, reminder, check and answer, on this day and on later ones."""

from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from commands.reminders.planner import planner_for
from commands.rules.dates.format import format_date
from commands.rules.reminders.kinds import dues
from storage.records.reminder import ReminderKind
from tests.commands.conftest import Desk
from tests.commands.test_papers import one_file, text_of
from tests.commands.test_real_life import DECIDE, YEARLY, cautions, fields, on, shown, typed

NO_RENEWAL = "effective:2026-01-01 signed:2026-01-01 initial-term:12m renewal:none notice:60d"
AMEND = "/engagement agreement add calder AM-1 kind:amendment parent:SOW-A"
END = "/engagement agreement terminate calder AM-1"
ASK = '/engagement matrix set calder SOW-A "Server backup" msp clause:7.1 since:2026-01-01'


def row(desk: Desk, command: str = "/engagement agreement list calder") -> dict[str, str]:
    """The cells of SOW-A by their columns; empty where it is not listed."""
    table = desk.type(command).table
    rows = [dict(zip(table.columns, each, strict=True)) for each in table.rows] if table else []
    return next((each for each in rows if each["Agreement"] == "SOW-A"), {})


def due(desk: Desk, kind: ReminderKind) -> list[str]:
    """What the reminders of that kind say that are planned, and will be."""
    policy = desk.dispatcher.policy
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        facts = planner_for(policy).facts(uow, uow.clients.list()[0], desk.now)
    return [each.headline for each in dues(facts) if each.kind is kind and not each.is_over]


def test_an_amendment_that_is_ended_in_advance_ends_what_it_extended(desk: Desk) -> None:
    typed(desk, ASK, terms=NO_RENEWAL).now = on("2026-10-02")
    desk.type(f"{AMEND} effective:2026-10-01 signed:2026-10-01 end:2027-12-31")
    desk.type(f"{END} on:2026-11-30")
    for day in ("2026-10-02", "2026-12-01"):
        desk.now = on(day)
        assert "it ends on 31 December 2026" in due(desk, ReminderKind.RENEWAL)[0]
        assert row(desk)["Term ends"] == "2026-12-31"
        assert row(desk, "/renewals calder 400d")["Term ends"] == "2026-12-31"
        assert shown(desk)["Current term"] == "2026-01-01 to 2026-12-31"
    desk.now = on("2026-10-02")
    assert "AM-1 ends on 30 November 2026, and with it what it changes: an end on 31 December 2027." in cautions(desk)
    assert desk.type("/scope calder as-of:2027-03-01 server backup").data["verdict"] == "lapsed"


def test_an_amendment_that_ends_after_the_term_without_it_carried_it_to_its_own_end(desk: Desk) -> None:
    typed(desk, ASK, terms=NO_RENEWAL).now = on("2026-10-02")
    desk.type(f"{AMEND} effective:2026-10-01 signed:2026-10-01 end:2027-12-31")
    desk.type(f"{END} on:2027-06-30")
    assert row(desk)["Term ends"] == "2027-06-30"
    desk.now = on("2027-07-01")
    assert (row(desk)["Stands"], row(desk)["Term ends"]) == ("lapsed", "2027-06-30")
    found = str(desk.type("/engagement check calder").data)
    assert "ended on 30 June 2027" in found
    assert desk.type("/scope calder as-of:2027-06-30 server backup").data["verdict"] == "msp"
    assert desk.type("/scope calder as-of:2027-07-01 server backup").data["verdict"] == "lapsed"


ANNOUNCED = [  # notice, the amendment, its last day, notice by, days asked
    ("90d", "effective:2026-02-01 signed:2026-02-01 notice:30d", "2026-06-30", "2026-10-02",
     ("2026-03-02", "2026-07-01")),
    ("30d", "effective:2026-09-01 signed:2026-02-01 notice:120d", None, "2026-09-02", ("2026-03-02", "2026-09-01")),
]  # fmt: skip


@pytest.mark.parametrize(("notice", "stated", "last", "by", "asked"), ANNOUNCED)
def test_notice_is_told_by_the_terms_of_its_last_day(
    desk: Desk, notice: str, stated: str, last: str | None, by: str, asked: tuple[str, ...]
) -> None:
    typed(desk, terms=YEARLY.replace("notice:60d", f"notice:{notice}")).now = on(asked[0])
    desk.type(f"{AMEND} {stated}")
    if last:
        desk.type(f"{END} on:{last}")
    for day in asked:
        desk.now = on(day)
        assert row(desk)["Notice by"] == by
        assert row(desk, "/renewals calder 400d")["Notice by"] == by
        assert shown(desk)["Notice deadline"] == by
        assert format_date(date.fromisoformat(by)) in due(desk, ReminderKind.NOTICE_DEADLINE)[0]


def test_notice_under_terms_that_are_known_to_end_ends_it_with_the_term_that_is_told(desk: Desk) -> None:
    typed(desk).now = on("2026-10-20")
    desk.type(f"{AMEND} effective:2026-10-01 signed:2026-10-01 end:2027-12-31")
    desk.type(f"{END} on:2026-11-30")
    reply = desk.type(f"{DECIDE} give_notice notice-on:2026-10-20 method:email reason:x")
    assert reply.headline.endswith("it counts, and ends it on 31 December 2026.")
    desk.now = on("2026-12-02")
    assert shown(desk)["Ends on"] == "2026-12-31"


def test_no_renewal_is_told_where_an_amendment_takes_it_away(desk: Desk) -> None:
    typed(desk, ASK).now = on("2026-09-28")
    desk.type(f"{AMEND} effective:2026-10-01 signed:2026-09-01 renewal:none")
    assert due(desk, ReminderKind.NOTICE_DEADLINE) == []
    assert due(desk, ReminderKind.RENEWAL) == [
        "Calder Ridge, SOW-A: it ends on 31 December 2026 unless somebody renews it."
    ]
    assert row(desk, "/renewals calder 400d")["Term ends"] == "2026-12-31"
    assert desk.type("/scope calder as-of:2027-03-01 server backup").data["verdict"] == "lapsed"


BY_HAND = "effective:2025-04-01 signed:2025-04-01 initial-term:12m renewal:manual renewal-term:12m notice:30d"
CORRECTIONS = [
    "/engagement agreement edit calder SOW-A effective:2025-04-02",
    "/engagement agreement edit calder SOW-A effective:2025-03-25",
    f"{AMEND} effective:2025-06-01 signed:2025-06-01 end:2026-04-05",
]


@pytest.mark.parametrize("correction", CORRECTIONS)
@pytest.mark.parametrize("corrected_on", ["2026-03-10", "2026-05-01"])
def test_a_renewal_by_hand_stays_with_its_term_when_a_date_is_corrected(
    desk: Desk, correction: str, corrected_on: str
) -> None:
    typed(desk, ASK, terms=BY_HAND).now = on("2026-03-02")
    desk.type(f"{DECIDE} renew reason:good")
    desk.now = on(corrected_on)
    desk.type(correction)
    said = due(desk, ReminderKind.RENEWAL) + due(desk, ReminderKind.NOTICE_DEADLINE)
    assert not any("2026" in each for each in said)
    desk.now = on("2026-05-01")
    assert shown(desk)["Stands"] == "in force"
    assert desk.type("/scope calder server backup").data["verdict"] == "msp"
    assert desk.type("/scope calder as-of:2027-05-01 server backup").data["verdict"] == "lapsed"


def test_the_newest_decision_about_a_corrected_term_holds(desk: Desk) -> None:
    typed(desk, terms=BY_HAND).now = on("2026-03-02")
    desk.type(f"{DECIDE} renew reason:good")
    desk.type("/engagement agreement edit calder SOW-A effective:2025-04-02")
    desk.type(f"{DECIDE} let_lapse reason:better")
    desk.now = on("2026-05-01")
    assert shown(desk)["Stands"] == "lapsed"


LATE_THEIRS = [
    ("2026-10-15", "2026-10-15", False),
    ("2026-11-05", "2026-11-05", True),
    ("2027-01-07", "2026-10-15", True),
]


@pytest.mark.parametrize(("now", "given", "is_renewed"), LATE_THEIRS)
def test_their_late_notice_leaves_ours_to_be_given(desk: Desk, now: str, given: str, is_renewed: bool) -> None:
    typed(desk, terms=f"{YEARLY} client-notice:90d").now = on(now)
    reply = desk.type(f"{DECIDE} give_notice side:client notice-on:{given} method:email reason:x")
    said = " ".join(reply.cautions)
    assert ("stands as renewed" in said) == is_renewed
    assert ("Our own notice can still be given: send it by 30 October 2026." in said) != is_renewed


NO_BUSINESS_DAY = [("2026-01-01", "2026-11-01", "2026-10-30"), ("2026-02-24", "2026-12-25", "2026-12-24")]


@pytest.mark.parametrize(("effective", "deadline", "arrive_by"), NO_BUSINESS_DAY)
def test_a_deadline_on_no_business_day_has_passed_when_nothing_can_arrive(
    desk: Desk, effective: str, deadline: str, arrive_by: str
) -> None:
    typed(desk, terms=YEARLY.replace("2026-01-01", effective)).now = on(arrive_by)
    assert row(desk)["Notice by"] == row(desk, "/renewals calder")["Notice by"] == arrive_by
    assert row(desk, "/renewals calder")["Days left"] == "0"
    assert shown(desk)["Stands"] == "in force, notice can be given now"
    desk.now = on(deadline)
    assert shown(desk)["Stands"] == "in force, the notice deadline has passed"
    assert all("2027" in each for each in due(desk, ReminderKind.NOTICE_DEADLINE))  # the next one
    reply = desk.type(f"{DECIDE} give_notice notice-on:{deadline} method:email reason:x")
    assert "does not count" in reply.headline
    assert not any("Send it" in each for each in reply.cautions)
    assert fields(reply)["Earliest end"][:4] in ("2027", "2028")


def test_a_day_to_send_it_that_has_passed_is_not_proposed(desk: Desk) -> None:
    typed(desk, terms=f"{YEARLY} notice-method:courier").now = on("2026-10-29")
    reply = desk.type(f"{DECIDE} give_notice reason:x")
    assert any("It has to arrive by courier by 30 October 2026." in each for each in reply.cautions)


def test_a_day_for_notice_that_has_passed_is_said_to_have_passed(desk: Desk) -> None:
    typed(desk, terms=f"{YEARLY} notice-method:courier").now = on("2026-10-27")
    assert shown(desk)["Notice deadline"] == "2026-11-01"
    assert shown(desk)["Send notice by"] == "2026-10-28"
    desk.now = on("2026-10-29")
    assert shown(desk)["Send notice by"] == "2026-10-28 has passed; it has to arrive by 2026-10-30"
    desk.now = on("2026-11-01")
    assert shown(desk)["Notice deadline"] == "2026-11-01, but 2026-10-30, the last business day up to it, has passed"
    desk.now = on("2026-11-02")
    found = shown(desk)
    assert found["Notice deadline"] == "2026-11-01, which has passed"
    assert found["Next notice deadline"] == "2027-11-01"
    assert "Send notice by" not in found
    [group] = desk.type("/renewals calder 90d").groups
    assert (group.title, group.entries[0].text) == (
        "December 2026",
        "Calder Ridge, SOW-A: ends on 2026-12-31 (59 days left)",
    )


ENDLESS = "effective:2024-01-01 signed:2024-01-01 term:evergreen"
QUARTERS = [  # notice, the amendment, its last day, the last day for notice to 30 June, and the first day that is told
    ("notice:30d", "effective:2026-04-15 signed:2026-02-01 notice:90d", None, "2026-04-14"),
    ("notice:90d", "effective:2026-03-15 signed:2026-02-01 notice:30d", None, "2026-05-31"),
    ("notice:30d", "effective:2026-02-15 signed:2026-02-01 notice:100d", "2026-04-30", "2026-05-31"),
]  # fmt: skip


@pytest.mark.parametrize(("notice", "stated", "last", "by"), QUARTERS)
def test_notice_of_what_has_no_end_is_told_as_amendments_will_have_it(
    desk: Desk, notice: str, stated: str, last: str | None, by: str
) -> None:
    typed(desk, terms=f"{ENDLESS} {notice} notice-to:quarter").now = on("2026-03-10")
    desk.type(f"{AMEND} {stated}")
    if last:
        desk.type(f"{END} on:{last}")
    assert shown(desk)["Notice deadline"] == by
    assert format_date(date.fromisoformat(by)) in due(desk, ReminderKind.NOTICE_DEADLINE)[0]
    before = date.fromisoformat(by) - timedelta(days=7)
    desk.now = on(str(before))
    assert shown(desk)["Notice deadline"] == by
    reply = desk.type(f"{DECIDE} give_notice notice-on:{before} method:email reason:x")
    assert reply.headline.endswith("it counts, and ends it on 30 June 2026.")


@pytest.mark.parametrize("day", ["2026-05-15", "2026-05-16", "2026-05-17"])
def test_on_a_weekend_before_other_terms_their_eve_is_the_last_day_for_notice(desk: Desk, day: str) -> None:
    typed(desk, terms=f"{ENDLESS} notice:30d notice-to:quarter").now = on(day)
    desk.type(f"{AMEND} effective:2026-05-18 signed:2026-02-01 notice:120d")
    assert shown(desk)["Notice deadline"] == "2026-05-17"


def test_a_term_that_an_amendment_gives_binds_notice_that_would_end_it_later(desk: Desk) -> None:
    typed(desk, terms=f"{ENDLESS} notice:30d").now = on("2026-05-20")
    desk.type(f"{AMEND} effective:2026-07-01 signed:2026-05-01 end:2027-06-30 renewal:none")
    assert shown(desk)["Stands"] == "in force, no end date"
    assert shown(desk)["Notice today ends it on"] == "2026-06-19"
    for day in ("2026-06-10", "2026-07-02"):
        desk.now = on(day)
        assert shown(desk)["Current term"] == "2024-01-01 to 2027-06-30"
        assert row(desk)["Term ends"] == "2027-06-30"
    desk.now = on("2026-06-10")
    reply = desk.type(f"{DECIDE} give_notice notice-on:2026-06-10 method:email reason:x")
    assert "30 June 2027" in reply.headline


def test_an_end_that_is_taken_away_before_its_day_is_none(desk: Desk) -> None:
    typed(desk, terms=f"{ENDLESS} notice:30d").now = on("2026-06-01")
    desk.type(f"{AMEND} effective:2026-01-01 signed:2026-01-01 end:2026-06-30 renewal:none")
    assert "ends on 30 June 2026" in due(desk, ReminderKind.RENEWAL)[0]
    desk.type(f"{END} on:2026-06-15")
    for day in ("2026-06-01", "2026-06-16"):
        desk.now = on(day)
        assert shown(desk)["Stands"] == "in force, no end date"
        assert due(desk, ReminderKind.RENEWAL) == []


def test_a_shorter_notice_that_begins_soon_is_told(desk: Desk) -> None:
    typed(desk, terms=f"{ENDLESS} notice:90d").now = on("2026-03-02")
    desk.type(f"{AMEND} effective:2026-04-01 signed:2026-02-01 notice:30d")
    assert shown(desk)["Notice today ends it on"] == "2026-05-31"
    assert "Notice on 1 April 2026 ends it on 1 May 2026, earlier than notice now." in cautions(desk)


def test_a_statement_has_the_rows_of_what_an_amendment_extended(desk: Desk) -> None:
    typed(desk, ASK, terms=NO_RENEWAL).now = on("2026-10-02")
    desk.type(f"{AMEND} effective:2026-10-01 signed:2026-10-01 end:2027-12-31")
    desk.now = on("2027-02-01")
    assert "Server backup" in text_of(one_file(desk.type("/engagement paper statement calder")))
    pack = desk.type("/engagement paper evidence calder from:2027-01-15").files[0].content
    with ZipFile(BytesIO(pack)) as whole:
        [table] = [whole.read(name).decode() for name in whole.namelist() if name.endswith("in_force.csv")]
    assert "2027-01-20,SOW-A,in force" in table
