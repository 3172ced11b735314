"""Text as it may be stored: nothing in it is taken for a mention, and every character can be stored anywhere."""

import re

_TOKEN = re.compile(r"<(?P<sign>[@#!])(?P<id>[A-Za-z0-9^_-]{1,60})(?:\|(?P<label>[^<>|]*))?>")
_OPENING = re.compile(r"<+(?=[@#!])")
# What no database takes, and what turns the direction of the text that is shown behind it.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def plain_text(text: str) -> str:
    """`text` with Slack's mentions written out (<@U012|sam> becomes @sam) and without what no database takes.

    Somebody's words must not call people when they are shown later. Mentions that the bot makes come from ids.
    """
    text = _UNSTORABLE.sub("", text)  # first: what is left must not come together to a mention
    if "<" in text:
        text = _OPENING.sub("", _TOKEN.sub(_written_out, text))  # a half one is closed by what is shown behind it
    return text


def _written_out(token: re.Match[str]) -> str:
    sign = "#" if token["sign"] == "#" else "@"
    return sign + (token["label"] or token["id"]).lstrip("@#")
