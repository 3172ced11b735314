"""What a form's selects list while somebody types: clients, the agreements of the chosen client, regulations, zones."""

from zoneinfo import available_timezones

from bot.slack import limits
from bot.slack.blocks import Block
from bot.slack.forms import option
from commands.context import Context
from commands.registry import Kind
from storage.catalog import regulations
from storage.records.client import client_key


def options(ctx: Context, kind: Kind, typed: str, client: str | None) -> list[Block]:
    """At most 100 options that contain what was `typed`, those that start with it first."""
    listed = _LISTS[kind](ctx, client) if kind in _LISTS else []
    wanted = client_key(typed)
    found = [(text, one) for one, text in ((one, client_key(one["text"]["text"])) for one in listed) if wanted in text]
    found.sort(key=lambda pair: not pair[0].startswith(wanted))
    return [one for _, one in found][: limits.OPTIONS]


def _clients(ctx: Context, client: str | None) -> list[Block]:
    return [option(one.name) for one in ctx.uow.clients.list()]


def _agreements(ctx: Context, client: str | None) -> list[Block]:
    """With no client chosen yet, everybody's, each with its client's name."""
    names = {one.id: one.name for one in ctx.uow.clients.list()}
    return [
        option(agreement.reference, description=names[agreement.client_id])
        for agreement in ctx.uow.agreements.list()
        if agreement.client_id in names and client in (None, names[agreement.client_id])
    ]


def _regulations(ctx: Context, client: str | None) -> list[Block]:
    return [option(f"{one.key}: {one.title}", one.key) for one in regulations.all_of_them()]


def _zones(ctx: Context, client: str | None) -> list[Block]:
    return [option(zone) for zone in sorted(available_timezones())]


_LISTS = {Kind.CLIENT: _clients, Kind.AGREEMENT: _agreements, Kind.REGULATION: _regulations, Kind.ZONE: _zones}
