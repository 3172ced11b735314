"""Abbreviations that a sheet explains itself: "P = Provider; C = Customer"."""

import re
from collections.abc import Mapping

from commands.rules.matrix_layout.cleaning import clean, comparable
from commands.rules.matrix_layout.sheets import Sheet, SheetRow
from commands.rules.matrix_layout.words import PARTY_WORDS
from storage.records import Party

_PAIR = re.compile(
    r"(?:^|(?<=[;,|\n:(])|(?<=\s))\s*([A-Za-z0-9/]{1,4})\s*(?:=|:|-|–|→)\s*([A-Za-z][A-Za-z /&-]{1,40})(?=$|[;,.|\n()])"
)
_TITLE = re.compile(r"(?:.* )?(?:legend|key|abbreviations|codes)(?: .*)?")
_CODE = re.compile(r"[A-Z0-9/]{1,4}")


_LETTER_WORDS = {
    "r": ("responsible", "responsibility", "does"), "a": ("accountable", "accountability", "approver", "approves"),
    "c": ("consulted", "consult", "contributes"), "i": ("informed", "inform"),
    "s": ("support", "supports", "supporting", "supportive", "shared"), "v": ("verifies", "verifier"),
}  # fmt: skip
_KEY_TITLES = frozenset({"symbol", "letter", "code", "key", "mark", "abbreviation", "role code", "raci", "sign"})
_MEANINGS = frozenset({"meaning", "definition", "description", "explanation", "role", "stands for", "means"})


def is_letter_key(row: SheetRow) -> bool:
    """ "R", "Responsible (does the work)": a letter explained by its word; or the titles over such rows."""
    filled = row.filled()
    if len(filled) not in (2, 3):
        return False
    first, second = row.word(filled[0]), row.word(filled[1])
    if first in _KEY_TITLES and second in _MEANINGS:
        return True
    return first in _LETTER_WORDS and second.split(maxsplit=1)[:1] != [] and second.split()[0] in _LETTER_WORDS[first]


def explained_words(sheet: Sheet, known: Mapping[str, Party]) -> Mapping[str, Party]:
    """Code -> party, for the codes that the sheet explains by a word that is known, or was explained by somebody.

    A code explained twice is left out.
    """
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
            party = known.get(comparable(words)) or PARTY_WORDS.get(comparable(words))
            if party and comparable(code) not in PARTY_WORDS:
                found.setdefault(comparable(code), set()).add(party)
    return {code: min(parties) for code, parties in found.items() if len(parties) == 1}
