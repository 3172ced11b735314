"""Text as it may be stored: nothing in it is taken for a mention, and every character can be stored anywhere."""

import re

_TOKEN = re.compile(r"<(?P<sign>[@#!])(?P<id>[A-Za-z0-9^_-]{1,60})(?:\|(?P<label>[^<>|]*))?>")
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def plain_text(text: str) -> str:
    """`text` with Slack's mentions written out (<@U012|sam> becomes @sam) and without what no database takes.

    Somebody's words must not call people when they are shown later. Mentions that the bot makes come from ids.
    """
    if "<" in text:
        text = _TOKEN.sub(_written_out, text)
    return _UNSTORABLE.sub("", text)


def _written_out(token: re.Match[str]) -> str:
    sign = "#" if token["sign"] == "#" else "@"
    return sign + (token["label"] or token["id"]).lstrip("@#")
