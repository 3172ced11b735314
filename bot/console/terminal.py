"""Block Kit in a terminal: everything a message says, readable without colour, its buttons numbered."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

Block = Mapping[str, Any]
_LINK = re.compile(r"<([^|>]+)\|([^>]+)>")
_PERSON = re.compile(r"<[@#]([A-Z0-9]+)(?:\|[^>]*)?>")
Namer = Callable[[str], str]
"""From a user's or channel's id to @name or #name."""


def draw_message(console: Console, payload: Mapping[str, Any], title: str, name: Namer, first: int) -> list[Block]:
    """Draw one message; its buttons, the first of which is numbered `first`."""
    buttons: list[Block] = []
    parts: list[RenderableType] = []
    for block in payload.get("blocks") or [{"type": "section", "text": {"text": payload.get("text", "")}}]:
        if block["type"] != "actions":
            parts.append(_draw(block, name))
        if found := [each for element in _elements(block) for each in pressable(element)]:
            parts.append(_buttons(found, first + len(buttons)))
            buttons += found
    console.print(Panel(Group(*parts), title=Text(title), title_align="left", box=box.ROUNDED, width=console.width))
    return buttons


def pressable(element: Block) -> list[Block]:
    """A button, or what can be picked in a menu, each with its text."""
    if element["type"] != "overflow":
        return [element]
    return [{**element, "selected_option": option, "text": option["text"]} for option in element["options"]]


def _elements(block: Block) -> Sequence[Block]:
    if block["type"] == "actions":
        return list(block["elements"])
    return [block["accessory"]] if "accessory" in block else []


def draw_view(console: Console, view: Mapping[str, Any], name: Namer) -> None:
    """Draw a modal's title and what it says; its inputs are asked one by one elsewhere."""
    parts = [_draw(block, name) for block in view.get("blocks", ()) if block["type"] != "input"]
    inputs = sum(block["type"] == "input" for block in view.get("blocks", ()))
    if inputs:
        parts.append(Text(f"{inputs} fields. Empty line: keep or skip. cancel: close without saving.", style="dim"))
    title = Text(f"form: {view['title']['text']}")
    console.print(Panel(Group(*parts), title=title, title_align="left", box=box.ROUNDED, width=console.width))


def _draw(block: Block, name: Namer) -> RenderableType:
    kind = block["type"]
    if kind == "header":
        return Text(block["text"]["text"], style="bold")
    if kind == "rich_text":
        return Group(*_rich_text(block["elements"], name))
    if kind == "section":
        texts = [block["text"]] if "text" in block else []
        return Group(*(_inline_text(text["text"], name) for text in (*texts, *block.get("fields", ()))))
    if kind == "context":
        return Group(*(Text(_LINK.sub(r"\2: \1", element["text"]), style="dim") for element in block["elements"]))
    if kind == "table":
        return _table(block["rows"], name)
    if kind == "context_actions":
        return Text("Did this help? In Slack there is a button for each answer.", style="dim")
    if kind == "divider":
        return Rule()
    return Text(f"({kind})", style="dim")


def _inline_text(text: str, name: Namer) -> Text:
    """A field: its label in bold and its value on one line, people by name."""
    named = _PERSON.sub(lambda found: name(found[1]), text)
    label, _, value = named.partition("*\n")
    return Text(f"{label.removeprefix('*')}: {value}") if value and label.startswith("*") else Text(named)


def _rich_text(elements: Sequence[Block], name: Namer) -> Iterator[RenderableType]:
    for element in elements:
        if element["type"] == "rich_text_list":
            for item in element["elements"]:
                line = Table.grid(padding=(0, 1))
                line.add_row("•", _inline(item["elements"], name))
                yield line
        else:
            yield _inline(element["elements"], name)


def _inline(elements: Sequence[Block], name: Namer) -> Text:
    text = Text()
    for element in elements:
        kind, style = element["type"], element.get("style", {})
        if kind == "user":
            text.append(name(element["user_id"]), style="cyan")
        elif kind == "channel":
            text.append(name(element["channel_id"]), style="cyan")
        elif kind == "link":
            text.append(element.get("text") or element["url"], style="underline")
        else:
            text.append(element["text"], style="bold" if style.get("bold") else "green" if style.get("code") else "")
    return text


def _table(rows: Sequence[Sequence[Block]], name: Namer) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    for cell in rows[0]:
        table.add_column(_cell(cell, name), overflow="fold")
    for row in rows[1:]:
        table.add_row(*(_cell(cell, name) for cell in row))
    return table


def _cell(cell: Block, name: Namer) -> Text:
    if cell["type"] == "raw_text":
        return Text(cell["text"])
    return Text("\n").join(_inline(element["elements"], name) for element in cell["elements"])


def _buttons(elements: Sequence[Block], first: int) -> Text:
    labels = (f"[{number}] {element['text']['text']}" for number, element in enumerate(elements, first))
    return Text("   ".join(labels), style="bold blue")
