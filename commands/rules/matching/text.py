"""Text to comparable tokens, one way for questions, matrix rows and vocabulary, so that all sides always agree."""

import re
import unicodedata
from functools import lru_cache

_TOKEN = re.compile(r"[a-z0-9]+")
_POSSESSIVE = re.compile(r"(?<=\w)['’`´](?:s|re|ve|ll|d|m)\b|(?<=s)['’](?=\s|$)")
_NEGATION = re.compile(r"\b(can|won|shan)?(?:n['’`´]t|['’`´]t)\b|(?<=[a-z])n['’`´]t\b")
_FULL_NEGATION = {"can": "can not", "won": "will not", "shan": "shall not"}
# Where a word that is dropped elsewhere carries the meaning.
# (Each with a substring that it needs: looking for that is cheaper than trying the pattern.)
_FIXED = (
    ("a record", re.compile(r"\ba records?\b"), "arecord"),
    ("&", re.compile(r"\bat ?& ?t\b"), "att"),
    ("a/", re.compile(r"\ba/([cv])\b"), r"a\1"),
    ("site", re.compile(r"\bon (?:the|their|our|its) (?:web ?)?site\b"), "on website"),
    ("@", re.compile(r"\b(\w+)@(?=\W|$)"), r"\1 mailaddress"),
)
_APOSTROPHES = re.compile(r"['’`´]")

# Dropped everywhere, also inside vocabulary phrases: "end of the life" and "end of life" are one phrase.
_FILLERS = """
a an the of for to their our her his its my your this that these those some any as be such
"""
FILLERS = frozenset(_FILLERS.split())

# The furniture of a question: says who asks and how, never what about.
_FRAME = """
who whos whose whom which what when where why how is are was were am been being do does did doing done dont doesnt
didnt isnt arent wasnt wont can could should would will shall may might must have has had havent hasnt not no never
none nobody noone nor we us they them theirs ours i me you he she it him mine yours it's and or but if so then than
just also too only even still really actually surely maybe perhaps probably supposed meant responsible responsibility
responsibilities accountable party ownership owner owns owned own owning in on at by with from about s t
into onto over under up out off there here client clients customer customers side yes yeah yep nope nah true
right correct confirm confirmed check tell know knows knew think thought wonder wondering ask asks asked asking
say says said saying question questions please pls plz thanks thank cheers ta hi hey hello hiya morning afternoon
team folks guys all everyone everybody anyone anybody somebody someone something anything quick sorry dumb weird one
ones fyi btw ok okay well oh hmm q job jobs task hook duty thing things stuff part cover covers covered covering
include includes included including scope scoped agreement contract contracted deal belong belongs fall falls
handle handles handled handling look looks looked looking after take takes taking care deals dealing
manage manages managed managing run runs running ran support supports supported supporting sort sorted
mean means gets get got getting make makes making let lets want wants wanted need needs needed like now today
because between both per via upon vs versus either neither else other another each every very much many more most
theyre were weve youre thats whats theres wheres ive im dose doess hows ya mate mailaddress
"""
FRAME = FILLERS | frozenset(_FRAME.split())

_SPELLING = {
    "licence": "license", "licences": "licenses", "licenced": "licensed", "centre": "center", "centres": "centers",
    "programme": "program", "programmes": "programs", "catalogue": "catalog", "colour": "color", "fibre": "fiber",
    "defence": "defense", "offence": "offense", "practise": "practice", "cheque": "check", "behaviour": "behavior",
    "labour": "labor", "favourite": "favorite", "enrolment": "enrollment", "enrol": "enroll", "analyse": "analyze",
    "grey": "gray", "harbour": "harbor", "metre": "meter", "theatre": "theater", "dialling": "dialing",
    "labelling": "labeling", "travelling": "traveling", "modelling": "modeling", "cancelling": "canceling",
    "controlled": "control", "controlling": "control", "swapped": "swap", "swapping": "swap",
    "passwort": "password", "pwd": "password", "pw": "password", "pwds": "passwords", "comp": "computer",
    "mgmt": "management", "mgt": "management", "admins": "admin", "sw": "software", "hw": "hardware", "fw": "firewall",
    "cert": "certificate", "certs": "certificates", "config": "configuration", "configs": "configuration",
    "info": "information", "docs": "documents", "doc": "document", "acct": "account", "accts": "accounts",
    "subs": "subscriptions", "svr": "server", "svrs": "servers", "srv": "server", "dept": "department",
    "lic": "license", "lics": "licenses", "msft": "microsoft", "env": "environment", "yr": "year", "mo": "month",
    "pcs": "pc", "aps": "ap", "vms": "vm", "tvs": "tv", "dcs": "dc", "hdd": "hard drive", "ms": "microsoft",
    "yearly": "annual", "annually": "annual", "photocopier": "copier", "photocopiers": "copier",
    "wfi": "wifi", "wiffi": "wifi", "cant": "can not", "wont": "will not",
    "dont": "do not", "doesnt": "does not", "didnt": "did not",
    "isnt": "is not", "arent": "are not", "wasnt": "was not", "cannot": "can not", "rang": "call",
    # To phone somebody is not a question about phones, nor is to mail somebody one about mail.
    "phoned": "call", "phoning": "call", "switching": "change", "visiting": "come", "texting": "wrote",
    "mailed": "wrote", "emailed": "wrote", "messaged": "wrote", "texted": "wrote",
}  # fmt: skip
# Words that look like a plural or a verb form of another word and are not.
_UNCHANGED_WORDS = """
access address analysis always aws bus business bios chassis dns gps ios news nas ops pos process sms status ups vms
wireless windows iis sccm aes kms mass pass press thing string king ring wing spring during need feed speed seed shed
media data sales teams wages premises biometrics analytics forensics goods accounting evening wording marketing
parking recording programming booking bookings branding finding findings monitors building setting meeting training
ceiling lighting heating cabling housing wedding clothing hearing drawing nursing banking engineering
"""
_UNCHANGED = frozenset(_UNCHANGED_WORDS.split())


def fold(text: str) -> str:
    """Lower case, compatibility forms and accents folded, contractions opened."""
    if text.isascii():
        plain = text.lower()
    else:
        plain = unicodedata.normalize("NFKD", text).casefold()
        plain = "".join(each for each in plain if not unicodedata.combining(each))
    if _APOSTROPHES.search(plain):
        plain = _NEGATION.sub(lambda found: _FULL_NEGATION.get(found[1] or "", " not"), plain)
        plain = _POSSESSIVE.sub(" ", plain)
    for needed, pattern, replacement in _FIXED:
        if needed in plain:
            plain = pattern.sub(replacement, plain)
    return plain


def respelt(word: str) -> str:
    """A word's usual spelling: British as American, abbreviations written out. May be two words."""
    return _SPELLING.get(word, word)


def tokens(text: str) -> list[str]:
    """Words and numbers in order, spelling variants brought together; not stemmed."""
    return folded_tokens(fold(text))


def folded_tokens(text: str) -> list[str]:
    """`tokens` of a text that is folded already."""
    found: list[str] = []
    for word in _TOKEN.findall(text):
        if word in _SPELLING:
            found.extend(_SPELLING[word].split())
        else:
            found.append(word)
    return found


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A light stem: plural, -ing, -ed, -ation/-ate and a final e go. Words of up to three letters stay."""
    if len(word) <= 3 or word in _UNCHANGED or not word.isalpha():
        return word
    word = _singular(word)
    if word in _UNCHANGED:
        return word
    if word.endswith("isation"):
        word = word[:-7] + "ization"
    elif word.endswith("ise") and len(word) > 5:
        word = word[:-3] + "ize"
    for ending in ("izing", "ized", "ization"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            word = word[: -len(ending)] + "ize"
    for ending, least in (("ations", 4), ("ation", 4), ("ing", 3), ("ed", 3), ("ate", 4)):
        if word.endswith(ending) and len(word) - len(ending) >= least:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsfz":
                word = word[:-1]
            break
    if word.endswith("at") and len(word) > 6:
        word = word[:-2]
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def stems(text: str) -> list[str]:
    """Stemmed tokens without fillers: the form in which phrases are compared."""
    return [stem(word) for word in tokens(text) if word not in FILLERS]


def bag(words: list[str]) -> str:
    """What tokens say in whatever order, a question's furniture aside."""
    return " ".join(sorted(stem(word) for word in words if word not in FRAME))


VARIANTS = frozenset(_SPELLING)
FRAME_STEMS = frozenset(stem(word) for word in FRAME)
