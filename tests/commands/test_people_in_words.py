"""People, days and what is missing, as they are said in words: found on record, or asked back; never left out."""

from dataclasses import replace

import pytest

from commands.grammar.known_people import people_said
from commands.matrix_cache import Matrices
from commands.meanings import shipped_meanings
from commands.profile import Profile
from storage.records import Person, Role, RoleAssignment
from tests.commands.conftest import ADMIN, MANAGER, NOW, VIEWER, Desk, set_up_calder

_PEOPLE = {"U0PRIYA": "Priya Shah", "U0PRI2": "Priya Nair", "U0SAM": "Sam Lee", "U0MARK": "Mark Cole"}


@pytest.fixture
def office(desk: Desk) -> Desk:
    """With the shipped encoder, Calder Ridge's records, and people whom Slack told us of."""
    desk.dispatcher = replace(desk.dispatcher, matrices=Matrices(load_meanings=shipped_meanings))
    set_up_calder(desk)
    with desk.database.open_unit(desk.workspace_id) as uow:
        for user, name in _PEOPLE.items():
            uow.people.learn(Person(user=user, name=name, seen_at=NOW))
    return desk


@pytest.mark.parametrize(
    ("said", "stands_for"),
    [
        ("make sam an admin", "role grant person:<@U0SAM> role:admin"),
        ("Make Sam Lee a manager please", "role grant person:<@U0SAM> role:manager"),
        ("make priya shah an admin", "role grant person:<@U0PRIYA> role:admin"),
        ("make <@U0EVE> an admin", "role grant person:<@U0EVE> role:admin"),
        ("make Mark a technician", "role grant person:<@U0MARK> role:technician"),
        ("make sam the owner of calder", 'client edit "Calder Ridge" owner:<@U0SAM>'),
        ("make sam the backup for calder", 'client edit "Calder Ridge" backup:<@U0SAM>'),
    ],
)
def test_a_name_fills_the_form(office: Desk, said: str, stands_for: str) -> None:
    reply = office.type(said, user=ADMIN)
    assert reply.data["stands_for"] == f"/engagement {stands_for}"
    assert reply.headline == "Nothing is changed yet. Check the form and save it."
    [choice] = reply.choices
    assert choice.opens_form


_SHARED = {"U0ASM": "A. Smith", "U0DESK": "IT Support", "U0ADM": "admin", "U0WILL": "Will Fox", "U0OWN": "Owner"}


@pytest.mark.parametrize(
    ("said", "stands_for"),
    [
        ("make dana a manager", "role grant role:manager"),
        ("make sam an admin", "role grant person:<@U0SAM> role:admin"),
        ("make it so that sam is an admin", "role grant person:<@U0SAM> role:admin"),
        ("make sam the owner of calder", 'client edit "Calder Ridge" owner:<@U0SAM>'),
        ("make sam the backup owner of calder", 'client edit "Calder Ridge" backup:<@U0SAM>'),
        ("Will Sam be the owner of calder", 'client edit "Calder Ridge" owner:<@U0SAM>'),
        ("make Will the owner of calder", 'client edit "Calder Ridge" owner:<@U0WILL>'),
    ],
)
def test_ordinary_words_and_shared_accounts_are_nobodys_name(office: Desk, said: str, stands_for: str) -> None:
    with office.database.open_unit(office.workspace_id) as uow:
        for user, name in _SHARED.items():
            uow.people.learn(Person(user=user, name=name, seen_at=NOW))
    assert office.type(said, user=ADMIN).data["stands_for"] == f"/engagement {stands_for}"


@pytest.mark.parametrize(
    "said",
    ["make sam owner of calder and priya shah the backup", "make sam the owner and mark the backup for calder"],
)
def test_who_is_owner_and_who_is_backup_is_not_guessed(office: Desk, said: str) -> None:
    reply = office.type(said, user=ADMIN)
    assert reply.data["stands_for"] == '/engagement client edit "Calder Ridge"'
    assert [each.opens_form for each in reply.choices] == [True]


def test_a_first_word_is_a_name_where_nobody_else_is_named() -> None:
    people = [Person(user=user, name=name, seen_at=NOW) for user, name in {**_PEOPLE, **_SHARED}.items()]
    assert people_said("Will is the owner from now on", people) == ["U0WILL"]
    assert people_said("Will Sam be the owner?", people) == ["U0SAM"]


def test_nobody_is_dropped_beside_a_whole_name(office: Desk) -> None:
    reply = office.type("make Priya Shah or Sam the owner of calder", user=ADMIN)
    assert {each.label for each in reply.choices} == {"Priya Shah", "Sam Lee"}


def test_a_name_of_several_is_asked_back(office: Desk) -> None:
    reply = office.type("make priya an admin", user=ADMIN)
    assert reply.headline == "Who is meant? Nothing is changed yet."
    assert {each.label: each.command for each in reply.choices} == {
        "Priya Shah": "role grant role:admin person:<@U0PRIYA>",
        "Priya Nair": "role grant role:admin person:<@U0PRI2>",
    }
    assert all(each.opens_form for each in reply.choices)


@pytest.mark.parametrize("said", ["make zelda an admin", "mark zelda as admin"])
def test_a_name_that_nobody_has_is_picked_in_the_form(office: Desk, said: str) -> None:
    reply = office.type(said, user=ADMIN)
    assert reply.headline == "Nothing is changed yet. Pick the person in the form and save it."
    assert "U0MARK" not in reply.data["stands_for"]


def test_whoever_has_a_role_is_known_by_the_name_that_slack_tells(office: Desk) -> None:
    with office.database.open_unit(office.workspace_id) as uow:
        uow.roles.grant(RoleAssignment(user="U0NORA", role=Role.VIEWER, granted_by=ADMIN, granted_at=NOW))
    names = {"U0NORA": Profile("Nora Quist", None)}
    office.dispatcher = replace(office.dispatcher, look_up=names.get)
    assert "person:<@U0NORA>" in office.type("make nora a technician", user=ADMIN).data["stands_for"]


@pytest.mark.parametrize(
    ("said", "stands_for"),
    [
        ("what did sam do last week?", "audit show person:<@U0SAM> since:2026-02-23 until:2026-03-01"),
        ("what did sam change yesterday", "audit show person:<@U0SAM> since:2026-03-01 until:2026-03-01"),
        ("what has sam done since 27 february 2026", "audit show person:<@U0SAM> since:2026-02-27 until:2026-03-02"),
        ("what did sam do this month", "audit show person:<@U0SAM> since:2026-03-01 until:2026-03-02"),
    ],
)
def test_the_audit_log_is_asked_by_person_and_days(office: Desk, said: str, stands_for: str) -> None:
    assert office.type(said, user=MANAGER).data["stands_for"] == f"/engagement {stands_for}"


def test_everybodys_acts_are_not_shown_as_somebodys(office: Desk) -> None:
    for said in ("what did priya do last week?", "what did zelda do this week"):
        reply = office.type(said, user=MANAGER)
        assert "zelda" not in said or 'It is not clear who "zelda" is.' in reply.headline
        assert "zelda" in said or {each.label for each in reply.choices} == {"Priya Shah", "Priya Nair"}


def test_an_unknown_doer_is_nobody_else_who_is_named(office: Desk) -> None:
    data = office.type("what did zelda change in sam's role last week", user=MANAGER).data
    assert data["stands_for"] == "/engagement audit show since:2026-02-23 until:2026-03-01"


def test_part_of_the_clients_name_is_no_known_doer(office: Desk) -> None:
    reply = office.type("what did ridg change at calder last week", user=MANAGER)
    assert 'It is not clear who "ridg" is. This is what everybody did.' in reply.headline


def test_a_client_is_no_unknown_doer(office: Desk) -> None:
    assert "not clear" not in office.type("what did calder change last month", user=MANAGER).headline


@pytest.mark.parametrize("said", ["what has to be done this week?", "what has our team done this week"])
def test_what_is_to_do_is_not_what_somebody_did(office: Desk, said: str) -> None:
    assert office.type(said, user=MANAGER).data["stands_for"].startswith("/engagement week")
    assert office.type(said, user=VIEWER).data["stands_for"] == "/engagement home"


def test_what_was_known_on_a_day_is_not_what_is_known_today(office: Desk) -> None:
    office.type('disclosure record calder hipaa applies by:"Lee Marsh, COO" on:2026-01-02')
    today = office.type("is calder under hipaa?")
    assert "applies, as the client told us on 2 January 2026" in today.headline
    then = office.type("what did we know about calder and hipaa on 2026-01-15")
    assert then.data["stands_for"] == '/engagement disclosure list "Calder Ridge" known-at:2026-01-15'
    assert then.headline == "Calder Ridge: nothing about regulations is on record for that day."


@pytest.mark.parametrize(
    ("said", "line", "papers"),
    [
        ("which agreements have no end date", "agreement list without:end", ["MSA-1"]),
        ("show me the contracts that never expire", "agreement list without:end", ["MSA-1"]),
        ("any agreements without an expiration date?", "agreement list without:end", ["MSA-1"]),
        ("which contracts of calder have no end date", 'agreement list "Calder Ridge" without:end', ["MSA-1"]),
        ("which agreements have no notice period", "agreement list without:notice", ["MSA-1", "SOW-2"]),
        ("list the contracts without a notice period", "agreement list without:notice", ["MSA-1", "SOW-2"]),
    ],
)
def test_agreements_are_listed_by_what_they_lack(office: Desk, said: str, line: str, papers: list[str]) -> None:
    office.type("agreement add calder MSA-1 kind:msa effective:2025-01-01 signed:2025-01-01 term:evergreen")
    office.type(
        "agreement add calder SOW-2 kind:sow effective:2026-01-01 end:2026-12-31 renewal:none signed:2026-01-01"
    )
    office.type(
        "agreement add calder SOW-3 kind:sow effective:2024-01-01 end:2024-12-31 renewal:none signed:2024-01-01"
    )
    reply = office.type(said)
    assert reply.data["stands_for"] == f"/engagement {line}"
    assert [each["reference"] for each in reply.data["agreements"]] == papers


@pytest.mark.parametrize(
    "said",
    [
        "which agreements do not expire this year", "which contracts don't end before july",
        "which agreements expire without notice", "what agreements do we have with no notice given",
    ],
)  # fmt: skip
def test_when_they_end_is_not_whether_they_do(office: Desk, said: str) -> None:
    assert "without:" not in str(office.type(said, user=MANAGER).data.get("stands_for"))


def test_none_that_lacks_it_is_said(office: Desk) -> None:
    reply = office.type("agreement list calder without:end")
    assert reply.headline == "Every agreement of Calder Ridge that is not over has the end of a term on record."
    assert reply.table is None
    office.type("agreement add calder AMD-1 kind:amendment parent:SOW-A effective:2026-01-01 signed:2026-01-01")
    assert office.type("agreement list calder without:end").table is None, "it ends with what it amends"
    office.type("agreement add calder ADD-1 kind:addendum effective:2026-01-01")
    assert office.type("agreement list without:signatures").headline.startswith("1 agreement without the signatures")


@pytest.mark.parametrize(
    ("said", "stands_for"),
    [
        (
            "renew SOW-A of calder, price is fair",
            'renewal decide "Calder Ridge" SOW-A decision:renew reason:"price is fair"',
        ),
        (
            "don't renew the calder nda because they never pay",
            'renewal decide "Calder Ridge" reason:"they never pay"',
        ),
        (
            "don't renew SOW-A of calder, they left",
            'renewal decide "Calder Ridge" SOW-A reason:"they left"',
        ),
        ("renew SOW-A of calder, please", 'renewal decide "Calder Ridge" SOW-A decision:renew'),
        ("put the calder review off until friday", "reminder snooze until:2026-03-06"),
        ("snooze it until friday", "reminder snooze until:2026-03-06"),
        ("please postpone the notice reminder to friday", "reminder snooze until:2026-03-06"),
        ("who was told that the calder restore tests are overdue?", 'reminder list "Calder Ridge"'),
        ("show everything that was recorded about SOW-A", 'agreement history "Calder Ridge" SOW-A'),
    ],
)
def test_what_people_say_of_their_day_leads_to_it(office: Desk, said: str, stands_for: str) -> None:
    reply = office.type(said, user=ADMIN)
    assert reply.data["stands_for"] == f"/engagement {stands_for}"
    with office.database.open_unit(office.workspace_id, writes=False) as uow:
        assert uow.questions.open() == []


def test_an_empty_list_does_not_say_that_nobody_was_told(office: Desk) -> None:
    reply = office.type("who was told about the calder outage?", user=MANAGER)
    assert reply.headline.endswith('Who was told of all others: /engagement paper evidence "Calder Ridge"')
    assert reply.lines == ("No reminder is planned or open in the next 90 days.",)


@pytest.mark.parametrize(
    "said",
    [
        "who renews the calder domain?", "renew the ssl certificate at calder", "who tells the calder users?",
        "renew the calder domain names under SOW-A", "postpone the calder server migration to friday",
        "put off the calder patching by a week",
    ],
)  # fmt: skip
def test_what_asks_whose_job_it_is_is_still_asked(office: Desk, said: str) -> None:
    assert "stands_for" not in office.type(said, user=ADMIN).data


def test_without_any_client_a_command_says_so(desk: Desk) -> None:
    error = desk.refused("/engagement check")
    assert (error.message, error.next_steps) == ("There are no clients yet.", ("/engagement setup",))
