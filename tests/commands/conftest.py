"""A dispatcher on a database of its own, a clock that stands still, and people with each role."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from commands.catalog import REGISTRY
from commands.command import Upload
from commands.dispatching.dispatcher import Dispatcher
from commands.dispatching.request import CONSOLE, Request
from commands.errors import CommandError
from commands.policy import Policy
from commands.reply import Reply
from storage.database import Database
from tests.conftest import NOW
from tests.prepared import prepared

CHANNEL = "C0CALDER"
"""Of Calder Ridge."""
OTHER = "Granite Peak Orthodontics"
"""Another client, where `granite` is used."""
VIEWER, TECHNICIAN, MANAGER, ADMIN = "U0VIEWER", "U0TECH", "U0MANAGER", "U0ADMIN"


@dataclass
class Desk:
    """Types commands as somebody, somewhere."""

    database: Database
    workspace_id: int
    now: datetime = NOW
    dispatcher: Dispatcher = field(init=False)

    def __post_init__(self) -> None:
        policy = Policy(ZoneInfo("America/Chicago"), frozenset({ADMIN}), managers_channel="C0MANAGERS")
        self.dispatcher = Dispatcher(REGISTRY, self.database.open_unit, lambda: self.now, policy)

    def type(
        self,
        text: str,
        *,
        user: str = CONSOLE,
        channel: str | None = None,
        thread: str | None = None,
        upload: tuple[str, bytes] | None = None,
        is_confirmed: bool = True,
    ) -> Reply:
        """`text` as typed, with its slash command or without; what has to be confirmed is."""
        slash, rest = text.split(" ", 1) if text.startswith("/") and " " in text else (None, text)
        if slash is None and text.startswith("/"):
            slash, rest = text, ""
        uploads = (Upload(*upload),) if upload else ()
        return self.dispatcher.run(
            Request(
                self.workspace_id,
                user,
                rest,
                slash=slash,
                channel=channel,
                thread=thread,
                uploads=uploads,
                is_confirmed=is_confirmed,
            )
        )

    def prepare(self, *lines: str) -> None:
        """Each of `lines` typed, or what came of it where the same was prepared before."""
        what = "\n".join((*lines, str(self.now), str(self.dispatcher.policy)))
        prepared(self.database, what, lambda: [self.type(line) for line in lines])

    def refused(self, text: str, **details: object) -> CommandError:
        """The error that `text` ends with."""
        with pytest.raises(CommandError) as caught:
            self.type(text, **details)
        return caught.value

    def actions(self) -> list[tuple[str, str]]:
        """The audit log: (command, outcome), oldest first."""
        with self.database.open_unit(self.workspace_id, writes=False) as uow:
            return [(entry.action, entry.outcome.value) for entry, _ in reversed(uow.audit.newest(1000))]


def open_desk(database: Database) -> Desk:
    prepared(database, "desk", lambda: _set_up(database))
    return Desk(database, 1)


def _set_up(database: Database) -> None:
    with database.workspaces() as workspaces:
        desk = Desk(database, workspaces.for_slack("T0", "Test").id)
    assert desk.workspace_id == 1
    for user, role in ((TECHNICIAN, "technician"), (MANAGER, "manager")):
        desk.type(f"/engagement role grant {user} {role}")


@pytest.fixture
def desk(sqlite_database: Database) -> Desk:
    """On SQLite."""
    return open_desk(sqlite_database)


@pytest.fixture
def desk_on_each(database: Database) -> Desk:
    """Once on SQLite and once on PostgreSQL."""
    return open_desk(database)


MATRIX = b"""item,category,responsible,clause,notes
Server OS patching,Servers,msp,SOW-A 2.3,Third Saturday
Server backup,Backup,msp,SOW-A 7.1,
Workstation backup,Backup,out of scope,SOW-A 9.1,
Firewall rules and configuration,Network,both,SOW-A 4.1,We change on request; client approves
Printer and copier hardware repair,Print,vendor,SOW-A 9.3,Ricoh lease
End-user application training,Help desk,customer,SOW-A 1.9,
"""

CALDER = (
    '/engagement client add "Calder Ridge" alias:calder channel:C0CALDER owner:U0MANAGER zone:America/Chicago',
    "/engagement agreement add calder SOW-A kind:sow effective:2026-01-01 signed:2026-01-01 initial-term:12m "
    "renewal:auto renewal-term:12m notice:60d reviewed:2026-02-01",
    '/engagement walkthrough record calder SOW-A to:"Lee Marsh, COO" on:2026-01-05',
)


@pytest.fixture
def calder(desk: Desk) -> Desk:
    """A desk with one client, one signed and explained agreement, and its matrix."""
    set_up_calder(desk)
    return desk


def set_up_calder(desk: Desk) -> None:
    prepared(desk.database, f"calder, {desk.now}, {desk.dispatcher.policy}", lambda: _record_calder(desk))


def _record_calder(desk: Desk) -> None:
    for line in CALDER:
        desk.type(line)
    desk.type("/engagement matrix import calder SOW-A confirm:yes", upload=("matrix.csv", MATRIX))


@pytest.fixture
def granite(calder: Desk) -> Desk:
    """In the channel of Calder Ridge, with another client on record."""
    calder.type(f'/engagement client add "{OTHER}" alias:gpo alias:smiles')
    return calder


def refusal_of(desk: Desk, line: str) -> type[CommandError] | None:
    """What `line`, typed in the channel of Calder Ridge, is refused with; None where it is not."""
    try:
        desk.type(line, channel=CHANNEL)
    except CommandError as error:
        return type(error)
    return None
