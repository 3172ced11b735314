"""Names in a question that may be another client's: asked in one client's channel, it may be about another one.

A name is taken for one by where it stands (behind "for", "at" or "about", before a colon or a question word, as an
owner, with a legal form), and only where its words are not known: the vocabulary of services, vendors and everyday
things is, and so are the words of the client's own records.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from commands.rules.matching.text import FRAME
from commands.rules.questions.known_words import AreServices, IsKnown, KnownWords, is_ordinary
from commands.rules.questions.name_positions import (
    ARTICLES,
    BEFORE_A_NAME,
    LEGAL_FORMS,
    MOST_WORDS,
    capitals_at,
    is_legal_form,
    is_said_in_passing,
    is_site,
    may_be_company,
    stands_as_name,
    stands_beside_services,
)
from commands.rules.questions.ordinary_names import company_beside_services
from storage.records.vocabulary import Names

_TOKEN = re.compile(r"[^\W_][\w&.’'/+-]*|[^\w\s]")
# What a word is set in to stand out, which says nothing about whose name it is: "Contoso", *Contoso*, 'Contoso'.
_MARKS = re.compile(r"[\"“”„«»*`~]")
_SINGLE_QUOTES = re.compile(r"(?<!\w)['‘_](?P<inside>\w[^'’‘_]*)['’_](?!\w)")
_SEVERAL = re.compile(
    r"\b(?:(?:all|every|each|any|both|another|other|several|some|most|many|different)\b(?: of)?"
    r"(?: (?:our|the|your|my|other))* clients?|(?:our|my) (?:other )?clients|across (?:the )?clients"
    r"|(?:all|any|both|most)\b(?: of)? (?:our|your|my) customers|(?:another|(?:the|our|your|my) other) customers?)\b",
    re.IGNORECASE,
)
_OWNER = re.compile(r"(?P<name>.+?)(?:['’]s|(?<=s)['’])$", re.IGNORECASE)
_PARTS = "co company group holdings partners plc sa se ab as & and"
COMPANY_WORDS = LEGAL_FORMS | frozenset(_PARTS.split())
_TITLED = """
mr mrs ms miss mx dr prof professor nurse canon father sister brother rev sir lady lord aunt uncle judge captain coach
selectman councillor officer sergeant chief big young old little
"""
_TITLES = frozenset(_TITLED.split())


def _words(question: str) -> list[str]:
    return _TOKEN.findall(_SINGLE_QUOTES.sub(r" \g<inside> ", _MARKS.sub(" ", question)))


def several_clients(question: str) -> str | None:
    """The words of `question` that name several clients or another one, without a name: "for all clients"."""
    found = _SEVERAL.search(question)
    return found[0] if found else None


def possible_names(question: str, is_known: KnownWords, are_services: AreServices, names: Names) -> Iterator[str]:
    """The names in `question` that nothing known explains, as written, in the order of the sentence.

    `are_services` tells the name of a service or a vendor among words with capitals: everyday words make companies.
    """
    words = _words(question)
    shouts = sum(word.isupper() for word in words if word.isalpha()) * 2 > len(words)
    for at, word in enumerate(words):
        owner = _OWNER.match(word)
        if owner is not None and _is_owner(names, words, at, owner["name"], is_known):
            name = [*_before_owner(names, words, at, is_known), owner["name"]]
            if not _is_no_company(names, words, at, name):
                yield _as_named(name)
            continue
        company = capitals_at(words, at) if not shouts and may_be_company(words, at) else []
        if company and not are_services(company):
            name = company
        elif plain := company_beside_services(names, words, at, is_known):
            yield _as_named(plain)
            continue
        elif not (name := _name_at(names, words, at, is_known)) or not (
            stands_as_name(names, words, at, name, shouts) or stands_beside_services(names, words, at, name, is_known)
        ):
            continue
        if not _is_no_company(names, words, at, name):
            yield _as_named(name)


def is_whom_it_is_for(question: str, name: str) -> bool:
    """Whether a name stands behind "for" or "for the"."""
    return re.search(rf"\bfor (?:the )?{re.escape(name)}(?!\w)", question, re.IGNORECASE) is not None


def _as_named(name: Sequence[str]) -> str:
    """The words of a name without the full stop of its sentence; "I.B.M." keeps its own."""
    last = name[-1]
    return " ".join((*name[:-1], last if "." in last[:-1] else last.rstrip(".")))


def _is_owner(names: Names, words: Sequence[str], at: int, owner: str, is_known: IsKnown) -> bool:
    """Whether whose something is has a strange name, or one that ends with a known word: "granite gold's contract"."""
    if _is_strange(names, owner, is_known):
        return True
    is_plain = owner.islower() and owner not in FRAME and owner not in COMPANY_WORDS
    return is_plain and any(word.islower() for word in _before_owner(names, words, at, is_known))


def _is_no_company(names: Names, words: Sequence[str], at: int, name: Sequence[str]) -> bool:
    """Whether it is somebody, ordinary words or a place."""
    before = words[at - 1].lower() if at else ""
    return (
        _is_person(names, name, before) or is_said_in_passing(names, words, at, name) or is_site(names, words, at, name)
    )


def _is_person(names: Names, name: Sequence[str], before: str) -> bool:
    """Whether it is somebody with a title or a given name."""
    first = name[0].lower().strip(".")
    return before.strip(".") in _TITLES or first in _TITLES or (len(name) == 1 and first in names.given_names)


def strange_words(question: str, is_known: IsKnown) -> Iterator[Sequence[str]]:
    """From each word that is not known on, and from the one before it, the next few words."""
    words = _words(question)
    for at, word in enumerate(words):
        if word[0].isalnum() and not is_known(_without_owner(word)):
            for start in (at, at - 1):
                if start >= 0 and words[start][0].isalnum():
                    yield _run_from(words, start)


def placed_words(question: str) -> Iterator[Sequence[str]]:
    """The next few words behind "for", "at" or "about", where a client is named."""
    words = _words(question)
    for at, word in enumerate(words[1:], 1):
        if words[at - 1].lower() in BEFORE_A_NAME and word[0].isalnum() and word.lower() not in ARTICLES:
            yield _run_from(words, at)


def _run_from(words: Sequence[str], at: int) -> list[str]:
    """The next few words up to a mark of the sentence, which is part of no name."""
    run = takewhile(lambda word: word[0].isalnum() or word == "&", words[at : at + MOST_WORDS])
    return [_without_owner(each).rstrip(".") if "." not in each[:-1] else _without_owner(each) for each in run]


def is_written_as_name(words: Sequence[str], start: int, end: int) -> bool:
    """Whether capitals show that the words from `start` to `end` are a name: "NorthStar", "I.B.M.", "Data Works".

    One capital at the beginning of one word shows little, and all of them nothing where all is written so.
    """
    if sum(word.isupper() for word in words if word.isalpha()) * 2 > len(words):
        return False
    run = [word for word in words[start:end] if word[0].isalnum()]
    if any(letter.isupper() for word in run for letter in word[1:]):
        return True
    return len(run) > 1 and all(word[0].isupper() or word[0].isdigit() or word == "and" for word in run)


def _name_at(names: Names, words: Sequence[str], at: int, is_known: IsKnown) -> list[str]:
    """The words from `at` on that together are a name; none where they are ordinary."""
    run: list[str] = []
    for word in words[at : at + MOST_WORDS + 1]:
        is_part = word.lower() in COMPANY_WORDS if run else False
        if not is_part and (not word[0].isalnum() or word.lower() in FRAME):
            break
        is_word = is_known(_without_owner(word)) or (run and run[0][:1].isupper() and is_ordinary(names, word))
        if run and not is_part and not word[:1].isupper() and is_word:
            break
        run.append(word)
    while run and run[-1].lower() in ("&", "and"):
        run.pop()
    if not run or run[0].lower() in ARTICLES:
        return []
    has_legal_form = len(run) > 1 and is_legal_form(run[-1])
    if _is_strange(names, run[0], is_known) or has_legal_form:
        return run
    return []


def _before_owner(names: Names, words: Sequence[str], at: int, is_known: IsKnown) -> list[str]:
    """The words of a name that end before `at`: with capitals where that one has a capital, else a strange one."""
    if words[at][:1].isupper():
        before = takewhile(
            lambda word: word[:1].isupper() and word.lower() not in FRAME and word[-1:] != ".", reversed(words[:at])
        )
        return list(before)[::-1]
    previous = words[at - 1] if at else ""
    is_name = previous[:1].isalpha() and _is_strange(names, previous, is_known) and not is_ordinary(names, previous)
    return [previous] if is_name else []


def _is_strange(names: Names, word: str, is_known: IsKnown) -> bool:
    plain = _without_owner(word).lower().strip(".")
    return len(plain) > 1 and plain not in names.given_names and plain not in FRAME and not is_known(plain)


def _without_owner(word: str) -> str:
    owner = _OWNER.match(word)
    return owner["name"] if owner is not None else word
