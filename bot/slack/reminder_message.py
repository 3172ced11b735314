"""The message that carries reminders: one deadline, or one person's day. It bears its key, to be found again by it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from bot.slack import blocks, limits, plain
from bot.slack.blocks import Block
from bot.slack.days import days_said
from bot.slack.render import render
from bot.slack.text import escape_within
from commands.reply import Choice, Emphasis, Reply
from commands.rules.text.phrases import shorten

EVENT_TYPE = "engagement_reminder"
_MARK = "key:"
MOST_TOGETHER = 38
"""Reminders of one message, which has 50 blocks: its head, these, nine rows of buttons and two below."""
_MOST_WITH_BUTTONS = 9
_MOST_IN_A_ROW = 5
# Of each line of a digest, so that a day of many does not grow beyond what Slack takes in one message.
_MOST_TOLD, _LEAST_LINE = 6000, 400


def message(replies: Sequence[Reply], key: str, home_url: str | None = None) -> dict[str, Any]:
    """The payload of chat.postMessage and chat.update for the reminders of one message, in order.

    With `home_url`, what waits for an answer has a button that opens it.
    """
    payload = render(replies[0]).payload if len(replies) == 1 else _digest(replies)
    head, *rest = payload["blocks"]
    if home_url and any(each.choices or each.sections for each in replies):
        rest = _with_way_home(rest, home_url)
    return {
        "text": payload["text"],
        "blocks": [{**head, "block_id": f"{_MARK}{key}"}, *rest],
        "metadata": {"event_type": EVENT_TYPE, "event_payload": {"k": key}},
        "unfurl_links": False,
        "unfurl_media": False,
    }


def is_marked(found: dict[str, Any], key: str) -> bool:
    """Whether a message, as Slack gives it back, bears this key in its metadata or on a block."""
    metadata = found.get("metadata") or {}
    if (metadata.get("event_payload") or {}).get("k") == key:
        return True
    return any(block.get("block_id") == f"{_MARK}{key}" for block in found.get("blocks") or ())


def _digest(replies: Sequence[Reply]) -> dict[str, Any]:
    headline = _digest_headline([each for each in replies if each.choices])
    content: list[Block] = [blocks.heading(headline)]
    lines = [headline]
    number, most = 0, max(_LEAST_LINE, _MOST_TOLD // len(replies))
    for place, (matter, each) in enumerate(_by_matter(replies)):
        content.append(_line(each, most, matter))
        lines += [*([f"{matter}."] if matter else []), plain.sentences(replace(each, next_steps=()))]
        if each.choices and place < _MOST_WITH_BUTTONS:
            rows = blocks.actions([_plain(choice) for choice in each.choices][:5], number, in_sight=1)
            content += rows
            number += sum(len(row["elements"]) for row in rows)
    if len(replies) > _MOST_WITH_BUTTONS:
        content.append(blocks.remark("Those without buttons can be answered from the list of reminders."))
    return {"text": escape_within("\n".join(lines), limits.MESSAGE_TEXT), "blocks": content[: limits.MESSAGE_BLOCKS]}


def _digest_headline(waiting: Sequence[Reply]) -> str:
    """How much there is to look at, and how much of it is late or due today."""
    if not waiting:
        return "Nothing is left to look at."
    left = [each.data.get("days_left") for each in waiting]
    late, today = sum(1 for days in left if days is not None and days < 0), left.count(0)
    counts = [f"{late} overdue"] * bool(late) + [f"{today} due today"] * bool(today)
    things = f"{len(waiting)} thing{'' if len(waiting) == 1 else 's'} to look at"
    return f"{things}{': ' + ', '.join(counts) if counts else ''}."


def _by_matter(replies: Sequence[Reply]) -> Iterator[tuple[str, Reply]]:
    """Each with what to say above it: of several in a row about the same, that is said once, and not in each."""
    for matter, group in groupby(replies, lambda each: str(each.data.get("matter") or "")):
        several = list(group)
        if not matter or len(several) == 1:
            yield from (("", each) for each in several)
            continue
        for place, each in enumerate(several):
            yield "" if place else matter, replace(each, headline=str(each.data["item"]))


def _line(each: Reply, most: int, matter: str = "") -> Block:
    """What it is about in bold, and how much time is left; at most so many characters of each."""
    said = "\n" + days_said(" ".join(each.lines)) if each.lines else ""
    above = [blocks.section(blocks.style(shorten(matter, most), bold=True))] if matter else []
    line = [*blocks.style(shorten(days_said(each.headline), most), bold=True), *blocks.style(shorten(said, most))]
    return blocks.rich_text([*above, blocks.section(line)])


def _with_way_home(content: list[Block], home_url: str) -> list[Block]:
    """The button last: beside those of a single reminder, below a digest."""
    button = blocks.link_button("Open in the home tab", home_url, "home")
    rows = [block for block in content if block["type"] == "actions"]
    if len(rows) == 1 and content[-1] is rows[0] and len(rows[0]["elements"]) < _MOST_IN_A_ROW:
        return [*content[:-1], {**rows[0], "elements": [*rows[0]["elements"], button]}]
    return [*content[: limits.MESSAGE_BLOCKS - 2], {"type": "actions", "elements": [button]}]


def _plain(choice: Choice) -> Choice:
    """Slack allows one primary button in a message."""
    return replace(choice, emphasis=Emphasis.PLAIN)
