"""Names in a question that may be another client's: asked in one client's channel, it may be about another one.

A name is taken for one by where it stands (behind "for", "at" or "about", before a colon or a question word, as an
owner, with a legal form), and only where its words are not known: the vocabulary of services, vendors and everyday
things is, and so are the words of the client's own records.
"""

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from string import ascii_lowercase

from rapidfuzz import process
from rapidfuzz.distance import OSA

from commands.rules.matching.lexicon import compiled
from commands.rules.matching.text import FRAME, stem, tokens
from storage.records.vocabulary import Names, Vocabulary

IsKnown = Callable[[str], bool]
AreServices = Callable[[Sequence[str]], bool]

_TOKEN = re.compile(r"[^\W_][\w&.’'/+-]*|[^\w\s]")
_THRICE = re.compile(r"(.)\1\1+")
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
BEFORE_A_NAME = frozenset({"for", "at", "@", "about", "re", "regarding", "für", "bei", "pour", "chez"})
# Behind these a name is only taken for one when it is written with a capital letter.
_BEFORE_A_CAPITAL = frozenset({"of", "with"})
_DETERMINERS = "a an the our their his her its your my this that these those any some all each every"
_ARTICLES = frozenset(_DETERMINERS.split())
_ASKING = "who whose what which where when how why is are do does did can could should would will must may has have"
_QUESTION_WORDS = frozenset(_ASKING.split())
# What may follow the subject of a statement as well as a name that a question is put behind.
_STATING = frozenset(
    ["is", "are", "has", "have", "had", "was", "does", "should", "would", "must", "may", "can", "could", "will"]
)
_FRONTED = _QUESTION_WORDS | frozenset((",", "we"))
_CLIENTS = frozenset(["client", "customer", "kunde", "kunden"])
_SAID = frozenset(["question", "request", "ticket", "call", "email"])
_ITS_PEOPLE = frozenset(["people", "folks", "guys", "crowd", "account", "client"])
_ASKED_OF = frozenset(["does", "do", "did", "is", "are", "has", "have"])
_FORMS = "inc llc llp ltd limited gmbh ag kg ug corp corporation pty sarl srl bv nv oy aps"
_LEGAL_FORMS = frozenset(_FORMS.split())
_PARTS = "co company group holdings partners plc sa se ab as & and"
_COMPANY_WORDS = _LEGAL_FORMS | frozenset(_PARTS.split())
# Parts of any company and days, which are written with capitals, too: "Head Office", "Human Resources", "Black Friday".
_PLACE_WORDS = """
office resource department reception desk floor building warehouse room site branch team service school street road
monday tuesday wednesday thursday friday saturday sunday christmas easter january february march april june july
august september october november december america europe kingdom states york london
"""
_PLACES = frozenset(map(stem, _PLACE_WORDS.split()))
_INTRODUCING = frozenset({":", "-", "–", "—", ","})
_LABELLING = frozenset({":", "=", "-", "–", "—"})
_OPENING = frozenset("([")
_PARTING = frozenset(",;/|-–—")
_COURTEOUS = frozenset(["please", "pls", "plz", "thanks", "thx", "cheers", "ta", ",", "who", "ours", "us"])
# Of what a sentence with these says is a part of the client, whose name stands before it: "at the Reno office".
_SITE_WORDS = """
branch building campus centre center clinic depot garage hub home location lot office plant premises practice
reservoir room scheme school shop showroom site store surgery warehouse yard game farm floor
"""
_SITES = frozenset(_SITE_WORDS.split())
_TITLED = """
mr mrs ms miss mx dr prof professor nurse canon father sister brother rev sir lady lord aunt uncle judge captain coach
selectman councillor officer sergeant chief big young old little
"""
_TITLES = frozenset(_TITLED.split())
# With one of these a statement is a question about what is ours: "Baxter is patching included".
_ABOUT_US = frozenset(
    ["we", "us", "our", "ours", "included", "covered", "scope", "responsible", "contract", "agreement"]
)
_ENDS = frozenset(".?!")
# What a company is, behind its name without a capital: "mapleton clinic backups".
_KINDS = """
clinic dental legal law practice school surgery sons brothers foods logistics orthodontics
trading hotel bakery parish accountants solicitors motors roofing
"""
_KINDS_OF_COMPANY = frozenset(_KINDS.split())
# Behind these, at the beginning, a name is whom it is to be done for: "back up Okonkwo".
_DOING = frozenset({"up", "patch", "monitor", "onboard", "offboard"})
_BEGGING = frozenset({"can", "could", "please", "pls"})
_MOST_BEFORE_A_NAME = 2
_LEAST_OF_A_FAMILY = 6
_LONGEST = 4
# Behind these a word is more likely a place or a thing: "boiler in deanery".
_OF_A_THING = frozenset(["of", "in", "on", "onto", "to", "into", "from", "by", "than", "as", "like"])
_LEAST_ALONE = 5
_LEAST_PART = 3
_SHORT, _LONG = 6, 7
_LEAST_REPAIRED = 7
_LEAST_REPAIRED_OF_SEVERAL = 4
_LEAST_SWAPPED = 6
_LEAST_COMPLETED = 9


def _words(question: str) -> list[str]:
    return _TOKEN.findall(_SINGLE_QUOTES.sub(r" \g<inside> ", _MARKS.sub(" ", question)))


def several_clients(question: str) -> str | None:
    """The words of `question` that name several clients or another one, without a name: "for all clients"."""
    found = _SEVERAL.search(question)
    return found[0] if found else None


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
            most = 1 if len(each) <= _SHORT else 2
            if process.extractOne(each, known, scorer=OSA.distance, score_cutoff=most) is not None:
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
        is_right or (len(word) >= _LEAST_REPAIRED_OF_SEVERAL and _is_misspelt(vocabulary, word, 2))
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


def possible_names(question: str, is_known: KnownWords, are_services: AreServices, names: Names) -> Iterator[str]:
    """The names in `question` that nothing known explains, as written, in the order of the sentence.

    `are_services` tells the name of a service or a vendor among words with capitals: everyday words make companies.
    """
    words = _words(question)
    shouts = sum(word.isupper() for word in words if word.isalpha()) * 2 > len(words)
    for at, word in enumerate(words):
        before = words[at - 1].lower() if at else ""
        owner = _OWNER.match(word)
        if owner is not None and _is_owner(names, words, at, owner["name"], is_known):
            name = [*_before_owner(names, words, at, is_known), owner["name"]]
            if not (
                _is_person(names, name, before)
                or _is_said_in_passing(names, words, at, name)
                or _is_site(names, words, at, name)
            ):
                yield _as_named(name)
            continue
        company = _capitals_at(words, at) if not shouts and _may_be_company(words, at) else []
        if company and not are_services(company):
            name = company
        elif not (name := _name_at(names, words, at, is_known)) or not (
            _stands_as_name(names, words, at, name, shouts) or _stands_beside_services(names, words, at, name, is_known)
        ):
            continue
        if (
            not _is_person(names, name, before)
            and not _is_said_in_passing(names, words, at, name)
            and not _is_site(names, words, at, name)
        ):
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
    is_plain = owner.islower() and owner not in FRAME and owner not in _COMPANY_WORDS
    return is_plain and any(word.islower() for word in _before_owner(names, words, at, is_known))


def _is_person(names: Names, name: Sequence[str], before: str) -> bool:
    """Whether it is somebody with a title or a given name."""
    first = name[0].lower().strip(".")
    return before.strip(".") in _TITLES or first in _TITLES or (len(name) == 1 and first in names.given_names)


def _is_said_in_passing(names: Names, words: Sequence[str], at: int, name: Sequence[str]) -> bool:
    """Whether all of the name is ordinary words, written as such, where a sentence has a subject or an object."""
    may_have_capital = _begins(words, at) or (len(name) == 1 and words[at - 1].lower() == "the")
    is_written_so = all(word.islower() or (index == 0 and may_have_capital) for index, word in enumerate(name))
    in_chat = all(word.lower().strip(".") in names.chat for word in name)
    if not in_chat and not (is_written_so and all(is_ordinary(names, word) for word in name)):
        return False
    rest = words[at + len(name) :]
    is_label = at == 0 and bool(rest) and (rest[0] == ":" or rest[0].lower() in ("who", "do"))
    is_fronted = at == 1 and words[0].lower() in BEFORE_A_NAME and bool(rest) and rest[0].lower() in _FRONTED
    return in_chat or not (is_label or is_fronted)


def _begins(words: Sequence[str], at: int) -> bool:
    return at == 0 or words[at - 1] in _ENDS or words[at - 1] in _INTRODUCING or words[at - 1].endswith(".")


def _is_site(names: Names, words: Sequence[str], at: int, name: Sequence[str]) -> bool:
    """Whether it is a town, a brand that everybody knows, a numbered thing, or stands before a part of a client."""
    before = [word.lower() for word in words[max(at - 2, 0) : at]]
    after = words[at + len(name)].lower() if at + len(name) < len(words) else ""
    plain = " ".join(name).lower().strip(".")
    is_town = plain in names.towns and ("for" not in before or (before[-1] == "the" and after not in _ITS_PEOPLE))
    if plain in names.brands or is_town:
        return True
    is_place = bool(before) and (before[-1] in ("at", "in") or (before[-1] in _ARTICLES and before[0] != "for"))
    return (is_place and after in _SITES and at > 0) or after.isdigit()


def _stands_as_name(names: Names, words: Sequence[str], at: int, name: Sequence[str], shouts: bool) -> bool:
    """Whether what stands around the words at `at` shows that they are somebody's name."""
    before = [word.lower() for word in words[max(at - 2, 0) : at]]
    is_capital = words[at][:1].isupper() and not shouts
    if before and (before[-1] in BEFORE_A_NAME or (is_capital and before[-1] in _BEFORE_A_CAPITAL)):
        return True
    if is_capital and len(before) > 1 and before[-1] in _ARTICLES and before[0] in BEFORE_A_NAME:
        return True
    if at == 0 and _is_introduced(words[len(name) :]):
        return True
    if _is_set_apart(words, at, name) and _is_nobodys(names, name):
        return True
    if before and _is_called_client(before) and not all(is_ordinary(names, word) for word in name):
        return True
    rest = [word.lower() for word in words[at + len(name) : at + len(name) + 3]]
    if before[-1:] == ["the"] and rest and rest[0] in _ITS_PEOPLE:
        return True
    if at == 0 and is_capital and rest == ["wants", "to", "know"]:
        return True
    if len(name) > 1 and at > 0 and all(word[:1].isupper() for word in name) and before[-1] in _ASKED_OF:
        return True
    if len(name) > 1 and (_is_legal_form(name[-1]) or (is_capital and name[1] == "&")):
        return True
    return _is_nobodys(names, name) and _stands_as_somebody(words, at, name)


def _is_labelled(words: Sequence[str], at: int) -> bool:
    """Whether "client:" stands before."""
    return at > 1 and words[at - 1] in _LABELLING and words[at - 2].lower() in _CLIENTS


def _may_be_company(words: Sequence[str], at: int) -> bool:
    """Whether words with capitals would be a company here, however ordinary: "(Blue Ocean)", "- Blue Ocean"."""
    before = words[at - 1].lower() if at else ""
    if before in BEFORE_A_NAME or before in _OPENING or _is_labelled(words, at):
        return True
    return at > 1 and before in _PARTING and _is_end(words[at + len(_capitals_at(words, at)) :])


def _is_end(rest: Sequence[str]) -> bool:
    """Whether nothing of a question follows."""
    return all(word in _ENDS or word.lower() in _COURTEOUS for word in rest)


def _is_set_apart(words: Sequence[str], at: int, name: Sequence[str]) -> bool:
    """Whether marks set it apart: in brackets, at one end of a sentence behind or before a comma or a dash, or behind
    "client:".
    """
    before, rest = words[at - 1] if at else "", words[at + len(name) :]
    is_capital = words[at][0].isupper()
    if before in _OPENING:
        return is_capital or rest[:1] == [")"] or rest[:1] == ["]"]
    if _is_labelled(words, at):
        return True
    if at == 0:
        return is_capital and rest[:1] != [] and rest[0] in _PARTING
    if not _is_end(rest):
        return is_capital and before == rest[0] == ","
    is_behind = before in _PARTING or before == ":" or before in _ENDS or before.endswith(".")
    return is_behind or (is_capital and at > 1 and not words[at].isupper() and before.lower() not in FRAME)


def _is_nobodys(names: Names, name: Sequence[str]) -> bool:
    """Whether it begins with a word that is no town, brand, abbreviation or ordinary word."""
    plain = name[0].lower().strip(".")
    known = names.towns | names.brands | names.chat | names.given_names
    return plain.isalpha() and plain not in known and not is_ordinary(names, plain)


def _stands_as_somebody(words: Sequence[str], at: int, name: Sequence[str]) -> bool:
    """Whether a word that nobody knows stands where a client does, though it may be written without a capital."""
    before = [word.lower() for word in words[:at]]
    rest = [word.lower() for word in words[at + len(name) :]]
    ends = not rest or not rest[0][0].isalnum()
    word = name[-1].lower()
    is_asked_whose = "ours" in rest
    is_company = word in _KINDS_OF_COMPANY or (bool(rest) and rest[0] in _KINDS_OF_COMPANY)
    if before[-1:] == ["the"] and before[-2:-1] and before[-2] in BEFORE_A_NAME:
        is_family = (ends or rest[0] in _FRONTED) and word.endswith("s") and len(word) >= _LEAST_OF_A_FAMILY
        return is_family or (before[-2] == "for" and is_company)
    if not before:
        return is_company or (is_asked_whose and not ends)
    if before in (["is"], ["are"], ["is", "the"], ["are", "the"]):
        return is_asked_whose and not ends
    is_told = before[-1] in _DOING and (len(before) <= _MOST_BEFORE_A_NAME or before[0] in _BEGGING)
    return is_told and (ends or rest[0] in _BEGGING)


def _stands_beside_services(
    names: Names, words: Sequence[str], at: int, name: Sequence[str], is_known: KnownWords
) -> bool:
    """Whether a word without a capital that nobody knows stands beside nothing but what services are called:
    "okonkwo backups", "firewall rules contoso", "reset the okonkwo passwords".
    """
    said = [word for word in words if word[0].isalnum() and word.lower() not in FRAME]
    word, rest = name[0], [each for each in said if each not in name]
    if len(name) > 1 or not (word.isalpha() and word.islower() and len(word) >= _LEAST_ALONE):
        return False
    if not rest or len(said) > _LONGEST or not all(map(is_known.is_of_services, rest)):
        return False
    before, after = words[at - 1].lower() if at else "", words[at + 1 : at + 2]
    is_before_a_service = bool(after) and after[0] in rest
    if before in _ARTICLES and not (before in ("the", "their") and after == said[-1:]):
        return False
    is_at_an_end = word in (said[0], said[-1])
    is_one = (is_at_an_end or is_before_a_service) and before not in _OF_A_THING
    return is_one and _is_nobodys(names, name) and not is_known.is_near(names, word)


def _is_legal_form(word: str) -> bool:
    """Access points are none: "APs" is not the Danish "ApS"."""
    return word != "APs" and word.lower().strip(".") in _LEGAL_FORMS


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
        if words[at - 1].lower() in BEFORE_A_NAME and word[0].isalnum() and word.lower() not in _ARTICLES:
            yield _run_from(words, at)


def _run_from(words: Sequence[str], at: int) -> list[str]:
    """The next few words up to a mark of the sentence, which is part of no name."""
    run = takewhile(lambda word: word[0].isalnum() or word == "&", words[at : at + _LONGEST])
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


def _name_at(names: Names, words: Sequence[str], at: int, is_known: IsKnown) -> list[str]:
    """The words from `at` on that together are a name; none where they are ordinary."""
    run: list[str] = []
    for word in words[at : at + _LONGEST + 1]:
        is_part = word.lower() in _COMPANY_WORDS if run else False
        if not is_part and (not word[0].isalnum() or word.lower() in FRAME):
            break
        is_word = is_known(_without_owner(word)) or (run and run[0][:1].isupper() and is_ordinary(names, word))
        if run and not is_part and not word[:1].isupper() and is_word:
            break
        run.append(word)
    while run and run[-1].lower() in ("&", "and"):
        run.pop()
    if not run or run[0].lower() in _ARTICLES:
        return []
    has_legal_form = len(run) > 1 and _is_legal_form(run[-1])
    if _is_strange(names, run[0], is_known) or has_legal_form:
        return run
    return []


def _capitals_at(words: Sequence[str], at: int) -> list[str]:
    """The words with capitals from `at` on, where there are several."""
    run = list(takewhile(lambda word: word[:1].isupper() and not word.isupper(), words[at : at + _LONGEST]))
    return run if len(run) > 1 else []


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


def _is_called_client(before: Sequence[str]) -> bool:
    """Whether "our client", "client is" or "a question from" stands before."""
    last = before[-1]
    return last in _CLIENTS or (before[0] in _CLIENTS and last == "is") or (before[0] in _SAID and last == "from")


def _is_introduced(rest: Sequence[str]) -> bool:
    """Whether what follows a name at the beginning shows that it was one: a colon, or the question itself."""
    if not rest:
        return False
    if rest[0] in (",", "-", "–", "—") or rest[0].lower() in _STATING:
        is_asked = "?" in rest or (rest[1:2] and rest[1].lower() in _QUESTION_WORDS)
        return bool(is_asked) or any(word.lower() in _ABOUT_US for word in rest)
    return rest[0] == ":" or rest[0].lower() in _QUESTION_WORDS


def _without_owner(word: str) -> str:
    owner = _OWNER.match(word)
    return owner["name"] if owner is not None else word
