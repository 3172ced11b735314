"""Whether a question asked for one client may be about another, or about somebody whom nobody knows."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from commands.command import Context
from commands.errors import UnclearClient
from commands.grammar.client_in_question import WORDS, client_inside
from commands.grammar.lookup import SHORTEST_START, could_be, near_clients, unknown_client
from commands.grammar.own_words import OwnWords, stems_of
from commands.grammar.spelled_names import (
    OF_SOMEBODY,
    Spelled,
    is_name,
    is_ordinary,
    is_placed,
    plain_words,
    spelled_otherwise,
)
from commands.rules.matching.lexicon import compiled
from commands.rules.matching.text import FRAME, stem, tokens
from commands.rules.questions.known_words import IsKnown, is_plain, is_slip, known_words, service_words
from commands.rules.questions.known_words import is_ordinary as is_ordinary_word
from commands.rules.questions.other_names import (
    is_whom_it_is_for,
    placed_words,
    possible_names,
    several_clients,
    strange_words,
)
from storage.catalog.english import names
from storage.catalog.services import vocabulary
from storage.records import Client

_NEAR_ORDINARY = 88
_FOR = re.compile(r"\bfor\b", re.IGNORECASE)


def refuse_other_clients(ctx: Context, assumed: Client, question: str) -> None:
    """Raises UnclearClient where `question` may be about another client than the one that is `assumed`."""
    own = OwnWords(ctx, assumed)
    _refuse_near_clients(ctx, assumed, question, known_words(vocabulary(), own))
    for name, begun in _strangers(ctx, assumed, question, own):
        raise unknown_client(name, begun)


def refuse_strangers(ctx: Context, client: Client, question: str) -> None:
    """Raises UnclearClient where `question`, which names the `client` outright, is for somebody whom nobody knows."""
    if _FOR.search(question) is None:
        return
    for name, begun in _strangers(ctx, client, question, OwnWords(ctx, client)):
        if is_whom_it_is_for(question, name):
            raise unknown_client(name, begun)


def _strangers(ctx: Context, assumed: Client, question: str, own: OwnWords) -> Iterator[tuple[str, Sequence[str]]]:
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
    _refuse_near_clients(ctx, assumed, question, known_words(vocabulary(), OwnWords(ctx, assumed)))


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
    words = WORDS.findall(question)
    for each in spelled_otherwise(ctx, words):
        if assumed.name in each.clients or _says_something_else(ctx, assumed, words, each):
            continue
        written = " ".join(OF_SOMEBODY.sub("", word) for word in words[each.start : each.end])
        is_either = each.is_whole and len(each.clients) > 1
        raise could_be(written, each.clients) if is_either else unknown_client(written, each.clients)


def _says_something_else(ctx: Context, assumed: Client, words: Sequence[str], spelled: Spelled) -> bool:
    """Whether words that spell a client's name, or its beginning, are more likely just words."""
    if is_name(words, spelled):
        return False
    run = [word for word in plain_words(words[spelled.start : spelled.end]) if word]
    if is_ordinary(run[0]) or is_ordinary(run[-1]):
        return True
    is_plainly = is_plain(vocabulary(), names(), OwnWords(ctx, assumed), run)
    return is_plainly and not is_placed(words, spelled.start)


def is_strange(ctx: Context, client: Client, name: str) -> bool:
    """Whether a name has a word that neither the client's own records nor ours speak of."""
    own = OwnWords(ctx, client)
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
    ours = stems_of((*promised, *ctx.registry.nouns))
    own = OwnWords(ctx, client) if client is not None else frozenset[str]()
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
    own = OwnWords(ctx, client) if client is not None else frozenset[str]()
    ours = stems_of((*(each.what for each in ctx.uow.promises.current()), *ctx.registry.nouns))
    return any(each in ours or each in own for each in stems)


@cache
def vocabulary_words() -> frozenset[str]:
    """The stems of the words that services are called by."""
    return compiled(vocabulary()).words


def client_begun_in(ctx: Context, text: str, assumed: Client) -> Client | None:
    """Another client than the `assumed` one whose name the first word of `text` begins, where that is no plain word."""
    first = next(iter(text.split()), "")
    if len(first) < SHORTEST_START:
        return None
    begun = ctx.uow.clients.starting_with(first)
    if not begun or any(each.id == assumed.id for each in begun) or is_ordinary_word(names(), first):
        return None
    is_known = known_words(vocabulary(), OwnWords(ctx, assumed))
    return None if is_known(first) else begun[0]
