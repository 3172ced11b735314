"""A form that is opened and saved as it is leaves the record as it is, however long and odd the record's texts are."""

import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from commands import catalog
from commands.command import Command, Registry
from commands.grammar.words import command_line, quote
from commands.rules.text.phrases import shorten
from storage.records import Agreement, Client, Party, Responsibility
from tests.bot.conftest import DANA, HELPDESK, Bot, is_refusal
from tests.bot.form_filler import untouched

EDITING = [command for command in catalog.REGISTRY if command.current is not None]
ODD = "Ä & <b> \"q\" “r” 'x' \\ key: y ~2 "
NOT_RECORDS = ("audit_entry", "audit_detail", "inbox", "person", "sqlite_sequence", "audit_head")
LONGEST = {
    "reference": 60, "name": 80, "industry": 80, "title": 200, "summary": 2000, "notice_address": 300,
    "document_url": 1000, "item": 300, "category": 120, "msp_part": 2000, "client_part": 2000, "third_party": 300,
    "clause": 120, "notes": 4000,
}  # fmt: skip
"""As storage has it; longer is refused there (see the test at the end)."""


@pytest.fixture
def registry() -> Registry:
    return catalog.REGISTRY


def filler(name: str) -> str:
    return (f"{name} {ODD}" * 200)[: LONGEST[name]].strip()


def short(client: Client) -> dict[str, Any]:
    return {"aliases": ("c1", "c2")}


def long(client: Client) -> dict[str, Any]:
    """More than an input takes."""
    return {"aliases": tuple(f"{number} {ODD}".strip() for number in range(150)), "industry": filler("industry")}


@pytest.fixture(params=[short, long], ids=lambda make: make.__name__)
def names(request: pytest.FixtureRequest, bot: Bot) -> tuple[str, str, str]:
    """The client's name, the agreement's reference and the row's name; the records have a value in every field."""
    make: Callable[[Client], dict[str, Any]] = request.param
    is_long = make is long
    with bot.runtime.database.open_unit(bot.workspace_id) as uow:
        client = uow.clients.find_by_key("Calder Ridge")
        assert client is not None
        client = uow.clients.save(
            client.changed(
                name=filler("name") if is_long else "Calder Ridge", owner=DANA, backup_owner="U0SAM", country="US",
                subdivision="TX", time_zone="America/Argentina/ComodRivadavia", **make(client),
            )
        )  # fmt: skip
        parent = uow.agreements.add(Agreement(client_id=client.id, reference="MSA"), at=bot.runtime.clock())
        agreement = uow.agreements.add(
            Agreement(
                client_id=client.id, parent_id=parent.id, kind="sow", precedence_rank=0, msp_signed_on=date(2026, 1, 1),
                effective_on=date(2026, 1, 1), initial_term="9999bd", initial_end_on=date(2026, 12, 31), renewal="auto",
                renewal_term="12m", max_renewals=0, notice="0d", client_notice="30d", notice_window="1y",
                notice_method="certified_mail", review_every="1y", last_reviewed_on=date(2026, 2, 1), owner=DANA,
                uplift_percent=Decimal("-3.12"), term_kind="month_to_month", status="out_for_signature",
                **_texts(("reference", "title", "summary", "notice_address"), is_long),
                document_url="https://x.internal/" + "a" * (900 if is_long else 9),
            ),
            at=bot.runtime.clock(),
        )  # fmt: skip
        [row] = uow.responsibilities.record(
            [
                Responsibility(
                    client_id=client.id, agreement_id=agreement.id, party=Party.SHARED, effective_from=date(2026, 1, 1),
                    recorded_at=datetime(2026, 1, 1, tzinfo=UTC), recorded_by=DANA,
                    aliases=client.aliases, control_refs=("PR.AC-7", "AC-2(1)", "A.5.1", "something else"),
                    **_texts(
                        ("item", "category", "msp_part", "client_part", "third_party", "clause", "notes"), is_long
                    ),
                )
            ]
        )  # fmt: skip
    return client.name, agreement.reference, row.item


def _texts(names: tuple[str, ...], is_long: bool) -> dict[str, str]:
    return {name: filler(name) if is_long else f"{name}\nof two lines" for name in names}


def records(bot: Bot) -> Mapping[str, list[Any]]:
    """Everything on record, by table."""
    with sqlite3.connect(str(bot.runtime.database.engine.url.database)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [name for name in tables if name not in NOT_RECORDS]
        return {name: connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in kept}


def saved(bot: Bot, view: Mapping[str, Any], **changed: Any) -> str:
    """What is said when the form is sent; nothing may be wrong with it."""
    before = len(bot.slack.posted)
    answer = bot.send(bot.payloads.submit(DANA, view, {**untouched(view), **changed}))
    assert answer == "", answer
    [posted] = bot.slack.since(before)
    assert not is_refusal(posted.payload), posted.payload["text"]
    return str(posted.payload["text"])


def named(command: Command, names: tuple[str, str, str]) -> tuple[str, ...]:
    return names[: sum(parameter.name in ("client", "agreement", "item") for parameter in command.parameters)]


def opened(bot: Bot, command: Command, names: tuple[str, str, str]) -> dict[str, Any]:
    """By a button that has the record's name in it."""
    value = command_line(command.name, *named(command, names))
    assert len(value) < 2000
    bot.send(bot.payloads.press(DANA, HELPDESK, {"action_id": "form:0", "value": value}))
    return bot.whole(DANA)


def picked(bot: Bot, command: Command, names: tuple[str, str, str]) -> dict[str, Any]:
    """Empty, and then one name after the other is chosen from those that are listed."""
    bot.send(bot.payloads.press(DANA, HELPDESK, {"action_id": "form:0", "value": command.name}))
    view = bot.whole(DANA)
    for block, name in zip(("client", "agreement", "item"), named(command, names), strict=False):
        options = bot.send(bot.payloads.suggest(DANA, view, block))["options"]
        state = {**untouched(view), block: {"type": "external_select", "selected_option": _option(options, name)}}
        payload = bot.payloads.pick(DANA, view, block, state[block])
        payload["view"]["state"]["values"] = bot.payloads.submit(DANA, view, state)["view"]["state"]["values"]
        bot.send(payload)
        view = bot.whole(DANA)
    return view


def _option(options: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """The one that is called so, as far as an option has room for it."""
    [found] = [one for one in options if shorten(name, 75) == one["text"]["text"]]
    return found


@pytest.mark.parametrize("command", EDITING, ids=lambda command: command.name)
@pytest.mark.parametrize("open_it", [opened, picked])
def test_saved_as_it_is_nothing_changes(
    bot: Bot, names: tuple[str, str, str], command: Command, open_it: Callable[..., dict[str, Any]]
) -> None:
    before = records(bot)
    view = open_it(bot, command, names)
    assert "is as it was" in saved(bot, view)
    assert records(bot) == before


def test_every_field_is_as_long_as_storage_takes_it() -> None:
    for name, most in LONGEST.items():
        fields = [kind.model_fields[name] for kind in (Client, Agreement, Responsibility) if name in kind.model_fields]
        assert [one.max_length for one in fields[0].metadata if hasattr(one, "max_length")] == [most]


@pytest.mark.parametrize(
    ("command", "change", "words"),
    [
        ("client edit", "client edit {0} industry:farming", ['Industry says "farming" now.']),
        ("agreement edit", "agreement edit {0} {1} precedence:7", ['Rank when papers disagree says "7" now.']),
        ("matrix set", "matrix set {0} {1} {2} clause:new correction:yes", ['Clause says "new" now.']),
    ],
)
def test_what_somebody_else_saved_meanwhile_is_said_and_kept(
    bot: Bot, names: tuple[str, str, str], command: str, change: str, words: list[str]
) -> None:
    found = bot.runtime.dispatcher.registry.find(*command.split())
    assert found is not None
    view = opened(bot, found, names)
    bot.do(change.format(*map(quote, names)))
    after = records(bot)
    answer = bot.send(bot.payloads.submit(DANA, view, untouched(view)))
    assert answer["response_action"] == "update"
    banner = answer["view"]["blocks"][0]["elements"][1]["elements"]
    said = [item["elements"][0]["text"] for item in banner]
    assert said == words
    assert "is as it was" in saved(bot, answer["view"])
    assert records(bot) == after


@pytest.mark.parametrize("text", ["client link calder", "client link calder here", "client edit calder channel:here"])
def test_a_direct_message_is_no_clients_channel_which_no_form_could_show(bot: Bot, text: str) -> None:
    before = records(bot)
    bot.send(bot.payloads.direct(DANA, text))
    assert is_refusal(bot.slack.posted[-1].payload)
    assert records(bot) == before
