"""Every date of every command: classified, plausible, and by the client's day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from commands.catalog import REGISTRY
from commands.command import Command
from commands.dispatching.request import Request
from commands.errors import UsageError
from commands.frameworks.editions import family_of, import_days
from commands.parameters import Kind, Parameter
from commands.reminders.planner import planner_for
from commands.rules.reminders.kinds import dues
from storage.catalog import frameworks
from storage.records import FrameworkVersion, ReminderKind
from tests.commands.conftest import MANAGER, NOW, Desk
from tests.commands.test_limits import WORLD, Trial, in_words, usual

DATES = [(command, each) for command in REGISTRY for each in command.parameters if each.kind is Kind.DATE]
SYDNEY = datetime(2026, 10, 5, 13, 30, tzinfo=UTC)  # the 6th there, the 5th in Chicago


def test_every_date_says_whether_it_has_happened() -> None:
    unclear = [f"{command.name} {each.name}" for command, each in DATES if each.has_happened is None]
    assert unclear == []


@pytest.mark.slow
@pytest.mark.parametrize(("command", "parameter"), DATES, ids=lambda each: each.name)
def test_what_has_happened_is_not_later_than_today_and_no_date_is_beyond_its_years(
    calder: Desk, command: Command, parameter: Parameter
) -> None:
    trial, today = Trial(calder), NOW.date()
    tomorrow, farthest = today + timedelta(days=1), today.replace(year=today.year + parameter.years_ahead)
    implausible = [farthest + timedelta(days=1), today.replace(year=26), today.replace(year=2206)]
    implausible += [tomorrow] if parameter.has_happened else []
    for day in implausible:
        error = trial.run(command, {**usual(command), parameter.name: day.isoformat()})
        assert isinstance(error, UsageError), in_words(error)
        assert day.isoformat() in error.fields[parameter.name]
    for day in (today, today.replace(year=1998), *(() if parameter.has_happened else (tomorrow, farthest))):
        said = in_words(trial.run(command, {**usual(command), parameter.name: day.isoformat()}))
        assert "in the future" not in said
        assert "years away" not in said


@pytest.fixture
def sydney(desk: Desk) -> Desk:
    desk.type('/engagement client add "Syd Co" alias:syd zone:Australia/Sydney country:AU')
    desk.type("/engagement agreement add syd S1 kind:sow effective:2025-12-05 signed:2025-12-05 initial-term:12m")
    desk.now = SYDNEY
    return desk


def test_today_is_the_clients_day_where_it_is_typed_and_where_it_is_left_out(sydney: Desk) -> None:
    assert "2026-10-06" in str(sydney.type("/engagement disclosure record syd gdpr applies by:x").data)
    assert "2026-10-06" in str(sydney.type("/engagement disclosure record syd hipaa applies by:x on:today").data)
    assert (
        sydney.type("/engagement agreement edit syd S1 reviewed:today").data["agreement"]["last_reviewed_on"]
        == "2026-10-06"
    )
    assert sydney.type("/engagement agreement edit syd S1 reviewed:2026-10-06")
    assert "in the future" in sydney.refused("/engagement agreement edit syd S1 reviewed:tomorrow").message


def test_a_form_begins_with_the_clients_day(sydney: Desk) -> None:
    request = Request(sydney.workspace_id, MANAGER, "agreement sign syd S1")
    assert sydney.dispatcher.prefill(request).raw["on"] == "2026-10-06"
    typed = Request(sydney.workspace_id, MANAGER, "agreement sign syd S1 on:01/02/2026")
    assert sydney.dispatcher.prefill(typed).raw["on"] == "2026-02-01"


def test_a_date_in_digits_is_read_by_the_clients_country_and_the_answer_says_so(sydney: Desk) -> None:
    reply = sydney.type("/engagement agreement edit syd S1 reviewed:01/02/2026")
    assert reply.data["agreement"]["last_reviewed_on"] == "2026-02-01"
    assert 'reviewed: "01/02/2026" is read as 1 February 2026, day first, as in AU.' in reply.cautions


def test_an_agreement_does_not_end_before_it_begins(calder: Desk) -> None:
    error = calder.refused("/engagement agreement terminate calder SOW-A on:2025-06-30")
    assert "before its first day, 2026-01-01" in error.message


def test_an_import_asks_back_like_a_command(calder: Desk) -> None:
    content = (
        "client,reference,kind,effective,signed\n"
        "Calder Ridge,A1,sow,2206-01-01,2026-01-01\n"
        "Calder Ridge,A2,sow,2026-01-01,2026-12-01\n"
        "Calder Ridge,A3,sow,01/02/2026,2026-01-01\n"
    )
    error = calder.refused("/engagement agreement import confirm:yes", upload=("a.csv", content.encode()))
    assert "row 2: effective 2206-01-01 is more than 10 years away" in error.message
    assert "row 3: signed 2026-12-01 is in the future" in error.message
    assert "can be 2026-01-02 or 2026-02-01. Which number comes first?" in error.message


def test_a_matrix_asks_back_like_a_command(calder: Desk) -> None:
    content = b"item,responsible,effective from\nServer backup,msp,2206-01-01\n"
    error = calder.refused("/engagement matrix import calder SOW-A confirm:yes", upload=("m.csv", content))
    assert "row 2: 2206-01-01 is more than 30 years away" in error.message


@pytest.mark.parametrize(
    ("line", "began"),
    [
        ('promise end calder "Test a restore"', "it was made"),
        ("access revoke calder Payroll", "it was granted"),
        ('recommendation accept calder "Buy a firewall"', "it was declined"),
        ("framework drop calder nist_800_53", "it was adopted"),
    ],
)
def test_nothing_ends_before_it_began(calder: Desk, line: str, began: str) -> None:
    for each in WORLD:
        calder.type(each)
    assert began in calder.refused(f"/engagement {line} on:2026-01-01").message
    calder.type(f"/engagement {line} on:{NOW.date()}")


EVENING = datetime(2026, 3, 4, 2, 30, tzinfo=UTC)
"""Half past eight on 3 March in Chicago."""


def test_a_day_that_is_said_is_the_day_there(calder: Desk) -> None:
    calder.now = EVENING
    calder.type("/engagement check calder")
    calder.type("/engagement role grant U0SAM viewer")
    calder.now = EVENING + timedelta(days=1)
    assert "Since the check on 3 March 2026" in " ".join(calder.type("/engagement check calder").lines)
    assert "2026-03-03" in str(calder.type("/engagement role list").table)


def test_the_day_of_a_decision_a_wording_and_a_question_is_the_day_there(calder: Desk) -> None:
    calder.now = EVENING
    decided = '/engagement renewal decide calder SOW-A renew reason:"they are content"'
    calder.type(decided, user=MANAGER)
    shown = {each.label: each.value for each in calder.type("/engagement agreement show calder SOW-A").fields}
    assert shown["Decided"].endswith("3 March 2026)")
    asked = calder.type("/scope calder who feeds the aquarium?", user=MANAGER).data["question_id"]
    policy = calder.dispatcher.policy
    with calder.database.open_unit(calder.workspace_id, writes=False) as uow:
        facts = planner_for(policy).facts(uow, uow.clients.list()[0], calder.now)
    [due] = [each for each in dues(facts) if each.kind is ReminderKind.SCOPE_QUESTION]
    assert due.deadline == date(2026, 3, 6)
    calder.type(f'/engagement scope settle {asked} row:"Server backup" alias:yes', user=MANAGER)
    again = calder.type("/scope calder who feeds the aquarium in reception?").data
    assert any("on 2026-03-03" in each for each in again["because"]), again
    why = " ".join(calder.type(f"/engagement scope why {again['question_id']}").lines)
    assert "on 2026-03-03" in why


def test_an_edition_is_known_from_the_day_of_its_file_there(calder: Desk) -> None:
    imported = FrameworkVersion(
        id=1, family="house", version="2", edition="2", title="House", file="h.json", imported_at=EVENING,
        imported_by="U0",
    )  # fmt: skip
    family = family_of(frameworks.shipped(), "house", [imported])
    days = [import_days(family, [imported], ZoneInfo(zone)) for zone in ("America/Chicago", "Pacific/Auckland")]
    assert days == [[date(2026, 3, 3)], [date(2026, 3, 4)]]
