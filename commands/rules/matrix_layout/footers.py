"""What a report adds below its table."""

import re

from commands.rules.matrix_layout.cleaning import comparable
from commands.rules.matrix_layout.sheets import SheetRow

_FOOTER = re.compile(
    r"(?:(?:grand|sub|report|overall)[\s-]?)?(?:totals?|summar(?:y|ies))(?:\s+(?:records?|rows|count|items|clients"
    r"|customers|accounts|agreements|contracts))?\s*(?:[:(=-].*|\d.*)?"
    r"|(?:record|row)s?(?:\s+count)?\s*[:=].*|\d[\d,.]*\s+(?:records?|rows|items|results)\b.*|count\s*[:=]\s*\d.*"
    r"|(?:(?:this )?report )?(?:generated|created|exported|printed|run|prepared|produced|extracted|downloaded)"
    r"\s+(?:on|by|at|from|for|as of)\b.*|(?:generated|exported|printed|as of|report date|run date)\s*:.*"
    r"|confidential(?:\s+information)?\b.*|copyright\b.*|(?:\(c\)|©).*|all rights reserved.*|do not distribute.*"
    r"|page\s+\d+(?:\s+of\s+\d+)?|end of (?:report|file|list)|filters?\s*(?:applied)?\s*:.*|filtered by\b.*"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day,\s.*\d{4}.*|gesamt\s*:?.*\d.*|summe\s*:?.*\d.*"
    # German, French, Spanish, Portuguese and Dutch: as of, made on, page, total.
    r"|(?:stand|erstellt|gedruckt|exportiert|généré|édité|exporté|generado|exportado|impreso|gerado|gemaakt|afgedrukt)"
    r"(?:e|a|o)?\s*(?:am|vom|le|el|em|op|:)?\s*:?\s*\d.*|(?:seite|página|pagina)\s+\d+(?:\s+\w+\s+\d+)?|total\s+\w+\s*:\s*\d+",
    re.IGNORECASE | re.DOTALL,
)
_COUNTED = re.compile(r"[\d.,%$€£\s-]+|count|sum|average|avg|min|max|records?|rows", re.IGNORECASE)
_TOTAL = re.compile(
    r"^(?:sub[\s-]?)?(?:total|count|sum)s?(?:\s+(?:for|of))?\s*[:-]?\s*|\s+(?:sub[\s-]?)?totals?$", re.IGNORECASE
)
_FOOTER_CELLS = 2
RESERVATION = "Reservation:"
"""How the line begins that our exports have below their rows, where the workspace wants one."""


def is_footer(row: SheetRow) -> bool:
    """Totals, who made it and when, to whom it may be shown."""
    filled = row.filled()
    if not filled:
        return False
    is_short = len(filled) <= _FOOTER_CELLS or all(_COUNTED.fullmatch(row.cells[index].strip()) for index in filled[1:])
    if not is_short:
        return False
    return is_reservation(row) or _FOOTER.fullmatch(row.line(filled[0])) is not None


def totaled(row: SheetRow) -> str | None:
    """What the row counts or adds up, as `comparable` gives it: "calder" of "Total for Calder | 2"."""
    first, *others = (row.line(index) for index in row.filled())
    if not all(_COUNTED.fullmatch(text) for text in others):
        return None
    named = _TOTAL.sub("", first, count=1)
    return comparable(named) if named != first else None


def is_reservation(row: SheetRow) -> bool:
    """The line below an export of ours: alone in its row, so no row of a table is taken for it."""
    filled = row.filled()
    return len(filled) == 1 and row.line(filled[0]).startswith(RESERVATION)
