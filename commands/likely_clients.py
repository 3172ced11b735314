"""Whom somebody most likely means who names no client."""

import re
from datetime import timedelta

from commands.command import Context
from commands.rules.matching.text import FRAME
from storage.records import Client

MOST = 5
"""As many are offered."""
_OF_SOMEBODY = re.compile(r"['’]s?(?=\W*$)")
_LATELY = timedelta(days=30)


def likely_clients(ctx: Context, said: str = "") -> list[Client]:
    """The active clients whom whoever asks may see, at most `MOST`: those whose name shares a word with what was
    `said`, the first one before others; then asked about lately, then their own, by name.
    """
    me = ctx.actor.user
    words = {_OF_SOMEBODY.sub("", word) for word in said.lower().split()}
    words = {word.strip(',.;:?!()"') for word in words} - FRAME
    lately = ctx.uow.questions.clients_asked_about(me, ctx.now - _LATELY)

    def rank(client: Client) -> tuple[bool, bool, bool, bool, str]:
        name = client.name.lower().split()
        is_first, is_any = name[0] in words, not words.isdisjoint(name)
        is_own = me in (client.owner, client.backup_owner)
        return not is_first, not is_any, client.id not in lately, not is_own, client.name

    return sorted(ctx.uow.clients.list(), key=rank)[:MOST]
