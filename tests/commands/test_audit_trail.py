"""No change without its trail: every row that a command adds, changes or takes away is in the audit log."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import inspect, select

from bot.console.demo_data import seed
from commands.dispatching.dispatcher import Dispatcher
from commands.dispatching.request import Request
from commands.reply import Reply
from storage import tables
from storage.derived_tables import (
    AuditDetailRow,
    ClientChannelRow,
    ClientKeyRow,
    DirectoryVersionRow,
    FrameworkContentRow,
    InboxRow,
    TextVectorRow,
)
from storage.table_base import TenantTable
from tests.commands.conftest import Desk
from tests.commands.test_kept_work import CLIENTS, STEPS

# What follows from records by itself, or is the bot's own keeping: planning has entries of its own.
UNRECORDED = (
    tables.AgreementVersionRow, AuditDetailRow, tables.AuditEntryRow, ClientChannelRow,
    ClientKeyRow, DirectoryVersionRow, FrameworkContentRow, tables.HeartbeatRow, InboxRow,
    tables.PendingUploadRow, tables.PersonRow, tables.PersonZoneRow, tables.ReminderRow, TextVectorRow,
)  # fmt: skip
COUNTED_BY_ITSELF = ("matrix_version",)
# The entry says how many rows moved or lost their words, not which.
OF_MANY = ("merge", "unmerge", "erase")
Rows = dict[str, tuple[Any, ...]]


def rows_of(desk: Desk) -> Rows:
    """Every row that is somebody's record, by its subject."""
    found: Rows = {}
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        for table in TenantTable.__subclasses__():
            if table in UNRECORDED:
                continue
            columns = [each for each in inspect(table).columns if each.name not in COUNTED_BY_ITSELF]
            for row in uow.connection.execute(select(*columns)).mappings():
                found[f"{table.__tablename__}:{row['id']}"] = tuple(row.items())
    return found


def trail_of(desk: Desk, after: int) -> set[str]:
    """The subjects of all changes that are in entries after that number."""
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        entries = [details for entry, details in uow.audit.newest(50) if entry.seq > after]
    return {change["subject"] for details in entries for change in json.loads(details or "{}").get("changes", ())}


def head(desk: Desk) -> int:
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        entry = uow.audit.head()
    return entry.seq if entry else 0


@contextlib.contextmanager
def followed(desk: Desk, what: str) -> Iterator[None]:
    """Inside, no row changes without being named in the audit log."""
    before, seq = rows_of(desk), head(desk)
    yield
    after = rows_of(desk)
    changed = {subject for subject in {*before, *after} if before.get(subject) != after.get(subject)}
    changed = {each for each in changed if not (each.startswith("role_assignment:") and each not in after)}  # by user
    assert changed <= trail_of(desk, seq), what


@pytest.mark.slow
def test_every_row_that_the_demo_records_is_in_the_audit_log(desk: Desk) -> None:
    class Followed(Dispatcher):
        def run(self, request: Request) -> Reply:
            with followed(desk, request.text):
                return super().run(request)

    known = {name: getattr(desk.dispatcher, name) for name in Dispatcher.__dataclass_fields__}
    seed(Followed(**known), desk.workspace_id, desk.now.date())


@pytest.fixture
def calder(desk: Desk) -> Desk:
    for client in CLIENTS:
        desk.type(f'client add "{client.capitalize()} Ltd" alias:{client} owner:U0MANAGER industry:healthcare')
        desk.type(f"agreement add {client} SOW kind:sow effective:2026-01-01 signed:2026-01-01 term:evergreen")
    return desk


AFTER = (  # each undoes or ends what a step did
    'matrix restore calder SOW "Server backup"', "scope bill 1 took:45m", "agreement edit calder SOW owner:U0TECH",
    "disclosure reinstate calder hipaa", 'access review calder "Payroll server" on:2026-03-02',
    'access revoke calder "Payroll server"', 'promise kept calder "Backups are tested"',
    'promise end calder "Backups are tested"', "insurance end calder MFA", "framework drop calder nist-csf",
    "renewal retract calder SOW reason:mistaken", "agreement reinstate calder SOW",
    "agreement add calder NDA kind:nda", "agreement remove calder NDA",
    "reminder leads notice_deadline 30,10", "reminder leads notice_deadline usual", "role grant U0NEW manager",
    "role revoke U0NEW",
    'obligation add calder "Names a contact"', 'obligation waive calder "Names a contact" by:Lee proof:SOW-3',
    'contract add calder "Acme Bank" kind:lender', 'contract end calder "Acme Bank"',
    'recommendation decline calder "Offline copy" by:Lee', 'recommendation accept calder "Offline copy"',
    "hold place calder reason:claim by:Kim", "hold lift calder reason:over", "client alias calder ridge",
    "client unrestrict calder", "client offboard calder", "client reinstate calder",
)  # fmt: skip


@pytest.mark.slow
def test_every_row_that_a_command_changes_is_in_the_audit_log(calder: Desk) -> None:
    steps = {name: line for name, line in STEPS.items() if line and name not in (*OF_MANY, "offboard", "undo", "term")}
    lines = [line.format(client="calder", id=1) for line in steps.values()]
    for line in (*lines, *AFTER):
        with followed(calder, line):
            calder.type(f"/engagement {line}")
