"""Abbreviations that a sheet explains itself: "P = Provider; C = Customer"."""

import re
from collections.abc import Mapping

from commands.rules.matrix_layout.cleaning import clean, comparable
from commands.rules.matrix_layout.sheets import Sheet
from commands.rules.matrix_layout.words import PARTY_WORDS
from storage.records import Party

_PAIR = re.compile(
    r"(?:^|(?<=[;,|\n:(])|(?<=\s))\s*([A-Za-z0-9/]{1,4})\s*(?:=|:|-|–|→)\s*([A-Za-z][A-Za-z /&-]{1,40})(?=$|[;,.|\n()])"
)
_TITLE = re.compile(r"(?:.* )?(?:legend|key|abbreviations|codes)(?: .*)?")
_CODE = re.compile(r"[A-Z0-9/]{1,4}")


def explained_words(sheet: Sheet) -> Mapping[str, Party]:
    """Code -> party, for the codes that the sheet explains by a known word. A code explained twice is left out."""
    found: dict[str, set[Party]] = {}
    below_title = False
    for row in sheet.rows:
        filled = row.filled()
        texts = [clean(row.cells[index]) for index in filled]
        pairs = [pair for text in texts if "=" in text or len(filled) == 1 for pair in _PAIR.findall(text)]
        if len(texts) == 1:
            below_title = bool(_TITLE.fullmatch(comparable(texts[0])))
        elif below_title and len(texts) == 2 and _CODE.fullmatch(texts[0]):
            pairs.append((texts[0], texts[1]))
        else:
            below_title = False
        for code, words in pairs:
            party = PARTY_WORDS.get(comparable(words))
            if party and comparable(code) not in PARTY_WORDS:
                found.setdefault(comparable(code), set()).add(party)
    return {code: min(parties) for code, parties in found.items() if len(parties) == 1}
