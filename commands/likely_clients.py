"""Whom somebody most likely means who names no client."""

from datetime import timedelta

from commands.command import Context
from commands.grammar.client_in_question import WORDS
from commands.grammar.spelled_names import plain_words
from commands.rules.matching.text import FRAME
from storage.records import Client
from storage.records.client import client_key

MOST = 5
"""As many are offered."""
_LATELY = timedelta(days=30)


def likely_clients(ctx: Context, said: str = "") -> list[Client]:
    """The active clients whom whoever asks may see, at most `MOST`: those whose name shares a word with what was
    `said`, the first one before others; then asked about lately, then their own, by name.
    """
    me = ctx.actor.user
    words = {word for key in plain_words(WORDS.findall(said)) for word in key.split()} - FRAME
    lately = ctx.uow.questions.clients_asked_about(me, ctx.now - _LATELY)

    def rank(client: Client) -> tuple[bool, bool, bool, bool, str]:
        name = client_key(client.name).split()
        is_first, is_any = not words.isdisjoint(name[:1]), not words.isdisjoint(name)
        is_own = me in (client.owner, client.backup_owner)
        return not is_first, not is_any, client.id not in lately, not is_own, client.name

    return sorted(ctx.uow.clients.list(), key=rank)[:MOST]
