"""What a form's selects list while somebody types: clients, the agreements and rows of the chosen client, and so on."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.slack import limits
from bot.slack.blocks import Block
from bot.slack.inputs import option
from commands.command import Context
from commands.grammar.lookup import item_written
from commands.grammar.parsing import client_among
from commands.known_regulations import known_regulations
from commands.parameters import Kind, Parameter
from commands.rules.text.phrases import plain
from storage.records import Agreement
from storage.records.client import client_key
from storage.records.zones import zone_names

Chosen = Mapping[str, Any]
"""The values that are in the form already, by attribute."""


def options(ctx: Context, parameter: Parameter, typed: str, chosen: Chosen) -> list[Block]:
    """At most 100 options that contain what was `typed`, those that start with it first."""
    listed = _LISTS[parameter.kind](ctx, chosen) if parameter.kind in _LISTS else []
    wanted = client_key(typed)
    found = [(text, one) for one, text in ((one, client_key(one["text"]["text"])) for one in listed) if wanted in text]
    found.sort(key=lambda pair: not pair[0].startswith(wanted))
    new = _new_item(parameter, typed, [one["value"] for one in listed])
    return [*new, *(one for _, one in found)][: limits.OPTIONS]


def _clients(ctx: Context, chosen: Chosen) -> list[Block]:
    return [option(one.name) for one in ctx.uow.clients.list()]


def _agreements(ctx: Context, chosen: Chosen) -> list[Block]:
    """With no client chosen yet, everybody's, each with its client's name."""
    names = {one.id: one.name for one in ctx.uow.clients.list()}
    client = client_among(chosen, ctx)
    return [
        option(agreement.reference, description=names[agreement.client_id])
        for agreement in ctx.uow.agreements.list()
        if agreement.client_id in names and (client is None or client.id == agreement.client_id)
    ]


def _items(ctx: Context, chosen: Chosen) -> list[Block]:
    """The rows of the chosen client, and agreement where one is chosen; none before a client is."""
    client = client_among(chosen, ctx)
    if client is None:
        return []
    agreement = next((value for value in chosen.values() if isinstance(value, Agreement)), None)
    papers = {each.id: each.reference for each in ctx.uow.agreements.of_client(client.id)}
    rows = ctx.uow.responsibilities.current(client.id, agreement.id if agreement else None)
    unique = {client_key(row.item): row for row in rows}.values()
    return [
        option(
            row.item,
            item_written(row),
            f"{plain(row.party)}, {papers[row.agreement_id]}",
        )
        for row in unique
    ]


def _new_item(parameter: Parameter, typed: str, known: list[str]) -> list[Block]:
    """What was typed, as the name of a row that is not there yet."""
    text = typed.strip()
    is_known = client_key(text) in {client_key(value) for value in known}
    if not parameter.is_new or is_known or not 0 < len(text) <= limits.OPTION_VALUE:
        return []
    return [option(f"New row: {text}", text)]


def _regulations(ctx: Context, chosen: Chosen) -> list[Block]:
    return [option(f"{one.key}: {one.title}", one.key) for one in known_regulations(ctx.uow).regulations]


def _zones(ctx: Context, chosen: Chosen) -> list[Block]:
    return [option(zone) for zone in sorted(zone_names())]


_LISTS: dict[Kind, Callable[[Context, Chosen], list[Block]]] = {
    Kind.CLIENT: _clients,
    Kind.AGREEMENT: _agreements,
    Kind.ITEM: _items,
    Kind.REGULATION: _regulations,
    Kind.ZONE: _zones,
}
