"""Names of clients that are alike: by spelling, accents or legal form, or a slip of the keyboard away."""

import re
from collections import defaultdict

from rapidfuzz.distance import OSA

from storage.records.client import client_key, resemblance

# Letters that may be wrong (left out, added, swapped, replaced) in a name of at least that length.
_ONE_FROM, _TWO_FROM = 6, 11
_DIGITS = re.compile(r"\d+")


def are_near(one: str, other: str) -> bool:
    """Whether a slip may tell the names apart: "Harbor Dental", "Harbour Dental". Numbers and the words' first letters
    are no slips: "Clinic 1" and "Clinic 2" are two, and so are "North Clinic" and "South Clinic".
    """
    compared, with_ = resemblance(one), resemblance(other)
    if compared == with_ or _DIGITS.findall(one) != _DIGITS.findall(other):
        return compared == with_
    first, second = client_key(one).split(), client_key(other).split()
    if len(first) == len(second) and [word[0] for word in first] != [word[0] for word in second]:
        return False
    shortest = min(len(compared), len(with_))
    most = 2 if shortest >= _TWO_FROM else 1 if shortest >= _ONE_FROM else 0
    return OSA.distance(compared, with_, score_cutoff=most) <= most


class KnownNames:
    """Names with what is said of each, to be asked which of them a new one is like."""

    def __init__(self) -> None:
        self._same: dict[str, str] = {}
        self._by_start: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)

    def add(self, name: str, said: str) -> None:
        key = resemblance(name)
        if self._same.setdefault(key, said) == said:
            self._by_start[key[:1]].append((name, said))

    def like(self, name: str) -> tuple[str, bool] | None:
        """What is said of the one that `name` is like, and whether only spelling or a legal form differ."""
        key = resemblance(name)
        if (same := self._same.get(key)) is not None:
            return same, True
        near = (said for known, said in self._by_start[key[:1]] if are_near(name, known))
        return next(((said, False) for said in near), None)


def difference(is_same: bool) -> str:
    """In words, what tells two names apart that are alike."""
    return "only spelling, accents or a legal form differ" if is_same else "only a letter or two differ"
