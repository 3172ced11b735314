"""What was decided happens, and amendments change what they amend: in every answer, list, check and picture."""

from datetime import UTC, datetime

import pytest

from bot.slack.plain import complete_text
from commands.errors import Conflict, UsageError
from commands.reply import Reply
from tests.commands.conftest import MANAGER, TECHNICIAN, Desk

CLIENT = '/engagement client add "Calder Ridge" alias:calder zone:America/Chicago owner:U0MANAGER'
SOW = (
    "/engagement agreement add calder SOW-A kind:sow effective:2026-01-01 signed:2026-01-01 initial-term:12m "
    "renewal:auto renewal-term:12m notice:60d"
)
BACKUP = '/engagement matrix set calder SOW-A "Server backup" msp clause:"2.1"'


def on(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T15:00:00").replace(tzinfo=UTC)


@pytest.fixture
def sow(desk: Desk) -> Desk:
    """Calder Ridge with one yearly statement of work that renews by itself, on 60 days' notice, and one row."""
    for line in (CLIENT, SOW, BACKUP):
        desk.type(line)
    return desk


def fields(reply: Reply) -> dict[str, str]:
    return {field.label: field.value for field in reply.fields}


def shown(desk: Desk, agreement: str = "SOW-A") -> dict[str, str]:
    return fields(desk.type(f"/engagement agreement show calder {agreement}"))


def verdict(desk: Desk, more: str = "") -> str:
    return str(desk.type(f"/scope calder who does server backups? {more}").data["verdict"])


def reminders(desk: Desk) -> list[str]:
    return [row[3] for row in desk.type("/engagement reminder list calder days:900").table.rows]  # type: ignore[union-attr]


def test_notice_in_time_ends_the_agreement_everywhere(sow: Desk) -> None:
    sow.now = on("2026-10-20")
    reply = sow.type(
        '/engagement renewal decide calder SOW-A give_notice reason:"too dear" notice-on:2026-10-19 method:email '
        "proof:https://files.example.org/n.pdf"
    )
    assert reply.headline.endswith("decided to give notice: it counts, and ends it on 31 December 2026.")
    assert not any("terminate" in step for step in reply.next_steps)
    assert shown(sow)["Stands"] == "in force, ends on 2026-12-31"
    assert "it ends on 31 December 2026" in shown(sow)["Decided"]
    listed = sow.type("/renewals calder").table
    assert listed is not None
    assert listed.rows[0][4] == "2026-12-31"
    assert "give notice" in listed.rows[0][-1]
    assert verdict(sow) == "msp"
    sow.now = on("2027-02-01")
    assert shown(sow)["Stands"] == "terminated"
    assert verdict(sow) == "lapsed"
    assert verdict(sow, "as-of:2026-12-31") == "msp"
    assert verdict(sow, "as-of:2027-01-01") == "lapsed"
    rows = sow.type("/engagement agreement list calder").table
    assert rows is not None
    assert rows.rows[0][2:4] == ("terminated", "2026-12-31")
    assert sow.type("/renewals").headline.startswith("Nothing is due")
    found = {each["rule"] for each in sow.type("/engagement check calder everything:yes").data["findings"]}
    assert not found & {"agreement_lapsed", "agreement_notice", "agreement_ending", "agreement_notice_missed"}
    assert "agreement_none" in found
    assert sow.type("/engagement calendar calder").headline == "No agreement has a deadline that can be computed."
    assert "over since 31 Dec 2026" in sow.type("/engagement agreement timeline calder").files[0].alt_text


def test_late_notice_ends_nothing_and_says_what_it_could(sow: Desk) -> None:
    sow.now = on("2026-11-20")
    reply = sow.type(
        "/engagement renewal decide calder SOW-A give_notice reason:late notice-on:2026-11-15 method:email "
        "proof:https://e.example.org/x"
    )
    assert "14 days late: the last day was 1 November 2026" in reply.headline
    assert fields(reply)["Earliest end"] == "2027-12-31"
    assert any("earliest end is 31 December 2027" in each for each in reply.cautions)
    assert not any("2026-12-31" in step for step in reply.next_steps)
    assert "does not count" in shown(sow)["Decided"]
    sow.now = on("2027-02-01")
    assert (shown(sow)["Current term"], verdict(sow)) == ("2027-01-01 to 2027-12-31", "msp")


def test_notice_the_wrong_way_goes_on_reminding(sow: Desk) -> None:
    sow.type('/engagement agreement edit calder SOW-A notice-method:certified_mail notice-address:"1 Main St"')
    sow.now = on("2026-10-05")
    reply = sow.type("/engagement renewal decide calder SOW-A give_notice reason:x notice-on:2026-10-05 method:email")
    assert "it went by e-mail, and it has to go by certified mail" in reply.headline
    assert any("Send it by certified mail to 1 Main St by 23 October 2026" in each for each in reply.cautions)
    due = sow.type("/engagement reminder list calder days:900").table
    assert due is not None
    assert any("last day to give notice" in " ".join(row) for row in due.rows)
    found = {each["rule"] for each in sow.type("/engagement check calder everything:yes").data["findings"]}
    assert {"agreement_notice_given", "agreement_notice"} <= found
    right = 'method:certified_mail to:"1 main st." delivered:2026-10-05'
    reply = sow.type(f"/engagement renewal decide calder SOW-A give_notice reason:x notice-on:2026-10-05 {right}")
    assert "ends it on 31 December 2026" in reply.headline
    due = sow.type("/engagement reminder list calder days:900").table
    assert due is None or not any("last day to give notice" in " ".join(row) for row in due.rows)


@pytest.mark.parametrize("way", ["renewal decide calder SOW-A", "reminder decide {}"])
def test_a_notice_to_come_is_a_plan(sow: Desk, way: str) -> None:
    sow.now = on("2026-09-20")
    listed = sow.type("/engagement reminder list calder days:900").table
    assert listed is not None
    number = next(row[0] for row in listed.rows if "notice" in " ".join(row).lower())
    line = f"/engagement {way.format(number)} give_notice reason:x"
    assert isinstance(sow.refused(f"{line} notice-on:2035-01-01"), UsageError)
    reply = sow.type(f"{line} notice-on:2026-10-10")
    assert "planned for 10 October 2026" in reply.headline
    sow.now = on("2027-01-05")
    assert (shown(sow)["Stands"], verdict(sow)) == ("in force", "msp")
    assert sow.refused(f"/engagement {way.format(number)} renew reason:x notice-on:2031-01-01").message


def test_what_renews_by_hand_is_renewed_by_saying_so(desk: Desk) -> None:
    desk.type(CLIENT)
    desk.type(
        "/engagement agreement add calder SOW-A kind:sow effective:2026-01-01 signed:2026-01-01 initial-term:12m "
        "renewal:manual renewal-term:6m"
    )
    desk.type(BACKUP)
    desk.now = on("2026-12-01")
    reply = desk.type("/engagement renewal decide calder SOW-A renew reason:good")
    assert reply.headline.endswith("decided to renew: the next term begins on 1 January 2027.")
    assert verdict(desk, "as-of:2027-06-30") == "msp"
    desk.now = on("2027-01-02")
    assert shown(desk)["Current term"] == "2027-01-01 to 2027-06-30"
    assert shown(desk)["Renewed so far"] == "1"
    desk.now = on("2027-07-01")
    assert (shown(desk)["Stands"], verdict(desk)) == ("lapsed", "lapsed")
    assert "ended on 30 June 2027" in desk.refused("/engagement renewal decide calder SOW-A renew reason:late").message
    desk.type("/engagement renewal decide calder SOW-A renew reason:forgot notice-on:2027-06-20")
    assert shown(desk)["Current term"] == "2027-07-01 to 2027-12-31"


@pytest.mark.parametrize(
    ("terms", "decision", "words"),
    [
        (
            "renewal:auto renewal-term:12m notice:60d",
            "let_lapse",
            "does not lapse unless notice is given by 1 November",
        ),
        ("renewal:none", "renew", "takes an amendment that both sides sign"),
        ("", "renew", "whether it renews is not recorded"),
        ("renewal:auto renewal-term:12m notice:60d", "renegotiate", "reminders go on"),
    ],
)
def test_a_decision_that_changes_nothing_says_so(desk: Desk, terms: str, decision: str, words: str) -> None:
    desk.type(CLIENT)
    desk.type(
        f"/engagement agreement add calder S kind:sow effective:2026-01-01 signed:2026-01-01 initial-term:12m {terms}"
    )
    reply = desk.type(f"/engagement renewal decide calder S {decision} reason:x")
    assert any(words in each for each in reply.cautions), reply.cautions


def test_a_decision_can_be_taken_back_and_made_again(sow: Desk) -> None:
    sow.now = on("2026-10-20")
    give = "/engagement renewal decide calder SOW-A give_notice reason:x method:email notice-on:"
    sow.type(f"{give}2026-10-18")
    reply = sow.type(f"{give}2026-10-19")
    assert any("takes the place of the notice of 18 October 2026" in each for each in reply.cautions)
    assert "not allowed" not in sow.type("/engagement renewal retract calder SOW-A reason:typo").headline
    assert "18 October" in shown(sow)["Decided"], "the one before holds again"
    sow.type("/engagement renewal retract calder SOW-A reason:typo", user=MANAGER)
    assert "Decided" not in shown(sow)
    assert isinstance(sow.refused("/engagement renewal retract calder SOW-A reason:x"), Conflict)
    assert sow.refused("/engagement renewal retract calder SOW-A reason:x", user=TECHNICIAN).message
    sow.now = on("2027-02-01")
    assert (shown(sow)["Stands"], verdict(sow)) == ("in force", "msp")
    with sow.database.open_unit(sow.workspace_id, writes=False) as uow:
        kept = [each for each in uow.decisions.of_client(1) if each.notice_on]
    assert [each.retracted_by for each in kept] == [MANAGER, "console"]


def test_a_termination_is_corrected_and_taken_back(sow: Desk) -> None:
    end = "/engagement agreement terminate calder SOW-A"
    assert "before its first day" in sow.refused(f"{end} on:2025-06-30").message
    sow.type(f'{end} on:2026-06-30 reason:"moved in-house"')
    assert "before, 2026-06-30 was on record" in sow.type(f'{end} on:2026-09-30 reason:"it was a typo"').headline
    assert (shown(sow)["Terminated"], shown(sow)["Why it ended"]) == ("2026-09-30", "it was a typo")
    assert "reinstate" in " ".join(sow.refused(f"{end} on:2026-09-30").next_steps)
    assert sow.refused("/engagement agreement reinstate calder SOW-A", user=TECHNICIAN).message
    assert "taken back" in sow.type("/engagement agreement reinstate calder SOW-A", user=MANAGER).headline
    sow.now = on("2026-10-20")
    assert (shown(sow)["Stands"].startswith("in force"), verdict(sow)) == (True, "msp")
    assert isinstance(sow.refused("/engagement agreement reinstate calder SOW-A"), Conflict)
    with sow.database.open_unit(sow.workspace_id, writes=False) as uow:
        versions = uow.agreements.as_known(1, on("2026-03-02"))
    assert versions is not None, "the earlier version is kept"


def test_notice_to_the_end_of_a_quarter_is_recorded_and_reckoned(desk: Desk) -> None:
    desk.type(CLIENT)
    desk.type(
        "/engagement agreement add calder Q1 kind:msa effective:2020-01-01 signed:2020-01-01 term:evergreen notice:3m "
        "notice-to:quarter"
    )
    assert shown(desk, "Q1")["Notice to"] == "the end of a calendar quarter"
    assert shown(desk, "Q1")["Notice today ends it on"] == "2026-06-30"
    text = "Either party may terminate with three months' notice to the end of a calendar quarter."
    reply = desk.type(f"/engagement agreement terms calder Q1 {text}")
    assert reply.data["stated"]["notice_to"] == "quarter"
    assert not reply.data["not_understood"]
    decided = desk.type("/engagement renewal decide calder Q1 give_notice reason:x notice-on:2026-03-02 method:email")
    assert decided.data["ends_on"] == "2026-06-30"
    desk.now = on("2026-07-01")
    assert shown(desk, "Q1")["Stands"] == "terminated"


AMENDMENT = "/engagement agreement add calder AMD-1 kind:amendment parent:SOW-A effective:2026-02-01 signed:2026-02-01 "


def test_an_amendment_changes_the_notice_of_what_it_amends(sow: Desk) -> None:
    sow.type(f"{AMENDMENT} notice:90d")
    assert shown(sow)["Notice"] == "90 days, by AMD-1 since 1 February 2026"
    assert shown(sow)["Notice deadline"] == "2026-10-02"
    listed = sow.type("/renewals 400d").table
    assert listed is not None
    assert [row[1:4] for row in listed.rows] == [("SOW-A", "in force", "2026-10-02")]
    assert shown(sow, "AMD-1")["Stands"] == "in force"
    assert "AMD-1 amends SOW-A" in sow.refused("/engagement renewal decide calder AMD-1 renew reason:x").message
    assert any("2 October 2026" in line for line in _headlines(sow))
    calendar = sow.type("/engagement calendar calder").files[0].content.decode()
    assert "20261002" in calendar
    assert "20261101" not in calendar


def _headlines(desk: Desk) -> list[str]:
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        return [each.headline for each in uow.reminders.of_client(1)]


@pytest.mark.parametrize(
    ("terms", "label", "expected"),
    [
        ("end:2027-06-30", "Current term", "2026-01-01 to 2027-06-30"),
        ("initial-term:24m", "Current term", "2026-01-01 to 2027-12-31"),
        ("renewal-term:6m", "Renewal term", "6 months, by AMD-1 since 1 February 2026"),
        ("notice-method:portal", "Notice is sent by", "portal, by AMD-1 since 1 February 2026"),
        ("client-notice:10bd", "Notice by the client", "10 business days, by AMD-1 since 1 February 2026"),
        ("uplift:3", "Price increase", "3.00 % at renewal, by AMD-1 since 1 February 2026"),
    ],
)
def test_what_an_amendment_states_is_shown_with_its_source(sow: Desk, terms: str, label: str, expected: str) -> None:
    sow.type(AMENDMENT + terms)
    assert shown(sow)[label] == expected


def test_nothing_is_lapsed_that_an_amendment_may_extend(desk: Desk) -> None:
    desk.type(CLIENT)
    desk.type(
        "/engagement agreement add calder SOW-A kind:sow effective:2025-01-01 signed:2025-01-01 initial-term:12m "
        "renewal:none"
    )
    desk.type(BACKUP)
    assert verdict(desk) == "lapsed"
    desk.type("/engagement agreement add calder AMD-1 kind:amendment parent:SOW-A effective:2026-01-01 end:2026-12-31")
    assert (shown(desk)["Stands"], verdict(desk)) == ("unclear", "msp")
    cautions = desk.type("/engagement agreement show calder SOW-A").cautions
    assert any("AMD-1 states an end on 31 December 2026, but it is not signed" in each for each in cautions)
    desk.type("/engagement agreement sign calder AMD-1 on:2026-01-01")
    assert (shown(desk)["Current term"], verdict(desk)) == ("2026-01-01 to 2026-12-31", "msp")
    desk.type("/engagement agreement terminate calder AMD-1 on:2026-01-31 reason:void")
    assert (shown(desk)["Stands"], verdict(desk)) == ("lapsed", "lapsed")


def home_lines(desk: Desk, user: str = MANAGER) -> str:
    return complete_text(desk.type("/engagement home", user=user))


def test_home_shows_what_was_decided_until_it_has_happened(sow: Desk) -> None:
    sow.now = on("2026-10-20")
    assert "Decided" not in home_lines(sow)
    sow.type("/engagement renewal decide calder SOW-A give_notice reason:x notice-on:2026-10-19 method:email")
    assert "Calder Ridge: SOW-A (give notice: given on 19 October 2026, it ends on 31 December 2026" in home_lines(sow)
    assert "Decided" not in home_lines(sow, TECHNICIAN)
    sow.now = on("2026-12-31")
    assert "Decided (1)" in home_lines(sow)
    sow.now = on("2027-01-01")
    assert "Decided" not in home_lines(sow)


def test_home_no_longer_shows_what_was_taken_back(sow: Desk) -> None:
    sow.type("/engagement renewal decide calder SOW-A renegotiate reason:x")
    assert "renegotiate" in home_lines(sow)
    sow.type("/engagement renewal retract calder SOW-A reason:x")
    assert "Decided" not in home_lines(sow)


def test_shown_as_known_counts_only_what_was_known_then(sow: Desk) -> None:
    sow.now = on("2026-10-20")
    sow.type("/engagement renewal decide calder SOW-A give_notice reason:x notice-on:2026-10-01 method:email")
    sow.now = on("2026-11-05")
    sow.type("/engagement renewal retract calder SOW-A reason:x")
    sow.type(
        "/engagement agreement add calder AMD-1 kind:amendment parent:SOW-A effective:2026-04-01 signed:2026-04-01 "
        "notice:30d"
    )
    show = "/engagement agreement show calder SOW-A"
    before, then = fields(sow.type(f"{show} known-at:2026-10-19")), fields(sow.type(f"{show} known-at:2026-10-20"))
    assert ("Decided" in before, before["Notice"]) == (False, "60 days")
    assert ("it ends on 31 December 2026" in then["Decided"], then["Notice"]) == (True, "60 days")
    assert then["Stands"] == "in force, ends on 2026-12-31"
    now = shown(sow)
    assert ("Decided" in now, now["Notice"]) == (False, "30 days, by AMD-1 since 1 April 2026")
    assert "Decided" not in fields(sow.type(f"{show} known-at:2026-11-05"))


PROPOSING = (
    ("SOW-A", "give_notice reason:x notice-on:2026-11-15"),
    ("SOW-A", "give_notice reason:x notice-on:2026-11-15 side:client"),
    ("VAGUE", "give_notice reason:x notice-on:2026-11-15"),
    ("HAND", "renew reason:x"),
    ("PAST", "renew reason:x"),
    ("AMD-1", "renew reason:x"),
)


@pytest.mark.parametrize(("agreement", "decision"), PROPOSING)
def test_what_a_decision_proposes_is_a_command_with_blanks(sow: Desk, agreement: str, decision: str) -> None:
    sow.type('/engagement agreement edit calder SOW-A notice-method:certified_mail notice-address:"1 Main St"')
    add = "/engagement agreement add calder"
    sow.type(f"{add} VAGUE kind:sow effective:2026-01-01 signed:2026-01-01 initial-term:12m renewal:auto")
    sow.type(f"{add} HAND kind:sow effective:2026-01-01 signed:2026-01-01 initial-term:12m renewal:manual notice:60d")
    sow.type(f"{add} PAST kind:sow effective:2025-01-01 signed:2025-01-01 initial-term:12m renewal:manual notice:60d")
    sow.type(f"{add} AMD-1 kind:amendment parent:SOW-A effective:2026-02-01 signed:2026-02-01")
    sow.now = on("2026-11-20")
    line = f"/engagement renewal decide calder {agreement} {decision}"
    try:
        steps = sow.type(line).next_steps
    except Conflict as refused:
        steps = refused.next_steps
    assert steps
    for step in steps:
        assert step.startswith("/engagement "), step
        assert "____" in step, step
        refused_blank = sow.refused(step)
        assert "____" in refused_blank.message or "blank" in refused_blank.message.lower(), refused_blank.message


def test_papers_cannot_belong_to_each_other(sow: Desk) -> None:
    sow.type("/engagement agreement add calder AMD-1 kind:amendment parent:SOW-A effective:2026-02-01")
    sow.type("/engagement agreement add calder AMD-2 kind:amendment parent:AMD-1 effective:2026-03-01")
    refused = sow.refused("/engagement agreement edit calder AMD-1 parent:AMD-2")
    assert "AMD-2 belongs to AMD-1" in refused.message
    assert shown(sow, "AMD-1")["Under"] == "SOW-A"


@pytest.mark.parametrize(
    ("first", "second", "taken"), [("90d", "30d", "90 days"), ("30d", "90d", "90 days"), ("45d", "45d", None)]
)
def test_two_amendments_of_one_day_that_disagree_are_a_doubt(
    sow: Desk, first: str, second: str, taken: str | None
) -> None:
    """Taken is the longer notice: given by that day, it is in time for both."""
    for number, notice in enumerate((first, second), start=1):
        sow.type(
            f"/engagement agreement add calder AMD-{number} kind:amendment parent:SOW-A effective:2026-02-01 "
            f"signed:2026-02-01 notice:{notice}"
        )
    reply = sow.type("/engagement agreement show calder SOW-A")
    said = [each for each in reply.cautions if "both since 1 February 2026" in each]
    assert len(said) == (1 if taken else 0)
    if taken:
        assert f"which counts is not clear. Taken is {taken}" in said[0]
        assert fields(reply)["Notice"].startswith(taken)
    assert verdict(sow) == "msp"


def test_what_the_command_line_did_is_said_so(sow: Desk) -> None:
    sow.type("/scope calder who waters the ferns?")
    sow.type("/engagement scope settle 1 client note:theirs")
    sow.type("/engagement renewal decide calder SOW-A let_lapse reason:x")
    for line in (
        "scope history calder",
        "scope why 1",
        "role list",
        "agreement show calder SOW-A",
        "reminder list calder",
    ):
        shown = complete_text(sow.type(f"/engagement {line}"))
        assert "<@console>" not in shown, line
    assert "the command line" in complete_text(sow.type("/engagement scope history calder"))
