"""The text grammar: words, quotes around what has spaces, key:value options in any order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from commands.errors import UsageError

_SMART_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_WORD = re.compile(
    r"""(?:(?P<key>[A-Za-z][A-Za-z_-]{0,30}):(?!//))?   # key: but not a link
        (?:"(?P<quoted>(?:[^"\\]|\\.)*)"(?=\s|$)        # "quoted, with \" inside"
          |(?P<bare>\S*))""",
    re.VERBOSE,
)
_CODE = re.compile(r"""(?<!\S)((?:[A-Za-z][A-Za-z_-]{0,30}:)?)`([^`"\\\n]+)`(?!\S)""")
_ESCAPED = re.compile(r"\\(.)")
_TO_BE_QUOTED = re.compile(r'[\s"\\:]')


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command: `value` without quotes, `key` when written key:value, `start` its offset in the text."""

    value: str
    key: str | None
    is_quoted: bool
    start: int
    written: str


def split_words(text: str, *, is_free_text: bool = False) -> tuple[Word, ...]:
    """The words of `text`. Raises UsageError for a quote that is never closed, unless it `is_free_text`."""
    text = straighten(text) if is_free_text else _with_quotes(straighten(text))
    words: list[Word] = []
    position = 0
    while match := _WORD.match(text, position := _skip_space(text, position)):
        if match.end() == position:
            break
        quoted, bare, key = match["quoted"], match["bare"], match["key"]
        if bare is not None and bare.startswith('"') and not is_free_text:
            raise UsageError(f'A quote is opened before {bare[1:20] or "the end"} and not closed. Put " on both sides.')
        value = _ESCAPED.sub(r"\1", quoted) if quoted is not None else (bare or "")
        words.append(
            Word(value, key.lower().replace("_", "-") if key else None, quoted is not None, position, match[0])
        )
        position = match.end()
    return tuple(words)


def _with_quotes(text: str) -> str:
    """`text` with what is between backticks, as Slack formats code, in quotes instead; as long as before."""
    return _CODE.sub(r'\1"\2"', text)


def straighten(text: str) -> str:
    """`text` with typographic double quotes made plain, as phones and Slack write them."""
    return text.translate(_SMART_QUOTES)


def quote(value: object) -> str:
    """`value` as it must be written in a command so that it reads back as one word."""
    text = straighten(str(value))
    if text and not _TO_BE_QUOTED.search(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def command_line(name: str, *values: object, **options: object) -> str:
    """A command as somebody would type it: positional `values`, then key:value `options`; None is left out."""
    parts = [name, *(quote(value) for value in values if value is not None)]
    parts += [f"{key.replace('_', '-')}:{quote(v)}" for key, value in options.items() for v in _each(value)]
    return " ".join(parts)


def _each(value: object) -> Iterable[object]:
    if value is None:
        return ()
    return value if isinstance(value, tuple | list) else (value,)


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position
