"""The words that a client's own records use, and ours: in them nobody else is named."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from commands.command import Context
from commands.known_regulations import known_regulations
from commands.rules.matching.text import stem, tokens
from commands.rules.questions.known_words import known_words, service_words
from commands.rules.questions.other_names import possible_names
from storage.catalog.english import names
from storage.catalog.services import vocabulary
from storage.records import Client

_QUESTIONS_READ = 300
_QUOTED = re.compile(r'"([^"]+)"')


def _confirmed_in(question: str) -> Iterator[str]:
    """The names in `question` that would be asked back, and that stand in quotes: the button that says they are no
    client's puts them there. Nothing else that was answered tells whose a name is.
    """
    if quoted := set(_QUOTED.findall(question)):
        words = vocabulary()
        asked_back = possible_names(question, known_words(words), service_words(words), names())
        yield from quoted.intersection(asked_back)


class OwnWords:
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
        return stems_of(
            (client.name, *client.aliases, *client.former_names, client.industry, *self._ctx.registry.nouns)
        )

    def _of_systems(self) -> frozenset[str]:
        return stems_of(each.system for each in self._ctx.uow.access.current(self._client.id))

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
        return stems_of(name for each in asked for name in _confirmed_in(each))


def stems_of(texts: Iterable[str | None]) -> frozenset[str]:
    return frozenset(stem(word) for text in texts if text for word in tokens(text))


_stems_kept = lru_cache(maxsize=8)(stems_of)
