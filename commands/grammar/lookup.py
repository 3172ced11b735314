"""Finding what a person named: a client, an agreement, a regulation. A near miss is asked back, never assumed."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

from commands.command import Context
from commands.errors import NotFound, UnclearClient
from commands.grammar.spelled_names import LONGEST_NAME, OF_SOMEBODY, SHORTEST_INSIDE, is_one_name, spelled_otherwise
from commands.grammar.words import command_line
from commands.known_regulations import known_regulations
from commands.rules.text.placeholders import BLANK
from storage.catalog.regulations import Regulation
from storage.records import Agreement, Client, Responsibility
from storage.records.agreement import reference_key
from storage.records.client import client_key, resemblance

_NEAR = 78
# Half a name is close to more ordinary words than a whole one.
_NEAR_START = 85
SHORTEST_START = 5
_SAME = 100.0  # but for accents, punctuation and the legal form
# They end a sentence or a part of it, and are part of no name.
_MARKS = " ,;:?!"
# What fits into an option of a select, of which an answer comes back: 150 characters in Slack.
LONGEST_CHOICE = 150


def client_at(ctx: Context, words: Sequence[str]) -> tuple[Client, int] | None:
    """The client that the first words name, and how many words that took; the longest match wins.

    Tried: a name or alias, the same written together or apart, then the unique start of one. None when the words name
    no client and come close to none. Raises UnclearClient when they come close to one, or could be several.
    """
    return client_exactly_at(ctx, words) or _client_spelled_at(ctx, words) or _client_begun_at(ctx, words)


def client_exactly_at(ctx: Context, words: Sequence[str]) -> tuple[Client, int] | None:
    """The client whose whole name or alias the first words are, and how many words that took."""
    for count in range(min(LONGEST_NAME, len(words)), 0, -1):
        name = " ".join(words[:count])
        for written in dict.fromkeys((name, OF_SOMEBODY.sub("", name))):
            if (client := ctx.uow.clients.find_by_key(written)) is not None:
                return client, count
    return None


def _client_spelled_at(ctx: Context, words: Sequence[str]) -> tuple[Client, int] | None:
    first = words[:LONGEST_NAME]
    for each in spelled_otherwise(ctx, first):
        if each.start == 0 and is_one_name(first, each):
            return client_named(ctx, each.clients[0]), each.end
    return None


def _client_begun_at(ctx: Context, words: Sequence[str]) -> tuple[Client, int] | None:
    for count in range(min(LONGEST_NAME, len(words)), 0, -1):
        start = " ".join(words[:count])
        started = ctx.uow.clients.starting_with(start) if len(start) >= SHORTEST_INSIDE else []
        if len(started) == 1:
            return started[0], count
        if len(started) > 1:
            raise could_be(start, [client.name for client in started])
    if near := near_clients(ctx, words):
        raise unknown_client(" ".join(words[: near[0].words]), [each.name for each in near])
    return None


def could_be(typed: str, names: Sequence[str]) -> UnclearClient:
    """What begins the names of several clients."""
    return UnclearClient(f'"{typed}" could be {either_of(names)}. Which one?', typed, names)


def unknown_client(typed: str, near: Sequence[str] = ()) -> UnclearClient:
    typed = typed.rstrip(_MARKS)
    hint = f" Did you mean {either_of(near)}?" if near else ""
    return UnclearClient(f'There is no client called "{typed}".{hint}', typed, near)


def client_beginning(ctx: Context, text: str) -> Client | None:
    """The client with whose whole name or alias the words of `text` begin, where more follows."""
    words = client_key(text).split()
    for count in range(min(LONGEST_NAME, len(words) - 1), 0, -1):
        name = " ".join(words[:count])
        if len(name) >= SHORTEST_START and (client := ctx.uow.clients.find_by_key(name)) is not None:
            return client
    return None


class Near(NamedTuple):
    """A client's name that the first `words` words come close to; `score` is 0..100."""

    name: str
    words: int
    score: float


def near_clients(ctx: Context, words: Sequence[str]) -> list[Near]:
    """The clients that the first words come close to (a slip, an accent, a legal form), nearest first."""
    keys, resembling = ctx.uow.clients.keys(), ctx.uow.clients.resembling()
    found: list[Near] = []
    for count in range(1, min(LONGEST_NAME, len(words)) + 1):
        typed = client_key(" ".join(words[:count]))
        if len(typed) < SHORTEST_INSIDE:
            continue
        if (same := resembling.get(resemblance(typed))) is not None:
            found.append(Near(same, count, _SAME))
        whole = process.extract(typed, keys.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=3)
        found += [Near(keys[key], count, score) for key, score, _ in whole]
        if len(typed) >= SHORTEST_START:
            starts = ctx.uow.clients.beginnings(len(typed.split()))
            begun = process.extract(typed, starts, scorer=fuzz.ratio, score_cutoff=_NEAR_START, limit=3)
            found += [Near(keys[key], count, score) for _, score, key in begun]
    best = {each.name: each for each in sorted(found, key=lambda each: (each.score, -each.words))}
    return sorted(best.values(), key=lambda each: -each.score)[:3]


def client_named(ctx: Context, text: str) -> Client:
    """The client that the whole of `text` names, or is the unique start of. Raises UnclearClient with what is near."""
    if (client := ctx.uow.clients.find_by_key(text)) is not None:
        return client
    words = text.split()
    found = client_at(ctx, words)
    if found is None or found[1] < len(words):
        near = [each.name for each in near_clients(ctx, [text])]
        raise unknown_client(text, near) if near else _nobody(text)
    return found[0]


def client_called(ctx: Context, text: str) -> Client:
    """The client with that whole name or alias, as files name it. Raises UnclearClient with what is near."""
    if (client := ctx.uow.clients.find_by_key(text)) is not None:
        return client
    begun = [each.name for each in ctx.uow.clients.starting_with(text, limit=3)]
    near = list(dict.fromkeys((*begun, *(each.name for each in near_clients(ctx, text.split())))))
    raise unknown_client(text, near) if near else _nobody(text)


def _nobody(text: str) -> UnclearClient:
    error = unknown_client(text)
    error.next_steps = ("/engagement client list", command_line("/engagement client add", BLANK))
    return error


def linked_client(ctx: Context) -> Client | None:
    """The client whose channel this is."""
    return ctx.uow.clients.for_channel(ctx.channel) if ctx.channel else None


def agreement_named(ctx: Context, client: Client, text: str) -> Agreement:
    """The client's agreement with that reference, or whose reference starts so. Raises NotFound with what there is."""
    agreements = ctx.uow.agreements.of_client(client.id)
    typed = reference_key(text)
    keys = {agreement.id: reference_key(agreement.reference) for agreement in agreements}
    exact = [agreement for agreement in agreements if keys[agreement.id] == typed]
    started = exact or [agreement for agreement in agreements if keys[agreement.id].startswith(typed)]
    if len(started) == 1:
        return started[0]
    known = [agreement.reference for agreement in started or agreements]
    if not known:
        raise NotFound(
            f"{client.name} has no agreements yet.",
            next_steps=(command_line("/engagement agreement add", client.name, reference=BLANK, kind=BLANK),),
        )
    there = "There is" if len(known) == 1 else "There are"
    raise NotFound(f'{client.name} has no agreement "{text}". {there} {either_of(known, last="and")}.')


def item_written(row: Responsibility) -> str:
    """The name of a matrix row as a form has room for it; a longer one as its number and its beginning."""
    return row.item if len(row.item) <= LONGEST_CHOICE else f"row #{row.id}: {row.item[:100]}…"


def item_named(ctx: Context, text: str) -> str:
    """The name of a matrix row: `text`, unless that is what `item_written` makes of a longer one."""
    match = re.match(r"row #(\d{1,9}): ", text)
    row = ctx.uow.responsibilities.find(int(match[1])) if match else None
    return row.item if row is not None and item_written(row) == text else text


def regulation_named(ctx: Context, text: str) -> Regulation:
    """The regulation with that key, title or alias. Raises NotFound with what comes close."""
    catalogue = known_regulations(ctx.uow)
    if (regulation := catalogue.find(text)) is not None:
        return regulation
    near = catalogue.near(text)
    known = [regulation.key for regulation in catalogue.regulations]
    hint = f"Did you mean {either_of(near)}?" if near else f"{len(known)} are known, such as {', '.join(known[:6])}."
    raise NotFound(f'"{text}" is not a regulation we know. {hint}', next_steps=_unknown_steps(text))


def _unknown_steps(text: str) -> tuple[str, ...]:
    return "/engagement help disclosure record", command_line("/engagement catalogue add", text.strip(), kind=BLANK)


def either_of(names: Sequence[str], last: str = "or") -> str:
    quoted = list(dict.fromkeys(names))[:12]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"
