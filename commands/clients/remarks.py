"""What an answer about a client begins with: that we no longer work for it, and what it was called."""

from dataclasses import replace

from commands.reply import Reply
from storage.records import Client


def with_remarks(reply: Reply, client: Client, called: str | None = None) -> Reply:
    """`reply` with the former name of the client that it was asked by, and first that we no longer work for it."""
    headline = reply.headline
    former = client.former_name(called) if called else None
    if former is not None and f"(formerly {former})" not in headline:
        known = f"{client.name} (formerly {former})"
        headline = headline.replace(client.name, known, 1) if client.name in headline else f"{known}: {headline}"
    ended = no_longer_served(client)
    if ended is not None and not headline.startswith(ended):
        headline = f"{ended} {headline}"
    return replace(reply, headline=headline)


def no_longer_served(client: Client) -> str | None:
    """That we no longer work for an offboarded client, and since when; None for others."""
    if not client.is_offboarded:
        return None
    since = f" (offboarded on {client.offboarded_on})" if client.offboarded_on else ""
    return f"We no longer work for {client.name}{since}."
