"""Whether what stands around a word in a question shows that it is somebody's name: before, behind, marks, the end."""

from collections.abc import Sequence
from itertools import takewhile

from commands.rules.matching.text import FRAME
from commands.rules.questions.known_words import KnownWords, is_ordinary
from storage.records.vocabulary import Names

BEFORE_A_NAME = frozenset({"for", "at", "@", "about", "re", "regarding", "für", "bei", "pour", "chez"})
# Behind these a name is only taken for one when it is written with a capital letter.
_BEFORE_A_CAPITAL = frozenset({"of", "with"})
_DETERMINERS = "a an the our their his her its your my this that these those any some all each every"
ARTICLES = frozenset(_DETERMINERS.split())
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
LEGAL_FORMS = frozenset(_FORMS.split())
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
KINDS_OF_COMPANY = frozenset(_KINDS.split())
# Behind these, at the beginning, a name is whom it is to be done for: "back up Okonkwo".
_DOING = frozenset({"up", "patch", "monitor", "onboard", "offboard"})
_BEGGING = frozenset({"can", "could", "please", "pls"})
_MOST_BEFORE_A_NAME = 2
_LEAST_OF_A_FAMILY = 6
MOST_WORDS = 4
# Behind these a word is more likely a place or a thing: "boiler in deanery".
OF_A_THING = frozenset(["of", "in", "on", "onto", "to", "into", "from", "by", "than", "as", "like"])
_LEAST_ALONE = 5
# Companies are called so, and ordinary things, too: alone they show nothing.
THINGS = frozenset(["amber", "bear", "bridge", "crane", "legacy", "matrix", "prime", "quarry", "solar"])


def is_said_in_passing(names: Names, words: Sequence[str], at: int, name: Sequence[str]) -> bool:
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


def is_site(names: Names, words: Sequence[str], at: int, name: Sequence[str]) -> bool:
    """Whether it is a town, a brand that everybody knows, a numbered thing, or stands before a part of a client."""
    before = [word.lower() for word in words[max(at - 2, 0) : at]]
    after = words[at + len(name)].lower() if at + len(name) < len(words) else ""
    plain = " ".join(name).lower().strip(".")
    is_town = plain in names.towns and ("for" not in before or (before[-1] == "the" and after not in _ITS_PEOPLE))
    if plain in names.brands or is_town:
        return True
    is_place = bool(before) and (before[-1] in ("at", "in") or (before[-1] in ARTICLES and before[0] != "for"))
    return (is_place and after in _SITES and at > 0) or after.isdigit()


def stands_as_name(names: Names, words: Sequence[str], at: int, name: Sequence[str], shouts: bool) -> bool:
    """Whether what stands around the words at `at` shows that they are somebody's name."""
    before = [word.lower() for word in words[max(at - 2, 0) : at]]
    is_capital = words[at][:1].isupper() and not shouts
    if before and (before[-1] in BEFORE_A_NAME or (is_capital and before[-1] in _BEFORE_A_CAPITAL)):
        return True
    if is_capital and len(before) > 1 and before[-1] in ARTICLES and before[0] in BEFORE_A_NAME:
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
    if len(name) > 1 and (is_legal_form(name[-1]) or (is_capital and name[1] == "&")):
        return True
    return _is_nobodys(names, name) and _stands_as_somebody(words, at, name)


def _is_labelled(words: Sequence[str], at: int) -> bool:
    """Whether "client:" stands before."""
    return at > 1 and words[at - 1] in _LABELLING and words[at - 2].lower() in _CLIENTS


def may_be_company(words: Sequence[str], at: int) -> bool:
    """Whether words with capitals would be a company here, however ordinary: "(Blue Ocean)", "- Blue Ocean"."""
    before = words[at - 1].lower() if at else ""
    if before in BEFORE_A_NAME or before in _OPENING or _is_labelled(words, at):
        return True
    return at > 1 and before in _PARTING and _is_end(words[at + len(capitals_at(words, at)) :])


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
    is_company = word in KINDS_OF_COMPANY or (bool(rest) and rest[0] in KINDS_OF_COMPANY)
    if before[-1:] == ["the"] and before[-2:-1] and before[-2] in BEFORE_A_NAME:
        is_family = (ends or rest[0] in _FRONTED) and word.endswith("s") and len(word) >= _LEAST_OF_A_FAMILY
        return is_family or (before[-2] == "for" and is_company)
    if not before:
        return is_company or (is_asked_whose and not ends)
    if before in (["is"], ["are"], ["is", "the"], ["are", "the"]):
        return is_asked_whose and not ends
    is_told = before[-1] in _DOING and (len(before) <= _MOST_BEFORE_A_NAME or before[0] in _BEGGING)
    return is_told and (ends or rest[0] in _BEGGING)


def stands_beside_services(
    names: Names, words: Sequence[str], at: int, name: Sequence[str], is_known: KnownWords
) -> bool:
    """Whether a word without a capital that nobody knows stands beside nothing but what services are called:
    "okonkwo backups", "firewall rules contoso", "reset the okonkwo passwords".
    """
    said = [word for word in words if word[0].isalnum() and word.lower() not in FRAME]
    word, rest = name[0], [each for each in said if each not in name]
    if len(name) > 1 or word in THINGS or not (word.isalpha() and word.islower() and len(word) >= _LEAST_ALONE):
        return False
    if not rest or len(said) > MOST_WORDS or not all(map(is_known.is_of_services, rest)):
        return False
    before, after = words[at - 1].lower() if at else "", words[at + 1 : at + 2]
    is_before_a_service = bool(after) and after[0] in rest
    if before in ARTICLES and not (before in ("the", "their") and after == said[-1:]):
        return False
    is_at_an_end = word in (said[0], said[-1])
    is_one = (is_at_an_end or is_before_a_service) and before not in OF_A_THING
    return is_one and _is_nobodys(names, name) and not is_known.is_near(names, word)


def is_legal_form(word: str) -> bool:
    """Access points are none: "APs" is not the Danish "ApS"."""
    return word != "APs" and word.lower().strip(".") in LEGAL_FORMS


def capitals_at(words: Sequence[str], at: int) -> list[str]:
    """The words with capitals from `at` on, where there are several."""
    run = list(takewhile(lambda word: word[:1].isupper() and not word.isupper(), words[at : at + MOST_WORDS]))
    return run if len(run) > 1 else []


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
