"""What is typed as nothing is taken away, for every option of every command that edits; or it is refused in words."""

import json

import pytest

from commands.catalog import REGISTRY
from commands.errors import CommandError
from commands.grammar.words import command_line
from commands.parameters import Kind, Parameter
from tests.commands.conftest import Desk

EDITING = {
    "client edit": ("calder",),
    "agreement edit": ("calder", "SOW-A"),
    "matrix set": ("calder", "SOW-A", "Server backup"),
    "promise edit": ("calder", "Test a restore"),
    "access grant": ("calder", "Payroll server"),
    "insurance require": ("calder", "MFA for mail"),
    "recommendation decline": ("calder", "Offline copy"),
    "topic set": ("calder", "SOW-A", "present"),
}
SAMPLES = {
    Kind.TEXT: "Sample 1", Kind.LONG_TEXT: "Some words", Kind.DATE: "2026-02-02", Kind.PERIOD: "6m", Kind.INTEGER: "3",
    Kind.PERCENT: "3.5", Kind.URL: "https://files.msp.internal/a.pdf", Kind.ZONE: "Europe/London", Kind.PERSON: "U0SAM",
    Kind.CHANNEL: "C0OTHER", Kind.REGULATION: "hipaa", Kind.AGREEMENT: "SOW-A", Kind.ITEM: "Server backup",
}  # fmt: skip
BY_NAME = {
    "kind": "msa", "country": "GB", "subdivision": "SCT", "parent": "MSA-1", "control": "AC-2", "row": "Server backup",
    "due": "2026-09-01", "review": "2026-09-01", "reask": "2026-09-01", "reoffer": "2026-09-01", "end": "2027-01-01",
    "wording": "Test a restore now",
}  # fmt: skip
CASES = [
    pytest.param(name, parameter, id=f"{name}-{parameter.name}")
    for name in EDITING
    for command in REGISTRY
    if command.name == name
    for parameter in command.parameters
    if not parameter.positional
    and parameter.kind not in (Kind.YES_NO, Kind.FILE)
    and parameter.name not in ("topic", "since")
]


@pytest.fixture
def known(calder: Desk) -> Desk:
    calder.prepare(
        "/engagement agreement add calder MSA-1 kind:msa",
        '/engagement promise add calder "Test a restore" every:3m',
        '/engagement access grant calder "Payroll server" view',
        '/engagement insurance require calder "MFA for mail"',
        '/engagement recommendation decline calder "Offline copy"',
        "/engagement topic set calder SOW-A present topic:access_scope",
    )
    return calder


@pytest.mark.slow
@pytest.mark.parametrize(("name", "parameter"), CASES)
def test_every_option_can_be_emptied_or_says_that_it_cannot(known: Desk, name: str, parameter: Parameter) -> None:
    topic = {"topic": "access_scope"} if name == "topic set" else {}
    line = command_line(f"/engagement {name}", *EDITING[name], **topic)
    value = BY_NAME.get(parameter.name) or (
        list(parameter.choices)[-1].value if parameter.choices else SAMPLES[parameter.kind]
    )
    known.type(f'{line} {parameter.name}:"{value}"')
    refusal = ""
    try:
        known.type(f'{line} {parameter.name}:""')
    except CommandError as error:
        refusal = error.message
    if refusal:
        assert parameter.name in refusal
        return
    with known.database.open_unit(known.workspace_id, writes=False) as uow:
        [(_, details)] = uow.audit.newest(1)
    assert json.loads(details or "{}")["changes"], "it was dropped in silence"


@pytest.mark.parametrize(
    ("line", "shown", "key", "field"),
    [
        ('client edit calder owner:""', "client list", "clients", "owner"),
        ('promise edit calder "Test a restore" owner:""', "promise list calder", "promises", "owner"),
        ('access grant calder "Payroll server" basis:""', "access calder", "grants", "basis"),
        ('insurance require calder "MFA for mail" attested-by:""', "insurance list calder", "requirements",
         "attested_by"),
        ('recommendation decline calder "Offline copy" by:""', "recommendation list calder", "recommendations",
         "declined_by"),
        ('agreement edit calder SOW-A notice:""', "agreement list calder", "agreements", "notice"),
    ],
)  # fmt: skip
def test_what_is_emptied_is_gone(known: Desk, line: str, shown: str, key: str, field: str) -> None:
    known.type('/engagement promise edit calder "Test a restore" owner:U0SAM')
    known.type('/engagement access grant calder "Payroll server" basis:"SOW-A 3"')
    known.type('/engagement insurance require calder "MFA for mail" attested-by:Lee')
    known.type('/engagement recommendation decline calder "Offline copy" by:Lee')
    known.type(f"/engagement {line}")
    assert known.type(f"/engagement {shown}").data[key][0][field] is None
