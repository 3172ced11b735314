"""Companies called by ordinary words, written without capitals, beside a service: "silver star backups"."""

from collections.abc import Sequence
from itertools import takewhile

from commands.rules.matching.lexicon import compiled
from commands.rules.matching.text import FRAME, stem, tokens
from commands.rules.questions.known_words import KnownWords
from commands.rules.questions.name_positions import (
    ARTICLES,
    KINDS_OF_COMPANY,
    LEGAL_FORMS,
    MOST_WORDS,
    OF_A_THING,
    THINGS,
)
from storage.records.vocabulary import Names

# What companies are called together with one another or with a word of `Names.company_names`: "red oak", "blue ocean".
_PAIRED_WORDS = """
black blue bronze brown crimson gold golden gray green grey pink purple red scarlet silver white bay beach bend bluff
bridge brook canyon cape cliff coast cove creek desert falls field fields forest garden gardens glen grove hill hills
hollow island lake lakes land landing meadow meadows mountain mountains ocean peak plains point pond ridge river
rivers rock rocks sea shore sky spring springs stone stream summit sun sunset trail valley view water waters wood
woods bear bell bull deer dragon duck eagle elk goose horse moose owl pony rabbit star stars big bright clear crystal
east first great iron liberty lone moon north northern pacific rising south southern title true twin west western
lights
"""
_PAIRED = frozenset(_PAIRED_WORDS.split())
_KINDS = KINDS_OF_COMPANY | LEGAL_FORMS | {
    "co", "company", "group", "holdings", "partners", "associates", "industries",
}  # fmt: skip
_MOST_BESIDE = 3


def company_beside_services(names: Names, words: Sequence[str], at: int, is_known: KnownWords) -> list[str]:
    """The words from `at` on that companies are often called by, where beside them is nothing but what services are
    called, and they are no service together; none where a sentence more likely speaks of a thing.
    """
    if words[at].lower() not in names.company_names and words[at].lower() not in _PAIRED:
        return []
    said = [index for index, word in enumerate(words) if word[0].isalnum() and word.lower() not in FRAME]
    services = _services(words, is_known)
    covered = frozenset().union(*services)
    run = list(takewhile(lambda word: word.isalpha() and word.lower() not in FRAME, words[at : at + MOST_WORDS]))
    for count in range(len(run), 0, -1):
        name, end = [word.lower() for word in run[:count]], at + count
        beside = [index for index in said if not at <= index < end]
        if not 0 < len(beside) <= _MOST_BESIDE or covered.isdisjoint(beside):
            continue
        if count > 1 and any(service.issuperset(range(at, end)) for service in services):
            continue
        is_alone = all(index in covered or (count > 1 and is_known.is_of_services(words[index])) for index in beside)
        if is_alone and _is_company(names, name, is_known) and _is_placed(words, said, at, end):
            return run[:count]
    return []


def _services(words: Sequence[str], is_known: KnownWords) -> list[frozenset[int]]:
    """Of each service or product that is named, the positions of its words."""
    found = [(index, stem(token)) for index, word in enumerate(words) for token in tokens(word)]
    spans = compiled(is_known.vocabulary).names([each for _, each in found])
    return [frozenset(found[at][0] for at in range(span.start, span.end)) for span in spans]


def _is_company(names: Names, name: Sequence[str], is_known: KnownWords) -> bool:
    """Whether the words are what companies are called, and not all of them words of the client's own records."""
    if all(stem(word) in is_known.further for word in name):
        return False
    if len(name) == 1:
        lexicon, root = compiled(is_known.vocabulary), stem(name[0])
        is_thing = name[0] in THINGS or root in lexicon.words or root in lexicon.everyday
        return name[0] in names.company_names and not is_thing
    own = name[:-1] if name[-1] in _KINDS else name
    return all(word in names.company_names or word in _PAIRED for word in own)


def _is_placed(words: Sequence[str], said: Sequence[int], at: int, end: int) -> bool:
    """Whether they stand at an end of what is said or before a service, and not as a place or a thing does."""
    before = words[at - 1].lower() if at else ""
    is_before_a_service = end in said
    if before in OF_A_THING or (before in ARTICLES and not (before in ("the", "their") and is_before_a_service)):
        return False
    return at == said[0] or end - 1 == said[-1] or is_before_a_service
