"""Never the wrong client: what could name one in a command is read as one, or asked back, before all else."""

from collections.abc import Collection, Iterable

import pytest

from commands.catalog import REGISTRY
from commands.dispatching.request import CONSOLE, Request
from commands.errors import CommandError, UnclearClient
from commands.grammar.assignment import assign
from commands.parameters import Kind
from tests.commands.conftest import CHANNEL, OTHER, Desk, refusal_of

NAMING = [
    command for command in REGISTRY if any(each.kind is Kind.CLIENT and each.positional for each in command.parameters)
]
TWO = ("client merge",)  # what follows the client is another one
FREE = ("scope ask", "access", "agreement terms")


def clients_read(desk: Desk, texts: Iterable[str], but: Collection[str] = ()) -> dict[str, str | None]:
    """By command line: the client that it leads to, "asked" where that is asked back, "refused" for other mistakes."""
    found: dict[str, str | None] = {}
    lines = [(command, text) for command in NAMING if command.name not in but for text in texts]
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        ctx = desk.dispatcher.context(uow, Request(desk.workspace_id, CONSOLE, "", channel=CHANNEL))
        for command, text in lines:
            line = f"{command.name} {text}"
            try:
                client = assign(command, text, ctx).get("client")
                found[line] = client if isinstance(client, str) else None
            except UnclearClient:
                found[line] = "asked"
            except CommandError:
                found[line] = "refused"
    return found


@pytest.mark.slow
def test_a_client_that_is_named_is_the_client(granite: Desk) -> None:
    written = (
        f'"{OTHER}"',
        OTHER,
        OTHER.lower(),
        "gpo",
        '"gpo"',
        "granite",
        '"granite peak"',
        "granite peak",
        "Smiles",
    )
    rests = ("", " SOW-A", ' SOW-A "Server backup"', " hipaa applies", ' "we test backups"')
    found = clients_read(granite, [name + rest for name in written for rest in rests], but=TWO)
    assert {line: client for line, client in found.items() if client not in (OTHER, "refused")} == {}
    assert sum(client == OTHER for client in found.values()) > len(found) / 2


def test_a_near_miss_is_never_the_channels_client(granite: Desk) -> None:
    near = ("granit", '"Granite Peek Orthodontics"', '"Granite Paek"', "Granite Peka Orthodontics")
    found = clients_read(granite, near)
    assert {line: client for line, client in found.items() if client not in (OTHER, "asked", "refused")} == {}


def test_a_text_that_begins_with_another_client_is_asked_back(granite: Desk) -> None:
    found = clients_read(granite, [f'"{OTHER} backups"'], but=FREE)
    assert {line: client for line, client in found.items() if client not in ("asked", "refused")} == {}


@pytest.mark.parametrize(
    "line",
    [
        'agreement add "Granite Peak Orthodontics"',
        "agreement add granite",
        "insurance require granite",
        'recommendation decline granite by:"Lee"',
        "promise add granite",
        'promise add "Granite Peak Orthodontics" every:30d',
        "renewal decide calder SOW-A reason:because",
        "agreement sign granite",
        "disclosure record granite hipaa",
    ],
)
def test_nothing_is_written_about_the_channels_client_by_a_shift_of_words(granite: Desk, line: str) -> None:
    before = _everything(granite)
    error = granite.refused(line, channel=CHANNEL)
    assert "is missing" in error.message
    assert "Calder Ridge has no" not in error.message
    assert _everything(granite) == before


def _everything(desk: Desk) -> list[tuple[str, ...]]:
    lists = ("agreement list calder", "insurance list calder", "recommendation list calder", "promise list calder")
    tables = (desk.type(f"/engagement {line}").table for line in lists)
    return [row for table in tables if table is not None for row in table.rows]


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        ("agreement show SOW-A", "SOW-A of Calder Ridge"),
        ("matrix show SOW-A", "Calder Ridge"),
        ('matrix set SOW-A "Badge printers" msp', "Calder Ridge"),
        ("disclosure record hipaa applies", "Calder Ridge"),
        ("agreement add SOW-B kind:sow", "SOW-B of Calder Ridge"),
        ('promise add "Backups are tested every month"', "To Calder Ridge"),
        ('access grant "Payroll server" view', "Calder Ridge: access to Payroll server"),
        ("access grant Quickbooks admin", "Calder Ridge: access to Quickbooks"),
        ('framework adopt "CIS Controls" 8.1', "Calder Ridge is measured by CIS"),
        ("framework adopt cis-controls 8.1", "Calder Ridge is measured by CIS"),
    ],
)
def test_without_a_client_it_is_the_channels(granite: Desk, line: str, headline: str) -> None:
    reply = granite.type(line, channel=CHANNEL)
    assert headline in " ".join((reply.headline, *(f"{each.label} {each.value}" for each in reply.fields)))


@pytest.mark.parametrize(
    "line",
    [
        'access grant "Granite server" view', 'access grant "Granite Peak server" view',
        'promise add "Granite restores"',
        'access grant "Acme Corp" Payroll view', 'access grant "Acme Corp" Payroll', "access grant Acme Payroll view",
        'framework adopt acme "CIS Controls"',
    ],
)  # fmt: skip
def test_what_may_be_another_client_in_front_is_asked_back(granite: Desk, line: str) -> None:
    assert isinstance(granite.refused(line, channel=CHANNEL), UnclearClient)


REQUESTS = ("back up", "update", "support", "patch", "please update", "can you support", "help", "reset", "fix")
BEHIND = ("{}", "{} please", "the {} servers", "{} printers please")


@pytest.mark.slow
def test_whom_to_do_something_for_is_asked_back_in_any_case(granite: Desk) -> None:
    asked = [
        f"/scope {doing} {behind.format(name)}"
        for doing in REQUESTS
        for behind in BEHIND
        for name in ("granite", "Granite", "granit", "Granite Paek")
    ]
    read = {line: refusal_of(granite, line) for line in asked}
    assert [line for line, how in read.items() if how is not UnclearClient] == []
    for line in ("/scope update acrobat", "/scope support outlook please", "/scope back up exchange"):
        assert refusal_of(granite, line) is None


def test_a_paper_of_the_channels_client_wins_over_the_beginning_of_a_name(granite: Desk) -> None:
    granite.type('/engagement client add "SOW-A Logistics"')
    assert "of Calder Ridge" in granite.type("agreement show SOW-A", channel=CHANNEL).headline


def test_the_candidates_are_buttons(granite: Desk) -> None:
    granite.type('/engagement client add "Granite Falls"')
    error = granite.refused("agreement show granite SOW-A", channel=CHANNEL)
    assert {choice.label: choice.command for choice in error.choices} == {
        "Granite Falls": 'agreement show "Granite Falls" SOW-A',
        OTHER: f'agreement show "{OTHER}" SOW-A',
        "Calder Ridge": 'agreement show "Calder Ridge" granite SOW-A',
    }


def test_the_button_of_the_channels_client_leads_to_what_was_meant(granite: Desk) -> None:
    error = granite.refused('agreement add "Granite Paek" kind:sow', channel=CHANNEL)
    [line] = [choice.command for choice in error.choices if choice.label == "Calder Ridge"]
    assert granite.type(line, channel=CHANNEL).headline.startswith("Granite Paek of Calder Ridge")
