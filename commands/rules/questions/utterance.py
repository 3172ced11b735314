"""What somebody's words are by themselves: a question, arguments of a command, or small talk."""

import re
from collections.abc import Collection

from commands.rules.matching.text import FRAME, bag, tokens
from storage.records.client import client_key

# Words that a sentence goes on with after a word that happens to be a command's name, and that arguments do not.
_PROSE_WORDS = """
is isn't isnt are aren't arent was wasn't were on of for in to at from with without not if when while every during
before after about than because since until into onto via per by as keeps keep stopped stops doesn't doesnt don't
dont won't wont can't cant cannot fails failed failing and or but
"""
_PROSE = frozenset(_PROSE_WORDS.split())
LINKING = frozenset({"for", "of", "at", "about", "with", "on"})
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|“[^”]*”')
_MENTION = re.compile(r"<[@#][^<>\n]*>")
_EMOJI_NAME = re.compile(r":[a-z0-9_+'-]+:(?::skin-tone-\d:)?", re.IGNORECASE)
_ENDS_ASKING = re.compile(r"[?？؟¿][^\w?？؟]*$")
_AUXILIARY = r"(?:is|are|was|were|do|does|did|can|could|should|would|will|has|had|am|may|must|shall)(?:n['’]?t)?"
_ASKS = re.compile(
    rf"""
    \b(?:who|whose|whom|whos|who['’]s)\b
    | (?:^|[,;:.!–—-]\s*|\b(?:and|or|but|so)\s+)(?:{_AUXILIARY}|what|what['’]s|which|how|why|when|where)\s+\w
    | \b(?:ours|theirs|us\s+or\s+(?:them|the\s+client)|(?:them|client)\s+or\s+us)\b
    | \bis\s+(?:that|this|it)\s+(?:us|them)\b
    | \b(?:our|their)\s+(?:job|responsibility|problem|side|scope|business|task|duty)\b
    | \b(?:do|are|should|can|must|may)\s+(?:we|they|i|you)\b
    | (?:,|-|–|—)\s*(?:us|them)$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SPACES = re.compile(r"[^\S\n]+")
# Said to be kind, to greet, to agree or to end; never asks whose something is.
_COURTESIES_WORDS = """
thank thanks thankyou thx thnx tnx ty tysm tyvm cheers ta merci danke gracias grazie obrigado lot lots appreciate
appreciated kind kindly welcome good great nice cool awesome perfect excellent brilliant wonderful super fine lovely
sweet fantastic amazing neat gotcha got noted roger understood ack agreed alright alrighty k kk okey oki yup yay
yess yo sup howdy hola hallo bonjour greetings bye goodbye later soon see ya cya ttyl brb lol lmao rofl haha hehe
heh xd wow omg wtf hm hmmm mm mhm uh um er huh eh meh nvm nevermind mind worries prob problem np yw sir madam buddy
bud man dude sorry oops whoops congrats congratulations best luck enjoy happy merry funny indeed absolutely
definitely totally exactly fixed solved works worked working helpful well enough sure sounds rock rocks legend hero
lifesaver genius disregard channel wrong mistake ignore
"""
_COURTESIES = frozenset(_COURTESIES_WORDS.split())
_DRAWN_OUT = frozenset({"ok", "hi", "hey", "helo", "yes", "no", "oh", "ah", "hm", "wow", "thanks", "thx", "sory"})
# Named in wishes ("have a nice weekend"), and by rows of a matrix ("weekend support").
_TIMES = frozenset(
    {"day", "night", "evening", "morning", "afternoon", "weekend", "week", "monday", "friday", "holiday", "holidays",
     "christmas", "year", "new", "birthday", "tomorrow", "tonight", "tuesday", "wednesday", "thursday"}
)  # fmt: skip
_WISHES = frozenset({"good", "nice", "happy", "great", "have", "lovely", "merry", "enjoy", "see", "bye", "goodbye"})
_THANKS = re.compile(
    r"^\W*(?:(?:ok|okay|great|cool|perfect|awesome|nice|got it|hi|hey|hello|wow|oh|ah|no|yes|many|big)\W+)*"
    r"(?:thanks|thank\s+you|thankyou|thx|ty|cheers)\b",
    re.IGNORECASE,
)
_LONGEST_THANKS = 12
_ASKS_FOR_HELP = re.compile(
    r"^\W*(?:what (?:can|do) (?:i|you|we) (?:ask|do|know)(?: (?:you|for (?:me|us)|here|about))?|what are you(?: for)?"
    r"|who are you|what is this|how (?:do|can|does) (?:i|you|we|this|it|that) (?:work|use (?:you|this|it)|start|ask)"
    r"|how are you(?: (?:doing|today))?|what'?s up|(?:can|could) (?:you|somebody|someone|anybody|anyone) help(?: me)?"
    r"|test(?:ing)?(?: (?:test(?:ing)?|[\d ]+|one two(?: three)?))*|ping|knock knock"
    r"|are you (?:there|a (?:ro)?bot|alive|ok(?:ay)?)|(?:i )?need help|help me)\W*$",
    re.IGNORECASE,
)


def asks(words: str, options: Collection[str] = ()) -> bool:
    """Whether `words` read as a question.

    Quoted texts and the values of `options` (names, as in name:value) are arguments, whatever they say.
    """
    loose = _loose(words, options)
    return bool(_ENDS_ASKING.search(loose) or _ASKS.search(loose))


def goes_on_as_prose(words: str, options: Collection[str] = ()) -> bool:
    """Whether `words`, which follow a command's name, go on as a sentence does ("is broken", "of the shares")."""
    found = _loose(words, options).lower().replace("’", "'").split(maxsplit=1)
    return bool(found) and found[0].strip(",.;!?") in _PROSE


def unlinked(words: str) -> str | None:
    """`words` without a linking word at their start ("for calder": "calder"); None where there is none."""
    first, _, rest = words.strip().partition(" ")
    return rest.strip() if first.lower() in LINKING and rest.strip() else None


def unasked(words: str) -> str:
    """`words` without question and exclamation marks and dots at their end."""
    return words.rstrip().rstrip("?!.…").rstrip()


def is_small_talk(text: str) -> bool:
    """Whether `text` thanks, greets, agrees, tries the bot out or says nothing at all: it names no subject."""
    said = _EMOJI_NAME.sub(" ", _MENTION.sub(" ", text)).strip()
    if not any(each.isalnum() for each in said):
        return True
    if _ASKS_FOR_HELP.match(said):
        return True
    words = tokens(said)
    known = FRAME | _COURTESIES | (_TIMES if _WISHES.intersection(words) else frozenset())
    if words and not _has_other_script(said) and all(word in known or _is_drawn_out(word) for word in words):
        return not asks(said) or all(word in FRAME for word in words)
    return bool(_THANKS.match(said)) and not asks(said) and len(said.split()) <= _LONGEST_THANKS


def is_one_word(text: str) -> bool:
    """Whether `text` is a single word, in a script that puts spaces between words."""
    said = _EMOJI_NAME.sub(" ", _MENTION.sub(" ", text)).split()
    return len(said) <= 1 and not _has_other_script("".join(said))


def subject_key(text: str) -> str:
    """Equal for two wordings of one question: the same words in any order, apart from those that only ask."""
    is_plain = not any(each.isalpha() and not each.isascii() for each in text)
    said = _MENTION.sub(" ", text)
    return (bag(tokens(said)) if is_plain else "") or client_key(said) or text.strip()


def _loose(words: str, options: Collection[str]) -> str:
    """`words` without quoted texts, mentions, emoji names and the values of options, on one line."""
    if options:
        names = "|".join(re.escape(name) for name in options)
        value = r'(?:"(?:[^"\\]|\\.)*"|“[^”]*”|\S*)'
        words = re.sub(rf"(?<!\S)(?:{names}):{value}", " ", words, flags=re.IGNORECASE)
    for pattern in (_QUOTED, _MENTION, _EMOJI_NAME):
        words = pattern.sub(" ", words)
    return _SPACES.sub(" ", words).strip()


def _is_drawn_out(word: str) -> bool:
    """ "okkk", "thaaanks", "hahahaha", "hmmmm": a courtesy with letters repeated."""
    once = re.sub(r"(.)\1+", r"\1", word)
    return once in _DRAWN_OUT or bool(re.fullmatch(r"(?:ha|he|hi|ja)+h?|(?:lo)+l?", once))


def _has_other_script(text: str) -> bool:
    """Whether it has letters of scripts that are written without spaces, as Chinese, Japanese and Thai."""
    return any(each.isalpha() and (ord(each) >= 0x2E80 or 0x0E00 <= ord(each) < 0x0F00) for each in text)
