"""A paper as PDF: tagged (PDF/UA-1) and for keeping (PDF/A-2a), with its fonts in it, by Typst.

The same content gives the same bytes: the clock, the machine's fonts and its language have no part in it.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from commands.fonts import fonts
from commands.papers.content import PaperContent
from commands.rules.dates.format import format_date

_STANDARDS = ["ua-1", "a-2a"]
_NO_WIDTH, _RTL_MARK = "\u200b", "\u200f"
_LONG_WORD = re.compile(r"[0-9A-Za-z\u00c0-\u024f\u0370-\u04ff]{30,}")
_LETTER = re.compile(r"[^\W\d_]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_NOT_DRAWN = re.compile(r'the text `"(.+?)"` could not be displayed')


@dataclass(frozen=True, slots=True)
class Pdf:
    """`unreadable`: text that no font has letters for; it is drawn as empty boxes, and the file is no PDF/A then."""

    content: bytes
    unreadable: str = ""


def write_pdf(paper: PaperContent, *, page: str = "a4") -> Pdf:
    """`page` is a4 or us-letter."""
    import typst

    said = _as_input(paper, page)
    try:
        return Pdf(_compile(said, _STANDARDS))
    except typst.TypstError as error:
        unreadable = _NOT_DRAWN.search(str(error))
        if unreadable is None:
            raise
        return Pdf(_compile(said, []), unreadable[1])


def _compile(said: str, standards: list[Any]) -> bytes:
    import typst

    written = typst.compile(
        _template(),
        font_paths=fonts(),
        sys_inputs={"paper": said},
        pdf_standards=standards,
        timestamp=0,
        format="pdf",
    )
    assert isinstance(written, bytes)
    return written


def _as_input(paper: PaperContent, page: str) -> str:
    data = paper.as_data()
    data["sections"] = [
        _set_section(each) for each, section in zip(data["sections"], paper.sections, strict=True) if section.is_shown
    ]
    more = {"number": paper.number, "digest": paper.digest, "page": page, "day": format_date(paper.as_of)}
    more["wording"] = " ".join(filter(None, (paper.wording, paper.reservation)))
    return json.dumps(data | more, ensure_ascii=False)


def _set_section(section: dict[str, Any]) -> dict[str, Any]:
    section = _without_empty_categories(section)
    rows = [[_directed(_LONG_WORD.sub(_breakable, cell)) for cell in row] for row in section["rows"]]
    return section | {"rows": rows, "texts": [_directed(text) for text in section["texts"]]}


def _without_empty_categories(section: dict[str, Any]) -> dict[str, Any]:
    """A column of categories in which there is none only takes room from the others."""
    names = [column["name"] for column in section["columns"]]
    if "category" not in names or not section["rows"]:
        return section
    at = names.index("category")
    if any(row[at] for row in section["rows"]):
        return section
    columns, *rows = ([*cells[:at], *cells[at + 1 :]] for cells in (section["columns"], *section["rows"]))
    return section | {"columns": columns, "rows": rows}


def _breakable(word: re.Match[str]) -> str:
    """A word that no column is wide enough for may break anywhere."""
    return _NO_WIDTH.join(word[0])


def _directed(text: str) -> str:
    """`text` with a mark before each line that begins in a script from right to left; as it is without one."""
    if _RIGHT_TO_LEFT.search(text) is None:
        return text
    return "\n".join(_RTL_MARK + line if _begins_from_right(line) else line for line in text.split("\n"))


def _begins_from_right(line: str) -> bool:
    """As Unicode decides it (UAX 9, P2): by the first letter, whatever stands before it."""
    first = _LETTER.search(line)
    return first is not None and _RIGHT_TO_LEFT.match(first[0]) is not None


@cache
def _template() -> bytes:
    return (resources.files("commands.papers") / "paper.typ").read_bytes()
