"""Finding what a person named: a client, an agreement, a regulation. A near miss is asked back, never assumed."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from commands.command import Context
from commands.errors import NotFound, UnclearClient
from commands.grammar.words import command_line
from commands.known_regulations import known_regulations
from commands.rules.matching.lexicon import compiled
from commands.rules.matching.text import FRAME, stem, tokens
from commands.rules.questions.other_names import (
    BEFORE_A_NAME,
    IsKnown,
    is_plain,
    is_slip,
    is_whom_it_is_for,
    is_written_as_name,
    known_words,
    placed_words,
    possible_names,
    service_words,
    several_clients,
    strange_words,
)
from commands.rules.questions.other_names import (
    is_ordinary as is_ordinary_word,
)
from commands.rules.text.placeholders import BLANK
from storage.catalog.english import names
from storage.catalog.regulations import Regulation
from storage.catalog.services import vocabulary
from storage.records import Agreement, Client, Responsibility
from storage.records.agreement import reference_key
from storage.records.client import client_key, joined_key, resemblance

LONGEST_NAME = 6
_NEAR = 78
# Half a name is close to more ordinary words than a whole one.
_NEAR_START = 85
_SHORTEST_START = 5
_NEAR_ORDINARY = 88
_SAME = 100.0  # but for accents, punctuation and the legal form
_QUESTIONS_READ = 300
# They end a sentence or a part of it, and are part of no name.
_MARKS = " ,;:?!"
# A longer word with a full stop ends a sentence; "St." does not.
_LONGEST_SHORTENED = 4
# A shorter alias inside a sentence may be an ordinary word: AT, IT, US.
_SHORTEST_INSIDE = 3
# What fits into an option of a select, of which an answer comes back: 150 characters in Slack.
LONGEST_CHOICE = 150
_WORDS = re.compile(r"[\w&.'’-]+|[^\w\s]")
_FOR = re.compile(r"\bfor\b", re.IGNORECASE)
_QUOTED = re.compile(r'"([^"]+)"')
_OF_SOMEBODY = re.compile(r"['’]s?$")
# A channel as Slack sends it; or as somebody types it, where Slack did not make it one.
_CHANNEL = re.compile(
    r"<#(?P<id>[CGD][A-Z0-9]{2,30})(?:\|(?P<label>[^<>|]*))?>|(?<![\w#&/<])#(?P<written>[a-z][a-z0-9_-]{2,79})\b"
)
_LINKING = frozenset({"at", "for", "of", "with", "from", "in", "to"})


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
        for written in dict.fromkeys((name, _OF_SOMEBODY.sub("", name))):
            if (client := ctx.uow.clients.find_by_key(written)) is not None:
                return client, count
    return None


def _client_spelled_at(ctx: Context, words: Sequence[str]) -> tuple[Client, int] | None:
    first = words[:LONGEST_NAME]
    for each in _spelled_otherwise(ctx, first):
        if each.start == 0 and _is_one_name(first, each):
            return client_named(ctx, each.clients[0]), each.end
    return None


def _client_begun_at(ctx: Context, words: Sequence[str]) -> tuple[Client, int] | None:
    for count in range(min(LONGEST_NAME, len(words)), 0, -1):
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
    typed = typed.rstrip(_MARKS)
    hint = f" Did you mean {_either(near)}?" if near else ""
    return UnclearClient(f'There is no client called "{typed}".{hint}', typed, near)


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
    words = _WORDS.findall(question)
    joined = {
        (each.start, each.end): each.clients[0] for each in _spelled_otherwise(ctx, words) if _is_one_name(words, each)
    }
    if not joined and beginning.isdisjoint(client_key(question).split()):  # as most questions in a client's channel
        return None
    plain = _plain_words(words)
    keys = ctx.uow.clients.keys()
    begun = {start for start, _ in joined}
    starts = [start for start in range(len(words)) if start in begun or _first_word(plain[start:]) in beginning]
    found: dict[str, tuple[int, int]] = {}
    for count in range(min(LONGEST_NAME, len(words)), 0, -1):
        for start in starts:
            key = " ".join(filter(None, plain[start : start + count]))
            if len(key) < _SHORTEST_INSIDE or start + count > len(words):
                continue
            name = keys.get(key) or joined.get((start, start + count))
            if name and not any(first < start + count and start < last for first, last in found.values()):
                found.setdefault(name, (start, start + count))
    if len(found) > 1:
        raise UnclearClient(
            f"The question names {_either(list(found), last='and')}. Ask about one client at a time.", "", list(found)
        )
    for name, (start, end) in found.items():
        refuse_longer_name(ctx, words, name, (start, end))
        begin = start - 1 if start and plain[start - 1] in _LINKING else start
        rest = re.sub(r"\s+([?.,!])", r"\1", " ".join(words[:begin] + words[end:])).strip(" ,")
        called = " ".join(_OF_SOMEBODY.sub("", word) for word in words[start:end])
        return Named(client_named(ctx, name), rest, called)
    return None


class GoesOn(UnclearClient):
    """A client's name goes on as another's begins: with "Calder" and "Calder Valley Farms" on record, "Calder Valley"
    may be either.
    """


def refuse_longer_name(ctx: Context, words: Sequence[str], name: str, at: tuple[int, int]) -> None:
    """Raises GoesOn where the client's name `at` these words goes on as another's begins."""
    start, end = at
    for each in _spelled_otherwise(ctx, words):
        is_longer = each.start <= start and end <= each.end and (each.start, each.end) != at
        if is_longer and name not in each.clients and _is_name(words, each):
            written, either = " ".join(words[each.start : each.end]), (*each.clients, name)
            raise GoesOn(could_be(written, either).message, written, either)


class _Spelled(NamedTuple):
    """The words from `start` to `end` are the names of `clients`, or begin them, but for spaces and punctuation."""

    start: int
    end: int
    clients: tuple[str, ...]
    is_whole: bool


def _spelled_otherwise(ctx: Context, words: Sequence[str]) -> Iterator[_Spelled]:
    """Where `words` are a client's name written together or apart, or at least two words of one. The longest first.

    One word that begins a name of several is none: it may be any word. Nor is a name written as it is on record.
    """
    joined, keys, plain = ctx.uow.clients.joined(), ctx.uow.clients.keys(), _plain_words(words)
    parts = [joined_key(each) for each in plain]
    for count in range(min(LONGEST_NAME, len(words)), 0, -1):
        for start in range(len(words) - count + 1):
            found = joined.get("".join(parts[start : start + count]))
            if found is None:
                continue
            run = plain[start : start + count]
            key = " ".join(filter(None, run))
            if len(key) < _SHORTEST_INSIDE or key in keys or not _is_one_run(words, run, start):
                continue
            least = 1 if len(key.split()) > 1 else 2
            whole = tuple(dict.fromkeys(each.name for each in found if each.is_whole))
            begun = tuple(dict.fromkeys(each.name for each in found if each.words >= least))
            if whole or begun:
                yield _Spelled(start, start + count, whole or begun, bool(whole))


def _is_one_run(words: Sequence[str], run: Sequence[str], start: int) -> bool:
    """Whether the words are of one name, as far as punctuation goes, and say something at both ends."""
    written = words[start : start + len(run)]
    is_apart = any(not each and word != "&" for each, word in zip(run, written, strict=True))
    is_ended = any(word.endswith(".") and len(word) > _LONGEST_SHORTENED for word in written[:-1])
    return bool(run[0] and run[-1]) and "and" not in (run[0], run[-1]) and not is_apart and not is_ended


def _is_one_name(words: Sequence[str], spelled: _Spelled) -> bool:
    return spelled.is_whole and len(spelled.clients) == 1 and _is_name(words, spelled)


def _is_name(words: Sequence[str], spelled: _Spelled) -> bool:
    """Whether words that spell a client's name are it beyond doubt: by capitals, by where they stand, or as no words
    of ours. "data works" may be other words.
    """
    if is_written_as_name(words, spelled.start, spelled.end):
        return True
    run = _plain_words(words[spelled.start : spelled.end])
    if is_ordinary(run[0]) or is_ordinary(run[-1]):
        return False
    is_known = known_words(vocabulary())
    if any(word and not is_known(word) and not is_ordinary_word(names(), word) for word in run):
        return True
    return len(run) > 1 and _is_placed(words, spelled.start)


def _is_placed(words: Sequence[str], at: int) -> bool:
    return at > 0 and words[at - 1].lower() in BEFORE_A_NAME


def _plain_words(words: Iterable[str]) -> list[str]:
    return [client_key(_OF_SOMEBODY.sub("", word)) for word in words]


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
            f"The question names the channels of {_either(names, last='and')}. Ask about one client at a time.",
            "",
            names,
        )
    return next(iter(found.values()), None)


def refuse_other_clients(ctx: Context, assumed: Client, question: str) -> None:
    """Raises UnclearClient where `question` may be about another client than the one that is `assumed`."""
    own = _OwnWords(ctx, assumed)
    _refuse_near_clients(ctx, assumed, question, known_words(vocabulary(), own))
    for name, begun in _strangers(ctx, assumed, question, own):
        raise unknown_client(name, begun)


def refuse_strangers(ctx: Context, client: Client, question: str) -> None:
    """Raises UnclearClient where `question`, which names the `client` outright, is for somebody whom nobody knows."""
    if _FOR.search(question) is None:
        return
    for name, begun in _strangers(ctx, client, question, _OwnWords(ctx, client)):
        if is_whom_it_is_for(question, name):
            raise unknown_client(name, begun)


def _strangers(ctx: Context, assumed: Client, question: str, own: "_OwnWords") -> Iterator[tuple[str, Sequence[str]]]:
    """The names in `question` that may be another client's, each with the clients whose names it begins."""
    words = vocabulary()
    for name in possible_names(question, known_words(words, own), service_words(words, own), names()):
        if is_slip(words, names(), name) or any(each.name == assumed.name for each in near_clients(ctx, name.split())):
            continue
        begun = [each.name for each in ctx.uow.clients.starting_with(name)]
        if assumed.name not in begun:
            yield name, begun


def refuse_several_clients(question: str) -> None:
    """Raises UnclearClient where `question` is about several clients, or another one, and names none."""
    if (several := several_clients(question)) is not None:
        raise UnclearClient("Which client? Name one in each question.", several)


def refuse_near_clients(ctx: Context, assumed: Client, question: str) -> None:
    """Raises UnclearClient where `question` comes close to another client's name than that of the `assumed` one."""
    _refuse_near_clients(ctx, assumed, question, known_words(vocabulary(), _OwnWords(ctx, assumed)))


def _refuse_near_clients(ctx: Context, assumed: Client, question: str, is_known: IsKnown) -> None:
    _refuse_other_spellings(ctx, assumed, question)
    for run in strange_words(question, is_known):
        near = near_clients(ctx, run)
        if near and all(each.name != assumed.name for each in near):
            raise unknown_client(" ".join(run[: near[0].words]), [each.name for each in near])
    for run in placed_words(question):  # a name may be of ordinary words: "Nowhere Partners"
        for count in range(len(run), 1, -1):
            written = " ".join(run[:count])
            near = [each for each in near_clients(ctx, [written]) if each.score >= _NEAR_ORDINARY]
            if near and all(each.name != assumed.name for each in near):
                raise unknown_client(written, [each.name for each in near])


def _refuse_other_spellings(ctx: Context, assumed: Client, question: str) -> None:
    """Whatever our vocabulary knows: a client may be called by a product's name or by everyday words."""
    words = _WORDS.findall(question)
    for each in _spelled_otherwise(ctx, words):
        if assumed.name in each.clients or _says_something_else(ctx, assumed, words, each):
            continue
        written = " ".join(_OF_SOMEBODY.sub("", word) for word in words[each.start : each.end])
        is_either = each.is_whole and len(each.clients) > 1
        raise could_be(written, each.clients) if is_either else unknown_client(written, each.clients)


def _says_something_else(ctx: Context, assumed: Client, words: Sequence[str], spelled: _Spelled) -> bool:
    """Whether words that spell a client's name, or its beginning, are more likely just words."""
    if _is_name(words, spelled):
        return False
    run = [word for word in _plain_words(words[spelled.start : spelled.end]) if word]
    if is_ordinary(run[0]) or is_ordinary(run[-1]):
        return True
    is_plainly = is_plain(vocabulary(), names(), _OwnWords(ctx, assumed), run)
    return is_plainly and not _is_placed(words, spelled.start)


def is_strange(ctx: Context, client: Client, name: str) -> bool:
    """Whether a name has a word that neither the client's own records nor ours speak of."""
    own = _OwnWords(ctx, client)
    return not all(stem(word) in own for word in tokens(name))


def is_nobody(ctx: Context, client: Client | None, name: str) -> bool:
    """Whether a name where a client would be named is none of ours, and not what else could stand there: somebody
    ("them"), a service, or a word of the records of `client` or of promises.
    """
    words = [each for each in name.split() if each]
    if not words or is_ordinary(words[0]) or words[0].lower() in ctx.registry.nouns:
        return False
    if near_clients(ctx, words) and client_inside(ctx, name) is not None:
        return False
    is_written_as_name = all(word[:1].isupper() for word in words)
    promised = (each.what for each in ctx.uow.promises.current())
    ours = _stems((*promised, *ctx.registry.nouns))
    own = _OwnWords(ctx, client) if client is not None else frozenset[str]()
    lexicon = frozenset() if is_written_as_name else vocabulary_words()
    strange = [stem(each) for each in tokens(name) if each not in FRAME]
    return bool(strange) and not any(each in ours or each in lexicon or each in own for each in strange)


def is_unheard_of(ctx: Context, client: Client | None, name: str) -> bool:
    """Whether a name has a word that no vocabulary of ours has, and none that `client`'s records or promises have."""
    lexicon = compiled(vocabulary())
    stems = [stem(each) for each in tokens(name) if each not in FRAME]
    is_new = any(each not in lexicon.words and each not in lexicon.everyday for each in stems)
    return is_new and not _is_on_record(ctx, client, stems)


def is_company_name(ctx: Context, client: Client | None, name: str) -> bool:
    """Whether all words of a name are ordinary ones that companies are called by, such as "silver star", and none is
    one that `client`'s records or promises have.
    """
    words = [each for each in tokens(name) if each not in FRAME]
    is_company = bool(words) and all(each in names().company_names for each in words)
    return is_company and not _is_on_record(ctx, client, map(stem, words))


def _is_on_record(ctx: Context, client: Client | None, stems: Iterable[str]) -> bool:
    """Whether one of them is in the records of `client`, in a promise, or what a command is about."""
    own = _OwnWords(ctx, client) if client is not None else frozenset[str]()
    ours = _stems((*(each.what for each in ctx.uow.promises.current()), *ctx.registry.nouns))
    return any(each in ours or each in own for each in stems)


@cache
def vocabulary_words() -> frozenset[str]:
    """The stems of the words that services are called by."""
    return compiled(vocabulary()).words


def _confirmed_in(question: str) -> Iterator[str]:
    """The names in `question` that would be asked back, and that stand in quotes: the button that says they are no
    client's puts them there. Nothing else that was answered tells whose a name is.
    """
    if quoted := set(_QUOTED.findall(question)):
        words = vocabulary()
        asked_back = possible_names(question, known_words(words), service_words(words), names())
        yield from quoted.intersection(asked_back)


class _OwnWords:
    """The stems of the words in the client's own records (rows, papers, systems, confirmed names) and of ours. What
    takes long to read is read when nothing before it has the word.
    """

    def __init__(self, ctx: Context, client: Client) -> None:
        self._ctx, self._client = ctx, client
        self._sources = iter((self._of_matrix, self._of_names, self._of_systems, self._of_regulations, self._of_asked))
        self._known: list[frozenset[str]] = []

    def __contains__(self, stem: object) -> bool:
        if any(stem in each for each in self._known):
            return True
        for read in self._sources:
            self._known.append(read())
            if stem in self._known[-1]:
                return True
        return False

    def _of_matrix(self) -> frozenset[str]:
        ctx = self._ctx
        return ctx.matrices.stems(ctx.uow, self._client, ctx.today_for(self._client))

    def _of_names(self) -> frozenset[str]:
        client = self._client
        return _stems((client.name, *client.aliases, *client.former_names, client.industry, *self._ctx.registry.nouns))

    def _of_systems(self) -> frozenset[str]:
        return _stems(each.system for each in self._ctx.uow.access.current(self._client.id))

    def _of_regulations(self) -> frozenset[str]:
        known = known_regulations(self._ctx.uow).regulations
        return _stems_kept(tuple(name for each in known for name in each.names))

    def _of_asked(self) -> frozenset[str]:
        """Names that were asked back, and that somebody said are the client's own: of its places and people."""
        uow = self._ctx.uow
        asked = (
            *uow.questions.wordings(self._client.id, _QUESTIONS_READ),
            *(each.phrase for each in uow.phrases.known(self._client.id)),
        )
        return _stems(name for each in asked for name in _confirmed_in(each))


def _stems(texts: Iterable[str | None]) -> frozenset[str]:
    return frozenset(stem(word) for text in texts if text for word in tokens(text))


_stems_kept = lru_cache(maxsize=8)(_stems)


def _first_word(plain: Iterable[str]) -> str:
    return next((key.split(maxsplit=1)[0] for key in plain if key), "")


def client_beginning(ctx: Context, text: str) -> Client | None:
    """The client with whose whole name or alias the words of `text` begin, where more follows."""
    words = client_key(text).split()
    for count in range(min(LONGEST_NAME, len(words) - 1), 0, -1):
        name = " ".join(words[:count])
        if len(name) >= _SHORTEST_START and (client := ctx.uow.clients.find_by_key(name)) is not None:
            return client
    return None


def client_begun_in(ctx: Context, text: str, assumed: Client) -> Client | None:
    """Another client than the `assumed` one whose name the first word of `text` begins, where that is no plain word."""
    first = next(iter(text.split()), "")
    if len(first) < _SHORTEST_START:
        return None
    begun = ctx.uow.clients.starting_with(first)
    if not begun or any(each.id == assumed.id for each in begun) or is_ordinary_word(names(), first):
        return None
    is_known = known_words(vocabulary(), _OwnWords(ctx, assumed))
    return None if is_known(first) else begun[0]


def is_ordinary(word: str) -> bool:
    """A word that questions begin with, so that it is no start of a client's name unless it is the whole name."""
    return any(each in FRAME for each in client_key(word).split()[:1])


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
        if len(typed) < _SHORTEST_INSIDE:
            continue
        if (same := resembling.get(resemblance(typed))) is not None:
            found.append(Near(same, count, _SAME))
        whole = process.extract(typed, keys.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=3)
        found += [Near(keys[key], count, score) for key, score, _ in whole]
        if len(typed) >= _SHORTEST_START:
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
    raise NotFound(f'{client.name} has no agreement "{text}". {there} {_either(known, last="and")}.')


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
    hint = f"Did you mean {_either(near)}?" if near else f"{len(known)} are known, such as {', '.join(known[:6])}."
    raise NotFound(f'"{text}" is not a regulation we know. {hint}', next_steps=_unknown_steps(text))


def _unknown_steps(text: str) -> tuple[str, ...]:
    return "/engagement help disclosure record", command_line("/engagement catalogue add", text.strip(), kind=BLANK)


def _either(names: Sequence[str], last: str = "or") -> str:
    quoted = list(dict.fromkeys(names))[:12]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"
