"""What is asked of the record in somebody's own words: answered by the command that it stands for, changing nothing."""

from dataclasses import replace

import pytest

from commands.catalog import REGISTRY
from commands.dispatching.request import Request
from commands.errors import NotAllowed, UnclearClient
from commands.matrix_cache import Matrices
from commands.meanings import shipped_meanings
from commands.wishes.wish import wish_for
from storage.records import Verdict
from tests.commands.conftest import ADMIN, MANAGER, TECHNICIAN, VIEWER, Desk, set_up_calder

CHANNEL = "C0CALDER"


@pytest.fixture
def told(desk: Desk) -> Desk:
    """With the shipped encoder, Calder Ridge's records, and another client."""
    matrices = Matrices(load_meanings=shipped_meanings)
    desk.dispatcher = replace(desk.dispatcher, matrices=matrices)
    set_up_calder(desk)
    desk.prepare(
        'client add "Bluebird Dental" alias:bluebird',
        'disclosure record calder hipaa applies by:"Lee Marsh, COO"',
        'promise add calder "Weekly report" every:1w',
        'access grant calder "Payroll server" view limit:"only while the payroll clerk watches" basis:9.2',
    )
    return desk


ASKED: dict[str, str | None] = {
    "when does the calder contract end?": "agreement show",
    "when does it renew, and until when can we get out?": "agreement show",
    "is calder under HIPAA?": "disclosure list",
    "does bluebird need a BAA?": "disclosure list",
    "what is not ours at calder?": "matrix show",
    "show me the matrix": "matrix show",
    "may we touch the payroll server?": "access",
    "what did we promise?": "promise list",
    "who signed the MSA?": "agreement",
    "what must I do this week?": "",
    "my clients": "client list",
    "list clients": "client list",
    "renewals": None,  # a command as it stands
}


@pytest.mark.parametrize("asked", ASKED)
def test_it_is_answered_from_the_record(told: Desk, asked: str) -> None:
    before = told.actions()
    reply = told.type(asked, user=TECHNICIAN, channel=CHANNEL)
    command = ASKED[asked]
    if command is None:
        assert "stands_for" not in reply.data
        assert reply.headline == told.type(f"/engagement {asked}").headline
    else:
        assert f"/engagement {command}" in reply.data["stands_for"]
    assert not reply.notices
    assert told.actions() == before, "nothing was changed, and no question was kept"
    with told.database.open_unit(told.workspace_id, writes=False) as uow:
        assert uow.questions.open() == []
        assert uow.questions.history(1, 10) == []


def test_the_first_line_answers(told: Desk) -> None:
    assert "HIPAA" in told.type("is calder under hipaa?").headline
    assert "applies, as the client told us on 2 March 2026" in told.type("is calder under hipaa?").headline
    assert "nobody has recorded whether" in told.type("is bluebird under pci?").headline
    assert "no BAA is on record" in told.type("does bluebird need a BAA?").headline
    rows = told.type("what is not ours at calder?").table
    assert rows is not None
    assert "msp" not in {row[1] for row in rows.rows}


def test_a_restricted_client_is_nobodys(told: Desk) -> None:
    told.type(f"client restrict calder to:<@{MANAGER}>", user=ADMIN)
    for name in ("calder ridge", "initech"):  # as one that does not exist
        error = told.refused(f"what did we promise {name}?", user=TECHNICIAN)
        assert error.message == f'There is no client called "{name}".'
    assert "Weekly report" in str(told.type("what did we promise calder ridge?", user=MANAGER).table)


def test_the_channels_client_does_not_stand_in_for_an_unknown_one(told: Desk) -> None:
    with pytest.raises(UnclearClient) as caught:
        told.type("when does the contract with Lakeside Motors end?", user=TECHNICIAN, channel=CHANNEL)
    assert "Lakeside" in caught.value.message
    assert caught.value.choices[-1].command == 'agreement show "Calder Ridge" SOW-A'


def test_the_role_of_the_command_holds(told: Desk) -> None:
    with pytest.raises(NotAllowed):
        told.type("show the audit log", user=TECHNICIAN)
    assert told.type("show the audit log", user=MANAGER).data["stands_for"] == "/engagement audit show"
    with pytest.raises(NotAllowed):
        told.type("record that calder has no HIPAA data", user=VIEWER)


CHANGES = {
    "record that calder has no HIPAA data": "disclosure record",
    "calder signed the MSA today": "agreement sign",
    "terminate the calder contract": "agreement terminate",
    "revoke our access to the calder payroll server": "access revoke",
    "oops, undo my last entry": "undo",
    "offboard calder": "client offboard",
}


@pytest.mark.parametrize("asked", CHANGES)
def test_nothing_is_changed_without_a_form(told: Desk, asked: str) -> None:
    before = told.actions()
    reply = told.type(asked, user=ADMIN, channel=CHANNEL)
    assert reply.data["stands_for"].startswith(f"/engagement {CHANGES[asked]}")
    [choice] = reply.choices
    assert choice.opens_form
    assert told.actions() == before


def test_a_change_that_is_taken_for_a_question_changes_nothing(told: Desk) -> None:
    """It names a row; nothing in it says that it is no question."""
    before, matrix = told.actions(), told.type("matrix show calder").data
    reply = told.type("make patching ours at calder", user=ADMIN, channel=CHANNEL)
    assert reply.verdict is Verdict.AMBIGUOUS
    assert [choice.command.split(" client:")[0] for choice in reply.choices if choice.is_option] == ["scope ask"]
    assert told.actions() == [*before, ("scope ask", "done")]
    assert told.type("matrix show calder").data == matrix


def test_the_form_is_filled_in(told: Desk) -> None:
    [choice] = told.type("record that calder has no HIPAA data", user=MANAGER).choices
    assert choice.command == 'disclosure record "Calder Ridge" hipaa does_not_apply'


def test_money_gets_no_verdict(told: Desk) -> None:
    reply = told.type("does calder pay extra for after hours?", user=TECHNICIAN)
    assert reply.verdict is None
    assert "billing" in reply.headline
    assert "SOW-A" in reply.headline


def test_which_client_is_asked_with_a_button(told: Desk) -> None:
    reply = told.type("show me the matrix", user=TECHNICIAN)
    assert reply.headline.startswith("Which client?")
    assert [choice.label for choice in reply.choices] == ["Bluebird Dental", "Calder Ridge"]
    assert told.type(reply.choices[1].command, user=TECHNICIAN).table is not None


def test_a_rows_own_name_is_a_question_about_it(told: Desk) -> None:
    told.type('matrix set calder SOW-A "Show me the matrix" client')
    assert told.type("show me the matrix", user=TECHNICIAN, channel=CHANNEL).data["item"] == "Show me the matrix"


def test_there_is_a_way_back_to_scope(told: Desk) -> None:
    reply = told.type("may we touch the payroll server?", user=TECHNICIAN, channel=CHANNEL)
    [back] = [choice for choice in reply.choices if choice.command.startswith("scope ask")]
    assert "verdict" in told.type(back.command, user=TECHNICIAN, channel=CHANNEL).data


@pytest.mark.parametrize(
    "asked", ["who patches the firewall at calder?", "is server backup ours?", "mfa at calder, us or them?"]
)
def test_questions_about_scope_are_kept_as_such(told: Desk, asked: str) -> None:
    assert "question_id" in told.type(asked, user=TECHNICIAN, channel=CHANNEL).data


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("when does Fenwick's contract end?", "Fenwick"),
        ("show me the Oak Street Bakery matrix", "Oak Street Bakery"),
    ],
)
def test_the_paper_of_somebody_else_is_not_the_channels(told: Desk, asked: str, name: str) -> None:
    with pytest.raises(UnclearClient, match=name):
        told.type(asked, user=TECHNICIAN, channel=CHANNEL)


@pytest.mark.parametrize(
    "asked",
    ["when does the Managed Services agreement end?", "When does the MSA end?", "when does the Calder contract end?"],
)
def test_a_paper_in_capitals_is_nobodys_name(told: Desk, asked: str) -> None:
    assert told.type(asked, user=TECHNICIAN, channel=CHANNEL).headline


OF_NOBODY = (
    "what did we promise Initech?", "what did we promise initech about response time?", "promises to initech",
    "when does Initech renew?", "is initech under hipaa?", "does Initech need a baa?", "Granite Gold's contract",
    "what did we promise Granite Gold about backups?", "when does granite gold end", "is granite gold under hipaa",
    "what did we promise granite gold", "granite gold matrix", "when can we get out of granite gold",
)  # fmt: skip


PAPERS_OF_NOBODY = (
    ("when does the okonkwo msa end", "okonkwo"), ("when does okonkwo's contract end", "okonkwo"),
    ("is the Initech agreement signed", "Initech"), ("when will our okonkwo contract renew", "okonkwo"),
    ("when does the granite gold msa end", "granite gold"),
)  # fmt: skip


@pytest.mark.parametrize("channel", [None, CHANNEL])
@pytest.mark.parametrize(("asked", "name"), PAPERS_OF_NOBODY)
def test_of_somebodys_paper_the_name_alone_is_asked_back(
    told: Desk, asked: str, name: str, channel: str | None
) -> None:
    error = told.refused(asked, user=MANAGER, channel=channel)
    assert isinstance(error, UnclearClient)
    assert f'There is no client called "{name}".' in error.message


@pytest.mark.slow
@pytest.mark.parametrize("channel", [None, CHANNEL])
@pytest.mark.parametrize("asked", OF_NOBODY)
def test_what_is_asked_of_nobody_we_know_is_asked_back(told: Desk, asked: str, channel: str | None) -> None:
    """Neither all clients' records nor those of the channel's client are an answer."""
    error = told.refused(asked, user=MANAGER, channel=channel)
    assert isinstance(error, UnclearClient)
    assert "There is no client called" in error.message


@pytest.mark.parametrize("asked", ["who signed the baa", "Who signed the BAA?", "who signed the Baa"])
def test_who_signed_a_paper_of_nobody_named_asks_which_client(told: Desk, asked: str) -> None:
    reply = told.type(asked, user=MANAGER)
    assert "Which client?" in reply.headline
    assert 'signature list "Calder Ridge"' in [each.command for each in reply.choices]


@pytest.mark.parametrize(
    "asked",
    ["what did we promise about response time?", "what did we promise them?", "what did we promise weekly?",
     "did we promise anything?", "what did we promise customers?", "when does the server backup contract end",
     "what did we promise about the weekly report"],
)  # fmt: skip
def test_what_else_may_stand_there_is_no_name(told: Desk, asked: str) -> None:
    assert told.type(asked, user=MANAGER, channel=CHANNEL).headline


def test_a_question_about_a_limited_system_is_one_about_scope_whatever_it_sounds_like(told: Desk) -> None:
    reply = told.type("can i reboot the payroll server", user=TECHNICIAN, channel=CHANNEL)
    assert "only while the payroll clerk watches" in reply.headline


@pytest.mark.parametrize(
    "asked",
    ["after hours ticket from calder, do we charge", "is that billable?", "do we bill calder for server backup?"],
)
def test_what_may_be_charged_is_no_verdict(told: Desk, asked: str) -> None:
    assert "billing" in told.type(asked, user=TECHNICIAN, channel=CHANNEL).headline


def test_a_viewer_who_asks_for_the_week_gets_what_a_viewer_may_see(told: Desk) -> None:
    assert "/engagement home" in told.type("what must I do this week?", user=VIEWER).data["stands_for"]


LED_ON = {
    "/engagement obligation lst": "/engagement obligation list",
    "/engagement hold": "/engagement hold list",
    "/engagement audit calder": "/engagement audit show client:calder",
    "/engagement audit client:calder": "/engagement audit show client:calder",
    "/engagement agreement shwo calder SOW-A": "/engagement agreement show calder SOW-A",
    "/engagement backup": "engagement-bot db backup FILE",
    "/engagement uninstall": "engagement-bot service uninstall",
    "/engagement people": "/engagement role list",
    "/engagement handover": "/engagement help reminder reassign",
}


@pytest.mark.parametrize("typed", LED_ON)
def test_the_first_thing_to_type_next_is_what_was_meant(told: Desk, typed: str) -> None:
    assert told.refused(typed, user=ADMIN).next_steps[0] == LED_ON[typed]


def test_only_what_the_asker_may_use_is_named(told: Desk) -> None:
    error = told.refused("/engagement hold", user=TECHNICIAN)
    assert "lift" not in error.message
    assert "place" in told.refused("/engagement hold", user=MANAGER).message


def test_what_only_looks_alike_is_not_offered(told: Desk) -> None:
    for typed in ("ticket", "people"):
        steps = " ".join(told.refused(f"/engagement {typed}", user=ADMIN).next_steps)
        assert "paper notice" not in steps
        assert "scope open" not in steps


NEAREST = {
    "who signed the sow": 'signature list "Calder Ridge" SOW-A',
    "Who signed SOW-A?": 'signature list "Calder Ridge" SOW-A',
    "who signed the baa": "agreement list",
    "what is not signed": "who unsigned",
    "escalate": "scope escalate",
    "Escalate this": "scope escalate",
    "get a manager to decide": "scope escalate",
    "wrong answer, it should be the backup row": "scope dispute",
    "show earlier versions of the calder agreement": "agreement history",
    "history of the calder matrix": "matrix",
    "what do you check": "check rules",
    "legal holds": "hold list",
    "what must calder do under the contract": "obligation list",
    "which papers did we make for calder": "paper list",
    "signed copies calder": "copy list",
    "billables": "scope billable",
    "what did the techs log to bill for calder last month": 'scope billable "Calder Ridge" month:"last month"',
    "who changed the matrix of calder": 'audit show client:"Calder Ridge"',
    "what must I do this week?": "week me",
}


@pytest.mark.slow
@pytest.mark.parametrize("asked", NEAREST)
def test_newer_commands_are_reached_and_have_what_they_need(told: Desk, asked: str) -> None:
    reply = told.type(asked, user=ADMIN, channel=CHANNEL)
    assert reply.data["stands_for"].startswith(f"/engagement {NEAREST[asked]}")


@pytest.mark.slow
@pytest.mark.parametrize("label", [command.name for command in REGISTRY if not command.changes])
def test_every_command_that_reads_can_be_run_without_more_than_a_client(told: Desk, label: str) -> None:
    """A row, an agreement or a number that is not named is not asked for by an error."""
    with told.database.open_unit(told.workspace_id, writes=False) as uow:
        ctx = told.dispatcher.context(uow, Request(told.workspace_id, ADMIN, "..."))
        wish = wish_for(ctx, label, "something", uow.clients.find_by_key("Calder Ridge"), is_named=True)
    assert wish is not None
    if not wish.needs_words:
        request = Request(told.workspace_id, ADMIN, "...", meaning=(wish.command, wish.text))
        assert told.dispatcher.run(request).headline


@pytest.mark.parametrize(
    ("asked", "command"),
    [
        ("what had calder disclosed before?", "disclosure history"),
        ("every walkthrough calder ever got", "walkthrough history"),
        ("print the incident sheet for calder", "incident list"),
        ("when did calder tell us about hipaa, who noted it?", "disclosure"),
    ],
)
def test_what_was_recorded_earlier_is_shown_and_nothing_opens_a_form(told: Desk, asked: str, command: str) -> None:
    reply = told.type(asked, user=TECHNICIAN, channel=CHANNEL)
    assert f"/engagement {command}" in reply.data["stands_for"]
    assert not [each for each in reply.choices if each.opens_form]


def test_the_sheet_of_the_incident_on_record_opens_its_form(told: Desk) -> None:
    told.prepare('incident record calder "Mailbox of the CFO" discovered:2026-03-01')
    reply = told.type("print the incident sheet for calder", user=TECHNICIAN, channel=CHANNEL)
    assert reply.data["stands_for"] == '/engagement paper incident "Calder Ridge" "Mailbox of the CFO"'
    assert [each.label for each in reply.choices] == ["Open the form: Incident sheet"]


def test_the_day_of_a_breach_is_not_taken_for_that_of_its_discovery(told: Desk) -> None:
    reply = told.type("we had a breach here yesterday", user=TECHNICIAN, channel=CHANNEL)
    assert reply.data["stands_for"] == '/engagement incident record "Calder Ridge"'
    reply = told.type("record a breach that we discovered yesterday", user=TECHNICIAN, channel=CHANNEL)
    assert "discovered:2026-03-01" in reply.data["stands_for"]


def test_a_name_made_of_ordinary_words_is_asked_back_where_a_client_would_stand(told: Desk) -> None:
    with pytest.raises(UnclearClient, match="northstar"):
        told.type("does northstar have hipaa?", user=TECHNICIAN)


def test_everybodys_renewals_are_shown_to_who_says_show_me(told: Desk) -> None:
    reply = told.type("show me everything that renews before new year", user=MANAGER)
    assert reply.data["stands_for"] == "/engagement renewal list"


def test_who_has_no_matrix_is_listed(told: Desk) -> None:
    reply = told.type("which clients have no matrix", user=TECHNICIAN)
    assert reply.data["stands_for"] == "/engagement who lacks matrix"


NEAR_ROWS = {
    "who backs up customer data when there is no written agreement?": "Customer data backup",
    "who repairs the client's printer if there is no vendor contract?": "Printer repair",
    "is disclosure of past breaches included?": "Breach disclosure",
    "notify the insurer after a client suffered a data breach": "Breach disclosure",
    "report an incident with the carrier": "Incident reporting",
    "report an incident": "Incident reporting",
}


@pytest.mark.parametrize("asked", NEAR_ROWS)
def test_a_row_is_asked_for_before_a_phrase_is_read(told: Desk, asked: str) -> None:
    told.prepare(*(f'matrix set calder SOW-A "{row}" msp' for row in sorted({*NEAR_ROWS.values()})))
    reply = told.type(asked, user=TECHNICIAN, channel=CHANNEL)
    assert "stands_for" not in reply.data
    assert reply.verdict is not None
    assert "Bluebird" not in str(reply)


def test_what_is_plainly_told_is_recorded_whatever_rows_are_called(told: Desk) -> None:
    told.prepare(*(f'matrix set calder SOW-A "{row}" msp' for row in ("Breach disclosure", "Incident reporting")))
    for said in ("record an incident", "we had a breach here yesterday"):
        reply = told.type(said, user=TECHNICIAN, channel=CHANNEL)
        assert reply.data["stands_for"].startswith("/engagement incident record")
