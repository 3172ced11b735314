"""The home tab: each person's start page as pages of blocks, published when they open it and when records change."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from bot.slack import blocks, limits
from bot.slack.blocks import Block
from bot.slack.days import days_said
from bot.slack.memory import Memory
from bot.slack.request_handler import RequestHandler
from bot.slack.surfaces import SLACK_FAILURES, reason
from bot.slack.workers import Workers
from commands.errors import CommandError
from commands.reply import Emphasis, Section
from commands.rules.text.phrases import shorten
from commands.workspace.home import Home, home

PAGE_ACTION = "home"
_ROOM = limits.VIEW_BLOCKS - 6  # for a repeated title and the buttons to the other pages
_LOOKING = 600.0
_MOST_AT_ONCE = 10
_RESTS = 9
_log = logging.getLogger(__name__)


class HomeTabs:
    """Publishes in the background. Remembers for ten minutes who looks at which page, to keep it current."""

    def __init__(self, handler: RequestHandler, workers: Workers, clock: Callable[[], float] = time.monotonic) -> None:
        self._handler = handler
        self._workers = workers
        self._clock = clock
        self._rests_until = 0.0
        self._looking: Memory[str, int] = Memory(most=2_000, seconds=_LOOKING)
        self._lock = threading.Lock()
        self._is_planned = False
        self._is_wanted_again = False

    def show(self, user: str, page: int = 0) -> None:
        """Publish `page` for `user`."""
        self._looking.keep(user, page)
        self._workers.submit(lambda: self._publish(user, page))

    def refresh(self) -> None:
        """Something changed: publish again for those who look. Many changes at once are one refresh.

        Where there is much to look at it rests nine times as long as it took, so that answers come first.
        """
        if not self._looking.keys():
            return
        with self._lock:
            if self._is_planned:
                self._is_wanted_again = True
                return
            self._is_planned = True
        wait = self._rests_until - self._clock()
        if wait <= 0:
            self._start()
        else:
            timer = threading.Timer(wait, self._start)
            timer.daemon = True
            timer.start()

    def _start(self) -> None:
        if not self._workers.submit(self._refresh):
            self._is_planned = False

    def _refresh(self) -> None:
        self._is_wanted_again = False
        began = self._clock()
        try:
            for user in self._looking.keys()[-_MOST_AT_ONCE:]:
                self._publish(user, self._looking.recall(user) or 0)
        finally:
            now = self._clock()
            self._rests_until = now + _RESTS * (now - began)
            with self._lock:
                self._is_planned = False
        if self._is_wanted_again:
            self.refresh()

    def _publish(self, user: str, page: int) -> None:
        view = self._view(user, page)
        try:
            self._handler.client.views_publish(user_id=user, view=view)
        except SLACK_FAILURES as error:
            _log.warning("a home tab could not be published: %s", reason(error))

    def _view(self, user: str, page: int) -> dict[str, Any]:
        handler = self._handler
        try:
            handler.people.admit(user)
            with handler.runtime.dispatcher.reading(handler.request(user, "home")) as ctx:
                found = home(ctx)
        except CommandError as error:
            return _message(error.message)
        except Exception:
            return _message(str(handler.failure("Open this tab again in a minute").payload["text"]))
        return home_view(handler.prefix.in_home(found), page)


def home_view(found: Home, page: int) -> dict[str, Any]:
    """Page `page` (from 0; the last one where there are fewer) as a view of at most 100 blocks."""
    pages = list(_pages(found))
    page = min(max(page, 0), len(pages) - 1)
    content = list(pages[page])
    if len(pages) > 1:
        content += [blocks.remark(f"Page {page + 1} of {len(pages)}."), _turning(page, len(pages))]
    return {"type": "home", "blocks": _number_buttons(content)}


def _message(text: str) -> dict[str, Any]:
    return {"type": "home", "blocks": blocks.paragraphs([text])}


def _pages(found: Home) -> Iterator[list[Block]]:
    """Whole items only; a section that goes on has its title again."""
    page: list[Block] = []
    for section in found.sections:
        title = [blocks.heading(shorten(section.title, limits.HEADER))]
        for place, group in enumerate(_groups(section)):
            needed = [*title, *group] if place == 0 else group
            if page and len(page) + len(needed) > _ROOM:
                yield page
                page = []
                again = [blocks.remark(f"{section.title}, continued")]
                needed = [*(title if place == 0 else again), *group]
            page = [*page, *needed]
    yield page


def _groups(section: Section) -> Iterator[list[Block]]:
    """What must not be torn apart: the lines under the title, each item, the buttons."""
    yield blocks.paragraphs(map(days_said, section.lines))
    is_name = blocks.are_names(item.text for item in section.items)
    for item in section.items:
        yield blocks.entry(
            days_said(item.text), days_said(item.detail), item.choices, is_name=is_name, in_sight=blocks.IN_SIGHT
        )
    if section.choices:
        yield blocks.actions(section.choices)


def _turning(page: int, count: int) -> Block:
    """Buttons to the pages before and after."""
    targets = [(page - 1, "Previous page"), (page + 1, "Next page")]
    elements = [
        {
            "type": "button",
            "text": blocks.plain(label, limits.BUTTON_TEXT),
            "action_id": f"{PAGE_ACTION}:{target}",
            "value": str(target),
        }
        for target, label in targets
        if 0 <= target < count
    ]
    return {"type": "actions", "elements": elements}


def _number_buttons(content: list[Block]) -> list[Block]:
    """The same with an action_id of its own for every button, and one primary button at most."""
    number, has_primary = 0, False
    for block in content:
        buttons = block.get("elements", ()) if block["type"] == "actions" else [block.get("accessory")]
        for button in filter(None, buttons):
            what, _, _ = button["action_id"].partition(":")
            if what != PAGE_ACTION:
                button["action_id"] = f"{what}:{number}"
                number += 1
            if button.get("style") == Emphasis.PRIMARY.value:
                if has_primary:
                    del button["style"]
                has_primary = True
    return content
