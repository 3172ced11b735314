"""What the bot proposes is no evidence: pasted as it stands it is refused, and no placeholder is ever recorded."""

import json
import re
from collections.abc import Iterator

import pytest

from commands.catalog import REGISTRY
from commands.command import Command
from commands.dispatching.request import Request
from commands.errors import CommandError, UsageError
from commands.grammar.parsing import convert
from commands.grammar.words import command_line
from commands.parameters import Kind, Parameter
from commands.reply import Reply
from commands.rules.text.placeholders import BLANK
from tests.commands.conftest import Desk
from tests.proposals import command_of, filled

EVERY = [
    pytest.param(command, parameter, id=f"{command.name}-{parameter.name}")
    for command in REGISTRY
    for parameter in command.parameters
]


@pytest.mark.parametrize(("command", "parameter"), EVERY)
def test_no_parameter_of_any_command_takes_a_blank(calder: Desk, command: Command, parameter: Parameter) -> None:
    raw = {parameter.name: (BLANK,) if parameter.many else BLANK}
    with calder.database.open_unit(calder.workspace_id, writes=False) as uow:
        ctx = calder.dispatcher.context(uow, Request(calder.workspace_id, "console", ""))
        with pytest.raises(UsageError) as caught:
            convert(command, raw, ctx)
    assert "is still a blank (____)" in caught.value.fields[parameter.name]


@pytest.mark.parametrize(
    "line",
    [
        '/disclose calder hipaa applies by:"NAME, TITLE"',
        "/disclose calder hipaa applies by:Lee clause:CLAUSE",
        "/disclose calder hipaa applies by:Lee evidence:https://files.example.com/evidence.pdf",
        '/disclose calder hipaa applies by:"Pat Example, CFO"',
        '/engagement walkthrough record calder SOW-A to:"NAME, TITLE"',
        "/engagement access grant calder SYSTEM user",
        '/engagement access grant calder Payroll user limit:"how it is limited"',
        "/engagement access grant calder Payroll user basis:clause",
        "/engagement matrix set calder SOW-A ITEM msp",
        '/engagement matrix set calder SOW-A "Server backup" msp clause:CLAUSE',
        '/engagement topic set calder SOW-A present topic:access_scope clause:"<clause>"',
        "/engagement agreement terminate calder SOW-A reason:why",
        "/engagement renewal decide calder SOW-A renew reason:reason",
        "/engagement agreement sign calder SOW-A signer:NAME",
        "/engagement agreement edit calder SOW-A url:https://example.com/sow-a.pdf",
        '/engagement recommendation decline calder "Offline copy" by:"name, title"',
        '/engagement insurance require calder MFA attested-by:"[name]"',
        '/engagement promise add calder "Test a restore" url:https://x.test/sla.pdf',
        '/engagement promise kept calder "Test a restore" evidence:"what shows it"',
        '/engagement disclosure record calder hipaa applies by:"N/A"',
        '/engagement disclosure record calder hipaa applies by:"XXXX, COO"',
        "/engagement disclosure record calder hipaa applies by:Lee evidence:https://link",
        '/engagement matrix set calder SOW-A "Server backup" third_party third-party:"vendor name"',
        '/engagement matrix set calder SOW-A "Server backup" shared msp-part:"..." client-part:xxx',
        '/engagement walkthrough record calder SOW-A to:"the client"',
        "/engagement agreement terminate calder SOW-A on:2026-12-31 reason:asdf",
        "/engagement agreement add calder TBD kind:sow",
        "/engagement agreement edit calder SOW-A url:http://127.0.0.1/a.pdf",
        '/engagement client add "Client Name"',
        "/engagement client add NAME",
        '/engagement framework adopt calder nist-csf clause:"where the paper says so"',
    ],
)
def test_placeholders_and_examples_are_refused_wherever_something_is_recorded(calder: Desk, line: str) -> None:
    error = calder.refused(line)
    assert "only shows what belongs there" in error.message or "a link as in examples" in error.message


@pytest.mark.parametrize("link", ["https://files.example.com/n.pdf", "http://localhost/n", "https://link"])
def test_a_notice_counts_but_an_example_link_is_not_kept_as_its_proof(calder: Desk, link: str) -> None:
    reply = calder.type(
        "/engagement renewal decide calder SOW-A give_notice reason:moved notice-on:2026-03-01 method:email "
        f"side:client proof:{link}"
    )
    assert any(
        f"{link} is a link as in examples: it proves nothing and is not kept." in each for each in reply.cautions
    )
    assert "No proof of the notice is recorded: keep the receipt, and add a link to it." in reply.cautions
    assert all(link not in str(field.value) for field in reply.fields)


def test_a_client_may_be_called_example(desk: Desk) -> None:
    assert desk.type('/engagement client add "Example Dental"').headline == "Example Dental is recorded as a client."


ASKED = (
    "/engagement check calder everything:yes",
    "/engagement check calder severity:high",
    "/engagement check all",
    "/engagement client list",
    "/engagement client show calder",
    "/engagement agreement list calder",
    "/engagement agreement show calder SOW-A",
    "/engagement agreement show calder DRAFT-1",
    "/engagement disclosure list calder",
    "/engagement disclosure list bare",
    "/engagement disclosure ask calder",
    "/engagement disclosure withdraw calder gdpr reason:mistyped",
    "/engagement insurance list calder",
    "/engagement insurance list bare",
    "/engagement access calder",
    "/engagement access bare",
    "/engagement promise list calder",
    "/engagement recommendation list calder",
    "/engagement topic list calder SOW-A",
    "/engagement walkthrough list calder",
    "/engagement walkthrough list bare",
    "/engagement matrix show calder",
    "/engagement matrix show bare",
    "/engagement matrix retire calder SOW-A Servr",
    "/engagement scope open",
    "/engagement scope history calder",
    "/engagement scope settle 1",
    "/engagement reminder list",
    "/engagement framework list",
    "/engagement framework review calder cis",
    "/engagement client show nobody",
    "/engagement agreement show bare X",
    "/engagement walkthrough record calder SOW-A",
    "/engagement disclose",
    "/engagement home",
    "/engagement setup",
    "/renewals",
    "/scope",
    "/disclose",
    "/scope calder who waters the plants?",
)


def _set_up(calder: Desk) -> None:
    for line in (
        "/engagement client add bare",
        "/engagement agreement add calder DRAFT-1 kind:addendum",
        '/disclose calder hipaa applies by:"Dana Lee, CFO" on:2025-01-05 reask:2026-01-01',
        "/disclose calder gdpr applies",
        "/disclose calder cyber_insurance applies by:Lee",
        '/engagement promise add calder "Test a restore" every:3m made:2025-06-01 source:sla',
        '/engagement promise add calder "We guarantee an answer within 15 minutes" source:marketing',
        '/engagement recommendation decline calder "Offline copy" on:2025-01-05',
        '/engagement access grant calder "Payroll server" view data:"payroll records" review:2026-01-01 on:2025-01-01',
        '/engagement insurance require calder "MFA for mail"',
        '/engagement matrix set calder SOW-A "Phones" third_party',
        '/engagement matrix set calder SOW-A "Fax" shared',
        "/scope calder who waters the plants?",
    ):
        calder.type(line)


def _proposed(desk: Desk, line: str) -> Iterator[tuple[str, str]]:
    """The commands in the reply to `line`, each with the sentence that it stands beside."""
    try:
        reply = desk.type(line)
    except CommandError as error:
        reply = Reply(error.message, next_steps=error.next_steps)
    for step in reply.next_steps:
        if step.startswith("/"):
            yield step, reply.headline
    for choice in reply.choices:
        if choice.opens_form:
            yield f"/engagement {choice.command}", reply.headline
    for row in reply.table.rows if reply.table else ():
        for found in re.findall(r"/engagement .*", row[-1]):
            yield found, row[1]
    for text in (*reply.lines, *reply.cautions):
        for found in re.findall(r"/(?:engagement|disclose) .*", text):
            yield found, reply.headline


# Nothing of these is a fact about a client: they show, or they ask for a file or an answer first.
_NO_EVIDENCE = {
    "check",
    "scope ask",
    "help",
    "matrix import",
    "setup",
    "scope escalate",  # tells a manager of a question
    "disclosure withdraw",
    "agreement edit",
    "disclosure reinstate",  # takes back what was typed a moment ago, as it was
}


@pytest.mark.slow
@pytest.mark.parametrize("asked", ASKED)
def test_nothing_proposed_records_anything_as_it_stands(calder: Desk, asked: str) -> None:
    _set_up(calder)
    for line, _ in list(_proposed(calder, asked)):
        command = command_of(line)
        if not command.changes or (command.name in _NO_EVIDENCE and BLANK not in line):
            continue
        before = _evidence(calder)
        try:
            calder.type(line)
        except CommandError:
            continue
        assert _evidence(calder) == before, f"{asked} proposes {line}"


def test_every_finding_becomes_a_valid_command_once_its_blanks_are_filled_in(calder: Desk) -> None:
    _set_up(calder)
    findings = calder.type("/engagement check calder").data["findings"]
    assert len(findings) > 20
    for finding in findings:
        assert "still a blank" in calder.refused(finding["command"]).message, finding["command"]
    for finding in findings:
        calder.type(filled(finding["command"], calder.now.date(), finding["reason"]))


def _evidence(desk: Desk) -> list[object]:
    """What was changed so far, as the audit log has it; a check and a question leave only themselves."""
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        entries = uow.audit.newest(1000)
    return [
        json.loads(details)["changes"]
        for entry, details in entries
        if details and json.loads(details).get("changes") and entry.action not in ("check", "scope ask")
    ]


def test_a_form_that_a_proposal_opens_has_its_blanks_empty(calder: Desk) -> None:
    line = command_line("agreement sign", "calder", "SOW-A", on=BLANK, signer=BLANK)
    prefilled = calder.dispatcher.prefill(Request(calder.workspace_id, "console", line))
    assert (prefilled.raw["on"], prefilled.raw["signer"]) == ("", "")
    line = command_line("agreement edit", "calder", "SOW-A", effective=BLANK)
    prefilled = calder.dispatcher.prefill(Request(calder.workspace_id, "console", line))
    assert prefilled.raw["effective"] == "2026-01-01", "a form that edits shows what is on record"


def test_every_finding_opens_a_form_without_a_date_a_person_or_an_answer(calder: Desk) -> None:
    _set_up(calder)
    for finding in calder.type("/engagement check calder").data["findings"]:
        command = command_of(finding["command"])
        line = finding["command"].removeprefix("/engagement ")
        raw = calder.dispatcher.prefill(Request(calder.workspace_id, "console", line)).raw
        for parameter in command.parameters:
            if parameter.kind in (Kind.DATE, Kind.PERSON, Kind.CHOICE) and f"{parameter.name}:{BLANK}" in line:
                assert not raw[parameter.name] or command.current, (line, parameter.name)
