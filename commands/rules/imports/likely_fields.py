"""Columns of which nobody knows for sure what they are, but that look like a date or a length of an agreement.

A deadline must not get lost because its column has a title of its own: somebody is asked.
"""

import re
from collections.abc import Mapping, Sequence

from commands.rules.matrix_layout.cleaning import clean_line, comparable
from commands.rules.matrix_layout.sheets import Sheet, SheetRow

_DATE = re.compile(
    r"\d{1,4}([-/. ])\d{1,2}\1\d{1,4}\b.*|[34]\d{4}"
    r"|.*\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b.*\d.*",
    re.IGNORECASE | re.DOTALL,
)
_LENGTH = re.compile(
    r"\d{1,4}|.{0,30}\b(?:days?|weeks?|months?|mths?|mos?|quarters?|years?|yrs?)\b.{0,30}", re.IGNORECASE | re.DOTALL
)
_SHORT = re.compile(r"\D.{0,29}", re.DOTALL)
# The words of a title, what stands below it, and the field that it then may be. The first that fits is meant.
_HINTS = (
    (re.compile(r"\bnotices?\b"), _LENGTH, "notice"),
    (re.compile(r"\b(?:cancel\w*|terminat\w*) (?:date|on)\b|\b(?:cancel|terminat)\w+ed\b"), _DATE, "terminated"),
    (re.compile(r"\b(?:start\w*|effective|commenc\w*|begin\w*|go live)\b"), _DATE, "effective"),
    (re.compile(r"\b(?:expir\w*|ends?|ending|until|lapses?|renewal|renews?)\b"), _DATE, "end"),
    (re.compile(r"\b(?:term|duration|length|commitment)\b"), _LENGTH, "initial-term"),
    (
        re.compile(r"\b(?:auto\w*|renew\w*|roll\w* ?over|reconduction|renouvel\w*|verläng\w*|renova\w*|prórroga)\b"),
        _SHORT,
        "renewal",
    ),
)
# Something else, in tools that many have: a reminder of Salesforce, terms of payment, "Autotask ID", "Renewal price".
_OTHERS = re.compile(
    r"\bowner expiration notice\b|\b(?:payment|billing|invoice|warranty|trial|credit|net|autotask|automate|automation"
    r"|auto ?pay|auto ?attendant|id|url|link|owner|manager|rep|contact|price|pricing|cost|fee|amount|value|quote"
    r"|revenue|mrr|arr|rate|discount|uplift|increase|probability|opportunity|last|previous)\b"
)
_MOST = 0.6


def likely_fields(
    sheet: Sheet, header: SheetRow, below: Sequence[SheetRow], columns: Mapping[str, int], fields: Mapping[str, str]
) -> dict[str, str]:
    """Title -> field, for the columns that are not read, where no column is read as that field."""
    found: dict[str, str] = {}
    for index in header.filled():
        title = clean_line(header.cell(index))
        if index in columns.values() or index in sheet.hidden_columns or _OTHERS.search(comparable(title)):
            continue
        texts = [text for row in below if (text := clean_line(row.cell(index)))]
        for words, shape, field in _HINTS:
            is_free = field in fields and field not in columns and field not in found.values()
            if not is_free or not words.search(comparable(title)):
                continue
            if sum(shape.fullmatch(text) is not None for text in texts) > _MOST * len(texts):
                found[title] = field
                break
    return found
