"""Names in a question that may be another client's: asked in one client's channel, it may be about another one.

A name is taken for one by where it stands (behind "for", "at" or "about", before a colon or a question word, as an
owner, with a legal form), and only where its words are not known: the vocabulary of services, vendors and everyday
things is, and so are the words of the client's own records.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile

from commands.rules.matching.lexicon import compiled
from commands.rules.matching.text import FRAME, stem, tokens
from storage.records.vocabulary import Vocabulary

IsKnown = Callable[[str], bool]
AreServices = Callable[[Sequence[str]], bool]

_TOKEN = re.compile(r"[^\W_][\w&.’'/+-]*|[^\w\s]")
_OWNER = re.compile(r"(?P<name>.+?)(?:['’]s|(?<=s)['’])$", re.IGNORECASE)
_BEFORE_A_NAME = frozenset({"for", "at", "about", "für", "bei", "pour", "chez"})
# Behind these a name is only taken for one when it is written with a capital letter.
_BEFORE_A_CAPITAL = frozenset({"of", "with"})
_DETERMINERS = "a an the our their his her its your my this that these those any some all each every"
_ARTICLES = frozenset(_DETERMINERS.split())
_ASKING = "who whose what which where when how why is are do does did can could should would will must may has have"
_QUESTION_WORDS = frozenset(_ASKING.split())
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
_LONGEST = 4
_LEAST_REPAIRED = 7
# People are named as often as companies are: "Sue's laptop".
_PEOPLE = """
aaron adam alan alex alexander alice alison amanda amy andrea andrew andy angela ann anna anne anthony barbara ben
beth bill bob brad brenda brian bruce carl carol caroline catherine charles charlie charlotte chloe chris christina
christine claire clare colin craig cynthia dan dana daniel danielle dave david dawn deb debbie deborah dennis derek
diana diane don donna doug douglas ed eddie edward eileen elaine elena elizabeth ellen emily emma eric erica erin
ethan eva evan fiona frank fred gabriel gareth gary geoff george gerald gina glenn grace graham greg hannah harry
heather helen henry holly howard hugh ian irene isabel jack jackie jacob jake james jamie jan jane janet jason jay
jean jeff jen jennifer jenny jeremy jerry jess jessica jill jim joan joanna joe joel john jon jonathan jose joseph
josh joyce juan judith judy julia julie justin karen karl kate katherine kathy katie keith kelly ken kerry kevin kim
kyle larry laura lauren laurie lee len leo leon leslie lewis liam linda lisa liz lloyd louis louise lucas lucy luis
luke lynn maggie marc margaret maria marie marilyn mark martha martin mary matt matthew megan melanie melissa mia
michael michelle miguel mike miriam mohammed molly monica nancy naomi natalie nathan neil nick nicola nicole nigel
nina noah norman olivia oscar owen pamela pat patricia patrick paul paula pauline pete peter phil philip priya rachel
ralph ray raymond rebecca rhys richard rick rita rob robert robin rod roger ron rosa rose roy russell ruth ryan sally
sam samantha samuel sandra sara sarah scott sean sharon sheila shirley simon sofia sophia sophie stacey stan stephanie
stephen steve steven stuart sue susan suzanne sylvia tamara tara ted teresa terry theresa thomas tim tina todd tom
tony tracey tracy trevor valerie vanessa vera vicki victor victoria vincent wendy will william yvonne zoe
"""
_GIVEN_NAMES = frozenset(_PEOPLE.split())


def known_words(vocabulary: Vocabulary, further: Callable[[], frozenset[str]] = frozenset) -> IsKnown:
    """Whether a word is the vocabulary's, or its stem among the `further` ones, which are only asked for if needed."""
    lexicon = compiled(vocabulary)

    def is_known(word: str) -> bool:
        stems = [stem(each) for each in tokens(word) if each not in FRAME and len(each) > 1 and each.isalpha()]
        strange = [each for each in stems if each not in lexicon.everyday and each not in lexicon.words]
        return not strange or all(each in further() for each in strange)

    return is_known


def service_words(vocabulary: Vocabulary, further: Callable[[], frozenset[str]] = frozenset) -> AreServices:
    """Whether words are what services and vendors are called; `further` stems are, too."""
    lexicon = compiled(vocabulary)

    def are_services(words: Sequence[str]) -> bool:
        stems = [stem(each) for word in words for each in tokens(word) if len(each) > 1 and each.isalpha()]
        named = {stems[at] for span in lexicon.names(stems) for at in range(span.start, span.end)}
        strange = [each for each in stems if each not in named and each not in FRAME]
        return not strange or not _PLACES.isdisjoint(strange) or all(each in further() for each in strange)

    return are_services


def is_slip(vocabulary: Vocabulary, word: str) -> bool:
    """Whether a longer word is a known one with a letter missing or out of place: "broadban"."""
    if len(word) < _LEAST_REPAIRED or word[:1].isupper():
        return False
    near = compiled(vocabulary).spelling.nearest(word.lower())
    return near is not None and near.errors == 1 and not near.is_replaced


def possible_names(question: str, is_known: IsKnown, are_services: AreServices) -> Iterator[str]:
    """The names in `question` that nothing known explains, as written, in the order of the sentence.

    `are_services` tells the name of a service or a vendor among words with capitals: everyday words make companies.
    """
    words = _TOKEN.findall(question)
    shouts = sum(word.isupper() for word in words if word.isalpha()) * 2 > len(words)
    for at, word in enumerate(words):
        before = words[at - 1].lower() if at else ""
        owner = _OWNER.match(word)
        if owner is not None and _is_strange(owner["name"], is_known):
            yield " ".join((*_capitals_before(words, at), owner["name"]))
            continue
        company = _capitals_at(words, at) if before in _BEFORE_A_NAME and not shouts else []
        if company and not are_services(company):
            yield " ".join(company)
        elif (name := _name_at(words, at, is_known)) and _stands_as_name(words, at, name, shouts):
            yield " ".join(name)


def _stands_as_name(words: Sequence[str], at: int, name: Sequence[str], shouts: bool) -> bool:
    """Whether what stands around the words at `at` shows that they are somebody's name."""
    before = [word.lower() for word in words[max(at - 2, 0) : at]]
    is_capital = words[at][:1].isupper() and not shouts
    if before and (before[-1] in _BEFORE_A_NAME or (is_capital and before[-1] in _BEFORE_A_CAPITAL)):
        return True
    if is_capital and len(before) > 1 and before[-1] in _ARTICLES and before[0] in _BEFORE_A_NAME:
        return True
    if at == 0 and _is_introduced(words[len(name) :]):
        return True
    return len(name) > 1 and name[-1].lower().strip(".") in _LEGAL_FORMS


def strange_words(question: str, is_known: IsKnown) -> Iterator[Sequence[str]]:
    """From each word that is not known on, and from the one before it, the next few words."""
    words = _TOKEN.findall(question)
    for at, word in enumerate(words):
        if word[0].isalnum() and not is_known(_without_owner(word)):
            for start in (at, at - 1):
                if start >= 0:
                    yield [_without_owner(each) for each in words[start : start + _LONGEST]]


def _name_at(words: Sequence[str], at: int, is_known: IsKnown) -> list[str]:
    """The words from `at` on that together are a name; none where they are ordinary."""
    run: list[str] = []
    for word in words[at : at + _LONGEST + 1]:
        is_part = word.lower() in _COMPANY_WORDS if run else False
        if not is_part and (not word[0].isalnum() or word.lower() in FRAME):
            break
        if run and not is_part and not word[:1].isupper() and is_known(_without_owner(word)):
            break
        run.append(word)
    while run and run[-1].lower() in ("&", "and"):
        run.pop()
    if not run or run[0].lower() in _ARTICLES:
        return []
    has_legal_form = len(run) > 1 and run[-1].lower().strip(".") in _LEGAL_FORMS
    if _is_strange(run[0], is_known) or has_legal_form:
        return run
    return []


def _capitals_at(words: Sequence[str], at: int) -> list[str]:
    """The words with capitals from `at` on, where there are several."""
    run = list(takewhile(lambda word: word[:1].isupper() and not word.isupper(), words[at : at + _LONGEST]))
    return run if len(run) > 1 else []


def _capitals_before(words: Sequence[str], at: int) -> list[str]:
    """The words with capitals that end before `at`, where that one has a capital, too; not the sentence's first."""
    if not words[at][:1].isupper():
        return []
    before = takewhile(lambda word: word[:1].isupper() and word.lower() not in FRAME, reversed(words[:at]))
    return list(before)[::-1]


def _is_strange(word: str, is_known: IsKnown) -> bool:
    plain = _without_owner(word).lower().strip(".")
    return len(plain) > 1 and plain not in _GIVEN_NAMES and plain not in FRAME and not is_known(plain)


def _is_introduced(rest: Sequence[str]) -> bool:
    """Whether what follows a name at the beginning shows that it was one: a colon, or the question itself."""
    return bool(rest) and (rest[0] in _INTRODUCING or rest[0].lower() in _QUESTION_WORDS)


def _without_owner(word: str) -> str:
    owner = _OWNER.match(word)
    return owner["name"] if owner is not None else word
