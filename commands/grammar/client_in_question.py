"""The client that a question names, or to whose channel it refers, and the question without it."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from commands.command import Context
from commands.errors import UnclearClient
from commands.grammar.lookup import client_named, could_be, either_of
from commands.grammar.spelled_names import (
    LONGEST_NAME,
    OF_SOMEBODY,
    SHORTEST_INSIDE,
    is_name,
    is_one_name,
    plain_words,
    spelled_otherwise,
)
from storage.records import Client
from storage.records.client import client_key

WORDS = re.compile(r"[\w&.'’-]+|[^\w\s]")
# A channel as Slack sends it; or as somebody types it, where Slack did not make it one.
_CHANNEL = re.compile(
    r"<#(?P<id>[CGD][A-Z0-9]{2,30})(?:\|(?P<label>[^<>|]*))?>|(?<![\w#&/<])#(?P<written>[a-z][a-z0-9_-]{2,79})\b"
)
_LINKING = frozenset({"at", "for", "of", "with", "from", "in", "to"})


class Named(NamedTuple):
    """The client that a question names, the question without the name, and the name as written."""

    client: Client
    rest: str
    called: str


def client_inside(ctx: Context, question: str) -> Named | None:
    """The client named in full, by an alias or by a former name, anywhere in `question`.

    None when no client is named. Raises UnclearClient when several are.
    """
    question = unicodedata.normalize("NFC", question)
    beginning = ctx.uow.clients.first_words()
    words = WORDS.findall(question)
    joined = {
        (each.start, each.end): each.clients[0] for each in spelled_otherwise(ctx, words) if is_one_name(words, each)
    }
    if not joined and beginning.isdisjoint(client_key(question).split()):  # as most questions in a client's channel
        return None
    plain = plain_words(words)
    keys = ctx.uow.clients.keys()
    begun = {start for start, _ in joined}
    starts = [start for start in range(len(words)) if start in begun or _first_word(plain[start:]) in beginning]
    found: dict[str, tuple[int, int]] = {}
    for count in range(min(LONGEST_NAME, len(words)), 0, -1):
        for start in starts:
            key = " ".join(filter(None, plain[start : start + count]))
            if len(key) < SHORTEST_INSIDE or start + count > len(words):
                continue
            name = keys.get(key) or joined.get((start, start + count))
            if name and not any(first < start + count and start < last for first, last in found.values()):
                found.setdefault(name, (start, start + count))
    if len(found) > 1:
        raise UnclearClient(
            f"The question names {either_of(list(found), last='and')}. Ask about one client at a time.", "", list(found)
        )
    for name, (start, end) in found.items():
        refuse_longer_name(ctx, words, name, (start, end))
        begin = start - 1 if start and plain[start - 1] in _LINKING else start
        rest = re.sub(r"\s+([?.,!])", r"\1", " ".join(words[:begin] + words[end:])).strip(" ,")
        called = " ".join(OF_SOMEBODY.sub("", word) for word in words[start:end])
        return Named(client_named(ctx, name), rest, called)
    return None


def other_client_inside(ctx: Context, client: Client, text: str) -> str | None:
    """Whom `text` names beside or instead of `client`; None where nobody."""
    try:
        named = client_inside(ctx, text)
    except UnclearClient:
        return "several clients"
    return None if named is None or named.client.id == client.id else named.client.name


class GoesOn(UnclearClient):
    """A client's name goes on as another's begins: with "Calder" and "Calder Valley Farms" on record, "Calder Valley"
    may be either.
    """


def refuse_longer_name(ctx: Context, words: Sequence[str], name: str, at: tuple[int, int]) -> None:
    """Raises GoesOn where the client's name `at` these words goes on as another's begins."""
    start, end = at
    for each in spelled_otherwise(ctx, words):
        is_longer = each.start <= start and end <= each.end and (each.start, each.end) != at
        if is_longer and name not in each.clients and is_name(words, each):
            written, either = " ".join(words[each.start : each.end]), (*each.clients, name)
            raise GoesOn(could_be(written, either).message, written, either)


def client_of_channel_inside(ctx: Context, question: str) -> Named | None:
    """The client to which the channel is linked that `question` refers to, as in "<#C0HELP|helpdesk>".

    None when it refers to no channel. Raises UnclearClient for a channel that is not linked, and for several clients.
    """
    found: dict[int, Named] = {}
    for match in _CHANNEL.finditer(question):
        client = ctx.uow.clients.for_channel(match["id"]) if match["id"] else None
        shown = "#" + (match["label"] or match["written"] or match["id"])
        if client is None:
            how = "" if match["id"] else " as far as is known here: pick it from Slack's list of channels"
            raise UnclearClient(
                f"{shown} is not linked to a client{how}. Name the client instead.",
                shown,
                next_steps=(f"/engagement client link CLIENT {shown}",),
            )
        rest = f"{question[: match.start()]} {question[match.end() :]}"
        found[client.id] = Named(client, " ".join(rest.split()).strip(" ,:"), shown)
    if len(found) > 1:
        names = [each.client.name for each in found.values()]
        raise UnclearClient(
            f"The question names the channels of {either_of(names, last='and')}. Ask about one client at a time.",
            "",
            names,
        )
    return next(iter(found.values()), None)


def _first_word(plain: Iterable[str]) -> str:
    return next((key.split(maxsplit=1)[0] for key in plain if key), "")
