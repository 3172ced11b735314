"""The words that services, everyday things and the client's own records are called by, and slips of them."""

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_lowercase

from rapidfuzz import process
from rapidfuzz.distance import OSA

from commands.rules.matching.lexicon import compiled
from commands.rules.matching.text import FRAME, stem, tokens
from storage.records.vocabulary import Names, Vocabulary

IsKnown = Callable[[str], bool]
AreServices = Callable[[Sequence[str]], bool]
_THRICE = re.compile(r"(.)\1\1+")
# Parts of any company and days, which are written with capitals, too: "Head Office", "Human Resources", "Black Friday".
_PLACE_WORDS = """
office resource department reception desk floor building warehouse room site branch team service school street road
monday tuesday wednesday thursday friday saturday sunday christmas easter january february march april june july
august september october november december america europe kingdom states york london
"""
_PLACES = frozenset(map(stem, _PLACE_WORDS.split()))
_LEAST_PART = 3
_SHORT, _LONG = 6, 7
_LEAST_REPAIRED = 7
_LEAST_REPAIRED_OF_SEVERAL = 4
_LEAST_SWAPPED = 6
_LEAST_COMPLETED = 9


@dataclass(frozen=True, slots=True)
class KnownWords:
    """The vocabulary's words, and those whose stems are among the `further` ones, which are only asked if needed."""

    vocabulary: Vocabulary
    further: Container[str] = frozenset()

    def __call__(self, word: str) -> bool:
        """Whether a word is one of them."""
        lexicon = compiled(self.vocabulary)
        strange = [each for each in _stems(word) if each not in lexicon.everyday and each not in lexicon.words]
        return not strange or all(each in self.further for each in strange)

    def is_of_services(self, word: str) -> bool:
        """Whether services, or the client's own records, speak in that word, and not everybody."""
        words = compiled(self.vocabulary).words
        return all(each in words or each in self.further for each in _stems(word))

    def is_near(self, names: Names, word: str) -> bool:
        """Whether it is more likely one of them mistyped, or two of them written together, than anybody's name."""
        known = _written(self.vocabulary)
        for each in {word, stem(word)}:
            if process.extractOne(each, known, scorer=OSA.distance, score_cutoff=1) is not None:
                return True
            # Two slips in one word, and one of them in its first letter, are rare: "kessler" is no "paessler".
            alike = [one for one in known if one[0] == each[0]] if len(each) > _SHORT else ()
            if process.extractOne(each, alike, scorer=OSA.distance, score_cutoff=2) is not None:
                return True
            ordinary = names.ordinary_stems if len(each) > _LONG else ()
            if process.extractOne(each, ordinary, scorer=OSA.distance, score_cutoff=1) is not None:
                return True
        parts = ((word[:at], word[at:]) for at in range(_LEAST_PART, len(word) - _LEAST_PART + 1))
        return any(stem(first) in known and stem(last) in known for first, last in parts)


def known_words(vocabulary: Vocabulary, further: Container[str] = frozenset()) -> KnownWords:
    return KnownWords(vocabulary, further)


def _stems(word: str) -> list[str]:
    return [stem(each) for each in tokens(word) if each not in FRAME and len(each) > 1 and each.isalpha()]


@lru_cache(maxsize=2)
def _written(vocabulary: Vocabulary) -> frozenset[str]:
    """The stems of the vocabulary that are long enough to be mistyped."""
    lexicon = compiled(vocabulary)
    return frozenset(each for each in lexicon.words | lexicon.everyday if len(each) >= _LEAST_PART)


def service_words(vocabulary: Vocabulary, further: Container[str] = frozenset()) -> AreServices:
    """Whether words are what services and vendors are called; `further` stems are, too."""
    lexicon = compiled(vocabulary)

    def are_services(words: Sequence[str]) -> bool:
        stems = [stem(each) for word in words for each in tokens(word) if len(each) > 1 and each.isalpha()]
        named = {stems[at] for span in lexicon.names(stems) for at in range(span.start, span.end)}
        strange = [each for each in stems if each not in named and each not in FRAME]
        return not strange or not _PLACES.isdisjoint(strange) or all(each in further for each in strange)

    return are_services


def is_slip(vocabulary: Vocabulary, names: Names, name: str) -> bool:
    """Whether a longer word is a known one with a letter missing or out of place, "broadban"; or each of several."""
    words = name.split()
    if any(word[:1].isupper() for word in words):
        return False
    if len(words) == 1:
        if name in names.company_names or is_ordinary(names, name):
            return False
        if len(name) >= _LEAST_REPAIRED and _is_misspelt(vocabulary, name, 1):
            return True
        return _is_mistyped(vocabulary, names, name)
    lexicon = compiled(vocabulary)
    known = [stem(word) in lexicon.everyday or stem(word) in lexicon.words for word in words]
    return not all(known) and all(
        is_right
        or (
            len(word) >= _LEAST_REPAIRED_OF_SEVERAL
            and word not in names.company_names
            and _is_misspelt(vocabulary, word, 2)
        )
        for word, is_right in zip(words, known, strict=True)
    )


def _is_mistyped(vocabulary: Vocabulary, names: Names, name: str) -> bool:
    """Whether it is a word of ours with two letters swapped, "srever", or a letter three times, "stafff"; or a long
    ordinary word with a letter missing, "aprenticeship". Names have doubled letters ("webb", "abbott") and are words
    but for their first letters ("elan"): neither counts.
    """
    lexicon = compiled(vocabulary)
    swapped = {name[:at] + name[at + 1] + name[at] + name[at + 2 :] for at in range(1, len(name) - 1)}
    found = {_THRICE.sub(r"\1\1", name), _THRICE.sub(r"\1", name), *(swapped if len(name) >= _LEAST_SWAPPED else ())}
    if any(stem(each) in lexicon.everyday or stem(each) in lexicon.words for each in found - {name}):
        return True
    longer = (name[:at] + letter + name[at:] for at in range(1, len(name)) for letter in ascii_lowercase)
    return len(name) >= _LEAST_COMPLETED and any(stem(each) in names.ordinary_stems for each in longer)


def _is_misspelt(vocabulary: Vocabulary, word: str, most: int) -> bool:
    near = compiled(vocabulary).spelling.nearest(word)
    return near is not None and near.errors <= most and not near.is_replaced


def is_ordinary(names: Names, word: str) -> bool:
    """Whether it is an ordinary English word, and none that companies are called by."""
    plain = word.lower().strip(".")
    if plain in names.company_names or stem(plain) in names.company_stems:
        return False
    return plain in names.chat or stem(plain) in names.ordinary_stems


def is_plain(vocabulary: Vocabulary, names: Names, further: Container[str], run: Sequence[str]) -> bool:
    """Whether words without capitals are ordinary ones or what services are called, and not the name of a brand."""
    lexicon = compiled(vocabulary)
    if len(run) > 1:
        return service_words(vocabulary, further)(run)
    stems = [stem(each) for each in tokens(run[0])]
    if all(each in lexicon.everyday for each in stems) or is_ordinary(names, run[0]):
        return True
    is_brand = any(sense.is_brand for span in lexicon.names(stems) for sense in span.senses)
    return all((each in lexicon.words and not is_brand) or each in further for each in stems)
