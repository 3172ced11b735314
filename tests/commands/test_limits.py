"""Every parameter of every command, at its limits and beyond: answered in words, and never kept by halves."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from commands.arguments import Raw
from commands.catalog import REGISTRY
from commands.command import Command
from commands.dispatching.dispatcher import Dispatcher
from commands.dispatching.request import CONSOLE, Request
from commands.errors import CommandError, UsageError
from commands.parameters import Kind, Parameter
from commands.reminders.planner import Planner
from commands.reply import Reply
from storage.unit_of_work import UnitOfWork
from tests.commands.conftest import Desk, open_desk, set_up_calder

pytestmark = pytest.mark.slow
MOST = 4000
TEXTS = (Kind.TEXT, Kind.LONG_TEXT, Kind.REST, Kind.ITEM)
NUMBERS = ("0", "1", "-1", "12", "999", "1000", "999999999", "9999999999", "1e9", "1.5", "²", "0x10", "")
ODD: dict[Kind, tuple[str, ...]] = {
    Kind.INTEGER: NUMBERS,
    Kind.QUESTION: NUMBERS,
    Kind.PERCENT: ("0", "-100", "-101", "1000", "1001", "1e9", "NaN", "Infinity", "-0", "0.000000001", "9" * 4000),
    Kind.PERIOD: ("0d", "1d", "9999d", "9999bd", "9999w", "9999m", "9999y", "99999d", "-1d", "1.5m", "d", "0y", "100y"),
    Kind.DATE: (
        "0001-01-01", "0026-04-15", "1900-01-01", "1969-12-31", "1998-05-01", "2026-03-01", "2026-12-31", "2027-01-01",
        "2062-04-15", "2206-04-15", "9999-12-31", "10000-01-01", "2026-02-30", "today", "tomorrow", "yesterday",
    ),
    Kind.URL: ("https://", "https://x", "ftp://files.example.net", "javascript:alert(1)", "https://a b"),
    Kind.CHANNEL: ("C1", "<#C0OTHER|other>", "#general", "C" * 33, "D0DIRECT"),
    Kind.PERSON: ("U1", "<@U0TECH|tech>", "@dana", "U" * 33, "me"),
    Kind.YES_NO: ("yes", "no", "maybe"),
    Kind.ZONE: ("Europe/London", "Mars/Olympus", "UTC", "CST"),
}  # fmt: skip
WORLD = (
    "/engagement client add Bluebird",
    "/engagement agreement add calder ADD-1 kind:addendum parent:SOW-A effective:2026-02-01",
    '/engagement disclosure record calder hipaa applies by:"Dana Lee"',
    '/engagement insurance require calder "MFA for admins"',
    "/engagement access grant calder Payroll view",
    '/engagement promise add calder "Test a restore" source:sla every:3m',
    "/engagement topic set calder SOW-A present topic:msp_obligations",
    '/engagement recommendation decline calder "Buy a firewall" by:"Dana Lee"',
    "/engagement framework adopt calder nist_800_53 5",
    "/engagement check mark calder care_none by:Counsel",
    '/engagement framework add "Harbor baseline" version:1.0 published:2025-03',
    "/scope calder who waters the plants?",
    '/engagement contract add calder "Harbor Mutual" kind:insurer',
    '/engagement obligation add calder "Name an approver"',
    "/engagement client add Seaside",
    '/engagement incident record Seaside "Lost laptop" discovered:2026-03-01 residents:TX',
)
_CLOCK = "Texas breach notification law: the people concerned"
SAMPLES: dict[str, str] = {
    "client": "Calder Ridge", "agreement": "SOW-A", "reference": "SOW-NEW", "item": "Server backup",
    "row": "Server backup", "id": "1", "name": "New Client", "regulation": "hipaa", "answer": "applies",
    "party": "msp", "to": "Lee Marsh, COO", "control": "MFA for admins", "system": "Payroll", "level": "view",
    "state": "present", "topic": "msp_obligations", "framework": "nist_800_53", "version": "5", "old": "4",
    "new": "5", "person": "U0SOMEONE", "role": "viewer", "decision": "renew", "reason": "because", "phrase": "plants",
    "rating": "helpful", "question": "who does backups?", "note": "it is", "text": "a term of one year",
    "kind": "renewal", "days": "30, 7", "into": "Bluebird", "side": "client", "signer": "Lee Marsh", "title": "A title",
    "from": "2026-01-01", "of": "statement", "number": "1", "same-as": "2",
    "with": "Harbor Mutual", "by": "Dana Lee", "proof": "letter of 2 March", "took": "45m",
    "discovered": "2026-03-01", "clock": _CLOCK, "published": "2026-03", "finding": "promise_owner",
}  # fmt: skip
ALSO: dict[str, dict[str, str]] = {
    "scope ask": {"question": "who does backups?"},
    "scope settle": {"party": "msp", "agreement": "SOW-A", "item": "Plants"},
    "scope dispute": {"note": "it is wrong"},
    "disclosure answers": {"others": "does_not_apply", "by": "Dana Lee"},
    "promise edit": {"wording": "Test two restores"},
    "reminder snooze": {"days": "3d"},
    "reminder leads": {"kind": "notice_deadline"},
    "who": {"regulation": "hipaa"},
    "signature record": {"on": "2026-01-01"},
    "catalogue add": {"kind": "law"},
    "framework edit": {"framework": "harbor-baseline"},
    "check mark": {"finding": "promise_owner"},
    "check unmark": {"finding": "care_none"},
    "framework remove": {"framework": "harbor-baseline"},
    "contract add": {"kind": "insurer", "with": "Another Mutual"},
    "contract edit": {"demands": "MFA"},
    "obligation edit": {"every": "1y"},
    "template get": {"kind": "statement"},
    "incident edit": {"client": "Seaside", "people": "40"},
    "incident show": {"client": "Seaside"},
    "paper incident": {"client": "Seaside", "what": "Lost laptop"},
    "incident close": {"client": "Seaside"},
    "incident told": {"client": "Seaside"},
    "incident dismiss": {"client": "Seaside"},
}
# They need a file, or a state in which the client then could not be used by the others.
NOT_READY = {
    "scope forget", "scope wording", "matrix import", "client import", "agreement import",
    "walkthrough import", "signature import", "contract import", "obligation import",
    "framework import",
    "framework compare", "client unrestrict", "client share", "client erase", "role revoke",
    "client reinstate", "matrix restore", "promise reinstate", "access reinstate", "insurance reinstate",
    "recommendation reinstate", "framework reinstate", "agreement reinstate", "renewal retract",
    "agreement remove", "agreement fetch",
    "undo", "client unmerge", "copy attach", "copy get", "paper verify", "paper notice",
    "paper addendum", "contract reinstate", "obligation reinstate", "hold lift", "disclosure reinstate",
    "incident reopen", "incident resume",
    "scope bill", "scope unbill", "scope join", "calendar feed", "calendar revoke",
    "catalogue edit", "catalogue remove", "catalogue import", "template set", "template reset",
}  # fmt: skip
WHAT = {
    "promise": "Test a restore", "recommendation": "Buy a firewall", "paper": "Buy a firewall",
    "obligation": "Name an approver", "copy": "SOW-A", "incident": "Lost laptop", "who": "matrix",
}  # fmt: skip
NEVER = ("pydantic", "validation error", "should have at", "input_value", "Traceback", "went wrong", "type=")


ODD_TEXTS = (
    "a\nb", "\u200b", "\u202e", "\n", "\u202e\u200e\u200f", "* *", "``", "\u0628\u063a\u062f\u0627\u062f",
    "\U0001f469\u200d\U0001f4bb", "\ufdfa" * 80,
)  # fmt: skip


class _Undone(Exception):
    """Ends a unit of work without keeping anything."""


class Trial:
    """Runs commands of the real registry as forms; nothing is kept."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.plans = True
        self.checks_columns_only = desk.database.engine.dialect.name != "sqlite"

        @contextmanager
        def open_unit(*args: Any, **options: Any) -> Iterator[UnitOfWork]:
            try:
                with desk.database.open_unit(*args, **options) as uow:
                    yield uow
                    raise _Undone
            except _Undone:
                pass

        self._dispatcher = Dispatcher(REGISTRY, open_unit, lambda: desk.now, desk.dispatcher.policy)

    def run(self, command: Command, form: Raw) -> Reply | CommandError:
        """The reply, or the error with which it is refused; anything else is raised."""
        request = Request(
            self._desk.workspace_id, CONSOLE, command.name, form=form, channel="C0HELP", is_confirmed=True
        )
        try:
            return self._dispatcher.run(request)
        except CommandError as error:
            return error


def sample(command: Command, parameter: Parameter) -> str:
    if parameter.name == "what":
        return f"Another {command.noun}" if command.verb in ("add", "decline", "record") else WHAT[command.noun]
    if parameter.kind is Kind.PERSON:
        return "U0SOMEONE"
    return SAMPLES[parameter.name]


def usual(command: Command) -> dict[str, str | tuple[str, ...]]:
    form = {p.name: sample(command, p) for p in command.parameters if p.required or p.kind is Kind.CLIENT}
    return {**form, **ALSO.get(command.name, {})}


def odd_values(trial: Trial, command: Command, parameter: Parameter) -> Iterator[str]:
    yield from ODD.get(parameter.kind, ())
    for length in lengths(trial, command, parameter) if parameter.kind in TEXTS else (201, 1001, MOST + 1):
        yield "https://" + "a" * (length - 8) if parameter.kind is Kind.URL and length > 8 else "x" * length
    yield from ODD_TEXTS if parameter.kind in TEXTS else ODD_TEXTS[:2]


def lengths(trial: Trial, command: Command, parameter: Parameter) -> tuple[int, ...]:
    """The longest text that its field takes, as the refusal of a longer one says, and what is too long."""
    said = in_words(trial.run(command, with_value(command, parameter, "x" * MOST)))
    limit = re.search(r"at most ([\d,]+) (?:is|are) kept", said)
    most = int(limit[1].replace(",", "")) if limit else MOST
    return tuple(dict.fromkeys((most, most + 1, MOST, MOST + 1)))


def with_value(command: Command, parameter: Parameter, value: str) -> Raw:
    return {**usual(command), parameter.name: (value,) if parameter.many else value}


def in_words(outcome: Reply | CommandError) -> str:
    return outcome.message if isinstance(outcome, CommandError) else outcome.headline


CASES = [
    (command, parameter) for command in REGISTRY for parameter in command.parameters if parameter.kind is not Kind.FILE
]


@pytest.fixture
def trial(database: Any, monkeypatch: pytest.MonkeyPatch) -> Trial:
    desk = open_desk(database)
    set_up_calder(desk)
    for line in WORLD:
        desk.type(line)
    trial, after_change = Trial(desk), Planner.after_change
    monkeypatch.setattr(Planner, "after_change", lambda *given: after_change(*given) if trial.plans else ())
    return trial


def test_any_value_of_any_parameter_is_taken_or_refused_in_words(trial: Trial) -> None:
    wrong = []
    for command, parameter in CASES:
        if trial.checks_columns_only and not (command.changes and parameter.kind in TEXTS):
            continue
        longest = lengths(trial, command, parameter) if trial.checks_columns_only else ()
        for value in ("x" * longest[0],) if longest else odd_values(trial, command, parameter):
            given = with_value(command, parameter, value)
            trial.plans = value not in ODD_TEXTS  # no reminder depends on which letters a text is made of
            where = f"{command.name} {parameter.name}:{value[:40]!r} ({len(value)} characters)"
            try:
                said = in_words(trial.run(command, given))
            except Exception as error:
                wrong.append(f"{where}: {type(error).__name__} {str(error)[:200]}")
                continue
            if not said.strip() or any(word in said for word in NEVER):
                wrong.append(f"{where}: {said}")
    assert not wrong, "\n".join(wrong)


def test_a_text_that_no_field_holds_is_refused_with_the_option_the_limit_and_its_length(calder: Desk) -> None:
    trial = Trial(calder)
    for command, parameter in CASES:
        if parameter.kind in TEXTS:
            text = "x" * 4001
            error = trial.run(command, with_value(command, parameter, text))
            assert isinstance(error, UsageError)
            assert error.fields[parameter.name] == "has 4,001 characters; at most 4,000 are kept."


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        ('client add "{81}"', "name", "has 81 characters; at most 80 are kept."),
        ("client add X industry:{81}", "industry", "has 81 characters; at most 80 are kept."),
        ("client add X alias:{201}", "alias", "has 201 characters; at most 200 are kept."),
        ("agreement terminate calder SOW-A reason:{560}", "reason", "has 560 characters; at most 500 are kept."),
        ("agreement add calder {61}", "reference", "has 61 characters; at most 60 are kept."),
        ("agreement edit calder SOW-A precedence:1000", "precedence", "is 1,000; at most 999 is kept."),
        ("agreement edit calder SOW-A notice-address:{301}", "notice-address", "has 301 characters; at most 300"),
        ("agreement edit calder SOW-A url:https://{1000}", "url", "has 1,008 characters; at most 1,000 are kept."),
        (
            "agreement edit calder SOW-A initial-term:9999y",
            "initial-term",
            "is 9999 years; at most 100 years are kept.",
        ),
        ("matrix set calder SOW-A {301} msp", "item", "has 301 characters; at most 300 are kept."),
        ("matrix set calder SOW-A Backup msp clause:{121}", "clause", "has 121 characters; at most 120 are kept."),
        ("matrix set calder SOW-A Backup msp notes:{4001}", "notes", "has 4,001 characters; at most 4,000 are kept."),
        ("walkthrough record calder SOW-A to:{201}", "to", "has 201 characters; at most 200 are kept."),
        ("renewal decide calder SOW-A renew reason:{2001}", "reason", "has 2,001 characters; at most 2,000 are kept."),
        ("renewal list days:99999", "days", "at most 36,500"),
    ],
)
def test_what_is_beyond_a_limit_is_said_with_the_option_the_limit_and_what_was_given(
    calder: Desk, line: str, field: str, words: str
) -> None:
    before = calder.type("/engagement agreement show calder SOW-A").data
    typed = re.sub(r"\{(\d+)\}", lambda match: "x" * int(match[1]), line)
    error = calder.refused(f"/engagement {typed}")
    assert isinstance(error, UsageError)
    assert words in error.fields[field]
    assert field in error.message
    assert calder.type("/engagement agreement show calder SOW-A").data == before


def test_an_import_says_which_row_has_too_much(calder: Desk) -> None:
    content = f"Name,Industry\nShort Ltd,retail\n{'x' * 81},retail\nLong Ltd,{'y' * 99}\n".encode()
    error = calder.refused("/engagement client import confirm:yes", upload=("c.csv", content))
    assert "row 3: name has 81 characters; at most 80 are kept." in error.message
    assert "row 4: industry has 99 characters; at most 80 are kept." in error.message
    assert "Short Ltd" not in str(calder.type("/engagement client list").data)


def test_the_usual_forms_are_taken(trial: Trial) -> None:
    """Else the values tried above would never reach a record."""
    refused = {
        command.name: in_words(said)
        for command in REGISTRY
        if isinstance(said := trial.run(command, usual(command)), CommandError) and command.name not in NOT_READY
    }
    assert not refused, "\n".join(f"{name}: {said}" for name, said in refused.items())
