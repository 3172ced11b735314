"""How things look, each in one place: an answer, a list, a record, a table. See docs/explanation/look.md.

An answer: what kind it is (word and mark), what it rests on, what to do. A list: one line each, its button beside it. A
record: two columns. A table: only where it stays short; else one line a row.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from bot.slack import blocks, limits, plain
from bot.slack.blocks import Block
from bot.slack.days import days_in, days_said, how_far
from commands.reply import Field, Group, Item, Reply, Ruling, Table
from commands.rules.text.phrases import shorten
from storage.records import Verdict

MARKS = {
    Verdict.MSP: "✅",
    Verdict.CLIENT: "👤",
    Verdict.SHARED: "🤝",
    Verdict.THIRD_PARTY: "📞",
    Verdict.OUT_OF_SCOPE: "⛔",
    Verdict.UNDOCUMENTED: "❓",
    Verdict.LAPSED: "⌛",
}
_ASK_FIRST = "⚠️"
_LIMIT = "✋"
_CAUTIONS_SHOWN = 2
_OF_EACH, _OF_ONE, _ON_A_PAGE = 5, 10, 20
_MOST_ENTRIES = 36
_CHOICES_SHOWN = 4
_NOT_WORTH_A_BUTTON = 2
_SHORT_FIELD, _FEWEST_IN_COLUMNS = 60, 4
_COLUMNS, _LONGEST_CELL, _LONGEST_ROW = 4, 36, 72
_PHONE, _CELL_EDGES = 38, 3
_NUMBER = "No."
_LONG_HEADLINE = 70
# A full stop ends no sentence after "no." or "Dr.", nor after what names of companies are shortened by.
_SHORTENED = "Corp Bros Assn Assoc Dept Univ Intl Natl Prof Messrs Svcs Mfrs Hldgs"
_NO_SHORTENED = "".join(rf"(?<!\b{each})" for each in _SHORTENED.split())
_NEXT_SENTENCE = re.compile(
    rf"(?P<first>.{{12,}}?[^\W\d_]{{4}}{_NO_SHORTENED}[.?!][\"”)]?) +(?P<rest>[A-Z].*)", re.DOTALL
)
_ONE_LINE, _ALIKE_FROM = 60, 3
_UNKNOWN = ("", "-", "not recorded", "not set")


def headline(text: str) -> list[Block]:
    """The result as a heading; what follows a first sentence, where it is long, as text."""
    if len(text) > _LONG_HEADLINE and (found := _NEXT_SENTENCE.match(text)):
        return [blocks.heading(found["first"]), *blocks.paragraphs([found["rest"]])]
    return [blocks.heading(text)]


def ruling(reply: Reply, said: Ruling) -> list[Block]:
    """The verdict at a glance, the row and the client, both parts, what to do, the evidence in small print.

    Where our access is limited, the limit stands in the verdict's place, and the verdict before what to do.
    """
    mark = _ASK_FIRST if said.asks_first else MARKS.get(reply.verdict, "") if reply.verdict else ""
    verdict = f"{mark} {said.word}".strip()
    head = blocks.heading(f"{_LIMIT} {days_said(said.limit)}" if said.limit else verdict)
    do = f"{verdict}{'' if verdict.endswith('?') else '.'} {said.do}" if said.limit else said.do
    where = [*blocks.style(shorten(said.row, 400), bold=True), *blocks.style(" · ")] if said.row else []
    line = [*where, *blocks.style(said.client)]
    if said.notes:
        line += blocks.style(f"\n{shorten(said.notes, 1200)}")
    known = said.lines
    rest = [text for text in reply.lines if text not in known]
    content = [head, blocks.rich_text([blocks.section(line)])]
    content += blocks.label_lines(_not_said_yet(said))
    content.append(blocks.rich_text([blocks.section(blocks.style(shorten(days_said(do), 1500), bold=True))]))
    content += blocks.paragraphs(map(days_said, rest))
    return [*content, *evidence(reply)]


def _not_said_yet(said: Ruling) -> Iterator[tuple[str, str]]:
    """Who does what; not the third party again, which the headline names."""
    return ((part.label, part.value) for part in said.parts if said.word != f"{part.label}: {part.value}")


def evidence(reply: Reply) -> list[Block]:
    """On one line, with a link; in full where no button leads to the rest."""
    if (found := reply.evidence) is None:
        return []
    text = plain.evidence_sentence(found) if reply.why is None else plain.evidence_in_short(found)
    return [blocks.small_print(text, found.document_url or "", "Open the document")]


def cautions(reply: Reply) -> list[Block]:
    """The first two where a button leads to the rest."""
    most = min(len(reply.cautions), _CAUTIONS_SHOWN) if reply.why is not None else len(reply.cautions)
    shown = [f"Caution: {days_said(caution)}" for caution in reply.cautions[:most]]
    content = blocks.bullets("", shown)
    if left := len(reply.cautions) - most:
        said = f"{left} more {'caution' if left == 1 else 'cautions'} under “{reply.why.label if reply.why else ''}”."
        content.append(blocks.remark(said))
    return content


def groups(found: Sequence[Group], again: str | None, first: int) -> tuple[list[Block], bool]:
    """Each group's first lines and a button for more; from `first` on a page of one group. Whether anything is cut."""
    if first:
        number, start = divmod(first, 1000)
        return _group(found[number - 1], number, start, _ON_A_PAGE, again) if number <= len(found) else ([], False)
    room = _OF_EACH if len(found) > 1 else _OF_ONE
    content: list[Block] = []
    is_cut, shown = False, 0
    for number, group in enumerate(found, start=1):
        most = room if (again or group.more) and not group.choices else len(group.entries)
        most = min(most, max(0, _MOST_ENTRIES - shown))
        drawn, cut = _group(group, number, 0, most, again)
        if len(content) + len(drawn) > limits.MESSAGE_BLOCKS - 8:
            return [*content, blocks.remark(f"… and more: {_titles(found[number - 1 :])}.")], True
        content += drawn
        is_cut, shown = is_cut or cut, shown + min(most, len(group.entries))
    return content, is_cut


def _group(group: Group, number: int, start: int, most: int, again: str | None) -> tuple[list[Block], bool]:
    total = max(group.total, len(group.entries))
    most = len(group.entries) if start == 0 and total - most <= _NOT_WORTH_A_BUTTON else most
    content = _titled(group.title, _entries(group.entries[start : start + most]))
    content += blocks.actions(group.choices, in_sight=_CHOICES_SHOWN)
    end = min(start + most, len(group.entries))
    left = total - end
    if left <= 0:
        return content, False
    if group.more is not None and start == 0:
        return [*content, *blocks.actions([group.more])], False
    if again is None or len(again) > limits.BUTTON_VALUE or end >= len(group.entries):
        return [*content, blocks.remark(f"… and {left} more.")], True
    return [*content, blocks.more(f"Show {min(_ON_A_PAGE, left)} more", again, number * 1000 + end)], False


def _titled(title: str, content: list[Block]) -> list[Block]:
    """With the title in bold above: in the same block where that is text, too."""
    if not title:
        return content
    said = blocks.section(blocks.style(shorten(title, 300), bold=True))
    if content and content[0]["type"] == "rich_text":
        return [blocks.rich_text([said, *content[0]["elements"]]), *content[1:]]
    return [blocks.rich_text([said]), *content]


def _entries(entries: Sequence[Item]) -> list[Block]:
    """Those with something to press as lines with buttons; the others close together."""
    content: list[Block] = []
    is_name = blocks.are_names(each.text for each in entries)
    for has_choices, group in groupby(entries, lambda each: bool(each.choices)):
        if has_choices:
            for each in group:
                content += blocks.entry(days_said(each.text), days_said(each.detail), each.choices, is_name=is_name)
            continue
        content += blocks.list_of([_bullet(each, is_name=is_name) for each in group])
    return content


def _bullet(each: Item, *, is_name: bool) -> list[Block]:
    """A name in bold and what is said of it, on one line where that is short; a sentence as it is."""
    text, detail = shorten(days_said(each.text), 600), shorten(days_said(each.detail), 600)
    if not detail:
        return blocks.style(text)
    is_short = len(text) + len(detail) <= _ONE_LINE
    between = ": " if is_short and text[-1:].isalnum() else "\n"
    return [*blocks.style(text, bold=is_name), *blocks.style(f"{between}{detail}")]


def _titles(found: Sequence[Group]) -> str:
    return "; ".join(f"{max(each.total, len(each.entries))} {each.title}" for each in found)


def record(fields: Sequence[Field], today: date | None) -> list[Block]:
    """Short values in two columns, long ones under them, and what is not recorded once, in one line."""
    unknown = [field.label for field in fields if field.value.strip().lower() in _UNKNOWN]
    known = [field for field in fields if field.value.strip().lower() not in _UNKNOWN]
    short = [field for field in known if len(field.value) <= _SHORT_FIELD]
    content: list[Block] = []
    if len(short) < _FEWEST_IN_COLUMNS:
        content += blocks.label_lines((field.label, how_far(field.value, today)) for field in known)
    else:
        texts = [blocks.label_over(field.label, how_far(field.value, today), limits.FIELD) for field in short]
        content += [{"type": "section", "fields": texts[start : start + 10]} for start in range(0, len(texts), 10)]
        rest = [field for field in known if field not in short]
        content += blocks.label_lines((field.label, days_said(field.value)) for field in rest)
    if unknown:
        content.append(blocks.remark(f"Not recorded: {', '.join(unknown)}."))
    return content


def is_short(table: Table) -> bool:
    """Whether the table can be read on a phone: at most four columns, none of them long, nor any word in them."""
    if len(table.columns) > _COLUMNS:
        return False
    columns = list(zip(table.columns, *table.rows, strict=False))
    longest = [max(map(len, column)) for column in columns]
    words = [max((len(word) for text in column for word in text.split(" ")), default=0) for column in columns]
    is_narrow = sum(words) + _CELL_EDGES * len(columns) <= _PHONE
    return is_narrow and max(longest) <= _LONGEST_CELL and sum(longest) <= _LONGEST_ROW


def row_lines(table: Table, rows: Sequence[Sequence[str]]) -> Iterator[list[Block]]:
    """One line a row: what it is about in bold, then what else is known, each with its column's name."""
    about, alike = _about(table), {column for column, _ in same_in_all(table)}
    for row in rows:
        named = [(column, days_in(text.strip())) for column, text in zip(table.columns, row, strict=True)]
        known = [(column, shorten(text, 400)) for column, text in named if text and text != "-"]
        known = [each for each in known if each[0] not in alike]
        if not known:
            continue
        first, said = next((each for each in known if each[0] == about), known[0])
        others = [each for each in known if each != (first, said)]
        line = blocks.style(f"{first} {said}" if first == _NUMBER else said, bold=True)
        for place, (column, text) in enumerate(others):
            line += blocks.style(" · " if place else "\n")
            line += blocks.style(f"{column} " if column == _NUMBER else f"{column}: " if column else "")
            line += blocks.value_of(text)
        yield line


def _about(table: Table) -> str:
    """The column that says what a row is about: one that tells the rows apart."""
    if table.about:
        return table.about
    columns = zip(table.columns, zip(*table.rows, strict=True), strict=True)
    apart = [name for name, texts in columns if len(set(texts)) > 1]
    return apart[0] if apart and len(table.rows) >= _ALIKE_FROM else table.columns[0]


def same_in_all(table: Table) -> list[tuple[str, str]]:
    """The columns that say the same in every row of a long list, with what they say: it is said once."""
    if len(table.rows) < _ALIKE_FROM:
        return []
    about = _about(table)
    columns = zip(table.columns, zip(*table.rows, strict=True), strict=True)
    return [
        (name, texts[0].strip())
        for name, texts in columns
        if name and name != about and len(set(texts)) == 1 and texts[0].strip() not in ("", "-")
    ]
