"""Text on its way in from Slack and out to it. Nothing stored or typed may turn into markup, a link or a broadcast."""

import re

from commands.rules.text.phrases import ELLIPSIS

_NAMED_LINK = re.compile(r"<(?P<target>(?:https?://|mailto:|tel:)[^|>\s]+)\|(?P<label>[^>]*)>")
# A label on one line: it is not shown, and must not swallow what stands on the next ones.
_MENTION = re.compile(r"<@[UW][A-Z0-9]{2,30}(?:\|[^<>\n]{0,80})?>|<#[CG][A-Z0-9]{2,30}(?:\|[^<>\n]{0,80})?>")
# An underscore inside a word, as in America/New_York, is no markup.
_MARKUP = re.compile(
    r"[*~`\\]|(?<![a-z0-9])_|_(?![a-z0-9])|:[a-z0-9_+'-]+:|^\s*(?:>|&gt;|-|\d+\.)\s"
    r"|://|(?<!<)[@#]\w|\w\.[a-z]{2,}\b",
    re.IGNORECASE | re.MULTILINE,
)
_ENTITY_CUT = re.compile(r"&(?:[a-z]{0,3})$")
_TOKEN_CUT = re.compile(r"<[^<>]*$")


def typed(text: str) -> str:
    """What the person typed: entities undone, automatic links as they were written; <@U..> and <#C..> are kept.

    Slack writes & < > as entities and turns `acme.com` into `<http://acme.com|acme.com>`.
    """
    text = _NAMED_LINK.sub(_as_written, text.replace("\u00a0", " "))
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def without_mention(text: str, bot_user_id: str) -> str:
    """`text` without the mentions of the bot itself."""
    return re.sub(rf"<@{re.escape(bot_user_id)}(?:\|[^>]*)?>", " ", text).strip()


def escape(text: str) -> str:
    """`text` for a mrkdwn field. Mentions of people and channels stay; links and broadcasts become plain text."""
    if "<" not in text:
        return _entities(text)
    parts: list[str] = []
    position = 0
    for mention in _MENTION.finditer(text):
        parts += (_entities(text[position : mention.start()]), mention[0])
        position = mention.end()
    return "".join((*parts, _entities(text[position:])))


def is_plain_markup(text: str) -> bool:
    """Whether Slack would show `text` as it is where it reads markup: no stars, emoji codes, quotes or lists, and
    nothing that it would make a link or a mention of.
    """
    return not _MARKUP.search(_MENTION.sub("", text))


def escape_within(text: str, limit: int) -> str:
    """`escape`, then at most `limit` characters, cutting through neither an entity nor a mention."""
    escaped = escape(text)
    if len(escaped) <= limit:
        return escaped
    cut = _ENTITY_CUT.sub("", escaped[: limit - 1])
    return _TOKEN_CUT.sub("", cut).rstrip() + ELLIPSIS


def has_mention(text: str) -> bool:
    """Whether `text` mentions a person or a channel."""
    return "<" in text and _MENTION.search(text) is not None


def split_mentions(text: str) -> list[str]:
    """`text` cut into pieces that are either one mention of a person or channel, or plain text. No empty pieces."""
    if "<" not in text:
        return [text] if text else []
    pieces: list[str] = []
    position = 0
    for mention in _MENTION.finditer(text):
        pieces += (text[position : mention.start()], mention[0])
        position = mention.end()
    return [piece for piece in (*pieces, text[position:]) if piece]


def _as_written(link: re.Match[str]) -> str:
    target, label = link["target"], link["label"]
    bare = re.sub(r"^(?:https?://|mailto:|tel:)", "", target)
    return label if label.rstrip("/") == bare.rstrip("/") else link[0]


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
