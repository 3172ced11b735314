"""Clients' names written together, apart or cut short, and whether words are a name or just words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from commands.command import Context
from commands.rules.matching.text import FRAME
from commands.rules.questions.known_words import is_ordinary as is_ordinary_word
from commands.rules.questions.known_words import known_words
from commands.rules.questions.name_positions import BEFORE_A_NAME
from commands.rules.questions.other_names import is_written_as_name
from storage.catalog.english import names
from storage.catalog.services import vocabulary
from storage.records.client import client_key, joined_key

LONGEST_NAME = 6
# A longer word with a full stop ends a sentence; "St." does not.
_LONGEST_SHORTENED = 4
# A shorter alias inside a sentence may be an ordinary word: AT, IT, US.
SHORTEST_INSIDE = 3
OF_SOMEBODY = re.compile(r"['’]s?$")


class Spelled(NamedTuple):
    """The words from `start` to `end` are the names of `clients`, or begin them, but for spaces and punctuation."""

    start: int
    end: int
    clients: tuple[str, ...]
    is_whole: bool


def spelled_otherwise(ctx: Context, words: Sequence[str]) -> Iterator[Spelled]:
    """Where `words` are a client's name written together or apart, or at least two words of one. The longest first.

    One word that begins a name of several is none: it may be any word. Nor is a name written as it is on record.
    """
    joined, keys, plain = ctx.uow.clients.joined(), ctx.uow.clients.keys(), plain_words(words)
    parts = [joined_key(each) for each in plain]
    for count in range(min(LONGEST_NAME, len(words)), 0, -1):
        for start in range(len(words) - count + 1):
            found = joined.get("".join(parts[start : start + count]))
            if found is None:
                continue
            run = plain[start : start + count]
            key = " ".join(filter(None, run))
            if len(key) < SHORTEST_INSIDE or key in keys or not _is_one_run(words, run, start):
                continue
            least = 1 if len(key.split()) > 1 else 2
            whole = tuple(dict.fromkeys(each.name for each in found if each.is_whole))
            begun = tuple(dict.fromkeys(each.name for each in found if each.words >= least))
            if whole or begun:
                yield Spelled(start, start + count, whole or begun, bool(whole))


def _is_one_run(words: Sequence[str], run: Sequence[str], start: int) -> bool:
    """Whether the words are of one name, as far as punctuation goes, and say something at both ends."""
    written = words[start : start + len(run)]
    is_apart = any(not each and word != "&" for each, word in zip(run, written, strict=True))
    is_ended = any(word.endswith(".") and len(word) > _LONGEST_SHORTENED for word in written[:-1])
    return bool(run[0] and run[-1]) and "and" not in (run[0], run[-1]) and not is_apart and not is_ended


def is_one_name(words: Sequence[str], spelled: Spelled) -> bool:
    return spelled.is_whole and len(spelled.clients) == 1 and is_name(words, spelled)


def is_name(words: Sequence[str], spelled: Spelled) -> bool:
    """Whether words that spell a client's name are it beyond doubt: by capitals, by where they stand, or as no words
    of ours. "data works" may be other words.
    """
    if is_written_as_name(words, spelled.start, spelled.end):
        return True
    run = plain_words(words[spelled.start : spelled.end])
    if is_ordinary(run[0]) or is_ordinary(run[-1]):
        return False
    is_known = known_words(vocabulary())
    if any(word and not is_known(word) and not is_ordinary_word(names(), word) for word in run):
        return True
    return len(run) > 1 and is_placed(words, spelled.start)


def is_placed(words: Sequence[str], at: int) -> bool:
    return at > 0 and words[at - 1].lower() in BEFORE_A_NAME


def plain_words(words: Iterable[str]) -> list[str]:
    return [client_key(OF_SOMEBODY.sub("", word)) for word in words]


def is_ordinary(word: str) -> bool:
    """A word that questions begin with, so that it is no start of a client's name unless it is the whole name."""
    return any(each in FRAME for each in client_key(word).split()[:1])
