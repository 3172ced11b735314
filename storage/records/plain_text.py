"""Text as it may be stored: nothing in it is taken for a mention, and every character can be stored anywhere."""

import re
import unicodedata
from typing import Any

_TOKEN = re.compile(r"<(?P<sign>[@#!])(?P<id>[A-Za-z0-9^_-]{1,60})(?:\|(?P<label>[^<>|]*))?>")
_OPENING = re.compile(r"<+(?=[@#!])")
# What no database takes, and what turns the direction of the text that is shown behind it.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
# Most names: nothing in them could need more than trimming.
_SIMPLE = re.compile(r"[A-Za-z0-9 ,.;:/()'\"%+#@!?$=&-]*")
# Marks of direction, what has no width, fillers, and control characters; not the joiners, see _JOINER.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# A joiner is part of the spelling in Persian and in Indian scripts, and of emoji made of several.
_JOINER = re.compile(
    "(?<![\u0600-\u08ff\u0900-\u0dff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]|[\u200c\u200d](?=[\\s!-~]|$)"
)
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_HYPHEN = re.compile("[\u2010\u2011\u2212\ufe63\uff0d]")
_DASH_IN_WORD = re.compile(r"(?<=\w)[\u2012-\u2015](?=\w)")
_QUOTES = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201a": "'",
        "\u201b": "'",
        "\u2032": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u201f": '"',
        "\u2033": '"',
    }
)
_JOINERS = re.compile("[\u200c\u200d]")
_EMPHASIS = tuple(
    re.compile(rf"(?<![\w{mark}])({mark}{{1,{most}}})(?=[^\s{mark}])([^{mark}\n]*?[^\s{mark}])\1(?![\w{mark}])")
    for mark, most in ((r"\*", 3), ("_", 1), ("~", 2), ("`", 3))
)


def plain_text(text: str) -> str:
    """`text` with Slack's mentions written out (<@U012|sam> becomes @sam) and without what no database takes.

    Somebody's words must not call people when they are shown later. Mentions that the bot makes come from ids.
    """
    text = _UNSTORABLE.sub("", text)  # first: what is left must not come together to a mention
    if "<" in text:
        text = _OPENING.sub("", _TOKEN.sub(_write_out, text))  # a half one is closed by what is shown behind it
    return text


def plain_name(text: str) -> str:
    """`text` as a name is kept: in one line, without what cannot be seen, Slack's formatting and Word's hyphens.

    Letters of every script stay, and so do stars, underscores and dashes that are no formatting: "5 * 3",
    snake_case, "Acme – Europe".
    """
    if _SIMPLE.fullmatch(text):
        return " ".join(text.split())
    before = None
    while before != text:  # what is left may be formatting again, such as *_Bold Co_*
        before, text = text, _plain_name_once(text)
    return text


def _plain_name_once(text: str) -> str:
    text = visible_text(unicodedata.normalize("NFC", plain_text(text))).translate(_QUOTES)
    text = _DASH_IN_WORD.sub("-", _HYPHEN.sub("-", text))
    for mark in _EMPHASIS:
        text = mark.sub(r"\2", text)
    return " ".join(text.split())


def visible_text(text: str) -> str:
    """`text` without the characters that cannot be seen, line breaks apart."""
    return _JOINER.sub("", _UNSEEN.sub("", text))


def comparable(text: str) -> str:
    """`text` in the form in which names are compared: without case, width, what cannot be seen, and kinds of dashes."""
    folded = unicodedata.normalize("NFKC", _JOINERS.sub("", plain_name(text))).casefold()
    return " ".join(_DASHES.sub("-", folded).split())


def as_name(cls: type[Any], value: Any) -> Any:
    """The validator of a name, or of a list of names. Raises ValueError for one of which nothing is left."""
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(filter(None, map(plain_name, value))))
    if isinstance(value, str) and not (value := plain_name(value)):
        raise ValueError("is empty.")
    return value


def _write_out(token: re.Match[str]) -> str:
    sign = "#" if token["sign"] == "#" else "@"
    return sign + (token["label"] or token["id"]).lstrip("@#")
