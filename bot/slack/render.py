"""A reply as a Slack message: the verdict first, in words, then what to do, the evidence, cautions, rows, buttons.

Nothing is silently cut: what does not fit is counted, and reached by a "Show more" button or sent whole as a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack import blocks, limits, plain
from bot.slack.blocks import Block
from bot.slack.text import escape_within
from commands.reply import Choice, Reply, Table
from commands.rules.text.phrases import shorten

_ROWS_SHOWN = 50
_CELL = 400
_TABLE_BUDGET = 9_500
_TEXT_BUDGET = 12_000
_BODY_BLOCKS = 20
_MOST_CHOICES = 25
_ITEM = 600


@dataclass(frozen=True, slots=True)
class Rendered:
    """`payload` has "text" and "blocks". `is_cut` tells that something is not in it and no button leads there."""

    payload: dict[str, Any]
    is_cut: bool


def render(reply: Reply, *, again: str | None = None, first_row: int = 0) -> Rendered:
    """`reply` as a message. `again` is a command that may be run again to show the rows from `first_row` on."""
    head = [blocks.heading(reply.headline)]
    body, is_cut = _within_budget(_body(reply))
    rows, following = _table(reply.table, first_row) if reply.table is not None else ([], None)
    choices = list(reply.choices[:_MOST_CHOICES])
    if following is not None and reply.table is not None:
        left = len(reply.table.rows) - following
        rows.append(blocks.remark(f"Rows {first_row + 1} to {following} of {len(reply.table.rows)}."))
        if again is None or len(again) > limits.BUTTON_VALUE:
            is_cut = True
            rows.append(blocks.remark(f"… and {left} more: the whole list comes as a file in a direct message."))
            again = None
    tail = blocks.bullets("Next:", _next_steps(reply))
    buttons = blocks.actions(choices)
    if following is not None and again is not None and reply.table is not None:
        buttons.append(_more_button(again, following, len(reply.table.rows)))
    room = limits.MESSAGE_BLOCKS - sum(map(len, (head, body, rows, tail, buttons)))
    content = [*head, *body, *rows, *_sections(reply, room), *tail, *buttons]
    return Rendered({"text": escape_within(plain.sentences(reply), limits.MESSAGE_TEXT), "blocks": content}, is_cut)


def as_view(payload: Mapping[str, Any], title: str = "Engagement") -> dict[str, Any]:
    """A rendered message as a modal to read. Tables do not go into modals: each row becomes a line."""
    shown = [_as_lines(block) if block["type"] == "table" else [block] for block in payload["blocks"]]
    content = [block for group in shown for block in group]
    return {
        "type": "modal",
        "title": blocks.plain(title, limits.VIEW_TITLE),
        "close": blocks.plain("Close", limits.VIEW_TITLE),
        "blocks": [block for block in content if block["type"] != "context_actions"][: limits.VIEW_BLOCKS],
    }


def _as_lines(table: Block) -> list[Block]:
    texts = [" | ".join(filter(None, map(blocks.cell_text, row))) for row in table["rows"]]
    return blocks.bullets(texts[0], texts[1:])


def _body(reply: Reply) -> list[Block]:
    content = blocks.paragraphs(reply.lines)
    content += blocks.label_lines((field.label, field.value) for field in reply.fields)
    if reply.evidence is not None:
        content += blocks.label_lines([("Evidence", plain.evidence_sentence(reply.evidence))])
        if url := reply.evidence.document_url:
            content.append(blocks.link_line("The signed document: ", shorten(url, 2900), shorten(url, 150)))
    content += blocks.to_copy(reply.copy) if reply.copy else []
    return content + blocks.bullets("", [f"Caution: {caution}" for caution in reply.cautions])


def _sections(reply: Reply, room: int) -> list[Block]:
    """Each item with its buttons below it. What has no room is counted: the home tab has all of it."""
    content: list[Block] = []
    number, left_out = len(reply.choices), 0
    for section in reply.sections:
        title = [blocks.heading(section.title), *blocks.paragraphs(section.lines)]
        for item in section.items:
            text, detail = shorten(item.text, _ITEM), shorten(item.detail, _ITEM)
            said = [*blocks.style(text, bold=True), *blocks.style(f"\n{detail}" if detail else "")]
            group = [*title, blocks.rich_text([blocks.section(said)]), *blocks.actions(item.choices, number)]
            if left_out or len(content) + len(group) >= room:
                left_out += 1
                continue
            content += group
            number += len(item.choices)
            title = []
    return [*content, blocks.remark(f"{left_out} more are in the home tab.")] if left_out else content


def _next_steps(reply: Reply) -> list[str]:
    """With the commands of buttons that Slack has no room for, so that they can still be typed."""
    unfit = [choice for place, choice in enumerate(reply.choices) if place >= _MOST_CHOICES or not _fits(choice)]
    return [*reply.next_steps, *(f"{choice.label}: /engagement {choice.command}" for choice in unfit)]


def _fits(choice: Choice) -> bool:
    return blocks.fits_button(choice)


def _within_budget(content: list[Block]) -> tuple[list[Block], bool]:
    """As many blocks as Slack takes beside the table, the next steps and the buttons; whether any are left out."""
    kept: list[Block] = []
    length = 0
    for block in content:
        length += limits.text_length(block)
        if len(kept) >= _BODY_BLOCKS or length > _TEXT_BUDGET:
            remark = "… and more: the whole answer comes as a file in a direct message."
            return [*kept, blocks.remark(remark)], True
        kept.append(block)
    return kept, False


def _table(table: Table, first_row: int) -> tuple[list[Block], int | None]:
    """The rows from `first_row` on as a native table, and the number of the first row that did not fit, if any."""
    columns = table.columns[: limits.TABLE_COLUMNS]
    shown = [_cells(columns)]
    length = sum(map(len, columns))
    for row in table.rows[first_row : first_row + _ROWS_SHOWN]:
        cells = _cells(row[: len(columns)])
        length += sum(map(limits.cell_length, cells))
        if length > _TABLE_BUDGET:
            break
        shown.append(cells)
    following = first_row + len(shown) - 1
    if len(shown) == 1:
        return [blocks.remark(f"{table.caption or ', '.join(columns)}: nothing to show.")], None
    caption = blocks.paragraphs([table.caption]) if table.caption else []
    block = {"type": "table", "rows": shown, "column_settings": [{"is_wrapped": True} for _ in columns]}
    return [*caption, block], following if following < len(table.rows) else None


def _cells(row: tuple[str, ...]) -> list[Block]:
    return [blocks.cell(shorten(text.strip() or "-", _CELL)) for text in row]


def _more_button(again: str, following: int, total: int) -> Block:
    label = f"Show {min(_ROWS_SHOWN, total - following)} more"
    element = {
        "type": "button",
        "text": blocks.plain(label, limits.BUTTON_TEXT),
        "action_id": f"more:{following}",
        "value": again,
    }
    return {"type": "actions", "elements": [element]}
