"""Endings and renewals as they happen at a managed service provider, typed in: nothing that is said may mislead."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from commands.errors import NeedsYes
from commands.reply import Reply
from commands.rules.dates.format import format_date
from storage.records import Agreement, Client
from tests.commands.conftest import Desk

CLIENT = '/engagement client add "Calder Ridge" alias:calder zone:America/Chicago country:US owner:U0MANAGER'
ADD = "/engagement agreement add calder"
YEARLY = "effective:2026-01-01 signed:2026-01-01 initial-term:12m renewal:auto renewal-term:12m notice:60d"
DECIDE = "/engagement renewal decide calder SOW-A"
EVERGREEN = "effective:2024-01-01 signed:2024-01-01 term:evergreen notice:30d"


def on(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T15:00:00").replace(tzinfo=UTC)


def typed(desk: Desk, *lines: str, terms: str = YEARLY) -> Desk:
    for line in (CLIENT, f"{ADD} SOW-A kind:sow {terms}", *lines):
        desk.type(line)
    return desk


def fields(reply: Reply) -> dict[str, str]:
    return {field.label: field.value for field in reply.fields}


def shown(desk: Desk, reference: str = "SOW-A") -> dict[str, str]:
    return fields(desk.type(f"/engagement agreement show calder {reference}"))


def cautions(desk: Desk, reference: str = "SOW-A") -> str:
    return " ".join(desk.type(f"/engagement agreement show calder {reference}").cautions)


def test_the_clients_notice_is_found_after_the_renewal(desk: Desk) -> None:
    typed(desk).now = on("2027-01-07")
    reply = desk.type(f"{DECIDE} give_notice side:client notice-on:2026-10-20 method:email reason:found")
    assert reply.headline.endswith("the client gave notice: it counts, and ended it on 31 December 2026.")
    assert any("It is over since 31 December 2026" in each for each in reply.cautions)


def test_a_late_notice_of_theirs_leaves_ours_as_it_was(desk: Desk) -> None:
    typed(desk).now = on("2026-09-01")
    desk.type(f"{DECIDE} give_notice notice-on:2026-09-01 method:email reason:x")
    desk.now = on("2026-11-16")
    reply = desk.type(f"{DECIDE} give_notice side:client notice-on:2026-11-15 method:email reason:y")
    assert fields(reply)["Ends on"] == "2026-12-31"
    assert not any("reminders go on" in each for each in reply.cautions)
    assert any("judged by itself" in each for each in reply.cautions)
    assert "it ends on 31 December 2026 all the same" in shown(desk)["Decided"]
    assert shown(desk)["Stands"] == "in force, ends on 2026-12-31"


def test_of_two_notices_the_earlier_end_holds(desk: Desk) -> None:
    typed(desk, terms=EVERGREEN).now = on("2026-03-16")
    desk.type(f"{DECIDE} give_notice notice-on:2026-03-10 method:email reason:x")
    desk.type(f"{DECIDE} give_notice side:client notice-on:2026-03-02 method:email reason:y")
    assert shown(desk)["Ends on"] == "2026-04-01"


LATER_AND_INVALID = [
    ("2026-11-20", "notice-on:2026-11-19 method:email"),  # too late
    ("2026-10-20", "notice-on:2026-10-19 method:courier"),  # the wrong way
    ("2026-10-20", "notice-on:2026-10-19"),  # nobody says which way
    ("2026-10-20", "notice-on:2026-10-19 method:email to:somebody@else.example"),  # to the wrong place
]


@pytest.mark.parametrize(("now", "later"), LATER_AND_INVALID)
def test_a_notice_stays_in_effect_when_a_later_one_does_not_count(desk: Desk, now: str, later: str) -> None:
    typed(desk, '/engagement agreement edit calder SOW-A notice-method:email notice-address:"legal@msp.example"')
    desk.now = on(now)
    desk.type(f"{DECIDE} give_notice notice-on:2026-09-01 method:email to:legal@msp.example reason:x")
    reply = desk.type(f"{DECIDE} give_notice {later} reason:again", is_confirmed=False)
    assert "but the notice does not count" in reply.headline
    assert any(
        "The notice of 1 September 2026 counts and stays in effect: it ends on 31 December 2026." in each
        for each in reply.cautions
    )
    assert not reply.next_steps, "nothing is to be sent again"
    assert shown(desk)["Ends on"] == "2026-12-31"
    assert not desk.type("/engagement reminder list calder days:900").table
    found = {each["rule"] for each in desk.type("/engagement check calder everything:yes").data["findings"]}
    assert "agreement_notice_given" not in found
    desk.now = on("2027-02-01")
    assert shown(desk)["Stands"] == "terminated"


def test_a_plan_or_a_talk_after_a_notice_leaves_it_in_effect(desk: Desk) -> None:
    typed(desk).now = on("2026-09-20")
    desk.type(f"{DECIDE} give_notice notice-on:2026-09-01 method:email reason:x")
    desk.type(f"{DECIDE} give_notice notice-on:2026-10-10 reason:plan", is_confirmed=False)
    desk.type(f"{DECIDE} renegotiate reason:price", is_confirmed=False)
    assert shown(desk)["Ends on"] == "2026-12-31"


def test_an_invalid_notice_is_replaced_by_a_later_one_without_asking(desk: Desk) -> None:
    typed(desk, "/engagement agreement edit calder SOW-A notice-method:certified_mail").now = on("2026-10-10")
    desk.type(f"{DECIDE} give_notice notice-on:2026-09-01 method:email reason:x")
    right = "notice-on:2026-10-05 method:certified_mail delivered:2026-10-08"
    reply = desk.type(f"{DECIDE} give_notice {right} reason:y", is_confirmed=False)
    assert any("takes the place of the notice of 1 September 2026" in each for each in reply.cautions)
    assert shown(desk)["Ends on"] == "2026-12-31"


REPLACING = [
    ("give_notice notice-on:2026-03-10 method:email reason:y", "1 April 2026.*9 April 2026 instead"),
    ("give_notice notice-on:2026-03-02 method:email reason:twice", "still on 1 April 2026"),
]


@pytest.mark.parametrize(("later", "words"), REPLACING)
def test_a_notice_that_counts_is_replaced_only_after_a_yes(desk: Desk, later: str, words: str) -> None:
    typed(desk, terms=EVERGREEN).now = on("2026-03-16")
    desk.type(f"{DECIDE} give_notice notice-on:2026-03-02 method:email reason:x")
    asked = desk.refused(f"{DECIDE} {later}", is_confirmed=False)
    assert isinstance(asked, NeedsYes)
    assert re.search(f"Our notice of 2 March 2026 is on record and counts.*{words}", asked.message)
    assert shown(desk)["Ends on"] == "2026-04-01"
    desk.type(f"{DECIDE} {later}")
    assert shown(desk)["Ends on"] == ("2026-04-09" if "instead" in words else "2026-04-01")


def test_renewing_over_a_notice_that_counts_asks_first(desk: Desk) -> None:
    typed(desk).now = on("2026-09-20")
    desk.type(f"{DECIDE} give_notice side:client notice-on:2026-09-01 method:email reason:x")
    desk.type(f"{DECIDE} renegotiate reason:price")
    asked = desk.refused(f"{DECIDE} renew reason:stays", is_confirmed=False)
    assert isinstance(asked, NeedsYes)
    assert asked.message.startswith("The client's notice of 1 September 2026 counts: SOW-A ends on 31 December 2026.")
    assert any(
        "takes back the notice of 1 September" in each for each in desk.type(f"{DECIDE} renew reason:x").cautions
    )
    assert "Ends on" not in shown(desk)


def test_the_clients_notice_to_the_wrong_address_tells_us_to_send_nothing(desk: Desk) -> None:
    typed(desk, '/engagement agreement edit calder SOW-A notice-address:"legal@msp.example"').now = on("2026-09-01")
    reply = desk.type(f"{DECIDE} give_notice side:client notice-on:2026-09-01 to:dana@msp.example reason:x")
    assert "it went to dana@msp.example" in reply.headline
    assert not any(each.startswith("Send it") for each in reply.cautions)
    assert any("The client would have to give it again to legal@msp.example." in each for each in reply.cautions)


def test_renewed_by_hand_and_written_down_late(desk: Desk) -> None:
    terms = YEARLY.replace("2026", "2025").replace("auto", "manual")
    typed(desk, terms=terms).now = on("2026-02-10")
    reply = desk.type(f"{DECIDE} renew reason:x notice-on:2025-12-01")
    assert reply.headline.endswith("decided to renew: the next term began on 1 January 2026.")
    assert fields(reply)["The other side was told on"] == "2025-12-01"


def test_notice_on_paper_that_nobody_signed_ends_nothing(desk: Desk) -> None:
    typed(desk, terms=YEARLY.replace("signed:2026-01-01 ", "")).now = on("2026-06-01")
    reply = desk.type(f"{DECIDE} give_notice notice-on:2026-06-01 method:email reason:x")
    assert "it is not recorded as signed by both sides" in reply.headline
    [step] = reply.next_steps
    assert step.endswith("msp-signed:____ client-signed:____")


def test_an_amendment_after_the_notice_is_named_where_the_notice_is(desk: Desk) -> None:
    typed(desk).now = on("2026-09-01")
    desk.type(f"{DECIDE} give_notice notice-on:2026-09-01 method:email reason:x")
    desk.now = on("2026-10-01")
    desk.type(f"{ADD} AMD-1 kind:amendment parent:SOW-A effective:2026-10-01 signed:2026-10-01 end:2027-06-30")
    assert "an amendment changed its term after that" in shown(desk)["Decided"]
    assert "31 December 2026" not in shown(desk)["Decided"]


def test_terminated_before_the_notice_takes_effect(desk: Desk) -> None:
    typed(desk).now = on("2026-09-01")
    desk.type(f"{DECIDE} give_notice notice-on:2026-09-01 method:email reason:x")
    desk.type("/engagement agreement terminate calder SOW-A on:2026-09-30 reason:settled")
    assert "it ends on 30 September 2026" in shown(desk)["Decided"]
    desk.type("/engagement agreement reinstate calder SOW-A")
    assert "it ends on 31 December 2026" in shown(desk)["Decided"]


def test_renewing_what_was_renewed_as_often_as_it_may_be(desk: Desk) -> None:
    typed(desk, terms=YEARLY.replace("2026", "2024") + " max-renewals:2").now = on("2026-09-01")
    reply = desk.type(f"{DECIDE} renew reason:x")
    assert any("It ends on 31 December 2026 all the same" in each for each in reply.cautions)
    assert "kind:amendment" in reply.next_steps[0]
    assert "next term begins" not in cautions(desk)
    desk.now = on("2027-01-05")
    assert shown(desk)["Stands"] == "lapsed"


def test_renewing_what_notice_has_ended_takes_an_amendment(desk: Desk) -> None:
    typed(desk).now = on("2026-09-01")
    desk.type(f"{DECIDE} give_notice notice-on:2026-09-01 method:email reason:x")
    desk.now = on("2027-01-15")
    assert "takes an amendment that both sides sign" in desk.refused(f"{DECIDE} renew reason:x").message
    assert shown(desk)["Stands"] == "terminated"
    told = desk.type(f"{DECIDE} renew reason:x notice-on:2026-12-20")
    assert told.headline.endswith("it renewed by itself on 1 January 2027.")
    assert shown(desk)["Current term"] == "2027-01-01 to 2027-12-31"


def test_late_on_a_holiday_says_by_when_it_had_to_arrive(desk: Desk) -> None:
    typed(desk, terms=YEARLY.replace("60d", "35d")).now = on("2026-11-27")
    reply = desk.type(f"{DECIDE} give_notice notice-on:2026-11-26 method:email reason:x")
    assert "no business day, so it had to arrive by 25 November 2026" in reply.headline
    assert any(each == "It has to arrive by 26 November 2027." for each in reply.cautions)


def test_a_decision_that_cannot_be_undone_names_the_way_to_take_it_back(desk: Desk) -> None:
    typed(desk).type(f"{DECIDE} let_lapse reason:x")
    assert desk.refused("/engagement undo").next_steps == (
        '/engagement renewal retract "Calder Ridge" SOW-A reason:____',
    )


@pytest.mark.parametrize("decision", ["renew", "let_lapse", "renegotiate"])
def test_what_has_no_end_does_not_renew(desk: Desk, decision: str) -> None:
    refused = typed(desk, terms=EVERGREEN).refused(f"{DECIDE} {decision} reason:x")
    assert "runs without an end: only notice or a termination ends it" in refused.message
    assert "give_notice" in refused.next_steps[0]


def test_a_statement_of_work_that_outlives_its_agreement_says_so(desk: Desk) -> None:
    typed(desk, f"{ADD} MSA kind:msa {YEARLY.replace('auto', 'none')}", terms=YEARLY)
    desk.type("/engagement agreement edit calder SOW-A parent:MSA")
    desk.type('/engagement matrix set calder SOW-A "Server backup" msp clause:"2.1"')
    assert "which is over" not in cautions(desk)
    desk.now = on("2027-02-01")
    assert "It belongs to MSA, which is over" in cautions(desk)
    answer = desk.type("/scope calder who does server backups?")
    assert any("SOW-A belongs to MSA, which is over" in each for each in answer.cautions)
    assert answer.headline == "Calder Ridge: SOW-A says ours, but whether it still applies is not clear. Ask first."


def test_an_extension_that_one_side_signed_is_named_in_the_answer(desk: Desk) -> None:
    typed(desk, terms=YEARLY.replace("auto", "none"))
    desk.type('/engagement matrix set calder SOW-A "Server backup" msp clause:"2.1"')
    desk.type(f"{ADD} AMD-1 kind:amendment parent:SOW-A effective:2026-12-01 msp-signed:2026-01-05 end:2027-12-31")
    desk.now = on("2027-02-01")
    answer = desk.type("/scope calder who does server backups?")
    assert any("AMD-1 states an end on 31 December 2027, but it is not signed" in each for each in answer.cautions)
    assert answer.headline.endswith("but whether it still applies is not clear. Ask first.")


def test_an_amendment_to_ended_paper_shows_no_term_that_runs_backwards(desk: Desk) -> None:
    typed(desk, "/engagement agreement terminate calder SOW-A on:2026-02-28 reason:x").now = on("2026-04-10")
    desk.type(f"{ADD} AMD-1 kind:amendment parent:SOW-A effective:2026-04-05 signed:2026-04-05 end:2027-06-30")
    assert shown(desk, "AMD-1")["Current term"] == "since 2026-04-05"


# --- every place tells the same end --------------------------------------------------------------------------------

ENDINGS = [  # terms, what is typed on 1 September 2026, the last day
    (YEARLY.replace("auto", "none"), [], "2026-12-31"),
    (YEARLY, [f"{DECIDE} give_notice notice-on:2026-09-01 method:email reason:x"], "2026-12-31"),
    (YEARLY, [f"{DECIDE} give_notice side:client notice-on:2026-08-20 method:email reason:x"], "2026-12-31"),
    (YEARLY, ["/engagement agreement terminate calder SOW-A on:2026-10-15 reason:x"], "2026-10-15"),
    (YEARLY, [f"{ADD} AMD-1 kind:amendment parent:SOW-A effective:2026-08-01 signed:2026-08-01 renewal:none"],
     "2026-12-31"),
    (YEARLY, [f"{ADD} AMD-1 kind:amendment parent:SOW-A effective:2026-08-01 signed:2026-08-01 renewal:none "
              "end:2027-03-31"], "2027-03-31"),
    (YEARLY.replace("auto", "manual"), [f"{DECIDE} renew reason:x"], "2027-12-31"),
    (YEARLY.replace("auto", "manual"), [f"{DECIDE} let_lapse reason:x"], "2026-12-31"),
    (EVERGREEN, [f"{DECIDE} give_notice notice-on:2026-09-01 method:email reason:x"], "2026-10-01"),
    (f"{EVERGREEN} notice-to:quarter", [f"{DECIDE} give_notice notice-on:2026-09-01 method:email reason:x"],
     "2026-12-31"),
    ("effective:2026-01-01 signed:2026-01-01 term:month_to_month notice:30d",
     [f"{DECIDE} give_notice notice-on:2026-09-01 method:email reason:x"], "2026-10-31"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("terms", "lines", "last_day"), ENDINGS)
def test_every_place_tells_the_same_end(desk: Desk, terms: str, lines: list[str], last_day: str) -> None:
    typed(desk, '/engagement matrix set calder SOW-A "Server backup" msp clause:"2.1"', terms=terms)
    desk.now = on("2026-09-01")
    for line in lines:
        desk.type(line)
    ask = "/scope calder who does server backups?"
    after = date.fromordinal(date.fromisoformat(last_day).toordinal() + 1)
    assert desk.type(f"{ask} as-of:{last_day}").data["verdict"] == "msp"
    assert desk.type(f"{ask} as-of:{after}").data["verdict"] == "lapsed"
    desk.now = on(last_day)
    rows = desk.type("/engagement agreement list calder").table
    assert rows is not None
    assert (rows.rows[0][2].startswith("in force"), rows.rows[0][3]) == (True, last_day)
    assert last_day in (shown(desk).get("Ends on"), shown(desk)["Current term"][-10:])
    found = {each["rule"] for each in desk.type("/engagement check calder everything:yes").data["findings"]}
    assert "agreement_none" not in found
    desk.now = on(after.isoformat())
    rows = desk.type("/engagement agreement list calder").table
    assert rows is not None
    assert (rows.rows[0][2] in ("lapsed", "terminated"), rows.rows[0][3]) == (True, last_day)
    assert desk.type(ask).data["verdict"] == "lapsed"
    found = {each["rule"] for each in desk.type("/engagement check calder everything:yes").data["findings"]}
    assert "agreement_none" in found
    assert desk.type("/engagement calendar calder").headline == "No agreement has a deadline that can be computed."
    ended = format_date(date.fromisoformat(last_day), is_short=True)
    assert f"over since {ended}" in desk.type("/engagement agreement timeline calder").files[0].alt_text


@pytest.mark.parametrize(("terms", "lines", "last_day"), [each for each in ENDINGS if "decide" in "".join(each[1])])
def test_a_decision_that_is_taken_back_leaves_everything_as_it_was(
    desk: Desk, terms: str, lines: list[str], last_day: str
) -> None:
    typed(desk, terms=terms).now = on("2026-09-01")
    before = [desk.type("/engagement agreement show calder SOW-A").fields, desk.type("/renewals calder 900d").table]
    for line in lines:
        desk.type(line)
    desk.type("/engagement renewal retract calder SOW-A reason:x")
    after = [desk.type("/engagement agreement show calder SOW-A").fields, desk.type("/renewals calder 900d").table]
    assert after == before
    desk.now = on("2027-02-01")
    assert shown(desk).get("Ends on") is None


# --- what is stored is shown ---------------------------------------------------------------------------------------

VALUES: dict[str, Any] = {
    "kind": "baa", "title": "The title", "summary": "The summary", "precedence_rank": 77, "effective_on": "2021-02-03",
    "msp_signed_on": "2021-01-04", "client_signed_on": "2021-01-05", "client_signer": "Lee Marsh, COO",
    "initial_term": "17m", "initial_end_on": "2033-06-07", "renewal": "auto", "renewal_term": "13m",
    "max_renewals": 88, "notice": "71d", "client_notice": "73d", "notice_window": "190d", "notice_to": "half_year",
    "notice_method": "courier", "notice_address": "12 Notice Street", "review_every": "19m",
    "last_reviewed_on": "2021-03-08", "uplift_percent": Decimal("4.25"), "document_url": "https://files.ours.test/a",
    "extension_notice": "79d",
    "owner": "U0SOMEONE", "term_kind": "month_to_month", "termination_reason": "The reason",
    "terminated_on": "2032-08-09",
}  # fmt: skip
SHOWN_AS = {
    "initial_term": "17 months", "renewal_term": "13 months", "notice": "71 days", "client_notice": "73 days",
    "notice_window": "190 days", "notice_to": "half of the calendar year", "review_every": "19 months",
    "term_kind": "month to month", "kind": "BAA", "extension_notice": "79 days",
}  # fmt: skip
NOT_BY_ITSELF = {"id", "client_id", "reference", "parent_id", "status", "version"}
"""In the headline, as Under, as Stands; or not for people."""


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(Agreement.model_fields.keys() - NOT_BY_ITSELF))
def test_every_field_that_is_set_is_shown(desk: Desk, name: str) -> None:
    typed(desk)
    value = VALUES[name]
    more = {"status": "terminated"} if name.startswith("terminat") else {}
    with desk.database.open_unit(desk.workspace_id) as uow:
        client: Client = uow.clients.list()[0]
        agreement = uow.agreements.of_client(client.id)[0]
        uow.agreements.save(agreement.changed(**{name: value}, **more), at=desk.now)
    said = " | ".join(shown(desk).values())
    assert SHOWN_AS.get(name, str(value)) in said


def test_what_is_terminated_is_not_renewed_and_an_earlier_decision_does_not_say_so(desk: Desk) -> None:
    typed(desk).now = on("2026-11-10")
    desk.type(f"{DECIDE} renew reason:good")
    desk.type("/engagement agreement terminate calder SOW-A on:2026-12-31 reason:agreed")
    assert shown(desk)["Decided"].startswith("renew, but it ends on 31 December 2026 all the same")
    error = desk.refused(f"{DECIDE} renew reason:again")
    assert error.message.startswith("SOW-A is terminated as of 31 December 2026")
    desk.type(error.next_steps[0])
    assert "1 January 2027" in desk.type(f"{DECIDE} renew reason:again").headline
    assert shown(desk)["Decided"].startswith("renew (")


def test_an_amendment_before_what_it_amends_says_so(desk: Desk) -> None:
    amend = f"{ADD} AM-1 kind:amendment parent:SOW-A signed:2026-01-01 notice:30d"
    reply = typed(desk).type(f"{amend} effective:2025-12-01")
    assert any("before SOW-A, which it amends, does on 1 January 2026" in each for each in reply.cautions)
    reply = desk.type("/engagement agreement edit calder AM-1 effective:2026-01-01")
    assert not any("which it amends, does" in each for each in reply.cautions)
