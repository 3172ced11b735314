"""What clients must do, and what their contracts with others demand: recorded, warned of, reminded of, taken back."""

from datetime import date, timedelta

import pytest

from commands.errors import CommandError
from commands.rules.conduct.obligations import ObligationState, state_of
from storage.records import Obligation, Period
from tests.commands.conftest import MANAGER, TECHNICIAN, VIEWER, Desk, set_up_calder
from tests.conftest import NOW

ADD = (
    '/engagement obligation add calder "Name an approver for firewall changes" agreement:SOW-A clause:"SOW-A 4.2" '
    'row:"Firewall rules and configuration" due:2026-02-20 since:2026-01-01'
)
WHAT = '"Name an approver"'
POLICY = (
    '/engagement contract add calder "Harbor Mutual" kind:insurer reference:CY-4711 notice-hours:72 ends:2026-04-30 '
    'demands:"MFA for remote access" demands:"Tested backups" by:"Pat Roe, CFO" url:https://files.calder.com/cy4711.pdf'
)


def cautions(desk: Desk, *options: str) -> list[str]:
    said = desk.type(" ".join(("/scope calder who changes the firewall rules?", *options))).cautions
    return [each for each in said if "depends on the client" in each]


def rules(desk: Desk, *names: str) -> dict[str, str]:
    found = desk.type("/engagement check calder").data["findings"]
    return {each["rule"]: each["severity"] for each in found if each["rule"].startswith(names)}


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, ObligationState.OPEN),
        ({"next_due_on": date(2026, 3, 2)}, ObligationState.OPEN),
        ({"next_due_on": date(2026, 3, 1)}, ObligationState.UNMET),
        ({"last_met_on": date(2026, 3, 2)}, ObligationState.MET),
        ({"last_met_on": date(2026, 2, 1), "next_due_on": date(2026, 3, 1)}, ObligationState.UNMET),
        ({"last_met_on": date(2026, 3, 3)}, ObligationState.OPEN),
        ({"unmet_on": date(2026, 3, 2)}, ObligationState.UNMET),
        ({"unmet_on": date(2026, 3, 3)}, ObligationState.OPEN),
        ({"unmet_on": date(2026, 2, 1), "waived_on": date(2026, 3, 1)}, ObligationState.WAIVED),
        ({"unmet_on": date(2026, 2, 1), "waived_on": date(2026, 3, 3)}, ObligationState.UNMET),
        ({"unmet_on": date(2026, 2, 1), "ended_on": date(2026, 3, 2)}, ObligationState.ENDED),
    ],
)
def test_states(changes: dict[str, date], state: ObligationState) -> None:
    duty = Obligation(
        client_id=1, what="x", since=date(2026, 1, 1), cadence=Period.parse("1m"), recorded_at=NOW, recorded_by="U0",
        **changes,
    )  # fmt: skip
    assert state_of(duty, date(2026, 3, 2)) is state


def test_an_unmet_duty_warns_where_an_answer_depends_on_it(calder: Desk) -> None:
    calder.type(ADD, user=MANAGER)
    words = 'It depends on the client: "Name an approver for firewall changes" (SOW-A 4.2) was due on 20 February 2026'
    assert cautions(calder) == [f"{words}."]
    assert cautions(calder, "as-of:2026-02-20") == []
    assert not [each for each in calder.type("/scope calder server backup").cautions if "depends" in each]
    assert rules(calder, "obligation") == {"obligation_unmet": "high"}
    calder.type(f'/engagement obligation unmet calder {WHAT} told:"Lee Marsh, COO" proof:"mail 17"', user=TECHNICIAN)
    assert cautions(calder) == [
        'It depends on the client: "Name an approver for firewall changes" (SOW-A 4.2) is not met, as recorded on '
        "2 March 2026; the client was told on 2 March 2026."
    ]
    assert rules(calder, "obligation") == {"obligation_unmet": "medium"}
    calder.type(f'/engagement obligation met calder {WHAT} evidence:"ticket 4711"', user=TECHNICIAN)
    assert cautions(calder) == []
    assert rules(calder, "obligation") == {}
    [kept] = calder.type("/engagement obligation list calder", user=VIEWER).data["obligations"]
    assert (kept["state"], kept["told_to"], kept["evidence"]) == ("met", None, "ticket 4711")


def test_waived_is_waived_in_writing_only(calder: Desk) -> None:
    calder.type(ADD)
    assert "proof is missing" in calder.refused(f"/engagement obligation waive calder {WHAT} by:Dana").message
    calder.type(f'/engagement obligation waive calder {WHAT} by:"Dana Ortiz" proof:"letter of 2 March"', user=MANAGER)
    assert cautions(calder) == []
    assert rules(calder, "obligation") == {}
    [kept] = calder.type("/engagement obligation list calder").data["obligations"]
    assert kept["state"] == "waived"


def test_what_was_known_then(calder: Desk) -> None:
    calder.type(ADD)
    assert cautions(calder, "known-at:2026-02-25", "as-of:2026-02-25") == []


def test_days_on_which_they_are_due_are_said(desk_on_each: Desk) -> None:
    desk = desk_on_each
    set_up_calder(desk)
    desk.type('/engagement obligation add calder "Approve the user list" every:1m clause:"SOW-A 5" agreement:SOW-A')
    reminders = desk.type("/engagement reminder list calder").data["reminders"]
    assert any("by 2 April 2026 the client must: Approve the user list." in each["headline"] for each in reminders)
    desk.type('/engagement obligation met calder "Approve" on:2026-03-01')
    [kept] = desk.type("/engagement obligation list calder").data["obligations"]
    assert kept["next_due_on"] == "2026-04-01"
    desk.type("/engagement undo")
    [kept] = desk.type("/engagement obligation list calder").data["obligations"]
    assert (kept["next_due_on"], kept["state"]) == ("2026-04-02", "open")
    desk.type('/engagement obligation end calder "Approve"')
    assert desk.type("/engagement obligation list calder").data["obligations"] == []
    desk.type('/engagement obligation reinstate calder "Approve"')
    assert len(desk.type("/engagement obligation list calder").data["obligations"]) == 1


def test_contracts_with_others_say_what_they_demand(calder: Desk) -> None:
    calder.type('/disclose calder "cyber insurance" applies by:"Pat Roe"')
    calder.type('/disclose calder "customer contracts" applies by:"Pat Roe"')
    assert rules(calder, "contract") == {"contract_none": "medium"}
    calder.type(POLICY, user=TECHNICIAN)
    calder.type(POLICY.replace("CY-4711", "CY-4712"))
    calder.type('/engagement contract add calder "Openwater Retail" kind:customer')
    assert rules(calder, "contract") == {"contract_incomplete": "low"}
    listed = calder.type("/engagement contract list calder", user=VIEWER).table
    assert listed is not None
    assert [row[:5] for row in listed.rows] == [
        ("Harbor Mutual", "insurer", "CY-4711", "MFA for remote access; Tested backups", "72 hours"),
        ("Harbor Mutual", "insurer", "CY-4712", "MFA for remote access; Tested backups", "72 hours"),
        ("Openwater Retail", "customer", "", "", "not recorded"),
    ]
    reminders = calder.type("/engagement reminder list calder").data["reminders"]
    assert any(
        "on 30 April 2026, the client's contract with Harbor Mutual CY-4711 ends" in r["headline"] for r in reminders
    )
    calder.type('/engagement contract edit calder openwater demands:"EDR" notice-hours:24')
    assert rules(calder, "contract") == {}
    calder.type('/engagement contract edit calder "Harbor Mutual CY-4711" ends:2026-02-28 starts:2025-03-01')
    assert rules(calder, "contract") == {"contract_incomplete": "medium"}
    calder.type('/engagement contract end calder "Harbor Mutual CY-4711"', user=MANAGER)
    assert rules(calder, "contract") == {}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('obligation met calder "No such"', "has no obligation"),
        ('obligation add calder "Often" every:5bd', "every"),
        ('obligation add calder "Soon" due:tomorrowish', "not a date"),
        ('obligation add calder ""', "what"),
        ('obligation add calder "X" agreement:SOW-Z', "no agreement"),
        ('contract add calder "Harbor"', "kind is missing"),
        ('contract add calder "Harbor" kind:friend', "not one of customer"),
        ('contract add calder "Harbor" kind:insurer starts:2026-02-01 ends:2026-01-01', "before it starts"),
        ('contract add calder "Harbor" kind:insurer notice-hours:soon', "notice-hours"),
        ('contract add calder "Harbor" kind:insurer notice-hours:99999', "notice-hours"),
        ('contract edit calder "Harbor" by:Pat', "has no contract with"),
    ],
)
def test_wrong_input_is_named_and_nothing_is_saved(calder: Desk, line: str, words: str) -> None:
    error = calder.refused(f"/engagement {line}")
    assert isinstance(error, CommandError)
    assert words in error.message
    assert calder.type("/engagement obligation list calder").data["obligations"] == []
    assert calder.type("/engagement contract list calder").data["contracts"] == []


def test_two_of_one_name_are_refused(calder: Desk) -> None:
    calder.type(ADD)
    assert "recorded already" in calder.refused(ADD).message
    calder.type(POLICY)
    assert "recorded already" in calder.refused(POLICY).message


def test_restricted_clients_show_none_of_it(calder: Desk) -> None:
    calder.type(ADD)
    calder.type(POLICY)
    calder.type(f"/engagement client restrict calder to:{MANAGER}")
    for noun in ("obligation", "contract"):
        assert "no client" in calder.refused(f"/engagement {noun} list calder", user=VIEWER).message


def test_erasing_takes_the_words_away(desk_on_each: Desk) -> None:
    desk = desk_on_each
    set_up_calder(desk)
    desk.type(ADD)
    desk.type(f'/engagement obligation unmet calder {WHAT} told:"Lee Marsh, COO" proof:"mail 17"')
    desk.type(POLICY)
    desk.type("/engagement client offboard calder")
    desk.type("/engagement client erase number:1 confirm:yes")
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        [duty] = uow.obligations.current(1)
        [policy] = uow.contracts.current(1)
    assert (duty.told_to, duty.told_proof) != ("Lee Marsh, COO", "mail 17")
    assert policy.counterparty == "erased"


def test_what_a_contract_says_is_asked_again_yearly(calder: Desk) -> None:
    calder.type(POLICY)
    calder.now += timedelta(days=360)
    found = calder.type("/engagement reminder list calder").data["reminders"]
    asked = next(each for each in found if each["kind"] == "disclosure_reask")
    assert asked["headline"] == (
        "Calder Ridge: ask again about the client's contract with Harbor Mutual CY-4711 on 2 March 2027."
    )
    [item] = [
        each for section in calder.type("/engagement week").sections for each in section.items
        if each.text == asked["headline"]
    ]  # fmt: skip
    assert item.choices[0].command.startswith('contract edit "Calder Ridge" "Harbor Mutual CY-4711"')
    calder.type('/engagement contract edit calder "Harbor Mutual" by:"Pat Roe" on:2027-02-25')
    found = calder.type("/engagement reminder list calder").data.get("reminders", ())
    assert not [each for each in found if each["kind"] == "disclosure_reask" and each["deadline"] == "2027-03-02"]


def test_how_many_people_it_employs_is_kept_and_used(calder: Desk) -> None:
    def size(line: str) -> tuple[str, str]:
        table = calder.type(line).table
        assert table is not None
        row = next(each for each in table.rows if "employees" in each[1])
        return row[2], row[3]

    line = "/engagement framework defenses calder state:TX"
    assert size(line) == ("", "record how many with client edit, or say so here: employees:N")
    calder.type("/engagement client edit calder employees:80")
    assert size(line) == ("80, on record", "")
    assert size(f"{line} employees:120")[0] == "120, as typed now; it is not kept"
    assert calder.type("/engagement client show calder").data["client"]["employees"] == 80


ORDERED = (
    ('"Late and told"', "due:2026-01-10 since:2026-01-01", 'told:"Pat Roe, COO" on:2026-01-11'),
    ('"To come"', "due:2026-06-01 since:2026-01-01", ""),
    ('"Late since February"', "due:2026-02-20 since:2026-01-01", ""),
    ('"Without a day, known in January"', "since:2026-01-01", "on:2026-01-15"),
)  # fmt: skip


def record_duties(desk: Desk) -> None:
    for what, options, unmet in ORDERED:
        desk.type(f"/engagement obligation add calder {what} agreement:SOW-A clause:4 {options}", user=MANAGER)
        if unmet:
            desk.type(f"/engagement obligation unmet calder {what} {unmet}", user=MANAGER)


IN_ORDER = ["Without a day, known in January", "Late since February", "Late and told", "To come"]


def test_what_nobody_was_told_of_comes_first_then_the_longest_overdue(calder: Desk) -> None:
    record_duties(calder)
    checked = calder.type("/engagement check calder").data["findings"]
    unmet = [each["subject"] for each in checked if each["rule"] == "obligation_unmet"]
    assert unmet == IN_ORDER[:3]
    listed = calder.type("/engagement obligation list calder").data["obligations"]
    assert [each["what"] for each in listed] == IN_ORDER


def test_what_is_not_met_is_in_the_week_until_the_client_was_told(calder: Desk) -> None:
    record_duties(calder)

    def due() -> list[tuple[str, str]]:
        found = calder.type("/engagement week calder", user=MANAGER).data["due"]
        return [(each["what"], each["act_on"]) for each in found if each["kind"] == "obligation_due"]

    assert [on for _, on in due()] == ["2026-01-10", "2026-01-15", "2026-02-20"]
    told = 'told:"Pat Roe, COO"'
    calder.type(f'/engagement obligation unmet calder "Without a day" {told}', user=MANAGER)
    assert [on for _, on in due()] == ["2026-01-10", "2026-02-20"]


def test_no_day_is_made_up_by_which_the_client_must(calder: Desk) -> None:
    record_duties(calder)
    said = {each["what"] for each in calder.type("/engagement week calder", user=MANAGER).data["due"]}
    assert {each for each in said if "Without a day" in each} == {
        "Calder Ridge: not met, as recorded on 15 January 2026, and the client was not told: Without a day, known in "
        "January."
    }
    assert any("by 10 January 2026 the client must: " in each for each in said)
