"""Whom somebody most likely means who names no client."""

from datetime import timedelta

from commands.command import Context
from storage.records import Client

MOST = 5
"""As many are offered."""
_LATELY = timedelta(days=30)


def likely_clients(ctx: Context) -> list[Client]:
    """The active clients whom whoever asks may see, at most `MOST`: asked about lately, then their own, by name."""
    me = ctx.actor.user
    lately = ctx.uow.questions.clients_asked_about(me, ctx.now - _LATELY)

    def rank(client: Client) -> tuple[bool, bool, str]:
        return client.id not in lately, me not in (client.owner, client.backup_owner), client.name

    return sorted(ctx.uow.clients.list(), key=rank)[:MOST]
