"""A reply as a Slack message: the verdict first, in words, then what to do, the evidence, cautions, rows, buttons.

Nothing is silently cut: what does not fit is counted, and reached by a "Show more" button or sent whole as a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.slack import blocks, limits, patterns, plain
from bot.slack.blocks import Block
from bot.slack.days import days_in, days_said
from bot.slack.text import escape_within
from commands.reply import Reply, Table

_ROWS_SHOWN = 50
_LINES_SHOWN = 10
_TEXT_BUDGET = 12_000
_SURELY_FIT = _TEXT_BUDGET // limits.RICH_TEXT
_BODY_BLOCKS = 20
_MOST_CHOICES = 25


@dataclass(frozen=True, slots=True)
class Rendered:
    """`payload` has "text" and "blocks". `is_cut` tells that something is not in it and no button leads there."""

    payload: dict[str, Any]
    is_cut: bool


def render(
    reply: Reply,
    *,
    again: str | None = None,
    first_row: int = 0,
    today: date | None = None,
    heard: Reply | None = None,
) -> Rendered:
    """`reply` as a message. `again` is a command that may be run again to show the rows from `first_row` on.

    With `today`, days say how far away they are. `heard` has the sentences for those who listen, where buttons take the
    place of lines of it.
    """
    head = patterns.ruling(reply, reply.ruling) if reply.ruling else patterns.headline(days_said(reply.headline))
    body, is_cut = _within_budget(_body(reply, today))
    rows, is_list_cut, following = _list(reply, again, first_row)
    is_cut = is_cut or is_list_cut
    steps = _next_steps(reply)
    tail = blocks.bullets("Next:", steps) if len(steps) > 1 else _next(steps)
    tail += blocks.typed_line(plain.same_as(reply)) if reply.same_as else []
    buttons = blocks.actions(reply.choices[:_MOST_CHOICES])
    room = limits.MESSAGE_BLOCKS - sum(map(len, (head, body, rows, tail, buttons, following)))
    content = [*head, *body, *rows, *_sections(reply, room), *tail, *buttons, *following]
    content = _numbered(content) if reply.groups or reply.sections else content
    text = escape_within(plain.sentences(heard or reply), limits.MESSAGE_TEXT)
    return Rendered({"text": text, "blocks": content}, is_cut)


def _list(reply: Reply, again: str | None, first_row: int) -> tuple[list[Block], bool, list[Block]]:
    """The groups, or the table; whether something is cut, and the button that shows what follows."""
    if reply.groups:
        rows, is_cut = patterns.groups(reply.groups, again, first_row)
        whole = [blocks.remark("The whole list comes as a file in a direct message.")] if is_cut else []
        return [*rows, *whole], is_cut, []
    table = reply.table
    if table is None or (reply.ruling and any(choice.is_option for choice in reply.choices)):
        return [], False, []
    if reply.ruling:
        nearest = "; ".join(f"{row[0]} ({row[1]})" for row in table.rows)
        return [blocks.remark(f"{table.caption}: {nearest}.")], False, []
    rows, following = _table(table, first_row)
    if following is None:
        return rows, False, []
    left = len(table.rows) - following
    rows.append(blocks.remark(f"Rows {first_row + 1} to {following} of {len(table.rows)}."))
    if again is None or len(again) > limits.BUTTON_VALUE:
        return (
            [*rows, blocks.remark(f"… and {left} more: the whole list comes as a file in a direct message.")],
            True,
            [],
        )
    page = _ROWS_SHOWN if patterns.is_short(table) else _LINES_SHOWN
    return rows, False, [blocks.more(f"Show {min(page, left)} more", again, following)]


def _next(steps: list[str]) -> list[Block]:
    """One sentence needs no title, and one command no list."""
    if not steps or not steps[0].strip():
        return []
    return blocks.typed_line(f"Type: {steps[0]}" if steps[0].startswith("/") else steps[0])


def _numbered(content: list[Block]) -> list[Block]:
    """The same with an action_id of its own for every button and menu."""
    for number, element in enumerate(blocks.pressable(content)):
        what, _, _ = element["action_id"].partition(":")
        if what in ("run", "form", "menu"):
            element["action_id"] = f"{what}:{number}"
    return content


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


def _body(reply: Reply, today: date | None) -> list[Block]:
    if reply.ruling:
        return [*patterns.cautions(reply), *(blocks.to_copy(reply.copy) if reply.copy else [])]
    # How a command is typed is for the command line: here its options are a list.
    lines = [line for line in reply.lines if not (reply.groups and line.startswith("Usage: "))]
    content = blocks.paragraphs(map(days_said, lines))
    content += patterns.record(reply.fields, today)
    content += blocks.to_copy(reply.copy) if reply.copy else []
    return [*content, *patterns.evidence(reply), *patterns.cautions(reply)]


def _sections(reply: Reply, room: int) -> list[Block]:
    """Each item with its button beside it. What has no room is counted: the home tab has all of it."""
    content: list[Block] = []
    left_out = 0
    for section in reply.sections:
        title = [blocks.heading(section.title), *blocks.paragraphs(map(days_said, section.lines))]
        is_name = blocks.are_names(item.text for item in section.items)
        for item in section.items:
            entry = blocks.entry(days_said(item.text), days_said(item.detail), item.choices, is_name=is_name)
            group = [*title, *entry]
            if left_out or len(content) + len(group) >= room:
                left_out += 1
                continue
            content += group
            title = []
        closing = [*title, *blocks.actions(section.choices)]
        if (section.choices or not section.items) and len(content) + len(closing) < room:
            content += closing
    return [*content, blocks.remark(f"{left_out} more are in the home tab.")] if left_out else content


def _next_steps(reply: Reply) -> list[str]:
    """With the commands of buttons that Slack has no room for, so that they can still be typed."""
    unfit = [choice for choice in reply.choices[:_MOST_CHOICES] if not blocks.fits_button(choice)]
    unfit += reply.choices[_MOST_CHOICES:]
    steps = list(reply.next_steps)
    if reply.groups:  # their buttons do what else would have to be typed; one example says how that is done
        steps = [
            *[step for step in steps if "/" not in step],
            *[step for step in steps if step.startswith("Example")][:1],
        ]
    return [*steps, *(f"{choice.label}: /engagement {choice.command}" for choice in unfit)]


def _within_budget(content: list[Block]) -> tuple[list[Block], bool]:
    """As many blocks as Slack takes beside the table, the next steps and the buttons; whether any are left out."""
    if len(content) <= _SURELY_FIT:
        return content, False
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
    """The rows from `first_row` on, and the number of the first row that did not fit, if any."""
    caption = blocks.paragraphs([table.caption]) if table.caption else []
    if not table.rows[first_row:]:
        return [blocks.remark(f"{table.caption or ', '.join(table.columns)}: nothing to show.")], None
    if patterns.is_short(table):
        shown, following = _cells_of(table, first_row)
        block = {"type": "table", "rows": shown, "column_settings": [{"is_wrapped": True} for _ in table.columns]}
        return [*caption, block], following
    following = min(first_row + _LINES_SHOWN, len(table.rows))
    content = blocks.list_of(list(patterns.row_lines(table, table.rows[first_row:following])))
    if alike := patterns.same_in_all(table):
        said = " · ".join(f"{column}: {days_in(text)}" for column, text in alike)
        caption = [*caption, blocks.remark(f"The same for all: {said}.")]
    return [*caption, *content], following if following < len(table.rows) else None


def _cells_of(table: Table, first_row: int) -> tuple[list[list[Block]], int | None]:
    """The cells of a native table, its titles first. A short table's page is well within what Slack takes."""
    width = len(table.columns)
    rows = table.rows[first_row : first_row + _ROWS_SHOWN]
    shown = [[blocks.cell(days_in(text.strip()) or "-") for text in row[:width]] for row in (table.columns, *rows)]
    following = first_row + len(rows)
    return shown, following if following < len(table.rows) else None
