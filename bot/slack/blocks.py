"""Block Kit as plain dicts, from plain text. The SDK's models drop block types that they do not know.

Untrusted text goes into plain_text and rich_text, which parse no markup; <@U..> and <#C..> become mention elements.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from bot.slack import limits
from bot.slack.text import escape, has_mention, is_plain_markup, split_mentions
from commands.reply import Choice, Emphasis
from commands.rules.text.phrases import shorten

Block = dict[str, Any]
LINK_ACTION = "link"
IN_SIGHT = 3
_CHUNK = 2900
_MOST_PIECES = 9
_LONGEST_NAME, _LONGEST_ENTRY = 80, 600
_IN_URLS = "/:?#[]@!$&'()*+,;=%~"
_ADDRESS = re.compile(r"https?://[^\s<>|]{1,1000}")
_TYPED_AFTER_COLON = re.compile(r"^(?P<said>[^/]*:\s+)(?P<typed>/[a-z].*)$", re.DOTALL)


def plain(text: str, limit: int) -> Block:
    """A plain_text object; Slack refuses an empty one, so that becomes a dash."""
    return {"type": "plain_text", "text": shorten(text.strip() or "-", limit), "emoji": False}


def heading(text: str) -> Block:
    """The first line of an answer: a header where it fits, else bold text. Mentions only work in the latter."""
    if len(text) <= limits.HEADER and text.strip() and not has_mention(text):
        return {"type": "header", "text": plain(text, limits.HEADER)}
    return rich_text([section(style(shorten(text, _CHUNK), bold=True))])


def paragraphs(texts: Iterable[str]) -> list[Block]:
    """Lines of plain text, as few blocks as their length allows."""
    return [rich_text([section(style(chunk))]) for chunk in _chunks(texts)]


def label_lines(pairs: Iterable[tuple[str, str]]) -> list[Block]:
    """One "Label: value" a line, the label in bold."""
    elements: list[Block] = []
    blocks: list[Block] = []
    length = 0
    for label, value in pairs:
        value = shorten(value.strip() or "-", _CHUNK // 2)
        line = [*style(f"{shorten(label, 200)}: ", bold=True), *value_of(value)]
        if elements and length + len(label) + len(value) > _CHUNK:
            blocks.append(rich_text([section(elements)]))
            elements, length = [], 0
        elements += [*style("\n"), *line] if elements else line
        length += len(label) + len(value) + 3
    return [*blocks, rich_text([section(elements)])] if elements else []


def value_of(text: str) -> list[Block]:
    """`text`; where it is an address and nothing else, one that can be pressed and shows where it leads."""
    if not _ADDRESS.fullmatch(text):
        return style(text)
    return [{"type": "link", "url": quote(text, safe=_IN_URLS), "text": text}]


def typed_line(text: str) -> list[Block]:
    """One line; what is meant to be typed in it is set as code."""
    return [rich_text([section(_with_typed_part(shorten(text, _CHUNK)))])]


def bullets(title: str, items: Sequence[str]) -> list[Block]:
    """A bold title and a bullet for each text. What is meant to be typed is set as code."""
    blocks: list[Block] = []
    for chunk in _group([shorten(item, _CHUNK) for item in items if item.strip()]):
        listed = [section(_with_typed_part(item)) for item in chunk]
        elements = [section(style(title, bold=True))] if title and not blocks else []
        blocks.append(rich_text([*elements, {"type": "rich_text_list", "style": "bullet", "elements": listed}]))
    return blocks


def list_of(lines: Sequence[list[Block]]) -> list[Block]:
    """A bullet for each line of rich text."""
    found: list[Block] = []
    group: list[Block] = []
    length = 0
    for line in lines:
        size = sum(len(piece.get("text", "")) for piece in line)
        if group and length + size > _CHUNK:
            found.append(rich_text([{"type": "rich_text_list", "style": "bullet", "elements": group}]))
            group, length = [], 0
        group.append(section(line))
        length += size
    return [*found, rich_text([{"type": "rich_text_list", "style": "bullet", "elements": group}])] if group else found


def pressable(content: Iterable[Block]) -> Iterator[Block]:
    """The buttons and menus of a message or a view, in order."""
    for block in content:
        if block["type"] == "actions":
            yield from block["elements"]
        elif "accessory" in block:
            yield block["accessory"]


def to_copy(text: str) -> list[Block]:
    """A text set apart, so that it can be copied as it is."""
    pieces = [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)]
    return [
        rich_text([{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": piece}]}])
        for piece in pieces
    ]


def small_print(text: str, url: str = "", label: str = "") -> Block:
    """Small print, with a link behind it. `label` is ours; in `url` nothing is left that Slack reads as markup."""
    elements = _small(text)
    safe = quote(url, safe=_IN_URLS)
    if url.startswith(("http://", "https://")) and len(safe) + len(label) < limits.SECTION - 3:
        elements.append({"type": "mrkdwn", "text": f"<{safe.replace('&', '&amp;')}|{label}>"})
    return {"type": "context", "elements": elements}


def remark(text: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": _small(text)}


def marked(text: str) -> Block:
    """Text in which Slack reads our stars and mentions."""
    return {"type": "mrkdwn", "text": text}


def _small(text: str) -> list[Block]:
    """Plain text; where it mentions somebody, in pieces, because plain text would show the id."""
    if not has_mention(text):
        return [plain(text, limits.SECTION)]
    if is_plain_markup(text) and len(said := escape(text)) <= limits.SECTION:
        return [marked(said)]
    pieces = split_mentions(text)
    if len(pieces) > _MOST_PIECES:
        return [plain(text, limits.SECTION)]
    return [marked(piece) if has_mention(piece) else plain(piece, limits.SECTION) for piece in pieces if piece.strip()]


def actions(choices: Sequence[Choice], first: int = 0, in_sight: int = IN_SIGHT) -> list[Block]:
    """Buttons, the first `in_sight` of them in sight and the others in a menu, where they fit into one.

    What one is asked to choose from is always in sight, each in its order; so is what asks back before it is done. A
    choice whose command does not fit into a button is left out (see `fits_button`).
    """
    fit = [choice for choice in choices if fits_button(choice)]
    options = [choice for choice in fit if choice.is_option]
    others = [choice for choice in fit if not choice.is_option]
    room = 0 if options else in_sight
    hidden = [choice for choice in others[room:] if _fits_menu(choice)]
    if len(hidden) > limits.OVERFLOW_OPTIONS:
        hidden = []
    rest = [choice for choice in others[room:] if not _fits_menu(choice)] if hidden else others[room:]
    shown = [*options, *others[:room], *rest]
    elements = [button(choice, first + place) for place, choice in enumerate(shown)]
    if hidden:
        elements.append(menu(hidden, first + len(elements)))
    return [{"type": "actions", "elements": elements[start : start + 5]} for start in range(0, len(elements), 5)]


def menu(choices: Sequence[Choice], number: int) -> Block:
    """A menu of choices behind three dots; the value of each says whether it is run or opened as a form."""
    options = [
        {
            "text": plain(choice.label, limits.OPTION_TEXT),
            "value": f"{'form' if choice.opens_form else 'run'}:{choice.command}",
        }
        for choice in choices
    ]
    return {"type": "overflow", "action_id": f"menu:{number}", "options": options}


def _fits_menu(choice: Choice) -> bool:
    return len(choice.command) + len("form:") <= limits.OPTION_VALUE and choice.confirm is None


def are_names(texts: Iterable[str]) -> bool:
    """Whether the lines of a list begin with names, short enough to stand out in bold; sentences do not."""
    return all(len(text) <= _LONGEST_NAME and not text.rstrip().endswith((".", "!")) for text in texts)


def entry(
    text: str, detail: str, choices: Sequence[Choice], *, is_name: bool = False, in_sight: int = 2
) -> list[Block]:
    """One line of a list with its button beside it; more buttons, or where it names somebody, below it."""
    text, detail = shorten(text, _LONGEST_ENTRY), shorten(detail, _LONGEST_ENTRY)
    fit = [choice for choice in choices if fits_button(choice)]
    is_plain = not has_mention(text) and not has_mention(detail)
    if is_plain and len(fit) <= 1:
        is_label = is_name and detail
        lines = f"{text}\n{detail}" if detail else text
        said = label_over(text, detail, limits.SECTION) if is_label else plain(lines, limits.SECTION)
        return [{"type": "section", "text": said, **({"accessory": button(fit[0], 0)} if fit else {})}]
    line = [*style(text, bold=is_name and bool(detail)), *style(f"\n{detail}" if detail else "")]
    return [rich_text([section(line)]), *actions(fit, in_sight=in_sight)]


def label_over(label: str, value: str, limit: int) -> Block:
    """A label with its value below it, of at most `limit` characters together.

    The label is in bold where nothing in either would be read as markup; in plain text otherwise.
    """
    name = label.strip()
    text = f"*{escape(name)}*\n{escape(value)}"
    can_be_bold = name and "\n" not in name and is_plain_markup(label) and is_plain_markup(value)
    return marked(text) if can_be_bold and len(text) <= limit else plain(f"{label}\n{value}", limit)


def more(label: str, again: str, first: int) -> Block:
    """A button that runs `again` and shows it from `first` on."""
    element = {"type": "button", "text": plain(label, limits.BUTTON_TEXT), "action_id": f"more:{first}", "value": again}
    return {"type": "actions", "elements": [element]}


def fits_button(choice: Choice) -> bool:
    """Whether Slack takes the command as a button's value: it must never be cut."""
    return 0 < len(choice.command) <= limits.BUTTON_VALUE


def button(choice: Choice, number: int) -> Block:
    """A button that carries its command text; its action_id says whether that is run or opened as a form."""
    element: Block = {
        "type": "button",
        "text": plain(choice.label, limits.BUTTON_TEXT),
        "action_id": f"{'form' if choice.opens_form else 'run'}:{number}",
        "value": choice.command,
    }
    if choice.emphasis is not Emphasis.PLAIN:
        element["style"] = choice.emphasis.value
    if choice.confirm:
        element["confirm"] = {
            "title": plain(choice.label, limits.CONFIRM_TITLE),
            "text": plain(choice.confirm, limits.CONFIRM_TEXT),
            "confirm": plain(choice.label, limits.CONFIRM_BUTTON),
            "deny": plain("Cancel", limits.CONFIRM_BUTTON),
        }
    return element


def link_button(label: str, url: str, name: str) -> Block:
    """A button that opens `url` and runs nothing, though Slack may tell that it was pressed (LINK_ACTION)."""
    return {
        "type": "button",
        "text": plain(label, limits.BUTTON_TEXT),
        "action_id": f"{LINK_ACTION}:{name}",
        "url": url,
    }


def feedback(command: str) -> Block:
    """Whether an answer helped: both buttons carry `command` with a word behind it."""
    both = (("positive_button", "Helped", "helpful"), ("negative_button", "Did not help", "not_helpful"))
    buttons = {
        name: {"text": plain(label, limits.BUTTON_TEXT), "accessibility_label": label, "value": f"{command} {word}"}
        for name, label, word in both
    }
    element = {"type": "feedback_buttons", "action_id": "rate:0", **buttons}
    return {"type": "context_actions", "elements": [element]}


def cell(text: str) -> Block:
    """A table's cell; rich text where it mentions somebody, because raw text would show the id."""
    if "<" not in text:
        return {"type": "raw_text", "text": text}
    is_plain = len(pieces := split_mentions(text)) == 1 and pieces[0][:2] not in ("<@", "<#")
    return {"type": "raw_text", "text": text} if is_plain else rich_text([section(style(text))])


def cell_text(cell: Block) -> str:
    """What a table's cell says; mentions as they are written."""
    if cell["type"] == "raw_text":
        return str(cell["text"])
    pieces = [piece for section in cell["elements"] for piece in section["elements"]]
    marks = {"user": "<@{user_id}>", "channel": "<#{channel_id}>", "text": "{text}"}
    return "".join(marks[piece["type"]].format(**piece) for piece in pieces)


def rich_text(elements: Sequence[Block]) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def section(elements: Sequence[Block]) -> Block:
    return {"type": "rich_text_section", "elements": list(elements)}


def style(text: str, *, bold: bool = False, code: bool = False) -> list[Block]:
    """Rich text elements of `text`, mentions as elements of their own."""
    style: Block = {}
    if bold or code:
        style["style"] = {key: True for key, on in (("bold", bold), ("code", code)) if on}
    if "<" not in text:
        return [{"type": "text", "text": text, **style}] if text else []
    elements: list[Block] = []
    for piece in split_mentions(text):
        if not code and piece.startswith("<@"):
            elements.append({"type": "user", "user_id": piece[2:-1].split("|")[0]})
        elif not code and piece.startswith("<#"):
            elements.append({"type": "channel", "channel_id": piece[2:-1].split("|")[0]})
        else:
            elements.append({"type": "text", "text": piece, **style})
    return elements


def _with_typed_part(line: str) -> list[Block]:
    if line.startswith("/"):
        return style(line, code=True)
    if match := _TYPED_AFTER_COLON.match(line):
        return [*style(match["said"]), *style(match["typed"], code=True)]
    return style(line)


def _chunks(texts: Iterable[str]) -> list[str]:
    return ["\n".join(group) for group in _group([piece for text in texts for piece in _pieces(text)])]


def _pieces(text: str) -> list[str]:
    """A text longer than a block, cut so that all of it is shown."""
    return [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)] if text.strip() else []


def _group(texts: Sequence[str]) -> list[list[str]]:
    """The texts in order, in groups that each fit into one block."""
    groups: list[list[str]] = []
    length = 0
    for text in texts:
        if not groups or length + len(text) > _CHUNK or len(groups[-1]) >= 100:
            groups.append([])
            length = 0
        groups[-1].append(text)
        length += len(text) + 1
    return groups
