"""The words of the trade: what services are called, by people, by paper and by vendors, and what they are not."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing, task or service that a question may be about.

    `synonyms`, `acronyms` and `brands` name it; `hints` are how people talk about it without naming it (weak evidence).
    `broader` are the keys of what it is a kind of; `parts` the keys of what a compound service is made of
    (server backup = server + backup); `context` the keys that are often mentioned along with it and are then not what
    is asked about; `excludes` the keys it is commonly taken for and is not.
    `is_circumstance`: rather when or how than what (a weekend); it carries no answer beside a word that nobody knows.
    `is_bag`: things that are alike only in being none of the usual services; they never stand for one another.
    `weight` (0..1) says how much the mention alone tells: "firewall" much, "support" nearly nothing.
    """

    key: str
    label: str
    area: str
    synonyms: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    weight: float = 1.0
    is_bag: bool = False
    is_circumstance: bool = False


# Compared by identity: what is compiled from it is kept per vocabulary, and comparing thousands of words is slow.
@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """All concepts, and what says nothing about a service: everyday words (so that a rare word stands out) and idioms.

    `shared_brands` are the names of products that rightly stand in unrelated concepts.
    """

    concepts: tuple[Concept, ...] = ()
    everyday: tuple[str, ...] = ()
    idioms: tuple[str, ...] = ()
    shared_brands: tuple[str, ...] = ()

    def concept(self, key: str) -> Concept:
        """Raises KeyError for a key that is not in the vocabulary."""
        for concept in self.concepts:
            if concept.key == key:
                return concept
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class Names:
    """Words that tell whether a word in a question may be another client; in lower case.

    `towns` may be of several words. `chat`: greetings, abbreviations, trades. `company_names`: ordinary words that
    companies are often called, and their stems. `brands`: known to all. `ordinary_stems`: of English words.
    """

    given_names: frozenset[str]
    towns: frozenset[str]
    chat: frozenset[str]
    brands: frozenset[str]
    company_names: frozenset[str]
    company_stems: frozenset[str]
    ordinary_stems: frozenset[str]
