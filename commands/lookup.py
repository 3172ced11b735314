"""Finding what a person named: a client, an agreement, a regulation. A near miss is asked back, never assumed."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

from commands.context import Context
from commands.errors import NotFound, UnclearClient
from commands.rules.matching.text import FRAME
from commands.rules.placeholders import BLANK
from commands.words import command_line
from storage.catalog import regulations
from storage.catalog.regulations import Regulation
from storage.records import Agreement, Client, Responsibility
from storage.records.agreement import reference_key
from storage.records.client import client_key

_LONGEST_NAME = 6
_NEAR = 78
# Half a name is close to more ordinary words than a whole one.
_NEAR_START = 85
_SHORTEST_START = 5
# A shorter alias inside a sentence may be an ordinary word: AT, IT, US.
_SHORTEST_INSIDE = 3
# What fits into an option of a select, of which an answer comes back: 150 characters in Slack.
LONGEST_CHOICE = 150
_WORDS = re.compile(r"[\w&.'’-]+|[^\w\s]")
_OF_SOMEBODY = re.compile(r"['’]s?$")
_LINKING = frozenset({"at", "for", "of", "with", "from", "in", "to"})


def client_at(ctx: Context, words: Sequence[str]) -> tuple[Client, int] | None:
    """The client that the first words name, and how many words that took; the longest match wins.

    Tried: a name or alias, then the unique start of one. None when the words name no client and come close to none.
    Raises UnclearClient when they come close to one, or could be several.
    """
    return client_exactly_at(ctx, words) or _client_begun_at(ctx, words)


def client_exactly_at(ctx: Context, words: Sequence[str]) -> tuple[Client, int] | None:
    """The client whose whole name or alias the first words are, and how many words that took."""
    for count in range(min(_LONGEST_NAME, len(words)), 0, -1):
        if (client := ctx.uow.clients.find_by_key(" ".join(words[:count]))) is not None:
            return client, count
    return None


def _client_begun_at(ctx: Context, words: Sequence[str]) -> tuple[Client, int] | None:
    for count in range(min(_LONGEST_NAME, len(words)), 0, -1):
        start = " ".join(words[:count])
        started = ctx.uow.clients.starting_with(start) if len(start) >= _SHORTEST_INSIDE else []
        if len(started) == 1:
            return started[0], count
        if len(started) > 1:
            raise could_be(start, [client.name for client in started])
    if near := near_clients(ctx, words):
        raise unknown_client(" ".join(words[: near[0].words]), [each.name for each in near])
    return None


def could_be(typed: str, names: Sequence[str]) -> UnclearClient:
    """What begins the names of several clients."""
    return UnclearClient(f'"{typed}" could be {_either(names)}. Which one?', typed, names)


def unknown_client(typed: str, near: Sequence[str] = ()) -> UnclearClient:
    hint = f" Did you mean {_either(near)}?" if near else ""
    return UnclearClient(f'There is no client called "{typed}".{hint}', typed, near)


def client_inside(ctx: Context, question: str) -> tuple[Client, str] | None:
    """The client named in full, or by an alias, anywhere in `question`, and the question without the name.

    None when no client is named. Raises NotFound when several are.
    """
    question = unicodedata.normalize("NFC", question)
    beginning = ctx.uow.clients.first_words()
    if beginning.isdisjoint(client_key(question).split()):  # as most questions in a client's channel
        return None
    words = _WORDS.findall(question)
    plain = [client_key(_OF_SOMEBODY.sub("", word)) for word in words]
    keys = ctx.uow.clients.keys()
    starts = [start for start in range(len(words)) if _first_word(plain[start:]) in beginning]
    found: dict[str, tuple[int, int]] = {}
    for count in range(min(_LONGEST_NAME, len(words)), 0, -1):
        for start in starts:
            key = " ".join(filter(None, plain[start : start + count]))
            if len(key) < _SHORTEST_INSIDE or key not in keys or start + count > len(words):
                continue
            if not any(first < start + count and start < last for first, last in found.values()):
                found.setdefault(keys[key], (start, start + count))
    if len(found) > 1:
        raise NotFound(f"The question names {_either(list(found), last='and')}. Ask about one client at a time.")
    for name, (start, end) in found.items():
        begin = start - 1 if start and plain[start - 1] in _LINKING else start
        rest = " ".join(words[:begin] + words[end:])
        return client_named(ctx, name), re.sub(r"\s+([?.,!])", r"\1", rest).strip(" ,")
    return None


def _first_word(plain: Iterable[str]) -> str:
    return next((key.split(maxsplit=1)[0] for key in plain if key), "")


def client_beginning(ctx: Context, text: str) -> Client | None:
    """The client with whose whole name or alias the words of `text` begin, where more follows."""
    words = client_key(text).split()
    for count in range(min(_LONGEST_NAME, len(words) - 1), 0, -1):
        name = " ".join(words[:count])
        if len(name) >= _SHORTEST_START and (client := ctx.uow.clients.find_by_key(name)) is not None:
            return client
    return None


def is_ordinary(word: str) -> bool:
    """A word that questions begin with, so that it is no start of a client's name unless it is the whole name."""
    return any(each in FRAME for each in client_key(word).split()[:1])


class Near(NamedTuple):
    """A client's name that the first `words` words come close to; `score` is 0..100."""

    name: str
    words: int
    score: float


def near_clients(ctx: Context, words: Sequence[str]) -> list[Near]:
    """The clients that the first words come close to (a slip of the keyboard), nearest first."""
    keys = ctx.uow.clients.keys()
    found: list[Near] = []
    for count in range(1, min(_LONGEST_NAME, len(words)) + 1):
        typed = client_key(" ".join(words[:count]))
        if len(typed) < _SHORTEST_INSIDE:
            continue
        whole = process.extract(typed, keys.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=3)
        found += [Near(keys[key], count, score) for key, score, _ in whole]
        if len(typed) >= _SHORTEST_START:
            starts = ctx.uow.clients.beginnings(len(typed.split()))
            begun = process.extract(typed, starts, scorer=fuzz.ratio, score_cutoff=_NEAR_START, limit=3)
            found += [Near(keys[key], count, score) for _, score, key in begun]
    best = {each.name: each for each in sorted(found, key=lambda each: each.score)}
    return sorted(best.values(), key=lambda each: -each.score)[:3]


def client_named(ctx: Context, text: str) -> Client:
    """The client that the whole of `text` names, or is the unique start of. Raises UnclearClient with what is near."""
    if (client := ctx.uow.clients.find_by_key(text)) is not None:
        return client
    words = text.split()
    found = client_at(ctx, words)
    if found is None or found[1] < len(words):
        raise _nobody(text)
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
    raise NotFound(f'{client.name} has no agreement "{text}". There is {_either(known, last="and")}.')


def item_written(row: Responsibility) -> str:
    """The name of a matrix row as a form has room for it; a longer one as its number and its beginning."""
    return row.item if len(row.item) <= LONGEST_CHOICE else f"row #{row.id}: {row.item[:100]}…"


def item_named(ctx: Context, text: str) -> str:
    """The name of a matrix row: `text`, unless that is what `item_written` makes of a longer one."""
    match = re.match(r"row #(\d{1,9}): ", text)
    row = ctx.uow.responsibilities.find(int(match[1])) if match else None
    return row.item if row is not None and item_written(row) == text else text


def regulation_named(text: str) -> Regulation:
    """The regulation with that key, title or alias. Raises NotFound with what comes close."""
    if (regulation := regulations.find(text)) is not None:
        return regulation
    near = regulations.near(text)
    known = [regulation.key for regulation in regulations.all_of_them()]
    hint = f"Did you mean {_either(near)}?" if near else f"{len(known)} are known, such as {', '.join(known[:6])}."
    raise NotFound(f'"{text}" is not a regulation we know. {hint}', next_steps=("/engagement help disclosure record",))


def _either(names: Sequence[str], last: str = "or") -> str:
    quoted = list(dict.fromkeys(names))[:12]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"
