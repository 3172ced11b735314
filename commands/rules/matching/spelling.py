"""Repairs misspelt words by the nearest known one; a word that is known, or near nothing, stays as it is."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz.distance import OSA

# Letters that may be wrong (left out, added, swapped, replaced), by the length of the word. Shorter words are not
# repaired: nearly every three-letter word is one letter away from another.
_LEAST_LENGTH = 4
# Up to this length a letter may be missing or swapped, not replaced: "lorem" is not "Lorex".
_SHORT = 5
_TWO_ERRORS_FROM = 8
# Below this length two errors must leave the length or the sound as it was: "roasting" is not "roaming".
_TWO_ERRORS_FREELY_FROM = 10
_LONGEST = 30
_REMEMBERED = 8192


class Repair(NamedTuple):
    """The word that was probably meant; smaller is surer. Letters are left out or swapped more often than replaced."""

    errors: int
    is_replaced: bool
    is_unpreferred: bool
    length_difference: int
    word: str


class Spelling:
    """Known words by first letter. `preferred` words win over `others` at the same distance."""

    __slots__ = ("_by_start", "_known", "_memory", "_preferred")

    def __init__(self, preferred: Iterable[str], others: Iterable[str] = ()) -> None:
        self._preferred = frozenset(preferred)
        self._known = self._preferred | frozenset(others)
        by_start: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(self._known):
            if len(word) >= _LEAST_LENGTH and word.isalpha():
                by_start[word[0]].append(word)
        self._by_start = {start: tuple(words) for start, words in by_start.items()}
        self._memory: dict[str, Repair | None] = {}

    def knows(self, word: str) -> bool:
        return word in self._known

    def nearest(self, word: str) -> Repair | None:
        """The known word that was probably meant, or None when none is near enough. Remembers its answers."""
        if word not in self._memory:
            if len(self._memory) >= _REMEMBERED:
                self._memory.clear()
            self._memory[word] = self._search(word)
        return self._memory[word]

    def _search(self, word: str) -> Repair | None:
        if not _LEAST_LENGTH <= len(word) <= _LONGEST or not word.isalpha():
            return None
        allowed = 2 if len(word) >= _TWO_ERRORS_FROM else 1
        found: list[Repair] = []
        for start in dict.fromkeys(word[:2]):
            for known in self._by_start.get(start, ()):
                if abs(len(known) - len(word)) > allowed:
                    continue
                if start != word[0] and known[:2] != word[1] + word[0]:
                    continue
                errors = OSA.distance(word, known, score_cutoff=allowed)
                if errors <= allowed and _is_plausible(word, known, errors):
                    replaced = len(known) == len(word) and sorted(known) != sorted(word)
                    difference = abs(len(known) - len(word))
                    found.append(Repair(errors, replaced, known not in self._preferred, difference, known))
        return min(found, default=None)


def _is_plausible(word: str, known: str, errors: int) -> bool:
    if len(word) <= _SHORT and len(word) >= len(known):
        return sorted(word) == sorted(known)
    if errors < 2 or len(word) >= _TWO_ERRORS_FREELY_FROM or len(word) == len(known):
        return True
    return _sound(word) == _sound(known)


def _sound(word: str) -> str:
    """The consonants as they sound, doubles once: "telefone" and "telephone" are alike."""
    plain = word.replace("ph", "f").replace("ck", "k").replace("c", "k").replace("z", "s")
    kept = [each for each in plain if each not in "aeiouy"]
    return "".join(each for at, each in enumerate(kept) if at == 0 or each != kept[at - 1])
