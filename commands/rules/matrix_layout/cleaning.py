"""Cell text as people typed it -> the text that is kept, and the form in which texts are compared.

What is taken off: Markdown and HTML residue, markers of documentation systems ("[!DNL Name]"), zero-width characters,
no-break spaces, and the en dash or no-break hyphen that programs put inside words and ranges ("Mon–Fri").
Footnote marks are taken off only where `Footnotes` found that the sheet numbers footnotes.
"""

import html
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u206f\u061c\u180e\ufeff\u00ad]")
_TAG = re.compile(
    r"</?(?:b|i|u|s|em|strong|p|div|span|ul|ol|li|sub|a|font|code|pre|small|table|tr|td|th|h[1-6])(?:\s[^<>]*)?/?>",
    re.I,
)
_BREAK = re.compile(r"<br\s*/?>|</p>|</li>|</div>", re.I)
_SUPERSCRIPT = re.compile(r"<sup>.*?</sup>|[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+", re.I | re.S)
_MARKER = re.compile(r"\[!(?:DNL|UICONTROL)\s+([^\]]+)\]")
_LINK = re.compile(r"!?\[([^\]\[]+)\]\((?:https?:|mailto:|/|#|\.)[^)\s]*\)")
_EMPHASIS = (
    re.compile(r"\*\*\*(?=\S)(.+?)(?<=\S)\*\*\*", re.S),
    re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", re.S),
    re.compile(r"__(?=\S)(.+?)(?<=\S)__", re.S),
    re.compile(r"~~(?=\S)(.+?)(?<=\S)~~", re.S),
    re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])"),
    re.compile(r"(?<![\w`])`([^`\n]+)`(?![\w`])"),
)
_DASH_IN_WORD = re.compile(r"(?<=\w)[\u2010\u2011\u2013](?=\w)")
# Most cells: nothing in them could need more than trimming.
_PLAIN = re.compile(r"[A-Za-z0-9 ,.;:/()'\"%+#@!?$=|-]*")
_BULLET = re.compile(r"^(?:[-*•●▪◦‣–—]\s+|[•●▪◦‣])")
_SECTION_SIGN = re.compile(r"^§+\s*")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(?=\S)")
_NUMBER_MARK = re.compile(r"\s*\*{0,2}\((\d{1,2})\)\*{0,2}\s*$")
_BARE_MARK = re.compile(r"(?<=[^\W\d_])\s(\d{1,2})$")
_SIGN_MARK = re.compile(r"(?<=\w)\s*[*†‡]{1,3}$")
# Each cell is asked for more than ten times while a table is understood: as a header, a mark, a list, a row.
_KEPT = 20_000
_FOOTNOTE_TEXT = re.compile(r"^\(?(\d{1,2})[).:]?\s+\S.{15,}", re.S)


@lru_cache(maxsize=_KEPT)
def clean(text: str) -> str:
    """The text without residue; line breaks are kept."""
    if _PLAIN.fullmatch(text):
        return " ".join(text.split())
    text = _INVISIBLE.sub("", text.replace("\u00a0", " ").replace("\r\n", "\n").replace("\r", "\n"))
    if "<" in text or "&" in text:
        text = html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    if "[" in text:
        text = _LINK.sub(r"\1", _MARKER.sub(r"\1", text))
    if "*" in text or "_" in text or "`" in text or "~" in text:
        for mark in _EMPHASIS:
            text = mark.sub(r"\1", text)
    text = _SUPERSCRIPT.sub("", _DASH_IN_WORD.sub("-", unicodedata.normalize("NFC", text)))
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


@lru_cache(maxsize=_KEPT)
def clean_line(text: str) -> str:
    """`clean` in one line, without the # of a Markdown heading."""
    return " ".join(_HEADING.sub("", clean(text)).split())


def clean_item(text: str) -> str:
    """`clean_line` without the bullet before it."""
    return _BULLET.sub("", clean_line(text))


def clean_clause(text: str) -> str:
    """`clean_line` without the section sign before it."""
    return _SECTION_SIGN.sub("", clean_line(text))


@lru_cache(maxsize=_KEPT)
def comparable(text: str) -> str:
    """The form in which two texts are the same: letters and digits in lower case, one space between words."""
    folded = unicodedata.normalize("NFKC", clean_line(text)).casefold()
    return " ".join(re.sub(r"[^\w#%+]|_", " ", folded).split())


@dataclass(frozen=True, slots=True)
class Footnotes:
    """Which footnote marks a sheet uses. Numbers at the end of a name are kept unless they are known to be marks."""

    numbered: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()
    signs: bool = True

    @classmethod
    def found_in(cls, items: Collection[str], asides: Iterable[str]) -> "Footnotes":
        """`items`: the item cells. `asides`: rows of a single cell, where the texts of footnotes are."""
        explained = set()
        for aside in asides:
            start = _FOOTNOTE_TEXT.match(clean_line(aside))
            if start:
                explained.add(start[1])
                explained.update(re.findall(r"[.;]\s+(\d{1,2})\s+(?=[A-Z])", aside))
        ends = {mark[1] for item in items if (mark := _NUMBER_MARK.search(item))}
        counted = {str(number) for number in range(1, len(ends) + 1)}
        in_sequence = len(ends) >= 2 and ends == counted
        found = cls(numbered=frozenset(ends if in_sequence else ends & explained), bare=frozenset(explained))
        # "Switch (1)" and "Switch (2)" are two things, not two footnotes.
        distinct = set(items)
        return found if len({found.strip(item) for item in distinct}) == len(distinct) else cls()

    def strip(self, text: str) -> str:
        """The text without a mark at its end."""
        mark = _NUMBER_MARK.search(text)
        if mark and mark[1] in self.numbered:
            text = text[: mark.start()]
        mark = _BARE_MARK.search(text)
        if mark and mark[1] in self.bare:
            text = text[: mark.start()]
        return _SIGN_MARK.sub("", text) if self.signs else text
