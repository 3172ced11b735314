"""Checks, the week and the start page work out anew only what may have changed, and are never out of date."""

import contextlib
import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commands.checks.facts import facts_of
from commands.client_cache import ClientCache
from commands.command import Context
from commands.errors import CommandError
from commands.profile import Profile
from commands.reply import Reply
from commands.rules.checks.facts import Facts
from storage.database import Database
from storage.records import Absence, Client
from tests.commands.conftest import MANAGER, Desk

_numbers = itertools.count(1)
CLIENTS = ("calder", "bluebird", "mesa")
STEPS = {
    "row": 'matrix set {client} SOW "Server backup" msp clause:2.1',
    "row without clause": 'matrix set {client} SOW "Patching" shared',
    "retire": 'matrix retire {client} SOW "Server backup"',
    "disclose": 'disclosure record {client} hipaa applies by:"Lee Marsh"',
    "withdraw": 'disclosure withdraw {client} hipaa reason:"recorded for the wrong client"',
    "paper": "agreement add {client} BAA kind:baa effective:2026-01-01",
    "sign": "agreement sign {client} BAA on:2026-03-01",
    "terminate": "agreement terminate {client} SOW on:2026-06-30",
    "walkthrough": 'walkthrough record {client} SOW to:"Lee Marsh" on:2026-03-01',
    "topic": "topic set {client} SOW present topic:limitation_of_liability clause:9",
    "promise": 'promise add {client} "Backups are tested" every:3m owner:U0MANAGER',
    "promise to all": 'promise add "100 % uptime, guaranteed" everybody:yes',
    "access": 'access grant {client} "Payroll server" view data:none',
    "insurance": "insurance require {client} MFA",
    "question": "scope ask {client} who feeds the hamster?",
    "settle": "scope settle 1 out_of_scope",
    "owner": "client edit {client} owner:U0TECH",
    "zone": "client edit {client} zone:Europe/London",
    "restrict": "client restrict {client}",
    "offboard": "client offboard {client}",
    "merge": "client merge {client} mesa",
    "unmerge": "client unmerge {client}",
    "erase": "client erase {client} number:{id} confirm:yes",
    "decide": "renewal decide {client} SOW give_notice reason:price notice-on:2026-03-01",
    "term": "agreement edit {client} SOW term:fixed initial-term:12m renewal:auto renewal-term:12m notice:60d",
    "adopt": "framework adopt {client} nist-csf 1.1",
    "role": "role grant U0NEW technician",
    "check": "check {client}",
    "undo": "undo",
    "gone": "",
    "back": "",
    "day": "",
    "month": "",
}
PAGES = ("check all", "week", "home", "who lacks explanation")
_WAITS = {"day": timedelta(days=1), "month": timedelta(days=31)}
Steps = list[tuple[str, int, bool]]


class Office:
    """Two desks on one database, as two processes; the first keeps what it found, and is asked again and again."""

    def __init__(self, database: Database) -> None:
        with database.workspaces() as known:
            workspace_id = known.for_slack(f"TK{next(_numbers)}", "Test").id
        self.desk, self.other = Desk(database, workspace_id), Desk(database, workspace_id)
        self.absent: dict[str, Absence] = {}
        self.ids: dict[str, int] = {}
        for desk in (self.desk, self.other):
            desk.dispatcher = replace(desk.dispatcher, look_up=self.look_up)
        for client in CLIENTS:
            self.desk.type(f'client add "{client.capitalize()} Ltd" alias:{client} owner:U0MANAGER industry:healthcare')
            self.desk.type(f"agreement add {client} SOW kind:sow effective:2026-01-01 signed:2026-01-01 term:evergreen")
        with database.open_unit(workspace_id, writes=False) as uow:
            self.ids |= {client: found.id for client in CLIENTS if (found := uow.clients.find_by_key(client))}

    def look_up(self, user: str) -> Profile | None:
        return Profile(user, self.absent.get(user))

    def take(self, step: str, client: str, *, elsewhere: bool = False) -> None:
        for desk in (self.desk, self.other):
            desk.now += _WAITS.get(step, timedelta())
        if step == "gone":
            self.absent[MANAGER] = Absence.GONE
        elif step == "back":
            self.absent.pop(MANAGER, None)
        elif step not in _WAITS:
            typed = STEPS[step].format(client=client, id=self.ids[client])
            with contextlib.suppress(CommandError):  # refused: nothing is saved
                (self.other if elsewhere else self.desk).type(f"/engagement {typed}")

    def check_all(self) -> object:
        return self.desk.type("/engagement check all").data

    def pages(self) -> list[Reply]:
        return [self.desk.type(f"/engagement {page}") for page in PAGES]

    def pages_anew(self) -> list[Reply]:
        self.other.dispatcher = replace(self.other.dispatcher, worked_out=ClientCache())
        return [self.other.type(f"/engagement {page}") for page in PAGES]


_EXAMPLES: tuple[Steps, ...] = (
    [("row", 0, False), ("month", 0, False), ("gone", 0, False), ("row without clause", 1, True)],
    [("question", 0, True), ("settle", 0, True), ("promise to all", 0, False), ("merge", 0, True)],
    [("disclose", 0, False), ("withdraw", 0, True), ("undo", 0, False), ("erase", 1, True)],
)


def _what_is_kept_is_what_would_be_found(database: Database, steps: Steps) -> None:
    office = Office(database)
    for step, client, elsewhere in steps:
        office.take(step, CLIENTS[client], elsewhere=elsewhere)
        assert office.pages() == office.pages_anew(), step


@pytest.mark.slow
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, len(CLIENTS) - 1), st.booleans()),
        min_size=3,
        max_size=8,
    )
)
def test_what_is_kept_is_what_would_be_found_whatever_was_done(sqlite_database: Database, steps: Steps) -> None:
    """On SQLite; the examples below are tried on both engines."""
    _what_is_kept_is_what_would_be_found(sqlite_database, steps)


@pytest.mark.slow
@pytest.mark.parametrize("steps", _EXAMPLES, ids=lambda steps: steps[0][0])
def test_what_is_kept_is_what_would_be_found(database: Database, steps: Steps) -> None:
    _what_is_kept_is_what_would_be_found(database, steps)


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def found_anew(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The clients whose findings were found anew."""
    names: list[str] = []

    def noted(ctx: Context, client: Client) -> Facts:
        names.append(client.name.split()[0].lower())
        return facts_of(ctx, client)

    monkeypatch.setattr("commands.checks.findings.facts_of", noted)
    return names


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "anew"),
    [
        ("row", ["calder"]),
        ("question", ["calder"]),
        ("check", ["calder"]),
        ("restrict", ["calder"]),
        ("promise to all", ["bluebird", "calder", "mesa"]),
        ("day", ["bluebird", "calder", "mesa"]),
        ("gone", ["bluebird", "calder", "mesa"]),
        ("settle", []),  # refused: there is no open question
    ],
)
@pytest.mark.parametrize("elsewhere", [False, True])
def test_only_what_may_have_changed_is_found_anew(
    office: Office, found_anew: list[str], step: str, anew: list[str], elsewhere: bool
) -> None:
    office.check_all()
    office.check_all()
    found_anew.clear()
    office.take(step, "calder", elsewhere=elsewhere)
    office.check_all()
    assert sorted(found_anew) == anew


def test_what_an_older_reader_found_is_not_kept(office: Office) -> None:
    """It may have read what was changed before its own look and after the other's."""
    desk, cache = office.desk, office.desk.dispatcher.worked_out
    office.check_all()
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        older = cache.current(uow)
    [(client_id, found), *_] = older.kept.items()
    office.take("row", "calder")
    office.take("row", "bluebird")
    office.take("row", "mesa")
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        assert cache.current(uow).kept == {}
        older.keep(client_id, "findings", found["findings"])
        assert cache.current(uow).kept == {}


def test_no_more_is_kept_than_there_is_room_for(office: Office) -> None:
    office.desk.dispatcher = replace(office.desk.dispatcher, worked_out=ClientCache(most=1))
    assert office.pages() == office.pages_anew() == office.pages()
